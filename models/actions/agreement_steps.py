"""Taking a step of an agreement's life (合作对子): locked, allowed, written as event and link, and the
claims that rest on it told.

Every action on an agreement is `begun`, changes what it has to, and is `finished`.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from sqlalchemy import func, select
from sqlmodel import Session, col

from models.actions.course import given_reason
from models.actions.evidence import accepted_type, keep_file, shown_name
from models.actions.rating_counts import note_columns
from models.actions.record import record
from models.actions.step_guards import at_office
from models.actions.steps import refresh_findings
from models.clock import now_utc
from models.queries.agreement_sight import life_standing, may_see_agreement, state_of
from models.queries.sealing import recorded
from models.queries.vouching import own_digest
from models.queries.vouching_agreements import event_digest
from models.rules.agreement_life import (
    LIFE_STEP_OF,
    LifeAction,
    LifeStanding,
    LifeStep,
    may_take,
)
from models.rules.agreement_terms import LONGEST_REASON, MOST_PAPERS
from models.rules.claim_workflow import BEFORE_APPROVAL, State
from models.rules.errors import (
    FileRefused,
    NotAllowed,
    NotAvailable,
    NotFound,
    ReasonMissing,
    SeenIsStale,
)
from models.rules.free_text import kept_text
from models.rules.roles import OFFICE_NAMES, Actor, GrantFacts, Office
from models.rules.wording import Wording, say
from models.tables.agreement_life import AgreementEvent, AgreementPaper
from models.tables.agreements import Agreement
from models.tables.claims import Claim
from models.tables.people import Account
from models.tables.reference import ReasonCode

Files = tuple[tuple[str, bytes], ...]
"""Name and content of each file that comes with a step."""

# fmt: off
DECIDES_FINDINGS = frozenset({
    "service_code", "signed_on", "fee_fen", "upfront_fee_fen", "work_started_on",
    "filing", "filing_number", "filing_confirmed_on",
})
# fmt: on
"""Terms the findings of open claims rest on (F01 to F04, F12)."""
_OPEN_CLAIMS = BEFORE_APPROVAL | {State.draft}


@dataclass(frozen=True, slots=True)
class KeptPaper:
    """A file that was accepted and lies under its SHA-256."""

    name: str
    media_type: str
    size_bytes: int
    sha256: str


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
    agreement = locked_agreement(session, actor, number)
    refuse_unseen(session, agreement, seen_version)
    step, standing = LIFE_STEP_OF[action], life_standing(session, actor, agreement)
    answer = may_take(step, actor, standing)
    if not answer.is_allowed:
        words = given_reason(answer.reason)
        is_elsewhere = standing.state not in step.from_states
        raise NotAvailable(words) if is_elsewhere else NotAllowed(words)
    return Begun(agreement, step, standing, answer.grant)


def look_again(session: Session, actor: Actor, number: str, seen_version: int) -> None:
    """Tell somebody who acts on what was on screen earlier what has changed since.

    Raises:
        NotFound: no such agreement, or not for this person.
        SeenIsStale: somebody changed it meanwhile, with who, what and when.
    """
    refuse_unseen(session, locked_agreement(session, actor, number), seen_version)


def locked_agreement(session: Session, actor: Actor, number: str) -> Agreement:
    """An agreement this person may see, locked; others may go on referring to it.

    Raises:
        NotFound: no such agreement, or not for this person: the answer is the same.
    """
    missing = NotFound(say("没有编号为 {number} 的服务协议", number=number))
    if not number.isprintable():
        raise missing
    statement = (
        select(Agreement)
        .where(col(Agreement.number) == number)
        .with_for_update(key_share=True)
        .execution_options(populate_existing=True)
    )
    agreement: Agreement | None = session.execute(statement).scalar_one_or_none()
    if agreement is None or not may_see_agreement(actor, agreement):
        raise missing
    return agreement


def refuse_unseen(session: Session, agreement: Agreement, seen_version: int) -> None:
    """Go on only if the agreement is still what was on screen.

    Raises:
        SeenIsStale: somebody changed it meanwhile, with who, what and when.
    """
    if agreement.version == seen_version:
        return
    last = session.execute(
        select(AgreementEvent.action, AgreementEvent.at_utc, Account.display_name)
        .outerjoin(Account, col(Account.id) == AgreementEvent.account_id)
        .where(col(AgreementEvent.agreement_id) == agreement.id)
        .order_by(col(AgreementEvent.position).desc())
        .limit(1)
    ).one_or_none()
    name: Wording | str = (last and last.display_name) or OFFICE_NAMES[Office.system]
    at_utc = last.at_utc if last else agreement.changed_at_utc
    what = LIFE_STEP_OF[last.action].name if last else say("更改")
    words = say(
        "未保存：{name}已于 {at} 对 {number} “{what}”，请核对最新内容",
        name=name, at=at_office(at_utc), number=agreement.number, what=what,
    )  # fmt: skip
    raise SeenIsStale(words, changed_by=name, changed_at_utc=at_utc)


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
    before, changed = _changed(session, agreement, changes or {})
    stated = dict(detail or {}) | ({"on_behalf": 1} if step.is_on_behalf else {})
    event = _event(session, actor, step, tuple(reasons), note, stated)
    _add_papers(session, event, kept)
    claims = _claims_told(session, agreement, changed)
    note_columns(session, agreement, before)
    after = recorded(changed) | _stated(event, kept)
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


def accepted_papers(session: Session, files: Files, *, least: int = 0) -> tuple[KeptPaper, ...]:
    """The files that come with a step, all accepted before the first is kept; the same one twice
    counts once.

    Raises:
        FileRefused: too few, too many, or one that is neither PDF nor image, too large, empty or
            not to be opened.
    """
    wanted = list(dict.fromkeys(files))
    if len(wanted) < least:
        raise FileRefused(say("请附上盖章的扫描件（PDF、PNG 或 JPEG）"))
    if len(wanted) > MOST_PAPERS:
        raise FileRefused(
            say("一次最多附 {most} 份材料，现有 {count} 份", most=MOST_PAPERS, count=len(wanted))
        )
    called = [(shown_name(name, "material"), content) for name, content in wanted]
    types = [accepted_type(session, name, content) for name, content in called]
    return tuple(
        KeptPaper(name, media_type, len(content), keep_file(content))
        for (name, content), media_type in zip(called, types, strict=True)
    )


def required_reason(written: str) -> str:
    """A reason in words, as the record keeps it.

    Raises:
        ReasonMissing, TextRefused: none, or one too long.
    """
    if not written.strip():
        raise ReasonMissing(say("请写明理由，将记入操作记录"))
    return kept_text(written, LONGEST_REASON)


def required_codes(session: Session, given: Iterable[str]) -> tuple[str, ...]:
    """Coded reasons, each once (一次性告知).

    Raises:
        ReasonMissing: none, or a code that is not in the table.
    """
    reasons = tuple(dict.fromkeys(given))
    if not reasons:
        raise ReasonMissing(say("请至少选择一项理由"))
    storable = [code for code in reasons if code.isalnum()]
    known = select(func.count()).where(col(ReasonCode.code).in_(storable))
    if session.execute(known).scalar_one() != len(reasons):
        raise ReasonMissing(say("理由代码不在理由表中，请重新选择"))
    return reasons


# ---------------------------------------------------------------- pieces


def _changed(
    session: Session, agreement: Agreement, changes: Mapping[str, Any]
) -> tuple[dict[str, Any], dict[str, Any]]:
    """Set what differs and raise the version; the columns as they were, and as they are."""
    changed = {name: value for name, value in changes.items() if getattr(agreement, name) != value}
    before = {name: getattr(agreement, name) for name in changed}
    for name, value in changed.items():
        setattr(agreement, name, value)
    agreement.version += 1
    agreement.changed_at_utc = now_utc()
    session.add(agreement)
    session.flush()
    return before, changed


def _event(
    session: Session,
    actor: Actor,
    step: Begun,
    reasons: tuple[str, ...],
    note: str,
    detail: Mapping[str, Any],
) -> AgreementEvent:
    """The step's event; where the table says it leads, the row must stand."""
    to = state_of(step.agreement)
    assert to is (step.step.to or step.standing.state), (to, step.step)
    event = AgreementEvent(
        agreement_id=step.agreement.id or 0,
        position=_next_position(session, step.agreement),
        action=step.step.action,
        to_state=to,
        account_id=actor.account_id,
        grant_id=step.grant.id if step.grant else None,
        at_utc=now_utc(),
        version=step.agreement.version,
        reasons=list(reasons),
        note=note,
        detail=dict(detail),
    )
    session.add(event)
    session.flush()
    return event


def _stated(event: AgreementEvent, papers: Iterable[KeptPaper]) -> dict[str, Any]:
    """What the record says of an event besides the columns it changed."""
    stated = event.detail | {
        "event": event.position,
        "agreement_state": event.to_state.value,
        "digest": event_digest(event, [(paper.name, paper.sha256) for paper in papers]),
    }
    if event.reasons:
        stated["reasons"] = event.reasons
    return stated | ({"note": event.note} if event.note else {})


def _next_position(session: Session, agreement: Agreement) -> int:
    """One more than the last; the agreement is locked."""
    last = select(func.max(AgreementEvent.position)).where(
        col(AgreementEvent.agreement_id) == agreement.id
    )
    return (session.execute(last).scalar_one() or 0) + 1


def _add_papers(session: Session, event: AgreementEvent, papers: Iterable[KeptPaper]) -> None:
    for paper in papers:
        session.add(
            AgreementPaper(
                event_id=event.id or 0, file_name=paper.name, media_type=paper.media_type,
                size_bytes=paper.size_bytes, sha256=paper.sha256,
            )
        )  # fmt: skip
    session.flush()


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
