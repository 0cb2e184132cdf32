"""Whole lives in a real browser, each person at their own screen: one claim from its need to its
reward, as the twelve demonstration accounts would live it; and four that go otherwise.

The zone is these lives' own, and its clock runs ahead: weeks pass between the steps, as they do.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from functools import partial
from typing import TYPE_CHECKING

import docx
import pytest
from playwright.sync_api import expect
from sqlmodel import col, select

from models.clock import office_day, standing_at
from models.database import session
from models.queries.verification import verify
from models.rules.claim_workflow import Action, State
from models.rules.entitlement import Purpose
from models.rules.roles import Role
from models.tables.claims import Claim
from models.tables.money import BudgetLine
from models.tables.organisations import Agency, AgencyScope, Enterprise
from models.tables.payments import Payment
from tests.browser.ahead import days_in, let_pass
from tests.browser.motions import (
    DECIDE,
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
from tests.browser.test_agreements import FORM, attach, fill, pick, take
from tests.browser.test_agreements import choose as choose_step
from tests.browser.test_payments import write
from tests.browser.test_registers import held
from tests.browser.zone import PHONE, Zone, deployed_in, furnish, running, serving, settle
from tests.world import PAPERS, PDF

if TYPE_CHECKING:
    from playwright.sync_api import Page

Visit = Callable[..., "Page"]
A = Action
WORK_TAKES, NOTICE_TAKES = 30, 14
"""Days."""
MEMBER, HOUSE, OTHER_HOUSE = (
    "大连示例一生企业有限公司", "大连示例一生机构有限公司", "大连示例旁观机构有限公司",
)  # fmt: skip

HOUSE_CODE = "91210231MA0ZL0002X"


@pytest.fixture(scope="module")
def zone(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Zone]:
    """A zone of these lives' own, its clock ahead of the world's."""
    folder = tmp_path_factory.mktemp("lives")
    with deployed_in(folder):
        made = furnish(folder)
        _settle_in(made)
        with serving(made, "ahead") as running_zone:
            yield running_zone


def _settle_in(zone: Zone) -> None:
    """A member and two agencies with accounts of the demonstration's names; room in next year's
    budget too."""
    with zone.writing() as current:
        member = Enterprise(
            uscc="91210231MA0ZL0001X", name=MEMBER, joined_on=date(2026, 3, 2), payee_name=MEMBER,
            registered_on=date(2024, 1, 5), payee_bank="示例银行大连分行", contact_name="联系人 9",
            payee_account="6222020200007777", changed_at_utc=datetime.now(UTC),
        )  # fmt: skip
        houses = [
            Agency(
                uscc=uscc, name=name, joined_on=date(2025, 11, 20),
                payee_name=name, payee_bank="示例银行大连分行",
                payee_account=f"6222020200{uscc[12:17]}8", changed_at_utc=datetime.now(UTC),
            )
            for uscc, name in ((HOUSE_CODE, HOUSE), ("91210231MA0ZL0003X", OTHER_HOUSE))
        ]  # fmt: skip
        current.add_all((member, *houses))
        current.flush()
        ids = (member.id, *(house.id for house in houses))
        for house in houses:
            current.add(AgencyScope(agency_id=house.id, service_code="hnte_first"))
        line = BudgetLine(
            year=today_in(zone).year + 1, code="K01", name_zh="科技创新服务",
            ceiling_fen=1_000_000_000, confirmed_at_utc=datetime.now(UTC),
        )  # fmt: skip
        current.add(line)
    zone.newcomer("enterprise01", Role.enterprise, enterprise_id=ids[0])
    zone.newcomer("agency01", Role.agency, agency_id=ids[1])
    zone.newcomer("agency02", Role.agency, agency_id=ids[2])
    zone.newcomer("admin", Role.administrator)


def today_in(zone: Zone) -> date:
    """The day it is in the zone."""
    return office_day(datetime.now(UTC) + timedelta(days=days_in(zone.folder)))


@dataclass
class Days:
    """The windows people have open; the next day everybody signs in again."""

    zone: Zone
    visit: Visit
    windows: dict[str, Page] = field(default_factory=dict)

    def at(self, who: str, path: str = "/", **given: object) -> Page:
        """Somebody opens an address, is asked who they are, and signs in; whoever has a window open
        goes on in it."""
        page = self.windows.get(who)
        if page is None:
            page = self.windows[who] = self.visit(None, path, **given)
            sign_in(page, who)
        else:
            page.goto(self.zone.address + path)
            page.locator(".st-key-title_row").wait_for()
            settle(page)
        return page

    def let_pass(self, days: int) -> None:
        """Some days later nobody is signed in any more."""
        let_pass(self.zone.folder, days)
        while self.windows:
            self.windows.popitem()[1].context.close()


def claim_of(zone: Zone, number: str) -> Claim:
    """A claim's row."""
    with session(zone.world.engine) as current:
        return current.exec(select(Claim).where(Claim.number == number)).one()


