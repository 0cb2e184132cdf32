"""Messages told to people, the mails they leave by, templates of letters."""

import sqlalchemy as sa
import sqlmodel
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0009"
down_revision = "0008"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """The tables of this revision."""
    op.create_table(
        "message_cursor",
        sa.Column("id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("seq", sa.BigInteger(), nullable=False),
        sa.CheckConstraint("id = 1", name=op.f("ck_message_cursor_one_row")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_message_cursor")),
    )
    op.create_table(
        "letter_template",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column(
            "kind",
            sa.Enum(
                "return_notice",
                "refusal_notice",
                "approval_notice",
                "filing_confirmation",
                "payment_order",
                name="letterkind",
                native_enum=False,
                create_constraint=True,
                length=24,
            ),
            nullable=False,
        ),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("file_name", sqlmodel.AutoString(length=200), nullable=False),
        sa.Column("size_bytes", sa.Integer(), nullable=False),
        sa.Column("sha256", sqlmodel.AutoString(length=64), nullable=False),
        sa.Column("added_by_id", sa.Integer(), nullable=False),
        sa.Column("added_at_utc", sqlmodel.UTCDateTime(), nullable=False),
        sa.CheckConstraint("version >= 1", name=op.f("ck_letter_template_version")),
        sa.ForeignKeyConstraint(
            ["added_by_id"], ["account.id"], name=op.f("fk_letter_template_added_by_id_account")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_letter_template")),
        sa.UniqueConstraint("kind", "version", name=op.f("uq_letter_template_kind_version")),
    )
    op.create_table(
        "mail",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("key", sqlmodel.AutoString(length=60), nullable=False),
        sa.Column("account_id", sa.Integer(), nullable=False),
        sa.Column(
            "kind",
            sa.Enum(
                "digest",
                "turn",
                name="mailkind",
                native_enum=False,
                create_constraint=True,
                length=24,
            ),
            nullable=False,
        ),
        sa.Column("address", sqlmodel.AutoString(length=254), nullable=False),
        sa.Column("subject", sqlmodel.AutoString(length=200), nullable=False),
        sa.Column("body_text", sa.Text(), nullable=False),
        sa.Column("body_html", sa.Text(), nullable=False),
        sa.Column("up_to", sa.Integer(), nullable=False),
        sa.Column(
            "state",
            sa.Enum(
                "queued",
                "sending",
                "sent",
                "given_up",
                "unclear",
                name="mailstate",
                native_enum=False,
                create_constraint=True,
                length=24,
            ),
            nullable=False,
        ),
        sa.Column("tries", sa.Integer(), nullable=False),
        sa.Column("composed_at_utc", sqlmodel.UTCDateTime(), nullable=False),
        sa.Column("tried_at_utc", sqlmodel.UTCDateTime(), nullable=True),
        sa.Column("sent_at_utc", sqlmodel.UTCDateTime(), nullable=True),
        sa.Column("fault", sqlmodel.AutoString(length=200), nullable=False),
        sa.CheckConstraint("tries >= 0", name=op.f("ck_mail_tries")),
        sa.ForeignKeyConstraint(
            ["account_id"], ["account.id"], name=op.f("fk_mail_account_id_account")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_mail")),
        sa.UniqueConstraint("key", name=op.f("uq_mail_key")),
    )
    with op.batch_alter_table("mail", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_mail_account_id"), ["account_id"], unique=False)
        batch_op.create_index("ix_mail_state", ["state", "id"], unique=False)

    op.create_table(
        "message",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("account_id", sa.Integer(), nullable=False),
        sa.Column("seq", sa.BigInteger(), nullable=False),
        sa.Column(
            "role",
            sa.Enum(
                "alliance_reviewer",
                "alliance_lead",
                "leader",
                "agency",
                "enterprise",
                "bureau",
                "committee",
                "finance",
                "auditor",
                "administrator",
                name="role",
                native_enum=False,
                create_constraint=True,
                length=24,
            ),
            nullable=False,
        ),
        sa.Column("kind", sqlmodel.AutoString(length=24), nullable=False),
        sa.Column("subject", sqlmodel.AutoString(length=80), nullable=False),
        sa.Column(
            "words", sa.JSON().with_variant(postgresql.JSONB(), "postgresql"), nullable=False
        ),
        sa.Column("is_turn", sa.Boolean(), nullable=False),
        sa.Column("at_utc", sqlmodel.UTCDateTime(), nullable=False),
        sa.Column("told_at_utc", sqlmodel.UTCDateTime(), nullable=False),
        sa.Column("read_at_utc", sqlmodel.UTCDateTime(), nullable=True),
        sa.ForeignKeyConstraint(
            ["account_id"], ["account.id"], name=op.f("fk_message_account_id_account")
        ),
        sa.ForeignKeyConstraint(["seq"], ["activity.seq"], name=op.f("fk_message_seq_activity")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_message")),
        sa.UniqueConstraint("account_id", "seq", name=op.f("uq_message_account_id_seq")),
    )
    with op.batch_alter_table("message", schema=None) as batch_op:
        batch_op.create_index("ix_message_account_id_id", ["account_id", "id"], unique=False)
        batch_op.create_index(
            "ix_message_unread",
            ["account_id", "id"],
            unique=False,
            sqlite_where=sa.text("read_at_utc IS NULL"),
            postgresql_where=sa.text("read_at_utc IS NULL"),
        )

    # Said in SQL: for its CHECK, SQLite would otherwise copy the table and lose the others.
    op.add_column(
        "account",
        sa.Column("email", sqlmodel.AutoString(length=254), nullable=False, server_default=""),
    )
    op.execute(
        "ALTER TABLE account ADD COLUMN mails VARCHAR(24) NOT NULL DEFAULT 'none'"
        " CONSTRAINT ck_account_mailchoice CHECK (mails IN ('none', 'digest', 'turn'))"
    )
