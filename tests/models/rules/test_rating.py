"""Ratings: cases an official can follow with a calculator, and every property the formula must have."""

from __future__ import annotations

from dataclasses import replace
from fractions import Fraction
from typing import Any

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from models.rules.rating import (
    COUNTED,
    Component,
    Gate,
    Mark,
    Penalty,
    Scheme,
    Signals,
    Tally,
    Together,
    Unrated,
    WayUp,
    rating,
    ratings,
    satisfaction_good,
    what_would_raise,
    with_more_good,
    with_more_good_everywhere,
)
from models.rules.rating.at_once import scores
from models.rules.rating.raising import MOST_NAMED
from models.rules.rating.scheme import MARKS
from models.rules.rating.score import Part, interval_of
from models.rules.rating.signals import COMPONENT_NAMES, GATE_NAMES
from tests.cases import cases

SCHEME = Scheme()
CASES = cases("rating")["case"]
OWN, PEERS_FROM = 1, 2


def tally(written: list[Any] | None) -> Tally:
    return Tally(written[0], Fraction(written[1])) if written else Tally()


def signals(agency_id: int, months: int, written: dict[str, Any]) -> Signals:
    return Signals(
        agency_id,
        months,
        {service: tally(pair) for service, pair in written.get("outcome", {}).items()},
        tally(written.get("satisfaction")),
        tally(written.get("first_pass")),
        tally(written.get("timeliness")),
        {Penalty.complaint_upheld: written.get("complaint_upheld", 0)},
        frozenset(map(Gate, written.get("gates", []))),
    )


def spread(whole: Signals, over: int = 5) -> list[Signals]:
    """The peers' cases in several hands."""
    share = Fraction(1, over)

    def part(one: Tally) -> Tally:
        return Tally(int(one.cases * share), one.good * share)

    return [
        replace(
            whole,
            agency_id=PEERS_FROM + at,
            outcomes={service: part(one) for service, one in whole.outcomes.items()},
            satisfaction=part(whole.satisfaction),
            first_pass=part(whole.first_pass),
            timeliness=part(whole.timeliness),
        )
        for at in range(over)
    ]


# ---------------------------------------------------------------- cases


@pytest.mark.parametrize("case", CASES, ids=lambda case: case["what"])
def test_a_case_followed_by_hand(case: dict[str, Any]) -> None:
    peers = spread(signals(PEERS_FROM, 36, case["peers"]))
    read = rating(signals(OWN, case["months"], case["own"]), peers, SCHEME)
    assert read.unrated == case.get("unrated")
    assert read.mark == case.get("mark")
    for name, mean in case.get("means", {}).items():
        part = next(one for one in read.parts if one.component == name)
        assert f"{float(part.mean):.4f}" == mean, name
    if "score" in case:
        assert f"{read.score_hundredths / 100:.2f}" == case["score"]  # type: ignore[operator]


# ---------------------------------------------------------------- properties


@st.composite
def tallies(draw: st.DrawFn, most: int = 60) -> Tally:
    count = draw(st.integers(0, most))
    return Tally(count, Fraction(draw(st.integers(0, 4 * count)), 4))


@st.composite
def whole_cases(draw: st.DrawFn, most: int = 60) -> Tally:
    count = draw(st.integers(0, most))
    return Tally(count, Fraction(draw(st.integers(0, count))))


@st.composite
def agencies(draw: st.DrawFn, agency_id: int) -> Signals:
    services = draw(st.lists(st.sampled_from(("a", "b", "c")), unique=True))
    return Signals(
        agency_id,
        draw(st.integers(0, 40)),
        {service: draw(whole_cases()) for service in services},
        draw(tallies()),
        draw(whole_cases()),
        draw(whole_cases()),
        {kind: draw(st.integers(0, 3)) for kind in Penalty},
        frozenset(draw(st.sets(st.sampled_from(Gate), max_size=1))),
    )


@st.composite
def fields(draw: st.DrawFn) -> list[Signals]:
    return [draw(agencies(at)) for at in range(1, draw(st.integers(1, 5)) + 1)]


FEW = settings(max_examples=60, deadline=None)


