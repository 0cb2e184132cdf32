"""How Alembic reaches the database: through the connection it is handed, in one transaction.

Alembic runs this file for every command; `models.migrations.course` is the door everything else
uses.
"""

from typing import Any, Literal

from alembic import context
from sqlalchemy import JSON, Connection

import models.migrations.append_only  # noqa: F401 - registers its operation
from models.database import default_engine
from models.tables import metadata


def _migrate(connection: Connection) -> None:
    context.configure(
        connection=connection,
        target_metadata=metadata(),
        transactional_ddl=True,
        render_as_batch=True,
        render_item=_written,
        process_revision_directives=_number_nothing_else,
        compare_type=True,
    )
    with context.begin_transaction():
        context.run_migrations()


def _written(kind: str, item: Any, autogenerate: Any) -> str | Literal[False]:
    """SQLModel's own column types with their module, and JSON without what Alembic forgets to
    import."""
    if kind == "type" and type(item).__module__.startswith("sqlmodel."):
        autogenerate.imports.add("import sqlmodel")
        return f"sqlmodel.{item!r}"
    if kind == "type" and isinstance(item, JSON):
        autogenerate.imports.add("from sqlalchemy.dialects import postgresql")
        return 'sa.JSON().with_variant(postgresql.JSONB(), "postgresql")'
    return False


def _number_nothing_else(_context: Any, _revision: Any, directives: list[Any]) -> None:
    """A key with a default of its own is not numbered; Alembic leaves defaults out and would
    number it."""
    for operation in directives[0].upgrade_ops.ops:
        for column in getattr(operation, "columns", ()):
            if getattr(column, "primary_key", False) and column.default is not None:
                column.autoincrement = False


handed: Connection | None = context.config.attributes.get("connection")
if handed is not None:
    _migrate(handed)
else:
    with default_engine().connect() as own, own.begin():
        _migrate(own)
