"""我的考评: what an agency reads of its own rating, period by period of its life, and nobody else's."""

from __future__ import annotations

import json
import re
from typing import Any

import pytest

from components.charts.rating_history import HEIGHT
from models.actions.rating_replies import reply
from models.rules.rating.period_life import PeriodState
from models.rules.rating.signals import Component, Gate, Penalty, Tally
from models.rules.rating.window import Window
from tests.desk import Desk, all_text, title
from tests.rated import doing_well, rate, rated_window

PAGE = "/my-rating"


def rated(desk: Desk, to: PeriodState, **own: Any) -> str:
    """The two agencies, rated; the first one's signals changed."""
    world = desk.zone.world
    stated = [doing_well(world.agency_id, **own), doing_well(other_id(desk), good=38)]
    return rate(world, stated, to)


def other_id(desk: Desk) -> int:
    """The second agency."""
    other = desk.zone.world.people["agency2"].agency_id
    assert other
    return other


def said(desk: Desk, who: str = "agency", **query: str) -> str:
    """Everything the page says to somebody, as it is read."""
    page = desk.open(PAGE, who, **query)
    assert title(page) == "我的考评"
    return all_text(page).replace("\\", "")


def buttons(desk: Desk) -> set[str]:
    """The buttons on the page of who sits there."""
    return {button.key for button in desk.open(PAGE).button}


# ---------------------------------------------------------------- who may be here


@pytest.mark.parametrize("who", ["lead", "leader", "enterprise", "auditor", "finance"])
def test_nobody_but_an_agency_has_a_rating_of_its_own(desk: Desk, who: str) -> None:
    rated(desk, PeriodState.published)
    page = desk.open(PAGE, who)
    assert title(page) == "这个页面不对您的角色开放"
    assert "分" not in "".join(element.value for element in page.get("html"))


def test_a_stranger_is_asked_to_sign_in(desk: Desk) -> None:
    rated(desk, PeriodState.published)
    for page in (desk.open(PAGE), desk.alone(PAGE)):
        assert [field.label for field in page.text_input] == ["账号", "密码"]
        assert "五项构成" not in all_text(page)


# ---------------------------------------------------------------- before there is anything


def test_without_a_period_the_page_says_what_fills_it(desk: Desk) -> None:
    assert "还没有考评期" in said(desk)
    home = desk.open("/")
    assert "还没有公布过考评等级" in all_text(home)


@pytest.mark.parametrize("state", [PeriodState.collecting, PeriodState.preview])
def test_before_the_preview_is_sent_only_that_it_is_under_way(
    desk: Desk, state: PeriodState
) -> None:
    rated(desk, state)
    text = said(desk)
    assert str(rated_window().name) in text
    assert "预评发给机构后在这里查看" in text
    assert "得分" not in text and "五项构成" not in text


# ---------------------------------------------------------------- the preview


def test_the_preview_has_grade_interval_components_and_ways_up(desk: Desk) -> None:
    rated(desk, PeriodState.reply, penalties={Penalty.late_answer: 2})
    text = said(desk)
    assert "公布前预览" in text
    assert re.search(r'aria-label="考评等级 [BC] ', text)
    assert re.search(r"九成把握在 \d\d\.\d – \d\d\.\d 之间", text)
    assert re.search(r"综合类 2 家中第 \d( – \d)? 位", text)
    assert re.search(r'role="img" aria-label="得分 \d\d\.\d，', text)
    for row in ("成果成功率", "企业满意度", "初审一次通过率", "按时完成率", "规范经营"):
        assert row in text
    assert "40 件" in text and "85%" in text and "2 起" in text and "4.4" in text
    assert "怎样升到" in text
    assert re.search(r"各项都再做好 \d+ 件，约 \d\d\.\d 分，升到 A", text)
    assert "rating_reply" in buttons(desk)
    assert re.search(r"还可在 7 个工作日内提出，至 20\d\d-\d\d-\d\d", text)


def test_each_way_up_is_named_with_its_points(desk: Desk) -> None:
    rated(desk, PeriodState.reply, **as_stated(desk, good=36))
    text = said(desk)
    for way in ("再办成 5 件", "再有 5 件一次通过初审", "再有 12 份五星评价"):
        assert re.search(way + r"[^，]*，约 88\.\d 分，升到 A", text)
    assert len(re.findall(r"\+0\.\d 分", text)) == 3


def as_stated(desk: Desk, good: int) -> dict[str, Any]:
    """The first agency's signals with another share of good cases and two lapses."""
    own = doing_well(desk.zone.world.agency_id, good, penalties={Penalty.late_answer: 2})
    return {name: getattr(own, name) for name in
            ("outcomes", "satisfaction", "first_pass", "timeliness", "penalties")}  # fmt: skip


def test_each_agency_reads_its_own(desk: Desk) -> None:
    rated(desk, PeriodState.reply)
    first, second = said(desk), said(desk, "agency2")
    assert "大连示例甲机构有限公司" in first and "大连示例乙机构有限公司" not in first
    assert "大连示例乙机构有限公司" in second and "大连示例甲机构有限公司" not in second


