"""Role grants (角色授予), cover (代理) and ties (回避关系): dated, and never by oneself for oneself."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from sqlalchemy import ColumnElement, or_, select
from sqlmodel import Session, col

from models.actions.accounts import (
    NewAccount,
    account_of,
    add_account,
    one_time_password,
    refuse_unless_administrator,
    refuse_without_administrator,
    subject_of,
)
from models.actions.leases import leave_all_claims
from models.actions.record import record
from models.clock import now_utc, today
from models.rules.errors import AlreadyDone, NotAllowed, NotAvailable, NotFound, ReasonMissing
from models.rules.roles import ROLE_NAMES, Actor, Permission, Role
from models.rules.wording import say
from models.tables.claims import Claim
from models.tables.people import Account, Grant, Tie


@dataclass(frozen=True, slots=True)
class NewGrant:
    """A role for some days; `covers_account_id` makes it a cover (代理) for that person."""

    role: Role
    valid_from: date
    valid_to: date | None = None
    covers_account_id: int | None = None
    reason: str = ""


@dataclass(frozen=True, slots=True)
class NewTie:
    """A tie to one organisation, `agency_id` or `enterprise_id`."""

    kind: str
    from_on: date
    to_on: date | None = None
    agency_id: int | None = None
    enterprise_id: int | None = None


@dataclass(frozen=True, slots=True)
class Invitation:
    """A new account and its one-time password, which nothing keeps."""

    account_id: int
    username: str
    password: str


def invite(session: Session, actor: Actor, new: NewAccount, grant: NewGrant) -> Invitation:
    """Add an account with its first role and a one-time password (邀请), to be handed over in person.

    Raises:
        NotAllowed, NotAvailable, AlreadyDone: as `add_account` and `grant_role`.
    """
    password = one_time_password()
    account_id = add_account(session, actor, new, password)
    grant_role(session, actor, account_id, grant)
    return Invitation(account_id, new.username.strip().lower(), password)


def grant_role(session: Session, actor: Actor, account_id: int, new: NewGrant) -> int:
    """Grant a role to an account (授予角色), or let it cover for a colleague (代理).

    Args:
        session: the writing transaction.
        actor: an administrator, or the system; never for the own account.
        account_id: who receives it.
        new: the role and its days, both ends included.

    Returns:
        The grant's id.

    Raises:
        NotAllowed: the actor is no administrator, or it would be for the actor.
        NotFound: no such account.
        NotAvailable: dates reversed, a role that does not fit its organisation, nothing to cover.
        ReasonMissing: a cover without an end or a reason.
        AlreadyDone: the account holds the role on one of those days.
    """
    refuse_unless_administrator(actor)
    account = account_of(session, account_id)
    if account_id == actor.account_id and not actor.is_system:
        raise NotAllowed(say("不能给自己授予角色，请另一位系统管理员办理"))
    _refuse_bad_grant(session, account, new)
    grant = Grant(
        account_id=account_id,
        role=new.role,
        valid_from=new.valid_from,
        valid_to=new.valid_to,
        is_cover=new.covers_account_id is not None,
        covers_account_id=new.covers_account_id,
        reason=new.reason.strip(),
        granted_by_id=None if actor.is_system else actor.account_id,
        granted_at_utc=now_utc(),
    )
    session.add(grant)
    session.flush()
    assert grant.id is not None
    record(session, actor, "grant_role", subject_of(account), None, _facts(grant))
    return grant.id


def end_grant(session: Session, actor: Actor, grant_id: int) -> None:
    """End a grant now (终止授予): it is gone at the next click, and today is its last day, so that
    what was done under it this morning lies inside it.

    A grant that had not begun ends on the day it would have begun, never in force.

    Raises:
        NotAllowed: the actor is no administrator.
        NotFound: no such grant.
        AlreadyDone: it has ended.
        NotAvailable: no administrator would be left.
    """
    refuse_unless_administrator(actor)
    grant = session.get(Grant, grant_id)
    if grant is None:
        raise NotFound(say("没有这项授予"))
    is_over = grant.valid_to is not None and grant.valid_to < today()
    if is_over or grant.ended_at_utc is not None:
        raise AlreadyDone(say("这项授予已经终止"))
    before = _facts(grant)
    grant.valid_to, grant.ended_at_utc = max(grant.valid_from, today()), now_utc()
    session.add(grant)
    session.flush()
    refuse_without_administrator(session, actor)
    subject = subject_of(account_of(session, grant.account_id))
    record(session, actor, "end_grant", subject, before, _facts(grant))


def declare_tie(session: Session, actor: Actor, account_id: int, new: NewTie) -> int:
    """Declare one's own tie (申报回避), or report somebody else's (报告).

    Claims of that organisation which the person had taken are free at once.

    Returns:
        The tie's id.

    Raises:
        NotAllowed: the actor holds no role.
        NotFound: no such account.
        NotAvailable: not exactly one organisation, no kind, or dates the wrong way round.
        AlreadyDone: the same tie is in force.
    """
    if not (actor.is_system or actor.may(Permission.declare_tie)):
        raise NotAllowed(say("您当前没有任何角色，不能申报回避关系"))
    account = account_of(session, account_id)
    _refuse_bad_tie(session, account_id, new)
    tie = Tie(
        account_id=account_id,
        agency_id=new.agency_id,
        enterprise_id=new.enterprise_id,
        kind=new.kind.strip(),
        from_on=new.from_on,
        to_on=new.to_on,
        reported_by_id=account_id if actor.is_system else actor.account_id,
        reported_at_utc=now_utc(),
    )
    session.add(tie)
    session.flush()
    assert tie.id is not None
    leave_all_claims(session, account_id, _party_of(tie))
    record(session, actor, "declare_tie", subject_of(account), None, _tie_facts(tie))
    return tie.id


def end_tie(session: Session, actor: Actor, tie_id: int, last_on: date) -> None:
    """Note the last day of a tie (解除回避): by the lead or an administrator, never by its holder.

    Raises:
        NotFound: no such tie.
        NotAllowed: the actor is its holder, or neither lead nor administrator.
        NotAvailable: the last day lies before the first.
    """
    tie = session.get(Tie, tie_id)
    if tie is None:
        raise NotFound(say("没有这项回避关系"))
    _refuse_to_end(actor, tie)
    if last_on < tie.from_on:
        raise NotAvailable(say("终止日期早于开始日期"))
    before, tie.to_on = _tie_facts(tie), last_on
    session.add(tie)
    session.flush()
    subject = subject_of(account_of(session, tie.account_id))
    record(session, actor, "end_tie", subject, before, _tie_facts(tie))


def _refuse_bad_grant(session: Session, account: Account, new: NewGrant) -> None:
    if new.valid_to is not None and new.valid_to < new.valid_from:
        raise NotAvailable(say("截止日期早于开始日期"))
    if (new.role is Role.agency) != (account.agency_id is not None):
        raise NotAvailable(say("“服务机构”角色只授予代表服务机构的账号，这类账号也只能有该角色"))
    if (new.role is Role.enterprise) != (account.enterprise_id is not None):
        raise NotAvailable(say("“企业会员”角色只授予代表企业的账号，这类账号也只能有该角色"))
    if new.covers_account_id is not None:
        _refuse_bad_cover(session, account, new)
    if _held(session, account.id, new, is_cover=new.covers_account_id is not None):
        raise AlreadyDone(say("该账号在这段时间已有“{role}”角色", role=ROLE_NAMES[new.role]))


def _refuse_bad_cover(session: Session, account: Account, new: NewGrant) -> None:
    if new.valid_to is None or not new.reason.strip():
        raise ReasonMissing(say("代理必须写明截止日期和事由"))
    if new.covers_account_id == account.id:
        raise NotAvailable(say("不能代理自己"))
    if not _held(session, new.covers_account_id, new, is_cover=False):
        raise NotAvailable(say("被代理人在这段时间没有“{role}”角色", role=ROLE_NAMES[new.role]))


def _held(session: Session, account_id: int | None, new: NewGrant, *, is_cover: bool) -> bool:
    """Whether the account has the role on at least one of the days, as its own or as a cover."""
    statement = select(Grant.id).where(
        col(Grant.account_id) == account_id,
        col(Grant.role) == new.role,
        col(Grant.is_cover).is_(is_cover),
        col(Grant.ended_at_utc).is_(None),
        or_(col(Grant.valid_to).is_(None), col(Grant.valid_to) >= new.valid_from),
    )
    if new.valid_to is not None:
        statement = statement.where(col(Grant.valid_from) <= new.valid_to)
    return session.execute(statement.limit(1)).first() is not None


def _refuse_bad_tie(session: Session, account_id: int, new: NewTie) -> None:
    if (new.agency_id is None) == (new.enterprise_id is None):
        raise NotAvailable(say("回避关系针对一家单位，请选定企业或服务机构"))
    if not 0 < len(new.kind.strip()) <= 40:
        raise NotAvailable(say("请写明是什么关系，最长 40 个字"))
    if new.to_on is not None and new.to_on < new.from_on:
        raise NotAvailable(say("截止日期早于开始日期"))
    same = select(Tie.id).where(
        col(Tie.account_id) == account_id,
        col(Tie.agency_id).is_(None)
        if new.agency_id is None
        else col(Tie.agency_id) == new.agency_id,
        col(Tie.enterprise_id).is_(None)
        if new.enterprise_id is None
        else col(Tie.enterprise_id) == new.enterprise_id,
        or_(col(Tie.to_on).is_(None), col(Tie.to_on) >= new.from_on),
    )
    if session.execute(same.limit(1)).first() is not None:
        raise AlreadyDone(say("与该单位的回避关系已登记在案"))


def _refuse_to_end(actor: Actor, tie: Tie) -> None:
    if actor.is_system:
        return
    if tie.account_id == actor.account_id:
        raise NotAllowed(say("本人的回避关系由联盟负责人或系统管理员解除"))
    if not (actor.may(Permission.manage_accounts) or Role.alliance_lead in actor.roles):
        raise NotAllowed(say("回避关系由联盟负责人或系统管理员解除"))


def _party_of(tie: Tie) -> ColumnElement[bool]:
    """Which claims are those of the tied organisation."""
    if tie.agency_id is not None:
        return col(Claim.agency_id) == tie.agency_id
    return col(Claim.enterprise_id) == tie.enterprise_id


def _facts(grant: Grant) -> dict[str, str | int | None]:
    return {
        "grant": grant.id,
        "role": grant.role.value,
        "from": grant.valid_from.isoformat(),
        "to": grant.valid_to.isoformat() if grant.valid_to else None,
        "ended": int(grant.ended_at_utc is not None),
        "covers": grant.covers_account_id,
        "reason": grant.reason,
    }


def _tie_facts(tie: Tie) -> dict[str, str | int | None]:
    return {
        "tie": tie.id,
        "agency": tie.agency_id,
        "enterprise": tie.enterprise_id,
        "kind": tie.kind,
        "from": tie.from_on.isoformat(),
        "to": tie.to_on.isoformat() if tie.to_on else None,
    }
