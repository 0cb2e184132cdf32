"""A complaint in a real browser: an enterprise complains on its phone, one person accepts it, the agency
answers, another person upholds it; strangers see nothing. An agency registers for a training."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import TYPE_CHECKING

from playwright.sync_api import expect
from sqlmodel import select

from models.clock import today
from models.database import session
from models.queries.conduct import upheld_complaints
from models.queries.verification import verify
from models.rules.complaints import ComplaintKind, ComplaintState
from models.rules.roles import Role
from models.tables.conduct import Complaint
from tests.browser.motions import hacked, heading, press, told
from tests.browser.test_registers import held
from tests.browser.zone import NAUGHTY, PHONE, Zone, running, settle
from tests.conduct import announced
from tests.world import PDF

if TYPE_CHECKING:
    from playwright.sync_api import Locator, Page

Visit = Callable[..., "Page"]
FORM = ".st-key-complaint_step"
PAPER = {"name": "转账记录.pdf", "mimeType": "application/pdf", "buffer": PDF}
NAME = "大连示例子企业有限公司"


def pick(page: Page, place: str, words: str, among: Locator | None = None) -> None:
    """Choose from a drop-down."""
    (among or page).locator(f"{place} [data-testid=stSelectbox] input, {place} input").first.click()
    page.locator("[role=option]", has_text=words).first.click()
    settle(page)


def write(page: Page, words: str) -> None:
    """Write into the step form's text."""
    with running(page):
        page.locator(f"{FORM} textarea").fill(words)
        page.locator(f"{FORM} textarea").press("Tab")


def take(page: Page, step: str) -> None:
    """Press the form's one button, and read that it was done."""
    press(page, f"{FORM} .st-key-take_complaint_step button")
    told(page, f"：已{step}")


def open_card(visit: Visit, who: str, number: str, **size: tuple[int, int]) -> Page:
    """A complaint on somebody's screen."""
    page = visit(who, f"/complaints?complaint={number}", **size)
    assert heading(page) == number
    return page


def test_from_a_complaint_on_the_phone_to_its_decision(zone: Zone, visit: Visit) -> None:
    phone = visit("enterprise", "/complaints", size=PHONE)
    press(phone, ".st-key-file_complaint button")
    dialog = phone.get_by_role("dialog")
    dialog.locator(".st-key-save_complaint").wait_for()
    pick(phone, ".st-key-complaint_agency", "大连示例甲机构", dialog)
    pick(phone, ".st-key-complaint_kind", "预收费用", dialog)
    dialog.get_by_label("事实和请求").fill(f"先付加急费 {NAUGHTY}")
    with running(phone):
        dialog.locator("input[type=file]").set_input_files(PAPER)
    dialog.locator(".st-key-save_complaint button").click()
    told(phone, "已提出投诉")
    number = held(phone.url)["complaint"]
    assert not hacked(phone)
    assert phone.evaluate("document.documentElement.scrollWidth") <= PHONE[0]

    before = visit("agency", f"/complaints?complaint={number}")
    told(before, "没有这个编号的投诉")

    accepting = open_card(visit, "reviewer", number)
    expect(accepting.locator(".st-key-page")).to_contain_text(NAME)
    take(accepting, "受理投诉")

    agency = open_card(visit, "agency", number, size=PHONE)
    shown = agency.locator(".st-key-page")
    expect(shown).to_contain_text("身份保密")
    expect(shown).not_to_contain_text(NAME)
    expect(shown).not_to_contain_text("转账记录")
    write(agency, "该款与本协议无关")
    take(agency, "答复投诉")

    accepting.reload()
    accepting.locator(".st-key-complaint_step").wait_for()
    settle(accepting)
    told(accepting, "这一步须由另一人办理")
    assert accepting.locator(".st-key-take_complaint_step").count() == 0

    lead = open_card(visit, "lead", number)
    paper = lead.get_by_role("link", name="下载").first.get_attribute("href")
    assert lead.request.get(f"{zone.address}{paper}").body() == PDF
    assert agency.request.get(f"{zone.address}{paper}").status == 404
    assert lead.locator(".st-key-take_complaint_step").count() == 0, "nothing is chosen for her"
    press(lead, f"{FORM} [role=radio], {FORM} button[kind^=pills]", "认定投诉成立")
    write(lead, "经核对转账记录，投诉属实")
    take(lead, "认定投诉成立")

    phone.reload()
    phone.locator(".st-key-back").wait_for()
    settle(phone)
    told(phone, "经核对转账记录，投诉属实")
    zone.newcomer("stranger", Role.enterprise)
    for who in ("agency2", "stranger"):
        told(visit(who, f"/complaints?complaint={number}"), "没有这个编号的投诉")
        assert visit(who, "/").request.get(f"{zone.address}{paper}").status == 404
    with session(zone.world.engine) as current:
        row = current.exec(select(Complaint).where(Complaint.number == number)).one()
        assert (row.state, row.found_kind) == (ComplaintState.upheld, ComplaintKind.fee_up_front)
        counted = upheld_complaints(current, today(), today())
        assert (zone.world.agency_id, number) in {(one.agency_id, one.number) for one in counted}
        assert verify(current).is_sound


def test_an_agency_registers_for_a_training_on_its_phone(zone: Zone, visit: Visit) -> None:
    number = announced(zone.world, held_on=today() + timedelta(days=7), title="申报要点")
    phone = visit("agency", "/trainings?pile=turn", size=PHONE)
    card = phone.locator(".cards li", has_text=number)
    expect(card).to_contain_text("待报名")
    card.get_by_role("link").click()
    phone.locator(".st-key-back").wait_for()
    settle(phone)
    press(phone, ".st-key-register_training button")
    told(phone, f"已报名 {number}")
    assert phone.evaluate("document.documentElement.scrollWidth") <= PHONE[0]


def test_the_alliance_announces_a_training(zone: Zone, visit: Visit) -> None:
    page = visit("lead", "/trainings")
    press(page, ".st-key-announce_training button")
    dialog = page.get_by_role("dialog")
    dialog.locator(".st-key-save_training").wait_for()
    dialog.locator(".st-key-save_training button").click()
    dialog.get_by_text("请写明培训名称和地点").wait_for()
    dialog.get_by_label("培训名称").fill(f"收费规范 {NAUGHTY[:60]}")
    dialog.get_by_label("时间和地点").fill("14:00，联盟会议室")
    dialog.locator(".st-key-save_training button").click()
    told(page, "已通知培训")
    assert heading(page) == held(page.url)["training"]
    assert not hacked(page)
    assert zone.world.agency_id
