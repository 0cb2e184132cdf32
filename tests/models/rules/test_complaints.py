"""The life of a complaint: every state × step × role × tie × earlier act, and what forbids a step
besides its state."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from itertools import product

import pytest
from hypothesis import given
from hypothesis import strategies as st

from models.rules.complaints import (
    APPEALS,
    COMPLAINT_STEP_OF,
    COMPLAINT_STEPS,
    OPEN_COMPLAINTS,
    REVIEWS,
    ComplaintAction,
    ComplaintSource,
    ComplaintStanding,
    ComplaintState,
    may_take,
    roles_of,
    sides_of,
)
from models.rules.roles import Actor, GrantFacts, Role, TieFacts

A, S = ComplaintAction, ComplaintState
ALLIANCE = (Role.alliance_reviewer, Role.alliance_lead)
DECIDE = {A.uphold_complaint, A.dismiss_complaint}
TIED = (TieFacts("甲机构", "亲属"),)
# fmt: off
STEPS_OF = {
    #                complainant                              agency                alliance
    S.filed:        ({A.withdraw_complaint},                  set(),                {A.accept_complaint, A.turn_away_complaint}),
    S.not_accepted: ({A.appeal_refusal},                      set(),                set()),
    S.accepted:     ({A.withdraw_complaint},                  {A.answer_complaint}, set()),
    S.answered:     ({A.withdraw_complaint},                  set(),                DECIDE),
    S.reopened:     (set(),                                   set(),                DECIDE),
    S.upheld:       ({A.appeal_decision},                     {A.appeal_decision},  {A.reopen_complaint}),
    S.not_upheld:   ({A.appeal_decision},                     {A.appeal_decision},  {A.reopen_complaint}),
    S.withdrawn:    (set(),                                   set(),                set()),
}
NEVER_AFTER = {
    # who did this            may not take these any more
    A.file_complaint:      {A.accept_complaint, A.turn_away_complaint, *DECIDE},
    A.accept_complaint:    DECIDE,
    A.turn_away_complaint: {A.accept_complaint, A.turn_away_complaint, *DECIDE},
    A.answer_complaint:    set(),
    A.uphold_complaint:    {*DECIDE, A.reopen_complaint},
    A.dismiss_complaint:   {*DECIDE, A.reopen_complaint},
    A.appeal_refusal:      {A.accept_complaint, A.turn_away_complaint, *DECIDE},
    A.appeal_decision:     {A.accept_complaint, A.turn_away_complaint, *DECIDE},
    A.reopen_complaint:    set(),
    A.withdraw_complaint:  set(),
}
# fmt: on


def person(*roles: Role) -> Actor:
    """Somebody with these roles."""
    grants = tuple(GrantFacts(at, role, date(2026, 1, 1)) for at, role in enumerate(roles, 1))
    return Actor(7, "somebody", grants, agency_id=1, enterprise_id=2)


def taken(actor: Actor, at: ComplaintStanding) -> set[ComplaintAction]:
    """The steps a person may take."""
    return {step.action for step in COMPLAINT_STEPS if may_take(step, actor, at).is_allowed}


@pytest.mark.parametrize(("state", "role"), list(product(ComplaintState, Role)))
def test_each_role_has_its_steps_in_each_state(state: ComplaintState, role: Role) -> None:
    complainant, agency, alliance = STEPS_OF[state]
    at = ComplaintStanding(state)
    of_role = {Role.agency: agency, Role.enterprise: complainant}
    own = replace(
        at, is_own_agency=role is Role.agency, is_own_enterprise=role is Role.enterprise
    )  # fmt: skip
    assert taken(person(role), own) == of_role.get(role, alliance if role in ALLIANCE else set())
    if role in of_role:
        assert taken(person(role), at) == set(), "a stranger's"


@pytest.mark.parametrize(("state", "act", "role"), list(product(S, A, ALLIANCE)))
def test_who_acted_before_leaves_the_next_step_to_another(
    state: ComplaintState, act: ComplaintAction, role: Role
) -> None:
    at = ComplaintStanding(state, acts=frozenset({act}))
    assert taken(person(role), at) == STEPS_OF[state][2] - NEVER_AFTER[act]


@pytest.mark.parametrize("state", ComplaintState)
def test_who_is_tied_or_a_party_neither_accepts_nor_decides(state: ComplaintState) -> None:
    for more in ({"ties": TIED}, {"is_own_agency": True}, {"is_own_enterprise": True}):
        for role in ALLIANCE:
            at = ComplaintStanding(state, **more)  # type: ignore[arg-type]
            assert taken(person(role), at) == set()
    own = ComplaintStanding(state, is_own_agency=True, ties=TIED)
    assert taken(person(Role.agency), own) == STEPS_OF[state][1], "a tie binds no party"


@pytest.mark.parametrize(("state", "source"), list(product(ComplaintState, ComplaintSource)))
def test_who_entered_it_speaks_for_the_complainant(
    state: ComplaintState, source: ComplaintSource
) -> None:
    complainant, _agency, alliance = STEPS_OF[state]
    more = complainant if source is ComplaintSource.on_behalf else set()
    at = ComplaintStanding(state, source, acts=frozenset({A.file_complaint}))
    own = alliance - NEVER_AFTER[A.file_complaint]
    assert taken(person(Role.alliance_lead), at) == own | more
    assert taken(person(Role.alliance_lead), ComplaintStanding(state, source)) == alliance


def test_an_agency_is_heard_before_anything_is_decided() -> None:
    at = ComplaintStanding(S.accepted)
    answer = may_take(COMPLAINT_STEP_OF[A.uphold_complaint], person(Role.alliance_lead), at)
    assert "机构的答复期限未满" in str(answer.reason)
    assert taken(person(Role.alliance_lead), replace(at, is_answer_late=True)) == DECIDE
    late = replace(at, is_answer_late=True, is_own_agency=True)
    assert taken(person(Role.agency), late) == {A.answer_complaint}


@pytest.mark.parametrize("action", sorted(REVIEWS))
def test_a_review_is_had_once_and_in_time(action: ComplaintAction) -> None:
    step = COMPLAINT_STEP_OF[action]
    at = ComplaintStanding(step.from_states[0], is_own_enterprise=action in APPEALS)
    actor = person(Role.enterprise if action in APPEALS else Role.alliance_lead)
    assert may_take(step, actor, at).is_allowed
    again = may_take(step, actor, replace(at, was_reopened=True))
    assert "已复核过一次" in str(again.reason)
    late = may_take(step, actor, replace(at, is_appeal_late=True))
    assert late.is_allowed == (action not in APPEALS)


def test_the_reason_is_told_in_words() -> None:
    filed, decided = ComplaintStanding(S.filed), ComplaintStanding(S.upheld)
    told = {
        "这一步由“联盟负责人、联盟初审员”办理": (A.accept_complaint, Role.finance, filed),
        "您不代表这件投诉的当事一方": (A.withdraw_complaint, Role.enterprise, filed),
        "投诉“待受理”，没有“认定投诉成立”这一步": (A.uphold_complaint, Role.alliance_lead, filed),
        "您代表这件投诉的当事一方，不得受理或认定": (
            A.accept_complaint, Role.alliance_lead, replace(filed, is_own_agency=True),
        ),
        "您与“甲机构”有回避关系（亲属）": (
            A.accept_complaint, Role.alliance_lead, replace(filed, ties=TIED),
        ),
        "您已对这件投诉办理过“认定投诉成立”，这一步须由另一人办理": (
            A.reopen_complaint, Role.alliance_lead,
            replace(decided, acts=frozenset({A.uphold_complaint})),
        ),
        "申请复核的期限已过": (
            A.appeal_decision, Role.agency,
            replace(decided, is_own_agency=True, is_appeal_late=True),
        ),
    }  # fmt: skip
    for words, (action, role, at) in told.items():
        answer = may_take(COMPLAINT_STEP_OF[action], person(role), at)
        assert not answer.is_allowed
        assert words in str(answer.reason), words


def test_the_table_is_whole() -> None:
    assert set(COMPLAINT_STEP_OF) == set(ComplaintAction)
    assert all(step.to not in step.from_states for step in COMPLAINT_STEPS)
    assert {step.to for step in COMPLAINT_STEPS} == set(ComplaintState)
    impartial = {step.action for step in COMPLAINT_STEPS if step.is_impartial}
    assert impartial == {A.accept_complaint, A.turn_away_complaint, A.reopen_complaint, *DECIDE}
    moves = {state for step in COMPLAINT_STEPS for state in step.from_states}
    assert set(OPEN_COMPLAINTS) <= moves
    assert sides_of(person(Role.auditor), ComplaintStanding(S.filed)) == frozenset()
    assert roles_of(COMPLAINT_STEP_OF[A.answer_complaint]) == {Role.agency}


# ---------------------------------------------------------------- courses

_PEOPLE = ("complainant", "agency", "first", "second", "third")


def _standing(at: ComplaintStanding, who: str, acts: dict[str, set[A]]) -> ComplaintStanding:
    return replace(
        at, is_own_agency=who == "agency", is_own_enterprise=who == "complainant",
        acts=frozenset(acts[who]),
    )  # fmt: skip


@given(st.lists(st.tuples(st.sampled_from(_PEOPLE), st.sampled_from(COMPLAINT_STEPS[1:]))))
def test_on_no_course_does_one_person_both_accept_and_decide(steps: list[object]) -> None:
    roles = {"complainant": Role.enterprise, "agency": Role.agency}
    acts: dict[str, set[A]] = {who: set() for who in _PEOPLE}
    at, reviews, decisions = ComplaintStanding(S.filed), 0, 0
    for who, step in steps:  # type: ignore[misc]
        actor = person(roles.get(who, Role.alliance_reviewer))
        if not may_take(step, actor, _standing(at, who, acts)).is_allowed:
            continue
        acts[who].add(step.action)
        reviews += step.action in REVIEWS
        decisions += step.action in DECIDE
        at = replace(at, state=step.to, was_reopened=at.was_reopened or step.action in REVIEWS)
    assert reviews <= 1
    assert decisions <= 2
    for done in acts.values():
        assert not ({A.accept_complaint} <= done and done & DECIDE)
        assert not DECIDE <= done
