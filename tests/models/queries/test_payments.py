"""The list of payments and one claim's card: who sees what, what each pile holds, what each row
says."""

from __future__ import annotations

from typing import Any

import pytest

from models.actions.payment_orders import make_order
from models.actions.recoveries import confirm_recovery, draft_recovery
from models.database import session
from models.queries.paging import PageRequest, everything
from models.queries.payment_card import payment_card
from models.queries.payments import (
    PaymentFilter,
    PaymentPile,
    PaymentRow,
    lines_listed,
    payments_page,
    pile_sums,
)
from models.rules.claim_workflow import Action, State
from models.rules.errors import NotAllowed, NotFound
from models.rules.payments import EntryKind, Standing
from tests.models.actions.ledgers import REWARD, SUBSIDY, notice_over, pay
from tests.models.actions.small_words import BACK
from tests.town import Town

A, S, P = Action, State, PaymentPile
SEES = {"lead", "leader", "finance", "auditor", "administrator", "agency"}


def rows(town: Town, who: str = "finance", order: str = "", **wanted: Any) -> list[PaymentRow]:
    """The list as somebody sees it."""
    with session(town.engine) as current:
        request = PageRequest(size=50, order=order)
        return list(payments_page(current, town.people[who], PaymentFilter(**wanted), request))


def numbers(found: list[PaymentRow]) -> list[tuple[str, str]]:
    """Claim and purpose of each row."""
    return [(row.number, row.purpose.value) for row in found]


@pytest.fixture
def paid(town: Town) -> dict[str, str]:
    """Claims in every standing, with the clock behind the notice period."""
    made = {name: town.at(S.approved) for name in ("due", "ordered", "failed", "held", "rewarding")}
    with notice_over():
        with town.session() as current:
            make_order(current, town.people["finance"], [(made["ordered"], SUBSIDY)])
        pay(town, made["failed"], "PZ-1")
        town.step("finance", made["failed"], A.payment_failed, **BACK)
        town.step("finance", made["held"], A.hold, reasons=("R10",), note="待核实")
        pay(town, made["rewarding"], "PZ-2")
    made["closed"] = town.at(S.closed)
    return made


def test_each_pile_holds_what_it_says(town: Town, paid: dict[str, str]) -> None:
    with notice_over():
        due = rows(town)
        assert {row.number for row in due} == {
            paid["due"], paid["ordered"], paid["failed"], paid["rewarding"],
        }  # fmt: skip
        assert {row.standing for row in due} == {Standing.due, Standing.ordered, Standing.failed}
        assert [row.why for row in due] == [None] * 4
        assert numbers(rows(town, pile=P.ordered)) == [(paid["ordered"], "subsidy")]
        assert numbers(rows(town, pile=P.failed)) == [(paid["failed"], "subsidy")]
        (subsidy, reward) = rows(town, pile=P.held)
        assert {subsidy.standing, reward.standing} == {Standing.held}
        assert str(subsidy.why).endswith("；待核实")
        assert numbers(rows(town, pile=P.paid)) == [
            (paid["closed"], "subsidy"), (paid["closed"], "reward"), (paid["rewarding"], "subsidy"),
        ]  # fmt: skip
        assert len(rows(town, pile=P.all)) == 12
        with session(town.engine) as current:
            sums = pile_sums(current, town.people["leader"])
    assert (sums.due, sums.ordered, sums.failed, sums.held) == (4, 1, 1, 2)
    assert (sums.due_fen, sums.held_fen) == (17_000_000, 7_000_000)


def test_before_the_notice_period_is_over_a_row_says_so(town: Town) -> None:
    number = town.at(S.approved)
    (row,) = rows(town)
    assert row.number == number
    assert str(row.why).startswith("公示期至 2026-11-27")


def test_the_filters_narrow_it(town: Town, paid: dict[str, str]) -> None:
    software = town.bring(town.software(), S.approved)
    with notice_over():
        assert numbers(rows(town, line="K02")) == [(software, "subsidy")]
        assert numbers(rows(town, purpose=REWARD)) == [(paid["rewarding"], "reward")]
        assert rows(town, text="乙机构") == []
        assert len(rows(town, text="甲机构")) == 5
        assert len(rows(town, text=paid["due"])) == 1
        assert numbers(rows(town, text="pz-2", pile=P.paid)) == [(paid["rewarding"], "subsidy")]
        assert len(rows(town, month="2026-11")) == 5
        assert rows(town, month="2026-10") == []
        assert rows(town, line="' OR 1=1") == rows(town, text="%") == []
    with session(town.engine) as current:
        assert lines_listed(current) == ("K01", "K02")


