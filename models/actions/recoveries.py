"""Recovering a payment (追回): drafted by one person, confirmed by another; then an entry of the
ledger.

What was recovered goes back to the treasury: it stands beside its budget line and makes no room on
it.
"""

from __future__ import annotations

from typing import Any

from sqlalchemy import select
from sqlmodel import Session, col

from models.actions.course import locked_claim, refuse_out_of_sight
from models.actions.inserts import insert_unless_there
from models.actions.ledger import append_entry, next_entry
from models.actions.reasons import required_text
from models.actions.record import record
from models.clock import now_utc
from models.queries.ledger import entries_of, entry_digest, facts_of
from models.queries.visibility import refuse_without
from models.rules.entitlement import Purpose
from models.rules.errors import (
    AlreadyDone,
    NotAllowed,
    NotFound,
    PaymentRefused,
)
from models.rules.payments import LONGEST_REASON, EntryKind, ledger_of, recovery_fault
from models.rules.roles import Actor, Permission
from models.rules.wording import say
from models.tables.claims import Claim
from models.tables.payments import DraftState, Payment, Recovery


def draft_recovery(
    session: Session, actor: Actor, number: str, purpose: Purpose, amount_fen: int, reason: str
) -> int:
    """Draft that a payment is to be had back, in whole or in part (起草追回).

    Args:
        session: the writing transaction.
        actor: finance.
        number: the claim's.
        purpose: which payment.
        amount_fen: how much, at most what was not recovered yet.
        reason: why.

    Returns:
        The draft's number.

    Raises:
        NotAllowed: not finance.
        NotFound: no such claim in sight.
        ReasonMissing, TextRefused: no reason, or too long a one.
        PaymentRefused: nothing is paid, or the amount is not between nothing and what is left.
        AlreadyDone: a recovery of it waits already.
    """
    refuse_without(actor, Permission.pay)
    said = required_text(reason, LONGEST_REASON, say("请写明追回的原因"))
    claim = locked_claim(session, number)
    refuse_out_of_sight(actor, claim)
    paid_id = _recoverable(session, claim, purpose, amount_fen)
    values = {
        "payment_id": paid_id, "amount_fen": amount_fen, "reason": said,
        "state": DraftState.drafted, "drafted_by_id": actor.account_id,
        "drafted_at_utc": now_utc(),
    }  # fmt: skip
    statement = insert_unless_there(session, Recovery).values(**values).returning(Recovery.id)
    draft_id: int | None = session.execute(statement).scalar_one_or_none()
    if draft_id is None:
        raise AlreadyDone(say("这笔支付已有一份追回待确认"))
    after = {"recovery": draft_id, "purpose": purpose.value, "amount_fen": amount_fen}
    record(
        session, actor, "draft_recovery", f"claim:{number}", None, after | {"reason": said},
        actor.grant_id(Permission.pay),
    )  # fmt: skip
    return draft_id


def confirm_recovery(session: Session, actor: Actor, recovery_id: int) -> int:
    """Confirm a drafted recovery (确认追回): the ledger gets its entry.

    Args:
        session: the writing transaction.
        actor: finance or the lead, another person than the drafter.
        recovery_id: the draft.

    Returns:
        The entry's number in the ledger.

    Raises:
        NotAllowed: somebody else, or the drafter.
        NotFound: no such draft.
        AlreadyDone: it was decided before.
        PaymentRefused: less is left to recover by now.
    """
    refuse_without(actor, Permission.confirm_money)
    draft, paid, claim = _locked(session, recovery_id)
    if draft.drafted_by_id == actor.account_id:
        raise NotAllowed(say("起草人不能确认自己起草的追回，须由另一人确认"))
    _recoverable(session, claim, paid.purpose, draft.amount_fen)
    entry, *_ = next_entry(session, claim, paid.purpose, EntryKind.recovered)
    entry.amount_fen, entry.of_id, entry.reason = -draft.amount_fen, paid.id, draft.reason
    entry.payee_name, entry.payee_bank = paid.payee_name, paid.payee_bank
    entry.payee_account = paid.payee_account
    entry.entered_by_id, entry.confirmed_by_id = draft.drafted_by_id, actor.account_id
    append_entry(session, entry)
    _decide(session, draft, actor, DraftState.confirmed)
    after = {
        "recovery": draft.id, "purpose": paid.purpose.value, "amount_fen": draft.amount_fen,
        "drafted_by": draft.drafted_by_id, "payment": entry_digest(entry),
    }  # fmt: skip
    record(
        session, actor, "confirm_recovery", f"claim:{claim.number}", None, after,
        actor.grant_id(Permission.confirm_money),
    )  # fmt: skip
    assert entry.id is not None
    return entry.id


def discard_recovery(session: Session, actor: Actor, recovery_id: int) -> None:
    """Take a drafted recovery back (撤回追回), or turn it down.

    Raises:
        NotAllowed: neither finance nor the lead.
        NotFound: no such draft.
        AlreadyDone: it was decided before.
    """
    refuse_without(actor, Permission.confirm_money)
    draft, paid, claim = _locked(session, recovery_id)
    _decide(session, draft, actor, DraftState.discarded)
    before = {
        "recovery": draft.id, "purpose": paid.purpose.value, "amount_fen": draft.amount_fen,
        "reason": draft.reason, "drafted_by": draft.drafted_by_id,
    }  # fmt: skip
    record(
        session, actor, "discard_recovery", f"claim:{claim.number}", before, None,
        actor.grant_id(Permission.confirm_money),
    )  # fmt: skip


def _recoverable(session: Session, claim: Claim, purpose: Purpose, amount_fen: int) -> int:
    """The payment of which an amount can be recovered."""
    if type(amount_fen) is not int:
        raise TypeError("money is whole fen")
    assert claim.id is not None
    ledger = ledger_of([facts_of(entry) for entry in entries_of(session, claim.id)[purpose]])
    if fault := recovery_fault(ledger, amount_fen):
        raise PaymentRefused(fault)
    assert ledger.paid is not None
    return ledger.paid.id


def _locked(session: Session, recovery_id: int) -> tuple[Recovery, Payment, Claim]:
    """A draft that waits, its payment and its claim, both locked, the claim first."""
    statement = (
        select(Claim.number)
        .join(Payment, col(Payment.claim_id) == Claim.id)
        .join(Recovery, col(Recovery.payment_id) == Payment.id)
        .where(col(Recovery.id) == recovery_id)
    )
    number = session.execute(statement).scalar_one_or_none()
    if number is None:
        raise NotFound(say("没有这份追回草稿"))
    claim = locked_claim(session, number)
    draft: Any = session.get(Recovery, recovery_id, with_for_update=True, populate_existing=True)
    if draft.state is not DraftState.drafted:
        raise AlreadyDone(say("这份追回已经办结"))
    return draft, session.get_one(Payment, draft.payment_id), claim


def _decide(session: Session, draft: Recovery, actor: Actor, state: DraftState) -> None:
    draft.state, draft.decided_by_id = state, actor.account_id
    draft.decided_at_utc = now_utc()
    session.add(draft)
    session.flush()
