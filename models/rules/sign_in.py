"""How long a name stays shut to one source after wrong passwords (登录限制)."""

from __future__ import annotations

from datetime import datetime, timedelta

TRIES = 5
FIRST_WAIT = timedelta(minutes=15)
LONGEST_WAIT = timedelta(hours=2)
FORGET_AFTER = timedelta(hours=24)
TICKET_LIFE = timedelta(seconds=30)


def shut_until(failures: int, failed_at_utc: datetime) -> datetime | None:
    """Until when no further password is looked at.

    Args:
        failures: wrong passwords in a row, the last one included.
        failed_at_utc: when the last one was given.

    Returns:
        15 minutes after the fifth, twice as long after each further one, at most two hours.
    """
    if failures < TRIES:
        return None
    doublings: int = 2 ** min(failures - TRIES, 10)
    return failed_at_utc + min(FIRST_WAIT * doublings, LONGEST_WAIT)


def failures_that_count(failures: int, last_failed_at_utc: datetime, at_utc: datetime) -> int:
    """Earlier failures still held against the source: none after a quiet day."""
    return 0 if at_utc - last_failed_at_utc > FORGET_AFTER else failures
