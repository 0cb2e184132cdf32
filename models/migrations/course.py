"""Running the migrations: upwards only, in one transaction, and drafting the next one."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory

from alembic import command
from alembic.autogenerate import compare_metadata
from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Connection, Engine, inspect, text

import models.migrations.append_only  # noqa: F401 - its triggers are compared too
from models.database import make_engine
from models.tables import metadata

_PYPROJECT = Path(__file__).resolve().parent.parent.parent / "pyproject.toml"


class UnknownDatabase(Exception):
    """A database with tables that no migration made."""


def upgrade(engine: Engine, revision: str = "head") -> str | None:
    """Bring a database to a revision, the newest when left out, whatever data it holds.

    Args:
        engine: an empty database, or one made by these migrations.
        revision: where to stop.

    Returns:
        The revision the database was at before; `None` for an empty one.

    Raises:
        UnknownDatabase: it has tables, but was not made by these migrations.
    """
    with migrating(engine) as connection:
        before = revision_of(connection)
        if before is None and inspect(connection).get_table_names():
            raise UnknownDatabase
        climb(connection, revision)
    return before


@contextmanager
def migrating(engine: Engine) -> Iterator[Connection]:
    """One transaction in which tables may change; foreign keys are confirmed at its end."""
    try:
        with engine.connect() as connection:
            _suspend_foreign_keys(connection)
            with connection.begin():
                yield connection
                _confirm_foreign_keys(connection)
    finally:
        engine.dispose()  # connections made before may still see the old tables


def climb(connection: Connection, revision: str = "head") -> None:
    """Run the migrations up to a revision in the transaction of `connection`."""
    command.upgrade(_config(connection), revision)


def revision_of(connection: Connection) -> str | None:
    """The revision a database is at; `None` for one the migrations never touched."""
    return MigrationContext.configure(connection).get_current_revision()


def current_revision(engine: Engine) -> str | None:
    """As `revision_of`, on a connection of its own."""
    with engine.connect() as connection:
        return revision_of(connection)


def newest_revision() -> str:
    """The newest revision there is."""
    return str(ScriptDirectory.from_config(_config()).get_current_head())


def revisions() -> tuple[str, ...]:
    """Every revision, the oldest first."""
    scripts = ScriptDirectory.from_config(_config())
    return tuple(script.revision for script in scripts.walk_revisions())[::-1]


def differences(engine: Engine) -> list[object]:
    """What autogenerate would still change; empty when the database has the tables of today."""
    with engine.connect() as connection:
        context = MigrationContext.configure(connection, opts={"compare_type": True})
        return list(compare_metadata(context, metadata()))


def lacking(connection: Connection) -> tuple[str, ...]:
    """Which tables and columns of today a database does not have: `claim`, `claim.version`."""
    there = inspect(connection)
    tables = set(there.get_table_names())
    names: list[str] = []
    for table in metadata().sorted_tables:
        if table.name not in tables:
            names.append(table.name)
            continue
        columns = {column["name"] for column in there.get_columns(table.name)}
        lacks = (column.name for column in table.columns if column.name not in columns)
        names += [f"{table.name}.{name}" for name in lacks]
    return tuple(names)


def draft(message: str) -> str:
    """Write the next migration: the difference between the newest revision and the tables of today.

    Args:
        message: what it does, in a few English words; becomes the file's name.

    Returns:
        The path of the file, to be read and corrected by its author.
    """
    number = f"{len(revisions()) + 1:04d}"
    with TemporaryDirectory() as folder:
        engine = make_engine(f"sqlite:///{folder}/draft.db")
        if revisions():
            upgrade(engine)
        with engine.connect() as connection, connection.begin():
            script = command.revision(
                _config(connection), f"{number} {message}", autogenerate=True, rev_id=number
            )
        engine.dispose()
    return str(script.path)  # type: ignore[union-attr]


def _config(connection: Connection | None = None) -> Config:
    config = Config(toml_file=_PYPROJECT)
    config.attributes["connection"] = connection
    return config


def _suspend_foreign_keys(connection: Connection) -> None:
    """SQLite changes a table by copying it; the keys pointing at it must not cascade meanwhile.

    The pragma is ignored inside a transaction, hence the driver's own connection.
    """
    if connection.dialect.name == "sqlite":
        driver = connection.connection.driver_connection
        driver.execute("PRAGMA foreign_keys=OFF")  # type: ignore[union-attr]


def _confirm_foreign_keys(connection: Connection) -> None:
    if connection.dialect.name == "sqlite":
        broken = connection.execute(text("PRAGMA foreign_key_check")).all()
        if broken:
            raise RuntimeError(f"rows without the row they refer to: {broken[:5]}")
