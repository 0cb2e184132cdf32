"""How long something took, over many: the middle, what nine in ten did not exceed, and how many
were in time."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Mapping
from dataclasses import dataclass
from itertools import accumulate


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


def spread(days: Mapping[int, int], due_days: int) -> Spread | None:
    """The spread of some durations; `None` of nothing: no data is no figure.

    Args:
        days: how many took how long.
        due_days: how long each may take.
    """
    count = sum(days.values())
    if not count:
        return None
    lengths = sorted(days)
    reached = list(accumulate(days[length] for length in lengths))

    def ranked(rank: int) -> int:
        return lengths[bisect_left(reached, rank)]

    middle = (ranked((count + 1) // 2) + ranked(count // 2 + 1)) / 2
    in_time = sum(number for length, number in days.items() if length <= due_days)
    return Spread(count, middle, ranked(-(-count * 9 // 10)), in_time)
