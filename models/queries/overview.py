"""The overview (总览): what waits for whom, how long things take. Its money is in `overview_money`,
what agencies wait for in `exposure`."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from statistics import median

from sqlalchemy import and_, func, select
from sqlalchemy.orm import aliased
from sqlmodel import Session, col

from models.clock import office_day, today
from models.queries.claims import (
    Pile,
    QueueCounts,
    QueueQuestion,
    QueueRow,
    Verdicts,
    offices_of,
    queue_counts,
    queue_page,
)
from models.queries.history import NO_ARRIVAL
from models.queries.paging import PageRequest
from models.queries.settings import calendar
from models.queries.sight import claims_in_sight
from models.rules.claim_workflow import Action, states_held_by
from models.rules.months import YearMonth
from models.rules.roles import Actor
from models.tables.claims import Claim, ClaimEvent
from models.tables.money import BudgetLine

LATEST_DECISIONS = 500
MONTHS_BACK = 6


@dataclass(frozen=True, slots=True)
class MyTurn:
    """What waits for one person: the piles, and of my turn the clean ones and those back after a
    return."""

    counts: QueueCounts
    all_met: int
    again: int
    next_rows: tuple[QueueRow, ...]


@dataclass(frozen=True, slots=True)
class BudgetStanding:
    """The year's lines together: neutrality is what is paid and committed of the unchanged ceiling
    (五.3 效果一)."""

    year: int
    ceiling_fen: int
    committed_fen: int
    paid_fen: int


@dataclass(frozen=True, slots=True)
class Duration:
    """How long one stage takes: median working days per month, oldest first; `None` where nothing
    was decided."""

    action: Action
    months: tuple[YearMonth, ...]
    medians: tuple[float | None, ...]


def my_turn(session: Session, actor: Actor, month: str) -> MyTurn:
    """What waits for this person, and the next five in the order of the queue."""
    question = QueueQuestion(Pile.turn, month)
    page = queue_page(session, actor, question, PageRequest(size=5))
    states = states_held_by(offices_of(actor))
    waiting = [claims_in_sight(actor), col(Claim.state).in_(states)]
    again = select(func.count()).where(*waiting, col(Claim.round) > 1)
    clean = queue_page(
        session,
        actor,
        QueueQuestion(Pile.turn, month, verdicts=Verdicts.all_met),
        PageRequest(size=1),
    )
    return MyTurn(
        queue_counts(session, actor, month),
        clean.count.rows if states else 0,
        session.execute(again).scalar_one() if states else 0,
        page.rows,
    )


def paid_this_year(session: Session) -> BudgetStanding | None:
    """The year's confirmed lines together; `None` if there is none."""
    year = today().year
    row = session.execute(
        select(
            func.sum(BudgetLine.ceiling_fen),
            func.sum(BudgetLine.committed_fen),
            func.sum(BudgetLine.paid_fen),
        ).where(col(BudgetLine.year) == year, col(BudgetLine.confirmed_at_utc).is_not(None))
    ).one()
    if row[0] is None:
        return None
    return BudgetStanding(year, int(row[0]), int(row[1]), int(row[2]))


def durations(session: Session, actions: Sequence[Action], on: date) -> tuple[Duration, ...]:
    """How many working days each step took, by month: from arrival at the office to its decision,
    whatever was held or asked in between.

    Args:
        session: any transaction.
        actions: the steps.
        on: the last month shown is this day's; each month's median is over its latest decisions.
    """
    months = _months_to(YearMonth.containing(on))
    return tuple(
        Duration(action, months, tuple(_medians(session, action, months))) for action in actions
    )


def _medians(
    session: Session, action: Action, months: Iterable[YearMonth]
) -> Iterable[float | None]:
    days = calendar(session)
    taken: dict[YearMonth, list[int]] = defaultdict(list)
    decided, arrived = aliased(ClaimEvent), aliased(ClaimEvent)
    arrival = (
        select(func.max(arrived.position))
        .where(
            col(arrived.claim_id) == decided.claim_id,
            col(arrived.position) < decided.position,
            col(arrived.to_state) == decided.from_state,
            col(arrived.action).not_in(NO_ARRIVAL),
        )
        .scalar_subquery()
    )
    before = aliased(ClaimEvent)
    statement = (
        select(before.at_utc, decided.at_utc)
        .join(
            before,
            and_(col(before.claim_id) == decided.claim_id, col(before.position) == arrival),
        )
        .where(col(decided.action) == action)
        .order_by(col(decided.at_utc).desc(), col(decided.id).desc())
        .limit(LATEST_DECISIONS * MONTHS_BACK)
    )
    for began_at, ended_at in session.execute(statement):
        ended_on = office_day(ended_at)
        taken[YearMonth.containing(ended_on)].append(
            days.working_days_between(office_day(began_at), ended_on)
        )
    for month in months:
        yield float(median(taken[month])) if taken[month] else None


def _months_to(last: YearMonth) -> tuple[YearMonth, ...]:
    months = [last]
    while len(months) < MONTHS_BACK:
        months.append(months[-1].previous())
    return tuple(reversed(months))
