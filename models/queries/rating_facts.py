"""The rows a rating rests on (考评依据): decisions at pre-review, outcomes of agreements, answers
of enterprises, each read as the case it is.

Rows count as they stand now: what was undone, refused later or ended is no success any more, in
whichever month it was counted.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from itertools import groupby
from typing import Any

from sqlalchemy import ColumnElement, and_, bindparam, or_, select, true, union_all
from sqlalchemy.sql import null
from sqlmodel import Session, col

from models.clock import OFFICE_ZONE, office_day
from models.rules.claim_workflow import Action
from models.rules.rating.cases import (
    COUNTED_ACTIONS,
    AgreementCase,
    AgreementFacts,
    ClaimCase,
    CountedStep,
    PassedClaim,
    agreement_case,
    claim_case,
)
from models.rules.rating.window import Window
from models.tables.agreement_life import AgreementResult
from models.tables.agreements import Agreement, Confirmation, ConfirmationBasis, Result
from models.tables.claims import Claim, ClaimEvent
from models.tables.policy import ServiceTerms
from models.tables.reference import ServiceType

Condition = ColumnElement[bool]


@dataclass(frozen=True, slots=True)
class ReviewedClaim:
    """A claim with a decision at pre-review, and what it adds to its agency's rating."""

    id: int
    number: str
    agreement_id: int
    agency_id: int
    enterprise_id: int
    service_code: str
    obtained_on: date
    case: ClaimCase


@dataclass(frozen=True, slots=True)
class ReadAgreement:
    """An agreement and what its case is read from."""

    id: int
    number: str
    agency_id: int
    enterprise_id: int
    service_code: str
    facts: AgreementFacts
    case: AgreementCase | None


@dataclass(frozen=True, slots=True)
class Answer:
    """An enterprise's answer that carries its satisfaction (企业满意度)."""

    number: str
    agency_id: int
    enterprise_id: int
    service_code: str
    confirmed_on: date
    stars: int
    basis: ConfirmationBasis


class Standards:
    """The service standards (服务标准) by their first day; what a service states holds before."""

    def __init__(self, versions: Iterable[tuple[str, date | None, int | None]]) -> None:
        self.of: dict[str, list[tuple[date, int | None]]] = defaultdict(list)
        for code, valid_from, days in versions:
            self.of[code].append((valid_from or date.min, days))
        for begun in self.of.values():
            begun.sort(key=lambda version: version[0])

    def on(self, service_code: str, day: date) -> int | None:
        """The working days a service may take that began on a day; `None` where nobody says."""
        days = None
        for valid_from, standard in self.of.get(service_code, ()):
            if valid_from <= day:
                days = standard
        return days

    def spans(self) -> Iterator[Span]:
        """Every standard and the days of starting it holds for."""
        for code, begun in self.of.items():
            after = [first - _DAY for first, _ in begun[1:]] + [date.max]
            for (first, days), last in zip(begun, after, strict=True):
                if days is not None:
                    yield Span(code, first, last, days)


@dataclass(frozen=True, slots=True)
class Span:
    """A service's standard and the days of starting it holds for."""

    service_code: str
    first: date
    last: date
    days: int


_DAY = timedelta(days=1)


_STATED: Any = select(ServiceType.code, null(), ServiceType.standard_working_days)
_BEGUN: Any = select(
    ServiceTerms.service_code, ServiceTerms.valid_from, ServiceTerms.standard_working_days
)
# The versions first: a union takes its columns' types from its first part.
_STANDARDS = union_all(_BEGUN, _STATED)
_STANDARDS_OF_ONE = union_all(
    _BEGUN.where(col(ServiceTerms.service_code) == bindparam("service")),
    _STATED.where(col(ServiceType.code) == bindparam("service")),
)


def standards(session: Session, service_code: str | None = None) -> Standards:
    """The service standards of all services, or of one."""
    if service_code is None:
        rows = session.connection().execute(_STANDARDS)
    else:
        rows = session.connection().execute(_STANDARDS_OF_ONE, {"service": service_code})
    return Standards((code, on, days) for code, on, days in rows)


