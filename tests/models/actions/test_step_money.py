"""Amounts, lines and caps: never raised, never twice, never more than there is."""

from datetime import date

import pytest
from sqlalchemy import delete, select, update

from models.actions import budget
from models.actions.claims import Correction, correct_claim
from models.rules.claim_workflow import Action, State
from models.rules.entitlement import Payee, Purpose, StandardKind
from models.rules.errors import AmountRefused, BudgetExhausted, FindingsBlock, ReasonMissing
from models.tables.claims import ClaimMoney
from models.tables.money import BudgetLine, CapCounter, PolicyRule
from tests.models.actions.small_words import BACK
from tests.town import NOTICE_DAYS, Town
from tests.world import NOON, later

A, S = Action, State


@pytest.mark.parametrize("yuan", [50_001, 10**13, 0, -1])
def test_an_amount_is_more_than_nothing_and_at_most_what_is_entitled(town: Town, yuan: int) -> None:
    number = town.file()
    with town.refused(AmountRefused, "须大于 0 且不超过 50,000.00 元"):
        town.step("reviewer", number, A.pass_pre_review, subsidy_fen=yuan * 100, note="x")


@pytest.mark.parametrize("amount", [1.0, True, "100"])
def test_an_amount_is_whole_fen(town: Town, amount: object) -> None:
    number = town.file()
    with pytest.raises(TypeError, match="whole fen"):
        town.step("reviewer", number, A.pass_pre_review, subsidy_fen=amount)


def test_each_office_may_only_lower_it_and_says_why(town: Town) -> None:
    number = town.file()
    with town.refused(ReasonMissing, "金额低于 50,000.00 元"):
        town.step("reviewer", number, A.pass_pre_review, subsidy_fen=4_000_000)
    town.step("reviewer", number, A.pass_pre_review, subsidy_fen=4_000_000, note="按实际发票")
    with town.refused(AmountRefused, "不超过 40,000.00 元"):
        town.step("lead", number, A.apply, subsidy_fen=4_000_001)
    town.step("lead", number, A.apply)
    town.step("bureau", number, A.pass_re_review, subsidy_fen=3_000_000, note="核减")
    assert [e.subsidy_fen for e in town.events(number)] == [None, 4_000_000, 4_000_000, 3_000_000]
    town.step("committee", number, A.return_office, **BACK)
    assert town.amounts(number) == (40_000, 0, 0)
    town.step("bureau", number, A.pass_re_review)
    town.step("committee", number, A.approve, subsidy_fen=3_500_000, note="核减")
    assert town.line() == (55_000, 0)
    assert town.is_sound()


def test_asking_less_is_passed_as_asked(town: Town) -> None:
    number = town.at(S.approved, asked_fen=1_234_567)
    assert town.money(number).approved_fen == 1_234_567
    assert town.money(number).entitled_fen == 5_000_000


def test_paying_less_releases_the_difference_at_once(town: Town) -> None:
    number = town.at(S.approved)
    assert (town.line(), town.counter()) == ((70_000, 0), {"agency:S-01-subsidy": 50_000})
    with later(days=NOTICE_DAYS):
        town.step("finance", number, A.pay_agency, subsidy_fen=4_500_000, note="扣减违约")
        assert town.line() == (20_000, 45_000)
        assert town.counter() == {"agency:S-01-subsidy": 45_000}
        assert town.amounts(number) == (45_000, 0, 45_000)
        town.step("finance", number, A.payment_failed, **BACK)
        assert town.line() == (65_000, 0)
        with town.refused(AmountRefused):
            town.step("finance", number, A.pay_agency, subsidy_fen=4_600_000, note="x")
        town.step("finance", number, A.pay_agency)
        assert town.line() == (20_000, 45_000)
    assert town.is_sound()


def test_the_line_holds_subsidy_and_reward_together_or_nothing(town: Town) -> None:
    """Room for the subsidy alone: F10 stops it before the guard does."""
    number = town.at(S.re_reviewed)
    town.ceiling(69_999)
    with town.refused(FindingsBlock, "F10"):
        town.step("committee", number, A.approve)
    town.ceiling(70_000)
    town.step("committee", number, A.approve)
    assert town.line() == (70_000, 0)


def test_the_guard_itself_refuses_what_the_line_cannot_hold(town: Town) -> None:
    """Between finding and UPDATE somebody else took the room: simulated by a trigger on the
    ceiling."""
    number = town.at(S.re_reviewed)
    town.ceiling(69_999)
    with town.session() as current:
        claim = town.claim(number)
        monies = list(
            current.execute(select(ClaimMoney).where(ClaimMoney.claim_id == claim.id)).scalars()
        )
        with pytest.raises(
            BudgetExhausted,
            match="预算科目 K01 余额 69,999.00 元，不足以同时容纳补贴和奖励 70,000.00 元",
        ):
            budget.commit(current, claim, monies)
        current.rollback()


