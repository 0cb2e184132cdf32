"""Budget lines (预算额度) with what is committed, paid, free and reserved for rewards; moves between
them (预算调剂)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import func, select
from sqlalchemy.orm import aliased
from sqlmodel import Session, col

from models.queries.payment_sight import refuse_to_see_all
from models.rules.entitlement import Purpose
from models.rules.payments import EntryKind
from models.rules.roles import Actor
from models.tables.claims import ClaimMoney
from models.tables.money import BudgetLine
from models.tables.payments import BudgetMove, DraftState, Payment
from models.tables.people import Account

MOST_MOVES = 30


@dataclass(frozen=True, slots=True)
class LineStanding:
    """One budget line of a year; in fen.

    Attributes:
        committed_fen: approved and not paid, `reserved_fen` included.
        reserved_fen: of it, what is reserved for rewards.
        recovered_fen: what was had back; it makes no room here.
    """

    id: int
    year: int
    code: str
    name_zh: str
    name_en: str
    ceiling_fen: int
    committed_fen: int
    reserved_fen: int
    paid_fen: int
    recovered_fen: int

    @property
    def free_fen(self) -> int:
        """What nothing is committed to yet."""
        return self.ceiling_fen - self.committed_fen - self.paid_fen


@dataclass(frozen=True, slots=True)
class MoveLine:
    """One move between lines; amount in fen, `decided_by` empty while it waits."""

    id: int
    year: int
    from_code: str
    to_code: str
    amount_fen: int
    reason: str
    state: DraftState
    drafted_by: str
    drafted_by_id: int
    drafted_at_utc: datetime
    decided_by: str
    decided_at_utc: datetime | None


def budget_years(session: Session) -> tuple[int, ...]:
    """The years that have lines in force, the latest first."""
    statement = (
        select(BudgetLine.year)
        .where(col(BudgetLine.confirmed_at_utc).is_not(None))
        .distinct()
        .order_by(col(BudgetLine.year).desc())
    )
    return tuple(session.execute(statement).scalars())


def budget_standing(session: Session, actor: Actor, year: int) -> tuple[LineStanding, ...]:
    """Every line of a year, by code.

    Args:
        session: any transaction.
        actor: who asks.
        year: of the lines.

    Raises:
        NotAllowed: not open to this person.
    """
    refuse_to_see_all(actor)
    reserved = (
        select(func.coalesce(func.sum(ClaimMoney.committed_fen), 0))
        .where(
            col(ClaimMoney.budget_line_id) == BudgetLine.id,
            col(ClaimMoney.purpose) == Purpose.reward,
            col(ClaimMoney.committed_fen) > 0,
        )
        .correlate(BudgetLine)
        .scalar_subquery()
    )
    recovered = (
        select(-func.coalesce(func.sum(Payment.amount_fen), 0))
        .join(
            ClaimMoney,
            (col(ClaimMoney.claim_id) == Payment.claim_id)
            & (col(ClaimMoney.purpose) == Payment.purpose),
        )
        .where(
            col(Payment.kind) == EntryKind.recovered,
            col(ClaimMoney.budget_line_id) == BudgetLine.id,
        )
        .correlate(BudgetLine)
        .scalar_subquery()
    )
    statement = (
        select(
            BudgetLine.id, BudgetLine.year, BudgetLine.code, BudgetLine.name_zh,
            BudgetLine.name_en, BudgetLine.ceiling_fen, BudgetLine.committed_fen,
            reserved.label("reserved_fen"), BudgetLine.paid_fen,
            recovered.label("recovered_fen"),
        )
        .where(col(BudgetLine.year) == year, col(BudgetLine.confirmed_at_utc).is_not(None))
        .order_by(col(BudgetLine.code))
    )  # fmt: skip
    return tuple(
        LineStanding(
            row.id, row.year, row.code, row.name_zh, row.name_en, row.ceiling_fen,
            row.committed_fen, int(row.reserved_fen), row.paid_fen, int(row.recovered_fen),
        )
        for row in session.execute(statement)
    )  # fmt: skip


def budget_moves(session: Session, actor: Actor, year: int) -> tuple[MoveLine, ...]:
    """The moves between a year's lines, those that wait first, then the newest; at most
    `MOST_MOVES`.

    Raises:
        NotAllowed: not open to this person.
    """
    refuse_to_see_all(actor)
    giving, taking = aliased(BudgetLine), aliased(BudgetLine)
    drafter, decider = aliased(Account), aliased(Account)
    statement = (
        select(
            BudgetMove.id, giving.year, col(giving.code).label("from_code"),
            col(taking.code).label("to_code"), BudgetMove.amount_fen, BudgetMove.reason,
            BudgetMove.state, col(drafter.display_name).label("drafted_by"),
            BudgetMove.drafted_by_id, BudgetMove.drafted_at_utc,
            func.coalesce(decider.display_name, "").label("decided_by"),
            BudgetMove.decided_at_utc,
        )
        .join(giving, col(giving.id) == BudgetMove.from_line_id)
        .join(taking, col(taking.id) == BudgetMove.to_line_id)
        .join(drafter, col(drafter.id) == BudgetMove.drafted_by_id)
        .outerjoin(decider, col(decider.id) == BudgetMove.decided_by_id)
        .where(col(giving.year) == year)
        .order_by(
            (col(BudgetMove.state) != DraftState.drafted).asc(), col(BudgetMove.id).desc()
        )
        .limit(MOST_MOVES)
    )  # fmt: skip
    return tuple(MoveLine(*row) for row in session.execute(statement))
