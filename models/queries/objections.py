"""Objections (异议) to claims in public notice: what of them keeps a claim from being paid, how one
reads for whom, and how the record keeps it."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import Any

from sqlalchemy import ColumnElement, Select, and_, bindparam, exists, func, or_, select
from sqlalchemy.orm import aliased
from sqlmodel import Session, col

from models.queries.history import History, last_step
from models.queries.sealing import sealed
from models.queries.visibility import refuse_without
from models.rules.objections import (
    ACTS_ON_UPHELD,
    ObjectionForm,
    ObjectionState,
    StandingObjection,
    payment_bar,
)
from models.rules.roles import Actor, Permission
from models.rules.wording import Wording
from models.tables.claims import Batch, BatchRow, Claim, ClaimEvent
from models.tables.objections import Objection, ObjectionPaper
from models.tables.people import Account

_STANDING = (
    select(Objection.state, Objection.answered_after_event)
    .where(col(Objection.claim_id) == bindparam("claim_id"))
    .order_by(col(Objection.id))
)


@dataclass(frozen=True, slots=True)
class PaperLine:
    """A piece of evidence, without its content."""

    id: int
    file_name: str
    media_type: str
    size_bytes: int


@dataclass(frozen=True, slots=True)
class ObjectionLine:
    """One objection as a person may read it.

    Attributes:
        number: of the claim.
        objector, said, papers: empty for the parties of the claim: who objects is protected from
            them.
        answer: why it was dismissed or upheld; empty while it is open.
    """

    id: int
    number: str
    state: ObjectionState
    received_on: date
    recorded_by: str
    recorded_by_id: int
    recorded_at_utc: datetime
    answered_by: str
    answered_at_utc: datetime | None
    answer: str
    form: ObjectionForm | None = None
    objector: str = ""
    said: str = ""
    papers: tuple[PaperLine, ...] = ()


def payment_barred(session: Session, claim: Claim, history: History) -> Wording | None:
    """What of a claim's objections keeps money from being paid, in words; `None` where nothing
    does.

    Args:
        session: any transaction.
        claim: the claim; locked, where something is to be written.
        history: its steps.
    """
    rows = session.execute(_STANDING, {"claim_id": claim.id})
    acted = last_step(history, *ACTS_ON_UPHELD)
    return payment_bar(
        (StandingObjection(state, after) for state, after in rows), acted.position if acted else 0
    )


def objections_of(session: Session, actor: Actor, claim: Claim) -> tuple[ObjectionLine, ...]:
    """A claim's objections, the newest first, as this person may read them.

    Args:
        session: any transaction.
        actor: somebody who may see the claim.
        claim: the claim.
    """
    return _lines(session, actor, col(Objection.claim_id) == claim.id)


def objections_of_month(session: Session, actor: Actor, month: str) -> tuple[ObjectionLine, ...]:
    """The objections to claims of a month's application, the newest first.

    Raises:
        NotAllowed: who objects to what is not this person's to read.
    """
    refuse_without(actor, Permission.see_objections)
    sent = (
        select(BatchRow.claim_id)
        .join(Batch, col(Batch.id) == BatchRow.batch_id)
        .where(col(Batch.month) == month)
    )
    return _lines(session, actor, col(Objection.claim_id).in_(sent))


def barring_objections() -> ColumnElement[int]:
    """A column: how many objections keep money of a claim from being paid, as `payment_bar` says it
    of one: those that wait, and those upheld on which the office has not acted."""
    has_acted = exists().where(
        col(ClaimEvent.claim_id) == Objection.claim_id,
        col(ClaimEvent.position) > Objection.answered_after_event,
        col(ClaimEvent.action).in_(ACTS_ON_UPHELD),
    )
    is_unheeded = and_(col(Objection.state) == ObjectionState.upheld, ~has_acted)
    return (
        select(func.count())
        .select_from(Objection)
        .where(
            col(Objection.claim_id) == Claim.id,
            or_(col(Objection.state) == ObjectionState.open, is_unheeded),
        )
        .correlate(Claim)
        .scalar_subquery()
    )


def viewable_objection_paper(
    session: Session, actor: Actor, paper_id: int
) -> ObjectionPaper | None:
    """A piece of evidence, for who may read objections; `None` both when there is none and when
    they may not."""
    if not actor.may(Permission.see_objections):
        return None
    return session.get(ObjectionPaper, paper_id)


def objection_recorded(
    number: str, objection: Objection, papers: Iterable[ObjectionPaper]
) -> dict[str, Any]:
    """An objection as the record keeps it: who objects stands sealed.

    Args:
        number: of the claim.
        objection: its row.
        papers: its evidence, in the order of their ids.
    """
    kept = list(papers)
    return {
        "claim": number,
        "objector": sealed(objection.objector),
        "form": objection.form.value,
        "received_on": objection.received_on.isoformat(),
        "objected": objection.said,
        "papers": [paper.file_name for paper in kept],
        "files": [paper.sha256 for paper in kept],
        "objection_state": objection.state.value,
        "recorded_by": objection.recorded_by_id,
        "answered_by": objection.answered_by_id,
        "answer": objection.answer,
        "answered_after_event": objection.answered_after_event,
    }


def papers_of_objections(
    session: Session, ids: Iterable[int]
) -> Mapping[int, list[ObjectionPaper]]:
    """The evidence of some objections, by the objection."""
    statement = (
        select(ObjectionPaper)
        .where(col(ObjectionPaper.objection_id).in_(list(ids)))
        .order_by(col(ObjectionPaper.id))
    )
    found: dict[int, list[ObjectionPaper]] = defaultdict(list)
    for paper in session.execute(statement).scalars():
        found[paper.objection_id].append(paper)
    return found


_RECORDER, _ANSWERER = aliased(Account), aliased(Account)
_LINES: Select[Any] = (
    select(
        Objection, Claim.number, col(_RECORDER.display_name).label("recorded_by"),
        col(_ANSWERER.display_name).label("answered_by"),
    )
    .join(Claim, col(Claim.id) == Objection.claim_id)
    .join(_RECORDER, col(_RECORDER.id) == Objection.recorded_by_id)
    .outerjoin(_ANSWERER, col(_ANSWERER.id) == Objection.answered_by_id)
    .order_by(col(Objection.id).desc())
)  # fmt: skip


def _lines(
    session: Session, actor: Actor, condition: ColumnElement[bool]
) -> tuple[ObjectionLine, ...]:
    rows = session.execute(_LINES.where(condition)).all()
    if not rows:
        return ()
    is_told = actor.may(Permission.see_objections)
    papers = papers_of_objections(session, [row.Objection.id for row in rows]) if is_told else {}
    return tuple(_line(row, papers, is_told=is_told) for row in rows)


def _line(row: Any, papers: Mapping[int, list[ObjectionPaper]], *, is_told: bool) -> ObjectionLine:
    one: Objection = row.Objection
    assert one.id is not None
    line = ObjectionLine(
        id=one.id,
        number=row.number,
        state=one.state,
        received_on=one.received_on,
        recorded_by=row.recorded_by,
        recorded_by_id=one.recorded_by_id,
        recorded_at_utc=one.recorded_at_utc,
        answered_by=row.answered_by or "",
        answered_at_utc=one.answered_at_utc,
        answer=one.answer,
    )
    if not is_told:
        return line
    return replace(
        line, form=one.form, objector=one.objector, said=one.said,
        papers=tuple(
            PaperLine(paper.id or 0, paper.file_name, paper.media_type, paper.size_bytes)
            for paper in papers.get(one.id, ())
        ),
    )  # fmt: skip


def objection_rows(session: Session) -> Iterator[tuple[str, dict[str, Any]]]:
    """Every objection by its number, as the record must have stated it last."""
    statement = (
        select(Claim.number, Objection)
        .join(Objection, col(Objection.claim_id) == Claim.id)
        .order_by(col(Objection.id))
    )
    rows = session.execute(statement).all()
    papers = papers_of_objections(session, [row.id for _, row in rows])
    for number, row in rows:
        yield str(row.id), objection_recorded(number, row, papers.get(row.id, ()))
