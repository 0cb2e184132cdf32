"""The five plans' files as rows of their tables, in the order in which each finds those it refers to."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import date
from decimal import Decimal

from sqlmodel import Session, SQLModel

from models.actions.reference import Applied
from models.actions.target_data import apply_target_data
from models.rules.roles import Actor
from models.rules.targets import (
    ActualKind,
    Comparison,
    Direction,
    Fit,
    Grade,
    IndicatorKind,
    Measure,
)
from models.tables.meetings import TaskTarget
from models.tables.targets import (
    Actual,
    Indicator,
    LinkKind,
    Place,
    PlaceKind,
    Plan,
    Target,
    TargetLink,
    TargetSource,
    Task,
    TaskUnit,
    Theme,
)
from seed.plans import lines

Line = Mapping[str, str]


def seed_target_data(session: Session, actor: Actor) -> Applied:
    """Apply every row of the plans; running it again changes nothing."""
    return apply_target_data(session, actor, target_tables())


def target_tables() -> Iterator[Sequence[SQLModel]]:
    """The rows of each table, places first."""
    yield _nearest_first([_place(at, line) for at, line in enumerate(lines("places"), start=1)])
    yield [_theme(line) for line in lines("themes")]
    yield [_indicator(line) for line in lines("indicators")]
    yield [_plan(at, line) for at, line in enumerate(lines("plans"), start=1)]
    yield [_target(at, line) for at, line in enumerate(lines("targets"), start=1)]
    yield [_link(line) for line in lines("target_links")]
    yield [_source(line) for line in lines("target_actuals")]
    yield [_actual(line) for line in lines("actuals")]
    tasks = lines("tasks")
    yield [_task(at, line) for at, line in enumerate(tasks, start=1)]
    yield [unit for line in tasks for unit in _units(line)]
    yield [_served(line) for line in lines("task_targets")]


def _nearest_first(places: Sequence[Place]) -> list[Place]:
    """A province before its cities, a city before its zones."""
    parents = {place.code: place.parent_code for place in places}

    def depth(code: str | None) -> int:
        return 0 if code is None else 1 + depth(parents.get(code))

    return sorted(places, key=lambda place: depth(place.code))


def _place(at: int, line: Line) -> Place:
    return Place(
        code=line["code"],
        name_zh=line["name_zh"],
        name_en=line["name_en"],
        parent_code=line["parent"] or None,
        kind=PlaceKind(line["kind"]),
        note_zh=line["note_zh"],
        note_en=line["note_en"],
        position=at,
    )


def _theme(line: Line) -> Theme:
    return Theme(
        code=line["code"],
        name_zh=line["name_zh"],
        name_en=line["name_en"],
        position=int(line["order"]),
    )


def _indicator(line: Line) -> Indicator:
    return Indicator(
        code=line["code"],
        name_zh=line["name_zh"],
        name_en=line["name_en"],
        unit=line["unit"],
        unit_en=line["unit_en"],
        theme_code=line["theme"],
        direction=Direction(line["direction"]),
        kind=IndicatorKind(line["kind"]),
        definition_zh=line["definition_zh"],
    )


def _plan(at: int, line: Line) -> Plan:
    return Plan(
        code=line["code"],
        title_zh=line["title_zh"],
        title_en=line["title_en"],
        number=line["number"],
        issued_on=_day(line["issued_on"]),
        place_code=line["place"],
        starts_on=date.fromisoformat(line["starts_on"]),
        ends_on=date.fromisoformat(line["ends_on"]),
        note_zh=line["note_zh"],
        note_en=line["note_en"],
        position=at,
    )


def _target(at: int, line: Line) -> Target:
    return Target(
        id=line["id"],
        plan_code=line["document"],
        place_code=line["place"],
        clause=line["clause"],
        indicator_code=line["indicator"],
        comparison=Comparison(line["comparison"]),
        value=Decimal(line["value"]),
        value_max=_decimal(line["value_max"]),
        unit=line["unit"],
        base_year=_year(line["base_year"]),
        base_value=_decimal(line["base_value"]),
        target_year=int(line["target_year"]),
        measure=Measure(line["measure"]),
        responsible_units=_names(line["responsible_units"]),
        lead_unit=line["lead_unit"],
        derived_zh=line["derived"],
        printed=line["printed"],
        note_zh=line["note_zh"],
        note_en=line["note_en"],
        position=at,
    )


def _link(line: Line) -> TargetLink:
    return TargetLink(
        from_id=line["from_id"],
        to_id=line["to_id"],
        kind=LinkKind(line["kind"]),
        note_zh=line["note_zh"],
        note_en=line["note_en"],
    )


def _source(line: Line) -> TargetSource:
    return TargetSource(
        target_id=line["target_id"],
        indicator_code=line["indicator"],
        place_code=line["place"],
        fit=Fit(line["fit"]),
        note_zh=line["note_zh"],
    )


def _actual(line: Line) -> Actual:
    return Actual(
        id=line["id"],
        place_code=line["place"],
        indicator_code=line["indicator"],
        as_of=date.fromisoformat(line["as_of"]),
        period_start=_day(line["period_start"]),
        value=Decimal(line["value"]),
        is_over=line["bound"] == "over",
        unit=line["unit"],
        kind=ActualKind(line["kind"]),
        grade=Grade(line["grade"]),
        source_title=line["source_title"],
        source_url=line["source_url"],
        published=line["published_on"],
        note_zh=line["note_zh"],
    )


def _task(at: int, line: Line) -> Task:
    return Task(
        code=line["code"],
        plan_code=line["document"],
        parent_code=line["parent"] or None,
        clause=line["clause"],
        title_zh=line["title_zh"],
        title_en=line["title_en"],
        deadline_on=date.fromisoformat(line["deadline_on"]),
        starts_on=_day(line["starts_on"]),
        recurrence=line["recurrence"],
        printed=line["printed"],
        note_zh=line["note_zh"],
        position=at,
    )


def _units(line: Line) -> Iterator[TaskUnit]:
    """The lead first where one is marked, then the others as printed."""
    leads = _names(line["lead_unit"])
    others = [unit for unit in _names(line["responsible_units"]) if unit not in leads]
    for at, unit in enumerate([*leads, *others], start=1):
        yield TaskUnit(task_code=line["code"], position=at, unit=unit, is_lead=unit in leads)


def _served(line: Line) -> TaskTarget:
    return TaskTarget(task_code=line["task"], target_id=line["target"])


def _names(printed: str) -> list[str]:
    return [name for name in printed.split("、") if name]


def _decimal(written: str) -> Decimal | None:
    return Decimal(written) if written else None


def _day(written: str) -> date | None:
    return date.fromisoformat(written) if written else None


def _year(written: str) -> int | None:
    return int(written) if written else None
