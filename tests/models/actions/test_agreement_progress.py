"""What becomes of a filed agreement: work, milestones, advances, results, the end of it; and what a
certificate changes in the register."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta
from typing import Any

import pytest
from sqlmodel import select

from models.actions.agreement_progress import (
    LONGEST_MILESTONE,
    MOST_MILESTONES,
    add_milestone,
    begin_work,
    conclude_agreement,
    end_agreement,
    fail_agreement,
    finish_milestone,
    record_advance,
)
from models.actions.agreement_results import record_result
from models.database import session
from models.queries.agencies import agency_card
from models.queries.members import MemberFilter, certificates_lapsing, member_card, members
from models.queries.paging import PageRequest
from models.queries.verification import verify
from models.rules.agreement_life import AgreementState, Attribution, CostBearer
from models.rules.errors import (
    AlreadyDone,
    AmountRefused,
    FileRefused,
    NotAllowed,
    NotAvailable,
    NotFound,
    ReasonMissing,
    Refusal,
    TextRefused,
)
from models.rules.money import LARGEST_FEN
from models.tables.agreements import Agreement, Result
from models.tables.organisations import Enterprise, GrowthStage, HnteStatus
from tests.pacts import (
    SCAN,
    TERMS,
    act,
    card,
    confirmed,
    drafted,
    events,
    filed,
    newest_link,
    row,
    state,
    step,
    under_way,
    version,
)
from tests.rivals import at_once
from tests.town import Town
from tests.world import TODAY, later

SERVED = "XY-2026-001"
"""An agreement of the town's own for high-tech recognition, under way, as an import brings one."""
CERTIFICATE = ("hnte_first_cert", "gr2026 2100 0007", date(2026, 10, 16), SCAN)
REGISTRATION = ("software_registration", "2026SR0000077", TODAY, SCAN)


ONE = pytest.mark.parametrize("opened", ["sqlite"], indirect=True)
"""What neither a lock nor a dialect decides is shown on one database."""


def is_sound(town: Town) -> bool:
    """Whether the record vouches for everything, with what it says if not."""
    with session(town.engine) as current:
        found = verify(current)
    assert found.is_sound, str(found.first_broken)
    return True


def load(town: Town) -> int:
    """How many agreements the register says the first agency works on."""
    with session(town.engine) as current:
        lead = town.people["lead"]
        return agency_card(current, lead, "91210231MA0XY0002H", TODAY).row.open_agreements or 0


# ---------------------------------------------------------------- work


@ONE
def test_work_begins_no_earlier_than_the_filing_was_confirmed(town: Town) -> None:
    number = confirmed(town)
    for day, words in (
        (TODAY - timedelta(days=1), "开工不能早于确认"),
        (TODAY + timedelta(days=1), "还没有到"),
    ):
        with pytest.raises(NotAvailable, match=words):
            step(town, "agency", begin_work, number, day)
    step(town, "agency", begin_work, number, TODAY)
    assert row(town, number).work_started_on == TODAY


def test_milestones_are_named_and_done(town: Town) -> None:
    number = confirmed(town)
    step(town, "agency", add_milestone, number, " 材料齐备\x00 ", TODAY + timedelta(days=20))
    step(town, "agency", add_milestone, number, "提交登记", TODAY + timedelta(days=9))
    second, first = card(town, "agency", number).milestones
    assert (first.name, second.name) == ("材料齐备", "提交登记")
    with pytest.raises(NotAvailable, match="还没有到"):
        step(town, "agency", finish_milestone, number, first.id, TODAY + timedelta(days=1))
    step(town, "agency", finish_milestone, number, first.id, TODAY, papers=SCAN)
    assert events(town, number)[-1].detail["done_on"] == str(TODAY)
    for lost in (first.id, 999):
        with pytest.raises(NotFound, match="没有这个未完成的进度节点"):
            step(town, "agency", finish_milestone, number, lost, TODAY)
    assert is_sound(town)


@ONE
def test_milestones_of_another_agreement_are_not_found(town: Town) -> None:
    number = confirmed(town)
    step(town, "agency", add_milestone, number, "一", TODAY)
    step(town, "agency", add_milestone, SERVED, "二", TODAY)
    (other,) = card(town, "agency", SERVED).milestones
    with pytest.raises(NotFound):
        step(town, "agency", finish_milestone, number, other.id, TODAY)


@ONE
def test_a_milestone_has_a_name_and_an_agreement_not_too_many(town: Town) -> None:
    number = confirmed(town)
    with pytest.raises(ReasonMissing, match="名称"):
        step(town, "agency", add_milestone, number, " ", TODAY)
    with pytest.raises(TextRefused):
        step(town, "agency", add_milestone, number, "长" * (LONGEST_MILESTONE + 1), TODAY)
    for at in range(MOST_MILESTONES):
        step(town, "agency", add_milestone, number, f"节点 {at}", TODAY)
    with pytest.raises(NotAvailable, match="最多 30 个"):
        step(town, "agency", add_milestone, number, "再一个", TODAY)


