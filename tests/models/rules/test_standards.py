"""Versions of standards: what an entry must hold, which versions may stand beside each other, what is
said of one."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from models.rules.entitlement import Purpose, Standard, StandardKind, entitlement
from models.rules.standards import (
    KIND_NAMES,
    LONGEST,
    PAYEE_NAMES,
    PURPOSE_NAMES,
    HeldVersion,
    StandardEntry,
    ends_on,
    example_of,
    in_one_line,
    overlap,
    parameters_of,
    standard_read,
    standard_words,
)

K = StandardKind
ENTRY = StandardEntry(
    service_code="hnte_first", amount="40,000", document="测试办法", clause="第三条",
    title_zh="高企认定补贴", valid_from=date(2026, 10, 1), reason="照新办法",
)  # fmt: skip
FLAT = Standard("k", 1, "办法", "三", K.flat, Purpose.subsidy, amount_fen=5_000_000)
UNIT = replace(FLAT, kind=K.per_unit, unit="份")
SHARE = replace(FLAT, kind=K.percent, amount_fen=None, percent_hundredths=150)
# fmt: off
STANDARDS = {
    "flat":         (FLAT,                                                            "定额 50,000 元",                      None,               5_000_000),
    "up_to":        (replace(FLAT, kind=K.up_to, amount_fen=None, ceiling_fen=100),   "最高 1 元，由审核人核定",             "核定 1 元",        100),
    "per_unit":     (UNIT,                                                            "每份 50,000 元",                      "数量 3 份",        15_000_000),
    "capped":       (replace(UNIT, annual_cap_fen=6_000_000),                         "每份 50,000 元，每年最高 60,000 元",  "数量 3 份",        6_000_000),
    "percent":      (SHARE,                                                           "基数的 1.5%",                         "基数 100,000 元",  150_000),
    "percent held": (replace(SHARE, ceiling_fen=100_000),                             "基数的 1.5%，最高 1,000 元",          "基数 100,000 元",  100_000),
    "match":        (replace(SHARE, kind=K.match_ratio, percent_hundredths=10_000),   "按上级资金的 100% 配套",              "基数 100,000 元",  10_000_000),
    "not printed":  (replace(FLAT, kind=K.not_printed, amount_fen=None),              "文件没有公布金额，系统不计算",        None,               None),
}
FAULTS = (
    ({"service_code": ""},                     "service_code",     "请填写"),
    ({"reason": ""},                           "reason",           "请填写"),
    ({"valid_from": None},                     "valid_from",       "请填写"),
    ({"valid_from": date(1999, 12, 31)},       "valid_from",       "2000-01-01 至 2100-12-31"),
    ({"valid_to": date(2026, 9, 30)},          "valid_to",         "早于生效日期 2026-10-01"),
    ({"title_zh": "长" * 81},                  "title_zh",         "最多 80 个字"),
    ({"amount": "四万"},                       "amount",           "四万"),
    ({"amount": "1.234"},                      "amount",           "1.234"),
    ({"amount": ""},                           "kind",             "该类标准缺少定额"),
    ({"amount": "0"},                          "kind",             "大于零"),
    ({"agency_year_cap": "-1"},                "agency_year_cap",  "不能为负"),
    ({"kind": K.percent, "percent": "101"},    "kind",             "不能超过 100%"),
    ({"kind": K.per_unit},                     "kind",             "该类标准缺少计量单位"),
)
# fmt: on


@pytest.mark.parametrize("case", STANDARDS)
def test_a_standard_says_what_it_gives_and_shows_it_on_an_example(case: str) -> None:
    standard, said, facts, amount_fen = STANDARDS[case]
    assert str(standard_words(standard)) == said
    told, given_amount = example_of(standard)
    assert (told and str(told)) == facts
    assert given_amount.amount_fen == amount_fen


def test_every_kind_and_word_has_its_name() -> None:
    assert set(KIND_NAMES) == set(StandardKind)
    assert {*PURPOSE_NAMES} == set(Purpose)
    assert len(PAYEE_NAMES) == 3


def test_an_entry_is_read_into_a_standard() -> None:
    found = standard_read(replace(ENTRY, agency_year_cap="80"))
    assert found.faults == ()
    assert found.standard is not None
    assert found.standard.parameters == {"amount_fen": 4_000_000}
    assert (found.agency_year_cap_fen, found.enterprise_year_cap_fen) == (8_000, None)
    assert entitlement(found.standard).amount_fen == 4_000_000


def test_what_another_kind_would_ask_for_is_left_out() -> None:
    entry = replace(
        ENTRY, kind=K.percent, percent="１．５%", ceiling="500", unit="份", annual_cap="x"
    )
    found = standard_read(entry)
    assert found.faults == ()
    assert found.standard is not None
    assert found.standard.parameters == {"percent_hundredths": 150, "ceiling_fen": 50_000}


@pytest.mark.parametrize(("changes", "field", "words"), FAULTS)
def test_a_faulty_entry_is_named_by_its_field(
    changes: dict[str, Any], field: str, words: str
) -> None:
    faults = standard_read(replace(ENTRY, **changes)).faults
    assert [(fault.field, words in str(fault.words)) for fault in faults] == [(field, True)]


def test_all_faults_are_named_at_once() -> None:
    faults = standard_read(StandardEntry(amount="x", valid_from=None)).faults
    assert {fault.field for fault in faults} == {
        "service_code", "document", "clause", "title_zh", "reason", "valid_from", "amount",
    }  # fmt: skip


def test_texts_are_kept_on_one_line() -> None:
    odd = replace(ENTRY, title_zh=" 高企\n认定\x00 ", amount=" 1 ", reason="x" * 500)
    kept = in_one_line(odd)
    assert (kept.title_zh, kept.amount) == ("高企 认定", "1")
    (fault,) = standard_read(kept).faults
    assert fault.field == "reason"
    assert str(LONGEST["reason"]) in str(fault.words)


def test_the_parameters_of_a_kind_are_those_it_needs_or_may_have() -> None:
    assert [one.name for one in parameters_of(K.per_unit)] == [
        "amount_fen",
        "unit",
        "annual_cap_fen",
    ]
    assert parameters_of(K.not_printed) == ()


# ---------------------------------------------------------------- validity


def held(version: int, begins: date, ends: date | None = None, key: str = "S-01") -> HeldVersion:
    return HeldVersion(key, version, begins, ends)


FIRST, SECOND = held(1, date(2025, 1, 1)), held(2, date(2026, 1, 1), date(2026, 12, 31))
OTHER = held(1, date(2027, 3, 1), key="S-09")


def test_a_version_ends_before_the_next_one_begins() -> None:
    assert ends_on(FIRST, (FIRST, SECOND, OTHER)) == date(2025, 12, 31)
    assert ends_on(SECOND, (FIRST, SECOND)) == date(2026, 12, 31)
    assert ends_on(FIRST, (FIRST,)) is None
    assert ends_on(held(1, date(2025, 1, 1), date(2025, 3, 1)), (SECOND,)) == date(2025, 3, 1)


@pytest.mark.parametrize(
    ("drafted", "words"),
    [
        (held(3, date(2026, 6, 1), date(2027, 2, 28)), ""),
        (held(3, date(2026, 6, 1)), "与 S-09 第 1 版"),
        (held(3, date(2026, 1, 1)), "须晚于 S-01 第 2 版的生效日期 2026-01-01"),
        (held(3, date(2025, 6, 1)), "须晚于 S-01 第 2 版"),
        (held(1, date(2026, 12, 31), key="S-02"), "与 S-01 第 2 版（2026-01-01 起）的有效期重叠"),
        (held(1, date(2027, 1, 1), date(2027, 2, 28), key="S-02"), ""),
        (held(1, date(2027, 1, 1), date(2027, 3, 1), key="S-02"), "与 S-09 第 1 版"),
        (held(1, date(2024, 1, 1), date(2024, 12, 31), key="S-02"), ""),
        (held(1, date(2024, 1, 1), key="S-02"), "与 S-01 第 1 版"),
    ],
)
def test_versions_of_one_coverage_never_overlap(drafted: HeldVersion, words: str) -> None:
    found = overlap(drafted, (FIRST, SECOND, OTHER))
    assert (found is None) if not words else (found is not None and words in str(found))


DAYS = st.dates(date(2020, 1, 1), date(2030, 12, 31))


@given(
    st.lists(st.tuples(st.sampled_from(["A", "B", "C"]), DAYS, st.none() | DAYS), max_size=12), DAYS
)
def test_of_versions_let_in_at_most_one_counts_on_a_day(
    drafts: list[tuple[str, date, date | None]], on: date
) -> None:
    in_force: list[HeldVersion] = []
    for number, (key, begins, ends) in enumerate(drafts, start=1):
        if ends is not None and ends < begins:
            continue
        drafted = HeldVersion(key, number, begins, ends)
        if overlap(drafted, in_force) is None:
            in_force.append(drafted)
    assert sum(counts_on(one, in_force, on) for one in in_force) <= 1


def counts_on(one: HeldVersion, in_force: list[HeldVersion], on: date) -> bool:
    """Whether a version is the one asked on a day."""
    last = ends_on(one, in_force)
    return one.valid_from <= on and (last is None or on <= last)
