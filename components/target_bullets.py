"""Targets as bullet bars (目标进度条): each against its own goal, with the status in words."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal
from html import escape
from itertools import groupby

import streamlit as st

from components.language import _, words
from components.target_words import goal_said, name
from models.queries.targets import TargetLine
from models.rules.targets import ActualKind, Grade, Status
from models.rules.targets.reading import STATUS_NAMES
from models.rules.targets.saying import figure, trust

CUT_AT = 125
"""Percent of the goal at which a bar is cut, with the true figure beside it."""
_FULL = 86.0
"""Percent of its column that a cut bar takes; the rest is its figure's."""

# fmt: off
SHAPES = {
    Status.met_early:   "●",
    Status.met_on_time: "●",
    Status.met_late:    "◑",
    Status.met_by:      "◐",
    Status.missed:      "○",
    Status.on_track:    "◌",
    Status.behind:      "◌",
    Status.under_way:   "◌",
    Status.not_shown:   "┄",
    Status.only_part:   "┄",
    Status.no_data:     "–",
    Status.not_read:    "·",
}
# fmt: on

_INK, MUTED = "light-dark(#1A2330,#E3E8EF)", "light-dark(#525D6B,#A9B4C1)"
_ACCENT, _WEAK = "light-dark(#1D4F91,#7FAEEA)", "light-dark(#6F90BD,#5F7FA8)"
LINK = "light-dark(#1D4F91,#93BCF0)"
_BAND, HAIRLINE = "light-dark(#EDF1F6,#26303B)", "light-dark(#E3E7ED,#2A333E)"
_GROUND = "light-dark(#FFFFFF,#12171E)"


def status_words(line: TargetLine) -> str:
    """The status with its shape, and how far its figure is to be trusted where that must be said:
    `◑ 逾期达成（2021） · 推算、可信度低`."""
    read = line.reading
    said = f"{SHAPES[read.status]} {words(read.words)}"
    doubts = trust(read.decided_by) if read.decided_by else ()
    return f"{said} · {_('、').join(map(words, doubts))}" if doubts else said


def status_name(status: Status) -> str:
    """A status with its shape, without a year, as a filter names it."""
    said = words(STATUS_NAMES[status]).replace("{year}", "…")
    return f"{SHAPES[status]} {said}"


def draw_bullets(lines: Sequence[TargetLine]) -> None:
    """The list, a place printed once a group; each row opens its path.

    Args:
        lines: in the order they are shown.
    """
    groups = groupby(lines, key=lambda line: line.place)
    rows = "".join(
        f'<div style="font-weight:600;padding:10px 0 4px">{escape(name(place))}</div>'
        + "".join(map(_row, group))
        for place, group in groups
    )
    legend = _(
        "实心：公开通报　空心：推算　浅色：数据早于目标年，或可信度低　每项只与自身目标比，不跨地区排名"
    )
    st.html(
        f'<div role="list" style="font-size:13px;color:{_INK};font-variant-numeric:tabular-nums">'
        f"{rows}</div>"
        f'<div style="padding-top:12px;font-size:12.25px;color:{MUTED}">{escape(legend)}</div>'
    )


def _row(line: TargetLine) -> str:
    cells = (
        _cell("1 1 250px", _title(line)),
        _cell("2 1 300px", _bar(line)),
        _cell("0 1 220px;text-align:right", escape(_figures(line))),
        _cell("0 1 200px", escape(status_words(line))),
    )
    return (
        f'<div role="listitem" style="display:flex;flex-wrap:wrap;gap:2px 16px;align-items:center;'
        f'min-height:32px;padding:3px 0;border-bottom:1px solid {HAIRLINE}">{"".join(cells)}</div>'
    )


def _cell(flex: str, content: str) -> str:
    return f'<div style="flex:{flex};min-width:0">{content}</div>'


def _title(line: TargetLine) -> str:
    year = f'<span style="color:{MUTED}">{line.reading.target.target_year}</span>'
    return (
        f'<a href="/targets?view=path&amp;target={escape(line.id)}" target="_self" '
        f'style="color:inherit;text-decoration:none">{escape(name(line.indicator))}</a> {year}'
    )


def _figures(line: TargetLine) -> str:
    """Figure with its year, and goal: `851（2020） / 1,000 家`."""
    reading = line.reading
    known = "—"
    if reading.compared is not None:
        known = _("{value}（{year}）").format(
            value=figure(reading.compared.value), year=reading.compared.year
        )
    return f"{known} / {goal_said(line.reading.target, line.unit)}"


def _bar(line: TargetLine) -> str:
    if line.reading.status is Status.not_read:
        return ""
    share, goal = share_of_goal(line), _width(Decimal(100))
    parts = [
        _box(f"left:0;top:3px;width:{goal};height:16px;background:{_BAND}"),
        _box(f"left:{goal};top:0;width:2px;height:22px;background:{_INK}"),
    ]
    if share is None:
        parts.append(_note("left:6px", _("缺数，不估计")))
    else:
        width = _width(min(share, Decimal(CUT_AT)))
        parts.append(_box(f"left:0;top:7px;width:{width};height:8px;{_fill(line)}"))
        parts.append(_note(f"left:calc({width} + 6px)", f"{round(share):,}%"))
    return f'<div style="position:relative;height:22px">{"".join(parts)}</div>'


def _width(share: Decimal) -> str:
    return f"{max(0.0, float(share)) / CUT_AT * _FULL:.1f}%"


def share_of_goal(line: TargetLine) -> Decimal | None:
    """The compared figure as a percentage of the goal; `None` without figure or with a goal of
    nothing."""
    compared, goal = line.reading.compared, line.reading.target.value
    return compared.value / goal * 100 if compared is not None and goal else None


def _fill(line: TargetLine) -> str:
    """Solid is reported, hollow derived; lighter where it is older than the goal or hardly
    trusted."""
    compared = line.reading.compared
    assert compared is not None
    is_weak = compared.grade is Grade.low or compared.year < line.reading.target.target_year
    colour = _WEAK if is_weak else _ACCENT
    if compared.kind is ActualKind.derived:
        return f"box-sizing:border-box;border:1.5px solid {colour};background:{_GROUND}"
    return f"background:{colour}"


def _box(style: str) -> str:
    return f'<div style="position:absolute;{style}"></div>'


def _note(place: str, text: str) -> str:
    return (
        f'<div style="position:absolute;{place};top:2px;line-height:18px;font-size:12.25px;'
        f'color:{MUTED}">{escape(text)}</div>'
    )
