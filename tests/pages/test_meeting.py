"""会议模式: one slide a screen, the index, freezing and opening again, files for who may have them."""

from __future__ import annotations

import io
import zipfile
from typing import Any

import pytest
from sqlalchemy import delete

from components import meeting_files
from components.cache import meeting_as_of, targets_as_of
from components.this_run import in_one_run, this_run
from models.actions.meetings import choose_slides, freeze_meeting
from models.clock import today
from models.queries.meetings import digest_of, live_deck
from models.rules.errors import NotAllowed, NotFound
from models.tables.meetings import TaskTarget
from models.tables.targets import Target, TargetLink, TargetSource
from tests.desk import Desk, title


@pytest.fixture(autouse=True)
def fresh() -> None:
    """No test sees what another one's database said."""
    targets_as_of.clear()
    meeting_as_of.clear()


def slide(page: Any) -> str:
    """What stands on the screen."""
    assert not page.exception
    return " ".join(str(html.value) for html in page.get("html"))


def freeze(desk: Desk) -> int:
    with desk.zone.writing() as current:
        seen = digest_of(live_deck(current, today()))
        return freeze_meeting(current, desk.zone.world.people["leader"], "调度会", seen)


def choose(desk: Desk, *targets: str) -> None:
    with desk.zone.writing() as current:
        choose_slides(current, desk.zone.world.people["lead"], targets)


@pytest.mark.parametrize("who", ["leader", "reviewer", "lead", "auditor"])
def test_the_first_slide_says_how_everything_stands(desk: Desk, who: str) -> None:
    page = desk.open("/meeting", who)
    assert title(page) == "会议模式"
    for words in ("5 份方案 146 项目标：达成", "1 / 13", "数据截至", "摘要", "不跨地区排名"):
        assert words in slide(page)
    assert page.get("vega_lite_chart")


def test_a_slide_is_one_sentence_with_its_doubts_and_sources(desk: Desk) -> None:
    choose(desk, "DH-005", "WF-001")
    page = desk.open("/meeting", "leader", slide="2")
    for words in (
        "城市目标 · 大连高新区", "2 / 3", "高新技术企业数量 2020 年差 149 家，2021 年达到 1,068 家",
        "2020 年数为推算、可信度低", "按倍增推算", "2016、2017 年无公开数据", "大高管发〔2018〕22号 三",
    ):  # fmt: skip
        assert words in slide(page)
    page.button(key="to_Right").click().run()
    assert "瓦房店市" in slide(page)
    assert "没有公开数据" in slide(page)
    assert page.query_params["slide"] == "3"
    assert page.button(key="to_Right").disabled
    page.button(key="to_Home").click().run()
    assert "5 份方案" in slide(page)


@pytest.mark.parametrize("asked", ["0", "99999", "-1", "x", "' OR 1=1"])
def test_nonsense_in_the_address_shows_a_slide(desk: Desk, asked: str) -> None:
    assert "数据截至" in slide(desk.open("/meeting", "leader", slide=asked, frozen=asked))


def test_a_frozen_meeting_says_what_changed_since(desk: Desk) -> None:
    number = freeze(desk)
    with desk.zone.writing() as current:
        target = current.get(Target, "DH-005")
        assert target is not None
        target.value += 200
        current.add(target)
    targets_as_of.clear()
    page = desk.open("/meeting", "leader", frozen=str(number))
    assert "定稿之后有" in slide(page)
    page.button(key="meeting_index").click().run()
    said = " ".join(str(one.value) for one in page.markdown)
    assert "目标值：定稿 1,000，现行 1,200" in said.replace("\\", "")
    assert page.button(key="leave_frozen")


def test_a_reader_is_offered_no_freezing(desk: Desk) -> None:
    page = desk.open("/meeting", "auditor")
    page.button(key="meeting_index").click().run()
    keys = {button.key for button in page.button}
    assert not keys & {"freeze", "choose_slides"}
    assert page.multiselect(key="meeting_choice").disabled


def test_before_the_plans_are_there(desk: Desk) -> None:
    with desk.zone.writing() as current:
        for table in (TaskTarget, TargetLink, TargetSource, Target):
            current.execute(delete(table))
    page = desk.open("/meeting", "leader")
    assert "还没有目标" in " ".join(str(one.value) for one in page.markdown)


@pytest.mark.parametrize("kind", ["pptx", "pictures_zip", "xlsx"])
def test_files_are_for_who_sees_meetings(desk: Desk, kind: str) -> None:
    choose(desk, "DH-005")
    number = freeze(desk)
    made = getattr(meeting_files, f"meeting_{kind}")
    people = desk.zone.world.people
    with desk.zone.writing() as current, in_one_run():
        this_run.language = "zh_CN"
        with pytest.raises(NotAllowed):
            made(None, current, people["agency"])
        with pytest.raises(NotFound):
            made(number + 1, current, people["leader"])
        for one in (None, number):
            assert zipfile.is_zipfile(io.BytesIO(made(one, current, people["leader"])))
