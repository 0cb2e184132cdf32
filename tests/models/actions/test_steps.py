"""The guarded step, end to end on both databases: the straight way and every way back."""

from dataclasses import replace
from datetime import date, timedelta
from typing import Any

import pytest
from sqlalchemy import select

from models.actions.claims import Correction, correct_claim, lapse_returned_claim
from models.actions.evidence import add_evidence
from models.actions.steps import Seen, refresh_findings, seen_now, system_actor, take_step
from models.clock import today
from models.database import session
from models.queries.claim_facts import claim_facts
from models.rules.claim_workflow import Action, State
from models.rules.entitlement import Purpose
from models.rules.errors import AmountRefused, NotAllowed, NotAvailable, NotFound
from models.rules.roles import Role
from models.tables.agreements import Agreement
from models.tables.claims import Claim, Evidence
from models.tables.money import PolicyRule
from tests.models.actions.small_words import BACK
from tests.town import NOTICE_DAYS, Town, cover
from tests.world import NOON, PDF, TODAY, later

A, S = Action, State


def test_a_clean_claim_goes_from_filing_to_the_reward(town: Town) -> None:
    number = town.file()
    assert [f.code for f in town.card("reviewer", number).findings if f.verdict != "met"] == []
    town.bring(number, S.closed)
    assert town.is_sound()
    assert town.amounts(number) == (50_000, 0, 50_000)
    assert town.amounts(number, Purpose.reward) == (20_000, 0, 20_000)
    assert town.line() == (0, 70_000)
    assert [event.position for event in town.events(number)] == list(range(1, 8))
    assert [event.version for event in town.events(number)] == [2, 7, 8, 9, 10, 11, 12]
    assert all(len(event.findings) == 15 for event in town.events(number))


def test_every_office_sees_what_the_one_before_stored(town: Town) -> None:
    number = town.at(S.approved)
    card = town.card("finance", number)
    assert [line.action for line in card.events][-4:] == [
        A.pass_pre_review, A.apply, A.pass_re_review, A.approve,
    ]  # fmt: skip
    assert card.events[-1].verdicts["F10"] == "met"
    assert card.waiting_working_days == 0


def test_the_bureau_returns_the_lead_applies_again_and_the_same_bureau_account_decides(
    town: Town,
) -> None:
    number = town.at(S.applied)
    town.step("bureau", number, A.return_office, reasons=("R03",), note="发票不清")
    assert (town.state(number), town.claim(number).round) == (S.pre_reviewed, 2)
    assert town.amounts(number) == (50_000, 0, 0)
    town.step("lead", number, A.apply)
    town.step("bureau", number, A.pass_re_review)
    assert town.state(number) is S.re_reviewed
    assert town.is_sound()


def test_returning_one_office_back_again_and_again(town: Town) -> None:
    number = town.at(S.approved)
    assert town.line() == (70_000, 0)
    town.step("finance", number, A.return_office, **BACK)
    assert (town.state(number), town.line()) == (S.re_reviewed, (0, 0))
    town.step("committee", number, A.return_office, **BACK)
    town.step("bureau", number, A.return_office, **BACK)
    assert (town.state(number), town.claim(number).round) == (S.pre_reviewed, 4)
    assert town.amounts(number) == (50_000, 0, 0)
    town.step("lead", number, A.hold, **BACK)
    town.step("lead2", number, A.release, **BACK)
    town.step("lead", number, A.apply)
    town.step("bureau", number, A.pass_re_review)
    town.step("committee", number, A.approve)
    assert town.line() == (70_000, 0)
    assert town.is_sound()


@pytest.mark.parametrize(
    ("at", "who"), [(S.applied, "bureau"), (S.re_reviewed, "committee"), (S.approved, "finance")]
)
def test_one_more_paper_does_not_walk_the_whole_chain_again(
    town: Town, at: State, who: str
) -> None:
    number = town.at(at)
    committed = town.line()
    town.step(who, number, A.ask_agency, reasons=("R01",), note="请补一份说明")
    assert (town.state(number), town.claim(number).resume_at) == (S.returned, at)
    assert town.line() == committed
    with town.session() as current:
        add_evidence(current, town.people["agency"], number, "M09", "说明.pdf", PDF)
    with later(days=2):
        town.step("agency", number, A.submit)
        assert (town.state(number), town.claim(number).resume_at) == (at, None)
        assert town.amounts(number)[0] == 50_000
        assert town.claim(number).waiting_since_on == TODAY + timedelta(days=2)
    assert town.line() == committed
    assert town.is_sound()


