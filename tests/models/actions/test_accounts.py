"""Accounts: adding, passwords, locking, sessions, language; and who may not."""

from collections.abc import Callable
from typing import Any

import pytest
from sqlalchemy import select
from sqlmodel import Session

from models.actions.accounts import (
    NewAccount,
    account_of,
    add_account,
    change_own_password,
    choose_language,
    lock_account,
    one_time_password,
    reset_password,
    set_password,
    sign_out_everywhere,
    unlock_account,
)
from models.actions.grants import NewGrant, grant_role
from models.actions.sign_in import Source, answer_sign_in, open_session
from models.database import session
from models.queries.sign_in import guards, signed_in
from models.queries.verification import verify
from models.rules import passwords
from models.rules.errors import (
    AlreadyDone,
    NotAllowed,
    NotAvailable,
    NotFound,
    PasswordTooWeak,
    Refusal,
    SignInRefused,
)
from models.rules.passwords import password_hash, password_matches, password_problem
from models.rules.roles import Actor, Role
from models.tables.people import Account
from models.tables.record import Activity
from tests.world import PEOPLE, TODAY, World

SYSTEM = Actor(0, "system", is_system=True)
PASSWORD = "zero-fee-demo"
NEW = NewAccount("Li.Ming", " 李明 ")


@pytest.fixture(autouse=True)
def cheap_hashes(monkeypatch: pytest.MonkeyPatch) -> None:
    """Tests hash with the least work."""
    monkeypatch.setattr(passwords, "HASH_COST", 4)


def run(world: World, who: str, action: Callable[..., Any], *args: Any) -> Any:
    """Somebody's action in a transaction of its own."""
    actor = SYSTEM if who == "system" else world.people[who]
    with world.session() as current:
        return action(current, actor, *args)


def account(world: World, account_id: int) -> Account:
    """An account as it is kept."""
    with session(world.engine) as current:
        return account_of(current, account_id)


def signed_in_as(world: World, who: str) -> str:
    """A token of somebody's new session."""
    with world.session() as current:
        return open_session(current, account_of(current, world.people[who].account_id))


def is_signed_in(world: World, token: str) -> bool:
    """Whether a token still opens."""
    with session(world.engine) as current:
        return signed_in(current, token, TODAY) is not None


def test_the_system_adds_the_first_account_of_an_empty_deployment(database: Any) -> None:
    with session(database, write=True) as current:
        added = add_account(current, SYSTEM, NEW, PASSWORD)
        grant_role(current, SYSTEM, added, NewGrant(Role.administrator, TODAY))
    with session(database) as current:
        kept = account_of(current, added)
        assert (kept.username, kept.display_name) == ("li.ming", "李明")
        assert kept.must_change_password
        assert password_matches(PASSWORD, kept.password_hash)
        assert verify(current).first_broken is None


def test_an_administrator_adds_an_account_that_speaks_for_an_agency(world: World) -> None:
    new = NewAccount("agency09", "机构 9", agency_id=world.agency_id, language="en")
    kept = account(world, run(world, "administrator", add_account, new, PASSWORD))
    assert (kept.agency_id, kept.enterprise_id, kept.language) == (world.agency_id, None, "en")


@pytest.mark.parametrize("name", ["a", "-li", "li ming", "李明", "li@ming", "x" * 65, ""])
def test_a_name_an_account_cannot_have_is_refused(world: World, name: str) -> None:
    with pytest.raises(NotAvailable):
        run(world, "administrator", add_account, NewAccount(name, "李明"), PASSWORD)


@pytest.mark.parametrize("name", ["", "  ", "长" * 65])
def test_a_person_needs_a_name(world: World, name: str) -> None:
    with pytest.raises(NotAvailable):
        run(world, "administrator", add_account, NewAccount("liming", name), PASSWORD)


def test_a_name_is_taken_once(world: World) -> None:
    with pytest.raises(AlreadyDone, match="reviewer"):
        run(world, "administrator", add_account, NewAccount("Reviewer", "李明"), PASSWORD)


def test_a_weak_password_adds_nothing(world: World) -> None:
    with pytest.raises(PasswordTooWeak):
        run(world, "system", add_account, NEW, "123456")
    with session(world.engine) as current:
        assert current.execute(select(Account).where(Account.username == "li.ming")).first() is None


# ---------------------------------------------------------------- who may


DOORS: dict[str, Callable[[Session, Actor, int], object]] = {
    "add_account": lambda s, a, _id: add_account(s, a, NEW, PASSWORD),
    "set_password": lambda s, a, id_: set_password(s, a, id_, PASSWORD),
    "reset_password": reset_password,
    "lock_account": lock_account,
    "unlock_account": unlock_account,
    "sign_out_everywhere": sign_out_everywhere,
}


@pytest.mark.parametrize("door", DOORS)
@pytest.mark.parametrize("who", sorted(PEOPLE))
def test_only_the_administrator_manages_other_accounts(world: World, who: str, door: str) -> None:
    target = world.people["reviewer2" if who != "reviewer2" else "reviewer"].account_id
    if PEOPLE[who] is Role.administrator:
        run(world, who, DOORS[door], target)
    else:
        with pytest.raises(NotAllowed):
            run(world, who, DOORS[door], target)


@pytest.mark.parametrize("door", [name for name in DOORS if name != "add_account"])
def test_an_account_that_does_not_exist_is_not_found(world: World, door: str) -> None:
    with pytest.raises(NotFound):
        run(world, "administrator", DOORS[door], 999_999)


# ---------------------------------------------------------------- passwords


