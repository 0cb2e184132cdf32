"""Passing the safe set (批量通过): row by row through the same guarded step, with a recorded draw to
be opened."""

from __future__ import annotations

import secrets
from dataclasses import dataclass
from typing import Any

from sqlalchemy import select, update
from sqlalchemy.dialects.postgresql import insert as postgres_insert
from sqlalchemy.dialects.sqlite import insert as sqlite_insert
from sqlmodel import Session, col

from models.actions.course import Course
from models.actions.months import month_of_account
from models.actions.record import record
from models.actions.steps import Seen, StepTaken, locked_claim, seen_now, take_step
from models.clock import now_utc
from models.queries.grades import low_graded
from models.queries.safe_set import draw_shares, safe_candidates
from models.rules.claim_workflow import Action
from models.rules.entitlement import Payee, Purpose
from models.rules.errors import AlreadyDone, NotAllowed, NotAvailable
from models.rules.findings import all_met
from models.rules.roles import Actor, Role
from models.rules.sampling import draw, is_drawn
from models.rules.wording import say
from models.tables.claims import Claim, SampledClaim, SamplingDraw


@dataclass(frozen=True, slots=True)
class DrawMade:
    """A draw: how many clean claims there were and how many must be opened."""

    month: str
    safe: int
    drawn: int


def draw_sample(session: Session, actor: Actor, month: str) -> DrawMade:
    """Draw the month's sample of clean claims, once.

    Args:
        session: the writing transaction.
        actor: a reviewer.
        month: `2026-11`.

    Raises:
        NotAllowed: not a reviewer.
        AlreadyDone: this month was drawn; drawing again is refused, also when two draw at the same
            moment.
        NotAvailable: not a month, or nothing is clean yet, so a draw would be of nothing.
    """
    grant = actor.grant_for({Role.alliance_reviewer})
    if grant is None:
        raise NotAllowed(say("抽查由联盟初审员抽取"))
    month, seed = month_of_account(month), secrets.token_hex(16)
    draw_id = _new_draw(session, actor, month, seed)
    candidates = safe_candidates(session, month)
    if not candidates:
        raise NotAvailable(say("{month} 还没有全部符合的申请，不必抽查", month=month))
    low = low_graded(session)
    shares = draw_shares(session, now_utc(), low)
    percents = {claim.number: shares.of(claim.agency_id) for claim in candidates}
    sampled = {row.number: row.is_drawn for row in draw(percents, seed)}
    session.add_all(
        SampledClaim(claim_id=claim.id, draw_id=draw_id, is_drawn=sampled[claim.number])
        for claim in candidates
    )
    statement = update(SamplingDraw).where(col(SamplingDraw.id) == draw_id)
    session.execute(statement.values(size=len(sampled), low_grade=sorted(low)))
    drawn = sorted(number for number, is_taken in sampled.items() if is_taken)
    after = {
        "seed": seed, "percent": shares.shares.usual,
        "percent_low_grade": shares.shares.low_grade, "low_grade": sorted(low.values()),
        "low_grade_claims": sorted(
            claim.number for claim in candidates if claim.agency_id in low
        ),
        "safe": len(sampled), "drawn": drawn,
    }  # fmt: skip
    record(session, actor, "draw_sample", f"month:{month}", None, after, grant.id)
    return DrawMade(month, len(sampled), len(drawn))


def open_drawn_claim(session: Session, actor: Actor, number: str) -> None:
    """A drawn claim was opened by a reviewer: the first time counts; a view, so not part of the
    chain.

    Raises:
        NotFound, NotAllowed: no such claim, or not a reviewer.
    """
    if actor.grant_for({Role.alliance_reviewer}) is None:
        raise NotAllowed(say("抽查由联盟初审员打开核对"))
    session.execute(
        update(SampledClaim)
        .where(
            col(SampledClaim.claim_id) == locked_claim(session, number).id,
            col(SampledClaim.is_drawn),
            col(SampledClaim.opened_at_utc).is_(None),
        )
        .values(opened_at_utc=now_utc())
    )


def pass_safe_claim(
    session: Session, actor: Actor, number: str, seen: Seen | None = None
) -> StepTaken:
    """Pass one claim of the safe set; refuses whatever is not clean, is drawn, or held.

    Args:
        session: a writing transaction of its own, so that one refusal keeps no other from passing.
        actor: the reviewer.
        number: the claim.
        seen: what the list showed; what is true now when left out.

    Raises:
        NotAvailable: it is not in the safe set, with the reason; and whatever `take_step` raises.
    """
    seen = seen or seen_now(session, actor, locked_claim(session, number))
    return take_step(session, actor, number, Action.pass_pre_review, seen, also=_refuse_unsafe)


def _refuse_unsafe(session: Session, course: Course) -> None:
    """Go on only with a claim of the safe set that no draw took."""
    if not all_met(course.found):
        raise NotAvailable(say("不是全部符合，须打开本件办理"))
    money = course.monies[Purpose.subsidy]
    if money.entitled_fen != course.claim.asked_fen:
        raise NotAvailable(say("申请额与核定上限不一致，须打开本件办理"))
    if money.payee is Payee.alliance:
        raise NotAvailable(say("收款方为联盟，须打开本件办理"))
    if _is_drawn(session, course.claim):
        raise NotAvailable(say("本件被抽中，须打开核对后单独办理"))


def _new_draw(session: Session, actor: Actor, month: str, seed: str) -> int:
    insert = sqlite_insert if session.get_bind().dialect.name == "sqlite" else postgres_insert
    header: Any = insert(SamplingDraw).values(
        month=month,
        seed=seed,
        drawn_at_utc=now_utc(),
        drawn_by_id=actor.account_id,
        size=0,
        low_grade=[],
    )
    header = header.on_conflict_do_nothing().returning(SamplingDraw.id)
    draw_id: int | None = session.execute(header).scalar_one_or_none()
    if draw_id is None:
        raise AlreadyDone(say("{month} 的抽查已经抽取，不得重抽", month=month))
    return draw_id


def _is_drawn(session: Session, claim: Claim) -> bool:
    """Whether the month's draw took this claim; one that became clean since is told by the same
    seed."""
    assert claim.id is not None
    sampled = session.get(SampledClaim, claim.id)
    if sampled is not None:
        return sampled.is_drawn
    statement = select(SamplingDraw).where(col(SamplingDraw.month) == claim.filed_month)
    header = session.execute(statement).scalar_one_or_none()
    if header is None:
        raise NotAvailable(say("本月尚未抽取抽查名单，请先抽取"))
    shares = draw_shares(session, header.drawn_at_utc, header.low_grade)
    taken = is_drawn(claim.number, header.seed, shares.of(claim.agency_id))
    session.add(SampledClaim(claim_id=claim.id, draw_id=header.id, is_drawn=taken))
    return taken
