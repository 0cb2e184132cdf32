"""From a password to a ticket, from it to a session; failures counted per name and source."""

from datetime import timedelta

import pytest
from sqlalchemy import select

from models.actions.accounts import lock_account
from models.actions.sign_in import (
    KEEP_ENDED,
    SignInAnswer,
    Source,
    answer_sign_in,
    enter,
    keep_awake,
    leave,
    open_session,
    waiting_time,
)
from models.clock import standing_at
from models.database import deployment
from models.queries.sign_in import SignedIn, signed_in
from models.rules.digest import sha256_hex
from models.rules.sign_in import TICKET_LIFE
from models.tables.claims import Claim
from models.tables.people import Account, BrowserSession, SignInGuard, SignInTicket
from models.tables.record import Activity
from tests.world import NOON, TODAY, World

HOME = Source("home-browser", "10.0.0.1")
CAFE = Source("cafe-browser", "10.9.9.9")


def try_password(world: World, *, right: bool, source: Source = HOME) -> SignInAnswer:
    """A password typed for `reviewer`."""
    account_id = world.people["reviewer"].account_id if right else None
    with world.session() as current:
        return answer_sign_in(current, "reviewer", source, account_id)


def ticket_of(world: World, source: Source = HOME) -> str:
    """The ticket a right password gives."""
    ticket = try_password(world, right=True, source=source).ticket
    assert ticket
    return ticket


def entered(world: World, ticket: str, browser: str = HOME.browser) -> str | None:
    """The session's token, if the ticket opens one."""
    with world.session() as current:
        return enter(current, ticket, browser, "Browser 1.0")


def visitor(world: World, token: str | None) -> SignedIn | None:
    """Who the token says is there now."""
    with world.session() as current:
        return signed_in(current, token, TODAY)


def test_a_right_password_leads_to_a_session_with_todays_roles(world: World) -> None:
    found = visitor(world, entered(world, ticket_of(world)))
    assert found is not None
    assert found.username == "reviewer"
    assert found.actor.roles == world.people["reviewer"].roles
    assert found.account_id == world.people["reviewer"].account_id
    assert not found.is_demonstration


def test_only_hashes_are_kept(world: World) -> None:
    ticket = ticket_of(world)
    token = entered(world, ticket)
    assert token
    with world.session() as current:
        assert current.execute(select(SignInTicket.token_hash)).scalar() == sha256_hex(ticket)
        assert current.execute(select(BrowserSession.token_hash)).scalar() == sha256_hex(token)


def test_a_ticket_opens_one_session_only(world: World) -> None:
    ticket = ticket_of(world)
    assert entered(world, ticket)
    assert entered(world, ticket) is None


def test_a_ticket_is_good_in_its_own_browser_only(world: World) -> None:
    assert entered(world, ticket_of(world), CAFE.browser) is None


def test_a_ticket_expires(world: World) -> None:
    ticket = ticket_of(world)
    with standing_at(NOON + TICKET_LIFE):
        assert entered(world, ticket) is None


def test_an_invented_ticket_opens_nothing(world: World) -> None:
    assert entered(world, "invented") is None


def test_a_ticket_of_an_account_locked_meanwhile_opens_nothing(world: World) -> None:
    ticket = ticket_of(world)
    with world.session() as current:
        lock_account(current, world.people["administrator"], world.people["reviewer"].account_id)
    assert entered(world, ticket) is None


def test_old_tickets_and_sessions_are_swept_out(world: World) -> None:
    first = ticket_of(world)
    entered(world, first)
    with standing_at(NOON + KEEP_ENDED + timedelta(days=2)):
        token = entered(world, ticket_of(world))
        with world.session() as current:
            assert len(current.execute(select(SignInTicket)).all()) == 1
            kept = current.execute(select(BrowserSession.token_hash)).scalars().all()
    assert token
    assert kept == [sha256_hex(token)]


def test_no_token_is_nobody(world: World) -> None:
    assert visitor(world, None) is None
    assert visitor(world, "") is None
    assert visitor(world, "guessed") is None


