"""The cases of a window (考评个案), one by one: what signals add up and what an agency may read."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date
from typing import TypeAlias

from sqlalchemy import or_
from sqlmodel import Session, col

from models.queries.rating_facts import (
    Answer,
    ReadAgreement,
    ReviewedClaim,
    Standards,
    answers,
    concluded_in,
    decided_in,
    of_agency,
    read_agreements,
    reviewed_claims,
    standards,
)
from models.queries.settings import calendar
from models.rules.agreement_life import Outcome
from models.rules.rating.cases import REVIEWED, is_late_open, time_taken
from models.rules.rating.signals import QUARTERS, Component
from models.rules.rating.window import Window
from models.tables.agreements import Agreement

Source: TypeAlias = "ReviewedClaim | ReadAgreement | Answer"


@dataclass(frozen=True, slots=True)
class SignalCase:
    """One case of a component.

    Attributes:
        component: which.
        agency_id: whose.
        service_code: in which service.
        counted_on: the day it counts on; of an agreement still open, the day it was read on.
        quarters: how good it was, in quarters of a good one.
        of: what it is read from.
        days, standard: of timeliness, the working days taken or passed, and those allowed.
    """

    component: Component
    agency_id: int
    service_code: str
    counted_on: date
    quarters: int
    of: Source
    days: int = 0
    standard: int = 0


def cases(
    session: Session,
    window: Window,
    as_of: date,
    agency_id: int | None = None,
    *components: Component,
) -> Iterator[SignalCase]:
    """Every case of a window, as the rows stand now.

    Args:
        session: any transaction.
        window: the months.
        as_of: the present day: while the window runs, it is read up to here.
        agency_id: whose; everybody's when left out.
        components: which; all that are counted when left out.
    """
    for component, found in _FOUND.items():
        if not components or component in components:
            yield from found(session, window, as_of, agency_id)


def _outcomes(
    session: Session, window: Window, _: date, agency_id: int | None
) -> Iterator[SignalCase]:
    for agreement in read_agreements(session, concluded_in(window, agency_id)):
        if (case := agreement.case) and case.counted_on in window:
            yield _of_agreement(Component.outcome, agreement, case.counted_on, case.is_good)


def _answers(
    session: Session, window: Window, _: date, agency_id: int | None
) -> Iterator[SignalCase]:
    for answer in answers(session, window, agency_id):
        yield SignalCase(
            Component.satisfaction, answer.agency_id, answer.service_code, answer.confirmed_on,
            answer.stars - 1, answer,
        )  # fmt: skip


def _first_decisions(
    session: Session, window: Window, _: date, agency_id: int | None
) -> Iterator[SignalCase]:
    for claim in reviewed_claims(session, decided_in(window, agency_id, REVIEWED)):
        if (first := claim.case.first) and first.on in window:
            quarters = QUARTERS if claim.case.is_passed_first else 0
            yield SignalCase(
                Component.first_pass, claim.agency_id, claim.service_code, first.on, quarters, claim
            )


def _times(
    session: Session, window: Window, as_of: date, agency_id: int | None
) -> Iterator[SignalCase]:
    known, days = standards(session), calendar(session)
    for agreement in read_agreements(session, concluded_in(window, agency_id)):
        if (case := agreement.case) is None or case.counted_on not in window:
            continue
        standard = _standard(known, agreement)
        taken = time_taken(agreement.facts, case, standard, days)
        if taken is not None and standard is not None:
            yield _of_agreement(
                Component.timeliness, agreement, case.counted_on, taken <= standard, taken, standard
            )
    yield from _late(session, window.read_on(as_of), known, agency_id)


def _late(
    session: Session, on: date, known: Standards, agency_id: int | None
) -> Iterator[SignalCase]:
    """Agreements still without a result after twice their standard."""
    days = calendar(session)
    is_begun = or_(
        col(Agreement.work_started_on).is_not(None), col(Agreement.filing_confirmed_on).is_not(None)
    )
    is_open = col(Agreement.outcome) == Outcome.open
    own = of_agency(col(Agreement.agency_id), agency_id)
    for agreement in read_agreements(session, is_open, is_begun, own):
        standard = _standard(known, agreement)
        if standard is not None and is_late_open(agreement.facts, standard, on, days):
            assert agreement.facts.started_on is not None
            passed = days.working_days_between(agreement.facts.started_on, on)
            yield _of_agreement(Component.timeliness, agreement, on, False, passed, standard)


def _standard(known: Standards, agreement: ReadAgreement) -> int | None:
    started_on = agreement.facts.started_on
    return known.on(agreement.service_code, started_on) if started_on else None


def _of_agreement(
    component: Component,
    agreement: ReadAgreement,
    on: date,
    is_good: bool,
    days: int = 0,
    standard: int = 0,
) -> SignalCase:
    quarters = QUARTERS if is_good else 0
    return SignalCase(
        component, agreement.agency_id, agreement.service_code, on, quarters, agreement, days,
        standard,
    )  # fmt: skip


_FOUND: dict[Component, Callable[[Session, Window, date, int | None], Iterator[SignalCase]]] = {
    Component.outcome: _outcomes,
    Component.satisfaction: _answers,
    Component.first_pass: _first_decisions,
    Component.timeliness: _times,
}
