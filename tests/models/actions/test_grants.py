"""Roles by dated grants, cover, ties: who may grant what to whom, and that it acts at once."""

from collections.abc import Callable
from datetime import date, timedelta
from typing import Any

import pytest
from sqlalchemy import select

from models.actions.accounts import NewAccount, account_of
from models.actions.grants import (
    NewGrant,
    NewTie,
    declare_tie,
    end_grant,
    end_tie,
    grant_role,
    invite,
)
from models.actions.sign_in import open_session
from models.clock import office_day, standing_at
from models.database import session
from models.queries.accounts import account_card
from models.queries.sign_in import signed_in
from models.queries.verification import verify
from models.rules import passwords
from models.rules.errors import (
    AlreadyDone,
    NotAllowed,
    NotAvailable,
    NotFound,
    ReasonMissing,
    Refusal,
)
from models.rules.passwords import password_matches
from models.rules.roles import Actor, GrantFacts, Role
from models.tables.claims import Claim
from models.tables.people import Grant, Tie
from models.tables.record import Activity
from tests.world import NOON, PEOPLE, TODAY, World

SYSTEM = Actor(0, "system", is_system=True)
TOMORROW = TODAY + timedelta(days=1)
NEXT_WEEK = TODAY + timedelta(days=7)


@pytest.fixture(autouse=True)
def cheap_hashes(monkeypatch: pytest.MonkeyPatch) -> None:
    """Tests hash with the least work."""
    monkeypatch.setattr(passwords, "HASH_COST", 4)


def run(world: World, who: str, action: Callable[..., Any], *args: Any) -> Any:
    """Somebody's action in a transaction of its own."""
    actor = SYSTEM if who == "system" else world.people[who]
    with world.session() as current:
        return action(current, actor, *args)


def id_of(world: World, who: str) -> int:
    """Somebody's account."""
    return world.people[who].account_id


def roles_on(world: World, who: str, day: date) -> frozenset[Role]:
    """The roles somebody who signs in holds on a day."""
    with world.session() as current:
        token = open_session(current, account_of(current, id_of(world, who)))
        found = signed_in(current, token, day)
    assert found is not None
    return found.actor.roles


# ---------------------------------------------------------------- granting


def test_an_invitation_is_an_account_with_a_role_and_a_one_time_password(world: World) -> None:
    new = NewAccount("Wang", "王工")
    invited = run(world, "administrator", invite, new, NewGrant(Role.bureau, TODAY))
    with session(world.engine) as current:
        kept = account_of(current, invited.account_id)
        assert kept.must_change_password
        assert password_matches(invited.password, kept.password_hash)
        role = select(Grant.role).where(Grant.account_id == invited.account_id)
        assert current.execute(role).scalars().all() == [Role.bureau]
    assert invited.username == "wang"


def test_a_refused_invitation_leaves_nothing(world: World) -> None:
    new = NewAccount("wang", "王工")
    with pytest.raises(NotAvailable):
        run(world, "administrator", invite, new, NewGrant(Role.agency, TODAY))
    run(world, "administrator", invite, new, NewGrant(Role.bureau, TODAY))


def test_a_grant_holds_on_its_days_only(world: World) -> None:
    new = NewGrant(Role.auditor, TOMORROW, NEXT_WEEK)
    run(world, "administrator", grant_role, id_of(world, "leader"), new)
    held = {
        TODAY: False,
        TOMORROW: True,
        NEXT_WEEK: True,
        NEXT_WEEK + timedelta(days=1): False,
    }
    for day, holds in held.items():
        assert (Role.auditor in roles_on(world, "leader", day)) is holds, day


@pytest.mark.parametrize("who", sorted(PEOPLE))
def test_only_the_administrator_grants(world: World, who: str) -> None:
    target = id_of(world, "leader" if who != "leader" else "lead")
    args = (target, NewGrant(Role.auditor, TODAY))
    if who == "auditor":
        args = (target, NewGrant(Role.committee, TODAY))
    if PEOPLE[who] is Role.administrator:
        assert run(world, who, grant_role, *args)
    else:
        with pytest.raises(NotAllowed):
            run(world, who, grant_role, *args)


