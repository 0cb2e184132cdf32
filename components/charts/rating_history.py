"""An agency's scores period by period (历次考评): points with their intervals, the lines of the grades
behind them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import groupby
from typing import Any

import altair as alt

from components.charts.target_path import FONT

HEIGHT = 190
_ABOVE = 4
"""Points of room above the highest and below the lowest of what is drawn."""


@dataclass(frozen=True, slots=True)
class Point:
    """One period.

    Attributes:
        period: what it is called, short enough for an axis.
        score, low, high: in points; `None` for who took no part.
        said: its label: `B 85.4`.
    """

    period: str
    score: float | None
    low: float | None
    high: float | None
    said: str


@lru_cache(maxsize=256)
def rating_history(
    points: tuple[Point, ...], lines: tuple[tuple[str, int], ...], *, is_dark: bool
) -> dict[str, Any]:
    """The chart, made once for each state of its figures.

    Args:
        points: the oldest first; a period without a score is a gap.
        lines: the grades' names and least scores.
        is_dark: the visitor's theme.

    Returns:
        A Vega-Lite specification; nobody changes it.
    """
    look = _look(is_dark=is_dark)
    x = alt.X(
        "period:N", sort=[point.period for point in points], title=None,
        scale=alt.Scale(domain=[point.period for point in points]),
        axis=alt.Axis(labelAngle=0, ticks=False, domainColor=look["hairline"], labelPadding=8),
    )  # fmt: skip
    drawn = [edge for point in points for edge in (point.low, point.high) if edge is not None]
    edges = [*drawn, *(float(least) for _, least in lines)]
    scale = alt.Scale(domain=[min(edges) - _ABOVE, max(edges) + _ABOVE], nice=False)
    y, low = (alt.Y(f"{name}:Q", title=None, axis=None, scale=scale) for name in ("score", "low"))
    runs = [
        [_row(point) for point in run]
        for is_scored, run in groupby(points, key=lambda point: point.score is not None)
        if is_scored
    ]
    chart = (
        alt.layer(*_grades(lines, y, look), *_scores(runs, x, y, low, look))
        .properties(height=HEIGHT)
        .configure(aria=False, font=FONT, axis={"labelFontSize": 12, "labelColor": look["muted"]})
        .configure_view(strokeWidth=0)
    )
    return chart.to_dict()  # type: ignore[no-any-return]


def _row(point: Point) -> dict[str, Any]:
    return {
        "period": point.period, "score": point.score, "low": point.low, "high": point.high,
        "said": point.said,
    }  # fmt: skip


def _grades(lines: Sequence[tuple[str, int]], y: Any, look: dict[str, str]) -> list[Any]:
    data = alt.InlineData(values=[{"score": least, "said": said} for said, least in lines])
    rules = alt.Chart(data).mark_rule(aria=False, color=look["hairline"], strokeWidth=1)
    names = alt.Chart(data).mark_text(
        aria=False, align="left", baseline="bottom", x=0, dy=-2, fontSize=12, color=look["muted"]
    )
    return [rules.encode(y=y), names.encode(y=y, text="said:N")]


def _scores(
    runs: list[list[dict[str, Any]]], x: Any, y: Any, low: Any, look: dict[str, str]
) -> list[Any]:
    data = alt.InlineData(values=[row for run in runs for row in run])
    spans = alt.Chart(data).mark_rule(aria=False, color=look["weak"], strokeWidth=6, opacity=1)
    points = alt.Chart(data).mark_point(
        aria=False, size=130, color=look["accent"], fill=look["accent"], opacity=1
    )
    said = alt.Chart(data).mark_text(
        aria=False, align="left", dx=9, dy=13, fontSize=12, fontWeight=600, color=look["ink"]
    )
    return [
        spans.encode(x=x, y=low, y2="high:Q"),
        *_lines(runs, x, y, look),
        points.encode(x=x, y=y, tooltip=["period:N", "said:N"]),
        said.encode(x=x, y=y, text="said:N"),
    ]


def _lines(runs: list[list[dict[str, Any]]], x: Any, y: Any, look: dict[str, str]) -> list[Any]:
    """A line for each run of periods; none over a period without a score."""
    return [
        alt.Chart(alt.InlineData(values=run))
        .mark_line(aria=False, color=look["accent"], strokeWidth=2)
        .encode(x=x, y=y)
        for run in runs
    ]


def _look(*, is_dark: bool) -> dict[str, str]:
    if is_dark:
        return {
            "ink": "#E3E8EF", "muted": "#A9B4C1", "accent": "#7FAEEA", "weak": "#3D5370",
            "hairline": "#2A333E",
        }  # fmt: skip
    return {
        "ink": "#1A2330", "muted": "#525D6B", "accent": "#1D4F91", "weak": "#C3D4EA",
        "hairline": "#E3E7ED",
    }  # fmt: skip
