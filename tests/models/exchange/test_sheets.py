"""The table of sheets: it and the rows agree, and it says what the issue's columns say."""

from dataclasses import fields

import pytest

from models.exchange.sheets import SHEETS, CellKind, Sheet, plain_header
from tests.models.exchange.workbooks import HEADERS

EACH = pytest.mark.parametrize("sheet", SHEETS, ids=lambda sheet: sheet.name)


@EACH
def test_a_row_is_built_by_position(sheet: Sheet) -> None:
    names = [field.name for field in fields(sheet.row_type)]
    assert names == ["line", *(column.field for column in sheet.columns)]


@EACH
def test_the_columns_are_those_agreed(sheet: Sheet) -> None:
    printed = [column.printed for column in sheet.columns]
    assert [header for header in printed if header in HEADERS[sheet.name]] == list(
        HEADERS[sheet.name]
    )


@EACH
def test_headers_and_fields_are_distinct(sheet: Sheet) -> None:
    assert len({plain_header(column.header) for column in sheet.columns}) == len(sheet.columns)
    assert len({column.field for column in sheet.columns}) == len(sheet.columns)


@EACH
def test_the_key_is_made_of_columns(sheet: Sheet) -> None:
    assert all(sheet.column(name) for name in sheet.key)


@EACH
def test_options_belong_to_option_columns(sheet: Sheet) -> None:
    chosen = (CellKind.option, CellKind.options)
    assert all(bool(column.options) == (column.kind in chosen) for column in sheet.columns)


def test_a_header_is_known_however_it_is_typed() -> None:
    assert plain_header(" 协议金额 （元）＊\n") == plain_header("协议金额(元)*")
