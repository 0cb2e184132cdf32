"""Asking an enterprise on 申请办理, and who has not answered on 总览."""

from __future__ import annotations

import pytest
from sqlmodel import select

from models.actions.confirming import answer_request, ask_enterprise
from models.database import session
from models.rules.claim_workflow import Action
from models.rules.confirming import Answer
from models.tables.claims import Claim
from models.tables.confirmations import ConfirmationRequest
from tests.desk import Desk, all_text

UNASKED = {"requested_on": None, "confirmed_on": None, "paid_before_fen": None,
           "paid_after_fen": None, "satisfaction": None}  # fmt: skip


def asked(desk: Desk) -> tuple[str, str]:
    """A claim whose enterprise was asked, and the token of its link."""
    number = desk.zone.file(**UNASKED)
    with desk.zone.writing() as current:
        claim = current.exec(select(Claim).where(Claim.number == number)).one()
        reviewer = desk.zone.world.people["reviewer"]
        return number, ask_enterprise(current, reviewer, claim.agreement_id, claim.result_id)


def keys(page: object) -> set[str]:
    """The buttons drawn."""
    assert not page.exception  # type: ignore[attr-defined]
    return {button.key or "" for button in page.button}  # type: ignore[attr-defined]


@pytest.mark.parametrize("who", ["reviewer", "lead"])
def test_the_alliance_may_ask_on_the_claims_screen(desk: Desk, who: str) -> None:
    page = desk.open("/claim", who, no=desk.zone.file(**UNASKED))
    assert "ask_enterprise" in keys(page)
    assert "还没有发过确认链接" in all_text(page)


@pytest.mark.parametrize("who", ["agency", "leader", "bureau", "auditor"])
def test_nobody_else_is_offered_it(desk: Desk, who: str) -> None:
    number, token = asked(desk)
    page = desk.open("/claim", who, no=number)
    assert not {"ask_enterprise", "note_reminder", "withdraw_link"} & keys(page)
    assert token[:20] not in all_text(page)
    assert "待企业答复" not in all_text(desk.open("/", who))


def test_a_link_that_is_out_is_reminded_of_withdrawn_and_answered(desk: Desk) -> None:
    number, _token = asked(desk)
    page = desk.open("/claim", "reviewer2", no=number)
    assert "尚未答复" in all_text(page)
    page.button(key="note_reminder").click().run()
    assert "已催办" in all_text(page)
    page.button(key="withdraw_link").click().run()
    assert "发出的链接已作废" in all_text(page)
    assert "note_reminder" not in keys(page)
    with session(desk.zone.world.engine) as current:
        request = current.exec(select(ConfirmationRequest)).one()
    assert request.reminded_at_utc is not None
    assert request.withdrawn_at_utc is not None

    number, token = asked(desk)
    with desk.zone.writing() as current:
        answer_request(current, token, Answer(False, 0, 0, 5))
    page = desk.open("/claim", "reviewer", no=number)
    assert "本人答复" in all_text(page)
    assert "ask_enterprise" not in keys(page)


def test_an_ended_claim_asks_nobody(desk: Desk) -> None:
    number = desk.zone.file(**UNASKED)
    desk.zone.world.step("reviewer", number, Action.refuse_pre_review, reasons=("R01",))
    assert "ask_enterprise" not in keys(desk.open("/claim", "reviewer", no=number))


def test_an_imported_answer_can_be_asked_after(desk: Desk) -> None:
    page = desk.open("/claim", "reviewer", no=desk.zone.file())
    assert "可请企业本人答复" in all_text(page)


def test_who_has_not_answered_stands_on_the_start_page(desk: Desk) -> None:
    page = desk.open("/", "reviewer")
    assert "待企业答复 0" in all_text(page)
    numbers = [asked(desk)[0] for _ in range(7)]
    text = all_text(desk.open("/", "lead"))
    assert "待企业答复 7" in text
    assert "最久的 6 项" in text
    assert numbers[0].replace("-", r"\-") in text
    assert numbers[6].replace("-", r"\-") not in text
