"""Opening a file: formats, guards, headers, merged cells, formulas, rows that are no data."""

from __future__ import annotations

import io
import zipfile
from datetime import date
from typing import Any

import pytest
from openpyxl import load_workbook

from models.exchange.problems import (
    MOST_KEPT,
    Collected,
    Problem,
    column_letter,
    in_order,
    shown,
)
from models.exchange.reading import read_book
from models.exchange.sheets import SHEETS, SheetKind
from models.exchange.xlsx_safety import LARGEST_FILE_BYTES
from models.rules.errors import FileRefused
from models.rules.wording import say
from tests.models.exchange.lists import checked
from tests.models.exchange.workbooks import (
    BUDGET_HEADERS,
    ENTERPRISE_HEADERS,
    Rows,
    as_bytes,
    enterprise,
    one_of_each,
    saved,
    workbook,
)

OLE = bytes.fromhex("d0cf11e0a1b11ae1")
BUDGET = [2026, "T01", 100]


def said(problems: tuple[Problem, ...]) -> list[tuple[str, str, bool]]:
    return [(p.place, str(p.wrong), p.is_error) for p in problems]


def sheet_of(rows: Rows) -> Any:
    """The first sheet of a workbook, to be spoiled, with the workbook."""
    book = load_workbook(io.BytesIO(workbook(rows)))
    return book, book.worksheets[0]


# ---------------------------------------------------------------- formats


def test_the_sheets_come_in_the_order_they_depend_on_each_other() -> None:
    backwards = dict(reversed(one_of_each().items()))
    book = checked(workbook(backwards))
    assert [sheet.raw.sheet.kind for sheet in book.sheets] == [sheet.kind for sheet in SHEETS]
    assert book.problems == ()


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030", "utf-16"])
@pytest.mark.parametrize("delimiter", [",", "\t", ";"])
def test_a_csv_in_any_encoding(encoding: str, delimiter: str) -> None:
    text = "\r\n".join(
        delimiter.join(line) for line in (BUDGET_HEADERS, ("2026", "科技创新", "100.50"))
    )
    book = checked(text.encode(encoding), "预算额度.csv")
    assert book.problems == ()
    (row,) = book.rows(SheetKind.budget_lines)
    assert (row.year, row.code, row.ceiling_fen) == (2026, "科技创新", 10_050)


def test_a_csv_of_another_name_is_known_by_its_header() -> None:
    text = f"{','.join(BUDGET_HEADERS)}\n2026,T01,100\n"
    assert checked(text.encode(), "导出 (3).csv").rows(SheetKind.budget_lines)


def test_a_csv_with_rows_of_different_length() -> None:
    text = f"{','.join(BUDGET_HEADERS)}\n2026\n2027,T01,100,多出来\n"
    assert [p.place for p in checked(text.encode(), "预算额度.csv").problems] == ["B2", "C2"]


@pytest.mark.parametrize(
    ("name", "content", "words"),
    [
        ("x.xlsx", b"", "空的"),
        ("x.xlsx", b"   \n", "空的"),
        ("x.xlsx", b"\x89PNG....", "不是 Excel 工作簿"),
        ("x.xlsx", b"PK\x03\x04 cut short", "不是 Excel 工作簿"),
        ("x.xls", OLE + b"\0" * 600, "旧版 .xls"),
        ("x.xlsx", OLE + "EncryptedPackage".encode("utf-16-le"), "打开密码"),
        ("x.csv", b"\xff\xfe\x00", "编码不能识别"),
        ("x.csv", b"a\0b,c\n", "编码不能识别"),
        ("x.csv", b"a,b\n" * 100_001, "超出"),
        ("x.csv", b",".join([b"a"] * 300), "超出"),
        ("x.csv", b"\xff\xff\xff\xff", "编码不能识别"),
        ("x.csv", "甲,乙\n1,2\n".encode(), "没有找到可导入的工作表"),
        ("x.xlsx", b"x" * (LARGEST_FILE_BYTES + 1), "文件过大"),
    ],
)  # fmt: skip
def test_what_is_no_workbook_is_refused_in_words(name: str, content: bytes, words: str) -> None:
    with pytest.raises(FileRefused, match=words):
        read_book(name, content)