@pytest.mark.parametrize(
    ("at", "who"), [(S.applied, "bureau"), (S.re_reviewed, "committee"), (S.approved, "finance")]
)
def test_a_changed_fact_goes_back_to_the_pre_review(town: Town, at: State, who: str) -> None:
    number = town.at(at)
    town.step(who, number, A.ask_agency, **BACK)
    with town.session() as current:
        correct_claim(current, town.people["agency"], number, Correction(asked_fen=4_000_000))
    town.step("agency", number, A.submit)
    assert town.state(number) is S.submitted
    assert town.amounts(number) == (None, 0, 0)
    assert town.line() == (0, 0)
    town.step("reviewer", number, A.pass_pre_review)
    assert town.amounts(number) == (40_000, 0, 0)
    assert town.is_sound()


# fmt: off
@pytest.mark.parametrize(("change", "why"), [
    ({"invoice_number": "INV-7", "note": "改"},   "发票号码已变，须重新初审"),
    ({"obtained_on": date(2026, 10, 15)},         "取得日期已变，须重新初审"),
    ({"payee_account": "6222020200009999"},       "收款账号、条件 F13 的判定已变，须重新初审"),
    ({"result_printed": "GR202621000999"},        "成果编号、条件 F14 的判定已变，须重新初审"),
])
# fmt: on
def test_the_agency_and_every_later_office_are_told_why_it_starts_again(
    town: Town, change: dict[str, Any], why: str
) -> None:
    number = town.at(S.applied)
    town.step("bureau", number, A.ask_agency, **BACK)
    with town.session() as current:
        correct_claim(current, town.people["agency"], number, Correction(**change))
    taken = town.step("agency", number, A.submit, note="请查收")
    assert str(taken.why_again) == why
    assert town.events(number)[-1].note == f"{why}；请查收"
    assert town.is_sound()


def test_what_was_corrected_and_corrected_back_is_no_change(town: Town) -> None:
    number = town.at(S.applied)
    town.step("bureau", number, A.ask_agency, **BACK)
    for fen in (4_000_000, 5_000_000):
        with town.session() as current:
            correct_claim(current, town.people["agency"], number, Correction(asked_fen=fen))
    taken = town.step("agency", number, A.submit)
    assert (taken.state, taken.why_again, town.events(number)[-1].note) == (S.applied, None, "")


def swap(town: Town, number: str, code: str = "M02") -> None:
    """The agency puts another file in the place of a paper."""
    with town.session() as current:
        add_evidence(
            current, town.people["agency"], number, code, f"{code}.pdf", PDF + b"another"
        )


def test_a_paper_swapped_without_being_asked_for_goes_back_to_the_pre_review(town: Town) -> None:
    number = town.at(S.applied)
    town.step("bureau", number, A.ask_agency, reasons=("R12",), note="收款账户证明")
    with later(minutes=5):
        swap(town, number)
        taken = town.step("agency", number, A.submit)
    assert taken.state is S.submitted
    assert "材料“成果证书" in str(taken.why_again)
    with later(minutes=6):
        (paper,) = town.card("reviewer", number).changed_papers
    assert (paper.kind_code, paper.is_replacement) == ("M02", True)
    assert town.is_sound()


