"""One claim as its screen shows it: facts, live findings, money, papers, history, similar claims,
open steps."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, timedelta

from sqlalchemy import bindparam, select
from sqlmodel import Session, col

from models.clock import now_utc, today
from models.queries.claim_events import EventLine, events_of, last_decision, sent_back
from models.queries.claim_facts import claim_facts
from models.queries.evidence import ChangedPaper, papers_changed_since, papers_of
from models.queries.history import history_of
from models.queries.reasons import reasons_on
from models.queries.relations import answer_due_on, place_now, place_of, relation_of
from models.queries.settings import calendar, whole_number
from models.queries.sight import claims_in_sight, may_see_claim
from models.rules.claim_facts import ClaimFacts
from models.rules.claim_workflow import (
    ENDED,
    OFFICE_ROLE,
    UNDO_MINUTES,
    Action,
    State,
    Step,
)
from models.rules.entitlement import Payee, Purpose
from models.rules.errors import NotFound
from models.rules.findings import ClaimAmounts, Finding, facts_digest, findings, money_of
from models.rules.months import YearMonth
from models.rules.roles import Actor, Permission, Relation, may_act
from models.rules.step_permission import steps_open_to
from models.rules.wording import Wording, say
from models.tables.claims import Batch, Claim, ClaimMoney, Evidence, SampledClaim
from models.tables.organisations import Enterprise
from models.tables.people import Account
from models.tables.reference import ReasonCode, ServiceType

__all__ = [
    "ChangedPaper",
    "ClaimCard",
    "EventLine",
    "Lease",
    "MoneyLine",
    "SimilarClaim",
    "claim_card",
    "reasons_listed",
]


@dataclass(frozen=True, slots=True)
class MoneyLine:
    """One purpose of the claim in fen: asked, entitled, what the last office stood for, paid."""

    purpose: Purpose
    payee: Payee
    asked_fen: int | None
    entitled_fen: int | None
    approved_fen: int | None
    paid_fen: int


@dataclass(frozen=True, slots=True)
class SimilarClaim:
    """Another claim of the same agency and service, newest first."""

    number: str
    enterprise: str
    state: State
    asked_fen: int
    filed_on: date


@dataclass(frozen=True, slots=True)
class Lease:
    """Who has taken the claim, since when, and until when it is theirs.

    Attributes:
        idle_minutes: how long it stays theirs after the page is closed.
        latest_utc: until when the open page may renew it.
    """

    by: str
    is_mine: bool
    since_utc: datetime
    until_utc: datetime
    idle_minutes: int
    latest_utc: datetime


@dataclass(frozen=True, slots=True)
class ClaimCard:
    """Everything the claim's screen shows, from one snapshot.

    Attributes:
        changed_papers: what came after the last decision of an office.
        joins_month: the unified application a pre-reviewed claim goes with: the first month from
            its own on that was not sent.
    """

    claim: Claim
    facts: ClaimFacts
    findings: tuple[Finding, ...]
    amounts: ClaimAmounts
    digest: str
    as_of_utc: datetime
    service_en: str
    monies: tuple[MoneyLine, ...]
    papers: tuple[Evidence, ...]
    events: tuple[EventLine, ...]
    similar: tuple[SimilarClaim, ...]
    steps: tuple[Step, ...]
    denial: Wording | None
    lease: Lease | None
    waiting_working_days: int
    exposure_days: int
    exposure_fen: int
    lapses_on: date | None
    sees_bank_accounts: bool
    is_drawn: bool
    changed_papers: tuple[ChangedPaper, ...]
    joins_month: str | None

    @property
    def subsidy(self) -> MoneyLine | None:
        """The subsidy's line."""
        return next((line for line in self.monies if line.purpose is Purpose.subsidy), None)

    @property
    def is_with_colleague(self) -> bool:
        """Whether somebody else has taken it and still has it."""
        return self.lease is not None and not self.lease.is_mine

    @property
    def sent_back(self) -> EventLine | None:
        """Why the claim lies here again, or goes no further; `None` where it came onwards."""
        return sent_back(self.events, self.claim.state)

    @property
    def undo_until_utc(self) -> datetime | None:
        """Until when the visitor may undo their own pass; `None` if they may not."""
        if not self.may(Action.undo_pre_review):
            return None
        passes = (e for e in reversed(self.events) if e.action is Action.pass_pre_review)
        return next(passes).at_utc + timedelta(minutes=UNDO_MINUTES)

    def may(self, action: Action) -> bool:
        """Whether the visitor may take a step now."""
        return any(step.action is action for step in self.steps)


