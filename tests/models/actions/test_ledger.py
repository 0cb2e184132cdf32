"""The ledger beneath the workflow: each payment leaves its entry, none is paid twice, and the reward
never comes before the subsidy, whatever is tried in whatever order."""

from __future__ import annotations

import random
from collections.abc import Callable
from datetime import date, timedelta
from functools import partial
from typing import Any

import pytest
from alembic.script import ScriptDirectory
from sqlalchemy import insert, text
from sqlalchemy.exc import DBAPIError, IntegrityError
from sqlmodel import select

from models.actions.payment_orders import drop_from_order, fail_ordered, make_order, pay_order
from models.actions.recoveries import confirm_recovery, discard_recovery, draft_recovery
from models.actions.steps import take_step
from models.clock import today
from models.database import session
from models.queries.ledger import account_of
from models.queries.verification import verify
from models.queries.vouching_payments import entries_fault, money_fault
from models.rules.claim_workflow import Action, State
from models.rules.entitlement import Payee
from models.rules.errors import (
    AlreadyDone,
    NotAllowed,
    NotAvailable,
    PaymentRefused,
    Refusal,
    TextRefused,
)
from models.rules.payments import EntryKind, Voucher
from models.tables.claims import ClaimMoney
from models.tables.organisations import Enterprise
from models.tables.payments import BankList, BankRow, Payment
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
from tests.rivals import at_once
from tests.town import Town
from tests.world import TODAY

A, S = Action, State


def test_a_payment_leaves_its_entry_with_voucher_day_and_payee(town: Town) -> None:
    number = town.at(S.approved)
    with notice_over():
        pay(town, number, "ＰＺ－1")
        pay(town, number, "pz-2")
    (paid,), (reward,) = entries(town, number), entries(town, number, REWARD)
    assert (paid.kind, paid.amount_fen, paid.voucher) == (EntryKind.paid, 5_000_000, "PZ-1")
    assert (paid.payee_name, paid.payee_bank, paid.payee_account) == (
        "大连示例甲机构有限公司", "示例银行大连分行", "6222020200001111",
    )  # fmt: skip
    assert (reward.amount_fen, reward.voucher, reward.payee_account) == (
        2_000_000, "PZ-2", "6222020200002222",
    )  # fmt: skip
    assert reward.after_id == paid.id
    assert paid.paid_on == TODAY + timedelta(days=8)
    assert paid.entered_by_id == town.people["finance"].account_id
    assert town.is_sound()


def test_a_payment_without_a_voucher_is_of_today_and_waits_for_the_banks_list(town: Town) -> None:
    number = town.at(S.agency_paid)
    (paid,) = entries(town, number)
    assert (paid.voucher, paid.paid_on) == ("", TODAY + timedelta(days=8))


# fmt: off
@pytest.mark.parametrize(("given", "kind", "words"), [
    (Voucher("", TODAY),                          PaymentRefused, "请填写凭证号"),
    (Voucher("9" * 41, TODAY),                    TextRefused,    "最长 40 个字"),
    (Voucher("PZ-1", date(2027, 1, 1)),           PaymentRefused, "还没有到"),
    (Voucher("PZ-1", date(2026, 11, 19)),         PaymentRefused, "早于审批通过日期 2026-11-20"),
])
# fmt: on
def test_a_voucher_that_cannot_be_is_refused(
    town: Town, given: Voucher, kind: type[Refusal], words: str
) -> None:
    number = town.at(S.approved)
    with notice_over(), town.refused(kind, words):
        town.step("finance", number, A.pay_agency, voucher=given)
    assert kinds(town, number) == []


def test_the_same_payee_amount_and_voucher_is_paid_once(town: Town) -> None:
    first, second = town.at(S.approved), town.at(S.approved)
    with notice_over():
        pay(town, first, "PZ-1")
        with town.refused(AlreadyDone, f"凭证 PZ-1 已登记过同一收款账号、同一金额 50,000.00 元的支付（{first}）"):
            pay(town, second, "pz -1")
        pay(town, second, "PZ-1", subsidy_fen=4_000_000, note="核减")
        pay(town, first, "PZ-1")
    assert town.is_sound()


