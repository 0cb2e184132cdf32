"""Slides of a meeting: the path as marks, silent years, counts, and what a frozen deck says otherwise."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from models.rules.targets import (
    Actual,
    ActualKind,
    Comparison,
    Fit,
    Grade,
    Growth,
    IndicatorKind,
    Measure,
    Status,
    Target,
    headline,
    reading,
    spoken,
)
from models.rules.targets.reading import CONDITION, IMPLIED
from models.rules.targets.saying import amount, caveats, goal_words
from models.rules.targets.slides import (
    Deck,
    Mark,
    MarkKind,
    Named,
    Slide,
    differences,
    growth_on,
    overview,
    path_marks,
    silent_years,
    standing,
)
from models.rules.wording import say

ON = date(2026, 11, 25)
ZONE = Named("dalian-hightech", "大连高新区", "Dalian High-Tech Zone")
HNTES = Target(
    "DH-005", Comparison.reach, Decimal(1000), 2020, Measure.stock, IndicatorKind.stock,
    base_year=2016, base_value=Decimal(250), base_is_implied=True, is_multiple=True,
)  # fmt: skip


def at(year: int, value: int | str, **more: object) -> Actual:
    return Actual(f"A{year}", date(year, 12, 31), Decimal(value), **more)  # type: ignore[arg-type]


KNOWN = (
    at(2018, 480, kind=ActualKind.derived),
    at(2019, 757),
    at(2020, 851, kind=ActualKind.derived, grade=Grade.low),
    at(2021, 1068),
)


def slide(**changes: object) -> Slide:
    read = reading(HNTES, KNOWN, ON)
    marks = path_marks(HNTES, KNOWN, ON)
    made = Slide(
        target_id="DH-005", place=ZONE, plan=ZONE, number="22号", clause="三", indicator=ZONE,
        unit=Named("", "家", "enterprises"), units=(), goal=Decimal(1000), target_year=2020,
        status=read.status, status_year=2021, status_words=read.words, sentence=headline(read),
        caveats=caveats(read), goal_words=goal_words(HNTES), gap=Decimal(149), marks=marks,
        silent_years=(2016, 2017), cited=(), growth=Growth.geometric,
    )  # fmt: skip
    return replace(made, **changes)  # type: ignore[arg-type]


def deck(*slides: Slide) -> Deck:
    return Deck(ON, 5, (standing(ZONE, [Status.met_late, Status.missed]),), slides)


def test_the_path_has_its_figures_its_base_and_the_way() -> None:
    marks = path_marks(HNTES, KNOWN, ON)
    assert [(m.year, m.value, m.is_hollow, m.is_weak) for m in marks if m.kind is MarkKind.actual] == [
        (2018, 480, True, False), (2019, 757, False, False), (2020, 851, True, True), (2021, 1068, False, False),
    ]  # fmt: skip
    assert next(m for m in marks if m.kind is MarkKind.base) == Mark(
        2016, Decimal(250), MarkKind.base
    )
    way = [round(m.value) for m in marks if m.kind is MarkKind.expected]
    assert way == [354, 500, 707, 1000]
    assert growth_on(HNTES, marks) is Growth.geometric


def test_a_base_year_nobody_knows_the_value_of_begins_no_way() -> None:
    marks = path_marks(replace(HNTES, base_value=None), KNOWN, ON)
    assert {mark.kind for mark in marks} == {MarkKind.actual}


def test_what_is_not_read_says_why() -> None:
    condition = reading(replace(HNTES, comparison=Comparison.threshold), KNOWN, ON)
    implied = reading(replace(HNTES, is_derived=True), KNOWN, ON)
    assert (condition.words, implied.words) == (CONDITION, IMPLIED)


def test_without_a_base_there_is_no_way() -> None:
    target = replace(HNTES, base_year=None, base_value=None)
    marks = path_marks(target, KNOWN, ON)
    assert {mark.kind for mark in marks} == {MarkKind.actual}
    assert growth_on(target, marks) is None


@pytest.mark.parametrize(
    ("year", "on", "ends"),
    [(2027, ON, [1068, 2244]), (2020, ON, []), (2027, date(2028, 1, 1), [])],
    ids=["still to come", "due", "past"],
)
def test_a_projection_stands_only_where_the_goal_is_to_come(
    year: int, on: date, ends: list[int]
) -> None:
    target = replace(HNTES, target_year=year)
    marks = path_marks(target, KNOWN, on)
    assert [round(m.value) for m in marks if m.kind is MarkKind.projected] == ends


@pytest.mark.parametrize(
    ("target", "known", "years"),
    [
        (HNTES, KNOWN, (2016, 2017)),
        (HNTES, (), (2016, 2017, 2018, 2019, 2020)),
        (replace(HNTES, base_year=None), KNOWN[:1], (2019, 2020)),
        (replace(HNTES, base_year=None), (), ()),
        (replace(HNTES, target_year=2030), KNOWN, (2016, 2017, 2022, 2023, 2024, 2025)),
    ],
)
def test_years_without_a_figure(
    target: Target, known: tuple[Actual, ...], years: tuple[int, ...]
) -> None:
    assert silent_years(target, known, ON) == years


def test_standings_count_promises_and_nothing_else() -> None:
    counted = standing(ZONE, Status)
    assert counted.total == len(Status) - 1
    assert (counted.met, counted.missed, counted.under_way) == (4, 1, 3)
    assert (counted.not_shown, counted.no_data) == (2, 1)
    assert str(overview(deck())) == "5 份方案 2 项目标：达成 1，未达成 1，无公开数据 0"


def test_nothing_differs_from_itself() -> None:
    assert differences(deck(slide()), deck(slide())) == ()


NOW_860 = (*(m for m in slide().marks if m.year != 2020), Mark(2020, Decimal(860)))


@pytest.mark.parametrize(
    ("live", "told"),
    [
        ({"goal": Decimal(1200)}, "目标值：定稿 1,000，现行 1,200"),
        ({"marks": NOW_860}, "2020 年：定稿 851（推算，低可信），现行 860"),
        ({"marks": slide().marks[1:]}, "2018 年：定稿 480（推算），现行 无数据"),
        (
            {"marks": (*slide().marks, Mark(2022, Decimal(1269), MarkKind.actual, False, True))},
            "2022 年：定稿 无数据，现行 1,269（低可信）",
        ),
        (
            {"status_words": say("未达成（{year}）", year=2020)},
            "状态：定稿“逾期达成（2021）”，现行“未达成（2020）”",
        ),
    ],
)
def test_each_difference_is_said(live: dict[str, object], told: str) -> None:
    found = differences(deck(slide()), deck(slide(**live)))
    assert [(one.target_id, str(one.words)) for one in found] == [("DH-005", told)]


def test_a_target_that_went_away_is_said() -> None:
    found = differences(deck(slide()), deck())
    assert [str(one.words) for one in found] == ["这项目标现已不在数据中"]


def test_doubts_are_said_and_plain_figures_are_not() -> None:
    assert [str(one) for one in slide().caveats] == ["2020 年数为推算、可信度低"]
    narrow = reading(HNTES, [at(2018, 1100, fit=Fit.narrower)], ON)
    assert [str(one) for one in caveats(narrow)] == ["2018 年数为口径较窄"]
    assert caveats(reading(HNTES, [at(2018, 1100)], ON)) == ()
    assert caveats(reading(HNTES, [], ON)) == ()


@pytest.mark.parametrize(
    ("comparison", "high", "said"),
    [
        (Comparison.at_least, None, "1,000 家"),
        (Comparison.at_most, None, "≤1,000 家"),
        (Comparison.more_than, None, ">1,000 家"),
        (Comparison.about, None, "约 1,000 家"),
        (Comparison.range, 1200, "1,000–1,200 家"),
    ],
)
def test_a_promise_is_said_as_the_plan_words_it(
    comparison: Comparison, high: int | None, said: str
) -> None:
    target = replace(
        HNTES, comparison=comparison, value_max=Decimal(high) if high else None, target_year=2030
    )
    sentence = headline(reading(target, [], ON))
    spoke = str(spoken(sentence, "高企", lambda number: amount(number, "家")))
    assert spoke == f"高企目标 {said}（2030 年）：没有公开数据"


@given(st.lists(st.sampled_from(Status)))
def test_every_promise_is_counted_once(statuses: list[Status]) -> None:
    counted = standing(ZONE, statuses)
    assert counted.total == sum(status is not Status.not_read for status in statuses)
