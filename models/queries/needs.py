"""What enterprises look for (对接需求): one page of it, one need's card with the agencies suggested for
it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import ColumnElement, Select, and_, exists, false, func, or_, select, true
from sqlmodel import Session, col

from models.queries.agencies import standing_of
from models.queries.agreement_terms import is_live
from models.queries.grades import preferred, published_grades
from models.queries.paging import Orders, Page, PageRequest, ordered, page_of
from models.queries.search import contains_all, parts
from models.queries.visibility import refuse_without
from models.rules.agreement_life import Attribution, Outcome
from models.rules.claim_workflow import State
from models.rules.errors import NotFound
from models.rules.membership import AgencyState
from models.rules.pairing import Candidate, NeedState, RequestState, Suggestion, suggested
from models.rules.roles import PERMISSIONS, Actor, Permission, Role
from models.rules.wording import say
from models.tables.agreements import Agreement
from models.tables.claims import Claim
from models.tables.needs import Need, NeedRequest
from models.tables.organisations import Agency, AgencyScope, Enterprise
from models.tables.people import Account

SOONEST_FIRST = "wanted_by"
_PARTIES = frozenset({Role.agency, Role.enterprise})


@dataclass(frozen=True, slots=True)
class NeedFilter:
    """What the list shows; a field left out shows all."""

    text: str = ""
    service: str = ""
    state: NeedState | None = None


@dataclass(frozen=True, slots=True)
class NeedRow:
    """One need in the list.

    Attributes:
        asked: the agency that is asked and has not answered, or that accepted; empty for none.
        agreement: the number of the agreement it became.
    """

    id: int
    enterprise: str
    enterprise_uscc: str
    service_code: str
    wanted: str
    wanted_by: date
    state: NeedState
    asked: str
    agreement: str
    stated_at_utc: datetime
    is_on_behalf: bool


@dataclass(frozen=True, slots=True)
class RequestLine:
    """An agency that was asked, and what it answered."""

    agency: str
    state: RequestState
    asked_by: str
    asked_at_utc: datetime
    is_on_behalf: bool
    answered_at_utc: datetime | None
    reason: str


@dataclass(frozen=True, slots=True)
class NeedCard:
    """One need with what this person may see and do.

    Attributes:
        suggestions: agencies in scope, the best first; empty for who may not ask.
        may_ask: this person speaks for the enterprise or acts on its behalf, and it is open.
        may_answer: the request that waits is for this person's agency.
        is_asked: a request waits for its answer.
    """

    row: NeedRow
    version: int
    closed_reason: str
    requests: tuple[RequestLine, ...]
    suggestions: tuple[Suggestion, ...]
    may_ask: bool
    may_answer: bool
    is_asked: bool


def may_see_need(session: Session, actor: Actor, need: Need) -> bool:
    """Whether this person may see a need: its enterprise, the agencies it asked, the alliance and
    who reads every page."""
    statement = select(exists().where(col(Need.id) == need.id, needs_in_sight(actor)))
    return bool(session.execute(statement).scalar_one())


def needs_in_sight(actor: Actor) -> ColumnElement[bool]:
    """The same rule as a condition on `need` rows."""
    if not actor.roles.isdisjoint(PERMISSIONS[Permission.see_needs] - _PARTIES):
        return true()
    own: list[ColumnElement[bool]] = [false()]
    if Role.enterprise in actor.roles and actor.enterprise_id is not None:
        own.append(col(Need.enterprise_id) == actor.enterprise_id)
    if Role.agency in actor.roles and actor.agency_id is not None:
        own.append(
            exists().where(
                col(NeedRequest.need_id) == Need.id,
                col(NeedRequest.agency_id) == actor.agency_id,
            )
        )
    return or_(*own)


def waiting_request(session: Session, need: Need) -> NeedRequest | None:
    """The request of a need that waits for its answer; at most one."""
    statement = select(NeedRequest).where(
        col(NeedRequest.need_id) == need.id, col(NeedRequest.state) == RequestState.asked
    )
    found: NeedRequest | None = session.execute(statement).scalar_one_or_none()
    return found


def requests_waiting(session: Session, actor: Actor) -> int:
    """How many needs wait for the answer of the agency this person speaks for."""
    if Role.agency not in actor.roles or actor.agency_id is None:
        return 0
    statement = (
        select(func.count())
        .select_from(NeedRequest)
        .where(
            col(NeedRequest.agency_id) == actor.agency_id,
            col(NeedRequest.state) == RequestState.asked,
        )
    )
    return session.execute(statement).scalar_one()


ORDERS: Orders = {
    "wanted_by": (col(Need.wanted_by), col(Need.id)),
    "stated_at_utc": (col(Need.stated_at_utc), col(Need.id)),
}
"""The orders of the list."""


def needs(
    session: Session, actor: Actor, wanted: NeedFilter, request: PageRequest
) -> Page[NeedRow]:
    """One page of what enterprises look for.

    Args:
        session: any transaction.
        actor: who asks; a party sees its own.
        wanted: the filter.
        request: page and order, the soonest first when none is asked for.

    Raises:
        NotAllowed: the list is not open to this person.
    """
    refuse_without(actor, Permission.see_needs)
    statement = _rows().where(*_conditions(session, actor, wanted))
    return page_of(session, ordered(statement, ORDERS, request.order, SOONEST_FIRST), request, _row)


def need_card(session: Session, actor: Actor, need_id: str, today: date) -> NeedCard:
    """One need's card, by its number.

    Args:
        session: any transaction.
        actor: who asks.
        need_id: as the address names it.
        today: the office's day, for admissions.

    Raises:
        NotFound: no such need, or not for this person: the answer is the same.
    """
    missing = NotFound(say("没有编号为 {number} 的需求", number=need_id))
    is_number = need_id.isascii() and need_id.isdigit() and len(need_id) < 10
    if not is_number or not actor.may(Permission.see_needs):
        raise missing
    need = session.get(Need, int(need_id))
    if need is None or not may_see_need(session, actor, need):
        raise missing
    found = session.execute(_rows().where(col(Need.id) == need.id)).one()
    requests = _requests(session, need)
    waiting = waiting_request(session, need)
    is_open = need.state is NeedState.open
    is_own = actor.enterprise_id == need.enterprise_id or not actor.roles.isdisjoint(
        PERMISSIONS[Permission.state_needs] - {Role.enterprise}
    )
    may_ask = is_open and actor.may(Permission.state_needs) and is_own
    return NeedCard(
        row=_row(found),
        version=need.version,
        closed_reason=need.closed_reason,
        requests=requests,
        suggestions=agencies_suggested(session, need, today) if may_ask else (),
        may_ask=may_ask,
        may_answer=is_open
        and waiting is not None
        and actor.may(Permission.answer_needs)
        and waiting.agency_id == actor.agency_id,
        is_asked=waiting is not None,
    )


def agencies_suggested(session: Session, need: Need, today: date) -> tuple[Suggestion, ...]:
    """The agencies that suit a need (建议机构), the best first: six statements, however many there
    are.

    Args:
        session: any transaction.
        need: what is looked for.
        today: the office's day, for admissions.
    """
    statement = (
        select(Agency)
        .join(AgencyScope, col(AgencyScope.agency_id) == Agency.id)
        .where(col(AgencyScope.service_code) == need.service_code)
        .order_by(col(Agency.uscc))
    )
    there = [
        agency
        for agency in session.execute(statement).scalars()
        if agency.joined_on <= today and standing_of(agency, today).state is AgencyState.admitted
    ]
    of_service = col(Agreement.service_code) == need.service_code
    won = _counted(session, of_service, _is_won())
    lost = _counted(session, of_service, col(Agreement.attribution) == Attribution.agency)
    load = _counted(session, is_live())
    declined = select(col(NeedRequest.agency_id)).where(
        col(NeedRequest.need_id) == need.id, col(NeedRequest.state) == RequestState.declined
    )
    gone = frozenset(session.execute(declined).scalars())
    grades = published_grades(session, [agency.id for agency in there])
    first = preferred(session)
    return suggested(
        Candidate(
            key=agency.uscc,
            name=agency.name,
            succeeded=won.get(agency.id, 0),
            failed=lost.get(agency.id, 0),
            open_agreements=load.get(agency.id, 0),
            staff_count=agency.staff_count,
            grade=grades[agency.id].mark if agency.id in grades else None,
            has_priority=agency.id in first,
            has_declined=agency.id in gone,
        )
        for agency in there
    )


# ---------------------------------------------------------------- pieces


def _is_won() -> ColumnElement[bool]:
    """Concluded with a result here, or a claim on it was closed: what was before outcomes were
    kept counts by its claims."""
    closed = exists().where(
        col(Claim.agreement_id) == Agreement.id, col(Claim.state) == State.closed
    )
    return or_(
        col(Agreement.outcome) == Outcome.succeeded,
        and_(col(Agreement.outcome) == Outcome.open, closed),
    )


def _counted(session: Session, *conditions: ColumnElement[bool]) -> Mapping[int | None, int]:
    """How many agreements of each agency meet some conditions."""
    statement = (
        select(col(Agreement.agency_id), func.count())
        .where(*conditions)
        .group_by(col(Agreement.agency_id))
    )
    return dict(session.execute(statement).all())


def _rows() -> Select[Any]:
    live = (
        select(col(Agency.name))
        .join(NeedRequest, col(NeedRequest.agency_id) == Agency.id)
        .where(
            col(NeedRequest.need_id) == Need.id,
            col(NeedRequest.state).in_((RequestState.asked, RequestState.accepted)),
        )
        .order_by(col(NeedRequest.id).desc())
        .limit(1)
        .scalar_subquery()
    )
    return (
        select(
            Need.id, col(Enterprise.name).label("enterprise"),
            col(Enterprise.uscc).label("enterprise_uscc"), Need.service_code, Need.wanted,
            Need.wanted_by, Need.state, func.coalesce(live, "").label("asked"),
            func.coalesce(col(Agreement.number), "").label("agreement"), Need.stated_at_utc,
            Need.is_on_behalf,
        )
        .join(Enterprise, col(Enterprise.id) == Need.enterprise_id)
        .outerjoin(Agreement, col(Agreement.id) == Need.agreement_id)
    )  # fmt: skip


def _row(row: Any) -> NeedRow:
    return NeedRow(*row)


def _conditions(session: Session, actor: Actor, wanted: NeedFilter) -> list[ColumnElement[bool]]:
    conditions: list[ColumnElement[bool]] = [needs_in_sight(actor)]
    if parts(wanted.text):
        columns = (Enterprise.name, Need.wanted)
        conditions.append(
            or_(*(contains_all(session, col(column), wanted.text) for column in columns))
        )
    if wanted.service:
        conditions.append(col(Need.service_code) == wanted.service)
    if wanted.state is not None:
        conditions.append(col(Need.state) == wanted.state)
    return conditions


def _requests(session: Session, need: Need) -> tuple[RequestLine, ...]:
    statement = (
        select(
            Agency.name, NeedRequest.state, Account.display_name, NeedRequest.asked_at_utc,
            NeedRequest.is_on_behalf, NeedRequest.answered_at_utc, NeedRequest.answered_reason,
        )
        .join(Agency, col(Agency.id) == NeedRequest.agency_id)
        .join(Account, col(Account.id) == NeedRequest.asked_by_id)
        .where(col(NeedRequest.need_id) == need.id)
        .order_by(col(NeedRequest.id).desc())
    )  # fmt: skip
    return tuple(RequestLine(*row) for row in session.execute(statement))
