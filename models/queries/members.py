"""The register of member enterprises (会员企业): one page of it, one member's card, what its filters
offer."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import ColumnElement, Select, and_, func, or_, select
from sqlmodel import Session, col

from models.queries.paging import (
    COUNTED_ROWS,
    Count,
    Orders,
    Page,
    PageRequest,
    ordered,
    page_of,
)
from models.queries.search import contains_all, parts
from models.queries.settings import whole_number
from models.queries.sight import claims_in_sight
from models.queries.visibility import account_shown, refuse_without, sight_of_enterprise
from models.rules.claim_workflow import State
from models.rules.errors import NotFound
from models.rules.growth import issue_days_lapsing
from models.rules.membership import CertificateStanding, certificate_standing
from models.rules.months import YearMonth
from models.rules.roles import Actor, Permission
from models.rules.wording import say
from models.tables.agreements import Agreement, Filing, Result
from models.tables.claims import Claim
from models.tables.organisations import Agency, Enterprise, GrowthStage, HnteStatus

SHOWN_ON_CARD = 50
NAMED_OUTRIGHT = 500
NEWEST_FIRST = "-joined_on"


@dataclass(frozen=True, slots=True)
class MemberFilter:
    """What the register shows; a field left out shows all.

    Attributes:
        text: parts of the name, or of the code (统一社会信用代码).
        joined: a year `2026` or a month `2026-11` of joining.
        lapsing: only certificates that lapse within the days of the reminder (a setting).
    """

    text: str = ""
    stage: GrowthStage | None = None
    hnte: HnteStatus | None = None
    district: str = ""
    joined: str = ""
    lapsing: bool = False


@dataclass(frozen=True, slots=True)
class MemberRow:
    """One member in the register."""

    id: int
    uscc: str
    name: str
    district: str
    industry: str
    growth_stage: GrowthStage | None
    hnte_status: HnteStatus
    certificate: CertificateStanding
    joined_on: date
    left_on: date | None
    contact_name: str


@dataclass(frozen=True, slots=True)
class MemberAgreement:
    """One agreement on a member's card; money in fen."""

    number: str
    agency: str
    agency_uscc: str
    service_code: str
    signed_on: date
    fee_fen: int
    filing: Filing
    filing_number: str
    filing_is_imported: bool


@dataclass(frozen=True, slots=True)
class MemberClaim:
    """One claim on a member's card, with the result it rests on; money in fen."""

    number: str
    service_code: str
    agency: str
    result: str
    obtained_on: date
    filed_month: str
    state: State
    asked_fen: int


@dataclass(frozen=True, slots=True)
class MemberCard:
    """One member with all that is on record; the account as this person may see it."""

    row: MemberRow
    registered_on: date | None
    hnte_certificate_no: str
    certified_on: date | None
    contact_phone: str
    payee_name: str
    payee_bank: str
    payee_account: str
    version: int
    agreements: tuple[MemberAgreement, ...]
    claims: tuple[MemberClaim, ...]


_E = Enterprise
_ROW = (
    _E.id, _E.uscc, _E.name, _E.district, _E.industry, _E.growth_stage, _E.hnte_status,
    _E.certified_on, _E.joined_on, _E.left_on, _E.contact_name,
)  # fmt: skip

ORDERS: Orders = {
    "joined_on": (col(_E.joined_on), col(_E.id)),
    "name": (col(_E.name), col(_E.id)),
    "certificate": (col(_E.certified_on), col(_E.id)),
    "uscc": (col(_E.uscc), col(_E.id)),
}
"""The orders of the register."""


