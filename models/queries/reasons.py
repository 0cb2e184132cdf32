"""What the coded reasons say (理由用语) on a day: their newest confirmed version, or what the reference
data brought."""

from __future__ import annotations

from datetime import date
from functools import lru_cache
from typing import Any, TypeAlias

from sqlalchemy import Row, bindparam, select
from sqlmodel import Session, col

from models.clock import today
from models.tables.policy import ReasonText
from models.tables.reference import ReasonCode

Rows: TypeAlias = tuple[Row[Any], ...]

_REASONS = select(ReasonCode.__table__).order_by(col(ReasonCode.code))  # type: ignore[attr-defined]
_VERSIONS = (
    select(
        ReasonText.code, ReasonText.name_zh, ReasonText.name_en, ReasonText.remedy_zh,
        ReasonText.remedy_en,
    )
    .where(col(ReasonText.valid_from) <= bindparam("on"))
    .order_by(col(ReasonText.valid_from))
)  # fmt: skip


def reasons_on(session: Session, on: date | None = None) -> dict[str, ReasonCode]:
    """Every coded reason by its code, with what the agency must do about it.

    Args:
        session: any transaction.
        on: the day; today when left out.

    Returns:
        Rows that are not the database's own and are shared: to be read only.
    """
    reasons = tuple(session.execute(_REASONS).all())
    versions = tuple(session.execute(_VERSIONS, {"on": on or today()}).all())
    return dict(_worded(reasons, versions))


@lru_cache(maxsize=8)
def _worded(reasons: Rows, versions: Rows) -> dict[str, ReasonCode]:
    """Made once for each state of the rows: every page of a claim asks for them."""
    worded = {row.code: dict(row._mapping) for row in reasons}
    for version in versions:
        worded[version.code].update(version._mapping)
    return {code: ReasonCode(**columns) for code, columns in worded.items()}
