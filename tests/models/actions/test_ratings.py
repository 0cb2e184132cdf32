"""A rating period's life: who takes which step when, what is frozen, replies and appeals, what
follows, and that the record vouches for all of it."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import timedelta
from fractions import Fraction
from typing import Any

import pytest
from sqlalchemy import Engine
from sqlmodel import col, select

from models.actions.agencies import suspend_agency
from models.actions.evidence import evidence_path, files_missing
from models.actions.rating_consequences import confirm_consequence, turn_down_consequence
from models.actions.rating_replies import Verdict, answer, reply
from models.actions.ratings import (
    begin_review,
    cancel_preview,
    compute_preview,
    open_replies,
    publish_ratings,
)
from models.clock import standing_at
from models.database import session
from models.queries.rating_card import (
    own_periods,
    own_rating,
    rating_card,
    rating_history,
    way_up,
)
from models.queries.rating_replies import viewable_rating_paper
from models.queries.rating_results import current_mark, current_marks
from models.queries.ratings import next_window, period_board, periods_listed, what_if
from models.rules.errors import (
    AlreadyDone,
    FigureRefused,
    FileRefused,
    NotAllowed,
    NotAvailable,
    NotFound,
    ReasonMissing,
    SeenIsStale,
    TextRefused,
)
from models.rules.months import YearMonth
from models.rules.rating.adjusting import Adjustment
from models.rules.rating.consequences import Consequence, ConsequenceState
from models.rules.rating.period_life import (
    LONGEST_TEXT,
    MOST_FILES,
    PERIOD_STATES,
    PERIOD_STEP_OF,
    PeriodAction,
    PeriodState,
    ReplyState,
)
from models.rules.rating.scheme import Mark
from models.rules.rating.signals import Component, Gate, Penalty, Tally
from models.rules.rating.window import Window
from models.tables.organisations import Agency
from models.tables.ratings import RatingConsequence, RatingPaper, RatingResult
from tests.league import (
    AFTER_REPLIES,
    HALF,
    LETTER,
    MONTH,
    ONE_MORE,
    League,
    make_league,
    signals_of,
    speaks_for,
    stating,
)
from tests.models.queries.test_verification import alter, told
from tests.rivals import at_once
from tests.world import PDF, Opener, later

ONE = pytest.mark.parametrize("opened", ["sqlite"], indirect=True)
STEPS: dict[PeriodAction, Callable[..., Any]] = {
    PeriodAction.compute_preview: compute_preview,
    PeriodAction.cancel_preview: cancel_preview,
    PeriodAction.open_replies: open_replies,
    PeriodAction.begin_review: begin_review,
    PeriodAction.publish_ratings: publish_ratings,
}
WORDS = {PeriodAction.cancel_preview: ("数据有误",)}


@pytest.fixture
def league(opened: Opener) -> Iterator[League]:
    """A league of the test's own, its signals stated."""
    made: League = opened(make_league)
    with stating(made):
        yield made


def consequences(league: League) -> list[RatingConsequence]:
    """Every proposal there is."""
    with session(league.engine) as current:
        statement = select(RatingConsequence).order_by(col(RatingConsequence.id))
        return list(current.exec(statement).all())


def decide(league: League, act: Callable[..., Any], one: int, who: str = "lead") -> None:
    """Somebody decides on a proposal."""
    with league.session() as current:
        act(current, league.people[who], one, "经集体研究")


# ---------------------------------------------------------------- the whole way


def test_a_period_goes_its_way(league: League) -> None:
    assert league.open() == MONTH
    league.go("reviewer", compute_preview)
    assert not current(league)
    league.go("reviewer", open_replies)
    one, two = league.reply(), league.reply(Component.conduct, "补正按时交了", files=())
    league.answer(one, ONE_MORE)
    league.answer(two, who="lead2")
    with standing_at(AFTER_REPLIES):
        league.go("reviewer", begin_review)
        league.go("lead", publish_ratings)
        card = league.rated()
        assert (card.period.published_on, card.period.appeal_days_left) == (
            AFTER_REPLIES.date(), 10,
        )  # fmt: skip
        (version,) = card.versions
        assert version.outcome == card.outcome
        assert version.outcome.signals.outcomes["hnte_first"].good == 31
        assert league.board().rated[0].outcome.rank_from == 1
        third = league.appeal()
        league.answer(third, ONE_MORE, who="reviewer3")
        card = league.rated("leader")
        assert [one.number for one in card.versions] == [2, 1]
        assert card.versions[1] == version
        assert card.outcome.signals.outcomes["hnte_first"].good == 32
        assert card.outcome.score_hundredths > (version.outcome.score_hundredths or 0)
        assert league.is_sound()


