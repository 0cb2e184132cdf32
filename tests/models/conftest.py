"""The town of the claim tests: made once per kind of database, copied for each test, the clock at
noon.

town         an ordinary month lies ahead lived        the month was sent, one claim is paid, one
waits sqlite_only  a town on SQLite; postgres_only likewise: for what differs between the two
"""

import shutil
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from copy import deepcopy
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
from tests.world import NOON

Copier = Callable[[str, str], tuple[Town, str]]
"""Kind of database and story → the town as it was made, and the URL of a copy of its database."""


@pytest.fixture(scope="session")
def copied(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Copier:
    """A function that makes each town once and copies it as often as asked."""
    made: dict[tuple[str, str], tuple[Town, str]] = {}

    def fresh(kind: str, template: str) -> str:
        if kind == "sqlite":
            file = tmp_path_factory.mktemp("town") / "zone.db"
            return f"sqlite:///{shutil.copy(template, file)}"
        url: URL = request.getfixturevalue("new_postgres_database")(template)
        return url.render_as_string(hide_password=False)

    def copy(kind: str, story: str) -> tuple[Town, str]:
        if (kind, story) not in made:
            url = fresh(kind, str(request.getfixturevalue(f"{kind}_template")))
            made[kind, story] = _made(url, story), str(make_url(url).database)
        town, template = made[kind, story]
        return town, fresh(kind, template)

    return copy


@pytest.fixture(params=["sqlite", "postgres"])
def town(request: pytest.FixtureRequest, copied: Copier) -> Iterator[Town]:
    """A town of the test's own: once on SQLite, once on PostgreSQL."""
    with _opened(*copied(request.param, "town")) as opened:
        yield opened


@pytest.fixture(params=["sqlite", "postgres"])
def lived(request: pytest.FixtureRequest, copied: Copier) -> Iterator[Town]:
    """A town in which a month was sent and a claim paid."""
    with _opened(*copied(request.param, "lived")) as opened:
        yield opened


@pytest.fixture
def sqlite_only(copied: Copier) -> Iterator[Town]:
    """A town on SQLite only, as durable as the real one."""
    with _opened(*copied("sqlite", "town"), hurry=False) as opened:
        yield opened


@pytest.fixture
def postgres_only(copied: Copier) -> Iterator[Town]:
    """A town on PostgreSQL only."""
    with _opened(*copied("postgres", "town")) as opened:
        yield opened


@contextmanager
def _opened(made: Town, url: str, *, hurry: bool = True) -> Iterator[Town]:
    engine = make_engine(url)
    if hurry and engine.dialect.name == "sqlite":
        event.listen(engine, "connect", _hurry)
    with standing_at(NOON):
        yield replace(
            made, engine=engine, people=dict(made.people), agreements=deepcopy(made.agreements)
        )
    engine.dispose()


def _made(url: str, story: str) -> Town:
    engine = make_engine(url)
    with standing_at(NOON):
        town = make_town(engine)
        if story == "lived":
            _live(town)
    _close(engine)
    return town


def _live(town: Town) -> None:
    for _ in range(2):
        town.at(State.pre_reviewed)
    with town.session() as current:
        lead = town.people["lead"]
        send_month(current, lead, "2026-11", sheet_seen(current, lead, "2026-11"))
    town.at(State.agency_paid)
    town.file()


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
