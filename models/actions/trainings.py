"""Trainings (业务培训) of agencies: announced by the alliance, registered for by the agencies, and who
came recorded by the alliance; a record is corrected with a reason, never rewritten."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date

from sqlalchemy import select, update
from sqlmodel import Session, col

from models.actions.numbering import next_number
from models.actions.papers import Files, accepted_papers
from models.actions.training_steps import Begun, begun, finished, required_why
from models.clock import now_utc, today
from models.queries.agencies import standing_of
from models.queries.visibility import refuse_without
from models.rules.errors import NotAllowed, NotAvailable, NotFound, ReasonMissing
from models.rules.free_text import kept_text
from models.rules.membership import AgencyState
from models.rules.roles import PERMISSIONS, Actor, Permission, Role
from models.rules.trainings import (
    LONGEST_PLACE,
    LONGEST_TITLE,
    MOST_STUDY_HOURS,
    TRAINING_STEP_OF,
    SeatState,
    TrainingAction,
    TrainingState,
)
from models.rules.wording import say
from models.tables.conduct import Training, TrainingSeat
from models.tables.organisations import Agency, AgencyScope
from models.tables.reference import ServiceType

SERIES = "PX"
"""Trainings are numbered `PX-2026-00001`."""
_MARKS = {
    SeatState.attended: TrainingAction.mark_attended,
    SeatState.excused: TrainingAction.mark_excused,
    SeatState.missed: TrainingAction.mark_missed,
}


@dataclass(frozen=True, slots=True)
class TrainingEntry:
    """A training as it is announced.

    Attributes:
        services: codes of the service list whose agencies are invited; none for all of them.
    """

    title: str
    held_on: date
    place: str
    study_hours: int
    is_obligatory: bool
    services: tuple[str, ...] = ()


def announce_training(
    session: Session, actor: Actor, entry: TrainingEntry, papers: Files = ()
) -> str:
    """Announce a training (通知培训) to the agencies admitted today that offer one of its services.

    Args:
        session: the writing transaction.
        actor: somebody of the alliance.
        entry: what, when, where, for whom.
        papers: its materials.

    Returns:
        The training's number.

    Raises:
        NotAllowed: not this person's.
        NotFound: a service that is not in the list.
        NotAvailable: a day that has passed, hours that are none, or no agency to invite.
        ReasonMissing, TextRefused: no title or place, or one too long.
        FileRefused: too many papers, or one that is not accepted.
    """
    refuse_without(actor, Permission.keep_trainings)
    title, place = kept_text(entry.title, LONGEST_TITLE), kept_text(entry.place, LONGEST_PLACE)
    if not title or not place:
        raise ReasonMissing(say("请写明培训名称和地点"))
    _refuse_day(entry.held_on)
    if not 1 <= entry.study_hours <= MOST_STUDY_HOURS:
        raise NotAvailable(say("学时须在 1 至 {most} 之间", most=MOST_STUDY_HOURS))
    services = _services(session, entry.services)
    invited = _admitted(session, services)
    if not invited:
        raise NotAvailable(say("没有已准入且提供这些服务的机构，不能通知培训"))
    kept = accepted_papers(session, papers)
    training = Training(
        number=next_number(session, SERIES, today().year),
        title=title,
        held_on=entry.held_on,
        place=place,
        study_hours=entry.study_hours,
        is_obligatory=entry.is_obligatory,
        service_codes=list(services),
        version=0,
        changed_at_utc=now_utc(),
    )
    session.add(training)
    session.flush()
    _seat(session, training, invited)
    detail = {
        "training_title": title,
        "held_on": entry.held_on,
        "obligatory": int(entry.is_obligatory),
    }
    step = Begun(
        training,
        TRAINING_STEP_OF[TrainingAction.announce_training],
        {},
        actor.grant_for(PERMISSIONS[Permission.keep_trainings]),
    )
    codes = [agency.uscc for agency in invited]
    finished(session, actor, step, detail=detail, papers=kept, agencies=codes)
    return training.number


def move_training(
    session: Session,
    actor: Actor,
    number: str,
    held_on: date,
    place: str,
    reason: str,
    seen_version: int,
) -> None:
    """Put a training off, or hold it elsewhere (改期), with the reason; registrations stand.

    Raises:
        NotFound, SeenIsStale, NotAllowed: as `begun`.
        NotAvailable: it is over or cancelled, somebody's attendance is recorded, or the day has
            passed.
        ReasonMissing, TextRefused: no place or reason, or one too long.
    """
    step = begun(session, actor, number, TrainingAction.move_training, seen_version)
    where, why = kept_text(place, LONGEST_PLACE), required_why(reason)
    if not where:
        raise ReasonMissing(say("请写明培训名称和地点"))
    _refuse_day(held_on)
    if _is_recorded(session, step.training):
        raise NotAvailable(say("已登记到场或缺席，不能改期"))
    step.training.held_on, step.training.place = held_on, where
    of_training = col(TrainingSeat.training_id) == step.training.id
    session.execute(
        update(TrainingSeat).where(of_training).values(version=TrainingSeat.version + 1)
    )
    finished(session, actor, step, note=why, detail={"held_on": held_on, "venue": where})


def add_training_material(
    session: Session, actor: Actor, number: str, papers: Files, seen_version: int
) -> None:
    """Add materials to a training (添加培训材料), before it or after.

    Raises:
        NotFound, SeenIsStale, NotAllowed, NotAvailable: as `begun`.
        FileRefused: none, too many, or one that is not accepted.
    """
    step = begun(session, actor, number, TrainingAction.add_training_material, seen_version)
    finished(session, actor, step, papers=accepted_papers(session, papers, least=1))


def cancel_training(
    session: Session, actor: Actor, number: str, reason: str, seen_version: int
) -> None:
    """Cancel a training (取消培训), with the reason; it counts for nobody.

    Raises:
        NotFound, SeenIsStale, NotAllowed, NotAvailable: as `begun`; or somebody's attendance is
            recorded.
        ReasonMissing, TextRefused: no reason, or one too long.
    """
    step = begun(session, actor, number, TrainingAction.cancel_training, seen_version)
    why = required_why(reason)
    if _is_recorded(session, step.training):
        raise NotAvailable(say("已登记到场或缺席，不能取消"))
    step.training.state = TrainingState.cancelled
    finished(session, actor, step, note=why)


def invite_agencies(session: Session, actor: Actor, number: str, seen_version: int) -> int:
    """Invite the agencies admitted since a training was announced (增加参训机构).

    Returns:
        How many were invited.

    Raises:
        NotFound, SeenIsStale, NotAllowed: as `begun`.
        NotAvailable: it is over or cancelled, or there is nobody to add.
    """
    step = begun(session, actor, number, TrainingAction.invite_agencies, seen_version)
    seated = select(col(TrainingSeat.agency_id)).where(
        col(TrainingSeat.training_id) == step.training.id
    )
    there = frozenset(session.execute(seated).scalars())
    admitted = _admitted(session, tuple(step.training.service_codes))
    more = [agency for agency in admitted if agency.id not in there]
    if not more:
        raise NotAvailable(say("没有新准入的机构可以增加"))
    _seat(session, step.training, more)
    finished(session, actor, step, agencies=[agency.uscc for agency in more])
    return len(more)


def register_for_training(
    session: Session, actor: Actor, number: str, seen_version: int, agency_uscc: str = ""
) -> None:
    """Register for a training (报名培训): an agency itself, or the alliance for one.

    Args:
        session: the writing transaction.
        actor: somebody of the agency, or of the alliance.
        number: the training.
        seen_version: the version that was on screen: of the seat for an agency, else the
            training's.
        agency_uscc: whom the alliance registers.

    Raises:
        NotFound, SeenIsStale, NotAllowed, NotAvailable, ReasonMissing: as `begun`.
    """
    action = TrainingAction.register_for_training
    codes = _concerned(session, actor, agency_uscc)
    finished(session, actor, begun(session, actor, number, action, seen_version, codes))


def ask_leave(
    session: Session,
    actor: Actor,
    number: str,
    reason: str,
    seen_version: int,
    agency_uscc: str = "",
) -> None:
    """Ask to be excused from a training (培训请假), with the reason; the alliance decides.

    Raises:
        NotFound, SeenIsStale, NotAllowed, NotAvailable, ReasonMissing: as `begun`.
        TextRefused: a reason too long.
    """
    codes = _concerned(session, actor, agency_uscc)
    step = begun(session, actor, number, TrainingAction.ask_leave, seen_version, codes)
    finished(session, actor, step, note=required_why(reason))


def mark_attendance(
    session: Session,
    actor: Actor,
    number: str,
    agencies: Sequence[str],
    to: SeatState,
    reason: str,
    seen_version: int,
) -> None:
    """Record who came, was excused or was absent (登记参训情况): all of these agencies or none.

    Args:
        session: the writing transaction.
        actor: somebody of the alliance without a tie to any of them.
        number: the training.
        agencies: credit codes.
        to: `attended`, `excused` or `missed`.
        reason: why, needed where they are excused.
        seen_version: the version that was on screen.

    Raises:
        NotFound, SeenIsStale, NotAllowed, NotAvailable, ReasonMissing: as `begun`; no reason.
        TextRefused: a reason too long.
    """
    action = _MARKS[to]
    step = begun(session, actor, number, action, seen_version, agencies)
    why = required_why(reason) if step.step.needs_reason else ""
    finished(session, actor, step, note=why)


def correct_attendance(
    session: Session,
    actor: Actor,
    number: str,
    agencies: Sequence[str],
    to: SeatState,
    reason: str,
    seen_version: int,
) -> None:
    """Correct what was recorded of who came (更正参训情况), with the reason; the record keeps both.

    Raises:
        NotFound, SeenIsStale, NotAllowed, NotAvailable, ReasonMissing: as `mark_attendance`.
        TextRefused: a reason too long.
        TypeError: nothing attendance can be; a fault of the program.
    """
    if to not in _MARKS:
        raise TypeError(f"attendance is not corrected to {to.value}")
    action = TrainingAction.correct_attendance
    step = begun(session, actor, number, action, seen_version, agencies)
    why = required_why(reason)
    same = [seat for seat in step.seats.values() if seat.state is to]
    if same:
        name = session.get_one(Agency, same[0].agency_id).name
        raise NotAvailable(say("“{agency}”登记的已是这一情况，不用更正", agency=name))
    finished(session, actor, step, seat_to=to, note=why)


# ---------------------------------------------------------------- pieces


def _refuse_day(held_on: date) -> None:
    if held_on < today():
        raise NotAvailable(say("培训日期 {on} 已经过去", on=held_on))


def _services(session: Session, codes: Iterable[str]) -> tuple[str, ...]:
    known = frozenset(session.execute(select(col(ServiceType.code))).scalars())
    wanted = tuple(dict.fromkeys(codes))
    for code in wanted:
        if code not in known:
            raise NotFound(say("服务清单中没有代码为 {code} 的服务", code=code[:24]))
    return wanted


def _admitted(session: Session, services: Sequence[str]) -> list[Agency]:
    """The agencies admitted today, of some services where they are named; the suspended ones too:
    who may not work is trained all the same."""
    statement = select(Agency).order_by(col(Agency.id))
    if services:
        offers = select(col(AgencyScope.agency_id)).where(
            col(AgencyScope.service_code).in_(services)
        )
        statement = statement.where(col(Agency.id).in_(offers))
    trained = (AgencyState.admitted, AgencyState.suspended)
    on = today()
    return [
        agency
        for agency in session.execute(statement).scalars()
        if agency.joined_on <= on and standing_of(agency, on).state in trained
    ]


def _seat(session: Session, training: Training, agencies: Iterable[Agency]) -> None:
    for agency in agencies:
        session.add(TrainingSeat(training_id=training.id or 0, agency_id=agency.id or 0))
    session.flush()


def _is_recorded(session: Session, training: Training) -> bool:
    """Whether anybody's presence or absence is recorded."""
    marked = (
        select(col(TrainingSeat.id))
        .where(
            col(TrainingSeat.training_id) == training.id,
            col(TrainingSeat.state).in_((SeatState.attended, SeatState.missed)),
        )
        .limit(1)
    )
    return session.execute(marked).first() is not None


def _concerned(session: Session, actor: Actor, uscc: str) -> tuple[str, ...]:
    """Whom a registration concerns: one's own agency, or the one the alliance names."""
    if Role.agency not in actor.roles:
        return (uscc,) if uscc else ()
    if actor.agency_id is None:
        raise NotAllowed(say("您的账号没有关联服务机构"))
    return (session.get_one(Agency, actor.agency_id).uscc,)
