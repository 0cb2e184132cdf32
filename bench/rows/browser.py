"""What a person waits for, in Chromium: a decision from the list to its answer, and a page opened
again."""

from __future__ import annotations

import contextlib
import os
import shutil
import time
from collections.abc import Callable, Iterator
from urllib.parse import parse_qs, urlsplit

from playwright.sync_api import Browser, Page, sync_playwright

from bench.django_client import Admin
from bench.servers import django_admin, our_app
from bench.stage import Stage
from bench.timing import Line, against, alternately
from components.auth import SESSION_COOKIE

_BROWSERS = ("chromium", "chromium-browser", "google-chrome")
_QUIET = ("--disable-gpu", "--no-first-run", "--disable-background-networking", "--disable-sync")
_LIST = "/admin/zone/claim/?state__exact=submitted"
_OURS_IS_DRAWN = "[data-testid=stDataFrame] canvas"
_THEIRS_IS_DRAWN = "#result_list tbody tr"
_IS_SHOWN = """([selector, words]) => [...document.querySelectorAll(selector)].some(
  found => found.checkVisibility() && found.textContent.includes(words))"""


def browser(stage: Stage) -> list[Line]:
    """One Chromium, a context for each side, both signed in, both caches warm.

    A decision begins on the list that is already drawn and ends when the words that say it was
    saved are on screen: ours is the button that opens the claim waiting longest, the verdict
    chosen, the button that saves; the admin's is the first row's link, the state chosen, the button
    that saves. Opening again is the list's address entered anew until its rows are drawn.
    What is waited for is looked for in every frame the browser draws, on both sides.
    """
    folder = stage.folder_of("browser")
    with contextlib.ExitStack() as open_:
        ours_at = open_.enter_context(our_app(folder, stage.ours(stage.large)))
        django = open_.enter_context(django_admin(folder, stage.theirs(stage.large)))
        chromium = open_.enter_context(_chromium())
        token = stage.tokens[stage.large][0]
        ours = _signed_in(chromium, ours_at, {SESSION_COOKIE: token})
        theirs = _signed_in(chromium, django, Admin(django, "admin1").cookies)
        again = alternately(
            lambda: _open(ours, "/claims", _OURS_IS_DRAWN),
            lambda: _open(theirs, _LIST, _THEIRS_IS_DRAWN),
            rounds=stage.rounds // 3,
            warm=3,
        )
        decided = alternately(
            _deciding(ours, _decide),
            _deciding(theirs, _decide_there),
            rounds=stage.rounds // 3,
            warm=2,
        )
    return [
        against("from the list: open, choose, save, answer seen", *decided, at_most=0.4),
        against("open the list again, warm browser", *again, at_most=2),
    ]


@contextlib.contextmanager
def _chromium() -> Iterator[Browser]:
    program = next(filter(None, map(shutil.which, _BROWSERS)), None)
    rootly = ["--no-sandbox"] if os.getuid() == 0 else []
    with sync_playwright() as playwright:
        started = playwright.chromium.launch(executable_path=program, args=[*_QUIET, *rootly])
        yield started
        started.close()


def _signed_in(chromium: Browser, port: int, cookies: dict[str, str]) -> Page:
    address = f"http://127.0.0.1:{port}"
    context = chromium.new_context(
        base_url=address, locale="zh-CN", viewport={"width": 1366, "height": 768}
    )
    context.add_cookies(
        [{"name": name, "value": value, "url": address} for name, value in cookies.items()]
    )
    return context.new_page()


def _open(page: Page, path: str, drawn: str) -> None:
    page.goto(path, wait_until="commit")
    _wait(page, drawn)


def _deciding(page: Page, decide: Callable[[Page], float]) -> Callable[[], float]:
    """One decision from the list on; going back to the list is not part of it."""
    is_ours = decide is _decide

    def once() -> float:
        page.goto("/claims" if is_ours else _LIST)
        _wait(page, _OURS_IS_DRAWN if is_ours else _THEIRS_IS_DRAWN)
        page.wait_for_load_state("networkidle")
        return decide(page)

    return once


def _decide(page: Page) -> float:
    began = _now_ms()
    _click(page, ".st-key-open_next button")
    _click(page, "[class*=st-key-verdict_] button")
    _wait(page, "[class*=st-key-decide_] button")
    number = parse_qs(urlsplit(page.url).query)["no"][0]
    _click(page, "[class*=st-key-decide_] button")
    _wait(page, "[data-testid=stMarkdownContainer]", f"{number} 已")
    return _now_ms() - began


def _decide_there(page: Page) -> float:
    began = _now_ms()
    _click(page, "#result_list tbody tr th a")
    _wait(page, "#id_state")
    page.locator("#id_state").select_option("pre_reviewed")
    _click(page, "input[name=_save]")
    _wait(page, ".messagelist .success")
    return _now_ms() - began


def _click(page: Page, selector: str) -> None:
    _wait(page, selector)
    page.locator(selector).first.click()


def _wait(page: Page, selector: str, words: str = "") -> None:
    """Playwright's own waiting looks again after half a second; this looks in every frame."""
    page.wait_for_function(_IS_SHOWN, arg=[selector, words], polling="raf")


def _now_ms() -> float:
    return time.perf_counter() * 1_000
