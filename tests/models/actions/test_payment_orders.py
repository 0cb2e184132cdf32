"""Payment orders: what goes in and what stays out, frozen, paid as a whole with a result per row."""

from __future__ import annotations

from functools import partial
from typing import Any

import pytest
from sqlalchemy import text, update
from sqlalchemy.exc import DBAPIError

from models.actions.payment_orders import (
    OrderMade,
    drop_from_order,
    fail_ordered,
    make_order,
    pay_order,
    pay_waiting,
)
from models.actions.recoveries import draft_recovery
from models.database import session
from models.queries.paging import PageRequest
from models.queries.payment_orders import order_card, order_named, orders_page, waiting_rows
from models.queries.verification import verify
from models.rules.claim_workflow import Action, State
from models.rules.errors import (
    AlreadyDone,
    NotAllowed,
    NotAvailable,
    NotFound,
    PaymentRefused,
    ReasonMissing,
    SeenIsStale,
    TextRefused,
)
from models.rules.payments import EntryKind
from models.tables.claims import Claim
from models.tables.organisations import Enterprise
from models.tables.payments import PaymentOrder
from tests.models.actions.ledgers import (
    REWARD,
    SUBSIDY,
    entries,
    kinds,
    notice_over,
    pay,
    voucher,
)
from tests.models.actions.small_words import BACK
from tests.rivals import at_once, crossed
from tests.town import Town
from tests.world import later

A, S = Action, State
ORDER = "BF-2026-11-01"


def make(town: Town, who: str = "finance", *wanted: Any) -> OrderMade:
    """Somebody makes an order."""
    with town.session() as current:
        return make_order(current, town.people[who], wanted)


def pay_whole(town: Town, number: str = ORDER, base: str = "PZ-1", who: str = "finance") -> Any:
    """Somebody enters an order as paid."""
    with town.session() as current:
        return pay_order(current, town.people[who], number, voucher(base))


def card(town: Town, who: str = "finance", number: str = ORDER) -> Any:
    """An order as somebody sees it."""
    with session(town.engine) as current:
        return order_card(current, town.people[who], number)


def test_what_can_be_paid_today_goes_into_an_order_and_the_rest_says_why(town: Town) -> None:
    payable, held, recovering = (town.at(S.approved) for _ in range(3))
    rewarded = town.at(S.agency_paid)
    town.step("finance", held, A.hold, **BACK)
    with notice_over():
        pay(town, recovering, "PZ-9")
        with town.session() as current:
            draft_recovery(current, town.people["finance"], recovering, SUBSIDY, 100, "核减")
        with later(days=-1):
            waiting = town.at(S.approved)
        made = make(town)
        assert (made.number, made.rows, made.total_fen) == (ORDER, 2, 7_000_000)
        assert [(row.number, str(row.refusal)[:6]) for row in made.left] == [
            (waiting, "公示期至 2"), (recovering, "补贴正在追回"),
        ]  # fmt: skip
        with pytest.raises(NotAvailable, match="没有可以列入拨付单的款项"):
            make(town)
        shown = card(town)
    assert [(row.number, row.purpose, row.amount_fen) for row in shown.rows] == [
        (payable, SUBSIDY, 5_000_000), (rewarded, REWARD, 2_000_000),
    ]  # fmt: skip
    assert (shown.line.rows, shown.line.waiting, shown.waiting_fen) == (2, 2, 7_000_000)
    assert town.is_sound()


# On PostgreSQL the turn to pay is a lock: its line counts there.
@pytest.mark.covered
def test_an_order_can_be_made_of_some_rows(town: Town) -> None:
    one, other = town.at(S.approved), town.at(S.approved)
    with notice_over():
        assert make(town, "finance", (other, SUBSIDY), (one, REWARD)).rows == 1
        assert make(town, "finance2").rows == 1
    assert (kinds(town, one), kinds(town, other)) == (["ordered"], ["ordered"])
    assert {e.order_id for n in (one, other) for e in entries(town, n)} == {1, 2}


def test_a_payee_without_an_account_is_not_ordered(town: Town) -> None:
    number = town.at(S.agency_paid)
    town.change(Enterprise, Enterprise.id == town.enterprise_id, payee_account="")
    with notice_over(), pytest.raises(NotAvailable, match=f"{number} 收款方没有登记收款账号"):
        make(town)


def test_nothing_due_is_said(town: Town) -> None:
    with pytest.raises(NotAvailable, match="没有审批通过、等待拨付的申请"):
        make(town)


@pytest.mark.parametrize("who", ["lead", "leader", "committee", "agency", "auditor"])
def test_only_finance_makes_pays_and_empties_orders(town: Town, who: str) -> None:
    number = town.at(S.approved)
    with notice_over():
        for doing in (
            partial(make, town, who),
            partial(pay_whole, town, who=who),
            partial(drop, town, number, who=who),
        ):
            with town.refused(NotAllowed, "财政局"):
                doing()


