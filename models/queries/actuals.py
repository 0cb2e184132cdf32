"""Figures (实绩) as a screen asks for them: a page of the register, the piles, what filters
offer."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from sqlalchemy import ColumnElement, Select, and_, extract, or_, select
from sqlalchemy.orm import aliased
from sqlmodel import Session, col

from models.queries.paging import Orders, Page, PageRequest, counted, ordered, page_of
from models.queries.sealing import recorded
from models.queries.search import contains_all, parts
from models.queries.targets import figure_counts
from models.queries.visibility import refuse_without
from models.rules.roles import Actor, Permission
from models.rules.targets import ActualKind, Grade, IndicatorKind
from models.rules.targets.entries import Counted, FigureState
from models.rules.targets.slides import Named
from models.tables.meetings import ActualEntry, EntryState
from models.tables.people import Account
from models.tables.targets import Actual, Indicator, Place, Theme

NEWEST_FIRST = "-as_of"
OLDEST_ENTERED_FIRST = "entered_at_utc"


@dataclass(frozen=True, slots=True)
class ActualFilter:
    """What the register shows; a field left out shows all.

    Attributes:
        text: parts of the number, the source, the note or the indicator's name.
        year: the year a figure speaks of.
        is_contradicting: only those beside which another one of the year says otherwise.
    """

    text: str = ""
    place: str = ""
    indicator: str = ""
    theme: str = ""
    year: int | None = None
    kind: ActualKind | None = None
    grade: Grade | None = None
    state: FigureState | None = None
    is_contradicting: bool = False


@dataclass(frozen=True, slots=True)
class ActualRow:
    """One figure in the register.

    Attributes:
        state: whether it counts, waits, was replaced or turned down.
        is_contradicting: it counts, and so does another one of its year that says otherwise.
        replaces_id: the figure it was entered in the place of.
        replaced_by: the confirmed figure that stands in its place.
        reason: why it was entered in that place.
        entered_by: empty where it came with the plans.
    """

    id: str
    place: Named
    indicator: Named
    indicator_kind: IndicatorKind
    unit: Named
    as_of: date
    period_start: date | None
    value: Decimal
    is_over: bool
    kind: ActualKind
    grade: Grade
    source_title: str
    source_url: str
    published: str
    note_zh: str
    state: FigureState
    is_contradicting: bool
    replaces_id: str
    replaced_by: str
    reason: str
    entered_by_id: int | None
    entered_by: str
    entered_at_utc: datetime | None
    decided_by_id: int | None
    decided_by: str
    decided_at_utc: datetime | None
    decided_reason: str

    @property
    def year(self) -> int:
        """The year it speaks of."""
        return self.as_of.year

    @property
    def counted_in(self) -> tuple[Named, bool]:
        """Its unit, and whether the source says that it is more."""
        return self.unit, self.is_over

    @property
    def marks(self) -> tuple[FigureState, bool]:
        """Its state, and whether another one of its year says otherwise."""
        return self.state, self.is_contradicting


@dataclass(frozen=True, slots=True)
class Offered:
    """What a form or a filter offers: an indicator with its unit and definition."""

    named: Named
    theme: str
    unit: Named
    counted: Counted
    definition_zh: str


@dataclass(frozen=True, slots=True)
class Sizes:
    """How many figures there are, how many count, how many wait."""

    figures: int
    counting: int
    waiting: int


REPLACING: Any = aliased(ActualEntry, name="replacing")
_Entrant: Any = aliased(Account, name="entrant")
_Decider: Any = aliased(Account, name="decider")

ORDERS: Orders = {
    "as_of": (col(Actual.as_of), col(Actual.id)),
    "indicator": (col(Indicator.name_zh), col(Actual.as_of), col(Actual.id)),
    "place": (col(Place.position), col(Indicator.name_zh), col(Actual.as_of), col(Actual.id)),
    "published": (col(Actual.published), col(Actual.id)),
    "entered_at_utc": (col(ActualEntry.entered_at_utc), col(Actual.id)),
    "id": (col(Actual.id),),
}
"""The orders of the register."""


def actuals(
    session: Session, actor: Actor, wanted: ActualFilter, request: PageRequest
) -> Page[ActualRow]:
    """One page of the figures.

    Args:
        session: any transaction.
        actor: who asks.
        wanted: the filter.
        request: page and order; the newest first when no order is asked for.

    Raises:
        NotAllowed: the register is not open to this person.
    """
    refuse_without(actor, Permission.see_actuals)
    statement = figures_selected().where(*conditions(session, wanted))
    return page_of(
        session, ordered(statement, ORDERS, request.order, NEWEST_FIRST), request, actual_row
    )


def sizes_of_actuals(session: Session, actor: Actor) -> Sizes:
    """How large the piles are.

    Raises:
        NotAllowed: the register is not open to this person.
    """
    refuse_without(actor, Permission.see_actuals)
    there = _joined(select(col(Actual.id)))

    def of(*where: ColumnElement[bool]) -> int:
        return counted(session, there.where(*where)).rows

    return Sizes(of(), of(in_state(FigureState.counting)), of(in_state(FigureState.waiting)))


def places_offered(session: Session) -> tuple[Named, ...]:
    """The places, in their order."""
    statement = select(Place.code, Place.name_zh, Place.name_en).order_by(col(Place.position))
    return tuple(Named(*row) for row in session.execute(statement))


def themes_offered(session: Session) -> tuple[Named, ...]:
    """The themes, in their order."""
    statement = select(Theme.code, Theme.name_zh, Theme.name_en).order_by(col(Theme.position))
    return tuple(Named(*row) for row in session.execute(statement))


def indicators_offered(session: Session) -> tuple[Offered, ...]:
    """The indicators by theme, each with its unit and what it counts."""
    statement = (
        select(Indicator)
        .join(Theme, col(Theme.code) == Indicator.theme_code)
        .order_by(col(Theme.position), col(Indicator.name_zh))
    )
    return tuple(
        Offered(
            Named(one.code, one.name_zh, one.name_en),
            one.theme_code,
            Named("", one.unit, one.unit_en),
            Counted(one.unit, one.kind),
            one.definition_zh,
        )
        for one in session.execute(statement).scalars()
    )


def years_offered(session: Session) -> tuple[str, ...]:
    """The years there are figures of, the newest first."""
    year = year_of(Actual)
    found = session.execute(select(year).distinct().order_by(year.desc())).scalars()
    return tuple(str(one) for one in found)


def actual_recorded(actual: Actual, entry: ActualEntry) -> dict[str, Any]:
    """A figure and how it stands, as the record keeps it: the value as its digits."""
    figure = actual.model_dump(exclude={"id", "value", "is_over"})
    return recorded(figure) | {
        "value": format(actual.value, "f"),
        "is_over": int(actual.is_over),
        "entry_state": entry.state.value,
        "replaces": entry.replaces_id or "",
        "reason": entry.reason,
        "entered_by": entry.entered_by_id,
        "decided_by": entry.decided_by_id,
        "decided_reason": entry.decided_reason,
    }


# ---------------------------------------------------------------- pieces of statements


def year_of(actual: Any) -> Any:
    """The year a figure speaks of, as a whole number."""
    return extract("year", col(actual.as_of))


def in_state(state: FigureState) -> ColumnElement[bool]:
    """The condition of a state, over `figures_selected`."""
    entered, is_replaced = col(ActualEntry.state), col(REPLACING.actual_id).is_not(None)
    has_entry = col(ActualEntry.actual_id).is_not(None)
    is_down = and_(has_entry, entered == EntryState.turned_down)
    match state:
        case FigureState.counting:
            return and_(~is_replaced, or_(~has_entry, entered == EntryState.confirmed))
        case FigureState.waiting:
            return and_(~is_replaced, entered == EntryState.entered)
        case FigureState.replaced:
            return and_(is_replaced, ~is_down)
    return is_down


def figures_selected() -> Select[Any]:
    """Every figure with its names, how it stands, and who entered and decided it."""
    return _joined(
        select(
            Actual, Place.name_zh, Place.name_en, Indicator, ActualEntry,
            REPLACING.actual_id.label("replaced_by"),
            _Entrant.display_name.label("entered_by"), _Decider.display_name.label("decided_by"),
            _contradicts().label("is_contradicting"),
        )
    )  # fmt: skip


def conditions(session: Session, wanted: ActualFilter) -> list[ColumnElement[bool]]:
    """A filter as conditions over `figures_selected`."""
    found: list[ColumnElement[bool]] = []
    for column, value in (
        (Actual.place_code, wanted.place),
        (Actual.indicator_code, wanted.indicator),
        (Indicator.theme_code, wanted.theme),
        (Actual.kind, wanted.kind),
        (Actual.grade, wanted.grade),
    ):
        if value:
            found.append(col(column) == value)
    if wanted.year is not None:
        found.append(year_of(Actual) == wanted.year)
    if wanted.state is not None:
        found.append(in_state(wanted.state))
    if wanted.is_contradicting:
        found.append(_contradicts())
    if parts(wanted.text):
        texts = (Actual.id, Actual.source_title, Actual.note_zh, Indicator.name_zh)
        found.append(or_(*(contains_all(session, col(one), wanted.text) for one in texts)))
    return found


def actual_row(row: Any) -> ActualRow:
    """A row of `figures_selected`, typed."""
    actual, entry, indicator = row.Actual, row.ActualEntry, row.Indicator
    return ActualRow(
        id=actual.id,
        place=Named(actual.place_code, row.name_zh, row.name_en),
        indicator=Named(indicator.code, indicator.name_zh, indicator.name_en),
        indicator_kind=indicator.kind,
        unit=Named("", actual.unit, indicator.unit_en),
        as_of=actual.as_of,
        period_start=actual.period_start,
        value=actual.value,
        is_over=actual.is_over,
        kind=actual.kind,
        grade=actual.grade,
        source_title=actual.source_title,
        source_url=actual.source_url,
        published=actual.published,
        note_zh=actual.note_zh,
        state=state_of(entry, row.replaced_by),
        is_contradicting=bool(row.is_contradicting),
        replaces_id=(entry and entry.replaces_id) or "",
        replaced_by=row.replaced_by or "",
        reason=entry.reason if entry else "",
        entered_by_id=entry.entered_by_id if entry else None,
        entered_by=row.entered_by or "",
        entered_at_utc=entry.entered_at_utc if entry else None,
        decided_by_id=entry.decided_by_id if entry else None,
        decided_by=row.decided_by or "",
        decided_at_utc=entry.decided_at_utc if entry else None,
        decided_reason=entry.decided_reason if entry else "",
    )


def state_of(entry: ActualEntry | None, replaced_by: str | None) -> FigureState:
    """Where a figure stands, by its entry and the confirmed figure in its place."""
    if entry is not None and entry.state is EntryState.turned_down:
        return FigureState.turned_down
    if replaced_by:
        return FigureState.replaced
    if entry is not None and entry.state is EntryState.entered:
        return FigureState.waiting
    return FigureState.counting


def _joined(statement: Select[Any]) -> Select[Any]:
    is_replacing = and_(
        col(REPLACING.replaces_id) == Actual.id, col(REPLACING.state) == EntryState.confirmed
    )
    return (
        statement.select_from(Actual)
        .join(Place, col(Place.code) == Actual.place_code)
        .join(Indicator, col(Indicator.code) == Actual.indicator_code)
        .outerjoin(ActualEntry, col(ActualEntry.actual_id) == Actual.id)
        .outerjoin(REPLACING, is_replacing)
        .outerjoin(_Entrant, col(_Entrant.id) == ActualEntry.entered_by_id)
        .outerjoin(_Decider, col(_Decider.id) == ActualEntry.decided_by_id)
    )


def _contradicts() -> ColumnElement[bool]:
    """It counts, and another one that counts says otherwise of the same year."""
    other: Any = aliased(Actual, name="other")
    says_otherwise = (
        select(col(other.id))
        .where(
            col(other.place_code) == Actual.place_code,
            col(other.indicator_code) == Actual.indicator_code,
            year_of(other) == year_of(Actual),
            col(other.value) != Actual.value,
            figure_counts(other),
        )
        .correlate(Actual)
        .exists()
    )
    return and_(in_state(FigureState.counting), says_otherwise)