@FEW
@given(fields(), st.randoms(use_true_random=False))
def test_the_order_of_rows_does_not_matter(field: list[Signals], random: Any) -> None:
    shuffled = [
        replace(one, outcomes=dict(sorted(one.outcomes.items(), reverse=True))) for one in field
    ]
    random.shuffle(shuffled)
    assert ratings(shuffled, SCHEME) == ratings(field, SCHEME)


@FEW
@given(fields())
def test_all_at_once_is_each_among_the_others(field: list[Signals]) -> None:
    assert ratings(field, SCHEME) == tuple(rating(one, field, SCHEME) for one in field)


@FEW
@given(fields())
def test_a_score_lies_in_its_interval_between_nothing_and_everything(field: list[Signals]) -> None:
    for one in ratings(field, SCHEME):
        if one.unrated:
            assert (one.score_hundredths, one.low_hundredths, one.mark) == (None, None, None)
            continue
        assert one.score_hundredths is not None
        assert one.low_hundredths is not None and one.high_hundredths is not None
        assert 0 < one.score_hundredths <= 10_000
        assert 0 <= one.low_hundredths <= one.high_hundredths <= 10_000
        assert sum(part.points for part in one.parts) == pytest.approx(
            one.score_hundredths / 100, abs=0.005
        )


@FEW
@given(fields(), st.data())
def test_a_failure_turned_into_a_success_never_costs(field: list[Signals], data: Any) -> None:
    own, peers = field[0], field[1:]
    failing = {
        service: one for service, one in own.outcomes.items() if one.cases - one.good >= 1
    }  # fmt: skip
    assume(failing and own.months >= SCHEME.least_months and own.concluded >= 5)
    service = data.draw(st.sampled_from(sorted(failing)))
    better = Tally(failing[service].cases, failing[service].good + 1)
    turned = replace(own, outcomes={**own.outcomes, service: better})
    before, after = (rating(one, peers, SCHEME).score_hundredths for one in (own, turned))
    assert before is not None and after is not None
    assert after >= before


@FEW
@given(
    st.integers(50, 95), st.integers(0, 100), st.integers(1, 8), st.integers(2, 6)
)  # fmt: skip
def test_the_same_rate_with_more_cases_is_surer(
    peers: int, above: int, cases_: int, times: int
) -> None:
    """Where an agency is as good as its peers or better; one that is worse than its peers' mean
    becomes less like them with every case, and for a while less sure."""
    rate = Fraction(peers, 100) + Fraction(100 - peers, 100) * Fraction(above, 100)
    others = spread(_alike(PEERS_FROM, 500, Fraction(peers, 100)))
    few, many = _alike(OWN, 5 * cases_, rate), _alike(OWN, 5 * cases_ * times, rate)
    narrow, wide = rating(many, others, SCHEME), rating(few, others, SCHEME)
    assert _variance(narrow.parts) < _variance(wide.parts)
    assert _width(narrow) <= _width(wide)


def test_one_that_is_worse_than_its_peers_is_less_sure_for_a_while() -> None:
    """With every case it becomes less like them: nothing is wrong, only the property ends here."""
    others = spread(_alike(PEERS_FROM, 500, Fraction(9, 10)))
    everybody = replace(SCHEME, least_concluded=0)
    few, more, many = (
        rating(_alike(OWN, cases_, Fraction(1, 2)), others, everybody) for cases_ in (2, 4, 40)
    )
    assert _variance(few.parts) < _variance(more.parts) > _variance(many.parts)


def _alike(agency_id: int, count: int, rate: Fraction) -> Signals:
    one = Tally(count, count * rate)
    return Signals(agency_id, 24, {"a": one}, one, one, one)


def _variance(parts: Any) -> Fraction:
    return sum((SCHEME.weights[one.component] ** 2 * one.variance for one in parts), Fraction(0))


def _width(read: Any) -> int:
    return int(read.high_hundredths - read.low_hundredths)


@pytest.mark.parametrize("percent", range(5, 95, 5))
def test_one_of_one_never_outranks_thirty_eight_of_forty(percent: int) -> None:
    others = spread(_alike(PEERS_FROM, 500, Fraction(percent, 100)))
    everybody = replace(SCHEME, least_concluded=0)
    one, many = _alike(3_000, 1, Fraction(1)), _alike(4_000, 40, Fraction(38, 40))
    small, large = rating(one, others, everybody), rating(many, others, everybody)
    assert small.score_hundredths is not None and large.score_hundredths is not None
    assert small.score_hundredths < large.score_hundredths
    assert rating(one, others, SCHEME).unrated is Unrated.few


