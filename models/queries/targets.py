"""City targets (城市目标) as a screen asks for them: every promise, its figures, and how it stands."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Any, TypeAlias

from sqlalchemy import ColumnElement, and_, func, select
from sqlmodel import Session, col

from models.rules.targets import Actual as Figure
from models.rules.targets import Fit, Measure, Reading, drawn, reading
from models.rules.targets import Target as Promise
from models.rules.targets.slides import Named
from models.tables.meetings import ActualEntry, EntryState
from models.tables.targets import (
    Actual,
    Indicator,
    LinkKind,
    Place,
    Plan,
    Target,
    TargetLink,
    TargetSource,
    Theme,
)

_ONE = Decimal(1)


FiguresVersion: TypeAlias = tuple[int | datetime | None, ...]
"""One state of the figures, as `figures_version` tells it."""


@dataclass(frozen=True, slots=True)
class Source:
    """Where a figure comes from, as its line of the table behind the chart says it."""

    title: str
    url: str
    published: str
    note_zh: str


@dataclass(frozen=True, slots=True)
class TargetLine:
    """One target with what became of it.

    Attributes:
        unit: as the plan prints it.
        known: the figures that count on the day, one a year.
        all_figures: every figure of its indicator, forecasts and contradictions too, newest first.
        sources: a figure's id → its source.
    """

    id: str
    plan: Named
    number: str
    place: Named
    theme: Named
    indicator: Named
    unit: Named
    clause: str
    units: tuple[str, ...]
    lead_unit: str
    derived_zh: str
    note: Named
    reading: Reading
    known: tuple[Figure, ...]
    all_figures: tuple[Figure, ...]
    sources: Mapping[str, Source]


def target_lines(session: Session, on: date) -> tuple[TargetLine, ...]:
    """Every target of the five plans as it stands on a day, in the plans' order.

    Args:
        session: any transaction.
        on: the day of the reading.
    """
    gathered = _Gathered(session)
    statement = (
        select(Target, Plan, Place, Theme, Indicator)
        .join(Plan, col(Plan.code) == Target.plan_code)
        .join(Place, col(Place.code) == Target.place_code)
        .join(Indicator, col(Indicator.code) == Target.indicator_code)
        .join(Theme, col(Theme.code) == Indicator.theme_code)
        .order_by(col(Plan.position), col(Target.position))
    )
    return tuple(_line(row, gathered, on) for row in session.execute(statement))


def figure_counts(actual: Any = Actual) -> ColumnElement[bool]:
    """Whether a figure of `actual` counts: it came with the plans or was confirmed by a second
    person, and no confirmed one stands in its place.

    Args:
        actual: the table, or another name for it in the same statement.
    """
    is_confirmed = col(ActualEntry.state) == EntryState.confirmed
    unconfirmed = select(col(ActualEntry.actual_id)).where(~is_confirmed)
    replaced = select(col(ActualEntry.replaces_id)).where(
        is_confirmed, col(ActualEntry.replaces_id).is_not(None)
    )
    return and_(col(actual.id).not_in(unconfirmed), col(actual.id).not_in(replaced))


def figures_version(session: Session) -> FiguresVersion:
    """What changes whenever a figure that counts does: how many there are, were entered, were
    decided on, and when last."""
    figures = select(func.count()).select_from(Actual)
    entered = select(func.count()).select_from(ActualEntry)
    decided = select(func.count(col(ActualEntry.decided_at_utc)))
    last = select(func.max(col(ActualEntry.decided_at_utc)))
    parts = (figures, entered, decided, last)
    return tuple(session.execute(select(*(one.scalar_subquery() for one in parts))).one())


class _Gathered:
    """Figures by indicator and place, the other places a target is read from, and the links."""

    def __init__(self, session: Session) -> None:
        self.actuals: dict[tuple[str, str], list[Actual]] = defaultdict(list)
        for actual in session.execute(select(Actual).where(figure_counts())).scalars():
            self.actuals[actual.indicator_code, actual.place_code].append(actual)
        self.elsewhere: dict[str, list[TargetSource]] = defaultdict(list)
        for source in session.execute(select(TargetSource)).scalars():
            self.elsewhere[source.target_id].append(source)
        links = session.execute(select(TargetLink)).scalars().all()
        self.total_of = {
            link.from_id: link.to_id for link in links if link.kind is LinkKind.multiple_of
        }
        self.totals = {row.id: row for row in session.execute(select(Target)).scalars()}

    def figures(self, target: Target) -> list[tuple[Figure, Actual, str]]:
        """The figures a target is read from, each with its row and what is noted of its fit."""
        own = [(actual, Fit.same, "") for actual in self._own(target)]
        others = [
            (actual, source.fit, source.note_zh)
            for source in self.elsewhere[target.id]
            for actual in self.actuals[source.indicator_code, source.place_code]
        ]
        scale = self._scale(target)
        return [
            (figure_of(actual, fit, scale), actual, note) for actual, fit, note in (*own, *others)
        ]

    def is_multiple(self, target: Target) -> bool:
        """Whether the plan words it as a multiple, itself or in another clause."""
        return target.measure is Measure.multiple or target.id in self.total_of.values()

    def _own(self, target: Target) -> list[Actual]:
        total = self.totals.get(self.total_of.get(target.id, ""), target)
        return self.actuals[total.indicator_code, total.place_code]

    def _scale(self, target: Target) -> Decimal:
        """A multiple is read from the total it stands for, in multiples of its base."""
        total = self.totals.get(self.total_of.get(target.id, ""))
        return total.base_value or Decimal(1) if total else Decimal(1)


def figure_of(actual: Actual, fit: Fit = Fit.same, scale: Decimal = _ONE) -> Figure:
    """A row of `actual` as the rules see it.

    Args:
        actual: the row.
        fit: how its indicator stands to the one it is read for.
        scale: what its value is divided by: the base of a multiple.
    """
    published = actual.published
    return Figure(
        id=actual.id,
        as_of=actual.as_of,
        value=actual.value / scale,
        kind=actual.kind,
        grade=actual.grade,
        fit=fit,
        published_on=date.fromisoformat(published) if len(published) == 10 else None,
        is_over=actual.is_over,
        since=actual.period_start,
    )


def _line(
    row: tuple[Target, Plan, Place, Theme, Indicator], all_: _Gathered, on: date
) -> TargetLine:
    target, plan, place, theme, indicator = row
    figures = all_.figures(target)
    promise = _promise(target, indicator, is_multiple=all_.is_multiple(target))
    return TargetLine(
        id=target.id,
        plan=Named(plan.code, plan.title_zh, plan.title_en),
        number=plan.number,
        place=Named(place.code, place.name_zh, place.name_en),
        theme=Named(theme.code, theme.name_zh, theme.name_en),
        indicator=Named(indicator.code, indicator.name_zh, indicator.name_en),
        unit=Named("", target.unit, _MONEY_EN.get(target.unit, indicator.unit_en)),
        clause=target.clause,
        units=tuple(target.responsible_units),
        lead_unit=target.lead_unit,
        derived_zh=target.derived_zh,
        note=Named("", target.note_zh, target.note_en),
        reading=reading(promise, (figure for figure, _, _ in figures), on),
        known=drawn(promise, (figure for figure, _, _ in figures if figure.as_of <= on)),
        all_figures=_newest_first(figure for figure, _, _ in figures),
        sources={figure.id: _source(actual, note) for figure, actual, note in figures},
    )


def _promise(target: Target, indicator: Indicator, *, is_multiple: bool) -> Promise:
    return Promise(
        id=target.id,
        comparison=target.comparison,
        value=target.value,
        value_max=target.value_max,
        target_year=target.target_year,
        measure=target.measure,
        kind=indicator.kind,
        direction=indicator.direction,
        base_year=target.base_year,
        base_value=target.base_value,
        base_is_implied=is_multiple and target.base_value is not None,
        is_derived=bool(target.derived_zh),
        is_multiple=is_multiple,
    )


_MONEY_EN = {"亿元": "CNY 100 million", "万元": "CNY 10 thousand", "元": "CNY"}
"""A plan may print another unit of money than its indicator has."""


def _newest_first(figures: Iterable[Figure]) -> tuple[Figure, ...]:
    return tuple(sorted(figures, key=lambda figure: (figure.as_of, figure.id), reverse=True))


def _source(actual: Actual, fit_note: str) -> Source:
    notes = "；".join(note for note in (fit_note, actual.note_zh) if note)
    return Source(actual.source_title, actual.source_url, actual.published, notes)
