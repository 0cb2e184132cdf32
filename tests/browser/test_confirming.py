"""An enterprise confirms on its phone; an agency files on screen; the counter files for one."""

from __future__ import annotations

import base64
import io
from collections.abc import Callable
from datetime import timedelta
from typing import TYPE_CHECKING

import pytest
from axe_playwright_python.sync_playwright import Axe
from PIL import Image
from playwright.sync_api import expect
from sqlmodel import select

from models.actions.confirming import ask_enterprise
from models.clock import now_utc, office_day
from models.database import session
from models.queries.verification import verify
from models.rules.claim_workflow import Action, State
from models.tables.agreements import Agreement, Confirmation
from models.tables.claims import Claim
from models.tables.organisations import Enterprise
from tests.browser.motions import claim_page, hacked, heading, press, told
from tests.browser.zone import NAUGHTY, PHONE, Zone, running, settle
from tests.world import PAPERS, PDF

if TYPE_CHECKING:
    from playwright.sync_api import Page

Visit = Callable[..., "Page"]
UNASKED = {"requested_on": None, "confirmed_on": None, "paid_before_fen": None,
           "paid_after_fen": None, "satisfaction": None}  # fmt: skip


def test_a_link_made_on_screen_is_answered_on_a_phone(zone: Zone, visit: Visit) -> None:
    agreement = zone.pair(NAUGHTY)
    number = zone.file(agreement_id=agreement, **UNASKED)
    _contact(zone, agreement)
    desk = visit("reviewer", claim_page(number))
    press(desk, ".st-key-ask_enterprise button")
    dialog = desk.locator("[role=dialog]")
    expect(dialog).to_contain_text("联系人 7")
    with running(desk):
        dialog.locator(".st-key-make_link button").click()
    link = dialog.locator("[data-testid=stCode] code").inner_text().strip()
    assert link.startswith(f"{zone.address}/confirm?t=")
    picture = dialog.locator("img").get_attribute("src") or ""
    drawn = Image.open(io.BytesIO(base64.b64decode(picture.partition(",")[2])))
    assert drawn.size[0] == drawn.size[1] > 150
    with desk.expect_download() as taken:
        dialog.locator(".st-key-confirmation_sheet button").click()
    sheet = taken.value.path().read_text("utf-8")
    assert link.replace("&", "&amp;") in sheet
    assert "<script>" not in sheet

    phone = visit(None, link.removeprefix(zone.address), size=PHONE)
    phone.get_by_text("已完成，我们付过费用").click()
    phone.get_by_label("取得成果前付费（元）").fill("0")
    phone.get_by_label("取得成果后付费（元）").fill("36,000")
    phone.locator("label", has=phone.locator("input[value='4'][name=satisfaction]")).click()
    phone.get_by_role("button", name="提交确认").click()
    told(phone, "谢谢，您的答复已记录")
    assert not hacked(phone)
    again = visit(None, link.removeprefix(zone.address), size=PHONE)
    told(again, "已经答复过了")

    with session(zone.world.engine) as current:
        claim = current.exec(select(Claim).where(Claim.number == number)).one()
        row = current.exec(
            select(Confirmation).where(Confirmation.result_id == claim.result_id)
        ).one()
        assert (row.paid_before_fen, row.paid_after_fen, row.satisfaction) == (0, 3_600_000, 4)
        assert verify(current).is_sound
    later = visit("reviewer", claim_page(number))
    told(later, "本人答复")


