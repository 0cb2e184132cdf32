"""One page of a list: its order, its bounds, its count; searching by parts of a name."""

from datetime import date

import pytest
from sqlalchemy import Engine, select
from sqlmodel import col

from models.database import session
from models.queries.paging import Count, Page, PageRequest, counted, everything, ordered, page_of
from models.queries.search import begins_with, contains_all, parts
from models.tables.organisations import Enterprise
from tests.world import NOON

NAMES = (
    "大连甲软件有限公司",
    "大连乙_软件%公司",
    "沈阳丙ABC科技",
    "大连丁科技\\公司",
    "大连戊abc公司",
)
ALL = select(col(Enterprise.id), col(Enterprise.name), col(Enterprise.registered_on))
ORDERS = {
    "name": (col(Enterprise.name), col(Enterprise.id)),
    "registered_on": (col(Enterprise.registered_on), col(Enterprise.id)),
}


@pytest.fixture
def filled(database: Engine) -> Engine:
    """Five enterprises; the third has no date of registration."""
    with session(database, write=True) as current:
        for at, name in enumerate(NAMES, start=1):
            current.add(
                Enterprise(
                    uscc=f"91210231MA0XY{at:04d}K",
                    name=name,
                    joined_on=date(2026, 1, at),
                    registered_on=None if at == 3 else date(2020, 1, at),
                    changed_at_utc=NOON,
                )
            )
    return database


def page(engine: Engine, request: PageRequest, count: Count | None = None) -> Page[int]:
    """The ids of one page."""
    with session(engine) as current:
        statement = ordered(ALL, ORDERS, request.order, "registered_on")
        return page_of(current, statement, request, lambda row: row.id, count=count)


def test_pages_follow_each_other(filled: Engine) -> None:
    first, second, third = (page(filled, PageRequest(n, 2)) for n in (1, 2, 3))
    assert [*first, *second, *third] == [1, 2, 4, 5, 3]
    assert (first.pages, first.count) == (3, Count(5))


@pytest.mark.parametrize(("asked", "shown"), [(0, 1), (-4, 1), (4, 3), (10**9, 3)])
def test_a_page_outside_the_list_is_the_nearest(filled: Engine, asked: int, shown: int) -> None:
    assert page(filled, PageRequest(asked, 2)).number == shown


def test_an_empty_list_has_one_page(database: Engine) -> None:
    assert page(database, PageRequest(3)) == Page((), 1, 1, Count(0), "")


def test_orders_run_both_ways_and_rows_without_a_value_come_last(filled: Engine) -> None:
    assert page(filled, PageRequest(order="-registered_on")).rows == (5, 4, 2, 1, 3)
    assert page(filled, PageRequest(order="registered_on")).rows == (1, 2, 4, 5, 3)


@pytest.mark.parametrize("order", ["", "-", "password", "-password", "name; DROP TABLE enterprise"])
def test_an_unknown_order_is_the_list_s_own(filled: Engine, order: str) -> None:
    assert page(filled, PageRequest(order=order)).rows == (1, 2, 4, 5, 3)


def test_counting_stops(filled: Engine) -> None:
    with session(filled) as current:
        assert counted(current, ALL, at_most=4) == Count(4, is_exact=False)
        assert counted(current, ALL, at_most=5) == Count(5)


def test_a_kept_count_is_believed(filled: Engine) -> None:
    assert page(filled, PageRequest(1, 2), Count(100)).pages == 50


def test_an_export_is_one_large_page(filled: Engine) -> None:
    assert len(page(filled, everything()).rows) == 5


# fmt: off
SEARCHES = (
    ("软件",          {1, 2}),
    ("大连 软件",     {1, 2}),
    ("大连　公司",    {1, 2, 4, 5}),
    ("abc",           {3, 5}),
    ("ＡＢＣ",        {3, 5}),
    ("%",             {2}),
    ("_",             {2}),
    ("\\",            {4}),
    ("'; --",         set()),
    ("",              {1, 2, 3, 4, 5}),
)
# fmt: on


@pytest.mark.parametrize(("searched", "found"), SEARCHES)
def test_searching_by_parts(filled: Engine, searched: str, found: set[int]) -> None:
    with session(filled) as current:
        statement = ALL.where(contains_all(current, col(Enterprise.name), searched))
        assert {row.id for row in current.execute(statement)} == found


# fmt: off
BEGINNINGS = (("大连", {1, 2, 4, 5}), ("大连乙_", {2}), ("大连_", set()), ("连", set()), ("大连%", set()))
# fmt: on


@pytest.mark.parametrize(("beginning", "found"), BEGINNINGS)
def test_searching_by_a_beginning(filled: Engine, beginning: str, found: set[int]) -> None:
    with session(filled) as current:
        statement = ALL.where(begins_with(current, col(Enterprise.name), beginning))
        assert {row.id for row in current.execute(statement)} == found


def test_a_search_is_cut_to_a_sane_length() -> None:
    assert parts("a " * 50) == ("a",) * 5
    assert len("".join(parts("x" * 500))) == 60
    assert parts("a\0b") == ("ab",)
