"""The step form of a complaint's card: what this person may do with it now, each with its fields
and one button; and what they may not, with the reason."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

import streamlit as st

from components import formats
from components.attempt import attempt, keep
from components.complaint_form import complaint_papers
from components.conduct_words import BUTTONS
from components.language import _, words
from models.actions.complaint_steps import look_again
from models.actions.complaints import (
    accept_complaint,
    answer_complaint,
    appeal_decision,
    appeal_refusal,
    dismiss_complaint,
    reopen_complaint,
    turn_away_complaint,
    uphold_complaint,
    withdraw_complaint,
)
from models.queries.complaint_card import ComplaintCard
from models.rules.complaints import (
    COMPLAINT_STEP_OF,
    DECISIONS,
    LONGEST_COMPLAINT,
    ComplaintAction,
    ComplaintKind,
)
from models.rules.roles import Actor
from models.rules.wording import say

_PRESSED = "complaint_step_pressed"


@dataclass(frozen=True, slots=True)
class Pressed:
    """A step's button as it was on screen: of which complaint, at which version."""

    number: str
    version: int
    action: ComplaintAction


@dataclass(frozen=True, slots=True)
class Form:
    """What a step's fields are drawn from; another version of the complaint has other widgets."""

    card: ComplaintCard
    key: str


def draw_step_form(card: ComplaintCard) -> None:
    """The form, or the reason why there is none; nothing for a reader.

    Args:
        card: the complaint as it is on screen: a step is bound to its version.
    """
    pressed = _pressed(card)
    if not card.steps:
        return
    open_steps = [step.action for step in card.steps if step.is_open]
    with st.container(border=True, key="complaint_step"):
        st.subheader(_("办理"), anchor=False)
        if open_steps:
            _draw_open(card, open_steps, pressed)
        for why, names in _barred(card).items():
            said = _("{step}：{why}").format(step=_("、").join(names), why=why)
            st.markdown(formats.small_grey(formats.plain(said)))


def _barred(card: ComplaintCard) -> Mapping[str, list[str]]:
    """Why a step may not be taken, with the steps of which that is so."""
    found: dict[str, list[str]] = {}
    for step in card.steps:
        if step.barred is not None:
            found.setdefault(words(step.barred), []).append(words(step.name))
    return found


def _draw_open(
    card: ComplaintCard, open_steps: list[ComplaintAction], pressed: ComplaintAction | None
) -> None:
    key = f"complaint_{card.row.number}_{card.version}"
    is_decision = open_steps[0] in DECISIONS
    action = st.pills(
        _("这一步"), open_steps, default=None if is_decision else open_steps[0], key=key,
        required=not is_decision, width="stretch",
        format_func=lambda one: words(COMPLAINT_STEP_OF[one].name), label_visibility="collapsed",
    )  # fmt: skip
    if action is None:
        st.markdown(formats.small_grey(_("核对双方的说明和材料后，选择认定结果。")))
        return
    fields = _FIELDS[action](Form(card, f"{key}_{action}"))
    st.button(
        words(BUTTONS[action]), key="take_complaint_step", type="primary", width="stretch",
        on_click=_press, args=(Pressed(card.row.number, card.version, action),),
    )  # fmt: skip
    if pressed is not action:
        return
    outcome = attempt(
        _take, action, card.row.number, card.version, fields,
        done=say("{number}：已{step}", number=card.row.number,
                 step=COMPLAINT_STEP_OF[action].name),
    )  # fmt: skip
    if outcome.is_done:
        keep(outcome)
        st.rerun()


def _press(pressed: Pressed) -> None:
    """What was on screen when the button was pressed: the run that follows may see more."""
    st.session_state[_PRESSED] = pressed


def _pressed(card: ComplaintCard) -> ComplaintAction | None:
    """The step whose button was pressed on this complaint; pressed on what is no longer so, it is
    told who changed it, and nothing else happens."""
    pressed: Pressed | None = st.session_state.pop(_PRESSED, None)
    if pressed is None or pressed.number != card.row.number:
        return None
    if pressed.version != card.version:
        attempt(look_again, pressed.number, pressed.version)
        return None
    return pressed.action


# ---------------------------------------------------------------- the steps' fields


def _nothing(form: Form) -> Mapping[str, Any]:
    said = _("受理后机构看得到这件投诉，在期限内答复；受理的人不作认定。")
    st.markdown(formats.small_grey(said))
    return {}


def _answer(form: Form) -> Mapping[str, Any]:
    answer = _words(form, _("答复"), _("写明事实经过、依据和已采取的措施"))
    said = _("投诉人看得到答复和附件。")
    st.markdown(formats.small_grey(said))
    papers = complaint_papers(f"{form.key}_papers", _("佐证材料（可不附，最多 {most} 份）"))
    return {"answer": answer, "papers": papers}


def _finding(form: Form) -> Mapping[str, Any]:
    kinds = list(ComplaintKind)
    found = st.selectbox(
        _("认定类别"), kinds, kinds.index(form.card.row.kind), key=f"{form.key}_kind",
        format_func=formats.label, filter_mode=None,
    )  # fmt: skip
    if found in (ComplaintKind.fee_up_front, ComplaintKind.fraud):
        said = _("认定为这一类的，该机构考评等级最高为 D，并建议暂停资格。")
        st.markdown(f":orange[:material/warning:] {said}")
    return {"found_kind": found, **_reason(form)}


def _reason(form: Form) -> Mapping[str, Any]:
    hint = _("双方看得到理由；请不要写出身份保密的投诉人")
    return {"reason": _words(form, _("理由"), hint)}


def _words(form: Form, title: str, placeholder: str) -> str:
    return st.text_area(
        title, key=f"{form.key}_words", max_chars=LONGEST_COMPLAINT, height=110,
        placeholder=placeholder,
    ) or ""  # fmt: skip


# fmt: off
_FIELDS: Mapping[ComplaintAction, Callable[[Form], Mapping[str, Any]]] = {
    ComplaintAction.accept_complaint:    _nothing,
    ComplaintAction.turn_away_complaint: _reason,
    ComplaintAction.answer_complaint:    _answer,
    ComplaintAction.uphold_complaint:    _finding,
    ComplaintAction.dismiss_complaint:   _reason,
    ComplaintAction.appeal_refusal:      _reason,
    ComplaintAction.appeal_decision:     _reason,
    ComplaintAction.reopen_complaint:    _reason,
    ComplaintAction.withdraw_complaint:  _reason,
}
_ACTIONS: Mapping[ComplaintAction, Callable[..., Any]] = {
    ComplaintAction.accept_complaint:    accept_complaint,
    ComplaintAction.turn_away_complaint: turn_away_complaint,
    ComplaintAction.answer_complaint:    answer_complaint,
    ComplaintAction.uphold_complaint:    uphold_complaint,
    ComplaintAction.dismiss_complaint:   dismiss_complaint,
    ComplaintAction.appeal_refusal:      appeal_refusal,
    ComplaintAction.appeal_decision:     appeal_decision,
    ComplaintAction.reopen_complaint:    reopen_complaint,
    ComplaintAction.withdraw_complaint:  withdraw_complaint,
}
# fmt: on


def _take(
    current: Any,
    actor: Actor,
    action: ComplaintAction,
    number: str,
    seen_version: int,
    given: Mapping[str, Any],
) -> Any:
    """The chosen step with what its fields hold."""
    return _ACTIONS[action](current, actor, number, seen_version=seen_version, **given)
