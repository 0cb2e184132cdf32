"""What is known of one claim on one day: the input of the findings, free of any database.

Which of these facts a decision is bound to is said in `findings.seen`.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date

from models.rules.claim_workflow import State
from models.rules.entitlement import Payee, Standard
from models.rules.identifiers import IdentifierReading


@dataclass(frozen=True, slots=True)
class EnterpriseFacts:
    """The enterprise (企业会员): its membership runs from `joined_on` to `left_on`."""

    name: str
    uscc: str
    joined_on: date
    left_on: date | None
    payee_name: str
    payee_account: str


@dataclass(frozen=True, slots=True)
class AgencyFacts:
    """The agency (科技中介服务机构): admitted from `joined_on`, with its suspension and scope."""

    name: str
    uscc: str
    joined_on: date
    removed_on: date | None
    suspended_from: date | None
    suspended_to: date | None
    scope: frozenset[str]
    payee_name: str
    payee_account: str
    ended_suspensions: tuple[tuple[date, date], ...] = ()

    def is_suspended_on(self, day: date) -> bool:
        """Whether a suspension, the present or an ended one, covers the day, both ends included."""
        if any(from_on <= day <= to_on for from_on, to_on in self.ended_suspensions):
            return True
        if self.suspended_from is None or day < self.suspended_from:
            return False
        return self.suspended_to is None or day <= self.suspended_to


@dataclass(frozen=True, slots=True)
class AgreementFacts:
    """The agreement (服务协议) and its filing (备案)."""

    number: str
    signed_on: date
    fee_fen: int
    upfront_fee_fen: int
    work_started_on: date | None
    filing_number: str
    filing_confirmed_on: date | None
    filing_is_imported: bool


@dataclass(frozen=True, slots=True)
class ServiceFacts:
    """The service (服务清单, 四) and its price band (价格区间, setting)."""

    code: str
    name: str
    is_subsidised: bool
    price_floor_fen: int | None
    price_ceiling_fen: int | None


@dataclass(frozen=True, slots=True)
class ResultFacts:
    """The result (科技创新成果) as printed and read, and the papers its kind needs: code → name."""

    kind: str
    reading: IdentifierReading
    obtained_on: date
    papers_needed: tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True)
class OtherClaim:
    """Another claim on the same result or invoice; `is_later`: filed after this one."""

    number: str
    state: State
    asked_fen: int
    is_later: bool = False


@dataclass(frozen=True, slots=True)
class StandardFacts:
    """The standard in force that covers one purpose of the claim on the date that counts.

    `granted_this_year_fen` is what its payee was granted under it this year, this claim apart.
    """

    key: str
    version: int
    title: str
    standard: Standard
    payee: Payee
    budget_code: str | None
    valid_from: date
    granted_this_year_fen: int = 0


@dataclass(frozen=True, slots=True)
class CapFacts:
    """A yearly cap (年度上限) of one party under the rule, with what is granted and what is ahead."""

    party: str
    ceiling_fen: int
    committed_fen: int
    ahead_fen: int


@dataclass(frozen=True, slots=True)
class BudgetFacts:
    """A line of the year (预算额度) with what is committed, paid, and waits ahead of this claim.

    `reserved_fen` is what this claim itself has already committed: zero before approval.
    """

    code: str
    year: int
    ceiling_fen: int
    committed_fen: int
    paid_fen: int
    ahead_fen: int
    reserved_fen: int = 0


@dataclass(frozen=True, slots=True)
class ConfirmationFacts:
    """The enterprise's confirmation (企业确认). All empty but `requested_on`: asked, not yet answered.

    `is_denied`: it answered that the service did not happen.
    """

    requested_on: date | None
    confirmed_on: date | None
    is_deemed: bool
    paid_before_fen: int | None
    paid_after_fen: int | None
    satisfaction: int | None
    is_denied: bool = False


@dataclass(frozen=True, slots=True)
class ChainTie:
    """A tie of somebody who acted on the claim, or is about to, to one of its parties."""

    person: str
    organisation: str
    kind: str


@dataclass(frozen=True, slots=True)
class ReviewSettings:
    """The settings (设定) the findings read; no document prints them, the screen labels defaults."""

    filing_window_working_days: int = 60
    late_filing_warning_working_days: int = 5
    deemed_after_working_days: int = 10
    alliance_payee_name: str = ""
    alliance_payee_account: str = ""


@dataclass(frozen=True, slots=True)
class ClaimFacts:
    """Everything F01 to F15 ask about one claim.

    Attributes:
        today: the office's day on which the findings are taken.
        state: where the claim stands (budget is a warning before approval, a bar at approval).
        papers: kinds of evidence present, by code.
        paper_files: code and SHA-256 of each paper present, in order.
        on_result: other claims on the same result.
        on_invoice: other claims on the same invoice number of the same agency.
        subsidy, reward: the standards in force on the date that counts, if any.
        subsidy_budget, reward_budget: their lines in the year of approval, if the line exists.
        people: names of those who acted on the claim so far.
    """

    number: str
    today: date
    state: State
    filed_on: date
    asked_fen: int
    basis_fen: int | None
    units: int | None
    invoice_number: str
    invoice_fen: int | None
    payee_name: str
    payee_account: str
    enterprise: EnterpriseFacts
    agency: AgencyFacts
    agreement: AgreementFacts
    service: ServiceFacts
    result: ResultFacts
    papers: frozenset[str]
    paper_files: tuple[tuple[str, str], ...] = ()
    on_result: tuple[OtherClaim, ...] = ()
    on_invoice: tuple[OtherClaim, ...] = ()
    subsidy: StandardFacts | None = None
    reward: StandardFacts | None = None
    caps: tuple[CapFacts, ...] = ()
    subsidy_budget: BudgetFacts | None = None
    reward_budget: BudgetFacts | None = None
    confirmation: ConfirmationFacts | None = None
    ties: tuple[ChainTie, ...] = ()
    people: tuple[str, ...] = ()
    settings: ReviewSettings = field(default_factory=ReviewSettings)
