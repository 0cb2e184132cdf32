"""The queue of claims (待初审申请): one page of what waits, whose turn it is, and what the findings say
in short."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from enum import StrEnum
from functools import lru_cache
from typing import Any

from sqlalchemy import ColumnElement, Row, Select, and_, or_, select
from sqlmodel import Session, col

from models.clock import now_utc, today
from models.queries.own_turn import Hindrance, hindrance, mine_to_decide, offices_of
from models.queries.paging import Count, Orders, Page, PageRequest, counted, page_of
from models.queries.queue_sizes import (
    QueueCounts,
    months_filed,
    printable,
    queue_counts,
    sees_all,
)
from models.queries.search import begins_with, contains_all
from models.queries.settings import calendar
from models.queries.sight import claims_in_sight
from models.rules.claim_workflow import ENDED, State, states_held_by
from models.rules.entitlement import Purpose
from models.rules.roles import Actor
from models.rules.working_days import Calendar
from models.tables.agreements import Result
from models.tables.claims import Claim, ClaimMoney, SampledClaim
from models.tables.organisations import Agency, Enterprise
from models.tables.people import Account
from models.tables.reference import ServiceType

__all__ = [
    "WALKED_ROWS",
    "Hindrance",
    "Pile",
    "QueueCounts",
    "QueueQuestion",
    "QueueRow",
    "Verdicts",
    "months_filed",
    "next_to_decide",
    "offices_of",
    "queue_counts",
    "queue_numbers",
    "queue_page",
    "services_listed",
]


class Pile(StrEnum):
    """Which claims the queue shows."""

    mine = "mine"  # 我办理的
    turn = "turn"  # 轮到我
    hold = "hold"  # 暂缓
    month = "month"  # 一个月份的全部
    all = "all"  # 全部


class Verdicts(StrEnum):
    """A filter by the findings in short."""

    all_met = "all_met"  # 全部符合
    not_met = "not_met"  # 有不符合
    unknown = "unknown"  # 有待查证
    warning = "warning"  # 有请注意


@dataclass(frozen=True, slots=True)
class QueueQuestion:
    """What the visitor asked the queue for.

    Attributes:
        month: the month of the piles that have one, `2026-11`.
        text: part of a claim's number, of the enterprise's name or of the agency's.
        is_mine_to_decide: only what this very person may decide now.
    """

    pile: Pile = Pile.turn
    month: str = ""
    service: str = ""
    verdicts: Verdicts | None = None
    state: State | None = None
    text: str = ""
    is_mine_to_decide: bool = False


@dataclass(frozen=True, slots=True)
class QueueRow:
    """One row of the queue; money in fen, exposure in fen × calendar days."""

    claim_id: int
    number: str
    state: State
    service_code: str
    enterprise: str
    agency: str
    asked_fen: int
    entitled_fen: int | None
    met: int
    not_met: int
    unknown: int
    warning: int
    waiting_working_days: int
    waiting_since_on: date
    exposure_fen_days: int
    held_by: str
    held_by_me: bool
    held_since_utc: datetime | None
    is_drawn: bool
    hindrance: Hindrance

    @property
    def is_free(self) -> bool:
        """Whether no colleague has taken it."""
        return self.held_by_me or not self.held_by


WALKED_ROWS = 500
"""How far "next" and "previous" see along a list."""

FEW_PARTIES = 100

_ORDER: tuple[Any, ...] = (col(Claim.waiting_since_on), col(Claim.id))


def queue_page(
    session: Session,
    actor: Actor,
    question: QueueQuestion,
    request: PageRequest,
    counts: QueueCounts | None = None,
) -> Page[QueueRow]:
    """One page of the queue: what waits oldest first, everything newest first.

    Args:
        session: any transaction.
        actor: who asks; sees only claims in sight.
        question: pile and filters.
        request: which page.
        counts: the piles' sizes, where they are known already.
    """
    hindered = hindrance(actor).label("hindrance")
    statement = _ROWS.add_columns(hindered).where(*_conditions(session, actor, question))
    columns = _order(question.pile, request.order)
    days, now, on = calendar(session), now_utc(), today()
    return page_of(
        session,
        statement.order_by(*columns),
        request,
        lambda row: _queue_row(row, actor, days, now, on),
        count=_count(session, actor, question, counts),
    )


def queue_numbers(
    session: Session,
    actor: Actor,
    question: QueueQuestion,
    at_most: int = WALKED_ROWS,
    *,
    order: str = "",
    after: int = 0,
    beside: str = "",
) -> list[str]:
    """The numbers of a pile in its order: what "next" and "previous" walk along.

    Args:
        session: any transaction.
        actor: who walks.
        question: pile and filters.
        at_most: how many numbers.
        order: the list's order, as `PageRequest.order`.
        after: how many of the list to leave out at its beginning.
        beside: a number that counts among those to decide, although it is a colleague's.
    """
    statement = (
        select(Claim.number)
        .where(*_conditions(session, actor, question, beside))
        .order_by(*_order(question.pile, order))
        .limit(at_most)
        .offset(after)
    )
    return list(session.execute(statement).scalars())


def next_to_decide(
    session: Session, actor: Actor, question: QueueQuestion, page: Page[QueueRow]
) -> str | None:
    """The number of the claim that waits longest and is this person's to decide; `None` if none is.

    Read off the page where that page begins what waits for the person; asked for otherwise.

    Args:
        session: any transaction.
        actor: who asks.
        question: what the page shows.
        page: one page of the queue.
    """
    turn = QueueQuestion(Pile.turn, question.month)
    if question == turn and page.number == 1 and not page.order:
        free = (row for row in page.rows if row.hindrance is Hindrance.none and row.is_free)
        first = next(free, None)
        if first is not None or page.pages == 1:
            return first.number if first else None
    mine = replace(turn, is_mine_to_decide=True)
    return next(iter(queue_numbers(session, actor, mine, at_most=1)), None)


def services_listed(session: Session) -> dict[str, ServiceType]:
    """Every service by its code, in the order of clause 四: for names and the filter.

    Returns:
        Rows that are not the database's own and are shared: to be read only.
    """
    return dict(_services(tuple(session.execute(_SERVICES).all())))


@lru_cache(maxsize=8)
def _services(rows: tuple[Row[Any], ...]) -> dict[str, ServiceType]:
    """Made once for each state of the rows: every list names services."""
    return {row.code: ServiceType(**row._mapping) for row in rows}


_SERVICES = select(ServiceType.__table__).order_by(  # type: ignore[attr-defined]
    col(ServiceType.clause_item), col(ServiceType.code)
)


_ROW: tuple[Any, ...] = (
    col(Claim.id).label("claim_id"), Claim.number, Claim.state, Claim.asked_fen,
    Claim.findings_met, Claim.findings_not_met, Claim.findings_unknown,
    Claim.findings_warning, Claim.waiting_since_on, Claim.lease_account_id,
    Claim.lease_taken_at_utc, Claim.lease_until_utc,
    Claim.service_code,
    col(Enterprise.name).label("enterprise"), col(Agency.name).label("agency"),
    Result.obtained_on, ClaimMoney.entitled_fen, ClaimMoney.approved_fen,
    ClaimMoney.paid_fen, Account.display_name, SampledClaim.is_drawn,
)  # fmt: skip


_ROWS: Select[Any] = (
    select(*_ROW)
    .join(Enterprise, col(Enterprise.id) == Claim.enterprise_id)
    .join(Agency, col(Agency.id) == Claim.agency_id)
    .join(Result, col(Result.id) == Claim.result_id)
    .outerjoin(ClaimMoney, and_(
        col(ClaimMoney.claim_id) == Claim.id, col(ClaimMoney.purpose) == Purpose.subsidy,
    ))
    .outerjoin(Account, col(Account.id) == Claim.lease_account_id)
    .outerjoin(SampledClaim, col(SampledClaim.claim_id) == Claim.id)
)  # fmt: skip


def _conditions(
    session: Session, actor: Actor, question: QueueQuestion, beside: str = ""
) -> list[ColumnElement[bool]]:
    conditions = [claims_in_sight(actor), *_pile(actor, question)]
    if question.is_mine_to_decide:
        is_mine = and_(*mine_to_decide(actor))
        conditions.append(or_(is_mine, col(Claim.number) == beside) if beside else is_mine)
    if question.service:
        conditions.append(col(Claim.service_code) == printable(question.service))
    if question.state is not None:
        conditions.append(col(Claim.state) == question.state)
    if question.verdicts is not None:
        conditions.append(_verdicts(question.verdicts))
    if text := printable(question.text):
        conditions.append(_text(session, text))
    return conditions


def _pile(actor: Actor, question: QueueQuestion) -> list[ColumnElement[bool]]:
    match question.pile:
        case Pile.mine:
            mine = col(Claim.lease_account_id) == actor.account_id
            return [mine, col(Claim.lease_until_utc) > now_utc()]
        case Pile.turn:
            return [_in(col(Claim.state), states_held_by(offices_of(actor)))]
        case Pile.hold:
            return [col(Claim.state) == State.on_hold]
        case Pile.month:
            return [col(Claim.filed_month) == printable(question.month)]
        case Pile.all:
            return []


def _in(column: Any, states: Sequence[State]) -> ColumnElement[bool]:
    """One state is asked for by equality, so that the queue's index gives the order too."""
    return column == states[0] if len(states) == 1 else column.in_(states)


