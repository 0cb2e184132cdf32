"""Changes by two people: what may be written of a setting, a service, a reason and a day, in words."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from models.rules.changes import (
    BANK_ACCOUNTS,
    CHANGE_NAMES,
    CHANGE_STATE_NAMES,
    OPERATORS,
    ChangeKind,
    ChangeState,
    barred_from_deciding,
    begins_too_early,
    content_read,
    setting_written,
)
from models.rules.settings import SETTING_OF, SETTINGS

TERMS, TEXT, DAY = ChangeKind.service_terms, ChangeKind.reason_text, ChangeKind.calendar_day
WORDS = {"name_zh": "其他", "name_en": "Other", "remedy_zh": "照办", "remedy_en": "Do so"}

# fmt: off
READ = (
    ("filing_window_working_days", "９０",           90),
    ("is_demonstration",           "yes",            True),
    ("is_demonstration",           "no",             False),
    ("filing_confirmer",           "alliance_lead",  "alliance_lead"),
    ("alliance_payee_name",        "",               ""),
    ("alliance_name",              " 高新\n联盟 ",   "高新 联盟"),
    ("announced_years",            "2028、2027,2028", [2027, 2028]),
    ("announced_years",            "",               []),
)
REFUSED = (
    ("filing_window_working_days", "六十",       "不是整数"),
    ("filing_window_working_days", "",           "不是整数"),
    ("filing_window_working_days", "1001",       "须在 0 至 1000 之间"),
    ("lease_minutes",              "4",          "须在 5 至 480 之间"),
    ("is_demonstration",           "maybe",      "是”或“否"),
    ("filing_confirmer",           "finance",    "从所列选项中选择"),
    ("alliance_name",              "",           "请填写"),
    ("alliance_payee_name",        "长" * 121,   "最多 120 个字"),
    ("announced_years",            "2027 x",     "不是整数"),
    ("announced_years",            "1999",       "须在 2000 至 2200 之间"),
)
TERMS_FAULTS = (
    ({"price_floor_fen": "八千"},                              "price_floor_fen",       "八千"),
    ({"price_floor_fen": "2", "price_ceiling_fen": "1"},       "price_ceiling_fen",     "上限低于下限"),
    ({"standard_working_days": "0"},                           "standard_working_days", "1 至 2000"),
    ({"standard_working_days": "三十"},                        "standard_working_days", "不是整数"),
)
# fmt: on


def faults(kind: ChangeKind, subject: str, **written: str) -> list[tuple[str, str]]:
    return [(f.field, str(f.words)) for f in content_read(kind, subject, written).faults]


@pytest.mark.parametrize(("key", "written", "value"), READ)
def test_a_setting_is_read_by_its_type(key: str, written: str, value: Any) -> None:
    found = content_read(ChangeKind.setting, key, {"value": written})
    assert (found.content, found.faults) == ({"value": value}, ())


@pytest.mark.parametrize(("key", "written", "words"), REFUSED)
def test_a_setting_out_of_its_type_or_bounds_is_refused_in_words(
    key: str, written: str, words: str
) -> None:
    ((field, said),) = faults(ChangeKind.setting, key, value=written)
    assert field == "value"
    assert words in said


@pytest.mark.parametrize("setting", SETTINGS, ids=lambda setting: setting.key)
def test_every_default_is_a_value_that_may_be_written(setting: Any) -> None:
    written = setting_written(setting.default)
    found = content_read(ChangeKind.setting, setting.key, {"value": written})
    assert found.faults == ()
    value = found.content["value"]
    assert (tuple(value) if isinstance(value, list) else value) == setting.default


def test_what_is_sealed_or_left_to_operators_are_settings() -> None:
    assert set(SETTING_OF) >= BANK_ACCOUNTS
    assert set(SETTING_OF) >= OPERATORS


def test_a_services_terms() -> None:
    written = {"price_floor_fen": "8,000", "price_ceiling_fen": "", "standard_working_days": "40"}
    found = content_read(TERMS, "invention_patent", written)
    assert found.faults == ()
    assert found.content == {
        "price_floor_fen": 800_000, "price_ceiling_fen": None, "standard_working_days": 40,
    }  # fmt: skip
    assert content_read(TERMS, "roadshow", {}).content["standard_working_days"] is None


@pytest.mark.parametrize(("written", "field", "words"), TERMS_FAULTS)
def test_faulty_terms(written: dict[str, str], field: str, words: str) -> None:
    ((named, said),) = faults(TERMS, "x", **written)
    assert named == field
    assert words in said


def test_a_reasons_words_are_all_there_and_short_enough() -> None:
    assert content_read(TEXT, "R99", WORDS).content == WORDS
    assert faults(TEXT, "R99", **WORDS | {"name_en": " "}) == [("name_en", "请填写")]
    assert faults(TEXT, "R99", **WORDS | {"remedy_zh": "长" * 201}) == [
        ("remedy_zh", "最多 200 个字")
    ]


@pytest.mark.parametrize(
    ("chosen", "is_working"), [("working", True), ("resting", False), ("announced", None)]
)
def test_a_day(chosen: str, is_working: bool | None) -> None:
    found = content_read(DAY, "2026-12-26", {"is_working": chosen, "note": "补班"})
    assert (found.content, found.faults) == ({"is_working": is_working, "note": "补班"}, ())


def test_a_faulty_day() -> None:
    assert faults(DAY, "2026-12-26") == [("is_working", "请选择")]
    assert faults(DAY, "2026-12-26", is_working="resting", note="长" * 101) == [
        ("note", "最多 100 个字")
    ]


def test_two_people_and_no_reaching_back() -> None:
    assert "另一人" in str(barred_from_deciding(1, 1))
    assert barred_from_deciding(1, 2) is None
    assert barred_from_deciding(1, None) is None
    assert begins_too_early(date(2026, 11, 20), date(2026, 11, 20)) is None
    assert "2026-11-19 已过" in str(begins_too_early(date(2026, 11, 19), date(2026, 11, 20)))


def test_every_kind_and_state_is_named() -> None:
    assert set(CHANGE_NAMES) == set(ChangeKind)
    assert set(CHANGE_STATE_NAMES) == set(ChangeState)


@given(st.sampled_from(SETTINGS), st.text(max_size=300))
def test_whatever_is_typed_is_read_or_refused_in_words(setting: Any, text: str) -> None:
    found = content_read(ChangeKind.setting, setting.key, {"value": text})
    assert all(str(fault.words) for fault in found.faults)
    assert found.faults or found.content["value"] is not None
