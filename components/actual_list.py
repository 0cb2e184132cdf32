"""The register of figures (实绩): its views, its filters, its columns, its download."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from enum import StrEnum
from functools import partial
from typing import Any

import streamlit as st

from components import formats
from components.actual_form import enter_dialog
from components.filters import choice, clear_button, search_box, segments
from components.language import _, words
from components.shell import Visit
from components.tables import Column, chips, day, download, draw_list, figure, label, text
from components.target_words import name
from models.queries.actuals import (
    ActualFilter,
    ActualRow,
    Sizes,
    actuals,
    indicators_offered,
    places_offered,
    themes_offered,
    years_offered,
)
from models.queries.paging import Count, Page, everything
from models.rules.roles import Actor, Permission
from models.rules.targets import ActualKind, Grade
from models.rules.targets.entries import FigureState
from models.rules.targets.slides import Named
from models.rules.wording import say

ROWS_A_PAGE = 13
"""Two rows of controls stand above the list."""


class View(StrEnum):
    """How figures are looked at."""

    all = "all"  # 全部
    waiting = "waiting"  # 待确认
    contradictions = "contradictions"  # 矛盾
    imports = "import"  # 导入


class Standing(StrEnum):
    """What the filter of states offers: the states, and standing beside a contradicting figure."""

    counting = "counting"  # 有效
    contradicting = "contradicting"  # 并存矛盾
    waiting = "waiting"  # 待确认
    replaced = "replaced"  # 已替代
    turned_down = "turned_down"  # 未采用


# fmt: off
VIEWS = {
    View.all:            say("全部"),
    View.waiting:        say("待确认 {count}"),
    View.contradictions: say("矛盾 {count}"),
    View.imports:        say("导入"),
}
STANDINGS = {
    Standing.counting:      say("有效|一个数字"),
    Standing.contradicting: say("并存矛盾"),
    Standing.waiting:       say("待确认"),
    Standing.replaced:      say("已替代"),
    Standing.turned_down:   say("未采用"),
}
COLOURS = {
    Standing.contradicting: "red",
    Standing.waiting:       "orange",
    Standing.replaced:      "gray",
    Standing.turned_down:   "gray",
}
# fmt: on


def summary(sizes: Sizes) -> str:
    """How many figures there are and count."""
    return _("{figures} 个数字 · 计入判定 {counting} 个").format(
        figures=formats.count(sizes.figures), counting=formats.count(sizes.counting)
    )


def view_asked(visit: Visit, sizes: Sizes, contradicting: Count) -> View:
    """Draw the choice of views, with how much lies in each; the one the address asks for."""
    counts = {View.waiting: sizes.waiting, View.contradictions: contradicting.rows}
    may_import = visit.may(Permission.exchange)
    offered = [view for view in View if view is not View.imports or may_import]
    return segments(
        "view", offered, _("看法"),
        called=lambda view: words(
            say(VIEWS[view].template, count=formats.count(counts.get(view, 0)))
        ),
    )  # fmt: skip


def filter_row() -> Any:
    """The row of filters under the views."""
    return st.container(horizontal=True, vertical_alignment="center", gap="small", key="filters")


def asked_filter(session: Any, view: View) -> ActualFilter:
    """Draw the filters and read what the address asks for.

    Args:
        session: for the places, themes, indicators and years that there are.
        view: what waits and what contradicts have a state of their own.
    """
    searched = search_box(_("来源、说明、编号"), width=190)
    place = _named("place", places_offered(session), _("全部地区"), 126)
    theme = _named("theme", themes_offered(session), _("全部主题"), 150)
    offered = [one for one in indicators_offered(session) if theme in ("", one.theme)]
    indicator = _named("indicator", (one.named for one in offered), _("全部指标"), 190)
    year = choice("year", years_offered(session), _("全部年份"), called=str, width=106)
    kind = choice("kind", ActualKind, _("全部类型"), width=118)
    grade = choice("grade", Grade, _("全部可信度"), width=126)
    state = _standing() if view is View.all else None
    if view is View.waiting:
        state = Standing.waiting
    is_contradicting = state is Standing.contradicting
    return ActualFilter(
        text=searched, place=place, theme=theme, indicator=indicator,
        year=int(year) if year else None, kind=kind, grade=grade,
        state=FigureState(state.value) if state and not is_contradicting else None,
        is_contradicting=is_contradicting,
    )  # fmt: skip


def draw_buttons(visit: Visit, wanted: ActualFilter) -> None:
    """Leave the filters; download what is shown; enter a figure."""
    clear_button("view")
    st.space("stretch")
    download(_("实绩"), actual_columns(), partial(_all, wanted))
    if visit.may(Permission.enter_actuals) and st.button(
        _("填报实绩"), key="enter_actual", type="primary", icon=":material/add:"
    ):
        enter_dialog(visit)


def draw_actuals(page: Page[ActualRow], view: View) -> None:
    """The register's page; a click on the indicator opens the card."""
    empty = _("没有符合条件的实绩。可放宽筛选，或由联盟填报、导入。")
    footer = _("共 {count} 个。点表头换排序，点指标打开卡片。").format(
        count=formats.count(page.count.rows, is_exact=page.count.is_exact)
    )
    if view is View.waiting:
        empty = _("没有待确认的实绩。填报或导入的数字先到这里，由另一人确认后才计入判定。")
        footer = _("先填报的在前。点指标打开卡片，确认或不予采用；自己填报的由另一人确认。")
    draw_list(
        f"actuals_{view.value}", actual_columns(), page,
        title=_("实绩"), empty=empty, footer=footer, opens=(None, "figure"),
    )  # fmt: skip


