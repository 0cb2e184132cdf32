"""A sent month as a whole (整批办理): one guarded step a row, as a single decision takes it, each with
its result."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import streamlit as st

from components import formats
from components.attempt import attempt
from components.language import _, words
from components.plain_table import plain_table
from components.shell import Visit
from models.actions.screen_step import take_step_on_screen
from models.actions.steps import Seen
from models.database import session
from models.queries.month_whole import WholeMonth, whole_month
from models.rules.claim_workflow import Action
from models.rules.wording import Wording, say

OUTCOMES = "whole_outcomes"
NAMED = 40

# fmt: off
BUTTONS: dict[Action, Wording] = {
    Action.pass_re_review: say("整批复核通过 {count} 件"),
    Action.approve:        say("整批审批通过 {count} 件"),
    Action.pay_agency:     say("整批登记补贴已付 {count} 件"),
}
# fmt: on


@dataclass(frozen=True, slots=True)
class RowOutcome:
    """What happened to one row."""

    number: str
    refusal: Wording | None


def draw_whole_button(visit: Visit, month: str) -> None:
    """The office's button, with how many rows it may decide; nothing for who holds no such office.

    Args:
        visit: who looks.
        month: `2026-11`.
    """
    with session() as current:
        whole = whole_month(current, visit.actor, month)
    if whole is None or not (whole.rows or whole.others):
        return
    label = words(BUTTONS[whole.action]).format(count=formats.count(len(whole.rows)))
    if st.button(label, key="whole_month", type="primary", disabled=not whole.rows):
        st.session_state.pop(OUTCOMES, None)
        _dialog(whole, month)


@st.dialog(" ", width="large", icon=":material/done_all:")
def _dialog(whole: WholeMonth, month: str) -> None:
    label = words(BUTTONS[whole.action]).format(count=formats.count(len(whole.rows)))
    heading = _("{month}：{label}，补贴合计 {amount} 元")
    st.subheader(
        heading.format(
            month=formats.month(month), label=label, amount=formats.yuan(whole.total_fen)
        ),
        anchor=False,
    )
    outcomes: list[RowOutcome] | None = st.session_state.get(OUTCOMES)
    if outcomes is not None:
        _draw_outcomes(outcomes)
        return
    _draw_what_is_decided(whole)
    if st.button(label, key="whole_month_now", type="primary"):
        st.session_state[OUTCOMES] = _take_each(whole)
        st.rerun(scope="fragment")


def _draw_what_is_decided(whole: WholeMonth) -> None:
    st.markdown(
        formats.small_grey(
            _(
                "逐件按同一规则核算，与单件办理相同；打开本页以后有变动的、须写明理由的不会通过，并逐件说明。"
            )
        )
    )
    exceptions = sum(row.has_exceptions for row in whole.rows)
    if exceptions:
        said = _("其中 {n} 件有不符合、待查证或请注意的条件，请先逐件打开")
        said = said.format(n=formats.count(exceptions))
        st.markdown(f":orange-badge[:material/warning: {_('请注意')}] {said}")
    if whole.others:
        said = _("另有 {n} 件不在其中：同事已接手、您不能办理，或公示未满、有异议")
        st.markdown(formats.small_grey(said.format(n=formats.count(whole.others))))
    named = _("、").join(row.number for row in whole.rows[:NAMED])
    st.markdown(named + (" …" if len(whole.rows) > NAMED else ""))


def _take_each(whole: WholeMonth) -> list[RowOutcome]:
    """One transaction a row: a refusal keeps no other row, and what is done stays done."""
    bar = st.progress(0.0, text=_("正在办理"))
    outcomes = []
    for done, row in enumerate(whole.rows, start=1):
        came_to = attempt(
            take_step_on_screen, row.number, whole.action, Seen(row.version, row.digest),
            batch_id=whole.batch_id, where=st.empty(),
        )  # fmt: skip
        outcomes.append(
            RowOutcome(row.number, came_to.refusal.wording if came_to.refusal else None)
        )
        bar.progress(done / len(whole.rows), text=f"{done} / {len(whole.rows)}")
    return outcomes


def _draw_outcomes(outcomes: Sequence[RowOutcome]) -> None:
    refused = [outcome for outcome in outcomes if outcome.refusal is not None]
    st.markdown(
        _("办理 {done} 件，未办理 {left} 件").format(
            done=len(outcomes) - len(refused), left=len(refused)
        )
    )
    ordered = [*refused, *(outcome for outcome in outcomes if outcome.refusal is None)]
    plain_table(
        {
            _("申请号"): [f"[{outcome.number}](/claim?no={outcome.number})" for outcome in ordered],
            _("结果"): [_came_to(outcome) for outcome in ordered],
        },
    )
    if st.button(_("返回列表"), key="whole_close", type="primary"):
        st.session_state.pop(OUTCOMES, None)
        st.rerun()


def _came_to(outcome: RowOutcome) -> str:
    if outcome.refusal is not None:
        return formats.plain(words(outcome.refusal))
    return f":green[:material/check: {_('已办理')}]"
