"""Writing what a step of a rating period froze (定格): results with their digest, and the proposals
that come of them."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from typing import Any

from sqlalchemy import func, select
from sqlmodel import Session, col

from models.clock import now_utc
from models.queries.rating_results import result_digest
from models.queries.vouching_ratings import consequence_facts
from models.rules.rating.consequences import ConsequenceState, proposals
from models.rules.rating.outcome import Outcome, outcome_content
from models.rules.rating.scheme import Mark
from models.rules.rating.signals import Gate
from models.tables.ratings import RatingConsequence, RatingEvent, RatingPeriod, RatingResult


def add_results(
    session: Session,
    period: RatingPeriod,
    event: RatingEvent,
    found: Iterable[Outcome],
    *,
    as_of: date,
    is_published: bool,
) -> list[RatingResult]:
    """Freeze results of a period, each as the next version of its agency.

    Args:
        session: the writing transaction; the period is locked.
        period: the period.
        event: the step that freezes them.
        found: what they are.
        as_of: the day the inputs were gathered.
        is_published: of a publication or an appeal; else of a preview.
    """
    numbers = _numbers(session, period, is_published=is_published)
    rows = [
        _row(period, event, one, numbers.get(one.agency_id, 0) + 1, as_of, is_published)
        for one in found
    ]
    session.add_all(rows)
    session.flush()
    return rows


def proposed_for(
    session: Session, rows: Sequence[RatingResult], earlier: Mapping[int, Mark | None]
) -> dict[str, list[Any]]:
    """Propose what may follow from frozen results (结果运用).

    Args:
        session: the writing transaction.
        rows: the results, written.
        earlier: agency → its grade in the period before.

    Returns:
        The proposals as the event states them: number → facts.
    """
    made = [
        RatingConsequence(
            result_id=row.id or 0, period_id=row.period_id, agency_id=row.agency_id,
            kind=one.kind, grounds=one.grounds.as_json(),
        )
        for row in rows
        for one in proposals(
            row.mark, tuple(Gate(gate) for gate in row.gates), earlier.get(row.agency_id)
        )
    ]  # fmt: skip
    session.add_all(made)
    session.flush()
    return {str(one.id): consequence_facts(one) for one in made}


def lapsed_for(session: Session, period_id: int, agency_id: int) -> dict[str, list[Any]]:
    """Let the proposals nobody has decided on fall: a new version takes the place of the result
    they came of.

    Returns:
        The proposals as the event states them: number → facts.
    """
    statement = (
        select(RatingConsequence)
        .where(
            col(RatingConsequence.period_id) == period_id,
            col(RatingConsequence.agency_id) == agency_id,
            col(RatingConsequence.state) == ConsequenceState.proposed,
        )
        .order_by(col(RatingConsequence.id))
        .with_for_update()
    )
    waiting = session.execute(statement).scalars().all()
    for one in waiting:
        one.state, one.decided_at_utc = ConsequenceState.lapsed, now_utc()
        session.add(one)
    session.flush()
    return {str(one.id): consequence_facts(one) for one in waiting}


def _row(
    period: RatingPeriod,
    event: RatingEvent,
    one: Outcome,
    number: int,
    as_of: date,
    is_published: bool,
) -> RatingResult:
    assert period.id is not None
    row = RatingResult(
        period_id=period.id, agency_id=one.agency_id, event_position=event.position,
        is_published=is_published, number=number, as_of=as_of,
        scheme_version=period.scheme_version, digest="",
        **outcome_content(one) | {"unrated": one.unrated, "mark": one.mark},
    )  # fmt: skip
    row.digest = result_digest(row)
    return row


def _numbers(session: Session, period: RatingPeriod, *, is_published: bool) -> dict[int, int]:
    statement = (
        select(col(RatingResult.agency_id), func.max(RatingResult.number))
        .where(
            col(RatingResult.period_id) == period.id,
            col(RatingResult.is_published) == is_published,
        )
        .group_by(col(RatingResult.agency_id))
    )
    return {agency_id: int(count) for agency_id, count in session.execute(statement)}
