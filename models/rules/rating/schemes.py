"""Versions of the rating scheme (考评方案): drafted by one person, confirmed by another, never changed
afterwards. Version 1 is the labelled default."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from fractions import Fraction
from typing import Any

from models.rules.half_width import half_width
from models.rules.membership import Fault
from models.rules.rating.scheme import FULL, MARKS, Scheme
from models.rules.rating.signals import COMPONENT_NAMES, Component, Penalty
from models.rules.wording import Wording, say

DEFAULT = Scheme()

PENALTY_NAMES = {
    Penalty.complaint_upheld: say("投诉成立"),
    Penalty.late_answer: say("补正逾期"),
    Penalty.training_missed: say("缺席培训"),
}


@dataclass(frozen=True, slots=True)
class Figure:
    """One figure of a scheme (方案参数), as it is asked for.

    Attributes:
        key: its name.
        name: what it is.
        lowest, highest: its bounds, both included.
        is_whole: whole numbers only; else two decimals.
    """

    key: str
    name: Wording
    lowest: int
    highest: int
    is_whole: bool = True


# fmt: off
FIGURES: tuple[Figure, ...] = (
    *(Figure(f"weight_{one}", say("权重：{component}", component=COMPONENT_NAMES[one]), 0, FULL) for one in Component),
    *(Figure(f"threshold_{one.value.lower()}", say("{mark} 级最低分", mark=one.value), 1, FULL) for one in MARKS[:-1]),
    Figure("prior_cases",      say("计入的同类平均件数"),           1, 100),
    Figure("least_months",     say("参评最少入会月数"),             0, 60),
    Figure("least_concluded",  say("参评最少完成件数"),             1, 100),
    Figure("least_peers",      say("单项服务同类最少机构数"),       1, 100),
    Figure("least_peer_cases", say("单项服务同类最少件数"),         1, 1_000),
    Figure("interval_percent", say("区间两端各不计入的比例（%）"),  1, 25),
    *(Figure(f"penalty_{one}", say("每十件扣分：{lapse}", lapse=PENALTY_NAMES[one]), 0, FULL, is_whole=False) for one in Penalty),
)
# fmt: on
_PLAIN = (
    "prior_cases",
    "least_months",
    "least_concluded",
    "least_peers",
    "least_peer_cases",
    "interval_percent",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class SchemeRead:
    """What somebody wrote of a scheme: its content, and everything wrong with it."""

    content: dict[str, str]
    faults: tuple[Fault, ...] = ()


def scheme_content(scheme: Scheme) -> dict[str, str]:
    """A scheme as it is stored and written: figure → digits."""
    content = {f"weight_{one}": str(scheme.weights[one]) for one in Component}
    content |= {f"threshold_{one.value.lower()}": str(scheme.thresholds[one]) for one in MARKS[:-1]}
    content |= {key: str(getattr(scheme, key)) for key in _PLAIN}
    return content | {f"penalty_{one}": _decimal(scheme.penalties[one]) for one in Penalty}


def scheme_of(version: int, content: Mapping[str, Any]) -> Scheme:
    """The scheme that was stored.

    Raises:
        ValueError: weights that are not 100 together, or thresholds that do not fall.
    """
    return Scheme(
        version=version,
        weights={one: int(content[f"weight_{one}"]) for one in Component},
        thresholds={one: int(content[f"threshold_{one.value.lower()}"]) for one in MARKS[:-1]},
        penalties={one: Fraction(content[f"penalty_{one}"]) for one in Penalty},
        **{key: int(content[key]) for key in _PLAIN},
    )


def scheme_read(written: Mapping[str, str]) -> SchemeRead:
    """What somebody wrote of a scheme, read; all its faults at once.

    Args:
        written: figure → text, as typed.
    """
    content: dict[str, str] = {}
    faults: list[Fault] = []
    for figure in FIGURES:
        plain = half_width(written.get(figure.key, "")).strip()
        value = _number(plain, figure)
        if value is None or not figure.lowest <= value <= figure.highest:
            faults.append(Fault(figure.key, _out_of_bounds(figure)))
        else:
            content[figure.key] = _decimal(value)
    if not faults:
        faults += _faults_together(content)
    return SchemeRead(content, tuple(faults))


def _number(plain: str, figure: Figure) -> Fraction | None:
    whole, dot, decimals = plain.partition(".")
    is_number = whole.isascii() and whole.isdigit() and len(whole) < 6
    if dot:
        is_number = is_number and decimals.isascii() and decimals.isdigit() and len(decimals) < 3
        is_number = is_number and not figure.is_whole
    return Fraction(plain) if is_number else None


def _out_of_bounds(figure: Figure) -> Wording:
    return say("{figure}：须在 {lowest} 至 {highest} 之间，只填数字", figure=figure.name,
               lowest=figure.lowest, highest=figure.highest)  # fmt: skip


def _faults_together(content: Mapping[str, str]) -> list[Fault]:
    faults = []
    total = sum(int(content[f"weight_{one}"]) for one in Component)
    if total != FULL:
        words = say("各项权重合计须为 100，现为 {total}", total=total)
        faults.append(Fault("weight_outcome", words))
    a, b, c = (int(content[f"threshold_{mark}"]) for mark in ("a", "b", "c"))
    if not a >= b >= c:
        faults.append(Fault("threshold_a", say("等级最低分须从 A 到 C 依次降低")))
    return faults


def _decimal(value: Fraction) -> str:
    """As plain digits, at most two decimals."""
    if value.denominator == 1:
        return str(value.numerator)
    return f"{float(value):.2f}".rstrip("0")
