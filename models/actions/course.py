"""One step under way (办理中的一步): the claim locked, the permission given, the facts gathered once."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime

from sqlalchemy import bindparam, select
from sqlmodel import Session, col

from models.clock import now_utc, today
from models.queries.claim_facts import GatheredClaim, gathered_claim
from models.queries.history import History, history_of
from models.queries.relations import place_now, relation_of
from models.queries.settings import calendar
from models.queries.sight import may_see_claim
from models.rules.claim_workflow import IMPORTERS, STEP_OF, Action, Place, Step, office_of
from models.rules.entitlement import Purpose
from models.rules.errors import NotAllowed, NotAvailable, NotFound
from models.rules.findings import Finding, facts_digest, findings
from models.rules.roles import Actor, Office
from models.rules.step_permission import availability, permission_to_step
from models.rules.wording import Wording, say
from models.tables.claims import Claim, ClaimMoney


@dataclass(frozen=True, slots=True)
class Seen:
    """What the person had on screen when deciding: the decision is bound to it.

    Attributes:
        version: the claim's version.
        digest: the digest of its facts.
        verdicts: code → verdict, to tell a flip in budget or caps; empty skips that comparison
            only.
        flips_confirmed: the flipped verdicts were shown and confirmed.
        since_utc: since when it has been on screen like this; `None` where nobody looked at a
            screen.
    """

    version: int
    digest: str
    verdicts: Mapping[str, str] = field(default_factory=dict)
    flips_confirmed: bool = False
    since_utc: datetime | None = None


@dataclass(frozen=True, slots=True)
class Course:
    """What is known of a step before anything is written."""

    claim: Claim
    step: Step
    place: Place
    office: Office
    grant_id: int | None
    history: History
    gathered: GatheredClaim
    found: tuple[Finding, ...]
    digest: str
    at_utc: datetime
    monies: dict[Purpose, ClaimMoney]


def course_of(
    session: Session, actor: Actor, claim: Claim, action: Action, *, on_behalf: bool
) -> Course:
    """Ask whether the actor may take the step on a locked claim, and gather once what it rests on.

    Raises:
        NotAvailable: the step does not exist for the claim as it stands now.
        NotAllowed: it is not this person's, with the reason.
    """
    assert claim.id is not None
    step, history = STEP_OF[action], history_of(session, claim.id)
    place = place_now(session, claim, history)
    relation = relation_of(session, actor, claim, history)
    if reason := availability(step, place):
        raise NotAvailable(reason)
    answer = permission_to_step(step, place, actor, relation, on_behalf=on_behalf)
    if not answer.is_allowed:
        raise NotAllowed(given_reason(answer.reason))
    gathered = gathered_claim(session, claim.id, today())
    found = findings(gathered.facts, calendar(session))
    return Course(
        claim=claim,
        step=step,
        place=place,
        office=office_of(step, place),
        grant_id=answer.grant.id if answer.grant else None,
        history=history,
        gathered=gathered,
        found=found,
        digest=facts_digest(gathered.facts, found),
        at_utc=now_utc(),
        monies=monies_of(session, claim.id),
    )


def locked_claim(session: Session, number: str) -> Claim:
    """The claim of a number, locked for this transaction and as it is now.

    Raises:
        NotFound: no claim has the number.
    """
    if not number.isprintable():  # PostgreSQL refuses to look for some of these
        raise NotFound(_nothing_of("?"))
    found = session.execute(_CLAIM, {"number": number}, execution_options=_AS_IT_IS)
    claim = found.scalar_one_or_none()
    if claim is None:
        raise NotFound(_nothing_of(number))
    return claim


def lock_claims(session: Session, claim_ids: Iterable[int]) -> None:
    """Lock claims in one order, before the first step of several in one transaction.

    Two transactions that lock several claims then never wait for each other in a ring.
    """
    ids = sorted(set(claim_ids))
    statement = select(Claim.id).where(col(Claim.id).in_(ids)).order_by(col(Claim.id))
    session.execute(statement.with_for_update()).all()


def refuse_out_of_sight(actor: Actor, claim: Claim, *, on_behalf: bool = False) -> None:
    """Go on only for somebody who may know that the claim exists.

    Raises:
        NotFound: in the words of a number that does not exist.
    """
    imports = on_behalf and actor.grant_for(IMPORTERS) is not None
    if not (actor.is_system or imports or may_see_claim(actor, claim)):
        raise NotFound(_nothing_of(claim.number))


def monies_of(session: Session, claim_id: int) -> dict[Purpose, ClaimMoney]:
    """A claim's money rows by purpose, as they are now."""
    found = session.execute(_MONIES, {"claim_id": claim_id}, execution_options=_AS_IT_IS)
    return {money.purpose: money for money in found.scalars()}


_CLAIM = select(Claim).where(col(Claim.number) == bindparam("number")).with_for_update()
_MONIES = select(ClaimMoney).where(col(ClaimMoney.claim_id) == bindparam("claim_id"))
_AS_IT_IS = {"populate_existing": True}
"""What the session has read before may be older than the lock."""


def given_reason(reason: Wording | None) -> Wording:
    """The reason of a denial: a rule that denies always gives one."""
    assert reason is not None
    return reason


def _nothing_of(number: str) -> Wording:
    return say("没有编号为“{number}”的申请，或它不在您的可见范围内", number=number)
