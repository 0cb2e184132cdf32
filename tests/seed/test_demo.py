"""The demonstration year: played once in full, then looked at from every side."""

from collections import Counter
from collections.abc import Iterator
from datetime import UTC, date, datetime
from pathlib import Path
from random import Random

import pandas as pd
import pypdfium2
import pytest
from PIL import Image
from sqlalchemy import Engine, func, select
from stdnum.cn import uscc

from models.actions.evidence import evidence_path, files_missing
from models.actions.steps import system_actor
from models.clock import office_day, standing_at
from models.database import default_engine, deployment, make_engine, session
from models.migrations.course import upgrade
from models.queries.bank_lists import verdict_counts
from models.queries.budget import budget_moves
from models.queries.conduct import late_answers, trainings_missed, upheld_complaints
from models.queries.exposure import exposure_report
from models.queries.homes import home_of
from models.queries.overview_money import month_money
from models.queries.paging import PageRequest
from models.queries.payment_orders import orders_page
from models.queries.payments import pile_sums
from models.queries.people import actor_named
from models.queries.rating_schemes import scheme_versions
from models.queries.rating_signals import counted_signals, kept_signals
from models.queries.ratings import period_board, periods_listed
from models.queries.settings import calendar, is_demonstration
from models.queries.sign_in import demonstration_accounts
from models.queries.targets import figure_counts
from models.queries.task_standing import TaskLevel
from models.queries.tasks import TaskFilter, TaskPile, pile_sizes
from models.queries.verification import verify
from models.rules.changes import ChangeState
from models.rules.claim_workflow import STEPS, State
from models.rules.complaints import ComplaintSource, ComplaintState
from models.rules.errors import AlreadyDone, NotAvailable
from models.rules.identifiers import IdentifierVerdict, reading
from models.rules.months import YearMonth
from models.rules.objections import ObjectionState
from models.rules.passwords import password_matches
from models.rules.rating import Component, Gate, Scheme, Window, ratings
from models.rules.rating.period_life import PeriodState, ReplyState
from models.rules.reconciling import Verdict
from models.rules.roles import Role
from models.rules.trainings import SeatState, TrainingAction
from models.tables.admissions import AdmissionEvent, Application
from models.tables.agreements import Agreement, Result
from models.tables.claims import Batch, Claim, ClaimEvent, Evidence
from models.tables.conduct import Complaint, Training, TrainingEvent, TrainingSeat
from models.tables.meetings import ActualEntry, TaskPaper, TaskReport
from models.tables.money import BudgetLine
from models.tables.objections import Objection, ObjectionPaper
from models.tables.organisations import Agency, Enterprise
from models.tables.people import Account, Grant
from models.tables.policy import PolicyChange
from models.tables.reference import ResultKind
from models.tables.targets import Actual
from seed.demo import SEED, play_year
from seed.reference_data import seed_reference
from seed.target_data import seed_target_data
from seed.year.cast import ACCOUNTS, PASSWORD, invent_cast
from seed.year.papers import paper, picture
from seed.year.scripts import Planner, Script
from seed.year.tasks import SENTENCES
from seed.year.timeline import Timeline

UNTIL = date(2026, 11, 20)
EVENING = datetime(2026, 11, 20, 9, 30, tzinfo=UTC)
NAMED = (
    "reviewer", "reviewer2", "lead", "leader", "agency01", "agency02", "enterprise01", "bureau", "committee",
    "finance", "auditor", "admin",
)  # fmt: skip


@pytest.fixture(scope="module")
def year(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Engine]:
    """The year until Friday 20 November 2026, in a database and a folder of its own."""
    folder = tmp_path_factory.mktemp("year")
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("DATA_FOLDER", str(folder))
        deployment.cache_clear()
        default_engine.cache_clear()
        engine = make_engine(f"sqlite:///{folder}/zone.db")
        upgrade(engine)
        with session(engine, write=True) as current:
            seed_reference(current, system_actor())
            seed_target_data(current, system_actor())
        words = play_year(engine, UNTIL)
        assert "未能办理" not in words
        yield engine
        engine.dispose()
    deployment.cache_clear()
    default_engine.cache_clear()