def test_of_two_payments_with_one_voucher_at_once_one_is_made(town: Town) -> None:
    numbers = [town.at(S.approved) for _ in range(2)]
    with notice_over():
        seen = {number: town.seen("finance", number) for number in numbers}
        doings = [
            partial(_pay_seen, town, who, number, seen[number])
            for who, number in zip(("finance", "finance2"), numbers, strict=True)
        ]
        came_to = at_once(*doings)
    (told,) = [one for one in came_to if isinstance(one, Exception)]
    assert isinstance(told, AlreadyDone), told
    assert sorted(len(entries(town, number)) for number in numbers) == [0, 1]
    assert town.is_sound()


def _pay_seen(town: Town, who: str, number: str, seen: Any) -> Any:
    with town.session() as current:
        return take_step(
            current, town.people[who], number, A.pay_agency, seen, voucher=voucher("PZ-1")
        )


def test_a_failed_payment_is_repaired_under_another_voucher(town: Town) -> None:
    number = town.at(S.approved)
    with notice_over():
        pay(town, number, "PZ-1")
        town.step("finance", number, A.payment_failed, **BACK)
        with town.refused(AlreadyDone, "PZ-1"):
            pay(town, number, "PZ-1")
        with town.refused(Refusal):
            town.step("finance", number, A.reward_enterprise, voucher=voucher("PZ-3"))
        pay(town, number, "PZ-2")
        pay(town, number, "PZ-3")
    assert kinds(town, number) == ["paid", "failed", "paid"]
    paid, failed, again = entries(town, number)
    assert (failed.of_id, failed.reason, failed.voucher) == (paid.id, "见说明", "PZ-1")
    assert entries(town, number, REWARD)[0].after_id == again.id
    assert town.is_sound()


def test_what_left_the_account_and_came_back_was_returned(town: Town) -> None:
    number = town.at(S.approved)
    with notice_over():
        pay(town, number, "PZ-1")
        (paid,) = entries(town, number)
        with town.session() as current:
            current.add(
                BankList(
                    id=1, file_name="a.csv", sha256="0", rows=1, total_fen=1, rows_digest="0",
                    imported_by_id=1, imported_at_utc=paid.entered_at_utc,
                )
            )
            current.flush()
            current.add(
                BankRow(
                    list_id=1, line=2, paid_on=today(), payee_name="", payee_account="",
                    amount_fen=1, voucher="PZ-1", verdict="matched", payment_id=paid.id,
                )
            )  # fmt: skip
        town.step("finance", number, A.payment_failed, **BACK)
    assert kinds(town, number) == ["paid", "returned"]


def test_a_reward_that_comes_back_after_the_end_is_paid_again(town: Town) -> None:
    """The claim goes back to where its reward is due; the corrected account is paid; it is closed
    again, and nothing of the subsidy has moved."""
    number = town.at(S.approved)
    with notice_over():
        pay(town, number, "PZ-1")
        pay(town, number, "PZ-2")
        assert town.state(number) is S.closed
        with town.refused(NotAvailable, "企业奖励已发放"):
            town.step("finance", number, A.payment_failed, **BACK)
        line = town.line()
        town.step("finance", number, A.reward_failed, **BACK)
        assert town.state(number) is S.agency_paid
        money = town.money(number, REWARD)
        assert (money.paid_fen, money.committed_fen) == (0, 2_000_000)
        assert town.line() == (line[0] + 20_000, line[1] - 20_000)
        assert kinds(town, number) == ["paid"]
        assert kinds(town, number, REWARD) == ["paid", "failed"]
        assert town.is_sound()
        with town.refused(AlreadyDone, "PZ-2"):
            pay(town, number, "PZ-2")
        own = Enterprise.id == town.enterprise_id
        town.change(Enterprise, own, payee_account="6222020200007777")
        pay(town, number, "PZ-3")
        assert town.state(number) is S.closed
    paid, failed, again = entries(town, number, REWARD)
    assert (failed.of_id, again.payee_account) == (paid.id, "6222020200007777")
    assert [event.round for event in town.events(number)][-3:] == [1, 1, 2]
    assert town.line() == line


def test_what_was_closed_without_a_reward_can_still_come_back(town: Town) -> None:
    number = town.at(S.approved)
    town.change(ClaimMoney, ClaimMoney.purpose == REWARD, approved_fen=0, committed_fen=0)
    with notice_over():
        pay(town, number, "PZ-1")
        town.system(number, A.close_without_reward)
        with town.refused(NotAvailable, "没有发放过企业奖励"):
            town.step("finance", number, A.reward_failed, **BACK)
        town.step("finance", number, A.payment_failed, **BACK)
        assert (town.state(number), kinds(town, number)) == (S.approved, ["paid", "failed"])
        pay(town, number, "PZ-2")
        assert town.state(number) is S.agency_paid


