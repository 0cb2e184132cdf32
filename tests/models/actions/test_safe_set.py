"""Bulk pass: drawn once, row by row through the guarded step, with a reason for each row that
stays."""

from datetime import date, timedelta

import pytest
from sqlalchemy import select

from models.actions.claims import take_claim
from models.actions.rating_consequences import turn_down_consequence
from models.actions.safe_set import draw_sample, open_drawn_claim, pass_safe_claim
from models.clock import now_utc, standing_at
from models.database import session
from models.queries.grades import low_graded
from models.queries.safe_set import drawn_claims, months_to_draw, passable_in_bulk
from models.rules.claim_workflow import Action, State
from models.rules.entitlement import Payee
from models.rules.errors import (
    AlreadyDone,
    ClaimHeld,
    FindingsBlock,
    NotAllowed,
    NotAvailable,
    NotFound,
    ReasonMissing,
    SeenIsStale,
)
from models.rules.rating.consequences import Consequence
from models.rules.sampling import is_drawn
from models.tables.agreements import Agreement
from models.tables.claims import SampledClaim, SamplingDraw
from models.tables.money import PolicyRule
from models.tables.ratings import RatingConsequence
from models.tables.record import Activity
from models.tables.reference import Setting
from tests.league import AFTER_REPLIES, League
from tests.models.actions.small_words import BACK
from tests.rated import make_rated
from tests.town import Town
from tests.world import NOON, Opener, later

A, S = Action, State
MONTH = "2026-11"


def percent(town: Town, share: int) -> None:
    """Set the share that is drawn."""
    with town.session() as current:
        current.add(
            Setting(key="sampling_percent", value=share, valid_from=date(2026, 1, 1), confirmed_at_utc=now_utc())
        )  # fmt: skip


def draw(town: Town, who: str = "reviewer", month: str = MONTH) -> int:
    """Somebody draws; how many were taken."""
    with town.session() as current:
        return draw_sample(current, town.people[who], month).drawn


def bulk(town: Town, number: str, who: str = "reviewer") -> State:
    """Somebody passes one row in bulk."""
    with town.session() as current:
        return pass_safe_claim(current, town.people[who], number).state


def test_clean_claims_pass_one_by_one(town: Town) -> None:
    percent(town, 0)
    numbers = [town.file() for _ in range(3)]
    with session(town.engine) as current:
        assert months_to_draw(current, [*numbers, "2026-11-9999"]) == [MONTH]
    assert draw(town) == 0
    with session(town.engine) as current:
        assert [*passable_in_bulk(current, town.people["reviewer"])] == numbers
        assert months_to_draw(current, numbers) == []
    assert [bulk(town, number) for number in numbers] == [S.pre_reviewed] * 3
    assert town.is_sound()


def test_a_month_is_drawn_once_and_by_a_reviewer(town: Town) -> None:
    for who in ("lead", "bureau", "agency", "auditor"):
        with pytest.raises(NotAllowed):
            draw(town, who)
    for month in ("2026-13", "x", ""):
        with pytest.raises(NotAvailable, match="不是月份"):
            draw(town, month=month)
    with pytest.raises(NotAvailable, match="还没有到"):
        draw(town, month="2026-12")
    with pytest.raises(NotAvailable, match="还没有全部符合"):
        draw(town)
    town.file()
    assert draw(town) == 1
    with pytest.raises(AlreadyDone, match="不得重抽"):
        draw(town, "reviewer2")
    with session(town.engine) as current:
        header = current.execute(select(SamplingDraw)).scalar_one()
        link = current.execute(select(Activity).where(Activity.verb == "draw_sample")).scalar_one()
    assert header.size == 1
    assert link.after is not None
    assert link.after["seed"] == header.seed


def test_anybody_can_draw_again_from_the_recorded_seed(town: Town) -> None:
    percent(town, 40)
    numbers = [town.file() for _ in range(8)]
    draw(town)
    with session(town.engine) as current:
        after = current.execute(
            select(Activity.after).where(Activity.verb == "draw_sample")
        ).scalar_one()
        assert after is not None
        listed = drawn_claims(current)
        told = [number for number in numbers if is_drawn(number, after["seed"], after["percent"])]
    assert after["drawn"] == listed == (told or listed)


def test_a_drawn_claim_is_opened_and_passed_by_itself(town: Town) -> None:
    percent(town, 100)
    number = town.file()
    draw(town)
    with town.refused(NotAvailable, "被抽中"):
        bulk(town, number)
    with session(town.engine) as current:
        assert passable_in_bulk(current, town.people["reviewer"]) == {}
    claim_id = town.claim(number).id or 0
    reviewer = town.people["reviewer"]
    for passed in (1, 2):
        with later(minutes=passed), town.session() as current:
            open_drawn_claim(current, reviewer, number)
    with town.session() as current:
        assert current.get_one(SampledClaim, claim_id).opened_at_utc == NOON + timedelta(minutes=1)
        with pytest.raises(NotAllowed, match="初审员打开"):
            open_drawn_claim(current, town.people["lead"], number)
    town.step("reviewer", number, A.pass_pre_review)


def test_what_became_clean_after_the_draw_is_told_by_the_same_seed(town: Town) -> None:
    percent(town, 50)
    town.file()
    draw(town)
    with session(town.engine) as current:
        seed = current.execute(select(SamplingDraw.seed)).scalar_one()
    late = [town.file() for _ in range(6)]
    for number in late:
        if is_drawn(number, seed, 50):
            with town.refused(NotAvailable, "被抽中"):
                bulk(town, number)
        else:
            assert bulk(town, number) is S.pre_reviewed


