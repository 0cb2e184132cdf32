"""What waits for one person (轮到我), pile by pile, each with the list that shows it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from sqlmodel import Session

from models.queries.actuals import sizes_of_actuals
from models.queries.agreements import AgreementFilter, AgreementPile, turn_size
from models.queries.changes import changes_to_confirm
from models.queries.claims import Pile
from models.queries.complaints import complaints_waiting
from models.queries.homes import SHOWN, answers_asked, claims_without_anyone
from models.queries.imports_drafts import drafts_waiting
from models.queries.needs import requests_waiting
from models.queries.own_turn import offices_of
from models.queries.paging import Count
from models.queries.payments import PaymentPile, pile_sums
from models.queries.queue_sizes import queue_counts
from models.queries.sign_in_blocks import blocks_now
from models.queries.tasks import TaskPile, register_summary
from models.queries.trainings import trainings_waiting
from models.rules.changes import ChangeState
from models.rules.months import YearMonth
from models.rules.roles import Actor, Permission, Role
from models.rules.wording import Wording, say


class TurnKind(StrEnum):
    """A pile that waits for a person."""

    claims = "claims"  # 轮到我
    taken = "taken"  # 我办理中
    put_right = "put_right"  # 等我补正
    answers = "answers"  # 请您确认
    complaints = "complaints"  # 投诉
    trainings = "trainings"  # 培训
    agreements = "agreements"  # 等我办理的合作对子
    needs = "needs"  # 询问本机构的需求
    to_pay_again = "to_pay_again"  # 待重付
    drafts = "drafts"  # 待第二人确认
    changes = "changes"  # 待我确认的调整
    figures = "figures"  # 待确认实绩
    late_tasks = "late_tasks"  # 逾期任务
    stuck = "stuck"  # 无可办理人
    blocks = "blocks"  # 登录限制


# fmt: off
TURN_NAMES: dict[TurnKind, Wording] = {
    TurnKind.claims:    say("轮到我办理的申请"),
    TurnKind.taken:     say("我已接手的申请"),
    TurnKind.put_right: say("等我补正或提交的申请"),
    TurnKind.answers:   say("请您确认的服务"),
    TurnKind.complaints: say("等我办理的投诉"),
    TurnKind.trainings: say("等我办理的培训"),
    TurnKind.agreements: say("等我办理的合作对子"),
    TurnKind.needs:     say("询问本机构的需求"),
    TurnKind.to_pay_again: say("待重付的款项"),
    TurnKind.drafts:    say("待我确认的标准和额度"),
    TurnKind.changes:   say("待我确认的调整"),
    TurnKind.figures:   say("待确认的实绩"),
    TurnKind.late_tasks: say("逾期的任务"),
    TurnKind.stuck:     say("无可办理人的申请"),
    TurnKind.blocks:    say("登录限制"),
}
_LISTS: dict[TurnKind, tuple[str, tuple[tuple[str, str], ...]]] = {
    TurnKind.claims:    ("/claims",   (("pile", Pile.turn.value),)),
    TurnKind.taken:     ("/claims",   (("pile", Pile.mine.value),)),
    TurnKind.put_right: ("/claims",   (("pile", Pile.turn.value),)),
    TurnKind.answers:   ("/",         ()),
    TurnKind.complaints: ("/complaints", (("pile", "turn"),)),
    TurnKind.trainings: ("/trainings", (("pile", "turn"),)),
    TurnKind.agreements: ("/agreements", (("pile", AgreementPile.turn.value),)),
    TurnKind.needs:     ("/needs",    ()),
    TurnKind.to_pay_again: ("/payments", (("pile", PaymentPile.failed.value),)),
    TurnKind.drafts:    ("/exchange", ()),
    TurnKind.changes:   ("/policies", (("view", "changes"), ("state", ChangeState.drafted.value))),
    TurnKind.figures:   ("/actuals",  (("view", "waiting"),)),
    TurnKind.late_tasks: ("/tasks",   (("pile", TaskPile.overdue.value),)),
    TurnKind.stuck:     ("/",         ()),
    TurnKind.blocks:    ("/",         ()),
}
# fmt: on
_TOLD_STUCK = frozenset({Role.alliance_lead, Role.administrator})
_TOLD_LATE = frozenset({Role.alliance_reviewer, Role.alliance_lead, Role.leader})


@dataclass(frozen=True, slots=True)
class Turn:
    """One pile that waits, and the list that shows just that.

    Attributes:
        address: of the page.
        query: what the address asks there.
    """

    kind: TurnKind
    count: Count
    address: str
    query: tuple[tuple[str, str], ...] = ()


def turns_of(session: Session, actor: Actor, on: date) -> tuple[Turn, ...]:
    """What waits for this person, from the same queries as the start page; empty piles left out.

    Args:
        session: any transaction.
        actor: whose turn.
        on: the office's day.
    """
    sizes = _claims(session, actor, on) | _others(session, actor) | _beside(session, actor, on)
    return tuple(
        Turn(kind, sizes[kind], *_LISTS[kind])
        for kind in TurnKind
        if sizes.get(kind, Count(0)).rows
    )


def _claims(session: Session, actor: Actor, on: date) -> dict[TurnKind, Count]:
    if not offices_of(actor):
        return {}
    counts = queue_counts(session, actor, str(YearMonth.containing(on)))
    if Role.agency in actor.roles:
        return {TurnKind.put_right: Count(counts.turn)}
    return {TurnKind.claims: Count(counts.turn), TurnKind.taken: Count(counts.mine)}


def _others(session: Session, actor: Actor) -> dict[TurnKind, Count]:
    sizes: dict[TurnKind, Count] = {}
    asked = len(answers_asked(session, actor))
    sizes[TurnKind.answers] = Count(asked, asked < SHOWN)
    sizes[TurnKind.complaints] = complaints_waiting(session, actor) or Count(0)
    sizes[TurnKind.trainings] = Count(trainings_waiting(session, actor))
    if actor.may(Permission.confirm_policy):
        drafts = drafts_waiting(session, actor)
        sizes[TurnKind.drafts] = Count(sum(draft.may_confirm for draft in drafts))
        sizes[TurnKind.changes] = Count(changes_to_confirm(session, actor))
    if actor.may(Permission.enter_actuals):
        sizes[TurnKind.figures] = Count(sizes_of_actuals(session, actor).waiting)
    if actor.may(Permission.manage_accounts):
        sizes[TurnKind.blocks] = Count(len(blocks_now(session, actor)))
    return sizes


def _beside(session: Session, actor: Actor, on: date) -> dict[TurnKind, Count]:
    """What waits beside claims and drafts, and what is to be told although nobody's turn has
    come."""
    waiting = turn_size(session, actor, AgreementFilter())
    sizes = {TurnKind.needs: Count(requests_waiting(session, actor))}
    if waiting is not None:
        sizes[TurnKind.agreements] = waiting
    if actor.may(Permission.pay):
        sizes[TurnKind.to_pay_again] = Count(pile_sums(session, actor).failed)
    if not _TOLD_LATE.isdisjoint(actor.roles):
        sizes[TurnKind.late_tasks] = Count(register_summary(session, actor, on).overdue)
    if not _TOLD_STUCK.isdisjoint(actor.roles):
        sizes[TurnKind.stuck] = Count(claims_without_anyone(session, on).claims)
    return sizes
