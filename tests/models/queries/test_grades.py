"""Published grades outside the ratings: who reads what of them, in lists, in suggestions, at home."""

from __future__ import annotations

from datetime import timedelta

import pytest
from sqlalchemy import select

from models.actions.needs import state_need
from models.actions.rating_consequences import confirm_consequence, turn_down_consequence
from models.actions.ratings import open_replies
from models.clock import standing_at
from models.database import session
from models.queries.agencies import AgencyFilter, agencies, agency_card
from models.queries.grades import GradeWanted, current_score, grades_shown, low_graded, preferred
from models.queries.needs import need_card
from models.queries.own_rating import OwnRatings, own_ratings
from models.queries.paging import PageRequest
from models.queries.rating_behind import Matter, matters
from models.queries.rating_home import OwnGrade, RatingTurn, own_grade, rating_turns
from models.rules.claim_workflow import Action
from models.rules.errors import NotAllowed
from models.rules.rating.consequences import Consequence
from models.rules.rating.period_life import PeriodState
from models.rules.rating.scheme import Mark
from models.rules.rating.signals import Component
from models.rules.rating.window import Window
from models.tables.organisations import Agency, AgencyScope
from models.tables.ratings import RatingConsequence
from tests.league import AFTER_REPLIES, MONTH, ONE_MORE, League, make_league, stating
from tests.models.actions.small_words import BACK
from tests.rated import make_rated
from tests.town import Town
from tests.world import TODAY, Opener

ONE = pytest.mark.parametrize("opened", ["sqlite"], indirect=True)
UNSEEN = (None, None, None)


@pytest.fixture
def rated(opened: Opener) -> League:
    """A league of the test's own, rated and published."""
    made: League = opened(make_rated)
    return made


@pytest.fixture
def league(opened: Opener) -> League:
    """A league of the test's own, not rated yet."""
    made: League = opened(make_league)
    return made


def decide(league: League, kind: Consequence, agency_id: int, *, is_confirmed: bool) -> None:
    """The lead decides on what a rating proposed."""
    act = confirm_consequence if is_confirmed else turn_down_consequence
    wanted = select(RatingConsequence.id).where(
        RatingConsequence.kind == kind, RatingConsequence.agency_id == agency_id
    )
    with league.session() as current:
        one = current.execute(wanted).scalar_one()
        act(current, league.people["lead"], one, "经集体研究")


def own(league: Town, who: str = "agency", month: str = "") -> OwnRatings:
    """Somebody's own page."""
    with session(league.engine) as current:
        return own_ratings(current, league.people[who], month)


# ---------------------------------------------------------------- who reads what


def test_everybody_reads_the_grade_and_few_the_score(rated: League) -> None:
    ids = (rated.agency_id, rated.agency2_id)
    with session(rated.engine) as current:
        shown = {
            who: grades_shown(current, rated.people[who], ids)
            for who in ("reviewer", "finance", "agency")
        }
    first, second = (shown["reviewer"][one] for one in ids)
    assert (first.mark, second.mark, first.last_month) == (Mark.c, Mark.d, MONTH)
    assert None not in (first.score_hundredths, first.low_hundredths, first.high_hundredths)
    assert shown["finance"] == shown["reviewer"]
    assert shown["agency"][ids[0]] == first
    other = shown["agency"][ids[1]]
    assert other.mark is Mark.d
    assert (other.score_hundredths, other.low_hundredths, other.high_hundredths) == UNSEEN


def test_before_any_rating_nobody_has_a_grade(league: League) -> None:
    with session(league.engine) as current:
        reviewer = league.people["reviewer"]
        assert grades_shown(current, reviewer, (league.agency_id,)) == {}
        assert low_graded(current) == {}
        assert preferred(current) == frozenset()
        assert agency_card(current, reviewer, "91210231MA0XY0002H", TODAY).history == ()


