"""The bank's list: dry run, import whole or not at all, what is found and what is not, and paying by
it."""

from __future__ import annotations

import io
from functools import partial
from typing import Any

import pytest
from openpyxl import Workbook
from sqlalchemy import text

from models.actions.bank_lists import (
    ListPlan,
    fail_by_list,
    import_bank_list,
    pay_by_list,
    plan_bank_list,
    reconcile_again,
)
from models.actions.imports import Upload
from models.actions.payment_orders import make_order
from models.clock import today
from models.database import session
from models.queries.bank_lists import bank_rows, imported_lists, unseen_payments, verdict_counts
from models.queries.paging import PageRequest
from models.queries.payments import PaymentFilter, PaymentPile, payments_page
from models.queries.verification import verify
from models.rules.claim_workflow import Action, State
from models.rules.errors import AlreadyDone, FileRefused, NotAllowed, NotAvailable
from models.rules.payments import Standing
from models.rules.reconciling import Verdict
from tests.models.actions.ledgers import REWARD, SUBSIDY, entries, kinds, notice_over, pay
from tests.models.actions.small_words import BACK
from tests.rivals import at_once
from tests.town import Town

A, S, V = Action, State, Verdict
HEADS = ("日期", "户名", "账号", "金额", "凭证号", "摘要")
AGENCY = ("大连示例甲机构有限公司", "6222020200001111")
ENTERPRISE = ("大连示例子企业有限公司", "6222020200002222")


def csv(*rows: tuple[Any, ...]) -> Upload:
    """A list as a CSV file."""
    lines = [",".join(map(str, row)) for row in (HEADS, *rows)]
    return Upload("流水.csv", "\n".join(lines).encode())


def line(voucher: str, yuan: str = "50000.00", payee: tuple[str, str] = AGENCY) -> tuple[Any, ...]:
    """A line of it, of today."""
    return (today(), *payee, yuan, voucher, "科技创新服务补贴")


def bring(town: Town, upload: Upload, who: str = "finance") -> ListPlan:
    """Somebody imports a list."""
    with town.session() as current:
        return import_bank_list(current, town.people[who], upload)


def counts(town: Town) -> dict[str, int]:
    """How many lines have each verdict, those without left out."""
    with session(town.engine) as current:
        found = verdict_counts(current, town.people["auditor"])
    return {verdict.value: number for verdict, number in found.items() if number}


def test_a_list_is_found_in_the_ledger(town: Town) -> None:
    number = town.at(S.approved)
    with notice_over():
        pay(town, number, "PZ-1")
        pay(town, number, "PZ-2")
        upload = csv(line("pz-1"), line("PZ-2", "20000", ENTERPRISE), line("PZ-3"))
        with session(town.engine) as current:
            plan = plan_bank_list(current, town.people["finance"], upload)
            assert [match.verdict for match in plan.found] == [V.matched, V.matched, V.unknown]
            assert counts(town) == {}
        bring(town, upload)
        with session(town.engine) as current:
            page = payments_page(
                current, town.people["leader"], PaymentFilter(PaymentPile.paid), PageRequest()
            )
            assert {row.standing for row in page.rows} == {Standing.reconciled}
            assert unseen_payments(current, town.people["lead"], PageRequest()).rows == ()
            (kept,) = imported_lists(current, town.people["auditor"], PageRequest()).rows
    assert (kept.rows, kept.matched, kept.total_fen) == (3, 2, 12_000_000)
    assert counts(town) == {"matched": 2, "unknown": 1}
    assert town.is_sound()


def test_a_payment_without_a_voucher_is_found_by_payee_and_amount(town: Town) -> None:
    town.at(S.agency_paid)
    with notice_over():
        bring(town, csv(line("PZ-1")))
    assert counts(town) == {"matched": 1}


