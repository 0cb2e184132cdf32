"""Who somebody is by the name of the account: with today's grants, never a locked one."""

from datetime import UTC, date, datetime

import pytest
from sqlalchemy import Engine

from models.clock import standing_at
from models.database import session
from models.queries.people import actor_named
from models.rules.errors import NotFound
from models.rules.roles import Role
from models.tables.people import Account, Grant

NOON = datetime(2026, 11, 20, 4, tzinfo=UTC)


@pytest.fixture(autouse=True)
def people(database: Engine) -> None:
    """One reviewer whose lead's grant is over, and one locked account."""
    with session(database, write=True) as current:
        for name, is_locked in (("reviewer", False), ("gone", True)):
            account = Account(
                username=name, display_name=name, password_hash="", is_locked=is_locked,
                created_at_utc=NOON, password_changed_at_utc=NOON,
            )  # fmt: skip
            current.add(account)
            current.flush()
            for role, last in (
                (Role.alliance_lead, date(2026, 11, 19)),
                (Role.alliance_reviewer, None),
            ):
                current.add(
                    Grant(
                        account_id=account.id or 0, role=role, valid_from=date(2026, 1, 1),
                        valid_to=last, granted_at_utc=NOON,
                    )
                )  # fmt: skip


def test_an_actor_holds_todays_grants(database: Engine) -> None:
    with session(database) as current, standing_at(NOON):
        actor = actor_named(current, " Reviewer ")
    assert (actor.name, actor.roles) == ("reviewer", frozenset({Role.alliance_reviewer}))
    assert not actor.is_system


@pytest.mark.parametrize("name", ["gone", "nobody", ""])
def test_nobody_else_is_anybody(database: Engine, name: str) -> None:
    with session(database) as current, standing_at(NOON), pytest.raises(NotFound):
        actor_named(current, name)
