"""What happened to one claim so far (办理记录), read once for everything a step asks of it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import bindparam, select
from sqlmodel import Session, col

from models.rules.claim_workflow import Action, State
from models.rules.roles import Office
from models.tables.claims import ClaimEvent

_COLUMNS: tuple[Any, ...] = (
    ClaimEvent.position, ClaimEvent.action, ClaimEvent.to_state, ClaimEvent.office,
    ClaimEvent.account_id, ClaimEvent.at_utc, ClaimEvent.facts_digest, ClaimEvent.subsidy_fen,
    ClaimEvent.reward_fen, ClaimEvent.reasons,
)  # fmt: skip
_PAST = (
    select(*_COLUMNS)
    .where(col(ClaimEvent.claim_id) == bindparam("claim_id"))
    .order_by(col(ClaimEvent.position))
)


@dataclass(frozen=True, slots=True)
class PastStep:
    """One step that was taken; amounts in fen, `account_id` is `None` for the system."""

    position: int
    action: Action
    to_state: State
    office: Office
    account_id: int | None
    at_utc: datetime
    facts_digest: str
    subsidy_fen: int | None
    reward_fen: int | None
    reasons: Sequence[str] = ()


History = Sequence[PastStep]
"""A claim's steps in their order."""


def history_of(session: Session, claim_id: int) -> History:
    """Every step taken on a claim, the oldest first."""
    session.flush()  # what follows reads beside the session's objects
    rows = session.connection().execute(_PAST, {"claim_id": claim_id})
    return [PastStep(*row) for row in rows]


def last_step(history: History, *actions: Action) -> PastStep | None:
    """The last of these steps that was taken; `None` if none was."""
    return next((step for step in reversed(history) if step.action in actions), None)


def last_arrival(history: History, state: State) -> PastStep | None:
    """The last step that led to a state and was no release, note or undoing; `None` if none did."""
    arrivals = (s for s in reversed(history) if s.to_state is state and s.action not in NO_ARRIVAL)
    return next(arrivals, None)


NO_ARRIVAL = frozenset(
    {Action.release, Action.request_recall, Action.answer_recall, Action.undo_pre_review}
)