def test_what_an_answer_does_not_ask_is_folded_away(zone: Zone, visit: Visit) -> None:
    number = zone.file(**UNASKED)
    desk = visit("lead", claim_page(number))
    press(desk, ".st-key-ask_enterprise button")
    with running(desk):
        desk.locator("[role=dialog] .st-key-make_link button").click()
    link = desk.locator("[role=dialog] [data-testid=stCode] code").inner_text().strip()
    phone = visit(None, link.removeprefix(zone.address), size=PHONE, locale="en-GB")
    told(phone, "Please confirm this service")
    amounts, satisfaction = phone.locator(".amounts"), phone.locator(".satisfaction")
    expect(amounts).to_be_hidden()
    phone.get_by_text("The service was not done").click()
    expect(satisfaction).to_be_hidden()
    phone.get_by_text("Done, and we paid nothing at all").click()
    expect(amounts).to_be_hidden()
    phone.get_by_role("button", name="Submit confirmation").click()
    told(phone, "Choose a mark from 1 to 5")
    assert phone.locator("input[value=free]").is_checked()
    phone.get_by_role("link", name="中文").click()
    told(phone, "请确认这项服务")
    width = phone.evaluate("document.documentElement.scrollWidth")
    assert width <= PHONE[0]


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_the_phones_page_has_no_serious_barrier(zone: Zone, visit: Visit, scheme: str) -> None:
    number = zone.file(**UNASKED)
    with zone.writing() as current:
        claim = current.exec(select(Claim).where(Claim.number == number)).one()
        lead = zone.world.people["lead"]
        token = ask_enterprise(current, lead, claim.agreement_id, claim.result_id)
    for path in (f"/confirm?t={token}", "/confirm?t=x"):
        phone = visit(None, path, size=PHONE, scheme=scheme)
        found = Axe().run(phone).response["violations"]
        assert [one["id"] for one in found if one["impact"] in ("serious", "critical")] == []


def test_an_agency_files_its_claim_on_screen(zone: Zone, visit: Visit) -> None:
    page = visit("agency", "/claims")
    press(page, ".st-key-new_claim button")
    assert heading(page) == "新建申请"
    _fill(page, "GR202621009901")
    told(page, "定额 50,000 元")
    told(page, "缺“")
    press(page, ".st-key-save_new_claim button")
    page.locator(".st-key-upload_paper").wait_for()
    settle(page)
    number = heading(page)
    assert zone.state(number) is State.draft
    for code in PAPERS:
        with running(page):
            page.locator("input[type=file]").set_input_files(
                {
                    "name": f"{code}.pdf",
                    "mimeType": "application/pdf",
                    "buffer": PDF + code.encode(),
                }
            )
        press(page, ".st-key-upload_paper button")
        told(page, f"已上传 {code}.pdf")
    press(page, ".st-key-submit_claim button")
    told(page, "已提交")
    told(page, "在联盟初审")
    assert zone.state(number) is State.submitted
    reviewer = visit("reviewer", claim_page(number))
    told(reviewer, "应交 4 件已交 4 件")


def test_the_counter_files_for_an_agency_and_may_not_pass_it(zone: Zone, visit: Visit) -> None:
    page = visit("reviewer", "/claims")
    press(page, ".st-key-new_claim button")
    _fill(page, "GR202621009902")
    for code in PAPERS:
        with running(page):
            page.locator(
                f"[class*=st-key-new_paper_][class*=_{code}] input[type=file]"
            ).set_input_files(
                {
                    "name": f"{code}.pdf",
                    "mimeType": "application/pdf",
                    "buffer": PDF + code.encode(),
                }
            )
    press(page, ".st-key-save_new_claim button")
    told(page, "已代机构提交")
    told(page, "职责分离")
    number = heading(page)
    (event,) = zone.events(number)
    assert (event.action, event.on_behalf) == (Action.submit, True)


def _contact(zone: Zone, agreement_id: int) -> None:
    """The member of an agreement gets a contact."""
    with zone.writing() as current:
        agreement = current.get_one(Agreement, agreement_id)
        member = current.get_one(Enterprise, agreement.enterprise_id)
        member.contact_name = "联系人 7"
        current.add(member)


def _fill(page: Page, number: str) -> None:
    """Choose the first agreement and say which result, today a month ago."""
    if not page.get_by_label("成果编号").count():  # it is chosen where it is the only one
        page.locator(".st-key-new_agreement input").fill("XY-2026-001")
        press(page, "[role=option]", "XY-2026-001")
    with running(page):
        page.get_by_label("成果编号").fill(number)
        page.get_by_label("成果编号").press("Tab")
    day = office_day(now_utc()) - timedelta(days=30)
    page.locator("[class*=st-key-new_obtained_] [role=spinbutton]").first.click()
    with running(page):
        page.keyboard.type(f"{day:%Y%m%d}")
        page.keyboard.press("Escape")
        page.keyboard.press("Tab")
