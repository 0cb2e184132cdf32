"""任务台账: the register, a unit's own list, an item's card, reporting on it, and the way to targets."""

from __future__ import annotations

import io
from functools import partial
from typing import Any

import pytest
from openpyxl import load_workbook
from sqlmodel import select

from components import task_list
from components.cache import targets_as_of
from components.tables import _workbook
from components.task_list import task_columns
from components.task_words import NOTES
from models.clock import today
from models.database import session
from models.queries.task_standing import TaskLevel
from models.queries.tasks import TaskFilter
from models.rules.tasks import TaskState
from models.tables.meetings import TaskReport
from seed.plans import lines
from tests.desk import Desk, all_text, title
from tests.pages.test_members import address, names

LEAF, JOINT = "DL-9-1", "DL-46"


@pytest.fixture(autouse=True)
def fresh() -> None:
    """No test sees what another one's database said."""
    targets_as_of.clear()


def reports(desk: Desk) -> list[TaskReport]:
    """What was reported so far."""
    with session(desk.zone.world.engine) as current:
        return list(current.exec(select(TaskReport)))


def fill(page: Any, said: str, state: TaskState = TaskState.done) -> Any:
    """Fill the form and press its button."""
    (words,) = [area for area in page.text_area if area.key.startswith("report_said")]
    words.set_value(said)
    (states,) = [group for group in page.button_group if group.key.startswith("report_state")]
    states.set_value(state)
    return page.button(key="report_task").click().run()


# ---------------------------------------------------------------- the register


@pytest.mark.parametrize("who", ["leader", "reviewer", "auditor"])
def test_the_register_opens_with_its_figures(desk: Desk, who: str) -> None:
    page = desk.open("/tasks", who)
    assert title(page) == "任务台账"
    assert "471 项任务，须填报 381 项 · 逾期 381 项，其中未填报 381 项" in all_text(page)
    assert len(names(page)) == 12
    assert names(page)[0] == "零费服务内容逐步扩充"


# fmt: off
@pytest.mark.parametrize(("query", "first", "count"), [
    ({"plan": "harbin"},                            "高校院所办企业后补助",   "40"),
    ({"unit": "dalian:市科技局"},                   "自创区三年计划年度指标与规划启动", "104"),
    ({"unit": "weihai:市科技局"},                   "研发平台与新型机构培育", "24"),
    ({"year": "2022"},                              "研发平台与新型机构培育", "24"),
    ({"q": "星创天地"},                             "星创天地与科技特派团",   "2"),
    ({"level": "joint"},                            "高企创新联盟组建",       "90"),
    ({"pile": "unreported", "plan": "weihai"},      "研发平台与新型机构培育", "24"),
])
# fmt: on
def test_the_address_filters(desk: Desk, query: dict[str, str], first: str, count: str) -> None:
    page = desk.open("/tasks", "leader", **query)
    assert names(page)[0] == first
    assert f"共 {count} 项" in all_text(page)


@pytest.mark.parametrize(
    "query",
    [{"unit": "x"}, {"plan": "\0"}, {"year": "20x"}, {"pile": "lost"}, {"level": "all"},
     {"order": "password"}, {"unit": "' OR 1=1 --"}],
    ids=str,
)  # fmt: skip
def test_rubbish_in_the_address_shows_everything(desk: Desk, query: dict[str, str]) -> None:
    page = desk.open("/tasks", "leader", **query)
    assert title(page) == "任务台账"
    assert "共 381 项" in all_text(page)


def test_what_a_visitor_chooses_stands_in_the_address(desk: Desk) -> None:
    page = desk.open("/tasks", "leader")
    page.selectbox(key="filter_plan").set_value("weihai").run()
    assert address(page) == {"plan": "weihai"}
    assert {option.split(" ")[-2] for option in page.selectbox(key="filter_unit").options[1:]} == {
        "威海市"
    }
    page.selectbox(key="filter_unit").set_value("weihai:市科技局").run()
    assert address(page) == {"plan": "weihai", "unit": "weihai:市科技局"}
    page.button(key="clear_filters").click().run()
    assert address(page) == {}


def test_a_busy_units_list_is_one_click_and_one_click_leaves_it(desk: Desk) -> None:
    page = desk.open("/tasks", "leader")
    (quick,) = [group for group in page.button_group if group.key == "unit_quick"]
    quick.set_value("dalian:市科技局").run()
    assert address(page) == {"unit": "dalian:市科技局"}
    assert "共 104 项" in all_text(page)
    (quick,) = [group for group in page.button_group if group.key == "unit_quick"]
    assert quick.value == "dalian:市科技局"
    quick.set_value(None).run()
    assert address(page) == {}


def test_an_empty_pile_that_is_asked_for_says_so(desk: Desk) -> None:
    page = desk.open("/tasks", "leader", pile="done")
    assert "没有符合条件的任务" in all_text(page)
    assert not page.dataframe


def test_the_download_has_the_columns_of_the_screen_and_every_row(desk: Desk) -> None:
    wanted = TaskFilter(plan="dalian", unit="市国资委")
    with session(desk.zone.world.engine) as current:
        content = _workbook(
            "任务台账", task_columns(TaskLevel.leaves), partial(task_list._all, wanted, today()),
            current, desk.zone.world.people["leader"],
        )  # fmt: skip
    sheet = load_workbook(io.BytesIO(content)).active
    rows = list(sheet.iter_rows(min_row=2, values_only=True))
    assert rows[0] == tuple(column.title for column in task_columns(TaskLevel.leaves))
    own = [line for line in lines("tasks") if "市国资委" in line["responsible_units"].split("、")]
    assert [row[0] for row in rows[1:]] == [line["title_zh"] for line in own]