def current(league: League) -> dict[int, Mark]:
    """Grades in force."""
    with session(league.engine) as reading:
        return current_marks(reading)


@ONE
@pytest.mark.parametrize("state", PeriodState)
def test_every_state_answers_every_step_and_role(league: League, state: PeriodState) -> None:
    """The whole table: who may take which step of a period in which state."""
    league.bring(state)
    with standing_at(AFTER_REPLIES):
        for action, act in STEPS.items():
            step = PERIOD_STEP_OF[action]
            for who, actor in league.people.items():
                is_there = state in step.from_states
                if actor.roles.isdisjoint(step.roles):
                    expected, words = (NotAllowed if is_there else NotAvailable), "没有该角色"
                elif not is_there:
                    expected, words = NotAvailable, str(PERIOD_STATES[state])
                else:
                    continue
                with league.refused(expected, words):
                    league.go(who, act, MONTH, *WORDS.get(action, ()))


# ---------------------------------------------------------------- opening and previewing


@ONE
def test_opening_a_period(league: League) -> None:
    with league.session() as reading:
        assert next_window(reading) == HALF
    for who in ("agency", "bureau", "auditor"):
        with league.refused(NotAllowed, "联盟初审员"):
            league.open(who)
    with league.refused(NotAvailable, "2027-01 还没有开始"):
        league.open(window=Window.half_year(2027, 1))
    league.open("lead")
    with league.session() as reading:
        assert next_window(reading) == Window.half_year(2026, 2)
    with league.refused(AlreadyDone, "截止于 2026-06"):
        league.open(window=Window(YearMonth(2026, 6), YearMonth(2026, 8)))
    league.open(window=Window.half_year(2026, 2))
    with league.refused(NotAllowed, "考评期还没有结束"):
        league.go("reviewer", compute_preview, "2026-12")
    with league.refused(NotFound, "没有截止于 2026-07"):
        league.board(month="2026-07")
    with league.refused(NotFound, "没有截止于"):
        league.board(month="2026-06\0")


@ONE
def test_a_preview_is_computed_anew_or_cancelled_and_its_rows_stay(league: League) -> None:
    league.bring(PeriodState.preview)
    seen = league.period().version
    league.signals[league.agency_id] = signals_of(league.agency_id, 39)
    league.go("reviewer2", compute_preview)
    assert league.rated().outcome.signals.outcomes["hnte_first"].good == 39
    with league.refused(SeenIsStale, "reviewer2 1已于 .*计算预评结果"), league.session() as writing:
        open_replies(writing, league.people["reviewer"], MONTH, seen)
    with league.refused(ReasonMissing, "请写明理由"):
        league.go("lead", cancel_preview, MONTH, " ")
    league.go("lead", cancel_preview, MONTH, "数据有误")
    assert league.period().state is PeriodState.collecting
    assert not league.board().rated
    with session(league.engine) as reading:
        rows = reading.exec(select(RatingResult)).all()
    assert {(row.number, row.is_published) for row in rows} == {(1, False), (2, False)}
    assert league.is_sound()


# ---------------------------------------------------------------- who sees what


