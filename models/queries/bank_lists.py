"""The bank's lists (银行清单): what was imported, which lines were found in the ledger and which were
not, and which payments no list has shown yet."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import ColumnElement, and_, exists, func, select
from sqlalchemy.orm import aliased
from sqlmodel import Session, col

from models.queries.paging import Page, PageRequest, page_of
from models.queries.payment_sight import refuse_to_see_all
from models.queries.sealing import sealed
from models.queries.visibility import masked_account
from models.rules.digest import facts_digest
from models.rules.entitlement import Purpose
from models.rules.payments import EntryKind
from models.rules.reconciling import BankLine, Booked, Verdict
from models.rules.roles import Actor, Permission
from models.tables.claims import Claim
from models.tables.payments import BankList, BankRow, Payment, PaymentOrder
from models.tables.people import Account


@dataclass(frozen=True, slots=True)
class ImportedList:
    """One imported list; money in fen."""

    id: int
    file_name: str
    rows: int
    total_fen: int
    matched: int
    imported_by: str
    imported_at_utc: datetime


@dataclass(frozen=True, slots=True)
class BankRowShown:
    """One line of a list and what it was found to be; money in fen.

    Attributes:
        number: of the claim whose entry it was compared with; empty where there is none.
        booked_fen, booked_account: what that entry says.
        order: the payment order the entry belongs to.
    """

    id: str
    file_name: str
    line: int
    paid_on: date
    payee_name: str
    payee_account: str
    amount_fen: int
    voucher: str
    summary: str
    verdict: Verdict
    number: str
    purpose: Purpose | None
    booked_fen: int | None
    booked_account: str
    order: str


@dataclass(frozen=True, slots=True)
class UnseenPayment:
    """A payment that no list of the bank's has shown yet; amount in fen."""

    number: str
    purpose: Purpose
    payee_name: str
    amount_fen: int
    voucher: str
    paid_on: date


def booked_entries(session: Session) -> tuple[Booked, ...]:
    """The payments, what of them failed or came back, and what waits in orders: what lines are
    matched with."""
    is_paid, is_failure = col(Payment.kind) == EntryKind.paid, col(Payment.kind).in_(_FAILURES)
    statement = (
        select(
            Payment.id, Payment.kind, Payment.payee_name, Payment.payee_account,
            Payment.amount_fen, Payment.voucher, _is_matched().label("is_reconciled"),
            _is_undone().label("is_undone"),
        )
        .where(is_paid | is_failure | _is_waiting())
        .order_by(col(Payment.id))
    )  # fmt: skip
    return tuple(
        Booked(
            row.id, row.payee_name, row.payee_account, row.amount_fen, row.voucher,
            row.kind is EntryKind.paid, bool(row.is_reconciled), bool(row.is_undone),
            row.kind in _FAILURES,
        )
        for row in session.execute(statement)
    )  # fmt: skip


def imported_lists(session: Session, actor: Actor, request: PageRequest) -> Page[ImportedList]:
    """One page of the imported lists, the newest first.

    Raises:
        NotAllowed: not open to this person.
    """
    refuse_to_see_all(actor)
    matched = (
        select(func.count())
        .where(col(BankRow.list_id) == BankList.id, col(BankRow.verdict) == Verdict.matched)
        .correlate(BankList)
        .scalar_subquery()
    )
    statement = (
        select(
            BankList.id, BankList.file_name, BankList.rows, BankList.total_fen,
            matched.label("matched"), col(Account.display_name).label("imported_by"),
            BankList.imported_at_utc,
        )
        .join(Account, col(Account.id) == BankList.imported_by_id)
        .order_by(col(BankList.id).desc())
    )  # fmt: skip
    return page_of(session, statement, request, lambda row: ImportedList(*row))


