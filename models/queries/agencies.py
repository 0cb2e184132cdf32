"""The register of agencies (科技中介服务机构): one page of it with the live workload, and one agency's
card."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import date
from typing import Any

from sqlalchemy import ColumnElement, Select, and_, exists, func, or_, select
from sqlmodel import Session, col

from models.queries.grades import (
    GradeWanted,
    PublishedGrade,
    current_score,
    graded,
    grades_shown,
)
from models.queries.paging import Orders, Page, PageRequest, ordered, page_of
from models.queries.rating_card import HistoryLine, rating_history
from models.queries.rating_schemes import scheme_in_force
from models.queries.search import contains_all, parts
from models.queries.sight import claims_in_sight
from models.queries.visibility import account_shown, refuse_without, sight_of_agency
from models.rules.agreement_life import Outcome
from models.rules.claim_workflow import WAITING, State
from models.rules.errors import NotFound
from models.rules.membership import AgencyStanding, AgencyState, agency_standing
from models.rules.rating.scheme import Scheme
from models.rules.roles import Actor, Permission
from models.rules.wording import say
from models.tables.agreements import Agreement, Filing
from models.tables.claims import Claim
from models.tables.organisations import Admission, Agency, AgencyScope, Enterprise
from models.tables.reference import ServiceType

SHOWN_ON_CARD = 50
BY_NAME = "name"


@dataclass(frozen=True, slots=True)
class AgencyFilter:
    """What the register shows; a field left out shows all."""

    text: str = ""
    service: str = ""
    state: AgencyState | None = None
    grade: GradeWanted | None = None


@dataclass(frozen=True, slots=True)
class AgencyRow:
    """One agency in the register.

    Attributes:
        services: codes of what it is admitted for.
        grade: its published grade in force; `None`: it was never rated.
        staff_count, contact_name, open_agreements, open_claims: `None` where this person sees the
            public columns only.
        open_agreements: agreements not concluded or ended, on which no claim was closed.
        open_claims: claims filed and not ended.
    """

    id: int
    uscc: str
    name: str
    services: tuple[str, ...]
    standing: AgencyStanding
    joined_on: date
    grade: PublishedGrade | None = None
    staff_count: int | None = None
    contact_name: str | None = None
    open_agreements: int | None = None
    open_claims: int | None = None

    @property
    def state(self) -> AgencyState:
        """How it stands today."""
        return self.standing.state


@dataclass(frozen=True, slots=True)
class AgencyAgreement:
    """One agreement on an agency's card; money in fen."""

    number: str
    enterprise: str
    enterprise_uscc: str
    service_code: str
    signed_on: date
    fee_fen: int
    filing: Filing
    filing_number: str
    filing_is_imported: bool


@dataclass(frozen=True, slots=True)
class AgencyClaim:
    """One claim on an agency's card; money in fen."""

    number: str
    enterprise: str
    service_code: str
    filed_month: str
    state: State
    waiting_since_on: date
    asked_fen: int


@dataclass(frozen=True, slots=True)
class AgencyCard:
    """One agency with what this person may see of it.

    Attributes:
        history: its published grades, the newest first; scheme: by which the next is made.
        has_contacts: whether the fields after it are filled in.
        payee_account: in full or masked.
    """

    row: AgencyRow
    registered_on: date | None
    suspended_from: date | None
    suspended_to: date | None
    version: int
    history: tuple[HistoryLine, ...]
    scheme: Scheme
    has_contacts: bool
    contact_phone: str = ""
    payee_name: str = ""
    payee_bank: str = ""
    payee_account: str = ""
    agreements: tuple[AgencyAgreement, ...] = ()
    claims: tuple[AgencyClaim, ...] = ()


_A = Agency
_ROW: tuple[Any, ...] = (
    _A.id, _A.uscc, _A.name, _A.admission, _A.joined_on, _A.suspended_from, _A.suspended_to,
    _A.removed_on, _A.staff_count, _A.contact_name,
)  # fmt: skip

ORDERS: Orders = {
    "name": (col(Agency.name), col(Agency.id)),
    "joined_on": (col(Agency.joined_on), col(Agency.id)),
    "staff_count": (col(Agency.staff_count), col(Agency.id)),
    "grade": (current_score(), col(Agency.id)),
}
"""The orders of the register."""


