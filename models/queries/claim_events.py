"""A claim's history as its screen shows it (办理记录), and what of it says why the claim lies where it
lies."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import bindparam, select
from sqlmodel import Session, col

from models.rules.claim_workflow import STEP_OF, Action, Kind, State
from models.rules.roles import Office
from models.tables.claims import ClaimEvent
from models.tables.people import Account, Grant

_SENT_BACK = frozenset(
    {
        Action.return_pre_review,
        Action.return_office,
        Action.ask_agency,
        Action.payment_failed,
        Action.reward_failed,
        Action.reopen,
        Action.refuse_pre_review,
        Action.refuse_office,
    }
)
_BY_NO_OFFICE = frozenset({Office.filing, Office.system})


@dataclass(frozen=True, slots=True)
class EventLine:
    """One line of the history (办理记录)."""

    position: int
    action: Action
    to_state: State
    office: Office
    round: int
    by: str
    on_behalf: bool
    is_cover: bool
    at_utc: datetime
    subsidy_fen: int | None
    reasons: tuple[str, ...]
    note: str
    verdicts: dict[str, str]


def events_of(session: Session, claim_id: int) -> tuple[EventLine, ...]:
    """The steps taken on a claim as its screen lists them, the oldest first."""
    rows = session.execute(_EVENTS, {"claim_id": claim_id})
    return tuple(
        EventLine(
            event.position, event.action, event.to_state, event.office, event.round,
            name or "", event.on_behalf, bool(is_cover), event.at_utc, event.subsidy_fen,
            tuple(event.reasons), event.note,
            {finding["code"]: finding["verdict"] for finding in event.findings},
        )
        for event, name, is_cover in rows
    )  # fmt: skip


_EVENTS = (
    select(ClaimEvent, Account.display_name, Grant.is_cover)
    .outerjoin(Account, col(Account.id) == ClaimEvent.account_id)
    .outerjoin(Grant, col(Grant.id) == ClaimEvent.grant_id)
    .where(col(ClaimEvent.claim_id) == bindparam("claim_id"))
    .order_by(col(ClaimEvent.position))
)


def last_decision(events: Sequence[EventLine]) -> EventLine | None:
    """The last decision of an office; `None` before the first."""
    return next((event for event in reversed(events) if _decides(event)), None)


def sent_back(events: Sequence[EventLine], state: State) -> EventLine | None:
    """The return, question, failure or refusal that brought a claim where it is, while nothing but
    the agency's answer has followed; on hold, why it is.

    Args:
        events: all of the claim's, the oldest first.
        state: where it stands.

    Returns:
        The event with its reasons and note; `None` where the claim came onwards.
    """
    if state is State.on_hold:
        return next((e for e in reversed(events) if e.action is Action.hold), None)
    last = next((event for event in reversed(_standing(events)) if _moves(event)), None)
    return last if last is not None and last.action in _SENT_BACK else None


def _standing(events: Sequence[EventLine]) -> list[EventLine]:
    """The events without the passes that were undone: they never happened."""
    standing: list[EventLine] = []
    for event in events:
        if event.action is Action.undo_pre_review and standing:
            standing.pop()
        else:
            standing.append(event)
    return standing


def _moves(event: EventLine) -> bool:
    is_move = STEP_OF[event.action].kind not in (Kind.note, Kind.pause)
    return is_move and event.office not in _BY_NO_OFFICE


def _decides(event: EventLine) -> bool:
    return STEP_OF[event.action].decides and event.office not in _BY_NO_OFFICE
