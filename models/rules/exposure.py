"""Advance exposure (垫资敞口): money × days an agency is out of pocket for a result it has brought, by
how long, and what becomes of it if nothing moves.

The clock of one sum runs from the day the result was obtained to the day the subsidy is paid; on
the day of payment it no longer counts. Money advanced under an agreement, with its own date, is a
second figure and never added to the first.

Source: `dalian-hightech` 五.3: the agency works at its own cost and is paid once the result exists.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Hashable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import TypeVar

from models.rules.roles import Office

FORECAST_DAYS = 30
"""How far ahead it is said what becomes of the exposure if nothing moves."""
BANDS_DAYS = (30, 60, 90)
"""The last day of each ageing band (账龄) but the last, which has no end; a setting."""

Key = TypeVar("Key", bound=Hashable)


@dataclass(frozen=True, slots=True)
class OutOfPocket:
    """Money of some claims an agency waits for.

    Attributes:
        agency_id: whose money it is.
        holder: the office that holds the claims.
        since_on: the day the results were obtained, or the money was advanced.
        fen: approved, else entitled, else asked.
        paid_on: the day of payment; `None` while it is unpaid.
        claims: how many claims it is of.
    """

    agency_id: int
    holder: Office
    since_on: date
    fen: int
    paid_on: date | None = None
    claims: int = 1

    def days(self, on: date) -> int:
        """How many days the money has been out on a day; it stops on the day of payment."""
        until = on if self.paid_on is None else min(on, self.paid_on)
        return max(0, (until - self.since_on).days)

    def is_open(self, on: date) -> bool:
        """Whether it still waits on a day."""
        return self.paid_on is None or on < self.paid_on


@dataclass(frozen=True, slots=True)
class AgeBand:
    """What has been out for so many days (账龄).

    Attributes:
        from_days, to_days: both included; the last band has no end.
    """

    from_days: int
    to_days: int | None
    claims: int = 0
    fen: int = 0
    fen_days: int = 0


@dataclass(frozen=True, slots=True)
class Exposure:
    """How much money has been out how long, on a day (垫资敞口).

    Attributes:
        fen_days: fen × calendar days.
        oldest_days: of what has been out longest.
        bands: all bands, empty ones too.
    """

    on: date
    claims: int
    fen: int
    fen_days: int
    oldest_days: int
    bands: tuple[AgeBand, ...]


@dataclass(frozen=True, slots=True)
class Outlook:
    """The exposure of a day, and of a later one if nothing moves (若无进展)."""

    now: Exposure
    later: Exposure


def exposure(
    items: Iterable[OutOfPocket], on: date, bounds: Sequence[int] = BANDS_DAYS
) -> Exposure:
    """The exposure of some money on a day; what is paid by then does not count.

    Args:
        items: the money.
        on: the day.
        bounds: the last day of each band but the last.
    """
    waiting = [(item, item.days(on)) for item in items if item.is_open(on)]
    bands = []
    for from_days, to_days in _limits(bounds):
        within = [
            (item, days)
            for item, days in waiting
            if from_days <= days and (to_days is None or days <= to_days)
        ]
        bands.append(AgeBand(from_days, to_days, *_summed(within)))
    return Exposure(on, *_summed(waiting), max((days for _, days in waiting), default=0),
                    tuple(bands))  # fmt: skip


def outlook(items: Iterable[OutOfPocket], on: date, bounds: Sequence[int] = BANDS_DAYS) -> Outlook:
    """The exposure on a day, and `FORECAST_DAYS` later if nothing moves."""
    kept = tuple(items)
    return Outlook(
        exposure(kept, on, bounds), exposure(kept, on + timedelta(days=FORECAST_DAYS), bounds)
    )


def by_agency(items: Iterable[OutOfPocket]) -> Mapping[int, tuple[OutOfPocket, ...]]:
    """The money by whose it is."""
    return _grouped((item.agency_id, item) for item in items)


def by_holder(items: Iterable[OutOfPocket]) -> Mapping[Office, tuple[OutOfPocket, ...]]:
    """The money by the office that holds the claims, in the order of their course."""
    found = _grouped((item.holder, item) for item in items)
    return {office: found[office] for office in Office if office in found}


def _grouped(pairs: Iterable[tuple[Key, OutOfPocket]]) -> dict[Key, tuple[OutOfPocket, ...]]:
    groups: dict[Key, list[OutOfPocket]] = defaultdict(list)
    for key, item in pairs:
        groups[key].append(item)
    return {key: tuple(group) for key, group in groups.items()}


def _limits(bounds: Sequence[int]) -> list[tuple[int, int | None]]:
    """First and last day of each band: `30, 60` → 0–30, 31–60, 61 and more."""
    ends = sorted(set(bounds))
    starts = [0, *(end + 1 for end in ends)]
    return list(zip(starts, [*ends, None], strict=True))


def _summed(waiting: Sequence[tuple[OutOfPocket, int]]) -> tuple[int, int, int]:
    """Claims, fen, fen × days."""
    return (
        sum(item.claims for item, _ in waiting),
        sum(item.fen for item, _ in waiting),
        sum(item.fen * days for item, days in waiting),
    )
