"""合作对子: the register, an agreement's card, and the steps taken on it; and what a party is not shown."""

from __future__ import annotations

import io
from datetime import timedelta
from functools import partial
from typing import Any

import pytest
from openpyxl import load_workbook

from components import agreement_list
from components.agreement_list import agreement_columns
from components.tables import _workbook
from models.actions.agreement_progress import (
    add_milestone,
    begin_work,
    fail_agreement,
    record_advance,
)
from models.actions.agreement_results import record_result
from models.actions.agreements import confirm_filing, file_agreement
from models.actions.confirming import ask_enterprise
from models.clock import today
from models.database import session
from models.queries.agreement_card import agreement_card
from models.queries.agreements import AgreementFilter
from models.queries.claims import services_listed
from models.rules.agreement_life import AgreementState, Attribution, CostBearer, LifeAction
from models.rules.agreement_terms import AgreementTerms
from models.tables.organisations import Enterprise, HnteStatus
from tests.desk import Desk, all_text, title
from tests.pacts import SCAN, SOFTWARE, drafted, state, step
from tests.pages.test_members import address, names

FIRST = "XY-2026-001"
MEMBER = "91210231MA0XY0001K"


def draft(desk: Desk) -> str:
    """A draft of the first agency for the first enterprise."""
    terms = AgreementTerms(today(), 200_000, "software_registration", "一项**软著**", None, 0)
    return drafted(desk.zone.world, enterprise_uscc=MEMBER, service_code=SOFTWARE, terms=terms)


def bring_to_result(desk: Desk, number: str) -> None:
    """A draft filed, confirmed, begun, and its certificate obtained."""
    world, result = desk.zone.world, ("software_registration", "2026SR0000077", today(), SCAN)
    step(world, "agency", file_agreement, number, SCAN)
    step(world, "bureau", confirm_filing, number)
    step(world, "agency", begin_work, number, today())
    step(world, "agency", record_result, number, *result)


def choose(page: Any, action: LifeAction) -> Any:
    """Choose a step in the form."""
    pills, *_fields = [group for group in page.button_group if group.key.startswith("step_")]
    return pills.set_value(action).run()


def tables(page: Any) -> str:
    """What the page's small tables say."""
    return " ".join(table.value.to_csv() for table in page.table)


# ---------------------------------------------------------------- the register


@pytest.mark.parametrize("who", ["reviewer", "bureau", "leader", "auditor", "finance"])
def test_the_register_opens_for_who_reads_it(desk: Desk, who: str) -> None:
    page = desk.open("/agreements", who)
    assert title(page) == "合作对子"
    assert "共 2 份" in all_text(page)
    assert FIRST in names(page)


def test_a_party_sees_its_own_and_an_agency_may_draft(desk: Desk) -> None:
    page = desk.open("/agreements", "agency")
    assert names(page) == [FIRST]
    assert page.button(key="draft_agreement").label == "起草服务协议"
    own = desk.open("/agreements", "enterprise")
    assert names(own) == [FIRST]
    assert "draft_agreement" not in {button.key for button in own.button}


def test_the_address_filters_and_says_what_would_fill_an_empty_list(desk: Desk) -> None:
    number = draft(desk)
    assert names(desk.open("/agreements", "lead", state="draft")) == [number]
    assert names(desk.open("/agreements", "lead", service=SOFTWARE, year=str(today().year))) == [
        number
    ]
    assert len(names(desk.open("/agreements", "agency", pile="turn"))) == 1
    empty = desk.open("/agreements", "bureau", pile="turn")
    assert "没有符合条件的服务协议" in all_text(empty)
    page = desk.open("/agreements", "lead")
    page.selectbox(key="filter_state").set_value("under_way").run()
    assert address(page) == {"state": "under_way"}


