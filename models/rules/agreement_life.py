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


class Contest(StrEnum):
    """Where an objection to the attribution stands (归因异议); there is one at most."""

    none = "none"  # 没有异议
    raised = "raised"  # 待裁定
    upheld = "upheld"  # 异议成立
    dismissed = "dismissed"  # 维持原归因


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
    contest_attribution = "contest_attribution"  # 对失败归因提出异议
    uphold_contest = "uphold_contest"  # 异议成立，更改归因
    dismiss_contest = "dismiss_contest"  # 维持原归因


class Side(StrEnum):
    """Who takes a step: a party of the agreement, the office that confirms filings, the
    alliance."""

    agency = "agency"  # 服务机构
    enterprise = "enterprise"  # 企业会员
    confirmer = "confirmer"  # 备案确认单位, named by the setting
    alliance = "alliance"  # 联盟


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
CONTESTS = {
    Contest.none:      say("没有异议|归因"),
    Contest.raised:    say("待裁定|归因"),
    Contest.upheld:    say("异议成立|归因"),
    Contest.dismissed: say("维持原归因"),
}
# fmt: on
ALLIANCE = frozenset({Role.alliance_reviewer, Role.alliance_lead})

OPEN = frozenset(AgreementState) - {
    AgreementState.succeeded, AgreementState.failed, AgreementState.ended
}  # fmt: skip
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
        by_counter: the alliance's counter may take it for the agency (代为录入), of an agreement the
            counter drafted.
    """

    action: LifeAction
    name: Wording
    from_states: tuple[AgreementState, ...]
    to: AgreementState | None
    sides: tuple[Side, ...]
    needs_reason: bool = False
    never_own: bool = False
    by_counter: bool = False

    @property
    def takers(self) -> tuple[Side, ...]:
        """Who takes it, for whomever."""
        return (*self.sides, Side.alliance) if self.by_counter else self.sides


_D, _F, _R = AgreementState.draft, AgreementState.filed, AgreementState.returned
_C, _U = AgreementState.confirmed, AgreementState.under_way
_X = AgreementState.failed
_AGENCY, _BOTH, _OFFICE = (Side.agency,), (Side.agency, Side.enterprise), (Side.confirmer,)
_ALLIANCE = (Side.alliance,)

# fmt: off
LIFE: tuple[LifeStep, ...] = (
    LifeStep(LifeAction.draft_agreement,     say("起草服务协议"),     (),               _D,   _AGENCY, by_counter=True),
    LifeStep(LifeAction.edit_agreement,      say("修改协议内容"),     (_D, _R),         None, _AGENCY, by_counter=True),
    LifeStep(LifeAction.file_agreement,      say("提交服务协议备案"), (_D, _R),         _F,   _AGENCY, by_counter=True),
    LifeStep(LifeAction.take_back_filing,    say("撤回备案"),         (_F,),            _D,   _AGENCY, by_counter=True),
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
    LifeStep(LifeAction.contest_attribution, say("对失败归因提出异议"), (_X,),          None, _BOTH,     needs_reason=True),
    LifeStep(LifeAction.uphold_contest,      say("归因异议成立"),     (_X,),            None, _ALLIANCE, needs_reason=True, never_own=True),
    LifeStep(LifeAction.dismiss_contest,     say("维持原归因"),       (_X,),            None, _ALLIANCE, needs_reason=True, never_own=True),
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
        is_entered_for: the alliance's counter drafted it for the agency.
        contest: where the objection to the attribution stands.
        failed_by: the side that recorded the failure; `None` where nobody did so here.
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
    is_entered_for: bool = False
    contest: Contest = Contest.none
    failed_by: Side | None = None


def sides_of(actor: Actor, standing: LifeStanding) -> frozenset[Side]:
    """The sides on which a person may act on an agreement."""
    sides = set()
    if Role.agency in actor.roles and standing.is_own_agency:
        sides.add(Side.agency)
    if Role.enterprise in actor.roles and standing.is_own_enterprise:
        sides.add(Side.enterprise)
    if standing.confirmer in actor.roles:
        sides.add(Side.confirmer)
    if not ALLIANCE.isdisjoint(actor.roles):
        sides.add(Side.alliance)
    return frozenset(sides)


def roles_of(step: LifeStep, confirmer: Role) -> frozenset[Role]:
    """The roles that take a step, given the office that confirms filings."""
    of_side = {
        Side.agency: {Role.agency}, Side.enterprise: {Role.enterprise},
        Side.confirmer: {confirmer}, Side.alliance: ALLIANCE,
    }  # fmt: skip
    return frozenset(role for side in step.takers for role in of_side[side])


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
    if sides_of(actor, standing).isdisjoint(step.takers):
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
    if not step.never_own or not _own_sides(standing):
        return None
    return say("您代表这份协议的当事一方，不得确认、审核或裁定")


def _same_person(step: LifeStep, standing: LifeStanding) -> Wording | None:
    if not step.never_own or not standing.has_acted:
        return None
    return say("您曾代表当事方办理这份协议；备案不得由提交人确认，归因不得由登记人裁定（职责分离）")


def _tied(step: LifeStep, standing: LifeStanding) -> Wording | None:
    return _tie(standing) if step.never_own else None


def _tie(standing: LifeStanding) -> Wording | None:
    if not standing.ties:
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


def _counter(step: LifeStep, standing: LifeStanding) -> Wording | None:
    """What keeps the counter from acting for an agency."""
    if not step.by_counter or standing.is_own_agency:
        return None
    if not standing.is_entered_for:
        return say("这份协议由服务机构自己起草，由其自行办理")
    return _tie(standing)


def _contested(step: LifeStep, standing: LifeStanding) -> Wording | None:
    match step.action:
        case LifeAction.contest_attribution if standing.contest is not Contest.none:
            return say("归因异议只能提出一次")
        case LifeAction.contest_attribution if standing.failed_by is None:
            return say("失败不是在本系统登记的，没有可以提出异议的归因")
        case LifeAction.contest_attribution if standing.failed_by in _own_sides(standing):
            return say("归因由贵方登记，异议由另一方提出")
        case LifeAction.uphold_contest | LifeAction.dismiss_contest:
            is_open = standing.contest is Contest.raised
            return None if is_open else say("没有等待裁定的归因异议")
    return None


def _own_sides(standing: LifeStanding) -> frozenset[Side]:
    own = {Side.agency: standing.is_own_agency, Side.enterprise: standing.is_own_enterprise}
    return frozenset(side for side, is_own in own.items() if is_own)


def _no_milestone(step: LifeStep, standing: LifeStanding) -> Wording | None:
    if step.action is LifeAction.finish_milestone and not standing.open_milestones:
        return say("没有未完成的进度节点")
    return None


_BARRIERS: tuple[Callable[[LifeStep, LifeStanding], Wording | None], ...] = (
    _own_side,
    _same_person,
    _tied,
    _counter,
    _contested,
    _amendment,
    _without_result,
    _no_milestone,
)
"""What forbids a step besides its state; the first that applies is told."""
