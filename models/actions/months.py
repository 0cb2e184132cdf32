"""The month's unified application (月度统一申请, 五.3(2)): the lead sends it once; what was sent is
frozen."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from sqlalchemy.dialects.postgresql import insert as postgres_insert
from sqlalchemy.dialects.sqlite import insert as sqlite_insert
from sqlmodel import Session

from models.actions.record import anchor, record
from models.actions.steps import lock_claims, locked_claim, seen_now, take_step
from models.clock import now_utc, today
from models.queries.month import (
    MonthRow,
    annexes_now,
    claims_to_send,
    frozen_digest,
    lines_of,
)
from models.queries.month_sending import SheetSeen, sheet_change, sheet_seen
from models.rules.claim_workflow import Action
from models.rules.errors import AlreadyDone, NotAllowed, NotAvailable, Refusal, SeenIsStale
from models.rules.months import YearMonth
from models.rules.roles import Actor, Role
from models.rules.wording import Wording, say
from models.tables.claims import Batch, BatchRow


@dataclass(frozen=True, slots=True)
class RowResult:
    """What happened to one row: the state it reached, or the refusal in words."""

    number: str
    refusal: Wording | None = None

    @property
    def is_done(self) -> bool:
        """Whether the row went through."""
        return self.refusal is None


@dataclass(frozen=True, slots=True)
class MonthSent:
    """A sent month: its rows one by one, and what was frozen."""

    month: str
    results: tuple[RowResult, ...]
    rows: int
    total_fen: int
    digest: str
    chain_head: str


def send_month(session: Session, actor: Actor, month: str, seen: SheetSeen) -> MonthSent:
    """Send one unified application: every pre-reviewed claim filed up to the month that the lead
    may send.

    Args:
        session: the writing transaction; all of it stands or none.
        actor: the lead; rows she decided herself are left for the next sender, and say so.
        month: `2026-11`.
        seen: what she had on screen (`sheet_seen`); the sending is bound to it.

    Returns:
        A result per row, and the frozen rows, total, digest and chain head.

    Raises:
        NotAllowed: not the lead.
        AlreadyDone: the month was sent.
        SeenIsStale: a row came in, left or changed since, with what and by whom.
        NotAvailable: not a month, one to come, or no row can be sent.
    """
    grant = actor.grant_for({Role.alliance_lead})
    if grant is None:
        raise NotAllowed(say("月度统一申请由联盟负责人发送"))
    month = month_of_account(month)
    batch_id = _new_batch(session, actor, month)
    waiting = claims_to_send(session, month)
    lock_claims(session, waiting)
    _refuse_unless_as_seen(session, actor, month, seen)
    results = [_apply(session, actor, number, batch_id) for number in waiting.values()]
    sent = {result.number for result in results if result.is_done}
    if not sent:
        raise NotAvailable(_nothing(results))
    rows = lines_of(session, [claim_id for claim_id, number in waiting.items() if number in sent])
    batch = session.get_one(Batch, batch_id)
    return _freeze(session, actor, batch, results, rows, grant.id)


def month_of_account(written: str) -> str:
    """A month that can be drawn for or sent: a month, and not one to come.

    Raises:
        NotAvailable: neither.
    """
    try:
        month = YearMonth.parse(written)
    except ValueError:
        raise NotAvailable(say("“{month}”不是月份，例如 2026-11", month=written[:20])) from None
    if month.first_day > today():
        raise NotAvailable(say("{month} 还没有到", month=str(month)))
    return str(month)


def _new_batch(session: Session, actor: Actor, month: str) -> int:
    """The month's row; of two senders at the same moment the second is told."""
    insert = sqlite_insert if session.get_bind().dialect.name == "sqlite" else postgres_insert
    header: Any = insert(Batch).values(
        month=month, sent_at_utc=now_utc(), sent_by_id=actor.account_id, rows=0, total_fen=0,
        annexes={}, digest="", chain_head="",
    )  # fmt: skip
    header = header.on_conflict_do_nothing().returning(Batch.id)
    batch_id: int | None = session.execute(header).scalar_one_or_none()
    if batch_id is None:
        raise AlreadyDone(say("{month} 的统一申请已发送，不能再次发送", month=month))
    return batch_id


def _refuse_unless_as_seen(session: Session, actor: Actor, month: str, seen: SheetSeen) -> None:
    """Go on only with the rows, amounts and payees that were confirmed."""
    now = sheet_seen(session, actor, month)
    if now.rows == seen.rows:
        return
    change = sheet_change(session, seen, now)
    raise SeenIsStale(
        change.wording, changed_by=change.changed_by, changed_at_utc=change.changed_at_utc
    )


def _apply(session: Session, actor: Actor, number: str, batch_id: int) -> RowResult:
    """One row through the same guarded step as a single decision; a refusal leaves no trace of the
    row."""
    with session.begin_nested() as row:
        try:
            seen = seen_now(session, actor, locked_claim(session, number))
            take_step(session, actor, number, Action.apply, seen, batch_id=batch_id)
        except Refusal as refusal:
            row.rollback()
            return RowResult(number, refusal.wording)
    return RowResult(number)


def _freeze(
    session: Session,
    actor: Actor,
    batch: Batch,
    results: list[RowResult],
    rows: list[MonthRow],
    grant_id: int,
) -> MonthSent:
    assert batch.id is not None
    for position, row in enumerate(rows, start=1):
        session.add(
            BatchRow(
                batch_id=batch.id,
                position=position,
                claim_id=row.claim_id,
                subsidy_fen=row.subsidy_fen,
                reward_fen=row.reward_fen,
                line=row.as_json(),
            )
        )
    batch.rows, batch.total_fen = len(rows), sum(row.subsidy_fen for row in rows)
    batch.annexes = annexes_now(session, batch.month).as_json()
    batch.digest = frozen_digest([row.as_json() for row in rows], batch.annexes)
    record(
        session,
        actor,
        "send_month",
        f"month:{batch.month}",
        None,
        {"rows": batch.rows, "total_fen": batch.total_fen, "digest": batch.digest},
        grant_id,
    )
    batch.chain_head = anchor(session, f"month:{batch.month}")
    session.add(batch)
    session.flush()
    return MonthSent(
        batch.month, tuple(results), batch.rows, batch.total_fen, batch.digest, batch.chain_head
    )


def _nothing(results: list[RowResult]) -> Wording:
    if not results:
        return say("没有初审通过、等待统一申请的申请")
    first = results[0]
    assert first.refusal is not None
    return say("没有可以发送的申请：{number} {reason}", number=first.number, reason=first.refusal)
