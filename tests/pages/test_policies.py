"""补贴标准: the lists, the cards, the forms of both persons, as runs say them."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from models.actions.changes import Draft, confirm_change, draft_change, turn_down_change
from models.actions.standards import draft_standard
from models.clock import today
from models.database import session
from models.queries.changes import change_card
from models.rules.changes import ChangeKind, ChangeState
from models.rules.entitlement import StandardKind
from models.rules.standards import StandardEntry
from tests.browser.zone import NAUGHTY
from tests.desk import Desk, all_text, title

KEY = "S-01-subsidy"


def entry(**changes: Any) -> StandardEntry:
    """A lower subsidy, for results of the last two months."""
    return replace(
        StandardEntry(
            service_code="hnte_first", amount="40,000", document="测试办法", clause="第三条",
            title_zh="高企认定补贴", budget_code="K01", valid_from=today() - timedelta(days=60),
            reason="照新办法调整",
        ),
        **changes,
    )  # fmt: skip


def window(value: str = "5") -> Draft:
    return Draft(
        ChangeKind.setting, "filing_window_working_days", {"value": value}, today(), "收紧"
    )


def put(desk: Desk, who: str, what: StandardEntry | Draft) -> str:
    """Somebody drafts; the change's number as the address names it."""
    verb: Any = draft_standard if isinstance(what, StandardEntry) else draft_change
    with desk.zone.writing() as current:
        return str(verb(current, desk.zone.world.people[who], what))


def state(desk: Desk, number: str) -> ChangeState:
    with session(desk.zone.world.engine) as current:
        return change_card(current, desk.zone.world.people["auditor"], int(number)).line.state


def cells(page: Any) -> list[list[str]]:
    """The list as rows of its cells."""
    return page.dataframe[0].value.astype(str).values.tolist() if page.dataframe else []


def keys(page: Any) -> set[str]:
    return {button.key for button in page.button}


def plain(page: Any) -> str:
    """What a run says, without the marks that keep it plain."""
    return all_text(page).replace("\\", "")


# ---------------------------------------------------------------- the lists


def test_the_standards_of_this_place_come_first(desk: Desk) -> None:
    page = desk.open("/policies", "leader")
    assert title(page) == "补贴标准"
    rows = cells(page)
    assert len(rows) == 13
    assert rows[0][1:3] == ["大连高新区", "现行"]
    assert rows[-1][2] == "参考"
    assert "draft_standard" not in keys(page)
    assert "共 30 个标准" in plain(page)


@pytest.mark.parametrize(
    ("query", "said"),
    [
        ({"place": "威海市", "q": "专利运营"}, ["国家专利运营试点机构", "威海市", "参考"]),
        ({"view": "settings"}, ["所在地", "大连高新区", "['默认值']"]),
        ({"view": "services"}, ["高企认定（首次）", "1", "政府补贴", "20000.0", "80000.0"]),
        ({"view": "reasons"}, ["R01", "材料不齐或未盖章"]),
    ],
)
def test_each_view_shows_its_list(desk: Desk, query: dict[str, str], said: list[str]) -> None:
    (row, *_) = cells(desk.open("/policies", "bureau", **query))
    assert row[: len(said)] == said


def test_empty_lists_say_what_would_fill_them(desk: Desk) -> None:
    assert "没有另行调整的日子" in plain(desk.open("/policies", "auditor", view="calendar"))
    assert "没有调整" in plain(desk.open("/policies", "auditor", view="changes"))
    assert "没有符合条件的标准" in plain(desk.open("/policies", "auditor", q="没有这样的"))


def test_what_waits_is_counted_and_listed(desk: Desk) -> None:
    put(desk, "reviewer", entry())
    put(desk, "administrator", window())
    page = desk.open("/policies", "lead", view="changes", state="drafted")
    assert "2 项调整待第二人确认" in plain(page)
    rows = cells(page)
    assert [row[0] for row in rows] == ["申请期限（工作日）", "高企认定补贴 第 2 版"]
    assert rows[1][2] == "定额 40,000 元"
    assert len(cells(desk.open("/policies", "lead", view="changes", kind="setting"))) == 1


# ---------------------------------------------------------------- cards


def test_a_standards_card_shows_example_clause_and_versions(desk: Desk) -> None:
    page = desk.open("/policies", "finance", rule=KEY)
    said = plain(page)
    for words in (
        "高企认定（首次）",
        "定额 50,000 元",
        "应补 50,000 元",
        "示例标准 S-01",
        "第 1 版",
        "有效",
    ):
        assert words in said, words
    page = desk.open("/policies", "finance", rule="weihai-incubator-hnte")
    said = plain(page)
    for words in (
        "每家 100,000 元，每年最高 1,000,000 元",
        "数量 3 家",
        "应补 300,000 元",
        "weihai 二.(四).2",
        "只供比较",
    ):
        assert words in said, words
    assert "文件没有公布金额" in plain(
        desk.open("/policies", "finance", rule="weihai-voucher-agency")
    )


