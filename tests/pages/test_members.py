"""会员企业: the register and its card, as a script run says them."""

from typing import Any

import pytest
from sqlmodel import select

from models.clock import now_utc, today
from models.database import session
from models.tables.organisations import Enterprise, GrowthStage
from tests.browser.zone import NAUGHTY
from tests.desk import Desk, all_text, title

OWN = "91210231MA0XY0001K"


@pytest.fixture
def filled(desk: Desk) -> Desk:
    """Twenty more members, every second one a listed company."""
    with session(desk.zone.world.engine, write=True) as current:
        for at in range(20):
            current.add(
                Enterprise(
                    uscc=f"91210231MA1AB{at:04d}X",
                    name=f"大连第{at:02d}号企业",
                    growth_stage=GrowthStage.listed if at % 2 else None,
                    joined_on=today(),
                    changed_at_utc=now_utc(),
                )
            )
    return desk


def address(page: Any) -> dict[str, str]:
    """What the address holds."""
    held = dict(page.query_params)
    return {name: value if isinstance(value, str) else value[0] for name, value in held.items()}


def at_page(desk: Desk, number: str, **query: str) -> Any:
    """The register at a page of its list."""
    app = desk.open("/members", "reviewer", **query)
    app.query_params["page"] = number
    return app.run()


def names(page: Any) -> list[str]:
    """The first column of the list."""
    return list(page.dataframe[0].value.iloc[:, 0]) if page.dataframe else []


def test_one_page_of_the_register(filled: Desk) -> None:
    page = filled.open("/members", "reviewer")
    assert title(page) == "会员企业"
    assert len(names(page)) == 15
    assert "共 22 家" in all_text(page)
    assert len(names(at_page(filled, "2"))) == 7


def test_the_address_filters(filled: Desk) -> None:
    page = filled.open("/members", "reviewer", stage="listed", q="号企业", order="name")
    assert len(names(page)) == 10
    assert page.selectbox(key="filter_stage").value == "listed"
    assert page.text_input(key="filter_q").value == "号企业"
    assert {column for column in page.dataframe[0].value.columns if "↑" in column} == {"企业名称 ↑"}


def test_what_a_visitor_chooses_stands_in_the_address(filled: Desk) -> None:
    page = at_page(filled, "2")
    page.selectbox(key="filter_stage").set_value("listed").run()
    assert address(page) == {"stage": "listed"}
    assert len(names(page)) == 10
    page.text_input(key="filter_q").set_value("第01号").run()
    assert names(page) == ["大连第01号企业"]
    page.button(key="clear_filters").click().run()
    assert address(page) == {}
    assert page.text_input(key="filter_q").value == ""


# fmt: off
RUBBISH = (
    {"stage": "nobility"}, {"hnte": "\0"}, {"district": "不存在"}, {"joined": "2026-13"}, {"joined": "9999"},
    {"order": "password"}, {"nonsense": "1"},
)
# fmt: on


@pytest.mark.parametrize("query", RUBBISH, ids=str)
def test_rubbish_in_the_address_shows_everything(filled: Desk, query: dict[str, str]) -> None:
    page = filled.open("/members", "reviewer", **query)
    assert title(page) == "会员企业"
    assert "共 22 家" in all_text(page)


def test_a_page_that_is_none_is_the_nearest(filled: Desk) -> None:
    for number, rows in (("-1", 15), ("1e9", 15), ("0", 15), ("99999999999", 15), ("999", 7)):
        assert len(names(at_page(filled, number))) == rows


def test_an_empty_list_says_what_would_fill_it(filled: Desk) -> None:
    page = filled.open("/members", "reviewer", q="没有这样的名字")
    assert names(page) == []
    assert "没有符合条件的会员企业" in all_text(page)


@pytest.mark.parametrize(
    ("who", "buttons"),
    [("reviewer", {"add_member"}), ("auditor", set()), ("finance", set())],
)
def test_only_the_alliance_is_offered_to_add(filled: Desk, who: str, buttons: set[str]) -> None:
    page = filled.open("/members", who)
    assert {button.key for button in page.button} & {"add_member"} == buttons


# ---------------------------------------------------------------- the card


def test_the_card(desk: Desk) -> None:
    page = desk.open("/members", "auditor", uscc=OWN, q="kept")
    assert title(page) == "大连示例子企业有限公司"
    said = all_text(page)
    assert "\\*\\*\\*\\* 2222" in said
    assert "6222020200002222" not in said
    assert "edit_member" not in {button.key for button in page.button}
    page.button(key="back").click().run()
    assert address(page) == {"q": "kept"}


