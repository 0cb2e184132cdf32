"""Verifying: what an attacker with the database in hands alters, cuts or forges is named."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import pytest
from sqlalchemy import Connection, text
from sqlalchemy.exc import DBAPIError

from models.actions.record import anchor, record
from models.actions.steps import system_actor
from models.database import session
from models.queries.verification import Verification, verify
from models.rules.chain import GENESIS, link_hash
from models.rules.claim_workflow import Action, State
from models.rules.entitlement import Purpose
from models.tables.record import Activity
from tests.models.actions.small_words import BACK
from tests.town import Town
from tests.world import World

A, S = Action, State


@contextmanager
def attack(town: World) -> Iterator[Connection]:
    """A connection on which no trigger and no foreign key stands in the way."""
    with town.engine.connect() as connection:
        if connection.dialect.name == "sqlite":
            driver: Any = connection.connection.driver_connection
            driver.execute("PRAGMA foreign_keys=OFF")
            names = connection.execute(
                text("SELECT name FROM sqlite_master WHERE type = 'trigger'")
            )
            for name in names.scalars().all():
                connection.execute(text(f"DROP TRIGGER {name}"))
        else:
            connection.execute(text("SET session_replication_role = replica"))
        yield connection
        connection.commit()
        if connection.dialect.name == "sqlite":
            driver.execute("PRAGMA foreign_keys=ON")
        if connection.dialect.name == "postgresql":
            connection.execute(text("SET session_replication_role = DEFAULT"))


def alter(town: World, *statements: str, **values: object) -> None:
    """Change the database behind everybody's back."""
    with attack(town) as connection:
        for statement in statements:
            assert connection.execute(text(statement), values).rowcount != 0, statement


def verified(town: World) -> Verification:
    """What verifying finds."""
    with session(town.engine) as current:
        return verify(current)


def told(town: World) -> str:
    """The first thing that is wrong, in words."""
    found = verified(town)
    assert not found.is_sound
    return str(found.first_broken)


def last_seq(town: Town) -> int:
    """The number of the last link."""
    return verified(town).rows


# ---------------------------------------------------------------- the chain


def test_a_sound_record_says_how_far_it_is_anchored(lived: Town) -> None:
    found = verified(lived)
    assert found.is_sound
    assert (found.first_broken, found.claims, found.anchors) == (None, 4, 1)
    assert found.uncovered_from_seq is not None
    assert found.uncovered_from_seq < found.rows
    with lived.session() as current:
        anchor(current, "meeting:2026-11")
    assert verified(lived).uncovered_from_seq is None


def test_an_empty_record_is_sound(database: object) -> None:
    with session(database) as current:  # type: ignore[arg-type]
        found = verify(current)
    assert (found.is_sound, found.rows, found.head, found.uncovered_from_seq) == (
        True,
        0,
        GENESIS,
        None,
    )


@pytest.mark.parametrize(
    ("column", "value"),
    [
        ("verb", "'approve'"), ("subject", "'claim:x'"), ("account_id", "3"), ("grant_id", "3"), ("hash", "repeat_f"),
        ("after", "'{\"state\": \"approved\"}'"), ("at_utc", "'2026-01-01 00:00:00'"), ("previous_hash", "repeat_f"),
    ],
)  # fmt: skip
def test_an_altered_link_is_named(lived: Town, column: str, value: str) -> None:
    value = value.replace("repeat_f", f"'{'f' * 64}'")
    alter(lived, f"UPDATE activity SET {column} = {value} WHERE seq = 9")
    assert told(lived).startswith("第 9 条操作记录被改动（")


def test_an_altered_link_with_a_fitting_hash_breaks_the_next(lived: Town) -> None:
    with attack(lived) as connection:
        row = dict(
            connection.execute(text("SELECT * FROM activity WHERE seq = 9")).mappings().one()
        )
    with session(lived.engine) as current:
        link = current.get_one(Activity, 9)
        content = {name: getattr(link, name) for name in row}
    content["verb"] = "forged"
    alter(
        lived,
        "UPDATE activity SET verb = 'forged', hash = :hash WHERE seq = 9",
        hash=link_hash(content),
    )
    assert told(lived).startswith("第 10 条操作记录被改动")


