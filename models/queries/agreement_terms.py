"""What the terms of an agreement are held against, gathered; and which agreement holds a pair's
place."""

from __future__ import annotations

from datetime import date

from sqlalchemy import ColumnElement, and_, exists, select
from sqlmodel import Session, col

from models.clock import today
from models.queries.agencies import standing_of
from models.rules.agreement_life import Outcome
from models.rules.agreement_terms import AgreementTerms, TermsContext, term_faults
from models.rules.claim_workflow import State
from models.rules.membership import Fault
from models.tables.agreements import Agreement, Filing
from models.tables.claims import Claim
from models.tables.organisations import Agency, AgencyScope, EndedSuspension, Enterprise
from models.tables.reference import ResultKind, ServiceType, Track


def terms_of(agreement: Agreement) -> AgreementTerms:
    """The terms as an agreement's row keeps them."""
    return AgreementTerms(
        signed_on=agreement.signed_on,
        fee_fen=agreement.fee_fen,
        result_kind_code=agreement.result_kind_code or "",
        expected=agreement.expected,
        due_on=agreement.due_on,
        advance_fen=agreement.advance_fen,
    )


def faults_of_terms(
    session: Session, enterprise_id: int, agency_id: int, service_code: str, terms: AgreementTerms
) -> tuple[Fault, ...]:
    """Everything wrong with the terms of a pair for a service; blocking faults first.

    Args:
        session: any transaction.
        enterprise_id, agency_id: the two sides.
        service_code: what is served.
        terms: what was agreed.
    """
    enterprise = session.get_one(Enterprise, enterprise_id)
    agency = session.get_one(Agency, agency_id)
    service = session.get_one(ServiceType, service_code)
    signed_on = terms.signed_on
    context = TermsContext(
        today=today(),
        joined_on=enterprise.joined_on,
        left_on=enterprise.left_on,
        agency=standing_of(agency, signed_on),
        agency_joined_on=agency.joined_on,
        is_in_scope=session.get(AgencyScope, (agency_id, service_code)) is not None,
        is_offered=_is_offered(service, signed_on),
        is_subsidised=service.track is Track.subsidised,
        result_kinds=result_kinds_of(session, service_code),
        price_floor_fen=service.price_floor_fen,
        price_ceiling_fen=service.price_ceiling_fen,
        was_suspended=_was_suspended(session, agency_id, signed_on),
    )
    return term_faults(terms, context)


def result_kinds_of(session: Session, service_code: str) -> frozenset[str]:
    """The kinds of result a service knows."""
    kinds = select(col(ResultKind.code)).where(col(ResultKind.service_code) == service_code)
    return frozenset(session.execute(kinds).scalars())


def result_kinds_listed(session: Session, service_code: str) -> tuple[ResultKind, ...]:
    """The kinds of result of a service, with their names, in the order of their codes."""
    statement = select(ResultKind).where(col(ResultKind.service_code) == service_code)
    return tuple(session.execute(statement.order_by(col(ResultKind.code))).scalars())


def services_in_scope(session: Session, agency_id: int | None) -> tuple[str, ...]:
    """The services an agency is admitted for, in the list's order; none without an agency."""
    statement = (
        select(col(AgencyScope.service_code))
        .join(ServiceType, col(ServiceType.code) == AgencyScope.service_code)
        .where(col(AgencyScope.agency_id) == agency_id)
        .order_by(col(ServiceType.clause_item), col(ServiceType.code))
    )
    return tuple(session.execute(statement).scalars())


def is_live() -> ColumnElement[bool]:
    """Whether an agreement is still open: not concluded, not ended, and no claim on it was closed;
    one returned by an import keeps nobody from another."""
    closed = exists().where(
        col(Claim.agreement_id) == Agreement.id, col(Claim.state) == State.closed
    )
    is_returned_import = and_(
        col(Agreement.filing) == Filing.returned, col(Agreement.holds_pair).is_(False)
    )
    return and_(col(Agreement.outcome) == Outcome.open, ~is_returned_import, ~closed)


def pair_taken_by(session: Session, enterprise_id: int, service_code: str) -> str:
    """The number of the agreement under which an enterprise is served for a service already (一对一);
    empty where there is none."""
    statement = (
        select(col(Agreement.number))
        .where(
            col(Agreement.enterprise_id) == enterprise_id,
            col(Agreement.service_code) == service_code,
            is_live(),
        )
        .order_by(col(Agreement.id).desc())
        .limit(1)
    )
    return session.execute(statement).scalar_one_or_none() or ""


def _is_offered(service: ServiceType, on: date) -> bool:
    return service.valid_from <= on and (service.valid_to is None or on <= service.valid_to)


def _was_suspended(session: Session, agency_id: int, on: date) -> bool:
    statement = select(
        exists().where(
            col(EndedSuspension.agency_id) == agency_id,
            col(EndedSuspension.from_on) <= on,
            col(EndedSuspension.to_on) >= on,
        )
    )
    return bool(session.execute(statement).scalar_one())
