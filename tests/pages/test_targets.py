"""城市目标: three views over the five plans, their filters, and what is said where nothing is known."""

from __future__ import annotations

import json
import re
from datetime import date
from typing import Any

import pytest
from sqlalchemy import delete

from components.cache import targets_as_of
from components.charts.target_path import target_path
from components.meeting_words import path_of
from models.database import session
from models.queries.meetings import slide_of
from models.queries.targets import target_lines
from models.tables.meetings import TaskTarget
from models.tables.targets import Target, TargetLink, TargetSource
from tests.desk import Desk, all_text, title


@pytest.fixture(autouse=True)
def fresh() -> None:
    """No test sees what another one's database said."""
    targets_as_of.clear()


def bullets(page: Any) -> str:
    """The drawn list."""
    return " ".join(str(html.value) for html in page.get("html"))


@pytest.mark.parametrize("who", ["leader", "reviewer", "enterprise", "agency", "auditor"])
def test_everybody_signed_in_sees_what_was_promised(desk: Desk, who: str) -> None:
    page = desk.open("/targets", who)
    assert title(page) == "城市目标"
    said = all_text(page)
    assert "5 份方案 · 157 项目标" in said
    assert "目标 1,000 家（2020）" in said
    for words in ("851（2020） / 1,000 家", "逾期达成（2021）", "缺数，不估计", "瓦房店市"):
        assert words in bullets(page)


@pytest.mark.parametrize(
    ("query", "there", "gone"),
    [
        ({"place": "wafangdian"}, "无公开数据", "大连高新区"),
        ({"status": "met_on_time"}, "169.7（2018） / 150 亿元", "无公开数据"),
        ({"plan": "harbin", "year": "2017"}, "哈尔滨市", "威海市"),
        ({"theme": "ip"}, "发明专利", "科技企业孵化器"),
        ({"unit": "高新区管委会"}, "创业", "瓦房店市"),
        ({"place": "weihai", "sort": "worst"}, "5%", "大连市"),
        ({"place": "nowhere"}, "大连高新区", "没有符合条件"),
    ],
)
def test_the_address_holds_the_filters(
    desk: Desk, query: dict[str, str], there: str, gone: str
) -> None:
    drawn = bullets(desk.open("/targets", "leader", **query))
    assert there in drawn
    assert gone not in drawn


def test_nothing_fits(desk: Desk) -> None:
    page = desk.open("/targets", "leader", place="wafangdian", status="met_early")
    assert "没有符合条件的目标" in all_text(page)


def test_one_indicator_across_places_on_one_axis(desk: Desk) -> None:
    page = desk.open("/targets", "leader", view="indicator", indicator="hnte_count")
    drawn = bullets(page)
    for place in ("大连高新区", "大连市", "瓦房店市"):
        assert place in drawn
    assert "248%" not in drawn
    assert re.findall(r"left:([\d.]+)%;transform[^>]*>([\d,]+)<", drawn) == [
        ("0.0", "0"), ("17.2", "500"), ("34.4", "1,000"), ("51.6", "1,500"), ("68.8", "2,000"),
        ("86.0", "2,500"),
    ]  # fmt: skip
    assert "left:34.4%;top:0;width:2px" in drawn
    page.selectbox(key="filter_indicator").set_value("rd_share_gdp").run()
    assert "威海市" in bullets(page)


def test_one_path_with_every_figure_and_its_source(desk: Desk) -> None:
    page = desk.open("/targets", "leader", view="path", target="DH-005")
    assert "高新技术企业数量 2020 年差 149 家，2021 年达到 1,068 家" in page.subheader[0].value
    drawn = bullets(page)
    for words in (
        "−149 家（−14.9%）",
        "41.4%",
        "大高管发〔2018〕22号 三",
        "推算 · 可信度低",
        "2020-12-15",
    ):
        assert words in drawn
    page.selectbox(key="target_choice").set_value("WF-001").run()
    assert "没有找到公开数据" in all_text(page)
    assert "WF-001" in page.query_params["target"]


@pytest.mark.parametrize("is_dark", [False, True])
def test_the_chart_says_what_its_points_are(desk: Desk, is_dark: bool) -> None:
    on = date(2026, 11, 25)
    with session(desk.zone.world.engine) as current:
        slides = {line.id: slide_of(line, on) for line in target_lines(current, on)}
    drawn = json.dumps(target_path(path_of(slides["DH-005"]), is_dark=is_dark), ensure_ascii=False)
    for words in ("目标 1,000 家（2020 年）", "差 149 家", "851 推算、低可信", "基数 250"):
        assert words in drawn
    silent = path_of(slides["WF-001"])
    assert silent.gap_said == ""
    assert not [point for point in silent.points if point.kind == "actual"]


def test_a_year_without_a_figure_parts_the_line(desk: Desk) -> None:
    on = date(2026, 11, 25)
    with session(desk.zone.world.engine) as current:
        line = next(line for line in target_lines(current, on) if line.id == "DL-003")
    drawn = target_path(path_of(slide_of(line, on)), is_dark=False)
    lines = [
        [value["year"] for value in drawn["datasets"][layer["data"]["name"]]]
        for layer in drawn["layer"]
        if layer["mark"]["type"] == "line"
    ]
    assert lines == [[2018, 2019]]


@pytest.mark.parametrize("target", ["DL-003", "HB-007", "WH-003", "DH-004", "DH-011", "HB-016"])
def test_every_kind_of_target_has_a_path(desk: Desk, target: str) -> None:
    page = desk.open("/targets", "leader", view="path", target=target)
    assert title(page) == "城市目标"
    assert page.get("vega_lite_chart")


def test_a_leader_adds_the_target_to_the_meeting(desk: Desk) -> None:
    page = desk.open("/targets", "leader", view="path", target="WF-002")
    page.button(key="add_slide").click().run()
    assert "已加入会议材料，共 13 项目标" in all_text(page)
    page.button(key="add_slide").click().run()
    assert "这项目标已在会议材料中" in all_text(page)
    reader = desk.open("/targets", "auditor", view="path", target="WF-002")
    assert "add_slide" not in {button.key for button in reader.button}


def test_an_unknown_target_shows_the_first_with_figures(desk: Desk) -> None:
    page = desk.open("/targets", "leader", view="path", target="' OR 1=1")
    assert page.selectbox(key="target_choice").value == "DH-004"


def test_before_the_plans_are_there(desk: Desk) -> None:
    with desk.zone.writing() as current:
        for table in (TaskTarget, TargetLink, TargetSource, Target):
            current.execute(delete(table))
    page = desk.open("/targets", "leader")
    assert "还没有目标" in all_text(page)
