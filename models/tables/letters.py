"""Templates of letters (函件模板), version by version."""

from datetime import datetime

from sqlalchemy import CheckConstraint, UniqueConstraint
from sqlmodel import Field, SQLModel

from models.rules.letters import LetterKind
from models.tables.base import enum_field


class LetterTemplate(SQLModel, table=True):
    """One version of the alliance's template of a letter; the file lies under its SHA-256. An older
    version stays: a letter is written with the one that was in force when it was decided."""

    __tablename__ = "letter_template"
    __table_args__ = (
        UniqueConstraint("kind", "version"),
        CheckConstraint("version >= 1", name="version"),
    )

    id: int | None = Field(default=None, primary_key=True)
    kind: LetterKind = enum_field(LetterKind)
    version: int
    file_name: str = Field(max_length=200)
    size_bytes: int
    sha256: str = Field(max_length=64)
    added_by_id: int = Field(foreign_key="account.id")
    added_at_utc: datetime