@pytest.mark.parametrize("who", ["lead", "reviewer", "bureau", "committee", "agency"])
def test_only_finance_says_that_a_reward_came_back(sqlite_only: Town, who: str) -> None:
    number = sqlite_only.at(S.closed)
    with sqlite_only.refused(NotAllowed, "财政局"):
        sqlite_only.step(who, number, A.reward_failed, **BACK)


def test_a_recovered_reward_does_not_come_back(sqlite_only: Town) -> None:
    town = sqlite_only
    number = town.at(S.closed)
    with town.session() as current:
        draft = draft_recovery(current, town.people["finance"], number, REWARD, 1_000, "核减")
    with town.session() as current:
        confirm_recovery(current, town.people["finance2"], draft)
    with town.refused(PaymentRefused, "台账现为“追回”"):
        town.step("finance", number, A.reward_failed, **BACK)


def test_a_reward_is_not_dated_before_its_subsidy(town: Town) -> None:
    number = town.at(S.approved)
    with notice_over():
        pay(town, number, "PZ-1")
        with town.refused(PaymentRefused, "早于补贴付款日期"):
            town.step(
                "finance", number, A.reward_enterprise,
                voucher=voucher("PZ-2", today() - timedelta(1)),
            )  # fmt: skip


def test_no_reward_while_the_subsidy_is_being_recovered_or_was(town: Town) -> None:
    number = town.at(S.approved)
    with notice_over():
        pay(town, number, "PZ-1")
        finance, finance2 = town.people["finance"], town.people["finance2"]
        with town.session() as current:
            draft = draft_recovery(current, finance, number, SUBSIDY, 5_000_000, "重复领取")
        with town.refused(PaymentRefused, "补贴正在追回"):
            pay(town, number, "PZ-2")
        with town.session() as current:
            confirm_recovery(current, finance2, draft)
        with town.refused(PaymentRefused, "补贴已全额追回"):
            pay(town, number, "PZ-2")
        with town.refused(PaymentRefused, "台账现为“追回”"):
            town.step("finance", number, A.payment_failed, **BACK)
    assert town.is_sound()


# ---------------------------------------------------------------- the tables themselves


def _row(town: Town, number: str, **values: Any) -> dict[str, Any]:
    claim = town.claim(number)
    return {
        "claim_id": claim.id, "purpose": REWARD, "position": 9, "kind": EntryKind.paid,
        "amount_fen": 1, "payee_name": "", "payee_bank": "", "payee_account": "", "voucher": "",
        "paid_on": TODAY, "reason": "", "entered_by_id": 1,
        "entered_at_utc": claim.changed_at_utc,
    } | values  # fmt: skip


# fmt: off
FORGED: list[dict[str, Any]] = [
    {},                                                                      # a reward after nothing
    {"after_id": 999},                                                       # after what is not there
    {"purpose": SUBSIDY, "after_id": 1},
    {"purpose": SUBSIDY, "amount_fen": 0},
    {"purpose": SUBSIDY, "amount_fen": -1},
    {"purpose": SUBSIDY, "paid_on": None},
    {"purpose": SUBSIDY, "kind": EntryKind.ordered, "paid_on": None},        # in no order
    {"purpose": SUBSIDY, "kind": EntryKind.failed, "paid_on": None},         # of no payment
    {"purpose": SUBSIDY, "kind": EntryKind.recovered, "paid_on": None, "amount_fen": -1, "of_id": 1, "confirmed_by_id": 1},
    {"purpose": SUBSIDY, "kind": EntryKind.recovered, "paid_on": None, "amount_fen": -1, "of_id": 1},
    {"purpose": SUBSIDY, "kind": EntryKind.recovered, "paid_on": None, "amount_fen": 1, "of_id": 1, "confirmed_by_id": 2},
    {"purpose": SUBSIDY, "kind": EntryKind.paid, "voucher": "PZ-1", "amount_fen": 5_000_000, "payee_account": "6222020200001111"},
]
# fmt: on


@pytest.mark.parametrize("forged", FORGED, ids=str)
def test_the_table_itself_refuses_what_the_rules_forbid(town: Town, forged: dict[str, Any]) -> None:
    number = town.at(S.approved)
    with notice_over():
        pay(town, number, "PZ-1")
    with pytest.raises(IntegrityError), town.session() as current:
        current.execute(insert(Payment).values(**_row(town, number, **forged)))


