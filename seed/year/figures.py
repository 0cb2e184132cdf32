"""Figures entered in the demonstration year (演示数据): one waits, one was turned down, one waits with its
correction.

None is confirmed: what a real city has reached is told by published figures alone.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, datetime

from models.actions.actuals import enter_actual, turn_down_actual
from models.queries.actuals import indicators_offered
from models.rules.targets import ActualKind, Grade
from models.rules.targets.entries import FigureEntry
from seed.year.stage import Stage
from seed.year.timeline import at

_MARK = "演示数据"


def entering(stage: Stage) -> Iterator[datetime]:
    """A reviewer enters three figures and corrects one; a colleague turns another down."""
    if not indicators_offered(stage.session):
        return
    reviewer, colleague = stage.actor("reviewer"), stage.actor("reviewer2")
    enter_actual(stage.session, reviewer, _figure(stage, "tech_smes_registered", "2345", "家"))
    doubted = enter_actual(stage.session, reviewer, _figure(stage, "incubators", "58", "家"))
    first = _figure(stage, "rd_expenditure", "48.6", "亿元")
    mistaken = enter_actual(stage.session, reviewer, first)
    last = stage.timeline.last_working_day
    yield at(last, 10 * 60 + 25)
    turn_down_actual(stage.session, colleague, doubted, "来源为虚构的示例，无法核实。")
    yield at(last, 14 * 60 + 10)
    enter_actual(
        stage.session, reviewer, _figure(stage, "rd_expenditure", "46.8", "亿元"),
        replaces_id=mistaken, reason="首次填报时两位数字颠倒，按原表更正。",
    )  # fmt: skip


def entering_time(stage: Stage) -> datetime:
    """When the first figures are entered: three working days before the end."""
    return at(stage.timeline.back(stage.timeline.until, 3), 9 * 60 + 50)


def _figure(stage: Stage, indicator: str, value: str, unit: str) -> FigureEntry:
    year = stage.timeline.until.year - 1
    return FigureEntry(
        place_code="dalian-hightech",
        indicator_code=indicator,
        as_of=date(year, 12, 31),
        value=value,
        unit=unit,
        kind=ActualKind.reported,
        grade=Grade.low,
        source_title=f"{_MARK}：虚构的{year}年统计表",
        published=f"{year + 1}-02",
        note_zh=f"{_MARK}，不是真实数字",
    )
