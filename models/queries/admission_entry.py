"""What an application for admission (入会申请) says, what it begins with, and what is missing before it
can be handed in."""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy import select
from sqlmodel import Session, col

from models.clock import today
from models.queries.admission_sight import criterion_standings
from models.queries.agencies import standing_of
from models.rules.admission_terms import ApplicationEntry, application_faults
from models.rules.membership import AgencyState, Fault
from models.rules.roles import Actor
from models.tables.admissions import Application
from models.tables.organisations import Agency, AgencyScope
from models.tables.reference import ServiceType


@dataclass(frozen=True, slots=True)
class Blank:
    """What a new application begins with.

    Attributes:
        entry: of one's own agency what the register says; else nothing.
        offered: services that can be applied for: on the list today, and not in the scope of an
            agency that is admitted.
    """

    entry: ApplicationEntry
    offered: tuple[str, ...]


def blank_application(session: Session, actor: Actor) -> Blank:
    """What a new application of this person begins with: an agency's own, or another's.

    Args:
        session: any transaction.
        actor: somebody of an agency, or the alliance.
    """
    own = session.get(Agency, actor.agency_id) if actor.agency_id is not None else None
    if own is None:
        return Blank(ApplicationEntry("", ""), services_offered(session))
    entry = ApplicationEntry(
        own.uscc, own.name, own.registered_on, (), own.staff_count, own.contact_name,
        own.contact_phone, own.payee_name, own.payee_bank, own.payee_account,
    )  # fmt: skip
    has_left = standing_of(own, today()).state is AgencyState.removed
    scope = frozenset() if has_left else _scope(session, own.id)
    return Blank(entry, tuple(code for code in services_offered(session) if code not in scope))


def services_offered(session: Session) -> tuple[str, ...]:
    """The services on the list today, in its order."""
    on = today()
    statement = select(ServiceType).where(col(ServiceType.valid_from) <= on)
    statement = statement.order_by(col(ServiceType.clause_item), col(ServiceType.code))
    return tuple(
        one.code
        for one in session.execute(statement).scalars()
        if one.valid_to is None or one.valid_to >= on
    )


def faults_before_handing_in(session: Session, application: Application) -> tuple[Fault, ...]:
    """What is missing before an application can be handed in, blocking faults first.

    Args:
        session: any transaction.
        application: the application.
    """
    return application_faults(
        entry_of(application),
        application.kind,
        services_offered(session),
        _scope(session, application.agency_id),
        criterion_standings(session, application),
    )


def entry_of(application: Application) -> ApplicationEntry:
    """What an application says, as it was entered."""
    return ApplicationEntry(
        application.uscc, application.name, application.registered_on,
        tuple(application.services), application.staff_count, application.contact_name,
        application.contact_phone, application.payee_name, application.payee_bank,
        application.payee_account,
    )  # fmt: skip


def _scope(session: Session, agency_id: int | None) -> frozenset[str]:
    scope = select(col(AgencyScope.service_code)).where(col(AgencyScope.agency_id) == agency_id)
    return frozenset(session.execute(scope).scalars())
