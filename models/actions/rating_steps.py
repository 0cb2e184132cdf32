"""Taking a step of a rating period's life (考评期): locked, allowed, written as event and link.

Every action on a period is `begun`, changes what it has to, and is `finished`.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from sqlmodel import Session

from models.actions.lives import Life, granted, last_step, locked, moved_on, new_event
from models.actions.reasons import required_text
from models.actions.record import record
from models.queries.rating_sight import period_named, period_standing
from models.queries.vouching_ratings import rating_event_digest
from models.rules.errors import NotFound, SeenIsStale
from models.rules.rating.period_life import (
    LONGEST_TEXT,
    PERIOD_STEP_OF,
    PeriodAction,
    PeriodStep,
    may_take,
)
from models.rules.roles import Actor, GrantFacts
from models.rules.wording import say
from models.tables.organisations import Agency
from models.tables.ratings import RatingEvent, RatingPeriod

_LIFE = Life(RatingEvent, "period_id", PERIOD_STEP_OF)


@dataclass(frozen=True, slots=True)
class Begun:
    """A step that may be taken, its period locked."""

    period: RatingPeriod
    step: PeriodStep
    grant: GrantFacts | None
    agency: Agency | None = None


def begun(
    session: Session,
    actor: Actor,
    last_month: str,
    action: PeriodAction,
    seen_version: int | None = None,
    agency_id: int | None = None,
) -> Begun:
    """Lock a period and go on only if this person may take this step of it now.

    Args:
        session: the writing transaction.
        actor: who acts.
        last_month: the period, by its last month.
        action: the step.
        seen_version: the version that was on screen, for a step on the whole period.
        agency_id: the agency whose part it is, for the others.

    Raises:
        NotFound: no such period or agency.
        SeenIsStale: somebody changed it meanwhile, with who, what and when.
        NotAllowed: not this person's, in words.
        NotAvailable: the period stands elsewhere.
    """
    period = period_named(session, last_month)
    locked(session, RatingPeriod, id=period.id)  # from here on as it is now
    if seen_version not in (None, period.version):
        raise _overtaken(session, period)
    agency = _agency(session, agency_id)
    step, standing = PERIOD_STEP_OF[action], period_standing(session, actor, period, agency)
    is_elsewhere = period.state not in step.from_states
    grant = granted(may_take(step, actor, standing), is_elsewhere=is_elsewhere)
    return Begun(period, step, grant, agency)


def next_event(
    session: Session, actor: Actor, step: Begun, *, reason: str = "", **changes: Any
) -> RatingEvent:
    """The step's event, its period moved on; it is written when the step is `finished`.

    Args:
        session: the writing transaction.
        actor: who acts.
        step: as `begun` gave it.
        reason: words, as kept.
        changes: columns of the period as they shall be.
    """
    period = step.period
    moved_on(session, period, changes | {"state": step.step.to or period.state})
    return _event(session, actor, step, reason)


def first_event(
    session: Session, actor: Actor, step: PeriodStep, period: RatingPeriod, grant: GrantFacts | None
) -> RatingEvent:
    """The event of a period that is just opened."""
    session.flush()
    return _event(session, actor, Begun(period, step, grant), "")


def finished(
    session: Session,
    actor: Actor,
    event: RatingEvent,
    period: RatingPeriod,
    detail: Mapping[str, Any],
    agency: Agency | None = None,
) -> None:
    """Write a step's event and its link in the record, which holds the event's digest.

    Args:
        session: the writing transaction.
        actor: who acts.
        event: as `next_event` gave it.
        period: whose step it is.
        detail: facts of the step: integers, text, lists and mappings of them.
        agency: whose part it is, if one's.
    """
    event.detail = dict(detail)
    session.add(event)
    session.flush()
    after: dict[str, Any] = {
        "event": event.position, "rating_state": event.to_state.value, "version": event.version,
        "digest": rating_event_digest(event),
    }  # fmt: skip
    if agency is not None:
        after["agency"] = agency.uscc
    if event.reason:
        after["reason"] = event.reason
    record(
        session, actor, event.action.value, subject_of_period(period), None,
        after | {name: value for name, value in detail.items() if name not in _LONG},
        event.grant_id,
    )  # fmt: skip


_LONG = ("results", "consequences")
"""Details the record holds by the event's digest alone."""


def subject_of_period(period: RatingPeriod) -> str:
    """What the record calls a period: `rating:2026-06`."""
    return f"rating:{period.last_month}"


def required_words(written: str) -> str:
    """A reason, a reply or an answer, as it is kept.

    Raises:
        ReasonMissing, TextRefused: none, or one too long.
    """
    return required_text(written, LONGEST_TEXT)


# ---------------------------------------------------------------- pieces


def _agency(session: Session, agency_id: int | None) -> Agency | None:
    if agency_id is None:
        return None
    agency = session.get(Agency, agency_id)
    if agency is None:
        raise NotFound(say("没有编号为 {number} 的服务机构", number=agency_id))
    return agency


def _overtaken(session: Session, period: RatingPeriod) -> SeenIsStale:
    last = last_step(session, _LIFE, period)
    return last.stale(
        say("未保存：{name}已于 {at} 对 {month} 考评期“{what}”，请核对最新内容",
            name=last.by, at=last.at, month=period.last_month, what=last.what)
    )  # fmt: skip


def _event(session: Session, actor: Actor, step: Begun, reason: str) -> RatingEvent:
    period = step.period
    return new_event(
        session, actor, _LIFE, period, step.step.action, step.grant, to_state=period.state,
        agency_id=step.agency.id if step.agency else None, reason=reason, detail={},
    )  # fmt: skip
