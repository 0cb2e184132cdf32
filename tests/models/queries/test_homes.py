"""The start page's own part: an enterprise, an agency, the administrator; claims nobody may decide."""

from datetime import timedelta

import pytest
from sqlmodel import col, select

from models.actions.accounts import lift_sign_in_block, lock_account
from models.actions.grants import NewGrant, grant_role
from models.actions.sign_in import Source, answer_sign_in, waiting_time
from models.actions.steps import system_actor
from models.database import session
from models.queries.covers import covers_listed
from models.queries.homes import Home, WithoutAccount, claims_without_anyone, home_of
from models.queries.sign_in_blocks import block_of, blocks_now
from models.rules.claim_workflow import Action, State
from models.rules.errors import AlreadyDone, NotAllowed
from models.rules.roles import Role
from models.tables.organisations import Admission, Agency
from models.tables.people import Account
from models.tables.record import Activity
from tests.models.actions.small_words import BACK
from tests.town import Town
from tests.world import NOON, TODAY

A, S = Action, State
HERE = Source("a browser", "10.0.0.1")


def home(town: Town, who: str) -> Home:
    """What somebody's start page says."""
    with session(town.engine) as current:
        return home_of(current, town.people[who], TODAY)


def test_an_enterprise_finds_its_agreements_claims_and_what_it_is_asked(town: Town) -> None:
    paid = town.at(S.closed)
    town.file(confirmed_on=None, paid_before_fen=None, paid_after_fen=None, satisfaction=None)
    town.file(agreement_id=town.agreements["second"])
    own = home(town, "enterprise")
    assert {row.number for row in own.agreements} == {"XY-2026-001", "XY-2026-software"}
    assert len(own.claims) == 2
    row = next(row for row in own.claims if row.number == paid)
    assert (row.state, row.reward_fen, row.reward_paid_fen) == (S.closed, 2_000_000, 2_000_000)
    (asked,) = own.answers
    assert asked.service_code == "hnte_first"
    assert home(town, "agency").agreements == home(town, "leader").claims == ()


def test_an_agency_reads_what_is_missing_and_until_when(town: Town) -> None:
    number = town.file()
    town.file(agreement_id=town.agreements["second"])
    town.step("reviewer", number, A.return_pre_review, reasons=("R01", "R03"), note="补盖章")
    (row,) = home(town, "agency").to_put_right
    assert (row.number, row.reasons, row.note) == (number, ("R01", "R03"), "补盖章")
    assert str(row.due).startswith("2026-12-")
    assert home(town, "agency2").to_put_right == home(town, "reviewer").to_put_right == ()


def test_grants_that_end_soon_and_covers_are_shown_to_whom_they_concern(town: Town) -> None:
    with town.session() as current:
        boss, cover_for = town.people["administrator"], town.people["bureau"].account_id
        until = TODAY + timedelta(days=10)
        grant_role(current, boss, town.people["committee"].account_id,
                   NewGrant(Role.bureau, TODAY, until, cover_for, "休假"))  # fmt: skip
    (ending,) = home(town, "administrator").endings
    assert (ending.username, ending.role, ending.is_cover) == ("committee", Role.bureau, True)
    for who in ("bureau", "auditor", "administrator"):
        (cover,) = home(town, who).covers
        assert (cover.name, cover.covers, cover.reason) == ("committee 1", "bureau 1", "休假")
        assert cover.holds_on(TODAY)
    assert home(town, "lead").covers == ()
    with session(town.engine) as current, pytest.raises(NotAllowed):
        covers_listed(current, town.people["reviewer"], TODAY)
    with session(town.engine) as current:
        assert covers_listed(current, boss, TODAY + timedelta(days=200)) == ()


def test_a_claim_all_of_whose_people_acted_elsewhere_or_are_tied_is_named(town: Town) -> None:
    number, free = town.at(S.applied), town.at(S.pre_reviewed)

    def stuck() -> tuple[str, ...]:
        with session(town.engine) as current:
            return claims_without_anyone(current, TODAY).numbers

    assert stuck() == ()
    town.tie("bureau", agency_id=town.agency_id)
    assert stuck() == ()
    with town.session() as current:
        lock_account(current, system_actor(), town.people["bureau2"].account_id)
    assert stuck() == (number,)
    for who in ("lead", "lead2"):
        town.tie(who, enterprise_id=town.enterprise_id)
    assert set(stuck()) == {number, free}
    town.step("bureau2", number, A.hold, **BACK)
    assert number in stuck()


# ---------------------------------------------------------------- blocked sign-ins


def fail(town: Town, username: str, times: int = 5) -> None:
    """Somebody types wrong passwords."""
    for _ in range(times):
        with town.session() as current:
            answer_sign_in(current, username, HERE, None)


def test_an_admitted_agency_nobody_can_sign_in_for_is_told_to_the_administrator(town: Town) -> None:
    before = home(town, "administrator").without_account
    with town.session() as current:
        for at, admission in enumerate(Admission):
            current.add(
                Agency(
                    uscc=f"91210231MA0ZH000{at}X", name=f"大连示例{admission}机构有限公司",
                    admission=admission, joined_on=TODAY, payee_name="-", changed_at_utc=NOON,
                )
            )  # fmt: skip
    after = home(town, "administrator").without_account
    assert after.agencies == before.agencies + 1
    assert (after.newest[0].name, after.newest[0].joined_on) == (
        "大连示例admitted机构有限公司",
        TODAY,
    )
    own = next(one for one in town.people.values() if one.agency_id == town.agency_id)
    with town.session() as current:
        lock_account(current, town.people["administrator"], own.account_id)
    assert home(town, "administrator").without_account.agencies == after.agencies + 1
    for who in ("lead", "auditor", "agency2"):
        assert home(town, who).without_account == WithoutAccount()


def test_a_block_is_shown_and_lifted_by_the_administrator_and_recorded(town: Town) -> None:
    boss, victim = town.people["administrator"], town.people["reviewer"].account_id
    fail(town, "reviewer")
    fail(town, "nobody")
    with session(town.engine) as current:
        known, unknown = blocks_now(current, boss)
        assert (known.username, known.sources, unknown.username) == ("reviewer", 1, "")
        assert block_of(current, boss, "lead") is None
        assert blocks_now(current, town.people["auditor"]) == (known, unknown)
    assert [block.username for block in home(town, "administrator").blocks] == ["reviewer", ""]
    with town.refused(NotAllowed), town.session() as current:
        lift_sign_in_block(current, town.people["auditor"], victim)
    with town.session() as current:
        lift_sign_in_block(current, boss, victim)
    with session(town.engine) as current:
        assert block_of(current, boss, "reviewer") is None
        assert waiting_time(current, "reviewer", HERE) is None
        assert waiting_time(current, "nobody", HERE) is not None
        newest = select(Activity).order_by(col(Activity.seq).desc())
        link = current.exec(newest).first()
        assert link is not None
        assert (link.verb, link.subject) == ("lift_sign_in_block", "account:reviewer")
        assert current.get_one(Account, victim).is_locked is False
    with town.refused(AlreadyDone, "没有登录限制"), town.session() as current:
        lift_sign_in_block(current, boss, victim)
