"""The worlds of these tests: each made once per kind of database, copied for each test, the clock at
noon.

world       the small world                    town          an ordinary month lies ahead
lived       the month was sent, one claim is paid, one waits
opened      any other story a test tells       sqlite_only   a town on SQLite; postgres_only likewise
"""

from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import replace
from typing import Any

import pytest
from sqlalchemy import Engine, event

from models.actions.months import send_month
from models.clock import standing_at
from models.database import make_engine
from models.queries.month_sending import sheet_seen
from models.rules.claim_workflow import State
from tests.town import Town, make_town
from tests.world import NOON, Copier, Opener, World, make_world


@pytest.fixture(params=["sqlite", "postgres"])
def opened(request: pytest.FixtureRequest, copied: Copier) -> Iterator[Opener]:
    """A function that opens a story's world, the test's own: once on SQLite, once on PostgreSQL."""
    with ExitStack() as worlds:
        yield lambda story: worlds.enter_context(_opened(*copied(request.param, story)))


@pytest.fixture
def world(opened: Opener) -> World:
    """A small world of the test's own."""
    world: World = opened(make_world)
    return world


@pytest.fixture
def town(opened: Opener) -> Town:
    """A town of the test's own."""
    town: Town = opened(make_town)
    return town


@pytest.fixture
def lived(opened: Opener) -> Town:
    """A town in which a month was sent and a claim paid."""
    town: Town = opened(_lived)
    return town


@pytest.fixture
def sqlite_only(copied: Copier) -> Iterator[Town]:
    """A town on SQLite only, as durable as the real one."""
    with _opened(*copied("sqlite", make_town), hurry=False) as opened:
        yield opened


@pytest.fixture
def postgres_only(copied: Copier) -> Iterator[Town]:
    """A town on PostgreSQL only."""
    with _opened(*copied("postgres", make_town)) as opened:
        yield opened


@contextmanager
def _opened(made: Any, url: str, *, hurry: bool = True) -> Iterator[Any]:
    engine = make_engine(url)
    if hurry and engine.dialect.name == "sqlite":
        event.listen(engine, "connect", _hurry)
    own = replace(
        made, engine=engine,
        **{name: dict(value) for name, value in vars(made).items() if isinstance(value, dict)},
    )  # fmt: skip
    with standing_at(NOON):
        yield own
    engine.dispose()


def _lived(engine: Engine) -> Town:
    town = make_town(engine)
    for _ in range(2):
        town.at(State.pre_reviewed)
    with town.session() as current:
        lead = town.people["lead"]
        send_month(current, lead, "2026-11", sheet_seen(current, lead, "2026-11"))
    town.at(State.agency_paid)
    town.file()
    return town


def _hurry(connection: Any, _record: object) -> None:
    """As the test's PostgreSQL: nobody cuts the power. Tests that kill a process use
    `sqlite_only`."""
    connection.execute("PRAGMA synchronous=OFF")
