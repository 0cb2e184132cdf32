"""Applying reference rows (基础数据): what the documents print goes into the database, each change on
the record."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum
from typing import Any, TypeAlias

from sqlmodel import Session, SQLModel, col, select

from models.actions.record import record
from models.rules.errors import AlreadyDone, NotAllowed
from models.rules.roles import Actor
from models.rules.wording import say
from models.tables.admissions import AdmissionCriterion
from models.tables.money import PolicyRule
from models.tables.reference import (
    EvidenceKind,
    ReasonCode,
    RequiredEvidence,
    ResultKind,
    ServiceType,
)

ReferenceRow: TypeAlias = (
    ServiceType
    | ResultKind
    | EvidenceKind
    | RequiredEvidence
    | ReasonCode
    | PolicyRule
    | AdmissionCriterion
)

_NAMED_BY: dict[type[SQLModel], tuple[str, ...]] = {
    ServiceType: ("code",),
    ResultKind: ("code",),
    EvidenceKind: ("code",),
    RequiredEvidence: ("result_kind_code", "evidence_kind_code"),
    ReasonCode: ("code",),
    PolicyRule: ("key", "version"),
    AdmissionCriterion: ("code", "valid_from"),
}
_NOT_COMPARED = frozenset(
    {"id", "drafted_by_id", "confirmed_by_id", "confirmed_at_utc", "change_id"}
)


@dataclass(frozen=True, slots=True)
class Applied:
    """What applying did: how many rows were new, changed, and the same as before."""

    inserted: int = 0
    updated: int = 0
    unchanged: int = 0


def apply_reference(session: Session, actor: Actor, rows: Iterable[ReferenceRow]) -> Applied:
    """Insert or update reference rows; a row that is already there unchanged leaves no trace.

    Args:
        session: the writing transaction.
        actor: the system, at the operator's command.
        rows: in an order in which each row finds those it refers to.

    Returns:
        How many rows were new, changed and unchanged.

    Raises:
        NotAllowed: anybody else; screens change reference data by versions that a second person
            confirms.
        AlreadyDone: a subsidy standard of that version is there with other content.
    """
    if not actor.is_system:
        raise NotAllowed(say("基础数据由系统维护命令写入"))
    done = {"inserted": 0, "updated": 0, "unchanged": 0}
    for row in rows:
        done[_apply(session, actor, row)] += 1
    return Applied(**done)


def _apply(session: Session, actor: Actor, row: ReferenceRow) -> str:
    there = _there(session, row)
    if there is None:
        session.add(row)
        session.flush()
        record(session, actor, "add_reference", _subject(row), None, _content(row))
        return "inserted"
    before, after = _content(there), _content(row)
    if before == after:
        return "unchanged"
    if isinstance(row, PolicyRule):
        raise AlreadyDone(
            say("补贴标准 {key} 第 {version} 版已存在且内容不同，请另立新版本", key=row.key, version=row.version)
        )  # fmt: skip
    for name in after:
        setattr(there, name, getattr(row, name))
    session.flush()
    record(session, actor, "change_reference", _subject(row), before, after)
    return "updated"


def _there(session: Session, row: ReferenceRow) -> SQLModel | None:
    table = type(row)
    key = [col(getattr(table, name)) == getattr(row, name) for name in _NAMED_BY[table]]
    return session.exec(select(table).where(*key)).one_or_none()


def _subject(row: ReferenceRow) -> str:
    names = ":".join(str(getattr(row, name)) for name in _NAMED_BY[type(row)])
    return f"{type(row).__tablename__}:{names}"


def _content(row: SQLModel) -> dict[str, Any]:
    """The columns as the record keeps them: texts, whole numbers and what is made of them."""
    return {
        name: _plain(getattr(row, name))
        for name in type(row).model_fields
        if name not in _NOT_COMPARED
    }


def _plain(value: Any) -> Any:
    match value:
        case StrEnum():
            return value.value
        case date() | datetime():
            return value.isoformat()
    return value