# ---------------------------------------------------------------- one claim, from need to reward


def test_a_claim_lives_from_a_need_to_the_reward(zone: Zone, visit: Visit) -> None:
    days = Days(zone, visit)
    agreement = pair_up(days)
    file_agreement(days, agreement)
    days.let_pass(WORK_TAKES)
    obtain_result(days, agreement)
    confirm_by_phone(days, agreement)
    number = file_claim(days, agreement)
    review(days, number)
    wait_for_the_notice(days, number)
    days.let_pass(NOTICE_TAKES)
    pay(days, number)
    look_back(days, number)
    assert zone.decisions(number) == [
        A.pass_pre_review, A.apply, A.pass_re_review, A.approve, A.pay_agency, A.reward_enterprise,
    ]  # fmt: skip
    offices = [(event.office, event.account_id) for event in zone.events(number)]
    assert len({account for _, account in offices}) == len({office for office, _ in offices}) == 6
    with session(zone.world.engine) as current:
        assert verify(current).is_sound


def pair_up(days: Days) -> str:
    """The enterprise states a need on its phone and asks an agency, which accepts; the agreement's
    number."""
    phone = days.at("enterprise01", "/needs", size=PHONE)
    press(phone, ".st-key-state_need button")
    dialog = phone.get_by_role("dialog")
    dialog.locator(".st-key-save_need").wait_for()
    pick(phone, ".st-key-need_service", "高企认定（首次）", dialog)
    dialog.get_by_label("需求说明").fill("首次认定高新技术企业")
    dialog.locator(".st-key-save_need button").click()
    told(phone, "已提出需求")
    press(phone, f".st-key-ask_{HOUSE_CODE} button")
    told(phone, f"正在等“{HOUSE}”答复")
    page = days.at("agency01", f"/needs?need={held(phone.url)['need']}")
    press(page, ".st-key-accept_need button")
    told(page, "已结对")
    page.get_by_role("link", name="打开协议").click()
    page.wait_for_url("**/agreements?agreement=*")
    page.locator(FORM).wait_for()
    settle(page)
    return held(page.url)["agreement"]


def card_of(days: Days, who: str, agreement: str) -> Page:
    """An agreement's card with its step form."""
    page = days.at(who, f"/agreements?agreement={agreement}")
    page.locator(FORM).wait_for()
    settle(page)
    return page


def file_agreement(days: Days, agreement: str) -> None:
    """The agency writes the terms and files the stamped scan, the bureau confirms, work begins."""
    page = card_of(days, "agency01", agreement)
    choose_step(page, "修改协议内容")
    pick(page, FORM, "高新技术企业证书")
    fill(page, "服务费（元，成功后支付）", "36000")
    take(page, "修改协议内容")
    attach(page)
    take(page, "提交服务协议备案")
    bureau = card_of(days, "bureau", agreement)
    told(bureau, "预收费用")
    take(bureau, "确认备案")
    page = card_of(days, "agency01", agreement)
    take(page, "登记开工")


def certificate(zone: Zone) -> str:
    """The number of a certificate obtained today."""
    return f"GR{today_in(zone):%Y}21000777"


def obtain_result(days: Days, agreement: str) -> None:
    """Weeks later the agency records the certificate and concludes the agreement."""
    page = card_of(days, "agency01", agreement)
    fill(page, "成果编号（照证书填写）", certificate(days.zone))
    attach(page)
    take(page, "登记成果")
    choose_step(page, "办结协议")
    take(page, "办结协议")


