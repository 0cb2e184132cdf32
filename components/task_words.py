"""Work items in words and shapes: how far one is, how it stands to its day, who is responsible."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from components import formats
from components.language import _, words
from components.target_words import name
from models.queries.tasks import ListedUnit, ResponsibleUnit, TaskPile, TaskRow
from models.rules.tasks import (
    STANDING_NAMES,
    TIMING_NAMES,
    TaskStanding,
    TaskTiming,
    Whereabouts,
)
from models.rules.wording import Wording, say

# fmt: off
SHAPES = {
    TaskStanding.unreported:  "–",
    TaskStanding.not_started: "○",
    TaskStanding.under_way:   "◐",
    TaskStanding.done:        "●",
    TaskStanding.stopped:     "■",
}
PILES: dict[TaskPile, Wording] = {
    TaskPile.all:         say("全部|任务"),
    TaskPile.overdue:     TIMING_NAMES[TaskTiming.overdue],
    TaskPile.soon:        TIMING_NAMES[TaskTiming.soon],
    TaskPile.unreported:  STANDING_NAMES[TaskStanding.unreported],
    TaskPile.under_way:   STANDING_NAMES[TaskStanding.under_way],
    TaskPile.not_started: STANDING_NAMES[TaskStanding.not_started],
    TaskPile.done:        STANDING_NAMES[TaskStanding.done],
    TaskPile.stopped:     STANDING_NAMES[TaskStanding.stopped],
}
RECURRENCES = {
    "monthly":    say("每月一次"),
    "quarterly":  say("每季度一次"),
    "yearly":     say("每年一次"),
    "continuous": say("持续推进"),
}
NOTES = (
    say("文中未印期限，按方案期末"),
    say("期限印在上级条目"),
    say("文中写“定期”，未印频次"),
    say("文中写“年内”，按计划年2018"),
    say("文中只写“年度”，按计划年2018"),
    say("文中只写“年”增加，按计划年2018"),
    say("年份取自目录名称中的2018年度"),
    say("所印 2017—2019 年为加计扣除的政策期间"),
    say("“2017-2018年度”是奖励资金的年度"),
    say("单位为条文的行为主体，未标责任单位"),
    say("单位为文中的业务支持单位，不是责任单位"),
    say("单位为条文点名的办理方（初审申请、复核、审批、审核支付），未标责任单位"),
    say("文中写作科技、发改、税务、工商等各政府部门，未标责任单位"),
    say("文中只写市科技局主要领导任组长、办公室设在综合计划处，未标责任单位"),
    say("首个单位后文中用逗号"),
    say("末一单位前文中用逗号"),
)
"""What the plans' files note of how an item is printed."""
# fmt: on
_NOTED = {note.template: note for note in NOTES}
OVERDUE = TIMING_NAMES[TaskTiming.overdue]
OVERDUE_UNREPORTED = say("逾期未填报")
SOON = TIMING_NAMES[TaskTiming.soon]


def standing_words(stands: Whereabouts) -> str:
    """How far an item is, with its shape: `● 已完成`."""
    return f"{SHAPES[stands.standing]} {formats.label(stands.standing)}"


def pile_name(pile: TaskPile) -> str:
    """A pile as a segment names it, with its shape where it is one of a standing."""
    known = {standing.value: shape for standing, shape in SHAPES.items()}
    return f"{known.get(pile.value, '')} {words(PILES[pile])}".strip()


def reminder(stands: Whereabouts) -> Wording | None:
    """What stands out about an item's day: overdue, overdue and never reported, or due soon."""
    if stands.timing is TaskTiming.overdue:
        is_unreported = stands.standing is TaskStanding.unreported
        return OVERDUE_UNREPORTED if is_unreported else OVERDUE
    return SOON if stands.timing is TaskTiming.soon else None


def reminder_chips() -> dict[str, Any]:
    """The reminders with their colours; what nobody reported is not known to be late."""
    return {words(OVERDUE): "red", words(SOON): "orange", words(OVERDUE_UNREPORTED): "gray"}


def units_words(units: Iterable[ResponsibleUnit]) -> str:
    """The responsible units in a row, the lead marked."""
    return _("、").join(unit_words(unit) for unit in units) or formats.NOTHING


def unit_words(unit: ResponsibleUnit) -> str:
    """A responsible unit, marked where it leads."""
    return _("{unit}（牵头）").format(unit=unit.name) if unit.is_lead else unit.name


def unit_in_address(plan: str, unit: str) -> str:
    """A plan's unit as the address names it."""
    return f"{plan}:{unit}"


def listed_unit(unit: ListedUnit) -> str:
    """A unit as the chooser names it: `市科技局 · 大连市 106`."""
    return f"{unit.name} · {name(unit.place)} {unit.tasks}"


def note_words(note_zh: str) -> str:
    """What is noted of how an item is printed, in the visitor's language as far as it is known."""
    parts = [
        words(_NOTED[part]) if part in _NOTED else part for part in note_zh.split("；") if part
    ]
    return _("；").join(parts)


def progress_words(row: TaskRow) -> str:
    """How far an item is; one with sub-items also how many of them are done."""
    said = standing_words(row.stands)
    return f"{said} {row.parts.done}/{row.parts.total}" if row.parts else said
