"""One claim's payments (拨付卡片): each purpose's money, whether it can be paid now, its ledger, a
recovery that waits."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import aliased
from sqlmodel import Session, col

from models.clock import today
from models.queries.claim_facts import gathered_claim
from models.queries.history import history_of
from models.queries.ledger import account_of, entries_of, facts_of, order_numbers
from models.queries.payable import why_not_now
from models.queries.payments import account_for
from models.queries.relations import place_now
from models.queries.settings import calendar
from models.queries.sight import claims_in_sight
from models.rules.claim_workflow import STEP_OF, Action, State
from models.rules.entitlement import Purpose
from models.rules.errors import NotFound
from models.rules.findings import Verdict, blocking_unknown, facts_digest, findings
from models.rules.payments import FAILURE_OF, EntryKind, Ledger, ledger_of
from models.rules.reconciling import Verdict as BankVerdict
from models.rules.roles import Actor, Permission
from models.rules.step_permission import availability
from models.rules.wording import Wording, say
from models.tables.claims import Claim, ClaimMoney
from models.tables.money import BudgetLine
from models.tables.organisations import Agency, Enterprise
from models.tables.payments import BankRow, DraftState, Payment, Recovery
from models.tables.people import Account


@dataclass(frozen=True, slots=True)
class EntryLine:
    """One entry of the ledger, as it is shown; amount in fen."""

    id: int
    kind: EntryKind
    amount_fen: int
    payee_name: str
    payee_account: str
    voucher: str
    paid_on: date | None
    order: str
    reason: str
    entered_by: str
    confirmed_by: str
    entered_at_utc: datetime
    is_reconciled: bool


@dataclass(frozen=True, slots=True)
class OpenRecovery:
    """A recovery that waits for its second person; amount in fen."""

    id: int
    amount_fen: int
    reason: str
    drafted_by: str
    drafted_by_id: int
    drafted_at_utc: datetime


@dataclass(frozen=True, slots=True)
class PurposeCard:
    """One purpose of the claim's money; in fen.

    Attributes:
        why_not: why it cannot be paid today; `None` where it can, and for what is paid.
        fails_by: the step by which what is paid is taken back; `None` where none is there.
        is_account_as_failed: the last payment failed or came back, and the account is still the
            same.
        recovery: a recovery that waits.
    """

    purpose: Purpose
    payee_name: str
    payee_bank: str
    payee_account: str
    approved_fen: int | None
    committed_fen: int
    paid_fen: int
    line: str
    ledger: Ledger
    why_not: Wording | None
    fails_by: Action | None
    is_account_as_failed: bool
    entries: tuple[EntryLine, ...]
    recovery: OpenRecovery | None


@dataclass(frozen=True, slots=True)
class PaymentCard:
    """A claim with its payments.

    Attributes:
        version, digest, verdicts: what a payment from this screen is bound to.
        needs_note: a blocking condition is unknown: paying needs a reason.
    """

    number: str
    state: State
    agency: str
    enterprise: str
    agency_uscc: str
    enterprise_uscc: str
    version: int
    digest: str
    verdicts: dict[str, Verdict]
    needs_note: bool
    purposes: tuple[PurposeCard, ...]


def payment_card(session: Session, actor: Actor, number: str) -> PaymentCard:
    """One claim's payments.

    Args:
        session: any transaction.
        actor: who asks.
        number: the claim's.

    Raises:
        NotFound: no such claim with money, or not for this person: the answer is the same.
    """
    missing = NotFound(
        say("没有编号为“{number}”的拨付，或它不在您的可见范围内", number=number[:40])
    )
    if not actor.may(Permission.see_payments) or not number.isprintable():
        raise missing
    statement: Any = (
        select(
            Claim,
            col(Agency.name).label("agency"),
            col(Enterprise.name).label("enterprise"),
            col(Agency.uscc).label("agency_uscc"),
            col(Enterprise.uscc).label("enterprise_uscc"),
        )
        .join(Agency, col(Agency.id) == Claim.agency_id)
        .join(Enterprise, col(Enterprise.id) == Claim.enterprise_id)
        .where(col(Claim.number) == number, claims_in_sight(actor))
    )
    found = session.execute(statement).one_or_none()
    if found is None:
        raise missing
    claim: Claim = found.Claim
    purposes = _purposes(session, actor, claim)
    if not purposes:
        raise missing
    assert claim.id is not None
    gathered = gathered_claim(session, claim.id, today())
    judged = findings(gathered.facts, calendar(session))
    return PaymentCard(
        number=claim.number,
        state=claim.state,
        agency=found.agency,
        enterprise=found.enterprise,
        agency_uscc=found.agency_uscc,
        enterprise_uscc=found.enterprise_uscc,
        version=claim.version,
        digest=facts_digest(gathered.facts, judged),
        verdicts={finding.code: finding.verdict for finding in judged},
        needs_note=bool(blocking_unknown(judged)),
        purposes=purposes,
    )


def _purposes(session: Session, actor: Actor, claim: Claim) -> tuple[PurposeCard, ...]:
    statement = (
        select(ClaimMoney, BudgetLine.code)
        .outerjoin(BudgetLine, col(BudgetLine.id) == ClaimMoney.budget_line_id)
        .where(col(ClaimMoney.claim_id) == claim.id)
        .order_by(col(ClaimMoney.purpose).desc())
    )
    return tuple(
        _purpose(session, actor, claim, row.ClaimMoney, row.code or "")
        for row in session.execute(statement).all()
        if row.ClaimMoney.committed_fen or row.ClaimMoney.paid_fen
    )


def _purpose(
    session: Session, actor: Actor, claim: Claim, money: ClaimMoney, line: str
) -> PurposeCard:
    assert claim.id is not None
    entries = entries_of(session, claim.id)[money.purpose]
    account = account_of(session, claim, money)
    return PurposeCard(
        purpose=money.purpose,
        payee_name=account.name,
        payee_bank=account.bank,
        payee_account=account_for(actor, claim, money.payee, account.number),
        approved_fen=money.approved_fen,
        committed_fen=money.committed_fen,
        paid_fen=money.paid_fen,
        line=line,
        ledger=ledger_of([facts_of(entry) for entry in entries]),
        why_not=None if money.paid_fen else why_not_now(session, claim, money),
        fails_by=_fails_by(session, claim, money) if money.paid_fen else None,
        is_account_as_failed=bool(
            entries
            and entries[-1].kind in (EntryKind.failed, EntryKind.returned)
            and entries[-1].payee_account == account.number
        ),
        entries=_lines(session, actor, claim, money, entries),
        recovery=_recovery(session, entries),
    )


def _fails_by(session: Session, claim: Claim, money: ClaimMoney) -> Action | None:
    """The step that takes this payment back where the claim stands."""
    assert claim.id is not None
    action = FAILURE_OF[money.purpose]
    place = place_now(session, claim, history_of(session, claim.id))
    return action if availability(STEP_OF[action], place) is None else None


def _lines(
    session: Session,
    actor: Actor,
    claim: Claim,
    money: ClaimMoney,
    entries: tuple[Payment, ...],
) -> tuple[EntryLine, ...]:
    """The entries, the newest first, with who wrote them."""
    orders = order_numbers(session, {entry.order_id for entry in entries if entry.order_id})
    people = _names(session, entries)
    reconciled = _reconciled(session, entries)
    return tuple(
        EntryLine(
            id=entry.id or 0,
            kind=entry.kind,
            amount_fen=entry.amount_fen,
            payee_name=entry.payee_name,
            payee_account=account_for(actor, claim, money.payee, entry.payee_account),
            voucher=entry.voucher,
            paid_on=entry.paid_on,
            order=orders.get(entry.order_id or 0, ""),
            reason=entry.reason,
            entered_by=people.get(entry.entered_by_id or 0, ""),
            confirmed_by=people.get(entry.confirmed_by_id or 0, ""),
            entered_at_utc=entry.entered_at_utc,
            is_reconciled=entry.id in reconciled,
        )
        for entry in reversed(entries)
    )


def _names(session: Session, entries: tuple[Payment, ...]) -> dict[int, str]:
    ids = {i for entry in entries for i in (entry.entered_by_id, entry.confirmed_by_id) if i}
    statement = select(Account.id, Account.display_name).where(col(Account.id).in_(ids))
    return {row.id: row.display_name for row in session.execute(statement)}


def _reconciled(session: Session, entries: tuple[Payment, ...]) -> set[int]:
    statement = select(BankRow.payment_id).where(
        col(BankRow.payment_id).in_([entry.id for entry in entries]),
        col(BankRow.verdict) == BankVerdict.matched,
    )
    return set(session.execute(statement).scalars())


def _recovery(session: Session, entries: tuple[Payment, ...]) -> OpenRecovery | None:
    drafter = aliased(Account)
    statement = (
        select(Recovery, drafter.display_name)
        .join(drafter, col(drafter.id) == Recovery.drafted_by_id)
        .where(
            col(Recovery.payment_id).in_([entry.id for entry in entries]),
            col(Recovery.state) == DraftState.drafted,
        )
    )
    row = session.execute(statement).one_or_none()
    if row is None:
        return None
    one: Recovery = row.Recovery
    return OpenRecovery(
        one.id or 0, one.amount_fen, one.reason, row.display_name, one.drafted_by_id,
        one.drafted_at_utc,
    )  # fmt: skip