def test_the_download_has_the_columns_of_the_screen(desk: Desk) -> None:
    with session(desk.zone.world.engine) as current:
        columns = agreement_columns(services_listed(current))
        content = _workbook(
            "合作对子", columns, partial(agreement_list._all, AgreementFilter()), current,
            desk.zone.world.people["agency"],
        )  # fmt: skip
    rows = list(load_workbook(io.BytesIO(content)).active.iter_rows(min_row=2, values_only=True))
    assert rows[0] == tuple(column.title for column in columns)
    assert [row[0] for row in rows[1:]] == [FIRST]


# ---------------------------------------------------------------- the card


def test_a_card_states_the_terms_and_the_fee_of_zero(desk: Desk) -> None:
    page = desk.open("/agreements", "leader", agreement=FIRST)
    assert title(page) == FIRST.replace("-", r"\-")
    said = all_text(page)
    for words in (
        "36,000.00",
        "预收费用（元）",
        "BA\\-2026\\-001",
        "政府补贴",
        "没有逐步记录",
    ):
        assert words in said, words
    assert "take_step" not in {button.key for button in page.button}


def test_the_history_says_of_what_each_step_speaks(desk: Desk) -> None:
    world = desk.zone.world
    step(world, "agency", add_milestone, FIRST, "材料**齐备**", today())
    step(world, "agency", record_advance, FIRST, 123_456, today())
    said = all_text(desk.open("/agreements", "lead", agreement=FIRST))
    for words in ("材料\\*\\*齐备\\*\\*", "1,234.56 元", "登记垫资"):
        assert words in said, words


def test_typed_words_are_shown_as_they_are(desk: Desk) -> None:
    page = desk.open("/agreements", "lead", agreement=draft(desk))
    assert "一项\\*\\*软著\\*\\*" in all_text(page)


def test_an_enterprise_is_not_sent_where_it_may_not_go(desk: Desk) -> None:
    said = all_text(desk.open("/agreements", "enterprise", agreement=FIRST))
    assert "/members?uscc" not in said
    assert "/agencies?uscc" not in said
    assert "补贴申请" not in said


def test_another_agencys_agreement_looks_like_none(desk: Desk) -> None:
    page = desk.open("/agreements", "agency2", agreement=FIRST)
    assert title(page) == "合作对子"
    assert "没有这个编号的服务协议" in all_text(page)


# ---------------------------------------------------------------- the steps


def test_the_office_returns_a_filing_with_reasons_and_the_agency_sees_them(desk: Desk) -> None:
    world, number = desk.zone.world, draft(desk)
    step(world, "agency", file_agreement, number, SCAN)
    page = choose(desk.open("/agreements", "bureau", agreement=number), LifeAction.return_filing)
    page.button(key="take_step").click().run()
    assert "请至少选择一项理由" in page.error[0].value
    (reasons,) = page.multiselect
    reasons.set_value(["R01", "R18"])
    (note,) = page.text_area
    note.set_value("缺骑缝章")
    page.button(key="take_step").click().run()
    assert state(world, number) is AgreementState.returned
    said = all_text(desk.open("/agreements", "agency", agreement=number))
    for words in ("备案退回", "R01 材料不齐或未盖章", "R18", "缺骑缝章", "按清单一次补齐"):
        assert words in said, words


def test_the_office_confirms_and_the_number_is_shown(desk: Desk) -> None:
    world, number = desk.zone.world, draft(desk)
    step(world, "agency", file_agreement, number, SCAN)
    page = desk.open("/agreements", "bureau", agreement=number)
    assert page.button(key="take_step").label == "确认备案并发给备案号"
    page.button(key="take_step").click().run()
    assert state(world, number) is AgreementState.confirmed
    assert f"BA\\-{today().year}\\-00001" in all_text(page)


def test_a_result_leads_to_its_claim_and_a_filing_to_its_letter(desk: Desk) -> None:
    number = draft(desk)
    bring_to_result(desk, number)
    way = f"new={number}&kind=software_registration&result=2026SR0000077&obtained={today()}"
    page = desk.open("/agreements", "agency", agreement=number)
    assert way in tables(page)
    assert f"/files/letters/agreements/{number}" in all_text(page)
    assert way not in tables(desk.open("/agreements", "enterprise", agreement=number))
    asked = dict(part.split("=") for part in way.split("&"))
    assert "2026SR0000077" in [
        box.value for box in desk.open("/claims", "agency", **asked).text_input
    ]


