"""Readings of targets: cases an official can check, and what holds for any target and any figures."""

from __future__ import annotations

import tomllib
from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from models.rules.targets import (
    Actual,
    ActualKind,
    Comparison,
    Direction,
    Fit,
    Grade,
    Growth,
    IndicatorKind,
    Measure,
    Reading,
    Status,
    Target,
    drawn,
    expected_on,
    headline,
    implied_pace,
    needed_pace,
    projected,
    reading,
    spoken,
)
from models.rules.targets.reading import MET
from models.rules.targets.saying import amount, figure

CASES_FILE = Path(__file__).parents[2] / "cases" / "targets.toml"
CASES = tomllib.loads(CASES_FILE.read_text("utf-8"), parse_float=Decimal)["case"]
NUMBERS = {"value", "value_max", "base_value"}
KINDS = {
    "comparison": Comparison, "measure": Measure, "direction": Direction, "grade": Grade, "fit": Fit,
}  # fmt: skip


def plain(told: dict[str, Any], kind: type) -> dict[str, Any]:
    """A table of the cases file as the facts' fields."""
    return {
        name: Decimal(value)
        if name in NUMBERS
        else kind(value)
        if name == "kind"
        else KINDS[name](value)
        if name in KINDS
        else value
        for name, value in told.items()
    }


def target_of(told: dict[str, Any]) -> Target:
    return Target(id="T", **plain(told, IndicatorKind))


def actuals_of(told: list[dict[str, Any]]) -> list[Actual]:
    return [Actual(id=f"A{at}", **plain(one, ActualKind)) for at, one in enumerate(told)]


# ---------------------------------------------------------------- cases


def said(read: Reading) -> str:
    """The headline as a slide says it."""
    return str(spoken(headline(read), "高企", lambda number: amount(number, "家")))


@pytest.mark.parametrize("case", CASES, ids=lambda case: case["what"])
def test_a_case(case: dict[str, Any]) -> None:
    read = reading(target_of(case["target"]), actuals_of(case["actuals"]), case["on"])
    assert read.status == case["status"]
    if "decided" in case:
        assert read.decided_by is not None
        assert (read.decided_by.year, read.decided_by.value) == (
            case["decided"]["year"],
            Decimal(case["decided"]["value"]),
        )
        assert read.gap == Decimal(case["gap"])
        if read.target.value:
            assert read.gap_percent == read.gap / read.target.value * 100
        assert str(read.decided_by.year) in str(read.words) or "{year}" not in read.words.template
    else:
        assert read.decided_by is None
        assert read.gap is None
        assert read.gap_percent is None
    if "expected" in case:
        assert read.expected is not None
        assert abs(read.expected - Decimal(case["expected"])) < Decimal("0.06")
    assert said(read) == case["headline"]
    assert read.is_met == (read.status in MET)


def test_every_status_has_a_case() -> None:
    assert {case["status"] for case in CASES} == set(Status)


# ---------------------------------------------------------------- any target

YEARS = st.integers(2010, 2026)
VALUES = st.integers(0, 2_000).map(Decimal)
DAYS = st.dates(date(2010, 1, 1), date(2026, 12, 31))
ACTUALS = st.lists(
    st.builds(
        Actual,
        id=st.uuids().map(str),
        as_of=DAYS,
        value=VALUES,
        kind=st.sampled_from(ActualKind),
        grade=st.sampled_from(Grade),
        fit=st.sampled_from(Fit),
        published_on=st.none() | DAYS,
        is_over=st.booleans(),
        since=st.none() | DAYS,
    ),
    max_size=8,
)
TARGETS = st.builds(
    Target,
    id=st.just("T"),
    comparison=st.sampled_from(Comparison),
    value=VALUES,
    target_year=YEARS,
    measure=st.sampled_from(Measure),
    kind=st.sampled_from(IndicatorKind),
    direction=st.sampled_from(Direction),
    base_year=st.none() | YEARS,
    base_value=st.none() | VALUES,
    is_multiple=st.booleans(),
)
TARGETS_WITH_BASE = st.builds(
    lambda target, years: replace(target, base_year=target.target_year - years),
    TARGETS,
    st.integers(1, 10),
)
UPWARD = st.sampled_from(
    [one for one in Comparison if one not in (Comparison.at_most, Comparison.threshold)]
)
ON = st.dates(date(2010, 1, 1), date(2027, 12, 31))


@given(TARGETS, ACTUALS, ON)
def test_any_reading_says_what_decided_it(target: Target, actuals: list[Actual], on: date) -> None:
    read = reading(target, actuals, on)
    is_silent = read.status in (Status.no_data, Status.only_part, Status.not_read)
    assert (read.decided_by is None) == is_silent
    assert "—" not in said(read)
    if read.decided_by is not None:
        assert read.decided_by.as_of <= on
        assert read.decided_by.kind is not ActualKind.forecast
        kept = target.is_met_by(read.decided_by.value, is_over=read.decided_by.is_over)
        assert kept == read.is_met or read.status in (
            Status.not_shown, Status.on_track, Status.behind, Status.under_way,
        )  # fmt: skip


@given(TARGETS, st.lists(ACTUALS.flatmap(st.permutations), min_size=1, max_size=1), ON)
def test_the_order_of_the_figures_does_not_matter(
    target: Target, shuffled: list[list[Actual]], on: date
) -> None:
    (actuals,) = shuffled
    assert reading(target, actuals, on) == reading(target, sorted(actuals, key=lambda a: a.id), on)


