"""Payment orders (拨付单): what finance hands to the bank, frozen; paying one as a whole; taking a row
out of one."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import func, insert, select
from sqlmodel import Session, col

from models.actions.course import locked_claim, refuse_out_of_sight
from models.actions.ledger import append_entry, next_entry
from models.actions.lock_order import lock_lines, turn_to_pay
from models.actions.reasons import required_text
from models.actions.record import record
from models.actions.steps import lock_claims, seen_now, take_step
from models.clock import now_utc, today
from models.queries.ledger import account_of, entries_of, entry_digest, order_digest, order_row
from models.queries.payable import (
    STEP_FOR,
    Due,
    claims_and_monies,
    due_rows,
    why_not_ordered,
)
from models.queries.payment_orders import WaitingRow, order_named, waiting_rows
from models.queries.visibility import refuse_without
from models.rules.entitlement import Purpose
from models.rules.errors import AlreadyDone, NotAvailable, PaymentRefused, Refusal
from models.rules.months import YearMonth
from models.rules.payments import (
    LONGEST_REASON,
    LONGEST_VOUCHER,
    MOST_ROWS,
    PURPOSE_NAMES,
    EntryKind,
    Voucher,
    plain_voucher,
)
from models.rules.roles import Actor, Permission
from models.rules.wording import Wording, say
from models.tables.claims import Claim, ClaimMoney
from models.tables.payments import Payment, PaymentOrder

MADE, DROPPED, FAILED = "make_payment_order", "drop_payment", "fail_payment"
_ROW_DIGITS = 4  # of the row's number after an order's voucher


@dataclass(frozen=True, slots=True)
class MoneyResult:
    """What happened to one purpose's money: nothing more to say, or the refusal in words."""

    number: str
    purpose: Purpose
    amount_fen: int
    refusal: Wording | None = None

    @property
    def is_done(self) -> bool:
        """Whether it went through."""
        return self.refusal is None


@dataclass(frozen=True, slots=True)
class OrderMade:
    """A payment order as it was frozen, and what did not go into it, each with the reason."""

    number: str
    rows: int
    total_fen: int
    left: tuple[MoneyResult, ...]


def make_order(
    session: Session, actor: Actor, wanted: Sequence[tuple[str, Purpose]] = ()
) -> OrderMade:
    """Make a payment order (拨付单) of what can be paid today.

    Args:
        session: the writing transaction.
        actor: finance.
        wanted: claim numbers and purposes; everything due when left out, what waited longest
            first, at most `MOST_ROWS`.

    Returns:
        The order, and what was left out with the reason.

    Raises:
        NotAllowed: not finance.
        NotAvailable: nothing can be paid today, with the first reason.
    """
    refuse_without(actor, Permission.pay)
    due = _due(session, wanted)
    lock_claims(session, [one.claim_id for one in due])
    turn_to_pay(session)
    rows, left = _sorted_out(session, due)
    if not rows:
        raise NotAvailable(_nothing(left))
    number = _next_number(session)
    digest = order_digest([order_row(one.number, entry) for one, entry in rows])
    total_fen = sum(entry.amount_fen for _, entry in rows)
    stated = {"rows": len(rows), "total_fen": total_fen, "digest": digest}
    subject, grant_id = f"payment_order:{number}", actor.grant_id(Permission.pay)
    head = record(session, actor, MADE, subject, None, stated, grant_id)
    order = PaymentOrder(
        number=number, month=number[3:10], made_on=today(), made_at_utc=now_utc(),
        made_by_id=actor.account_id, rows=len(rows), total_fen=total_fen, digest=digest,
        chain_head=head,
    )  # fmt: skip
    _freeze(session, actor, order, [entry for _, entry in rows])
    return OrderMade(number, len(rows), total_fen, tuple(left))


