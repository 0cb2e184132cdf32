"""The benchmark's database hangs together as if it had been played through the actions."""

from collections.abc import Iterator
from datetime import date
from itertools import groupby
from pathlib import Path

import pytest
from sqlalchemy import Connection, Engine, select, text
from sqlmodel import col

from bench.generate import generate
from models.actions.rating_recount import counted_anew
from models.database import make_engine, session
from models.queries.rating_signals import counted_signals, kept_signals
from models.rules.chain import GENESIS, link_hash
from models.rules.identifiers import IdentifierVerdict, reading
from models.rules.months import YearMonth
from models.rules.rating import Window
from models.rules.replay import EventFacts, replay
from models.tables.agreements import Result
from models.tables.claims import Claim, ClaimEvent
from models.tables.record import Activity
from models.tables.reference import ResultKind
from tests.signals import kept_counts, plain_counts

CLAIMS = 1_000
TODAY = date(2026, 11, 20)


@pytest.fixture(scope="module")
def generated(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Engine]:
    """A small generated database."""
    path = tmp_path_factory.mktemp("bench") / "claims.db"
    generate(path, CLAIMS, TODAY)
    engine = make_engine(f"sqlite:///{path}")
    yield engine
    engine.dispose()


@pytest.fixture
def connection(generated: Engine) -> Iterator[Connection]:
    """A connection to it."""
    with generated.connect() as current:
        yield current


def rows(connection: Connection, statement: str) -> list[tuple[object, ...]]:
    """What a statement finds."""
    return [tuple(row) for row in connection.execute(text(statement))]


def standing(claim: Claim) -> tuple[object, ...]:
    """What the events must lead to."""
    return claim.state, claim.version, claim.round


def test_every_claim_stands_where_its_events_lead(generated: Engine) -> None:
    with session(generated) as current:
        claims = {claim.id: claim for claim in current.execute(select(Claim)).scalars()}
        events = current.execute(
            select(ClaimEvent).order_by(col(ClaimEvent.claim_id), col(ClaimEvent.position))
        ).scalars()
        ends = {
            claim_id: [
                EventFacts(
                    event.position, event.action, event.from_state, event.to_state, event.round,
                    event.version, event.subsidy_fen, event.reward_fen,
                )
                for event in own
            ]
            for claim_id, own in groupby(events, key=lambda event: event.claim_id)
        }  # fmt: skip
    assert len(ends) == CLAIMS
    assert [
        claims[claim_id].number
        for claim_id, own in ends.items()
        if (end := replay(own)).fault
        or standing(claims[claim_id]) != (own[-1].to_state, end.version, end.round)
    ] == []


def test_the_record_is_a_sound_chain(connection: Connection) -> None:
    links = connection.execute(select(*Activity.__table__.columns).order_by(col(Activity.seq)))
    previous, seq = GENESIS, 0
    for link in links.mappings():
        assert link["seq"] == seq + 1
        assert link["previous_hash"] == previous
        assert link["hash"] == link_hash(link)
        previous, seq = link["hash"], link["seq"]
    assert seq > CLAIMS // 20
    assert rows(connection, "SELECT seq, hash FROM chain_head") == [(seq, previous)]


def test_every_row_refers_to_a_row(connection: Connection) -> None:
    assert rows(connection, "PRAGMA foreign_key_check") == []


def test_the_kept_counts_are_the_counts(connection: Connection) -> None:
    counted = rows(
        connection,
        "SELECT filed_month, state, count(*), sum(asked_fen) FROM claim GROUP BY 1, 2 ORDER BY 1, 2",
    )
    kept = rows(
        connection, "SELECT filed_month, state, claims, asked_fen FROM claim_tally ORDER BY 1, 2"
    )
    assert kept == counted


def test_the_signals_of_ratings_are_kept(generated: Engine) -> None:
    window = Window.twelve_months(YearMonth.containing(TODAY))
    with session(generated) as current:
        assert kept_counts(current) == plain_counts(counted_anew(current))
        kept = kept_signals(current, window, TODAY)
        assert kept == counted_signals(current, window, TODAY)
    assert sum(one.concluded for one in kept) > CLAIMS // 20


def test_the_lines_hold_what_is_committed_and_paid(connection: Connection) -> None:
    wrong = rows(
        connection,
        """
        SELECT id FROM budget_line WHERE (committed_fen, paid_fen) <> (
            SELECT coalesce(sum(m.committed_fen), 0), coalesce(sum(m.paid_fen), 0)
            FROM claim_money m WHERE m.budget_line_id = budget_line.id
        )
        """,
    )
    assert wrong == []


def test_results_are_spelled_as_the_rules_spell_them(generated: Engine) -> None:
    with session(generated) as current:
        kinds = {
            kind.code: kind.identifier for kind in current.execute(select(ResultKind)).scalars()
        }
        results = current.execute(select(Result)).scalars().all()
    readings = [reading(kinds[result.kind_code], result.printed) for result in results]
    assert {read.verdict for read in readings} == {IdentifierVerdict.well_formed}
    assert [(read.family, read.normalised) for read in readings] == [
        (result.family, result.normalised) for result in results
    ]


def test_about_a_hundredth_waits_and_most_of_it_is_clean(connection: Connection) -> None:
    ((waiting, clean),) = rows(
        connection,
        """
        SELECT count(*), sum(findings_not_met + findings_unknown + findings_warning = 0)
        FROM claim WHERE state = 'submitted'
        """,
    )
    assert 5 <= waiting <= 20  # type: ignore[operator]
    assert clean * 2 > waiting  # type: ignore[operator]


def test_the_same_day_gives_the_same_rows(connection: Connection, tmp_path: Path) -> None:
    generate(tmp_path / "again.db", CLAIMS, TODAY)
    engine = make_engine(f"sqlite:///{tmp_path / 'again.db'}")
    kept = "SELECT number, state, agreement_id, asked_fen, facts_digest FROM claim ORDER BY id"
    with engine.connect() as again:
        assert rows(again, kept) == rows(connection, kept)
    engine.dispose()
