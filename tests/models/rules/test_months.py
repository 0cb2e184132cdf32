"""Months of account: written, ordered, counted."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from models.rules.months import YearMonth

MONTHS = st.builds(YearMonth, st.integers(1, 9999), st.integers(1, 12))


@pytest.mark.parametrize(
    "written",
    ["2026-11", "2026年11月", "202611", "2026/11", "2026.11", "２０２６－１１", " 2026年11 "],
)
def test_every_way_of_writing_a_month(written: str) -> None:
    assert YearMonth.parse(written) == YearMonth(2026, 11)


def test_a_single_digit_month() -> None:
    assert str(YearMonth.parse("2026年1月")) == "2026-01"


@pytest.mark.parametrize(
    "written",
    [
        "",
        "2026",
        "2026-13",
        "2026-00",
        "0000-01",
        "26-11",
        "20261",
        "2026-11-01",
        "十一月",
        "٢٠٢٦-١١",
    ],
)
def test_what_is_no_month_is_refused(written: str) -> None:
    with pytest.raises(ValueError, match=r"month|year"):
        YearMonth.parse(written)


@given(st.text())
def test_any_text_is_a_month_or_refused(written: str) -> None:
    try:
        month = YearMonth.parse(written)
    except ValueError:
        return
    assert YearMonth.parse(str(month)) == month


@given(MONTHS)
def test_writing_and_days_lead_back(month: YearMonth) -> None:
    assert YearMonth.parse(str(month)) == month
    assert YearMonth.containing(month.first_day) == YearMonth.containing(month.last_day) == month
    assert month.first_day.day == 1
    assert str(month.last_day) <= f"{month}-31"


@given(MONTHS.filter(lambda month: month < YearMonth(9999, 12)))
def test_the_next_month_begins_the_day_after_this_one_ends(month: YearMonth) -> None:
    assert month.next().first_day == month.last_day + timedelta(days=1)
    assert month.next().previous() == month
    assert month < month.next()


@given(MONTHS, MONTHS)
def test_order_is_the_order_of_time_and_of_the_text(one: YearMonth, other: YearMonth) -> None:
    assert (one < other) == (one.first_day < other.first_day) == (str(one) < str(other))


def test_february_and_the_ends_of_the_calendar() -> None:
    assert YearMonth(2024, 2).last_day == date(2024, 2, 29)
    assert YearMonth(2026, 2).last_day == date(2026, 2, 28)
    with pytest.raises(ValueError, match="year"):
        YearMonth(9999, 12).next()
    with pytest.raises(ValueError, match="year"):
        YearMonth(1, 1).previous()
