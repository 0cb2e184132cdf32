"""Agreements in a real browser: from an enterprise's need to a concluded agreement, on phone and desk,
each person on their own screen."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from playwright.sync_api import expect
from sqlmodel import select

from models.database import session
from models.queries.verification import verify
from models.rules.agreement_life import Outcome
from models.tables.agreements import Agreement
from tests.applicants import AGENCY
from tests.browser.motions import hacked, heading, press, told
from tests.browser.test_registers import held
from tests.browser.zone import NAUGHTY, PHONE, Zone, running, settle
from tests.world import PDF

if TYPE_CHECKING:
    from playwright.sync_api import Locator, Page

Visit = Callable[..., "Page"]
FORM = ".st-key-agreement_step"
PAPER = {"name": "协议（盖章）.pdf", "mimeType": "application/pdf", "buffer": PDF}


def pick(page: Page, place: str, words: str, among: Page | Locator | None = None) -> None:
    """Choose from a drop-down."""
    (among or page).locator(f"{place} [data-testid=stSelectbox] input").first.click()
    page.locator("[role=option]", has_text=words).first.click()
    settle(page)


def fill(page: Page, label: str, words: str) -> None:
    """Type into a field of the step form; some of them begin a run, some wait for the button."""
    field = page.locator(FORM).get_by_label(label)
    field.fill(words)
    field.press("Tab")
    page.wait_for_timeout(400)
    settle(page)


def attach(page: Page) -> None:
    """Add the paper to the step form."""
    with running(page):
        page.locator(f"{FORM} input[type=file]").set_input_files(PAPER)


def take(page: Page, step: str, said: str = "") -> None:
    """Press the form's one button, and read that it was done."""
    press(page, f"{FORM} .st-key-take_step button")
    told(page, f"：已{said or step}")


def choose(page: Page, step: str) -> None:
    """Choose a step in the form."""
    pill = page.locator(f"{FORM} [role=radio], {FORM} button[kind^=pills]", has_text=step).first
    if pill.get_attribute("aria-checked") != "true":
        with running(page):
            pill.click()


def test_from_a_need_to_a_concluded_agreement(zone: Zone, visit: Visit) -> None:
    phone = visit("enterprise", "/needs", size=PHONE)
    press(phone, ".st-key-state_need button")
    dialog = phone.get_by_role("dialog")
    dialog.locator(".st-key-save_need").wait_for()
    pick(phone, ".st-key-need_service", "软件著作权登记", dialog)
    dialog.get_by_label("需求说明").fill(f"一项软件著作权 {NAUGHTY}")
    dialog.locator(".st-key-save_need button").click()
    told(phone, "已提出需求")
    need = held(phone.url)["need"]
    press(phone, f".st-key-ask_{AGENCY} button")
    told(phone, "等待答复")

    agency = visit("agency", f"/needs?need={need}")
    assert heading(agency) == f"N-{need}"
    press(agency, ".st-key-accept_need button")
    told(agency, "已结对")
    agency.get_by_role("link", name="打开协议").click()
    agency.wait_for_url("**/agreements?agreement=*")
    agency.locator(FORM).wait_for()
    settle(agency)
    number = held(agency.url)["agreement"]
    assert heading(agency) == number
    choose(agency, "修改协议内容")
    pick(agency, FORM, "计算机软件著作权登记")
    fill(agency, "服务费（元，成功后支付）", "2000")
    take(agency, "修改协议内容")
    attach(agency)
    take(agency, "提交服务协议备案")

    bureau = visit("bureau", "/agreements?pile=turn")
    bureau.goto(f"{zone.address}/agreements?agreement={number}")
    bureau.locator(FORM).wait_for()
    settle(bureau)
    paper = bureau.get_by_role("link", name="下载").first.get_attribute("href")
    assert bureau.request.get(f"{zone.address}{paper}").body() == PDF
    assert visit("agency2", "/").request.get(f"{zone.address}{paper}").status == 404
    take(bureau, "确认备案")
    assert not hacked(bureau)

    agency.reload()
    agency.locator(FORM).wait_for()
    settle(agency)
    take(agency, "登记开工")
    fill(agency, "成果编号（照证书填写）", "2026 sr 0012345")
    attach(agency)
    take(agency, "登记成果")
    expect(agency.locator(".st-key-page")).to_contain_text("2026SR0012345")
    choose(agency, "办结协议")
    take(agency, "办结协议")
    with session(zone.world.engine) as current:
        agreement = current.exec(select(Agreement).where(Agreement.number == number)).one()
        assert verify(current).is_sound
    assert (agreement.outcome, agreement.holds_pair) == (Outcome.succeeded, False)

    own = visit("enterprise", "/agreements", size=PHONE)
    card = own.locator(".cards li", has_text=number)
    expect(card).to_contain_text("已取得成果")
    card.get_by_role("link").click()
    own.locator(".st-key-back").wait_for()
    settle(own)
    assert heading(own) == number
    assert own.locator(FORM).count() == 0


def test_an_agency_drafts_and_is_told_what_is_missing(zone: Zone, visit: Visit) -> None:
    page = visit("agency", "/agreements")
    press(page, ".st-key-draft_agreement button")
    dialog = page.get_by_role("dialog")
    dialog.locator(".st-key-save_draft").wait_for()
    dialog.get_by_label("企业统一社会信用代码 *").fill("91210231MA0XY0001K")
    pick(page, ".st-key-draft_service", "高企认定（首次）", dialog)
    dialog.locator(".st-key-save_draft button").click()
    dialog.get_by_text("一项服务同时只有一家机构").wait_for()
    assert zone.world.people["agency"].agency_id == zone.world.agency_id
