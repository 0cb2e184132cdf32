"""An agency's score (考评得分) among its peers: small samples shrink to what the peers do.

Each counted component is a Beta posterior: `prior_cases` cases at the peers' mean stand before the
agency's own. The outcome is held against the mix of services: succeeding where peers fail counts
for more. The score is the weighted sum of the components' means; they are taken as independent, so
that the variances add up; a Beta distribution of that mean and variance on 0–100 gives the
interval. Everything up to the interval is computed in fractions, so that the order of rows, the
database and the machine do not matter; the score is rounded once. Everybody's ratings at once go
through numbers that are as good (`at_once`); the fractions are then taken where one looks.

numpy and scipy are loaded when somebody is rated: what only counts cases (a decision, an import)
need not hold them.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import astuple, dataclass, field
from enum import StrEnum
from fractions import Fraction
from functools import cache, cached_property
from math import floor
from typing import overload

from models.rules.rating.scheme import FULL, MARKS, Mark, Scheme
from models.rules.rating.signals import COUNTED, NONE, Component, Gate, Signals, Tally


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


class Parts(Sequence[Part]):
    """The components in their order, computed when somebody looks at them."""

    def __init__(self, computed: Callable[[], tuple[Part, ...]]) -> None:
        self._computed = computed

    @cached_property
    def all(self) -> tuple[Part, ...]:
        """All of them."""
        return self._computed()

    @overload
    def __getitem__(self, at: int) -> Part: ...
    @overload
    def __getitem__(self, at: slice) -> Sequence[Part]: ...
    def __getitem__(self, at: int | slice) -> Part | Sequence[Part]:
        """One, or some."""
        return self.all[at]

    def __len__(self) -> int:
        """One for each component."""
        return len(Component)

    def __eq__(self, other: object) -> bool:
        """Whether they are the same, however they came to be."""
        return isinstance(other, Sequence) and self.all == tuple(other)

    def __hash__(self) -> int:
        """Of the parts themselves."""
        return hash(self.all)


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
    parts: Sequence[Part] = field(repr=False)
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
    if not ordered:
        return ()
    from models.rules.rating.at_once import scores

    at_once, whole = scores(ordered, scheme), cache(lambda: PeerSums(ordered))
    numbers = (column.tolist() for column in astuple(at_once))
    return tuple(
        _rating_of(own, score, Interval(low, high), _parts_among(own, whole, scheme), scheme)
        if is_sure
        else rating_among(own, whole().without(own), scheme)
        for own, score, low, high, is_sure in zip(ordered, *numbers, strict=True)
    )


def _parts_among(own: Signals, whole: Callable[[], PeerSums], scheme: Scheme) -> Parts:
    return Parts(lambda: _parts(own, whole().without(own), scheme))


def rating(own: Signals, peers: Iterable[Signals], scheme: Scheme) -> Rating:
    """One agency's rating among its peers.

    Args:
        own: its signals.
        peers: the other agencies'; its own among them is left out.
        scheme: the version in force.
    """
    others = PeerSums(one for one in peers if one.agency_id != own.agency_id)
    return rating_among(own, others, scheme)


def rating_among(own: Signals, peers: PeerSums, scheme: Scheme) -> Rating:
    """One agency's rating among peers that were added up before, in fractions.

    Args:
        own: its signals.
        peers: the other agencies', without its own.
        scheme: the version in force.
    """
    parts = _parts(own, peers, scheme)
    score = sum((part.points for part in parts), Fraction(0))
    variance = sum(
        (scheme.weights[part.component] ** 2 * part.variance for part in parts), Fraction(0)
    )
    return _rating_of(own, score, interval_of(score, variance, scheme), parts, scheme)


def mark_of(
    score: Fraction | float, interval: Interval, gates: Sequence[Gate], scheme: Scheme
) -> Mark:
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
    from scipy.special import betaincinv

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


# ---------------------------------------------------------------- the peers


class _Sum:
    """Tallies added up, without making one for each step."""

    __slots__ = ("cases", "goods")

    def __init__(self) -> None:
        self.cases = 0
        self.goods: dict[int, int] = {}  # denominator → numerators

    def add(self, tally: Tally, sign: int = 1) -> None:
        """Add a tally, or take it away."""
        self.cases += sign * tally.cases
        good = tally.good
        below = good.denominator
        self.goods[below] = self.goods.get(below, 0) + sign * good.numerator

    @property
    def tally(self) -> Tally:
        """All together."""
        good = sum((Fraction(above, below) for below, above in self.goods.items()), Fraction(0))
        return Tally(self.cases, good)


class PeerSums:
    """Several agencies' cases, added up once: what one agency is held against."""

    def __init__(self, everybody: Iterable[Signals]) -> None:
        self._of = {component: _Sum() for component in COUNTED}
        self._services: dict[str, _Sum] = {}
        self._agencies: dict[str, int] = {}
        for one in everybody:
            self._add(one, 1)

    def _add(self, one: Signals, sign: int) -> None:
        for service, tally in one.outcomes.items():
            self._of[Component.outcome].add(tally, sign)
            self._services.setdefault(service, _Sum()).add(tally, sign)
            self._agencies[service] = self._agencies.get(service, 0) + sign * bool(tally.cases)
        for component in COUNTED[1:]:
            self._of[component].add(one.tally(component), sign)

    def without(self, own: Signals) -> PeerSums:
        """The others, where one's own are among them."""
        rest = PeerSums(())
        for component, summed in self._of.items():
            rest._of[component] = _copy(summed)
        rest._services = {service: _copy(summed) for service, summed in self._services.items()}
        rest._agencies = dict(self._agencies)
        rest._add(own, -1)
        return rest

    def of(self, component: Component) -> Tally:
        """Their cases of a component."""
        return self._of[component].tally

    def in_service(self, service: str, scheme: Scheme) -> Tally:
        """Their outcomes in a service; in all of them where these are too few."""
        known = self._services.get(service)
        count = self._agencies.get(service, 0)
        if known is None or count < scheme.least_peers or known.cases < scheme.least_peer_cases:
            return self.of(Component.outcome)
        return known.tally


