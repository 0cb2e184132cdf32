"""The register of service agreements (合作对子): one page of it, and how many wait for me."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date
from enum import StrEnum
from typing import Any

from sqlalchemy import ColumnElement, Row, Select, and_, false, func, or_, select
from sqlmodel import Session, col

from models.queries.agreement_sight import agreements_in_sight, confirming_role
from models.queries.paging import (
    Count,
    Orders,
    Page,
    PageRequest,
    counted,
    ordered,
    page_of,
)
from models.queries.search import contains_all, parts
from models.queries.visibility import refuse_without
from models.rules.agreement_life import (
    ALLIANCE,
    AgreementState,
    Contest,
    Outcome,
    agreement_state,
)
from models.rules.roles import Actor, Permission, Role
from models.tables.agreement_life import Amendment, AmendmentState
from models.tables.agreements import Agreement, Filing
from models.tables.organisations import Agency, Enterprise
from models.tables.reference import ServiceType, Track

NEWEST_FIRST = "-signed_on"
COUNTED_TURNS = 1_000


class AgreementPile(StrEnum):
    """A pile of the register: every agreement, or those that wait for me."""

    all = "all"  # 全部
    turn = "turn"  # 等我办理


@dataclass(frozen=True, slots=True)
class AgreementFilter:
    """What the register shows; a field left out shows all.

    Attributes:
        text: parts of the number, the filing number, or a side's name.
        service: a code of the service list.
        track: how the service is paid for; the market-rule track stays out of public money.
        year: of signing.
    """

    text: str = ""
    service: str = ""
    track: Track | None = None
    year: int | None = None
    state: AgreementState | None = None
    pile: AgreementPile = AgreementPile.all


@dataclass(frozen=True, slots=True)
class AgreementRow:
    """One agreement in the register; money in fen."""

    number: str
    enterprise: str
    enterprise_uscc: str
    agency: str
    agency_uscc: str
    service_code: str
    track: Track
    signed_on: date
    fee_fen: int
    state: AgreementState
    filing_number: str
    filing_confirmed_on: date | None
    work_started_on: date | None
    due_on: date | None
    concluded_on: date | None
    is_imported: bool


_ROW: tuple[Any, ...] = (
    Agreement.number, col(Enterprise.name).label("enterprise"),
    col(Enterprise.uscc).label("enterprise_uscc"), col(Agency.name).label("agency"),
    col(Agency.uscc).label("agency_uscc"), Agreement.service_code, ServiceType.track,
    Agreement.signed_on, Agreement.fee_fen, Agreement.filing, Agreement.outcome,
    Agreement.filing_number, Agreement.filing_confirmed_on, Agreement.work_started_on,
    Agreement.due_on, Agreement.concluded_on, Agreement.filing_is_imported,
)  # fmt: skip

ORDERS: Orders = {
    "signed_on": (col(Agreement.signed_on), col(Agreement.id)),
    "fee_fen": (col(Agreement.fee_fen), col(Agreement.id)),
    "due_on": (col(Agreement.due_on), col(Agreement.id)),
    "number": (col(Agreement.number), col(Agreement.id)),
}
"""The orders of the register."""


def agreements(
    session: Session,
    actor: Actor,
    wanted: AgreementFilter,
    request: PageRequest,
) -> Page[AgreementRow]:
    """One page of the register.

    Args:
        session: any transaction.
        actor: who asks; a party sees its own.
        wanted: the filter.
        request: page and order, the newest first when none is asked for.

    Raises:
        NotAllowed: the register is not open to this person.
    """
    refuse_without(actor, Permission.see_agreements)
    statement = _from(select(*_ROW)).where(*_conditions(session, actor, wanted))
    return page_of(
        session,
        ordered(statement, ORDERS, request.order, NEWEST_FIRST),
        request,
        read_row,
    )


def turn_size(session: Session, actor: Actor, wanted: AgreementFilter) -> Count | None:
    """How many agreements wait for this person (等我办理), under the other filters.

    Returns:
        `None` for who takes no step of any agreement.
    """
    refuse_without(actor, Permission.see_agreements)
    if not has_turn(session, actor):
        return None
    statement = _from(select(Agreement.id)).where(
        *_conditions(session, actor, replace(wanted, pile=AgreementPile.turn))
    )
    return counted(session, statement, COUNTED_TURNS)


def has_turn(session: Session, actor: Actor) -> bool:
    """Whether agreements can wait for this person at all: an agency's own, the confirming
    office's, the alliance's contested ones."""
    roles = {Role.agency, confirming_role(session), *ALLIANCE}
    return not roles.isdisjoint(actor.roles)


def years_signed(session: Session, actor: Actor) -> tuple[int, ...]:
    """The years in which agreements in sight were signed, the newest first."""
    ends = select(func.min(Agreement.signed_on), func.max(Agreement.signed_on)).where(
        agreements_in_sight(actor)
    )
    first, last = session.execute(ends).one()
    return () if first is None else tuple(range(last.year, first.year - 1, -1))


def rows_where(session: Session, *conditions: ColumnElement[bool]) -> tuple[AgreementRow, ...]:
    """The register's rows of some conditions, the newest first."""
    statement = _from(select(*_ROW)).where(*conditions)
    ordering = (col(Agreement.signed_on).desc(), col(Agreement.id).desc())
    return tuple(read_row(row) for row in session.execute(statement.order_by(*ordering)))