def _verdicts(verdicts: Verdicts) -> ColumnElement[bool]:
    match verdicts:
        case Verdicts.all_met:
            return and_(
                col(Claim.findings_not_met) == 0,
                col(Claim.findings_unknown) == 0,
                col(Claim.findings_warning) == 0,
            )
        case Verdicts.not_met:
            return col(Claim.findings_not_met) > 0
        case Verdicts.unknown:
            return col(Claim.findings_unknown) > 0
        case Verdicts.warning:
            return col(Claim.findings_warning) > 0


def _text(session: Session, text: str) -> ColumnElement[bool]:
    """The number begins with it, or a party's name has it.

    Few parties are named one by one, so that their claims are found along an index; of a word that
    many names have, claims are soon met in any order.
    """
    found = [begins_with(session, col(Claim.number), text)]
    for party, column in ((Enterprise, Claim.enterprise_id), (Agency, Claim.agency_id)):
        named = select(party.id).where(contains_all(session, col(party.name), text))
        few = list(session.execute(named.limit(FEW_PARTIES + 1)).scalars())
        if few:
            found.append(col(column).in_(few if len(few) <= FEW_PARTIES else named))
    return or_(*found)


_ORDERS: Orders = {
    "number": (col(Claim.number),),
    "asked_fen": (col(Claim.asked_fen), col(Claim.id)),
    "waiting_since_on": _ORDER,
}
_ORDERS_OF_ALL = {"number": _ORDERS["number"]}
"""Everything is a million rows: only along an index."""


