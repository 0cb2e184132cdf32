"""The month's official table (月度统一申请汇总表) and its annexes, as whoever prints them needs it.

The columns are one table, `COLUMNS`, from which the workbook and the document are both drawn. Money
is in fen.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import Any, Protocol, TypeAlias

from models.rules.money import capitals, yuan
from models.rules.months import YearMonth


@dataclass(frozen=True, slots=True)
class MonthLine:
    """One claim of the table.

    Attributes:
        paid_before_fen: paid in an earlier month (上期拨付); `None` where nothing was.
        opinions: the opinion of each office that has decided, with its date, a line each.
    """

    number: str
    enterprise: str
    enterprise_uscc: str
    agency: str
    agency_uscc: str
    filing_number: str
    service: str
    result_kind: str
    result: str
    obtained_on: date
    fee_fen: int
    asked_fen: int
    approved_fen: int
    paid_before_fen: int | None
    paying_fen: int
    payee_name: str
    payee_bank: str
    payee_account: str
    contact_name: str
    contact_phone: str
    opinions: tuple[str, ...] = ()
    note: str = ""


@dataclass(frozen=True, slots=True)
class HeldLine:
    """One claim held back (暂缓发放): since when, by whom, why."""

    number: str
    enterprise: str
    agency: str
    service: str
    asked_fen: int
    held_on: date
    held_by: str
    reasons: tuple[str, ...]
    note: str = ""


@dataclass(frozen=True, slots=True)
class ReturnedLine:
    """One claim returned to its agency (退回补正): all faults at once (一次性告知)."""

    number: str
    enterprise: str
    agency: str
    service: str
    asked_fen: int
    returned_on: date
    returned_by: str
    reasons: tuple[str, ...]
    note: str = ""


@dataclass(frozen=True, slots=True)
class LeftLine:
    """One claim that left a table already sent (退出): the table itself is never rewritten."""

    number: str
    left_on: date
    step: str
    reasons: tuple[str, ...]
    note: str = ""


class PrintedTable(Protocol):
    """A table as it is printed, ready for signature and seal: what the workbook and the document
    are drawn from."""

    @property
    def title(self) -> str:
        """The title."""

    @property
    def sheet_name(self) -> str:
        """What its sheet is called."""

    @property
    def head_line(self) -> tuple[str, str, str]:
        """Below the title: left, middle, right."""

    @property
    def columns(self) -> tuple[TableColumn, ...]:
        """Its columns."""

    @property
    def lines(self) -> tuple[Any, ...]:
        """Its lines."""

    @property
    def total_fen(self) -> int:
        """What is written in capitals below them."""

    @property
    def annexes(self) -> tuple[Annex, ...]:
        """Further lists, each on a page of its own."""

    @property
    def signatures(self) -> tuple[str, ...]:
        """The foot: four places to sign."""

    @property
    def mark(self) -> str:
        """What every page says besides."""

    @property
    def proof(self) -> str:
        """The chain's head and the digest."""

    @property
    def paper_mm(self) -> tuple[int, int]:
        """The sheet of paper, lying."""


A3_MM, A4_MM = (420, 297), (297, 210)


