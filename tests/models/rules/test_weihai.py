"""The schedule of `weihai` 二.(四): every printed amount computed from the facts of a claim, each with
its clause, and the condition on the amount asked judged by it."""

from __future__ import annotations

import csv
from collections import Counter
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from models.rules.claim_facts import ClaimFacts, StandardFacts
from models.rules.entitlement import Payee, Purpose, StandardKind, standard_from_row
from models.rules.findings import Verdict, findings, money_of
from models.rules.money import fen_from_yuan
from models.rules.standards import example_of, standard_words
from models.rules.working_days import Calendar
from tests.cases import cases
from tests.models.rules.test_findings import TABLE, claim_of

FILE = Path(__file__).parents[3] / "seed" / "reference" / "policy_rules.csv"
with FILE.open(encoding="utf-8", newline="") as lines:
    ROWS = {row["key"]: row for row in csv.DictReader(lines) if row["document"] == "weihai"}
CASES = cases("weihai")["case"]
# fmt: off
PRINTED = {
    "二.(四).1": ["200", "300", "1000", "500", "100", "50", "最高 200", "200", "100", "20", "10"],
    "二.(四).2": ["200", "200", "1:1", "最高 100", "每家 10", "每年最高 100", "未印", "100", "300"],
    "二.(四).3": ["未印"],
    "二.(四).4": ["20", "10", "20", "最高 20", "最高 100", "100", "一事一议"],
}
# fmt: on
"""What the document prints, clause by clause, in its order and in 万元."""


def fen(written: str | None) -> int | None:
    return None if written is None else fen_from_yuan(written)


def claim(case: dict[str, Any], asked_fen: int) -> ClaimFacts:
    """A claim in all else as the sample, with the facts of the case and the standard of its row."""
    row = ROWS[case["rule"]]
    standard = StandardFacts(
        row["key"], 1, row["title_zh"], standard_from_row(row), Payee(row["payee"]), "K01",
        date.fromisoformat(row["valid_from"]), fen(case.get("granted")) or 0,
    )  # fmt: skip
    return replace(
        claim_of(TABLE["claim"]), asked_fen=asked_fen, basis_fen=fen(case.get("base")),
        units=case.get("units"), subsidy=standard, reward=None, caps=(),
    )  # fmt: skip


def amount_asked(facts: ClaimFacts) -> tuple[Verdict, str]:
    (found,) = [one for one in findings(facts, Calendar()) if one.code == "F08"]
    return found.verdict, str(found.fact)


@pytest.mark.parametrize("case", CASES, ids=lambda case: case["what"])
def test_a_printed_amount_is_computed_from_a_claim(case: dict[str, Any]) -> None:
    asked_fen = fen(case.get("amount") or case.get("limit")) or 100
    given = money_of(claim(case, asked_fen)).subsidy
    assert given is not None
    assert given.amount_fen == fen(case.get("amount"))
    assert given.clause == case["clause"] == ROWS[case["rule"]]["clause"]
    verdict, fact = amount_asked(claim(case, asked_fen))
    if "amount" in case:
        assert verdict is Verdict.met
        assert amount_asked(claim(case, asked_fen + 1))[0] is Verdict.not_met
    else:
        assert verdict is Verdict.unknown
        assert fact
    if "limit" in case:
        assert given.at_most_fen == asked_fen
        assert amount_asked(claim(case, asked_fen + 1))[0] is Verdict.not_met


def test_every_rule_of_the_schedule_has_a_case_and_every_printed_amount_a_rule() -> None:
    assert {case["rule"] for case in CASES} == set(ROWS)
    for clause, printed in PRINTED.items():
        of_clause = {(case["rule"], case["printed"]) for case in CASES if case["clause"] == clause}
        assert Counter(said for _, said in of_clause) == Counter(printed)
    assert {case["clause"] for case in CASES} == set(PRINTED)


@pytest.mark.parametrize("key", ROWS)
def test_the_schedule_is_kept_for_comparison_and_says_what_it_gives(key: str) -> None:
    row = ROWS[key]
    standard = standard_from_row(row)
    assert (row["standing"], row["place"], row["service"]) == ("reference", "威海市", "")
    assert row["valid_to"] == "2023-04-07"
    assert Purpose(row["purpose"])
    assert str(standard_words(standard))
    is_printed = standard.kind is not StandardKind.not_printed
    assert (example_of(standard)[1].amount_fen is not None) == is_printed
