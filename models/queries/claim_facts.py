"""Gathering the facts of claims: a fixed number of statements, however many claims are asked
for."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Any

from sqlalchemy import Row, and_, bindparam, case, select
from sqlalchemy.orm import aliased
from sqlmodel import Session, col

from models.queries.claim_people import ClaimPeople
from models.queries.claim_room import ClaimRoom
from models.queries.claim_surroundings import Around, Surroundings
from models.queries.policy import PolicyVersion, matching_policy, policy_in_force
from models.queries.settings import review_settings
from models.rules.claim_facts import (
    AgencyFacts,
    AgreementFacts,
    ClaimFacts,
    ConfirmationFacts,
    EnterpriseFacts,
    OtherClaim,
    ResultFacts,
    ServiceFacts,
    StandardFacts,
)
from models.rules.claim_workflow import State
from models.rules.entitlement import Purpose
from models.rules.identifiers import reading
from models.tables.agreements import Agreement, Confirmation, ConfirmationBasis, Result
from models.tables.claims import Claim, ClaimMoney
from models.tables.organisations import Agency, Enterprise
from models.tables.policy import ServiceTerms
from models.tables.reference import ResultKind, ServiceType, Track

_SUBSIDY, _REWARD = aliased(ClaimMoney), aliased(ClaimMoney)
TERMS, _BEGUN = aliased(ServiceTerms), aliased(ServiceTerms)
TERMS_WHEN_SIGNED = col(TERMS.id) == (
    select(col(_BEGUN.id))
    .where(
        col(_BEGUN.service_code) == Agreement.service_code,
        col(_BEGUN.valid_from) <= Agreement.signed_on,
    )
    .order_by(col(_BEGUN.valid_from).desc())
    .limit(1)
    .correlate(Agreement)
    .scalar_subquery()
)
"""The price band on the day the fee was agreed on (F12): joins `TERMS` to `Agreement`."""


def _terms(name: str) -> Any:
    """A column of the service's terms on that day; before their first version the service's own."""
    has_version = col(TERMS.id).is_not(None)
    own = getattr(ServiceType, name)
    return case((has_version, getattr(TERMS, name)), else_=own).label(name)


def _among(name: str) -> Any:
    return bindparam(name, expanding=True)


PARTY_COLUMNS: tuple[Any, ...] = (
    col(Enterprise.name).label("enterprise"), col(Enterprise.uscc).label("enterprise_uscc"),
    col(Enterprise.joined_on).label("enterprise_joined_on"), Enterprise.left_on,
    col(Enterprise.payee_name).label("enterprise_payee"),
    col(Enterprise.payee_account).label("enterprise_account"),
    col(Agency.name).label("agency"), col(Agency.uscc).label("agency_uscc"),
    col(Agency.joined_on).label("agency_joined_on"), Agency.removed_on,
    Agency.suspended_from, Agency.suspended_to,
    col(Agency.payee_name).label("agency_payee"),
    col(Agency.payee_account).label("agency_account"),
    col(Agreement.number).label("agreement"), Agreement.signed_on, Agreement.fee_fen,
    Agreement.upfront_fee_fen, Agreement.work_started_on, Agreement.filing_number,
    Agreement.filing_confirmed_on, Agreement.filing_is_imported,
    ServiceType.code, ServiceType.name_zh, ServiceType.track,
    _terms("price_floor_fen"), _terms("price_ceiling_fen"), ResultKind.identifier,
)  # fmt: skip
"""The parties, their agreement and its service: there before any claim is."""
ANSWER_COLUMNS: tuple[Any, ...] = (
    col(Confirmation.id).label("confirmation_id"), Confirmation.basis,
    Confirmation.requested_on, Confirmation.confirmed_on, Confirmation.paid_before_fen,
    Confirmation.paid_after_fen, Confirmation.satisfaction, Confirmation.is_denied,
)  # fmt: skip
_COLUMNS: tuple[Any, ...] = (
    col(Claim.id).label("claim_id"),
    Claim.number, Claim.state, Claim.filed_on, Claim.asked_fen, Claim.basis_fen, Claim.units,
    Claim.invoice_number, Claim.invoice_fen, Claim.payee_name, Claim.payee_account,
    Claim.agency_id, Claim.enterprise_id, Claim.result_id,
    *PARTY_COLUMNS,
    Result.kind_code, Result.printed, Result.obtained_on,
    *ANSWER_COLUMNS,
    col(_SUBSIDY.committed_fen).label("subsidy_reserved_fen"),
    col(_REWARD.committed_fen).label("reward_reserved_fen"),
)  # fmt: skip
_CORE = (
    select(*_COLUMNS)
    .join(Enterprise, col(Enterprise.id) == Claim.enterprise_id)
    .join(Agency, col(Agency.id) == Claim.agency_id)
    .join(Agreement, col(Agreement.id) == Claim.agreement_id)
    .join(ServiceType, col(ServiceType.code) == Claim.service_code)
    .outerjoin(TERMS, TERMS_WHEN_SIGNED)
    .join(Result, col(Result.id) == Claim.result_id)
    .join(ResultKind, col(ResultKind.code) == Result.kind_code)
    .outerjoin(Confirmation, and_(
        col(Confirmation.agreement_id) == Claim.agreement_id,
        col(Confirmation.result_id) == Claim.result_id,
    ))
    .outerjoin(_SUBSIDY, and_(
        col(_SUBSIDY.claim_id) == Claim.id, col(_SUBSIDY.purpose) == Purpose.subsidy,
    ))
    .outerjoin(_REWARD, and_(
        col(_REWARD.claim_id) == Claim.id, col(_REWARD.purpose) == Purpose.reward,
    ))
    .where(col(Claim.id).in_(_among("ids")))
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class GatheredClaim:
    """A claim's facts, with the rows its money will be bound to.

    Attributes:
        facts: what the findings ask.
        policy_rule_ids: the standard in force for a purpose.
        budget_line_ids: this year's line of that standard.
    """

    facts: ClaimFacts
    policy_rule_ids: Mapping[Purpose, int | None]
    budget_line_ids: Mapping[Purpose, int | None]


def gathered_claims(
    session: Session, claim_ids: Iterable[int], today: date
) -> dict[int, GatheredClaim]:
    """The facts of claims with the rows their money will be bound to, by claim id.

    Args:
        session: any transaction; decisions read in their own, so what they saw is what they stored.
        claim_ids: which claims.
        today: the office's day.

    Returns:
        One entry per claim that exists.
    """
    session.flush()  # what follows reads beside the session's objects
    rows = session.connection().execute(_CORE, {"ids": sorted(set(claim_ids))}).all()
    gathering = _Gathering(session, rows, today)
    return {row.claim_id: gathering.claim(row) for row in rows}


def facts_of_claims(
    session: Session, claim_ids: Iterable[int], today: date
) -> dict[int, ClaimFacts]:
    """The facts of claims, by claim id; as `gathered_claims`."""
    gathered = gathered_claims(session, claim_ids, today)
    return {claim_id: claim.facts for claim_id, claim in gathered.items()}


def gathered_claim(session: Session, claim_id: int, today: date) -> GatheredClaim:
    """The facts of one claim with the rows its money will be bound to.

    Raises:
        KeyError: no such claim.
    """
    return gathered_claims(session, (claim_id,), today)[claim_id]


def claim_facts(session: Session, claim_id: int, today: date) -> ClaimFacts:
    """The facts of one claim.

    Raises:
        KeyError: no such claim.
    """
    return gathered_claim(session, claim_id, today).facts


def facts_of_row(session: Session, row: Any, today: date) -> ClaimFacts:
    """The facts of a claim that is not there yet.

    Args:
        session: any transaction.
        row: what a claim's row would bring, by the names of the columns; `claim_id` is nobody's.
        today: the office's day.
    """
    return _Gathering(session, (row,), today).claim(row).facts


class _Gathering:
    """What the statements brought, each grouped by the key the claims look it up with."""

    def __init__(self, session: Session, rows: Iterable[Row[Any]], today: date) -> None:
        self.connection, self.today, self.rows = session.connection(), today, list(rows)
        self.settings = review_settings(session, today)
        self.matched = self._matched(policy_in_force(session, {row.code for row in self.rows}))
        self.around = Surroundings(self.connection, self.rows)
        self.room = ClaimRoom(self.connection, self.rows, self.matched, today)
        self.people = ClaimPeople(self.connection, self.around.acted, today)

    def claim(self, row: Row[Any]) -> GatheredClaim:
        """One claim, put together from the groups."""
        matched = self.matched[row.claim_id]
        return GatheredClaim(
            self._facts(row),
            {purpose: version.id if version else None for purpose, version in matched.items()},
            {purpose: self.room.line_id(row.claim_id, purpose) for purpose in Purpose},
        )

    def _facts(self, row: Row[Any]) -> ClaimFacts:
        claim_id: int = row.claim_id
        return ClaimFacts(
            number=row.number,
            today=self.today,
            state=State(row.state),
            filed_on=row.filed_on,
            asked_fen=row.asked_fen,
            basis_fen=row.basis_fen,
            units=row.units,
            invoice_number=row.invoice_number,
            invoice_fen=row.invoice_fen,
            payee_name=row.payee_name,
            payee_account=row.payee_account,
            enterprise=_enterprise(row),
            agency=_agency(row, self.around),
            agreement=_agreement(row),
            service=_service(row),
            result=_result(row, self.around.papers_needed[row.kind_code]),
            papers=frozenset(code for code, _sha256 in self.around.papers[claim_id]),
            paper_files=tuple(sorted(self.around.papers[claim_id])),
            on_result=_others(self.around.on_result[row.result_id], row),
            on_invoice=_others(self.around.on_invoice[row.agency_id, row.invoice_number], row),
            subsidy=self._standard(claim_id, Purpose.subsidy),
            reward=self._standard(claim_id, Purpose.reward),
            caps=self.room.caps(claim_id),
            subsidy_budget=self.room.budget(claim_id, Purpose.subsidy),
            reward_budget=self.room.budget(claim_id, Purpose.reward),
            confirmation=_confirmation(row),
            ties=self.people.ties(row),
            people=self.people.names(claim_id),
            settings=self.settings,
        )

    def _matched(
        self, policy: Sequence[PolicyVersion]
    ) -> dict[int, dict[Purpose, PolicyVersion | None]]:
        return {
            row.claim_id: {
                purpose: matching_policy(policy, purpose, row.code, row.kind_code, row.obtained_on)
                for purpose in Purpose
            }
            for row in self.rows
        }

    def _standard(self, claim_id: int, purpose: Purpose) -> StandardFacts | None:
        version = self.matched[claim_id][purpose]
        if version is None:
            return None
        granted_fen = self.room.granted_this_year_fen(claim_id, purpose)
        return (
            replace(version.facts, granted_this_year_fen=granted_fen)
            if granted_fen
            else version.facts
        )


def _enterprise(row: Row[Any]) -> EnterpriseFacts:
    return EnterpriseFacts(
        row.enterprise, row.enterprise_uscc, row.enterprise_joined_on, row.left_on,
        row.enterprise_payee, row.enterprise_account,
    )  # fmt: skip


def _agency(row: Row[Any], around: Surroundings) -> AgencyFacts:
    return AgencyFacts(
        row.agency, row.agency_uscc, row.agency_joined_on, row.removed_on, row.suspended_from,
        row.suspended_to, frozenset(around.scopes[row.agency_id]), row.agency_payee,
        row.agency_account, tuple(around.suspensions[row.agency_id]),
    )  # fmt: skip


def _agreement(row: Row[Any]) -> AgreementFacts:
    return AgreementFacts(
        row.agreement, row.signed_on, row.fee_fen, row.upfront_fee_fen, row.work_started_on,
        row.filing_number, row.filing_confirmed_on, row.filing_is_imported,
    )  # fmt: skip


def _service(row: Row[Any]) -> ServiceFacts:
    return ServiceFacts(
        row.code, row.name_zh, row.track == Track.subsidised,
        row.price_floor_fen, row.price_ceiling_fen,
    )  # fmt: skip


def _confirmation(row: Row[Any]) -> ConfirmationFacts | None:
    if row.confirmation_id is None:
        return None
    return ConfirmationFacts(
        row.requested_on, row.confirmed_on, row.basis == ConfirmationBasis.deemed,
        row.paid_before_fen, row.paid_after_fen, row.satisfaction, row.is_denied,
    )  # fmt: skip


def _result(row: Row[Any], needed: Iterable[tuple[str, str]]) -> ResultFacts:
    return ResultFacts(
        row.kind_code, reading(row.identifier, row.printed), row.obtained_on, tuple(needed)
    )


def _others(found: Iterable[Around], row: Row[Any]) -> tuple[OtherClaim, ...]:
    """The other claims, in the order of their numbers; `name` is the day each was filed on."""
    mine = (row.filed_on.isoformat(), row.claim_id)
    return tuple(
        OtherClaim(other.code, State(other.state), other.fen, mine < (other.name, other.id))
        for other in sorted(found, key=lambda other: other.code)
        if other.id != row.claim_id
    )
