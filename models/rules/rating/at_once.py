"""Everybody's scores at once (全部机构一次计算), as good as one by one in fractions.

Floating-point numbers are off by less than a billionth of a point here. Where that could change a
digit that is shown, or a grade, the score is not sure and is computed in fractions; elsewhere it is
the same to the last digit.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from scipy.special import betaincinv

from models.rules.rating.scheme import FULL, Scheme
from models.rules.rating.signals import COUNTED, Component, Signals

_DOUBT = 1e-6  # hundredths of a point; a thousand times what the numbers can be off

Numbers = np.ndarray[Any, np.dtype[np.float64]]


@dataclass(frozen=True, slots=True)
class Scores:
    """Scores and their intervals, 0 to 100 points, in the order of the agencies.

    Attributes:
        score, low, high: as floating-point numbers.
        is_sure: whether every digit shown and the grade are those of the fractions.
    """

    score: Numbers
    low: Numbers
    high: Numbers
    is_sure: np.ndarray[Any, np.dtype[np.bool_]]


def scores(everybody: Sequence[Signals], scheme: Scheme) -> Scores:
    """The scores of all agencies among each other, whether they take part or not."""
    with np.errstate(all="ignore"):
        means, variances = _components(everybody, scheme)
        weights = np.array([float(scheme.weights[component]) for component in Component])
        score, variance = weights @ means, weights**2 @ variances
        mean, spread = score / FULL, variance / FULL**2
        common = mean * (1 - mean) / spread - 1
        tail = scheme.interval_percent / 100
        tails = np.array([[tail], [1 - tail]])
        low, high = betaincinv(mean * common, (1 - mean) * common, tails) * FULL
    return Scores(score, low, high, _sure(score, low, high, scheme))


def _sure(score: Numbers, low: Numbers, high: Numbers, scheme: Scheme) -> Any:
    """Whether nothing lies so near to where a digit or a grade changes that it could be either."""
    sure = np.ones(len(score), dtype=bool)
    for points in (score, low, high):
        between = points * 100 % 1
        sure &= np.isfinite(points) & (np.abs(between - 0.5) > _DOUBT)
    for threshold in scheme.thresholds.values():
        sure &= np.abs(score - threshold) > _DOUBT
        sure &= np.abs(low - threshold) > _DOUBT
    return sure


def _components(everybody: Sequence[Signals], scheme: Scheme) -> tuple[Numbers, Numbers]:
    """Mean and variance of each component (rows) for each agency (columns)."""
    outcome, concluded = _outcome(everybody, scheme)
    found = [outcome]
    for name in COUNTED[1:]:
        tallies = [getattr(one, name.value) for one in everybody]
        cases, good = _of(tallies)
        found.append(_posterior(cases, good, _peers(cases, good), scheme))
    found.append(_conduct(everybody, concluded, scheme))
    return np.array([mean for mean, _ in found]), np.array([spread for _, spread in found])


def _of(tallies: Sequence[Any]) -> tuple[Numbers, Numbers]:
    cases = np.array([float(tally.cases) for tally in tallies])
    good = np.array([tally.good.numerator / tally.good.denominator for tally in tallies])
    return cases, good


def _peers(cases: Numbers, good: Numbers) -> Numbers:
    """The mean of each agency's peers: (W + 1) / (N + 2)."""
    mean: Numbers = (good.sum() - good + 1) / (cases.sum() - cases + 2)
    return mean


def _posterior(
    cases: Numbers, good: Numbers, peers: Numbers, scheme: Scheme
) -> tuple[Numbers, Numbers]:
    size = scheme.prior_cases + cases
    mean = (scheme.prior_cases * peers + good) / size
    return mean, mean * (1 - mean) / (size + 1)


def _outcome(
    everybody: Sequence[Signals], scheme: Scheme
) -> tuple[tuple[Numbers, Numbers], Numbers]:
    """The outcome, held against what peers reach with the same mix; and the cases."""
    services = {
        service: at for at, service in enumerate({s for o in everybody for s in o.outcomes})
    }
    cases, good = np.zeros((2, max(1, len(services)), len(everybody)))
    for at, one in enumerate(everybody):
        for service, tally in one.outcomes.items():
            row = services[service]
            cases[row, at] = tally.cases
            good[row, at] = tally.good.numerator / tally.good.denominator
    own_cases, own_good = cases.sum(axis=0), good.sum(axis=0)
    of_all = _peers(own_cases, own_good)
    others = cases.sum(axis=1, keepdims=True) - cases
    agencies = (cases > 0).sum(axis=1, keepdims=True) - (cases > 0)
    in_service = (good.sum(axis=1, keepdims=True) - good + 1) / (others + 2)
    is_few = (agencies < scheme.least_peers) | (others < scheme.least_peer_cases)
    expected = (cases * np.where(is_few, of_all, in_service)).sum(axis=0)
    peers = np.where(own_cases > 0, expected / own_cases, of_all)
    mean, spread = _posterior(own_cases, own_good, peers, scheme)
    standard = of_all / peers
    return (np.minimum(mean * standard, 1), spread * standard**2), own_cases


def _conduct(
    everybody: Sequence[Signals], concluded: Numbers, scheme: Scheme
) -> tuple[Numbers, Numbers]:
    weight = scheme.weights[Component.conduct]
    if not weight:
        return np.ones(len(everybody)), np.zeros(len(everybody))
    points = {kind: float(lost) for kind, lost in scheme.penalties.items()}
    lost = np.array(
        [sum(points[kind] * count for kind, count in one.penalties.items()) for one in everybody]
    )
    rate = lost * 10 / np.maximum(concluded, 1)
    return np.maximum(0.0, 1 - rate / weight), np.zeros(len(everybody))