def test_nothing_known_is_the_peers_mean_and_wide() -> None:
    others = spread(_alike(PEERS_FROM, 500, Fraction(4, 5)))
    known = _alike(OWN, 40, Fraction(4, 5))
    unknown = replace(known, satisfaction=Tally())
    part = rating(unknown, others, SCHEME).parts[1]
    assert (part.component, part.mean) == (Component.satisfaction, Fraction(401, 502))
    assert part.variance > rating(known, others, SCHEME).parts[1].variance
    alone = rating(known, [], SCHEME)
    assert alone.parts[1].peers == Fraction(1, 2)


def test_an_a_must_be_sure() -> None:
    others = spread(_alike(PEERS_FROM, 500, Fraction(17, 20)))
    strict = replace(SCHEME, thresholds={Mark.a: 90, Mark.b: 86, Mark.c: 60})
    sure, lucky = _alike(OWN, 200, Fraction(23, 25)), _alike(OWN, 5, Fraction(1))
    assert rating(sure, others, strict).mark is Mark.a
    read = rating(lucky, others, strict)
    assert read.score_hundredths is not None and read.low_hundredths is not None
    assert read.score_hundredths > 9_000 and read.low_hundredths < 8_600
    assert read.mark is Mark.b


def test_every_grade_is_reached() -> None:
    others = spread(_alike(PEERS_FROM, 500, Fraction(4, 5)))
    reached = [
        rating(_alike(OWN, 300, Fraction(percent, 100)), others, SCHEME).mark
        for percent in (98, 82, 60, 30)
    ]
    assert reached == list(MARKS)


def test_conduct_is_lost_by_the_rate_of_penalties_and_no_further_than_nothing() -> None:
    good = _alike(OWN, 10, Fraction(4, 5))
    bad = replace(good, penalties={Penalty.complaint_upheld: 50})
    assert [rating(one, [], SCHEME).parts[-1].points for one in (good, bad)] == [10, 0]
    without = replace(
        SCHEME, weights={**SCHEME.weights, Component.outcome: 50, Component.conduct: 0}
    )
    assert rating(bad, [], without).parts[-1].points == 0


def test_a_score_that_cannot_vary_has_no_width() -> None:
    interval = interval_of(Fraction(73), Fraction(0), SCHEME)
    assert (interval.low, interval.high) == (73.0, 73.0)


# ---------------------------------------------------------------- everybody at once


@FEW
@given(fields(), st.integers(0, 3))
def test_everybody_at_once_is_the_same_to_the_last_digit(field: list[Signals], weight: int) -> None:
    scheme = replace(
        SCHEME, least_concluded=0, least_months=0, least_peer_cases=5,
        weights={**SCHEME.weights, Component.outcome: 50 - 10 * (weight > 0),
                 Component.conduct: 10 * (weight > 0)},
    )  # fmt: skip
    for one, alone in zip(ratings(field, scheme), field, strict=True):
        exact = rating(alone, field, scheme)
        assert (one.score_hundredths, one.mark) == (exact.score_hundredths, exact.mark)
        assert one == exact
        assert one.parts[:2] == exact.parts[:2]


def test_where_a_digit_is_in_doubt_fractions_decide() -> None:
    """Nothing is known of anybody: everything is ½, and 55 points are just enough."""
    nothing = [Signals(at, 12) for at in (1, 2)]
    scheme = replace(SCHEME, least_concluded=0, thresholds={Mark.a: 90, Mark.b: 80, Mark.c: 55})
    assert not scores(nothing, scheme).is_sure.any()
    assert scores(nothing, SCHEME).is_sure.all()
    assert [one.mark for one in ratings(nothing, scheme)] == [Mark.c, Mark.c]
    assert ratings([], scheme) == ()


def test_parts_are_as_good_as_a_tuple_of_them() -> None:
    (one,) = ratings([_alike(OWN, 10, Fraction(1, 2))], SCHEME)
    assert len(one.parts) == len(Component)
    assert all(isinstance(part, Part) for part in one.parts)
    assert one.parts == tuple(one.parts) and one.parts != "parts"
    assert hash(one.parts) == hash(tuple(one.parts))


