"""What an enterprise answers on its confirmation link (企业确认), and whether the link still serves.

An answer is public evidence: nothing in it is filled in beforehand. "No up-front fee" and "no fee
at all" are two figures (五.2 一是), so what was paid before and after the result is asked apart.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from models.rules.errors import AmountRefused
from models.rules.money import fen_from_yuan
from models.rules.wording import Wording, say

HIGHEST_SATISFACTION = 5


class Happened(StrEnum):
    """What the enterprise says of the service."""

    free = "free"  # 已完成，没有付过任何费用
    paid = "paid"  # 已完成，付过费用
    denied = "denied"  # 没有完成


class LinkState(StrEnum):
    """Whether a confirmation link (确认链接) serves."""

    open = "open"  # 有效
    used = "used"  # 已使用
    withdrawn = "withdrawn"  # 已作废
    expired = "expired"  # 已过期


@dataclass(frozen=True, slots=True)
class Answer:
    """An enterprise's answer.

    Attributes:
        is_denied: the service did not happen; nothing else is said then.
        paid_before_fen: what it paid the agency before the result.
        paid_after_fen: what it paid afterwards.
        satisfaction: 1 to 5.
    """

    is_denied: bool = False
    paid_before_fen: int | None = None
    paid_after_fen: int | None = None
    satisfaction: int | None = None


@dataclass(frozen=True, slots=True)
class Written:
    """The form as it was sent: everything text, nothing trusted."""

    happened: str = ""
    before: str = ""
    after: str = ""
    satisfaction: str = ""


@dataclass(frozen=True, slots=True)
class Reading:
    """What was made of the form: the answer, or what is wrong with which field."""

    answer: Answer | None
    faults: Mapping[str, Wording]


def link_state(*, is_used: bool, is_withdrawn: bool, expires_on: date, today: date) -> LinkState:
    """Whether a link serves on a day; it does on its last day.

    Args:
        is_used: it was answered.
        is_withdrawn: the alliance took it back or gave another one.
        expires_on: its last day.
        today: the office's day.
    """
    if is_used:
        return LinkState.used
    if is_withdrawn:
        return LinkState.withdrawn
    return LinkState.expired if expires_on < today else LinkState.open


def answer_read(written: Written) -> Reading:
    """The answer a form states, or every fault of it at once (一次性告知), by field.

    Source: `dalian-hightech` 五.2 一是 for the two amounts.
    """
    if written.happened == Happened.denied:
        return Reading(Answer(is_denied=True), {})
    faults: dict[str, Wording] = {}
    if written.happened not in set(Happened):
        faults["happened"] = say("请选择服务是否完成")
    before = after = 0
    if written.happened == Happened.paid:
        before = _amount("before", written.before, faults)
        after = _amount("after", written.after, faults)
    satisfaction = _satisfaction(written.satisfaction, faults)
    if faults:
        return Reading(None, faults)
    return Reading(Answer(False, before, after, satisfaction), {})


def answer_fault(answer: Answer) -> Wording | None:
    """Why an answer cannot be kept; `None` if it can."""
    said = (answer.paid_before_fen, answer.paid_after_fen, answer.satisfaction)
    if answer.is_denied:
        return None if said == (None, None, None) else say("否认服务的答复不含金额和满意度")
    return say("请写明付费金额和满意度，没有付费的填 0") if None in said else None


def _amount(field: str, written: str, faults: dict[str, Wording]) -> int:
    if not written.strip():
        faults[field] = say("请填金额，没有付的填 0")
        return 0
    try:
        return fen_from_yuan(written)
    except AmountRefused as refusal:
        faults[field] = refusal.wording
        return 0


def _satisfaction(written: str, faults: dict[str, Wording]) -> int:
    if written in {str(mark) for mark in range(1, HIGHEST_SATISFACTION + 1)}:
        return int(written)
    faults["satisfaction"] = say("请选择满意度，1 至 5")
    return 0
