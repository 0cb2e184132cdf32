"""What a page kept open may still do after the person behind it lost the right: nothing; and what
typed text may do: be shown."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

import pytest
from sqlmodel import select
from streamlit.elements.exception import _GENERIC_UNCAUGHT_EXCEPTION_TEXT

from models.actions.accounts import lock_account, sign_out_everywhere
from models.actions.grants import end_grant
from models.actions.steps import system_actor
from models.database import session
from models.rules.claim_workflow import Action
from models.rules.roles import Role
from models.tables.people import Grant
from models.tables.record import Activity
from tests.browser.motions import (
    DECIDE,
    choose,
    claim_page,
    decide,
    give_reason,
    hacked,
    left,
    press,
    say,
    told,
)
from tests.browser.zone import NAUGHTY, PHONE, Zone, running, settle

if TYPE_CHECKING:
    from playwright.sync_api import Page
    from sqlmodel import Session

Visit = Callable[..., "Page"]


def revoke(current: Session, account_id: int) -> None:
    """Take the only role away."""
    grant = current.exec(select(Grant.id).where(Grant.account_id == account_id)).one()
    end_grant(current, system_actor(), grant or 0)


def lock(current: Session, account_id: int) -> None:
    """Lock the account."""
    lock_account(current, system_actor(), account_id)


def sign_out(current: Session, account_id: int) -> None:
    """Sign out everywhere."""
    sign_out_everywhere(current, system_actor(), account_id)


@pytest.mark.parametrize(
    ("at", "end", "says"),
    [(1, revoke, "这个页面不对您的角色开放"), (2, lock, "登录"), (3, sign_out, "登录")],
)
def test_a_page_kept_open_writes_nothing_once_the_right_is_gone(
    zone: Zone, visit: Visit, at: int, end: Callable[[Session, int], None], says: str
) -> None:
    who = zone.newcomer(f"leaving{at}", Role.alliance_reviewer)
    number = zone.file()
    page = visit(who, claim_page(number))
    with zone.writing() as current:
        end(current, zone.world.people[who].account_id)
    before = written(zone)
    page.locator(DECIDE).click()
    told(page, says)
    settle(page)
    assert zone.decisions(number) == []
    assert written(zone) == before
    assert "大连示例" not in page.locator("[data-testid=stMain]").inner_text()


def written(zone: Zone) -> int:
    """How many links the record has."""
    with session(zone.world.engine) as current:
        return len(current.exec(select(Activity.seq)).all())


def test_a_fragment_left_open_writes_nothing_either(zone: Zone, visit: Visit) -> None:
    who = zone.newcomer("leaving4", Role.alliance_lead)
    zone.world.step("reviewer", zone.file(), Action.pass_pre_review)
    page = visit(who, "/month")
    if not page.locator(".st-key-send_month button:not([disabled])").count():
        page = visit(who, f"/month?month={next_month(page)}")
    press(page, ".st-key-send_month button")
    page.locator(".st-key-send_month_now button").wait_for()
    settle(page)
    with zone.writing() as current:
        revoke(current, zone.world.people[who].account_id)
    before = written(zone)
    with running(page):
        page.locator(".st-key-send_month_now button").click()
    assert written(zone) == before


# ---------------------------------------------------------------- what people type

LONG = "很长的说明，" * 333
TYPED = (
    '<script>window.hacked=1</script><img src=x onerror="window.hacked=1">',
    "[点这里](javascript:window.hacked=1) ![图](x) **粗** ~~删~~ # 标题",
    "| a | b |\n|---|---|\n$\\frac{1}{2}$ :material/delete: :smile: :red-badge[假] <details open ontoggle=window.hacked=1>",
    "\u202eتجربة\u202c \u200b{{7*7}} ${7*7} %s %(x)s '; DROP TABLE claim; -- -> <= ~= \u202e",
    LONG[:1999],
)


@pytest.mark.parametrize("typed", TYPED, ids=["html", "markdown", "table", "direction", "long"])
def test_what_is_typed_is_shown_and_nothing_else(zone: Zone, visit: Visit, typed: str) -> None:
    number = zone.file(papers=("M01", "M02", "M03"))
    page = visit("reviewer", claim_page(number))
    choose(page, "退回补正")
    give_reason(page, "R01")
    say(page, typed)
    decide(page)
    left(page, number)
    phone = visit("agency", claim_page(number), size=PHONE)
    said = "".join(phone.locator(".st-key-answer").inner_text().split()).replace("\u2060", "")
    for piece in typed.replace("\u200b", "").split():
        assert piece[:200] in said
    assert not hacked(phone)
    assert phone.locator(".st-key-answer img, .st-key-answer h1, .st-key-answer table").count() == 0
    assert not overflows(phone)
    for path in ("/month", claim_page(number)):
        sheet = visit("lead", path)
        assert not hacked(sheet)
    told(sheet, number)
    zone.world.step("agency", number, Action.withdraw, reasons=("R04",))


def test_an_odd_name_is_only_a_name_on_every_page(zone: Zone, visit: Visit) -> None:
    for path in ("/", claim_page(zone.naughty), "/members", "/claims?pile=month", "/month"):
        page = visit("reviewer", path)
        assert not hacked(page), path
        assert page.locator("[data-testid=stMain] img[src=x]").count() == 0
        assert not overflows(page), path
    claim = visit("reviewer", claim_page(zone.naughty))
    shown = "".join(claim.locator("[data-testid=stMain]").inner_text().split())
    assert "".join(NAUGHTY.split()).replace("\u202e", "")[:60] in shown.replace("\u202e", "")


def overflows(page: Page) -> bool:
    """Whether the page is wider than its window."""
    return bool(
        page.evaluate(
            "() => document.scrollingElement.scrollWidth > innerWidth + 1 ||"
            " (m => m && m.scrollWidth > m.clientWidth + 1)(document.querySelector('[data-testid=stMain]'))"
        )
    )


def next_month(page: Page) -> str:
    """The month after the one shown first."""
    from models.rules.months import YearMonth

    year, month = map(
        int, page.evaluate("() => [new Date().getFullYear(), new Date().getMonth() + 1]")
    )
    return str(YearMonth(year, month).next())


def test_an_address_that_is_no_page_says_so_and_shows_the_way_home(
    zone: Zone, visit: Visit
) -> None:
    page = visit("reviewer", "/nosuchpage")
    told(page, "没有这个页面")
    assert page.locator("[role=dialog]").count() == 0
    page.get_by_role("link", name="返回总览").click()
    page.wait_for_url(f"{zone.address}/")
    told(page, "数据截至")


def test_whose_session_has_ended_is_told_so(zone: Zone, visit: Visit) -> None:
    who = zone.newcomer(f"expired{len(zone.world.people)}", Role.auditor)
    page = visit(who, "/claims")
    with zone.writing() as current:
        sign_out(current, zone.world.people[who].account_id)
    page.reload()
    told(page, "登录已过期，请重新登录")


def test_streamlits_words_for_a_crash_are_said_in_chinese(visit: Visit) -> None:
    page = visit("reviewer", "/claims")
    page.evaluate(
        """said => {
          const box = document.createElement("div");
          box.dataset.testid = "stException";
          box.innerHTML = "<div data-testid=stMarkdownContainer><p></p></div>";
          box.querySelector("p").textContent = said;
          document.querySelector("[data-testid=stMain]").append(box);
        }""",
        _GENERIC_UNCAUGHT_EXCEPTION_TEXT,
    )
    told(page, "这里出错了，本次操作没有完成")
