"""A meeting in the room: keys turn the slides, the index freezes them, next month they open again."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, date, datetime
from decimal import Decimal
from typing import TYPE_CHECKING

import pytest
from pptx import Presentation
from sqlmodel import select

from models.rules.targets import ActualKind, Grade
from models.tables.meetings import ActualEntry, EntryState
from models.tables.targets import Actual
from tests.browser.zone import Zone, running, settle

if TYPE_CHECKING:
    from playwright.sync_api import Page

Visit = Callable[..., "Page"]
ROOM = (1280, 720)


def headline(page: Page) -> str:
    """The one sentence on the screen."""
    return page.locator(".st-key-meeting h1").inner_text()


def press(page: Page, key: str) -> None:
    """A key of the presenter's, and the slide it brings."""
    with running(page):
        page.keyboard.press(key)


def open_index(page: Page, tab: str) -> None:
    """The index over the slide, at one of its tabs."""
    press(page, "m")
    page.get_by_role("dialog").wait_for()
    page.get_by_role("tab", name=tab).click()
    settle(page)


def test_nothing_but_the_slide_is_in_sight_and_it_fits_the_screen(visit: Visit) -> None:
    page = visit("leader", "/meeting?slide=2", size=ROOM)
    assert not page.locator("[data-testid=stHeader]").is_visible()
    assert page.locator(".st-key-meeting_keys").evaluate("e => getComputedStyle(e).opacity") == "0"
    foot = page.locator(".st-key-meeting .foot").bounding_box()
    assert foot is not None
    assert foot["y"] + foot["height"] <= ROOM[1]
    assert page.evaluate("document.documentElement.scrollHeight") <= ROOM[1]


@pytest.mark.parametrize("size", [(1024, 768), (1366, 768), (1920, 1080)])
def test_the_slide_grows_with_the_screen(visit: Visit, size: tuple[int, int]) -> None:
    page = visit("leader", "/meeting?slide=2", size=size)
    chart = page.locator(".st-key-chart_wide svg.marks").bounding_box()
    foot = page.locator(".st-key-meeting .foot").bounding_box()
    assert chart is not None
    assert foot is not None
    wide = min(size[0] / 1280, size[1] / 720) * 1184
    assert abs(chart["width"] - wide) < 4
    assert chart["y"] + chart["height"] <= foot["y"] + 1
    assert foot["y"] + foot["height"] <= size[1]


def test_keys_turn_the_slides(visit: Visit) -> None:
    page = visit("leader", "/meeting", size=ROOM)
    first = headline(page)
    press(page, "ArrowRight")
    second = headline(page)
    assert second != first
    press(page, "PageDown")
    assert "slide=3" in page.url
    press(page, "ArrowLeft")
    assert headline(page) == second
    press(page, "End")
    last = headline(page)
    page.keyboard.press("ArrowRight")
    page.wait_for_timeout(500)
    assert headline(page) == last
    press(page, "Home")
    assert headline(page) == first


def test_frozen_then_changed_then_opened_again(zone: Zone, visit: Visit) -> None:
    page = visit("leader", "/meeting?slide=2", size=ROOM)
    said = headline(page)
    open_index(page, "定稿")
    page.get_by_label("会议名称").fill("十一月调度会")
    with running(page):
        page.get_by_role("button", name="定稿本次会议").click()
    page.get_by_text("已定稿为第 1 号会议").wait_for()
    assert "frozen=1" in page.url
    assert "定稿：" in page.locator(".foot").inner_text()
    assert headline(page) == said
    with another_figure(zone):
        again = visit("lead", "/meeting?frozen=1&slide=2", size=ROOM)
        assert headline(again) == said
        differs = again.locator(".foot .differs").inner_text()
        assert "2020 年：定稿 851（推算，低可信），现行 1,010" in differs
        live = visit("lead", "/meeting?slide=2", size=ROOM)
        assert headline(live) == "高新技术企业数量 2020 年达到 1,010 家，目标 1,000 家按期达成"


@contextmanager
def another_figure(zone: Zone) -> Iterator[None]:
    """Next month the zone publishes its 2020 count, and a second person confirms it; for other
    journeys it never did."""
    people, now = zone.world.people, datetime.now(UTC)
    with zone.writing() as current:
        same = (
            Actual.place_code == "dalian-hightech", Actual.indicator_code == "hnte_count",
            Actual.as_of == date(2020, 12, 31),
        )  # fmt: skip
        old = current.exec(select(Actual).where(*same)).one()
        known = {"kind": ActualKind.reported, "grade": Grade.high, "value": Decimal(1010)}
        current.add(Actual(**old.model_dump() | known | {"id": "T-2020"}))
        current.flush()
        current.add(
            ActualEntry(
                actual_id="T-2020", replaces_id=old.id, state=EntryState.confirmed,
                entered_by_id=people["reviewer"].account_id, entered_at_utc=now,
                decided_by_id=people["lead"].account_id, decided_at_utc=now,
            )
        )  # fmt: skip
    yield
    with zone.writing() as current:
        current.delete(current.get_one(ActualEntry, "T-2020"))
        current.flush()
        current.delete(current.get_one(Actual, "T-2020"))


def test_the_powerpoint_is_taken_from_the_index(visit: Visit) -> None:
    page = visit("leader", "/meeting", size=ROOM)
    open_index(page, "下载")
    with page.expect_download() as waiting:
        page.get_by_role("button", name="PowerPoint").click()
    content = waiting.value.path().read_bytes()
    slides = Presentation(io.BytesIO(content)).slides
    assert len(list(slides)) == int(page.locator(".kicker").inner_text().split("/")[-1])
    with page.expect_download() as waiting:
        page.get_by_role("button", name="图片").click()
    assert zipfile.is_zipfile(waiting.value.path())
