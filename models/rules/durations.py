"""How long something took, over many: the middle, what nine in ten did not exceed, and how many
were in time."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from statistics import median


@dataclass(frozen=True, slots=True)
class Spread:
    """Durations in working days, summed up.

    Attributes:
        count: of how many.
        median: the middle one, or between the two in the middle.
        p90: the shortest that nine in ten did not exceed (nearest rank).
        in_time: how many took no longer than they may.
    """

    count: int
    median: float
    p90: int
    in_time: int


def spread(days: Sequence[int], due_days: int) -> Spread | None:
    """The spread of some durations; `None` of nothing: no data is no figure.

    Args:
        days: how long each took.
        due_days: how long each may take.
    """
    if not days:
        return None
    ordered = sorted(days)
    rank = -(-len(ordered) * 9 // 10)
    in_time = sum(one <= due_days for one in ordered)
    return Spread(len(ordered), float(median(ordered)), ordered[rank - 1], in_time)
