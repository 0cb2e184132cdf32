"""Templates of letters (函件模板): every version, and the one in force at an instant."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select
from sqlmodel import Session, col

from models.queries.visibility import refuse_without
from models.rules.errors import NotFound
from models.rules.letters import LetterKind
from models.rules.roles import Actor, Permission
from models.rules.wording import say
from models.tables.letters import LetterTemplate
from models.tables.people import Account


@dataclass(frozen=True, slots=True)
class TemplateRow:
    """One version of a template."""

    id: int
    kind: LetterKind
    version: int
    file_name: str
    size_bytes: int
    sha256: str
    added_by: str
    added_at_utc: datetime


def templates_kept(session: Session, actor: Actor) -> tuple[TemplateRow, ...]:
    """Every version of every template, the newest of each kind first.

    Raises:
        NotAllowed: the templates are not open to this person.
    """
    refuse_without(actor, Permission.see_letters)
    statement = (
        select(LetterTemplate, Account.display_name)
        .join(Account, col(Account.id) == LetterTemplate.added_by_id)
        .order_by(col(LetterTemplate.kind), col(LetterTemplate.version).desc())
    )
    return tuple(
        TemplateRow(
            row.id or 0, row.kind, row.version, row.file_name, row.size_bytes, row.sha256, by,
            row.added_at_utc,
        )
        for row, by in session.execute(statement)
    )  # fmt: skip


def template_at(session: Session, kind: LetterKind, at_utc: datetime) -> LetterTemplate | None:
    """The alliance's template in force at an instant; `None`: the program's own."""
    statement = (
        select(LetterTemplate)
        .where(col(LetterTemplate.kind) == kind, col(LetterTemplate.added_at_utc) <= at_utc)
        .order_by(col(LetterTemplate.version).desc())
        .limit(1)
    )
    return session.execute(statement).scalar_one_or_none()


def template_of(session: Session, actor: Actor, kind: LetterKind, version: int) -> str:
    """The SHA-256 of one version of a template; empty for version 0, the program's own.

    Raises:
        NotFound: no such version, or the templates are not open to this person.
    """
    missing = NotFound(say("没有这份模板，或它不在您的可见范围内"))
    if not actor.may(Permission.see_letters):
        raise missing
    if not version:
        return ""
    statement = select(LetterTemplate.sha256).where(
        col(LetterTemplate.kind) == kind, col(LetterTemplate.version) == version
    )
    sha256 = session.execute(statement).scalar_one_or_none()
    if sha256 is None:
        raise missing
    return sha256
