"""Ratings (服务质量考评): what they are read from, kept in the transaction that changes it, never counted
on a screen; the scheme's versions, periods and what happened in them, frozen results, what agencies
replied, corrections, and what follows."""

from datetime import date, datetime
from typing import Any

from sqlalchemy import CheckConstraint, Index, UniqueConstraint, text
from sqlmodel import Field, SQLModel

from models.rules.changes import ChangeState
from models.rules.rating.consequences import Consequence, ConsequenceState
from models.rules.rating.period_life import PeriodAction, PeriodState, ReplyStage, ReplyState
from models.rules.rating.scheme import Mark
from models.rules.rating.score import Unrated
from models.rules.rating.signals import Component, Gate, Penalty
from models.tables.base import enum_field, json_field, month_field


class AgencySpan(SQLModel, table=True):
    """An agency's cases of a span (考评账): of a month, `2026-11`, and again of its quarter,
    `2026-Q4`, and its half-year, `2026-H2`. Good ones are whole, except of satisfaction: there they
    are quarters, five stars being four of them."""

    __tablename__ = "agency_span"

    span: str = Field(primary_key=True, max_length=7)
    agency_id: int = Field(primary_key=True, foreign_key="agency.id")
    satisfaction_cases: int = 0
    satisfaction_quarters: int = 0
    first_pass_cases: int = 0
    first_pass_good: int = 0
    timeliness_cases: int = 0
    timeliness_good: int = 0
    lapsed: int = 0  # returns nobody answered in time
    false_papers: int = 0  # refusals for false papers that stand


class AgencySpanOutcome(SQLModel, table=True):
    """An agency's agreements with an outcome in one service (成果账), of a month and again of its
    quarter and half-year."""

    __tablename__ = "agency_span_outcome"

    span: str = Field(primary_key=True, max_length=7)
    agency_id: int = Field(primary_key=True, foreign_key="agency.id")
    service_code: str = Field(primary_key=True, foreign_key="service_type.code", max_length=24)
    cases: int = 0
    good: int = 0


COUNT_COLUMNS = tuple(name for name in AgencySpan.model_fields if name not in ("span", "agency_id"))
OUTCOME_COLUMNS = ("cases", "good")


class AgencyOpen(SQLModel, table=True):
    """How many agreements of an agency (在办协议) that began on a day have neither ended nor brought
    a result: whether they are late is a question of the day one asks."""

    __tablename__ = "agency_open"

    service_code: str = Field(primary_key=True, foreign_key="service_type.code", max_length=24)
    started_on: date = Field(primary_key=True)
    agency_id: int = Field(primary_key=True, foreign_key="agency.id")
    agreements: int = 0


class RatingScheme(SQLModel, table=True):
    """A version of the rating scheme (考评方案): drafted by one person, decided on by another, kept
    whatever became of it. Version 1 is the default and has no row."""

    __tablename__ = "rating_scheme"
    __table_args__ = (
        UniqueConstraint("version"),
        CheckConstraint("version > 1", name="version"),
        CheckConstraint(
            "state <> 'confirmed' OR decided_by_id <> drafted_by_id", name="two_people"
        ),
        CheckConstraint("(state = 'drafted') = (decided_at_utc IS NULL)", name="decided"),
        Index(
            "uq_rating_scheme_waiting",
            "state",
            unique=True,
            sqlite_where=text("state = 'drafted'"),
            postgresql_where=text("state = 'drafted'"),
        ),
    )

    id: int | None = Field(default=None, primary_key=True)
    version: int
    content: dict[str, Any] = json_field()
    reason: str = Field(max_length=300)
    state: ChangeState = enum_field(ChangeState, default=ChangeState.drafted)
    drafted_by_id: int = Field(foreign_key="account.id")
    drafted_at_utc: datetime
    decided_by_id: int | None = Field(default=None, foreign_key="account.id")
    decided_at_utc: datetime | None = None
    decided_reason: str = Field(default="", max_length=300)


class RatingPeriod(SQLModel, table=True):
    """A rating period (考评期): whole months, named by its last one; no two overlap."""

    __tablename__ = "rating_period"
    __table_args__ = (
        UniqueConstraint("last_month"),
        CheckConstraint("first_month <= last_month", name="months"),
        CheckConstraint(
            "(state IN ('collecting', 'preview')) = (reply_until_on IS NULL)", name="reply_days"
        ),
        CheckConstraint("(state = 'published') = (published_on IS NOT NULL)", name="publication"),
    )

    id: int | None = Field(default=None, primary_key=True)
    first_month: str = month_field()
    last_month: str = month_field()
    state: PeriodState = enum_field(PeriodState, default=PeriodState.collecting)
    scheme_version: int
    reply_until_on: date | None = None
    published_on: date | None = None
    appeal_until_on: date | None = None
    version: int = 1
    changed_at_utc: datetime


class RatingEvent(SQLModel, table=True):
    """One step of a rating period (考评记录): append-only, the evidence."""

    __tablename__ = "rating_event"
    __table_args__ = (UniqueConstraint("period_id", "position"),)

    id: int | None = Field(default=None, primary_key=True)
    period_id: int = Field(foreign_key="rating_period.id")
    position: int
    action: PeriodAction = enum_field(PeriodAction)
    to_state: PeriodState = enum_field(PeriodState)
    agency_id: int | None = Field(default=None, foreign_key="agency.id")
    account_id: int | None = Field(default=None, foreign_key="account.id")
    grant_id: int | None = Field(default=None, foreign_key="role_grant.id")
    at_utc: datetime
    version: int
    reason: str = Field(default="", max_length=1000)
    detail: dict[str, Any] = json_field()


