"""What stops a step its person may take: a change, a colleague, a reason, a condition, a flipped
verdict."""

from dataclasses import replace
from datetime import date, timedelta

import pytest
from sqlalchemy import select

from models.actions.claims import Correction, correct_claim, take_claim
from models.actions.evidence import add_evidence
from models.actions.record import record
from models.actions.steps import Seen, take_step
from models.clock import now_utc
from models.rules.claim_workflow import Action, State
from models.rules.errors import (
    ClaimHeld,
    ConfirmationNeeded,
    FindingsBlock,
    NotAvailable,
    ReasonMissing,
    SeenIsStale,
    TextRefused,
)
from models.tables.agreements import Agreement, Confirmation
from models.tables.claims import Claim
from models.tables.money import BudgetLine
from models.tables.organisations import Agency
from models.tables.record import Activity
from models.tables.reference import Setting
from tests.models.actions.small_words import BACK
from tests.town import Town
from tests.world import NOON, PDF, later

A, S = Action, State

# ---------------------------------------------------------------- what was seen


def test_a_colleague_decided_first_and_the_second_is_told_who_and_when(town: Town) -> None:
    number = town.file()
    seen = town.seen("reviewer2", number)
    town.step("reviewer", number, A.return_pre_review, **BACK)
    town.step("agency", number, A.submit)
    with town.refused(SeenIsStale, "agency 1已于 2026-11-20 12:00 对本件“提交”") as _:
        town.step("reviewer2", number, A.pass_pre_review, seen=seen)


def test_the_refusal_carries_its_facts(town: Town) -> None:
    number = town.file()
    seen = replace(town.seen("reviewer", number), version=1)
    with pytest.raises(SeenIsStale) as stale:
        town.step("reviewer", number, A.pass_pre_review, seen=seen)
    assert stale.value.changed_by == "importer 1"
    assert stale.value.changed_at_utc == NOON - timedelta(days=15)


@pytest.mark.parametrize("change", ["correct_claim", "add_evidence"])
def test_an_agency_changed_its_claim_since(town: Town, change: str) -> None:
    number = town.file()
    town.step("reviewer", number, A.return_pre_review, **BACK)
    seen = town.seen("agency", number)
    with later(hours=1), town.session() as current:
        if change == "correct_claim":
            correct_claim(current, town.people["agency"], number, Correction(note="改"))
        else:
            add_evidence(current, town.people["agency"], number, "M01", "M01.pdf", PDF)
    said = {"correct_claim": "更正", "add_evidence": "补充材料"}[change]
    with town.refused(SeenIsStale, f"agency 1已于 2026-11-20 13:00 对本件“{said}”"):
        town.step("agency", number, A.submit, seen=seen)


def test_the_importer_adds_a_paper_while_a_reviewer_decides(town: Town) -> None:
    number = town.file()
    seen = town.seen("reviewer", number)
    with town.session() as current:
        add_evidence(
            current, town.people["importer"], number, "M01", "M01.pdf", PDF, on_behalf=True
        )
    with town.refused(SeenIsStale, "importer 1"):
        town.step("reviewer", number, A.pass_pre_review, seen=seen)


def _agreement_changed(town: Town) -> None:
    town.change(Agreement, Agreement.id == town.agreement_id, fee_fen=3_700_000)


def _confirmation_changed(town: Town) -> None:
    town.change(Confirmation, Confirmation.agreement_id == town.agreement_id, satisfaction=1)


def _agency_suspended(town: Town) -> None:
    town.change(Agency, Agency.id == town.agency_id, suspended_from=date(2026, 11, 1))


@pytest.mark.parametrize("change", [_agreement_changed, _confirmation_changed, _agency_suspended])
def test_what_a_claim_rests_on_changed_since(town: Town, change: object) -> None:
    number = town.file()
    seen = town.seen("reviewer", number)
    change(town)  # type: ignore[operator]
    with town.refused(SeenIsStale, "所依据的标准、期限或相关申请有变化"):
        town.step("reviewer", number, A.pass_pre_review, seen=seen)


@pytest.mark.parametrize(
    "subject", ["agreement:XY-2026-001", "agency:91210231MA0XY0002H", "enterprise:91210231MA0XY0001K"]
)  # fmt: skip
def test_who_changed_a_register_is_named(town: Town, subject: str) -> None:
    number = town.file()
    seen = town.seen("reviewer", number)
    _agreement_changed(town)
    with later(hours=2), town.session() as current:
        record(current, town.people["lead"], "change_agency", subject, None, {})
    with pytest.raises(
        SeenIsStale, match="lead 1已于 2026-11-20 14:00 更改了本件协议、机构或企业的登记"
    ) as stale:
        town.step("reviewer", number, A.pass_pre_review, seen=seen)
    assert stale.value.changed_by == "lead 1"