def test_what_differs_says_in_what(town: Town) -> None:
    numbers = [town.at(S.approved) for _ in range(3)]
    with notice_over():
        for at, number in enumerate(numbers, start=1):
            pay(town, number, f"PZ-{at}")
        bring(town, csv(
            line("PZ-1", "49999.99"), line("PZ-2", payee=(AGENCY[0], "6222020200009999")),
            line("PZ-3"), line("PZ-9"),
        ))  # fmt: skip
        with session(town.engine) as current:
            page = bank_rows(current, town.people["auditor"], PageRequest(), None)
            matched = bank_rows(current, town.people["finance"], PageRequest(), V.matched)
            (seen, *_) = unseen_payments(current, town.people["auditor"], PageRequest()).rows
    assert [(row.verdict, row.number, row.booked_fen) for row in page.rows] == [
        (V.other_amount, numbers[0], 5_000_000), (V.other_account, numbers[1], 5_000_000),
        (V.unknown, "", None),
    ]  # fmt: skip
    assert page.rows[0].payee_account == "**** 1111"
    assert matched.rows[0].payee_account == AGENCY[1]
    assert seen.number == numbers[0]


def test_the_bank_paid_and_nobody_entered_it(town: Town) -> None:
    """What the bank shows and the system does not is entered by the list: the guarded step for each
    row, with the bank's voucher and day."""
    numbers = [town.at(S.approved) for _ in range(3)]
    with notice_over():
        with town.session() as current:
            make_order(current, town.people["finance"])
        bring(town, csv(line("PZ-1"), line("PZ-2"), line("PZ-3", "1")))
        assert counts(town) == {"not_entered": 2, "unknown": 1}
        town.step("finance", numbers[1], A.hold, **BACK)
        with town.session() as current:
            results = pay_by_list(current, town.people["finance"])
        assert [(row.number, row.is_done) for row in results] == [
            (numbers[0], True), (numbers[1], False),
        ]  # fmt: skip
        assert "暂缓" in str(results[1].refusal)
        assert entries(town, numbers[0])[1].voucher == "PZ-1"
        assert counts(town) == {"matched": 1, "not_entered": 1, "unknown": 1}
        with town.session() as current:
            (left,) = pay_by_list(current, town.people["finance"])
        assert not left.is_done
    assert [kinds(town, number) for number in numbers] == [
        ["ordered", "paid"], ["ordered"], ["ordered"],
    ]  # fmt: skip
    assert town.is_sound()


def test_lines_are_matched_again_once_their_payment_is_entered(town: Town) -> None:
    number = town.at(S.approved)
    with notice_over():
        bring(town, csv(line("PZ-1"), line("PZ-7", "7")))
        with pytest.raises(NotAvailable, match="没有新对上的行"), town.session() as current:
            reconcile_again(current, town.people["finance"])
        pay(town, number, "PZ-1")
        with town.session() as current:
            assert reconcile_again(current, town.people["finance"]) == 1
        town.step("finance", number, A.payment_failed, **BACK)
    assert kinds(town, number) == ["paid", "returned"]
    assert counts(town) == {"matched": 1, "unknown": 1}
    assert town.is_sound()


def back(voucher: str, yuan: str = "50000.00", payee: tuple[str, str] = AGENCY) -> tuple[Any, ...]:
    """A line that says the money came back."""
    return (*line(voucher, yuan, payee)[:-1], "退汇：账号与户名不符")