def pay_order(
    session: Session, actor: Actor, number: str, voucher: Voucher, note: str = ""
) -> tuple[MoneyResult, ...]:
    """Enter an order as paid (整单登记支付): each row through the same guarded step as a single
    payment, with its result; what is refused stays in the order.

    Args:
        session: the writing transaction.
        actor: finance.
        number: the order.
        voucher: the order's; each row's voucher is this number, a hyphen and the row's number.
        note: what is said with each payment; needed where a condition is unknown.

    Returns:
        A result per row that waited.

    Raises:
        NotAllowed: not finance.
        NotFound: no such order.
        AlreadyDone: no row waits any more.
        PaymentRefused, TextRefused: no voucher's number, or one that is too long.
    """
    refuse_without(actor, Permission.pay)
    order = order_named(session, actor, number)
    base = plain_voucher(voucher.number)
    if len(base) > LONGEST_VOUCHER - _ROW_DIGITS:
        raise PaymentRefused(
            say("整单凭证号最长 {most} 个字符，各行还要加行号", most=LONGEST_VOUCHER - _ROW_DIGITS)
        )
    waiting = waiting_rows(session, order)
    if not waiting:
        raise AlreadyDone(say("拨付单 {number} 没有待支付的行", number=number))
    lock_claims(session, [row.claim_id for row in waiting])
    turn_to_pay(session)
    lock_lines(session, [row.budget_line_id for row in waiting if row.budget_line_id is not None])
    return tuple(
        _pay_row(session, actor, row, Voucher(f"{base}-{row.position:02d}", voucher.on), note)
        for row in waiting
    )


def pay_waiting(session: Session, actor: Actor, row: WaitingRow, voucher: Voucher) -> MoneyResult:
    """Enter one row of an order as paid, in a transaction that holds its claim and the turn to
    pay; a refusal is its result."""
    return _pay_row(session, actor, row, voucher, "")


def drop_from_order(
    session: Session, actor: Actor, number: str, purpose: Purpose, reason: str
) -> None:
    """Take a claim's money out of its payment order (撤出拨付单): the order stays as it was frozen.

    Raises:
        NotAllowed: not finance.
        NotFound: no such claim in sight.
        ReasonMissing, TextRefused: no reason, or too long a one.
        PaymentRefused: it waits in no order.
    """
    _leave_order(session, actor, number, purpose, EntryKind.dropped, reason)


def fail_ordered(
    session: Session, actor: Actor, number: str, purpose: Purpose, reason: str, voucher: str = ""
) -> None:
    """Record that the bank did not make a payment of an order (登记支付失败): the money is due again.

    Nothing was paid, so the claim stays where it is; what is entered as paid fails by a step of the
    workflow.

    Args:
        session: the writing transaction.
        actor: finance.
        number: the claim's.
        purpose: which money.
        reason: the bank's.
        voucher: the bank's number for it, where it gave one.

    Raises:
        NotAllowed, NotFound, ReasonMissing, TextRefused: as `drop_from_order`.
        PaymentRefused: it waits in no order.
    """
    _leave_order(session, actor, number, purpose, EntryKind.failed, reason, voucher)


def _leave_order(
    session: Session, actor: Actor, number: str, purpose: Purpose, kind: EntryKind, reason: str,
    voucher: str = "",
) -> None:  # fmt: skip
    """An entry by which money leaves the order it waits in; the order itself is never rewritten."""
    refuse_without(actor, Permission.pay)
    said = required_text(reason, LONGEST_REASON, _WHY[kind])
    claim = locked_claim(session, number)
    refuse_out_of_sight(actor, claim)
    entry, ledger, before = next_entry(session, claim, purpose, kind)
    if ledger.last is not EntryKind.ordered:
        raise PaymentRefused(say("{purpose}已不在拨付单中", purpose=PURPOSE_NAMES[purpose]))
    ordered = before[-1]
    entry.amount_fen, entry.payee_name = ordered.amount_fen, ordered.payee_name
    entry.payee_bank, entry.payee_account = ordered.payee_bank, ordered.payee_account
    entry.order_id, entry.reason, entry.entered_by_id = ledger.order_id, said, actor.account_id
    if kind is EntryKind.failed:
        entry.of_id, entry.voucher = ordered.id, voucher
    append_entry(session, entry)
    verb = FAILED if kind is EntryKind.failed else DROPPED
    record(
        session, actor, verb, f"claim:{number}", None,
        {"purpose": purpose.value, "reason": said, "payment": entry_digest(entry)},
        actor.grant_id(Permission.pay),
    )  # fmt: skip


