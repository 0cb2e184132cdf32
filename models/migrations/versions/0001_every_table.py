"""0001 every table."""

import sqlalchemy as sa
import sqlmodel
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None


def upgrade() -> None:
    """The tables of this revision."""
    op.create_table(
        "agency",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("uscc", sqlmodel.AutoString(length=18), nullable=False),
        sa.Column("name", sqlmodel.AutoString(length=120), nullable=False),
        sa.Column("registered_on", sa.Date(), nullable=True),
        sa.Column(
            "admission",
            sa.Enum(
                "applied",
                "admitted",
                "removed",
                name="admission",
                native_enum=False,
                create_constraint=True,
                length=24,
            ),
            nullable=False,
        ),
        sa.Column("joined_on", sa.Date(), nullable=False),
        sa.Column("suspended_from", sa.Date(), nullable=True),
        sa.Column("suspended_to", sa.Date(), nullable=True),
        sa.Column("removed_on", sa.Date(), nullable=True),
        sa.Column("staff_count", sa.Integer(), nullable=True),
        sa.Column("contact_name", sqlmodel.AutoString(length=64), nullable=False),
        sa.Column("contact_phone", sqlmodel.AutoString(length=40), nullable=False),
        sa.Column("payee_name", sqlmodel.AutoString(length=120), nullable=False),
        sa.Column("payee_bank", sqlmodel.AutoString(length=120), nullable=False),
        sa.Column("payee_account", sqlmodel.AutoString(length=40), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("changed_at_utc", sqlmodel.UTCDateTime(), nullable=False),
        sa.CheckConstraint(
            "suspended_to IS NULL OR suspended_from IS NOT NULL", name=op.f("ck_agency_suspension")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_agency")),
        sa.UniqueConstraint("uscc", name=op.f("uq_agency_uscc")),
    )
    with op.batch_alter_table("agency", schema=None) as batch_op:
        batch_op.create_index("ix_agency_name", ["name"], unique=False)

    op.create_table(
        "anchor",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("seq", sa.BigInteger(), nullable=False),
        sa.Column("hash", sqlmodel.AutoString(length=64), nullable=False),
        sa.Column("occasion", sqlmodel.AutoString(length=80), nullable=False),
        sa.Column("anchored_at_utc", sqlmodel.UTCDateTime(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_anchor")),
    )
    op.create_table(
        "calendar_day",
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("is_working", sa.Boolean(), nullable=False),
        sa.Column("note", sqlmodel.AutoString(length=100), nullable=False),
        sa.PrimaryKeyConstraint("day", name=op.f("pk_calendar_day")),
    )
    op.create_table(
        "cap_counter",
        sa.Column("year", sa.Integer(), nullable=False),
        sa.Column("rule_key", sqlmodel.AutoString(length=40), nullable=False),
        sa.Column(
            "party",
            sa.Enum(
                "agency",
                "enterprise",
                name="capparty",
                native_enum=False,
                create_constraint=True,
                length=24,
            ),
            nullable=False,
        ),
        sa.Column("party_id", sa.Integer(), nullable=False),
        sa.Column("committed_fen", sa.BigInteger(), nullable=False),
        sa.CheckConstraint("committed_fen >= 0", name=op.f("ck_cap_counter_not_negative")),
        sa.PrimaryKeyConstraint(
            "year", "rule_key", "party", "party_id", name=op.f("pk_cap_counter")
        ),
    )
    op.create_table(
        "chain_head",
        sa.Column("id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("seq", sa.BigInteger(), nullable=False),
        sa.Column("hash", sqlmodel.AutoString(length=64), nullable=False),
        sa.CheckConstraint("id = 1", name=op.f("ck_chain_head_one_row")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_chain_head")),
    )
    op.create_table(
        "claim_tally",
        sa.Column("filed_month", sa.String(length=7), nullable=False),
        sa.Column(
            "state",
            sa.Enum(
                "draft",
                "submitted",
                "returned",
                "on_hold",
                "pre_reviewed",
                "applied",
                "re_reviewed",
                "approved",
                "agency_paid",
                "closed",
                "refused",
                "withdrawn",
                name="state",
                native_enum=False,
                create_constraint=True,
                length=24,
            ),
            nullable=False,
        ),
        sa.Column("claims", sa.Integer(), nullable=False),
        sa.Column("asked_fen", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("filed_month", "state", name=op.f("pk_claim_tally")),
    )
    op.create_table(
        "enterprise",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("uscc", sqlmodel.AutoString(length=18), nullable=False),
        sa.Column("name", sqlmodel.AutoString(length=120), nullable=False),
        sa.Column("registered_on", sa.Date(), nullable=True),
        sa.Column("district", sqlmodel.AutoString(length=40), nullable=False),
        sa.Column("industry", sqlmodel.AutoString(length=40), nullable=False),
        sa.Column(
            "growth_stage",
            sa.Enum(
                "startup",
                "growing",
                "above_scale",
                "listed",
                name="growthstage",
                native_enum=False,
                create_constraint=True,
                length=24,
            ),
            nullable=True,
        ),
        sa.Column(
            "hnte_status",
            sa.Enum(
                "none",
                "cultivating",
                "recognised",
                "lapsed",
                name="hntestatus",
                native_enum=False,
                create_constraint=True,
                length=24,
            ),
            nullable=False,
        ),
        sa.Column("hnte_certificate_no", sqlmodel.AutoString(length=20), nullable=False),
        sa.Column("certified_on", sa.Date(), nullable=True),
        sa.Column("joined_on", sa.Date(), nullable=False),
        sa.Column("left_on", sa.Date(), nullable=True),
        sa.Column("contact_name", sqlmodel.AutoString(length=64), nullable=False),
        sa.Column("contact_phone", sqlmodel.AutoString(length=40), nullable=False),
        sa.Column("payee_name", sqlmodel.AutoString(length=120), nullable=False),
        sa.Column("payee_bank", sqlmodel.AutoString(length=120), nullable=False),
        sa.Column("payee_account", sqlmodel.AutoString(length=40), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("changed_at_utc", sqlmodel.UTCDateTime(), nullable=False),
        sa.CheckConstraint(
            "left_on IS NULL OR left_on >= joined_on", name=op.f("ck_enterprise_membership")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_enterprise")),
        sa.UniqueConstraint("uscc", name=op.f("uq_enterprise_uscc")),
    )
    with op.batch_alter_table("enterprise", schema=None) as batch_op:
        batch_op.create_index("ix_enterprise_district", ["district", "id"], unique=False)
        batch_op.create_index("ix_enterprise_joined_on_id", ["joined_on", "id"], unique=False)
        batch_op.create_index("ix_enterprise_name", ["name"], unique=False)

    op.create_table(
        "evidence_kind",
        sa.Column("code", sqlmodel.AutoString(length=8), nullable=False),
        sa.Column("name_zh", sqlmodel.AutoString(length=60), nullable=False),
        sa.Column("name_en", sqlmodel.AutoString(length=100), nullable=False),
        sa.PrimaryKeyConstraint("code", name=op.f("pk_evidence_kind")),
    )
    op.create_table(
        "reason_code",
        sa.Column("code", sqlmodel.AutoString(length=4), nullable=False),
        sa.Column("name_zh", sqlmodel.AutoString(length=60), nullable=False),
        sa.Column("name_en", sqlmodel.AutoString(length=100), nullable=False),
        sa.Column("remedy_zh", sqlmodel.AutoString(length=200), nullable=False),
        sa.Column("remedy_en", sqlmodel.AutoString(length=300), nullable=False),
        sa.Column("basis", sqlmodel.AutoString(length=80), nullable=False),
        sa.PrimaryKeyConstraint("code", name=op.f("pk_reason_code")),
    )
    op.create_table(
        "service_type",
        sa.Column("code", sqlmodel.AutoString(length=24), nullable=False),
        sa.Column("clause_item", sa.Integer(), nullable=False),
        sa.Column("name_zh", sqlmodel.AutoString(length=60), nullable=False),
        sa.Column("name_en", sqlmodel.AutoString(length=100), nullable=False),
        sa.Column(
            "track",
            sa.Enum(
                "subsidised",
                "market_rule",
                "free",
                name="track",
                native_enum=False,
                create_constraint=True,
                length=24,
            ),
            nullable=False,
        ),
        sa.Column("price_floor_fen", sa.BigInteger(), nullable=True),
        sa.Column("price_ceiling_fen", sa.BigInteger(), nullable=True),
        sa.Column("standard_working_days", sa.Integer(), nullable=True),
        sa.Column("valid_from", sa.Date(), nullable=False),
        sa.Column("valid_to", sa.Date(), nullable=True),
        sa.CheckConstraint("clause_item BETWEEN 1 AND 8", name=op.f("ck_service_type_clause_item")),
        sa.PrimaryKeyConstraint("code", name=op.f("pk_service_type")),
    )
    op.create_table(
        "sign_in_guard",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("username_hash", sqlmodel.AutoString(length=64), nullable=False),
        sa.Column("source_hash", sqlmodel.AutoString(length=64), nullable=False),
        sa.Column("failures", sa.Integer(), nullable=False),
        sa.Column("last_failed_at_utc", sqlmodel.UTCDateTime(), nullable=False),
        sa.Column("shut_until_utc", sqlmodel.UTCDateTime(), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_sign_in_guard")),
        sa.UniqueConstraint(
            "username_hash", "source_hash", name=op.f("uq_sign_in_guard_username_hash_source_hash")
        ),
    )
    op.create_table(
        "account",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("username", sqlmodel.AutoString(length=64), nullable=False),
        sa.Column("display_name", sqlmodel.AutoString(length=64), nullable=False),
        sa.Column("password_hash", sqlmodel.AutoString(length=128), nullable=False),
        sa.Column("agency_id", sa.Integer(), nullable=True),
        sa.Column("enterprise_id", sa.Integer(), nullable=True),
        sa.Column("language", sqlmodel.AutoString(length=8), nullable=False),
        sa.Column("is_locked", sa.Boolean(), nullable=False),
        sa.Column("must_change_password", sa.Boolean(), nullable=False),
        sa.Column("created_at_utc", sqlmodel.UTCDateTime(), nullable=False),
        sa.Column("password_changed_at_utc", sqlmodel.UTCDateTime(), nullable=False),
        sa.CheckConstraint(
            "agency_id IS NULL OR enterprise_id IS NULL", name=op.f("ck_account_one_organisation")
        ),
        sa.CheckConstraint("username = lower(username)", name=op.f("ck_account_username_lower")),
        sa.ForeignKeyConstraint(
            ["agency_id"], ["agency.id"], name=op.f("fk_account_agency_id_agency")
        ),
        sa.ForeignKeyConstraint(
            ["enterprise_id"], ["enterprise.id"], name=op.f("fk_account_enterprise_id_enterprise")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_account")),
        sa.UniqueConstraint("username", name=op.f("uq_account_username")),
    )
    with op.batch_alter_table("account", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_account_agency_id"), ["agency_id"], unique=False)
        batch_op.create_index(
            batch_op.f("ix_account_enterprise_id"), ["enterprise_id"], unique=False
        )

    op.create_table(
        "agency_scope",
        sa.Column("agency_id", sa.Integer(), nullable=False),
        sa.Column("service_code", sqlmodel.AutoString(length=24), nullable=False),
        sa.ForeignKeyConstraint(
            ["agency_id"], ["agency.id"], name=op.f("fk_agency_scope_agency_id_agency")
        ),
        sa.ForeignKeyConstraint(
            ["service_code"],
            ["service_type.code"],
            name=op.f("fk_agency_scope_service_code_service_type"),
        ),
        sa.PrimaryKeyConstraint("agency_id", "service_code", name=op.f("pk_agency_scope")),
    )
    op.create_table(
        "ended_suspension",
        sa.Column("agency_id", sa.Integer(), nullable=False),
        sa.Column("from_on", sa.Date(), nullable=False),
        sa.Column("to_on", sa.Date(), nullable=False),
        sa.CheckConstraint("from_on <= to_on", name=op.f("ck_ended_suspension_days")),
        sa.ForeignKeyConstraint(
            ["agency_id"], ["agency.id"], name=op.f("fk_ended_suspension_agency_id_agency")
        ),
        sa.PrimaryKeyConstraint("agency_id", "from_on", name=op.f("pk_ended_suspension")),
    )
    op.create_table(
        "result_kind",
        sa.Column("code", sqlmodel.AutoString(length=24), nullable=False),
        sa.Column("service_code", sqlmodel.AutoString(length=24), nullable=False),
        sa.Column("name_zh", sqlmodel.AutoString(length=60), nullable=False),
        sa.Column("name_en", sqlmodel.AutoString(length=100), nullable=False),
        sa.Column(
            "identifier",
            sa.Enum(
                "uscc",
                "hnte_certificate",
                "patent_application",
                "patent_grant",
                "patent_publication",
                "software_copyright",
                "software_certificate",
                "technology_contract",
                "sme_registration",
                "free_text",
                name="identifierkind",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
            nullable=False,
        ),
        sa.Column("date_zh", sqlmodel.AutoString(length=40), nullable=False),
        sa.Column("date_en", sqlmodel.AutoString(length=60), nullable=False),
        sa.ForeignKeyConstraint(
            ["service_code"],
            ["service_type.code"],
            name=op.f("fk_result_kind_service_code_service_type"),
        ),
        sa.PrimaryKeyConstraint("code", name=op.f("pk_result_kind")),
    )
    with op.batch_alter_table("result_kind", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_result_kind_service_code"), ["service_code"], unique=False
        )

    op.create_table(
        "agreement",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("number", sqlmodel.AutoString(length=40), nullable=False),
        sa.Column("enterprise_id", sa.Integer(), nullable=False),
        sa.Column("agency_id", sa.Integer(), nullable=False),
        sa.Column("service_code", sqlmodel.AutoString(length=24), nullable=False),
        sa.Column("signed_on", sa.Date(), nullable=False),
        sa.Column("fee_fen", sa.BigInteger(), nullable=False),
        sa.Column("upfront_fee_fen", sa.BigInteger(), nullable=False),
        sa.Column("work_started_on", sa.Date(), nullable=True),
        sa.Column(
            "filing",
            sa.Enum(
                "draft",
                "filed",
                "confirmed",
                "returned",
                name="filing",
                native_enum=False,
                create_constraint=True,
                length=24,
            ),
            nullable=False,
        ),
        sa.Column("filing_number", sqlmodel.AutoString(length=40), nullable=False),
        sa.Column("filing_confirmed_on", sa.Date(), nullable=True),
        sa.Column("filing_confirmed_by_id", sa.Integer(), nullable=True),
        sa.Column("filing_is_imported", sa.Boolean(), nullable=False),
        sa.Column("changed_at_utc", sqlmodel.UTCDateTime(), nullable=False),
        sa.CheckConstraint(
            "fee_fen >= 0 AND upfront_fee_fen >= 0", name=op.f("ck_agreement_not_negative")
        ),
        sa.ForeignKeyConstraint(
            ["agency_id"], ["agency.id"], name=op.f("fk_agreement_agency_id_agency")
        ),
        sa.ForeignKeyConstraint(
            ["enterprise_id"], ["enterprise.id"], name=op.f("fk_agreement_enterprise_id_enterprise")
        ),
        sa.ForeignKeyConstraint(
            ["filing_confirmed_by_id"],
            ["account.id"],
            name=op.f("fk_agreement_filing_confirmed_by_id_account"),
        ),
        sa.ForeignKeyConstraint(
            ["service_code"],
            ["service_type.code"],
            name=op.f("fk_agreement_service_code_service_type"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_agreement")),
        sa.UniqueConstraint("number", name=op.f("uq_agreement_number")),
    )
    with op.batch_alter_table("agreement", schema=None) as batch_op:
        batch_op.create_index(
            "ix_agreement_agency_id_signed_on", ["agency_id", "signed_on"], unique=False
        )
        batch_op.create_index(
            batch_op.f("ix_agreement_enterprise_id"), ["enterprise_id"], unique=False
        )

    op.create_table(
        "batch",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("month", sa.String(length=7), nullable=False),
        sa.Column("sent_at_utc", sqlmodel.UTCDateTime(), nullable=False),
        sa.Column("sent_by_id", sa.Integer(), nullable=False),
        sa.Column("rows", sa.Integer(), nullable=False),
        sa.Column("total_fen", sa.BigInteger(), nullable=False),
        sa.Column(
            "annexes", sa.JSON().with_variant(postgresql.JSONB(), "postgresql"), nullable=False
        ),
        sa.Column("digest", sqlmodel.AutoString(length=64), nullable=False),
        sa.Column("chain_head", sqlmodel.AutoString(length=64), nullable=False),
        sa.ForeignKeyConstraint(
            ["sent_by_id"], ["account.id"], name=op.f("fk_batch_sent_by_id_account")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_batch")),
        sa.UniqueConstraint("month", name=op.f("uq_batch_month")),
    )
    op.create_table(
        "browser_session",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("token_hash", sqlmodel.AutoString(length=64), nullable=False),
        sa.Column("account_id", sa.Integer(), nullable=False),
        sa.Column("began_at_utc", sqlmodel.UTCDateTime(), nullable=False),
        sa.Column("seen_at_utc", sqlmodel.UTCDateTime(), nullable=False),
        sa.Column("expires_at_utc", sqlmodel.UTCDateTime(), nullable=False),
        sa.Column("ended_at_utc", sqlmodel.UTCDateTime(), nullable=True),
        sa.Column("browser", sqlmodel.AutoString(length=200), nullable=False),
        sa.ForeignKeyConstraint(
            ["account_id"], ["account.id"], name=op.f("fk_browser_session_account_id_account")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_browser_session")),
        sa.UniqueConstraint("token_hash", name=op.f("uq_browser_session_token_hash")),
    )
    with op.batch_alter_table("browser_session", schema=None) as batch_op:
        batch_op.create_index(
            "ix_browser_session_open",
            ["account_id"],
            unique=False,
            sqlite_where=sa.text("ended_at_utc IS NULL"),
            postgresql_where=sa.text("ended_at_utc IS NULL"),
        )

    op.create_table(
        "budget_line",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("year", sa.Integer(), nullable=False),
        sa.Column("code", sqlmodel.AutoString(length=24), nullable=False),
        sa.Column("name_zh", sqlmodel.AutoString(length=60), nullable=False),
        sa.Column("name_en", sqlmodel.AutoString(length=100), nullable=False),
        sa.Column("ceiling_fen", sa.BigInteger(), nullable=False),
        sa.Column("committed_fen", sa.BigInteger(), nullable=False),
        sa.Column("paid_fen", sa.BigInteger(), nullable=False),
        sa.Column("drafted_by_id", sa.Integer(), nullable=True),
        sa.Column("confirmed_by_id", sa.Integer(), nullable=True),
        sa.Column("confirmed_at_utc", sqlmodel.UTCDateTime(), nullable=True),
        sa.CheckConstraint(
            "committed_fen + paid_fen <= ceiling_fen", name=op.f("ck_budget_line_within_ceiling")
        ),
        sa.CheckConstraint(
            "committed_fen >= 0 AND paid_fen >= 0", name=op.f("ck_budget_line_not_negative")
        ),
        sa.CheckConstraint(
            "confirmed_by_id IS NULL OR confirmed_by_id <> drafted_by_id",
            name=op.f("ck_budget_line_two_people"),
        ),
        sa.ForeignKeyConstraint(
            ["confirmed_by_id"], ["account.id"], name=op.f("fk_budget_line_confirmed_by_id_account")
        ),
        sa.ForeignKeyConstraint(
            ["drafted_by_id"], ["account.id"], name=op.f("fk_budget_line_drafted_by_id_account")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_budget_line")),
        sa.UniqueConstraint("year", "code", name=op.f("uq_budget_line_year_code")),
    )
    op.create_table(
        "policy_rule",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("key", sqlmodel.AutoString(length=40), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("place", sqlmodel.AutoString(length=40), nullable=False),
        sa.Column(
            "standing",
            sa.Enum(
                "in_force",
                "reference",
                "example",
                name="standing",
                native_enum=False,
                create_constraint=True,
                length=24,
            ),
            nullable=False,
        ),
        sa.Column("document", sqlmodel.AutoString(length=60), nullable=False),
        sa.Column("clause", sqlmodel.AutoString(length=40), nullable=False),
        sa.Column("title_zh", sqlmodel.AutoString(length=80), nullable=False),
        sa.Column("title_en", sqlmodel.AutoString(length=120), nullable=False),
        sa.Column("service_code", sqlmodel.AutoString(length=24), nullable=True),
        sa.Column("result_kind_code", sqlmodel.AutoString(length=24), nullable=True),
        sa.Column(
            "purpose",
            sa.Enum(
                "subsidy",
                "reward",
                name="purpose",
                native_enum=False,
                create_constraint=True,
                length=24,
            ),
            nullable=False,
        ),
        sa.Column(
            "payee",
            sa.Enum(
                "agency",
                "alliance",
                "enterprise",
                name="payee",
                native_enum=False,
                create_constraint=True,
                length=24,
            ),
            nullable=False,
        ),
        sa.Column(
            "kind",
            sa.Enum(
                "flat",
                "up_to",
                "per_unit",
                "percent",
                "match_ratio",
                "not_printed",
                name="standardkind",
                native_enum=False,
                create_constraint=True,
                length=24,
            ),
            nullable=False,
        ),
        sa.Column(
            "parameters", sa.JSON().with_variant(postgresql.JSONB(), "postgresql"), nullable=False
        ),
        sa.Column("agency_year_cap_fen", sa.BigInteger(), nullable=True),
        sa.Column("enterprise_year_cap_fen", sa.BigInteger(), nullable=True),
        sa.Column("budget_code", sqlmodel.AutoString(length=24), nullable=True),
        sa.Column("valid_from", sa.Date(), nullable=False),
        sa.Column("valid_to", sa.Date(), nullable=True),
        sa.Column("drafted_by_id", sa.Integer(), nullable=True),
        sa.Column("confirmed_by_id", sa.Integer(), nullable=True),
        sa.Column("confirmed_at_utc", sqlmodel.UTCDateTime(), nullable=True),
        sa.CheckConstraint(
            "confirmed_by_id IS NULL OR confirmed_by_id <> drafted_by_id",
            name=op.f("ck_policy_rule_two_people"),
        ),
        sa.CheckConstraint(
            "valid_to IS NULL OR valid_to >= valid_from", name=op.f("ck_policy_rule_validity")
        ),
        sa.ForeignKeyConstraint(
            ["confirmed_by_id"], ["account.id"], name=op.f("fk_policy_rule_confirmed_by_id_account")
        ),
        sa.ForeignKeyConstraint(
            ["drafted_by_id"], ["account.id"], name=op.f("fk_policy_rule_drafted_by_id_account")
        ),
        sa.ForeignKeyConstraint(
            ["result_kind_code"],
            ["result_kind.code"],
            name=op.f("fk_policy_rule_result_kind_code_result_kind"),
        ),
        sa.ForeignKeyConstraint(
            ["service_code"],
            ["service_type.code"],
            name=op.f("fk_policy_rule_service_code_service_type"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_policy_rule")),
        sa.UniqueConstraint("key", "version", name=op.f("uq_policy_rule_key_version")),
    )
    with op.batch_alter_table("policy_rule", schema=None) as batch_op:
        batch_op.create_index(
            "ix_policy_rule_service", ["service_code", "purpose", "valid_from"], unique=False
        )

    op.create_table(
        "required_evidence",
        sa.Column("result_kind_code", sqlmodel.AutoString(length=24), nullable=False),
        sa.Column("evidence_kind_code", sqlmodel.AutoString(length=8), nullable=False),
        sa.ForeignKeyConstraint(
            ["evidence_kind_code"],
            ["evidence_kind.code"],
            name=op.f("fk_required_evidence_evidence_kind_code_evidence_kind"),
        ),
        sa.ForeignKeyConstraint(
            ["result_kind_code"],
            ["result_kind.code"],
            name=op.f("fk_required_evidence_result_kind_code_result_kind"),
        ),
        sa.PrimaryKeyConstraint(
            "result_kind_code", "evidence_kind_code", name=op.f("pk_required_evidence")
        ),
    )
    op.create_table(
        "result",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("kind_code", sqlmodel.AutoString(length=24), nullable=False),
        sa.Column("family", sqlmodel.AutoString(length=32), nullable=False),
        sa.Column("normalised", sqlmodel.AutoString(length=200), nullable=False),
        sa.Column("printed", sqlmodel.AutoString(length=200), nullable=False),
        sa.Column("obtained_on", sa.Date(), nullable=False),
        sa.ForeignKeyConstraint(
            ["kind_code"], ["result_kind.code"], name=op.f("fk_result_kind_code_result_kind")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_result")),
        sa.UniqueConstraint("family", "normalised", name=op.f("uq_result_family_normalised")),
    )
    op.create_table(
        "role_grant",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("account_id", sa.Integer(), nullable=False),
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
        sa.Column("valid_from", sa.Date(), nullable=False),
        sa.Column("valid_to", sa.Date(), nullable=True),
        sa.Column("is_cover", sa.Boolean(), nullable=False),
        sa.Column("covers_account_id", sa.Integer(), nullable=True),
        sa.Column("reason", sqlmodel.AutoString(length=400), nullable=False),
        sa.Column("ended_at_utc", sqlmodel.UTCDateTime(), nullable=True),
        sa.Column("granted_by_id", sa.Integer(), nullable=True),
        sa.Column("granted_at_utc", sqlmodel.UTCDateTime(), nullable=False),
        sa.CheckConstraint(
            "is_cover = (covers_account_id IS NOT NULL)",
            name=op.f("ck_role_grant_cover_names_whom"),
        ),
        sa.CheckConstraint(
            "valid_to IS NULL OR valid_to >= valid_from", name=op.f("ck_role_grant_period")
        ),
        sa.ForeignKeyConstraint(
            ["account_id"], ["account.id"], name=op.f("fk_role_grant_account_id_account")
        ),
        sa.ForeignKeyConstraint(
            ["covers_account_id"],
            ["account.id"],
            name=op.f("fk_role_grant_covers_account_id_account"),
        ),
        sa.ForeignKeyConstraint(
            ["granted_by_id"], ["account.id"], name=op.f("fk_role_grant_granted_by_id_account")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_role_grant")),
    )
    with op.batch_alter_table("role_grant", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_role_grant_account_id"), ["account_id"], unique=False)

    op.create_table(
        "sampling_draw",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("month", sa.String(length=7), nullable=False),
        sa.Column("seed", sqlmodel.AutoString(length=64), nullable=False),
        sa.Column("drawn_at_utc", sqlmodel.UTCDateTime(), nullable=False),
        sa.Column("drawn_by_id", sa.Integer(), nullable=False),
        sa.Column("size", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["drawn_by_id"], ["account.id"], name=op.f("fk_sampling_draw_drawn_by_id_account")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_sampling_draw")),
        sa.UniqueConstraint("month", name=op.f("uq_sampling_draw_month")),
    )
    op.create_table(
        "setting",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("key", sqlmodel.AutoString(length=60), nullable=False),
        sa.Column(
            "value", sa.JSON().with_variant(postgresql.JSONB(), "postgresql"), nullable=False
        ),
        sa.Column("valid_from", sa.Date(), nullable=False),
        sa.Column("drafted_by_id", sa.Integer(), nullable=True),
        sa.Column("confirmed_by_id", sa.Integer(), nullable=True),
        sa.Column("confirmed_at_utc", sqlmodel.UTCDateTime(), nullable=True),
        sa.CheckConstraint(
            "confirmed_by_id IS NULL OR confirmed_by_id <> drafted_by_id",
            name=op.f("ck_setting_two_people"),
        ),
        sa.ForeignKeyConstraint(
            ["confirmed_by_id"], ["account.id"], name=op.f("fk_setting_confirmed_by_id_account")
        ),
        sa.ForeignKeyConstraint(
            ["drafted_by_id"], ["account.id"], name=op.f("fk_setting_drafted_by_id_account")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_setting")),
        sa.UniqueConstraint("key", "valid_from", name=op.f("uq_setting_key_valid_from")),
    )
    op.create_table(
        "sign_in_ticket",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("token_hash", sqlmodel.AutoString(length=64), nullable=False),
        sa.Column("browser_hash", sqlmodel.AutoString(length=64), nullable=False),
        sa.Column("account_id", sa.Integer(), nullable=False),
        sa.Column("expires_at_utc", sqlmodel.UTCDateTime(), nullable=False),
        sa.Column("used_at_utc", sqlmodel.UTCDateTime(), nullable=True),
        sa.ForeignKeyConstraint(
            ["account_id"], ["account.id"], name=op.f("fk_sign_in_ticket_account_id_account")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_sign_in_ticket")),
        sa.UniqueConstraint("token_hash", name=op.f("uq_sign_in_ticket_token_hash")),
    )
    op.create_table(
        "tie",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("account_id", sa.Integer(), nullable=False),
        sa.Column("agency_id", sa.Integer(), nullable=True),
        sa.Column("enterprise_id", sa.Integer(), nullable=True),
        sa.Column("kind", sqlmodel.AutoString(length=40), nullable=False),
        sa.Column("from_on", sa.Date(), nullable=False),
        sa.Column("to_on", sa.Date(), nullable=True),
        sa.Column("reported_by_id", sa.Integer(), nullable=False),
        sa.Column("reported_at_utc", sqlmodel.UTCDateTime(), nullable=False),
        sa.CheckConstraint(
            "(agency_id IS NULL) <> (enterprise_id IS NULL)", name=op.f("ck_tie_one_organisation")
        ),
        sa.CheckConstraint("to_on IS NULL OR to_on >= from_on", name=op.f("ck_tie_period")),
        sa.ForeignKeyConstraint(
            ["account_id"], ["account.id"], name=op.f("fk_tie_account_id_account")
        ),
        sa.ForeignKeyConstraint(["agency_id"], ["agency.id"], name=op.f("fk_tie_agency_id_agency")),
        sa.ForeignKeyConstraint(
            ["enterprise_id"], ["enterprise.id"], name=op.f("fk_tie_enterprise_id_enterprise")
        ),
        sa.ForeignKeyConstraint(
            ["reported_by_id"], ["account.id"], name=op.f("fk_tie_reported_by_id_account")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_tie")),
    )
    with op.batch_alter_table("tie", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_tie_account_id"), ["account_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_tie_agency_id"), ["agency_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_tie_enterprise_id"), ["enterprise_id"], unique=False)

    op.create_table(
        "activity",
        sa.Column("seq", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("at_utc", sqlmodel.UTCDateTime(), nullable=False),
        sa.Column("account_id", sa.Integer(), nullable=True),
        sa.Column("grant_id", sa.Integer(), nullable=True),
        sa.Column("verb", sqlmodel.AutoString(length=40), nullable=False),
        sa.Column("subject", sqlmodel.AutoString(length=80), nullable=False),
        sa.Column(
            "before", sa.JSON().with_variant(postgresql.JSONB(), "postgresql"), nullable=True
        ),
        sa.Column("after", sa.JSON().with_variant(postgresql.JSONB(), "postgresql"), nullable=True),
        sa.Column("previous_hash", sqlmodel.AutoString(length=64), nullable=False),
        sa.Column("hash", sqlmodel.AutoString(length=64), nullable=False),
        sa.ForeignKeyConstraint(
            ["account_id"], ["account.id"], name=op.f("fk_activity_account_id_account")
        ),
        sa.ForeignKeyConstraint(
            ["grant_id"], ["role_grant.id"], name=op.f("fk_activity_grant_id_role_grant")
        ),
        sa.PrimaryKeyConstraint("seq", name=op.f("pk_activity")),
        sa.UniqueConstraint("hash", name=op.f("uq_activity_hash")),
        sa.UniqueConstraint("previous_hash", name=op.f("uq_activity_previous_hash")),
    )
    with op.batch_alter_table("activity", schema=None) as batch_op:
        batch_op.create_index("ix_activity_account_id", ["account_id", "seq"], unique=False)
        batch_op.create_index("ix_activity_subject", ["subject", "seq"], unique=False)
        batch_op.create_index("ix_activity_verb", ["verb", "seq"], unique=False)

    op.create_table(
        "advance",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("agreement_id", sa.Integer(), nullable=False),
        sa.Column("amount_fen", sa.BigInteger(), nullable=False),
        sa.Column("advanced_on", sa.Date(), nullable=False),
        sa.CheckConstraint("amount_fen > 0", name=op.f("ck_advance_positive")),
        sa.ForeignKeyConstraint(
            ["agreement_id"], ["agreement.id"], name=op.f("fk_advance_agreement_id_agreement")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_advance")),
    )
    with op.batch_alter_table("advance", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_advance_agreement_id"), ["agreement_id"], unique=False)

    op.create_table(
        "claim",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("number", sqlmodel.AutoString(length=40), nullable=False),
        sa.Column("agreement_id", sa.Integer(), nullable=False),
        sa.Column("result_id", sa.Integer(), nullable=False),
        sa.Column("enterprise_id", sa.Integer(), nullable=False),
        sa.Column("agency_id", sa.Integer(), nullable=False),
        sa.Column("service_code", sqlmodel.AutoString(length=24), nullable=False),
        sa.Column("filed_month", sa.String(length=7), nullable=False),
        sa.Column("filed_on", sa.Date(), nullable=False),
        sa.Column("asked_fen", sa.BigInteger(), nullable=False),
        sa.Column("basis_fen", sa.BigInteger(), nullable=True),
        sa.Column("units", sa.Integer(), nullable=True),
        sa.Column("invoice_number", sqlmodel.AutoString(length=40), nullable=False),
        sa.Column("invoice_fen", sa.BigInteger(), nullable=True),
        sa.Column("payee_name", sqlmodel.AutoString(length=120), nullable=False),
        sa.Column("payee_account", sqlmodel.AutoString(length=40), nullable=False),
        sa.Column("note", sqlmodel.AutoString(length=1000), nullable=False),
        sa.Column(
            "state",
            sa.Enum(
                "draft",
                "submitted",
                "returned",
                "on_hold",
                "pre_reviewed",
                "applied",
                "re_reviewed",
                "approved",
                "agency_paid",
                "closed",
                "refused",
                "withdrawn",
                name="state",
                native_enum=False,
                create_constraint=True,
                length=24,
            ),
            nullable=False,
        ),
        sa.Column(
            "held_from",
            sa.Enum(
                "draft",
                "submitted",
                "returned",
                "on_hold",
                "pre_reviewed",
                "applied",
                "re_reviewed",
                "approved",
                "agency_paid",
                "closed",
                "refused",
                "withdrawn",
                name="held_from",
                native_enum=False,
                create_constraint=True,
                length=24,
            ),
            nullable=True,
        ),
        sa.Column(
            "resume_at",
            sa.Enum(
                "draft",
                "submitted",
                "returned",
                "on_hold",
                "pre_reviewed",
                "applied",
                "re_reviewed",
                "approved",
                "agency_paid",
                "closed",
                "refused",
                "withdrawn",
                name="resume_at",
                native_enum=False,
                create_constraint=True,
                length=24,
            ),
            nullable=True,
        ),
        sa.Column("was_reopened", sa.Boolean(), nullable=False),
        sa.Column("is_recall_asked", sa.Boolean(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("round", sa.Integer(), nullable=False),
        sa.Column("facts_digest", sqlmodel.AutoString(length=64), nullable=False),
        sa.Column("waiting_since_on", sa.Date(), nullable=False),
        sa.Column("changed_at_utc", sqlmodel.UTCDateTime(), nullable=False),
        sa.Column("findings_met", sa.Integer(), nullable=False),
        sa.Column("findings_not_met", sa.Integer(), nullable=False),
        sa.Column("findings_unknown", sa.Integer(), nullable=False),
        sa.Column("findings_warning", sa.Integer(), nullable=False),
        sa.Column("findings_at_utc", sqlmodel.UTCDateTime(), nullable=True),
        sa.Column("lease_account_id", sa.Integer(), nullable=True),
        sa.Column("lease_taken_at_utc", sqlmodel.UTCDateTime(), nullable=True),
        sa.Column("lease_until_utc", sqlmodel.UTCDateTime(), nullable=True),
        sa.CheckConstraint(
            "(state = 'on_hold') = (held_from IS NOT NULL)", name=op.f("ck_claim_hold_remembers")
        ),
        sa.CheckConstraint("asked_fen > 0", name=op.f("ck_claim_asked_positive")),
        sa.ForeignKeyConstraint(
            ["agency_id"], ["agency.id"], name=op.f("fk_claim_agency_id_agency")
        ),
        sa.ForeignKeyConstraint(
            ["agreement_id"], ["agreement.id"], name=op.f("fk_claim_agreement_id_agreement")
        ),
        sa.ForeignKeyConstraint(
            ["enterprise_id"], ["enterprise.id"], name=op.f("fk_claim_enterprise_id_enterprise")
        ),
        sa.ForeignKeyConstraint(
            ["lease_account_id"], ["account.id"], name=op.f("fk_claim_lease_account_id_account")
        ),
        sa.ForeignKeyConstraint(
            ["result_id"], ["result.id"], name=op.f("fk_claim_result_id_result")
        ),
        sa.ForeignKeyConstraint(
            ["service_code"], ["service_type.code"], name=op.f("fk_claim_service_code_service_type")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_claim")),
        sa.UniqueConstraint("number", name=op.f("uq_claim_number")),
    )
    with op.batch_alter_table("claim", schema=None) as batch_op:
        batch_op.create_index(
            "ix_claim_agency", ["agency_id", "waiting_since_on", "id"], unique=False
        )
        batch_op.create_index("ix_claim_agency_state", ["agency_id", "state", "id"], unique=False)
        batch_op.create_index("ix_claim_agreement", ["agreement_id"], unique=False)
        batch_op.create_index("ix_claim_enterprise", ["enterprise_id", "id"], unique=False)
        batch_op.create_index(
            "ix_claim_invoice",
            ["invoice_number"],
            unique=False,
            sqlite_where=sa.text("invoice_number <> ''"),
            postgresql_where=sa.text("invoice_number <> ''"),
        )
        batch_op.create_index(
            "ix_claim_lease",
            ["lease_account_id"],
            unique=False,
            sqlite_where=sa.text("lease_account_id IS NOT NULL"),
            postgresql_where=sa.text("lease_account_id IS NOT NULL"),
        )
        batch_op.create_index("ix_claim_month", ["filed_month", "state", "id"], unique=False)
        batch_op.create_index("ix_claim_queue", ["state", "waiting_since_on", "id"], unique=False)
        batch_op.create_index("ix_claim_result", ["result_id"], unique=False)

    op.create_table(
        "confirmation",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("agreement_id", sa.Integer(), nullable=False),
        sa.Column("result_id", sa.Integer(), nullable=False),
        sa.Column(
            "basis",
            sa.Enum(
                "given",
                "imported",
                "deemed",
                name="confirmationbasis",
                native_enum=False,
                create_constraint=True,
                length=24,
            ),
            nullable=False,
        ),
        sa.Column("requested_on", sa.Date(), nullable=True),
        sa.Column("confirmed_on", sa.Date(), nullable=True),
        sa.Column("paid_before_fen", sa.BigInteger(), nullable=True),
        sa.Column("paid_after_fen", sa.BigInteger(), nullable=True),
        sa.Column("satisfaction", sa.Integer(), nullable=True),
        sa.Column("is_denied", sa.Boolean(), nullable=False),
        sa.Column("recorded_at_utc", sqlmodel.UTCDateTime(), nullable=False),
        sa.CheckConstraint(
            "basis = 'given' OR NOT is_denied", name=op.f("ck_confirmation_denied_by_itself")
        ),
        sa.CheckConstraint(
            "basis <> 'deemed' OR satisfaction IS NULL",
            name=op.f("ck_confirmation_deemed_is_silent"),
        ),
        sa.CheckConstraint(
            "satisfaction BETWEEN 1 AND 5", name=op.f("ck_confirmation_satisfaction")
        ),
        sa.ForeignKeyConstraint(
            ["agreement_id"], ["agreement.id"], name=op.f("fk_confirmation_agreement_id_agreement")
        ),
        sa.ForeignKeyConstraint(
            ["result_id"], ["result.id"], name=op.f("fk_confirmation_result_id_result")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_confirmation")),
        sa.UniqueConstraint(
            "agreement_id", "result_id", name=op.f("uq_confirmation_agreement_id_result_id")
        ),
    )
    op.create_table(
        "claim_event",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("claim_id", sa.Integer(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column(
            "action",
            sa.Enum(
                "submit",
                "withdraw",
                "lapse",
                "pass_pre_review",
                "return_pre_review",
                "refuse_pre_review",
                "undo_pre_review",
                "reopen",
                "apply",
                "pass_re_review",
                "approve",
                "return_office",
                "refuse_office",
                "ask_agency",
                "request_recall",
                "answer_recall",
                "hold",
                "release",
                "pay_agency",
                "payment_failed",
                "reward_enterprise",
                "close_without_reward",
                name="action",
                native_enum=False,
                create_constraint=True,
                length=24,
            ),
            nullable=False,
        ),
        sa.Column(
            "from_state",
            sa.Enum(
                "draft",
                "submitted",
                "returned",
                "on_hold",
                "pre_reviewed",
                "applied",
                "re_reviewed",
                "approved",
                "agency_paid",
                "closed",
                "refused",
                "withdrawn",
                name="from_state",
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
                "submitted",
                "returned",
                "on_hold",
                "pre_reviewed",
                "applied",
                "re_reviewed",
                "approved",
                "agency_paid",
                "closed",
                "refused",
                "withdrawn",
                name="to_state",
                native_enum=False,
                create_constraint=True,
                length=24,
            ),
            nullable=False,
        ),
        sa.Column(
            "office",
            sa.Enum(
                "filing",
                "pre_review",
                "application",
                "re_review",
                "approval",
                "payment",
                "system",
                name="office",
                native_enum=False,
                create_constraint=True,
                length=24,
            ),
            nullable=False,
        ),
        sa.Column("round", sa.Integer(), nullable=False),
        sa.Column("is_decision", sa.Boolean(), nullable=False),
        sa.Column("account_id", sa.Integer(), nullable=True),
        sa.Column("grant_id", sa.Integer(), nullable=True),
        sa.Column("on_behalf", sa.Boolean(), nullable=False),
        sa.Column("at_utc", sqlmodel.UTCDateTime(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("facts_digest", sqlmodel.AutoString(length=64), nullable=False),
        sa.Column("subsidy_fen", sa.BigInteger(), nullable=True),
        sa.Column("reward_fen", sa.BigInteger(), nullable=True),
        sa.Column(
            "reasons", sa.JSON().with_variant(postgresql.JSONB(), "postgresql"), nullable=False
        ),
        sa.Column("note", sqlmodel.AutoString(length=2000), nullable=False),
        sa.Column(
            "findings", sa.JSON().with_variant(postgresql.JSONB(), "postgresql"), nullable=False
        ),
        sa.Column("batch_id", sa.Integer(), nullable=True),
        sa.ForeignKeyConstraint(
            ["account_id"], ["account.id"], name=op.f("fk_claim_event_account_id_account")
        ),
        sa.ForeignKeyConstraint(
            ["batch_id"], ["batch.id"], name=op.f("fk_claim_event_batch_id_batch")
        ),
        sa.ForeignKeyConstraint(
            ["claim_id"], ["claim.id"], name=op.f("fk_claim_event_claim_id_claim")
        ),
        sa.ForeignKeyConstraint(
            ["grant_id"], ["role_grant.id"], name=op.f("fk_claim_event_grant_id_role_grant")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_claim_event")),
        sa.UniqueConstraint("claim_id", "position", name=op.f("uq_claim_event_claim_id_position")),
    )
    with op.batch_alter_table("claim_event", schema=None) as batch_op:
        batch_op.create_index("ix_claim_event_account", ["account_id", "id"], unique=False)
        batch_op.create_index("ix_claim_event_action", ["action", "at_utc"], unique=False)
        batch_op.create_index(
            "ix_claim_event_decision",
            ["claim_id", "from_state", "round"],
            unique=True,
            sqlite_where=sa.text("is_decision"),
            postgresql_where=sa.text("is_decision"),
        )

    op.create_table(
        "batch_row",
        sa.Column("batch_id", sa.Integer(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("claim_id", sa.Integer(), nullable=False),
        sa.Column("subsidy_fen", sa.BigInteger(), nullable=False),
        sa.Column("reward_fen", sa.BigInteger(), nullable=True),
        sa.Column("line", sa.JSON().with_variant(postgresql.JSONB(), "postgresql"), nullable=False),
        sa.Column("left_event_id", sa.Integer(), nullable=True),
        sa.ForeignKeyConstraint(
            ["batch_id"], ["batch.id"], name=op.f("fk_batch_row_batch_id_batch")
        ),
        sa.ForeignKeyConstraint(
            ["claim_id"], ["claim.id"], name=op.f("fk_batch_row_claim_id_claim")
        ),
        sa.ForeignKeyConstraint(
            ["left_event_id"],
            ["claim_event.id"],
            name=op.f("fk_batch_row_left_event_id_claim_event"),
        ),
        sa.PrimaryKeyConstraint("batch_id", "position", name=op.f("pk_batch_row")),
        sa.UniqueConstraint("batch_id", "claim_id", name=op.f("uq_batch_row_batch_id_claim_id")),
    )
    with op.batch_alter_table("batch_row", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_batch_row_claim_id"), ["claim_id"], unique=False)

    op.create_table(
        "line_wait",
        sa.Column("budget_line_id", sa.Integer(), nullable=False),
        sa.Column("pending_on", sa.Date(), nullable=False),
        sa.Column("waiting_fen", sa.BigInteger(), nullable=False),
        sa.ForeignKeyConstraint(
            ["budget_line_id"],
            ["budget_line.id"],
            name=op.f("fk_line_wait_budget_line_id_budget_line"),
        ),
        sa.PrimaryKeyConstraint("budget_line_id", "pending_on", name=op.f("pk_line_wait")),
    )
    op.create_table(
        "claim_money",
        sa.Column("claim_id", sa.Integer(), nullable=False),
        sa.Column(
            "purpose",
            sa.Enum(
                "subsidy",
                "reward",
                name="purpose",
                native_enum=False,
                create_constraint=True,
                length=24,
            ),
            nullable=False,
        ),
        sa.Column(
            "payee",
            sa.Enum(
                "agency",
                "alliance",
                "enterprise",
                name="payee",
                native_enum=False,
                create_constraint=True,
                length=24,
            ),
            nullable=False,
        ),
        sa.Column("policy_rule_id", sa.Integer(), nullable=True),
        sa.Column("budget_line_id", sa.Integer(), nullable=True),
        sa.Column("asked_fen", sa.BigInteger(), nullable=True),
        sa.Column("entitled_fen", sa.BigInteger(), nullable=True),
        sa.Column("approved_fen", sa.BigInteger(), nullable=True),
        sa.Column("committed_fen", sa.BigInteger(), nullable=False),
        sa.Column("paid_fen", sa.BigInteger(), nullable=False),
        sa.Column("pending_on", sa.Date(), nullable=True),
        sa.Column("pending_since_utc", sqlmodel.UTCDateTime(), nullable=True),
        sa.CheckConstraint(
            "(pending_on IS NULL) = (pending_since_utc IS NULL)",
            name=op.f("ck_claim_money_pending_since"),
        ),
        sa.CheckConstraint(
            "approved_fen IS NULL OR approved_fen >= 0", name=op.f("ck_claim_money_approved")
        ),
        sa.CheckConstraint(
            "entitled_fen IS NULL OR approved_fen IS NULL OR approved_fen <= entitled_fen",
            name=op.f("ck_claim_money_at_most_entitled"),
        ),
        sa.ForeignKeyConstraint(
            ["budget_line_id"],
            ["budget_line.id"],
            name=op.f("fk_claim_money_budget_line_id_budget_line"),
        ),
        sa.ForeignKeyConstraint(
            ["claim_id"], ["claim.id"], name=op.f("fk_claim_money_claim_id_claim")
        ),
        sa.ForeignKeyConstraint(
            ["policy_rule_id"],
            ["policy_rule.id"],
            name=op.f("fk_claim_money_policy_rule_id_policy_rule"),
        ),
        sa.PrimaryKeyConstraint("claim_id", "purpose", name=op.f("pk_claim_money")),
    )
    with op.batch_alter_table("claim_money", schema=None) as batch_op:
        batch_op.create_index(
            "ix_claim_money_ahead",
            ["budget_line_id", "pending_on", "pending_since_utc", "claim_id", "entitled_fen"],
            unique=False,
            sqlite_where=sa.text("pending_on IS NOT NULL"),
            postgresql_where=sa.text("pending_on IS NOT NULL"),
        )
        batch_op.create_index(
            batch_op.f("ix_claim_money_policy_rule_id"), ["policy_rule_id"], unique=False
        )

    op.create_table(
        "evidence",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("claim_id", sa.Integer(), nullable=False),
        sa.Column("kind_code", sqlmodel.AutoString(length=8), nullable=False),
        sa.Column("file_name", sqlmodel.AutoString(length=200), nullable=False),
        sa.Column("media_type", sqlmodel.AutoString(length=60), nullable=False),
        sa.Column("size_bytes", sa.Integer(), nullable=False),
        sa.Column("sha256", sqlmodel.AutoString(length=64), nullable=False),
        sa.Column("uploaded_by_id", sa.Integer(), nullable=False),
        sa.Column("uploaded_at_utc", sqlmodel.UTCDateTime(), nullable=False),
        sa.Column("replaced_at_utc", sqlmodel.UTCDateTime(), nullable=True),
        sa.ForeignKeyConstraint(
            ["claim_id"], ["claim.id"], name=op.f("fk_evidence_claim_id_claim")
        ),
        sa.ForeignKeyConstraint(
            ["kind_code"], ["evidence_kind.code"], name=op.f("fk_evidence_kind_code_evidence_kind")
        ),
        sa.ForeignKeyConstraint(
            ["uploaded_by_id"], ["account.id"], name=op.f("fk_evidence_uploaded_by_id_account")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_evidence")),
    )
    with op.batch_alter_table("evidence", schema=None) as batch_op:
        batch_op.create_index("ix_evidence_claim", ["claim_id", "kind_code"], unique=False)

    op.create_table(
        "sampled_claim",
        sa.Column("claim_id", sa.Integer(), nullable=False),
        sa.Column("draw_id", sa.Integer(), nullable=False),
        sa.Column("is_drawn", sa.Boolean(), nullable=False),
        sa.Column("opened_at_utc", sqlmodel.UTCDateTime(), nullable=True),
        sa.ForeignKeyConstraint(
            ["claim_id"], ["claim.id"], name=op.f("fk_sampled_claim_claim_id_claim")
        ),
        sa.ForeignKeyConstraint(
            ["draw_id"], ["sampling_draw.id"], name=op.f("fk_sampled_claim_draw_id_sampling_draw")
        ),
        sa.PrimaryKeyConstraint("claim_id", name=op.f("pk_sampled_claim")),
    )
    with op.batch_alter_table("sampled_claim", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_sampled_claim_draw_id"), ["draw_id"], unique=False)

    op.keep_append_only("activity")
    op.keep_append_only("claim_event")