def test_what_was_recorded_before_the_claim_is_not_the_change(town: Town) -> None:
    with town.session() as current:
        record(current, town.people["lead"], "change_agency", "agreement:XY-2026-001", None, {})
    number = town.file()
    seen = town.seen("reviewer", number)
    _agreement_changed(town)
    with town.refused(SeenIsStale, "有变化"):
        town.step("reviewer", number, A.pass_pre_review, seen=seen)


def test_a_claim_without_any_record_still_answers(town: Town) -> None:
    """A row written past the actions is odd, not a reason to fall over."""
    number = town.file()
    town.change(Claim, Claim.number == number, number="2026-11-0777")
    seen = replace(town.seen("reviewer", "2026-11-0777"), version=1)
    with town.refused(SeenIsStale, "系统已于 2026-11-05 12:00 对本件“提交”"):
        town.step("reviewer", "2026-11-0777", A.pass_pre_review, seen=seen)


def test_the_systems_doing_and_verbs_without_a_name_are_told_too(town: Town) -> None:
    number = town.file()
    with town.session() as current:
        record(current, town.people["importer"], "some_verb", f"claim:{number}", None, {})
        current.flush()
        system = current.execute(select(Activity.seq)).scalars().first()
        assert system is not None
    seen = replace(town.seen("reviewer", number), version=1)
    with town.refused(SeenIsStale, "对本件“some_verb”"):
        town.step("reviewer", number, A.pass_pre_review, seen=seen)


def test_other_peoples_claims_do_not_make_a_decision_stale(town: Town) -> None:
    mine, other = town.file(), town.file()
    seen = town.seen("reviewer", mine)
    town.bring(other, S.approved)
    town.step("reviewer", mine, A.pass_pre_review, seen=seen)


@pytest.mark.parametrize("action", [A.pass_pre_review, A.return_pre_review, A.refuse_pre_review])
def test_an_office_must_say_what_it_saw(town: Town, action: Action) -> None:
    number = town.file()
    with pytest.raises(TypeError, match="bound to what was seen"):
        town.step("reviewer", number, action, seen=None, **BACK)


# ---------------------------------------------------------------- a colleague has it


def test_a_taken_claim_is_decided_by_who_took_it(town: Town) -> None:
    number = town.file()
    with town.session() as current:
        take_claim(current, town.people["reviewer2"], number)
    for action in (A.pass_pre_review, A.return_pre_review, A.refuse_pre_review, A.hold):
        with town.refused(
            ClaimHeld, "reviewer2 1已于 2026-11-20 12:00 接手本件，2026-11-20 12:30 前由其办理"
        ):
            town.step("reviewer", number, action, **BACK)
    town.step("reviewer2", number, A.pass_pre_review)
    assert town.claim(number).lease_account_id is None


def test_a_lapsed_lease_nobody_took_over_refuses_nothing(town: Town) -> None:
    number = town.file()
    with town.session() as current:
        take_claim(current, town.people["reviewer2"], number)
    with later(minutes=30):
        town.step("reviewer", number, A.pass_pre_review)


@pytest.mark.parametrize(
    ("at", "holder", "other", "action"),
    [
        (S.pre_reviewed, "lead2", "lead", A.apply), (S.applied, "bureau2", "bureau", A.pass_re_review),
        (S.re_reviewed, "committee2", "committee", A.approve), (S.approved, "finance2", "finance", A.return_office),
    ],
)  # fmt: skip
def test_every_office_respects_a_lease(
    town: Town, at: State, holder: str, other: str, action: Action
) -> None:
    number = town.at(at)
    with town.session() as current:
        take_claim(current, town.people[holder], number)
    with town.refused(ClaimHeld, f"{holder} 1"):
        town.step(other, number, action, **BACK)
    if at is not S.pre_reviewed:
        town.step("lead", number, A.request_recall, **BACK)
        assert town.claim(number).lease_account_id is not None


# ---------------------------------------------------------------- reasons and notes


def test_reasons_are_coded_and_known(town: Town) -> None:
    number = town.file()
    with town.refused(ReasonMissing, "“退回补正”须至少选择一项理由"):
        town.step("reviewer", number, A.return_pre_review, note="只有说明")
    for unknown in ("R77", "", "\0", "R01'", "R01 "):
        with town.refused(ReasonMissing, "不在理由表中"):
            town.step("reviewer", number, A.return_pre_review, reasons=("R01", unknown))
    with town.refused(ReasonMissing, "不在理由表中"):
        town.step("reviewer", number, A.pass_pre_review, reasons=("R77",))


