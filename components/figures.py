"""A small table of figures: names left, numbers right-aligned with tabular digits, hairlines
between.

Drawn as one piece of HTML: the same table through a styled frame costs five milliseconds a run.
"""

from __future__ import annotations

from collections.abc import Sequence
from html import escape

import streamlit as st

_HAIRLINE = "border-bottom:1px solid light-dark(#E3E7ED,#2A333E)"
_MUTED = "color:light-dark(#525D6B,#A9B4C1)"


def draw_figures(
    heads: Sequence[str], rows: Sequence[Sequence[str]], *, is_last_strong: bool = False
) -> None:
    """A table of figures.

    Args:
        heads: of the names, then of each column of figures.
        rows: each a name and its figures, as they are shown; plain text.
        is_last_strong: the last column is the one that counts.
    """
    head = "".join(
        f'<th scope="col" style="{_cell(at)};{_MUTED};font-weight:400">{escape(text)}</th>'
        for at, text in enumerate(heads)
    )
    last = len(heads) - 1 if is_last_strong else -1
    body = "".join(f"<tr>{_row(row, last)}</tr>" for row in rows)
    st.html(
        '<table style="width:100%;border-collapse:collapse;font-size:12.25px;'
        f'font-variant-numeric:tabular-nums"><thead><tr>{head}</tr></thead>'
        f"<tbody>{body}</tbody></table>"
    )


def _row(row: Sequence[str], last: int) -> str:
    name = f'<th scope="row" style="{_cell(0)};font-weight:400">{escape(row[0])}</th>'
    return name + "".join(
        f'<td style="{_cell(at)};font-weight:{600 if at == last else 400}">{escape(text)}</td>'
        for at, text in enumerate(row[1:], start=1)
    )


def _cell(at: int) -> str:
    side = "right;white-space:nowrap" if at else "left"
    return f"padding:4px 6px;line-height:18px;{_HAIRLINE};text-align:{side}"