def test_nobody_grants_to_oneself(world: World) -> None:
    own = id_of(world, "administrator")
    with pytest.raises(NotAllowed, match="自己"):
        run(world, "administrator", grant_role, own, NewGrant(Role.bureau, TODAY))


def test_the_system_grants_to_anybody(world: World) -> None:
    run(world, "system", grant_role, id_of(world, "administrator"), NewGrant(Role.bureau, TODAY))
    with session(world.engine) as current:
        assert current.execute(select(Grant).where(Grant.role == Role.bureau)).scalars().all()[
            -1
        ].granted_by_id is None  # fmt: skip


@pytest.mark.parametrize(
    ("who", "new", "refusal"),
    [
        ("leader", NewGrant(Role.auditor, TOMORROW, TODAY), NotAvailable),
        ("leader", NewGrant(Role.agency, TODAY), NotAvailable),
        ("leader", NewGrant(Role.enterprise, TODAY), NotAvailable),
        ("agency", NewGrant(Role.alliance_reviewer, TODAY), NotAvailable),
        ("enterprise", NewGrant(Role.finance, TODAY), NotAvailable),
        ("leader", NewGrant(Role.leader, TODAY), AlreadyDone),
        ("leader", NewGrant(Role.leader, TOMORROW, NEXT_WEEK), AlreadyDone),
    ],
)
def test_a_grant_that_does_not_fit_is_refused(
    world: World, who: str, new: NewGrant, refusal: type[Refusal]
) -> None:
    with pytest.raises(refusal):
        run(world, "administrator", grant_role, id_of(world, who), new)


def test_an_account_that_does_not_exist_is_not_found(world: World) -> None:
    with pytest.raises(NotFound):
        run(world, "administrator", grant_role, 999_999, NewGrant(Role.auditor, TODAY))


# ---------------------------------------------------------------- cover


def test_a_cover_stands_in_for_a_colleague_and_says_so(world: World) -> None:
    lead = id_of(world, "lead")
    new = NewGrant(Role.alliance_lead, TODAY, NEXT_WEEK, lead, "休假")
    granted = run(world, "administrator", grant_role, id_of(world, "reviewer"), new)
    with session(world.engine) as current:
        kept = current.get_one(Grant, granted)
        assert (kept.is_cover, kept.covers_account_id, kept.reason) == (True, lead, "休假")
    assert roles_on(world, "reviewer", TODAY) == {Role.alliance_reviewer, Role.alliance_lead}


@pytest.mark.parametrize(
    ("valid_to", "covered", "reason", "refusal"),
    [
        (None, "lead", "休假", ReasonMissing),
        (NEXT_WEEK, "lead", "  ", ReasonMissing),
        (NEXT_WEEK, "reviewer", "休假", NotAvailable),
        (NEXT_WEEK, "auditor", "休假", NotAvailable),
    ],
)
def test_a_cover_needs_an_end_a_reason_and_somebody_who_holds_the_role(
    world: World, valid_to: date | None, covered: str, reason: str, refusal: type[Refusal]
) -> None:
    new = NewGrant(Role.alliance_lead, TODAY, valid_to, id_of(world, covered), reason)
    with pytest.raises(refusal):
        run(world, "administrator", grant_role, id_of(world, "reviewer"), new)


# ---------------------------------------------------------------- ending


def test_an_ended_grant_is_gone_at_the_next_click(world: World) -> None:
    new = NewGrant(Role.auditor, TODAY)
    granted = run(world, "administrator", grant_role, id_of(world, "leader"), new)
    with world.session() as current:
        token = open_session(current, account_of(current, id_of(world, "leader")))
    run(world, "administrator", end_grant, granted)
    with session(world.engine) as current:
        found = signed_in(current, token, TODAY)
        assert found is not None
        assert found.actor.roles == {Role.leader}
        assert verify(current).first_broken is None
    with pytest.raises(AlreadyDone):
        run(world, "administrator", end_grant, granted)


