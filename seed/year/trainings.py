"""Trainings of the year (业务培训): one a quarter with who came, one that is still to come."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from random import Random

from sqlalchemy import select
from sqlmodel import col

from models.actions.trainings import (
    TrainingEntry,
    announce_training,
    ask_leave,
    correct_attendance,
    mark_attendance,
    register_for_training,
)
from models.clock import today
from models.rules.trainings import SeatState
from models.tables.conduct import Training, TrainingSeat
from models.tables.organisations import Agency
from seed.year.cast import House
from seed.year.papers import paper
from seed.year.stage import Stage
from seed.year.timeline import at, office_hours

SEED = 20261202
_PATENTS = ("invention_patent", "utility_model", "design_patent", "software_copyright")
_LEAVE = ("演示：当天在企业现场办理申报，无法到场。", "演示：负责人因病请假。")
_EXCUSED = "演示：已说明原因，准予请假。"
_CORRECTED = "演示：核对签到表，该机构由另一人代为签到，更正为到场。"


@dataclass(frozen=True, slots=True)
class Course:
    """One training as it will be played.

    Attributes:
        days_ago: days before the year's end at which it is held; negative for one to come.
        services: whose agencies are invited; none for all.
        is_corrected: an absence is corrected afterwards.
    """

    days_ago: int
    title: str
    study_hours: int
    is_obligatory: bool = True
    services: tuple[str, ...] = ()
    is_corrected: bool = False


# fmt: off
COURSES: tuple[Course, ...] = (
    Course(318, "高新技术企业认定申报要点和常见退回原因", 4),
    Course(227, "零费区补贴申请一次性补正要求",           3, is_corrected=True),
    Course(136, "专利申请质量和非正常申请防范",           4, services=_PATENTS),
    Course(94,  "科技成果转化服务案例交流",               2, is_obligatory=False),
    Course(45,  "服务协议备案、收费规范和投诉处理",       4),
    Course(-12, "年度考评办法和材料准备",                 3),
)
# fmt: on
_SHARES = {"excellent": (98, 100), "good": (90, 97), "pass": (76, 92), "poor": (35, 45)}
"""Of a hundred, those who come, and those who come or are excused."""


def training(stage: Stage, course: Course) -> Iterator[datetime]:
    """The course of one training.

    Args:
        stage: where it is played.
        course: what happens.
    """
    chance = Random(SEED + course.days_ago)
    held_on = _held_on(stage, course)
    number = announce_training(
        stage.session, stage.actor("reviewer2"),
        TrainingEntry(
            course.title, held_on, "14:00，联盟会议室（演示）", course.study_hours,
            course.is_obligatory, course.services,
        ),
        (("培训提纲.pdf", paper("培训提纲", (course.title, "演示材料"))),),
    )  # fmt: skip
    plans = _plans(stage, number, chance)
    yield office_hours(stage.timeline.forward(today(), 2), chance)
    for house, plan in plans:
        _answer(stage, number, house, plan, chance)
    if course.days_ago < 0:
        return
    yield at(held_on, 17 * 60)
    _record(stage, number, plans)
    if course.is_corrected:
        yield office_hours(stage.timeline.forward(today(), 3), chance)
        _correct(stage, number, plans)


def training_time(stage: Stage, course: Course) -> datetime:
    """When it is announced: nine working days before, or on the last working day but two."""
    line = stage.timeline
    day = line.back(_held_on(stage, course), 9)
    return office_hours(min(day, line.back(line.until, 4)), Random(SEED + course.days_ago))


def _held_on(stage: Stage, course: Course) -> date:
    line = stage.timeline
    return line.forward(line.until - timedelta(days=course.days_ago), 1)


def _plans(stage: Stage, number: str, chance: Random) -> list[tuple[House, SeatState]]:
    """Who will come, will be excused, will be absent: the poorer an agency, the less."""
    houses = {house.uscc: house for house in stage.cast.houses}
    invited = (
        select(Agency.uscc)
        .join(TrainingSeat, col(TrainingSeat.agency_id) == Agency.id)
        .join(Training, col(Training.id) == TrainingSeat.training_id)
        .where(col(Training.number) == number)
        .order_by(col(Agency.uscc))
    )
    return [
        (houses[code], _plan(houses[code], chance))
        for code in stage.session.execute(invited).scalars()
        if code in houses  # who was admitted during the year has no account yet
    ]


def _plan(house: House, chance: Random) -> SeatState:
    comes, excused = _SHARES[house.quality]
    drawn = chance.randrange(100)
    if drawn < comes:
        return SeatState.attended
    return SeatState.excused if drawn < excused else SeatState.missed


def _answer(stage: Stage, number: str, house: House, plan: SeatState, chance: Random) -> None:
    """What an agency answers to the invitation: many of those who stay away say nothing. The one
    whose account is shown still has to answer to what is to come."""
    is_coming = _training(stage, number).held_on > stage.timeline.until
    if (house.number == 1 and is_coming) or chance.random() < 0.15:
        return
    actor = stage.actor(house.username)
    if plan is SeatState.attended:
        register_for_training(stage.session, actor, number, 1)
    elif plan is SeatState.excused:
        ask_leave(stage.session, actor, number, chance.choice(_LEAVE), 1)


def _record(stage: Stage, number: str, plans: list[tuple[House, SeatState]]) -> None:
    for to in (SeatState.attended, SeatState.excused, SeatState.missed):
        codes = [house.uscc for house, plan in plans if plan is to]
        if codes:
            seen = _training(stage, number).version
            actor = stage.actor("reviewer")
            mark_attendance(stage.session, actor, number, codes, to, _EXCUSED, seen)


def _correct(stage: Stage, number: str, plans: list[tuple[House, SeatState]]) -> None:
    absent = [house.uscc for house, plan in plans if plan is SeatState.missed][:1]
    if absent:
        seen, lead = _training(stage, number).version, stage.actor("lead")
        to = SeatState.attended
        correct_attendance(stage.session, lead, number, absent, to, _CORRECTED, seen)


def _training(stage: Stage, number: str) -> Training:
    wanted = select(Training).where(col(Training.number) == number)
    found: Training = stage.session.execute(wanted).scalar_one()
    return found
