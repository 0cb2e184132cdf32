"""An agency's own rating in a real browser: read on a phone, replied to with a file, nothing cut, nothing
in anybody's way."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import expect
from sqlmodel import select

from models.database import session
from models.queries.verification import verify
from models.rules.rating.period_life import PeriodState, ReplyState
from models.rules.rating.signals import Component, Penalty
from models.tables.organisations import Agency
from models.tables.ratings import RatingPaper, RatingReply
from tests.browser.motions import hacked, press, told
from tests.browser.test_screens import CUT
from tests.browser.zone import PHONE, Zone, running, settle
from tests.rated import doing_well, rate
from tests.world import PDF

if TYPE_CHECKING:
    from playwright.sync_api import Page

Visit = Callable[..., "Page"]
SAID = "有一件 <img src=x onerror=window.hacked=1> **粗** 已取得证书"


def barriers(page: Page) -> list[str]:
    """What axe-core finds serious on the page itself; the drawer above it is the frame's."""
    options: dict[str, Any] = {"resultTypes": ["violations"]}
    context = "[role=dialog]" if page.locator("[role=dialog]").count() else "[data-testid=stMain]"
    found = Axe().run(page, context=context, options=options).response["violations"]
    return [
        f"{one['id']}: {node['html'][:160]}"
        for one in found
        if one["impact"] in ("serious", "critical")
        for node in one["nodes"]
    ]


@pytest.fixture(scope="module")
def rated(zone: Zone) -> str:
    """The zone's agencies with a preview that may be replied to; the period's last month."""
    with session(zone.world.engine) as current:
        ids = current.exec(select(Agency.id).order_by(Agency.id)).all()
    own = zone.world.agency_id
    stated = [
        doing_well(one, 36, penalties={Penalty.late_answer: 1}) if one == own
        else doing_well(one, 38)
        for one in ids if one is not None
    ]  # fmt: skip
    return rate(zone.world, stated, PeriodState.reply)


@pytest.mark.parametrize("locale", ["zh-CN", "en"])
@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_a_phone_shows_all_of_it_and_axe_finds_nothing_serious(
    visit: Visit, rated: str, locale: str, scheme: str
) -> None:
    page = visit("agency", "/my-rating", size=PHONE, locale=locale, scheme=scheme)
    grade = page.locator("[role=img][aria-label*=B]").first
    expect(grade).to_be_visible()
    for part in ("outcome", "conduct"):
        with running(page):
            page.locator(f".st-key-cases_{part} summary").click()
    settle(page)
    assert page.evaluate(CUT) == []
    assert barriers(page) == []
    assert page.evaluate("document.scrollingElement.scrollWidth") <= PHONE[0]
    expect(page.locator("[role=img][aria-label*='88']")).to_be_visible()
    assert rated


def test_an_agency_replies_with_a_file_through_the_page(
    zone: Zone, visit: Visit, rated: str
) -> None:
    page = visit("agency", "/my-rating", size=PHONE)
    press(page, ".st-key-rating_reply button")
    dialog = page.locator("[role=dialog]")
    expect(dialog.locator(".st-key-reply_save button")).to_be_disabled()
    with running(page):
        dialog.locator(
            ".st-key-reply_component [data-baseweb=select], .st-key-reply_component input"
        ).first.click()
        page.get_by_role("option", name="按时完成率").click()
    press(page, ".st-key-reply_save button")
    told(page, "请写明理由")
    with running(page):
        field = dialog.locator("textarea")
        field.fill(SAID)
        field.press("Tab")
    with running(page):
        dialog.locator("input[type=file]").set_input_files(
            {"name": "说明.pdf", "mimeType": "application/pdf", "buffer": PDF}
        )
    assert barriers(page) == []
    press(page, ".st-key-reply_save button")
    told(page, "意见已提交")
    told(page, "待答复")
    assert not hacked(page)
    expect(page.get_by_text("说明.pdf")).to_be_visible()
    with session(zone.world.engine) as current:
        row = current.exec(select(RatingReply).where(RatingReply.said == SAID)).one()
        paper = current.exec(select(RatingPaper).where(RatingPaper.reply_id == row.id)).one()
        assert verify(current).is_sound
    assert (row.component, row.state, row.said) == (Component.timeliness, ReplyState.open, SAID)
    got = page.request.get(f"{zone.address}/files/ratings/{paper.id}")
    assert got.body() == PDF
    other = visit("agency2", "/my-rating", size=PHONE)
    assert "说明.pdf" not in other.content()
    assert other.request.get(f"{zone.address}/files/ratings/{paper.id}").status == 404
    assert rated


def test_home_leads_to_it(visit: Visit, rated: str) -> None:
    page = visit("agency", "/", size=PHONE)
    page.get_by_role("link", name="可提意见").click()
    page.locator(".st-key-title_row h2", has_text="我的考评").wait_for()
    settle(page)
    expect(page.locator(".st-key-rating_reply button")).to_be_visible()
    assert rated