def members(
    session: Session, actor: Actor, wanted: MemberFilter, request: PageRequest, today: date
) -> Page[MemberRow]:
    """One page of the register.

    Args:
        session: any transaction.
        actor: who asks.
        wanted: the filter.
        request: page and order; the newest members first when no order is asked for.
        today: the office's day, for certificates.

    Raises:
        NotAllowed: the register is not open to this person.
    """
    refuse_without(actor, Permission.see_members)
    conditions = _conditions(wanted)
    if wanted.lapsing:
        conditions.append(is_lapsing(session, today))
    statement: Select[Any] = select(*_ROW).where(*conditions)
    count = None
    if parts(wanted.text):
        named, count = _narrowed(session, wanted.text)
        statement = statement.where(named)
        count = None if conditions else count
    return page_of(
        session,
        ordered(statement, ORDERS, request.order, NEWEST_FIRST),
        request,
        lambda row: _member(row, today),
        count=count,
    )


def member_card(session: Session, actor: Actor, uscc: str, today: date) -> MemberCard:
    """One member's card (企业卡片), by its code.

    Raises:
        NotFound: no such enterprise, or not for this person: the answer is the same.
    """
    enterprise = session.execute(select(_E).where(col(_E.uscc) == uscc)).scalar_one_or_none()
    sight = sight_of_enterprise(actor, enterprise and enterprise.id)
    if enterprise is None or not sight.is_visible:
        raise NotFound(say("没有信用代码为 {uscc} 的会员企业", uscc=uscc))
    return MemberCard(
        row=_member(enterprise, today),
        registered_on=enterprise.registered_on,
        hnte_certificate_no=enterprise.hnte_certificate_no,
        certified_on=enterprise.certified_on,
        contact_phone=enterprise.contact_phone,
        payee_name=enterprise.payee_name,
        payee_bank=enterprise.payee_bank,
        payee_account=account_shown(enterprise.payee_account, sight),
        version=enterprise.version,
        agreements=_agreements(session, enterprise.id),
        claims=_claims(session, actor, enterprise.id),
    )


def certificates_lapsing(session: Session, actor: Actor, today: date) -> int:
    """How many members hold a certificate that lapses within the days of the reminder (即将到期).

    Args:
        session: any transaction.
        actor: who asks; nobody who may not read the register is told.
        today: the office's day.
    """
    if not actor.may(Permission.see_members):
        return 0
    statement = select(func.count()).select_from(_E).where(is_lapsing(session, today))
    return session.execute(statement).scalar_one()


def is_lapsing(session: Session, today: date) -> ColumnElement[bool]:
    """Members whose certificate lapses within the days of the reminder, as a condition."""
    days = whole_number(session, "certificate_reminder_days", today)
    first, last = issue_days_lapsing(today, days)
    return and_(
        col(_E.hnte_status) == HnteStatus.recognised,
        col(_E.certified_on).between(first, last),
        col(_E.left_on).is_(None),
    )


def districts(session: Session) -> tuple[str, ...]:
    """The districts (街道) members stand in: what the filter offers."""
    statement = select(col(_E.district)).where(col(_E.district) != "").distinct()
    return tuple(sorted(session.execute(statement).scalars()))


def joining_periods(session: Session) -> tuple[str, ...]:
    """The years and months from the first to the last joining, newest first: `2026`, `2026-11`,
    …"""
    # Two statements, because an index gives one end at a time.
    first = session.execute(select(func.min(col(_E.joined_on)))).scalar_one_or_none()
    last = session.execute(select(func.max(col(_E.joined_on)))).scalar_one_or_none()
    if first is None or last is None:
        return ()
    periods: list[str] = []
    month, earliest = YearMonth.containing(last), YearMonth.containing(first)
    while month >= earliest:
        if not periods or periods[-1][:4] != f"{month.year:04d}":
            periods.append(f"{month.year:04d}")
        periods.append(str(month))
        month = month.previous()
    return tuple(periods)


# ---------------------------------------------------------------- pieces


def _conditions(wanted: MemberFilter) -> list[ColumnElement[bool]]:
    conditions: list[ColumnElement[bool]] = []
    if wanted.stage is not None:
        conditions.append(col(_E.growth_stage) == wanted.stage)
    if wanted.hnte is not None:
        conditions.append(col(_E.hnte_status) == wanted.hnte)
    if wanted.district:
        conditions.append(col(_E.district) == wanted.district)
    if wanted.joined:
        first, last = _period(wanted.joined)
        conditions.append(col(_E.joined_on).between(first, last))
    return conditions


