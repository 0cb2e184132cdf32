"""The ledger of payments (拨付台账), payment orders (拨付单), recoveries (追回), the bank's list (银行清单)
and moves between budget lines (预算调剂)."""

from datetime import date, datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import CheckConstraint, ForeignKeyConstraint, Index, UniqueConstraint, text
from sqlmodel import Field, SQLModel

from models.rules.entitlement import Purpose
from models.rules.payments import EntryKind
from models.rules.reconciling import Verdict
from models.tables.base import enum_field, fen_field, month_field


def _where(condition: str) -> dict[str, Any]:
    return {"sqlite_where": text(condition), "postgresql_where": text(condition)}


class DraftState(StrEnum):
    """Where something stands that one person drafts and another confirms."""

    drafted = "drafted"  # 待确认
    confirmed = "confirmed"  # 已确认
    discarded = "discarded"  # 已撤回


class PaymentOrder(SQLModel, table=True):
    """A payment order (拨付单): what finance hands to the bank; frozen, append-only. Its rows are the
    entries that name it."""

    __tablename__ = "payment_order"
    __table_args__ = (
        UniqueConstraint("number"),
        CheckConstraint("rows > 0 AND total_fen > 0", name="not_empty"),
    )

    id: int | None = Field(default=None, primary_key=True)
    number: str = Field(max_length=24)
    month: str = month_field()
    made_on: date
    made_at_utc: datetime
    made_by_id: int = Field(foreign_key="account.id")
    rows: int
    total_fen: int = fen_field()
    digest: str = Field(max_length=64)
    chain_head: str = Field(max_length=64)


class Payment(SQLModel, table=True):
    """One entry of the ledger (拨付台账): append-only, one purpose of a claim's money; what was
    wrong is answered by a further entry."""

    __table_args__ = (
        ForeignKeyConstraint(
            ["claim_id", "purpose"], ["claim_money.claim_id", "claim_money.purpose"]
        ),
        UniqueConstraint("id", "claim_id"),
        UniqueConstraint("claim_id", "purpose", "position"),
        ForeignKeyConstraint(["of_id", "claim_id"], ["payment.id", "payment.claim_id"]),
        ForeignKeyConstraint(["after_id", "claim_id"], ["payment.id", "payment.claim_id"]),
        CheckConstraint(
            "amount_fen <> 0 AND (kind = 'recovered') = (amount_fen < 0)", name="recovered_negative"
        ),
        CheckConstraint("(kind = 'paid') = (paid_on IS NOT NULL)", name="paid_on_a_day"),
        CheckConstraint(
            "(kind IN ('failed', 'returned', 'recovered')) = (of_id IS NOT NULL)", name="undoes_one"
        ),
        CheckConstraint(
            "(kind = 'paid' AND purpose = 'reward') = (after_id IS NOT NULL)",
            name="reward_after_subsidy",
        ),
        CheckConstraint(
            "kind NOT IN ('ordered', 'dropped') OR order_id IS NOT NULL", name="ordered_somewhere"
        ),
        CheckConstraint(
            "kind <> 'recovered'"
            " OR (confirmed_by_id IS NOT NULL AND confirmed_by_id <> entered_by_id)",
            name="two_people",
        ),
        # The same payee, amount and voucher is paid once.
        Index(
            "ix_payment_voucher", "payee_account", "amount_fen", "voucher", unique=True,
            **_where("kind = 'paid' AND voucher <> ''"),
        ),
        Index("ix_payment_order_id", "order_id", "id", **_where("order_id IS NOT NULL")),
        Index("ix_payment_kind", "kind", "id"),
        Index("ix_payment_event_id", "event_id", **_where("event_id IS NOT NULL")),
    )  # fmt: skip

    id: int | None = Field(default=None, primary_key=True)
    claim_id: int
    purpose: Purpose = enum_field(Purpose)
    position: int
    kind: EntryKind = enum_field(EntryKind)
    amount_fen: int = fen_field()
    payee_name: str = Field(default="", max_length=120)
    payee_bank: str = Field(default="", max_length=120)
    payee_account: str = Field(default="", max_length=40)
    voucher: str = Field(default="", max_length=40)
    paid_on: date | None = None
    order_id: int | None = Field(default=None, foreign_key="payment_order.id")
    of_id: int | None = None
    after_id: int | None = None
    event_id: int | None = Field(default=None, foreign_key="claim_event.id")
    reason: str = Field(default="", max_length=300)
    entered_by_id: int | None = Field(default=None, foreign_key="account.id")
    confirmed_by_id: int | None = Field(default=None, foreign_key="account.id")
    entered_at_utc: datetime


