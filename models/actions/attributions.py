"""Contesting to whom a failure is put down (归因异议): the other side, once, with a reason; somebody of
the alliance decides, who neither acted for a party nor is tied to one.

Source: `dalian-hightech` has no such clause; that only the agency's own failures count in its
rating, and that it may be heard, is this system's own promise.
"""

from __future__ import annotations

from sqlmodel import Session

from models.actions.agreement_steps import begun, finished, required_reason
from models.actions.papers import Files, accepted_papers
from models.rules.agreement_life import ATTRIBUTIONS, Attribution, Contest, LifeAction
from models.rules.errors import NotAvailable
from models.rules.roles import Actor
from models.rules.wording import say


def contest_attribution(
    session: Session,
    actor: Actor,
    number: str,
    claimed: Attribution,
    reason: str,
    seen_version: int,
    papers: Files = (),
) -> None:
    """Contest to whom a failure is put down (对失败归因提出异议), once.

    Args:
        session: the writing transaction.
        actor: somebody of the side that did not record the failure.
        number: the agreement.
        claimed: to whom it should be put down.
        reason: why, in words.
        seen_version: the version that was on screen.
        papers: what proves it.

    Raises:
        NotFound, SeenIsStale, NotAllowed, NotAvailable: as `begun`; or it is what stands already.
        ReasonMissing, TextRefused: no reason, or one too long.
        FileRefused: too many papers, or one that is not accepted.
    """
    step = begun(session, actor, number, LifeAction.contest_attribution, seen_version)
    _refuse_same(step.agreement.attribution, claimed)
    why = required_reason(reason)
    kept = accepted_papers(session, papers)
    finished(
        session, actor, step, {"contest": Contest.raised}, note=why,
        detail={"claimed": Attribution(claimed).value}, papers=kept,
    )  # fmt: skip


def uphold_contest(
    session: Session,
    actor: Actor,
    number: str,
    attribution: Attribution,
    reason: str,
    seen_version: int,
) -> None:
    """Uphold it (归因异议成立): the failure is put down to somebody else from now on.

    Args:
        session: the writing transaction.
        actor: somebody of the alliance who neither acted for a party nor is tied to one.
        number: the agreement.
        attribution: to whom it is put down; not bound to what was claimed.
        reason: why, in words.
        seen_version: the version that was on screen.

    Raises:
        NotFound, SeenIsStale, NotAllowed, NotAvailable: as `begun`; or it is what stands already.
        ReasonMissing, TextRefused: no reason, or one too long.
    """
    step = begun(session, actor, number, LifeAction.uphold_contest, seen_version)
    _refuse_same(step.agreement.attribution, attribution)
    changes = {"contest": Contest.upheld, "attribution": Attribution(attribution)}
    finished(session, actor, step, changes, note=required_reason(reason))


def dismiss_contest(
    session: Session, actor: Actor, number: str, reason: str, seen_version: int
) -> None:
    """Dismiss it (维持原归因): what was recorded stays.

    Raises:
        NotFound, SeenIsStale, NotAllowed, NotAvailable: as `begun`.
        ReasonMissing, TextRefused: no reason, or one too long.
    """
    step = begun(session, actor, number, LifeAction.dismiss_contest, seen_version)
    finished(session, actor, step, {"contest": Contest.dismissed}, note=required_reason(reason))


def _refuse_same(stands: Attribution | None, claimed: Attribution) -> None:
    if stands == claimed:
        words = say("归因现在就是“{attribution}”，请选择另一项", attribution=ATTRIBUTIONS[claimed])
        raise NotAvailable(words)
