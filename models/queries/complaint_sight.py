"""Who sees which complaints (投诉), what of them, and how a person stands to one: one rule for lists,
cards and files.

The agency a complaint is about sees it once it is accepted. Who complains is told to it only where
the complaint names an agreement with it; else neither name nor papers are.
"""

from __future__ import annotations

from sqlalchemy import ColumnElement, and_, exists, false, or_, select, true
from sqlmodel import Session, col

from models.clock import today
from models.queries.settings import calendar, whole_number
from models.queries.ties import ties_to
from models.rules.complaints import (
    COMPLAINT_STEP_OF,
    DECISIONS,
    ComplaintAction,
    ComplaintStanding,
    ComplaintState,
)
from models.rules.roles import PERMISSIONS, Actor, Permission, Role
from models.tables.conduct import Complaint, ComplaintEvent
from models.tables.people import Tie

_PARTIES = frozenset({Role.agency, Role.enterprise})


def sees_all_complaints(actor: Actor) -> bool:
    """Whether this person sees every complaint, with who complains."""
    return not actor.roles.isdisjoint(PERMISSIONS[Permission.see_complaints] - _PARTIES)


def complaints_in_sight(actor: Actor) -> ColumnElement[bool]:
    """Whether this person may see a complaint, as a condition on `complaint` rows."""
    if sees_all_complaints(actor):
        return true()
    own: list[ColumnElement[bool]] = [false()]
    if Role.enterprise in actor.roles and actor.enterprise_id is not None:
        own.append(col(Complaint.enterprise_id) == actor.enterprise_id)
    if Role.agency in actor.roles and actor.agency_id is not None:
        own.append(
            and_(
                col(Complaint.agency_id) == actor.agency_id,
                col(Complaint.accepted_on).is_not(None),
            )
        )
    return or_(*own)


def may_see_complaint(actor: Actor, complaint: Complaint) -> bool:
    """Whether this person may see a complaint: its row, its line in an export."""
    is_about = Role.agency in actor.roles and actor.agency_id == complaint.agency_id
    return (
        sees_all_complaints(actor)
        or is_complainant(actor, complaint.enterprise_id)
        or (is_about and complaint.accepted_on is not None)
    )


def is_complainant(actor: Actor, enterprise_id: int | None) -> bool:
    """Whether this person speaks for the enterprise that complains."""
    return (
        Role.enterprise in actor.roles
        and enterprise_id is not None
        and actor.enterprise_id == enterprise_id
    )


def knows_complainant(actor: Actor, enterprise_id: int | None, agreement_id: int | None) -> bool:
    """Whether this person, who sees a complaint, is told who complains and shown the papers.

    Args:
        actor: who looks.
        enterprise_id: who complains; none where it is a hint.
        agreement_id: the agreement the complaint names, if any.
    """
    is_own = is_complainant(actor, enterprise_id)
    return sees_all_complaints(actor) or is_own or agreement_id is not None


def complaint_standing(session: Session, actor: Actor, complaint: Complaint) -> ComplaintStanding:
    """How a person stands to one complaint today.

    Args:
        session: any transaction.
        actor: the person.
        complaint: the complaint; locked where a step is to be taken.
    """
    session.flush()  # ties and events are read beside the session's objects
    acts = select(col(ComplaintEvent.action)).where(
        col(ComplaintEvent.complaint_id) == complaint.id,
        col(ComplaintEvent.account_id) == actor.account_id,
    )
    on, due_on = today(), complaint.answer_due_on
    return ComplaintStanding(
        state=complaint.state,
        source=complaint.source,
        is_own_agency=actor.agency_id is not None and actor.agency_id == complaint.agency_id,
        is_own_enterprise=actor.enterprise_id is not None
        and actor.enterprise_id == complaint.enterprise_id,
        acts=frozenset(session.execute(acts).scalars()),
        ties=ties_to(session, actor, complaint.agency_id, complaint.enterprise_id),
        was_reopened=complaint.was_reopened,
        is_answer_late=due_on is not None and due_on < on,
        is_appeal_late=_is_appeal_late(session, complaint),
    )


def waits_for(actor: Actor) -> ColumnElement[bool]:
    """Complaints that wait for this person (等我办理), as a condition on their rows: an agency's to
    answer; for the alliance those to accept or to decide that it may, by the table."""
    waits: list[ColumnElement[bool]] = [false()]
    state = col(Complaint.state)
    if Role.agency in actor.roles and actor.agency_id is not None:
        is_own = col(Complaint.agency_id) == actor.agency_id
        waits.append(and_(is_own, state == ComplaintState.accepted))
    if not actor.roles.isdisjoint({Role.alliance_reviewer, Role.alliance_lead}):
        decided = next(iter(sorted(DECISIONS)))
        to_accept = and_(
            state == ComplaintState.filed, ~_took(actor, ComplaintAction.accept_complaint)
        )
        unanswered = and_(state == ComplaintState.accepted, col(Complaint.answer_due_on) < today())
        is_heard = or_(state.in_((ComplaintState.answered, ComplaintState.reopened)), unanswered)
        to_decide = and_(is_heard, ~_took(actor, decided))
        waits.append(and_(or_(to_accept, to_decide), ~_tied(actor)))
    return or_(*waits)


# ---------------------------------------------------------------- pieces


def _took(actor: Actor, action: ComplaintAction) -> ColumnElement[bool]:
    """This person took a step after which they may not take that one."""
    return exists().where(
        col(ComplaintEvent.complaint_id) == Complaint.id,
        col(ComplaintEvent.account_id) == actor.account_id,
        col(ComplaintEvent.action).in_(COMPLAINT_STEP_OF[action].never_after),
    )


def _tied(actor: Actor) -> ColumnElement[bool]:
    return exists().where(
        col(Tie.account_id) == actor.account_id,
        col(Tie.from_on) <= today(),
        or_(col(Tie.to_on).is_(None), col(Tie.to_on) >= today()),
        or_(
            col(Tie.agency_id) == Complaint.agency_id,
            col(Tie.enterprise_id) == Complaint.enterprise_id,
        ),
    )


def _is_appeal_late(session: Session, complaint: Complaint) -> bool:
    if complaint.settled_on is None:
        return False
    days = whole_number(session, "complaint_appeal_working_days", complaint.settled_on)
    return calendar(session).add_working_days(complaint.settled_on, days) < today()
