"""One's own messages (消息): how many are unread, and a page of them."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, func, select
from sqlmodel import Session, col

from models.rules.roles import Actor
from models.rules.wording import Wording
from models.tables.messages import Message

ROWS_A_PAGE = 15
COUNTED = 99
"""Unread messages are counted no further: the bell says 99+."""


@dataclass(frozen=True, slots=True)
class MessageFilter:
    """Which of one's messages are shown.

    Attributes:
        is_unread: only those not read yet.
        kind: of one kind of subject; empty shows all.
    """

    is_unread: bool = False
    kind: str = ""


@dataclass(frozen=True, slots=True)
class MessageRow:
    """One message."""

    id: int
    kind: str
    number: str
    words: Wording
    is_turn: bool
    at_utc: datetime
    is_read: bool


@dataclass(frozen=True, slots=True)
class MessagePage:
    """A page of messages, the newest first.

    Attributes:
        older: the message after which the next page begins; `None` where there is none.
    """

    rows: tuple[MessageRow, ...]
    older: int | None


def unread_messages(session: Session, actor: Actor) -> int:
    """How many unread messages a person has, counted as far as one beyond `COUNTED`: one statement
    on an index."""
    there = select(col(Message.id)).where(*shown_to(actor), col(Message.read_at_utc).is_(None))
    statement = select(func.count()).select_from(there.limit(COUNTED + 1).subquery())
    return int(session.execute(statement).scalar_one())


def messages(
    session: Session, actor: Actor, wanted: MessageFilter, before: int | None = None
) -> MessagePage:
    """A page of one's own messages, the newest first.

    Args:
        session: any transaction.
        actor: whose.
        wanted: the filter.
        before: only what is older than this message; the newest page when left out.
    """
    statement = select(Message).where(*shown_to(actor), *_conditions(wanted, before))
    window = statement.order_by(col(Message.id).desc()).limit(ROWS_A_PAGE + 1)
    found = list(session.execute(window).scalars())
    rows = tuple(_row(message) for message in found[:ROWS_A_PAGE])
    return MessagePage(rows, rows[-1].id if len(found) > ROWS_A_PAGE else None)


def kinds_told(session: Session, actor: Actor) -> tuple[str, ...]:
    """The kinds of subject a person was told of, by name."""
    statement = select(col(Message.kind)).where(*shown_to(actor)).distinct()
    return tuple(sorted(session.execute(statement).scalars()))


def shown_to(actor: Actor) -> tuple[ColumnElement[bool], ...]:
    """The condition of the messages a person is shown: their own, told under a role they hold
    today."""
    return col(Message.account_id) == actor.account_id, col(Message.role).in_(actor.roles)


def _conditions(wanted: MessageFilter, before: int | None) -> list[ColumnElement[bool]]:
    conditions: list[ColumnElement[bool]] = []
    if wanted.is_unread:
        conditions.append(col(Message.read_at_utc).is_(None))
    if wanted.kind:
        conditions.append(col(Message.kind) == wanted.kind)
    if before is not None:
        conditions.append(col(Message.id) < before)
    return conditions


def _row(message: Any) -> MessageRow:
    return MessageRow(
        id=message.id,
        kind=message.kind,
        number=message.subject.partition(":")[2],
        words=Wording.from_json(message.words),
        is_turn=message.is_turn,
        at_utc=message.at_utc,
        is_read=message.read_at_utc is not None,
    )
