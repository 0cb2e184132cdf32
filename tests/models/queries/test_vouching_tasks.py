"""Verifying what was reported of work items: a report altered, slipped in, taken out, or given another
paper is named."""

from __future__ import annotations

import re

import pytest
from sqlalchemy import Engine

from models.actions.steps import system_actor
from models.actions.tasks import Progress, report_progress
from models.rules.tasks import TaskState
from seed.target_data import seed_target_data
from tests.models.queries.test_verification import alter, told, verified
from tests.world import PDF, TODAY, Opener, World, make_world

CODE = "DL-9-1"


@pytest.fixture
def reported(opened: Opener) -> World:
    """A world in which one item was reported twice, with papers."""
    world: World = opened(_reported)
    return world


def _reported(engine: Engine) -> World:
    world = make_world(engine)
    with world.session() as current:
        seed_target_data(current, system_actor())
        for who, state in (("reviewer", TaskState.under_way), ("lead", TaskState.done)):
            papers = ((f"{who}.pdf", PDF + who.encode()), ("b.pdf", PDF))
            report_progress(
                current, world.people[who], CODE, Progress(state, TODAY, "写明进展", papers)
            )
    return world


# fmt: off
ATTACKS = {
    "a state":           ("UPDATE task_report SET state = 'stopped' WHERE id = 2",           "任务状态"),
    "a day":             ("UPDATE task_report SET stands_on = '2018-12-31' WHERE id = 1",    "截至日期"),
    "the words":         ("UPDATE task_report SET said = '另一句' WHERE id = 1",              "进展说明"),
    "who reported":      ("UPDATE task_report SET reported_by_id = 1 WHERE id = 2",          "填报人编号"),
    "a paper's name":    ("UPDATE task_paper SET file_name = 'x.pdf' WHERE id = 1",          "材料"),
    "a paper's file":    ("UPDATE task_paper SET sha256 = 'f' WHERE id = 1",                 "文件摘要"),
    "a paper moved":     ("UPDATE task_paper SET report_id = 2 WHERE id = 1",                "材料|文件摘要"),
    "a paper taken out": ("DELETE FROM task_paper WHERE id = 4",                             "材料|文件摘要"),
}
# fmt: on


@pytest.mark.parametrize("attack", ATTACKS)
def test_an_altered_report_is_named_with_its_field(reported: World, attack: str) -> None:
    assert verified(reported).is_sound
    statement, field = ATTACKS[attack]
    alter(reported, statement)
    said = told(reported)
    assert said.startswith(f"任务进展“{CODE}:")
    assert re.search(f"的({field})与操作记录不符，可能被直接改动", said)


def test_a_report_slipped_in_is_named(reported: World) -> None:
    alter(
        reported,
        "INSERT INTO task_report (id, task_code, state, stands_on, said, reported_by_id,"
        " reported_at_utc) SELECT 99, 'DL-19', 'done', stands_on, said, reported_by_id,"
        " reported_at_utc FROM task_report WHERE id = 1",
    )
    assert told(reported) == "任务进展“DL-19:99”没有操作记录，可能被直接写入"


def test_a_report_taken_out_is_named(reported: World) -> None:
    alter(
        reported,
        "DELETE FROM task_paper WHERE report_id = 2",
        "DELETE FROM task_report WHERE id = 2",
    )
    assert told(reported) == f"任务进展“{CODE}:2”不见了，可能被直接删除"


def test_a_report_moved_to_another_item_is_named(reported: World) -> None:
    alter(reported, "UPDATE task_report SET task_code = 'DL-19' WHERE id = 1")
    assert "“DL-19:1”没有操作记录" in told(reported)