_WHY = {
    EntryKind.dropped: say("请写明撤出拨付单的原因"),
    EntryKind.failed: say("请写明银行给出的原因"),
}


# ---------------------------------------------------------------- making


def _due(session: Session, wanted: Sequence[tuple[str, Purpose]]) -> tuple[Due, ...]:
    """What is asked for, as far as it is due; everything due where nothing is."""
    due = due_rows(session, MOST_ROWS if not wanted else 10 * MOST_ROWS)
    chosen = set(wanted)
    return tuple(one for one in due if not chosen or (one.number, one.purpose) in chosen)


def _sorted_out(
    session: Session, due: tuple[Due, ...]
) -> tuple[list[tuple[Due, Payment]], list[MoneyResult]]:
    """The rows of the order, and what stays out of it with the reason."""
    rows: list[tuple[Due, Payment]] = []
    left: list[MoneyResult] = []
    now = claims_and_monies(session, due)
    for one in due:
        claim, money = now[one.claim_id, one.purpose]
        reason = why_not_ordered(session, claim, money)
        if reason is None:
            rows.append((one, _ordered(session, claim, money)))
        else:
            left.append(MoneyResult(one.number, one.purpose, one.amount_fen, reason))
    return rows, left


def _ordered(session: Session, claim: Claim, money: ClaimMoney) -> Payment:
    """The entry that puts a purpose's money into an order, not written yet."""
    entry, _, _ = next_entry(session, claim, money.purpose, EntryKind.ordered)
    account = account_of(session, claim, money)
    entry.amount_fen = money.committed_fen
    entry.payee_name, entry.payee_bank = account.name, account.bank
    entry.payee_account = account.number
    return entry


def _next_number(session: Session) -> str:
    """`BF-2026-12-01`: the month and a number in it; the turn to pay is held."""
    month = str(YearMonth.containing(today()))
    count = select(func.count()).where(col(PaymentOrder.month) == month)
    return f"BF-{month}-{session.execute(count).scalar_one() + 1:02d}"


def _freeze(session: Session, actor: Actor, order: PaymentOrder, entries: list[Payment]) -> None:
    statement: Any = insert(PaymentOrder).values(**order.model_dump(exclude={"id"}))
    order_id = session.execute(statement.returning(PaymentOrder.id)).scalar_one()
    for entry in entries:
        entry.order_id, entry.entered_by_id = order_id, actor.account_id
        append_entry(session, entry)


def _nothing(left: list[MoneyResult]) -> Wording:
    if not left:
        return say("没有审批通过、等待拨付的申请")
    first = left[0]
    return say(
        "没有可以列入拨付单的款项：{number} {reason}", number=first.number, reason=first.refusal
    )


# ---------------------------------------------------------------- paying


def _pay_row(
    session: Session, actor: Actor, row: WaitingRow, voucher: Voucher, note: str
) -> MoneyResult:
    """One row through the guarded step; a refusal leaves no trace of the row."""
    with session.begin_nested() as attempt:
        try:
            _refuse_differing(session, row)
            seen = seen_now(session, actor, locked_claim(session, row.number))
            step = STEP_FOR[row.purpose]
            take_step(session, actor, row.number, step, seen, note=note, voucher=voucher)
        except Refusal as refusal:
            attempt.rollback()
            return MoneyResult(row.number, row.purpose, row.amount_fen, refusal.wording)
    return MoneyResult(row.number, row.purpose, row.amount_fen)


def _refuse_differing(session: Session, row: WaitingRow) -> None:
    """Go on only if amount and account are still those of the order."""
    claim = locked_claim(session, row.number)
    money = session.get_one(ClaimMoney, (row.claim_id, row.purpose), populate_existing=True)
    ordered = entries_of(session, row.claim_id)[row.purpose][-1]
    if ordered.kind is not EntryKind.ordered:
        raise AlreadyDone(say("{purpose}已不在拨付单中", purpose=PURPOSE_NAMES[row.purpose]))
    due_fen = money.committed_fen if money.approved_fen is None else money.approved_fen
    account = account_of(session, claim, money)
    if (due_fen, account.number) != (ordered.amount_fen, ordered.payee_account):
        raise PaymentRefused(say("金额或收款账号与拨付单不同，请先撤出拨付单，再重新列入"))
