"""The step forms of a training's card: an agency registers or asks leave; the alliance records who
came, corrects it, moves or cancels the training, adds materials."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

import streamlit as st

from components import formats
from components.attempt import attempt, keep, when_clicked
from components.complaint_form import complaint_papers
from components.filters import LAST_DAY
from components.language import _, words
from components.shell import Visit
from models.actions.trainings import (
    add_training_material,
    ask_leave,
    cancel_training,
    correct_attendance,
    invite_agencies,
    mark_attendance,
    move_training,
    register_for_training,
)
from models.queries.training_card import SeatLine, TrainingCard
from models.rules.roles import Actor
from models.rules.trainings import (
    LONGEST_PLACE,
    LONGEST_WHY,
    MARKED,
    TRAINING_STEP_OF,
    UNMARKED,
    SeatState,
    TrainingAction,
    TrainingState,
    When,
)
from models.rules.wording import Wording, say

_PRESSED = "training_step_pressed"
# fmt: off
BUTTONS: Mapping[TrainingAction, Wording] = {
    TrainingAction.mark_attended:         say("登记这些机构到场"),
    TrainingAction.mark_excused:          say("准予这些机构请假"),
    TrainingAction.mark_missed:           say("登记这些机构缺席"),
    TrainingAction.correct_attendance:    say("更正并记入操作记录"),
    TrainingAction.add_training_material: say("添加材料并告知机构"),
    TrainingAction.invite_agencies:       say("增加新准入的机构"),
    TrainingAction.move_training:         say("改期并告知机构"),
    TrainingAction.cancel_training:       say("取消培训并告知机构"),
}
# fmt: on
"""What each step's button says: verb, object and what follows."""
_MARKS = {
    TrainingAction.mark_attended: SeatState.attended,
    TrainingAction.mark_excused: SeatState.excused,
    TrainingAction.mark_missed: SeatState.missed,
}


# ---------------------------------------------------------------- an agency


def draw_agency_form(card: TrainingCard, own: SeatLine) -> None:
    """Registering, and asking leave; nothing once the day has passed or attendance is recorded.

    Args:
        card: the training as it is on screen.
        own: the seat of this person's agency: a step is bound to its version.
    """
    is_over = card.is_day_over or card.row.state is TrainingState.cancelled
    if is_over or own.state not in UNMARKED:
        return
    number = card.row.number
    with st.container(border=True, key="training_seat"):
        st.subheader(_("报名"), anchor=False)
        if own.state is not SeatState.registered:
            st.button(
                _("报名参加"), key="register_training", type="primary", width="stretch",
                on_click=when_clicked(
                    register_for_training, number, own.version,
                    done=say("已报名 {number}", number=number),
                ),
            )  # fmt: skip
        if own.state is SeatState.leave_asked:
            return
        key = f"leave_{own.version}"
        st.text_input(_("请假的理由"), key=key, max_chars=LONGEST_WHY)
        st.button(
            _("请假，等待联盟核定"), key="ask_leave", width="stretch", on_click=_leave,
            args=(number, own.version, key),
        )  # fmt: skip


def _leave(number: str, version: int, key: str) -> None:
    """As a callback: leave asked with the reason in the field."""
    reason = st.session_state.get(key) or ""
    attempt(ask_leave, number, reason, version, done=say("已请假 {number}", number=number))


# ---------------------------------------------------------------- the alliance


@dataclass(frozen=True, slots=True)
class Pressed:
    """A step's button as it was on screen: of which training, at which version."""

    number: str
    version: int
    action: TrainingAction


@dataclass(frozen=True, slots=True)
class Form:
    """What a step's fields are drawn from; another version of the training has other widgets."""

    visit: Visit
    card: TrainingCard
    key: str


def draw_alliance_form(visit: Visit, card: TrainingCard) -> None:
    """What the alliance may do with a training now, each with its fields and one button.

    Args:
        visit: who looks.
        card: the training as it is on screen: a step is bound to its version.
    """
    pressed: Pressed | None = st.session_state.pop(_PRESSED, None)
    steps = [action for action in BUTTONS if _exists(action, card)]
    if not steps:
        return
    key = f"training_{card.row.number}_{card.version}"
    with st.container(border=True, key="training_step"):
        st.subheader(_("办理"), anchor=False)
        action = st.pills(
            _("这一步"), steps, default=steps[0], key=key, required=True, width="stretch",
            format_func=lambda one: words(TRAINING_STEP_OF[one].name),
            label_visibility="collapsed",
        )  # fmt: skip
        assert action is not None
        fields = _FIELDS[action](Form(visit, card, f"{key}_{action}"))
        here = Pressed(card.row.number, card.version, action)
        st.button(
            words(BUTTONS[action]), key="take_training_step", type="primary", width="stretch",
            on_click=_press, args=(here,),
        )  # fmt: skip
        if pressed is None or (pressed.number, pressed.action) != (here.number, action):
            return
        outcome = attempt(
            _take, action, card.row.number, pressed.version, fields,
            done=say("{number}：已{step}", number=card.row.number,
                     step=TRAINING_STEP_OF[action].name),
        )  # fmt: skip
        if outcome.is_done:
            keep(outcome)
            st.rerun()


