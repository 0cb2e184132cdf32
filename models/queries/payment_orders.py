"""Payment orders (拨付单): the list of them, one with its rows and what became of each."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import Select, and_, func, select
from sqlalchemy.orm import aliased
from sqlmodel import Session, col

from models.queries.paging import Page, PageRequest, page_of
from models.queries.payment_sight import refuse_to_see_all, sees_all_payments
from models.queries.visibility import masked_account
from models.rules.entitlement import Purpose
from models.rules.errors import NotFound
from models.rules.payments import EntryKind
from models.rules.roles import Actor, Permission
from models.rules.wording import say
from models.tables.claims import Claim, ClaimMoney
from models.tables.payments import Payment, PaymentOrder
from models.tables.people import Account


@dataclass(frozen=True, slots=True)
class OrderLine:
    """One payment order in the list; money in fen.

    Attributes:
        waiting: rows that are neither paid nor taken out.
    """

    id: int
    number: str
    month: str
    made_on: date
    made_by: str
    rows: int
    total_fen: int
    waiting: int
    digest: str
    chain_head: str


@dataclass(frozen=True, slots=True)
class OrderRow:
    """One row of a payment order, as it was frozen, and what became of it; money in fen.

    Attributes:
        position: in the order, from 1.
        became: the entry that answered the row; `ordered` while it waits.
        voucher, paid_on: of the payment, where there is one.
    """

    position: int
    claim_id: int
    number: str
    purpose: Purpose
    amount_fen: int
    payee_name: str
    payee_bank: str
    payee_account: str
    became: EntryKind
    voucher: str
    paid_on: date | None


@dataclass(frozen=True, slots=True)
class WaitingRow:
    """A row of an order that waits to be paid."""

    position: int
    claim_id: int
    number: str
    purpose: Purpose
    amount_fen: int
    budget_line_id: int | None


@dataclass(frozen=True, slots=True)
class OrderCard:
    """One payment order with its rows."""

    line: OrderLine
    made_at_utc: datetime
    rows: tuple[OrderRow, ...]

    @property
    def waiting_fen(self) -> int:
        """What of it waits to be paid."""
        return sum(row.amount_fen for row in self.rows if row.became is EntryKind.ordered)


def orders_page(session: Session, actor: Actor, request: PageRequest) -> Page[OrderLine]:
    """One page of the payment orders, the newest first.

    Raises:
        NotAllowed: the list is not open to this person; an agency sees its own rows on the list of
            payments.
    """
    refuse_to_see_all(actor)
    statement = _orders().order_by(col(PaymentOrder.id).desc())
    return page_of(session, statement, request, lambda row: OrderLine(**row._mapping))


def order_card(session: Session, actor: Actor, number: str) -> OrderCard:
    """One payment order with all its rows, accounts masked for who may not see them.

    Raises:
        NotFound: no such order, or not for this person.
    """
    order = order_named(session, actor, number)
    line = session.execute(_orders().where(col(PaymentOrder.id) == order.id)).one()
    sees_accounts = actor.may(Permission.see_bank_accounts)
    rows = [
        _row(at, row, sees_accounts=sees_accounts)
        for at, row in enumerate(session.execute(_rows(order.id)), start=1)
    ]
    return OrderCard(OrderLine(**line._mapping), order.made_at_utc, tuple(rows))


def order_named(session: Session, actor: Actor, number: str) -> PaymentOrder:
    """The payment order of a number.

    Raises:
        NotFound: no such order, or not for this person: the answer is the same.
    """
    missing = NotFound(say("没有编号为“{number}”的拨付单", number=number[:24]))
    if not sees_all_payments(actor) or not number.isprintable():
        raise missing
    statement = select(PaymentOrder).where(col(PaymentOrder.number) == number)
    order = session.execute(statement).scalar_one_or_none()
    if order is None:
        raise missing
    return order


def waiting_rows(session: Session, order: PaymentOrder) -> tuple[WaitingRow, ...]:
    """The rows of an order that wait to be paid."""
    return tuple(
        WaitingRow(at, row.claim_id, row.number, row.purpose, row.amount_fen, row.budget_line_id)
        for at, row in enumerate(session.execute(_rows(order.id)), start=1)
        if row.became is None
    )


# ---------------------------------------------------------------- pieces


def _orders() -> Select[Any]:
    entry, answer = aliased(Payment), aliased(Payment)
    waiting = (
        select(func.count())
        .select_from(entry)
        .outerjoin(answer, _answers(entry, answer))
        .where(
            col(entry.order_id) == PaymentOrder.id,
            col(entry.kind) == EntryKind.ordered,
            col(answer.id).is_(None),
        )
        .correlate(PaymentOrder)
        .scalar_subquery()
    )
    return select(
        PaymentOrder.id, PaymentOrder.number, PaymentOrder.month, PaymentOrder.made_on,
        col(Account.display_name).label("made_by"), PaymentOrder.rows, PaymentOrder.total_fen,
        waiting.label("waiting"), PaymentOrder.digest, PaymentOrder.chain_head,
    ).join(Account, col(Account.id) == PaymentOrder.made_by_id)  # fmt: skip


def _answers(entry: Any, answer: Any) -> Any:
    """The entry right after an ordered one: what became of it."""
    return and_(
        col(answer.claim_id) == entry.claim_id,
        col(answer.purpose) == entry.purpose,
        col(answer.position) == entry.position + 1,
    )


def _rows(order_id: int | None) -> Select[Any]:
    entry, answer, undone = aliased(Payment), aliased(Payment), aliased(Payment)
    is_undone = and_(
        col(undone.of_id) == answer.id,
        col(undone.kind).in_((EntryKind.failed, EntryKind.returned)),
    )
    return (
        select(
            entry.claim_id, Claim.number, entry.purpose, entry.amount_fen, entry.payee_name,
            entry.payee_bank, entry.payee_account, ClaimMoney.budget_line_id,
            func.coalesce(undone.kind, answer.kind).label("became"), answer.voucher,
            answer.paid_on,
        )
        .join(Claim, col(Claim.id) == entry.claim_id)
        .join(ClaimMoney, and_(
            col(ClaimMoney.claim_id) == entry.claim_id, col(ClaimMoney.purpose) == entry.purpose,
        ))
        .outerjoin(answer, _answers(entry, answer))
        .outerjoin(undone, is_undone)
        .where(col(entry.order_id) == order_id, col(entry.kind) == EntryKind.ordered)
        .order_by(col(entry.id))
    )  # fmt: skip


def _row(at: int, row: Any, *, sees_accounts: bool) -> OrderRow:
    account = row.payee_account if sees_accounts else masked_account(row.payee_account)
    return OrderRow(
        at, row.claim_id, row.number, row.purpose, row.amount_fen, row.payee_name, row.payee_bank,
        account, EntryKind(row.became or EntryKind.ordered), row.voucher or "", row.paid_on,
    )  # fmt: skip
