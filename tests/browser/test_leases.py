"""An open page keeps its taken claim: it beats by itself, and nobody else's page does."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

from sqlmodel import select

from models.actions.claims import take_claim
from models.clock import standing_at
from models.database import session
from models.tables.claims import Claim
from tests.browser.motions import claim_page, press, say, told
from tests.browser.zone import RUNS, Zone, running, settle

if TYPE_CHECKING:
    from playwright.sync_api import Page

Visit = Callable[..., "Page"]
BEAT = "05:00"
NOTE = ".st-key-decision textarea, .st-key-decision [data-testid=stTextInput] input"


def left(zone: Zone, number: str) -> int:
    """For how many minutes a claim is still taken, rounded."""
    with session(zone.world.engine) as current:
        until = current.exec(select(Claim.lease_until_utc).where(Claim.number == number)).one()
    assert until is not None
    return round((until - datetime.now(UTC)) / timedelta(minutes=1))


def taken(zone: Zone, minutes_ago: int) -> str:
    """A claim that reviewer2 took a while ago."""
    number = zone.file()
    with standing_at(datetime.now(UTC) - timedelta(minutes=minutes_ago)), zone.writing() as current:
        take_claim(current, zone.world.people["reviewer2"], number)
    return number


def beats(page: Page) -> bool:
    """Whether five minutes on the page's clock begin a run of the script."""
    before = RUNS[page]
    page.clock.fast_forward(BEAT)
    page.wait_for_timeout(1_000)
    settle(page)
    return RUNS[page] > before


def test_the_open_page_renews_what_is_mine(zone: Zone, visit: Visit) -> None:
    number = taken(zone, 10)
    page = visit("reviewer2", "/claims")
    page.clock.install()
    page.goto(zone.address + claim_page(number))
    told(page, "闲置 30 分钟后释放")
    settle(page)
    assert left(zone, number) == 20
    say(page, "还在核对")
    with running(page):
        page.clock.fast_forward(BEAT)
    assert left(zone, number) == 30
    assert page.locator(NOTE).last.input_value() == "还在核对"
    press(page, ".st-key-leave button")
    assert not beats(page)


def test_nobody_else_s_page_beats(zone: Zone, visit: Visit) -> None:
    number = taken(zone, 10)
    page = visit("reviewer", "/claims")
    page.clock.install()
    page.goto(zone.address + claim_page(number))
    told(page, "由联盟初审员 3办理，始于")
    settle(page)
    assert not beats(page)
    assert left(zone, number) == 20