def test_a_reward_follows_a_payment_of_its_own_claim(town: Town) -> None:
    one, other = town.at(S.approved), town.at(S.approved)
    with notice_over():
        pay(town, one, "PZ-1")
        pay(town, other, "PZ-2")
    (paid,) = entries(town, other)
    with pytest.raises(IntegrityError), town.session() as current:
        current.execute(insert(Payment).values(**_row(town, one, after_id=paid.id)))


def test_no_entry_is_ever_changed(town: Town) -> None:
    number = town.at(S.agency_paid)
    for change in ("UPDATE payment SET amount_fen = 1", "DELETE FROM payment"):
        with pytest.raises(DBAPIError, match="append-only"), town.session() as current:
            current.execute(text(change))
    assert len(entries(town, number)) == 1


# ---------------------------------------------------------------- what verify says


def _force(town: Town, statement: str) -> None:
    """Somebody with the database in hand, who takes the triggers off first."""
    with town.engine.begin() as connection:
        if town.engine.dialect.name == "sqlite":
            for name in ("update", "delete"):
                connection.execute(text(f"DROP TRIGGER IF EXISTS payment_no_{name}"))
        else:
            connection.execute(text("DROP TRIGGER IF EXISTS payment_append_only ON payment"))
        connection.execute(text(statement))


# fmt: off
@pytest.mark.parametrize(("forged", "words"), [
    ("UPDATE payment SET voucher = 'PZ-9' WHERE kind = 'paid' AND purpose = 'subsidy'", "拨付台账与操作记录不符"),
    ("UPDATE payment SET payee_account = '1'",                                          "拨付台账与操作记录不符"),
    ("DELETE FROM payment WHERE purpose = 'reward'",                                    "拨付台账与操作记录不符"),
])
# fmt: on
def test_an_altered_entry_is_named(town: Town, forged: str, words: str) -> None:
    number = town.at(S.closed)
    assert town.is_sound()
    _force(town, forged)
    with session(town.engine) as current:
        broken = verify(current).first_broken
    assert words in str(broken)
    assert number in str(broken)


def test_an_entry_of_before_the_ledger_is_held_against_its_event(town: Town) -> None:
    """The first entries were made of the events there were; the record says nothing of them."""
    number = town.at(S.agency_paid)
    events = {event.id or 0: event for event in town.events(number)}
    kept = entries(town, number)
    assert entries_fault(kept, [], events) is None
    kept[0].amount_fen = 4_000_000
    assert "台账" in str(entries_fault(kept, [], events))
    assert "台账" in str(entries_fault(kept, [], {}))


def test_what_the_entries_come_to_is_what_is_kept_as_paid(town: Town) -> None:
    number = town.at(S.agency_paid)
    kept, money = entries(town, number), town.money(number)
    assert money_fault(kept, [money]) is None
    assert "已付金额" in str(money_fault([], [money]))


# ---------------------------------------------------------------- whom money goes to


def test_the_alliance_is_paid_where_the_standard_says_so(town: Town) -> None:
    number = town.at(S.approved)
    with town.session() as current:
        claim, money = town.claim(number), town.money(number, REWARD)
        money.payee = Payee.alliance
        account = account_of(current, claim, money)
        assert (account.bank, account.number) == ("", "")
        money.payee = Payee.agency
        assert account_of(current, claim, money).number == "6222020200001111"


def test_an_account_that_is_not_the_partys_has_no_bank(town: Town) -> None:
    number = town.at(S.approved)
    with town.session() as current:
        claim = town.claim(number)
        claim.payee_account = "9"
        assert account_of(current, claim, town.money(number)).bank == ""


# ---------------------------------------------------------------- in whatever order


