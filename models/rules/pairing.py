"""Which agencies suit a need (对接建议): in scope and admitted, ranked by what is known of each, with
the reasons shown.

Source: `dalian-hightech` 五.3(1), one-to-one pairs per service. The order is not printed anywhere;
its weights stand here, one row each, and every suggestion says what it counted.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum

from models.rules.rating.scheme import MARKS, Mark
from models.rules.wording import Wording, say


class NeedState(StrEnum):
    """Where a need (需求) stands."""

    open = "open"  # 对接中
    paired = "paired"  # 已结对
    withdrawn = "withdrawn"  # 已撤回


class RequestState(StrEnum):
    """Where a request to an agency (询问) stands."""

    asked = "asked"  # 待答复
    accepted = "accepted"  # 已接受
    declined = "declined"  # 已谢绝
    taken_back = "taken_back"  # 已收回


# fmt: off
NEED_STATES = {
    NeedState.open:      say("对接中"),
    NeedState.paired:    say("已结对"),
    NeedState.withdrawn: say("已撤回"),
}
REQUEST_STATES = {
    RequestState.asked:      say("待答复"),
    RequestState.accepted:   say("已接受"),
    RequestState.declined:   say("已谢绝"),
    RequestState.taken_back: say("已收回"),
}

SUCCESS_WEIGHT = 45
LOAD_WEIGHT = 25
GRADE_WEIGHT = 20
EXPERIENCE_WEIGHT = 10
# fmt: on
PRIOR_CASES = 4
"""A small sample shrinks to the mean of all agencies: so many cases of it are added."""
FULL_LOAD = 10
"""Open agreements per ten staff at which an agency counts as fully loaded."""
FEW_CASES = 3
"""Below so many concluded cases of the service, a rate says little, and the reason says so."""


@dataclass(frozen=True, slots=True)
class Candidate:
    """An agency in scope of a need's service, as far as pairing knows it.

    Attributes:
        key: its credit code; breaks ties, so that the order never depends on the database.
        succeeded, failed: concluded agreements of this service, and failures put down to the
            agency.
        open_agreements: agreements it works on now, of any service.
        staff_count: its staff; `None` where it is not stated.
        grade: its published grade; `None` while there is none, which counts neither way.
        has_priority: the lead gave it priority by its grade (优先对接).
        has_declined: it declined this very need.
    """

    key: str
    name: str
    succeeded: int = 0
    failed: int = 0
    open_agreements: int = 0
    staff_count: int | None = None
    grade: Mark | None = None
    has_priority: bool = False
    has_declined: bool = False


@dataclass(frozen=True, slots=True)
class Suggestion:
    """An agency suggested for a need (建议机构).

    Attributes:
        points: 0 to 100, for the order only.
        reasons: what was counted, in words.
    """

    candidate: Candidate
    points: int
    reasons: tuple[Wording, ...]


def suggested(candidates: Iterable[Candidate]) -> tuple[Suggestion, ...]:
    """The agencies that suit a need, the best first (对接建议); who was given priority stands before
    the others, who declined it comes last.

    Args:
        candidates: agencies admitted today with the service in their scope.
    """
    known = tuple(candidates)
    mean = _mean_success(known)
    ranked = [Suggestion(one, _points(one, mean), _reasons(one)) for one in known]
    return tuple(
        sorted(
            ranked,
            key=lambda one: (
                one.candidate.has_declined, not one.candidate.has_priority,
                -one.points, one.candidate.key,
            ),
        )
    )  # fmt: skip


def _mean_success(candidates: tuple[Candidate, ...]) -> float:
    """Rule of succession over all of them: one half where nothing is known."""
    won = sum(one.succeeded for one in candidates)
    lost = sum(one.failed for one in candidates)
    return (won + 1) / (won + lost + 2)


def _points(one: Candidate, mean: float) -> int:
    cases = one.succeeded + one.failed
    success = (one.succeeded + PRIOR_CASES * mean) / (cases + PRIOR_CASES)
    experience = min(1.0, one.succeeded / 10)
    points = (
        SUCCESS_WEIGHT * success + LOAD_WEIGHT * (1 - _load(one)) + EXPERIENCE_WEIGHT * experience
    )
    if one.grade is None:
        return round(points * 100 / (100 - GRADE_WEIGHT))
    return round(points + GRADE_WEIGHT * _standing(one.grade))


def _standing(grade: Mark) -> float:
    """From 0 for the lowest grade to 1 for the best."""
    return 1 - MARKS.index(grade) / (len(MARKS) - 1)


def _load(one: Candidate) -> float:
    """From 0 for none to 1 for full; an agency of unknown size counts as one of ten."""
    tens = max(1.0, (one.staff_count or 10) / 10)
    return min(1.0, one.open_agreements / (FULL_LOAD * tens))


def _reasons(one: Candidate) -> tuple[Wording, ...]:
    reasons = [_success_reason(one)]
    if one.staff_count:
        load = say(
            "在办 {open} 份，从业 {staff} 人", open=one.open_agreements, staff=one.staff_count
        )
    else:
        load = say("在办 {open} 份，从业人数未填", open=one.open_agreements)
    reasons.append(load)
    if one.grade:
        reasons.append(say("考评 {grade} 级", grade=one.grade))
    else:
        reasons.append(say("尚无考评等级，不计入"))
    if one.has_priority:
        reasons.append(say("按考评结果优先对接"))
    if one.has_declined:
        reasons.append(say("已谢绝过本需求"))
    return tuple(reasons)


def _success_reason(one: Candidate) -> Wording:
    cases = one.succeeded + one.failed
    if not cases:
        return say("本服务尚无办结记录")
    if cases < FEW_CASES:
        return say("本服务办成 {won} / {cases} 件，样本少", won=one.succeeded, cases=cases)
    return say("本服务办成 {won} / {cases} 件", won=one.succeeded, cases=cases)
