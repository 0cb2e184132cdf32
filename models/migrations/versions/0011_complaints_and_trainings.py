"""Complaints about agencies, trainings of agencies, and every step taken on them."""

import sqlalchemy as sa
import sqlmodel
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0011"
down_revision = "0010"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """The tables of this revision."""
    op.create_table(
        "training",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("number", sqlmodel.AutoString(length=24), nullable=False),
        sa.Column("title", sqlmodel.AutoString(length=120), nullable=False),
        sa.Column("held_on", sa.Date(), nullable=False),
        sa.Column("place", sqlmodel.AutoString(length=120), nullable=False),
        sa.Column("study_hours", sa.Integer(), nullable=False),
        sa.Column("is_obligatory", sa.Boolean(), nullable=False),
        sa.Column(
            "service_codes",
            sa.JSON().with_variant(postgresql.JSONB(), "postgresql"),
            nullable=False,
        ),
        sa.Column(
            "state",
            sa.Enum(
                "announced",
                "cancelled",
                name="trainingstate",
                native_enum=False,
                create_constraint=True,
                length=24,
            ),
            nullable=False,
        ),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("changed_at_utc", sqlmodel.UTCDateTime(), nullable=False),
        sa.CheckConstraint("title <> '' AND place <> ''", name=op.f("ck_training_named")),
        sa.CheckConstraint("study_hours BETWEEN 1 AND 80", name=op.f("ck_training_study_hours")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_training")),
        sa.UniqueConstraint("number", name=op.f("uq_training_number")),
    )
    with op.batch_alter_table("training", schema=None) as batch_op:
        batch_op.create_index("ix_training_held_on", ["held_on", "id"], unique=False)

    op.create_table(
        "training_seat",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("training_id", sa.Integer(), nullable=False),
        sa.Column("agency_id", sa.Integer(), nullable=False),
        sa.Column(
            "state",
            sa.Enum(
                "invited",
                "registered",
                "leave_asked",
                "attended",
                "excused",
                "missed",
                name="seatstate",
                native_enum=False,
                create_constraint=True,
                length=24,
            ),
            nullable=False,
        ),
        sa.Column("reason", sqlmodel.AutoString(length=400), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.CheckConstraint(
            "state NOT IN ('leave_asked', 'excused') OR reason <> ''",
            name=op.f("ck_training_seat_excuse"),
        ),
        sa.ForeignKeyConstraint(
            ["agency_id"], ["agency.id"], name=op.f("fk_training_seat_agency_id_agency")
        ),
        sa.ForeignKeyConstraint(
            ["training_id"], ["training.id"], name=op.f("fk_training_seat_training_id_training")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_training_seat")),
        sa.UniqueConstraint(
            "training_id", "agency_id", name=op.f("uq_training_seat_training_id_agency_id")
        ),
    )
    with op.batch_alter_table("training_seat", schema=None) as batch_op:
        batch_op.create_index("ix_training_seat_agency_id", ["agency_id", "state"], unique=False)

    op.create_table(
        "complaint",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("number", sqlmodel.AutoString(length=24), nullable=False),
        sa.Column("agency_id", sa.Integer(), nullable=False),
        sa.Column("enterprise_id", sa.Integer(), nullable=True),
        sa.Column("agreement_id", sa.Integer(), nullable=True),
        sa.Column(
            "source",
            sa.Enum(
                "account",
                "on_behalf",
                "hint",
                name="complaintsource",
                native_enum=False,
                create_constraint=True,
                length=24,
            ),
            nullable=False,
        ),
        sa.Column(
            "kind",
            sa.Enum(
                "fee_up_front",
                "fraud",
                "service",
                "delay",
                "conduct",
                name="complaintkind",
                native_enum=False,
                create_constraint=True,
                length=24,
            ),
            nullable=False,
        ),
        sa.Column(
            "found_kind",
            sa.Enum(
                "fee_up_front",
                "fraud",
                "service",
                "delay",
                "conduct",
                name="found_complaintkind",
                native_enum=False,
                create_constraint=True,
                length=24,
            ),
            nullable=True,
        ),
        sa.Column(
            "state",
            sa.Enum(
                "filed",
                "not_accepted",
                "accepted",
                "answered",
                "reopened",
                "upheld",
                "not_upheld",
                "withdrawn",
                name="complaintstate",
                native_enum=False,
                create_constraint=True,
                length=24,
            ),
            nullable=False,
        ),
        sa.Column("filed_on", sa.Date(), nullable=False),
        sa.Column("accepted_on", sa.Date(), nullable=True),
        sa.Column("answer_due_on", sa.Date(), nullable=True),
        sa.Column("answered_on", sa.Date(), nullable=True),
        sa.Column("due_on", sa.Date(), nullable=True),
        sa.Column("settled_on", sa.Date(), nullable=True),
        sa.Column("was_reopened", sa.Boolean(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("changed_at_utc", sqlmodel.UTCDateTime(), nullable=False),
        sa.CheckConstraint(
            "(source = 'hint') = (enterprise_id IS NULL)", name=op.f("ck_complaint_complainant")
        ),
        sa.CheckConstraint(
            "(state = 'upheld') = (found_kind IS NOT NULL)", name=op.f("ck_complaint_found")
        ),
        sa.CheckConstraint(
            "(state IN ('filed', 'accepted', 'answered', 'reopened')) = (due_on IS NOT NULL) AND (due_on IS NULL) = (settled_on IS NOT NULL)",
            name=op.f("ck_complaint_due_or_settled"),
        ),
        sa.CheckConstraint(
            "accepted_on IS NOT NULL OR state IN ('filed', 'not_accepted', 'withdrawn')",
            name=op.f("ck_complaint_accepted_first"),
        ),
        sa.CheckConstraint(
            "(accepted_on IS NULL) = (answer_due_on IS NULL)", name=op.f("ck_complaint_heard")
        ),
        sa.CheckConstraint(
            "enterprise_id IS NOT NULL OR agreement_id IS NULL",
            name=op.f("ck_complaint_own_agreement"),
        ),
        sa.ForeignKeyConstraint(
            ["agency_id"], ["agency.id"], name=op.f("fk_complaint_agency_id_agency")
        ),
        sa.ForeignKeyConstraint(
            ["agreement_id"], ["agreement.id"], name=op.f("fk_complaint_agreement_id_agreement")
        ),
        sa.ForeignKeyConstraint(
            ["enterprise_id"], ["enterprise.id"], name=op.f("fk_complaint_enterprise_id_enterprise")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_complaint")),
        sa.UniqueConstraint("number", name=op.f("uq_complaint_number")),
    )
    with op.batch_alter_table("complaint", schema=None) as batch_op:
        batch_op.create_index(
            "ix_complaint_agency_id", ["agency_id", "filed_on", "id"], unique=False
        )
        batch_op.create_index("ix_complaint_enterprise_id", ["enterprise_id", "id"], unique=False)
        batch_op.create_index("ix_complaint_filed_on", ["filed_on", "id"], unique=False)
        batch_op.create_index("ix_complaint_state", ["state", "due_on", "id"], unique=False)

    op.create_table(
        "training_event",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("training_id", sa.Integer(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column(
            "action",
            sa.Enum(
                "announce_training",
                "move_training",
                "add_training_material",
                "cancel_training",
                "invite_agencies",
                "register_for_training",
                "ask_leave",
                "mark_attended",
                "mark_excused",
                "mark_missed",
                "correct_attendance",
                name="trainingaction",
                native_enum=False,
                create_constraint=True,
                length=24,
            ),
            nullable=False,
        ),
        sa.Column(
            "seat_to",
            sa.Enum(
                "invited",
                "registered",
                "leave_asked",
                "attended",
                "excused",
                "missed",
                name="seatstate",
                native_enum=False,
                create_constraint=True,
                length=24,
            ),
            nullable=True,
        ),
        sa.Column("account_id", sa.Integer(), nullable=False),
        sa.Column("grant_id", sa.Integer(), nullable=True),
        sa.Column("at_utc", sqlmodel.UTCDateTime(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column(
            "agencies", sa.JSON().with_variant(postgresql.JSONB(), "postgresql"), nullable=False
        ),
        sa.Column("note", sqlmodel.AutoString(length=400), nullable=False),
        sa.Column(
            "detail", sa.JSON().with_variant(postgresql.JSONB(), "postgresql"), nullable=False
        ),
        sa.Column("own_digest", sqlmodel.AutoString(length=64), nullable=False),
        sa.ForeignKeyConstraint(
            ["account_id"], ["account.id"], name=op.f("fk_training_event_account_id_account")
        ),
        sa.ForeignKeyConstraint(
            ["grant_id"], ["role_grant.id"], name=op.f("fk_training_event_grant_id_role_grant")
        ),
        sa.ForeignKeyConstraint(
            ["training_id"], ["training.id"], name=op.f("fk_training_event_training_id_training")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_training_event")),
        sa.UniqueConstraint(
            "training_id", "position", name=op.f("uq_training_event_training_id_position")
        ),
    )
    op.create_table(
        "complaint_event",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("complaint_id", sa.Integer(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column(
            "action",
            sa.Enum(
                "file_complaint",
                "accept_complaint",
                "turn_away_complaint",
                "answer_complaint",
                "uphold_complaint",
                "dismiss_complaint",
                "appeal_refusal",
                "appeal_decision",
                "reopen_complaint",
                "withdraw_complaint",
                name="complaintaction",
                native_enum=False,
                create_constraint=True,
                length=24,
            ),
            nullable=False,
        ),
        sa.Column(
            "to_state",
            sa.Enum(
                "filed",
                "not_accepted",
                "accepted",
                "answered",
                "reopened",
                "upheld",
                "not_upheld",
                "withdrawn",
                name="complaintstate",
                native_enum=False,
                create_constraint=True,
                length=24,
            ),
            nullable=False,
        ),
        sa.Column("account_id", sa.Integer(), nullable=False),
        sa.Column("grant_id", sa.Integer(), nullable=True),
        sa.Column("at_utc", sqlmodel.UTCDateTime(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("is_on_behalf", sa.Boolean(), nullable=False),
        sa.Column("note", sqlmodel.AutoString(length=1000), nullable=False),
        sa.Column("own_digest", sqlmodel.AutoString(length=64), nullable=False),
        sa.ForeignKeyConstraint(
            ["account_id"], ["account.id"], name=op.f("fk_complaint_event_account_id_account")
        ),
        sa.ForeignKeyConstraint(
            ["complaint_id"],
            ["complaint.id"],
            name=op.f("fk_complaint_event_complaint_id_complaint"),
        ),
        sa.ForeignKeyConstraint(
            ["grant_id"], ["role_grant.id"], name=op.f("fk_complaint_event_grant_id_role_grant")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_complaint_event")),
        sa.UniqueConstraint(
            "complaint_id", "position", name=op.f("uq_complaint_event_complaint_id_position")
        ),
    )
    with op.batch_alter_table("complaint_event", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_complaint_event_account_id"), ["account_id"], unique=False
        )

    op.create_table(
        "training_paper",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("event_id", sa.Integer(), nullable=False),
        sa.Column("file_name", sqlmodel.AutoString(length=200), nullable=False),
        sa.Column("media_type", sqlmodel.AutoString(length=60), nullable=False),
        sa.Column("size_bytes", sa.Integer(), nullable=False),
        sa.Column("sha256", sqlmodel.AutoString(length=64), nullable=False),
        sa.ForeignKeyConstraint(
            ["event_id"],
            ["training_event.id"],
            name=op.f("fk_training_paper_event_id_training_event"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_training_paper")),
    )
    with op.batch_alter_table("training_paper", schema=None) as batch_op:
        batch_op.create_index("ix_training_paper_event_id", ["event_id"], unique=False)

    op.create_table(
        "complaint_paper",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("event_id", sa.Integer(), nullable=False),
        sa.Column("file_name", sqlmodel.AutoString(length=200), nullable=False),
        sa.Column("media_type", sqlmodel.AutoString(length=60), nullable=False),
        sa.Column("size_bytes", sa.Integer(), nullable=False),
        sa.Column("sha256", sqlmodel.AutoString(length=64), nullable=False),
        sa.ForeignKeyConstraint(
            ["event_id"],
            ["complaint_event.id"],
            name=op.f("fk_complaint_paper_event_id_complaint_event"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_complaint_paper")),
    )
    with op.batch_alter_table("complaint_paper", schema=None) as batch_op:
        batch_op.create_index("ix_complaint_paper_event_id", ["event_id"], unique=False)

    op.keep_append_only("complaint_event")
    op.keep_append_only("training_event")
