"""Appending to the record (操作记录): every write of every kind, chained by hash, in the same
transaction."""

from __future__ import annotations

from typing import Any

from sqlalchemy import bindparam, insert, select, update
from sqlmodel import Session, col

from models.actions.line_waits import move_waits
from models.actions.rating_counts import move_signals
from models.clock import now_utc
from models.rules.chain import GENESIS, link_hash
from models.rules.roles import Actor
from models.tables.record import Activity, Anchor, ChainHead


def record(
    session: Session,
    actor: Actor,
    verb: str,
    subject: str,
    before: dict[str, Any] | None,
    after: dict[str, Any] | None,
    grant_id: int | None = None,
) -> str:
    """Append one row to the chain; the last write of an action, so that the head is locked for an
    instant only. What was noted of budget lines and ratings is changed behind it.

    Args:
        session: the writing transaction.
        actor: who did it.
        verb: what was done, a name in English (`pass_pre_review`, `add_account`).
        subject: what it was done to (`claim:2026-11-0187`).
        before: the facts that were, integers and strings only; personal values as keyed digests.
        after: the facts that are.
        grant_id: the grant acted under; the actor's first when left out.

    Returns:
        The hash of the new row: the chain's head.
    """
    head = _locked_head(session)
    row: dict[str, Any] = {
        "seq": head.seq + 1,
        "at_utc": now_utc(),
        "account_id": None if actor.is_system else actor.account_id,
        "grant_id": grant_id if grant_id is not None else _first_grant(actor),
        "verb": verb,
        "subject": subject,
        "before": before,
        "after": after,
        "previous_hash": head.hash,
    }
    row["hash"] = link_hash(row)
    connection = session.connection()
    connection.execute(_APPEND, row)
    connection.execute(_MOVE_HEAD, {"to_seq": row["seq"], "to_hash": row["hash"]})
    move_waits(session)
    move_signals(session)
    return str(row["hash"])


def settle_waits(session: Session) -> None:
    """Change what was noted of the budget lines, holding the record's head as every writer does,
    without a row of the record: for a computation that is nobody's act."""
    _locked_head(session)
    move_waits(session)


def hold_head(session: Session) -> None:
    """Hold the record's head from here on: whoever else writes waits until this transaction ends.
    For the rare action that looks at a whole table and then writes it."""
    _locked_head(session)


def anchor(session: Session, occasion: str) -> str:
    """Anchor the chain's head on an occasion (a monthly application, a meeting): a cut tail will
    show.

    Returns:
        The head's hash, to be printed on the document.
    """
    head = _locked_head(session)
    session.add(Anchor(seq=head.seq, hash=head.hash, occasion=occasion, anchored_at_utc=now_utc()))
    session.flush()
    return head.hash


_APPEND = insert(Activity.__table__)  # type: ignore[attr-defined]
_HEAD = select(ChainHead.seq, ChainHead.hash).where(col(ChainHead.id) == 1).with_for_update()
_MOVE_HEAD = update(ChainHead.__table__).values(  # type: ignore[attr-defined]
    seq=bindparam("to_seq"), hash=bindparam("to_hash")
)


def _locked_head(session: Session) -> Any:
    """The chain's last link, held until this transaction ends: whoever else writes waits here."""
    session.flush()
    connection = session.connection()
    head = connection.execute(_HEAD).one_or_none()
    if head is None:
        connection.execute(insert(ChainHead).values(id=1, seq=0, hash=GENESIS))
        return connection.execute(_HEAD).one()
    return head


def _first_grant(actor: Actor) -> int | None:
    return actor.grants[0].id if actor.grants else None
