"""The public notice (公示) of a month's approved claims: its list, its figures, and how one claim
stands in it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, time
from enum import StrEnum
from typing import Any

from sqlalchemy import Select, and_, case, func, or_, select
from sqlalchemy.orm import aliased
from sqlmodel import Session, col

from models.clock import OFFICE_ZONE, office_day, today
from models.queries.history import history_of
from models.queries.objections import (
    ObjectionLine,
    barring_objections,
    objections_of,
    payment_barred,
)
from models.queries.paging import Count, Page, PageRequest, page_of
from models.queries.relations import notice_of, place_now, relation_of
from models.queries.settings import alliance_name, calendar, setting, whole_number
from models.queries.visibility import refuse_without
from models.rules.claim_workflow import Action, State
from models.rules.entitlement import Purpose
from models.rules.notice import NoticePeriod, notice_period
from models.rules.objections import barred_from_answering, recused, state_in_notice
from models.rules.roles import Actor, Permission
from models.rules.wording import Wording
from models.tables.claims import Batch, BatchRow, Claim, ClaimEvent, ClaimMoney

_STANDS = (State.approved, State.agency_paid, State.closed)


class NoticeStanding(StrEnum):
    """How a claim stands in the notice (公示状态)."""

    objected = "objected"  # 有异议，不支付
    held = "held"  # 暂缓
    running = "running"  # 公示中
    over = "over"  # 公示期满


@dataclass(frozen=True, slots=True)
class NoticeRow:
    """One line of a month's notice: nothing of bank accounts or telephones.

    Attributes:
        notice: how long this claim stands in it; `None` where the setting asks for no notice.
        objections: how many keep it from being paid.
    """

    number: str
    enterprise: str
    agency: str
    service: str
    result_kind: str
    result: str
    subsidy_fen: int
    reward_fen: int | None
    approved_on: date
    notice: NoticePeriod | None
    objections: int
    standing: NoticeStanding


@dataclass(frozen=True, slots=True)
class NoticeSummary:
    """A month's notice in figures.

    Attributes:
        from_on, until_on: the first day and the last of all its lines; `None` where it has none.
        running: lines whose notice still runs.
        objected: lines that an objection keeps from being paid.
    """

    rows: int
    subsidy_fen: int
    reward_fen: int
    from_on: date | None
    until_on: date | None
    running: int
    objected: int


@dataclass(frozen=True, slots=True)
class PublicStanding:
    """How one claim stands in public notice, for the person who looks.

    Attributes:
        notice: how long it is up; `None` before the approval.
        bar: what of its objections keeps money from being paid, in words.
        may_record: the visitor may record an objection.
        denial: why the visitor, who else may, may not deal with this claim's objections.
    """

    notice: NoticePeriod | None
    objections: tuple[ObjectionLine, ...]
    bar: Wording | None
    may_record: bool
    denial: Wording | None = None

    def may_answer(self, actor: Actor, line: ObjectionLine) -> bool:
        """Whether this person may answer an objection."""
        is_theirs = actor.may(Permission.keep_objections) and self.denial is None
        return is_theirs and not barred_from_answering(actor.account_id, line.recorded_by_id)


def public_standing(session: Session, actor: Actor, claim: Claim) -> PublicStanding:
    """How a claim stands in public notice.

    Args:
        session: any transaction.
        actor: somebody who may see the claim.
        claim: the claim.
    """
    assert claim.id is not None
    history = history_of(session, claim.id)
    place = place_now(session, claim, history)
    is_up = state_in_notice(place)
    notice = notice_of(session, history) if is_up or claim.state is State.closed else None
    denial, keeps = None, actor.may(Permission.keep_objections)
    if keeps and is_up:
        denial = recused(relation_of(session, actor, claim, history))
    return PublicStanding(
        notice=notice,
        objections=objections_of(session, actor, claim),
        bar=payment_barred(session, claim, history) if is_up else None,
        may_record=keeps and is_up and notice is not None and denial is None,
        denial=denial,
    )


def notice_page(
    session: Session, actor: Actor, month: str, request: PageRequest
) -> Page[NoticeRow]:
    """One page of a month's notice, in the order of the sent table.

    Args:
        session: any transaction.
        actor: who asks.
        month: `2026-11`.
        request: which page.

    Raises:
        NotAllowed: the month is not this person's to read.
    """
    refuse_without(actor, Permission.see_month)
    days = calendar(session)
    period = whole_number(session, "notice_period_working_days")
    on = today()

    def read(row: Any) -> NoticeRow:
        approved_on = office_day(row.approved_at_utc)
        notice = notice_period(days, approved_on, period)
        standing = NoticeStanding.over
        if row.objections:
            standing = NoticeStanding.objected
        elif row.state is State.on_hold:
            standing = NoticeStanding.held
        elif notice is not None and notice.runs_on(on):
            standing = NoticeStanding.running
        line = row.line
        return NoticeRow(
            row.number, line["enterprise"], line["agency"], line["service"], line["result_kind"],
            line["result"], row.subsidy_fen or 0, row.reward_fen, approved_on, notice,
            row.objections, standing,
        )  # fmt: skip

    lines = _lines(month)
    there = select(func.count()).select_from(lines.order_by(None).subquery())
    count = Count(int(session.execute(there).scalar_one()))
    return page_of(session, lines, request, read, count=count)


def notice_summary(session: Session, actor: Actor, month: str) -> NoticeSummary:
    """A month's notice in figures.

    Raises:
        NotAllowed: the month is not this person's to read.
    """
    refuse_without(actor, Permission.see_month)
    days, on = calendar(session), today()
    period = whole_number(session, "notice_period_working_days")
    since = datetime.combine(days.earliest_in_time(period, on), time(), OFFICE_ZONE)
    lines = _lines(month).order_by(None).subquery()
    row = session.execute(
        select(
            func.count(),
            func.coalesce(func.sum(lines.c.subsidy_fen), 0),
            func.coalesce(func.sum(lines.c.reward_fen), 0),
            func.min(lines.c.approved_at_utc),
            func.max(lines.c.approved_at_utc),
            func.coalesce(func.sum(case((lines.c.approved_at_utc >= since, 1), else_=0)), 0),
            func.coalesce(func.sum(case((lines.c.objections > 0, 1), else_=0)), 0),
        )
    ).one()
    count, subsidy_fen, reward_fen, first, last, running, objected = row
    ends = notice_period(days, office_day(last), period) if last else None
    return NoticeSummary(
        rows=int(count),
        subsidy_fen=int(subsidy_fen),
        reward_fen=int(reward_fen),
        from_on=office_day(first) if first else None,
        until_on=ends.until_on if ends else None,
        running=int(running) if period else 0,
        objected=int(objected),
    )


def objections_address(session: Session, on: date | None = None) -> str:
    """Where an objection is handed in (异议受理单位和地址): the setting, else the alliance's name."""
    written = str(setting(session, "notice_objections_to", on).value)
    return written or alliance_name(session, on)


