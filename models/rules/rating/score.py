"""An agency's score (考评得分) among its peers: small samples shrink to what the peers do.

Each counted component is a Beta posterior: `prior_cases` cases at the peers' mean stand before the
agency's own. The outcome is held against the mix of services: succeeding where peers fail counts
for more. The score is the weighted sum of the components' means; they are taken as independent, so
that the variances add up; a Beta distribution of that mean and variance on 0–100 gives the
interval. Everything up to the interval is computed in fractions, so that the order of rows, the
database and the machine do not matter; the score is rounded once.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from enum import StrEnum
from fractions import Fraction
from math import floor

from scipy.special import betaincinv

from models.rules.rating.scheme import FULL, MARKS, Mark, Scheme
from models.rules.rating.signals import COUNTED, NONE, Component, Gate, Signals, Tally, together


class Unrated(StrEnum):
    """Why an agency takes no part (未参评)."""

    young = "young"  # 入会时间不足
    few = "few"  # 完成服务不足


@dataclass(frozen=True, slots=True)
class Part:
    """One component's share of the score.

    Attributes:
        component: which.
        own: the agency's own cases.
        peers: the mean its peers reach, for the same mix of services; 0 to 1.
        mean: what counts, 0 to 1: the own cases shrunk to the peers' mean.
        variance: of it.
        points: mean times weight.
    """

    component: Component
    own: Tally
    peers: Fraction
    mean: Fraction
    variance: Fraction
    points: Fraction


@dataclass(frozen=True, slots=True)
class Rating:
    """What an agency is rated (考评结果).

    Attributes:
        agency_id: whose.
        unrated: why it takes no part; then there is no score and no grade.
        score_hundredths: 0 to 10,000, rounded once; `None` when it takes no part.
        low_hundredths, high_hundredths: the interval's ends.
        mark: the grade.
        parts: the components, in their order; also for who takes no part, to be read.
        gates: what caps the grade.
    """

    agency_id: int
    unrated: Unrated | None
    score_hundredths: int | None
    low_hundredths: int | None
    high_hundredths: int | None
    mark: Mark | None
    parts: tuple[Part, ...]
    gates: tuple[Gate, ...]


@dataclass(frozen=True, slots=True)
class Interval:
    """Where the score lies with the scheme's certainty, 0 to 100 points."""

    low: float
    high: float


def ratings(all_signals: Iterable[Signals], scheme: Scheme) -> tuple[Rating, ...]:
    """Everybody's rating, each among the others.

    Args:
        all_signals: one for each agency, in any order.
        scheme: the version in force.

    Returns:
        In order of the agencies' numbers.
    """
    ordered = sorted(all_signals, key=lambda one: one.agency_id)
    whole = _Field(ordered)
    return tuple(_rating(one, whole, scheme) for one in ordered)


def rating(own: Signals, peers: Iterable[Signals], scheme: Scheme) -> Rating:
    """One agency's rating among its peers.

    Args:
        own: its signals.
        peers: the other agencies'; its own among them is left out.
        scheme: the version in force.
    """
    others = (one for one in peers if one.agency_id != own.agency_id)
    return _rating(own, _Field([own, *others]), scheme)


def mark_of(score: Fraction, interval: Interval, gates: Sequence[Gate], scheme: Scheme) -> Mark:
    """The grade of a score: A only where the interval's lower end is above the threshold of B, and
    never above D with a gate."""
    if gates:
        return Mark.d
    reached = next((mark for mark in MARKS[:-1] if score >= scheme.thresholds[mark]), Mark.d)
    is_sure = interval.low > scheme.thresholds[Mark.b]
    return Mark.b if reached is Mark.a and not is_sure else reached


def interval_of(score: Fraction, variance: Fraction, scheme: Scheme) -> Interval:
    """The interval of a score: a Beta distribution on 0–100 of the same mean and variance.

    Args:
        score: 0 to 100.
        variance: of it, in points squared.
    """
    mean, spread = score / FULL, variance / FULL**2
    if not spread:
        return Interval(float(score), float(score))
    common = mean * (1 - mean) / spread - 1
    tail = scheme.interval_percent / 100
    low, high = (
        float(betaincinv(float(mean * common), float((1 - mean) * common), share)) * FULL
        for share in (tail, 1 - tail)
    )
    return Interval(low, high)


# ---------------------------------------------------------------- the field


