"""What becomes of a filed agreement (合作对子): work begins, milestones, advances, results; it is
concluded, fails with an attribution, or ends."""

from __future__ import annotations

from datetime import date
from typing import Any

from sqlalchemy import func, select
from sqlmodel import Session, col

from models.actions.agreement_steps import Begun, begun, finished, required_reason
from models.actions.papers import Files, accepted_papers
from models.actions.reasons import required_text
from models.clock import today
from models.rules.agreement_life import Attribution, CostBearer, LifeAction, Outcome
from models.rules.agreement_terms import LONGEST_REASON
from models.rules.errors import AmountRefused, NotAvailable, NotFound
from models.rules.free_text import kept_text
from models.rules.money import LARGEST_FEN, yuan
from models.rules.roles import Actor
from models.rules.wording import say
from models.tables.agreement_life import Milestone
from models.tables.agreements import Advance

LONGEST_MILESTONE = 80  # characters of a milestone's name
MOST_MILESTONES = 30  # of one agreement


def begin_work(
    session: Session, actor: Actor, number: str, started_on: date, seen_version: int
) -> None:
    """Say when work began (登记开工): not before the filing was confirmed, 五.3(1).

    Args:
        session: the writing transaction.
        actor: somebody of its agency.
        number: the agreement.
        started_on: the first day of work, today at the latest.
        seen_version: the version that was on screen.

    Raises:
        NotFound, SeenIsStale, NotAllowed: as `begun`.
        NotAvailable: it stands elsewhere, or the day is before the confirmation or still to come.
    """
    step = begun(session, actor, number, LifeAction.begin_work, seen_version)
    _refuse_day(step, started_on)
    finished(session, actor, step, {"work_started_on": started_on})


def add_milestone(
    session: Session, actor: Actor, number: str, name: str, due_on: date, seen_version: int
) -> None:
    """Name a milestone (登记进度节点) and its day.

    Raises:
        NotFound, SeenIsStale, NotAllowed: as `begun`.
        NotAvailable: it stands elsewhere, or has all the milestones it may have.
        ReasonMissing, TextRefused: no name, or one too long.
    """
    step = begun(session, actor, number, LifeAction.add_milestone, seen_version)
    called = required_text(name, LONGEST_MILESTONE, say("请写明进度节点的名称"))
    of_agreement = (
        select(func.count())
        .select_from(Milestone)
        .where(col(Milestone.agreement_id) == step.agreement.id)
    )
    if session.execute(of_agreement).scalar_one() >= MOST_MILESTONES:
        raise NotAvailable(say("一份协议最多 {most} 个进度节点", most=MOST_MILESTONES))
    milestone = Milestone(agreement_id=step.agreement.id or 0, name=called, due_on=due_on)
    session.add(milestone)
    session.flush()
    finished(session, actor, step, detail=_milestone(milestone))


def finish_milestone(
    session: Session,
    actor: Actor,
    number: str,
    milestone_id: int,
    done_on: date,
    seen_version: int,
    papers: Files = (),
) -> None:
    """Say that a milestone is done (完成进度节点), perhaps with papers.

    Raises:
        NotFound, SeenIsStale, NotAllowed, NotAvailable: as `begun`; or no open milestone of that
            number; or a day still to come.
        FileRefused: too many papers, or one that is not accepted.
    """
    step = begun(session, actor, number, LifeAction.finish_milestone, seen_version)
    milestone = session.get(Milestone, milestone_id)
    is_own = milestone is not None and milestone.agreement_id == step.agreement.id
    if milestone is None or not is_own or milestone.done_on is not None:
        raise NotFound(say("没有这个未完成的进度节点，请核对最新内容"))
    if done_on > today():
        raise NotAvailable(say("日期 {on} 还没有到，请填今天或以前", on=done_on))
    kept = accepted_papers(session, papers)
    milestone.done_on = done_on
    session.add(milestone)
    session.flush()
    finished(session, actor, step, detail=_milestone(milestone), papers=kept)


