"""The claim workflow (补贴申请办理流程), one table: `STEPS`.

Buttons, the write action, the tests, the database's CHECK and the diagram in `docs/` are read from
it. Source: `dalian-hightech` 五.3(2): the alliance pre-reviews and applies, the bureau re-reviews,
the committee approves, finance pays. Deadlines and return rules are not printed there; they are
settings.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from models.rules.roles import Office, Role
from models.rules.wording import Wording, say


class State(StrEnum):
    """Where a claim (补贴申请) stands."""

    draft = "draft"  # 草稿
    submitted = "submitted"  # 待初审
    returned = "returned"  # 退回补正
    on_hold = "on_hold"  # 暂缓
    pre_reviewed = "pre_reviewed"  # 初审通过
    applied = "applied"  # 已统一申请
    re_reviewed = "re_reviewed"  # 复核通过
    approved = "approved"  # 审批通过
    agency_paid = "agency_paid"  # 补贴已付
    closed = "closed"  # 办结
    refused = "refused"  # 不予支持
    withdrawn = "withdrawn"  # 撤回


STATE_NAMES = {
    State.draft: say("草稿"),
    State.submitted: say("待初审"),
    State.returned: say("退回补正"),
    State.on_hold: say("暂缓"),
    State.pre_reviewed: say("初审通过"),
    State.applied: say("已统一申请"),
    State.re_reviewed: say("复核通过"),
    State.approved: say("审批通过"),
    State.agency_paid: say("补贴已付"),
    State.closed: say("办结"),
    State.refused: say("不予支持"),
    State.withdrawn: say("撤回"),
}

HOLDER = {
    State.draft: Office.filing,
    State.returned: Office.filing,
    State.submitted: Office.pre_review,
    State.pre_reviewed: Office.application,
    State.applied: Office.re_review,
    State.re_reviewed: Office.approval,
    State.approved: Office.payment,
    State.agency_paid: Office.payment,
}
"""The office that holds a claim in a state, and whose clock runs; on_hold: the office of
`held_from`."""

ENDED = frozenset({State.closed, State.refused, State.withdrawn})
WAITING = frozenset(HOLDER) | {State.on_hold}
BEFORE_APPROVAL = frozenset(
    {
        State.submitted,
        State.returned,
        State.on_hold,
        State.pre_reviewed,
        State.applied,
        State.re_reviewed,
    }
)
"""Claims that may still draw on a budget line and have not been approved: they are "ahead" of
later ones."""

OFFICE_ROLE = {
    Office.filing: Role.agency,
    Office.pre_review: Role.alliance_reviewer,
    Office.application: Role.alliance_lead,
    Office.re_review: Role.bureau,
    Office.approval: Role.committee,
    Office.payment: Role.finance,
}

IMPORTERS = frozenset({Role.alliance_reviewer, Role.alliance_lead})
"""Who may submit on an agency's behalf, by workbook."""

UNDO_MINUTES = 10


class Action(StrEnum):
    """A step's name: what somebody does to a claim."""

    submit = "submit"
    withdraw = "withdraw"
    lapse = "lapse"
    pass_pre_review = "pass_pre_review"
    return_pre_review = "return_pre_review"
    refuse_pre_review = "refuse_pre_review"
    undo_pre_review = "undo_pre_review"
    reopen = "reopen"
    apply = "apply"
    pass_re_review = "pass_re_review"
    approve = "approve"
    return_office = "return_office"
    refuse_office = "refuse_office"
    ask_agency = "ask_agency"
    request_recall = "request_recall"
    answer_recall = "answer_recall"
    hold = "hold"
    release = "release"
    pay_agency = "pay_agency"
    payment_failed = "payment_failed"
    reward_enterprise = "reward_enterprise"
    reward_failed = "reward_failed"
    close_without_reward = "close_without_reward"


class Kind(StrEnum):
    """What a step does to the claim's course."""

    onward = "onward"  # one office further
    back = "back"  # to an earlier state; opens a new round
    end = "end"  # out of the course
    pause = "pause"  # the same place, waiting
    note = "note"  # no change of state


HELD_FROM = "held_from"
"""A target that is not fixed: the state the claim was held from."""
ONE_BACK = "one_back"
"""A target that is not fixed: the state one office back."""
RESUME_OR_SUBMITTED = "resume_or_submitted"
"""A target that is not fixed: `resume_at` if the earlier offices' facts still stand, else
submitted."""
SAME = "same"

ONE_OFFICE_BACK = {
    State.applied: State.pre_reviewed,
    State.re_reviewed: State.applied,
    State.approved: State.re_reviewed,
}


