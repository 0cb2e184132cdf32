"""The money around claims: what their budget lines and yearly caps hold, and what waits ahead of
each.

A claim waits from its submission to its approval. Ahead of it are the claims that have waited
longer; one that is not submitted yet stands behind all. Approval draws on the line of the year it
falls in, so a code counts whatever year its claims were filed in.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime
from typing import Any

from sqlalchemy import (
    ColumnElement,
    Connection,
    Date,
    and_,
    bindparam,
    func,
    literal,
    or_,
    select,
    tuple_,
)
from sqlalchemy.orm import aliased
from sqlmodel import UTCDateTime, col

from models.queries.policy import PolicyVersion
from models.rules.claim_facts import BudgetFacts, CapFacts
from models.rules.claim_workflow import BEFORE_APPROVAL
from models.rules.entitlement import Payee, Purpose
from models.tables.claims import Claim, ClaimMoney
from models.tables.money import BudgetLine, CapCounter, CapParty, LineWait, PolicyRule

Matched = Mapping[Purpose, PolicyVersion | None]


@dataclass(frozen=True, slots=True)
class Capped:
    """One party of a claim that its standard holds to a yearly cap (年度上限)."""

    claim_id: int
    rule_key: str
    party: CapParty
    party_id: int
    name: str
    ceiling_fen: int


def capped_parties(row: Any, version: PolicyVersion | None) -> tuple[Capped, ...]:
    """The parties of a claim that the standard caps, the agency first.

    Args:
        row: with `claim_id`, and id and name of `agency` and `enterprise`.
        version: the standard; `None` caps nobody.
    """
    if version is None:
        return ()
    parties = (
        (CapParty.agency, row.agency_id, row.agency, version.agency_year_cap_fen),
        (CapParty.enterprise, row.enterprise_id, row.enterprise, version.enterprise_year_cap_fen),
    )
    return tuple(
        Capped(row.claim_id, version.facts.key, party, party_id, name, ceiling)
        for party, party_id, name, ceiling in parties
        if ceiling is not None
    )


class ClaimRoom:
    """Lines and caps for some claims; a fixed number of statements, however many claims."""

    def __init__(
        self,
        connection: Connection,
        rows: Iterable[Any],
        matched: Mapping[int, Matched],
        today: date,
    ) -> None:
        self._connection, self._today, self._matched = connection, today, matched
        self._rows = {row.claim_id: row for row in rows}
        self._capped = [
            capped
            for row in self._rows.values()
            for capped in capped_parties(row, matched[row.claim_id][Purpose.subsidy])
        ]
        self._lines, self._ahead = self._read_lines(), self._read_ahead()
        self._counted, self._granted = self._read_counters(), self._read_granted()
        self._ahead_of_cap = {
            party: self._read_ahead_of_cap(party)
            for party in CapParty
            if any(capped.party is party for capped in self._capped)
        }

    def line_id(self, claim_id: int, purpose: Purpose) -> int | None:
        """The confirmed line of this year that a purpose of the claim draws on; `None` if there is
        none."""
        line = self._line(claim_id, purpose)
        return line.id if line else None

    def budget(self, claim_id: int, purpose: Purpose) -> BudgetFacts | None:
        """What that line holds, and what waits ahead of the claim on it."""
        line, row = self._line(claim_id, purpose), self._rows[claim_id]
        if line is None:
            return None
        is_subsidy = purpose is Purpose.subsidy
        reserved_fen = row.subsidy_reserved_fen if is_subsidy else row.reward_reserved_fen
        return BudgetFacts(
            line.code, line.year, line.ceiling_fen, line.committed_fen, line.paid_fen,
            self._ahead.get((claim_id, line.code), 0), reserved_fen or 0,
        )  # fmt: skip

    def caps(self, claim_id: int) -> tuple[CapFacts, ...]:
        """The yearly caps of the claim's parties."""
        return tuple(
            CapFacts(
                capped.name,
                capped.ceiling_fen,
                self._counted.get((capped.rule_key, capped.party, capped.party_id), 0),
                self._ahead_of_cap[capped.party].get((claim_id, capped.rule_key), 0),
            )
            for capped in self._capped
            if capped.claim_id == claim_id
        )

    def granted_this_year_fen(self, claim_id: int, purpose: Purpose) -> int:
        """What the payee was granted this year under a standard with a yearly cap, this claim
        apart."""
        return self._granted.get((claim_id, purpose), 0)

    def _line(self, claim_id: int, purpose: Purpose) -> Any:
        version = self._matched[claim_id][purpose]
        return self._lines.get(version.facts.budget_code) if version else None

    def _read_lines(self) -> dict[str | None, Any]:
        found = self._connection.execute(_LINES, {"year": self._today.year})
        return {line.code: line for line in found}

    def _read_ahead(self) -> dict[tuple[int, str], int]:
        """What waits ahead of each claim, by the code of the line."""
        codes = {
            version.facts.budget_code
            for matched in self._matched.values()
            for version in matched.values()
            if version and version.facts.budget_code
        }
        if not codes:
            return {}
        asked = {"ids": list(self._rows), "codes": list(codes)}
        found = self._connection.execute(_AHEAD_ON_LINE, asked)
        return {(row.id, row.code): int(row.ahead_fen or 0) for row in found}

    def _read_counters(self) -> dict[tuple[str, CapParty, int], int]:
        if not self._capped:
            return {}
        asked = {
            "year": self._today.year,
            "keys": list({capped.rule_key for capped in self._capped}),
            "parties": list({capped.party_id for capped in self._capped}),
        }
        found = self._connection.execute(_COUNTERS, asked)
        return {(row.rule_key, row.party, row.party_id): row.committed_fen for row in found}

    def _read_ahead_of_cap(self, party: CapParty) -> dict[tuple[int, str], int]:
        """What waits ahead of each claim under the key of its rule, of one kind of party."""
        capped = [one for one in self._capped if one.party is party]
        asked = {
            "ids": list({one.claim_id for one in capped}),
            "keys": list({one.rule_key for one in capped}),
        }
        found = self._connection.execute(_AHEAD_OF_CAP[party], asked)
        return {(row.id, row.key): int(row.ahead_fen or 0) for row in found}

    def _read_granted(self) -> dict[tuple[int, Purpose], int]:
        """For standards with a yearly cap on one payee: what others' claims of that payee were
        granted."""
        wanted = {
            (claim_id, purpose): version.facts
            for claim_id, matched in self._matched.items()
            for purpose, version in matched.items()
            if version and version.facts.standard.annual_cap_fen is not None
        }
        if not wanted:
            return {}
        asked = {
            "year": self._today.year,
            "keys": list({standard.key for standard in wanted.values()}),
            "agencies": list({row.agency_id for row in self._rows.values()}),
            "enterprises": list({row.enterprise_id for row in self._rows.values()}),
        }
        grants = self._connection.execute(_GRANTS, asked).all()
        return {
            (claim_id, purpose): sum(
                grant.fen
                for grant in grants
                if grant.key == standard.key
                and grant.claim_id != claim_id
                and _payee_id(standard.payee, grant)
                == _payee_id(standard.payee, self._rows[claim_id])
            )
            for (claim_id, purpose), standard in wanted.items()
        }