def test_a_paper_that_was_asked_for_is_marked_for_the_office_that_asked(town: Town) -> None:
    number = town.at(S.applied)
    assert town.card("bureau", number).changed_papers == ()
    town.step("bureau", number, A.ask_agency, reasons=("R01",), note="证书重新扫描")
    with later(minutes=5):
        swap(town, number)
        assert town.step("agency", number, A.submit).state is S.applied
        card = town.card("bureau", number)
        assert [paper.kind_code for paper in card.changed_papers] == ["M02"]
        assert card.sent_back is not None
        assert card.sent_back.note == "证书重新扫描"
        town.step("bureau", number, A.pass_re_review)
        card = town.card("committee", number)
        assert (card.changed_papers, card.sent_back) == ((), None)
    assert town.is_sound()


def test_who_opens_a_refused_claim_reads_why(sqlite_only: Town) -> None:
    refused, later_on = sqlite_only.file(), sqlite_only.at(S.applied)
    why = {"reasons": ("R05",), "note": "成果不实"}
    sqlite_only.step("reviewer", refused, A.refuse_pre_review, **why)
    sqlite_only.step("bureau", later_on, A.refuse_office, **why)
    for number in (refused, later_on):
        read = sqlite_only.card("agency", number).sent_back
        assert read is not None
        assert (read.reasons, read.note) == (("R05",), "成果不实")
        assert sqlite_only.card("agency", number).exposure_fen == 0
    sqlite_only.step("reviewer2", refused, A.reopen, reasons=("R01",), note="再审")
    again = sqlite_only.card("reviewer2", refused).sent_back
    assert again is not None
    assert again.note == "再审"


def test_a_paper_that_was_missing_and_what_lies_outside_the_claim_are_told_too(town: Town) -> None:
    number = town.at(S.applied)
    town.change(Evidence, Evidence.kind_code == "M04", kind_code="M09")
    town.step("bureau", number, A.ask_agency, **BACK)
    with town.session() as current:
        add_evidence(current, town.people["agency"], number, "M04", "M04.pdf", PDF)
    said = str(town.step("agency", number, A.submit).why_again)
    assert said == "条件 F05 的判定已变，须重新初审", "the paper itself was asked for"
    other = town.at(S.applied)
    town.step("bureau", other, A.ask_agency, **BACK)
    town.change(Agreement, Agreement.id == town.agreement_id, fee_fen=3_700_000)
    assert "协议、企业确认" in str(town.step("agency", other, A.submit).why_again)


def test_a_return_is_answered_and_decided_by_the_same_reviewer_in_round_two(town: Town) -> None:
    number = town.file(papers=("M01", "M02", "M03"))
    town.step(
        "reviewer", number, A.return_pre_review, reasons=("R01", "R01", "R03"), note=" 缺 M04 \0"
    )
    event = town.events(number)[-1]
    assert (event.reasons, event.note) == (["R01", "R03"], "缺 M04")
    with town.session() as current:
        add_evidence(current, town.people["agency"], number, "M04", "M04.pdf", PDF)
    town.step("agency", number, A.submit)
    town.step("reviewer", number, A.pass_pre_review)
    assert town.claim(number).round == 2
    assert town.is_sound()


def test_a_pass_is_undone_within_ten_minutes_and_never_happened(town: Town) -> None:
    number = town.file()
    with later(days=-3):
        waited = town.claim(number).waiting_since_on
    town.step("reviewer", number, A.pass_pre_review)
    with later(minutes=10):
        with town.refused(NotAllowed, "本人"):
            town.step("reviewer2", number, A.undo_pre_review)
        town.step("reviewer", number, A.undo_pre_review, seen=None)
    assert (town.state(number), town.claim(number).waiting_since_on) == (S.submitted, waited)
    assert town.amounts(number) == (None, 0, 0)
    town.step("reviewer", number, A.pass_pre_review)
    with later(minutes=10, seconds=1), town.refused(NotAllowed, "超过 10 分钟"):
        town.step("reviewer", number, A.undo_pre_review)
    town.step("reviewer", number, A.undo_pre_review)
    town.step("reviewer2", number, A.pass_pre_review)
    assert town.claim(number).round == 3
    assert town.is_sound()


def test_a_pass_that_was_applied_for_is_not_undone_even_if_it_came_back(town: Town) -> None:
    number = town.at(S.applied)
    with town.refused(NotAvailable, "已统一申请"):
        town.step("reviewer", number, A.undo_pre_review)
    town.step("bureau", number, A.return_office, **BACK)
    with town.refused(NotAllowed, "统一申请前"):
        town.step("reviewer", number, A.undo_pre_review)


