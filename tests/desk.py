"""Pages run by AppTest over a furnished world, at a browser whose cookies a test chooses."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from components import auth
from components.site import page_at
from tests.browser.zone import ROOT, Zone, deployed_in, furnish, moved_in

if TYPE_CHECKING:
    from streamlit.testing.v1 import AppTest


@dataclass
class Desk:
    """One browser at a furnished world: its cookies, and pages opened in it."""

    zone: Zone
    cookies: dict[str, str] = field(default_factory=dict)

    def sit(self, who: str | None) -> None:
        """Somebody signs in; nobody is a stranger."""
        self.cookies.clear()
        self.cookies[auth.BROWSER_COOKIE] = "this-browser"
        if who is not None:
            self.cookies[auth.SESSION_COOKIE] = self.zone.token(who)

    def alone(self, address: str) -> AppTest:
        """A page's script run without the frame, as a process without one would run it."""
        from streamlit.testing.v1 import AppTest

        return AppTest.from_file(str(page_at(address).script), default_timeout=120).run()

    def open(self, address: str, who: str | None = None, /, **query: str) -> AppTest:
        """A page as the frame runs it.

        Args:
            address: the page's.
            who: signs in first; left out, whoever sits there stays.
            query: the address's parameters.
        """
        from streamlit.testing.v1 import AppTest
        from streamlit.util import calc_hash

        if who is not None:
            self.sit(who)
        app = AppTest.from_file(str(ROOT / "components" / "frame.py"), default_timeout=120)
        app._page_hash = calc_hash(page_at(address).url_path)
        for name, value in query.items():
            app.query_params[name] = value
        return app.run()


def all_text(app: AppTest) -> str:
    """Everything a run says, whatever the kind of element."""
    kinds = ("header", "subheader", "markdown", "error", "html", "button", "metric", "table")
    said: list[Any] = [
        getattr(element, "label", "") if kind == "button" else getattr(element, "value", element)
        for kind in kinds
        for element in app.get(kind)
    ]
    return " ".join(str(getattr(one, "to_csv", lambda one=one: one)()) for one in said)


def title(app: AppTest) -> str:
    """What stands in the title row."""
    assert not app.exception, app.exception[0].message
    return app.header[0].value if app.header else ""


@contextmanager
def furnished(folder: Path) -> Iterator[Zone]:
    """A furnished world, to be copied."""
    with deployed_in(folder):
        yield furnish(folder)


@contextmanager
def desk_in(template: Zone, folder: Path, cookies: dict[str, str]) -> Iterator[Desk]:
    """A desk at a copy of a world."""
    with deployed_in(folder), pytest.MonkeyPatch.context() as patch:
        patch.setattr(auth, "_cookie", cookies.get)
        desk = Desk(moved_in(template, folder), cookies)
        yield desk
        desk.zone.world.engine.dispose()
