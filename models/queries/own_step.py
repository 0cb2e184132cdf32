"""Whether a step was just taken by the same person: what the second click of a double click
finds."""

from __future__ import annotations

from sqlalchemy import select
from sqlmodel import Session, col

from models.rules.claim_workflow import Action
from models.rules.roles import Actor
from models.tables.claims import Claim, ClaimEvent


def is_own_last_step(
    session: Session, actor: Actor, number: str, action: Action, version: int | None = None
) -> bool:
    """Whether this very step is the last thing done to the claim, by this person.

    Args:
        session: any transaction.
        actor: who asks for the step (again).
        number: the claim's number.
        action: the step.
        version: the claim's version on screen when it was asked for; left out, any.
    """
    of_step = col(ClaimEvent.version) if version is None else version + 1
    statement = (
        select(ClaimEvent.id)
        .join(Claim, col(Claim.id) == ClaimEvent.claim_id)
        .where(
            col(Claim.number) == number,
            col(Claim.version) == of_step,
            col(ClaimEvent.version) == of_step,
            col(ClaimEvent.action) == action,
            col(ClaimEvent.account_id) == actor.account_id,
        )
    )
    return session.execute(statement).first() is not None