# ---------------------------------------------------------------- what would raise it


@FEW
@given(fields())
def test_a_way_up_leads_up_and_no_shorter_one_does(field: list[Signals]) -> None:
    own, peers = field[0], field[1:]
    now = rating(own, peers, SCHEME)
    way = what_would_raise(own, peers, SCHEME)
    assert len(way.raises) <= MOST_NAMED
    assert [one.cases for one in way.raises] == sorted(one.cases for one in way.raises)
    for one in way.raises:
        then = rating(with_more_good(own, one.component, one.cases), peers, SCHEME)
        assert (then.mark, then.score_hundredths) == (one.mark, one.score_hundredths)
        assert MARKS.index(one.mark) < MARKS.index(now.mark)  # type: ignore[arg-type]
        less = rating(with_more_good(own, one.component, one.cases - 1), peers, SCHEME)
        assert less.mark is now.mark


@FEW
@given(fields())
def test_all_together_lead_up_where_none_does_alone(field: list[Signals]) -> None:
    own, peers = field[0], field[1:]
    way, now = what_would_raise(own, peers, SCHEME), rating(own, peers, SCHEME)
    if way.together is None:
        return
    assert way.raises == ()
    then = rating(with_more_good_everywhere(own, way.together.cases), peers, SCHEME)
    assert (then.mark, then.score_hundredths) == (way.together.mark, way.together.score_hundredths)
    assert MARKS.index(way.together.mark) < MARKS.index(now.mark)  # type: ignore[arg-type]
    less = rating(with_more_good_everywhere(own, way.together.cases - 1), peers, SCHEME)
    assert less.mark is now.mark


def test_the_shortest_ways_come_first_and_long_ones_are_not_named() -> None:
    others = spread(_alike(PEERS_FROM, 500, Fraction(9, 10)))
    strict = replace(SCHEME, thresholds={Mark.a: 88, Mark.b: 80, Mark.c: 60})
    own = _alike(OWN, 12, Fraction(2, 3))
    way = what_would_raise(own, others, strict)
    assert [(one.component, one.cases, one.service) for one in way.raises] == [
        (Component.outcome, 2, "a"), (Component.satisfaction, 3, ""), (Component.first_pass, 4, ""),
    ]  # fmt: skip
    assert {one.component for one in way.raises} < set(COUNTED)
    hopeless = _alike(OWN, 500, Fraction(1, 2))
    assert what_would_raise(hopeless, others, SCHEME) == WayUp()
    behind = _alike(OWN, 18, Fraction(1, 2))
    assert what_would_raise(behind, others, SCHEME).together == Together(9, Mark.b, 7_564)


def test_a_gate_is_named_instead_and_the_best_have_nothing_to_raise() -> None:
    others = spread(_alike(PEERS_FROM, 500, Fraction(9, 10)))
    barred = replace(_alike(OWN, 40, Fraction(9, 10)), gates=frozenset(Gate))
    assert what_would_raise(barred, others, SCHEME).gates == tuple(sorted(Gate))
    best = _alike(OWN, 200, Fraction(99, 100))
    young = replace(best, months=1)
    for one in (best, young):
        way = what_would_raise(one, others, SCHEME)
        assert (way.gates, way.raises) == ((), ())


# ---------------------------------------------------------------- what cannot be


def test_what_is_no_tally_and_no_scheme_is_refused() -> None:
    for wrong in (lambda: Tally(1, Fraction(2)), lambda: Tally(0, Fraction(-1))):
        with pytest.raises(ValueError, match="good of"):
            wrong()
    with pytest.raises(ValueError, match="100 together"):
        Scheme(weights={**SCHEME.weights, Component.outcome: 41})
    with pytest.raises(ValueError, match="fall"):
        Scheme(thresholds={Mark.a: 60, Mark.b: 80, Mark.c: 50})


def test_everything_has_its_name() -> None:
    assert set(COMPONENT_NAMES) == set(Component)
    assert set(GATE_NAMES) == set(Gate)
    assert [satisfaction_good(stars) for stars in (1, 3, 5)] == [0, Fraction(1, 2), 1]
    assert Signals(OWN, 1).tally(Component.conduct) == Tally()
