"""Taking a step of a complaint's life (投诉): locked, allowed, written as event and link.

Every action on a complaint is `begun` and `finished`. Words and names stay in the event; the link
in the record holds their digest, and who complains sealed.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import date
from typing import Any

from sqlmodel import Session

from models.actions.lives import (
    Life,
    granted,
    last_step,
    locked,
    moved_on,
    new_event,
    overtaken,
)
from models.actions.papers import KeptPaper, add_with_papers
from models.actions.reasons import required_text
from models.actions.record import record
from models.clock import today
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
from models.rules.errors import NotFound
from models.rules.roles import Actor, GrantFacts, Role
from models.rules.wording import say
from models.tables.conduct import Complaint, ComplaintEvent, ComplaintPaper

_LIFE = Life(ComplaintEvent, "complaint_id", COMPLAINT_STEP_OF)
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
    complaint = look_again(session, actor, number, seen_version)
    step, standing = COMPLAINT_STEP_OF[action], complaint_standing(session, actor, complaint)
    is_elsewhere = standing.state not in step.from_states
    grant = granted(may_take(step, actor, standing), is_elsewhere=is_elsewhere)
    return Begun(complaint, step, standing, grant)


def look_again(session: Session, actor: Actor, number: str, seen_version: int) -> Complaint:
    """A complaint this person may see, locked, if it is still what was on screen. Who changed it is
    named to the alliance only: a party must not learn who complains.

    Raises:
        NotFound: no such complaint, or not for this person: the answer is the same.
        SeenIsStale: somebody changed it meanwhile, with who, what and when.
    """
    complaint = locked(session, Complaint, number=number)
    if complaint is None or not may_see_complaint(actor, complaint):
        raise NotFound(say("没有编号为 {number} 的投诉", number=number[:24]))
    if complaint.version != seen_version:
        last = last_step(session, _LIFE, complaint)
        is_party = not actor.roles.isdisjoint({Role.agency, Role.enterprise})
        shown = replace(last, by=say("他人")) if is_party else last
        raise overtaken(shown, complaint.number)
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
    if step.step.from_states:  # a filing wrote its row as it stands
        moved_on(session, complaint, {**changes, "state": step.step.to})
    is_alliance = not actor.roles.isdisjoint({Role.alliance_reviewer, Role.alliance_lead})
    event = new_event(
        session, actor, _LIFE, complaint, step.step.action, step.grant, to_state=complaint.state,
        is_on_behalf=is_alliance and ComplaintSide.complainant in step.step.sides, note=note,
        own_digest=complaint_digest(complaint),
    )  # fmt: skip
    add_with_papers(session, event, ComplaintPaper, "event_id", kept)
    facts = {_RECORDED.get(name, name): value for name, value in changes.items()}
    after = recorded(facts) | dict(stated or {}) | {
        "event": event.position,
        "complaint_state": event.to_state.value,
        "digest": conduct_event_digest(event, [paper.stated for paper in kept]),
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
    return required_text(written, LONGEST_COMPLAINT, say("请写明理由和事实"))


def due(session: Session, key: str) -> date:
    """The last day that is in time for the next step, so many working days (a setting) from
    today."""
    return calendar(session).add_working_days(today(), whole_number(session, key))
