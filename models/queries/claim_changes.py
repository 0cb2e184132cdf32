"""What changed on a claim since an office asked its agency (请机构补正): why it starts again."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from datetime import datetime

from sqlalchemy import select
from sqlmodel import Session, col

from models.queries.evidence import paper_files_at
from models.queries.facts_standing import asks_for_papers
from models.queries.history import PastStep
from models.rules.claim_entries import ENTRY_NAMES
from models.rules.claim_facts import ClaimFacts
from models.rules.findings import Finding
from models.rules.findings.seen import MOVED_BY_OTHERS
from models.rules.wording import Wording, named, say
from models.tables.claims import ClaimEvent
from models.tables.record import Activity


def why_it_starts_again(
    session: Session, claim_id: int, asked: PastStep, facts: ClaimFacts, found: Sequence[Finding]
) -> Wording:
    """Which facts the earlier offices decided on are others now, in words.

    Args:
        session: any transaction.
        claim_id: the claim.
        asked: the step that asked the agency.
        facts: the claim's facts as they are.
        found: its findings as they are.

    Source: the answer to an `ask_agency` goes on where it stood only if the facts stand.
    """
    changes = (
        *_entries(session, facts.number, asked.at_utc),
        *_papers(session, claim_id, asked, facts),
        *_verdicts(session, claim_id, asked, found),
    )
    if not changes:
        return say("所依据的协议、企业确认或补贴标准已变，须重新初审")
    return say("{changes}已变，须重新初审", changes=changes)


def _entries(session: Session, number: str, since_utc: datetime) -> Iterable[Wording]:
    """What the agency corrected: the entries that are no longer what they were."""
    statement = select(Activity.before, Activity.after).where(
        col(Activity.subject) == f"claim:{number}",
        col(Activity.verb) == "correct_claim",
        col(Activity.at_utc) >= since_utc,
    )
    was: dict[str, object] = {}
    now: dict[str, object] = {}
    for before, after in session.execute(statement.order_by(col(Activity.seq))):
        was = {**(before or {}), **was}
        now |= after or {}
    return [
        name for entry, name in ENTRY_NAMES.items() if entry in was and was[entry] != now[entry]
    ]


def _papers(
    session: Session, claim_id: int, asked: PastStep, facts: ClaimFacts
) -> Iterable[Wording]:
    """Papers the conditions need whose files are others than when it was asked; none where papers
    were asked for, since they are the answer."""
    if asks_for_papers(session, claim_id, asked):
        return []
    was = _files_by_kind(paper_files_at(session, claim_id, asked.at_utc))
    now = _files_by_kind(facts.paper_files)
    return [
        say("材料“{name}”", name=named(name))
        for code, name in facts.result.papers_needed
        if was[code] != now[code]
    ]


def _files_by_kind(files: Iterable[tuple[str, str]]) -> defaultdict[str, set[str]]:
    by_kind: defaultdict[str, set[str]] = defaultdict(set)
    for code, sha256 in files:
        by_kind[code].add(sha256)
    return by_kind


def _verdicts(
    session: Session, claim_id: int, asked: PastStep, found: Sequence[Finding]
) -> Iterable[Wording]:
    """The conditions that are judged otherwise than when it was asked."""
    statement = select(ClaimEvent.findings).where(
        col(ClaimEvent.claim_id) == claim_id, col(ClaimEvent.position) == asked.position
    )
    before = {one["code"]: one["verdict"] for one in session.execute(statement).scalar_one()}
    flipped = tuple(
        finding.code
        for finding in found
        if finding.code not in MOVED_BY_OTHERS
        and before.get(finding.code, finding.verdict.value) != finding.verdict.value
    )
    return [say("条件 {codes} 的判定", codes=flipped)] if flipped else []
