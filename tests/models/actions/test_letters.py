"""Letters and their templates: what a decision says, proved by its link; which template it is written
with; who may replace one."""

from __future__ import annotations

import io
from datetime import date
from typing import Any

import pytest
from docx import Document
from sqlalchemy import text
from sqlmodel import col, select

from models.actions import letters as replacing
from models.actions.evidence import evidence_path, files_missing
from models.actions.letters import replace_template, template_content, written_letter
from models.actions.record import record
from models.clock import now_utc
from models.database import session
from models.exchange.letter_templates import built_in_template
from models.queries.letter_templates import template_of, templates_kept
from models.queries.letters import (
    NONE,
    Letter,
    OrderLine,
    claim_letter,
    filing_letter,
    letters_of,
    payment_order,
)
from models.queries.verification import verify
from models.rules.claim_workflow import Action, State
from models.rules.errors import AlreadyDone, FileRefused, NotAllowed, NotFound
from models.rules.letters import LETTERS, LetterKind
from models.rules.months import YearMonth
from models.rules.roles import Role
from models.tables.agreements import Agreement
from models.tables.claims import ClaimMoney
from models.tables.letters import LetterTemplate
from models.tables.record import Activity
from models.tables.reference import Setting
from tests.models.actions.small_words import BACK
from tests.models.exchange.test_letters import said
from tests.rivals import at_once
from tests.town import Town
from tests.world import NOON, later

A, S, K = Action, State, LetterKind
MAY_SEE = {
    Role.alliance_reviewer, Role.alliance_lead, Role.bureau, Role.committee, Role.finance,
    Role.auditor, Role.administrator,
}  # fmt: skip


def own_template(mark: str = "甲", kind: LetterKind = K.return_notice) -> bytes:
    """A template of the alliance's own."""
    opened: Any = Document(io.BytesIO(built_in_template(kind)))
    opened.add_paragraph(mark)
    target = io.BytesIO()
    opened.save(target)
    return target.getvalue()


def replaced(
    town: Town, content: bytes, who: str = "lead", kind: LetterKind = K.return_notice
) -> int:
    """Somebody replaces a template."""
    with town.session() as current:
        return replace_template(current, town.people[who], kind, "我的模板.docx", content)


def letter(town: Town, number: str, position: int, who: str = "agency") -> Letter:
    """A claim's letter as somebody gets it."""
    with session(town.engine) as current:
        return claim_letter(current, town.people[who], number, position)


def link(town: Town, subject: str, verb: str) -> Activity:
    """The newest link of an act."""
    statement = select(Activity).where(Activity.subject == subject, Activity.verb == verb)
    with session(town.engine) as current:
        return current.exec(statement.order_by(col(Activity.seq).desc())).first()  # type: ignore[return-value]


# ---------------------------------------------------------------- a claim's


def test_a_return_notice_says_every_fault_and_the_last_day(town: Town) -> None:
    number = town.file()
    town.step("reviewer", number, A.return_pre_review, reasons=("R01", "R03"), note="请核对\n账号")
    made = letter(town, number, 2)
    assert (made.kind, made.template_sha256) == (K.return_notice, "")
    assert made.stem == f"一次性告知书-{number}-02"
    proof = link(town, f"claim:{number}", "return_pre_review")
    assert made.values == {
        "文号": f"零费告〔2026〕{number}-02 号",
        "落款单位": "大连高新区高新技术企业创新联盟",
        "日期": "2026 年 11 月 20 日",
        "记录": f"操作记录第 {proof.seq} 条，校验值 {proof.hash}",
        "模板": "内置模板",
        "数据标记": "",
        "收件单位": "大连示例甲机构有限公司",
        "申请号": number,
        "企业": "大连示例子企业有限公司",
        "服务": "高企认定（首次）",
        "成果": "GR202621000001",
        "环节": "联盟初审",
        "事项": made.values["事项"],
        "说明": "请核对\n账号",
        "补正期限": "2026 年 12 月 18 日",
    }
    first, second = made.values["事项"].split("\n")
    assert first.startswith("1. 材料不齐或未盖章（R01）：按清单一次补齐")
    assert second.startswith("2. 发票与申请不符（R03）：")
    words = said(written_letter(made))
    assert proof.hash in words
    assert second in words


