"""The database's side of an import in the exchange's own terms: option lists, known parties, rows
already there.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import cast

from sqlmodel import Session

from models.clock import today
from models.exchange.cells import Lists
from models.exchange.references import Known, Mentions
from models.exchange.rows import Row
from models.exchange.sheets import SHEET_OF, ListName, Option, SheetKind
from models.queries.imports import (
    KindOfResult,
    NamedCode,
    agencies_present,
    budget_codes_present,
    claims_on_results,
    enterprises_present,
    figures_present,
    indicators_listed,
    places_listed,
    result_kinds_listed,
    services_in_force,
    services_of_agreements,
    usernames_present,
)
from models.queries.imports_stored import Key, stored_values
from models.rules.identifiers import IdentifierKind
from models.rules.targets.entries import Counted


@dataclass(frozen=True, slots=True)
class References:
    """The lists as an import needs them: the options, what each result kind belongs to, and what
    each indicator counts."""

    lists: Lists
    service_of_kind: dict[str, str]
    identifier_of_kind: dict[str, IdentifierKind]
    counted: dict[str, Counted]


@dataclass(frozen=True, slots=True)
class Stored:
    """A record already there: its id, and the row a workbook would state it with (`line` 0)."""

    id: int | None
    row: Row


def references(session: Session) -> References:
    """Services and result kinds in force today, places and indicators: as options and as maps."""
    kinds, indicators = result_kinds_listed(session), indicators_listed(session)
    lists = {
        ListName.services: tuple(map(_option, services_in_force(session, today()))),
        ListName.result_kinds: tuple(map(_option, kinds)),
        ListName.places: tuple(map(_option, places_listed(session))),
        ListName.indicators: tuple(_with_unit(named, one.unit) for named, one in indicators),
    }
    return References(
        Lists(lists),
        {kind.code: kind.service_code for kind in kinds},
        {kind.code: kind.identifier for kind in kinds},
        {named.code: one for named, one in indicators},
    )


def known_to_the_database(session: Session, mentioned: Mentions, there: References) -> Known:
    """Which of the mentioned parties, agreements, accounts, results and figures there are."""
    return Known(
        enterprises=enterprises_present(session, mentioned.usccs),
        agencies=agencies_present(session, mentioned.usccs),
        agreements=services_of_agreements(session, mentioned.agreements),
        usernames=usernames_present(session, mentioned.usernames),
        budget_codes=budget_codes_present(session),
        claimed_results=claims_on_results(session, (number for _, number in mentioned.results)),
        service_of_kind=there.service_of_kind,
        identifier_of_kind=there.identifier_of_kind,
        counted=there.counted,
        figures=figures_present(session, mentioned.figures),
    )


def stored(session: Session, kind: SheetKind, keys: Sequence[Key]) -> dict[Key, Stored]:
    """The records of a sheet that bear one of the keys, as the rows that would state them.

    Args:
        session: any transaction.
        kind: the sheet.
        keys: the values of the sheet's key columns.

    Returns:
        By key.
    """
    row_type = cast(Callable[..., Row], SHEET_OF[kind].row_type)
    return {
        key: Stored(record_id, row_type(0, *values))
        for key, record_id, values in stored_values(session, kind, keys)
    }


def _option(named: NamedCode | KindOfResult) -> Option:
    return Option(named.code, named.name_zh, (named.name_en,))


def _with_unit(indicator: NamedCode, unit: str) -> Option:
    """An indicator with its unit beside it."""
    aliases = (indicator.name_en,)
    return Option(
        indicator.code, indicator.name_zh, aliases, f"单位：{unit}　代码：{indicator.code}"
    )
