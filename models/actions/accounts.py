"""Accounts (账号): adding, passwords, locking, sessions, language. Roles, ties: `grants`."""

from __future__ import annotations

import re
import secrets
from dataclasses import dataclass
from typing import Any

from sqlalchemy import delete, select, update
from sqlmodel import Session, col

from models.actions.inserts import inserted
from models.actions.leases import leave_all_claims
from models.actions.record import record
from models.clock import now_utc, today
from models.queries.accounts import administrators_on
from models.rules.digest import sha256_hex
from models.rules.errors import AlreadyDone, NotAllowed, NotAvailable, NotFound, SignInRefused
from models.rules.passwords import password_hash, password_matches, refuse_weak
from models.rules.roles import Actor, Permission
from models.rules.wording import say
from models.tables.people import Account, BrowserSession, SignInGuard

_USERNAME = re.compile(r"[a-z0-9][a-z0-9._-]{1,63}")
_LETTERS = "abcdefghjkmnpqrstuvwxyz23456789"  # nothing that looks like something else
LANGUAGES = frozenset({"zh_CN", "en"})


@dataclass(frozen=True, slots=True)
class NewAccount:
    """An account to be added; `agency_id` or `enterprise_id`: the organisation it speaks for."""

    username: str
    display_name: str
    agency_id: int | None = None
    enterprise_id: int | None = None
    language: str = ""


def add_account(
    session: Session,
    actor: Actor,
    new: NewAccount,
    password: str,
    *,
    must_change_password: bool = True,
) -> int:
    """Add an account (新增账号); the first of an empty deployment is added by the system.

    Args:
        session: the writing transaction.
        actor: an administrator, or the system.
        new: its name and organisation.
        password: its first password.
        must_change_password: whether it has to be changed at the first sign-in.

    Returns:
        The account's id.

    Raises:
        NotAllowed: the actor is no administrator.
        NotAvailable: the name is not one an account can have.
        AlreadyDone: the name is taken, also when two take it at the same moment.
        PasswordTooWeak: a stranger would guess the password.
    """
    refuse_unless_administrator(actor)
    username = new.username.strip().lower()
    _refuse_bad_names(username, new.display_name)
    refuse_weak(password, username)
    now = now_utc()
    account = Account(
        username=username,
        display_name=new.display_name.strip(),
        password_hash=password_hash(password),
        agency_id=new.agency_id,
        enterprise_id=new.enterprise_id,
        language=new.language,
        must_change_password=must_change_password,
        created_at_utc=now,
        password_changed_at_utc=now,
    )
    if not inserted(session, Account, account.model_dump(exclude={"id"})):
        raise AlreadyDone(say("账号 {username} 已有人使用", username=username))
    after = {"agency": new.agency_id, "enterprise": new.enterprise_id}
    record(session, actor, "add_account", subject_of(account), None, after)
    added = select(col(Account.id)).where(col(Account.username) == username)
    return int(session.execute(added).scalar_one())


def change_own_password(
    session: Session, actor: Actor, current: str, new: str, token: str | None
) -> None:
    """Change one's own password (修改密码); other browsers are signed out.

    Args:
        session: the writing transaction.
        actor: the account.
        current: the password in force, typed again.
        new: the new one.
        token: the session to keep.

    Raises:
        SignInRefused: the current password is wrong.
        PasswordTooWeak: a stranger would guess the new one, or it is the old one.
    """
    account = account_of(session, actor.account_id)
    if not password_matches(current, account.password_hash):
        raise SignInRefused(say("当前密码不正确"))
    if new == current:
        raise NotAvailable(say("新密码不能与当前密码相同"))
    _put_password(session, account, new, must_change=False)
    _end_sessions(session, actor.account_id, keep=token)
    record(session, actor, "change_own_password", subject_of(account), None, None)


def set_password(session: Session, actor: Actor, account_id: int, password: str) -> None:
    """Set somebody's password (重设密码); it must be changed at the next sign-in, every session ends.

    Raises:
        NotAllowed: the actor is no administrator.
        NotFound: no such account.
        PasswordTooWeak: a stranger would guess the password.
    """
    refuse_unless_administrator(actor)
    account = account_of(session, account_id)
    _put_password(session, account, password, must_change=True)
    _end_sessions(session, account_id)
    _forget_failures(session, account)
    record(session, actor, "set_password", subject_of(account), None, None)


def reset_password(session: Session, actor: Actor, account_id: int) -> str:
    """Give somebody a one-time password (一次性密码), shown once and kept nowhere.

    Returns:
        The password.

    Raises:
        NotAllowed: the actor is no administrator.
        NotFound: no such account.
    """
    password = one_time_password()
    set_password(session, actor, account_id, password)
    return password


def lock_account(session: Session, actor: Actor, account_id: int) -> None:
    """Lock an account (停用账号): its sessions end now, what it had taken is free.

    Raises:
        NotAllowed: the actor is no administrator.
        NotAvailable: it is the actor's own, or no administrator would be left.
        NotFound: no such account.
    """
    refuse_unless_administrator(actor)
    account = account_of(session, account_id)
    if account_id == actor.account_id:
        raise NotAvailable(say("不能停用自己的账号"))
    if account.is_locked:
        raise AlreadyDone(say("账号已停用"))
    account.is_locked = True
    session.add(account)
    session.flush()
    refuse_without_administrator(session, actor)
    _end_sessions(session, account_id)
    leave_all_claims(session, account_id)
    record(session, actor, "lock_account", subject_of(account), {"locked": 0}, {"locked": 1})


