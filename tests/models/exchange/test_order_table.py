"""A payment order as it is printed: the table finance hands to the bank, as workbook and document."""

from __future__ import annotations

import io
from datetime import date
from typing import Any

from docx import Document
from openpyxl import load_workbook

from models.exchange.month_document import month_document
from models.exchange.month_table import A4_MM
from models.exchange.month_workbook import month_workbook
from models.exchange.order_table import OrderedLine, OrderTable

LINES = (
    OrderedLine("大连示例甲机构有限公司", "示例银行大连分行", "6222020200001111", 5_000_000,
                "科技创新服务补贴", "2026-11-0001"),
    OrderedLine("=1+1", "", "6222020200002222", 2_000_053, "科技创新服务企业奖励", "2026-11-0001"),
)  # fmt: skip
TABLE = OrderTable(
    "大连高新区", "BF-2026-11-01", date(2026, 11, 28), "财政局 1", LINES, "d" * 64, "h" * 64,
    is_demonstration=True,
)  # fmt: skip


def cells() -> list[tuple[Any, ...]]:
    """What stands in the workbook."""
    book = load_workbook(io.BytesIO(month_workbook(TABLE)))
    assert book.sheetnames == ["拨付单"]
    return list(book.active.iter_rows(values_only=True))


def test_the_workbook_has_what_the_bank_needs() -> None:
    rows = cells()
    assert rows[0][0] == "大连高新区科技创新服务资金拨付单"
    assert rows[1][0] == "编号：BF-2026-11-01"
    assert rows[2] == ("序号", "收款单位", "开户行", "账号", "金额(元)", "用途", "申请编号")
    assert rows[3][3:5] == ("6222020200001111", 50_000)
    assert rows[4][1] == "'=1+1"
    assert rows[5][0] == "合计（2 件）"
    assert rows[6][0] == "人民币（大写）：柒万元零伍角叁分"
    assert [cell for cell in rows[8] if cell] == ["制单：财政局 1", "复核：", "审批：", "经办："]
    assert any("演示数据" in str(row) for row in rows)


def test_the_document_has_the_same() -> None:
    document = Document(io.BytesIO(month_document(TABLE)))
    (grid,) = document.tables
    said = [[cell.text for cell in row.cells] for row in grid.rows]
    assert said[0] == ["序号", "收款单位", "开户行", "账号", "金额(元)", "用途", "申请编号"]
    assert said[1][3:5] == ["6222020200001111", "50,000.00"]
    assert said[3][4] == "70,000.53"
    assert said[4][0] == "人民币（大写）：柒万元零伍角叁分"
    section = document.sections[0]
    assert (round(section.page_width.mm), round(section.page_height.mm)) == A4_MM
    assert "d" * 64 in section.footer.paragraphs[0].text
    assert "演示数据" in section.header.paragraphs[0].text


def test_outside_a_demonstration_nothing_is_marked() -> None:
    plain = OrderTable("大连高新区", "BF", date(2026, 11, 28), "", LINES, "d", "h")
    assert plain.mark == ""
    assert "演示" not in str(list(load_workbook(io.BytesIO(month_workbook(plain))).active.values))


def test_a_sum_shrinks_rather_than_turn_into_signs_and_pages_are_counted_at_the_edge() -> None:
    rows = load_workbook(io.BytesIO(month_workbook(TABLE))).active
    (total,) = [cell for row in rows for cell in row if str(cell.value).startswith("=SUM(")]
    assert total.alignment.shrink_to_fit
    assert not total.alignment.wrap_text
    footer = Document(io.BytesIO(month_document(TABLE))).sections[0].footer.paragraphs[0]
    assert footer.style.name == "Normal"
    assert [round(stop.position.mm) for stop in footer.paragraph_format.tab_stops] == [277]