def count(engine: Engine, table: type, *where: object) -> int:
    """How many rows."""
    with session(engine) as current:
        statement = select(func.count()).select_from(table).where(*where)
        return current.execute(statement).scalar_one()


def states(engine: Engine, *where: object) -> Counter[State]:
    """How many claims stand in each state."""
    with session(engine) as current:
        return Counter(current.execute(select(Claim.state).where(*where)).scalars())


def test_it_is_as_large_as_promised(year: Engine) -> None:
    assert count(year, Enterprise) == 300
    assert count(year, Agency) == 41  # one of them was admitted during the year
    assert count(year, Agreement) == 1_122
    assert count(year, Claim) == 1_200
    assert count(year, Batch) == 11


def test_the_record_verifies_and_every_paper_is_there(year: Engine) -> None:
    with session(year) as current:
        found = verify(current)
        assert found.is_sound, found.first_broken
        assert (found.claims, found.anchors) == (1_200, 11)
        assert files_missing(current) == []


def test_figures_wait_and_none_of_them_counts(year: Engine) -> None:
    with session(year) as current:
        both = select(Actual, ActualEntry).join(ActualEntry, ActualEntry.actual_id == Actual.id)
        entered = current.execute(both).all()
        counting = set(current.execute(select(Actual.id).where(figure_counts())).scalars())
    states = sorted(entry.state.value for _, entry in entered)
    assert states == ["entered", "entered", "entered", "turned_down"]
    assert [entry.replaces_id for _, entry in entered if entry.replaces_id] == ["E-00003"]
    assert all("演示数据" in figure.source_title + figure.note_zh for figure, _ in entered)
    assert not counting & {figure.id for figure, _ in entered}


def test_applications_stand_everywhere_and_one_was_refused_and_granted_later(year: Engine) -> None:
    with session(year) as current:
        found = Counter(one.state.value for one in current.execute(select(Application)).scalars())
        told = current.execute(select(AdmissionEvent.application_id, AdmissionEvent.action)).all()
    assert found == {"admitted": 2, "returned": 1, "reviewed": 1, "applied": 2}
    refused = {one.application_id for one in told if one.action == "refuse_admission"}
    granted = {one.application_id for one in told if one.action == "admit_agency"}
    assert len(refused & granted) == 1


def test_changes_wait_were_turned_down_and_hold(year: Engine) -> None:
    with session(year) as current:
        made = current.execute(select(PolicyChange.kind, PolicyChange.state)).all()
    found = Counter((kind.value, state.value) for kind, state in made)
    assert found == {
        ("policy_rule", "confirmed"): 38,
        ("policy_rule", "drafted"): 1,
        ("setting", "drafted"): 1,
        ("setting", "turned_down"): 1,
        ("service_terms", "confirmed"): 1,
    }


def test_every_condition_fails_is_unknown_or_warns_somewhere(year: Engine) -> None:
    with session(year) as current:
        stored = current.execute(select(ClaimEvent.findings)).scalars()
        seen = {(one["code"], one["verdict"]) for found in stored for one in found}
    failed = {code for code, verdict in seen if verdict == "not_met"}
    assert failed == {f"F{number:02d}" for number in range(1, 16)} - {"F14"}  # nobody denies yet
    unknown = {code for code, verdict in seen if verdict == "unknown"}
    assert unknown == {"F03", "F06", "F08", "F10", "F13", "F14"}
    warned = {code for code, verdict in seen if verdict == "warning"}
    assert warned == {"F02", "F03", "F06", "F09", "F10", "F12", "F15"}


def test_every_step_of_the_workflow_was_taken(year: Engine) -> None:
    with session(year) as current:
        taken = set(current.execute(select(ClaimEvent.action)).scalars())
    assert taken == {step.action for step in STEPS}


