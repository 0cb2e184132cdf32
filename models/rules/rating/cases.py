"""What counts as a case of a rating (考评个案), and whether it was a good one.

claim       the first decision at pre-review; a pass that stands; a return nobody answered in time
agreement   one outcome: a success on the first day it stands, or a failure of the agency's
time        a result within the service's standard, or an agreement open past twice of it
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import date, timedelta
from functools import lru_cache

from models.rules.agreement_life import Attribution, Outcome
from models.rules.claim_workflow import Action, State
from models.rules.working_days import Calendar

OPEN_PAST = 2
"""An agreement still without a result after so many times its standard counts as late."""
FALSE_PAPERS = "R10"
"""The coded reason of a refusal that is a gate: 材料或成果虚假."""

REVIEWED = (Action.pass_pre_review, Action.return_pre_review, Action.refuse_pre_review)
"""The decisions at pre-review."""
_REFUSALS = (Action.refuse_pre_review, Action.refuse_office)
COUNTED_ACTIONS = (*REVIEWED, Action.undo_pre_review, Action.refuse_office, Action.lapse)
"""The steps of a claim that make a case, or take one back."""
_GONE = frozenset({State.refused, State.withdrawn})


@dataclass(frozen=True, slots=True)
class CountedStep:
    """A step of a claim, as far as cases are made of it."""

    action: Action
    on: date
    reasons: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class ClaimCase:
    """What a claim adds to its agency's rating.

    Attributes:
        first: its first decision at pre-review that was not undone: pass, return or refusal.
        passed_on: the day of its first pass that was not undone; `None` once it was refused or
            withdrawn: then there is no result that stands.
        lapsed_on: when it was withdrawn because nobody answered a return in time.
        false_on: when it was refused for false papers, and that stands.
    """

    first: CountedStep | None = None
    passed_on: date | None = None
    lapsed_on: date | None = None
    false_on: date | None = None

    @property
    def is_passed_first(self) -> bool:
        """Whether it passed without a return (初审一次通过)."""
        return self.first is not None and self.first.action is Action.pass_pre_review


def claim_case(steps: Iterable[CountedStep], state: State) -> ClaimCase:
    """Read a claim's steps.

    Args:
        steps: in their order; those that make no case may be left out.
        state: where the claim stands after them.
    """
    decided: list[CountedStep] = []
    refused = lapsed = None
    for step in steps:
        if step.action is Action.undo_pre_review:
            decided.pop()
        elif step.action in REVIEWED:
            decided.append(step)
        if step.action in _REFUSALS:
            refused = step
        if step.action is Action.lapse:
            lapsed = step.on
    passed = next((step.on for step in decided if step.action is Action.pass_pre_review), None)
    is_false = state is State.refused and refused is not None and FALSE_PAPERS in refused.reasons
    return ClaimCase(
        first=decided[0] if decided else None,
        passed_on=None if state in _GONE else passed,
        lapsed_on=lapsed,
        false_on=refused.on if is_false and refused else None,
    )


@dataclass(frozen=True, slots=True)
class PassedClaim:
    """A claim of an agreement that passed pre-review and stands; its result's day."""

    number: str
    passed_on: date
    obtained_on: date


