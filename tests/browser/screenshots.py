"""The pictures in `docs/screenshots`, taken of the demonstration: `make screenshots`.

The demonstration itself stays as it is: a copy of its database is opened.
"""

from __future__ import annotations

import os
import shutil
import sqlite3
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

from playwright.sync_api import sync_playwright
from sqlmodel import Session, col, select

from models.actions.accounts import account_of
from models.actions.sign_in import open_session
from models.database import default_engine, deployment, session
from models.rules.claim_workflow import State
from models.tables.claims import Claim
from models.tables.people import Account
from tests.browser.zone import DESK, PHONE, ROOT, SESSION_COOKIE, free_port, settle, wait_for
from tests.conftest import BROWSERS

if TYPE_CHECKING:
    from playwright.sync_api import Browser

FOLDER = ROOT / "docs" / "screenshots"
ROOM = (1280, 720)
LANGUAGES = {"zh": "zh-CN", "en": "en"}

# fmt: off
PICTURES: tuple[tuple[str, str | None, str, tuple[int, int]], ...] = (
    # name           who         address              window
    ("sign-in",      None,       "/",                 DESK),
    ("overview",     "reviewer", "/",                 DESK),
    ("claims",       "reviewer", "/claims",           DESK),
    ("claim",        "reviewer", "/claim?no={faulty}", DESK),
    ("claim-clean",  "reviewer", "/claim?no={clean}", DESK),
    ("month",        "lead",     "/month",            DESK),
    ("members",      "reviewer", "/members",          DESK),
    ("exchange",     "lead",     "/exchange",         DESK),
    ("targets",      "leader",   "/targets?place=dalian-hightech", DESK),
    ("targets-one",  "leader",   "/targets?view=indicator&indicator=hnte_count", DESK),
    ("targets-path", "leader",   "/targets?view=path&target=DH-005", DESK),
    ("meeting",      "leader",   "/meeting",          ROOM),
    ("meeting-path", "leader",   "/meeting?slide=2",  ROOM),
    ("payments",     "finance",  "/payments",         DESK),
    ("ratings",      "lead",     "/ratings",          DESK),
    ("agency-phone", "agency",   "/claim?no={returned}", PHONE),
    ("my-rating-phone", "agency01", "/my-rating",     PHONE),
)
DARK = ("claims", "claim")
# fmt: on


def main() -> None:
    """Take every picture."""
    FOLDER.mkdir(parents=True, exist_ok=True)
    program = next(filter(None, map(shutil.which, BROWSERS)))
    with tempfile.TemporaryDirectory() as folder, copied(Path(folder)), served() as address:
        with session() as current:
            shown = claims_to_show(current)
        people = {"agency": shown.pop("agency")}
        rootly = ["--no-sandbox"] if os.getuid() == 0 else []
        with sync_playwright() as playwright:
            browser = playwright.chromium.launch(executable_path=program, args=rootly)
            for name, who, path, size in PICTURES:
                for language in LANGUAGES:
                    for scheme in ("light", "dark") if name in DARK else ("light",):
                        file = FOLDER / f"{name}-{language}{'-dark' * (scheme == 'dark')}.png"
                        take(browser, address + path.format(**shown), people.get(who or "", who),
                             language, size, scheme, file)  # fmt: skip
            browser.close()


def take(
    browser: Browser,
    address: str,
    who: str | None,
    language: str,
    size: tuple[int, int],
    scheme: str,
    file: Path,
) -> None:
    """One picture."""
    context = browser.new_context(
        viewport={"width": size[0], "height": size[1]},
        locale=LANGUAGES[language],
        color_scheme=scheme,  # type: ignore[arg-type]
        timezone_id="Asia/Shanghai",
    )
    if who is not None:
        with session(write=True) as current:
            account_id = current.exec(select(Account.id).where(Account.username == who)).one()
            token = open_session(current, account_of(current, account_id or 0))
        context.add_cookies([{"name": SESSION_COOKIE, "value": token, "url": address}])
    page = context.new_page()
    page.goto(address)
    page.locator("input[type=password]" if who is None else ".st-key-title_row").first.wait_for()
    settle(page)
    page.screenshot(path=file)
    context.close()


def claims_to_show(current: Session) -> dict[str, str]:
    """A claim with many faults, a clean one, one returned to an agency, and that agency's account."""
    waiting = (
        select(Claim.number).where(Claim.state == State.submitted).order_by(Claim.waiting_since_on)
    )
    faults = col(Claim.findings_not_met) + Claim.findings_unknown + Claim.findings_warning
    returned = (
        select(Claim.number, Account.username)
        .join(Account, col(Account.agency_id) == Claim.agency_id)
        .where(Claim.state == State.returned)
        .order_by(faults.desc(), col(Claim.id).desc())
    )
    number, agency = current.exec(returned).first() or ("", "agency01")
    return {
        "faulty": current.exec(
            waiting.where(Claim.findings_not_met == 1).order_by(None).order_by(faults.desc())
        ).first()
        or "",
        "clean": current.exec(waiting.where(faults == 0)).first() or "",
        "returned": number,
        "agency": agency,
    }


@contextmanager
def copied(folder: Path) -> Iterator[None]:
    """The demonstration's database copied; its papers are only read."""
    original, copy = deployment().url.removeprefix("sqlite:///"), folder / "zero_fee.db"
    if not Path(original).exists():
        sys.exit("There is no demonstration yet; run: make demonstration")
    with sqlite3.connect(original) as source, sqlite3.connect(copy) as target:
        source.backup(target)
    os.environ["DATABASE_URL"] = f"sqlite:///{copy}"
    deployment.cache_clear()
    default_engine.cache_clear()
    yield
    default_engine().dispose()


@contextmanager
def served() -> Iterator[str]:
    """A server over it; ended by its own id."""
    port = free_port()
    with tempfile.NamedTemporaryFile() as log:
        process = subprocess.Popen(
            [sys.executable, "-m", "uvicorn", "app:app", "--host", "127.0.0.1", "--port", str(port)],
            cwd=ROOT, stdout=log, stderr=subprocess.STDOUT,
        )  # fmt: skip
        try:
            wait_for(port, process, Path(log.name))
            yield f"http://127.0.0.1:{port}"
        finally:
            process.terminate()
            process.wait(20)


if __name__ == "__main__":
    main()
