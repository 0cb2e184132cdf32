"""Papers by address: to whoever may see the claim or the work items, and to nobody else."""

import shutil
from collections.abc import Iterator
from datetime import date
from pathlib import Path
from urllib.parse import quote

import pytest

from models.actions.accounts import NewAccount, account_of, add_account
from models.actions.agreements import file_agreement
from models.actions.grants import NewGrant, grant_role
from models.actions.objections import record_objection
from models.actions.sign_in import open_session
from models.actions.steps import system_actor
from models.actions.tasks import Progress, report_progress
from models.clock import standing_at
from models.database import default_engine, deployment, make_engine, session
from models.rules import passwords
from models.rules.claim_workflow import Action
from models.rules.objections import ObjectionEntry, ObjectionForm
from models.rules.roles import Role
from models.rules.tasks import TaskState
from models.tables.organisations import Agency
from seed.target_data import seed_target_data
from tests.conduct import LETTER as EVIDENCE_OF_IT
from tests.conduct import accepted, announced
from tests.pacts import SCAN, drafted, step
from tests.web.conftest import PASSWORD, SYSTEM, Answer, Site, served
from tests.world import NOON, PDF, TODAY, World, make_world

PAPER = "/files/1"
REPORTED = "/files/tasks/1"
"""A paper of a report on a work item."""
EVIDENCE = "/files/objections/1"
"""A paper of an objection."""
AGREED = "/files/agreements/1"
"""The signed scan of an agreement."""
COMPLAINED, TAUGHT = "/files/complaints/1", "/files/trainings/1"
"""The evidence of a complaint that names no agreement; a material of a training."""
READERS = ("reviewer", "lead", "leader", "auditor", "administrator")
"""Who sees the register of work items."""


