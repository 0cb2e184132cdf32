"""Requests to enterprises to confirm a service."""

import sqlalchemy as sa
import sqlmodel
from alembic import op

revision = "0007"
down_revision = "0006"
branch_labels = None
depends_on = None

_OPEN = sa.text("used_at_utc IS NULL AND withdrawn_at_utc IS NULL")


def upgrade() -> None:
    """The table of this revision."""
    op.create_table(
        "confirmation_request",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("agreement_id", sa.Integer(), nullable=False),
        sa.Column("result_id", sa.Integer(), nullable=False),
        sa.Column("token_hash", sqlmodel.AutoString(length=64), nullable=False),
        sa.Column("contact_name", sqlmodel.AutoString(length=64), nullable=False),
        sa.Column("issued_by_id", sa.Integer(), nullable=False),
        sa.Column("issued_at_utc", sqlmodel.UTCDateTime(), nullable=False),
        sa.Column("expires_on", sa.Date(), nullable=False),
        sa.Column("reminded_at_utc", sqlmodel.UTCDateTime(), nullable=True),
        sa.Column("used_at_utc", sqlmodel.UTCDateTime(), nullable=True),
        sa.Column("withdrawn_at_utc", sqlmodel.UTCDateTime(), nullable=True),
        sa.CheckConstraint(
            "used_at_utc IS NULL OR withdrawn_at_utc IS NULL",
            name=op.f("ck_confirmation_request_one_end"),
        ),
        sa.ForeignKeyConstraint(
            ["agreement_id"],
            ["agreement.id"],
            name=op.f("fk_confirmation_request_agreement_id_agreement"),
        ),
        sa.ForeignKeyConstraint(
            ["issued_by_id"],
            ["account.id"],
            name=op.f("fk_confirmation_request_issued_by_id_account"),
        ),
        sa.ForeignKeyConstraint(
            ["result_id"], ["result.id"], name=op.f("fk_confirmation_request_result_id_result")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_confirmation_request")),
        sa.UniqueConstraint("token_hash", name=op.f("uq_confirmation_request_token_hash")),
    )
    with op.batch_alter_table("confirmation_request", schema=None) as batch_op:
        batch_op.create_index(
            "ix_confirmation_request_of", ["agreement_id", "result_id", "id"], unique=False
        )
        batch_op.create_index(
            "uq_confirmation_request_open",
            ["agreement_id", "result_id"],
            unique=True,
            sqlite_where=_OPEN,
            postgresql_where=_OPEN,
        )
