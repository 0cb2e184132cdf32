"""Entitlement: every printed amount, every kind's arithmetic, every fault of a standard."""

import csv
from dataclasses import replace
from datetime import date
from decimal import ROUND_HALF_UP, Decimal
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from models.rules.entitlement import (
    Basis,
    Payee,
    Purpose,
    Standard,
    StandardKind,
    entitlement,
    standard_faults,
    standard_from_row,
)
from models.rules.money import LARGEST_FEN, fen_from_yuan, yuan
from tests.cases import cases

TABLE = Path(__file__).parents[3] / "seed" / "reference" / "policy_rules.csv"
with TABLE.open(encoding="utf-8", newline="") as lines:
    ROWS = {row["key"]: row for row in csv.DictReader(lines)}
CASES = cases("entitlement")["case"]
FEN = st.integers(0, LARGEST_FEN)
FLAT = Standard("flat", 1, "example", "1", StandardKind.flat, Purpose.subsidy, amount_fen=5_000_000)
UP_TO = replace(FLAT, kind=StandardKind.up_to, amount_fen=None, ceiling_fen=5_000_000)
PERCENT = replace(FLAT, kind=StandardKind.percent, amount_fen=None, percent_hundredths=3_000)
MATCH = replace(PERCENT, kind=StandardKind.match_ratio, percent_hundredths=10_000)
PER_UNIT = replace(FLAT, kind=StandardKind.per_unit, unit="件", annual_cap_fen=20_000_000)
NOT_PRINTED = replace(FLAT, kind=StandardKind.not_printed, amount_fen=None)
STANDARDS = (FLAT, UP_TO, PERCENT, MATCH, PER_UNIT, NOT_PRINTED)


def fen(written: str | None) -> int | None:
    return None if written is None else fen_from_yuan(written)


def basis_of(case: dict[str, Any]) -> Basis:
    return Basis(
        units=case.get("units"),
        base_fen=fen(case.get("base")),
        decided_fen=fen(case.get("decided")),
        reason=case.get("reason", ""),
        granted_this_year_fen=fen(case.get("granted", "0")) or 0,
    )


# ---------------------------------------------------------------- the policy table


@pytest.mark.parametrize("case", CASES, ids=lambda case: case["what"])
def test_a_printed_amount(case: dict[str, Any]) -> None:
    standard = standard_from_row(ROWS[case["rule"]])
    given_amount = entitlement(standard, basis_of(case))
    assert given_amount.amount_fen == fen(case.get("amount"))
    assert given_amount.clause == standard.clause
    assert str(given_amount.words)


def test_every_standard_of_the_table_has_a_case() -> None:
    assert {case["rule"] for case in CASES} == set(ROWS)


@pytest.mark.parametrize("row", ROWS.values(), ids=lambda row: row["key"])
def test_a_line_of_the_table_is_a_valid_standard(row: dict[str, str]) -> None:
    assert standard_faults(standard_from_row(row)) == ()
    assert row["standing"] == "reference"
    assert Payee(row["payee"])
    assert date.fromisoformat(row["valid_from"]) <= date.fromisoformat(row["valid_to"])
    assert len(row["key"]) <= 40
    assert row["place"]
    assert row["title_zh"]
    assert row["title_en"].isascii()


def test_the_parameters_are_what_is_stored() -> None:
    standard = standard_from_row(ROWS["dalian-research-centre"])
    assert standard.parameters == {"ceiling_fen": 2_000_000_000, "percent_hundredths": 3_000}
    assert PER_UNIT.parameters == {
        "amount_fen": 5_000_000,
        "unit": "件",
        "annual_cap_fen": 20_000_000,
    }


# ---------------------------------------------------------------- what is wrong with a standard


@pytest.mark.parametrize("standard", STANDARDS, ids=lambda standard: standard.kind)
def test_each_kind_has_a_faultless_example(standard: Standard) -> None:
    assert standard_faults(standard) == ()


@pytest.mark.parametrize(
    ("standard", "words"),
    [
        (replace(FLAT, key=""), "编号"),
        (replace(FLAT, version=0), "版本"),
        (replace(FLAT, document=""), "条款"),
        (replace(FLAT, clause=""), "条款"),
        (replace(FLAT, amount_fen=None), "缺少定额"),
        (replace(FLAT, amount_fen=0), "定额须为"),
        (replace(FLAT, amount_fen=-1), "定额须为"),
        (replace(FLAT, amount_fen=LARGEST_FEN + 1), "定额须为"),
        (replace(FLAT, amount_fen=5_000_000.0), "定额须为"),
        (replace(FLAT, amount_fen=True), "定额须为"),
        (replace(FLAT, ceiling_fen=1), "不应有上限"),
        (replace(UP_TO, ceiling_fen=None), "缺少上限"),
        (replace(PER_UNIT, unit=""), "缺少计量单位"),
        (replace(PER_UNIT, annual_cap_fen=4_999_999), "低于单项"),
        (replace(PERCENT, percent_hundredths=10_001), "100%"),
        (replace(PERCENT, percent_hundredths=None), "缺少比例"),
        (replace(MATCH, percent_hundredths=100_001), "比例须为"),
        (replace(NOT_PRINTED, amount_fen=1), "不应有定额"),
    ],
)
def test_a_fault_is_named_and_stops_the_computation(standard: Standard, words: str) -> None:
    assert words in "；".join(map(str, standard_faults(standard)))
    refused = entitlement(standard, Basis(units=1, base_fen=1, decided_fen=1, reason="理由"))
    assert refused.amount_fen is None
    assert words in str(refused.words)