def test_an_office_signs_its_own_letters_and_a_decision_has_its_money(town: Town) -> None:
    number = town.at(S.re_reviewed)
    town.step("committee", number, A.approve)
    approved = letter(town, number, 5)
    assert approved.kind is K.approval_notice
    assert {name: approved.values[name] for name in
            ("落款单位", "环节", "补贴金额", "奖励金额", "依据", "公示期")} == {
        "落款单位": "大连高新区管委会",
        "环节": "管委会审批",
        "补贴金额": "50,000.00 元（人民币伍万元整）",
        "奖励金额": "20,000.00 元（人民币贰万元整）",
        "依据": "示例标准 S-01",
        "公示期": "5 个工作日，至 2026 年 11 月 27 日",
    }  # fmt: skip
    asked = town.at(S.applied)
    town.step("bureau", asked, A.ask_agency, **BACK)
    assert letter(town, asked, 4).values["落款单位"] == "大连高新区科技创新局"
    refused = town.at(S.applied)
    town.step("bureau", refused, A.refuse_office, reasons=("R01",))
    made = letter(town, refused, 4)
    assert (made.kind, made.values["说明"]) == (K.refusal_notice, NONE)


def test_what_there_is_not_is_said_to_be_none(town: Town) -> None:
    with town.session() as current:
        for key, value in (("notice_period_working_days", 0), ("is_demonstration", True)):
            setting = Setting(key=key, value=value, valid_from=date(2026, 1, 1),
                              confirmed_at_utc=NOON)  # fmt: skip
            current.add(setting)
    number = town.bring(town.software(), S.approved)
    town.change(ClaimMoney, ClaimMoney.claim_id == town.claim(number).id, policy_rule_id=None)
    made = letter(town, number, 5).values
    assert (made["奖励金额"], made["依据"], made["公示期"]) == (NONE, NONE, NONE)
    assert made["数据标记"] == "演示数据"


def test_each_return_has_its_letter_and_keeps_it(town: Town) -> None:
    number = town.file()
    town.step("reviewer", number, A.return_pre_review, **BACK)
    before = written_letter(letter(town, number, 2))
    town.step("agency", number, A.submit)
    town.step("reviewer", number, A.return_pre_review, reasons=("R03",), note="再看")
    with session(town.engine) as current:
        found = letters_of(current, town.claim(number).id or 0)
    assert [(one.kind, one.position) for one in found] == [
        (K.return_notice, 4), (K.return_notice, 2),
    ]  # fmt: skip
    with later(days=200):
        assert said(written_letter(letter(town, number, 2))) == said(before)
    seqs = {letter(town, number, at).values["记录"] for at in (2, 4)}
    assert len(seqs) == 2


def test_a_code_nobody_knows_stands_as_it_is(town: Town) -> None:
    number = town.file()
    town.step("reviewer", number, A.return_pre_review, **BACK)
    with town.session() as current:
        current.execute(text("DELETE FROM reason_code WHERE code = 'R01'"))
    assert letter(town, number, 2).values["事项"] == "1. R01"


@pytest.mark.parametrize(
    ("who", "may"),
    [
        ("agency", True), ("reviewer2", True), ("lead", True), ("finance", True), ("leader", True),
        ("auditor", True), ("agency2", False), ("enterprise", False),
    ],
)  # fmt: skip
def test_a_letter_is_for_whoever_sees_the_claim(town: Town, who: str, *, may: bool) -> None:
    number = town.file()
    town.step("reviewer", number, A.return_pre_review, **BACK)
    if may:
        assert letter(town, number, 2, who).values
    else:
        with pytest.raises(NotFound, match="没有这份函件"):
            letter(town, number, 2, who)


@pytest.mark.parametrize(("number", "position"), [("2026-11-9999", 1), ("\x00", 1), ("", 1)])
def test_a_forged_number_names_no_letter(town: Town, number: str, position: int) -> None:
    with pytest.raises(NotFound):
        letter(town, number, position, "lead")


