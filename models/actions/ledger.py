"""Writing the ledger (拨付台账): a step of the workflow that pays, or takes a payment back, leaves its
entry here in the same transaction."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import insert, select
from sqlmodel import Session, col

from models.actions.course import Course
from models.clock import now_utc, office_day, today
from models.queries.history import last_step
from models.queries.ledger import (
    account_of,
    entries_of,
    entry_digest,
    facts_of,
    is_being_recovered,
)
from models.rules.claim_workflow import HOLDER, Action, State
from models.rules.entitlement import Purpose
from models.rules.errors import AlreadyDone, PaymentRefused
from models.rules.money import yuan
from models.rules.payments import (
    FAILURES,
    LONGEST_REASON,
    EntryKind,
    Ledger,
    Voucher,
    entry_fault,
    ledger_of,
    plain_voucher,
    reward_fault,
    voucher_fault,
)
from models.rules.reconciling import Verdict
from models.rules.roles import Office
from models.rules.wording import say
from models.tables.claims import Claim, ClaimMoney
from models.tables.payments import BankRow, Payment

PAYS = {Action.pay_agency: Purpose.subsidy, Action.reward_enterprise: Purpose.reward}
"""The steps that pay, and what they pay."""


@dataclass(frozen=True, slots=True)
class Taken:
    """The event of a step, as far as its entry needs it; `account_id` is `None` for the system."""

    event_id: int
    account_id: int | None
    left: State
    to: State
    note: str


def book_step(
    session: Session, course: Course, taken: Taken, voucher: Voucher | None
) -> dict[str, Any]:
    """Leave a step's entry in the ledger.

    Args:
        session: the writing transaction, which holds the turn to pay where the step pays.
        course: the step, its money moved already.
        taken: its event.
        voucher: what the bank says of the payment; today without a number when left out.

    Returns:
        What the record says of the entry: its digest; nothing where the step leaves none.

    Raises:
        PaymentRefused: the ledger does not let it follow, or the reward comes before the subsidy.
        AlreadyDone: the same payee was paid the same amount under the same voucher.
    """
    action = course.step.action
    if action in PAYS:
        entry = _pay(session, course, taken, voucher)
    elif action in FAILURES:
        entry = _fail(session, course, taken)
    elif _leaves_payment(taken):
        return _leave_orders(session, course, taken)
    else:
        return {}
    return {"payment": entry_digest(entry)}


def append_entry(session: Session, entry: Payment) -> Payment:
    """Write one more entry of a ledger, at its place; none is ever changed."""
    values = entry.model_dump(exclude={"id"})
    statement = insert(Payment).values(**values).returning(col(Payment.id))
    entry.id = session.execute(statement).scalar_one()
    return entry


def next_entry(
    session: Session, claim: Claim, purpose: Purpose, kind: EntryKind
) -> tuple[Payment, Ledger, tuple[Payment, ...]]:
    """An entry that follows the last one, not written yet.

    Returns:
        The entry with claim, purpose, place, kind and instant; what the ledger comes to before it;
        the entries before it.

    Raises:
        PaymentRefused: it cannot follow.
    """
    assert claim.id is not None
    before = entries_of(session, claim.id)[purpose]
    ledger = ledger_of([facts_of(entry) for entry in before])
    if fault := entry_fault(ledger.last, kind):
        raise PaymentRefused(fault)
    entry = Payment(
        claim_id=claim.id, purpose=purpose, position=len(before) + 1, kind=kind, amount_fen=0,
        entered_at_utc=now_utc(),
    )  # fmt: skip
    return entry, ledger, before


# ---------------------------------------------------------------- paying


def _pay(session: Session, course: Course, taken: Taken, voucher: Voucher | None) -> Payment:
    purpose = PAYS[course.step.action]
    claim, money = course.claim, course.monies[purpose]
    entry, ledger, _ = next_entry(session, claim, purpose, EntryKind.paid)
    entry.paid_on = _day_of(course, voucher)
    entry.voucher = plain_voucher(voucher.number) if voucher else ""
    if purpose is Purpose.reward:
        entry.after_id = _subsidy_before(session, claim, entry)
    _fill_in(session, claim, money, entry)
    entry.order_id, entry.event_id = ledger.order_id, taken.event_id
    entry.entered_by_id = taken.account_id
    _refuse_paid_before(session, entry)
    return append_entry(session, entry)


def _day_of(course: Course, voucher: Voucher | None) -> date:
    if voucher is None:
        return today()
    approval = last_step(course.history, Action.approve)
    approved_on = office_day(approval.at_utc) if approval else None
    if fault := voucher_fault(voucher, today(), approved_on):
        raise PaymentRefused(fault)
    return voucher.on


def _subsidy_before(session: Session, claim: Claim, reward: Payment) -> int:
    """The subsidy's payment that a reward follows.

    Raises:
        PaymentRefused: none stands.
    """
    assert claim.id is not None
    assert reward.paid_on is not None
    subsidy = ledger_of([facts_of(e) for e in entries_of(session, claim.id)[Purpose.subsidy]])
    recovering = is_being_recovered(session, claim.id)
    if fault := reward_fault(subsidy, reward.paid_on, is_being_recovered=recovering):
        raise PaymentRefused(fault)
    assert subsidy.paid is not None
    return subsidy.paid.id


def _fill_in(session: Session, claim: Claim, money: ClaimMoney, entry: Payment) -> None:
    """The amount, and whom it goes to."""
    account = account_of(session, claim, money)
    entry.amount_fen = money.paid_fen
    entry.payee_name, entry.payee_bank = account.name, account.bank
    entry.payee_account = account.number


def _refuse_paid_before(session: Session, entry: Payment) -> None:
    """Go on unless the same payee was paid the same amount under the same voucher; the turn to pay
    is held, so nobody comes in between."""
    if not entry.voucher:
        return
    statement = (
        select(Claim.number)
        .join(Payment, col(Payment.claim_id) == Claim.id)
        .where(
            col(Payment.kind) == EntryKind.paid,
            col(Payment.voucher) == entry.voucher,
            col(Payment.payee_account) == entry.payee_account,
            col(Payment.amount_fen) == entry.amount_fen,
        )
        .limit(1)
    )
    if number := session.execute(statement).scalar_one_or_none():
        raise AlreadyDone(
            say("凭证 {voucher} 已登记过同一收款账号、同一金额 {amount} 元的支付（{number}），不能重复支付",
                voucher=entry.voucher, amount=yuan(entry.amount_fen), number=number)
        )  # fmt: skip


# ---------------------------------------------------------------- taking back


def _fail(session: Session, course: Course, taken: Taken) -> Payment:
    """A payment that did not arrive: where the bank's list shows that it left, it was sent back."""
    purpose = FAILURES[course.step.action]
    entry, ledger, before = next_entry(session, course.claim, purpose, EntryKind.failed)
    assert ledger.paid is not None
    paid = next(one for one in reversed(before) if one.id == ledger.paid.id)
    if _is_reconciled(session, paid):
        entry.kind = EntryKind.returned
    entry.of_id, entry.voucher = paid.id, paid.voucher
    _like(entry, paid, taken, taken.note[:LONGEST_REASON])
    return append_entry(session, entry)


