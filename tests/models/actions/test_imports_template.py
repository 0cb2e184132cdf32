"""The template passes its own dry run; a row's faults are told all at once."""

from __future__ import annotations

import io

import pytest
from openpyxl import load_workbook
from sqlalchemy import Engine

from models.actions.imports import ImportPlan, Upload, plan_import
from models.actions.imports_lookup import references
from models.actions.steps import system_actor
from models.clock import standing_at
from models.database import session
from models.exchange.sheets import EXAMPLE_MARK, SHEETS
from models.exchange.template import template_workbook
from seed.reference_data import seed_reference
from seed.target_data import seed_target_data
from tests.models.exchange.workbooks import agreement, claim, one_of_each, policy, workbook
from tests.world import NOON, World


@pytest.fixture
def empty(sqlite_database: Engine) -> Engine:
    """A deployment with reference data and nothing else."""
    with session(sqlite_database, write=True) as current:
        seed_reference(current, system_actor())
        seed_target_data(current, system_actor())
    return sqlite_database


def dry_run(engine: Engine, content: bytes) -> ImportPlan:
    """What a dry run says of a workbook."""
    with standing_at(NOON), session(engine) as current:
        return plan_import(current, system_actor(), Upload("模板.xlsx", content))


def told(plan: ImportPlan) -> list[tuple[str, str, str]]:
    """Errors and warnings: sheet, column, what is wrong."""
    return [(problem.sheet, problem.column, str(problem.wrong)) for problem in plan.problems]


def test_the_template_with_its_examples_passes_its_own_dry_run(empty: Engine) -> None:
    with session(empty) as current:
        book = load_workbook(io.BytesIO(template_workbook(references(current).lists)))
    for sheet in SHEETS:
        cell = book[sheet.name]["A2"]
        cell.value = cell.value.removeprefix(EXAMPLE_MARK).strip()
    target = io.BytesIO()
    book.save(target)
    plan = dry_run(empty, target.getvalue())
    assert told(plan) == [
        ("回避关系", "账号", "没有这个账号")
    ]  # accounts are no part of a workbook
    assert [count.rows for count in plan.counts] == [1] * len(SHEETS)


def test_all_faults_of_a_row_are_told_at_once(world: World) -> None:
    sheets = one_of_each()
    sheets["补贴申请"] = [
        claim(协议编号="XY-nowhere", **{"申请金额(元)": "很多", "成果编号": "??"})
    ]
    sheets["合作对子"] = [agreement(企业信用代码="91210231MA0XY0099X", 签订日期="昨天")]
    sheets["补贴标准"] = [policy(方式="定额", **{"定额(元)": "", "生效日期": "以后"})]
    with world.session() as current:
        upload = Upload("名单.xlsx", workbook(sheets))
        found = {
            place[:2] for place in told(plan_import(current, world.people["importer"], upload))
        }
    assert {
        ("补贴申请", "协议编号"), ("补贴申请", "申请金额(元)"), ("补贴申请", "成果编号"),
        ("合作对子", "企业信用代码"), ("合作对子", "签订日期"),
        ("补贴标准", "方式"), ("补贴标准", "生效日期"),
    } <= found  # fmt: skip
    assert not {
        fault for fault in found if fault[0] == "回避关系"
    }  # the faulty rows still are what other sheets refer to
