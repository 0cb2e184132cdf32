"""Running numbers (编号序列): one series a year, without gaps, in the transaction that uses the
number."""

from __future__ import annotations

from sqlalchemy import update
from sqlmodel import Session, col

from models.actions.inserts import insert_unless_there
from models.tables.agreement_life import Numbering

_DIGITS = 5


def next_number(session: Session, series: str, year: int) -> str:
    """The next number of a year's series: `BA-2026-00001`.

    Whoever asks holds the series until the transaction ends, so that two never get one number, and
    one that is refused leaves no gap.

    Args:
        session: the writing transaction.
        series: `XY` for agreements, `BA` for filings.
        year: whose.
    """
    name = f"{series}-{year}"
    session.execute(insert_unless_there(session, Numbering).values(series=name, last=0))
    taken = session.execute(
        update(Numbering)
        .where(col(Numbering.series) == name)
        .values(last=col(Numbering.last) + 1)
        .returning(col(Numbering.last))
        .execution_options(synchronize_session=False)
    ).scalar_one()
    return f"{name}-{taken:0{_DIGITS}d}"
