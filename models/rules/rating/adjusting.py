"""Adjustments (更正): what an upheld reply or appeal changes of the signals, and nothing else
does."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from fractions import Fraction
from typing import Any

from models.rules.errors import FigureRefused
from models.rules.rating.signals import NONE, Component, Gate, Penalty, Signals, Tally
from models.rules.wording import Wording, say

QUARTERS = 4
"""Goodness is told in quarters of a case: one star of satisfaction is one."""


@dataclass(frozen=True, slots=True)
class Adjustment:
    """One correction of an agency's signals.

    Attributes:
        component: which part of the score it concerns.
        cases: cases more or less.
        good_quarters: quarters of a good case more or less.
        service: in which service, for the outcome; empty for the others.
        penalty: the lapse whose number changes by `lapses`, for conduct.
        lapses: how many more or less.
        cleared: a gate that falls.
    """

    component: Component
    cases: int = 0
    good_quarters: int = 0
    service: str = ""
    penalty: Penalty | None = None
    lapses: int = 0
    cleared: Gate | None = None

    @property
    def is_nothing(self) -> bool:
        """Whether it would change nothing."""
        return not (self.cases or self.good_quarters or self.lapses or self.cleared)


def adjusted(own: Signals, adjustments: Iterable[Adjustment]) -> Signals:
    """The signals with every adjustment applied, in their order.

    Raises:
        FigureRefused: one would leave fewer cases than good ones, or fewer than none.
    """
    for one in adjustments:
        own = _ADJUSTED.get(one.component, _counted)(own, one)
    return own


def _outcome(own: Signals, one: Adjustment) -> Signals:
    if not one.service:
        raise FigureRefused(say("请选择更正哪一项服务的成果"))
    before = own.outcomes.get(one.service, NONE)
    return replace(own, outcomes={**own.outcomes, one.service: _moved(before, one)})


def _counted(own: Signals, one: Adjustment) -> Signals:
    tally: dict[str, Any] = {one.component.value: _moved(own.tally(one.component), one)}
    return replace(own, **tally)


def _conduct(own: Signals, one: Adjustment) -> Signals:
    penalties, gates = dict(own.penalties), own.gates
    if one.penalty is not None:
        penalties[one.penalty] = penalties.get(one.penalty, 0) + one.lapses
        if penalties[one.penalty] < 0:
            raise FigureRefused(_TOO_FEW)
    if one.cleared is not None:
        if one.cleared not in gates:
            raise FigureRefused(say("该机构没有这一项一票否决"))
        gates = gates - {one.cleared}
    return replace(own, penalties=penalties, gates=gates)


_ADJUSTED = {Component.outcome: _outcome, Component.conduct: _conduct}


def _moved(before: Tally, one: Adjustment) -> Tally:
    try:
        return Tally(before.cases + one.cases, before.good + Fraction(one.good_quarters, QUARTERS))
    except ValueError as impossible:
        raise FigureRefused(_TOO_FEW) from impossible


_TOO_FEW: Wording = say("更正后的数目不可能：好的多于全部，或少于零；请核对")
