"""The notice as Word and Excel: what is printed, and what never is."""

from __future__ import annotations

import io
from dataclasses import replace
from datetime import date

import docx
import openpyxl
import pytest

from models.exchange.notice_document import notice_document
from models.exchange.notice_table import NoticeLine, NoticeTable
from models.exchange.notice_workbook import notice_workbook
from models.rules.months import YearMonth

LINE = NoticeLine(
    "2026-11-0001", "=大连示例子企业有限公司", "大连示例甲机构有限公司", "高企认定", "证书",
    "GR202621000001", 5_000_000, 2_000_000, date(2026, 12, 8), date(2026, 12, 15),
)  # fmt: skip
TABLE = NoticeTable(
    place="大连高新区", unit="某某联盟", month=YearMonth(2026, 11), lines=(LINE,),
    address="科技创新局办公室", working_days=5, as_of=date(2026, 12, 8), is_demonstration=True,
)  # fmt: skip


def words_of_document(content: bytes) -> str:
    """Everything a document says."""
    document = docx.Document(io.BytesIO(content))
    cells = [cell.text for table in document.tables for row in table.rows for cell in row.cells]
    header = [line.text for line in document.sections[0].header.paragraphs]
    return "\n".join([*header, *(line.text for line in document.paragraphs), *cells])


def words_of_workbook(content: bytes) -> str:
    """Everything a workbook says."""
    sheet = openpyxl.load_workbook(io.BytesIO(content)).active
    return "\n".join(
        str(cell) for row in sheet.iter_rows(values_only=True) for cell in row if cell is not None
    )


SAID = (
    "大连高新区科技创新服务补贴拟支付项目公示（2026年11月）",
    "下列 1 件补贴申请已经审批通过，拟支付服务机构补贴合计 50,000.00 元、企业奖励合计 20,000.00 元",
    "公示期自审批通过之日起 5 个工作日，各件起止见表（最早 2026年12月8日，最晚 2026年12月15日）",
    "请以书面形式向科技创新局办公室提出：个人须署真实姓名，单位须加盖公章",
    "某某联盟", "2026年12月8日", "演示数据 · 非真实业务", "GR202621000001", "公示止",
)  # fmt: skip


@pytest.mark.parametrize("words", SAID)
def test_both_say_the_same(words: str) -> None:
    assert words in words_of_document(notice_document(TABLE))
    assert words in words_of_workbook(notice_workbook(TABLE))


def test_a_workbook_keeps_money_and_days_as_such_and_defuses_formulas() -> None:
    sheet = openpyxl.load_workbook(io.BytesIO(notice_workbook(TABLE))).active
    row = [cell.value for cell in sheet[5]]
    assert row[0] == 1
    assert row[2] == "'=大连示例子企业有限公司"
    assert row[7:9] == [50_000, 20_000]
    assert row[9].date() == date(2026, 12, 8)


def test_a_claim_without_reward_and_a_month_without_notice_say_nothing_of_them() -> None:
    bare = NoticeLine(
        "1", "企业", "机构", "服务", "证书", "X", 100, None, None, None
    )  # fmt: skip
    table = NoticeTable("地", "联盟", YearMonth(2026, 11), (bare,), "联盟", 0, date(2026, 12, 8))
    for said in (
        words_of_document(notice_document(table)),
        words_of_workbook(notice_workbook(table)),
    ):
        assert "公示期自" not in said
        assert "演示数据" not in said
        assert "企业奖励合计 0.00 元" in said


def test_a_month_without_a_claim_has_a_notice_that_says_so() -> None:
    table = replace(TABLE, lines=())
    for said in (
        words_of_document(notice_document(table)),
        words_of_workbook(notice_workbook(table)),
    ):
        assert "本月没有审批通过、拟支付的补贴申请" in said
        assert "下列 0 件" not in said
        assert "公示止" in said


def test_a_row_is_as_high_as_what_wraps_in_it() -> None:
    long = replace(LINE, result="示例单位 示例字〔2026〕第0747号，附件二及其补充材料")
    sheet = openpyxl.load_workbook(
        io.BytesIO(notice_workbook(replace(TABLE, lines=(LINE, long))))
    ).active
    one, two = (sheet.row_dimensions[row].height for row in (5, 6))
    assert two > one * 1.5
