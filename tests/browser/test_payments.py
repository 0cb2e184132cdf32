"""Payments in a real browser: an order made and paid as a whole, its papers taken away, the bank's list
brought in, a recovery by two persons, and an agency that sees its own."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, date, datetime
from typing import TYPE_CHECKING

import pytest
from openpyxl import load_workbook
from playwright.sync_api import expect
from sqlmodel import select

from models.clock import office_day
from models.database import session
from models.queries.verification import verify
from models.rules.claim_workflow import Action, State
from models.tables.payments import Payment
from models.tables.reference import Setting
from tests.browser.motions import heading, press, told
from tests.browser.zone import PHONE, Zone, running, settle

if TYPE_CHECKING:
    from pathlib import Path

    from playwright.sync_api import Page

Visit = Callable[..., "Page"]
A = Action


@pytest.fixture
def approved(zone: Zone) -> list[str]:
    """Two claims the committee approved, and no notice period."""
    with zone.writing() as current:
        key = "notice_period_working_days"
        if current.exec(select(Setting).where(Setting.key == key)).first() is None:
            current.add(
                Setting(
                    key=key, value=0, valid_from=date(2026, 1, 1),
                    confirmed_at_utc=datetime.now(UTC),
                )
            )  # fmt: skip
    numbers = []
    for _ in range(2):
        number = zone.file()
        for who, action in (
            ("reviewer2", A.pass_pre_review), ("lead", A.apply), ("bureau", A.pass_re_review),
            ("committee", A.approve),
        ):  # fmt: skip
            zone.world.step(who, number, action)
        numbers.append(number)
    return numbers


def write(page: Page, beginning: str, words: str) -> None:
    """Fill in the field whose key begins so."""
    with running(page):
        field = page.locator(f"[class*=st-key-{beginning}] input").first
        field.fill(words)
        field.press("Tab")


def paid_under(zone: Zone, beginning: str) -> list[str]:
    """The vouchers in the ledger that begin so."""
    with session(zone.world.engine) as current:
        vouchers = current.exec(select(Payment.voucher).order_by(Payment.id)).all()
    return [voucher for voucher in vouchers if voucher.startswith(beginning)]


def test_an_order_is_made_paid_and_reconciled(
    zone: Zone, visit: Visit, approved: list[str], tmp_path: Path
) -> None:
    page = visit("finance", "/payments")
    page.locator(".st-key-make_order button").click()
    page.locator(".st-key-make_order_now").wait_for()
    with running(page):
        page.locator(".st-key-make_order_now button").dblclick()
    page.wait_for_url("**slip=BF-*")
    settle(page)
    order = heading(page)
    assert order.startswith("BF-")
    for suffix in ("xlsx", "docx"):
        with page.expect_download() as taken:
            page.locator(f".st-key-download_order_{suffix} button").click()
        taken.value.save_as(tmp_path / f"order.{suffix}")
    sheet = load_workbook(tmp_path / "order.xlsx").active
    assert sheet.cell(4, 4).value == "6222020200001111"

    page.locator(".st-key-pay_order button").click()
    told(page, "请填写凭证号")
    write(page, "voucher_", "dk-1")
    with running(page):
        page.locator(".st-key-pay_order button").dblclick()
    told(page, "已登记支付")
    assert all(zone.state(number) is State.agency_paid for number in approved)
    vouchers = paid_under(zone, "DK-1")
    assert len(vouchers) == len(set(vouchers)) >= 2

    today = office_day(datetime.now(UTC))
    lines = ["日期,户名,账号,金额,凭证号,摘要"]
    lines += [
        f"{today},大连示例甲机构有限公司,6222020200001111,50000,{voucher},"
        for voucher in [*vouchers, "DK-9"]
    ]
    page.goto(f"{zone.address}/payments?view=bank")
    page.locator("input[type=file]").wait_for(state="attached")
    settle(page)
    with running(page):
        page.locator("input[type=file]").set_input_files(
            {"name": "流水.csv", "mimeType": "text/csv", "buffer": "\n".join(lines).encode()}
        )
    press(page, ".st-key-import_bank_list button")
    told(page, f"银行清单已导入：{len(vouchers)} 行已对上，1 行未对上")
    with session(zone.world.engine) as current:
        assert verify(current).is_sound


def test_a_bad_list_is_told_row_by_row(visit: Visit) -> None:
    page = visit("finance", "/payments?view=bank")
    with running(page):
        page.locator("input[type=file]").set_input_files(
            {
                "name": "流水.csv", "mimeType": "text/csv",
                "buffer": "日期,户名,账号,金额,凭证号\n昨天,甲,1,5万,".encode(),
            }
        )  # fmt: skip
    told(page, "3 处错误")
    told(page, "问题 3")
    assert page.locator(".st-key-import_bank_list").count() == 0


def test_a_recovery_takes_two_people(zone: Zone, visit: Visit, approved: list[str]) -> None:
    number = approved[0]
    page = visit("finance", f"/payments?pay={number}")
    write(page, "voucher_", "DK-SINGLE")
    press(page, ".st-key-pay_subsidy button")
    told(page, "已登记补贴支付")
    page.get_by_text("追回（两人办理）").first.click()
    write(page, "recover_why_", "重复领取")
    press(page, ".st-key-draft_recovery_subsidy button")
    told(page, "已起草追回，待另一人确认")
    assert page.locator(".st-key-confirm_recovery").count() == 0

    second = visit("lead", f"/payments?pay={number}")
    press(second, ".st-key-confirm_recovery button")
    told(second, "追回已确认")
    with session(zone.world.engine) as current:
        kinds = current.exec(select(Payment.kind).order_by(Payment.id.desc()).limit(2)).all()  # type: ignore[union-attr]
        assert {kind.value for kind in kinds} == {"paid", "recovered"}
        assert verify(current).is_sound


def test_what_changed_meanwhile_is_not_paid(zone: Zone, visit: Visit, approved: list[str]) -> None:
    number = approved[1]
    page = visit("finance", f"/payments?pay={number}")
    write(page, "voucher_", "DK-LATE")
    zone.world.step("finance", number, A.hold, reasons=("R10",), note="待核实")
    press(page, ".st-key-pay_subsidy button")
    told(page, "申请现为“暂缓”，不能“支付补贴”")
    assert zone.state(number) is State.on_hold
    assert paid_under(zone, "DK-LATE") == []


def test_on_a_phone_an_agency_sees_its_own_payments(visit: Visit, approved: list[str]) -> None:
    page = visit("agency", "/payments?pile=all", size=PHONE)
    card = page.locator(".cards li", has_text=approved[0]).first
    expect(card).to_contain_text("金额（元）")
    card.get_by_role("link").click()
    page.locator(".st-key-back").wait_for()
    settle(page)
    assert heading(page) == approved[0]
    assert page.locator(".st-key-pay_subsidy").count() == 0
