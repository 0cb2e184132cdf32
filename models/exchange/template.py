"""The template to fill in (导入模板): a sheet a kind, with head, notes, marked examples and drop-downs,
and a guide.

Everything in it is read from `exchange.sheets`; the lists of services and result kinds come from
whoever asks.
"""

from __future__ import annotations

import io
from collections.abc import Iterable, Sequence
from typing import Any

from xlsxwriter import Workbook
from xlsxwriter.format import Format
from xlsxwriter.worksheet import Worksheet

from models.exchange.cells import Lists
from models.exchange.problems import column_letter
from models.exchange.sheets import (
    EXAMPLE_MARK,
    GUIDE_SHEET,
    OPTIONS_SHEET,
    SHEETS,
    CellKind,
    Column,
    ListName,
    Option,
    Sheet,
)

FILLED_ROWS = 5_000  # so many rows carry formats and drop-downs
FONT = "Microsoft YaHei"
_A4 = 9
_AS_TEXT = frozenset(
    {CellKind.digits, CellKind.invoice, CellKind.uscc, CellKind.hnte_certificate, CellKind.month}
)
# fmt: off
_NUMBER_FORMATS = {CellKind.day: "yyyy-mm-dd", CellKind.yuan: "#,##0.00", CellKind.percent: "0.##", CellKind.whole: "0"}
_WIDTHS = {CellKind.uscc: 24, CellKind.day: 13, CellKind.month: 11, CellKind.yuan: 17, CellKind.digits: 23, CellKind.invoice: 23, CellKind.whole: 10,
           CellKind.decimal: 14, CellKind.published: 13}
_KIND_WORDS = {
    CellKind.text: "文字", CellKind.digits: "号码（文本）", CellKind.invoice: "号码（文本）", CellKind.uscc: "18 位代码（文本）",
    CellKind.hnte_certificate: "证书编号（文本）", CellKind.day: "日期 2026-11-20", CellKind.month: "月份 2026-11",
    CellKind.yuan: "金额，元", CellKind.percent: "比例，%", CellKind.whole: "整数",
    CellKind.option: "从下拉中选择", CellKind.options: "从列表中选，可多项",
    CellKind.decimal: "数值", CellKind.published: "日期、年月或年",
}
_GUIDE = (
    "1. 每张工作表的第一行是列名，请勿改名；带 * 的必填。用不到的工作表可以留空或删除。",
    "2. 灰色斜体的“示例”行不会导入，填写时可以保留，也可以删除。",
    "3. 信用代码、账号、电话、发票号码请按文本填写；日期写 2026-11-20，月份写 2026-11，金额以元为单位。",
    "4. 先试运行，不写入任何数据；有一处错误即整份不导入，改正后重新上传。",
    "5. 系统中已有的：内容相同的不变；联系人和电话不同的更新；其他不同的报错。空单元格表示“不填”，不会清除原有内容。",
    "6. 补贴申请和合作对子导入后不再因导入而改变；补贴标准、预算额度、实绩由另一人确认后生效。",
)
# fmt: on
_LIST_NAMES = {
    ListName.services: "服务类别",
    ListName.result_kinds: "成果类型",
    ListName.places: "地区",
    ListName.indicators: "指标",
}
_OPTION_COLUMNS = {name: place for place, name in enumerate(ListName)}


def template_workbook(
    lists: Lists, *, is_demonstration: bool = False, sheets: Sequence[Sheet] = SHEETS
) -> bytes:
    """The template as an `.xlsx`.

    Args:
        lists: the options that stand in the database, for the drop-downs.
        is_demonstration: the guide says that the data of this deployment are generated.
        sheets: those it holds; all of them when left out.
    """
    target = io.BytesIO()
    book = Workbook(target, {"in_memory": True})
    ink = _Ink(book)
    _guide_sheet(book, ink, lists, sheets, is_demonstration)
    for sheet in sheets:
        _data_sheet(book, ink, sheet, lists)
    _options_sheet(book, lists)
    book.close()
    return target.getvalue()


class _Ink:
    """The formats of the template, each made once."""

    def __init__(self, book: Workbook) -> None:
        plain = {"font_name": FONT, "font_size": 10, "valign": "vcenter"}
        head = plain | {"bold": True, "border": 1, "border_color": "#D6DCE4", "text_wrap": True}
        self.title = book.add_format(plain | {"bold": True, "font_size": 16})
        self.section = book.add_format(plain | {"bold": True, "font_size": 12})
        self.text = book.add_format(plain | {"text_wrap": True})
        self.mark = book.add_format(plain | {"bold": True, "font_color": "#7F5000"})
        self.head = book.add_format(head | {"bg_color": "#F4F6F9", "font_color": "#525D6B"})
        self.required = book.add_format(head | {"bg_color": "#DCE6F3", "font_color": "#1D4F91"})
        self.row = book.add_format(
            plain | {"text_wrap": True, "bottom": 4, "border_color": "#D6DCE4"}
        )
        example = plain | {"italic": True, "font_color": "#7C8794"}
        self.cells = {kind: book.add_format(plain | _number(kind)) for kind in CellKind}
        self.examples = {kind: book.add_format(example | _number(kind)) for kind in CellKind}


def _number(kind: CellKind) -> dict[str, Any]:
    if kind in _AS_TEXT:
        return {"num_format": "@"}
    pattern = _NUMBER_FORMATS.get(kind)
    return {"num_format": pattern} if pattern else {}


# ---------------------------------------------------------------- a sheet to fill in


