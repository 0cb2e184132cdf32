"""What happened to agreements (合作对子): their events, the papers that came with them, milestones
(进度节点), recorded results, amendments (协议变更), and the running numbers."""

from datetime import date, datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import CheckConstraint, Index, UniqueConstraint, text
from sqlmodel import Field, SQLModel

from models.rules.agreement_life import AgreementState, LifeAction
from models.tables.base import enum_field, fen_field, json_field


class AgreementEvent(SQLModel, table=True):
    """One step of an agreement (协议记录): append-only, the evidence."""

    __tablename__ = "agreement_event"
    __table_args__ = (UniqueConstraint("agreement_id", "position"),)

    id: int | None = Field(default=None, primary_key=True)
    agreement_id: int = Field(foreign_key="agreement.id")
    position: int
    action: LifeAction = enum_field(LifeAction)
    to_state: AgreementState = enum_field(AgreementState)
    account_id: int | None = Field(default=None, foreign_key="account.id")
    grant_id: int | None = Field(default=None, foreign_key="role_grant.id")
    at_utc: datetime
    version: int
    reasons: list[str] = json_field()
    note: str = Field(default="", max_length=400)
    detail: dict[str, Any] = json_field()


class AgreementPaper(SQLModel, table=True):
    """A paper that came with a step (协议材料): the signed scan, a certificate; the file lies under
    its SHA-256."""

    __tablename__ = "agreement_paper"
    __table_args__ = (Index("ix_agreement_paper_event_id", "event_id"),)

    id: int | None = Field(default=None, primary_key=True)
    event_id: int = Field(foreign_key="agreement_event.id")
    file_name: str = Field(max_length=200)
    media_type: str = Field(max_length=60)
    size_bytes: int
    sha256: str = Field(max_length=64)


class Milestone(SQLModel, table=True):
    """A milestone (进度节点) of an agreement's work."""

    __table_args__ = (Index("ix_milestone_agreement_id", "agreement_id", "due_on"),)

    id: int | None = Field(default=None, primary_key=True)
    agreement_id: int = Field(foreign_key="agreement.id")
    name: str = Field(max_length=80)
    due_on: date
    done_on: date | None = None


class AgreementResult(SQLModel, table=True):
    """A result recorded under an agreement (登记成果): one result belongs to one agreement."""

    __tablename__ = "agreement_result"

    result_id: int = Field(primary_key=True, foreign_key="result.id")
    agreement_id: int = Field(foreign_key="agreement.id", index=True)
    recorded_by_id: int = Field(foreign_key="account.id")
    recorded_at_utc: datetime


class AmendmentState(StrEnum):
    """Where an amendment stands (变更状态)."""

    proposed = "proposed"  # 待确认
    confirmed = "confirmed"  # 已确认
    turned_down = "turned_down"  # 未同意


class Amendment(SQLModel, table=True):
    """A change of terms one side proposes (协议变更); it counts once the confirming office has
    confirmed it. One at a time waits."""

    __table_args__ = (
        CheckConstraint("fee_fen >= 0 AND advance_fen >= 0", name="not_negative"),
        CheckConstraint(
            "decided_by_id IS NULL OR decided_by_id <> proposed_by_id", name="two_people"
        ),
        Index(
            "ix_amendment_proposed",
            "agreement_id",
            unique=True,
            sqlite_where=text("state = 'proposed'"),
            postgresql_where=text("state = 'proposed'"),
        ),
        Index("ix_amendment_agreement_id", "agreement_id", "id"),
    )

    id: int | None = Field(default=None, primary_key=True)
    agreement_id: int = Field(foreign_key="agreement.id")
    state: AmendmentState = enum_field(AmendmentState, default=AmendmentState.proposed)
    fee_fen: int = fen_field()
    result_kind_code: str | None = Field(
        default=None, foreign_key="result_kind.code", max_length=24
    )
    expected: str = Field(default="", max_length=200)
    due_on: date | None = None
    advance_fen: int = fen_field(default=0)
    reason: str = Field(max_length=400)
    proposed_by_id: int = Field(foreign_key="account.id")
    proposed_at_utc: datetime
    decided_by_id: int | None = Field(default=None, foreign_key="account.id")
    decided_at_utc: datetime | None = None
    decided_reason: str = Field(default="", max_length=400)


class Numbering(SQLModel, table=True):
    """The last number issued in a series (编号序列): `BA-2026` for filings of a year."""

    series: str = Field(primary_key=True, max_length=24)
    last: int
