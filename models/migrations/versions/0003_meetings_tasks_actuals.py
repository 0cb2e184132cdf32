"""Figures entered and confirmed, work reported, meetings frozen."""

import sqlalchemy as sa
import sqlmodel
from alembic import op

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """The tables of this revision."""
    op.create_table(
        "meeting_snapshot",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("title", sqlmodel.AutoString(length=80), nullable=False),
        sa.Column("as_of", sa.Date(), nullable=False),
        sa.Column("taken_at_utc", sqlmodel.UTCDateTime(), nullable=False),
        sa.Column("taken_by_id", sa.Integer(), nullable=False),
        sa.Column("content", sa.Text(), nullable=False),
        sa.Column("digest", sqlmodel.AutoString(length=64), nullable=False),
        sa.Column("chain_head", sqlmodel.AutoString(length=64), nullable=False),
        sa.ForeignKeyConstraint(
            ["taken_by_id"], ["account.id"], name=op.f("fk_meeting_snapshot_taken_by_id_account")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_meeting_snapshot")),
        sa.UniqueConstraint("digest", name=op.f("uq_meeting_snapshot_digest")),
    )
    op.create_table(
        "actual_entry",
        sa.Column("actual_id", sqlmodel.AutoString(length=16), nullable=False),
        sa.Column(
            "state",
            sa.Enum(
                "entered",
                "confirmed",
                "turned_down",
                name="entrystate",
                native_enum=False,
                create_constraint=True,
                length=24,
            ),
            nullable=False,
        ),
        sa.Column("replaces_id", sqlmodel.AutoString(length=16), nullable=True),
        sa.Column("reason", sqlmodel.AutoString(length=300), nullable=False),
        sa.Column("entered_by_id", sa.Integer(), nullable=False),
        sa.Column("entered_at_utc", sqlmodel.UTCDateTime(), nullable=False),
        sa.Column("decided_by_id", sa.Integer(), nullable=True),
        sa.Column("decided_at_utc", sqlmodel.UTCDateTime(), nullable=True),
        sa.Column("decided_reason", sqlmodel.AutoString(length=300), nullable=False),
        sa.ForeignKeyConstraint(
            ["actual_id"], ["actual.id"], name=op.f("fk_actual_entry_actual_id_actual")
        ),
        sa.ForeignKeyConstraint(
            ["decided_by_id"], ["account.id"], name=op.f("fk_actual_entry_decided_by_id_account")
        ),
        sa.ForeignKeyConstraint(
            ["entered_by_id"], ["account.id"], name=op.f("fk_actual_entry_entered_by_id_account")
        ),
        sa.ForeignKeyConstraint(
            ["replaces_id"], ["actual.id"], name=op.f("fk_actual_entry_replaces_id_actual")
        ),
        sa.PrimaryKeyConstraint("actual_id", name=op.f("pk_actual_entry")),
    )
    with op.batch_alter_table("actual_entry", schema=None) as batch_op:
        batch_op.create_index("ix_actual_entry_replaces_id", ["replaces_id"], unique=False)
        batch_op.create_index("ix_actual_entry_state", ["state", "entered_at_utc"], unique=False)

    op.create_table(
        "meeting_slide",
        sa.Column("target_id", sqlmodel.AutoString(length=12), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("added_by_id", sa.Integer(), nullable=False),
        sa.Column("added_at_utc", sqlmodel.UTCDateTime(), nullable=False),
        sa.ForeignKeyConstraint(
            ["added_by_id"], ["account.id"], name=op.f("fk_meeting_slide_added_by_id_account")
        ),
        sa.ForeignKeyConstraint(
            ["target_id"], ["target.id"], name=op.f("fk_meeting_slide_target_id_target")
        ),
        sa.PrimaryKeyConstraint("target_id", name=op.f("pk_meeting_slide")),
    )
    op.create_table(
        "task_report",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("task_code", sqlmodel.AutoString(length=16), nullable=False),
        sa.Column(
            "state",
            sa.Enum(
                "not_started",
                "under_way",
                "done",
                "stopped",
                name="taskstate",
                native_enum=False,
                create_constraint=True,
                length=24,
            ),
            nullable=False,
        ),
        sa.Column("stands_on", sa.Date(), nullable=False),
        sa.Column("said", sqlmodel.AutoString(length=500), nullable=False),
        sa.Column("reported_by_id", sa.Integer(), nullable=False),
        sa.Column("reported_at_utc", sqlmodel.UTCDateTime(), nullable=False),
        sa.ForeignKeyConstraint(
            ["reported_by_id"], ["account.id"], name=op.f("fk_task_report_reported_by_id_account")
        ),
        sa.ForeignKeyConstraint(
            ["task_code"], ["task.code"], name=op.f("fk_task_report_task_code_task")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_task_report")),
    )
    with op.batch_alter_table("task_report", schema=None) as batch_op:
        batch_op.create_index("ix_task_report_task_code", ["task_code", "id"], unique=False)

    op.create_table(
        "task_target",
        sa.Column("task_code", sqlmodel.AutoString(length=16), nullable=False),
        sa.Column("target_id", sqlmodel.AutoString(length=12), nullable=False),
        sa.ForeignKeyConstraint(
            ["target_id"], ["target.id"], name=op.f("fk_task_target_target_id_target")
        ),
        sa.ForeignKeyConstraint(
            ["task_code"], ["task.code"], name=op.f("fk_task_target_task_code_task")
        ),
        sa.PrimaryKeyConstraint("task_code", "target_id", name=op.f("pk_task_target")),
    )
    with op.batch_alter_table("task_target", schema=None) as batch_op:
        batch_op.create_index("ix_task_target_target_id", ["target_id"], unique=False)

    op.create_table(
        "task_paper",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("report_id", sa.Integer(), nullable=False),
        sa.Column("file_name", sqlmodel.AutoString(length=200), nullable=False),
        sa.Column("media_type", sqlmodel.AutoString(length=60), nullable=False),
        sa.Column("size_bytes", sa.Integer(), nullable=False),
        sa.Column("sha256", sqlmodel.AutoString(length=64), nullable=False),
        sa.ForeignKeyConstraint(
            ["report_id"], ["task_report.id"], name=op.f("fk_task_paper_report_id_task_report")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_task_paper")),
    )
    with op.batch_alter_table("task_paper", schema=None) as batch_op:
        batch_op.create_index("ix_task_paper_report_id", ["report_id"], unique=False)

    op.keep_append_only("meeting_snapshot")