@ONE
def test_advances_are_dated_and_add_up(town: Town) -> None:
    number = confirmed(town)
    step(town, "agency", record_advance, number, 30_000, TODAY)
    step(town, "agency", record_advance, number, 1, date(2026, 11, 18))
    assert card(town, "lead", number).advanced_fen == 30_001
    for amount in (0, LARGEST_FEN + 1):
        with pytest.raises(AmountRefused, match="大于 0"):
            step(town, "agency", record_advance, number, amount, TODAY)
    for day in (date(2026, 11, 17), TODAY + timedelta(days=1)):
        with pytest.raises(NotAvailable, match="垫资日期须在签订日期 2026-11-18"):
            step(town, "agency", record_advance, number, 1, day)


# ---------------------------------------------------------------- results


def test_a_result_is_recorded_and_the_agreement_concluded(town: Town) -> None:
    number = under_way(town)
    assert step(town, "agency", record_result, number, *REGISTRATION) == "2026SR0000077"
    assert [one.normalised for one in card(town, "enterprise", SERVED).results] == []
    (result,) = card(town, "agency", number).results
    assert (result.normalised, result.obtained_on) == ("2026SR0000077", TODAY)
    assert newest_link(town).after["result"] == "2026SR0000077"  # type: ignore[index]
    step(town, "agency", conclude_agreement, number, "已交付")
    done = row(town, number)
    assert (state(town, number), done.holds_pair, done.concluded_on) == (
        AgreementState.succeeded, False, TODAY,
    )  # fmt: skip
    assert drafted(town)
    assert is_sound(town)


# fmt: off
RESULTS: tuple[tuple[tuple[Any, ...], type[Refusal], str], ...] = (
    (("hnte_first_cert", "GR202621000007", TODAY, SCAN),                NotAvailable, "成果类型不属于该服务"),
    (("a\x00", "2026SR0000077", TODAY, SCAN),                           NotAvailable, "成果类型不属于该服务"),
    (("software_registration", "软著 77", TODAY, SCAN),                 NotAvailable, "软件著作权登记号为年份"),
    (("software_registration", "2026SR0000077" + "7" * 200, TODAY, SCAN), TextRefused, "文字最长 200 个字"),
    (("software_registration", "2026SR0000077", TODAY + timedelta(days=1), SCAN), NotAvailable, "还没有到"),
    (("software_registration", "2026SR0000077", TODAY - timedelta(days=1), SCAN), NotAvailable, "成果不能早于开工取得"),
    (("software_registration", "2026SR0000077", TODAY, ()),             FileRefused,  "请附上"),
)
# fmt: on


@pytest.mark.parametrize(("given", "kind", "words"), RESULTS)
@ONE
def test_what_is_no_result_is_refused_in_words(
    town: Town, given: tuple[Any, ...], kind: type[Refusal], words: str
) -> None:
    number = under_way(town)
    with pytest.raises(kind, match=words):
        step(town, "agency", record_result, number, *given)
    with session(town.engine) as current:
        assert not current.exec(select(Result)).all()


@ONE
def test_a_result_belongs_to_one_agreement(town: Town) -> None:
    number = under_way(town)
    step(town, "agency", record_result, number, *REGISTRATION)
    with pytest.raises(AlreadyDone, match="一项成果只属于一份协议"):
        step(town, "agency", record_result, number, *REGISTRATION)
    with pytest.raises(AlreadyDone):
        step(town, "agency", record_result, "XY-2026-software", *REGISTRATION)
    other = ("software_registration", "2026SR0000078", TODAY, SCAN)
    step(town, "agency", record_result, number, *other)
    assert len(card(town, "agency", number).results) == 2


@ONE
def test_a_result_claimed_elsewhere_is_taken(town: Town) -> None:
    number = under_way(town)
    town.software(result_printed="2026SR0000077", obtained_on=TODAY)
    with pytest.raises(AlreadyDone):
        step(town, "agency", record_result, number, *REGISTRATION)
    step(town, "agency", record_result, "XY-2026-software", *REGISTRATION)


@ONE
def test_a_result_is_not_given_another_day_than_its_claim_says(town: Town) -> None:
    town.software(result_printed="2026SR0000077", obtained_on=date(2026, 10, 16))
    with pytest.raises(NotAvailable, match="登记的取得日期是 2026-10-16"):
        step(town, "agency", record_result, "XY-2026-software", *REGISTRATION)


def test_two_who_record_one_result_at_once_are_one(town: Town) -> None:
    number = under_way(town)
    seen = version(town, number)
    came_to = at_once(
        lambda: act(town, "agency", record_result, number, *REGISTRATION, seen),
        lambda: act(town, "agency", record_result, "XY-2026-software", *REGISTRATION, 1),
    )
    assert sorted(type(one).__name__ for one in came_to) == ["AlreadyDone", "str"]
    assert is_sound(town)


# ---------------------------------------------------------------- certificates


def enterprise(town: Town) -> Enterprise:
    """The enterprise of the town's own agreement."""
    with session(town.engine) as current:
        return current.get_one(Enterprise, town.enterprise_id)


