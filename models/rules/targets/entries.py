"""What somebody enters of a figure (实绩填报): its form, its unit, and everything wrong with it at
once.

A value is read as it is written, digit by digit; it never becomes a binary fraction. Units are
converted by one explicit table and by nothing else.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal
from enum import StrEnum
from typing import Any

from models.rules.errors import FigureRefused
from models.rules.free_text import kept_text
from models.rules.half_width import half_width
from models.rules.membership import Fault
from models.rules.targets.facts import ActualKind, Grade, IndicatorKind
from models.rules.wording import Wording, say

EARLIEST_YEAR = 1949
LONGEST_VALUE = 40  # characters as written
LONGEST_REASON = 300
LONGEST = {"source_title": 300, "source_url": 400, "note_zh": 400}
"""Characters a text may have."""

_PLAIN = r"[0-9]{1,15}"
_GROUPED = r"[0-9]{1,3}(?:,[0-9]{3}){1,4}"
_VALUE = re.compile(rf"([+-]?)({_PLAIN}|{_GROUPED})(\.[0-9]{{1,6}})?")
_PUBLISHED = re.compile(r"([0-9]{4})(?:-([0-9]{2})(?:-([0-9]{2}))?)?")
_UNLIMITED = 10**9
_NEVER_NEGATIVE = frozenset({IndicatorKind.stock, IndicatorKind.cumulative})

# fmt: off
SCALES: tuple[Mapping[str, Decimal], ...] = (
    {"元": Decimal(1),   "万元": Decimal(10**4), "亿元": Decimal(10**8)},
    {"人次": Decimal(1), "万人次": Decimal(10**4)},
    {"家": Decimal(1),   "个": Decimal(1),       "户": Decimal(1)},
    {"人": Decimal(1),   "名": Decimal(1)},
)
# fmt: on
"""The only units that are converted: each family's units in its smallest one."""


class FigureState(StrEnum):
    """Where a figure stands (实绩的状态)."""

    counting = "counting"  # 有效
    waiting = "waiting"  # 待确认
    replaced = "replaced"  # 已替代
    turned_down = "turned_down"  # 未采用


@dataclass(frozen=True, slots=True)
class Counted:
    """What an indicator counts: its unit and its kind."""

    unit: str
    kind: IndicatorKind


@dataclass(frozen=True, slots=True)
class FigureEntry:
    """A figure as somebody enters it (实绩); empty text is "not stated".

    Attributes:
        value: as it is written.
        unit: the indicator's, or one the table converts into it.
        is_over: the source says that it is more (突破, 以上).
        published: `2023`, `2023-09` or `2023-09-13`.
    """

    place_code: str = ""
    indicator_code: str = ""
    as_of: date | None = None
    value: str = ""
    unit: str = ""
    kind: ActualKind | None = None
    grade: Grade | None = None
    source_title: str = ""
    period_start: date | None = None
    is_over: bool = False
    source_url: str = ""
    published: str = ""
    note_zh: str = ""


def in_one_spelling(entry: FigureEntry) -> FigureEntry:
    """The entry with its texts trimmed, on one line, without what cannot be kept."""
    trimmed: dict[str, Any] = {
        name: " ".join(kept_text(value, _UNLIMITED).split())
        for name in FigureEntry.__slots__
        if isinstance(value := getattr(entry, name), str) and not isinstance(value, StrEnum)
    }
    trimmed["unit"] = half_width(trimmed["unit"])
    trimmed["published"] = half_width(trimmed["published"])
    return replace(entry, **trimmed)


# ---------------------------------------------------------------- numbers and units


def value_read(written: str) -> Decimal:
    """The exact value of what is written, without zeros that say nothing.

    Args:
        written: digits, full-width or not, at most six decimals, perhaps grouped by commas.

    Raises:
        FigureRefused: it is not a number.
    """
    plain = half_width(written).strip()
    found = _VALUE.fullmatch(plain) if len(plain) <= LONGEST_VALUE else None
    if found is None:
        raise FigureRefused(
            say("“{written}”不是数值；只填数字，例如 1,068 或 2.36，单位另填", written=written[:40])
        )
    sign, whole, decimals = found.groups()
    return _without_idle_zeros(Decimal(f"{sign}{whole.replace(',', '')}{decimals or ''}"))


def in_unit(value: Decimal, written: str, wanted: str) -> Decimal | None:
    """A value in another unit; `None` where the table knows no way."""
    written = half_width(written).strip()
    if written == wanted:
        return value
    for scale in SCALES:
        if written in scale and wanted in scale:
            return _without_idle_zeros(value * scale[written] / scale[wanted])
    return None


def units_taken(unit: str) -> tuple[str, ...]:
    """The units a value may be stated in: the indicator's own first, then those converted."""
    alike = (other for scale in SCALES if unit in scale for other in scale if other != unit)
    return unit, *alike


