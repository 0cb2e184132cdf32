"""How the targets of each place stand (各地状态): stacked lying bars, every part with its count."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from typing import Any

import altair as alt

from components.charts.target_path import FITTING, FONT


@dataclass(frozen=True, slots=True)
class Part:
    """One part of one bar.

    Attributes:
        row: the place.
        start: how many stand before it.
        count: how many it is.
        group: which of the groups, from the left; decides its colour.
        said: `达成 3`, when pointed at; the bar itself holds the count.
    """

    row: str
    start: int
    count: int
    group: int
    said: str


# fmt: off
LIGHT = (("#1D4F91", "#FFFFFF"), ("#A5340B", "#FFFFFF"), ("#6F90BD", "#1A2330"), ("#C3D4EA", "#1A2330"), ("#EDF1F6", "#1A2330"))
DARK  = (("#7FAEEA", "#12171E"), ("#F49B76", "#12171E"), ("#5F7FA8", "#FFFFFF"), ("#33485F", "#E3E8EF"), ("#26303B", "#E3E8EF"))
# fmt: on
"""Fill and ink of each group: met, missed, under way, data that end early, no data."""


@lru_cache(maxsize=32)
def standing_bars(
    parts: tuple[Part, ...],
    *,
    is_dark: bool,
    height: int,
    size: int,
    width: int | None = None,
    font: str = FONT,
) -> dict[str, Any]:
    """The chart.

    Args:
        parts: the rows in their order, each from the left.
        is_dark: the visitor's theme.
        height: in pixels.
        size: of the words, in pixels.
        width: in pixels; as wide as its column when left out.
        font: of every word.

    Returns:
        A Vega-Lite specification; nobody changes it.
    """
    colours = DARK if is_dark else LIGHT
    rows = list(dict.fromkeys(part.row for part in parts))
    most = max((part.start + part.count for part in parts), default=1)
    data = alt.InlineData(values=[
        {
            "row": part.row, "from": part.start, "to": part.start + part.count,
            "middle": part.start + part.count / 2, "count": str(part.count), "said": part.said,
            "fill": colours[part.group][0], "ink": colours[part.group][1],
        }
        for part in parts
    ])  # fmt: skip
    y = alt.Y("row:N", sort=rows, title=None, axis=alt.Axis(
        domain=False, ticks=False, labelLimit=260, labelPadding=10,
    ))  # fmt: skip
    across = alt.Scale(domain=[0, most], nice=False)
    bars = alt.Chart(data).mark_bar(aria=False, height={"band": 0.72}).encode(
        x=alt.X("from:Q", axis=None, scale=across), x2="to:Q", y=y,
        color=alt.Color("fill:N", scale=None), tooltip=["row:N", "said:N"],
    )  # fmt: skip
    words = alt.Chart(data).mark_text(aria=False, fontSize=size).encode(
        x=alt.X("middle:Q", axis=None, scale=across), y=y, text="count:N",
        color=alt.Color("ink:N", scale=None),
    )  # fmt: skip
    sides = {} if width is None else {"width": width, "autosize": FITTING}
    muted = "#A9B4C1" if is_dark else "#525D6B"
    chart = (
        alt.layer(bars, words)
        .properties(height=height, **sides)
        .configure(aria=False, font=font, axis={"labelFontSize": size + 1, "labelColor": muted})
        .configure_view(strokeWidth=0)
    )
    return chart.to_dict()  # type: ignore[no-any-return]
