"""What an agency's conduct (规范经营) is read from: complaints (投诉) and trainings (培训), with every
step taken on them and the papers that came with it."""

from datetime import date, datetime
from typing import Any

from sqlalchemy import CheckConstraint, Index, UniqueConstraint
from sqlmodel import Field, SQLModel

from models.rules.complaints import (
    ComplaintAction,
    ComplaintKind,
    ComplaintSource,
    ComplaintState,
)
from models.rules.trainings import SeatState, TrainingAction, TrainingState
from models.tables.base import enum_field, json_field


class Complaint(SQLModel, table=True):
    """A complaint (投诉) about an agency: where it stands, and by when the next step is due. What was
    said stands in its events."""

    __table_args__ = (
        UniqueConstraint("number"),
        CheckConstraint("(source = 'hint') = (enterprise_id IS NULL)", name="complainant"),
        CheckConstraint("enterprise_id IS NOT NULL OR agreement_id IS NULL", name="own_agreement"),
        CheckConstraint("(state = 'upheld') = (found_kind IS NOT NULL)", name="found"),
        CheckConstraint("(accepted_on IS NULL) = (answer_due_on IS NULL)", name="heard"),
        CheckConstraint(
            "accepted_on IS NOT NULL OR state IN ('filed', 'not_accepted', 'withdrawn')",
            name="accepted_first",
        ),
        CheckConstraint(
            "(state IN ('filed', 'accepted', 'answered', 'reopened')) = (due_on IS NOT NULL)"
            " AND (due_on IS NULL) = (settled_on IS NOT NULL)",
            name="due_or_settled",
        ),
        Index("ix_complaint_agency_id", "agency_id", "filed_on", "id"),
        Index("ix_complaint_enterprise_id", "enterprise_id", "id"),
        Index("ix_complaint_state", "state", "due_on", "id"),
        Index("ix_complaint_filed_on", "filed_on", "id"),
    )

    id: int | None = Field(default=None, primary_key=True)
    number: str = Field(max_length=24)
    agency_id: int = Field(foreign_key="agency.id")
    enterprise_id: int | None = Field(default=None, foreign_key="enterprise.id")
    agreement_id: int | None = Field(default=None, foreign_key="agreement.id")
    source: ComplaintSource = enum_field(ComplaintSource)
    kind: ComplaintKind = enum_field(ComplaintKind)
    found_kind: ComplaintKind | None = enum_field(
        ComplaintKind, default=None, nullable=True, check="found_complaintkind"
    )
    state: ComplaintState = enum_field(ComplaintState, default=ComplaintState.filed)
    filed_on: date
    accepted_on: date | None = None
    answer_due_on: date | None = None
    answered_on: date | None = None
    due_on: date | None = None
    settled_on: date | None = None
    was_reopened: bool = False
    version: int = 1
    changed_at_utc: datetime


class ComplaintEvent(SQLModel, table=True):
    """One step of a complaint (投诉记录): append-only, the evidence.

    `own_digest` is the digest of the complaint's row as the step left it.
    """

    __tablename__ = "complaint_event"
    __table_args__ = (UniqueConstraint("complaint_id", "position"),)

    id: int | None = Field(default=None, primary_key=True)
    complaint_id: int = Field(foreign_key="complaint.id")
    position: int
    action: ComplaintAction = enum_field(ComplaintAction)
    to_state: ComplaintState = enum_field(ComplaintState)
    account_id: int = Field(foreign_key="account.id", index=True)
    grant_id: int | None = Field(default=None, foreign_key="role_grant.id")
    at_utc: datetime
    version: int
    is_on_behalf: bool = False
    note: str = Field(default="", max_length=1000)
    own_digest: str = Field(max_length=64)


class ComplaintPaper(SQLModel, table=True):
    """A paper that came with a step of a complaint (投诉材料); the file lies under its SHA-256."""

    __tablename__ = "complaint_paper"
    __table_args__ = (Index("ix_complaint_paper_event_id", "event_id"),)

    id: int | None = Field(default=None, primary_key=True)
    event_id: int = Field(foreign_key="complaint_event.id")
    file_name: str = Field(max_length=200)
    media_type: str = Field(max_length=60)
    size_bytes: int
    sha256: str = Field(max_length=64)


class Training(SQLModel, table=True):
    """A training (业务培训) of agencies, announced by the alliance; no services means all of them."""

    __table_args__ = (
        UniqueConstraint("number"),
        CheckConstraint("title <> '' AND place <> ''", name="named"),
        CheckConstraint("study_hours BETWEEN 1 AND 80", name="study_hours"),
        Index("ix_training_held_on", "held_on", "id"),
    )

    id: int | None = Field(default=None, primary_key=True)
    number: str = Field(max_length=24)
    title: str = Field(max_length=120)
    held_on: date
    place: str = Field(max_length=120)
    study_hours: int
    is_obligatory: bool
    service_codes: list[str] = json_field()
    state: TrainingState = enum_field(TrainingState, default=TrainingState.announced)
    version: int = 1
    changed_at_utc: datetime


class TrainingSeat(SQLModel, table=True):
    """An agency invited to a training, and whether it came (参训情况)."""

    __tablename__ = "training_seat"
    __table_args__ = (
        UniqueConstraint("training_id", "agency_id"),
        CheckConstraint("state NOT IN ('leave_asked', 'excused') OR reason <> ''", name="excuse"),
        Index("ix_training_seat_agency_id", "agency_id", "state"),
    )

    id: int | None = Field(default=None, primary_key=True)
    training_id: int = Field(foreign_key="training.id")
    agency_id: int = Field(foreign_key="agency.id")
    state: SeatState = enum_field(SeatState, default=SeatState.invited)
    reason: str = Field(default="", max_length=400)
    version: int = 1


class TrainingEvent(SQLModel, table=True):
    """One step of a training (培训记录): append-only, the evidence.

    `agencies` are the credit codes of those it concerns, none where it concerns all; `own_digest`
    is the digest of the training and its seats as the step left them.
    """

    __tablename__ = "training_event"
    __table_args__ = (UniqueConstraint("training_id", "position"),)

    id: int | None = Field(default=None, primary_key=True)
    training_id: int = Field(foreign_key="training.id")
    position: int
    action: TrainingAction = enum_field(TrainingAction)
    seat_to: SeatState | None = enum_field(SeatState, default=None, nullable=True)
    account_id: int = Field(foreign_key="account.id")
    grant_id: int | None = Field(default=None, foreign_key="role_grant.id")
    at_utc: datetime
    version: int
    agencies: list[str] = json_field()
    note: str = Field(default="", max_length=400)
    detail: dict[str, Any] = json_field()
    own_digest: str = Field(max_length=64)


class TrainingPaper(SQLModel, table=True):
    """A material of a training (培训材料); the file lies under its SHA-256."""

    __tablename__ = "training_paper"
    __table_args__ = (Index("ix_training_paper_event_id", "event_id"),)

    id: int | None = Field(default=None, primary_key=True)
    event_id: int = Field(foreign_key="training_event.id")
    file_name: str = Field(max_length=200)
    media_type: str = Field(max_length=60)
    size_bytes: int
    sha256: str = Field(max_length=64)
