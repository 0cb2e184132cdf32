"""The signals of agencies' ratings (考评依据) in a window: counted over the rows, or as kept.

Both give the same to the last case; `kept_signals` is what screens ask.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date, timedelta
from functools import lru_cache
from typing import Any

from sqlalchemy import and_, bindparam, func, or_, select
from sqlmodel import Session, SQLModel, col

from models.queries.rating_cases import cases
from models.queries.rating_conduct import BESIDE, ConductRow, conduct_of
from models.queries.rating_facts import standards
from models.queries.settings import calendar
from models.rules.rating.cases import latest_late_start
from models.rules.rating.signals import (
    NONE,
    QUARTERS,
    Component,
    Gate,
    Penalty,
    Signals,
    Tally,
    tally_of,
)
from models.rules.rating.window import Window, months_between
from models.tables.organisations import Admission, Agency
from models.tables.ratings import (
    COUNT_COLUMNS,
    OUTCOME_COLUMNS,
    AgencyOpen,
    AgencySpan,
    AgencySpanOutcome,
)


@dataclass(slots=True)
class Sums:
    """An agency's sums while they are added up: (component, service) → cases and quarters."""

    cases: Counter[tuple[Component, str]] = field(default_factory=Counter)
    quarters: Counter[tuple[Component, str]] = field(default_factory=Counter)
    penalties: Counter[Penalty] = field(default_factory=Counter)
    gates: set[Gate] = field(default_factory=set)

    def add(self, component: Component, service_code: str, cases: int, quarters: int) -> None:
        """Add cases; only outcomes are told apart by service."""
        key = component, service_code if component is Component.outcome else ""
        self.cases[key] += cases
        self.quarters[key] += quarters

    def note(self, what: Penalty | Gate) -> None:
        """Add a lapse, or a gate."""
        if isinstance(what, Gate):
            self.gates.add(what)
        else:
            self.penalties[what] += 1

    def signals(self, agency_id: int, months: int) -> Signals:
        """What is known of the agency."""
        tallies = {
            key: tally_of(cases, self.quarters[key]) for key, cases in self.cases.items() if cases
        }
        outcomes = {
            service: tally
            for (component, service), tally in sorted(tallies.items())
            if component is Component.outcome
        }
        return Signals(
            agency_id,
            months,
            outcomes,
            satisfaction=tallies.get((Component.satisfaction, ""), NONE),
            first_pass=tallies.get((Component.first_pass, ""), NONE),
            timeliness=tallies.get((Component.timeliness, ""), NONE),
            penalties=+self.penalties,
            gates=frozenset(self.gates),
        )


def counted_signals(session: Session, window: Window, as_of: date) -> tuple[Signals, ...]:
    """The signals of every agency admitted at some time in a window, counted over all rows.

    Args:
        session: any transaction.
        window: the months.
        as_of: the present day: while the window runs, it is read up to here.

    Returns:
        In order of the agencies' numbers.

    Source: `dalian-hightech` 五.1; what counts is stated in decision 0035.
    """
    sums: defaultdict[int, Sums] = defaultdict(Sums)
    for case in cases(session, window, as_of):
        sums[case.agency_id].add(case.component, case.service_code, 1, case.quarters)
    _note_conduct(sums, conduct_of(session, window, as_of))
    return _signals(sums, members_in(session, window, as_of))


def kept_signals(session: Session, window: Window, as_of: date) -> tuple[Signals, ...]:
    """As `counted_signals`, from what is kept: some milliseconds, however many claims there are.

    Args:
        session: any transaction.
        window: the months.
        as_of: the present day.
    """
    kept: defaultdict[int, _Kept] = defaultdict(_Kept)
    connection, asked = session.connection(), {"spans": window.spans}
    for agency_id, *counts in connection.execute(_COUNTS, asked).all():
        kept[agency_id].counts = counts
    for agency_id, service_code, concluded, good in connection.execute(_OUTCOMES, asked).all():
        if concluded:
            kept[agency_id].outcomes[service_code] = tally_of(concluded, good * QUARTERS)
    for agency_id, agreements in _late(session, window.read_on(as_of)):
        kept[agency_id].counts[_TIMELINESS] += agreements
    for row in conduct_of(session, window, as_of, sources=BESIDE):
        kept[row.agency_id].beside.append(row.what)
    return tuple(
        kept[agency_id].signals(agency_id, months)
        for agency_id, months in members_in(session, window, as_of).items()
    )


