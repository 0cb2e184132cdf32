"""The overview: the month's money, all that is open, durations from arrival, how zero the zero is."""

from datetime import date

from models.database import session
from models.queries.overview import durations
from models.queries.overview_money import (
    MonthMoney,
    StageMoney,
    Sum,
    ZeroLevel,
    money_by_stage,
    month_money,
    zero_level,
)
from models.rules.claim_workflow import Action, State
from models.rules.months import YearMonth
from tests.models.actions.small_words import BACK
from tests.town import NOTICE_DAYS, Town
from tests.world import later

A, S = Action, State
NOVEMBER = YearMonth(2026, 11)


def money(town: Town, who: str = "leader", month: YearMonth = NOVEMBER) -> MonthMoney:
    """A month's money as somebody sees it."""
    with session(town.engine) as current:
        return month_money(current, town.people[who], month)


def test_a_months_money_is_asked_approved_and_paid_apart(town: Town) -> None:
    town.file(filed_month="2026-10")
    town.file()
    town.at(S.approved)
    town.at(S.closed)
    seen = money(town)
    assert seen.asked == Sum(3, 15_000_000)
    assert seen.approved == Sum(2, 14_000_000)
    assert seen.paid == Sum(1, 7_000_000)
    assert money(town, month=YearMonth(2026, 10)) == MonthMoney(
        Sum(1, 5_000_000), Sum(0, 0), Sum(0, 0)
    )


def test_an_approval_that_no_longer_stands_is_not_counted(town: Town) -> None:
    number = town.at(S.approved)
    town.step("finance", number, A.return_office, **BACK)
    assert money(town).approved == Sum(0, 0)
    town.step("committee", number, A.approve)
    assert money(town).approved == Sum(1, 7_000_000)


def test_what_was_taken_back_and_done_again_counts_in_the_later_month_only(town: Town) -> None:
    number, failed = town.at(S.approved), town.at(S.agency_paid)
    with later(days=NOTICE_DAYS):
        town.step("finance", failed, A.payment_failed, **BACK)
    with later(days=20):
        town.step("finance", number, A.return_office, **BACK)
        town.step("committee", number, A.approve)
        town.step("finance", failed, A.pay_agency)
    assert money(town).approved == Sum(1, 7_000_000)
    assert money(town).paid == Sum(0, 0)
    december = money(town, month=YearMonth(2026, 12))
    assert (december.approved, december.paid) == (Sum(1, 7_000_000), Sum(1, 5_000_000))


def test_an_approval_that_is_held_stands(town: Town) -> None:
    number = town.at(S.approved)
    town.step("finance", number, A.hold, **BACK)
    assert money(town).approved == Sum(1, 7_000_000)


def test_an_agency_sees_its_own_money_and_an_enterprise_none(town: Town) -> None:
    town.at(S.approved)
    town.file(agreement_id=town.agreements["second"])
    assert money(town, "agency").asked == Sum(1, 5_000_000)
    assert money(town, "agency2").approved == Sum(0, 0)
    assert money(town, "enterprise") == MonthMoney(Sum(0, 0), Sum(0, 0), Sum(0, 0))


def test_what_is_open_counts_every_month_and_approved_money_once_approved(town: Town) -> None:
    town.file(filed_month="2026-10")
    town.file()
    number = town.at(S.applied)
    town.step("bureau", number, A.pass_re_review, subsidy_fen=4_000_000, note="核减")
    town.step("committee", number, A.approve)
    with session(town.engine) as current:
        stages = money_by_stage(current, town.people["leader"])
        own = money_by_stage(current, town.people["agency2"])
    assert StageMoney((S.submitted,), 2, 10_000_000) in stages
    assert StageMoney((S.approved,), 1, 4_000_000) in stages
    assert sum(stage.claims for stage in own) == 0


def test_a_hold_does_not_shorten_how_long_a_step_took(town: Town) -> None:
    number = town.at(S.applied)
    with later(days=7):
        town.step("bureau", number, A.hold, **BACK)
    with later(days=9):
        town.step("bureau", number, A.release, **BACK)
    with later(days=10):
        town.step("bureau", number, A.pass_re_review)
    with session(town.engine) as current:
        (found,) = durations(current, (A.pass_re_review,), date(2026, 11, 30))
    assert found.medians[-1] == 6  # from Friday the 20th to Monday the 30th


def test_how_zero_the_zero_is(town: Town) -> None:
    for before, after in ((0, 0), (0, 3_000), (10_000, 0)):
        town.file(paid_before_fen=before, paid_after_fen=after)
    town.file(confirmed_on=None, paid_before_fen=None, paid_after_fen=None, satisfaction=None)
    with session(town.engine) as current:
        assert zero_level(current) == ZeroLevel(3, 2, 1, 3_000)