def _press(pressed: Pressed) -> None:
    """What was on screen when the button was pressed: the run that follows may see more."""
    st.session_state[_PRESSED] = pressed


def _exists(action: TrainingAction, card: TrainingCard) -> bool:
    """Whether a step exists now, by the table."""
    step = TRAINING_STEP_OF[action]
    is_late = step.when is When.until and card.is_day_over
    is_early = step.when is When.since and not card.is_day_come
    is_about_any = not step.seats_from or any(card.row.seats.get(one) for one in step.seats_from)
    return card.row.state is TrainingState.announced and is_about_any and not is_late | is_early


# ---------------------------------------------------------------- the steps' fields


def _agencies(form: Form, among: tuple[SeatState, ...], chosen: tuple[SeatState, ...]) -> list[str]:
    seats = {one.agency_uscc: one for one in form.card.seats if one.state in among}
    return st.multiselect(
        _("机构"), list(seats), [code for code, one in seats.items() if one.state in chosen],
        key=f"{form.key}_agencies", filter_mode="contains", placeholder=_("选择机构"),
        format_func=lambda code: f"{seats[code].agency}（{formats.label(seats[code].state)}）",
    )  # fmt: skip


def _attended(form: Form) -> Mapping[str, Any]:
    return {"agencies": _agencies(form, UNMARKED, (SeatState.registered,)), "reason": ""}


def _excused(form: Form) -> Mapping[str, Any]:
    agencies = _agencies(form, UNMARKED, (SeatState.leave_asked,))
    return {"agencies": agencies, "reason": _why(form, _("准假的理由"))}


def _missed(form: Form) -> Mapping[str, Any]:
    if form.card.row.is_obligatory:
        st.markdown(formats.small_grey(_("必修培训无故缺席计入该机构的考评。")))
    return {"agencies": _agencies(form, UNMARKED, (SeatState.invited,)), "reason": ""}


def _correction(form: Form) -> Mapping[str, Any]:
    to = st.segmented_control(
        _("更正为"), list(MARKED), default=SeatState.attended, required=True, key=f"{form.key}_to",
        format_func=formats.label, width="stretch",
    )  # fmt: skip
    agencies = _agencies(form, tuple(one for one in MARKED if one is not to), ())
    return {"agencies": agencies, "to": to, "reason": _why(form, _("更正的理由"))}


def _material(form: Form) -> Mapping[str, Any]:
    label = _("培训材料（PDF、PNG 或 JPEG，最多 {most} 份）")
    return {"papers": complaint_papers(f"{form.key}_papers", label)}


def _nobody(form: Form) -> Mapping[str, Any]:
    said = _("通知之后准入的机构加入参训名单，并收到消息。")
    st.markdown(formats.small_grey(said))
    return {}


def _move(form: Form) -> Mapping[str, Any]:
    row = form.card.row
    held_on = st.date_input(
        _("新的培训日期"), max(row.held_on, form.visit.today), key=f"{form.key}_on",
        format="YYYY-MM-DD", min_value=form.visit.today, max_value=LAST_DAY,
    )  # fmt: skip
    place = st.text_input(
        _("时间和地点"), row.place, key=f"{form.key}_place", max_chars=LONGEST_PLACE
    )
    return {"held_on": held_on, "place": place or "", "reason": _why(form, _("改期的理由"))}


def _cancel(form: Form) -> Mapping[str, Any]:
    return {"reason": _why(form, _("取消的理由"))}


def _why(form: Form, title: str) -> str:
    return st.text_input(title, key=f"{form.key}_why", max_chars=LONGEST_WHY) or ""


# fmt: off
_FIELDS: Mapping[TrainingAction, Callable[[Form], Mapping[str, Any]]] = {
    TrainingAction.mark_attended:         _attended,
    TrainingAction.mark_excused:          _excused,
    TrainingAction.mark_missed:           _missed,
    TrainingAction.correct_attendance:    _correction,
    TrainingAction.add_training_material: _material,
    TrainingAction.invite_agencies:       _nobody,
    TrainingAction.move_training:         _move,
    TrainingAction.cancel_training:       _cancel,
}
_ACTIONS: Mapping[TrainingAction, Callable[..., Any]] = {
    TrainingAction.correct_attendance:    correct_attendance,
    TrainingAction.add_training_material: add_training_material,
    TrainingAction.invite_agencies:       invite_agencies,
    TrainingAction.move_training:         move_training,
    TrainingAction.cancel_training:       cancel_training,
}
# fmt: on


def _take(
    current: Any,
    actor: Actor,
    action: TrainingAction,
    number: str,
    seen_version: int,
    given: Mapping[str, Any],
) -> Any:
    """The chosen step with what its fields hold."""
    if action in _MARKS:
        return mark_attendance(
            current, actor, number, to=_MARKS[action], seen_version=seen_version, **given
        )
    return _ACTIONS[action](current, actor, number, seen_version=seen_version, **given)
