"""The sizes of the queue's piles (待办件数): from the kept counts where every claim is in sight, else
counted on an index."""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy import bindparam, case, func, select
from sqlmodel import Session, col

from models.clock import now_utc, today
from models.queries.own_turn import offices_of
from models.queries.settings import calendar
from models.queries.sight import SEE_ALL, claims_in_sight
from models.rules.claim_workflow import State, states_held_by
from models.rules.roles import Actor
from models.tables.claims import Claim, ClaimTally


@dataclass(frozen=True, slots=True)
class QueueCounts:
    """How many claims lie in each pile, and what the visitor's turn asks for in all."""

    mine: int
    turn: int
    hold: int
    month: int
    all: int
    turn_asked_fen: int
    oldest_working_days: int | None


def queue_counts(session: Session, actor: Actor, month: str) -> QueueCounts:
    """The piles' sizes, from the kept counts where every claim is in sight, else counted on an
    index."""
    month = printable(month)
    if not sees_all(actor):
        return _own_counts(session, actor, month)
    turn_states = states_held_by(offices_of(actor))
    totals = {row.state: row for row in session.execute(_TALLIES, {"month": month})}
    turn = [totals[state] for state in turn_states if state in totals]
    hold = totals.get(State.on_hold)
    asked = {"account": actor.account_id, "now": now_utc(), "states": list(turn_states)}
    mine, oldest_on = session.execute(_MINE_AND_OLDEST, asked).one()
    return QueueCounts(
        mine=mine,
        turn=sum(int(row.claims) for row in turn),
        hold=int(hold.claims) if hold else 0,
        month=sum(int(row.in_month) for row in totals.values() if row.state is not State.draft),
        all=sum(int(row.claims) for row in totals.values() if row.state is not State.draft),
        turn_asked_fen=sum(int(row.asked_fen) for row in turn),
        oldest_working_days=None
        if oldest_on is None
        else calendar(session).working_days_between(oldest_on, today()),
    )


def months_filed(session: Session) -> list[str]:
    """The months in which claims were filed (所属月份), from the kept counts, the newest first."""
    statement = select(ClaimTally.filed_month).where(col(ClaimTally.claims) > 0).distinct()
    newest_first = statement.order_by(col(ClaimTally.filed_month).desc())
    return list(session.execute(newest_first).scalars())


def sees_all(actor: Actor) -> bool:
    """Whether every filed claim is in sight, so that the kept counts are the right ones."""
    return not actor.roles.isdisjoint(SEE_ALL)


def printable(asked: str) -> str:
    """What an address or a field asks for, without what no database can look for."""
    return "".join(character for character in asked if character.isprintable()).strip()


def _own_counts(session: Session, actor: Actor, month: str) -> QueueCounts:
    """What an agency has of its own; who sees no claims has none."""
    own = claims_in_sight(actor)
    rows = session.execute(
        select(Claim.state, func.count(), func.sum(Claim.asked_fen))
        .where(own)
        .group_by(col(Claim.state))
    ).all()
    counts = {state: (number, int(asked_fen)) for state, number, asked_fen in rows}
    in_month = select(func.count()).where(own, col(Claim.filed_month) == month)
    turn = (State.draft, State.returned)
    return QueueCounts(
        mine=0,
        turn=sum(counts.get(state, (0, 0))[0] for state in turn),
        hold=counts.get(State.on_hold, (0, 0))[0],
        month=session.execute(in_month).scalar_one(),
        all=sum(number for number, _asked_fen in counts.values()),
        turn_asked_fen=sum(counts.get(state, (0, 0))[1] for state in turn),
        oldest_working_days=None,
    )


_TALLIES = select(
    ClaimTally.state,
    func.sum(ClaimTally.claims).label("claims"),
    func.sum(ClaimTally.asked_fen).label("asked_fen"),
    func.sum(
        case((col(ClaimTally.filed_month) == bindparam("month"), col(ClaimTally.claims)), else_=0)
    ).label("in_month"),
).group_by(col(ClaimTally.state))

_MINE = (
    select(func.count())
    .where(
        col(Claim.lease_account_id) == bindparam("account"),
        col(Claim.lease_until_utc) > bindparam("now"),
    )
    .scalar_subquery()
)
_OLDEST = (
    select(func.min(Claim.waiting_since_on))
    .where(col(Claim.state).in_(bindparam("states", expanding=True)))
    .scalar_subquery()
)
_MINE_AND_OLDEST = select(_MINE, _OLDEST)
