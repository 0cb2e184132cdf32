"""The worlds of these tests: each made once per kind of database, copied for each test, the clock at
noon.

world       the small world                    town          an ordinary month lies ahead
lived       the month was sent, one claim is paid, one waits
opened      any other story a test tells       sqlite_only   a town on SQLite; postgres_only likewise
"""

import shutil
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import replace
from typing import Any

import pytest
from sqlalchemy import URL, Engine, event, make_url

from models.actions.months import send_month
from models.clock import standing_at
from models.database import make_engine
from models.queries.month_sending import sheet_seen
from models.rules.claim_workflow import State
from tests.town import Town, make_town
from tests.world import NOON, Opener, Story, World, make_world

Copier = Callable[[str, Story], tuple[Any, str]]
"""Kind of database and story → the world as it was made, and the URL of a copy of its database."""


@pytest.fixture(scope="session")
def copied(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Copier:
    """A function that makes each world once and copies it as often as asked."""
    made: dict[tuple[str, Story], tuple[Any, str]] = {}

    def fresh(kind: str, template: str) -> str:
        if kind == "sqlite":
            file = tmp_path_factory.mktemp("world") / "zone.db"
            return f"sqlite:///{shutil.copy(template, file)}"
        url: URL = request.getfixturevalue("new_postgres_database")(template)
        return url.render_as_string(hide_password=False)

    def copies(kind: str, story: Story) -> tuple[Any, str]:
        if (kind, story) not in made:
            url = fresh(kind, str(request.getfixturevalue(f"{kind}_template")))
            made[kind, story] = _made(url, story), str(make_url(url).database)
        world, template = made[kind, story]
        return world, fresh(kind, template)

    return copies


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


def _made(url: str, story: Story) -> Any:
    engine = make_engine(url)
    with standing_at(NOON):
        world = story(engine)
    _close(engine)
    return world


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


def _close(engine: Engine) -> None:
    """Everything in the one file, nobody connected: ready to be copied."""
    if engine.dialect.name == "sqlite":
        driver: Any = engine.raw_connection()
        driver.driver_connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
        driver.close()
    engine.dispose()