class RatingResult(SQLModel, table=True):
    """A frozen result (考评结果): the inputs, the scheme's version and what came of them; append-only.

    A preview's results are replaced by newer ones of the same agency, a published one by the
    version an appeal made; the old ones stay.
    """

    __tablename__ = "rating_result"
    __table_args__ = (
        UniqueConstraint("period_id", "agency_id", "is_published", "number"),
        CheckConstraint("(mark IS NULL) = (unrated IS NOT NULL)", name="rated"),
        CheckConstraint("(mark IS NULL) = (score_hundredths IS NULL)", name="scored"),
        Index("ix_rating_result_agency_id", "agency_id", "is_published"),
    )

    id: int | None = Field(default=None, primary_key=True)
    period_id: int = Field(foreign_key="rating_period.id")
    agency_id: int = Field(foreign_key="agency.id")
    event_position: int
    is_published: bool
    number: int
    as_of: date
    scheme_version: int
    signals: dict[str, Any] = json_field()
    unrated: Unrated | None = enum_field(Unrated, default=None, nullable=True)
    mark: Mark | None = enum_field(Mark, default=None, nullable=True)
    score_hundredths: int | None = None
    low_hundredths: int | None = None
    high_hundredths: int | None = None
    peer_group: str = Field(default="", max_length=12)
    rank_from: int | None = None
    rank_to: int | None = None
    ranked_of: int = 0
    parts: list[dict[str, Any]] = json_field()
    gates: list[str] = json_field()
    digest: str = Field(max_length=64)


class RatingReply(SQLModel, table=True):
    """What an agency says to one component of its rating: a reply (申辩) to the preview, or an appeal
    (复议) after publication; answered by somebody who did not rate."""

    __tablename__ = "rating_reply"
    __table_args__ = (
        UniqueConstraint("period_id", "agency_id", "stage", "component"),
        CheckConstraint("said <> ''", name="said"),
        CheckConstraint("(state = 'open') = (answered_by_id IS NULL)", name="answered"),
        CheckConstraint(
            "(answered_by_id IS NULL) = (answered_at_utc IS NULL)"
            " AND (answered_by_id IS NULL) = (answer = '')",
            name="answer_is_whole",
        ),
        CheckConstraint(
            "answered_by_id IS NULL OR answered_by_id <> replied_by_id", name="two_people"
        ),
    )

    id: int | None = Field(default=None, primary_key=True)
    period_id: int = Field(foreign_key="rating_period.id")
    agency_id: int = Field(foreign_key="agency.id")
    stage: ReplyStage = enum_field(ReplyStage)
    component: Component = enum_field(Component)
    said: str = Field(max_length=1000)
    state: ReplyState = enum_field(ReplyState, default=ReplyState.open)
    replied_by_id: int = Field(foreign_key="account.id")
    replied_at_utc: datetime
    answered_by_id: int | None = Field(default=None, foreign_key="account.id")
    answered_at_utc: datetime | None = None
    answer: str = Field(default="", max_length=1000)


class RatingPaper(SQLModel, table=True):
    """A file that came with a reply or appeal (申辩材料); it lies under its SHA-256."""

    __tablename__ = "rating_paper"
    __table_args__ = (Index("ix_rating_paper_reply_id", "reply_id"),)

    id: int | None = Field(default=None, primary_key=True)
    reply_id: int = Field(foreign_key="rating_reply.id")
    file_name: str = Field(max_length=200)
    media_type: str = Field(max_length=60)
    size_bytes: int
    sha256: str = Field(max_length=64)


class RatingAdjustment(SQLModel, table=True):
    """A correction (更正) of an agency's signals that an upheld reply or appeal brought; append-only,
    part of the computation and shown among the rows behind."""

    __tablename__ = "rating_adjustment"
    __table_args__ = (Index("ix_rating_adjustment_period_id", "period_id", "agency_id"),)

    id: int | None = Field(default=None, primary_key=True)
    period_id: int = Field(foreign_key="rating_period.id")
    agency_id: int = Field(foreign_key="agency.id")
    reply_id: int = Field(foreign_key="rating_reply.id")
    component: Component = enum_field(Component)
    service_code: str | None = Field(default=None, foreign_key="service_type.code", max_length=24)
    cases: int = 0
    good_quarters: int = 0
    penalty: Penalty | None = enum_field(Penalty, default=None, nullable=True)
    lapses: int = 0
    cleared: Gate | None = enum_field(Gate, default=None, nullable=True)
    reason: str = Field(max_length=1000)
    made_by_id: int = Field(foreign_key="account.id")
    made_at_utc: datetime


class RatingConsequence(SQLModel, table=True):
    """What a published rating proposes for an agency (结果运用), and what the lead decided."""

    __tablename__ = "rating_consequence"
    __table_args__ = (
        UniqueConstraint("result_id", "kind"),
        CheckConstraint("(state = 'proposed') = (decided_at_utc IS NULL)", name="decided"),
        CheckConstraint(
            "state NOT IN ('confirmed', 'turned_down')"
            " OR (decided_by_id IS NOT NULL AND reason <> '')",
            name="reasoned",
        ),
        Index("ix_rating_consequence_agency_id", "agency_id", "state"),
    )

    id: int | None = Field(default=None, primary_key=True)
    result_id: int = Field(foreign_key="rating_result.id")
    period_id: int = Field(foreign_key="rating_period.id")
    agency_id: int = Field(foreign_key="agency.id")
    kind: Consequence = enum_field(Consequence)
    grounds: dict[str, Any] = json_field()
    state: ConsequenceState = enum_field(ConsequenceState, default=ConsequenceState.proposed)
    decided_by_id: int | None = Field(default=None, foreign_key="account.id")
    decided_at_utc: datetime | None = None
    reason: str = Field(default="", max_length=1000)
