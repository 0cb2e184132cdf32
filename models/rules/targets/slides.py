"""What a meeting shows of the targets (会议材料), as facts that can be kept: one message a slide.

A slide holds numbers and names in both languages, never finished sentences of one of them, so that
a frozen meeting opens again in either language with the same digits.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from enum import StrEnum

from models.rules.targets.facts import Actual, ActualKind, Fit, Grade, Target
from models.rules.targets.path import Growth, expected_on, growth_of, projected
from models.rules.targets.reading import MET, Status
from models.rules.targets.saying import figure
from models.rules.wording import Wording, say


@dataclass(frozen=True, slots=True)
class Named:
    """Something with a code and a name in both languages."""

    code: str
    zh: str
    en: str


class MarkKind(StrEnum):
    """What a mark on a path is."""

    actual = "actual"  # 实绩
    expected = "expected"  # 应达进度
    base = "base"  # 隐含或印明的基数
    projected = "projected"  # 外推


@dataclass(frozen=True, slots=True)
class Mark:
    """One mark on the path of a target.

    Attributes:
        value: in the target's unit.
        is_hollow: derived.
        is_weak: of a low grade.
    """

    year: int
    value: Decimal
    kind: MarkKind = MarkKind.actual
    is_hollow: bool = False
    is_weak: bool = False


@dataclass(frozen=True, slots=True)
class Cited:
    """A figure with its source, as the footer and the notes of a slide give it."""

    as_of: date
    value: Decimal
    kind: ActualKind
    grade: Grade
    fit: Fit
    title: str
    url: str
    published: str


@dataclass(frozen=True, slots=True)
class Slide:
    """One target's path in a meeting.

    Attributes:
        number: the plan's document number.
        units: who answers for it.
        status_words: the status with the year that matters.
        sentence: the headline; name and units are put to it when it is said.
        caveats: what must be said beside its figures.
        goal_words: the promise as the plan words it, its number bare.
        gap: how far the figure of the target year is short of the goal; `None` where it is not.
        marks: the path, each kind oldest first.
        silent_years: years on the way for which nothing was published.
        cited: the figures drawn, with their sources.
        growth: how the way there was laid, where there is one.
    """

    target_id: str
    place: Named
    plan: Named
    number: str
    clause: str
    indicator: Named
    unit: Named
    units: tuple[str, ...]
    goal: Decimal
    target_year: int
    status: Status
    status_year: int | None
    status_words: Wording
    sentence: Wording
    caveats: tuple[Wording, ...]
    goal_words: Wording | str
    gap: Decimal | None
    marks: tuple[Mark, ...]
    silent_years: tuple[int, ...]
    cited: tuple[Cited, ...]
    growth: Growth | None


@dataclass(frozen=True, slots=True)
class Standing:
    """How the targets of one place stand, counted; thresholds and implied bases are left out."""

    place: Named
    met: int = 0
    missed: int = 0
    under_way: int = 0
    not_shown: int = 0
    no_data: int = 0

    @property
    def total(self) -> int:
        """How many promises there are."""
        return self.met + self.missed + self.under_way + self.not_shown + self.no_data


@dataclass(frozen=True, slots=True)
class Deck:
    """A meeting (会议材料): how everything stands, then one path a slide.

    Attributes:
        as_of: the day of every reading in it.
        plans: how many plans were read.
    """

    as_of: date
    plans: int
    standings: tuple[Standing, ...]
    slides: tuple[Slide, ...]


@dataclass(frozen=True, slots=True)
class Difference:
    """Something a frozen slide says otherwise than the figures of today."""

    target_id: str
    words: Wording


GROUPS: Mapping[Status, str] = {
    **dict.fromkeys(MET, "met"),
    Status.missed: "missed",
    Status.on_track: "under_way",
    Status.behind: "under_way",
    Status.under_way: "under_way",
    Status.not_shown: "not_shown",
    Status.only_part: "not_shown",
    Status.no_data: "no_data",
}
"""Under which of a standing's counts a status falls; one that is missing here is no promise."""


def path_marks(target: Target, known: Sequence[Actual], on: date) -> tuple[Mark, ...]:
    """The path of a target: its figures, the way there at each year's end, a projection where the
    goal is still to come.

    Args:
        target: the promise.
        known: the figures that count, one a year, oldest first.
        on: the day of the reading.
    """
    actual = (
        Mark(
            one.year, one.value, MarkKind.actual,
            one.kind is ActualKind.derived, one.grade is Grade.low,
        )
        for one in known
    )  # fmt: skip
    return (*actual, *_way(target, known), *_projection(target, known, on))


