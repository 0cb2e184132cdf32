"""One complaint (投诉): what was said and answered, every step with its papers, and what this person
may do now."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import select
from sqlmodel import Session, col

from models.queries.complaint_sight import (
    complaint_standing,
    is_complainant,
    knows_complainant,
    may_see_complaint,
    sees_all_complaints,
)
from models.queries.complaints import ComplaintRow, complaint_row
from models.queries.life_lines import NextStep
from models.queries.objections import PaperLine
from models.queries.settings import calendar, whole_number
from models.queries.visibility import refuse_without
from models.rules.complaints import (
    COMPLAINT_STEP_OF,
    COMPLAINT_STEPS,
    ComplaintAction,
    ComplaintSide,
    ComplaintState,
    may_take,
    sides_of,
)
from models.rules.errors import NotFound
from models.rules.roles import Actor, Permission, Role
from models.rules.wording import say
from models.tables.agreements import Agreement
from models.tables.conduct import Complaint, ComplaintEvent, ComplaintPaper
from models.tables.organisations import Agency
from models.tables.people import Account

_BEFORE_THE_AGENCY = (ComplaintAction.turn_away_complaint, ComplaintAction.appeal_refusal)
"""Steps the agency is not told of: they lie before the acceptance."""


@dataclass(frozen=True, slots=True)
class ComplaintEventLine:
    """One step in the history.

    Attributes:
        side: on whose part it was taken.
        by: who took it; empty for the parties, who are told the side alone.
    """

    action: ComplaintAction
    to_state: ComplaintState
    side: ComplaintSide
    by: str
    at_utc: datetime
    is_on_behalf: bool
    note: str
    papers: tuple[PaperLine, ...]


@dataclass(frozen=True, slots=True)
class ComplaintCard:
    """One complaint as this person may read it.

    Attributes:
        said: what is complained of.
        accepted_on, answered_on: the days of these steps.
        answer_due_on: the last day in time for the agency's answer.
        appeal_until: the last day for asking for a review; `None` where there is none any more.
        is_protected: who complains is not told to this person.
        steps: those of this person's sides, in the table's order; empty for a reader.
        events: the oldest first.
    """

    row: ComplaintRow
    said: str
    accepted_on: date | None
    answered_on: date | None
    answer_due_on: date | None
    appeal_until: date | None
    was_reopened: bool
    is_protected: bool
    version: int
    steps: tuple[NextStep[ComplaintAction], ...]
    events: tuple[ComplaintEventLine, ...]

    def may(self, action: ComplaintAction) -> bool:
        """Whether this person may take a step now."""
        return any(step.action is action and step.is_open for step in self.steps)


@dataclass(frozen=True, slots=True)
class OwnAgreement:
    """An agreement a complaint may name."""

    number: str
    agency: str
    agency_uscc: str
    service_code: str


def complaint_card(session: Session, actor: Actor, number: str) -> ComplaintCard:
    """One complaint's card, by its number.

    Args:
        session: any transaction.
        actor: who asks.
        number: the complaint.

    Raises:
        NotFound: no such complaint, or not for this person: the answer is the same.
    """
    row = complaint_row(session, actor, number) if number.isprintable() else None
    if row is None:
        raise NotFound(say("没有编号为 {number} 的投诉", number=number[:24]))
    complaint: Complaint = session.execute(
        select(Complaint).where(col(Complaint.number) == number)
    ).scalar_one()
    events = _events(session, actor, complaint)
    return ComplaintCard(
        row=row,
        said=events[0].note,
        accepted_on=complaint.accepted_on,
        answered_on=complaint.answered_on,
        answer_due_on=complaint.answer_due_on,
        appeal_until=_appeal_until(session, complaint),
        was_reopened=complaint.was_reopened,
        is_protected=not knows_complainant(actor, complaint.enterprise_id, complaint.agreement_id),
        version=complaint.version,
        steps=_steps(session, actor, complaint),
        events=events,
    )


def agreements_to_name(session: Session, actor: Actor) -> tuple[OwnAgreement, ...]:
    """The agreements of this person's enterprise, which a complaint may name, the newest first;
    none for anybody else."""
    if actor.enterprise_id is None or Role.enterprise not in actor.roles:
        return ()
    statement = (
        select(Agreement.number, Agency.name, Agency.uscc, Agreement.service_code)
        .join(Agency, col(Agency.id) == Agreement.agency_id)
        .where(col(Agreement.enterprise_id) == actor.enterprise_id)
        .order_by(col(Agreement.signed_on).desc(), col(Agreement.id).desc())
    )
    return tuple(OwnAgreement(*row) for row in session.execute(statement))


def agencies_to_name(session: Session, actor: Actor) -> Mapping[str, str]:
    """The agencies a complaint may be about, by credit code: their public names, also of those that
    have left.

    Raises:
        NotAllowed: this person files no complaints.
    """
    refuse_without(actor, Permission.file_complaints)
    statement = select(Agency.uscc, Agency.name).order_by(col(Agency.name), col(Agency.id))
    return dict(session.execute(statement).all())


def viewable_complaint_paper(
    session: Session, actor: Actor, paper_id: int
) -> ComplaintPaper | None:
    """A paper of a complaint, for who may see it; `None` both when there is none and when they may
    not."""
    statement = (
        select(ComplaintPaper, ComplaintEvent.action, Complaint)
        .join(ComplaintEvent, col(ComplaintEvent.id) == ComplaintPaper.event_id)
        .join(Complaint, col(Complaint.id) == ComplaintEvent.complaint_id)
        .where(col(ComplaintPaper.id) == paper_id)
    )
    found = session.execute(statement).one_or_none()
    if found is None or not may_see_complaint(actor, found.Complaint):
        return None
    if not _shows_papers(actor, found.Complaint, found.action):
        return None
    paper: ComplaintPaper = found.ComplaintPaper
    return paper


# ---------------------------------------------------------------- pieces


def _shows_papers(actor: Actor, complaint: Complaint, action: ComplaintAction) -> bool:
    """The complainant's papers may name who complains; the agency's own are shown to both."""
    is_agencys = COMPLAINT_STEP_OF[action].sides == (ComplaintSide.agency,)
    return is_agencys or knows_complainant(actor, complaint.enterprise_id, complaint.agreement_id)


def _steps(
    session: Session, actor: Actor, complaint: Complaint
) -> tuple[NextStep[ComplaintAction], ...]:
    """The steps of this person's sides that exist where the complaint stands."""
    standing = complaint_standing(session, actor, complaint)
    sides = sides_of(actor, standing)
    return tuple(
        NextStep(step.action, step.name, may_take(step, actor, standing).reason)
        for step in COMPLAINT_STEPS
        if standing.state in step.from_states and not sides.isdisjoint(step.sides)
    )


