"""`docs/data-dictionary.md`: every table and column, from the tables' metadata and docstrings."""

from __future__ import annotations

import inspect
import re
from collections.abc import Iterator
from enum import Enum
from pathlib import Path
from typing import Any

from sqlalchemy import (
    JSON,
    BigInteger,
    Boolean,
    CheckConstraint,
    Column,
    Date,
    DateTime,
    Index,
    Integer,
    String,
    Table,
    UniqueConstraint,
)
from sqlalchemy import Enum as SqlEnum
from sqlmodel import SQLModel
from sqlmodel.sql.sqltypes import AutoString

from models.exchange.sheets import SHEETS, SheetKind
from models.rules.claim_workflow import Action
from models.tables import metadata
from tools.markdown import NOTHING, bullets, code, page, section, source_link, table
from tools.source import ROOT, chinese_names

SOURCE = "models/tables/"
FEWEST_FOR_A_LINK = 7

SHEET_OF_TABLE = {
    "enterprise": SheetKind.enterprises,
    "agency": SheetKind.agencies,
    "agreement": SheetKind.agreements,
    "claim": SheetKind.claims,
    "policy_rule": SheetKind.policy_rules,
    "budget_line": SheetKind.budget_lines,
    "tie": SheetKind.ties,
}
"""Columns the workbook knows carry its official header."""

# fmt: off
READINGS = (
    ("_by_id",     "who {name} it"),
    ("_until_utc", "until when: {name}"),
    ("_at_utc",    "when {name}"),
    ("_on",        "the day {name}"),
    ("_fen",       "{name}, in fen"),
    ("_zh",        "{name} in Chinese"),
    ("_en",        "{name} in English"),
)
# fmt: on
"""How a name reads that nothing else explains."""


def data_dictionary() -> str:
    """The page."""
    kept = sorted(metadata().tables)
    models = {model.__table__.name: model for model in _models(SQLModel)}
    return page(
        "The data dictionary 数据字典",
        SOURCE,
        "Names carry their unit: `_fen` is money in fen (分) as a 64-bit integer, `_on` a date at "
        "the office (Asia/Shanghai), `_at_utc` an instant in UTC, `_id` a reference. Words of a "
        "list are stored by their value and held by a CHECK. `activity` and `claim_event` are "
        "append-only: triggers refuse UPDATE and DELETE.",
        " · ".join(f"[{name}](#{name})" for name in kept),
        *(_table(models[name], metadata().tables[name]) for name in kept),
    )


def _models(base: type[Any]) -> Iterator[type[Any]]:
    for model in base.__subclasses__():
        if hasattr(model, "__table__") and model.__module__.startswith("models."):
            yield model
        yield from _models(model)


def _table(model: type[Any], kept: Table) -> str:
    file = Path(inspect.getfile(model)).resolve().relative_to(ROOT).as_posix()
    docstring = " ".join((inspect.getdoc(model) or "").split())
    return section(
        kept.name,
        f"{docstring} {source_link(file)}",
        table(
            ("column", "type", "empty", "constraint", "meaning"),
            (_column(kept, column, docstring) for column in kept.columns),
        ),
        bullets(_constraints(kept)),
    )


def _column(kept: Table, column: Column[Any], docstring: str) -> tuple[str, ...]:
    return (
        code(column.name),
        _type(column),
        "may be" if column.nullable else NOTHING,
        _own_constraint(kept, column),
        _meaning(kept, column, docstring),
    )


def _type(column: Column[Any]) -> str:
    match column.type:
        case SqlEnum() as words:
            return f"one of {len(words.enums)} words"
        case String() | AutoString() as text:
            return f"text ≤ {text.length}"
        case BigInteger():
            return "integer, 64 bits"
        case Integer():
            return "integer"
        case Boolean():
            return "yes or no"
        case Date():
            return "date"
        case JSON():
            return "JSON"
        case other if isinstance(other, DateTime) or "DateTime" in type(other).__name__:
            return "instant, UTC"
    return type(column.type).__name__


def _own_constraint(kept: Table, column: Column[Any]) -> str:
    parts = ["key"] if column.primary_key else []
    named = sorted({key.column.table.name for key in column.foreign_keys})
    parts += [f"→ [{name}](#{name})" for name in named]
    alone = [
        constraint
        for constraint in kept.constraints
        if isinstance(constraint, UniqueConstraint) and list(constraint.columns) == [column]
    ]
    return ", ".join([*parts, *(["unique"] if alone else [])])


def _meaning(kept: Table, column: Column[Any], docstring: str) -> str:
    """The official header, a list's words, what the docstring says; else the name, read out."""
    said = (_header(kept, column), _words(column), _sentence(column, docstring))
    return "; ".join(filter(None, said)) or _read_out(column.name)


def _header(kept: Table, column: Column[Any]) -> str:
    kind = SHEET_OF_TABLE.get(kept.name)
    for sheet in SHEETS:
        if sheet.kind is kind:
            return next((c.header for c in sheet.columns if c.field == column.name), "")
    return ""


def _words(column: Column[Any]) -> str:
    enum: type[Enum] | None = getattr(column.type, "enum_class", None)
    if enum is None:
        return ""
    if enum is Action:
        return "a step of [the workflow](workflow.md)"
    names = chinese_names(enum)
    if len(names) >= FEWEST_FOR_A_LINK:
        return f"a word of [{enum.__name__}](glossary.md#{enum.__name__.lower()})"
    return " · ".join(f"{code(value)} {chinese}".strip() for value, chinese in names.items())


def _sentence(column: Column[Any], docstring: str) -> str:
    sentences = re.split(r"(?<=[.;])\s+", docstring)
    return next((said.rstrip(".;") for said in sentences if f"`{column.name}`" in said), "")


def _read_out(name: str) -> str:
    for beginning in ("is_", "was_"):
        if name.startswith(beginning):
            return f"whether {name.removeprefix(beginning).replace('_', ' ')}"
    for ending, words in READINGS:
        if name.endswith(ending):
            return words.format(name=name.removesuffix(ending).replace("_", " "))
    return "" if name.endswith("_id") or "_" not in name else name.replace("_", " ")


def _constraints(kept: Table) -> list[str]:
    """What binds several columns, and the indexes, each on a line, in order of its name."""
    found = [
        f"{code(constraint.name)} unique: {_columns(constraint)}"
        for constraint in kept.constraints
        if isinstance(constraint, UniqueConstraint) and len(constraint.columns) > 1
    ]
    found += [
        f"{code(constraint.name)} CHECK: {code(str(constraint.sqltext))}"
        for constraint in kept.constraints
        if isinstance(constraint, CheckConstraint) and " IN (" not in str(constraint.sqltext)
    ]
    found += [_index(index) for index in kept.indexes]
    return sorted(found)


def _index(index: Index) -> str:
    where = index.dialect_options["sqlite"].get("where")
    rest = f", only where {code(str(where))}" if where is not None else ""
    kind = "unique index" if index.unique else "index"
    return f"{code(index.name)} {kind}: {_columns(index)}{rest}"


def _columns(of: UniqueConstraint | Index) -> str:
    return ", ".join(column.name for column in of.columns)
