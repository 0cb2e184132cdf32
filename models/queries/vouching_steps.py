"""What the chain vouches for in every life alike: the digest of a step with its papers, the links
that name a step, the papers that came with each."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Sequence
from typing import Any

from sqlalchemy import select
from sqlmodel import Session, col

from models.rules.digest import facts_digest
from models.tables.admissions import AdmissionEvent
from models.tables.agreement_life import AgreementEvent
from models.tables.record import Activity

Papers = Sequence[tuple[str, str]]
"""Name and SHA-256 of each paper of a step, in the order they came."""
Links = dict[tuple[str, int], tuple[str, str]]
"""Whose step and its position → verb and digest."""


def step_digest(event: AgreementEvent | AdmissionEvent, papers: Papers) -> str:
    """The digest of an event and its papers, in the order they came.

    Args:
        event: the event.
        papers: name and SHA-256 of each.
    """
    stated: dict[str, Any] = {
        "position": event.position, "action": event.action.value, "to": event.to_state.value,
        "account": event.account_id, "version": event.version, "reasons": event.reasons,
        "note": event.note, "detail": event.detail, "papers": [list(paper) for paper in papers],
    }  # fmt: skip
    return facts_digest(stated)


def links_of_steps(session: Session, verbs: Collection[str], subjects: str = "") -> Links:
    """The links that name a step.

    Args:
        session: any transaction.
        verbs: of the steps.
        subjects: how what the record calls their owners begins; the rest of it names each.
    """
    statement = select(Activity.verb, Activity.subject, Activity.after).where(
        col(Activity.verb).in_(verbs), col(Activity.subject).startswith(subjects)
    )
    return {
        (subject.removeprefix(subjects), after["event"]): (verb, after["digest"])
        for verb, subject, after in session.execute(statement.order_by(col(Activity.seq)))
        if "event" in (after or {})
    }


def papers_of_steps(session: Session, table: Any) -> dict[int | None, list[tuple[str, str]]]:
    """Name and SHA-256 of the papers a table keeps, by the step they came with.

    Args:
        session: any transaction.
        table: of papers.
    """
    papers: dict[int | None, list[tuple[str, str]]] = defaultdict(list)
    for paper in session.execute(select(table).order_by(table.id)).scalars():
        papers[paper.event_id].append((paper.file_name, paper.sha256))
    return papers