def test_every_state_but_draft_is_there(year: Engine) -> None:
    assert set(states(year)) == set(State) - {State.draft}


def test_everybody_offered_at_the_sign_in_has_something_to_see(year: Engine) -> None:
    with session(year) as current:
        offered = {account.username: account.role for account in demonstration_accounts(current)}
        homes = {
            name: home_of(current, actor_named(current, name), UNTIL)
            for name in ("agency01", "agency02", "enterprise01")
        }
    assert {"agency01", "agency02", "enterprise01", "admin", "auditor"} <= set(offered)
    assert set(offered.values()) == set(Role)
    assert homes["agency01"].to_put_right
    assert homes["agency02"].to_put_right
    own = homes["enterprise01"]
    assert own.agreements
    assert own.answers
    assert {claim.state for claim in own.claims} >= {State.submitted, State.closed}


def test_most_claims_end_well(year: Engine) -> None:
    found = states(year)
    assert found[State.closed] > 800
    assert 40 < found[State.refused] < 80
    assert 25 < found[State.withdrawn] < 60


def test_the_open_month_looks_like_a_working_day(year: Engine) -> None:
    found = states(year, Claim.filed_month == "2026-11")
    assert found.total() == 64
    assert (found[State.submitted], found[State.on_hold], found[State.returned]) == (18, 3, 6)
    assert found[State.pre_reviewed] == 34


def test_eight_claims_may_be_passed_at_once(year: Engine) -> None:
    with session(year) as current:
        reviewer2 = current.execute(
            select(Account.id).where(Account.username == "reviewer2")
        ).scalar_one()
        waiting = list(
            current.execute(select(Claim).where(Claim.state == State.submitted)).scalars()
        )
    clean = [
        claim
        for claim in waiting
        if not (claim.findings_not_met or claim.findings_unknown or claim.findings_warning)
        and claim.lease_account_id != reviewer2
    ]
    assert len(clean) == 8
    assert len([claim for claim in waiting if claim.lease_account_id]) == 3


def test_waiting_days_look_alive(year: Engine) -> None:
    with session(year) as current, standing_at(EVENING):
        days = [
            calendar(current).working_days_between(claim.waiting_since_on, UNTIL)
            for claim in current.execute(
                select(Claim).where(Claim.state == State.submitted)
            ).scalars()
        ]
    assert max(days) == 12
    assert min(days) == 1
    assert len(set(days)) > 8


def test_nobody_acts_at_two_offices_of_one_claim(year: Engine) -> None:
    with session(year) as current:
        acted = current.execute(
            select(ClaimEvent.claim_id, ClaimEvent.account_id, ClaimEvent.office).where(
                ClaimEvent.account_id.is_not(None)
            )
        ).all()
    offices = {(row.claim_id, row.account_id): set() for row in acted}
    for row in acted:
        offices[row.claim_id, row.account_id].add(row.office)
    assert max(len(held) for held in offices.values()) == 1


def test_accounts_open_with_the_printed_password(year: Engine) -> None:
    with session(year) as current:
        accounts = list(current.execute(select(Account).order_by(Account.id)).scalars())
        roles = dict(current.execute(select(Grant.account_id, Grant.role)).all())
        assert is_demonstration(current)
    assert tuple(account.username for account in accounts[:12]) == NAMED
    assert len({account.password_hash for account in accounts}) == 1
    assert password_matches(PASSWORD, accounts[0].password_hash)
    assert [roles[account.id] for account in accounts] == [role for *_, role in ACCOUNTS]


def test_no_code_is_real_and_every_check_digit_is_right(year: Engine) -> None:
    with session(year) as current:
        codes = [
            *current.execute(select(Enterprise.uscc)).scalars(),
            *current.execute(select(Agency.uscc)).scalars(),
        ]
        results = current.execute(
            select(Result.printed, ResultKind.identifier).join(
                ResultKind, ResultKind.code == Result.kind_code
            )
        ).all()
    assert all(uscc.is_valid(code) and code[2:8] == "210299" for code in codes)
    malformed = [
        printed
        for printed, kind in results
        if reading(kind, printed).verdict is not IdentifierVerdict.well_formed
    ]
    assert len(malformed) == 3  # the storyline of F05


