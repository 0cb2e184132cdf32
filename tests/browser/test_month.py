"""The month: clean claims pass in bulk after a draw, the lead sends, the table is taken away, a
row leaves later."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime
from typing import TYPE_CHECKING

import docx
import openpyxl
import pytest
from sqlmodel import select

from models.actions.claims import take_claim
from models.clock import office_day
from models.database import session
from models.queries.month_sending import sheet_seen
from models.queries.safe_set import drawn_claims
from models.rules.claim_workflow import Action, State
from models.rules.money import capitals
from models.rules.months import YearMonth
from models.tables.claims import Batch, BatchRow
from tests.browser.motions import choose, claim_page, decide, give_reason, press, told
from tests.browser.zone import Zone, running, settle

if TYPE_CHECKING:
    from pathlib import Path

    from playwright.sync_api import Page

Visit = Callable[..., "Page"]


@pytest.fixture(scope="module")
def month() -> YearMonth:
    """The month under way."""
    return YearMonth.containing(office_day(datetime.now(UTC)))


def tick(page: Page, rows: range) -> None:
    """Tick rows of the list."""
    for row in rows:
        box = page.locator("[data-testid=stDataFrame]").first.bounding_box()
        assert box
        with running(page):
            page.mouse.click(box["x"] + 16, box["y"] + 35 + 34 * row + 17)


def test_clean_claims_pass_in_bulk_each_with_its_result(zone: Zone, visit: Visit) -> None:
    agreement_id = zone.pair("大连示例批量企业有限公司")
    numbers = [zone.file(agreement_id=agreement_id) for _ in range(4)]
    with zone.writing() as current:
        take_claim(current, zone.world.people["reviewer2"], numbers[3])
    page = visit("reviewer", "/claims?q=批量企业")
    tick(page, range(4))
    told(page, "批量通过 3 件全符合")
    press(page, ".st-key-bulk_pass button")
    if page.locator(".st-key-draw_sample button").count():
        press(page, ".st-key-draw_sample button")
    zone.world.step("reviewer2", numbers[1], Action.hold, reasons=("R01",))
    page.locator(".st-key-bulk_pass_now button").click()
    told(page, "返回列表")
    settle(page)
    with session(zone.world.engine) as current:
        drawn = set(drawn_claims(current))
    expected = [
        State.on_hold
        if at == 1
        else State.submitted
        if number in drawn or at == 3
        else State.pre_reviewed
        for at, number in enumerate(numbers)
    ]
    assert [zone.state(number) for number in numbers] == expected
    rows = page.locator("[role=dialog] [data-testid=stTable] tr").all_inner_texts()
    said = {number: row for row in rows for number in numbers if number in row}
    assert set(said) == set(numbers[:3])
    for number, row in said.items():
        assert ("已通过" in row) is (zone.state(number) is State.pre_reviewed), row
    press(page, ".st-key-bulk_close button")
    assert page.locator("[role=dialog]").count() == 0


def test_the_bureau_returns_a_row_and_the_sent_month_lists_it(
    zone: Zone, visit: Visit, month: YearMonth
) -> None:
    number = zone.applied()
    page = visit("bureau", claim_page(number))
    choose(page, "退上一环节")
    give_reason(page, "R01")
    decide(page)
    assert zone.state(number) is State.pre_reviewed
    sheet = visit("lead", f"/month?month={month.previous()}")
    told(sheet, "已发送，冻结")
    told(sheet, "发送后退出 1 件")
    assert sheet.locator("[data-testid=stTable]", has_text=number).count() == 1


def test_what_came_in_behind_the_dialog_is_told_and_not_sent(
    zone: Zone, visit: Visit, month: YearMonth
) -> None:
    number = zone.file()
    zone.world.step("reviewer", number, Action.pass_pre_review)
    page = visit("lead", "/month")
    press(page, ".st-key-send_month button")
    page.locator(".st-key-send_month_now button").wait_for()
    settle(page)
    late = zone.file()
    zone.world.step("reviewer", late, Action.pass_pre_review)
    press(page, ".st-key-send_month_now button")
    told(page, f"新增 {late}")
    told(page, "请核对后再发送")
    assert zone.state(number) is zone.state(late) is State.pre_reviewed
    with session(zone.world.engine) as current:
        assert not current.exec(select(Batch).where(Batch.month == str(month))).all()
        seen = sheet_seen(current, zone.world.people["lead"], str(month))
    told(page, f"共 {len(seen.rows)} 件")


def test_the_lead_sends_the_month_and_takes_the_table_away(
    zone: Zone, visit: Visit, month: YearMonth, tmp_path: Path
) -> None:
    numbers = [zone.file(note="*注* <b>x</b>") for _ in range(2)]
    for number in numbers:
        zone.world.step("reviewer", number, Action.pass_pre_review)
    held = zone.file()
    zone.world.step("reviewer", held, Action.hold, reasons=("R01",), note="待核实")
    page = visit("lead", "/month")
    press(page, ".st-key-send_month button")
    page.locator("[role=dialog]").wait_for()
    told(page, "发送并冻结")
    settle(page)
    page.locator(".st-key-send_month_now button").dblclick()
    told(page, "统一申请已发送")
    told(page, "已发送，冻结")
    settle(page)
    with session(zone.world.engine) as current:
        batch = current.exec(select(Batch).where(Batch.month == str(month))).one()
        total_fen, head = batch.total_fen, batch.chain_head
        lines = current.exec(select(BatchRow.line).where(BatchRow.batch_id == batch.id)).all()
        results = [line["result"] for line in lines]
    assert {line["number"] for line in lines} >= set(numbers)
    assert all(zone.state(number) is State.applied for number in numbers)
    assert zone.state(held) is State.on_hold

    def taken(kind: str) -> Path:
        with page.expect_download() as download:
            page.locator(f".st-key-download_{kind} button").click()
        file = tmp_path / f"month.{kind}"
        download.value.save_as(file)
        assert str(month) in download.value.suggested_filename
        return file

    book = openpyxl.load_workbook(taken("xlsx"), data_only=True)
    said = "\n".join(
        str(cell) for sheet in book for row in sheet.iter_rows(values_only=True) for cell in row
        if cell is not None
    )  # fmt: skip
    document = docx.Document(str(taken("docx")))
    cells = [cell.text for table in document.tables for row in table.rows for cell in row.cells]
    margins = [
        p.text
        for part in document.sections
        for edge in (part.header, part.footer)
        for p in edge.paragraphs
    ]
    written = "\n".join([*(p.text for p in document.paragraphs), *cells, *margins])
    for text in (said, written):
        assert all(result in text for result in results)
        assert held in text
        assert capitals(total_fen) in text
        assert head[:12] in text.replace("\n", "")
        assert "演示数据" in text
    figures = [cell for row in book.worksheets[0].iter_rows(values_only=True) for cell in row]
    assert total_fen / 100 in figures

    other = visit("lead", "/month")
    assert other.locator(".st-key-send_month button").count() == 0


def test_only_the_lead_has_the_button(visit: Visit) -> None:
    for who in ("reviewer", "bureau", "auditor"):
        page = visit(who, "/month")
        assert page.locator(".st-key-send_month").count() == 0
