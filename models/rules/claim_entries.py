"""What an agency writes into a claim (申请内容): whether it can be an amount, a count, a mark.

Forms and workbooks say this field by field; here is the last door, the same for every way in.
"""

from __future__ import annotations

from collections.abc import Mapping

from models.rules.errors import AmountRefused
from models.rules.half_width import half_width
from models.rules.money import LARGEST_FEN, yuan
from models.rules.wording import Wording, say

LARGEST_COUNT = 1_000_000
LONGEST_COUNT = 12  # digits
LONGEST = {
    "number": 40,
    "result_printed": 200,
    "invoice_number": 40,
    "payee_name": 120,
    "payee_account": 40,
    "note": 1_000,
}
"""Characters the record keeps of each text."""

_BOUNDS = {
    "asked_fen": (say("申请金额"), 1, LARGEST_FEN),
    "basis_fen": (say("计算基数"), 0, LARGEST_FEN),
    "invoice_fen": (say("发票金额"), 0, LARGEST_FEN),
    "paid_before_fen": (say("事前付费"), 0, LARGEST_FEN),
    "paid_after_fen": (say("事后付费"), 0, LARGEST_FEN),
    "units": (say("数量"), 0, LARGEST_COUNT),
    "satisfaction": (say("满意度"), 1, 5),
}

ENTRY_NAMES = {
    "result_printed": say("成果编号"),
    "obtained_on": say("取得日期"),
    "asked_fen": say("申请金额"),
    "basis_fen": say("计算基数"),
    "units": say("数量"),
    "invoice_number": say("发票号码"),
    "invoice_fen": say("发票金额"),
    "payee_name": say("收款户名"),
    "payee_account": say("收款账号"),
}
"""What each entry is called that a decision rests on."""


def number_fault(entries: Mapping[str, object]) -> Wording | None:
    """Why one of the numbers cannot stand in a claim; `None` if all can.

    Args:
        entries: field → value; `None` is "not said", fields without bounds are passed over.
    """
    for name, (title, lowest, highest) in _BOUNDS.items():
        value = entries.get(name)
        if value is not None and not (type(value) is int and lowest <= value <= highest):
            return _out_of_bounds(name, title, lowest, highest)
    return None


def whole_number(written: str, title: Wording) -> int:
    """A count as it was typed, full-width digits and commas allowed.

    Raises:
        AmountRefused: it is no whole number.
    """
    digits = half_width(written).replace(",", "").strip()
    if not (digits.isascii() and digits.isdigit() and len(digits) <= LONGEST_COUNT):
        raise AmountRefused(say("{field}“{written}”不是整数", field=title, written=written[:20]))
    return int(digits)


def plain_invoice(written: str) -> str:
    """An invoice's number in one spelling, so that the same invoice is found however it was
    typed."""
    return half_width(written).replace(" ", "").replace("-", "").upper()


def _out_of_bounds(name: str, title: Wording, lowest: int, highest: int) -> Wording:
    if name.endswith("_fen"):
        return say("{field}须为 {lowest} 至 {highest} 元，最小到分",
                   field=title, lowest=yuan(lowest), highest=yuan(highest))  # fmt: skip
    return say(
        "{field}须为 {lowest} 至 {highest} 的整数", field=title, lowest=lowest, highest=highest
    )