def _attempts(town: Town) -> dict[str, Callable[[str, int], Any]]:
    """Everything that can be tried with a payment, by name."""
    finance, finance2 = town.people["finance"], town.people["finance2"]

    def step(action: Action, who: str = "finance", **given: Any) -> Callable[[str, int], Any]:
        def tried(number: str, turn: int) -> Any:
            more = {"voucher": voucher(f"PZ-{turn}")} if action in PAYS else dict(given)
            return town.step(who, number, action, **more)

        return tried

    def act(doing: Callable[..., Any], *given: Any) -> Callable[[str, int], Any]:
        def tried(number: str, turn: int) -> Any:
            with town.session() as current:
                return doing(current, number, turn, *given)

        return tried

    return {
        "pay": step(A.pay_agency), "reward": step(A.reward_enterprise),
        "fail": step(A.payment_failed, **BACK), "fail reward": step(A.reward_failed, **BACK),
        "fail ordered": act(lambda c, n, t: fail_ordered(c, finance, n, SUBSIDY, "账号不符")),
        "hold": step(A.hold, **BACK),
        "release": step(A.release, **BACK), "return": step(A.return_office, **BACK),
        "re-review": step(A.pass_re_review, "bureau"), "approve": step(A.approve, "committee"),
        "order": act(lambda c, n, t: make_order(c, finance, [(n, SUBSIDY), (n, REWARD)])),
        "pay order": act(lambda c, n, t: pay_order(c, finance, "BF-2026-11-01", voucher(f"D{t}"))),
        "drop": act(lambda c, n, t: drop_from_order(c, finance, n, SUBSIDY, "退回核对")),
        "draft": act(lambda c, n, t: draft_recovery(c, finance, n, SUBSIDY, 1_000_000 + t, "核减")),
        "draft reward": act(lambda c, n, t: draft_recovery(c, finance, n, REWARD, 1_000, "核减")),
        "confirm": act(lambda c, n, t: confirm_recovery(c, finance2, t % 4 + 1)),
        "discard": act(lambda c, n, t: discard_recovery(c, finance2, t % 3 + 1)),
    }  # fmt: skip


PAYS = (A.pay_agency, A.reward_enterprise)


@pytest.mark.parametrize("seed", range(6))
def test_in_whatever_order_it_is_tried_no_reward_comes_before_its_subsidy(
    town: Town, seed: int
) -> None:
    """Attempts drawn by chance on two claims; what goes through keeps the order, on the ledger and
    in the workflow, and everything adds up."""
    drawn = random.Random(seed)
    numbers = [town.at(S.approved) for _ in range(2)]
    tries = _attempts(town)
    went: list[str] = []
    with notice_over():
        for turn in range(48):
            name, number = drawn.choice(list(tries)), drawn.choice(numbers)
            try:
                tries[name](number, turn)
                went.append(name)
            except Refusal:
                pass
    assert len(went) > 3
    for number in numbers:
        _agrees(town, number)
    assert town.is_sound()


def _agrees(town: Town, number: str) -> None:
    subsidies = entries(town, number)
    by_id = {entry.id: entry for entry in subsidies}
    for reward in entries(town, number, REWARD):
        if reward.kind is not EntryKind.paid:
            continue
        before = by_id[reward.after_id]
        assert before.kind is EntryKind.paid
        assert (before.id or 0) < (reward.id or 0)
        undone = [one for one in subsidies if one.of_id == before.id and one.kind != "recovered"]
        assert all((one.id or 0) > (reward.id or 0) for one in undone)
    steps = [event.action for event in town.events(number)]
    if A.reward_enterprise in steps:
        assert A.pay_agency in steps[: steps.index(A.reward_enterprise)]


# ---------------------------------------------------------------- before there was a ledger


def test_the_first_entries_are_made_of_the_events_there_were(lived: Town) -> None:
    """A claim paid, one paid again after a failure and rewarded: their entries come out as they
    were, without vouchers, and the record still verifies."""
    number = lived.at(S.approved)
    with notice_over():
        pay(lived, number, "PZ-1")
        lived.step("finance", number, A.payment_failed, **BACK)
        pay(lived, number, "PZ-2")
        pay(lived, number, "PZ-3")
    scripts = ScriptDirectory("models/migrations").walk_revisions()
    made = next(script.module for script in scripts if hasattr(script.module, "first_entries"))
    before = _plain_entries(lived)
    _force(lived, "DELETE FROM payment WHERE purpose = 'reward'")
    _force(lived, "DELETE FROM payment WHERE kind = 'failed'")
    with lived.engine.begin() as connection:
        connection.execute(text("DELETE FROM payment"))
        made.first_entries(connection)
    assert _plain_entries(lived) == before


def _plain_entries(town: Town) -> list[tuple[object, ...]]:
    """What the first entries can know."""
    with session(town.engine) as current:
        kept = current.exec(
            select(Payment).order_by(Payment.claim_id, Payment.purpose, Payment.position)
        )
        return [
            (e.claim_id, e.purpose, e.position, e.kind, e.amount_fen, e.payee_name, e.payee_bank,
             e.payee_account, e.paid_on, e.event_id, bool(e.of_id), bool(e.after_id),
             e.entered_by_id, e.entered_at_utc, e.reason if e.kind is EntryKind.failed else "")
            for e in kept
        ]  # fmt: skip
