"""The reviewer's day: from sign-in to the first decision, one key a clean claim, undo, and two
people on one claim."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, date, datetime
from typing import TYPE_CHECKING

import pytest
from sqlalchemy import delete
from sqlmodel import col

from models.actions.claims import take_claim
from models.actions.sign_in import leave
from models.database import session
from models.rules.claim_workflow import Action, State
from models.tables.reference import Setting
from tests.browser.motions import (
    DECIDE,
    choose,
    claim_page,
    decide,
    give_reason,
    heading,
    left,
    only_decision,
    opened,
    read,
    sign_in,
    told,
)
from tests.browser.zone import DESK, SESSION_COOKIE, Zone, running, settle

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Page

Visit = Callable[..., "Page"]


def test_three_clicks_lead_from_sign_in_to_the_first_decision(zone: Zone, visit: Visit) -> None:
    page = visit(None, "/")
    sign_in(page, "reviewer")
    page.locator("header a", has_text="补贴申请").click()  # the first click
    page.locator(".st-key-open_next button").click()  # the second
    page.wait_for_url("**/claim?no=*")
    settle(page)
    number = heading(page)
    read(page)
    page.locator(DECIDE).click()  # the third
    assert left(page, number) != number
    assert zone.decisions(number) == [Action.pass_pre_review]


def test_a_clean_claim_takes_one_key_and_the_next_opens_by_itself(zone: Zone, visit: Visit) -> None:
    number, after = zone.file(), zone.file()
    page = visit("reviewer", claim_page(number))
    place = button_place(page)
    read(page)
    page.keyboard.press("Control+Enter")
    opened(page, after)
    assert only_decision(zone, number) == "pass_pre_review"
    assert f"no={after}" in page.url
    told(page, "已初审通过")
    assert button_place(page) == place
    page.locator(".st-key-undo_pass button").click()
    opened(page, number)
    assert zone.state(number) is State.submitted
    assert zone.decisions(after) == []


def button_place(page: Page) -> tuple[float, float]:
    """Where the deciding button stands on screen."""
    box = page.locator(DECIDE).bounding_box()
    assert box
    return box["x"], box["y"]


@contextmanager
def reading_takes(zone: Zone, *, seconds: int) -> Iterator[None]:
    """A pause that even a slow machine does not outlast, for a while."""
    slow = Setting(
        key="reading_pause_milliseconds", value=seconds * 1_000, valid_from=date(2026, 1, 1),
        confirmed_at_utc=datetime.now(UTC),
    )  # fmt: skip
    with session(zone.world.engine, write=True) as current:
        current.add(slow)
        current.flush()
        number = slow.id
    try:
        yield
    finally:
        with session(zone.world.engine, write=True) as current:
            current.execute(delete(Setting).where(col(Setting.id) == number))


def test_a_second_press_does_not_fall_on_the_claim_that_has_just_opened(
    zone: Zone, visit: Visit
) -> None:
    number, after, last = zone.file(), zone.file(), zone.file()
    page = visit("reviewer", claim_page(number))
    read(page)
    page.keyboard.press("Control+Enter")
    opened(page, after)
    with reading_takes(zone, seconds=10):
        page.keyboard.press("Control+Enter")
        told(page, "刚刚打开")
        assert heading(page) == after
        assert zone.decisions(after) == []
    read(page)
    page.keyboard.press("Control+Enter")
    opened(page, last)
    assert zone.decisions(after) == [Action.pass_pre_review]
    assert zone.decisions(last) == []


def test_a_pass_is_undone_on_the_claim_s_own_screen(zone: Zone, visit: Visit) -> None:
    numbers = [zone.file() for _ in range(3)]
    page = visit("reviewer", claim_page(numbers[0]))
    for after in numbers[1:]:
        read(page)
        page.keyboard.press("Control+Enter")
        opened(page, after)
    other = visit("reviewer", claim_page(numbers[0]))  # another window, after another pass
    told(other, "前）")
    other.locator(".st-key-undo_here button").click()
    told(other, "已撤销")
    settle(other)
    assert zone.state(numbers[0]) is State.submitted
    assert zone.state(numbers[1]) is State.pre_reviewed
    stranger = visit("reviewer2", claim_page(numbers[1]))
    assert stranger.locator(".st-key-undo_here").count() == 0


def test_back_from_a_claim_the_list_is_as_it_was(zone: Zone, visit: Visit) -> None:
    number = zone.file()
    asked = f"pile=all&q={number[:-1]}&order=-number"
    page = visit("reviewer", f"/claims?{asked}")
    page.keyboard.press("n")
    page.wait_for_url("**/claim?no=*")
    settle(page)
    with running(page):
        page.keyboard.press("j")
    first = heading(page)
    page.locator(".st-key-last_decision a").click()
    page.wait_for_url("**/claims?*")
    settle(page)
    assert {"pile=all", f"q={number[:-1]}", "order=-number"} <= set(
        page.url.partition("?")[2].split("&")
    )
    page.go_back()
    opened(page, first)
    while "/claims" not in page.url:
        page.go_back()
        page.wait_for_timeout(300)
        settle(page)
    page.wait_for_url("**/claims?*pile=all*")
    settle(page)
    assert page.locator("input[type=search]").input_value() == number[:-1]


def test_a_key_held_down_decides_once(zone: Zone, visit: Visit) -> None:
    numbers = [zone.file() for _ in range(3)]
    page = visit("reviewer", claim_page(numbers[0]))
    read(page)
    page.keyboard.down("Control")
    for _ in range(12):
        page.keyboard.down("Enter")  # from the second on, what a keyboard repeats
        page.wait_for_timeout(120)
    page.keyboard.up("Enter")
    page.keyboard.up("Control")
    opened(page, numbers[1])
    assert [zone.decisions(number) for number in numbers] == [[Action.pass_pre_review], [], []]


def test_next_and_previous_have_their_keys(zone: Zone, visit: Visit) -> None:
    number, after = zone.file(), zone.file()
    page = visit("reviewer", claim_page(number))
    page.keyboard.press("j")
    opened(page, after)
    page.keyboard.press("k")
    opened(page, number)
    page.locator(".st-key-decision [data-testid=stTextInput] input").last.press_sequentially("jkn")
    settle(page)
    assert heading(page) == number


def test_everything_by_keyboard(zone: Zone, visit: Visit) -> None:
    page = visit(None, "/claims")
    page.locator("input[type=password]").wait_for()
    tab_to(page, "document.activeElement.matches('input[type=text]')")
    page.keyboard.type("reviewer2")
    page.keyboard.press("Tab")
    page.keyboard.type("a long enough passphrase")
    page.keyboard.press("Enter")
    page.locator(".st-key-title_row").wait_for()
    settle(page)
    page.locator(".st-key-open_next button").wait_for()
    page.keyboard.press("n")
    page.wait_for_url("**/claim?no=*")
    settle(page)
    number = heading(page)
    tab_to(
        page, "document.activeElement.closest('.st-key-decision')?.querySelector('button') != null"
    )
    tab_to(page, f"document.activeElement.matches({DECIDE!r})")
    read(page)
    page.keyboard.press("Enter")
    left(page, number)
    assert zone.decisions(number)[-1] is Action.pass_pre_review


def tab_to(page: Page, is_there: str, at_most: int = 60) -> None:
    """Press the tab key until the focus is where it should be."""
    for _ in range(at_most):
        if page.evaluate(is_there):
            return
        page.keyboard.press("Tab")
    pytest.fail(f"the tab key does not lead there: {is_there}")


@pytest.mark.parametrize("pause", [0, 90, 250])
def test_a_double_click_decides_once(zone: Zone, visit: Visit, pause: int) -> None:
    numbers = [zone.file() for _ in range(3)]
    page = visit("reviewer", claim_page(numbers[0]))
    box = page.locator(DECIDE).bounding_box()
    assert box
    x, y = box["x"] + box["width"] / 2, box["y"] + box["height"] / 2
    read(page)
    page.mouse.click(x, y)
    page.wait_for_timeout(pause)
    page.mouse.click(x, y)
    opened(page, numbers[1])
    assert [zone.decisions(number) for number in numbers] == [[Action.pass_pre_review], [], []]


def test_the_slower_of_two_reviewers_reads_who_and_when(zone: Zone, visit: Visit) -> None:
    number = zone.file()
    slow, fast = (visit(who, claim_page(number)) for who in ("reviewer", "reviewer2"))
    choose(fast, "暂缓")
    give_reason(fast, "R01")
    decide(fast)
    left(fast, number)
    decide(slow)
    said = told(slow, "联盟初审员 3").inner_text()
    assert any(character.isdigit() for character in said)
    assert zone.decisions(number) == [Action.hold]
    assert heading(slow) == number


def test_a_claim_a_colleague_has_taken_is_not_decided(zone: Zone, visit: Visit) -> None:
    number = zone.file()
    page = visit("reviewer", claim_page(number))
    with zone.writing() as current:
        take_claim(current, zone.world.people["reviewer2"], number)
    decide(page)
    told(page, "联盟初审员 3")
    assert zone.decisions(number) == []
    mine = visit("reviewer2", f"/claims?pile=mine&q={number}")
    assert mine.locator("[data-testid=stDataFrame]").count() == 1
    other = visit("reviewer2", claim_page(number))
    told(page, "由其办理")
    assert page.locator(DECIDE).count() == 0
    other.locator(".st-key-leave button").click()
    told(other, "已放回队列")
    page.reload()
    opened(page, number)
    decide(page)
    left(page, number)
    assert zone.decisions(number) == [Action.pass_pre_review]


def test_taking_shows_who_has_it_since_when_and_until_when(zone: Zone, visit: Visit) -> None:
    number = zone.file()
    page = visit("reviewer2", claim_page(number))
    page.locator(".st-key-take button").click()
    told(page, "由我办理，始于")
    settle(page)
    seen = visit("reviewer", claim_page(number))
    told(seen, "由联盟初审员 3办理，始于")


def test_choosing_a_verdict_asks_again_who_is_here(zone: Zone, visit: Visit) -> None:
    number = zone.file()
    page = visit("reviewer2", claim_page(number))
    choose(page, "暂缓")  # a part of the page that runs by itself
    assert heading(page) == number
    (token,) = [c["value"] for c in page.context.cookies() if c["name"] == SESSION_COOKIE]
    with zone.writing() as current:
        leave(current, token)
    page.locator(".st-key-decision [role=radio]", has_text="通过").first.click()
    page.locator("input[type=password]").wait_for()
    assert number not in page.locator("[data-testid=stMain]").inner_text()


def test_a_decision_needs_its_reason(zone: Zone, visit: Visit) -> None:
    number = zone.file()
    page = visit("reviewer", claim_page(number))
    choose(page, "不予支持")
    decide(page)
    told(page, "理由")
    assert page.locator("[data-testid=stAlert]").count() == 1
    assert zone.decisions(number) == []


def test_a_paper_is_looked_at_without_leaving_the_claim(zone: Zone, chromium: Browser) -> None:
    number = zone.file()
    page = zone.open(chromium, "reviewer", claim_page(number), size=DESK)
    page.locator("[class*=st-key-paper_] button").first.click()
    page.locator("[role=dialog]").wait_for()
    page.locator("[role=dialog] img").wait_for()
    zone.contexts.pop().close()
