"""Reconciling: each line of the bank's is one entry at most, and what differs is told."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from models.rules.reconciling import VERDICT_NAMES, BankLine, Booked, Verdict, matches

V = Verdict
LINE = BankLine(
    2, date(2026, 11, 30), "大连示例甲机构有限公司", "6222020200001111", 5_000_000, "PZ-1"
)
PAID = Booked(1, "大连示例甲机构有限公司", "6222020200001111", 5_000_000, "PZ-1")
ORDERED = replace(PAID, id=2, voucher="", is_paid=False)


def test_every_verdict_has_a_name() -> None:
    assert set(VERDICT_NAMES) == set(V)


# fmt: off
@pytest.mark.parametrize(("booked", "verdict", "told_by"), [
    ([PAID],                                              V.matched,       1),
    ([replace(PAID, payee_name="更名后的机构")],          V.matched,       1),
    ([replace(PAID, voucher="")],                         V.matched,       1),
    ([replace(PAID, amount_fen=1)],                       V.other_amount,  1),
    ([replace(PAID, payee_account="1")],                  V.other_account, 1),
    ([replace(PAID, payee_account="1", amount_fen=1)],    V.other_account, 1),
    ([replace(PAID, voucher="", payee_name="另一家")],    V.other_name,    1),
    ([replace(PAID, is_reconciled=True)],                 V.doubled,       1),
    ([ORDERED],                                           V.not_entered,   2),
    ([replace(ORDERED, amount_fen=1)],                    V.unknown,       None),
    ([replace(PAID, voucher="PZ-9")],                     V.unknown,       None),
    ([],                                                  V.unknown,       None),
    ([ORDERED, PAID],                                     V.matched,       1),
])
# fmt: on
def test_what_a_line_is(booked: list[Booked], verdict: Verdict, told_by: int | None) -> None:
    (match,) = matches([LINE], booked)
    assert (match.line, match.verdict, match.booked_id) == (2, verdict, told_by)


def test_a_payment_is_found_once() -> None:
    twice = matches([LINE, replace(LINE, line=3)], [PAID])
    assert [match.verdict for match in twice] == [V.matched, V.doubled]
    orders = matches([LINE, replace(LINE, line=3)], [ORDERED])
    assert [match.verdict for match in orders] == [V.not_entered, V.unknown]


def test_a_payment_without_a_voucher_gives_way_to_the_one_with_it() -> None:
    unnamed = replace(PAID, id=5, voucher="")
    lines = [LINE, replace(LINE, line=3, voucher="PZ-2")]
    assert [match.booked_id for match in matches(lines, [unnamed, PAID])] == [1, 5]


_BOOKED = st.builds(
    Booked,
    id=st.integers(1, 5),
    payee_name=st.sampled_from(["甲", "乙"]),
    payee_account=st.sampled_from(["1", "2"]),
    amount_fen=st.sampled_from([1, 2]),
    voucher=st.sampled_from(["", "A", "B"]),
    is_paid=st.booleans(),
)
_LINES = st.builds(
    BankLine,
    line=st.integers(1, 9),
    paid_on=st.just(date(2026, 11, 30)),
    payee_name=st.sampled_from(["甲", "乙"]),
    payee_account=st.sampled_from(["1", "2"]),
    amount_fen=st.sampled_from([1, 2]),
    voucher=st.sampled_from(["A", "B"]),
)


@given(
    st.lists(_LINES, max_size=6, unique_by=lambda line: line.line),
    st.lists(_BOOKED, max_size=5, unique_by=lambda one: one.id),
)
def test_whatever_the_lists_no_entry_is_found_twice(
    lines: list[BankLine], booked: list[Booked]
) -> None:
    found = matches(lines, booked)
    assert [match.line for match in found] == [line.line for line in lines]
    taken = [match.booked_id for match in found if match.verdict in (V.matched, V.not_entered)]
    assert len(taken) == len(set(taken))
    by_id = {one.id: one for one in booked}
    for line, match in zip(lines, found, strict=True):
        if match.verdict is V.matched:
            one = by_id[match.booked_id or 0]
            assert one.is_paid
            assert (one.payee_account, one.amount_fen) == (line.payee_account, line.amount_fen)
