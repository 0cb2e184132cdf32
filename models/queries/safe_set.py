"""The safe set (全部符合的申请): what may pass in bulk, by the findings in short."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import date, datetime
from functools import lru_cache
from typing import Any

from sqlalchemy import Select, bindparam, or_, select
from sqlmodel import Session, col

from models.clock import now_utc, office_day, today
from models.queries.own_turn import mine_to_decide
from models.queries.settings import whole_number
from models.rules.claim_workflow import State
from models.rules.entitlement import Payee, Purpose
from models.rules.roles import Actor
from models.rules.sampling import Shares, is_drawn
from models.tables.claims import Claim, ClaimMoney, SampledClaim, SamplingDraw

MOST_AT_ONCE = 200
"""How many claims one bulk pass takes: a minute's work, and a list a person can read."""


@dataclass(frozen=True, slots=True)
class SafeClaim:
    """A clean claim that waits for pre-review."""

    id: int
    number: str
    agency_id: int


@dataclass(frozen=True, slots=True)
class DrawShares:
    """By which share each claim of a month is drawn (抽查比例).

    Attributes:
        shares: the settings on the day of the draw.
        low_grade: agencies with a low grade at the draw.
    """

    shares: Shares
    low_grade: frozenset[int]

    def of(self, agency_id: int) -> int:
        """The share of one agency's claims, 0 to 100."""
        return self.shares.of(is_low=agency_id in self.low_grade)


def safe_condition() -> list[object]:
    """Conditions on `claim` joined to its subsidy: clean by the findings in short, asked =
    entitled."""
    return [
        col(Claim.state) == State.submitted,
        col(Claim.findings_not_met) == 0,
        col(Claim.findings_unknown) == 0,
        col(Claim.findings_warning) == 0,
        col(ClaimMoney.purpose) == Purpose.subsidy,
        col(ClaimMoney.entitled_fen) == col(Claim.asked_fen),
        col(ClaimMoney.payee) != Payee.alliance,
    ]


def safe_candidates(session: Session, month: str) -> tuple[SafeClaim, ...]:
    """The clean claims waiting for pre-review in a month, by number."""
    statement = (
        select(Claim.id, Claim.number, Claim.agency_id)
        .join(ClaimMoney, col(ClaimMoney.claim_id) == Claim.id)
        .where(*safe_condition(), col(Claim.filed_month) == month)
        .order_by(col(Claim.number))
    )
    return tuple(SafeClaim(*row) for row in session.execute(statement))


def draw_shares(session: Session, drawn_at_utc: datetime, low_grade: Collection[int]) -> DrawShares:
    """The shares of one draw.

    Args:
        session: any transaction.
        drawn_at_utc: when it was drawn: the settings of that day hold.
        low_grade: the agencies recorded with it.
    """
    on = office_day(drawn_at_utc)
    shares = Shares(
        usual=whole_number(session, "sampling_percent", on),
        low_grade=whole_number(session, "sampling_percent_low_grade", on),
    )
    return DrawShares(shares, frozenset(low_grade))


def passable_in_bulk(session: Session, actor: Actor) -> dict[str, int]:
    """What a bulk pass by this person would pass now: number → amount asked in fen, the oldest
    first, at most `MOST_AT_ONCE`.

    Not drawn, nor held by a colleague, nor forbidden to this person by a tie or another office.
    What became clean after the draw is told by the draw's seed, as when it passes.
    """
    rows = session.execute(_bulk(actor, today()), {"now": now_utc()}).all()
    return {row.number: row.asked_fen for row in rows if not _would_be_drawn(session, row)}


@lru_cache(maxsize=256)
def _bulk(actor: Actor, _on: date) -> Select[Any]:
    """What a person's bulk pass asks for, built once a day: every queue page asks it."""
    now = bindparam("now", type_=Claim.__table__.c.lease_until_utc.type)  # type: ignore[attr-defined]
    return (
        select(
            Claim.number, Claim.asked_fen, SampledClaim.is_drawn,
            SamplingDraw.seed, SamplingDraw.drawn_at_utc, SamplingDraw.low_grade, Claim.agency_id,
        )
        .join(ClaimMoney, col(ClaimMoney.claim_id) == Claim.id)
        .outerjoin(SampledClaim, col(SampledClaim.claim_id) == Claim.id)
        .outerjoin(SamplingDraw, col(SamplingDraw.month) == Claim.filed_month)
        .where(
            *safe_condition(),
            *mine_to_decide(actor, now),
            or_(col(SampledClaim.is_drawn).is_(None), ~col(SampledClaim.is_drawn)),
        )
        .order_by(col(Claim.waiting_since_on), col(Claim.id))
        .limit(MOST_AT_ONCE)
    )  # fmt: skip


def _would_be_drawn(session: Session, row: Any) -> bool:
    """Whether the month's seed takes a claim that became clean after the draw."""
    if row.is_drawn is not None or row.seed is None:
        return False
    shares = draw_shares(session, row.drawn_at_utc, row.low_grade)
    return is_drawn(row.number, row.seed, shares.of(row.agency_id))


def drawn_claims(session: Session) -> list[str]:
    """Numbers of the drawn claims that still wait for pre-review."""
    statement = (
        select(Claim.number)
        .join(SampledClaim, col(SampledClaim.claim_id) == Claim.id)
        .where(col(SampledClaim.is_drawn), col(Claim.state) == State.submitted)
        .order_by(col(Claim.number))
    )
    return list(session.execute(statement).scalars())


def months_to_draw(session: Session, numbers: Iterable[str]) -> list[str]:
    """The months of these claims whose sample was not drawn yet, oldest first."""
    drawn = select(SamplingDraw.month)
    statement = (
        select(Claim.filed_month)
        .where(col(Claim.number).in_(list(numbers)), col(Claim.filed_month).not_in(drawn))
        .distinct()
        .order_by(col(Claim.filed_month))
    )
    return list(session.execute(statement).scalars())
