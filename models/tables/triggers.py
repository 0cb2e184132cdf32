"""Triggers that keep a table append-only: no UPDATE and no DELETE on the record, the events of
claims and agreements, and what a meeting froze."""

from sqlalchemy import DDL, Table, event

SQLITE = """
CREATE TRIGGER {table}_no_{verb_lower} BEFORE {verb} ON {table}
BEGIN SELECT RAISE(ABORT, '{table} is append-only'); END
"""
POSTGRES_FUNCTION = """
CREATE OR REPLACE FUNCTION refuse_change() RETURNS trigger AS $$
BEGIN RAISE EXCEPTION '%% is append-only', TG_TABLE_NAME; END $$ LANGUAGE plpgsql
"""
POSTGRES = """
CREATE TRIGGER {table}_append_only BEFORE UPDATE OR DELETE ON {table}
FOR EACH ROW EXECUTE FUNCTION refuse_change()
"""


def statements(dialect: str, table: str) -> tuple[str, ...]:
    """The statements that make a table append-only on a dialect (`sqlite` or `postgresql`)."""
    if dialect == "sqlite":
        return tuple(
            SQLITE.format(table=table, verb=verb, verb_lower=verb.lower())
            for verb in ("UPDATE", "DELETE")
        )
    return (POSTGRES_FUNCTION, POSTGRES.format(table=table))


def keep_append_only(table: Table) -> None:
    """Attach the triggers to a table's creation."""
    for dialect in ("sqlite", "postgresql"):
        for statement in statements(dialect, table.name):
            ddl = DDL(statement).execute_if(dialect=dialect)  # type: ignore[no-untyped-call]
            event.listen(table, "after_create", ddl)
