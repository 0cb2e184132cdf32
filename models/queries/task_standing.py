"""Where work items (任务) stand, as the database can ask it: `rules.tasks` in SQL, so that a list is
filtered, ordered, counted and turned to a page without reading the others.

What a row is said to be is decided by the rule itself, from the columns that come with it.
"""

from __future__ import annotations

from datetime import date, timedelta
from enum import StrEnum
from typing import Any

from sqlalchemy import (
    CTE,
    ColumnElement,
    Select,
    Subquery,
    and_,
    case,
    func,
    literal,
    or_,
    select,
)
from sqlalchemy.orm import aliased
from sqlmodel import col

from models.rules.tasks import (
    PERIOD_DAYS,
    SOON_DAYS,
    ItemParts,
    TaskStanding,
    TaskState,
    Whereabouts,
    WorkItem,
    whereabouts,
    whereabouts_of_parts,
)
from models.tables.meetings import TaskReport
from models.tables.targets import Place, Plan, Task

_STATES = (
    TaskStanding.not_started,
    TaskStanding.under_way,
    TaskStanding.done,
    TaskStanding.stopped,
)


class TaskLevel(StrEnum):
    """Which work items a list shows."""

    leaves = "leaves"  # 须填报的任务: without sub-items
    joint = "joint"  # 有子项的任务


def register_on(on: date, level: TaskLevel) -> Subquery:
    """Every work item of a level with its names and where it stands, as a table to ask.

    Args:
        on: the day of the question.
        level: which items.

    Returns:
        Columns by the names of `read_whereabouts` and of the rows built from them; `standing`,
        `is_overdue` and `is_soon` (1 or 0) to filter by, `sought` to search in.
    """
    return (_leaves(on) if level is TaskLevel.leaves else _joint(on)).subquery("register")


def branches(name: str = "branches") -> CTE:
    """Every work item (`root`) with itself and all that stands below it (`code`).

    Args:
        name: where one statement asks twice, each under a name of its own.
    """
    # From below to above, because an item's parent is found by its key.
    tree = select(col(Task.code).label("root"), col(Task.code).label("code")).cte(
        name, recursive=True
    )
    above = select(col(Task.parent_code), tree.c.code).join(tree, tree.c.root == Task.code)
    return tree.union_all(above.where(col(Task.parent_code).is_not(None)))


def is_leaf(code: Any) -> ColumnElement[bool]:
    """Whether a work item has no sub-items."""
    child = aliased(Task)
    # One set for all rows: `parent_code` has no index that each row could ask.
    parent = col(child.parent_code)
    leaf: ColumnElement[bool] = ~code.in_(select(parent).where(parent.is_not(None)))
    return leaf


def read_whereabouts(row: Any, on: date) -> Whereabouts:
    """Where the work item of a row stands, by the rule.

    Args:
        row: of `register_on`.
        on: the day of the question.
    """
    if row.total:
        return whereabouts_of_parts(read_parts(row))
    state = None if row.standing == TaskStanding.unreported else TaskState(row.standing)
    return whereabouts(WorkItem(row.deadline_on, row.recurrence, state, row.stands_on), on)


def read_parts(row: Any) -> ItemParts:
    """How the sub-items of a row stand."""
    return ItemParts(
        total=row.total,
        not_started=row.not_started,
        under_way=row.under_way,
        done=row.done,
        stopped=row.stopped,
        overdue=row.overdue,
        soon=row.soon,
    )


# ---------------------------------------------------------------- without sub-items


def _leaves(on: date) -> Select[Any]:
    nothing = literal(0)
    names = ("total", *_STATES, "overdue", "soon")
    statement = _named(
        _standing().label("standing"),
        _flag(_is_overdue(on)).label("is_overdue"),
        _flag(_is_soon(on)).label("is_soon"),
        col(TaskReport.stands_on).label("stands_on"),
        *(nothing.label(name) for name in names),
    )
    return statement.outerjoin(TaskReport, col(TaskReport.id) == _newest()).where(
        is_leaf(col(Task.code))
    )


def _newest() -> Any:
    report = aliased(TaskReport)
    newest = select(func.max(report.id)).where(col(report.task_code) == Task.code)
    return newest.correlate(Task).scalar_subquery()


def _standing() -> ColumnElement[str]:
    state = col(TaskReport.state)
    told = [(state == TaskState(standing.value), literal(standing.value)) for standing in _STATES]
    return case(*told, else_=literal(TaskStanding.unreported.value))


def _is_overdue(on: date) -> ColumnElement[bool]:
    passed = col(Task.deadline_on) < on
    late = [passed, *(_period_is_over(name, on) for name in PERIOD_DAYS)]
    return and_(_is_open(), or_(*late))