def test_a_component_s_rows_are_read_when_it_is_opened(desk: Desk) -> None:
    rated(desk, PeriodState.reply)
    page = desk.open(PAGE, "agency")
    assert 'class="cards"' not in all_text(page)
    page.session_state["cases_outcome"] = True
    page.run()
    assert "计分时为 40 行" in all_text(page) or "没有计入这一项的个案" in all_text(page)


def test_a_gate_is_named_instead_of_ways_up(desk: Desk) -> None:
    rated(desk, PeriodState.reply, gates=frozenset({Gate.fee_up_front}))
    text = said(desk)
    assert 'aria-label="考评等级 D 整改"' in text
    assert "须先消除一票否决事项：向企业预收费用" in text
    assert "再有" not in text


@pytest.mark.parametrize(
    ("own", "missing"),
    [
        ({"months": 2}, "还差 4 个月"),
        ({"outcomes": {"hnte_first": Tally(3)}}, "还差 2 份"),
    ],
)
def test_who_takes_no_part_reads_why_and_what_is_missing(
    desk: Desk, own: dict[str, Any], missing: str
) -> None:
    rated(desk, PeriodState.reply, **own)
    text = said(desk)
    assert 'aria-label="未参评"' in text and missing in text
    assert "五项构成" in text and "怎样升到" not in text and "九成把握" not in text


def test_what_was_said_and_answered_stands_on_the_page(desk: Desk) -> None:
    month = rated(desk, PeriodState.reply)
    actor = desk.zone.world.people["agency"]
    for component in Component:
        with desk.zone.writing() as current:
            reply(current, actor, month, component, f"关于**{component}**有一件有误")
    text, raw = said(desk), all_text(desk.open(PAGE))
    assert "待答复" in text and "一件有误" in text
    assert r"关于\*\*outcome\*\*" in raw
    assert "五项都已提出过意见" in text
    assert "rating_reply" not in buttons(desk)


# ---------------------------------------------------------------- after publication


def test_a_published_rating_is_kept_with_its_versions_and_may_be_appealed(desk: Desk) -> None:
    month = rated(desk, PeriodState.published)
    text = said(desk)
    assert re.search(r"· 20\d\d-\d\d-\d\d 公布", text)
    assert "历次考评" in text and f"period={month}" in text
    assert "第 1 版 · 公布 ·" in text
    assert "对本结果申请复议" in text and "还可在" in text
    assert "我的考评" in all_text(desk.open("/")) and "截至" in all_text(desk.open("/"))


def test_the_history_is_drawn_once_there_is_a_line(desk: Desk) -> None:
    world, last = desk.zone.world, rated_window()
    before = Window.half_year(last.first.year - 1, 1)
    rate(world, [doing_well(world.agency_id, good=30)], PeriodState.published, before)
    assert not desk.open(PAGE, "agency").get("vega_lite_chart")
    rated(desk, PeriodState.published)
    page = desk.open(PAGE)
    (chart,) = page.get("vega_lite_chart")
    assert json.loads(chart.proto.spec)["height"] == HEIGHT
    text = all_text(page)
    assert str(before.name) in text and str(last.name) in text
    assert re.search(r"上期 [BC] \d\d\.\d，本期 \+\d+\.\d 分", text)
    earlier = desk.open(PAGE, period=str(before.last))
    assert str(before.name) in earlier.markdown[0].value.replace("\\", "")


def test_the_register_shows_the_grade_and_filters_by_it(desk: Desk) -> None:
    rated(desk, PeriodState.published, gates=frozenset({Gate.fraud}))
    page = desk.open("/agencies", "reviewer")
    grades = dict(
        zip(
            *(list(page.dataframe[0].value[head]) for head in ("机构名称 ↑", "考评等级")),
            strict=True,
        )
    )
    assert grades["大连示例甲机构有限公司"].startswith("D ")
    assert "–" in grades["大连示例甲机构有限公司"]
    low = desk.open("/agencies", grade="D")
    assert len(low.dataframe[0].value) == 1
    public = desk.open("/agencies", "agency2").dataframe[0].value
    shown = dict(zip(*(list(public[head]) for head in ("机构名称 ↑", "考评等级")), strict=True))
    assert shown["大连示例甲机构有限公司"] == "D 整改"
    assert "–" in shown["大连示例乙机构有限公司"]
    card = desk.open("/agencies", "agency2", uscc="91210231MA0XY0002H")
    assert "历次考评" in all_text(card) and "D 整改" in all_text(card)


@pytest.mark.parametrize("period", ["1999-12", "x", "2026-13", "%" * 200, "' OR 1=1"])
def test_nonsense_in_the_address_shows_the_newest(desk: Desk, period: str) -> None:
    rated(desk, PeriodState.published)
    assert "五项构成" in said(desk, period=period)
