"""What the chain vouches for in the ledger (拨付台账): every entry, every payment order, every list of
the bank's."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from typing import Any

from sqlalchemy import select
from sqlmodel import Session, col

from models.queries.bank_lists import line_of, rows_digest
from models.queries.ledger import entry_digest, facts_of, order_digest, order_row
from models.rules.entitlement import Purpose
from models.rules.payments import EntryKind, ledger_of
from models.rules.wording import Wording, say
from models.tables.claims import Claim, ClaimEvent, ClaimMoney
from models.tables.payments import BankList, BankRow, Payment, PaymentOrder
from models.tables.record import Activity

_ALTERED = say("拨付台账与操作记录不符，可能被直接改动")


def entries_fault(
    entries: Sequence[Payment], links: Sequence[Activity], events: Mapping[int, ClaimEvent]
) -> Wording | None:
    """A claim's entries against what the record says of each.

    An entry that was made of an older event, when the ledger was introduced, has the event's
    amount; the record says nothing more of it.

    Args:
        entries: all of the claim's, in their order.
        links: the record's rows on the claim.
        events: the events whose rows in the record say nothing of an entry, by number.
    """
    stated = Counter(
        link.after["payment"] for link in links if link.after and "payment" in link.after
    )
    for entry in entries:
        if entry.kind is EntryKind.ordered:
            continue  # its order answers for it
        event = events.get(entry.event_id or 0)
        if event is not None:
            if entry.amount_fen != _amount_of(event, entry.purpose):
                return _ALTERED
            continue
        digest = entry_digest(entry)
        if not stated[digest]:
            return _ALTERED
        stated[digest] -= 1
    return _ALTERED if stated.total() else None


def money_fault(entries: Sequence[Payment], monies: Sequence[ClaimMoney]) -> Wording | None:
    """What the entries come to against what is kept as paid."""
    own: dict[Purpose, list[Payment]] = defaultdict(list)
    for entry in entries:
        own[entry.purpose].append(entry)
    for money in monies:
        ledger = ledger_of([facts_of(entry) for entry in own[money.purpose]])
        if (ledger.paid.amount_fen if ledger.paid else 0) != money.paid_fen:
            return say("已付金额与拨付台账不符，可能被直接改动")
    return None


def vouched_orders(session: Session) -> Wording | None:
    """Every payment order against its rows and the chain."""
    said = _links(session, "make_payment_order")
    for order in session.execute(select(PaymentOrder).order_by(col(PaymentOrder.id))).scalars():
        link = said.pop(f"payment_order:{order.number}", None)
        if link is None or _order_differs(session, order, link):
            return say("拨付单 {number} 与操作记录不符，可能被直接改动", number=order.number)
    for subject in said:
        return say("拨付单 {number} 不见了", number=subject.removeprefix("payment_order:"))
    return None


def vouched_lists(session: Session) -> Wording | None:
    """Every list of the bank's against its lines and the chain."""
    said = _links(session, "import_bank_list")
    for one in session.execute(select(BankList).order_by(col(BankList.id))).scalars():
        link = said.pop(f"bank_list:{one.id}", None)
        rows = session.execute(
            select(BankRow).where(col(BankRow.list_id) == one.id).order_by(col(BankRow.line))
        ).scalars()
        digest = rows_digest(tuple(line_of(row) for row in rows))
        stated = (link.after or {}).get("rows_digest") if link else None
        if not digest == one.rows_digest == stated:
            return say("第 {number} 份银行清单与操作记录不符，可能被直接改动", number=one.id)
    for subject in said:
        return say("第 {number} 份银行清单不见了", number=subject.removeprefix("bank_list:"))
    return None


def _amount_of(event: ClaimEvent, purpose: Purpose) -> int | None:
    return event.subsidy_fen if purpose is Purpose.subsidy else event.reward_fen


def _links(session: Session, verb: str) -> dict[str, Activity]:
    statement = select(Activity).where(col(Activity.verb) == verb).order_by(col(Activity.seq))
    return {link.subject: link for link in session.execute(statement).scalars()}


def _order_differs(session: Session, order: PaymentOrder, link: Activity) -> bool:
    statement: Any = (
        select(Claim.number, Payment)
        .join(Claim, col(Claim.id) == Payment.claim_id)
        .where(col(Payment.order_id) == order.id, col(Payment.kind) == EntryKind.ordered)
        .order_by(col(Payment.id))
    )
    rows = session.execute(statement).all()
    stands = {
        "rows": len(rows),
        "total_fen": sum(row.Payment.amount_fen for row in rows),
        "digest": order_digest([order_row(row.number, row.Payment) for row in rows]),
    }
    kept = {"rows": order.rows, "total_fen": order.total_fen, "digest": order.digest}
    return not (stands == kept == link.after and order.chain_head == link.hash)
