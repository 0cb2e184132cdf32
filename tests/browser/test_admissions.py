"""Admission in a real browser: entered on behalf, refused, taken up again and granted; then the agency
stands in the register and is suggested for its services only."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import TYPE_CHECKING

from playwright.sync_api import expect

from models.actions.admission_review import examine_criteria, pass_to_decision
from models.actions.admissions import answer_criterion
from models.actions.needs import state_need
from models.clock import today
from models.database import session
from models.queries.verification import verify
from models.rules.admission import AdmissionState
from models.rules.admission_terms import CriterionVerdict
from models.tables.agreements import Agreement
from models.tables.organisations import Enterprise
from tests.applicants import codes, examined, scope, state, step
from tests.browser.motions import hacked, heading, press, told
from tests.browser.test_registers import held
from tests.browser.zone import NAUGHTY, PHONE, Zone, running, settle
from tests.pacts import act
from tests.world import PDF

if TYPE_CHECKING:
    from playwright.sync_api import Page

Visit = Callable[..., "Page"]
CODE = "912102002423613009"
NAME = f"丁机构 {NAUGHTY}"[:110]
FORM = ".st-key-admission_step"
PAPER = {"name": "A01 营业执照.pdf", "mimeType": "application/pdf", "buffer": PDF}


def among(page: Page, place: str, words: str) -> None:
    """Choose one more of several from a drop-down."""
    page.locator(f"{place} [data-testid=stMultiSelect] input").fill(words)
    page.locator("[role=option]", has_text=words).first.click()
    page.keyboard.press("Escape")
    settle(page)


def choose(page: Page, words: str) -> None:
    """Choose a step in the form."""
    pill = page.locator(f"{FORM} [role=radio], {FORM} button[kind^=pills]", has_text=words).first
    if pill.get_attribute("aria-checked") != "true":
        with running(page):
            pill.click()


def take(page: Page, said: str) -> None:
    """Press the form's one button, and read that it was done."""
    press(page, f"{FORM} .st-key-take_admission_step button")
    told(page, f"：已{said}")


def again(page: Page) -> None:
    """Look at the application as it is now."""
    page.reload()
    page.locator(".st-key-title_row").wait_for()
    settle(page)


def entered(visit: Visit) -> Page:
    """The alliance enters an application on behalf; its card is open."""
    page = visit("importer", "/admissions")
    press(page, ".st-key-enter_application button")
    dialog = page.get_by_role("dialog")
    dialog.locator(".st-key-save_application").wait_for()
    for label, words in (
        ("统一社会信用代码 *", CODE), ("机构名称 *", NAME), ("联系人 *", "联系人 9"),
        ("联系电话 *", "0411-1"), ("从业人数 *", "8"),
    ):  # fmt: skip
        field = dialog.get_by_label(label)
        field.fill(words)
        field.press("Tab")
    dialog.locator(".st-key-application_registered_on [role=spinbutton]").first.click()
    page.keyboard.type("20240506")
    page.keyboard.press("Escape")
    among(page, ".st-key-application_services", "软件著作权登记")
    dialog.locator(".st-key-save_application button").click()
    told(page, "已录入")
    settle(page)
    return page


def answered(zone: Zone, desk: Page, number: str) -> None:
    """Every required criterion answered, the first on screen, and handed in."""
    press(desk, ".st-key-answer_A01_open button")
    dialog = desk.get_by_role("dialog")
    dialog.get_by_label("说明").fill("见附件")
    with running(desk):
        dialog.locator("input[type=file]").set_input_files(PAPER)
    dialog.locator(".st-key-save_application button").click()
    told(desk, "已保存条件 A01")
    for code in codes(zone.world, required=True)[1:]:
        papers = ((f"{code}.pdf", PDF + code.encode()),)
        step(zone.world, "importer", answer_criterion, number, code, "见附件", papers)
    again(desk)
    take(desk, "提交入会申请")


def examined_on_screen(zone: Zone, visit: Visit, number: str) -> None:
    """A reviewer looks at a paper, gives verdicts and passes the application on; a stranger gets no
    paper."""
    reviewer = visit("reviewer", f"/admissions?application={number}")
    paper = reviewer.get_by_role("link", name="下载").first.get_attribute("href")
    assert reviewer.request.get(f"{zone.address}{paper}").body() == PDF
    for who in ("agency", "bureau"):
        assert visit(who, "/").request.get(f"{zone.address}{paper}").status == 404
    press(reviewer, "[class*=st-key-admission_paper_] button", "A01 营业执照.pdf")
    expect(reviewer.get_by_role("dialog").locator("img")).to_be_visible()
    reviewer.keyboard.press("Escape")
    found = {code: (CriterionVerdict.met, "") for code in codes(zone.world) if code != "A06"}
    step(zone.world, "reviewer", examine_criteria, number, found)
    again(reviewer)
    press(reviewer, ".st-key-criterion_A06 [role=radio]", "不符合")
    with running(reviewer):
        why = reviewer.get_by_label("A06 的原因")
        why.fill("在失信名单上")
        why.press("Tab")
    take(reviewer, "填写审查意见")
    choose(reviewer, "送负责人决定")
    take(reviewer, "送负责人决定")


def test_refused_and_later_granted(zone: Zone, visit: Visit) -> None:
    world = zone.world
    desk = entered(visit)
    number = held(desk.url)["application"]
    assert heading(desk) == number
    answered(zone, desk, number)
    examined_on_screen(zone, visit, number)

    lead = visit("lead", "/admissions?pile=turn")
    lead.goto(f"{zone.address}/admissions?application={number}")
    lead.locator(FORM).wait_for()
    settle(lead)
    expect(lead.locator(FORM)).to_contain_text("必备条件 A06 不符合")
    choose(lead, "不予准入")
    among(lead, FORM, "有失信或处罚记录")
    take(lead, "不予准入")
    assert state(world, number) is AdmissionState.refused

    again(desk)
    expect(desk.locator(".st-key-admission_answer")).to_contain_text("有失信或处罚记录")
    take(desk, "再次申请入会")
    take(desk, "提交入会申请")
    examined(world, number, who="reviewer2")
    step(world, "reviewer2", pass_to_decision, number, "已修复")
    again(lead)
    take(lead, "准予入会")
    assert (state(world, number), scope(world, CODE)) == (
        AdmissionState.admitted, ["software_copyright"],
    )  # fmt: skip

    register = visit("reviewer2", f"/agencies?uscc={CODE}", size=PHONE)
    expect(register.locator(".st-key-page")).to_contain_text("已准入")
    expect(register.locator(".st-key-admission_history")).to_contain_text("准予入会")
    by = today() + timedelta(days=60)
    with session(world.engine) as current:
        agreement = current.get_one(Agreement, zone.pair("大连示例入会企业有限公司"))
        member = current.get_one(Enterprise, agreement.enterprise_id).uscc
    for service, is_suggested in (("software_copyright", True), ("design_patent", False)):
        need = act(world, "importer", state_need, service, "一项", by, member)
        page = visit("importer", f"/needs?need={need}")
        assert ("丁机构" in page.locator(".st-key-page").inner_text()) == is_suggested
    assert not hacked(lead)
    with session(world.engine) as current:
        assert verify(current).is_sound
