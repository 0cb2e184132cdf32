"""The one guarded step: every change of a claim's state, single or in a batch, goes through
`take_step`.

    course        the claim locked, the permission given, the facts gathered once
    step_guards   what was seen, the lease, reasons, findings
    step_money    amounts, commitments, payments
    ledger        the entry a payment leaves
    steps         the event, the claim's row, the counts, the record

All of it in one transaction. Nothing else writes a claim's state.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import date
from typing import Any

from sqlalchemy import insert
from sqlmodel import Session, col

from models.actions.clock_tally import keep_clocks
from models.actions.course import (
    Course,
    Seen,
    course_of,
    lock_claims,
    locked_claim,
    monies_of,
    refuse_out_of_sight,
)
from models.actions.departures import leaves_batch, note_departure
from models.actions.ledger import Taken, book_step
from models.actions.rating_counts import MOVES_CASES, note_claim
from models.actions.record import record
from models.actions.step_guards import (
    compare_with_seen,
    guard_findings,
    known_reasons,
    refuse_changed,
    respect_lease,
)
from models.actions.step_money import approved_fen, match_money, move_money, set_amounts
from models.actions.tally import move_tally
from models.clock import now_utc, office_day, today
from models.queries.claim_changes import why_it_starts_again
from models.queries.claim_facts import GatheredClaim, gathered_claim
from models.queries.facts_standing import earlier_facts_stand
from models.queries.history import last_arrival, last_step
from models.queries.settings import calendar
from models.queries.vouching import own_digest
from models.rules.claim_workflow import Action, Kind, State, place_after, target
from models.rules.digest import facts_digest as digest_of
from models.rules.entitlement import Purpose
from models.rules.findings import Finding, Verdict, facts_digest, findings, summary
from models.rules.free_text import LONGEST_NOTE, kept_text
from models.rules.payments import Voucher
from models.rules.rating.cases import CountedStep, claim_case
from models.rules.replay import round_after
from models.rules.roles import Actor
from models.rules.wording import Wording
from models.tables.claims import Claim, ClaimEvent

__all__ = [
    "Seen",
    "StepTaken",
    "lock_claims",
    "locked_claim",
    "refresh_findings",
    "seen_now",
    "system_actor",
    "take_step",
    "verdicts_of",
]


@dataclass(frozen=True, slots=True)
class StepTaken:
    """What a step did: where the claim stands now, and the amounts its offices stand for.

    `why_again`: which facts changed, where the answer to an office's question starts at the first
    office again.
    """

    number: str
    action: Action
    state: State
    version: int
    subsidy_fen: int | None
    reward_fen: int | None
    why_again: Wording | None = None


@dataclass(frozen=True, slots=True)
class _Words:
    """What was said with the decision."""

    reasons: tuple[str, ...]
    note: str
    batch_id: int | None
    on_behalf: bool
    voucher: Voucher | None


def take_step(
    session: Session,
    actor: Actor,
    number: str,
    action: Action,
    seen: Seen | None = None,
    *,
    reasons: tuple[str, ...] = (),
    note: str = "",
    subsidy_fen: int | None = None,
    batch_id: int | None = None,
    on_behalf: bool = False,
    voucher: Voucher | None = None,
    also: Callable[[Session, Course], None] | None = None,
) -> StepTaken:
    """Take one step of the workflow on one claim.

    Args:
        session: the writing transaction.
        actor: the person, with the grants in force now.
        number: the claim's number.
        action: which step.
        seen: what the person had on screen; an office's decision must say it.
        reasons: reason codes, several allowed.
        note: words for whoever reads the decision; required where a blocking finding is unknown.
        subsidy_fen: the amount this office stands for; what the office before stood for when left
            out.
        batch_id: the monthly application the step belongs to.
        on_behalf: an importer submits for the agency.
        voucher: what the bank says of a payment, for a step that pays.
        also: what a batch asks beyond the step's own guards; it refuses by raising.

    Returns:
        Where the claim stands now.

    Raises:
        NotFound, NotAvailable, NotAllowed, SeenIsStale, ClaimHeld, ReasonMissing, FindingsBlock,
        ConfirmationNeeded,
        AmountRefused, BudgetExhausted, TextRefused, PaymentRefused, AlreadyDone: in words the
            person can act on; nothing is written.
        TypeError: an office's decision that does not say what it saw; a fault of the program.

    Source: `dalian-hightech` 五.3(2).
    """
    note = kept_text(note, LONGEST_NOTE)
    claim = locked_claim(session, number)
    refuse_out_of_sight(actor, claim, on_behalf=on_behalf)
    if seen is not None:
        refuse_changed(session, claim, seen)
    course = course_of(session, actor, claim, action, on_behalf=on_behalf)
    compare_with_seen(session, course, seen)
    respect_lease(session, actor, course)
    words = _Words(known_reasons(session, course, reasons), note, batch_id, on_behalf, voucher)
    guard_findings(course, seen, note)
    _keep_in_short(course.claim, course.found, course.digest)
    match_money(session, course.claim, course.gathered, course.monies)
    if also is not None:
        also(session, course)
    set_amounts(course, subsidy_fen, note)
    return _write(session, actor, course, words)


def refresh_findings(session: Session, claim: Claim) -> tuple[Finding, ...]:
    """Recompute a claim's findings in short, its entitlement and its digest; the state is
    untouched.

    Returns:
        The findings as they are now.
    """
    assert claim.id is not None
    gathered = gathered_claim(session, claim.id, today())
    found = findings(gathered.facts, calendar(session))
    _keep_in_short(claim, found, facts_digest(gathered.facts, found))
    match_money(session, claim, gathered, monies_of(session, claim.id))
    session.add(claim)
    return found


def seen_now(session: Session, actor: Actor, claim: Claim) -> Seen:
    """What the person would see if they opened the claim in this very transaction (batches,
    imports).

    Raises:
        NotFound: the claim is not in the actor's sight.
    """
    refuse_out_of_sight(actor, claim)
    assert claim.id is not None
    gathered: GatheredClaim = gathered_claim(session, claim.id, today())
    found = findings(gathered.facts, calendar(session))
    return Seen(claim.version, facts_digest(gathered.facts, found), verdicts_of(found))


def verdicts_of(found: tuple[Finding, ...]) -> dict[str, Verdict]:
    """Code → verdict, as `Seen` carries it."""
    return {finding.code: finding.verdict for finding in found}


def system_actor() -> Actor:
    """The system itself: for steps nobody takes by hand."""
    return Actor(account_id=0, name="系统", is_system=True)


def _keep_in_short(claim: Claim, found: tuple[Finding, ...], digest: str) -> None:
    """Store what the queue shows of the findings."""
    counts = summary(found)
    claim.findings_met, claim.findings_not_met = counts.met, counts.not_met
    claim.findings_unknown, claim.findings_warning = counts.unknown, counts.warning
    claim.findings_at_utc, claim.facts_digest = now_utc(), digest


def _write(session: Session, actor: Actor, course: Course, words: _Words) -> StepTaken:
    """The money, the event, the claim's row, the record and the counts, in this order.

    The record's head is locked last but one: of two writers only its holder touches the counts, so
    that they never wait for each other in a ring.
    """
    claim, from_state, before = course.claim, course.claim.state, _standing(course.claim)
    facts_stand = _facts_stand(session, course)
    to = target(course.step, course.place, facts_stand=facts_stand)
    why_again = None if facts_stand else _why_again(session, course)
    words = replace(words, note=_with(words.note, why_again))
    move_money(session, course, to)
    event = _event(actor, course, to, words)
    _move_claim(course, to)
    session.add(claim)
    session.flush()
    event_id = session.connection().execute(_APPEND_EVENT, event).scalar_one()
    assert event_id is not None
    if leaves_batch(course.step, to):
        note_departure(session, event["claim_id"], event_id)
    taken = Taken(event_id, event["account_id"], from_state, to, words.note)
    booked = book_step(session, course, taken, words.voucher)
    _note_cases(session, course, from_state, event)
    after = _standing(claim) | _decision(claim, event) | booked
    record(
        session, actor, course.step.action.value, f"claim:{claim.number}", before, after,
        course.grant_id,
    )  # fmt: skip
    move_tally(session, claim, from_state, to)
    keep_clocks(session, course, from_state)
    return StepTaken(
        claim.number,
        course.step.action,
        to,
        claim.version,
        event["subsidy_fen"],
        event["reward_fen"],
        why_again,
    )


def _note_cases(session: Session, course: Course, from_state: State, event: dict[str, Any]) -> None:
    """What the step changes in its agency's rating."""
    if course.step.action not in MOVES_CASES:
        return
    past = [CountedStep(s.action, office_day(s.at_utc), tuple(s.reasons)) for s in course.history]
    now = CountedStep(course.step.action, office_day(course.at_utc), tuple(event["reasons"]))
    before, after = claim_case(past, from_state), claim_case([*past, now], event["to_state"])
    obtained_on = course.gathered.facts.result.obtained_on
    note_claim(session, course.claim, obtained_on, before, after)


