"""Versions of a subsidy standard (补贴标准): what somebody writes of one, when it counts beside the
others, and what it gives on an example.

A version is never changed. A change is another version of the same standard that begins later; from
its first day on the one before no longer counts, whatever end that one states.

Source: `dalian-hightech` 四, 五.3 效果一 (standards stay as the existing policies set them).
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace
from datetime import date, timedelta
from typing import Any

from models.rules.entitlement import (
    PARAMETERS,
    Basis,
    Entitlement,
    Parameter,
    Payee,
    Purpose,
    Standard,
    StandardKind,
    entitlement,
    standard_faults,
)
from models.rules.errors import AmountRefused
from models.rules.free_text import kept_text
from models.rules.half_width import half_width
from models.rules.membership import Fault
from models.rules.money import fen_from_yuan, yuan, yuan_whole
from models.rules.wording import Wording, say

LONGEST_REASON = 300  # characters of why something is changed, or not
LONGEST = {
    "document": 60, "clause": 40, "title_zh": 80, "title_en": 120, "unit": 10, "budget_code": 24,
    "reason": LONGEST_REASON,
}  # fmt: skip
"""Characters a text of an entry may have."""
EXAMPLE_BASE_FEN = 10_000_000
EXAMPLE_UNITS = 3
FIRST_DAY, LAST_DAY = date(2000, 1, 1), date(2100, 12, 31)
_UNLIMITED = 10**9
_AMOUNTS = ("amount", "ceiling", "annual_cap", "agency_year_cap", "enterprise_year_cap")

# fmt: off
PURPOSE_NAMES = {Purpose.subsidy: say("补贴"), Purpose.reward: say("奖励")}
PAYEE_NAMES = {Payee.agency: say("服务机构"), Payee.alliance: say("联盟"), Payee.enterprise: say("企业")}
KIND_NAMES = {
    StandardKind.flat:        say("定额"),
    StandardKind.up_to:       say("最高"),
    StandardKind.per_unit:    say("按数量"),
    StandardKind.percent:     say("按比例"),
    StandardKind.match_ratio: say("配套"),
    StandardKind.not_printed: say("未公布金额"),
}
# fmt: on


@dataclass(frozen=True, slots=True)
class StandardEntry:
    """A version of a standard as somebody writes it (补贴标准草稿); empty text is "not stated".

    Attributes:
        amount, ceiling, annual_cap, agency_year_cap, enterprise_year_cap: in yuan, as written.
        percent: the share of the base, as written: `30` or `1.5`.
        reason: why the standard is changed.
    """

    service_code: str = ""
    result_kind_code: str = ""
    purpose: Purpose = Purpose.subsidy
    payee: Payee = Payee.agency
    kind: StandardKind = StandardKind.flat
    amount: str = ""
    ceiling: str = ""
    percent: str = ""
    unit: str = ""
    annual_cap: str = ""
    agency_year_cap: str = ""
    enterprise_year_cap: str = ""
    budget_code: str = ""
    document: str = ""
    clause: str = ""
    title_zh: str = ""
    title_en: str = ""
    valid_from: date | None = None
    valid_to: date | None = None
    reason: str = ""


@dataclass(frozen=True, slots=True)
class StandardRead:
    """An entry read: the standard it states with its yearly caps, and everything wrong with it."""

    standard: Standard | None
    agency_year_cap_fen: int | None
    enterprise_year_cap_fen: int | None
    faults: tuple[Fault, ...]


def in_one_line(entry: StandardEntry) -> StandardEntry:
    """The entry with its texts trimmed, on one line, without what cannot be kept."""
    texts = ("amount", "ceiling", "percent", "annual_cap", "agency_year_cap",
             "enterprise_year_cap", *LONGEST)  # fmt: skip
    trimmed: dict[str, Any] = {
        name: " ".join(kept_text(getattr(entry, name), _UNLIMITED).split()) for name in texts
    }
    return replace(entry, **trimmed)


def standard_read(entry: StandardEntry) -> StandardRead:
    """What an entry states (补贴标准草稿), in one line, and all its faults at once.

    Args:
        entry: texts trimmed (`in_one_line`).

    Returns:
        The standard as its first version; `None` where an amount cannot be read.
    """
    fen: dict[str, int | None] = {}
    faults = [*_missing(entry), *_too_long(entry), *_validity_faults(entry)]
    wanted = {*_asked_for(entry.kind), "agency_year_cap", "enterprise_year_cap"}
    for name in (*_AMOUNTS, "percent"):
        written = getattr(entry, name) if name in wanted else ""
        fen[name], fault = _two_decimals(name, written)
        faults += [fault] if fault else []
    standard = Standard(
        key=entry.service_code or "?",
        version=1,
        document=entry.document or "?",
        clause=entry.clause or "?",
        kind=entry.kind,
        purpose=entry.purpose,
        amount_fen=fen["amount"],
        ceiling_fen=fen["ceiling"],
        percent_hundredths=fen["percent"],
        unit=(entry.unit or None) if "unit" in wanted else None,
        annual_cap_fen=fen["annual_cap"],
    )
    is_readable = not any(fault.field in fen for fault in faults)
    if is_readable:
        faults += [Fault("kind", words) for words in standard_faults(standard)]
    return StandardRead(
        standard if is_readable else None,
        fen["agency_year_cap"],
        fen["enterprise_year_cap"],
        tuple(faults),
    )


def parameters_of(kind: StandardKind) -> tuple[Parameter, ...]:
    """The parameters a standard of this kind may state, in their order."""
    return tuple(one for one in PARAMETERS if kind in one.needed_by + one.allowed_for)


def _asked_for(kind: StandardKind) -> set[str]:
    """The fields of an entry that a kind of standard looks at."""
    return {
        one.name.removesuffix("_fen").removesuffix("_hundredths") for one in parameters_of(kind)
    }


def _missing(entry: StandardEntry) -> list[Fault]:
    needed = ("service_code", "document", "clause", "title_zh", "reason")
    return [Fault(name, say("请填写")) for name in needed if not getattr(entry, name)]


def _too_long(entry: StandardEntry) -> list[Fault]:
    return [
        Fault(name, say("最多 {longest} 个字", longest=longest))
        for name, longest in LONGEST.items()
        if len(getattr(entry, name)) > longest
    ]


def _validity_faults(entry: StandardEntry) -> list[Fault]:
    begins, ends = entry.valid_from, entry.valid_to
    if begins is None:
        return [Fault("valid_from", say("请填写"))]
    if not FIRST_DAY <= begins <= LAST_DAY:
        return [
            Fault(
                "valid_from", say("日期须在 {first} 至 {last} 之间", first=FIRST_DAY, last=LAST_DAY)
            )
        ]
    if ends is not None and ends < begins:
        return [Fault("valid_to", say("失效日期早于生效日期 {begins}", begins=begins))]
    return []


def _two_decimals(name: str, written: str) -> tuple[int | None, Fault | None]:
    """Yuan in fen, or a percentage in its hundredths: both have two decimals and no more."""
    if not written:
        return None, None
    try:
        return fen_from_yuan(half_width(written).removesuffix("%").strip()), None
    except AmountRefused as refused:
        return None, Fault(name, refused.wording)


# ---------------------------------------------------------------- when a version counts


@dataclass(frozen=True, slots=True)
class HeldVersion:
    """A version in force beside which another one is to stand (已生效的版本)."""

    key: str
    version: int
    valid_from: date
    valid_to: date | None


def ends_on(version: HeldVersion, others: Iterable[HeldVersion]) -> date | None:
    """The last day on which a version counts (失效日期): the one it states, or the day before the
    next version of the same standard begins, whichever comes first; `None` for no end.

    Args:
        version: the version.
        others: versions of any standards, this one among them or not.
    """
    begun = [
        one.valid_from
        for one in others
        if one.key == version.key and one.valid_from > version.valid_from
    ]
    ends = [day - timedelta(days=1) for day in begun]
    if version.valid_to is not None:
        ends.append(version.valid_to)
    return min(ends, default=None)


def overlap(drafted: HeldVersion, held: Iterable[HeldVersion]) -> Wording | None:
    """Why a version cannot come into force beside those that are (有效期重叠); `None`: it can.

    Args:
        drafted: the version that is to come into force.
        held: those in force for the same place, service, kind of result and purpose.

    Returns:
        The first that stands in the way, in words.
    """
    all_held = tuple(held)
    for one in all_held:
        is_same = one.key == drafted.key
        if is_same and one.valid_from >= drafted.valid_from:
            return say(
                "须晚于 {key} 第 {version} 版的生效日期 {begins}；已生效的版本不改动",
                key=one.key, version=one.version, begins=one.valid_from,
            )  # fmt: skip
        if not is_same and _meet(drafted, one, ends_on(one, all_held)):
            return say(
                "与 {key} 第 {version} 版（{begins} 起）的有效期重叠；同一服务、同一用途同时只能有一个标准",
                key=one.key, version=one.version, begins=one.valid_from,
            )  # fmt: skip
    return None


def _meet(drafted: HeldVersion, held: HeldVersion, held_ends: date | None) -> bool:
    begins_in_time = drafted.valid_to is None or held.valid_from <= drafted.valid_to
    return begins_in_time and (held_ends is None or drafted.valid_from <= held_ends)


# ---------------------------------------------------------------- in words


def standard_words(standard: Standard) -> Wording:
    """What a standard gives (计算方式), in a sentence."""
    return _SAID[standard.kind](standard)


def _flat(standard: Standard) -> Wording:
    return say("定额 {amount} 元", amount=yuan_whole(standard.amount_fen or 0))


def _up_to(standard: Standard) -> Wording:
    return say("最高 {ceiling} 元，由审核人核定", ceiling=yuan_whole(standard.ceiling_fen or 0))


def _per_unit(standard: Standard) -> Wording:
    said = say(
        "每{unit} {amount} 元", unit=standard.unit, amount=yuan_whole(standard.amount_fen or 0)
    )
    if standard.annual_cap_fen is None:
        return said
    return say("{said}，每年最高 {cap} 元", said=said, cap=yuan_whole(standard.annual_cap_fen))


def _percent(standard: Standard) -> Wording:
    return _with_ceiling(say("基数的 {percent}%", percent=_percentage(standard)), standard)


def _match(standard: Standard) -> Wording:
    return _with_ceiling(
        say("按上级资金的 {percent}% 配套", percent=_percentage(standard)), standard
    )


def _not_printed(_: Standard) -> Wording:
    return say("文件没有公布金额，系统不计算")


_SAID: dict[StandardKind, Callable[[Standard], Wording]] = {
    StandardKind.flat: _flat,
    StandardKind.up_to: _up_to,
    StandardKind.per_unit: _per_unit,
    StandardKind.percent: _percent,
    StandardKind.match_ratio: _match,
    StandardKind.not_printed: _not_printed,
}


def _with_ceiling(said: Wording, standard: Standard) -> Wording:
    if standard.ceiling_fen is None:
        return said
    return say("{said}，最高 {ceiling} 元", said=said, ceiling=yuan_whole(standard.ceiling_fen))


def _percentage(standard: Standard) -> str:
    return yuan(standard.percent_hundredths or 0).rstrip("0").rstrip(".")


def example_of(standard: Standard) -> tuple[Wording | None, Entitlement]:
    """What a standard gives on facts made up for the purpose (算例).

    Returns:
        The facts in words, `None` where it asks for none, and what it gives on them.
    """
    match standard.kind:
        case StandardKind.percent | StandardKind.match_ratio:
            facts = say("基数 {base} 元", base=yuan_whole(EXAMPLE_BASE_FEN))
            basis = Basis(base_fen=EXAMPLE_BASE_FEN)
        case StandardKind.per_unit:
            facts = say("数量 {units} {unit}", units=EXAMPLE_UNITS, unit=standard.unit)
            basis = Basis(units=EXAMPLE_UNITS)
        case StandardKind.up_to:
            facts = say("核定 {decided} 元", decided=yuan_whole(standard.ceiling_fen or 0))
            basis = Basis(decided_fen=standard.ceiling_fen, reason=str(say("算例")))
        case _:
            return None, entitlement(standard)
    return facts, entitlement(standard, basis)
