"""The sampling draw (抽查): of the clean claims of a month, which must be opened before they pass.

Drawn once, from a recorded seed, so that anybody can draw it again and get the same claims. A claim
that becomes clean after the draw is told by the same seed: nobody can wait for a better draw. The
claims of agencies whose published grade is low are drawn more often; the grades are those at the
draw.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from models.rules.digest import sha256_hex
from models.rules.rating.scheme import Mark

_LOTS = 10_000

LOW_MARKS = frozenset({Mark.c, Mark.d})
"""Grades whose claims are drawn by the larger share (低等级)."""


@dataclass(frozen=True, slots=True)
class Sampled:
    """One claim of the safe set at the draw."""

    number: str
    is_drawn: bool


@dataclass(frozen=True, slots=True)
class Shares:
    """How many of a hundred claims are drawn (抽查比例).

    Attributes:
        usual: of an agency graded A or B, or not graded yet.
        low_grade: of one graded C or D.
    """

    usual: int
    low_grade: int

    def of(self, *, is_low: bool) -> int:
        """The share of one agency's claims, 0 to 100."""
        return self.low_grade if is_low else self.usual


def draw(percents: Mapping[str, int], seed: str) -> tuple[Sampled, ...]:
    """Draw a share of claims; at least one, where a share is not zero.

    Args:
        percents: the claims of the safe set, each with its own share, 0 to 100.
        seed: recorded with the draw.

    Returns:
        Every claim in order of its number, with whether it was drawn.
    """
    ordered = sorted(percents)
    drawn = {number for number in ordered if is_drawn(number, seed, percents[number])}
    eligible = [number for number in ordered if percents[number]]
    if eligible and not drawn:
        drawn = {min(eligible, key=lambda number: _lot(number, seed))}
    return tuple(Sampled(number, number in drawn) for number in ordered)


def is_drawn(number: str, seed: str, percent: int) -> bool:
    """Whether one claim is drawn by a seed, whatever the others are."""
    return _lot(number, seed) < percent * _LOTS // 100


def _lot(number: str, seed: str) -> int:
    return int(sha256_hex(f"{seed}:{number}")[:12], 16) % _LOTS