def test_without_a_line_nothing_is_approved(town: Town) -> None:
    number = town.at(S.re_reviewed)
    town.change(BudgetLine, BudgetLine.code == "K01", confirmed_at_utc=None)
    with town.refused(BudgetExhausted, "本年度没有可用的预算额度"):
        town.step("committee", number, A.approve, note="先批后补")


def test_a_cap_of_the_agency_holds_across_claims(town: Town) -> None:
    town.change(PolicyRule, PolicyRule.key == "S-01-subsidy", agency_year_cap_fen=12_000_000)
    for _ in range(2):
        town.at(S.approved)
    third = town.at(S.re_reviewed)
    with town.refused(BudgetExhausted, "超过年度上限 120,000.00 元（S-01-subsidy）"):
        town.step("committee", third, A.approve)
    town.step("committee", third, A.approve, subsidy_fen=2_000_000, note="年度余额")
    assert town.counter() == {"agency:S-01-subsidy": 120_000}
    assert town.is_sound()


def test_a_cap_of_the_enterprise_is_given_back_with_the_claim(town: Town) -> None:
    numbers = [town.bring(town.software(), S.approved) for _ in range(3)]
    assert town.counter() == {"enterprise:S-02": 3_000}
    fourth = town.bring(town.software(), S.re_reviewed)
    with town.refused(BudgetExhausted, "S-02"):
        town.step("committee", fourth, A.approve)
    town.step("finance", numbers[0], A.return_office, **BACK)
    assert town.counter() == {"enterprise:S-02": 2_000}
    town.step("committee", fourth, A.approve)
    assert town.line("K02") == (3_000, 0)
    assert town.is_sound()


def _per_unit(town: Town, payee: Payee = Payee.agency) -> None:
    """Software at 400 yuan a piece, at most 1,000 a year for its payee."""
    town.change(
        PolicyRule, PolicyRule.key == "S-02", kind=StandardKind.per_unit, payee=payee, enterprise_year_cap_fen=None,
        parameters={"amount_fen": 40_000, "unit": "件", "annual_cap_fen": 100_000},
    )  # fmt: skip


@pytest.mark.parametrize("payee", [Payee.agency, Payee.enterprise])
def test_a_yearly_cap_inside_a_standard_counts_what_was_granted(town: Town, payee: Payee) -> None:
    _per_unit(town, payee)
    given = (
        {} if payee is Payee.agency
        else {"payee_name": "大连示例子企业有限公司", "payee_account": "6222020200002222"}
    )  # fmt: skip
    first = town.bring(town.software(asked_fen=80_000, units=2, **given), S.approved)
    assert town.counter() == {f"{payee.value}:S-02": 800}
    second = town.software(asked_fen=40_000, units=2, **given)
    with town.refused(FindingsBlock, "F08"):
        town.step("reviewer", second, A.pass_pre_review)
    third = town.bring(town.software(asked_fen=20_000, units=2, **given), S.approved)
    assert town.money(third).entitled_fen == 20_000
    town.step("finance", first, A.return_office, **BACK)
    assert town.counter() == {f"{payee.value}:S-02": 200}
    town.step("reviewer", second, A.pass_pre_review)
    assert town.is_sound()


def test_the_alliances_yearly_cap_counts_over_all_agencies(town: Town) -> None:
    _per_unit(town, Payee.alliance)
    number = town.software(asked_fen=40_000, units=1)
    card = town.card("reviewer", number)
    assert card.facts.subsidy is not None
    assert card.facts.subsidy.granted_this_year_fen == 0
    mine = town.claim(town.software(asked_fen=40_000, units=1))
    town.change(ClaimMoney, ClaimMoney.claim_id == mine.id, committed_fen=70_000)
    card = town.card("reviewer", number)
    assert card.facts.subsidy is not None
    assert card.facts.subsidy.granted_this_year_fen == 70_000
    assert card.amounts.subsidy is not None
    assert card.amounts.subsidy.amount_fen == 30_000


def test_an_amount_up_to_a_ceiling_is_decided_by_the_office(town: Town) -> None:
    town.change(
        PolicyRule, PolicyRule.key == "S-01-subsidy", kind=StandardKind.up_to, parameters={"ceiling_fen": 6_000_000}
    )  # fmt: skip
    number = town.file()
    assert town.money(number).entitled_fen == 6_000_000
    with town.refused(ReasonMissing, "F08"):
        town.step("reviewer", number, A.pass_pre_review)
    town.step("reviewer", number, A.pass_pre_review, note="按合同核定", subsidy_fen=4_800_000)
    assert town.amounts(number)[0] == 48_000


