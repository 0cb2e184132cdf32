"""The month's official table, or another printed one, as an `.xlsx`: landscape, the head
repeated on every page, annexes as further sheets.
"""

from __future__ import annotations

import io
from collections.abc import Sequence
from datetime import date
from math import ceil
from typing import Any

from xlsxwriter import Workbook
from xlsxwriter.format import Format
from xlsxwriter.worksheet import Worksheet

from models.exchange.listing import defused
from models.exchange.month_table import (
    A3_MM,
    Annex,
    PrintedTable,
    TableColumn,
    column_sum,
    in_capitals,
    written,
)
from models.exchange.problems import column_letter

_A3, _A4 = 8, 9
_FONT = "SimSun"
_SIZE = 9
_MM_A_CHARACTER = 1.75  # the sheet is made larger than A3 and printed to fit
_LINE_POINTS = 12.5
_FIRST_LINE = 3  # rows above: title, head line, column heads


def month_workbook(table: PrintedTable) -> bytes:
    """The table and its annexes as an `.xlsx`."""
    target = io.BytesIO()
    book = Workbook(target, {"in_memory": True})
    book.set_properties({"title": table.title, "comments": table.mark})
    ink = _Ink(book)
    page = _page(book, ink, table.sheet_name, table.title, table, table.columns)
    end = _lines(page, ink, table.columns, table.lines)
    end = _totals(page, ink, table, end)
    _signatures(page, ink, table, end + 1)
    for annex in table.annexes:
        _annex(book, ink, table, annex)
    book.close()
    return target.getvalue()


class _Ink:
    """The formats, each made once."""

    def __init__(self, book: Workbook) -> None:
        plain = {"font_name": _FONT, "font_size": _SIZE, "valign": "vcenter"}
        boxed = plain | {"border": 1, "text_wrap": True}
        figure = plain | {  # rather small than #####
            "border": 1, "shrink": True, "align": "right", "num_format": "#,##0.00",
        }  # fmt: skip
        self.title = book.add_format(
            {"font_name": _FONT, "font_size": 26, "bold": True, "align": "center"}
        )
        self.aside = book.add_format(plain | {"font_size": 13})
        self.aside_right = book.add_format(plain | {"font_size": 13, "align": "right"})
        self.aside_center = book.add_format(plain | {"font_size": 13, "align": "center"})
        self.proof = book.add_format(plain | {"font_size": 8, "font_color": "#525D6B"})
        self.mark = book.add_format(
            plain | {"font_size": 11, "bold": True, "font_color": "#7F5000"}
        )
        self.head = book.add_format(boxed | {"bold": True, "align": "center"})
        self.total = book.add_format(boxed | {"bold": True, "align": "center"})
        self.total_money = book.add_format(figure | {"bold": True})
        self.capitals = book.add_format(boxed | {"bold": True, "font_size": 13, "indent": 1})
        self.empty = book.add_format(boxed | {"align": "center", "font_color": "#525D6B"})
        self.money = book.add_format(figure)
        self.day = book.add_format(boxed | {"align": "center", "num_format": "yyyy-mm-dd"})
        self.boxed = {
            align: book.add_format(boxed | {"align": align})
            for align in ("left", "center", "right")
        }

    def of(self, column: TableColumn) -> Format:
        """The format of a column's cells."""
        return self.money if column.is_money else self.boxed[column.align.value]


def _page(
    book: Workbook,
    ink: _Ink,
    name: str,
    title: str,
    table: PrintedTable,
    columns: Sequence[TableColumn],
) -> Worksheet:
    """A sheet with title, head line and column heads, set up for print."""
    page = book.add_worksheet(name)
    page.set_landscape()
    page.set_paper(_A3 if table.paper_mm == A3_MM else _A4)
    page.set_margins(left=0.4, right=0.4, top=0.6, bottom=0.6)
    page.fit_to_pages(1, 0)
    page.center_horizontally()
    page.hide_gridlines(2)
    page.repeat_rows(0, _FIRST_LINE - 1)
    page.freeze_panes(_FIRST_LINE, 2)
    page.set_header(f"&R&9{table.mark}")
    page.set_footer(f"&L&7{table.proof}&R&9第 &P 页 共 &N 页")
    for place, column in enumerate(columns):
        page.set_column(place, place, column.width_mm / _MM_A_CHARACTER)
        page.write_string(_FIRST_LINE - 1, place, column.head, ink.head)
    page.set_row(0, 46)
    page.set_row(1, 26)
    page.set_row(_FIRST_LINE - 1, 34)
    last = len(columns) - 1
    page.merge_range(0, 0, 0, last, title, ink.title)
    _head_line(page, ink, table, last)
    return page


