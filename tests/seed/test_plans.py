"""The five plans' targets and work items: whole, linked, and the same that somebody else read."""

from __future__ import annotations

import csv
import re
from collections import Counter
from datetime import date
from decimal import Decimal
from pathlib import Path

import pytest

from models.rules.targets import (
    ActualKind,
    Comparison,
    Direction,
    Fit,
    Grade,
    IndicatorKind,
    Measure,
)
from seed.plans import DOCUMENTS, clause_text, faults_in_sources, lines

TARGETS, INDICATORS, ACTUALS, TASKS = map(lines, ("targets", "indicators", "actuals", "tasks"))
PLACES = {row["code"]: row["name_zh"] for row in lines("places")}
KIND_OF = {row["code"]: row["kind"] for row in INDICATORS}
LINKS = {"duplicate", "restates", "part_of", "look_alike", "multiple_of", "baseline_of"}
MEASURED = {
    "stock": {"stock"}, "increment": {"cumulative"}, "flow": {"flow"}, "rate": {"rate"},
    "growth": {"growth"}, "annual_growth": {"growth"}, "multiple": {"growth"},
}  # fmt: skip
READ_BY_SOMEBODY_ELSE = Path(__file__).parents[1] / "cases" / "targets_independent.csv"


@pytest.mark.parametrize(
    ("name", "key"),
    [("places", "code"), ("plans", "code"), ("themes", "code"), ("indicators", "code"),
     ("targets", "id"), ("actuals", "id"), ("tasks", "code")],
)  # fmt: skip
def test_every_line_has_a_name_of_its_own(name: str, key: str) -> None:
    assert [n for n, times in Counter(row[key] for row in lines(name)).items() if times > 1] == []


def test_every_target_fits_the_rules() -> None:
    for row in TARGETS:
        assert row["comparison"] in set(Comparison)
        assert KIND_OF[row["indicator"]] in MEASURED[Measure(row["measure"])], row["id"]
        assert row["place"] in PLACES
        assert row["document"] in DOCUMENTS
        assert row["printed"]
        assert len(row["printed"]) <= 25
        assert all(Decimal(row[name] or 0) >= 0 for name in ("value", "value_max", "base_value"))
        assert 2010 < int(row["target_year"]) < 2030
    assert len(TARGETS) > 150


def test_every_indicator_is_one_thing_with_two_names() -> None:
    themes = {row["code"] for row in lines("themes")}
    for row in INDICATORS:
        assert row["direction"] in set(Direction)
        assert row["kind"] in set(IndicatorKind)
        assert row["theme"] in themes
        assert all(row.values()), row["code"]
    for name in ("name_zh", "name_en"):
        assert len({row[name] for row in INDICATORS}) == len(INDICATORS)


def test_every_actual_names_its_source_and_how_far_to_trust_it() -> None:
    units = {row["code"]: row["unit"] for row in INDICATORS}
    for row in ACTUALS:
        assert row["kind"] in set(ActualKind)
        assert row["grade"] in set(Grade)
        assert row["source_title"]
        assert row["unit"] == units[row["indicator"]], row["id"]
        assert row["place"] in PLACES
        as_of = date.fromisoformat(row["as_of"])
        assert not row["period_start"] or date.fromisoformat(row["period_start"]) <= as_of
        assert Decimal(row["value"]).is_finite()


def test_links_join_targets_and_the_same_promise_is_linked() -> None:
    ids = {row["id"] for row in TARGETS}
    linked = {frozenset((row["from_id"], row["to_id"])) for row in lines("target_links")}
    assert {row["kind"] for row in lines("target_links")} <= LINKS
    assert all(len(pair) == 2 and pair <= ids for pair in linked)
    same: dict[tuple[str, ...], list[str]] = {}
    for row in TARGETS:
        if row["comparison"] != "threshold":
            key = (row["place"], row["indicator"], row["value"], row["target_year"])
            same.setdefault(key, []).append(row["id"])
    joined = {one for pair in linked for one in pair}
    alone = [ids for ids in same.values() if len(ids) > 1 and not set(ids) <= joined]
    assert alone == []


def test_what_is_read_from_another_indicator_has_a_figure_there() -> None:
    there = {(row["indicator"], row["place"]) for row in ACTUALS}
    ids = {row["id"] for row in TARGETS}
    for row in lines("target_actuals"):
        assert row["target_id"] in ids
        assert row["fit"] in set(Fit) - {Fit.same}
        assert (row["indicator"], row["place"]) in there


