"""Trainings (业务培训) of agencies, and who came: their life, one table, `TRAINING_STEPS`.

Source: `dalian-hightech` 五.1 二是: the alliance trains the agencies. Which trainings are obligatory
and what an absence costs is printed nowhere: each training says whether it is, and the rating
counts who missed one without being excused.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from enum import StrEnum

from models.rules.roles import ROLE_NAMES, Actor, Answer, Role, TieFacts
from models.rules.wording import Wording, say

LONGEST_TITLE = 120  # characters
LONGEST_PLACE = 120  # characters
LONGEST_WHY = 400  # characters of a reason
MOST_STUDY_HOURS = 80


class TrainingState(StrEnum):
    """Where a training stands (培训状态)."""

    announced = "announced"  # 已通知
    cancelled = "cancelled"  # 已取消


class SeatState(StrEnum):
    """How an agency stands to a training (参训情况)."""

    invited = "invited"  # 待报名
    registered = "registered"  # 已报名
    leave_asked = "leave_asked"  # 请假待核
    attended = "attended"  # 已到场
    excused = "excused"  # 已准假
    missed = "missed"  # 缺席


class TrainingAction(StrEnum):
    """What somebody does to a training (培训步骤); the record calls it by the same name."""

    announce_training = "announce_training"  # 通知培训
    move_training = "move_training"  # 改期
    add_training_material = "add_training_material"  # 添加培训材料
    cancel_training = "cancel_training"  # 取消培训
    invite_agencies = "invite_agencies"  # 增加参训机构
    register_for_training = "register_for_training"  # 报名培训
    ask_leave = "ask_leave"  # 请假
    mark_attended = "mark_attended"  # 登记到场
    mark_excused = "mark_excused"  # 准假
    mark_missed = "mark_missed"  # 登记缺席
    correct_attendance = "correct_attendance"  # 更正参训情况


class When(StrEnum):
    """On which days a step may be taken (办理时间)."""

    any = "any"  # 不限
    until = "until"  # 培训当天为止
    since = "since"  # 培训当天起


# fmt: off
TRAINING_STATES = {
    TrainingState.announced: say("已通知"),
    TrainingState.cancelled: say("已取消"),
}
SEAT_STATES = {
    SeatState.invited:     say("待报名"),
    SeatState.registered:  say("已报名"),
    SeatState.leave_asked: say("请假待核"),
    SeatState.attended:    say("已到场"),
    SeatState.excused:     say("已准假"),
    SeatState.missed:      say("缺席"),
}
# fmt: on

UNMARKED = (SeatState.invited, SeatState.registered, SeatState.leave_asked)
"""Whose attendance is not recorded yet."""
MARKED = (SeatState.attended, SeatState.excused, SeatState.missed)
"""Whose attendance is recorded; after that it is corrected, with a reason."""


@dataclass(frozen=True, slots=True)
class TrainingStep:
    """One row of the table. Each exists while the training stands (`announced`).

    Attributes:
        action: the step's name.
        roles: who takes it; an agency for itself alone.
        seats_from: how the agencies concerned stand before; none where it concerns no agency.
        seat_to: how they stand after; `None` where nothing changes, or where it is chosen.
        when: on which days.
        needs_reason: it must be said why.
        never_tied: not about an agency one is tied to.
    """

    action: TrainingAction
    name: Wording
    roles: frozenset[Role]
    seats_from: tuple[SeatState, ...] = ()
    seat_to: SeatState | None = None
    when: When = When.any
    needs_reason: bool = False
    never_tied: bool = False


_A, _S = TrainingAction, SeatState
_ALLIANCE = frozenset({Role.alliance_reviewer, Role.alliance_lead})
_EITHER = _ALLIANCE | {Role.agency}

# fmt: off
TRAINING_STEPS: tuple[TrainingStep, ...] = (
    TrainingStep(_A.announce_training,     say("通知培训"),     _ALLIANCE),
    TrainingStep(_A.move_training,         say("培训改期"),     _ALLIANCE, when=When.until, needs_reason=True),
    TrainingStep(_A.add_training_material, say("添加培训材料"), _ALLIANCE),
    TrainingStep(_A.cancel_training,       say("取消培训"),     _ALLIANCE, when=When.until, needs_reason=True),
    TrainingStep(_A.invite_agencies,       say("增加参训机构"), _ALLIANCE, (),                            _S.invited,     When.until),
    TrainingStep(_A.register_for_training, say("报名培训"),     _EITHER,   (_S.invited, _S.leave_asked),  _S.registered,  When.until),
    TrainingStep(_A.ask_leave,             say("培训请假"),     _EITHER,   (_S.invited, _S.registered),   _S.leave_asked, When.until, needs_reason=True),
    TrainingStep(_A.mark_attended,         say("登记到场"),     _ALLIANCE, UNMARKED,                      _S.attended,    When.since, never_tied=True),
    TrainingStep(_A.mark_excused,          say("准予请假"),     _ALLIANCE, UNMARKED,                      _S.excused,     needs_reason=True, never_tied=True),
    TrainingStep(_A.mark_missed,           say("登记缺席"),     _ALLIANCE, UNMARKED,                      _S.missed,      When.since, never_tied=True),
    TrainingStep(_A.correct_attendance,    say("更正参训情况"), _ALLIANCE, MARKED,                        None,           When.since, needs_reason=True, never_tied=True),
)
# fmt: on

TRAINING_STEP_OF: dict[TrainingAction, TrainingStep] = {
    step.action: step for step in TRAINING_STEPS
}


@dataclass(frozen=True, slots=True)
class TrainingStanding:
    """How one person stands to one training, and to one agency's seat in it.

    Attributes:
        state: where the training stands.
        is_day_come: its day has come.
        is_day_over: its day has passed.
        seat: how the agency concerned stands; `None` for none.
        is_own_agency: the person speaks for that agency.
        ties: the person's ties to that agency in force today.
    """

    state: TrainingState
    is_day_come: bool = False
    is_day_over: bool = False
    seat: SeatState | None = None
    is_own_agency: bool = False
    ties: tuple[TieFacts, ...] = ()


def may_take(step: TrainingStep, actor: Actor, standing: TrainingStanding) -> Answer:
    """Whether a person may take a step of a training, or of one agency's seat in it, now.

    Args:
        step: the row of the table.
        actor: the person and today's grants.
        standing: how the person stands to it.

    Returns:
        Allowed with the grant acted under, or denied with the reason in words.
    """
    grant = actor.grant_for(step.roles)
    if grant is None:
        names = tuple(ROLE_NAMES[role] for role in sorted(step.roles))
        return Answer(False, say("这一步由“{roles}”办理，您当前没有该角色", roles=names))
    if actor.roles.isdisjoint(_ALLIANCE) and not standing.is_own_agency:
        return Answer(False, say("只能为本机构办理"))
    for barrier in _BARRIERS:
        if reason := barrier(step, standing):
            return Answer(False, reason)
    return Answer(True, grant=grant)


# ---------------------------------------------------------------- barriers


def _cancelled(_: TrainingStep, standing: TrainingStanding) -> Wording | None:
    if standing.state is TrainingState.announced:
        return None
    return say("培训已取消，不能再办理")


def _out_of_time(step: TrainingStep, standing: TrainingStanding) -> Wording | None:
    if step.when is When.until and standing.is_day_over:
        return say("培训日期已过，没有“{step}”这一步", step=step.name)
    if step.when is When.since and not standing.is_day_come:
        return say("培训日期未到，没有“{step}”这一步", step=step.name)
    return None


def _seat(step: TrainingStep, standing: TrainingStanding) -> Wording | None:
    if not step.seats_from or standing.seat in step.seats_from:
        return None
    if standing.seat is None:
        return say("该机构不在参训名单中")
    return say("该机构“{state}”，没有“{step}”这一步",
               state=SEAT_STATES[standing.seat], step=step.name)  # fmt: skip


def _tied(step: TrainingStep, standing: TrainingStanding) -> Wording | None:
    if not step.never_tied or not standing.ties:
        return None
    tie = standing.ties[0]
    return say("您与“{organisation}”有回避关系（{kind}），不得登记其参训情况",
               organisation=tie.organisation, kind=tie.kind)  # fmt: skip


_BARRIERS: tuple[Callable[[TrainingStep, TrainingStanding], Wording | None], ...] = (
    _cancelled,
    _out_of_time,
    _seat,
    _tied,
)
"""What forbids a step; the first that applies is told."""
