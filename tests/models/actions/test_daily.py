"""What the system does by itself once a day."""

from datetime import date, timedelta
from unittest.mock import patch

from sqlmodel import select

from models.actions import daily
from models.actions.daily import judge_again, take_daily_steps
from models.clock import standing_at
from models.database import session
from models.rules.claim_workflow import Action, State
from models.rules.entitlement import Purpose
from models.tables.claims import Claim
from models.tables.money import PolicyRule
from tests.world import NOON, World


def _state(world: World, number: str) -> State:
    with session(world.engine) as current:
        return current.exec(select(Claim.state).where(Claim.number == number)).one()


def test_a_return_nobody_answers_lapses_after_its_days_and_not_before(world: World) -> None:
    number = world.file()
    world.step("reviewer", number, Action.return_pre_review, reasons=("R01",))
    with standing_at(NOON + timedelta(days=28)):  # the 20th working day
        assert take_daily_steps(world.engine) == ()
    with standing_at(NOON + timedelta(days=31)):
        (step,) = take_daily_steps(world.engine)
        assert (step.number, step.action, step.refusal) == (number, Action.lapse, None)
        assert _state(world, number) is State.withdrawn
        assert take_daily_steps(world.engine) == ()


def test_a_paid_claim_without_a_reward_is_closed(world: World) -> None:
    with world.session() as current:
        for rule in current.exec(select(PolicyRule).where(PolicyRule.purpose == Purpose.reward)):
            current.delete(rule)
    number = world.file()
    for who, action in (
        ("reviewer", Action.pass_pre_review),
        ("lead", Action.apply),
        ("bureau", Action.pass_re_review),
        ("committee", Action.approve),
    ):
        world.step(who, number, action)
    with standing_at(NOON + timedelta(days=10)):  # the notice is over
        world.step("finance", number, Action.pay_agency)
        (step,) = take_daily_steps(world.engine)
    assert (step.action, step.refusal) == (Action.close_without_reward, None)
    assert _state(world, number) is State.closed


def test_a_claim_that_cannot_be_moved_is_named_and_keeps_no_other(world: World) -> None:
    stuck, free = world.file(), world.file()
    for number in (stuck, free):
        world.step("reviewer", number, Action.return_pre_review, reasons=("R01",))
    with standing_at(NOON + timedelta(days=31)):
        due = daily.overdue_returns
        with patch.object(daily, "overdue_returns", lambda s, on: ["missing", *due(s, on)]):
            steps = take_daily_steps(world.engine)
    assert [step.number for step in steps if step.refusal] == ["missing"]
    assert {step.number for step in steps if not step.refusal} == {stuck, free}


def _in_short(world: World, number: str) -> tuple[int, int, str]:
    with session(world.engine) as current:
        claim = current.exec(select(Claim).where(Claim.number == number)).one()
    return claim.findings_met, claim.findings_unknown, claim.facts_digest


def test_what_the_day_alone_changes_is_judged_anew_once_a_day(world: World) -> None:
    unasked = {"confirmed_on": None, "paid_before_fen": None, "paid_after_fen": None}
    awaited = world.file(**unasked, satisfaction=None, requested_on=date(2026, 11, 4))
    answered = world.file()
    before, untouched = _in_short(world, awaited), _in_short(world, answered)
    version = world.card("reviewer", awaited).claim.version
    with standing_at(NOON + timedelta(days=1)), patch.object(daily, "JUDGED_AT_ONCE", 1):
        assert judge_again(world.engine) == 1
        assert judge_again(world.engine) == 0
        assert _in_short(world, awaited) != before
        assert _in_short(world, answered) == untouched
        card = world.card("reviewer", awaited)
        assert (card.claim.version, card.digest) == (version, card.claim.facts_digest)


def test_in_a_new_year_every_open_claim_is_judged(world: World) -> None:
    numbers = [world.file() for _ in range(3)]
    world.step("reviewer", numbers[0], Action.refuse_pre_review, reasons=("R01",))
    with standing_at(NOON + timedelta(days=50)):
        assert take_daily_steps(world.engine) == ()
        assert judge_again(world.engine) == 0
        with session(world.engine) as current:
            assert daily.claims_of_the_day(current, date(2026, 11, 20)) == []
    for number in numbers[1:]:
        card = world.card("reviewer", number)
        assert card.claim.findings_at_utc == NOON + timedelta(days=50)
