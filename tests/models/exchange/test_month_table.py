"""The official table: columns, total, capitals, annexes, chain head, marks — the same in workbook
and document.
"""

from __future__ import annotations

import io
from dataclasses import replace
from datetime import date
from typing import Any

import pytest
from docx import Document
from docx.enum.section import WD_ORIENT
from openpyxl import load_workbook

from models.exchange.month_document import month_document
from models.exchange.month_table import (
    COLUMNS,
    HeldLine,
    LeftLine,
    MonthLine,
    MonthTable,
    ReturnedLine,
)
from models.exchange.month_workbook import month_workbook
from models.rules.months import YearMonth

LINE = MonthLine(
    number="2026-11-0001", enterprise="大连甲有限公司", enterprise_uscc="91210231MA0XY0001K",
    agency="大连乙机构", agency_uscc="91210231MA0XY0002H", filing_number="BA-1",
    service="高企认定（首次）", result_kind="高新技术企业证书（首次）", result="GR202621000001",
    obtained_on=date(2026, 10, 16), fee_fen=3_600_000, asked_fen=5_000_000,
    approved_fen=4_800_050, paid_before_fen=None, paying_fen=4_800_050, payee_name="大连乙机构",
    payee_bank="示例银行", payee_account="6222020200001111", contact_name="张三",
    contact_phone="0411-84790000", opinions=("初审通过 2026-11-12",), note="=1+1",
)  # fmt: skip
HELD = HeldLine("H-1", "甲", "乙", "服务", 100, date(2026, 11, 9), "初审员", ("R01 缺材料",), "等")
RETURNED = ReturnedLine("B-1", "甲", "乙", "服务", 200, date(2026, 11, 9), "初审员", ("R04",))
TABLE = MonthTable(
    place="大连高新区", unit="联盟", month=YearMonth(2026, 11), lines=(LINE, LINE),
    made_on=date(2026, 11, 20), held=(HELD,), returned=(RETURNED,),
    left=(LeftLine("L-1", date(2026, 12, 3), "退回补正", ("R01 材料不全",)),), maker="甲某", chain_head="9f" * 32,
    digest="3c" * 32, is_demonstration=True,
)  # fmt: skip
HEADS = [
    "序号",
    "单位名称",
    "统一社会信用代码",
    "服务机构",
    "服务机构信用代码",
    "合同备案号",
    "服务类别",
    "成果类型",
    "成果编号",
    "成果日期",
    "合同金额(元)",
    "申请补贴(元)",
    "核定金额(元)",
    "上期拨付(元)",
    "本期拨付(元)",
    "收款户名",
    "开户行",
    "账号",
    "联系人",
    "电话",
    "初审/复核/审批意见与日期",
    "备注",
]


def cells(page: Any) -> list[Any]:
    return [cell.value for row in page.iter_rows() for cell in row if cell.value is not None]


def words_of(document: Any) -> str:
    parts = [paragraph.text for paragraph in document.paragraphs]
    for section in document.sections:
        parts += [paragraph.text for paragraph in section.header.paragraphs]
        parts += [paragraph.text for paragraph in section.footer.paragraphs]
    for table in document.tables:
        parts += [cell.text for row in table.rows for cell in row.cells]
    return "\n".join(parts)


def test_the_columns_are_those_of_the_practice() -> None:
    assert [column.head for column in COLUMNS] == HEADS


def test_the_workbook_has_the_table_and_its_annexes() -> None:
    book = load_workbook(io.BytesIO(month_workbook(TABLE)))
    assert book.sheetnames == ["汇总表", "暂缓发放明细表", "退回补正明细表", "退出明细表"]
    page = book["汇总表"]
    assert page["A1"].value == "大连高新区科技创新服务补贴月度统一申请汇总表"
    assert [cell.value for cell in page[3]] == HEADS
    assert (page["A4"].value, page["B5"].value, page["M4"].value) == (1, "大连甲有限公司", 48_000.5)
    assert page["V4"].value == "'=1+1"
    assert page["M6"].value == "=SUM(M4:M5)"
    found = cells(page)
    for words in (
        "填报单位（盖章）：联盟", "所属月份：2026年11月", "单位：元", "合计（2 件）",
        "人民币（大写）：玖万陆仟零壹元整", "制表人：甲某", "审核人：", "负责人：", "填报日期：2026年11月20日",
        "演示数据 · 非真实业务", TABLE.proof,
    ):  # fmt: skip
        assert words in found, words
    assert (page.page_setup.orientation, page.page_setup.paperSize) == ("landscape", 8)
    assert page.print_title_rows == "$1:$3"
    assert "R01 缺材料；等" in cells(book["暂缓发放明细表"])
    assert "合计（1 件）" in cells(book["退回补正明细表"])
    assert "退回补正" in cells(book["退出明细表"])


def test_the_document_says_the_same() -> None:
    document = Document(io.BytesIO(month_document(TABLE)))
    text = words_of(document)
    for words in (
        *HEADS, TABLE.title, "填报单位（盖章）：联盟", "所属月份：2026年11月", "单位：元", "合计（2 件）", "96,001.00",
        "人民币（大写）：玖万陆仟零壹元整", "制表人：甲某", "填报日期：2026年11月20日", "暂缓发放明细表", "退回补正明细表",
        "退出明细表", "R01 缺材料；等", "演示数据 · 非真实业务", TABLE.proof,
    ):  # fmt: skip
        assert words in text, words
    section = document.sections[0]
    assert section.orientation == WD_ORIENT.LANDSCAPE
    assert section.page_width > section.page_height


@pytest.mark.parametrize("made", [month_workbook, month_document])
def test_a_month_with_nothing_in_it(made: Any) -> None:
    empty = replace(
        TABLE, lines=(), held=(), returned=(), left=(), chain_head="", digest="",
        is_demonstration=False
    )  # fmt: skip
    content = made(empty)
    if made is month_workbook:
        book = load_workbook(io.BytesIO(content))
        assert book.sheetnames == ["汇总表", "暂缓发放明细表", "退回补正明细表"]
        found = "\n".join(str(value) for page in book for value in cells(page))
    else:
        found = words_of(Document(io.BytesIO(content)))
    for words in (
        "（草稿，未发送）",
        "零元整",
        "本月没有暂缓的申请",
        "本月没有退回的申请",
        "尚未冻结",
    ):
        assert words in found, words
    assert "演示数据" not in found


def test_control_characters_break_neither() -> None:
    odd = replace(TABLE, lines=(replace(LINE, note="a\x07b", enterprise="x" * 5_000),))
    assert month_workbook(odd)
    assert month_document(odd)
