"""A list as a workbook: what is shown is what is in it, and no text becomes a formula."""

from __future__ import annotations

import io
from datetime import date
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from openpyxl import load_workbook

from models.exchange.listing import (
    DEFUSED,
    ListColumn,
    Listing,
    ListKind,
    defused,
    listing_workbook,
    sheet_name,
)

COLUMNS = (
    ListColumn("企业"),
    ListColumn("件", ListKind.whole),
    ListColumn("申请（元）", ListKind.fen),
    ListColumn("日期", ListKind.day),
)


def opened(content: bytes) -> Any:
    return load_workbook(io.BytesIO(content)).active


def test_what_is_shown_is_what_is_in_it() -> None:
    rows = [
        ("大连甲", 3, 5_000_001, date(2026, 11, 3)),
        ("乙", None, -150, None),
        (None, "—", "—", "—"),
    ]
    page = opened(listing_workbook(Listing("待初审申请", COLUMNS, rows, "2026-11-20 12:00", True)))
    shown = [tuple(cell.value for cell in row) for row in page.iter_rows()]
    assert shown[0][0] == "待初审申请 · 2026-11-20 12:00 · 演示数据"
    assert shown[1] == ("企业", "件", "申请（元）", "日期")
    assert [tuple(map(str, row)) for row in shown[2:]] == [
        ("大连甲", "3.0", "50000.01", "2026-11-03 00:00:00"),
        ("乙", "None", "-1.5", "None"),
        ("None", "—", "—", "—"),
    ]
    assert (page["C3"].number_format, page["D3"].number_format) == ("#,##0.00", "yyyy-mm-dd")
    assert (page.freeze_panes, page.title) == ("A3", "待初审申请")


def test_an_empty_list_has_its_head() -> None:
    page = opened(listing_workbook(Listing("空", COLUMNS, [])))
    assert [cell.value for cell in page[2]] == [column.head for column in COLUMNS]


@pytest.mark.parametrize(
    "text", ["=1+1", "+1", "-1", "@SUM(A1)", "\t=1", "\r=1", "=cmd|' /C calc'!A0"]
)
def test_no_text_becomes_a_formula(text: str) -> None:
    page = opened(listing_workbook(Listing("x", COLUMNS, [(text, text, text, text)])))
    for cell in page[3]:
        assert cell.data_type == "s"
        assert str(cell.value).startswith("'")


@pytest.mark.parametrize("text", ["大连", "—", "a=b", "2026-11-0187", ""])
def test_harmless_text_stays_as_it_is(text: str) -> None:
    assert defused(text) == text


@given(text=st.text())
def test_every_text_can_be_written(text: str) -> None:
    assert not defused(text).startswith(DEFUSED)
    listing_workbook(Listing(text, COLUMNS[:1], [(text,)]))


def test_a_very_long_text_is_cut() -> None:
    assert len(defused("长" * 100_000)) < 32_767


def test_a_title_becomes_a_sheet_name() -> None:
    assert sheet_name("待初审: 2026/11 [全部]?*") == "待初审 202611 全部"
    assert sheet_name("///") == "Sheet1"
    assert len(sheet_name("长" * 99)) == 31