def _order(pile: Pile, order: str) -> list[Any]:
    """The order asked for, as far as the pile knows it; else its own: what waits oldest first,
    everything newest first."""
    columns = (_ORDERS_OF_ALL if pile is Pile.all else _ORDERS).get(order.removeprefix("-"))
    if columns is None:
        return [col(Claim.id).desc()] if pile is Pile.all else [*_ORDER]
    return [column.desc() for column in columns] if order.startswith("-") else [*columns]


def _count(
    session: Session, actor: Actor, question: QueueQuestion, counts: QueueCounts | None
) -> Count | None:
    """The kept count where nothing is filtered; otherwise counted, as far as lists count."""
    is_filtered = (
        question.service or question.verdicts or question.state or printable(question.text)
    )
    if is_filtered or question.pile is Pile.mine or not sees_all(actor):
        return counted(session, select(Claim.id).where(*_conditions(session, actor, question)))
    counts = counts or queue_counts(session, actor, question.month)
    return Count(getattr(counts, question.pile.value))


def _queue_row(row: Any, actor: Actor, days: Calendar, now: datetime, on: date) -> QueueRow:
    is_held = row.lease_until_utc is not None and row.lease_until_utc > now
    amount = row.approved_fen or row.entitled_fen or row.asked_fen
    is_over = State(row.state) in ENDED
    return QueueRow(
        claim_id=row.claim_id,
        number=row.number,
        state=State(row.state),
        service_code=row.service_code,
        enterprise=row.enterprise,
        agency=row.agency,
        asked_fen=row.asked_fen,
        entitled_fen=row.entitled_fen,
        met=row.findings_met,
        not_met=row.findings_not_met,
        unknown=row.findings_unknown,
        warning=row.findings_warning,
        waiting_working_days=0 if is_over else days.working_days_between(row.waiting_since_on, on),
        waiting_since_on=row.waiting_since_on,
        exposure_fen_days=0
        if is_over or row.paid_fen
        else amount * max(0, (on - row.obtained_on).days),
        held_by=row.display_name if is_held else "",
        held_by_me=is_held and row.lease_account_id == actor.account_id,
        held_since_utc=row.lease_taken_at_utc if is_held else None,
        is_drawn=bool(row.is_drawn),
        hindrance=Hindrance(row.hindrance),
    )
