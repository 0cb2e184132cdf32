"""What would raise a grade (怎样提升): per component alone, the fewest next good cases; where none is
enough alone, the fewest in all of them together."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from typing import Any

from models.rules.rating.scheme import MARKS, Mark, Scheme
from models.rules.rating.score import PeerSums, Rating, rating_among
from models.rules.rating.signals import COUNTED, NONE, Component, Gate, Signals

MOST_CASES = 20
"""A component that would need more good cases than this is not named."""
MOST_NAMED = 3


@dataclass(frozen=True, slots=True)
class Raise:
    """One way up.

    Attributes:
        component: which.
        cases: how many next good cases, the peers standing still.
        service: in which service, for the outcome; empty for the others.
        mark: the grade they lead to.
        score_hundredths: the score they lead to.
    """

    component: Component
    cases: int
    service: str
    mark: Mark
    score_hundredths: int


@dataclass(frozen=True, slots=True)
class Together:
    """The way up of who needs all components.

    Attributes:
        cases: how many next good cases in each.
        mark, score_hundredths: what they lead to.
    """

    cases: int
    mark: Mark
    score_hundredths: int


@dataclass(frozen=True, slots=True)
class WayUp:
    """What would raise a grade.

    Attributes:
        gates: what must be cleared first; then nothing else is named.
        raises: the shortest ways, at most `MOST_NAMED`, the fewest cases first.
        together: where there is none, and all components together would do.
    """

    gates: tuple[Gate, ...] = ()
    raises: tuple[Raise, ...] = ()
    together: Together | None = None


def what_would_raise(own: Signals, peers: Iterable[Signals], scheme: Scheme) -> WayUp:
    """The shortest ways to a better grade, each component alone, peers held fixed.

    Args:
        own: the agency's signals.
        peers: the other agencies'.
        scheme: the version in force.

    Returns:
        No way for who takes no part or has the best grade; the gates alone where there are any.
    """
    others = PeerSums(one for one in peers if one.agency_id != own.agency_id)
    now = rating_among(own, others, scheme)
    if now.mark is None or now.mark is MARKS[0]:
        return WayUp()
    if now.gates:
        return WayUp(gates=now.gates)
    found = [_fewest(own, others, component, now, scheme) for component in COUNTED]
    ways = sorted((way for way in found if way), key=lambda way: way.cases)
    together = None if ways else _together(own, others, now, scheme)
    return WayUp(raises=tuple(ways[:MOST_NAMED]), together=together)


def with_more_good(own: Signals, component: Component, cases: int) -> Signals:
    """The signals with so many more good cases of one component; outcomes in the service the agency
    concludes most."""
    if component is Component.outcome:
        service = main_service(own)
        more = own.outcomes.get(service, NONE).more_good(cases)
        return replace(own, outcomes={**own.outcomes, service: more})
    more_of_it: dict[str, Any] = {component.value: own.tally(component).more_good(cases)}
    return replace(own, **more_of_it)


def with_more_good_everywhere(own: Signals, cases: int) -> Signals:
    """The signals with so many more good cases of every counted component."""
    for component in COUNTED:
        own = with_more_good(own, component, cases)
    return own


def main_service(own: Signals) -> str:
    """The service with most concluded agreements; of several, the first by its code."""
    return min(own.outcomes, key=lambda service: (-own.outcomes[service].cases, service))


def _fewest(
    own: Signals, peers: PeerSums, component: Component, now: Rating, scheme: Scheme
) -> Raise | None:
    for cases in range(1, MOST_CASES + 1):
        then = rating_among(with_more_good(own, component, cases), peers, scheme)
        if _place(then) < _place(now):
            assert then.mark is not None
            assert then.score_hundredths is not None
            service = main_service(own) if component is Component.outcome else ""
            return Raise(component, cases, service, then.mark, then.score_hundredths)
    return None


def _together(own: Signals, peers: PeerSums, now: Rating, scheme: Scheme) -> Together | None:
    for cases in range(1, MOST_CASES + 1):
        then = rating_among(with_more_good_everywhere(own, cases), peers, scheme)
        if _place(then) < _place(now):
            assert then.mark is not None
            assert then.score_hundredths is not None
            return Together(cases, then.mark, then.score_hundredths)
    return None


def _place(read: Rating) -> int:
    assert read.mark is not None
    return MARKS.index(read.mark)