def read_row(row: Row[Any]) -> AgreementRow:
    """A row of the register from its columns."""
    return AgreementRow(
        number=row.number,
        enterprise=row.enterprise,
        enterprise_uscc=row.enterprise_uscc,
        agency=row.agency,
        agency_uscc=row.agency_uscc,
        service_code=row.service_code,
        track=row.track,
        signed_on=row.signed_on,
        fee_fen=row.fee_fen,
        state=agreement_state(row.filing, row.outcome, row.work_started_on),
        filing_number=row.filing_number,
        filing_confirmed_on=row.filing_confirmed_on,
        work_started_on=row.work_started_on,
        due_on=row.due_on,
        concluded_on=row.concluded_on,
        is_imported=row.filing_is_imported,
    )


# ---------------------------------------------------------------- pieces


def _from(statement: Select[Any]) -> Select[Any]:
    return (
        statement.select_from(Agreement)
        .join(Enterprise, col(Enterprise.id) == Agreement.enterprise_id)
        .join(Agency, col(Agency.id) == Agreement.agency_id)
        .join(ServiceType, col(ServiceType.code) == Agreement.service_code)
    )


def _conditions(
    session: Session, actor: Actor, wanted: AgreementFilter
) -> list[ColumnElement[bool]]:
    conditions: list[ColumnElement[bool]] = [agreements_in_sight(actor)]
    if parts(wanted.text):
        columns = (Agreement.number, Agreement.filing_number, Enterprise.name, Agency.name)
        conditions.append(
            or_(*(contains_all(session, col(column), wanted.text) for column in columns))
        )
    if wanted.service:
        conditions.append(col(Agreement.service_code) == wanted.service)
    if wanted.track is not None:
        conditions.append(col(ServiceType.track) == wanted.track)
    if wanted.year is not None:
        first, last = date(wanted.year, 1, 1), date(wanted.year, 12, 31)
        conditions.append(col(Agreement.signed_on).between(first, last))
    if wanted.state is not None:
        conditions.append(stands(wanted.state))
    if wanted.pile is AgreementPile.turn:
        conditions.append(_is_turn(session, actor))
    return conditions


def _is_turn(session: Session, actor: Actor) -> ColumnElement[bool]:
    """What waits for an agency: drafts, returned ones, filed ones whose work has not begun; for the
    confirming office: filings and amendments; for the alliance: contested attributions."""
    waits: list[ColumnElement[bool]] = [false()]
    if Role.agency in actor.roles:
        own = (AgreementState.draft, AgreementState.returned, AgreementState.confirmed)
        is_own = col(Agreement.agency_id) == actor.agency_id
        waits.append(and_(is_own, or_(*(stands(state) for state in own))))
    if confirming_role(session) in actor.roles:
        amended = select(col(Amendment.agreement_id)).where(
            col(Amendment.state) == AmendmentState.proposed
        )
        waits.append(or_(stands(AgreementState.filed), col(Agreement.id).in_(amended)))
    if not ALLIANCE.isdisjoint(actor.roles):
        waits.append(col(Agreement.contest) == Contest.raised)
    return or_(*waits)


def stands(state: AgreementState) -> ColumnElement[bool]:
    """Agreements in a state, as a condition on their rows."""
    if state in (AgreementState.succeeded, AgreementState.failed, AgreementState.ended):
        return col(Agreement.outcome) == Outcome(state.value)
    is_open = col(Agreement.outcome) == Outcome.open
    has_begun = col(Agreement.work_started_on).is_not(None)
    if state is AgreementState.under_way:
        return and_(is_open, col(Agreement.filing) == Filing.confirmed, has_begun)
    if state is AgreementState.confirmed:
        return and_(is_open, col(Agreement.filing) == Filing.confirmed, ~has_begun)
    return and_(is_open, col(Agreement.filing) == Filing(state.value))
