"""The bodies' clocks from the claims' events: arrival to decision, bounded to the months asked for."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest

from models.actions.claims import file_claim
from models.database import session
from models.queries.clocks import ClockReading, calendar_of, clock_readings, filing_month_now
from models.rules.claim_workflow import Action, State
from models.rules.durations import Spread
from models.rules.errors import NotAllowed
from models.rules.months import YearMonth
from models.tables.reference import Setting
from tests.town import Town
from tests.world import NOON, TODAY, later

NOVEMBER, DECEMBER = YearMonth(2026, 11), YearMonth(2026, 12)


def readings(
    town: Town, first: YearMonth = NOVEMBER, last: YearMonth = NOVEMBER, on: date = TODAY
) -> dict[State, ClockReading]:
    """The clocks as the lead reads them, by state."""
    with session(town.engine) as current:
        found = clock_readings(current, town.people["lead"], first, last, on)
    return {reading.clock.state: reading for reading in found}


def test_each_body_has_its_own_clock(town: Town) -> None:
    number = town.file()  # on 5 November, a Thursday: eleven working days ago
    town.step("reviewer", number, Action.pass_pre_review)
    with later(days=3):  # Monday
        town.step("lead", number, Action.apply)
    with later(days=7):  # Friday
        town.step("bureau", number, Action.pass_re_review)
    with later(days=10):  # Monday 30 November
        town.step("committee", number, Action.approve)
    seen = readings(town)
    assert seen[State.submitted].taken == Spread(1, 11.0, 11, 0)
    assert seen[State.applied].taken == Spread(1, 4.0, 4, 1)
    assert seen[State.re_reviewed].taken == Spread(1, 1.0, 1, 1)
    assert seen[State.approved].taken is None
    assert (seen[State.approved].waiting, seen[State.approved].overdue) == (1, 0)
    late = readings(town, DECEMBER, DECEMBER, date(2026, 12, 15))
    assert late[State.applied].taken is None
    assert (late[State.approved].waiting, late[State.approved].overdue) == (1, 1)
    both = readings(town, NOVEMBER, DECEMBER, date(2026, 12, 14))
    assert both[State.applied].taken == seen[State.applied].taken
    assert both[State.approved].overdue == 0


def test_a_hold_is_counted_in_and_an_undone_pass_never_happened(town: Town) -> None:
    number = town.file()
    town.step("reviewer", number, Action.pass_pre_review)
    town.step("reviewer", number, Action.undo_pre_review)
    town.step("reviewer", number, Action.hold, reasons=("R01",))
    assert readings(town)[State.submitted].taken is None
    with later(days=4):
        town.step("reviewer", number, Action.release, reasons=("R01",))
        town.step("reviewer", number, Action.return_pre_review, reasons=("R01",))
    assert readings(town)[State.submitted].taken == Spread(1, 13.0, 13, 0)


def test_what_the_agency_withdrew_is_nobodys_decision(sqlite_only: Town) -> None:
    number = sqlite_only.file()
    sqlite_only.step("agency", number, Action.withdraw, reasons=("R99",))
    assert readings(sqlite_only)[State.submitted].taken is None


def test_only_who_answers_for_the_course_reads_the_clocks(sqlite_only: Town) -> None:
    with session(sqlite_only.engine) as current:
        for who in ("agency", "enterprise"):
            with pytest.raises(NotAllowed):
                clock_readings(current, sqlite_only.people[who], NOVEMBER, NOVEMBER, TODAY)
        assert clock_readings(current, sqlite_only.people["leader"], NOVEMBER, NOVEMBER, TODAY)


def test_the_months_days_follow_the_settings(sqlite_only: Town) -> None:
    with session(sqlite_only.engine) as current:
        found = calendar_of(current, NOVEMBER)
        assert str(filing_month_now(current)) == "2026-11"
    assert [due.due_on for due in found.due] == [
        date(2026, 12, 3), date(2026, 12, 17), date(2026, 12, 24), date(2027, 1, 8),
    ]  # fmt: skip
    set_cutoff(sqlite_only, 15)
    with session(sqlite_only.engine) as current:
        assert calendar_of(current, NOVEMBER).cutoff_on == date(2026, 11, 15)
        assert str(filing_month_now(current)) == "2026-12"


def set_cutoff(town: Town, day: int) -> None:
    """Until which day of the month claims count for it."""
    with town.session() as current:
        current.add(
            Setting(key="month_cutoff_day", value=day, valid_from=date(2026, 1, 1),
                    confirmed_at_utc=NOON)
        )  # fmt: skip


def test_an_agency_files_after_the_cutoff_for_the_next_month(sqlite_only: Town) -> None:
    town = sqlite_only
    set_cutoff(town, 15)
    draft = replace(
        town.draft(), filed_on=TODAY, requested_on=None, confirmed_on=None, paid_before_fen=None,
        paid_after_fen=None, satisfaction=None,
    )  # fmt: skip
    with town.refused(NotAllowed, "今天提交的计入 2026-12"), town.session() as current:
        file_claim(current, town.people["agency"], draft)
    with town.session() as current:
        file_claim(current, town.people["agency"], replace(draft, filed_month="2026-12"))
    assert town.claim(draft.number).filed_month == "2026-12"
