"""How signals and results are frozen (定格): as integers and text, the same on every database."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from fractions import Fraction
from math import floor
from typing import Any

from models.rules.rating.scheme import Scheme
from models.rules.rating.score import Part
from models.rules.rating.signals import Component, Gate, Penalty, Signals, Tally

MILLION = 1_000_000


@dataclass(frozen=True, slots=True)
class PartShown:
    """One component as it is shown and frozen.

    Attributes:
        component: which.
        cases: the agency's own.
        good: of them; quarters are possible.
        peers_millionths: the mean its peers reach.
        mean_millionths: what counts.
        points_hundredths: what it gives.
        weight: what it could give, in points.
    """

    component: Component
    cases: int
    good: Fraction
    peers_millionths: int
    mean_millionths: int
    points_hundredths: int
    weight: int

    @property
    def own_millionths(self) -> int | None:
        """The agency's own rate; `None` without a case."""
        return _rounded(self.good / self.cases, MILLION) if self.cases else None


def part_shown(part: Part, scheme: Scheme) -> PartShown:
    """A computed component, rounded once."""
    return PartShown(
        part.component, part.own.cases, part.own.good, _rounded(part.peers, MILLION),
        _rounded(part.mean, MILLION), _rounded(part.points, 100), scheme.weights[part.component],
    )  # fmt: skip


def part_content(part: PartShown) -> dict[str, Any]:
    """A component as it is stored."""
    return asdict(part) | {"component": part.component.value, "good": str(part.good)}


def part_of(content: Mapping[str, Any]) -> PartShown:
    """The component that was stored."""
    return PartShown(
        **{
            **content,
            "component": Component(content["component"]),
            "good": Fraction(content["good"]),
        }
    )


def signals_content(signals: Signals) -> dict[str, Any]:
    """An agency's signals as they are stored: a tally is its cases and, as text, its good ones."""
    return {
        "agency_id": signals.agency_id,
        "months": signals.months,
        "outcomes": {service: _tally(tally) for service, tally in sorted(signals.outcomes.items())},
        "satisfaction": _tally(signals.satisfaction),
        "first_pass": _tally(signals.first_pass),
        "timeliness": _tally(signals.timeliness),
        "penalties": {
            kind.value: count for kind, count in sorted(signals.penalties.items()) if count
        },
        "gates": sorted(gate.value for gate in signals.gates),
    }


def signals_of(content: Mapping[str, Any]) -> Signals:
    """The signals that were stored."""
    return Signals(
        agency_id=content["agency_id"],
        months=content["months"],
        outcomes={service: _read(tally) for service, tally in content["outcomes"].items()},
        satisfaction=_read(content["satisfaction"]),
        first_pass=_read(content["first_pass"]),
        timeliness=_read(content["timeliness"]),
        penalties={Penalty(kind): count for kind, count in content["penalties"].items()},
        gates=frozenset(Gate(gate) for gate in content["gates"]),
    )


def _tally(tally: Tally) -> list[Any]:
    return [tally.cases, str(tally.good)]


def _read(stored: list[Any]) -> Tally:
    return Tally(stored[0], Fraction(stored[1]))


def _rounded(value: Fraction, unit: int) -> int:
    """To the nearest, halves upwards."""
    return floor(value * unit + Fraction(1, 2))
