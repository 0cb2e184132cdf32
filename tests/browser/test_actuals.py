"""A figure in a real browser: one person enters it, another confirms it, and the targets show it."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from models.database import session
from models.tables.meetings import ActualEntry, EntryState
from tests.browser.motions import told
from tests.browser.zone import PHONE, Zone, running, settle
from tests.models.exchange.workbooks import actual, workbook

if TYPE_CHECKING:
    from playwright.sync_api import Page

Visit = Callable[..., "Page"]


def pick(page: Page, field: str, option: str) -> None:
    """Choose from a drop-down of the dialog."""
    page.locator(f".st-key-actual_{field} input").first.fill(option[:4])
    page.get_by_role("option", name=option, exact=True).click()
    settle(page)


def enter(page: Page, value: str, source: str) -> str:
    """Fill in the dialog and enter a figure of the zone's high-tech enterprises; its number."""
    page.locator(".st-key-enter_actual button").click()
    dialog = page.get_by_role("dialog")
    dialog.locator(".st-key-save_actual").wait_for()
    settle(page)
    pick(page, "place_code", "大连高新区")
    pick(page, "indicator_code", "高新技术企业数量")
    dialog.get_by_text("计量单位：家").wait_for()
    dialog.get_by_label("数值 *").fill(value)
    dialog.locator(".st-key-actual_as_of [role=spinbutton]").first.click()
    page.keyboard.type("20241231")
    page.keyboard.press("Escape")
    pick(page, "kind", "公开通报")
    pick(page, "grade", "可信度高")
    dialog.get_by_label("来源 *").fill(source)
    dialog.locator(".st-key-save_actual button").click()
    page.wait_for_url("**figure=*")
    page.locator(".st-key-back").wait_for()
    settle(page)
    return page.url.partition("figure=")[2]


def state(zone: Zone, number: str) -> EntryState:
    with session(zone.world.engine) as current:
        return current.get_one(ActualEntry, number).state


def test_one_enters_another_confirms_and_the_targets_show_it(zone: Zone, visit: Visit) -> None:
    writer = visit("reviewer", "/actuals")
    targets = visit("leader", "/targets?view=path&target=DH-005")
    number = enter(writer, "1,577", "浏览器测试公报")
    told(writer, f"已填报 {number}，待另一人确认")
    told(writer, "须由另一人确认")
    assert writer.locator(".st-key-confirm_actual").count() == 0
    assert "1,577" not in targets.locator("[data-testid=stMain]").inner_text()
    assert state(zone, number) is EntryState.entered

    second = visit("lead", f"/actuals?figure={number}")
    with running(second):
        second.locator(".st-key-confirm_actual button").click()
    told(second, f"已确认 {number}，即刻计入判定")
    assert state(zone, number) is EntryState.confirmed

    targets.reload()
    targets.locator(".st-key-title_row").wait_for()
    settle(targets)
    told(targets, "1,577")
    with targets.expect_navigation():
        targets.get_by_role("link", name=number).click()
    targets.locator(".st-key-back").wait_for()
    told(targets, "浏览器测试公报")


def test_a_workbook_of_figures_is_tried_then_imported(zone: Zone, visit: Visit) -> None:
    page = visit("reviewer", "/actuals?view=import")
    rows = {"实绩": [actual(1, 地区="威海市", 来源="浏览器导入"), actual(2, 单位="万元")]}
    drop(page, rows)
    told(page, "1 处错误")
    told(page, "改正错误后重新上传")
    rows["实绩"][1] = actual(2, 地区="威海市", 来源="浏览器导入二")
    page.reload()
    page.locator("input[type=file]").wait_for(state="attached")
    drop(page, rows)
    told(page, "导入的实绩待另一人确认")
    with running(page):
        page.locator(".st-key-exchange_commit button").click()
    told(page, "已导入：新增 2 行")
    page.goto(zone.address + "/actuals?view=waiting&place=weihai")
    settle(page)
    told(page, "先填报的在前")


def drop(page: Page, rows: dict[str, list[list[object]]]) -> None:
    """Give the page a workbook."""
    file = {"name": "实绩.xlsx", "mimeType": "application/octet-stream", "buffer": workbook(rows)}
    page.locator("input[type=file]").set_input_files([file])  # type: ignore[list-item]
    page.get_by_text("数据行").wait_for()
    settle(page)


def test_on_a_phone_the_decision_comes_before_the_history(zone: Zone, visit: Visit) -> None:
    writer = visit("reviewer", "/actuals")
    number = enter(writer, "1,578", "手机测试公报")
    phone = visit("lead", f"/actuals?figure={number}", size=PHONE)
    decision = phone.locator(".st-key-decide_actual").bounding_box()
    history = phone.locator("[data-testid=stTable]").bounding_box()
    assert decision
    assert history
    assert decision["y"] < history["y"]
    assert phone.evaluate("document.documentElement.scrollWidth") <= PHONE[0]