def bank_rows(
    session: Session, actor: Actor, request: PageRequest, verdict: Verdict | None
) -> Page[BankRowShown]:
    """One page of the lines of a verdict, the newest list first.

    Args:
        session: any transaction.
        actor: who asks; accounts are masked unless finance or lead.
        request: which page.
        verdict: which lines; `None`: every line that was not matched.

    Raises:
        NotAllowed: not open to this person.
    """
    refuse_to_see_all(actor)
    wanted = (
        col(BankRow.verdict) != Verdict.matched if verdict is None
        else col(BankRow.verdict) == verdict
    )  # fmt: skip
    statement = (
        select(
            BankRow, BankList.file_name, Claim.number, Payment.purpose, Payment.amount_fen,
            Payment.payee_account, col(PaymentOrder.number).label("order"),
        )
        .join(BankList, col(BankList.id) == BankRow.list_id)
        .outerjoin(Payment, col(Payment.id) == BankRow.payment_id)
        .outerjoin(Claim, col(Claim.id) == Payment.claim_id)
        .outerjoin(PaymentOrder, col(PaymentOrder.id) == Payment.order_id)
        .where(wanted)
        .order_by(col(BankRow.list_id).desc(), col(BankRow.line))
    )  # fmt: skip
    sees_accounts = actor.may(Permission.see_bank_accounts)
    return page_of(session, statement, request, lambda row: _shown(row, sees_accounts))


def verdict_counts(session: Session, actor: Actor) -> dict[Verdict, int]:
    """How many lines have each verdict.

    Raises:
        NotAllowed: not open to this person.
    """
    refuse_to_see_all(actor)
    statement = select(BankRow.verdict, func.count()).group_by(col(BankRow.verdict))
    found = dict(session.execute(statement).all())
    return {verdict: found.get(verdict, 0) for verdict in Verdict}


def unseen_payments(session: Session, actor: Actor, request: PageRequest) -> Page[UnseenPayment]:
    """One page of the payments that no list has shown yet, the oldest first.

    Raises:
        NotAllowed: not open to this person.
    """
    refuse_to_see_all(actor)
    statement = (
        select(
            Claim.number, Payment.purpose, Payment.payee_name, Payment.amount_fen,
            Payment.voucher, Payment.paid_on,
        )
        .join(Claim, col(Claim.id) == Payment.claim_id)
        .where(col(Payment.kind) == EntryKind.paid, ~_is_undone(), ~_is_matched())
        .order_by(col(Payment.paid_on), col(Payment.id))
    )  # fmt: skip
    return page_of(session, statement, request, lambda row: UnseenPayment(*row))


def line_of(row: BankRow) -> BankLine:
    """A kept line as it was read."""
    return BankLine(
        row.line, row.paid_on, row.payee_name, row.payee_account, row.amount_fen, row.voucher,
        row.summary,
    )  # fmt: skip


def rows_digest(lines: Iterable[BankLine]) -> str:
    """The digest of a list's lines, as the record keeps it: accounts sealed."""
    return facts_digest(
        [
            {
                "line": line.line, "paid_on": line.paid_on.isoformat(),
                "payee_name": line.payee_name, "payee_account": sealed(line.payee_account),
                "amount_fen": line.amount_fen, "voucher": line.voucher, "summary": line.summary,
            }
            for line in lines
        ]
    )  # fmt: skip


# ---------------------------------------------------------------- pieces


_FAILURES = (EntryKind.failed, EntryKind.returned)


def _is_undone() -> ColumnElement[bool]:
    """Whether a payment was taken back."""
    later = aliased(Payment)
    return exists().where(col(later.of_id) == Payment.id, col(later.kind).in_(_FAILURES))


def _is_waiting() -> ColumnElement[bool]:
    """Whether an entry waits in an order: nothing came after it."""
    later = aliased(Payment)
    answered = exists().where(
        col(later.claim_id) == Payment.claim_id,
        col(later.purpose) == Payment.purpose,
        col(later.position) > Payment.position,
    )
    return and_(col(Payment.kind) == EntryKind.ordered, ~answered)


def _is_matched() -> ColumnElement[bool]:
    return exists().where(
        col(BankRow.payment_id) == Payment.id, col(BankRow.verdict) == Verdict.matched
    )


def _shown(row: Any, sees_accounts: bool) -> BankRowShown:
    line: BankRow = row.BankRow

    def account(number: str | None) -> str:
        return (number or "") if sees_accounts else masked_account(number or "")

    return BankRowShown(
        id=f"{line.list_id}.{line.line}",
        file_name=row.file_name,
        line=line.line,
        paid_on=line.paid_on,
        payee_name=line.payee_name,
        payee_account=account(line.payee_account),
        amount_fen=line.amount_fen,
        voucher=line.voucher,
        summary=line.summary,
        verdict=line.verdict,
        number=row.number or "",
        purpose=row.purpose,
        booked_fen=row.amount_fen,
        booked_account=account(row.payee_account),
        order=row.order or "",
    )
