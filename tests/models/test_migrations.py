"""Migrations: what they make is what the tables say, on both databases, and they keep the data."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import Connection, Engine, MetaData, inspect, select, text

from models.actions.record import record
from models.database import create_schema, session
from models.migrations.course import (
    UnknownDatabase,
    current_revision,
    differences,
    lacking,
    newest_revision,
    revisions,
    upgrade,
)
from models.rules.roles import Actor
from models.tables.policy import PolicyChange

SYSTEM = Actor(account_id=0, name="系统", is_system=True)


def test_upgrade_makes_the_tables_of_today(empty_database: Engine) -> None:
    assert upgrade(empty_database) is None
    assert current_revision(empty_database) == newest_revision()
    assert differences(empty_database) == []


def test_upgrade_makes_exactly_what_create_schema_makes(
    empty_database: Engine, request: pytest.FixtureRequest
) -> None:
    kind = "sqlite" if empty_database.dialect.name == "sqlite" else "postgres"
    database = request.getfixturevalue(f"{kind}_database")
    upgrade(empty_database)
    with empty_database.connect() as migrated, database.connect() as made:
        assert description(migrated) == description(made)


def test_missing_triggers_are_a_difference(database: Engine) -> None:
    assert differences(database) == []
    with database.begin() as connection:
        name = "no_update" if database.dialect.name == "sqlite" else "append_only"
        on = "" if database.dialect.name == "sqlite" else " ON activity"
        connection.execute(text(f"DROP TRIGGER activity_{name}{on}"))
        if database.dialect.name == "sqlite":
            connection.execute(text("DROP TRIGGER activity_no_delete"))
    assert differences(database) == [("keep_append_only", "activity")]


def test_what_a_database_lacks_is_named(database: Engine) -> None:
    with database.begin() as connection:
        assert lacking(connection) == ()
        connection.execute(text("ALTER TABLE agency RENAME COLUMN staff_count TO staff"))
        connection.execute(text("DROP TABLE line_wait"))
        assert set(lacking(connection)) == {"line_wait", "agency.staff_count"}


def test_upgrading_again_changes_nothing(empty_database: Engine) -> None:
    upgrade(empty_database)
    with session(empty_database, write=True) as current:
        record(current, SYSTEM, "begin", "zone", None, {"year": 2026})
    with unchanged(empty_database):
        assert upgrade(empty_database) == newest_revision()


def test_a_standard_drafted_before_changes_were_kept_waits_as_one(empty_database: Engine) -> None:
    versions = Path(__file__).parents[2] / "models" / "migrations" / "versions"
    (made,) = versions.glob("*_policies.py")
    before = revisions()[revisions().index(made.name[:4]) - 1]
    upgrade(empty_database, before)
    with empty_database.begin() as connection:
        there = MetaData()
        there.reflect(connection, only=["account", "policy_rule"])
        at_utc = datetime(2026, 11, 20, 4, tzinfo=UTC)
        account = there.tables["account"].insert().values(
            id=1, username="a", display_name="a", password_hash="-", language="", is_locked=False,
            must_change_password=False, created_at_utc=at_utc, password_changed_at_utc=at_utc,
        )  # fmt: skip
        connection.execute(account)
        rule = {
            "version": 1, "place": "大连高新区", "standing": "in_force", "document": "办法",
            "clause": "三", "title_zh": "", "title_en": "", "purpose": "subsidy",
            "payee": "agency", "kind": "flat", "parameters": {"amount_fen": 100},
            "valid_from": date(2026, 1, 1),
        }  # fmt: skip
        rules = there.tables["policy_rule"].insert()
        connection.execute(rules.values(key="draft", drafted_by_id=1, **rule))
        connection.execute(rules.values(key="printed", **rule))
    upgrade(empty_database)
    with session(empty_database) as current:
        (change,) = current.execute(select(PolicyChange)).scalars()
        assert (change.subject, change.state, change.drafted_by_id) == ("draft:1", "drafted", 1)
        assert change.content["parameters"] == {"amount_fen": 100}
        assert (change.content["service"], change.valid_from) == (None, date(2026, 1, 1))


def test_every_step_keeps_the_data(empty_database: Engine) -> None:
    first, *later = revisions()
    upgrade(empty_database, first)
    with session(empty_database, write=True) as current:
        for number in range(3):
            record(current, SYSTEM, "begin", "zone", None, {"number": number})
    for revision in later:
        upgrade(empty_database, revision)
    with empty_database.connect() as connection:
        assert connection.execute(text("SELECT count(*) FROM activity")).scalar_one() == 3
    assert differences(empty_database) == []


def test_the_record_stays_append_only(empty_database: Engine) -> None:
    upgrade(empty_database)
    with session(empty_database, write=True) as current:
        record(current, SYSTEM, "begin", "zone", None, None)
    for change in ("UPDATE activity SET verb = 'x'", "DELETE FROM activity"):
        with pytest.raises(Exception, match="append-only"), empty_database.begin() as connection:
            connection.execute(text(change))


def test_tables_nobody_migrated_are_refused(empty_database: Engine) -> None:
    create_schema(empty_database)
    with pytest.raises(UnknownDatabase):
        upgrade(empty_database)


# ---------------------------------------------------------------- pieces

_DEFINITIONS = {
    "sqlite": """
        SELECT type, name, sql FROM sqlite_master
        WHERE name <> 'alembic_version' AND tbl_name <> 'alembic_version' AND type <> 'table'
    """,
    "postgresql": """
        SELECT conname, conrelid::regclass::text, pg_get_constraintdef(oid) FROM pg_constraint
        WHERE connamespace = current_schema()::regnamespace AND conrelid::regclass::text <> 'alembic_version'
        UNION ALL SELECT indexname, tablename, indexdef FROM pg_indexes
        WHERE schemaname = current_schema() AND tablename <> 'alembic_version'
        UNION ALL SELECT tgname, tgrelid::regclass::text, pg_get_triggerdef(oid) FROM pg_trigger
        WHERE NOT tgisinternal
    """,
}


def description(connection: Connection) -> dict[str, Any]:
    """Everything a database knows of its tables: columns, keys, checks, indexes, triggers."""
    look = inspect(connection)
    tables = sorted(set(look.get_table_names()) - {"alembic_version"})
    definitions = connection.execute(text(_DEFINITIONS[connection.dialect.name]))
    return {
        "definitions": sorted(" ".join(" ".join(map(str, row)).split()) for row in definitions),
        **{
            table: {
                "columns": [
                    (column["name"], str(column["type"]), column["nullable"], column["default"])
                    for column in look.get_columns(table)
                ],
                "key": look.get_pk_constraint(table),
                "foreign": sorted(look.get_foreign_keys(table), key=str),
                "unique": sorted(look.get_unique_constraints(table), key=str),
                "checks": sorted(look.get_check_constraints(table), key=str),
            }
            for table in tables
        },
    }


@contextmanager
def unchanged(engine: Engine) -> Iterator[None]:
    """Every row of every table is the same afterwards."""
    before = rows_of(engine)
    yield
    assert rows_of(engine) == before


def rows_of(engine: Engine) -> dict[str, list[Any]]:
    """Every row of every table."""
    known = MetaData()
    known.reflect(engine)
    with engine.connect() as connection:
        return {
            table.name: list(connection.execute(select(table))) for table in known.sorted_tables
        }
