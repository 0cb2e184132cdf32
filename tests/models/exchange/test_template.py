"""The template: what it offers is what the reader takes."""

from __future__ import annotations

import io
from typing import Any

from openpyxl import load_workbook

from models.exchange.sheets import EXAMPLE_MARK, GUIDE_SHEET, OPTIONS_SHEET, SHEETS
from models.exchange.template import template_workbook
from tests.models.exchange.lists import LISTS, checked


def book() -> Any:
    return load_workbook(io.BytesIO(template_workbook(LISTS)))


def test_it_reads_as_an_empty_workbook() -> None:
    read = checked(template_workbook(LISTS))
    assert [len(sheet.rows) for sheet in read.sheets] == [0] * len(SHEETS)
    assert {str(problem.wrong) for problem in read.problems} == {"示例行，没有导入"}


def test_every_example_is_itself_sound() -> None:
    """With the mark taken away each example row passes every check of its own sheet."""
    filled = book()
    for sheet in SHEETS:
        cell = filled[sheet.name]["A2"]
        cell.value = cell.value.removeprefix(EXAMPLE_MARK).strip()
    target = io.BytesIO()
    filled.save(target)
    read = checked(target.getvalue())
    assert [(p.sheet, p.place, str(p.wrong)) for p in read.problems] == []
    assert [len(sheet.rows) for sheet in read.sheets] == [1] * len(SHEETS)


def test_every_sheet_has_its_head_frozen_and_its_drop_downs() -> None:
    made = book()
    assert made.sheetnames == [GUIDE_SHEET, *(sheet.name for sheet in SHEETS), OPTIONS_SHEET]
    for sheet in SHEETS:
        page = made[sheet.name]
        assert [cell.value for cell in page[1]] == [column.printed for column in sheet.columns]
        assert page.freeze_panes == "B2"
        assert str(page["A2"].value).startswith(EXAMPLE_MARK)
        offered = [column for column in sheet.columns if column.kind == "option"]
        assert len(page.data_validations.dataValidation) == len(offered)
    assert made[OPTIONS_SHEET].sheet_state == "hidden"


def test_the_guide_names_every_column_and_option() -> None:
    page = book()[GUIDE_SHEET]
    text = "\n".join(str(cell.value) for row in page.iter_rows() for cell in row if cell.value)
    for sheet in SHEETS:
        assert all(column.printed in text for column in sheet.columns)
    assert "计算机软件著作权登记" in text
    assert "演示数据" not in text


def test_a_demonstration_says_so() -> None:
    page = load_workbook(io.BytesIO(template_workbook(LISTS, is_demonstration=True)))[GUIDE_SHEET]
    assert page["A2"].value == "演示数据"