def _is_soon(on: date) -> ColumnElement[bool]:
    last = on + timedelta(days=SOON_DAYS)
    comes = [
        col(Task.deadline_on) <= last,
        *(_period_is_over(name, last + timedelta(days=1)) for name in PERIOD_DAYS),
    ]
    return and_(_is_open(), or_(*comes), ~func.coalesce(_is_overdue(on), False))


def _is_open() -> ColumnElement[bool]:
    """Whether anything is still due: neither done nor stopped, nor kept up to its last day."""
    state, stands_on = col(TaskReport.state), col(TaskReport.stands_on)
    return or_(
        state.is_(None),
        and_(
            state.in_((TaskState.not_started, TaskState.under_way)),
            or_(col(Task.recurrence) == "", stands_on < col(Task.deadline_on)),
        ),
    )


def _period_is_over(recurrence: str, on: date) -> ColumnElement[bool]:
    """Whether what recurs was to be reported again before a day."""
    since = on - timedelta(days=PERIOD_DAYS[recurrence])
    return and_(
        col(Task.recurrence) == recurrence, func.coalesce(col(TaskReport.stands_on) < since, False)
    )


# ---------------------------------------------------------------- with sub-items


def _joint(on: date) -> Select[Any]:
    counts = _counted(on)
    closed = counts.c.done + counts.c.stopped
    standing = case(
        (counts.c.stopped == counts.c.total, literal(TaskStanding.stopped.value)),
        (closed == counts.c.total, literal(TaskStanding.done.value)),
        (closed + counts.c.under_way > 0, literal(TaskStanding.under_way.value)),
        (counts.c.not_started > 0, literal(TaskStanding.not_started.value)),
        else_=literal(TaskStanding.unreported.value),
    )
    is_late = counts.c.overdue > 0
    statement = _named(
        standing.label("standing"),
        _flag(is_late).label("is_overdue"),
        _flag(and_(counts.c.soon > 0, ~is_late)).label("is_soon"),
        counts.c.stands_on.label("stands_on"),
        *(counts.c[name] for name in ("total", *_STATES, "overdue", "soon")),
    )
    return statement.join(counts, counts.c.root == Task.code)


def _counted(on: date) -> Subquery:
    """How many leaves of each item with sub-items stand where, and what was last said of any."""
    tree, leaves = branches(), _leaves(on).subquery("leaves")
    return (
        select(
            tree.c.root,
            func.count().label("total"),
            func.max(leaves.c.stands_on).label("stands_on"),
            *(
                func.sum(_flag(leaves.c.standing == standing.value)).label(standing.value)
                for standing in _STATES
            ),
            func.sum(leaves.c.is_overdue).label("overdue"),
            func.sum(leaves.c.is_soon).label("soon"),
        )
        .join(leaves, leaves.c.code == tree.c.code)
        .where(tree.c.root != tree.c.code)
        .group_by(tree.c.root)
        .subquery("counted")
    )


# ---------------------------------------------------------------- pieces


def _named(*more: Any) -> Select[Any]:
    """Work items with what they, their parent, their plan and its place are called."""
    parent = aliased(Task)
    return (
        select(
            Task.code, Task.clause, Task.deadline_on, Task.recurrence, Task.position,
            Task.title_zh, Task.title_en, Task.parent_code, Task.plan_code,
            parent.title_zh.label("parent_zh"),  # type: ignore[attr-defined]
            parent.title_en.label("parent_en"),  # type: ignore[attr-defined]
            col(Plan.position).label("plan_position"),
            col(Plan.title_zh).label("plan_zh"), col(Plan.title_en).label("plan_en"),
            Plan.place_code, col(Place.name_zh).label("place_zh"),
            col(Place.name_en).label("place_en"),
            _sought(parent).label("sought"),
            *more,
        )
        .join(Plan, col(Plan.code) == Task.plan_code)
        .join(Place, col(Place.code) == Plan.place_code)
        .outerjoin(parent, parent.code == Task.parent_code)
    )  # fmt: skip


def _sought(parent: Any) -> ColumnElement[str]:
    """What a search looks in: the item's own names, its clause, and what it belongs to."""
    blank = literal(" ")
    text: ColumnElement[str] = col(Task.title_zh) + blank + col(Task.title_en) + blank
    text = text + col(Task.code) + blank + col(Task.clause) + blank + col(Task.printed)
    for name in (parent.title_zh, parent.title_en):
        text = text + blank + func.coalesce(name, "")
    return text


def _flag(condition: ColumnElement[bool]) -> ColumnElement[int]:
    return case((condition, 1), else_=0)
