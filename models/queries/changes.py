"""Changes of standards, settings and lists (调整): one page of them, those of one subject, and one
by its number."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import ColumnElement, Select, func, select
from sqlalchemy.orm import aliased
from sqlmodel import Session, col

from models.queries.paging import Orders, Page, PageRequest, ordered, page_of
from models.queries.visibility import Sight, account_shown, refuse_without
from models.rules.changes import (
    BANK_ACCOUNTS,
    ChangeKind,
    ChangeState,
    Content,
    barred_from_deciding,
)
from models.rules.errors import NotFound
from models.rules.roles import Actor, Permission
from models.rules.wording import Wording, say
from models.tables.people import Account
from models.tables.policy import PolicyChange

NEWEST_FIRST = "-drafted_at_utc"
MOST_OF_ONE = 50

_Drafter: Any = aliased(Account, name="drafter")
_Decider: Any = aliased(Account, name="decider")


@dataclass(frozen=True, slots=True)
class ChangeLine:
    """One change.

    Attributes:
        subject: of a standard its key and version, else the setting's key, the service's or the
            reason's code, the day.
        content: what it would state; a bank account as this person may see it.
        drafted_by: who; empty where an operator's command drafted it.
    """

    id: int
    kind: ChangeKind
    subject: str
    content: Content
    valid_from: date
    reason: str
    state: ChangeState
    drafted_by_id: int | None
    drafted_by: str
    drafted_at_utc: datetime
    decided_by: str
    decided_at_utc: datetime | None
    decided_reason: str

    @property
    def itself(self) -> ChangeLine:
        """The line, for a column that tells several of its fields."""
        return self

    @property
    def is_waiting(self) -> bool:
        """Whether nobody has decided on it."""
        return self.state is ChangeState.drafted


@dataclass(frozen=True, slots=True)
class ChangeCard:
    """One change, and what this person may do about it.

    Attributes:
        barred: why she may not decide on it, although her role may; `None` for no reason.
    """

    line: ChangeLine
    may_decide: bool
    may_withdraw: bool
    barred: Wording | None


ORDERS: Orders = {
    "drafted_at_utc": (col(PolicyChange.drafted_at_utc), col(PolicyChange.id)),
    "valid_from": (col(PolicyChange.valid_from), col(PolicyChange.id)),
}


def changes(
    session: Session,
    actor: Actor,
    request: PageRequest,
    kind: ChangeKind | None = None,
    state: ChangeState | None = None,
) -> Page[ChangeLine]:
    """One page of the changes.

    Args:
        session: any transaction.
        actor: who asks.
        request: which page.
        kind: only those of this kind.
        state: only those that stand so.

    Raises:
        NotAllowed: standards and settings are not open to this person.
    """
    refuse_without(actor, Permission.see_policies)
    statement = _selected()
    if kind is not None:
        statement = statement.where(col(PolicyChange.kind) == kind)
    if state is not None:
        statement = statement.where(col(PolicyChange.state) == state)
    statement = ordered(statement, ORDERS, request.order, NEWEST_FIRST)
    return page_of(session, statement, request, lambda row: _line(row, actor))


def changes_waiting(session: Session, actor: Actor) -> int:
    """How many changes wait for a second person.

    Raises:
        NotAllowed: standards and settings are not open to this person.
    """
    refuse_without(actor, Permission.see_policies)
    waiting = col(PolicyChange.state) == ChangeState.drafted
    statement = select(func.count()).select_from(PolicyChange).where(waiting)
    return int(session.execute(statement).scalar_one())


def changes_to_confirm(session: Session, actor: Actor) -> int:
    """How many changes but those of standards wait for this very person: drafted by somebody else;
    drafted standards are counted where they are confirmed (`drafts_waiting`).

    Raises:
        NotAllowed: the actor confirms none.
    """
    refuse_without(actor, Permission.confirm_policy)
    statement = (
        select(func.count())
        .select_from(PolicyChange)
        .where(
            col(PolicyChange.state) == ChangeState.drafted,
            col(PolicyChange.kind) != ChangeKind.policy_rule,
            col(PolicyChange.drafted_by_id) != actor.account_id,
        )
    )
    return int(session.execute(statement).scalar_one())


def changes_of(
    session: Session, actor: Actor, kind: ChangeKind, subject: str
) -> tuple[ChangeLine, ...]:
    """The changes of one subject, the newest first, at most `MOST_OF_ONE`; of a standard those of
    all its versions.

    Raises:
        NotAllowed: standards and settings are not open to this person.
    """
    refuse_without(actor, Permission.see_policies)
    is_of_it: ColumnElement[bool] = col(PolicyChange.subject) == subject
    if kind is ChangeKind.policy_rule:
        is_of_it = col(PolicyChange.subject).startswith(f"{subject}:", autoescape=True)
    statement = (
        _selected()
        .where(col(PolicyChange.kind) == kind, is_of_it)
        .order_by(col(PolicyChange.id).desc())
        .limit(MOST_OF_ONE)
    )
    return tuple(_line(row, actor) for row in session.execute(statement))


def waiting_subjects(session: Session, kind: ChangeKind) -> Mapping[str, int]:
    """What has a change that waits, with the change's number."""
    statement = select(col(PolicyChange.subject), col(PolicyChange.id)).where(
        col(PolicyChange.kind) == kind, col(PolicyChange.state) == ChangeState.drafted
    )
    return {row.subject: row.id for row in session.execute(statement)}