def test_a_refusal_is_reopened_by_another_person_and_once(town: Town) -> None:
    number = town.file()
    town.step("reviewer", number, A.refuse_pre_review, **BACK)
    with town.refused(NotAllowed, "以外的人"):
        town.step("reviewer", number, A.reopen, **BACK)
    town.step("reviewer2", number, A.reopen, **BACK)
    assert town.state(number) is S.submitted
    town.step("reviewer2", number, A.refuse_pre_review, **BACK)
    with town.refused(NotAvailable, "一次"):
        town.step("reviewer3", number, A.reopen, **BACK)
    assert town.is_sound()


@pytest.mark.parametrize(("at", "who"), [(S.applied, "bureau"), (S.re_reviewed, "committee")])
def test_a_refusal_of_a_later_office_is_reopened_by_a_reviewer(
    town: Town, at: State, who: str
) -> None:
    number = town.at(at)
    town.step(who, number, A.refuse_office, **BACK)
    assert town.state(number) is S.refused
    town.step("reviewer", number, A.reopen, **BACK)
    assert town.amounts(number) == (None, 0, 0)
    assert town.is_sound()


@pytest.mark.parametrize(
    ("at", "who", "colleague"),
    [
        (S.submitted, "reviewer", "reviewer2"), (S.pre_reviewed, "lead", "lead2"), (S.applied, "bureau", "bureau2"),
        (S.re_reviewed, "committee", "committee2"), (S.approved, "finance", "finance2"),
    ],
)  # fmt: skip
def test_an_office_holds_and_releases_its_own(
    town: Town, at: State, who: str, colleague: str
) -> None:
    number, before = town.at(at), town.line()
    since = town.claim(number).waiting_since_on
    with later(days=1):
        town.step(who, number, A.hold, **BACK)
        assert (town.state(number), town.claim(number).held_from) == (S.on_hold, at)
        for other in {"reviewer", "lead", "bureau", "committee", "finance"} - {who}:
            with town.refused(NotAllowed):
                town.step(other, number, A.release, **BACK)
        town.step(colleague, number, A.release, **BACK)
    assert (town.state(number), town.claim(number).held_from) == (at, None)
    assert (town.line(), town.claim(number).waiting_since_on) == (before, since)
    assert town.is_sound()


@pytest.mark.parametrize("at", [S.submitted, S.applied, S.approved])
def test_an_agency_withdraws_what_is_held_and_the_money_is_free(town: Town, at: State) -> None:
    number = town.at(at)
    who = {S.submitted: "reviewer", S.applied: "bureau", S.approved: "finance"}[at]
    town.step(who, number, A.hold, **BACK)
    town.step("agency", number, A.withdraw, **BACK)
    assert (town.state(number), town.line()) == (S.withdrawn, (0, 0))
    assert town.counter().get("agency:S-01-subsidy", 0) == 0
    assert town.is_sound()


def test_an_agency_withdraws_its_own_only(town: Town) -> None:
    number = town.file()
    with town.refused(NotFound):
        with town.session() as current:
            take_step(current, town.people["agency2"], number, A.withdraw, reasons=("R99",))
    town.step("agency", number, A.withdraw, **BACK)
    assert town.state(number) is S.withdrawn


def test_what_nobody_answers_lapses_when_the_time_is_over(town: Town) -> None:
    number = town.at(S.approved)
    town.step("finance", number, A.ask_agency, **BACK)
    with later(days=28):  # the twentieth working day
        with town.refused(NotAvailable, "补正期限至 2026-12-18"):
            town.system(number, A.lapse)
    with later(days=29):
        with town.refused(NotAllowed, "系统自动"):
            town.step("agency", number, A.lapse)
        with town.session() as current:
            lapse_returned_claim(current, system_actor(), number)
    assert (town.state(number), town.line()) == (S.withdrawn, (0, 0))
    assert town.is_sound()


