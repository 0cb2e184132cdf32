"""Complaints (投诉) about an agency: their life, one table, `COMPLAINT_STEPS`.

Buttons, the actions, the tests and `docs/conduct.md` are read from it. Source: `dalian-hightech`
五.1 一是 (agencies are admitted and assessed by the alliance); how a complaint goes is printed
nowhere: accepting and deciding are two people's, the agency is heard in between, and one review is
open to either side. What is upheld is what was found (认定类别), not what was said.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from enum import StrEnum

from models.rules.roles import ROLE_NAMES, Actor, Answer, Role, TieFacts
from models.rules.wording import Wording, say

LONGEST_COMPLAINT = 1_000  # characters of what is complained of, of an answer, of a reason


class ComplaintState(StrEnum):
    """Where a complaint stands (投诉状态)."""

    filed = "filed"  # 待受理
    not_accepted = "not_accepted"  # 不予受理
    accepted = "accepted"  # 待机构答复
    answered = "answered"  # 待认定
    reopened = "reopened"  # 复核中
    upheld = "upheld"  # 成立
    not_upheld = "not_upheld"  # 不成立
    withdrawn = "withdrawn"  # 已撤回


class ComplaintKind(StrEnum):
    """What a complaint is about (投诉类别); the first two cap the grade where they are upheld."""

    fee_up_front = "fee_up_front"  # 预收费用
    fraud = "fraud"  # 弄虚作假
    service = "service"  # 服务质量
    delay = "delay"  # 拖延
    conduct = "conduct"  # 其他不规范行为


class ComplaintSource(StrEnum):
    """How a complaint came (投诉来源)."""

    account = "account"  # 企业本人提出
    on_behalf = "on_behalf"  # 联盟代为提出
    hint = "hint"  # 匿名线索


class ComplaintAction(StrEnum):
    """What somebody does to a complaint (投诉步骤); the record calls it by the same name."""

    file_complaint = "file_complaint"  # 提出投诉
    accept_complaint = "accept_complaint"  # 受理投诉
    turn_away_complaint = "turn_away_complaint"  # 不予受理
    answer_complaint = "answer_complaint"  # 答复投诉
    uphold_complaint = "uphold_complaint"  # 认定投诉成立
    dismiss_complaint = "dismiss_complaint"  # 认定投诉不成立
    appeal_refusal = "appeal_refusal"  # 对不予受理申请复核
    appeal_decision = "appeal_decision"  # 对认定结果申请复核
    reopen_complaint = "reopen_complaint"  # 重新认定
    withdraw_complaint = "withdraw_complaint"  # 撤回投诉


class ComplaintSide(StrEnum):
    """Who takes a step: a party of the complaint, or the alliance."""

    complainant = "complainant"  # 投诉人, or who of the alliance entered it
    agency = "agency"  # 被投诉机构
    alliance = "alliance"  # 联盟


# fmt: off
COMPLAINT_STATES = {
    ComplaintState.filed:        say("待受理"),
    ComplaintState.not_accepted: say("不予受理"),
    ComplaintState.accepted:     say("待机构答复"),
    ComplaintState.answered:     say("待认定"),
    ComplaintState.reopened:     say("复核中"),
    ComplaintState.upheld:       say("投诉成立"),
    ComplaintState.not_upheld:   say("投诉不成立"),
    ComplaintState.withdrawn:    say("已撤回"),
}
COMPLAINT_KINDS = {
    ComplaintKind.fee_up_front: say("预收费用"),
    ComplaintKind.fraud:        say("弄虚作假"),
    ComplaintKind.service:      say("服务质量"),
    ComplaintKind.delay:        say("拖延"),
    ComplaintKind.conduct:      say("其他不规范行为"),
}
COMPLAINT_SOURCES = {
    ComplaintSource.account:   say("企业提出"),
    ComplaintSource.on_behalf: say("联盟代为提出"),
    ComplaintSource.hint:      say("匿名线索"),
}
# fmt: on


@dataclass(frozen=True, slots=True)
class ComplaintStep:
    """One row of the table.

    Attributes:
        action: the step's name.
        from_states: the states in which it exists; none for the first.
        to: the state it leads to.
        sides: who takes it, any of them.
        needs_reason: it must be said why.
        never_after: whoever took one of these steps of the complaint may not take this one.
    """

    action: ComplaintAction
    name: Wording
    from_states: tuple[ComplaintState, ...]
    to: ComplaintState
    sides: tuple[ComplaintSide, ...]
    needs_reason: bool = True
    never_after: tuple[ComplaintAction, ...] = ()

    @property
    def is_impartial(self) -> bool:
        """Whether neither a party nor who is tied to one may take it: the alliance's own."""
        return self.sides == (ComplaintSide.alliance,)


