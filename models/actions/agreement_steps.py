"""Taking a step of an agreement's life (合作对子): locked, allowed, written as event and link, and the
claims that rest on it told.

Every action on an agreement is `begun`, changes what it has to, and is `finished`.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from sqlalchemy import select
from sqlmodel import Session, col

from models.actions.lives import (
    Life,
    granted,
    last_step,
    locked,
    moved_on,
    new_event,
    overtaken,
    stated,
)
from models.actions.papers import KeptPaper, add_with_papers
from models.actions.rating_counts import note_columns
from models.actions.reasons import known_codes, required_text
from models.actions.record import record
from models.actions.steps import refresh_findings
from models.clock import now_utc
from models.queries.agreement_sight import life_standing, may_see_agreement, state_of
from models.queries.sealing import recorded
from models.queries.vouching import own_digest
from models.rules.agreement_life import (
    LIFE_STEP_OF,
    LifeAction,
    LifeStanding,
    LifeStep,
    may_take,
)
from models.rules.agreement_terms import LONGEST_REASON
from models.rules.claim_workflow import BEFORE_APPROVAL, State
from models.rules.errors import NotFound
from models.rules.roles import Actor, GrantFacts
from models.rules.wording import say
from models.tables.agreement_life import AgreementEvent, AgreementPaper
from models.tables.agreements import Agreement
from models.tables.claims import Claim

# fmt: off
DECIDES_FINDINGS = frozenset({
    "service_code", "signed_on", "fee_fen", "upfront_fee_fen", "work_started_on",
    "filing", "filing_number", "filing_confirmed_on",
})
# fmt: on
"""Terms the findings of open claims rest on (F01 to F04, F12)."""
_OPEN_CLAIMS = BEFORE_APPROVAL | {State.draft}
_LIFE = Life(AgreementEvent, "agreement_id", LIFE_STEP_OF)


@dataclass(frozen=True, slots=True)
class Begun:
    """A step that may be taken, its agreement locked."""

    agreement: Agreement
    step: LifeStep
    standing: LifeStanding
    grant: GrantFacts | None

    @property
    def is_on_behalf(self) -> bool:
        """Whether the counter takes it for the agency (代为录入)."""
        return self.step.by_counter and not self.standing.is_own_agency


def begun(
    session: Session, actor: Actor, number: str, action: LifeAction, seen_version: int
) -> Begun:
    """Lock an agreement and go on only if this person may take this step of it now.

    Args:
        session: the writing transaction.
        actor: who acts.
        number: the agreement.
        action: the step.
        seen_version: the version that was on screen.

    Raises:
        NotFound: no such agreement, or not for this person: the answer is the same.
        SeenIsStale: somebody changed it meanwhile, with who, what and when.
        NotAllowed: not this person's, in words.
        NotAvailable: the agreement stands elsewhere.
    """
    agreement = look_again(session, actor, number, seen_version)
    step, standing = LIFE_STEP_OF[action], life_standing(session, actor, agreement)
    is_elsewhere = standing.state not in step.from_states
    grant = granted(may_take(step, actor, standing), is_elsewhere=is_elsewhere)
    return Begun(agreement, step, standing, grant)


def look_again(session: Session, actor: Actor, number: str, seen_version: int) -> Agreement:
    """An agreement this person may see, locked, if it is still what was on screen.

    Raises:
        NotFound: no such agreement, or not for this person: the answer is the same.
        SeenIsStale: somebody changed it meanwhile, with who, what and when.
    """
    agreement = locked(session, Agreement, number=number)
    if agreement is None or not may_see_agreement(actor, agreement):
        raise NotFound(say("没有编号为 {number} 的服务协议", number=number))
    if agreement.version != seen_version:
        raise overtaken(last_step(session, _LIFE, agreement), agreement.number)
    return agreement


def finished(
    session: Session,
    actor: Actor,
    step: Begun,
    changes: Mapping[str, Any] | None = None,
    *,
    reasons: Iterable[str] = (),
    note: str = "",
    detail: Mapping[str, Any] | None = None,
    papers: Iterable[KeptPaper] = (),
) -> AgreementEvent:
    """Write what a step changes, its event with its papers, and its link in the record.

    Args:
        session: the writing transaction.
        actor: who acts.
        step: as `begun` gave it.
        changes: columns of the agreement as they shall be.
        reasons: codes of the table of reasons.
        note: words, as kept.
        detail: more facts of the step: integers, text, lists of text.
        papers: files that came with it.
    """
    agreement, kept = step.agreement, tuple(papers)
    before, changed = moved_on(session, agreement, changes or {})
    to = state_of(agreement)
    assert to is (step.step.to or step.standing.state), (to, step.step)
    event = new_event(
        session, actor, _LIFE, agreement, step.step.action, step.grant, to_state=to,
        reasons=list(reasons), note=note,
        detail=dict(detail or {}) | ({"on_behalf": 1} if step.is_on_behalf else {}),
    )  # fmt: skip
    add_with_papers(session, event, AgreementPaper, "event_id", kept)
    claims = _claims_told(session, agreement, changed)
    note_columns(session, agreement, before)
    after = recorded(changed) | stated(event, "agreement_state", kept)
    subject = subject_of_agreement(agreement.number)
    record(
        session, actor, event.action.value, subject, recorded(before) or None, after,
        event.grant_id,
    )  # fmt: skip
    for claim in claims:
        _tell(session, actor, claim, agreement, event)
    return event


def subject_of_agreement(number: str) -> str:
    """What the record calls an agreement: `agreement:XY-2026-00001`."""
    return f"agreement:{number}"


def required_reason(written: str) -> str:
    """A reason in words, as the record keeps it.

    Raises:
        ReasonMissing, TextRefused: none, or one too long.
    """
    return required_text(written, LONGEST_REASON)


def required_codes(session: Session, given: Iterable[str]) -> tuple[str, ...]:
    """Coded reasons, each once (一次性告知).

    Raises:
        ReasonMissing: none, or a code that is not in the table.
    """
    return known_codes(session, given, say("请至少选择一项理由"))


# ---------------------------------------------------------------- pieces


def _claims_told(
    session: Session, agreement: Agreement, changed: Mapping[str, Any]
) -> tuple[Claim, ...]:
    """The open claims of an agreement whose terms changed: their version rises and their findings
    are taken anew, so that a decision on what was is refused. Locked by id."""
    if DECIDES_FINDINGS.isdisjoint(changed):
        return ()
    statement = (
        select(Claim)
        .where(col(Claim.agreement_id) == agreement.id, col(Claim.state).in_(_OPEN_CLAIMS))
        .order_by(col(Claim.id))
        .with_for_update()
    )
    claims = tuple(session.execute(statement).scalars().all())
    for claim in claims:
        claim.version += 1
        claim.changed_at_utc = now_utc()
        session.add(claim)
        session.flush()
        refresh_findings(session, claim)
    session.flush()
    return claims


def _tell(
    session: Session, actor: Actor, claim: Claim, agreement: Agreement, event: AgreementEvent
) -> None:
    after = {
        "version": claim.version,
        "own": own_digest(claim),
        "agreement": agreement.number,
        "agreement_event": event.position,
    }
    record(session, actor, "follow_agreement", f"claim:{claim.number}", None, after, event.grant_id)