def test_orders(town: Town, paid: dict[str, str]) -> None:
    with notice_over():
        by_amount = [row.amount_fen for row in rows(town, order="-amount_fen", pile=P.all)]
        assert by_amount == sorted(by_amount, reverse=True)
        assert rows(town, order="password") == rows(town)
        by_day = rows(town, order="paid_on", pile=P.paid)
    assert len(by_day) == 3


@pytest.mark.parametrize("who", sorted(SEES - {"agency"}))
def test_accounts_are_whole_for_finance_and_lead_only(
    town: Town, paid: dict[str, str], who: str
) -> None:
    with notice_over():
        found = {row.payee_account for row in rows(town, who, pile=P.all)}
        shown = _card(town, who, paid["closed"])
    whole = {"6222020200001111", "6222020200002222"}
    masked = {"**** 1111", "**** 2222"}
    assert found == (whole if who in ("finance", "lead") else masked)
    assert {one.payee_account for one in shown.purposes} == found


def test_an_agency_sees_its_own_payments_and_its_own_account(
    town: Town, paid: dict[str, str]
) -> None:
    second = town.bring(town.file(agreement_id=town.agreements["second"]), S.approved)
    with notice_over():
        own = rows(town, "agency", pile=P.all)
        assert second not in {row.number for row in own}
        assert {row.payee_account for row in own if row.purpose is SUBSIDY} == {"6222020200001111"}
        assert {row.payee_account for row in own if row.purpose is REWARD} == {"**** 2222"}
        assert {row.number for row in rows(town, "agency2", pile=P.all)} == {second}
        with session(town.engine) as current:
            assert pile_sums(current, town.people["agency2"]).due == 1
        with pytest.raises(NotFound, match=f"没有编号为“{second}”的拨付"):
            _card(town, "agency", second)


@pytest.mark.parametrize("who", ["reviewer", "bureau", "committee", "enterprise"])
def test_others_see_no_payments(town: Town, who: str) -> None:
    number = town.at(S.closed)
    with session(town.engine) as current:
        with pytest.raises(NotAllowed):
            payments_page(current, town.people[who], PaymentFilter(), everything())
        with pytest.raises(NotAllowed):
            pile_sums(current, town.people[who])
        with pytest.raises(NotFound):
            payment_card(current, town.people[who], number)


def _card(town: Town, who: str, number: str) -> Any:
    with session(town.engine) as current:
        return payment_card(current, town.people[who], number)


def test_a_card_tells_the_whole_story(town: Town) -> None:
    number = town.at(S.approved)
    with notice_over():
        pay(town, number, "PZ-1")
        town.step("finance", number, A.payment_failed, **BACK)
        with town.session() as current:
            make_order(current, town.people["finance"])
        pay(town, number, "PZ-2")
        with town.session() as current:
            draft = draft_recovery(current, town.people["finance"], number, SUBSIDY, 1, "多付")
        assert str(_card(town, "auditor", number).purposes[1].why_not).startswith("补贴正在追回")
        with town.session() as current:
            confirm_recovery(current, town.people["lead"], draft)
        card = _card(town, "auditor", number)
    subsidy, reward = card.purposes
    assert [line.kind for line in subsidy.entries] == [
        EntryKind.recovered, EntryKind.paid, EntryKind.ordered, EntryKind.failed, EntryKind.paid,
    ]  # fmt: skip
    assert [line.order for line in subsidy.entries] == [
        "", "BF-2026-11-01", "BF-2026-11-01", "", "",
    ]  # fmt: skip
    newest = subsidy.entries[0]
    assert (newest.entered_by, newest.confirmed_by) == ("finance 1", "lead 1")
    assert (subsidy.ledger.recovered_fen, subsidy.recovery, subsidy.line) == (1, None, "K01")
    assert (reward.why_not, reward.entries, card.needs_note) == (None, (), False)
    with notice_over():
        (shown, *_) = rows(town, pile=P.paid)
    assert (shown.standing, shown.recovered_fen) == (Standing.recovered, 1)


@pytest.mark.parametrize("number", ["2026-11-9999", "", "\x00", "' OR 1=1 --", "长" * 300])
def test_a_forged_number_names_nothing(town: Town, number: str) -> None:
    with pytest.raises(NotFound, match="没有编号为"):
        _card(town, "finance", number)


def test_a_claim_without_money_has_no_card(town: Town) -> None:
    number = town.file()
    with pytest.raises(NotFound):
        _card(town, "finance", number)
