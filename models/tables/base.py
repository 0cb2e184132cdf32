"""How columns and constraints are made here: named, enums by value, money as integer fen, months
as text."""

from decimal import Decimal
from enum import StrEnum
from typing import Any

from sqlalchemy import JSON, BigInteger, Dialect, String
from sqlalchemy import Enum as SqlEnum
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.types import TypeDecorator
from sqlmodel import Field, SQLModel

SQLModel.metadata.naming_convention = {
    "ix": "ix_%(table_name)s_%(column_0_N_name)s",
    "uq": "uq_%(table_name)s_%(column_0_N_name)s",
    "ck": "ck_%(table_name)s_%(constraint_name)s",
    "fk": "fk_%(table_name)s_%(column_0_N_name)s_%(referred_table_name)s",
    "pk": "pk_%(table_name)s",
}


def enum_field(values: type[StrEnum], *, length: int = 24, check: str = "", **options: Any) -> Any:
    """A column of one of `values`, stored by value, with a CHECK constraint.

    Args:
        values: the enum.
        length: of the column.
        check: the constraint's name; the enum's when left out (a table with two such columns names
            them).
        options: as `Field`.
    """
    kind = SqlEnum(
        values,
        values_callable=lambda members: [member.value for member in members],
        native_enum=False,
        create_constraint=True,
        length=length,
        name=check or values.__name__.lower(),
    )
    return Field(sa_type=kind, **options)


def fen_field(**options: Any) -> Any:
    """A column of money in fen (分), a 64-bit integer."""
    return Field(sa_type=BigInteger, **options)


class PlainDecimal(TypeDecorator[Decimal]):
    """A decimal kept as it is written: SQLite would make a float of it."""

    impl = String(32)
    cache_ok = True

    def process_bind_param(self, value: Decimal | None, dialect: Dialect) -> str | None:
        """As plain digits, `2.4` or `1000`."""
        return None if value is None else format(value, "f")

    def process_result_value(self, value: str | None, dialect: Dialect) -> Decimal | None:
        """The decimal that was written."""
        return None if value is None else Decimal(value)


def decimal_field(**options: Any) -> Any:
    """A column of an exact decimal, as printed: targets and their figures."""
    return Field(sa_type=PlainDecimal, **options)


def json_field(**options: Any) -> Any:
    """A column of JSON: JSONB on PostgreSQL, text on SQLite."""
    kind = JSON().with_variant(JSONB(), "postgresql")
    return Field(sa_type=kind, **options)


def month_field(**options: Any) -> Any:
    """A column of a month of account, `2026-11`."""
    return Field(sa_type=String(7), **options)