@ONE
def test_a_preview_is_the_alliances_and_each_agencys_own(league: League) -> None:
    league.bring(PeriodState.preview)
    agency, other = league.people["agency"], league.agency2_id
    with session(league.engine) as reading:
        assert own_rating(reading, agency) is None
        assert not period_board(reading, league.people["leader"], MONTH).is_visible
        with pytest.raises(NotAllowed):
            periods_listed(reading, agency)
    league.go("reviewer", open_replies)
    with session(league.engine) as reading:
        card = own_rating(reading, agency)
        assert card is not None
        assert (card.agency_id, card.period.reply_days_left) == (league.agency_id, 7)
        assert [(one.action, one.barred) for one in card.steps] == [
            (PeriodAction.reply_to_rating, None)
        ]
        assert own_rating(reading, agency, MONTH) == card
        for who in ("agency", "leader", "bureau"):
            with pytest.raises(NotFound, match="没有这家机构的结果"):
                rating_card(reading, league.people[who], MONTH, other)
        assert own_rating(reading, league.people["leader"]) is None
        assert own_periods(reading, league.people["leader"]) == ()
        assert rating_history(reading, agency, league.agency_id) == ()
        board = period_board(reading, league.people["auditor"], MONTH)
        assert (board.is_visible, board.rated, board.replies) == (False, (), ())
    one = league.reply()
    with session(league.engine) as reading:
        board = period_board(reading, league.people["leader"], MONTH)
        assert {event.action for event in board.events} == {
            PeriodAction.open_period, PeriodAction.compute_preview, PeriodAction.open_replies,
        }  # fmt: skip
        (line,) = league.rated("agency").replies
        (file,) = line.files
        assert (line.id, file.file_name) == (one, "说明.pdf")
        for who in ("agency", "reviewer"):
            assert viewable_rating_paper(reading, league.people[who], file.id) is not None
        for who in ("agency2", "leader"):
            assert viewable_rating_paper(reading, league.people[who], file.id) is None
        assert viewable_rating_paper(reading, agency, 99) is None


@ONE
def test_a_published_grade_is_everybodys_its_score_is_not(league: League) -> None:
    league.bring(PeriodState.published)
    with standing_at(AFTER_REPLIES), session(league.engine) as reading:
        marks = current_marks(reading)
        assert marks[league.agency2_id] is Mark.d
        assert current_mark(reading, league.agency2_id) is Mark.d
        few = next(iter(league.board().unrated))
        assert few.agency_id not in marks
        assert current_mark(reading, few.agency_id) is None
        assert current_mark(reading, 9_999) is None
        (own,) = rating_history(reading, league.people["agency2"], league.agency2_id)
        (public,) = rating_history(reading, league.people["agency"], league.agency2_id)
        assert (own.mark, public.mark) == (Mark.d, Mark.d)
        assert own.score_hundredths is not None
        assert public.score_hundredths is None
        assert rating_history(reading, league.people["enterprise"], league.agency2_id) == ()
        board = period_board(reading, league.people["finance"], MONTH)
        assert board.is_visible
        assert all(step.barred is not None for step in board.steps)
        assert way_up(reading, league.people["agency2"], MONTH, league.agency2_id).gates == (
            Gate.fee_up_front,
        )


# ---------------------------------------------------------------- replies and answers


@ONE
def test_what_a_reply_needs(league: League) -> None:
    league.bring(PeriodState.preview)
    with league.refused(NotAvailable, "没有“提出申辩”这一步"):
        league.reply()
    league.go("reviewer", open_replies)
    for who in ("reviewer", "enterprise", "auditor"):
        with league.refused(NotAllowed, "服务机构"):
            league.reply(who=who)
    stranger = speaks_for(league.people["agency"], 0)
    with league.refused(NotFound, "没有编号为 0 的服务机构"), league.session() as writing:
        reply(writing, stranger, MONTH, Component.outcome, "x")
    nobody = speaks_for(league.people["agency"], None)
    with league.refused(NotAllowed, "您不代表这家服务机构"), league.session() as writing:
        reply(writing, nobody, MONTH, Component.outcome, "x")
    with league.refused(ReasonMissing, "请写明理由"):
        league.reply(said=" \n")
    with league.refused(TextRefused, f"最长 {LONGEST_TEXT} 个字"):
        league.reply(said="字" * (LONGEST_TEXT + 1))
    with league.refused(FileRefused, f"最多附 {MOST_FILES} 份"):
        league.reply(files=tuple((f"{at}.pdf", PDF) for at in range(MOST_FILES + 1)))
    with league.refused(FileRefused):
        league.reply(files=(*LETTER, ("说明.exe", b"MZ")))
    league.reply(files=(*LETTER, *LETTER))
    with session(league.engine) as reading:
        (paper,) = reading.exec(select(RatingPaper)).all()
        assert evidence_path(paper.sha256).read_bytes() == PDF
        assert files_missing(reading) == []
    with league.refused(AlreadyDone, "已经提出过"):
        league.reply()
    league.reply(Component.conduct)
    with later(days=12), league.refused(NotAllowed, "申辩期已于 2026-12-01 结束"):
        league.reply(Component.timeliness)