def test_what_is_kept_for_comparison_gets_no_version(desk: Desk) -> None:
    assert "draft_standard" not in keys(
        desk.open("/policies", "reviewer", rule="weihai-hnte-first")
    )
    assert "draft_standard" in keys(desk.open("/policies", "reviewer", rule=KEY))


@pytest.mark.parametrize("who", ["leader", "auditor", "bureau", "committee", "finance"])
def test_readers_are_offered_nothing(desk: Desk, who: str) -> None:
    number = put(desk, "reviewer", entry())
    for query in (
        {"rule": KEY}, {"change": number}, {"view": "settings", "item": "lease_minutes"},
        {"view": "calendar"},
    ):  # fmt: skip
        offered = keys(desk.open("/policies", who, **query))
        assert not offered & {
            "draft_standard", "draft_item", "draft_day", "confirm_change", "turn_down_change",
            "withdraw_change",
        }  # fmt: skip


# ---------------------------------------------------------------- both persons


def test_the_second_person_sees_what_changes_and_confirms(desk: Desk) -> None:
    number = put(desk, "reviewer", entry())
    page = desk.open("/policies", "lead", change=number)
    said = plain(page)
    for words in (
        "定额 50,000 元",
        "**定额 40,000 元**",
        "照新办法调整",
        "件有变化",
        "F08 符合 → 不符合",
        "70,000 → **60,000**",
    ):
        assert words in said, words
    page.button(key="confirm_change").click().run()
    assert state(desk, number) is ChangeState.confirmed
    assert f"已确认调整 {number}" in plain(page)
    assert "已重新判定未决申请" in plain(page)
    assert "confirm_change" not in keys(page)
    rows = cells(desk.open("/claims", "reviewer", pile="turn"))
    assert any("不符合" in str(row) for row in rows)


def test_turning_down_needs_a_reason_and_stays_to_be_read(desk: Desk) -> None:
    number = put(desk, "reviewer", window())
    page = desk.open("/policies", "lead", change=number)
    page.button(key="turn_down_change").click().run()
    assert "请写明理由" in page.error[0].value
    page.text_input(key="change_decision_reason").set_value("暂不收紧").run()
    page.button(key="turn_down_change").click().run()
    assert state(desk, number) is ChangeState.turned_down
    card = plain(desk.open("/policies", "reviewer", change=number))
    assert "暂不收紧" in card
    item = plain(
        desk.open("/policies", "auditor", view="settings", item="filing_window_working_days")
    )
    assert "未采用" in item
    assert "暂不收紧" in item


def test_the_drafter_may_only_take_it_back(desk: Desk) -> None:
    number = put(desk, "lead", window())
    page = desk.open("/policies", "lead", change=number)
    assert not keys(page) & {"confirm_change", "turn_down_change"}
    assert "须由另一人确认" in plain(page)
    page.text_input(key="change_decision_reason").set_value("写错").run()
    page.button(key="withdraw_change").click().run()
    assert state(desk, number) is ChangeState.withdrawn


def test_who_comes_second_is_told(desk: Desk) -> None:
    number = put(desk, "reviewer", window())
    page = desk.open("/policies", "lead", change=number)
    with desk.zone.writing() as current:
        turn_down_change(current, desk.zone.world.people["lead"], int(number), "不必")
    page.button(key="confirm_change").click().run()
    assert "现为“未采用”" in page.error[0].value.replace("\\", "")


# ---------------------------------------------------------------- drafting


def test_a_setting_is_drafted_with_all_faults_named(desk: Desk) -> None:
    page = desk.open("/policies", "administrator", view="settings", item="lease_minutes")
    assert "默认值" in plain(page)
    page.text_input(key="change_value_lease_minutes").set_value("1").run()
    page.button(key="draft_item").click().run()
    assert "须在 5 至 480 之间" in page.error[0].value
    assert "请写明理由" in page.error[0].value
    page.text_input(key="change_value_lease_minutes").set_value("90").run()
    page.text_input(key="change_reason_setting_lease_minutes").set_value("缩短").run()
    page.button(key="draft_item").click().run()
    assert not page.error
    assert state(desk, "1") is ChangeState.drafted
    again = desk.open("/policies", "reviewer", view="settings", item="lease_minutes")
    assert "已有待确认的草稿" in plain(again)
    assert "draft_item" not in keys(again)


@pytest.mark.parametrize(
    ("view", "item", "field", "value"),
    [
        ("settings", "alliance_name", "change_value_alliance_name", "另一联盟"),
        ("settings", "announced_years", "change_value_announced_years", "2027"),
        ("services", "hnte_first", "change_price_ceiling_fen_hnte_first", "90,000"),
        ("reasons", "R99", "change_name_zh_R99", "其他情形"),
        ("calendar", "day", "change_note_day", "补班"),
    ],
)
def test_each_kind_is_drafted_from_its_card(
    desk: Desk, view: str, item: str, field: str, value: str
) -> None:
    day = (today() + timedelta(days=30)).isoformat()
    item, field = item.replace("day", day), field.replace("note_day", f"note_{day}")
    if view == "calendar":
        confirm(
            desk,
            Draft(
                ChangeKind.calendar_day,
                day,
                {"is_working": "working"},
                today() + timedelta(days=30),
                "通知",
            ),
        )
    page = desk.open("/policies", "reviewer", view=view, item=item)
    page.text_input(key=field).set_value(value).run()
    (reason,) = [one.key for one in page.text_input if one.key.startswith("change_reason_")]
    page.text_input(key=reason).set_value("照通知").run()
    page.button(key="draft_item").click().run()
    assert not page.error
    assert "待确认" in plain(page)


