"""What of complaints and trainings counts in an agency's conduct (规范经营): rows for the builder of
the ratings, each with the number it is looked up by."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from sqlalchemy import and_, or_, select
from sqlmodel import Session, col

from models.clock import today
from models.rules.complaints import ComplaintState
from models.rules.rating import Penalty
from models.rules.trainings import SeatState, TrainingState
from models.tables.conduct import Complaint, Training, TrainingSeat


@dataclass(frozen=True, slots=True)
class ConductRow:
    """One lapse of one agency.

    Attributes:
        agency_id: whose.
        on: the day it counts on.
        kind: `ComplaintKind` as found, or `late_answer`, or `training_missed`.
        number: of the complaint or training.
    """

    agency_id: int
    on: date
    kind: str
    number: str


def upheld_complaints(session: Session, first_day: date, last_day: date) -> tuple[ConductRow, ...]:
    """Complaints upheld in a period (投诉成立), each with what was found.

    Args:
        session: any transaction.
        first_day, last_day: both included; the day of the decision counts.

    Returns:
        By agency, day and number; those under review are not among them.
    """
    statement = (
        select(Complaint.agency_id, Complaint.settled_on, Complaint.found_kind, Complaint.number)
        .where(
            col(Complaint.state) == ComplaintState.upheld,
            col(Complaint.settled_on).between(first_day, last_day),
        )
        .order_by(col(Complaint.agency_id), col(Complaint.settled_on), col(Complaint.number))
    )
    return tuple(
        ConductRow(agency_id, on, found.value, number)
        for agency_id, on, found, number in session.execute(statement)
    )


def late_answers(session: Session, first_day: date, last_day: date) -> tuple[ConductRow, ...]:
    """Complaints the agency answered after the day they were due, or not at all (逾期答复).

    Args:
        session: any transaction.
        first_day, last_day: both included; the last day that was in time counts.

    Returns:
        By agency, day and number. What was withdrawn before that day is not among them.
    """
    due, answered = col(Complaint.answer_due_on), col(Complaint.answered_on)
    is_spared = and_(
        col(Complaint.state) == ComplaintState.withdrawn, col(Complaint.settled_on) <= due
    )
    statement = (
        select(Complaint.agency_id, Complaint.answer_due_on, Complaint.number)
        .where(
            due.between(first_day, last_day),
            due < today(),
            or_(answered.is_(None), answered > due),
            ~is_spared,
        )
        .order_by(col(Complaint.agency_id), due, col(Complaint.number))
    )
    return tuple(
        ConductRow(agency_id, on, Penalty.late_answer.value, number)
        for agency_id, on, number in session.execute(statement)
    )


def trainings_missed(session: Session, first_day: date, last_day: date) -> tuple[ConductRow, ...]:
    """Obligatory trainings an agency missed without being excused (缺席培训).

    Args:
        session: any transaction.
        first_day, last_day: both included; the training's day counts.

    Returns:
        By agency, day and number; only what was recorded as missed.
    """
    statement = (
        select(TrainingSeat.agency_id, Training.held_on, Training.number)
        .join(Training, col(Training.id) == TrainingSeat.training_id)
        .where(
            col(TrainingSeat.state) == SeatState.missed,
            col(Training.state) == TrainingState.announced,
            col(Training.is_obligatory),
            col(Training.held_on).between(first_day, last_day),
        )
        .order_by(col(TrainingSeat.agency_id), col(Training.held_on), col(Training.number))
    )
    return tuple(
        ConductRow(agency_id, on, Penalty.training_missed.value, number)
        for agency_id, on, number in session.execute(statement)
    )
