"""The life of a training: every step × role × seat × day, and what forbids a step."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from itertools import product

import pytest

from models.rules.roles import Actor, GrantFacts, Role, TieFacts
from models.rules.trainings import (
    MARKED,
    TRAINING_STEP_OF,
    TRAINING_STEPS,
    UNMARKED,
    SeatState,
    TrainingAction,
    TrainingStanding,
    TrainingState,
    may_take,
)

A, S = TrainingAction, SeatState
ALLIANCE = (Role.alliance_reviewer, Role.alliance_lead)
BEFORE = TrainingStanding(TrainingState.announced)
ON_THE_DAY = replace(BEFORE, is_day_come=True)
AFTER = replace(ON_THE_DAY, is_day_over=True)
ALWAYS = {A.announce_training, A.add_training_material}
UNTIL = {A.move_training, A.cancel_training, A.invite_agencies}
MARKS = {A.mark_attended, A.mark_missed}
# fmt: off
SEAT_STEPS = {
    #               before the day                                    after it
    S.invited:     ({A.register_for_training, A.ask_leave, A.mark_excused}, {*MARKS, A.mark_excused}),
    S.registered:  ({A.ask_leave, A.mark_excused},                    {*MARKS, A.mark_excused}),
    S.leave_asked: ({A.register_for_training, A.mark_excused},        {*MARKS, A.mark_excused}),
    S.attended:    (set(),                                            {A.correct_attendance}),
    S.excused:     (set(),                                            {A.correct_attendance}),
    S.missed:      (set(),                                            {A.correct_attendance}),
    None:          (set(),                                            set()),
}
# fmt: on
OWN = {A.register_for_training, A.ask_leave}


def person(*roles: Role) -> Actor:
    """Somebody with these roles."""
    grants = tuple(GrantFacts(at, role, date(2026, 1, 1)) for at, role in enumerate(roles, 1))
    return Actor(7, "somebody", grants, agency_id=1)


def taken(actor: Actor, at: TrainingStanding) -> set[TrainingAction]:
    """The steps a person may take."""
    return {step.action for step in TRAINING_STEPS if may_take(step, actor, at).is_allowed}


@pytest.mark.parametrize(("role", "seat"), list(product(Role, SEAT_STEPS)))
def test_each_role_has_its_steps_for_each_seat_and_day(role: Role, seat: SeatState | None) -> None:
    before, after = SEAT_STEPS[seat]
    days = {
        BEFORE: before | ALWAYS | UNTIL,
        ON_THE_DAY: before | after | ALWAYS | UNTIL,
        AFTER: after | ALWAYS,
    }
    for at, steps in days.items():
        own = replace(at, seat=seat, is_own_agency=role is Role.agency)
        expected = steps if role in ALLIANCE else steps & OWN if role is Role.agency else set()
        assert taken(person(role), own) == expected, at
        assert taken(person(role), replace(own, state=TrainingState.cancelled)) == set()


def test_an_agency_registers_itself_alone() -> None:
    others = replace(BEFORE, seat=S.invited)
    assert taken(person(Role.agency), others) == set()
    answer = may_take(TRAINING_STEP_OF[A.ask_leave], person(Role.agency), others)
    assert "只能为本机构办理" in str(answer.reason)


@pytest.mark.parametrize("seat", SeatState)
def test_who_is_tied_records_nothing_of_that_agency(seat: SeatState) -> None:
    at = replace(ON_THE_DAY, seat=seat, ties=(TieFacts("甲机构", "亲属"),))
    assert taken(person(Role.alliance_lead), at) <= OWN | ALWAYS | UNTIL


def test_the_reason_is_told_in_words() -> None:
    told = {
        "这一步由“联盟负责人、联盟初审员”办理": (A.mark_missed, Role.agency, BEFORE),
        "培训已取消": (
            A.move_training, Role.alliance_lead, replace(BEFORE, state=TrainingState.cancelled),
        ),
        "培训日期已过，没有“培训改期”这一步": (A.move_training, Role.alliance_lead, AFTER),
        "培训日期未到，没有“登记缺席”这一步": (A.mark_missed, Role.alliance_lead, BEFORE),
        "该机构不在参训名单中": (A.mark_missed, Role.alliance_lead, AFTER),
        "该机构“已到场”，没有“登记缺席”这一步": (
            A.mark_missed, Role.alliance_lead, replace(AFTER, seat=S.attended),
        ),
        "您与“甲机构”有回避关系（持股）": (
            A.mark_missed, Role.alliance_lead,
            replace(AFTER, seat=S.registered, ties=(TieFacts("甲机构", "持股"),)),
        ),
    }  # fmt: skip
    for words, (action, role, at) in told.items():
        answer = may_take(TRAINING_STEP_OF[action], person(role), at)
        assert not answer.is_allowed
        assert words in str(answer.reason), words


def test_the_table_is_whole() -> None:
    assert set(TRAINING_STEP_OF) == set(TrainingAction)
    assert {*UNMARKED, *MARKED} == set(SeatState)
    reached = {step.seat_to for step in TRAINING_STEPS if step.seat_to is not None}
    assert reached == set(SeatState)
    for step in TRAINING_STEPS:
        assert step.seat_to not in step.seats_from
