"""Working days (工作日) in China: weekends, holidays and the weekends worked in return (调休).

The library `holidays` knows what the State Council has announced; rows of the deployment override
it day by day. A year nobody has announced yet is counted with weekends and statutory holidays
alone, and every date that rests on it is marked provisional (暂估).
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, timedelta
from functools import lru_cache
from types import MappingProxyType

import holidays

from models.rules.wording import Wording, say

_DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Deadline:
    """A date something is due (办理时限), and whether it may still move.

    Attributes:
        due_on: the last day that is in time.
        is_provisional: it rests on a year whose holidays are not announced (暂估).
        words: the date, with the mark where it is provisional.
    """

    due_on: date
    is_provisional: bool
    words: Wording


@dataclass(frozen=True, eq=False)
class Calendar:
    """The working days (工作日) of one deployment; day 1 of any count is the next working day.

    Attributes:
        overrides: day → works or not, stronger than the library.
        announced: years whose overrides are complete although the library does not know them yet.
    """

    overrides: Mapping[date, bool] = field(default_factory=dict)
    announced: frozenset[int] = frozenset()
    _years: dict[int, tuple[date, ...]] = field(default_factory=dict, init=False, repr=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "overrides", MappingProxyType(dict(self.overrides)))

    def is_working_day(self, day: date) -> bool:
        """Whether offices work on `day`."""
        override = self.overrides.get(day)
        return day in _national(day.year).working_days if override is None else override

    def working_days_between(self, start: date, end: date) -> int:
        """How many working days have passed from `start` to `end`.

        Args:
            start: day 0, itself never counted.
            end: the last day, counted if it is a working day.

        Returns:
            Working days; negative when `end` comes before `start`.
        """
        if end < start:
            return -self.working_days_between(end, start)
        whole_years = sum(len(self._working_days(year)) for year in range(start.year, end.year))
        return whole_years + self._passed_in_year(end) - self._passed_in_year(start)

    def add_working_days(self, start: date, count: int) -> date:
        """The working day number `count` after `start`; `start` itself when `count` is 0.

        Raises:
            ValueError: a negative `count`, or a date beyond the year 9999.
        """
        if count < 0:
            raise ValueError(f"working days are counted forward, not {count}")
        if count == 0:
            return start
        year, position = start.year, self._passed_in_year(start) + count - 1
        while position >= len(days := self._working_days(year)):
            year, position = year + 1, position - len(days)
        return days[position]

    def earliest_in_time(self, count: int, on: date) -> date:
        """The earliest day after which `count` working days are not over before `on`: what began
        then or later is in time.

        Raises:
            ValueError: as `add_working_days`.
        """
        earliest = on
        while self.add_working_days(earliest - _DAY, count) >= on:
            earliest -= _DAY
        return earliest

    def deadline(self, start: date, count: int) -> Deadline:
        """When `count` working days after `start` are over, with the mark of an unannounced year.

        Raises:
            ValueError: as `add_working_days`.
        """
        due_on = self.add_working_days(start, count)
        if self.is_provisional(start, due_on):
            return Deadline(due_on, True, say("{due_on}（暂估，放假安排尚未公布）", due_on=due_on))
        return Deadline(due_on, False, say("{due_on}", due_on=due_on))

    def is_announced(self, year: int) -> bool:
        """Whether the holidays and working weekends (放假安排) of `year` are known."""
        return year in self.announced or _national(year).is_announced

    def is_provisional(self, start: date, end: date) -> bool:
        """Whether a count from `start` to `end` rests on a year not yet announced (暂估)."""
        return not all(self.is_announced(year) for year in range(start.year, end.year + 1))

    def _passed_in_year(self, day: date) -> int:
        return bisect_right(self._working_days(day.year), day)

    def _working_days(self, year: int) -> tuple[date, ...]:
        days = self._years.get(year)
        if days is None:
            days = self._years[year] = tuple(filter(self.is_working_day, _days_of(year)))
        return days


@dataclass(frozen=True, slots=True)
class _NationalYear:
    working_days: frozenset[date]
    is_announced: bool


@lru_cache(maxsize=256)
def _national(year: int) -> _NationalYear:
    """What the library knows of a year. Every announcement since 2001 has moved a weekend."""
    china = holidays.country_holidays("CN", years=year, expand=False)
    return _NationalYear(
        working_days=frozenset(filter(china.is_working_day, _days_of(year))),
        is_announced=any(day.year == year for day in china.weekend_workdays),
    )


def _days_of(year: int) -> list[date]:
    first, last = date(year, 1, 1), date(year, 12, 31)
    return [first + timedelta(days=number) for number in range((last - first).days + 1)]