def test_a_certificate_brings_the_register_up_to_date(town: Town) -> None:
    town.change(Enterprise, Enterprise.id == town.enterprise_id, growth_stage=GrowthStage.startup)
    assert step(town, "agency", record_result, SERVED, *CERTIFICATE) == "GR202621000007"
    after = enterprise(town)
    assert (after.hnte_status, after.hnte_certificate_no) == (
        HnteStatus.recognised,
        "GR202621000007",
    )
    assert (after.certified_on, after.growth_stage) == (date(2026, 10, 16), GrowthStage.growing)
    link = newest_link(town, f"enterprise:{after.uscc}")
    assert link.verb == "edit_enterprise"
    assert link.after["reason"] == f"{SERVED} GR202621000007"  # type: ignore[index]
    assert is_sound(town)


@ONE
def test_an_older_certificate_changes_nothing(town: Town) -> None:
    newer = date(2026, 11, 1)
    town.change(Enterprise, Enterprise.id == town.enterprise_id, certified_on=newer)
    step(town, "agency", record_result, SERVED, *CERTIFICATE)
    assert enterprise(town).certified_on == newer


@pytest.mark.parametrize("number", ["XY-2026-none", "XY\x00"])
@ONE
def test_a_certificate_for_no_agreement_is_refused(town: Town, number: str) -> None:
    with pytest.raises(NotFound):
        act(town, "agency", record_result, number, *CERTIFICATE, 1)


def test_certificates_about_to_lapse_are_listed(town: Town) -> None:
    step(town, "agency", record_result, SERVED, *CERTIFICATE)
    reviewer = town.people["reviewer"]
    for days, count in ((0, 0), (3 * 365 - 300, 0), (3 * 365 - 100, 1), (3 * 365 + 40, 0)):
        with later(days=days), session(town.engine) as current:
            today = TODAY + timedelta(days=days)
            assert certificates_lapsing(current, reviewer, today) == count
            assert certificates_lapsing(current, town.people["agency"], today) == 0
            page = members(current, reviewer, MemberFilter(lapsing=True), PageRequest(), today)
            assert len(page.rows) == count
    with session(town.engine) as current:
        seen = member_card(current, reviewer, enterprise(town).uscc, TODAY)
    assert seen.hnte_certificate_no == "GR202621000007"


# ---------------------------------------------------------------- the end


def test_a_failure_says_to_whom_it_is_put_down_and_who_bears_the_cost(town: Town) -> None:
    number = under_way(town)
    step(
        town, "agency", fail_agreement, number, Attribution.policy, CostBearer.agency,
        "登记机关调整受理范围", papers=SCAN,
    )  # fmt: skip
    done = row(town, number)
    assert (done.attribution, done.cost_bearer, done.outcome_reason) == (
        Attribution.policy, CostBearer.agency, "登记机关调整受理范围",
    )  # fmt: skip
    assert state(town, number) is AgreementState.failed
    assert drafted(town)
    assert is_sound(town)


@ONE
def test_a_failure_and_an_end_need_a_reason(town: Town) -> None:
    number = under_way(town)
    with pytest.raises(ReasonMissing):
        step(town, "agency", fail_agreement, number, Attribution.agency, CostBearer.shared, " ")
    with pytest.raises(ReasonMissing):
        step(town, "agency", end_agreement, number, "\n")
    assert state(town, number) is AgreementState.under_way


@ONE
def test_a_result_on_record_is_no_failure_and_none_is_no_success(town: Town) -> None:
    number = under_way(town)
    with pytest.raises(NotAllowed, match="还没有登记成果"):
        step(town, "agency", conclude_agreement, number, "")
    step(town, "agency", record_result, number, *REGISTRATION)
    with pytest.raises(NotAllowed, match="已登记成果"):
        step(town, "agency", fail_agreement, number, Attribution.agency, CostBearer.agency, "理由")


@ONE
def test_the_enterprise_may_end_what_it_signed(town: Town) -> None:
    before = load(town)
    step(town, "enterprise", end_agreement, SERVED, "企业调整计划", papers=SCAN)
    assert load(town) == before - 1
    assert state(town, SERVED) is AgreementState.ended
    with pytest.raises(NotAvailable, match="协议“已终止”"):
        step(town, "enterprise", end_agreement, SERVED, "再一次")
    number = filed(town, enterprise_uscc="91210231MA0XY0001K", service_code="hnte_first",
                   terms=replace(TERMS, fee_fen=3_000_000, result_kind_code="hnte_first_cert"))  # fmt: skip
    with pytest.raises(NotAvailable, match="备案待确认"):
        step(town, "enterprise", end_agreement, number, "不再需要")


@ONE
def test_the_database_holds_what_the_table_says(town: Town) -> None:
    """A failure without its attribution, a success without a filing, an end without its day."""
    number = drafted(town)
    for values in (
        {"outcome": "failed", "concluded_on": TODAY, "holds_pair": False},
        {"outcome": "succeeded", "concluded_on": TODAY, "holds_pair": False},
        {"outcome": "ended", "holds_pair": False},
        {"outcome": "ended", "concluded_on": TODAY},
        {"advance_fen": -1},
    ):
        with pytest.raises(Exception, match="CHECK constraint failed"):
            town.change(Agreement, Agreement.number == number, **values)
