"""Objections (异议) to a claim in public notice: their life as one table, who may answer, and what of
them keeps money from being paid.

An objection carries a name or a seal, and evidence; an anonymous one is not accepted. It is
answered by another person than who recorded it. While one is open nothing of the claim is paid; one
that is upheld keeps it so until the office that holds the claim has acted on it.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from models.rules.claim_workflow import Action, Place, State
from models.rules.notice import NoticePeriod
from models.rules.roles import Relation
from models.rules.wording import Wording, say

LONGEST_OBJECTOR = 120  # characters of a name
LONGEST_OBJECTION = 1_000  # characters of what is objected, and of the answer
MOST_PAPERS = 10  # pieces of evidence of one objection


class ObjectionState(StrEnum):
    """Where an objection (异议) stands."""

    open = "open"  # 待答复
    dismissed = "dismissed"  # 异议不成立
    upheld = "upheld"  # 异议成立


class ObjectionForm(StrEnum):
    """How an objection is signed (署名方式)."""

    named = "named"  # 个人署名
    sealed = "sealed"  # 单位盖章


# fmt: off
STATE_NAMES = {
    ObjectionState.open:      say("待答复"),
    ObjectionState.dismissed: say("异议不成立"),
    ObjectionState.upheld:    say("异议成立"),
}
FORM_NAMES = {
    ObjectionForm.named:  say("个人署名"),
    ObjectionForm.sealed: say("单位盖章"),
}
# fmt: on


@dataclass(frozen=True, slots=True)
class ObjectionStep:
    """One row of the table of an objection's life.

    Attributes:
        verb: what is done, as the record names it.
        from_state: where the objection stands before; `None`: it is not there yet.
        needs_reason: it must be said why.
        never_by_recorder: whoever recorded the objection may not take it.
    """

    verb: str
    name: Wording
    from_state: ObjectionState | None
    to: ObjectionState
    needs_reason: bool
    never_by_recorder: bool


# fmt: off
OBJECTION_STEPS: tuple[ObjectionStep, ...] = (
    ObjectionStep("record_objection",  say("记录异议"),       None,                ObjectionState.open,      needs_reason=False, never_by_recorder=False),
    ObjectionStep("dismiss_objection", say("答复异议不成立"), ObjectionState.open, ObjectionState.dismissed, needs_reason=True,  never_by_recorder=True),
    ObjectionStep("uphold_objection",  say("认定异议成立"),   ObjectionState.open, ObjectionState.upheld,    needs_reason=True,  never_by_recorder=True),
)
# fmt: on
STEP_TO: dict[ObjectionState, ObjectionStep] = {step.to: step for step in OBJECTION_STEPS}

IN_NOTICE = frozenset({State.approved, State.agency_paid})
"""Where a claim is approved and something of it is still to be paid."""
ACTS_ON_UPHELD = frozenset(
    {Action.return_office, Action.refuse_office, Action.ask_agency, Action.hold}
)
"""The steps by which the office that holds a claim acts on an objection that was upheld."""


@dataclass(frozen=True, slots=True)
class ObjectionEntry:
    """An objection as it is recorded.

    Attributes:
        objector: the person's or the organisation's name, as it is signed or sealed.
        received_on: when the letter came.
        said: what is objected.
        papers: name and content of each file, the letter among them.
    """

    objector: str
    form: ObjectionForm
    received_on: date
    said: str
    papers: tuple[tuple[str, bytes], ...] = ()


@dataclass(frozen=True, slots=True)
class StandingObjection:
    """An objection as far as paying is concerned.

    Attributes:
        answered_after_event: how many steps the claim had taken when it was answered; `None` while
            it is open.
    """

    state: ObjectionState
    answered_after_event: int | None = None


def faults_of(entry: ObjectionEntry, notice: NoticePeriod, today: date) -> Iterator[Wording]:
    """What keeps an objection from being accepted (不予受理的原因), the gravest first.

    Args:
        entry: with its texts as they would be kept.
        notice: the claim's notice.
        today: the day of recording.
    """
    if not entry.objector:
        yield say("异议须署真实姓名或加盖单位公章；匿名的不予受理")
    if not entry.said:
        yield say("请写明对什么有异议、依据什么")
    if not entry.papers:
        yield say("异议须附证据材料（异议书和证明）；没有证据的不予受理")
    if entry.received_on > today:
        yield say("收到日期 {on} 还没有到", on=entry.received_on)
    elif not notice.runs_on(entry.received_on):
        yield say(
            "收到日期 {on} 不在公示期 {from_on} 至 {until_on} 之内；逾期收到的，可请办理环节暂缓后核实",
            on=entry.received_on, from_on=notice.from_on, until_on=notice.until_on,
        )  # fmt: skip


def state_in_notice(place: Place) -> bool:
    """Whether a claim in this place can be objected to: approved, and not everything paid."""
    return (place.held_from if place.state is State.on_hold else place.state) in IN_NOTICE


def recused(relation: Relation) -> Wording | None:
    """Why somebody may not deal with objections to a claim (回避); `None` if nothing speaks against
    it."""
    if relation.is_own_agency or relation.is_own_enterprise:
        return say("您代表本件的当事一方，不得办理本件的异议")
    for tie in relation.ties:
        return say(
            "您与“{organisation}”有回避关系（{kind}），不得办理本件的异议",
            organisation=tie.organisation, kind=tie.kind,
        )  # fmt: skip
    return None


def barred_from_answering(account_id: int, recorded_by_id: int) -> Wording | None:
    """Why this person may not answer an objection; `None`: they may."""
    if account_id == recorded_by_id:
        return say("这项异议由您记录，须由另一人答复")
    return None


def payment_bar(objections: Iterable[StandingObjection], acted_at: int) -> Wording | None:
    """What of a claim's objections keeps money from being paid, in words (不予支付的原因).

    Args:
        objections: all of the claim's.
        acted_at: the position of the last of its steps that is one of `ACTS_ON_UPHELD`; 0 if none.

    Returns:
        `None` where nothing does.
    """
    all_ = tuple(objections)
    waiting = sum(one.state is ObjectionState.open for one in all_)
    if waiting:
        return say("本件有 {count} 项公示异议待答复；答复前不支付补贴，也不发放奖励", count=waiting)
    if any(one.state is ObjectionState.upheld and _is_unheeded(one, acted_at) for one in all_):
        return say(
            "公示异议成立：办理环节须先退回、请机构补正或暂缓，在此之前不支付补贴，也不发放奖励"
        )
    return None


def _is_unheeded(objection: StandingObjection, acted_at: int) -> bool:
    return acted_at <= (objection.answered_after_event or 0)
