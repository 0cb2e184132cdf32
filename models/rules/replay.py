"""Replaying a claim's events: what they say its place, round, version and amounts must be."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from models.rules.claim_workflow import (
    STEP_OF,
    Action,
    Kind,
    Place,
    State,
    place_after,
    possible_targets,
)
from models.rules.entitlement import Purpose
from models.rules.wording import Wording, say


@dataclass(frozen=True, slots=True)
class EventFacts:
    """One event as the replay needs it; amounts in fen."""

    position: int
    action: Action
    from_state: State
    to_state: State
    round: int
    version: int
    subsidy_fen: int | None
    reward_fen: int | None


@dataclass(frozen=True, slots=True)
class Replayed:
    """Where the events leave a claim; `fault` says where they contradict the workflow or each
    other."""

    place: Place
    round: int
    version: int
    subsidy_fen: int | None
    reward_fen: int | None
    fault: Wording | None = None


@dataclass(frozen=True, slots=True)
class Booked:
    """What of one purpose's money is set aside, and what is paid; in fen."""

    committed_fen: int
    paid_fen: int


NEW_CLAIM = Replayed(Place(State.draft), 1, 1, None, None)
"""A claim without events: a draft."""


def replay(events: Sequence[EventFacts]) -> Replayed:
    """Replay a claim's events in order.

    Args:
        events: all of one claim's events, by position.

    Returns:
        The place, round, version and amounts they lead to, with the first contradiction if there is
        one.
    """
    now = NEW_CLAIM
    for expected, event in enumerate(events, start=1):
        step = STEP_OF[event.action]
        now = Replayed(
            place_after(step, now.place, event.to_state),
            round_after(event.action, event.round),
            event.version,
            event.subsidy_fen,
            event.reward_fen,
            now.fault or _fault(now, event, expected),
        )
    return now


def round_after(action: Action, now: int) -> int:
    """The round (轮次) a claim is in after a step: going back opens a new one."""
    return now + (STEP_OF[action].kind is Kind.back)


def ledger(end: Replayed, last: Action | None) -> dict[Purpose, Booked]:
    """Where the money of a claim must lie after its events.

    Args:
        end: where they leave it.
        last: the last step taken; `None` for a claim without events.
    """
    place, subsidy_fen, reward_fen = end.place, end.subsidy_fen or 0, end.reward_fen or 0
    aside = {State.on_hold: place.held_from, State.returned: place.resume_at}
    match aside.get(place.state, place.state):
        case State.approved:
            return {Purpose.subsidy: Booked(subsidy_fen, 0), Purpose.reward: Booked(reward_fen, 0)}
        case State.agency_paid:
            return {Purpose.subsidy: Booked(0, subsidy_fen), Purpose.reward: Booked(reward_fen, 0)}
        case State.closed:
            rewarded_fen = reward_fen if last is Action.reward_enterprise else 0
            return {
                Purpose.subsidy: Booked(0, subsidy_fen), Purpose.reward: Booked(0, rewarded_fen)
            }  # fmt: skip
    return {Purpose.subsidy: Booked(0, 0), Purpose.reward: Booked(0, 0)}


def _fault(now: Replayed, event: EventFacts, expected: int) -> Wording | None:
    if event.position != expected:
        return say("第 {position} 条办理记录缺失", position=expected)
    step = STEP_OF[event.action]
    if event.from_state is not now.place.state or event.from_state not in step.from_states:
        return say("第 {position} 条办理记录与前一条不衔接", position=expected)
    if event.to_state not in possible_targets(step, now.place):
        return say("第 {position} 条办理记录的去向不在流程表中", position=expected)
    if event.round != now.round:
        return say("第 {position} 条办理记录的轮次不对", position=expected)
    if event.version <= now.version:
        return say("第 {position} 条办理记录的版本不对", position=expected)
    return None
