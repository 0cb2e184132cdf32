"""What the system does by itself once a day: lapse what nobody answered, close what triggers no
reward, judge anew what the day alone may have changed, note whose silence counts as confirmed.

Each claim that moves in a transaction of its own: one that cannot be moved keeps no other from
moving. Running it twice a day, or not for a week, does no harm.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, time

from sqlalchemy import Engine, and_, exists, or_, select
from sqlmodel import Session, col

from models.actions.deeming import deem_silent_enterprises
from models.actions.record import settle_waits
from models.actions.steps import refresh_findings, system_actor, take_step
from models.clock import OFFICE_ZONE, today
from models.database import session as transaction
from models.queries.change_effects import claims_changed
from models.queries.settings import calendar, whole_number
from models.rules.claim_workflow import BEFORE_APPROVAL, Action, State
from models.rules.entitlement import Purpose
from models.rules.errors import Refusal
from models.rules.wording import Wording
from models.tables.agreements import Confirmation
from models.tables.claims import Claim, ClaimMoney
from models.tables.organisations import Agency

JUDGED_AT_ONCE = 20
"""How many claims are judged anew in one transaction: whoever waits, waits some tens of
milliseconds."""


@dataclass(frozen=True, slots=True)
class DailyStep:
    """One claim the system moved, or why it could not."""

    number: str
    action: Action
    refusal: Wording | None = None


def take_daily_steps(engine: Engine | None = None) -> tuple[DailyStep, ...]:
    """Take every step that is due to the system today.

    Args:
        engine: the database; the deployment's own when left out.

    Returns:
        A result per claim, refusals included.
    """
    judge_again(engine)
    deem_silent_enterprises(engine)
    with transaction(engine) as current:
        due = [
            *((number, Action.lapse) for number in overdue_returns(current, today())),
            *((number, Action.close_without_reward) for number in paid_without_reward(current)),
        ]
    return tuple(_take(engine, number, action) for number, action in due)


def judge_again(engine: Engine | None = None) -> int:
    """Compute the findings of the claims anew whose verdicts the day may have changed.

    The queue shows what was computed last, and a day passes without anybody touching a claim.

    Returns:
        How many claims were judged.
    """
    with transaction(engine) as current:
        ids = {*claims_of_the_day(current, today()), *claims_changed(current, today())}
    return _judge_all(engine, sorted(ids))


def judge_changed(engine: Engine | None = None) -> int:
    """Compute the findings anew of the claims that a confirmed change of standards, settings or
    the calendar concerns, and that were judged before it.

    Left half-way, it is taken up again by whoever does it next, at the latest by the day's steps.

    Returns:
        How many claims were judged.
    """
    with transaction(engine) as current:
        ids = claims_changed(current, today())
    return _judge_all(engine, ids)


def _judge_all(engine: Engine | None, ids: list[int]) -> int:
    for at in range(0, len(ids), JUDGED_AT_ONCE):
        with transaction(engine, write=True) as current:
            _judge(current, ids[at : at + JUDGED_AT_ONCE])
    return len(ids)


def claims_of_the_day(session: Session, on: date) -> list[int]:
    """Ids of open claims not judged yet today, where the day decides something: a confirmation is
    awaited and may count as given (F14), the agency's suspension or leaving begins or ends (F02),
    the year and with it the budget line is another (F10)."""
    this_day, this_year = (_begins(day) for day in (on, on.replace(month=1, day=1)))
    is_awaited = and_(
        col(Confirmation.requested_on).is_not(None), col(Confirmation.confirmed_on).is_(None)
    )
    is_leaving = or_(col(Agency.suspended_from).is_not(None), col(Agency.removed_on).is_not(None))
    statement = (
        select(Claim.id)
        .join(Agency, col(Agency.id) == Claim.agency_id)
        .outerjoin(Confirmation, and_(
            col(Confirmation.agreement_id) == Claim.agreement_id,
            col(Confirmation.result_id) == Claim.result_id,
        ))
        .where(
            col(Claim.state).in_(sorted(BEFORE_APPROVAL)),
            col(Claim.findings_at_utc) < this_day,
            or_(is_awaited, is_leaving, col(Claim.findings_at_utc) < this_year),
        )
        .order_by(col(Claim.id))
    )  # fmt: skip
    return list(session.execute(statement).scalars())


def overdue_returns(session: Session, on: date) -> list[str]:
    """Numbers of returned claims whose time to answer is over (逾期未补正), longest first."""
    days, allowed = calendar(session), whole_number(session, "return_lapse_working_days")
    statement = (
        select(Claim.number, Claim.waiting_since_on)
        .where(col(Claim.state) == State.returned)
        .order_by(col(Claim.waiting_since_on), col(Claim.id))
    )
    return [
        number
        for number, since_on in session.execute(statement)
        if days.working_days_between(since_on, on) > allowed
    ]


def paid_without_reward(session: Session) -> list[str]:
    """Numbers of paid claims for which no reward was approved: nothing is left to do."""
    reward = exists().where(
        and_(
            col(ClaimMoney.claim_id) == Claim.id,
            col(ClaimMoney.purpose) == Purpose.reward,
            col(ClaimMoney.approved_fen).is_not(None),
        )
    )
    statement = (
        select(Claim.number)
        .where(col(Claim.state) == State.agency_paid, ~reward)
        .order_by(col(Claim.id))
    )
    return list(session.execute(statement).scalars())


def _begins(day: date) -> datetime:
    """The first moment of a day at the office."""
    return datetime.combine(day, time.min, OFFICE_ZONE)


def _judge(session: Session, ids: list[int]) -> None:
    """Judge some claims; those that have moved on meanwhile are left."""
    statement = (
        select(Claim)
        .where(col(Claim.id).in_(ids), col(Claim.state).in_(sorted(BEFORE_APPROVAL)))
        .order_by(col(Claim.id))
        .with_for_update()
    )
    for claim in session.execute(statement).scalars().all():
        refresh_findings(session, claim)
    settle_waits(session)


def _take(engine: Engine | None, number: str, action: Action) -> DailyStep:
    try:
        with transaction(engine, write=True) as current:
            take_step(current, system_actor(), number, action)
    except Refusal as refusal:
        return DailyStep(number, action, refusal.wording)
    return DailyStep(number, action)
