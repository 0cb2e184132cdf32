"""What a card shows of a life: the steps somebody may take next, and those that were taken, each
with the papers that came with it."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any, Generic, TypeVar

from sqlalchemy import ColumnElement, select
from sqlmodel import Session, col

from models.rules.wording import Wording
from models.tables.people import Account

SHOWN_EVENTS = 60
Action = TypeVar("Action", bound=StrEnum)
State = TypeVar("State", bound=StrEnum)


@dataclass(frozen=True, slots=True)
class PaperLine:
    """A paper, without its content."""

    id: int
    file_name: str
    size_bytes: int


@dataclass(frozen=True, slots=True)
class NextStep(Generic[Action]):
    """A step of one of this person's sides: allowed, or why not."""

    action: Action
    name: Wording
    barred: Wording | None

    @property
    def is_open(self) -> bool:
        """Whether it may be taken now."""
        return self.barred is None


@dataclass(frozen=True, slots=True)
class TakenStep(Generic[Action, State]):
    """One step, with who took it and the papers that came with it."""

    action: Action
    to_state: State
    by: str
    at_utc: datetime
    reasons: tuple[str, ...]
    note: str
    detail: Mapping[str, Any]
    papers: tuple[PaperLine, ...]


def taken_steps(
    session: Session, events: Any, papers: Any, *conditions: ColumnElement[bool]
) -> tuple[TakenStep[Any, Any], ...]:
    """The steps of some conditions, the newest first, at most `SHOWN_EVENTS`.

    Args:
        session: any transaction.
        events: the table of the steps.
        papers: the table of the papers that came with them.
        conditions: on the steps.
    """
    statement = (
        select(events, col(Account.display_name).label("by"))
        .outerjoin(Account, col(Account.id) == events.account_id)
        .where(*conditions)
        .order_by(col(events.id).desc())
        .limit(SHOWN_EVENTS)
    )
    found = session.execute(statement).all()
    kept = _papers(session, papers, [event.id for event, _ in found])
    return tuple(
        TakenStep(
            event.action, event.to_state, by or "", event.at_utc, tuple(event.reasons), event.note,
            event.detail, tuple(kept[event.id]),
        )
        for event, by in found
    )  # fmt: skip


def _papers(session: Session, papers: Any, events: list[int]) -> Mapping[int, list[PaperLine]]:
    found: dict[int, list[PaperLine]] = defaultdict(list)
    statement = (
        select(papers.event_id, papers.id, papers.file_name, papers.size_bytes)
        .where(col(papers.event_id).in_(events))
        .order_by(col(papers.id))
    )
    for event_id, *paper in session.execute(statement):
        found[event_id].append(PaperLine(*paper))
    return found