@ONE
def test_who_is_in_no_result_cannot_reply(league: League) -> None:
    del league.signals[league.agency_id]
    league.bring(PeriodState.reply)
    with league.refused(NotFound, "本期考评没有这家服务机构"):
        league.reply()
    with session(league.engine) as reading:
        assert own_rating(reading, league.people["agency"]) is None
        with pytest.raises(NotFound):
            own_rating(reading, league.people["agency"], MONTH)


@ONE
def test_who_answers_a_reply(league: League) -> None:
    league.bring(PeriodState.reply)
    one = league.reply()
    with league.refused(NotAllowed, "您已在本期“计算预评结果”，“答复申辩”须由另一人办理"):
        league.answer(one, who="reviewer")
    for who in ("agency", "leader", "bureau"):
        with league.refused(NotAllowed, "联盟初审员"):
            league.answer(one, who=who)
    league.tie("reviewer3", agency_id=league.agency_id)
    with league.refused(NotAllowed, "您与“大连示例甲机构有限公司”有回避关系"):
        league.answer(one, who="reviewer3")
    own_side = replace(league.people["reviewer2"], agency_id=league.agency_id)
    both = replace(own_side, grants=(*own_side.grants, *league.people["agency"].grants))
    with league.refused(NotAllowed, "您代表这家服务机构"), league.session() as writing:
        answer(writing, both, one, Verdict(is_upheld=False, answer="x"))
    with league.refused(NotFound, "没有编号为 99 的申辩"):
        league.answer(99)
    with league.refused(ReasonMissing, "请写明理由"):
        league.answer(one, why=" ")
    league.answer(one)
    with league.refused(SeenIsStale, "reviewer2 1已于 .*不予采纳"):
        league.answer(one, who="lead")
    (line,) = league.rated("agency").replies
    assert (line.state, line.answer, line.answered_by) == (
        ReplyState.dismissed, "已核实", "reviewer2 1",
    )  # fmt: skip


@ONE
def test_nobody_answers_what_they_said_themselves(league: League) -> None:
    """An account that spoke for the agency and works for the alliance now."""
    league.bring(PeriodState.reply)
    one = league.reply()
    speaker = league.people["agency"]
    moved = replace(speaker, grants=league.people["reviewer2"].grants, agency_id=None)
    with league.refused(NotAllowed, "这项申辩由您提出"), league.session() as writing:
        answer(writing, moved, one, Verdict(is_upheld=False, answer="x"))


CORRECTIONS: dict[str, tuple[Component, Adjustment, str]] = {
    "too good": (
        Component.outcome, Adjustment(Component.outcome, 0, 99, "hnte_first"), "不可能",
    ),
    "no service": (Component.outcome, Adjustment(Component.outcome, 1, 4), "请选择更正哪一项服务"),
    "unknown service": (
        Component.outcome, Adjustment(Component.outcome, 1, 4, "nothing"), "从服务清单",
    ),
    "another component": (Component.outcome, Adjustment(Component.timeliness, 1, 4), "只能更正"),
    "nothing": (Component.outcome, Adjustment(Component.outcome), "须写明更正的数目"),
    "too few lapses": (
        Component.conduct, Adjustment(Component.conduct, penalty=Penalty.late_answer, lapses=-2),
        "不可能",
    ),
    "no such gate": (
        Component.conduct, Adjustment(Component.conduct, cleared=Gate.fraud), "没有这一项",
    ),
}  # fmt: skip


@ONE
@pytest.mark.parametrize("case", CORRECTIONS)
def test_a_correction_that_cannot_be_is_refused(league: League, case: str) -> None:
    component, wanted, words = CORRECTIONS[case]
    league.bring(PeriodState.reply)
    one = league.reply(component)
    with league.refused(FigureRefused, words):
        league.answer(one, wanted)


@ONE
def test_what_is_not_upheld_corrects_nothing(league: League) -> None:
    league.bring(PeriodState.reply)
    one = league.reply()
    verdict = Verdict(is_upheld=False, answer="x", adjustments=(ONE_MORE,))
    with league.refused(FigureRefused, "不予采纳时不能更正"), league.session() as writing:
        answer(writing, league.people["reviewer2"], one, verdict)


