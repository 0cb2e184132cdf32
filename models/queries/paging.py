"""One page of a list, read from the database: never more rows than are shown, never an unbounded
count.

A total is counted only as far as `COUNTED_ROWS`; beyond it a list says "more than". No page lies
further out than that either, so the cost of a page does not grow with the table.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Generic, TypeAlias, TypeVar

from sqlalchemy import Select, func, literal_column, select
from sqlmodel import Session

ROWS_A_PAGE = 15
COUNTED_ROWS = 10_000
EXPORTED_ROWS = 50_000

Row = TypeVar("Row")


@dataclass(frozen=True, slots=True)
class PageRequest:
    """Which page of a list, and in which order.

    Attributes:
        number: the page, from 1; a page past the end is the last one.
        size: rows on a page.
        order: the name of a column of the list, `-name` for descending; unknown names mean the
            list's own order.
    """

    number: int = 1
    size: int = ROWS_A_PAGE
    order: str = ""


@dataclass(frozen=True, slots=True)
class Count:
    """How many rows match: exactly, or at least so many."""

    rows: int
    is_exact: bool = True


@dataclass(frozen=True, slots=True)
class Page(Generic[Row]):
    """One page of a list.

    Attributes:
        rows: the rows shown.
        number: the page they are, from 1.
        pages: how many pages can be turned to, at least 1.
        count: how many rows match in all.
        order: the order they stand in, as `PageRequest.order`.
    """

    rows: tuple[Row, ...]
    number: int
    pages: int
    count: Count
    order: str = ""

    def __iter__(self) -> Iterator[Row]:
        return iter(self.rows)


Orders: TypeAlias = Mapping[str, Sequence[Any]]
"""The orders a list knows: name → columns, ascending; the last column makes the order total."""


def counted(session: Session, statement: Select[Any], at_most: int = COUNTED_ROWS) -> Count:
    """How many rows a statement has, counted no further than `at_most`."""
    only_there: Select[Any] = statement.with_only_columns(
        literal_column("1"), maintain_column_froms=True
    )
    probe = only_there.order_by(None).limit(at_most + 1).subquery()
    rows: int = session.execute(select(func.count()).select_from(probe)).scalar_one()
    return Count(min(rows, at_most), rows <= at_most)


def ordered(statement: Select[Any], orders: Orders, order: str, fallback: str) -> Select[Any]:
    """The statement in the order asked for, or in its own if the list does not know that one."""
    wanted = order if order.removeprefix("-") in orders else fallback
    columns = orders[wanted.removeprefix("-")]
    if wanted.startswith("-"):
        return statement.order_by(*(column.desc().nulls_last() for column in columns))
    return statement.order_by(*(column.asc().nulls_last() for column in columns))


def page_of(
    session: Session,
    statement: Select[Any],
    request: PageRequest,
    read: Callable[[Any], Row],
    *,
    count: Count | None = None,
) -> Page[Row]:
    """One page of an ordered statement.

    Args:
        session: any transaction.
        statement: everything that matches, in a total order.
        request: which page.
        read: makes a typed row of a database row.
        count: how many match, where that is kept; counted here when left out.
    """
    count = count or counted(session, statement)
    pages = max(1, -(-count.rows // request.size))
    number = min(max(1, request.number), pages)
    window = statement.limit(request.size).offset((number - 1) * request.size)
    rows = tuple(read(row) for row in session.execute(window))
    return Page(rows, number, pages, count, request.order)


def everything() -> PageRequest:
    """The request of an export: the first `EXPORTED_ROWS` rows as one page."""
    return PageRequest(size=EXPORTED_ROWS)