def actual_columns() -> list[Column]:
    """What the register shows."""
    return [
        Column("indicator", _("指标"), 228, shown=name, sorts=True),
        Column("place", _("地区"), 132, shown=name, sorts=True),
        day("as_of", _("截至日期"), 96, sorts=True),
        figure("value", _("数值"), 90),
        Column("counted_in", _("单位|计量"), 104, shown=unit_said),
        label("kind", _("类型"), 80),
        label("grade", _("可信度"), 84),
        chips("marks", _("状态"), 108, _chips(), shown=_marks),
        text("source_title", _("来源"), 226, on_phone=False),
        text("published", _("发布"), 90, sorts=True, on_phone=False),
        text("id", _("编号"), 76, sorts=True),
    ]


def unit_said(counted_in: tuple[Named, bool]) -> str:
    """The unit, and that the source says it is more."""
    unit, is_over = counted_in
    return _("{unit}以上").format(unit=name(unit)) if is_over else name(unit)


def badge(row: ActualRow) -> str:
    """The state as a badge after the title; empty where it simply counts."""
    return " ".join(
        f":{COLOURS[one]}-badge[{words(STANDINGS[one])}]" for one in _standings(row.marks)
    )


def _chips() -> dict[str, Any]:
    return {words(STANDINGS[one]): colour for one, colour in COLOURS.items()}


def _marks(marks: tuple[FigureState, bool]) -> list[str]:
    return [words(STANDINGS[one]) for one in _standings(marks)]


def _standings(marks: tuple[FigureState, bool]) -> Iterable[Standing]:
    """Exceptions only: that a figure counts goes without saying."""
    state, is_contradicting = marks
    if is_contradicting:
        yield Standing.contradicting
    elif state is not FigureState.counting:
        yield Standing(state.value)


def _standing() -> Standing | None:
    return choice(
        "state", Standing, _("全部状态"), called=lambda one: words(STANDINGS[one]), width=112
    )


def _named(key: str, options: Iterable[Named], everything_said: str, width: int) -> str:
    known = {one.code: one for one in options}
    called = partial(_called, known)
    return choice(key, known, everything_said, called=called, width=width) or ""


def _called(known: dict[str, Named], code: str) -> str:
    return name(known[code])


def _all(wanted: ActualFilter, session: Any, actor: Actor) -> Sequence[ActualRow]:
    return actuals(session, actor, wanted, everything()).rows
