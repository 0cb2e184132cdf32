"""Claims (补贴申请), their money, events (办理记录), evidence (材料), monthly batches (月度统一申请) and the
sampling draw."""

from datetime import date, datetime
from typing import Any

from sqlalchemy import CheckConstraint, Index, UniqueConstraint, text
from sqlmodel import Field, SQLModel

from models.rules.claim_workflow import Action, State
from models.rules.entitlement import Payee, Purpose
from models.rules.roles import Office
from models.tables.base import enum_field, fen_field, json_field, month_field


def _where(condition: str) -> dict[str, Any]:
    return {"sqlite_where": text(condition), "postgresql_where": text(condition)}


class Claim(SQLModel, table=True):
    """A claim: one agreement, one result. State, version and amounts are the summary of its events.

    `version` rises with every change to the claim, its evidence, agreement, result or confirmation.
    The lease (who has taken it) and the findings in short are conveniences of the queue and change
    no version.
    """

    __table_args__ = (
        UniqueConstraint("number"),
        CheckConstraint("(state = 'on_hold') = (held_from IS NOT NULL)", name="hold_remembers"),
        CheckConstraint("asked_fen > 0", name="asked_positive"),
        # The queues: a state's claims, oldest first. Not partial: SQLite cannot prove that one
        # state is among those of a list, and then reads every claim.
        Index("ix_claim_queue", "state", "waiting_since_on", "id"),
        Index("ix_claim_month", "filed_month", "state", "id"),
        Index("ix_claim_agency", "agency_id", "waiting_since_on", "id"),
        Index("ix_claim_agency_state", "agency_id", "state", "id"),
        Index("ix_claim_enterprise", "enterprise_id", "id"),
        Index("ix_claim_result", "result_id"),
        Index("ix_claim_agreement", "agreement_id"),
        Index("ix_claim_invoice", "invoice_number", **_where("invoice_number <> ''")),
        Index("ix_claim_lease", "lease_account_id", **_where("lease_account_id IS NOT NULL")),
    )

    id: int | None = Field(default=None, primary_key=True)
    number: str = Field(max_length=40)
    agreement_id: int = Field(foreign_key="agreement.id")
    result_id: int = Field(foreign_key="result.id")
    enterprise_id: int = Field(foreign_key="enterprise.id")
    agency_id: int = Field(foreign_key="agency.id")
    service_code: str = Field(foreign_key="service_type.code", max_length=24)
    filed_month: str = month_field()
    filed_on: date
    asked_fen: int = fen_field()
    basis_fen: int | None = fen_field(default=None, nullable=True)
    units: int | None = None
    invoice_number: str = Field(default="", max_length=40)
    invoice_fen: int | None = fen_field(default=None, nullable=True)
    payee_name: str = Field(default="", max_length=120)
    payee_account: str = Field(default="", max_length=40)
    note: str = Field(default="", max_length=1000)

    state: State = enum_field(State, default=State.draft)
    held_from: State | None = enum_field(State, check="held_from", default=None, nullable=True)
    resume_at: State | None = enum_field(State, check="resume_at", default=None, nullable=True)
    was_reopened: bool = False
    is_recall_asked: bool = False
    version: int = 1
    round: int = 1
    facts_digest: str = Field(default="", max_length=64)
    waiting_since_on: date
    changed_at_utc: datetime

    findings_met: int = 0
    findings_not_met: int = 0
    findings_unknown: int = 0
    findings_warning: int = 0
    findings_at_utc: datetime | None = None

    lease_account_id: int | None = Field(default=None, foreign_key="account.id")
    lease_taken_at_utc: datetime | None = None
    lease_until_utc: datetime | None = None


class ClaimMoney(SQLModel, table=True):
    """One purpose of a claim: the subsidy, and the reward it triggers; asked, entitled, approved,
    paid apart."""

    __tablename__ = "claim_money"
    __table_args__ = (
        CheckConstraint("approved_fen IS NULL OR approved_fen >= 0", name="approved"),
        CheckConstraint(
            "entitled_fen IS NULL OR approved_fen IS NULL OR approved_fen <= entitled_fen",
            name="at_most_entitled",
        ),
        CheckConstraint(
            "(pending_on IS NULL) = (pending_since_utc IS NULL)", name="pending_since"
        ),
        # What lies ahead on a budget line on one day: pending amounts in the order of filing,
        # readable from the index alone.
        Index("ix_claim_money_ahead", "budget_line_id", "pending_on", "pending_since_utc",
              "claim_id", "entitled_fen", **_where("pending_on IS NOT NULL")),
        # What is reserved on a line, from the index alone.
        Index("ix_claim_money_committed", "budget_line_id", "purpose", "committed_fen",
              **_where("committed_fen > 0")),
    )  # fmt: skip

    claim_id: int = Field(foreign_key="claim.id", primary_key=True)
    purpose: Purpose = enum_field(Purpose, primary_key=True)
    payee: Payee = enum_field(Payee)
    policy_rule_id: int | None = Field(default=None, foreign_key="policy_rule.id", index=True)
    budget_line_id: int | None = Field(default=None, foreign_key="budget_line.id")
    asked_fen: int | None = fen_field(default=None, nullable=True)
    entitled_fen: int | None = fen_field(default=None, nullable=True)
    approved_fen: int | None = fen_field(default=None, nullable=True)
    committed_fen: int = fen_field(default=0)
    paid_fen: int = fen_field(default=0)
    pending_on: date | None = None  # the day of `pending_since_utc`, UTC
    pending_since_utc: datetime | None = None


