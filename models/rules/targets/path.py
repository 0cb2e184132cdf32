"""The way to a target (应达进度): what was to be reached by a day, the pace still needed, and where
the figures point."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from enum import StrEnum

from models.rules.targets.facts import Actual, Fit, Grade, Measure, Target

_DAYS_A_YEAR = Decimal("365.25")
_LOW = frozenset({Grade.low})


class Growth(StrEnum):
    """How the way to a target is drawn."""

    linear = "linear"  # 按等量推算
    geometric = "geometric"  # 按倍增推算


@dataclass(frozen=True, slots=True)
class Start:
    """Where the way begins: a printed, implied or observed value on a day."""

    on: date
    value: Decimal
    is_implied: bool = False


@dataclass(frozen=True, slots=True)
class Pace:
    """What is needed a year: so many units more, or so many percent where the way is geometric."""

    value: Decimal
    growth: Growth


def growth_of(target: Target) -> Growth:
    """A multiple grows geometrically, everything else by equal amounts."""
    return Growth.geometric if target.is_multiple else Growth.linear


def start_of(target: Target, known: Sequence[Actual]) -> Start | None:
    """Where the way to a target begins; `None` where nobody printed, implied or observed it.

    An increment begins at nothing at the end of its base year.
    """
    if target.base_year is None:
        return None
    on = date(target.base_year, 12, 31)
    if target.base_value is not None:
        return Start(on, target.base_value, target.base_is_implied)
    if target.measure is Measure.increment:
        return Start(on, Decimal(0))
    seen = next((one for one in known if one.year == target.base_year), None)
    return None if seen is None else Start(seen.as_of, seen.value)


def expected_on(target: Target, known: Sequence[Actual], day: date) -> Decimal | None:
    """What was to be reached by a day (应达), in the target's unit.

    Args:
        target: the promise.
        known: its figures, one a year, oldest first.
        day: the day; after the due day it is the target itself.

    Returns:
        `None` before the way begins, or where it has no beginning.
    """
    start = start_of(target, known)
    if start is None or day < start.on or target.due_on <= start.on:
        return None
    way = min(_years(start.on, day) / _years(start.on, target.due_on), Decimal(1))
    if growth_of(target) is Growth.geometric and start.value > 0 and target.value > 0:
        return start.value * (target.value / start.value) ** way
    return start.value + (target.value - start.value) * way


def needed_pace(target: Target, known: Sequence[Actual]) -> Pace | None:
    """What is needed a year from the newest figure before the due day, else from the start.

    Returns:
        Units a year, or percent a year where the way is geometric; `None` without a beginning or
        time.
    """
    before = [one for one in known if one.as_of < target.due_on]
    start = start_of(target, known)
    if before:
        start = Start(before[-1].as_of, before[-1].value)
    return None if start is None else _pace(target, start)


def implied_pace(target: Target, known: Sequence[Actual]) -> Pace | None:
    """What the whole way asks a year, from its beginning (隐含年增速)."""
    start = start_of(target, known)
    return None if start is None else _pace(target, start)


def projected(target: Target, known: Sequence[Actual]) -> Decimal | None:
    """Where the figures point to on the due day (外推): the line through the first and the newest.

    Returns:
        `None` with fewer than two comparable figures: those of the same fit, not of a low grade,
        before the due day.
    """
    comparable = [
        one
        for one in known
        if one.fit is Fit.same and one.grade not in _LOW and one.as_of < target.due_on
    ]
    if len(comparable) < 2:
        return None
    first, newest = comparable[0], comparable[-1]
    a_year = (newest.value - first.value) / _years(first.as_of, newest.as_of)
    return newest.value + a_year * _years(newest.as_of, target.due_on)


def _pace(target: Target, start: Start) -> Pace | None:
    years = _years(start.on, target.due_on)
    if years <= 0:
        return None
    if growth_of(target) is Growth.geometric and start.value > 0 and target.value > 0:
        percent = ((target.value / start.value) ** (1 / years) - 1) * 100
        return Pace(percent, Growth.geometric)
    return Pace((target.value - start.value) / years, Growth.linear)


def _years(start: date, end: date) -> Decimal:
    """Years between two days; from year end to year end a whole number."""
    if (start.month, start.day) == (end.month, end.day):
        return Decimal(end.year - start.year)
    return (end - start).days / _DAYS_A_YEAR
