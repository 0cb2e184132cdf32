"""A month's public notice: which rows stand in it and until when, its figures, who may read it."""

from __future__ import annotations

from datetime import date

import pytest

from models.actions.months import send_month
from models.actions.objections import answer_objection, record_objection
from models.database import session
from models.queries.month_sending import sheet_seen
from models.queries.notices import (
    NoticeStanding,
    notice_page,
    notice_summary,
    objections_address,
    public_standing,
)
from models.queries.objections import objections_of_month
from models.queries.paging import PageRequest, everything
from models.rules.claim_workflow import Action, State
from models.rules.errors import NotAllowed
from models.rules.notice import NoticePeriod
from models.rules.objections import ObjectionEntry, ObjectionForm, ObjectionState
from models.tables.reference import Setting
from tests.town import NOTICE_DAYS, Town
from tests.world import NOON, PDF, TODAY, later

MONTH = "2026-11"
PERIOD = NoticePeriod(TODAY, date(2026, 11, 27))
LETTER = ObjectionEntry(
    "大连某某有限公司", ObjectionForm.sealed, TODAY, "不属实", (("a.pdf", PDF),)
)


def sent(town: Town, count: int) -> list[str]:
    """So many claims in the month's sent application."""
    numbers = [town.at(State.pre_reviewed) for _ in range(count)]
    with town.session() as current:
        lead = town.people["lead"]
        send_month(current, lead, MONTH, sheet_seen(current, lead, MONTH))
    return numbers


def approve(town: Town, number: str) -> None:
    """Through bureau and committee."""
    town.step("bureau", number, Action.pass_re_review)
    town.step("committee", number, Action.approve)


def test_the_notice_lists_what_was_sent_and_stands_approved(town: Town) -> None:
    paid, held, left, objected, waiting = sent(town, 5)
    for number in (paid, held, left, objected):
        approve(town, number)
    with later(days=NOTICE_DAYS):
        town.step("finance", paid, Action.pay_agency)
        with session(town.engine) as current:
            page = notice_page(current, town.people["lead"], MONTH, everything())
            assert {row.standing for row in page} == {NoticeStanding.over}
    town.step("finance", held, Action.hold, reasons=("R10",))
    town.step("finance", left, Action.return_office, reasons=("R10",))
    with town.session() as current:
        one = record_objection(current, town.people["reviewer2"], objected, LETTER)
    with session(town.engine) as current:
        page = notice_page(current, town.people["lead"], MONTH, PageRequest())
        summary = notice_summary(current, town.people["lead"], MONTH)
        (told,) = objections_of_month(current, town.people["lead"], MONTH)
    assert [(row.number, row.standing) for row in page] == [
        (paid, NoticeStanding.running),
        (held, NoticeStanding.held),
        (objected, NoticeStanding.objected),
    ]
    assert {(row.subsidy_fen, row.reward_fen, row.notice) for row in page} == {
        (5_000_000, 2_000_000, PERIOD)
    }
    assert waiting not in {row.number for row in page}
    assert (summary.rows, summary.subsidy_fen, summary.reward_fen) == (3, 15_000_000, 6_000_000)
    assert (summary.from_on, summary.until_on) == (PERIOD.from_on, PERIOD.until_on)
    assert (summary.running, summary.objected) == (3, 1)
    assert (told.id, told.number, told.objector) == (one, objected, LETTER.objector)
    with town.session() as current:
        answer_objection(current, town.people["bureau2"], one, ObjectionState.upheld, "经查不属实")
    barred = town.card("finance", objected)
    assert not barred.may(Action.pay_agency)
    with session(town.engine) as current:
        assert notice_summary(current, town.people["lead"], MONTH).objected == 1
    town.step("finance", objected, Action.hold, reasons=("R10",))
    town.step("finance", objected, Action.release, reasons=("R10",))
    with session(town.engine) as current:
        assert notice_summary(current, town.people["lead"], MONTH).objected == 0
    with later(days=NOTICE_DAYS):
        assert town.card("finance", objected).may(Action.pay_agency)