class Recovery(SQLModel, table=True):
    """Money to be had back (追回): drafted by one person, confirmed by another; then an entry of the
    ledger."""

    __table_args__ = (
        CheckConstraint("amount_fen > 0", name="positive"),
        CheckConstraint(
            "state <> 'confirmed'"
            " OR (decided_by_id IS NOT NULL AND decided_by_id <> drafted_by_id)",
            name="two_people",
        ),
        Index(
            "ix_recovery_open", "payment_id", unique=True, **_where("state = 'drafted'")
        ),
    )  # fmt: skip

    id: int | None = Field(default=None, primary_key=True)
    payment_id: int = Field(foreign_key="payment.id")
    amount_fen: int = fen_field()
    reason: str = Field(max_length=300)
    state: DraftState = enum_field(DraftState, default=DraftState.drafted)
    drafted_by_id: int = Field(foreign_key="account.id")
    drafted_at_utc: datetime
    decided_by_id: int | None = Field(default=None, foreign_key="account.id")
    decided_at_utc: datetime | None = None


class BudgetMove(SQLModel, table=True):
    """A move between two budget lines of a year (预算调剂): the total stays; drafted by one person,
    confirmed by another."""

    __tablename__ = "budget_move"
    __table_args__ = (
        CheckConstraint("amount_fen > 0", name="positive"),
        CheckConstraint("from_line_id <> to_line_id", name="two_lines"),
        CheckConstraint(
            "state <> 'confirmed'"
            " OR (decided_by_id IS NOT NULL AND decided_by_id <> drafted_by_id)",
            name="two_people",
        ),
        Index("ix_budget_move_state", "state", "id"),
    )

    id: int | None = Field(default=None, primary_key=True)
    from_line_id: int = Field(foreign_key="budget_line.id")
    to_line_id: int = Field(foreign_key="budget_line.id")
    amount_fen: int = fen_field()
    reason: str = Field(max_length=300)
    state: DraftState = enum_field(DraftState, default=DraftState.drafted)
    drafted_by_id: int = Field(foreign_key="account.id")
    drafted_at_utc: datetime
    decided_by_id: int | None = Field(default=None, foreign_key="account.id")
    decided_at_utc: datetime | None = None


class BankList(SQLModel, table=True):
    """A list of the bank's (银行清单) as it was imported, once."""

    __tablename__ = "bank_list"
    __table_args__ = (UniqueConstraint("sha256"),)

    id: int | None = Field(default=None, primary_key=True)
    file_name: str = Field(max_length=200)
    sha256: str = Field(max_length=64)
    rows: int
    total_fen: int = fen_field()
    rows_digest: str = Field(max_length=64)
    imported_by_id: int = Field(foreign_key="account.id")
    imported_at_utc: datetime


class BankRow(SQLModel, table=True):
    """A line of the bank's list, and the entry of the ledger it was found to be."""

    __tablename__ = "bank_row"
    __table_args__ = (
        Index("ix_bank_row_verdict", "verdict", "list_id", "line"),
        # A payment is reconciled with one line.
        Index(
            "ix_bank_row_payment_id", "payment_id", unique=True,
            **_where("verdict = 'matched'"),
        ),
    )  # fmt: skip

    list_id: int = Field(foreign_key="bank_list.id", primary_key=True)
    line: int = Field(primary_key=True)
    paid_on: date
    payee_name: str = Field(max_length=120)
    payee_account: str = Field(max_length=40)
    amount_fen: int = fen_field()
    voucher: str = Field(max_length=40)
    summary: str = Field(default="", max_length=200)
    verdict: Verdict = enum_field(Verdict)
    payment_id: int | None = Field(default=None, foreign_key="payment.id")
