"""An objection in a real browser: recorded with its letter, nothing is paid, answered by another, paid;
and a month decided as a whole."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

import docx
import pytest
from playwright.sync_api import expect
from sqlmodel import select

from models.clock import office_day, standing_at
from models.database import session
from models.queries.month_whole import whole_month
from models.queries.verification import verify
from models.rules.claim_workflow import Action, State
from models.rules.months import YearMonth
from models.rules.objections import ObjectionState
from models.tables.claims import Claim
from models.tables.objections import Objection
from tests.browser.motions import claim_page, hacked, press, told
from tests.browser.zone import Zone, running
from tests.world import PDF

if TYPE_CHECKING:
    from pathlib import Path

    from playwright.sync_api import Page

Visit = Callable[..., "Page"]
NAME = "王<script>window.hacked=1</script>**粗**"


@pytest.fixture(scope="module")
def month() -> str:
    """The month that was sent."""
    return str(YearMonth.containing(office_day(datetime.now(UTC))).previous())


def approved(zone: Zone) -> str:
    """A claim of the sent month, approved."""
    number = zone.applied()
    zone.world.step("bureau", number, Action.pass_re_review)
    zone.world.step("committee", number, Action.approve)
    return number


def objection(zone: Zone, number: str) -> Objection:
    """The one objection to a claim."""
    with session(zone.world.engine) as current:
        statement = select(Objection).join(Claim, Claim.id == Objection.claim_id)
        return current.exec(statement.where(Claim.number == number)).one()


def tab(page: Page, words: str) -> None:
    """Open a tab."""
    page.get_by_role("tab", name=words).click()


def test_an_objection_stops_paying_until_another_person_has_answered(
    zone: Zone, visit: Visit, month: str, tmp_path: Path
) -> None:
    number = approved(zone)
    page = visit("reviewer", claim_page(number))
    tab(page, "公示异议 0")
    press(page, ".st-key-record_objection button")
    press(page, ".st-key-objection_save button")
    told(page, "匿名的不予受理")
    for key, words in (("objector", NAME), ("said", "成果不属实")):
        with running(page):
            field = page.locator(f".st-key-objection_{key} :is(input, textarea)")
            field.fill(words)
            field.press("Tab")
    with running(page):
        page.locator(".st-key-objection_papers input[type=file]").set_input_files(
            {"name": "异议书.pdf", "mimeType": "application/pdf", "buffer": PDF}
        )
    press(page, ".st-key-objection_save button")
    told(page, "的异议已记录，答复前不支付")
    told(page, "有 1 项公示异议待答复")
    assert not hacked(page)
    assert objection(zone, number).objector == NAME

    finance = visit("finance", claim_page(number))
    told(finance, "有 1 项公示异议待答复")
    assert finance.locator(".st-key-decision [role=radio]", has_text="支付补贴").count() == 0
    agency = visit("agency", claim_page(number))
    tab(agency, "公示异议 1")
    told(agency, "异议人信息保密")
    assert "window.hacked" not in agency.content()

    sheet = visit("bureau", f"/month?month={month}&view=notice")
    told(sheet, "1 件有异议，不支付")
    with sheet.expect_download() as taken:
        sheet.locator(".st-key-notice_docx button").click()
    taken.value.save_as(tmp_path / "notice.docx")
    printed = docx.Document(str(tmp_path / "notice.docx"))
    assert number in [cell.text for row in printed.tables[0].rows for cell in row.cells]

    answering = visit("lead", claim_page(number))
    tab(answering, "公示异议 1")
    press(answering, f".st-key-answer_objection_{objection(zone, number).id} button")
    press(answering, "[role=dialog] [role=radio]", "异议不成立")
    with running(answering):
        field = answering.locator("[role=dialog] textarea")
        field.fill("经核实，成果属实")
        field.press("Tab")
    press(answering, "[role=dialog] button[kind=primary]", "保存答复")
    told(answering, "的异议已答复")
    assert objection(zone, number).state is ObjectionState.dismissed
    expect(answering.get_by_text("不支付", exact=True)).to_have_count(0)
    with standing_at(datetime.now(UTC) + timedelta(days=14)):
        zone.world.step("finance", number, Action.pay_agency)
    assert zone.state(number) is State.agency_paid
    with session(zone.world.engine) as current:
        assert verify(current).is_sound


def test_the_bureau_passes_the_whole_month_and_sees_each_result(
    zone: Zone, visit: Visit, month: str
) -> None:
    zone.newcomer("bureau8", next(iter(zone.world.people["bureau"].roles)))
    with session(zone.world.engine) as current:
        whole = whole_month(current, zone.world.people["bureau8"], month)
    assert whole is not None
    numbers = [row.number for row in whole.rows]
    assert len(numbers) > 1
    page = visit("bureau8", f"/month?month={month}")
    told(page, f"整批复核通过 {len(numbers)} 件")
    press(page, ".st-key-whole_month button")
    zone.world.step("bureau", numbers[0], Action.hold, reasons=("R01",))
    page.locator(".st-key-whole_month_now button").click()
    told(page, "返回列表")
    told(page, f"办理 {len(numbers) - 1} 件，未办理 1 件")
    assert zone.state(numbers[0]) is State.on_hold
    assert {zone.state(number) for number in numbers[1:]} <= {State.re_reviewed}
    first = page.locator("[role=dialog] [data-testid=stTable] tbody tr").first
    expect(first).to_contain_text(numbers[0])
    expect(first).to_contain_text("您看到的内容已过时")
    press(page, ".st-key-whole_close button")
    assert page.locator("[role=dialog]").count() == 0
