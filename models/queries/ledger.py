"""The ledger of one claim (拨付台账), and who is paid: read once for everything a payment asks of
it."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from sqlalchemy import bindparam, exists, select
from sqlmodel import Session, col

from models.queries.sealing import sealed
from models.queries.settings import review_settings
from models.rules.digest import facts_digest
from models.rules.entitlement import Payee, Purpose
from models.rules.payments import EntryFacts, Ledger, ledger_of
from models.tables.claims import Claim, ClaimMoney
from models.tables.organisations import Agency, Enterprise
from models.tables.payments import DraftState, Payment, PaymentOrder, Recovery


@dataclass(frozen=True, slots=True)
class Account:
    """Where money goes: name, bank, account number; an empty number is not registered."""

    name: str
    bank: str
    number: str


def entries_of(session: Session, claim_id: int) -> Mapping[Purpose, tuple[Payment, ...]]:
    """Every entry of a claim's money, by purpose, in their order."""
    found: dict[Purpose, list[Payment]] = defaultdict(list)
    for entry in session.execute(_ENTRIES, {"claim_id": claim_id}).scalars():
        found[entry.purpose].append(entry)
    return {purpose: tuple(found[purpose]) for purpose in Purpose}


def facts_of(entry: Payment) -> EntryFacts:
    """An entry as the rules see it."""
    assert entry.id is not None
    return EntryFacts(entry.id, entry.kind, entry.amount_fen, entry.paid_on, entry.order_id)


def ledgers_of(session: Session, claim_id: int) -> Mapping[Purpose, Ledger]:
    """What the entries of each purpose come to."""
    found = entries_of(session, claim_id)
    return {
        purpose: ledger_of([facts_of(entry) for entry in found[purpose]]) for purpose in Purpose
    }


def is_being_recovered(session: Session, claim_id: int) -> bool:
    """Whether a recovery of a claim's subsidy waits for its second person."""
    waits = exists().where(
        col(Recovery.payment_id) == col(Payment.id),
        col(Recovery.state) == DraftState.drafted,
        col(Payment.claim_id) == claim_id,
        col(Payment.purpose) == Purpose.subsidy,
    )
    return bool(session.execute(select(waits)).scalar_one())


def account_of(session: Session, claim: Claim, money: ClaimMoney) -> Account:
    """Whom a purpose's money is paid to: the subsidy as the claim says, the reward as its payee's
    record says."""
    party = _party(session, claim, money.payee)
    if money.purpose is Purpose.subsidy:
        bank = party.bank if party.number == claim.payee_account else ""
        return Account(claim.payee_name, bank, claim.payee_account)
    return party


def entry_digest(entry: Payment) -> str:
    """The digest of an entry, as the record keeps it: the account sealed."""
    return facts_digest(
        {
            "purpose": entry.purpose.value,
            "position": entry.position,
            "kind": entry.kind.value,
            "amount_fen": entry.amount_fen,
            "payee_name": entry.payee_name,
            "payee_bank": entry.payee_bank,
            "payee_account": sealed(entry.payee_account),
            "voucher": entry.voucher,
            "paid_on": entry.paid_on.isoformat() if entry.paid_on else None,
            "reason": entry.reason,
            "entered_by": entry.entered_by_id,
            "confirmed_by": entry.confirmed_by_id,
        }
    )


def order_digest(rows: list[dict[str, Any]]) -> str:
    """The digest of all that a payment order freezes: its rows, as `order_row` states them."""
    return facts_digest(rows)


def order_row(number: str, entry: Payment) -> dict[str, Any]:
    """A row of an order, as its digest takes it: the account sealed."""
    return {
        "claim": number,
        "purpose": entry.purpose.value,
        "amount_fen": entry.amount_fen,
        "payee_name": entry.payee_name,
        "payee_bank": entry.payee_bank,
        "payee_account": sealed(entry.payee_account),
    }


def order_numbers(session: Session, ids: set[int]) -> dict[int, str]:
    """The numbers of some payment orders."""
    statement = select(PaymentOrder.id, PaymentOrder.number)
    found = session.execute(statement.where(col(PaymentOrder.id).in_(ids)))
    return {row.id: row.number for row in found}


def _party(session: Session, claim: Claim, payee: Payee) -> Account:
    if payee is Payee.alliance:
        settings = review_settings(session)
        return Account(settings.alliance_payee_name, "", settings.alliance_payee_account)
    table: Any = Agency if payee is Payee.agency else Enterprise
    party_id = claim.agency_id if payee is Payee.agency else claim.enterprise_id
    columns = select(table.payee_name, table.payee_bank, table.payee_account)
    return Account(*session.execute(columns.where(table.id == party_id)).one())


_ENTRIES = (
    select(Payment)
    .where(col(Payment.claim_id) == bindparam("claim_id"))
    .order_by(col(Payment.purpose), col(Payment.position))
)
