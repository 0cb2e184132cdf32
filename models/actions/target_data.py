"""Applying the five plans (方案、目标、实绩、任务): what they promise and what was published since, a table
at a time."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

from sqlalchemy import insert, select, update
from sqlmodel import Session, SQLModel

from models.actions.record import record
from models.actions.reference import Applied
from models.queries.vouching_plans import APPLIED, plan_digest
from models.rules.errors import NotAllowed
from models.rules.roles import Actor
from models.rules.wording import say


def apply_target_data(
    session: Session, actor: Actor, tables: Iterable[Sequence[SQLModel]]
) -> Applied:
    """Bring the plans' tables to what the files say; one line in the record for each that changed.

    Args:
        session: the writing transaction.
        actor: the system, at the operator's command.
        tables: the rows of each table, in an order in which each finds those it refers to.

    Returns:
        How many rows were new, changed and unchanged; a row that is no longer in the files is left.

    Raises:
        NotAllowed: anybody else.
    """
    if not actor.is_system:
        raise NotAllowed(say("基础数据由系统维护命令写入"))
    done = [_apply(session, actor, rows) for rows in tables if rows]
    return Applied(
        sum(one.inserted for one in done),
        sum(one.updated for one in done),
        sum(one.unchanged for one in done),
    )


def _apply(session: Session, actor: Actor, rows: Sequence[SQLModel]) -> Applied:
    table = _table(rows[0])
    keys = [column.name for column in table.primary_key]
    there = {
        tuple(row[key] for key in keys): dict(row)
        for row in session.execute(select(table)).mappings()
    }
    wanted = {tuple(row[key] for key in keys): row for row in map(_values, rows)}
    new = {key: row for key, row in wanted.items() if key not in there}
    changed = {key: row for key, row in wanted.items() if key in there and there[key] != row}
    if new:
        session.execute(insert(table), list(new.values()))
    for key, row in changed.items():
        pairs = zip(keys, key, strict=True)
        there_now = (table.c[name] == value for name, value in pairs)
        session.execute(update(table).where(*there_now).values(row))
    if new or changed:
        after = {"new": len(new), "changed": len(changed), "digest": plan_digest(session, table)}
        record(session, actor, APPLIED, f"{table.name}:*", None, after)
    return Applied(len(new), len(changed), len(wanted) - len(new) - len(changed))


def _table(row: SQLModel) -> Any:
    return type(row).__table__  # type: ignore[attr-defined]


def _values(row: SQLModel) -> dict[str, Any]:
    return {column.name: getattr(row, column.name) for column in _table(row).columns}