def _payee_id(payee: Payee, row: Any) -> int | None:
    """Which of the payees it is; there is one alliance."""
    match payee:
        case Payee.agency:
            return int(row.agency_id)
        case Payee.enterprise:
            return int(row.enterprise_id)
        case Payee.alliance:
            return None


def _is_subsidy_of(money: Any, claim_id: Any) -> ColumnElement[bool]:
    return and_(col(money.claim_id) == claim_id, col(money.purpose) == Purpose.subsidy)


def _is_before(since: Any, other: Any, mine: Any) -> ColumnElement[bool]:
    """Whether the other waits, and has waited longer than mine; mine that does not wait stands
    last."""
    longest = tuple_(func.coalesce(mine.pending_since_utc, _LAST), col(Claim.id))
    return and_(col(other.claim_id) != Claim.id, tuple_(since, other.claim_id) < longest)


_LAST, _NEVER = (literal(datetime(9999, 12, day, tzinfo=UTC), UTCDateTime()) for day in (30, 31))


def _among(name: str) -> Any:
    return bindparam(name, expanding=True)


_MINE, _OTHER, _THEIRS = aliased(ClaimMoney), aliased(ClaimMoney), aliased(Claim)

_LINES = select(
    BudgetLine.id, BudgetLine.code, BudgetLine.year, BudgetLine.ceiling_fen,
    BudgetLine.committed_fen, BudgetLine.paid_fen,
).where(
    col(BudgetLine.year) == bindparam("year"), col(BudgetLine.confirmed_at_utc).is_not(None)
)  # fmt: skip

