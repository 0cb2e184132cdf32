"""Entitlement (应补金额): what a subsidy standard gives on the facts of one claim, and how.

Money is whole fen throughout; a percentage is rounded once, at the end, half up to the fen. A
standard that prints no amount is not computed: the answer says so instead of guessing.

Source: `dalian-hightech` 五.3 效果一 (total and standards stay as the existing policies set them);
the kinds are those that `weihai` 二.(四) and `dalian` 52(1) print.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from models.rules.money import LARGEST_FEN, fen_from_yuan, yuan, yuan_whole
from models.rules.wording import Fact, Wording, say

WHOLE = 10_000  # 100 % in hundredths of a percent


class StandardKind(StrEnum):
    """How a standard (补贴标准) arrives at an amount."""

    flat = "flat"  # 定额
    up_to = "up_to"  # 最高: the amount is decided, with a reason
    per_unit = "per_unit"  # 按数量, with a yearly cap
    percent = "percent"  # 按比例, of a base, with a ceiling
    match_ratio = "match_ratio"  # 配套, of money granted elsewhere
    not_printed = "not_printed"  # 未公布金额


class Purpose(StrEnum):
    """What the money is (资金性质)."""

    subsidy = "subsidy"  # 补贴
    reward = "reward"  # 奖励


class Payee(StrEnum):
    """Who is paid (收款方)."""

    agency = "agency"  # 科技中介服务机构
    alliance = "alliance"  # 联盟
    enterprise = "enterprise"  # 企业会员


@dataclass(frozen=True, slots=True)
class Standard:
    """One version of a subsidy standard (补贴标准). Which parameters it has depends on its kind.

    Attributes:
        key: its name across versions.
        version: 1, 2, …
        document: the short name of the document that prints it.
        clause: the clause, as printed.
        kind: how it arrives at an amount.
        purpose: subsidy or reward.
        amount_fen: the fixed amount; of `per_unit`, the amount of one unit.
        ceiling_fen: the most one claim may receive.
        percent_hundredths: the share of the base in hundredths of a percent (30 % is 3,000).
        unit: what `per_unit` counts, in Chinese.
        annual_cap_fen: the most one payee may receive in a year.
    """

    key: str
    version: int
    document: str
    clause: str
    kind: StandardKind
    purpose: Purpose
    amount_fen: int | None = None
    ceiling_fen: int | None = None
    percent_hundredths: int | None = None
    unit: str | None = None
    annual_cap_fen: int | None = None

    @property
    def parameters(self) -> dict[str, int | str]:
        """The parameters it has, by name: what is stored beside its kind."""
        given = {parameter.name: getattr(self, parameter.name) for parameter in PARAMETERS}
        return {name: value for name, value in given.items() if value is not None}


@dataclass(frozen=True, slots=True)
class Basis:
    """The facts an amount is computed from (计算依据); a standard asks only for those of its kind.

    Attributes:
        units: how many were achieved, for `per_unit`.
        base_fen: what the percentage or the match applies to.
        decided_fen: the amount an official decided on, for `up_to`.
        reason: why that amount.
        granted_this_year_fen: what the payee has already been granted this year, for a yearly cap.
    """

    units: int | None = None
    base_fen: int | None = None
    decided_fen: int | None = None
    reason: str = ""
    granted_this_year_fen: int = 0


NOTHING_KNOWN = Basis()


@dataclass(frozen=True, slots=True)
class Entitlement:
    """What the standard gives (应补金额).

    Attributes:
        amount_fen: the amount, or None where it cannot be computed.
        words: the computation, or why there is none.
        clause: the clause that decides.
        at_most_fen: the most the standard could give on any facts; None where it names no limit.
    """

    amount_fen: int | None
    words: Wording
    clause: str
    at_most_fen: int | None = None


def entitlement(standard: Standard, basis: Basis = NOTHING_KNOWN) -> Entitlement:
    """What `standard` gives on the facts of `basis`, in fen, with the computation in words.

    A faulty standard, a missing fact and a standard that prints no amount give no amount, with the
    reason; nothing is guessed and nothing raises.
    """
    at_most_fen = _at_most(standard)
    faults = standard_faults(standard) or _basis_faults(standard.kind, basis)
    if faults:
        return Entitlement(None, faults[0], standard.clause, at_most_fen)
    computed = _COMPUTATIONS[standard.kind](standard, basis)
    return Entitlement(computed.amount_fen, computed.words, standard.clause, at_most_fen)


# ---------------------------------------------------------------- what a standard must have


@dataclass(frozen=True, slots=True)
class Parameter:
    """One parameter of a standard: the kinds that need it, that may have it, its largest value."""

    name: str
    title: Wording
    needed_by: tuple[StandardKind, ...]
    allowed_for: tuple[StandardKind, ...]
    largest: int | None = LARGEST_FEN


_K = StandardKind
_SHARES = (_K.percent, _K.match_ratio)
# fmt: off
PARAMETERS = (
    #         name                  title            needed by                allowed for
    Parameter("amount_fen",         say("定额"),     (_K.flat, _K.per_unit),  ()),
    Parameter("ceiling_fen",        say("上限"),     (_K.up_to,),             _SHARES),
    Parameter("percent_hundredths", say("比例"),     _SHARES,                 (), 10 * WHOLE),
    Parameter("unit",               say("计量单位"), (_K.per_unit,),          (), None),
    Parameter("annual_cap_fen",     say("年度上限"), (),                      (_K.per_unit,)),
)
# fmt: on


def standard_faults(standard: Standard) -> tuple[Wording, ...]:
    """What is wrong with a standard (补贴标准), all faults at once; empty when it can be computed."""
    faults = (
        *_source_faults(standard),
        *(fault for parameter in PARAMETERS for fault in _parameter_faults(parameter, standard)),
    )
    return faults or _fit_faults(standard)


def _source_faults(standard: Standard) -> tuple[Wording, ...]:
    """A standard without a clause cannot be cited, and one without a key cannot be found again."""
    checks = (
        (not standard.key, say("缺少标准编号")),
        (standard.version < 1, say("版本号须从 1 开始")),
        (not standard.document or not standard.clause, say("缺少文件或条款")),
    )
    return tuple(words for is_wrong, words in checks if is_wrong)


def _parameter_faults(parameter: Parameter, standard: Standard) -> tuple[Wording, ...]:
    value: Any = getattr(standard, parameter.name)
    title = parameter.title
    if value is None or value == "":
        is_missing = standard.kind in parameter.needed_by
        return (say("该类标准缺少{parameter}", parameter=title),) if is_missing else ()
    if standard.kind not in parameter.needed_by + parameter.allowed_for:
        return (say("该类标准不应有{parameter}", parameter=title),)
    if parameter.largest is not None and not _is_whole(value, parameter.largest):
        return (say("{parameter}须为大于零的整数，且不能过大", parameter=title),)
    return ()


def _is_whole(value: object, largest: int) -> bool:
    return type(value) is int and 0 < value <= largest


def _fit_faults(standard: Standard) -> tuple[Wording, ...]:
    """What each parameter alone cannot show."""
    if standard.kind is StandardKind.percent and _set(standard.percent_hundredths) > WHOLE:
        return (say("比例不能超过 100%"),)
    if standard.annual_cap_fen is not None and standard.annual_cap_fen < _set(standard.amount_fen):
        return (say("年度上限低于单项定额"),)
    return ()


def _set(parameter: int | None) -> int:
    """A parameter that `standard_faults` has already found to be there."""
    return parameter or 0


# ---------------------------------------------------------------- what a claim must bring


def _basis_faults(kind: StandardKind, basis: Basis) -> tuple[Wording, ...]:
    checks: dict[StandardKind, tuple[tuple[bool, Wording], ...]] = {
        StandardKind.up_to: (
            (basis.decided_fen is None, say("金额由审核人在上限内核定，尚未核定")),
            (not basis.reason.strip(), say("核定金额须写明理由")),
        ),
        StandardKind.per_unit: ((basis.units is None, say("缺少数量，不能计算")),),
        StandardKind.percent: ((basis.base_fen is None, say("缺少计算基数，不能计算")),),
        StandardKind.match_ratio: ((basis.base_fen is None, say("缺少计算基数，不能计算")),),
    }
    facts = (basis.units, basis.base_fen, basis.decided_fen, basis.granted_this_year_fen)
    is_negative = (any(fact is not None and fact < 0 for fact in facts), say("计算依据不能为负"))
    return tuple(words for is_wrong, words in (*checks.get(kind, ()), is_negative) if is_wrong)


# ---------------------------------------------------------------- the computations


@dataclass(frozen=True, slots=True)
class _Computed:
    amount_fen: int | None
    words: Wording


def _flat(standard: Standard, _: Basis) -> _Computed:
    amount = _set(standard.amount_fen)
    return _Computed(amount, say("定额 {amount} 元", amount=yuan_whole(amount)))


def _up_to(standard: Standard, basis: Basis) -> _Computed:
    ceiling, decided = _set(standard.ceiling_fen), _set(basis.decided_fen)
    words = say(
        "核定 {decided} 元，上限 {ceiling} 元，理由：{reason}",
        decided=yuan_whole(decided),
        ceiling=yuan_whole(ceiling),
        reason=basis.reason.strip(),
    )
    return _Computed(min(decided, ceiling), words)


def _per_unit(standard: Standard, basis: Basis) -> _Computed:
    """So much for each unit, held to what the yearly cap still has room for."""
    each, units, cap = _set(standard.amount_fen), _set(basis.units), standard.annual_cap_fen
    product, granted = each * units, basis.granted_this_year_fen
    facts: dict[str, Fact] = {
        "unit": standard.unit,
        "each": yuan_whole(each),
        "units": units,
        "product": yuan_whole(product),
    }
    if cap is None or product <= cap - granted:
        return _Computed(product, say("每{unit} {each} 元 × {units} = {product} 元", **facts))
    room = max(cap - granted, 0)
    words = say(
        "每{unit} {each} 元 × {units} = {product} 元；年度上限 {cap} 元，"
        "本年已给 {granted} 元，可给 {room} 元",
        **facts,
        cap=yuan_whole(cap),
        granted=yuan_whole(granted),
        room=yuan_whole(room),
    )
    return _Computed(room, words)


def _percent(standard: Standard, basis: Basis) -> _Computed:
    """A share of the base, rounded half up to the fen, then held to the ceiling."""
    rate, base = _set(standard.percent_hundredths), _set(basis.base_fen)
    share, ceiling = _half_up(base * rate, WHOLE), standard.ceiling_fen
    facts = {"base": yuan_whole(base), "percent": _percent_shown(rate), "share": yuan_whole(share)}
    if ceiling is None or share <= ceiling:
        return _Computed(share, say("{base} 元 × {percent}% = {share} 元", **facts))
    words = say(
        "{base} 元 × {percent}% = {share} 元，上限 {ceiling} 元",
        **facts,
        ceiling=yuan_whole(ceiling),
    )
    return _Computed(ceiling, words)


def _not_printed(_: Standard, __: Basis) -> _Computed:
    return _Computed(None, say("文件没有公布金额，系统不计算"))


_COMPUTATIONS: Mapping[StandardKind, Callable[[Standard, Basis], _Computed]] = {
    StandardKind.flat: _flat,
    StandardKind.up_to: _up_to,
    StandardKind.per_unit: _per_unit,
    StandardKind.percent: _percent,
    StandardKind.match_ratio: _percent,
    StandardKind.not_printed: _not_printed,
}


def _half_up(numerator: int, denominator: int) -> int:
    """The nearest whole number, a half upwards; both arguments not negative."""
    return (2 * numerator + denominator) // (2 * denominator)


def _percent_shown(hundredths: int) -> str:
    return yuan(hundredths).rstrip("0").rstrip(".")


def _at_most(standard: Standard) -> int | None:
    if standard.kind is StandardKind.flat:
        return standard.amount_fen
    if standard.kind is StandardKind.per_unit:
        return standard.annual_cap_fen
    return standard.ceiling_fen


# ---------------------------------------------------------------- a line of the policy table


def standard_from_row(row: Mapping[str, str]) -> Standard:
    """The standard one line of the policy table prints; yuan and percent as a person writes them.

    Args:
        row: columns `key`, `document`, `clause`, `kind`, `purpose`, `amount_yuan`, `ceiling_yuan`,
            `percent`, `unit`, `annual_cap_yuan`; empty text is "not printed". Others are ignored.

    Raises:
        AmountRefused: an amount that is none.
        KeyError: a column is missing.
        ValueError: an unknown kind or purpose.
    """
    return Standard(
        key=row["key"],
        version=1,
        document=row["document"],
        clause=row["clause"],
        kind=StandardKind(row["kind"]),
        purpose=Purpose(row["purpose"]),
        amount_fen=_two_decimals(row["amount_yuan"]),
        ceiling_fen=_two_decimals(row["ceiling_yuan"]),
        percent_hundredths=_two_decimals(row["percent"]),
        unit=row["unit"] or None,
        annual_cap_fen=_two_decimals(row["annual_cap_yuan"]),
    )


def _two_decimals(written: str) -> int | None:
    """Yuan in fen, or a percentage in its hundredths: both have two decimals and no more."""
    return fen_from_yuan(written) if written else None
