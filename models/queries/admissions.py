"""Applications for admission (入会申请): one page of them, and how many wait for me."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date
from enum import StrEnum
from typing import Any

from sqlalchemy import ColumnElement, Row, Select, and_, exists, false, or_, select
from sqlmodel import Session, col

from models.queries.admission_sight import applications_in_sight
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
from models.rules.admission import (
    LIFE,
    ON_BEHALF,
    AdmissionAction,
    AdmissionKind,
    AdmissionState,
    Desk,
)
from models.rules.roles import Actor, Permission, Role
from models.tables.admissions import AdmissionEvent, Application

NEWEST_FIRST = "-number"
COUNTED_TURNS = 1_000


class AdmissionPile(StrEnum):
    """A pile of the applications: all of them, or those that wait for me."""

    all = "all"  # 全部
    turn = "turn"  # 等我办理


@dataclass(frozen=True, slots=True)
class AdmissionFilter:
    """Which applications are shown; a field left out shows all.

    Attributes:
        text: parts of the number, the code or the name.
    """

    text: str = ""
    state: AdmissionState | None = None
    kind: AdmissionKind | None = None
    pile: AdmissionPile = AdmissionPile.all


@dataclass(frozen=True, slots=True)
class AdmissionRow:
    """One application in the list."""

    number: str
    kind: AdmissionKind
    name: str
    uscc: str
    services: tuple[str, ...]
    state: AdmissionState
    is_on_behalf: bool
    applied_on: date | None
    decided_on: date | None
    admitted_services: tuple[str, ...]


_A = Application
_ROW: tuple[Any, ...] = (
    _A.number, _A.kind, _A.name, _A.uscc, _A.services, _A.state, _A.is_on_behalf, _A.applied_on,
    _A.decided_on, _A.admitted_services,
)  # fmt: skip

ORDERS: Orders = {
    "number": (col(Application.number), col(Application.id)),
    "name": (col(Application.name), col(Application.id)),
    "applied_on": (col(Application.applied_on), col(Application.id)),
    "decided_on": (col(Application.decided_on), col(Application.id)),
}
"""The orders of the list."""


def admissions(
    session: Session, actor: Actor, wanted: AdmissionFilter, request: PageRequest
) -> Page[AdmissionRow]:
    """One page of the applications.

    Args:
        session: any transaction.
        actor: who asks; an agency sees its own.
        wanted: the filter.
        request: page and order, the newest first when none is asked for.

    Raises:
        NotAllowed: applications are not open to this person.
    """
    refuse_without(actor, Permission.see_admissions)
    statement: Select[Any] = select(*_ROW).where(*_conditions(session, actor, wanted))
    statement = ordered(statement, ORDERS, request.order, NEWEST_FIRST)
    return page_of(session, statement, request, read_row)


def admissions_waiting(
    session: Session, actor: Actor, wanted: AdmissionFilter | None = None
) -> Count | None:
    """How many applications wait for this person (等我办理), under the other filters.

    Returns:
        `None` for whom none can wait.
    """
    if not (actor.may(Permission.see_admissions) and actor.may(Permission.enter_admissions)):
        return None
    of_pile = replace(wanted or AdmissionFilter(), pile=AdmissionPile.turn)
    statement = select(Application.id).where(*_conditions(session, actor, of_pile))
    return counted(session, statement, COUNTED_TURNS)


def read_row(row: Row[Any]) -> AdmissionRow:
    """A row of the list from its columns."""
    return AdmissionRow(
        row.number, row.kind, row.name, row.uscc, tuple(row.services), row.state,
        row.is_on_behalf, row.applied_on, row.decided_on, tuple(row.admitted_services),
    )  # fmt: skip


# ---------------------------------------------------------------- pieces


def _conditions(
    session: Session, actor: Actor, wanted: AdmissionFilter
) -> list[ColumnElement[bool]]:
    conditions: list[ColumnElement[bool]] = [applications_in_sight(actor)]
    if parts(wanted.text):
        columns = (Application.number, Application.name, Application.uscc)
        conditions.append(
            or_(*(contains_all(session, col(column), wanted.text) for column in columns))
        )
    if wanted.state is not None:
        conditions.append(col(Application.state) == wanted.state)
    if wanted.kind is not None:
        conditions.append(col(Application.kind) == wanted.kind)
    if wanted.pile is AdmissionPile.turn:
        conditions.append(_is_turn(actor))
    return conditions


def _is_turn(actor: Actor) -> ColumnElement[bool]:
    """What waits for a person: drafts and returned ones for the applicant's side, those handed in
    for a reviewer, those examined for the lead; never where they acted at another desk."""
    waits: list[ColumnElement[bool]] = [false()]
    with_applicant = col(Application.state).in_((AdmissionState.draft, AdmissionState.returned))
    if Role.agency in actor.roles and actor.agency_id is not None:
        waits.append(and_(with_applicant, col(Application.agency_id) == actor.agency_id))
    if actor.roles & ON_BEHALF:
        waits.append(and_(with_applicant, col(Application.entered_by_id) == actor.account_id))
    for desk, state in _QUEUES.items():
        if actor.may(_OPENS[desk]):
            waits.append(and_(col(Application.state) == state, ~_acted_elsewhere(actor, desk)))
    return or_(*waits)


_QUEUES = {
    Desk.reviewer: AdmissionState.applied, Desk.decider: AdmissionState.reviewed,
}  # fmt: skip
_OPENS = {
    Desk.reviewer: Permission.examine_admissions, Desk.decider: Permission.decide_admissions,
}  # fmt: skip


def _acted_elsewhere(actor: Actor, desk: Desk) -> ColumnElement[bool]:
    """At another desk of the application, or asked to be left out."""
    elsewhere = [step.action for step in LIFE if step.desk is not desk and not step.of_agency]
    return exists().where(
        col(AdmissionEvent.application_id) == Application.id,
        col(AdmissionEvent.account_id) == actor.account_id,
        col(AdmissionEvent.action).in_([*elsewhere, AdmissionAction.recuse_oneself]),
    )
