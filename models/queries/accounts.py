"""Accounts as the administrator sees them: the list, one card, organisations to choose."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import Any

from sqlalchemy import Select, and_, exists, func, or_, select
from sqlmodel import Session, col

from models.clock import now_utc, today
from models.queries.paging import Orders, Page, PageRequest, ordered, page_of
from models.queries.people import in_force_on
from models.queries.sign_in_blocks import SignInBlock, block_of
from models.rules.errors import NotAllowed
from models.rules.roles import Actor, Permission, Role
from models.rules.wording import say
from models.tables.organisations import Agency, Enterprise
from models.tables.people import Account, BrowserSession, Grant, Tie


@dataclass(frozen=True, slots=True)
class AccountFilter:
    """What the list shows; every field left empty shows all."""

    text: str = ""
    role: Role | None = None
    is_locked: bool | None = None


@dataclass(frozen=True, slots=True)
class AccountRow:
    """One account in the list, with the roles held today and when it was last here."""

    id: int
    username: str
    display_name: str
    organisation: str
    roles: tuple[Role, ...]
    covers: tuple[Role, ...]
    is_locked: bool
    must_change_password: bool
    open_sessions: int
    last_seen_at_utc: datetime | None


@dataclass(frozen=True, slots=True)
class GrantRow:
    """One grant on an account's card."""

    id: int
    role: Role
    valid_from: date
    valid_to: date | None
    covers: str
    reason: str
    granted_by: str
    is_ended: bool = False

    def holds_on(self, day: date) -> bool:
        """Whether it is in force on the day (both ends included, unless ended since)."""
        is_within = self.valid_from <= day and (self.valid_to is None or day <= self.valid_to)
        return is_within and not self.is_ended


@dataclass(frozen=True, slots=True)
class TieRow:
    """One tie on an account's card."""

    id: int
    organisation: str
    kind: str
    from_on: date
    to_on: date | None
    reported_by: str


@dataclass(frozen=True, slots=True)
class AccountCard:
    """One account with everything granted and declared, the newest first."""

    account: AccountRow
    agency_id: int | None
    enterprise_id: int | None
    grants: tuple[GrantRow, ...]
    ties: tuple[TieRow, ...]
    block: SignInBlock | None = None
    email: str = ""


@dataclass(frozen=True, slots=True)
class Organisation:
    """An organisation to choose: exactly one of the ids is set."""

    name: str
    agency_id: int | None = None
    enterprise_id: int | None = None


def accounts(
    session: Session, actor: Actor, wanted: AccountFilter, request: PageRequest
) -> Page[AccountRow]:
    """One page of the accounts.

    Raises:
        NotAllowed: the accounts are not open to this person.
    """
    _refuse_others(actor)
    statement = ordered(_filtered(wanted), _ORDERS, request.order, "username")
    found = page_of(session, statement, request, lambda row: row[0])
    return replace(found, rows=tuple(_rows(session, found.rows)))


def account_card(session: Session, actor: Actor, username: str) -> AccountCard | None:
    """One account with its grants and ties; `None`: there is no such account.

    Raises:
        NotAllowed: the accounts are not open to this person.
    """
    _refuse_others(actor)
    account = session.execute(
        select(Account).where(col(Account.username) == username)
    ).scalar_one_or_none()
    if account is None or account.id is None:
        return None
    return AccountCard(
        account=_rows(session, [account])[0],
        agency_id=account.agency_id,
        enterprise_id=account.enterprise_id,
        grants=_grants(session, account.id),
        ties=_ties(session, account.id),
        block=block_of(session, actor, account.username),
        email=account.email,
    )


def own_ties(session: Session, actor: Actor) -> tuple[TieRow, ...]:
    """The actor's own ties."""
    return _ties(session, actor.account_id)


def organisations_named(
    session: Session, actor: Actor, text: str, limit: int = 20
) -> list[Organisation]:
    """Agencies, then enterprises, whose name holds the text or whose code (统一社会信用代码) is it.

    Raises:
        NotAllowed: the actor may read neither the registers nor the accounts.
    """
    if not (actor.may(Permission.see_members) or actor.may(Permission.manage_accounts)):
        raise NotAllowed(say("您当前的角色不能查看名录"))
    found: list[Organisation] = []
    for table in (Agency, Enterprise):
        statement = (
            select(col(table.id), col(table.name))
            .where(or_(col(table.name).contains(text, autoescape=True), col(table.uscc) == text))
            .order_by(col(table.name))
            .limit(limit - len(found))
        )
        for id_, name in session.execute(statement):
            is_agency = table is Agency
            found.append(Organisation(name, id_ if is_agency else None, None if is_agency else id_))
    return found


def holders_of(session: Session, role: Role, day: date) -> list[tuple[int, str]]:
    """Who holds a role of their own on a day, as id and name: whom a cover can stand in for."""
    statement = (
        select(col(Account.id), col(Account.display_name))
        .join(Grant, col(Grant.account_id) == col(Account.id))
        .where(col(Grant.role) == role, col(Grant.is_cover).is_(False), in_force_on(day))
        .order_by(col(Account.display_name))
    )
    return [(id_, name) for id_, name in session.execute(statement)]


def administrators_on(session: Session, day: date) -> int:
    """How many unlocked administrators there are on a day."""
    statement = (
        select(func.count(func.distinct(col(Account.id))))
        .join(Grant, col(Grant.account_id) == col(Account.id))
        .where(
            col(Account.is_locked).is_(False),
            col(Grant.role) == Role.administrator,
            in_force_on(day),
        )
    )
    return int(session.execute(statement).scalar_one())


