"""Subsidy standards (补贴标准), budget lines (预算额度) and cap counters: what public money may be spent
on."""

from datetime import date, datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import CheckConstraint, Index, UniqueConstraint
from sqlmodel import Field, SQLModel

from models.rules.entitlement import Payee, Purpose, StandardKind
from models.tables.base import enum_field, fen_field, json_field


class Standing(StrEnum):
    """Whether a rule matches claims here (in force, example) or is only shown for comparison."""

    in_force = "in_force"  # 现行
    reference = "reference"  # 参考
    example = "example"  # 示例, in force in the demonstration only


class PolicyRule(SQLModel, table=True):
    """One version of a subsidy or reward standard (补贴标准); immutable once a claim used it."""

    __tablename__ = "policy_rule"
    __table_args__ = (
        UniqueConstraint("key", "version"),
        CheckConstraint("valid_to IS NULL OR valid_to >= valid_from", name="validity"),
        CheckConstraint(
            "confirmed_by_id IS NULL OR confirmed_by_id <> drafted_by_id", name="two_people"
        ),
        Index("ix_policy_rule_service", "service_code", "purpose", "valid_from"),
    )

    id: int | None = Field(default=None, primary_key=True)
    key: str = Field(max_length=40)
    version: int = 1
    place: str = Field(max_length=40)
    standing: Standing = enum_field(Standing)
    document: str = Field(default="", max_length=60)
    clause: str = Field(default="", max_length=40)
    title_zh: str = Field(default="", max_length=80)
    title_en: str = Field(default="", max_length=120)
    service_code: str | None = Field(default=None, foreign_key="service_type.code", max_length=24)
    result_kind_code: str | None = Field(
        default=None, foreign_key="result_kind.code", max_length=24
    )
    purpose: Purpose = enum_field(Purpose)
    payee: Payee = enum_field(Payee)
    kind: StandardKind = enum_field(StandardKind)
    parameters: dict[str, Any] = json_field()
    agency_year_cap_fen: int | None = fen_field(default=None, nullable=True)
    enterprise_year_cap_fen: int | None = fen_field(default=None, nullable=True)
    budget_code: str | None = Field(default=None, max_length=24)
    valid_from: date
    valid_to: date | None = None
    drafted_by_id: int | None = Field(default=None, foreign_key="account.id")
    confirmed_by_id: int | None = Field(default=None, foreign_key="account.id")
    confirmed_at_utc: datetime | None = None


class BudgetLine(SQLModel, table=True):
    """A year's ceiling of one line; the total is unchanged from the existing policies (五.3 效果一)."""

    __tablename__ = "budget_line"
    __table_args__ = (
        UniqueConstraint("year", "code"),
        CheckConstraint("committed_fen >= 0 AND paid_fen >= 0", name="not_negative"),
        CheckConstraint("committed_fen + paid_fen <= ceiling_fen", name="within_ceiling"),
        CheckConstraint(
            "confirmed_by_id IS NULL OR confirmed_by_id <> drafted_by_id", name="two_people"
        ),
    )

    id: int | None = Field(default=None, primary_key=True)
    year: int
    code: str = Field(max_length=24)
    name_zh: str = Field(default="", max_length=60)
    name_en: str = Field(default="", max_length=100)
    ceiling_fen: int = fen_field()
    committed_fen: int = fen_field(default=0)
    paid_fen: int = fen_field(default=0)
    drafted_by_id: int | None = Field(default=None, foreign_key="account.id")
    confirmed_by_id: int | None = Field(default=None, foreign_key="account.id")
    confirmed_at_utc: datetime | None = None


class LineWait(SQLModel, table=True):
    """What waits on a budget line since one day (在先金额), entitled and not approved yet, kept with
    every step."""

    __tablename__ = "line_wait"

    budget_line_id: int = Field(foreign_key="budget_line.id", primary_key=True)
    pending_on: date = Field(primary_key=True)
    waiting_fen: int = fen_field(default=0)


class CapParty(StrEnum):
    """Whose yearly cap a counter keeps."""

    agency = "agency"
    enterprise = "enterprise"


class CapCounter(SQLModel, table=True):
    """What one party has been granted under one rule in one year, kept in the approval's
    transaction."""

    __tablename__ = "cap_counter"
    __table_args__ = (CheckConstraint("committed_fen >= 0", name="not_negative"),)

    year: int = Field(primary_key=True)
    rule_key: str = Field(primary_key=True, max_length=40)
    party: CapParty = enum_field(CapParty, primary_key=True)
    party_id: int = Field(primary_key=True)
    committed_fen: int = fen_field(default=0)
