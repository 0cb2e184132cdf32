"""How long a name stays shut to one source after wrong passwords."""

from datetime import UTC, datetime, timedelta

import pytest

from models.rules.sign_in import FORGET_AFTER, LONGEST_WAIT, failures_that_count, shut_until

NOON = datetime(2026, 11, 20, 4, 0, tzinfo=UTC)


@pytest.mark.parametrize(
    ("failures", "minutes"), [(5, 15), (6, 30), (7, 60), (8, 120), (9, 120), (10_000, 120)]
)
def test_each_failure_after_the_fourth_doubles_the_wait(failures: int, minutes: int) -> None:
    assert shut_until(failures, NOON) == NOON + timedelta(minutes=minutes)


@pytest.mark.parametrize("failures", range(5))
def test_four_failures_shut_nothing(failures: int) -> None:
    assert shut_until(failures, NOON) is None


def test_nobody_is_shut_out_for_good() -> None:
    assert LONGEST_WAIT < FORGET_AFTER


def test_a_quiet_day_forgets_failures() -> None:
    assert failures_that_count(9, NOON, NOON + FORGET_AFTER) == 9
    assert failures_that_count(9, NOON, NOON + FORGET_AFTER + timedelta(seconds=1)) == 0
