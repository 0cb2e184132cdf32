"""Taking a step of an admission's life (入会): locked, allowed, written as event and link.

Every action on an application is `begun`, changes what it has to, and is `finished`; one on an
agency's qualification is `allowed` and `noted` beside the change of the agency.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
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
    stated,
)
from models.actions.papers import KeptPaper, add_with_papers
from models.actions.record import record
from models.queries.admission_sight import (
    application_standing,
    may_see_application,
    qualification_standing,
)
from models.queries.sealing import recorded
from models.rules.admission import (
    STEP_OF,
    AdmissionAction,
    AdmissionStanding,
    AdmissionStep,
    may_take,
)
from models.rules.admission_terms import LONGEST_NOTE, AdmissionReason, Cause, cause_fault
from models.rules.errors import NotFound, ReasonMissing
from models.rules.free_text import kept_text
from models.rules.roles import Actor, GrantFacts
from models.rules.wording import say
from models.tables.admissions import AdmissionEvent, AdmissionPaper, Application
from models.tables.organisations import Agency

_LIFE = Life(AdmissionEvent, "application_id", STEP_OF)
_QUALIFICATION = Life(AdmissionEvent, "agency_id", STEP_OF)


@dataclass(frozen=True, slots=True)
class Begun:
    """A step that may be taken, its application locked."""

    application: Application
    step: AdmissionStep
    standing: AdmissionStanding
    grant: GrantFacts | None


def begun(
    session: Session, actor: Actor, number: str, action: AdmissionAction, seen_version: int
) -> Begun:
    """Lock an application and go on only if this person may take this step of it now.

    Args:
        session: the writing transaction.
        actor: who acts.
        number: the application.
        action: the step.
        seen_version: the version that was on screen.

    Raises:
        NotFound: no such application, or not for this person: the answer is the same.
        SeenIsStale: somebody changed it meanwhile, with who, what and when.
        NotAllowed: not this person's, in words.
        NotAvailable: the application stands elsewhere.
    """
    application = look_again(session, actor, number, seen_version)
    step, standing = STEP_OF[action], application_standing(session, actor, application)
    return Begun(application, step, standing, _allowed(step, actor, standing))


def look_again(session: Session, actor: Actor, number: str, seen_version: int) -> Application:
    """An application this person may see, locked, if it is still what was on screen.

    Raises:
        NotFound: no such application, or not for this person: the answer is the same.
        SeenIsStale: somebody changed it meanwhile, with who, what and when.
    """
    application = locked(session, Application, number=number)
    if application is None or not may_see_application(actor, application):
        raise NotFound(say("没有编号为 {number} 的入会申请", number=number))
    if application.version != seen_version:
        raise overtaken(last_step(session, _LIFE, application), application.number)
    return application


def finished(
    session: Session,
    actor: Actor,
    step: Begun,
    changes: Mapping[str, Any] | None = None,
    *,
    reasons: Iterable[str] = (),
    note: str = "",
    detail: Mapping[str, Any] | None = None,
    papers: Iterable[KeptPaper] = (),
) -> AdmissionEvent:
    """Write what a step changes, its event with its papers, and its link in the record.

    Args:
        session: the writing transaction.
        actor: who acts.
        step: as `begun` gave it.
        changes: columns of the application as they shall be, its state left to the table.
        reasons: codes of `REASONS`.
        note: words, as kept.
        detail: more facts of the step.
        papers: files that came with it, all for `detail["criterion"]`.
    """
    application, kept = step.application, tuple(papers)
    application.state = step.step.to or application.state
    before, changed = moved_on(session, application, changes or {})
    event = new_event(
        session, actor, _LIFE, application, step.step.action, step.grant,
        to_state=application.state, reasons=list(reasons), note=note, detail=dict(detail or {}),
    )  # fmt: skip
    add_with_papers(
        session, event, AdmissionPaper, "event_id", kept, application_id=application.id,
        criterion_code=event.detail.get("criterion"),
    )  # fmt: skip
    after = recorded(changed) | stated(event, "application_state", kept)
    record(
        session, actor, event.action.value, subject_of_application(application.number),
        recorded(before) or None, after | {"entered_by": application.entered_by_id},
        event.grant_id,
    )  # fmt: skip
    return event


def subject_of_application(number: str) -> str:
    """What the record calls an application: `admission:RH-2026-00001`."""
    return f"admission:{number}"


# ---------------------------------------------------------------- an agency's qualification


def allowed(session: Session, actor: Actor, agency: Agency, action: AdmissionAction) -> GrantFacts:
    """The grant under which this person may take a step of an agency's qualification now.

    Raises:
        NotAllowed: not this person's, in words.
        NotAvailable: the agency stands elsewhere.
    """
    return _allowed(STEP_OF[action], actor, qualification_standing(session, actor, agency))


def noted(
    session: Session,
    actor: Actor,
    agency: Agency,
    action: AdmissionAction,
    grant: GrantFacts,
    *,
    note: str = "",
    detail: Mapping[str, Any] | None = None,
) -> dict[str, Any]:
    """Write the event of a step of an agency's qualification; its link is the agency's own.

    Args:
        session: the writing transaction.
        actor: who acts.
        agency: the agency, locked, before its version rises.
        action: the step.
        grant: as `allowed` gave it.
        note: words, as kept.
        detail: ground, reference, days.

    Returns:
        What the agency's link in the record states of the event.
    """
    to = STEP_OF[action].to
    assert to is not None, "a step of an agency leads somewhere"
    event = new_event(
        session, actor, _QUALIFICATION, agency, action, grant, to_state=to,
        version=agency.version + 1, reasons=[], note=note, detail=dict(detail or {}),
    )  # fmt: skip
    session.add(event)
    session.flush()
    return stated(event, "qualification", ())


def cause_detail(cause: Cause) -> dict[str, str]:
    """A cause as an event states it.

    Raises:
        ReasonMissing: a ground that needs a complaint's or rating's number and has none.
    """
    if fault := cause_fault(cause):
        raise ReasonMissing(fault)
    return {"ground": cause.ground.value, "reference": kept_text(cause.reference, LONGEST_NOTE)}


def required_reasons(given: Iterable[str]) -> tuple[str, ...]:
    """Coded reasons of a return or refusal, each once.

    Raises:
        ReasonMissing: none, or a code that is not in the table.
    """
    reasons = tuple(dict.fromkeys(given))
    if not reasons or not set(reasons) <= set(AdmissionReason):
        raise ReasonMissing(say("请至少选择一项理由"))
    return tuple(AdmissionReason(reason).value for reason in reasons)


# ---------------------------------------------------------------- pieces


def _allowed(step: AdmissionStep, actor: Actor, standing: AdmissionStanding) -> GrantFacts:
    is_elsewhere = standing.state not in step.from_states
    return granted(may_take(step, actor, standing), is_elsewhere=is_elsewhere)
