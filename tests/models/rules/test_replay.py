"""Replaying events: sound histories lead where they say, broken ones are named."""

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from models.rules.claim_workflow import STEPS, Action, Place, State, place_after, possible_targets
from models.rules.entitlement import Purpose
from models.rules.replay import NEW_CLAIM, Booked, EventFacts, ledger, replay, round_after

A, S = Action, State


@st.composite
def histories(draw: st.DrawFn) -> list[EventFacts]:
    """A random walk along the table."""
    place, round_, version, events = Place(State.draft), 1, 1, []
    for position in range(1, draw(st.integers(0, 12)) + 1):
        steps = [step for step in STEPS if place.state in step.from_states]
        if not steps:
            break
        step = draw(st.sampled_from(steps))
        to = draw(st.sampled_from(sorted(possible_targets(step, place))))
        version += draw(st.integers(1, 3))
        fen = draw(st.none() | st.integers(1, 9))
        events.append(EventFacts(position, step.action, place.state, to, round_, version, fen, fen))
        place, round_ = place_after(step, place, to), round_after(step.action, round_)
    return events


@given(histories())
def test_a_walk_along_the_table_replays_to_where_it_ended(events: list[EventFacts]) -> None:
    end = replay(events)
    assert end.fault is None
    if events:
        last = events[-1]
        assert (end.place.state, end.version, end.subsidy_fen) == (
            last.to_state,
            last.version,
            last.subsidy_fen,
        )
    else:
        assert end == NEW_CLAIM


@given(histories().filter(lambda events: len(events) > 1), st.data())
def test_a_missing_event_is_named(events: list[EventFacts], data: st.DataObject) -> None:
    gone = data.draw(st.integers(0, len(events) - 2))
    fault = replay([*events[:gone], *events[gone + 1 :]]).fault
    assert str(fault) == f"第 {gone + 1} 条办理记录缺失"


@given(histories().filter(bool), st.data())
def test_a_forged_event_is_named(events: list[EventFacts], data: st.DataObject) -> None:
    at = data.draw(st.integers(0, len(events) - 1))
    event = events[at]
    version = events[at - 1].version if at else 1
    forged = data.draw(
        st.sampled_from(
            [replace(event, round=event.round + 1), replace(event, version=version), replace(event, from_state=S.closed)]
        )
    )  # fmt: skip
    assert f"第 {at + 1} 条" in str(replay([*events[:at], forged, *events[at + 1 :]]).fault)


def test_a_leap_that_is_not_in_the_table_is_named() -> None:
    leap = EventFacts(1, A.submit, S.draft, S.approved, 1, 2, None, None)
    assert str(replay([leap]).fault) == "第 1 条办理记录的去向不在流程表中"
    held = [
        EventFacts(1, A.submit, S.draft, S.submitted, 1, 2, None, None),
        EventFacts(2, A.hold, S.submitted, S.on_hold, 1, 3, None, None),
        EventFacts(3, A.release, S.on_hold, S.approved, 1, 4, None, None),
    ]
    assert str(replay(held).fault) == "第 3 条办理记录的去向不在流程表中"


# fmt: off
@pytest.mark.parametrize(("place", "last", "subsidy", "reward"), [
    (Place(S.draft),                            None,                   (0, 0), (0, 0)),
    (Place(S.re_reviewed),                      A.pass_re_review,       (0, 0), (0, 0)),
    (Place(S.approved),                         A.approve,              (5, 0), (2, 0)),
    (Place(S.on_hold, held_from=S.approved),    A.hold,                 (5, 0), (2, 0)),
    (Place(S.on_hold, held_from=S.applied),     A.hold,                 (0, 0), (0, 0)),
    (Place(S.returned, resume_at=S.approved),   A.ask_agency,           (5, 0), (2, 0)),
    (Place(S.returned),                         A.return_pre_review,    (0, 0), (0, 0)),
    (Place(S.agency_paid),                      A.pay_agency,           (0, 5), (2, 0)),
    (Place(S.on_hold, held_from=S.agency_paid), A.hold,                 (0, 5), (2, 0)),
    (Place(S.closed),                           A.reward_enterprise,    (0, 5), (0, 2)),
    (Place(S.agency_paid),                      A.reward_failed,        (0, 5), (2, 0)),
    (Place(S.closed),                           A.close_without_reward, (0, 5), (0, 0)),
    (Place(S.refused),                          A.refuse_office,        (0, 0), (0, 0)),
])
# fmt: on
def test_where_the_money_lies(
    place: Place, last: Action | None, subsidy: tuple[int, int], reward: tuple[int, int]
) -> None:
    booked = ledger(replace(NEW_CLAIM, place=place, subsidy_fen=5, reward_fen=2), last)
    assert booked == {Purpose.subsidy: Booked(*subsidy), Purpose.reward: Booked(*reward)}


def test_amounts_nobody_stands_for_are_nothing() -> None:
    assert ledger(replace(NEW_CLAIM, place=Place(S.approved)), A.approve)[Purpose.subsidy] == Booked(0, 0)
