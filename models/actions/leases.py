"""Taking a claim for long work (接手) and giving it back: who has it, since when, until when.

Opening a claim takes nothing, deciding takes it implicitly. A lease lasts for an idle time from the
last renewal, which the open page asks for, and for a longest time in all (both settings). It
changes no version and stands in no record, except where the lead ends a colleague's.
"""

from __future__ import annotations

from datetime import timedelta

from sqlalchemy import ColumnElement, select
from sqlmodel import Session, col

from models.actions.course import given_reason, locked_claim, refuse_out_of_sight
from models.actions.reasons import required_text
from models.actions.record import record
from models.actions.step_guards import lease_runs, refuse_held
from models.clock import now_utc
from models.queries.relations import place_of, relation_of
from models.queries.settings import whole_number
from models.rules.claim_workflow import OFFICE_ROLE, Place
from models.rules.errors import NotAllowed, NotAvailable
from models.rules.free_text import LONGEST_NOTE
from models.rules.roles import Actor, Answer, Office, Role, may_act
from models.rules.wording import say
from models.tables.claims import Claim

_ALLIANCE = frozenset({Office.pre_review, Office.application})


def take_claim(session: Session, actor: Actor, number: str) -> None:
    """Take a claim (接手) for long work: others see who has it and until when.

    Taking again while it is one's own changes nothing: the longest time is counted from when it was
    taken.

    Raises:
        NotFound, NotAvailable: no such claim, or nobody's turn.
        NotAllowed: not this person's office, or tied, or already acted at another office.
        ClaimHeld: a colleague's lease still runs.
    """
    claim = locked_claim(session, number)
    refuse_out_of_sight(actor, claim)
    answer = _answer(session, actor, claim)
    if not answer.is_allowed:
        raise NotAllowed(given_reason(answer.reason))
    refuse_held(session, actor, claim)
    if lease_runs(claim):
        return
    claim.lease_account_id, claim.lease_taken_at_utc = actor.account_id, now_utc()
    _prolong(session, claim)


def renew_claim(session: Session, actor: Actor, number: str) -> None:
    """Go on having a taken claim (续办): for the idle time from now, at most the longest time from
    when it was taken.

    The open page asks for it by itself, so nothing is refused: nothing happens where the claim is
    no longer the visitor's — given back, ended by the lead, taken by a colleague after it lapsed —
    or no longer theirs to act on, as after a role has ended or a tie was declared. One that lapsed
    and nobody took is theirs still.

    Raises:
        NotFound: no claim has the number.
    """
    claim = locked_claim(session, number)
    if claim.lease_account_id != actor.account_id:
        return
    if _answer(session, actor, claim).is_allowed:
        _prolong(session, claim)


def leave_claim(session: Session, actor: Actor, number: str) -> None:
    """Give a taken claim back to the queue; nothing happens if somebody else has it."""
    claim = locked_claim(session, number)
    if claim.lease_account_id == actor.account_id:
        _free(session, claim)


def leave_all_claims(session: Session, account_id: int, *of: ColumnElement[bool]) -> None:
    """Give back everything an account has taken, or what of it some conditions name: at sign-out,
    lock, or recusal. Not in the record."""
    taken = (
        select(Claim)
        .where(col(Claim.lease_account_id) == account_id, *of)
        .order_by(col(Claim.id))
        .with_for_update()
    )
    for claim in session.execute(taken).scalars():
        _free(session, claim)


def free_claim(session: Session, actor: Actor, number: str, reason: str) -> None:
    """End a colleague's lease before its time (收回): the lead, for a claim at the alliance, with a
    reason.

    Raises:
        NotFound, NotAvailable: no such claim, or nobody has taken it.
        NotAllowed: not the lead, or the claim is at another office.
        ReasonMissing: no reason in words.
    """
    claim = locked_claim(session, number)
    refuse_out_of_sight(actor, claim)
    grant = actor.grant_for({Role.alliance_lead})
    if grant is None or place_of(claim).holder not in _ALLIANCE:
        raise NotAllowed(say("联盟环节中他人接手的申请由联盟负责人收回"))
    if not lease_runs(claim):
        raise NotAvailable(say("本件现在无人接手"))
    words = required_text(reason, LONGEST_NOTE, say("收回他人接手的申请须写明理由"))
    before = {"taken_by": claim.lease_account_id}
    _free(session, claim)
    subject = f"claim:{claim.number}"
    record(session, actor, "free_claim", subject, before, {"reason": words}, grant.id)


def _answer(session: Session, actor: Actor, claim: Claim) -> Answer:
    """Whether a claim is this person's to act on where it stands now."""
    office = _office_at_work(place_of(claim))
    relation = relation_of(session, actor, claim)
    return may_act(actor, frozenset({OFFICE_ROLE[office]}), office, relation)


def _prolong(session: Session, claim: Claim) -> None:
    assert claim.lease_taken_at_utc is not None
    idle = timedelta(minutes=whole_number(session, "lease_idle_minutes"))
    longest = timedelta(minutes=whole_number(session, "lease_minutes"))
    claim.lease_until_utc = min(now_utc() + idle, claim.lease_taken_at_utc + longest)
    session.add(claim)


def _free(session: Session, claim: Claim) -> None:
    claim.lease_account_id = claim.lease_taken_at_utc = claim.lease_until_utc = None
    session.add(claim)


def _office_at_work(place: Place) -> Office:
    office = place.holder
    if office is None or office is Office.filing:
        raise NotAvailable(say("本件现在不在主管环节，无须接手"))
    return office
