"""Objections of the year (公示异议): one that was answered and stopped nothing, one that was upheld and is
held since, one that waits."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, datetime
from random import Random

from sqlalchemy import select
from sqlmodel import col

from models.actions.objections import answer_objection, record_objection
from models.actions.steps import seen_now, take_step
from models.clock import today
from models.rules.claim_workflow import Action, State
from models.rules.objections import ObjectionEntry, ObjectionForm, ObjectionState
from models.tables.claims import Claim, ClaimEvent
from seed.year.papers import paper
from seed.year.stage import Stage
from seed.year.timeline import at, office_hours

SEED = 20261127
_FRESH = 2
"""A claim is objected to at most so many working days after its approval, long before it is paid."""
_MONTHS_BEFORE = 4

_DISMISSED = (
    ObjectionForm.named, "演示异议人 1",
    "演示：认为该成果与本人此前的成果相同，请求核实。",
    "演示：经向发证单位核实，两项成果编号和内容不同，异议不成立。",
)  # fmt: skip
_UPHELD = (
    ObjectionForm.sealed, "演示异议单位 2",
    "演示：认为合作双方存在关联关系，请求核实。",
    "演示：经核实，双方曾有投资关系而未申报，异议成立，请办理环节暂缓支付。",
)  # fmt: skip
_WAITING = (
    ObjectionForm.named, "演示异议人 3",
    "演示：认为成果取得日期早于合同签订日期，请求核实。", "",
)  # fmt: skip


def objections(stage: Stage) -> Iterator[datetime]:
    """What is objected during the year, by whom it is recorded and answered."""
    chance, line = Random(SEED), stage.timeline
    earlier = line.months[-1 - _MONTHS_BEFORE].last_day
    yield office_hours(line.forward(earlier, 1), chance)
    if (one := _recorded(stage, *_DISMISSED)) is not None:
        yield office_hours(line.forward(today(), 1), chance)
        _answer(stage, one, ObjectionState.dismissed, _DISMISSED[-1])
    yield office_hours(line.back(line.until, 4), chance)
    if (one := _recorded(stage, *_UPHELD)) is not None:
        yield office_hours(line.back(line.until, 3), chance)
        number = _answer(stage, one, ObjectionState.upheld, _UPHELD[-1])
        yield office_hours(line.back(line.until, 2), chance)
        _hold(stage, number)
    yield office_hours(line.last_working_day, chance)
    _recorded(stage, *_WAITING)


def objections_time(stage: Stage) -> datetime:
    """When the year's first objection could come."""
    return office_hours(stage.timeline.opens_on, Random(SEED))


def _recorded(
    stage: Stage, form: ObjectionForm, objector: str, said: str, _answer: str
) -> tuple[int, str] | None:
    """Record an objection to a claim that has just been approved: its number and the claim's."""
    since = stage.timeline.back(today(), _FRESH)
    number = _just_approved(stage, since)
    if number is None:
        return None
    letter = paper("异议书", (f"申请编号：{number}", f"异议人：{objector}", said))
    entry = ObjectionEntry(objector, form, today(), said, (("异议书.pdf", letter),))
    return record_objection(stage.session, stage.actor("reviewer"), number, entry), number


def _just_approved(stage: Stage, since: date) -> str | None:
    """The first claim that was approved since a day: a payment that failed is no approval."""
    statement = (
        select(Claim.number)
        .join(ClaimEvent, col(ClaimEvent.claim_id) == Claim.id)
        .where(
            col(Claim.state) == State.approved,
            col(ClaimEvent.action) == Action.approve,
            col(ClaimEvent.at_utc) >= at(since, 0),
        )
        .order_by(col(ClaimEvent.at_utc), col(Claim.number))
        .limit(1)
    )
    return stage.session.execute(statement).scalar_one_or_none()


def _answer(stage: Stage, one: tuple[int, str], to: ObjectionState, why: str) -> str:
    answer_objection(stage.session, stage.actor("lead"), one[0], to, why)
    return one[1]


def _hold(stage: Stage, number: str) -> None:
    finance = stage.actor("finance")
    claim = stage.session.execute(select(Claim).where(col(Claim.number) == number)).scalar_one()
    seen = seen_now(stage.session, finance, claim)
    note = "公示异议成立，暂缓支付，待核实后处理。"
    take_step(stage.session, finance, number, Action.hold, seen, reasons=("R10",), note=note)