def change_card(session: Session, actor: Actor, change_id: int) -> ChangeCard:
    """One change by its number.

    Raises:
        NotAllowed: standards and settings are not open to this person.
        NotFound: no change of that number.
    """
    refuse_without(actor, Permission.see_policies)
    row = session.execute(_selected().where(col(PolicyChange.id) == change_id)).one_or_none()
    if row is None:
        raise NotFound(say("没有编号为 {number} 的调整", number=change_id))
    line = _line(row, actor)
    is_own = line.drafted_by_id == actor.account_id
    may_decide = line.is_waiting and actor.may(Permission.confirm_policy)
    return ChangeCard(
        line,
        may_decide=may_decide and not is_own,
        may_withdraw=line.is_waiting and is_own,
        barred=barred_from_deciding(actor.account_id, line.drafted_by_id) if may_decide else None,
    )


def value_in_sight(key: str, value: Any, actor: Actor) -> Any:
    """A setting's value as this person may see it: the alliance's bank account is masked."""
    if key not in BANK_ACCOUNTS:
        return value
    return account_shown(
        str(value), Sight(True, has_account=actor.may(Permission.see_bank_accounts))
    )


def _selected() -> Select[Any]:
    return (
        select(
            PolicyChange,
            _Drafter.display_name.label("drafted_by"),
            _Decider.display_name.label("decided_by"),
        )
        .outerjoin(_Drafter, _Drafter.id == PolicyChange.drafted_by_id)
        .outerjoin(_Decider, _Decider.id == PolicyChange.decided_by_id)
    )


def _line(row: Any, actor: Actor) -> ChangeLine:
    change: PolicyChange = row.PolicyChange
    content = dict(change.content)
    if change.kind is ChangeKind.setting:
        content["value"] = value_in_sight(change.subject, content["value"], actor)
    return ChangeLine(
        id=change.id or 0,
        kind=change.kind,
        subject=change.subject,
        content=content,
        valid_from=change.valid_from,
        reason=change.reason,
        state=change.state,
        drafted_by_id=change.drafted_by_id,
        drafted_by=row.drafted_by or "",
        drafted_at_utc=change.drafted_at_utc,
        decided_by=row.decided_by or "",
        decided_at_utc=change.decided_at_utc,
        decided_reason=change.decided_reason,
    )