def test_a_session_ends_after_its_hours(world: World) -> None:
    token = entered(world, ticket_of(world))
    hours, idle = deployment().session_hours, deployment().session_idle_minutes
    at = NOON
    while at < NOON + timedelta(hours=hours) - timedelta(minutes=idle // 2):
        at += timedelta(minutes=idle // 2)
        with standing_at(at), world.session() as current:
            found = signed_in(current, token, TODAY)
            assert found is not None, at
            keep_awake(current, found.session_id)
    with standing_at(NOON + timedelta(hours=hours)):
        assert visitor(world, token) is None


def test_a_session_nobody_uses_falls_asleep(world: World) -> None:
    token = entered(world, ticket_of(world))
    idle = timedelta(minutes=deployment().session_idle_minutes)
    with standing_at(NOON + idle - timedelta(seconds=1)):
        assert visitor(world, token)
    with standing_at(NOON + idle):
        assert visitor(world, token) is None


def test_leaving_ends_the_session_frees_the_claims_and_is_recorded(world: World) -> None:
    number = world.file()
    token = entered(world, ticket_of(world))
    with world.session() as current:
        claim = current.execute(select(Claim).where(Claim.number == number)).scalar_one()
        claim.lease_account_id = world.people["reviewer"].account_id
        claim.lease_taken_at_utc, claim.lease_until_utc = NOON, NOON + timedelta(hours=1)
        current.add(claim)
    with world.session() as current:
        leave(current, token)
    assert visitor(world, token) is None
    with world.session() as current:
        claim = current.execute(select(Claim).where(Claim.number == number)).scalar_one()
        assert claim.lease_account_id is None
        verbs = current.execute(select(Activity.verb).order_by(Activity.seq.desc())).scalars()
        assert [*verbs][:2] == ["sign_out", "sign_in"]


def test_leaving_twice_is_quiet(world: World) -> None:
    token = entered(world, ticket_of(world))
    for _again in range(2):
        with world.session() as current:
            leave(current, token)
    with world.session() as current:
        signs = select(Activity.verb).where(Activity.verb == "sign_out")
        assert len(current.execute(signs).all()) == 1


def test_a_wrong_password_says_nothing_about_the_account(world: World) -> None:
    wrong = try_password(world, right=False)
    with world.session() as current:
        unknown = answer_sign_in(current, "nobody-of-that-name", HOME, None)
    assert wrong == unknown
    assert wrong.ticket is None


def test_five_wrong_passwords_shut_the_name_to_that_source(world: World) -> None:
    for _try in range(5):
        answer = try_password(world, right=False)
    assert "15 分钟" in str(answer.reason)
    shut = try_password(world, right=True)
    assert shut.ticket is None
    assert "15" in str(shut.reason)


def test_what_was_counted_survives_a_restart_and_lapses(world: World) -> None:
    for _try in range(5):
        try_password(world, right=False)
    world.engine.dispose()
    with standing_at(NOON + timedelta(minutes=14, seconds=59)):
        assert try_password(world, right=True).ticket is None
    with standing_at(NOON + timedelta(minutes=15)):
        assert try_password(world, right=True).ticket


def test_the_wait_doubles_and_a_quiet_day_forgets(world: World) -> None:
    for _try in range(5):
        try_password(world, right=False)
    with standing_at(NOON + timedelta(minutes=16)):
        assert "30" in str(try_password(world, right=False).reason)
    with standing_at(NOON + timedelta(days=2)):
        assert try_password(world, right=False).reason == try_password(world, right=False).reason
        with world.session() as current:
            assert current.execute(select(SignInGuard.failures)).scalar() == 2


def test_somebody_elsewhere_does_not_shut_out_the_person_at_home(world: World) -> None:
    ticket_of(world, HOME)
    for _try in range(8):
        try_password(world, right=False, source=CAFE)
    assert try_password(world, right=True, source=CAFE).ticket is None
    assert try_password(world, right=True, source=HOME).ticket


def test_a_colleague_at_the_same_address_does_not_shut_out_a_known_browser(world: World) -> None:
    ticket_of(world, HOME)
    colleague = Source("another-browser", HOME.address)
    for _try in range(8):
        try_password(world, right=False, source=colleague)
    assert try_password(world, right=True, source=HOME).ticket


def test_dropping_the_cookie_gives_no_new_tries(world: World) -> None:
    for number in range(5):
        try_password(world, right=False, source=Source(f"fresh-{number}", CAFE.address))
    fresh = Source("fresh-again", CAFE.address)
    assert try_password(world, right=True, source=fresh).ticket is None


def test_a_known_browser_is_counted_by_itself(world: World) -> None:
    ticket_of(world, HOME)
    for _try in range(5):
        try_password(world, right=False, source=HOME)
    assert try_password(world, right=True, source=HOME).ticket is None
    neighbour = Source("another-browser", HOME.address)
    assert try_password(world, right=True, source=neighbour).ticket


def test_entering_clears_what_the_address_was_charged_with(world: World) -> None:
    for _try in range(4):
        try_password(world, right=False)
    ticket_of(world)
    with world.session() as current:
        assert waiting_time(current, "reviewer", HOME) is None
        assert [guard.failures for guard in current.execute(select(SignInGuard)).scalars()] == [0]


def test_another_name_from_the_same_source_is_free(world: World) -> None:
    for _try in range(5):
        try_password(world, right=False)
    with world.session() as current:
        assert waiting_time(current, "lead", HOME) is None


@pytest.mark.parametrize("language", ["", "en"])
def test_the_visitor_brings_the_accounts_language(world: World, language: str) -> None:
    with world.session() as current:
        account = current.get_one(Account, world.people["lead"].account_id)
        account.language = language
        current.add(account)
        token = open_session(current, account)
    found = visitor(world, token)
    assert found is not None
    assert found.language == language
