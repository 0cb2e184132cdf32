"""Who sees which agreements, and how a person stands to one: one rule for lists, cards and
files."""

from __future__ import annotations

from sqlalchemy import ColumnElement, exists, false, func, or_, select, true
from sqlmodel import Session, col

from models.queries.settings import setting
from models.queries.ties import ties_to
from models.rules.agreement_life import (
    LIFE_STEP_OF,
    AgreementState,
    LifeAction,
    LifeStanding,
    Side,
    agreement_state,
)
from models.rules.roles import PERMISSIONS, Actor, Permission, Role
from models.tables.agreement_life import (
    AgreementEvent,
    AgreementResult,
    Amendment,
    AmendmentState,
    Milestone,
)
from models.tables.agreements import Agreement
from models.tables.people import Grant

_PARTIES = frozenset({Role.agency, Role.enterprise})
_OF_PARTIES = tuple(action for action, step in LIFE_STEP_OF.items() if not step.never_own)
"""What is done on behalf of a party: who did any of it confirms nothing on that agreement."""


def may_see_agreement(actor: Actor, agreement: Agreement) -> bool:
    """Whether this person may see this agreement: its row, its papers, its line in an export."""
    if not actor.roles.isdisjoint(PERMISSIONS[Permission.see_agreements] - _PARTIES):
        return True
    is_agency = Role.agency in actor.roles and actor.agency_id == agreement.agency_id
    is_enterprise = (
        Role.enterprise in actor.roles and actor.enterprise_id == agreement.enterprise_id
    )
    return is_agency or is_enterprise


def agreements_in_sight(actor: Actor) -> ColumnElement[bool]:
    """The same rule as a condition on `agreement` rows."""
    if not actor.roles.isdisjoint(PERMISSIONS[Permission.see_agreements] - _PARTIES):
        return true()
    own: list[ColumnElement[bool]] = []
    if Role.agency in actor.roles and actor.agency_id is not None:
        own.append(col(Agreement.agency_id) == actor.agency_id)
    if Role.enterprise in actor.roles and actor.enterprise_id is not None:
        own.append(col(Agreement.enterprise_id) == actor.enterprise_id)
    return or_(*own) if own else false()


def state_of(agreement: Agreement) -> AgreementState:
    """Where an agreement stands, as its row says it."""
    return agreement_state(agreement.filing, agreement.outcome, agreement.work_started_on)


def confirming_role(session: Session) -> Role:
    """The role whose office confirms filings (备案确认单位, a setting)."""
    return Role(str(setting(session, "filing_confirmer").value))


def life_standing(session: Session, actor: Actor, agreement: Agreement) -> LifeStanding:
    """How a person stands to one agreement today.

    Args:
        session: any transaction.
        actor: the person.
        agreement: the agreement; locked where a step is to be taken.
    """
    session.flush()  # ties are read beside the session's objects
    return LifeStanding(
        state=state_of(agreement),
        confirmer=confirming_role(session),
        is_own_agency=actor.agency_id is not None and actor.agency_id == agreement.agency_id,
        is_own_enterprise=actor.enterprise_id is not None
        and actor.enterprise_id == agreement.enterprise_id,
        has_acted=_has_acted(session, actor, agreement),
        ties=ties_to(session, actor, agreement.agency_id, agreement.enterprise_id),
        has_results=_is_there(session, col(AgreementResult.agreement_id) == agreement.id),
        is_amendment_open=_is_there(
            session,
            col(Amendment.agreement_id) == agreement.id,
            col(Amendment.state) == AmendmentState.proposed,
        ),
        open_milestones=session.execute(
            select(func.count())
            .select_from(Milestone)
            .where(col(Milestone.agreement_id) == agreement.id, col(Milestone.done_on).is_(None))
        ).scalar_one(),
        is_entered_for=_is_entered_for(session, agreement),
        contest=agreement.contest,
        failed_by=_failed_by(session, agreement),
    )


def _is_entered_for(session: Session, agreement: Agreement) -> bool:
    """Whether the counter drafted an agreement for its agency (代为录入)."""
    drafted = select(AgreementEvent.detail).where(
        col(AgreementEvent.agreement_id) == agreement.id,
        col(AgreementEvent.action) == LifeAction.draft_agreement,
    )
    return bool((session.execute(drafted).scalar_one_or_none() or {}).get("on_behalf"))


def _failed_by(session: Session, agreement: Agreement) -> Side | None:
    """The side that recorded the failure, by the role it acted under."""
    recorded = (
        select(Grant.role)
        .join(AgreementEvent, col(AgreementEvent.grant_id) == Grant.id)
        .where(
            col(AgreementEvent.agreement_id) == agreement.id,
            col(AgreementEvent.action) == LifeAction.fail_agreement,
        )
    )
    role = session.execute(recorded).scalar_one_or_none()
    return None if role is None else Side(role.value)


def _has_acted(session: Session, actor: Actor, agreement: Agreement) -> bool:
    return _is_there(
        session,
        col(AgreementEvent.agreement_id) == agreement.id,
        col(AgreementEvent.account_id) == actor.account_id,
        col(AgreementEvent.action).in_(_OF_PARTIES),
    )


def _is_there(session: Session, *conditions: ColumnElement[bool]) -> bool:
    return bool(session.execute(select(exists().where(*conditions))).scalar_one())
