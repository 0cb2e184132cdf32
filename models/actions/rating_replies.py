"""What agencies say to their rating (申辩、复议) and what is answered: by another person than the rater,
with a correction of the figures where it is upheld."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from sqlalchemy import select
from sqlmodel import Session, col

from models.actions.meanwhile import change_by
from models.actions.papers import Files, accepted_papers, add_with_papers
from models.actions.rating_steps import Begun, begun, finished, next_event, required_words
from models.actions.rating_writing import add_results, lapsed_for, proposed_for
from models.clock import now_utc
from models.queries.rating_results import (
    mark_before,
    newest_results,
    outcome_of_row,
    preview_signals,
    service_items,
)
from models.queries.rating_schemes import scheme_numbered
from models.queries.vouching_ratings import answer_digest, reply_digest
from models.rules.errors import (
    AlreadyDone,
    FigureRefused,
    NotAllowed,
    NotFound,
)
from models.rules.rating.adjusting import Adjustment, adjusted
from models.rules.rating.outcome import outcomes
from models.rules.rating.period_life import (
    MOST_FILES,
    REPLY_STATES,
    PeriodAction,
    ReplyStage,
    ReplyState,
)
from models.rules.rating.signals import Component
from models.rules.roles import Actor
from models.rules.wording import say
from models.tables.ratings import (
    RatingAdjustment,
    RatingEvent,
    RatingPaper,
    RatingPeriod,
    RatingReply,
)
from models.tables.reference import ServiceType

_STEP = {
    ReplyStage.reply: PeriodAction.reply_to_rating,
    ReplyStage.appeal: PeriodAction.appeal_rating,
}
_ANSWER = {
    ReplyStage.reply: PeriodAction.answer_reply,
    ReplyStage.appeal: PeriodAction.answer_appeal,
}


def reply(
    session: Session,
    actor: Actor,
    last_month: str,
    component: Component,
    said: str,
    files: Files = (),
) -> int:
    """Reply to one component of the own preview (提出申辩), once each, with files.

    Args:
        session: the writing transaction.
        actor: the agency.
        last_month: the period, by its last month.
        component: which part of the score.
        said: what is wrong with it, in words.
        files: name and content of each: PDF, PNG or JPEG.

    Returns:
        The reply's number.

    Raises:
        NotFound: no such period, or the agency has no result in it.
        NotAllowed, NotAvailable: not this person's, or the days to reply are over.
        ReasonMissing, TextRefused: nothing said, or too much.
        FileRefused: too many files, or one that may not be kept.
        AlreadyDone: the agency has replied to this component.
    """
    return _said(session, actor, last_month, ReplyStage.reply, component, said, files)


def appeal(
    session: Session,
    actor: Actor,
    last_month: str,
    component: Component,
    said: str,
    files: Files = (),
) -> int:
    """Appeal against one component of the own published rating (申请复议).

    Args:
        session, actor, last_month, component, said, files: as `reply`.

    Returns:
        The appeal's number.

    Raises:
        NotFound, NotAllowed, NotAvailable, ReasonMissing, TextRefused, FileRefused, AlreadyDone: as
            `reply`.
    """
    return _said(session, actor, last_month, ReplyStage.appeal, component, said, files)


@dataclass(frozen=True, slots=True)
class Verdict:
    """How a reply or appeal is answered (答复).

    Attributes:
        is_upheld: it was right; then `adjustments` says what changes.
        answer: why, in words the agency reads.
        adjustments: corrections of the component's figures; none where it was not right.
    """

    is_upheld: bool
    answer: str
    adjustments: tuple[Adjustment, ...] = ()


def answer(session: Session, actor: Actor, reply_id: int, verdict: Verdict) -> None:
    """Answer a reply (答复申辩) or an appeal (答复复议); an upheld appeal makes a new version of the
    agency's result, the old one stays.

    Args:
        session: the writing transaction.
        actor: alliance; not the rater, not tied to the agency; of an appeal neither who published
            nor who answered the agency before.
        reply_id: its number.
        verdict: the answer.

    Raises:
        NotFound: no such reply.
        NotAllowed, NotAvailable: not this person's, or the period stands elsewhere.
        SeenIsStale: somebody has answered it meanwhile, with who and when.
        ReasonMissing, TextRefused: no reason, or one too long.
        FigureRefused: an upheld one that corrects nothing or another component, one not upheld that
            corrects something, or figures that cannot be.
    """
    waiting = session.get(RatingReply, reply_id)
    if waiting is None:
        raise NotFound(say("没有编号为 {number} 的申辩", number=reply_id))
    month = session.get_one(RatingPeriod, waiting.period_id).last_month
    step = begun(session, actor, month, _ANSWER[waiting.stage], agency_id=waiting.agency_id)
    row = session.get_one(RatingReply, reply_id, populate_existing=True)
    _refuse_answered(session, row)
    if row.replied_by_id == actor.account_id:
        raise NotAllowed(say("这项申辩由您提出，须由另一人答复"))
    words = required_words(verdict.answer)
    made = _adjustments(session, actor, row, verdict, words)
    row.state = ReplyState.upheld if verdict.is_upheld else ReplyState.dismissed
    row.answer, row.answered_by_id, row.answered_at_utc = words, actor.account_id, now_utc()
    session.add(row)
    event = next_event(session, actor, step, reason=words)
    detail: dict[str, Any] = {
        "reply": reply_id, "reply_state": row.state.value, "component": row.component.value,
        "reply_digest": answer_digest(row, made),
    }  # fmt: skip
    if row.stage is ReplyStage.appeal and made:
        detail |= _new_version(session, step, event, row, verdict.adjustments)
    finished(session, actor, event, step.period, detail, step.agency)


# ---------------------------------------------------------------- saying


def _said(
    session: Session,
    actor: Actor,
    last_month: str,
    stage: ReplyStage,
    component: Component,
    said: str,
    files: Files,
) -> int:
    agency_id = actor.agency_id
    step = begun(session, actor, last_month, _STEP[stage], agency_id=agency_id)
    assert step.period.id is not None
    assert agency_id is not None
    _refuse_without_result(session, step, agency_id)
    words = required_words(said)
    _refuse_repeated(session, step, stage, component)
    papers = accepted_papers(session, files, most=MOST_FILES, unnamed="reply")
    row = RatingReply(
        period_id=step.period.id, agency_id=agency_id, stage=stage, component=component,
        said=words, replied_by_id=actor.account_id, replied_at_utc=now_utc(),
    )  # fmt: skip
    kept = add_with_papers(session, row, RatingPaper, "reply_id", papers)
    assert row.id is not None
    event = next_event(session, actor, step)
    detail = {
        "reply": row.id, "component": component.value, "papers": len(kept),
        "reply_digest": reply_digest(row, kept),
    }  # fmt: skip
    finished(session, actor, event, step.period, detail, step.agency)
    return row.id


def _refuse_without_result(session: Session, step: Begun, agency_id: int) -> None:
    is_published = step.step.action is PeriodAction.appeal_rating
    known = newest_results(session, step.period.id or 0, is_published=is_published)
    if agency_id not in known:
        raise NotFound(say("本期考评没有这家服务机构"))


def _refuse_repeated(
    session: Session, step: Begun, stage: ReplyStage, component: Component
) -> None:
    assert step.agency is not None
    same = select(RatingReply.id).where(
        col(RatingReply.period_id) == step.period.id,
        col(RatingReply.agency_id) == step.agency.id,
        col(RatingReply.stage) == stage,
        col(RatingReply.component) == component,
    )
    if session.execute(same).first() is not None:
        raise AlreadyDone(say("对这一项已经提出过，没有重复提出；补充材料请联系联盟"))


# ---------------------------------------------------------------- answering


def _refuse_answered(session: Session, row: RatingReply) -> None:
    if row.state is ReplyState.open:
        return
    answered = change_by(session, row.answered_by_id, row.answered_at_utc)
    raise answered.stale(
        say("未保存：{name}已于 {at} 答复（{state}）", name=answered.by, at=answered.at,
            state=REPLY_STATES[row.state])
    )  # fmt: skip


def _adjustments(
    session: Session, actor: Actor, row: RatingReply, verdict: Verdict, words: str
) -> list[RatingAdjustment]:
    """The corrections of an answer, accepted and written."""
    wanted = [one for one in verdict.adjustments if not one.is_nothing]
    if verdict.is_upheld != bool(wanted):
        raise FigureRefused(
            say("予以采纳时须写明更正的数目") if verdict.is_upheld
            else say("不予采纳时不能更正数目")
        )  # fmt: skip
    if any(one.component is not row.component for one in wanted):
        raise FigureRefused(say("只能更正申辩所涉及的这一项"))
    _refuse_unknown_services(session, wanted)
    _refuse_impossible(session, row, wanted)
    made = [
        RatingAdjustment(
            period_id=row.period_id, agency_id=row.agency_id, reply_id=row.id or 0,
            component=one.component, service_code=one.service or None, cases=one.cases,
            good_quarters=one.good_quarters, penalty=one.penalty, lapses=one.lapses,
            cleared=one.cleared, reason=words, made_by_id=actor.account_id, made_at_utc=now_utc(),
        )
        for one in wanted
    ]  # fmt: skip
    session.add_all(made)
    session.flush()
    return made


def _refuse_unknown_services(session: Session, wanted: Iterable[Adjustment]) -> None:
    named = {one.service for one in wanted if one.service}
    known = select(col(ServiceType.code)).where(col(ServiceType.code).in_(named))
    if named and len(set(session.execute(known).scalars())) != len(named):
        raise FigureRefused(say("请从服务清单中选择服务"))


def _refuse_impossible(session: Session, row: RatingReply, wanted: Iterable[Adjustment]) -> None:
    """Corrections that leave figures that cannot be are refused here, in words."""
    if row.stage is ReplyStage.appeal:
        known = newest_results(session, row.period_id, is_published=True)
        adjusted(outcome_of_row(known[row.agency_id]).signals, wanted)
        return
    period = session.get_one(RatingPeriod, row.period_id)
    for one in preview_signals(session, period):
        if one.agency_id == row.agency_id:
            adjusted(one, wanted)


def _new_version(
    session: Session,
    step: Begun,
    event: RatingEvent,
    row: RatingReply,
    wanted: Iterable[Adjustment],
) -> dict[str, Any]:
    """Freeze the next version of one agency's result, its peers as they were published; what
    nobody has decided on of the old one falls, what follows from the new one is proposed.

    Returns:
        What the event states of it.
    """
    period, agency_id = step.period, row.agency_id
    known = newest_results(session, row.period_id, is_published=True)
    everybody = {one.agency_id: outcome_of_row(one).signals for one in known.values()}
    everybody[agency_id] = adjusted(everybody[agency_id], wanted)
    scheme = scheme_numbered(session, period.scheme_version)
    found = outcomes(everybody.values(), scheme, service_items(session))[agency_id]
    rows = add_results(
        session, period, event, (found,), as_of=known[agency_id].as_of, is_published=True
    )
    lapsed = lapsed_for(session, row.period_id, agency_id)
    proposed = proposed_for(session, rows, mark_before(session, period))
    return {
        "results": {str(one.agency_id): one.digest for one in rows},
        "consequences": lapsed | proposed,
    }
