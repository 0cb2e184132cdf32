"""Measuring two things side by side, and what a row of the table says."""

from __future__ import annotations

import statistics
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass

_FEWEST_ROUNDS = 3


@dataclass(frozen=True, slots=True)
class Line:
    """One line of the table.

    Attributes:
        work: what was measured.
        ours: our figure with its unit.
        peer: the peer's name and figure.
        ratio: ours to the peer's (or what else the goal is stated in), as shown.
        goal: what was set out for.
        is_met: whether it is; `None`: no goal was set, a figure beside others.
        note: what to know when reading it.
    """

    work: str
    ours: str
    peer: str
    ratio: str
    goal: str = ""
    is_met: bool | None = None
    note: str = ""


@dataclass(frozen=True, slots=True)
class Spread:
    """How long something took, in milliseconds."""

    times_ms: tuple[float, ...]

    @property
    def median(self) -> float:
        """The middle one."""
        return statistics.median(self.times_ms)

    @property
    def most(self) -> float:
        """The longest."""
        return max(self.times_ms)

    def part(self, hundredths: int) -> float:
        """So many hundredths of all were at most this long."""
        ordered = sorted(self.times_ms)
        return ordered[min(len(ordered) - 1, len(ordered) * hundredths // 100)]


def alternately(
    *works: Callable[[], object], rounds: int, warm: int = 2, patience_s: float = 60
) -> tuple[Spread, ...]:
    """Run each work in turn, A B A B, so that a busy moment of the machine meets them all.

    Args:
        works: what is measured; a work that answers with a number has measured itself, in
            milliseconds.
        rounds: how often each is measured.
        warm: how often each is run before that.
        patience_s: after so long no further round begins, once three are done.
    """
    for _ in range(warm):
        for work in works:
            work()
    times: list[list[float]] = [[] for _ in works]
    until = time.monotonic() + patience_s
    for done in range(rounds):
        if done >= _FEWEST_ROUNDS and time.monotonic() > until:
            break
        for spent, work in zip(times, works, strict=True):
            spent.append(_timed(work))
    return tuple(Spread(tuple(spent)) for spent in times)


def _timed(work: Callable[[], object]) -> float:
    began = time.perf_counter()
    measured = work()
    spent = (time.perf_counter() - began) * 1_000
    return measured if isinstance(measured, float) else spent


def against(
    work: str,
    ours: Spread,
    peer: Spread,
    *,
    at_most: float | None,
    name: str = "Django admin",
    note: str = "",
) -> Line:
    """A line that compares two medians."""
    ratio = ours.median / peer.median
    return Line(
        work,
        ms(ours.median),
        f"{name} {ms(peer.median)}",
        f"{ratio:.2f} ×",
        "" if at_most is None else f"≤ {at_most:g} ×",
        None if at_most is None else ratio <= at_most,
        note,
    )


def ms(value: float) -> str:
    """Milliseconds as shown."""
    return f"{value:,.0f} ms" if value >= 100 else f"{value:.1f} ms"


def middle(values: Sequence[float]) -> float:
    """The median."""
    return statistics.median(values)