@dataclass(frozen=True, slots=True)
class MonthTable:
    """A month as it is printed.

    Attributes:
        place: in the title, `大连高新区`.
        unit: who fills it in and seals it (填报单位).
        month: the month of account.
        maker, checker, head: who signs (制表人, 审核人, 负责人); empty is a line to sign on.
        made_on: the day it was filled in (填报日期).
        held, returned: frozen with the month and part of its digest; as of now on a draft.
        left: what left since it was sent, up to `left_as_of`: no part of what is frozen.
        digest, chain_head: what was frozen when it was sent; empty on a draft, which is marked as
            such.
        is_demonstration: every sheet and page is marked 演示数据.
    """

    place: str
    unit: str
    month: YearMonth
    lines: tuple[MonthLine, ...]
    made_on: date
    held: tuple[HeldLine, ...] = ()
    returned: tuple[ReturnedLine, ...] = ()
    left: tuple[LeftLine, ...] = ()
    left_as_of: date | None = None
    maker: str = ""
    checker: str = ""
    head: str = ""
    digest: str = ""
    chain_head: str = ""
    is_demonstration: bool = False

    @property
    def title(self) -> str:
        """The title, with the draft's mark."""
        draft = "" if self.chain_head else "（草稿，未发送）"
        return f"{self.place}科技创新服务补贴月度统一申请汇总表{draft}"

    @property
    def sheet_name(self) -> str:
        """What its sheet is called."""
        return "汇总表"

    @property
    def head_line(self) -> tuple[str, str, str]:
        """Who fills it in, for which month, in which unit."""
        return f"填报单位（盖章）：{self.unit}", f"所属月份：{self.month_in_words}", "单位：元"

    @property
    def columns(self) -> tuple[TableColumn, ...]:
        """`COLUMNS`."""
        return COLUMNS

    @property
    def annexes(self) -> tuple[Annex, ...]:
        """Held-back and returned always, those that left only if any did."""
        return annexes(self)

    @property
    def paper_mm(self) -> tuple[int, int]:
        """A3, lying."""
        return A3_MM

    @property
    def total_fen(self) -> int:
        """What the table applies for: the sum of 本期拨付."""
        return sum(line.paying_fen for line in self.lines)

    @property
    def month_in_words(self) -> str:
        """`2026年11月`."""
        return f"{self.month.year}年{self.month.month}月"

    @property
    def mark(self) -> str:
        """What every page says besides."""
        return "演示数据 · 非真实业务" if self.is_demonstration else ""

    @property
    def proof(self) -> str:
        """The chain's head and the digest, as printed small under the table."""
        if not self.chain_head:
            return "草稿：尚未冻结，无链头"
        return f"操作记录链头 {self.chain_head} · 本表摘要 {self.digest}"

    @property
    def signatures(self) -> tuple[str, ...]:
        """The foot: who made, checked and answers for it, and when."""
        made = f"{self.made_on.year}年{self.made_on.month}月{self.made_on.day}日"
        people = (("制表人", self.maker), ("审核人", self.checker), ("负责人", self.head))
        return (*(f"{office}：{name}" for office, name in people), f"填报日期：{made}")


class Alignment(StrEnum):
    """How a column stands."""

    start = "left"
    middle = "center"
    end = "right"


Value: TypeAlias = str | int | date | None


@dataclass(frozen=True, slots=True)
class TableColumn:
    """One column: its head, the value of a line (money in fen), its width in millimetres on A3."""

    head: str
    value: Callable[[int, Any], Value]
    width_mm: float
    align: Alignment = Alignment.start
    is_money: bool = False
    is_summed: bool = False


@dataclass(frozen=True, slots=True)
class Annex:
    """A further list: its title, columns and lines; `aside` says what it is not."""

    title: str
    columns: tuple[TableColumn, ...]
    lines: tuple[Any, ...]
    when_empty: str
    aside: str = ""


def _field(name: str) -> Callable[[int, Any], Value]:
    def value(_: int, line: Any) -> Value:
        found: Value = getattr(line, name)
        return found

    return value


def _position(position: int, _: Any) -> Value:
    return position


def _lines_of(name: str) -> Callable[[int, Any], Value]:
    def value(_: int, line: Any) -> Value:
        return "\n".join(getattr(line, name))

    return value


def _reasons(_: int, line: Any) -> Value:
    return "；".join((*line.reasons, *((line.note,) if line.note else ())))