def test_what_the_list_shows_as_come_back_is_recorded_by_it(town: Town) -> None:
    """A subsidy and a reward that were paid, a row of an order that never was: each by its own
    step, and the lines are found afterwards."""
    paid, closed, ordered = town.at(S.approved), town.at(S.approved), town.at(S.approved)
    with notice_over():
        pay(town, paid, "PZ-1")
        pay(town, closed, "PZ-2")
        pay(town, closed, "PZ-3")
        with town.session() as current:
            make_order(current, town.people["finance"], [(ordered, SUBSIDY)])
        bring(town, csv(line("PZ-1"), back("PZ-1"), back("PZ-3", "20000", ENTERPRISE)))
        assert counts(town) == {"matched": 1, "came_back": 2}
        with town.session() as current:
            results = fail_by_list(current, town.people["finance"])
        assert [(row.number, row.is_done) for row in results] == [(paid, True), (closed, True)]
        assert counts(town) == {"matched": 3}
        assert kinds(town, paid) == ["paid", "returned"]
        assert kinds(town, closed, REWARD) == ["paid", "failed"]
        assert [town.state(number) for number in (paid, closed)] == [S.approved, S.agency_paid]
        assert town.is_sound()
        with town.session() as current:
            make_order(current, town.people["finance"], [(paid, SUBSIDY)])
        pay(town, paid, "PZ-4")
        bring(town, csv(back("T-9", "50000.00", AGENCY), line("PZ-4")))
        assert counts(town) == {"matched": 4, "came_back": 1}  # which of three it is, nobody knows
        with pytest.raises(NotAvailable, match="没有能认定是哪一笔"), town.session() as current:
            fail_by_list(current, town.people["finance"])
    assert town.is_sound()


def test_a_row_of_an_order_that_the_bank_did_not_pay_is_due_again(town: Town) -> None:
    number = town.at(S.approved)
    with notice_over():
        with town.session() as current:
            make_order(current, town.people["finance"])
        bring(town, csv(back("T-1")))
        with town.session() as current:
            (done,) = fail_by_list(current, town.people["finance"])
        assert done.is_done
        assert kinds(town, number) == ["ordered", "failed"]
        assert (entries(town, number)[1].voucher, town.state(number)) == ("T-1", S.approved)
        assert counts(town) == {"matched": 1}
        with session(town.engine) as current:
            failed = PaymentFilter(PaymentPile.failed)
            (row,) = payments_page(current, town.people["finance"], failed, PageRequest()).rows
        assert (row.number, row.standing) == (number, Standing.failed)
        pay(town, number, "PZ-2")
    assert kinds(town, number) == ["ordered", "failed", "paid"]
    assert town.is_sound()


def test_what_cannot_fail_any_more_says_why_and_the_others_go_on(town: Town) -> None:
    one, other = town.at(S.approved), town.at(S.approved)
    with notice_over():
        pay(town, one, "PZ-1")
        pay(town, one, "PZ-2")
        pay(town, other, "PZ-3")
        bring(town, csv(back("PZ-1"), back("PZ-3")))
        with town.session() as current:
            first, second = fail_by_list(current, town.people["finance"])
        assert "企业奖励已发放" in str(first.refusal)
        assert (second.number, second.is_done) == (other, True)
        with town.session() as current:
            (again,) = fail_by_list(current, town.people["finance"])
        assert not again.is_done
    assert kinds(town, one) == ["paid"]
    assert town.is_sound()


def test_nothing_waits_to_be_paid_by_the_list(town: Town) -> None:
    with pytest.raises(NotAvailable, match="没有待登记支付的行"), town.session() as current:
        pay_by_list(current, town.people["finance"])


def test_a_file_is_imported_once_also_by_two_at_once(town: Town) -> None:
    upload = csv(line("PZ-1"))
    came_to = at_once(*(partial(bring, town, upload, who) for who in ("finance", "finance2")))
    assert [type(one) for one in came_to if isinstance(one, Exception)] == [AlreadyDone]
    assert counts(town) == {"unknown": 1}
    assert town.is_sound()


@pytest.mark.parametrize("who", ["lead", "leader", "agency", "auditor", "committee"])
def test_only_finance_brings_a_list(town: Town, who: str) -> None:
    actor = town.people[who]
    for doing in (
        partial(plan_bank_list, upload=csv()), partial(import_bank_list, upload=csv()),
        pay_by_list, fail_by_list, reconcile_again,
    ):  # fmt: skip
        with pytest.raises(NotAllowed, match="财政局"), town.session() as current:
            doing(current, actor)


