"""Standards and settings in a real browser: one person drafts, another sees what it would do and
decides; a phone reads both."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import TYPE_CHECKING

from playwright.sync_api import expect

from models.clock import today
from models.database import session
from models.queries.changes import change_card
from models.queries.settings import whole_number
from models.queries.verification import verify
from models.rules.changes import ChangeState
from tests.browser.motions import heading, press, told
from tests.browser.zone import PHONE, Zone, settle

if TYPE_CHECKING:
    from playwright.sync_api import Page

Visit = Callable[..., "Page"]


def state(zone: Zone, number: str) -> ChangeState:
    with session(zone.world.engine) as current:
        return change_card(current, zone.world.people["lead"], int(number)).line.state


def number_of(page: Page) -> str:
    """The change whose card has opened."""
    page.wait_for_url("**change=*")
    page.locator(".st-key-back").wait_for()
    settle(page)
    return page.url.partition("change=")[2].partition("&")[0]


def type_day(page: Page, field: str, days_ago: int) -> None:
    """Type a day into a field of the dialog."""
    page.locator(f".st-key-standard_{field} [role=spinbutton]").first.click()
    page.keyboard.type(f"{today() - timedelta(days=days_ago):%Y%m%d}")
    page.keyboard.press("Escape")


def turn_down(page: Page, words: str) -> None:
    """Write why, and turn the change down."""
    field = page.locator(".st-key-change_decision_reason input")
    field.fill(words)
    field.press("Tab")
    press(page, ".st-key-turn_down_change button")


def test_a_version_is_drafted_previewed_and_turned_down(zone: Zone, visit: Visit) -> None:
    zone.file()
    writer = visit("reviewer", "/policies?rule=S-01-subsidy")
    writer.locator(".st-key-draft_standard button").click()
    dialog = writer.get_by_role("dialog")
    dialog.locator(".st-key-save_standard").wait_for()
    settle(writer)
    dialog.get_by_label("定额（元） *").fill("30,000")
    type_day(writer, "valid_from", 45)
    dialog.get_by_label("调整理由 *").fill("浏览器测试：下调")
    dialog.locator(".st-key-save_standard button").click()
    number = number_of(writer)
    told(writer, "已起草，待另一人确认")
    assert writer.locator(".st-key-confirm_change").count() == 0

    lead = visit("lead", f"/policies?change={number}")
    told(lead, "浏览器测试：下调")
    told(lead, "件有变化")
    told(lead, "F08 符合 → 不符合")
    turn_down(lead, "幅度过大")
    told(lead, f"调整 {number} 未采用")
    assert state(zone, number) is ChangeState.turned_down
    reader = visit("auditor", "/policies?rule=S-01-subsidy")
    expect(reader.locator(".st-key-change_history").first).to_contain_text("幅度过大")


def test_a_setting_is_changed_by_two_people(zone: Zone, visit: Visit) -> None:
    writer = visit("administrator", "/policies?view=settings&item=evidence_largest_mb")
    writer.locator(".st-key-change_form input[type=text]").first.fill("30")
    writer.get_by_label("调整理由 *").fill("扫描件较大")
    press(writer, ".st-key-draft_item button")
    number = number_of(writer)
    lead = visit("lead", f"/policies?change={number}")
    told(lead, "没有未决申请受影响")
    press(lead, ".st-key-confirm_change button")
    told(lead, f"已确认调整 {number}")
    with session(zone.world.engine) as current:
        assert whole_number(current, "evidence_largest_mb") == 30
        assert verify(current).is_sound


def test_two_who_decide_on_one_draft(zone: Zone, visit: Visit) -> None:
    writer = visit("reviewer", "/policies?view=services&item=roadshow")
    writer.get_by_label("服务标准（工作日）").fill("10")
    writer.get_by_label("调整理由 *").fill("定出标准")
    press(writer, ".st-key-draft_item button")
    number = number_of(writer)
    first = visit("lead", f"/policies?change={number}")
    second = visit("lead", f"/policies?change={number}")
    press(first, ".st-key-confirm_change button")
    press(second, ".st-key-confirm_change button")
    told(second, "现为“已确认”")
    assert state(zone, number) is ChangeState.confirmed


def test_on_a_phone_the_standards_are_cards_that_open(visit: Visit) -> None:
    page = visit("leader", "/policies?place=威海市&q=在孵", size=PHONE)
    card = page.locator(".cards li").first
    expect(card).to_contain_text("每家 100,000 元")
    card.get_by_role("link").click()
    page.locator(".st-key-back").wait_for()
    settle(page)
    assert heading(page) == "在孵企业升级高新技术企业"
    told(page, "应补 300,000 元")
