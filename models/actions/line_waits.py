"""What waits on each budget line (在先金额), kept by day, so that nobody ever sums ten thousand
claims.

A change is noted where a claim's money changes, and made once the record's head is held (as the
tally's rows: `lock_order`, 7).
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from datetime import date
from typing import TypeAlias

from sqlalchemy import bindparam, update
from sqlmodel import Session, col

from models.actions.inserts import insert_unless_there
from models.tables.claims import ClaimMoney
from models.tables.money import LineWait

Waits: TypeAlias = Counter[tuple[int, date]]
"""Line and day since which it waits → fen."""

_NOTED = "changes of what waits, noted in this transaction"


def waits_of(monies: Iterable[ClaimMoney]) -> Waits:
    """What a claim's money adds to the lines it waits on."""
    waits: Waits = Counter()
    for money in monies:
        if money.budget_line_id is not None and money.pending_on is not None:
            waits[money.budget_line_id, money.pending_on] += money.entitled_fen or 0
    return waits


def note_waits(session: Session, before: Waits, after: Waits) -> None:
    """Note that a claim's money waits otherwise than before."""
    changed = Counter(after)
    changed.subtract(before)
    noted: Waits = session.info.setdefault(_NOTED, Counter())
    noted.update(changed)


def move_waits(session: Session) -> None:
    """Make the changes noted in this transaction; only the holder of the record's head may."""
    noted: Waits = session.info.pop(_NOTED, Counter())
    for (line_id, on), fen in sorted(noted.items()):
        if fen:
            _add(session, {"of_line": line_id, "since": on, "fen": fen})


_ADD = (
    update(LineWait.__table__)  # type: ignore[attr-defined]
    .where(
        col(LineWait.budget_line_id) == bindparam("of_line"),
        col(LineWait.pending_on) == bindparam("since"),
    )
    .values(waiting_fen=col(LineWait.waiting_fen) + bindparam("fen"))
)


def _add(session: Session, change: dict[str, int | date]) -> None:
    connection = session.connection()
    if not connection.execute(_ADD, change).rowcount:
        first = {"budget_line_id": change["of_line"], "pending_on": change["since"]}
        statement = insert_unless_there(session, LineWait)
        connection.execute(statement, first | {"waiting_fen": change["fen"]})
