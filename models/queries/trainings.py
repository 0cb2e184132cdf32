"""Trainings (业务培训): one page of them, one training's card with who came, and what waits for me."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from sqlalchemy import ColumnElement, and_, exists, false, func, or_, select, true
from sqlmodel import Session, col

from models.clock import today
from models.queries.paging import Orders, Page, PageRequest, ordered, page_of
from models.queries.search import contains_all, parts
from models.queries.visibility import refuse_without
from models.rules.errors import NotFound
from models.rules.roles import PERMISSIONS, Actor, Permission, Role
from models.rules.trainings import (
    UNMARKED,
    SeatState,
    TrainingState,
)
from models.rules.wording import say
from models.tables.conduct import Training, TrainingSeat

NEWEST_FIRST = "-held_on"


class Due(StrEnum):
    """Which trainings: those to come, or those that were (培训时间)."""

    coming = "coming"  # 未举办
    over = "over"  # 已举办


@dataclass(frozen=True, slots=True)
class TrainingFilter:
    """What the list shows; a field left out shows all.

    Attributes:
        seat: how one's own agency, or any agency, stands.
        waits: only those whose attendance, or one's own registration, is still to be recorded.
    """

    text: str = ""
    due: Due | None = None
    seat: SeatState | None = None
    is_obligatory: bool | None = None
    waits: bool = False


@dataclass(frozen=True, slots=True)
class TrainingRow:
    """One training in the list.

    Attributes:
        seats: how many agencies stand how; for an agency its own alone.
    """

    number: str
    title: str
    held_on: date
    place: str
    study_hours: int
    is_obligatory: bool
    service_codes: tuple[str, ...]
    state: TrainingState
    seats: Mapping[SeatState, int]

    @property
    def invited(self) -> int:
        """How many agencies it is for."""
        return sum(self.seats.values())

    @property
    def attended(self) -> int:
        """How many came."""
        return self.seats.get(SeatState.attended, 0)

    @property
    def excused(self) -> int:
        """How many were excused."""
        return self.seats.get(SeatState.excused, 0)

    @property
    def missed(self) -> int:
        """How many were absent."""
        return self.seats.get(SeatState.missed, 0)

    @property
    def own(self) -> SeatState | None:
        """How the one agency stands that is looked at; `None` where there are several."""
        return next(iter(self.seats)) if self.invited == 1 else None


def sees_all_trainings(actor: Actor) -> bool:
    """Whether this person sees every training, with every agency's attendance."""
    return not actor.roles.isdisjoint(PERMISSIONS[Permission.see_trainings] - {Role.agency})


def trainings_in_sight(actor: Actor) -> ColumnElement[bool]:
    """Whether this person may see a training, as a condition on `training` rows: an agency those it
    was invited to."""
    return true() if sees_all_trainings(actor) else exists().where(_own_seat(actor))


ORDERS: Orders = {
    "held_on": (col(Training.held_on), col(Training.id)),
    "number": (col(Training.number), col(Training.id)),
}
"""The orders of the list."""


def trainings(
    session: Session, actor: Actor, wanted: TrainingFilter, request: PageRequest
) -> Page[TrainingRow]:
    """One page of the trainings.

    Args:
        session: any transaction.
        actor: who asks; an agency sees its own.
        wanted: the filter.
        request: page and order, the newest first when none is asked for.

    Raises:
        NotAllowed: the list is not open to this person.
    """
    refuse_without(actor, Permission.see_trainings)
    statement = select(Training).where(*_conditions(session, actor, wanted))
    page = page_of(
        session,
        ordered(statement, ORDERS, request.order, NEWEST_FIRST),
        request,
        lambda row: row.Training,
    )
    seats = _counts(session, actor, [training.id for training in page])
    rows = tuple(row_of(training, seats.get(training.id, {})) for training in page)
    return Page(rows, page.number, page.pages, page.count, page.order)