def test_budgets_hold_and_are_neither_idle_nor_empty(year: Engine) -> None:
    with session(year) as current:
        lines = current.execute(select(BudgetLine).where(BudgetLine.year == 2026)).scalars().all()
    used = sum(line.committed_fen + line.paid_fen for line in lines)
    assert 0.5 < used / sum(line.ceiling_fen for line in lines) < 0.95


_MOVES_NO_MONEY = ("hold", "release", "request_recall", "answer_recall")
_STANDS = {
    # where the last step led → of the subsidy, of the reward
    ("approved", ""): ("committed", "committed"),
    ("returned", "approved"): ("committed", "committed"),
    ("agency_paid", ""): ("paid", "committed"),
    ("closed", "reward_enterprise"): ("paid", "paid"),
    ("closed", "close_without_reward"): ("paid", ""),
}


def budget_in_pandas(engine: Engine) -> pd.DataFrame:
    """What the events alone say is committed and paid on each line: no code of ours computes it."""
    with engine.connect() as connection:
        events = pd.read_sql(
            "SELECT claim_id, position, action, from_state, to_state, subsidy_fen, reward_fen"
            " FROM claim_event",
            connection,
        )
        monies = pd.read_sql(
            "SELECT claim_id, purpose, budget_line_id FROM claim_money", connection
        )
    last = (
        events[~events["action"].isin(_MOVES_NO_MONEY)]
        .sort_values("position")
        .groupby("claim_id")
        .last()
    )
    stands = [
        _STANDS.get((to, ""), _STANDS.get((to, action), _STANDS.get((to, came), ("", ""))))
        for to, action, came in zip(
            last["to_state"], last["action"], last["from_state"], strict=True
        )
    ]
    last["subsidy"], last["reward"] = zip(*stands, strict=True)
    told = pd.concat(
        last[[purpose, f"{purpose}_fen"]].set_axis(["stands", "fen"], axis=1)
        .assign(purpose=purpose).reset_index()
        for purpose in ("subsidy", "reward")
    )  # fmt: skip
    told = (
        told[told["stands"] != ""].dropna(subset=["fen"]).merge(monies, on=["claim_id", "purpose"])
    )
    return told.pivot_table("fen", "budget_line_id", "stands", "sum", fill_value=0)


def test_the_budget_is_what_pandas_computes_from_the_events(year: Engine) -> None:
    computed = budget_in_pandas(year)
    with session(year) as current:
        lines = current.execute(select(BudgetLine)).scalars().all()
    assert len(computed) > 5
    for line in lines:
        told = computed.loc[line.id] if line.id in computed.index else {"committed": 0, "paid": 0}
        committed, paid = int(told["committed"]), int(told["paid"])
        assert (line.committed_fen, line.paid_fen) == (committed, paid), line.code
        free = line.ceiling_fen - committed - paid
        assert line.ceiling_fen - line.committed_fen - line.paid_fen == free >= 0


def test_every_payment_of_the_year_stands_in_the_ledger(year: Engine) -> None:
    with year.connect() as connection:
        kept = pd.read_sql("SELECT claim_id, purpose, paid_fen FROM claim_money", connection)
        ledger = pd.read_sql("SELECT * FROM payment", connection)
    sign = ledger["kind"].map({"paid": 1, "failed": -1, "returned": -1}).fillna(0)
    stands = (ledger["amount_fen"] * sign).groupby([ledger["claim_id"], ledger["purpose"]]).sum()
    paid = kept[kept["paid_fen"] > 0].set_index(["claim_id", "purpose"])["paid_fen"]
    assert dict(stands[stands != 0]) == dict(paid)
    assert set(ledger["kind"]) >= {"ordered", "paid", "failed", "recovered"}
    rewards = ledger[(ledger["purpose"] == "reward") & (ledger["kind"] == "paid")]
    assert rewards["after_id"].notna().all()
    assert (rewards["after_id"] < rewards["id"]).all()


