"""Taking a claim, keeping it while its page is open, and giving it back."""

from dataclasses import replace
from datetime import datetime, timedelta

import pytest
from sqlalchemy import func, select

from models.actions.leases import (
    free_claim,
    leave_all_claims,
    leave_claim,
    renew_claim,
    take_claim,
)
from models.database import session
from models.rules.claim_workflow import Action, State
from models.rules.errors import ClaimHeld, NotAllowed, NotAvailable, NotFound, ReasonMissing
from models.rules.roles import Actor
from models.tables.record import Activity
from models.tables.reference import Setting
from tests.models.actions.small_words import BACK
from tests.town import Town
from tests.world import NOON, TODAY, later

A, S = Action, State


def take(town: Town, who: str, number: str) -> None:
    """Somebody takes a claim."""
    with town.session() as current:
        take_claim(current, town.people[who], number)


def recorded(town: Town) -> int:
    """How many links the record has."""
    with session(town.engine) as current:
        return current.execute(select(func.count()).select_from(Activity)).scalar_one()


def renew(town: Town, who: str, number: str, *, actor: Actor | None = None) -> datetime | None:
    """Somebody's open page asks for more time; until when the claim is taken then."""
    with town.session() as current:
        renew_claim(current, actor or town.people[who], number)
    return town.claim(number).lease_until_utc


def test_others_see_who_has_it_and_until_when(town: Town) -> None:
    number, version = town.file(), town.claim(town.file()).version
    take(town, "reviewer", number)
    lease = town.card("reviewer2", number).lease
    assert lease is not None
    assert (lease.by, lease.is_mine) == ("reviewer 1", False)
    assert (lease.since_utc, lease.until_utc) == (NOON, NOON + timedelta(minutes=30))
    assert (lease.idle_minutes, lease.latest_utc) == (30, NOON + timedelta(hours=2))
    with town.refused(ClaimHeld, "12:30"):
        take(town, "reviewer2", number)
    assert town.claim(number).version == version


def test_left_alone_it_lapses_and_taking_again_does_not_prolong_it(town: Town) -> None:
    number = town.file()
    take(town, "reviewer", number)
    with later(minutes=29):
        take(town, "reviewer", number)
        assert town.claim(number).lease_until_utc == NOON + timedelta(minutes=30)
        with town.refused(ClaimHeld):
            take(town, "reviewer2", number)
    with later(minutes=30):
        assert town.card("reviewer", number).lease is None
        take(town, "reviewer2", number)
        assert town.claim(number).lease_taken_at_utc == NOON + timedelta(minutes=30)


# ---------------------------------------------------------------- renewing


def test_an_open_page_renews_it_and_leaves_no_trace(town: Town) -> None:
    number = town.file()
    take(town, "reviewer", number)
    before, links = town.traces(), recorded(town)
    for passed in (20, 45, 70):
        with later(minutes=passed):
            assert renew(town, "reviewer", number) == NOON + timedelta(minutes=passed + 30)
            with town.refused(ClaimHeld):
                take(town, "reviewer2", number)
    assert (town.traces(), recorded(town)) == (before, links)
    assert town.claim(number).lease_taken_at_utc == NOON


def test_it_is_renewed_for_the_longest_time_at_most(town: Town) -> None:
    number = town.file()
    take(town, "reviewer", number)
    with later(minutes=100):
        assert renew(town, "reviewer", number) == NOON + timedelta(hours=2)
    with later(minutes=120):
        assert renew(town, "reviewer", number) == NOON + timedelta(hours=2)
        assert town.card("reviewer", number).lease is None
        take(town, "reviewer2", number)


def test_both_times_are_settings(town: Town) -> None:
    number = town.file()
    with town.session() as current:
        for key, minutes in (("lease_minutes", 60), ("lease_idle_minutes", 20)):
            current.add(
                Setting(key=key, value=minutes, valid_from=TODAY, confirmed_at_utc=NOON)
            )  # fmt: skip
    take(town, "reviewer", number)
    assert town.claim(number).lease_until_utc == NOON + timedelta(minutes=20)
    with later(minutes=50):
        assert renew(town, "reviewer", number) == NOON + timedelta(minutes=60)


def test_another_renews_nothing(town: Town) -> None:
    mine, free = town.file(), town.file()
    take(town, "reviewer", mine)
    with later(minutes=20):
        for who in ("reviewer2", "lead", "agency", "agency2"):
            assert renew(town, who, mine) == NOON + timedelta(minutes=30)
        assert renew(town, "reviewer", free) is None
        with town.refused(NotFound):
            renew(town, "reviewer", "2026-11-9999")