def unlock_account(session: Session, actor: Actor, account_id: int) -> None:
    """Unlock an account (恢复账号); wrong passwords counted against its name are forgotten.

    Raises:
        NotAllowed: the actor is no administrator.
        NotFound: no such account.
    """
    refuse_unless_administrator(actor)
    account = account_of(session, account_id)
    before = {"locked": int(account.is_locked)}
    account.is_locked = False
    session.add(account)
    _forget_failures(session, account)
    record(session, actor, "unlock_account", subject_of(account), before, {"locked": 0})


def lift_sign_in_block(session: Session, actor: Actor, account_id: int) -> None:
    """Lift the block on signing in under an account's name (解除登录限制), wherever it stands; browsers
    that signed in before stay known.

    Raises:
        NotAllowed: the actor is no administrator.
        NotFound: no such account.
        AlreadyDone: no block is in force.
    """
    refuse_unless_administrator(actor)
    account = account_of(session, account_id)
    shut = update(SignInGuard).where(
        col(SignInGuard.username_hash) == sha256_hex(account.username),
        col(SignInGuard.shut_until_utc) > now_utc(),
    )
    lifted: Any = session.execute(shut.values(failures=0, shut_until_utc=None))
    if not lifted.rowcount:
        raise AlreadyDone(say("这个账号现在没有登录限制"))
    change = {"blocked": int(lifted.rowcount)}, {"blocked": 0}
    record(session, actor, "lift_sign_in_block", subject_of(account), *change)


def sign_out_everywhere(session: Session, actor: Actor, account_id: int) -> int:
    """End every session of an account (在所有设备上退出); one's own, or anybody's by an administrator.

    Returns:
        How many sessions ended.

    Raises:
        NotAllowed: another person's account, and the actor is no administrator.
        NotFound: no such account.
    """
    if account_id != actor.account_id:
        refuse_unless_administrator(actor)
    account = account_of(session, account_id)
    ended = _end_sessions(session, account_id)
    leave_all_claims(session, account_id)
    record(session, actor, "sign_out_everywhere", subject_of(account), None, {"ended": ended})
    return ended


def choose_language(session: Session, actor: Actor, language: str) -> None:
    """Choose the language (语言) one's own screens speak.

    Raises:
        NotAvailable: a language we do not speak.
    """
    if language not in LANGUAGES:
        raise NotAvailable(say("没有这种语言"))
    account = account_of(session, actor.account_id)
    before, account.language = account.language, language
    session.add(account)
    change = {"language": before}, {"language": language}
    record(session, actor, "choose_language", subject_of(account), *change)


def one_time_password() -> str:
    """Four groups of four letters a person can read out and type: 79 bits."""
    groups = ("".join(secrets.choice(_LETTERS) for _ in range(4)) for _ in range(4))
    return "-".join(groups)


def account_of(session: Session, account_id: int) -> Account:
    """The account of an id.

    Raises:
        NotFound: there is none.
    """
    account = session.get(Account, account_id)
    if account is None:
        raise NotFound(say("没有这个账号"))
    return account


def subject_of(account: Account) -> str:
    """How the record names an account."""
    return f"account:{account.username}"


def refuse_unless_administrator(actor: Actor) -> None:
    """Let only an administrator, or the system itself, go on.

    Raises:
        NotAllowed: anybody else.
    """
    if not (actor.is_system or actor.may(Permission.manage_accounts)):
        raise NotAllowed(say("账号由系统管理员管理，您当前没有该角色"))


def refuse_without_administrator(session: Session, actor: Actor) -> None:
    """Refuse a change after which nobody could administer the accounts.

    Raises:
        NotAvailable: no unlocked administrator would be left today.
    """
    if not actor.is_system and not administrators_on(session, today()):
        raise NotAvailable(say("至少要有一名在用的系统管理员"))


def _refuse_bad_names(username: str, display_name: str) -> None:
    if not _USERNAME.fullmatch(username):
        raise NotAvailable(say("账号用小写字母、数字和 . _ -，2 到 64 个，首个是字母或数字"))
    if not 0 < len(display_name.strip()) <= 64:
        raise NotAvailable(say("姓名或称谓必填，最长 64 个字"))


def _put_password(session: Session, account: Account, password: str, *, must_change: bool) -> None:
    refuse_weak(password, account.username)
    account.password_hash = password_hash(password)
    account.must_change_password = must_change
    account.password_changed_at_utc = now_utc()
    session.add(account)


def _end_sessions(session: Session, account_id: int, keep: str | None = None) -> int:
    statement = (
        update(BrowserSession)
        .where(col(BrowserSession.account_id) == account_id)
        .where(col(BrowserSession.ended_at_utc).is_(None))
    )
    if keep is not None:
        statement = statement.where(col(BrowserSession.token_hash) != sha256_hex(keep))
    ended: Any = session.execute(statement.values(ended_at_utc=now_utc()))
    return int(ended.rowcount)


def _forget_failures(session: Session, account: Account) -> None:
    session.execute(
        delete(SignInGuard).where(col(SignInGuard.username_hash) == sha256_hex(account.username))
    )