def test_a_missing_link_is_named(lived: Town) -> None:
    alter(lived, "DELETE FROM activity WHERE seq = 9")
    assert told(lived) == "第 9 条操作记录缺失"


def test_a_cut_tail_is_named(lived: Town) -> None:
    last = last_seq(lived)
    alter(lived, "DELETE FROM activity WHERE seq > :last", last=last - 3)
    assert told(lived) == f"操作记录的末尾被截断：链头为第 {last} 条，只找到 {last - 3} 条"


def _cut(town: Town, to: str) -> None:
    """The tail cut, the head adjusted to match."""
    alter(
        town,
        f"DELETE FROM activity WHERE seq > ({to})",
        "UPDATE chain_head SET seq = (SELECT max(seq) FROM activity),"
        " hash = (SELECT hash FROM activity ORDER BY seq DESC LIMIT 1)",
    )


def test_a_cut_tail_with_the_head_adjusted_is_told_by_the_anchor(lived: Town) -> None:
    _cut(lived, "SELECT seq - 1 FROM anchor")
    assert told(lived).startswith("“month:2026-11”的存证与第")


def test_a_cut_tail_with_head_and_anchor_adjusted_is_told_by_the_sent_month(lived: Town) -> None:
    _cut(lived, "SELECT seq - 1 FROM anchor")
    alter(lived, "DELETE FROM anchor")
    assert told(lived) != "None"


def test_a_tail_cut_after_the_last_anchor_leaves_claims_without_their_links(lived: Town) -> None:
    _cut(lived, "SELECT seq FROM anchor")
    assert "申请 2026-11-0003" in told(lived)


def test_what_no_anchor_covers_and_no_claim_shows_is_said_to_be_uncovered(lived: Town) -> None:
    with lived.session() as current:
        record(current, lived.people["lead"], "sign_in", "account:lead", None, None)
    last = last_seq(lived)
    _cut(lived, f"SELECT {last - 1}")
    found = verified(lived)
    assert found.is_sound
    assert found.uncovered_from_seq is not None


def test_a_forged_anchor_is_named(lived: Town) -> None:
    alter(lived, "UPDATE anchor SET hash = :hash", hash="f" * 64)
    assert told(lived).startswith("“month:2026-11”的存证与第")
    alter(lived, "UPDATE anchor SET seq = 99999")
    assert told(lived) == "“month:2026-11”的存证与第 99999 条操作记录不符"


def test_a_head_that_vanished_is_named(lived: Town) -> None:
    alter(lived, "DELETE FROM chain_head")
    assert told(lived).startswith("操作记录的末尾被截断：链头为第 0 条")


# ---------------------------------------------------------------- what the chain vouches for

FOURTH = "number = '2026-11-0004'"
EVENTS = "claim_id = (SELECT id FROM claim WHERE number = '2026-11-0003')"

