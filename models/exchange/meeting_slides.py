"""A meeting as a PowerPoint (`.pptx`): one message a slide, its charts native and to be edited."""

from __future__ import annotations

import io
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from pptx import Presentation
from pptx.chart.data import CategoryChartData
from pptx.dml.color import RGBColor
from pptx.enum.chart import (
    XL_CHART_TYPE,
    XL_LABEL_POSITION,
    XL_LEGEND_POSITION,
    XL_MARKER_STYLE,
)
from pptx.enum.dml import MSO_LINE
from pptx.enum.text import MSO_ANCHOR, PP_ALIGN
from pptx.oxml.ns import qn
from pptx.util import Emu, Pt

FONT = "Microsoft YaHei"
_PIXEL = 9525  # EMU; a slide is 1280 × 720 of them
_INK, _MUTED = RGBColor(0x1A, 0x23, 0x30), RGBColor(0x52, 0x5D, 0x6B)
_ACCENT, _WEAK = RGBColor(0x1D, 0x4F, 0x91), RGBColor(0x6F, 0x90, 0xBD)
_CAUTION = RGBColor(0x7F, 0x50, 0x00)
_HAIRLINE, _GROUND = RGBColor(0xE3, 0xE7, 0xED), RGBColor(0xFF, 0xFF, 0xFF)
_BLANK = 6  # the layout without placeholders
_LEFT, _WIDE = 48, 1184
_ONE_LINE = 56  # columns of a headline


@dataclass(frozen=True, slots=True)
class SpokenPoint:
    """A figure of a chart: its year, its value (none: a gap), its label, and how it came about."""

    year: int
    value: float | None
    said: str = ""
    is_hollow: bool = False
    is_weak: bool = False


@dataclass(frozen=True, slots=True)
class SpokenSeries:
    """One line of a chart over its years.

    Attributes:
        style: `goal`, `way`, `actual` or `projected`.
    """

    name: str
    style: str
    points: tuple[SpokenPoint, ...]


@dataclass(frozen=True, slots=True)
class SpokenBars:
    """Stacked lying bars: a row a place, a colour a group."""

    rows: tuple[str, ...]
    groups: tuple[tuple[str, tuple[int, ...]], ...]


@dataclass(frozen=True, slots=True)
class SpokenSlide:
    """One slide in the words of one language.

    Attributes:
        page: `3 / 12`.
        caveat: what must be said beside the figures of the headline.
        lines: of the path; empty on the first slide, which has `bars`.
        foot: left and right footer lines.
        notes: what the speaker sees: every figure with its source.
        alternative: the chart in words.
    """

    kicker: str
    page: str
    headline: str
    foot: tuple[tuple[str, str], ...]
    notes: str
    alternative: str
    caveat: str = ""
    lines: tuple[SpokenSeries, ...] = ()
    bars: SpokenBars | None = None


def meeting_slides(slides: Sequence[SpokenSlide], title: str, mark: str = "") -> bytes:
    """The slides as a `.pptx`, 16:9.

    Args:
        slides: in their order.
        title: of the document.
        mark: 演示数据 where everything is generated; printed on every slide.
    """
    deck: Any = Presentation()
    deck.slide_width, deck.slide_height = Emu(1280 * _PIXEL), Emu(720 * _PIXEL)
    deck.core_properties.title, deck.core_properties.comments = title, mark
    for slide in slides:
        page = deck.slides.add_slide(deck.slide_layouts[_BLANK])
        _words_around(page, slide, mark)
        if slide.bars is not None:
            _stacked_bars(page, slide.bars)
        elif slide.lines:
            _path(page, slide.lines)
        for shape in page.shapes:
            if shape.has_chart:
                shape._element.nvGraphicFramePr.cNvPr.set("descr", slide.alternative)
        page.notes_slide.notes_text_frame.text = slide.notes
    target = io.BytesIO()
    deck.save(target)
    return target.getvalue()


# ---------------------------------------------------------------- words