def _like(entry: Payment, other: Payment, taken: Taken, reason: str) -> None:
    """The amount and the account of another entry; who wrote this one, and why."""
    entry.amount_fen, entry.payee_name = other.amount_fen, other.payee_name
    entry.payee_bank, entry.payee_account = other.payee_bank, other.payee_account
    entry.event_id, entry.entered_by_id, entry.reason = taken.event_id, taken.account_id, reason


def _is_reconciled(session: Session, paid: Payment) -> bool:
    line = select(BankRow.line).where(
        col(BankRow.payment_id) == paid.id, col(BankRow.verdict) == Verdict.matched
    )
    return session.execute(line.limit(1)).first() is not None


def _leaves_payment(taken: Taken) -> bool:
    """Whether a step takes a claim out of finance's hands before it is paid."""
    is_with_finance = HOLDER.get(taken.left) is Office.payment or taken.left is State.on_hold
    return is_with_finance and taken.to not in (State.on_hold, State.approved, State.agency_paid)


def _leave_orders(session: Session, course: Course, taken: Taken) -> dict[str, Any]:
    """What waits in a payment order leaves it with the claim; the order itself is never
    rewritten."""
    assert course.claim.id is not None
    for purpose, before in entries_of(session, course.claim.id).items():
        if before and before[-1].kind is EntryKind.ordered:
            entry, ledger, _ = next_entry(session, course.claim, purpose, EntryKind.dropped)
            entry.order_id = ledger.order_id
            _like(entry, before[-1], taken, str(course.step.name))
            return {"payment": entry_digest(append_entry(session, entry))}
    return {}
