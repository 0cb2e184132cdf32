"""Reasons: required in words, or by the codes of the table."""

from __future__ import annotations

from collections.abc import Iterable

from sqlalchemy import func, select
from sqlmodel import Session, col

from models.rules.errors import ReasonMissing
from models.rules.free_text import kept_text
from models.rules.wording import Wording, say
from models.tables.reference import ReasonCode

NOT_GIVEN = say("请写明理由，将记入操作记录")


def required_text(written: str, longest: int, missing: Wording = NOT_GIVEN) -> str:
    """What has to be said in words, as the record keeps it.

    Args:
        written: as typed.
        longest: how many characters are kept.
        missing: what is said where nothing is.

    Raises:
        ReasonMissing, TextRefused: none, or one too long.
    """
    said = kept_text(written, longest)
    if not said:
        raise ReasonMissing(missing)
    return said


def known_codes(session: Session, given: Iterable[str], missing: Wording | None) -> tuple[str, ...]:
    """Coded reasons, each once.

    Args:
        session: any transaction.
        given: codes of the table of reasons.
        missing: what is said where there is none; `None` where none is needed.

    Raises:
        ReasonMissing: none where one is needed, or a code that is not in the table.
    """
    reasons = tuple(dict.fromkeys(given))
    if not reasons:
        if missing is not None:
            raise ReasonMissing(missing)
        return ()
    storable = [code for code in reasons if code.isalnum()]
    known = select(func.count()).where(col(ReasonCode.code).in_(storable))
    if session.execute(known).scalar_one() != len(reasons):
        raise ReasonMissing(say("理由代码不在理由表中，请重新选择"))
    return reasons
