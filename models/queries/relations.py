"""How a person stands to a claim: where they acted on it, their ties, whose side they are on."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta

from sqlalchemy import bindparam, select
from sqlmodel import Session, col

from models.clock import now_utc, office_day, today
from models.queries.history import History, history_of, last_step
from models.queries.objections import payment_barred
from models.queries.settings import calendar, whole_number
from models.queries.ties import ties_to
from models.rules.claim_workflow import Action, Place, State
from models.rules.entitlement import Purpose
from models.rules.notice import NoticePeriod, notice_period
from models.rules.roles import Actor, Office, Relation
from models.tables.claims import Claim, ClaimMoney, Evidence

_NOT_ACTING = frozenset({Action.release})
_MINUTE = timedelta(minutes=1)
_HANDED_IN = (
    select(Evidence.id)
    .where(
        col(Evidence.claim_id) == bindparam("claim_id"),
        col(Evidence.uploaded_by_id) == bindparam("account_id"),
    )
    .limit(1)
)


def place_of(claim: Claim) -> Place:
    """Where a claim stands, as its own row says it."""
    return Place(
        claim.state, claim.held_from, claim.resume_at, claim.was_reopened, claim.is_recall_asked
    )


def place_now(session: Session, claim: Claim, history: History) -> Place:
    """Where a claim stands, with what its day, its money and its objections say: a period that
    runs, a reward that is due, what keeps it from being paid."""
    match claim.state:
        case State.returned:
            return replace(place_of(claim), waits_until=_waits_until(session, claim, history))
        case State.approved:
            place = replace(place_of(claim), waits_until=_waits_until(session, claim, history))
        case State.agency_paid:
            place = replace(place_of(claim), has_reward=_has_reward(session, claim))
        case State.closed:
            return replace(place_of(claim), has_reward=_has_reward(session, claim))
        case _:
            return place_of(claim)
    return replace(place, objection=payment_barred(session, claim, history))


def relation_of(
    session: Session, actor: Actor, claim: Claim, history: History | None = None
) -> Relation:
    """How the actor stands to one claim today.

    Args:
        session: any transaction.
        actor: the person.
        claim: the claim.
        history: its steps, if they were read already.
    """
    assert claim.id is not None
    session.flush()  # what follows reads beside the session's objects
    past = history_of(session, claim.id) if history is None else history
    mine = {step.office for step in past if _is_acting(step.action, step.account_id, actor)}
    if _handed_in_papers(session, actor, claim):
        mine.add(Office.filing)
    refusal = last_step(past, Action.refuse_pre_review, Action.refuse_office)
    return Relation(
        acted_at=frozenset(mine),
        ties=ties_to(session, actor, claim.agency_id, claim.enterprise_id),
        is_own_agency=actor.agency_id is not None and actor.agency_id == claim.agency_id,
        is_own_enterprise=actor.enterprise_id is not None
        and actor.enterprise_id == claim.enterprise_id,
        refused_it=refusal is not None and refusal.account_id == actor.account_id,
        minutes_since_own_pass=_minutes_since_own_pass(past, actor),
    )


def notice_of(session: Session, history: History) -> NoticePeriod | None:
    """The public notice (公示) after the last approval; `None` if there is none.

    Source: a setting; no document prints a period.
    """
    approval = last_step(history, Action.approve)
    if approval is None:
        return None
    days = whole_number(session, "notice_period_working_days")
    return notice_period(calendar(session), office_day(approval.at_utc), days)


def answer_due_on(session: Session, claim: Claim) -> date:
    """The last day on which a returned claim may be submitted again (补正期限, a setting)."""
    days = whole_number(session, "return_lapse_working_days")
    return calendar(session).add_working_days(claim.waiting_since_on, days)


def _waits_until(session: Session, claim: Claim, history: History) -> date | None:
    if claim.state is State.approved:
        notice = notice_of(session, history)
        last_on = notice.until_on if notice else None
    else:
        last_on = answer_due_on(session, claim)
    return last_on if last_on is not None and today() <= last_on else None


def _has_reward(session: Session, claim: Claim) -> bool:
    given = select(col(ClaimMoney.committed_fen) + col(ClaimMoney.paid_fen)).where(
        col(ClaimMoney.claim_id) == claim.id, col(ClaimMoney.purpose) == Purpose.reward
    )
    return bool(session.execute(given).scalar_one_or_none())


def _is_acting(action: Action, account_id: int | None, actor: Actor) -> bool:
    return account_id == actor.account_id and action not in _NOT_ACTING


def _handed_in_papers(session: Session, actor: Actor, claim: Claim) -> bool:
    """Whether the person added a paper to the claim: that, too, is acting for the agency."""
    asked = {"claim_id": claim.id, "account_id": actor.account_id}
    return session.connection().execute(_HANDED_IN, asked).first() is not None


def _minutes_since_own_pass(history: History, actor: Actor) -> int | None:
    last = last_step(history, Action.pass_pre_review, Action.apply)
    if last is None or last.action is Action.apply or last.account_id != actor.account_id:
        return None
    return -((last.at_utc - now_utc()) // _MINUTE)
