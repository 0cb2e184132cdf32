"""Whether what the earlier offices decided on still stands when the agency has answered a
question."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from sqlalchemy import select
from sqlmodel import Session, col

from models.queries.evidence import paper_files_at
from models.queries.history import History, PastStep, last_step
from models.rules.claim_facts import ClaimFacts
from models.rules.claim_workflow import Action
from models.rules.findings import Finding, facts_digest
from models.rules.findings.seen import PAPERS_ASKED_FOR
from models.tables.claims import ClaimEvent


def earlier_facts_stand(
    session: Session,
    claim_id: int,
    history: History,
    facts: ClaimFacts,
    found: Sequence[Finding],
) -> bool:
    """Whether the claim's own facts are those of the moment when the office asked the agency.

    Where it asked for papers, the papers of that moment are put in the place of today's: what was
    asked for may differ, and the office that asked sees it marked. Nothing else may.

    Args:
        session: any transaction.
        claim_id: the claim.
        history: its steps.
        facts: as they are now.
        found: the findings as they are now.
    """
    asked = last_step(history, Action.ask_agency)
    if asked is None:
        return False
    if asked.facts_digest == facts_digest(facts, found):
        return True
    if not asks_for_papers(session, claim_id, asked):
        return False
    as_then = replace(facts, paper_files=paper_files_at(session, claim_id, asked.at_utc))
    return asked.facts_digest == facts_digest(as_then, found)


def asks_for_papers(session: Session, claim_id: int, asked: PastStep) -> bool:
    """Whether an office's question was one for papers, by its coded reasons."""
    statement = select(ClaimEvent.reasons).where(
        col(ClaimEvent.claim_id) == claim_id, col(ClaimEvent.position) == asked.position
    )
    return not PAPERS_ASKED_FOR.isdisjoint(session.execute(statement).scalar_one())
