"""What an agency's rating is computed from (考评依据): counts, and how many of them were good."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from fractions import Fraction
from functools import lru_cache

from models.rules.wording import Wording, say


class Component(StrEnum):
    """A part of the score (考评项目)."""

    outcome = "outcome"  # 成果成功率
    satisfaction = "satisfaction"  # 企业满意度
    first_pass = "first_pass"  # 初审一次通过率
    timeliness = "timeliness"  # 按时完成率
    conduct = "conduct"  # 规范经营


COMPONENT_NAMES = {
    Component.outcome: say("成果成功率"),
    Component.satisfaction: say("企业满意度"),
    Component.first_pass: say("初审一次通过率"),
    Component.timeliness: say("按时完成率"),
    Component.conduct: say("规范经营"),
}

COUNTED = (Component.outcome, Component.satisfaction, Component.first_pass, Component.timeliness)
"""The components that are shares of cases; conduct is what penalties leave of its weight."""


class Penalty(StrEnum):
    """A lapse of conduct (扣分事项)."""

    complaint_upheld = "complaint_upheld"  # 投诉成立
    late_answer = "late_answer"  # 补正逾期
    training_missed = "training_missed"  # 缺席培训


class Gate(StrEnum):
    """What caps the grade whatever the score is (一票否决)."""

    fraud = "fraud"  # 弄虚作假
    fee_up_front = "fee_up_front"  # 预收费用


GATE_NAMES: dict[Gate, Wording] = {
    Gate.fraud: say("弄虚作假"),
    Gate.fee_up_front: say("向企业预收费用"),
}


@dataclass(frozen=True, slots=True)
class Tally:
    """Cases and how good they were together.

    Attributes:
        cases: how many.
        good: of them, from 0 to `cases`; a satisfaction of 4 out of 5 is ¾ of a good one.
    """

    cases: int = 0
    good: Fraction = Fraction(0)

    def __post_init__(self) -> None:
        """Refuse what cannot be.

        Raises:
            ValueError: negative, or more good ones than cases.
        """
        if not 0 <= self.good <= self.cases:
            raise ValueError(f"{self.good} good of {self.cases} cases")

    def __add__(self, other: Tally) -> Tally:
        """Both together."""
        return Tally(self.cases + other.cases, self.good + other.good)

    def more_good(self, count: int) -> Tally:
        """With so many more cases, all of them good."""
        return Tally(self.cases + count, self.good + count)


NONE = Tally()


@dataclass(frozen=True, slots=True)
class Signals:
    """What is known of one agency in a period.

    Attributes:
        agency_id: whose.
        months: full months of membership at the period's end.
        outcomes: by service, agreements concluded and how many succeeded. A failure that was not
            the agency's doing is no case.
        satisfaction: confirmations given by the enterprise itself; deemed ones carry none.
        first_pass: claims decided at pre-review, and those passed without a return.
        timeliness: agreements concluded, or open past twice their standard, and those in time.
        penalties: how many of each.
        gates: that stand against it.
    """

    agency_id: int
    months: int
    outcomes: Mapping[str, Tally] = field(default_factory=dict)
    satisfaction: Tally = NONE
    first_pass: Tally = NONE
    timeliness: Tally = NONE
    penalties: Mapping[Penalty, int] = field(default_factory=dict)
    gates: frozenset[Gate] = frozenset()

    @property
    def concluded(self) -> int:
        """Agreements concluded, over all services."""
        return sum(tally.cases for tally in self.outcomes.values())

    def tally(self, component: Component) -> Tally:
        """The cases of a component, over all services; conduct has none."""
        if component is Component.outcome:
            return together(self.outcomes.values())
        counted = {
            Component.satisfaction: self.satisfaction,
            Component.first_pass: self.first_pass,
            Component.timeliness: self.timeliness,
        }
        return counted.get(component, NONE)


def together(tallies: Iterable[Tally]) -> Tally:
    """The sum of tallies, in any order."""
    return sum(tallies, NONE)


QUARTERS = 4
"""How good a case was is counted in quarters: five stars are four steps."""


@lru_cache(maxsize=65_536)
def tally_of(cases: int, quarters: int) -> Tally:
    """So many cases, together so many quarters of a good one."""
    return Tally(cases, Fraction(quarters, QUARTERS))


def satisfaction_good(stars: int) -> Fraction:
    """How good one answer of 1 to 5 stars is, from 0 to 1."""
    return Fraction(stars - 1, QUARTERS)
