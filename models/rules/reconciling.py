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
    unknown = "unknown"  # 台账中没有


VERDICT_NAMES = {
    Verdict.matched: say("已对上"),
    Verdict.not_entered: say("未登记支付"),
    Verdict.other_amount: say("金额不符"),
    Verdict.other_account: say("账号不符"),
    Verdict.other_name: say("户名不符"),
    Verdict.doubled: say("重复"),
    Verdict.unknown: say("台账中没有"),
}


@dataclass(frozen=True, slots=True)
class BankLine:
    """A line of the bank's list: what it paid, to whom, under which voucher; amount in fen."""

    line: int
    paid_on: date
    payee_name: str
    payee_account: str
    amount_fen: int
    voucher: str
    summary: str = ""


@dataclass(frozen=True, slots=True)
class Booked:
    """An entry of the ledger as reconciling sees it: a payment, or an order nobody paid yet.

    Attributes:
        voucher: empty for an order, and for a payment entered without one.
        is_paid: whether it is a payment.
        is_reconciled: a line of the bank's list was found to be this payment before.
    """

    id: int
    payee_name: str
    payee_account: str
    amount_fen: int
    voucher: str = ""
    is_paid: bool = True
    is_reconciled: bool = False


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

    Args:
        lines: the bank's, in the order of the file.
        booked: payments and open orders of the ledger.

    Returns:
        One match a line, in the order of the lines.
    """
    shelf = _Shelf(booked)
    return tuple(shelf.match(line) for line in lines)


class _Shelf:
    """The entries by what they are looked up by, and those that are taken."""

    def __init__(self, booked: Iterable[Booked]) -> None:
        self.by_voucher: dict[str, list[Booked]] = defaultdict(list)
        self.by_money: dict[tuple[str, int], list[Booked]] = defaultdict(list)
        self.taken: set[int] = set()
        for one in booked:
            if one.is_reconciled:
                self.taken.add(one.id)
            if one.voucher:
                self.by_voucher[one.voucher].append(one)
            self.by_money[one.payee_account, one.amount_fen].append(one)

    def match(self, line: BankLine) -> Match:
        """What one line is."""
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
            if not one.is_paid and one.id not in self.taken:
                self.taken.add(one.id)
                return Match(line.line, Verdict.not_entered, one.id)
        for one in money:
            if one.is_paid and not one.voucher and one.id not in self.taken:
                return Match(line.line, Verdict.other_name, one.id)
        return Match(line.line, Verdict.unknown)

    @staticmethod
    def _exact(line: BankLine, same: Iterable[Booked]) -> Iterator[Booked]:
        for one in same:
            if (one.payee_account, one.amount_fen) == (line.payee_account, line.amount_fen):
                yield one

    @staticmethod
    def _without_voucher(line: BankLine, money: Iterable[Booked]) -> Iterator[Booked]:
        for one in money:
            if one.is_paid and not one.voucher and one.payee_name == line.payee_name:
                yield one


def _difference(line: BankLine, booked: Booked) -> Verdict:
    if booked.payee_account != line.payee_account:
        return Verdict.other_account
    return Verdict.other_amount
