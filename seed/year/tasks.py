"""What the alliance reports of the plans' work items during the year: a part of them only, each in a
neutral sentence that says it is made up."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from random import Random

from sqlalchemy import select
from sqlmodel import col

from models.actions.tasks import Progress, report_progress
from models.clock import today
from models.queries.task_standing import is_leaf
from models.rules.tasks import TaskState
from models.tables.targets import Task
from seed.year.papers import paper
from seed.year.stage import Stage
from seed.year.timeline import Timeline, office_hours

WHO = "reviewer"
SEED = 20201231
_SECOND = 3
"""Of those under way, one in so many is reported again, and is done then."""
_WITH_PAPER = 3
"""Of those done, one in so many has a paper."""

# fmt: off
REPORTED = {
    "dalian-hightech": 99,
    "dalian":          28,
    "wafangdian":      10,
    "weihai":          12,
    "harbin":          14,
}
"""A plan → how many of its items are reported at most."""
STATES = {
    TaskState.done:        0.58,
    TaskState.under_way:   0.24,
    TaskState.not_started: 0.10,
    TaskState.stopped:     0.08,
}
SENTENCES = {
    TaskState.done: (
        "演示：条文所列事项已办结，材料已归档。",
        "演示：已按方案要求完成，责任单位报送了总结。",
        "演示：相关文件已印发，任务完成。",
        "演示：各责任单位均已办结，转入日常工作。",
    ),
    TaskState.under_way: (
        "演示：方案已起草，正在征求责任单位意见。",
        "演示：前期调研已完成，下一步按程序报批。",
        "演示：完成约一半，其余按计划推进。",
        "演示：已确定承办人，每月调度一次。",
    ),
    TaskState.not_started: (
        "演示：尚未启动，等待上级文件。",
        "演示：责任单位职能调整，尚未确定承办人。",
    ),
    TaskState.stopped: (
        "演示：所依据的政策已经废止，不再执行。",
        "演示：并入其他任务，不再单独推进。",
    ),
}
# fmt: on


@dataclass(frozen=True, slots=True)
class _Item:
    code: str
    title: str
    deadline_on: date


def reports(stage: Stage) -> Iterator[datetime]:
    """The reviewer reports item after item, in the order of the days on which each is written."""
    chance = Random(SEED)
    written = [
        (office_hours(day, chance), item, state)
        for item in _reported(stage, chance)
        for day, state in _story(stage.timeline, chance)
    ]
    for at_utc, item, state in sorted(written, key=lambda one: (one[0], one[1].code)):
        yield at_utc
        progress = _progress(item, state, chance)
        report_progress(stage.session, stage.actor(WHO), item.code, progress)


def _reported(stage: Stage, chance: Random) -> list[_Item]:
    """The items somebody reports, plan by plan."""
    statement = (
        select(Task.code, Task.title_zh, Task.deadline_on, Task.plan_code)
        .where(is_leaf(col(Task.code)))
        .order_by(col(Task.plan_code), col(Task.position))
    )
    items: dict[str, list[_Item]] = {}
    for code, title, deadline_on, plan in stage.session.execute(statement):
        items.setdefault(plan, []).append(_Item(code, title, deadline_on))
    return [
        item
        for plan, of_plan in items.items()
        for item in chance.sample(of_plan, min(len(of_plan), REPORTED.get(plan, 0)))
    ]


def _story(timeline: Timeline, chance: Random) -> list[tuple[date, TaskState]]:
    """On which days an item is reported, and how far it is then."""
    state = chance.choices(tuple(STATES), tuple(STATES.values()))[0]
    first = timeline.opens_on + timedelta(days=20)
    length = (timeline.last_working_day - first).days
    day = first + timedelta(days=chance.randrange(length // 2))
    days = [(timeline.forward(day, 1), state)]
    if state is TaskState.under_way and not chance.randrange(_SECOND):
        later = day + timedelta(days=chance.randrange(30, length // 2))
        days.append((timeline.forward(later, 1), TaskState.done))
    return days


def _progress(item: _Item, state: TaskState, chance: Random) -> Progress:
    """What is done is told of its own time; what is not, of the day on which it is written."""
    is_done = state is TaskState.done
    then = item.deadline_on - timedelta(days=chance.randrange(5, 120))
    has_paper = is_done and not chance.randrange(_WITH_PAPER)
    lines = (f"任务编号：{item.code}", f"任务：{item.title}")
    papers = (("任务进展佐证.pdf", paper("任务进展佐证", lines)),) if has_paper else ()
    return Progress(
        state=state,
        stands_on=min(then, today()) if is_done else today(),
        said=chance.choice(SENTENCES[state]),
        papers=papers,
    )
