"""What the coded reasons say (理由用语) on a day: their newest confirmed version, or what the reference
data brought."""

from __future__ import annotations

from datetime import date

from sqlalchemy import select
from sqlmodel import Session, col

from models.clock import today
from models.tables.policy import ReasonText
from models.tables.reference import ReasonCode

_TEXTS = ("name_zh", "name_en", "remedy_zh", "remedy_en")


def reasons_on(session: Session, on: date | None = None) -> dict[str, ReasonCode]:
    """Every coded reason by its code, with what the agency must do about it.

    Args:
        session: any transaction.
        on: the day; today when left out.

    Returns:
        Rows that are not the database's own: changing one changes nothing.
    """
    rows = session.execute(select(ReasonCode).order_by(col(ReasonCode.code))).scalars()
    reasons = {reason.code: ReasonCode(**reason.model_dump()) for reason in rows}
    versions = (
        select(ReasonText)
        .where(col(ReasonText.valid_from) <= (on or today()))
        .order_by(col(ReasonText.valid_from))
    )
    for version in session.execute(versions).scalars():
        for name in _TEXTS:
            setattr(reasons[version.code], name, getattr(version, name))
    return reasons
