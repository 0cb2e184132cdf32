"""Work items in a real browser: a reviewer reports with a paper, a leader reads it, and a unit's own
list is one click away."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from openpyxl import load_workbook
from playwright.sync_api import expect
from sqlmodel import select

from models.database import session
from models.queries.verification import verify
from models.rules.tasks import TaskState
from models.tables.meetings import TaskPaper, TaskReport
from tests.browser.motions import hacked, heading, press, told
from tests.browser.test_registers import click_at, held, stands_at
from tests.browser.zone import NAUGHTY, PHONE, Zone, running, settle
from tests.world import PDF

if TYPE_CHECKING:
    from pathlib import Path

    from playwright.sync_api import Page

Visit = Callable[..., "Page"]
ITEM = "DL-52-1"
TITLE = "重点研发机构补助细则与引进"
FORM = ".st-key-report_form"


def test_a_report_with_a_paper_is_written_and_read(zone: Zone, visit: Visit) -> None:
    page = visit("reviewer", f"/tasks?task={ITEM}")
    assert heading(page) == TITLE
    press(page, f"{FORM} [role=radio]", "已完成")
    with running(page):
        field = page.locator(f"{FORM} textarea")
        field.fill(f"细则已印发 {NAUGHTY}")
        field.press("Tab")
    with running(page):
        page.locator(f"{FORM} input[type=file]").set_input_files(
            {"name": "细则.pdf", "mimeType": "application/pdf", "buffer": PDF}
        )
    press(page, ".st-key-report_task button")
    told(page, f"已填报 {ITEM}：已完成")
    assert page.locator(f"{FORM} textarea").input_value() == ""
    with session(zone.world.engine) as current:
        report = current.exec(select(TaskReport).where(TaskReport.task_code == ITEM)).one()
        paper = current.exec(select(TaskPaper).where(TaskPaper.report_id == report.id)).one()
        assert verify(current).is_sound
    assert (report.state, paper.file_name) == (TaskState.done, "细则.pdf")

    reader = visit("leader", f"/tasks?task={ITEM}")
    expect(reader.locator(".st-key-task_reports")).to_contain_text("细则已印发")
    assert reader.locator(FORM).count() == 0
    assert not hacked(reader)
    link = reader.get_by_role("link", name="下载").first
    address = f"{zone.address}{link.get_attribute('href')}"
    assert reader.request.get(address).body() == PDF
    stranger = visit("enterprise", "/")
    assert stranger.request.get(address).status == 404


def test_a_units_own_list_is_one_click_away(visit: Visit, tmp_path: Path) -> None:
    page = visit("leader", f"/tasks?task={ITEM}")
    press(page, ".st-key-task_units button", "市科技局")
    assert held(page.url) == {"unit": "dalian:市科技局"}
    told(page, "共 104 项")
    with page.expect_download() as taken:
        page.locator(".st-key-download_list button").click()
    taken.value.save_as(tmp_path / "list.xlsx")
    rows = list(load_workbook(tmp_path / "list.xlsx").active.iter_rows(min_row=3, values_only=True))
    assert len(rows) == 104
    assert all("市科技局" in row[4] for row in rows)
    press(page, ".st-key-unit_quick button", "市发展改革委")
    stands_at(page, unit="dalian:市发展改革委")
    told(page, "共 31 项")


def test_the_register_is_ordered_turned_and_gone_back_to(visit: Visit) -> None:
    page = visit("reviewer", "/tasks?plan=weihai")
    click_at(page, 840, 0)
    stands_at(page, plan="weihai", order="deadline_on")
    page.locator("[data-testid=stPagination] button", has_text="2").click()
    stands_at(page, plan="weihai", order="deadline_on", page="2")
    click_at(page, 60, 1)
    page.locator(".st-key-back").wait_for()
    settle(page)
    assert held(page.url)["task"].startswith("WH-")
    press(page, ".st-key-back button")
    stands_at(page, plan="weihai", order="deadline_on", page="2")


def test_on_a_phone_the_register_is_cards_that_open(visit: Visit) -> None:
    page = visit("leader", "/tasks?plan=wafangdian", size=PHONE)
    card = page.locator(".cards li").nth(6)
    expect(card).to_contain_text("责任单位")
    card.get_by_role("link").click()
    page.locator(".st-key-back").wait_for()
    settle(page)
    assert heading(page) == "众创空间与星创天地建设"
    expect(page.locator("[role=list]").last).to_contain_text("众创空间")
