"""Cover (代理): who stands in for whom, in which role, until when, as auditor and bureau see it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta

from sqlalchemy import or_, select
from sqlalchemy.orm import aliased
from sqlmodel import Session, col

from models.queries.visibility import refuse_without
from models.rules.roles import Actor, Permission, Role
from models.tables.people import Account, Grant

LISTED_AFTER_DAYS = 90
"""How long a cover that is over stays on the list."""


@dataclass(frozen=True, slots=True)
class CoverRow:
    """One cover grant."""

    role: Role
    name: str
    covers: str
    valid_from: date
    valid_to: date | None
    reason: str
    granted_by: str  # empty: the system
    is_ended: bool = False

    def holds_on(self, day: date) -> bool:
        """Whether it is in force on the day (both ends included)."""
        is_within = self.valid_from <= day and (self.valid_to is None or day <= self.valid_to)
        return is_within and not self.is_ended


def covers_listed(session: Session, actor: Actor, day: date) -> tuple[CoverRow, ...]:
    """Covers in force, to come, or over for less than `LISTED_AFTER_DAYS`; the newest first.

    Raises:
        NotAllowed: covers are shown to auditor, bureau and administrator.
    """
    refuse_without(actor, Permission.see_covers)
    holder, covered, granted = aliased(Account), aliased(Account), aliased(Account)
    statement = (
        select(
            Grant.role,
            col(holder.display_name).label("name"),
            col(covered.display_name).label("covers"),
            Grant.valid_from,
            Grant.valid_to,
            Grant.reason,
            Grant.ended_at_utc,
            col(granted.display_name).label("granted_by"),
        )
        .join(holder, col(holder.id) == Grant.account_id)
        .join(covered, col(covered.id) == Grant.covers_account_id)
        .outerjoin(granted, col(granted.id) == Grant.granted_by_id)
        .where(
            col(Grant.is_cover),
            or_(
                col(Grant.valid_to).is_(None),
                col(Grant.valid_to) >= day - timedelta(days=LISTED_AFTER_DAYS),
            ),
        )
        .order_by(col(Grant.valid_from).desc(), col(Grant.id).desc())
    )
    return tuple(
        CoverRow(
            row.role, row.name, row.covers, row.valid_from, row.valid_to, row.reason,
            row.granted_by or "", row.ended_at_utc is not None,
        )
        for row in session.execute(statement)
    )  # fmt: skip
