"""What an enum column may hold, widened in place.

SQLite changes a CHECK by copying the table, and the copy would lose the triggers of the record and
take minutes over a million rows. Its own documentation names the other way for constraints that
only widen: the definition itself is rewritten, no row is touched.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from alembic import op
from sqlalchemy import text


def widen_check(table: str, column: str, name: str, values: Sequence[str]) -> None:
    """Let a column hold more values than before.

    Args:
        table: whose.
        column: the column of an enum.
        name: of its CHECK, without the table: `lifeaction`.
        values: everything it may hold from now on.
    """
    constraint = f"ck_{table}_{name}"
    allowed = ", ".join(f"'{value}'" for value in values)
    condition = f"{column} IN ({allowed})"
    if op.get_bind().dialect.name == "sqlite":
        _rewrite(table, constraint, condition)
        return
    op.drop_constraint(op.f(constraint), table, type_="check")
    op.create_check_constraint(op.f(constraint), table, text(condition))


def _rewrite(table: str, constraint: str, condition: str) -> None:
    """Put another condition into a table's definition."""
    connection = op.get_bind()
    asked = text("SELECT sql FROM sqlite_master WHERE type = 'table' AND name = :table")
    defined = connection.execute(asked, {"table": table}).scalar_one()
    found = rf"CONSTRAINT \"?{constraint}\"? CHECK \([^()]*\([^()]*\)\)"
    wanted = f"CONSTRAINT {constraint} CHECK ({condition})"
    rewritten, changed = re.subn(found, wanted, defined)
    if changed != 1:
        raise RuntimeError(f"{constraint}: {changed} of it in the definition of {table}")
    version = connection.exec_driver_sql("PRAGMA schema_version").scalar_one()
    connection.exec_driver_sql("PRAGMA writable_schema = ON")
    connection.execute(
        text("UPDATE sqlite_master SET sql = :sql WHERE type = 'table' AND name = :table"),
        {"sql": rewritten, "table": table},
    )
    connection.exec_driver_sql(f"PRAGMA schema_version = {version + 1}")
    connection.exec_driver_sql("PRAGMA writable_schema = OFF")
