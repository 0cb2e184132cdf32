"""Counts and sums per month and state, kept with every step so that no page ever counts a million
claims."""

from __future__ import annotations

from typing import Any

from sqlalchemy import bindparam, case, update
from sqlalchemy.dialects.postgresql import insert as postgres_insert
from sqlalchemy.dialects.sqlite import insert as sqlite_insert
from sqlmodel import Session, col

from models.rules.claim_workflow import State
from models.tables.claims import Claim, ClaimTally


def move_tally(session: Session, claim: Claim, from_state: State | None, to: State) -> None:
    """Move one claim from a state's count to another's; `from_state` is None for a new claim.

    Only the holder of the record's head may call it: the counts are locked after it.
    """
    if from_state is to:
        return
    change = {to: (1, claim.asked_fen)}
    if from_state is not None:
        change[from_state] = (-1, -claim.asked_fen)
    _change(session, claim.filed_month, to, change)


def correct_tally(session: Session, claim: Claim, difference_fen: int) -> None:
    """An agency corrected the amount asked: the sum of its state follows; as `move_tally`."""
    if difference_fen:
        _change(session, claim.filed_month, claim.state, {claim.state: (0, difference_fen)})


def move_tally_month(session: Session, claim: Claim, from_month: str) -> None:
    """Move one claim from a month's count to that of its present month; as `move_tally`."""
    _change(session, from_month, claim.state, {claim.state: (-1, -claim.asked_fen)})
    _change(session, claim.filed_month, claim.state, {claim.state: (1, claim.asked_fen)})


_IS_GAINING = col(ClaimTally.state) == bindparam("gains")
_ADD = (
    update(ClaimTally.__table__)  # type: ignore[attr-defined]
    .where(
        col(ClaimTally.filed_month) == bindparam("month"),
        col(ClaimTally.state).in_(bindparam("states", expanding=True)),
    )
    .values(
        claims=col(ClaimTally.claims)
        + case((_IS_GAINING, bindparam("add_claims")), else_=bindparam("less_claims")),
        asked_fen=col(ClaimTally.asked_fen)
        + case((_IS_GAINING, bindparam("add_fen")), else_=bindparam("less_fen")),
    )
)


def _change(
    session: Session, month: str, gains: State, change: dict[State, tuple[int, int]]
) -> None:
    claims, fen = change[gains]
    asked = {
        "month": month, "states": list(change), "gains": gains,
        "add_claims": claims, "add_fen": fen,
        "less_claims": -claims, "less_fen": -fen,
    }  # fmt: skip
    if session.connection().execute(_ADD, asked).rowcount < len(change):
        _begin(session, month, change)


def _begin(session: Session, month: str, change: dict[State, tuple[int, int]]) -> None:
    """The first claim of a month in a state: counts that stand already were changed just now."""
    insert = sqlite_insert if session.get_bind().dialect.name == "sqlite" else postgres_insert
    first: list[dict[str, Any]] = [
        {"filed_month": month, "state": state, "claims": claims, "asked_fen": fen}
        for state, (claims, fen) in change.items()
    ]
    session.execute(insert(ClaimTally).values(first).on_conflict_do_nothing())