def test_the_lead_sees_the_account(desk: Desk) -> None:
    assert "6222020200002222" in all_text(desk.open("/members", "lead", uscc=OWN))


def test_an_odd_name_is_only_text(desk: Desk) -> None:
    with session(desk.zone.world.engine) as current:
        odd = current.exec(select(Enterprise.uscc).where(Enterprise.name == NAUGHTY)).one()
    page = desk.open("/members", "reviewer", uscc=odd)
    assert title(page).replace("\\", "").strip("\u2068\u2069") == NAUGHTY
    assert not page.get("html") or "<img src=x" not in str(page.get("html")[-1])


@pytest.mark.parametrize("uscc", ["91210231MA0XY9999X", "<script>", "0", "'; --"])
def test_a_code_that_names_nothing(desk: Desk, uscc: str) -> None:
    page = desk.open("/members", "reviewer", uscc=uscc)
    assert title(page) == "会员企业"
    assert "名录中没有这个信用代码" in all_text(page)


# ---------------------------------------------------------------- adding and editing

DIALOG = """
from components.attempt import found
from components.look import title_row
from components.member_form import add_member_dialog, edit_member_dialog
from components.shell import open_page
from models.queries.members import member_card
from models.rules.roles import Permission

visit = open_page(Permission.see_members)
title_row("-")
uscc = {uscc!r}
if uscc:
    edit_member_dialog(visit, found(member_card, visit.actor, uscc, visit.today))
else:
    add_member_dialog(visit)
"""


def dialog(desk: Desk, uscc: str = "") -> Any:
    """The dialog standing open: AppTest closes one with every run, so a page of its own keeps
    it."""
    from streamlit.testing.v1 import AppTest

    desk.sit("reviewer")
    return AppTest.from_string(DIALOG.format(uscc=uscc), default_timeout=60).run()


def test_the_buttons_open_the_dialogs(desk: Desk) -> None:
    page = desk.open("/members", "reviewer")
    page.button(key="add_member").click().run()
    assert page.text_input(key="new_name").value == ""
    page = desk.open("/members", uscc=OWN)
    page.button(key="edit_member").click().run()
    assert page.text_input(key=f"{OWN}_name").value == "大连示例子企业有限公司"


def test_all_faults_are_named_then_the_member_is_added(desk: Desk) -> None:
    page = dialog(desk)
    page.text_input(key="new_uscc").set_value("9121")
    page.button(key="save_member").click().run()
    assert "企业名称" in page.error[0].value
    assert "统一社会信用代码" in page.error[0].value
    page.text_input(key="new_name").set_value("大连示例丑企业")
    page.text_input(key="new_uscc").set_value("9１210200716904902k")
    page.text_input(key="new_payee_name").set_value("别的户名")
    page.button(key="save_member").click().run()
    assert "再按一次即保存" in page.warning[0].value
    page.button(key="save_member").click().run()
    assert address(page) == {"uscc": "91210200716904902K"}
    assert "已新增“大连示例丑企业”" in all_text(page)
    with session(desk.zone.world.engine) as current:
        added = current.exec(select(Enterprise).where(Enterprise.uscc == "91210200716904902K"))
        assert added.one().payee_name == "别的户名"


def test_editing_leaves_an_account_one_may_not_see(desk: Desk) -> None:
    page = dialog(desk, OWN)
    field = page.text_input(key=f"{OWN}_payee_account")
    assert field.value == ""
    assert field.placeholder.startswith("**** 2222")
    page.text_input(key=f"{OWN}_district").set_value("凌水街道")
    page.button(key="save_member").click().run()
    assert "已保存修改" in all_text(page)
    assert on_record(desk) == ("凌水街道", "6222020200002222")


def test_a_session_ended_meanwhile_refuses_the_button_already_drawn(desk: Desk) -> None:
    page = dialog(desk, OWN)
    page.text_input(key=f"{OWN}_district").set_value("凌水街道")
    desk.sit(None)
    page.button(key="save_member").click().run()
    assert on_record(desk) == ("", "6222020200002222")


def on_record(desk: Desk) -> tuple[str, str]:
    """District and account of the world's member."""
    with session(desk.zone.world.engine) as current:
        kept = current.exec(select(Enterprise).where(Enterprise.uscc == OWN)).one()
        return kept.district, kept.payee_account
