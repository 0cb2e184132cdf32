"""Messages in a real browser: the bell, a message that opens its claim and is read, a letter taken
away; a template replaced by the lead; a mail address and what is chosen with it."""

from __future__ import annotations

import io
from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from docx import Document
from playwright.sync_api import expect
from sqlmodel import select

from models.database import session
from models.exchange.letter_templates import built_in_template
from models.queries.verification import verify
from models.rules.claim_workflow import Action
from models.rules.letters import LetterKind
from models.rules.mails import MailChoice
from models.rules.roles import Role
from models.tables.letters import LetterTemplate
from models.tables.people import Account
from tests.browser.motions import heading, press, told
from tests.browser.zone import PHONE, Zone, running, settle

if TYPE_CHECKING:
    from playwright.sync_api import Page

Visit = Callable[..., "Page"]
BACK: dict[str, Any] = {"reasons": ("R01", "R03"), "note": "请一次补齐"}
ROW = "[class*=st-key-message_]"


def returned(zone: Zone) -> str:
    """A claim returned to its agency."""
    number = zone.file()
    zone.world.step("reviewer", number, Action.return_pre_review, **BACK)
    return number


def test_an_agency_hears_of_a_return_opens_it_and_takes_the_letter(
    zone: Zone, visit: Visit
) -> None:
    number = returned(zone)
    page = visit("agency", "/")
    bell = page.locator(".st-key-title_row [data-testid=stPageLink] a")
    with running(page):
        bell.click()
    assert heading(page) == "消息"
    row = page.locator(ROW, has_text=number).first
    expect(row).to_contain_text("被退回补正：材料不齐或未盖章、发票与申请不符")
    expect(row).to_contain_text("未读")
    with running(page):
        row.locator("button").click()
    page.wait_for_url(f"**/claim?no={number}")
    settle(page)
    assert heading(page) == number
    link = page.locator(".st-key-letters a", has_text="Word").first
    address = f"{zone.address}{link.get_attribute('href')}"
    content = page.request.get(address).body()
    words = "\n".join(line.text for line in Document(io.BytesIO(content)).paragraphs)
    assert "一次性告知书" in words
    assert "请一次补齐" in words
    page.goto(f"{zone.address}/inbox")
    settle(page)
    expect(page.locator(ROW, has_text=number).first).not_to_contain_text("未读")
    stranger = visit("enterprise", "/")
    assert stranger.request.get(address).status == 404


def test_all_are_marked_read_but_what_came_meanwhile(zone: Zone, visit: Visit) -> None:
    returned(zone)
    page = visit("agency", "/inbox?show=unread")
    later = returned(zone)
    visit("reviewer", "/inbox")
    press(page, ".st-key-read_all button")
    told(page, "已标为已读")
    expect(page.locator(ROW, has_text=later)).to_have_count(2)  # filed for it, and returned
    expect(page.locator(ROW)).to_have_count(2)


def test_the_lead_replaces_a_template(zone: Zone, visit: Visit) -> None:
    page = visit("lead", "/letters")
    upload = page.locator(".st-key-replace_form input[type=file]")
    kind = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
    with running(page):
        upload.set_input_files({"name": "坏.docx", "mimeType": kind, "buffer": b"MZ" * 50})
    press(page, ".st-key-replace_template button")
    told(page, "文件不是 Word 文档")
    opened: Any = Document(io.BytesIO(built_in_template(LetterKind.return_notice)))
    opened.add_paragraph("联盟自己的一行")
    target = io.BytesIO()
    opened.save(target)
    page.reload()
    settle(page)
    with running(page):
        upload.set_input_files({"name": "新.docx", "mimeType": kind, "buffer": target.getvalue()})
    press(page, ".st-key-replace_template button")
    told(page, "一次性告知书已换用第 1 版模板")
    with session(zone.world.engine) as current:
        assert current.exec(select(LetterTemplate)).one().file_name == "新.docx"
        assert verify(current).is_sound
    number = returned(zone)
    page = visit("lead", f"/claim?no={number}")
    address = page.locator(".st-key-letters a", has_text="Word").first.get_attribute("href")
    content = page.request.get(f"{zone.address}{address}").body()
    assert "联盟自己的一行" in [line.text for line in Document(io.BytesIO(content)).paragraphs]


def test_an_address_is_put_on_record_and_mails_are_chosen(zone: Zone, visit: Visit) -> None:
    who = zone.newcomer("mailed", Role.leader)
    page = visit("administrator", f"/accounts?account={who}")
    press(page, ".st-key-email button")
    field = page.locator("[role=dialog] input")
    field.fill("wang@example")
    settle(page)
    press(page, ".st-key-email_save button")
    expect(page.locator("[role=dialog]")).to_contain_text("不是邮箱地址")
    field.fill("wang@example.cn")
    settle(page)
    press(page, ".st-key-email_save button")
    told(page, "邮箱已登记")
    own = visit(who, "/inbox", size=PHONE)
    own.get_by_role("button", name="邮件提醒").click()
    with running(own):
        own.locator("label", has_text="每日汇总").click()
    with session(zone.world.engine) as current:
        account = current.exec(select(Account).where(Account.username == who)).one()
    assert (account.email, account.mails) == ("wang@example.cn", MailChoice.digest)
