"""The ledger's rules: what may follow what, what stands, and the reward never before the subsidy."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta
from itertools import pairwise, product

import pytest
from hypothesis import given
from hypothesis import strategies as st

from models.rules.claim_workflow import State
from models.rules.entitlement import Purpose
from models.rules.errors import PaymentRefused, TextRefused
from models.rules.payments import (
    ENTRY_NAMES,
    MOVE_OF,
    MOVES,
    STANDING_NAMES,
    EntryFacts,
    EntryKind,
    Ledger,
    Standing,
    Voucher,
    entry_fault,
    ledger_of,
    plain_voucher,
    recovery_fault,
    reward_fault,
    standing_of,
    voucher_fault,
)

K = EntryKind
DAY = date(2026, 11, 20)
PAID = EntryFacts(7, K.paid, 5_000_000, DAY)


def entries(*kinds: EntryKind) -> list[EntryFacts]:
    """Entries of these kinds; what is recovered is a quarter each time."""
    return [
        EntryFacts(
            at, kind, -1_250_000 if kind is K.recovered else 5_000_000,
            DAY if kind is K.paid else None, 3 if kind is K.ordered else None,
        )
        for at, kind in enumerate(kinds, start=1)
    ]  # fmt: skip


def test_every_kind_has_its_row_and_its_name() -> None:
    assert set(MOVE_OF) == set(ENTRY_NAMES) == set(K)
    assert len(MOVES) == len(K)
    assert set(STANDING_NAMES) == set(Standing)
    assert [move.kind for move in MOVES if move.needs_two] == [K.recovered]
    assert {move.kind for move in MOVES if move.needs_reason} == {
        K.dropped, K.failed, K.returned, K.recovered,
    }  # fmt: skip


# fmt: off
FOLLOWS = {
    #  after        ordered dropped paid failed returned recovered
    None:          "   x       .     x     .       .        .    ",
    K.ordered:     "   .       x     x     x       .        .    ",
    K.dropped:     "   x       .     x     .       .        .    ",
    K.paid:        "   .       .     .     x       x        x    ",
    K.failed:      "   x       .     x     .       .        .    ",
    K.returned:    "   x       .     x     .       .        .    ",
    K.recovered:   "   .       .     .     .       .        x    ",
}
# fmt: on


@pytest.mark.parametrize(("last", "kind"), list(product(FOLLOWS, K)))
def test_what_may_follow_what(last: EntryKind | None, kind: EntryKind) -> None:
    may = FOLLOWS[last].split()[list(K).index(kind)] == "x"
    fault = entry_fault(last, kind)
    assert (fault is None) is may
    if fault is not None:
        assert str(ENTRY_NAMES[kind]) in str(fault)
        assert ("没有支付登记" in str(fault)) is (last is None)


# fmt: off
@pytest.mark.parametrize(("kinds", "stands"), [
    ((),                                       Ledger()),
    ((K.ordered,),                             Ledger(K.ordered, order_id=3)),
    ((K.ordered, K.dropped),                   Ledger(K.dropped)),
    ((K.ordered, K.paid),                      Ledger(K.paid, EntryFacts(2, K.paid, 5_000_000, DAY))),
    ((K.paid, K.failed),                       Ledger(K.failed)),
    ((K.paid, K.failed, K.paid),               Ledger(K.paid, EntryFacts(3, K.paid, 5_000_000, DAY))),
    ((K.paid, K.returned, K.ordered),          Ledger(K.ordered, order_id=3)),
    ((K.paid, K.recovered, K.recovered),       Ledger(K.recovered, EntryFacts(1, K.paid, 5_000_000, DAY), 2_500_000)),
])
# fmt: on
def test_what_entries_come_to(kinds: tuple[EntryKind, ...], stands: Ledger) -> None:
    assert ledger_of(entries(*kinds)) == stands


def test_what_a_payee_keeps() -> None:
    assert Ledger().kept_fen == 0
    assert ledger_of(entries(K.paid, K.recovered)).kept_fen == 3_750_000


# ---------------------------------------------------------------- reward after subsidy


def test_a_reward_follows_a_subsidy_that_stands() -> None:
    stands = Ledger(K.paid, PAID)
    assert reward_fault(stands, DAY, is_being_recovered=False) is None
    partly = Ledger(K.recovered, PAID, recovered_fen=4_999_999)
    assert reward_fault(partly, DAY, is_being_recovered=False) is None
    undated = Ledger(K.paid, replace(PAID, paid_on=None))
    assert reward_fault(undated, DAY, is_being_recovered=False) is None


# fmt: off
@pytest.mark.parametrize(("subsidy", "on", "recovering", "words"), [
    (Ledger(),                               DAY,                  False, "先补贴、后奖励"),
    (Ledger(K.failed),                       DAY,                  False, "先补贴、后奖励"),
    (Ledger(K.ordered, order_id=3),          DAY,                  False, "先补贴、后奖励"),
    (Ledger(K.paid, PAID),                   DAY,                  True,  "正在追回"),
    (Ledger(K.recovered, PAID, 5_000_000),   DAY,                  False, "已全额追回"),
    (Ledger(K.paid, PAID),                   DAY - timedelta(1),   False, "早于补贴付款日期 2026-11-20"),
])
# fmt: on
def test_no_reward_before_it(subsidy: Ledger, on: date, recovering: bool, words: str) -> None:
    assert words in str(reward_fault(subsidy, on, is_being_recovered=recovering))


@given(st.lists(st.tuples(st.sampled_from(Purpose), st.sampled_from(K)), max_size=14))
def test_whatever_is_tried_in_whatever_order_no_reward_stands_alone(
    tried: list[tuple[Purpose, EntryKind]],
) -> None:
    """Attempts in any order through the rules alone: each reward paid has a subsidy that stood."""
    kept: dict[Purpose, list[EntryFacts]] = {purpose: [] for purpose in Purpose}
    for number, (purpose, kind) in enumerate(tried, start=1):
        ledger = ledger_of(kept[purpose])
        subsidy = ledger_of(kept[Purpose.subsidy])
        is_reward = (purpose, kind) == (Purpose.reward, K.paid)
        if entry_fault(ledger.last, kind) or (
            is_reward and reward_fault(subsidy, DAY, is_being_recovered=False)
        ):
            continue
        if is_reward:
            assert subsidy.paid is not None
            assert subsidy.kept_fen > 0
        amount = -min(1_250_000, ledger.kept_fen) if kind is K.recovered else 5_000_000
        if kind is K.recovered and recovery_fault(ledger, -amount):
            continue
        kept[purpose].append(EntryFacts(number, kind, amount, DAY if kind is K.paid else None))
    for purpose in Purpose:
        stood = [entry for entry in kept[purpose] if entry.kind not in (K.dropped, K.recovered)]
        paid = sum(entry.kind is K.paid for entry in stood)
        undone = sum(
            before.kind is K.paid and after.kind in (K.failed, K.returned)
            for before, after in pairwise(stood)
        )
        assert paid - undone in (0, 1)
        assert ledger_of(kept[purpose]).kept_fen >= 0


# ---------------------------------------------------------------- recovery, voucher


# fmt: off
@pytest.mark.parametrize(("kinds", "fen", "words"), [
    ((),                      1,         "没有支付登记"),
    ((K.ordered,),            1,         "列入拨付单"),
    ((K.paid,),               0,         "不超过尚未追回的 50,000.00 元"),
    ((K.paid,),               5_000_001, "不超过尚未追回的 50,000.00 元"),
    ((K.paid, K.recovered),   3_750_001, "不超过尚未追回的 37,500.00 元"),
])
# fmt: on
def test_more_than_was_paid_is_never_recovered(
    kinds: tuple[EntryKind, ...], fen: int, words: str
) -> None:
    assert words in str(recovery_fault(ledger_of(entries(*kinds)), fen))


def test_what_is_left_can_be_recovered() -> None:
    assert recovery_fault(ledger_of(entries(K.paid, K.recovered)), 3_750_000) is None


@pytest.mark.parametrize("written", ["pz-001", "ＰＺ－００１", " PZ -0 01\t", "Pz-001"])
def test_a_voucher_has_one_spelling(written: str) -> None:
    assert plain_voucher(written) == "PZ-001"


@pytest.mark.parametrize("written", ["", "　", "\n"])
def test_a_payment_needs_a_voucher(written: str) -> None:
    with pytest.raises(PaymentRefused, match="请填写凭证号"):
        plain_voucher(written)


def test_a_voucher_no_bank_writes_is_refused() -> None:
    with pytest.raises(TextRefused):
        plain_voucher("9" * 41)
    with pytest.raises(PaymentRefused, match="不可见"):
        plain_voucher("PZ\u202e1")


def test_a_payment_has_a_day_between_its_approval_and_today() -> None:
    voucher = Voucher("PZ-1", DAY)
    assert voucher_fault(voucher, DAY, DAY) is None
    assert voucher_fault(voucher, DAY, None) is None
    assert "还没有到" in str(voucher_fault(voucher, DAY - timedelta(1), None))
    assert "早于审批通过日期" in str(voucher_fault(voucher, DAY, DAY + timedelta(1)))


# ---------------------------------------------------------------- where money stands


# fmt: off
@pytest.mark.parametrize(("state", "purpose", "last", "is_paid", "is_reconciled", "standing"), [
    (State.approved,    Purpose.subsidy, None,        False, False, Standing.due),
    (State.approved,    Purpose.subsidy, K.dropped,   False, False, Standing.due),
    (State.approved,    Purpose.subsidy, K.ordered,   False, False, Standing.ordered),
    (State.approved,    Purpose.subsidy, K.failed,    False, False, Standing.failed),
    (State.approved,    Purpose.subsidy, K.returned,  False, False, Standing.returned),
    (State.approved,    Purpose.reward,  None,        False, False, Standing.not_yet),
    (State.agency_paid, Purpose.reward,  None,        False, False, Standing.due),
    (State.on_hold,     Purpose.subsidy, K.ordered,   False, False, Standing.held),
    (State.agency_paid, Purpose.subsidy, K.paid,      True,  False, Standing.paid),
    (State.closed,      Purpose.reward,  K.paid,      True,  True,  Standing.reconciled),
    (State.closed,      Purpose.subsidy, K.recovered, True,  True,  Standing.recovered),
])
# fmt: on
def test_where_money_stands(
    state: State, purpose: Purpose, last: EntryKind | None, is_paid: bool, is_reconciled: bool,
    standing: Standing,
) -> None:  # fmt: skip
    assert standing is standing_of(
        state, purpose, last, is_paid=is_paid, is_reconciled=is_reconciled
    )