def test_the_alliance_asks_the_enterprise_before_there_is_a_claim(desk: Desk) -> None:
    number = draft(desk)
    bring_to_result(desk, number)
    asks = {
        who: [
            button.key
            for button in desk.open("/agreements", who, agreement=number).button
            if str(button.key).startswith("ask_enterprise_")
        ]
        for who in ("reviewer", "lead", "agency", "enterprise", "bureau", "auditor")
    }
    assert {who for who, buttons in asks.items() if buttons} == {"reviewer", "lead"}
    with desk.zone.writing() as current:
        card = agreement_card(current, desk.zone.world.people["lead"], number)
        ask_enterprise(current, desk.zone.world.people["lead"], card.id, card.results[0].result_id)
    assert "尚未答复" in all_text(desk.open("/agreements", "reviewer", agreement=number))
    waiting = tables(desk.open("/", "reviewer"))
    assert f"(/agreements?agreement={number})" in waiting


def test_a_faulty_draft_is_told_before_it_is_filed(desk: Desk) -> None:
    terms = AgreementTerms(today(), 200_000)
    number = drafted(desk.zone.world, enterprise_uscc=MEMBER, service_code=SOFTWARE, terms=terms)
    page = desk.open("/agreements", "agency", agreement=number)
    assert "请选择预期成果" in all_text(page)
    page = choose(page, LifeAction.edit_agreement)
    (kind,) = [box for box in page.selectbox if box.key.endswith("_kind")]
    kind.set_value("software_registration")
    (fee,) = [field for field in page.text_input if field.key.endswith("_fee")]
    fee.set_value("一千")
    page.button(key="take_step").click().run()
    assert "不是金额" in page.error[0].value
    (fee,) = [field for field in page.text_input if field.key.endswith("_fee")]
    fee.set_value("1,000.00")
    page.button(key="take_step").click().run()
    with session(desk.zone.world.engine) as current:
        card = agreement_card(current, desk.zone.world.people["agency"], number)
    assert (card.terms.fee_fen, card.faults) == (100_000, ())


def test_a_stale_page_is_told_and_changes_nothing(desk: Desk) -> None:
    world, number = desk.zone.world, draft(desk)
    step(world, "agency", file_agreement, number, SCAN)
    page = desk.open("/agreements", "bureau", agreement=number)
    newcomer = desk.zone.newcomer("bureau9", next(iter(world.people["bureau"].roles)))
    step(world, newcomer, confirm_filing, number)
    page.button(key="take_step").click().run()
    assert "确认备案" in page.error[0].value
    assert state(world, number) is AgreementState.confirmed


def test_what_is_barred_is_said_with_its_reason(desk: Desk) -> None:
    page = desk.open("/agreements", "agency", agreement=FIRST)
    assert "办结协议：还没有登记成果" in all_text(page)


def test_a_session_ended_meanwhile_refuses_the_button_already_drawn(desk: Desk) -> None:
    world, number = desk.zone.world, draft(desk)
    step(world, "agency", file_agreement, number, SCAN)
    page = desk.open("/agreements", "bureau", agreement=number)
    desk.sit(None)
    page.button(key="take_step").click().run()
    assert state(world, number) is AgreementState.filed


OPEN_TO_AGENCY = (
    LifeAction.add_milestone, LifeAction.record_advance, LifeAction.record_result,
    LifeAction.propose_amendment, LifeAction.fail_agreement, LifeAction.end_agreement,
)  # fmt: skip