def test_a_note_ends_somewhere(town: Town) -> None:
    number = town.file()
    with town.refused(TextRefused, "最长 2000 个字，现有 2001 个"):
        town.step("reviewer", number, A.return_pre_review, reasons=("R01",), note="字" * 2001)
    note = "'; DROP TABLE claim; -- \0 \ud800 <script> {x} %s 🙂\r\n第二行"
    town.step("reviewer", number, A.return_pre_review, reasons=("R01",), note=note)
    assert town.events(number)[-1].note == "'; DROP TABLE claim; --   <script> {x} %s 🙂\n第二行"
    assert town.is_sound()


# ---------------------------------------------------------------- conditions


def test_what_is_not_met_cannot_pass_and_can_be_returned_refused_or_held(town: Town) -> None:
    town.change(Agreement, Agreement.id == town.agreement_id, upfront_fee_fen=100)
    number = town.file()
    with pytest.raises(FindingsBlock, match="F04") as blocked:
        town.step("reviewer", number, A.pass_pre_review, note="仍要通过")
    assert blocked.value.codes == ("F04",)
    town.step("reviewer", number, A.hold, **BACK)
    town.step("reviewer", number, A.release, **BACK)
    town.step("reviewer", number, A.return_pre_review, **BACK)
    town.step("agency", number, A.submit)
    town.step("reviewer", number, A.refuse_pre_review, **BACK)


@pytest.mark.parametrize(
    ("at", "who", "action"),
    [
        (S.pre_reviewed, "lead", A.apply), (S.applied, "bureau", A.pass_re_review),
        (S.re_reviewed, "committee", A.approve), (S.approved, "finance", A.pay_agency),
    ],
)  # fmt: skip
def test_every_office_is_bound_by_the_conditions(
    town: Town, at: State, who: str, action: Action
) -> None:
    number = town.at(at)
    town.change(Agreement, Agreement.id == town.agreement_id, upfront_fee_fen=100)
    with later(days=10), town.refused(FindingsBlock, "F04"):
        town.step(who, number, action, note="仍要通过")
    town.step(who, number, A.hold, **BACK)


def test_what_is_unknown_passes_only_with_words_every_later_office_sees(town: Town) -> None:
    town.change(Agreement, Agreement.id == town.agreement_id, work_started_on=None)
    number = town.file()
    for note in ("", "  \n ", "\0"):
        with town.refused(ReasonMissing, "条件 F03 待查证"):
            town.step("reviewer", number, A.pass_pre_review, note=note)
    town.step("reviewer", number, A.pass_pre_review, note="已电话核实")
    town.step("lead", number, A.apply)
    with town.refused(ReasonMissing, "F03"):
        town.step("bureau", number, A.pass_re_review)
    town.step("bureau", number, A.pass_re_review, note="同意初审意见")
    assert [line.note for line in town.card("committee", number).events if line.note] == [
        "已电话核实", "同意初审意见",
    ]  # fmt: skip


def test_a_verdict_that_flipped_is_shown_and_must_be_confirmed(town: Town) -> None:
    number = town.file()
    seen = town.seen("reviewer", number)
    town.change(BudgetLine, BudgetLine.code == "K01", confirmed_at_utc=None)
    with pytest.raises(ConfirmationNeeded, match="F10") as flipped:
        town.step("reviewer", number, A.pass_pre_review, seen=seen)
    assert flipped.value.codes == ("F10",)
    with town.refused(ConfirmationNeeded):
        town.step("reviewer", number, A.refuse_pre_review, seen=seen, **BACK)
    confirmed = replace(seen, flips_confirmed=True)
    with town.refused(ReasonMissing, "F10"):
        town.step("reviewer", number, A.pass_pre_review, seen=confirmed)
    town.step("reviewer", number, A.pass_pre_review, seen=confirmed, note="额度待录入")


def test_verdicts_that_were_not_seen_are_not_compared(town: Town) -> None:
    number = town.file()
    seen = replace(town.seen("reviewer", number), verdicts={"F77": "met"})
    town.change(BudgetLine, BudgetLine.code == "K01", confirmed_at_utc=None)
    town.step("reviewer", number, A.pass_pre_review, seen=seen, note="额度待录入")


# ---------------------------------------------------------------- settings


def test_without_a_notice_period_money_may_be_paid_at_once(town: Town) -> None:
    with town.session() as current:
        current.add(
            Setting(key="notice_period_working_days", value=0, valid_from=date(2026, 1, 1),
                    confirmed_at_utc=now_utc())
        )  # fmt: skip
    number = town.at(S.approved)
    town.step("finance", number, A.pay_agency)


def test_a_step_that_does_not_exist_says_so_before_anything_else(town: Town) -> None:
    number = town.file()
    with town.refused(NotAvailable, "申请现为“待初审”，不能“审批通过”"):
        with town.session() as current:
            version = town.claim(number).version
            take_step(current, town.people["reviewer"], number, A.approve, Seen(version, "x"))
