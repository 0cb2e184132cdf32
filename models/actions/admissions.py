"""Applying for admission (入会申请): entered by an agency for itself, or by the alliance on behalf of
an organisation that has no account yet, which the record says; handed in whole, every fault told at
once."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from typing import Any

from sqlalchemy import select, update
from sqlmodel import Session, col

from models.actions.admission_steps import Begun, begun, finished
from models.actions.agreement_steps import required_reason
from models.actions.lock_order import turn_to_file
from models.actions.numbering import next_number
from models.actions.papers import Files, accepted_papers
from models.clock import now_utc, today
from models.queries.admission_entry import faults_before_handing_in
from models.queries.admission_sight import criteria_of, papers_of_application
from models.queries.visibility import refuse_without
from models.rules.admission import (
    ON_BEHALF,
    OPEN,
    STEP_OF,
    AdmissionAction,
    AdmissionKind,
    AdmissionStanding,
    AdmissionState,
)
from models.rules.admission_terms import (
    LONGEST_ANSWER,
    ApplicationEntry,
    entry_faults,
    entry_in_one_spelling,
)
from models.rules.errors import AlreadyDone, NotAllowed, NotAvailable, NotFound
from models.rules.free_text import kept_text
from models.rules.roles import Actor, Permission, Role
from models.rules.wording import say
from models.tables.admissions import AdmissionAnswer, AdmissionPaper, Application
from models.tables.organisations import Admission, Agency

SERIES = "RH"
"""The series of the applications' numbers (入会)."""


def enter_application(session: Session, actor: Actor, entry: ApplicationEntry) -> str:
    """Enter an application (填报入会申请): for one's own agency, or on behalf of another organisation.

    Args:
        session: the writing transaction.
        actor: somebody of an agency, which applies for further services or comes back; or the
            alliance, on behalf of whom the code names.
        entry: what is said of it; of an agency in the register, name and registration stay.

    Returns:
        Its number, `RH-2026-00001`.

    Raises:
        NotAllowed: the actor speaks for no agency and is not the alliance.
        NotAvailable: the code or another field cannot be kept; all faults are told.
        AlreadyDone: an application of this organisation is under way, also when two enter one at
            the same moment.
    """
    refuse_without(actor, Permission.enter_admissions)
    turn_to_file(session)
    own = _own_agency(session, actor)
    entry = entry_in_one_spelling(replace(entry, uscc=own.uscc) if own else entry)
    agency = own or _agency_of(session, entry.uscc)
    values = _kept(agency, entry)
    _refuse_another(session, entry.uscc)
    application = Application(
        number=next_number(session, SERIES, today().year),
        kind=_kind(agency),
        state=AdmissionState.draft,
        uscc=entry.uscc,
        agency_id=agency.id if agency else None,
        is_on_behalf=own is None,
        entered_by_id=actor.account_id,
        admitted_services=[],
        name="",
        services=[],
        changed_at_utc=now_utc(),
    )
    session.add(application)
    session.flush()
    standing = AdmissionStanding(application.state, is_own=own is not None, is_on_behalf=not own)
    step = STEP_OF[AdmissionAction.enter_application]
    grant = actor.grant_for({Role.agency} if own else ON_BEHALF)
    stated = {
        "kind": application.kind.value, "uscc": application.uscc,
        "agency_id": application.agency_id, "on_behalf": int(application.is_on_behalf),
    }  # fmt: skip
    finished(session, actor, Begun(application, step, standing, grant), values, detail=stated)
    return application.number


def edit_application(
    session: Session, actor: Actor, number: str, entry: ApplicationEntry, seen_version: int
) -> None:
    """Change what an application says, before it is handed in or after it came back (修改入会申请); the
    code stays.

    Raises:
        NotFound, SeenIsStale, NotAllowed, NotAvailable: as `begun`; or a field cannot be kept.
    """
    step = begun(session, actor, number, AdmissionAction.edit_application, seen_version)
    own = replace(entry, uscc=step.application.uscc)
    agency = _agency_of(session, step.application.uscc)
    finished(session, actor, step, _kept(agency, entry_in_one_spelling(own)))


def answer_criterion(
    session: Session,
    actor: Actor,
    number: str,
    code: str,
    answer: str,
    papers: Files,
    seen_version: int,
    dropped: Iterable[int] = (),
) -> None:
    """Say something of one criterion, with its papers (填报入会条件): its verdict is taken anew.

    Args:
        session: the writing transaction.
        actor: the applicant's side.
        number: the application.
        code: of the criterion.
        answer: in words.
        papers: name and content of each new paper.
        seen_version: the version that was on screen.
        dropped: papers of this criterion that count no more.

    Raises:
        NotFound: as `begun`; no such criterion, or no such paper of it.
        SeenIsStale, NotAllowed, NotAvailable: as `begun`.
        FileRefused, TextRefused: a paper that is not accepted, words too long.
    """
    step = begun(session, actor, number, AdmissionAction.answer_criterion, seen_version)
    if code not in {one.code for one in criteria_of(session, step.application)}:
        raise NotFound(say("入会条件中没有代码 {code}", code=code[:8]))
    said = kept_text(answer, LONGEST_ANSWER)
    gone = _dropped(session, step.application, code, dropped)
    kept = accepted_papers(session, papers)
    session.merge(
        AdmissionAnswer(
            application_id=step.application.id or 0, criterion_code=code, answer=said,
            verdict=None, note="", examined_by_id=None,
        )
    )  # fmt: skip
    detail = {"criterion": code, "answer": said, "dropped": gone}
    finished(session, actor, step, detail=detail, papers=kept)


