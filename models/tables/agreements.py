"""Agreements (合作对子 / 服务协议), their filing (备案), advances (垫资) and results (科技创新成果); 五.2 and
五.3(1)."""

from datetime import date, datetime
from enum import StrEnum

from sqlalchemy import CheckConstraint, Index, UniqueConstraint, text
from sqlmodel import Field, SQLModel

from models.rules.agreement_life import Attribution, Contest, CostBearer, Outcome
from models.tables.base import enum_field, fen_field


class Filing(StrEnum):
    """Where the filing (备案确认) of an agreement stands."""

    draft = "draft"  # 未备案
    filed = "filed"  # 已备案待确认
    confirmed = "confirmed"  # 已确认
    returned = "returned"  # 退回


class Agreement(SQLModel, table=True):
    """A service agreement: one enterprise, one agency, one service; nothing paid up front (五.2
    一是).

    `holds_pair` is set on what was drafted here and is still open: one agency per service at a time
    for an enterprise. What came by import does not hold it, and is asked for when one is drafted.
    """

    __table_args__ = (
        UniqueConstraint("number"),
        CheckConstraint("fee_fen >= 0 AND upfront_fee_fen >= 0", name="not_negative"),
        CheckConstraint("advance_fen >= 0", name="advance"),
        CheckConstraint("NOT holds_pair OR outcome = 'open'", name="pair_is_open"),
        CheckConstraint("(outcome = 'open') = (concluded_on IS NULL)", name="concluded"),
        CheckConstraint(
            "outcome IN ('open', 'ended') OR filing = 'confirmed'", name="filed_before_result"
        ),
        CheckConstraint(
            "(outcome = 'failed') = (attribution IS NOT NULL)"
            " AND (outcome = 'failed') = (cost_bearer IS NOT NULL)",
            name="failure_is_explained",
        ),
        CheckConstraint("contest = 'none' OR outcome = 'failed'", name="contested_failure"),
        Index("ix_agreement_agency_id_signed_on", "agency_id", "signed_on"),
        Index("ix_agreement_signed_on", "signed_on", "id"),
        Index("ix_agreement_course", "outcome", "filing", "signed_on", "id"),
        Index(
            "ix_agreement_contested",
            "id",
            sqlite_where=text("contest = 'raised'"),
            postgresql_where=text("contest = 'raised'"),
        ),
        Index(
            "ix_agreement_pair",
            "enterprise_id",
            "service_code",
            unique=True,
            sqlite_where=text("holds_pair"),
            postgresql_where=text("holds_pair"),
        ),
        Index(
            "ix_agreement_upfront",
            "signed_on",
            sqlite_where=text("upfront_fee_fen > 0"),
            postgresql_where=text("upfront_fee_fen > 0"),
        ),
    )

    id: int | None = Field(default=None, primary_key=True)
    number: str = Field(max_length=40)
    enterprise_id: int = Field(foreign_key="enterprise.id", index=True)
    agency_id: int = Field(foreign_key="agency.id")
    service_code: str = Field(foreign_key="service_type.code", max_length=24)
    signed_on: date
    fee_fen: int = fen_field()
    upfront_fee_fen: int = fen_field(default=0)
    work_started_on: date | None = None
    filing: Filing = enum_field(Filing, default=Filing.draft)
    filing_number: str = Field(default="", max_length=40)
    filing_confirmed_on: date | None = None
    filing_confirmed_by_id: int | None = Field(default=None, foreign_key="account.id")
    filing_is_imported: bool = False
    changed_at_utc: datetime
    result_kind_code: str | None = Field(
        default=None, foreign_key="result_kind.code", max_length=24
    )
    expected: str = Field(default="", max_length=200)
    due_on: date | None = None
    advance_fen: int = fen_field(default=0)
    filed_on: date | None = None
    filed_by_id: int | None = Field(default=None, foreign_key="account.id")
    outcome: Outcome = enum_field(Outcome, default=Outcome.open)
    concluded_on: date | None = None
    outcome_reason: str = Field(default="", max_length=400)
    attribution: Attribution | None = enum_field(Attribution, default=None, nullable=True)
    cost_bearer: CostBearer | None = enum_field(CostBearer, default=None, nullable=True)
    holds_pair: bool = False
    version: int = 1
    contest: Contest = enum_field(
        Contest, default=Contest.none, sa_column_kwargs={"server_default": Contest.none.value}
    )


class Advance(SQLModel, table=True):
    """Money an agency advanced (垫资) under an agreement."""

    __table_args__ = (CheckConstraint("amount_fen > 0", name="positive"),)

    id: int | None = Field(default=None, primary_key=True)
    agreement_id: int = Field(foreign_key="agreement.id", index=True)
    amount_fen: int = fen_field()
    advanced_on: date


class Result(SQLModel, table=True):
    """A result (科技创新成果): family and normalised number are unique in the zone, aliases included."""

    __table_args__ = (UniqueConstraint("family", "normalised"),)

    id: int | None = Field(default=None, primary_key=True)
    kind_code: str = Field(foreign_key="result_kind.code", max_length=24)
    family: str = Field(max_length=32)
    normalised: str = Field(max_length=200)
    printed: str = Field(max_length=200)
    obtained_on: date


class ConfirmationBasis(StrEnum):
    """How a confirmation came about."""

    given = "given"  # 企业本人确认
    imported = "imported"  # 导入
    deemed = "deemed"  # 逾期视为确认, carries no satisfaction


class Confirmation(SQLModel, table=True):
    """The enterprise's confirmation (企业确认): it happened, what was paid, how satisfied; or that it
    did not happen."""

    __table_args__ = (
        UniqueConstraint("agreement_id", "result_id"),
        CheckConstraint("satisfaction BETWEEN 1 AND 5", name="satisfaction"),
        CheckConstraint("basis <> 'deemed' OR satisfaction IS NULL", name="deemed_is_silent"),
        CheckConstraint("basis = 'given' OR NOT is_denied", name="denied_by_itself"),
        Index(
            "ix_confirmation_paid_before",
            "confirmed_on",
            sqlite_where=text("paid_before_fen > 0"),
            postgresql_where=text("paid_before_fen > 0"),
        ),
    )

    id: int | None = Field(default=None, primary_key=True)
    agreement_id: int = Field(foreign_key="agreement.id")
    result_id: int = Field(foreign_key="result.id")
    basis: ConfirmationBasis = enum_field(ConfirmationBasis, default=ConfirmationBasis.imported)
    requested_on: date | None = None
    confirmed_on: date | None = None
    paid_before_fen: int | None = fen_field(default=None, nullable=True)
    paid_after_fen: int | None = fen_field(default=None, nullable=True)
    satisfaction: int | None = None
    is_denied: bool = False
    recorded_at_utc: datetime
