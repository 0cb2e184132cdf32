"""入会审查: the list, an application's card, and the steps taken on it; and what others are not shown."""

from __future__ import annotations

import io
from functools import partial
from typing import Any

import pytest
from openpyxl import load_workbook

from components import admission_list
from components.admission_list import admission_columns
from components.tables import _workbook
from models.actions.admission_review import pass_to_decision, refuse_admission
from models.actions.admission_steps import look_again
from models.actions.agencies import suspend_agency
from models.database import session
from models.queries.admissions import AdmissionFilter
from models.queries.claims import services_listed
from models.rules.admission import AdmissionAction, AdmissionState
from models.rules.admission_terms import AdmissionReason, Cause, CriterionVerdict, Ground
from tests.applicants import (
    AGENCY,
    ENTRY,
    NEW,
    OWN,
    UNMET,
    applied,
    entered,
    examined,
    reviewed,
    state,
    step,
)
from tests.desk import Desk, all_text, title
from tests.pacts import act
from tests.pages.test_members import names
from tests.world import TODAY

S, A = AdmissionState, AdmissionAction


def choose(page: Any, action: AdmissionAction) -> Any:
    """Choose a step in the form."""
    (pills,) = [group for group in page.button_group if group.key.startswith("admission_RH")]
    return pills.set_value(action).run()


def verdict(page: Any, code: str, found: CriterionVerdict) -> Any:
    """Choose a verdict beside a criterion."""
    (one,) = [
        group for group in page.button_group
        if group.key.startswith("verdict_") and group.key.endswith(code)
    ]  # fmt: skip
    return one.set_value(found).run()


def take(page: Any) -> Any:
    """Press the form's one button."""
    return page.button(key="take_admission_step").click().run()


# ---------------------------------------------------------------- the list


@pytest.mark.parametrize("who", ["reviewer", "lead", "auditor", "administrator"])
def test_the_list_opens_for_who_reads_it(desk: Desk, who: str) -> None:
    number = applied(desk.zone.world)
    page = desk.open("/admissions", who)
    assert title(page) == "入会审查"
    assert number in names(page)
    buttons = {button.key for button in page.button}
    assert ("enter_application" in buttons) == (who in ("reviewer", "lead"))


@pytest.mark.parametrize("who", ["bureau", "finance", "leader", "enterprise"])
def test_it_is_closed_to_the_others(desk: Desk, who: str) -> None:
    number = applied(desk.zone.world)
    page = desk.open("/admissions", who, application=number)
    assert ENTRY.name not in all_text(page)


def test_an_agency_sees_its_own(desk: Desk) -> None:
    number = applied(desk.zone.world)
    own = applied(desk.zone.world, "agency", OWN)
    page = desk.open("/admissions", "agency")
    assert (own in names(page), number in names(page)) == (True, False)
    assert "没有这个编号的入会申请" in all_text(desk.open("/admissions", application=number))


def test_the_list_says_what_would_fill_it_and_is_filtered_by_the_address(desk: Desk) -> None:
    number = applied(desk.zone.world)
    page = desk.open("/admissions", "reviewer", state="admitted", kind="extend")
    assert "没有符合条件的入会申请" in all_text(page)
    assert number in names(desk.open("/admissions", q="丙机构", pile="turn", kind="first"))


def test_the_download_holds_what_is_shown(desk: Desk) -> None:
    number = applied(desk.zone.world)
    desk.open("/admissions", "reviewer")
    with session(desk.zone.world.engine) as current:
        columns = admission_columns(services_listed(current))
        query = partial(admission_list._all, AdmissionFilter())
        content = _workbook("入会申请", columns, query, current, desk.zone.world.people["reviewer"])
    rows = list(load_workbook(io.BytesIO(content)).active.values)
    assert any(number in row and ENTRY.name in row for row in rows)


# ---------------------------------------------------------------- the card


def test_a_reviewer_gives_verdicts_and_returns_with_all_faults(desk: Desk) -> None:
    world = desk.zone.world
    number = applied(world)
    page = desk.open("/admissions", "reviewer", application=number)
    assert title(page).replace("\\", "") == number
    assert "还没有审查意见" in all_text(page)
    for code in ("A01", "A03", "A04", "A05", "A06", "A07", "A08"):
        page = verdict(page, code, CriterionVerdict.met)
    page = verdict(page, "A02", CriterionVerdict.not_met)
    (why,) = [field for field in page.text_input if field.key.endswith("A02_note")]
    page = why.input("没有 **花名册**").run()
    page = take(page)
    assert "已填写审查意见" in all_text(page)
    page = choose(page, A.return_application)
    page = page.multiselect[0].set_value([AdmissionReason.staff_unfit]).run()
    assert "上传人员花名册和资格证书" in all_text(page)
    page = take(page)
    assert state(world, number) is S.returned
    said = all_text(desk.open("/admissions", "importer", application=number))
    assert "不符合或待查证的条件：A02" in said
    assert "没有 \\*\\*花名册\\*\\*" in said


