"""A payment order (拨付单) as it is printed: the table finance hands to the bank. Money is in fen."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Any

from models.exchange.month_table import A4_MM, Alignment, Annex, TableColumn, Value


@dataclass(frozen=True, slots=True)
class OrderedLine:
    """One payment of the order: who gets what, where, for which claim."""

    payee_name: str
    payee_bank: str
    payee_account: str
    amount_fen: int
    purpose: str
    number: str


@dataclass(frozen=True, slots=True)
class OrderTable:
    """A payment order as it is printed.

    Attributes:
        place: in the title, `大连高新区`.
        number: the order's.
        made_on: the day it was made, and frozen.
        maker: who made it; the others sign.
        is_demonstration: every page is marked 演示数据.
    """

    place: str
    number: str
    made_on: date
    maker: str
    lines: tuple[OrderedLine, ...]
    digest: str
    chain_head: str
    is_demonstration: bool = False

    @property
    def title(self) -> str:
        """The title."""
        return f"{self.place}科技创新服务资金拨付单"

    @property
    def sheet_name(self) -> str:
        """What its sheet is called."""
        return "拨付单"

    @property
    def head_line(self) -> tuple[str, str, str]:
        """Its number, its day, the unit."""
        made = f"{self.made_on.year}年{self.made_on.month}月{self.made_on.day}日"
        return f"编号：{self.number}", f"制单日期：{made}", "单位：元"

    @property
    def columns(self) -> tuple[TableColumn, ...]:
        """`ORDER_COLUMNS`."""
        return ORDER_COLUMNS

    @property
    def annexes(self) -> tuple[Annex, ...]:
        """None."""
        return ()

    @property
    def total_fen(self) -> int:
        """The sum of its lines."""
        return sum(line.amount_fen for line in self.lines)

    @property
    def signatures(self) -> tuple[str, ...]:
        """The foot: who made, checked, approves and pays it."""
        return f"制单：{self.maker}", "复核：", "审批：", "经办："

    @property
    def mark(self) -> str:
        """What every page says besides."""
        return "演示数据 · 非真实业务" if self.is_demonstration else ""

    @property
    def proof(self) -> str:
        """The chain's head and the digest, as printed small."""
        return f"操作记录链头 {self.chain_head} · 本单摘要 {self.digest}"

    @property
    def paper_mm(self) -> tuple[int, int]:
        """A4, lying."""
        return A4_MM


def _position(position: int, _: Any) -> Value:
    return position


def _field(name: str) -> Any:
    def value(_: int, line: Any) -> Value:
        found: Value = getattr(line, name)
        return found

    return value


_T = TableColumn
# fmt: off
ORDER_COLUMNS: tuple[TableColumn, ...] = (
    _T("序号",     _position,               10, Alignment.middle),
    _T("收款单位", _field("payee_name"),    66),
    _T("开户行",   _field("payee_bank"),    50),
    _T("账号",     _field("payee_account"), 52),
    _T("金额(元)", _field("amount_fen"),    28, Alignment.end, True, True),
    _T("用途",     _field("purpose"),       36),
    _T("申请编号", _field("number"),        32),
)
# fmt: on