def confirm(desk: Desk, draft: Draft) -> None:
    """A change that holds."""
    number = put(desk, "reviewer", draft)
    with desk.zone.writing() as current:
        confirm_change(current, desk.zone.world.people["lead"], int(number))


def test_a_choice_and_what_operators_keep(desk: Desk) -> None:
    page = desk.open("/policies", "lead", view="settings", item="filing_confirmer")
    assert page.selectbox(key="change_value_filing_confirmer").options == [
        "科技创新局",
        "联盟负责人",
    ]
    page = desk.open("/policies", "lead", view="settings", item="is_demonstration")
    assert "由运维命令设定" in plain(page)
    assert "draft_item" not in keys(page)


FORM = """
from components.attempt import found
from components.look import title_row
from components.shell import open_page
from components.standard_form import draw_standard_form
from models.queries.standards import standard_card
from models.rules.roles import Permission

visit = open_page(Permission.see_policies)
title_row("-")
key = {key!r}
card = found(standard_card, visit.actor, key, visit.today) if key else None
draw_standard_form(visit, card.row if card else None)
"""


def form(desk: Desk, key: str = "") -> Any:
    """The dialog's form standing open: AppTest closes a dialog with every run."""
    from streamlit.testing.v1 import AppTest

    desk.sit("reviewer")
    return AppTest.from_string(FORM.format(key=key), default_timeout=60).run()


def test_another_version_keeps_what_it_covers(desk: Desk) -> None:
    page = form(desk, KEY)
    assert page.selectbox(key="standard_service_code").disabled
    assert page.text_input(key="standard_amount").value == "50,000"
    page.text_input(key="standard_amount").set_value("四万")
    page.button(key="save_standard").click().run()
    assert "四万" in page.error[0].value
    assert "调整理由" in page.error[0].value
    page.text_input(key="standard_amount").set_value("45,000")
    page.text_input(key="standard_reason").set_value("照新办法")
    page.button(key="save_standard").click().run()
    assert not page.error
    with session(desk.zone.world.engine) as current:
        line = change_card(current, desk.zone.world.people["lead"], 1).line
    assert line.subject == f"{KEY}:2"
    assert line.content["parameters"] == {"amount_fen": 4_500_000}


def test_a_kind_asks_for_its_own_fields(desk: Desk) -> None:
    page = form(desk)
    page.selectbox(key="standard_kind").set_value(StandardKind.per_unit).run()
    fields = {one.key for one in page.text_input}
    assert {"standard_amount", "standard_unit", "standard_annual_cap"} <= fields
    assert "standard_percent" not in fields
    page.selectbox(key="standard_service_code").set_value("hnte_first").run()
    assert page.selectbox(key="standard_result_kind_codehnte_first").options == [
        "全部成果类型",
        "高新技术企业证书（首次）",
    ]


def test_what_stands_in_the_way_is_said_in_the_form(desk: Desk) -> None:
    page = form(desk, KEY)
    page.date_input(key="standard_valid_from").set_value(today() - timedelta(days=2000))
    page.text_input(key="standard_reason").set_value("照新办法")
    page.button(key="save_standard").click().run()
    assert "须晚于" in page.error[0].value


def test_the_buttons_open_the_dialogs(desk: Desk) -> None:
    page = desk.open("/policies", "reviewer")
    page.button(key="draft_standard").click().run()
    assert page.text_input(key="standard_title_zh").value == ""
    page = desk.open("/policies", "reviewer", view="calendar")
    page.button(key="draft_day").click().run()
    assert page.text_input(key="change_note_new").value == ""


# ---------------------------------------------------------------- odd input


def test_naughty_words_are_only_text(desk: Desk) -> None:
    number = put(
        desk, "reviewer", entry(title_zh=NAUGHTY[:80], document="<b>办法</b>", reason=NAUGHTY[:200])
    )
    for query in ({"change": number}, {"view": "changes"}, {"rule": KEY}):
        page = desk.open("/policies", "lead", **query)
        assert not page.exception
        assert "<img src=x" not in all_text(page).replace("\\<", "")


@pytest.mark.parametrize(
    ("query", "words"),
    [
        ({"rule": "nothing"}, "没有这个编号的补贴标准"),
        ({"change": "999"}, "没有这个编号的调整"),
        ({"view": "settings", "item": "nothing"}, "没有这一项"),
        ({"view": "calendar", "item": "2026-02-30"}, "没有这一项"),
    ],
)
def test_an_address_of_nothing(desk: Desk, query: dict[str, str], words: str) -> None:
    page = desk.open("/policies", "reviewer", **query)
    assert title(page) == "补贴标准"
    assert words in plain(page)
