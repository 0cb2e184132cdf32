"""The life of a service agreement (合作对子), one table: `LIFE`.

Buttons, the actions, the tests and the database's CHECK are read from it. Source:
`dalian-hightech` 五.3(1): the agreement is filed and confirmed before work starts, work is unpaid,
the result comes first and money after it. Who confirms is not printed there; it is a setting.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from models.rules.roles import ROLE_NAMES, Actor, Answer, Role, TieFacts
from models.rules.wording import Wording, say


class AgreementState(StrEnum):
    """Where an agreement stands (协议状态)."""

    draft = "draft"  # 起草中
    filed = "filed"  # 备案待确认
    returned = "returned"  # 备案退回
    confirmed = "confirmed"  # 已备案，未开工
    under_way = "under_way"  # 办理中
    succeeded = "succeeded"  # 已取得成果
    failed = "failed"  # 未取得成果
    ended = "ended"  # 已终止


class Outcome(StrEnum):
    """How an agreement came out (协议结果)."""

    open = "open"  # 未结
    succeeded = "succeeded"  # 已取得成果
    failed = "failed"  # 未取得成果
    ended = "ended"  # 已终止


class Attribution(StrEnum):
    """To whom a failure is put down (失败归因)."""

    agency = "agency"  # 服务机构
    enterprise = "enterprise"  # 企业
    policy = "policy"  # 政策
    office = "office"  # 主管环节


class CostBearer(StrEnum):
    """Who bears what was spent when no result came (费用承担)."""

    agency = "agency"  # 服务机构
    enterprise = "enterprise"  # 企业
    shared = "shared"  # 双方分担


class LifeAction(StrEnum):
    """What somebody does to an agreement (协议步骤); the record calls it by the same name."""

    draft_agreement = "draft_agreement"  # 起草服务协议
    edit_agreement = "edit_agreement"  # 修改协议内容
    file_agreement = "file_agreement"  # 提交服务协议备案
    take_back_filing = "take_back_filing"  # 撤回备案
    confirm_filing = "confirm_filing"  # 确认备案
    return_filing = "return_filing"  # 退回备案
    begin_work = "begin_work"  # 登记开工
    add_milestone = "add_milestone"  # 登记进度节点
    finish_milestone = "finish_milestone"  # 完成进度节点
    record_advance = "record_advance"  # 登记垫资
    record_result = "record_result"  # 登记成果
    propose_amendment = "propose_amendment"  # 提出协议变更
    confirm_amendment = "confirm_amendment"  # 确认协议变更
    turn_down_amendment = "turn_down_amendment"  # 不同意协议变更
    conclude_agreement = "conclude_agreement"  # 办结协议
    fail_agreement = "fail_agreement"  # 登记未取得成果
    end_agreement = "end_agreement"  # 终止协议


class Side(StrEnum):
    """Who takes a step: a party of the agreement, or the office that confirms filings."""

    agency = "agency"  # 服务机构
    enterprise = "enterprise"  # 企业会员
    confirmer = "confirmer"  # 备案确认单位, named by the setting


# fmt: off
AGREEMENT_STATES = {
    AgreementState.draft:     say("起草中"),
    AgreementState.filed:     say("备案待确认"),
    AgreementState.returned:  say("备案退回"),
    AgreementState.confirmed: say("已备案，未开工"),
    AgreementState.under_way: say("办理中"),
    AgreementState.succeeded: say("已取得成果"),
    AgreementState.failed:    say("未取得成果"),
    AgreementState.ended:     say("已终止"),
}
OUTCOMES = {
    Outcome.open:      say("未结"),
    Outcome.succeeded: AGREEMENT_STATES[AgreementState.succeeded],
    Outcome.failed:    AGREEMENT_STATES[AgreementState.failed],
    Outcome.ended:     AGREEMENT_STATES[AgreementState.ended],
}
ATTRIBUTIONS = {
    Attribution.agency:     say("服务机构"),
    Attribution.enterprise: say("企业"),
    Attribution.policy:     say("政策"),
    Attribution.office:     say("主管环节"),
}
COST_BEARERS = {
    CostBearer.agency:     say("服务机构承担"),
    CostBearer.enterprise: say("企业承担"),
    CostBearer.shared:     say("双方分担"),
}
# fmt: on

OPEN = frozenset(
    {
        AgreementState.draft,
        AgreementState.filed,
        AgreementState.returned,
        AgreementState.confirmed,
        AgreementState.under_way,
    }
)
"""States in which an agreement holds its place: one agency per service at a time (一对一)."""


@dataclass(frozen=True, slots=True)
class LifeStep:
    """One row of the table.

    Attributes:
        action: the step's name.
        from_states: the states in which it exists; none for the first.
        to: the state it leads to; `None` leaves the state as it is.
        sides: who takes it, any of them.
        needs_reason: reasons, coded or in words, are required.
        never_own: never by a person who acted for a party of this agreement.
    """

    action: LifeAction
    name: Wording
    from_states: tuple[AgreementState, ...]
    to: AgreementState | None
    sides: tuple[Side, ...]
    needs_reason: bool = False
    never_own: bool = False


_D, _F, _R = AgreementState.draft, AgreementState.filed, AgreementState.returned
_C, _U = AgreementState.confirmed, AgreementState.under_way
_AGENCY, _BOTH, _OFFICE = (Side.agency,), (Side.agency, Side.enterprise), (Side.confirmer,)

# fmt: off
LIFE: tuple[LifeStep, ...] = (
    LifeStep(LifeAction.draft_agreement,     say("起草服务协议"),     (),               _D,   _AGENCY),
    LifeStep(LifeAction.edit_agreement,      say("修改协议内容"),     (_D, _R),         None, _AGENCY),
    LifeStep(LifeAction.file_agreement,      say("提交服务协议备案"), (_D, _R),         _F,   _AGENCY),
    LifeStep(LifeAction.take_back_filing,    say("撤回备案"),         (_F,),            _D,   _AGENCY),
    LifeStep(LifeAction.confirm_filing,      say("确认备案"),         (_F,),            _C,   _OFFICE, never_own=True),
    LifeStep(LifeAction.return_filing,       say("退回备案"),         (_F,),            _R,   _OFFICE, needs_reason=True, never_own=True),
    LifeStep(LifeAction.begin_work,          say("登记开工"),         (_C,),            _U,   _AGENCY),
    LifeStep(LifeAction.add_milestone,       say("登记进度节点"),     (_C, _U),         None, _AGENCY),
    LifeStep(LifeAction.finish_milestone,    say("完成进度节点"),     (_C, _U),         None, _AGENCY),
    LifeStep(LifeAction.record_advance,      say("登记垫资"),         (_C, _U),         None, _AGENCY),
    LifeStep(LifeAction.record_result,       say("登记成果"),         (_U,),            None, _AGENCY),
    LifeStep(LifeAction.propose_amendment,   say("提出协议变更"),     (_C, _U),         None, _BOTH,   needs_reason=True),
    LifeStep(LifeAction.confirm_amendment,   say("确认协议变更"),     (_C, _U),         None, _OFFICE, never_own=True),
    LifeStep(LifeAction.turn_down_amendment, say("不同意协议变更"),   (_C, _U),         None, _OFFICE, needs_reason=True, never_own=True),
    LifeStep(LifeAction.conclude_agreement,  say("办结协议"),         (_U,),            AgreementState.succeeded, _AGENCY),
    LifeStep(LifeAction.fail_agreement,      say("登记未取得成果"),   (_C, _U),         AgreementState.failed,    _BOTH, needs_reason=True),
    LifeStep(LifeAction.end_agreement,       say("终止协议"),         (_D, _R, _C, _U), AgreementState.ended,     _BOTH, needs_reason=True),
)
# fmt: on

LIFE_STEP_OF: dict[LifeAction, LifeStep] = {step.action: step for step in LIFE}


def agreement_state(filing: str, outcome: str, work_started_on: date | None) -> AgreementState:
    """Where an agreement stands, from what its row keeps.

    Args:
        filing: `draft`, `filed`, `confirmed` or `returned`.
        outcome: how it came out, `open` while it did not.
        work_started_on: the day work began, if it did.
    """
    if outcome != Outcome.open:
        return AgreementState(str(outcome))
    if filing == AgreementState.confirmed and work_started_on is not None:
        return AgreementState.under_way
    return AgreementState(str(filing))


@dataclass(frozen=True, slots=True)
class LifeStanding:
    """How one person stands to one agreement.

    Attributes:
        state: where the agreement stands.
        confirmer: the role the setting names (备案确认单位).
        is_own_agency: the person speaks for its agency.
        is_own_enterprise: the person speaks for its enterprise.
        has_acted: the person acted for a party of it before.
        ties: the person's ties to its parties in force today.
        has_results: a result was recorded.
        is_amendment_open: an amendment waits for its answer.
        open_milestones: milestones not yet done.
    """

    state: AgreementState
    confirmer: Role
    is_own_agency: bool = False
    is_own_enterprise: bool = False
    has_acted: bool = False
    ties: tuple[TieFacts, ...] = ()
    has_results: bool = False
    is_amendment_open: bool = False
    open_milestones: int = 0


def sides_of(actor: Actor, standing: LifeStanding) -> frozenset[Side]:
    """The sides on which a person may act on an agreement."""
    sides = set()
    if Role.agency in actor.roles and standing.is_own_agency:
        sides.add(Side.agency)
    if Role.enterprise in actor.roles and standing.is_own_enterprise:
        sides.add(Side.enterprise)
    if standing.confirmer in actor.roles:
        sides.add(Side.confirmer)
    return frozenset(sides)


def roles_of(step: LifeStep, confirmer: Role) -> frozenset[Role]:
    """The roles that take a step, given the office that confirms filings."""
    of_side = {
        Side.agency: Role.agency, Side.enterprise: Role.enterprise, Side.confirmer: confirmer,
    }  # fmt: skip
    return frozenset(of_side[side] for side in step.sides)


def may_take(step: LifeStep, actor: Actor, standing: LifeStanding) -> Answer:
    """Whether a person may take a step of an agreement now.

    Args:
        step: the row of the table.
        actor: the person and today's grants.
        standing: how the person stands to the agreement.

    Returns:
        Allowed with the grant acted under, or denied with the reason in words.
    """
    roles = roles_of(step, standing.confirmer)
    grant = actor.grant_for(roles)
    if grant is None:
        names = tuple(ROLE_NAMES[role] for role in sorted(roles))
        return Answer(False, say("这一步由“{roles}”办理，您当前没有该角色", roles=names))
    if sides_of(actor, standing).isdisjoint(step.sides):
        return Answer(False, say("您不代表这份协议的当事一方"))
    if standing.state not in step.from_states:
        words = say("协议“{state}”，没有“{step}”这一步",
                    state=AGREEMENT_STATES[standing.state], step=step.name)  # fmt: skip
        return Answer(False, words)
    for barrier in _BARRIERS:
        if reason := barrier(step, standing):
            return Answer(False, reason)
    return Answer(True, grant=grant)


# ---------------------------------------------------------------- barriers


def _own_side(step: LifeStep, standing: LifeStanding) -> Wording | None:
    if not step.never_own or not (standing.is_own_agency or standing.is_own_enterprise):
        return None
    return say("您代表这份协议的当事一方，不得作为备案确认单位办理")


def _same_person(step: LifeStep, standing: LifeStanding) -> Wording | None:
    if not step.never_own or not standing.has_acted:
        return None
    return say("您曾代表当事方办理这份协议；备案不得由提交人确认（职责分离）")


def _tied(step: LifeStep, standing: LifeStanding) -> Wording | None:
    if not step.never_own or not standing.ties:
        return None
    tie = standing.ties[0]
    return say("您与“{organisation}”有回避关系（{kind}），不得办理这份协议",
               organisation=tie.organisation, kind=tie.kind)  # fmt: skip


def _amendment(step: LifeStep, standing: LifeStanding) -> Wording | None:
    answers = (LifeAction.confirm_amendment, LifeAction.turn_down_amendment)
    if step.action in answers and not standing.is_amendment_open:
        return say("没有等待答复的协议变更")
    if step.action is LifeAction.propose_amendment and standing.is_amendment_open:
        return say("已有一项协议变更等待答复")
    return None


def _without_result(step: LifeStep, standing: LifeStanding) -> Wording | None:
    if step.action is LifeAction.conclude_agreement and not standing.has_results:
        return say("还没有登记成果；取得成果后办结，未取得的请登记未取得成果")
    if step.action is LifeAction.fail_agreement and standing.has_results:
        return say("已登记成果，不能登记未取得成果")
    return None


def _no_milestone(step: LifeStep, standing: LifeStanding) -> Wording | None:
    if step.action is LifeAction.finish_milestone and not standing.open_milestones:
        return say("没有未完成的进度节点")
    return None


_BARRIERS: tuple[Callable[[LifeStep, LifeStanding], Wording | None], ...] = (
    _own_side,
    _same_person,
    _tied,
    _amendment,
    _without_result,
    _no_milestone,
)
"""What forbids a step besides its state; the first that applies is told."""
