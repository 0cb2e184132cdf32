"""Changes of standards, settings and lists (调整): drafted by one person, confirmed by another.

A change waits until a second person confirms it or turns it down; whoever drafted it may take it
back. Turned down or taken back it stays to be read, with the reason. What was confirmed is never
changed: it is followed by another version.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import Any, TypeAlias

from models.rules.errors import AmountRefused
from models.rules.free_text import kept_text
from models.rules.half_width import half_width
from models.rules.membership import Fault
from models.rules.money import fen_from_yuan
from models.rules.settings import SETTING_OF, Adjustable, SettingValue
from models.rules.wording import Wording, say

YES, NO = "yes", "no"
WORKING, RESTING, AS_ANNOUNCED = "working", "resting", "announced"
LONGEST_SETTING = 120  # characters of a setting that is a text
LONGEST_TEXTS = {"name_zh": 60, "name_en": 100, "remedy_zh": 200, "remedy_en": 300}
LONGEST_CRITERION = {
    "name_zh": 60, "name_en": 100, "shows_zh": 200, "shows_en": 300, "evidence_zh": 100,
    "evidence_en": 160,
}  # fmt: skip
LONGEST_NOTE = 100
LONGEST_STANDARD_DAYS = 2_000
BANK_ACCOUNTS = frozenset({"alliance_payee_account"})
"""Settings that are a bank account: masked and sealed as one."""
OPERATORS = frozenset({"is_demonstration"})
"""Settings only the operator's commands change: whether the data are real is no one's to decide on
a screen."""
_UNLIMITED = 10**9

Written: TypeAlias = Mapping[str, str]
Content: TypeAlias = dict[str, Any]


class ChangeKind(StrEnum):
    """What is changed (调整对象)."""

    policy_rule = "policy_rule"  # 补贴标准
    setting = "setting"  # 设定
    service_terms = "service_terms"  # 价格区间和服务标准
    reason_text = "reason_text"  # 理由用语
    calendar_day = "calendar_day"  # 工作日历
    admission_criterion = "admission_criterion"  # 入会条件


class ChangeState(StrEnum):
    """Where a change stands (调整状态)."""

    drafted = "drafted"  # 待确认
    confirmed = "confirmed"  # 已确认
    turned_down = "turned_down"  # 未采用
    withdrawn = "withdrawn"  # 已撤回


# fmt: off
CHANGE_NAMES = {
    ChangeKind.policy_rule:   say("补贴标准"),
    ChangeKind.setting:       say("设定"),
    ChangeKind.service_terms: say("价格区间和服务标准"),
    ChangeKind.reason_text:   say("理由用语"),
    ChangeKind.calendar_day:  say("工作日历"),
    ChangeKind.admission_criterion: say("入会条件"),
}
CHANGE_STATE_NAMES = {
    ChangeState.drafted:     say("待确认"),
    ChangeState.confirmed:   say("已确认"),
    ChangeState.turned_down: say("未采用"),
    ChangeState.withdrawn:   say("已撤回"),
}
# fmt: on


@dataclass(frozen=True, slots=True)
class ContentRead:
    """What somebody wrote of a change, read: its content, and everything wrong with it."""

    content: Content
    faults: tuple[Fault, ...] = ()


def barred_from_deciding(actor_id: int, drafted_by_id: int | None) -> Wording | None:
    """Why somebody may not confirm or turn down a change (起草与确认分离); `None`: she may."""
    if actor_id == drafted_by_id:
        return say("起草人不能确认自己的草稿，须由另一人确认")
    return None


def begins_too_early(valid_from: date, on: date) -> Wording | None:
    """Why a change of anything but a standard cannot begin on a day (不溯及既往); `None`: it can."""
    if valid_from >= on:
        return None
    return say("生效日期 {begins} 已过，请改为今天或以后的日期重新起草", begins=valid_from)


def content_read(kind: ChangeKind, subject: str, written: Written) -> ContentRead:
    """What somebody wrote of a setting, a service, a reason or a day, and all its faults at once.

    Args:
        kind: what is changed; standards are read by `rules.standards`.
        subject: the setting's key, the service's or reason's code, the day.
        written: field → text.
    """
    trimmed = {name: _one_line(text) for name, text in written.items()}
    return _READERS[kind](subject, trimmed)


def setting_written(value: SettingValue) -> str:
    """A setting's value as it is written: `20`, `yes`, `2027、2028`."""
    match value:
        case bool():
            return YES if value else NO
        case tuple():
            return "、".join(str(one) for one in value)
    return str(value)


# ---------------------------------------------------------------- settings


def _setting(key: str, written: Written) -> ContentRead:
    adjustable = SETTING_OF[key]
    value, words = _SETTING_READERS[type(adjustable.default)](adjustable, written.get("value", ""))
    faults = (Fault("value", words),) if words else ()
    return ContentRead({"value": value}, faults)


def _truth(_: Adjustable, text: str) -> tuple[Any, Wording | None]:
    if text in (YES, NO):
        return text == YES, None
    return None, say("请选择“是”或“否”")


