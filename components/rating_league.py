"""The league of a rating period (同类位次): within each peer group the best first, every score with its
interval; who takes no part stands apart, with why."""

from __future__ import annotations

from collections.abc import Sequence
from html import escape
from itertools import groupby

import streamlit as st

from components import formats
from components.language import _, words
from components.plain_table import plain_table
from components.rating_bars import INK, interval_bar, mark_box, scale
from components.rating_words import group_name, interval, mark_said, moved, points, rank
from components.target_bullets import HAIRLINE, LINK, MUTED
from models.queries.ratings import BoardRow, PeriodBoard
from models.rules.rating.scheme import Scheme
from models.rules.rating.standings import why_unrated

PARAMETER = "agency"


def draw_league(board: PeriodBoard) -> None:
    """Everybody who takes part by peer group, then who does not, then the same as a table.

    Args:
        board: the period, its results visible.
    """
    if not board.rated and not board.unrated:
        st.markdown(formats.small_grey(_("还没有结果。考评期结束后由联盟计算预评。")))
        return
    month = board.period.last_month
    groups = groupby(board.rated, key=lambda row: row.outcome.peer_group)
    html = "".join(_group(group, list(rows), board.scheme, month) for group, rows in groups)
    st.html(
        f'<div style="font-size:13px;color:{INK};font-variant-numeric:tabular-nums">{html}</div>'
        f'<div style="padding-top:10px;font-size:12.25px;color:{MUTED}">{escape(_legend())}</div>'
    )
    _draw_unrated(board)
    _draw_table(board)


def agency_address(last_month: str, agency_id: int) -> str:
    """Where one agency's part in a period is read."""
    return f"/ratings?period={last_month}&{PARAMETER}={agency_id}"


# ---------------------------------------------------------------- bars


def _legend() -> str:
    said = _("横条：得分九成把握所在的区间　粗线：得分　细线：等级线")
    return said + "　" + _("位次按区间是否重叠给出范围；只在同类中比较")


def _group(group: str, rows: Sequence[BoardRow], scheme: Scheme, month: str) -> str:
    count = _("{count} 家").format(count=len(rows))
    title = (
        f'<span style="font-weight:600">{escape(group_name(group))}</span> '
        f'<span style="color:{MUTED}">{escape(count)}</span>'
    )
    muted = f"color:{MUTED};font-size:12.25px"
    head = _cells(
        f"border-bottom:1px solid {HAIRLINE};padding-top:10px", "", title,
        f'<div style="{muted}">{scale(scheme)}</div>',
        *(f'<span style="{muted}">{escape(text)}</span>'
          for text in (_("得分"), _("区间|考评"), _("位次"), _("较上期"))),
    )  # fmt: skip
    return (
        f'<div role="list" aria-label="{escape(group_name(group))}">{head}'
        + "".join(_row(row, scheme, month) for row in rows)
        + "</div>"
    )


def _row(row: BoardRow, scheme: Scheme, month: str) -> str:
    one = row.outcome
    version = ""
    if row.number > 1:
        said = escape(_("第 {number} 版").format(number=row.number))
        version = f' <span style="color:{MUTED};font-size:12.25px">{said}</span>'
    for gate in one.gates:
        said = escape(_("一票否决：{gate}").format(gate=formats.label(gate)))
        version += f' <span style="color:{MUTED};font-size:12.25px">· {said}</span>'
    if row.replies:
        said = escape(_("{count} 项待答复").format(count=row.replies))
        version += f' <span style="color:{MUTED};font-size:12.25px">· {said}</span>'
    name = (
        f'<a href="{escape(agency_address(month, row.agency_id))}" target="_self" '
        f'style="color:{LINK};text-decoration:none">{escape(row.agency)}</a>{version}'
    )
    return _cells(
        f"border-bottom:1px solid {HAIRLINE}", mark_box(one.mark), name,
        interval_bar(one, scheme), f"<b>{points(one.score_hundredths)}</b>",
        escape(interval(one)), escape(rank(one)), _moved(row), role="listitem",
    )  # fmt: skip


def _moved(row: BoardRow) -> str:
    said = moved(row.moved_hundredths)
    before = row.before.mark if row.before is not None else None
    if before is not None and before is not row.outcome.mark:
        said += _("（原 {mark}）").format(mark=before.value)
    return f'<span style="color:{MUTED}">{escape(said)}</span>'


def _cells(style: str, *cells: str, role: str = "presentation") -> str:
    shares = (
        "0 0 26px", "1 1 190px", "2 1 170px", "0 0 40px;text-align:right",
        "0 0 92px;text-align:right", "0 0 96px;text-align:right", "0 0 104px;text-align:right",
    )  # fmt: skip
    drawn = "".join(
        f'<div style="flex:{share};min-width:0">{cell}</div>'
        for share, cell in zip(shares, cells, strict=True)
    )
    return (
        f'<div role="{role}" style="display:flex;flex-wrap:wrap;gap:2px 10px;align-items:center;'
        f'min-height:32px;padding:2px 0;{style}">{drawn}</div>'
    )


# ---------------------------------------------------------------- apart, and the table behind


def _draw_unrated(board: PeriodBoard) -> None:
    if not board.unrated:
        return
    st.subheader(_("未参评 {count} 家").format(count=len(board.unrated)), anchor=False)
    st.markdown(formats.small_grey(_("件数太少或入会太短，不给分、不定级、不排位；不是零分。")))
    plain_table(
        {
            _("服务机构"): [_link(board, row) for row in board.unrated],
            _("原因|未参评"): [_why(board, row) for row in board.unrated],
            _("完成件数"): [str(row.outcome.signals.concluded) for row in board.unrated],
            _("入会月数"): [str(row.outcome.signals.months) for row in board.unrated],
        },
        alt=_("未参评机构"),
    )


def _link(board: PeriodBoard, row: BoardRow) -> str:
    address = agency_address(board.period.last_month, row.agency_id)
    return f"[{formats.plain(row.agency)}]({address})"


def _why(board: PeriodBoard, row: BoardRow) -> str:
    assert row.outcome.unrated is not None
    return words(why_unrated(row.outcome.unrated, board.scheme))


def _draw_table(board: PeriodBoard) -> None:
    with st.expander(_("以表格查看")):
        st.dataframe(
            {
                _("服务机构"): [row.agency for row in board.rated],
                _("同类"): [group_name(row.outcome.peer_group) for row in board.rated],
                _("等级"): [mark_said(row.outcome.mark) for row in board.rated if row.outcome.mark],
                _("得分"): [points(row.outcome.score_hundredths) for row in board.rated],
                _("区间|考评"): [interval(row.outcome) for row in board.rated],
                _("位次"): [rank(row.outcome) for row in board.rated],
                _("较上期"): [moved(row.moved_hundredths) for row in board.rated],
            },
            hide_index=True, row_height=34, key="league_table", alt=_("同类位次"),
        )  # fmt: skip