# fmt: off
FORGED: dict[str, tuple[str, str]] = {
    "state":            (f"UPDATE claim SET state = 'approved' WHERE {FOURTH}",                        "申请 2026-11-0004：状态与办理记录不符"),
    "held_from":        (f"UPDATE claim SET state = 'on_hold', held_from = 'approved' WHERE {FOURTH}", "申请 2026-11-0004：状态与办理记录不符"),
    "resume_at":        (f"UPDATE claim SET resume_at = 'approved' WHERE {FOURTH}",                    "申请 2026-11-0004：状态与办理记录不符"),
    "reopened":         (f"UPDATE claim SET was_reopened = true WHERE {FOURTH}",                       "申请 2026-11-0004：状态与办理记录不符"),
    "round":            (f"UPDATE claim SET round = 2 WHERE {FOURTH}",                                 "申请 2026-11-0004：状态与办理记录不符"),
    "version up":       (f"UPDATE claim SET version = version + 1 WHERE {FOURTH}",                     "申请 2026-11-0004：版本与操作记录不符"),
    "version down":     (f"UPDATE claim SET version = version - 1 WHERE {FOURTH}",                     "申请 2026-11-0004：版本与操作记录不符"),
    "asked":            (f"UPDATE claim SET asked_fen = asked_fen + 1 WHERE {FOURTH}",                 "申请 2026-11-0004：申请内容与操作记录不符"),
    "payee":            (f"UPDATE claim SET payee_account = '6222' WHERE {FOURTH}",                    "申请 2026-11-0004：申请内容与操作记录不符"),
    "another agency":   (f"UPDATE claim SET agency_id = agency_id + 1 WHERE {FOURTH}",                 "申请 2026-11-0004：申请内容与操作记录不符"),
    "approved":         (f"UPDATE claim_money SET approved_fen = approved_fen - 1 WHERE {EVENTS}",     "申请 2026-11-0003：金额与办理记录不符"),
    "paid":             (f"UPDATE claim_money SET paid_fen = 1 WHERE {EVENTS}",                        "申请 2026-11-0003：金额与办理记录不符"),
    "committed":        (f"UPDATE claim_money SET committed_fen = 1 WHERE {EVENTS}",                   "申请 2026-11-0003：金额与办理记录不符"),
    "event's note":     (f"UPDATE claim_event SET note = 'x' WHERE {EVENTS} AND position = 2",         "申请 2026-11-0003：第 2 条办理记录与操作记录不符"),
    "event's reasons":  (f"UPDATE claim_event SET reasons = '[\"R01\"]' WHERE {EVENTS} AND position = 2", "申请 2026-11-0003：第 2 条办理记录与操作记录不符"),
    "event's findings": (f"UPDATE claim_event SET findings = '[]' WHERE {EVENTS} AND position = 3",    "申请 2026-11-0003：第 3 条办理记录与操作记录不符"),
    "event's person":   (f"UPDATE claim_event SET account_id = 1 WHERE {EVENTS} AND position = 4",     "申请 2026-11-0003：第 4 条办理记录与操作记录不符"),
    "missing event":    (f"DELETE FROM claim_event WHERE {EVENTS} AND position = 2",                   "申请 2026-11-0003：第 2 条办理记录缺失"),
    "last event gone":  (f"DELETE FROM claim_event WHERE {EVENTS} AND position = 6",                   "申请 2026-11-0003：状态与办理记录不符"),
    "paper":            (f"UPDATE evidence SET sha256 = '{'f' * 64}' WHERE {EVENTS} AND kind_code = 'M01'", "申请 2026-11-0003：材料与操作记录不符"),
    "paper gone":       (f"DELETE FROM evidence WHERE {EVENTS} AND kind_code = 'M01'",                 "申请 2026-11-0003：材料与操作记录不符"),
    "claim gone":       (f"DELETE FROM claim WHERE {FOURTH}",                                          "申请 2026-11-0004 不见了"),
    "line":             ("UPDATE budget_line SET paid_fen = paid_fen - 1 WHERE code = 'K01'",          "2026 年预算科目 K01 与各申请之和不符"),
    "sheet's row":      ("UPDATE batch_row SET subsidy_fen = 1 WHERE position = 1",                    "2026-11 的统一申请与操作记录不符"),
    "sheet's row gone": ("DELETE FROM batch_row WHERE position = 2",                                   "2026-11 的统一申请与操作记录不符"),
    "sheet's total":    ("UPDATE batch SET total_fen = 1",                                             "2026-11 的统一申请与操作记录不符"),
    "sheet's digest":   (f"UPDATE batch SET digest = '{'f' * 64}'",                                    "2026-11 的统一申请与操作记录不符"),
    "sheet's head":     (f"UPDATE batch SET chain_head = '{'f' * 64}'",                                "2026-11 的统一申请与操作记录不符"),
    "sheet's month":    ("UPDATE batch SET month = '2026-10'",                                         "2026-10 的统一申请与操作记录不符"),
    "sheet gone":       ("DELETE FROM batch",                                                          "2026-11 的统一申请不见了"),
}
# fmt: on


