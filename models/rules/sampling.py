"""The sampling draw (抽查): of the clean claims of a month, which must be opened before they pass.

Drawn once, from a recorded seed, so that anybody can draw it again and get the same claims. A claim
that becomes clean after the draw is told by the same seed: nobody can wait for a better draw.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from models.rules.digest import sha256_hex

_LOTS = 10_000


@dataclass(frozen=True, slots=True)
class Sampled:
    """One claim of the safe set at the draw."""

    number: str
    is_drawn: bool


def draw(numbers: Iterable[str], seed: str, percent: int) -> tuple[Sampled, ...]:
    """Draw a share of claims; at least one, where the share is not zero and there are any.

    Args:
        numbers: the claims of the safe set, in any order.
        seed: recorded with the draw.
        percent: the share, 0 to 100.

    Returns:
        Every claim in order of its number, with whether it was drawn.
    """
    ordered = sorted(set(numbers))
    drawn = {number for number in ordered if is_drawn(number, seed, percent)}
    if ordered and percent and not drawn:
        drawn = {min(ordered, key=lambda number: _lot(number, seed))}
    return tuple(Sampled(number, number in drawn) for number in ordered)


def is_drawn(number: str, seed: str, percent: int) -> bool:
    """Whether one claim is drawn by a seed, whatever the others are."""
    return _lot(number, seed) < percent * _LOTS // 100


def _lot(number: str, seed: str) -> int:
    return int(sha256_hex(f"{seed}:{number}")[:12], 16) % _LOTS
