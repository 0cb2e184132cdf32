"""What comes of everybody's signals in a period (考评结果): rating, place among the like, and what of
it is frozen."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from models.rules.rating.freezing import (
    PartShown,
    part_content,
    part_of,
    part_shown,
    signals_content,
    signals_of,
)
from models.rules.rating.scheme import Mark, Scheme
from models.rules.rating.score import Rating, Unrated, ratings
from models.rules.rating.signals import Gate, Signals
from models.rules.rating.standings import Standing, peer_groups, standings


@dataclass(frozen=True, slots=True)
class Outcome:
    """One agency's result (考评结果), with what it was computed from.

    Attributes:
        signals: the inputs, corrections applied.
        unrated: why it takes no part (未参评); then there is neither score nor grade nor rank.
        score_hundredths, low_hundredths, high_hundredths: the score and its interval, 0 to 10,000.
        peer_group: a key of `standings.GROUP_NAMES`; empty for who takes no part.
        rank_from, rank_to: the ranks it may hold in its group of `ranked_of`.
        parts: the components, in their order; also for who takes no part.
        gates: what caps the grade.
    """

    signals: Signals
    unrated: Unrated | None
    mark: Mark | None
    score_hundredths: int | None
    low_hundredths: int | None
    high_hundredths: int | None
    peer_group: str
    rank_from: int | None
    rank_to: int | None
    ranked_of: int
    parts: tuple[PartShown, ...]
    gates: tuple[Gate, ...]

    @property
    def agency_id(self) -> int:
        """Whose."""
        return self.signals.agency_id


def outcomes(
    everybody: Iterable[Signals], scheme: Scheme, items: Mapping[str, str]
) -> dict[int, Outcome]:
    """Everybody's result, each among the others.

    Args:
        everybody: the signals, in any order.
        scheme: the version that is used.
        items: service → item of the service list, for the peer groups.

    Returns:
        Agency → result, in order of the agencies' numbers.
    """
    known = {one.agency_id: one for one in everybody}
    found = ratings(known.values(), scheme)
    rated = [one.agency_id for one in found if one.unrated is None]
    places = standings(found, peer_groups(known.values(), rated, items))
    return {
        one.agency_id: _outcome(known[one.agency_id], one, places[one.agency_id], scheme)
        for one in found
    }


def _outcome(signals: Signals, one: Rating, place: Standing, scheme: Scheme) -> Outcome:
    return Outcome(
        signals, one.unrated, one.mark, one.score_hundredths, one.low_hundredths,
        one.high_hundredths, place.group, place.rank_from, place.rank_to, place.of,
        tuple(part_shown(part, scheme) for part in one.parts), one.gates,
    )  # fmt: skip


_PLAIN = (
    "score_hundredths", "low_hundredths", "high_hundredths", "peer_group", "rank_from", "rank_to",
    "ranked_of",
)  # fmt: skip


def outcome_content(outcome: Outcome) -> dict[str, Any]:
    """A result as it is frozen: integers and text, and lists of them."""
    return {name: getattr(outcome, name) for name in _PLAIN} | {
        "signals": signals_content(outcome.signals),
        "unrated": outcome.unrated.value if outcome.unrated else None,
        "mark": outcome.mark.value if outcome.mark else None,
        "parts": [part_content(part) for part in outcome.parts],
        "gates": [gate.value for gate in outcome.gates],
    }


def outcome_of(content: Mapping[str, Any]) -> Outcome:
    """The result that was frozen."""
    return Outcome(
        signals=signals_of(content["signals"]),
        unrated=Unrated(content["unrated"]) if content["unrated"] else None,
        mark=Mark(content["mark"]) if content["mark"] else None,
        parts=tuple(part_of(part) for part in content["parts"]),
        gates=tuple(Gate(gate) for gate in content["gates"]),
        **{name: content[name] for name in _PLAIN},
    )
