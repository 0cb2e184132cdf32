"""A month's public notice (公示) as an `.xlsx`: A4 landscape, the head repeated on every page."""

from __future__ import annotations

import io
from datetime import date
from math import ceil
from typing import Any

from xlsxwriter import Workbook
from xlsxwriter.format import Format

from models.exchange.listing import defused
from models.exchange.notice_table import DAYS, HEADS, MONEY, NOTHING, NoticeTable, notice_cells

_A4 = 9
_WIDTHS = (6, 14, 28, 30, 18, 22, 30, 13, 13, 12, 12)
_CHARACTERS_A_LINE = sum(_WIDTHS) / 2  # Chinese ones take two
_LINE_POINTS = 18
_WRAPPED_POINTS = 13  # of each line of a cell


def notice_workbook(table: NoticeTable) -> bytes:
    """The notice as an `.xlsx` of one sheet."""
    target = io.BytesIO()
    book = Workbook(target, {"in_memory": True})
    book.set_properties({"title": table.title, "comments": table.mark})
    page = book.add_worksheet("公示")
    plain = {"font_name": "SimSun", "font_size": 10, "valign": "vcenter", "text_wrap": True}
    page.set_landscape()
    page.set_paper(_A4)
    page.fit_to_pages(1, 0)
    page.hide_gridlines(2)
    page.set_header(f"&R&9{table.mark}")
    page.set_footer("&C&9第 &P 页 共 &N 页")
    for at, width in enumerate(_WIDTHS):
        page.set_column(at, at, width)
    last = len(HEADS) - 1
    title = book.add_format(plain | {"font_size": 18, "bold": True, "align": "center"})
    page.merge_range(0, 0, 0, last, defused(table.title), title)
    page.set_row(0, 36)
    row = 1
    words = book.add_format(plain | {"font_size": 11})
    for said in table.paragraphs:
        page.merge_range(row, 0, row, last, defused(said), words)
        page.set_row(row, _LINE_POINTS * ceil(len(said) / _CHARACTERS_A_LINE))
        row += 1
    page.repeat_rows(row)
    page.freeze_panes(row + 1, 2)
    row = _lines(book, page, table, plain, row)
    foot = book.add_format(plain | {"align": "right", "font_size": 11})
    for said in (*table.foot, table.mark):
        page.merge_range(row, 0, row, last, defused(said), foot)
        row += 1
    book.close()
    return target.getvalue()


def _lines(book: Workbook, page: Any, table: NoticeTable, plain: dict[str, Any], row: int) -> int:
    """The head and the lines; the row after the last."""
    boxed = plain | {"border": 1}
    head = book.add_format(boxed | {"bold": True, "align": "center"})
    formats = [book.add_format(boxed | _kind(at)) for at in range(len(HEADS))]
    page.write_row(row, 0, HEADS, head)
    for position, line in enumerate(table.lines, start=1):
        row += 1
        cells = notice_cells(position, line)
        page.set_row(row, _height(cells))
        for at, cell in enumerate(cells):
            _write(page, row, at, cell, formats[at])
    if not table.lines:
        row += 1
        page.merge_range(row, 0, row, len(HEADS) - 1, NOTHING, book.add_format(boxed | _MIDDLE))
    return row + 1


_MIDDLE = {"align": "center"}


def _kind(at: int) -> dict[str, Any]:
    if at in MONEY:
        return {"num_format": "#,##0.00", "align": "right", "text_wrap": False, "shrink": True}
    if at in DAYS:
        return _MIDDLE | {"num_format": "yyyy-mm-dd"}
    return {} if at else _MIDDLE


def _height(cells: tuple[str | int | date | None, ...]) -> float:
    """A row's height: not every program fits it to what wraps."""
    lines = [
        ceil(sum(1.8 if ord(letter) > 0x2E80 else 1 for letter in cell) / width)
        for cell, width in zip(cells, _WIDTHS, strict=True)
        if isinstance(cell, str)
    ]
    return max(1, *lines) * _WRAPPED_POINTS + 6


def _write(page: Any, row: int, at: int, cell: str | int | date | None, how: Format) -> None:
    match cell:
        case None:
            page.write_blank(row, at, None, how)
        case date():
            page.write_datetime(row, at, cell, how)
        case int():
            page.write_number(row, at, cell / 100 if at in MONEY else cell, how)
        case _:
            page.write_string(row, at, defused(cell), how)