@ONE
def test_an_upheld_reply_enters_the_computation_at_once(league: League) -> None:
    league.bring(PeriodState.reply)
    before = league.rated(agency_id=league.agency2_id).outcome
    one = league.reply(Component.conduct, who="agency2")
    cleared = Adjustment(Component.conduct, cleared=Gate.fee_up_front)
    league.answer(one, cleared)
    card = league.rated(agency_id=league.agency2_id)
    assert (before.gates, card.outcome.gates) == ((Gate.fee_up_front,), ())
    assert card.adjustments == (cleared,)
    two = league.reply(Component.satisfaction, who="agency2")
    league.answer(two, Adjustment(Component.satisfaction, -1, 0))
    signals = league.rated(agency_id=league.agency2_id).outcome.signals
    assert signals.satisfaction.cases == 39
    three = league.reply(Component.conduct)
    league.answer(three, Adjustment(Component.conduct, penalty=Penalty.late_answer, lapses=-1))
    assert league.rated().outcome.signals.penalties[Penalty.late_answer] == 0
    assert league.is_sound()


# ---------------------------------------------------------------- publishing


@ONE
def test_who_publishes_and_when(league: League) -> None:
    league.bring(PeriodState.reply)
    one = league.reply()
    with league.refused(NotAllowed, "申辩期至 2026-12-01"):
        league.go("reviewer", begin_review)
    with standing_at(AFTER_REPLIES):
        league.go("reviewer", begin_review)
        with league.refused(NotAllowed, "还有 1 项申辩未答复"):
            league.go("lead", publish_ratings)
        league.answer(one, who="lead")
        with league.refused(NotAllowed, "您已在本期“答复申辩”"):
            league.go("lead", publish_ratings)
        league.go("lead2", publish_ratings)


@ONE
def test_the_rater_does_not_publish(league: League) -> None:
    league.open()
    league.go("lead", compute_preview)
    league.go("reviewer", open_replies)
    with standing_at(AFTER_REPLIES):
        league.go("reviewer", begin_review)
        with league.refused(NotAllowed, "您已在本期“计算预评结果”"):
            league.go("lead", publish_ratings)


def test_two_publish_at_once(league: League) -> None:
    league.bring(PeriodState.review)
    version = league.period().version

    def publish(who: str) -> None:
        with standing_at(AFTER_REPLIES), league.session() as writing:
            publish_ratings(writing, league.people[who], MONTH, version)

    came = at_once(lambda: publish("lead"), lambda: publish("lead2"))
    assert sorted(type(one) for one in came if one is not None) == [SeenIsStale]
    with session(league.engine) as reading:
        rows = reading.exec(select(RatingResult).where(col(RatingResult.is_published))).all()
    assert {row.number for row in rows} == {1}
    assert league.is_sound()


@ONE
def test_what_is_published_is_what_was_previewed_whatever_comes_after(league: League) -> None:
    league.bring(PeriodState.review)
    previewed = league.board()
    league.signals[league.agency_id] = signals_of(league.agency_id, 1)
    with standing_at(AFTER_REPLIES):
        league.go("lead", publish_ratings)
        published = league.board()
    assert [row.outcome for row in published.rated] == [row.outcome for row in previewed.rated]
    assert [one.kind for one in published.consequences] == [
        one.kind for one in previewed.consequences
    ]


# ---------------------------------------------------------------- appeals


@ONE
def test_who_answers_an_appeal_and_when_it_is_too_late(league: League) -> None:
    league.bring(PeriodState.reply)
    league.answer(league.reply(Component.conduct))
    with standing_at(AFTER_REPLIES):
        league.go("reviewer", begin_review)
        league.go("lead", publish_ratings)
        one = league.appeal()
        for who, words in (
            ("reviewer", "计算预评结果"), ("lead", "公布考评结果"), ("reviewer2", "答复申辩"),
        ):  # fmt: skip
            with league.refused(NotAllowed, f"您已在本期“{words}”"):
                league.answer(one, who=who)
        league.answer(one, who="lead2")
        assert [one.number for one in league.rated().versions] == [1]
        with league.refused(AlreadyDone, "已经提出过"):
            league.appeal()
        two = league.appeal(who="agency2")
        league.answer(two, who="reviewer2")
    with later(days=60), league.refused(NotAllowed, "复议申请期已于 2026-12-18 结束"):
        league.appeal(Component.conduct)


@ONE
def test_an_appeal_is_refused_what_cannot_be(league: League) -> None:
    league.bring(PeriodState.published)
    with standing_at(AFTER_REPLIES):
        one = league.appeal()
        with league.refused(FigureRefused, "不可能"):
            league.answer(one, Adjustment(Component.outcome, 0, 99, "hnte_first"))


