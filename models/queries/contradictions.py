"""Contradictions (矛盾): figures of one place, indicator and year that differ, side by side, with
which one counts and why.

What waits for a second person stands beside what counts, and is told what would become of it.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any, TypeAlias

from sqlalchemy import Select, and_, func, or_
from sqlmodel import Session, col

from models.queries.actuals import (
    ActualFilter,
    ActualRow,
    actual_row,
    conditions,
    figures_selected,
    in_state,
    year_of,
)
from models.queries.paging import Count, Page, PageRequest, counted, page_of
from models.queries.targets import figure_of
from models.queries.visibility import refuse_without
from models.rules.roles import Actor, Permission
from models.rules.targets import Actual as Figure
from models.rules.targets.choosing import Choice, choice_among
from models.rules.targets.entries import FigureState
from models.rules.targets.slides import Named
from models.rules.wording import Wording
from models.tables.targets import Actual, Indicator, Place

GROUPS_A_PAGE = 6

Key: TypeAlias = tuple[str, str, int]
"""Place, indicator, year."""


@dataclass(frozen=True, slots=True)
class Rival:
    """One of several figures of a year.

    Attributes:
        is_chosen: it counts; of a figure that waits: it would count once confirmed.
        why: why it is the one, or is not.
    """

    row: ActualRow
    is_chosen: bool
    why: Wording

    @property
    def is_waiting(self) -> bool:
        """Whether a second person has still to confirm it."""
        return self.row.state is FigureState.waiting


@dataclass(frozen=True, slots=True)
class Contradiction:
    """Figures of one place, indicator and year that differ, what counts first.

    Attributes:
        is_of_one_day: two of them speak of the same days: one must be wrong, or count otherwise.
    """

    place: Named
    indicator: Named
    unit: Named
    year: int
    rivals: tuple[Rival, ...]
    is_of_one_day: bool


def contradictions(
    session: Session, actor: Actor, wanted: ActualFilter, request: PageRequest
) -> Page[Contradiction]:
    """One page of the contradictions, by place and indicator, the newest year first.

    Args:
        session: any transaction.
        actor: who asks.
        wanted: the filter; a state is not asked for: they are of what counts or waits.
        request: which page.

    Raises:
        NotAllowed: the register is not open to this person.
    """
    refuse_without(actor, Permission.see_actuals)
    statement = _groups(session, wanted)
    page = page_of(session, statement, request, tuple)
    return Page(
        tuple(_side_by_side(session, page.rows)), page.number, page.pages, page.count, page.order
    )


def contradictions_counted(session: Session, actor: Actor) -> Count:
    """How many there are.

    Raises:
        NotAllowed: the register is not open to this person.
    """
    refuse_without(actor, Permission.see_actuals)
    return counted(session, _groups(session, ActualFilter()))


def rivals_of(session: Session, row: ActualRow) -> Contradiction | None:
    """The figures beside one figure of the same year; `None` where nothing else is said."""
    key: Key = (row.place.code, row.indicator.code, row.year)
    found = next(iter(_side_by_side(session, [key])), None)
    return found if found is not None and len(found.rivals) > 1 else None


# ---------------------------------------------------------------- pieces


def _groups(session: Session, wanted: ActualFilter) -> Select[Any]:
    """Place, indicator and year of every contradiction."""
    year = year_of(Actual)
    keys: tuple[Any, ...] = (col(Actual.place_code), col(Actual.indicator_code), year.label("year"))
    return (
        figures_selected()
        .with_only_columns(*keys, maintain_column_froms=True)
        .where(_is_standing(), *conditions(session, wanted))
        .group_by(
            col(Place.position), col(Actual.place_code), col(Indicator.name_zh),
            col(Actual.indicator_code), year,
        )
        .having(func.count(func.distinct(col(Actual.value))) > 1)
        .order_by(col(Place.position), col(Indicator.name_zh), year.desc(),
                  col(Actual.indicator_code))
    )  # fmt: skip


def _side_by_side(session: Session, keys: Sequence[Key]) -> Iterable[Contradiction]:
    """The figures of some groups, in the groups' order."""
    if not keys:
        return
    of_groups = or_(
        *(
            and_(
                col(Actual.place_code) == place,
                col(Actual.indicator_code) == indicator,
                year_of(Actual) == year,
            )
            for place, indicator, year in keys
        )
    )
    statement = figures_selected().where(_is_standing(), of_groups)
    found: dict[Key, list[tuple[ActualRow, Figure]]] = defaultdict(list)
    for one in session.execute(statement.order_by(col(Actual.as_of), col(Actual.id))):
        row = actual_row(one)
        figure = figure_of(one.Actual)
        found[row.place.code, row.indicator.code, row.year].append((row, figure))
    for key in keys:
        if found[key]:
            yield _contradiction(found[key])


def _contradiction(figures: Sequence[tuple[ActualRow, Figure]]) -> Contradiction:
    first = figures[0][0]
    counting = [figure for row, figure in figures if row.state is FigureState.counting]
    settled = choice_among(first.indicator_kind, counting)
    rivals = [_rival(row, figure, counting, settled) for row, figure in figures]
    days = [(row.as_of, row.period_start, row.value) for row, _ in figures]
    return Contradiction(
        place=first.place,
        indicator=first.indicator,
        unit=first.unit,
        year=first.year,
        rivals=tuple(sorted(rivals, key=_in_order)),
        is_of_one_day=len({day[:2] for day in days}) < len(set(days)),
    )


def _rival(row: ActualRow, figure: Figure, counting: Sequence[Figure], settled: Choice) -> Rival:
    """A figure that waits is weighed as if it were confirmed, in the place of what it replaces."""
    choice = settled
    if row.state is FigureState.waiting:
        others = (one for one in counting if one.id != row.replaces_id)
        choice = choice_among(row.indicator_kind, (*others, figure))
    is_chosen = choice.chosen is not None and choice.chosen.id == row.id
    return Rival(row, is_chosen, choice.why[row.id])


def _in_order(rival: Rival) -> tuple[bool, bool, int, str]:
    day = -rival.row.as_of.toordinal()
    return rival.is_waiting, not rival.is_chosen, day, rival.row.id


def _is_standing() -> Any:
    return or_(in_state(FigureState.counting), in_state(FigureState.waiting))
