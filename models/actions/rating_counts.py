"""What ratings are read from (考评月账), kept with every decision, answer and outcome, so that no
screen counts a year of claims.

A change is noted where it happens and made once the record's head is held (`lock_order`, 7). What
one claim does to its agreement depends on its other claims: so an agreement is read behind the
head, as it then stands, and once more as it would be without what this transaction changed; the
difference is what is written.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import date
from typing import Any, TypeAlias

from sqlalchemy import and_, bindparam, delete
from sqlmodel import Session, SQLModel, col

from models.actions.kept_counts import add_to
from models.queries.rating_facts import (
    ReadAgreement,
    passed_claim,
    read_agreement,
    standards,
    started_on,
)
from models.queries.settings import calendar
from models.rules.claim_workflow import Action
from models.rules.rating.cases import (
    COUNTED_ACTIONS,
    AgreementFacts,
    ClaimCase,
    agreement_case,
    is_open,
    time_taken,
)
from models.rules.rating.window import spans_of
from models.tables.agreements import Agreement, Confirmation
from models.tables.claims import Claim
from models.tables.ratings import (
    COUNT_COLUMNS,
    OUTCOME_COLUMNS,
    AgencyOpen,
    AgencySpan,
    AgencySpanOutcome,
)

Revert: TypeAlias = Callable[[AgreementFacts], AgreementFacts]
"""An agreement's facts as they would be without a change."""

MOVES_CASES = frozenset({*COUNTED_ACTIONS, Action.withdraw, Action.reopen})
"""The steps of a claim after which its cases may be others."""
_MOVES_AGREEMENT = frozenset(
    {"work_started_on", "filing_confirmed_on", "outcome", "concluded_on", "attribution"}
)
_NOTED = "changes of the ratings' counts, noted in this transaction"


@dataclass(slots=True)
class Counts:
    """What is to be added: by (span, agency) and column; to outcomes by (span, agency, service); to
    open agreements by (service, day of the start, agency)."""

    spans: defaultdict[tuple[str, int], Counter[str]] = field(
        default_factory=lambda: defaultdict(Counter)
    )
    outcomes: defaultdict[tuple[str, int, str], Counter[str]] = field(
        default_factory=lambda: defaultdict(Counter)
    )
    open: Counter[tuple[str, date, int]] = field(default_factory=Counter)

    def add(self, on: date, agency_id: int, **counts: int) -> None:
        """Add to the spans of a day."""
        for span in spans_of(on):
            self.spans[span, agency_id].update(counts)

    def add_outcome(self, on: date, agency_id: int, service_code: str, **counts: int) -> None:
        """Add to the outcomes of a day's spans."""
        for span in spans_of(on):
            self.outcomes[span, agency_id, service_code].update(counts)


@dataclass(slots=True)
class _Noted(Counts):
    reverts: defaultdict[int, list[Revert]] = field(default_factory=lambda: defaultdict(list))


# ---------------------------------------------------------------- what is noted


def note_claim(
    session: Session, claim: Claim, obtained_on: date, before: ClaimCase, after: ClaimCase
) -> None:
    """Note that a claim's step made other cases of it.

    Args:
        session: the writing transaction.
        claim: the claim.
        obtained_on: its result's day.
        before, after: what it added to its agency's rating, and adds now.
    """
    if before == after:
        return
    noted = _noted(session)
    for case, sign in ((before, -1), (after, +1)):
        count_claim(noted, claim.agency_id, case, sign)
    if before.passed_on != after.passed_on:
        number, was = claim.number, passed_claim(claim.number, before, obtained_on)
        _note_agreement(session, claim.agreement_id, lambda facts: facts.with_claim(number, was))


def note_columns(session: Session, agreement: Agreement, before: Mapping[str, Any]) -> None:
    """Note that columns of an agreement changed.

    Args:
        session: the writing transaction.
        agreement: the row, as it is now.
        before: the columns that changed, as they were.
    """
    was = {name: value for name, value in before.items() if name in _MOVES_AGREEMENT}
    if not was or agreement.id is None:
        return
    began = [
        was.pop(name, getattr(agreement, name))
        for name in ("work_started_on", "filing_confirmed_on")
    ]
    was["started_on"] = started_on(*began)
    _note_agreement(session, agreement.id, lambda facts: replace(facts, **was))


def note_result(session: Session, agreement_id: int, result_id: int, was_on: date | None) -> None:
    """Note that a result was recorded under an agreement, or is of another day than before."""
    _note_agreement(session, agreement_id, lambda facts: facts.with_result(result_id, was_on))


def note_claimed_result(session: Session, claim: Claim, was_on: date) -> None:
    """Note that a claim's result is of another day than before."""
    number = claim.number
    _note_agreement(session, claim.agreement_id, lambda facts: facts.with_day(number, was_on))


def note_answer(
    session: Session,
    agency_id: int,
    before: tuple[date | None, int | None],
    after: Confirmation,
) -> None:
    """Note that an enterprise answered, or answered anew.

    Args:
        session: the writing transaction.
        agency_id: of the agreement it is about.
        before: the day and the satisfaction as they were.
        after: the confirmation as it is now.
    """
    noted = _noted(session)
    for (on, stars), sign in ((before, -1), ((after.confirmed_on, after.satisfaction), +1)):
        if on is not None and stars is not None:
            count_answer(noted, agency_id, on, stars, sign)


