"""Working days: the announced calendars, counting, and the mark of a year nobody has announced."""

from datetime import date, timedelta
from time import perf_counter

import pytest
from hypothesis import given
from hypothesis import strategies as st

from models.rules.working_days import Calendar
from tests.cases import cases

CALENDARS = cases("working_days")
CALENDAR = Calendar()
NEAR = st.dates(date(2023, 1, 1), date(2029, 12, 31))
SATURDAY = 5


def days_from(first: date, last: date) -> list[date]:
    return [first + timedelta(days=number) for number in range((last - first).days + 1)]


def announced(year: str) -> set[date]:
    """The working days an official would mark, from the announcement alone."""
    days = days_from(date(int(year), 1, 1), date(int(year), 12, 31))
    off = {
        day
        for first, last in CALENDARS[year]["off"]
        for day in days_from(date.fromisoformat(first), date.fromisoformat(last))
    }
    on = {date.fromisoformat(day) for day in CALENDARS[year]["on"]}
    return {day for day in days if day in on or (day.weekday() < SATURDAY and day not in off)}


@pytest.mark.parametrize("year", CALENDARS)
def test_every_day_of_an_announced_year(year: str) -> None:
    days = days_from(date(int(year), 1, 1), date(int(year), 12, 31))
    working = {day for day in days if CALENDAR.is_working_day(day)}
    assert working == announced(year)
    assert len(working) == CALENDARS[year]["working_days"]


def test_day_one_is_the_next_working_day() -> None:
    friday = date(2026, 9, 18)
    assert CALENDAR.add_working_days(friday, 1) == date(2026, 9, 20)  # a Sunday worked for 国庆节
    assert CALENDAR.working_days_between(friday, date(2026, 9, 20)) == 1
    assert CALENDAR.working_days_between(friday, date(2026, 9, 19)) == 0
    assert CALENDAR.working_days_between(friday, friday) == 0


def test_spring_festival_is_not_counted() -> None:
    assert CALENDAR.add_working_days(date(2026, 2, 14), 1) == date(2026, 2, 24)


def test_a_december_weekend_worked_for_the_next_new_year() -> None:
    assert CALENDAR.is_working_day(date(2011, 12, 31))


@given(NEAR, NEAR)
def test_counting_agrees_with_a_walk_day_by_day(start: date, end: date) -> None:
    start, end = min(start, end), max(start, end)
    walked = sum(map(CALENDAR.is_working_day, days_from(start + timedelta(days=1), end)))
    assert CALENDAR.working_days_between(start, end) == walked
    assert CALENDAR.working_days_between(end, start) == -walked


@given(NEAR, st.integers(1, 600))
def test_adding_and_counting_are_inverse(start: date, count: int) -> None:
    due = CALENDAR.add_working_days(start, count)
    assert CALENDAR.is_working_day(due)
    assert CALENDAR.working_days_between(start, due) == count


@given(NEAR)
def test_no_days_later_is_the_same_day(start: date) -> None:
    assert CALENDAR.add_working_days(start, 0) == start


def test_working_days_are_not_counted_backward() -> None:
    with pytest.raises(ValueError, match="forward"):
        CALENDAR.add_working_days(date(2026, 1, 5), -1)


def test_overrides_are_stronger_than_the_library_and_copied() -> None:
    rows = {date(2026, 9, 19): True, date(2026, 9, 21): False}
    calendar = Calendar(rows)
    rows.clear()
    assert calendar.add_working_days(date(2026, 9, 18), 1) == date(2026, 9, 19)
    assert calendar.add_working_days(date(2026, 9, 18), 3) == date(2026, 9, 22)
    assert CALENDAR.add_working_days(date(2026, 9, 18), 1) == date(2026, 9, 20)


def test_a_year_nobody_has_announced_is_provisional() -> None:
    assert all(CALENDAR.is_announced(year) for year in range(2001, 2027))
    assert not CALENDAR.is_announced(2090)
    assert CALENDAR.is_provisional(date(2026, 12, 31), date(2090, 1, 1))
    deadline = CALENDAR.deadline(date(2090, 1, 2), 5)
    assert deadline.is_provisional
    assert "暂估" in str(deadline.words)


def test_a_year_the_administrator_entered_is_announced() -> None:
    calendar = Calendar({date(2090, 1, 2): True}, announced=frozenset({2090}))
    assert not calendar.deadline(date(2090, 1, 2), 5).is_provisional


def test_a_deadline_in_an_announced_year_is_a_plain_date() -> None:
    deadline = CALENDAR.deadline(date(2026, 2, 13), 2)
    assert deadline.due_on == date(2026, 2, 24)
    assert str(deadline.words) == "2026-02-24"


def test_years_beyond_the_lunar_tables_have_weekends_only() -> None:
    assert CALENDAR.is_working_day(date(9999, 10, 1))
    with pytest.raises(ValueError, match="year"):
        CALENDAR.add_working_days(date(9999, 12, 31), 1)


def test_a_queue_of_ten_thousand_rows_is_counted_at_once() -> None:
    start, end = date(2025, 11, 20), date(2026, 3, 5)
    CALENDAR.working_days_between(start, end)
    began = perf_counter()
    for _ in range(10_000):
        CALENDAR.working_days_between(start, end)
    assert perf_counter() - began < 0.5  # measured 0.02 s; the rest is for a busy machine
