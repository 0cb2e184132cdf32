"""The clocks of the bodies (办理时限): how long claims lay with each, and what lies there too long;
and the month's calendar."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, time

from sqlalchemy import and_, exists, func, select
from sqlalchemy.orm import aliased
from sqlmodel import Session, col

from models.clock import OFFICE_ZONE, office_day, today
from models.queries.history import NO_ARRIVAL
from models.queries.settings import calendar, whole_number
from models.queries.visibility import refuse_without
from models.rules.claim_workflow import STEP_OF, Action, State
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
from models.tables.claims import Claim, ClaimEvent

LEAVES = (
    Action.pass_pre_review, Action.return_pre_review, Action.refuse_pre_review,
    Action.pass_re_review, Action.approve, Action.return_office, Action.refuse_office,
    Action.ask_agency, Action.pay_agency, Action.reward_enterprise,
)  # fmt: skip
"""The steps by which a body lets go of a claim: its own decisions, not what the agency withdrew."""
MOST = 10_000
"""No more decisions of one body are looked at, the latest: a year of any zone we know has fewer."""


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
    """Each body's clock, over what left it in some months: bounded by them and by `MOST`, however
    large the register.

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
    for clock in CLOCKS:
        taken = [
            days.working_days_between(office_day(since), office_day(until))
            for since, until in _departures(session, clock.state, first, last)
        ]
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
    session: Session, state: State, first: YearMonth, last: YearMonth
) -> list[tuple[datetime, datetime]]:
    """Of each claim that left a state in those months, since when and until when it lay there; the
    latest `MOST`."""
    left, before, arrived, undone = (aliased(ClaimEvent) for _ in range(4))
    began = datetime.combine(first.first_day, time(), OFFICE_ZONE)
    ended = datetime.combine(last.next().first_day, time(), OFFICE_ZONE)
    arrival = (
        select(func.max(arrived.position))
        .where(
            col(arrived.claim_id) == left.claim_id,
            col(arrived.position) < left.position,
            col(arrived.to_state) == left.from_state,
            col(arrived.action).not_in(NO_ARRIVAL),
        )
        .scalar_subquery()
    )
    is_undone = exists().where(
        col(undone.claim_id) == left.claim_id,
        col(undone.position) == left.position + 1,
        col(undone.action) == Action.undo_pre_review,
    )
    statement = (
        select(before.at_utc, left.at_utc)
        .join(before, and_(
            col(before.claim_id) == left.claim_id, col(before.position) == arrival
        ))
        .where(
            col(left.action).in_(_leaves(state)), col(left.from_state) == state,
            col(left.at_utc) >= began, col(left.at_utc) < ended, ~is_undone,
        )
        .order_by(col(left.at_utc).desc(), col(left.id).desc())
        .limit(MOST)
    )  # fmt: skip
    return [(since, until) for since, until in session.execute(statement)]


def _leaves(state: State) -> tuple[Action, ...]:
    return tuple(action for action in LEAVES if state in STEP_OF[action].from_states)
