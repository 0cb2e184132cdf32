"""Which of several figures of one year counts, and why: what is told of each where they differ.

Reported goes before derived, then the closer fit, the higher grade, the newer publication, the
later day. Contradicting figures are all kept; one of them is drawn.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import date
from typing import Any

from models.rules.targets.facts import (
    KIND_NAMES,
    Actual,
    ActualKind,
    Fit,
    Grade,
    IndicatorKind,
)
from models.rules.wording import Wording, say

_KINDS = (ActualKind.reported, ActualKind.part_year, ActualKind.derived)
_FITS = tuple(Fit)
_GRADES = tuple(Grade)
_LONG_AGO = date.min
_STANDING = frozenset({IndicatorKind.stock, IndicatorKind.rate})
"""What stands on a day, so that a part of a year says it as well."""


@dataclass(frozen=True, slots=True)
class Preference:
    """One step of the order: the place of a figure in it, and what is said of the one ahead and of
    the one behind; `None` where the kinds themselves say it."""

    place: Callable[[Actual], Any]
    ahead: Wording | None = None
    behind: Wording | None = None


# fmt: off
PREFERENCES: tuple[Preference, ...] = (
    Preference(lambda one: _KINDS.index(one.kind)),
    Preference(lambda one: _FITS.index(one.fit),     say("口径更近"),           say("口径较远")),
    Preference(lambda one: _GRADES.index(one.grade), say("可信度更高"),         say("可信度较低")),
    Preference(lambda one: -_published(one),         say("发布较新"),           say("发布较早或未注明")),
    Preference(lambda one: -one.as_of.toordinal(),   say("截至日期较晚"),       say("截至日期较早")),
    Preference(lambda one: one.id,                   say("其他相同，先登记者"), say("其他相同，后登记者")),
)
# fmt: on
"""Reported before derived, fit, grade, publication, day; the number makes the order total."""


@dataclass(frozen=True, slots=True)
class Choice:
    """Which of the figures of one year counts (取用).

    Attributes:
        chosen: the one that counts; `None` where none may decide.
        why: a figure's id → why it is the one, or is not.
    """

    chosen: Actual | None
    why: dict[str, Wording]


def decides(kind: IndicatorKind, actual: Actual) -> bool:
    """Whether a figure may decide at all: a forecast never; a part of a year what stands on a
    day."""
    if actual.kind is ActualKind.part_year:
        return kind in _STANDING and not actual.is_period
    return actual.kind is not ActualKind.forecast


def rank(actual: Actual) -> tuple[Any, ...]:
    """A figure's place in the order of preference; the least is drawn."""
    return tuple(step.place(actual) for step in PREFERENCES)


def choice_among(kind: IndicatorKind, actuals: Iterable[Actual]) -> Choice:
    """Which of several figures of one year counts, and why each does or does not (取用理由).

    Args:
        kind: what the indicator counts.
        actuals: figures of one indicator, place and year.

    Source: no document says how figures are chosen; the rule is this system's.
    """
    figures = tuple(actuals)
    able = sorted((one for one in figures if decides(kind, one)), key=rank)
    why = {one.id: _barred(one) for one in figures if not decides(kind, one)}
    if not able:
        return Choice(None, why)
    chosen, *others = able
    why |= {one.id: _behind(chosen, one) for one in others}
    why[chosen.id] = _ahead(chosen, others[0]) if others else say("唯一可作判定的数字")
    return Choice(chosen, why)


def _ahead(chosen: Actual, other: Actual) -> Wording:
    return _first_difference(chosen, other).ahead or _kinds_in_order(chosen, other)


def _behind(chosen: Actual, other: Actual) -> Wording:
    return _first_difference(chosen, other).behind or _kinds_in_order(chosen, other)


def _kinds_in_order(chosen: Actual, other: Actual) -> Wording:
    first, second = KIND_NAMES[chosen.kind], KIND_NAMES[other.kind]
    return say("{first}先于{second}", first=first, second=second)


def _first_difference(one: Actual, other: Actual) -> Preference:
    return next(step for step in PREFERENCES if step.place(one) != step.place(other))


def _barred(actual: Actual) -> Wording:
    if actual.kind is ActualKind.forecast:
        return say("预计数不作判定")
    return say("期中数不代表全年，不作判定")


def _published(actual: Actual) -> int:
    return (actual.published_on or _LONG_AGO).toordinal()