def test_an_upheld_appeal_s_version_is_the_grade_in_force(rated: League) -> None:
    with standing_at(AFTER_REPLIES):
        before = rated.rated().outcome.score_hundredths or 0
        rated.answer(rated.appeal(), ONE_MORE, who="reviewer3")
        with session(rated.engine) as current:
            shown = grades_shown(current, rated.people["lead"], (rated.agency_id,))
            score = current.execute(select(current_score()).where(Agency.id == rated.agency_id)).scalar_one()  # fmt: skip
    assert shown[rated.agency_id].score_hundredths == score > before


# ---------------------------------------------------------------- the register


def test_the_register_is_filtered_and_sorted_by_grade(rated: League) -> None:
    def found(wanted: GradeWanted | None, order: str = "name") -> list[Mark | None]:
        with session(rated.engine) as current:
            page = agencies(
                current, rated.people["reviewer"], AgencyFilter(grade=wanted),
                PageRequest(order=order), TODAY,
            )  # fmt: skip
        return [row.grade.mark if row.grade else None for row in page.rows]

    every = found(None)
    assert len(every) == 9
    for wanted in GradeWanted:
        mark = None if wanted is GradeWanted.none else Mark(wanted.value)
        assert found(wanted) == [one for one in every if one is mark]
    assert Mark.c in every and None in every
    ranked = [one for one in found(None, "-grade") if one in (Mark.a, Mark.b, Mark.c)]
    assert ranked == sorted(ranked, key=str)


def test_the_card_tells_the_history_whole_to_few(rated: League) -> None:
    with session(rated.engine) as current:
        for who, sees in (("reviewer", True), ("agency2", False), ("agency", True)):
            card = agency_card(current, rated.people[who], "91210231MA0XY0002H", TODAY)
            (line,) = card.history
            assert line.mark is Mark.c
            assert (line.score_hundredths is not None) is sees
            assert card.row.grade is not None
            assert (card.row.grade.score_hundredths is not None) is sees


# ---------------------------------------------------------------- what follows


def test_low_grades_are_drawn_more_often_unless_the_lead_turns_it_down(rated: League) -> None:
    with session(rated.engine) as current:
        assert low_graded(current) == {
            rated.agency_id: "91210231MA0XY0002H", rated.agency2_id: "91210231MA0XY0004D",
        }  # fmt: skip
    with standing_at(AFTER_REPLIES):
        decide(rated, Consequence.spot_check, rated.agency2_id, is_confirmed=False)
    with session(rated.engine) as current:
        assert set(low_graded(current)) == {rated.agency_id}


def test_who_was_given_priority_is_suggested_first_with_its_grade(rated: League) -> None:
    with session(rated.engine) as current:
        marks = {
            one: grade.mark
            for one, grade in grades_shown(
                current, rated.people["lead"], rated.signals
            ).items()
        }  # fmt: skip
    best = next(one for one, mark in marks.items() if mark is Mark.a)
    with rated.session() as current:
        current.add_all(
            AgencyScope(agency_id=one, service_code="novelty_search") for one in rated.signals
        )
    with standing_at(AFTER_REPLIES):
        decide(rated, Consequence.priority, best, is_confirmed=True)
        with session(rated.engine) as current:
            assert preferred(current) == {best}
        with rated.session() as current:
            need = state_need(
                current, rated.people["enterprise"], service_code="novelty_search",
                wanted="查新一项", wanted_by=TODAY + timedelta(days=60),
            )  # fmt: skip
        with session(rated.engine) as current:
            card = need_card(current, rated.people["enterprise"], str(need), TODAY)
            names = {one.uscc: one.id for one in current.execute(select(Agency.uscc, Agency.id))}
    first, *others = card.suggestions
    assert names[first.candidate.key] == best
    assert [str(one) for one in first.reasons[-2:]] == ["考评 A 级", "按考评结果优先对接"]
    assert {names[one.candidate.key]: one.candidate.grade for one in card.suggestions} == marks
    assert not any(one.candidate.has_priority for one in others)


# ---------------------------------------------------------------- an agency's own


