"""The order in which rows are locked, one for everybody, so that nobody waits for each other in a
ring.

    1  the turn to file        who files claims, enters figures, imports a workbook; on PostgreSQL
    2  accounts, sessions
    3  parties                 enterprises by code, then agencies by code; then a need, an agreement
    4  claims                  by id; then the turn to pay, on PostgreSQL
    5  figures by id, drafts, budget lines, cap counters, work items
    6  the record's head       `record`: from here to the commit
    7  the kept counts         `tally`, `rating_counts`

An action of several records holds the head after its first one: it locks all that it needs of 1 to
5 before that. SQLite has one writer at a time, and nobody waits for a row.
"""

from __future__ import annotations

from collections.abc import Iterable

from sqlalchemy import func, select
from sqlmodel import Session, col

from models.queries.imports import in_chunks
from models.tables.money import BudgetLine
from models.tables.organisations import Agency, Enterprise
from models.tables.targets import Actual

_FILING = 20_260_401
"""A number of PostgreSQL's advisory locks; any, as long as nothing else here uses it."""
_PAYING = 20_260_402


def turn_to_file(session: Session) -> None:
    """Wait until nobody else imports a workbook, files a claim or enters a figure, and hold that
    turn until the end.

    What an import compared with the file is then still so when it writes, and no result, claim
    number or figure comes in between.
    """
    if session.get_bind().dialect.name == "postgresql":
        session.execute(select(func.pg_advisory_xact_lock(_FILING)))


def turn_to_pay(session: Session) -> None:
    """Wait until nobody else writes payments, and hold that turn until the end.

    Whoever asks whether a voucher was used, or which orders there are, is then answered for good.
    """
    if session.get_bind().dialect.name == "postgresql":
        session.execute(select(func.pg_advisory_xact_lock(_PAYING)))


def lock_lines(session: Session, ids: Iterable[int]) -> None:
    """Lock budget lines in the order of their numbers, before the first of several steps.

    Args:
        session: the writing transaction.
        ids: their numbers.
    """
    statement = select(BudgetLine.id).where(col(BudgetLine.id).in_(sorted(set(ids))))
    session.execute(statement.order_by(col(BudgetLine.id)).with_for_update()).all()


def lock_parties(
    session: Session, kind: type[Enterprise] | type[Agency], usccs: Iterable[str]
) -> None:
    """Lock the enterprises or agencies of some codes, in the order of the codes.

    Others may go on referring to them, nobody changes them.

    Args:
        session: the writing transaction.
        kind: which register.
        usccs: the codes; those the register does not have are left out.
    """
    code = col(kind.uscc)
    statement = select(kind.id).order_by(code).with_for_update(key_share=True)
    in_chunks(session, statement, kind.uscc, usccs)


def lock_figures(session: Session, ids: Iterable[str]) -> None:
    """Lock some figures (实绩) in the order of their numbers: nobody else confirms, turns down or
    replaces one of them before this transaction ends.

    Args:
        session: the writing transaction.
        ids: their numbers; those that are not there are left out.
    """
    statement = select(Actual.id).order_by(col(Actual.id)).with_for_update()
    in_chunks(session, statement, Actual.id, ids)