# ---------------------------------------------------------------- the card


def test_a_card_says_what_the_plan_prints(desk: Desk) -> None:
    page = desk.open("/tasks", "leader", task="DH-5-3-2")
    assert title(page) == "补贴改为逐月受理拨付"
    said = all_text(page)
    for words in ("每月一次", "2020-12-31", "大高管发〔2018〕22号 五.3\\(2\\)", "还没有填报",
                  "关联目标 2", "未标责任单位", "逾期未填报"):  # fmt: skip
        assert words in said, words
    assert "填报进展" not in [one.value for one in page.subheader]
    assert page.button(key="parent").label == ":blue[财政支持方式与周期改革]"


def test_a_units_name_opens_its_list_and_the_parent_its_card(desk: Desk) -> None:
    page = desk.open("/tasks", "leader", task="DH-5-3-2", page="3")
    page.button(key="unit_3").click().run()
    assert address(page) == {"unit": "dalian-hightech:财政局"}
    assert names(page) == ["补贴改为逐月受理拨付"]
    page = desk.open("/tasks", "leader", task="DH-5-3-2")
    page.button(key="parent").click().run()
    assert title(page) == "财政支持方式与周期改革"
    page.button(key="back").click().run()
    assert title(page) == "任务台账"


def test_an_item_with_sub_items_lists_them_and_says_where_to_report(desk: Desk) -> None:
    page = desk.open("/tasks", "reviewer", task=JOINT)
    assert names(page) == ["科技口研发平台增量", "发改口工程中心增量", "经信口企业技术中心增量"]
    said = all_text(page)
    assert "由 3 个子项合并得出" in said
    assert "3 个子项中完成 0 个，逾期 3 个" in said
    assert not [button for button in page.button if button.key == "report_task"]


@pytest.mark.parametrize("code", ["DL-999", "<script>", "' OR 1=1 --", "x" * 5_000])
def test_a_forged_code_names_nothing(desk: Desk, code: str) -> None:
    page = desk.open("/tasks", "leader", task=code)
    assert not page.exception
    assert "没有这个编号" in all_text(page)


# ---------------------------------------------------------------- reporting


def test_a_report_is_saved_said_and_shown(desk: Desk) -> None:
    page = fill(desk.open("/tasks", "reviewer", task=LEAF), "已立项，**粗体** $x$")
    said = all_text(page)
    assert f"已填报 {LEAF}：已完成".replace("-", "\\-") in said
    assert "● 已完成" in said
    assert "\\*\\*粗体\\*\\*" in said
    (kept,) = reports(desk)
    assert (kept.task_code, kept.state, kept.said) == (
        LEAF, TaskState.done, "已立项，**粗体** $x$",
    )  # fmt: skip
    listed = desk.open("/tasks", "leader", pile="done")
    assert names(listed) == ["重大攻关与重点研发项目安排"]
    assert "逾期 380 项" in all_text(listed)


def test_a_refusal_is_said_and_leaves_the_form_as_it_was(desk: Desk) -> None:
    page = fill(desk.open("/tasks", "reviewer", task=LEAF), "", TaskState.under_way)
    page = fill(page, " ", TaskState.under_way)
    assert "已经填报过了" in page.error[0].value
    assert len(reports(desk)) == 1


def test_readers_are_offered_no_form(desk: Desk) -> None:
    for who in ("leader", "auditor", "administrator"):
        page = desk.open("/tasks", who, task=LEAF)
        assert not page.text_area
        assert not page.get("file_uploader")
        assert "report_task" not in {button.key for button in page.button}


def test_a_session_ended_meanwhile_refuses_the_button_already_drawn(desk: Desk) -> None:
    page = desk.open("/tasks", "reviewer", task=LEAF)
    desk.sit(None)
    fill(page, "已立项")
    assert reports(desk) == []


# ---------------------------------------------------------------- both directions


def test_a_targets_path_names_the_items_that_serve_it(desk: Desk) -> None:
    said = all_text(desk.open("/targets", "leader", view="path", target="DL-044"))
    assert "相关任务 4" in said
    assert '/tasks?task=DL-46-1"' in said
    none = all_text(desk.open("/targets", "leader", view="path", target="DH-006"))
    assert "条文没有为这个目标列出任务" in none


def test_who_may_not_see_the_register_is_not_told_of_it(desk: Desk) -> None:
    said = all_text(desk.open("/targets", "enterprise", view="path", target="DL-044"))
    assert "相关任务" not in said
    assert "/tasks" not in said


def test_an_items_card_names_its_targets_with_their_status(desk: Desk) -> None:
    said = all_text(desk.open("/tasks", "leader", task="DL-25-1"))
    assert "view=path&amp;target=DL-029" in said
    assert "关联目标 1" in said
    assert "条文没有为这项任务印出量化目标" in all_text(desk.open("/tasks", "leader", task="DL-20"))


def test_every_note_of_the_plans_files_has_its_words() -> None:
    known = {note.template for note in NOTES}
    parts = {part for line in lines("tasks") for part in line["note_zh"].split("；") if part}
    assert parts == known


def test_the_levels_are_those_the_filter_offers(desk: Desk) -> None:
    page = desk.open("/tasks", "leader")
    assert page.selectbox(key="filter_level").options == ["须填报的任务", "有子项的任务"]
    assert "所属任务" in page.dataframe[0].value.columns
    joint = desk.open("/tasks", "leader", level="joint").dataframe[0].value
    assert list(joint["子项完成"])[:2] == ["0 / 5", "0 / 3"]
