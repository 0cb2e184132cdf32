"""The official table says who fills it in: the setting's default, or its version of the day."""

from collections.abc import Iterator
from datetime import date

import pytest
from sqlalchemy import Engine

from components.month_document import month_table
from models.actions.months import send_month
from models.clock import standing_at
from models.database import session
from models.queries.month_sending import sheet_seen
from models.rules.claim_workflow import Action
from models.rules.settings import SETTING_OF
from models.tables.reference import Setting
from tests.world import NOON, World, later, make_world

DEFAULT = SETTING_OF["alliance_name"].default


@pytest.fixture
def world(sqlite_database: Engine) -> Iterator[World]:
    """A world with a claim that passed, the clock at noon."""
    with standing_at(NOON):
        world = make_world(sqlite_database)
        world.step("reviewer", world.file(), Action.pass_pre_review)
        yield world


def unit(world: World) -> str:
    """Who fills in the month's table, as it would be printed now."""
    with session(world.engine) as current:
        return month_table(current, world.people["lead"], "2026-11").unit


def test_a_draft_is_filled_in_by_whom_the_setting_names(world: World) -> None:
    assert unit(world) == DEFAULT
    name(world, "示例科技创新服务联盟", date(2026, 1, 1))
    assert unit(world) == "示例科技创新服务联盟"


def test_a_sent_month_keeps_the_name_of_the_day_it_was_sent(world: World) -> None:
    with world.session() as current:
        lead = world.people["lead"]
        send_month(current, lead, "2026-11", sheet_seen(current, lead, "2026-11"))
    with later(days=20):
        name(world, "示例科技创新服务联盟", date(2026, 12, 1))
        assert unit(world) == DEFAULT


def name(world: World, alliance: str, from_on: date) -> None:
    """The alliance is called so from a day on."""
    with world.session() as current:
        current.add(
            Setting(key="alliance_name", value=alliance, valid_from=from_on, confirmed_at_utc=NOON)
        )
