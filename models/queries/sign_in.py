"""Who is at the browser, and what a sign-in has to be compared with."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from sqlalchemy import Row, Select, and_, bindparam, select
from sqlmodel import Session, col

from models.clock import now_utc, today
from models.database import deployment
from models.queries.people import in_force_on
from models.queries.settings import is_demonstration
from models.rules.digest import sha256_hex
from models.rules.roles import Actor, GrantFacts, Role
from models.tables.people import Account, BrowserSession, Grant, SignInGuard
from models.tables.reference import Setting


@dataclass(frozen=True, slots=True)
class SignedIn:
    """A signed-in browser: the account's facts, today's grants, and the session they come by."""

    session_id: int
    seen_at_utc: datetime
    username: str
    display_name: str
    language: str
    must_change_password: bool
    is_demonstration: bool
    actor: Actor

    @property
    def account_id(self) -> int:
        """The account's id."""
        return self.actor.account_id


@dataclass(frozen=True, slots=True)
class DemonstrationAccount:
    """An account anybody may sign in with in a demonstration."""

    username: str
    role: Role


DEMONSTRATION_PASSWORD = "zero-fee-demo"  # printed on the sign-in screen, of the demonstration only
OFFERED_A_ROLE = 3


@dataclass(frozen=True, slots=True)
class Credentials:
    """What a typed password is compared with."""

    account_id: int
    password_hash: str
    is_locked: bool


def signed_in(session: Session, token: str | None, day: date) -> SignedIn | None:
    """Who holds a session token now, in one statement.

    Args:
        session: any transaction.
        token: the cookie's value; `None` for a browser without one.
        day: the day whose grants count.

    Returns:
        The visitor; `None`: the session ended, ran out or slept too long, or the account is locked.
    """
    if not token:
        return None
    now = now_utc()
    rows = session.execute(
        _SIGNED_IN,
        {
            "token_hash": sha256_hex(token),
            "day": day,
            "now": now,
            "awake_since": now - timedelta(minutes=deployment().session_idle_minutes),
        },
    ).all()
    return _visitor(rows) if rows else None


def demonstration_accounts(session: Session) -> tuple[DemonstrationAccount, ...]:
    """The accounts a demonstration offers on its sign-in screen, the first of each role, by role;
    nothing in a real deployment.

    A locked account stays on the list: whoever tries it is told that it is locked.
    """
    if not is_demonstration(session):
        return ()
    statement = (
        select(Account.username, Grant.role)
        .join(Grant, col(Grant.account_id) == col(Account.id))
        .where(in_force_on(today()), col(Grant.is_cover).is_(False))
        .order_by(col(Account.id), col(Grant.id))
    )
    by_role: dict[Role, list[str]] = {role: [] for role in Role}
    for username, role in session.execute(statement):
        if len(by_role[role]) < OFFERED_A_ROLE and username not in by_role[role]:
            by_role[role].append(username)
    return tuple(
        DemonstrationAccount(username, role)
        for role, usernames in by_role.items()
        for username in usernames
    )


def credentials(session: Session, username: str) -> Credentials | None:
    """An account's password hash by its name in lower case; what no name can be is nobody's."""
    if not username.isprintable():
        return None
    row = session.execute(
        select(Account.id, Account.password_hash, Account.is_locked).where(
            col(Account.username) == username
        )
    ).one_or_none()
    return None if row is None else Credentials(*row)


def guards(session: Session, username: str, sources: Sequence[str]) -> dict[str, SignInGuard]:
    """The failures noted against a name, by source."""
    hashes = {source_hash(source): source for source in sources}
    found = session.execute(
        select(SignInGuard).where(
            col(SignInGuard.username_hash) == sha256_hex(username),
            col(SignInGuard.source_hash).in_(hashes),
        )
    ).scalars()
    return {hashes[guard.source_hash]: guard for guard in found}


def source_hash(source: str) -> str:
    """A source as it is kept: nobody's address is written down."""
    return sha256_hex(f"sign-in source {source}")


_DEMONSTRATION = (
    select(Setting.value)
    .where(
        col(Setting.key) == "is_demonstration",
        col(Setting.confirmed_at_utc).is_not(None),
        col(Setting.valid_from) <= bindparam("day"),
    )
    .order_by(col(Setting.valid_from).desc())
    .limit(1)
    .scalar_subquery()
)

_SIGNED_IN: Select[Any] = (
    select(
        col(BrowserSession.id).label("session_id"),
        BrowserSession.seen_at_utc,
        col(Account.id).label("account_id"),
        Account.username,
        Account.display_name,
        Account.language,
        Account.must_change_password,
        Account.agency_id,
        Account.enterprise_id,
        _DEMONSTRATION.label("is_demonstration"),
        col(Grant.id).label("grant_id"),
        Grant.role,
        Grant.valid_from,
        Grant.valid_to,
        Grant.is_cover,
    )
    .join(Account, col(Account.id) == col(BrowserSession.account_id))
    .outerjoin(
        Grant,
        and_(col(Grant.account_id) == col(Account.id), in_force_on(bindparam("day"))),
    )
    .where(
        col(BrowserSession.token_hash) == bindparam("token_hash"),
        col(BrowserSession.ended_at_utc).is_(None),
        col(BrowserSession.expires_at_utc) > bindparam("now"),
        col(BrowserSession.seen_at_utc) > bindparam("awake_since"),
        col(Account.is_locked).is_(False),
    )
    .order_by(col(Grant.id))
)


def _visitor(rows: Sequence[Row[Any]]) -> SignedIn:
    first = rows[0]
    grants = tuple(
        GrantFacts(row.grant_id, row.role, row.valid_from, row.valid_to, row.is_cover)
        for row in rows
        if row.grant_id is not None
    )
    return SignedIn(
        session_id=first.session_id,
        seen_at_utc=first.seen_at_utc,
        username=first.username,
        display_name=first.display_name,
        language=first.language,
        must_change_password=first.must_change_password,
        is_demonstration=first.is_demonstration is True,
        actor=Actor(
            first.account_id, first.display_name, grants, first.agency_id, first.enterprise_id
        ),
    )
