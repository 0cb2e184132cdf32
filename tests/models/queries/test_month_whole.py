"""A sent month as a whole: which rows an office may decide, each through the guarded step."""

from __future__ import annotations

from models.actions.months import send_month
from models.actions.objections import record_objection
from models.actions.screen_step import take_step_on_screen
from models.actions.steps import Seen
from models.clock import now_utc
from models.database import session
from models.queries.month_sending import sheet_seen
from models.queries.month_whole import WholeMonth, whole_month
from models.rules.claim_workflow import Action, State
from models.rules.errors import Refusal, SeenIsStale
from models.rules.objections import ObjectionEntry, ObjectionForm
from tests.town import NOTICE_DAYS, Town
from tests.world import PDF, TODAY, later

MONTH = "2026-11"
LETTER = ObjectionEntry("王某", ObjectionForm.named, TODAY, "不属实", (("a.pdf", PDF),))


def sent(town: Town, count: int) -> list[str]:
    """So many claims in the month's sent application."""
    numbers = [town.at(State.pre_reviewed) for _ in range(count)]
    with town.session() as current:
        lead = town.people["lead"]
        send_month(current, lead, MONTH, sheet_seen(current, lead, MONTH))
    return numbers


def whole(town: Town, who: str) -> WholeMonth | None:
    """What somebody may decide of the month."""
    with session(town.engine) as current:
        return whole_month(current, town.people[who], MONTH)


def take_all(town: Town, who: str, found: WholeMonth) -> dict[str, str]:
    """Every row through the step of a screen; the refusals by number."""
    refused = {}
    for row in found.rows:
        try:
            with town.session() as current:
                take_step_on_screen(
                    current, town.people[who], row.number, found.action,
                    Seen(row.version, row.digest), batch_id=found.batch_id,
                )  # fmt: skip
        except Refusal as refusal:
            refused[row.number] = type(refusal).__name__
    return refused


def test_each_office_takes_its_step_on_the_whole_month_row_by_row(town: Town) -> None:
    numbers = sent(town, 4)
    town.tie("bureau", agency_id=town.agency2_id)
    bureau = whole(town, "bureau")
    assert bureau is not None
    assert (bureau.action, [row.number for row in bureau.rows]) == (
        Action.pass_re_review, numbers,
    )  # fmt: skip
    assert (bureau.total_fen, bureau.others) == (4 * 5_000_000, 0)
    town.step("bureau2", numbers[1], Action.hold, reasons=("R01",))
    town.step("bureau2", numbers[2], Action.pass_re_review)
    assert take_all(town, "bureau", bureau) == {
        numbers[1]: SeenIsStale.__name__, numbers[2]: SeenIsStale.__name__,
    }  # fmt: skip
    assert take_all(town, "bureau", bureau).keys() == {numbers[1], numbers[2]}  # a second click
    committee = whole(town, "committee")
    assert committee is not None
    assert [row.number for row in committee.rows] == [numbers[0], numbers[2], numbers[3]]
    assert take_all(town, "committee", committee) == {}
    assert {town.state(one) for one in (numbers[0], numbers[2])} == {State.approved}
    events = town.events(numbers[0])
    assert [event.batch_id for event in events[-3:]] == [committee.batch_id] * 3
    assert town.is_sound()


def test_finance_is_offered_what_may_be_paid(town: Town) -> None:
    first, objected, _left = numbers = sent(town, 3)
    for number in numbers:
        town.step("bureau", number, Action.pass_re_review)
        town.step("committee", number, Action.approve)
    with town.session() as current:
        record_objection(current, town.people["reviewer2"], objected, LETTER)
    town.step("finance2", numbers[2], Action.return_office, reasons=("R10",))
    waiting = whole(town, "finance")
    assert waiting is not None
    assert (waiting.rows, waiting.others) == ((), 2)
    with later(days=NOTICE_DAYS):
        found = whole(town, "finance")
        assert found is not None
        assert ([row.number for row in found.rows], found.others) == ([first], 1)
        assert take_all(town, "finance", found) == {}
    assert town.state(first) is State.agency_paid


def test_what_a_colleague_has_taken_is_not_among_them(sqlite_only: Town) -> None:
    taken, free = sent(sqlite_only, 2)
    until = now_utc().replace(year=2027)
    sqlite_only.change(
        type(sqlite_only.claim(taken)), type(sqlite_only.claim(taken)).number == taken,
        lease_account_id=sqlite_only.people["bureau2"].account_id, lease_taken_at_utc=now_utc(),
        lease_until_utc=until,
    )  # fmt: skip
    found = whole(sqlite_only, "bureau")
    assert found is not None
    assert ([row.number for row in found.rows], found.others) == ([free], 1)


def test_who_holds_no_such_office_is_offered_nothing_and_an_unsent_month_neither(
    sqlite_only: Town,
) -> None:
    assert whole(sqlite_only, "bureau") is None
    sent(sqlite_only, 1)
    for who in ("reviewer", "lead", "leader", "auditor", "agency"):
        assert whole(sqlite_only, who) is None