def test_a_workbook_of_something_else_names_the_sheets_it_should_have() -> None:
    with pytest.raises(FileRefused, match="企业会员、服务机构"):
        read_book("x.xlsx", saved({"Sheet1": [["a", "b"]], "Sheet2": [["c"]]}))


# ---------------------------------------------------------------- bombs


def changed(content: bytes, part: str, new: bytes) -> bytes:
    """A workbook with one part replaced."""
    target = io.BytesIO()
    with (
        zipfile.ZipFile(io.BytesIO(content)) as old,
        zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as made,
    ):
        for name in old.namelist():
            made.writestr(name, new if name == part else old.read(name))
    return target.getvalue()


SHEET = "xl/worksheets/sheet1.xml"
MAIN = 'xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"'


def with_cells(cells: str, prefix: str = "") -> bytes:
    """A workbook whose first sheet is written by hand."""
    space = MAIN.replace("xmlns", f"xmlns:{prefix[:-1]}") if prefix else MAIN
    rows = f"<{prefix}sheetData>{cells}</{prefix}sheetData>"
    text = f"<{prefix}worksheet {space}>{rows}</{prefix}worksheet>"
    return changed(workbook({"预算额度": [BUDGET]}), SHEET, text.encode())


def test_a_zip_bomb_is_refused_by_its_directory() -> None:
    with pytest.raises(FileRefused, match="解压后过大"):
        read_book("x.xlsx", with_cells("<row/>" + " " * 60_000_000))
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w") as archive:
        for number in range(2_001):
            archive.writestr(f"xl/{number}.xml", b"")
    with pytest.raises(FileRefused, match="文件过多"):
        read_book("x.xlsx", target.getvalue())


@pytest.mark.parametrize(
    "cells",
    [
        '<row r="1"><c r="A1"/></row><row r="1048576"><c r="XFD1048576"><v>1</v></c></row>',
        '<row r="1"><c r="XFD1"><v>1</v></c></row>',
        "<row r='1'><c r='&#88;FD1'/></row>",
        '<row r="900000"/>',
        '<row><c r="A900000"/></row>',
        "<row>" + "<c/>" * 201 + "</row>",
    ],
)
@pytest.mark.parametrize("prefix", ["", "x:"])
def test_cells_in_far_corners_are_refused_before_they_are_laid_out(cells: str, prefix: str) -> None:
    written = cells.replace("<row", f"<{prefix}row").replace("</row", f"</{prefix}row")
    written = written.replace("<c", f"<{prefix}c").replace("</c", f"</{prefix}c")
    written = written.replace("<v", f"<{prefix}v").replace("</v", f"</{prefix}v")
    with pytest.raises(FileRefused, match="超出"):
        read_book("x.xlsx", with_cells(written, prefix))


def test_a_document_type_is_refused() -> None:
    bomb = '<!DOCTYPE x [<!ENTITY a "aaaa"><!ENTITY b "&a;&a;&a;">]><worksheet/>'
    content = changed(workbook({"预算额度": [BUDGET]}), SHEET, bomb.encode())
    with pytest.raises(FileRefused, match="不允许的内容"):
        read_book("x.xlsx", content)


def test_a_damaged_part_is_refused() -> None:
    content = changed(workbook({"预算额度": [BUDGET]}), SHEET, b"<worksheet><sheetData>")
    with pytest.raises(FileRefused, match="损坏"):
        read_book("x.xlsx", content)
    with pytest.raises(FileRefused, match="损坏"):
        read_book("x.xlsx", changed(workbook({"预算额度": [BUDGET]}), "xl/styles.xml", b"<"))


def test_an_encrypted_zip_is_refused() -> None:
    content = bytearray(workbook({"预算额度": [BUDGET]}))
    at = content.find(b"PK\x01\x02")
    content[at + 8] |= 1
    with pytest.raises(FileRefused, match="密码"):
        read_book("x.xlsx", bytes(content))


