"""The month's days, the clocks' table, and what nine in ten did not exceed."""

from __future__ import annotations

from collections import Counter
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from models.rules.claim_workflow import HOLDER
from models.rules.durations import Spread, spread
from models.rules.month_calendar import (
    CLOCKS,
    LAST_DAY,
    cutoff_of,
    filing_month,
    month_calendar,
)
from models.rules.months import YearMonth
from models.rules.settings import SETTING_OF
from models.rules.wording import say
from models.rules.working_days import Calendar

NOVEMBER = YearMonth(2026, 11)


@pytest.mark.parametrize(
    ("on", "cutoff_day", "month"),
    [
        (date(2026, 11, 25), 25, "2026-11"),
        (date(2026, 11, 26), 25, "2026-12"),
        (date(2026, 12, 26), 25, "2027-01"),
        (date(2026, 11, 30), LAST_DAY, "2026-11"),
        (date(2026, 2, 28), 30, "2026-02"),
        (date(2026, 11, 1), 1, "2026-11"),
        (date(2026, 11, 2), 1, "2026-12"),
    ],
)
def test_after_the_cutoff_a_claim_counts_for_the_next_month(
    on: date, cutoff_day: int, month: str
) -> None:
    assert str(filing_month(on, cutoff_day)) == month


@given(st.dates(date(2000, 1, 1), date(2090, 1, 1)), st.integers(1, 31))
def test_the_month_of_a_claim_never_lies_before_its_day(on: date, cutoff_day: int) -> None:
    month = filing_month(on, cutoff_day)
    assert on <= cutoff_of(month, cutoff_day)
    assert month in (YearMonth.containing(on), YearMonth.containing(on).next())


def test_each_body_begins_where_the_one_before_it_must_have_ended() -> None:
    bodies = ((say("科技创新局复核"), 10), (say("管委会审批"), 5))
    found = month_calendar(Calendar(), NOVEMBER, LAST_DAY, 3, bodies)
    assert found.cutoff_on == date(2026, 11, 30)
    assert [(str(due.name), due.due_on) for due in found.due] == [
        ("联盟统一申请", date(2026, 12, 3)),
        ("科技创新局复核", date(2026, 12, 17)),
        ("管委会审批", date(2026, 12, 24)),
    ]


def test_a_clock_runs_where_its_office_holds_the_claim_and_its_time_is_a_setting() -> None:
    for clock in CLOCKS:
        assert clock.state in HOLDER
        assert type(SETTING_OF[clock.setting].default) is int


@pytest.mark.parametrize(
    ("days", "expected"),
    [
        ([], None),
        ([3], Spread(1, 3.0, 3, 1)),
        ([1, 2], Spread(2, 1.5, 2, 2)),
        (list(range(1, 11)), Spread(10, 5.5, 9, 5)),
        (list(range(11, 0, -1)), Spread(11, 6.0, 10, 5)),
        ([0] * 9 + [50], Spread(10, 0.0, 0, 9)),
        ([0] * 8 + [50, 50], Spread(10, 0.0, 50, 8)),
    ],
)
def test_the_spread_is_what_one_counts_by_hand(days: list[int], expected: Spread | None) -> None:
    assert spread(Counter(days), 5) == expected


@given(st.lists(st.integers(-5, 300), min_size=1, max_size=60))
def test_nine_in_ten_did_not_exceed_it_and_no_shorter_one_would_do(days: list[int]) -> None:
    found = spread(Counter(days), 5)
    assert found is not None
    within = [one for one in days if one <= found.p90]
    shorter = [one for one in days if one < found.p90]
    assert len(within) * 10 >= len(days) * 9
    assert len(shorter) * 10 < len(days) * 9