@given(TARGETS, ACTUALS, ON)
def test_what_is_published_later_changes_no_earlier_reading(
    target: Target, actuals: list[Actual], on: date
) -> None:
    known = [one for one in actuals if one.as_of <= on]
    assert reading(target, actuals, on) == reading(target, known, on)


@given(TARGETS, ACTUALS)
def test_one_figure_a_year_is_drawn_and_never_a_forecast(
    target: Target, actuals: list[Actual]
) -> None:
    shown = drawn(target, actuals)
    years = [one.year for one in shown]
    assert years == sorted(set(years))
    assert all(one.kind is not ActualKind.forecast for one in shown)


@given(TARGETS, UPWARD, ACTUALS, ON)
def test_a_better_figure_never_makes_a_kept_promise_a_broken_one(
    target: Target, comparison: Comparison, actuals: list[Actual], on: date
) -> None:
    target = replace(target, direction=Direction.up, comparison=comparison)
    before = reading(target, actuals, on)
    better = [replace(one, value=one.value + 1) for one in actuals]
    assert reading(target, better, on).is_met >= before.is_met


@given(TARGETS_WITH_BASE, ACTUALS)
def test_what_is_expected_begins_at_the_base_and_ends_at_the_target(
    target: Target, actuals: list[Actual]
) -> None:
    known = drawn(target, actuals)
    assert target.base_year is not None
    start = expected_on(target, known, date(target.base_year, 12, 31))
    if target.base_value is None and target.measure is not Measure.increment:
        assert start is None or any(one.year == target.base_year for one in known)
        return
    assert start == (target.base_value if target.base_value is not None else 0)
    assert expected_on(target, known, date(target.base_year, 12, 30)) is None
    for day in (target.due_on, target.due_on + timedelta(days=400)):
        expected = expected_on(target, known, day)
        assert expected is not None
        assert abs(expected - target.value) < Decimal("1e-9")


@given(TARGETS, ACTUALS)
def test_the_pace_leads_to_the_target(target: Target, actuals: list[Actual]) -> None:
    pace = needed_pace(target, drawn(target, actuals))
    whole = implied_pace(target, ())
    if whole is None:
        return
    assert target.base_year is not None
    years = target.target_year - target.base_year
    start = target.base_value if target.base_value is not None else Decimal(0)
    reached = (
        start + whole.value * years
        if whole.growth is Growth.linear
        else start * (1 + whole.value / 100) ** years
    )
    assert abs(reached - target.value) < Decimal("1e-6")
    assert pace is None or pace.growth in Growth


def test_four_times_in_four_years_is_forty_one_percent_a_year() -> None:
    target = target_of(CASES[0]["target"])
    pace = implied_pace(target, ())
    assert pace is not None
    assert (round(pace.value, 1), pace.growth) == (Decimal("41.4"), Growth.geometric)
    known = drawn(target, actuals_of(CASES[0]["actuals"])[:2])
    needed = needed_pace(target, known)
    assert needed is not None
    assert round(needed.value, 1) == Decimal("32.1")  # 1,000 ÷ 757


def test_a_projection_needs_two_comparable_figures() -> None:
    target = target_of(CASES[0]["target"])
    figures = [
        Actual("A", date(2017, 12, 31), Decimal(400)),
        Actual("B", date(2018, 12, 31), Decimal(500)),
        Actual("C", date(2019, 12, 31), Decimal(900), fit=Fit.proxy),
        Actual("D", date(2019, 6, 30), Decimal(900), grade=Grade.low),
    ]
    assert projected(target, figures[:1]) is None
    assert projected(target, [figures[0], *figures[2:]]) is None
    assert projected(target, figures) == Decimal(700)


def test_a_range_and_a_share_of_nothing() -> None:
    target = Target(
        "T", Comparison.range, Decimal(2), 2018, Measure.increment, IndicatorKind.cumulative,
        Direction.reach, value_max=Decimal(3),
    )  # fmt: skip
    assert [target.is_met_by(Decimal(value)) for value in (1, 2, 3, 4)] == [
        False,
        True,
        True,
        False,
    ]
    nothing = Target(
        "T", Comparison.reach, Decimal(0), 2020, Measure.flow, IndicatorKind.flow, Direction.down
    )
    read = reading(nothing, [Actual("A", date(2020, 12, 31), Decimal(5))], date(2026, 1, 1))
    assert (read.gap, read.gap_percent) == (Decimal(-5), None)
    most = Target("T", Comparison.at_most, Decimal(3), 2020, Measure.rate, IndicatorKind.rate)
    assert most.is_met_by(Decimal(3))
    assert not most.is_met_by(Decimal("3.1"))
    more = Target("T", Comparison.more_than, Decimal(3), 2020, Measure.stock, IndicatorKind.stock)
    assert not more.is_met_by(Decimal(3))


@pytest.mark.parametrize(
    ("value", "said"),
    [("1068", "1,068"), ("2.360", "2.36"), ("0.005", "0"), ("-14.9", "−14.9"), ("-0.001", "0"), ("1000.50", "1,000.5")],
)  # fmt: skip
def test_a_figure_is_read_aloud(value: str, said: str) -> None:
    assert figure(Decimal(value)) == said