def test_a_step_that_decides_nothing_has_no_letter(town: Town) -> None:
    number = town.file()
    for position in (0, 1, 2, 999):
        with pytest.raises(NotFound):
            letter(town, number, position)


# ---------------------------------------------------------------- an agreement's, a payment's


def test_a_filing_is_confirmed_by_who_confirmed_it(town: Town) -> None:
    with session(town.engine) as current, pytest.raises(NotFound):
        filing_letter(current, town.people["agency"], "XY-2026-001")  # nobody confirmed it here
    with town.session() as current:
        record(current, town.people["bureau"], "confirm_filing", "agreement:XY-2026-001", None, {})
    with session(town.engine) as current:
        for who in ("agency", "enterprise", "reviewer", "bureau"):
            made = filing_letter(current, town.people[who], "XY-2026-001")
        for who, number in (
            ("agency2", "XY-2026-001"), ("agency", "XY-2026-second"), ("lead", "XY-0"), ("lead", "\0"),
        ):  # fmt: skip
            with pytest.raises(NotFound):
                filing_letter(current, town.people[who], number)
    assert made.stem == "服务协议备案确认书-XY-2026-001"
    assert {name: made.values[name] for name in ("落款单位", "备案号", "确认日期", "预收费用")} == {
        "落款单位": "大连高新区科技创新局",
        "备案号": "BA-2026-001",
        "确认日期": "2026 年 4 月 22 日",
        "预收费用": "0.00 元",
    }
    assert "36,000.00 元" in said(written_letter(made))
    with town.session() as current:
        record(current, town.people["lead"], "confirm_filing", "agreement:XY-2026-001", None, {})
    with session(town.engine) as current:
        made = filing_letter(current, town.people["agency"], "XY-2026-001")
    assert made.values["落款单位"] == "大连高新区高新技术企业创新联盟"
    town.change(Agreement, Agreement.number == "XY-2026-001", filing_is_imported=True)
    with session(town.engine) as current, pytest.raises(NotFound):
        filing_letter(current, town.people["agency"], "XY-2026-001")


def test_a_payment_order_is_made_of_plain_values(town: Town) -> None:
    lines = (OrderLine("2026-11-0001", "大连示例甲机构有限公司", 5_000_000),
             OrderLine("2026-11-0002", "大连示例乙机构有限公司", 1))  # fmt: skip
    with session(town.engine) as current:
        made = payment_order(current, "2026-11-1", YearMonth(2026, 11), lines, now_utc())
        proved = payment_order(
            current, "2026-11-1", YearMonth(2026, 11), lines, now_utc(),
            current.exec(select(Activity).order_by(Activity.seq)).first(),
        )  # fmt: skip
    assert made.values["文号"] == "零费拨〔2026〕2026-11-1 号"
    assert made.values["收件单位"] == "大连高新区财政局"
    assert (made.values["件数"], made.values["金额"]) == ("2", "50,000.01 元")
    assert made.values["大写金额"] == "人民币伍万元零壹分"
    assert made.values["记录"] == "没有操作记录"
    assert proved.values["记录"].startswith("操作记录第 1 条")
    words = said(written_letter(made))
    assert "1.\t2026-11-0001\t大连示例甲机构有限公司\t50,000.00" in words
    assert "2.\t2026-11-0002\t大连示例乙机构有限公司\t0.01" in words


# ---------------------------------------------------------------- templates


