"""The list of payments (拨付): what is due, what waits in an order, what is held back, what is
paid."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import Any

from sqlalchemy import ColumnElement, Select, and_, func, or_, select
from sqlalchemy.orm import aliased
from sqlmodel import Session, col

from models.queries.paging import Orders, Page, PageRequest, counted, ordered, page_of
from models.queries.payable import is_due, why_not_now
from models.queries.search import begins_with, contains_all, parts
from models.queries.sight import claims_in_sight
from models.queries.visibility import masked_account, refuse_without
from models.rules.claim_workflow import Action, State
from models.rules.entitlement import Payee, Purpose
from models.rules.payments import EntryKind, Standing, standing_of
from models.rules.reconciling import Verdict
from models.rules.roles import Actor, Permission
from models.rules.wording import Wording, say
from models.tables.claims import Claim, ClaimEvent, ClaimMoney
from models.tables.money import BudgetLine
from models.tables.organisations import Agency, Enterprise
from models.tables.payments import BankRow, Payment, PaymentOrder
from models.tables.reference import ReasonCode

OLDEST, NEWEST = "waiting_since_on", "-claim"
_HELD_FROM = (State.approved, State.agency_paid)


class PaymentPile(StrEnum):
    """A pile of the list."""

    due = "due"  # 待拨付
    ordered = "ordered"  # 拨付单中
    failed = "failed"  # 待重付
    held = "held"  # 暂缓发放
    paid = "paid"  # 已拨付
    all = "all"  # 全部


@dataclass(frozen=True, slots=True)
class PaymentFilter:
    """What the list shows; a field left out shows all.

    Attributes:
        text: the beginning of a claim's number, part of a party's name, or a voucher's number.
        line: code of a budget line.
    """

    pile: PaymentPile = PaymentPile.due
    text: str = ""
    purpose: Purpose | None = None
    line: str = ""
    month: str = ""


@dataclass(frozen=True, slots=True)
class PaymentRow:
    """One purpose of a claim's money; in fen.

    Attributes:
        id: claim and purpose in one, for the screen.
        amount_fen: what is paid, else what is committed.
        recovered_fen: what of it was recovered; `None` for nothing.
        why: why it cannot be paid today, or why it is held back; `None` where nothing speaks
            against it.
    """

    id: str
    claim_id: int
    number: str
    purpose: Purpose
    agency: str
    enterprise: str
    payee_name: str
    payee_account: str
    amount_fen: int
    recovered_fen: int | None
    line: str
    standing: Standing
    waiting_since_on: date
    order: str
    voucher: str
    paid_on: date | None
    why: Wording | None = None

    @property
    def other_party(self) -> str:
        """The party of the claim that is not paid here: the enterprise of a subsidy, the agency of
        a reward."""
        return self.enterprise if self.purpose is Purpose.subsidy else self.agency


@dataclass(frozen=True, slots=True)
class PileSums:
    """How many rows the open piles have, and the money of what is due and held; in fen."""

    due: int
    ordered: int
    failed: int
    held: int
    due_fen: int
    held_fen: int


def payments_page(
    session: Session, actor: Actor, wanted: PaymentFilter, request: PageRequest
) -> Page[PaymentRow]:
    """One page of the list: what is open oldest first, what is paid newest first.

    Args:
        session: any transaction.
        actor: who asks; sees the payments of claims in sight, accounts masked unless finance,
            lead or their owner.
        wanted: the filter.
        request: page and order.

    Raises:
        NotAllowed: the list is not open to this person.
    """
    refuse_without(actor, Permission.see_payments)
    conditions = _conditions(session, actor, wanted)
    statement = _joined(select(*_ROW)).where(*conditions)
    is_open = wanted.pile not in (PaymentPile.paid, PaymentPile.all)
    fallback = OLDEST if is_open else NEWEST
    page = page_of(
        session, ordered(statement, _ORDERS, request.order, fallback), request, lambda row: row,
        count=counted(session, _joined(select(Claim.id)).where(*conditions)),
    )  # fmt: skip
    recovered = _recovered(session, page.rows)
    held = _held_reasons(session, page.rows)
    return Page(
        tuple(_row(session, actor, row, recovered, held) for row in page.rows),
        page.number, page.pages, page.count, page.order,
    )  # fmt: skip


def pile_sums(session: Session, actor: Actor) -> PileSums:
    """How much is due, in orders, failed and held back; an agency's own, else the whole zone's.

    Raises:
        NotAllowed: the list is not open to this person.
    """
    refuse_without(actor, Permission.see_payments)
    last = _last_entry()
    flags = {
        pile: _in_pile(pile, last)
        for pile in (PaymentPile.due, PaymentPile.ordered, PaymentPile.failed, PaymentPile.held)
    }
    counts = [func.count().filter(condition).label(pile.value) for pile, condition in flags.items()]
    sums = [
        func.coalesce(func.sum(ClaimMoney.committed_fen).filter(flags[pile]), 0)
        for pile in (PaymentPile.due, PaymentPile.held)
    ]
    statement = (
        select(*counts, *sums)
        .select_from(Claim)
        .join(ClaimMoney, col(ClaimMoney.claim_id) == Claim.id)
        .outerjoin(last, _is_last(last))
        .where(
            claims_in_sight(actor),
            col(Claim.state).in_((State.approved, State.agency_paid, State.on_hold)),
        )
    )
    due, in_orders, failed, held, due_fen, held_fen = session.execute(statement).one()
    return PileSums(due, in_orders, failed, held, int(due_fen), int(held_fen))


def lines_listed(session: Session) -> tuple[str, ...]:
    """The codes of the budget lines in force: what the filter offers."""
    statement = (
        select(BudgetLine.code)
        .where(col(BudgetLine.confirmed_at_utc).is_not(None))
        .distinct()
        .order_by(col(BudgetLine.code))
    )
    return tuple(session.execute(statement).scalars())


# ---------------------------------------------------------------- pieces


def _last_entry() -> Any:
    return aliased(Payment)


def _is_last(last: Any) -> ColumnElement[bool]:
    later = aliased(Payment)
    newest = (
        select(func.max(later.position))
        .where(col(later.claim_id) == ClaimMoney.claim_id, col(later.purpose) == ClaimMoney.purpose)
        .correlate(ClaimMoney)
        .scalar_subquery()
    )
    return and_(
        col(last.claim_id) == ClaimMoney.claim_id,
        col(last.purpose) == ClaimMoney.purpose,
        col(last.position) == newest,
    )


_LAST, _PAID = aliased(Payment), aliased(Payment)


_ROW: tuple[Any, ...] = (
    Claim, ClaimMoney, col(Agency.name).label("agency"), col(Enterprise.name).label("enterprise"),
    col(BudgetLine.code).label("line"), col(_LAST.kind).label("last"),
    col(PaymentOrder.number).label("order"), _PAID.payee_name, _PAID.payee_account, _PAID.voucher,
    _PAID.paid_on, col(_PAID.id).label("paid_id"), col(BankRow.line).label("bank_line"),
    col(Agency.payee_name).label("agency_payee"),
    col(Agency.payee_account).label("agency_account"),
    col(Enterprise.payee_name).label("enterprise_payee"),
    col(Enterprise.payee_account).label("enterprise_account"),
)  # fmt: skip


def _joined(statement: Select[Any]) -> Select[Any]:
    """A statement over money rows, each with its parties, its line and where its ledger stands."""
    is_matched = and_(col(BankRow.payment_id) == _PAID.id, col(BankRow.verdict) == Verdict.matched)
    return (
        statement.select_from(Claim)
        .join(ClaimMoney, col(ClaimMoney.claim_id) == Claim.id)
        .join(Agency, col(Agency.id) == Claim.agency_id)
        .join(Enterprise, col(Enterprise.id) == Claim.enterprise_id)
        .outerjoin(BudgetLine, col(BudgetLine.id) == ClaimMoney.budget_line_id)
        .outerjoin(_LAST, _is_last(_LAST))
        .outerjoin(PaymentOrder, col(PaymentOrder.id) == _LAST.order_id)
        .outerjoin(_PAID, col(_PAID.id) == func.coalesce(_LAST.of_id, _LAST.id))
        .outerjoin(BankRow, is_matched)
    )


def _conditions(session: Session, actor: Actor, wanted: PaymentFilter) -> list[ColumnElement[bool]]:
    conditions = [claims_in_sight(actor), _in_pile(wanted.pile, _LAST)]
    if wanted.purpose is not None:
        conditions.append(col(ClaimMoney.purpose) == wanted.purpose)
    if wanted.line:
        conditions.append(col(BudgetLine.code) == wanted.line)
    if wanted.month:
        conditions.append(col(Claim.filed_month) == wanted.month)
    if parts(wanted.text):
        conditions.append(
            or_(
                begins_with(session, col(Claim.number), " ".join(parts(wanted.text))),
                contains_all(session, col(Agency.name), wanted.text),
                contains_all(session, col(Enterprise.name), wanted.text),
                col(_PAID.voucher) == "".join(parts(wanted.text)).upper(),
            )
        )
    return conditions


def _in_pile(pile: PaymentPile, last: Any) -> ColumnElement[bool]:
    due = and_(col(Claim.state).in_(_HELD_FROM), is_due())
    match pile:
        case PaymentPile.due:
            return due
        case PaymentPile.ordered:
            return and_(due, col(last.kind) == EntryKind.ordered)
        case PaymentPile.failed:
            return and_(due, col(last.kind).in_((EntryKind.failed, EntryKind.returned)))
        case PaymentPile.held:
            return and_(
                col(Claim.state) == State.on_hold,
                col(Claim.held_from).in_(_HELD_FROM),
                col(ClaimMoney.committed_fen) > 0,
            )
        case PaymentPile.paid:
            return col(ClaimMoney.paid_fen) > 0
        case PaymentPile.all:
            return or_(col(ClaimMoney.committed_fen) > 0, col(ClaimMoney.paid_fen) > 0)


_AMOUNT = col(ClaimMoney.committed_fen) + col(ClaimMoney.paid_fen)
_ORDERS: Orders = {
    OLDEST: (col(Claim.waiting_since_on), col(Claim.id), col(ClaimMoney.purpose)),
    "claim": (col(Claim.id), col(ClaimMoney.purpose)),
    "number": (col(Claim.number), col(ClaimMoney.purpose)),
    "amount_fen": (_AMOUNT, col(Claim.id), col(ClaimMoney.purpose)),
    "paid_on": (col(_PAID.paid_on), col(Claim.id), col(ClaimMoney.purpose)),
}


def _row(
    session: Session,
    actor: Actor,
    row: Any,
    recovered: Mapping[int, int],
    held: Mapping[int, Wording],
) -> PaymentRow:
    claim: Claim = row.Claim
    money: ClaimMoney = row.ClaimMoney
    is_paid = money.paid_fen > 0
    standing = standing_of(
        claim.state, money.purpose, row.last, is_paid=is_paid,
        is_reconciled=row.bank_line is not None,
    )  # fmt: skip
    name, account = _payee(row) if not is_paid else (row.payee_name, row.payee_account)
    assert claim.id is not None
    return PaymentRow(
        id=f"{claim.number}.{money.purpose.value}",
        claim_id=claim.id,
        number=claim.number,
        purpose=money.purpose,
        agency=row.agency,
        enterprise=row.enterprise,
        payee_name=name or "",
        payee_account=account_for(actor, claim, money.payee, account or ""),
        amount_fen=money.paid_fen or money.committed_fen,
        recovered_fen=recovered.get(row.paid_id or 0) if is_paid else None,
        line=row.line or "",
        standing=standing,
        waiting_since_on=claim.waiting_since_on,
        order=(row.order or "") if standing in (Standing.ordered, Standing.paid) else "",
        voucher=row.voucher or "" if is_paid else "",
        paid_on=row.paid_on if is_paid else None,
        why=_why(session, claim, money, standing, held),
    )


def account_for(actor: Actor, claim: Claim, payee: Payee, account: str) -> str:
    """A payee's account as this person sees it: finance, lead and its owner whole, else masked."""
    is_own = (
        payee is Payee.agency and actor.agency_id is not None and actor.agency_id == claim.agency_id
    )
    sees = is_own or actor.may(Permission.see_bank_accounts)
    return account if sees else masked_account(account)


