"""What ratings are read from is kept with whatever is done, and is always what a full count gives."""

from __future__ import annotations

from datetime import date, timedelta
from importlib import import_module

import pytest
from alembic.operations import Operations
from alembic.runtime.migration import MigrationContext
from sqlalchemy import delete, func
from sqlmodel import col, select

from models.actions.agreement_progress import (
    begin_work,
    conclude_agreement,
    end_agreement,
    fail_agreement,
)
from models.actions.agreement_results import record_result
from models.actions.claims import Correction, correct_claim
from models.actions.confirming import answer_request, ask_enterprise
from models.actions.rating_counts import (
    Counts,
    judge_of,
    move_signals,
    note_new_agreements,
    write_counts,
)
from models.actions.rating_recount import recount, recount_if_never_counted
from models.actions.upgrading import upgraded
from models.clock import now_utc, standing_at, today
from models.database import session
from models.queries.rating_signals import kept_signals
from models.rules.agreement_life import Attribution, CostBearer, Outcome
from models.rules.claim_workflow import Action, State
from models.rules.confirming import Answer
from models.rules.rating import Component, Gate, Penalty, Signals, Window
from models.rules.rating.cases import AgreementFacts
from models.tables.agreements import Agreement
from models.tables.ratings import AgencyOpen, AgencySpan, AgencySpanOutcome
from tests.models.actions.test_histories import Story
from tests.pacts import SCAN, confirmed, step, under_way
from tests.signals import kept_counts, signals_agree
from tests.town import Town
from tests.world import NOON, TODAY, later

ONE = pytest.mark.parametrize("opened", ["sqlite"], indirect=True)
"""What neither a lock nor a dialect decides is shown on one database."""
NOW = Window.half_year(2026, 2)
LATE = {"timeliness": (1, 0.0)}
"""The town's agreement on software, 35 working days, was begun in April."""
OBTAINED = date(2026, 10, 16)


def signals(town: Town, agency_id: int = 0) -> Signals:
    """What is kept of an agency in the present half-year; and it is what a count gives."""
    with session(town.engine) as current:
        assert signals_agree(current)
        everybody = kept_signals(current, NOW, today())
    return next(one for one in everybody if one.agency_id == (agency_id or town.agency_id))


def pairs(one: Signals) -> dict[str, tuple[int, float]]:
    """Cases and good ones of each component that has any."""
    tallies = {component: one.tally(component) for component in Component}
    return {name: (t.cases, float(t.good)) for name, t in tallies.items() if t.cases}


def number_of(town: Town, agreement_id: int) -> str:
    """An agreement's number."""
    with session(town.engine) as current:
        return current.get_one(Agreement, agreement_id).number


@ONE
def test_what_nobody_knows_adds_nothing(town: Town) -> None:
    """Without a start there is no time to tell, and nothing is open."""
    unknown = {"work_started_on": None, "filing_confirmed_on": None}
    with town.session() as current:
        before = kept_counts(current)
        note_new_agreements(current, [unknown])
        move_signals(current)
        counts = Counts()
        counts.open["hnte_first", TODAY, town.agency_id] = 0
        write_counts(current, counts)
        assert kept_counts(current) == before
        concluded = AgreementFacts(outcome=Outcome.succeeded, concluded_on=TODAY)
        assert judge_of(current)("hnte_first", concluded) is None


def test_quarters_are_made_of_months_where_none_were_kept(town: Town) -> None:
    for number in (town.file(), town.file()):
        town.step("reviewer", number, Action.pass_pre_review)
    quarters = import_module("models.migrations.versions.0016_quarters_of_ratings")
    with town.session() as current:
        before = kept_counts(current)
        for table in (AgencySpan, AgencySpanOutcome):
            taken = current.execute(delete(table).where(col(table.span).like("%-Q%")))
            assert taken.rowcount  # type: ignore[attr-defined]
        assert kept_counts(current) != before
        with Operations.context(MigrationContext.configure(current.connection())):
            quarters.upgrade()
        current.expire_all()
        assert kept_counts(current) == before


# ---------------------------------------------------------------- claims


def test_a_pass_counts_until_it_is_undone(town: Town) -> None:
    number = town.file()
    filed = {"satisfaction": (1, 1.0), **LATE}
    assert pairs(signals(town)) == filed
    town.step("reviewer", number, Action.pass_pre_review)
    passed = {"outcome": (1, 1.0), "satisfaction": (1, 1.0), "first_pass": (1, 1.0),
              "timeliness": (2, 1.0)}  # fmt: skip
    assert pairs(signals(town)) == passed
    town.step("reviewer", number, Action.undo_pre_review)
    filed = {"satisfaction": (1, 1.0), **LATE}
    assert pairs(signals(town)) == filed
    town.step("reviewer", number, Action.pass_pre_review)
    town.step("lead", number, Action.apply)
    assert pairs(signals(town)) == passed