def _appeal_until(session: Session, complaint: Complaint) -> date | None:
    """The last day for a review, where one is still to be had."""
    is_final = complaint.was_reopened or complaint.state is ComplaintState.withdrawn
    if complaint.settled_on is None or is_final:
        return None
    days = whole_number(session, "complaint_appeal_working_days", complaint.settled_on)
    return calendar(session).add_working_days(complaint.settled_on, days)


def _events(session: Session, actor: Actor, complaint: Complaint) -> tuple[ComplaintEventLine, ...]:
    statement = (
        select(ComplaintEvent, Account)
        .join(Account, col(Account.id) == ComplaintEvent.account_id)
        .where(col(ComplaintEvent.complaint_id) == complaint.id)
        .order_by(col(ComplaintEvent.position))
    )
    is_official = sees_all_complaints(actor)
    is_hers = is_official or is_complainant(actor, complaint.enterprise_id)
    found = [
        (event, account)
        for event, account in session.execute(statement)
        if is_hers or event.action not in _BEFORE_THE_AGENCY
    ]
    papers = _papers(session, (event.id for event, _ in found))
    return tuple(
        ComplaintEventLine(
            action=event.action,
            to_state=event.to_state,
            side=_side(event, account),
            by=account.display_name if is_official else "",
            at_utc=event.at_utc,
            is_on_behalf=event.is_on_behalf and is_hers,
            note=event.note,
            papers=papers[event.id] if _shows_papers(actor, complaint, event.action) else (),
        )
        for event, account in found
    )


def _side(event: ComplaintEvent, account: Account) -> ComplaintSide:
    """On whose part a step was taken."""
    sides = COMPLAINT_STEP_OF[event.action].sides
    if len(sides) == 1:
        return sides[0]
    return ComplaintSide.complainant if account.agency_id is None else ComplaintSide.agency


def _papers(
    session: Session, events: Iterable[int | None]
) -> Mapping[int | None, tuple[PaperLine, ...]]:
    statement = (
        select(ComplaintPaper)
        .where(col(ComplaintPaper.event_id).in_(list(events)))
        .order_by(col(ComplaintPaper.id))
    )
    found: dict[int | None, tuple[PaperLine, ...]] = defaultdict(tuple)
    for paper in session.execute(statement).scalars():
        line = PaperLine(paper.id or 0, paper.file_name, paper.media_type, paper.size_bytes)
        found[paper.event_id] = (*found[paper.event_id], line)
    return found
