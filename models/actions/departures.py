"""Leaving a sent month (退出): the row is listed with the reason; the sheet itself is never
rewritten."""

from __future__ import annotations

from sqlalchemy import bindparam, update
from sqlmodel import Session, col

from models.rules.claim_workflow import Kind, State, Step
from models.tables.claims import BatchRow

_OUT = frozenset({State.submitted, State.pre_reviewed, State.refused, State.withdrawn})
"""Not among them: returned for a paper, since the answer may go on where it stood."""


def leaves_batch(step: Step, to: State) -> bool:
    """Whether a claim that was applied for is no longer part of that application after the step."""
    return to in _OUT and (step.kind is not Kind.onward or to is State.submitted)


def note_departure(session: Session, claim_id: int, event_id: int) -> None:
    """List a claim as having left the sent month it was part of; nothing happens if it was in none.

    Args:
        session: the writing transaction.
        claim_id: the claim.
        event_id: what led it out, with its reasons.
    """
    session.connection().execute(_LEAVE, {"of_claim": claim_id, "event_id": event_id})


_LEAVE = (
    update(BatchRow.__table__)  # type: ignore[attr-defined]
    .where(col(BatchRow.claim_id) == bindparam("of_claim"), col(BatchRow.left_event_id).is_(None))
    .values(left_event_id=bindparam("event_id"))
)
