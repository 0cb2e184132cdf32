"""What a mail is made of: who wants one, what waits for them, what they have not read."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import func, select
from sqlmodel import Session, col

from models.queries.messages import shown_to
from models.queries.people import actor_named
from models.queries.turns import TURN_NAMES, turns_of
from models.rules.mails import MailChoice, MailKind, MailLine
from models.rules.notices import place_of
from models.rules.roles import Actor
from models.rules.wording import Wording, say
from models.tables.messages import Mail, Message
from models.tables.people import Account

NEWS_IN_A_MAIL = 20


@dataclass(frozen=True, slots=True)
class OwnMails:
    """Where one's mails go, and which one wants."""

    email: str
    choice: MailChoice


@dataclass(frozen=True, slots=True)
class Reader:
    """Somebody who wants mails: the account, and who it is today."""

    account_id: int
    address: str
    language: str
    actor: Actor


@dataclass(frozen=True, slots=True)
class MailFacts:
    """What a mail tells.

    Attributes:
        waiting: how many things wait for the reader in all.
        up_to: the newest message in it; of a digest without news the newest there was before.
    """

    waiting: int
    turns: tuple[MailLine, ...]
    news: tuple[MailLine, ...]
    up_to: int


def own_mails(session: Session, actor: Actor) -> OwnMails:
    """A person's own address and choice."""
    account = session.get_one(Account, actor.account_id)
    return OwnMails(account.email, account.mails)


def email_of(session: Session, account_id: int) -> str:
    """Where an account's mails go; empty for nowhere. For whoever sees the accounts."""
    return session.get_one(Account, account_id).email


def readers(session: Session, choice: MailChoice) -> Iterable[Reader]:
    """Everybody who chose one kind of mail, has an address, and is not locked."""
    statement = (
        select(Account)
        .where(
            col(Account.mails) == choice,
            col(Account.email) != "",
            col(Account.is_locked).is_(False),
        )
        .order_by(col(Account.id))
    )
    for account in session.execute(statement).scalars():
        actor = actor_named(session, account.username)
        yield Reader(actor.account_id, account.email, account.language, actor)


def digest_facts(session: Session, reader: Reader, on: date) -> MailFacts | None:
    """What a daily digest tells; `None` where nothing waits and nothing is new."""
    piles = turns_of(session, reader.actor, on)
    waiting = sum(pile.count.rows for pile in piles)
    turns = tuple(
        MailLine(_counted(TURN_NAMES[pile.kind], pile.count.rows), pile.address, pile.query)
        for pile in piles
    )
    told = _told_already(session, reader.account_id, MailKind.digest)
    news, up_to = _news(session, reader.actor, told)
    return MailFacts(waiting, turns, news, max(up_to, told)) if turns or news else None


def turn_facts(session: Session, reader: Reader) -> MailFacts | None:
    """What an instant mail tells: what has become this person's turn since the last one; `None`
    where nothing has."""
    told = _told_already(session, reader.account_id, MailKind.turn)
    news, up_to = _news(session, reader.actor, told, is_turn=True)
    return MailFacts(len(news), news, (), up_to) if news else None


def _news(
    session: Session, actor: Actor, after: int, *, is_turn: bool = False
) -> tuple[tuple[MailLine, ...], int]:
    """Unread messages after one, the newest first, and the newest of them."""
    statement = select(Message).where(
        *shown_to(actor), col(Message.read_at_utc).is_(None), col(Message.id) > after
    )
    if is_turn:
        statement = statement.where(col(Message.is_turn))
    newest_first = statement.order_by(col(Message.id).desc()).limit(NEWS_IN_A_MAIL)
    found: list[Any] = list(session.execute(newest_first).scalars())
    return tuple(_line(message, actor) for message in found), found[0].id if found else 0


def _line(message: Any, actor: Actor) -> MailLine:
    address, query = place_of(message.kind, message.subject.partition(":")[2], actor)
    return MailLine(Wording.from_json(message.words), address, tuple(query.items()))


def _told_already(session: Session, account_id: int, kind: MailKind) -> int:
    """The newest message a mail of this kind told this person of."""
    statement = select(func.max(Mail.up_to)).where(
        col(Mail.account_id) == account_id, col(Mail.kind) == kind
    )
    return session.execute(statement).scalar_one() or 0


def _counted(name: Wording, count: int) -> Wording:
    return say("{name}：{count}", name=name, count=count)
