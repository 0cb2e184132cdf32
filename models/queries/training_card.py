"""One training (业务培训): its materials, who came, every step taken on it; and how a person stands to
it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Select, select
from sqlmodel import Session, col

from models.clock import today
from models.queries.objections import PaperLine
from models.queries.ties import ties_to
from models.queries.trainings import (
    TrainingRow,
    row_of,
    seats_in_sight,
    sees_all_trainings,
    training_seen,
    trainings_in_sight,
)
from models.rules.roles import Actor, Permission
from models.rules.trainings import SeatState, TrainingAction, TrainingStanding
from models.tables.conduct import Training, TrainingEvent, TrainingPaper, TrainingSeat
from models.tables.organisations import Agency
from models.tables.people import Account


@dataclass(frozen=True, slots=True)
class SeatLine:
    """One agency's seat."""

    agency: str
    agency_uscc: str
    state: SeatState
    reason: str
    version: int


@dataclass(frozen=True, slots=True)
class TrainingEventLine:
    """One step in the history; `agencies` names those it concerns, none for all."""

    action: TrainingAction
    seat_to: SeatState | None
    by: str
    at_utc: datetime
    agencies: tuple[str, ...]
    note: str


@dataclass(frozen=True, slots=True)
class TrainingCard:
    """One training as this person may read it.

    Attributes:
        seats: every agency's, by name; for an agency its own alone.
        materials: files, the oldest first.
        events: the newest first; for an agency those that concern it or everybody.
        may_keep: this person keeps the register of it.
        own: the seat of this person's agency.
    """

    row: TrainingRow
    version: int
    seats: tuple[SeatLine, ...]
    materials: tuple[PaperLine, ...]
    events: tuple[TrainingEventLine, ...]
    may_keep: bool
    own: SeatLine | None
    is_day_come: bool
    is_day_over: bool


def training_card(session: Session, actor: Actor, number: str) -> TrainingCard:
    """One training's card, by its number.

    Args:
        session: any transaction.
        actor: who asks.
        number: the training.

    Raises:
        NotFound: no such training, or not for this person: the answer is the same.
    """
    training = training_seen(session, actor, number)
    seats = _seats(session, actor, training)
    counts: dict[SeatState, int] = {}
    for seat in seats:
        counts[seat.state] = counts.get(seat.state, 0) + 1
    is_all = sees_all_trainings(actor)
    on = today()
    return TrainingCard(
        row=row_of(training, counts),
        version=training.version,
        seats=seats,
        materials=_materials(session, training),
        events=_events(session, training, None if is_all else seats[0].agency_uscc),
        may_keep=actor.may(Permission.keep_trainings),
        own=None if is_all else seats[0],
        is_day_come=training.held_on <= on,
        is_day_over=training.held_on < on,
    )


def training_standing(
    session: Session, actor: Actor, training: Training, seat: TrainingSeat | None = None
) -> TrainingStanding:
    """How a person stands to one training today, and to one agency's seat in it.

    Args:
        session: any transaction.
        actor: the person.
        training: the training; locked where a step is to be taken.
        seat: of the agency concerned.
    """
    on, agency_id = today(), seat.agency_id if seat else None
    return TrainingStanding(
        state=training.state,
        is_day_come=training.held_on <= on,
        is_day_over=training.held_on < on,
        seat=seat.state if seat else None,
        is_own_agency=agency_id is not None and actor.agency_id == agency_id,
        ties=ties_to(session, actor, agency_id),
    )


def viewable_training_paper(session: Session, actor: Actor, paper_id: int) -> TrainingPaper | None:
    """A material of a training, for who may see it; `None` both when there is none and when they
    may not."""
    if not actor.may(Permission.see_trainings):
        return None
    statement = (
        select(TrainingPaper)
        .join(TrainingEvent, col(TrainingEvent.id) == TrainingPaper.event_id)
        .join(Training, col(Training.id) == TrainingEvent.training_id)
        .where(col(TrainingPaper.id) == paper_id, trainings_in_sight(actor))
    )
    paper: TrainingPaper | None = session.execute(statement).scalar_one_or_none()
    return paper


# ---------------------------------------------------------------- pieces


def _seats(session: Session, actor: Actor, training: Training) -> tuple[SeatLine, ...]:
    statement = (
        select(
            Agency.name, Agency.uscc, TrainingSeat.state, TrainingSeat.reason,
            TrainingSeat.version,
        )
        .join(Agency, col(Agency.id) == TrainingSeat.agency_id)
        .join(Training, col(Training.id) == TrainingSeat.training_id)
        .where(col(Training.id) == training.id, seats_in_sight(actor))
        .order_by(col(Agency.name), col(Agency.id))
    )  # fmt: skip
    return tuple(SeatLine(*row) for row in session.execute(statement))


def _materials(session: Session, training: Training) -> tuple[PaperLine, ...]:
    statement: Select[Any] = (
        select(
            TrainingPaper.id, TrainingPaper.file_name, TrainingPaper.media_type,
            TrainingPaper.size_bytes,
        )
        .join(TrainingEvent, col(TrainingEvent.id) == TrainingPaper.event_id)
        .where(col(TrainingEvent.training_id) == training.id)
        .order_by(col(TrainingPaper.id))
    )  # fmt: skip
    return tuple(PaperLine(*row) for row in session.execute(statement))


def _events(session: Session, training: Training, own: str | None) -> tuple[TrainingEventLine, ...]:
    """The steps, the newest first; for an agency those of everybody and its own, and of the
    agencies named its own alone."""
    statement = (
        select(TrainingEvent, Account.display_name)
        .join(Account, col(Account.id) == TrainingEvent.account_id)
        .where(col(TrainingEvent.training_id) == training.id)
        .order_by(col(TrainingEvent.position).desc())
    )
    names = _names(session, training)
    lines = []
    for event, by in session.execute(statement):
        concerned = [code for code in event.agencies if own is None or code == own]
        if own is None or concerned or not event.agencies:
            named = tuple(names[code] for code in concerned) if own is None else ()
            lines.append(
                TrainingEventLine(event.action, event.seat_to, by, event.at_utc, named, event.note)
            )
    return tuple(lines)


def _names(session: Session, training: Training) -> Mapping[str, str]:
    statement = (
        select(Agency.uscc, Agency.name)
        .join(TrainingSeat, col(TrainingSeat.agency_id) == Agency.id)
        .where(col(TrainingSeat.training_id) == training.id)
    )
    return dict(session.execute(statement).all())