def test_an_order_is_paid_row_by_row_and_every_row_says_what_happened(town: Town) -> None:
    numbers = [town.at(S.approved) for _ in range(4)]
    with notice_over():
        make(town)
        town.step("finance", numbers[1], A.hold, **BACK)
        pay(town, numbers[2], "PZ-OWN")
        results = pay_whole(town)
        assert [(row.number, row.is_done) for row in results] == [
            (numbers[0], True), (numbers[1], False), (numbers[3], True),
        ]  # fmt: skip
        assert "申请现为“暂缓”" in str(results[1].refusal)
        shown = card(town)
        assert [(row.became, row.voucher) for row in shown.rows] == [
            (EntryKind.paid, "PZ-1-01"), (EntryKind.ordered, ""),
            (EntryKind.paid, "PZ-OWN"), (EntryKind.paid, "PZ-1-04"),
        ]  # fmt: skip
        assert shown.line.waiting == 1
        town.step("finance", numbers[1], A.release, **BACK)
        assert [row.is_done for row in pay_whole(town, base="PZ-2")] == [True]
        with town.refused(AlreadyDone, "没有待支付的行"):
            pay_whole(town, base="PZ-3")
    assert town.is_sound()


def test_a_row_that_failed_shows_it_and_is_ordered_again(town: Town) -> None:
    number = town.at(S.approved)
    with notice_over():
        make(town)
        pay_whole(town)
        town.step("finance", number, A.payment_failed, **BACK)
        assert card(town).rows[0].became is EntryKind.failed
        assert make(town).number == "BF-2026-11-02"
        assert pay_whole(town, "BF-2026-11-02", "PZ-2")[0].is_done
    assert kinds(town, number) == ["ordered", "paid", "failed", "ordered", "paid"]
    assert town.is_sound()


def test_a_voucher_that_was_used_refuses_its_row_only(town: Town) -> None:
    numbers = [town.at(S.approved) for _ in range(3)]
    with notice_over():
        pay(town, numbers[0], "PZ-1-02")
        make(town)
        results = {row.number: row for row in pay_whole(town) if row.purpose is SUBSIDY}
    assert results[numbers[1]].is_done
    assert f"（{numbers[0]}），不能重复支付" in str(results[numbers[2]].refusal)
    assert kinds(town, numbers[2]) == ["ordered"]


def test_a_row_whose_amount_or_account_changed_is_refused(town: Town) -> None:
    one, other = town.at(S.approved), town.at(S.approved)
    with notice_over():
        make(town)
        town.change(Claim, Claim.number == one, payee_account="6222020200009999")
        results = {row.number: row for row in pay_whole(town)}
    assert "与拨付单不同" in str(results[one].refusal)
    assert results[other].is_done


def test_a_row_taken_out_after_it_was_listed_is_told(town: Town) -> None:
    number = town.at(S.approved)
    with notice_over():
        make(town)
        finance = town.people["finance"]
        with session(town.engine) as current:
            (row,) = waiting_rows(current, order_named(current, finance, ORDER))
        drop(town, number)
        with town.session() as current:
            result = pay_waiting(current, finance, row, voucher("PZ-1"))
    assert "已不在拨付单中" in str(result.refusal)
    assert kinds(town, number) == ["ordered", "dropped"]


def test_what_leaves_finance_leaves_its_order(town: Town) -> None:
    number = town.at(S.approved)
    with notice_over():
        make(town)
        town.step("finance", number, A.return_office, **BACK)
        assert kinds(town, number) == ["ordered", "dropped"]
        assert entries(town, number)[1].reason == "退回上一环节"
        assert card(town).rows[0].became is EntryKind.dropped
        assert town.is_sound()
        town.step("committee", number, A.approve)
    with later(days=20):
        assert make(town).rows == 1


def test_the_bank_did_not_pay_a_row_which_is_ordered_again(town: Town) -> None:
    number = town.at(S.approved)
    with notice_over():
        make(town)
        with town.refused(ReasonMissing, "银行给出的原因"):
            fail(town, number, " ")
        with town.refused(NotAllowed, "财政局"):
            fail(town, number, who="lead")
        fail(town, number)
        with town.refused(PaymentRefused, "台账现为“支付失败”"):
            fail(town, number)
        assert card(town).rows[0].became is EntryKind.failed
        ordered, failed = entries(town, number)
        assert (failed.of_id, failed.reason, failed.order_id) == (
            ordered.id,
            "账号不符",
            ordered.order_id,
        )
        assert town.is_sound()
        assert make(town).rows == 1
        pay_whole(town, "BF-2026-11-02", "PZ-2")
        with town.refused(PaymentRefused, "已不在拨付单中"):
            fail(town, number)
    assert kinds(town, number) == ["ordered", "failed", "ordered", "paid"]


def fail(town: Town, number: str, reason: str = "账号不符", who: str = "finance") -> None:
    """Somebody says that the bank did not pay a row."""
    with town.session() as current:
        fail_ordered(current, town.people[who], number, SUBSIDY, reason)