def note_new_agreements(session: Session, rows: Iterable[Mapping[str, Any]]) -> None:
    """Note agreements that were imported: those that have begun are open."""
    noted = _noted(session)
    for row in rows:
        if began := started_on(row["work_started_on"], row["filing_confirmed_on"]):
            noted.open[row["service_code"], began, row["agency_id"]] += 1


def _note_agreement(session: Session, agreement_id: int, revert: Revert) -> None:
    _noted(session).reverts[agreement_id].append(revert)


def _noted(session: Session) -> _Noted:
    noted: _Noted = session.info.setdefault(_NOTED, _Noted())
    return noted


# ---------------------------------------------------------------- what is counted


def count_claim(counts: Counts, agency_id: int, case: ClaimCase, sign: int = 1) -> None:
    """What a claim adds by itself: its first decision, a lapse, a refusal for false papers."""
    if case.first is not None:
        good = sign * case.is_passed_first
        counts.add(case.first.on, agency_id, first_pass_cases=sign, first_pass_good=good)
    if case.lapsed_on is not None:
        counts.add(case.lapsed_on, agency_id, lapsed=sign)
    if case.false_on is not None:
        counts.add(case.false_on, agency_id, false_papers=sign)


def count_answer(counts: Counts, agency_id: int, on: date, stars: int, sign: int = 1) -> None:
    """What an enterprise's answer adds."""
    quarters = sign * (stars - 1)
    counts.add(on, agency_id, satisfaction_cases=sign, satisfaction_quarters=quarters)


def count_agreement(
    counts: Counts, read: ReadAgreement, facts: AgreementFacts, judge: Judge, sign: int = 1
) -> None:
    """What an agreement adds: its outcome, its time; or that it is open."""
    agency_id, service_code = read.agency_id, read.service_code
    if case := agreement_case(facts):
        on, good = case.counted_on, sign * case.is_good
        counts.add_outcome(on, agency_id, service_code, cases=sign, good=good)
        if (in_time := judge(service_code, facts)) is not None:
            counts.add(on, agency_id, timeliness_cases=sign, timeliness_good=sign * in_time)
    if facts.started_on is not None and is_open(facts):
        counts.open[service_code, facts.started_on, agency_id] += sign


Judge: TypeAlias = Callable[[str, AgreementFacts], bool | None]
"""Whether an agreement of a service was in time; `None` where no time can be told."""


def judge_of(session: Session, service_code: str | None = None) -> Judge:
    """How time is judged: by the standards and the working days, which never reach back."""
    known, days = standards(session, service_code), calendar(session)

    def in_time(service_code: str, facts: AgreementFacts) -> bool | None:
        case = agreement_case(facts)
        if case is None or facts.started_on is None:
            return None
        standard = known.on(service_code, facts.started_on)
        taken = time_taken(facts, case, standard, days)
        return None if taken is None or standard is None else taken <= standard

    return in_time


# ---------------------------------------------------------------- what is written


def move_signals(session: Session) -> None:
    """Make the changes noted in this transaction; only the holder of the record's head may."""
    noted: _Noted | None = session.info.pop(_NOTED, None)
    if noted is None:
        return
    for agreement_id, reverts in noted.reverts.items():
        read = read_agreement(session, agreement_id)
        before = read.facts
        for revert in reversed(reverts):
            before = revert(before)
        if before != read.facts:
            judge = judge_of(session, read.service_code)
            count_agreement(noted, read, read.facts, judge)
            count_agreement(noted, read, before, judge, -1)
    write_counts(session, noted)


def write_counts(session: Session, counts: Counts) -> None:
    """Add counts to those that are kept."""
    _add_rows(session, AgencySpan, ("span", "agency_id"), COUNT_COLUMNS, counts.spans)
    _add_rows(
        session, AgencySpanOutcome, ("span", "agency_id", "service_code"), OUTCOME_COLUMNS,
        counts.outcomes,
    )  # fmt: skip
    for (service_code, on, agency_id), change in sorted(counts.open.items()):
        if change:
            _add_open(session, service_code, on, agency_id, change)


def _add_rows(
    session: Session,
    table: type[SQLModel],
    keys: tuple[str, ...],
    columns: tuple[str, ...],
    counts: Mapping[tuple[Any, ...], Counter[str]],
) -> None:
    rows = [
        dict(zip(keys, key, strict=True)) | {name: changed[name] for name in columns}
        for key, changed in sorted(counts.items())
        if any(changed.values())
    ]
    if rows:
        add_to(session, table, rows)


def _add_open(session: Session, service_code: str, on: date, agency_id: int, change: int) -> None:
    last = {"service": service_code, "on": on, "agency": agency_id, "last": -change}
    if session.connection().execute(_CLOSE, last).rowcount:
        return
    row = {"service_code": service_code, "started_on": on, "agency_id": agency_id}
    add_to(session, AgencyOpen, [row | {"agreements": change}])


_CLOSE = delete(AgencyOpen.__table__).where(  # type: ignore[attr-defined]
    and_(
        col(AgencyOpen.service_code) == bindparam("service"),
        col(AgencyOpen.started_on) == bindparam("on"),
        col(AgencyOpen.agency_id) == bindparam("agency"),
        col(AgencyOpen.agreements) == bindparam("last"),
    )
)
"""The last open ones of a day are gone: so is their row."""
