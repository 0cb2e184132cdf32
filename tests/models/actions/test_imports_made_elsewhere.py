"""A workbook made by somebody else: two thousand rows with faults of every kind, each named to its
cell.

The faults are those of `tests/cases/import_faults.toml`, planted among sound rows in a workbook
that openpyxl made.
"""

from __future__ import annotations

from datetime import date
from typing import Any

from openpyxl.utils import get_column_letter

from models.actions.imports import ImportPlan, Upload, commit_import, plan_import
from tests.cases import cases
from tests.models.exchange.workbooks import (
    AGENCY,
    HEADERS,
    Rows,
    actual,
    agency,
    agreement,
    claim,
    code,
    enterprise,
    policy,
    workbook,
)
from tests.world import World

FAULTS: list[dict[str, Any]] = cases("import_faults")["fault"]
SPREAD = 5  # sound rows between two faulty ones
WRITTEN_OUT = {"{很长}": "长" * 30_000, "{机构}": AGENCY}


def sound_rows() -> Rows:
    """Two thousand rows without a fault."""
    return {
        "企业会员": [enterprise(n) for n in range(1, 1_201)],
        "服务机构": [agency(n) for n in range(1, 41)],
        "合作对子": [
            agreement(n, 企业信用代码=code(n + 800), 机构信用代码=code(n % 40 + 1, "MB"))
            for n in range(1, 401)
        ],
        "补贴申请": [claim(n) for n in range(1, 301)],
        "补贴标准": [policy(生效日期=date(2025, 1, n)) for n in range(1, 11)],
        "预算额度": [[2020 + n, "T01", 1_000_000] for n in range(1, 11)],
        "回避关系": [
            ["reviewer", AGENCY, "任职", date(2025, 1, n), date(2025, 6, 1)] for n in range(1, 11)
        ],
        "实绩": [actual(n) for n in range(1, 31)],
    }


def with_faults(rows: Rows) -> dict[str, tuple[str, str]]:
    """Plant every fault in a row of its own; the fault's name → sheet and cell where it must be
    named.
    """
    planted: dict[str, tuple[str, str]] = {}
    used = dict.fromkeys(rows, 0)
    for fault in FAULTS:
        sheet = fault["sheet"]
        headers = [header.rstrip("*") for header in HEADERS[sheet]]
        step = SPREAD if len(rows[sheet]) > 100 else 1
        used[sheet] += step
        row = rows[sheet][used[sheet]]
        for header, value in fault["changes"].items():
            row[headers.index(header)] = _meant(value, rows[sheet], headers)
        letter = get_column_letter(headers.index(fault["at"]) + 1)
        planted[fault["name"]] = (sheet, f"{letter}{used[sheet] + 2}")
    return planted


def _meant(value: Any, rows: list[list[Any]], headers: list[str]) -> Any:
    if value == "{第一行}":
        return rows[0][0]
    if value == "{第一行成果}":
        return rows[0][headers.index("成果编号")]
    return WRITTEN_OUT.get(value, value) if isinstance(value, str) else value


def plan(world: World, rows: Rows) -> ImportPlan:
    with world.session() as current:
        upload = Upload("别人做的.xlsx", workbook(rows))
        return plan_import(current, world.people["importer"], upload)


def test_two_thousand_rows_each_fault_named_to_its_cell_then_put_right(world: World) -> None:
    rows = sound_rows()
    assert sum(map(len, rows.values())) == 2_000
    planted = with_faults(rows)
    found = plan(world, rows)
    by_place = {(p.sheet, p.place, p.is_error): p for p in found.problems}
    for fault in FAULTS:
        sheet, place = planted[fault["name"]]
        problem = by_place.get((sheet, place, fault["level"] == "错误"))
        assert problem is not None, (fault["name"], sheet, place)
        assert fault["wrong"] in str(problem.wrong), fault["name"]
        assert fault.get("fix", "") in str(problem.fix), fault["name"]
        assert str(problem.fix), fault["name"]
    assert {(p.sheet, p.row) for p in found.problems} <= {
        (sheet, int(place.lstrip("ABCDEFGHIJKLMNOPQRSTUVWXYZ")))
        for sheet, place in planted.values()
    }, "and no other row is named"
    levels = [problem.is_error for problem in found.problems]
    assert levels == sorted(levels, reverse=True), "errors before warnings"
    faulty = sum(count.faulty for count in found.counts)
    assert faulty == sum(fault["level"] == "错误" for fault in FAULTS)

    sound = sound_rows()
    assert plan(world, sound).problems == ()
    with world.session() as current:
        upload = Upload("改正后.xlsx", workbook(sound))
        done = commit_import(current, world.people["importer"], upload)
    assert done.changes == 2_000
    assert plan(world, sound).changes == 0
