"""投诉: the list, a complaint's card, its steps by each side, and what a party is not shown."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from models.actions.complaints import accept_complaint, answer_complaint, withdraw_complaint
from models.rules.complaints import ComplaintKind, ComplaintState
from models.rules.roles import Role
from tests.conduct import (
    AGREEMENT,
    ANSWER,
    FOUND,
    LETTER,
    accepted,
    answered,
    complaint,
    filed,
    take,
    upheld,
)
from tests.desk import Desk, all_text, title
from tests.pages.test_members import names

if TYPE_CHECKING:
    from streamlit.testing.v1 import AppTest

SAID = "**先付** $2,000$ <b>加急费</b>"
NAME = "大连示例子企业有限公司"


def keys(page: AppTest) -> set[str]:
    """The buttons of a page."""
    return {str(button.key) for button in page.button}


def choose(page: AppTest, action: str) -> None:
    """Choose a step in the form."""
    (pills,) = [one for one in page.get("button_group") if "complaint_TS" in str(one.key)]
    pills.set_value(action).run()


def write(page: AppTest, words: str) -> None:
    """Write into the form's text, and press its button."""
    (area,) = page.text_area
    area.set_value(words)
    page.button(key="take_complaint_step").click().run()


def test_the_list_shows_each_its_own(desk: Desk) -> None:
    empty = desk.open("/complaints", "enterprise")
    assert "没有符合条件的投诉" in all_text(empty)
    assert empty.button(key="file_complaint").label == "提出投诉"
    number = filed(desk.zone.world, said=SAID)
    assert names(desk.open("/complaints", "enterprise")) == [number]
    assert names(desk.open("/complaints", "lead", pile="turn")) == [number]
    assert names(desk.open("/complaints", "auditor", kind="fee_up_front")) == [number]
    assert not desk.open("/complaints", "auditor", kind="fraud").dataframe
    agency = desk.open("/complaints", "agency")
    assert not agency.dataframe
    assert "关于本机构的投诉受理后出现在这里" in all_text(agency)
    assert not keys(agency) & {"file_complaint", "take_complaint_step"}
    lost = desk.open("/complaints", "agency", complaint=number)
    assert "没有这个编号的投诉" in all_text(lost)


def test_accepted_answered_and_decided_on_the_card(desk: Desk) -> None:
    world = desk.zone.world
    number = filed(world, said=SAID, papers=LETTER)
    page = desk.open("/complaints", "reviewer", complaint=number)
    assert title(page) == number.replace("-", "\\-")
    said = all_text(page)
    for words in ("\\*\\*先付\\*\\*", NAME, "企业提出", "余 5 个工作日", "受理期限", "证据.pdf"):
        assert words in said, words
    page.button(key="take_complaint_step").click().run()
    assert complaint(world, number).state is ComplaintState.accepted
    assert "认定投诉成立、认定投诉不成立：您已对这件投诉办理过“受理投诉”" in all_text(page)

    agency = desk.open("/complaints", "agency", complaint=number)
    shown = all_text(agency)
    assert "身份保密" in shown
    assert NAME not in shown
    assert "证据.pdf" not in shown
    agency.button(key="take_complaint_step").click().run()
    assert "请写明理由和事实" in agency.error[0].value
    write(agency, ANSWER)
    assert complaint(world, number).state is ComplaintState.answered

    barred = all_text(desk.open("/complaints", "reviewer", complaint=number))
    assert "您已对这件投诉办理过“受理投诉”" in barred
    lead = desk.open("/complaints", "lead", complaint=number)
    assert "take_complaint_step" not in keys(lead), "nothing is decided by the form"
    choose(lead, "uphold_complaint")
    assert "等级最高为 D" in all_text(lead)
    lead.selectbox[0].set_value(ComplaintKind.service).run()
    assert "等级最高为 D" not in all_text(lead)
    write(lead, FOUND)
    row = complaint(world, number)
    assert (row.state, row.found_kind) == (ComplaintState.upheld, ComplaintKind.service)
    own = all_text(desk.open("/complaints", "enterprise", complaint=number))
    for words in ("投诉成立", "认定类别：服务质量", FOUND, "可申请复核至", "联盟"):
        assert words in own, words
    assert "lead 1" not in own


def test_a_review_is_asked_for_on_the_card(desk: Desk) -> None:
    world = desk.zone.world
    number = upheld(world)
    page = desk.open("/complaints", "agency", complaint=number)
    write(page, "事实不符")
    assert complaint(world, number).state is ComplaintState.reopened
    reader = desk.open("/complaints", "auditor", complaint=number)
    assert "take_complaint_step" not in keys(reader)
    assert "事实不符" in all_text(reader)


def test_what_was_on_screen_must_still_be_so(desk: Desk) -> None:
    world = desk.zone.world
    number = answered(world)
    page = desk.open("/complaints", "lead", complaint=number)
    choose(page, "dismiss_complaint")
    take(world, "enterprise", withdraw_complaint, number, "已协商解决")
    page.button(key="take_complaint_step").click().run()
    assert "未保存" in page.error[0].value
    assert complaint(world, number).state is ComplaintState.withdrawn


def test_a_turned_away_complaint_says_why(desk: Desk) -> None:
    world = desk.zone.world
    number = filed(world)
    page = desk.open("/complaints", "lead", complaint=number)
    choose(page, "turn_away_complaint")
    write(page, "不属于受理范围")
    assert complaint(world, number).state is ComplaintState.not_accepted
    own = desk.open("/complaints", "enterprise", complaint=number)
    assert "不属于受理范围" in all_text(own)
    assert own.button(key="take_complaint_step").label == "申请复核，由另一人决定"


def test_the_agreement_named_is_a_link_and_names_the_complainant(desk: Desk) -> None:
    number = accepted(desk.zone.world, agreement_number=AGREEMENT)
    page = all_text(desk.open("/complaints", "agency", complaint=number))
    assert NAME in page
    assert f"/agreements?agreement={AGREEMENT}" in page


def test_what_waits_stands_on_the_start_page_and_in_the_inbox(desk: Desk) -> None:
    world = desk.zone.world
    number = filed(world)
    take(world, "reviewer", accept_complaint, number)
    home = desk.open("/", "agency")
    assert "投诉等我办理 1" in [link.label for link in home.get("page_link")]
    assert "等我办理的投诉" in [metric.label for metric in desk.open("/inbox").metric]
    take(world, "agency", answer_complaint, number, ANSWER)
    assert "投诉等我办理" not in str([one.label for one in desk.open("/").get("page_link")])


@pytest.mark.parametrize("who", ["agency2", "enterprise2"])
def test_strangers_are_shown_nothing(desk: Desk, who: str) -> None:
    world = desk.zone.world
    if who == "enterprise2":
        desk.zone.newcomer(who, Role.enterprise)
    number = accepted(world)
    assert not desk.open("/complaints", who).dataframe
    assert "没有这个编号的投诉" in all_text(desk.open("/complaints", who, complaint=number))