@dataclass(frozen=True, slots=True)
class Step:
    """One row of the table.

    Attributes:
        action: the step's name.
        from_states: the states in which it exists.
        to: the state it leads to, or a rule for it (`HELD_FROM`, `ONE_BACK`, `RESUME_OR_SUBMITTED`,
            `SAME`).
        role: who takes it; `None` is the office that holds the claim; "system" is nobody's button.
        kind: what it does to the course.
        needs_reason: coded reasons are required.
        decides: it is the office's decision of this round: once per state and round, and only by
            who was not at another office. Pausing and noting are not decisions.
    """

    action: Action
    name: Wording
    from_states: tuple[State, ...]
    to: State | str
    role: Role | None
    kind: Kind
    needs_reason: bool = False
    decides: bool = True
    by_system: bool = False
    by_importer: bool = False

    @property
    def is_guarded(self) -> bool:
        """Whether it stands for the findings: a blocking condition that is not met stops it."""
        return self.action in _STANDS_FOR_FINDINGS

    @property
    def is_bound_to_seen(self) -> bool:
        """Whether it is an office's decision, which must say what it was based on."""
        return self.decides and not self.by_system and self.role is not Role.agency

    @property
    def respects_lease(self) -> bool:
        """Whether a colleague's lease keeps others from it: every step of the office that has the
        claim."""
        is_of_holder = self.action not in (Action.undo_pre_review, Action.request_recall)
        return is_of_holder and not self.by_system and self.role is not Role.agency


PAYS = frozenset({Action.pay_agency, Action.reward_enterprise, Action.close_without_reward})
"""What an objection (异议) stops: both payments, and the end that would leave nothing to act on."""
_STANDS_FOR_FINDINGS = frozenset(
    {Action.pass_pre_review, Action.apply, Action.pass_re_review, Action.approve, Action.pay_agency}
)
"""The reward follows the paid subsidy; its conditions were those of the subsidy."""

_D, _S, _R, _H = State.draft, State.submitted, State.returned, State.on_hold
_P, _A, _RR, _AP = State.pre_reviewed, State.applied, State.re_reviewed, State.approved
_PAID, _X, _W, _C = State.agency_paid, State.refused, State.withdrawn, State.closed
_REVIEWER, _LEAD = Role.alliance_reviewer, Role.alliance_lead

# fmt: off
STEPS: tuple[Step, ...] = (
    Step(Action.submit,              say("提交"),         (_D, _R),          RESUME_OR_SUBMITTED, Role.agency,  Kind.onward, by_importer=True),
    Step(Action.withdraw,            say("撤回"),         (_D, _S, _R, _H),  _W,        Role.agency,    Kind.end,    needs_reason=True),
    Step(Action.lapse,               say("逾期未补正"),   (_R,),             _W,        None,           Kind.end,    by_system=True),
    Step(Action.pass_pre_review,     say("初审通过"),     (_S,),             _P,        _REVIEWER,      Kind.onward),
    Step(Action.return_pre_review,   say("退回补正"),     (_S,),             _R,        _REVIEWER,      Kind.back,   needs_reason=True),
    Step(Action.refuse_pre_review,   say("不予支持"),     (_S,),             _X,        _REVIEWER,      Kind.end,    needs_reason=True),
    Step(Action.undo_pre_review,     say("撤销通过"),     (_P,),             _S,        _REVIEWER,      Kind.back,   decides=False),
    Step(Action.reopen,              say("重新受理"),     (_X,),             _S,        _REVIEWER,      Kind.back,   needs_reason=True),
    Step(Action.apply,               say("统一申请"),     (_P,),             _A,        _LEAD,          Kind.onward),
    Step(Action.pass_re_review,      say("复核通过"),     (_A,),             _RR,       Role.bureau,    Kind.onward),
    Step(Action.approve,             say("审批通过"),     (_RR,),            _AP,       Role.committee, Kind.onward),
    Step(Action.return_office,       say("退回上一环节"), (_A, _RR, _AP),    ONE_BACK,  None,           Kind.back,   needs_reason=True),
    Step(Action.refuse_office,       say("不予支持"),     (_A, _RR),         _X,        None,           Kind.end,    needs_reason=True),
    Step(Action.ask_agency,          say("请机构补正"),   (_A, _RR, _AP),    _R,        None,           Kind.back,   needs_reason=True),
    Step(Action.request_recall,      say("请求撤回统一申请"), (_A, _RR, _AP), SAME,     _LEAD,          Kind.note,   needs_reason=True, decides=False),
    Step(Action.answer_recall,       say("答复撤回请求"), (_A, _RR, _AP),    SAME,      None,           Kind.note,   needs_reason=True, decides=False),
    Step(Action.hold,                say("暂缓"),         (_S, _P, _A, _RR, _AP, _PAID), _H, None,      Kind.pause,  needs_reason=True, decides=False),
    Step(Action.release,             say("解除暂缓"),     (_H,),             HELD_FROM, None,           Kind.pause,  needs_reason=True, decides=False),
    Step(Action.pay_agency,          say("支付补贴"),     (_AP,),            _PAID,     Role.finance,   Kind.onward),
    Step(Action.payment_failed,      say("支付失败"),     (_PAID, _C),       _AP,       Role.finance,   Kind.back,   needs_reason=True, decides=False),
    Step(Action.reward_enterprise,   say("发放企业奖励"), (_PAID,),          _C,        Role.finance,   Kind.onward),
    Step(Action.reward_failed,       say("奖励支付失败"), (_C,),             _PAID,     Role.finance,   Kind.back,   needs_reason=True, decides=False),
    Step(Action.close_without_reward, say("无奖励办结"),  (_PAID,),          _C,        None,           Kind.onward, by_system=True),
)
# fmt: on

