"""The demonstration year (演示数据): planned first, then played through the actions, day by day.

Nothing in it is real, and nothing in it is illegal: every claim goes through the same guarded step
as anybody's.
"""

from __future__ import annotations

import gc
import heapq
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import date, datetime
from itertools import count
from random import Random

from sqlalchemy import Engine, func, select
from sqlmodel import Session

from models.clock import OFFICE_ZONE, now_utc, office_day, standing_at
from models.database import session
from models.rules.errors import AlreadyDone, NotAvailable, Refusal
from models.rules.wording import say
from models.tables.people import Account
from models.tables.reference import ServiceType
from seed.year.admissions import admissions, admissions_time
from seed.year.asking import asking, asking_time
from seed.year.cast import invent_cast
from seed.year.changes import changing, changing_time
from seed.year.complaints import PLAINTS, complaining, complaining_time
from seed.year.figures import entering, entering_time
from seed.year.late_turns import at_counter, contested, sent_back
from seed.year.messages import told
from seed.year.objections import objections, objections_time
from seed.year.opening import (
    filing,
    filing_time,
    joining,
    joining_time,
    opened,
    sendings,
    troubles,
)
from seed.year.pacts import failing, lives, looking
from seed.year.payments import paying, paying_time
from seed.year.ratings import rating, rating_time
from seed.year.scripts import Planner
from seed.year.stage import Stage
from seed.year.stories import played
from seed.year.tasks import reports
from seed.year.timeline import Timeline, at
from seed.year.trainings import COURSES, training, training_time

SEED = 20180522
"""Any other number is another year."""


def play_year(
    engine: Engine, until: date, progress: Callable[[str], object] = lambda _: None
) -> str:
    """Play the year that ends on a day in a database that holds reference data and nothing else.

    Args:
        engine: a migrated database with reference data.
        until: the last day; claims of its month wait as they would.
        progress: told how far it is.

    Returns:
        What there is now, in words.

    Raises:
        AlreadyDone: there are accounts already.
        NotAvailable: there are no reference data.
    """
    _refuse_unless_fresh(engine)
    chance = Random(SEED)
    timeline = Timeline(until, _last_instant(until))
    cast = invent_cast(timeline, chance)
    planner = Planner(timeline, cast, chance)
    scripts = planner.plan()
    stage = Stage(timeline, cast)
    play = _Play(engine, stage)
    with _undisturbed():
        play.act(at(timeline.opens_on, 9 * 60), lambda: opened(stage, scripts))
        for member in cast.members:
            if member.joins_on > timeline.opens_on:
                play.add(joining_time(stage, member), joining(stage, member))
        unclaimed = [pact for pact in planner.pairing.pacts if not (pact.claims or pact.fails_on)]
        own = {id(pact): course for pact, course in lives(stage, unclaimed)}
        for pact in planner.pairing.pacts:
            if pact.fails_on is not None:
                own[id(pact)] = failing(stage, pact)
        for pact in planner.pairing.in_order():
            play.add(filing_time(stage, pact), own.get(id(pact)) or filing(stage, pact))
        play.add(at(timeline.opens_on, 11 * 60), looking(stage))
        play.add(at(timeline.opens_on, 10 * 60), sendings(stage))
        play.add(at(timeline.opens_on, 10 * 60), troubles(stage))
        play.add(at(timeline.opens_on, 11 * 60), reports(stage))
        play.add(entering_time(stage), entering(stage))
        play.add(objections_time(stage), objections(stage))
        play.add(paying_time(stage), paying(stage))
        for begun in (sent_back, contested, at_counter):
            play.add(at(timeline.opens_on, 10 * 60), begun(stage))
        play.add(changing_time(stage), changing(stage))
        play.add(asking_time(stage), asking(stage))
        for plaint in PLAINTS:
            play.add(complaining_time(stage, plaint), complaining(stage, plaint))
        for course in COURSES:
            play.add(training_time(stage, course), training(stage, course))
        play.add(admissions_time(stage), admissions(stage))
        play.add(rating_time(stage), rating(stage))
        for script in scripts:
            play.add(script.filed_at, played(stage, script))
        play.run(progress)
        play.act(timeline.last_instant, lambda: told(stage))
    return (
        f"{len(cast.members)} 家企业会员，{len(cast.houses)} 家服务机构，"
        f"{len(planner.pairing.pacts)} 份服务协议，{len(scripts)} 件补贴申请，截至 {until}"
        + "".join(f"；有一步未能办理：{refusal}" for refusal in play.refusals)
    )


@dataclass(slots=True)
class _Play:
    """Runs everybody's courses in the order of time, one transaction a day."""

    engine: Engine
    stage: Stage
    waiting: list[tuple[datetime, int, Iterator[datetime]]] = field(default_factory=list)
    numbers: Iterator[int] = field(default_factory=count)
    refusals: list[Refusal] = field(default_factory=list)

    def act(self, at_utc: datetime, action: Callable[[], None]) -> None:
        """Do one thing in a transaction of its own."""
        with self._day(), standing_at(at_utc):
            self.stage.learn()
            action()

    def add(self, at_utc: datetime, course: Iterator[datetime]) -> None:
        """Begin a course at an instant."""
        heapq.heappush(self.waiting, (at_utc, next(self.numbers), course))

    def run(self, progress: Callable[[str], object]) -> None:
        """Play until nothing is left that lies before the last instant."""
        last, month = self.stage.timeline.last_instant, ""
        while self.waiting and self.waiting[0][0] <= last:
            day = office_day(self.waiting[0][0])
            if f"{day:%Y-%m}" != month:
                month = f"{day:%Y-%m}"
                progress(f"演示年 {month} …")
            with self._day():
                while self.waiting and self.waiting[0][0] <= last:
                    if office_day(self.waiting[0][0]) != day:
                        break
                    self._resume(*heapq.heappop(self.waiting))

    def _resume(self, at_utc: datetime, _: int, course: Iterator[datetime]) -> None:
        """One act of a course. What is refused was not to be: the claim stays where it is."""
        try:
            with standing_at(at_utc):
                following = next(course, None)
        except Refusal as refusal:
            self.refusals.append(refusal)
        else:
            if following is not None:
                self.add(following, course)

    @contextmanager
    def _day(self) -> Iterator[Session]:
        with session(self.engine, write=True) as current:
            self.stage.session = current
            yield current


def _last_instant(until: date) -> datetime:
    """Now, if the year ends today; else the end of that office day."""
    evening = datetime(until.year, until.month, until.day, 17, 30, tzinfo=OFFICE_ZONE)
    return min(now_utc(), evening)


def _refuse_unless_fresh(engine: Engine) -> None:
    with session(engine) as current:
        if current.execute(select(func.count()).select_from(Account)).scalar_one():
            raise AlreadyDone(say("数据库里已有账号，演示数据只写入空数据库"))
        if not current.execute(select(func.count()).select_from(ServiceType)).scalar_one():
            raise NotAvailable(say("请先写入基础数据：python manage.py seed reference"))


@contextmanager
def _undisturbed() -> Iterator[None]:
    """The garbage collector would walk the growing year again and again."""
    gc.collect()
    gc.disable()
    try:
        yield
    finally:
        gc.enable()
