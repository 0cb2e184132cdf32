"""City targets (城市目标): the views, the filters, and the five headline figures of the zone."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from enum import StrEnum
from functools import partial
from typing import Any

import streamlit as st

from components import formats
from components.figures import draw_figures
from components.filters import choice, clear_button, segments
from components.language import _, words
from components.tables import Column, download, text
from components.target_bullets import (
    axis_of,
    draw_bullets,
    share_of_goal,
    status_name,
    status_words,
)
from components.target_words import goal_said, name
from models.clock import today
from models.queries.targets import TargetLine, target_lines
from models.rules.roles import Actor
from models.rules.targets import Status
from models.rules.targets.saying import figure
from models.rules.targets.slides import Named
from models.rules.wording import say

HEADLINE = ("DH-005", "DH-008", "DH-002", "DH-003", "DH-010")
"""The zone's five figures (百千万行动), clause 三."""


class View(StrEnum):
    """How targets are looked at."""

    places = "places"  # 各地一览
    indicator = "indicator"  # 同一指标比较
    path = "path"  # 单项路径


class Order(StrEnum):
    """In which order the list stands."""

    plan = "plan"  # 按方案顺序
    worst = "worst"  # 差得多的在前


# fmt: off
VIEWS = {
    View.places:    say("各地一览"),
    View.indicator: say("同一指标比较"),
    View.path:      say("单项路径"),
}
ORDERS = {
    Order.plan:  say("按方案顺序"),
    Order.worst: say("差得多的在前"),
}
# fmt: on


def stop_where_empty(lines: Sequence[TargetLine]) -> None:
    """Where nobody has written the plans yet, say what would fill the page, and stop."""
    if not lines:
        st.markdown(
            formats.small_grey(_("还没有目标。运维写入基础数据（seed reference）后出现在这里。"))
        )
        st.stop()


def view_asked() -> View:
    """Draw the choice of views and read which one the address asks for."""
    return segments("view", View, _("看法"), called=lambda view: words(VIEWS[view]))


def filtered(lines: Sequence[TargetLine]) -> list[TargetLine]:
    """Draw the filters and keep the targets they ask for.

    Args:
        lines: every target.
    """
    place = _choice("place", (line.place for line in lines), _("全部地区"), 118)
    theme = _choice("theme", (line.theme for line in lines), _("全部主题"), 118)
    plan = _choice("plan", (line.plan for line in lines), _("全部方案"), 118)
    units = Counter(unit for line in lines for unit in line.units)
    unit = choice("unit", sorted(units), _("全部责任单位"), called=str, width=134)
    status = choice("status", Status, _("全部状态"), called=status_name, width=118)
    year = choice(
        "year", sorted({str(line.reading.target.target_year) for line in lines}),
        _("全部年份"), called=str, width=104,
    )  # fmt: skip
    wanted: tuple[Callable[[TargetLine], bool], ...] = (
        lambda line: not place or line.place.code == place,
        lambda line: not theme or line.theme.code == theme,
        lambda line: not plan or line.plan.code == plan,
        lambda line: not unit or unit in line.units,
        lambda line: status is None or line.reading.status is status,
        lambda line: not year or str(line.reading.target.target_year) == year,
    )
    left = [line for line in lines if all(keeps(line) for keeps in wanted)]
    order = choice("sort", [Order.worst], words(ORDERS[Order.plan]), called=_order_name, width=118)
    return sorted(left, key=_shortness) if order is Order.worst else left


def draw_targets(lines: Sequence[TargetLine], *, is_one_indicator: bool = False) -> None:
    """The list as bullet bars, with the table behind it.

    Args:
        lines: what the filters left.
        is_one_indicator: all on one axis, in its unit; else, or where its unit differs from place
            to place, each against its own goal.
    """
    if not lines:
        st.markdown(formats.small_grey(_("没有符合条件的目标。可放宽筛选。")))
        return
    is_one_unit = len({line.unit for line in lines}) == 1
    draw_bullets(lines, axis_of(lines) if is_one_indicator and is_one_unit else None)
    with st.expander(_("表格")):
        draw_figures(
            (_("目标"), _("地区"), _("目标年"), _("目标值"), _("实绩"), _("年份"), _("状态")),
            [_as_row(line) for line in lines],
        )


