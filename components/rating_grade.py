"""A grade (考评等级) as it is shown: the letter in its square, the score with its interval, the bar
with the lines of the grades.

Each one piece of HTML of plain boxes: it stands at once, fits a phone, and reads aloud.
"""

from __future__ import annotations

from collections.abc import Sequence
from html import escape
from typing import Protocol

from components.grade_words import interval_words, mark_words
from components.language import _
from components.rating_words import points
from models.rules.rating import Mark, Scheme
from models.rules.rating.scheme import FULL, MARKS

INK = "light-dark(#1A2330,#E3E8EF)"
MUTED = "light-dark(#525D6B,#A9B4C1)"
ACCENT = "light-dark(#1D4F91,#7FAEEA)"
WEAK = "light-dark(#6F90BD,#5F7FA8)"
BAND = "light-dark(#EDF1F6,#26303B)"
LINK = "color:light-dark(#1D4F91,#93BCF0);text-decoration:none"
HAIRLINE = "1px solid light-dark(#E3E7ED,#2A333E)"
LEAST_FLOOR = 50
"""Where the bar begins, unless something stands lower: what lies below decides no grade."""
_BY_THE_EDGE = 12
"""Per cent of the bar within which a label at its end would meet another."""


class Scored(Protocol):
    """Whatever carries a score: a rating just computed, or a published one."""

    @property
    def mark(self) -> Mark | None:
        """The grade; `None` for who takes no part."""

    @property
    def score_hundredths(self) -> int | None:
        """The score."""

    @property
    def low_hundredths(self) -> int | None:
        """The interval's lower end."""

    @property
    def high_hundredths(self) -> int | None:
        """The interval's upper end."""


def grade_html(read: Scored, lines: Sequence[str], scheme: Scheme) -> str:
    """The square with the score and some lines beside it, between two hairlines.

    Args:
        read: the rating.
        lines: muted, below the interval; for who takes no part, why.
        scheme: by which it was rated.
    """
    if read.mark is None:
        square, said = _square("—", _("未参评"), is_dashed=True), [_line(_("未参评"), 20, INK)]
    else:
        called = _("考评等级 {mark}").format(mark=mark_words(read.mark))
        square = _square(read.mark, called)
        score = _("{score} 分").format(score=points(read.score_hundredths))
        interval = interval_words(read.low_hundredths, read.high_hundredths, scheme)
        said = [_line(score, 24, INK), _line(interval, 14, MUTED)]
    beside = "".join([*said, *(_line(line, 14, MUTED) for line in lines if line)])
    return (
        f'<div style="display:flex;gap:16px;align-items:center;padding:12px 0;'
        f'border-block:{HAIRLINE}">{square}<div style="min-width:0">{beside}</div></div>'
    )


def bar_html(read: Scored, scheme: Scheme) -> str:
    """The score and its interval on a bar with the lines of the grades; nothing for who takes no
    part."""
    score, low, high = read.score_hundredths, read.low_hundredths, read.high_hundredths
    if score is None or low is None or high is None:
        return ""
    floor = _floor(low, scheme)
    ends = [_place(low, floor), _place(high, floor)]
    boxes = [
        _box(0, 100, BAND),
        _box(ends[0], ends[1] - ends[0], WEAK),
        _tick(_place(score, floor), 4, 20, ACCENT, 6),
    ]
    lines = {_place(100 * least, floor): f"{mark} {least}" for mark, least in _lines(scheme)}
    boxes += [_tick(place, 0, 28, INK, 2) for place in lines]
    sides = {0.0: f"{floor}", 100.0: f"{FULL}"}
    lines |= {
        end: said
        for end, said in sides.items()
        if all(abs(end - place) >= _BY_THE_EDGE for place in lines)
    }
    labels = "".join(_label(place, said) for place, said in lines.items())
    return (
        f'<div role="img" aria-label="{escape(_bar_words(read, scheme))}" style="padding-top:14px">'
        f'<div style="position:relative;height:28px">{"".join(boxes)}</div>'
        f'<div style="position:relative;height:20px;font-size:12.25px;color:{MUTED};'
        f'font-variant-numeric:tabular-nums">{labels}</div></div>'
    )


def _lines(scheme: Scheme) -> list[tuple[Mark, int]]:
    return [(mark, scheme.thresholds[mark]) for mark in MARKS[:-1]]


def _floor(low: int, scheme: Scheme) -> int:
    """A multiple of ten below everything drawn."""
    lowest = min(LEAST_FLOOR, low // 100, min(scheme.thresholds.values()) - 5)
    return max(0, lowest // 10 * 10)


def _place(hundredths: int, floor: int) -> float:
    """Where a score stands on the bar, in per cent of it."""
    return min(100.0, max(0.0, (hundredths - 100 * floor) / (FULL - floor)))


def _square(letter: str, called: str, *, is_dashed: bool = False) -> str:
    style, colour = ("dashed", MUTED) if is_dashed else ("solid", ACCENT)
    return (
        f'<div role="img" aria-label="{escape(called)}" style="flex:none;width:64px;height:64px;'
        f"border:2px {style} {colour};border-radius:4px;display:flex;align-items:center;"
        f'justify-content:center;font-size:32px;font-weight:600;color:{colour}">'
        f"{escape(letter)}</div>"
    )


def _line(text: str, size: int, colour: str) -> str:
    return f'<div style="font-size:{size}px;line-height:1.4;color:{colour}">{escape(text)}</div>'


def _box(left: float, width: float, colour: str) -> str:
    return (
        f'<div style="position:absolute;left:{left:.2f}%;width:{width:.2f}%;top:8px;height:12px;'
        f'background:{colour}"></div>'
    )


def _tick(left: float, top: int, height: int, colour: str, width: int) -> str:
    return (
        f'<div style="position:absolute;left:calc({left:.2f}% - {width // 2}px);top:{top}px;'
        f'width:{width}px;height:{height}px;background:{colour}"></div>'
    )


def _label(left: float, text: str) -> str:
    shift = 0 if left < 4 else 100 if left > 96 else 50
    return (
        f'<span style="position:absolute;left:{left:.2f}%;transform:translateX(-{shift}%);'
        f'white-space:nowrap">{escape(text)}</span>'
    )


def _bar_words(read: Scored, scheme: Scheme) -> str:
    lines = _("，").join(
        _("{mark} 级 {least} 分起").format(mark=mark, least=least) for mark, least in _lines(scheme)
    )
    return _("得分 {score}，{interval}；{lines}").format(
        score=points(read.score_hundredths),
        interval=interval_words(read.low_hundredths, read.high_hundredths, scheme),
        lines=lines,
    )
