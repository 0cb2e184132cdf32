"""One cell: what was typed, what a spreadsheet made of it, what it is read as."""

from __future__ import annotations

import unicodedata
from datetime import date, datetime, time, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from models.exchange.cells import reader_of
from models.exchange.plain_cells import RawCell, Remark
from models.exchange.sheets import SHEETS, CellKind, Column
from tests.models.exchange.lists import LISTS


def read(kind: CellKind, raw: RawCell, **more: Any) -> Any:
    column = Column("列", "field", kind, **more)
    return reader_of(column, LISTS)(raw, column)


@pytest.mark.parametrize(
    "raw",
    [
        date(2026, 11, 20), datetime(2026, 11, 20, 8, 30),  # noqa: DTZ001 - cells have no zone
        "2026-11-20", "2026/11/20", "2026.11.20",
        "2026年11月20日", "20261120", 20261120.0, "２０２６－１１－２０", " 2026-11-20 00:00:00 ",
        "2026-11-20T09:30:00", "'2026-11-20",
    ],
)  # fmt: skip
def test_a_day_in_any_usual_writing(raw: RawCell) -> None:
    assert read(CellKind.day, raw) == date(2026, 11, 20)


@pytest.mark.parametrize("raw", [46346, 46346.0, 46346.25, "46346"])
def test_a_day_number_is_read_with_a_warning(raw: RawCell) -> None:
    remark = read(CellKind.day, raw)
    assert (remark.is_error, remark.value) == (False, date(2026, 11, 20))


@pytest.mark.parametrize(
    "raw",
    ["", "昨天", "26-11-20", "11/20/2026", "2026-13-01", "2026-02-29", "1026-01-01", 3.0, True,
     time(8), timedelta(hours=9), 1e300, 1e16, date(1899, 1, 1), "2026-11-20 下午"],
)  # fmt: skip
def test_what_is_no_day_is_an_error(raw: RawCell) -> None:
    remark = read(CellKind.day, raw)
    assert isinstance(remark, Remark)
    assert remark.is_error


@pytest.mark.parametrize(
    "raw", ["2026-11", "2026年11月", "202611", 202611.0, date(2026, 11, 1), "２０２６／１１"]
)
def test_a_month(raw: RawCell) -> None:
    assert read(CellKind.month, raw) == "2026-11"


@pytest.mark.parametrize("raw", ["2026-13", "0001-01", "十一月", time(1), "2500-01"])
def test_what_is_no_month_is_an_error(raw: RawCell) -> None:
    assert isinstance(read(CellKind.month, raw), Remark)


@pytest.mark.parametrize(
    ("raw", "fen"),
    [
        (50000, 5_000_000), (50000.0, 5_000_000), (0.1 + 0.2, 30), ("50,000.00", 5_000_000),
        ("￥５００００", 5_000_000), (19.99, 1_999), (4.35, 435), (1234567.89, 123_456_789),
        ("'12元", 1_200),
    ],
)  # fmt: skip
def test_money_is_exact_to_the_fen(raw: RawCell, fen: int) -> None:
    assert read(CellKind.yuan, raw) == fen


@pytest.mark.parametrize(
    "raw", ["5万", "3.141", 3.141, "-1", -1.0, True, date(2026, 1, 1), "1e9", 1e20, "NaN", "inf"]
)
def test_what_is_no_money_is_an_error(raw: RawCell) -> None:
    assert isinstance(read(CellKind.yuan, raw), Remark)


@pytest.mark.parametrize(
    ("raw", "hundredths"), [("30", 3_000), ("30%", 3_000), (12.5, 1_250), ("３０％", 3_000)]
)
def test_a_share(raw: RawCell, hundredths: int) -> None:
    assert read(CellKind.percent, raw) == hundredths


def test_a_share_below_one_percent_is_asked_about() -> None:
    remark = read(CellKind.percent, 0.3)
    assert (remark.is_error, remark.value, str(remark.fix)) == (False, 30, "若应为 30%，请填 30")
    assert read(CellKind.percent, "三成").is_error
    assert read(CellKind.percent, date(2026, 1, 1)).is_error


@pytest.mark.parametrize(
    ("raw", "number"), [(5, 5), (5.0, 5), ("５", 5), ("1,200", 1_200), ("2026年", 2_026)]
)
def test_a_whole_number(raw: RawCell, number: int) -> None:
    assert read(CellKind.whole, raw, lowest=1, highest=5_000) == number


