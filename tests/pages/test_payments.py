"""拨付: the list and its piles, one claim's payments, an order paid as a whole, the bank's list, the
budget, as a script run says them."""

from __future__ import annotations

import io
from datetime import date
from functools import partial
from typing import Any

import pytest
from docx import Document
from openpyxl import load_workbook

from components import payment_list
from components.order_document import order_docx, order_letter, order_xlsx
from components.payment_list import payment_columns
from components.tables import _workbook
from models.actions.bank_lists import import_bank_list
from models.actions.budget_moves import draft_budget_move
from models.actions.imports import Upload
from models.actions.payment_orders import make_order
from models.actions.recoveries import draft_recovery
from models.clock import now_utc, today
from models.database import session
from models.queries.payments import PaymentFilter, PaymentPile
from models.queries.verification import verify
from models.rules.claim_workflow import Action, State
from models.rules.entitlement import Purpose
from models.rules.payments import Voucher
from models.rules.roles import Role
from models.tables.money import BudgetLine
from models.tables.reference import Setting
from tests.desk import Desk, all_text, title
from tests.pages.test_members import address, names

A = Action


@pytest.fixture
def paying(desk: Desk) -> Desk:
    """A desk with three approved claims, no notice period, and nobody who must read first."""
    with desk.zone.writing() as current:
        for key in ("notice_period_working_days", "reading_pause_milliseconds"):
            current.add(
                Setting(key=key, value=0, valid_from=date(2026, 1, 1), confirmed_at_utc=now_utc())
            )
    for number in desk.zone.at_bureau[:3]:
        desk.zone.world.step("bureau", number, A.pass_re_review)
        desk.zone.world.step("committee", number, A.approve)
    return desk


def numbers(desk: Desk) -> list[str]:
    """The approved claims."""
    return desk.zone.at_bureau[:3]


def pay(desk: Desk, number: str, voucher: str) -> None:
    """A payment entered beforehand."""
    action = A.pay_agency
    if desk.zone.state(number) is State.agency_paid:
        action = A.reward_enterprise
    desk.zone.world.step("finance", number, action, voucher=Voucher(voucher, today()))


def act(desk: Desk, doing: Any, who: str, *given: Any) -> Any:
    """Something done beforehand."""
    with desk.zone.writing() as current:
        return doing(current, desk.zone.world.people[who], *given)


def keys(page: Any) -> set[str]:
    """The buttons a page offers."""
    return {button.key for button in page.button} | {b.key for b in page.get("download_button")}


def is_sound(desk: Desk) -> bool:
    """Whether the record verifies."""
    with session(desk.zone.world.engine) as current:
        return verify(current).is_sound


# ---------------------------------------------------------------- the list


def test_the_list_says_what_is_due(paying: Desk) -> None:
    page = paying.open("/payments", "finance")
    assert title(page) == "拨付"
    assert "待拨付 3 笔 150,000 元" in all_text(page)
    assert sorted(names(page)) == sorted(numbers(paying))
    assert "可以拨付" in page.dataframe[0].value.to_csv()
    assert "make_order" in keys(page)


@pytest.mark.parametrize("who", ["lead", "leader", "auditor", "administrator"])
def test_who_reads_is_offered_nothing_that_pays(paying: Desk, who: str) -> None:
    paying_number = numbers(paying)[0]
    pay(paying, paying_number, "PZ-1")
    act(paying, make_order, "finance")
    for query in ({}, {"pay": paying_number}, {"slip": order()}, {"view": "bank"}):
        page = paying.open("/payments", who, **query)
        assert not page.exception
        assert not keys(page) & {
            "make_order", "pay_subsidy", "pay_reward", "pay_order", "import_bank_list",
            "draft_recovery_subsidy", "payment_failed", "pay_by_list",
        }  # fmt: skip
        assert not page.get("file_uploader")


def order() -> str:
    """The number of the first order of this month."""
    return f"BF-{today():%Y-%m}-01"


def test_an_agency_sees_its_own_list_and_nothing_else(paying: Desk) -> None:
    act(paying, make_order, "finance")
    page = paying.open("/payments", "agency", view="orders")
    assert len(names(page)) == 3
    assert not any(group.key == "filter_view" for group in page.button_group)
    assert title(paying.open("/payments", "agency", slip=order())) == "拨付单"
    assert "没有这个编号" in all_text(paying.open("/payments", "agency", slip=order()))
    assert names(paying.open("/payments", "agency2")) == []
    opened = paying.open("/payments", "agency2", pay=numbers(paying)[0])
    assert "没有这件申请的拨付" in all_text(opened)


