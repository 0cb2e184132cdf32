"""Lying bars with the figure at the end: one accent, the others weak; no axis but the names."""

from __future__ import annotations

from typing import Any

import altair as alt
import pandas as pd

FONT = "Noto Sans SC, Noto Sans CJK SC, Microsoft YaHei, PingFang SC, sans-serif"
ROW_HEIGHT = 30


def lying_bars(frame: pd.DataFrame, *, is_dark: bool) -> Any:
    """Bars from the left, the longest first as the frame has them.

    Args:
        frame: columns `name`, `value`, `shown` (the figure in words), `is_mine` (in the accent
            colour).
        is_dark: the visitor's theme.

    Returns:
        An Altair chart as high as its rows.
    """
    accent, weak = ("#7FAEEA", "#5F7FA8") if is_dark else ("#1D4F91", "#6F90BD")
    ink, muted = ("#E3E8EF", "#A9B4C1") if is_dark else ("#1A2330", "#525D6B")
    row = alt.Y("name:N", sort=None, title=None, axis=alt.Axis(
        domain=False, ticks=False, labelFontSize=12, labelColor=muted, labelLimit=220,
        labelPadding=8,
    ))  # fmt: skip
    most = max(float(frame["value"].max()), 1.0)
    length = alt.X("value:Q", axis=None, scale=alt.Scale(domain=[0, most * 1.18]))
    bars = (
        alt.Chart(frame)
        .mark_bar(height=14, aria=False)
        .encode(
            x=length,
            y=row,
            color=alt.condition("datum.is_mine", alt.value(accent), alt.value(weak)),
            tooltip=[alt.Tooltip("name:N"), alt.Tooltip("shown:N")],
        )
    )
    figures = (
        alt.Chart(frame)
        .mark_text(align="left", dx=6, fontSize=12, color=ink, aria=False)
        .encode(x=length, y=row, text="shown:N")
    )
    return (
        alt.layer(bars, figures)
        .properties(height=ROW_HEIGHT * len(frame))
        .configure(font=FONT, aria=False)
        .configure_view(strokeWidth=0)
    )