def confirm_by_phone(days: Days, agreement: str) -> None:
    """The alliance makes the link beside the result; the enterprise answers without an account."""
    desk = days.at("reviewer", f"/agreements?agreement={agreement}")
    press(desk, "[class*=st-key-ask_enterprise] button")
    dialog = desk.get_by_role("dialog")
    expect(dialog).to_contain_text("联系人 9")
    with running(desk):
        dialog.locator(".st-key-make_link button").click()
    link = dialog.locator("[data-testid=stCode] code").inner_text().strip()
    phone = days.visit(None, link.removeprefix(days.zone.address), size=PHONE)
    told(phone, HOUSE)
    phone.get_by_text("已完成，我们没有付过任何费用").click()
    phone.locator("label", has=phone.locator("input[value='5'][name=satisfaction]")).click()
    phone.get_by_role("button", name="提交确认").click()
    told(phone, "谢谢，您的答复已记录")
    desk.reload()
    told(desk, "本人答复")


def file_claim(days: Days, agreement: str) -> str:
    """The agency follows the link beside its result, hands in the papers and submits; the claim's
    number."""
    page = days.at("agency01", f"/agreements?agreement={agreement}")
    page.get_by_role("link", name="提出申请").click()
    page.wait_for_url("**/claims?new=*")
    settle(page)
    told(page, "定额 50,000 元")
    assert page.get_by_label("成果编号").input_value() == certificate(days.zone)
    press(page, ".st-key-save_new_claim button")
    page.locator(".st-key-upload_paper").wait_for()
    settle(page)
    hand_in(page, PAPERS)
    press(page, ".st-key-submit_claim button")
    told(page, "已提交")
    return heading(page)


def hand_in(page: Page, papers: tuple[str, ...]) -> None:
    """Upload papers, one after the other, as the box proposes them."""
    for code in papers:
        file = {"name": f"{code}.pdf", "mimeType": "application/pdf", "buffer": PDF + code.encode()}
        with running(page):
            page.locator("input[type=file]").set_input_files(file)
        press(page, ".st-key-upload_paper button")
        told(page, f"已上传 {code}.pdf")


def review(days: Days, number: str) -> None:
    """Pre-review, the month's application, re-review, approval: four people, four screens."""
    page = days.at("reviewer2", claim_page(number))
    told(page, "本人答复")
    decide(page)
    left(page, number)
    assert days.zone.state(number) is State.pre_reviewed
    page = days.at("lead", "/month")
    press(page, ".st-key-send_month button")
    page.locator(".st-key-send_month_now").wait_for()
    settle(page)
    press(page, ".st-key-send_month_now button")
    told(page, "统一申请已发送")
    for who, came_to in (("bureau", State.re_reviewed), ("committee", State.approved)):
        page = days.at(who, claim_page(number))
        decide(page)
        assert days.zone.state(number) is came_to


def wait_for_the_notice(days: Days, number: str) -> None:
    """Everybody may read the notice; finance is told until when it waits and has no button."""
    sheet = days.at("lead", f"/month?month={claim_of(days.zone, number).filed_month}&view=notice")
    with sheet.expect_download() as taken:
        sheet.locator(".st-key-notice_docx button").click()
    printed = docx.Document(str(taken.value.path()))
    assert number in [cell.text for row in printed.tables[0].rows for cell in row.cells]
    page = days.at("finance", f"/payments?pay={number}")
    told(page, "公示")
    assert page.locator(".st-key-pay_subsidy").count() == 0
    assert page.locator(".st-key-pay_reward").count() == 0


def pay(days: Days, number: str) -> None:
    """The notice is over: the subsidy by an order under the bank's voucher, then the reward."""
    page = days.at("finance", "/payments")
    press(page, ".st-key-make_order button")
    page.locator(".st-key-make_order_now").wait_for()
    press(page, ".st-key-make_order_now button")
    page.wait_for_url("**slip=BF-*")
    settle(page)
    told(page, "伍万元整")
    write(page, "voucher_", "LIFE-1")
    press(page, ".st-key-pay_order button")
    told(page, "已登记支付 1 笔")
    assert days.zone.state(number) is State.agency_paid
    page.goto(f"{days.zone.address}/payments?pay={number}")
    page.locator(".st-key-pay_reward").wait_for()
    settle(page)
    write(page, "voucher_", "LIFE-2")
    press(page, ".st-key-pay_reward button")
    told(page, "已登记企业奖励支付")
    assert days.zone.state(number) is State.closed
    with session(days.zone.world.engine) as current:
        mine = select(Payment).where(Payment.claim_id == claim_of(days.zone, number).id)
        mine = mine.order_by(col(Payment.id))
        paid = [entry for entry in current.exec(mine) if entry.voucher]
    assert [(one.purpose, one.amount_fen, one.voucher) for one in paid] == [
        (Purpose.subsidy, 5_000_000, "LIFE-1-01"), (Purpose.reward, 2_000_000, "LIFE-2"),
    ]  # fmt: skip
    assert paid[1].after_id == paid[0].id


