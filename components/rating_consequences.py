"""What follows from a published rating (结果运用): proposals with their grounds, each confirmed or
turned down by the lead; before publication what it would propose."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

import streamlit as st

from components import formats
from components.attempt import attempt, keep
from components.language import _, words
from components.plain_table import plain_table
from components.rating_league import agency_address
from components.shell import Visit
from models.actions.rating_consequences import confirm_consequence, turn_down_consequence
from models.queries.ratings import ConsequenceLine, PeriodBoard
from models.rules.rating.consequences import Consequence, ConsequenceState
from models.rules.rating.period_life import LONGEST_TEXT, PERIOD_STEP_OF, PeriodAction
from models.rules.wording import say

COLOURS = {
    ConsequenceState.proposed: "orange",
    ConsequenceState.confirmed: "blue",
    ConsequenceState.turned_down: "gray",
    ConsequenceState.lapsed: "gray",
}

_CONFIRM = {
    Consequence.suspend: say("确认暂停"),
    Consequence.spot_check: say("确认提高抽查"),
    Consequence.priority: say("确认优先对接"),
}


def draw_consequences(visit: Visit, board: PeriodBoard) -> None:
    """The proposals, those that wait first.

    Args:
        visit: who looks.
        board: the period, its results visible.
    """
    if not board.consequences:
        st.markdown(formats.small_grey(_("没有建议。公布后按等级和一票否决提出。")))
        return
    waiting = [one for one in board.consequences if one.state is ConsequenceState.proposed]
    decided = [one for one in board.consequences if one.state is not ConsequenceState.proposed]
    if not waiting[:1] or waiting[0].id:
        said = _(
            "每项由联盟负责人确认或不采用，写明理由；确认暂停即按名录办理，其余供抽查和对接使用。"
        )
    else:
        said = _("这是公布后将提出的建议，公布前不生效。")
    st.markdown(formats.small_grey(said))
    for kind in Consequence:
        _draw_waiting(visit, board, kind, [one for one in waiting if one.kind is kind])
    if decided:
        _draw_decided(board, decided)


def _draw_waiting(
    visit: Visit, board: PeriodBoard, kind: Consequence, lines: Sequence[ConsequenceLine]
) -> None:
    if not lines:
        return
    st.subheader(f"{formats.label(kind)} {len(lines)}", anchor=False)
    decides = visit.actor.grant_for(PERIOD_STEP_OF[PeriodAction.confirm_consequence].roles)
    for one in lines:
        with st.container(
            horizontal=True, vertical_alignment="center", key=f"consequence_{kind}_{one.agency_id}"
        ):
            st.markdown(
                f"{_agency(board, one)} {formats.small_grey(formats.plain(words(one.grounds)))}",
                width="stretch",
            )
            if one.id and decides is not None:
                _draw_buttons(one)


def _draw_buttons(one: ConsequenceLine) -> None:
    confirm, turn_down = words(_CONFIRM[one.kind]), _("不采用")
    if st.button(confirm, key=f"confirm_consequence_{one.id}"):
        _dialog(one, confirm, confirm_consequence)
    if st.button(turn_down, key=f"turn_down_consequence_{one.id}", type="tertiary"):
        _dialog(one, turn_down, turn_down_consequence)


def _dialog(one: ConsequenceLine, name: str, act: Callable[..., Any]) -> None:
    @st.dialog(name, width="medium")
    def dialog() -> None:
        st.markdown(
            f"**{formats.plain(one.agency)} · {formats.label(one.kind)}**  \n"
            + formats.plain(words(one.grounds))
        )
        if one.kind is Consequence.suspend and act is confirm_consequence:
            st.markdown(_("自今天起暂停，至解除为止；暂停期间签订的协议不享受本区规则。"))
        reason = st.text_area(
            _("理由（记入操作记录）"), key=f"consequence_reason_{one.id}",
            max_chars=LONGEST_TEXT, height=96,
        )  # fmt: skip
        if st.button(name, key=f"consequence_decided_{one.id}", type="primary"):
            outcome = attempt(
                act, one.id, reason or "", where=st.container(),
                done=say("已办理“{agency}”的结果运用", agency=one.agency),
            )  # fmt: skip
            if outcome.is_done:
                keep(outcome)
                st.rerun()

    dialog()


def _draw_decided(board: PeriodBoard, lines: Sequence[ConsequenceLine]) -> None:
    st.subheader(_("已办理 {count}").format(count=len(lines)), anchor=False)
    plain_table(
        {
            _("服务机构"): [_agency(board, one) for one in lines],
            _("结果运用"): [formats.label(one.kind) for one in lines],
            _("依据|考评"): [formats.plain(words(one.grounds)) for one in lines],
            _("结果"): [formats.label(one.state) for one in lines],
            _("理由"): [formats.plain(one.reason) for one in lines],
            _("办理人"): [
                formats.plain(f"{one.decided_by} {formats.instant(one.decided_at_utc)}")
                for one in lines
            ],
        },
        alt=_("已办理的结果运用"),
    )


def _agency(board: PeriodBoard, one: ConsequenceLine) -> str:
    address = agency_address(board.period.last_month, one.agency_id)
    return f"[{formats.plain(one.agency)}]({address})"