_APPEND_EVENT = insert(ClaimEvent.__table__).returning(col(ClaimEvent.id))  # type: ignore[attr-defined]


def _facts_stand(session: Session, course: Course) -> bool:
    """Whether the facts the earlier offices decided on are those of today (for an answered
    `ask_agency`)."""
    if course.step.action is not Action.submit or course.place.resume_at is None:
        return False
    assert course.claim.id is not None
    return earlier_facts_stand(
        session, course.claim.id, course.history, course.gathered.facts, course.found
    )


def _why_again(session: Session, course: Course) -> Wording | None:
    """Why an answered `ask_agency` does not go on where it stood; `None` for every other step."""
    asked = last_step(course.history, Action.ask_agency)
    is_answer = course.step.action is Action.submit and course.place.resume_at is not None
    if asked is None or not is_answer:
        return None
    assert course.claim.id is not None
    return why_it_starts_again(session, course.claim.id, asked, course.gathered.facts, course.found)


def _with(note: str, why_again: Wording | None) -> str:
    """The agency's words and the reason, as long as a note may be."""
    return "；".join(filter(None, (str(why_again or ""), note)))[:LONGEST_NOTE]


def _event(actor: Actor, course: Course, to: State, words: _Words) -> dict[str, Any]:
    """The row of `claim_event`, before the claim itself is moved."""
    claim = course.claim
    return {
        "claim_id": claim.id,
        "position": len(course.history) + 1,
        "action": course.step.action,
        "from_state": claim.state,
        "to_state": to,
        "office": course.office,
        "round": claim.round,
        "is_decision": course.step.decides,
        "account_id": None if actor.is_system else actor.account_id,
        "grant_id": course.grant_id,
        "on_behalf": words.on_behalf,
        "at_utc": course.at_utc,
        "version": claim.version + 1,
        "facts_digest": course.digest,
        "subsidy_fen": approved_fen(course, Purpose.subsidy),
        "reward_fen": approved_fen(course, Purpose.reward),
        "reasons": list(words.reasons),
        "note": words.note,
        "findings": [finding.as_json() for finding in course.found],
        "batch_id": words.batch_id,
    }


