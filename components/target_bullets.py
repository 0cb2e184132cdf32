"""Targets as bullet bars (目标进度条), with the status in words: each against its own goal, or all on
one axis in the unit of their indicator."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from html import escape
from itertools import groupby
from math import ceil

import streamlit as st

from components.language import _, words
from components.target_words import goal_said, name
from models.queries.targets import TargetLine
from models.rules.targets import ActualKind, Grade, Status
from models.rules.targets.reading import STATUS_NAMES
from models.rules.targets.saying import figure, trust
from models.rules.targets.slides import Named

CUT_AT = Decimal("1.25")
"""How many times its goal a bar is drawn at most, with the true figure beside it."""
_FULL = 86.0
"""Percent of its column that the longest bar takes; the rest is its figure's."""
_TICKS = 5
"""How many marks an axis has at most beside its zero."""
_LEAST = Decimal("0.000001")
"""The end of an axis whose goals and figures are all nothing."""

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


@dataclass(frozen=True, slots=True)
class Axis:
    """One axis for every row.

    Attributes:
        ticks: from nothing on, evenly apart; the last is the end.
        unit: of its figures.
    """

    ticks: tuple[Decimal, ...]
    unit: Named


def axis_of(lines: Sequence[TargetLine]) -> Axis:
    """An axis with room for every goal and figure of one indicator.

    Args:
        lines: at least one; all in the same unit.
    """
    ends = [line.reading.target.value for line in lines]
    ends += [line.reading.compared.value for line in lines if line.reading.compared]
    step = _round_step(max(*ends, _LEAST) / _TICKS)
    count = ceil(max(ends) / step)
    return Axis(tuple(step * at for at in range(count + 1)), lines[0].unit)


def draw_bullets(lines: Sequence[TargetLine], axis: Axis | None = None) -> None:
    """The list, a place printed once a group; each row opens its path.

    Args:
        lines: in the order they are shown.
        axis: of every row; each row against its own goal when left out.
    """
    groups = groupby(lines, key=lambda line: line.place)
    rows = "".join(
        f'<div style="font-weight:600;padding:10px 0 4px">{escape(name(place))}</div>'
        + "".join(_row(line, axis) for line in group)
        for place, group in groups
    )
    if axis is not None:
        rows += _axis_row(axis)
    legend = _("实心：公开通报　空心：推算　浅色：数据早于目标年，或可信度低　竖线：目标")
    legend += "　" + _("每项只与自身目标比，不跨地区排名")
    st.html(
        f'<div role="list" style="font-size:13px;color:{_INK};font-variant-numeric:tabular-nums">'
        f"{rows}</div>"
        f'<div style="padding-top:12px;font-size:12.25px;color:{MUTED}">{escape(legend)}</div>'
    )


def _round_step(least: Decimal) -> Decimal:
    """The smallest of 1, 2, 2.5, 5 and 10 times a power of ten that is not below `least`."""
    power = Decimal(1).scaleb(least.adjusted())
    return next(
        power * times for times in map(Decimal, ("1", "2", "2.5", "5", "10"))
        if power * times >= least
    )  # fmt: skip


def _row(line: TargetLine, axis: Axis | None) -> str:
    return _cells(
        f"min-height:32px;border-bottom:1px solid {HAIRLINE}",
        _title(line), _bar(line, axis), escape(_figures(line)), escape(status_words(line)),
        role="listitem",
    )  # fmt: skip


def _axis_row(axis: Axis) -> str:
    """The figures under the axis, the unit beside them."""
    end = axis.ticks[-1]
    marks = "".join(
        f'<div style="position:absolute;left:{_width(tick, end)};transform:translateX(-50%);'
        f'white-space:nowrap">{figure(tick)}</div>'
        for tick in axis.ticks
    )
    unit = escape(name(axis.unit))
    return _cells(
        f"color:{MUTED};font-size:12.25px", "",
        f'<div style="position:relative;height:20px">{marks}</div>', "", unit, role="presentation",
    )  # fmt: skip


def _cells(
    style: str, title: str, bar: str, figures: str, status: str, *, role: str
) -> str:  # fmt: skip
    cells = (
        _cell("1 1 250px", title),
        _cell("2 1 300px", bar),
        _cell("0 1 220px;text-align:right", figures),
        _cell("0 1 200px", status),
    )
    return (
        f'<div role="{role}" style="display:flex;flex-wrap:wrap;gap:2px 16px;align-items:center;'
        f'padding:3px 0;{style}">{"".join(cells)}</div>'
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


def _bar(line: TargetLine, axis: Axis | None) -> str:
    goal, compared = line.reading.target.value, line.reading.compared
    if line.reading.status is Status.not_read:
        return ""
    end = axis.ticks[-1] if axis is not None else goal * CUT_AT
    at_goal = _width(goal, end)
    parts = [
        _box(f"left:0;top:3px;width:{at_goal};height:16px;background:{_BAND}"),
        _box(f"left:{at_goal};top:0;width:2px;height:22px;background:{_INK}"),
    ]
    share = share_of_goal(line)
    if compared is None or share is None:
        start = "0px" if axis is None else at_goal
        parts.append(_note(f"left:calc({start} + 6px)", _("缺数，不估计")))
    else:
        width = _width(min(compared.value, end), end)
        said = f"{round(share):,}%" if axis is None else figure(compared.value)
        clear_of = at_goal if axis is not None and compared.value < goal else width
        parts.append(_box(f"left:0;top:7px;width:{width};height:8px;{_fill(line)}"))
        parts.append(_note(f"left:calc({clear_of} + 6px)", said))
    return f'<div style="position:relative;height:22px">{"".join(parts)}</div>'


def _width(value: Decimal, end: Decimal) -> str:
    return f"{max(0.0, float(value / end)) * _FULL:.1f}%" if end else "0%"


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
