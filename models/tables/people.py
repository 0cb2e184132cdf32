"""Accounts (账号), dated role grants (角色授予), ties (回避关系) and the server's side of a browser
session."""

from datetime import date, datetime

from sqlalchemy import CheckConstraint, Index, UniqueConstraint, text
from sqlmodel import Field, SQLModel

from models.rules.mails import MailChoice
from models.rules.roles import Role
from models.tables.base import enum_field


class Account(SQLModel, table=True):
    """A person's account. An agency's or enterprise's account speaks for exactly one
    organisation."""

    __table_args__ = (
        UniqueConstraint("username"),
        CheckConstraint("username = lower(username)", name="username_lower"),
        CheckConstraint("agency_id IS NULL OR enterprise_id IS NULL", name="one_organisation"),
    )

    id: int | None = Field(default=None, primary_key=True)
    username: str = Field(max_length=64)
    display_name: str = Field(max_length=64)
    password_hash: str = Field(max_length=128)
    agency_id: int | None = Field(default=None, foreign_key="agency.id", index=True)
    enterprise_id: int | None = Field(default=None, foreign_key="enterprise.id", index=True)
    language: str = Field(default="", max_length=8)
    is_locked: bool = False
    must_change_password: bool = False
    created_at_utc: datetime
    password_changed_at_utc: datetime
    email: str = Field(default="", max_length=254, sa_column_kwargs={"server_default": ""})
    mails: MailChoice = enum_field(
        MailChoice, default=MailChoice.none, sa_column_kwargs={"server_default": "none"}
    )


class Grant(SQLModel, table=True):
    """A dated grant of a role to an account; cover (代理) stands in for a colleague and says so."""

    __tablename__ = "role_grant"
    __table_args__ = (
        CheckConstraint("valid_to IS NULL OR valid_to >= valid_from", name="period"),
        CheckConstraint("is_cover = (covers_account_id IS NOT NULL)", name="cover_names_whom"),
    )

    id: int | None = Field(default=None, primary_key=True)
    account_id: int = Field(foreign_key="account.id", index=True)
    role: Role = enum_field(Role)
    valid_from: date
    valid_to: date | None = None
    is_cover: bool = False
    covers_account_id: int | None = Field(default=None, foreign_key="account.id")
    reason: str = Field(default="", max_length=400)
    ended_at_utc: datetime | None = None  # ended at this instant of its last day
    granted_by_id: int | None = Field(default=None, foreign_key="account.id")
    granted_at_utc: datetime


class Tie(SQLModel, table=True):
    """A tie (回避关系) of an account to one organisation: it forbids taking and deciding its claims."""

    __table_args__ = (
        CheckConstraint("(agency_id IS NULL) <> (enterprise_id IS NULL)", name="one_organisation"),
        CheckConstraint("to_on IS NULL OR to_on >= from_on", name="period"),
    )

    id: int | None = Field(default=None, primary_key=True)
    account_id: int = Field(foreign_key="account.id", index=True)
    agency_id: int | None = Field(default=None, foreign_key="agency.id", index=True)
    enterprise_id: int | None = Field(default=None, foreign_key="enterprise.id", index=True)
    kind: str = Field(max_length=40)
    from_on: date
    to_on: date | None = None
    reported_by_id: int = Field(foreign_key="account.id")
    reported_at_utc: datetime


class BrowserSession(SQLModel, table=True):
    """A signed-in browser: only the token's hash is kept, so a copy of the database opens
    nothing."""

    __tablename__ = "browser_session"
    __table_args__ = (
        UniqueConstraint("token_hash"),
        Index(
            "ix_browser_session_open",
            "account_id",
            sqlite_where=text("ended_at_utc IS NULL"),
            postgresql_where=text("ended_at_utc IS NULL"),
        ),
    )

    id: int | None = Field(default=None, primary_key=True)
    token_hash: str = Field(max_length=64)
    account_id: int = Field(foreign_key="account.id")
    began_at_utc: datetime
    seen_at_utc: datetime
    expires_at_utc: datetime
    ended_at_utc: datetime | None = None
    browser: str = Field(default="", max_length=200)


class SignInTicket(SQLModel, table=True):
    """A one-time ticket: a good password hands it to the page, `/auth/enter` turns it into a
    session."""

    __tablename__ = "sign_in_ticket"
    __table_args__ = (UniqueConstraint("token_hash"),)

    id: int | None = Field(default=None, primary_key=True)
    token_hash: str = Field(max_length=64)
    browser_hash: str = Field(max_length=64)
    account_id: int = Field(foreign_key="account.id")
    expires_at_utc: datetime
    used_at_utc: datetime | None = None


class SignInGuard(SQLModel, table=True):
    """Failed sign-ins of one name from one browser: backs off, survives a restart, locks nobody
    else out."""

    __tablename__ = "sign_in_guard"
    __table_args__ = (UniqueConstraint("username_hash", "source_hash"),)

    id: int | None = Field(default=None, primary_key=True)
    username_hash: str = Field(max_length=64)
    source_hash: str = Field(max_length=64)
    failures: int = 0
    last_failed_at_utc: datetime
    shut_until_utc: datetime | None = None
