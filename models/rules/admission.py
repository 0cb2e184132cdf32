"""The life of an admission (入会资格审查), one table: `LIFE`, from application to leaving.

Buttons, the actions, the tests and the database's CHECK are read from it. Source:
`dalian-hightech` 五.1 一是: the alliance examines the qualification of agencies that join. Who
examines and who decides is not printed there: here a reviewer examines and the lead decides, two
persons, neither of whom acted for the applicant.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from enum import StrEnum

from models.rules.roles import ROLE_NAMES, Actor, Answer, Role, TieFacts
from models.rules.wording import Wording, say


class AdmissionState(StrEnum):
    """Where an application, and after it the agency's qualification, stands (入会状态)."""

    draft = "draft"  # 填报中
    applied = "applied"  # 待审查
    returned = "returned"  # 退回补正
    reviewed = "reviewed"  # 待决定
    admitted = "admitted"  # 已准入
    refused = "refused"  # 不予准入
    withdrawn = "withdrawn"  # 已撤销
    suspended = "suspended"  # 暂停中
    removed = "removed"  # 已退出


class AdmissionKind(StrEnum):
    """What is applied for (申请类型)."""

    first = "first"  # 入会
    extend = "extend"  # 增加服务
    rejoin = "rejoin"  # 重新入会


class Desk(StrEnum):
    """Who takes a step: the applicant's side, who examines, who decides."""

    applicant = "applicant"  # 申请方
    reviewer = "reviewer"  # 审查
    decider = "decider"  # 决定


class AdmissionAction(StrEnum):
    """What somebody does about an admission (入会步骤); the record calls it by the same name."""

    enter_application = "enter_application"  # 填报入会申请
    edit_application = "edit_application"  # 修改入会申请
    answer_criterion = "answer_criterion"  # 填报入会条件
    apply_for_admission = "apply_for_admission"  # 提交入会申请
    take_back_application = "take_back_application"  # 收回入会申请
    give_up_application = "give_up_application"  # 撤销入会申请
    apply_again = "apply_again"  # 再次申请
    examine_criteria = "examine_criteria"  # 填写审查意见
    return_application = "return_application"  # 退回补正
    pass_to_decision = "pass_to_decision"  # 送负责人决定
    ask_review_again = "ask_review_again"  # 退回再审
    recuse_oneself = "recuse_oneself"  # 申请回避
    admit_agency = "admit_agency"  # 准予入会
    refuse_admission = "refuse_admission"  # 不予准入
    readmit_agency = "readmit_agency"  # 恢复资格
    suspend_agency = "suspend_agency"  # 暂停服务资格
    lift_suspension = "lift_suspension"  # 解除暂停
    remove_agency = "remove_agency"  # 机构退出名录


# fmt: off
ADMISSION_STATES = {
    AdmissionState.draft:     say("填报中"),
    AdmissionState.applied:   say("待审查"),
    AdmissionState.returned:  say("退回补正"),
    AdmissionState.reviewed:  say("待决定"),
    AdmissionState.admitted:  say("已准入"),
    AdmissionState.refused:   say("不予准入"),
    AdmissionState.withdrawn: say("已撤销"),
    AdmissionState.suspended: say("暂停中"),
    AdmissionState.removed:   say("已退出"),
}
ADMISSION_KINDS = {
    AdmissionKind.first:  say("入会"),
    AdmissionKind.extend: say("增加服务"),
    AdmissionKind.rejoin: say("重新入会"),
}
DESKS = {
    Desk.applicant: say("申请方"),
    Desk.reviewer:  say("审查"),
    Desk.decider:   say("决定"),
}
# fmt: on

APPLICATION_STATES = (
    AdmissionState.draft,
    AdmissionState.applied,
    AdmissionState.returned,
    AdmissionState.reviewed,
    AdmissionState.admitted,
    AdmissionState.refused,
    AdmissionState.withdrawn,
)
"""Where an application can stand; the others are an agency's."""
OPEN = frozenset(
    {
        AdmissionState.draft,
        AdmissionState.applied,
        AdmissionState.returned,
        AdmissionState.reviewed,
    }
)
"""States in which an application is under way: one per organisation at a time."""
ON_BEHALF = frozenset({Role.alliance_reviewer, Role.alliance_lead})
"""Who enters an application for an organisation that has no account yet."""
ROLES_OF: dict[Desk, frozenset[Role]] = {
    Desk.applicant: ON_BEHALF | {Role.agency},
    Desk.reviewer: frozenset({Role.alliance_reviewer}),
    Desk.decider: frozenset({Role.alliance_lead}),
}


