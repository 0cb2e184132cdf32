"""申请办理: what the screen of a taken claim says, and that an open page keeps it taken."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, date, datetime, timedelta

import pytest
from sqlmodel import select

from components.claim_panel import _renew
from components.formats import plain
from models.actions.claims import Correction, correct_claim
from models.actions.evidence import add_evidence
from models.actions.grants import end_grant
from models.actions.leases import take_claim
from models.actions.steps import system_actor
from models.clock import standing_at
from models.database import session
from models.queries.claim_card import Lease
from models.rules.claim_workflow import Action, State
from models.tables.claims import Claim
from tests.desk import Desk, all_text, title
from tests.world import PDF


@contextmanager
def taken(desk: Desk, minutes_ago: int) -> Iterator[str]:
    """A claim that reviewer2 took a while ago."""
    number = desk.zone.file()
    with standing_at(datetime.now(UTC) - timedelta(minutes=minutes_ago)):
        with desk.zone.writing() as current:
            take_claim(current, desk.zone.world.people["reviewer2"], number)
    yield number


def left(desk: Desk, number: str) -> int:
    """For how many minutes a claim is still taken, rounded."""
    with session(desk.zone.world.engine) as current:
        until = current.exec(select(Claim.lease_until_utc).where(Claim.number == number)).one()
    assert until is not None
    return round((until - datetime.now(UTC)) / timedelta(minutes=1))


def test_mine_runs_on_a_colleague_s_has_its_end(desk: Desk) -> None:
    with taken(desk, 5) as number:
        page = desk.open("/claim", "reviewer2", no=number)
        assert title(page) == plain(number)
        assert "闲置 30 分钟后释放" in all_text(page)
        assert "由联盟初审员 3办理，始于" in all_text(desk.open("/claim", "reviewer", no=number))


@pytest.mark.parametrize(
    ("who", "minutes_ago", "then"),
    [
        ("reviewer2", 5, 25),
        ("reviewer2", 20, 30),
        ("reviewer", 20, 10),
        ("lead", 20, 10),
    ],
)
def test_opening_it_renews_one_s_own_when_half_the_time_is_over(
    desk: Desk, who: str, minutes_ago: int, then: int
) -> None:
    with taken(desk, minutes_ago) as number:
        assert title(desk.open("/claim", who, no=number)) == plain(number)
        assert left(desk, number) == then


def test_near_the_longest_time_its_end_is_told(desk: Desk) -> None:
    with taken(desk, 5) as number:
        with desk.zone.writing() as current:
            claim = current.exec(select(Claim).where(Claim.number == number)).one()
            claim.lease_until_utc = claim.lease_taken_at_utc + timedelta(hours=2)
            current.add(claim)
        assert "最迟" in all_text(desk.open("/claim", "reviewer2", no=number))


def test_a_beat_renews_without_the_page_and_asks_again_who_is_there(desk: Desk) -> None:
    """A beat runs without frame and page; after the role has ended nothing is written."""
    soon = datetime.now(UTC) + timedelta(minutes=30)
    lease = Lease("", True, datetime.now(UTC), soon, 30, soon)
    with taken(desk, 5) as number:
        desk.sit("reviewer2")
        _renew(number, lease)
        assert left(desk, number) == 30
    with taken(desk, 5) as number:
        grant = desk.zone.world.people["reviewer2"].grants[0]
        with desk.zone.writing() as current:
            end_grant(current, system_actor(), grant.id)
        _renew(number, lease)
        assert left(desk, number) == 25
        desk.sit(None)
        _renew(number, lease)
        assert left(desk, number) == 25


# ---------------------------------------------------------------- what the agency wrote


def returned(desk: Desk, reason: str = "R01", **filed: object) -> str:
    """A claim sent back to its agency."""
    number = desk.zone.file(**filed)
    desk.zone.world.step(
        "reviewer", number, Action.return_pre_review, reasons=(reason,), note="请更正"
    )
    return number


def correct(desk: Desk, number: str, **entries: object) -> None:
    """The agency corrects its claim."""
    with desk.zone.writing() as current:
        correct_claim(current, desk.zone.world.people["agency"], number, Correction(**entries))  # type: ignore[arg-type]


@pytest.mark.parametrize("who", ["reviewer", "lead", "auditor"])
def test_every_office_reads_the_answer_and_the_entries(desk: Desk, who: str) -> None:
    number = returned(desk)
    correct(
        desk, number, note="已补盖章", invoice_number="INV-7", invoice_fen=6_000_000, units=3,
        basis_fen=9_000_000,
    )  # fmt: skip
    desk.zone.world.step("agency", number, Action.submit)
    said = all_text(desk.open("/claim", who, no=number))
    for words in ("机构备注", "已补盖章", "INV7", "60,000.00 元", "90,000.00 元", "数量"):
        assert words in said
    shown, hidden = plain("6222020200001111"), plain("**** 1111")
    assert (shown in said, hidden in said) == ((True, False) if who == "lead" else (False, True))
    assert "↔" not in said


def test_a_payee_that_differs_stands_beside_the_registered_one(desk: Desk) -> None:
    number = returned(desk)
    correct(desk, number, payee_name="大连别家有限公司", payee_account="6222020200009999")
    desk.zone.world.step("agency", number, Action.submit)
    said = all_text(desk.open("/claim", "reviewer", no=number))
    assert "申请“大连别家有限公司” ↔ 登记“大连示例甲机构有限公司”" in said
    assert f"申请“{plain('**** 9999')}” ↔ 登记“{plain('**** 1111')}”" in said


def test_the_agency_is_told_what_still_fails_and_may_submit_all_the_same(desk: Desk) -> None:
    number = returned(desk, papers=("M01",))
    page = desk.open("/claim", "agency", no=number)
    assert "仍有 1 项不符合：F05" in all_text(page)
    page.button(key="submit_claim").click().run()
    assert desk.zone.state(number) is State.submitted


def test_the_agency_corrects_number_and_day_of_its_result(desk: Desk) -> None:
    number = returned(desk, "R04")
    page = desk.open("/claim", "agency", no=number)
    page.text_input(key=f"fix_result_{number}").set_value("GR202621009999")
    page.date_input(key=f"fix_obtained_{number}").set_value(date(2026, 10, 12))
    page.button(key="save_correction").click().run()
    assert not page.exception
    result = desk.zone.world.card("agency", number).facts.result
    assert (result.reading.normalised, result.obtained_on) == ("GR202621009999", date(2026, 10, 12))


def test_base_and_count_are_asked_for_where_they_are_used(desk: Desk) -> None:
    number = returned(desk)
    page = desk.open("/claim", "agency", no=number)
    asked = {field.key for field in page.text_input}
    assert not asked & {f"fix_units_{number}", f"fix_basis_{number}"}
    correct(desk, number, units=3, basis_fen=100)
    page = desk.open("/claim", "agency", no=number)
    page.text_input(key=f"fix_units_{number}").set_value("三")
    page.button(key="save_correction").click().run()
    assert "数量“三”不是整数" in page.error[0].value
    page.text_input(key=f"fix_units_{number}").set_value("4")
    page.text_input(key=f"fix_basis_{number}").set_value("2,000")
    page.button(key="save_correction").click().run()
    claim = desk.zone.world.card("agency", number).claim
    assert (claim.units, claim.basis_fen) == (4, 200_000)


def test_the_paper_chosen_stays_chosen_and_an_own_one_is_taken_out(desk: Desk) -> None:
    number = returned(desk, papers=("M01",))
    page = desk.open("/claim", "agency", no=number)
    kind = f"paper_kind_{number}"
    assert page.session_state[kind] == "M02", "the first that is missing"
    next(box for box in page.selectbox if str(box.key).startswith(kind)).set_value("M04").run()
    with desk.zone.writing() as current:
        actor = desk.zone.world.people["agency"]
        paper = add_evidence(current, actor, number, "M04", "错.pdf", PDF)
    page.run()
    assert page.session_state[kind] == "M04"
    assert "错.pdf" in all_text(page).replace("\\", "")
    page.button(key=f"remove_{paper}").click().run()
    assert "已移除" in all_text(page)
    assert "M04" not in desk.zone.world.card("agency", number).facts.papers


def test_the_agency_is_told_why_its_answer_starts_again(desk: Desk) -> None:
    number = desk.zone.applied()
    desk.zone.world.step("bureau", number, Action.ask_agency, reasons=("R03",), note="核对发票")
    correct(desk, number, invoice_number="INV-8")
    page = desk.open("/claim", "agency", no=number)
    page.button(key="submit_claim").click().run()
    assert "发票号码已变，须重新初审" in all_text(page)
    assert "发票号码已变，须重新初审" in all_text(desk.open("/claim", "lead", no=number))