def test_before_the_first_approval_there_is_no_notice(sqlite_only: Town) -> None:
    sent(sqlite_only, 1)
    with session(sqlite_only.engine) as current:
        summary = notice_summary(current, sqlite_only.people["lead"], MONTH)
        assert not notice_page(current, sqlite_only.people["lead"], MONTH, PageRequest()).rows
        assert (summary.rows, summary.from_on, summary.until_on) == (0, None, None)
        assert notice_summary(current, sqlite_only.people["lead"], "2031-01").rows == 0


def test_only_who_reads_the_month_reads_its_notice(sqlite_only: Town) -> None:
    with session(sqlite_only.engine) as current:
        for who in ("agency", "enterprise", "leader"):
            with pytest.raises(NotAllowed):
                notice_page(current, sqlite_only.people[who], MONTH, PageRequest())
            with pytest.raises(NotAllowed):
                notice_summary(current, sqlite_only.people[who], MONTH)


def test_where_no_notice_is_asked_for_none_runs(sqlite_only: Town) -> None:
    (number,) = sent(sqlite_only, 1)
    approve(sqlite_only, number)
    with sqlite_only.session() as current:
        current.add(
            Setting(key="notice_period_working_days", value=0, valid_from=date(2026, 1, 1),
                    confirmed_at_utc=NOON)
        )  # fmt: skip
    with session(sqlite_only.engine) as current:
        (row,) = notice_page(current, sqlite_only.people["lead"], MONTH, PageRequest())
        summary = notice_summary(current, sqlite_only.people["lead"], MONTH)
        standing = public_standing(current, sqlite_only.people["lead"], sqlite_only.claim(number))
    assert (row.notice, row.standing) == (None, NoticeStanding.over)
    assert (summary.rows, summary.running, summary.until_on) == (1, 0, None)
    assert (standing.notice, standing.may_record) == (None, False)


def test_where_objections_go_is_a_setting_and_else_the_alliance(sqlite_only: Town) -> None:
    with session(sqlite_only.engine) as current:
        assert objections_address(current) == "大连高新区高新技术企业创新联盟"
    with sqlite_only.session() as current:
        current.add(
            Setting(key="notice_objections_to", value="科技创新局办公室", confirmed_at_utc=NOON,
                    valid_from=date(2026, 1, 1))
        )  # fmt: skip
    with session(sqlite_only.engine) as current:
        assert objections_address(current) == "科技创新局办公室"


def test_who_may_record_and_who_may_answer(sqlite_only: Town) -> None:
    town = sqlite_only
    number = town.at(State.approved)
    with town.session() as current:
        record_objection(current, town.people["reviewer2"], number, LETTER)
    town.tie("reviewer3", agency_id=town.agency_id)
    claim, answering = town.claim(number), set()
    with session(town.engine) as current:
        recording = {
            who
            for who, actor in town.people.items()
            if public_standing(current, actor, claim).may_record
        }
        for who, actor in town.people.items():
            standing = public_standing(current, actor, claim)
            assert "待答复" in str(standing.bar)
            if standing.may_answer(actor, standing.objections[0]):
                answering.add(who)
        tied = public_standing(current, town.people["reviewer3"], claim)
    keepers = {"importer", "reviewer", "reviewer2", "lead", "lead2", "bureau", "bureau2"}
    assert recording == keepers
    assert answering == keepers - {"reviewer2"}
    assert "有回避关系" in str(tied.denial)
    closed = town.claim(town.at(State.closed))
    with session(town.engine) as current:
        after = public_standing(current, town.people["lead"], closed)
        before = public_standing(current, town.people["lead"], town.claim(town.at(State.submitted)))
    assert (after.notice, after.may_record) == (PERIOD, False)
    assert (before.notice, before.may_record, before.bar) == (None, False, None)
