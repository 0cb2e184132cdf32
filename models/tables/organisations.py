"""The parties: enterprises (企业会员, 五.1 and 五.2) and agencies (科技中介服务机构, 五.1)."""

from datetime import date, datetime
from enum import StrEnum

from sqlalchemy import CheckConstraint, Index, UniqueConstraint
from sqlmodel import Field, SQLModel

from models.tables.base import enum_field


class GrowthStage(StrEnum):
    """Growth stage (成长阶段)."""

    startup = "startup"  # 初创
    growing = "growing"  # 成长
    above_scale = "above_scale"  # 规上
    listed = "listed"  # 上市


class HnteStatus(StrEnum):
    """Status as a high- and new-technology enterprise (高新技术企业, HNTE)."""

    none = "none"  # 无
    cultivating = "cultivating"  # 拟认定
    recognised = "recognised"  # 已认定
    lapsed = "lapsed"  # 已失效


class Enterprise(SQLModel, table=True):
    """A member enterprise (企业会员). `joined_on` to `left_on` is its membership; it joins free
    (五.2)."""

    __table_args__ = (
        UniqueConstraint("uscc"),
        CheckConstraint("left_on IS NULL OR left_on >= joined_on", name="membership"),
        Index("ix_enterprise_joined_on_id", "joined_on", "id"),
        Index("ix_enterprise_name", "name"),
        Index("ix_enterprise_district", "district", "id"),
    )

    id: int | None = Field(default=None, primary_key=True)
    uscc: str = Field(max_length=18)
    name: str = Field(max_length=120)
    registered_on: date | None = None
    district: str = Field(default="", max_length=40)
    industry: str = Field(default="", max_length=40)
    growth_stage: GrowthStage | None = enum_field(GrowthStage, default=None, nullable=True)
    hnte_status: HnteStatus = enum_field(HnteStatus, default=HnteStatus.none)
    hnte_certificate_no: str = Field(default="", max_length=20)
    certified_on: date | None = None
    joined_on: date
    left_on: date | None = None
    contact_name: str = Field(default="", max_length=64)
    contact_phone: str = Field(default="", max_length=40)
    payee_name: str = Field(default="", max_length=120)
    payee_bank: str = Field(default="", max_length=120)
    payee_account: str = Field(default="", max_length=40)
    version: int = 1
    changed_at_utc: datetime


class Admission(StrEnum):
    """Where an agency's admission (入会资格审查, 五.1 一是) stands."""

    applied = "applied"  # 已申请
    admitted = "admitted"  # 已准入
    removed = "removed"  # 已退出


class Agency(SQLModel, table=True):
    """An intermediary agency (科技中介服务机构) registered in the zone."""

    __table_args__ = (
        UniqueConstraint("uscc"),
        CheckConstraint("suspended_to IS NULL OR suspended_from IS NOT NULL", name="suspension"),
        Index("ix_agency_name", "name"),
    )

    id: int | None = Field(default=None, primary_key=True)
    uscc: str = Field(max_length=18)
    name: str = Field(max_length=120)
    registered_on: date | None = None
    admission: Admission = enum_field(Admission, default=Admission.admitted)
    joined_on: date
    suspended_from: date | None = None
    suspended_to: date | None = None
    removed_on: date | None = None
    staff_count: int | None = None
    contact_name: str = Field(default="", max_length=64)
    contact_phone: str = Field(default="", max_length=40)
    payee_name: str = Field(default="", max_length=120)
    payee_bank: str = Field(default="", max_length=120)
    payee_account: str = Field(default="", max_length=40)
    version: int = 1
    changed_at_utc: datetime


class EndedSuspension(SQLModel, table=True):
    """A suspension (暂停) that was over before the agency's present one: agreements signed in its
    days stay outside the rules."""

    __tablename__ = "ended_suspension"
    __table_args__ = (CheckConstraint("from_on <= to_on", name="days"),)

    agency_id: int = Field(foreign_key="agency.id", primary_key=True)
    from_on: date = Field(primary_key=True)
    to_on: date


class AgencyScope(SQLModel, table=True):
    """One service (服务范围) an agency is admitted for."""

    __tablename__ = "agency_scope"

    agency_id: int = Field(foreign_key="agency.id", primary_key=True)
    service_code: str = Field(foreign_key="service_type.code", primary_key=True, max_length=24)