@dataclass(frozen=True, slots=True)
class AgreementFacts:
    """What an agreement's case is read from.

    Attributes:
        started_on: when work began, else when the filing was confirmed; `None` where neither is
            known.
        outcome, concluded_on, attribution: as recorded.
        passed: its claims that passed.
        recorded: the results recorded under it, each with its day.
    """

    started_on: date | None = None
    outcome: Outcome = Outcome.open
    concluded_on: date | None = None
    attribution: Attribution | None = None
    passed: tuple[PassedClaim, ...] = ()
    recorded: Mapping[int, date] = field(default_factory=dict)

    @property
    def obtained_on(self) -> date | None:
        """The day of its earliest result."""
        days = [*self.recorded.values(), *(claim.obtained_on for claim in self.passed)]
        return min(days, default=None)

    def with_claim(self, number: str, passed: PassedClaim | None) -> AgreementFacts:
        """As it would be if a claim on it stood otherwise."""
        others = (claim for claim in self.passed if claim.number != number)
        return replace(self, passed=(*others, *([passed] if passed else ())))

    def with_day(self, number: str, obtained_on: date) -> AgreementFacts:
        """As it would be if a claim's result were of another day."""
        passed = (
            replace(claim, obtained_on=obtained_on) if claim.number == number else claim
            for claim in self.passed
        )
        return replace(self, passed=tuple(passed))

    def with_result(self, result_id: int, obtained_on: date | None) -> AgreementFacts:
        """As it would be if a result under it were of another day, or none."""
        others = {number: on for number, on in self.recorded.items() if number != result_id}
        return replace(self, recorded=others | ({result_id: obtained_on} if obtained_on else {}))


@dataclass(frozen=True, slots=True)
class AgreementCase:
    """An agreement's one outcome.

    Attributes:
        counted_on: the first day it stands.
        is_good: whether it is a success.
        obtained_on: of a success the day of its earliest result.
        by_claim: the claim whose pass was the first to show it; empty where it was concluded.
    """

    counted_on: date
    is_good: bool
    obtained_on: date | None = None
    by_claim: str = ""


def agreement_case(facts: AgreementFacts) -> AgreementCase | None:
    """An agreement's outcome: a success before a failure; a failure only where it is put down to
    the agency; otherwise no case."""
    passed = min(facts.passed, key=lambda claim: (claim.passed_on, claim.number), default=None)
    concluded_on = facts.concluded_on if facts.outcome is Outcome.succeeded else None
    if passed or concluded_on:
        by_claim = passed if passed and passed.passed_on <= (concluded_on or date.max) else None
        counted_on = by_claim.passed_on if by_claim else concluded_on
        assert counted_on is not None
        number = by_claim.number if by_claim else ""
        return AgreementCase(counted_on, True, facts.obtained_on, number)
    is_agencys = facts.outcome is Outcome.failed and facts.attribution is Attribution.agency
    if not is_agencys or facts.concluded_on is None:
        return None
    return AgreementCase(facts.concluded_on, False)


def time_taken(
    facts: AgreementFacts, case: AgreementCase, standard: int | None, calendar: Calendar
) -> int | None:
    """The working days from the start to the result; `None` where no time can be told: a failure,
    a start or a standard nobody knows, a result before the start.

    Args:
        facts: the agreement's.
        case: its outcome.
        standard: the working days its service may take, official examination not counted.
        calendar: the working days.
    """
    if standard is None or facts.started_on is None or case.obtained_on is None:
        return None
    if not case.is_good or case.obtained_on < facts.started_on:
        return None
    return calendar.working_days_between(facts.started_on, case.obtained_on)


def is_open(facts: AgreementFacts) -> bool:
    """Whether an agreement has begun and neither come to an end nor brought a result."""
    is_begun = facts.outcome is Outcome.open and facts.started_on is not None
    return is_begun and facts.obtained_on is None


def is_late_open(facts: AgreementFacts, standard: int, on: date, calendar: Calendar) -> bool:
    """Whether an agreement is open past twice its standard (超期未结) on a day."""
    if not is_open(facts) or facts.started_on is None:
        return False
    return calendar.working_days_between(facts.started_on, on) > OPEN_PAST * standard


@lru_cache(maxsize=1_024)
def latest_late_start(standard: int, on: date, calendar: Calendar) -> date:
    """The last day of starting from which twice the standard has passed by a day."""
    fewest = OPEN_PAST * standard + 1  # working days that must have passed
    back = timedelta(days=fewest)
    while calendar.working_days_between(on - back, on) < fewest:
        back *= 2
    early, late = on - back, on
    while early + _DAY < late:  # it lies at `early` or after it, before `late`
        middle = early + (late - early) // 2
        if calendar.working_days_between(middle, on) < fewest:
            late = middle
        else:
            early = middle
    return early


_DAY = timedelta(days=1)
