"""What could be paid (待拨付): subsidies approved, rewards whose subsidy is paid; and why one cannot
be paid now."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from sqlalchemy import ColumnElement, and_, or_, select
from sqlmodel import Session, col

from models.queries.history import history_of
from models.queries.ledger import account_of, is_being_recovered, ledgers_of
from models.queries.relations import place_now
from models.rules.claim_workflow import STEP_OF, Action, State
from models.rules.entitlement import Purpose
from models.rules.payments import EntryKind, Ledger
from models.rules.step_permission import availability
from models.rules.wording import Wording, say
from models.tables.claims import Claim, ClaimMoney

STEP_FOR = {Purpose.subsidy: Action.pay_agency, Purpose.reward: Action.reward_enterprise}
"""The step that pays a purpose's money."""


@dataclass(frozen=True, slots=True)
class Due:
    """One purpose of a claim's money that is due; amount in fen."""

    claim_id: int
    number: str
    purpose: Purpose
    amount_fen: int
    budget_line_id: int | None


def is_due() -> ColumnElement[bool]:
    """Whether a money row is the next to be paid of its claim, hold and notice period aside."""
    subsidy = and_(col(Claim.state) == State.approved, col(ClaimMoney.purpose) == Purpose.subsidy)
    reward = and_(
        col(Claim.state) == State.agency_paid,
        col(ClaimMoney.purpose) == Purpose.reward,
        col(ClaimMoney.committed_fen) > 0,
    )
    return or_(subsidy, reward)


def due_rows(session: Session, at_most: int) -> tuple[Due, ...]:
    """What is due, what waited longest first.

    Args:
        session: any transaction.
        at_most: how many rows.
    """
    statement = (
        select(
            Claim.id, Claim.number, ClaimMoney.purpose, ClaimMoney.committed_fen,
            ClaimMoney.budget_line_id,
        )
        .join(ClaimMoney, col(ClaimMoney.claim_id) == Claim.id)
        .where(col(Claim.state).in_((State.approved, State.agency_paid)), is_due())
        .order_by(col(Claim.waiting_since_on), col(Claim.id))
        .limit(at_most)
    )  # fmt: skip
    return tuple(Due(*row) for row in session.execute(statement))


def why_not_now(session: Session, claim: Claim, money: ClaimMoney) -> Wording | None:
    """Why a purpose's money cannot be paid today (notice period, hold, objection, recall, no
    account); `None` if it can.

    Args:
        session: any transaction.
        claim: the claim.
        money: the purpose.
    """
    assert claim.id is not None
    place = place_now(session, claim, history_of(session, claim.id))
    if reason := availability(STEP_OF[STEP_FOR[money.purpose]], place):
        return reason
    if not account_of(session, claim, money).number:
        return say("收款方没有登记收款账号，请先在名录中补登")
    if money.purpose is Purpose.reward and is_being_recovered(session, claim.id):
        return say("补贴正在追回，确认或撤回追回之前不能发放奖励")
    return None


def why_not_ordered(session: Session, claim: Claim, money: ClaimMoney) -> Wording | None:
    """Why a purpose's money cannot go into a payment order today; `None` if it can."""
    assert claim.id is not None
    ledger: Ledger = ledgers_of(session, claim.id)[money.purpose]
    if ledger.last is EntryKind.ordered:
        return say("已列入拨付单，尚未支付")
    return why_not_now(session, claim, money)


def claims_and_monies(session: Session, due: tuple[Due, ...]) -> dict[tuple[int, Purpose], Any]:
    """The claim and the money row of each, as they are now."""
    ids = {one.claim_id for one in due}
    statement = (
        select(Claim, ClaimMoney)
        .join(ClaimMoney, col(ClaimMoney.claim_id) == Claim.id)
        .where(col(Claim.id).in_(ids))
    )
    found = session.execute(statement, execution_options={"populate_existing": True})
    return {(row.Claim.id, row.ClaimMoney.purpose): row for row in found}