def test_a_recall_is_asked_held_and_answered(town: Town) -> None:
    number = town.at(S.applied)
    town.step("lead", number, A.request_recall, **BACK)
    with town.refused(NotAvailable, "已提出"):
        town.step("lead2", number, A.request_recall, **BACK)
    with town.refused(NotAvailable, "请先答复"):
        town.step("bureau", number, A.pass_re_review)
    town.step("bureau", number, A.hold, **BACK)
    town.step("bureau", number, A.release, **BACK)
    assert town.claim(number).is_recall_asked
    with town.refused(NotAllowed):
        town.step("lead", number, A.answer_recall, **BACK)
    town.step("bureau", number, A.answer_recall, reasons=("R99",), note="照常办理")
    town.step("bureau", number, A.pass_re_review)
    town.step("lead", number, A.request_recall, **BACK)
    town.step("committee", number, A.return_office, **BACK)
    assert not town.claim(number).is_recall_asked
    assert town.is_sound()


def test_nothing_is_paid_before_the_notice_is_over(town: Town) -> None:
    number = town.at(S.approved)
    with later(days=7), town.refused(NotAvailable, "公示期至 2026-11-27"):
        town.step("finance", number, A.pay_agency)
    with later(days=8):
        town.step("finance", number, A.pay_agency)
    assert town.line() == (20_000, 50_000)


def test_a_failed_payment_is_paid_again(town: Town) -> None:
    number = town.at(S.agency_paid)
    with later(days=NOTICE_DAYS):
        town.step("finance", number, A.payment_failed, **BACK)
        assert (town.state(number), town.line()) == (S.approved, (70_000, 0))
        town.step("finance2", number, A.pay_agency)
        town.step("finance", number, A.reward_enterprise)
    assert (town.state(number), town.line()) == (S.closed, (0, 70_000))
    assert town.is_sound()


def test_a_claim_that_triggers_no_reward_is_closed_by_the_system(town: Town) -> None:
    number = town.bring(town.software(), S.agency_paid)
    with later(days=NOTICE_DAYS):
        with town.refused(NotAvailable, "没有应发的企业奖励"):
            town.step("finance", number, A.reward_enterprise)
        with town.refused(NotAllowed, "系统自动"):
            town.step("finance", number, A.close_without_reward)
        town.system(number, A.close_without_reward)
    assert (town.state(number), town.line("K02")) == (S.closed, (0, 1_000))
    assert town.is_sound()


def test_a_claim_with_a_reward_is_not_closed_without_it(town: Town) -> None:
    number = town.at(S.agency_paid)
    with town.refused(NotAvailable, "有应发的企业奖励"):
        town.system(number, A.close_without_reward)


@pytest.mark.parametrize("who", ["agency2", "enterprise"])
def test_whoever_may_not_see_a_claim_hears_that_there_is_none(town: Town, who: str) -> None:
    number = town.file()
    for asked in (number, "2026-11-9999", "\0", "'; DROP TABLE claim; --", "\ud800"):
        with town.refused(NotFound, "没有编号为"):
            with town.session() as current:
                take_step(current, town.people[who], asked, A.pass_pre_review, Seen(1, ""))


def test_a_person_without_a_role_of_today_hears_the_same(town: Town) -> None:
    number, nobody = town.file(), replace(town.people["reviewer"], grants=())
    for who in (nobody, replace(town.people["agency"], grants=())):
        with town.refused(NotFound):
            with town.session() as current:
                take_step(current, who, number, A.withdraw, reasons=("R99",))


def test_one_person_one_office_whatever_the_role(town: Town) -> None:
    number = town.at(S.pre_reviewed)
    town.people["reviewer"] = cover(town.people["reviewer"], Role.alliance_lead)
    with town.refused(NotAllowed, "联盟初审"):
        town.step("reviewer", number, A.apply)
    town.people["reviewer2"] = cover(town.people["reviewer2"], Role.alliance_lead)
    town.step("reviewer2", number, A.apply)
    event = town.events(number)[-1]
    assert event.grant_id == town.people["reviewer2"].grants[1].id
    town.people["lead"] = cover(town.people["lead"], Role.bureau)
    town.step("lead", number, A.pass_re_review)
    town.people["reviewer"] = cover(town.people["reviewer"], Role.committee)
    with town.refused(NotAllowed, "职责分离"):
        town.step("reviewer", number, A.approve)