def with_password(world: World, who: str) -> int:
    """Give somebody a password; the id."""
    with world.session() as current:
        kept = account_of(current, world.people[who].account_id)
        kept.password_hash, kept.must_change_password = password_hash(PASSWORD), True
        current.add(kept)
    return world.people[who].account_id


def test_changing_ones_password_keeps_this_browser_only(world: World) -> None:
    account_id = with_password(world, "reviewer")
    here, elsewhere = signed_in_as(world, "reviewer"), signed_in_as(world, "reviewer")
    run(world, "reviewer", change_own_password, PASSWORD, "another good phrase", here)
    kept = account(world, account_id)
    assert password_matches("another good phrase", kept.password_hash)
    assert not kept.must_change_password
    assert is_signed_in(world, here)
    assert not is_signed_in(world, elsewhere)


@pytest.mark.parametrize(
    ("current", "new", "refusal"),
    [
        ("wrong", "another good phrase", SignInRefused),
        (PASSWORD, PASSWORD, NotAvailable),
        (PASSWORD, "123456", PasswordTooWeak),
        (PASSWORD, "reviewer-has-a-key", PasswordTooWeak),
    ],
)
def test_a_bad_change_of_password_changes_nothing(
    world: World, current: str, new: str, refusal: type[Refusal]
) -> None:
    account_id = with_password(world, "reviewer")
    before = account(world, account_id).password_hash
    with pytest.raises(refusal):
        run(world, "reviewer", change_own_password, current, new, None)
    assert account(world, account_id).password_hash == before


def test_a_reset_password_is_good_once_and_ends_every_session(world: World) -> None:
    token = signed_in_as(world, "reviewer")
    account_id = world.people["reviewer"].account_id
    source = Source("b", "a")
    with world.session() as current:
        answer_sign_in(current, "reviewer", source, None)
    password = run(world, "administrator", reset_password, account_id)
    kept = account(world, account_id)
    assert password_matches(password, kept.password_hash)
    assert kept.must_change_password
    assert not is_signed_in(world, token)
    with session(world.engine) as current:
        assert guards(current, "reviewer", source.names) == {}


def test_one_time_passwords_are_good_and_differ() -> None:
    made = {one_time_password() for _ in range(50)}
    assert len(made) == 50
    assert [password_problem(password, "reviewer") for password in made] == [None] * 50


# ---------------------------------------------------------------- locking and sessions


def test_locking_acts_at_once_and_unlocking_lets_in_again(world: World) -> None:
    token, account_id = signed_in_as(world, "reviewer"), world.people["reviewer"].account_id
    run(world, "administrator", lock_account, account_id)
    assert not is_signed_in(world, token)
    with pytest.raises(AlreadyDone):
        run(world, "administrator", lock_account, account_id)
    run(world, "administrator", unlock_account, account_id)
    assert not is_signed_in(world, token)
    assert is_signed_in(world, signed_in_as(world, "reviewer"))


def test_nobody_locks_the_own_account(world: World) -> None:
    own = world.people["administrator"].account_id
    with pytest.raises(NotAvailable, match="自己"):
        run(world, "administrator", lock_account, own)


def test_the_last_administrator_is_not_locked_by_a_cover_that_has_ended(world: World) -> None:
    """An actor whose grant ended while the page was open could lock the last administrator."""
    administrator = world.people["administrator"]
    stale = Actor(world.people["lead"].account_id, "stale", administrator.grants)
    with pytest.raises(NotAvailable, match="至少"), world.session() as current:
        lock_account(current, stale, administrator.account_id)
    assert not account(world, administrator.account_id).is_locked


def test_the_system_may_lock_even_the_last_administrator(world: World) -> None:
    account_id = world.people["administrator"].account_id
    run(world, "system", lock_account, account_id)
    assert account(world, account_id).is_locked


def test_everybody_may_sign_out_everywhere(world: World) -> None:
    tokens = [signed_in_as(world, "lead") for _ in range(3)]
    other = signed_in_as(world, "reviewer")
    assert run(world, "lead", sign_out_everywhere, world.people["lead"].account_id) == 3
    assert [is_signed_in(world, token) for token in tokens] == [False] * 3
    assert is_signed_in(world, other)


# ---------------------------------------------------------------- language and record


def test_the_language_chosen_is_kept(world: World) -> None:
    run(world, "lead", choose_language, "en")
    assert account(world, world.people["lead"].account_id).language == "en"
    with pytest.raises(NotAvailable):
        run(world, "lead", choose_language, "xx")


def test_every_write_is_recorded_without_a_password(world: World) -> None:
    account_id = with_password(world, "reviewer2")
    run(world, "administrator", add_account, NEW, PASSWORD)
    run(world, "administrator", set_password, account_id, PASSWORD)
    run(world, "administrator", lock_account, account_id)
    run(world, "administrator", unlock_account, account_id)
    run(world, "administrator", sign_out_everywhere, account_id)
    run(world, "reviewer2", change_own_password, PASSWORD, "another good phrase", None)
    run(world, "reviewer2", choose_language, "en")
    with session(world.engine) as current:
        rows = current.execute(select(Activity).order_by(Activity.seq.desc()).limit(7)).scalars()
        written = [*rows]
        assert [row.verb for row in reversed(written)] == [
            "add_account",
            "set_password",
            "lock_account",
            "unlock_account",
            "sign_out_everywhere",
            "change_own_password",
            "choose_language",
        ]
        assert PASSWORD not in str([(row.before, row.after) for row in written])
        assert "$2b$" not in str([(row.before, row.after) for row in written])
        assert verify(current).first_broken is None