def apply_for_admission(session: Session, actor: Actor, number: str, seen_version: int) -> None:
    """Hand an application in (提交入会申请): every paper is asked for once, here.

    Raises:
        NotFound, SeenIsStale, NotAllowed: as `begun`.
        NotAvailable: it stands elsewhere, or something is missing: all of it is told.
    """
    step = begun(session, actor, number, AdmissionAction.apply_for_admission, seen_version)
    faults = [fault for fault in faults_before_handing_in(session, step.application)
              if fault.is_blocking]  # fmt: skip
    if faults:
        words = tuple(fault.words for fault in faults)
        raise NotAvailable(say("申请尚不能提交：{faults}", faults=words))
    finished(session, actor, step, {"applied_on": today()})


def take_back_application(session: Session, actor: Actor, number: str, seen_version: int) -> None:
    """Take an application back before anybody has decided on it (收回入会申请): it is a draft again.

    Raises:
        NotFound, SeenIsStale, NotAllowed, NotAvailable: as `begun`.
    """
    step = begun(session, actor, number, AdmissionAction.take_back_application, seen_version)
    finished(session, actor, step)


def give_up_application(
    session: Session, actor: Actor, number: str, reason: str, seen_version: int
) -> None:
    """Give an application up (撤销入会申请); it stays to be read and can be taken up again.

    Raises:
        NotFound, SeenIsStale, NotAllowed, NotAvailable: as `begun`.
        ReasonMissing, TextRefused: no reason, or one too long.
    """
    step = begun(session, actor, number, AdmissionAction.give_up_application, seen_version)
    finished(session, actor, step, note=required_reason(reason))


def apply_again(session: Session, actor: Actor, number: str, seen_version: int) -> None:
    """Take up an application that was refused or given up (再次申请): it is a draft again, with its
    answers and papers; every criterion is examined anew.

    Raises:
        NotFound, SeenIsStale, NotAllowed, NotAvailable: as `begun`.
        AlreadyDone: another application of this organisation is under way.
    """
    turn_to_file(session)
    step = begun(session, actor, number, AdmissionAction.apply_again, seen_version)
    application = step.application
    _refuse_another(session, application.uscc)
    session.execute(
        update(AdmissionAnswer)
        .where(col(AdmissionAnswer.application_id) == application.id)
        .values(verdict=None, note="", examined_by_id=None)
    )
    agency = _agency_of(session, application.uscc)
    changes = {
        "decided_on": None, "kind": _kind(agency), "agency_id": agency.id if agency else None,
    }  # fmt: skip
    finished(session, actor, step, changes)


# ---------------------------------------------------------------- pieces


def _own_agency(session: Session, actor: Actor) -> Agency | None:
    """The agency one applies for oneself; `None` where the alliance does it for another."""
    if Role.agency in actor.roles:
        if actor.agency_id is None:
            raise NotAllowed(say("您的账号没有关联服务机构，不能填报入会申请"))
        return session.get_one(Agency, actor.agency_id)
    return None


def _agency_of(session: Session, uscc: str) -> Agency | None:
    found = session.execute(select(Agency).where(col(Agency.uscc) == uscc))
    agency: Agency | None = found.scalar_one_or_none()
    return agency


def _kind(agency: Agency | None) -> AdmissionKind:
    if agency is None or agency.admission is Admission.applied:
        return AdmissionKind.first
    is_removed = agency.admission is Admission.removed
    return AdmissionKind.rejoin if is_removed else AdmissionKind.extend


def _kept(agency: Agency | None, entry: ApplicationEntry) -> dict[str, Any]:
    """An entry as columns; of an agency in the register, name and registration are the
    register's."""
    if agency is not None:
        entry = replace(
            entry,
            name=agency.name,
            registered_on=agency.registered_on or entry.registered_on,
        )
    faults = tuple(fault.words for fault in entry_faults(entry, today()))
    if faults:
        raise NotAvailable(say("申请内容有误：{faults}", faults=faults))
    values: dict[str, Any] = {
        name: getattr(entry, name)
        for name in ApplicationEntry.__slots__
        if name not in ("uscc", "services", "payee_account")
    }
    if entry.payee_account is not None:
        values["payee_account"] = entry.payee_account
    return values | {"services": list(entry.services)}


def _refuse_another(session: Session, uscc: str) -> None:
    """One application of an organisation at a time; the turn to file is held."""
    statement = select(col(Application.number)).where(
        col(Application.uscc) == uscc, col(Application.state).in_(OPEN)
    )
    number = session.execute(statement).scalar_one_or_none()
    if number is not None:
        raise AlreadyDone(say("该单位已有在办的入会申请 {number}，请在该申请中办理", number=number))


def _dropped(
    session: Session, application: Application, code: str, dropped: Iterable[int]
) -> list[int]:
    """Mark papers of a criterion as replaced; their numbers."""
    papers = {
        paper.id: paper
        for paper in papers_of_application(session, application)
        if paper.criterion_code == code
    }
    gone = sorted(set(dropped))
    for id_ in gone:
        paper: AdmissionPaper | None = papers.get(id_)
        if paper is None:
            raise NotFound(say("这份材料不在该条件下，或已移除"))
        paper.is_dropped = True
        session.add(paper)
    return gone