def test_all_faults_are_named_at_once() -> None:
    assert len(standard_faults(replace(PER_UNIT, key="", unit=None, ceiling_fen=1))) == 3


# ---------------------------------------------------------------- what a claim must bring


@pytest.mark.parametrize(
    ("standard", "basis", "words"),
    [
        (UP_TO, Basis(), "尚未核定"),
        (UP_TO, Basis(decided_fen=1, reason=" "), "理由"),
        (UP_TO, Basis(decided_fen=-1, reason="理由"), "不能为负"),
        (PER_UNIT, Basis(), "缺少数量"),
        (PER_UNIT, Basis(units=-1), "不能为负"),
        (PER_UNIT, Basis(units=1, granted_this_year_fen=-1), "不能为负"),
        (PERCENT, Basis(), "基数"),
        (PERCENT, Basis(base_fen=-1), "不能为负"),
        (MATCH, Basis(), "基数"),
        (NOT_PRINTED, Basis(), "没有公布"),
    ],
)
def test_what_is_missing_is_said_and_nothing_guessed(
    standard: Standard, basis: Basis, words: str
) -> None:
    answer = entitlement(standard, basis)
    assert answer.amount_fen is None
    assert words in str(answer.words)


# ---------------------------------------------------------------- the computations


def test_the_computation_is_shown() -> None:
    assert str(entitlement(FLAT).words) == "定额 50,000 元"
    decided = Basis(decided_fen=6_000_000, reason=" 专家意见 ")
    assert (
        str(entitlement(UP_TO, decided).words) == "核定 60,000 元，上限 50,000 元，理由：专家意见"
    )
    assert str(entitlement(PER_UNIT, Basis(units=3)).words) == "每件 50,000 元 × 3 = 150,000 元"
    capped = Basis(units=3, granted_this_year_fen=15_000_050)
    assert str(entitlement(PER_UNIT, capped).words) == (
        "每件 50,000 元 × 3 = 150,000 元；年度上限 200,000 元，本年已给 150,000.50 元，可给 49,999.50 元"
    )
    assert str(entitlement(PERCENT, Basis(base_fen=1_000)).words) == "10 元 × 30% = 3 元"
    held = replace(PERCENT, percent_hundredths=1_250, ceiling_fen=100)
    assert str(entitlement(held, Basis(base_fen=1_000)).words) == (
        "10 元 × 12.5% = 1.25 元，上限 1 元"
    )


def test_the_most_a_standard_could_give() -> None:
    most = {standard.kind: entitlement(standard).at_most_fen for standard in STANDARDS}
    assert most == {
        StandardKind.flat: 5_000_000,
        StandardKind.up_to: 5_000_000,
        StandardKind.per_unit: 20_000_000,
        StandardKind.percent: None,
        StandardKind.match_ratio: None,
        StandardKind.not_printed: None,
    }


@given(FEN, st.integers(1, 10_000), st.none() | st.integers(1, LARGEST_FEN))
def test_a_percentage_is_rounded_once_half_up(base: int, rate: int, ceiling: int | None) -> None:
    standard = replace(PERCENT, percent_hundredths=rate, ceiling_fen=ceiling)
    exact = (Decimal(base) * rate / 10_000).quantize(Decimal(1), ROUND_HALF_UP)
    expected = int(exact) if ceiling is None else min(int(exact), ceiling)
    assert entitlement(standard, Basis(base_fen=base)).amount_fen == expected


@given(FEN)
def test_a_one_to_one_match_gives_what_it_matches(base: int) -> None:
    assert entitlement(MATCH, Basis(base_fen=base)).amount_fen == base


@given(st.integers(0, 10_000), FEN, st.none() | st.integers(5_000_000, LARGEST_FEN))
def test_a_yearly_cap_is_never_passed_and_always_used(
    units: int, granted: int, cap: int | None
) -> None:
    standard = replace(PER_UNIT, annual_cap_fen=cap)
    amount = entitlement(standard, Basis(units=units, granted_this_year_fen=granted)).amount_fen
    room = 5_000_000 * units if cap is None else max(cap - granted, 0)
    assert amount == min(5_000_000 * units, room)


@given(FEN, st.integers(1, LARGEST_FEN))
def test_a_decided_amount_is_held_to_the_ceiling(decided: int, ceiling: int) -> None:
    standard = replace(UP_TO, ceiling_fen=ceiling)
    answer = entitlement(standard, Basis(decided_fen=decided, reason="理由"))
    assert answer.amount_fen == min(decided, ceiling)


@given(
    st.sampled_from(STANDARDS),
    st.builds(
        Basis, *(st.none() | FEN for _ in range(3)), reason=st.text(), granted_this_year_fen=FEN
    ),
)
def test_an_amount_is_never_negative_nor_above_the_most(standard: Standard, basis: Basis) -> None:
    answer = entitlement(standard, basis)
    assert answer == entitlement(standard, basis)
    assert str(answer.words)
    if answer.amount_fen is not None:
        assert answer.amount_fen >= 0
        assert answer.at_most_fen is None or answer.amount_fen <= answer.at_most_fen
        assert yuan(answer.amount_fen)
