"""One target's path (单项路径): the goal a line, the way there dashed, the figures points, the gap
marked, a projection dotted."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

import altair as alt

_IS_NARROW = "width < 500"
FITTING = {"type": "fit", "contains": "padding"}
"""A chart of a given width holds its labels within it."""
FONT = "Noto Sans SC, Noto Sans CJK SC, Microsoft YaHei, PingFang SC, sans-serif"


@dataclass(frozen=True, slots=True)
class Point:
    """A point of the path.

    Attributes:
        kind: `actual`, `expected`, `base` or `projected`.
        is_hollow: derived.
        is_weak: of a low grade.
        said: its label, with how it came about.
    """

    year: int
    value: float
    kind: str
    is_hollow: bool = False
    is_weak: bool = False
    said: str = ""


@dataclass(frozen=True, slots=True)
class Path:
    """What the chart draws.

    Attributes:
        points: each kind oldest first; a year without a figure is a gap in the line.
        goal: the target's value, with the sentence on its line.
        gap_said: how far the figure of the target year is from the goal; empty where it is met.
    """

    points: tuple[Point, ...]
    goal: float
    goal_said: str
    target_year: int
    gap_said: str = ""


@lru_cache(maxsize=512)
def target_path(
    path: Path,
    *,
    is_dark: bool,
    height: int = 460,
    size: int = 12,
    width: int | None = None,
    font: str = FONT,
) -> dict[str, Any]:
    """The chart, made once for each state of its figures.

    Args:
        path: what to draw.
        is_dark: the visitor's theme.
        height: in pixels.
        size: of the labels, in pixels; larger in a meeting.
        width: in pixels; as wide as its column when left out.
        font: of every word.

    Returns:
        A Vega-Lite specification; nobody changes it.
    """
    look = _look(is_dark=is_dark)
    layers = _Layers(path, look, size)
    sides = {} if width is None else {"width": width, "autosize": FITTING}
    chart = (
        alt.layer(*layers.way(), *layers.goal(), *layers.figures(), *layers.gap())
        .properties(height=height, **sides)
        .configure(aria=False, font=font, axis={"labelFontSize": size, "labelColor": look["muted"]})
        .configure_view(strokeWidth=0)
    )
    return chart.to_dict()  # type: ignore[no-any-return]


def _look(*, is_dark: bool) -> dict[str, str]:
    if is_dark:
        return {
            "ink": "#E3E8EF", "muted": "#A9B4C1", "accent": "#7FAEEA", "weak": "#5F7FA8",
            "hairline": "#2A333E", "ground": "#12171E", "short": "#F49B76",
        }  # fmt: skip
    return {
        "ink": "#1A2330", "muted": "#525D6B", "accent": "#1D4F91", "weak": "#6F90BD",
        "hairline": "#E3E7ED", "ground": "#FFFFFF", "short": "#A5340B",
    }  # fmt: skip


def _data(points: Iterable[Point]) -> alt.InlineData:
    return alt.InlineData(values=[
        {"year": point.year, "value": point.value, "said": point.said} for point in points
    ])  # fmt: skip


class _Layers:
    """The layers of one chart, on one pair of axes."""

    def __init__(self, path: Path, look: dict[str, str], size: int) -> None:
        self.path, self.look, self.size = path, look, size
        self.actual = [point for point in path.points if point.kind == "actual"]
        years = sorted({path.target_year, *(point.year for point in path.points)})
        top = max([path.goal, *(point.value for point in path.points)]) * 1.12 or 1
        self.x = alt.X(
            "year:O", title=None,
            scale=alt.Scale(domain=list(range(years[0], years[-1] + 1))),
            axis=alt.Axis(
                labelAngle=0, labelAlign="center", labelFlush=False, ticks=False,
                domainColor=look["hairline"], labelPadding=8,
            ),
        )  # fmt: skip
        self.y = alt.Y(
            "value:Q", title=None, scale=alt.Scale(domain=[0, top], nice=False),
            axis=alt.Axis(
                format=",.4~g" if top < 10 else ",.0f", ticks=False, domain=False,
                gridColor=look["hairline"], tickCount=5, labelPadding=8,
            ),
        )  # fmt: skip

    def way(self) -> list[Any]:
        """The expected way, dashed, from its base on; where the figures point, dotted."""
        look, layers = self.look, []
        way = [point for point in self.path.points if point.kind in ("base", "expected")]
        if way:
            layers.append(self._line(way, color=look["muted"], strokeDash=[5, 4], strokeWidth=1.5))
            layers += self._bases([point for point in way if point.kind == "base"])
        ahead = [point for point in self.path.points if point.kind == "projected"]
        if ahead:
            layers.append(self._line(ahead, color=look["accent"], strokeDash=[1, 5], strokeWidth=2))
            layers.append(self._words(ahead[-1:], "right", "bottom", -10, -6, look["muted"]))
        return layers

    def goal(self) -> list[Any]:
        """The target as a line, with its sentence on it."""
        look, size = self.look, self.size
        data = alt.InlineData(values=[{"value": self.path.goal, "said": self.path.goal_said}])
        rule = alt.Chart(data).mark_rule(aria=False, color=look["ink"], strokeWidth=2)
        text = alt.Chart(data).mark_text(
            aria=False, align="left", baseline="bottom", dy=-5, dx=6, fontSize=size + 1,
            fontWeight=600, color=look["ink"], x=0,
        )  # fmt: skip
        return [rule.encode(y=self.y), text.encode(y=self.y, text="said:N")]

    def figures(self) -> list[Any]:
        """The figures joined by a thin line: solid reported, hollow derived, lighter of a low
        grade; no line over a year without a figure."""
        look = self.look
        layers = [self._line(run, color=look["weak"], strokeWidth=2) for run in _runs(self.actual)]
        for is_hollow in (False, True):
            for is_weak in (False, True):
                some = [p for p in self.actual if (p.is_hollow, p.is_weak) == (is_hollow, is_weak)]
                colour = look["weak"] if is_weak else look["accent"]
                fill = look["ground"] if is_hollow else colour
                if some:
                    layers.append(self._points(some, colour, fill))
        above, below = _sides(self.actual)
        if above:
            layers.append(self._figure_words(above, "right", "bottom", -9, -7))
        if below:
            layers.append(self._figure_words(below, "left", "top", 9, 7))
        return layers

    def gap(self) -> list[Any]:
        """A short vertical from the figure of the target year up to the goal; on a narrow chart the
        headline alone says how much."""
        at = next((point for point in self.actual if point.year == self.path.target_year), None)
        if at is None or not self.path.gap_said:
            return []
        ends = alt.InlineData(values=[
            {"year": at.year, "value": at.value, "goal": self.path.goal, "said": self.path.gap_said}
        ])  # fmt: skip
        rule = alt.Chart(ends).mark_rule(aria=False, color=self.look["short"], strokeWidth=2)
        text = alt.Chart(ends).mark_text(
            aria=False, align="center", baseline="bottom", dy=-6, fontSize=self.size + 1,
            fontWeight=600, color=self.look["short"],
            text=alt.expr(f"{_IS_NARROW} ? '' : datum.said"),
        )  # fmt: skip
        return [
            rule.encode(x=self.x, y=self.y, y2="goal:Q"),
            text.encode(x=self.x, y=alt.Y("goal:Q")),
        ]

    def _line(self, points: Sequence[Point], **style: Any) -> Any:
        return alt.Chart(_data(points)).mark_line(aria=False, **style).encode(x=self.x, y=self.y)

    def _points(self, points: Sequence[Point], colour: str, fill: str) -> Any:
        marks = alt.Chart(_data(points)).mark_point(
            aria=False, size=130, color=colour, fill=fill, strokeWidth=2, opacity=1
        )
        return marks.encode(x=self.x, y=self.y, tooltip=["said:N"])

    def _bases(self, points: Sequence[Point]) -> list[Any]:
        if not points:
            return []
        marks = alt.Chart(_data(points)).mark_point(
            aria=False, shape="diamond", size=90, color=self.look["muted"],
            fill=self.look["ground"], strokeWidth=2, opacity=1,
        )  # fmt: skip
        words = self._words(points, "left", "top", 9, 7, self.look["muted"])
        return [marks.encode(x=self.x, y=self.y, tooltip=["said:N"]), words]

    def _words(
        self, points: Sequence[Point], align: Any, baseline: Any, dx: int, dy: int, colour: str
    ) -> Any:
        text = alt.Chart(_data(points)).mark_text(
            aria=False, align=align, baseline=baseline, dx=dx, dy=dy, fontSize=self.size,
            color=colour,
        )  # fmt: skip
        return text.encode(x=self.x, y=self.y, text="said:N")

    def _figure_words(
        self, points: Sequence[Point], align: Any, baseline: Any, dx: int, dy: int
    ) -> Any:
        """Labels of figures; on a narrow chart the figure alone, its marks say the rest."""
        text = alt.Chart(_data(points)).mark_text(
            aria=False, align=align, baseline=baseline, dx=dx, dy=dy, fontSize=self.size,
            color=self.look["ink"],
            text=alt.expr(f"{_IS_NARROW} ? split(datum.said, ' ')[0] : datum.said"),
        )  # fmt: skip
        return text.encode(x=self.x, y=self.y)


def _runs(points: Sequence[Point]) -> list[list[Point]]:
    """Figures of consecutive years, joined; a year without one parts them."""
    runs: list[list[Point]] = []
    for point in points:
        if runs and runs[-1][-1].year == point.year - 1:
            runs[-1].append(point)
        else:
            runs.append([point])
    return [run for run in runs if len(run) > 1]


def _sides(points: Sequence[Point]) -> tuple[list[Point], list[Point]]:
    """On which side each label stands clear of the line: above left where the line comes from
    below and flattens or ends, else below right."""
    above: list[Point] = []
    below: list[Point] = []
    for at, point in enumerate(points):
        rise = point.value - points[at - 1].value if at else None
        next_rise = points[at + 1].value - point.value if at + 1 < len(points) else None
        if rise is None:
            is_above = next_rise is not None and next_rise < 0
        else:
            is_above = rise > (next_rise or 0)
        (above if is_above else below).append(point)
    return above, below
