"""Versions of the rating scheme (考评方案): the one in force, one by its number, all of them."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.orm import aliased
from sqlmodel import Session, col

from models.queries.visibility import refuse_without
from models.rules.changes import ChangeState
from models.rules.rating.scheme import Scheme
from models.rules.rating.schemes import DEFAULT, scheme_content, scheme_of
from models.rules.roles import Actor, Permission
from models.tables.people import Account
from models.tables.ratings import RatingScheme


@dataclass(frozen=True, slots=True)
class SchemeLine:
    """One version of the scheme as it is read.

    Attributes:
        id: of its row; 0 for the default, which has none.
        content: figure → digits.
        decided_by, decided_reason: empty while it waits; of the default always.
    """

    id: int
    version: int
    content: dict[str, str]
    state: ChangeState
    reason: str
    drafted_by: str
    drafted_by_id: int | None
    drafted_at_utc: datetime | None
    decided_by: str
    decided_at_utc: datetime | None
    decided_reason: str


def scheme_in_force(session: Session) -> Scheme:
    """The newest confirmed version; the labelled default until there is one."""
    newest = select(func.max(RatingScheme.version)).where(
        col(RatingScheme.state) == ChangeState.confirmed
    )
    return scheme_numbered(session, session.execute(newest).scalar_one() or DEFAULT.version)


def scheme_numbered(session: Session, version: int) -> Scheme:
    """One version of the scheme.

    Raises:
        NoResultFound: there is no such version; a fault of the program.
    """
    if version == DEFAULT.version:
        return DEFAULT
    content = select(RatingScheme.content).where(col(RatingScheme.version) == version)
    return scheme_of(version, session.execute(content).scalar_one())


def scheme_versions(session: Session, actor: Actor) -> tuple[SchemeLine, ...]:
    """Every version of the scheme, the newest first, the default last.

    Raises:
        NotAllowed: not for this person.
    """
    refuse_without(actor, Permission.see_ratings)
    drafter, decider = aliased(Account), aliased(Account)
    statement = (
        select(RatingScheme, drafter.display_name, decider.display_name)
        .join(drafter, col(drafter.id) == RatingScheme.drafted_by_id)
        .outerjoin(decider, col(decider.id) == RatingScheme.decided_by_id)
        .order_by(col(RatingScheme.version).desc())
    )
    lines = [
        SchemeLine(
            row.id or 0, row.version, dict(row.content), row.state, row.reason, drafted_by,
            row.drafted_by_id, row.drafted_at_utc, decided_by or "", row.decided_at_utc,
            row.decided_reason,
        )
        for row, drafted_by, decided_by in session.execute(statement)
    ]  # fmt: skip
    default = SchemeLine(
        0, DEFAULT.version, scheme_content(DEFAULT), ChangeState.confirmed, "", "", None, None,
        "", None, "",
    )  # fmt: skip
    return (*lines, default)


def scheme_rows(session: Session) -> Iterator[tuple[str, dict[str, Any]]]:
    """Every version, as the record keeps its facts: by number."""
    statement = select(RatingScheme).order_by(col(RatingScheme.version))
    for row in session.execute(statement).scalars():
        yield str(row.version), scheme_recorded(row)


def scheme_recorded(row: RatingScheme) -> dict[str, Any]:
    """A version as the record keeps it."""
    return {
        "scheme": dict(row.content), "scheme_state": row.state.value, "reason": row.reason,
        "drafted_by": row.drafted_by_id, "decided_by": row.decided_by_id,
        "decided_reason": row.decided_reason,
    }  # fmt: skip