@pytest.mark.parametrize("who", ["agency", "bureau", "enterprise"])
def test_who_sees_no_lists(town: Town, who: str) -> None:
    with session(town.engine) as current:
        for question in (imported_lists, unseen_payments):
            with pytest.raises(NotAllowed):
                question(current, town.people[who], PageRequest())
        with pytest.raises(NotAllowed):
            bank_rows(current, town.people[who], PageRequest(), None)
        with pytest.raises(NotAllowed):
            verdict_counts(current, town.people[who])


def xlsx(*rows: tuple[Any, ...]) -> Upload:
    """A list as a workbook, with a title above its head."""
    book, target = Workbook(), io.BytesIO()
    for row in (("某银行明细",), HEADS, *rows):
        book.active.append(row)
    book.save(target)
    return Upload("流水.xlsx", target.getvalue())


def test_every_problem_is_named_to_its_cell(town: Town) -> None:
    upload = xlsx(
        ("2026-11-20", *AGENCY, "5万", "PZ-1", None),
        ("2027-01-01", *AGENCY, 50000, "PZ-2", None),
        ("昨天", AGENCY[0], "", 50000, "", "=1+1"),
        ("2026-11-20", *AGENCY, 10, "PZ-5", None),
        ("2026-11-20", *AGENCY, 10, "PZ-5", None),
    )
    with town.session() as current:
        plan = plan_bank_list(current, town.people["finance"], upload)
    errors = {(p.place, str(p.wrong)[:5]) for p in plan.read.problems if p.is_error}
    assert errors >= {
        ("D3", "“5万”不"), ("A4", "付款日期在"), ("A5", "不是日期"), ("C5", "必填，但没"),
        ("E5", "必填，但没"),
    }  # fmt: skip
    assert any("与第 6 行重复" in str(p.wrong) for p in plan.read.problems)
    with pytest.raises(FileRefused, match="处错误，没有导入"):
        bring(town, upload)
    assert counts(town) == {}


# fmt: off
@pytest.mark.parametrize(("content", "words"), [
    (b"",                                "文件是空的"),
    (b"PK\x03\x04 no workbook",          "不是 Excel 工作簿"),
    ("甲,乙\n1,2".encode(),              "没有找到表头"),
    (",".join(HEADS).encode(),           "没有数据行"),
    (b"\xff\xfe\x00",                    "不能识别"),
    (b" , \n , ",                        "文件里没有数据"),
])
# fmt: on
def test_a_file_that_is_no_list_is_refused_in_words(town: Town, content: bytes, words: str) -> None:
    name = "流水.xlsx" if content.startswith(b"PK") else "流水.csv"
    with town.session() as current:
        plan = plan_bank_list(current, town.people["finance"], Upload(name, content))
        said = "；".join(str(problem.wrong) for problem in plan.read.problems)
    assert words in (said or "没有数据行")
    with pytest.raises(FileRefused):
        bring(town, Upload(name, content))


@pytest.mark.parametrize(
    "forged",
    ["UPDATE bank_row SET amount_fen = 1", "UPDATE bank_list SET rows_digest = 'x'",
     "DELETE FROM bank_row"],
)  # fmt: skip
def test_a_list_altered_behind_the_record_is_named(town: Town, forged: str) -> None:
    bring(town, csv(line("PZ-1")))
    with town.engine.begin() as connection:
        connection.execute(text(forged))
    with session(town.engine) as current:
        assert "第 1 份银行清单与操作记录不符" in str(verify(current).first_broken)


def test_a_list_taken_away_is_named(town: Town) -> None:
    bring(town, csv(line("PZ-1")))
    with town.engine.begin() as connection:
        connection.execute(text("DELETE FROM bank_row"))
        connection.execute(text("DELETE FROM bank_list"))
    with session(town.engine) as current:
        assert "第 1 份银行清单不见了" in str(verify(current).first_broken)
