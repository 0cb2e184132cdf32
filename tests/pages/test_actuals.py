"""实绩填报: the register, its filters, contradictions, the card, and both persons' forms, as runs say them."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from decimal import Decimal
from typing import Any

import pytest
from sqlmodel import select

from components.cache import targets_as_of
from models.actions.actuals import confirm_actual, enter_actual
from models.database import session
from models.rules.targets import ActualKind, Grade
from models.rules.targets.entries import FigureEntry
from models.tables.meetings import ActualEntry, EntryState
from models.tables.targets import Actual
from tests.browser.zone import NAUGHTY
from tests.desk import Desk, all_text, title

ENTRY = FigureEntry(
    place_code="dalian-hightech", indicator_code="hnte_count", as_of=date(2024, 12, 31),
    value="1,500", unit="家", kind=ActualKind.reported, grade=Grade.high, source_title="测试公报",
    source_url="https://example.org/a(1)", note_zh="期末数",
)  # fmt: skip


@pytest.fixture(autouse=True)
def fresh() -> None:
    """No test sees what another one's database said."""
    targets_as_of.clear()


@pytest.fixture
def entered(desk: Desk) -> Desk:
    """A figure that waits, entered by a reviewer."""
    put(desk, "reviewer", ENTRY)
    return desk


def put(desk: Desk, who: str, entry: FigureEntry, **given: str) -> str:
    """Somebody enters a figure."""
    with desk.zone.writing() as current:
        return enter_actual(current, desk.zone.world.people[who], entry, **given)


def entry_of(desk: Desk, number: str) -> ActualEntry:
    with session(desk.zone.world.engine) as current:
        return current.exec(select(ActualEntry).where(ActualEntry.actual_id == number)).one()


def cells(page: Any) -> list[list[str]]:
    """The list as rows of its cells."""
    return page.dataframe[0].value.astype(str).values.tolist() if page.dataframe else []


def drawn(page: Any) -> str:
    """What stands in pieces of HTML."""
    return " ".join(str(html.value) for html in page.get("html"))


def address(page: Any) -> dict[str, str]:
    """What the address holds."""
    held = dict(page.query_params)
    return {name: value if isinstance(value, str) else value[0] for name, value in held.items()}


def keys(page: Any) -> set[str]:
    return {button.key for button in page.button}


# ---------------------------------------------------------------- the register


def test_the_newest_first_with_value_unit_and_state(entered: Desk) -> None:
    page = entered.open("/actuals", "leader")
    assert title(page) == "实绩填报"
    assert "125 个数字 · 计入判定 124 个" in all_text(page)
    rows = cells(page)
    assert len(rows) == 13
    assert rows[0][:3] == ["每万人口发明专利拥有量", "威海市", "2025-04-30"]
    assert "enter_actual" not in keys(page)
    assert not page.get("file_uploader")


@pytest.mark.parametrize(
    ("query", "first"),
    [
        ({"q": "测试公报"}, ["高新技术企业数量", "大连高新区", "2024-12-31", "1,500", "家"]),
        ({"place": "harbin", "indicator": "hightech_industry_value_added"}, ["高新技术产业增加值", "哈尔滨市", "2022-12-31", "1,000", "亿元以上"]),
        ({"state": "waiting"}, ["高新技术企业数量", "大连高新区", "2024-12-31", "1,500", "家"]),
        ({"view": "waiting"}, ["高新技术企业数量", "大连高新区", "2024-12-31", "1,500", "家"]),
        ({"state": "contradicting", "place": "jinpu"}, ["高新技术企业数量", "金普新区", "2022-12-31", "1,450", "家"]),
        ({"indicator": "rd_share_gdp", "year": "2021", "grade": "medium"}, ["全社会R&D经费占GDP比重", "大连市", "2021-12-31", "3.02", "%"]),
    ],
)  # fmt: skip
def test_the_address_holds_the_filters(
    entered: Desk, query: dict[str, str], first: list[str]
) -> None:
    rows = cells(entered.open("/actuals", "auditor", **query))
    assert rows[0][:5] == first


def test_an_empty_list_says_what_would_fill_it(desk: Desk) -> None:
    assert "没有待确认的实绩" in all_text(desk.open("/actuals", "reviewer", view="waiting"))
    assert "没有符合条件的实绩" in all_text(desk.open("/actuals", "reviewer", q="没有这样的"))
    assert "没有互相矛盾的实绩" in all_text(
        desk.open("/actuals", "reviewer", view="contradictions", place="wafangdian")
    )


def test_clearing_the_filters_keeps_the_view(entered: Desk) -> None:
    page = entered.open("/actuals", "reviewer", view="waiting", place="harbin")
    page.button(key="clear_filters").click().run()
    assert address(page) == {"view": "waiting"}
    assert len(cells(page)) == 1
    assert "clear_filters" not in keys(page)


def test_contradictions_stand_side_by_side_with_why(entered: Desk) -> None:
    page = entered.open("/actuals", "leader", view="contradictions", place="jinpu")
    said = drawn(page)
    for words in ("金普新区 · 高新技术企业数量 · 2022 年", "1,450", "取用", "可信度更高", "1,440", "可信度较低",
                  "同一日期、不同数字"):  # fmt: skip
        assert words in said
    page = entered.open("/actuals", "leader", view="contradictions")
    assert "发明专利申请量 · 2012 年" in drawn(page)
    assert "2012-01-01 – 10-31" in drawn(page)