@pytest.mark.parametrize("forgery", FORGED)
def test_a_forgery_is_named(lived: Town, forgery: str) -> None:
    statement, words = FORGED[forgery]
    alter(lived, statement)
    assert told(lived).startswith(words)


def test_an_event_that_was_never_recorded_is_named(lived: Town) -> None:
    """Claim, event and money forged together, each fitting the other: the chain has no such
    step."""
    alter(
        lived,
        "INSERT INTO claim_event (claim_id, position, action, from_state, to_state, office, round, is_decision,"
        " account_id, on_behalf, at_utc, version, facts_digest, reasons, note, findings)"
        " SELECT claim_id, 2, 'refuse_pre_review', 'submitted', 'refused', 'pre_review', 1, true, 3, false, at_utc,"
        f" 99, facts_digest, '[]', '', '[]' FROM claim_event WHERE claim_id = (SELECT id FROM claim WHERE {FOURTH})",
        f"UPDATE claim SET state = 'refused', version = 99 WHERE {FOURTH}",
    )
    assert told(lived) == "申请 2026-11-0004：第 2 条办理记录与操作记录不符，可能被直接改动"


def test_a_claim_that_was_never_recorded_is_named(lived: Town) -> None:
    alter(lived, f"UPDATE claim SET number = 'forged' WHERE {FOURTH}")
    assert "forged" in told(lived)


def test_a_claim_without_events_or_links_is_named(lived: Town) -> None:
    alter(
        lived,
        "INSERT INTO claim (number, agreement_id, result_id, enterprise_id, agency_id, service_code, filed_month,"
        " filed_on, asked_fen, invoice_number, payee_name, payee_account, note, state, was_reopened, is_recall_asked,"
        " version, round, facts_digest, waiting_since_on, changed_at_utc, findings_met, findings_not_met,"
        " findings_unknown, findings_warning)"
        " SELECT 'forged', agreement_id, result_id, enterprise_id, agency_id, service_code, filed_month, filed_on,"
        " asked_fen, '', '', '', '', 'draft', false, false, 1, 1, '', waiting_since_on, changed_at_utc, 0, 0, 0, 0"
        f" FROM claim WHERE {FOURTH}",
    )
    assert told(lived) == "申请 forged：没有操作记录，可能被直接写入"


def test_every_way_a_claim_can_end_is_sound(town: Town) -> None:
    town.at(S.closed)
    held, asked = town.at(S.approved), town.at(S.approved)
    town.step("finance", held, A.hold, **BACK)
    town.step("finance", asked, A.ask_agency, **BACK)
    refused = town.at(S.applied)
    town.step("bureau", refused, A.refuse_office, **BACK)
    with town.session() as current:
        record(current, system_actor(), "daily", "system", None, None)
    assert town.money(held, Purpose.reward).committed_fen == 2_000_000
    assert town.is_sound()


# ---------------------------------------------------------------- the triggers


@pytest.mark.parametrize("table", ["activity", "claim_event"])
@pytest.mark.parametrize("statement", ["UPDATE {table} SET {column} = 'x'", "DELETE FROM {table}"])
def test_the_record_is_append_only(lived: Town, table: str, statement: str) -> None:
    column = "verb" if table == "activity" else "note"
    with lived.engine.connect() as connection:
        with pytest.raises(DBAPIError, match="append-only"):
            connection.execute(text(statement.format(table=table, column=column)))
        connection.rollback()
    assert lived.is_sound()


def test_a_long_record_is_read_page_by_page(lived: Town, monkeypatch: pytest.MonkeyPatch) -> None:
    for module in ("verification", "vouching"):
        monkeypatch.setattr(f"models.queries.{module}._PAGE", 2)
    assert verified(lived).is_sound
    assert verified(lived).claims == 4
