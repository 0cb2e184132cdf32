"""公示与异议 on `/month` and `/claim`: what each role finds, and what it is not told."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from components.notice_document import notice_docx, notice_table, notice_xlsx
from models.actions.objections import record_objection
from models.clock import office_day
from models.database import session
from models.rules.claim_workflow import Action
from models.rules.errors import NotAllowed
from models.rules.months import YearMonth
from models.rules.objections import ObjectionEntry, ObjectionForm
from tests.components.test_notice_document import words_of_document, words_of_workbook
from tests.desk import Desk, all_text, title
from tests.world import PDF


def approved_month(desk: Desk) -> tuple[str, str]:
    """The month that was sent, with one of its claims approved: month and number."""
    month = str(YearMonth.containing(office_day(datetime.now(UTC))).previous())
    number = desk.zone.applied()
    desk.zone.world.step("bureau", number, Action.pass_re_review)
    desk.zone.world.step("committee", number, Action.approve)
    return month, number


def objected(desk: Desk, number: str) -> None:
    """Somebody objects to a claim."""
    letter = ObjectionEntry(
        "*王*某", ObjectionForm.named, office_day(datetime.now(UTC)), "<b>不属实</b>",
        (("信.pdf", PDF),),
    )  # fmt: skip
    with desk.zone.writing() as current:
        record_objection(current, desk.zone.world.people["reviewer"], number, letter)


def tabs(page: object) -> list[str]:
    """The labels of a page's tabs."""
    return [tab.label for tab in page.tabs]  # type: ignore[attr-defined]


def test_the_month_shows_its_notice_and_offers_the_documents(desk: Desk) -> None:
    month, number = approved_month(desk)
    page = desk.open("/month", "bureau", month=month, view="notice")
    assert title(page) == "月度统一申请"
    assert "1 件，补贴 50,000.00 元，企业奖励 20,000.00 元" in all_text(page)
    assert "公示中 1 件" in all_text(page)
    assert list(page.dataframe[0].value.iloc[:, 0]) == [number]
    assert {"notice_xlsx", "notice_docx"} <= {b.key for b in page.get("download_button")}
    objected(desk, number)
    page = desk.open("/month", "finance", month=month, view="notice")
    assert "1 件有异议，不支付" in all_text(page)
    assert "王" in all_text(page)
    assert "不属实" in all_text(page)


def test_a_month_without_approvals_says_what_would_fill_its_notice(desk: Desk) -> None:
    page = desk.open("/month", "lead", view="notice")
    assert "管委会审批通过后出现在这里" in all_text(page)
    assert "本月的公示没有异议" in all_text(page)


@pytest.mark.parametrize("view", ["", "sheet", "nonsense", "\x00"])
def test_any_other_view_is_the_application(desk: Desk, view: str) -> None:
    page = desk.open("/month", "lead", view=view)
    assert "本月申请的去向" in all_text(page)


@pytest.mark.parametrize(
    ("who", "is_told", "may_record"),
    [("reviewer2", True, True), ("bureau", True, True), ("finance", True, False),
     ("leader", True, False), ("auditor", True, False), ("agency", False, False)],
)  # fmt: skip
def test_the_claim_says_that_nothing_is_paid_and_to_whom_why(
    desk: Desk, who: str, is_told: bool, may_record: bool
) -> None:
    _month, number = approved_month(desk)
    objected(desk, number)
    page = desk.open("/claim", who, no=number)
    said = all_text(page)
    assert "有 1 项公示异议待答复；答复前不支付补贴" in said
    assert "公示异议 1" in tabs(page)
    assert ("王" in said) is is_told
    assert ("异议人信息保密" in said) is not is_told
    assert ("/files/objections/" in said) is is_told
    assert ("record_objection" in {b.key for b in page.button}) is may_record
    assert any((b.key or "").startswith("answer_objection") for b in page.button) is may_record


def test_who_recorded_it_is_told_that_another_answers(desk: Desk) -> None:
    _month, number = approved_month(desk)
    objected(desk, number)
    page = desk.open("/claim", "reviewer", no=number)
    assert "由您记录，须由另一人答复" in all_text(page)


def test_before_the_approval_there_is_no_tab_for_objections(desk: Desk) -> None:
    page = desk.open("/claim", "reviewer", no="2026-11-0006")
    assert not [label for label in tabs(page) if label.startswith("公示异议")]


def test_it_is_made_of_the_months_approved_claims_without_accounts_and_telephones(
    desk: Desk,
) -> None:
    month, number = approved_month(desk)
    people = desk.zone.world.people
    with session(desk.zone.world.engine) as current:
        table = notice_table(current, people["bureau"], month)
        contents = [
            words_of_document(notice_docx(current, people["bureau"], month)),
            words_of_workbook(notice_xlsx(current, people["bureau"], month)),
        ]
        with pytest.raises(NotAllowed):
            notice_docx(current, people["agency"], month)
    assert [line.number for line in table.lines] == [number]
    for said in contents:
        assert number in said
        assert "62220202" not in said
        assert "联系人" not in said