def agencies(
    session: Session, actor: Actor, wanted: AgencyFilter, request: PageRequest, today: date
) -> Page[AgencyRow]:
    """One page of the register.

    Args:
        session: any transaction.
        actor: who asks; another agency sees the public columns only.
        wanted: the filter.
        request: page and order, by name when none is asked for.
        today: the office's day, for suspensions.

    Raises:
        NotAllowed: the register is not open to this person.
    """
    refuse_without(actor, Permission.see_agencies)
    statement: Select[Any] = select(*_ROW).where(*_conditions(session, wanted, today))
    page = page_of(
        session,
        ordered(statement, ORDERS, request.order, BY_NAME),
        request,
        lambda row: row,
    )
    rows = tuple(_rows(session, actor, page.rows, today))
    return Page(rows, page.number, page.pages, page.count, page.order)


def agency_card(session: Session, actor: Actor, uscc: str, today: date) -> AgencyCard:
    """One agency's card (机构卡片), by its code.

    Raises:
        NotFound: no such agency, or not for this person: the answer is the same.
    """
    agency = session.execute(select(Agency).where(col(Agency.uscc) == uscc)).scalar_one_or_none()
    sight = sight_of_agency(actor, agency and agency.id)
    if agency is None or not sight.is_visible:
        raise NotFound(say("没有信用代码为 {uscc} 的服务机构", uscc=uscc))
    (row,) = _rows(session, actor, (agency,), today)
    card = AgencyCard(
        row=row,
        registered_on=agency.registered_on,
        suspended_from=agency.suspended_from,
        suspended_to=agency.suspended_to,
        version=agency.version,
        history=rating_history(session, actor, row.id),
        scheme=scheme_in_force(session),
        has_contacts=sight.has_contacts,
    )
    if not sight.has_contacts:
        return card
    return replace(
        card,
        contact_phone=agency.contact_phone,
        payee_name=agency.payee_name,
        payee_bank=agency.payee_bank,
        payee_account=account_shown(agency.payee_account, sight),
        agreements=_agreements(session, agency.id),
        claims=_claims(session, actor, agency.id),
    )


# ---------------------------------------------------------------- pieces


def _conditions(session: Session, wanted: AgencyFilter, today: date) -> list[ColumnElement[bool]]:
    conditions: list[ColumnElement[bool]] = []
    if parts(wanted.text):
        conditions.append(
            or_(
                contains_all(session, col(Agency.name), wanted.text),
                contains_all(session, col(Agency.uscc), wanted.text.upper()),
            )
        )
    if wanted.service:
        conditions.append(
            exists().where(
                col(AgencyScope.agency_id) == Agency.id,
                col(AgencyScope.service_code) == wanted.service,
            )
        )
    if wanted.state is not None:
        conditions.append(_stands(wanted.state, today))
    if wanted.grade is not None:
        conditions.append(graded(wanted.grade))
    return conditions


def _stands(state: AgencyState, today: date) -> ColumnElement[bool]:
    """`rules.membership.agency_standing` as a condition on rows."""
    is_applied = col(Agency.admission) == Admission.applied
    is_removed = or_(
        col(Agency.admission) == Admission.removed,
        and_(~is_applied, func.coalesce(col(Agency.removed_on) <= today, False)),
    )
    is_suspended = and_(
        func.coalesce(col(Agency.suspended_from) <= today, False),
        or_(col(Agency.suspended_to).is_(None), col(Agency.suspended_to) >= today),
    )
    return {
        AgencyState.applied: is_applied,
        AgencyState.removed: is_removed,
        AgencyState.suspended: and_(~is_applied, ~is_removed, is_suspended),
        AgencyState.admitted: and_(~is_applied, ~is_removed, ~is_suspended),
    }[state]


