"""A claim that goes back: the agency answers on its phone, the bureau asks, and each has its
second round."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from models.rules.claim_workflow import Action, State
from tests.browser.motions import (
    choose,
    claim_page,
    decide,
    give_reason,
    heading,
    left,
    press,
    say,
    sign_in,
    told,
)
from tests.browser.zone import PHONE, Zone, running, settle
from tests.world import PAPERS, PDF

if TYPE_CHECKING:
    from playwright.sync_api import Locator, Page

Visit = Callable[..., "Page"]


def in_sight(answer: Locator) -> None:
    """The answer stands inside the window, below the header, wherever the person had scrolled to."""
    box = answer.bounding_box()
    assert box
    assert 48 <= box["y"] <= PHONE[1] - box["height"]
    assert answer.evaluate(
        "e => {const b = e.getBoundingClientRect();"
        " return e.contains(document.elementFromPoint(b.x + 4, b.y + b.height / 2))}"
    ), "nothing covers it"


def test_the_agency_reads_every_fault_at_once_and_answers_on_its_phone(
    zone: Zone, visit: Visit
) -> None:
    number = zone.file(papers=PAPERS[:3])
    page = visit("reviewer", claim_page(number))
    choose(page, "退回补正")
    give_reason(page, "R01")
    give_reason(page, "R03")
    say(page, "请补交服务费发票，并核对发票金额。")
    decide(page)
    left(page, number)
    assert zone.state(number) is State.returned

    phone = visit(None, claim_page(number), size=PHONE)
    sign_in(phone, "agency")
    for words in ("一次性告知", "R01", "R03", "请补交服务费发票，并核对发票金额。", "联盟初审员 2"):
        told(phone, words)
    answer, findings = (
        phone.locator(there).first.bounding_box()
        for there in (".st-key-answer", "[data-testid=stTable]:has-text('F05')")
    )
    assert answer
    assert findings
    assert answer["y"] < findings["y"], "on a phone the answer comes before the findings"
    with running(phone):
        phone.locator("input[type=file]").set_input_files(
            {"name": "发票.pdf", "mimeType": "application/pdf", "buffer": PDF + b"invoice"}
        )
    press(phone, ".st-key-upload_paper button")
    in_sight(told(phone, "已上传 发票.pdf"))
    phone.locator("summary", has_text="更正申请内容").click()
    with running(phone):
        phone.get_by_label("发票号码").fill("INV-7")
        phone.get_by_label("发票号码").press("Tab")
    with running(phone):
        phone.get_by_label("发票金额（元）").fill("60,000")
        phone.get_by_label("发票金额（元）").press("Tab")
    press(phone, ".st-key-save_correction button")
    told(phone, "的更正已保存")
    press(phone, ".st-key-submit_claim button")
    in_sight(told(phone, "已提交"))
    assert zone.state(number) is State.submitted

    again = visit("reviewer", claim_page(number))
    told(again, "第 2 轮")
    decide(again)
    left(again, number)
    assert zone.state(number) is State.pre_reviewed
    rounds = [(e.action, e.round) for e in zone.events(number) if e.action is not Action.submit]
    assert rounds == [(Action.return_pre_review, 1), (Action.pass_pre_review, 2)]


def test_what_is_no_paper_is_refused_in_words(zone: Zone, visit: Visit) -> None:
    number = zone.file(papers=PAPERS[:3])
    zone.world.step("reviewer", number, Action.return_pre_review, reasons=("R01",))
    phone = visit("agency", claim_page(number), size=PHONE)
    with running(phone):
        phone.locator("input[type=file]").set_input_files(
            {"name": "发票.pdf", "mimeType": "application/pdf", "buffer": b"MZ not a paper"}
        )
    press(phone, ".st-key-upload_paper button")
    in_sight(told(phone, "不是 PDF、PNG 或 JPEG"))
    phone.locator("summary", has_text="更正申请内容").click()
    with running(phone):
        phone.get_by_label("申请金额（元）").fill("五万")
        phone.get_by_label("申请金额（元）").press("Tab")
    press(phone, ".st-key-save_correction button")
    phone.locator("[data-testid=stAlert]").wait_for()
    assert zone.state(number) is State.returned


def test_the_bureau_asks_the_agency_and_decides_its_second_round_itself(
    zone: Zone, visit: Visit
) -> None:
    number = zone.applied()
    page = visit("bureau", claim_page(number))
    choose(page, "请机构补正")
    give_reason(page, "R01")
    say(page, "请确认收款账号无误。")
    decide(page)
    told(page, "请机构补正")
    assert zone.state(number) is State.returned
    phone = visit("agency", claim_page(number), size=PHONE)
    told(phone, "请确认收款账号无误。")
    press(phone, ".st-key-submit_claim button")
    told(phone, "已提交")
    assert zone.state(number) is State.applied, "nothing the offices decided on has changed"
    page.goto(zone.address + claim_page(number))
    told(page, "第 2 轮")
    settle(page)
    decide(page)
    assert zone.state(number) is State.re_reviewed
    by = {e.account_id for e in zone.events(number) if e.office == "re_review"}
    assert by == {zone.world.people["bureau"].account_id}


def test_the_next_office_sees_what_the_one_before_saw(zone: Zone, visit: Visit) -> None:
    page = visit("bureau", "/claims?pile=turn")
    page.locator(".st-key-open_next button").click()
    page.wait_for_url("**/claim?no=*")
    settle(page)
    number = heading(page)
    page.get_by_role("tab").nth(1).click()
    told(page, "初审通过")
    assert zone.decisions(number)[0] is Action.pass_pre_review
    assert page.locator("[data-testid=stTable]", has_text="F15").count() == 1


def test_an_agency_finds_what_waits_for_it(zone: Zone, visit: Visit) -> None:
    number = zone.file(papers=PAPERS[:2])
    zone.world.step("reviewer", number, Action.return_pre_review, reasons=("R01",))
    phone = visit("agency", "/", size=PHONE)
    told(phone, "等我补正")
    waiting = phone.locator("[data-testid=stTable] a").first
    first = waiting.inner_text()
    waiting.click()
    phone.wait_for_url(f"**{claim_page(first)}")
    told(phone, "一次性告知")
    assert len(phone.context.pages) == 1, "a link of ours opens in the same tab"
