"""What two people change together: drafts of standards, settings, services, reasons and days, and
the versions that came of them."""

from datetime import date, datetime
from typing import Any

from sqlalchemy import CheckConstraint, Index, UniqueConstraint, text
from sqlmodel import Field, SQLModel

from models.rules.changes import ChangeKind, ChangeState
from models.tables.base import enum_field, fen_field, json_field


class PolicyChange(SQLModel, table=True):
    """A change (调整) of a standard, a setting or a list: drafted by one person, decided on by
    another, and kept whatever became of it."""

    __tablename__ = "policy_change"
    __table_args__ = (
        CheckConstraint(
            "state <> 'confirmed' OR decided_by_id <> drafted_by_id", name="two_people"
        ),
        CheckConstraint("(state = 'drafted') = (decided_at_utc IS NULL)", name="decided"),
        Index("ix_policy_change_subject", "kind", "subject"),
        Index(
            "uq_policy_change_waiting",
            "kind",
            "subject",
            unique=True,
            sqlite_where=text("state = 'drafted'"),
            postgresql_where=text("state = 'drafted'"),
        ),
    )

    id: int | None = Field(default=None, primary_key=True)
    kind: ChangeKind = enum_field(ChangeKind)
    subject: str = Field(max_length=60)
    content: dict[str, Any] = json_field()
    valid_from: date
    reason: str = Field(default="", max_length=300)
    state: ChangeState = enum_field(ChangeState)
    drafted_by_id: int | None = Field(default=None, foreign_key="account.id")
    drafted_at_utc: datetime
    decided_by_id: int | None = Field(default=None, foreign_key="account.id")
    decided_at_utc: datetime | None = None
    decided_reason: str = Field(default="", max_length=300)


class ServiceTerms(SQLModel, table=True):
    """A version of a service's price band (价格区间) and service standard (服务标准); what
    `service_type` states holds before the first of them."""

    __tablename__ = "service_terms"
    __table_args__ = (
        UniqueConstraint("service_code", "valid_from"),
        CheckConstraint("price_ceiling_fen >= price_floor_fen", name="band"),
    )

    id: int | None = Field(default=None, primary_key=True)
    service_code: str = Field(foreign_key="service_type.code", max_length=24)
    valid_from: date
    price_floor_fen: int | None = fen_field(default=None, nullable=True)
    price_ceiling_fen: int | None = fen_field(default=None, nullable=True)
    standard_working_days: int | None = None
    change_id: int = Field(foreign_key="policy_change.id")


class ReasonText(SQLModel, table=True):
    """A version of what a coded reason says (理由用语); what `reason_code` states holds before the
    first of them."""

    __tablename__ = "reason_text"
    __table_args__ = (UniqueConstraint("code", "valid_from"),)

    id: int | None = Field(default=None, primary_key=True)
    code: str = Field(foreign_key="reason_code.code", max_length=4)
    valid_from: date
    name_zh: str = Field(max_length=60)
    name_en: str = Field(max_length=100)
    remedy_zh: str = Field(max_length=200)
    remedy_en: str = Field(max_length=300)
    change_id: int = Field(foreign_key="policy_change.id")