@pytest.mark.parametrize("action", OPEN_TO_AGENCY)
def test_a_step_without_what_it_needs_is_refused_in_words(desk: Desk, action: LifeAction) -> None:
    page = choose(desk.open("/agreements", "agency", agreement=FIRST), action)
    assert not page.exception
    page.button(key="take_step").click().run()
    assert not page.exception
    assert page.error
    assert state(desk.zone.world, FIRST) is AgreementState.under_way


def test_the_way_from_a_member_and_home_leads_here(desk: Desk) -> None:
    home = all_text(desk.open("/", "enterprise"))
    assert f"/agreements?agreement={FIRST}" in home


def test_what_waits_is_said_at_home(desk: Desk) -> None:
    number = draft(desk)
    links = [link.label for link in desk.open("/", "agency").get("page_link")]
    assert "合作对子等我办理 1" in links
    step(desk.zone.world, "agency", file_agreement, number, SCAN)
    links = [link.label for link in desk.open("/", "bureau").get("page_link")]
    assert "合作对子等我办理 1" in links


def test_a_lapsing_certificate_is_reminded_of(desk: Desk) -> None:
    with desk.zone.writing() as current:
        enterprise = current.get_one(Enterprise, desk.zone.world.enterprise_id)
        enterprise.hnte_status = HnteStatus.recognised
        enterprise.certified_on = today() - timedelta(days=3 * 365 - 60)
        current.add(enterprise)
    page = desk.open("/members", "reviewer")
    assert "1 家企业的高企证书将在 180 天内到期" in page.button(key="lapsing").label
    page.button(key="lapsing").click().run()
    assert address(page) == {"lapsing": "yes"}
    assert names(page) == ["大连示例子企业有限公司"]


# ---------------------------------------------------------------- contested, at the counter


def test_a_failure_is_contested_and_decided_on_screen(desk: Desk) -> None:
    world = desk.zone.world
    step(world, "enterprise", fail_agreement, FIRST, Attribution.agency, CostBearer.agency, "逾期")
    page = desk.open("/agreements", "agency", agreement=FIRST)
    (reason,) = [one for one in page.text_area if one.key.endswith("_words")]
    reason.set_value("企业未提供材料")
    page.button(key="take_step").click().run()
    said = all_text(desk.open("/agreements", "enterprise", agreement=FIRST))
    assert "待裁定" in said
    assert "企业未提供材料" in said
    lead = desk.open("/agreements", "lead", agreement=FIRST)
    choose(lead, LifeAction.dismiss_contest)
    (why,) = [one for one in lead.text_area if one.key.endswith("_words")]
    why.set_value("材料齐全")
    lead.button(key="take_step").click().run()
    assert "维持原归因" in all_text(desk.open("/agreements", "leader", agreement=FIRST))
    assert not list(desk.open("/agreements", "lead", agreement=FIRST).text_area)


def test_the_alliance_asks_the_enterprise_from_the_agreement(desk: Desk) -> None:
    number = draft(desk)
    world = desk.zone.world
    step(world, "agency", file_agreement, number, SCAN)
    step(world, "bureau", confirm_filing, number)
    step(world, "agency", begin_work, number, today())
    step(world, "agency", record_result, number, "software_registration", "2026SR0000088",
         today(), SCAN)  # fmt: skip
    page = desk.open("/agreements", "reviewer", agreement=number)
    assert [one.label for one in page.button if one.key.startswith("ask_enterprise")] == [
        "请企业确认"
    ]
    assert "2026SR0000088" in all_text(page)
    for who in ("agency", "leader", "bureau"):
        own = desk.open("/agreements", who, agreement=number)
        assert not [one for one in own.button if (one.key or "").startswith("ask_enterprise")]


def test_the_counter_may_draft_for_an_agency(desk: Desk) -> None:
    keys = {who: {one.key for one in desk.open("/agreements", who).button} for who in
            ("reviewer", "lead", "agency", "bureau", "leader")}  # fmt: skip
    assert {who for who, found in keys.items() if "draft_for_agency" in found} == {
        "reviewer", "lead",
    }  # fmt: skip
