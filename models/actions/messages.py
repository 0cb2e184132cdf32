"""Telling people (告知): the record is read on from where it was left, and each is told what became
of what is theirs, once. Reading a message is no act of the record, as looking at a page is none."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from sqlalchemy import select, update
from sqlmodel import Session, col

from models.actions.inserts import insert_unless_there
from models.clock import now_utc
from models.queries.messages import shown_to
from models.queries.told_links import ToldLink, last_link, link_before, links_after, told_links
from models.rules.errors import NotFound
from models.rules.notices import notices_of
from models.rules.roles import Actor
from models.rules.wording import say
from models.tables.messages import Message, MessageCursor

LINKS_AT_ONCE = 400
"""Links that are told in one transaction: a page that opens waits for no more."""
FIRST_LOOK_DAYS = 30
"""Where nobody was told anything yet, the news of so many days are told: a deployment that is
brought forward does not pour years into everybody's messages."""


@dataclass(frozen=True, slots=True)
class Telling:
    """What one look into the record came to.

    Attributes:
        links: how many links were told.
        messages: how many messages were written.
        is_done: nothing more waits to be told.
    """

    links: int
    messages: int
    is_done: bool


def tell(session: Session) -> Telling:
    """Tell what the record holds since it was looked at last, at most `LINKS_AT_ONCE` links.

    Of two who tell at the same moment the second waits for the cursor, and finds it moved; what is
    told and how far the record was read stand or fall together.

    Args:
        session: the writing transaction.
    """
    cursor = locked_cursor(session)
    head = last_link(session)
    rows = links_after(session, cursor.seq, LINKS_AT_ONCE)
    links = told_links(session, rows) if rows else ()
    messages = [row for link in links for row in _rows(link)]
    if messages:
        session.execute(insert_unless_there(session, Message), messages)
    is_done = len(rows) < LINKS_AT_ONCE
    told = [link.seq for link in links]
    cursor.seq = max([head, *told]) if is_done else told[-1]
    session.add(cursor)
    session.flush()
    return Telling(len(links), len(messages), is_done)


def read_message(session: Session, actor: Actor, message_id: int) -> None:
    """Mark one's own message as read (已读).

    Raises:
        NotFound: no such message, or somebody else's: the answer is the same.
    """
    message = session.execute(
        select(Message).where(col(Message.id) == message_id, *shown_to(actor))
    ).scalar_one_or_none()
    if message is None:
        raise NotFound(say("没有这条消息"))
    if message.read_at_utc is None:
        message.read_at_utc = now_utc()
        session.add(message)


def read_all_messages(session: Session, actor: Actor, up_to: int, kind: str = "") -> int:
    """Mark one's own messages as read (全部标为已读), those that were there when the page was drawn.

    Args:
        session: the writing transaction.
        actor: whose.
        up_to: the newest message on screen; later ones stay unread.
        kind: only those of one kind of subject; all when left out.

    Returns:
        How many were unread.
    """
    unread = update(Message).where(
        *shown_to(actor), col(Message.read_at_utc).is_(None), col(Message.id) <= up_to
    )
    if kind:
        unread = unread.where(col(Message.kind) == kind)
    marked: Any = session.execute(unread.values(read_at_utc=now_utc()))
    return int(marked.rowcount)


def locked_cursor(session: Session) -> MessageCursor:
    """How far the record was told (告知进度), held until this transaction ends: who tells, and who
    writes mails, take turns."""
    statement = select(MessageCursor).where(col(MessageCursor.id) == 1).with_for_update()
    cursor = session.execute(statement).scalar_one_or_none()
    if cursor is None:
        begin = link_before(session, now_utc() - timedelta(days=FIRST_LOOK_DAYS))
        session.execute(insert_unless_there(session, MessageCursor).values(id=1, seq=begin))
        cursor = session.execute(statement).scalar_one()
    return cursor


def _rows(link: ToldLink) -> Iterable[dict[str, Any]]:
    now = now_utc()
    for message in notices_of(link.told, link.people):
        yield {
            "account_id": message.account_id,
            "seq": link.seq,
            "role": message.role,
            "kind": link.told.kind,
            "subject": link.told.subject,
            "words": message.words.as_json(),
            "is_turn": message.is_turn,
            "at_utc": link.at_utc,
            "told_at_utc": now,
        }
