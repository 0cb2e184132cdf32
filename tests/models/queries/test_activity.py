"""Reading the record: its filters, days found by halving, one link in full, a stretch as proof."""

import json
from datetime import date, datetime, timedelta
from itertools import pairwise
from typing import Any

import pytest

from models.actions.record import record
from models.actions.steps import system_actor
from models.clock import standing_at
from models.database import session
from models.queries.activity import (
    ActivityFilter,
    ActivityRow,
    activities,
    activity_card,
    doers,
    proof,
    stretch,
    verified,
)
from models.queries.paging import Count, Page, PageRequest
from models.rules.chain import link_hash
from models.rules.errors import NotAllowed, NotFound
from models.rules.roles import Actor, Role
from tests.world import NOON, World

DAYS = 9
LINKS_A_DAY = 4


@pytest.fixture
def filled(world: World) -> World:
    """Nine days with four links each, after what making the world recorded."""
    for day in range(DAYS):
        with standing_at(NOON + timedelta(days=1 + day)), world.session() as current:
            record(current, world.people["lead"], "send_month", f"month:2026-{day:02d}", None, {})
            record(current, world.people["reviewer"], "hold", "claim:A_1", {"a": 1}, {"a": 2})
            record(current, world.people["reviewer"], "release", "claim:AB1", {"a": 2}, {"a": 1})
            record(current, system_actor(), "lapse", "claim:B", None, None)
    return world


def asked(
    world: World, who: str = "auditor", number: int = 1, order: str = "", **wanted: Any
) -> Page[ActivityRow]:
    """One page as somebody sees it."""
    with session(world.engine) as current:
        request = PageRequest(number, 100, order)
        return activities(current, world.people[who], ActivityFilter(**wanted), request)


def test_the_newest_comes_first_and_the_count_is_kept(filled: World) -> None:
    page = asked(filled)
    numbers = [row.seq for row in page]
    assert numbers == list(range(numbers[0], numbers[0] - len(numbers), -1))
    assert page.count == Count(numbers[0])
    assert [row.seq for row in asked(filled, order="seq")][:2] == [1, 2]


def test_a_row_says_who_in_which_role(filled: World) -> None:
    system, reviewer = asked(filled).rows[:2]
    assert (system.name, system.role) == ("", None)
    assert (reviewer.name, reviewer.role) == ("reviewer 1", Role.alliance_reviewer)


# fmt: off
FILTERS: tuple[tuple[dict[str, Any], int], ...] = (
    ({"verb": "hold"},                                              DAYS),
    ({"subjects": ("claim:",)},                                         DAYS * 3),
    ({"subjects": ("claim:A_",)},                                       DAYS),
    ({"subjects": ("claim:A_", "claim:B")},                         DAYS * 2),
    ({"subjects": ("claim:%",)},                                        0),
    ({"subjects": ("claim:A",), "verb": "release"},                     DAYS),
    ({"from_on": date(2026, 11, 21), "to_on": date(2026, 11, 21)},  LINKS_A_DAY),
    ({"from_on": date(2026, 11, 28)},                               LINKS_A_DAY * 2),
    ({"from_on": date(2026, 11, 28), "verb": "hold"},               2),
    ({"from_on": date(2027, 1, 1)},                                 0),
    ({"to_on": date(2026, 1, 1)},                                   0),
)
# fmt: on


def test_filters(filled: World) -> None:
    for wanted, rows in FILTERS:
        page = asked(filled, **wanted)
        assert (len(page.rows), page.count) == (rows, Count(rows)), wanted


def test_by_account_and_by_the_system(filled: World) -> None:
    lead = filled.people["lead"].account_id
    assert {row.verb for row in asked(filled, account_id=lead)} == {"send_month"}
    assert {row.verb for row in asked(filled, account_id=0)} >= {"lapse"}


def test_an_empty_record(database: Any) -> None:
    with session(database) as current:
        assert stretch(current, None, None) == (1, 0)
        assert stretch(current, date(2026, 1, 1), date(2026, 1, 2)) == (1, 0)


CLOSED = ("reviewer", "leader", "agency", "enterprise", "bureau", "committee", "finance")


def test_the_record_is_closed_to_others(world: World) -> None:
    with session(world.engine) as current:
        for who in CLOSED:
            _refuses(current, world.people[who])


def _refuses(current: Any, actor: Actor) -> None:
    with pytest.raises(NotAllowed):
        activities(current, actor, ActivityFilter(), PageRequest())
    with pytest.raises(NotAllowed):
        activity_card(current, actor, 1)
    with pytest.raises(NotAllowed):
        doers(current, actor)
    with pytest.raises(NotAllowed):
        list(proof(current, actor, 1, 2))


def test_one_link_in_full(filled: World) -> None:
    (row,) = asked(filled, verb="hold", from_on=date(2026, 11, 29)).rows
    with session(filled.engine) as current:
        card = activity_card(current, filled.people["lead"], row.seq)
        with pytest.raises(NotFound):
            activity_card(current, filled.people["lead"], 10**9)
    assert (card.row, card.username) == (row, "reviewer")
    assert card.row.change == ({"a": 1}, {"a": 2})
    assert len(card.hash) == len(card.previous_hash) == 64


def test_a_link_of_the_system_has_no_username(filled: World) -> None:
    (row,) = asked(filled, verb="lapse", from_on=date(2026, 11, 29)).rows
    with session(filled.engine) as current:
        assert activity_card(current, filled.people["auditor"], row.seq).username == ""


def test_the_proof_can_be_verified_with_nothing_but_itself(filled: World) -> None:
    """SHA-256 over the object without its hash, and every link names the one before."""
    with session(filled.engine) as current:
        lines = [json.loads(line) for line in proof(current, filled.people["auditor"], 3, 30)]
    assert [line["seq"] for line in lines] == list(range(3, 31))
    for earlier, later in pairwise(lines):
        assert later["previous_hash"] == earlier["hash"]
    for line in lines:
        assert link_hash({**line, "at_utc": datetime.fromisoformat(line["at_utc"])}) == line["hash"]


def test_doers_are_all_accounts(filled: World) -> None:
    with session(filled.engine) as current:
        assert len(doers(current, filled.people["auditor"])) == len(filled.people)


def test_verifying_from_the_screen(world: World) -> None:
    with session(world.engine) as current:
        assert verified(current, world.people["lead"]).is_sound
        with pytest.raises(NotAllowed):
            verified(current, world.people["reviewer"])
