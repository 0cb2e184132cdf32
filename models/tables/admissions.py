"""Admission (入会资格审查, 五.1 一是): what is asked of an agency, applications with their answers and
papers, and everything that happened to them and to agencies' qualification."""

from datetime import date, datetime
from typing import Any

from sqlalchemy import CheckConstraint, Index, UniqueConstraint, text
from sqlmodel import Field, SQLModel

from models.rules.admission import (
    APPLICATION_STATES,
    OPEN,
    AdmissionAction,
    AdmissionKind,
    AdmissionState,
)
from models.rules.admission_terms import CriterionVerdict
from models.tables.base import enum_field, json_field


def _listed(states: Any) -> str:
    return ", ".join(f"'{state}'" for state in sorted(states))


_IS_OPEN = f"state IN ({_listed(OPEN)})"


class AdmissionCriterion(SQLModel, table=True):
    """A version of a criterion (入会条件): what must be shown, by which paper. The newest that has
    begun holds; one that is not in force ends it. What came without a change is a default of this
    system."""

    __tablename__ = "admission_criterion"
    __table_args__ = (UniqueConstraint("code", "valid_from"),)

    id: int | None = Field(default=None, primary_key=True)
    code: str = Field(max_length=4)
    valid_from: date
    name_zh: str = Field(max_length=60)
    name_en: str = Field(max_length=100)
    shows_zh: str = Field(max_length=200)
    shows_en: str = Field(max_length=300)
    evidence_zh: str = Field(max_length=100)
    evidence_en: str = Field(max_length=160)
    is_required: bool = True
    is_in_force: bool = True
    change_id: int | None = Field(default=None, foreign_key="policy_change.id")


class Application(SQLModel, table=True):
    """An application (入会申请) of an organisation that need not be an agency yet; one under way at a
    time."""

    __tablename__ = "admission_application"
    __table_args__ = (
        UniqueConstraint("number"),
        CheckConstraint(f"state IN ({_listed(APPLICATION_STATES)})", name="of_application"),
        CheckConstraint("is_on_behalf OR agency_id IS NOT NULL", name="applicant"),
        CheckConstraint("state <> 'admitted' OR agency_id IS NOT NULL", name="admitted"),
        Index(
            "uq_admission_application_open",
            "uscc",
            unique=True,
            sqlite_where=text(_IS_OPEN),
            postgresql_where=text(_IS_OPEN),
        ),
        Index("ix_admission_application_state", "state", "id"),
        Index("ix_admission_application_agency_id", "agency_id", "id"),
    )

    id: int | None = Field(default=None, primary_key=True)
    number: str = Field(max_length=24)
    kind: AdmissionKind = enum_field(AdmissionKind)
    state: AdmissionState = enum_field(AdmissionState)
    uscc: str = Field(max_length=18)
    name: str = Field(max_length=120)
    registered_on: date | None = None
    services: list[str] = json_field()
    staff_count: int | None = None
    contact_name: str = Field(default="", max_length=64)
    contact_phone: str = Field(default="", max_length=40)
    payee_name: str = Field(default="", max_length=120)
    payee_bank: str = Field(default="", max_length=120)
    payee_account: str = Field(default="", max_length=40)
    agency_id: int | None = Field(default=None, foreign_key="agency.id")
    is_on_behalf: bool = False
    entered_by_id: int = Field(foreign_key="account.id")
    applied_on: date | None = None
    decided_on: date | None = None
    admitted_services: list[str] = json_field()
    version: int = 0
    changed_at_utc: datetime


class AdmissionAnswer(SQLModel, table=True):
    """What an application says of one criterion, and what the reviewer found (条件说明、审查意见)."""

    __tablename__ = "admission_answer"
    __table_args__ = (
        CheckConstraint("(verdict IS NULL) = (examined_by_id IS NULL)", name="examined"),
    )

    application_id: int = Field(primary_key=True, foreign_key="admission_application.id")
    criterion_code: str = Field(primary_key=True, max_length=4)
    answer: str = Field(default="", max_length=400)
    verdict: CriterionVerdict | None = enum_field(CriterionVerdict, default=None, nullable=True)
    note: str = Field(default="", max_length=400)
    examined_by_id: int | None = Field(default=None, foreign_key="account.id")


class AdmissionEvent(SQLModel, table=True):
    """One step of an application or of an agency's qualification (入会记录): append-only, the
    evidence."""

    __tablename__ = "admission_event"
    __table_args__ = (
        UniqueConstraint("application_id", "position"),
        UniqueConstraint("agency_id", "position"),
        CheckConstraint("(application_id IS NULL) <> (agency_id IS NULL)", name="of_one"),
    )

    id: int | None = Field(default=None, primary_key=True)
    application_id: int | None = Field(default=None, foreign_key="admission_application.id")
    agency_id: int | None = Field(default=None, foreign_key="agency.id")
    position: int
    action: AdmissionAction = enum_field(AdmissionAction)
    to_state: AdmissionState = enum_field(AdmissionState)
    account_id: int | None = Field(default=None, foreign_key="account.id")
    grant_id: int | None = Field(default=None, foreign_key="role_grant.id")
    at_utc: datetime
    version: int
    reasons: list[str] = json_field()
    note: str = Field(default="", max_length=400)
    detail: dict[str, Any] = json_field()


class AdmissionPaper(SQLModel, table=True):
    """A paper (入会材料) that came with an answer; the file lies under its SHA-256. One that was
    replaced counts no more."""

    __tablename__ = "admission_paper"
    __table_args__ = (Index("ix_admission_paper_event_id", "event_id"),)

    id: int | None = Field(default=None, primary_key=True)
    event_id: int = Field(foreign_key="admission_event.id")
    application_id: int = Field(foreign_key="admission_application.id", index=True)
    criterion_code: str = Field(max_length=4)
    file_name: str = Field(max_length=200)
    media_type: str = Field(max_length=60)
    size_bytes: int
    sha256: str = Field(max_length=64)
    is_dropped: bool = False
