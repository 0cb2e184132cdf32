"""Who somebody is when there is no browser: an account by its name, for commands and the
demonstration."""

from __future__ import annotations

from typing import Any

from sqlalchemy import ColumnElement, and_, or_, select
from sqlmodel import Session, col

from models.clock import today
from models.rules.errors import NotFound
from models.rules.roles import Actor, GrantFacts
from models.rules.wording import say
from models.tables.people import Account, Grant


def actor_named(session: Session, username: str) -> Actor:
    """The account of a name, with the grants in force today.

    Raises:
        NotFound: there is none, or it is locked.
    """
    name = username.strip().lower()
    statement = select(Account).where(
        col(Account.username) == name, col(Account.is_locked).is_(False)
    )
    account = session.execute(statement).scalar_one_or_none()
    if account is None or account.id is None:
        raise NotFound(say("没有名为“{name}”的账号，或已停用", name=name))
    return Actor(
        account.id,
        account.display_name,
        _grants_today(session, account.id),
        account.agency_id,
        account.enterprise_id,
    )


def in_force_on(day: Any) -> ColumnElement[bool]:
    """The condition of a grant in force on a day, both ends included, and not ended since.

    Args:
        day: a date, or a bound parameter for one.
    """
    return and_(
        col(Grant.valid_from) <= day,
        or_(col(Grant.valid_to).is_(None), col(Grant.valid_to) >= day),
        col(Grant.ended_at_utc).is_(None),
    )


def _grants_today(session: Session, account_id: int) -> tuple[GrantFacts, ...]:
    day = today()
    statement = (
        select(Grant)
        .where(col(Grant.account_id) == account_id, in_force_on(day))
        .order_by(col(Grant.id))
    )
    return tuple(
        GrantFacts(grant.id or 0, grant.role, grant.valid_from, grant.valid_to, grant.is_cover)
        for grant in session.execute(statement).scalars()
    )