_ORDERS: Orders = {
    "username": (col(Account.username),),
    "display_name": (col(Account.display_name), col(Account.username)),
}


def _refuse_others(actor: Actor) -> None:
    if not (actor.is_system or actor.may(Permission.see_accounts)):
        raise NotAllowed(say("账号由系统管理员管理，审计可以查看；您当前没有这些角色"))


def _filtered(wanted: AccountFilter) -> Select[Any]:
    statement = select(Account)
    if wanted.text:
        statement = statement.outerjoin(Agency, col(Agency.id) == col(Account.agency_id)).outerjoin(
            Enterprise, col(Enterprise.id) == col(Account.enterprise_id)
        )
        names = (Account.username, Account.display_name, Agency.name, Enterprise.name)
        statement = statement.where(
            or_(*(col(name).contains(wanted.text, autoescape=True) for name in names))
        )
    if wanted.role is not None:
        held = and_(
            col(Grant.account_id) == col(Account.id),
            col(Grant.role) == wanted.role,
            in_force_on(today()),
        )
        statement = statement.where(exists().where(held))
    if wanted.is_locked is not None:
        statement = statement.where(col(Account.is_locked).is_(wanted.is_locked))
    return statement


def _rows(session: Session, found: Sequence[Account]) -> list[AccountRow]:
    ids = [account.id for account in found if account.id is not None]
    own, covers = _roles_today(session, ids)
    seen = _sessions(session, ids)
    names = _organisation_names(session, found)
    return [
        AccountRow(
            id=account.id or 0,
            username=account.username,
            display_name=account.display_name,
            organisation=names.get((account.agency_id, account.enterprise_id), ""),
            roles=tuple(own[account.id or 0]),
            covers=tuple(covers[account.id or 0]),
            is_locked=account.is_locked,
            must_change_password=account.must_change_password,
            open_sessions=seen.get(account.id or 0, (0, None))[0],
            last_seen_at_utc=seen.get(account.id or 0, (0, None))[1],
        )
        for account in found
    ]


def _roles_today(
    session: Session, ids: Iterable[int]
) -> tuple[dict[int, list[Role]], dict[int, list[Role]]]:
    own: dict[int, list[Role]] = defaultdict(list)
    covers: dict[int, list[Role]] = defaultdict(list)
    statement = (
        select(Grant.account_id, Grant.role, Grant.is_cover)
        .where(col(Grant.account_id).in_(ids), in_force_on(today()))
        .order_by(col(Grant.id))
    )
    for account_id, role, is_cover in session.execute(statement):
        (covers if is_cover else own)[account_id].append(role)
    return own, covers


def _sessions(session: Session, ids: Iterable[int]) -> dict[int, tuple[int, datetime | None]]:
    is_open = and_(
        col(BrowserSession.ended_at_utc).is_(None), col(BrowserSession.expires_at_utc) > now_utc()
    )
    statement = (
        select(
            BrowserSession.account_id,
            func.count().filter(is_open),
            func.max(BrowserSession.seen_at_utc),
        )
        .where(col(BrowserSession.account_id).in_(ids))
        .group_by(col(BrowserSession.account_id))
    )
    return {account_id: (count, seen) for account_id, count, seen in session.execute(statement)}


def _organisation_names(
    session: Session, found: Iterable[Account]
) -> dict[tuple[int | None, int | None], str]:
    names: dict[tuple[int | None, int | None], str] = {}
    for account in found:
        key = (account.agency_id, account.enterprise_id)
        if key not in names:
            names[key] = _organisation_name(session, *key)
    return names


def _organisation_name(session: Session, agency_id: int | None, enterprise_id: int | None) -> str:
    if agency_id is not None:
        return session.get_one(Agency, agency_id).name
    if enterprise_id is not None:
        return session.get_one(Enterprise, enterprise_id).name
    return ""


def _account_names(session: Session, ids: Iterable[int | None]) -> dict[int | None, str]:
    statement = select(col(Account.id), col(Account.display_name)).where(
        col(Account.id).in_([id_ for id_ in ids if id_ is not None])
    )
    return {row.id: row.display_name for row in session.execute(statement)}


def _grants(session: Session, account_id: int) -> tuple[GrantRow, ...]:
    found = session.execute(
        select(Grant)
        .where(col(Grant.account_id) == account_id)
        .order_by(col(Grant.valid_from).desc(), col(Grant.id).desc())
    ).scalars().all()  # fmt: skip
    names = _account_names(
        session, [id_ for grant in found for id_ in (grant.covers_account_id, grant.granted_by_id)]
    )
    return tuple(
        GrantRow(
            id=grant.id or 0,
            role=grant.role,
            valid_from=grant.valid_from,
            valid_to=grant.valid_to,
            covers=names.get(grant.covers_account_id, ""),
            reason=grant.reason,
            granted_by=names.get(grant.granted_by_id, ""),
            is_ended=grant.ended_at_utc is not None,
        )
        for grant in found
    )


def _ties(session: Session, account_id: int) -> tuple[TieRow, ...]:
    found = session.execute(
        select(Tie)
        .where(col(Tie.account_id) == account_id)
        .order_by(col(Tie.from_on).desc(), col(Tie.id).desc())
    ).scalars().all()  # fmt: skip
    names = _account_names(session, [tie.reported_by_id for tie in found])
    return tuple(
        TieRow(
            id=tie.id or 0,
            organisation=_organisation_name(session, tie.agency_id, tie.enterprise_id),
            kind=tie.kind,
            from_on=tie.from_on,
            to_on=tie.to_on,
            reported_by=names.get(tie.reported_by_id, ""),
        )
        for tie in found
    )