@pytest.mark.parametrize(
    "query",
    [{"pile": "lost"}, {"purpose": "\0"}, {"line": "' OR 1=1"}, {"month": "2026-13"},
     {"order": "password"}, {"page": "-3"}, {"view": "x"}],
    ids=str,
)  # fmt: skip
def test_rubbish_in_the_address_shows_what_is_due(paying: Desk, query: dict[str, str]) -> None:
    assert len(names(paying.open("/payments", "finance", **query))) == 3


@pytest.mark.parametrize("forged", ["2026-11-9999", "' OR 1=1 --", "\x00", "x" * 5_000, "<b>"])
def test_a_forged_number_names_nothing(paying: Desk, forged: str) -> None:
    for parameter in ("pay", "slip"):
        page = paying.open("/payments", "finance", **{parameter: forged})
        assert title(page) in ("拨付", "拨付单")
        assert not page.table


def test_what_a_visitor_chooses_stands_in_the_address(paying: Desk) -> None:
    pay(paying, numbers(paying)[0], "PZ-1")
    page = paying.open("/payments", "finance")
    page.button_group(key="filter_pile").set_value("paid").run()
    assert address(page) == {"pile": "paid"}
    assert names(page) == [numbers(paying)[0]]
    page.selectbox(key="filter_purpose").set_value("reward").run()
    assert address(page) == {"pile": "paid", "purpose": "reward"}
    assert "还没有已拨付的款项" in all_text(page)


def test_the_download_is_what_is_shown_accounts_masked(paying: Desk) -> None:
    pile = PaymentPile.due
    query = partial(payment_list._all, PaymentFilter(pile))
    with session(paying.zone.world.engine) as current:
        for who, account in (("finance", "6222020200001111"), ("auditor", "**** 1111")):
            actor = paying.zone.world.people[who]
            book = _workbook("拨付清单", payment_columns(pile), query, current, actor)
            rows = list(
                load_workbook(io.BytesIO(book)).active.iter_rows(min_row=3, values_only=True)
            )
            assert [row[4] for row in rows] == [account] * 3
            assert [row[5] for row in rows] == [50_000] * 3


# ---------------------------------------------------------------- one claim's payments


def field(page: Any, kind: str, beginning: str) -> Any:
    """The field whose key begins so."""
    (found,) = [one for one in getattr(page, kind) if one.key.startswith(beginning)]
    return found


def test_a_payment_is_entered_with_its_voucher(paying: Desk) -> None:
    number = numbers(paying)[0]
    page = paying.open("/payments", "finance", pay=number)
    page.button(key="pay_subsidy").click().run()
    assert "请填写凭证号" in all_text(page)
    field(page, "text_input", "voucher_").set_value("pz-1")
    page.button(key="pay_subsidy").click().run()
    assert f"{number.replace('-', chr(92) + '-')} 已登记补贴支付" in all_text(page)
    assert "PZ-1" in page.table[0].value.to_csv().replace("\\", "")
    field(page, "text_input", "voucher_").set_value("PZ-2")
    page.button(key="pay_reward").click().run()
    assert paying.zone.state(number) is State.closed
    assert is_sound(paying)


def test_a_failed_payment_is_entered_and_repaired(paying: Desk) -> None:
    number = numbers(paying)[0]
    pay(paying, number, "PZ-1")
    page = paying.open("/payments", "finance", pay=number)
    field(page, "text_input", "failed_why_").set_value("户名不符退回")
    page.button(key="payment_failed").click().run()
    assert paying.zone.state(number) is State.approved
    assert "户名不符退回" in page.table[0].value.to_csv()
    field(page, "text_input", "voucher_").set_value("PZ-1")
    page.button(key="pay_subsidy").click().run()
    assert "不能重复支付" in all_text(page)
    assert is_sound(paying)