def _number(adjustable: Adjustable, text: str) -> tuple[Any, Wording | None]:
    plain = half_width(text)
    if not (plain.isascii() and plain.isdigit() and len(plain) < 10):
        return None, say("“{written}”不是整数；只填数字", written=text[:40])
    return int(plain), _out_of_bounds(adjustable, int(plain))


def _out_of_bounds(adjustable: Adjustable, number: int) -> Wording | None:
    if adjustable.lowest <= number <= adjustable.highest:
        return None
    return say(
        "须在 {lowest} 至 {highest} 之间，现为 {number}",
        lowest=adjustable.lowest, highest=adjustable.highest, number=number,
    )  # fmt: skip


def _text(adjustable: Adjustable, text: str) -> tuple[Any, Wording | None]:
    if adjustable.choices and text not in adjustable.choices:
        return text, say("请从所列选项中选择")
    if not text and adjustable.default:
        return text, say("请填写")
    if len(text) > LONGEST_SETTING:
        return text, say("最多 {longest} 个字", longest=LONGEST_SETTING)
    return text, None


def _numbers(adjustable: Adjustable, text: str) -> tuple[Any, Wording | None]:
    found: list[int] = []
    for part in half_width(text).replace("、", " ").replace(",", " ").split():
        number, words = _number(adjustable, part)
        if words:
            return None, words
        found.append(number)
    return sorted(set(found)), None


_SETTING_READERS: dict[type, Callable[[Adjustable, str], tuple[Any, Wording | None]]] = {
    bool: _truth,
    int: _number,
    str: _text,
    tuple: _numbers,
}

# ---------------------------------------------------------------- services, reasons, days


def _service_terms(_: str, written: Written) -> ContentRead:
    content: Content = {}
    faults: list[Fault] = []
    for name in ("price_floor_fen", "price_ceiling_fen"):
        content[name], fault = _yuan(name, written.get(name, ""))
        faults += [fault] if fault else []
    content["standard_working_days"], words = _days(written.get("standard_working_days", ""))
    faults += [Fault("standard_working_days", words)] if words else []
    floor_fen, ceiling_fen = content["price_floor_fen"], content["price_ceiling_fen"]
    if floor_fen is not None and ceiling_fen is not None and ceiling_fen < floor_fen:
        faults.append(Fault("price_ceiling_fen", say("上限低于下限")))
    return ContentRead(content, tuple(faults))


def _yuan(name: str, text: str) -> tuple[int | None, Fault | None]:
    try:
        return (fen_from_yuan(text), None) if text else (None, None)
    except AmountRefused as refused:
        return None, Fault(name, refused.wording)


_STANDARD_DAYS = Adjustable(
    "standard_working_days", 0, say("服务标准（工作日）"), say("服务标准（工作日）"), 1,
    LONGEST_STANDARD_DAYS,
)  # fmt: skip


def _days(text: str) -> tuple[int | None, Wording | None]:
    return _number(_STANDARD_DAYS, text) if text else (None, None)


def _reason_text(_: str, written: Written) -> ContentRead:
    return _texts(LONGEST_TEXTS, written)


def _texts(longest: Mapping[str, int], written: Written) -> ContentRead:
    """Texts that must all be there, none too long."""
    content: Content = {name: written.get(name, "") for name in longest}
    faults = [Fault(name, say("请填写")) for name, text in content.items() if not text]
    faults += [
        Fault(name, say("最多 {longest} 个字", longest=longest[name]))
        for name, text in content.items()
        if len(text) > longest[name]
    ]
    return ContentRead(content, tuple(faults))


def _criterion(_: str, written: Written) -> ContentRead:
    read = _texts(LONGEST_CRITERION, written)
    flags = {name: written.get(name, "") for name in ("is_required", "is_in_force")}
    faults = [
        Fault(name, say("请选择“是”或“否”"))
        for name, text in flags.items()
        if text not in (YES, NO)
    ]
    chosen = {name: text == YES for name, text in flags.items()}
    return ContentRead(read.content | chosen, (*read.faults, *faults))


def _calendar_day(_: str, written: Written) -> ContentRead:
    works = {WORKING: True, RESTING: False, AS_ANNOUNCED: None}
    chosen, note = written.get("is_working", ""), written.get("note", "")
    faults: list[Fault] = []
    if chosen not in works:
        faults.append(Fault("is_working", say("请选择")))
    if len(note) > LONGEST_NOTE:
        faults.append(Fault("note", say("最多 {longest} 个字", longest=LONGEST_NOTE)))
    return ContentRead({"is_working": works.get(chosen), "note": note}, tuple(faults))


_READERS: dict[ChangeKind, Callable[[str, Written], ContentRead]] = {
    ChangeKind.setting: _setting,
    ChangeKind.service_terms: _service_terms,
    ChangeKind.reason_text: _reason_text,
    ChangeKind.calendar_day: _calendar_day,
    ChangeKind.admission_criterion: _criterion,
}


def _one_line(text: str) -> str:
    return " ".join(kept_text(text, _UNLIMITED).split())