def _move_claim(course: Course, to: State) -> None:
    claim, step = course.claim, course.step
    place = place_after(step, course.place, to)
    claim.state, claim.held_from, claim.resume_at = place.state, place.held_from, place.resume_at
    claim.was_reopened, claim.is_recall_asked = place.was_reopened, place.is_recall_asked
    claim.round = round_after(step.action, claim.round)
    if step.kind not in (Kind.pause, Kind.note):
        claim.waiting_since_on = _waits_since(course)
    if step.kind is not Kind.note:
        claim.lease_account_id = claim.lease_taken_at_utc = claim.lease_until_utc = None
    claim.version += 1
    claim.changed_at_utc = course.at_utc


def _waits_since(course: Course) -> date:
    """Since when the next office has the claim; a pass that is undone never happened."""
    if course.step.action is Action.undo_pre_review:
        submitted = last_arrival(course.history, State.submitted)
        assert submitted is not None
        return office_day(submitted.at_utc)
    return office_day(course.at_utc)


def _standing(claim: Claim) -> dict[str, Any]:
    """Where a claim stands, as the record keeps it."""
    return {"state": claim.state.value, "version": claim.version}


def _decision(claim: Claim, event: dict[str, Any]) -> dict[str, Any]:
    """What was decided, as the record keeps it: enough to tell a forged event or claim from a true
    one."""
    return {
        "round": claim.round,
        "event": event["position"],
        "digest": event["facts_digest"],
        "findings": digest_of(event["findings"]),
        "own": own_digest(claim),
    } | {name: event[name] for name in _AS_DECIDED}


_AS_DECIDED = ("subsidy_fen", "reward_fen", "reasons", "note", "on_behalf")
