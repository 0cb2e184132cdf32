"""Sign-ins that are shut just now (登录限制): whose, from how many places, until when."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import func, select
from sqlmodel import Session, col

from models.clock import now_utc
from models.queries.visibility import refuse_without
from models.rules.digest import sha256_hex
from models.rules.roles import Actor, Permission
from models.tables.people import Account, SignInGuard


@dataclass(frozen=True, slots=True)
class SignInBlock:
    """A name that is shut to some browsers or addresses; no account has the name where it is
    empty."""

    username: str
    sources: int
    until_utc: datetime


def block_of(session: Session, actor: Actor, username: str) -> SignInBlock | None:
    """The block on one account's name; `None`: it may sign in from everywhere.

    Raises:
        NotAllowed: the accounts are not open to this person.
    """
    shut = _shut(session, actor)
    found = shut.get(sha256_hex(username))
    return SignInBlock(username, *found) if found else None


def blocks_now(session: Session, actor: Actor) -> tuple[SignInBlock, ...]:
    """Every block there is; names that no account has are one entry without a name.

    Raises:
        NotAllowed: the accounts are not open to this person.
    """
    shut = _shut(session, actor)
    if not shut:
        return ()
    names = session.execute(select(Account.username).order_by(col(Account.username))).scalars()
    named = [
        SignInBlock(name, *shut.pop(hashed))
        for name in names
        if (hashed := sha256_hex(name)) in shut
    ]
    if shut:
        named.append(
            SignInBlock("", sum(s for s, _ in shut.values()), max(u for _, u in shut.values()))
        )
    return tuple(named)


def _shut(session: Session, actor: Actor) -> dict[str, tuple[int, datetime]]:
    """Hash of the name → from how many sources it is shut, and until when."""
    refuse_without(actor, Permission.see_accounts)
    statement = (
        select(SignInGuard.username_hash, func.count(), func.max(SignInGuard.shut_until_utc))
        .where(col(SignInGuard.shut_until_utc) > now_utc())
        .group_by(col(SignInGuard.username_hash))
    )
    return {hashed: (sources, until) for hashed, sources, until in session.execute(statement)}
