"""A step from a screen: clicked twice, and clicked on what a colleague has changed."""

from dataclasses import replace

import pytest

from models.actions.screen_step import take_step_on_screen
from models.rules.claim_workflow import Action, State
from models.rules.errors import DecidedUnread, NotFound, SeenIsStale
from tests.world import NOON, World, later


def test_the_second_click_finds_the_step_taken(world: World) -> None:
    number, people = world.file(), world.people
    seen = world.seen("reviewer", number)
    with world.session() as current:
        taken = take_step_on_screen(
            current, people["reviewer"], number, Action.pass_pre_review, seen
        )
    assert taken is not None
    assert taken.state is State.pre_reviewed
    with world.session() as current:
        again = take_step_on_screen(
            current, people["reviewer"], number, Action.pass_pre_review, seen
        )
    assert again is None
    assert len(world.card("reviewer", number).events) == 2


def test_the_slower_person_is_told_who_was_first_and_when(world: World) -> None:
    number = world.file()
    seen = world.seen("reviewer", number)
    world.step("reviewer2", number, Action.hold, reasons=("R01",))
    with pytest.raises(SeenIsStale) as refused, world.session() as current:
        take_step_on_screen(current, world.people["reviewer"], number, Action.pass_pre_review, seen)
    assert "reviewer2 1" in str(refused.value)
    assert "2026-11-20 12:00" in str(refused.value)


def test_a_step_undone_is_not_found_taken(world: World) -> None:
    number = world.file()
    seen = world.seen("reviewer", number)
    world.step("reviewer", number, Action.pass_pre_review, seen=seen)
    world.step("reviewer", number, Action.undo_pre_review)
    with pytest.raises(SeenIsStale), world.session() as current:
        take_step_on_screen(current, world.people["reviewer"], number, Action.pass_pre_review, seen)


def test_a_claim_out_of_sight_is_not_there(world: World) -> None:
    number = world.file()
    with pytest.raises(NotFound), world.session() as current:
        take_step_on_screen(
            current,
            world.people["enterprise"],
            number,
            Action.withdraw,
            world.seen("reviewer", number),
        )


def test_what_has_just_come_on_screen_is_not_decided(world: World) -> None:
    number, actor = world.file(), world.people["reviewer"]
    seen = replace(world.seen("reviewer", number), since_utc=NOON)
    for milliseconds in (0, 400, 999):
        with later(milliseconds=milliseconds), world.session() as current:
            with pytest.raises(DecidedUnread, match=f"{number} 刚刚打开"):
                take_step_on_screen(current, actor, number, Action.pass_pre_review, seen)
    with later(milliseconds=1_000), world.session() as current:
        taken = take_step_on_screen(current, actor, number, Action.pass_pre_review, seen)
    assert taken is not None
    with later(milliseconds=1_050), world.session() as current:
        again = take_step_on_screen(current, actor, number, Action.pass_pre_review, seen)
    assert again is None
