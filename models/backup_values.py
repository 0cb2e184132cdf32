"""How a stored value is written as JSON in a backup and read again, the same on both databases."""

from __future__ import annotations

from datetime import UTC, date, datetime
from typing import Any

from sqlalchemy import (
    JSON,
    Column,
    Connection,
    Date,
    DateTime,
    String,
    bindparam,
    cast,
    type_coerce,
)


def reading_expression(connection: Connection, column: Column[Any]) -> Any:
    """JSON columns as the text that is stored: NULL and the JSON null are not the same."""
    if not isinstance(column.type, JSON):
        return column
    read_as = type_coerce if connection.dialect.name == "sqlite" else cast
    return read_as(column, String).label(column.name)


def to_json(value: Any) -> Any:
    """A value as JSON holds it: instants in UTC, dates as ISO text."""
    match value:
        case datetime():
            aware = value if value.tzinfo else value.replace(tzinfo=UTC)
            return aware.astimezone(UTC).isoformat()
        case date():
            return value.isoformat()
    return value


def writing_expression(connection: Connection, column: Column[Any]) -> Any:
    """The parameter a column is restored through: JSON columns as the text that was stored."""
    if not isinstance(column.type, JSON):
        return bindparam(f"to_{column.name}", type_=column.type)
    as_text = bindparam(f"to_{column.name}", type_=String())
    return as_text if connection.dialect.name == "sqlite" else cast(as_text, column.type)


def from_json(column: Column[Any], value: Any) -> Any:
    """A value as the column takes it; what `to_json` wrote."""
    if value is None:
        return None
    if isinstance(column.type, DateTime):
        return datetime.fromisoformat(value)
    return date.fromisoformat(value) if isinstance(column.type, Date) else value