def test_a_standard_that_prints_no_amount_leaves_it_to_what_is_asked(town: Town) -> None:
    for key in ("S-01-subsidy", "S-01-reward"):
        town.change(PolicyRule, PolicyRule.key == key, kind=StandardKind.not_printed, parameters={})
    number = town.file()
    assert town.money(number).entitled_fen is None
    town.step("reviewer", number, A.pass_pre_review, note="见批复", subsidy_fen=4_000_000)
    assert town.amounts(number)[0] == 40_000
    assert town.money(number, Purpose.reward).approved_fen is None


def test_a_reward_that_ends_before_the_approval_is_not_committed(town: Town) -> None:
    number = town.at(S.re_reviewed)
    with town.session() as current:
        current.execute(
            update(PolicyRule)
            .where(PolicyRule.key == "S-01-reward")
            .values(valid_to=date(2026, 9, 1))
        )
    assert town.money(number, Purpose.reward).approved_fen == 2_000_000
    town.step("committee", number, A.approve)
    assert town.line() == (50_000, 0)
    assert town.money(number, Purpose.reward).approved_fen is None
    with later(days=NOTICE_DAYS):
        town.step("finance", number, A.pay_agency)
        town.system(number, A.close_without_reward)
    assert town.is_sound()


def test_a_standard_that_ends_takes_the_entitlement_with_it(town: Town) -> None:
    number = town.file()
    town.change(PolicyRule, PolicyRule.key.like("S-01%"), valid_to=date(2026, 9, 1))
    with town.refused(FindingsBlock, "F07"):
        town.step("reviewer", number, A.pass_pre_review)
    town.step("reviewer", number, A.return_pre_review, **BACK)
    assert town.money(number).entitled_fen is None
    assert town.money(number).policy_rule_id is None


def test_a_claim_no_standard_covers_has_no_money_and_can_be_returned(town: Town) -> None:
    with town.session() as current:
        current.execute(delete(PolicyRule).where(PolicyRule.key.like("S-01%")))
    number = town.file()
    with town.refused(FindingsBlock, "F07"):
        town.step("reviewer", number, A.pass_pre_review, subsidy_fen=1)
    town.step("reviewer", number, A.refuse_pre_review, **BACK)
    assert town.is_sound()


def test_waiting_money_keeps_its_place_until_it_is_granted(town: Town) -> None:
    number = town.file()
    since = town.money(number).pending_since_utc
    assert since is not None
    assert since < NOON
    town.step("reviewer", number, A.return_pre_review, **BACK)
    with later(days=1):
        town.step("agency", number, A.submit)
    assert town.money(number).pending_since_utc == since
    town.bring(number, S.approved)
    assert town.money(number).pending_since_utc is None
    town.step("finance", number, A.hold, **BACK)
    assert town.money(number).pending_since_utc is None
    town.step("finance", number, A.release, **BACK)
    town.step("finance", number, A.return_office, **BACK)
    assert town.money(number).pending_since_utc == NOON


def test_a_correction_that_lowers_the_amount_reaches_money_and_counts(town: Town) -> None:
    number = town.file()
    town.step("reviewer", number, A.return_pre_review, **BACK)
    with town.session() as current:
        correct_claim(current, town.people["agency"], number, Correction(asked_fen=3_000_000))
    assert town.money(number).asked_fen == 3_000_000
    town.step("agency", number, A.submit)
    town.bring(number, S.approved)
    assert town.line() == (50_000, 0)
    assert town.is_sound()


def test_money_of_another_year_is_given_back_where_it_was_taken(town: Town) -> None:
    number = town.at(S.approved)
    with town.session() as current:
        current.add(BudgetLine(year=2027, code="K01", ceiling_fen=1, confirmed_at_utc=NOON))
        current.add(
            CapCounter(year=2027, rule_key="S-01-subsidy", party="agency", party_id=town.agency_id, committed_fen=7)
        )  # fmt: skip
    with later(days=60):
        town.step("finance", number, A.return_office, **BACK)
    with town.session() as current:
        lines = current.execute(
            select(BudgetLine.year, BudgetLine.committed_fen).where(BudgetLine.code == "K01")
        )
        counters = current.execute(select(CapCounter.year, CapCounter.committed_fen))
        assert dict(lines.all()) == {2026: 0, 2027: 0}
        assert dict(counters.all()) == {2026: 0, 2027: 7}