def _words_around(page: Any, slide: SpokenSlide, mark: str) -> None:
    _text(page, (_LEFT, 14, 900, 28), slide.kicker, 14, _MUTED)
    right = " · ".join(part for part in (mark, slide.page) if part)
    _text(page, (932, 14, 300, 28), right, 14, _MUTED, is_right=True)
    size = 28 if _columns(slide.headline) <= _ONE_LINE else 22
    _text(page, (_LEFT, 42, _WIDE, 72), slide.headline, size, _INK, is_bold=True)
    _text(page, (_LEFT, 112, _WIDE, 26), slide.caveat, 14, _CAUTION)
    line = page.shapes.add_connector(1, *map(Emu, _box((_LEFT, 616, _LEFT + _WIDE, 616))))
    line.line.color.rgb, line.line.width = _HAIRLINE, Pt(0.75)
    for at, (left, other) in enumerate(slide.foot):
        _text(page, (_LEFT, 624 + 26 * at, 940, 26), left, 12, _MUTED)
        _text(page, (992, 624 + 26 * at, 240, 26), other, 12, _MUTED, is_right=True)


def _text(
    page: Any,
    box: tuple[int, int, int, int],
    words: str,
    size: float,
    colour: RGBColor,
    *,
    is_bold: bool = False,
    is_right: bool = False,
) -> None:
    frame = page.shapes.add_textbox(*map(Emu, _box(box))).text_frame
    frame.word_wrap = True
    frame.vertical_anchor = MSO_ANCHOR.TOP
    frame.margin_left = frame.margin_right = frame.margin_top = frame.margin_bottom = 0
    paragraph = frame.paragraphs[0]
    paragraph.alignment = PP_ALIGN.RIGHT if is_right else PP_ALIGN.LEFT
    run = paragraph.add_run()
    run.text = words
    run.font.size, run.font.bold, run.font.color.rgb = Pt(size), is_bold, colour
    _use_font(run.font, run._r.get_or_add_rPr())


def _use_font(font: Any, properties: Any) -> None:
    """The typeface for Latin and for Chinese: python-pptx names the first only."""
    font.name = FONT
    for old in properties.findall(qn("a:ea")):
        properties.remove(old)
    east = properties.makeelement(qn("a:ea"), {"typeface": FONT})
    properties.find(qn("a:latin")).addnext(east)


def _box(box: tuple[int, int, int, int]) -> tuple[int, ...]:
    return tuple(side * _PIXEL for side in box)


def _columns(words: str) -> int:
    """How wide words are: a Chinese character is two columns."""
    return sum(2 if ord(letter) > 0x2E80 else 1 for letter in words)


# ---------------------------------------------------------------- charts


def _path(page: Any, lines: Sequence[SpokenSeries]) -> None:
    years = _years(lines)
    data = CategoryChartData(number_format="#,##0.##")
    data.categories = [str(year) for year in years]
    for series in lines:
        values = {point.year: point.value for point in series.points}
        data.add_series(series.name, [values.get(year) for year in years])
    chart = _chart(page, XL_CHART_TYPE.LINE_MARKERS, data)
    chart.value_axis.minimum_scale = 0
    chart.value_axis.major_gridlines.format.line.color.rgb = _HAIRLINE
    chart.value_axis.format.line.fill.background()
    for drawn, series in zip(chart.plots[0].series, lines, strict=True):
        drawn.smooth = False
        _STYLES[series.style](drawn, series, years)


def _years(lines: Sequence[SpokenSeries]) -> list[int]:
    """The years of the axis, without a hole."""
    years = [point.year for series in lines for point in series.points]
    return list(range(min(years), max(years) + 1))


def _stacked_bars(page: Any, bars: SpokenBars) -> None:
    data = CategoryChartData(number_format="0;;")
    data.categories = list(bars.rows)
    for name, counts in bars.groups:
        data.add_series(name, counts)
    chart = _chart(page, XL_CHART_TYPE.BAR_STACKED, data)
    chart.category_axis.reverse_order = True
    chart.value_axis.visible = False
    chart.value_axis.has_major_gridlines = False
    chart.plots[0].gap_width, chart.plots[0].overlap = 45, 100
    for series, (colour, ink) in zip(chart.plots[0].series, BAR_COLOURS, strict=False):
        series.format.fill.solid()
        series.format.fill.fore_color.rgb = RGBColor.from_string(colour)
        labels = series.data_labels
        labels.show_value, labels.number_format, labels.number_format_is_linked = True, "0;;", False
        labels.font.size, labels.font.color.rgb = Pt(14), RGBColor.from_string(ink)