def _lines(month: str) -> Select[Any]:
    """The rows of a sent month whose approval stands, with when they were approved."""
    subsidy, reward, approval = aliased(ClaimMoney), aliased(ClaimMoney), aliased(ClaimEvent)
    last_approval = (
        select(func.max(ClaimEvent.position))
        .where(col(ClaimEvent.claim_id) == Claim.id, col(ClaimEvent.action) == Action.approve)
        .correlate(Claim)
        .scalar_subquery()
    )
    return (
        select(
            Claim.number, Claim.state, BatchRow.line,
            col(subsidy.approved_fen).label("subsidy_fen"),
            col(reward.approved_fen).label("reward_fen"),
            col(approval.at_utc).label("approved_at_utc"),
            barring_objections().label("objections"),
        )
        .select_from(BatchRow)
        .join(Batch, col(Batch.id) == BatchRow.batch_id)
        .join(Claim, col(Claim.id) == BatchRow.claim_id)
        .join(approval, and_(
            col(approval.claim_id) == Claim.id, col(approval.position) == last_approval
        ))
        .outerjoin(subsidy, and_(
            col(subsidy.claim_id) == Claim.id, col(subsidy.purpose) == Purpose.subsidy
        ))
        .outerjoin(reward, and_(
            col(reward.claim_id) == Claim.id, col(reward.purpose) == Purpose.reward
        ))
        .where(
            col(Batch.month) == month,
            col(BatchRow.left_event_id).is_(None),
            or_(
                col(Claim.state).in_(_STANDS),
                and_(col(Claim.state) == State.on_hold, col(Claim.held_from).in_(_STANDS)),
            ),
        )
        .order_by(col(BatchRow.position))
    )  # fmt: skip
