"""Objections to claims in public notice, with their evidence."""

import sqlalchemy as sa
import sqlmodel
from alembic import op

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """The tables of this revision."""
    op.create_table(
        "objection",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("claim_id", sa.Integer(), nullable=False),
        sa.Column("objector", sqlmodel.AutoString(length=120), nullable=False),
        sa.Column(
            "form",
            sa.Enum(
                "named",
                "sealed",
                name="objectionform",
                native_enum=False,
                create_constraint=True,
                length=24,
            ),
            nullable=False,
        ),
        sa.Column("received_on", sa.Date(), nullable=False),
        sa.Column("said", sqlmodel.AutoString(length=1000), nullable=False),
        sa.Column(
            "state",
            sa.Enum(
                "open",
                "dismissed",
                "upheld",
                name="objectionstate",
                native_enum=False,
                create_constraint=True,
                length=24,
            ),
            nullable=False,
        ),
        sa.Column("recorded_by_id", sa.Integer(), nullable=False),
        sa.Column("recorded_at_utc", sqlmodel.UTCDateTime(), nullable=False),
        sa.Column("answered_by_id", sa.Integer(), nullable=True),
        sa.Column("answered_at_utc", sqlmodel.UTCDateTime(), nullable=True),
        sa.Column("answered_after_event", sa.Integer(), nullable=True),
        sa.Column("answer", sqlmodel.AutoString(length=1000), nullable=False),
        sa.CheckConstraint("objector <> '' AND said <> ''", name=op.f("ck_objection_signed")),
        sa.CheckConstraint(
            "(state = 'open') = (answered_by_id IS NULL)", name=op.f("ck_objection_answered")
        ),
        sa.CheckConstraint(
            "(answered_by_id IS NULL) = (answered_at_utc IS NULL)"
            " AND (answered_by_id IS NULL) = (answered_after_event IS NULL)"
            " AND (answered_by_id IS NULL) = (answer = '')",
            name=op.f("ck_objection_answer_is_whole"),
        ),
        sa.CheckConstraint(
            "answered_by_id IS NULL OR answered_by_id <> recorded_by_id",
            name=op.f("ck_objection_two_people"),
        ),
        sa.ForeignKeyConstraint(
            ["answered_by_id"], ["account.id"], name=op.f("fk_objection_answered_by_id_account")
        ),
        sa.ForeignKeyConstraint(
            ["claim_id"], ["claim.id"], name=op.f("fk_objection_claim_id_claim")
        ),
        sa.ForeignKeyConstraint(
            ["recorded_by_id"], ["account.id"], name=op.f("fk_objection_recorded_by_id_account")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_objection")),
    )
    with op.batch_alter_table("objection", schema=None) as batch_op:
        batch_op.create_index("ix_objection_claim_id", ["claim_id", "id"], unique=False)

    op.create_table(
        "objection_paper",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("objection_id", sa.Integer(), nullable=False),
        sa.Column("file_name", sqlmodel.AutoString(length=200), nullable=False),
        sa.Column("media_type", sqlmodel.AutoString(length=60), nullable=False),
        sa.Column("size_bytes", sa.Integer(), nullable=False),
        sa.Column("sha256", sqlmodel.AutoString(length=64), nullable=False),
        sa.ForeignKeyConstraint(
            ["objection_id"],
            ["objection.id"],
            name=op.f("fk_objection_paper_objection_id_objection"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_objection_paper")),
    )
    with op.batch_alter_table("objection_paper", schema=None) as batch_op:
        batch_op.create_index("ix_objection_paper_objection_id", ["objection_id"], unique=False)