@dataclass(frozen=True, slots=True)
class AdmissionStep:
    """One row of the table.

    Attributes:
        action: the step's name.
        from_states: the states in which it exists; none for the first.
        to: the state it leads to; `None` leaves the state as it is.
        desk: who takes it.
        needs_reason: reasons, coded or in words, are required.
        never_own: never by a person who acts for the applicant, is tied to it, has recused
            themselves, or acted at another desk of the same application.
        of_agency: it is a step of an agency's qualification, not of an application.
    """

    action: AdmissionAction
    name: Wording
    from_states: tuple[AdmissionState, ...]
    to: AdmissionState | None
    desk: Desk
    needs_reason: bool = False
    never_own: bool = False
    of_agency: bool = False


_S, _A = AdmissionState, AdmissionAction
_OPEN_TO_EDIT, _HELD = (_S.draft, _S.returned), (_S.applied, _S.reviewed)
_APPLICANT, _REVIEW, _DECISION = Desk.applicant, Desk.reviewer, Desk.decider

# fmt: off
LIFE: tuple[AdmissionStep, ...] = (
    AdmissionStep(_A.enter_application,     say("填报入会申请"),   (),             _S.draft,     _APPLICANT),
    AdmissionStep(_A.edit_application,      say("修改入会申请"),   _OPEN_TO_EDIT,  None,         _APPLICANT),
    AdmissionStep(_A.answer_criterion,      say("填报入会条件"),   _OPEN_TO_EDIT,  None,         _APPLICANT),
    AdmissionStep(_A.apply_for_admission,   say("提交入会申请"),   _OPEN_TO_EDIT,  _S.applied,   _APPLICANT),
    AdmissionStep(_A.take_back_application, say("收回入会申请"),   (_S.applied,),  _S.draft,     _APPLICANT),
    AdmissionStep(_A.give_up_application,   say("撤销入会申请"),   _OPEN_TO_EDIT,  _S.withdrawn, _APPLICANT, needs_reason=True),
    AdmissionStep(_A.apply_again,           say("再次申请入会"),   (_S.refused, _S.withdrawn), _S.draft, _APPLICANT),
    AdmissionStep(_A.examine_criteria,      say("填写审查意见"),   (_S.applied,),  None,         _REVIEW,   never_own=True),
    AdmissionStep(_A.return_application,    say("退回补正"),       (_S.applied,),  _S.returned,  _REVIEW,   needs_reason=True, never_own=True),
    AdmissionStep(_A.pass_to_decision,      say("送负责人决定"),   (_S.applied,),  _S.reviewed,  _REVIEW,   never_own=True),
    AdmissionStep(_A.ask_review_again,      say("退回再审"),       (_S.reviewed,), _S.applied,   _DECISION, needs_reason=True, never_own=True),
    AdmissionStep(_A.admit_agency,          say("准予入会"),       (_S.reviewed,), _S.admitted,  _DECISION, never_own=True),
    AdmissionStep(_A.refuse_admission,      say("不予准入"),       (_S.reviewed,), _S.refused,   _DECISION, needs_reason=True, never_own=True),
    AdmissionStep(_A.recuse_oneself,        say("申请回避"),       _HELD,          None,         _REVIEW,   needs_reason=True),
    AdmissionStep(_A.suspend_agency,        say("暂停服务资格"),   (_S.admitted,), _S.suspended, _DECISION, needs_reason=True, never_own=True, of_agency=True),
    AdmissionStep(_A.lift_suspension,       say("解除暂停"),       (_S.suspended,), _S.admitted, _DECISION, needs_reason=True, never_own=True, of_agency=True),
    AdmissionStep(_A.remove_agency,         say("机构退出名录"),   (_S.admitted, _S.suspended), _S.removed, _DECISION, needs_reason=True, never_own=True, of_agency=True),
    AdmissionStep(_A.readmit_agency,        say("恢复服务资格"),   (_S.removed,),  _S.admitted,  _DECISION, never_own=True, of_agency=True),
)
# fmt: on
"""An agency comes back only by an application: `readmit_agency` is what admitting it does to the
agency's own life."""

STEP_OF: dict[AdmissionAction, AdmissionStep] = {step.action: step for step in LIFE}
DECISIVE = frozenset({_A.return_application, _A.pass_to_decision})
"""Steps after which nobody looks at the criteria for the time being: every one has its verdict."""