class _Field:
    """All agencies' cases, summed once; one agency's peers are what it leaves of the sums."""

    def __init__(self, everybody: Sequence[Signals]) -> None:
        self.everybody = everybody
        self.of = {
            component: together(one.tally(component) for one in everybody) for component in COUNTED
        }
        self.services: dict[str, Tally] = {}
        self.agencies: dict[str, int] = {}
        for one in everybody:
            for service, tally in one.outcomes.items():
                self.services[service] = self.services.get(service, NONE) + tally
                self.agencies[service] = self.agencies.get(service, 0) + bool(tally.cases)

    def peers(self, own: Signals, component: Component) -> Tally:
        """The others' cases of a component."""
        return _without(self.of[component], own.tally(component))

    def peers_in(self, own: Signals, service: str, scheme: Scheme) -> Tally:
        """The others' outcomes in a service; in all of them where these are too few."""
        mine = own.outcomes.get(service, NONE)
        others = _without(self.services.get(service, NONE), mine)
        count = self.agencies.get(service, 0) - bool(mine.cases)
        if count < scheme.least_peers or others.cases < scheme.least_peer_cases:
            return self.peers(own, Component.outcome)
        return others


def _without(all_cases: Tally, own: Tally) -> Tally:
    return Tally(all_cases.cases - own.cases, all_cases.good - own.good)


def _mean(tally: Tally) -> Fraction:
    """The mean of peers, never quite 0 or 1: (W + 1) / (N + 2)."""
    return Fraction(tally.good + 1) / (tally.cases + 2)


# ---------------------------------------------------------------- one agency


def _rating(own: Signals, whole: _Field, scheme: Scheme) -> Rating:
    parts = (
        _outcome(own, whole, scheme),
        *(_share(own, component, whole, scheme) for component in COUNTED[1:]),
        _conduct(own, scheme),
    )
    gates = tuple(sorted(own.gates))
    if unrated := _unrated(own, scheme):
        return Rating(own.agency_id, unrated, None, None, None, None, parts, gates)
    score = sum((part.points for part in parts), Fraction(0))
    variance = sum(
        (scheme.weights[part.component] ** 2 * part.variance for part in parts), Fraction(0)
    )
    interval = interval_of(score, variance, scheme)
    return Rating(
        agency_id=own.agency_id,
        unrated=None,
        score_hundredths=_hundredths(score),
        low_hundredths=_hundredths(Fraction(interval.low)),
        high_hundredths=_hundredths(Fraction(interval.high)),
        mark=mark_of(score, interval, gates, scheme),
        parts=parts,
        gates=gates,
    )


def _hundredths(points: Fraction) -> int:
    return floor(points * 100 + Fraction(1, 2))


def _unrated(own: Signals, scheme: Scheme) -> Unrated | None:
    if own.months < scheme.least_months:
        return Unrated.young
    return Unrated.few if own.concluded < scheme.least_concluded else None


def _outcome(own: Signals, whole: _Field, scheme: Scheme) -> Part:
    """The success of the agency's services held against what peers reach with the same mix."""
    tally = own.tally(Component.outcome)
    of_all = _mean(whole.peers(own, Component.outcome))
    expected = sum(
        (
            mine.cases * _mean(whole.peers_in(own, service, scheme))
            for service, mine in own.outcomes.items()
        ),
        Fraction(0),
    )
    peers = expected / tally.cases if tally.cases else of_all
    mean, variance = _posterior(tally, peers, scheme)
    standard = of_all / peers
    return _part(
        Component.outcome, tally, peers, min(mean * standard, Fraction(1)),
        variance * standard**2, scheme,
    )  # fmt: skip


def _share(own: Signals, component: Component, whole: _Field, scheme: Scheme) -> Part:
    tally, peers = own.tally(component), _mean(whole.peers(own, component))
    mean, variance = _posterior(tally, peers, scheme)
    return _part(component, tally, peers, mean, variance, scheme)


def _conduct(own: Signals, scheme: Scheme) -> Part:
    """What the penalties per ten concluded agreements leave of the weight."""
    weight = scheme.weights[Component.conduct]
    lost = sum(
        (scheme.penalties[kind] * count for kind, count in own.penalties.items()), Fraction(0)
    )
    rate = lost * 10 / max(own.concluded, 1)
    mean = max(Fraction(0), 1 - rate / weight) if weight else Fraction(1)
    return _part(Component.conduct, NONE, Fraction(1), mean, Fraction(0), scheme)


def _posterior(own: Tally, peers: Fraction, scheme: Scheme) -> tuple[Fraction, Fraction]:
    """Mean and variance of Beta(kμ + w, k(1−μ) + n − w)."""
    a = scheme.prior_cases * peers + own.good
    b = scheme.prior_cases * (1 - peers) + own.cases - own.good
    size = a + b
    return a / size, a * b / (size**2 * (size + 1))


def _part(
    component: Component,
    own: Tally,
    peers: Fraction,
    mean: Fraction,
    variance: Fraction,
    scheme: Scheme,
) -> Part:
    points = mean * scheme.weights[component]
    return Part(component, own, peers, mean, variance, points)
