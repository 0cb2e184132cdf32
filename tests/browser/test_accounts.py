"""Accounts: an agency that was admitted without one gets it, and its person signs in; the roles of an
account, its lock, a forgotten password."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, date, datetime
from typing import TYPE_CHECKING

from sqlmodel import select

from models.database import session
from models.rules.roles import Role
from models.tables.organisations import Agency
from models.tables.people import Account, Grant
from tests.browser.motions import press, told
from tests.browser.zone import Zone, settle

if TYPE_CHECKING:
    from playwright.sync_api import Page

Visit = Callable[..., "Page"]
HOUSE, CODE = "大连示例无账号机构有限公司", "91210231MA0ZH0001X"
OWN_PASSWORD = "a house of good works"


def test_an_agency_without_an_account_gets_one_and_its_person_signs_in(
    zone: Zone, visit: Visit
) -> None:
    with zone.writing() as current:
        current.add(
            Agency(uscc=CODE, name=HOUSE, joined_on=date(2026, 11, 2), payee_name=HOUSE,
                   changed_at_utc=datetime.now(UTC))
        )  # fmt: skip
    page = visit("administrator")
    told(page, "尚无账号的机构")
    page.locator("td", has_text=HOUSE).wait_for()
    page.locator(f"a[href*='{CODE}']").click()
    page.locator("[role=dialog]").wait_for()
    settle(page)
    fill(page, "invite_username", "house9")
    fill(page, "invite_name", "服务机构 9")
    assert page.locator(".st-key-invite_for_picked input").input_value() == f"{HOUSE}（服务机构）"
    press(page, ".st-key-invite_save button", "新增账号")
    name, password = page.locator("[role=dialog] code").inner_text().split()
    assert name == "house9"
    with session(zone.world.engine) as current:
        made = current.exec(
            select(Account, Grant, Agency)
            .join(Grant, Grant.account_id == Account.id)  # type: ignore[arg-type]
            .join(Agency, Agency.id == Account.agency_id)  # type: ignore[arg-type]
            .where(Account.username == "house9")
        ).one()
    assert (made[1].role, made[2].uscc, made[0].must_change_password) == (Role.agency, CODE, True)
    page.goto(zone.address)
    told(page, "尚无账号的机构")
    assert page.locator("td", has_text=HOUSE).count() == 0
    own = visit(None, "/claims")
    own.locator("input[type=text]").first.fill(name)
    own.locator("input[type=password]").fill(password)
    own.keyboard.press("Enter")
    told(own, "修改密码")
    fields = own.locator("input[type=password]")
    for at, written in enumerate((password, OWN_PASSWORD, OWN_PASSWORD)):
        fields.nth(at).fill(written)
    press(own, "[data-testid=stFormSubmitButton] button", "修改密码")
    own.locator("h2", has_text="我的申请").wait_for()


def test_a_role_is_granted_and_ended_an_account_locked_and_a_password_made_anew(
    zone: Zone, visit: Visit
) -> None:
    who = zone.newcomer("clerk7", Role.auditor)
    page = visit("administrator", f"/accounts?account={who}")
    page.locator(".st-key-grant button").click()
    page.locator("[role=dialog]").wait_for()
    page.locator(".st-key-grant_role input").fill("领导")
    press(page, "[role=option]", "领导")
    press(page, ".st-key-grant_save button", "授予角色")
    told(page, "角色已授予")
    assert roles(zone, who) == {Role.auditor, Role.leader}
    page.locator(".st-key-end_grant button").click()
    page.locator("[role=dialog]").wait_for()
    press(page, ".st-key-end_now button", "立即终止")
    told(page, "授予已终止")
    press(page, ".st-key-lock button", "停用账号")
    told(page, "账号已停用")
    press(page, ".st-key-lock button", "恢复账号")
    told(page, "账号已恢复")
    page.locator(".st-key-reset button").click()
    press(page, ".st-key-reset_now button", "生成一次性密码")
    name, password = page.locator("[role=dialog] code").inner_text().split()
    assert name == who
    assert len(password) > 12


def fill(page: Page, key: str, written: str) -> None:
    """Write into a field of the dialog."""
    field = page.locator(f".st-key-{key} input")
    field.fill(written)
    field.press("Tab")
    settle(page)


def roles(zone: Zone, who: str) -> set[Role]:
    """The roles ever granted to an account."""
    with session(zone.world.engine) as current:
        found = select(Grant.role).join(Account, Grant.account_id == Account.id)  # type: ignore[arg-type]
        return set(current.exec(found.where(Account.username == who)))
