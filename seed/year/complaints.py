"""Complaints of the year (投诉): a dozen, in every state, more about the poorer agencies; one about a fee
taken up front is upheld."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from random import Random

from sqlalchemy import select
from sqlmodel import col

from models.actions.complaints import (
    accept_complaint,
    answer_complaint,
    appeal_decision,
    appeal_refusal,
    dismiss_complaint,
    file_complaint,
    turn_away_complaint,
    uphold_complaint,
    withdraw_complaint,
)
from models.clock import today
from models.rules.complaints import ComplaintAction, ComplaintKind
from models.tables.agreements import Agreement
from models.tables.conduct import Complaint
from models.tables.organisations import Agency, Enterprise
from seed.year.cast import House
from seed.year.papers import paper
from seed.year.stage import Stage
from seed.year.timeline import office_hours

SEED = 20261201
_A, _K = ComplaintAction, ComplaintKind
_HINT, _OWN = "hint", "own"
# fmt: off
_SAID = {
    _K.fee_up_front: "演示：签约时被要求先付加急费，付款后才开始办理，请求退还。",
    _K.fraud:        "演示：申报材料中的人员名单与我公司实际不符，未经我公司同意。",
    _K.service:      "演示：材料多次出错，交付的文本与约定不一致，沟通无人答复。",
    _K.delay:        "演示：约定的时间已过，仍未提交申请，也没有说明原因。",
    _K.conduct:      "演示：工作人员自称受联盟委派上门推销其他服务。",
}
_ANSWERED = {
    _K.fee_up_front: "演示：该笔款项为企业另行购买的服务，与本协议无关，已附说明。",
    _K.fraud:        "演示：名单由企业联系人提供，本机构已核对，愿配合查证。",
    _K.service:      "演示：已更换经办人员并重新提交材料，向企业致歉。",
    _K.delay:        "演示：因企业补充材料较晚，现已提交，附时间经过。",
    _K.conduct:      "演示：系个别人员行为，已批评教育并停止上门。",
}
_FOUND = {
    True:  "演示：经核对凭据和双方说明，投诉所述事实成立。",
    False: "演示：经核对凭据和双方说明，没有发现投诉所述事实。",
}
# fmt: on
_WHY = "演示：对认定的事实有异议，请求另一人复核。"
_TURNED_AWAY = "演示：所述为双方对服务费数额的商业争议，不属于受理范围。"
_WITHDRAWN = "演示：双方已协商解决，撤回投诉。"


@dataclass(frozen=True, slots=True)
class Plaint:
    """One complaint as it will be played.

    Attributes:
        days_ago: working days before the year's end at which it is filed.
        house: about which agency, by its place among the poorer ones.
        by: `on behalf` of a member, the member's `own` account, or a `hint`.
        course: the steps after the filing, each so many working days after the one before.
        names_agreement: it names the agreement of the two.
        found: what was found, where it was upheld.
    """

    days_ago: int
    house: int
    kind: ComplaintKind
    course: tuple[tuple[ComplaintAction, int], ...] = ()
    by: str = "behalf"
    names_agreement: bool = True
    found: ComplaintKind | None = None


_ACCEPT, _AWAY = (_A.accept_complaint, 2), (_A.turn_away_complaint, 3)
_ANSWER, _LATE = (_A.answer_complaint, 4), (_A.answer_complaint, 11)
_YES, _NO = (_A.uphold_complaint, 6), (_A.dismiss_complaint, 6)
# fmt: off
PLAINTS: tuple[Plaint, ...] = (
    Plaint(214, 0, _K.fee_up_front, (_ACCEPT, _ANSWER, _YES)),
    Plaint(188, 0, _K.delay,        (_ACCEPT, _LATE, _YES)),
    Plaint(171, 2, _K.service,      (_ACCEPT, _ANSWER, _NO)),
    Plaint(150, 1, _K.conduct,      (_ACCEPT, _ANSWER, _YES), _HINT, names_agreement=False),
    Plaint(133, 3, _K.service,      (_AWAY, (_A.appeal_refusal, 3), (_A.turn_away_complaint, 3))),
    Plaint(118, 1, _K.fraud,        (_ACCEPT, _ANSWER, _YES, (_A.appeal_decision, 4), _NO), found=_K.service),
    Plaint(96,  4, _K.delay,        (_ACCEPT, _ANSWER, (_A.withdraw_complaint, 2))),
    Plaint(74,  0, _K.service,      (_ACCEPT, (_A.uphold_complaint, 12))),
    Plaint(52,  5, _K.fee_up_front, (_ACCEPT, _ANSWER, _YES), names_agreement=False, found=_K.conduct),
    Plaint(34,  2, _K.service,      (_ACCEPT, _ANSWER, _NO), _OWN),
    Plaint(16,  1, _K.delay,        (_ACCEPT, _ANSWER, _YES, (_A.appeal_decision, 2))),
    Plaint(11,  6, _K.service,      (_AWAY,)),
    Plaint(9,   3, _K.delay,        (_ACCEPT, _ANSWER)),
    Plaint(7,   7, _K.service,      (_ACCEPT,), _OWN),
    Plaint(3,   1, _K.conduct,      (_ACCEPT,), names_agreement=False),
    Plaint(2,   4, _K.fee_up_front),
    Plaint(1,   2, _K.delay,        (), _OWN),
)
# fmt: on


def complaining(stage: Stage, plaint: Plaint) -> Iterator[datetime]:
    """The course of one complaint.

    Args:
        stage: where it is played.
        plaint: what happens.
    """
    chance = Random(SEED + plaint.days_ago)
    people = _People(plaint)
    number = _filed(stage, plaint, people, chance)
    if number is None:
        return
    last = stage.timeline.last_working_day
    for action, days in plaint.course:
        yield office_hours(min(stage.timeline.forward(today(), days), last), chance)
        _step(stage, plaint, people, number, action)


def complaining_time(stage: Stage, plaint: Plaint) -> datetime:
    """When it is filed."""
    day = stage.timeline.back(stage.timeline.until, plaint.days_ago)
    return office_hours(day, Random(SEED + plaint.days_ago))


class _People:
    """Who does what: each step another person of the alliance where the table asks for one."""

    def __init__(self, plaint: Plaint) -> None:
        self.by = "enterprise01" if plaint.by == _OWN else "intake"
        self._acceptors = iter(("reviewer", "reviewer3", "lead"))
        self._deciders = iter(("lead", "reviewer2"))

    def of(self, stage: Stage, action: ComplaintAction, house: House) -> str:
        """The account that takes a step."""
        match action:
            case _A.accept_complaint | _A.turn_away_complaint:
                return next(self._acceptors)
            case _A.uphold_complaint | _A.dismiss_complaint:
                return next(self._deciders)
            case _A.answer_complaint | _A.appeal_decision:
                return house.username
        return self.by


def _house(stage: Stage, plaint: Plaint) -> House:
    """The poorest first; those without an agreement are no use."""
    order = {"poor": 0, "pass": 1, "good": 2, "excellent": 3}
    houses = [
        house for house in stage.cast.houses
        if not house.is_reserved and house is not stage.cast.removed and house.number != 7
    ]  # fmt: skip
    if plaint.days_ago == 7:
        return houses[0]  # the agency whose account is shown
    return sorted(houses, key=lambda one: (order[one.quality], one.number))[plaint.house]


def _filed(stage: Stage, plaint: Plaint, people: _People, chance: Random) -> str | None:
    """File it: with the agreement of the two where it names one."""
    house = _house(stage, plaint)
    actor = stage.actor(people.by)
    pair = select(Agreement.number, Enterprise.uscc).join(
        Enterprise, col(Enterprise.id) == Agreement.enterprise_id
    )
    about = select(col(Agency.id)).where(col(Agency.uscc) == house.uscc).scalar_subquery()
    of_house = pair.where(col(Agreement.agency_id) == about).order_by(col(Agreement.id)).limit(20)
    found = stage.session.execute(of_house).all()
    if not found:
        return None
    number, uscc = chance.choice(found)
    is_hint, is_own = plaint.by == _HINT, plaint.by == _OWN
    said = _SAID[plaint.kind]
    evidence = paper("投诉证据", ("演示材料", said))
    return file_complaint(
        stage.session, actor, house.uscc, plaint.kind, said,
        agreement_number=number if plaint.names_agreement and not is_hint | is_own else "",
        papers=(("投诉证据.pdf", evidence),) if is_hint or plaint.names_agreement else (),
        enterprise_uscc="" if is_hint or is_own else uscc,
    )  # fmt: skip


def _step(
    stage: Stage, plaint: Plaint, people: _People, number: str, action: ComplaintAction
) -> None:
    actor = stage.actor(people.of(stage, action, _house(stage, plaint)))
    current, kind = stage.session, plaint.kind
    row: Complaint = current.execute(
        select(Complaint).where(col(Complaint.number) == number)
    ).scalar_one()
    seen = row.version
    match action:
        case _A.accept_complaint:
            accept_complaint(current, actor, number, seen)
        case _A.turn_away_complaint:
            turn_away_complaint(current, actor, number, _TURNED_AWAY, seen)
        case _A.answer_complaint:
            answer_complaint(current, actor, number, _ANSWERED[kind], seen)
        case _A.uphold_complaint:
            found = plaint.found or kind
            uphold_complaint(current, actor, number, found, _FOUND[True], seen)
        case _A.dismiss_complaint:
            dismiss_complaint(current, actor, number, _FOUND[False], seen)
        case _A.appeal_refusal:
            appeal_refusal(current, actor, number, _WHY, seen)
        case _A.appeal_decision:
            appeal_decision(current, actor, number, _WHY, seen)
        case _A.withdraw_complaint:
            withdraw_complaint(current, actor, number, _WITHDRAWN, seen)
