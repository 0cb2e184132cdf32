"""Scores as bars (得分区间条): the interval, the score in it, the grade lines; in boxes, so that a page
of them costs nothing and reads as text."""

from __future__ import annotations

from html import escape

from components.language import _
from components.rating_words import interval, mark_said, points
from components.target_bullets import LINK
from models.rules.rating.outcome import Outcome
from models.rules.rating.scheme import MARKS, Mark, Scheme

INK = "light-dark(#1A2330,#E3E8EF)"
ACCENT, WEAK = "light-dark(#1D4F91,#7FAEEA)", "light-dark(#6F90BD,#5F7FA8)"
BAND = "light-dark(#EDF1F6,#26303B)"
_FROM = 40
"""Scores are drawn from here on: nobody is below, or is drawn at the edge."""


def place_of(hundredths: int) -> float:
    """Where a score lies on the bar, in percent of its width."""
    return max(0.0, min(100.0, (hundredths / 100 - _FROM) / (100 - _FROM) * 100))


def interval_bar(outcome: Outcome, scheme: Scheme) -> str:
    """The bar of a score that has one; its words for who cannot see it."""
    if outcome.score_hundredths is None:
        return ""
    assert outcome.low_hundredths is not None
    assert outcome.high_hundredths is not None
    low, high = place_of(outcome.low_hundredths), place_of(outcome.high_hundredths)
    parts = [
        _box(f"left:0;right:0;top:5px;height:12px;background:{BAND}"),
        _box(f"left:{low:.1f}%;width:{max(high - low, 0.5):.1f}%;top:7px;height:8px;"
             f"background:{WEAK}"),
        *(_box(f"left:{place_of(line * 100):.1f}%;top:2px;width:1px;height:18px;background:{INK}")
          for line in scheme.thresholds.values()),
        _box(f"left:calc({place_of(outcome.score_hundredths):.1f}% - 2px);top:3px;width:4px;"
             f"height:16px;background:{ACCENT}"),
    ]  # fmt: skip
    said = _("{score} 分，区间 {interval}").format(
        score=points(outcome.score_hundredths), interval=interval(outcome)
    )
    return (
        f'<div role="img" aria-label="{escape(said)}" style="position:relative;height:22px">'
        f"{''.join(parts)}</div>"
    )


def scale(scheme: Scheme) -> str:
    """The grade lines' names, to stand under or over bars: `C 60 · B 80 · A 88`."""
    marks = "".join(
        f'<div style="position:absolute;left:{place_of(scheme.thresholds[mark] * 100):.1f}%;'
        f'transform:translateX(-50%);white-space:nowrap">{mark.value} {scheme.thresholds[mark]}'
        "</div>"
        for mark in MARKS[:-1]
    )
    return f'<div style="position:relative;height:18px">{marks}</div>'


def mark_box(mark: Mark | None) -> str:
    """The grade in its box; the word for who cannot see it."""
    if mark is None:
        return ""
    return (
        f'<span role="img" aria-label="{escape(mark_said(mark))}" style="display:inline-block;'
        f"width:22px;line-height:20px;text-align:center;border:1px solid {ACCENT};color:{LINK};"
        f'border-radius:4px;font-weight:600">{mark.value}</span>'
    )


def _box(style: str) -> str:
    return f'<div style="position:absolute;{style}"></div>'