@ONE
def test_a_return_is_no_first_pass_and_an_agreement_succeeds_once(town: Town) -> None:
    first, second = town.file(), town.file()
    town.step("reviewer", first, Action.return_pre_review, reasons=("R01",))
    with town.session() as current:
        correct_claim(current, town.people["agency"], first, Correction(note="补正"))
    town.step("agency", first, Action.submit)
    town.step("reviewer2", first, Action.pass_pre_review)
    town.step("reviewer2", second, Action.pass_pre_review)
    assert pairs(signals(town)) == {
        "outcome": (1, 1.0), "satisfaction": (2, 2.0), "first_pass": (2, 1.0),
        "timeliness": (2, 1.0),
    }  # fmt: skip


def test_a_refusal_takes_the_success_back_and_false_papers_are_a_gate(town: Town) -> None:
    number = town.at(State.applied)
    town.step("bureau", number, Action.refuse_office, reasons=("R10",))
    read = signals(town)
    assert (read.concluded, read.gates) == (0, frozenset({Gate.fraud}))
    town.step("reviewer2", number, Action.reopen, reasons=("R06",))
    read = signals(town)
    assert (read.concluded, read.gates) == (1, frozenset())


@ONE
def test_a_return_nobody_answers_is_a_late_answer(town: Town) -> None:
    number = town.file()
    town.step("reviewer", number, Action.return_pre_review, reasons=("R01",))
    with later(days=60):
        town.system(number, Action.lapse)
    with session(town.engine) as current:
        (own, *_) = kept_signals(current, Window.half_year(2027, 1), today())
        assert signals_agree(current)
    assert own.penalties == {Penalty.late_answer: 1}


def test_a_result_corrected_after_it_passed_is_timed_anew(town: Town) -> None:
    number = town.at(State.applied)
    town.step("bureau", number, Action.ask_agency, reasons=("R05",))
    corrected = Correction(result_printed="GR202621000001", obtained_on=date(2026, 11, 18))
    with town.session() as current:
        correct_claim(current, town.people["agency"], number, corrected)
    assert pairs(signals(town))["timeliness"] == (2, 0.0)  # 139 working days, standard 120


# ---------------------------------------------------------------- agreements


def test_a_concluded_agreement_is_a_success_and_no_longer_open(town: Town) -> None:
    number = under_way(town)
    (open_,) = [key for key in opened_now(town) if key[1] == TODAY]
    step(town, "agency", record_result, number, "software_registration", "2026SR0000077", TODAY,
         SCAN)  # fmt: skip
    assert open_ not in opened_now(town)
    assert signals(town).concluded == 0
    step(town, "agency", conclude_agreement, number, "")
    assert pairs(signals(town)) == {"outcome": (1, 1.0), "timeliness": (2, 1.0)}


def opened_now(town: Town) -> list[tuple[object, ...]]:
    """What is kept of open agreements."""
    with session(town.engine) as current:
        assert signals_agree(current)
        return [key for key, count in kept_counts(current).items() if isinstance(count, int)]


@ONE
def test_work_that_begins_later_moves_what_is_open(town: Town) -> None:
    number = confirmed(town)
    before = opened_now(town)
    with later(days=3):
        step(town, "agency", begin_work, number, today())
        after = opened_now(town)
    assert set(before) ^ set(after) == {
        ("software_copyright", TODAY, town.agency_id),
        ("software_copyright", TODAY + timedelta(days=3), town.agency_id),
    }


@ONE
@pytest.mark.parametrize("attribution", list(Attribution))
def test_a_failure_is_a_case_where_it_is_the_agencys(town: Town, attribution: Attribution) -> None:
    number = under_way(town)
    step(town, "agency", fail_agreement, number, attribution, CostBearer.agency, "未取得成果")
    expected = {"outcome": (1, 0.0)} if attribution is Attribution.agency else {}
    assert pairs(signals(town)) == expected | LATE


@ONE
def test_what_ended_is_no_case(town: Town) -> None:
    number = under_way(town)
    step(town, "agency", end_agreement, number, "双方同意")
    assert pairs(signals(town)) == LATE


@ONE
def test_a_recorded_result_claimed_with_another_day_is_timed_by_that(town: Town) -> None:
    served = number_of(town, town.agreement_id)
    recorded = ("hnte_first_cert", "GR202621000088", OBTAINED)
    step(town, "agency", record_result, served, *recorded, SCAN)
    step(town, "agency", conclude_agreement, served, "")
    assert pairs(signals(town))["timeliness"] == (2, 1.0)
    town.file(result_printed="GR202621000088", obtained_on=date(2026, 11, 18))
    assert pairs(signals(town))["timeliness"] == (2, 0.0)


