"""The step form of an application's card: what this person may do with it now, each with its fields
and one button; and what they may not, with the reason."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

import streamlit as st

from components import formats
from components.admission_words import BUTTONS
from components.attempt import attempt, keep
from components.language import _, words
from components.shell import Visit
from models.actions.admission_review import (
    admit_agency,
    ask_review_again,
    examine_criteria,
    pass_to_decision,
    recuse_oneself,
    refuse_admission,
    return_application,
)
from models.actions.admission_steps import look_again
from models.actions.admissions import (
    apply_again,
    apply_for_admission,
    give_up_application,
    take_back_application,
)
from models.queries.admission_card import AdmissionCard
from models.rules.admission import STEP_OF, AdmissionAction
from models.rules.admission_terms import (
    LONGEST_NOTE,
    REASONS,
    AdmissionReason,
    CriterionVerdict,
)
from models.rules.roles import Actor
from models.rules.wording import say

PREFERRED = (
    AdmissionAction.apply_for_admission,
    AdmissionAction.pass_to_decision,
    AdmissionAction.examine_criteria,
    AdmissionAction.admit_agency,
    AdmissionAction.apply_again,
)
"""What stands chosen at first, where it is open."""
_IN_DIALOGS = (AdmissionAction.edit_application, AdmissionAction.answer_criterion)
_PRESSED = "admission_step_pressed"
Verdicts = Mapping[str, tuple[CriterionVerdict, str]]


@dataclass(frozen=True, slots=True)
class Pressed:
    """A step's button as it was on screen: of which application, at which version."""

    number: str
    version: int
    action: AdmissionAction


@dataclass(frozen=True, slots=True)
class Form:
    """What a step's fields are drawn from.

    Attributes:
        key: the widgets' keys begin with it; another version of the application has other widgets.
        verdicts: those chosen beside the criteria and not saved yet.
        services: the service list by code.
    """

    card: AdmissionCard
    key: str
    verdicts: Verdicts
    services: Mapping[str, Any]


def draw_step_form(
    visit: Visit, card: AdmissionCard, services: Mapping[str, Any], verdicts: Verdicts
) -> None:
    """The form, or the reason why there is none; nothing for a reader.

    Args:
        visit: who looks.
        card: the application as it is on screen: a step is bound to its version.
        services: the service list by code.
        verdicts: those chosen beside the criteria and not saved yet.
    """
    pressed = _pressed(card)
    steps = [step for step in card.steps if step.action not in _IN_DIALOGS]
    if not steps:
        return
    open_steps = [step.action for step in steps if step.is_open]
    with st.container(border=True, key="admission_step"):
        st.subheader(_("办理"), anchor=False)
        if open_steps:
            _draw_open(card, services, verdicts, open_steps, pressed)
        for step in steps:
            if step.barred is not None:
                said = _("{step}：{why}").format(step=words(step.name), why=words(step.barred))
                st.markdown(formats.small_grey(formats.plain(said)))


def _draw_open(
    card: AdmissionCard,
    services: Mapping[str, Any],
    verdicts: Verdicts,
    open_steps: list[AdmissionAction],
    pressed: AdmissionAction | None,
) -> None:
    first = next((action for action in _preferred(card) if action in open_steps), open_steps[0])
    key = f"admission_{card.row.number}_{card.version}"
    action = st.pills(
        _("这一步"), open_steps, default=first, key=key, required=True, width="stretch",
        format_func=lambda one: words(STEP_OF[one].name), label_visibility="collapsed",
    )  # fmt: skip
    assert action is not None
    fields = _FIELDS[action](Form(card, f"{key}_{action}", verdicts, services))
    st.button(
        words(BUTTONS[action]), key="take_admission_step", type="primary", width="stretch",
        on_click=_press, args=(Pressed(card.row.number, card.version, action),),
    )  # fmt: skip
    if pressed is not action:
        return
    outcome = attempt(
        _take, action, card.row.number, card.version, fields, verdicts,
        done=say("{number}：已{step}", number=card.row.number, step=STEP_OF[action].name),
    )  # fmt: skip
    if outcome.is_done:
        keep(outcome)
        st.rerun()


def _preferred(card: AdmissionCard) -> tuple[AdmissionAction, ...]:
    """Where a required criterion is not met, it goes back, or is refused."""
    if any(one.is_required and one.verdict is CriterionVerdict.not_met for one in card.criteria):
        return (AdmissionAction.return_application, AdmissionAction.refuse_admission, *PREFERRED)
    return PREFERRED


