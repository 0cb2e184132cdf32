"""An Alembic operation of our own: `op.keep_append_only(table)` puts on the triggers of the record.

Autogenerate sees a table whose triggers are missing, so that "no difference" includes them.
"""

from __future__ import annotations

from typing import Any, ClassVar

from alembic.autogenerate import comparators, renderers
from alembic.operations import MigrateOperation, Operations
from alembic.util import DispatchPriority
from sqlalchemy import Connection, MetaData, text

from models.tables.triggers import statements

_TABLES_WITH_TRIGGERS: dict[str, str] = {
    "sqlite": "SELECT DISTINCT tbl_name FROM sqlite_master WHERE type = 'trigger'",
    "postgresql": "SELECT DISTINCT event_object_table FROM information_schema.triggers"
    " WHERE trigger_schema = current_schema()",
}


@Operations.register_operation("keep_append_only")
class KeepAppendOnly(MigrateOperation):
    """No UPDATE and no DELETE on one table."""

    name: ClassVar[str] = "keep_append_only"

    def __init__(self, table: str) -> None:
        self.table = table

    @classmethod
    def keep_append_only(cls, operations: Operations, table: str) -> Any:
        """Put the append-only triggers on a table."""
        return operations.invoke(cls(table))

    def to_diff_tuple(self) -> tuple[str, str]:
        """How it is listed as a difference."""
        return self.name, self.table

    def reverse(self) -> MigrateOperation:
        """Itself: Alembic asks for a way back although migrations only go up."""
        return self


@Operations.implementation_for(KeepAppendOnly)
def _put_on(operations: Operations, operation: KeepAppendOnly) -> None:
    for statement in statements(operations.get_bind().dialect.name, operation.table):
        operations.execute(statement.replace("%%", "%"))


@renderers.dispatch_for(KeepAppendOnly)
def _written(_: Any, operation: KeepAppendOnly) -> str:
    return f"op.keep_append_only({operation.table!r})"


@comparators.dispatch_for("schema", priority=DispatchPriority.LAST)
def _compare(autogenerate: Any, upgrade: Any, _: Any) -> None:
    there = tables_with_triggers(autogenerate.connection)
    wanted = append_only_tables(autogenerate.metadata)
    upgrade.ops.extend(KeepAppendOnly(table) for table in sorted(wanted - there))


def append_only_tables(metadata: MetaData) -> set[str]:
    """The tables whose creation carries the triggers."""
    return {table.name for table in metadata.tables.values() if table.dispatch.after_create}


def tables_with_triggers(connection: Connection) -> set[str]:
    """The tables of a database that have triggers."""
    query = _TABLES_WITH_TRIGGERS[connection.dialect.name]
    return set(connection.execute(text(query)).scalars())
