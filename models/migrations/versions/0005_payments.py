"""The ledger of payments, payment orders, recoveries, the bank's list, moves between budget lines."""

from collections import defaultdict
from typing import Any
from zoneinfo import ZoneInfo

import sqlalchemy as sa
import sqlmodel
from alembic import op

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """The tables of this revision."""
    op.create_table(
        "bank_list",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("file_name", sqlmodel.AutoString(length=200), nullable=False),
        sa.Column("sha256", sqlmodel.AutoString(length=64), nullable=False),
        sa.Column("rows", sa.Integer(), nullable=False),
        sa.Column("total_fen", sa.BigInteger(), nullable=False),
        sa.Column("rows_digest", sqlmodel.AutoString(length=64), nullable=False),
        sa.Column("imported_by_id", sa.Integer(), nullable=False),
        sa.Column("imported_at_utc", sqlmodel.UTCDateTime(), nullable=False),
        sa.ForeignKeyConstraint(
            ["imported_by_id"], ["account.id"], name=op.f("fk_bank_list_imported_by_id_account")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_bank_list")),
        sa.UniqueConstraint("sha256", name=op.f("uq_bank_list_sha256")),
    )
    op.create_table(
        "payment_order",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("number", sqlmodel.AutoString(length=24), nullable=False),
        sa.Column("month", sa.String(length=7), nullable=False),
        sa.Column("made_on", sa.Date(), nullable=False),
        sa.Column("made_at_utc", sqlmodel.UTCDateTime(), nullable=False),
        sa.Column("made_by_id", sa.Integer(), nullable=False),
        sa.Column("rows", sa.Integer(), nullable=False),
        sa.Column("total_fen", sa.BigInteger(), nullable=False),
        sa.Column("digest", sqlmodel.AutoString(length=64), nullable=False),
        sa.Column("chain_head", sqlmodel.AutoString(length=64), nullable=False),
        sa.CheckConstraint("rows > 0 AND total_fen > 0", name=op.f("ck_payment_order_not_empty")),
        sa.ForeignKeyConstraint(
            ["made_by_id"], ["account.id"], name=op.f("fk_payment_order_made_by_id_account")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_payment_order")),
        sa.UniqueConstraint("number", name=op.f("uq_payment_order_number")),
    )
    op.create_table(
        "budget_move",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("from_line_id", sa.Integer(), nullable=False),
        sa.Column("to_line_id", sa.Integer(), nullable=False),
        sa.Column("amount_fen", sa.BigInteger(), nullable=False),
        sa.Column("reason", sqlmodel.AutoString(length=300), nullable=False),
        sa.Column(
            "state",
            sa.Enum(
                "drafted",
                "confirmed",
                "discarded",
                name="draftstate",
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
        sa.CheckConstraint(
            "state <> 'confirmed' OR (decided_by_id IS NOT NULL AND decided_by_id <> drafted_by_id)",
            name=op.f("ck_budget_move_two_people"),
        ),
        sa.CheckConstraint("amount_fen > 0", name=op.f("ck_budget_move_positive")),
        sa.CheckConstraint("from_line_id <> to_line_id", name=op.f("ck_budget_move_two_lines")),
        sa.ForeignKeyConstraint(
            ["decided_by_id"], ["account.id"], name=op.f("fk_budget_move_decided_by_id_account")
        ),
        sa.ForeignKeyConstraint(
            ["drafted_by_id"], ["account.id"], name=op.f("fk_budget_move_drafted_by_id_account")
        ),
        sa.ForeignKeyConstraint(
            ["from_line_id"],
            ["budget_line.id"],
            name=op.f("fk_budget_move_from_line_id_budget_line"),
        ),
        sa.ForeignKeyConstraint(
            ["to_line_id"], ["budget_line.id"], name=op.f("fk_budget_move_to_line_id_budget_line")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_budget_move")),
    )
    with op.batch_alter_table("budget_move", schema=None) as batch_op:
        batch_op.create_index("ix_budget_move_state", ["state", "id"], unique=False)

    op.create_table(
        "payment",
        sa.Column("id", sa.Integer(), nullable=False),
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
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column(
            "kind",
            sa.Enum(
                "ordered",
                "dropped",
                "paid",
                "failed",
                "returned",
                "recovered",
                name="entrykind",
                native_enum=False,
                create_constraint=True,
                length=24,
            ),
            nullable=False,
        ),
        sa.Column("amount_fen", sa.BigInteger(), nullable=False),
        sa.Column("payee_name", sqlmodel.AutoString(length=120), nullable=False),
        sa.Column("payee_bank", sqlmodel.AutoString(length=120), nullable=False),
        sa.Column("payee_account", sqlmodel.AutoString(length=40), nullable=False),
        sa.Column("voucher", sqlmodel.AutoString(length=40), nullable=False),
        sa.Column("paid_on", sa.Date(), nullable=True),
        sa.Column("order_id", sa.Integer(), nullable=True),
        sa.Column("of_id", sa.Integer(), nullable=True),
        sa.Column("after_id", sa.Integer(), nullable=True),
        sa.Column("event_id", sa.Integer(), nullable=True),
        sa.Column("reason", sqlmodel.AutoString(length=300), nullable=False),
        sa.Column("entered_by_id", sa.Integer(), nullable=True),
        sa.Column("confirmed_by_id", sa.Integer(), nullable=True),
        sa.Column("entered_at_utc", sqlmodel.UTCDateTime(), nullable=False),
        sa.CheckConstraint(
            "(kind = 'paid' AND purpose = 'reward') = (after_id IS NOT NULL)",
            name=op.f("ck_payment_reward_after_subsidy"),
        ),
        sa.CheckConstraint(
            "(kind = 'paid') = (paid_on IS NOT NULL)", name=op.f("ck_payment_paid_on_a_day")
        ),
        sa.CheckConstraint(
            "(kind IN ('failed', 'returned', 'recovered')) = (of_id IS NOT NULL)",
            name=op.f("ck_payment_undoes_one"),
        ),
        sa.CheckConstraint(
            "amount_fen <> 0 AND (kind = 'recovered') = (amount_fen < 0)",
            name=op.f("ck_payment_recovered_negative"),
        ),
        sa.CheckConstraint(
            "kind <> 'recovered' OR (confirmed_by_id IS NOT NULL AND confirmed_by_id <> entered_by_id)",
            name=op.f("ck_payment_two_people"),
        ),
        sa.CheckConstraint(
            "kind NOT IN ('ordered', 'dropped') OR order_id IS NOT NULL",
            name=op.f("ck_payment_ordered_somewhere"),
        ),
        sa.ForeignKeyConstraint(
            ["after_id", "claim_id"],
            ["payment.id", "payment.claim_id"],
            name=op.f("fk_payment_after_id_claim_id_payment"),
        ),
        sa.ForeignKeyConstraint(
            ["claim_id", "purpose"],
            ["claim_money.claim_id", "claim_money.purpose"],
            name=op.f("fk_payment_claim_id_purpose_claim_money"),
        ),
        sa.ForeignKeyConstraint(
            ["confirmed_by_id"], ["account.id"], name=op.f("fk_payment_confirmed_by_id_account")
        ),
        sa.ForeignKeyConstraint(
            ["entered_by_id"], ["account.id"], name=op.f("fk_payment_entered_by_id_account")
        ),
        sa.ForeignKeyConstraint(
            ["event_id"], ["claim_event.id"], name=op.f("fk_payment_event_id_claim_event")
        ),
        sa.ForeignKeyConstraint(
            ["of_id", "claim_id"],
            ["payment.id", "payment.claim_id"],
            name=op.f("fk_payment_of_id_claim_id_payment"),
        ),
        sa.ForeignKeyConstraint(
            ["order_id"], ["payment_order.id"], name=op.f("fk_payment_order_id_payment_order")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_payment")),
        sa.UniqueConstraint(
            "claim_id", "purpose", "position", name=op.f("uq_payment_claim_id_purpose_position")
        ),
        sa.UniqueConstraint("id", "claim_id", name=op.f("uq_payment_id_claim_id")),
    )
    with op.batch_alter_table("payment", schema=None) as batch_op:
        batch_op.create_index(
            "ix_payment_event_id",
            ["event_id"],
            unique=False,
            sqlite_where=sa.text("event_id IS NOT NULL"),
            postgresql_where=sa.text("event_id IS NOT NULL"),
        )
        batch_op.create_index("ix_payment_kind", ["kind", "id"], unique=False)
        batch_op.create_index(
            "ix_payment_order_id",
            ["order_id", "id"],
            unique=False,
            sqlite_where=sa.text("order_id IS NOT NULL"),
            postgresql_where=sa.text("order_id IS NOT NULL"),
        )
        batch_op.create_index(
            "ix_payment_voucher",
            ["payee_account", "amount_fen", "voucher"],
            unique=True,
            sqlite_where=sa.text("kind = 'paid' AND voucher <> ''"),
            postgresql_where=sa.text("kind = 'paid' AND voucher <> ''"),
        )

    op.create_table(
        "bank_row",
        sa.Column("list_id", sa.Integer(), nullable=False),
        sa.Column("line", sa.Integer(), nullable=False),
        sa.Column("paid_on", sa.Date(), nullable=False),
        sa.Column("payee_name", sqlmodel.AutoString(length=120), nullable=False),
        sa.Column("payee_account", sqlmodel.AutoString(length=40), nullable=False),
        sa.Column("amount_fen", sa.BigInteger(), nullable=False),
        sa.Column("voucher", sqlmodel.AutoString(length=40), nullable=False),
        sa.Column("summary", sqlmodel.AutoString(length=200), nullable=False),
        sa.Column(
            "verdict",
            sa.Enum(
                "matched",
                "not_entered",
                "other_amount",
                "other_account",
                "other_name",
                "doubled",
                "unknown",
                name="verdict",
                native_enum=False,
                create_constraint=True,
                length=24,
            ),
            nullable=False,
        ),
        sa.Column("payment_id", sa.Integer(), nullable=True),
        sa.ForeignKeyConstraint(
            ["list_id"], ["bank_list.id"], name=op.f("fk_bank_row_list_id_bank_list")
        ),
        sa.ForeignKeyConstraint(
            ["payment_id"], ["payment.id"], name=op.f("fk_bank_row_payment_id_payment")
        ),
        sa.PrimaryKeyConstraint("list_id", "line", name=op.f("pk_bank_row")),
    )
    with op.batch_alter_table("bank_row", schema=None) as batch_op:
        batch_op.create_index(
            "ix_bank_row_payment_id",
            ["payment_id"],
            unique=True,
            sqlite_where=sa.text("verdict = 'matched'"),
            postgresql_where=sa.text("verdict = 'matched'"),
        )
        batch_op.create_index("ix_bank_row_verdict", ["verdict", "list_id", "line"], unique=False)

    op.create_table(
        "recovery",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("payment_id", sa.Integer(), nullable=False),
        sa.Column("amount_fen", sa.BigInteger(), nullable=False),
        sa.Column("reason", sqlmodel.AutoString(length=300), nullable=False),
        sa.Column(
            "state",
            sa.Enum(
                "drafted",
                "confirmed",
                "discarded",
                name="draftstate",
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
        sa.CheckConstraint(
            "state <> 'confirmed' OR (decided_by_id IS NOT NULL AND decided_by_id <> drafted_by_id)",
            name=op.f("ck_recovery_two_people"),
        ),
        sa.CheckConstraint("amount_fen > 0", name=op.f("ck_recovery_positive")),
        sa.ForeignKeyConstraint(
            ["decided_by_id"], ["account.id"], name=op.f("fk_recovery_decided_by_id_account")
        ),
        sa.ForeignKeyConstraint(
            ["drafted_by_id"], ["account.id"], name=op.f("fk_recovery_drafted_by_id_account")
        ),
        sa.ForeignKeyConstraint(
            ["payment_id"], ["payment.id"], name=op.f("fk_recovery_payment_id_payment")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_recovery")),
    )
    with op.batch_alter_table("recovery", schema=None) as batch_op:
        batch_op.create_index(
            "ix_recovery_open",
            ["payment_id"],
            unique=True,
            sqlite_where=sa.text("state = 'drafted'"),
            postgresql_where=sa.text("state = 'drafted'"),
        )

    with op.batch_alter_table("claim_money", schema=None) as batch_op:
        batch_op.create_index(
            "ix_claim_money_committed",
            ["budget_line_id", "purpose", "committed_fen"],
            unique=False,
            sqlite_where=sa.text("committed_fen > 0"),
            postgresql_where=sa.text("committed_fen > 0"),
        )

    op.keep_append_only("payment")
    op.keep_append_only("payment_order")
    first_entries(op.get_bind())


def first_entries(connection: sa.Connection) -> None:
    """The ledger of what was paid before there was one: an entry for each event that paid or took a
    payment back. They have no voucher; the bank's list finds them by payee and amount."""
    kept: dict[tuple[int, str], list[dict[str, Any]]] = defaultdict(list)
    for event in connection.execute(_EVENTS).all():
        purpose = "reward" if event.action == "reward_enterprise" else "subsidy"
        own, subsidy = kept[event.claim_id, purpose], kept[event.claim_id, "subsidy"]
        is_paid = event.action != "payment_failed"
        entry = {
            "claim_id": event.claim_id, "purpose": purpose, "position": len(own) + 1,
            "kind": "paid" if is_paid else "failed",
            "amount_fen": event.reward_fen if purpose == "reward" else event.subsidy_fen,
            **_payee(event, purpose), "voucher": "",
            "paid_on": event.at_utc.astimezone(_OFFICE).date() if is_paid else None,
            "of_id": None if is_paid else own[-1]["id"],
            "after_id": subsidy[-1]["id"] if purpose == "reward" else None,
            "event_id": event.id, "reason": (event.note or "")[:300],
            "entered_by_id": event.account_id, "entered_at_utc": event.at_utc,
        }  # fmt: skip
        entry["id"] = connection.execute(
            sa.insert(_PAYMENT).values(**entry).returning(_PAYMENT.c.id)
        ).scalar_one()
        own.append(entry)


_OFFICE = ZoneInfo("Asia/Shanghai")
_PAYS = ("pay_agency", "payment_failed", "reward_enterprise")


def _table(name: str, *columns: str, **typed: Any) -> Any:
    return sa.table(
        name, *map(sa.column, columns), *(sa.column(of, kind) for of, kind in typed.items())
    )


_PAYMENT = _table(
    "payment", "id", "claim_id", "purpose", "position", "kind", "amount_fen", "payee_name",
    "payee_bank", "payee_account", "voucher", "of_id", "after_id", "event_id", "reason",
    "entered_by_id", paid_on=sa.Date(), entered_at_utc=sqlmodel.UTCDateTime(),
)  # fmt: skip
_EVENT = _table(
    "claim_event", "id", "claim_id", "position", "action", "account_id", "subsidy_fen",
    "reward_fen", "note", at_utc=sqlmodel.UTCDateTime(),
)  # fmt: skip
_CLAIM = _table("claim", "id", "agency_id", "enterprise_id", "payee_name", "payee_account")
_PARTY = ("id", "payee_name", "payee_bank", "payee_account")
_AGENCY, _ENTERPRISE = _table("agency", *_PARTY), _table("enterprise", *_PARTY)
_REWARD = _table("claim_money", "claim_id", "purpose", "payee")
_EVENTS = (
    sa.select(
        _EVENT,
        _CLAIM.c.payee_name.label("claim_name"), _CLAIM.c.payee_account.label("claim_account"),
        _AGENCY.c.payee_name.label("agency_name"), _AGENCY.c.payee_bank.label("agency_bank"),
        _AGENCY.c.payee_account.label("agency_account"),
        _ENTERPRISE.c.payee_name.label("enterprise_name"),
        _ENTERPRISE.c.payee_bank.label("enterprise_bank"),
        _ENTERPRISE.c.payee_account.label("enterprise_account"), _REWARD.c.payee,
    )
    .join(_CLAIM, _CLAIM.c.id == _EVENT.c.claim_id)
    .join(_AGENCY, _AGENCY.c.id == _CLAIM.c.agency_id)
    .join(_ENTERPRISE, _ENTERPRISE.c.id == _CLAIM.c.enterprise_id)
    .outerjoin(
        _REWARD,
        sa.and_(_REWARD.c.claim_id == _EVENT.c.claim_id, _REWARD.c.purpose == "reward"),
    )
    .where(_EVENT.c.action.in_(_PAYS))
    .order_by(_EVENT.c.claim_id, _EVENT.c.position)
)  # fmt: skip


def _payee(event: Any, purpose: str) -> dict[str, str]:
    """Whom it went to, as far as the records still say."""
    name, account = event.claim_name, event.claim_account
    bank = event.agency_bank if account == event.agency_account else ""
    if purpose == "reward" and event.payee == "enterprise":
        name, bank = event.enterprise_name, event.enterprise_bank
        account = event.enterprise_account
    elif purpose == "reward" and event.payee == "agency":
        name, bank, account = event.agency_name, event.agency_bank, event.agency_account
    return {"payee_name": name, "payee_bank": bank, "payee_account": account}
