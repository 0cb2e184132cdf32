"""Money (金额): whole fen (分) inside, yuan (元) at the door and on paper, capitals (大写) beside.

Money is never a float and never rounded on the way in: an amount with a third decimal is refused,
so that the sum on an official table is the sum of its rows.
"""

from __future__ import annotations

import re
from decimal import Decimal, Inexact, localcontext

from models.rules.errors import AmountRefused
from models.rules.half_width import half_width
from models.rules.wording import Wording, say

LARGEST_FEN = 99_999_999_999_999  # one fen below 一万亿元, a hundred times any zone's budget

_LARGEST_EXPONENT = 11  # of ten, in yuan
_LONGEST_WRITTEN = 40  # characters
_AMOUNT = re.compile(
    r"(?P<sign>-?) (?:¥\s*)? (?P<yuan>[0-9]{1,3}(?:,[0-9]{3})+|[0-9]+)"
    r"(?:\.(?P<cents>[0-9]+))? \s*元?",
    re.VERBOSE,
)


def fen_from_yuan(written: str | int | Decimal, *, negative_allowed: bool = False) -> int:
    """The amount (金额) in fen of what was written in yuan: the one door for money.

    Args:
        written: `50000`, `50,000.00`, `¥50,000元`, full-width `５００００`; an `int`; a `Decimal`.
        negative_allowed: for corrections only.

    Returns:
        Whole fen.

    Raises:
        AmountRefused: not an amount, more than two decimals, negative, or above `LARGEST_FEN`.
        TypeError: a float or any other type: a fault of the program, not of a person.
    """
    fen = _fen(written)
    if abs(fen) > LARGEST_FEN:
        raise AmountRefused(_too_large())
    if fen < 0 and not negative_allowed:
        raise AmountRefused(say("金额不能为负：{amount} 元", amount=yuan(fen)))
    return fen


def yuan(fen: int) -> str:
    """The amount in yuan as a table shows it, always with two decimals: `50,000.00`."""
    whole, cents = divmod(abs(fen), 100)
    return f"{_minus(fen)}{whole:,}.{cents:02d}"


def yuan_whole(fen: int) -> str:
    """The amount in yuan as a sentence says it: `50,000`, with decimals only for cents."""
    return yuan(fen).removesuffix(".00")


def _minus(fen: int) -> str:
    return "-" if fen < 0 else ""


# ---------------------------------------------------------------- the door


def _fen(written: str | int | Decimal) -> int:
    match written:
        case bool():
            raise TypeError("a truth value is not an amount")
        case int():
            return written * 100
        case str():
            return _fen_of_text(written)
        case Decimal():
            return _fen_of_decimal(written)
        case _:
            raise TypeError(f"money is text, int or Decimal, never {type(written).__name__}")


def _fen_of_text(written: str) -> int:
    if len(written) > _LONGEST_WRITTEN:
        raise AmountRefused(say("金额过长，最多 {longest} 个字符", longest=_LONGEST_WRITTEN))
    amount = _AMOUNT.fullmatch(half_width(written).strip())
    if amount is None:
        raise AmountRefused(_not_an_amount(written))
    cents = amount["cents"] or "0"
    if len(cents) > 2:
        raise AmountRefused(_too_fine(written))
    fen = int(amount["yuan"].replace(",", "")) * 100 + int(cents.ljust(2, "0"))
    return -fen if amount["sign"] else fen


def _fen_of_decimal(written: Decimal) -> int:
    if not written.is_finite():
        raise AmountRefused(_not_an_amount(str(written)))
    if written.adjusted() > _LARGEST_EXPONENT:
        raise AmountRefused(_too_large())
    with localcontext() as exact:
        exact.traps[Inexact] = True
        try:
            return int((written * 100).to_integral_exact())
        except Inexact:
            raise AmountRefused(_too_fine(str(written)[:_LONGEST_WRITTEN])) from None


def _not_an_amount(written: str) -> Wording:
    return say("“{written}”不是金额，请以元为单位填写数字，例如 50,000.00", written=written)


def _too_fine(written: str) -> Wording:
    return say("“{written}”多于两位小数，金额最小到分", written=written)


def _too_large() -> Wording:
    return say("金额过大，最多 {largest} 元", largest=yuan(LARGEST_FEN))


# ---------------------------------------------------------------- capitals

_DIGITS = "零壹贰叁肆伍陆柒捌玖"
_PLACES = ("仟", "佰", "拾", "")
_GROUPS = ((10**8, "亿"), (10**4, "万"), (1, ""))


def capitals(fen: int) -> str:
    """The amount in capitals (大写), as an official table carries it beside the figures.

    Where the rule leaves a choice, the first of its own examples is followed: ¥107,000.53 is
    壹拾万柒仟元零伍角叁分 and ¥1,409.50, without 整, is 壹仟肆佰零玖元伍角.

    Args:
        fen: whole fen, at most `LARGEST_FEN` either way.

    Returns:
        For example `伍万元整`; a negative amount begins with 负.

    Raises:
        AmountRefused: above `LARGEST_FEN`.

    Source: 中国人民银行《支付结算办法》(银发〔1997〕393号) 附一《正确填写票据和结算凭证的基本规定》.
    """
    if abs(fen) > LARGEST_FEN:
        raise AmountRefused(_too_large())
    whole, cents = divmod(abs(fen), 100)
    sign = "负" if fen < 0 else ""
    if not whole and cents:
        return sign + _cents_in_capitals(cents)
    return f"{sign}{_yuan_in_capitals(whole)}元{_after_the_yuan(whole, cents)}"


def _yuan_in_capitals(whole: int) -> str:
    """The digits in groups of four; 零 bridges an empty group and a group that starts below 仟."""
    words = ""
    is_bridged = False
    for size, name in _GROUPS:
        group = whole // size % 10_000
        if group:
            bridge = "零" if words and (is_bridged or group < 1000) else ""
            words += bridge + _group_in_capitals(group) + name
        is_bridged = not group
    return words or "零"


def _group_in_capitals(group: int) -> str:
    spoken = (
        _DIGITS[int(digit)] + place if digit != "0" else "零"
        for digit, place in zip(f"{group:04d}", _PLACES, strict=True)
    )
    return re.sub("零+", "零", "".join(spoken)).strip("零")


def _after_the_yuan(whole: int, cents: int) -> str:
    """整 for a round amount; 零 where the place on either side of the point is empty."""
    if not cents:
        return "整"
    bridge = "零" if cents < 10 or whole % 10 == 0 else ""
    return bridge + _cents_in_capitals(cents)


def _cents_in_capitals(cents: int) -> str:
    tenths, hundredths = divmod(cents, 10)
    return (f"{_DIGITS[tenths]}角" if tenths else "") + (
        f"{_DIGITS[hundredths]}分" if hundredths else ""
    )
