"""Where a target stands on a day (目标判定): the verdict, the figure that decided it, and how far
short it is."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from enum import StrEnum

from models.rules.targets.choosing import decides, rank
from models.rules.targets.facts import Actual, Direction, Fit, IndicatorKind, Measure, Target
from models.rules.targets.path import expected_on
from models.rules.wording import Wording, say


class Status(StrEnum):
    """Where a target stands (状态)."""

    met_early = "met_early"
    met_on_time = "met_on_time"
    met_late = "met_late"
    met_by = "met_by"
    missed = "missed"
    not_shown = "not_shown"
    on_track = "on_track"
    behind = "behind"
    under_way = "under_way"
    only_part = "only_part"
    no_data = "no_data"
    not_read = "not_read"


# fmt: off
STATUS_NAMES = {
    Status.met_early:   say("提前达成"),
    Status.met_on_time: say("按期达成"),
    Status.met_late:    say("逾期达成（{year}）"),
    Status.met_by:      say("不迟于 {year} 年达成，是否按期无数据"),
    Status.missed:      say("未达成（{year}）"),
    Status.not_shown:   say("已到期，{year} 年数据不足以判定"),
    Status.on_track:    say("进行中，不落后于应达进度"),
    Status.behind:      say("进行中，落后于应达进度"),
    Status.under_way:   say("进行中，无应达进度可比"),
    Status.only_part:   say("只有期中、单年或预计数，不作判定"),
    Status.no_data:     say("无公开数据"),
    Status.not_read:    say("条件或隐含基数，不作判定"),
}
# fmt: on

CONDITION = say("申报条件，不作判定")
IMPLIED = say("隐含基数，不作判定")
MET = frozenset({Status.met_early, Status.met_on_time, Status.met_late, Status.met_by})


@dataclass(frozen=True, slots=True)
class Reading:
    """Where a target stands on a day (目标判定).

    Attributes:
        status: the verdict.
        decided_by: the figure that decided it; `None` where there is none.
        at_target: the figure of the target year, if there is one.
        latest: the newest figure known on the day.
        expected: what was to be reached by the day of the deciding figure, where that can be said.
        words: the status in words, with the year that matters.
    """

    target: Target
    status: Status
    decided_by: Actual | None = None
    at_target: Actual | None = None
    latest: Actual | None = None
    expected: Decimal | None = None

    @property
    def words(self) -> Wording:
        """The status in words, with the year of the figure that decided it."""
        name = STATUS_NAMES[self.status]
        if self.status is Status.not_read:
            return IMPLIED if self.target.is_derived else CONDITION
        return say(name.template, year=self.decided_by.year) if self.decided_by else name

    @property
    def is_met(self) -> bool:
        """Whether the promise was kept, in time or later."""
        return self.status in MET

    @property
    def compared(self) -> Actual | None:
        """The figure the gap is told of: that of the target year, else the one that decided."""
        return self.at_target or self.decided_by

    @property
    def gap(self) -> Decimal | None:
        """The figure less the target; negative is short of it, also where less is better."""
        if self.compared is None:
            return None
        gap = self.compared.value - self.target.value
        return -gap if self.target.direction is Direction.down else gap

    @property
    def gap_percent(self) -> Decimal | None:
        """The gap as a share of the target; `None` where the target is nothing."""
        if self.gap is None or not self.target.value:
            return None
        return self.gap / abs(self.target.value) * 100


def reading(target: Target, actuals: Iterable[Actual], on: date) -> Reading:
    """Where a target stands on a day.

    Args:
        target: the promise.
        actuals: every figure of its indicator at its place; contradicting ones too.
        on: the day; what speaks of a later one is not looked at.

    Returns:
        The reading. A forecast never decides; a part of a year decides stocks, and rates that
        stand on a day. A figure of a narrower or wider scope proves one side only, another
        indicator none; what a later year's flow or rate falls short of says nothing of the target
        year.

    Source: no document says how its targets are settled; the rule is this system's.
    """
    if not target.is_read:
        return Reading(target, Status.not_read)
    published = [actual for actual in actuals if actual.as_of <= on]
    known = drawn(target, published)
    if not known:
        return Reading(target, Status.only_part if published else Status.no_data)
    at_target = next((one for one in known if one.year == target.target_year), None)
    status, decided_by = _decided(target, known, at_target, on)
    expected = expected_on(target, known, decided_by.as_of)
    return Reading(target, status, decided_by, at_target, known[-1], expected)


def drawn(target: Target, actuals: Iterable[Actual]) -> tuple[Actual, ...]:
    """The figures that count, one a year, oldest first.

    Of contradicting figures of one year the first in the order of `choosing.PREFERENCES` is drawn.
    """
    best: dict[int, Actual] = {}
    for actual in actuals:
        if _counts(target, actual):
            other = best.get(actual.year)
            best[actual.year] = actual if other is None else min(actual, other, key=rank)
    return tuple(best[year] for year in sorted(best))


def _counts(target: Target, actual: Actual) -> bool:
    """What may decide at all; of an increment only what is counted from its beginning: one year of
    it is not the total."""
    return decides(target.kind, actual) and not _is_one_year_of_many(target, actual)


def _is_one_year_of_many(target: Target, actual: Actual) -> bool:
    """Whether a figure is a later part of what a target counts from its base year on."""
    if target.measure is not Measure.increment or target.base_year is None:
        return False
    return actual.since is not None and actual.since > date(target.base_year + 1, 1, 1)


def _decided(
    target: Target, known: Sequence[Actual], at_target: Actual | None, on: date
) -> tuple[Status, Actual]:
    """The verdict and the figure that decided it."""
    early = _early(target, known)
    if at_target is not None and _shows_met(target, at_target):
        return (Status.met_early, early) if early else (Status.met_on_time, at_target)
    if at_target is None and early is not None and _stays(target):
        return Status.met_early, early
    after = [one for one in known if one.year > target.target_year]
    late = next((one for one in after if _shows_met(target, one)), None)
    if late is not None:
        return (Status.met_late if _was_short(target, known, late) else Status.met_by), late
    if at_target is not None and _shows_short(target, at_target):
        return Status.missed, at_target
    if after and _stays(target) and _shows_short(target, after[-1]):
        return Status.missed, after[-1]
    return _still_open(target, known, on)


def _still_open(target: Target, known: Sequence[Actual], on: date) -> tuple[Status, Actual]:
    """Not due yet, or due and without a figure that settles it."""
    latest = known[-1]
    if target.due_on <= on:
        return Status.not_shown, latest
    expected = expected_on(target, known, latest.as_of)
    if expected is None:
        return Status.under_way, latest
    gap = latest.value - expected
    is_behind = gap > 0 if target.direction is Direction.down else gap < 0
    return (Status.behind if is_behind else Status.on_track), latest


def _was_short(target: Target, known: Sequence[Actual], late: Actual) -> bool:
    """Whether the promise is shown not to have been kept in time: by the target year's figure, or
    by a later one of what stays once it is reached."""
    last = late.year - 1 if _stays(target) else target.target_year
    return any(_shows_short(target, one) for one in known if target.target_year <= one.year <= last)


def _early(target: Target, known: Sequence[Actual]) -> Actual | None:
    """The first figure before the target year from which on every figure up to it keeps the
    promise."""
    first = None
    for one in known:
        if one.year >= target.target_year:
            break
        first = (first or one) if _shows_met(target, one) else None
    return first


def _shows_met(target: Target, actual: Actual) -> bool:
    """Whether a figure proves the promise kept: of a wider scope it does not where more is better,
    of a narrower one not where less is; another indicator never does."""
    too_wide = Fit.narrower if target.direction is Direction.down else Fit.broader
    is_proof = actual.fit not in (too_wide, Fit.proxy)
    return is_proof and target.is_met_by(actual.value, is_over=actual.is_over)


def _shows_short(target: Target, actual: Actual) -> bool:
    """Whether a figure proves the promise not kept: a part of what was promised does not, nor does
    another indicator."""
    too_narrow = Fit.broader if target.direction is Direction.down else Fit.narrower
    is_proof = actual.fit not in (too_narrow, Fit.proxy)
    return is_proof and not target.is_met_by(actual.value, is_over=actual.is_over)


def _stays(target: Target) -> bool:
    """Whether what is reached once counts as reached: stocks and totals, not a year's flow."""
    return target.kind in (IndicatorKind.stock, IndicatorKind.cumulative)