@pytest.mark.parametrize("raw", [0, 6, 2.5, "五", "-1", "1e2", True, date(2026, 1, 1), "9" * 40])
def test_what_is_no_whole_number_within_bounds(raw: RawCell) -> None:
    assert isinstance(read(CellKind.whole, raw, lowest=1, highest=5), Remark)


@pytest.mark.parametrize(
    ("raw", "text"),
    [
        (" 大连　", "大连"), ("'001", "001"), (13800000000.0, "13800000000"), (1.5, "1.5"),
        (True, "TRUE"),
        (False, "FALSE"), ("\u200b名\ufeff", "名"),
        ("<script>alert(1)</script>", "<script>alert(1)</script>"),
        ("Robert'); DROP TABLE claim;--", "Robert'); DROP TABLE claim;--"),
        ("=1+1", "=1+1"), ("甲\n乙", "甲 乙"),
        ("👩\u200d💻", "👩\u200d💻"),
    ],
)  # fmt: skip
def test_text_is_taken_as_meant(raw: RawCell, text: str) -> None:
    assert read(CellKind.text, raw) == text


@pytest.mark.parametrize(
    "raw",
    ["a\0b", "a\u202eb", "a\x07b", "\ud800", "长" * 121, "x" * 10_000_000,
     date(2026, 1, 1), time(1), 1e15],
)  # fmt: skip
def test_text_that_cannot_be_kept_is_an_error(raw: RawCell) -> None:
    assert isinstance(read(CellKind.text, raw), Remark)


def test_a_long_note_keeps_its_lines() -> None:
    assert read(CellKind.text, "甲\n乙", longest=1_000) == "甲\n乙"


@pytest.mark.parametrize(
    ("raw", "text"),
    [
        ("6222 0202 0000 2222", "6222020200002222"),
        ("０４１１－８４７９", "0411-8479"),
        (138.0, "138"),
    ],
)
def test_numbers_that_are_names(raw: RawCell, text: str) -> None:
    assert read(CellKind.digits, raw) == text


@pytest.mark.parametrize("raw", [6.2e18, "6.222E+18", "6.2e+18", date(2026, 1, 1)])
def test_numbers_that_lost_their_tail(raw: RawCell) -> None:
    assert isinstance(read(CellKind.digits, raw), Remark)


@pytest.mark.parametrize(
    "raw", ["91210200 241268278d", "'91210200241268278D", "９１２１０２００２４１２６８２７８Ｄ"]
)
def test_a_credit_code_is_normalised(raw: RawCell) -> None:
    assert read(CellKind.uscc, raw) == "91210200241268278D"


def test_options_by_word_code_or_alias() -> None:
    stage = SHEETS[0].column("growth_stage")
    reader = reader_of(stage, LISTS)
    assert [reader(raw, stage) for raw in ("成长", "growing", "成长期", " 成 长 ")] == [
        "growing"
    ] * 4
    assert reader("独角兽", stage).is_error
    assert reader(date(2026, 1, 1), stage).is_error


def test_several_options_with_any_separator() -> None:
    scope = SHEETS[1].column("scope")
    reader = reader_of(scope, LISTS)
    written = "高企认定(首次)；软件著作权登记, 高企认定（首次）\n"
    assert reader(written, scope) == ("hnte_first", "software_copyright")
    assert reader("高企认定（首次）、代写", scope).is_error
    assert reader(1e16, scope).is_error


ANYTHING = st.one_of(
    st.none(), st.booleans(), st.integers(), st.floats(), st.text(), st.dates(), st.datetimes(),
    st.times(), st.timedeltas(),
)  # fmt: skip


@given(raw=ANYTHING)
def test_no_cell_whatever_breaks_a_reader(raw: RawCell) -> None:
    for sheet in SHEETS:
        for column in sheet.columns:
            reader_of(column, LISTS)(raw, column)


@given(text=st.text(max_size=40))
def test_text_that_passes_can_be_stored(text: str) -> None:
    kept = read(CellKind.text, text)
    if isinstance(kept, str):
        kept.encode()
        assert not any(unicodedata.category(c) in ("Cc", "Cs") for c in kept)
