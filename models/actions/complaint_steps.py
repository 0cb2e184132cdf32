"""Taking a step of a complaint's life (投诉): locked, allowed, written as event and link.

Every action on a complaint is `begun` and `finished`. Words and names stay in the event; the link
in the record holds their digest, and who complains sealed.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import func, select
from sqlmodel import Session, col

from models.actions.agreement_steps import KeptPaper
from models.actions.course import given_reason
from models.actions.record import record
from models.actions.step_guards import at_office
from models.clock import now_utc, today
from models.queries.complaint_sight import complaint_standing, may_see_complaint
from models.queries.sealing import recorded
from models.queries.settings import calendar, whole_number
from models.queries.vouching_conduct import complaint_digest, conduct_event_digest
from models.rules.complaints import (
    COMPLAINT_STEP_OF,
    LONGEST_COMPLAINT,
    ComplaintAction,
    ComplaintSide,
    ComplaintStanding,
    ComplaintStep,
    may_take,
)
from models.rules.errors import (
    NotAllowed,
    NotAvailable,
    NotFound,
    ReasonMissing,
    SeenIsStale,
)
from models.rules.free_text import kept_text
from models.rules.roles import Actor, GrantFacts, Role
from models.rules.wording import say
from models.tables.conduct import Complaint, ComplaintEvent, ComplaintPaper
from models.tables.people import Account

_RECORDED = {"due_on": "next_due_on"}
"""What the record calls a column, where an agreement's has the same name."""


@dataclass(frozen=True, slots=True)
class Begun:
    """A step that may be taken, its complaint locked."""

    complaint: Complaint
    step: ComplaintStep
    standing: ComplaintStanding
    grant: GrantFacts | None


def begun(
    session: Session, actor: Actor, number: str, action: ComplaintAction, seen_version: int
) -> Begun:
    """Lock a complaint and go on only if this person may take this step of it now.

    Args:
        session: the writing transaction.
        actor: who acts.
        number: the complaint.
        action: the step.
        seen_version: the version that was on screen.

    Raises:
        NotFound: no such complaint, or not for this person: the answer is the same.
        SeenIsStale: somebody changed it meanwhile, with who, what and when.
        NotAllowed: not this person's, in words.
        NotAvailable: the complaint stands elsewhere.
    """
    complaint = locked_complaint(session, actor, number)
    _refuse_unseen(session, actor, complaint, seen_version)
    step, standing = COMPLAINT_STEP_OF[action], complaint_standing(session, actor, complaint)
    answer = may_take(step, actor, standing)
    if not answer.is_allowed:
        words = given_reason(answer.reason)
        is_elsewhere = standing.state not in step.from_states
        raise NotAvailable(words) if is_elsewhere else NotAllowed(words)
    return Begun(complaint, step, standing, answer.grant)


def look_again(session: Session, actor: Actor, number: str, seen_version: int) -> None:
    """Tell somebody who acts on what was on screen earlier what has changed since.

    Raises:
        NotFound: no such complaint, or not for this person.
        SeenIsStale: somebody changed it meanwhile, with who, what and when.
    """
    _refuse_unseen(session, actor, locked_complaint(session, actor, number), seen_version)


def locked_complaint(session: Session, actor: Actor, number: str) -> Complaint:
    """A complaint this person may see, locked.

    Raises:
        NotFound: no such complaint, or not for this person: the answer is the same.
    """
    missing = NotFound(say("没有编号为 {number} 的投诉", number=number[:24]))
    if not number.isprintable():
        raise missing
    statement = (
        select(Complaint)
        .where(col(Complaint.number) == number)
        .with_for_update(key_share=True)
        .execution_options(populate_existing=True)
    )
    complaint: Complaint | None = session.execute(statement).scalar_one_or_none()
    if complaint is None or not may_see_complaint(actor, complaint):
        raise missing
    return complaint


