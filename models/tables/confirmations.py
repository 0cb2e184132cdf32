"""What the alliance asks enterprises to confirm (企业确认请求); the answers stand in `agreements`."""

from datetime import date, datetime

from sqlalchemy import CheckConstraint, Index, UniqueConstraint, text
from sqlmodel import Field, SQLModel

_OPEN = text("used_at_utc IS NULL AND withdrawn_at_utc IS NULL")


class ConfirmationRequest(SQLModel, table=True):
    """A request to an enterprise (确认请求) as a link that is good once: only its token's hash is
    kept, so a copy of the database answers nothing. One is open for an agreement and result."""

    __tablename__ = "confirmation_request"
    __table_args__ = (
        UniqueConstraint("token_hash"),
        CheckConstraint("used_at_utc IS NULL OR withdrawn_at_utc IS NULL", name="one_end"),
        Index("ix_confirmation_request_of", "agreement_id", "result_id", "id"),
        Index(
            "uq_confirmation_request_open",
            "agreement_id",
            "result_id",
            unique=True,
            sqlite_where=_OPEN,
            postgresql_where=_OPEN,
        ),
    )

    id: int | None = Field(default=None, primary_key=True)
    agreement_id: int = Field(foreign_key="agreement.id")
    result_id: int = Field(foreign_key="result.id")
    token_hash: str = Field(max_length=64)
    contact_name: str = Field(max_length=64)
    issued_by_id: int = Field(foreign_key="account.id")
    issued_at_utc: datetime
    expires_on: date
    reminded_at_utc: datetime | None = None
    used_at_utc: datetime | None = None
    withdrawn_at_utc: datetime | None = None
