"""The line under a claim's title: the way back to the list, what the last decision came to, and its
undo.

It is always there and always as high: after a decision the form below keeps its place.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

import streamlit as st

from components import formats
from components.attempt import attempt
from components.kept_list import back_to_list
from components.language import _, words
from models.actions.steps import take_step
from models.clock import now_utc
from models.queries.claim_card import ClaimCard
from models.rules.claim_workflow import UNDO_MINUTES, Action
from models.rules.wording import Wording, say

_LAST = "last_decision"
_HEIGHT = 38  # pixels: a button's
_SHOWN_FOR = timedelta(minutes=UNDO_MINUTES)


@dataclass(frozen=True, slots=True)
class LastDecision:
    """What this browser's visitor decided last."""

    number: str
    said: Wording
    at_utc: datetime
    is_undoable: bool

    @property
    def until_utc(self) -> datetime:
        """Until when it is shown, and may be undone."""
        return self.at_utc + _SHOWN_FOR


def keep_decision(number: str, said: Wording, *, is_undoable: bool) -> None:
    """Let a decision stand under the title for ten minutes.

    Args:
        number: the claim's.
        said: what was done, in words.
        is_undoable: whether it is a pass its person may undo.
    """
    st.session_state[_LAST] = LastDecision(number, said, now_utc(), is_undoable)


def draw_last_decision() -> None:
    """The line itself."""
    with st.container(
        key="last_decision", height=_HEIGHT, border=False, horizontal=True,
        vertical_alignment="center", gap="medium",
    ):  # fmt: skip
        back_to_list()
        last: LastDecision | None = st.session_state.get(_LAST)
        if last is not None and now_utc() < last.until_utc:
            said = formats.plain(words(last.said))
            st.markdown(f":green[:material/check: {said}]", width="content")
            if last.is_undoable:
                _undo_button(last.number, last.until_utc, key="undo_pass")


def draw_undo(card: ClaimCard) -> None:
    """Undo on the claim's own screen, as long as its person may: after a reload, in another window,
    after a bulk pass."""
    if card.undo_until_utc is not None:
        with st.container(
            horizontal=True, horizontal_alignment="distribute", vertical_alignment="center"
        ):
            st.markdown(formats.small_grey(_("本件由您通过，尚未统一申请。")), width="content")
            _undo_button(card.claim.number, card.undo_until_utc, key="undo_here")


def _undo_button(number: str, until_utc: datetime, *, key: str) -> None:
    until = formats.instant(until_utc)[-5:]
    st.button(
        _("撤销 {number} 的通过（{until} 前）").format(number=number, until=until),
        key=key,
        type="tertiary",
        icon=":material/undo:",
        on_click=_undo,
        args=(number,),
    )


def _undo(number: str) -> None:
    if attempt(take_step, number, Action.undo_pre_review).is_done:
        keep_decision(number, say("已撤销 {number} 的通过", number=number), is_undoable=False)
        st.query_params["no"] = number
