"""The register of work items (任务台账): its filters, its piles, a unit's own list, its columns, its
download."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import partial
from typing import Any

import streamlit as st

from components import formats
from components.filters import ask, asked, choice, clear_button, search_box, segments
from components.language import _, words
from components.tables import Column, day, download, draw_list
from components.target_words import name
from components.task_words import (
    listed_unit,
    pile_name,
    reminder,
    reminder_chips,
    standing_words,
    unit_in_address,
    units_words,
)
from models.queries.paging import Page, everything
from models.queries.task_standing import TaskLevel
from models.queries.tasks import (
    ListedUnit,
    TaskFilter,
    TaskPile,
    TaskRow,
    TaskSummary,
    deadline_years,
    plans_listed,
    tasks,
)
from models.rules.roles import Actor
from models.rules.targets.slides import Named
from models.rules.tasks import ItemParts, Whereabouts
from models.rules.wording import say

ROWS = 12
"""On a page: with three rows of filters above them they fit a window of 768."""
BUSIEST = 6
"""Units whose list is one click away."""
LEVELS = {TaskLevel.joint: say("有子项的任务")}


def summary(found: TaskSummary) -> str:
    """How many work items there are, and how many of them are overdue."""
    return _(
        "{tasks} 项任务，须填报 {leaves} 项 · 逾期 {overdue} 项，其中未填报 {unreported} 项"
    ).format(
        tasks=formats.count(found.leaves + found.joint),
        leaves=formats.count(found.leaves),
        overdue=formats.count(found.overdue),
        unreported=formats.count(found.overdue_unreported),
    )


def asked_filter(session: Any, listed: Sequence[ListedUnit]) -> TaskFilter:
    """Draw the filters and read what the address asks for, except for the pile.

    Args:
        session: for the plans and years that there are.
        listed: the units that there are.
    """
    plans = {plan.code: plan for plan in plans_listed(session)}
    text = search_box(_("任务、条款、编号"), width=190)
    plan = choice("plan", plans, _("全部方案"), called=lambda code: name(plans[code]), width=170)
    units = {unit_code(unit): unit for unit in _units_of(listed, plan)}
    unit = units.get(_unit_choice(units) or "")
    years = [str(year) for year in deadline_years(session)]
    year = choice("year", years, _("全部期限"), called=_until_year, width=124)
    level = choice("level", LEVELS, _("须填报的任务"), called=_level_name, width=164)
    return TaskFilter(
        text=text,
        unit=unit.name if unit else "",
        plan=unit.plan if unit else plan or "",
        year=int(year) if year else None,
        level=TaskLevel(level or TaskLevel.leaves),
    )


def draw_buttons(wanted: TaskFilter, today: Any) -> None:
    """The right of the toolbar: leave the filters, download.

    Args:
        wanted: the whole filter.
        today: the office's day.
    """
    clear_button()
    st.space("stretch")
    download(_("任务台账"), task_columns(wanted.level), partial(_all, wanted, today))


def pile_asked(sizes: Mapping[TaskPile, int]) -> TaskPile:
    """Draw the piles with their sizes, and read which one the address asks for.

    Args:
        sizes: how many items each has under the other filters.
    """

    def called(pile: TaskPile) -> str:
        return f"{pile_name(pile)} {formats.count(sizes[pile])}"

    there = [pile for pile in TaskPile if sizes[pile] or pile in (TaskPile.all, TaskPile.overdue)]
    chosen = asked("pile")
    if chosen in set(TaskPile) and TaskPile(chosen) not in there:
        there.append(TaskPile(chosen))
    return segments("pile", there, _("进展"), called=called, default=TaskPile.all)


def draw_units(listed: Sequence[ListedUnit], wanted: TaskFilter) -> None:
    """The busiest units, each one click from its own list.

    Args:
        listed: the units that there are, the busiest first.
        wanted: the filter; of a plan that is chosen only its own units are offered.
    """
    plan = "" if asked("unit") and not asked("plan") else wanted.plan
    units = {unit_code(unit): unit for unit in _units_of(listed, plan)[:BUSIEST]}
    chosen = asked("unit")
    st.session_state["unit_quick"] = chosen if chosen in units else None
    st.pills(
        _("责任单位"),
        list(units),
        key="unit_quick",
        format_func=lambda code: listed_unit(units[code]),
        label_visibility="collapsed",
        on_change=_quickly_chosen,
    )


def task_columns(level: TaskLevel) -> list[Column]:
    """What the register shows: of an item what it belongs to, of one with sub-items how many are
    done."""
    belongs = Column("parent", _("所属任务"), 160, shown=_parent)
    if level is TaskLevel.joint:
        belongs = Column("parts", _("子项完成"), 100, shown=_parts_done)
    return [
        Column("title", _("任务"), 256, shown=name),
        belongs,
        Column("place", _("地区"), 96, shown=name),
        Column("clause", _("条款"), 82),
        Column("units", _("责任单位"), 196, shown=units_words),
        day("deadline_on", _("期限"), 96, sorts=True),
        Column("stands", _("进展"), 100, shown=standing_words),
        Column("stands", _("提醒"), 140, kind="chips", options=reminder_chips(),
               shown=_reminders,
               help=_("期限已过而未完成、未停止为逾期；从未填报的另作标明；30 天内到期的提前提醒")),
        day("stands_on", _("截至"), 96, sorts=True, on_phone=False,
            help=_("最近一次填报所说的日期")),
        Column("code", _("编号"), 88, on_phone=False),
    ]  # fmt: skip


def draw_tasks(page: Page[TaskRow], level: TaskLevel) -> None:
    """The register's page; a click on the title opens the card.

    Args:
        page: the rows.
        level: which items they are.
    """
    draw_list(
        "tasks",
        task_columns(level),
        page,
        title=_("任务台账"),
        empty=_("没有符合条件的任务。可放宽筛选；任务随方案由运维写入（seed reference）。"),
        footer=_(
            "共 {count} 项，按方案和条文顺序。点“期限”“截至”换排序，点任务名称打开卡片。"
        ).format(count=formats.count(page.count.rows)),
        row_id="code",
        opens=(None, "task"),
    )


def unit_code(unit: ListedUnit) -> str:
    """A unit as the address names it; two cities call theirs by one name."""
    return unit_in_address(unit.plan, unit.name)


# ---------------------------------------------------------------- pieces


def _units_of(listed: Sequence[ListedUnit], plan: str | None) -> list[ListedUnit]:
    return [unit for unit in listed if not plan or unit.plan == plan]


def _unit_choice(units: Mapping[str, ListedUnit]) -> str | None:
    return choice(
        "unit", units, _("全部责任单位"), called=lambda code: listed_unit(units[code]), width=176
    )


def _quickly_chosen() -> None:
    """A click on the chosen unit leaves it."""
    ask("unit", st.session_state["unit_quick"] or "", page="")


def _until_year(year: str) -> str:
    return _("{year} 年到期").format(year=year)


def _level_name(level: TaskLevel) -> str:
    return words(LEVELS[level])


def _parent(parent: Named | None) -> str:
    return formats.NOTHING if parent is None else name(parent)


def _parts_done(parts: ItemParts) -> str:
    return f"{parts.done} / {parts.total}"


def _reminders(stands: Whereabouts) -> Sequence[str]:
    said = reminder(stands)
    return [words(said)] if said else []


def _all(wanted: TaskFilter, today: Any, session: Any, actor: Actor) -> Page[TaskRow]:
    return tasks(session, actor, wanted, everything(), today)
