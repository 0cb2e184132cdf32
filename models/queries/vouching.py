"""What the chain vouches for, compared with what stands in the tables: claims, events, money,
papers, sent months, frozen meetings.

The chain itself has been walked before; here its rows are taken as true. Each answer is the first
thing that differs.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import func, literal, select
from sqlmodel import Session, col

from models.queries.month import frozen_digest
from models.queries.vouching_payments import entries_fault, money_fault
from models.rules.claim_workflow import Action
from models.rules.digest import facts_digest, sha256_hex
from models.rules.entitlement import Purpose
from models.rules.replay import EventFacts, Replayed, ledger, replay
from models.rules.wording import Wording, say
from models.tables.claims import Batch, BatchRow, Claim, ClaimEvent, ClaimMoney, Evidence
from models.tables.meetings import MeetingSnapshot
from models.tables.money import BudgetLine
from models.tables.payments import Payment
from models.tables.record import Activity

_PAGE = 1_000
_STEPS = frozenset(action.value for action in Action)
_OWN = {
    "number", "agreement_id", "result_id", "enterprise_id", "agency_id", "service_code",
    "filed_month",
    "filed_on", "asked_fen", "basis_fen", "units", "invoice_number", "invoice_fen", "payee_name",
    "payee_account", "note",
}  # fmt: skip


def own_digest(claim: Claim) -> str:
    """The digest of what the agency claims, column by column."""
    return facts_digest(claim.model_dump(include=_OWN, mode="json"))


@dataclass(frozen=True, slots=True)
class _Vouched:
    """One claim with everything that belongs to it."""

    claim: Claim
    monies: Sequence[ClaimMoney]
    events: Sequence[ClaimEvent]
    papers: Sequence[Evidence]
    links: Sequence[Activity]
    payments: Sequence[Payment]

    @property
    def end(self) -> Replayed:
        """Where the events leave the claim."""
        return replay(
            [
                EventFacts(
                    event.position, event.action, event.from_state, event.to_state, event.round,
                    event.version, event.subsidy_fen, event.reward_fen,
                )
                for event in self.events
            ]
        )  # fmt: skip


def vouched_claims(
    session: Session, progress: Callable[[int, int], object] = lambda _done, _of: None
) -> tuple[int, Wording | None]:
    """Every claim against its events, its money, its papers and the chain.

    Args:
        session: a reading transaction.
        progress: told how many agree, and how many there are.

    Returns:
        How many claims agree, and the first that does not.
    """
    agreed = 0
    there = session.execute(select(func.count()).select_from(Claim)).scalar_one()
    for one in _claims(session):
        if agreed % _PAGE == 0:
            progress(agreed, max(there, 1))
        for fault in _FAULTS:
            if words := fault(one):
                return agreed, say("申请 {number}：{fault}", number=one.claim.number, fault=words)
        agreed += 1
    return agreed, _vanished(session)


def vouched_months(session: Session) -> Wording | None:
    """Every sent month against its frozen rows and the chain."""
    sent = {
        link.subject: link
        for link in session.execute(
            select(Activity).where(col(Activity.verb) == "send_month")
        ).scalars()
    }
    for batch in session.execute(select(Batch).order_by(col(Batch.month))).scalars():
        link = sent.pop(f"month:{batch.month}", None)
        if link is None or _month_differs(session, batch, link):
            return say("{month} 的统一申请与操作记录不符，可能被直接改动", month=batch.month)
    for subject in sent:
        return say("{month} 的统一申请不见了", month=subject.removeprefix("month:"))
    return None


def vouched_meetings(session: Session) -> Wording | None:
    """Every frozen meeting against its digest and the chain."""
    said = {
        link.subject: (link.after or {}).get("digest")
        for link in session.execute(
            select(Activity).where(col(Activity.verb) == "freeze_meeting")
        ).scalars()
    }
    kept = select(MeetingSnapshot).order_by(col(MeetingSnapshot.id))
    for row in session.execute(kept).scalars():
        digest = said.pop(f"meeting:{row.digest[:12]}", None)
        if digest != row.digest or sha256_hex(row.content) != digest:
            return say("第 {number} 号定稿会议与操作记录不符，可能被直接改动", number=row.id)
    for subject in said:
        return say("摘要为 {digest} 的定稿会议不见了", digest=subject.removeprefix("meeting:"))
    return None


def vouched_totals(session: Session) -> Wording | None:
    """Every budget line against the claims that draw on it."""
    sums = {
        row.budget_line_id: (int(row.committed_fen), int(row.paid_fen))
        for row in session.execute(
            select(
                ClaimMoney.budget_line_id,
                func.sum(ClaimMoney.committed_fen).label("committed_fen"),
                func.sum(ClaimMoney.paid_fen).label("paid_fen"),
            ).group_by(col(ClaimMoney.budget_line_id))
        )
    }
    for line in session.execute(select(BudgetLine).order_by(col(BudgetLine.id))).scalars():
        if (line.committed_fen, line.paid_fen) != sums.get(line.id, (0, 0)):
            return say("{year} 年预算科目 {code} 与各申请之和不符", year=line.year, code=line.code)
    return None


# ---------------------------------------------------------------- one claim


def _workflow_fault(one: _Vouched) -> Wording | None:
    return one.end.fault


def _place_fault(one: _Vouched) -> Wording | None:
    claim, place = one.claim, one.end.place
    stands = (
        claim.state, claim.held_from, claim.resume_at, claim.was_reopened, claim.is_recall_asked,
        claim.round,
    )  # fmt: skip
    must = (
        place.state, place.held_from, place.resume_at, place.was_reopened, place.is_recall_asked,
        one.end.round,
    )  # fmt: skip
    return None if stands == must else say("状态与办理记录不符，可能被直接改动")


def _money_fault(one: _Vouched) -> Wording | None:
    """Amounts, commitments and payments are what the events lead to."""
    end, last = one.end, one.events[-1].action if one.events else None
    approved = {Purpose.subsidy: end.subsidy_fen, Purpose.reward: end.reward_fen}
    booked = ledger(end, last)
    for money in one.monies:
        must = booked[money.purpose]
        stands = (money.approved_fen, money.committed_fen, money.paid_fen)
        if stands != (approved[money.purpose], must.committed_fen, must.paid_fen):
            return say("金额与办理记录不符，可能被直接改动")
    return None


def _event_fault(one: _Vouched) -> Wording | None:
    """Every event has its link in the chain, and says what the link says."""
    links = [link for link in one.links if link.verb in _STEPS]
    for event, link in zip(one.events, links, strict=False):
        if _said_by_event(event) != _said_by_link(link):
            return say(
                "第 {position} 条办理记录与操作记录不符，可能被直接改动", position=event.position
            )
    if len(one.events) != len(links):
        least = min(len(one.events), len(links)) + 1
        return say("第 {position} 条办理记录与操作记录不符，可能被直接改动", position=least)
    return None


def _own_fault(one: _Vouched) -> Wording | None:
    """Version and entries are those of the last link that speaks of them."""
    vouched = [link.after for link in one.links if link.after and "own" in link.after]
    if not vouched:
        return say("没有操作记录，可能被直接写入")
    if vouched[-1]["version"] != one.claim.version:
        return say("版本与操作记录不符，可能被直接改动")
    if vouched[-1]["own"] != own_digest(one.claim):
        return say("申请内容与操作记录不符，可能被直接改动")
    return None


def _paper_fault(one: _Vouched) -> Wording | None:
    recorded = [
        [link.after[name] for name in ("kind", "name", "sha256", "bytes")]
        for link in one.links
        if link.verb == "add_evidence" and link.after
    ]
    stands = [
        [paper.kind_code, paper.file_name, paper.sha256, paper.size_bytes] for paper in one.papers
    ]
    return None if stands == recorded else say("材料与操作记录不符，可能被直接改动")


def _ledger_fault(one: _Vouched) -> Wording | None:
    """Every entry of the ledger is what the record says of it, and they come to what is paid."""
    links = [link for link in one.links if link.verb in _STEPS]
    silent = {
        event.id or 0: event
        for event, link in zip(one.events, links, strict=False)
        if "payment" not in (link.after or {})
    }
    return entries_fault(one.payments, one.links, silent) or money_fault(one.payments, one.monies)


_FAULTS: tuple[Callable[[_Vouched], Wording | None], ...] = (
    _workflow_fault,
    _place_fault,
    _money_fault,
    _event_fault,
    _own_fault,
    _paper_fault,
    _ledger_fault,
)


def _said_by_event(event: ClaimEvent) -> list[Any]:
    return [
        event.action.value, event.account_id, event.to_state.value, event.position, event.version,
        event.facts_digest, facts_digest(event.findings), event.subsidy_fen, event.reward_fen,
        event.reasons, event.note, event.on_behalf,
    ]  # fmt: skip


def _said_by_link(link: Activity) -> list[Any]:
    said = link.after or {}
    names = (
        "state", "event", "version", "digest", "findings", "subsidy_fen", "reward_fen",
    "reasons", "note",
        "on_behalf",
    )  # fmt: skip
    return [link.verb, link.account_id, *(said.get(name) for name in names)]


# ---------------------------------------------------------------- reading


def _claims(session: Session) -> Iterator[_Vouched]:
    after = 0
    while page := _page_of_claims(session, after):
        after = page[-1].id or 0
        ids = [claim.id for claim in page]
        monies = _by(session, ClaimMoney, ClaimMoney.claim_id, ids, ClaimMoney.purpose)
        events = _by(session, ClaimEvent, ClaimEvent.claim_id, ids, ClaimEvent.position)
        papers = _by(session, Evidence, Evidence.claim_id, ids, Evidence.id)
        payments = _by(session, Payment, Payment.claim_id, ids, Payment.id)
        subjects = [f"claim:{claim.number}" for claim in page]
        links = _by(session, Activity, Activity.subject, subjects, Activity.seq)
        for claim, subject in zip(page, subjects, strict=True):
            yield _Vouched(
                claim, monies[claim.id], events[claim.id], papers[claim.id], links[subject],
                payments[claim.id],
            )  # fmt: skip
        session.expunge_all()


def _page_of_claims(session: Session, after: int) -> list[Claim]:
    statement = select(Claim).where(col(Claim.id) > after).order_by(col(Claim.id)).limit(_PAGE)
    return list(session.execute(statement).scalars())


def _by(
    session: Session, table: Any, key: Any, keys: Iterable[Any], order: Any
) -> dict[Any, list[Any]]:
    """Rows of a table that belong to some keys, by key, in order."""
    found: dict[Any, list[Any]] = defaultdict(list)
    statement = select(table).where(key.in_(keys)).order_by(key, order)
    for row in session.execute(statement).scalars():
        found[getattr(row, key.key)].append(row)
    return found


def _vanished(session: Session) -> Wording | None:
    """A claim that was drafted, says the chain, and is not there."""
    numbers = select(literal("claim:") + col(Claim.number))
    drafted = select(Activity.subject).where(
        col(Activity.verb) == "draft_claim", col(Activity.subject).not_in(numbers)
    )
    subject = session.execute(drafted.order_by(col(Activity.seq)).limit(1)).scalar_one_or_none()
    if subject is None:
        return None
    return say("申请 {number} 不见了，可能被直接删除", number=subject.removeprefix("claim:"))


def _month_differs(session: Session, batch: Batch, link: Activity) -> bool:
    statement = select(BatchRow).where(col(BatchRow.batch_id) == batch.id)
    rows = session.execute(statement.order_by(col(BatchRow.position))).scalars().all()
    total_fen = sum(row.subsidy_fen for row in rows)
    stands = {
        "rows": len(rows),
        "total_fen": total_fen,
        "digest": frozen_digest([row.line for row in rows], batch.annexes),
    }
    is_frozen = all(
        (row.subsidy_fen, row.reward_fen) == (row.line["subsidy_fen"], row.line["reward_fen"])
        for row in rows
    )
    kept = {"rows": batch.rows, "total_fen": batch.total_fen, "digest": batch.digest}
    return not (is_frozen and stands == kept == link.after and batch.chain_head == link.hash)
