"""What is entered of a figure: numbers read digit by digit, units by one table, every fault at once."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from decimal import Decimal
from itertools import permutations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from models.rules.errors import FigureRefused
from models.rules.targets import Actual, ActualKind, Fit, Grade, IndicatorKind
from models.rules.targets.choosing import choice_among, decides
from models.rules.targets.entries import (
    Counted,
    FigureEntry,
    barred_from_confirming,
    faults_of,
    in_one_spelling,
    in_unit,
    is_published,
    may_be_negative,
    units_taken,
    value_read,
)

TODAY = date(2026, 11, 20)
FIRMS = Counted("家", IndicatorKind.stock)
SOUND = FigureEntry(
    place_code="dalian-hightech", indicator_code="hnte_count", as_of=date(2025, 12, 31),
    value="1,680", unit="家", kind=ActualKind.reported, grade=Grade.high, source_title="公报",
)  # fmt: skip


@pytest.mark.parametrize(
    ("written", "value"),
    [
        ("1068", "1068"), ("1,068", "1068"), ("１，０６８．５０", "1068.5"), ("2.36", "2.36"),
        ("-3.0", "-3"), ("−3", "-3"), ("+7", "7"), ("0", "0"), ("-0.00", "0"), (" 12 ", "12"),
        ("123,456,789,012,345", "123456789012345"), ("0.000001", "0.000001"), ("1000", "1000"),
    ],
)  # fmt: skip
def test_a_value_is_read_exactly(written: str, value: str) -> None:
    assert str(value_read(written)) == value


@pytest.mark.parametrize(
    "written",
    ["", "abc", "1.2.3", "1,06", "1e3", "NaN", "Infinity", "12家", "1/2", "٣", "²", "1_000", "9" * 16, "0.1234567",
     "1" * 500, "--1", "1 000", "\0"],
)  # fmt: skip
def test_what_is_no_number_is_refused_in_words(written: str) -> None:
    with pytest.raises(FigureRefused, match="不是数值"):
        value_read(written)


@given(st.decimals(min_value=-(10**12), max_value=10**12, places=6))
def test_every_decimal_comes_back_as_itself(value: Decimal) -> None:
    assert value_read(format(value, "f")) == value


@pytest.mark.parametrize(
    ("value", "written", "wanted", "given"),
    [
        ("169.7", "亿元", "亿元", "169.7"), ("1697000", "万元", "亿元", "169.7"),
        ("0.5", "亿元", "万元", "5000"),
        ("12", "个", "家", "12"), ("3", "户", "家", "3"), ("5", "名", "人", "5"),
        ("2", "万人次", "人次", "20000"),
        ("24", "％", "%", "24"), ("1", "家", "%", None), ("1", "万元", "家", None), ("1", "", "家", None),
    ],
)  # fmt: skip
def test_units_are_converted_by_the_table_alone(
    value: str, written: str, wanted: str, given: str | None
) -> None:
    converted = in_unit(Decimal(value), written, wanted)
    assert (None if converted is None else format(converted, "f")) == given


def test_the_units_offered_begin_with_the_indicators_own() -> None:
    assert units_taken("亿元") == ("亿元", "元", "万元")
    assert units_taken("%") == ("%",)


@pytest.mark.parametrize("written", ["2023", "2023-09", "2023-09-13"])
def test_a_publication_is_a_year_a_month_or_a_day(written: str) -> None:
    assert is_published(written)


@pytest.mark.parametrize("written", ["", "23", "2023-13", "2023-02-30", "1023", "2023/09", "去年"])
def test_anything_else_is_none(written: str) -> None:
    assert not is_published(written)


def faults(**changes: object) -> dict[str, str]:
    """Field → what is said of it."""
    entry = in_one_spelling(replace(SOUND, **changes))
    return {fault.field: str(fault.words) for fault in faults_of(entry, FIRMS, TODAY)}


def test_a_sound_entry_has_no_fault() -> None:
    assert faults() == {}
    assert (
        faults(published=" ２０２６－０３ ", source_url="https://example.org", note_zh="注") == {}
    )


@pytest.mark.parametrize(
    ("changes", "field", "said"),
    [
        ({"value": "很多"}, "value", "不是数值"),
        ({"value": "-1"}, "value", "不能为负"),
        ({"unit": "万元"}, "unit", "单位应为“家”，“万元”不能换算"),
        ({"unit": ""}, "unit", "单位应为“家”，“—”不能换算"),
        ({"as_of": date(2026, 11, 21)}, "as_of", "只有“预计”可以"),
        ({"as_of": date(1900, 1, 1)}, "as_of", "早于 1949 年"),
        ({"period_start": date(2026, 1, 1)}, "period_start", "期间起晚于截至日期"),
        ({"published": "上周"}, "published", "2023-09"),
        ({"published": "2026-12"}, "published", "在今天之后"),
        ({"source_title": "长" * 301}, "source_title", "最多 300 个字"),
        ({"source_url": "javascript:alert(1)"}, "source_url", "https://"),
        ({"note_zh": "长" * 401}, "note_zh", "最多 400 个字"),
    ],
)
def test_each_fault_is_named_at_its_field(
    changes: dict[str, object], field: str, said: str
) -> None:
    found = faults(**changes)
    assert list(found) == [field]
    assert said in found[field]


def test_all_faults_are_told_at_once() -> None:
    nothing = FigureEntry()
    told = {fault.field for fault in faults_of(nothing, None, TODAY)}
    assert told == {
        "place_code", "indicator_code", "as_of", "kind", "grade", "source_title", "value",
    }  # fmt: skip
    stated = replace(nothing, value="5")
    assert "value" not in {fault.field for fault in faults_of(stated, None, TODAY)}


def test_a_forecast_speaks_of_days_to_come() -> None:
    assert faults(as_of=date(2030, 12, 31), kind=ActualKind.forecast) == {}


def test_growth_may_be_negative() -> None:
    assert may_be_negative(IndicatorKind.growth)
    entry = replace(SOUND, value="-3.5", unit="%")
    assert faults_of(entry, Counted("%", IndicatorKind.growth), TODAY) == ()


def test_texts_are_kept_on_one_line_without_what_cannot_be_kept() -> None:
    odd = replace(SOUND, source_title="  公\0报\r\n 第 1\t期\ud800 ", unit=" ％ ")
    kept = in_one_spelling(odd)
    assert (kept.source_title, kept.unit) == ("公报 第 1 期", "%")
    assert (kept.kind, kept.grade) == (ActualKind.reported, Grade.high)


def test_nobody_confirms_a_figure_of_their_own() -> None:
    assert barred_from_confirming(1, 2) is None
    assert "另一人" in str(barred_from_confirming(1, 1))


# ---------------------------------------------------------------- which one counts

DERIVED = Actual("A", date(2020, 12, 31), Decimal(851), kind=ActualKind.derived)
REPORTED = Actual("B", date(2020, 12, 31), Decimal(850), grade=Grade.low)
BROADER = replace(REPORTED, id="C", fit=Fit.broader, grade=Grade.high)
BETTER = replace(REPORTED, id="D", grade=Grade.high)
NEWER = replace(BETTER, id="E", published_on=date(2021, 3, 1))
LATER = replace(NEWER, id="F", as_of=date(2020, 12, 31), published_on=date(2021, 3, 1))
EARLIER_DAY = replace(NEWER, id="0", as_of=date(2020, 6, 30))


@pytest.mark.parametrize(
    ("ahead", "behind", "why", "why_not"),
    [
        (REPORTED, DERIVED, "公开通报先于推算", "公开通报先于推算"),
        (REPORTED, BROADER, "口径更近", "口径较远"),
        (BETTER, REPORTED, "可信度更高", "可信度较低"),
        (NEWER, BETTER, "发布较新", "发布较早或未注明"),
        (NEWER, EARLIER_DAY, "截至日期较晚", "截至日期较早"),
        (NEWER, LATER, "先登记者", "后登记者"),
    ],
)
def test_one_of_two_counts_and_each_says_why(
    ahead: Actual, behind: Actual, why: str, why_not: str
) -> None:
    for figures in permutations((ahead, behind)):
        choice = choice_among(IndicatorKind.stock, figures)
        assert choice.chosen is ahead
        assert why in str(choice.why[ahead.id])
        assert why_not in str(choice.why[behind.id])


def test_what_never_decides_says_so() -> None:
    forecast = replace(REPORTED, id="X", kind=ActualKind.forecast)
    part = replace(REPORTED, id="Y", kind=ActualKind.part_year, since=date(2020, 1, 1))
    none = choice_among(IndicatorKind.flow, (forecast, part))
    assert none.chosen is None
    assert "预计数不作判定" in str(none.why["X"])
    assert "期中数不代表全年" in str(none.why["Y"])
    one = choice_among(IndicatorKind.flow, (forecast, REPORTED))
    assert (one.chosen, str(one.why["B"])) == (REPORTED, "唯一可作判定的数字")


def test_a_part_of_a_year_decides_what_stands_on_a_day() -> None:
    part = replace(REPORTED, kind=ActualKind.part_year)
    assert decides(IndicatorKind.stock, part)
    assert not decides(IndicatorKind.flow, part)
    assert not decides(IndicatorKind.stock, replace(part, since=date(2020, 1, 1)))
