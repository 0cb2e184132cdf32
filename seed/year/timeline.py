"""When the demonstration year happens: twelve months of account ending with the one that is open
now."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta
from functools import cached_property
from random import Random

from models.clock import OFFICE_ZONE
from models.rules.months import YearMonth
from models.rules.working_days import Calendar

MONTHS = 12
SENDING_WORKING_DAY = 3  # of the month after
NEVER = datetime(9000, 1, 1, tzinfo=UTC)
_OPENS, _CLOSES = 9 * 60, 17 * 60  # minutes of the day at the office
_BEFORE = timedelta(days=260)  # how long before its first month the system is opened


@dataclass(frozen=True)
class Timeline:
    """The days of the year that ends `until`.

    Attributes:
        until: the last day, on which the claims of the open month wait.
        last_instant: nothing happens after it.
    """

    until: date
    last_instant: datetime
    calendar: Calendar = field(default_factory=Calendar)

    @cached_property
    def current(self) -> YearMonth:
        """The open month: not yet sent."""
        return YearMonth.containing(self.until)

    @cached_property
    def months(self) -> tuple[YearMonth, ...]:
        """The twelve months of account, the open one last."""
        months = [self.current]
        for _ in range(MONTHS - 1):
            months.append(months[-1].previous())
        return tuple(reversed(months))

    @cached_property
    def opens_on(self) -> date:
        """The day the system is opened, a working day."""
        return self.forward(self.months[0].first_day - _BEFORE, 1)

    @cached_property
    def last_working_day(self) -> date:
        """The last working day before `until`: the newest claims came on it."""
        return self.back(self.until, 1)

    def forward(self, day: date, working_days: int) -> date:
        """The working day so many working days later."""
        return self.calendar.add_working_days(day, working_days)

    def back(self, day: date, working_days: int) -> date:
        """The latest working day from which to `day` so many working days pass."""
        found = day
        while (
            not self.calendar.is_working_day(found)
            or self.calendar.working_days_between(found, day) < working_days
        ):
            found -= timedelta(days=1)
        return found

    def sending(self, month: YearMonth) -> datetime:
        """When a month is sent; the open month is not."""
        if month >= self.current:
            return NEVER
        day = self.forward(month.next().first_day - timedelta(days=1), SENDING_WORKING_DAY)
        return at(day, _CLOSES + 20)

    def next_sending(self, now: datetime, month: YearMonth) -> datetime:
        """The first sending after `now` that takes a claim filed in `month`."""
        later = (self.sending(sent) for sent in self.months if sent >= month)
        return min(instant for instant in later if instant > now)


def at(day: date, minute: int) -> datetime:
    """The instant of a minute of the office's day."""
    local = datetime.combine(day, time(minute // 60, minute % 60), OFFICE_ZONE)
    return local.astimezone(UTC)


def office_hours(day: date, chance: Random) -> datetime:
    """Some instant of a working day."""
    return at(day, chance.randrange(_OPENS, _CLOSES)) + timedelta(seconds=chance.randrange(60))
