"""Examining and deciding on an application (入会资格审查): a reviewer gives a verdict on every criterion,
the lead decides, two persons of whom neither acted for the applicant."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from sqlalchemy import select
from sqlmodel import Session, col

from models.actions.admission_register import take_into_register
from models.actions.admission_steps import begun, finished, required_reasons
from models.actions.agreement_steps import required_reason
from models.actions.lock_order import lock_parties
from models.clock import today
from models.queries.admission_sight import answers_of, criterion_standings
from models.rules.admission import AdmissionAction
from models.rules.admission_terms import LONGEST_NOTE, CriterionVerdict, note_missing
from models.rules.errors import NotAvailable, NotFound, ReasonMissing
from models.rules.free_text import kept_text
from models.rules.roles import Actor
from models.rules.wording import say
from models.tables.admissions import AdmissionAnswer, Application
from models.tables.organisations import Agency

Verdicts = Mapping[str, tuple[CriterionVerdict, str]]
"""Criterion → what the reviewer finds, and why."""


def examine_criteria(
    session: Session, actor: Actor, number: str, verdicts: Verdicts, seen_version: int
) -> None:
    """Give a verdict on some criteria (填写审查意见); each can be given again until it is passed on.

    Args:
        session: the writing transaction.
        actor: a reviewer who acted nowhere else on this application.
        number: the application.
        verdicts: by the criterion's code; whatever is not met or unknown says why.
        seen_version: the version that was on screen.

    Raises:
        NotFound: as `begun`, or no such criterion.
        SeenIsStale, NotAllowed, NotAvailable: as `begun`.
        ReasonMissing: nothing given, or a verdict without its note.
        TextRefused: a note too long.
    """
    step = begun(session, actor, number, AdmissionAction.examine_criteria, seen_version)
    known = {one.code for one in criterion_standings(session, step.application)}
    if not verdicts:
        raise ReasonMissing(say("请至少填写一项审查意见"))
    if missing := set(verdicts) - known:
        raise NotFound(say("入会条件中没有代码 {code}", code=min(missing)[:8]))
    if codes := note_missing(verdicts):
        raise ReasonMissing(say("条件 {codes} 不符合或待查证，请写明原因", codes=codes))
    said = {
        code: [verdict.value, kept_text(note, LONGEST_NOTE)]
        for code, (verdict, note) in sorted(verdicts.items())
    }
    answers = answers_of(session, step.application)
    for code, (verdict, note) in said.items():
        row = answers.get(code) or AdmissionAnswer(
            application_id=step.application.id or 0, criterion_code=code
        )
        row.verdict, row.note = CriterionVerdict(verdict), note
        row.examined_by_id = actor.account_id
        session.add(row)
    finished(session, actor, step, detail={"verdicts": said})


def return_application(
    session: Session,
    actor: Actor,
    number: str,
    reasons: Iterable[str],
    note: str,
    seen_version: int,
) -> None:
    """Return an application with coded reasons, every criterion looked at first: all faults are
    told at once (退回补正, 一次性告知).

    Raises:
        NotFound, SeenIsStale, NotAvailable: as `begun`.
        NotAllowed: as `begun`, or a criterion has no verdict yet.
        ReasonMissing, TextRefused: no reason or an unknown one, words too long.
    """
    step = begun(session, actor, number, AdmissionAction.return_application, seen_version)
    codes = required_reasons(reasons)
    detail = {"faults": _not_met(session, step.application)}
    kept = kept_text(note, LONGEST_NOTE)
    finished(session, actor, step, reasons=codes, note=kept, detail=detail)


def pass_to_decision(
    session: Session, actor: Actor, number: str, note: str, seen_version: int
) -> None:
    """Pass an examined application on to the lead (送负责人决定), with the reviewer's opinion.

    Raises:
        NotFound, SeenIsStale, NotAvailable: as `begun`.
        NotAllowed: as `begun`, or a criterion has no verdict yet.
        TextRefused: words too long.
    """
    step = begun(session, actor, number, AdmissionAction.pass_to_decision, seen_version)
    detail = {"faults": _not_met(session, step.application)}
    finished(session, actor, step, note=kept_text(note, LONGEST_NOTE), detail=detail)


def recuse_oneself(
    session: Session, actor: Actor, number: str, reason: str, seen_version: int
) -> None:
    """Ask to be left out of an application (申请回避): an applicant that is no agency yet cannot be
    named in a tie.

    Raises:
        NotFound, SeenIsStale, NotAllowed, NotAvailable: as `begun`.
        ReasonMissing, TextRefused: no reason, or one too long.
    """
    step = begun(session, actor, number, AdmissionAction.recuse_oneself, seen_version)
    finished(session, actor, step, note=required_reason(reason))


def ask_review_again(
    session: Session, actor: Actor, number: str, reason: str, seen_version: int
) -> None:
    """Give an application back to its reviewers (退回再审).

    Raises:
        NotFound, SeenIsStale, NotAllowed, NotAvailable: as `begun`.
        ReasonMissing, TextRefused: no reason, or one too long.
    """
    step = begun(session, actor, number, AdmissionAction.ask_review_again, seen_version)
    finished(session, actor, step, note=required_reason(reason))


def admit_agency(
    session: Session,
    actor: Actor,
    number: str,
    services: Iterable[str],
    note: str,
    seen_version: int,
) -> str:
    """Admit an applicant for the services applied for or some of them (准予入会): it stands in the
    register from today on, or its row there is changed.

    Args:
        session: the writing transaction.
        actor: the lead, who neither entered nor examined it.
        number: the application.
        services: at least one of those applied for.
        note: required where fewer are granted, or a criterion's verdict is unknown.
        seen_version: the version that was on screen.

    Returns:
        The agency's code.

    Raises:
        NotFound, SeenIsStale, NotAvailable: as `begun`; or no service, or one not applied for.
        NotAllowed: as `begun`, or a required criterion is not met.
        ReasonMissing, TextRefused: a note is missing, or too long.
    """
    _hold_agency(session, number)
    step = begun(session, actor, number, AdmissionAction.admit_agency, seen_version)
    application, granted = step.application, sorted(set(services))
    if not granted or not set(granted) <= set(application.services):
        raise NotAvailable(say("请从所申请的服务中至少选一项"))
    is_partial = len(granted) < len(application.services)
    if not note.strip() and (is_partial or _is_unknown(session, application)):
        raise ReasonMissing(say("只准入部分服务，或有条件待查证的，请写明理由"))
    kept = kept_text(note, LONGEST_NOTE)
    agency = take_into_register(session, actor, application, frozenset(granted), step.grant)
    changes: dict[str, Any] = {
        "admitted_services": granted, "agency_id": agency.id, "decided_on": today(),
    }  # fmt: skip
    finished(session, actor, step, changes, note=kept)
    return agency.uscc


def refuse_admission(
    session: Session,
    actor: Actor,
    number: str,
    reasons: Iterable[str],
    note: str,
    seen_version: int,
) -> None:
    """Refuse an application with coded reasons (不予准入); it can be taken up again.

    Raises:
        NotFound, SeenIsStale, NotAllowed, NotAvailable: as `begun`.
        ReasonMissing, TextRefused: no reason or an unknown one, words too long.
    """
    step = begun(session, actor, number, AdmissionAction.refuse_admission, seen_version)
    codes = required_reasons(reasons)
    detail = {"faults": _not_met(session, step.application)}
    kept = kept_text(note, LONGEST_NOTE)
    changes = {"decided_on": today()}
    finished(session, actor, step, changes, reasons=codes, note=kept, detail=detail)


# ---------------------------------------------------------------- pieces


def _hold_agency(session: Session, number: str) -> None:
    """Parties are locked before what is theirs: the agency first, where there is one."""
    if number.isprintable():
        code = select(col(Application.uscc)).where(col(Application.number) == number)
        lock_parties(session, Agency, session.execute(code).scalars().all())


def _not_met(session: Session, application: Application) -> list[str]:
    """The criteria that are not met or unknown."""
    return [
        one.code
        for one in criterion_standings(session, application)
        if one.verdict is not CriterionVerdict.met
    ]


def _is_unknown(session: Session, application: Application) -> bool:
    standings = criterion_standings(session, application)
    return any(one.verdict is CriterionVerdict.unknown for one in standings)