def test_a_replaced_template_writes_what_is_decided_from_then_on(town: Town) -> None:
    old = town.file()
    town.step("reviewer", old, A.return_pre_review, **BACK)
    with later(hours=1):
        assert replaced(town, own_template("甲")) == 1
        number = town.file()
        town.step("reviewer", number, A.return_pre_review, **BACK)
    with later(hours=2):
        assert replaced(town, own_template("乙")) == 2
    made, before = letter(town, number, 2), letter(town, old, 2)
    assert made.values["模板"] == "联盟模板第 1 版"
    assert said(written_letter(made)).split("\n")[-5:]
    assert "甲" in said(written_letter(made)).split("\n")
    assert before.values["模板"] == "内置模板"
    newest = link(town, "letter:return_notice", "replace_template")
    assert (newest.before, newest.after) == (
        {"template": 1, "sha256": made.template_sha256},
        {"template": 2, "file": "我的模板.docx", "sha256": newest.after["sha256"],
         "added_by": town.people["lead"].account_id},
    )  # fmt: skip
    with session(town.engine) as current:
        assert verify(current).is_sound
        assert files_missing(current) == []
        rows = templates_kept(current, town.people["auditor"])
        assert [(row.kind, row.version, row.added_by) for row in rows] == [
            (K.return_notice, 2, "lead 1"), (K.return_notice, 1, "lead 1"),
        ]  # fmt: skip
        assert (
            template_of(current, town.people["auditor"], K.return_notice, 1) == made.template_sha256
        )


def test_only_the_lead_replaces_and_the_alliance_and_offices_read(town: Town) -> None:
    for who in set(town.people) - {"lead", "lead2"}:
        with pytest.raises(NotAllowed, match="联盟负责人"):
            replaced(town, own_template(), who)
    with session(town.engine) as current:
        for actor in town.people.values():
            if not actor.roles.isdisjoint(MAY_SEE):
                assert templates_kept(current, actor) == ()
                assert template_of(current, actor, K.payment_order, 0) == ""
            else:
                with pytest.raises(NotAllowed):
                    templates_kept(current, actor)
                with pytest.raises(NotFound):
                    template_of(current, actor, K.payment_order, 0)
        with pytest.raises(NotFound, match="没有这份模板"):
            template_of(current, town.people["lead"], K.payment_order, 1)


def test_the_same_template_or_one_that_cannot_be_used_changes_nothing(town: Town) -> None:
    content = own_template()
    replaced(town, content)
    with pytest.raises(AlreadyDone, match="现在使用的模板"):
        replaced(town, content)
    with pytest.raises(FileRefused):
        replaced(town, b"MZ")
    with session(town.engine) as current:
        assert len(current.exec(select(LetterTemplate)).all()) == 1


def test_two_who_replace_at_the_same_moment_are_one_after_the_other(town: Town) -> None:
    came_to = at_once(
        lambda: replaced(town, own_template("甲")),
        lambda: replaced(town, own_template("乙"), "lead2"),
    )
    versions = sorted(str(one) for one in came_to)
    assert versions in (["1", "2"], ["1", "另一人刚刚更换了这份模板，请核对后再换"])
    with session(town.engine) as current:
        assert verify(current).is_sound


def test_whoever_comes_second_to_a_version_is_told(
    sqlite_only: Town, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(replacing, "inserted", lambda *_: False)  # the other one's row is there
    with pytest.raises(AlreadyDone, match="另一人刚刚更换了这份模板"):
        replaced(sqlite_only, own_template())


def test_a_template_whose_file_is_gone_is_said_to_be(town: Town) -> None:
    replaced(town, own_template("丙"))
    with later(minutes=1):
        number = town.file()
        town.step("reviewer", number, A.return_pre_review, **BACK)
    made = letter(town, number, 2)
    path = evidence_path(made.template_sha256)
    content = path.read_bytes()
    path.unlink()
    with pytest.raises(NotFound, match="模板文件不见了"):
        written_letter(made)
    with session(town.engine) as current:
        assert files_missing(current) == [made.template_sha256]
    path.write_bytes(content)
    assert template_content(K.return_notice, made.template_sha256) == content


def test_a_template_put_in_behind_the_record_is_found(town: Town) -> None:
    replaced(town, own_template())
    town.change(LetterTemplate, LetterTemplate.version == 1, sha256="0" * 64)
    with session(town.engine) as current:
        assert "函件模板" in str(verify(current).first_broken)


def test_every_kind_has_a_form_of_its_own_in_the_store(town: Town) -> None:
    for kind in LetterKind:
        assert replaced(town, own_template(kind.value, kind), kind=kind) == 1
    with session(town.engine) as current:
        assert {row.kind for row in templates_kept(current, town.people["lead"])} == set(LETTERS)