BAR_COLOURS = (
    ("1D4F91", "FFFFFF"),
    ("A5340B", "FFFFFF"),
    ("6F90BD", "1A2330"),
    ("C3D4EA", "1A2330"),
    ("EDF1F6", "1A2330"),
)
"""Fill and ink of met, missed, under way, data that end early, no data."""


def _chart(page: Any, kind: Any, data: CategoryChartData) -> Any:
    box = map(Emu, _box((_LEFT - 8, 136, _WIDE + 16, 476)))
    chart = page.shapes.add_chart(kind, *box, data).chart
    chart.has_title = False
    chart.has_legend = True
    chart.legend.include_in_layout = False
    chart.legend.position = XL_LEGEND_POSITION.BOTTOM
    chart.font.size, chart.font.color.rgb = Pt(14), _MUTED
    _use_font(chart.font, chart.font._rPr)
    chart.category_axis.format.line.color.rgb = _HAIRLINE
    chart.category_axis.has_major_gridlines = False
    return chart


def _goal_style(drawn: Any, series: SpokenSeries, _years: Sequence[int]) -> None:
    _line(drawn, _INK, 2.25)
    drawn.marker.style = XL_MARKER_STYLE.NONE
    _label(drawn.points[0], series.points[0].said, XL_LABEL_POSITION.ABOVE, is_bold=True)


def _way_style(drawn: Any, series: SpokenSeries, years: Sequence[int]) -> None:
    _line(drawn, _MUTED, 1.25, MSO_LINE.DASH)
    drawn.marker.style = XL_MARKER_STYLE.NONE
    for point in series.points:
        if point.said:
            one = drawn.points[years.index(point.year)]
            one.marker.style, one.marker.size = XL_MARKER_STYLE.DIAMOND, 9
            _fill(one.marker, _GROUND, _MUTED)
            _label(one, point.said, XL_LABEL_POSITION.BELOW)


def _projected_style(drawn: Any, _series: SpokenSeries, _years: Sequence[int]) -> None:
    _line(drawn, _ACCENT, 1.75, MSO_LINE.ROUND_DOT)
    drawn.marker.style = XL_MARKER_STYLE.NONE


def _actual_style(drawn: Any, series: SpokenSeries, years: Sequence[int]) -> None:
    _line(drawn, _WEAK, 2)
    drawn.marker.style, drawn.marker.size = XL_MARKER_STYLE.CIRCLE, 10
    _fill(drawn.marker, _ACCENT, _ACCENT)
    for point in series.points:
        one = drawn.points[years.index(point.year)]
        colour = _WEAK if point.is_weak else _ACCENT
        one.marker.style, one.marker.size = XL_MARKER_STYLE.CIRCLE, 10
        fill = _GROUND if point.is_hollow else colour
        _fill(one.marker, fill, colour)
        one.format.fill.solid()  # LibreOffice takes the colour of a marker from here
        one.format.fill.fore_color.rgb = fill
        _label(one, point.said, XL_LABEL_POSITION.BELOW)


_STYLES = {
    "goal": _goal_style,
    "way": _way_style,
    "actual": _actual_style,
    "projected": _projected_style,
}


def _line(drawn: Any, colour: RGBColor, width: float, dash: Any = None) -> None:
    drawn.format.line.color.rgb, drawn.format.line.width = colour, Pt(width)
    if dash is not None:
        drawn.format.line.dash_style = dash


def _fill(marker: Any, fill: RGBColor, line: RGBColor) -> None:
    marker.format.fill.solid()
    marker.format.fill.fore_color.rgb = fill
    marker.format.line.color.rgb = line


def _label(point: Any, words: str, position: Any, *, is_bold: bool = False) -> None:
    frame = point.data_label.text_frame
    frame.text = words
    font = frame.paragraphs[0].runs[0].font
    font.size, font.bold, font.color.rgb = Pt(14), is_bold, _INK
    point.data_label.position = position
