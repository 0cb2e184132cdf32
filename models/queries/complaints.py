"""The list of complaints (投诉): one page of it, and how many wait for me."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import Any

from sqlalchemy import ColumnElement, Select, or_, select
from sqlmodel import Session, col

from models.clock import today
from models.queries.complaint_sight import complaints_in_sight, knows_complainant, waits_for
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
from models.queries.settings import calendar
from models.queries.visibility import refuse_without
from models.rules.complaints import ComplaintKind, ComplaintSource, ComplaintState
from models.rules.roles import Actor, Permission, Role
from models.tables.agreements import Agreement
from models.tables.conduct import Complaint
from models.tables.organisations import Agency, Enterprise

NEWEST_FIRST = "-filed_on"
COUNTED_TURNS = 1_000


class ComplaintPile(StrEnum):
    """A pile of the list: every complaint, or those that wait for me."""

    all = "all"  # 全部
    turn = "turn"  # 等我办理


@dataclass(frozen=True, slots=True)
class ComplaintFilter:
    """What the list shows; a field left out shows all.

    Attributes:
        text: parts of the number or of a name the person may know.
        kind: as found where it was upheld, else as complained of.
    """

    text: str = ""
    state: ComplaintState | None = None
    kind: ComplaintKind | None = None
    source: ComplaintSource | None = None
    pile: ComplaintPile = ComplaintPile.all


@dataclass(frozen=True, slots=True)
class ComplaintRow:
    """One complaint in the list.

    Attributes:
        enterprise: who complains; empty where it is a hint, or not told to this person.
        source: how it came; `None` where that is not told to this person.
        agreement: the agreement it names; empty for none.
        due_on: by when the next step is due; `None` where nothing is.
        days_left: working days until then, negative when late.
    """

    number: str
    agency: str
    agency_uscc: str
    enterprise: str
    source: ComplaintSource | None
    agreement: str
    kind: ComplaintKind
    found_kind: ComplaintKind | None
    state: ComplaintState
    filed_on: date
    due_on: date | None
    days_left: int | None
    settled_on: date | None


_ROW: tuple[Any, ...] = (
    Complaint.number, col(Agency.name).label("agency"), col(Agency.uscc).label("agency_uscc"),
    col(Enterprise.name).label("enterprise"), Complaint.enterprise_id, Complaint.agreement_id,
    col(Agreement.number).label("agreement"), Complaint.source, Complaint.kind,
    Complaint.found_kind, Complaint.state, Complaint.filed_on, Complaint.due_on,
    Complaint.settled_on,
)  # fmt: skip

ORDERS: Orders = {
    "filed_on": (col(Complaint.filed_on), col(Complaint.id)),
    "due_on": (col(Complaint.due_on), col(Complaint.id)),
    "number": (col(Complaint.number), col(Complaint.id)),
}
"""The orders of the list."""


def complaints(
    session: Session, actor: Actor, wanted: ComplaintFilter, request: PageRequest
) -> Page[ComplaintRow]:
    """One page of the complaints.

    Args:
        session: any transaction.
        actor: who asks; a party sees its own.
        wanted: the filter.
        request: page and order, the newest first when none is asked for.

    Raises:
        NotAllowed: the list is not open to this person.
    """
    refuse_without(actor, Permission.see_complaints)
    statement = _from(select(*_ROW)).where(*_conditions(session, actor, wanted))
    return page_of(
        session,
        ordered(statement, ORDERS, request.order, NEWEST_FIRST),
        request,
        _reader(session, actor),
    )


def complaint_row(session: Session, actor: Actor, number: str) -> ComplaintRow | None:
    """One complaint as a row of the list, for who may see it; else `None`."""
    statement = _from(select(*_ROW)).where(
        col(Complaint.number) == number, complaints_in_sight(actor)
    )
    row = session.execute(statement).one_or_none()
    return None if row is None else _reader(session, actor)(row)


def complaints_waiting(session: Session, actor: Actor) -> Count | None:
    """How many complaints wait for this person (等我办理).

    Returns:
        `None` for who takes no step of anybody's complaint.
    """
    takes = {Role.agency, Role.alliance_reviewer, Role.alliance_lead}
    if actor.roles.isdisjoint(takes):
        return None
    statement = _from(select(Complaint.id)).where(complaints_in_sight(actor), waits_for(actor))
    return counted(session, statement, COUNTED_TURNS)


# ---------------------------------------------------------------- pieces


def _from(statement: Select[Any]) -> Select[Any]:
    return (
        statement.select_from(Complaint)
        .join(Agency, col(Agency.id) == Complaint.agency_id)
        .outerjoin(Enterprise, col(Enterprise.id) == Complaint.enterprise_id)
        .outerjoin(Agreement, col(Agreement.id) == Complaint.agreement_id)
    )


def _reader(session: Session, actor: Actor) -> Callable[[Any], ComplaintRow]:
    days, on = calendar(session), today()

    def read(row: Any) -> ComplaintRow:
        is_told = knows_complainant(actor, row.enterprise_id, row.agreement_id)
        return ComplaintRow(
            number=row.number,
            agency=row.agency,
            agency_uscc=row.agency_uscc,
            enterprise=(row.enterprise or "") if is_told else "",
            source=row.source if is_told else None,
            agreement=row.agreement or "",
            kind=row.kind,
            found_kind=row.found_kind,
            state=row.state,
            filed_on=row.filed_on,
            due_on=row.due_on,
            days_left=None if row.due_on is None else days.working_days_between(on, row.due_on),
            settled_on=row.settled_on,
        )

    return read


def _conditions(
    session: Session, actor: Actor, wanted: ComplaintFilter
) -> list[ColumnElement[bool]]:
    conditions = [complaints_in_sight(actor)]
    if parts(wanted.text):
        conditions.append(
            or_(*(contains_all(session, column, wanted.text) for column in _searched(actor)))
        )
    if wanted.state is not None:
        conditions.append(col(Complaint.state) == wanted.state)
    if wanted.kind is not None:
        conditions.append(_is_kind(wanted.kind))
    if wanted.source is not None and Role.agency not in actor.roles:
        conditions.append(col(Complaint.source) == wanted.source)
    if wanted.pile is ComplaintPile.turn:
        conditions.append(waits_for(actor))
    return conditions


def _is_kind(kind: ComplaintKind) -> ColumnElement[bool]:
    found = col(Complaint.found_kind)
    return or_(found == kind, found.is_(None) & (col(Complaint.kind) == kind))


def _searched(actor: Actor) -> tuple[Any, ...]:
    """What a search looks through: for an agency never who complains, which it could be told by
    what is found."""
    columns = (col(Complaint.number), col(Agreement.number), col(Agency.name))
    return columns if Role.agency in actor.roles else (*columns, col(Enterprise.name))
