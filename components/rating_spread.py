"""How a period's grades are distributed, beside the one published national distribution; and what
other weights would come to, without keeping anything (权重试算)."""

from __future__ import annotations

from collections.abc import Mapping

import streamlit as st

from components import formats
from components.attempt import found
from components.charts.grade_bars import GradeBar, grade_bars
from components.language import _
from components.plain_table import plain_table
from components.rating_words import mark_said, moved, points
from components.shell import Visit
from models.queries.ratings import PeriodBoard, Supposed, what_if
from models.rules.rating.scheme import FULL, MARKS, Mark
from models.rules.rating.signals import Component
from models.rules.rating.standings import NATIONAL_2015, distribution

_MOST_SHOWN = 12


def draw_spread(visit: Visit, board: PeriodBoard) -> None:
    """Distribution left, other weights right.

    Args:
        visit: who looks.
        board: the period, its results visible.
    """
    if not board.rated:
        st.markdown(formats.small_grey(_("还没有参评机构。计算预评后出现分布和试算。")))
        return
    left, right = st.columns(2, gap="medium")
    with left:
        _draw_distribution(board)
    with right:
        _draw_what_if(visit, board)


def _draw_distribution(board: PeriodBoard) -> None:
    ours, n = distribution(board.marks), len(board.rated)
    theirs, m = NATIONAL_2015, sum(NATIONAL_2015.values())
    top, most = ours[Mark.a], max(MARKS, key=lambda mark: ours[mark])
    sentence = _("{n} 家参评：优秀 {share}，最多的是 {mark}").format(
        n=n, share=formats.percent(top, n), mark=mark_said(most)
    )
    st.subheader(formats.plain(sentence), anchor=False)
    bars = []
    for mark in MARKS:
        for counts, of, name in ((ours, n, _("本期")), (theirs, m, _("2015 全国"))):
            count = counts[mark]
            said = f"{formats.percent(count, of)} · {count}"
            row = f"{mark_said(mark)} · {name}"
            bars.append(GradeBar(row, 100 * count / of, said, counts is ours))
    spec = grade_bars(tuple(bars), is_dark=st.context.theme.type == "dark")
    alternative = _("等级分布，本期 {n} 家与 2015 年全国 {m} 家：").format(n=n, m=m)
    alternative += _("；").join(f"{bar.row} {bar.said}" for bar in bars)
    st.vega_lite_chart(spec=spec, width="stretch", alt=alternative, key="grade_bars")
    said = _(
        "全国：2015 年国家技术转移示范机构考核 453 家（优秀 53、良好 142、合格 238、整改 19、取消 1）。只作参照，不是名额。"
    )
    st.markdown(formats.small_grey(said))
    plain_table(
        {
            _("等级"): [mark_said(mark) for mark in MARKS],
            _("本期"): [f"{ours[mark]} · {formats.percent(ours[mark], n)}" for mark in MARKS],
            _("2015 全国"): [
                f"{theirs[mark]} · {formats.percent(theirs[mark], m)}" for mark in MARKS
            ],
        },
        alt=_("等级分布"),
    )


def _draw_what_if(visit: Visit, board: PeriodBoard) -> None:
    st.subheader(_("换一组权重会怎样"), anchor=False)
    st.markdown(
        formats.small_grey(_("由定格的件数重新计算，只在此处显示，不保存、不影响任何机构。"))
    )
    weights = _weights_asked(board)
    total = sum(weights.values())
    if total != FULL:
        said = _("权重合计 {total}，须为 100；现在还差 {short}").format(
            total=total, short=FULL - total
        )
        st.markdown(f":orange-badge[:material/warning: {formats.plain(said)}]")
        return
    supposed = found(what_if, visit.actor, board.period.last_month, weights)
    if supposed is None or weights == dict(board.scheme.weights):
        st.markdown(formats.small_grey(_("与本期方案相同，没有差别。调整权重后显示差别。")))
        return
    changed = [one for one in supposed if one.mark is not one.supposed_mark]
    st.markdown(
        _("{count} 家等级会变，平均变动 {mean} 分").format(
            count=len(changed), mean=_mean_change(supposed)
        )
    )
    _draw_supposed(supposed[:_MOST_SHOWN])


def _weights_asked(board: PeriodBoard) -> Mapping[Component, int]:
    with st.container(
        horizontal=True, gap="small", vertical_alignment="bottom", key="what_if_weights"
    ):
        return {
            one: st.number_input(
                formats.label(one), 0, FULL, board.scheme.weights[one], 5,
                key=f"weight_{board.period.last_month}_{one.value}", width=104,
            )
            for one in Component
        }  # fmt: skip


def _mean_change(supposed: tuple[Supposed, ...]) -> str:
    changes = [abs(one.supposed_hundredths - one.score_hundredths) for one in supposed]
    return f"{sum(changes) / max(len(changes), 1) / 100:.1f}"


def _draw_supposed(supposed: tuple[Supposed, ...]) -> None:
    plain_table(
        {
            _("服务机构"): [formats.plain(one.agency) for one in supposed],
            _("现为"): [_said(one.mark, one.score_hundredths) for one in supposed],
            _("试算"): [_said(one.supposed_mark, one.supposed_hundredths) for one in supposed],
            _("差别"): [moved(one.supposed_hundredths - one.score_hundredths) for one in supposed],
        },
        alt=_("权重试算"),
    )


def _said(mark: Mark | None, hundredths: int) -> str:
    return f"{mark.value if mark else ''} {points(hundredths)}".strip()