def record_advance(
    session: Session,
    actor: Actor,
    number: str,
    amount_fen: int,
    advanced_on: date,
    seen_version: int,
) -> None:
    """Record money the agency advanced (登记垫资) under an agreement.

    Raises:
        NotFound, SeenIsStale, NotAllowed: as `begun`.
        NotAvailable: it stands elsewhere, or the day is before the signing or still to come.
        AmountRefused: nothing, or more than any amount may be.
    """
    step = begun(session, actor, number, LifeAction.record_advance, seen_version)
    if not 0 < amount_fen <= LARGEST_FEN:
        raise AmountRefused(say("金额须大于 0，不超过 {largest} 元", largest=yuan(LARGEST_FEN)))
    if not step.agreement.signed_on <= advanced_on <= today():
        raise NotAvailable(
            say("垫资日期须在签订日期 {signed_on} 与今天之间", signed_on=step.agreement.signed_on)
        )
    session.add(
        Advance(agreement_id=step.agreement.id or 0, amount_fen=amount_fen, advanced_on=advanced_on)
    )
    detail = {"amount_fen": amount_fen, "advanced_on": advanced_on.isoformat()}
    finished(session, actor, step, detail=detail)


def conclude_agreement(
    session: Session, actor: Actor, number: str, note: str, seen_version: int
) -> None:
    """Conclude an agreement whose result exists (办结协议): the pair's place is free again.

    Raises:
        NotFound, SeenIsStale, NotAllowed, NotAvailable: as `begun`; or no result is recorded.
        TextRefused: words too long.
    """
    step = begun(session, actor, number, LifeAction.conclude_agreement, seen_version)
    finished(
        session, actor, step, _closing(Outcome.succeeded), note=kept_text(note, LONGEST_REASON)
    )


def fail_agreement(
    session: Session,
    actor: Actor,
    number: str,
    attribution: Attribution,
    cost_bearer: CostBearer,
    reason: str,
    seen_version: int,
    papers: Files = (),
) -> None:
    """Record that no result came (登记未取得成果): to whom it is put down, and who bears the cost.

    Args:
        session: the writing transaction.
        actor: somebody of its agency or enterprise.
        number: the agreement.
        attribution: to whom the failure is put down; only the agency's counts in its rating.
        cost_bearer: who bears what was spent; it was never the enterprise's beforehand.
        reason: why, in words.
        seen_version: the version that was on screen.
        papers: a notice of refusal, a record.

    Raises:
        NotFound, SeenIsStale, NotAllowed, NotAvailable: as `begun`; or a result is recorded.
        ReasonMissing, TextRefused: no reason, or one too long.
        FileRefused: too many papers, or one that is not accepted.
    """
    step = begun(session, actor, number, LifeAction.fail_agreement, seen_version)
    why = required_reason(reason)
    kept = accepted_papers(session, papers)
    changes = _closing(Outcome.failed, why) | {
        "attribution": Attribution(attribution),
        "cost_bearer": CostBearer(cost_bearer),
    }
    finished(session, actor, step, changes, papers=kept)


def end_agreement(
    session: Session,
    actor: Actor,
    number: str,
    reason: str,
    seen_version: int,
    papers: Files = (),
) -> None:
    """End an agreement without a result and without a failure (终止协议), such as by consent.

    Raises:
        NotFound, SeenIsStale, NotAllowed, NotAvailable: as `begun`.
        ReasonMissing, TextRefused: no reason, or one too long.
        FileRefused: too many papers, or one that is not accepted.
    """
    step = begun(session, actor, number, LifeAction.end_agreement, seen_version)
    why = required_reason(reason)
    kept = accepted_papers(session, papers)
    finished(session, actor, step, _closing(Outcome.ended, why), papers=kept)


# ---------------------------------------------------------------- pieces


def _refuse_day(step: Begun, started_on: date) -> None:
    confirmed_on = step.agreement.filing_confirmed_on
    if confirmed_on is not None and started_on < confirmed_on:
        words = say("备案 {confirmed_on} 确认，开工不能早于确认（F03）", confirmed_on=confirmed_on)
        raise NotAvailable(words)
    if started_on > today():
        raise NotAvailable(say("日期 {on} 还没有到，请填今天或以前", on=started_on))


def _milestone(milestone: Milestone) -> dict[str, Any]:
    return {
        "milestone": milestone.id,
        "milestone_name": milestone.name,
        "milestone_due_on": milestone.due_on.isoformat(),
        "done_on": milestone.done_on.isoformat() if milestone.done_on else None,
    }


def _closing(outcome: Outcome, reason: str = "") -> dict[str, Any]:
    return {
        "outcome": outcome,
        "concluded_on": today(),
        "outcome_reason": reason,
        "holds_pair": False,
    }