_A, _S = ComplaintAction, ComplaintState
_COMPLAINANT, _AGENCY = (ComplaintSide.complainant,), (ComplaintSide.agency,)
_ALLIANCE = (ComplaintSide.alliance,)
_PARTIES = (ComplaintSide.complainant, ComplaintSide.agency)
_DECIDED = (_S.upheld, _S.not_upheld)
_TO_WITHDRAW = (_S.filed, _S.accepted, _S.answered)
_TO_DECIDE = (_S.accepted, _S.answered, _S.reopened)
_ENTERED = (_A.file_complaint, _A.appeal_refusal, _A.appeal_decision)
_ACCEPTORS = (*_ENTERED, _A.turn_away_complaint)
_DECIDERS = (*_ACCEPTORS, _A.accept_complaint, _A.uphold_complaint, _A.dismiss_complaint)
_DECISIONS = (_A.uphold_complaint, _A.dismiss_complaint)

# fmt: off
COMPLAINT_STEPS: tuple[ComplaintStep, ...] = (
    ComplaintStep(_A.file_complaint,      say("提出投诉"),       (),               _S.filed,        _COMPLAINANT),
    ComplaintStep(_A.accept_complaint,    say("受理投诉"),       (_S.filed,),      _S.accepted,     _ALLIANCE, needs_reason=False, never_after=_ACCEPTORS),
    ComplaintStep(_A.turn_away_complaint, say("不予受理投诉"),   (_S.filed,),      _S.not_accepted, _ALLIANCE, never_after=_ACCEPTORS),
    ComplaintStep(_A.answer_complaint,    say("答复投诉"),       (_S.accepted,),   _S.answered,     _AGENCY),
    ComplaintStep(_A.uphold_complaint,    say("认定投诉成立"),   _TO_DECIDE,       _S.upheld,       _ALLIANCE, never_after=_DECIDERS),
    ComplaintStep(_A.dismiss_complaint,   say("认定投诉不成立"), _TO_DECIDE,       _S.not_upheld,   _ALLIANCE, never_after=_DECIDERS),
    ComplaintStep(_A.appeal_refusal,      say("对不予受理申请复核"), (_S.not_accepted,), _S.filed,  _COMPLAINANT),
    ComplaintStep(_A.appeal_decision,     say("对认定结果申请复核"), _DECIDED,     _S.reopened,     _PARTIES),
    ComplaintStep(_A.reopen_complaint,    say("重新认定投诉"),   _DECIDED,         _S.reopened,     _ALLIANCE, never_after=_DECISIONS),
    ComplaintStep(_A.withdraw_complaint,  say("撤回投诉"),       _TO_WITHDRAW,     _S.withdrawn,    _COMPLAINANT),
)
# fmt: on

COMPLAINT_STEP_OF: dict[ComplaintAction, ComplaintStep] = {
    step.action: step for step in COMPLAINT_STEPS
}
OPEN_COMPLAINTS = (_S.filed, _S.accepted, _S.answered, _S.reopened)
"""States in which a complaint waits for somebody; each has a day by which it is due."""
DECISIONS = frozenset(_DECISIONS)
"""The steps that decide a complaint."""
APPEALS = frozenset({_A.appeal_refusal, _A.appeal_decision})
"""The steps by which a party asks for a review; in time, and once a complaint."""
REVIEWS = APPEALS | {_A.reopen_complaint}
"""The steps that open a complaint again: one of them, once."""


@dataclass(frozen=True, slots=True)
class ComplaintStanding:
    """How one person stands to one complaint.

    Attributes:
        state: where the complaint stands.
        source: how it came.
        is_own_agency: the person speaks for the agency it is about.
        is_own_enterprise: the person speaks for the enterprise that complains.
        acts: the steps the person took on it.
        ties: the person's ties to its parties in force today.
        was_reopened: it was reviewed once.
        is_answer_late: the agency's time to answer is over.
        is_appeal_late: the time to ask for a review is over.
    """

    state: ComplaintState
    source: ComplaintSource = ComplaintSource.account
    is_own_agency: bool = False
    is_own_enterprise: bool = False
    acts: frozenset[ComplaintAction] = frozenset()
    ties: tuple[TieFacts, ...] = ()
    was_reopened: bool = False
    is_answer_late: bool = False
    is_appeal_late: bool = False


