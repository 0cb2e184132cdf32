"""Payments of the demonstration year (演示数据): an order, the bank's list, moves of the budget, recoveries,
and what is held back at the end."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, timedelta

from sqlalchemy import select
from sqlmodel import col

from models.actions.bank_lists import import_bank_list
from models.actions.budget_moves import confirm_budget_move, draft_budget_move
from models.actions.imports import Upload
from models.actions.payment_orders import make_order
from models.actions.recoveries import confirm_recovery, draft_recovery
from models.actions.steps import seen_now, take_step
from models.clock import today
from models.queries.bank_lists import booked_entries
from models.queries.payable import due_rows
from models.rules.claim_workflow import Action, State
from models.rules.entitlement import Purpose
from models.rules.money import yuan
from models.rules.payments import EntryKind
from models.tables.claims import Claim
from models.tables.money import BudgetLine
from models.tables.payments import Payment
from seed.year.stage import Stage
from seed.year.standards import LINES
from seed.year.timeline import at

_SERVICE, _TRANSFER = LINES[-2][0], LINES[-1][0]
_MOVED_FEN, _ASKED_FEN = 10_000_000, 5_000_000
_LISTED, _HELD = 60, 2
HEADS = "日期,户名,账号,金额,凭证号,摘要"


def paying(stage: Stage) -> Iterator[datetime]:
    """Finance at work in the last days of the year."""
    finance, lead = stage.actor("finance"), stage.actor("lead")
    session, timeline = stage.session, stage.timeline
    move = draft_budget_move(
        session, finance, *_lines(stage), _MOVED_FEN, "技术转移申请增多，总额不变。"
    )
    yield at(timeline.back(timeline.until, 8), 15 * 60)
    confirm_budget_move(stage.session, lead, move)
    yield at(timeline.back(timeline.until, 3), 16 * 60 + 40)
    make_order(stage.session, finance)
    yield at(timeline.last_working_day, 16 * 60 + 10)
    import_bank_list(stage.session, finance, _bank_list(stage))
    for number, fen, second in _to_recover(stage):
        draft = draft_recovery(
            stage.session, finance, number, Purpose.subsidy, fen, "抽查发现重复计算，核减后追回。"
        )
        if second:
            confirm_recovery(stage.session, lead, draft)
    draft_budget_move(
        stage.session, finance, *_lines(stage), _ASKED_FEN, "预计年底前技术转移仍有申请。"
    )
    yield timeline.last_instant - timedelta(seconds=30)
    _hold_back(stage)


def paying_time(stage: Stage) -> datetime:
    """When the first move is drafted."""
    return at(stage.timeline.back(stage.timeline.until, 9), 10 * 60)


def _lines(stage: Stage) -> tuple[int, int]:
    """The line that gives and the one that takes."""
    statement = select(BudgetLine.code, BudgetLine.id).where(
        col(BudgetLine.year) == stage.timeline.until.year
    )
    ids = dict(stage.session.execute(statement).all())
    return ids[_SERVICE], ids[_TRANSFER]


def _bank_list(stage: Stage) -> Upload:
    """The bank's list of the last weeks: what it paid, one line that differs, one that nobody
    knows."""
    stand = {one.id for one in booked_entries(stage.session) if one.is_paid}
    statement = (
        select(Payment)
        .where(
            col(Payment.kind) == EntryKind.paid,
            col(Payment.paid_on) < stage.timeline.back(today(), 2),
        )
        .order_by(col(Payment.id).desc())
        .limit(2 * _LISTED)
    )
    found = stage.session.execute(statement).scalars()
    paid = [one for one in found if one.id in stand][:_LISTED][::-1]
    rows = [_row(one, one.amount_fen) for one in paid[:-1]]
    rows += [_row(one, one.amount_fen + 100) for one in paid[-1:]]
    rows += [f"{_row(one, one.amount_fen)}：退汇，户名与账号不符" for one in paid[-2:-1]]
    rows.append(f"{today()},示例收款单位,9550880000000000000,1200.00,PZ-000,演示：台账中没有")
    return Upload("银行清单（演示）.csv", "\n".join([HEADS, *rows]).encode())


def _row(one: Payment, fen: int) -> str:
    amount = yuan(fen).replace(",", "")
    return f"{one.paid_on},{one.payee_name},{one.payee_account},{amount},{one.voucher},演示"


def _to_recover(stage: Stage) -> list[tuple[str, int, bool]]:
    """Two payments of which a part is to be had back: one is confirmed, one waits."""
    statement = (
        select(Claim.number, Payment.amount_fen)
        .join(Claim, col(Claim.id) == Payment.claim_id)
        .where(
            col(Claim.state) == State.closed, col(Payment.kind) == EntryKind.paid,
            col(Payment.purpose) == Purpose.subsidy,
        )
        .order_by(col(Payment.id).desc())
        .limit(2)
    )  # fmt: skip
    found = stage.session.execute(statement).all()
    return [(number, fen // 500 * 100, not at_) for at_, (number, fen) in enumerate(found)]


def _hold_back(stage: Stage) -> None:
    """Finance holds back what waited longest in no order (暂缓发放)."""
    finance = stage.actor("finance")
    for due in due_rows(stage.session, _HELD):
        statement = select(Claim).where(col(Claim.id) == due.claim_id)
        claim = stage.session.execute(statement).scalar_one()
        seen = seen_now(stage.session, finance, claim)
        take_step(
            stage.session, finance, due.number, Action.hold, seen, reasons=("R12",),
            note="演示：开户行退回，收款信息待核实。",
        )  # fmt: skip
