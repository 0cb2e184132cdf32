"""One service agreement's card (协议卡片): terms, filing, papers, milestones, results, claims, history,
and the steps this person may take; and a paper by its number, for who may see it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from typing import TypeAlias

from sqlalchemy import select
from sqlmodel import Session, col

from models.queries.agreement_sight import life_standing, may_see_agreement
from models.queries.agreement_terms import faults_of_terms, terms_of
from models.queries.agreements import AgreementRow, rows_where
from models.queries.life_lines import NextStep, TakenStep, taken_steps
from models.queries.sight import claims_in_sight
from models.rules.agreement_life import (
    LIFE,
    LIFE_STEP_OF,
    AgreementState,
    Attribution,
    Contest,
    CostBearer,
    LifeAction,
    LifeStanding,
    Side,
    may_take,
    sides_of,
)
from models.rules.agreement_terms import AgreementTerms
from models.rules.claim_workflow import State
from models.rules.errors import NotFound
from models.rules.membership import Fault
from models.rules.roles import Actor
from models.rules.wording import say
from models.tables.agreement_life import (
    AgreementEvent,
    AgreementPaper,
    AgreementResult,
    Amendment,
    AmendmentState,
    Milestone,
)
from models.tables.agreements import Advance, Agreement, Result
from models.tables.claims import Claim
from models.tables.people import Account

EventLine: TypeAlias = TakenStep[LifeAction, AgreementState]
"""One step of an agreement, with who took it and the papers that came with it."""


@dataclass(frozen=True, slots=True)
class MilestoneLine:
    """A milestone and whether it is done."""

    id: int
    name: str
    due_on: date
    done_on: date | None


@dataclass(frozen=True, slots=True)
class ResultLine:
    """A result recorded under the agreement."""

    result_id: int
    kind_code: str
    printed: str
    normalised: str
    obtained_on: date


@dataclass(frozen=True, slots=True)
class ClaimLine:
    """A claim on the agreement; money in fen."""

    number: str
    state: State
    result: str
    asked_fen: int


@dataclass(frozen=True, slots=True)
class AmendmentLine:
    """The amendment that waits: terms as they shall be, why, and by whom."""

    fee_fen: int
    result_kind_code: str
    expected: str
    due_on: date | None
    advance_fen: int
    reason: str
    by: str
    at_utc: datetime


@dataclass(frozen=True, slots=True)
class AgreementCard:
    """One agreement with all that is on record.

    Attributes:
        id: the agreement's.
        contest: where the objection to the attribution stands.
        claimed: to whom the objection wants the failure put down; `None` without one.
        is_entered_for: the alliance's counter drafted it for the agency.
        advanced_fen: what was advanced so far, the sum of the dated advances.
        faults: what is wrong with the terms while they are not yet confirmed.
        steps: those of this person's sides, in the table's order; empty for a reader.
        events: the newest first, at most `SHOWN_EVENTS`.
    """

    id: int
    row: AgreementRow
    terms: AgreementTerms
    upfront_fee_fen: int
    advanced_fen: int
    filed_on: date | None
    outcome_reason: str
    attribution: Attribution | None
    cost_bearer: CostBearer | None
    contest: Contest
    claimed: Attribution | None
    is_entered_for: bool
    version: int
    faults: tuple[Fault, ...]
    milestones: tuple[MilestoneLine, ...]
    results: tuple[ResultLine, ...]
    claims: tuple[ClaimLine, ...]
    amendment: AmendmentLine | None
    steps: tuple[NextStep[LifeAction], ...]
    events: tuple[EventLine, ...]

    def may(self, action: LifeAction) -> bool:
        """Whether this person may take a step now."""
        return any(step.action is action and step.is_open for step in self.steps)


def agreement_card(session: Session, actor: Actor, number: str) -> AgreementCard:
    """One agreement's card, by its number.

    Args:
        session: any transaction.
        actor: who asks.
        number: the agreement.

    Raises:
        NotFound: no such agreement, or not for this person: the answer is the same.
    """
    missing = NotFound(say("没有编号为 {number} 的服务协议", number=number))
    if not number.isprintable():
        raise missing
    found = session.execute(select(Agreement).where(col(Agreement.number) == number))
    agreement = found.scalar_one_or_none()
    if agreement is None or not may_see_agreement(actor, agreement):
        raise missing
    (row,) = rows_where(session, col(Agreement.id) == agreement.id)
    terms, standing = terms_of(agreement), life_standing(session, actor, agreement)
    of_agreement = col(AgreementEvent.agreement_id) == agreement.id
    events = taken_steps(session, AgreementEvent, AgreementPaper, of_agreement)
    return AgreementCard(
        id=agreement.id or 0,
        row=row,
        terms=terms,
        upfront_fee_fen=agreement.upfront_fee_fen,
        advanced_fen=_advanced(session, agreement),
        filed_on=agreement.filed_on,
        outcome_reason=agreement.outcome_reason,
        attribution=agreement.attribution,
        cost_bearer=agreement.cost_bearer,
        contest=agreement.contest,
        claimed=_claimed(events),
        is_entered_for=standing.is_entered_for,
        version=agreement.version,
        faults=_faults(session, agreement, row.state, terms),
        milestones=_milestones(session, agreement),
        results=_results(session, agreement),
        claims=_claims(session, actor, agreement),
        amendment=_amendment(session, agreement),
        steps=_steps(actor, standing),
        events=events,
    )


def viewable_agreement_paper(
    session: Session, actor: Actor, paper_id: int
) -> AgreementPaper | None:
    """A paper of an agreement, for who may see it; `None` both when there is none and when they may
    not."""
    statement = (
        select(AgreementPaper, Agreement)
        .join(AgreementEvent, col(AgreementEvent.id) == AgreementPaper.event_id)
        .join(Agreement, col(Agreement.id) == AgreementEvent.agreement_id)
        .where(col(AgreementPaper.id) == paper_id)
    )
    found = session.execute(statement).one_or_none()
    if found is None or not may_see_agreement(actor, found.Agreement):
        return None
    paper: AgreementPaper = found.AgreementPaper
    return paper


# ---------------------------------------------------------------- pieces

_UNCONFIRMED = frozenset({AgreementState.draft, AgreementState.filed, AgreementState.returned})


def _faults(
    session: Session, agreement: Agreement, state: AgreementState, terms: AgreementTerms
) -> tuple[Fault, ...]:
    if state not in _UNCONFIRMED:
        return ()
    return faults_of_terms(
        session, agreement.enterprise_id, agreement.agency_id, agreement.service_code, terms
    )


def _steps(actor: Actor, standing: LifeStanding) -> tuple[NextStep[LifeAction], ...]:
    """The steps of this person's sides that exist where the agreement stands; of the alliance's,
    those there is something to do for."""
    sides = sides_of(actor, standing)
    steps = tuple(
        NextStep(step.action, step.name, may_take(step, actor, standing).reason)
        for step in LIFE
        if standing.state in step.from_states
        and not sides.isdisjoint(step.takers)
        and not (step.by_counter and not (standing.is_own_agency or standing.is_entered_for))
    )
    if standing.contest is Contest.raised:
        return steps
    return tuple(step for step in steps if LIFE_STEP_OF[step.action].sides != (Side.alliance,))


def _claimed(events: tuple[EventLine, ...]) -> Attribution | None:
    """To whom the objection wants the failure put down."""
    contests = (one for one in events if one.action is LifeAction.contest_attribution)
    raised = next(contests, None)
    return None if raised is None else Attribution(raised.detail["claimed"])


def _advanced(session: Session, agreement: Agreement) -> int:
    amounts = select(col(Advance.amount_fen)).where(col(Advance.agreement_id) == agreement.id)
    return sum(session.execute(amounts).scalars())


def _milestones(session: Session, agreement: Agreement) -> tuple[MilestoneLine, ...]:
    statement = (
        select(Milestone.id, Milestone.name, Milestone.due_on, Milestone.done_on)
        .where(col(Milestone.agreement_id) == agreement.id)
        .order_by(col(Milestone.due_on), col(Milestone.id))
    )
    return tuple(MilestoneLine(*row) for row in session.execute(statement))


def _results(session: Session, agreement: Agreement) -> tuple[ResultLine, ...]:
    statement = (
        select(Result.id, Result.kind_code, Result.printed, Result.normalised, Result.obtained_on)
        .join(AgreementResult, col(AgreementResult.result_id) == Result.id)
        .where(col(AgreementResult.agreement_id) == agreement.id)
        .order_by(col(Result.obtained_on), col(Result.id))
    )
    return tuple(ResultLine(*row) for row in session.execute(statement))


def _claims(session: Session, actor: Actor, agreement: Agreement) -> tuple[ClaimLine, ...]:
    statement = (
        select(Claim.number, Claim.state, Result.normalised, Claim.asked_fen)
        .join(Result, col(Result.id) == Claim.result_id)
        .where(col(Claim.agreement_id) == agreement.id, claims_in_sight(actor))
        .order_by(col(Claim.id).desc())
    )
    return tuple(ClaimLine(*row) for row in session.execute(statement))


def _amendment(session: Session, agreement: Agreement) -> AmendmentLine | None:
    statement = (
        select(Amendment, Account.display_name)
        .join(Account, col(Account.id) == Amendment.proposed_by_id)
        .where(
            col(Amendment.agreement_id) == agreement.id,
            col(Amendment.state) == AmendmentState.proposed,
        )
    )
    found = session.execute(statement).one_or_none()
    if found is None:
        return None
    waiting: Amendment = found.Amendment
    return AmendmentLine(
        waiting.fee_fen, waiting.result_kind_code or "", waiting.expected, waiting.due_on,
        waiting.advance_fen, waiting.reason, found.display_name, waiting.proposed_at_utc,
    )  # fmt: skip
