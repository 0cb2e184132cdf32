"""Roles: which doors each opens, which grant is acted under, when a grant holds."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from models.rules.roles import (
    OFFICE_NAMES,
    PERMISSIONS,
    ROLE_NAMES,
    Actor,
    GrantFacts,
    Office,
    Permission,
    Relation,
    Role,
    TieFacts,
    barred_elsewhere,
    may_act,
)

# What an official would answer to "may an auditor …?", role by role.
# fmt: off
DOORS = {
    Role.alliance_reviewer: "see_overview see_targets see_members edit_members see_agencies edit_agencies see_claims see_month see_exchange"
                            " exchange declare_tie see_meeting keep_meeting see_actuals enter_actuals see_tasks report_tasks see_policies"
                            " draft_policy draft_settings ask_enterprises see_inbox see_letters"
                            " see_agreements see_needs state_needs see_objections keep_objections see_clocks"
                            " see_complaints file_complaints see_trainings keep_trainings see_admissions"
                            " enter_admissions examine_admissions draft_for_agencies see_ratings rate_agencies",
    Role.alliance_lead:     "see_overview see_targets see_members edit_members see_agencies edit_agencies see_claims see_month send_month"
                            " see_exchange exchange see_payments confirm_money confirm_policy see_activity declare_tie see_bank_accounts"
                            " see_meeting keep_meeting see_actuals enter_actuals see_tasks report_tasks see_policies draft_policy"
                            " draft_settings ask_enterprises see_outcomes see_inbox see_letters replace_letters"
                            " see_agreements see_needs state_needs see_objections keep_objections see_clocks"
                            " see_complaints file_complaints see_trainings keep_trainings see_admissions"
                            " enter_admissions decide_admissions draft_for_agencies see_ratings rate_agencies",
    Role.leader:            "see_overview see_targets see_members see_agencies see_claims see_payments declare_tie see_meeting keep_meeting"
                            " see_actuals see_tasks see_policies see_outcomes see_inbox"
                            " see_agreements see_objections see_clocks"
                            " see_ratings",
    Role.agency:            "see_overview see_targets see_agencies see_claims see_payments declare_tie see_inbox"
                            " see_agreements draft_agreements see_needs answer_needs"
                            " see_own_rating see_complaints see_trainings see_admissions enter_admissions",
    Role.enterprise:        "see_overview see_targets declare_tie see_inbox"
                            " see_agreements see_needs state_needs"
                            " see_complaints file_complaints",
    Role.bureau:            "see_overview see_targets see_members see_agencies see_claims see_month see_covers declare_tie see_policies"
                            " see_inbox see_letters"
                            " see_agreements see_objections keep_objections see_clocks"
                            " see_ratings",
    Role.committee:         "see_overview see_targets see_members see_agencies see_claims see_month declare_tie see_policies see_inbox"
                            " see_letters"
                            " see_agreements see_objections see_clocks"
                            " see_ratings",
    Role.finance:           "see_overview see_targets see_members see_agencies see_claims see_month declare_tie see_bank_accounts"
                            " see_payments pay confirm_money see_policies see_inbox see_letters"
                            " see_agreements see_objections see_clocks"
                            " see_ratings",
    Role.auditor:           "see_overview see_targets see_members see_agencies see_claims see_month see_payments see_exchange see_activity"
                            " see_accounts see_covers declare_tie see_meeting see_actuals see_tasks see_policies see_outcomes see_inbox"
                            " see_letters"
                            " see_agreements see_needs see_objections see_clocks"
                            " see_complaints see_trainings see_admissions see_ratings",
    Role.administrator:     "see_overview see_targets see_members see_agencies see_claims see_month see_payments see_exchange see_activity"
                            " see_accounts see_covers manage_accounts declare_tie see_meeting see_actuals see_tasks see_policies"
                            " draft_settings see_outcomes see_inbox see_letters"
                            " see_agreements see_needs see_objections see_clocks"
                            " see_complaints see_trainings see_admissions see_ratings",
}
# fmt: on
DAY = date(2026, 11, 20)


@pytest.mark.parametrize("role", Role)
def test_what_a_role_opens(role: Role) -> None:
    somebody = Actor(1, "某人", (GrantFacts(1, role, DAY),))
    assert {p.value for p in Permission if somebody.may(p)} == set(DOORS[role].split())


def test_nobody_opens_anything_without_a_grant() -> None:
    assert not any(Actor(1, "某人").may(permission) for permission in Permission)
    assert set(PERMISSIONS) == set(Permission)
    assert set(ROLE_NAMES) == set(Role)
    assert set(OFFICE_NAMES) == set(Office)


@given(st.dates(), st.integers(0, 400), st.integers(-500, 500))
def test_a_grant_holds_from_its_first_to_its_last_day(first: date, days: int, offset: int) -> None:
    try:
        last, day = first + timedelta(days), first + timedelta(offset)
    except OverflowError:
        return
    assert GrantFacts(1, Role.bureau, first, last).holds_on(day) is (0 <= offset <= days)
    assert GrantFacts(1, Role.bureau, first).holds_on(day) is (0 <= offset)


def test_ones_own_grant_goes_before_a_cover_and_the_older_one_first() -> None:
    cover = GrantFacts(1, Role.bureau, DAY, DAY, is_cover=True)
    own, newer = GrantFacts(2, Role.bureau, DAY), GrantFacts(3, Role.bureau, DAY)
    somebody = Actor(1, "某人", (cover, newer, own, GrantFacts(4, Role.leader, DAY)))
    assert somebody.grant_for({Role.bureau}) is own
    assert somebody.grant_for({Role.finance}) is None
    assert somebody.roles == {Role.bureau, Role.leader}


def test_several_roles_are_named_in_the_reason() -> None:
    answer = may_act(
        Actor(1, "某人"), frozenset({Role.bureau, Role.agency}), Office.re_review, Relation()
    )
    assert str(answer.reason) == "这一步由“服务机构、科技创新局”办理，您当前没有该角色"
    assert may_act(
        Actor(0, "系统", is_system=True), frozenset(), Office.system, Relation()
    ).is_allowed


@given(st.frozensets(st.sampled_from(Office)), st.sampled_from(Office))
def test_who_acted_elsewhere_is_barred_and_nobody_else(
    acted: frozenset[Office], at: Office
) -> None:
    barred = barred_elsewhere(at, Relation(acted_at=acted))
    assert (barred is None) is (acted <= {at})


def test_the_first_tie_is_told() -> None:
    ties = (TieFacts("甲机构", "亲属"), TieFacts("子企业", "股东"))
    somebody = Actor(1, "某人", (GrantFacts(1, Role.bureau, DAY),))
    answer = may_act(somebody, frozenset({Role.bureau}), Office.re_review, Relation(ties=ties))
    assert str(answer.reason) == "您与“甲机构”有回避关系（亲属），不得接手或办理本件"