def test_ending_an_old_grant_keeps_when_it_began(world: World) -> None:
    grant = world.people["leader"].grants[0]
    run(world, "administrator", end_grant, grant.id)
    with session(world.engine) as current:
        kept = current.get_one(Grant, grant.id)
        assert (kept.valid_from, kept.valid_to) == (grant.valid_from, TODAY)
        assert kept.ended_at_utc == NOON


def test_what_was_done_this_morning_lies_inside_a_grant_ended_at_noon(world: World) -> None:
    granted = run(
        world, "administrator", grant_role, id_of(world, "leader"), NewGrant(Role.auditor, TODAY)
    )
    with world.session() as current:
        token = open_session(current, account_of(current, id_of(world, "leader")))
    run(world, "administrator", end_grant, granted)
    with session(world.engine) as current:
        kept = current.get_one(Grant, granted)
        assert (kept.valid_from, kept.valid_to) == (TODAY, TODAY)
        acted = current.execute(select(Activity.at_utc).where(Activity.verb == "sign_in")).scalars()
        assert all(kept.valid_from <= office_day(at) <= kept.valid_to for at in acted)
        visitor = signed_in(current, token, TODAY)
        assert visitor is not None
        assert visitor.actor.roles == {Role.leader}
        (own, _) = sorted(
            account_card(current, world.people["administrator"], "leader").grants,
            key=lambda g: -g.id,
        )
        assert (own.is_ended, own.holds_on(TODAY)) == (True, False)
    again = run(
        world, "administrator", grant_role, id_of(world, "leader"), NewGrant(Role.auditor, TODAY)
    )
    assert again != granted
    assert Role.auditor in roles_on(world, "leader", TODAY)


def test_a_grant_ended_before_it_began_was_never_in_force(world: World) -> None:
    new = NewGrant(Role.auditor, TOMORROW, NEXT_WEEK)
    granted = run(world, "administrator", grant_role, id_of(world, "leader"), new)
    run(world, "administrator", end_grant, granted)
    assert roles_on(world, "leader", TOMORROW) == {Role.leader}


def test_a_grant_with_an_end_to_come_can_be_ended_now(world: World) -> None:
    new = NewGrant(Role.auditor, TODAY, NEXT_WEEK)
    granted = run(world, "administrator", grant_role, id_of(world, "leader"), new)
    run(world, "administrator", end_grant, granted)
    assert roles_on(world, "leader", TODAY) == {Role.leader}


def test_the_last_administrator_stays(world: World) -> None:
    with pytest.raises(NotAvailable, match="至少"):
        run(world, "administrator", end_grant, world.people["administrator"].grants[0].id)


def test_only_the_administrator_ends_a_grant(world: World) -> None:
    with pytest.raises(NotAllowed):
        run(world, "lead", end_grant, world.people["leader"].grants[0].id)
    with pytest.raises(NotFound):
        run(world, "administrator", end_grant, 999_999)


# ---------------------------------------------------------------- ties


def tie_to_agency(world: World, **changes: Any) -> NewTie:
    """A tie to the world's agency."""
    return NewTie(
        **{"kind": "近亲属任职", "from_on": TODAY, "agency_id": world.agency_id} | changes
    )


def taken_by_reviewer(world: World) -> str:
    """A claim the reviewer has taken; its number."""
    number = world.file()
    with world.session() as current:
        claim = current.execute(select(Claim).where(Claim.number == number)).scalar_one()
        claim.lease_account_id = id_of(world, "reviewer")
        claim.lease_taken_at_utc, claim.lease_until_utc = NOON, NOON + timedelta(hours=1)
        current.add(claim)
    return number


def lease_of(world: World, number: str) -> int | None:
    """Who has taken a claim."""
    with session(world.engine) as current:
        statement = select(Claim.lease_account_id).where(Claim.number == number)
        return current.execute(statement).scalar_one()


@pytest.mark.parametrize("party", ["agency", "enterprise"])
def test_declaring_a_tie_frees_that_partys_claims(world: World, party: str) -> None:
    number = taken_by_reviewer(world)
    tie = (
        tie_to_agency(world)
        if party == "agency"
        else tie_to_agency(world, agency_id=None, enterprise_id=world.enterprise_id)
    )
    run(world, "reviewer", declare_tie, id_of(world, "reviewer"), tie)
    assert lease_of(world, number) is None


