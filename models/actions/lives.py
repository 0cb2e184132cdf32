"""The guarded step of a life, written once: the row locked, what was on screen compared with it,
the person allowed, its columns moved on, its event written under the next number.

Agreements, applications, complaints, trainings and rating periods each live by a table of steps in
the rules. What differs between them stands in their own `…_steps.py`.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any, Generic, Protocol, TypeVar

from sqlalchemy import func, select
from sqlmodel import Session, SQLModel, col

from models.actions.course import given_reason
from models.actions.meanwhile import Change, who
from models.actions.papers import KeptPaper
from models.clock import now_utc
from models.queries.vouching_steps import step_digest
from models.rules.errors import NotAllowed, NotAvailable, SeenIsStale
from models.rules.roles import Actor, Answer, GrantFacts
from models.rules.wording import Wording, say
from models.tables.admissions import AdmissionEvent
from models.tables.agreement_life import AgreementEvent
from models.tables.people import Account

Row = TypeVar("Row", bound=SQLModel)
Event = TypeVar("Event", bound=SQLModel)
Columns = dict[str, Any]


class Living(Protocol):
    """A row that lives by steps: each raises its version."""

    id: int | None
    version: int
    changed_at_utc: datetime


class NamedStep(Protocol):
    """A row of a table of steps."""

    @property
    def name(self) -> Wording:
        """What the step is called."""


@dataclass(frozen=True, slots=True)
class Life(Generic[Event]):
    """Where the steps of a kind of rows are kept.

    Attributes:
        events: the table of what was done.
        owner: its column that names the row.
        steps: the table of what may be done.
    """

    events: type[Event]
    owner: str
    steps: Mapping[Any, NamedStep]


@dataclass(frozen=True, slots=True)
class LastStep(Change):
    """Who took the last step of a row, when, and which."""

    what: Wording


def locked(session: Session, table: type[Row], **key: Any) -> Row | None:
    """A row as it is now, locked; others may go on referring to it.

    Args:
        session: the writing transaction.
        table: whose row.
        key: the columns that name it.

    Returns:
        The row; `None` where there is none, or no database could keep such a name.
    """
    if not all(str(value).isprintable() for value in key.values()):
        return None
    statement = (
        select(table)
        .filter_by(**key)
        .with_for_update(key_share=True)
        .execution_options(populate_existing=True)
    )
    found: Row | None = session.execute(statement).scalar_one_or_none()
    return found


def last_step(session: Session, life: Life[Any], row: Living) -> LastStep:
    """The last step of a row; of one that has none, when it was changed."""
    events = life.events
    last = session.execute(
        select(events.action, events.at_utc, Account.display_name)
        .outerjoin(Account, col(Account.id) == events.account_id)
        .where(getattr(events, life.owner) == row.id)
        .order_by(col(events.position).desc())
        .limit(1)
    ).one_or_none()
    if last is None:
        return LastStep(who(None), row.changed_at_utc, say("更改"))
    return LastStep(who(last.display_name), last.at_utc, life.steps[last.action].name)


def overtaken(last: LastStep, number: str) -> SeenIsStale:
    """The refusal of a step on what somebody has changed since it was on screen."""
    return last.stale(
        say("未保存：{name}已于 {at} 对 {number} “{what}”，请核对最新内容",
            name=last.by, at=last.at, number=number, what=last.what)
    )  # fmt: skip


def granted(answer: Answer, *, is_elsewhere: bool) -> GrantFacts:
    """The grant under which a step may be taken.

    Args:
        answer: whether it may be.
        is_elsewhere: the row stands where the step does not begin.

    Raises:
        NotAvailable: not where it stands, in words.
        NotAllowed: not this person's, in words.
    """
    if answer.is_allowed:
        assert answer.grant is not None, "every step of a life is taken under a role"
        return answer.grant
    words = given_reason(answer.reason)
    raise NotAvailable(words) if is_elsewhere else NotAllowed(words)


def moved_on(session: Session, row: Living, changes: Mapping[str, Any]) -> tuple[Columns, Columns]:
    """Set the columns that differ and raise the version.

    Args:
        session: the writing transaction.
        row: the row, locked.
        changes: columns as they shall be.

    Returns:
        The columns that changed: as they were, and as they are.
    """
    changed = {name: value for name, value in changes.items() if getattr(row, name) != value}
    before = {name: getattr(row, name) for name in changed}
    for name, value in changed.items():
        setattr(row, name, value)
    row.version += 1
    row.changed_at_utc = now_utc()
    session.add(row)
    session.flush()
    return before, changed


def new_event(
    session: Session,
    actor: Actor,
    life: Life[Event],
    row: Living,
    action: StrEnum,
    grant: GrantFacts | None,
    **columns: Any,
) -> Event:
    """The next event of a row, one more than the last; not written yet.

    Args:
        session: the writing transaction.
        actor: who acts.
        life: where the steps of such rows are kept.
        row: the row, locked, as the step leaves it.
        action: the step.
        grant: under which it is taken.
        columns: what else such an event states.
    """
    events: Any = life.events
    last = select(func.max(events.position)).where(getattr(events, life.owner) == row.id)
    stated = {
        life.owner: row.id,
        "position": (session.execute(last).scalar_one() or 0) + 1,
        "action": action,
        "account_id": actor.account_id,
        "grant_id": grant.id if grant else None,
        "at_utc": now_utc(),
        "version": row.version,
    }
    return life.events(**stated | columns)


def stated(
    event: AgreementEvent | AdmissionEvent, state: str, papers: Iterable[KeptPaper]
) -> Columns:
    """What the record says of an event besides the columns it changed.

    Args:
        event: the event.
        state: what the record calls where it led.
        papers: that came with it.
    """
    facts = event.detail | {
        "event": event.position,
        state: event.to_state.value,
        "digest": step_digest(event, [paper.stated for paper in papers]),
    }
    if event.reasons:
        facts["reasons"] = event.reasons
    return facts | ({"note": event.note} if event.note else {})
