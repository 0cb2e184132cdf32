"""Who sees which applications for admission (入会申请), what is asked of them, and how a person stands
to one: one rule for lists, cards and files."""

from __future__ import annotations

from datetime import date

from sqlalchemy import ColumnElement, false, or_, select
from sqlmodel import Session, col

from models.clock import today
from models.queries.admission_criteria import criteria_on
from models.queries.claim_people import ties_in_force
from models.rules.admission import (
    STEP_OF,
    AdmissionAction,
    AdmissionStanding,
    AdmissionState,
)
from models.rules.admission_terms import CriterionStanding, unexamined, unmet
from models.rules.membership import AgencyState, agency_standing
from models.rules.roles import PERMISSIONS, Actor, Permission, Role, TieFacts
from models.tables.admissions import (
    AdmissionAnswer,
    AdmissionCriterion,
    AdmissionEvent,
    AdmissionPaper,
    Application,
)
from models.tables.organisations import Agency, Enterprise

_OFFICIALS = PERMISSIONS[Permission.see_admissions] - {Role.agency}
_HANDED_IN = frozenset(
    {
        AdmissionState.applied,
        AdmissionState.reviewed,
        AdmissionState.admitted,
        AdmissionState.refused,
    }
)
"""Where an application is held against the criteria of the day it was handed in."""


def may_see_application(actor: Actor, application: Application) -> bool:
    """Whether this person may see this application: its row, its papers, its line in an export.

    What an agency has not handed in yet is its own business.
    """
    is_theirs = Role.agency in actor.roles and actor.agency_id is not None
    if is_theirs and actor.agency_id == application.agency_id:
        return True
    was_shown = application.is_on_behalf or application.applied_on is not None
    return was_shown and not actor.roles.isdisjoint(_OFFICIALS)


def applications_in_sight(actor: Actor) -> ColumnElement[bool]:
    """The same rule as a condition on `admission_application` rows."""
    conditions: list[ColumnElement[bool]] = [false()]
    if not actor.roles.isdisjoint(_OFFICIALS):
        was_shown = or_(
            col(Application.is_on_behalf).is_(True), col(Application.applied_on).is_not(None)
        )
        conditions.append(was_shown)
    if Role.agency in actor.roles and actor.agency_id is not None:
        conditions.append(col(Application.agency_id) == actor.agency_id)
    return or_(*conditions)


# ---------------------------------------------------------------- criteria


def criteria_of(session: Session, application: Application) -> tuple[AdmissionCriterion, ...]:
    """The criteria an application is held against: of the day it was handed in, today's while it is
    with the applicant."""
    was_handed_in = application.state in _HANDED_IN and application.applied_on is not None
    return criteria_on(session, application.applied_on or today() if was_handed_in else today())


def answers_of(session: Session, application: Application) -> dict[str, AdmissionAnswer]:
    """What an application says of each criterion, by code."""
    statement = select(AdmissionAnswer).where(col(AdmissionAnswer.application_id) == application.id)
    return {row.criterion_code: row for row in session.execute(statement).scalars()}


def papers_of_application(session: Session, application: Application) -> list[AdmissionPaper]:
    """Its papers that were not replaced, in the order of the criteria."""
    statement = (
        select(AdmissionPaper)
        .where(
            col(AdmissionPaper.application_id) == application.id,
            col(AdmissionPaper.is_dropped).is_(False),
        )
        .order_by(col(AdmissionPaper.criterion_code), col(AdmissionPaper.id))
    )
    return list(session.execute(statement).scalars())


def criterion_standings(
    session: Session, application: Application
) -> tuple[CriterionStanding, ...]:
    """Every criterion of an application with what stands against it."""
    session.flush()
    answers = answers_of(session, application)
    papers = [paper.criterion_code for paper in papers_of_application(session, application)]
    found = []
    for criterion in criteria_of(session, application):
        answer = answers.get(criterion.code)
        found.append(
            CriterionStanding(
                criterion.code, criterion.is_required, bool(answer and answer.answer),
                papers.count(criterion.code), answer.verdict if answer else None,
            )
        )  # fmt: skip
    return tuple(found)


# ---------------------------------------------------------------- a person


def application_standing(
    session: Session, actor: Actor, application: Application
) -> AdmissionStanding:
    """How a person stands to one application today.

    Args:
        session: any transaction.
        actor: the person.
        application: the application; locked where a step is to be taken.
    """
    criteria = criterion_standings(session, application)
    taken = _taken(session, actor, application)
    return AdmissionStanding(
        state=application.state,
        is_own=_speaks_for(session, actor, application.uscc),
        is_on_behalf=application.is_on_behalf,
        acted_at=frozenset(
            STEP_OF[action].desk for action in taken - {AdmissionAction.recuse_oneself}
        ),
        has_recused=AdmissionAction.recuse_oneself in taken,
        ties=_ties(session, actor, application.uscc),
        unexamined=unexamined(criteria),
        unmet=unmet(criteria),
    )


def qualification_standing(session: Session, actor: Actor, agency: Agency) -> AdmissionStanding:
    """How a person stands to an agency's qualification today; a suspension to come counts.

    Args:
        session: any transaction.
        actor: the person.
        agency: the agency; locked where a step is to be taken.
    """
    return AdmissionStanding(
        state=_qualification(agency, today()),
        is_own=_speaks_for(session, actor, agency.uscc),
        ties=_ties(session, actor, agency.uscc),
    )


def _qualification(agency: Agency, on: date) -> AdmissionState:
    standing = agency_standing(agency.admission, on, removed_on=agency.removed_on)
    is_open = agency.suspended_from is not None and (
        agency.suspended_to is None or agency.suspended_to >= on
    )
    if standing.state is AgencyState.admitted and is_open:
        return AdmissionState.suspended
    return AdmissionState(standing.state.value)


def _taken(session: Session, actor: Actor, application: Application) -> frozenset[AdmissionAction]:
    statement = select(col(AdmissionEvent.action)).where(
        col(AdmissionEvent.application_id) == application.id,
        col(AdmissionEvent.account_id) == actor.account_id,
    )
    return frozenset(session.execute(statement.distinct()).scalars())


def _speaks_for(session: Session, actor: Actor, uscc: str) -> bool:
    """Whether the organisation this person speaks for is the one of the code."""
    own = _organisation(session, actor.agency_id, actor.enterprise_id)
    return own is not None and own.uscc == uscc


def _ties(session: Session, actor: Actor, uscc: str) -> tuple[TieFacts, ...]:
    """Ties by the organisation's code: an applicant may be a member enterprise, and no agency
    yet."""
    session.flush()
    found = []
    for tie in ties_in_force(session.connection(), (actor.account_id,), today()):
        one = _organisation(session, tie.agency_id, tie.enterprise_id)
        if one is not None and one.uscc == uscc:
            found.append(TieFacts(one.name, tie.kind))
    return tuple(found)


def _organisation(
    session: Session, agency_id: int | None, enterprise_id: int | None
) -> Agency | Enterprise | None:
    if agency_id is not None:
        return session.get_one(Agency, agency_id)
    return session.get_one(Enterprise, enterprise_id) if enterprise_id is not None else None
