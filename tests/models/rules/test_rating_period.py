"""A rating period's table of steps, corrections, frozen forms, peer groups and ranks, what follows, the
scheme as it is written."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as some

from models.rules.digest import facts_digest
from models.rules.errors import FigureRefused
from models.rules.rating.adjusting import Adjustment, adjusted
from models.rules.rating.consequences import Consequence, proposals
from models.rules.rating.outcome import outcome_content, outcome_of, outcomes
from models.rules.rating.period_life import (
    OF_PERIOD,
    PERIOD_LIFE,
    PERIOD_STEP_OF,
    PeriodAction,
    PeriodStanding,
    PeriodState,
    may_take,
)
from models.rules.rating.scheme import MARKS, Mark, Scheme
from models.rules.rating.schemes import DEFAULT, FIGURES, scheme_content, scheme_of, scheme_read
from models.rules.rating.score import Unrated
from models.rules.rating.signals import COUNTED, Component, Gate, Penalty, Signals, Tally
from models.rules.rating.standings import (
    GROUP_NAMES,
    LEAST_GROUP,
    MIXED,
    NATIONAL_2015,
    distribution,
    peer_groups,
    why_unrated,
)
from models.rules.roles import Actor, GrantFacts, Role

ON = date(2026, 12, 1)
ITEMS = {"hnte_first": "1", "invention_patent": "3"}
LEAD = Actor(1, "负责人", (GrantFacts(1, Role.alliance_lead, date(2026, 1, 1)),))

tallies = some.integers(0, 60).flatmap(
    lambda cases: some.builds(
        Tally, some.just(cases), some.integers(0, 4 * cases).map(lambda n: Fraction(n, 4))
    )
)
signals = some.builds(
    Signals,
    some.integers(1, 99),
    some.integers(0, 36),
    some.dictionaries(some.sampled_from(sorted(ITEMS)), tallies),
    tallies, tallies, tallies,
    some.dictionaries(some.sampled_from(Penalty), some.integers(0, 5)),
    some.frozensets(some.sampled_from(Gate)),
)  # fmt: skip
fields = some.lists(signals, min_size=1, max_size=12, unique_by=lambda one: one.agency_id)


# ---------------------------------------------------------------- the table


def test_every_state_leads_on_and_only_one_step_begins() -> None:
    assert [step.action for step in PERIOD_LIFE if not step.from_states] == [
        PeriodAction.open_period
    ]
    assert {step.action for step in PERIOD_LIFE} == set(PeriodAction)
    for state in PeriodState:
        onward = [step for step in PERIOD_LIFE if state in step.from_states]
        assert onward, state
    assert {action for action in OF_PERIOD if PERIOD_STEP_OF[action].to} == set(OF_PERIOD)


def test_whoever_rated_neither_answers_nor_publishes() -> None:
    for step in PERIOD_LIFE:
        if step.action in (
            PeriodAction.answer_reply, PeriodAction.publish_ratings, PeriodAction.answer_appeal,
        ):  # fmt: skip
            acted = frozenset({PeriodAction.compute_preview})
            state = step.from_states[-1]
            answer = may_take(step, LEAD, PeriodStanding(state, ON, acted=acted))
            assert not answer.is_allowed
            assert "须由另一人办理" in str(answer.reason)
            assert may_take(step, LEAD, PeriodStanding(state, ON)).is_allowed


# ---------------------------------------------------------------- corrections and frozen forms


@given(signals, some.sampled_from(COUNTED))
def test_one_more_good_case_is_one_more(own: Signals, component: Component) -> None:
    service = "hnte_first" if component is Component.outcome else ""
    one = Adjustment(component, 1, 4, service)
    after = adjusted(own, (one,))
    before = own.tally(component)
    assert after.tally(component) == before.more_good(1)
    back = replace(one, cases=-1, good_quarters=-4)
    assert adjusted(after, (back,)).tally(component) == before


def test_a_correction_says_what_it_changes() -> None:
    assert Adjustment(Component.outcome).is_nothing
    assert Adjustment(Component.conduct, penalty=Penalty.late_answer).is_nothing
    assert not Adjustment(Component.conduct, cleared=Gate.fraud).is_nothing
    own = Signals(1, 12, gates=frozenset({Gate.fraud}))
    assert adjusted(own, (Adjustment(Component.conduct, cleared=Gate.fraud),)).gates == frozenset()
    with pytest.raises(FigureRefused):
        adjusted(own, (Adjustment(Component.first_pass, good_quarters=4),))


@given(fields)
def test_what_is_frozen_is_read_back_to_the_last_digit(field: list[Signals]) -> None:
    for one in outcomes(field, DEFAULT, ITEMS).values():
        content = outcome_content(one)
        assert facts_digest(content)
        read = outcome_of(content)
        assert outcome_content(read) == content
        assert (read.mark, read.parts, read.gates) == (one.mark, one.parts, one.gates)
        for part in one.parts:
            assert (part.own_millionths is None) == (not part.cases)
            assert not part.cases or 0 <= (part.own_millionths or 0) <= 1_000_000
        assert {k: v for k, v in one.signals.penalties.items() if v} == read.signals.penalties


@given(fields)
def test_who_takes_no_part_has_neither_score_nor_rank(field: list[Signals]) -> None:
    for one in outcomes(field, DEFAULT, ITEMS).values():
        nothing = (one.mark, one.score_hundredths, one.rank_from, one.rank_to)
        if one.unrated is not None:
            assert nothing == (None,) * 4
            assert one.peer_group == ""
            assert str(why_unrated(one.unrated, DEFAULT))
        else:
            assert None not in nothing
            assert 1 <= one.rank_from <= one.rank_to <= one.ranked_of


# ---------------------------------------------------------------- peers


def _peer(agency_id: int, service: str, good: int = 30) -> Signals:
    share = Tally(40, Fraction(good))
    return Signals(agency_id, 24, {service: share}, share, share, share)


def test_a_group_too_small_stands_with_the_others() -> None:
    many = [_peer(at, "hnte_first") for at in range(1, LEAST_GROUP + 1)]
    few = [_peer(at, "invention_patent") for at in range(20, 20 + LEAST_GROUP - 1)]
    odd = _peer(90, "something")
    found = peer_groups([*many, *few, odd], range(1, 99), ITEMS)
    assert {found[one.agency_id] for one in many} == {"1"}
    assert {found[one.agency_id] for one in (*few, odd)} == {MIXED}
    assert set(found.values()) <= set(GROUP_NAMES)
    assert peer_groups(many, (), ITEMS) == {}


def test_a_rank_is_a_range_where_intervals_overlap() -> None:
    field = [_peer(at, "hnte_first", good) for at, good in enumerate((40, 39, 20, 19, 2), 1)]
    found = outcomes(field, Scheme(prior_cases=1), ITEMS)
    ranks = [(found[at].rank_from, found[at].rank_to) for at in range(1, 6)]
    assert ranks == [(1, 2), (1, 2), (3, 4), (3, 4), (5, 5)]
    assert {one.ranked_of for one in found.values()} == {5}


def test_the_distribution_counts_who_takes_part() -> None:
    assert distribution([Mark.a, None, Mark.d, Mark.d]) == {
        Mark.a: 1, Mark.b: 0, Mark.c: 0, Mark.d: 2,
    }  # fmt: skip
    assert sum(NATIONAL_2015.values()) == 453
    shares = [round(100 * count / 453) for count in NATIONAL_2015.values()]
    assert shares == [12, 31, 53, 4]


@pytest.mark.parametrize(
    ("unrated", "words"),
    [(Unrated.young, "入会不足 6 个月"), (Unrated.few, "本期完成服务不足 5 件")],
)
def test_why_somebody_is_not_rated(unrated: Unrated, words: str) -> None:
    assert str(why_unrated(unrated, DEFAULT)) == words


# ---------------------------------------------------------------- what follows


@pytest.mark.parametrize(
    ("mark", "gates", "before", "kinds"),
    [
        (Mark.a, (), Mark.d, {Consequence.priority}),
        (Mark.b, (), Mark.d, set()),
        (Mark.c, (), None, set()),
        (Mark.c, (), Mark.c, set()),
        (Mark.c, (), Mark.b, {Consequence.spot_check}),
        (Mark.d, (), Mark.c, {Consequence.spot_check}),
        (Mark.d, (), Mark.d, {Consequence.spot_check, Consequence.suspend}),
        (Mark.d, (Gate.fraud,), None, {Consequence.spot_check, Consequence.suspend}),
        (None, (Gate.fraud,), Mark.d, set()),
    ],
)
def test_what_follows_is_proposed(
    mark: Mark | None, gates: tuple[Gate, ...], before: Mark | None, kinds: set[Consequence]
) -> None:
    found = proposals(mark, gates, before)
    assert {one.kind for one in found} == kinds
    assert all(str(one.grounds) for one in found)


# ---------------------------------------------------------------- the scheme, written


def test_the_scheme_is_written_and_read_back() -> None:
    content = scheme_content(DEFAULT)
    assert set(content) == {figure.key for figure in FIGURES}
    read = scheme_read(content)
    assert (read.content, read.faults) == (content, ())
    assert scheme_of(1, content) == DEFAULT
    finer = scheme_read(content | {"penalty_late_answer": "１．25".replace("．", ".")})
    assert scheme_of(2, finer.content).penalties[Penalty.late_answer] == Fraction(5, 4)


@pytest.mark.parametrize(
    ("written", "words"),
    [
        ({"weight_outcome": "41"}, "合计须为 100"),
        ({"weight_outcome": "40.5"}, "只填数字"),
        ({"weight_outcome": ""}, "只填数字"),
        ({"weight_outcome": "123456"}, "只填数字"),
        ({"threshold_b": "89"}, "从 A 到 C 依次降低"),
        ({"prior_cases": "0"}, "须在 1 至 100 之间"),
        ({"penalty_late_answer": "0.555"}, "只填数字"),
        ({"penalty_late_answer": "-1"}, "只填数字"),
        ({"interval_percent": "x"}, "只填数字"),
    ],
)
def test_a_scheme_that_is_none_is_told(written: dict[str, str], words: str) -> None:
    (fault,) = scheme_read(scheme_content(DEFAULT) | written).faults
    assert words in str(fault.words)


@given(some.dictionaries(some.sampled_from([f.key for f in FIGURES]), some.text(max_size=8)))
def test_whatever_is_written_is_a_scheme_or_told(written: dict[str, str]) -> None:
    read = scheme_read(scheme_content(DEFAULT) | written)
    if not read.faults:
        scheme = scheme_of(2, read.content)
        assert scheme_content(scheme) == read.content
        assert [scheme.thresholds[mark] for mark in MARKS[:-1]]
