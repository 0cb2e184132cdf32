"""Work items (任务): where one stands on a day, by what was last reported of it or of its parts.

An item with sub-items is not reported itself: it stands where they stand. An item nobody reported
is said to be unreported, never to be not begun. What recurs is done once it was kept up to its last
day: until then a report is due every so often, and afterwards one that stands on that day or later.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum

from models.rules.wording import Wording, say

SOON_DAYS = 30
"""How long before its day a work item is said to be due soon (将到期)."""
PERIOD_DAYS = {"monthly": 31, "quarterly": 92, "yearly": 366}
"""After how many days what recurs is to be reported again; what goes on without a rhythm
(`continuous`) is due at its end only."""
LONGEST_REPORT = 500  # characters of one report's words
MOST_PAPERS = 10  # papers of one report


class TaskState(StrEnum):
    """How far a work item is (任务状态), as it is reported."""

    not_started = "not_started"  # 未开始
    under_way = "under_way"  # 进行中
    done = "done"  # 已完成
    stopped = "stopped"  # 已停止


class TaskStanding(StrEnum):
    """How far a work item is as far as anybody knows (任务进展)."""

    unreported = "unreported"  # 未填报
    not_started = "not_started"  # 未开始
    under_way = "under_way"  # 进行中
    done = "done"  # 已完成
    stopped = "stopped"  # 已停止


class TaskTiming(StrEnum):
    """How a work item stands to its day (任务期限)."""

    overdue = "overdue"  # 逾期
    soon = "soon"  # 将到期
    ahead = "ahead"  # 未到期
    settled = "settled"  # 不再有期限


CLOSED = frozenset({TaskStanding.done, TaskStanding.stopped})

# fmt: off
STATE_NAMES = {
    TaskState.not_started: say("未开始|任务"),
    TaskState.under_way:   say("进行中"),
    TaskState.done:        say("已完成"),
    TaskState.stopped:     say("已停止"),
}
STANDING_NAMES = {
    TaskStanding.unreported:  say("未填报"),
    TaskStanding.not_started: STATE_NAMES[TaskState.not_started],
    TaskStanding.under_way:   STATE_NAMES[TaskState.under_way],
    TaskStanding.done:        STATE_NAMES[TaskState.done],
    TaskStanding.stopped:     STATE_NAMES[TaskState.stopped],
}
TIMING_NAMES = {
    TaskTiming.overdue: say("逾期"),
    TaskTiming.soon:    say("30 天内到期"),
}
# fmt: on


@dataclass(frozen=True, slots=True)
class WorkItem:
    """A work item without sub-items, and its newest report.

    Attributes:
        deadline_on: its last day.
        recurrence: a key of `PERIOD_DAYS`, `continuous`, or empty for what is done once.
        state: of the newest report; `None` while there is none.
        stands_on: the day that report speaks of.
    """

    deadline_on: date
    recurrence: str = ""
    state: TaskState | None = None
    stands_on: date | None = None


@dataclass(frozen=True, slots=True)
class ItemParts:
    """How many sub-items without sub-items of their own stand where.

    Attributes:
        total: all of them, those never reported included.
        overdue: open ones whose day has passed.
        soon: open ones whose day comes within `SOON_DAYS`.
    """

    total: int
    not_started: int = 0
    under_way: int = 0
    done: int = 0
    stopped: int = 0
    overdue: int = 0
    soon: int = 0


@dataclass(frozen=True, slots=True)
class Whereabouts:
    """Where a work item stands on a day.

    Attributes:
        due_on: the day by which something is to be reported next; `None` where nothing is due, and
            for an item with sub-items, whose parts have days of their own.
        words: the same in a sentence.
    """

    standing: TaskStanding
    timing: TaskTiming
    due_on: date | None
    words: Wording


def whereabouts(item: WorkItem, on: date) -> Whereabouts:
    """Where a work item without sub-items stands (任务进展).

    Args:
        item: the item with its newest report.
        on: the day of the question.
    """
    standing = TaskStanding.unreported if item.state is None else TaskStanding(item.state.value)
    due_on = due_day(item)
    timing = _timing(due_on, on)
    return Whereabouts(standing, timing, due_on, _words(standing, timing, due_on, on))


def due_day(item: WorkItem) -> date | None:
    """The day by which a work item is to be done, or reported again where it recurs (到期日).

    Returns:
        `None` once it is done or stopped, and once what recurs was kept up to its last day.
    """
    if item.state in (TaskState.done, TaskState.stopped):
        return None
    if not item.recurrence or item.stands_on is None:
        return item.deadline_on
    if item.stands_on >= item.deadline_on:
        return None
    period = PERIOD_DAYS.get(item.recurrence)
    if period is None:
        return item.deadline_on
    return min(item.deadline_on, item.stands_on + timedelta(days=period))


def whereabouts_of_parts(parts: ItemParts) -> Whereabouts:
    """Where a work item with sub-items stands: where they stand (合并任务进展).

    Done when all are done or stopped and one at least is done; stopped when all are; under way once
    one of them is begun, done or stopped; overdue when one of them is.

    Args:
        parts: its sub-items that have none themselves, counted.
    """
    standing = standing_of_parts(parts)
    if standing in CLOSED:
        timing = TaskTiming.settled
    elif parts.overdue:
        timing = TaskTiming.overdue
    else:
        timing = TaskTiming.soon if parts.soon else TaskTiming.ahead
    words = say(
        "{total} 个子项中完成 {done} 个，逾期 {overdue} 个",
        total=parts.total, done=parts.done, overdue=parts.overdue,
    )  # fmt: skip
    return Whereabouts(standing, timing, None, words)


def standing_of_parts(parts: ItemParts) -> TaskStanding:
    """How far a work item is whose sub-items stand so."""
    closed = parts.done + parts.stopped
    if closed == parts.total:
        return TaskStanding.done if parts.done else TaskStanding.stopped
    if closed or parts.under_way:
        return TaskStanding.under_way
    return TaskStanding.not_started if parts.not_started else TaskStanding.unreported


def parts_of(items: Iterable[Whereabouts]) -> ItemParts:
    """Sub-items counted by where they stand.

    Args:
        items: each without sub-items, at least one.
    """
    all_ = tuple(items)
    stands = [item.standing for item in all_]
    timings = [item.timing for item in all_]
    return ItemParts(
        total=len(all_),
        not_started=stands.count(TaskStanding.not_started),
        under_way=stands.count(TaskStanding.under_way),
        done=stands.count(TaskStanding.done),
        stopped=stands.count(TaskStanding.stopped),
        overdue=timings.count(TaskTiming.overdue),
        soon=timings.count(TaskTiming.soon),
    )


def _timing(due_on: date | None, on: date) -> TaskTiming:
    if due_on is None:
        return TaskTiming.settled
    if due_on < on:
        return TaskTiming.overdue
    return TaskTiming.soon if due_on <= on + timedelta(days=SOON_DAYS) else TaskTiming.ahead


def _words(standing: TaskStanding, timing: TaskTiming, due_on: date | None, on: date) -> Wording:
    name = STANDING_NAMES[standing]
    if due_on is None:
        return say("{standing}，不再有到期日", standing=name)
    if timing is TaskTiming.overdue:
        return say("{standing}，逾期 {days} 天", standing=name, days=(on - due_on).days)
    if due_on == on:
        return say("{standing}，今天到期", standing=name)
    return say("{standing}，还有 {days} 天到期", standing=name, days=(due_on - on).days)