def test_verdicts_not_saved_go_with_the_passing_on(desk: Desk) -> None:
    world = desk.zone.world
    number = applied(world)
    examined(world, number)
    page = desk.open("/admissions", "reviewer", application=number)
    page = verdict(page, "A05", CriterionVerdict.unknown)
    (why,) = [field for field in page.text_input if field.key.endswith("A05_note")]
    page = why.input("未审计").run()
    page = take(choose(page, A.pass_to_decision))
    assert state(world, number) is S.reviewed
    assert "未审计" in all_text(desk.open("/admissions", "lead", application=number))


def test_a_verdict_without_its_reason_is_refused_in_words(desk: Desk) -> None:
    number = applied(desk.zone.world)
    page = desk.open("/admissions", "reviewer", application=number)
    page = take(verdict(page, "A01", CriterionVerdict.not_met))
    assert "条件 A01 不符合或待查证，请写明原因" in all_text(page)


def test_the_lead_admits_and_the_agency_stands_in_the_register(desk: Desk) -> None:
    world = desk.zone.world
    number = reviewed(world)
    page = take(desk.open("/admissions", "lead", application=number))
    assert state(world, number) is S.admitted
    assert f"[{NEW}](/agencies?uscc={NEW})" in all_text(page)
    card = all_text(desk.open("/agencies", uscc=NEW))
    assert "资格变动" in card
    assert "准予入会" in card


def test_what_was_refused_is_taken_up_again(desk: Desk) -> None:
    world = desk.zone.world
    number = applied(world)
    examined(world, number, A06=UNMET)
    step(world, "reviewer", pass_to_decision, number, "")
    page = desk.open("/admissions", "lead", application=number)
    assert "必备条件 A06 不符合" in all_text(page)
    step(world, "lead", refuse_admission, number, (AdmissionReason.bad_record,), "")
    page = desk.open("/admissions", "importer", application=number)
    assert "说明情况，附已整改、已修复的证明" in all_text(page)
    take(page)
    assert state(world, number) is S.draft


def test_an_agency_hands_in_what_is_whole_and_is_told_what_is_missing(desk: Desk) -> None:
    world = desk.zone.world
    number = entered(world, "agency", OWN)
    page = desk.open("/admissions", "agency", application=number)
    assert "条件 A01 缺少证明材料" in all_text(page)
    page = take(page)
    assert "申请尚不能提交" in all_text(page)
    page = choose(page, A.give_up_application)
    (why,) = [area for area in page.text_area if area.key.endswith("_words")]
    take(why.input("不增加了").run())
    assert state(world, number) is S.withdrawn


def test_a_button_pressed_on_what_is_no_longer_so_tells_who_changed_it(desk: Desk) -> None:
    world = desk.zone.world
    number = reviewed(world)
    page = desk.open("/admissions", "lead", application=number)
    step(world, "lead2" if "lead2" in world.people else "reviewer", look_again, number)
    with desk.zone.writing() as current:
        refuse_admission(
            current, world.people["lead"], number, (AdmissionReason.otherwise,), "",
            page_version(world, number),
        )  # fmt: skip
    page = take(page)
    assert "未保存" in all_text(page)
    assert state(world, number) is S.refused


def page_version(world: Any, number: str) -> int:
    """The version there is now."""
    from tests.applicants import row

    return row(world, number).version


def test_a_reader_has_no_form(desk: Desk) -> None:
    number = applied(desk.zone.world)
    page = desk.open("/admissions", "auditor", application=number)
    assert "办理" not in {heading.value for heading in page.subheader}
    assert "take_admission_step" not in {button.key for button in page.button}


def test_what_waits_stands_on_the_start_page(desk: Desk) -> None:
    applied(desk.zone.world)
    page = desk.open("/", "reviewer")
    links = [link.proto.label for link in page.get("page_link")]
    assert any("入会申请等我办理" in label for label in links)


def test_only_the_lead_has_the_buttons_of_the_qualification(desk: Desk) -> None:
    world = desk.zone.world
    cause = Cause(Ground.complaint, "TS-2026-00001")
    act(world, "lead", suspend_agency, AGENCY, TODAY, None, "核查", cause)
    page = desk.open("/agencies", "lead", uscc=AGENCY)
    assert {"lift", "remove", "edit_scopes"} <= {button.key for button in page.button}
    assert "投诉查实 TS-2026-00001" in all_text(page).replace("\\", "")
    page = desk.open("/agencies", "reviewer", uscc=AGENCY)
    keys = {button.key for button in page.button}
    assert ("edit_agency" in keys, "lift" in keys, "edit_scopes" in keys) == (True, False, False)


# ---------------------------------------------------------------- the criteria


def test_a_criterion_is_drafted_on_its_card(desk: Desk) -> None:
    page = desk.open("/policies", "reviewer", view="criteria")
    assert "A07" in names(page)
    card = desk.open("/policies", "reviewer", view="criteria", item="A07")
    assert title(card).startswith("A07")
    (reason,) = [field for field in card.text_input if field.key.startswith("change_reason")]
    reason.input("措辞更清楚")
    done = card.button(key="draft_item").click().run()
    assert "已起草，待另一人确认" in all_text(done)
    new = desk.open("/policies", "reviewer", view="criteria", item="A09")
    faults = new.button(key="draft_item").click().run()
    assert all_text(faults).count("请填写") >= 6
