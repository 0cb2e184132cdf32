"""Objections (异议) to a claim in public notice: one person records what came in, another answers.

The claim is locked first: whoever pays at the same moment is served before or after, and finds the
objection there.
"""

from __future__ import annotations

from dataclasses import replace

from sqlalchemy import select
from sqlmodel import Session, col

from models.actions.course import locked_claim, refuse_out_of_sight
from models.actions.meanwhile import change_by
from models.actions.papers import accepted_papers, add_with_papers
from models.actions.reasons import required_text
from models.actions.record import record
from models.clock import now_utc, today
from models.queries.history import history_of
from models.queries.objections import objection_recorded, papers_of_objections
from models.queries.relations import notice_of, place_now, relation_of
from models.queries.visibility import refuse_without
from models.rules.claim_workflow import STATE_NAMES
from models.rules.errors import (
    AlreadyDone,
    NotAllowed,
    NotAvailable,
    NotFound,
    ObjectionRefused,
)
from models.rules.free_text import kept_text
from models.rules.objections import (
    LONGEST_OBJECTION,
    LONGEST_OBJECTOR,
    MOST_PAPERS,
    STEP_TO,
    ObjectionEntry,
    ObjectionState,
    barred_from_answering,
    faults_of,
    recused,
    state_in_notice,
)
from models.rules.objections import (
    STATE_NAMES as OBJECTION_STATES,
)
from models.rules.roles import Actor, Permission
from models.rules.wording import say
from models.tables.claims import Claim
from models.tables.objections import Objection, ObjectionPaper


def record_objection(session: Session, actor: Actor, number: str, entry: ObjectionEntry) -> int:
    """Record an objection that came in (记录异议): from now on nothing of the claim is paid.

    Args:
        session: the writing transaction.
        actor: alliance or bureau.
        number: the claim.
        entry: the objection with its evidence.

    Returns:
        The objection's number.

    Raises:
        NotAllowed: the actor keeps no objections, or is tied to a party of the claim.
        NotFound: no claim has the number.
        NotAvailable: the claim is not in public notice, or everything of it is paid.
        ObjectionRefused: no name or seal, nothing said, no evidence, out of time.
        TextRefused: a text that is too long.
        FileRefused: too many papers, or one that may not be kept.
        AlreadyDone: the same objection is recorded and waits for its answer.
    """
    refuse_without(actor, Permission.keep_objections)
    claim = locked_claim(session, number)
    refuse_out_of_sight(actor, claim)
    _refuse_recused(session, actor, claim)
    kept = replace(
        entry,
        objector=" ".join(kept_text(entry.objector, LONGEST_OBJECTOR).split()),
        said=kept_text(entry.said, LONGEST_OBJECTION),
    )
    _refuse_unacceptable(session, claim, kept)
    papers = accepted_papers(session, kept.papers, most=MOST_PAPERS, unnamed="objection")
    _refuse_repeated(session, claim, kept)
    assert claim.id is not None
    objection = Objection(
        claim_id=claim.id,
        objector=kept.objector,
        form=kept.form,
        received_on=kept.received_on,
        said=kept.said,
        recorded_by_id=actor.account_id,
        recorded_at_utc=now_utc(),
    )
    rows = add_with_papers(session, objection, ObjectionPaper, "objection_id", papers)
    assert objection.id is not None
    after = objection_recorded(claim.number, objection, rows)
    _record(session, actor, objection, None, after)
    return objection.id


