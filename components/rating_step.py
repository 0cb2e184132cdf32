"""Where a rating period stands and what comes next: the five states in a row, the step form, and
what happened so far."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

import streamlit as st

from components import formats
from components.attempt import attempt, keep, when_clicked
from components.language import _, words
from components.rating_words import BUTTONS, DONE, NEXT
from components.shell import Visit
from models.actions.ratings import (
    begin_review,
    cancel_preview,
    compute_preview,
    open_period,
    open_replies,
    publish_ratings,
)
from models.queries.rating_card import StepOffered
from models.queries.ratings import PeriodBoard
from models.rules.rating.consequences import Consequence
from models.rules.rating.period_life import (
    LONGEST_TEXT,
    PERIOD_STEP_OF,
    PeriodAction,
    PeriodState,
)
from models.rules.rating.window import Window
from models.rules.roles import Permission
from models.rules.wording import say

_DOING: Mapping[PeriodAction, Callable[..., Any]] = {
    PeriodAction.compute_preview: compute_preview,
    PeriodAction.open_replies: open_replies,
    PeriodAction.begin_review: begin_review,
    PeriodAction.publish_ratings: publish_ratings,
}
_FIRST = (
    PeriodAction.publish_ratings,
    PeriodAction.begin_review,
    PeriodAction.open_replies,
    PeriodAction.compute_preview,
)
"""What leads on; the first that is open is the page's one primary button."""
_EVENTS_SHOWN = 8


def draw_course(board: PeriodBoard) -> None:
    """The five states as one row, the present one marked, each with its date or day left."""
    names = []
    for state in PeriodState:
        name = formats.label(state)
        is_now = state is board.period.state
        names.append(f"**:blue[● {name}]**" if is_now else formats.small_grey(f"○ {name}"))
    st.markdown(" → ".join(names))


def draw_opening(visit: Visit, window: Window, *, is_first: bool) -> None:
    """Open the next period; for the alliance.

    Args:
        visit: who looks.
        window: the months it would rate.
        is_first: there is none yet: it is the page's primary button.
    """
    if not visit.may(Permission.rate_agencies) or window.first_day > visit.today:
        return
    name = words(window.name)
    st.button(
        _("开始考评期：{name}").format(name=name), key="open_period",
        type="primary" if is_first else "secondary",
        on_click=when_clicked(open_period, window, done=say("考评期已开始，归集到期末")),
    )  # fmt: skip


def draw_steps(visit: Visit, board: PeriodBoard) -> None:
    """The steps that exist now: open with their button, barred with the reason; nothing for a
    reader."""
    if not visit.may(Permission.rate_agencies):
        return
    open_steps = {step.action for step in board.steps if step.barred is None}
    primary = next((action for action in _FIRST if action in open_steps), None)
    with st.container(border=True, key="period_step"):
        st.subheader(_("办理"), anchor=False)
        _draw_days(board)
        for step in board.steps:
            if step.barred is None:
                _draw_open(board, step, is_primary=step.action is primary)
        for step in board.steps:
            if step.barred is not None:
                said = _("{step}：{why}").format(step=words(step.name), why=words(step.barred))
                st.markdown(formats.small_grey(formats.plain(said)))
        if not board.steps:
            st.markdown(formats.small_grey(_("本期已公布。机构可申请复议，复议成立产生新版本。")))


def draw_events(board: PeriodBoard) -> None:
    """What happened in the period, the newest first."""
    st.subheader(_("经过"), anchor=False)
    with st.container(key="period_events", gap="xsmall"):
        for one in board.events[:_EVENTS_SHOWN]:
            who = f"{one.by} {formats.instant(one.at_utc)}"
            line = f"**{formats.plain(words(one.name))}** {formats.small_grey(formats.plain(who))}"
            if one.agency:
                line += f"  \n{formats.small_grey(formats.plain(one.agency))}"
            st.markdown(line)
    if len(board.events) > _EVENTS_SHOWN:
        more = _("另有 {count} 条，见工作簿和操作记录").format(
            count=len(board.events) - _EVENTS_SHOWN
        )
        st.markdown(formats.small_grey(more))


# ---------------------------------------------------------------- pieces


def _draw_days(board: PeriodBoard) -> None:
    period = board.period
    if period.reply_days_left is not None:
        said = _("申辩至 {on}，还有 {days} 个工作日").format(
            on=formats.day(period.reply_until_on), days=period.reply_days_left
        )
        st.markdown(said)
    if period.appeal_days_left is not None:
        said = _("复议申请至 {on}，还有 {days} 个工作日").format(
            on=formats.day(period.appeal_until_on), days=period.appeal_days_left
        )
        st.markdown(said)


def _draw_open(board: PeriodBoard, step: StepOffered, *, is_primary: bool) -> None:
    month, version = board.period.last_month, board.period.version
    label = words(BUTTONS[step.action])
    if step.action is PeriodAction.compute_preview and (board.period.state is PeriodState.preview):
        label = _("重新计算预评结果")
    kind: Any = "primary" if is_primary else "secondary"
    if step.action is PeriodAction.cancel_preview:
        if st.button(label, key="cancel_preview", width="stretch"):
            _cancel_dialog(month, version)
    elif step.action is PeriodAction.publish_ratings:
        if st.button(label, key="publish_ratings", type=kind, width="stretch"):
            _publish_dialog(board)
    else:
        st.button(
            label, key=step.action.value, type=kind, width="stretch",
            on_click=when_clicked(
                _DOING[step.action], month, version, done=DONE[step.action]
            ),
        )  # fmt: skip
    st.markdown(formats.small_grey(words(NEXT[step.action])))


def _cancel_dialog(month: str, version: int) -> None:
    @st.dialog(_("撤销预评"), width="medium")
    def dialog() -> None:
        reason = st.text_area(
            _("理由（记入操作记录）"), key="cancel_reason", max_chars=LONGEST_TEXT, height=96
        )
        if st.button(_("撤销本期预评"), key="preview_cancelled", type="primary"):
            outcome = attempt(
                cancel_preview, month, version, reason or "", where=st.container(),
                done=DONE[PeriodAction.cancel_preview],
            )  # fmt: skip
            if outcome.is_done:
                keep(outcome)
                st.rerun()

    dialog()


def _publish_dialog(board: PeriodBoard) -> None:
    """What publishing brings, before it is done."""
    month, version = board.period.last_month, board.period.version

    @st.dialog(words(PERIOD_STEP_OF[PeriodAction.publish_ratings].name), width="medium")
    def dialog() -> None:
        st.markdown(_("{rated} 家参评，{unrated} 家未参评。公布后不能撤回，更正只能通过复议产生新版本。").format(
            rated=len(board.rated), unrated=len(board.unrated)
        ))  # fmt: skip
        for kind in Consequence:
            lines = [one for one in board.consequences if one.kind is kind]
            if lines:
                named = _("、").join(formats.plain(one.agency) for one in lines)
                st.markdown(f"**{formats.label(kind)} {len(lines)}**  \n{named}")
        st.markdown(formats.small_grey(_("以上只是建议，公布后逐项由联盟负责人确认或不采用。")))
        if st.button(_("公布本期考评结果"), key="ratings_published", type="primary"):
            outcome = attempt(
                publish_ratings, month, version, where=st.container(),
                done=DONE[PeriodAction.publish_ratings],
            )  # fmt: skip
            if outcome.is_done:
                keep(outcome)
                st.rerun()

    dialog()
