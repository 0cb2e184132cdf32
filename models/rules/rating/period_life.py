"""The life of a rating period (考评期), one table: `PERIOD_LIFE`.

    collecting → preview → reply → review → published

Buttons, the actions, the tests and the database's CHECK are read from it. Whoever computed the
preview answers no reply and publishes nothing; whoever answered one does not publish; an appeal is
answered by none of them. What was published stays: an appeal that is upheld makes a new version.

Source: `dalian-hightech` 五.1 asks for agencies to be assessed, without a procedure; seven working
days to reply and a written answer are the common practice elsewhere.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from models.rules.roles import ROLE_NAMES, Actor, Answer, Role, TieFacts
from models.rules.wording import Wording, say

LONGEST_TEXT = 1_000  # characters of a reply, an answer, a reason
MOST_FILES = 10  # files that come with one reply


class PeriodState(StrEnum):
    """Where a rating period stands (考评期状态)."""

    collecting = "collecting"  # 归集中
    preview = "preview"  # 预评
    reply = "reply"  # 机构申辩
    review = "review"  # 复核
    published = "published"  # 已公布


class PeriodAction(StrEnum):
    """What somebody does in a rating period (考评步骤); the record calls it by the same name."""

    open_period = "open_period"  # 开始考评期
    compute_preview = "compute_preview"  # 计算预评结果
    cancel_preview = "cancel_preview"  # 撤销预评
    open_replies = "open_replies"  # 发送机构申辩
    reply_to_rating = "reply_to_rating"  # 提出申辩
    answer_reply = "answer_reply"  # 答复申辩
    begin_review = "begin_review"  # 转入复核
    publish_ratings = "publish_ratings"  # 公布考评结果
    appeal_rating = "appeal_rating"  # 申请复议
    answer_appeal = "answer_appeal"  # 答复复议
    confirm_consequence = "confirm_consequence"  # 确认结果运用
    turn_down_consequence = "turn_down_consequence"  # 不采用结果运用


class ReplyStage(StrEnum):
    """When an agency speaks up (申辩阶段)."""

    reply = "reply"  # 公布前申辩
    appeal = "appeal"  # 公布后复议


class ReplyState(StrEnum):
    """What became of it (申辩结果)."""

    open = "open"  # 待答复
    dismissed = "dismissed"  # 不予采纳
    upheld = "upheld"  # 予以采纳


# fmt: off
PERIOD_STATES = {
    PeriodState.collecting: say("归集中"),
    PeriodState.preview:    say("预评"),
    PeriodState.reply:      say("机构申辩"),
    PeriodState.review:     say("复核|考评"),
    PeriodState.published:  say("已公布"),
}
REPLY_STAGES = {
    ReplyStage.reply:  say("申辩"),
    ReplyStage.appeal: say("复议"),
}
REPLY_STATES = {
    ReplyState.open:      say("待答复"),
    ReplyState.dismissed: say("不予采纳"),
    ReplyState.upheld:    say("予以采纳"),
}
# fmt: on


@dataclass(frozen=True, slots=True)
class PeriodStep:
    """One row of the table.

    Attributes:
        action: the step's name.
        from_states: the states in which it exists; none for the first.
        to: the state it leads to; `None` leaves the state as it is.
        roles: who takes it, any of them.
        needs_reason: it must be said why.
        never_by: who did any of these in the same period (in an appeal or reply: for the same
            agency, as far as answers are meant) may not take it.
    """

    action: PeriodAction
    name: Wording
    from_states: tuple[PeriodState, ...]
    to: PeriodState | None
    roles: tuple[Role, ...]
    needs_reason: bool = False
    never_by: tuple[PeriodAction, ...] = ()


_C, _P, _R = PeriodState.collecting, PeriodState.preview, PeriodState.reply
_V, _O = PeriodState.review, PeriodState.published
_ALLIANCE, _LEAD = (Role.alliance_reviewer, Role.alliance_lead), (Role.alliance_lead,)
_AGENCY = (Role.agency,)
_RATER = PeriodAction.compute_preview
_ANSWER = PeriodAction.answer_reply
_PUBLISHER = PeriodAction.publish_ratings

# fmt: off
PERIOD_LIFE: tuple[PeriodStep, ...] = (
    PeriodStep(PeriodAction.open_period,     say("开始考评期"),   (),       _C,   _ALLIANCE),
    PeriodStep(PeriodAction.compute_preview, say("计算预评结果"), (_C, _P), _P,   _ALLIANCE),
    PeriodStep(PeriodAction.cancel_preview,  say("撤销预评"),     (_P,),    _C,   _ALLIANCE, needs_reason=True),
    PeriodStep(PeriodAction.open_replies,    say("发送机构申辩"), (_P,),    _R,   _ALLIANCE),
    PeriodStep(PeriodAction.reply_to_rating, say("提出申辩"),     (_R,),    None, _AGENCY,   needs_reason=True),
    PeriodStep(PeriodAction.answer_reply,    say("答复申辩"),     (_R, _V), None, _ALLIANCE, needs_reason=True, never_by=(_RATER,)),
    PeriodStep(PeriodAction.begin_review,    say("转入复核"),     (_R,),    _V,   _ALLIANCE),
    PeriodStep(PeriodAction.publish_ratings, say("公布考评结果"), (_V,),    _O,   _LEAD,     never_by=(_RATER, _ANSWER)),
    PeriodStep(PeriodAction.appeal_rating,   say("申请复议"),     (_O,),    None, _AGENCY,   needs_reason=True),
    PeriodStep(PeriodAction.answer_appeal,   say("答复复议"),     (_O,),    None, _ALLIANCE, needs_reason=True,
               never_by=(_RATER, _ANSWER, _PUBLISHER)),
    PeriodStep(PeriodAction.confirm_consequence,   say("确认结果运用"),   (_O,), None, _LEAD, needs_reason=True),
    PeriodStep(PeriodAction.turn_down_consequence, say("不采用结果运用"), (_O,), None, _LEAD, needs_reason=True),
)
# fmt: on

PERIOD_STEP_OF: dict[PeriodAction, PeriodStep] = {step.action: step for step in PERIOD_LIFE}

OF_PERIOD = (
    PeriodAction.compute_preview,
    PeriodAction.cancel_preview,
    PeriodAction.open_replies,
    PeriodAction.begin_review,
    PeriodAction.publish_ratings,
)
"""The steps taken on a whole period; the others are on one agency's part in it."""
IN_PREVIEW = frozenset({PeriodState.preview, PeriodState.reply, PeriodState.review})
"""Where there are results, not published yet: for the alliance alone."""
SHOWN_TO_AGENCY = frozenset({PeriodState.reply, PeriodState.review})
"""Where each agency sees its own preview."""


