"""The versions two people made of standards, services' terms, reasons' words and days, as the
record would keep them: what `vouching_registers` compares."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from sqlalchemy import or_, select
from sqlmodel import Session, col

from models.queries.sealing import recorded, sealed
from models.rules.changes import BANK_ACCOUNTS
from models.tables.money import PolicyRule
from models.tables.policy import ReasonText, ServiceTerms
from models.tables.reference import CalendarDay, Setting

_TERMS = ("price_floor_fen", "price_ceiling_fen", "standard_working_days")
_TEXTS = ("name_zh", "name_en", "remedy_zh", "remedy_en")


def policy_rules(session: Session) -> Iterator[tuple[str, dict[str, Any]]]:
    """Every confirmed version of a standard, by key and version."""
    statement = select(PolicyRule).where(
        or_(col(PolicyRule.confirmed_at_utc).is_not(None), col(PolicyRule.drafted_by_id).is_(None))
    )
    for row in session.execute(statement.order_by(col(PolicyRule.id))).scalars():
        kept = row.model_dump(exclude={"id", "version", "confirmed_at_utc"})
        yield f"{row.key}:{row.version}", recorded(kept) | {
            "service": row.service_code, "result_kind": row.result_kind_code,
            "budget": row.budget_code, "drafted_by": row.drafted_by_id,
        }  # fmt: skip


def service_terms(session: Session) -> Iterator[tuple[str, dict[str, Any]]]:
    """Every version of a service's terms, by service and first day."""
    for row in session.execute(select(ServiceTerms).order_by(col(ServiceTerms.id))).scalars():
        on = row.valid_from.isoformat()
        yield f"{row.service_code}:{on}", _said(row, _TERMS) | {"valid_from": on}


def reason_texts(session: Session) -> Iterator[tuple[str, dict[str, Any]]]:
    """Every version of a reason's words, by reason and first day."""
    for row in session.execute(select(ReasonText).order_by(col(ReasonText.id))).scalars():
        on = row.valid_from.isoformat()
        yield f"{row.code}:{on}", _said(row, _TEXTS) | {"valid_from": on}


def calendar_days(session: Session) -> Iterator[tuple[str, dict[str, Any]]]:
    """Every day that is not as announced."""
    for row in session.execute(select(CalendarDay).order_by(col(CalendarDay.day))).scalars():
        yield row.day.isoformat(), {"is_working": row.is_working, "note": row.note}


def settings(session: Session) -> Iterator[tuple[str, dict[str, Any]]]:
    """Every confirmed version of a setting, by key and first day; a bank account sealed."""
    statement = select(Setting).where(col(Setting.confirmed_at_utc).is_not(None))
    for row in session.execute(statement.order_by(col(Setting.id))).scalars():
        on = row.valid_from.isoformat()
        value = sealed(str(row.value)) if row.key in BANK_ACCOUNTS else row.value
        said = {"value": value, "valid_from": on, "drafted_by": row.drafted_by_id}
        yield f"{row.key}:{on}", said


def _said(row: Any, names: tuple[str, ...]) -> dict[str, Any]:
    return {name: getattr(row, name) for name in names}