def silent_years(target: Target, known: Sequence[Actual], on: date) -> tuple[int, ...]:
    """Years on the way for which no figure counts, from the base year (else the first figure) to
    the target year, as far as they are over."""
    with_figure = {one.year for one in known}
    starts = [target.base_year] if target.base_year is not None else sorted(with_figure)[:1]
    last = min(target.target_year, on.year - 1)
    return tuple(
        year for start in starts for year in range(start, last + 1) if year not in with_figure
    )


def standing(place: Named, statuses: Iterable[Status]) -> Standing:
    """Count how a place's promises stand."""
    counts = dict.fromkeys(GROUPS.values(), 0)
    for status in statuses:
        if status in GROUPS:
            counts[GROUPS[status]] += 1
    return Standing(place, **counts)


def overview(deck: Deck) -> Wording:
    """The one sentence of a meeting's first slide."""
    return say(
        "{plans} 份方案 {targets} 项目标：达成 {met}，未达成 {missed}，无公开数据 {no_data}",
        plans=deck.plans,
        targets=sum(one.total for one in deck.standings),
        met=sum(one.met for one in deck.standings),
        missed=sum(one.missed for one in deck.standings),
        no_data=sum(one.no_data for one in deck.standings),
    )


def growth_on(target: Target, marks: Iterable[Mark]) -> Growth | None:
    """How the way to a target was laid; `None` where there is none."""
    has_way = any(mark.kind is MarkKind.expected for mark in marks)
    return growth_of(target) if has_way else None


def differences(frozen: Deck, live: Deck) -> tuple[Difference, ...]:
    """What a frozen meeting says otherwise than the figures of today, slide by slide.

    Args:
        frozen: the meeting as it was.
        live: the same targets now.
    """
    now = {slide.target_id: slide for slide in live.slides}
    told: list[Difference] = []
    for slide in frozen.slides:
        other = now.get(slide.target_id)
        if other is None:
            told.append(Difference(slide.target_id, say("这项目标现已不在数据中")))
        else:
            told += [Difference(slide.target_id, words) for words in _differing(slide, other)]
    return tuple(told)


# ---------------------------------------------------------------- pieces


def _way(target: Target, known: Sequence[Actual]) -> Iterable[Mark]:
    """The expected value at each year's end, from the base on."""
    if target.base_year is None:
        return
    for year in range(target.base_year, target.target_year + 1):
        value = expected_on(target, known, date(year, 12, 31))
        if value is not None:
            is_base = year == target.base_year and target.base_value is not None
            yield Mark(year, value, MarkKind.base if is_base else MarkKind.expected)


def _projection(target: Target, known: Sequence[Actual], on: date) -> Iterable[Mark]:
    """Where the figures point on a due day that is still to come, from the newest of them on."""
    value = projected(target, known) if on <= target.due_on else None
    if value is not None:
        yield Mark(known[-1].year, known[-1].value, MarkKind.projected)
        yield Mark(target.target_year, value, MarkKind.projected)


def _differing(frozen: Slide, live: Slide) -> Iterable[Wording]:
    if frozen.goal != live.goal:
        yield say("目标值：定稿 {old}，现行 {new}", old=figure(frozen.goal), new=figure(live.goal))
    before, after = _by_year(frozen), _by_year(live)
    for year in sorted(before.keys() | after.keys()):
        old, new = before.get(year), after.get(year)
        if old != new:
            yield say(
                "{year} 年：定稿 {old}，现行 {new}",
                year=year, old=_as_said(old), new=_as_said(new),
            )  # fmt: skip
    if frozen.status_words != live.status_words:
        yield say("状态：定稿“{old}”，现行“{new}”", old=frozen.status_words, new=live.status_words)


def _by_year(slide: Slide) -> dict[int, Mark]:
    return {mark.year: mark for mark in slide.marks if mark.kind is MarkKind.actual}


def _as_said(mark: Mark | None) -> Wording | str:
    """A figure with how it came about; a derived one that became a reported one differs too."""
    if mark is None:
        return say("无数据")
    marks = (mark.is_hollow, mark.is_weak)
    return {
        (False, False): say("{value}", value=figure(mark.value)),
        (True, False): say("{value}（推算）", value=figure(mark.value)),
        (False, True): say("{value}（低可信）", value=figure(mark.value)),
        (True, True): say("{value}（推算，低可信）", value=figure(mark.value)),
    }[marks]
