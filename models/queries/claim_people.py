"""Who acted on claims, in their order, and which of them is tied to a party (回避关系)."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from typing import Any

from sqlalchemy import Connection, Row, bindparam, or_, select
from sqlmodel import col

from models.rules.claim_facts import ChainTie
from models.tables.people import Tie


class ClaimPeople:
    """The people of some claims and their ties today; one statement, however many claims.

    Args:
        connection: where to read.
        acted: claim → account → name, in the order in which they first acted.
        today: the office's day.
    """

    def __init__(
        self, connection: Connection, acted: Mapping[int, Mapping[int, str]], today: date
    ) -> None:
        self._acted = acted
        accounts = {account_id for chain in acted.values() for account_id in chain}
        self._ties: dict[int, list[Any]] = defaultdict(list)
        for tie in ties_in_force(connection, accounts, today):
            self._ties[tie.account_id].append(tie)

    def names(self, claim_id: int) -> tuple[str, ...]:
        """The names of those who acted on a claim, in the order in which they first did."""
        return tuple(self._acted.get(claim_id, {}).values())

    def ties(self, row: Row[Any]) -> tuple[ChainTie, ...]:
        """Their ties to the parties of a claim.

        Args:
            row: with `claim_id`, and id and name of `agency` and `enterprise`.
        """
        return tuple(
            ChainTie(name, row.agency if tie.agency_id else row.enterprise, tie.kind)
            for account_id, name in self._acted.get(row.claim_id, {}).items()
            for tie in self._ties[account_id]
            if tie.agency_id == row.agency_id or tie.enterprise_id == row.enterprise_id
        )


def ties_in_force(connection: Connection, accounts: Iterable[int], today: date) -> Sequence[Any]:
    """The ties of accounts that are in force on a day: account, organisation, kind."""
    asked = list(set(accounts))
    return connection.execute(_TIES, {"accounts": asked, "day": today}).all() if asked else ()


_TIES = select(Tie.account_id, Tie.agency_id, Tie.enterprise_id, Tie.kind).where(
    col(Tie.account_id).in_(bindparam("accounts", expanding=True)),
    col(Tie.from_on) <= bindparam("day"),
    or_(col(Tie.to_on).is_(None), col(Tie.to_on) >= bindparam("day")),
)
