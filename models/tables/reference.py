"""Reference data: the service list of clause 四, result and evidence kinds, reason codes, settings,
calendar days."""

from datetime import date, datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import CheckConstraint, UniqueConstraint
from sqlmodel import Field, SQLModel

from models.rules.identifiers import IdentifierKind
from models.tables.base import enum_field, fen_field, json_field


class Track(StrEnum):
    """How a service is paid for (四; 五.3(1))."""

    subsidised = "subsidised"  # 政府补贴
    market_rule = "market_rule"  # 市场化规则: the enterprise pays after success
    free = "free"  # 免费


class ServiceType(SQLModel, table=True):
    """A service (服务清单) under one of the eight items of clause 四; open-ended and effective-dated."""

    __tablename__ = "service_type"
    __table_args__ = (CheckConstraint("clause_item BETWEEN 1 AND 8", name="clause_item"),)

    code: str = Field(primary_key=True, max_length=24)
    clause_item: int
    name_zh: str = Field(max_length=60)
    name_en: str = Field(max_length=100)
    track: Track = enum_field(Track)
    price_floor_fen: int | None = fen_field(default=None, nullable=True)
    price_ceiling_fen: int | None = fen_field(default=None, nullable=True)
    standard_working_days: int | None = None
    valid_from: date
    valid_to: date | None = None


class ResultKind(SQLModel, table=True):
    """A kind of result (成果类型) a service may produce, its identifier and the date that counts."""

    __tablename__ = "result_kind"

    code: str = Field(primary_key=True, max_length=24)
    service_code: str = Field(foreign_key="service_type.code", max_length=24, index=True)
    name_zh: str = Field(max_length=60)
    name_en: str = Field(max_length=100)
    identifier: IdentifierKind = enum_field(IdentifierKind, length=32)
    date_zh: str = Field(max_length=40)
    date_en: str = Field(max_length=60)


class EvidenceKind(SQLModel, table=True):
    """A kind of paper (材料); every one is asked for once, at filing."""

    __tablename__ = "evidence_kind"

    code: str = Field(primary_key=True, max_length=8)
    name_zh: str = Field(max_length=60)
    name_en: str = Field(max_length=100)


class RequiredEvidence(SQLModel, table=True):
    """Which papers a result kind needs."""

    __tablename__ = "required_evidence"

    result_kind_code: str = Field(foreign_key="result_kind.code", primary_key=True, max_length=24)
    evidence_kind_code: str = Field(
        foreign_key="evidence_kind.code", primary_key=True, max_length=8
    )


class ReasonCode(SQLModel, table=True):
    """A coded reason (理由代码) with what the agency must do about it."""

    __tablename__ = "reason_code"

    code: str = Field(primary_key=True, max_length=4)
    name_zh: str = Field(max_length=60)
    name_en: str = Field(max_length=100)
    remedy_zh: str = Field(max_length=200)
    remedy_en: str = Field(max_length=300)
    basis: str = Field(default="", max_length=80)


class Setting(SQLModel, table=True):
    """A setting (设定): what no document prints; effective-dated, drafted by one person, confirmed
    by another."""

    __table_args__ = (
        UniqueConstraint("key", "valid_from"),
        CheckConstraint(
            "confirmed_by_id IS NULL OR confirmed_by_id <> drafted_by_id", name="two_people"
        ),
    )

    id: int | None = Field(default=None, primary_key=True)
    key: str = Field(max_length=60)
    value: Any = json_field()
    valid_from: date
    drafted_by_id: int | None = Field(default=None, foreign_key="account.id")
    confirmed_by_id: int | None = Field(default=None, foreign_key="account.id")
    confirmed_at_utc: datetime | None = None


class CalendarDay(SQLModel, table=True):
    """A day that overrides the library's calendar: a working Sunday, a local holiday."""

    __tablename__ = "calendar_day"

    day: date = Field(primary_key=True)
    is_working: bool
    note: str = Field(default="", max_length=100)