def look_back(days: Days, number: str) -> None:
    """What it looks like afterwards: to the parties, the leader, the auditor, the administrator, and
    an agency it does not concern."""
    told(days.at("enterprise01", size=PHONE), number)
    agency = days.at("agency01", claim_page(number))
    told(agency, "办结")
    leader = days.at("leader")
    paid = leader.get_by_role("row", name="本月拨付（补贴和奖励）")
    expect(paid).to_contain_text("70,000.00")
    auditor = days.at("auditor", claim_page(number))
    assert auditor.locator(DECIDE).count() == 0
    auditor.goto(f"{days.zone.address}/activity")
    press(auditor, ".st-key-verify button")
    told(auditor, "记录完整")
    other = days.at("agency02", claim_page(number))
    assert MEMBER not in other.locator("body").inner_text()
    admin = days.at("admin", "/accounts?account=agency02")
    assert heading(admin) == "agency02"
    told(admin, OTHER_HOUSE)


# ---------------------------------------------------------------- four that go otherwise

BACK, REFUSED, HOLD, FREE, PASS = "退回补正", "不予支持", "暂缓", "解除暂缓", "通过"
SUBMIT, WITHDRAW = "提交", "撤回"
WHY = "请核对合同金额与发票。"


@dataclass(frozen=True)
class Life:
    """A life: who does what and where that leads, and what the agency reads in the end."""

    turns: tuple[tuple[str, str, State], ...]
    read: tuple[str, ...]
    rounds: int = 1


# fmt: off
LIVES = {
    "returned twice": Life((
        ("reviewer",  BACK,     State.returned),
        ("agency",    SUBMIT,   State.submitted),
        ("reviewer",  BACK,     State.returned),
        ("agency",    SUBMIT,   State.submitted),
        ("reviewer",  PASS,     State.pre_reviewed),
    ), ("初审通过", "一次性告知书"), rounds=3),
    "refused": Life((
        ("reviewer",  REFUSED,  State.refused),
    ), ("不予支持", "不予支持决定告知书", WHY)),
    "held and released": Life((
        ("reviewer",  HOLD,     State.on_hold),
        ("reviewer2", FREE,     State.submitted),
        ("reviewer",  PASS,     State.pre_reviewed),
    ), ("初审通过",)),
    "withdrawn": Life((
        ("reviewer",  BACK,     State.returned),
        ("agency",    WITHDRAW, State.withdrawn),
    ), ("撤回", "一次性告知书"), rounds=2),
}
# fmt: on


@pytest.mark.parametrize("life", LIVES.values(), ids=LIVES)
def test_a_life_that_goes_otherwise(zone: Zone, visit: Visit, life: Life) -> None:
    number = zone.file()
    for who, verb, came_to in life.turns:
        page = window(zone, visit, who, claim_page(number))
        {SUBMIT: submit_again, WITHDRAW: withdraw}.get(verb, partial(verdict, verb=verb))(page)
        assert zone.state(number) is came_to
        page.context.close()
    events = zone.events(number)
    assert len(events) == len(life.turns) + 1
    assert max(event.round for event in events) == life.rounds
    agency = window(zone, visit, "agency", claim_page(number))
    for words in life.read:
        told(agency, words)
    with session(zone.world.engine) as current:
        assert verify(current).is_sound


def window(zone: Zone, visit: Visit, who: str, path: str) -> Page:
    """A window of somebody who signed in on the zone's day."""
    with standing_at(datetime.now(UTC) + timedelta(days=days_in(zone.folder))):
        return visit(who, path)


def verdict(page: Page, verb: str) -> None:
    """An office decides, with its reasons where it needs any."""
    choose(page, verb)
    if verb != PASS:
        give_reason(page, "R03")
        say(page, WHY)
    decide(page)


def submit_again(page: Page) -> None:
    """The agency reads why its claim came back, and submits again."""
    told(page, WHY)
    press(page, ".st-key-submit_claim button")
    told(page, "已提交")


def withdraw(page: Page) -> None:
    """The agency gives up its claim, with a reason."""
    page.get_by_role("button", name="撤回申请").click()
    give_reason(page, "R04", among=".st-key-withdraw_reasons")
    press(page, ".st-key-withdraw_claim button")
    told(page, "已撤回")
