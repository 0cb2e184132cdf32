"""What an import asks of the database: the options in force, and whether what rows refer to is
there.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import Select, select
from sqlmodel import Session, col

from models.rules.claim_workflow import State
from models.rules.errors import NotAllowed
from models.rules.identifiers import IdentifierKind
from models.rules.roles import Actor, Permission
from models.rules.targets.entries import Counted
from models.rules.wording import say
from models.tables.agreements import Agreement, Result
from models.tables.claims import Claim, Evidence
from models.tables.money import BudgetLine
from models.tables.organisations import Agency, Enterprise
from models.tables.people import Account
from models.tables.record import Activity
from models.tables.reference import ResultKind, ServiceType
from models.tables.targets import Actual, Indicator, Place, Theme

KEYS_A_STATEMENT = 1_000
TAKING_PAPERS = frozenset({State.draft, State.submitted, State.returned})


@dataclass(frozen=True, slots=True)
class NamedCode:
    """A code with its names."""

    code: str
    name_zh: str
    name_en: str


@dataclass(frozen=True, slots=True)
class KindOfResult:
    """A kind of result: its names, its service, and the number it bears."""

    code: str
    name_zh: str
    name_en: str
    service_code: str
    identifier: IdentifierKind


@dataclass(frozen=True, slots=True)
class PastImport:
    """One import as the record keeps it."""

    seq: int
    at_utc: datetime
    account: str
    file_name: str
    counts: dict[str, dict[str, int]]


def require_exchange(actor: Actor) -> None:
    """Refuse whoever may not exchange workbooks.

    Raises:
        NotAllowed.
    """
    if not (actor.is_system or actor.may(Permission.exchange)):
        raise NotAllowed(say("导入导出由联盟初审员或联盟负责人办理"))


def require_sight_of_exchange(actor: Actor) -> None:
    """Refuse whoever may not even read what was exchanged.

    Raises:
        NotAllowed.
    """
    if not (actor.is_system or actor.may(Permission.see_exchange)):
        raise NotAllowed(say("导入记录由联盟、审计和系统管理员查看"))


def services_in_force(session: Session, on: date) -> tuple[NamedCode, ...]:
    """The services in force on a day, in the order of clause 四."""
    statement = (
        select(ServiceType.code, ServiceType.name_zh, ServiceType.name_en)
        .where(
            col(ServiceType.valid_from) <= on,
            col(ServiceType.valid_to).is_(None) | (col(ServiceType.valid_to) >= on),
        )
        .order_by(col(ServiceType.clause_item), col(ServiceType.code))
    )
    return tuple(NamedCode(*row) for row in session.execute(statement))


def result_kinds_listed(session: Session) -> tuple[KindOfResult, ...]:
    """Every kind of result, by service."""
    columns: tuple[Any, ...] = (
        ResultKind.code, ResultKind.name_zh, ResultKind.name_en, ResultKind.service_code,
        ResultKind.identifier,
    )  # fmt: skip
    statement = select(*columns).order_by(col(ResultKind.service_code), col(ResultKind.code))
    return tuple(
        KindOfResult(row.code, row.name_zh, row.name_en, row.service_code, row.identifier)
        for row in session.execute(statement)
    )


def places_listed(session: Session) -> tuple[NamedCode, ...]:
    """Every place, in its order."""
    statement = select(Place.code, Place.name_zh, Place.name_en).order_by(col(Place.position))
    return tuple(NamedCode(*row) for row in session.execute(statement))


def indicators_listed(session: Session) -> tuple[tuple[NamedCode, Counted], ...]:
    """Every indicator by theme, with its unit and what it counts."""
    columns: tuple[Any, ...] = (
        Indicator.code, Indicator.name_zh, Indicator.name_en, Indicator.unit, Indicator.kind,
    )  # fmt: skip
    statement = (
        select(*columns)
        .join(Theme, col(Theme.code) == Indicator.theme_code)
        .order_by(col(Theme.position), col(Indicator.code))
    )
    return tuple(
        (NamedCode(row.code, row.name_zh, row.name_en), Counted(row.unit, row.kind))
        for row in session.execute(statement)
    )


def figures_present(session: Session, ids: Iterable[str]) -> dict[str, tuple[str, str]]:
    """Numbers of figures → their place and indicator, for the numbers there are."""
    statement = select(Actual.id, Actual.place_code, Actual.indicator_code)
    found = in_chunks(session, statement, Actual.id, ids)
    return {row.id: (row.place_code, row.indicator_code) for row in found}


def claims_on_results(session: Session, normalised: Iterable[str]) -> dict[tuple[str, str], str]:
    """(family, normalised number) of results → the first claim on it."""
    statement = (
        select(Result.family, Result.normalised, Claim.number)
        .join(Claim, col(Claim.result_id) == Result.id)
        .order_by(col(Claim.id).desc())
    )
    found = in_chunks(session, statement, Result.normalised, normalised)
    return {(row.family, row.normalised): row.number for row in found}


def services_of_agreements(session: Session, numbers: Iterable[str]) -> dict[str, str]:
    """Agreement number → service code, for the numbers there are."""
    statement = select(Agreement.number, Agreement.service_code)
    found = in_chunks(session, statement, Agreement.number, numbers)
    return {row.number: row.service_code for row in found}


def enterprises_present(session: Session, usccs: Iterable[str]) -> frozenset[str]:
    """Which credit codes are enterprises."""
    return _present(session, Enterprise.uscc, usccs)


def agencies_present(session: Session, usccs: Iterable[str]) -> frozenset[str]:
    """Which credit codes are agencies."""
    return _present(session, Agency.uscc, usccs)


def usernames_present(session: Session, usernames: Iterable[str]) -> frozenset[str]:
    """Which names are accounts."""
    return _present(session, Account.username, usernames)


def budget_codes_present(session: Session) -> frozenset[str]:
    """The codes of all budget lines, of any year."""
    return frozenset(session.execute(select(BudgetLine.code)).scalars())


def ids_by(
    session: Session, id_column: Any, key_column: Any, keys: Iterable[str]
) -> dict[str, int]:
    """The ids of records by a key, for the keys given."""
    statement = select(key_column.label("key"), id_column.label("id"))
    return {row.key: row.id for row in in_chunks(session, statement, key_column, keys)}


def recent_imports(session: Session, actor: Actor, at_most: int = 10) -> tuple[PastImport, ...]:
    """The last imports, newest first.

    Raises:
        NotAllowed.
    """
    require_sight_of_exchange(actor)
    statement = (
        select(Activity.seq, Activity.at_utc, Activity.after, Account.display_name)
        .outerjoin(Account, col(Account.id) == Activity.account_id)
        .where(col(Activity.verb) == "import_workbook")
        .order_by(col(Activity.seq).desc())
        .limit(at_most)
    )
    return tuple(
        PastImport(
            row.seq, row.at_utc, row.display_name or "", row.after["file"], row.after["sheets"]
        )
        for row in session.execute(statement)
    )


def claims_taking_papers(session: Session, numbers: Iterable[str]) -> dict[str, bool]:
    """Which of the numbers are claims, and whether each still takes papers by import."""
    statement = select(Claim.number, Claim.state)
    return {
        row.number: row.state in TAKING_PAPERS
        for row in in_chunks(session, statement, Claim.number, numbers)
    }


def papers_there(session: Session, numbers: Iterable[str]) -> set[tuple[str, str, str]]:
    """The papers in force of some claims: number, kind, SHA-256."""
    statement = (
        select(Claim.number, Evidence.kind_code, Evidence.sha256)
        .join(Claim, col(Claim.id) == Evidence.claim_id)
        .where(col(Evidence.replaced_at_utc).is_(None))
    )
    found = in_chunks(session, statement, Claim.number, numbers)
    return {(row.number, row.kind_code, row.sha256) for row in found}


def _present(session: Session, column: Any, keys: Iterable[str]) -> frozenset[str]:
    return frozenset(row[0] for row in in_chunks(session, select(column), column, keys))


def in_chunks(
    session: Session, statement: Select[Any], column: Any, keys: Iterable[Any]
) -> list[Any]:
    """The rows whose column is one of the keys, asked for in pieces a database can take."""
    wanted = sorted(set(keys))
    found: list[Any] = []
    for start in range(0, len(wanted), KEYS_A_STATEMENT):
        some = wanted[start : start + KEYS_A_STATEMENT]
        found += session.execute(statement.where(col(column).in_(some))).all()
    return found
