"""服务质量考评: what each reader sees of a period in each state, one agency's part, the workbook."""

from __future__ import annotations

import io

import pytest
from openpyxl import load_workbook

from components.rating_files import rating_xlsx
from components.rating_words import moved, points, rate
from models.actions.rating_replies import appeal, reply
from models.actions.rating_schemes import draft_scheme
from models.clock import now_utc, standing_at
from models.database import session
from models.rules.errors import NotAllowed
from models.rules.rating.freezing import PartShown
from models.rules.rating.period_life import PeriodState
from models.rules.rating.schemes import DEFAULT, scheme_content
from models.rules.rating.signals import Component
from tests.desk import Desk, all_text, title
from tests.league import LETTER, rate_in
from tests.world import later

NAME = "大连示例甲机构有限公司"


def test_nothing_is_there_before_the_first_period(desk: Desk) -> None:
    app = desk.open("/ratings", "auditor")
    assert title(app) == "服务质量考评"
    assert "还没有考评期" in all_text(app)
    assert not [button for button in app.button if button.key == "open_period"]
    assert (
        desk.open("/ratings", "reviewer").button(key="open_period").label.startswith("开始考评期")
    )


@pytest.mark.parametrize("state", PeriodState)
def test_every_state_for_every_reader(desk: Desk, state: PeriodState) -> None:
    month = rate_in(desk.zone.world, state)
    for who in ("reviewer", "leader"):
        app = desk.open("/ratings", who, period=month)
        assert title(app) == "服务质量考评"
        said = all_text(app)
        sees = state is PeriodState.published or (
            who == "reviewer" and state is not PeriodState.collecting
        )
        assert (NAME in said) == sees
        assert ("公布后这里出现各机构的结果" in said) == (
            who == "leader" and state is not PeriodState.published
        )


def test_the_views_of_a_published_period(desk: Desk) -> None:
    month = rate_in(desk.zone.world, PeriodState.published)
    for view, words in {
        "replies": "还没有申辩或复议", "spread": "1 家参评：优秀 0%", "consequences": "没有建议",
        "scheme": "现行方案（第 1 版）", "league": "未参评 ", "nonsense": "综合类",
    }.items():  # fmt: skip
        app = desk.open("/ratings", "lead", period=month, view=view)
        assert title(app) == "服务质量考评"
        assert words in all_text(app), view
    app = desk.open("/ratings", "lead", period=month, view="spread")
    weights = {box.key: box for box in app.number_input}
    weights[f"weight_{month}_outcome"].set_value(35).run()
    assert "权重合计 95，须为 100；现在还差 5" in all_text(app)
    weights = {box.key: box for box in app.number_input}
    weights[f"weight_{month}_satisfaction"].set_value(25).run()
    assert "0 家等级会变，平均变动 0.0 分" in all_text(app)


def test_one_agencys_part(desk: Desk) -> None:
    world = desk.zone.world
    month = rate_in(world, PeriodState.published)
    own = str(world.agency_id)
    with desk.zone.writing() as current:
        appeal(current, world.people["agency"], month, Component.first_pass, "有误", LETTER)
    app = desk.open("/ratings", "lead", period=month, agency=own)
    said = all_text(app)
    for words in ("34 / 40 件", "五项构成", "说明.pdf", "第 1 版", "公布考评结果"):
        assert words in said
    assert "您已在本期“公布考评结果”" in said
    free = desk.open("/ratings", "reviewer2", period=month, agency=own)
    assert free.button(key="answer_rating_1").label == "答复复议"
    other = desk.open("/ratings", "lead", period=month, agency="2")
    assert "本期完成服务不足 5 件" in all_text(other)
    for agency, period in (("99", month), (own, "2031-12"), ("x", "")):
        app = desk.open("/ratings", "lead", period=period, agency=agency)
        assert "没有这家机构的结果" in all_text(app)


def test_a_reply_waits_and_a_draft_of_the_scheme_too(desk: Desk) -> None:
    world = desk.zone.world
    month = rate_in(world, PeriodState.reply)
    with standing_at(now_utc()), later(days=-28), desk.zone.writing() as current:
        reply(current, world.people["agency"], month, Component.outcome, "有误", LETTER)
        written = scheme_content(DEFAULT) | {"least_months": "12"}
        draft_scheme(current, world.people["reviewer"], written, "从严")
    app = desk.open("/ratings", "reviewer", period=month, view="replies")
    assert "您已在本期“计算预评结果”，“答复申辩”须由另一人办理" in all_text(app)
    app = desk.open("/ratings", "reviewer2", period=month, view="replies")
    assert app.button(key="answer_rating_1").label == "答复申辩"
    assert "1 项待答复" in all_text(desk.open("/ratings", "reviewer2", period=month))
    for who, words in {
        "reviewer": "撤回草稿", "reviewer2": "由联盟负责人确认", "lead": "确认考评方案",
    }.items():  # fmt: skip
        app = desk.open("/ratings", who, period=month, view="scheme")
        assert words in all_text(app)


def test_the_workbook_holds_what_the_reader_sees(desk: Desk) -> None:
    world = desk.zone.world
    month = rate_in(world, PeriodState.preview)
    with session(world.engine) as current:
        whole = load_workbook(io.BytesIO(rating_xlsx(month, current, world.people["reviewer"])))
        empty = load_workbook(io.BytesIO(rating_xlsx(month, current, world.people["leader"])))
        with pytest.raises(NotAllowed):
            rating_xlsx(month, current, world.people["agency"])
    assert whole.sheetnames == ["位次", "分项", "未参评", "申辩复议", "结果运用", "经过"]
    (row,) = list(whole["位次"].iter_rows(min_row=3, values_only=True))
    assert row[1] == NAME
    assert whole["未参评"].max_row >= 3
    assert empty["位次"].max_row == 2


def test_how_figures_are_said() -> None:
    assert (points(8541), points(None), moved(0), moved(None)) == ("85.4", "—", "持平", "—")
    assert (moved(210), moved(-80)) == ("▲ 2.1", "▼ 0.8")
    part = PartShown(Component.satisfaction, 0, 0, 750_000, 750_000, 1_500, 20)  # type: ignore[arg-type]
    assert (rate(part, part.own_millionths), rate(part, part.mean_millionths)) == ("—", "4.0")
