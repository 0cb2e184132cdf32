"""The life of an agreement: every state × step × person, and what forbids a step besides its state."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from itertools import product

import pytest

from models.rules.agreement_life import (
    LIFE,
    LIFE_STEP_OF,
    OPEN,
    AgreementState,
    Contest,
    LifeAction,
    LifeStanding,
    Outcome,
    Side,
    agreement_state,
    may_take,
    roles_of,
    sides_of,
)
from models.rules.roles import Actor, GrantFacts, Role, TieFacts

TODAY = date(2026, 11, 20)
A = LifeAction
# fmt: off
STEPS_OF = {
    #                          agency                                                              enterprise            confirmer
    AgreementState.draft:     ({A.edit_agreement, A.file_agreement, A.end_agreement},              {A.end_agreement},    set()),
    AgreementState.filed:     ({A.take_back_filing},                                               set(),                {A.confirm_filing, A.return_filing}),
    AgreementState.returned:  ({A.edit_agreement, A.file_agreement, A.end_agreement},              {A.end_agreement},    set()),
    AgreementState.confirmed: ({A.begin_work, A.add_milestone, A.record_advance, A.propose_amendment, A.fail_agreement, A.end_agreement},
                               {A.propose_amendment, A.fail_agreement, A.end_agreement},           set()),
    AgreementState.under_way: ({A.add_milestone, A.record_advance, A.record_result, A.propose_amendment, A.fail_agreement, A.end_agreement},
                               {A.propose_amendment, A.fail_agreement, A.end_agreement},           set()),
    AgreementState.succeeded: (set(), set(), set()),
    AgreementState.failed:    (set(), set(), set()),
    AgreementState.ended:     (set(), set(), set()),
}
# fmt: on


def person(*roles: Role) -> Actor:
    """Somebody with these roles."""
    grants = tuple(GrantFacts(at, role, date(2026, 1, 1)) for at, role in enumerate(roles, 1))
    return Actor(7, "somebody", grants, agency_id=1, enterprise_id=2)


def standing(state: AgreementState, **more: object) -> LifeStanding:
    """How somebody stands to an agreement in a state."""
    return LifeStanding(state, Role.bureau, **more)  # type: ignore[arg-type]


def taken(actor: Actor, at: LifeStanding) -> set[LifeAction]:
    """The steps a person may take."""
    return {step.action for step in LIFE if may_take(step, actor, at).is_allowed}


@pytest.mark.parametrize("state", AgreementState)
def test_each_side_has_its_steps_in_each_state(state: AgreementState) -> None:
    agency, enterprise, confirmer = STEPS_OF[state]
    assert taken(person(Role.agency), standing(state, is_own_agency=True)) == agency
    assert taken(person(Role.enterprise), standing(state, is_own_enterprise=True)) == enterprise
    assert taken(person(Role.bureau), standing(state)) == confirmer


@pytest.mark.parametrize(("role", "state"), list(product(Role, AgreementState)))
def test_nobody_else_takes_any(role: Role, state: AgreementState) -> None:
    if role is Role.bureau:
        return
    assert taken(person(role), standing(state)) == set()


def test_the_confirmer_is_who_the_setting_names() -> None:
    at = LifeStanding(AgreementState.filed, Role.alliance_lead)
    both = {A.confirm_filing, A.return_filing}
    assert taken(person(Role.alliance_lead), at) == both
    assert taken(person(Role.bureau), at) == set()
    assert roles_of(LIFE_STEP_OF[A.confirm_filing], Role.alliance_lead) == {Role.alliance_lead}
    assert roles_of(LIFE_STEP_OF[A.end_agreement], Role.bureau) == {Role.agency, Role.enterprise}
    alliance = {Role.alliance_reviewer, Role.alliance_lead}
    assert roles_of(LIFE_STEP_OF[A.dismiss_contest], Role.bureau) == alliance
    assert roles_of(LIFE_STEP_OF[A.file_agreement], Role.bureau) == alliance | {Role.agency}


def test_the_reason_is_told_in_words() -> None:
    filed = standing(AgreementState.filed)
    told = {
        "这一步由“科技创新局”办理": (A.confirm_filing, person(Role.finance), filed),
        "您不代表这份协议的当事一方": (A.take_back_filing, person(Role.agency), filed),
        "协议“备案待确认”，没有“登记开工”这一步": (
            A.begin_work, person(Role.agency), replace(filed, is_own_agency=True),
        ),
        "您代表这份协议的当事一方": (
            A.confirm_filing, person(Role.bureau), replace(filed, is_own_enterprise=True),
        ),
        "备案不得由提交人确认": (
            A.return_filing, person(Role.bureau), replace(filed, has_acted=True),
        ),
        "您与“甲机构”有回避关系（亲属）": (
            A.confirm_filing, person(Role.bureau),
            replace(filed, ties=(TieFacts("甲机构", "亲属"),)),
        ),
    }  # fmt: skip
    for words, (action, actor, at) in told.items():
        answer = may_take(LIFE_STEP_OF[action], actor, at)
        assert not answer.is_allowed
        assert words in str(answer.reason), words


def test_what_binds_the_confirmer_does_not_bind_a_party() -> None:
    tied = standing(
        AgreementState.draft, is_own_agency=True, has_acted=True, ties=(TieFacts("乙", "持股"),)
    )
    assert A.file_agreement in taken(person(Role.agency), tied)


def test_amendments_are_proposed_one_at_a_time_and_answered_by_the_office() -> None:
    open_ = standing(AgreementState.under_way, is_own_agency=True, is_amendment_open=True)
    assert A.propose_amendment not in taken(person(Role.agency), open_)
    answered = taken(person(Role.bureau), replace(open_, is_own_agency=False))
    assert answered == {A.confirm_amendment, A.turn_down_amendment}
    none = may_take(
        LIFE_STEP_OF[A.confirm_amendment], person(Role.bureau), standing(AgreementState.under_way)
    )
    assert "没有等待答复的协议变更" in str(none.reason)


def test_a_result_decides_between_success_and_failure() -> None:
    agency = person(Role.agency)
    without = standing(AgreementState.under_way, is_own_agency=True)
    assert A.conclude_agreement not in taken(agency, without)
    with_result = taken(agency, replace(without, has_results=True))
    assert A.conclude_agreement in with_result
    assert A.fail_agreement not in with_result


def test_a_milestone_is_finished_where_one_is_open() -> None:
    at = standing(AgreementState.confirmed, is_own_agency=True)
    assert A.finish_milestone not in taken(person(Role.agency), at)
    assert A.finish_milestone in taken(person(Role.agency), replace(at, open_milestones=1))


COUNTER = {A.edit_agreement, A.file_agreement, A.take_back_filing}


@pytest.mark.parametrize("role", [Role.alliance_reviewer, Role.alliance_lead])
def test_the_counter_acts_for_an_agency_where_it_drafted(role: Role) -> None:
    own = standing(AgreementState.draft, is_entered_for=True)
    assert taken(person(role), own) == {A.edit_agreement, A.file_agreement}
    filed = standing(AgreementState.filed, is_entered_for=True)
    assert taken(person(role), filed) == {A.take_back_filing}
    assert taken(person(Role.bureau), filed) == {A.confirm_filing, A.return_filing}
    for at, words in (
        (standing(AgreementState.draft), "由服务机构自己起草"),
        (replace(own, ties=(TieFacts("乙", "持股"),)), "您与“乙”有回避关系（持股）"),
    ):
        for action in (A.edit_agreement, A.file_agreement):
            assert words in str(may_take(LIFE_STEP_OF[action], person(role), at).reason)
    everywhere = {
        a for state in AgreementState for a in taken(person(role), replace(own, state=state))
    }
    assert everywhere == COUNTER


def failed(by: Side | None = Side.agency, **more: object) -> LifeStanding:
    """How somebody stands to an agreement that was recorded as failed."""
    return standing(AgreementState.failed, failed_by=by, **more)


def test_the_other_side_contests_the_attribution_once() -> None:
    agency, enterprise = person(Role.agency), person(Role.enterprise)
    contest = {A.contest_attribution}
    assert taken(enterprise, failed(Side.agency, is_own_enterprise=True)) == contest
    assert taken(agency, failed(Side.enterprise, is_own_agency=True)) == contest
    told = {
        "归因由贵方登记": failed(Side.agency, is_own_agency=True),
        "只能提出一次": failed(Side.enterprise, is_own_agency=True, contest=Contest.dismissed),
        "失败不是在本系统登记的": failed(None, is_own_agency=True),
    }
    for words, at in told.items():
        answer = may_take(LIFE_STEP_OF[A.contest_attribution], agency, at)
        assert words in str(answer.reason)
    for contest_ in set(Contest) - {Contest.none}:
        at = failed(Side.enterprise, is_own_agency=True, contest=contest_)
        assert taken(agency, at) == set()


@pytest.mark.parametrize("role", [Role.alliance_reviewer, Role.alliance_lead])
def test_somebody_of_the_alliance_without_a_part_in_it_decides(role: Role) -> None:
    both = {A.uphold_contest, A.dismiss_contest}
    raised = failed(contest=Contest.raised)
    assert taken(person(role), raised) == both
    for contest in set(Contest) - {Contest.raised}:
        assert taken(person(role), failed(contest=contest)) == set()
    told = {
        "您代表这份协议的当事一方": replace(raised, is_own_enterprise=True),
        "归因不得由登记人裁定": replace(raised, has_acted=True),
        "您与“甲机构”有回避关系": replace(raised, ties=(TieFacts("甲机构", "亲属"),)),
    }
    for words, at in told.items():
        for action in both:
            assert words in str(may_take(LIFE_STEP_OF[action], person(role), at).reason)


@pytest.mark.parametrize("role", sorted(set(Role) - {Role.alliance_reviewer, Role.alliance_lead}))
def test_nobody_else_decides(role: Role) -> None:
    assert taken(person(role), failed(contest=Contest.raised)) == set()


def test_the_state_is_read_off_the_row() -> None:
    read = {
        ("draft", "open", None): AgreementState.draft,
        ("filed", "open", None): AgreementState.filed,
        ("returned", "open", None): AgreementState.returned,
        ("confirmed", "open", None): AgreementState.confirmed,
        ("confirmed", "open", TODAY): AgreementState.under_way,
        ("returned", "open", TODAY): AgreementState.returned,
        ("confirmed", "succeeded", TODAY): AgreementState.succeeded,
        ("confirmed", "failed", None): AgreementState.failed,
        ("draft", "ended", None): AgreementState.ended,
    }
    assert {key: agreement_state(*key) for key in read} == read
    closed = {state.value for state in set(AgreementState) - OPEN}
    assert closed == {outcome.value for outcome in Outcome} - {"open"}


def test_the_table_is_whole() -> None:
    assert set(LIFE_STEP_OF) == set(LifeAction)
    assert all(step.to not in step.from_states for step in LIFE)
    offices = {(Side.confirmer,), (Side.alliance,)}
    assert {step.sides for step in LIFE if step.never_own} == offices
    assert all(step.sides == (Side.agency,) for step in LIFE if step.by_counter)
    reached = {step.to for step in LIFE if step.to is not None}
    assert reached == set(AgreementState)
    assert sides_of(person(Role.auditor), standing(AgreementState.draft)) == frozenset()