# ---------------------------------------------------------------- headers


def test_a_header_below_a_title_is_found() -> None:
    rows = [["2026 年预算"], [], ["填报单位：联盟"], list(BUDGET_HEADERS), BUDGET]
    book = checked(saved({"预算额度": rows}))
    assert book.problems == ()
    assert [row.line for row in book.rows(SheetKind.budget_lines)] == [5]


def test_missing_doubled_unknown_columns_are_named() -> None:
    headers = ["统一社会信用代码*", "企业名", "入会日期*", "入会日期", "电话号", "随便"]
    book = checked(saved({"企业会员": [headers, ["x"] * 6]}))
    found = {
        (p.column, p.column_letter, str(p.wrong), str(p.fix), p.is_error)
        for p in book.form_problems
    }
    assert found == {
        ("企业名称", "", "缺少必填列“企业名称”", "B 列写作“企业名”，若就是它，请改名", True),
        ("入会日期", "D", "列“入会日期”重复，前一列在 C 列", "只保留一列", True),
        ("企业名", "B", "不认识的列，没有导入", "若是“企业名称”，请改名", False),
        ("电话号", "E", "不认识的列，没有导入", "若是“联系电话”，请改名", False),
        ("随便", "F", "不认识的列，没有导入", "不需要的列可以不管", False),
    }


def test_a_missing_column_with_nothing_like_it() -> None:
    book = checked(saved({"预算额度": [["年度*", "科目*"], [2026, "T01"]]}))
    assert [str(p.fix) for p in book.form_problems] == ["加上这一列"]


def test_a_sheet_without_a_header_says_so() -> None:
    book = checked(
        saved({"企业会员": [["张三", "李四"]], "预算额度": [list(BUDGET_HEADERS), BUDGET]})
    )
    assert said(book.form_problems) == [("1", "前 10 行中没有找到表头", True)]
    assert len(book.rows(SheetKind.budget_lines)) == 1


def test_an_empty_sheet_is_no_problem() -> None:
    book = checked(saved({"企业会员": [], "预算额度": [list(BUDGET_HEADERS), BUDGET]}))
    assert book.problems == ()


def test_sheets_of_other_names() -> None:
    rows = {"企业会员名单": [list(ENTERPRISE_HEADERS), enterprise()], "图表": [["x"]], "空": [],
            "预算额度": [list(BUDGET_HEADERS), BUDGET], "预算额度 ": [list(BUDGET_HEADERS)]}  # fmt: skip
    book = checked(saved(rows))
    assert [(p.sheet, str(p.wrong), str(p.fix), p.is_error) for p in book.problems] == [
        ("企业会员名单", "不认识的工作表，没有导入", "若是“企业会员”，请改名", True),
        ("预算额度 ", "工作表重复", "只保留一张", True),
        ("图表", "不认识的工作表，没有导入", "不需要导入的可以不管", False),
    ]


def test_a_single_sheet_of_any_name_is_known_by_its_header() -> None:
    content = saved({"Sheet1": [list(ENTERPRISE_HEADERS), enterprise()]})
    assert len(checked(content).rows(SheetKind.enterprises)) == 1


# ---------------------------------------------------------------- cells that are none


def test_merged_cells_in_the_data_are_named_with_their_range() -> None:
    book, sheet = sheet_of({"企业会员": [enterprise(1), enterprise(2), enterprise(3)]})
    sheet.insert_rows(1)
    sheet.merge_cells("A1:P1")
    sheet.merge_cells("D3:D5")
    found = checked(as_bytes(book))
    assert said(found.form_problems) == [("D3", "有合并单元格 D3:D5", True)]
    assert found.form_problems[0].column == "所在街道"


