"""City targets (城市目标): places, plans, indicators, what was promised, what was published, and the
work items behind it."""

from datetime import date
from decimal import Decimal
from enum import StrEnum

from sqlalchemy import CheckConstraint, Index
from sqlmodel import Field, SQLModel

from models.rules.targets import (
    ActualKind,
    Comparison,
    Direction,
    Fit,
    Grade,
    IndicatorKind,
    Measure,
)
from models.tables.base import decimal_field, enum_field, json_field


class PlaceKind(StrEnum):
    """What a place (地区) is."""

    zone = "zone"  # 功能区
    city = "city"  # 市
    county_city = "county_city"  # 县级市
    province = "province"  # 省: background only


class Place(SQLModel, table=True):
    """A place (地区) with targets or figures of its own."""

    code: str = Field(primary_key=True, max_length=24)
    name_zh: str = Field(max_length=40)
    name_en: str = Field(max_length=60)
    parent_code: str | None = Field(default=None, foreign_key="place.code", max_length=24)
    kind: PlaceKind = enum_field(PlaceKind)
    note_zh: str = Field(default="", max_length=200)
    note_en: str = Field(default="", max_length=300)
    position: int


class Plan(SQLModel, table=True):
    """A published plan (方案); its code is the document's short name."""

    code: str = Field(primary_key=True, max_length=24)
    title_zh: str = Field(max_length=120)
    title_en: str = Field(max_length=200)
    number: str = Field(default="", max_length=40)
    issued_on: date | None = None
    place_code: str = Field(foreign_key="place.code", max_length=24)
    starts_on: date
    ends_on: date
    note_zh: str = Field(default="", max_length=200)
    note_en: str = Field(default="", max_length=300)
    position: int


class Theme(SQLModel, table=True):
    """A theme (主题) under which indicators are shown."""

    code: str = Field(primary_key=True, max_length=24)
    name_zh: str = Field(max_length=40)
    name_en: str = Field(max_length=60)
    position: int


class Indicator(SQLModel, table=True):
    """What is counted (指标): the same in every city that promises it."""

    code: str = Field(primary_key=True, max_length=48)
    name_zh: str = Field(max_length=60)
    name_en: str = Field(max_length=120)
    unit: str = Field(max_length=16)
    unit_en: str = Field(max_length=40)
    theme_code: str = Field(foreign_key="theme.code", max_length=24)
    direction: Direction = enum_field(Direction)
    kind: IndicatorKind = enum_field(IndicatorKind)
    definition_zh: str = Field(default="", max_length=300)


class Target(SQLModel, table=True):
    """One quantified promise (目标) of a plan, as printed; clause and printed words beside it."""

    __table_args__ = (Index("ix_target_place_indicator", "place_code", "indicator_code"),)

    id: str = Field(primary_key=True, max_length=12)
    plan_code: str = Field(foreign_key="plan.code", max_length=24)
    place_code: str = Field(foreign_key="place.code", max_length=24)
    clause: str = Field(max_length=24)
    indicator_code: str = Field(foreign_key="indicator.code", max_length=48)
    comparison: Comparison = enum_field(Comparison)
    value: Decimal = decimal_field()
    value_max: Decimal | None = decimal_field(default=None, nullable=True)
    unit: str = Field(max_length=16)
    base_year: int | None = None
    base_value: Decimal | None = decimal_field(default=None, nullable=True)
    target_year: int
    measure: Measure = enum_field(Measure)
    responsible_units: list[str] = json_field(default_factory=list)
    lead_unit: str = Field(default="", max_length=120)
    derived_zh: str = Field(default="", max_length=120)
    printed: str = Field(max_length=60)
    note_zh: str = Field(default="", max_length=200)
    note_en: str = Field(default="", max_length=300)
    position: int


class LinkKind(StrEnum):
    """How one target stands to another."""

    duplicate = "duplicate"  # 同一句话另处重印
    restates = "restates"  # 换一种说法
    part_of = "part_of"  # 总数的一部分
    look_alike = "look_alike"  # 相像而不同
    multiple_of = "multiple_of"  # 倍数与总数
    baseline_of = "baseline_of"  # 隐含基数


class TargetLink(SQLModel, table=True):
    """Two targets that belong together, or only look it."""

    __tablename__ = "target_link"

    from_id: str = Field(foreign_key="target.id", primary_key=True, max_length=12)
    to_id: str = Field(foreign_key="target.id", primary_key=True, max_length=12)
    kind: LinkKind = enum_field(LinkKind)
    note_zh: str = Field(default="", max_length=200)
    note_en: str = Field(default="", max_length=300)


class TargetSource(SQLModel, table=True):
    """Another indicator or place a target is read from, and how well it fits (口径)."""

    __tablename__ = "target_source"

    target_id: str = Field(foreign_key="target.id", primary_key=True, max_length=12)
    indicator_code: str = Field(foreign_key="indicator.code", primary_key=True, max_length=48)
    place_code: str = Field(foreign_key="place.code", primary_key=True, max_length=24)
    fit: Fit = enum_field(Fit)
    note_zh: str = Field(default="", max_length=200)


class Actual(SQLModel, table=True):
    """One published figure (实绩) with its source and how far it is to be trusted."""

    __table_args__ = (
        CheckConstraint("period_start IS NULL OR period_start <= as_of", name="period"),
        Index("ix_actual_place_indicator", "place_code", "indicator_code", "as_of"),
    )

    id: str = Field(primary_key=True, max_length=16)
    place_code: str = Field(foreign_key="place.code", max_length=24)
    indicator_code: str = Field(foreign_key="indicator.code", max_length=48)
    as_of: date
    period_start: date | None = None
    value: Decimal = decimal_field()
    is_over: bool = False  # 突破: the source says that it is more
    unit: str = Field(max_length=16)
    kind: ActualKind = enum_field(ActualKind)
    grade: Grade = enum_field(Grade)
    source_title: str = Field(max_length=300)
    source_url: str = Field(default="", max_length=400)
    published: str = Field(default="", max_length=10)  # 2023, 2023-09 or 2023-09-13
    note_zh: str = Field(default="", max_length=400)


class Task(SQLModel, table=True):
    """A work item (任务) of a plan; an item with sub-items shows their union."""

    __table_args__ = (Index("ix_task_plan", "plan_code", "position"),)

    code: str = Field(primary_key=True, max_length=16)
    plan_code: str = Field(foreign_key="plan.code", max_length=24)
    parent_code: str | None = Field(default=None, foreign_key="task.code", max_length=16)
    clause: str = Field(max_length=24)
    title_zh: str = Field(max_length=60)
    title_en: str = Field(max_length=160)
    deadline_on: date
    starts_on: date | None = None
    recurrence: str = Field(default="", max_length=16)
    printed: str = Field(max_length=60)
    note_zh: str = Field(default="", max_length=300)
    position: int


class TaskUnit(SQLModel, table=True):
    """A responsible unit (责任单位) of a work item, in the printed order; the lead where marked."""

    __tablename__ = "task_unit"
    __table_args__ = (Index("ix_task_unit_unit", "unit", "task_code"),)

    task_code: str = Field(foreign_key="task.code", primary_key=True, max_length=16)
    position: int = Field(primary_key=True)
    unit: str = Field(max_length=60)
    is_lead: bool = False