def test_finance_has_something_to_do(year: Engine) -> None:
    with session(year) as current, standing_at(EVENING):
        finance = actor_named(current, "finance")
        sums = pile_sums(current, finance)
        found = verdict_counts(current, finance)
        moves = budget_moves(current, finance, 2026)
        (order,) = orders_page(current, finance, PageRequest())
    assert sums.due > 20
    assert sums.held >= 2
    assert (found[Verdict.other_amount], found[Verdict.unknown]) == (1, 1)
    assert found[Verdict.matched] > 50
    assert [move.state.value for move in moves] == ["drafted", "confirmed"]
    assert order.rows > order.waiting > 0


def test_papers_can_be_opened_and_older_claims_share_them(year: Engine) -> None:
    with session(year) as current:
        papers = current.execute(select(Evidence)).scalars().all()
    distinct = {paper.sha256: paper for paper in papers}
    assert len(distinct) * 10 < len(papers)
    for kept in list(distinct.values())[::20]:
        path = evidence_path(kept.sha256)
        assert path.stat().st_size == kept.size_bytes < 5_000
        opened(path, kept.media_type)


def test_some_work_items_are_reported_and_stand_in_every_way(year: Engine) -> None:
    with session(year) as current:
        reports = list(current.execute(select(TaskReport)).scalars())
        reviewer = actor_named(current, "reviewer")
        sizes = pile_sizes(current, reviewer, TaskFilter(), UNTIL)
        joint = pile_sizes(current, reviewer, TaskFilter(level=TaskLevel.joint), UNTIL)
    assert 60 <= len(reports) <= 90
    assert {report.reported_by_id for report in reports} == {reviewer.account_id}
    assert {report.said for report in reports} <= {
        one for said in SENTENCES.values() for one in said
    }
    assert all(report.said.startswith("演示：") for report in reports)
    assert all(report.stands_on <= office_day(report.reported_at_utc) for report in reports)
    assert sizes[TaskPile.all] - sizes[TaskPile.overdue] > 50
    for pile in (TaskPile.done, TaskPile.under_way, TaskPile.not_started, TaskPile.stopped):
        assert sizes[pile] >= 3, pile
    assert joint[TaskPile.done] + joint[TaskPile.under_way] >= 5
    assert 10 < count(year, TaskPaper) < 40


def test_one_objection_was_answered_one_upheld_and_one_waits(year: Engine) -> None:
    with session(year) as current:
        both = select(Objection, Claim).join(Claim, Claim.id == Objection.claim_id)
        found = {
            one.state: claim.held_from or claim.state
            for one, claim in current.execute(both.order_by(Objection.id)).all()
        }
        held = current.execute(
            select(Claim.number).where(Claim.held_from == State.approved)
        ).scalars()
        assert len(list(held)) == 3, "one upheld, two that finance holds back itself"
    assert list(found) == [
        ObjectionState.dismissed, ObjectionState.upheld, ObjectionState.open,
    ]  # fmt: skip
    assert found[ObjectionState.dismissed] in (State.closed, State.agency_paid)
    assert found[ObjectionState.upheld] is State.approved
    assert found[ObjectionState.open] is State.approved
    assert count(year, ObjectionPaper) == 3


def test_complaints_stand_in_every_state_and_more_about_the_poorer_agencies(year: Engine) -> None:
    with session(year) as current, standing_at(EVENING):
        found = current.execute(select(Complaint).order_by(Complaint.id)).scalars().all()
        upheld = upheld_complaints(current, date(2025, 11, 1), UNTIL)
        late = late_answers(current, date(2025, 11, 1), UNTIL)
    assert len(found) == 17
    assert {one.state for one in found} == set(ComplaintState)
    assert {one.source for one in found} == set(ComplaintSource)
    assert [one.kind for one in upheld].count("fee_up_front") == 1
    assert Counter(one.agency_id for one in found).most_common(1)[0][1] >= 3
    assert len(late) == 2, "one answered late, one not at all"
    ours = [one for one in found if one.state is ComplaintState.accepted]
    assert any(one.source is ComplaintSource.account for one in ours)