class ClaimEvent(SQLModel, table=True):
    """One step of a claim (办理记录): append-only, the evidence; replaying the events gives the
    claim."""

    __tablename__ = "claim_event"
    __table_args__ = (
        UniqueConstraint("claim_id", "position"),
        Index(
            "ix_claim_event_decision",
            "claim_id",
            "from_state",
            "round",
            unique=True,
            **_where("is_decision"),
        ),
        Index("ix_claim_event_account", "account_id", "id"),
        Index("ix_claim_event_action", "action", "at_utc"),
    )

    id: int | None = Field(default=None, primary_key=True)
    claim_id: int = Field(foreign_key="claim.id")
    position: int
    action: Action = enum_field(Action)
    from_state: State = enum_field(State, check="from_state")
    to_state: State = enum_field(State, check="to_state")
    office: Office = enum_field(Office)
    round: int
    is_decision: bool
    account_id: int | None = Field(default=None, foreign_key="account.id")
    grant_id: int | None = Field(default=None, foreign_key="role_grant.id")
    on_behalf: bool = False
    at_utc: datetime
    version: int
    facts_digest: str = Field(default="", max_length=64)
    subsidy_fen: int | None = fen_field(default=None, nullable=True)
    reward_fen: int | None = fen_field(default=None, nullable=True)
    reasons: list[str] = json_field(default_factory=list)
    note: str = Field(default="", max_length=2000)
    findings: list[dict[str, Any]] = json_field(default_factory=list)
    batch_id: int | None = Field(default=None, foreign_key="batch.id")


class Evidence(SQLModel, table=True):
    """A paper (材料) of a claim: the file lies under its SHA-256; a replaced paper stays, marked."""

    __table_args__ = (Index("ix_evidence_claim", "claim_id", "kind_code"),)

    id: int | None = Field(default=None, primary_key=True)
    claim_id: int = Field(foreign_key="claim.id")
    kind_code: str = Field(foreign_key="evidence_kind.code", max_length=8)
    file_name: str = Field(max_length=200)
    media_type: str = Field(max_length=60)
    size_bytes: int
    sha256: str = Field(max_length=64)
    uploaded_by_id: int = Field(foreign_key="account.id")
    uploaded_at_utc: datetime
    replaced_at_utc: datetime | None = None


class Batch(SQLModel, table=True):
    """A month's unified application (月度统一申请): once sent, rows, annexes (what was held back and
    returned), total, digest and chain head are frozen."""

    __table_args__ = (UniqueConstraint("month"),)

    id: int | None = Field(default=None, primary_key=True)
    month: str = month_field()
    sent_at_utc: datetime
    sent_by_id: int = Field(foreign_key="account.id")
    rows: int
    total_fen: int = fen_field()
    annexes: dict[str, Any] = json_field()
    digest: str = Field(max_length=64)
    chain_head: str = Field(max_length=64)


class BatchRow(SQLModel, table=True):
    """One frozen line of a sent month; a claim that leaves later is listed as 退出 with the step
    that led it out, the line stays."""

    __tablename__ = "batch_row"
    __table_args__ = (UniqueConstraint("batch_id", "claim_id"),)

    batch_id: int = Field(foreign_key="batch.id", primary_key=True)
    position: int = Field(primary_key=True)
    claim_id: int = Field(foreign_key="claim.id", index=True)
    subsidy_fen: int = fen_field()
    reward_fen: int | None = fen_field(default=None, nullable=True)
    line: dict[str, Any] = json_field()
    left_event_id: int | None = Field(default=None, foreign_key="claim_event.id")


class SamplingDraw(SQLModel, table=True):
    """The month's recorded draw (抽查): of the safe set, which claims must be opened before they
    pass. `low_grade` names the agencies whose claims were drawn by the larger share, as they were
    graded then."""

    __tablename__ = "sampling_draw"
    __table_args__ = (UniqueConstraint("month"),)

    id: int | None = Field(default=None, primary_key=True)
    month: str = month_field()
    seed: str = Field(max_length=64)
    drawn_at_utc: datetime
    drawn_by_id: int = Field(foreign_key="account.id")
    size: int
    low_grade: list[int] = json_field(default_factory=list)


class SampledClaim(SQLModel, table=True):
    """A claim of the safe set at the draw, and whether it was drawn."""

    __tablename__ = "sampled_claim"

    claim_id: int = Field(foreign_key="claim.id", primary_key=True)
    draw_id: int = Field(foreign_key="sampling_draw.id", index=True)
    is_drawn: bool
    opened_at_utc: datetime | None = None


class ClaimTally(SQLModel, table=True):
    """Counts and sums per month of filing and state, kept in each step's transaction: never
    counted."""

    __tablename__ = "claim_tally"

    filed_month: str = month_field(primary_key=True)
    state: State = enum_field(State, primary_key=True)
    claims: int = 0
    asked_fen: int = fen_field(default=0)


class ClockTally(SQLModel, table=True):
    """How many claims left a body on a day that had come to it on another (办理时限), kept in each
    step's transaction: the clocks of a year are read from a few thousand rows, whatever the zone.

    Days, not durations: when a calendar day is announced or put right, what lies behind follows.
    """

    __tablename__ = "clock_tally"

    state: State = enum_field(State, primary_key=True)
    left_on: date = Field(primary_key=True)
    since_on: date = Field(primary_key=True)
    claims: int = 0