# ---------------------------------------------------------------- which rows


def decided_in(window: Window, agency_id: int | None, actions: Iterable[Action]) -> Condition:
    """Claims on which some step was taken in a window."""
    taken = select(ClaimEvent.claim_id).where(
        col(ClaimEvent.action).in_(tuple(actions)),
        col(ClaimEvent.at_utc) >= _midnight(window.first_day),
        col(ClaimEvent.at_utc) < _midnight(window.last_day + _DAY),
    )
    return and_(col(Claim.id).in_(taken), of_agency(col(Claim.agency_id), agency_id))


def concluded_in(window: Window, agency_id: int | None) -> Condition:
    """Agreements that may have come out in a window: concluded, or a claim on them passed."""
    passed = (
        select(Claim.agreement_id)
        .join(ClaimEvent, col(ClaimEvent.claim_id) == Claim.id)
        .where(decided_in(window, agency_id, (Action.pass_pre_review,)))
    )
    concluded = col(Agreement.concluded_on).between(window.first_day, window.last_day)
    own = of_agency(col(Agreement.agency_id), agency_id)
    return and_(or_(concluded, col(Agreement.id).in_(passed)), own)


def of_agency(column: Any, agency_id: int | None) -> Condition:
    """Rows of one agency, or of all."""
    return true() if agency_id is None else column == agency_id


def _midnight(day: date) -> datetime:
    return datetime.combine(day, time(), OFFICE_ZONE).astimezone(UTC)


# ---------------------------------------------------------------- claims

_OF_CLAIM: tuple[Any, ...] = (
    Claim.id, Claim.number, Claim.agreement_id, Claim.agency_id, Claim.enterprise_id,
    Claim.service_code, Claim.state, Result.obtained_on,
    ClaimEvent.action, ClaimEvent.at_utc, ClaimEvent.reasons,
)  # fmt: skip
_STEPS = (
    select(*_OF_CLAIM)
    .join(ClaimEvent, col(ClaimEvent.claim_id) == Claim.id)
    .join(Result, col(Result.id) == Claim.result_id)
    .where(col(ClaimEvent.action).in_(COUNTED_ACTIONS))
    .order_by(col(Claim.id), col(ClaimEvent.position))
)


def reviewed_claims(session: Session, *conditions: Condition) -> Iterator[ReviewedClaim]:
    """Claims and what they add to their agencies' ratings, by id.

    Args:
        session: any transaction.
        conditions: on rows of `claim`.
    """
    return _read_claims(session.execute(_STEPS.where(*conditions)))


def _read_claims(rows: Iterable[Any]) -> Iterator[ReviewedClaim]:
    for _, of_claim in groupby(rows, key=lambda row: row.id):
        taken = list(of_claim)
        first = taken[0]
        steps = (CountedStep(r.action, office_day(r.at_utc), tuple(r.reasons)) for r in taken)
        yield ReviewedClaim(
            first.id, first.number, first.agreement_id, first.agency_id, first.enterprise_id,
            first.service_code, first.obtained_on, claim_case(steps, first.state),
        )  # fmt: skip


# ---------------------------------------------------------------- agreements

_OF_AGREEMENT: tuple[Any, ...] = (
    Agreement.id, Agreement.number, Agreement.agency_id, Agreement.enterprise_id,
    Agreement.service_code, Agreement.work_started_on, Agreement.filing_confirmed_on,
    Agreement.outcome, Agreement.concluded_on, Agreement.attribution,
)  # fmt: skip
_RECORDED = select(
    AgreementResult.agreement_id, AgreementResult.result_id, Result.obtained_on
).join(Result, col(Result.id) == AgreementResult.result_id)


