"""What the chain vouches for in complaints and trainings: every step with its papers, and that each
row stands where its last step left it."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from sqlalchemy import select
from sqlmodel import Session, col

from models.queries.sealing import recorded
from models.queries.vouching_steps import Links, Papers, links_of_steps, papers_of_steps
from models.rules.complaints import ComplaintAction
from models.rules.digest import facts_digest
from models.rules.trainings import TrainingAction
from models.rules.wording import Wording, say
from models.tables.conduct import (
    Complaint,
    ComplaintEvent,
    ComplaintPaper,
    Training,
    TrainingEvent,
    TrainingPaper,
    TrainingSeat,
)

_UNSTATED = {"id", "changed_at_utc"}


def complaint_digest(complaint: Complaint) -> str:
    """The digest of a complaint's row."""
    return facts_digest(recorded(complaint.model_dump(exclude=_UNSTATED)))


def training_digest(training: Training, seats: Iterable[TrainingSeat]) -> str:
    """The digest of a training's row and of its seats, in the order of their ids."""
    stated = recorded(training.model_dump(exclude=_UNSTATED))
    kept = sorted(seats, key=lambda seat: seat.id or 0)
    return facts_digest(
        stated
        | {"seats": [[one.agency_id, one.state.value, one.reason, one.version] for one in kept]}
    )


def conduct_event_digest(event: ComplaintEvent | TrainingEvent, papers: Papers) -> str:
    """The digest of a step and its papers.

    Args:
        event: the step.
        papers: name and SHA-256 of each.
    """
    stated = recorded(
        event.model_dump(exclude={"id", "complaint_id", "training_id", "grant_id", "at_utc"})
    )
    return facts_digest(stated | {"papers": [list(paper) for paper in papers]})


def vouched_complaints(session: Session) -> Wording | None:
    """Every complaint and every step of it against the record; the first thing that differs."""
    rows = session.execute(select(Complaint).order_by(col(Complaint.id))).scalars().all()
    events = _grouped(session, ComplaintEvent, ComplaintEvent.complaint_id)
    papers = papers_of_steps(session, ComplaintPaper)
    links = links_of_steps(session, [one.value for one in ComplaintAction], "complaint:")
    for row in rows:
        own = complaint_digest(row)
        if fault := _fault(row.number, own, events[row.id], papers, links):
            return fault
    return _missing(links)


def vouched_trainings(session: Session) -> Wording | None:
    """Every training, its seats and every step of it against the record; the first thing that
    differs."""
    rows = session.execute(select(Training).order_by(col(Training.id))).scalars().all()
    seats = _grouped(session, TrainingSeat, TrainingSeat.training_id)
    events = _grouped(session, TrainingEvent, TrainingEvent.training_id)
    papers = papers_of_steps(session, TrainingPaper)
    links = links_of_steps(session, [one.value for one in TrainingAction], "training:")
    for row in rows:
        own = training_digest(row, seats[row.id])
        if fault := _fault(row.number, own, events[row.id], papers, links):
            return fault
    return _missing(links)


# ---------------------------------------------------------------- pieces


def _fault(
    number: str,
    own: str,
    events: Sequence[Any],
    papers: Mapping[int | None, Papers],
    links: Links,
) -> Wording | None:
    """What is wrong with one row; its links are taken out."""
    for event in events:
        said = links.pop((number, event.position), None)
        if said != (event.action.value, conduct_event_digest(event, papers.get(event.id, ()))):
            return say(
                "{number} 的第 {position} 条记录与操作记录不符，可能被直接改动",
                number=number, position=event.position,
            )  # fmt: skip
    if not events:
        return say("{number} 没有操作记录，可能被直接写入", number=number)
    if events[-1].own_digest != own:
        return say("{number} 的登记内容与其记录不符，可能被直接改动", number=number)
    return None


def _missing(links: Links) -> Wording | None:
    for number, position in sorted(links):
        return say(
            "{number} 的第 {position} 条记录不见了，可能被直接删除",
            number=number, position=position,
        )  # fmt: skip
    return None


def _grouped(session: Session, table: Any, key: Any) -> Mapping[int | None, list[Any]]:
    """Rows of a table by what they belong to, in the order of their ids."""
    found: dict[int | None, list[Any]] = defaultdict(list)
    for row in session.execute(select(table).order_by(key, table.id)).scalars():
        found[getattr(row, key.key)].append(row)
    return found