def test_a_reward_that_came_back_is_entered_and_paid_again(paying: Desk) -> None:
    number = numbers(paying)[0]
    pay(paying, number, "PZ-1")
    pay(paying, number, "PZ-2")
    page = paying.open("/payments", "finance", pay=number)
    assert "payment_failed" not in keys(page)
    field(page, "text_input", "failed_why_").set_value("账户已销户")
    page.button(key="reward_failed").click().run()
    assert paying.zone.state(number) is State.agency_paid
    said = all_text(page)
    assert "账号与上次相同" in said
    assert "账户已销户" in page.table[1].value.to_csv()
    field(page, "text_input", "voucher_").set_value("PZ-3")
    page.button(key="pay_reward").click().run()
    assert paying.zone.state(number) is State.closed
    assert is_sound(paying)


def test_a_row_the_bank_did_not_pay_is_due_again(paying: Desk) -> None:
    number = numbers(paying)[0]
    act(paying, make_order, "finance")
    page = paying.open("/payments", "finance", pay=number)
    field(page, "text_input", "drop_why_").set_value("户名不符")
    page.button(key="fail_ordered_subsidy").click().run()
    assert "户名不符" in page.table[0].value.to_csv()
    assert names(paying.open("/payments", "finance", pile="failed")) == [number]


def test_a_recovery_takes_two_persons(paying: Desk) -> None:
    number = numbers(paying)[0]
    pay(paying, number, "PZ-1")
    page = paying.open("/payments", "finance", pay=number)
    field(page, "text_input", "recover_why_").set_value("重复领取")
    page.button(key="draft_recovery_subsidy").click().run()
    assert "追回待确认" in all_text(page)
    assert "confirm_recovery" not in keys(page)
    second = paying.open("/payments", "lead", pay=number)
    second.button(key="confirm_recovery").click().run()
    assert "追回已确认" in all_text(second)
    assert "已追回" in all_text(second)
    assert is_sound(paying)


def test_a_recovery_can_be_taken_back(paying: Desk) -> None:
    number = numbers(paying)[0]
    pay(paying, number, "PZ-1")
    act(paying, draft_recovery, "finance", number, Purpose.subsidy, 100, "x")
    page = paying.open("/payments", "finance", pay=number)
    page.button(key="discard_recovery").click().run()
    assert "追回已撤回" in all_text(page)


def test_a_row_is_taken_out_of_its_order(paying: Desk) -> None:
    number = numbers(paying)[0]
    act(paying, make_order, "finance")
    page = paying.open("/payments", "finance", pay=number)
    field(page, "text_input", "drop_why_").set_value("账号待核")
    page.button(key="drop_subsidy").click().run()
    assert "已撤出拨付单" in all_text(page)


def test_before_the_notice_is_over_the_card_says_so(desk: Desk) -> None:
    number = desk.zone.at_bureau[0]
    desk.zone.world.step("bureau", number, A.pass_re_review)
    desk.zone.world.step("committee", number, A.approve)
    page = desk.open("/payments", "finance", pay=number)
    assert "公示期至" in all_text(page)
    assert "pay_subsidy" not in keys(page)


# ---------------------------------------------------------------- orders


def test_an_order_is_paid_as_a_whole_with_a_result_for_each_row(paying: Desk) -> None:
    act(paying, make_order, "finance")
    held = numbers(paying)[1]
    paying.zone.world.step("finance", held, A.hold, reasons=("R10",), note="x")
    page = paying.open("/payments", "finance", slip=order())
    assert title(page) == order().replace("-", r"\-")
    assert "壹拾伍万元整" in all_text(page)
    assert {"download_order_xlsx", "download_order_docx"} <= keys(page)
    field(page, "text_input", "voucher_").set_value("DK-9")
    page.button(key="pay_order").click().run()
    said = all_text(page)
    assert "已登记支付 2 笔，未办理 1 笔" in said
    assert "不能“支付补贴”" in said
    assert "DK-9-01" in page.dataframe[0].value.to_csv()
    assert is_sound(paying)


def test_an_orders_letter_says_what_the_order_says(paying: Desk) -> None:
    act(paying, make_order, "finance")
    world = paying.zone.world
    with session(world.engine) as current:
        letter = Document(io.BytesIO(order_letter(current, world.people["finance"], order())))
    said = "\n".join(paragraph.text for paragraph in letter.paragraphs)
    for words in ("拨付通知", order(), "壹拾伍万元整", *numbers(paying)):
        assert words in said, words
    page = paying.open("/payments", "finance", slip=order())
    assert "download_order_letter" in keys(page)


def test_the_list_of_orders_opens_for_readers(paying: Desk) -> None:
    empty = paying.open("/payments", "leader", view="orders")
    assert "还没有拨付单" in all_text(empty)
    act(paying, make_order, "finance")
    page = paying.open("/payments", "leader", view="orders")
    assert names(page) == [order()]


