"""How grades are distributed (等级分布): ours and another's side by side, lying, each with its
figure."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from typing import Any

import altair as alt

from components.charts.target_path import FONT

ROW_HEIGHT = 24


@dataclass(frozen=True, slots=True)
class GradeBar:
    """One bar.

    Attributes:
        row: its name.
        percent: how long it is.
        said: the figure at its end.
        is_ours: in the accent; else weak.
    """

    row: str
    percent: float
    said: str
    is_ours: bool


@lru_cache(maxsize=64)
def grade_bars(bars: tuple[GradeBar, ...], *, is_dark: bool) -> dict[str, Any]:
    """The chart, made once for each state of its figures.

    Args:
        bars: in their order.
        is_dark: the visitor's theme.

    Returns:
        A Vega-Lite specification; nobody changes it.
    """
    accent, weak = ("#7FAEEA", "#5F7FA8") if is_dark else ("#1D4F91", "#6F90BD")
    ink, muted = ("#E3E8EF", "#A9B4C1") if is_dark else ("#1A2330", "#525D6B")
    data = alt.InlineData(values=[
        {
            "row": bar.row, "percent": bar.percent, "said": bar.said,
            "fill": accent if bar.is_ours else weak,
        }
        for bar in bars
    ])  # fmt: skip
    y = alt.Y("row:N", sort=[bar.row for bar in bars], title=None, axis=alt.Axis(
        domain=False, ticks=False, labelLimit=220, labelPadding=8,
    ))  # fmt: skip
    most = max((bar.percent for bar in bars), default=1.0) or 1.0
    x = alt.X("percent:Q", axis=None, scale=alt.Scale(domain=[0, most * 1.7], nice=False))
    drawn = alt.Chart(data).mark_bar(aria=False, height=12).encode(
        x=x, y=y, color=alt.Color("fill:N", scale=None), tooltip=["row:N", "said:N"],
    )  # fmt: skip
    figures = alt.Chart(data).mark_text(
        aria=False, align="left", dx=6, fontSize=12, color=ink,
    ).encode(x=x, y=y, text="said:N")  # fmt: skip
    chart = (
        alt.layer(drawn, figures)
        .properties(height=ROW_HEIGHT * len(bars))
        .configure(aria=False, font=FONT, axis={"labelFontSize": 12, "labelColor": muted})
        .configure_view(strokeWidth=0)
    )
    return chart.to_dict()  # type: ignore[no-any-return]
