"""The registers and the record in a real browser: what AppTest cannot click (heads, rows, pages,
dialogs, downloads)."""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import date
from itertools import pairwise
from typing import TYPE_CHECKING
from urllib.parse import parse_qs, urlsplit

import pytest
from openpyxl import load_workbook
from playwright.sync_api import expect

from models.clock import now_utc
from models.database import session
from models.queries.members import MemberFilter, members
from models.queries.paging import everything
from models.tables.organisations import Enterprise
from tests.browser.zone import PHONE, Zone, settle

if TYPE_CHECKING:
    from pathlib import Path

    from playwright.sync_api import Page

Visit = Callable[..., "Page"]
NAMED = "名录试验"


@pytest.fixture(scope="module", autouse=True)
def many(zone: Zone) -> None:
    """Forty members with a name of this module's own."""
    with zone.writing() as current:
        for at in range(40):
            current.add(
                Enterprise(
                    uscc=f"91210231MA7AB{at:04d}X",
                    name=f"{NAMED}{at:02d}号企业",
                    joined_on=date(2025, 1 + at % 12, 1),
                    changed_at_utc=now_utc(),
                )
            )


def stands_at(page: Page, /, **expected: str) -> None:
    """Wait until the address holds exactly this, and what belongs to it is drawn."""
    page.wait_for_url(lambda url: held(url) == expected)
    settle(page)


def held(url: str) -> dict[str, str]:
    """What an address holds."""
    return {name: values[0] for name, values in parse_qs(urlsplit(url).query).items()}


def click_at(page: Page, x: int, row: int) -> None:
    """A click into the list: row 0 is the head. A fresh table listens a moment after it is
    drawn."""
    page.locator("[data-testid=stDataFrame] canvas").first.wait_for()
    page.wait_for_timeout(600)
    box = page.locator("[data-testid=stDataFrame]").first.bounding_box()
    assert box is not None
    page.mouse.click(box["x"] + x, box["y"] + (15 if row == 0 else 35 + 34 * (row - 1) + 17))


def test_searching_sorting_turning_and_going_back(visit: Visit) -> None:
    page = visit("reviewer", "/members")
    field = page.locator("input[type=search]")
    field.click()
    for letter in NAMED:  # slower than the pause after which it is looked up
        field.press_sequentially(letter)
        page.wait_for_timeout(500)
    settle(page)
    assert field.input_value() == NAMED
    stands_at(page, q=NAMED)
    click_at(page, 60, 0)
    stands_at(page, q=NAMED, order="name")
    click_at(page, 60, 0)
    stands_at(page, q=NAMED, order="-name")
    page.locator("[data-testid=stPagination] button", has_text="3").click()
    stands_at(page, q=NAMED, order="-name", page="3")
    page.locator(".st-key-filter_hnte").click()
    page.get_by_role("option", name="无", exact=True).click()
    stands_at(page, q=NAMED, order="-name", hnte="none")
    page.go_back()
    stands_at(page, q=NAMED, order="-name", page="3")
    expect(page.locator(".st-key-filter_hnte input")).to_have_value("全部高企状态")


def test_a_row_opens_its_card_and_the_way_back_keeps_the_filter(visit: Visit) -> None:
    page = visit("leader", f"/members?q={NAMED}07")
    click_at(page, 60, 1)
    stands_at(page, q=f"{NAMED}07", uscc="91210231MA7AB0007X")
    page.get_by_role("heading", name=f"{NAMED}07号企业").wait_for()
    page.locator(".st-key-back button").click()
    stands_at(page, q=f"{NAMED}07")


def test_the_download_is_exactly_what_is_shown(zone: Zone, visit: Visit, tmp_path: Path) -> None:
    page = visit("auditor", f"/members?q={NAMED}&order=name")
    with page.expect_download() as taken:
        page.locator(".st-key-download_list button").click()
    taken.value.save_as(tmp_path / "list.xlsx")
    rows = list(load_workbook(tmp_path / "list.xlsx").active.iter_rows(min_row=3, values_only=True))
    with session(zone.world.engine) as current:
        actor, wanted = zone.world.people["auditor"], MemberFilter(text=NAMED)
        found = members(current, actor, wanted, everything(), date(2026, 1, 1))
    assert sorted(row[0] for row in rows) == sorted(member.name for member in found)


def test_a_member_is_added_in_the_dialog(visit: Visit) -> None:
    page = visit("reviewer", "/members")
    page.locator(".st-key-add_member button").click()
    dialog = page.get_by_role("dialog")
    dialog.get_by_label("企业名称 *").fill(f"{NAMED}新增企业")
    dialog.get_by_label("统一社会信用代码 *").fill("9121")
    dialog.locator(".st-key-save_member button").click()
    dialog.get_by_text("18 位").wait_for()
    dialog.get_by_label("统一社会信用代码 *").fill("91210200716904902k")
    dialog.locator(".st-key-save_member button").click()
    page.get_by_role("heading", name=f"{NAMED}新增企业").wait_for()
    stands_at(page, uscc="91210200716904902K")
    page.get_by_text(f"已新增“{NAMED}新增企业”").wait_for()


def test_verifying_and_taking_the_proof_away(visit: Visit, tmp_path: Path) -> None:
    page = visit("auditor", "/activity")
    page.locator(".st-key-verify button").click()
    page.get_by_text("记录完整").wait_for()
    page.locator(".st-key-proof button").first.click()
    with page.expect_download() as taken:
        page.locator(".st-key-download_proof button").click()
    taken.value.save_as(tmp_path / "proof.jsonl")
    links = [json.loads(line) for line in (tmp_path / "proof.jsonl").read_text().splitlines()]
    assert len(links) > 10
    assert all(later["previous_hash"] == earlier["hash"] for earlier, later in pairwise(links))


@pytest.mark.parametrize("path", ["/members", "/agencies", "/activity"])
def test_on_a_phone_only_the_table_scrolls(visit: Visit, path: str) -> None:
    page = visit("lead", path, size=PHONE)
    assert page.evaluate("document.documentElement.scrollWidth") <= PHONE[0]


def test_a_phone_is_given_cards_and_a_card_opens_its_row(visit: Visit) -> None:
    phone = visit("reviewer", f"/members?q={NAMED}", size=PHONE)
    cards = phone.locator(".cards li")
    assert cards.count() > 10
    assert phone.locator("[data-testid=stDataFrame]").count() == 0
    assert phone.evaluate("() => document.scrollingElement.scrollWidth") <= PHONE[0]
    assert "统一社会信用代码" in cards.first.inner_text()
    name = cards.first.locator("b").inner_text()
    cards.first.locator("a").click()
    phone.wait_for_url("**uscc=*")
    settle(phone)
    assert set(held(phone.url)) == {"q", "uscc"}, "the filter stays"
    assert phone.get_by_text(name).filter(visible=True).count()


def test_a_claim_on_a_phone_says_where_it_stands_and_what_is_missing(
    zone: Zone, visit: Visit
) -> None:
    number = zone.file(papers=("M01",))
    phone = visit("agency", f"/claims?pile=month&q={number}", size=PHONE)
    card = phone.locator(".cards li", has_text=number)
    for words in ("待初审", "不符合 1", "50,000"):
        assert words in card.inner_text()
    card.locator("a").click()
    phone.wait_for_url(f"**/claim?no={number}")
