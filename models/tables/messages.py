"""What people are told (消息): messages out of the record, how far it has been read for them, and the
mails they leave by."""

from datetime import datetime
from typing import Any

from sqlalchemy import BigInteger, CheckConstraint, Index, Text, UniqueConstraint, text
from sqlmodel import Field, SQLModel

from models.rules.mails import MailKind, MailState
from models.rules.roles import Role
from models.tables.base import enum_field, json_field


class Message(SQLModel, table=True):
    """What one person was told of one link of the record; shown while they hold the role under
    which they were told. Reading it is no write of the record, as looking at a page is none."""

    __table_args__ = (
        UniqueConstraint("account_id", "seq"),
        Index("ix_message_account_id_id", "account_id", "id"),
        Index(
            "ix_message_unread",
            "account_id",
            "id",
            sqlite_where=text("read_at_utc IS NULL"),
            postgresql_where=text("read_at_utc IS NULL"),
        ),
    )

    id: int | None = Field(default=None, primary_key=True)
    account_id: int = Field(foreign_key="account.id")
    seq: int = Field(sa_type=BigInteger, foreign_key="activity.seq")
    role: Role = enum_field(Role)
    kind: str = Field(max_length=24)
    subject: str = Field(max_length=80)
    words: dict[str, Any] = json_field()
    is_turn: bool
    at_utc: datetime
    told_at_utc: datetime
    read_at_utc: datetime | None = None


class MessageCursor(SQLModel, table=True):
    """How far the record has been read for messages: one row, locked by whoever reads on."""

    __tablename__ = "message_cursor"
    __table_args__ = (CheckConstraint("id = 1", name="one_row"),)

    id: int = Field(default=1, primary_key=True)
    seq: int = Field(sa_type=BigInteger)


class Mail(SQLModel, table=True):
    """A mail (邮件) on its way out: composed once under its key, handed to the server at most once.
    Its words are forgotten when it has left: they stand in the messages."""

    __table_args__ = (
        UniqueConstraint("key"),
        Index("ix_mail_state", "state", "id"),
        CheckConstraint("tries >= 0", name="tries"),
    )

    id: int | None = Field(default=None, primary_key=True)
    key: str = Field(max_length=60)
    account_id: int = Field(foreign_key="account.id", index=True)
    kind: MailKind = enum_field(MailKind)
    address: str = Field(max_length=254)
    subject: str = Field(max_length=200)
    body_text: str = Field(sa_type=Text)
    body_html: str = Field(sa_type=Text)
    up_to: int  # the newest message it tells of
    state: MailState = enum_field(MailState, default=MailState.queued)
    tries: int = 0
    composed_at_utc: datetime
    tried_at_utc: datetime | None = None
    sent_at_utc: datetime | None = None
    fault: str = Field(default="", max_length=200)
