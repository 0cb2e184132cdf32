"""The rating screen's choices: which period, which view; its summary and its download."""

from __future__ import annotations

from collections.abc import Sequence
from enum import StrEnum
from functools import partial

import streamlit as st

from components import formats
from components.downloads import XLSX, offer_file
from components.filters import ask, asked, segments
from components.language import _, words
from components.rating_files import rating_xlsx
from models.queries.rating_card import PeriodLine
from models.queries.ratings import PeriodBoard
from models.rules.rating.consequences import ConsequenceState
from models.rules.rating.period_life import ReplyState
from models.rules.wording import say


class View(StrEnum):
    """What the screen shows."""

    league = "league"
    replies = "replies"
    spread = "spread"
    consequences = "consequences"
    scheme = "scheme"


VIEW_NAMES = {
    View.league: say("同类位次"),
    View.replies: say("申辩复议"),
    View.spread: say("分布与试算"),
    View.consequences: say("结果运用"),
    View.scheme: say("考评方案"),
}


def period_asked(periods: Sequence[PeriodLine]) -> str:
    """Draw the periods, and read which one the address asks for; the newest that has results where
    it names none."""
    known = {one.last_month: one for one in periods}
    standard = next(
        (one.last_month for one in periods if one.reply_until_on is not None),
        periods[0].last_month,
    )
    value = asked("period") if asked("period") in known else standard

    def chosen() -> None:
        ask("period", st.session_state["rating_period"])

    st.session_state["rating_period"] = value
    st.selectbox(
        _("考评期"), list(known), key="rating_period", width=250, label_visibility="collapsed",
        format_func=lambda month: period_name(known[month]), filter_mode=None, on_change=chosen,
    )  # fmt: skip
    return value


def period_name(line: PeriodLine) -> str:
    """`2026 年上半年 · 机构申辩`."""
    return f"{words(line.window.name)} · {formats.label(line.state)}"


def view_asked(board: PeriodBoard) -> View:
    """The view, with what waits in it."""
    waiting = sum(one.state is ReplyState.open for one in board.replies)
    proposed = sum(
        one.state is ConsequenceState.proposed and one.id > 0 for one in board.consequences
    )
    counts = {View.replies: waiting, View.consequences: proposed}

    def called(view: View) -> str:
        name = words(VIEW_NAMES[view])
        return f"{name} {counts[view]}" if counts.get(view) else name

    names = {view.value: called(view) for view in View}
    return segments("view", View, _("视图"), called=names)


def summary(board: PeriodBoard) -> str:
    """Where it stands and how many take part."""
    parts = [words(board.period.window.name), formats.label(board.period.state)]
    if board.is_visible and (board.rated or board.unrated):
        parts.append(
            _("{rated} 家参评，{unrated} 家未参评").format(
                rated=len(board.rated), unrated=len(board.unrated)
            )
        )
    return " · ".join(parts)


def draw_download(board: PeriodBoard) -> None:
    """The whole period as a workbook; nothing where its results are not this person's to see."""
    if not board.is_visible or not (board.rated or board.unrated):
        return
    month = board.period.last_month
    offer_file(
        _("下载本期"), f"{_('服务质量考评')}-{month}.xlsx", partial(rating_xlsx, month),
        kind=XLSX, key="rating_workbook",
    )  # fmt: skip


def draw_hidden() -> None:
    """What stands where results are not this person's to see yet."""
    st.markdown(
        formats.small_grey(
            _("预评只有联盟能看到，各机构只看到自己的；公布后这里出现各机构的结果。")
        )
    )


def draw_no_period() -> None:
    """What stands where there is no period yet."""
    st.markdown(formats.small_grey(_("还没有考评期。联盟开始第一期后，这里出现它的进程和结果。")))
