"""Agreements with their life, and what enterprises look for."""

import sqlalchemy as sa
import sqlmodel
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0008"
down_revision = "0007"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """The tables of this revision."""
    op.create_table(
        "numbering",
        sa.Column("series", sqlmodel.AutoString(length=24), nullable=False),
        sa.Column("last", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("series", name=op.f("pk_numbering")),
    )
    op.create_table(
        "agreement_event",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("agreement_id", sa.Integer(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column(
            "action",
            sa.Enum(
                "draft_agreement",
                "edit_agreement",
                "file_agreement",
                "take_back_filing",
                "confirm_filing",
                "return_filing",
                "begin_work",
                "add_milestone",
                "finish_milestone",
                "record_advance",
                "record_result",
                "propose_amendment",
                "confirm_amendment",
                "turn_down_amendment",
                "conclude_agreement",
                "fail_agreement",
                "end_agreement",
                name="lifeaction",
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
                "filed",
                "returned",
                "confirmed",
                "under_way",
                "succeeded",
                "failed",
                "ended",
                name="agreementstate",
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
        sa.ForeignKeyConstraint(
            ["account_id"], ["account.id"], name=op.f("fk_agreement_event_account_id_account")
        ),
        sa.ForeignKeyConstraint(
            ["agreement_id"],
            ["agreement.id"],
            name=op.f("fk_agreement_event_agreement_id_agreement"),
        ),
        sa.ForeignKeyConstraint(
            ["grant_id"], ["role_grant.id"], name=op.f("fk_agreement_event_grant_id_role_grant")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_agreement_event")),
        sa.UniqueConstraint(
            "agreement_id", "position", name=op.f("uq_agreement_event_agreement_id_position")
        ),
    )
    op.create_table(
        "agreement_result",
        sa.Column("result_id", sa.Integer(), nullable=False),
        sa.Column("agreement_id", sa.Integer(), nullable=False),
        sa.Column("recorded_by_id", sa.Integer(), nullable=False),
        sa.Column("recorded_at_utc", sqlmodel.UTCDateTime(), nullable=False),
        sa.ForeignKeyConstraint(
            ["agreement_id"],
            ["agreement.id"],
            name=op.f("fk_agreement_result_agreement_id_agreement"),
        ),
        sa.ForeignKeyConstraint(
            ["recorded_by_id"],
            ["account.id"],
            name=op.f("fk_agreement_result_recorded_by_id_account"),
        ),
        sa.ForeignKeyConstraint(
            ["result_id"], ["result.id"], name=op.f("fk_agreement_result_result_id_result")
        ),
        sa.PrimaryKeyConstraint("result_id", name=op.f("pk_agreement_result")),
    )
    with op.batch_alter_table("agreement_result", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_agreement_result_agreement_id"), ["agreement_id"], unique=False
        )

    op.create_table(
        "amendment",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("agreement_id", sa.Integer(), nullable=False),
        sa.Column(
            "state",
            sa.Enum(
                "proposed",
                "confirmed",
                "turned_down",
                name="amendmentstate",
                native_enum=False,
                create_constraint=True,
                length=24,
            ),
            nullable=False,
        ),
        sa.Column("fee_fen", sa.BigInteger(), nullable=False),
        sa.Column("result_kind_code", sqlmodel.AutoString(length=24), nullable=True),
        sa.Column("expected", sqlmodel.AutoString(length=200), nullable=False),
        sa.Column("due_on", sa.Date(), nullable=True),
        sa.Column("advance_fen", sa.BigInteger(), nullable=False),
        sa.Column("reason", sqlmodel.AutoString(length=400), nullable=False),
        sa.Column("proposed_by_id", sa.Integer(), nullable=False),
        sa.Column("proposed_at_utc", sqlmodel.UTCDateTime(), nullable=False),
        sa.Column("decided_by_id", sa.Integer(), nullable=True),
        sa.Column("decided_at_utc", sqlmodel.UTCDateTime(), nullable=True),
        sa.Column("decided_reason", sqlmodel.AutoString(length=400), nullable=False),
        sa.CheckConstraint(
            "decided_by_id IS NULL OR decided_by_id <> proposed_by_id",
            name=op.f("ck_amendment_two_people"),
        ),
        sa.CheckConstraint(
            "fee_fen >= 0 AND advance_fen >= 0", name=op.f("ck_amendment_not_negative")
        ),
        sa.ForeignKeyConstraint(
            ["agreement_id"], ["agreement.id"], name=op.f("fk_amendment_agreement_id_agreement")
        ),
        sa.ForeignKeyConstraint(
            ["decided_by_id"], ["account.id"], name=op.f("fk_amendment_decided_by_id_account")
        ),
        sa.ForeignKeyConstraint(
            ["proposed_by_id"], ["account.id"], name=op.f("fk_amendment_proposed_by_id_account")
        ),
        sa.ForeignKeyConstraint(
            ["result_kind_code"],
            ["result_kind.code"],
            name=op.f("fk_amendment_result_kind_code_result_kind"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_amendment")),
    )
    with op.batch_alter_table("amendment", schema=None) as batch_op:
        batch_op.create_index("ix_amendment_agreement_id", ["agreement_id", "id"], unique=False)
        batch_op.create_index(
            "ix_amendment_proposed",
            ["agreement_id"],
            unique=True,
            sqlite_where=sa.text("state = 'proposed'"),
            postgresql_where=sa.text("state = 'proposed'"),
        )

    op.create_table(
        "milestone",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("agreement_id", sa.Integer(), nullable=False),
        sa.Column("name", sqlmodel.AutoString(length=80), nullable=False),
        sa.Column("due_on", sa.Date(), nullable=False),
        sa.Column("done_on", sa.Date(), nullable=True),
        sa.ForeignKeyConstraint(
            ["agreement_id"], ["agreement.id"], name=op.f("fk_milestone_agreement_id_agreement")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_milestone")),
    )
    with op.batch_alter_table("milestone", schema=None) as batch_op:
        batch_op.create_index("ix_milestone_agreement_id", ["agreement_id", "due_on"], unique=False)

    op.create_table(
        "need",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("enterprise_id", sa.Integer(), nullable=False),
        sa.Column("service_code", sqlmodel.AutoString(length=24), nullable=False),
        sa.Column("wanted", sqlmodel.AutoString(length=400), nullable=False),
        sa.Column("wanted_by", sa.Date(), nullable=False),
        sa.Column(
            "state",
            sa.Enum(
                "open",
                "paired",
                "withdrawn",
                name="needstate",
                native_enum=False,
                create_constraint=True,
                length=24,
            ),
            nullable=False,
        ),
        sa.Column("agreement_id", sa.Integer(), nullable=True),
        sa.Column("is_on_behalf", sa.Boolean(), nullable=False),
        sa.Column("stated_by_id", sa.Integer(), nullable=False),
        sa.Column("stated_at_utc", sqlmodel.UTCDateTime(), nullable=False),
        sa.Column("closed_at_utc", sqlmodel.UTCDateTime(), nullable=True),
        sa.Column("closed_reason", sqlmodel.AutoString(length=400), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.CheckConstraint(
            "(state = 'paired') = (agreement_id IS NOT NULL)", name=op.f("ck_need_paired")
        ),
        sa.ForeignKeyConstraint(
            ["agreement_id"], ["agreement.id"], name=op.f("fk_need_agreement_id_agreement")
        ),
        sa.ForeignKeyConstraint(
            ["enterprise_id"], ["enterprise.id"], name=op.f("fk_need_enterprise_id_enterprise")
        ),
        sa.ForeignKeyConstraint(
            ["service_code"], ["service_type.code"], name=op.f("fk_need_service_code_service_type")
        ),
        sa.ForeignKeyConstraint(
            ["stated_by_id"], ["account.id"], name=op.f("fk_need_stated_by_id_account")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_need")),
    )
    with op.batch_alter_table("need", schema=None) as batch_op:
        batch_op.create_index(
            "ix_need_open",
            ["enterprise_id", "service_code"],
            unique=True,
            sqlite_where=sa.text("state = 'open'"),
            postgresql_where=sa.text("state = 'open'"),
        )
        batch_op.create_index("ix_need_state", ["state", "wanted_by", "id"], unique=False)

    op.create_table(
        "agreement_paper",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("event_id", sa.Integer(), nullable=False),
        sa.Column("file_name", sqlmodel.AutoString(length=200), nullable=False),
        sa.Column("media_type", sqlmodel.AutoString(length=60), nullable=False),
        sa.Column("size_bytes", sa.Integer(), nullable=False),
        sa.Column("sha256", sqlmodel.AutoString(length=64), nullable=False),
        sa.ForeignKeyConstraint(
            ["event_id"],
            ["agreement_event.id"],
            name=op.f("fk_agreement_paper_event_id_agreement_event"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_agreement_paper")),
    )
    with op.batch_alter_table("agreement_paper", schema=None) as batch_op:
        batch_op.create_index("ix_agreement_paper_event_id", ["event_id"], unique=False)

    op.create_table(
        "need_request",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("need_id", sa.Integer(), nullable=False),
        sa.Column("agency_id", sa.Integer(), nullable=False),
        sa.Column(
            "state",
            sa.Enum(
                "asked",
                "accepted",
                "declined",
                "taken_back",
                name="requeststate",
                native_enum=False,
                create_constraint=True,
                length=24,
            ),
            nullable=False,
        ),
        sa.Column("is_on_behalf", sa.Boolean(), nullable=False),
        sa.Column("asked_by_id", sa.Integer(), nullable=False),
        sa.Column("asked_at_utc", sqlmodel.UTCDateTime(), nullable=False),
        sa.Column("answered_by_id", sa.Integer(), nullable=True),
        sa.Column("answered_at_utc", sqlmodel.UTCDateTime(), nullable=True),
        sa.Column("answered_reason", sqlmodel.AutoString(length=400), nullable=False),
        sa.ForeignKeyConstraint(
            ["agency_id"], ["agency.id"], name=op.f("fk_need_request_agency_id_agency")
        ),
        sa.ForeignKeyConstraint(
            ["answered_by_id"], ["account.id"], name=op.f("fk_need_request_answered_by_id_account")
        ),
        sa.ForeignKeyConstraint(
            ["asked_by_id"], ["account.id"], name=op.f("fk_need_request_asked_by_id_account")
        ),
        sa.ForeignKeyConstraint(
            ["need_id"], ["need.id"], name=op.f("fk_need_request_need_id_need")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_need_request")),
    )
    with op.batch_alter_table("need_request", schema=None) as batch_op:
        batch_op.create_index(
            "ix_need_request_agency_id", ["agency_id", "state", "id"], unique=False
        )
        batch_op.create_index("ix_need_request_need_id", ["need_id", "id"], unique=False)
        batch_op.create_index(
            "ix_need_request_waiting",
            ["need_id"],
            unique=True,
            sqlite_where=sa.text("state = 'asked'"),
            postgresql_where=sa.text("state = 'asked'"),
        )

    _extend_agreements()
    op.keep_append_only("agreement_event")


_CHECKS = (
    ("ck_agreement_advance", "advance_fen >= 0"),
    ("ck_agreement_pair_is_open", "NOT holds_pair OR outcome = 'open'"),
    ("ck_agreement_concluded", "(outcome = 'open') = (concluded_on IS NULL)"),
    ("ck_agreement_filed_before_result", "outcome IN ('open', 'ended') OR filing = 'confirmed'"),
    (
        "ck_agreement_failure_is_explained",
        (
            "(outcome = 'failed') = (attribution IS NOT NULL)"
            " AND (outcome = 'failed') = (cost_bearer IS NOT NULL)"
        ),
    ),
    ("ck_agreement_outcome", "outcome IN ('open', 'succeeded', 'failed', 'ended')"),
    (
        "ck_agreement_attribution",
        "attribution IN ('agency', 'enterprise', 'policy', 'office')",
    ),
    ("ck_agreement_costbearer", "cost_bearer IN ('agency', 'enterprise', 'shared')"),
)
_DEFAULTS = {
    "expected": "",
    "advance_fen": "0",
    "outcome": "open",
    "outcome_reason": "",
    "holds_pair": sa.false(),
    "version": "1",
}


def _extend_agreements() -> None:
    """Columns with what holds of the rows that are there, then without that default."""
    text = sqlmodel.AutoString
    columns = (
        sa.Column("result_kind_code", text(length=24), nullable=True),
        sa.Column("expected", text(length=200), nullable=False),
        sa.Column("due_on", sa.Date(), nullable=True),
        sa.Column("advance_fen", sa.BigInteger(), nullable=False),
        sa.Column("filed_on", sa.Date(), nullable=True),
        sa.Column("filed_by_id", sa.Integer(), nullable=True),
        sa.Column("outcome", sa.String(length=24), nullable=False),
        sa.Column("concluded_on", sa.Date(), nullable=True),
        sa.Column("outcome_reason", text(length=400), nullable=False),
        sa.Column("attribution", sa.String(length=24), nullable=True),
        sa.Column("cost_bearer", sa.String(length=24), nullable=True),
        sa.Column("holds_pair", sa.Boolean(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
    )
    with op.batch_alter_table("agreement") as batch_op:
        for column in columns:
            column.server_default = _default(column.name)
            batch_op.add_column(column)
        batch_op.create_foreign_key(
            op.f("fk_agreement_result_kind_code_result_kind"),
            "result_kind", ["result_kind_code"], ["code"],
        )  # fmt: skip
        batch_op.create_foreign_key(
            op.f("fk_agreement_filed_by_id_account"), "account", ["filed_by_id"], ["id"]
        )
    with op.batch_alter_table("agreement") as batch_op:
        for name in _DEFAULTS:
            batch_op.alter_column(name, server_default=None)
        for name, condition in _CHECKS:
            batch_op.create_check_constraint(op.f(name), sa.text(condition))
        batch_op.create_index("ix_agreement_course", ["outcome", "filing", "signed_on", "id"])
        batch_op.create_index("ix_agreement_signed_on", ["signed_on", "id"])
        batch_op.create_index(
            "ix_agreement_pair",
            ["enterprise_id", "service_code"],
            unique=True,
            sqlite_where=sa.text("holds_pair"),
            postgresql_where=sa.text("holds_pair"),
        )


def _default(name: str) -> sa.DefaultClause | None:
    return sa.DefaultClause(_DEFAULTS[name]) if name in _DEFAULTS else None
