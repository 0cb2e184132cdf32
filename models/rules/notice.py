"""The public notice (公示) after the approval: how long it runs, and until which day one may object.

Source: no document of the zone prints a period; five working days before payment are what published
notices of other places give, and a setting here.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from models.rules.working_days import Calendar


@dataclass(frozen=True, slots=True)
class NoticePeriod:
    """How long one claim stands in public notice (公示期).

    Attributes:
        from_on: the day of the approval; day 1 is the next working day.
        until_on: its last day; nothing is paid up to and including it.
    """

    from_on: date
    until_on: date

    def runs_on(self, day: date) -> bool:
        """Whether the notice is up on a day, both ends included."""
        return self.from_on <= day <= self.until_on


def notice_period(calendar: Calendar, approved_on: date, working_days: int) -> NoticePeriod | None:
    """The notice of a claim approved on a day; `None` where the setting asks for none."""
    if not working_days:
        return None
    return NoticePeriod(approved_on, calendar.add_working_days(approved_on, working_days))
