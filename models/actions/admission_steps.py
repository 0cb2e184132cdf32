"""Taking a step of an admission's life (入会): locked, allowed, written as event and link.

Every action on an application is `begun`, changes what it has to, and is `finished`; one on an
agency's qualification is `allowed` and `noted` beside the change of the agency.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from sqlalchemy import select
from sqlmodel import Session, col

from models.actions.agreement_steps import KeptPaper
from models.actions.course import given_reason
from models.actions.record import record
from models.actions.step_guards import at_office
from models.clock import now_utc
from models.queries.admission_sight import (
    application_standing,
    last_position,
    may_see_application,
    qualification_standing,
)
from models.queries.sealing import recorded
from models.queries.vouching_admissions import admission_digest
from models.rules.admission import (
    STEP_OF,
    AdmissionAction,
    AdmissionStanding,
    AdmissionStep,
    may_take,
)
from models.rules.admission_terms import LONGEST_NOTE, AdmissionReason, Cause, cause_fault
from models.rules.errors import NotAllowed, NotAvailable, NotFound, ReasonMissing, SeenIsStale
from models.rules.free_text import kept_text
from models.rules.roles import OFFICE_NAMES, Actor, GrantFacts, Office
from models.rules.wording import Wording, say
from models.tables.admissions import AdmissionEvent, AdmissionPaper, Application
from models.tables.organisations import Agency
from models.tables.people import Account


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
    application = locked_application(session, actor, number)
    refuse_unseen(session, application, seen_version)
    step, standing = STEP_OF[action], application_standing(session, actor, application)
    return Begun(application, step, standing, _allowed(step, actor, standing))


def look_again(session: Session, actor: Actor, number: str, seen_version: int) -> None:
    """Tell somebody who acts on what was on screen earlier what has changed since.

    Raises:
        NotFound: no such application, or not for this person.
        SeenIsStale: somebody changed it meanwhile, with who, what and when.
    """
    refuse_unseen(session, locked_application(session, actor, number), seen_version)


def locked_application(session: Session, actor: Actor, number: str) -> Application:
    """An application this person may see, locked.

    Raises:
        NotFound: no such application, or not for this person: the answer is the same.
    """
    missing = NotFound(say("没有编号为 {number} 的入会申请", number=number))
    if not number.isprintable():
        raise missing
    statement = (
        select(Application)
        .where(col(Application.number) == number)
        .with_for_update(key_share=True)
        .execution_options(populate_existing=True)
    )
    application: Application | None = session.execute(statement).scalar_one_or_none()
    if application is None or not may_see_application(actor, application):
        raise missing
    return application


def refuse_unseen(session: Session, application: Application, seen_version: int) -> None:
    """Go on only if the application is still what was on screen.

    Raises:
        SeenIsStale: somebody changed it meanwhile, with who, what and when.
    """
    if application.version == seen_version:
        return
    last = session.execute(
        select(AdmissionEvent.action, AdmissionEvent.at_utc, Account.display_name)
        .outerjoin(Account, col(Account.id) == AdmissionEvent.account_id)
        .where(col(AdmissionEvent.application_id) == application.id)
        .order_by(col(AdmissionEvent.position).desc())
        .limit(1)
    ).one()
    name: Wording | str = last.display_name or OFFICE_NAMES[Office.system]
    words = say(
        "未保存：{name}已于 {at} 对 {number} “{what}”，请核对最新内容",
        name=name, at=at_office(last.at_utc), number=application.number,
        what=STEP_OF[last.action].name,
    )  # fmt: skip
    raise SeenIsStale(words, changed_by=name, changed_at_utc=last.at_utc)


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
    before, changed = _changed(session, step, changes or {})
    event = AdmissionEvent(
        application_id=application.id,
        position=last_position(session, col(AdmissionEvent.application_id) == application.id) + 1,
        action=step.step.action,
        to_state=application.state,
        account_id=actor.account_id,
        grant_id=step.grant.id if step.grant else None,
        at_utc=now_utc(),
        version=application.version,
        reasons=list(reasons),
        note=note,
        detail=dict(detail or {}),
    )
    session.add(event)
    session.flush()
    _add_papers(session, application, event, kept)
    after = recorded(changed) | _stated(event, kept) | {"entered_by": application.entered_by_id}
    record(
        session, actor, event.action.value, subject_of_application(application.number),
        recorded(before) or None, after, event.grant_id,
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
    standing = qualification_standing(session, actor, agency)
    grant = _allowed(STEP_OF[action], actor, standing)
    assert grant is not None, "every step of the table is taken under a role"
    return grant


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
    event = AdmissionEvent(
        agency_id=agency.id,
        position=last_position(session, col(AdmissionEvent.agency_id) == agency.id) + 1,
        action=action,
        to_state=to,
        account_id=actor.account_id,
        grant_id=grant.id,
        at_utc=now_utc(),
        version=agency.version + 1,
        reasons=[],
        note=note,
        detail=dict(detail or {}),
    )
    session.add(event)
    session.flush()
    return _stated(event, ())


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


def _allowed(step: AdmissionStep, actor: Actor, standing: AdmissionStanding) -> GrantFacts | None:
    answer = may_take(step, actor, standing)
    if answer.is_allowed:
        return answer.grant
    words = given_reason(answer.reason)
    is_elsewhere = standing.state not in step.from_states
    raise NotAvailable(words) if is_elsewhere else NotAllowed(words)


def _changed(
    session: Session, step: Begun, changes: Mapping[str, Any]
) -> tuple[dict[str, Any], dict[str, Any]]:
    """Set what differs, the state among it, and raise the version; the columns as they were, and as
    they are."""
    application = step.application
    application.state = step.step.to or application.state
    changed = {
        name: value for name, value in changes.items() if getattr(application, name) != value
    }
    before = {name: getattr(application, name) for name in changed}
    for name, value in changed.items():
        setattr(application, name, value)
    application.version += 1
    application.changed_at_utc = now_utc()
    session.add(application)
    session.flush()
    return before, changed


def _stated(event: AdmissionEvent, papers: Iterable[KeptPaper]) -> dict[str, Any]:
    """What the record says of an event besides the columns it changed."""
    name = "application_state" if event.application_id else "qualification"
    stated = event.detail | {
        "event": event.position,
        name: event.to_state.value,
        "digest": admission_digest(event, [(paper.name, paper.sha256) for paper in papers]),
    }
    if event.reasons:
        stated["reasons"] = event.reasons
    return stated | ({"note": event.note} if event.note else {})


def _add_papers(
    session: Session, application: Application, event: AdmissionEvent, papers: Iterable[KeptPaper]
) -> None:
    for paper in papers:
        session.add(
            AdmissionPaper(
                event_id=event.id or 0, application_id=application.id or 0,
                criterion_code=event.detail["criterion"], file_name=paper.name,
                media_type=paper.media_type, size_bytes=paper.size_bytes, sha256=paper.sha256,
            )
        )  # fmt: skip
    session.flush()
