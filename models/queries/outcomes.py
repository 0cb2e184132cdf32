"""What the policy came to (成效): how zero the zero is per service and per enterprise, and which
clauses the returns and refusals of a year name, so that the policy can be revised.

Source: `dalian-hightech` 五.2 一是 for the two fees kept apart; 五.3 效果五 for the revision.
"""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from datetime import datetime, time
from typing import Any

from sqlalchemy import and_, case, func, select
from sqlmodel import Session, col

from models.clock import OFFICE_ZONE
from models.queries.paging import Orders, Page, PageRequest, ordered, page_of
from models.queries.search import contains_all
from models.queries.visibility import refuse_without
from models.rules.claim_workflow import Action
from models.rules.months import YearMonth
from models.rules.roles import Actor, Permission
from models.tables.agreements import Agreement, Confirmation
from models.tables.claims import ClaimEvent
from models.tables.organisations import Enterprise
from models.tables.reference import ReasonCode, ServiceType

RETURNS = (Action.return_pre_review, Action.ask_agency, Action.return_office)
REFUSALS = (Action.refuse_pre_review, Action.refuse_office)


@dataclass(frozen=True, slots=True)
class ZeroFigures:
    """How zero the zero is (零费程度) of some services, from what enterprises confirmed; money in fen.

    Attributes:
        answered: services whose enterprise said what it paid (n).
        nothing_before: of these, nothing was paid before the result.
        before_fen: what was paid before the result, in all.
        paid_after: of these, something was paid afterwards.
        after_fen: what was paid afterwards, in all.
    """

    answered: int
    nothing_before: int
    before_fen: int
    paid_after: int
    after_fen: int


@dataclass(frozen=True, slots=True)
class ServiceZero:
    """One service's figures."""

    code: str
    name_zh: str
    name_en: str
    figures: ZeroFigures


@dataclass(frozen=True, slots=True)
class EnterpriseZero:
    """One enterprise's figures."""

    uscc: str
    name: str
    figures: ZeroFigures


@dataclass(frozen=True, slots=True)
class ReasonNamed:
    """How often decisions of a year named a coded reason.

    Attributes:
        code: of the reason.
        basis: the clauses it rests on, as printed.
        returned, refused: decisions that named it.
        claims: on so many claims.
    """

    code: str
    name_zh: str
    name_en: str
    basis: str
    returned: int
    refused: int
    claims: int

    @property
    def named(self) -> int:
        """How often in all."""
        return self.returned + self.refused


def zero_by_service(session: Session, actor: Actor) -> tuple[ServiceZero, ...]:
    """The figures of each service anybody answered for, in the order of clause 四.

    Raises:
        NotAllowed: the actor does not see what the policy came to.
    """
    refuse_without(actor, Permission.see_outcomes)
    statement = (
        select(ServiceType.code, ServiceType.name_zh, ServiceType.name_en, *_FIGURES)
        .select_from(Confirmation)
        .join(Agreement, col(Agreement.id) == Confirmation.agreement_id)
        .join(ServiceType, col(ServiceType.code) == Agreement.service_code)
        .where(_ANSWERED)
        .group_by(col(ServiceType.code))
        .order_by(func.min(ServiceType.clause_item), col(ServiceType.code))
    )
    return tuple(
        ServiceZero(row.code, row.name_zh, row.name_en, _figures(row))
        for row in session.execute(statement)
    )


def zero_by_enterprise(
    session: Session, actor: Actor, request: PageRequest, searched: str = ""
) -> Page[EnterpriseZero]:
    """One page of the enterprises that answered, who paid most before the result first.

    Args:
        session: any transaction.
        actor: who asks.
        request: which page.
        searched: part of a name.

    Raises:
        NotAllowed: the actor does not see what the policy came to.
    """
    refuse_without(actor, Permission.see_outcomes)
    statement = (
        select(Enterprise.uscc, Enterprise.name, *_FIGURES)
        .select_from(Confirmation)
        .join(Agreement, col(Agreement.id) == Confirmation.agreement_id)
        .join(Enterprise, col(Enterprise.id) == Agreement.enterprise_id)
        .where(_ANSWERED, contains_all(session, Enterprise.name, searched))
        .group_by(col(Enterprise.id))
    )
    return page_of(
        session,
        ordered(statement, ORDERS, request.order, "-before_fen"),
        request,
        lambda row: EnterpriseZero(row.uscc, row.name, _figures(row)),
    )


def reasons_named(session: Session, actor: Actor, year: int) -> tuple[ReasonNamed, ...]:
    """How often the returns and refusals of a year named each reason, the most frequent first.

    Args:
        session: any transaction.
        actor: who asks.
        year: of the decisions.

    Raises:
        NotAllowed: the actor does not see what the policy came to.
    """
    refuse_without(actor, Permission.see_outcomes)
    began, ended = (
        datetime.combine(YearMonth(at, 1).first_day, time(), OFFICE_ZONE) for at in (year, year + 1)
    )
    decisions = select(ClaimEvent.claim_id, ClaimEvent.action, ClaimEvent.reasons).where(
        col(ClaimEvent.action).in_((*RETURNS, *REFUSALS)),
        col(ClaimEvent.at_utc) >= began,
        col(ClaimEvent.at_utc) < ended,
    )
    returned: dict[str, int] = defaultdict(int)
    refused: dict[str, int] = defaultdict(int)
    claims: dict[str, set[int]] = defaultdict(set)
    for claim_id, action, codes in session.execute(decisions):
        for code in codes:
            (refused if action in REFUSALS else returned)[code] += 1
            claims[code].add(claim_id)
    listed = session.execute(select(ReasonCode).where(col(ReasonCode.code).in_(claims))).scalars()
    rows = (
        ReasonNamed(
            reason.code, reason.name_zh, reason.name_en, reason.basis, returned[reason.code],
            refused[reason.code], len(claims[reason.code]),
        )
        for reason in listed
    )  # fmt: skip
    return tuple(sorted(rows, key=lambda row: (-row.named, row.code)))


# ---------------------------------------------------------------- pieces

_BEFORE, _AFTER = col(Confirmation.paid_before_fen), col(Confirmation.paid_after_fen)
_ANSWERED = and_(
    col(Confirmation.confirmed_on).is_not(None),
    _BEFORE.is_not(None),
    ~col(Confirmation.is_denied),
)
"""The enterprise said what it paid; silence that is deemed says nothing of it."""
_COUNT = func.count()
_NOTHING_BEFORE = func.sum(case((_BEFORE == 0, 1), else_=0))
_BEFORE_FEN = func.sum(_BEFORE)
_PAID_AFTER = func.sum(case((_AFTER > 0, 1), else_=0))
_AFTER_FEN = func.coalesce(func.sum(_AFTER), 0)
_FIGURES: tuple[Any, ...] = (
    _COUNT.label("answered"),
    _NOTHING_BEFORE.label("nothing_before"),
    _BEFORE_FEN.label("before_fen"),
    _PAID_AFTER.label("paid_after"),
    _AFTER_FEN.label("after_fen"),
)
ORDERS: Orders = {
    "name": (col(Enterprise.name), col(Enterprise.id)),
    "answered": (_COUNT, col(Enterprise.id)),
    "before_fen": (_BEFORE_FEN, col(Enterprise.id)),
    "after_fen": (_AFTER_FEN, col(Enterprise.id)),
}
"""The orders of the enterprises."""


def _figures(row: Any) -> ZeroFigures:
    named = ("answered", "nothing_before", "before_fen", "paid_after", "after_fen")
    return ZeroFigures(*(int(getattr(row, name)) for name in named))
