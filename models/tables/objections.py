"""Objections (异议) to claims in public notice, and the evidence that came with them."""

from datetime import date, datetime

from sqlalchemy import CheckConstraint, Index
from sqlmodel import Field, SQLModel

from models.rules.objections import ObjectionForm, ObjectionState
from models.tables.base import enum_field


class Objection(SQLModel, table=True):
    """An objection (异议) to a claim in public notice: signed or sealed, with evidence; answered by
    another person than who recorded it."""

    __table_args__ = (
        CheckConstraint("objector <> '' AND said <> ''", name="signed"),
        CheckConstraint("(state = 'open') = (answered_by_id IS NULL)", name="answered"),
        CheckConstraint(
            "(answered_by_id IS NULL) = (answered_at_utc IS NULL)"
            " AND (answered_by_id IS NULL) = (answered_after_event IS NULL)"
            " AND (answered_by_id IS NULL) = (answer = '')",
            name="answer_is_whole",
        ),
        CheckConstraint(
            "answered_by_id IS NULL OR answered_by_id <> recorded_by_id", name="two_people"
        ),
        Index("ix_objection_claim_id", "claim_id", "id"),
    )

    id: int | None = Field(default=None, primary_key=True)
    claim_id: int = Field(foreign_key="claim.id")
    objector: str = Field(max_length=120)
    form: ObjectionForm = enum_field(ObjectionForm)
    received_on: date
    said: str = Field(max_length=1000)
    state: ObjectionState = enum_field(ObjectionState, default=ObjectionState.open)
    recorded_by_id: int = Field(foreign_key="account.id")
    recorded_at_utc: datetime
    answered_by_id: int | None = Field(default=None, foreign_key="account.id")
    answered_at_utc: datetime | None = None
    answered_after_event: int | None = None
    answer: str = Field(default="", max_length=1000)


class ObjectionPaper(SQLModel, table=True):
    """A piece of evidence of an objection (异议材料); the file lies under its SHA-256."""

    __tablename__ = "objection_paper"
    __table_args__ = (Index("ix_objection_paper_objection_id", "objection_id"),)

    id: int | None = Field(default=None, primary_key=True)
    objection_id: int = Field(foreign_key="objection.id")
    file_name: str = Field(max_length=200)
    media_type: str = Field(max_length=60)
    size_bytes: int
    sha256: str = Field(max_length=64)