def _head_line(page: Worksheet, ink: _Ink, table: PrintedTable, last: int) -> None:
    left, middle, right = table.head_line
    page.write_string(1, 0, defused(left), ink.aside)
    page.write_string(1, last // 2, middle, ink.aside_center)
    page.write_string(1, last, right, ink.aside_right)


def _lines(page: Worksheet, ink: _Ink, columns: Sequence[TableColumn], lines: Sequence[Any]) -> int:
    """The lines; the row after the last."""
    for position, line in enumerate(lines, start=1):
        row = _FIRST_LINE + position - 1
        page.set_row(row, _height(columns, position, line))
        for place, column in enumerate(columns):
            value = column.value(position, line)
            match value:
                case None | "":
                    page.write_blank(row, place, None, ink.of(column))
                case date():
                    page.write_datetime(row, place, value, ink.day)
                case int():
                    shown = value / 100 if column.is_money else value
                    page.write_number(row, place, shown, ink.of(column))
                case _:
                    page.write_string(row, place, defused(value), ink.of(column))
    return _FIRST_LINE + len(lines)


def _height(columns: Sequence[TableColumn], position: int, line: Any) -> float:
    """A row's height in points: a program that opens the sheet does not always fit it to wrapped
    text.
    """
    most = max(
        sum(
            ceil(_width(part) / (column.width_mm / _MM_A_CHARACTER - 1))
            for part in written(column, column.value(position, line)).split("\n")
        )
        for column in columns
    )
    return max(most, 1) * _LINE_POINTS + 8


def _width(text: str) -> float:
    """A text's width in characters: Chinese ones take two."""
    return max(sum(1.8 if ord(character) > 0x2E80 else 1.0 for character in text), 1)


def _totals(page: Worksheet, ink: _Ink, table: PrintedTable, row: int) -> int:
    """The total row and the total in capitals; the row after them."""
    columns = table.columns
    last, first_sum = len(columns) - 1, next(i for i, c in enumerate(columns) if c.is_summed)
    page.set_row(row, 28)
    page.merge_range(row, 0, row, first_sum - 1, f"合计（{len(table.lines)} 件）", ink.total)
    for place in range(first_sum, last + 1):
        if columns[place].is_summed:
            _sum(page, ink, table, row, place)
        else:
            page.write_blank(row, place, None, ink.total)
    page.set_row(row + 1, 28)
    page.merge_range(row + 1, 0, row + 1, last, in_capitals(table.total_fen), ink.capitals)
    return row + 2


def _sum(page: Worksheet, ink: _Ink, table: PrintedTable, row: int, place: int) -> None:
    value = column_sum(table.columns[place], table.lines) / 100
    letter = column_letter(place)
    if table.lines:
        formula = f"=SUM({letter}{_FIRST_LINE + 1}:{letter}{row})"
        page.write_formula(row, place, formula, ink.total_money, value)
    else:
        page.write_number(row, place, value, ink.total_money)


def _signatures(page: Worksheet, ink: _Ink, table: PrintedTable, row: int) -> None:
    page.set_row(row, 28)
    quarter = max(1, len(table.columns) // 4)
    for at, words in enumerate(table.signatures):
        page.write_string(row, 1 + at * quarter, defused(words), ink.aside)
    page.write_string(row + 1, 1, table.proof, ink.proof)
    if table.mark:
        page.write_string(row + 2, 1, table.mark, ink.mark)


def _annex(book: Workbook, ink: _Ink, table: PrintedTable, annex: Annex) -> None:
    page = _page(book, ink, annex.title, annex.title, table, annex.columns)
    end = _lines(page, ink, annex.columns, annex.lines)
    last = len(annex.columns) - 1
    if not annex.lines:
        page.merge_range(end, 0, end, last, annex.when_empty, ink.empty)
        end += 1
    for place, column in enumerate(annex.columns):
        if column.is_summed:
            page.merge_range(end, 0, end, place - 1, f"合计（{len(annex.lines)} 件）", ink.total)
            page.write_number(end, place, column_sum(column, annex.lines) / 100, ink.total_money)
            for rest in range(place + 1, last + 1):
                page.write_blank(end, rest, None, ink.total)
            end += 1
    page.write_string(end + 1, 1, annex.aside or table.proof, ink.proof)
    if table.mark:
        page.write_string(end + 2, 1, table.mark, ink.mark)