def training_seen(session: Session, actor: Actor, number: str) -> Training:
    """A training this person may see.

    Raises:
        NotFound: no such training, or not for this person: the answer is the same.
    """
    statement = select(Training).where(col(Training.number) == number, trainings_in_sight(actor))
    is_open = number.isprintable() and actor.may(Permission.see_trainings)
    found = session.execute(statement).scalar_one_or_none() if is_open else None
    if found is None:
        raise NotFound(say("没有编号为 {number} 的培训", number=number[:24]))
    training: Training = found
    return training


def trainings_waiting(session: Session, actor: Actor) -> int:
    """How many trainings wait for this person: an agency's to register for; for the alliance those
    whose attendance is to be recorded."""
    if actor.roles.isdisjoint(PERMISSIONS[Permission.keep_trainings] | {Role.agency}):
        return 0
    statement = select(func.count()).select_from(Training).where(_waits_for(actor))
    return int(session.execute(statement).scalar_one())


# ---------------------------------------------------------------- pieces


def _own_seat(actor: Actor) -> ColumnElement[bool]:
    if Role.agency not in actor.roles or actor.agency_id is None:
        return false()
    return and_(
        col(TrainingSeat.training_id) == Training.id,
        col(TrainingSeat.agency_id) == actor.agency_id,
    )


def seats_in_sight(actor: Actor) -> ColumnElement[bool]:
    """Whose seats this person is shown."""
    return (
        col(TrainingSeat.training_id) == Training.id
        if sees_all_trainings(actor)
        else _own_seat(actor)
    )


def _waits_for(actor: Actor) -> ColumnElement[bool]:
    stands = col(Training.state) == TrainingState.announced
    if sees_all_trainings(actor):
        unmarked = exists().where(
            col(TrainingSeat.training_id) == Training.id, col(TrainingSeat.state).in_(UNMARKED)
        )
        return and_(stands, col(Training.held_on) <= today(), unmarked)
    unanswered = exists().where(_own_seat(actor), col(TrainingSeat.state) == SeatState.invited)
    return and_(stands, col(Training.held_on) >= today(), unanswered)


def _conditions(
    session: Session, actor: Actor, wanted: TrainingFilter
) -> list[ColumnElement[bool]]:
    conditions = [trainings_in_sight(actor)]
    if parts(wanted.text):
        columns = (col(Training.number), col(Training.title), col(Training.place))
        conditions.append(or_(*(contains_all(session, one, wanted.text) for one in columns)))
    if wanted.due is not None:
        is_over = col(Training.held_on) < today()
        conditions.append(is_over if wanted.due is Due.over else ~is_over)
    if wanted.seat is not None:
        stands = col(TrainingSeat.state) == wanted.seat
        conditions.append(exists().where(seats_in_sight(actor), stands))
    if wanted.is_obligatory is not None:
        conditions.append(col(Training.is_obligatory).is_(wanted.is_obligatory))
    if wanted.waits:
        conditions.append(_waits_for(actor))
    return conditions


def _counts(
    session: Session, actor: Actor, ids: list[int | None]
) -> Mapping[int, dict[SeatState, int]]:
    statement = (
        select(TrainingSeat.training_id, TrainingSeat.state, func.count())
        .join(Training, col(Training.id) == TrainingSeat.training_id)
        .where(col(TrainingSeat.training_id).in_(ids), seats_in_sight(actor))
        .group_by(col(TrainingSeat.training_id), col(TrainingSeat.state))
        .order_by(col(TrainingSeat.training_id), col(TrainingSeat.state))
    )
    found: dict[int, dict[SeatState, int]] = {}
    for training_id, state, count in session.execute(statement):
        found.setdefault(training_id, {})[state] = count
    return found


def row_of(training: Training, seats: Mapping[SeatState, int]) -> TrainingRow:
    """A training as a row of the list.

    Args:
        training: its row.
        seats: how many of the agencies in sight stand how.
    """
    return TrainingRow(
        number=training.number,
        title=training.title,
        held_on=training.held_on,
        place=training.place,
        study_hours=training.study_hours,
        is_obligatory=training.is_obligatory,
        service_codes=tuple(training.service_codes),
        state=training.state,
        seats=seats,
    )
