"""One application's card (入会申请卡片): what it says, every criterion with answer, papers and verdict,
history, and the steps this person may take; an agency's qualification; a paper by its number."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from datetime import date
from typing import TypeAlias

from sqlalchemy import ColumnElement, or_, select
from sqlmodel import Session, col

from models.queries.admission_entry import faults_before_handing_in
from models.queries.admission_sight import (
    answers_of,
    application_standing,
    criteria_of,
    may_see_application,
    papers_of_application,
)
from models.queries.admissions import AdmissionRow
from models.queries.life_lines import NextStep, PaperLine, TakenStep, taken_steps
from models.queries.visibility import account_shown, sight_of_agency
from models.rules.admission import (
    LIFE,
    AdmissionAction,
    AdmissionState,
    desks_of,
    may_take,
)
from models.rules.admission_terms import CriterionVerdict
from models.rules.errors import NotFound
from models.rules.membership import Fault
from models.rules.roles import Actor, Permission
from models.rules.wording import say
from models.tables.admissions import (
    AdmissionCriterion,
    AdmissionEvent,
    AdmissionPaper,
    Application,
)
from models.tables.organisations import Agency
from models.tables.people import Account

AdmissionEventLine: TypeAlias = TakenStep[AdmissionAction, AdmissionState]
"""One step, with who took it and the papers that came with it."""


@dataclass(frozen=True, slots=True)
class CriterionLine:
    """A criterion with what stands against it.

    Attributes:
        text: the criterion as it is worded.
        examined_by: who gave the verdict; empty where there is none.
    """

    code: str
    text: AdmissionCriterion
    is_required: bool
    answer: str
    papers: tuple[PaperLine, ...]
    verdict: CriterionVerdict | None
    note: str
    examined_by: str


@dataclass(frozen=True, slots=True)
class AdmissionCard:
    """One application with all that is on record.

    Attributes:
        payee_account: in full or masked.
        has_account: whether it is in full.
        agency_uscc: the agency's code where it is in the register; else empty.
        faults: what is missing before it can be handed in; only while it is with the applicant.
        steps: those of this person's desks, in the table's order; empty for a reader.
        events: the newest first, at most `SHOWN_EVENTS`.
    """

    row: AdmissionRow
    registered_on: date | None
    staff_count: int | None
    contact_name: str
    contact_phone: str
    payee_name: str
    payee_bank: str
    payee_account: str
    has_account: bool
    agency_uscc: str
    entered_by: str
    version: int
    criteria: tuple[CriterionLine, ...]
    faults: tuple[Fault, ...]
    steps: tuple[NextStep[AdmissionAction], ...]
    events: tuple[AdmissionEventLine, ...]

    def may(self, action: AdmissionAction) -> bool:
        """Whether this person may take a step now."""
        return any(step.action is action and step.is_open for step in self.steps)


def admission_card(session: Session, actor: Actor, number: str) -> AdmissionCard:
    """One application's card, by its number.

    Args:
        session: any transaction.
        actor: who asks.
        number: the application.

    Raises:
        NotFound: no such application, or not for this person: the answer is the same.
    """
    missing = NotFound(say("没有编号为 {number} 的入会申请", number=number))
    if not number.isprintable():
        raise missing
    found = session.execute(select(Application).where(col(Application.number) == number))
    one: Application | None = found.scalar_one_or_none()
    if one is None or not may_see_application(actor, one):
        raise missing
    sight = sight_of_agency(actor, one.agency_id)
    agency = session.get(Agency, one.agency_id) if one.agency_id else None
    return AdmissionCard(
        row=AdmissionRow(
            one.number, one.kind, one.name, one.uscc, tuple(one.services), one.state,
            one.is_on_behalf, one.applied_on, one.decided_on, tuple(one.admitted_services),
        ),
        registered_on=one.registered_on,
        staff_count=one.staff_count,
        contact_name=one.contact_name,
        contact_phone=one.contact_phone,
        payee_name=one.payee_name,
        payee_bank=one.payee_bank,
        payee_account=account_shown(one.payee_account, sight),
        has_account=sight.has_account,
        agency_uscc=agency.uscc if agency else "",
        entered_by=session.get_one(Account, one.entered_by_id).display_name,
        version=one.version,
        criteria=_criteria(session, one),
        faults=_faults(session, one),
        steps=_steps(session, actor, one),
        events=_events(session, col(AdmissionEvent.application_id) == one.id),
    )  # fmt: skip


def qualification_events(
    session: Session, actor: Actor, agency_id: int
) -> tuple[AdmissionEventLine, ...]:
    """What was decided on an agency's qualification (资格变动), the newest first: its admissions, the
    suspensions, lifting them, leaving. For who keeps the register and the agency itself."""
    may_see = actor.may(Permission.see_admissions)
    if not may_see or not sight_of_agency(actor, agency_id).has_contacts:
        return ()
    admitted = (
        select(AdmissionEvent.id)
        .join(Application, col(Application.id) == AdmissionEvent.application_id)
        .where(
            col(Application.agency_id) == agency_id,
            col(AdmissionEvent.action) == AdmissionAction.admit_agency,
        )
    )
    return _events(
        session,
        or_(col(AdmissionEvent.agency_id) == agency_id, col(AdmissionEvent.id).in_(admitted)),
    )


def viewable_admission_paper(
    session: Session, actor: Actor, paper_id: int
) -> AdmissionPaper | None:
    """A paper of an application, for who may see it; `None` both when there is none and when they
    may not."""
    statement = (
        select(AdmissionPaper, Application)
        .join(Application, col(Application.id) == AdmissionPaper.application_id)
        .where(col(AdmissionPaper.id) == paper_id)
    )
    found = session.execute(statement).one_or_none()
    if found is None or not may_see_application(actor, found.Application):
        return None
    paper: AdmissionPaper = found.AdmissionPaper
    return paper


# ---------------------------------------------------------------- pieces

_WITH_APPLICANT = frozenset({AdmissionState.draft, AdmissionState.returned})


def _criteria(session: Session, application: Application) -> tuple[CriterionLine, ...]:
    answers, papers = answers_of(session, application), defaultdict(list)
    for paper in papers_of_application(session, application):
        papers[paper.criterion_code].append(
            PaperLine(paper.id or 0, paper.file_name, paper.size_bytes)
        )
    examiners = {row.examined_by_id for row in answers.values() if row.examined_by_id}
    names = select(col(Account.id), col(Account.display_name)).where(col(Account.id).in_(examiners))
    called: dict[int | None, str] = dict(session.execute(names).all())
    lines = []
    for criterion in criteria_of(session, application):
        answer = answers.get(criterion.code)
        lines.append(
            CriterionLine(
                criterion.code, criterion, criterion.is_required,
                answer.answer if answer else "", tuple(papers[criterion.code]),
                answer.verdict if answer else None, answer.note if answer else "",
                called.get(answer.examined_by_id, "") if answer else "",
            )
        )  # fmt: skip
    return tuple(lines)


def _faults(session: Session, application: Application) -> tuple[Fault, ...]:
    if application.state not in _WITH_APPLICANT:
        return ()
    return faults_before_handing_in(session, application)


def _steps(
    session: Session, actor: Actor, application: Application
) -> tuple[NextStep[AdmissionAction], ...]:
    """The steps of this person's desks that exist where the application stands; asking to be left
    out is offered to who may still act."""
    standing = application_standing(session, actor, application)
    desks = desks_of(actor, standing)
    steps: list[NextStep[AdmissionAction]] = []
    for step in LIFE:
        if step.of_agency or standing.state not in step.from_states:
            continue
        if step.action is AdmissionAction.recuse_oneself:
            if may_take(step, actor, standing).is_allowed and not standing.acted_at:
                steps.append(NextStep(step.action, step.name, None))
        elif step.desk in desks:
            answer = may_take(step, actor, standing)
            steps.append(NextStep(step.action, step.name, answer.reason))
    return tuple(steps)


def _events(session: Session, of: ColumnElement[bool]) -> tuple[AdmissionEventLine, ...]:
    return taken_steps(session, AdmissionEvent, AdmissionPaper, of)
