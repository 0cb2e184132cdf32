"""The record (操作记录) as it is read: who did what when, one page at a time; one row in full; a
stretch as proof.

`seq` has no gaps and rises with time, so a page is a stretch of numbers and a day is found by
halving.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from typing import Any

from sqlalchemy import ColumnElement, Select, or_, select
from sqlmodel import Session, col

from models.clock import OFFICE_ZONE
from models.queries.paging import Count, Page, PageRequest, counted, page_of
from models.queries.search import begins_with
from models.queries.verification import Progress, Verification, verify
from models.queries.visibility import refuse_without
from models.rules.digest import canonical_json
from models.rules.errors import NotFound
from models.rules.roles import Actor, Permission, Role
from models.rules.wording import say
from models.tables.people import Account, Grant
from models.tables.record import Activity, ChainHead

NEWEST_FIRST = "-seq"
LARGEST_PROOF = 200_000


@dataclass(frozen=True, slots=True)
class ActivityFilter:
    """What the record shows; a field left out shows all.

    Attributes:
        account_id: who did it; 0 is the system.
        verb: what was done.
        subjects: beginnings of what it was done to, any of them: `claim:`, `claim:2026-11-0187`.
        from_on, to_on: days at the office, both included.
    """

    account_id: int | None = None
    verb: str = ""
    subjects: tuple[str, ...] = ()
    from_on: date | None = None
    to_on: date | None = None


@dataclass(frozen=True, slots=True)
class ActivityRow:
    """One link of the chain; `name` is empty for the system."""

    seq: int
    at_utc: datetime
    name: str
    role: Role | None
    is_cover: bool
    verb: str
    subject: str
    before: dict[str, Any] | None
    after: dict[str, Any] | None

    @property
    def change(self) -> tuple[dict[str, Any] | None, dict[str, Any] | None]:
        """What was before, and what is after."""
        return self.before, self.after


@dataclass(frozen=True, slots=True)
class ActivityCard:
    """One link in full, and how it is chained."""

    row: ActivityRow
    username: str
    previous_hash: str
    hash: str


@dataclass(frozen=True, slots=True)
class Doer:
    """An account that may have written to the record."""

    id: int
    username: str
    name: str


def activities(
    session: Session, actor: Actor, wanted: ActivityFilter, request: PageRequest
) -> Page[ActivityRow]:
    """One page of the record, the newest first.

    Args:
        session: any transaction.
        actor: who asks.
        wanted: the filter.
        request: which page; the only other order is `seq`, the oldest first.

    Raises:
        NotAllowed: the record is not open to this person.
    """
    refuse_without(actor, Permission.see_activity)
    first, last = stretch(session, wanted.from_on, wanted.to_on)
    conditions = _conditions(session, wanted)
    statement = _ROWS.where(col(Activity.seq).between(first, last), *conditions)
    count = counted(session, _only_seq(statement)) if conditions else _length(first, last)
    is_upwards = request.order == "seq"
    order = col(Activity.seq).asc() if is_upwards else col(Activity.seq).desc()
    return page_of(session, statement.order_by(order), request, _row, count=count)


def activity_card(session: Session, actor: Actor, seq: int) -> ActivityCard:
    """One link of the chain (一条记录) in full.

    Raises:
        NotAllowed: the record is not open to this person.
        NotFound: no link has the number.
    """
    refuse_without(actor, Permission.see_activity)
    row = session.execute(_CARD.where(col(Activity.seq) == seq)).one_or_none()
    if row is None:
        raise NotFound(say("没有第 {seq} 条记录", seq=seq))
    return ActivityCard(_row(row), row.username or "", row.previous_hash, row.hash)


def doers(session: Session, actor: Actor) -> tuple[Doer, ...]:
    """Whose doings can be asked for: every account, by name.

    Raises:
        NotAllowed: the record is not open to this person.
    """
    refuse_without(actor, Permission.see_activity)
    statement = select(Account.id, Account.username, Account.display_name)
    rows = session.execute(statement.order_by(col(Account.username)))
    return tuple(Doer(*row) for row in rows)


def stretch(session: Session, from_on: date | None, to_on: date | None) -> tuple[int, int]:
    """The numbers of the links of some days, both ends included; an empty stretch ends before it
    begins.

    Args:
        session: any transaction.
        from_on, to_on: days at the office, both included; open where `None`.
    """
    head = session.execute(select(col(ChainHead.seq))).scalar_one_or_none() or 0
    first = 1 if from_on is None else _first_since(session, _midnight(from_on), head)
    if to_on is None:
        return first, head
    return first, _first_since(session, _midnight(to_on + timedelta(days=1)), head) - 1


def verified(session: Session, actor: Actor, progress: Progress | None = None) -> Verification:
    """The record walked and compared with everything it vouches for (核验).

    Args:
        session: a reading transaction: one snapshot.
        actor: who asks.
        progress: told how far it is.

    Raises:
        NotAllowed: the record is not open to this person.
    """
    refuse_without(actor, Permission.see_activity)
    return verify(session, progress) if progress else verify(session)


def proof(session: Session, actor: Actor, first: int, last: int) -> Iterator[str]:
    """A stretch of the chain as lines of JSON, each a link with everything its hash is taken over.

    Args:
        session: a reading transaction: one snapshot.
        actor: who asks.
        first, last: numbers of links, both included; at most `LARGEST_PROOF` of them.

    Yields:
        Canonical JSON, one link a line: `hash` is SHA-256 of the line's object without `hash`.

    Raises:
        NotAllowed: the record is not open to this person.
    """
    refuse_without(actor, Permission.see_activity)
    columns = Activity.__table__.columns  # type: ignore[attr-defined]
    statement = (
        select(*columns)
        .where(col(Activity.seq).between(first, min(last, first + LARGEST_PROOF - 1)))
        .order_by(col(Activity.seq))
    )
    for row in session.execute(statement.execution_options(yield_per=1000)).mappings():
        at_utc = row["at_utc"].astimezone(UTC).isoformat(timespec="microseconds")
        yield canonical_json({**row, "at_utc": at_utc}) + "\n"


# ---------------------------------------------------------------- pieces

_ROW: tuple[Any, ...] = (
    Activity.seq, Activity.at_utc, col(Account.display_name).label("name"),
    col(Grant.role).label("role"), col(Grant.is_cover).label("is_cover"),
    Activity.verb, Activity.subject, Activity.before, Activity.after,
)  # fmt: skip
_ROWS: Select[Any] = (
    select(*_ROW)
    .outerjoin(Account, col(Account.id) == Activity.account_id)
    .outerjoin(Grant, col(Grant.id) == Activity.grant_id)
)
_CARD: Select[Any] = _ROWS.add_columns(
    col(Account.username).label("username"),
    col(Activity.previous_hash).label("previous_hash"),
    col(Activity.hash).label("hash"),
)


def _conditions(session: Session, wanted: ActivityFilter) -> list[ColumnElement[bool]]:
    conditions: list[ColumnElement[bool]] = []
    if wanted.account_id == 0:
        conditions.append(col(Activity.account_id).is_(None))
    elif wanted.account_id is not None:
        conditions.append(col(Activity.account_id) == wanted.account_id)
    if wanted.verb:
        conditions.append(col(Activity.verb) == wanted.verb)
    if wanted.subjects:
        beginnings = (begins_with(session, col(Activity.subject), s) for s in wanted.subjects)
        conditions.append(or_(*beginnings))
    return conditions


def _only_seq(statement: Select[Any]) -> Select[Any]:
    return statement.with_only_columns(col(Activity.seq), maintain_column_froms=False)


def _length(first: int, last: int) -> Count:
    return Count(max(0, last - first + 1))


def _midnight(on: date) -> datetime:
    return datetime.combine(on, time(), OFFICE_ZONE)


def _first_since(session: Session, at: datetime, head: int) -> int:
    """The first link at or after an instant, found by halving; one past the head if there is
    none."""
    low, high = 1, head + 1
    while low < high:
        middle = (low + high) // 2
        statement = select(col(Activity.at_utc)).where(col(Activity.seq) == middle)
        found = session.execute(statement).scalar_one_or_none()
        if found is not None and found < at:
            low = middle + 1
        else:
            high = middle
    return low


def _row(row: Any) -> ActivityRow:
    return ActivityRow(
        row.seq,
        row.at_utc,
        row.name or "",
        row.role,
        bool(row.is_cover),
        row.verb,
        row.subject,
        row.before,
        row.after,
    )
