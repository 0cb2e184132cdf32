"""What a certificate changes in the register, and which certificates are about to lapse."""

from datetime import date, timedelta

import pytest

from models.rules.growth import Certified, certified, issue_days_lapsing
from models.rules.identifiers import hnte_valid_until

NUMBER = "GR202621000001"
ISSUED = date(2026, 10, 16)


@pytest.mark.parametrize(
    ("stage", "after"),
    [(None, "growing"), ("startup", "growing"), ("growing", "growing"),
     ("above_scale", "above_scale"), ("listed", "listed")],
)  # fmt: skip
def test_a_certificate_brings_status_dates_and_stage(stage: str | None, after: str) -> None:
    assert certified(stage, None, NUMBER, ISSUED) == Certified("recognised", NUMBER, ISSUED, after)


def test_only_a_newer_certificate_changes_anything() -> None:
    assert certified(None, ISSUED, NUMBER, ISSUED) is None
    assert certified(None, ISSUED + timedelta(days=1), NUMBER, ISSUED) is None
    assert certified(None, ISSUED - timedelta(days=1), NUMBER, ISSUED) is not None


@pytest.mark.parametrize(
    "today", [date(2026, 11, 20), date(2027, 2, 27), date(2027, 2, 28), date(2028, 2, 28),
              date(2028, 2, 29), date(2028, 3, 1), date(2027, 12, 31)],
)  # fmt: skip
@pytest.mark.parametrize("within", [1, 30, 366])
def test_the_days_of_issue_are_those_whose_last_day_comes_soon(today: date, within: int) -> None:
    first, last = issue_days_lapsing(today, within)
    day = today - timedelta(days=3 * 366 + 5)
    while day < today:
        lapses = today <= hnte_valid_until(day) <= today + timedelta(days=within)
        assert (first <= day <= last) == lapses, day
        day += timedelta(days=1)