def test_a_training_was_held_each_quarter_and_one_is_to_come(year: Engine) -> None:
    with session(year) as current:
        held = current.execute(select(Training).order_by(Training.held_on)).scalars().all()
        seats = select(TrainingSeat.state, func.count()).group_by(TrainingSeat.state)
        stand = dict(current.execute(seats).all())
        missed = trainings_missed(current, date(2025, 11, 1), UNTIL)
    assert len([one for one in held if one.held_on <= UNTIL]) == 5
    assert len([one for one in held if one.held_on > UNTIL]) == 1
    assert {(one.held_on.month - 1) // 3 for one in held} == {0, 1, 2, 3}
    assert stand[SeatState.attended] > 5 * stand[SeatState.missed] > 0
    assert stand[SeatState.excused] > 0
    assert 0 < len(missed) < stand[SeatState.missed], "an optional one costs nothing"
    corrected = TrainingEvent.action == TrainingAction.correct_attendance
    assert count(year, TrainingEvent, corrected) == 1


def test_exposure_equals_an_independent_computation(year: Engine) -> None:
    on = pd.Timestamp(UNTIL)
    with year.connect() as connection:
        claims = pd.read_sql(
            "SELECT c.*, r.obtained_on, a.uscc FROM claim c JOIN result r ON r.id = c.result_id"
            " JOIN agency a ON a.id = c.agency_id", connection, parse_dates=["obtained_on"],
        )  # fmt: skip
        money = pd.read_sql("SELECT * FROM claim_money WHERE purpose = 'subsidy'", connection)
    table = claims.merge(money, left_on="id", right_on="claim_id", how="left", suffixes=("", "_m"))
    stands = table["held_from"].fillna(table["state"])
    holders = {
        "returned": "filing", "submitted": "pre_review", "pre_reviewed": "application",
        "applied": "re_review", "re_reviewed": "approval", "approved": "payment",
    }  # fmt: skip
    table["holder"] = stands.map(holders)
    table = table[table["holder"].notna() & (table["paid_fen"].fillna(0) == 0)]
    fen = table["approved_fen"].fillna(table["entitled_fen"]).fillna(table["asked_fen"])
    table = table.assign(fen=fen, days=(on - table["obtained_on"]).dt.days.clip(lower=0))
    table["fen_days"] = table["fen"] * table["days"]
    bands = pd.cut(table["days"], [-1, 30, 60, 90, 10_000], labels=False)
    with session(year) as current, standing_at(EVENING):
        seen = exposure_report(current, actor_named(current, "lead"), UNTIL)
        own = exposure_report(current, actor_named(current, "agency01"), UNTIL)
    now = seen.total.now
    assert (now.claims, now.fen, now.fen_days) == (
        len(table), int(table["fen"].sum()), int(table["fen_days"].sum()),
    )  # fmt: skip
    assert now.claims > 100
    assert {row.uscc: row.fen_days for row in seen.agencies} == {
        uscc: int(days) for uscc, days in table.groupby("uscc")["fen_days"].sum().items()
    }
    assert {held.office.value: held.exposure.fen_days for held in seen.holders} == {
        office: int(days) for office, days in table.groupby("holder")["fen_days"].sum().items()
    }
    by_band = table.groupby(bands)["fen"].sum()
    assert [band.fen for band in now.bands] == [int(by_band.get(at, 0)) for at in range(4)]
    assert seen.total.later.fen_days == int((table["fen"] * (table["days"] + 30)).sum())
    assert len(own.agencies) == 1
    assert own.agencies[0] in seen.agencies


def test_dated_advances_equal_an_independent_computation(year: Engine) -> None:
    on = pd.Timestamp(UNTIL)
    with year.connect() as connection:
        advances = pd.read_sql("SELECT * FROM advance", connection, parse_dates=["advanced_on"])
        claims = pd.read_sql("SELECT agreement_id, state, held_from FROM claim", connection)
    stands = claims["held_from"].fillna(claims["state"])
    over = stands.isin(["agency_paid", "closed", "refused", "withdrawn"])
    of_claims = claims.assign(waits=~over).groupby("agreement_id")["waits"].any()
    waits = advances["agreement_id"].map(of_claims).fillna(value=True).astype(bool)
    out = advances[waits & (advances["advanced_on"] <= on)]
    with session(year) as current, standing_at(EVENING):
        seen = exposure_report(current, actor_named(current, "lead"), UNTIL).advances
    assert (seen.agreements, seen.fen) == (
        out["agreement_id"].nunique(), int(out["amount_fen"].sum()),
    )  # fmt: skip
    assert seen.agreements > 20
    assert seen.fen_days == int((out["amount_fen"] * (on - out["advanced_on"]).dt.days).sum())


def month_of(instants: pd.Series) -> pd.Series:
    """The office's month of stored instants."""
    at = pd.to_datetime(instants, format="mixed", utc=True).dt.tz_convert("Asia/Shanghai")
    return at.dt.strftime("%Y-%m")


def months_money_in_pandas(engine: Engine) -> dict[tuple[str, str], tuple[int, int]]:
    """Month and kind → claims and fen: approvals by the last one of each claim while it stands,
    payments by the ledger's entries that nothing took back."""
    with engine.connect() as connection:
        claims = pd.read_sql("SELECT * FROM claim", connection, index_col="id")
        money = pd.read_sql("SELECT claim_id, approved_fen FROM claim_money", connection)
        events = pd.read_sql("SELECT * FROM claim_event WHERE action = 'approve'", connection)
        ledger = pd.read_sql("SELECT * FROM payment", connection)
    filed = claims[claims["state"] != "draft"].reset_index()
    place = claims["state"].where(claims["state"] != "on_hold", claims["held_from"])
    place = place.where(claims["state"] != "returned", claims["resume_at"])
    granted = place.index[place.isin(["approved", "agency_paid", "closed"])]
    last = events.sort_values("position").drop_duplicates("claim_id", keep="last")
    approved = last[last["claim_id"].isin(granted)].merge(money, on="claim_id")
    undone = ledger.loc[ledger["kind"].isin(["failed", "returned"]), "of_id"]
    paid = ledger[(ledger["kind"] == "paid") & ~ledger["id"].isin(undone)]
    told = {
        "asked": (filed["filed_month"], filed["id"], filed["asked_fen"]),
        "approved": (month_of(approved["at_utc"]), approved["claim_id"], approved["approved_fen"]),
        "paid": (month_of(paid["entered_at_utc"]), paid["claim_id"], paid["amount_fen"]),
    }
    return {
        (str(month), kind): (claim[at].nunique(), int(fen[at].sum()))
        for kind, (months, claim, fen) in told.items()
        for month, at in months.groupby(months).groups.items()
    }


def test_each_months_money_equals_an_independent_computation(year: Engine) -> None:
    computed = months_money_in_pandas(year)
    assert len(computed) > 30
    with session(year) as current:
        lead = actor_named(current, "lead")
        for month in range(1, 12):
            seen = month_money(current, lead, YearMonth(2026, month))
            for kind in ("asked", "approved", "paid"):
                one = getattr(seen, kind)
                expected = computed.get((f"2026-{month:02d}", kind), (0, 0))
                assert (one.claims, one.fen) == expected, (month, kind)


@pytest.mark.parametrize(
    ("window", "bands"),
    [
        (Window.twelve_months(YearMonth(2026, 10)), {"A": (3, 7), "B": (9, 16), "few": (1, 3)}),
        (Window.last_half_year(UNTIL), {"A": (1, 7), "B": (7, 17), "few": (2, 9)}),
    ],
    ids=["twelve months", "half-year"],
)
def test_ratings_spread_as_real_ones_do(
    year: Engine, window: Window, bands: dict[str, tuple[int, int]]
) -> None:
    """Nationally 12 % excellent, 31 % good, 53 % pass, 4 % correct or removed (2015)."""
    with session(year) as current:
        kept = kept_signals(current, window, UNTIL)
        assert kept == counted_signals(current, window, UNTIL)
    spread = Counter(str(one.mark or one.unrated) for one in ratings(kept, Scheme()))
    for mark, (fewest, most) in (bands | {"C": (14, 25), "D": (1, 4)}).items():
        assert fewest <= spread[mark] <= most, (mark, spread)
    failed = [one for one in kept if one.tally(Component.outcome).good < one.concluded]
    assert len(failed) > len(kept) // 2
    assert {Gate.fee_up_front} <= {gate for one in kept for gate in one.gates}


def test_it_is_only_played_in_an_empty_database(year: Engine, sqlite_database: Engine) -> None:
    with pytest.raises(AlreadyDone, match="已有账号"):
        play_year(year, UNTIL)
    with pytest.raises(NotAvailable, match="seed reference"):
        play_year(sqlite_database, UNTIL)


# ---------------------------------------------------------------- without playing it


def plan(until: date) -> list[Script]:
    """The scripts of a year."""
    chance = Random(SEED)
    timeline = Timeline(until, EVENING)
    return Planner(timeline, invent_cast(timeline, chance), chance).plan()


def test_the_same_day_gives_the_same_year() -> None:
    assert list(map(spelled, plan(UNTIL))) == list(map(spelled, plan(UNTIL)))


@pytest.mark.parametrize(
    "until", [date(2026, 1, 1), date(2026, 2, 28), date(2026, 10, 8), date(2027, 12, 31)]
)
def test_a_year_can_end_on_any_day(until: date) -> None:
    scripts = plan(until)
    assert len(scripts) == 1_200
    assert len({script.number for script in scripts}) == 1_200
    assert max(script.filed_on for script in scripts) < until
    assert sum(script.is_open for script in scripts) == 64


def test_a_paper_is_a_page_with_its_words() -> None:
    page = pypdfium2.PdfDocument(paper("服务协议", ("协议编号：XY-1",)))[0]
    text = page.get_textpage().get_text_bounded()
    assert "服务协议" in text
    assert "演示数据" in text
    assert picture("INVOICE", ("No. 1",)).startswith(b"\x89PNG")


def spelled(script: Script) -> tuple[object, ...]:
    """What makes a script, in plain values."""
    return (
        script.number, script.course, script.faults, script.filed_at, script.printed, script.asked_fen,
        script.pact.member.entry, script.pact.house.uscc, script.pact.fee_fen, script.satisfaction,
    )  # fmt: skip


def opened(path: Path, media_type: str) -> None:
    """A paper opens as what it says it is."""
    if media_type == "application/pdf":
        assert len(pypdfium2.PdfDocument(path)) == 1
    else:
        with Image.open(path) as image:
            image.verify()


def test_ratings_are_published_replied_to_and_collected(year: Engine) -> None:
    with session(year) as current:
        lead = actor_named(current, "lead")
        running, sent, published = (
            period_board(current, lead, line.last_month) for line in periods_listed(current, lead)
        )
        assert [board.period.state for board in (running, sent, published)] == [
            PeriodState.collecting, PeriodState.reply, PeriodState.published,
        ]  # fmt: skip
        assert len(published.rated) >= 10
        assert published.unrated
        assert max(row.number for row in published.rated) == 2
        assert {reply.state for reply in published.replies} == {
            ReplyState.upheld, ReplyState.dismissed,
        }  # fmt: skip
        assert sum(reply.state is ReplyState.open for reply in sent.replies) == 3
        assert len(set(sent.marks)) >= 3
        (draft, _default) = scheme_versions(current, lead)
        assert draft.state is ChangeState.drafted