def _press(pressed: Pressed) -> None:
    """What was on screen when the button was pressed: the run that follows may see more."""
    st.session_state[_PRESSED] = pressed


def _pressed(card: AdmissionCard) -> AdmissionAction | None:
    """The step whose button was pressed on this application; pressed on what is no longer so, it is
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
    return {}


def _handing_in(form: Form) -> Mapping[str, Any]:
    said = _("提交后由联盟初审员逐项审查，再由联盟负责人决定；审查前可以收回。")
    st.markdown(formats.small_grey(said))
    return {}


def _examining(form: Form) -> Mapping[str, Any]:
    given = len(form.verdicts)
    said = _("在左侧逐项选择审查意见；不符合、待查证的写明原因。未保存 {count} 项。")
    st.markdown(formats.small_grey(said.format(count=given)))
    return {"verdicts": form.verdicts}


def _reasons(form: Form) -> Mapping[str, Any]:
    reasons = st.multiselect(
        _("理由（一次告知全部问题）"), list(AdmissionReason), key=f"{form.key}_reasons",
        format_func=formats.label, placeholder=_("可选多项"),
    )  # fmt: skip
    for reason in reasons:
        st.markdown(formats.small_grey(formats.plain(words(REASONS[reason][1]))))
    return {
        "reasons": tuple(reason.value for reason in reasons),
        "note": _words(form, _("补充说明")),
    }


def _passing(form: Form) -> Mapping[str, Any]:
    return {"note": _words(form, _("审查结论（可不填）"))}


def _admitting(form: Form) -> Mapping[str, Any]:
    applied = list(form.card.row.services)
    services = st.multiselect(
        _("准入的服务"), applied, applied, key=f"{form.key}_services",
        format_func=lambda code: formats.named(form.services[code]),
        placeholder=_("从所申请的服务中选择"),
    )  # fmt: skip
    said = _("只准入部分服务，或有条件待查证的，须写明理由。准入后只能就这些服务结对。")
    st.markdown(formats.small_grey(said))
    return {"services": tuple(services), "note": _words(form, _("决定说明"))}


def _reason(form: Form) -> Mapping[str, Any]:
    return {"reason": _words(form, _("理由（记入操作记录）"))}


def _words(form: Form, title: str) -> str:
    return st.text_area(title, key=f"{form.key}_words", max_chars=LONGEST_NOTE, height=84) or ""


# fmt: off
_FIELDS: Mapping[AdmissionAction, Callable[[Form], Mapping[str, Any]]] = {
    AdmissionAction.apply_for_admission:   _handing_in,
    AdmissionAction.take_back_application: _nothing,
    AdmissionAction.give_up_application:   _reason,
    AdmissionAction.apply_again:           _nothing,
    AdmissionAction.examine_criteria:      _examining,
    AdmissionAction.return_application:    _reasons,
    AdmissionAction.pass_to_decision:      _passing,
    AdmissionAction.recuse_oneself:        _reason,
    AdmissionAction.ask_review_again:      _reason,
    AdmissionAction.admit_agency:          _admitting,
    AdmissionAction.refuse_admission:      _reasons,
}
_ACTIONS: Mapping[AdmissionAction, Callable[..., Any]] = {
    AdmissionAction.apply_for_admission:   apply_for_admission,
    AdmissionAction.take_back_application: take_back_application,
    AdmissionAction.give_up_application:   give_up_application,
    AdmissionAction.apply_again:           apply_again,
    AdmissionAction.examine_criteria:      examine_criteria,
    AdmissionAction.return_application:    return_application,
    AdmissionAction.pass_to_decision:      pass_to_decision,
    AdmissionAction.recuse_oneself:        recuse_oneself,
    AdmissionAction.ask_review_again:      ask_review_again,
    AdmissionAction.admit_agency:          admit_agency,
    AdmissionAction.refuse_admission:      refuse_admission,
}
# fmt: on


def _take(
    current: Any,
    actor: Actor,
    action: AdmissionAction,
    number: str,
    seen_version: int,
    given: Mapping[str, Any],
    verdicts: Verdicts,
) -> Any:
    """The chosen step with what its fields hold; verdicts chosen and not saved are saved with a
    return or a passing on."""
    if verdicts and action in (
        AdmissionAction.return_application, AdmissionAction.pass_to_decision,
    ):  # fmt: skip
        examine_criteria(current, actor, number, verdicts, seen_version)
        seen_version += 1
    return _ACTIONS[action](current, actor, number, seen_version=seen_version, **given)
