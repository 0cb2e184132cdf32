"""The register of work items (任务台账): one page of it, how many stand where, what its filters
offer, which items serve a target."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import Any

from sqlalchemy import ColumnElement, Subquery, case, func, select
from sqlmodel import Session, col

from models.queries.imports import in_chunks
from models.queries.paging import Count, Orders, Page, PageRequest, ordered, page_of
from models.queries.search import contains_all, parts
from models.queries.task_standing import (
    TaskLevel,
    branches,
    is_leaf,
    read_parts,
    read_whereabouts,
    register_on,
)
from models.queries.visibility import refuse_without
from models.rules.roles import Actor, Permission
from models.rules.targets.slides import Named
from models.rules.tasks import ItemParts, TaskStanding, Whereabouts
from models.tables.meetings import TaskTarget
from models.tables.targets import Place, Plan, Task, TaskUnit

PLAN_ORDER = "plan"


class TaskPile(StrEnum):
    """A pile of the register: every item, those of a timing, or those of a standing."""

    all = "all"  # 全部
    overdue = "overdue"  # 逾期
    soon = "soon"  # 将到期
    unreported = "unreported"  # 未填报
    not_started = "not_started"  # 未开始
    under_way = "under_way"  # 进行中
    done = "done"  # 已完成
    stopped = "stopped"  # 已停止


@dataclass(frozen=True, slots=True)
class TaskFilter:
    """What the register shows; a field left out shows all.

    Attributes:
        text: parts of the title, the code, the clause, the printed words or the parent's title.
        unit: a responsible unit of the plan `plan`: two cities call theirs by one name. An item
            with sub-items has those of all of them.
        year: of the deadline.
        level: items that are reported on, or those that have sub-items.
    """

    text: str = ""
    unit: str = ""
    plan: str = ""
    year: int | None = None
    pile: TaskPile = TaskPile.all
    level: TaskLevel = TaskLevel.leaves


@dataclass(frozen=True, slots=True)
class ResponsibleUnit:
    """A unit responsible for a work item (责任单位)."""

    name: str
    is_lead: bool


@dataclass(frozen=True, slots=True)
class ListedUnit:
    """A responsible unit of a plan, with how many of its items are reported on."""

    plan: str
    name: str
    place: Named
    tasks: int


@dataclass(frozen=True, slots=True)
class TaskRow:
    """One work item in the register.

    Attributes:
        stands_on: the day the newest report speaks of.
        parts: how its sub-items stand; `None` where it has none.
    """

    code: str
    title: Named
    parent: Named | None
    plan: Named
    place: Named
    clause: str
    deadline_on: date
    recurrence: str
    stands: Whereabouts
    stands_on: date | None
    parts: ItemParts | None
    units: tuple[ResponsibleUnit, ...]


@dataclass(frozen=True, slots=True)
class TaskSummary:
    """The whole register in four figures: leaves, items with sub-items, leaves overdue, and how
    many of those nobody ever reported."""

    leaves: int
    joint: int
    overdue: int
    overdue_unreported: int


def tasks(
    session: Session,
    actor: Actor,
    wanted: TaskFilter,
    request: PageRequest,
    on: date,
    size: int | None = None,
) -> Page[TaskRow]:
    """One page of the register.

    Args:
        session: any transaction.
        actor: who asks.
        wanted: the filter.
        request: page and order; the plans' own order when none is asked for.
        on: the day on which items stand.
        size: how many items the filter leaves, where that is known (`pile_sizes`).

    Raises:
        NotAllowed: the register is not open to this person.
    """
    refuse_without(actor, Permission.see_tasks)
    register = register_on(on, wanted.level)
    statement = select(register).where(
        *_conditions(session, register, wanted), *_of_pile(register, wanted.pile)
    )
    page = page_of(
        session,
        ordered(statement, _orders(register), request.order, PLAN_ORDER),
        request,
        lambda row: row,
        count=None if size is None else Count(size),
    )
    rows = task_rows(session, page.rows, on)
    return Page(rows, page.number, page.pages, page.count, page.order)


def pile_sizes(
    session: Session, actor: Actor, wanted: TaskFilter, on: date
) -> Mapping[TaskPile, int]:
    """How many items each pile has under the other filters.

    Args:
        session: any transaction.
        actor: who asks.
        wanted: the filter; its pile does not matter.
        on: the day on which items stand.

    Raises:
        NotAllowed: the register is not open to this person.
    """
    refuse_without(actor, Permission.see_tasks)
    register = register_on(on, wanted.level)
    piles = [pile for pile in TaskPile if pile is not TaskPile.all]
    sums = [func.sum(_in_pile(register, pile)).label(pile.value) for pile in piles]
    statement = select(func.count().label("all"), *sums).select_from(register)
    found = session.execute(statement.where(*_conditions(session, register, wanted))).one()
    return {pile: int(getattr(found, pile.value) or 0) for pile in TaskPile}


def register_summary(session: Session, actor: Actor, on: date) -> TaskSummary:
    """How many work items there are in all, and how many are overdue.

    Raises:
        NotAllowed: the register is not open to this person.
    """
    refuse_without(actor, Permission.see_tasks)
    register = register_on(on, TaskLevel.leaves)
    is_unreported = register.c.standing == TaskStanding.unreported.value
    every = select(func.count()).select_from(Task).scalar_subquery()
    leaves, all_, overdue, unreported = session.execute(
        select(
            func.count(),
            every,
            func.coalesce(func.sum(register.c.is_overdue), 0),
            func.coalesce(func.sum(case((is_unreported, register.c.is_overdue), else_=0)), 0),
        ).select_from(register)
    ).one()
    return TaskSummary(leaves, all_ - leaves, overdue, unreported)


def units_listed(session: Session) -> tuple[ListedUnit, ...]:
    """The responsible units of each plan, the busiest first: what the filter offers."""
    statement = (
        select(
            col(Plan.code), col(TaskUnit.unit), col(Place.code), col(Place.name_zh),
            col(Place.name_en), func.count(),
        )
        .join(Task, col(Task.code) == TaskUnit.task_code)
        .join(Plan, col(Plan.code) == Task.plan_code)
        .join(Place, col(Place.code) == Plan.place_code)
        .where(is_leaf(col(TaskUnit.task_code)))
        .group_by(Plan.code, TaskUnit.unit, Place.code, Place.name_zh, Place.name_en)
        .order_by(func.count().desc(), Plan.code, TaskUnit.unit)
    )  # fmt: skip
    return tuple(
        ListedUnit(plan, unit, Named(place, zh, en), count)
        for plan, unit, place, zh, en, count in session.execute(statement)
    )


def plans_listed(session: Session) -> tuple[Named, ...]:
    """The plans that have work items, in their order."""
    with_tasks = select(col(Task.plan_code))
    statement = select(Plan).where(col(Plan.code).in_(with_tasks)).order_by(col(Plan.position))
    return tuple(
        Named(plan.code, plan.title_zh, plan.title_en)
        for plan in session.execute(statement).scalars()
    )


def deadline_years(session: Session) -> tuple[int, ...]:
    """The years in which work items that are reported on are due, the latest first."""
    statement = select(col(Task.deadline_on)).where(is_leaf(col(Task.code))).distinct()
    days = session.execute(statement).scalars()
    return tuple(sorted({day.year for day in days}, reverse=True))


def tasks_of_target(
    session: Session, actor: Actor, target_id: str, on: date
) -> tuple[TaskRow, ...]:
    """The work items that serve a target (相关任务), in the plans' order; none for who may not see
    the register."""
    if not actor.may(Permission.see_tasks):
        return ()
    serving = select(col(TaskTarget.task_code)).where(col(TaskTarget.target_id) == target_id)
    return rows_where(session, lambda register: register.c.code.in_(serving), on)


def rows_where(
    session: Session, condition: Any, on: date, levels: Iterable[TaskLevel] = TaskLevel
) -> tuple[TaskRow, ...]:
    """Work items in the plans' order.

    Args:
        session: any transaction.
        condition: makes a condition of the register it is given.
        on: the day on which items stand.
        levels: which items can be among them; both when left out.
    """
    found: list[Any] = []
    for level in levels:
        register = register_on(on, level)
        found += session.execute(select(register).where(condition(register)))
    found.sort(key=lambda row: (row.plan_position, row.position))
    return task_rows(session, found, on)


def task_rows(session: Session, found: Iterable[Any], on: date) -> tuple[TaskRow, ...]:
    """The rows of a register with their units.

    Args:
        session: any transaction.
        found: rows of `register_on`.
        on: the day on which items stand.
    """
    rows = list(found)
    units = _units(session, rows)
    return tuple(_row(row, units[row.code], on) for row in rows)


# ---------------------------------------------------------------- pieces


def _conditions(
    session: Session, register: Subquery, wanted: TaskFilter
) -> list[ColumnElement[bool]]:
    conditions: list[ColumnElement[bool]] = []
    if parts(wanted.text):
        conditions.append(contains_all(session, register.c.sought, wanted.text))
    if wanted.unit:
        conditions.append(register.c.code.in_(_of_unit(wanted)))
    if wanted.plan:
        conditions.append(register.c.plan_code == wanted.plan)
    if wanted.year is not None:
        first, last = date(wanted.year, 1, 1), date(wanted.year, 12, 31)
        conditions.append(register.c.deadline_on.between(first, last))
    return conditions


def _of_unit(wanted: TaskFilter) -> Any:
    if wanted.level is TaskLevel.leaves:
        return select(col(TaskUnit.task_code)).where(col(TaskUnit.unit) == wanted.unit)
    tree = branches("of_unit")
    below = select(tree.c.root).join(TaskUnit, col(TaskUnit.task_code) == tree.c.code)
    return below.where(col(TaskUnit.unit) == wanted.unit)


def _of_pile(register: Subquery, pile: TaskPile) -> list[ColumnElement[bool]]:
    return [] if pile is TaskPile.all else [_in_pile(register, pile) == 1]


def _in_pile(register: Subquery, pile: TaskPile) -> ColumnElement[int]:
    """1 for an item of a pile, else 0."""
    match pile:
        case TaskPile.overdue:
            flag: ColumnElement[int] = register.c.is_overdue
        case TaskPile.soon:
            flag = register.c.is_soon
        case _:
            flag = case((register.c.standing == pile.value, 1), else_=0)
    return flag


def _orders(register: Subquery) -> Orders:
    plan = (register.c.plan_position, register.c.position)
    return {
        PLAN_ORDER: plan,
        "deadline_on": (register.c.deadline_on, *plan),
        "stands_on": (register.c.stands_on, *plan),
    }


def _units(session: Session, rows: list[Any]) -> Mapping[str, tuple[ResponsibleUnit, ...]]:
    """The units of each item, the leads first; of an item with sub-items those of all of them."""
    leaves = [row.code for row in rows if not row.total]
    joint = [row.code for row in rows if row.total]
    own = select(col(TaskUnit.task_code), TaskUnit.unit, TaskUnit.is_lead).order_by(
        col(TaskUnit.task_code), col(TaskUnit.position)
    )
    found = in_chunks(session, own, TaskUnit.task_code, leaves)
    if joint:
        tree = branches()
        below = (
            select(tree.c.root, TaskUnit.unit, TaskUnit.is_lead)
            .join(TaskUnit, col(TaskUnit.task_code) == tree.c.code)
            .join(Task, col(Task.code) == tree.c.code)
            .order_by(tree.c.root, col(Task.position), col(TaskUnit.position))
        )
        found += in_chunks(session, below, tree.c.root, joint)
    gathered: dict[str, dict[str, bool]] = defaultdict(dict)
    for code, unit, is_lead in found:
        gathered[code][unit] = gathered[code].get(unit, False) or is_lead
    return defaultdict(tuple) | {code: _leads_first(named) for code, named in gathered.items()}


def _leads_first(named: Mapping[str, bool]) -> tuple[ResponsibleUnit, ...]:
    units = [ResponsibleUnit(name, is_lead) for name, is_lead in named.items()]
    return tuple(sorted(units, key=lambda unit: not unit.is_lead))


def _row(row: Any, units: tuple[ResponsibleUnit, ...], on: date) -> TaskRow:
    has_parent = row.parent_code is not None
    return TaskRow(
        code=row.code,
        title=Named(row.code, row.title_zh, row.title_en),
        parent=Named(row.parent_code, row.parent_zh, row.parent_en) if has_parent else None,
        plan=Named(row.plan_code, row.plan_zh, row.plan_en),
        place=Named(row.place_code, row.place_zh, row.place_en),
        clause=row.clause,
        deadline_on=row.deadline_on,
        recurrence=row.recurrence,
        stands=read_whereabouts(row, on),
        stands_on=row.stands_on,
        parts=read_parts(row) if row.total else None,
        units=units,
    )