def test_open_past_twice_the_standard_is_late(town: Town) -> None:
    with later(days=-120):
        assert pairs(signals(town)) == {}
    assert pairs(signals(town)) == LATE


# ---------------------------------------------------------------- answers


@ONE
def test_an_enterprises_own_word_takes_the_place_of_what_was_imported(town: Town) -> None:
    number = town.file(satisfaction=2)
    assert pairs(signals(town))["satisfaction"] == (1, 0.25)
    claim = town.claim(number)
    with town.session() as current:
        token = ask_enterprise(current, town.people["lead"], claim.agreement_id, claim.result_id)
    with later(days=1), town.session() as current:
        answer_request(current, token, Answer(False, 100, 0, 4))
    read = signals(town)
    assert (pairs(read)["satisfaction"], read.gates) == ((1, 0.75), frozenset({Gate.fee_up_front}))


# ---------------------------------------------------------------- counting anew


def test_counting_anew_gives_what_was_kept(town: Town) -> None:
    town.at(State.pre_reviewed)
    with town.session() as current:
        kept = kept_counts(current)
        assert not recount_if_never_counted(current)
        recount(current)
        assert kept_counts(current) == kept
        for table in (AgencySpan, AgencySpanOutcome, AgencyOpen):
            current.execute(delete(table))
        assert recount_if_never_counted(current)
        assert kept_counts(current) == kept


def test_a_database_is_counted_when_it_is_brought_up_to_date(town: Town) -> None:
    town.at(State.pre_reviewed)
    with town.session() as current:
        for table in (AgencySpan, AgencySpanOutcome, AgencyOpen):
            current.execute(delete(table))
        current.commit()
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("models.actions.upgrading.upgrade", lambda _: "0000")
        assert upgraded(town.engine) == "0000"
    with session(town.engine) as current:
        assert current.execute(select(func.count()).select_from(AgencySpan)).scalar_one()
        assert signals_agree(current)


# ---------------------------------------------------------------- whatever people do


class Life(Story):
    """A random history in which agreements come and go as well."""

    def __init__(self, town: Town, seed: int) -> None:
        super().__init__(town, seed)
        ids = (town.agreement_id, *town.agreements.values())
        self.numbers = [number_of(town, agreement_id) for agreement_id in ids]
        self.results = 0

    def other(self, number: str) -> None:
        """What the ratings are read from, and what stands beside it."""
        doing = (super().other, self.agreement, self.agreement, self.corrects, self.answers)
        self.random.choice(doing)(number)

    def agreement(self, _: str) -> None:
        """Something happens to an agreement, or a new one is made."""
        if self.random.random() < 0.3:
            self.numbers.append(under_way(self.town))
            return
        number, doing = self.random.choice(self.numbers), self.random.randrange(5)
        if doing == 0:
            reason = (self.random.choice(list(Attribution)), CostBearer.agency, "未取得成果")
            step(self.town, "agency", fail_agreement, number, *reason)
        elif doing == 1:
            step(self.town, "agency", end_agreement, number, "双方同意")
        elif doing == 2:
            step(self.town, "agency", conclude_agreement, number, "")
        else:
            self.results += 1
            is_hnte = number == self.numbers[0]
            kind = "hnte_first_cert" if is_hnte else "software_registration"
            printed = f"GR2026210{self.results:05d}" if is_hnte else f"2026SR{self.results:07d}"
            step(self.town, "agency", record_result, number, kind, printed, self.day(), SCAN)
        self.done["agreement"] += 1

    def corrects(self, number: str) -> None:
        """A claim's result gets another day."""
        correction = Correction(obtained_on=self.day())
        with self.town.session() as current:
            correct_claim(current, self.town.people["agency"], number, correction)
        self.done["corrected"] += 1

    def answers(self, number: str) -> None:
        """An enterprise answers by its link."""
        claim, stars = self.town.claim(number), self.random.randint(1, 5)
        with self.town.session() as current:
            token = ask_enterprise(
                current, self.town.people["lead"], claim.agreement_id, claim.result_id
            )
            answer_request(current, token, Answer(False, 0, 0, stars))
        self.done["answered"] += 1

    def day(self) -> date:
        """Some day of the last two hundred."""
        return today() - timedelta(days=self.random.randrange(200))


@pytest.mark.parametrize("seed", range(2))
def test_after_any_history_what_is_kept_is_what_a_count_gives(town: Town, seed: int) -> None:
    life = Life(town, seed)
    life.play()
    assert life.done["agreement"] and life.done["answered"], life.done
    with standing_at(max(life.at, NOON)), session(town.engine) as current:
        assert signals_agree(current)
    assert now_utc() == NOON
