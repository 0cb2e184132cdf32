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


BACK = replace(LINE, line=3, summary="退汇：账号与户名不符")
FAILED = replace(PAID, id=3, is_paid=False, is_failure=True)
UNDONE = replace(PAID, is_undone=True)


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
    ([UNDONE],                                            V.matched,       1),
    ([replace(UNDONE, voucher="")],                       V.unknown,       None),
    ([FAILED],                                            V.unknown,       None),
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
    is_undone=st.booleans(),
)
_LINES = st.builds(
    BankLine,
    line=st.integers(1, 9),
    paid_on=st.just(date(2026, 11, 30)),
    payee_name=st.sampled_from(["甲", "乙"]),
    payee_account=st.sampled_from(["1", "2"]),
    amount_fen=st.sampled_from([1, 2]),
    voucher=st.sampled_from(["A", "B"]),
    summary=st.sampled_from(["", "退汇"]),
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
        if match.verdict is V.came_back:
            assert line.is_failure
        if match.verdict is V.matched:
            one = by_id[match.booked_id or 0]
            assert one.is_failure if line.is_failure else one.is_paid
            assert (one.payee_account, one.amount_fen) == (line.payee_account, line.amount_fen)


# fmt: off
@pytest.mark.parametrize(("booked", "verdict", "told_by"), [
    ([PAID],                                              V.came_back,     1),
    ([replace(PAID, voucher="PZ-9")],                     V.came_back,     1),
    ([replace(PAID, is_reconciled=True)],                 V.came_back,     1),
    ([ORDERED],                                           V.came_back,     2),
    ([PAID, replace(PAID, id=5, voucher="PZ-9")],         V.came_back,     1),
    ([replace(PAID, voucher="PZ-8"), replace(PAID, id=5, voucher="PZ-9")], V.came_back, None),
    ([UNDONE, FAILED],                                    V.matched,       3),
    ([FAILED, replace(FAILED, id=4, voucher="PZ-9")],     V.matched,       3),
    ([replace(FAILED, id=4, voucher="PZ-9"), FAILED],     V.matched,       3),
    ([replace(FAILED, voucher="PZ-9")],                   V.matched,       3),
    ([replace(FAILED, is_reconciled=True)],               V.doubled,       3),
    ([replace(FAILED, is_reconciled=True, voucher="")],   V.came_back,     None),
    ([replace(PAID, amount_fen=1)],                       V.came_back,     None),
    ([],                                                  V.came_back,     None),
])
# fmt: on
def test_what_a_line_is_that_says_the_money_came_back(
    booked: list[Booked], verdict: Verdict, told_by: int | None
) -> None:
    (match,) = matches([BACK], booked)
    assert (match.verdict, match.booked_id) == (verdict, told_by)


@pytest.mark.parametrize("said", ["退票", "银行退汇", "已退回", "冲正", "支付失败：户名不符", "付款失败"])
def test_the_words_by_which_a_bank_says_it(said: str) -> None:
    assert replace(LINE, summary=said).is_failure
    assert not replace(LINE, summary="科技创新服务补贴").is_failure


def test_a_failure_is_read_after_what_was_paid_wherever_it_stands() -> None:
    for lines in ([LINE, BACK], [BACK, LINE]):
        found = {match.line: match for match in matches(lines, [ORDERED])}
        assert (found[2].verdict, found[2].booked_id) == (V.not_entered, 2)
        assert (found[3].verdict, found[3].booked_id) == (V.came_back, None)
        found = {match.line: match for match in matches(lines, [PAID])}
        assert [found[2].verdict, found[3].verdict] == [V.matched, V.came_back]
        assert found[3].booked_id == 1


def test_one_payment_comes_back_once() -> None:
    twice = matches([BACK, replace(BACK, line=4)], [PAID])
    assert [match.booked_id for match in twice] == [1, None]