def test_nothing_passes_in_bulk_before_the_draw(town: Town) -> None:
    number = town.file()
    with town.refused(NotAvailable, "先抽取"):
        bulk(town, number)


def test_why_a_row_stays(town: Town) -> None:
    percent(town, 0)
    clean, less, broken = town.file(), town.file(asked_fen=4_000_000), town.file(papers=("M01",))
    warned, _ = (town.file(invoice_number="77", invoice_fen=99_000_000) for _ in range(2))
    draw(town)
    with town.refused(NotAvailable, "申请额与核定上限不一致"):
        bulk(town, less)
    with town.refused(NotAvailable, "不是全部符合"):
        bulk(town, warned)
    with town.refused(FindingsBlock, "F05"):
        bulk(town, broken)
    with town.session() as current:
        take_claim(current, town.people["reviewer2"], clean)
    with session(town.engine) as current:
        assert clean not in passable_in_bulk(current, town.people["reviewer"])
        assert clean in passable_in_bulk(current, town.people["reviewer2"])
    with town.refused(ClaimHeld):
        bulk(town, clean)
    with town.refused(NotAllowed):
        bulk(town, clean, "importer")
    with town.refused(NotFound):
        bulk(town, clean, "agency2")
    assert bulk(town, clean, "reviewer2") is S.pre_reviewed


def test_the_alliances_own_claims_are_never_passed_in_bulk(town: Town) -> None:
    percent(town, 0)
    number = town.file()
    draw(town)
    town.change(PolicyRule, PolicyRule.key == "S-01-subsidy", payee=Payee.alliance)
    with town.refused(ReasonMissing, "F13"):
        bulk(town, number)


def test_the_payee_alone_keeps_a_row_from_the_bulk(
    town: Town, monkeypatch: pytest.MonkeyPatch
) -> None:
    """F15 warns of it first; the row's own guard stands all the same."""
    from models.actions import safe_set

    percent(town, 0)
    number = town.file()
    draw(town)
    town.change(PolicyRule, PolicyRule.key == "S-01-subsidy", payee=Payee.alliance)
    monkeypatch.setattr(safe_set, "all_met", lambda found: True)
    monkeypatch.setattr("models.actions.steps.guard_findings", lambda *_: None)
    with town.refused(NotAvailable, "收款方为联盟"):
        bulk(town, number)


def test_a_row_that_changed_since_the_list_was_shown_stays(town: Town) -> None:
    percent(town, 0)
    number = town.file()
    draw(town)
    seen = town.seen("reviewer", number)
    town.step("reviewer2", number, A.return_pre_review, **BACK)
    town.step("agency", number, A.submit)
    with town.refused(SeenIsStale):
        with town.session() as current:
            pass_safe_claim(current, town.people["reviewer"], number, seen)
    town.change(Agreement, Agreement.id == town.agreement_id, upfront_fee_fen=1)
    with town.refused(Exception, "F04"):
        bulk(town, number)


# ---------------------------------------------------------------- low grades


@pytest.fixture
def rated(opened: Opener) -> League:
    """A league rated and published: both agencies that file claims are graded low."""
    made: League = opened(make_rated)
    percent(made, 0)
    return made


def low_percent(league: League, share: int) -> None:
    """Set the share that is drawn of agencies with a low grade."""
    with league.session() as current:
        current.add(
            Setting(key="sampling_percent_low_grade", value=share, valid_from=date(2026, 1, 1), confirmed_at_utc=now_utc())
        )  # fmt: skip


def test_claims_of_low_graded_agencies_are_drawn_by_their_own_share(rated: League) -> None:
    low_percent(rated, 100)
    numbers = [rated.file() for _ in range(3)]
    assert draw(rated) == 3
    with session(rated.engine) as current:
        header = current.execute(select(SamplingDraw)).scalar_one()
        after = current.execute(
            select(Activity.after).where(Activity.verb == "draw_sample")
        ).scalar_one()
    assert header.low_grade == [rated.agency_id, rated.agency2_id]
    assert after is not None
    assert (after["percent"], after["percent_low_grade"]) == (0, 100)
    assert after["low_grade"] == ["91210231MA0XY0002H", "91210231MA0XY0004D"]
    assert after["low_grade_claims"] == after["drawn"] == numbers


def test_a_draw_keeps_the_grades_it_was_made_with(rated: League) -> None:
    """Who is turned from low after the draw stays low for this month: nobody waits for better."""
    low_percent(rated, 100)
    second = rated.agreements["second"]
    rated.file(agreement_id=second)
    draw(rated)
    turned = select(RatingConsequence.id).where(
        RatingConsequence.kind == Consequence.spot_check,
        RatingConsequence.agency_id == rated.agency2_id,
    )
    with standing_at(AFTER_REPLIES), rated.session() as current:
        one = current.execute(turned).scalar_one()
        turn_down_consequence(current, rated.people["lead"], one, "已整改到位")
    late = rated.file(agreement_id=second)
    with session(rated.engine) as current:
        assert low_graded(current).keys() == {rated.agency_id}
        assert late not in passable_in_bulk(current, rated.people["reviewer"])
    with rated.refused(NotAvailable, "被抽中"):
        bulk(rated, late)


def test_without_a_low_grade_the_usual_share_holds(town: Town) -> None:
    percent(town, 0)
    town.file()
    assert draw(town) == 0
    with session(town.engine) as current:
        assert current.execute(select(SamplingDraw.low_grade)).scalar_one() == []
