"""Handing a mail to the server (SMTP), and what came of it."""

from __future__ import annotations

import smtplib
import ssl
from contextlib import suppress
from dataclasses import dataclass
from email import policy
from email.message import EmailMessage
from email.utils import format_datetime, parseaddr
from enum import StrEnum
from typing import Literal

from models.clock import now_utc
from models.exchange.mail_words import MailWords

PATIENCE_SECONDS = 30
LONGEST_FAULT = 200
REFUSED_FROM, REFUSED_FOR_GOOD_FROM = 400, 500


class Delivery(StrEnum):
    """What came of handing a mail over."""

    taken = "taken"  # the server has it
    put_off = "put_off"  # not now: it may be tried again
    refused = "refused"  # never
    unclear = "unclear"  # the line broke when the mail was under way


@dataclass(frozen=True, slots=True)
class MailServer:
    """The server mails leave by, and whom they come from."""

    host: str
    port: int
    security: Literal["starttls", "tls", "none"]
    user: str
    password: str
    sender: str


@dataclass(frozen=True, slots=True)
class Handed:
    """What came of it, and what the server said where it took nothing."""

    delivery: Delivery
    fault: str = ""


def hand_over(server: MailServer, key: str, address: str, words: MailWords) -> Handed:
    """Hand one mail to the server.

    Args:
        server: where to.
        key: names the mail in its Message-ID, the same however often it is tried.
        address: whose.
        words: what it says.
    """
    message = _message(server, key, address, words).as_bytes(policy=policy.SMTP)
    try:
        connection = _connected(server)
    except smtplib.SMTPAuthenticationError as answer:
        return Handed(Delivery.put_off, _fault(answer.smtp_code, answer.smtp_error))
    except (OSError, smtplib.SMTPException) as trouble:
        return Handed(Delivery.put_off, str(trouble)[:LONGEST_FAULT])
    try:
        return _announced(connection, server, address) or _given(connection, message)
    finally:
        with suppress(OSError, smtplib.SMTPException):
            connection.quit()


def _announced(connection: smtplib.SMTP, server: MailServer, address: str) -> Handed | None:
    """Say from whom and for whom; `None` where the server is ready for the mail itself."""
    try:
        connection.ehlo_or_helo_if_needed()
        for code, said in (
            connection.mail(parseaddr(server.sender)[1]),
            connection.rcpt(address),
        ):
            if code >= REFUSED_FROM:
                return _by_code(code, said)
    except (OSError, smtplib.SMTPException) as trouble:
        return Handed(Delivery.put_off, str(trouble)[:LONGEST_FAULT])
    return None


def _given(connection: smtplib.SMTP, message: bytes) -> Handed:
    """Give the mail itself: where the line breaks now, nobody knows whether the server has it."""
    try:
        code, said = connection.data(message)
    except smtplib.SMTPDataError as answer:
        return _by_code(answer.smtp_code, answer.smtp_error)
    except (OSError, smtplib.SMTPException) as trouble:
        return Handed(Delivery.unclear, str(trouble)[:LONGEST_FAULT])
    return Handed(Delivery.taken) if code < REFUSED_FROM else _by_code(code, said)


def _connected(server: MailServer) -> smtplib.SMTP:
    secure = ssl.create_default_context()
    if server.security == "tls":
        connection: smtplib.SMTP = smtplib.SMTP_SSL(
            server.host, server.port, timeout=PATIENCE_SECONDS, context=secure
        )
    else:
        connection = smtplib.SMTP(server.host, server.port, timeout=PATIENCE_SECONDS)
    try:
        if server.security == "starttls":
            connection.starttls(context=secure)
        if server.user:
            connection.login(server.user, server.password)
    except BaseException:
        connection.close()
        raise
    return connection


def _message(server: MailServer, key: str, address: str, words: MailWords) -> EmailMessage:
    message = EmailMessage()
    message["Subject"], message["From"], message["To"] = words.subject, server.sender, address
    message["Date"] = format_datetime(now_utc())
    domain = parseaddr(server.sender)[1].rpartition("@")[2]
    message["Message-ID"] = f"<{key.replace(':', '.')}@{domain}>"
    message["Auto-Submitted"] = "auto-generated"
    message.set_content(words.text)
    message.add_alternative(words.html, subtype="html")
    return message


def _by_code(code: int, said: bytes | str) -> Handed:
    """What the server said no to: for now (4xx), or for good (5xx)."""
    delivery = Delivery.refused if code >= REFUSED_FOR_GOOD_FROM else Delivery.put_off
    return Handed(delivery, _fault(code, said))


def _fault(code: int, said: bytes | str) -> str:
    text = said.decode("utf-8", "replace") if isinstance(said, bytes) else said
    return f"{code} {text}"[:LONGEST_FAULT]
