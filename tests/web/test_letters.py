"""Letters by address: a Word document to whoever may see what it speaks of, 404 to anybody else."""

from __future__ import annotations

import io
import shutil
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import unquote

import pytest
from docx import Document

from models.actions.accounts import account_of
from models.actions.record import record
from models.actions.sign_in import open_session
from models.clock import standing_at
from models.database import default_engine, deployment, make_engine, session
from models.rules import passwords
from models.rules.claim_workflow import Action
from models.tables.agreements import Agreement
from tests.web.conftest import Answer, Site, served
from tests.web.test_files import _another_agency
from tests.world import NOON, World, make_world

LETTER = "/files/letters/claims/2/2026-11-0001"
FILING = "/files/letters/agreements/XY-2026-001"
TEMPLATE = "/files/letters/templates/return_notice/0"


@pytest.fixture(scope="module")
def world(empty_deployment: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[World]:
    """A world with a returned claim, a confirmed filing, and another agency."""
    folder = tmp_path_factory.mktemp("letters")
    shutil.copy(empty_deployment, folder / "zone.db")
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("DATA_FOLDER", str(folder))
        patch.setattr(passwords, "HASH_COST", 4)
        deployment.cache_clear()
        default_engine.cache_clear()
        with standing_at(NOON):
            made = make_world(make_engine(f"sqlite:///{folder / 'zone.db'}"))
            number = made.file()
            made.step("reviewer", number, Action.return_pre_review, reasons=("R01",), note="见说明")
            _another_agency(made)
            with made.session() as current:
                filed = current.get_one(Agreement, made.agreement_id).number
                bureau = made.people["bureau"]
                record(current, bureau, "confirm_filing", f"agreement:{filed}", None, {})
        yield made
    deployment.cache_clear()
    default_engine.cache_clear()


@pytest.fixture(scope="module")
def site(world: World) -> Iterator[Site]:
    """The world's own server."""
    database = Path(str(world.engine.url.database))
    with served(database, database.parent) as running:
        yield running


def ask(world: World, site: Site, who: str, path: str) -> Answer:
    """Ask as somebody signed in, or as a stranger."""
    if not who:
        return site.ask("GET", path)
    with session(world.engine, write=True) as current:
        token = open_session(current, account_of(current, world.people[who].account_id))
    return site.ask("GET", path, Cookie=f"zero_fee_session={token}")


# fmt: off
OPEN = (
    (LETTER,   ("agency", "reviewer", "lead", "leader", "bureau", "finance", "auditor")),
    (FILING,   ("agency", "enterprise", "reviewer", "lead", "bureau", "auditor")),
    (TEMPLATE, ("reviewer", "lead", "bureau", "auditor", "administrator")),
)
SHUT = (
    (LETTER,   ("", "other agency", "enterprise")),
    (FILING,   ("", "other agency")),
    (TEMPLATE, ("", "agency", "enterprise", "leader")),
)
# fmt: on


@pytest.mark.parametrize(("path", "who"), [(path, who) for path, people in OPEN for who in people])
def test_whoever_may_see_it_takes_the_letter_away(
    world: World, site: Site, path: str, who: str
) -> None:
    answer = ask(world, site, who, path)
    assert answer.status == 200
    assert answer.headers["Cache-Control"] == "private, no-store"
    named = unquote(answer.headers["Content-Disposition"])
    assert named.startswith("attachment")
    assert named.endswith(".docx")
    assert Document(io.BytesIO(answer.body)).paragraphs


@pytest.mark.parametrize(("path", "who"), [(path, who) for path, people in SHUT for who in people])
def test_to_anybody_else_it_is_not_there(world: World, site: Site, path: str, who: str) -> None:
    answer = ask(world, site, who, path)
    assert (answer.status, answer.body) == (404, b"404")


@pytest.mark.parametrize(
    "path",
    [
        "/files/letters/claims/1/2026-11-0001", "/files/letters/claims/99999/2026-11-0001",
        "/files/letters/claims/x/2026-11-0001", "/files/letters/claims/2/", "/files/letters/claims/2/%00",
        "/files/letters/claims/2/..%2f..%2fetc%2fpasswd", "/files/letters/agreements/XY-0",
        "/files/letters/templates/return_notice/9", "/files/letters/templates/nonsense/0",
        "/files/letters/templates/return_notice/x", "/files/letters/", "/files/letters",
    ],
)  # fmt: skip
def test_a_forged_address_names_nothing(world: World, site: Site, path: str) -> None:
    assert ask(world, site, "lead", path).status in (400, 404)


def test_a_pdf_comes_where_it_can_be_made(world: World, site: Site) -> None:
    answer = ask(world, site, "lead", f"{LETTER}?as=pdf")
    if shutil.which("soffice"):
        assert answer.body[:5] == b"%PDF-"
        assert answer.headers["Content-Type"] == "application/pdf"
    else:
        assert answer.status == 404