def _payee(row: Any) -> tuple[str, str]:
    """Whom an open amount goes to, as the claim or the party's record says."""
    if row.ClaimMoney.purpose is Purpose.subsidy:
        return row.Claim.payee_name, row.Claim.payee_account
    if row.ClaimMoney.payee is Payee.enterprise:
        return row.enterprise_payee, row.enterprise_account
    return row.agency_payee, row.agency_account


def _why(
    session: Session,
    claim: Claim,
    money: ClaimMoney,
    standing: Standing,
    held: Mapping[int, Wording],
) -> Wording | None:
    if standing is Standing.held:
        return held.get(claim.id or 0)
    if standing in (Standing.due, Standing.ordered, Standing.failed, Standing.returned):
        return why_not_now(session, claim, money)
    return None


def _recovered(session: Session, rows: Iterable[Any]) -> Mapping[int, int]:
    """Payment → what of it was recovered."""
    ids = [row.paid_id for row in rows if row.last is EntryKind.recovered]
    if not ids:
        return {}
    statement = (
        select(Payment.of_id, func.sum(Payment.amount_fen))
        .where(col(Payment.of_id).in_(ids), col(Payment.kind) == EntryKind.recovered)
        .group_by(col(Payment.of_id))
    )
    return {of_id: -int(fen) for of_id, fen in session.execute(statement)}


def _held_reasons(session: Session, rows: Iterable[Any]) -> Mapping[int, Wording]:
    """Claim → why it is held back, as the hold says (暂缓发放明细)."""
    ids = [row.Claim.id for row in rows if row.Claim.state is State.on_hold]
    if not ids:
        return {}
    listed = session.execute(select(ReasonCode.code, ReasonCode.name_zh))
    names = {row.code: row.name_zh for row in listed}
    statement = (
        select(ClaimEvent.claim_id, ClaimEvent.reasons, ClaimEvent.note)
        .where(col(ClaimEvent.claim_id).in_(ids), col(ClaimEvent.action) == Action.hold)
        .order_by(col(ClaimEvent.position))
    )
    return {
        claim_id: say(
            "{reasons}；{note}",
            reasons=tuple(Wording(names.get(code, code)) for code in reasons),
            note=note,
        )
        for claim_id, reasons, note in session.execute(statement)
    }