@pytest.fixture(scope="module")
def world(empty_deployment: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[World]:
    """A world with one filed claim, and another agency, kept where the server will look."""
    folder = tmp_path_factory.mktemp("files")
    shutil.copy(empty_deployment, folder / "zone.db")
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("DATA_FOLDER", str(folder))
        patch.setattr(passwords, "HASH_COST", 4)
        deployment.cache_clear()
        default_engine.cache_clear()
        with standing_at(NOON):
            made = make_world(make_engine(f"sqlite:///{folder / 'zone.db'}"))
            made.file()
            _another_agency(made)
            _reported(made)
            _objected(made)
            _agreed(made)
            accepted(made, papers=EVIDENCE_OF_IT)
            announced(made, papers=EVIDENCE_OF_IT)
        yield made
    deployment.cache_clear()
    default_engine.cache_clear()


@pytest.fixture(scope="module")
def files(world: World) -> Iterator[Site]:
    """The world's own server."""
    database = Path(str(world.engine.url.database))
    with served(database, database.parent) as site:
        yield site


def as_somebody(world: World, files: Site, who: str, path: str = PAPER) -> Answer:
    """Ask as somebody signed in."""
    with session(world.engine, write=True) as current:
        token = open_session(current, account_of(current, world.people[who].account_id))
    return files.ask("GET", path, Cookie=f"zero_fee_session={token}")


@pytest.mark.parametrize("who", ["reviewer", "lead", "bureau", "finance", "auditor", "agency"])
def test_whoever_sees_the_claim_gets_its_paper_as_a_download(
    world: World, files: Site, who: str
) -> None:
    answer = as_somebody(world, files, who)
    assert answer.status == 200
    assert answer.body.startswith(b"%PDF")
    assert answer.headers["content-disposition"] == "attachment; filename*=UTF-8''M01.pdf"
    assert answer.headers["content-type"] == "application/octet-stream"
    assert answer.headers["cache-control"] == "private, no-store"
    assert "sandbox" in answer.headers["content-security-policy"]


@pytest.mark.parametrize("who", ["other agency", "enterprise"])
def test_whoever_does_not_sees_nothing_there(world: World, files: Site, who: str) -> None:
    answer = as_somebody(world, files, who)
    assert answer.status == 404
    assert b"%PDF" not in answer.body


def test_a_stranger_sees_nothing_there(files: Site) -> None:
    assert files.ask("GET", PAPER).status == 404
    assert files.ask("GET", PAPER, Cookie="zero_fee_session=guessed").status == 404


@pytest.mark.parametrize("who", READERS)
def test_whoever_sees_the_work_items_gets_a_reports_paper(
    world: World, files: Site, who: str
) -> None:
    answer = as_somebody(world, files, who, REPORTED)
    assert answer.status == 200
    assert answer.body == PDF
    assert answer.headers["content-disposition"].startswith("attachment; filename*=UTF-8''%E4%BD")
    assert answer.headers["cache-control"] == "private, no-store"
    assert "sandbox" in answer.headers["content-security-policy"]
    shown = as_somebody(world, files, who, f"{REPORTED}?inline=1")
    assert shown.headers["content-type"] == "application/pdf"


def test_nobody_else_gets_a_reports_paper(world: World, files: Site) -> None:
    for who in set(world.people) - {*READERS, "importer", "reviewer2"}:
        assert as_somebody(world, files, who, REPORTED).status == 404
    assert files.ask("GET", REPORTED).status == 404
    assert files.ask("GET", REPORTED, Cookie="zero_fee_session=guessed").status == 404


@pytest.mark.parametrize("number", ["2", "0", "-1", "x", "9" * 30, "1/1", ""])
def test_a_forged_number_of_a_reports_paper_is_not_found(
    world: World, files: Site, number: str
) -> None:
    assert as_somebody(world, files, "reviewer", f"/files/tasks/{number}").status == 404


def test_an_objections_evidence_is_for_the_offices_and_never_for_the_parties(
    world: World, files: Site
) -> None:
    for who in world.people:
        answer = as_somebody(world, files, who, EVIDENCE)
        is_party = who in ("agency", "other agency", "enterprise")
        assert answer.status == (404 if is_party else 200), who
        assert (answer.body == PDF) is not is_party
    assert files.ask("GET", EVIDENCE).status == 404
    for number in ("2", "-1", "x", ""):
        forged = as_somebody(world, files, "reviewer", f"/files/objections/{number}")
        assert forged.status == 404


def test_an_agreements_paper_goes_to_its_parties_and_its_readers(world: World, files: Site) -> None:
    for who in world.people:
        answer = as_somebody(world, files, who, AGREED)
        assert answer.status == (404 if who in ("other agency", "stranger") else 200), who
    assert as_somebody(world, files, "bureau", AGREED).body == PDF
    assert files.ask("GET", AGREED).status == 404
    for number in ("2", "0", "x", "9" * 30, "1/1", ""):
        assert as_somebody(world, files, "bureau", f"/files/agreements/{number}").status == 404


def test_who_complains_is_protected_by_address_too(world: World, files: Site) -> None:
    told = ("reviewer", "reviewer2", "importer", "lead", "auditor", "administrator", "enterprise")
    for who in world.people:
        answer = as_somebody(world, files, who, COMPLAINED)
        assert answer.status == (200 if who in told else 404), who
    assert files.ask("GET", COMPLAINED).status == 404
    for number in ("2", "0", "x", ""):
        assert as_somebody(world, files, "lead", f"/files/complaints/{number}").status == 404


def test_a_material_goes_to_the_agencies_invited(world: World, files: Site) -> None:
    told = (
        "reviewer", "reviewer2", "importer", "lead", "auditor", "administrator", "agency",
        "other agency",
    )  # fmt: skip
    for who in world.people:
        answer = as_somebody(world, files, who, TAUGHT)
        assert answer.status == (200 if who in told else 404), who
    assert files.ask("GET", TAUGHT).status == 404


def test_a_paper_can_be_looked_at_in_place(world: World, files: Site) -> None:
    answer = as_somebody(world, files, "reviewer", f"{PAPER}?inline=1")
    assert answer.headers["content-type"] == "application/pdf"
    assert answer.headers["content-disposition"].startswith("inline")
    assert answer.headers["content-security-policy"].startswith("default-src 'none'")


def test_a_paper_whose_file_is_gone_is_not_found(world: World, files: Site) -> None:
    for number in ("999999", "99999999999999999999999", "9" * 5_000, "0", "-1", "１", "x", "1/2"):
        assert as_somebody(world, files, "reviewer", f"/files/{quote(number)}").status == 404
    folder = Path(str(world.engine.url.database)).parent / "evidence"
    shutil.move(folder, folder.with_name("away"))
    assert as_somebody(world, files, "reviewer").status == 404
    shutil.move(folder.with_name("away"), folder)
    assert as_somebody(world, files, "reviewer").status == 200


def _reported(world: World) -> None:
    with world.session() as current:
        seed_target_data(current, system_actor())
        done = Progress(TaskState.done, TODAY, papers=(("佐证.pdf", PDF),))
        report_progress(current, world.people["reviewer"], "DL-19", done)


def _objected(world: World) -> None:
    number = world.file()
    for who, action in (
        ("reviewer", Action.pass_pre_review), ("lead", Action.apply),
        ("bureau", Action.pass_re_review), ("committee", Action.approve),
    ):  # fmt: skip
        world.step(who, number, action)
    letter = ObjectionEntry("王某", ObjectionForm.named, TODAY, "不属实", (("异议书.pdf", PDF),))
    with world.session() as current:
        record_objection(current, world.people["reviewer2"], number, letter)


def _agreed(world: World) -> None:
    served = {"enterprise_uscc": "91210231MA0XY0001K"}
    number = drafted(world, **served)
    step(world, "agency", file_agreement, number, SCAN)


def _another_agency(world: World) -> None:
    with world.session() as current:
        agency = Agency(
            uscc="91210231MA0XY0003F",
            name="大连示例乙机构有限公司",
            joined_on=date(2026, 1, 5),
            changed_at_utc=NOON,
        )
        current.add(agency)
        current.flush()
        new = NewAccount("other", "机构乙", agency_id=agency.id)
        added = add_account(current, SYSTEM, new, PASSWORD)
        grant_role(current, SYSTEM, added, NewGrant(Role.agency, date(2026, 1, 5)))
    world.people["other agency"] = world.people["agency"].__class__(added, "other")
