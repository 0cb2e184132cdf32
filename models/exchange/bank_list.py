"""The bank's list (银行清单) as a file: what it paid, to whom, under which voucher."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from models.exchange import rows
from models.exchange.checking import check_alone
from models.exchange.problems import Problem, in_order
from models.exchange.reading import read_alone
from models.exchange.sheets import CellKind, Column, Sheet, SheetKind
from models.rules.payments import LONGEST_VOUCHER, plain_voucher
from models.rules.reconciling import BankLine
from models.rules.wording import say

_C, _K = Column, CellKind
# fmt: off
BANK_SHEET = Sheet(SheetKind.bank_list, "银行清单", rows.BankListRow,
                   ("payee_account", "amount_fen", "voucher", "summary"), (
    _C("日期",   "paid_on",       _K.day,    True,  "2026-11-20"),
    _C("户名",   "payee_name",    _K.text,   True,  "大连云杉科技服务有限公司"),
    _C("账号",   "payee_account", _K.digits, True,  "3044560000018800002", longest=40),
    _C("金额",   "amount_fen",    _K.yuan,   True,  "50000.00"),
    _C("凭证号", "voucher",       _K.text,   True,  "2026112000017", longest=LONGEST_VOUCHER),
    _C("摘要",   "summary",       _K.text,   False, "科技创新服务补贴", longest=200),
), say("一行一笔已付款项"))
# fmt: on


@dataclass(frozen=True, slots=True)
class ReadList:
    """A bank's list as it was read: its good lines, and what is wrong with the others."""

    lines: tuple[BankLine, ...]
    problems: tuple[Problem, ...]

    @property
    def errors(self) -> int:
        """How many problems bar the import."""
        return sum(problem.is_error for problem in self.problems)


def read_bank_list(name: str, content: bytes, today: date) -> ReadList:
    """Read the bank's list, `.xlsx` or `.csv`.

    Args:
        name: the file's name.
        content: its bytes.
        today: the office's day; the bank has paid nothing after it.

    Returns:
        Its lines, and every problem by row and column, errors first.

    Raises:
        FileRefused: a file that cannot be opened, or holds nothing.
    """
    raw, problems = read_alone(name, content, BANK_SHEET)
    checked = check_alone(raw, today)
    found = in_order((*problems, *checked.problems), (BANK_SHEET.name,))
    return ReadList(tuple(_line(row) for row in checked.rows), found)


def _line(row: rows.BankListRow) -> BankLine:
    return BankLine(
        row.line, row.paid_on, row.payee_name, row.payee_account, row.amount_fen,
        plain_voucher(row.voucher), row.summary or "",
    )  # fmt: skip
