"""Reconciling (对账): which entry of the ledger a line of the bank's list is, and if none, why
not."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from models.rules.wording import say


class Verdict(StrEnum):
    """What a line of the bank's list was found to be."""

    matched = "matched"  # 已对上
    not_entered = "not_entered"  # 银行已付，系统未登记支付
    other_amount = "other_amount"  # 凭证号相同，金额不同
    other_account = "other_account"  # 凭证号相同，账号不同
    other_name = "other_name"  # 账号和金额相同，户名不同
    doubled = "doubled"  # 同一笔支付已与另一行对上
    came_back = "came_back"  # 银行未付成或退回，系统未登记
    unknown = "unknown"  # 台账中没有


VERDICT_NAMES = {
    Verdict.matched: say("已对上"),
    Verdict.not_entered: say("未登记支付"),
    Verdict.other_amount: say("金额不符"),
    Verdict.other_account: say("账号不符"),
    Verdict.other_name: say("户名不符"),
    Verdict.doubled: say("重复"),
    Verdict.came_back: say("退汇未登记"),
    Verdict.unknown: say("台账中没有"),
}

CAME_BACK = ("退票", "退汇", "退回", "冲正", "支付失败", "付款失败", "交易失败", "转账失败")
"""Words by which a bank says that it did not pay, or that the money came back."""


@dataclass(frozen=True, slots=True)
class BankLine:
    """A line of the bank's list: what it paid, to whom, under which voucher; amount in fen. Or, by
    its summary, what it did not pay or what came back."""

    line: int
    paid_on: date
    payee_name: str
    payee_account: str
    amount_fen: int
    voucher: str
    summary: str = ""

    @property
    def is_failure(self) -> bool:
        """Whether the bank says that it failed or came back (退票、退汇、支付失败)."""
        return any(word in self.summary for word in CAME_BACK)


@dataclass(frozen=True, slots=True)
class Booked:
    """An entry of the ledger as reconciling sees it: a payment, an order nobody paid yet, or that a
    payment failed or came back.

    Attributes:
        voucher: empty for an order, and for a payment entered without one.
        is_paid: whether it is a payment.
        is_reconciled: a line of the bank's list was found to be this entry before.
        is_undone: a payment that was taken back since.
        is_failure: the entry that says so.
    """

    id: int
    payee_name: str
    payee_account: str
    amount_fen: int
    voucher: str = ""
    is_paid: bool = True
    is_reconciled: bool = False
    is_undone: bool = False
    is_failure: bool = False

    @property
    def stands(self) -> bool:
        """Whether it is a payment that was not taken back."""
        return self.is_paid and not self.is_undone


@dataclass(frozen=True, slots=True)
class Match:
    """What a line was found to be, and the entry this was told by."""

    line: int
    verdict: Verdict
    booked_id: int | None = None


def matches(lines: Sequence[BankLine], booked: Iterable[Booked]) -> tuple[Match, ...]:
    """Match the lines of a list, each with one entry at most.

    A line is a payment if voucher, account and amount agree; where the payment was entered without
    a voucher, if account, name and amount do. What differs in one of them is told by it.

    A line that says the money came back is the entry that says the same; else it is held against
    the payment or the order of that account and amount. Where several fit and no voucher decides,
    none is named: somebody has to look. It is read after the lines that were paid, wherever it
    stands in the file.

    Args:
        lines: the bank's, in the order of the file.
        booked: payments, open orders and failures of the ledger.

    Returns:
        One match a line, in the order of the lines.
    """
    shelf = _Shelf(booked)
    read = sorted(enumerate(lines), key=lambda one: one[1].is_failure)
    found = {at: shelf.match(line) for at, line in read}
    return tuple(found[at] for at in range(len(lines)))


class _Shelf:
    """The entries by what they are looked up by, and those that are taken."""

    def __init__(self, booked: Iterable[Booked]) -> None:
        self.by_voucher: dict[str, list[Booked]] = defaultdict(list)
        self.by_money: dict[tuple[str, int], list[Booked]] = defaultdict(list)
        self.taken: set[int] = set()
        self.back: set[int] = set()
        for one in booked:
            if one.is_reconciled:
                self.taken.add(one.id)
            if one.voucher:
                self.by_voucher[one.voucher].append(one)
            self.by_money[one.payee_account, one.amount_fen].append(one)

    def match(self, line: BankLine) -> Match:
        """What one line is."""
        return self._failure(line) if line.is_failure else self._payment(line)

    def _payment(self, line: BankLine) -> Match:
        same = [one for one in self.by_voucher[line.voucher] if one.is_paid]
        money = self.by_money[line.payee_account, line.amount_fen]
        found = list(self._exact(line, same)) or list(self._without_voucher(line, money))
        if free := next((one for one in found if one.id not in self.taken), None):
            self.taken.add(free.id)
            return Match(line.line, Verdict.matched, free.id)
        if found:
            return Match(line.line, Verdict.doubled, found[0].id)
        if same:
            return Match(line.line, _difference(line, same[0]), same[0].id)
        return self._unpaid(line, money)

    def _unpaid(self, line: BankLine, money: Iterable[Booked]) -> Match:
        for one in money:
            if _waits(one) and one.id not in self.taken:
                self.taken.add(one.id)
                return Match(line.line, Verdict.not_entered, one.id)
        for one in money:
            if one.stands and not one.voucher and one.id not in self.taken:
                return Match(line.line, Verdict.other_name, one.id)
        return Match(line.line, Verdict.unknown)

    def _failure(self, line: BankLine) -> Match:
        """What a line is that says the money did not go, or came back."""
        money = self.by_money[line.payee_account, line.amount_fen]
        entered = [one for one in money if one.is_failure]
        entered.sort(key=lambda one: one.voucher != line.voucher)
        if free := next((one for one in entered if one.id not in self.taken), None):
            self.taken.add(free.id)
            return Match(line.line, Verdict.matched, free.id)
        open_ = [
            one for one in money
            if one.id not in self.back
            and (one.stands or (_waits(one) and one.id not in self.taken))
        ]  # fmt: skip
        named = [one for one in open_ if one.voucher == line.voucher]
        if len(fitting := named or open_) == 1:
            self.back.add(fitting[0].id)
            return Match(line.line, Verdict.came_back, fitting[0].id)
        if not fitting and (exact := [one for one in entered if one.voucher == line.voucher]):
            return Match(line.line, Verdict.doubled, exact[0].id)
        return Match(line.line, Verdict.came_back)

    @staticmethod
    def _exact(line: BankLine, same: Iterable[Booked]) -> Iterator[Booked]:
        for one in same:
            if (one.payee_account, one.amount_fen) == (line.payee_account, line.amount_fen):
                yield one

    @staticmethod
    def _without_voucher(line: BankLine, money: Iterable[Booked]) -> Iterator[Booked]:
        for one in money:
            if one.stands and not one.voucher and one.payee_name == line.payee_name:
                yield one


def _waits(one: Booked) -> bool:
    """Whether it is an order nobody paid yet."""
    return not one.is_paid and not one.is_failure


def _difference(line: BankLine, booked: Booked) -> Verdict:
    if booked.payee_account != line.payee_account:
        return Verdict.other_account
    return Verdict.other_amount
