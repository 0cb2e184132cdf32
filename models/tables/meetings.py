"""What people keep about the city targets: figures entered, work reported, meetings frozen."""

from datetime import date, datetime
from enum import StrEnum

from sqlalchemy import Index, Text, UniqueConstraint
from sqlmodel import Field, SQLModel

from models.rules.tasks import TaskState
from models.tables.base import enum_field


class EntryState(StrEnum):
    """Where an entered figure stands."""

    entered = "entered"  # 待确认
    confirmed = "confirmed"  # 已确认
    turned_down = "turned_down"  # 未采用


class ActualEntry(SQLModel, table=True):
    """A figure entered by somebody (实绩填报): it counts once a second person has confirmed it, in the
    place of the one it replaces. A figure without an entry came with the plans and counts."""

    __tablename__ = "actual_entry"
    __table_args__ = (
        Index("ix_actual_entry_state", "state", "entered_at_utc"),
        Index("ix_actual_entry_replaces_id", "replaces_id"),
    )

    actual_id: str = Field(primary_key=True, foreign_key="actual.id", max_length=16)
    state: EntryState = enum_field(EntryState)
    replaces_id: str | None = Field(default=None, foreign_key="actual.id", max_length=16)
    reason: str = Field(default="", max_length=300)
    entered_by_id: int = Field(foreign_key="account.id")
    entered_at_utc: datetime
    decided_by_id: int | None = Field(default=None, foreign_key="account.id")
    decided_at_utc: datetime | None = None
    decided_reason: str = Field(default="", max_length=300)


class MeetingSlide(SQLModel, table=True):
    """A target whose path is shown in meetings (会议材料), in this order."""

    __tablename__ = "meeting_slide"

    target_id: str = Field(primary_key=True, foreign_key="target.id", max_length=12)
    position: int
    added_by_id: int = Field(foreign_key="account.id")
    added_at_utc: datetime


class MeetingSnapshot(SQLModel, table=True):
    """A meeting as it was frozen (定稿): everything its slides say, under a digest; never changed."""

    __tablename__ = "meeting_snapshot"
    __table_args__ = (UniqueConstraint("digest"),)

    id: int | None = Field(default=None, primary_key=True)
    title: str = Field(max_length=80)
    as_of: date
    taken_at_utc: datetime
    taken_by_id: int = Field(foreign_key="account.id")
    content: str = Field(sa_type=Text)
    digest: str = Field(max_length=64)
    chain_head: str = Field(max_length=64)


class TaskReport(SQLModel, table=True):
    """How a work item stands (进展), as somebody reported it; the newest counts, none is changed."""

    __tablename__ = "task_report"
    __table_args__ = (Index("ix_task_report_task_code", "task_code", "id"),)

    id: int | None = Field(default=None, primary_key=True)
    task_code: str = Field(foreign_key="task.code", max_length=16)
    state: TaskState = enum_field(TaskState)
    stands_on: date
    said: str = Field(default="", max_length=500)
    reported_by_id: int = Field(foreign_key="account.id")
    reported_at_utc: datetime


class TaskPaper(SQLModel, table=True):
    """A paper behind a report (佐证材料); the file lies under its SHA-256."""

    __tablename__ = "task_paper"
    __table_args__ = (Index("ix_task_paper_report_id", "report_id"),)

    id: int | None = Field(default=None, primary_key=True)
    report_id: int = Field(foreign_key="task_report.id")
    file_name: str = Field(max_length=200)
    media_type: str = Field(max_length=60)
    size_bytes: int
    sha256: str = Field(max_length=64)


class TaskTarget(SQLModel, table=True):
    """A target a work item serves (关联目标)."""

    __tablename__ = "task_target"
    __table_args__ = (Index("ix_task_target_target_id", "target_id"),)

    task_code: str = Field(primary_key=True, foreign_key="task.code", max_length=16)
    target_id: str = Field(primary_key=True, foreign_key="target.id", max_length=12)
