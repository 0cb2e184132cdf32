"""Applications for admission, their criteria, and what is done about agencies' qualification."""

import sqlalchemy as sa
import sqlmodel
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0010"
down_revision = "0009"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """The tables of this revision."""
    op.create_table(
        "admission_application",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("number", sqlmodel.AutoString(length=24), nullable=False),
        sa.Column(
            "kind",
            sa.Enum(
                "first",
                "extend",
                "rejoin",
                name="admissionkind",
                native_enum=False,
                create_constraint=True,
                length=24,
            ),
            nullable=False,
        ),
        sa.Column(
            "state",
            sa.Enum(
                "draft",
                "applied",
                "returned",
                "reviewed",
                "admitted",
                "refused",
                "withdrawn",
                "suspended",
                "removed",
                name="admissionstate",
                native_enum=False,
                create_constraint=True,
                length=24,
            ),
            nullable=False,
        ),
        sa.Column("uscc", sqlmodel.AutoString(length=18), nullable=False),
        sa.Column("name", sqlmodel.AutoString(length=120), nullable=False),
        sa.Column("registered_on", sa.Date(), nullable=True),
        sa.Column(
            "services", sa.JSON().with_variant(postgresql.JSONB(), "postgresql"), nullable=False
        ),
        sa.Column("staff_count", sa.Integer(), nullable=True),
        sa.Column("contact_name", sqlmodel.AutoString(length=64), nullable=False),
        sa.Column("contact_phone", sqlmodel.AutoString(length=40), nullable=False),
        sa.Column("payee_name", sqlmodel.AutoString(length=120), nullable=False),
        sa.Column("payee_bank", sqlmodel.AutoString(length=120), nullable=False),
        sa.Column("payee_account", sqlmodel.AutoString(length=40), nullable=False),
        sa.Column("agency_id", sa.Integer(), nullable=True),
        sa.Column("is_on_behalf", sa.Boolean(), nullable=False),
        sa.Column("entered_by_id", sa.Integer(), nullable=False),
        sa.Column("applied_on", sa.Date(), nullable=True),
        sa.Column("decided_on", sa.Date(), nullable=True),
        sa.Column(
            "admitted_services",
            sa.JSON().with_variant(postgresql.JSONB(), "postgresql"),
            nullable=False,
        ),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("changed_at_utc", sqlmodel.UTCDateTime(), nullable=False),
        sa.CheckConstraint(
            "state <> 'admitted' OR agency_id IS NOT NULL",
            name=op.f("ck_admission_application_admitted"),
        ),
        sa.CheckConstraint(
            "state IN ('admitted', 'applied', 'draft', 'refused', 'returned', 'reviewed', 'withdrawn')",
            name=op.f("ck_admission_application_of_application"),
        ),
        sa.CheckConstraint(
            "is_on_behalf OR agency_id IS NOT NULL", name=op.f("ck_admission_application_applicant")
        ),
        sa.ForeignKeyConstraint(
            ["agency_id"], ["agency.id"], name=op.f("fk_admission_application_agency_id_agency")
        ),
        sa.ForeignKeyConstraint(
            ["entered_by_id"],
            ["account.id"],
            name=op.f("fk_admission_application_entered_by_id_account"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_admission_application")),
        sa.UniqueConstraint("number", name=op.f("uq_admission_application_number")),
    )
    with op.batch_alter_table("admission_application", schema=None) as batch_op:
        batch_op.create_index(
            "ix_admission_application_agency_id", ["agency_id", "id"], unique=False
        )
        batch_op.create_index("ix_admission_application_state", ["state", "id"], unique=False)
        batch_op.create_index(
            "uq_admission_application_open",
            ["uscc"],
            unique=True,
            sqlite_where=sa.text("state IN ('applied', 'draft', 'returned', 'reviewed')"),
            postgresql_where=sa.text("state IN ('applied', 'draft', 'returned', 'reviewed')"),
        )

    op.create_table(
        "admission_answer",
        sa.Column("application_id", sa.Integer(), nullable=False),
        sa.Column("criterion_code", sqlmodel.AutoString(length=4), nullable=False),
        sa.Column("answer", sqlmodel.AutoString(length=400), nullable=False),
        sa.Column(
            "verdict",
            sa.Enum(
                "met",
                "not_met",
                "unknown",
                name="criterionverdict",
                native_enum=False,
                create_constraint=True,
                length=24,
            ),
            nullable=True,
        ),
        sa.Column("note", sqlmodel.AutoString(length=400), nullable=False),
        sa.Column("examined_by_id", sa.Integer(), nullable=True),
        sa.CheckConstraint(
            "(verdict IS NULL) = (examined_by_id IS NULL)",
            name=op.f("ck_admission_answer_examined"),
        ),
        sa.ForeignKeyConstraint(
            ["application_id"],
            ["admission_application.id"],
            name=op.f("fk_admission_answer_application_id_admission_application"),
        ),
        sa.ForeignKeyConstraint(
            ["examined_by_id"],
            ["account.id"],
            name=op.f("fk_admission_answer_examined_by_id_account"),
        ),
        sa.PrimaryKeyConstraint(
            "application_id", "criterion_code", name=op.f("pk_admission_answer")
        ),
    )
    op.create_table(
        "admission_criterion",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("code", sqlmodel.AutoString(length=4), nullable=False),
        sa.Column("valid_from", sa.Date(), nullable=False),
        sa.Column("name_zh", sqlmodel.AutoString(length=60), nullable=False),
        sa.Column("name_en", sqlmodel.AutoString(length=100), nullable=False),
        sa.Column("shows_zh", sqlmodel.AutoString(length=200), nullable=False),
        sa.Column("shows_en", sqlmodel.AutoString(length=300), nullable=False),
        sa.Column("evidence_zh", sqlmodel.AutoString(length=100), nullable=False),
        sa.Column("evidence_en", sqlmodel.AutoString(length=160), nullable=False),
        sa.Column("is_required", sa.Boolean(), nullable=False),
        sa.Column("is_in_force", sa.Boolean(), nullable=False),
        sa.Column("change_id", sa.Integer(), nullable=True),
        sa.ForeignKeyConstraint(
            ["change_id"],
            ["policy_change.id"],
            name=op.f("fk_admission_criterion_change_id_policy_change"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_admission_criterion")),
        sa.UniqueConstraint(
            "code", "valid_from", name=op.f("uq_admission_criterion_code_valid_from")
        ),
    )
    op.create_table(
        "admission_event",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("application_id", sa.Integer(), nullable=True),
        sa.Column("agency_id", sa.Integer(), nullable=True),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column(
            "action",
            sa.Enum(
                "enter_application",
                "edit_application",
                "answer_criterion",
                "apply_for_admission",
                "take_back_application",
                "give_up_application",
                "apply_again",
                "examine_criteria",
                "return_application",
                "pass_to_decision",
                "ask_review_again",
                "recuse_oneself",
                "admit_agency",
                "refuse_admission",
                "readmit_agency",
                "suspend_agency",
                "lift_suspension",
                "remove_agency",
                name="admissionaction",
                native_enum=False,
                create_constraint=True,
                length=24,
            ),
            nullable=False,
        ),
        sa.Column(
            "to_state",
            sa.Enum(
                "draft",
                "applied",
                "returned",
                "reviewed",
                "admitted",
                "refused",
                "withdrawn",
                "suspended",
                "removed",
                name="admissionstate",
                native_enum=False,
                create_constraint=True,
                length=24,
            ),
            nullable=False,
        ),
        sa.Column("account_id", sa.Integer(), nullable=True),
        sa.Column("grant_id", sa.Integer(), nullable=True),
        sa.Column("at_utc", sqlmodel.UTCDateTime(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column(
            "reasons", sa.JSON().with_variant(postgresql.JSONB(), "postgresql"), nullable=False
        ),
        sa.Column("note", sqlmodel.AutoString(length=400), nullable=False),
        sa.Column(
            "detail", sa.JSON().with_variant(postgresql.JSONB(), "postgresql"), nullable=False
        ),
        sa.CheckConstraint(
            "(application_id IS NULL) <> (agency_id IS NULL)",
            name=op.f("ck_admission_event_of_one"),
        ),
        sa.ForeignKeyConstraint(
            ["account_id"], ["account.id"], name=op.f("fk_admission_event_account_id_account")
        ),
        sa.ForeignKeyConstraint(
            ["agency_id"], ["agency.id"], name=op.f("fk_admission_event_agency_id_agency")
        ),
        sa.ForeignKeyConstraint(
            ["application_id"],
            ["admission_application.id"],
            name=op.f("fk_admission_event_application_id_admission_application"),
        ),
        sa.ForeignKeyConstraint(
            ["grant_id"], ["role_grant.id"], name=op.f("fk_admission_event_grant_id_role_grant")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_admission_event")),
        sa.UniqueConstraint(
            "agency_id", "position", name=op.f("uq_admission_event_agency_id_position")
        ),
        sa.UniqueConstraint(
            "application_id", "position", name=op.f("uq_admission_event_application_id_position")
        ),
    )
    op.create_table(
        "admission_paper",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("event_id", sa.Integer(), nullable=False),
        sa.Column("application_id", sa.Integer(), nullable=False),
        sa.Column("criterion_code", sqlmodel.AutoString(length=4), nullable=False),
        sa.Column("file_name", sqlmodel.AutoString(length=200), nullable=False),
        sa.Column("media_type", sqlmodel.AutoString(length=60), nullable=False),
        sa.Column("size_bytes", sa.Integer(), nullable=False),
        sa.Column("sha256", sqlmodel.AutoString(length=64), nullable=False),
        sa.Column("is_dropped", sa.Boolean(), nullable=False),
        sa.ForeignKeyConstraint(
            ["application_id"],
            ["admission_application.id"],
            name=op.f("fk_admission_paper_application_id_admission_application"),
        ),
        sa.ForeignKeyConstraint(
            ["event_id"],
            ["admission_event.id"],
            name=op.f("fk_admission_paper_event_id_admission_event"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_admission_paper")),
    )
    with op.batch_alter_table("admission_paper", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_admission_paper_application_id"), ["application_id"], unique=False
        )
        batch_op.create_index("ix_admission_paper_event_id", ["event_id"], unique=False)

    op.keep_append_only("admission_event")
    _let_criteria_change()


_KINDS = (
    "policy_rule", "setting", "service_terms", "reason_text", "calendar_day", "admission_criterion",
)  # fmt: skip


def _let_criteria_change() -> None:
    """Changes of criteria are changes that two people make."""
    listed = ", ".join(f"'{kind}'" for kind in _KINDS)
    with op.batch_alter_table("policy_change") as batch_op:
        batch_op.drop_constraint(op.f("ck_policy_change_changekind"), type_="check")
        batch_op.create_check_constraint(
            op.f("ck_policy_change_changekind"), sa.text(f"kind IN ({listed})")
        )
