"""The life of an admission: every state × step × person × tie, and what an application must bring."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from itertools import product
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from models.rules.admission import (
    APPLICATION_STATES,
    LIFE,
    OPEN,
    ROLES_OF,
    STEP_OF,
    AdmissionAction,
    AdmissionKind,
    AdmissionStanding,
    AdmissionState,
    Desk,
    desks_of,
    may_take,
)
from models.rules.admission_terms import (
    GROUNDS,
    LONGEST_REFERENCE,
    NEEDS_REFERENCE,
    REASONS,
    AdmissionReason,
    ApplicationEntry,
    Cause,
    CriterionStanding,
    CriterionVerdict,
    Ground,
    application_faults,
    cause_fault,
    entry_faults,
    entry_in_one_spelling,
    note_missing,
    unexamined,
    unmet,
)
from models.rules.roles import Actor, GrantFacts, Role, TieFacts

TODAY = date(2026, 11, 20)
A, S = AdmissionAction, AdmissionState
TIE = TieFacts("甲机构", "亲属")
_EDITING = {A.edit_application, A.answer_criterion, A.apply_for_admission, A.give_up_application}
_EXAMINING = {A.examine_criteria, A.return_application, A.pass_to_decision, A.recuse_oneself}
_DECIDING = {A.ask_review_again, A.admit_agency, A.refuse_admission, A.recuse_oneself}
# fmt: off
STEPS_OF: dict[AdmissionState, tuple[set[A], set[A], set[A]]] = {
    #              applicant                  reviewer    lead
    S.draft:     (_EDITING,                   set(),      set()),
    S.applied:   ({A.take_back_application},  _EXAMINING, set()),
    S.returned:  (_EDITING,                   set(),      set()),
    S.reviewed:  (set(),                      set(),      _DECIDING),
    S.admitted:  (set(),                      set(),      {A.suspend_agency, A.remove_agency}),
    S.refused:   ({A.apply_again},            set(),      set()),
    S.withdrawn: ({A.apply_again},            set(),      set()),
    S.suspended: (set(),                      set(),      {A.lift_suspension, A.remove_agency}),
    S.removed:   (set(),                      set(),      {A.readmit_agency}),
}
# fmt: on
ENTRY = ApplicationEntry(
    uscc="91210200716904902K",
    name="大连示例丙机构有限公司",
    registered_on=date(2024, 5, 1),
    services=("hnte_first",),
    staff_count=8,
    contact_name="张三",
    contact_phone="0411-1",
)  # fmt: skip
WHOLE = (
    CriterionStanding("A01", True, has_answer=True, papers=1),
    CriterionStanding("A04", False),
)


def person(*roles: Role) -> Actor:
    """Somebody with these roles."""
    grants = tuple(GrantFacts(at, role, date(2026, 1, 1)) for at, role in enumerate(roles, 1))
    return Actor(7, "somebody", grants, agency_id=1)


def taken(actor: Actor, at: AdmissionStanding) -> set[AdmissionAction]:
    """The steps a person may take."""
    return {step.action for step in LIFE if may_take(step, actor, at).is_allowed}


def told(action: AdmissionAction, actor: Actor, at: AdmissionStanding) -> str:
    """Why a step is denied."""
    answer = may_take(STEP_OF[action], actor, at)
    assert not answer.is_allowed
    return str(answer.reason)


@pytest.mark.parametrize("state", AdmissionState)
def test_each_desk_has_its_steps_in_each_state(state: AdmissionState) -> None:
    applicant, reviewer, lead = STEPS_OF[state]
    assert taken(person(Role.agency), AdmissionStanding(state, is_own=True)) == applicant
    assert taken(person(Role.alliance_reviewer), AdmissionStanding(state)) == reviewer
    assert taken(person(Role.alliance_lead), AdmissionStanding(state)) == lead
    on_behalf = AdmissionStanding(state, is_on_behalf=True, acted_at=frozenset({Desk.applicant}))
    assert taken(person(Role.alliance_reviewer), on_behalf) - {A.recuse_oneself} == applicant


@pytest.mark.parametrize(("role", "state"), list(product(Role, AdmissionState)))
def test_nobody_else_takes_any(role: Role, state: AdmissionState) -> None:
    if role in (Role.alliance_reviewer, Role.alliance_lead):
        return
    assert taken(person(role), AdmissionStanding(state)) == set()
    assert taken(person(role), AdmissionStanding(state, is_on_behalf=True)) == set()


@pytest.mark.parametrize(
    ("state", "role", "barrier"),
    list(
        product(
            AdmissionState,
            (Role.alliance_reviewer, Role.alliance_lead),
            (
                {"is_own": True},
                {"ties": (TIE,)},
                {"has_recused": True},
                {"acted_at": frozenset({Desk.applicant})},
            ),
        )
    ),
)
def test_whoever_is_near_the_applicant_neither_examines_nor_decides(
    state: AdmissionState, role: Role, barrier: dict[str, Any]
) -> None:
    at = AdmissionStanding(state, **barrier)
    kept = {step.action for step in LIFE if not step.never_own}
    assert taken(person(role), at) <= kept


@pytest.mark.parametrize(
    ("first", "then"), [(Desk.reviewer, Desk.decider), (Desk.decider, Desk.reviewer)]
)
def test_one_person_one_desk(first: Desk, then: Desk) -> None:
    both = person(Role.alliance_reviewer, Role.alliance_lead)
    for state in (S.applied, S.reviewed):
        at = AdmissionStanding(state, acted_at=frozenset({first}))
        mine = {STEP_OF[action].desk for action in taken(both, at) - {A.recuse_oneself}}
        assert then not in mine
    again = AdmissionStanding(S.applied, acted_at=frozenset({Desk.reviewer}))
    assert A.examine_criteria in taken(both, again)


def test_the_reason_is_told_in_words() -> None:
    applied, reviewed = AdmissionStanding(S.applied), AdmissionStanding(S.reviewed)
    reviewer, lead = person(Role.alliance_reviewer), person(Role.alliance_lead)
    at_reviewer = frozenset({Desk.reviewer})
    cases = {
        "这一步由“联盟负责人”办理": (A.admit_agency, reviewer, reviewed),
        "您不代表这份申请的申请方": (A.take_back_application, person(Role.agency), applied),
        "现为“待审查”，没有“准予入会”这一步": (A.admit_agency, lead, applied),
        "您代表申请机构": (A.examine_criteria, reviewer, replace(applied, is_own=True)),
        "您与“甲机构”有回避关系（亲属）": (A.examine_criteria, reviewer, replace(applied, ties=(TIE,))),
        "您已就这份申请申请回避": (A.admit_agency, lead, replace(reviewed, has_recused=True)),
        "您已申请回避": (A.recuse_oneself, reviewer, replace(applied, has_recused=True)),
        "您已在“审查”环节办理过这份申请": (A.admit_agency, lead, replace(reviewed, acted_at=at_reviewer)),
        "条件 A02、A03 还没有审查意见": (
            A.pass_to_decision, reviewer, replace(applied, unexamined=("A02", "A03")),
        ),
        "必备条件 A01 不符合，不能准入": (A.admit_agency, lead, replace(reviewed, unmet=("A01",))),
    }  # fmt: skip
    for words, (action, actor, at) in cases.items():
        assert words in told(action, actor, at), words


def test_all_faults_are_told_at_once_and_a_fault_does_not_keep_from_refusing() -> None:
    reviewer, lead = person(Role.alliance_reviewer), person(Role.alliance_lead)
    half = AdmissionStanding(S.applied, unexamined=("A02",))
    assert A.return_application not in taken(reviewer, half)
    assert A.examine_criteria in taken(reviewer, half)
    unfit = AdmissionStanding(S.reviewed, unmet=("A01",))
    assert taken(lead, unfit) >= {A.refuse_admission, A.ask_review_again}
    assert A.admit_agency not in taken(lead, unfit)


def test_the_table_is_whole() -> None:
    assert set(STEP_OF) == set(AdmissionAction)
    assert all(step.to not in step.from_states for step in LIFE)
    assert {step.to for step in LIFE if step.to} == set(AdmissionState)
    of_application = {step.to for step in LIFE if step.to and not step.of_agency}
    assert of_application == set(APPLICATION_STATES)
    assert set(APPLICATION_STATES) >= OPEN
    assert all(step.desk is not Desk.applicant for step in LIFE if step.never_own)
    assert set(ROLES_OF) == set(Desk)
    assert desks_of(person(Role.auditor), AdmissionStanding(S.draft)) == frozenset()
    assert (set(REASONS), set(GROUNDS)) == (set(AdmissionReason), set(Ground))


# ---------------------------------------------------------------- what is said


def faults(
    entry: ApplicationEntry = ENTRY,
    kind: AdmissionKind = AdmissionKind.first,
    scope: tuple[str, ...] = (),
    criteria: tuple[CriterionStanding, ...] = WHOLE,
) -> list[str]:
    """The fields with a fault, in their order."""
    offered = ("hnte_first", "software_copyright")
    return [one.field for one in application_faults(entry, kind, offered, scope, criteria)]


def test_a_whole_application_has_no_fault() -> None:
    assert faults() == []
    assert entry_faults(ENTRY, TODAY) == ()


def test_everything_that_is_missing_is_told_at_once() -> None:
    bare = ApplicationEntry(uscc=ENTRY.uscc, name=ENTRY.name)
    missing = ["registered_on", "services", "staff_count", "contact_name", "contact_phone"]
    lacking = (CriterionStanding("A01", True), CriterionStanding("A02", True, papers=1), WHOLE[1])
    assert faults(bare, criteria=lacking) == [*missing, "A01", "A02"]


def test_services_are_those_on_the_list_and_not_yet_in_scope() -> None:
    assert faults(replace(ENTRY, services=("hnte_first", "moon"))) == ["services"]
    extend = AdmissionKind.extend
    assert faults(kind=extend, scope=("hnte_first",)) == ["services"]
    assert faults(kind=extend, scope=("software_copyright",)) == []
    assert faults(kind=AdmissionKind.rejoin, scope=("hnte_first",)) == []


def test_a_doubtful_code_asks_for_the_licence_and_blocks_nothing() -> None:
    (one,) = application_faults(
        replace(ENTRY, uscc="91440300192203821Y"), AdmissionKind.first, ENTRY.services, (), WHOLE
    )
    assert (one.field, one.is_blocking) == ("uscc", False)


def test_what_cannot_be_kept() -> None:
    wrong = replace(
        ENTRY, uscc="123", name="", registered_on=date(2027, 1, 1), staff_count=0,
        payee_account="账号", contact_name="张" * 65,
    )  # fmt: skip
    found = [fault.field for fault in entry_faults(wrong, TODAY)]
    assert found == [
        "uscc", "name", "contact_name", "registered_on", "staff_count", "payee_account",
    ]  # fmt: skip


def test_an_entry_has_one_spelling() -> None:
    odd = replace(
        ENTRY, uscc=" ９1210200716904902k ", name=" 大连  甲 ", payee_account="6222 0202",
        services=("b", "a", "b"),
    )  # fmt: skip
    kept = entry_in_one_spelling(odd)
    assert (kept.uscc, kept.name) == ("91210200716904902K", "大连 甲")
    assert (kept.payee_account, kept.services) == ("62220202", ("a", "b"))
    assert entry_in_one_spelling(replace(ENTRY, payee_account=None)).payee_account is None


VERDICTS = st.sampled_from([None, *CriterionVerdict])
STANDINGS = st.lists(
    st.builds(
        CriterionStanding, st.from_regex(r"A[0-9]{2}", fullmatch=True), st.booleans(),
        st.booleans(), st.integers(0, 3), VERDICTS,
    )
)  # fmt: skip


@given(STANDINGS)
def test_verdicts_are_read_off_the_criteria(criteria: list[CriterionStanding]) -> None:
    assert len(unexamined(criteria)) == sum(one.verdict is None for one in criteria)
    failed = [one for one in criteria if one.verdict is CriterionVerdict.not_met]
    assert len(unmet(criteria)) == sum(one.is_required for one in failed)
    assert not set(unmet(criteria)) & {one.code for one in criteria} - {one.code for one in failed}


def test_whatever_is_not_met_says_why() -> None:
    verdicts = {
        "A03": (CriterionVerdict.unknown, " "), "A01": (CriterionVerdict.met, ""),
        "A02": (CriterionVerdict.not_met, ""), "A04": (CriterionVerdict.not_met, "无章"),
    }  # fmt: skip
    assert note_missing(verdicts) == ("A02", "A03")


@pytest.mark.parametrize("ground", Ground)
def test_a_ground_that_rests_on_something_names_it(ground: Ground) -> None:
    needs = ground in NEEDS_REFERENCE
    assert (cause_fault(Cause(ground, " ")) is not None) == needs
    assert cause_fault(Cause(ground, "TS-2026-00001")) is None
    assert cause_fault(Cause(ground, "长" * (LONGEST_REFERENCE + 1))) is not None
