"""What lies around claims: scopes, papers, other claims on the same result or invoice, the people
who acted.

One statement for all of it: a statement costs as much as the rows it brings, and a decision asks
for every one.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from datetime import date
from typing import Any, NamedTuple

from sqlalchemy import Connection, String, bindparam, cast, literal_column, select, union_all
from sqlmodel import col

from models.tables.claims import Claim, ClaimEvent, Evidence
from models.tables.organisations import AgencyScope, EndedSuspension
from models.tables.people import Account
from models.tables.reference import EvidenceKind, RequiredEvidence


class Around(NamedTuple):
    """One thing around a claim; which columns it fills depends on what it is."""

    what: str
    of: int
    key: str
    id: int
    code: str
    name: str
    state: str
    fen: int
    place: int


class Surroundings:
    """The things around some claims, by what the claims look them up with.

    Attributes:
        scopes: agency → services.
        suspensions: agency → first and last day of suspensions that ended before the present one.
        papers_needed: kind of result → code and name of each paper.
        papers: claim → code and SHA-256 of the papers that are there.
        on_result: result → claims on it.
        on_invoice: agency and invoice → claims on it.
        acted: claim → account → name, in the order in which they first acted.
    """

    def __init__(self, connection: Connection, rows: Iterable[Any]) -> None:
        self.scopes: dict[int, list[str]] = defaultdict(list)
        self.suspensions: dict[int, list[tuple[date, date]]] = defaultdict(list)
        self.papers_needed: dict[str, list[tuple[str, str]]] = defaultdict(list)
        self.papers: dict[int, list[tuple[str, str]]] = defaultdict(list)
        self.on_result: dict[int, list[Around]] = defaultdict(list)
        self.on_invoice: dict[tuple[int, str], list[Around]] = defaultdict(list)
        self.acted: dict[int, dict[int, str]] = defaultdict(dict)
        for row in connection.execute(_AROUND, _asked(list(rows))):
            self._sort_in(Around(*row))

    def _sort_in(self, thing: Around) -> None:
        match thing.what:
            case "scope":
                self.scopes[thing.of].append(thing.code)
            case "suspension":
                days = date.fromisoformat(thing.code), date.fromisoformat(thing.name)
                self.suspensions[thing.of].append(days)
            case "needed":
                self.papers_needed[thing.key].append((thing.code, thing.name))
            case "paper":
                self.papers[thing.of].append((thing.code, thing.name))
            case "result":
                self.on_result[thing.of].append(thing)
            case "invoice":
                self.on_invoice[thing.of, thing.key].append(thing)
            case "acted":
                self.acted[thing.of].setdefault(thing.id, thing.name)


def _asked(rows: list[Any]) -> dict[str, list[Any]]:
    return {
        "claims": [row.claim_id for row in rows],
        "agencies": list({row.agency_id for row in rows}),
        "kinds": list({row.kind_code for row in rows}),
        "results": list({row.result_id for row in rows}),
        "invoices": list({row.invoice_number for row in rows if row.invoice_number}),
    }


_NOTHING: dict[str, Any] = {
    name: literal_column(value).label(name)
    for name, value in {
        "of": "0", "key": "''", "id": "0", "code": "''", "name": "''", "state": "''", "fen": "0",
        "place": "0",
    }.items()
}  # fmt: skip


def _thing(what: str, **columns: Any) -> Any:
    """A part of the statement: every part fills the same columns, those it has not with nothing."""
    filled: dict[str, Any] = {name: column.label(name) for name, column in columns.items()}
    return select(literal_column(f"'{what}'").label("what"), *(_NOTHING | filled).values())


def _among(name: str) -> Any:
    return bindparam(name, expanding=True)


def _day(column: Any) -> Any:
    """A date as ISO text, the same on both databases."""
    return cast(col(column), String)


_OTHER = {
    "id": Claim.id, "code": Claim.number, "name": _day(Claim.filed_on), "state": Claim.state,
    "fen": Claim.asked_fen,
}  # fmt: skip
_PARTS = (
    _thing("scope", of=AgencyScope.agency_id, code=AgencyScope.service_code).where(
        col(AgencyScope.agency_id).in_(_among("agencies"))
    ),
    _thing("suspension", of=EndedSuspension.agency_id, code=_day(EndedSuspension.from_on),
           name=_day(EndedSuspension.to_on))
    .where(col(EndedSuspension.agency_id).in_(_among("agencies"))),
    _thing("needed", key=RequiredEvidence.result_kind_code, code=EvidenceKind.code,
           name=EvidenceKind.name_zh)
    .join(EvidenceKind, col(EvidenceKind.code) == RequiredEvidence.evidence_kind_code)
    .where(col(RequiredEvidence.result_kind_code).in_(_among("kinds"))),
    _thing(
        "paper", of=Evidence.claim_id, code=Evidence.kind_code, name=Evidence.sha256
    ).where(
        col(Evidence.claim_id).in_(_among("claims")), col(Evidence.replaced_at_utc).is_(None)
    ),
    _thing("result", of=Claim.result_id, **_OTHER).where(
        col(Claim.result_id).in_(_among("results"))
    ),
    _thing("invoice", of=Claim.agency_id, key=Claim.invoice_number, **_OTHER).where(
        col(Claim.invoice_number).in_(_among("invoices")), Claim.invoice_number != ""
    ),
    _thing("acted", of=ClaimEvent.claim_id, id=Account.id, name=Account.display_name,
           place=ClaimEvent.position)
    .join(Account, col(Account.id) == ClaimEvent.account_id)
    .where(col(ClaimEvent.claim_id).in_(_among("claims"))),
)  # fmt: skip
_AROUND = union_all(*_PARTS).order_by("what", "place", "code")