def _summed(of: type[SQLModel], keys: tuple[str, ...], columns: tuple[str, ...]) -> Any:
    """The sums over some spans, by agency."""
    grouped = [getattr(of, name) for name in keys]
    sums = [func.sum(getattr(of, name)) for name in columns]
    spans = of.span.in_(bindparam("spans", expanding=True))  # type: ignore[attr-defined]
    return select(*grouped, *sums).where(spans).group_by(*grouped)


_COUNTS = _summed(AgencySpan, ("agency_id",), COUNT_COLUMNS)
_OUTCOMES = _summed(AgencySpanOutcome, ("agency_id", "service_code"), OUTCOME_COLUMNS)
_SATISFACTION, _FIRST_PASS, _TIMELINESS, _LAPSED, _FALSE_PAPERS = (
    COUNT_COLUMNS.index(name)
    for name in (
        "satisfaction_cases", "first_pass_cases", "timeliness_cases", "lapsed", "false_papers",
    )
)  # fmt: skip


class _Kept:
    """What is kept of one agency, added up; outcomes by their service."""

    __slots__ = ("beside", "counts", "outcomes")

    def __init__(self) -> None:
        self.outcomes: dict[str, Tally] = {}
        self.counts = [0] * len(COUNT_COLUMNS)
        self.beside: list[Penalty | Gate] = []

    def signals(self, agency_id: int, months: int) -> Signals:
        """What is known of the agency."""
        counts = self.counts
        penalties, gates = self._conduct() if self.beside or counts[_LAPSED] else (_NONE, set())
        if counts[_FALSE_PAPERS]:
            gates.add(Gate.fraud)
        return Signals(
            agency_id,
            months,
            self.outcomes,
            satisfaction=tally_of(counts[_SATISFACTION], counts[_SATISFACTION + 1]),
            first_pass=tally_of(counts[_FIRST_PASS], counts[_FIRST_PASS + 1] * QUARTERS),
            timeliness=tally_of(counts[_TIMELINESS], counts[_TIMELINESS + 1] * QUARTERS),
            penalties=penalties,
            gates=frozenset(gates),
        )

    def _conduct(self) -> tuple[Counter[Penalty], set[Gate]]:
        penalties = Counter(what for what in self.beside if isinstance(what, Penalty))
        penalties[Penalty.late_answer] += self.counts[_LAPSED]
        return +penalties, {what for what in self.beside if isinstance(what, Gate)}


_NONE: Counter[Penalty] = Counter()


def _late(session: Session, on: date) -> Iterable[Any]:
    """Open agreements past twice their standard, by agency."""
    days = calendar(session)
    past = tuple(
        (span.service_code, span.first, min(span.last, latest))
        for span in standards(session).spans()
        if (latest := latest_late_start(span.days, on, days)) >= span.first
    )
    return session.connection().execute(_open_since(past)).all() if past else ()


@lru_cache(maxsize=8)
def _open_since(past: tuple[tuple[str, date, date], ...]) -> Any:
    """Agreements open of some services that began in some days, by agency."""
    open_ = AgencyOpen
    began = (
        and_(col(open_.service_code) == code, col(open_.started_on).between(first, last))
        for code, first, last in past
    )
    agency_id = col(open_.agency_id)
    return select(agency_id, func.sum(open_.agreements)).where(or_(*began)).group_by(agency_id)


def members_in(session: Session, window: Window, as_of: date) -> Mapping[int, int]:
    """The agencies admitted at some time in a window → their full months of membership at its end.

    A new admission counts from its new joining.
    """
    read_on = window.read_on(as_of)
    statement = (
        select(Agency.id, Agency.joined_on, Agency.removed_on)
        .where(
            col(Agency.admission) != Admission.applied,
            col(Agency.joined_on) <= read_on,
            or_(col(Agency.removed_on).is_(None), col(Agency.removed_on) >= window.first_day),
        )
        .order_by(col(Agency.id))
    )
    return {
        agency_id: months_between(joined_on, min(read_on + _DAY, removed_on or date.max))
        for agency_id, joined_on, removed_on in session.connection().execute(statement).all()
    }


_DAY = timedelta(days=1)


def _note_conduct(sums: Mapping[int, Sums], rows: Iterable[ConductRow]) -> None:
    for row in rows:
        sums[row.agency_id].note(row.what)


def _signals(sums: Mapping[int, Sums], members: Mapping[int, int]) -> tuple[Signals, ...]:
    return tuple(
        (sums[agency_id] if agency_id in sums else Sums()).signals(agency_id, months)
        for agency_id, months in members.items()
    )