def may_be_negative(kind: IndicatorKind) -> bool:
    """Whether a figure of this kind may lie below nothing: what was counted never does."""
    return kind not in _NEVER_NEGATIVE


def is_published(written: str) -> bool:
    """Whether a year, month or day of publication is one: `2023`, `2023-09`, `2023-09-13`."""
    found = _PUBLISHED.fullmatch(written)
    if found is None or int(found[1]) < EARLIEST_YEAR:
        return False
    try:
        date(int(found[1]), int(found[2] or 1), int(found[3] or 1))
    except ValueError:
        return False
    return True


def wrong_unit(written: str, wanted: str) -> Wording:
    """What is said of a unit that is not the indicator's and is not converted."""
    return say("单位应为“{wanted}”，“{written}”不能换算", wanted=wanted, written=written or "—")


def barred_from_confirming(account_id: int, entered_by_id: int) -> Wording | None:
    """Why somebody may not confirm a figure: nobody confirms one's own (两人复核)."""
    if account_id != entered_by_id:
        return None
    return say("填报人不能确认自己填报的实绩，须由另一人确认")


def _without_idle_zeros(value: Decimal) -> Decimal:
    text = format(value, "f")
    plain = text.rstrip("0").rstrip(".") if "." in text else text
    return abs(Decimal(plain)) if not value else Decimal(plain)


# ---------------------------------------------------------------- what is wrong


def faults_of(entry: FigureEntry, counted: Counted | None, today: date) -> tuple[Fault, ...]:
    """Everything wrong with an entry at once (一次性告知); nothing: it may be kept.

    Args:
        entry: as `in_one_spelling` gives it.
        counted: the indicator; `None` where there is none of that code.
        today: the office's day; only a forecast speaks of a later one.
    """
    return tuple(fault for rule in ENTRY_RULES for fault in rule(entry, counted, today))


def _missing(entry: FigureEntry, counted: Counted | None, _: date) -> list[Fault]:
    # fmt: off
    needed = {
        "place_code":     (entry.place_code,        say("请选择地区")),
        "indicator_code": (counted,                 say("请选择指标")),
        "as_of":          (entry.as_of,             say("请填写截至日期")),
        "kind":           (entry.kind,              say("请选择类型")),
        "grade":          (entry.grade,             say("请选择可信度")),
        "source_title":   (entry.source_title,      say("请写明来源：文件、公报或网页的名称")),
    }
    # fmt: on
    return [Fault(field, words) for field, (given, words) in needed.items() if not given]


def _value(entry: FigureEntry, counted: Counted | None, _: date) -> list[Fault]:
    try:
        value = value_read(entry.value)
    except FigureRefused as refusal:
        return [Fault("value", refusal.wording)]
    if counted is None:
        return []
    if in_unit(value, entry.unit, counted.unit) is None:
        return [Fault("unit", wrong_unit(entry.unit, counted.unit))]
    if value < 0 and not may_be_negative(counted.kind):
        return [Fault("value", say("存量和累计数不能为负"))]
    return []


def _days(entry: FigureEntry, _: Counted | None, today: date) -> list[Fault]:
    faults = []
    if entry.as_of is not None and entry.as_of > today and entry.kind is not ActualKind.forecast:
        words = say("截至日期在今天之后；只有“预计”可以，今天是 {today}", today=today)
        faults.append(Fault("as_of", words))
    if entry.as_of is not None and entry.as_of.year < EARLIEST_YEAR:
        faults.append(Fault("as_of", say("核对年份，早于 {year} 年", year=EARLIEST_YEAR)))
    if entry.as_of and entry.period_start and entry.period_start > entry.as_of:
        faults.append(Fault("period_start", say("期间起晚于截至日期")))
    return faults


def _publication(entry: FigureEntry, _: Counted | None, today: date) -> list[Fault]:
    if not entry.published:
        return []
    if not is_published(entry.published):
        return [Fault("published", say("发布日期写作 2023、2023-09 或 2023-09-13"))]
    if entry.published > today.isoformat():
        return [Fault("published", say("发布日期在今天之后；今天是 {today}", today=today))]
    return []


def _texts(entry: FigureEntry, _: Counted | None, __: date) -> list[Fault]:
    faults = [
        Fault(field, say("过长：最多 {longest} 个字", longest=longest))
        for field, longest in LONGEST.items()
        if len(getattr(entry, field)) > longest
    ]
    if entry.source_url and not entry.source_url.startswith(("https://", "http://")):
        faults.append(Fault("source_url", say("来源网址以 https:// 或 http:// 开头")))
    return faults


ENTRY_RULES: tuple[Callable[[FigureEntry, Counted | None, date], list[Fault]], ...] = (
    _missing,
    _value,
    _days,
    _publication,
    _texts,
)
"""Every rule an entry is held against; all of them speak."""
