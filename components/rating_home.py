"""Ratings on the start page (考评): an agency's grade with the way to its page, and the step of the
period that waits for the alliance."""

from __future__ import annotations

from collections.abc import Sequence
from html import escape

import streamlit as st

from components import formats
from components.grade_words import mark_words
from components.language import _, words
from components.rating_grade import ACCENT, MUTED
from components.rating_words import points
from components.site import page_at
from models.queries.grades import PublishedGrade
from models.queries.rating_home import OwnGrade, RatingTurn
from models.rules.months import YearMonth
from models.rules.rating.period_life import PERIOD_STATES


def draw_own_grade(own: OwnGrade | None) -> None:
    """The agency's grade, what it may still say, and the link to its page; nothing for others."""
    if own is None:
        return
    st.subheader(_("我的考评"), anchor=False)
    if own.grade is None:
        said = _("还没有公布过考评等级。")
        st.markdown(formats.small_grey(said))
    else:
        st.html(_grade(own.grade))
    label, asked = _("看构成和提升办法"), {}
    if own.preview is not None:
        period, asked = words(own.preview.window.name), {"period": own.preview.last_month}
        label = _("预评（{period}）可以查看").format(period=period)
        if own.preview.reply_days_left is not None:
            label = _("预评（{period}）可提意见，还剩 {days} 个工作日").format(
                period=period, days=own.preview.reply_days_left
            )
    st.page_link(
        page_at("/my-rating").script, label=label, icon=":material/grade:", query_params=asked
    )


def draw_rating_turns(turns: Sequence[RatingTurn]) -> None:
    """What waits in the rating periods, each a link to it; nothing where nothing does."""
    for turn in turns:
        _draw_turn(turn)


def _draw_turn(turn: RatingTurn) -> None:
    said = [words(step) for step in turn.steps]
    if turn.replies:
        said.append(_("{count} 项意见待答复").format(count=formats.count(turn.replies)))
    label = _("考评（{period}）{state}：{what}").format(
        period=words(turn.period.window.name),
        state=words(PERIOD_STATES[turn.period.state]),
        what=_("、").join(said),
    )
    st.page_link(
        page_at("/ratings").script, label=label, icon=":material/grade:",
        query_params={"period": turn.period.last_month},
    )  # fmt: skip


def _grade(grade: PublishedGrade) -> str:
    month = formats.month(YearMonth.parse(grade.last_month))
    letter = grade.mark or "—"
    said = mark_words(grade.mark)
    interval = ""
    if grade.mark is not None:
        said = _("{mark} · {score} 分").format(mark=said, score=points(grade.score_hundredths))
        interval = _("区间 {low} – {high} · ").format(
            low=points(grade.low_hundredths), high=points(grade.high_hundredths)
        )
    below = interval + _("截至 {month}").format(month=month)
    return (
        f'<div style="display:flex;gap:12px;align-items:center">'
        f'<div aria-hidden="true" style="border:2px solid {ACCENT};flex:none;width:44px;'
        f"height:44px;border-radius:4px;display:flex;align-items:center;justify-content:center;"
        f'font-size:22px;font-weight:600;color:{ACCENT}">{escape(letter)}</div>'
        f'<div><div style="font-size:16px">{escape(said)}</div>'
        f'<div style="font-size:12.25px;color:{MUTED}">{escape(below)}</div></div></div>'
    )
