"""Where a work item stands: by its newest report, by its day, by its parts; and what recurs."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from models.rules.tasks import (
    PERIOD_DAYS,
    SOON_DAYS,
    ItemParts,
    TaskStanding,
    TaskState,
    TaskTiming,
    WorkItem,
    due_day,
    parts_of,
    standing_of_parts,
    whereabouts,
    whereabouts_of_parts,
)

ON = date(2026, 11, 20)
DAYS = st.dates(date(2024, 1, 1), date(2028, 12, 31))
STATES = st.sampled_from(TaskState)
RECURRENCES = st.sampled_from(["", "continuous", *PERIOD_DAYS])


@st.composite
def items(draw: st.DrawFn) -> WorkItem:
    """Any work item; a report speaks of a day that has come."""
    state = draw(st.none() | STATES)
    stands_on = None if state is None else draw(st.dates(date(2024, 1, 1), ON))
    return WorkItem(draw(DAYS), draw(RECURRENCES), state, stands_on)


# fmt: off
CASES = (
    # deadline            recurrence    state                  as of                standing        timing     words
    (date(2020, 12, 31), "",           None,                  None,                "unreported",  "overdue", "未填报，逾期 2150 天"),
    (date(2026, 11, 19), "",           TaskState.not_started, date(2026, 11, 1),   "not_started", "overdue", "未开始，逾期 1 天"),
    (date(2026, 11, 20), "",           TaskState.under_way,   date(2026, 11, 20),  "under_way",   "soon",    "进行中，今天到期"),
    (date(2026, 12, 20), "",           TaskState.under_way,   date(2026, 11, 1),   "under_way",   "soon",    "进行中，还有 30 天到期"),
    (date(2026, 12, 21), "",           TaskState.under_way,   date(2026, 11, 1),   "under_way",   "ahead",   "进行中，还有 31 天到期"),
    (date(2020, 12, 31), "",           TaskState.done,        date(2026, 11, 1),   "done",        "settled", "已完成，不再有到期日"),
    (date(2020, 12, 31), "",           TaskState.stopped,     date(2026, 11, 1),   "stopped",     "settled", "已停止，不再有到期日"),
    # what recurs: again after a period, and done once it was kept up to its last day
    (date(2027, 12, 31), "monthly",    TaskState.under_way,   date(2026, 10, 19),  "under_way",   "overdue", "进行中，逾期 1 天"),
    (date(2027, 12, 31), "monthly",    TaskState.under_way,   date(2026, 10, 20),  "under_way",   "soon",    "进行中，今天到期"),
    (date(2027, 12, 31), "quarterly",  TaskState.under_way,   date(2026, 10, 20),  "under_way",   "ahead",   "进行中，还有 61 天到期"),
    (date(2027, 12, 31), "yearly",     TaskState.under_way,   date(2025, 11, 18),  "under_way",   "overdue", "进行中，逾期 1 天"),
    (date(2026, 11, 30), "yearly",     TaskState.under_way,   date(2026, 11, 1),   "under_way",   "soon",    "进行中，还有 10 天到期"),
    (date(2027, 12, 31), "continuous", TaskState.under_way,   date(2024, 1, 1),    "under_way",   "ahead",   "进行中，还有 406 天到期"),
    (date(2020, 12, 31), "continuous", TaskState.under_way,   date(2020, 12, 30),  "under_way",   "overdue", "进行中，逾期 2150 天"),
    (date(2020, 12, 31), "continuous", TaskState.under_way,   date(2020, 12, 31),  "under_way",   "settled", "进行中，不再有到期日"),
    (date(2020, 12, 31), "monthly",    None,                  None,                "unreported",  "overdue", "未填报，逾期 2150 天"),
)
PARTS = (
    # parts                                       standing        words
    (ItemParts(3, done=3),                        "done",        "3 个子项中完成 3 个，逾期 0 个"),
    (ItemParts(3, done=1, stopped=2),             "done",        "3 个子项中完成 1 个，逾期 0 个"),
    (ItemParts(3, stopped=3),                     "stopped",     "3 个子项中完成 0 个，逾期 0 个"),
    (ItemParts(3, done=2, overdue=1),             "under_way",   "3 个子项中完成 2 个，逾期 1 个"),
    (ItemParts(3, stopped=1),                     "under_way",   "3 个子项中完成 0 个，逾期 0 个"),
    (ItemParts(3, under_way=1),                   "under_way",   "3 个子项中完成 0 个，逾期 0 个"),
    (ItemParts(3, not_started=1),                 "not_started", "3 个子项中完成 0 个，逾期 0 个"),
    (ItemParts(3, overdue=3),                     "unreported",  "3 个子项中完成 0 个，逾期 3 个"),
)
# fmt: on


@pytest.mark.parametrize(
    ("deadline", "recurrence", "state", "stands_on", "standing", "timing", "words"), CASES
)
def test_an_item_stands_as_an_official_would_say(
    deadline: date,
    recurrence: str,
    state: TaskState | None,
    stands_on: date | None,
    standing: str,
    timing: str,
    words: str,
) -> None:
    found = whereabouts(WorkItem(deadline, recurrence, state, stands_on), ON)
    assert (found.standing, found.timing, str(found.words)) == (standing, timing, words)


@pytest.mark.parametrize(("parts", "standing", "words"), PARTS)
def test_an_item_with_sub_items_stands_where_they_stand(
    parts: ItemParts, standing: str, words: str
) -> None:
    found = whereabouts_of_parts(parts)
    assert (found.standing, str(found.words), found.due_on) == (standing, words, None)


@pytest.mark.parametrize(
    ("parts", "timing"),
    [
        (ItemParts(2, done=1, stopped=1), "settled"),
        (ItemParts(2, overdue=1, soon=1), "overdue"),
        (ItemParts(2, soon=1), "soon"),
        (ItemParts(2, under_way=1), "ahead"),
    ],
)
def test_an_item_with_sub_items_is_late_where_one_of_them_is(parts: ItemParts, timing: str) -> None:
    assert whereabouts_of_parts(parts).timing == timing


@given(items())
def test_what_is_done_or_stopped_is_never_late(item: WorkItem) -> None:
    found = whereabouts(item, ON)
    if item.state in (TaskState.done, TaskState.stopped):
        assert found.timing is TaskTiming.settled
    assert (found.due_on is None) == (found.timing is TaskTiming.settled)


@given(items())
def test_nothing_is_due_after_its_last_day(item: WorkItem) -> None:
    due_on = due_day(item)
    assert due_on is None or due_on <= item.deadline_on


@given(items(), st.integers(0, 400))
def test_time_alone_only_makes_it_later(item: WorkItem, days: int) -> None:
    order = [TaskTiming.ahead, TaskTiming.soon, TaskTiming.overdue]
    now, then = (whereabouts(item, ON + timedelta(days=passed)) for passed in (0, days))
    assert now.standing is then.standing
    if now.timing is not TaskTiming.settled:
        assert order.index(then.timing) >= order.index(now.timing)


@given(items())
def test_a_reminder_comes_before_it_is_late(item: WorkItem) -> None:
    due_on = due_day(item)
    if due_on is not None:
        assert whereabouts(item, due_on).timing is TaskTiming.soon
        early = whereabouts(item, due_on - timedelta(days=SOON_DAYS + 1))
        assert early.timing is TaskTiming.ahead
        assert whereabouts(item, due_on + timedelta(days=1)).timing is TaskTiming.overdue


@given(st.lists(items(), min_size=1, max_size=8))
def test_the_parts_say_the_same_in_any_order(some: list[WorkItem]) -> None:
    found = [whereabouts(item, ON) for item in some]
    parts = parts_of(found)
    assert parts == parts_of(reversed(found))
    counted = parts.not_started + parts.under_way + parts.done + parts.stopped
    assert 0 <= counted <= parts.total == len(some)
    standing = standing_of_parts(parts)
    own = {one.standing for one in found}
    if len(own) == 1:
        assert standing in own
    assert (standing is TaskStanding.done) == (
        own <= {TaskStanding.done, TaskStanding.stopped} and TaskStanding.done in own
    )
