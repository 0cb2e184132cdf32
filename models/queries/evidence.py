"""The papers (材料) of a claim: which a person may see — the same answer for the screen, the address
and the export — and which came since."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import bindparam, or_, select
from sqlmodel import Session, col

from models.queries.history import history_of, last_step
from models.queries.sight import may_see_claim
from models.rules.claim_workflow import Action
from models.rules.roles import Actor
from models.tables.claims import Claim, Evidence
from models.tables.people import Account


@dataclass(frozen=True, slots=True)
class ChangedPaper:
    """A paper that came after the last decision of an office: new, or in the place of another."""

    kind_code: str
    file_name: str
    uploaded_at_utc: datetime
    is_replacement: bool


def viewable_evidence(session: Session, actor: Actor, evidence_id: int) -> Evidence | None:
    """A paper, if this person may see its claim; `None` both when there is none and when they may
    not."""
    row = session.execute(
        select(Evidence, Claim)
        .join(Claim, col(Claim.id) == Evidence.claim_id)
        .where(col(Evidence.id) == evidence_id)
    ).first()
    if row is None or not may_see_claim(actor, row.Claim):
        return None
    evidence: Evidence = row.Evidence
    return evidence


def papers_of(session: Session, claim_id: int) -> list[Evidence]:
    """A claim's papers that were not replaced, in the order of their kinds."""
    return list(session.execute(_PAPERS, {"claim_id": claim_id}).scalars())


_PAPERS = (
    select(Evidence)
    .where(
        col(Evidence.claim_id) == bindparam("claim_id"),
        col(Evidence.replaced_at_utc).is_(None),
    )
    .order_by(col(Evidence.kind_code), col(Evidence.id))
)


def removable_papers(session: Session, claim: Claim) -> list[Evidence]:
    """Papers the agency itself added since the claim was last submitted: no office has seen them.

    Args:
        session: any transaction.
        claim: the claim.
    """
    assert claim.id is not None
    statement = (
        select(Evidence)
        .join(Account, col(Account.id) == Evidence.uploaded_by_id)
        .where(
            col(Evidence.claim_id) == claim.id,
            col(Evidence.replaced_at_utc).is_(None),
            col(Account.agency_id) == claim.agency_id,
        )
    )
    submitted = last_step(history_of(session, claim.id), Action.submit)
    if submitted is not None:
        statement = statement.where(col(Evidence.uploaded_at_utc) > submitted.at_utc)
    return list(session.execute(statement.order_by(col(Evidence.id))).scalars())


def papers_changed_since(
    session: Session, claim_id: int, since_utc: datetime
) -> tuple[ChangedPaper, ...]:
    """The papers of a claim that came after a moment and are there still, in the order of their
    kinds."""
    rows = session.execute(
        select(
            Evidence.kind_code, Evidence.file_name, Evidence.uploaded_at_utc,
            Evidence.replaced_at_utc,
        )
        .where(col(Evidence.claim_id) == claim_id)
        .order_by(col(Evidence.kind_code), col(Evidence.id))
    ).all()  # fmt: skip
    gone = {
        row.kind_code for row in rows if row.replaced_at_utc and row.replaced_at_utc > since_utc
    }
    return tuple(
        ChangedPaper(row.kind_code, row.file_name, row.uploaded_at_utc, row.kind_code in gone)
        for row in rows
        if row.replaced_at_utc is None and row.uploaded_at_utc > since_utc
    )


def paper_files_at(
    session: Session, claim_id: int, at_utc: datetime
) -> tuple[tuple[str, str], ...]:
    """Code and SHA-256 of the papers a claim had just before a moment, in order."""
    statement = (
        select(Evidence.kind_code, Evidence.sha256)
        .where(
            col(Evidence.claim_id) == claim_id,
            col(Evidence.uploaded_at_utc) < at_utc,
            or_(col(Evidence.replaced_at_utc).is_(None), col(Evidence.replaced_at_utc) >= at_utc),
        )
        .order_by(col(Evidence.kind_code), col(Evidence.sha256))
    )
    return tuple((code, sha256) for code, sha256 in session.execute(statement))
