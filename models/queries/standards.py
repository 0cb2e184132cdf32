"""The register of subsidy standards (补贴标准): one page of it, what its filters offer, and one
standard's card with every version."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from enum import StrEnum
from functools import reduce
from typing import Any

from sqlalchemy import ColumnElement, Date, Subquery, case, func, or_, select
from sqlalchemy.orm import aliased
from sqlmodel import Session, col

from models.queries.paging import Orders, Page, PageRequest, ordered, page_of
from models.queries.search import contains_all, parts
from models.queries.visibility import refuse_without
from models.rules.entitlement import Payee, Purpose, Standard
from models.rules.errors import NotFound
from models.rules.roles import Actor, Permission
from models.rules.targets.slides import Named
from models.rules.wording import say
from models.tables.claims import ClaimMoney
from models.tables.money import PolicyRule, Standing
from models.tables.people import Account
from models.tables.reference import ResultKind, ServiceType

PLACE_ORDER = "place"

_Drafter: Any = aliased(Account, name="drafter")
_Confirmer: Any = aliased(Account, name="confirmer")


class VersionState(StrEnum):
    """How a version stands to a day (版本状态)."""

    counting = "counting"  # 有效
    future = "future"  # 将生效
    ended = "ended"  # 已失效


@dataclass(frozen=True, slots=True)
class StandardFilter:
    """What the register shows; a field left out shows all.

    Attributes:
        text: parts of the title, the document, the clause or the key.
    """

    text: str = ""
    place: str = ""
    standing: Standing | None = None
    service: str = ""
    purpose: Purpose | None = None


@dataclass(frozen=True, slots=True)
class StandardRow:
    """One standard by the version that holds, else by the one nearest to it.

    Attributes:
        service, result_kind: what it covers; empty for one that is only kept for comparison.
        ends_on: its last day; `None` for no end.
        versions: how many versions there are.
    """

    key: str
    version: int
    title: Named
    place: str
    standing: Standing
    service: Named
    result_kind: Named
    purpose: Purpose
    payee: Payee
    standard: Standard
    budget_code: str
    agency_year_cap_fen: int | None
    enterprise_year_cap_fen: int | None
    valid_from: date
    ends_on: date | None
    state: VersionState
    versions: int

    @property
    def source(self) -> str:
        """Document and clause."""
        return f"{self.standard.document} {self.standard.clause}".strip()

    @property
    def valid(self) -> tuple[date, date | None]:
        """First and last day."""
        return self.valid_from, self.ends_on


@dataclass(frozen=True, slots=True)
class VersionLine:
    """One version of a standard.

    Attributes:
        used_by: how many claims' money is bound to it.
    """

    row: StandardRow
    drafted_by: str
    confirmed_by: str
    confirmed_at_utc: datetime | None
    used_by: int


@dataclass(frozen=True, slots=True)
class StandardCard:
    """One standard: the version that holds, and every version, the newest first."""

    row: StandardRow
    versions: tuple[VersionLine, ...]


def standards(
    session: Session, actor: Actor, wanted: StandardFilter, request: PageRequest, on: date
) -> Page[StandardRow]:
    """One page of the register: each standard once.

    Args:
        session: any transaction.
        actor: who asks.
        wanted: the filter.
        request: which page.
        on: the day on which versions hold.

    Raises:
        NotAllowed: standards are not open to this person.
    """
    refuse_without(actor, Permission.see_policies)
    ranked = _ranked(on)
    statement = select(ranked).where(ranked.c.nearest == 1, *_conditions(session, ranked, wanted))
    statement = ordered(statement, _orders(ranked), request.order, PLACE_ORDER)
    return page_of(session, statement, request, lambda row: _row(row, on))


def standard_card(session: Session, actor: Actor, key: str, on: date) -> StandardCard:
    """One standard's card, by its key.

    Raises:
        NotAllowed: standards are not open to this person.
        NotFound: no standard of that key is in force or kept for comparison.
    """
    refuse_without(actor, Permission.see_policies)
    ranked = _ranked(on)
    found = (
        session.execute(
            select(ranked).where(ranked.c.key == key).order_by(ranked.c.version.desc())
        ).all()
        if key.isprintable()
        else []
    )
    if not found:
        raise NotFound(say("没有编号为 {key} 的补贴标准", key=key))
    (nearest,) = [row for row in found if row.nearest == 1]
    used = _used(session, [row.id for row in found])
    lines = tuple(
        VersionLine(
            _row(row, on), row.drafted_by or "", row.confirmed_by or "", row.confirmed_at_utc,
            used.get(row.id, 0),
        )
        for row in found
    )  # fmt: skip
    return StandardCard(_row(nearest, on), lines)


def places_of_standards(session: Session) -> tuple[str, ...]:
    """The places whose standards there are."""
    statement = select(col(PolicyRule.place)).distinct().order_by(col(PolicyRule.place))
    return tuple(session.execute(statement).scalars())


def result_kinds_of(session: Session) -> dict[str, tuple[Named, ...]]:
    """The kinds of result a service may produce, by service: what a form offers."""
    offered: dict[str, list[Named]] = {}
    statement = select(ResultKind).order_by(col(ResultKind.service_code), col(ResultKind.code))
    for kind in session.execute(statement).scalars():
        named = Named(kind.code, kind.name_zh, kind.name_en)
        offered.setdefault(kind.service_code, []).append(named)
    return {service: tuple(kinds) for service, kinds in offered.items()}


# ---------------------------------------------------------------- pieces


def _ranked(on: date) -> Subquery:
    """Every version that holds, held or will hold, each ranked by how near it is to the day."""
    of_key: dict[str, Any] = {"partition_by": col(PolicyRule.key)}
    has_begun = case((col(PolicyRule.valid_from) <= on, 1), else_=0)
    newest = (col(PolicyRule.valid_from).desc(), col(PolicyRule.version).desc())
    is_kept = or_(
        col(PolicyRule.confirmed_at_utc).is_not(None),
        col(PolicyRule.standing) == Standing.reference,
    )
    return (
        select(
            *PolicyRule.__table__.columns,  # type: ignore[attr-defined]
            col(ServiceType.name_zh).label("service_zh"),
            col(ServiceType.name_en).label("service_en"),
            col(ResultKind.name_zh).label("kind_zh"),
            col(ResultKind.name_en).label("kind_en"),
            _Drafter.display_name.label("drafted_by"),
            _Confirmer.display_name.label("confirmed_by"),
            func.count().over(**of_key).label("versions"),
            func.row_number().over(**of_key, order_by=(has_begun.desc(), *newest)).label("nearest"),
            func.lead(col(PolicyRule.valid_from), type_=Date())
            .over(**of_key, order_by=(col(PolicyRule.valid_from), col(PolicyRule.version)))
            .label("followed_on"),
        )
        .outerjoin(ServiceType, col(ServiceType.code) == PolicyRule.service_code)
        .outerjoin(ResultKind, col(ResultKind.code) == PolicyRule.result_kind_code)
        .outerjoin(_Drafter, _Drafter.id == PolicyRule.drafted_by_id)
        .outerjoin(_Confirmer, _Confirmer.id == PolicyRule.confirmed_by_id)
        .where(is_kept)
        .subquery("ranked")
    )


def _conditions(
    session: Session, ranked: Subquery, wanted: StandardFilter
) -> list[ColumnElement[bool]]:
    conditions: list[ColumnElement[bool]] = []
    if parts(wanted.text):
        columns: list[Any] = [
            ranked.c[name] for name in ("key", "title_zh", "title_en", "document", "clause")
        ]
        sought = reduce(lambda so_far, column: so_far + " " + column, columns)
        conditions.append(contains_all(session, sought, wanted.text))
    if wanted.place:
        conditions.append(ranked.c.place == wanted.place)
    if wanted.standing is not None:
        conditions.append(ranked.c.standing == wanted.standing)
    if wanted.service:
        conditions.append(ranked.c.service_code == wanted.service)
    if wanted.purpose is not None:
        conditions.append(ranked.c.purpose == wanted.purpose)
    return conditions


def _orders(ranked: Subquery) -> Orders:
    is_reference = case((ranked.c.standing == Standing.reference, 1), else_=0)
    printed = (ranked.c.document, ranked.c.clause, ranked.c.id)
    return {
        PLACE_ORDER: (is_reference, ranked.c.place, *printed),
        "valid_from": (ranked.c.valid_from, *printed),
        "source": printed,
    }


def _used(session: Session, ids: list[int]) -> dict[int, int]:
    statement = (
        select(col(ClaimMoney.policy_rule_id), func.count())
        .where(col(ClaimMoney.policy_rule_id).in_(ids))
        .group_by(col(ClaimMoney.policy_rule_id))
    )
    return {row[0]: row[1] for row in session.execute(statement)}


def _row(row: Any, on: date) -> StandardRow:
    standard = Standard(
        row.key, row.version, row.document, row.clause, row.kind, row.purpose, **row.parameters
    )
    ends = row.valid_to
    if row.followed_on is not None:
        last = row.followed_on - timedelta(days=1)
        ends = min(last, ends) if ends else last
    return StandardRow(
        key=row.key,
        version=row.version,
        title=Named(row.key, row.title_zh or row.key, row.title_en or row.title_zh or row.key),
        place=row.place,
        standing=row.standing,
        service=Named(row.service_code or "", row.service_zh or "", row.service_en or ""),
        result_kind=Named(row.result_kind_code or "", row.kind_zh or "", row.kind_en or ""),
        purpose=row.purpose,
        payee=row.payee,
        standard=standard,
        budget_code=row.budget_code or "",
        agency_year_cap_fen=row.agency_year_cap_fen,
        enterprise_year_cap_fen=row.enterprise_year_cap_fen,
        valid_from=row.valid_from,
        ends_on=ends,
        state=_state(row.valid_from, ends, on),
        versions=row.versions,
    )


def _state(begins: date, ends: date | None, on: date) -> VersionState:
    if on < begins:
        return VersionState.future
    return VersionState.ended if ends is not None and ends < on else VersionState.counting
