"""What agencies' ratings are read from, kept with every decision."""

import sqlalchemy as sa
import sqlmodel
from alembic import op

revision = "0012"
down_revision = "0011"
branch_labels = None
depends_on = None

_COUNTS = (
    "satisfaction_cases", "satisfaction_quarters", "first_pass_cases", "first_pass_good",
    "timeliness_cases", "timeliness_good", "lapsed", "false_papers",
)  # fmt: skip


def upgrade() -> None:
    """The tables of this revision; `migrate` counts what is there once all revisions are made."""
    op.create_table(
        "agency_span",
        sa.Column("span", sqlmodel.AutoString(length=7), nullable=False),
        sa.Column("agency_id", sa.Integer(), nullable=False),
        *(sa.Column(name, sa.Integer(), nullable=False) for name in _COUNTS),
        sa.ForeignKeyConstraint(
            ["agency_id"], ["agency.id"], name=op.f("fk_agency_span_agency_id_agency")
        ),
        sa.PrimaryKeyConstraint("span", "agency_id", name=op.f("pk_agency_span")),
    )
    op.create_table(
        "agency_span_outcome",
        sa.Column("span", sqlmodel.AutoString(length=7), nullable=False),
        sa.Column("agency_id", sa.Integer(), nullable=False),
        sa.Column("service_code", sqlmodel.AutoString(length=24), nullable=False),
        sa.Column("cases", sa.Integer(), nullable=False),
        sa.Column("good", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["agency_id"], ["agency.id"], name=op.f("fk_agency_span_outcome_agency_id_agency")
        ),
        sa.ForeignKeyConstraint(
            ["service_code"],
            ["service_type.code"],
            name=op.f("fk_agency_span_outcome_service_code_service_type"),
        ),
        sa.PrimaryKeyConstraint(
            "span", "agency_id", "service_code", name=op.f("pk_agency_span_outcome")
        ),
    )
    op.create_table(
        "agency_open",
        sa.Column("service_code", sqlmodel.AutoString(length=24), nullable=False),
        sa.Column("started_on", sa.Date(), nullable=False),
        sa.Column("agency_id", sa.Integer(), nullable=False),
        sa.Column("agreements", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["service_code"],
            ["service_type.code"],
            name=op.f("fk_agency_open_service_code_service_type"),
        ),
        sa.ForeignKeyConstraint(
            ["agency_id"], ["agency.id"], name=op.f("fk_agency_open_agency_id_agency")
        ),
        sa.PrimaryKeyConstraint(
            "service_code", "started_on", "agency_id", name=op.f("pk_agency_open")
        ),
    )
    op.create_index(
        "ix_agreement_upfront",
        "agreement",
        ["signed_on"],
        unique=False,
        sqlite_where=sa.text("upfront_fee_fen > 0"),
        postgresql_where=sa.text("upfront_fee_fen > 0"),
    )
    op.create_index(
        "ix_confirmation_paid_before",
        "confirmation",
        ["confirmed_on"],
        unique=False,
        sqlite_where=sa.text("paid_before_fen > 0"),
        postgresql_where=sa.text("paid_before_fen > 0"),
    )
