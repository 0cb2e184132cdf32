"""The money of the overview (总览): a month's asked, approved and paid; all that is open, by stage;
how zero the zero is (零费程度)."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, time
from typing import Any

from sqlalchemy import ColumnElement, and_, case, exists, false, func, or_, select, true
from sqlalchemy.orm import aliased
from sqlmodel import Session, col

from models.clock import OFFICE_ZONE
from models.rules.claim_workflow import Action, State
from models.rules.entitlement import Purpose
from models.rules.months import YearMonth
from models.rules.roles import Actor
from models.tables.agreements import Confirmation
from models.tables.claims import Claim, ClaimEvent, ClaimMoney, ClaimTally

STAGES: tuple[tuple[State, ...], ...] = (
    (State.submitted,),
    (State.returned,),
    (State.on_hold,),
    (State.pre_reviewed,),
    (State.applied, State.re_reviewed),
    (State.approved,),
)
"""The lines of what is open, from filing to payment."""


@dataclass(frozen=True, slots=True)
class Sum:
    """So many claims, and their money in fen."""

    claims: int
    fen: int


@dataclass(frozen=True, slots=True)
class MonthMoney:
    """One month's money.

    Attributes:
        asked: claims filed for the month, whatever became of them; what they ask.
        approved: claims whose approval stands, held back or not, by its month; subsidy and reward.
        paid: claims with a payment of the month that stands; subsidy and reward.
    """

    asked: Sum
    approved: Sum
    paid: Sum


@dataclass(frozen=True, slots=True)
class StageMoney:
    """Claims of one stage, of every month; what they ask, once approved what was approved."""

    states: tuple[State, ...]
    claims: int
    fen: int


@dataclass(frozen=True, slots=True)
class ZeroLevel:
    """How zero the zero is (零费程度), from what enterprises confirmed.

    Attributes:
        answered: services whose enterprise said what it paid (n).
        nothing_before: of these, nothing was paid before the result.
        paid_after: of these, something was paid afterwards.
        after_fen: how much that was in all.

    Source: `dalian-hightech` 五.2 一是; "no fee up front" and "no fee at all" are two figures.
    """

    answered: int
    nothing_before: int
    paid_after: int
    after_fen: int


def month_money(session: Session, actor: Actor, month: YearMonth) -> MonthMoney:
    """A month's asked, approved and paid; an agency's own, else the whole zone's."""
    began = datetime.combine(month.first_day, time(), OFFICE_ZONE)
    ended = datetime.combine(month.next().first_day, time(), OFFICE_ZONE)
    in_month = and_(col(ClaimEvent.at_utc) >= began, col(ClaimEvent.at_utc) < ended)
    return MonthMoney(
        _asked(session, actor, str(month)),
        _approved(session, actor, in_month),
        _paid(session, actor, in_month),
    )


def money_by_stage(session: Session, actor: Actor) -> tuple[StageMoney, ...]:
    """All open claims by stage (全部在办), from the kept counts; an agency's own are counted."""
    totals = _totals(session, actor)
    totals[State.approved] = _standing_approvals(session, actor)
    return tuple(
        StageMoney(states, sum(found.claims for found in sums), sum(found.fen for found in sums))
        for states in STAGES
        for sums in ([totals.get(state, Sum(0, 0)) for state in states],)
    )


def zero_level(session: Session) -> ZeroLevel:
    """How zero the zero is, over every service an enterprise answered for."""
    before, after = col(Confirmation.paid_before_fen), col(Confirmation.paid_after_fen)
    answered = and_(
        col(Confirmation.confirmed_on).is_not(None), before.is_not(None),
        ~col(Confirmation.is_denied),
    )  # fmt: skip
    row = session.execute(
        select(
            func.count(),
            func.coalesce(func.sum(case((before == 0, 1), else_=0)), 0),
            func.coalesce(func.sum(case((after > 0, 1), else_=0)), 0),
            func.coalesce(func.sum(after), 0),
        ).where(answered)
    ).one()
    return ZeroLevel(*(int(figure) for figure in row))


# ---------------------------------------------------------------- pieces


def _sees_all(actor: Actor) -> bool:
    return actor.agency_id is None and actor.enterprise_id is None


