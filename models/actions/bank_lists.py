"""Importing the bank's list (银行清单) and reconciling it with the ledger (对账); paying by the list what
waits in orders."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from sqlalchemy import Select, insert, select, update
from sqlmodel import Session, col

from models.actions.imports import Upload
from models.actions.inserts import insert_unless_there
from models.actions.lock_order import lock_lines, turn_to_pay
from models.actions.payment_orders import MoneyResult, fail_ordered, pay_waiting
from models.actions.record import record
from models.actions.steps import lock_claims, locked_claim, seen_now, take_step
from models.clock import now_utc, today
from models.exchange.bank_list import ReadList, read_bank_list
from models.exchange.problems import Problem
from models.queries.bank_lists import booked_entries, line_of, rows_digest
from models.queries.payment_orders import WaitingRow
from models.queries.visibility import refuse_without
from models.rules.errors import AlreadyDone, FileRefused, NotAvailable, Refusal
from models.rules.payments import BANK_RETURNED, FAILURE_OF, EntryKind, Voucher
from models.rules.reconciling import BankLine, Match, Verdict, matches
from models.rules.roles import Actor, Permission
from models.rules.wording import say
from models.tables.claims import Claim, ClaimMoney
from models.tables.payments import BankList, BankRow, Payment

IMPORTED, RECONCILED = "import_bank_list", "reconcile"


@dataclass(frozen=True, slots=True)
class ListPlan:
    """What importing a bank's list would come to: its lines, each with its match; its problems."""

    read: ReadList
    found: tuple[Match, ...]

    def count(self, verdict: Verdict) -> int:
        """How many lines have a verdict."""
        return sum(match.verdict is verdict for match in self.found)


def plan_bank_list(session: Session, actor: Actor, upload: Upload) -> ListPlan:
    """The dry run (试运行): read, check, match; nothing is written.

    Args:
        session: any transaction.
        actor: finance.
        upload: the file; one that cannot be opened is a problem of the whole file.

    Raises:
        NotAllowed: not finance.
    """
    refuse_without(actor, Permission.pay)
    try:
        read = read_bank_list(upload.name, upload.content, today())
    except FileRefused as refusal:
        fix = say("请核对文件后重新上传")
        read = ReadList((), (Problem("", 0, "", "", "", True, refusal.wording, fix),))
    return ListPlan(read, matches(read.lines, booked_entries(session)))


def import_bank_list(session: Session, actor: Actor, upload: Upload) -> ListPlan:
    """Import a bank's list whole, or not at all; what is found in the ledger is reconciled.

    Args:
        session: the writing transaction.
        actor: finance.
        upload: the file.

    Returns:
        What it came to.

    Raises:
        NotAllowed: not finance.
        FileRefused: a file with errors, or without lines.
        AlreadyDone: this very file was imported before.
    """
    refuse_without(actor, Permission.pay)
    turn_to_pay(session)
    plan = plan_bank_list(session, actor, upload)
    if plan.read.errors or not plan.read.lines:
        raise FileRefused(
            say("文件有 {count} 处错误，没有导入；改正后重新上传", count=plan.read.errors)
            if plan.read.errors else say("文件里没有数据行")
        )  # fmt: skip
    list_id = _new_list(session, actor, upload, plan.read.lines)
    _write_rows(session, list_id, plan)
    after = {
        "file": upload.name[:200], "sha256": upload.sha256, "rows": len(plan.read.lines),
        "total_fen": sum(line.amount_fen for line in plan.read.lines),
        "matched": plan.count(Verdict.matched), "rows_digest": rows_digest(plan.read.lines),
    }  # fmt: skip
    _record(session, actor, IMPORTED, list_id, after)
    return plan


def reconcile_again(session: Session, actor: Actor) -> int:
    """Match the lines that were not found with the ledger as it is now (再次对账).

    Returns:
        How many more lines were found.

    Raises:
        NotAllowed: not finance.
        NotAvailable: nothing new is found.
    """
    refuse_without(actor, Permission.pay)
    turn_to_pay(session)
    moved = _match_open_lines(session)
    if not moved:
        raise NotAvailable(say("没有新对上的行；请先登记支付或核对差异"))
    _record(session, actor, RECONCILED, "*", {"matched": moved})
    return moved


def pay_by_list(session: Session, actor: Actor) -> tuple[MoneyResult, ...]:
    """Enter as paid what the bank's lists show and the system does not (按银行清单登记支付): each row of
    an order through the guarded step, with the bank's voucher and day, and its own result.

    Returns:
        A result per line.

    Raises:
        NotAllowed: not finance.
        NotAvailable: no line waits for that.
    """
    refuse_without(actor, Permission.pay)
    waiting = _shown_by_the_bank(session)
    if not waiting:
        raise NotAvailable(say("银行清单中没有待登记支付的行"))
    lock_claims(session, [row.claim_id for row, _ in waiting])
    turn_to_pay(session)
    lock_lines(session, [row.budget_line_id for row, _ in waiting if row.budget_line_id])
    results = tuple(pay_waiting(session, actor, row, voucher) for row, voucher in waiting)
    if any(result.is_done for result in results):
        _record(session, actor, RECONCILED, "*", {"matched": _match_open_lines(session)})
    return results


