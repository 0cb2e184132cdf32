"""What ratings are read from, kept and counted: both must be the same after whatever people did."""

from __future__ import annotations

from collections import Counter
from typing import Any

from sqlalchemy import select
from sqlmodel import Session

from models.actions.rating_counts import Counts
from models.actions.rating_recount import counted_anew
from models.clock import today
from models.queries.rating_signals import counted_signals, kept_signals
from models.rules.months import YearMonth
from models.rules.rating import Window
from models.tables.ratings import (
    COUNT_COLUMNS,
    OUTCOME_COLUMNS,
    AgencyOpen,
    AgencySpan,
    AgencySpanOutcome,
)

WINDOWS = (
    Window.half_year(2026, 1),
    Window.half_year(2026, 2),
    Window.half_year(2027, 1),
    Window.twelve_months(YearMonth(2026, 12)),
)


def signals_agree(current: Session) -> bool:
    """Row by row, and as the signals of some windows."""
    assert kept_counts(current) == plain_counts(counted_anew(current))
    for window in WINDOWS:
        kept = kept_signals(current, window, today())
        assert kept == counted_signals(current, window, today())
    return True


def kept_counts(current: Session) -> dict[tuple[Any, ...], Any]:
    """What ratings are read from, as it is kept; empty rows left out."""
    counts = Counts()
    for row in current.execute(select(AgencySpan)).scalars():
        kept = {name: getattr(row, name) for name in COUNT_COLUMNS}
        counts.spans[row.span, row.agency_id].update(kept)
    for of_service in current.execute(select(AgencySpanOutcome)).scalars():
        kept = {name: getattr(of_service, name) for name in OUTCOME_COLUMNS}
        counts.outcomes[of_service.span, of_service.agency_id, of_service.service_code].update(kept)
    for open_ in current.execute(select(AgencyOpen)).scalars():
        counts.open[open_.service_code, open_.started_on, open_.agency_id] = open_.agreements
    return plain_counts(counts)


def plain_counts(counts: Counts) -> dict[tuple[Any, ...], Any]:
    """Counts without the empty ones."""
    added: dict[tuple[Any, ...], Counter[str]] = {**counts.spans, **counts.outcomes}
    spans: dict[tuple[Any, ...], Any] = {
        key: full for key, changed in added.items() if (full := +changed)
    }
    return spans | dict(+counts.open)