def _period(written: str) -> tuple[date, date]:
    if len(written) == 4:
        return date(int(written), 1, 1), date(int(written), 12, 31)
    month = YearMonth.parse(written)
    return month.first_day, month.last_day


def _narrowed(session: Session, text: str) -> tuple[ColumnElement[bool], Count]:
    """The condition that a name or code holds the text, in the form that is fastest for how many
    do.

    The ids are found on the narrow indexes over names and codes, no further than a list is counted.
    A few are named outright; where many match, any order of the register comes upon a page of them
    soon.
    """
    found = list(session.execute(_named(session, text).limit(COUNTED_ROWS + 1)).scalars())
    count = Count(min(len(found), COUNTED_ROWS), len(found) <= COUNTED_ROWS)
    if len(found) <= NAMED_OUTRIGHT:
        return col(_E.id).in_(found), count
    return _matches(session, text), count


def _named(session: Session, text: str) -> Select[Any]:
    """The ids whose name or code holds the text: statements that each read one narrow index."""
    by_name = select(col(_E.id)).where(contains_all(session, col(_E.name), text))
    if not _may_be_code(text):
        return by_name
    by_code = select(col(_E.id)).where(_holds_code(session, text))
    return select(by_name.union(by_code).subquery().c.id)


def _matches(session: Session, text: str) -> ColumnElement[bool]:
    by_name = contains_all(session, col(_E.name), text)
    return or_(by_name, _holds_code(session, text)) if _may_be_code(text) else by_name


def _holds_code(session: Session, text: str) -> ColumnElement[bool]:
    """Codes are stored in capitals, so a part in capitals is found as it is."""
    if session.get_bind().dialect.name == "sqlite":
        return and_(True, *(func.instr(col(_E.uscc), part) > 0 for part in parts(text.upper())))
    return contains_all(session, col(_E.uscc), text)


def _may_be_code(text: str) -> bool:
    return all(part.isascii() and part.isalnum() for part in parts(text))


def _member(row: Any, today: date) -> MemberRow:
    return MemberRow(
        id=row.id,
        uscc=row.uscc,
        name=row.name,
        district=row.district,
        industry=row.industry,
        growth_stage=row.growth_stage,
        hnte_status=row.hnte_status,
        certificate=certificate_standing(row.hnte_status, row.certified_on, today),
        joined_on=row.joined_on,
        left_on=row.left_on,
        contact_name=row.contact_name,
    )


def _agreements(session: Session, enterprise_id: int | None) -> tuple[MemberAgreement, ...]:
    statement = (
        select(
            Agreement.number,
            col(Agency.name).label("agency"),
            col(Agency.uscc).label("agency_uscc"),
            Agreement.service_code,
            Agreement.signed_on,
            Agreement.fee_fen,
            Agreement.filing,
            Agreement.filing_number,
            Agreement.filing_is_imported,
        )
        .join(Agency, col(Agency.id) == Agreement.agency_id)
        .where(col(Agreement.enterprise_id) == enterprise_id)
        .order_by(col(Agreement.signed_on).desc(), col(Agreement.id).desc())
        .limit(SHOWN_ON_CARD)
    )
    return tuple(MemberAgreement(*row) for row in session.execute(statement))


def _claims(session: Session, actor: Actor, enterprise_id: int | None) -> tuple[MemberClaim, ...]:
    statement = (
        select(
            Claim.number,
            Claim.service_code,
            col(Agency.name).label("agency"),
            col(Result.printed).label("result"),
            Result.obtained_on,
            Claim.filed_month,
            Claim.state,
            Claim.asked_fen,
        )
        .join(Agency, col(Agency.id) == Claim.agency_id)
        .join(Result, col(Result.id) == Claim.result_id)
        .where(col(Claim.enterprise_id) == enterprise_id, claims_in_sight(actor))
        .order_by(col(Claim.id).desc())
        .limit(SHOWN_ON_CARD)
    )
    return tuple(MemberClaim(*row) for row in session.execute(statement))
