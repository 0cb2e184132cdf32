"""The notice and the objections to it: how long, what is accepted, who may answer, what stops
paying."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta
from typing import Any

import pytest

from models.rules.claim_workflow import STEP_OF, Action, Place, State
from models.rules.notice import NoticePeriod, notice_period
from models.rules.objections import (
    OBJECTION_STEPS,
    ObjectionEntry,
    ObjectionForm,
    ObjectionState,
    StandingObjection,
    barred_from_answering,
    faults_of,
    payment_bar,
    recused,
    state_in_notice,
)
from models.rules.roles import Relation, TieFacts
from models.rules.step_permission import availability
from models.rules.wording import say
from models.rules.working_days import Calendar

FRIDAY = date(2026, 11, 20)
NOTICE = NoticePeriod(FRIDAY, date(2026, 11, 27))
ENTRY = ObjectionEntry("王某", ObjectionForm.named, FRIDAY, "成果不属实", (("信.pdf", b"x"),))
OPEN = StandingObjection(ObjectionState.open)
DISMISSED = StandingObjection(ObjectionState.dismissed, 6)
UPHELD = StandingObjection(ObjectionState.upheld, 6)


def test_a_notice_runs_so_many_working_days_and_payment_comes_after() -> None:
    assert notice_period(Calendar(), FRIDAY, 5) == NOTICE
    assert notice_period(Calendar(), FRIDAY, 0) is None
    runs = [day for n in range(-1, 10) if NOTICE.runs_on(day := FRIDAY + timedelta(days=n))]
    assert (runs[0], runs[-1], len(runs)) == (FRIDAY, date(2026, 11, 27), 8)


@pytest.mark.parametrize("working_days", [1, 5, 60])
def test_what_was_approved_since_that_day_is_in_notice_and_nothing_earlier(
    working_days: int,
) -> None:
    calendar = Calendar()
    for n in range(20):
        on = date(2026, 9, 25) + timedelta(days=n)  # over a week of holidays
        since = calendar.earliest_in_time(working_days, on)
        for back in range(100):
            approved_on = on - timedelta(days=back)
            notice = notice_period(calendar, approved_on, working_days)
            assert notice is not None
            assert (approved_on >= since) is notice.runs_on(on)


# fmt: off
FAULTS: tuple[tuple[dict[str, Any], str], ...] = (
    ({"objector": ""},                          "须署真实姓名或加盖单位公章；匿名的不予受理"),
    ({"said": ""},                              "请写明对什么有异议"),
    ({"papers": ()},                            "没有证据的不予受理"),
    ({"received_on": FRIDAY + timedelta(days=4)}, "收到日期 2026-11-24 还没有到"),
    ({"received_on": FRIDAY - timedelta(days=1)}, "收到日期 2026-11-19 不在公示期 2026-11-20 至 2026-11-27 之内"),
)
# fmt: on


@pytest.mark.parametrize(("changes", "words"), FAULTS)
def test_what_is_not_accepted_is_said(changes: dict[str, Any], words: str) -> None:
    monday = date(2026, 11, 23)
    assert not list(faults_of(ENTRY, NOTICE, monday))
    (fault,) = faults_of(replace(ENTRY, **changes), NOTICE, monday)
    assert words in str(fault)


def test_a_letter_of_the_last_day_is_in_time_also_when_recorded_later() -> None:
    later = date(2026, 12, 3)
    assert not list(faults_of(replace(ENTRY, received_on=NOTICE.until_on), NOTICE, later))
    late = replace(ENTRY, received_on=NOTICE.until_on + timedelta(days=1))
    assert "逾期收到" in str(next(faults_of(late, NOTICE, later)))


def test_an_objection_is_born_open_and_answered_once() -> None:
    assert [(step.from_state, step.to) for step in OBJECTION_STEPS] == [
        (None, ObjectionState.open),
        (ObjectionState.open, ObjectionState.dismissed),
        (ObjectionState.open, ObjectionState.upheld),
    ]
    answers = [step for step in OBJECTION_STEPS if step.from_state is not None]
    assert all(step.needs_reason and step.never_by_recorder for step in answers)


def test_only_another_person_answers() -> None:
    assert barred_from_answering(7, 8) is None
    assert "须由另一人答复" in str(barred_from_answering(7, 7))


@pytest.mark.parametrize(
    ("relation", "words"),
    [
        (Relation(is_own_agency=True), "当事一方"),
        (Relation(is_own_enterprise=True), "当事一方"),
        (
            Relation(ties=(TieFacts("大连示例甲机构", "持股"),)),
            "“大连示例甲机构”有回避关系（持股）",
        ),
    ],
)
def test_who_is_tied_has_nothing_to_do_with_it(relation: Relation, words: str) -> None:
    assert recused(Relation()) is None
    assert words in str(recused(relation))


# fmt: off
BARS: tuple[tuple[tuple[StandingObjection, ...], int, str], ...] = (
    ((),                   0, ""),
    ((DISMISSED,),         0, ""),
    ((OPEN,),              0, "有 1 项公示异议待答复"),
    ((OPEN, DISMISSED, OPEN), 9, "有 2 项公示异议待答复"),
    ((OPEN, UPHELD),       0, "有 1 项公示异议待答复"),
    ((UPHELD,),            0, "须先退回、请机构补正或暂缓"),
    ((UPHELD,),            6, "须先退回、请机构补正或暂缓"),   # acted before it was upheld
    ((UPHELD,),            7, ""),
    ((UPHELD, DISMISSED),  7, ""),
    ((UPHELD, StandingObjection(ObjectionState.upheld, 8)), 7, "须先退回、请机构补正或暂缓"),
)
# fmt: on


@pytest.mark.parametrize(("objections", "acted_at", "words"), BARS)
def test_what_keeps_money_from_being_paid(
    objections: tuple[StandingObjection, ...], acted_at: int, words: str
) -> None:
    bar = payment_bar(objections, acted_at)
    assert (bar is None) if not words else (words in str(bar))


@pytest.mark.parametrize("action", Action)
def test_a_bar_stops_both_payments_and_the_end_and_nothing_else(action: Action) -> None:
    bar = say("有异议")
    step = STEP_OF[action]
    for state in step.from_states:
        place = Place(state, held_from=State.approved if state is State.on_hold else None)
        barred = availability(step, replace(place, objection=bar)) is bar
        pays = {Action.pay_agency, Action.reward_enterprise, Action.close_without_reward}
        assert barred is (action in pays)


@pytest.mark.parametrize("state", State)
def test_a_claim_can_be_objected_to_while_something_of_it_is_to_be_paid(state: State) -> None:
    expected = state in {State.approved, State.agency_paid}
    assert state_in_notice(Place(state)) is expected
    assert state_in_notice(Place(State.on_hold, held_from=state)) is expected