def test_an_agency_reads_its_own_from_the_preview_on(league: League) -> None:
    assert own(league).card is None and own(league).under_way is None
    with stating(league):
        league.bring(PeriodState.preview)
        there = own(league)
        assert there.card is None
        assert there.under_way is not None and there.under_way.state is PeriodState.preview
        league.go("reviewer", open_replies)
        there = own(league)
    assert there.card is not None and there.under_way is None and there.is_newest
    assert there.card.agency_id == league.agency_id
    assert there.card.period.reply_days_left == 7
    second = own(league, "agency2").card
    assert second is not None and second.agency_id == league.agency2_id


def test_an_earlier_period_is_asked_for_by_its_month(rated: League) -> None:
    with stating(rated), standing_at(AFTER_REPLIES + timedelta(days=40)):
        rated.bring(PeriodState.collecting, "2026-12")
        there = own(rated)
        assert there.card is not None and there.card.period.last_month == MONTH
        assert there.under_way is not None and there.under_way.last_month == "2026-12"
        assert own(rated, month="1999-12").card == there.card
        assert [line.last_month for line in there.history] == [MONTH]


@ONE
def test_the_page_is_for_agencies(rated: League) -> None:
    for who in ("reviewer", "lead", "leader", "enterprise", "auditor", "finance"):
        with pytest.raises(NotAllowed):
            own(rated, who)


# ---------------------------------------------------------------- what lies behind


def test_the_commonest_reason_of_returns_is_named(town: Town) -> None:
    window = Window.half_year(2026, 2)
    with session(town.engine) as current:
        late = (Matter(Component.timeliness, 1, 1, "software_copyright"),)
        assert matters(current, town.agency_id, window, TODAY) == late
    for reasons in (("R01", "R04"), ("R04",), ("R03", "R04")):
        town.step(
            "reviewer", town.file(), Action.return_pre_review, **(BACK | {"reasons": reasons})
        )
    town.step("reviewer", town.file(satisfaction=2), Action.pass_pre_review)
    with session(town.engine) as current:
        found = matters(current, town.agency_id, window, TODAY)
        assert matters(current, town.agency2_id, window, TODAY) == ()
    assert Matter(Component.first_pass, 3, 3, "R04") in found
    assert Matter(Component.satisfaction, 1, 1, "hnte_first") in found
    assert [one.component for one in found] == sorted(
        (one.component for one in found), key=list(Component).index
    )


# ---------------------------------------------------------------- the start page


def home(league: League, who: str) -> tuple[OwnGrade | None, tuple[RatingTurn, ...]]:
    """What the start page says of ratings to somebody."""
    with session(league.engine) as current:
        actor = league.people[who]
        return own_grade(current, actor), rating_turns(current, actor)


def test_home_tells_the_agency_its_grade_and_the_alliance_its_turn(league: League) -> None:
    assert home(league, "lead") == (None, ())
    with stating(league):
        league.bring(PeriodState.reply)
        assert home(league, "reviewer") == (None, ())
        league.reply()
        mine, turns = home(league, "agency")
        assert mine is not None and mine.grade is None and turns == ()
        assert mine.preview is not None and mine.preview.reply_days_left == 7
        (turn,) = home(league, "lead")[1]
        assert (turn.replies, turn.steps) == (1, ())
        with standing_at(AFTER_REPLIES):
            (turn,) = home(league, "reviewer")[1]
            assert [str(step) for step in turn.steps] == ["转入复核"]
    assert home(league, "leader") == (None, ())


@ONE
def test_home_has_the_published_grade_and_an_appeal_to_answer(rated: League) -> None:
    mine, _ = home(rated, "agency")
    assert mine is not None and mine.preview is None
    assert mine.grade is not None and mine.grade.mark is Mark.c
    assert home(rated, "lead") == (None, ())
    with standing_at(AFTER_REPLIES):
        rated.appeal()
        (turn,) = home(rated, "lead")[1]
    assert (turn.period.last_month, turn.replies, turn.steps) == (MONTH, 1, ())
