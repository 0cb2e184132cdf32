"""The one clock. Rules never read it: whoever calls a rule passes the day in."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from datetime import UTC, date, datetime
from zoneinfo import ZoneInfo

OFFICE_ZONE = ZoneInfo("Asia/Shanghai")
"""Government dates are dates of this zone; instants are stored in UTC."""

_standing: ContextVar[datetime | None] = ContextVar("standing_clock", default=None)


def now_utc() -> datetime:
    """The present instant, aware, in UTC."""
    return _standing.get() or datetime.now(UTC)


def today() -> date:
    """The present day at the office (Asia/Shanghai)."""
    return office_day(now_utc())


def office_day(at_utc: datetime) -> date:
    """The office's calendar day of an aware instant."""
    return at_utc.astimezone(OFFICE_ZONE).date()


@contextmanager
def standing_at(at_utc: datetime) -> Iterator[None]:
    """Let the clock stand at an instant: for tests and for playing the demonstration year."""
    token = _standing.set(at_utc)
    try:
        yield
    finally:
        _standing.reset(token)
