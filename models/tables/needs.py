"""What enterprises look for (对接需求), and whom they ask; issue of 五.3(1): one-to-one pairs."""

from datetime import date, datetime

from sqlalchemy import CheckConstraint, Index, text
from sqlmodel import Field, SQLModel

from models.rules.pairing import NeedState, RequestState
from models.tables.base import enum_field


class Need(SQLModel, table=True):
    """A need (需求) of an enterprise: a service, what for, by when. One open need per service."""

    __table_args__ = (
        CheckConstraint("(state = 'paired') = (agreement_id IS NOT NULL)", name="paired"),
        Index(
            "ix_need_open",
            "enterprise_id",
            "service_code",
            unique=True,
            sqlite_where=text("state = 'open'"),
            postgresql_where=text("state = 'open'"),
        ),
        Index("ix_need_state", "state", "wanted_by", "id"),
    )

    id: int | None = Field(default=None, primary_key=True)
    enterprise_id: int = Field(foreign_key="enterprise.id")
    service_code: str = Field(foreign_key="service_type.code", max_length=24)
    wanted: str = Field(max_length=400)
    wanted_by: date
    state: NeedState = enum_field(NeedState, default=NeedState.open)
    agreement_id: int | None = Field(default=None, foreign_key="agreement.id")
    is_on_behalf: bool = False
    stated_by_id: int = Field(foreign_key="account.id")
    stated_at_utc: datetime
    closed_at_utc: datetime | None = None
    closed_reason: str = Field(default="", max_length=400)
    version: int = 1


class NeedRequest(SQLModel, table=True):
    """An agency asked to serve a need (询问机构); one at a time waits for its answer."""

    __tablename__ = "need_request"
    __table_args__ = (
        Index(
            "ix_need_request_waiting",
            "need_id",
            unique=True,
            sqlite_where=text("state = 'asked'"),
            postgresql_where=text("state = 'asked'"),
        ),
        Index("ix_need_request_agency_id", "agency_id", "state", "id"),
        Index("ix_need_request_need_id", "need_id", "id"),
    )

    id: int | None = Field(default=None, primary_key=True)
    need_id: int = Field(foreign_key="need.id")
    agency_id: int = Field(foreign_key="agency.id")
    state: RequestState = enum_field(RequestState, default=RequestState.asked)
    is_on_behalf: bool = False
    asked_by_id: int = Field(foreign_key="account.id")
    asked_at_utc: datetime
    answered_by_id: int | None = Field(default=None, foreign_key="account.id")
    answered_at_utc: datetime | None = None
    answered_reason: str = Field(default="", max_length=400)
