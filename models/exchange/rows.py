"""The typed rows a workbook is checked into, one class a sheet; `None` is an empty cell: "not
stated".

Every field after `line` is a column of `exchange.sheets`, in the same order, so that a row is built
by position.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import TypeAlias


@dataclass(frozen=True, slots=True)
class EnterpriseRow:
    """A line of 企业会员."""

    line: int
    uscc: str
    name: str
    registered_on: date | None
    district: str | None
    industry: str | None
    growth_stage: str | None
    hnte_status: str | None
    hnte_certificate_no: str | None
    certified_on: date | None
    contact_name: str | None
    contact_phone: str | None
    joined_on: date
    left_on: date | None
    payee_name: str | None
    payee_bank: str | None
    payee_account: str | None


@dataclass(frozen=True, slots=True)
class AgencyRow:
    """A line of 服务机构; `scope` holds service codes."""

    line: int
    uscc: str
    name: str
    registered_on: date | None
    joined_on: date
    scope: tuple[str, ...]
    staff_count: int | None
    payee_name: str | None
    payee_bank: str | None
    payee_account: str | None
    contact_name: str | None
    contact_phone: str | None
    suspended_from: date | None
    suspended_to: date | None
    removed_on: date | None


@dataclass(frozen=True, slots=True)
class AgreementRow:
    """A line of 合作对子; money in fen."""

    line: int
    number: str
    enterprise_uscc: str
    agency_uscc: str
    service_code: str
    signed_on: date
    fee_fen: int
    upfront_fee_fen: int | None
    filing_number: str | None
    filing_confirmed_on: date | None
    work_started_on: date | None
    advance_fen: int | None
    advanced_on: date | None


@dataclass(frozen=True, slots=True)
class ClaimRow:
    """A line of 补贴申请; money in fen, `filed_month` as `2026-11`."""

    line: int
    number: str
    agreement_number: str
    filed_month: str
    result_kind_code: str
    result_printed: str
    obtained_on: date
    asked_fen: int
    filed_on: date | None
    payee_name: str | None
    payee_account: str | None
    basis_fen: int | None
    units: int | None
    invoice_number: str | None
    invoice_fen: int | None
    confirmed_on: date | None
    paid_before_fen: int | None
    paid_after_fen: int | None
    satisfaction: int | None
    note: str | None


@dataclass(frozen=True, slots=True)
class PolicyRow:
    """A line of 补贴标准; money in fen, the share in hundredths of a percent."""

    line: int
    document: str | None
    clause: str | None
    service_code: str
    result_kind_code: str | None
    purpose: str
    payee: str
    kind: str
    amount_fen: int | None
    ceiling_fen: int | None
    percent_hundredths: int | None
    unit: str | None
    annual_cap_fen: int | None
    agency_year_cap_fen: int | None
    enterprise_year_cap_fen: int | None
    valid_from: date
    valid_to: date | None
    budget_code: str


@dataclass(frozen=True, slots=True)
class BudgetRow:
    """A line of 预算额度."""

    line: int
    year: int
    code: str
    ceiling_fen: int


@dataclass(frozen=True, slots=True)
class TieRow:
    """A line of 回避关系."""

    line: int
    username: str
    organisation_uscc: str
    kind: str
    from_on: date
    to_on: date | None


@dataclass(frozen=True, slots=True)
class ActualRow:
    """A line of 实绩; the value in the unit beside it."""

    line: int
    place_code: str
    indicator_code: str
    as_of: date
    period_start: date | None
    value: Decimal
    bound: str | None
    unit: str
    kind: str
    grade: str
    source_title: str
    source_url: str | None
    published: str | None
    note_zh: str | None
    replaces_id: str | None
    reason: str | None


@dataclass(frozen=True, slots=True)
class BankListRow:
    """A line of the bank's list (银行清单); money in fen."""

    line: int
    paid_on: date
    payee_name: str
    payee_account: str
    amount_fen: int
    voucher: str
    summary: str | None


Row: TypeAlias = (
    EnterpriseRow
    | AgencyRow
    | AgreementRow
    | ClaimRow
    | PolicyRow
    | BudgetRow
    | TieRow
    | ActualRow
    | BankListRow
)