@dataclass(frozen=True, slots=True)
class PeriodStanding:
    """How one person stands to one period, or to one agency's part in it.

    Attributes:
        state: where the period stands.
        acted: what the person did in this period; of answers, where one agency is looked at, those
            to that agency only.
        ties: the person's ties in force today to the agency looked at.
        is_own_agency: the person speaks for it.
        is_window_over: the months that are rated have ended.
        reply_until_on: the last day to reply; `None` before replies are open.
        appeal_until_on: the last day to appeal; `None` before publication.
        on: today.
        open_replies: how many replies of the period wait for an answer.
    """

    state: PeriodState
    on: date
    acted: frozenset[PeriodAction] = frozenset()
    ties: tuple[TieFacts, ...] = ()
    is_own_agency: bool = False
    is_window_over: bool = True
    reply_until_on: date | None = None
    appeal_until_on: date | None = None
    open_replies: int = 0


def may_take(step: PeriodStep, actor: Actor, standing: PeriodStanding) -> Answer:
    """Whether a person may take a step of a rating period now.

    Args:
        step: the row of the table.
        actor: the person and today's grants.
        standing: how the person stands to the period.

    Returns:
        Allowed with the grant acted under, or denied with the reason in words.
    """
    grant = actor.grant_for(step.roles)
    if grant is None:
        names = tuple(ROLE_NAMES[role] for role in step.roles)
        return Answer(False, say("这一步由“{roles}”办理，您当前没有该角色", roles=names))
    if standing.state not in step.from_states:
        words = say("本期考评“{state}”，没有“{step}”这一步",
                    state=PERIOD_STATES[standing.state], step=step.name)  # fmt: skip
        return Answer(False, words)
    for barrier in _BARRIERS:
        if reason := barrier(step, standing):
            return Answer(False, reason)
    return Answer(True, grant=grant)


# ---------------------------------------------------------------- barriers


def _own_agency(step: PeriodStep, standing: PeriodStanding) -> Wording | None:
    if Role.agency in step.roles:
        return None if standing.is_own_agency else say("您不代表这家服务机构")
    if standing.is_own_agency:
        return say("您代表这家服务机构，不得办理它的考评")
    return None


def _tied(step: PeriodStep, standing: PeriodStanding) -> Wording | None:
    if Role.agency in step.roles or not standing.ties:
        return None
    tie = standing.ties[0]
    return say("您与“{organisation}”有回避关系（{kind}），不得办理它的考评",
               organisation=tie.organisation, kind=tie.kind)  # fmt: skip


def _same_person(step: PeriodStep, standing: PeriodStanding) -> Wording | None:
    for action in step.never_by:
        if action in standing.acted:
            return say("您已在本期“{done}”，“{step}”须由另一人办理（职责分离）",
                       done=PERIOD_STEP_OF[action].name, step=step.name)  # fmt: skip
    return None


def _too_early(step: PeriodStep, standing: PeriodStanding) -> Wording | None:
    if step.action is PeriodAction.compute_preview and not standing.is_window_over:
        return say("考评期还没有结束，结束后的次日起可以计算预评结果")
    return None


def _reply_days(step: PeriodStep, standing: PeriodStanding) -> Wording | None:
    until = standing.reply_until_on
    is_over = until is not None and standing.on > until
    if step.action is PeriodAction.reply_to_rating and is_over:
        return say("申辩期已于 {on} 结束；公布后如有异议，可申请复议", on=until)
    if step.action is PeriodAction.begin_review and not is_over:
        return say("申辩期至 {on}，期满后转入复核", on=until)
    return None


def _appeal_days(step: PeriodStep, standing: PeriodStanding) -> Wording | None:
    until = standing.appeal_until_on
    if step.action is PeriodAction.appeal_rating and until is not None and standing.on > until:
        return say("复议申请期已于 {on} 结束", on=until)
    return None


def _unanswered(step: PeriodStep, standing: PeriodStanding) -> Wording | None:
    if step.action is PeriodAction.publish_ratings and standing.open_replies:
        return say("还有 {count} 项申辩未答复，答复后才能公布", count=standing.open_replies)
    return None


_BARRIERS: tuple[Callable[[PeriodStep, PeriodStanding], Wording | None], ...] = (
    _own_agency,
    _tied,
    _same_person,
    _too_early,
    _reply_days,
    _appeal_days,
    _unanswered,
)
"""What forbids a step besides its state; the first that applies is told."""
