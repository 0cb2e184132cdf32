"""Changing the rating scheme (考评方案): one person drafts a version, another confirms it or turns it
down; what was confirmed is never changed."""

from __future__ import annotations

from collections.abc import Mapping

from sqlalchemy import func, select
from sqlmodel import Session, col

from models.actions.meanwhile import change_by
from models.actions.reasons import required_text
from models.actions.record import hold_head, record
from models.clock import now_utc
from models.queries.rating_schemes import scheme_in_force, scheme_recorded
from models.queries.visibility import refuse_without
from models.rules.changes import CHANGE_STATE_NAMES, ChangeState, barred_from_deciding
from models.rules.errors import (
    AlreadyDone,
    FigureRefused,
    NotAllowed,
    NotFound,
)
from models.rules.rating.schemes import DEFAULT, scheme_content, scheme_read
from models.rules.roles import Actor, Permission
from models.rules.standards import LONGEST_REASON
from models.rules.wording import say
from models.tables.ratings import RatingScheme


def draft_scheme(session: Session, actor: Actor, written: Mapping[str, str], reason: str) -> int:
    """Draft a version of the scheme (起草考评方案): periods computed after another person has confirmed
    it use it.

    Args:
        session: the writing transaction.
        actor: alliance.
        written: figure → text, as typed.
        reason: why.

    Returns:
        The version's number.

    Raises:
        NotAllowed: the actor drafts none.
        FigureRefused: something is wrong with what was written; the first fault.
        AlreadyDone: a draft waits, or it is the scheme in force.
        ReasonMissing, TextRefused: no reason, or one too long.
    """
    refuse_without(actor, Permission.draft_policy)
    found = scheme_read(written)
    for fault in found.faults:
        raise FigureRefused(fault.words)
    words = required_text(reason, LONGEST_REASON)
    hold_head(session)
    waiting = select(RatingScheme.id).where(col(RatingScheme.state) == ChangeState.drafted)
    if session.execute(waiting).first() is not None:
        raise AlreadyDone(say("已有一份考评方案草稿待确认，请先办理"))
    if found.content == scheme_content(scheme_in_force(session)):
        raise AlreadyDone(say("与现行考评方案相同，没有改动"))
    last = session.execute(select(func.max(RatingScheme.version))).scalar_one()
    row = RatingScheme(
        version=(last or DEFAULT.version) + 1, content=found.content, reason=words,
        drafted_by_id=actor.account_id, drafted_at_utc=now_utc(),
    )  # fmt: skip
    session.add(row)
    session.flush()
    _record(session, actor, "draft_rating_scheme", row)
    return row.version


def confirm_scheme(session: Session, actor: Actor, version: int) -> None:
    """Confirm a version somebody else drafted (确认考评方案).

    Raises:
        NotAllowed: the actor confirms none, or drafted it.
        NotFound: no such version.
        SeenIsStale: somebody has decided on it meanwhile, with who and when.
    """
    refuse_without(actor, Permission.confirm_policy)
    row = _waiting(session, version)
    _refuse_drafter(actor, row)
    _decide(session, actor, row, ChangeState.confirmed, "")
    _record(session, actor, "confirm_rating_scheme", row)


def turn_down_scheme(session: Session, actor: Actor, version: int, reason: str) -> None:
    """Turn down a version somebody else drafted (不采用考评方案): it stays to be read.

    Raises:
        NotAllowed, NotFound, SeenIsStale: as `confirm_scheme`.
        ReasonMissing, TextRefused: no reason, or one too long.
    """
    refuse_without(actor, Permission.confirm_policy)
    row = _waiting(session, version)
    _refuse_drafter(actor, row)
    _decide(session, actor, row, ChangeState.turned_down, required_text(reason, LONGEST_REASON))
    _record(session, actor, "turn_down_rating_scheme", row)


def withdraw_scheme(session: Session, actor: Actor, version: int) -> None:
    """Take one's own draft back (撤回考评方案草稿).

    Raises:
        NotAllowed: somebody else drafted it.
        NotFound, SeenIsStale: as `confirm_scheme`.
    """
    refuse_without(actor, Permission.draft_policy)
    row = _waiting(session, version)
    if row.drafted_by_id != actor.account_id:
        raise NotAllowed(say("只有起草人可以撤回草稿"))
    _decide(session, actor, row, ChangeState.withdrawn, "")
    _record(session, actor, "withdraw_rating_scheme", row)


def _waiting(session: Session, version: int) -> RatingScheme:
    hold_head(session)
    statement = (
        select(RatingScheme)
        .where(col(RatingScheme.version) == version)
        .with_for_update()
        .execution_options(populate_existing=True)
    )
    row: RatingScheme | None = session.execute(statement).scalar_one_or_none()
    if row is None:
        raise NotFound(say("没有第 {version} 版考评方案", version=version))
    if row.state is not ChangeState.drafted:
        decided = change_by(session, row.decided_by_id, row.decided_at_utc)
        raise decided.stale(
            say("未保存：{name}已于 {at} 办理（{state}）", name=decided.by, at=decided.at,
                state=CHANGE_STATE_NAMES[row.state])
        )  # fmt: skip
    return row


def _refuse_drafter(actor: Actor, row: RatingScheme) -> None:
    if barred := barred_from_deciding(actor.account_id, row.drafted_by_id):
        raise NotAllowed(barred)


def _decide(
    session: Session, actor: Actor, row: RatingScheme, to: ChangeState, reason: str
) -> None:
    row.state, row.decided_reason = to, reason
    row.decided_by_id, row.decided_at_utc = actor.account_id, now_utc()
    session.add(row)
    session.flush()


def _record(session: Session, actor: Actor, verb: str, row: RatingScheme) -> None:
    record(session, actor, verb, f"rating_scheme:{row.version}", None, scheme_recorded(row))