STEP_OF: dict[Action, Step] = {step.action: step for step in STEPS}


@dataclass(frozen=True, slots=True)
class Place:
    """Where a claim stands, as far as the workflow needs to know.

    Attributes:
        state: its state.
        held_from: the state it was held from, while on hold.
        resume_at: the state of the office that asked the agency, while returned by that office.
        was_reopened: a refused claim is reopened once only.
        is_recall_asked: the lead's request to recall is unanswered.
        waits_until: the last day of the notice period (公示期) or of the time to answer a return
            (补正期限), while it runs; nothing is paid and nothing lapses before it is over.
        has_reward: the approval committed a reward for the enterprise, or it is paid.
        objection: what of an objection (异议) keeps money of it from being paid, in words.
    """

    state: State
    held_from: State | None = None
    resume_at: State | None = None
    was_reopened: bool = False
    is_recall_asked: bool = False
    waits_until: date | None = None
    has_reward: bool = True
    objection: Wording | None = None

    @property
    def holder(self) -> Office | None:
        """The office that holds the claim; `None` once it ended."""
        return HOLDER.get(self.held_from if self.state is State.on_hold else self.state)  # type: ignore[arg-type]


def office_of(step: Step, place: Place) -> Office:
    """The office at which the step is taken on a claim in this place."""
    if step.by_system:
        return Office.system
    by_role = {role: office for office, role in OFFICE_ROLE.items()}
    if step.role is not None:
        return by_role[step.role]
    return place.holder or Office.system


def roles_for(step: Step, place: Place) -> frozenset[Role]:
    """The roles that may take the step on a claim in this place (empty: the system only)."""
    if step.by_system:
        return frozenset()
    return frozenset({step.role or OFFICE_ROLE[office_of(step, place)]})


def target(step: Step, place: Place, *, facts_stand: bool = False) -> State:
    """The state the step leads to.

    Args:
        step: the row of the table.
        place: where the claim stands.
        facts_stand: for `submit` after `ask_agency`: no fact the earlier offices decided on has
            changed.
    """
    match step.to:
        case State():
            return step.to
        case "held_from":
            return place.held_from or State.submitted
        case "one_back":
            return ONE_OFFICE_BACK[place.state]
        case "resume_or_submitted":
            return place.resume_at if place.resume_at and facts_stand else State.submitted
    return place.state


def place_after(step: Step, place: Place, to: State) -> Place:
    """Where the claim stands once the step has led it to a state.

    What was asked of the agency is forgotten when it answers. A request to recall outlives a hold;
    any other step of the office is its answer.
    """
    is_open = step.kind in (Kind.pause, Kind.note) and step.action is not Action.answer_recall
    return Place(
        to,
        held_from=place.state if step.action is Action.hold else None,
        resume_at=place.state if step.action is Action.ask_agency else None,
        was_reopened=place.was_reopened or step.action is Action.reopen,
        is_recall_asked=step.action is Action.request_recall or (place.is_recall_asked and is_open),
    )


def possible_targets(step: Step, place: Place) -> frozenset[State]:
    """Every state the step can lead to from this place."""
    return frozenset({target(step, place), target(step, place, facts_stand=True)})


def states_held_by(offices: Iterable[Office]) -> tuple[State, ...]:
    """The states whose claims lie with these offices, in the workflow's order."""
    wanted = frozenset(offices)
    return tuple(state for state in State if HOLDER.get(state) in wanted)