def test_the_orders_files_are_made_for_who_asks(paying: Desk) -> None:
    act(paying, make_order, "finance")
    with session(paying.zone.world.engine) as current:
        for who, account in (("finance", "6222020200001111"), ("leader", "**** 1111")):
            actor = paying.zone.world.people[who]
            sheet = load_workbook(io.BytesIO(order_xlsx(current, actor, order()))).active
            assert sheet.cell(4, 4).value == account
            assert order_docx(current, actor, order()).startswith(b"PK")


# ---------------------------------------------------------------- the bank's list, the budget


def test_what_the_banks_list_shows_stands_with_its_reason(paying: Desk) -> None:
    one, two, three = numbers(paying)
    pay(paying, one, "PZ-1")
    pay(paying, two, "PZ-2")
    act(paying, make_order, "finance")
    payee = "大连示例甲机构有限公司,6222020200001111"
    lines = [
        "日期,户名,账号,金额,凭证号,摘要", f"{today()},{payee},50000,PZ-1,", f"{today()},{payee},49999,PZ-2,",
        f"{today()},{payee},50000,PZ-3,",
    ]  # fmt: skip
    act(paying, import_bank_list, "finance", Upload("流水.csv", "\n".join(lines).encode()))
    page = paying.open("/payments", "finance", view="bank")
    said = page.dataframe[0].value.to_csv()
    assert "金额不符" in said
    assert "未登记支付" in said
    page.button(key="pay_by_list").click().run()
    assert paying.zone.state(three) is State.agency_paid
    assert "已登记支付 1 笔，未办理 0 笔" in all_text(page)
    for show, words in (("matched", "PZ-3"), ("unseen", two), ("lists", "流水.csv")):
        shown = paying.open("/payments", "auditor", view="bank", show=show)
        assert words in shown.dataframe[0].value.to_csv()
    assert is_sound(paying)


def test_the_budget_shows_every_figure_and_a_move_takes_two(paying: Desk) -> None:
    with paying.zone.writing() as current:
        line = BudgetLine(
            year=today().year, code="K02", ceiling_fen=100_000_000, confirmed_at_utc=now_utc()
        )
        current.add(line)
    page = paying.open("/payments", "finance", view="budget")
    assert "210,000.00" in all_text(page)  # three subsidies and their rewards
    assert "60,000.00" in all_text(page)  # of it for rewards
    field(page, "text_input", "move_amount").set_value("1,000.50")
    field(page, "text_input", "move_reason").set_value("x")
    page.button(key="draft_move").click().run()
    assert "预算调剂已起草" in all_text(page)
    assert "confirm_move_1" not in keys(page)
    second = paying.open("/payments", "lead", view="budget")
    second.button(key="confirm_move_1").click().run()
    assert "1,001,000.50" in all_text(second)
    assert is_sound(paying)


def test_a_move_drafted_elsewhere_can_be_turned_down(paying: Desk) -> None:
    with paying.zone.writing() as current:
        line = BudgetLine(year=2026, code="K02", ceiling_fen=1, confirmed_at_utc=now_utc())
        current.add(line)
        current.flush()
        to = line.id or 0
    act(paying, draft_budget_move, "finance", paying.zone.world.budget_id, to, 100, "x")
    page = paying.open("/payments", "lead", view="budget", year="2026")
    page.button(key="discard_move_1").click().run()
    assert "预算调剂已撤回" in all_text(page)
    assert Role.alliance_lead in paying.zone.world.people["lead"].roles


def test_on_a_claims_own_page_a_payment_asks_for_its_voucher_too(paying: Desk) -> None:
    number = numbers(paying)[0]
    page = paying.open("/claim", "finance", no=number)
    (decide,) = [button for button in page.button if button.key.startswith("decide_")]
    decide.click().run()
    assert "请填写凭证号" in all_text(page)
    assert paying.zone.state(number) is State.approved
    field(page, "text_input", "voucher_").set_value("PZ-7")
    (decide,) = [button for button in page.button if button.key.startswith("decide_")]
    decide.click().run()
    assert paying.zone.state(number) is State.agency_paid
    page = paying.open("/payments", "finance", pay=number)
    assert "PZ-7" in page.table[0].value.to_csv().replace("\\", "")
