"""Adding to counts that are kept (随步骤累计): one INSERT that adds where the row is there already."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import lru_cache
from typing import Any

from sqlalchemy.dialects.postgresql import insert as postgres_insert
from sqlalchemy.dialects.sqlite import insert as sqlite_insert
from sqlmodel import Session, SQLModel


def add_to(session: Session, table: type[SQLModel], rows: Sequence[Mapping[str, Any]]) -> None:
    """Add to the rows of a table of counts; those that are not there begin.

    Only the holder of the record's head may call it: counts are locked after it.

    Args:
        session: the writing transaction.
        table: counts by its primary key.
        rows: the key, and how much more of each count.
    """
    connection = session.connection()
    connection.execute(_adding(table, connection.dialect.name), rows)


@lru_cache
def _adding(table: type[SQLModel], dialect: str) -> Any:
    """The statement, built once."""
    insert: Any = sqlite_insert if dialect == "sqlite" else postgres_insert
    statement = insert(table.__table__)  # type: ignore[attr-defined]
    columns = table.__table__.c  # type: ignore[attr-defined]
    added = {
        column.name: column + statement.excluded[column.name]
        for column in columns
        if not column.primary_key
    }
    keys = [column.name for column in columns if column.primary_key]
    return statement.on_conflict_do_update(index_elements=keys, set_=added)
