"""Counting anew what ratings are read from: once, where there were agreements and claims before
counts were kept."""

from __future__ import annotations

from sqlalchemy import delete, exists, select
from sqlmodel import Session

from models.actions.rating_counts import (
    Counts,
    count_agreement,
    count_answer,
    count_claim,
    judge_of,
    write_counts,
)
from models.actions.record import hold_head
from models.queries.rating_facts import every_answer, read_agreements, reviewed_claims
from models.tables.agreements import Agreement, Confirmation
from models.tables.claims import ClaimEvent
from models.tables.ratings import AgencyOpen, AgencySpan, AgencySpanOutcome


def counted_anew(session: Session) -> Counts:
    """All counts there should be, from the rows."""
    counts, judge = Counts(), judge_of(session)
    for claim in reviewed_claims(session):
        count_claim(counts, claim.agency_id, claim.case)
    for answer in every_answer(session):
        count_answer(counts, answer.agency_id, answer.confirmed_on, answer.stars)
    for agreement in read_agreements(session):
        count_agreement(counts, agreement, agreement.facts, judge)
    return counts


def recount(session: Session) -> None:
    """Count anew whatever is kept, behind the record's head: nobody decides meanwhile."""
    hold_head(session)
    for table in (AgencySpan, AgencySpanOutcome, AgencyOpen):
        session.execute(delete(table))
    write_counts(session, counted_anew(session))


def recount_if_never_counted(session: Session) -> bool:
    """Count what stood here before counts were kept.

    Returns:
        Whether anything was counted.
    """
    is_counted = session.execute(
        select(
            exists(select(AgencySpan))
            | exists(select(AgencySpanOutcome))
            | exists(select(AgencyOpen))
        )
    ).scalar_one()
    is_empty = not session.execute(
        select(
            exists(select(Agreement)) | exists(select(Confirmation)) | exists(select(ClaimEvent))
        )
    ).scalar_one()
    if is_counted or is_empty:
        return False
    recount(session)
    return True
