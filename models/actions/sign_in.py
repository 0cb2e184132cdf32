"""Signing in and out (登录、退出): from a password to a one-time ticket, from the ticket to a session.

Failures are noted per (name, source). The source is the browser when it has signed in under that
name before, else the address; so somebody who tries passwords from elsewhere never shuts out the
person at their own browser. Wrong passwords are answered, not raised: a refusal would roll their
counting back.
"""

from __future__ import annotations

import secrets
from dataclasses import dataclass
from datetime import timedelta

from sqlalchemy import delete, or_, update
from sqlmodel import Session, col

from models.actions.leases import leave_all_claims
from models.actions.record import record
from models.clock import now_utc, today
from models.database import deployment
from models.queries.sign_in import guards, signed_in, source_hash
from models.rules.digest import sha256_hex
from models.rules.sign_in import TICKET_LIFE, failures_that_count, shut_until
from models.rules.wording import Wording, say
from models.tables.people import Account, BrowserSession, SignInGuard, SignInTicket

TOUCH_EVERY = timedelta(seconds=60)
KEEP_ENDED = timedelta(days=30)


@dataclass(frozen=True, slots=True)
class Source:
    """Where a sign-in comes from: the browser's own cookie and its network address."""

    browser: str
    address: str

    @property
    def names(self) -> tuple[str, str]:
        """The two sources under which failures can be noted, the browser first."""
        return f"browser {self.browser}", f"address {self.address}"


@dataclass(frozen=True, slots=True)
class SignInAnswer:
    """What came of a sign-in: a ticket, or why not."""

    ticket: str | None = None
    reason: Wording | None = None


def waiting_time(session: Session, username: str, source: Source) -> Wording | None:
    """Why a name is shut to a source just now; `None`: a password may be looked at."""
    guard = _guard(session, username, source)
    if guard is None or guard.shut_until_utc is None or guard.shut_until_utc <= now_utc():
        return None
    minutes = -((now_utc() - guard.shut_until_utc) // timedelta(minutes=1))
    return say("连续输错次数过多，请在 {minutes} 分钟后再试，或联系系统管理员", minutes=minutes)


def answer_sign_in(
    session: Session, username: str, source: Source, account_id: int | None
) -> SignInAnswer:
    """Count a wrong password, or hand out a ticket for a right one.

    Args:
        session: the writing transaction.
        username: as typed, in lower case.
        source: where it comes from.
        account_id: whose password it was; `None`: name or password wrong, or account locked.

    Returns:
        The ticket (good once, for 30 seconds, in this browser only), or the reason in words.
    """
    if reason := waiting_time(session, username, source):
        return SignInAnswer(reason=reason)
    if account_id is None:
        _note_failure(session, username, source)
        return SignInAnswer(reason=waiting_time(session, username, source) or _WRONG)
    _trust_browser(session, username, source)
    return SignInAnswer(ticket=_new_ticket(session, account_id, source))


def enter(session: Session, ticket: str, browser: str, program: str = "") -> str | None:
    """Turn a ticket into a session.

    Args:
        session: the writing transaction.
        ticket: as handed to the page.
        browser: the browser's own cookie, to which the ticket is bound.
        program: the browser's name for itself.

    Returns:
        The session's token, for the cookie; only its hash is kept. `None`: the ticket is unknown,
        used, expired or another browser's, or its account has been locked meanwhile.
    """
    now = now_utc()
    account_id = session.execute(
        update(SignInTicket)
        .where(
            col(SignInTicket.token_hash) == sha256_hex(ticket),
            col(SignInTicket.browser_hash) == sha256_hex(browser),
            col(SignInTicket.used_at_utc).is_(None),
            col(SignInTicket.expires_at_utc) > now,
        )
        .values(used_at_utc=now)
        .returning(SignInTicket.account_id)
    ).scalar_one_or_none()
    account = session.get(Account, account_id) if account_id is not None else None
    if account is None or account.is_locked:
        return None
    return open_session(session, account, program)


def open_session(session: Session, account: Account, program: str = "") -> str:
    """Open a session for an account whose password has been proved, and return its token."""
    assert account.id is not None
    token, now = secrets.token_urlsafe(32), now_utc()
    session.execute(
        delete(BrowserSession).where(
            or_(
                col(BrowserSession.ended_at_utc) < now - KEEP_ENDED,
                col(BrowserSession.expires_at_utc) < now - KEEP_ENDED,
            )
        )
    )
    session.add(
        BrowserSession(
            token_hash=sha256_hex(token),
            account_id=account.id,
            began_at_utc=now,
            seen_at_utc=now,
            expires_at_utc=now + timedelta(hours=deployment().session_hours),
            browser=program[:200],
        )
    )
    session.flush()
    visitor = signed_in(session, token, today())
    assert visitor is not None
    record(session, visitor.actor, "sign_in", f"account:{account.username}", None, None)
    return token


def keep_awake(session: Session, session_id: int) -> None:
    """Note that a session is in use: it sleeps only when idle. Not in the record."""
    session.execute(
        update(BrowserSession)
        .where(col(BrowserSession.id) == session_id)
        .values(seen_at_utc=now_utc())
    )


def leave(session: Session, token: str | None) -> None:
    """Sign out of one browser; what was taken is free again. Quiet when nobody is signed in."""
    visitor = signed_in(session, token, today())
    if visitor is None:
        return
    session.execute(
        update(BrowserSession)
        .where(col(BrowserSession.id) == visitor.session_id)
        .values(ended_at_utc=now_utc())
    )
    leave_all_claims(session, visitor.account_id)
    record(session, visitor.actor, "sign_out", f"account:{visitor.username}", None, None)


_WRONG = say("账号或密码不正确，或账号已停用")


def _guard(session: Session, username: str, source: Source) -> SignInGuard | None:
    """The failures of the browser where it is known under that name, else those of the address."""
    known = guards(session, username, source.names)
    by_browser, by_address = source.names
    return known.get(by_browser, known.get(by_address))


def _note_failure(session: Session, username: str, source: Source) -> None:
    guard = _guard(session, username, source) or _new_guard(username, source.names[1])
    now = now_utc()
    guard.failures = failures_that_count(guard.failures, guard.last_failed_at_utc, now) + 1
    guard.last_failed_at_utc = now
    guard.shut_until_utc = shut_until(guard.failures, now)
    session.add(guard)
    session.flush()


def _trust_browser(session: Session, username: str, source: Source) -> None:
    by_browser, by_address = source.names
    known = guards(session, username, source.names)
    guard = known.get(by_browser) or _new_guard(username, by_browser)
    guard.failures, guard.shut_until_utc = 0, None
    session.add(guard)
    if by_address in known and by_browser not in known:
        session.delete(known[by_address])


def _new_guard(username: str, source: str) -> SignInGuard:
    return SignInGuard(
        username_hash=sha256_hex(username),
        source_hash=source_hash(source),
        last_failed_at_utc=now_utc(),
    )


def _new_ticket(session: Session, account_id: int, source: Source) -> str:
    ticket, now = secrets.token_urlsafe(32), now_utc()
    session.execute(delete(SignInTicket).where(col(SignInTicket.expires_at_utc) < now))
    session.add(
        SignInTicket(
            token_hash=sha256_hex(ticket),
            browser_hash=sha256_hex(source.browser),
            account_id=account_id,
            expires_at_utc=now + TICKET_LIFE,
        )
    )
    session.flush()
    return ticket
