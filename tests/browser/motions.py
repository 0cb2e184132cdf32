"""What people do on the screens, in the words of the screens."""

from __future__ import annotations

from typing import TYPE_CHECKING

from models.rules.settings import SETTING_OF
from tests.browser.zone import PASSWORD, Zone, running, settle

if TYPE_CHECKING:
    from playwright.sync_api import Locator, Page

DECIDE = ".st-key-decision button[kind=primary]"
TITLE = ".st-key-title_row h2"


def sign_in(page: Page, who: str) -> None:
    """Type name and password as a person does, and wait for the page asked for."""
    page.locator("input[type=text]").first.fill(who)
    page.locator("input[type=password]").fill(PASSWORD)
    page.keyboard.press("Enter")
    page.locator(".st-key-title_row").wait_for()
    settle(page)


def heading(page: Page) -> str:
    """The page's title: on `/claim` the claim's number."""
    return page.locator(TITLE).inner_text().strip()


def opened(page: Page, number: str) -> None:
    """Wait until a claim is on screen."""
    page.locator(TITLE, has_text=number).wait_for()
    settle(page)


def left(page: Page, number: str) -> str:
    """Wait until another claim has opened by itself; its number."""
    page.wait_for_function(
        "number => {const h = document.querySelector('.st-key-title_row h2');"
        " return h && !h.innerText.includes(number)}",
        arg=number,
    )
    settle(page)
    return heading(page)


def press(page: Page, target: str, words: str | None = None) -> None:
    """Click what begins a run, and wait for its end."""
    with running(page):
        page.locator(target, has_text=words).first.click()


def choose(page: Page, verdict: str) -> None:
    """Choose a verdict in the decision form."""
    radio = page.locator(".st-key-decision [role=radio]", has_text=verdict)
    if radio.get_attribute("aria-checked") != "true":
        press(page, ".st-key-decision [role=radio]", verdict)


def give_reason(page: Page, code: str, among: str = ".st-key-decision") -> None:
    """Choose one more coded reason."""
    page.locator(f"{among} [data-testid=stMultiSelect] input").fill(code)
    press(page, "[role=option]", code)
    page.keyboard.press("Escape")


def say(page: Page, note: str) -> None:
    """Write the decision's note."""
    field = page.locator(
        ".st-key-decision textarea, .st-key-decision [data-testid=stTextInput] input"
    )
    with running(page):
        field.last.fill(note)
        field.last.press("Tab")


def decide(page: Page) -> None:
    """Read what is on screen, and press the form's one primary button."""
    read(page)
    press(page, DECIDE)


def read(page: Page) -> None:
    """Look at a claim as long as anybody needs at least."""
    page.wait_for_timeout(SETTING_OF["reading_pause_milliseconds"].default)


def told(page: Page, words: str) -> Locator:
    """Wait for a sentence on screen."""
    found = page.get_by_text(words).filter(visible=True).first
    found.wait_for()
    return found


def hacked(page: Page) -> bool:
    """Whether anything somebody typed was run."""
    return bool(page.evaluate("() => Boolean(window.hacked)"))


def claim_page(number: str) -> str:
    """A claim's address."""
    return f"/claim?no={number}"


def only_decision(zone: Zone, number: str) -> str:
    """The one step taken on a claim since it was filed."""
    (action,) = zone.decisions(number)
    return str(action)
