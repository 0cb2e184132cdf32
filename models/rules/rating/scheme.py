"""The rating scheme (考评方案): weights, thresholds, minimums, penalties; versioned, a setting.

No document prints one: `dalian-hightech` 五.1 asks for agencies to be assessed and removed, without
figures. Every figure here is configuration with a labelled default.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from fractions import Fraction
from types import MappingProxyType

from models.rules.rating.signals import Component, Penalty


class Mark(StrEnum):
    """A grade (考评等级)."""

    a = "A"  # 优秀
    b = "B"  # 良好
    c = "C"  # 合格
    d = "D"  # 整改


MARKS = (Mark.a, Mark.b, Mark.c, Mark.d)
"""From the best."""


@dataclass(frozen=True, slots=True)
class Scheme:
    """One version of the scheme.

    Attributes:
        version: its number.
        weights: points of each component, together 100.
        thresholds: the least score of A, B and C, falling.
        prior_cases: how many cases at the peers' mean stand before an agency's own.
        least_months: of membership, below which nobody is rated.
        least_concluded: agreements, below which nobody is rated.
        least_peers, least_peer_cases: below either, peers are those of all services.
        penalties: points per lapse, counted per ten concluded agreements.
        interval_percent: how much of the distribution lies below and above the interval.

    Raises:
        ValueError: weights that are not 100 together, or thresholds that do not fall.
    """

    version: int = 1
    weights: Mapping[Component, int] = field(default_factory=lambda: _WEIGHTS)
    thresholds: Mapping[Mark, int] = field(default_factory=lambda: _THRESHOLDS)
    prior_cases: int = 10
    least_months: int = 6
    least_concluded: int = 5
    least_peers: int = 3
    least_peer_cases: int = 20
    penalties: Mapping[Penalty, Fraction] = field(default_factory=lambda: _PENALTIES)
    interval_percent: int = 5

    def __post_init__(self) -> None:
        """Refuse a scheme that is none."""
        if set(self.weights) != set(Component) or sum(self.weights.values()) != FULL:
            raise ValueError("the weights of all components must be 100 together")
        falling = [self.thresholds[mark] for mark in MARKS[:-1]]
        if sorted(falling, reverse=True) != falling or not 0 < falling[-1] <= falling[0] <= FULL:
            raise ValueError("the thresholds must fall from A to C")


FULL = 100
"""The most points there are."""

_WEIGHTS: Mapping[Component, int] = MappingProxyType(
    {
        Component.outcome: 40,
        Component.satisfaction: 20,
        Component.first_pass: 15,
        Component.timeliness: 15,
        Component.conduct: 10,
    }
)
_THRESHOLDS: Mapping[Mark, int] = MappingProxyType({Mark.a: 88, Mark.b: 75, Mark.c: 60})
_PENALTIES: Mapping[Penalty, Fraction] = MappingProxyType(
    {
        Penalty.complaint_upheld: Fraction(3),
        Penalty.late_answer: Fraction(1),
        Penalty.training_missed: Fraction(1, 2),
    }
)