def answer_objection(
    session: Session, actor: Actor, objection_id: int, to: ObjectionState, answer: str
) -> None:
    """Answer an objection (答复异议): dismissed it stops nothing any more; upheld, the office that
    holds the claim must act on it before anything is paid.

    Args:
        session: the writing transaction.
        actor: alliance or bureau, another person than who recorded it.
        objection_id: which.
        to: `dismissed` or `upheld`.
        answer: why, in words.

    Raises:
        NotAllowed: the actor answers none, recorded it, or is tied to a party of the claim.
        NotFound: no such objection.
        SeenIsStale: somebody has answered it meanwhile, with who and when.
        ReasonMissing, TextRefused: no reason, or one too long.
        TypeError: no answer at all; a fault of the program.
    """
    refuse_without(actor, Permission.keep_objections)
    if to is ObjectionState.open:
        raise TypeError("an objection is answered by dismissing or upholding it")
    claim = _claim_of(session, actor, objection_id)
    objection = session.get_one(Objection, objection_id, populate_existing=True)
    _refuse_answered(session, objection)
    if barred := barred_from_answering(actor.account_id, objection.recorded_by_id):
        raise NotAllowed(barred)
    _refuse_recused(session, actor, claim)
    why = required_text(answer, LONGEST_OBJECTION, say("请写明答复的理由"))
    assert claim.id is not None
    papers = papers_of_objections(session, [objection_id]).get(objection_id, [])
    before, steps = (
        objection_recorded(claim.number, objection, papers),
        history_of(session, claim.id),
    )
    objection.state, objection.answer = to, why
    objection.answered_by_id, objection.answered_at_utc = actor.account_id, now_utc()
    objection.answered_after_event = len(steps)
    session.add(objection)
    after = objection_recorded(claim.number, objection, papers)
    _record(session, actor, objection, before, after)


def _record(
    session: Session,
    actor: Actor,
    objection: Objection,
    before: dict[str, object] | None,
    after: dict[str, object],
) -> None:
    record(
        session, actor, STEP_TO[objection.state].verb, f"objection:{objection.id}", before, after,
        actor.grant_id(Permission.keep_objections),
    )  # fmt: skip


def _refuse_recused(session: Session, actor: Actor, claim: Claim) -> None:
    if reason := recused(relation_of(session, actor, claim)):
        raise NotAllowed(reason)


def _refuse_unacceptable(session: Session, claim: Claim, entry: ObjectionEntry) -> None:
    assert claim.id is not None
    history = history_of(session, claim.id)
    if not state_in_notice(place_now(session, claim, history)):
        raise NotAvailable(
            say("本件现为“{state}”：审批通过以后、办结以前才可记录公示异议",
                state=STATE_NAMES[claim.state])
        )  # fmt: skip
    notice = notice_of(session, history)
    if notice is None:
        raise NotAvailable(say("设定中没有公示期，没有公示，也就没有公示异议"))
    for fault in faults_of(entry, notice, today()):
        raise ObjectionRefused(fault)


def _refuse_repeated(session: Session, claim: Claim, entry: ObjectionEntry) -> None:
    same = (
        select(Objection.id)
        .where(
            col(Objection.claim_id) == claim.id,
            col(Objection.state) == ObjectionState.open,
            col(Objection.objector) == entry.objector,
            col(Objection.received_on) == entry.received_on,
            col(Objection.said) == entry.said,
        )
        .limit(1)
    )
    if session.execute(same).first() is not None:
        raise AlreadyDone(say("这项异议已经记录，没有重复记录"))


def _claim_of(session: Session, actor: Actor, objection_id: int) -> Claim:
    """The claim of an objection, locked: the claim first, as everybody locks it."""
    statement = (
        select(Claim.number)
        .join(Objection, col(Objection.claim_id) == Claim.id)
        .where(col(Objection.id) == objection_id)
    )
    number = session.execute(statement).scalar_one_or_none()
    if number is None:
        raise NotFound(say("没有编号为 {number} 的异议", number=objection_id))
    claim = locked_claim(session, number)
    refuse_out_of_sight(actor, claim)
    return claim


def _refuse_answered(session: Session, objection: Objection) -> None:
    if objection.state is ObjectionState.open:
        return
    answered = change_by(session, objection.answered_by_id, objection.answered_at_utc)
    raise answered.stale(
        say("未保存：{name}已于 {at} 答复这项异议（{state}）", name=answered.by, at=answered.at,
            state=OBJECTION_STATES[objection.state])
    )  # fmt: skip