def test_one_that_lapsed_is_renewed_unless_a_colleague_took_it(town: Town) -> None:
    number, other = town.file(), town.file()
    for each in (number, other):
        take(town, "reviewer", each)
    with later(minutes=40):
        take(town, "reviewer2", other)
        until = town.claim(other).lease_until_utc
        assert renew(town, "reviewer", number) == NOON + timedelta(minutes=70)
        assert renew(town, "reviewer", other) == until
        assert town.claim(other).lease_account_id == town.people["reviewer2"].account_id


def test_what_was_given_back_or_ended_is_not_renewed(town: Town) -> None:
    left, freed, decided = (town.file() for _ in range(3))
    for number in (left, freed, decided):
        take(town, "reviewer", number)
    with town.session() as current:
        leave_claim(current, town.people["reviewer"], left)
        free_claim(current, town.people["lead"], freed, "休假")
    town.step("reviewer", decided, A.pass_pre_review)
    assert [renew(town, "reviewer", number) for number in (left, freed, decided)] == [None] * 3


def test_whose_role_has_ended_or_who_is_tied_renews_nothing(town: Town) -> None:
    revoked, tied = town.file(), town.file()
    take(town, "reviewer", revoked)
    take(town, "reviewer2", tied)
    town.tie("reviewer2", agency_id=town.agency_id)
    nobody = replace(town.people["reviewer"], grants=())
    with later(minutes=20):
        assert renew(town, "reviewer", revoked, actor=nobody) == NOON + timedelta(minutes=30)
        assert renew(town, "reviewer2", tied) == NOON + timedelta(minutes=30)


# ---------------------------------------------------------------- who takes, who gives back


def test_only_whose_turn_it_is_takes_it(town: Town) -> None:
    number = town.file()
    for who in ("lead", "bureau", "leader", "auditor", "administrator", "importer", "agency"):
        with town.refused(NotAllowed):
            take(town, who, number)
    for who in ("agency2", "enterprise"):
        with town.refused(NotFound):
            take(town, who, number)
    town.tie("reviewer", agency_id=town.agency_id)
    with town.refused(NotAllowed, "回避关系"):
        take(town, "reviewer", number)


def test_what_is_with_the_agency_or_ended_is_not_taken(town: Town) -> None:
    number = town.file()
    town.step("reviewer", number, A.return_pre_review, **BACK)
    with town.refused(NotAvailable, "无须接手"):
        take(town, "reviewer", number)
    town.step("agency", number, A.withdraw, **BACK)
    with town.refused(NotAvailable, "无须接手"):
        take(town, "reviewer", number)


def test_giving_back(town: Town) -> None:
    mine, other = town.file(), town.file()
    take(town, "reviewer", mine)
    take(town, "reviewer2", other)
    with town.session() as current:
        leave_claim(current, town.people["reviewer"], other)
        assert town.claim(other).lease_account_id is not None
        leave_claim(current, town.people["reviewer"], mine)
    take(town, "reviewer", mine)
    with town.session() as current:
        leave_all_claims(current, town.people["reviewer"].account_id)
    assert town.claim(mine).lease_account_id is None
    assert town.claim(other).lease_account_id is not None


def test_a_held_claim_is_taken_by_the_office_that_holds_it(town: Town) -> None:
    number = town.at(S.applied)
    town.step("bureau", number, A.hold, **BACK)
    with town.refused(NotAllowed):
        take(town, "reviewer2", number)
    take(town, "bureau2", number)
    with town.refused(ClaimHeld):
        town.step("bureau", number, A.release, **BACK)


def test_the_lead_ends_a_lease_with_a_reason_on_record(town: Town) -> None:
    number = town.file()
    with town.session() as current:
        lead = town.people["lead"]
        with pytest.raises(NotAvailable, match="无人接手"):
            free_claim(current, lead, number, "x")
    take(town, "reviewer", number)
    for who, reason, kind in (
        ("reviewer2", "x", NotAllowed), ("bureau", "x", NotAllowed), ("agency2", "x", NotFound),
        ("lead", " \0", ReasonMissing),
    ):  # fmt: skip
        with town.refused(kind):
            with town.session() as current:
                free_claim(current, town.people[who], number, reason)
    with town.session() as current:
        free_claim(current, town.people["lead"], number, "休假")
    take(town, "reviewer2", number)
    with session(town.engine) as current:
        link = current.execute(select(Activity).where(Activity.verb == "free_claim")).scalar_one()
    assert link.before == {"taken_by": town.people["reviewer"].account_id}
    assert link.after == {"reason": "休假"}
    assert town.is_sound()


def test_the_lead_ends_no_lease_of_another_office(town: Town) -> None:
    number = town.at(S.applied)
    take(town, "bureau", number)
    with town.refused(NotAllowed, "联盟环节"):
        with town.session() as current:
            free_claim(current, town.people["lead"], number, "x")
