"""A step asked for from a screen, where people click twice and look at what is no longer so."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from sqlmodel import Session

from models.actions.course import Seen, locked_claim, refuse_out_of_sight
from models.actions.step_guards import refuse_changed
from models.actions.steps import StepTaken, take_step
from models.clock import now_utc
from models.queries.own_step import is_own_last_step
from models.queries.settings import whole_number
from models.rules.claim_workflow import Action
from models.rules.errors import DecidedUnread
from models.rules.roles import Actor


def take_step_on_screen(
    session: Session, actor: Actor, number: str, action: Action, seen: Seen, **given: Any
) -> StepTaken | None:
    """Take a step on what is on screen.

    The second click of a double click finds the step taken, which is no error: a screen drops what
    it was doing when the next click comes, so the first click's answer may be lost while its step
    is not. And whoever comes second to a claim is told who was first and when, before anything
    about the state it is in now.

    A key pressed twice must not fall on the claim that opened in between: what came on screen a
    moment ago is not decided.

    Args:
        session: the writing transaction.
        actor: the person.
        number: the claim's number.
        action: which step.
        seen: what is on screen.
        given: reasons, note, amount, as `take_step` takes them.

    Returns:
        Where the claim stands; `None` where this very step had been taken.

    Raises:
        SeenIsStale: somebody changed the claim since, with who, what and when; and whatever
            `take_step` raises.
        DecidedUnread: it came on screen less than `reading_pause_milliseconds` ago.
    """
    claim = locked_claim(session, number)
    refuse_out_of_sight(actor, claim)
    if is_own_last_step(session, actor, number, action, seen.version):
        return None
    refuse_changed(session, claim, seen)
    _refuse_unread(session, number, seen)
    return take_step(session, actor, number, action, seen, **given)


def _refuse_unread(session: Session, number: str, seen: Seen) -> None:
    pause = timedelta(milliseconds=whole_number(session, "reading_pause_milliseconds"))
    if seen.since_utc is not None and now_utc() - seen.since_utc < pause:
        raise DecidedUnread(number)