def _rows(session: Session, actor: Actor, found: Iterable[Any], today: date) -> list[AgencyRow]:
    """The rows of some agencies: four statements, however many they are."""
    listed = tuple(found)
    grades = grades_shown(session, actor, [row.id for row in listed])
    scopes = _scopes(session, [row.id for row in listed])
    known = [row.id for row in listed if sight_of_agency(actor, row.id).has_contacts]
    agreements, claims = _open_agreements(session, known), _open_claims(session, known)
    rows = []
    for row in listed:
        services, standing = tuple(scopes[row.id]), standing_of(row, today)
        agency = AgencyRow(
            row.id, row.uscc, row.name, services, standing, row.joined_on, grades.get(row.id)
        )
        if row.id in known:
            agency = replace(
                agency,
                staff_count=row.staff_count,
                contact_name=row.contact_name,
                open_agreements=agreements.get(row.id, 0),
                open_claims=claims.get(row.id, 0),
            )
        rows.append(agency)
    return rows


def standing_of(agency: Any, today: date) -> AgencyStanding:
    """How an agency (its row) stands on a day."""
    return agency_standing(
        agency.admission,
        today,
        suspended_from=agency.suspended_from,
        suspended_to=agency.suspended_to,
        removed_on=agency.removed_on,
    )


def _scopes(session: Session, ids: list[int]) -> dict[int, list[str]]:
    statement = (
        select(AgencyScope.agency_id, AgencyScope.service_code)
        .join(ServiceType, col(ServiceType.code) == AgencyScope.service_code)
        .where(col(AgencyScope.agency_id).in_(ids))
        .order_by(col(ServiceType.clause_item), col(ServiceType.code))
    )
    scopes: dict[int, list[str]] = defaultdict(list)
    for agency_id, code in session.execute(statement):
        scopes[agency_id].append(code)
    return scopes


def _open_claims(session: Session, ids: list[int]) -> dict[int, int]:
    statement = (
        select(Claim.agency_id, func.count().label("number"))
        .where(col(Claim.agency_id).in_(ids), col(Claim.state).in_(WAITING - {State.draft}))
        .group_by(col(Claim.agency_id))
    )
    return {row.agency_id: row.number for row in session.execute(statement)}


def _open_agreements(session: Session, ids: list[int]) -> dict[int, int]:
    is_concluded = exists().where(
        col(Claim.agreement_id) == Agreement.id, col(Claim.state) == State.closed
    )
    statement = (
        select(Agreement.agency_id, func.count().label("number"))
        .where(
            col(Agreement.agency_id).in_(ids),
            col(Agreement.outcome) == Outcome.open,
            col(Agreement.filing) != Filing.returned,
            ~is_concluded,
        )
        .group_by(col(Agreement.agency_id))
    )
    return {row.agency_id: row.number for row in session.execute(statement)}


def _agreements(session: Session, agency_id: int | None) -> tuple[AgencyAgreement, ...]:
    statement = (
        select(
            Agreement.number,
            col(Enterprise.name).label("enterprise"),
            col(Enterprise.uscc).label("enterprise_uscc"),
            Agreement.service_code,
            Agreement.signed_on,
            Agreement.fee_fen,
            Agreement.filing,
            Agreement.filing_number,
            Agreement.filing_is_imported,
        )
        .join(Enterprise, col(Enterprise.id) == Agreement.enterprise_id)
        .where(col(Agreement.agency_id) == agency_id)
        .order_by(col(Agreement.signed_on).desc(), col(Agreement.id).desc())
        .limit(SHOWN_ON_CARD)
    )
    return tuple(AgencyAgreement(*row) for row in session.execute(statement))


def _claims(session: Session, actor: Actor, agency_id: int | None) -> tuple[AgencyClaim, ...]:
    statement = (
        select(
            Claim.number,
            col(Enterprise.name).label("enterprise"),
            Claim.service_code,
            Claim.filed_month,
            Claim.state,
            Claim.waiting_since_on,
            Claim.asked_fen,
        )
        .join(Enterprise, col(Enterprise.id) == Claim.enterprise_id)
        .where(col(Claim.agency_id) == agency_id, claims_in_sight(actor))
        .order_by(col(Claim.waiting_since_on).desc(), col(Claim.id).desc())
        .limit(SHOWN_ON_CARD)
    )
    return tuple(AgencyClaim(*row) for row in session.execute(statement))
