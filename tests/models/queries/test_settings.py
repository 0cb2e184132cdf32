"""Settings as of a day: the newest confirmed version, or the labelled default; the calendar with
its overrides."""

from datetime import UTC, date, datetime

import pytest
from sqlalchemy import Engine

from models.clock import standing_at
from models.database import session
from models.queries.settings import (
    calendar,
    forget_settings,
    is_demonstration,
    place,
    review_settings,
    setting,
    whole_number,
)
from models.rules.claim_facts import ReviewSettings
from models.rules.settings import SETTINGS
from models.tables.reference import CalendarDay, Setting

NOON = datetime(2026, 11, 20, 4, tzinfo=UTC)


def put(
    database: Engine, key: str, value: object, from_on: date, *, is_confirmed: bool = True
) -> None:
    """One version of a setting."""
    at_utc = NOON if is_confirmed else None
    with session(database, write=True) as current:
        current.add(Setting(key=key, value=value, valid_from=from_on, confirmed_at_utc=at_utc))


def test_without_a_row_the_default_holds_and_says_so(database: Engine) -> None:
    with session(database) as current:
        found = [setting(current, adjustable.key) for adjustable in SETTINGS]
        assert all(one.is_default and one.value == one.setting.default for one in found)
        assert review_settings(current) == ReviewSettings()
        assert place(current) == "大连高新区"
        assert not is_demonstration(current)


def test_the_newest_version_that_has_begun_holds(database: Engine) -> None:
    put(database, "lease_minutes", 60, date(2026, 1, 1))
    put(database, "lease_minutes", 90, date(2026, 11, 20))
    put(database, "lease_minutes", 30, date(2026, 12, 1))
    with session(database) as current, standing_at(NOON):
        assert whole_number(current, "lease_minutes") == 90
        assert whole_number(current, "lease_minutes", date(2026, 11, 19)) == 60
        assert whole_number(current, "lease_minutes", date(2026, 12, 1)) == 30
        assert whole_number(current, "lease_minutes", date(2025, 12, 31)) == 120
        assert setting(current, "lease_minutes").valid_from == date(2026, 11, 20)


def test_a_version_nobody_confirmed_does_not_hold(database: Engine) -> None:
    put(database, "is_demonstration", True, date(2026, 1, 1), is_confirmed=False)
    with session(database) as current:
        assert not is_demonstration(current)


def test_review_settings_take_the_confirmed_values(database: Engine) -> None:
    put(database, "filing_window_working_days", 30, date(2026, 1, 1))
    put(database, "alliance_payee_name", "联盟", date(2026, 1, 1))
    with session(database) as current, standing_at(NOON):
        found = review_settings(current)
    assert found == ReviewSettings(filing_window_working_days=30, alliance_payee_name="联盟")


def test_an_unknown_setting_is_a_fault_of_the_program(database: Engine) -> None:
    with session(database) as current, pytest.raises(KeyError):
        setting(current, "no_such_setting")


def test_the_calendar_follows_its_overrides(database: Engine) -> None:
    saturday = date(2026, 11, 21)
    with session(database, write=True) as current:
        plain = calendar(current)
        assert not plain.is_working_day(saturday)
        current.add(CalendarDay(day=saturday, is_working=True, note="补班"))
        current.flush()
        assert calendar(current) is plain  # read once in a transaction
        forget_settings(current)
        assert calendar(current).is_working_day(saturday)
    with session(database) as current:
        first = calendar(current)
    with session(database) as current:
        assert calendar(current) is first


def test_years_entered_in_full_are_announced(database: Engine) -> None:
    put(database, "announced_years", [2035], date(2026, 1, 1))
    with session(database) as current, standing_at(NOON):
        assert calendar(current).is_announced(2035)
        assert not calendar(current).is_announced(2036)
