"""What lies behind a component (主要问题): of the cases that were not good, what was most often the
matter, so that an agency knows where to begin."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta

from sqlalchemy import select
from sqlmodel import Session, col

from models.clock import OFFICE_ZONE
from models.queries.rating_rows import SignalRow, signal_rows
from models.rules.claim_workflow import Action
from models.rules.rating.signals import COUNTED, Component
from models.rules.rating.window import Window
from models.tables.claims import Claim, ClaimEvent


@dataclass(frozen=True, slots=True)
class Matter:
    """What was most often the matter in one component (主要问题).

    Attributes:
        component: which.
        times: how many cases were not good; of first passes, how many returns there were.
        most: of them, those with the commonest matter.
        code: its coded reason for first passes; else the service most of them are of.
    """

    component: Component
    times: int
    most: int
    code: str


def matters(session: Session, agency_id: int, window: Window, as_of: date) -> tuple[Matter, ...]:
    """What was most often the matter, component by component; none where every case was good.

    Args:
        session: any transaction; who may read it is decided by the caller's own question.
        agency_id: whose.
        window: the months.
        as_of: the day up to which they are read.
    """
    found = [_returns(session, agency_id, window)]
    for component in COUNTED:
        if component is not Component.first_pass:
            rows = signal_rows(session, agency_id, component, window, as_of)
            found.append(_of_rows(component, rows))
    order = list(COUNTED)
    present = [matter for matter in found if matter is not None]
    return tuple(sorted(present, key=lambda matter: order.index(matter.component)))


_LEAST_GOOD = {Component.satisfaction: 3}
"""Quarters of a good case from which nothing is the matter: four stars; whole cases elsewhere."""
_QUARTERS = 4


def _of_rows(component: Component, rows: Iterable[SignalRow]) -> Matter | None:
    """The service most of the cases that were not good are of."""
    least = _LEAST_GOOD.get(component, _QUARTERS)
    services = Counter(row.service_code for row in rows if row.good * _QUARTERS < least)
    if not services:
        return None
    code = min(services, key=lambda one: (-services[one], one))
    return Matter(component, services.total(), services[code], code)


def _returns(session: Session, agency_id: int, window: Window) -> Matter | None:
    """The commonest coded reason of the returns at pre-review in the window."""
    statement = (
        select(ClaimEvent.reasons)
        .join(Claim, col(Claim.id) == ClaimEvent.claim_id)
        .where(
            col(Claim.agency_id) == agency_id,
            col(ClaimEvent.action) == Action.return_pre_review,
            col(ClaimEvent.at_utc) >= _midnight(window.first_day),
            col(ClaimEvent.at_utc) < _midnight(window.last_day + timedelta(days=1)),
        )
    )
    returns = [set(reasons) for reasons in session.execute(statement).scalars()]
    reasons = Counter(code for of_one in returns for code in of_one)
    if not reasons:
        return None
    code = min(reasons, key=lambda one: (-reasons[one], one))
    return Matter(Component.first_pass, len(returns), reasons[code], code)


def _midnight(day: date) -> datetime:
    return datetime.combine(day, time(), OFFICE_ZONE).astimezone(UTC)
