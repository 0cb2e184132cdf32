"""Changes by two people: of standards, settings, services' terms, reasons' words and days."""

from datetime import UTC, datetime
from typing import Any

import sqlalchemy as sa
import sqlmodel
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None


_JSON = sa.JSON().with_variant(postgresql.JSONB(), "postgresql")
_RULES = sa.table(
    "policy_rule",
    *(
        sa.column(name)
        for name in (
            "key",
            "version",
            "document",
            "clause",
            "title_zh",
            "title_en",
            "service_code",
            "result_kind_code",
            "purpose",
            "payee",
            "kind",
            "agency_year_cap_fen",
            "enterprise_year_cap_fen",
            "budget_code",
            "drafted_by_id",
            "confirmed_at_utc",
        )
    ),
    sa.column("parameters", _JSON),
    sa.column("valid_from", sa.Date()),
    sa.column("valid_to", sa.Date()),
)
_CHANGES = sa.table(
    "policy_change",
    *(
        sa.column(name)
        for name in ("kind", "subject", "reason", "state", "drafted_by_id", "decided_reason")
    ),
    sa.column("content", _JSON),
    sa.column("valid_from", sa.Date()),
    sa.column("drafted_at_utc", sqlmodel.UTCDateTime()),
)


def upgrade() -> None:
    """The tables of this revision."""
    op.create_table(
        "policy_change",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column(
            "kind",
            sa.Enum(
                "policy_rule",
                "setting",
                "service_terms",
                "reason_text",
                "calendar_day",
                name="changekind",
                native_enum=False,
                create_constraint=True,
                length=24,
            ),
            nullable=False,
        ),
        sa.Column("subject", sqlmodel.AutoString(length=60), nullable=False),
        sa.Column(
            "content", sa.JSON().with_variant(postgresql.JSONB(), "postgresql"), nullable=False
        ),
        sa.Column("valid_from", sa.Date(), nullable=False),
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
        sa.Column("drafted_by_id", sa.Integer(), nullable=True),
        sa.Column("drafted_at_utc", sqlmodel.UTCDateTime(), nullable=False),
        sa.Column("decided_by_id", sa.Integer(), nullable=True),
        sa.Column("decided_at_utc", sqlmodel.UTCDateTime(), nullable=True),
        sa.Column("decided_reason", sqlmodel.AutoString(length=300), nullable=False),
        sa.CheckConstraint(
            "(state = 'drafted') = (decided_at_utc IS NULL)", name=op.f("ck_policy_change_decided")
        ),
        sa.CheckConstraint(
            "state <> 'confirmed' OR decided_by_id <> drafted_by_id",
            name=op.f("ck_policy_change_two_people"),
        ),
        sa.ForeignKeyConstraint(
            ["decided_by_id"], ["account.id"], name=op.f("fk_policy_change_decided_by_id_account")
        ),
        sa.ForeignKeyConstraint(
            ["drafted_by_id"], ["account.id"], name=op.f("fk_policy_change_drafted_by_id_account")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_policy_change")),
    )
    with op.batch_alter_table("policy_change", schema=None) as batch_op:
        batch_op.create_index("ix_policy_change_subject", ["kind", "subject"], unique=False)
        batch_op.create_index(
            "uq_policy_change_waiting",
            ["kind", "subject"],
            unique=True,
            sqlite_where=sa.text("state = 'drafted'"),
            postgresql_where=sa.text("state = 'drafted'"),
        )

    op.create_table(
        "reason_text",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("code", sqlmodel.AutoString(length=4), nullable=False),
        sa.Column("valid_from", sa.Date(), nullable=False),
        sa.Column("name_zh", sqlmodel.AutoString(length=60), nullable=False),
        sa.Column("name_en", sqlmodel.AutoString(length=100), nullable=False),
        sa.Column("remedy_zh", sqlmodel.AutoString(length=200), nullable=False),
        sa.Column("remedy_en", sqlmodel.AutoString(length=300), nullable=False),
        sa.Column("change_id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["change_id"], ["policy_change.id"], name=op.f("fk_reason_text_change_id_policy_change")
        ),
        sa.ForeignKeyConstraint(
            ["code"], ["reason_code.code"], name=op.f("fk_reason_text_code_reason_code")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_reason_text")),
        sa.UniqueConstraint("code", "valid_from", name=op.f("uq_reason_text_code_valid_from")),
    )
    op.create_table(
        "service_terms",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("service_code", sqlmodel.AutoString(length=24), nullable=False),
        sa.Column("valid_from", sa.Date(), nullable=False),
        sa.Column("price_floor_fen", sa.BigInteger(), nullable=True),
        sa.Column("price_ceiling_fen", sa.BigInteger(), nullable=True),
        sa.Column("standard_working_days", sa.Integer(), nullable=True),
        sa.Column("change_id", sa.Integer(), nullable=False),
        sa.CheckConstraint(
            "price_ceiling_fen >= price_floor_fen", name=op.f("ck_service_terms_band")
        ),
        sa.ForeignKeyConstraint(
            ["change_id"],
            ["policy_change.id"],
            name=op.f("fk_service_terms_change_id_policy_change"),
        ),
        sa.ForeignKeyConstraint(
            ["service_code"],
            ["service_type.code"],
            name=op.f("fk_service_terms_service_code_service_type"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_service_terms")),
        sa.UniqueConstraint(
            "service_code", "valid_from", name=op.f("uq_service_terms_service_code_valid_from")
        ),
    )

    _keep_drafts()


def _keep_drafts() -> None:
    """Standards drafted before this revision wait as changes, like those drafted after it."""
    connection = op.get_bind()
    is_draft = sa.and_(
        _RULES.c.confirmed_at_utc.is_(None),
        _RULES.c.drafted_by_id.is_not(None),
    )
    now = datetime.now(UTC)
    for rule in connection.execute(sa.select(_RULES).where(is_draft)).mappings().all():
        connection.execute(sa.insert(_CHANGES).values(_change(rule, now)))


def _change(rule: Any, now: datetime) -> dict[str, Any]:
    ends = rule["valid_to"]
    content = {
        "document": rule["document"],
        "clause": rule["clause"],
        "title_zh": rule["title_zh"],
        "title_en": rule["title_en"],
        "service": rule["service_code"],
        "result_kind": rule["result_kind_code"],
        "purpose": rule["purpose"],
        "payee": rule["payee"],
        "kind": rule["kind"],
        "parameters": rule["parameters"],
        "valid_from": rule["valid_from"].isoformat(),
        "valid_to": ends.isoformat() if ends else None,
        "budget": rule["budget_code"],
        "agency_year_cap_fen": rule["agency_year_cap_fen"],
        "enterprise_year_cap_fen": rule["enterprise_year_cap_fen"],
        "drafted_by": rule["drafted_by_id"],
    }
    return {
        "kind": "policy_rule",
        "subject": f"{rule['key']}:{rule['version']}",
        "content": content,
        "valid_from": rule["valid_from"],
        "reason": "",
        "state": "drafted",
        "drafted_by_id": rule["drafted_by_id"],
        "drafted_at_utc": now,
        "decided_reason": "",
    }