def _copy(summed: _Sum) -> _Sum:
    copy = _Sum()
    copy.cases, copy.goods = summed.cases, dict(summed.goods)
    return copy


def _mean(tally: Tally) -> Fraction:
    """The mean of peers, never quite 0 or 1: (W + 1) / (N + 2)."""
    return Fraction(tally.good + 1) / (tally.cases + 2)


# ---------------------------------------------------------------- one agency


def _parts(own: Signals, peers: PeerSums, scheme: Scheme) -> tuple[Part, ...]:
    return (
        _outcome(own, peers, scheme),
        *(_share(own, component, peers, scheme) for component in COUNTED[1:]),
        _conduct(own, scheme),
    )


def _rating_of(
    own: Signals, score: Fraction | float, interval: Interval, parts: Sequence[Part], scheme: Scheme
) -> Rating:
    gates = tuple(sorted(own.gates))
    if unrated := _unrated(own, scheme):
        return Rating(own.agency_id, unrated, None, None, None, None, parts, gates)
    return Rating(
        agency_id=own.agency_id,
        unrated=None,
        score_hundredths=_hundredths(score),
        low_hundredths=_hundredths(interval.low),
        high_hundredths=_hundredths(interval.high),
        mark=mark_of(score, interval, gates, scheme),
        parts=parts,
        gates=gates,
    )


def _hundredths(points: Fraction | float) -> int:
    """Rounded once, a half upwards; a fraction is rounded as one."""
    half = 0.5 if isinstance(points, float) else Fraction(1, 2)
    return floor(points * 100 + half)


def _unrated(own: Signals, scheme: Scheme) -> Unrated | None:
    if own.months < scheme.least_months:
        return Unrated.young
    return Unrated.few if own.concluded < scheme.least_concluded else None


def _outcome(own: Signals, others: PeerSums, scheme: Scheme) -> Part:
    """The success of the agency's services held against what peers reach with the same mix."""
    tally = own.tally(Component.outcome)
    of_all = _mean(others.of(Component.outcome))
    expected = sum(
        (
            mine.cases * _mean(others.in_service(service, scheme))
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


def _share(own: Signals, component: Component, others: PeerSums, scheme: Scheme) -> Part:
    tally, peers = own.tally(component), _mean(others.of(component))
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
