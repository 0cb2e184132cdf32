"""Moving room between two budget lines of a year (预算调剂): two persons, the total unchanged (五.3
效果一)."""

from __future__ import annotations

from typing import Any

from sqlalchemy import select, update
from sqlmodel import Session, col

from models.actions.lock_order import lock_lines
from models.actions.reasons import required_text
from models.actions.record import record
from models.clock import now_utc
from models.queries.visibility import refuse_without
from models.rules.errors import (
    AlreadyDone,
    AmountRefused,
    BudgetExhausted,
    NotAllowed,
    NotAvailable,
    NotFound,
)
from models.rules.money import LARGEST_FEN, yuan
from models.rules.payments import LONGEST_REASON
from models.rules.roles import Actor, Permission
from models.rules.wording import say
from models.tables.money import BudgetLine
from models.tables.payments import BudgetMove, DraftState

CONFIRMED = "confirm_budget_move"


def draft_budget_move(
    session: Session, actor: Actor, from_line: int, to_line: int, amount_fen: int, reason: str
) -> int:
    """Draft a move of room from one line to another of the same year (起草预算调剂).

    Args:
        session: the writing transaction.
        actor: finance or the lead.
        from_line: the line that gives.
        to_line: the line that takes.
        amount_fen: how much.
        reason: why.

    Returns:
        The draft's number.

    Raises:
        NotAllowed: somebody else.
        NotFound: no such line in force.
        NotAvailable: one line twice, or lines of two years.
        AmountRefused: not an amount.
        ReasonMissing, TextRefused: no reason, or too long a one.
        BudgetExhausted: the line has less free.
    """
    refuse_without(actor, Permission.confirm_money)
    said = required_text(reason, LONGEST_REASON, say("请写明调剂的原因"))
    if type(amount_fen) is not int:
        raise TypeError("money is whole fen")
    if not 0 < amount_fen <= LARGEST_FEN:
        raise AmountRefused(say("调剂金额须大于 0"))
    giving, taking = _lines(session, from_line, to_line)
    _refuse_without_room(giving, amount_fen)
    move = BudgetMove(
        from_line_id=from_line, to_line_id=to_line, amount_fen=amount_fen, reason=said,
        drafted_by_id=actor.account_id, drafted_at_utc=now_utc(),
    )  # fmt: skip
    session.add(move)
    session.flush()
    assert move.id is not None
    after = _stated(move, giving, taking) | {"reason": said}
    record(
        session, actor, "draft_budget_move", f"budget_move:{move.id}", None, after,
        actor.grant_id(Permission.confirm_money),
    )  # fmt: skip
    return move.id


def confirm_budget_move(session: Session, actor: Actor, move_id: int) -> None:
    """Confirm a drafted move (确认预算调剂): one line gives, the other takes, in one transaction.

    Args:
        session: the writing transaction.
        actor: finance or the lead, another person than the drafter.
        move_id: the draft.

    Raises:
        NotAllowed: somebody else, or the drafter.
        NotFound: no such draft.
        AlreadyDone: it was decided before.
        BudgetExhausted: the line has less free by now; whoever came first has it.
    """
    refuse_without(actor, Permission.confirm_money)
    move = _locked(session, move_id)
    if move.drafted_by_id == actor.account_id:
        raise NotAllowed(say("起草人不能确认自己起草的调剂，须由另一人确认"))
    lock_lines(session, (move.from_line_id, move.to_line_id))
    giving, taking = _lines(session, move.from_line_id, move.to_line_id)
    _refuse_without_room(giving, move.amount_fen)
    before = {giving.id: giving.ceiling_fen, taking.id: taking.ceiling_fen}
    for line, amount_fen in ((giving, -move.amount_fen), (taking, move.amount_fen)):
        _shift_ceiling(session, line, amount_fen)
    _decide(session, move, actor, DraftState.confirmed)
    for line in (giving, taking):
        session.refresh(line)
        record(
            session, actor, CONFIRMED, f"budget_line:{line.year}:{line.code}",
            {"ceiling_fen": before[line.id]},
            {"ceiling_fen": line.ceiling_fen, "move": move.id},
            actor.grant_id(Permission.confirm_money),
        )  # fmt: skip


def discard_budget_move(session: Session, actor: Actor, move_id: int) -> None:
    """Take a drafted move back (撤回预算调剂), or turn it down.

    Raises:
        NotAllowed: neither finance nor the lead.
        NotFound: no such draft.
        AlreadyDone: it was decided before.
    """
    refuse_without(actor, Permission.confirm_money)
    move = _locked(session, move_id)
    giving, taking = _lines(session, move.from_line_id, move.to_line_id)
    _decide(session, move, actor, DraftState.discarded)
    record(
        session, actor, "discard_budget_move", f"budget_move:{move.id}",
        _stated(move, giving, taking), None, actor.grant_id(Permission.confirm_money),
    )  # fmt: skip


def _lines(session: Session, from_line: int, to_line: int) -> tuple[BudgetLine, BudgetLine]:
    """Both lines as they are now."""
    if from_line == to_line:
        raise NotAvailable(say("调出和调入须是两个预算科目"))
    statement = select(BudgetLine).where(
        col(BudgetLine.id).in_((from_line, to_line)), col(BudgetLine.confirmed_at_utc).is_not(None)
    )
    rows = session.execute(statement, execution_options={"populate_existing": True}).scalars()
    found = {line.id: line for line in rows}
    if len(found) != 2:
        raise NotFound(say("没有这个预算科目，或它还没有确认"))
    giving, taking = found[from_line], found[to_line]
    if giving.year != taking.year:
        raise NotAvailable(say("只能在同一年度的预算科目之间调剂"))
    return giving, taking


def _refuse_without_room(line: BudgetLine, amount_fen: int) -> None:
    room_fen = line.ceiling_fen - line.committed_fen - line.paid_fen
    if amount_fen > room_fen:
        raise BudgetExhausted(
            say("预算科目 {code} 余额 {room} 元，不足以调出 {needed} 元",
                code=line.code, room=yuan(room_fen), needed=yuan(amount_fen))
        )  # fmt: skip


def _shift_ceiling(session: Session, line: BudgetLine, amount_fen: int) -> None:
    """The lines are locked; the table's own CHECK stands behind it."""
    statement: Any = (
        update(BudgetLine)
        .where(col(BudgetLine.id) == line.id)
        .values(ceiling_fen=col(BudgetLine.ceiling_fen) + amount_fen)
    )
    session.execute(statement, execution_options={"synchronize_session": False})


def _locked(session: Session, move_id: int) -> BudgetMove:
    move: Any = session.get(BudgetMove, move_id, with_for_update=True, populate_existing=True)
    if move is None:
        raise NotFound(say("没有这份预算调剂草稿"))
    if move.state is not DraftState.drafted:
        raise AlreadyDone(say("这份预算调剂已经办结"))
    found: BudgetMove = move
    return found


def _decide(session: Session, move: BudgetMove, actor: Actor, state: DraftState) -> None:
    move.state, move.decided_by_id = state, actor.account_id
    move.decided_at_utc = now_utc()
    session.add(move)
    session.flush()


def _stated(move: BudgetMove, giving: BudgetLine, taking: BudgetLine) -> dict[str, Any]:
    """The move as the record keeps it."""
    return {
        "year": giving.year, "from_line": giving.code, "to_line": taking.code,
        "amount_fen": move.amount_fen, "drafted_by": move.drafted_by_id,
    }  # fmt: skip