def test_the_import_is_offered_to_who_may_import(desk: Desk) -> None:
    page = desk.open("/actuals", "reviewer", view="import")
    assert page.get("file_uploader")
    assert "带星号的列必填" in all_text(page)
    page = desk.open("/actuals", "leader", view="import")
    assert not page.get("file_uploader")
    assert len(cells(page)) == 13


# ---------------------------------------------------------------- the card


def test_a_second_person_confirms(entered: Desk) -> None:
    page = entered.open("/actuals", "lead", figure="E-00001")
    assert "大连高新区 · 高新技术企业数量" in title(page).replace("\\", "")
    said = all_text(page)
    for words in ("1,500", "待确认", "由您确认", "期末有效期内的国家高新技术企业数"):
        assert words in said.replace("\\", "")
    assert "https://example.org/a%281%29" in said
    page.button(key="confirm_actual").click().run()
    assert entry_of(entered, "E-00001").state is EntryState.confirmed
    assert "已确认 E\\-00001，即刻计入判定" in all_text(page)
    assert "confirm_actual" not in keys(page)


def test_a_confirmed_figure_is_at_once_on_the_targets(entered: Desk) -> None:
    before = drawn(entered.open("/targets", "leader", view="path", target="DH-005"))
    assert "1,500" not in before
    with entered.zone.writing() as current:
        confirm_actual(current, entered.zone.world.people["lead"], "E-00001")
    page = entered.open("/targets", "leader", view="path", target="DH-005")
    assert "1,500" in drawn(page)
    assert "/actuals?figure=E-00001" in drawn(page)
    assert "/actuals?figure" not in drawn(
        entered.open("/targets", "enterprise", view="path", target="DH-005")
    )
    card = entered.open("/actuals", "leader", figure="E-00001")
    assert "用到它的目标 3" in all_text(card)
    assert "路径上的点" in drawn(card)


def test_turning_down_needs_a_reason(entered: Desk) -> None:
    page = entered.open("/actuals", "lead", figure="E-00001")
    page.button(key="turn_down_actual").click().run()
    assert "请写明理由" in page.error[0].value
    page.text_input(key="actual_decision_reason").set_value("来源无法核实").run()
    page.button(key="turn_down_actual").click().run()
    kept = entry_of(entered, "E-00001")
    assert (kept.state, kept.decided_reason) == (EntryState.turned_down, "来源无法核实")
    assert "未采用" in all_text(page)


def test_who_entered_it_may_only_take_it_back(entered: Desk) -> None:
    page = entered.open("/actuals", "reviewer", figure="E-00001")
    assert not {"confirm_actual", "turn_down_actual"} & keys(page)
    assert "须由另一人确认" in all_text(page)
    page.text_input(key="actual_decision_reason").set_value("录错").run()
    page.button(key="withdraw_actual").click().run()
    assert entry_of(entered, "E-00001").state is EntryState.turned_down
    assert "填报人撤回" in str(page.table[0].value)


def test_what_somebody_decided_meanwhile_is_told(entered: Desk) -> None:
    page = entered.open("/actuals", "lead", figure="E-00001")
    with entered.zone.writing() as current:
        confirm_actual(current, entered.zone.world.people["reviewer2"], "E-00001")
    page.button(key="confirm_actual").click().run()
    assert "联盟初审员 3已于" in page.error[0].value.replace("\\", "")


@pytest.mark.parametrize("who", ["leader", "auditor", "administrator"])
def test_readers_are_offered_nothing(entered: Desk, who: str) -> None:
    page = entered.open("/actuals", who, figure="E-00001")
    assert not keys(page) & {
        "confirm_actual", "turn_down_actual", "withdraw_actual", "replace_actual",
    }  # fmt: skip


def test_a_figure_and_its_correction_name_each_other(entered: Desk) -> None:
    right = replace(ENTRY, value="1,510")
    number = put(entered, "lead", right, replaces_id="E-00001", reason="照正式公报")
    page = entered.open("/actuals", "reviewer2", figure="E-00001")
    assert number in all_text(page)
    assert "replace_actual" not in keys(page)
    page = entered.open("/actuals", "reviewer2", figure=number)
    assert "E-00001 由它替代" in all_text(page).replace("\\", "")
    with entered.zone.writing() as current:
        confirm_actual(current, entered.zone.world.people["reviewer2"], number)
    page = entered.open("/actuals", "lead", figure="E-00001")
    assert "已替代" in all_text(page)
    assert "confirm_actual" not in keys(page)


def test_what_waits_beside_a_better_figure_says_it_will_not_be_used(desk: Desk) -> None:
    worse = replace(
        ENTRY, place_code="jinpu", as_of=date(2022, 12, 31), grade=Grade.low, published="2023"
    )
    put(desk, "reviewer", worse)
    said = all_text(desk.open("/actuals", "lead", figure="E-00001"))
    assert "它只并列、不取用：可信度较低" in said