def of_one_indicator(lines: Sequence[TargetLine]) -> list[TargetLine]:
    """Draw the choice of indicators promised in several places; the targets of the one chosen."""
    places = Counter(
        (line.indicator, line.place.code) for line in lines if line.reading.target.is_read
    )
    shared = Counter(indicator for indicator, _place in places)
    several = {one.code: one for one, count in shared.items() if count > 1}
    code = choice(
        "indicator", several, _("请选指标"), called=lambda code: name(several[code]), width=260
    )
    chosen = code or next(iter(several), "")
    return [line for line in lines if line.indicator.code == chosen and line.reading.target.is_read]


def draw_headline(lines: Sequence[TargetLine]) -> None:
    """The zone's five figures, each with its goal and where it stands."""
    five = {line.id: line for line in lines if line.id in HEADLINE}
    for column, one in zip(st.columns(len(HEADLINE)), HEADLINE, strict=True):
        if line := five.get(one):
            with column:
                _draw_figure(line)


def filter_row() -> Any:
    """The row of filters under the views."""
    return st.container(horizontal=True, vertical_alignment="center", gap="small", key="filters")


def draw_buttons(lines: Sequence[TargetLine]) -> None:
    """Leave the filters; download what is shown."""
    clear_button()
    st.space("stretch")
    ids = tuple(line.id for line in lines)
    download(_("城市目标"), _columns(), partial(_to_download, ids))


def summary(lines: Sequence[TargetLine]) -> str:
    """How many plans and targets, and for how many a figure was published."""
    known = sum(line.reading.decided_by is not None for line in lines)
    plans = len({line.plan.code for line in lines})
    return _("{plans} 份方案 · {targets} 项目标 · 有公开实绩 {known} 项").format(
        plans=plans, targets=len(lines), known=known
    )


# ---------------------------------------------------------------- pieces


def _choice(key: str, options: Iterable[Named], everything: str, width: int = 130) -> str:
    known = {one.code: one for one in options}
    return choice(key, known, everything, called=lambda code: name(known[code]), width=width) or ""


def _order_name(order: Order) -> str:
    return words(ORDERS[order])


def _shortness(line: TargetLine) -> tuple[int, float]:
    share = share_of_goal(line)
    return (1, 0.0) if share is None else (0, float(share))


def _draw_figure(line: TargetLine) -> None:
    compared = line.reading.compared
    value = figure(compared.value) if compared is not None else formats.NOTHING
    goal = _("目标 {amount}（{year}）").format(
        amount=goal_said(line.reading.target, line.unit),
        year=line.reading.target.target_year,
    )  # fmt: skip
    with st.container(border=True, gap="xxsmall", height="stretch"):
        st.markdown(formats.plain(name(line.indicator)))
        st.metric(name(line.indicator), value, label_visibility="collapsed")
        st.markdown(formats.small_grey(f"{goal}  \n{status_words(line)}"))


def _as_row(line: TargetLine) -> tuple[str, ...]:
    compared, target = line.reading.compared, line.reading.target
    return (
        name(line.indicator), name(line.place), str(target.target_year),
        goal_said(target, line.unit),
        figure(compared.value) if compared is not None else formats.NOTHING,
        str(compared.year) if compared is not None else formats.NOTHING,
        status_words(line),
    )  # fmt: skip


def _columns() -> list[Column]:
    return [
        text("id", _("编号"), 80),
        Column("plan", _("方案"), 260, shown=name),
        text("clause", _("条款"), 90),
        Column("place", _("地区"), 100, shown=name),
        Column("theme", _("主题"), 140, shown=name),
        Column("indicator", _("指标"), 240, shown=name),
        Column("reading", _("目标值"), 100, shown=lambda read: figure(read.target.value)),
        Column("unit", _("单位|计量"), 80, shown=name),
        Column("reading", _("目标年"), 70, shown=lambda read: str(read.target.target_year)),
        Column("reading", _("实绩"), 100, shown=_compared),
        Column("reading", _("状态"), 200, shown=lambda read: words(read.words)),
        Column("units", _("责任单位"), 260, shown="、".join),
    ]


def _compared(read: Any) -> str:
    if read.compared is None:
        return formats.NOTHING
    return _("{value}（{year}）").format(value=figure(read.compared.value), year=read.compared.year)


def _to_download(ids: Sequence[str], session: Any, _actor: Actor) -> list[TargetLine]:
    wanted = {one: at for at, one in enumerate(ids)}
    found = [line for line in target_lines(session, today()) if line.id in wanted]
    return sorted(found, key=lambda line: wanted[line.id])
