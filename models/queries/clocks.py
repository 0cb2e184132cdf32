"""The clocks of the bodies (办理时限): how long claims lay with each, and what lies there too long;
and the month's calendar."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from sqlalchemy import func, select
from sqlmodel import Session, col

from models.clock import today
from models.queries.settings import calendar, whole_number
from models.queries.visibility import refuse_without
from models.rules.claim_workflow import State
from models.rules.durations import Spread, spread
from models.rules.month_calendar import (
    CLOCKS,
    Clock,
    MonthCalendar,
    filing_month,
    month_calendar,
)
from models.rules.months import YearMonth
from models.rules.roles import Actor, Permission
from models.tables.claims import Claim, ClockTally


@dataclass(frozen=True, slots=True)
class ClockReading:
    """One body's clock over some months.

    Attributes:
        due_days: how long a claim may lie there, in working days.
        taken: how long those that left had lain; `None` where none left.
        waiting: how many lie there now.
        overdue: of these, how many for longer than they may.
    """

    clock: Clock
    due_days: int
    taken: Spread | None
    waiting: int
    overdue: int


def clock_readings(
    session: Session, actor: Actor, first: YearMonth, last: YearMonth, on: date
) -> tuple[ClockReading, ...]:
    """Each body's clock, over what left it in some months, from the kept days.

    From arrival at the body to its decision, whatever was held in between; a pass that was undone
    never happened.

    Args:
        session: any transaction.
        actor: who asks.
        first, last: the months in which the claims left, both included.
        on: the day on which it is said what still lies there.

    Raises:
        NotAllowed: neither the month nor the offices are this person's to read.
    """
    refuse_without(actor, Permission.see_clocks)
    days = calendar(session)
    readings = []
    departures = _departures(session, first, last)
    for clock in CLOCKS:
        taken: Counter[int] = Counter()
        for since_on, left_on, claims in departures[clock.state]:
            taken[days.working_days_between(since_on, left_on)] += claims
        due = whole_number(session, clock.setting, on)
        here = col(Claim.state) == clock.state
        late = col(Claim.waiting_since_on) < days.earliest_in_time(due, on)
        readings.append(
            ClockReading(
                clock, due, spread(taken, due),
                session.execute(select(func.count()).select_from(Claim).where(here)).scalar_one(),
                session.execute(
                    select(func.count()).select_from(Claim).where(here, late)
                ).scalar_one(),
            )
        )  # fmt: skip
    return tuple(readings)


def calendar_of(session: Session, month: YearMonth) -> MonthCalendar:
    """The days of a month (月度安排), as the settings of its first day say."""
    on = month.first_day
    return month_calendar(
        calendar(session),
        month,
        whole_number(session, "month_cutoff_day", on),
        whole_number(session, "apply_due_working_days", on),
        tuple(
            (clock.name, whole_number(session, clock.setting, on))
            for clock in CLOCKS
            if clock.is_of_cycle
        ),
    )


def filing_month_now(session: Session) -> YearMonth:
    """The month a claim filed today counts for (所属月份)."""
    return filing_month(today(), whole_number(session, "month_cutoff_day"))


def _departures(
    session: Session, first: YearMonth, last: YearMonth
) -> Mapping[State, list[tuple[date, date, int]]]:
    """Of each state, what left it in those months: since when it lay there, when it left, how
    many."""
    statement = select(
        ClockTally.state, ClockTally.since_on, ClockTally.left_on, ClockTally.claims
    ).where(
        col(ClockTally.state).in_([clock.state for clock in CLOCKS]),
        col(ClockTally.left_on) >= first.first_day,
        col(ClockTally.left_on) < last.next().first_day,
        col(ClockTally.claims) > 0,
    )
    found: dict[State, list[tuple[date, date, int]]] = defaultdict(list)
    for state, since_on, left_on, claims in session.execute(statement):
        found[state].append((since_on, left_on, claims))
    return found
