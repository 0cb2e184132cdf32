"""Locking what an import rests on before it is compared: then what was compared is still so when it
is written, and the import waits for nobody once it holds the record's head.
"""

from __future__ import annotations

from typing import Any

from sqlalchemy import select
from sqlmodel import Session, col

from models.actions.lock_order import lock_figures, lock_parties
from models.exchange.checking import CheckedBook
from models.exchange.references import Mentions
from models.exchange.sheets import SheetKind
from models.queries.imports import in_chunks
from models.tables.agreements import Agreement
from models.tables.organisations import Agency, Enterprise


def lock_what_it_rests_on(session: Session, book: CheckedBook, mentioned: Mentions) -> None:
    """Lock every party a file states, names, or claims under an agreement of, and every figure it
    replaces.

    Args:
        session: the writing transaction, in its turn to file.
        book: the file, checked by itself.
        mentioned: what it refers to.
    """
    stated = {
        key[0] for sheet in (SheetKind.enterprises, SheetKind.agencies) for key in book.keys(sheet)
    }
    behind = _parties_of_agreements(session, mentioned)
    for kind in (Enterprise, Agency):
        lock_parties(session, kind, stated | mentioned.usccs | behind)
    lock_figures(session, mentioned.figures)


def _parties_of_agreements(session: Session, mentioned: Mentions) -> set[str]:
    """The codes of the enterprises and agencies whose agreements are claimed under."""
    codes: tuple[Any, ...] = (
        col(Enterprise.uscc).label("enterprise"),
        col(Agency.uscc).label("agency"),
    )
    statement = (
        select(*codes)
        .select_from(Agreement)
        .join(Enterprise, col(Enterprise.id) == Agreement.enterprise_id)
        .join(Agency, col(Agency.id) == Agreement.agency_id)
    )
    pairs = in_chunks(session, statement, Agreement.number, mentioned.agreements)
    return {code for pair in pairs for code in pair}