_SINCE_ON = func.coalesce(col(_MINE.pending_on), literal(date(9999, 12, 30), Date()))
_ON_EARLIER_DAYS = (
    select(func.coalesce(func.sum(LineWait.waiting_fen), 0))
    .where(col(LineWait.budget_line_id) == BudgetLine.id, col(LineWait.pending_on) < _SINCE_ON)
    .correlate(BudgetLine, _MINE)
    .scalar_subquery()
)
_ON_THE_SAME_DAY = (
    select(func.coalesce(func.sum(_OTHER.entitled_fen), 0))
    .where(
        col(_OTHER.budget_line_id) == BudgetLine.id,
        col(_OTHER.pending_on) == _SINCE_ON,
        _is_before(_OTHER.pending_since_utc, _OTHER, _MINE),
    )
    .correlate(BudgetLine, Claim, _MINE)
    .scalar_subquery()
)
_AHEAD_ON_LINE = (
    select(
        Claim.id, BudgetLine.code, func.sum(_ON_EARLIER_DAYS + _ON_THE_SAME_DAY).label("ahead_fen")
    )
    .select_from(Claim)
    .join(BudgetLine, col(BudgetLine.code).in_(_among("codes")))
    .outerjoin(_MINE, _is_subsidy_of(_MINE, col(Claim.id)))
    .where(col(Claim.id).in_(_among("ids")))
    .group_by(Claim.id, BudgetLine.code)
)  # fmt: skip
"""What waits since earlier days is kept; what waits since the same day is summed."""

_COUNTERS = select(
    CapCounter.rule_key, CapCounter.party, CapCounter.party_id, CapCounter.committed_fen
).where(
    col(CapCounter.year) == bindparam("year"),
    col(CapCounter.rule_key).in_(_among("keys")),
    col(CapCounter.party_id).in_(_among("parties")),
)


def _ahead_of_cap(column: str) -> Any:
    """Found from the party's open claims: the index of what waits on a line would bring
    everybody's."""
    since = func.coalesce(_OTHER.pending_since_utc, _NEVER)
    return (
        select(Claim.id, PolicyRule.key, func.sum(_OTHER.entitled_fen).label("ahead_fen"))
        .select_from(Claim)
        .outerjoin(_MINE, _is_subsidy_of(_MINE, col(Claim.id)))
        .join(_THEIRS, getattr(_THEIRS, column) == getattr(Claim, column))
        .join(_OTHER, and_(
            _is_subsidy_of(_OTHER, col(_THEIRS.id)), _is_before(since, _OTHER, _MINE),
        ))
        .join(PolicyRule, col(PolicyRule.id) == _OTHER.policy_rule_id)
        .where(
            col(Claim.id).in_(_among("ids")),
            col(PolicyRule.key).in_(_among("keys")),
            col(_THEIRS.state).in_(sorted(BEFORE_APPROVAL)),
        )
        .group_by(Claim.id, PolicyRule.key)
    )  # fmt: skip


_AHEAD_OF_CAP = {
    CapParty.agency: _ahead_of_cap("agency_id"),
    CapParty.enterprise: _ahead_of_cap("enterprise_id"),
}

_GRANTED = col(ClaimMoney.committed_fen) + col(ClaimMoney.paid_fen)
_GRANTS = (
    select(
        PolicyRule.key, ClaimMoney.claim_id, Claim.agency_id, Claim.enterprise_id,
        _GRANTED.label("fen"),
    )
    .join(PolicyRule, col(PolicyRule.id) == ClaimMoney.policy_rule_id)
    .join(BudgetLine, col(BudgetLine.id) == ClaimMoney.budget_line_id)
    .join(Claim, col(Claim.id) == ClaimMoney.claim_id)
    .where(
        col(PolicyRule.key).in_(_among("keys")),
        col(BudgetLine.year) == bindparam("year"),
        _GRANTED > 0,
        or_(
            col(PolicyRule.payee) == Payee.alliance,
            col(Claim.agency_id).in_(_among("agencies")),
            col(Claim.enterprise_id).in_(_among("enterprises")),
        ),
    )
)  # fmt: skip