def finished(
    session: Session,
    actor: Actor,
    step: Begun,
    changes: Mapping[str, Any],
    *,
    note: str = "",
    stated: Mapping[str, Any] | None = None,
    papers: Iterable[KeptPaper] = (),
) -> ComplaintEvent:
    """Write what a step changes, its event with its papers, and its link in the record.

    Args:
        session: the writing transaction.
        actor: who acts.
        step: as `begun` gave it.
        changes: columns of the complaint as they shall be, besides its state.
        note: words, as kept.
        stated: more that the link says of the step.
        papers: files that came with it.
    """
    complaint, kept = step.complaint, tuple(papers)
    for name, value in {**changes, "state": step.step.to}.items():
        setattr(complaint, name, value)
    complaint.version += 1 if step.step.from_states else 0
    complaint.changed_at_utc = now_utc()
    session.add(complaint)
    session.flush()
    event = _event(session, actor, step, note)
    _add_papers(session, event, kept)
    facts = {_RECORDED.get(name, name): value for name, value in changes.items()}
    after = recorded(facts) | dict(stated or {}) | {
        "event": event.position,
        "complaint_state": event.to_state.value,
        "digest": conduct_event_digest(event, [(paper.name, paper.sha256) for paper in kept]),
    }  # fmt: skip
    if event.is_on_behalf:
        after["on_behalf"] = 1
    subject = subject_of_complaint(complaint.number)
    record(session, actor, event.action.value, subject, None, after, event.grant_id)
    return event


def subject_of_complaint(number: str) -> str:
    """What the record calls a complaint: `complaint:TS-2026-00001`."""
    return f"complaint:{number}"


def required_words(written: str) -> str:
    """What is said with a step, as it is kept.

    Raises:
        ReasonMissing, TextRefused: nothing, or too much.
    """
    said = kept_text(written, LONGEST_COMPLAINT)
    if not said:
        raise ReasonMissing(say("请写明理由和事实"))
    return said


def due(session: Session, key: str) -> date:
    """The last day that is in time for the next step, so many working days (a setting) from
    today."""
    return calendar(session).add_working_days(today(), whole_number(session, key))


# ---------------------------------------------------------------- pieces


def _refuse_unseen(session: Session, actor: Actor, complaint: Complaint, seen_version: int) -> None:
    """Who changed it is named to the alliance only: a party must not learn who complains."""
    if complaint.version == seen_version:
        return
    action, at_utc, name = session.execute(
        select(ComplaintEvent.action, ComplaintEvent.at_utc, Account.display_name)
        .join(Account, col(Account.id) == ComplaintEvent.account_id)
        .where(col(ComplaintEvent.complaint_id) == complaint.id)
        .order_by(col(ComplaintEvent.position).desc())
        .limit(1)
    ).one()
    is_party = not actor.roles.isdisjoint({Role.agency, Role.enterprise})
    who = say("他人") if is_party else name
    words = say(
        "未保存：{name}已于 {at} 对 {number} “{what}”，请核对最新内容",
        name=who, at=at_office(at_utc), number=complaint.number,
        what=COMPLAINT_STEP_OF[action].name,
    )  # fmt: skip
    raise SeenIsStale(words, changed_by=who, changed_at_utc=at_utc)


def _event(session: Session, actor: Actor, step: Begun, note: str) -> ComplaintEvent:
    complaint = step.complaint
    last = select(func.max(ComplaintEvent.position)).where(
        col(ComplaintEvent.complaint_id) == complaint.id
    )
    is_alliance = not actor.roles.isdisjoint({Role.alliance_reviewer, Role.alliance_lead})
    event = ComplaintEvent(
        complaint_id=complaint.id or 0,
        position=(session.execute(last).scalar_one() or 0) + 1,
        action=step.step.action,
        to_state=complaint.state,
        account_id=actor.account_id,
        grant_id=step.grant.id if step.grant else None,
        at_utc=now_utc(),
        version=complaint.version,
        is_on_behalf=is_alliance and ComplaintSide.complainant in step.step.sides,
        note=note,
        own_digest=complaint_digest(complaint),
    )
    session.add(event)
    session.flush()
    return event


def _add_papers(session: Session, event: ComplaintEvent, papers: Iterable[KeptPaper]) -> None:
    for paper in papers:
        session.add(
            ComplaintPaper(
                event_id=event.id or 0, file_name=paper.name, media_type=paper.media_type,
                size_bytes=paper.size_bytes, sha256=paper.sha256,
            )
        )  # fmt: skip
    session.flush()