def test_a_tie_reported_of_somebody_else_names_the_reporter(world: World) -> None:
    reported = run(world, "bureau", declare_tie, id_of(world, "reviewer"), tie_to_agency(world))
    declared = run(world, "system", declare_tie, id_of(world, "lead"), tie_to_agency(world))
    with session(world.engine) as current:
        assert current.get_one(Tie, reported).reported_by_id == id_of(world, "bureau")
        assert current.get_one(Tie, declared).reported_by_id == id_of(world, "lead")


@pytest.mark.parametrize(
    "changes",
    [
        {"agency_id": None},
        {"enterprise_id": 1},
        {"kind": " "},
        {"kind": "长" * 41},
        {"to_on": TODAY - timedelta(days=1)},
    ],
)
def test_a_tie_is_to_one_organisation_of_a_kind_and_in_order(
    world: World, changes: dict[str, Any]
) -> None:
    with pytest.raises(NotAvailable):
        run(world, "lead", declare_tie, id_of(world, "lead"), tie_to_agency(world, **changes))


def test_the_same_tie_is_registered_once(world: World) -> None:
    run(world, "lead", declare_tie, id_of(world, "lead"), tie_to_agency(world))
    with pytest.raises(AlreadyDone):
        run(world, "lead", declare_tie, id_of(world, "lead"), tie_to_agency(world))
    other = tie_to_agency(world, agency_id=None, enterprise_id=world.enterprise_id)
    run(world, "lead", declare_tie, id_of(world, "lead"), other)


def test_somebody_without_a_role_reports_nothing(world: World) -> None:
    nobody = Actor(id_of(world, "lead"), "nobody")
    with pytest.raises(NotAllowed), world.session() as current:
        declare_tie(current, nobody, id_of(world, "lead"), tie_to_agency(world))
    with pytest.raises(NotFound):
        run(world, "lead", declare_tie, 999_999, tie_to_agency(world))


@pytest.mark.parametrize(
    ("who", "may"), [("lead", True), ("administrator", True), ("system", True), ("bureau", False)]
)
def test_a_tie_is_ended_by_lead_or_administrator(world: World, who: str, may: bool) -> None:
    tie = run(world, "reviewer", declare_tie, id_of(world, "reviewer"), tie_to_agency(world))
    if may:
        run(world, who, end_tie, tie, NEXT_WEEK)
        with session(world.engine) as current:
            assert current.get_one(Tie, tie).to_on == NEXT_WEEK
    else:
        with pytest.raises(NotAllowed):
            run(world, who, end_tie, tie, NEXT_WEEK)


def test_nobody_ends_the_own_tie(world: World) -> None:
    tie = run(world, "lead", declare_tie, id_of(world, "lead"), tie_to_agency(world))
    with pytest.raises(NotAllowed, match="本人"):
        run(world, "lead", end_tie, tie, NEXT_WEEK)


def test_a_tie_does_not_end_before_it_began(world: World) -> None:
    tie = run(world, "reviewer", declare_tie, id_of(world, "reviewer"), tie_to_agency(world))
    with pytest.raises(NotAvailable):
        run(world, "lead", end_tie, tie, TODAY - timedelta(days=1))
    with pytest.raises(NotFound):
        run(world, "lead", end_tie, 999_999, TODAY)


def test_a_covers_facts_reach_the_rule(world: World) -> None:
    new = NewGrant(Role.alliance_lead, TODAY, NEXT_WEEK, id_of(world, "lead"), "休假")
    granted = run(world, "administrator", grant_role, id_of(world, "reviewer"), new)
    with standing_at(NOON), world.session() as current:
        token = open_session(current, account_of(current, id_of(world, "reviewer")))
        found = signed_in(current, token, TODAY)
    assert found is not None
    assert GrantFacts(granted, Role.alliance_lead, TODAY, NEXT_WEEK, True) in found.actor.grants
