"""An agency's grades over the years (历次考评): a small chart, and every version in a table."""

from __future__ import annotations

from collections.abc import Sequence
from html import escape

import streamlit as st

from components import formats
from components.charts.rating_history import Point, rating_history
from components.grade_words import mark_words
from components.language import _, words
from components.rating_grade import INK, LINK, MUTED
from components.rating_parts import Cell, table_html
from components.rating_words import points
from models.queries.rating_card import HistoryLine, VersionLine
from models.rules.rating.period_life import PeriodAction
from models.rules.rating.scheme import MARKS, Scheme

_LEAST_DRAWN = 2
"""A single score makes no line."""


def draw_grades(lines: Sequence[HistoryLine], scheme: Scheme, *, is_own: bool = False) -> None:
    """The history: the oldest first in the chart, the newest first in the table.

    Args:
        lines: the newest version of every published period; scores only for who may read them.
        scheme: whose lines of the grades stand behind the points.
        is_own: the periods are links to the agency's own page.
    """
    st.subheader(_("历次考评"), anchor=False)
    if not lines:
        st.markdown(formats.small_grey(_("还没有公布过考评结果。每公布一期，这里多一行。")))
        return
    if sum(line.score_hundredths is not None for line in lines) >= _LEAST_DRAWN:
        _draw_chart(lines[::-1], scheme)
    heads = (_("考评期"), _("等级"), _("得分"), _("区间"), _("版本"))
    rows = [_cells(line, is_own=is_own) for line in lines]
    st.html(table_html(_("历次考评"), heads, rows))


def draw_versions(versions: Sequence[VersionLine]) -> None:
    """Every published version of one period, the newest first; nothing before publication."""
    if not versions:
        return
    st.subheader(_("本期公布的版本"), anchor=False)
    st.markdown("  \n".join(_version(line) for line in versions))


def _version(line: VersionLine) -> str:
    made = _("公布") if line.event is PeriodAction.publish_ratings else _("复议更正")
    said = _("第 {number} 版 · {made} · {mark} {score} · {at}").format(
        number=line.number, made=made, mark=mark_words(line.outcome.mark),
        score=points(line.outcome.score_hundredths),
        at=formats.instant(line.frozen_at_utc),
    )  # fmt: skip
    aside = _("方案第 {scheme} 版，摘要 {digest}").format(
        scheme=line.scheme_version, digest=line.digest[:12]
    )
    return f"{formats.plain(said)} {formats.small_grey(aside)}"


def _draw_chart(lines: Sequence[HistoryLine], scheme: Scheme) -> None:
    points = tuple(_point(line) for line in lines)
    marks = tuple(
        (f"{mark} {scheme.thresholds[mark]}", scheme.thresholds[mark]) for mark in MARKS[:-1]
    )
    said = _("；").join(f"{point.period} {point.said}" for point in points)
    st.vega_lite_chart(
        spec=rating_history(points, marks, is_dark=st.context.theme.type == "dark"),
        width="stretch",
        alt=_("历次考评得分：{said}").format(said=said),
        key="grade_history",
    )


def _point(line: HistoryLine) -> Point:
    def points(hundredths: int | None) -> float | None:
        return None if hundredths is None else hundredths / 100

    said = _("未参评") if line.mark is None else f"{line.mark} {points(line.score_hundredths)}"
    return Point(
        words(line.window.name), points(line.score_hundredths), points(line.low_hundredths),
        points(line.high_hundredths), said,
    )  # fmt: skip


def _period(line: HistoryLine, *, is_own: bool) -> str:
    name = escape(words(line.window.name))
    address = f"/my-rating?period={line.last_month}"
    return f'<a href="{address}" target="_self" style="{LINK}">{name}</a>' if is_own else name


def _cells(line: HistoryLine, *, is_own: bool) -> tuple[Cell, ...]:
    return (
        Cell(_period(line, is_own=is_own), INK),
        Cell(escape(mark_words(line.mark)), INK, 600),
        Cell(points(line.score_hundredths), INK),
        Cell(_interval(line), MUTED),
        Cell(_("第 {number} 版").format(number=line.number), MUTED),
    )


def _interval(line: HistoryLine) -> str:
    if line.low_hundredths is None:
        return formats.NOTHING
    return f"{points(line.low_hundredths)} – {points(line.high_hundredths)}"