@dataclass(frozen=True, slots=True)
class AdmissionStanding:
    """How one person stands to one application, or to one agency's qualification.

    Attributes:
        state: where it stands.
        is_own: the person speaks for the applicant or the agency.
        is_on_behalf: the alliance entered it for an organisation without an account.
        acted_at: desks at which the person acted on this application, in any round.
        has_recused: the person asked to be left out.
        ties: the person's ties to the applicant in force today.
        unexamined: criteria without a verdict.
        unmet: required criteria found not met.
    """

    state: AdmissionState
    is_own: bool = False
    is_on_behalf: bool = False
    acted_at: frozenset[Desk] = field(default_factory=frozenset)
    has_recused: bool = False
    ties: tuple[TieFacts, ...] = ()
    unexamined: tuple[str, ...] = ()
    unmet: tuple[str, ...] = ()


def desks_of(actor: Actor, standing: AdmissionStanding) -> frozenset[Desk]:
    """The desks at which a person's roles let them act on an admission."""
    desks = {desk for desk in (Desk.reviewer, Desk.decider) if actor.roles & ROLES_OF[desk]}
    enters = standing.is_on_behalf and bool(actor.roles & ON_BEHALF)
    if enters or (standing.is_own and Role.agency in actor.roles):
        desks.add(Desk.applicant)
    return frozenset(desks)


def may_take(step: AdmissionStep, actor: Actor, standing: AdmissionStanding) -> Answer:
    """Whether a person may take a step of an admission now.

    Args:
        step: the row of the table.
        actor: the person and today's grants.
        standing: how the person stands to the application or agency.

    Returns:
        Allowed with the grant acted under, or denied with the reason in words.
    """
    roles = _roles_for(step, standing)
    grant = actor.grant_for(roles)
    if grant is None:
        names = tuple(ROLE_NAMES[role] for role in sorted(roles))
        return Answer(False, say("这一步由“{roles}”办理，您当前没有该角色", roles=names))
    if step.desk is Desk.applicant and Desk.applicant not in desks_of(actor, standing):
        return Answer(False, say("您不代表这份申请的申请方"))
    if standing.state not in step.from_states:
        words = say("现为“{state}”，没有“{step}”这一步",
                    state=ADMISSION_STATES[standing.state], step=step.name)  # fmt: skip
        return Answer(False, words)
    for barrier in _BARRIERS:
        if reason := barrier(step, standing):
            return Answer(False, reason)
    return Answer(True, grant=grant)


def _roles_for(step: AdmissionStep, standing: AdmissionStanding) -> frozenset[Role]:
    """Who decides may also ask to be left out, once it is before them."""
    if step.action is _A.recuse_oneself and standing.state is _S.reviewed:
        return ROLES_OF[Desk.decider]
    return ROLES_OF[step.desk]


# ---------------------------------------------------------------- barriers


def _own_side(step: AdmissionStep, standing: AdmissionStanding) -> Wording | None:
    if not step.never_own or not standing.is_own:
        return None
    return say("您代表申请机构，不得审查或决定本机构的资格")


def _recused(step: AdmissionStep, standing: AdmissionStanding) -> Wording | None:
    if not standing.has_recused:
        return None
    if step.never_own:
        return say("您已就这份申请申请回避，不得审查或决定")
    return say("您已申请回避") if step.action is _A.recuse_oneself else None


def _tied(step: AdmissionStep, standing: AdmissionStanding) -> Wording | None:
    if not step.never_own or not standing.ties:
        return None
    tie = standing.ties[0]
    return say("您与“{organisation}”有回避关系（{kind}），不得审查或决定其资格",
               organisation=tie.organisation, kind=tie.kind)  # fmt: skip


def _elsewhere(step: AdmissionStep, standing: AdmissionStanding) -> Wording | None:
    """One person, one desk of an application (职责分离)."""
    if not step.never_own:
        return None
    for desk in sorted(standing.acted_at - {step.desk}):
        return say("您已在“{desk}”环节办理过这份申请；审查和决定须由不同的人办理（职责分离）",
                   desk=DESKS[desk])  # fmt: skip
    return None


def _unexamined(step: AdmissionStep, standing: AdmissionStanding) -> Wording | None:
    if step.action not in DECISIVE or not standing.unexamined:
        return None
    return say("条件 {codes} 还没有审查意见；请先逐项审查，问题一次告知", codes=standing.unexamined)


def _unmet(step: AdmissionStep, standing: AdmissionStanding) -> Wording | None:
    if step.action is not _A.admit_agency or not standing.unmet:
        return None
    return say("必备条件 {codes} 不符合，不能准入；可退回再审或不予准入", codes=standing.unmet)


_BARRIERS: tuple[Callable[[AdmissionStep, AdmissionStanding], Wording | None], ...] = (
    _own_side,
    _recused,
    _tied,
    _elsewhere,
    _unexamined,
    _unmet,
)
"""What forbids a step besides its state; the first that applies is told."""