@ONE
def test_a_new_version_lets_open_proposals_lapse_and_makes_its_own(league: League) -> None:
    league.bring(PeriodState.published)
    with standing_at(AFTER_REPLIES):
        kinds = {one.kind for one in consequences(league) if one.agency_id == league.agency2_id}
        assert kinds == {Consequence.suspend, Consequence.spot_check}
        first = next(one for one in consequences(league) if one.kind is Consequence.suspend)
        one = league.appeal(Component.conduct, who="agency2")
        cleared = Adjustment(Component.conduct, cleared=Gate.fee_up_front)
        league.answer(one, cleared, who="reviewer3")
        card = league.rated(agency_id=league.agency2_id)
        assert [version.outcome.gates for version in card.versions] == [(), (Gate.fee_up_front,)]
        own = [one for one in consequences(league) if one.agency_id == league.agency2_id]
        assert [one.state for one in own[:2]] == [ConsequenceState.lapsed] * 2
        assert all(one.result_id != first.result_id for one in own[2:])
        assert own[2:]
        with league.refused(SeenIsStale, "系统已于 .*不再适用"):
            decide(league, confirm_consequence, first.id or 0)
        assert league.is_sound()


# ---------------------------------------------------------------- what follows


def test_a_confirmed_suspension_acts_in_the_register(league: League) -> None:
    league.bring(PeriodState.published)
    with standing_at(AFTER_REPLIES):
        suspend, check = consequences(league)[:2]
        assert (suspend.kind, suspend.agency_id) == (Consequence.suspend, league.agency2_id)
        for who in ("reviewer", "bureau", "agency"):
            with league.refused(NotAllowed, "联盟负责人"):
                decide(league, confirm_consequence, suspend.id or 0, who)
        with league.refused(NotFound, "没有编号为 999"):
            decide(league, confirm_consequence, 999)
        league.tie("lead2", agency_id=league.agency2_id)
        with league.refused(NotAllowed, "回避关系"):
            decide(league, confirm_consequence, suspend.id or 0, "lead2")
        decide(league, confirm_consequence, suspend.id or 0)
        with session(league.engine) as reading:
            agency = reading.get_one(Agency, league.agency2_id)
        assert (agency.suspended_from, agency.suspended_to) == (AFTER_REPLIES.date(), None)
        decide(league, turn_down_consequence, check.id or 0)
        with league.refused(SeenIsStale, "lead 1已于 .*已确认"):
            decide(league, turn_down_consequence, suspend.id or 0)
        line = next(one for one in league.board().consequences if one.id == check.id)
        assert (line.state, line.decided_by, line.reason) == (
            ConsequenceState.turned_down, "lead 1", "经集体研究",
        )  # fmt: skip
        assert league.is_sound()


@ONE
def test_a_suspension_that_stands_already_is_not_confirmed_again(league: League) -> None:
    league.bring(PeriodState.published)
    with standing_at(AFTER_REPLIES):
        suspend = consequences(league)[0]
        with league.session() as writing:
            suspend_agency(
                writing, league.people["lead"], league.board().rated[-1].uscc,
                AFTER_REPLIES.date(), None, "投诉",
            )  # fmt: skip
        with league.refused(AlreadyDone, "暂停尚未结束"):
            decide(league, confirm_consequence, suspend.id or 0)


# ---------------------------------------------------------------- other weights, the league


@ONE
def test_other_weights_are_computed_and_not_kept(league: League) -> None:
    league.bring(PeriodState.preview)
    league.signals[league.agency_id] = replace(
        league.signals[league.agency_id], satisfaction=Tally(40, Fraction(2))
    )
    league.go("reviewer", compute_preview)
    before = league.traces()
    own = dict(league.board().scheme.weights)
    moved = own | {Component.outcome: 10, Component.satisfaction: 50}
    with session(league.engine) as reading:
        reader = league.people["lead"]
        assert all(
            (one.mark, one.score_hundredths) == (one.supposed_mark, one.supposed_hundredths)
            for one in what_if(reading, reader, MONTH, own)
        )
        found = {one.agency_id: one for one in what_if(reading, reader, MONTH, moved)}
        mine = found[league.agency_id]
        assert mine.supposed_hundredths < mine.score_hundredths - 1_000
        with pytest.raises(FigureRefused, match="现为 101"):
            what_if(reading, reader, MONTH, own | {Component.outcome: 41})
        assert what_if(reading, league.people["leader"], MONTH, own) == ()
    assert league.traces() == before