def test_the_importer_does_not_review_what_it_imported(town: Town) -> None:
    number = town.file()
    with town.refused(NotAllowed, "申请机构"):
        town.step("importer", number, A.pass_pre_review)
    with town.session() as current:
        add_evidence(current, town.people["reviewer2"], number, "M01", "x.pdf", PDF, on_behalf=True)
    with town.refused(NotAllowed, "申请机构"):
        town.step("reviewer2", number, A.pass_pre_review)


def test_who_reviewed_a_claim_does_not_answer_for_the_agency(town: Town) -> None:
    number = town.file()
    town.step("reviewer", number, A.return_pre_review, **BACK)
    with town.refused(NotAllowed, "联盟初审"):
        town.step("reviewer", number, A.submit, on_behalf=True)
    with town.refused(NotAllowed, "不能由联盟代机构"):
        town.step("importer", number, A.withdraw, on_behalf=True, **BACK)
    town.step("importer", number, A.submit, on_behalf=True)
    assert town.events(number)[-1].on_behalf
    with town.refused(NotAllowed, "不能由联盟代机构"):
        town.step("reviewer2", number, A.pass_pre_review, on_behalf=True)


@pytest.mark.parametrize("party", ["agency_id", "enterprise_id"])
def test_a_tie_forbids_deciding_while_it_lasts(town: Town, party: str) -> None:
    number = town.file()
    town.tie("reviewer", **{party: getattr(town, party)})
    town.tie("reviewer2", to_on=TODAY, from_on=date(2026, 1, 1), **{party: getattr(town, party)})
    with town.refused(NotAllowed, "回避关系（亲属）"):
        town.step("reviewer", number, A.pass_pre_review)
    with town.refused(NotAllowed, "回避关系"):
        town.step("reviewer2", number, A.refuse_pre_review, **BACK)
    town.tie("reviewer3", agency_id=town.agency2_id)
    town.step("reviewer3", number, A.pass_pre_review)
    town.tie("reviewer3", **{party: getattr(town, party)})
    with town.refused(Exception, "F15"):
        town.step("lead", number, A.apply)


def test_refreshing_changes_no_version_and_no_amount(town: Town) -> None:
    number = town.at(S.pre_reviewed)
    town.change(PolicyRule, PolicyRule.key == "S-01-subsidy", parameters={"amount_fen": 4_000_000})
    before = town.claim(number)
    with town.session() as current:
        claim = current.execute(select(Claim).where(Claim.number == number)).scalar_one()
        found = {finding.code: finding.verdict for finding in refresh_findings(current, claim)}
    after = town.claim(number)
    assert found["F08"] == "not_met"
    assert (after.version, after.findings_not_met) == (before.version, 1)
    assert after.facts_digest != before.facts_digest
    assert town.amounts(number)[0] == 50_000
    assert town.is_sound()


def test_seen_now_is_what_the_card_shows(town: Town) -> None:
    number = town.file()
    with session(town.engine) as current:
        claim = current.execute(select(Claim).where(Claim.number == number)).scalar_one()
        assert seen_now(current, town.people["reviewer"], claim) == town.seen("reviewer", number)
        with pytest.raises(NotFound):
            seen_now(current, town.people["agency2"], claim)
        assert claim_facts(current, claim.id or 0, today()).number == number
        with pytest.raises(KeyError):
            claim_facts(current, 999, today())


def test_a_step_that_sets_no_amount_takes_none(town: Town) -> None:
    number = town.file()
    with town.refused(AmountRefused, "不核定金额"):
        town.step("reviewer", number, A.refuse_pre_review, subsidy_fen=1, **BACK)


def test_the_clock_of_the_world_stands(town: Town) -> None:
    number = town.at(S.pre_reviewed)
    assert town.events(number)[-1].at_utc == NOON
