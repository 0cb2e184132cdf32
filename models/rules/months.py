"""A month of account (所属月份): the month a claim is filed in and a batch is sent for."""

from __future__ import annotations

import re
from calendar import monthrange
from dataclasses import dataclass
from datetime import date
from typing import Self

from models.rules.half_width import half_width

_WRITTEN = re.compile(r"([0-9]{4}) (?: [-/.年] ([0-9]{1,2}) 月? | ([0-9]{2}) )", re.VERBOSE)


@dataclass(frozen=True, slots=True, order=True)
class YearMonth:
    """A calendar month (所属月份), ordered by time, written `2026-11`.

    Raises:
        ValueError: a month outside 1–12 or a year outside 1–9999.
    """

    year: int
    month: int

    def __post_init__(self) -> None:
        date(self.year, self.month, 1)  # refuses what no calendar has

    def __str__(self) -> str:
        return f"{self.year:04d}-{self.month:02d}"

    @classmethod
    def parse(cls, written: str) -> Self:
        """The month written `2026-11`, `2026/11`, `2026年11月` or `202611`, full-width digits too.

        Raises:
            ValueError: anything else, or a month no calendar has.
        """
        month = _WRITTEN.fullmatch(half_width(written).strip())
        if month is None:
            raise ValueError(f"not a month: {written!r}")
        return cls(int(month[1]), int(month[2] or month[3]))

    @classmethod
    def containing(cls, day: date) -> Self:
        """The month that `day` lies in."""
        return cls(day.year, day.month)

    @property
    def first_day(self) -> date:
        """The first of the month."""
        return date(self.year, self.month, 1)

    @property
    def last_day(self) -> date:
        """The last day of the month, leap years counted."""
        return date(self.year, self.month, monthrange(self.year, self.month)[1])

    def next(self) -> Self:
        """The month after this one."""
        return self._moved(+1)

    def previous(self) -> Self:
        """The month before this one."""
        return self._moved(-1)

    def _moved(self, months: int) -> Self:
        year, month = divmod(self.year * 12 + self.month - 1 + months, 12)
        return type(self)(year, month + 1)