def claim_card(session: Session, actor: Actor, number: str) -> ClaimCard:
    """One claim as this person may see it.

    Args:
        session: any transaction; all of it comes from one snapshot.
        actor: who looks.
        number: the claim's number.

    Raises:
        NotFound: no such claim, or not in this person's sight (the two are not told apart).
    """
    statement = select(Claim).where(col(Claim.number) == number)
    claim = session.execute(statement).scalar_one_or_none() if number.isprintable() else None
    if claim is None or not may_see_claim(actor, claim):
        raise NotFound(say("没有编号为“{number}”的申请，或它不在您的可见范围内", number=number))
    assert claim.id is not None
    on, days = today(), calendar(session)
    facts = claim_facts(session, claim.id, on)
    found = findings(facts, days)
    history = history_of(session, claim.id)
    relation = relation_of(session, actor, claim, history)
    place = place_now(session, claim, history)
    monies = _monies(session, claim.id)
    service = session.get_one(ServiceType, claim.service_code)
    sampled = session.get(SampledClaim, claim.id)
    events = events_of(session, claim.id)
    return ClaimCard(
        claim=claim,
        facts=facts,
        findings=found,
        amounts=money_of(facts),
        digest=facts_digest(facts, found),
        as_of_utc=now_utc(),
        service_en=service.name_en,
        monies=monies,
        papers=tuple(papers_of(session, claim.id)),
        events=events,
        similar=_similar(session, actor, claim),
        steps=steps_open_to(place, actor, relation),
        denial=_denial(claim, actor, relation),
        lease=_lease(session, actor, claim),
        waiting_working_days=days.working_days_between(claim.waiting_since_on, on),
        exposure_days=max(0, (on - facts.result.obtained_on).days),
        exposure_fen=_exposure_fen(claim, monies),
        lapses_on=_lapses_on(session, claim),
        sees_bank_accounts=_sees_bank(actor, claim),
        is_drawn=bool(sampled and sampled.is_drawn),
        changed_papers=_changed_papers(session, claim.id, events),
        joins_month=_joins_month(session, claim),
    )


def reasons_listed(session: Session) -> dict[str, ReasonCode]:
    """Every coded reason by its code, as it is worded today."""
    return reasons_on(session)


_MONIES = select(ClaimMoney).where(col(ClaimMoney.claim_id) == bindparam("claim_id"))


def _monies(session: Session, claim_id: int) -> tuple[MoneyLine, ...]:
    rows = session.execute(_MONIES, {"claim_id": claim_id}).scalars()
    lines = [
        MoneyLine(
            money.purpose, money.payee, money.asked_fen, money.entitled_fen,
            money.approved_fen, money.paid_fen,
        )
        for money in rows
    ]  # fmt: skip
    return tuple(sorted(lines, key=lambda line: line.purpose is Purpose.reward))


def _changed_papers(
    session: Session, claim_id: int, events: tuple[EventLine, ...]
) -> tuple[ChangedPaper, ...]:
    last = last_decision(events)
    return () if last is None else papers_changed_since(session, claim_id, last.at_utc)


def _joins_month(session: Session, claim: Claim) -> str | None:
    """Sent months are never opened again: what is returned goes with a later one."""
    if claim.state is not State.pre_reviewed:
        return None
    later = select(Batch.month).where(col(Batch.month) >= claim.filed_month)
    sent, month = set(session.execute(later).scalars()), YearMonth.parse(claim.filed_month)
    while str(month) in sent:
        month = month.next()
    return str(month)


def _similar(session: Session, actor: Actor, claim: Claim) -> tuple[SimilarClaim, ...]:
    statement = (
        select(
            Claim.number, col(Enterprise.name).label("enterprise"), Claim.state,
            Claim.asked_fen, Claim.filed_on,
        )
        .join(Enterprise, col(Enterprise.id) == Claim.enterprise_id)
        .where(
            claims_in_sight(actor),
            col(Claim.agency_id) == claim.agency_id,
            col(Claim.service_code) == claim.service_code,
            col(Claim.id) != claim.id,
        )
        .order_by(col(Claim.waiting_since_on).desc(), col(Claim.id).desc())
        .limit(8)
    )  # fmt: skip
    return tuple(SimilarClaim(*row) for row in session.execute(statement))


def _lease(session: Session, actor: Actor, claim: Claim) -> Lease | None:
    if claim.lease_account_id is None or claim.lease_until_utc is None:
        return None
    if claim.lease_until_utc <= now_utc() or claim.lease_taken_at_utc is None:
        return None
    holder = session.get_one(Account, claim.lease_account_id)
    longest = timedelta(minutes=whole_number(session, "lease_minutes"))
    return Lease(
        by=holder.display_name,
        is_mine=claim.lease_account_id == actor.account_id,
        since_utc=claim.lease_taken_at_utc,
        until_utc=claim.lease_until_utc,
        idle_minutes=whole_number(session, "lease_idle_minutes"),
        latest_utc=claim.lease_taken_at_utc + longest,
    )


def _denial(claim: Claim, actor: Actor, relation: Relation) -> Wording | None:
    """Why it is not this person's turn although their office holds the claim; `None` otherwise."""
    office = place_of(claim).holder
    if office is None or OFFICE_ROLE[office] not in actor.roles:
        return None
    return may_act(actor, frozenset({OFFICE_ROLE[office]}), office, relation).reason


def _exposure_fen(claim: Claim, monies: tuple[MoneyLine, ...]) -> int:
    """What the agency is out of pocket by it: nothing once it was paid, or nothing will be."""
    if claim.state in ENDED:
        return 0
    for line in monies:
        if line.purpose is Purpose.subsidy:
            return 0 if line.paid_fen else line.approved_fen or line.entitled_fen or claim.asked_fen
    return claim.asked_fen


def _lapses_on(session: Session, claim: Claim) -> date | None:
    if claim.state is not State.returned:
        return None
    return answer_due_on(session, claim)


def _sees_bank(actor: Actor, claim: Claim) -> bool:
    is_own = actor.agency_id is not None and actor.agency_id == claim.agency_id
    return is_own or actor.may(Permission.see_bank_accounts)