_T, _CENTER, _RIGHT = TableColumn, Alignment.middle, Alignment.end
# fmt: off
COLUMNS: tuple[TableColumn, ...] = (
    _T("序号",                 _position,                7, _CENTER),
    _T("单位名称",             _field("enterprise"),      23),
    _T("统一社会信用代码",     _field("enterprise_uscc"), 31),
    _T("服务机构",             _field("agency"),          23),
    _T("服务机构信用代码",     _field("agency_uscc"),     31),
    _T("合同备案号",           _field("filing_number"),   19),
    _T("服务类别",             _field("service"),         16),
    _T("成果类型",             _field("result_kind"),     18),
    _T("成果编号",             _field("result"),          22),
    _T("成果日期",             _field("obtained_on"),     16, _CENTER),
    _T("合同金额(元)",         _field("fee_fen"),         16, _RIGHT, True, True),
    _T("申请补贴(元)",         _field("asked_fen"),       16, _RIGHT, True, True),
    _T("核定金额(元)",         _field("approved_fen"),    16, _RIGHT, True, True),
    _T("上期拨付(元)",         _field("paid_before_fen"), 12, _RIGHT, True, True),
    _T("本期拨付(元)",         _field("paying_fen"),      16, _RIGHT, True, True),
    _T("收款户名",             _field("payee_name"),      21),
    _T("开户行",               _field("payee_bank"),      18),
    _T("账号",                 _field("payee_account"),   27),
    _T("联系人",               _field("contact_name"),    10, _CENTER),
    _T("电话",                 _field("contact_phone"),   19),
    _T("初审/复核/审批意见与日期", _lines_of("opinions"), 22),
    _T("备注",                 _field("note"),            11),
)

_PARTIES = (
    _T("序号",         _position,            10, _CENTER),
    _T("申请编号",     _field("number"),     30),
    _T("单位名称",     _field("enterprise"), 58),
    _T("服务机构",     _field("agency"),     58),
    _T("服务类别",     _field("service"),    36),
    _T("申请补贴(元)", _field("asked_fen"),  28, _RIGHT, True, True),
)
HELD_COLUMNS = (
    *_PARTIES,
    _T("暂缓日期", _field("held_on"), 24, _CENTER),
    _T("办理人",   _field("held_by"), 26),
    _T("暂缓理由", _reasons,          116),
)
RETURNED_COLUMNS = (
    *_PARTIES,
    _T("退回日期",               _field("returned_on"), 24, _CENTER),
    _T("办理人",                 _field("returned_by"), 26),
    _T("退回理由（一次性告知）", _reasons,              116),
)
LEFT_COLUMNS = (
    _T("序号",     _position,         10, _CENTER),
    _T("申请编号", _field("number"),  40),
    _T("退出日期", _field("left_on"), 30, _CENTER),
    _T("退出环节", _field("step"),    40),
    _T("退出理由", _reasons,          266),
)
# fmt: on


def annexes(table: MonthTable) -> tuple[Annex, ...]:
    """The lists that go with the table; held-back and returned always, those that left only if any
    did.
    """
    left = (Annex("退出明细表", LEFT_COLUMNS, table.left, "", _since_sent(table)),)
    return (
        Annex("暂缓发放明细表", HELD_COLUMNS, table.held, "本月没有暂缓的申请"),
        Annex("退回补正明细表", RETURNED_COLUMNS, table.returned, "本月没有退回的申请"),
        *(left if table.left else ()),
    )


def _since_sent(table: MonthTable) -> str:
    return f"截至 {table.left_as_of} · 发送以后的变动，不在冻结内容和摘要之内"


def in_capitals(fen: int) -> str:
    """The total in capitals as the table words it."""
    return f"人民币（大写）：{capitals(fen)}"


def written(column: TableColumn, value: Value) -> str:
    """A value as a document prints it."""
    if value is None:
        return ""
    if column.is_money and isinstance(value, int):
        return yuan(value)
    return value.isoformat() if isinstance(value, date) else str(value)


def column_sum(column: TableColumn, lines: tuple[Any, ...]) -> int:
    """The sum of a money column in fen; what is not there counts as nothing."""
    values = (column.value(position, line) for position, line in enumerate(lines, start=1))
    return sum(value for value in values if isinstance(value, int))
