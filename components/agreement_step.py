"""The step form of an agreement's card: what this person may do with it now, each with its fields
and one button; and what they may not, with the reason."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

import streamlit as st

from components import formats
from components.agreement_fields import FIELDS, Form
from components.agreement_form import Written
from components.agreement_words import BUTTONS
from components.attempt import attempt, keep
from components.language import _, words
from components.shell import Visit
from models.actions.agreement_progress import (
    add_milestone,
    begin_work,
    conclude_agreement,
    end_agreement,
    fail_agreement,
    finish_milestone,
    record_advance,
)
from models.actions.agreement_results import record_result
from models.actions.agreement_steps import look_again
from models.actions.agreements import (
    confirm_filing,
    edit_agreement,
    file_agreement,
    return_filing,
    take_back_filing,
)
from models.actions.amendments import (
    confirm_amendment,
    propose_amendment,
    turn_down_amendment,
)
from models.actions.attributions import (
    contest_attribution,
    dismiss_contest,
    uphold_contest,
)
from models.database import session
from models.queries.agreement_card import AgreementCard
from models.queries.agreement_terms import result_kinds_listed
from models.rules.agreement_life import LIFE_STEP_OF, LifeAction
from models.rules.roles import Actor
from models.rules.wording import say

PREFERRED = (
    LifeAction.confirm_amendment,
    LifeAction.confirm_filing,
    LifeAction.file_agreement,
    LifeAction.begin_work,
    LifeAction.record_result,
)
"""What stands chosen at first, where it is open."""


_PRESSED = "agreement_step_pressed"


@dataclass(frozen=True, slots=True)
class Pressed:
    """A step's button as it was on screen: of which agreement, at which version."""

    number: str
    version: int
    action: LifeAction


def draw_step_form(visit: Visit, card: AgreementCard) -> None:
    """The form, or the reason why there is none; nothing for a reader.

    Args:
        visit: who looks, and when.
        card: the agreement as it is on screen: a step is bound to its version.
    """
    pressed = _pressed(card)
    if not card.steps:
        return
    open_steps = [step.action for step in card.steps if step.is_open]
    with st.container(border=True, key="agreement_step"):
        st.subheader(_("办理"), anchor=False)
        if open_steps:
            _draw_open(visit, card, open_steps, pressed)
        for step in card.steps:
            if step.barred is not None:
                said = _("{step}：{why}").format(step=words(step.name), why=words(step.barred))
                st.markdown(formats.small_grey(formats.plain(said)))


def _draw_open(
    visit: Visit,
    card: AgreementCard,
    open_steps: list[LifeAction],
    pressed: LifeAction | None,
) -> None:
    first = next((action for action in PREFERRED if action in open_steps), open_steps[0])
    key = f"step_{card.row.number}_{card.version}"
    action = st.pills(
        _("这一步"), open_steps, default=first, key=key, required=True, width="stretch",
        format_func=lambda one: words(LIFE_STEP_OF[one].name), label_visibility="collapsed",
    )  # fmt: skip
    assert action is not None
    with session() as current:
        kinds = result_kinds_listed(current, card.row.service_code)
    fields = FIELDS[action](Form(visit, card, f"{key}_{action}", kinds))
    st.button(
        words(BUTTONS[action]), key="take_step", type="primary", width="stretch",
        on_click=_press, args=(Pressed(card.row.number, card.version, action),),
    )  # fmt: skip
    if pressed is not action:
        return
    outcome = attempt(
        _take, action, card.row.number, card.version, fields,
        done=say("{number}：已{step}", number=card.row.number, step=LIFE_STEP_OF[action].name),
    )  # fmt: skip
    if outcome.is_done:
        keep(outcome)
        st.rerun()


def _press(pressed: Pressed) -> None:
    """What was on screen when the button was pressed: the run that follows may see more."""
    st.session_state[_PRESSED] = pressed


def _pressed(card: AgreementCard) -> LifeAction | None:
    """The step whose button was pressed on this agreement; pressed on what is no longer so, it is
    told who changed it, and nothing else happens."""
    pressed: Pressed | None = st.session_state.pop(_PRESSED, None)
    if pressed is None or pressed.number != card.row.number:
        return None
    if pressed.version != card.version:
        attempt(look_again, pressed.number, pressed.version)
        return None
    return pressed.action


# ---------------------------------------------------------------- taking the step

_ACTIONS: Mapping[LifeAction, Callable[..., Any]] = {
    LifeAction.edit_agreement: edit_agreement,
    LifeAction.file_agreement: file_agreement,
    LifeAction.take_back_filing: take_back_filing,
    LifeAction.confirm_filing: confirm_filing,
    LifeAction.return_filing: return_filing,
    LifeAction.begin_work: begin_work,
    LifeAction.add_milestone: add_milestone,
    LifeAction.finish_milestone: finish_milestone,
    LifeAction.record_advance: record_advance,
    LifeAction.record_result: record_result,
    LifeAction.propose_amendment: propose_amendment,
    LifeAction.confirm_amendment: confirm_amendment,
    LifeAction.turn_down_amendment: turn_down_amendment,
    LifeAction.conclude_agreement: conclude_agreement,
    LifeAction.fail_agreement: fail_agreement,
    LifeAction.end_agreement: end_agreement,
    LifeAction.contest_attribution: contest_attribution,
    LifeAction.uphold_contest: uphold_contest,
    LifeAction.dismiss_contest: dismiss_contest,
}


def _take(
    current: Any,
    actor: Actor,
    action: LifeAction,
    number: str,
    seen_version: int,
    given: Mapping[str, Any],
) -> Any:
    """The chosen step with what its fields hold; amounts are read here, where a refusal is said."""
    read = {
        name: value.read() if isinstance(value, Written) else value for name, value in given.items()
    }
    return _ACTIONS[action](current, actor, number, seen_version=seen_version, **read)
