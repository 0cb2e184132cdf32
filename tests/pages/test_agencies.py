"""服务机构: the register, its public columns, the card, and what the alliance changes there."""

from typing import Any

import pytest
from sqlmodel import select

from models.clock import today
from models.database import session
from models.rules.admission_terms import Ground
from models.tables.organisations import Agency
from tests.desk import Desk, all_text, title

FIRST, SECOND = "91210231MA0XY0002H", "91210231MA0XY0004D"
PRIVATE = {"在办对子", "在办申请", "从业人数", "联系人"}


@pytest.mark.parametrize(
    ("who", "private"),
    [("reviewer", PRIVATE), ("bureau", PRIVATE), ("leader", PRIVATE), ("agency", set())],
)
def test_the_register_and_its_public_columns(desk: Desk, who: str, private: set[str]) -> None:
    page = desk.open("/agencies", who)
    shown = page.dataframe[0].value
    assert len(shown) == 2
    assert set(shown.columns) & PRIVATE == private
    assert "共 2 家" in all_text(page)


def test_filters(desk: Desk) -> None:
    page = desk.open("/agencies", "reviewer", service="software_copyright")
    assert list(page.dataframe[0].value["机构名称 ↑"]) == ["大连示例甲机构有限公司"]
    page = desk.open("/agencies", state="suspended")
    assert not page.dataframe
    page.selectbox(key="filter_state").set_value("admitted").run()
    assert "admitted" in page.query_params["state"]
    assert len(page.dataframe[0].value) == 2


def test_the_card_and_who_sees_what_of_it(desk: Desk) -> None:
    page = desk.open("/agencies", "lead", uscc=FIRST)
    assert title(page) == "大连示例甲机构有限公司"
    assert "6222020200001111" in all_text(page)
    assert len(page.dataframe) == 2
    page = desk.open("/agencies", "auditor", uscc=FIRST)
    assert "6222020200001111" not in all_text(page)
    assert {button.key for button in page.button} & {"edit_agency", "suspend", "remove"} == set()


def test_another_agency_s_card_is_public_only(desk: Desk) -> None:
    page = desk.open("/agencies", "agency", uscc=SECOND)
    said = all_text(page)
    assert title(page) == "大连示例乙机构有限公司"
    assert "收款账户" not in said
    assert not page.dataframe
    own = desk.open("/agencies", uscc=FIRST)
    assert "6222020200001111" in all_text(own)


def test_a_code_that_names_nothing(desk: Desk) -> None:
    assert "没有这个信用代码" in all_text(desk.open("/agencies", "reviewer", uscc="x"))


# ---------------------------------------------------------------- what the alliance changes

DIALOG = """
from components import agency_form
from components.attempt import found
from components.look import title_row
from components.shell import open_page
from models.database import session
from models.queries.agencies import agency_card
from models.queries.claims import services_listed
from models.rules.roles import Permission

visit = open_page(Permission.edit_agencies)
title_row("-")
with session() as current:
    services = services_listed(current)
card = found(agency_card, visit.actor, {uscc!r}, visit.today)
given = {{"visit": visit, "card": card, "services": services}}
getattr(agency_form, {name!r})(*[given[name] for name in {given!r}])
"""


def dialog(desk: Desk, name: str, *given: str) -> Any:
    """A dialog standing open: AppTest closes one with every run, so a page of its own keeps it."""
    from streamlit.testing.v1 import AppTest

    desk.sit("reviewer" if name == "edit_agency_dialog" else "lead")
    script = DIALOG.format(uscc=FIRST, name=name, given=given)
    return AppTest.from_string(script, default_timeout=60).run()


def agency(desk: Desk) -> Agency:
    """The world's agency on record."""
    with session(desk.zone.world.engine) as current:
        return current.exec(select(Agency).where(Agency.uscc == FIRST)).one()


def test_the_buttons_open_the_dialogs_that_fit(desk: Desk) -> None:
    offered = {"edit_agency", "edit_scopes", "suspend", "lift", "remove"}
    page = desk.open("/agencies", "reviewer", uscc=FIRST)
    assert offered & {button.key for button in page.button} == {"edit_agency"}
    page = desk.open("/agencies", "lead", uscc=FIRST)
    assert offered & {button.key for button in page.button} == offered - {"lift"}
    for key in ("edit_agency", "edit_scopes", "suspend", "remove"):
        page.button(key=key).click().run()
        assert page.button(key="save_agency").label


def test_suspending_asks_for_a_reason_and_lifting_takes_it_back(desk: Desk) -> None:
    page = dialog(desk, "suspend_dialog", "visit", "card")
    assert page.button(key="save_agency").disabled  # no ground was chosen
    page.selectbox(key="agency_ground").set_value(Ground.complaint).run()
    page.button(key="save_agency").click().run()
    assert "请写明理由" in all_text(page)
    page.text_area(key="agency_reason").set_value("核查投诉")
    page.button(key="save_agency").click().run()
    assert "须注明投诉编号或考评期次" in all_text(page)
    page.text_input(key="agency_reference").set_value("TS-2026-001")
    page.button(key="save_agency").click().run()
    assert "已暂停“大连示例甲机构有限公司”" in all_text(page)
    assert agency(desk).suspended_from == today()
    page = desk.open("/agencies", uscc=FIRST)
    page.button(key="lift").click().run()
    page = dialog(desk, "lift_dialog", "card")
    page.text_area(key="agency_reason").set_value("核查无误")
    page.button(key="save_agency").click().run()
    assert agency(desk).suspended_from is None


def test_scopes(desk: Desk) -> None:
    page = dialog(desk, "scopes_dialog", "card", "services")
    page.multiselect(key="agency_scopes").set_value(["hnte_first"])
    page.text_area(key="agency_reason").set_value("只做高企")
    page.button(key="save_agency").click().run()
    assert "服务范围已调整" in all_text(page)


def test_contact_and_payee(desk: Desk) -> None:
    page = dialog(desk, "edit_agency_dialog", "visit", "card")
    assert page.text_input(key="agency_payee_account").value == ""
    page.text_input(key="agency_contact_name").set_value("李四")
    page.number_input(key="agency_staff").set_value(26)
    page.button(key="save_agency").click().run()
    assert "已保存修改" in all_text(page)
    kept = agency(desk)
    assert (kept.contact_name, kept.staff_count, kept.payee_account) == (
        "李四",
        26,
        "6222020200001111",
    )
    page = dialog(desk, "edit_agency_dialog", "visit", "card")
    page.button(key="save_agency").click().run()
    assert "没有改动" in all_text(page)


def test_leaving(desk: Desk) -> None:
    page = dialog(desk, "remove_dialog", "visit", "card")
    page.selectbox(key="agency_ground").set_value(Ground.own_wish).run()
    page.text_area(key="agency_reason").set_value("自愿退出")
    page.button(key="save_agency").click().run()
    assert "已退出名录" in all_text(page)
    assert agency(desk).removed_on == today()
    page = desk.open("/agencies", uscc=FIRST)
    assert {"suspend", "lift", "remove"} & {button.key for button in page.button} == set()
