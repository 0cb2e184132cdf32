"""Taking a step of a training (业务培训), or of agencies' seats in it: locked, allowed seat by seat,
written as one event and one link.

The alliance acts on what it saw of the whole training; an agency on what it saw of its own seat, so
that agencies that register at the same moment do not stand in each other's way.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from sqlalchemy import select
from sqlmodel import Session, col

from models.actions.course import given_reason
from models.actions.lives import Life, last_step, locked, moved_on, new_event, overtaken
from models.actions.papers import KeptPaper, add_with_papers
from models.actions.reasons import required_text
from models.actions.record import record
from models.queries.sealing import recorded
from models.queries.training_card import training_standing
from models.queries.trainings import training_seen
from models.queries.vouching_conduct import conduct_event_digest, training_digest
from models.rules.errors import NotAllowed, NotAvailable, NotFound, ReasonMissing
from models.rules.roles import Actor, GrantFacts, Role
from models.rules.trainings import (
    LONGEST_WHY,
    TRAINING_STEP_OF,
    SeatState,
    TrainingAction,
    TrainingStep,
    may_take,
)
from models.rules.wording import Wording, say
from models.tables.conduct import Training, TrainingEvent, TrainingPaper, TrainingSeat
from models.tables.organisations import Agency

_LIFE = Life(TrainingEvent, "training_id", TRAINING_STEP_OF)


@dataclass(frozen=True, slots=True)
class Begun:
    """A step that may be taken, its training locked, with the seats it concerns by credit code."""

    training: Training
    step: TrainingStep
    seats: Mapping[str, TrainingSeat]
    grant: GrantFacts | None


def begun(
    session: Session,
    actor: Actor,
    number: str,
    action: TrainingAction,
    seen_version: int,
    agencies: Iterable[str] = (),
) -> Begun:
    """Lock a training and go on only if this person may take this step of it now, for every agency
    named.

    Args:
        session: the writing transaction.
        actor: who acts.
        number: the training.
        action: the step.
        seen_version: the version that was on screen: the training's, for an agency its seat's.
        agencies: credit codes of those the step concerns.

    Raises:
        NotFound: no such training, or not for this person; an agency that was not invited.
        SeenIsStale: somebody changed it meanwhile, with who, what and when.
        NotAllowed, NotAvailable: not this person's, or not now, in words that name the agency.
        ReasonMissing: no agency was named where the step concerns some.
    """
    training = training_seen(session, actor, number)
    locked(session, Training, id=training.id)  # from here on as it is now
    step = TRAINING_STEP_OF[action]
    seats = _seats_named(session, training, agencies)
    own = next((seat for seat in seats.values() if seat.agency_id == actor.agency_id), None)
    if seen_version != (own.version if own else training.version):
        raise overtaken(last_step(session, _LIFE, training), training.number)
    if step.seats_from and not seats:
        raise ReasonMissing(say("请选择机构"))
    grant = None
    for seat in seats.values() or (None,):
        grant = _allowed(session, actor, training, step, seat)
    return Begun(training, step, seats, grant)


def finished(
    session: Session,
    actor: Actor,
    step: Begun,
    *,
    seat_to: SeatState | None = None,
    note: str = "",
    detail: Mapping[str, Any] | None = None,
    papers: Iterable[KeptPaper] = (),
    agencies: Iterable[str] = (),
) -> TrainingEvent:
    """Move the seats, write the event with its papers, and its link in the record.

    Args:
        session: the writing transaction.
        actor: who acts.
        step: as `begun` gave it.
        seat_to: how the agencies stand now; the table says it where it is left out.
        note: words, as kept; the reason of the seats where it is one.
        detail: more facts of the step: integers and text.
        papers: files that came with it.
        agencies: whom it concerns, where they are not those of `step`.
    """
    training, kept = step.training, tuple(papers)
    to = seat_to or step.step.seat_to
    for seat in step.seats.values():
        seat.state, seat.reason, seat.version = to or seat.state, note, seat.version + 1
        session.add(seat)
    moved_on(session, training, {})
    concerned = sorted(agencies or step.seats)
    seats = select(TrainingSeat).where(col(TrainingSeat.training_id) == training.id)
    event = new_event(
        session, actor, _LIFE, training, step.step.action, step.grant, seat_to=to,
        agencies=concerned, note=note, detail=recorded(detail or {}),
        own_digest=training_digest(training, session.execute(seats).scalars()),
    )  # fmt: skip
    add_with_papers(session, event, TrainingPaper, "event_id", kept)
    after = event.detail | {
        "event": event.position,
        "digest": conduct_event_digest(event, [paper.stated for paper in kept]),
    }
    if concerned:
        after["agencies"] = concerned
    if Role.agency in step.step.roles and Role.agency not in actor.roles:
        after["on_behalf"] = 1
    if to is not None:
        after["seat_state"] = to.value
    subject = subject_of_training(training.number)
    record(session, actor, event.action.value, subject, None, after, event.grant_id)
    return event


def subject_of_training(number: str) -> str:
    """What the record calls a training: `training:PX-2026-00001`."""
    return f"training:{number}"


def required_why(written: str) -> str:
    """A reason, as it is kept.

    Raises:
        ReasonMissing, TextRefused: none, or one too long.
    """
    return required_text(written, LONGEST_WHY)


# ---------------------------------------------------------------- pieces


def _seats_named(
    session: Session, training: Training, agencies: Iterable[str]
) -> dict[str, TrainingSeat]:
    """The seats of these agencies, as they are now."""
    wanted = list(dict.fromkeys(agencies))
    statement = (
        select(Agency.uscc, TrainingSeat)
        .join(Agency, col(Agency.id) == TrainingSeat.agency_id)
        .where(
            col(TrainingSeat.training_id) == training.id,
            col(Agency.uscc).in_([code for code in wanted if code.isprintable()]),
        )
        .order_by(col(TrainingSeat.id))
        .execution_options(populate_existing=True)
    )
    found = dict(session.execute(statement).all())
    for code in wanted:
        if code not in found:
            raise NotFound(say("信用代码为 {uscc} 的机构不在参训名单中", uscc=code[:18]))
    return found


def _allowed(
    session: Session,
    actor: Actor,
    training: Training,
    step: TrainingStep,
    seat: TrainingSeat | None,
) -> GrantFacts | None:
    """The grant under which a step may be taken, of one agency's seat where it concerns one."""
    standing = training_standing(session, actor, training, seat)
    answer = may_take(step, actor, standing)
    if answer.is_allowed:
        return answer.grant
    words: Wording = given_reason(answer.reason)
    if actor.grant_for(step.roles) is None or standing.ties:
        raise NotAllowed(words)
    if seat is not None:
        words = say("“{agency}”：{why}",
                    agency=session.get_one(Agency, seat.agency_id).name, why=words)  # fmt: skip
    raise NotAvailable(words)