def _own(actor: Actor) -> ColumnElement[bool]:
    """An agency's own claims; an enterprise sees no claims; everybody else the whole zone."""
    if _sees_all(actor):
        return true()
    return false() if actor.agency_id is None else col(Claim.agency_id) == actor.agency_id


def _sum(row: Any) -> Sum:
    return Sum(int(row[0]), int(row[1] or 0))


def _asked(session: Session, actor: Actor, month: str) -> Sum:
    if _sees_all(actor):
        tally = select(
            func.coalesce(func.sum(ClaimTally.claims), 0), func.sum(ClaimTally.asked_fen)
        ).where(col(ClaimTally.filed_month) == month, col(ClaimTally.state) != State.draft)
        return _sum(session.execute(tally).one())
    own = select(func.count(), func.sum(Claim.asked_fen)).where(
        _own(actor), col(Claim.filed_month) == month, col(Claim.state) != State.draft
    )
    return _sum(session.execute(own).one())


def _approved(session: Session, actor: Actor, in_month: ColumnElement[bool]) -> Sum:
    """Each claim once, however often it was approved: in the month of the approval that stands,
    which is the last, as long as its money is set aside or paid."""
    granted = exists().where(
        col(ClaimMoney.claim_id) == ClaimEvent.claim_id,
        or_(col(ClaimMoney.committed_fen) > 0, col(ClaimMoney.paid_fen) > 0),
    )
    ids = (
        select(ClaimEvent.claim_id)
        .join(Claim, col(Claim.id) == ClaimEvent.claim_id)
        .where(*_last(Action.approve), in_month, granted, _own(actor))
    )
    money = select(
        func.count(func.distinct(ClaimMoney.claim_id)), func.sum(ClaimMoney.approved_fen)
    ).where(col(ClaimMoney.claim_id).in_(ids))
    return _sum(session.execute(money).one())


def _last(action: Action) -> tuple[ColumnElement[bool], ...]:
    """A claim's last step of a kind: the ones before it were taken back."""
    again = aliased(ClaimEvent)
    return (
        col(ClaimEvent.action) == action,
        ~exists().where(
            col(again.claim_id) == ClaimEvent.claim_id,
            col(again.action) == action,
            col(again.position) > ClaimEvent.position,
        ),
    )


def _paid(session: Session, actor: Actor, in_month: ColumnElement[bool]) -> Sum:
    """What stands paid of the month's payments; a claim paid in both purposes is one claim."""
    claims: set[int] = set()
    fen = 0
    for action, purpose in _PAYMENTS:
        ids = select(ClaimEvent.claim_id).where(*_last(action), in_month)
        paid = (
            select(ClaimMoney.claim_id, ClaimMoney.paid_fen)
            .join(Claim, col(Claim.id) == ClaimMoney.claim_id)
            .where(
                col(ClaimMoney.claim_id).in_(ids),
                col(ClaimMoney.purpose) == purpose,
                col(ClaimMoney.paid_fen) > 0,
                _own(actor),
            )
        )
        for claim_id, paid_fen in session.execute(paid):
            claims.add(claim_id)
            fen += paid_fen
    return Sum(len(claims), fen)


_PAYMENTS = (
    (Action.pay_agency, Purpose.subsidy),
    (Action.reward_enterprise, Purpose.reward),
)


def _totals(session: Session, actor: Actor) -> dict[State, Sum]:
    asked: Iterable[Any]
    if _sees_all(actor):
        asked = session.execute(
            select(
                ClaimTally.state, func.sum(ClaimTally.claims), func.sum(ClaimTally.asked_fen)
            ).group_by(col(ClaimTally.state))
        )
    else:
        asked = session.execute(
            select(Claim.state, func.count(), func.sum(Claim.asked_fen))
            .where(_own(actor))
            .group_by(col(Claim.state))
        )
    return {State(state): _sum(sums) for state, *sums in asked}


def _standing_approvals(session: Session, actor: Actor) -> Sum:
    """What was approved as subsidy and is not paid yet."""
    statement = (
        select(func.count(), func.sum(ClaimMoney.approved_fen))
        .select_from(Claim)
        .join(ClaimMoney, col(ClaimMoney.claim_id) == Claim.id)
        .where(
            col(Claim.state) == State.approved,
            col(ClaimMoney.purpose) == Purpose.subsidy,
            _own(actor),
        )
    )
    return _sum(session.execute(statement).one())