_ALLIANCE_ROLES = frozenset({Role.alliance_reviewer, Role.alliance_lead})
ROLES_OF_SIDE: dict[ComplaintSide, frozenset[Role]] = {
    ComplaintSide.complainant: _ALLIANCE_ROLES | {Role.enterprise},
    ComplaintSide.agency: frozenset({Role.agency}),
    ComplaintSide.alliance: _ALLIANCE_ROLES,
}
"""The roles of each side; of the alliance, who entered a complaint is on the complainant's."""


def sides_of(actor: Actor, standing: ComplaintStanding) -> frozenset[ComplaintSide]:
    """The sides on which a person may act on a complaint."""
    sides = set()
    if Role.enterprise in actor.roles and standing.is_own_enterprise:
        sides.add(ComplaintSide.complainant)
    if Role.agency in actor.roles and standing.is_own_agency:
        sides.add(ComplaintSide.agency)
    if not actor.roles.isdisjoint(_ALLIANCE_ROLES):
        sides.add(ComplaintSide.alliance)
        entered = ComplaintAction.file_complaint in standing.acts
        if entered and standing.source is ComplaintSource.on_behalf:
            sides.add(ComplaintSide.complainant)
    return frozenset(sides)


def roles_of(step: ComplaintStep) -> frozenset[Role]:
    """The roles that take a step."""
    return frozenset().union(*(ROLES_OF_SIDE[side] for side in step.sides))


def may_take(step: ComplaintStep, actor: Actor, standing: ComplaintStanding) -> Answer:
    """Whether a person may take a step of a complaint now.

    Args:
        step: the row of the table.
        actor: the person and today's grants.
        standing: how the person stands to the complaint.

    Returns:
        Allowed with the grant acted under, or denied with the reason in words.
    """
    grant = actor.grant_for(roles_of(step))
    if grant is None:
        names = tuple(ROLE_NAMES[role] for role in sorted(roles_of(step)))
        return Answer(False, say("这一步由“{roles}”办理，您当前没有该角色", roles=names))
    if sides_of(actor, standing).isdisjoint(step.sides):
        return Answer(False, say("您不代表这件投诉的当事一方"))
    if standing.state not in step.from_states:
        words = say("投诉“{state}”，没有“{step}”这一步",
                    state=COMPLAINT_STATES[standing.state], step=step.name)  # fmt: skip
        return Answer(False, words)
    for barrier in _BARRIERS:
        if reason := barrier(step, standing):
            return Answer(False, reason)
    return Answer(True, grant=grant)


# ---------------------------------------------------------------- barriers


def _own_side(step: ComplaintStep, standing: ComplaintStanding) -> Wording | None:
    if not step.is_impartial or not (standing.is_own_agency or standing.is_own_enterprise):
        return None
    return say("您代表这件投诉的当事一方，不得受理或认定")


def _tied(step: ComplaintStep, standing: ComplaintStanding) -> Wording | None:
    if not step.is_impartial or not standing.ties:
        return None
    tie = standing.ties[0]
    return say("您与“{organisation}”有回避关系（{kind}），不得受理或认定这件投诉",
               organisation=tie.organisation, kind=tie.kind)  # fmt: skip


def _same_person(step: ComplaintStep, standing: ComplaintStanding) -> Wording | None:
    for action in step.never_after:
        if action in standing.acts:
            return say("您已对这件投诉办理过“{step}”，这一步须由另一人办理（职责分离）",
                       step=COMPLAINT_STEP_OF[action].name)  # fmt: skip
    return None


def _unheard(step: ComplaintStep, standing: ComplaintStanding) -> Wording | None:
    is_waiting = standing.state is ComplaintState.accepted and not standing.is_answer_late
    if step.action not in DECISIONS or not is_waiting:
        return None
    return say("机构的答复期限未满，答复后或期满后才可认定")


def _reviewed(step: ComplaintStep, standing: ComplaintStanding) -> Wording | None:
    if step.action not in REVIEWS:
        return None
    if standing.was_reopened:
        return say("这件投诉已复核过一次，不再复核")
    if step.action in APPEALS and standing.is_appeal_late:
        return say("申请复核的期限已过")
    return None


_BARRIERS: tuple[Callable[[ComplaintStep, ComplaintStanding], Wording | None], ...] = (
    _own_side,
    _tied,
    _same_person,
    _unheard,
    _reviewed,
)
"""What forbids a step besides its state; the first that applies is told."""
