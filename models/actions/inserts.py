"""Inserting a row whose key somebody else may be inserting at the same moment.

Asking first and inserting then lets both pass; a plain INSERT ends the second with the database's
words. Here the database decides, and whoever comes second is told in ours.
"""

from __future__ import annotations

from typing import Any

from sqlalchemy import literal
from sqlalchemy.dialects.postgresql import insert as postgres_insert
from sqlalchemy.dialects.sqlite import insert as sqlite_insert
from sqlmodel import Session, SQLModel


def inserted(session: Session, table: type[SQLModel], values: dict[str, Any]) -> bool:
    """Insert a row unless one with its key is there; also when two come at the same moment.

    Args:
        session: the writing transaction.
        table: where to.
        values: by column.

    Returns:
        Whether the row is this one; if not, nothing was written.
    """
    statement = insert_unless_there(session, table).values(**values).returning(literal(1))
    return session.execute(statement).first() is not None


def insert_unless_there(session: Session, table: type[SQLModel]) -> Any:
    """An INSERT that leaves out the rows whose key is there, in the database's own dialect."""
    insert = sqlite_insert if session.get_bind().dialect.name == "sqlite" else postgres_insert
    return insert(table.__table__).on_conflict_do_nothing()  # type: ignore[attr-defined]
