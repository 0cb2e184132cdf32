"""The record (操作记录): a hash chain over every write, its head and its anchors."""

from datetime import datetime
from typing import Any

from sqlalchemy import BigInteger, CheckConstraint, Index, UniqueConstraint
from sqlmodel import Field, SQLModel

from models.tables.base import json_field


class Activity(SQLModel, table=True):
    """One write: gapless `seq`, who, when, what, before and after, chained by hash."""

    __table_args__ = (
        UniqueConstraint("previous_hash"),
        UniqueConstraint("hash"),
        Index("ix_activity_subject", "subject", "seq"),
        Index("ix_activity_account_id", "account_id", "seq"),
        Index("ix_activity_verb", "verb", "seq"),
    )

    seq: int = Field(
        primary_key=True, sa_type=BigInteger, sa_column_kwargs={"autoincrement": False}
    )
    at_utc: datetime
    account_id: int | None = Field(default=None, foreign_key="account.id")
    grant_id: int | None = Field(default=None, foreign_key="role_grant.id")
    verb: str = Field(max_length=40)
    subject: str = Field(max_length=80)
    before: dict[str, Any] | None = json_field(default=None, nullable=True)
    after: dict[str, Any] | None = json_field(default=None, nullable=True)
    previous_hash: str = Field(max_length=64)
    hash: str = Field(max_length=64)


class ChainHead(SQLModel, table=True):
    """The chain's last link: one row, locked and written last, so two writers cannot fork the
    chain."""

    __tablename__ = "chain_head"
    __table_args__ = (CheckConstraint("id = 1", name="one_row"),)

    id: int = Field(default=1, primary_key=True)
    seq: int = Field(sa_type=BigInteger)
    hash: str = Field(max_length=64)


class Anchor(SQLModel, table=True):
    """The head as it was printed on a monthly application or frozen in a meeting: a cut tail
    shows."""

    id: int | None = Field(default=None, primary_key=True)
    seq: int = Field(sa_type=BigInteger)
    hash: str = Field(max_length=64)
    occasion: str = Field(max_length=80)
    anchored_at_utc: datetime
