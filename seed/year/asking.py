"""What enterprises are asked at the end of the demonstration year (演示数据): silence that counts is noted,
links are handed out where an answer is still awaited, one enterprise is reminded."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime

from sqlalchemy import select
from sqlmodel import col

from models.actions.confirming import ask_enterprise, note_reminder
from models.actions.deeming import note_silence, silent_too_long
from models.tables.agreements import Confirmation
from models.tables.confirmations import ConfirmationRequest
from seed.year.stage import Stage
from seed.year.timeline import at

WHO = "lead"
ASKED = 4


def asking(stage: Stage) -> Iterator[datetime]:
    """The system notes whose silence counts; the lead asks whoever is still awaited, and reminds
    the first."""
    note_silence(stage.session, silent_too_long(stage.session))
    last = stage.timeline.last_working_day
    yield at(last, 11 * 60 + 5)
    for agreement_id, result_id in _awaited(stage):
        ask_enterprise(stage.session, stage.actor(WHO), agreement_id, result_id)
    yield at(last, 16 * 60 + 15)
    first = select(col(ConfirmationRequest.id)).order_by(col(ConfirmationRequest.id)).limit(1)
    for request_id in stage.session.execute(first).scalars().all():
        note_reminder(stage.session, stage.actor(WHO), request_id)


def asking_time(stage: Stage) -> datetime:
    """When it begins: in the morning of the last working day."""
    return at(stage.timeline.last_working_day, 8 * 60 + 30)


def _awaited(stage: Stage) -> list[tuple[int, int]]:
    """The oldest that were asked for by word of mouth and not answered: agreement and result."""
    statement = (
        select(col(Confirmation.agreement_id), col(Confirmation.result_id))
        .where(
            col(Confirmation.requested_on).is_not(None), col(Confirmation.confirmed_on).is_(None)
        )
        .order_by(col(Confirmation.requested_on), col(Confirmation.id))
        .limit(ASKED)
    )
    return [(row.agreement_id, row.result_id) for row in stage.session.execute(statement)]