@ONE
def test_the_next_period_sees_who_moved(league: League) -> None:
    league.bring(PeriodState.published)
    league.signals[league.agency2_id] = signals_of(league.agency2_id, 10)
    half = Window.half_year(2026, 2)
    with standing_at(AFTER_REPLIES + timedelta(days=40)):
        league.open(window=half)
        league.go("reviewer", compute_preview, "2026-12")
        rows = {row.agency_id: row for row in league.board(month="2026-12").rated}
        mine = rows[league.agency2_id]
        assert mine.before is not None
        assert mine.before.mark is Mark.d
        assert mine.moved_hundredths == mine.outcome.score_hundredths - (
            mine.before.score_hundredths or 0
        )
        kinds = {
            one.kind
            for one in league.board(month="2026-12").consequences
            if one.agency_id == league.agency2_id
        }
        assert Consequence.suspend in kinds
        assert league.rated(agency_id=league.agency2_id, month="2026-12").before == mine.before


# ---------------------------------------------------------------- the record vouches


ATTACKS = {
    "a better score": (
        "UPDATE rating_result SET score_hundredths = 9900 WHERE number = 2",
        "2026-06 考评期“大连示例甲机构有限公司”的考评结果（第 2 版）与操作记录不符",
    ),
    "a result with its digest": (
        "UPDATE rating_result SET mark = 'A', digest = 'x' WHERE id = 1", "考评结果（第 1 版）",
    ),
    "a result taken away": ("DELETE FROM rating_result WHERE number = 2", "甲机构有限公司”的考评结果"),
    "another reply": ("UPDATE rating_reply SET said = 'x' WHERE id = 1", "对“成果成功率”的申辩"),
    "another answer": ("UPDATE rating_reply SET answer = 'x' WHERE id = 1", "对“成果成功率”的申辩"),
    "another file": ("UPDATE rating_paper SET file_name = 'x'", "对“成果成功率”的申辩"),
    "a larger correction": (
        "UPDATE rating_adjustment SET good_quarters = 40", "对“成果成功率”的申辩",
    ),
    "another consequence": (
        "UPDATE rating_consequence SET kind = 'priority' WHERE kind = 'suspend'", "结果运用",
    ),
    "a consequence taken away": (
        "DELETE FROM rating_consequence WHERE kind = 'suspend'", "的结果运用与操作记录不符",
    ),
    "another step": ("UPDATE rating_event SET reason = 'x' WHERE position = 2", "第 2 条记录与"),
    "a step taken away": ("DELETE FROM rating_event WHERE position = 8", "第 8 条记录不见了"),
    "another state": ("UPDATE rating_period SET version = 99", "考评期的状态与其记录不符"),
}  # fmt: skip


@ONE
def test_the_record_names_what_was_altered(opened: Opener) -> None:
    for sentence, words in ATTACKS.values():
        league = opened(_appealed)
        alter(league, sentence)
        assert words in told(league), sentence


@ONE
def test_the_record_misses_a_reply_and_a_period(opened: Opener) -> None:
    league = opened(_replied)
    alter(league, "DELETE FROM rating_paper", "DELETE FROM rating_reply")
    assert "的申辩与操作记录不符" in told(league)
    league = opened(_opened_only)
    alter(league, "DELETE FROM rating_event", "DELETE FROM rating_period")
    assert "截止于 2026-06 的考评期不见了" in told(league)
    league = opened(_opened_only)
    alter(league, "DELETE FROM rating_event")
    assert "第 1 条记录不见了" in told(league)


def _appealed(engine: Engine) -> League:
    league = make_league(engine)
    with stating(league):
        league.bring(PeriodState.reply)
        league.answer(league.reply(), ONE_MORE)
        with standing_at(AFTER_REPLIES):
            league.go("reviewer", begin_review)
            league.go("lead", publish_ratings)
            league.answer(league.appeal(), ONE_MORE, who="reviewer3")
    return league


def _replied(engine: Engine) -> League:
    league = make_league(engine)
    with stating(league):
        league.bring(PeriodState.reply)
        league.reply()
    return league


def _opened_only(engine: Engine) -> League:
    league = make_league(engine)
    league.open()
    return league