def fail_by_list(session: Session, actor: Actor) -> tuple[MoneyResult, ...]:
    """Record as failed what the bank's lists show as come back (按银行清单登记支付失败): each through the
    guarded step, or out of its order, and its own result.

    Returns:
        A result per line.

    Raises:
        NotAllowed: not finance.
        NotAvailable: no line waits for that.
    """
    refuse_without(actor, Permission.pay)
    back = _came_back(session)
    if not back:
        raise NotAvailable(say("银行清单中没有能认定是哪一笔的退汇或失败"))
    lock_claims(session, [row.claim_id for row in back])
    turn_to_pay(session)
    lock_lines(session, [row.budget_line_id for row in back if row.budget_line_id])
    results = tuple(_fail_row(session, actor, row) for row in back)
    if any(result.is_done for result in results):
        _record(session, actor, RECONCILED, "*", {"matched": _match_open_lines(session)})
    return results


# ---------------------------------------------------------------- writing


def _new_list(session: Session, actor: Actor, upload: Upload, lines: tuple[BankLine, ...]) -> int:
    values = {
        "file_name": upload.name[:200], "sha256": upload.sha256, "rows": len(lines),
        "total_fen": sum(line.amount_fen for line in lines), "rows_digest": rows_digest(lines),
        "imported_by_id": actor.account_id, "imported_at_utc": now_utc(),
    }  # fmt: skip
    statement = insert_unless_there(session, BankList).values(**values).returning(BankList.id)
    list_id: int | None = session.execute(statement).scalar_one_or_none()
    if list_id is None:
        raise AlreadyDone(say("这份银行清单已经导入过了"))
    return list_id


def _write_rows(session: Session, list_id: int, plan: ListPlan) -> None:
    session.execute(
        insert(BankRow),
        [
            {
                "list_id": list_id, "line": line.line, "paid_on": line.paid_on,
                "payee_name": line.payee_name, "payee_account": line.payee_account,
                "amount_fen": line.amount_fen, "voucher": line.voucher,
                "summary": line.summary, "verdict": match.verdict,
                "payment_id": match.booked_id,
            }
            for line, match in zip(plan.read.lines, plan.found, strict=True)
        ],
    )  # fmt: skip


def _match_open_lines(session: Session) -> int:
    """Match every line that was not found; how many were found now."""
    statement = (
        select(BankRow)
        .where(col(BankRow.verdict) != Verdict.matched)
        .order_by(col(BankRow.list_id), col(BankRow.line))
    )
    rows = list(session.execute(statement, execution_options=_AS_IT_IS).scalars())
    lines = [line_of(row) for row in rows]
    moved = 0
    for row, match in zip(rows, matches(lines, booked_entries(session)), strict=True):
        if (row.verdict, row.payment_id) == (match.verdict, match.booked_id):
            continue
        moved += match.verdict is Verdict.matched
        session.execute(
            update(BankRow)
            .where(col(BankRow.list_id) == row.list_id, col(BankRow.line) == row.line)
            .values(verdict=match.verdict, payment_id=match.booked_id),
            execution_options={"synchronize_session": False},
        )
    return moved


def _record(
    session: Session, actor: Actor, verb: str, list_id: int | str, after: dict[str, Any]
) -> None:
    grant_id = actor.grant_id(Permission.pay)
    record(session, actor, verb, f"bank_list:{list_id}", None, after, grant_id)


def _shown_by_the_bank(session: Session) -> list[tuple[WaitingRow, Voucher]]:
    """Rows of orders that a line of the bank's shows as paid, with its voucher and day."""
    statement = _booked_lines(Verdict.not_entered).where(col(Payment.kind) == EntryKind.ordered)
    return [
        (
            WaitingRow(
                row.line, row.claim_id, row.number, row.purpose, row.amount_fen,
                row.budget_line_id,
            ),
            Voucher(row.voucher, row.paid_on),
        )
        for row in session.execute(statement)
    ]  # fmt: skip


def _came_back(session: Session) -> list[Any]:
    """Payments, and rows of orders, that a line of the bank's shows as failed or come back."""
    return list(session.execute(_booked_lines(Verdict.came_back)))


def _booked_lines(verdict: Verdict) -> Select[Any]:
    """Lines of the bank's with a verdict, each with the entry of the ledger it is about."""
    statement: Select[Any] = (
        select(
            Payment.claim_id, Claim.number, Payment.purpose, Payment.amount_fen, Payment.kind,
            ClaimMoney.budget_line_id, BankRow.line, BankRow.voucher, BankRow.paid_on,
            BankRow.summary,
        )
        .join(Payment, col(Payment.id) == BankRow.payment_id)
        .join(Claim, col(Claim.id) == Payment.claim_id)
        .join(
            ClaimMoney,
            (col(ClaimMoney.claim_id) == Payment.claim_id)
            & (col(ClaimMoney.purpose) == Payment.purpose),
        )
        .where(col(BankRow.verdict) == verdict)
        .order_by(col(BankRow.list_id), col(BankRow.line))
    )  # fmt: skip
    return statement


def _fail_row(session: Session, actor: Actor, row: Any) -> MoneyResult:
    """One of them; a refusal leaves no trace of it."""
    with session.begin_nested() as attempt:
        try:
            if row.kind is EntryKind.ordered:
                fail_ordered(session, actor, row.number, row.purpose, row.summary, row.voucher)
            else:
                seen = seen_now(session, actor, locked_claim(session, row.number))
                take_step(
                    session, actor, row.number, FAILURE_OF[row.purpose], seen,
                    reasons=(BANK_RETURNED,), note=row.summary,
                )  # fmt: skip
        except Refusal as refusal:
            attempt.rollback()
            return MoneyResult(row.number, row.purpose, row.amount_fen, refusal.wording)
    return MoneyResult(row.number, row.purpose, row.amount_fen)


_AS_IT_IS = {"populate_existing": True}