def test_error_values_and_formulas_never_calculated_are_told_from_empty_cells() -> None:
    book, sheet = sheet_of({"企业会员": [enterprise(1), enterprise(2)]})
    sheet["D2"] = "=VLOOKUP(A2,Sheet9!A:B,2,0)"
    sheet["E3"] = "#N/A"
    sheet["L3"] = "=TODAY()"
    found = checked(as_bytes(book))
    assert sorted(said(found.problems)) == [
        ("D2", "单元格是没有计算结果的公式", True),
        ("E3", "单元格是公式错误值（如 #N/A、#REF!）", True),
        ("L3", "单元格是没有计算结果的公式", True),
    ]


def test_a_formula_with_its_value_is_read() -> None:
    cells = (
        '<row r="1"><c r="A1" t="inlineStr"><is><t>年度*</t></is></c>'
        '<c r="B1" t="inlineStr"><is><t>科目*</t></is></c>'
        '<c r="C1" t="inlineStr"><is><t>额度(元)*</t></is></c></row>'
        '<row r="2"><c r="A2"><f>2025+1</f><v>2026</v></c>'
        '<c r="B2" t="str"><f>"T"&amp;1</f><v>T1</v></c>'
        '<c r="C2"><f>50+50</f><v>100</v></c></row>'
    )
    (row,) = checked(with_cells(cells)).rows(SheetKind.budget_lines)
    assert (row.year, row.code, row.ceiling_fen) == (2026, "T1", 10_000)


def test_rows_that_are_no_data_are_left_out_with_a_word() -> None:
    rows: list[list[Any]] = [
        list(BUDGET_HEADERS),
        ["示例 2026", "服务补贴", "5000000.00"],
        [None, "　", ""],
        BUDGET,
        list(BUDGET_HEADERS),
        ["合计", None, 100],
    ]
    book = checked(saved({"预算额度": rows}))
    assert said(book.problems) == [
        ("2", "示例行，没有导入", False),
        ("5", "重复的表头，没有导入", False),
        ("6", "合计行，没有导入", False),
    ]
    assert len(book.rows(SheetKind.budget_lines)) == 1


def test_dates_however_the_cell_is_made() -> None:
    book, sheet = sheet_of({"企业会员": [enterprise(1), enterprise(2)]})
    sheet["L2"], sheet["L3"] = "２０２４－０３－０１", date(2024, 3, 1)
    rows = checked(as_bytes(book)).rows(SheetKind.enterprises)
    assert [row.joined_on for row in rows] == [date(2024, 3, 1)] * 2


# ---------------------------------------------------------------- problems


def test_a_column_has_its_letter() -> None:
    assert [column_letter(n) for n in (-1, 0, 25, 26, 51, 52, 701, 702)] == [
        "", "A", "Z", "AA", "AZ", "BA", "ZZ", "AAA",
    ]  # fmt: skip


def test_what_is_shown_of_a_value_is_short_and_plain() -> None:
    assert shown(None) == ""
    assert shown(5.0) == "5"
    assert shown("a\0b\nc") == "a\ufffdb c"
    assert shown("　 ") == ""
    assert len(shown("x" * 10_000_000)) == 61


def test_errors_come_first_then_the_order_of_the_file() -> None:
    def problem(sheet: str, row: int, letter: str, is_error: bool) -> Problem:
        return Problem(sheet, row, "", letter, "", is_error, say("x"), say("x"))

    mixed = [
        problem("乙", 1, "A", True), problem("甲", 9, "B", False), problem("甲", 2, "AA", True),
        problem("甲", 2, "B", True),
    ]  # fmt: skip
    assert [(p.sheet, p.place) for p in in_order(mixed, ("甲", "乙"))] == [
        ("甲", "B2"), ("甲", "AA2"), ("乙", "A1"), ("甲", "B9"),
    ]  # fmt: skip


def test_a_flood_of_warnings_hides_no_error() -> None:
    found = Collected()
    for row in range(MOST_KEPT + 5):
        found.add(Problem("甲", row, "", "", "", False, say("x"), say("x")))
    found.add(Problem("甲", 7, "", "", "", True, say("x"), say("x")))
    assert (len(found.kept), found.faulty_rows) == (MOST_KEPT + 1, {7})