def _data_sheet(book: Workbook, ink: _Ink, sheet: Sheet, lists: Lists) -> None:
    page = book.add_worksheet(sheet.name)
    page.freeze_panes(1, 1)
    page.set_row(0, 32)
    page.set_tab_color("#1D4F91")
    page.set_landscape()
    page.set_paper(_A4)
    page.fit_to_pages(1, 0)
    page.repeat_rows(0)
    for place, column in enumerate(sheet.columns):
        page.set_column(place, place, _width(column), ink.cells[column.kind])
        page.write_string(0, place, column.printed, _head(ink, column))
        _example(page, ink, place, column, lists)
        _drop_down(page, place, column, lists)
        if column.note:
            page.write_comment(0, place, str(column.note), {"font_name": FONT, "x_scale": 1.6})


def _head(ink: _Ink, column: Column) -> Format:
    return ink.required if column.is_required else ink.head


def _width(column: Column) -> float:
    written = max(_shown_width(column.printed), _shown_width(column.example)) + 3
    return max(_WIDTHS.get(column.kind, 12), min(written, 36))


def _shown_width(text: str) -> float:
    return sum(2.1 if ord(character) > 0x2E80 else 1.1 for character in text)


def _example(page: Worksheet, ink: _Ink, place: int, column: Column, lists: Lists) -> None:
    """The example row: its first cell begins with 示例, so that the reader leaves the row out."""
    words = _example_words(column, lists)
    mark = f"{EXAMPLE_MARK} " if place == 0 else ""
    page.write_string(1, place, mark + words, ink.examples[column.kind])


def _example_words(column: Column, lists: Lists) -> str:
    offered = lists.of(column)
    is_offered = not offered or column.example in {option.printed for option in offered}
    if (column.example and is_offered) or not column.is_required or not offered:
        return column.example if is_offered else ""
    wanted = 2 if column.kind is CellKind.options else 1
    return "、".join(option.printed for option in offered[:wanted])


def _drop_down(page: Worksheet, place: int, column: Column, lists: Lists) -> None:
    if column.kind is not CellKind.option or not lists.of(column):
        return
    message = "请从下拉列表中选择"
    page.data_validation(
        1, place, FILLED_ROWS, place,
        {"validate": "list", "source": _source(column, lists), "error_title": column.header,
         "error_message": message, "error_type": "warning"},
    )  # fmt: skip


def _source(column: Column, lists: Lists) -> str | list[str]:
    if not isinstance(column.options, ListName):
        return [option.printed for option in column.options]
    letter = column_letter(_OPTION_COLUMNS[column.options])
    last = len(lists.of(column)) + 1
    return f"={OPTIONS_SHEET}!${letter}$2:${letter}${last}"


def _options_sheet(book: Workbook, lists: Lists) -> None:
    """The long lists, for the drop-downs; hidden."""
    page = book.add_worksheet(OPTIONS_SHEET)
    page.hide()
    for name, place in _OPTION_COLUMNS.items():
        options: tuple[Option, ...] = lists.options[name]
        page.write_column(0, place, [name.value, *(option.printed for option in options)])


# ---------------------------------------------------------------- the guide


def _guide_sheet(
    book: Workbook, ink: _Ink, lists: Lists, sheets: Sequence[Sheet], is_demonstration: bool
) -> None:
    page = book.add_worksheet(GUIDE_SHEET)
    page.hide_gridlines(2)
    page.set_column(0, 0, 24)
    page.set_column(1, 1, 8)
    page.set_column(2, 2, 22)
    page.set_column(3, 3, 74)
    page.set_row(0, 30)
    page.write_string(0, 0, "科技创新服务零费区 · 导入模板", ink.title)
    if is_demonstration:
        page.write_string(1, 0, "演示数据", ink.mark)
    line = 2
    for sentence in _GUIDE:
        page.merge_range(line, 0, line, 3, sentence, ink.text)
        line += 1
    for sheet in sheets:
        line = _guide_to_sheet(page, ink, sheet, line + 1)
    used = {column.options for sheet in sheets for column in sheet.columns}
    for name in (name for name in ListName if name in used):
        line = _guide_to_list(page, ink, _LIST_NAMES[name], lists.options[name], line + 1)
    page.fit_to_pages(1, 0)
    page.set_landscape()
    page.set_paper(_A4)


def _guide_to_sheet(page: Worksheet, ink: _Ink, sheet: Sheet, line: int) -> int:
    page.set_row(line, 24)
    page.write_string(line, 0, sheet.name, ink.section)
    page.merge_range(line, 1, line, 3, str(sheet.note), ink.text)
    for place, head in enumerate(("列", "必填", "填写", "说明")):
        page.write_string(line + 1, place, head, ink.head)
    line += 2
    for column in sheet.columns:
        page.write_string(line, 0, column.printed, ink.row)
        page.write_string(line, 1, "必填" if column.is_required else "", ink.row)
        page.write_string(line, 2, _KIND_WORDS[column.kind], ink.row)
        page.write_string(line, 3, "；".join(_explained(column)), ink.row)
        line += 1
    return line


def _guide_to_list(
    page: Worksheet, ink: _Ink, title: str, options: tuple[Option, ...], line: int
) -> int:
    """The entries of a long list, one a line, so that they can be copied."""
    page.set_row(line, 24)
    page.write_string(line, 0, title, ink.section)
    for at, option in enumerate(options, start=line + 1):
        if option.beside:
            page.merge_range(at, 0, at, 2, option.printed, ink.row)
            page.write_string(at, 3, option.beside, ink.row)
        else:
            page.merge_range(at, 0, at, 3, option.printed, ink.row)
    return line + len(options) + 1


def _explained(column: Column) -> Iterable[str]:
    if column.note:
        yield str(column.note)
    if column.is_contact:
        yield "系统中已有时可以更新"
    if isinstance(column.options, ListName):
        yield f"见本页末的“{_LIST_NAMES[column.options]}”"
    elif column.options:
        yield "可选：" + "、".join(option.printed for option in column.options)
