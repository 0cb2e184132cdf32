"""Silence that counts as confirmed (视为确认): the system notes it once the days a setting gives are
over.

The findings reckon with it from the same day (F14); here it is written down, and says that it is
no word of the enterprise's. The enterprise may still answer: its own word takes this one's place.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from sqlalchemy import Engine, select
from sqlmodel import Session, col

from models.actions.record import record
from models.actions.steps import system_actor
from models.clock import now_utc, today
from models.database import session as transaction
from models.queries.sealing import recorded
from models.queries.settings import calendar, review_settings
from models.rules.findings import deemed_on
from models.tables.agreements import Agreement, Confirmation, ConfirmationBasis, Result

VERB = "deem_confirmed"
NOTED_AT_ONCE = 20
"""How many are noted in one transaction: whoever waits, waits some milliseconds."""


def deem_silent_enterprises(engine: Engine | None = None) -> int:
    """Note whose silence counts as confirmed as of today.

    Args:
        engine: the database; the deployment's own when left out.

    Returns:
        How many confirmations were noted; those that were answered meanwhile are left.
    """
    with transaction(engine) as current:
        due = silent_too_long(current)
    noted = 0
    for at in range(0, len(due), NOTED_AT_ONCE):
        with transaction(engine, write=True) as current:
            noted += note_silence(current, due[at : at + NOTED_AT_ONCE])
    return noted


def silent_too_long(session: Session) -> list[int]:
    """Ids of the confirmations that were asked for and whose days are over, the oldest first."""
    return [row.id or 0 for row in _silent(session) if _due_on(session, row) <= today()]


def note_silence(session: Session, ids: Sequence[int]) -> int:
    """Note that silence counts as confirmed, from the day on which it did.

    Args:
        session: the writing transaction.
        ids: confirmations, of `silent_too_long`.

    Returns:
        How many were noted; those that were answered meanwhile are left.
    """
    silent = _silent(session, ids)
    for row in silent:
        row.basis, row.confirmed_on = ConfirmationBasis.deemed, _due_on(session, row)
        row.recorded_at_utc = now_utc()
        session.add(row)
    session.flush()
    for row in silent:
        number = session.get_one(Agreement, row.agreement_id).number
        known = session.get_one(Result, row.result_id).normalised
        after = recorded({"basis": row.basis, "confirmed_on": row.confirmed_on})
        record(session, system_actor(), VERB, f"confirmation:{number}:{known}", None, after)
    return len(silent)


def _silent(session: Session, ids: Sequence[int] | None = None) -> list[Confirmation]:
    """Confirmations that were asked for and not answered; of these ids, and locked."""
    statement = select(Confirmation).where(
        col(Confirmation.requested_on).is_not(None), col(Confirmation.confirmed_on).is_(None)
    )
    if ids is not None:
        statement = statement.where(col(Confirmation.id).in_(ids)).with_for_update()
    ordered = statement.order_by(col(Confirmation.requested_on), col(Confirmation.id))
    return list(session.execute(ordered).scalars())


def _due_on(session: Session, row: Confirmation) -> date:
    assert row.requested_on is not None
    return deemed_on(row.requested_on, review_settings(session), calendar(session))
