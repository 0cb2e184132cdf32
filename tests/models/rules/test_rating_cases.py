"""What counts as a case of a rating: claims, agreements, times, windows and months of membership."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from models.rules.agreement_life import Attribution, Outcome
from models.rules.claim_workflow import Action, State
from models.rules.months import YearMonth
from models.rules.rating import Window, months_between
from models.rules.rating.cases import (
    AgreementFacts,
    CountedStep,
    PassedClaim,
    agreement_case,
    claim_case,
    is_late_open,
    is_open,
    latest_late_start,
    time_taken,
)
from models.rules.rating.window import spans_of
from models.rules.working_days import Calendar

CALENDAR = Calendar()
PASS, RETURN, REFUSE = Action.pass_pre_review, Action.return_pre_review, Action.refuse_pre_review
UNDO, LAPSE, OFFICE = Action.undo_pre_review, Action.lapse, Action.refuse_office
MAY = date(2026, 5, 6)


def day(number: int) -> date:
    return MAY + timedelta(days=number)


def steps(*actions: Action | tuple[Action, str]) -> list[CountedStep]:
    """Steps of one day after the other."""
    written = [one if isinstance(one, tuple) else (one, "R01") for one in actions]
    return [CountedStep(action, day(at), (code,)) for at, (action, code) in enumerate(written)]


# ---------------------------------------------------------------- claims


@pytest.mark.parametrize(
    ("taken", "state", "first", "passed"),
    [
        ((), State.submitted, None, None),
        ((PASS,), State.pre_reviewed, 0, 0),
        ((PASS, UNDO), State.submitted, None, None),
        ((PASS, UNDO, RETURN), State.returned, 2, None),
        ((PASS, UNDO, PASS), State.pre_reviewed, 2, 2),
        ((RETURN, PASS), State.closed, 0, 1),
        ((REFUSE,), State.refused, 0, None),
        ((REFUSE, PASS), State.applied, 0, 1),
        ((PASS, OFFICE), State.refused, 0, None),
        ((PASS, RETURN), State.returned, 0, 0),
        ((PASS, LAPSE), State.withdrawn, 0, None),
    ],
)
def test_the_first_decision_counts_and_a_pass_while_it_stands(
    taken: tuple[Action, ...], state: State, first: int | None, passed: int | None
) -> None:
    case = claim_case(steps(*taken), state)
    assert (case.first and case.first.on) == (None if first is None else day(first))
    assert case.passed_on == (None if passed is None else day(passed))
    assert case.is_passed_first == (first is not None and taken[first] is PASS)


def test_a_lapse_and_a_refusal_for_false_papers_are_noted_by_their_day() -> None:
    assert claim_case(steps(RETURN, LAPSE), State.withdrawn).lapsed_on == day(1)
    false = steps(PASS, (OFFICE, "R10"))
    assert claim_case(false, State.refused).false_on == day(1)
    assert claim_case(steps((REFUSE, "R10")), State.submitted).false_on is None  # reopened
    assert claim_case(steps((REFUSE, "R10"), (REFUSE, "R01")), State.refused).false_on is None


# ---------------------------------------------------------------- agreements

EARLY, LATE = PassedClaim("B", day(3), day(1)), PassedClaim("A", day(9), day(2))


def test_a_success_stands_on_the_first_day_it_is_shown() -> None:
    by_claim = agreement_case(AgreementFacts(passed=(LATE, EARLY)))
    assert by_claim is not None
    assert (by_claim.counted_on, by_claim.is_good, by_claim.by_claim) == (day(3), True, "B")
    assert by_claim.obtained_on == day(1)
    concluded = AgreementFacts(
        outcome=Outcome.succeeded, concluded_on=day(2), passed=(EARLY,), recorded={7: day(0)}
    )
    case = agreement_case(concluded)
    assert case is not None
    assert (case.counted_on, case.by_claim, case.obtained_on) == (day(2), "", day(0))
    later = agreement_case(AgreementFacts(outcome=Outcome.succeeded, concluded_on=day(5),
                                          passed=(EARLY,)))  # fmt: skip
    assert later is not None and later.by_claim == "B"


@pytest.mark.parametrize("attribution", list(Attribution))
def test_a_failure_counts_where_it_is_the_agencys_doing(attribution: Attribution) -> None:
    facts = AgreementFacts(outcome=Outcome.failed, concluded_on=day(4), attribution=attribution)
    case = agreement_case(facts)
    if attribution is not Attribution.agency:
        assert case is None
        return
    assert case is not None
    assert (case.counted_on, case.is_good, case.obtained_on) == (day(4), False, None)
    assert agreement_case(AgreementFacts(outcome=Outcome.ended, concluded_on=day(4))) is None
    assert agreement_case(AgreementFacts()) is None


def test_facts_can_be_read_as_they_were() -> None:
    facts = AgreementFacts(passed=(EARLY, LATE), recorded={1: day(5)})
    assert facts.with_claim("B", None).passed == (LATE,)
    assert facts.with_claim("C", EARLY).passed == (EARLY, LATE, EARLY)
    assert facts.with_day("A", day(0)).obtained_on == day(0)
    assert facts.with_result(1, None).recorded == {}
    assert facts.with_result(1, day(6)).recorded == {1: day(6)}
    assert AgreementFacts().obtained_on is None


# ---------------------------------------------------------------- time


def test_time_is_told_where_start_result_and_standard_are_known() -> None:
    facts = AgreementFacts(started_on=day(0), passed=(PassedClaim("A", day(30), day(14)),))
    case = agreement_case(facts)
    assert case is not None
    assert time_taken(facts, case, 10, CALENDAR) == CALENDAR.working_days_between(day(0), day(14))
    assert time_taken(facts, case, None, CALENDAR) is None
    unknown = AgreementFacts(passed=facts.passed)
    assert time_taken(unknown, case, 10, CALENDAR) is None
    before = AgreementFacts(started_on=day(15), passed=facts.passed)
    assert time_taken(before, case, 10, CALENDAR) is None
    failed = AgreementFacts(
        started_on=day(0), outcome=Outcome.failed, concluded_on=day(2),
        attribution=Attribution.agency,
    )  # fmt: skip
    failure = agreement_case(failed)
    assert failure is not None and time_taken(failed, failure, 10, CALENDAR) is None
    silent = AgreementFacts(started_on=day(0), outcome=Outcome.succeeded, concluded_on=day(2))
    success = agreement_case(silent)
    assert success is not None and time_taken(silent, success, 10, CALENDAR) is None


def test_open_is_what_has_begun_and_brought_nothing() -> None:
    begun = AgreementFacts(started_on=day(0))
    assert is_open(begun)
    assert not is_open(AgreementFacts())
    assert not is_open(AgreementFacts(started_on=day(0), passed=(EARLY,)))
    assert not is_open(AgreementFacts(started_on=day(0), recorded={1: day(3)}))
    assert not is_open(AgreementFacts(started_on=day(0), outcome=Outcome.ended))
    due = CALENDAR.add_working_days(day(0), 20)
    assert not is_late_open(begun, 10, due, CALENDAR)
    assert is_late_open(begun, 10, CALENDAR.add_working_days(due, 1), CALENDAR)
    assert not is_late_open(AgreementFacts(), 10, date(2030, 1, 1), CALENDAR)


@given(st.integers(0, 180), st.dates(date(2023, 1, 1), date(2027, 12, 31)))
def test_the_last_late_start_is_where_lateness_ends(standard: int, on: date) -> None:
    latest = latest_late_start(standard, on, CALENDAR)
    after = latest + timedelta(days=1)
    assert is_late_open(AgreementFacts(started_on=latest), standard, on, CALENDAR)
    assert not is_late_open(AgreementFacts(started_on=after), standard, on, CALENDAR)


# ---------------------------------------------------------------- windows and membership


def test_windows_have_their_months_and_names() -> None:
    first, second = Window.half_year(2026, 1), Window.half_year(2026, 2)
    assert (first.first_day, first.last_day) == (date(2026, 1, 1), date(2026, 6, 30))
    assert str(first.name) == "2026 年上半年" and str(second.name) == "2026 年下半年"
    assert str(Window(first.first, second.last).name) == "2026 年"
    year = Window.twelve_months(YearMonth(2026, 11))
    assert (year.first, str(year.name)) == (YearMonth(2025, 12), "2025-12 至 2026-11")
    odd = Window(YearMonth(2026, 2), YearMonth(2026, 3))
    assert str(odd.name) == "2026-02 至 2026-03"
    assert date(2026, 6, 30) in first and date(2026, 7, 1) not in first
    assert first.read_on(date(2026, 3, 1)) == date(2026, 3, 1)
    assert first.read_on(date(2027, 3, 1)) == date(2026, 6, 30)


@pytest.mark.parametrize(
    ("on", "year", "half"),
    [(date(2026, 6, 30), 2025, 2), (date(2026, 7, 1), 2026, 1), (date(2026, 12, 31), 2026, 1),
     (date(2027, 1, 1), 2026, 2)],
)  # fmt: skip
def test_the_last_half_year_is_over(on: date, year: int, half: int) -> None:
    assert Window.last_half_year(on) == Window.half_year(year, half)


@pytest.mark.parametrize(
    ("window", "spans"),
    [
        (Window.half_year(2026, 2), ("2026-H2",)),
        (Window.twelve_months(YearMonth(2026, 12)), ("2026-H1", "2026-H2")),
        (
            Window.twelve_months(YearMonth(2026, 8)),
            ("2025-09", "2025-Q4", "2026-H1", "2026-07", "2026-08"),
        ),
        (Window(YearMonth(2026, 3), YearMonth(2026, 9)), ("2026-03", "2026-Q2", "2026-Q3")),
        (Window(YearMonth(2026, 2), YearMonth(2026, 3)), ("2026-02", "2026-03")),
        (Window(YearMonth(2025, 12), YearMonth(2026, 1)), ("2025-12", "2026-01")),
    ],
)
def test_a_window_is_made_of_few_spans(window: Window, spans: tuple[str, ...]) -> None:
    assert window.spans == spans


@given(st.dates(date(2020, 1, 1), date(2029, 12, 31)), st.integers(1, 40), st.integers(1, 12))
def test_a_day_lies_in_one_span_of_a_window_exactly_if_in_it(
    day: date, months: int, month: int
) -> None:
    first = last = YearMonth(2023, month)
    for _ in range(months - 1):
        last = last.next()
    window = Window(first, last)
    assert sum(span in window.spans for span in spans_of(day)) == (day in window)


def test_what_is_no_window_is_refused() -> None:
    with pytest.raises(ValueError, match="no window"):
        Window(YearMonth(2026, 2), YearMonth(2026, 1))
    with pytest.raises(ValueError, match="half of a year"):
        Window.half_year(2026, 3)


@pytest.mark.parametrize(
    ("joined_on", "on", "months"),
    [(date(2026, 1, 1), date(2026, 7, 1), 6), (date(2026, 1, 2), date(2026, 7, 1), 5),
     (date(2025, 8, 31), date(2026, 2, 28), 5), (date(2025, 8, 31), date(2026, 3, 1), 6),
     (date(2026, 8, 1), date(2026, 7, 1), 0)],
)  # fmt: skip
def test_months_are_counted_when_they_are_full(joined_on: date, on: date, months: int) -> None:
    assert months_between(joined_on, on) == months