def test_every_work_item_of_the_city_s_plan_is_there() -> None:
    items = [row for row in TASKS if row["document"] == "dalian" and not row["parent"]]
    parts = [row for row in TASKS if row["document"] == "dalian" and row["parent"]]
    assert (len(items), len(parts)) == (133, 239)
    assert [int(row["clause"]) for row in items] == list(range(1, 134))
    assert len([row for row in TASKS if row["document"] == "wafangdian"]) == 18


def test_units_stand_on_the_leaves() -> None:
    parents = {row["parent"] for row in TASKS} - {""}
    codes = {row["code"] for row in TASKS}
    assert parents <= codes
    for row in TASKS:
        if row["document"] == "dalian":
            assert bool(row["responsible_units"]) == (row["code"] not in parents), row["code"]
        assert date.fromisoformat(row["deadline_on"])
        assert row["title_zh"]
        assert row["title_en"]


def test_somebody_else_read_the_same_targets() -> None:
    """Recall and precision on place, clause, value and year against an independent extraction."""
    with READ_BY_SOMEBODY_ELSE.open(encoding="utf-8", newline="") as file:
        theirs = Counter(_key(row, row["place"]) for row in csv.DictReader(file))
    ours = Counter(_key(row, PLACES[row["place"]]) for row in TARGETS)
    both = (ours & theirs).total()
    assert both / theirs.total() >= 0.98, sorted(theirs - ours)
    assert both / ours.total() >= 0.98, sorted(ours - theirs)


def _key(row: dict[str, str], place: str) -> tuple[str, str, str, Decimal]:
    clause = (
        re.sub(r" .*", "", row["clause"]).removesuffix("(1)") if _is_zone(row) else row["clause"]
    )
    return row["document"], place, clause, Decimal(row["value"]).normalize()


def _is_zone(row: dict[str, str]) -> bool:
    return row["document"] == "dalian-hightech"


# ---------------------------------------------------------------- the proof

PLAN = """一、总则
1. 建成平台 100 个
三、目标
（一）企业
1. 企业达到 300 家
2. 企业达到 400 家
（二）平台
1. 平台达到 50 个
四、保障
"""


def test_a_clause_ends_where_the_next_begins() -> None:
    assert clause_text(PLAN, "三.(一).1").strip() == "1. 企业达到 300 家"
    assert "400" in clause_text(PLAN, "三.(一)")
    assert "50" not in clause_text(PLAN, "三.(一)")
    assert "保障" not in clause_text(PLAN, "三")
    with pytest.raises(LookupError):
        clause_text(PLAN, "三.(三)")


@pytest.mark.parametrize(
    ("change", "said"),
    [({}, None), ({"clause": "三.(一).2"}, "is not printed in clause"), ({"value": "30"}, "does not print"),
     ({"clause": "九"}, "has no clause"), ({"printed": "企业达到 301 家"}, "is not printed"),
     ({"value_max": "500"}, "does not print 500")],
)  # fmt: skip
def test_what_is_not_printed_so_is_named(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, change: dict[str, str], said: str | None
) -> None:
    for at in range(5):
        (tmp_path / f"00{at}_x.txt").write_text(PLAN, "utf-8")
    target = {
        "id": "T-1", "document": "dalian", "clause": "三.(一).1", "value": "300", "value_max": "",
        "printed": "企业达到 300 家", "derived": "",
    }  # fmt: skip
    task = {"code": "K-1", "document": "dalian", "printed": "建成平台"}
    read = {"targets": [target | change], "tasks": [task]}
    monkeypatch.setattr("seed.plans.lines", read.__getitem__)
    faults = faults_in_sources(tmp_path)
    assert (
        faults == [] if said is None else all(said in fault or "301" in fault for fault in faults)
    )
    assert bool(faults) == (said is not None)


def test_a_work_item_that_is_not_printed_and_a_missing_document(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with pytest.raises(FileNotFoundError):
        faults_in_sources(tmp_path)
    for at in range(5):
        (tmp_path / f"00{at}_x.txt").write_text(PLAN, "utf-8")
    read = {"targets": [], "tasks": [{"code": "K-1", "document": "weihai", "printed": "没有印"}]}
    monkeypatch.setattr("seed.plans.lines", read.__getitem__)
    assert faults_in_sources(tmp_path) == ["K-1 “没有印” is not printed in weihai"]


def test_short_titles_are_our_own() -> None:
    """No two work items share a title, in either language."""
    for name in ("title_zh", "title_en"):
        titles = [row[name] for row in TASKS]
        assert len(set(titles)) == len(titles)
