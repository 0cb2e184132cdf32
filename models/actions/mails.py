"""Mails (邮件): composed once, handed to the server at most once.

Each mail is a row under a key of its own, so that two who compose at the same moment write one. It
is marked as being sent, and that is committed, before the server hears of it: whatever ends the
process in between, nobody sends it again. What the server puts off is tried again, a few times.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from sqlalchemy import and_, or_, select, update
from sqlmodel import Session, col

from models.actions.accounts import account_of, refuse_unless_administrator, subject_of
from models.actions.inserts import inserted
from models.actions.messages import locked_cursor
from models.actions.record import record
from models.clock import OFFICE_ZONE, now_utc, today
from models.exchange.mail_server import Delivery, Handed
from models.exchange.mail_words import MailWords, mail_words
from models.exchange.spoken import translator
from models.queries.mails import MailFacts, Reader, digest_facts, readers, turn_facts
from models.queries.sealing import recorded
from models.queries.settings import calendar, is_demonstration
from models.rules.errors import NotAvailable
from models.rules.mails import (
    MOST_TRIES,
    UNCLEAR_AFTER_MINUTES,
    MailChoice,
    MailKind,
    MailState,
    mail_address,
)
from models.rules.roles import Actor
from models.rules.wording import say
from models.tables.messages import Mail

DIGEST_FROM_HOUR = 8
"""A digest is written from this hour of a working day on, at the office."""
PAUSE_MINUTES = 5
"""Before a mail that was put off is tried again; doubled with every try."""


@dataclass(frozen=True, slots=True)
class Outgoing:
    """A mail that is this process's to hand over."""

    id: int
    key: str
    address: str
    words: MailWords


def choose_mails(session: Session, actor: Actor, choice: MailChoice) -> None:
    """Choose which mails one wants (选择邮件提醒).

    Raises:
        NotAvailable: mails are wanted, and there is no address on record.
    """
    account = account_of(session, actor.account_id)
    if choice is not MailChoice.none and not account.email:
        raise NotAvailable(say("还没有登记邮箱；请系统管理员登记后再选"))
    before, account.mails = account.mails, choice
    session.add(account)
    change = {"mails": before.value}, {"mails": choice.value}
    record(session, actor, "choose_mails", subject_of(account), *change)


def set_email(session: Session, actor: Actor, account_id: int, written: str) -> str:
    """Put an account's mail address on record (登记邮箱); empty takes it away, and its mails with it.

    Returns:
        The address as it is kept.

    Raises:
        NotAllowed: the actor is no administrator.
        NotFound: no such account.
        AddressRefused: it is no address.
    """
    refuse_unless_administrator(actor)
    account = account_of(session, account_id)
    before, account.email = account.email, mail_address(written)
    if not account.email:
        account.mails = MailChoice.none
    session.add(account)
    change = recorded({"email": before}), recorded({"email": account.email})
    record(session, actor, "set_email", subject_of(account), *change)
    return account.email


# ---------------------------------------------------------------- composing


def compose_mails(session: Session, public_url: str) -> int:
    """Write the mails that are due: a digest a working day, and what has become somebody's turn.

    Args:
        session: the writing transaction.
        public_url: what the links begin with.

    Returns:
        How many were written.
    """
    locked_cursor(session)
    written, on = 0, today()
    hour = now_utc().astimezone(OFFICE_ZONE).hour
    if hour >= DIGEST_FROM_HOUR and calendar(session).is_working_day(on):
        for reader in readers(session, MailChoice.digest):
            key = f"digest:{on}:{reader.account_id}"
            facts = None if _is_written(session, key) else digest_facts(session, reader, on)
            written += _write(session, reader, MailKind.digest, key, facts, public_url)
    for reader in readers(session, MailChoice.turn):
        facts = turn_facts(session, reader)
        key = f"turn:{facts.up_to if facts else 0}:{reader.account_id}"
        written += _write(session, reader, MailKind.turn, key, facts, public_url)
    return written


def _is_written(session: Session, key: str) -> bool:
    return session.execute(select(Mail.id).where(col(Mail.key) == key)).first() is not None


def _write(
    session: Session,
    reader: Reader,
    kind: MailKind,
    key: str,
    facts: MailFacts | None,
    public_url: str,
) -> int:
    """One mail, unless it is there; how many were written."""
    if facts is None:
        return 0
    words = mail_words(
        facts.waiting, facts.turns, facts.news, translator(reader.language or "zh_CN"), public_url,
        is_demonstration=is_demonstration(session),
    )  # fmt: skip
    return inserted(
        session,
        Mail,
        {
            "key": key, "account_id": reader.account_id, "kind": kind, "address": reader.address,
            "subject": words.subject[:200], "body_text": words.text, "body_html": words.html,
            "up_to": facts.up_to, "state": MailState.queued, "tries": 0,
            "composed_at_utc": now_utc(), "fault": "",
        },
    )  # fmt: skip


# ---------------------------------------------------------------- sending


def next_mail(session: Session) -> Outgoing | None:
    """Take the next mail that is due, so that it is nobody else's: marked as being sent.

    The caller commits before it speaks to the server.

    Returns:
        `None` where none is due.
    """
    mail: Any = session.execute(
        select(Mail)
        .where(col(Mail.state) == MailState.queued, _is_due())
        .order_by(col(Mail.id))
        .limit(1)
        .with_for_update(skip_locked=True)
    ).scalar_one_or_none()
    if mail is None:
        return None
    mail.state, mail.tries, mail.tried_at_utc = MailState.sending, mail.tries + 1, now_utc()
    session.add(mail)
    words = MailWords(mail.subject, mail.body_text, mail.body_html)
    return Outgoing(mail.id, mail.key, mail.address, words)


def note_delivery(session: Session, mail_id: int, handed: Handed) -> MailState:
    """Note what came of a mail; its words are forgotten once it cannot be sent any more.

    Returns:
        Where it stands now.
    """
    mail = session.get_one(Mail, mail_id)
    mail.state, mail.fault = _state_after(handed.delivery, mail.tries), handed.fault
    if mail.state is MailState.sent:
        mail.sent_at_utc = now_utc()
    if mail.state is not MailState.queued:
        mail.body_text = mail.body_html = ""
    session.add(mail)
    return mail.state


def settle_broken_off(session: Session) -> int:
    """Mark the mails whose sending broke off as unclear: they are never sent again.

    Returns:
        How many.
    """
    since = now_utc() - timedelta(minutes=UNCLEAR_AFTER_MINUTES)
    broken_off = update(Mail).where(
        col(Mail.state) == MailState.sending, col(Mail.tried_at_utc) < since
    )
    settled: Any = session.execute(
        broken_off.values(state=MailState.unclear, body_text="", body_html="")
    )
    return int(settled.rowcount)


def _state_after(delivery: Delivery, tries: int) -> MailState:
    match delivery:
        case Delivery.taken:
            return MailState.sent
        case Delivery.unclear:
            return MailState.unclear
        case Delivery.refused:
            return MailState.given_up
    return MailState.queued if tries < MOST_TRIES else MailState.given_up


def _is_due() -> Any:
    """Never tried, or long enough ago for the number of tries."""
    now = now_utc()
    return or_(
        col(Mail.tried_at_utc).is_(None),
        *(
            and_(
                col(Mail.tries) == tries,
                col(Mail.tried_at_utc) <= now - timedelta(minutes=PAUSE_MINUTES * 2 ** (tries - 1)),
            )
            for tries in range(1, MOST_TRIES)
        ),
    )
