"""A meeting's slides as pictures (PNG, 1920 × 1080), drawn with the typeface that comes with the
project: no font of the machine is asked for."""

from __future__ import annotations

import io
from functools import cache
from pathlib import Path
from typing import Any

import vl_convert
from PIL import Image, ImageDraw, ImageFont

from components.charts.standing_bars import LIGHT, standing_bars
from components.charts.target_path import target_path
from components.language import words
from components.meeting_words import GROUP_NAMES, parts_of, path_of
from models.exchange.meeting_slides import SpokenSlide
from models.rules.targets.slides import Deck, Slide

FAMILY = "Zero Fee Sans SC"
_FONTS = Path(__file__).resolve().parent / "fonts"
_SCALE = 1.5  # of a slide of 1280 × 720
_INK, _MUTED, _HAIRLINE, _CAUTION = "#1A2330", "#525D6B", "#E3E7ED", "#7F5000"
_LEFT, _WIDE, _CHART = 48, 1184, 474


def slide_pictures(deck: Deck, spoken: list[SpokenSlide], mark: str = "") -> list[bytes]:
    """Every slide as a PNG.

    Args:
        deck: what is drawn.
        spoken: the same slides in words, the overview first.
        mark: 演示数据 where everything is generated.
    """
    charts = [_overview_chart(deck), *map(_path_chart, deck.slides)]
    return [_picture(one, chart, mark) for one, chart in zip(spoken, charts, strict=True)]


def _picture(slide: SpokenSlide, chart: Image.Image, mark: str) -> bytes:
    page = _Page()
    page.text(_LEFT, 14, slide.kicker, 18, _MUTED)
    page.text(_LEFT + _WIDE, 14, " · ".join(filter(None, [mark, slide.page])), 18, _MUTED, "ra")
    lines = page.wrapped(slide.headline, 40, _WIDE)
    for at, line in enumerate(lines[:2]):
        page.text(_LEFT, 44 + 48 * at, line, 40, _INK, is_bold=True)
    top = 44 + 48 * len(lines[:2]) + 12
    if slide.caveat:
        page.text(_LEFT, top - 4, slide.caveat, 18, _CAUTION)
        top += 22
    if slide.bars is not None:
        page.legend(top, [words(said) for said in GROUP_NAMES.values()])
    page.paste(chart, top + (30 if slide.bars is not None else 0))
    page.line(640)
    for at, (left, right) in enumerate(slide.foot):
        page.text(_LEFT, 648 + 25 * at, left, 16, _MUTED)
        page.text(_LEFT + _WIDE, 648 + 25 * at, right, 16, _MUTED, "ra")
    return page.png()


class _Page:
    """A white slide; places and sizes in pixels of 1280 × 720."""

    def __init__(self) -> None:
        self.image = Image.new("RGB", (round(1280 * _SCALE), round(720 * _SCALE)), "#FFFFFF")
        self.draw = ImageDraw.Draw(self.image)

    def text(
        self, x: float, y: float, said: str, size: int, colour: str, anchor: str = "la",
        *, is_bold: bool = False,
    ) -> None:  # fmt: skip
        """One line of words."""
        font = _font(size, is_bold=is_bold)
        self.draw.text((x * _SCALE, y * _SCALE), said, colour, font=font, anchor=anchor)

    def wrapped(self, said: str, size: int, width: int) -> list[str]:
        """Words broken into lines, a Chinese sentence anywhere, an English one between words."""
        font, lines = _font(size, is_bold=True), [""]
        pieces = said.replace(" ", " \0").split("\0") if " " in said else list(said)
        for piece in pieces:
            if lines[-1] and font.getlength((lines[-1] + piece).rstrip()) > width * _SCALE:
                lines.append("")
            lines[-1] += piece
        return lines

    def legend(self, y: float, groups: list[str]) -> None:
        """What the colours of the bars mean."""
        x: float = _LEFT
        for said, (fill, _ink) in zip(groups, LIGHT, strict=True):
            box = (x, y + 4, x + 14, y + 18)
            self.draw.rectangle([side * _SCALE for side in box], fill=fill)
            self.text(x + 21, y, said, 18, _INK)
            x += 21 + _font(18).getlength(said) / _SCALE + 22

    def paste(self, chart: Image.Image, y: float) -> None:
        """The chart."""
        self.image.paste(chart, (round(_LEFT * _SCALE), round(y * _SCALE)))

    def line(self, y: float) -> None:
        """The hairline above the foot."""
        ends = (_LEFT * _SCALE, y * _SCALE, (_LEFT + _WIDE) * _SCALE, y * _SCALE)
        self.draw.line(ends, fill=_HAIRLINE, width=2)

    def png(self) -> bytes:
        """The slide."""
        target = io.BytesIO()
        self.image.save(target, "PNG", optimize=True)
        return target.getvalue()


def _overview_chart(deck: Deck) -> Image.Image:
    return _drawn(
        standing_bars(
            parts_of(deck.standings),
            is_dark=False,
            height=_CHART - 40,
            size=18,
            width=_WIDE,
            font=FAMILY,
        )
    )


def _path_chart(slide: Slide) -> Image.Image:
    return _drawn(
        target_path(path_of(slide), is_dark=False, height=_CHART, size=18, width=_WIDE, font=FAMILY)
    )


def _drawn(spec: dict[str, Any]) -> Image.Image:
    _register_fonts()
    png = vl_convert.vegalite_to_png(spec, scale=_SCALE)
    return Image.open(io.BytesIO(png)).convert("RGB")


@cache
def _register_fonts() -> None:
    vl_convert.register_font_directory(str(_FONTS))


@cache
def _font(size: int, *, is_bold: bool = False) -> ImageFont.FreeTypeFont:
    weight = "Bold" if is_bold else "Regular"
    return ImageFont.truetype(str(_FONTS / f"ZeroFeeSansSC-{weight}.otf"), round(size * _SCALE))