def test_naughty_words_are_only_text(desk: Desk) -> None:
    odd = replace(ENTRY, source_title=NAUGHTY, note_zh=NAUGHTY, source_url="https://a/<b>")
    put(desk, "reviewer", odd)
    for who, query in (
        ("lead", {"figure": "E-00001"}), ("lead", {"q": "大连<script>"}),
        ("lead", {"view": "contradictions"}),
    ):  # fmt: skip
        page = desk.open("/actuals", who, **query)
        assert not page.exception
        assert "<script>window" not in drawn(page)
        assert "<img src=x" not in drawn(page)


@pytest.mark.parametrize("number", ["E-99999", "nothing", "' OR 1=1 --"])
def test_a_number_of_nothing(desk: Desk, number: str) -> None:
    page = desk.open("/actuals", "reviewer", figure=number)
    assert title(page) == "实绩填报"
    assert "没有这个编号的实绩" in all_text(page)


# ---------------------------------------------------------------- entering

FORM = """
from components.actual_form import draw_entry
from components.attempt import found
from components.look import title_row
from components.shell import open_page
from models.queries.actual_card import actual_card
from models.rules.roles import Permission

visit = open_page(Permission.see_actuals)
title_row("-")
number = {number!r}
card = found(actual_card, visit.actor, number) if number else None
draw_entry(visit, card.row if card else None)
"""


def form(desk: Desk, who: str = "reviewer", number: str = "") -> Any:
    """The dialog's form standing open: AppTest closes a dialog with every run."""
    from streamlit.testing.v1 import AppTest

    desk.sit(who)
    return AppTest.from_string(FORM.format(number=number), default_timeout=60).run()


def fill(page: Any, **given: Any) -> None:
    """Fill in fields of the form."""
    for name in ("place_code", "indicator_code", "kind", "grade"):
        if name in given:
            page.selectbox(key=f"actual_{name}").set_value(given[name]).run()
    for name in ("value", "source_title", "source_url", "published", "note_zh", "reason"):
        if name in given:
            page.text_input(key=f"actual_{name}").set_value(given[name])
    for name in ("as_of", "period_start"):
        if name in given:
            page.date_input(key=f"actual_{name}").set_value(given[name])


def test_the_button_opens_the_dialog(desk: Desk) -> None:
    page = desk.open("/actuals", "reviewer")
    page.button(key="enter_actual").click().run()
    assert page.text_input(key="actual_value").value == ""


def test_all_faults_are_named_then_the_figure_is_entered(desk: Desk) -> None:
    page = form(desk)
    page.button(key="save_actual").click().run()
    for words in ("地区", "指标", "数值", "截至日期", "类型", "可信度", "来源"):
        assert words in page.error[0].value
    fill(
        page, place_code="dalian", indicator_code="technology_contract_value", value="１，６９７．５",
        as_of=date(2025, 12, 31), period_start=date(2025, 1, 1), kind=ActualKind.reported,
        grade=Grade.medium, source_title="统计公报", published="2026-03",
    )  # fmt: skip
    page.run()
    assert "计量单位：亿元" in all_text(page)
    unit = page.selectbox(key="actual_unit_technology_contract_value")
    assert unit.options == ["亿元", "元", "万元"]
    unit.set_value("万元").run()
    page.button(key="save_actual").click().run()
    assert not page.error
    with session(desk.zone.world.engine) as current:
        kept = current.exec(select(Actual).where(Actual.id == "E-00001")).one()
    assert (kept.value, kept.unit, kept.published) == (Decimal("0.16975"), "亿元", "2026-03")
    assert address(page) == {"figure": "E-00001"}


def test_a_correction_keeps_place_and_indicator_and_needs_a_reason(entered: Desk) -> None:
    page = form(entered, "lead", "E-00001")
    assert page.selectbox(key="actual_place_code").disabled
    assert page.selectbox(key="actual_indicator_code").disabled
    assert page.text_input(key="actual_value").value == "1500"
    fill(page, value="1505")
    page.button(key="save_actual").click().run()
    assert "请写明理由" in page.error[0].value
    fill(page, reason="照正式公报")
    page.button(key="save_actual").click().run()
    kept = entry_of(entered, "E-00002")
    assert (kept.replaces_id, kept.reason) == ("E-00001", "照正式公报")


def test_the_same_figure_again_is_refused_by_its_number(entered: Desk) -> None:
    page = form(entered, "lead")
    fill(
        page, place_code="dalian-hightech", indicator_code="hnte_count", value="1500",
        as_of=date(2024, 12, 31), kind=ActualKind.derived, grade=Grade.low, source_title="测试公报",
    )  # fmt: skip
    page.button(key="save_actual").click().run()
    assert "已登记为 E-00001" in page.error[0].value.replace("\\", "")


def test_the_replace_button_opens_the_filled_form(entered: Desk) -> None:
    page = entered.open("/actuals", "reviewer2", figure="E-00001")
    page.button(key="replace_actual").click().run()
    assert page.text_input(key="actual_value").value == "1500"
    assert page.text_input(key="actual_source_title").value == "测试公报"
