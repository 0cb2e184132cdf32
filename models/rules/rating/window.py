"""The months a rating looks at (考评期间): a half-year, or twelve months."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Self

from models.rules.months import YearMonth
from models.rules.wording import Wording, say

_QUARTER, _HALF, _YEAR = 3, 6, 12


@dataclass(frozen=True, slots=True, order=True)
class Window:
    """Whole months, both ends included (考评期间).

    Attributes:
        first: the first month.
        last: the last.

    Raises:
        ValueError: it ends before it begins.
    """

    first: YearMonth
    last: YearMonth

    def __post_init__(self) -> None:
        """Refuse what is none."""
        if self.last < self.first:
            raise ValueError(f"{self.first} to {self.last} is no window")

    @classmethod
    def half_year(cls, year: int, half: int) -> Self:
        """The first or the second half of a year.

        Raises:
            ValueError: another half than 1 or 2.
        """
        if half not in (1, 2):
            raise ValueError(f"no half of a year: {half}")
        first = YearMonth(year, 1 if half == 1 else _HALF + 1)
        return cls(first, YearMonth(year, first.month + _HALF - 1))

    @classmethod
    def last_half_year(cls, on: date) -> Self:
        """The newest half-year that was over on a day."""
        return cls.half_year(on.year, 1) if on.month > _HALF else cls.half_year(on.year - 1, 2)

    @classmethod
    def twelve_months(cls, last: YearMonth) -> Self:
        """The twelve months that end with a month."""
        first = last
        for _ in range(_YEAR - 1):
            first = first.previous()
        return cls(first, last)

    @property
    def spans(self) -> tuple[str, ...]:
        """The half-years, quarters and months it is made of, as few as may be, in their order."""
        found, month = [], self.first
        while month <= self.last:
            length = next(length for length in _LENGTHS if self._holds(month, length))
            found.append(_span(month, length))
            month = YearMonth(month.year, month.month + length - 1).next()
        return tuple(found)

    def _holds(self, month: YearMonth, length: int) -> bool:
        """Whether a span of so many months begins with a month and ends inside."""
        is_first = (month.month - 1) % length == 0
        return is_first and YearMonth(month.year, month.month + length - 1) <= self.last

    @property
    def first_day(self) -> date:
        """The first of its days."""
        return self.first.first_day

    @property
    def last_day(self) -> date:
        """The last of its days."""
        return self.last.last_day

    def __contains__(self, day: date) -> bool:
        """Whether a day lies in it."""
        return self.first_day <= day <= self.last_day

    def read_on(self, as_of: date) -> date:
        """The day up to which it is read: its last, or the present one while it runs."""
        return min(as_of, self.last_day)

    @property
    def name(self) -> Wording:
        """What it is called: 2026 年上半年, 2026 年, or its two months."""
        of_year = (self.first.month, self.last.month) if self.first.year == self.last.year else None
        match of_year:
            case (1, 6):
                return say("{year} 年上半年", year=self.first.year)
            case (7, 12):
                return say("{year} 年下半年", year=self.first.year)
            case (1, 12):
                return say("{year} 年|全年", year=self.first.year)
        return say("{first} 至 {last}", first=str(self.first), last=str(self.last))


_LENGTHS = {_HALF: "H", _QUARTER: "Q", 1: ""}
"""The lengths of spans in months, the longest first, and their letters."""


def spans_of(day: date) -> tuple[str, ...]:
    """The spans a day's cases are kept under: its half-year, `2026-H2`, its quarter, `2026-Q4`, and
    its month, `2026-11`."""
    month = YearMonth.containing(day)
    return tuple(_span(month, length) for length in _LENGTHS)


def _span(month: YearMonth, length: int) -> str:
    """The span of so many months that a month lies in."""
    letter = _LENGTHS[length]
    return f"{month.year:04d}-{letter}{(month.month - 1) // length + 1}" if letter else str(month)


def months_between(joined_on: date, on: date) -> int:
    """Full months from a day to another; none before it.

    A month is full on the day of the same number; where a month has no such day, on the next
    month's first.
    """
    months = (on.year - joined_on.year) * 12 + on.month - joined_on.month
    return max(0, months - (on.day < joined_on.day))
