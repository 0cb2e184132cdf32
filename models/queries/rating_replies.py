"""Replies and appeals (申辩、复议) to a rating: what was said with which files, what was answered, what
it corrected."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import ColumnElement, select
from sqlalchemy.orm import aliased
from sqlmodel import Session, col

from models.queries.rating_results import adjustment_of
from models.queries.rating_sight import may_see_card
from models.rules.rating.adjusting import Adjustment
from models.rules.rating.period_life import ReplyStage, ReplyState
from models.rules.rating.signals import Component
from models.rules.roles import Actor
from models.tables.organisations import Agency
from models.tables.people import Account
from models.tables.ratings import RatingAdjustment, RatingPaper, RatingPeriod, RatingReply


@dataclass(frozen=True, slots=True)
class FileLine:
    """A file that came with a reply, without its content."""

    id: int
    file_name: str
    media_type: str
    size_bytes: int


@dataclass(frozen=True, slots=True)
class ReplyLine:
    """One reply or appeal as it is read.

    Attributes:
        last_month: of the period.
        answer, answered_by: empty while it is open.
        adjustments: what an upheld one corrected.
    """

    id: int
    last_month: str
    agency_id: int
    agency: str
    stage: ReplyStage
    component: Component
    said: str
    state: ReplyState
    replied_by: str
    replied_at_utc: datetime
    answer: str
    answered_by: str
    answered_at_utc: datetime | None
    files: tuple[FileLine, ...] = ()
    adjustments: tuple[Adjustment, ...] = ()


def replies_in(
    session: Session, actor: Actor, period: RatingPeriod, agency_id: int | None = None
) -> tuple[ReplyLine, ...]:
    """The replies and appeals of a period that this person may read: those that wait first, the
    oldest on top.

    Args:
        session: any transaction.
        actor: who asks.
        period: the period.
        agency_id: one agency's; everybody's when left out.
    """
    where: list[ColumnElement[bool]] = [col(RatingReply.period_id) == period.id]
    if agency_id is not None:
        where.append(col(RatingReply.agency_id) == agency_id)
    lines = _lines(session, where)
    seen = [one for one in lines if may_see_card(actor, period, one.agency_id)]
    return tuple(sorted(seen, key=lambda one: (one.state is not ReplyState.open, one.id)))


def viewable_rating_paper(session: Session, actor: Actor, paper_id: int) -> RatingPaper | None:
    """A file of a reply, for the alliance, its agency, and after publication who reads ratings;
    `None` both when there is none and when they may not."""
    row = session.execute(
        select(RatingPaper, RatingPeriod, col(RatingReply.agency_id).label("agency_id"))
        .join(RatingReply, col(RatingReply.id) == RatingPaper.reply_id)
        .join(RatingPeriod, col(RatingPeriod.id) == RatingReply.period_id)
        .where(col(RatingPaper.id) == paper_id)
    ).first()
    if row is None or not may_see_card(actor, row.RatingPeriod, row.agency_id):
        return None
    paper: RatingPaper = row.RatingPaper
    return paper


def _lines(session: Session, where: Iterable[ColumnElement[bool]]) -> list[ReplyLine]:
    speaker, answerer = aliased(Account), aliased(Account)
    statement = (
        select(
            RatingReply,
            col(RatingPeriod.last_month),
            col(Agency.name),
            speaker.display_name,
            answerer.display_name,
        )
        .join(RatingPeriod, col(RatingPeriod.id) == RatingReply.period_id)
        .join(Agency, col(Agency.id) == RatingReply.agency_id)
        .join(speaker, col(speaker.id) == RatingReply.replied_by_id)
        .outerjoin(answerer, col(answerer.id) == RatingReply.answered_by_id)
        .where(*where)
        .order_by(col(RatingReply.id))
    )
    rows = session.execute(statement).all()
    ids = [row[0].id for row in rows]
    files, made = _files(session, ids), _adjustments(session, ids)
    return [
        ReplyLine(
            one.id, month, one.agency_id, agency, one.stage, one.component, one.said, one.state,
            said_by, one.replied_at_utc, one.answer, answered_by or "", one.answered_at_utc,
            tuple(files[one.id]), tuple(made[one.id]),
        )
        for one, month, agency, said_by, answered_by in rows
    ]  # fmt: skip


def _files(session: Session, ids: list[int]) -> Mapping[int, list[FileLine]]:
    found: dict[int, list[FileLine]] = defaultdict(list)
    statement = select(RatingPaper).where(col(RatingPaper.reply_id).in_(ids))
    for one in session.execute(statement.order_by(col(RatingPaper.id))).scalars():
        found[one.reply_id].append(
            FileLine(one.id or 0, one.file_name, one.media_type, one.size_bytes)
        )
    return found


def _adjustments(session: Session, ids: list[int]) -> Mapping[int, list[Adjustment]]:
    found: dict[int, list[Adjustment]] = defaultdict(list)
    statement = select(RatingAdjustment).where(col(RatingAdjustment.reply_id).in_(ids))
    for one in session.execute(statement.order_by(col(RatingAdjustment.id))).scalars():
        found[one.reply_id].append(adjustment_of(one))
    return found
