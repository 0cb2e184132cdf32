"""Exporting 31,000 rows to a workbook."""

from __future__ import annotations

import io
from datetime import date, timedelta
from random import Random
from typing import Any

from openpyxl import Workbook
from openpyxl.cell import WriteOnlyCell
from openpyxl.styles import Alignment, Border, Font, Side

from bench import drawing
from bench.stage import Stage
from bench.timing import Line, against, alternately
from models.exchange.listing import ListColumn, Listing, ListKind, listing_workbook
from models.exchange.month_table import MonthLine, MonthTable
from models.exchange.month_workbook import month_workbook
from models.rules.months import YearMonth

ROWS, LINES = 31_000, 5_000
_DAY = date(2026, 11, 20)
_COLUMNS = (
    ListColumn("申请号"), ListColumn("服务"), ListColumn("企业"), ListColumn("服务机构"),
    ListColumn("申请（元）", ListKind.fen), ListColumn("上限（元）", ListKind.fen),
    ListColumn("初审条件"), ListColumn("已等（日）", ListKind.whole), ListColumn("取得日期", ListKind.day),
    ListColumn("敞口（万元·天）", ListKind.whole), ListColumn("办理人"),
)  # fmt: skip


def exports(stage: Stage) -> list[Line]:
    """A list as it is downloaded, and the month's official table, beside openpyxl writing the same.

    The rows lie in memory; only writing is measured. openpyxl writes in its fast, write-only mode.
    Beside the list it writes plain cells, while ours are formatted, frozen, filterable and defused
    of formulas. Beside the official table it gives every cell the font, the border and the wrapping
    the table has; sums and annexes it leaves out.
    """
    rows = [_row(Random(serial), serial) for serial in range(ROWS)]
    listing = Listing("申请", _COLUMNS, rows, "2026-11-20 09:00")
    table = _table()
    cells = [_cells(line) for line in table.lines]
    ours, peer, official, alike = alternately(
        lambda: listing_workbook(listing),
        lambda: _openpyxl(rows),
        lambda: month_workbook(table),
        lambda: _openpyxl_alike(cells),
        rounds=1 if stage.is_quick else 3,
        warm=0,
    )
    list_, table_ = (
        f"export a list, {ROWS:,} rows, xlsx",
        f"export the official table, {LINES:,} lines",
    )
    return [
        against(list_, ours, peer, at_most=0.5, name="openpyxl"),
        against(table_, official, alike, at_most=0.5, name="openpyxl"),
    ]


def _row(draw: Random, serial: int) -> list[Any]:
    return [
        f"2026-11-{serial:07d}", "软件著作权登记", drawing.enterprise_name(draw),
        drawing.agency_name(draw), 80_000, 80_000, "全部符合", draw.randint(0, 20),
        _DAY - timedelta(days=draw.randint(5, 60)), draw.randint(0, 900), "",
    ]  # fmt: skip


def _openpyxl(rows: list[list[Any]]) -> bytes:
    book = Workbook(write_only=True)
    page = book.create_sheet("申请")
    for row in rows:
        page.append(row)
    target = io.BytesIO()
    book.save(target)
    return target.getvalue()


def _openpyxl_alike(rows: list[list[Any]]) -> bytes:
    book = Workbook(write_only=True)
    page = book.create_sheet("汇总表")
    line = Side(style="thin")
    look = {
        "font": Font(name="SimSun", size=9),
        "border": Border(line, line, line, line),
        "alignment": Alignment(vertical="center", wrap_text=True),
    }
    for row in rows:
        written = []
        for value in row:
            cell = WriteOnlyCell(page, value)
            for name, part in look.items():
                setattr(cell, name, part)
            written.append(cell)
        page.append(written)
    target = io.BytesIO()
    book.save(target)
    return target.getvalue()


def _table() -> MonthTable:
    return MonthTable(
        place="大连高新区", unit="大连高新区科技创新服务联盟", month=YearMonth(2026, 11),
        lines=tuple(_line(Random(serial), serial) for serial in range(LINES)), made_on=_DAY,
        chain_head="0" * 64, digest="0" * 64,
    )  # fmt: skip


def _line(draw: Random, serial: int) -> MonthLine:
    enterprise, agency = drawing.enterprise_name(draw), drawing.agency_name(draw)
    return MonthLine(
        number=f"2026-11-{serial:07d}", enterprise=enterprise,
        enterprise_uscc=drawing.code_of("MA", serial), agency=agency,
        agency_uscc=drawing.code_of("MB", serial), filing_number=f"BA-{serial:07d}",
        service="软件著作权登记", result_kind="计算机软件著作权登记", result=f"2026SR{serial:07d}",
        obtained_on=_DAY - timedelta(days=30), fee_fen=180_000, asked_fen=80_000,
        approved_fen=80_000, paid_before_fen=None, paying_fen=80_000, payee_name=agency,
        payee_bank="示例银行大连分行", payee_account=drawing.account_number(serial),
        contact_name=f"联系人 {serial}", contact_phone="13800000000",
        opinions=("联盟初审：通过 2026-11-20",),
    )  # fmt: skip


def _cells(line: MonthLine) -> list[Any]:
    return [
        "\n".join(value) if isinstance(value, tuple) else value
        for value in (getattr(line, name) for name in MonthLine.__slots__)
    ]