def drop(town: Town, number: str, reason: str = "收款信息待核", who: str = "finance") -> None:
    """Somebody takes a row out of its order."""
    with town.session() as current:
        drop_from_order(current, town.people[who], number, SUBSIDY, reason)


def test_a_row_is_taken_out_with_a_reason(town: Town) -> None:
    number = town.at(S.approved)
    with notice_over():
        with town.refused(PaymentRefused, "没有支付登记"):
            drop(town, number)
        make(town)
        with town.refused(ReasonMissing, "请写明撤出拨付单的原因"):
            drop(town, number, "  ")
        with town.refused(TextRefused):
            drop(town, number, "长" * 301)
        with town.refused(NotFound):
            drop(town, "2026-11-9999")
        drop(town, number)
        with town.refused(AlreadyDone, "没有待支付的行"):
            pay_whole(town)
        assert make(town).rows == 1
    assert kinds(town, number) == ["ordered", "dropped", "ordered"]
    assert town.is_sound()


# fmt: off
@pytest.mark.parametrize(("base", "kind", "words"), [
    ("",       PaymentRefused, "请填写凭证号"),
    ("9" * 37, PaymentRefused, "最长 36 个字符"),
    ("9" * 41, TextRefused,    "最长 40 个字"),
])
# fmt: on
def test_an_orders_voucher_leaves_room_for_the_rows_number(
    town: Town, base: str, kind: type[Exception], words: str
) -> None:
    town.at(S.approved)
    with notice_over():
        make(town)
        with town.refused(kind, words):  # type: ignore[arg-type]
            pay_whole(town, base=base)


@pytest.mark.parametrize("number", ["BF-2026-11-99", "", "\x00", "' OR 1=1", "长" * 500])
def test_an_order_that_is_not_there(town: Town, number: str) -> None:
    for who in ("finance", "agency", "bureau"):
        with pytest.raises(NotFound, match="没有编号为"):
            card(town, who, number)


def test_an_order_keeps_accounts_to_those_who_may_see_them(town: Town) -> None:
    town.at(S.approved)
    with notice_over():
        make(town)
    assert card(town, "lead").rows[0].payee_account == "6222020200001111"
    for who in ("leader", "auditor", "administrator"):
        assert card(town, who).rows[0].payee_account == "**** 1111"
    with pytest.raises(NotFound):
        card(town, "agency")
    with session(town.engine) as current:
        assert len(orders_page(current, town.people["leader"], PageRequest()).rows) == 1
        with pytest.raises(NotAllowed):
            orders_page(current, town.people["agency"], PageRequest())


def test_two_who_make_an_order_at_once_never_take_the_same_row(town: Town) -> None:
    numbers = [town.at(S.approved) for _ in range(3)]
    with notice_over():
        came_to = at_once(partial(make, town, "finance"), partial(make, town, "finance2"))
    assert [type(one) for one in came_to if not isinstance(one, OrderMade)] == [NotAvailable]
    assert [kinds(town, number) for number in numbers] == [["ordered"]] * 3


def test_an_order_and_a_single_payment_meet_over_one_claim(town: Town) -> None:
    numbers = [town.at(S.approved) for _ in range(2)]
    with notice_over():
        make(town)
        came_to = crossed(
            town.engine,
            partial(pay, town, numbers[1], "PZ-OWN", "finance2"),
            partial(pay_whole, town),
        )
    odd = [one for one in came_to if isinstance(one, Exception)]
    assert all(isinstance(one, SeenIsStale) for one in odd), came_to
    assert [kinds(town, number) for number in numbers] == [["ordered", "paid"]] * 2
    assert town.is_sound()


# fmt: off
@pytest.mark.parametrize("forged", [
    "UPDATE payment_order SET total_fen = 1",
    "DELETE FROM payment_order",
])
# fmt: on
def test_an_order_is_frozen(town: Town, forged: str) -> None:
    town.at(S.approved)
    with notice_over():
        make(town)
    with pytest.raises(DBAPIError, match=r"append-only|FOREIGN KEY|violates"):
        with town.session() as current:
            current.execute(text(forged))


def test_a_forged_order_is_named(town: Town) -> None:
    town.at(S.approved)
    with notice_over():
        make(town)
    with town.engine.begin() as connection:
        if town.engine.dialect.name == "sqlite":
            connection.execute(text("DROP TRIGGER payment_order_no_update"))
        else:
            connection.execute(text("DROP TRIGGER payment_order_append_only ON payment_order"))
        connection.execute(update(PaymentOrder).values(total_fen=1))
    with session(town.engine) as current:
        assert "拨付单 BF-2026-11-01 与操作记录不符" in str(verify(current).first_broken)
    with town.engine.begin() as connection:
        connection.execute(update(PaymentOrder).values(number="BF-2026-11-77", total_fen=5_000_000))
    with session(town.engine) as current:
        assert "与操作记录不符" in str(verify(current).first_broken)
