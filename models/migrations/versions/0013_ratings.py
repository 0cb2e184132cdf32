"""Ratings: scheme versions, periods, results, replies, corrections, consequences."""

import sqlalchemy as sa
import sqlmodel
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0013"
down_revision = "0012"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """The tables of this revision."""
    op.create_table(
        "rating_period",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("first_month", sa.String(length=7), nullable=False),
        sa.Column("last_month", sa.String(length=7), nullable=False),
        sa.Column(
            "state",
            sa.Enum(
                "collecting",
                "preview",
                "reply",
                "review",
                "published",
                name="periodstate",
                native_enum=False,
                create_constraint=True,
                length=24,
            ),
            nullable=False,
        ),
        sa.Column("scheme_version", sa.Integer(), nullable=False),
        sa.Column("reply_until_on", sa.Date(), nullable=True),
        sa.Column("published_on", sa.Date(), nullable=True),
        sa.Column("appeal_until_on", sa.Date(), nullable=True),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("changed_at_utc", sqlmodel.UTCDateTime(), nullable=False),
        sa.CheckConstraint(
            "(state = 'published') = (published_on IS NOT NULL)",
            name=op.f("ck_rating_period_publication"),
        ),
        sa.CheckConstraint(
            "(state IN ('collecting', 'preview')) = (reply_until_on IS NULL)",
            name=op.f("ck_rating_period_reply_days"),
        ),
        sa.CheckConstraint("first_month <= last_month", name=op.f("ck_rating_period_months")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_rating_period")),
        sa.UniqueConstraint("last_month", name=op.f("uq_rating_period_last_month")),
    )
    op.create_table(
        "rating_result",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("period_id", sa.Integer(), nullable=False),
        sa.Column("agency_id", sa.Integer(), nullable=False),
        sa.Column("event_position", sa.Integer(), nullable=False),
        sa.Column("is_published", sa.Boolean(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("as_of", sa.Date(), nullable=False),
        sa.Column("scheme_version", sa.Integer(), nullable=False),
        sa.Column(
            "signals", sa.JSON().with_variant(postgresql.JSONB(), "postgresql"), nullable=False
        ),
        sa.Column(
            "unrated",
            sa.Enum(
                "young", "few", name="unrated", native_enum=False, create_constraint=True, length=24
            ),
            nullable=True,
        ),
        sa.Column(
            "mark",
            sa.Enum(
                "A",
                "B",
                "C",
                "D",
                name="mark",
                native_enum=False,
                create_constraint=True,
                length=24,
            ),
            nullable=True,
        ),
        sa.Column("score_hundredths", sa.Integer(), nullable=True),
        sa.Column("low_hundredths", sa.Integer(), nullable=True),
        sa.Column("high_hundredths", sa.Integer(), nullable=True),
        sa.Column("peer_group", sqlmodel.AutoString(length=12), nullable=False),
        sa.Column("rank_from", sa.Integer(), nullable=True),
        sa.Column("rank_to", sa.Integer(), nullable=True),
        sa.Column("ranked_of", sa.Integer(), nullable=False),
        sa.Column(
            "parts", sa.JSON().with_variant(postgresql.JSONB(), "postgresql"), nullable=False
        ),
        sa.Column(
            "gates", sa.JSON().with_variant(postgresql.JSONB(), "postgresql"), nullable=False
        ),
        sa.Column("digest", sqlmodel.AutoString(length=64), nullable=False),
        sa.CheckConstraint(
            "(mark IS NULL) = (score_hundredths IS NULL)", name=op.f("ck_rating_result_scored")
        ),
        sa.CheckConstraint(
            "(mark IS NULL) = (unrated IS NOT NULL)", name=op.f("ck_rating_result_rated")
        ),
        sa.ForeignKeyConstraint(
            ["agency_id"], ["agency.id"], name=op.f("fk_rating_result_agency_id_agency")
        ),
        sa.ForeignKeyConstraint(
            ["period_id"],
            ["rating_period.id"],
            name=op.f("fk_rating_result_period_id_rating_period"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_rating_result")),
        sa.UniqueConstraint(
            "period_id",
            "agency_id",
            "is_published",
            "number",
            name=op.f("uq_rating_result_period_id_agency_id_is_published_number"),
        ),
    )
    with op.batch_alter_table("rating_result", schema=None) as batch_op:
        batch_op.create_index(
            "ix_rating_result_agency_id", ["agency_id", "is_published"], unique=False
        )

    op.create_table(
        "rating_consequence",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("result_id", sa.Integer(), nullable=False),
        sa.Column("period_id", sa.Integer(), nullable=False),
        sa.Column("agency_id", sa.Integer(), nullable=False),
        sa.Column(
            "kind",
            sa.Enum(
                "suspend",
                "spot_check",
                "priority",
                name="consequence",
                native_enum=False,
                create_constraint=True,
                length=24,
            ),
            nullable=False,
        ),
        sa.Column(
            "grounds", sa.JSON().with_variant(postgresql.JSONB(), "postgresql"), nullable=False
        ),
        sa.Column(
            "state",
            sa.Enum(
                "proposed",
                "confirmed",
                "turned_down",
                "lapsed",
                name="consequencestate",
                native_enum=False,
                create_constraint=True,
                length=24,
            ),
            nullable=False,
        ),
        sa.Column("decided_by_id", sa.Integer(), nullable=True),
        sa.Column("decided_at_utc", sqlmodel.UTCDateTime(), nullable=True),
        sa.Column("reason", sqlmodel.AutoString(length=1000), nullable=False),
        sa.CheckConstraint(
            "(state = 'proposed') = (decided_at_utc IS NULL)",
            name=op.f("ck_rating_consequence_decided"),
        ),
        sa.CheckConstraint(
            "state NOT IN ('confirmed', 'turned_down') OR (decided_by_id IS NOT NULL AND reason <> '')",
            name=op.f("ck_rating_consequence_reasoned"),
        ),
        sa.ForeignKeyConstraint(
            ["agency_id"], ["agency.id"], name=op.f("fk_rating_consequence_agency_id_agency")
        ),
        sa.ForeignKeyConstraint(
            ["decided_by_id"],
            ["account.id"],
            name=op.f("fk_rating_consequence_decided_by_id_account"),
        ),
        sa.ForeignKeyConstraint(
            ["period_id"],
            ["rating_period.id"],
            name=op.f("fk_rating_consequence_period_id_rating_period"),
        ),
        sa.ForeignKeyConstraint(
            ["result_id"],
            ["rating_result.id"],
            name=op.f("fk_rating_consequence_result_id_rating_result"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_rating_consequence")),
        sa.UniqueConstraint("result_id", "kind", name=op.f("uq_rating_consequence_result_id_kind")),
    )
    with op.batch_alter_table("rating_consequence", schema=None) as batch_op:
        batch_op.create_index(
            "ix_rating_consequence_agency_id", ["agency_id", "state"], unique=False
        )

    op.create_table(
        "rating_reply",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("period_id", sa.Integer(), nullable=False),
        sa.Column("agency_id", sa.Integer(), nullable=False),
        sa.Column(
            "stage",
            sa.Enum(
                "reply",
                "appeal",
                name="replystage",
                native_enum=False,
                create_constraint=True,
                length=24,
            ),
            nullable=False,
        ),
        sa.Column(
            "component",
            sa.Enum(
                "outcome",
                "satisfaction",
                "first_pass",
                "timeliness",
                "conduct",
                name="component",
                native_enum=False,
                create_constraint=True,
                length=24,
            ),
            nullable=False,
        ),
        sa.Column("said", sqlmodel.AutoString(length=1000), nullable=False),
        sa.Column(
            "state",
            sa.Enum(
                "open",
                "dismissed",
                "upheld",
                name="replystate",
                native_enum=False,
                create_constraint=True,
                length=24,
            ),
            nullable=False,
        ),
        sa.Column("replied_by_id", sa.Integer(), nullable=False),
        sa.Column("replied_at_utc", sqlmodel.UTCDateTime(), nullable=False),
        sa.Column("answered_by_id", sa.Integer(), nullable=True),
        sa.Column("answered_at_utc", sqlmodel.UTCDateTime(), nullable=True),
        sa.Column("answer", sqlmodel.AutoString(length=1000), nullable=False),
        sa.CheckConstraint(
            "(answered_by_id IS NULL) = (answered_at_utc IS NULL) AND (answered_by_id IS NULL) = (answer = '')",
            name=op.f("ck_rating_reply_answer_is_whole"),
        ),
        sa.CheckConstraint(
            "(state = 'open') = (answered_by_id IS NULL)", name=op.f("ck_rating_reply_answered")
        ),
        sa.CheckConstraint("said <> ''", name=op.f("ck_rating_reply_said")),
        sa.CheckConstraint(
            "answered_by_id IS NULL OR answered_by_id <> replied_by_id",
            name=op.f("ck_rating_reply_two_people"),
        ),
        sa.ForeignKeyConstraint(
            ["agency_id"], ["agency.id"], name=op.f("fk_rating_reply_agency_id_agency")
        ),
        sa.ForeignKeyConstraint(
            ["answered_by_id"], ["account.id"], name=op.f("fk_rating_reply_answered_by_id_account")
        ),
        sa.ForeignKeyConstraint(
            ["period_id"],
            ["rating_period.id"],
            name=op.f("fk_rating_reply_period_id_rating_period"),
        ),
        sa.ForeignKeyConstraint(
            ["replied_by_id"], ["account.id"], name=op.f("fk_rating_reply_replied_by_id_account")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_rating_reply")),
        sa.UniqueConstraint(
            "period_id",
            "agency_id",
            "stage",
            "component",
            name=op.f("uq_rating_reply_period_id_agency_id_stage_component"),
        ),
    )
    op.create_table(
        "rating_scheme",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column(
            "content", sa.JSON().with_variant(postgresql.JSONB(), "postgresql"), nullable=False
        ),
        sa.Column("reason", sqlmodel.AutoString(length=300), nullable=False),
        sa.Column(
            "state",
            sa.Enum(
                "drafted",
                "confirmed",
                "turned_down",
                "withdrawn",
                name="changestate",
                native_enum=False,
                create_constraint=True,
                length=24,
            ),
            nullable=False,
        ),
        sa.Column("drafted_by_id", sa.Integer(), nullable=False),
        sa.Column("drafted_at_utc", sqlmodel.UTCDateTime(), nullable=False),
        sa.Column("decided_by_id", sa.Integer(), nullable=True),
        sa.Column("decided_at_utc", sqlmodel.UTCDateTime(), nullable=True),
        sa.Column("decided_reason", sqlmodel.AutoString(length=300), nullable=False),
        sa.CheckConstraint(
            "(state = 'drafted') = (decided_at_utc IS NULL)", name=op.f("ck_rating_scheme_decided")
        ),
        sa.CheckConstraint(
            "state <> 'confirmed' OR decided_by_id <> drafted_by_id",
            name=op.f("ck_rating_scheme_two_people"),
        ),
        sa.CheckConstraint("version > 1", name=op.f("ck_rating_scheme_version")),
        sa.ForeignKeyConstraint(
            ["decided_by_id"], ["account.id"], name=op.f("fk_rating_scheme_decided_by_id_account")
        ),
        sa.ForeignKeyConstraint(
            ["drafted_by_id"], ["account.id"], name=op.f("fk_rating_scheme_drafted_by_id_account")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_rating_scheme")),
        sa.UniqueConstraint("version", name=op.f("uq_rating_scheme_version")),
    )
    with op.batch_alter_table("rating_scheme", schema=None) as batch_op:
        batch_op.create_index(
            "uq_rating_scheme_waiting",
            ["state"],
            unique=True,
            sqlite_where=sa.text("state = 'drafted'"),
            postgresql_where=sa.text("state = 'drafted'"),
        )

    op.create_table(
        "rating_adjustment",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("period_id", sa.Integer(), nullable=False),
        sa.Column("agency_id", sa.Integer(), nullable=False),
        sa.Column("reply_id", sa.Integer(), nullable=False),
        sa.Column(
            "component",
            sa.Enum(
                "outcome",
                "satisfaction",
                "first_pass",
                "timeliness",
                "conduct",
                name="component",
                native_enum=False,
                create_constraint=True,
                length=24,
            ),
            nullable=False,
        ),
        sa.Column("service_code", sqlmodel.AutoString(length=24), nullable=True),
        sa.Column("cases", sa.Integer(), nullable=False),
        sa.Column("good_quarters", sa.Integer(), nullable=False),
        sa.Column(
            "penalty",
            sa.Enum(
                "complaint_upheld",
                "late_answer",
                "training_missed",
                name="penalty",
                native_enum=False,
                create_constraint=True,
                length=24,
            ),
            nullable=True,
        ),
        sa.Column("lapses", sa.Integer(), nullable=False),
        sa.Column(
            "cleared",
            sa.Enum(
                "fraud",
                "fee_up_front",
                name="gate",
                native_enum=False,
                create_constraint=True,
                length=24,
            ),
            nullable=True,
        ),
        sa.Column("reason", sqlmodel.AutoString(length=1000), nullable=False),
        sa.Column("made_by_id", sa.Integer(), nullable=False),
        sa.Column("made_at_utc", sqlmodel.UTCDateTime(), nullable=False),
        sa.ForeignKeyConstraint(
            ["agency_id"], ["agency.id"], name=op.f("fk_rating_adjustment_agency_id_agency")
        ),
        sa.ForeignKeyConstraint(
            ["made_by_id"], ["account.id"], name=op.f("fk_rating_adjustment_made_by_id_account")
        ),
        sa.ForeignKeyConstraint(
            ["period_id"],
            ["rating_period.id"],
            name=op.f("fk_rating_adjustment_period_id_rating_period"),
        ),
        sa.ForeignKeyConstraint(
            ["reply_id"],
            ["rating_reply.id"],
            name=op.f("fk_rating_adjustment_reply_id_rating_reply"),
        ),
        sa.ForeignKeyConstraint(
            ["service_code"],
            ["service_type.code"],
            name=op.f("fk_rating_adjustment_service_code_service_type"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_rating_adjustment")),
    )
    with op.batch_alter_table("rating_adjustment", schema=None) as batch_op:
        batch_op.create_index(
            "ix_rating_adjustment_period_id", ["period_id", "agency_id"], unique=False
        )

    op.create_table(
        "rating_event",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("period_id", sa.Integer(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column(
            "action",
            sa.Enum(
                "open_period",
                "compute_preview",
                "cancel_preview",
                "open_replies",
                "reply_to_rating",
                "answer_reply",
                "begin_review",
                "publish_ratings",
                "appeal_rating",
                "answer_appeal",
                "confirm_consequence",
                "turn_down_consequence",
                name="periodaction",
                native_enum=False,
                create_constraint=True,
                length=24,
            ),
            nullable=False,
        ),
        sa.Column(
            "to_state",
            sa.Enum(
                "collecting",
                "preview",
                "reply",
                "review",
                "published",
                name="periodstate",
                native_enum=False,
                create_constraint=True,
                length=24,
            ),
            nullable=False,
        ),
        sa.Column("agency_id", sa.Integer(), nullable=True),
        sa.Column("account_id", sa.Integer(), nullable=True),
        sa.Column("grant_id", sa.Integer(), nullable=True),
        sa.Column("at_utc", sqlmodel.UTCDateTime(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("reason", sqlmodel.AutoString(length=1000), nullable=False),
        sa.Column(
            "detail", sa.JSON().with_variant(postgresql.JSONB(), "postgresql"), nullable=False
        ),
        sa.ForeignKeyConstraint(
            ["account_id"], ["account.id"], name=op.f("fk_rating_event_account_id_account")
        ),
        sa.ForeignKeyConstraint(
            ["agency_id"], ["agency.id"], name=op.f("fk_rating_event_agency_id_agency")
        ),
        sa.ForeignKeyConstraint(
            ["grant_id"], ["role_grant.id"], name=op.f("fk_rating_event_grant_id_role_grant")
        ),
        sa.ForeignKeyConstraint(
            ["period_id"],
            ["rating_period.id"],
            name=op.f("fk_rating_event_period_id_rating_period"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_rating_event")),
        sa.UniqueConstraint(
            "period_id", "position", name=op.f("uq_rating_event_period_id_position")
        ),
    )
    op.create_table(
        "rating_paper",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("reply_id", sa.Integer(), nullable=False),
        sa.Column("file_name", sqlmodel.AutoString(length=200), nullable=False),
        sa.Column("media_type", sqlmodel.AutoString(length=60), nullable=False),
        sa.Column("size_bytes", sa.Integer(), nullable=False),
        sa.Column("sha256", sqlmodel.AutoString(length=64), nullable=False),
        sa.ForeignKeyConstraint(
            ["reply_id"], ["rating_reply.id"], name=op.f("fk_rating_paper_reply_id_rating_reply")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_rating_paper")),
    )
    with op.batch_alter_table("rating_paper", schema=None) as batch_op:
        batch_op.create_index("ix_rating_paper_reply_id", ["reply_id"], unique=False)

    op.keep_append_only("rating_adjustment")
    op.keep_append_only("rating_event")
    op.keep_append_only("rating_result")
