"""A sent month as a whole (整批办理): what of it one office may decide now, row by row."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, time
from typing import Any

from sqlalchemy import ColumnElement, and_, func, select
from sqlmodel import Session, col

from models.clock import OFFICE_ZONE, today
from models.queries.objections import barring_objections
from models.queries.own_turn import mine_to_decide
from models.queries.settings import calendar, whole_number
from models.rules.claim_workflow import STEP_OF, Action, State
from models.rules.entitlement import Purpose
from models.rules.roles import Actor, Role
from models.tables.claims import Batch, BatchRow, Claim, ClaimEvent, ClaimMoney

WHOLE_STEPS: dict[Role, Action] = {
    Role.bureau: Action.pass_re_review,
    Role.committee: Action.approve,
    Role.finance: Action.pay_agency,
}
"""The step each office takes on a month's application as a whole."""


@dataclass(frozen=True, slots=True)
class WholeRow:
    """One row an office may decide: what it rests on, and what it comes to.

    Attributes:
        version, digest: of the claim as it stands now; the step is bound to them.
        has_exceptions: a condition is not simply met.
    """

    number: str
    version: int
    digest: str
    subsidy_fen: int
    has_exceptions: bool


@dataclass(frozen=True, slots=True)
class WholeMonth:
    """What of a month an office may decide as a whole.

    Attributes:
        action: its step.
        rows: in the order of the table.
        others: rows that lie with the office and are not among them: a colleague has them, this
            person may not decide them, or money may not be paid on them yet.
    """

    batch_id: int
    action: Action
    rows: tuple[WholeRow, ...]
    others: int

    @property
    def total_fen(self) -> int:
        """What the rows come to."""
        return sum(row.subsidy_fen for row in self.rows)


def whole_month(session: Session, actor: Actor, month: str) -> WholeMonth | None:
    """What of a sent month this person's office may decide; `None` for who holds no such office,
    and for a month that was not sent.

    Args:
        session: any transaction.
        actor: who asks.
        month: `2026-11`.
    """
    role = next((role for role in WHOLE_STEPS if role in actor.roles), None)
    batch_id = session.execute(
        select(Batch.id).where(col(Batch.month) == month)
    ).scalar_one_or_none()
    if role is None or batch_id is None:
        return None
    action = WHOLE_STEPS[role]
    (state,) = STEP_OF[action].from_states
    here = (
        col(BatchRow.batch_id) == batch_id, col(BatchRow.left_event_id).is_(None),
        col(Claim.state) == state,
    )  # fmt: skip
    statement = (
        select(
            Claim.number, Claim.version, Claim.facts_digest, ClaimMoney.approved_fen,
            col(Claim.findings_not_met) + Claim.findings_unknown + Claim.findings_warning,
        )
        .select_from(BatchRow)
        .join(Claim, col(Claim.id) == BatchRow.claim_id)
        .join(ClaimMoney, and_(
            col(ClaimMoney.claim_id) == Claim.id, col(ClaimMoney.purpose) == Purpose.subsidy
        ))
        .where(*here, *mine_to_decide(actor), *_payable(session, state))
        .order_by(col(BatchRow.position))
    )  # fmt: skip
    rows = tuple(
        WholeRow(number, version, digest, fen or 0, bool(exceptions))
        for number, version, digest, fen, exceptions in session.execute(statement)
    )
    lying = select(func.count()).select_from(BatchRow).join(
        Claim, col(Claim.id) == BatchRow.claim_id
    )  # fmt: skip
    there = session.execute(lying.where(*here)).scalar_one()
    return WholeMonth(batch_id, action, rows, there - len(rows))


def _payable(session: Session, state: State) -> tuple[ColumnElement[bool], ...]:
    """Of claims that wait for payment, those whose notice is over and whom nobody objects to; the
    step itself asks again."""
    period = whole_number(session, "notice_period_working_days")
    if state is not State.approved:
        return ()
    answered: Any = barring_objections() == 0
    if not period:
        return (answered,)
    since = datetime.combine(
        calendar(session).earliest_in_time(period, today()), time(), OFFICE_ZONE
    )
    approved_at = (
        select(func.max(ClaimEvent.at_utc))
        .where(col(ClaimEvent.claim_id) == Claim.id, col(ClaimEvent.action) == Action.approve)
        .correlate(Claim)
        .scalar_subquery()
    )
    return (answered, approved_at < since)