def read_agreements(session: Session, *conditions: Condition) -> Iterator[ReadAgreement]:
    """Agreements and the case each of them is.

    Args:
        session: any transaction.
        conditions: on rows of `agreement`.
    """
    wanted = select(Agreement.id).where(*conditions)
    passed = _by_agreement(reviewed_claims(session, col(Claim.agreement_id).in_(wanted)))
    recorded: dict[int, dict[int, date]] = defaultdict(dict)
    of_wanted = _RECORDED.where(col(AgreementResult.agreement_id).in_(wanted))
    for agreement_id, result_id, obtained_on in session.execute(of_wanted):
        recorded[agreement_id][result_id] = obtained_on
    for row in session.execute(select(*_OF_AGREEMENT).where(*conditions)):
        yield _read_agreement(row, passed.get(row.id, ()), recorded.get(row.id, {}))


_ONE = (
    select(*_OF_AGREEMENT, AgreementResult.result_id, Result.obtained_on)
    .outerjoin(AgreementResult, col(AgreementResult.agreement_id) == Agreement.id)
    .outerjoin(Result, col(Result.id) == AgreementResult.result_id)
    .where(col(Agreement.id) == bindparam("agreement_id"))
)
_STEPS_OF_ONE = _STEPS.where(col(Claim.agreement_id) == bindparam("agreement_id"))


def read_agreement(session: Session, agreement_id: int) -> ReadAgreement:
    """One agreement as it stands in this transaction, flushed before."""
    connection, asked = session.connection(), {"agreement_id": agreement_id}
    rows = connection.execute(_ONE, asked).all()
    passed = _by_agreement(_read_claims(connection.execute(_STEPS_OF_ONE, asked)))
    recorded = {row.result_id: row.obtained_on for row in rows if row.result_id is not None}
    return _read_agreement(rows[0], passed.get(agreement_id, ()), recorded)


def _read_agreement(
    row: Any, passed: Iterable[PassedClaim], recorded: Mapping[int, date]
) -> ReadAgreement:
    facts = AgreementFacts(
        started_on=started_on(row.work_started_on, row.filing_confirmed_on),
        outcome=row.outcome,
        concluded_on=row.concluded_on,
        attribution=row.attribution,
        passed=tuple(passed),
        recorded=recorded,
    )
    return ReadAgreement(
        row.id, row.number, row.agency_id, row.enterprise_id, row.service_code, facts,
        agreement_case(facts),
    )  # fmt: skip


def started_on(work_started_on: date | None, filing_confirmed_on: date | None) -> date | None:
    """Since when an agreement's days are counted: its work, else the confirmation of its filing."""
    return work_started_on or filing_confirmed_on


def _by_agreement(claims: Iterable[ReviewedClaim]) -> Mapping[int, list[PassedClaim]]:
    found: dict[int, list[PassedClaim]] = defaultdict(list)
    for claim in claims:
        if passed := passed_claim(claim.number, claim.case, claim.obtained_on):
            found[claim.agreement_id].append(passed)
    return found


def passed_claim(number: str, case: ClaimCase, obtained_on: date) -> PassedClaim | None:
    """A claim that passed and stands; `None` of any other."""
    return PassedClaim(number, case.passed_on, obtained_on) if case.passed_on else None


# ---------------------------------------------------------------- confirmations


_ANSWERS = (
    select(
        Agreement.number, Agreement.agency_id, Agreement.enterprise_id, Agreement.service_code,
        Confirmation.confirmed_on, Confirmation.satisfaction, Confirmation.basis,
    )
    .join(Agreement, col(Agreement.id) == Confirmation.agreement_id)
    .where(
        col(Confirmation.confirmed_on).is_not(None), col(Confirmation.satisfaction).is_not(None)
    )
    .order_by(col(Confirmation.confirmed_on), col(Confirmation.id))
)  # fmt: skip


def answers(session: Session, window: Window, agency_id: int | None) -> Iterator[Answer]:
    """The answers of a window that carry satisfaction: the enterprise's own, or imported."""
    inside = col(Confirmation.confirmed_on).between(window.first_day, window.last_day)
    of_window = _ANSWERS.where(inside, of_agency(col(Agreement.agency_id), agency_id))
    for row in session.execute(of_window):
        yield Answer(*row)


def every_answer(session: Session) -> Iterator[Answer]:
    """The answers of all times."""
    for row in session.execute(_ANSWERS):
        yield Answer(*row)
