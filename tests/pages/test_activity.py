"""操作记录: the list, one link, verifying, and that every verb has a name in words."""

import ast
from pathlib import Path

import pytest
from sqlalchemy import text

from components.activity_words import FIELDS, VERBS, changes, in_short, subject_name
from models.actions import registers
from models.database import session
from tests.desk import Desk, all_text, title

ACTIONS = Path(registers.__file__).parent


def test_every_verb_the_actions_record_has_a_name() -> None:
    recorded = {
        argument.value
        for file in ACTIONS.glob("*.py")
        for node in ast.walk(ast.parse(file.read_text(encoding="utf-8")))
        if isinstance(node, ast.Call) and getattr(node.func, "id", "") in {"record", "change_party"}
        for argument in [node.args[2 if getattr(node.func, "id", "") == "record" else 3]]
        if isinstance(argument, ast.Constant)
    }
    assert len(recorded) > 20
    assert sorted(recorded - set(VERBS)) == []


def test_the_newest_comes_first(desk: Desk) -> None:
    page = desk.open("/activity", "auditor")
    shown = page.dataframe[0].value
    numbers = list(shown.iloc[:, 0])
    assert title(page) == "操作记录"
    assert numbers == sorted(numbers, reverse=True)
    assert len(numbers) == 15
    assert set(shown["操作"]) <= {str(name) for name in VERBS.values()}


def test_filters(desk: Desk) -> None:
    page = desk.open("/activity", "auditor", verb="send_month")
    assert set(page.dataframe[0].value["操作"]) == {"发送月度统一申请"}
    page = desk.open("/activity", verb="send_month", on="2020-01-01..2020-12-31")
    assert not page.dataframe
    assert "没有符合条件的记录" in all_text(page)
    page = desk.open("/activity", account="0", kind="service_type")
    assert set(page.dataframe[0].value["办理人"]) == {"系统"}
    number = desk.zone.naughty
    for query in ({"subject": number}, {"subject": f"claim:{number}"}):
        page = desk.open("/activity", **query)
        assert set(page.dataframe[0].value["对象"]) == {f"补贴申请 {number}"}


@pytest.mark.parametrize(
    "query",
    [{"account": "x"}, {"verb": "x"}, {"on": "2026-02-30..x"}, {"on": "2026-02-02..2026-01-01"}],
    ids=str,
)
def test_rubbish_in_the_address_shows_everything(desk: Desk, query: dict[str, str]) -> None:
    page = desk.open("/activity", "auditor", **query)
    assert len(page.dataframe[0].value) == 15


def test_one_link_and_the_way_to_its_subject(desk: Desk) -> None:
    number = desk.zone.naughty
    page = desk.open("/activity", "lead", subject=number, verb="submit")
    seq = page.dataframe[0].value.iloc[0, 0]
    page = desk.open("/activity", subject=number, seq=str(seq))
    assert title(page) == f"第 {seq} 条记录"
    assert "草稿" in all_text(page)
    assert "本条校验值" in all_text(page)
    page.button(key="back").click().run()
    assert "seq" not in page.query_params
    assert number in page.query_params["subject"]


@pytest.mark.parametrize("seq", ["0", "999999999", "9" * 15])
def test_a_number_that_names_nothing(desk: Desk, seq: str) -> None:
    assert "没有这一条记录" in all_text(desk.open("/activity", "auditor", seq=seq))


def test_verifying_says_it_is_sound(desk: Desk) -> None:
    page = desk.open("/activity", "auditor")
    page.button(key="verify").click().run()
    assert "记录完整" in all_text(page)
    page.text_input(key="filter_subject").set_value("claim:").run()
    assert "记录完整" in all_text(page)


def test_verifying_names_what_is_broken(desk: Desk) -> None:
    with session(desk.zone.world.engine, write=True) as current:
        current.execute(text("UPDATE claim SET asked_fen = asked_fen + 1 WHERE number = :number"),
                        {"number": desk.zone.naughty})  # fmt: skip
    page = desk.open("/activity", "auditor")
    page.button(key="verify").click().run()
    assert desk.zone.naughty in page.error[0].value
    assert "记录完整" not in all_text(page)


# ---------------------------------------------------------------- in words


def test_changes_in_words() -> None:
    before = {"state": "submitted", "subsidy_fen": None, "locked": 0, "version": 1, "note": "x"}
    after = {
        "state": "pre_reviewed", "subsidy_fen": 5_000_000, "locked": 1, "version": 2, "note": "x",
        "contact_phone": "hmac:0123456789abcdef", "sha256": "a" * 64, "reasons": ["R01", "R03"],
        "sheets": {"claims": 2}, "unknown_key": 7, "role": "bureau", "hnte_status": "odd",
    }  # fmt: skip
    said = {change.field: (change.before, change.after) for change in changes(before, after)}
    assert said == {
        "状态": ("待初审", "初审通过"),
        "补贴金额": ("—", "50,000.00 元"),
        "停用": ("否", "是"),
        "版本": ("1", "2"),
        "联系电话": ("—", "已封存 01234567…"),
        "文件摘要": ("—", "aaaaaaaa…"),
        "理由代码": ("—", "R01、R03"),
        "工作表": ("—", '{"claims": 2}'),
        "unknown_key": ("—", "7"),
        "角色": ("—", "科技创新局"),
        "高企状态": ("—", "odd"),
    }
    assert in_short({"state": "submitted", "version": 1}, {"state": "refused", "version": 2}) == (
        "状态 待初审 → 不予支持"
    )
    assert in_short(None, None) == in_short({"a": 1}, {"a": 1}) == "—"
    assert changes({"reason": "x"}, None)[0].after == "—"


def test_subjects_in_words() -> None:
    assert subject_name("claim:2026-11-0187") == "补贴申请 2026-11-0187"
    assert subject_name("something:else") == "something:else"


def test_nothing_a_register_records_is_shown_by_its_column() -> None:
    for field in ("invoice_number", "invoice_fen", "basis", "payee", "filing_number", "fee_fen"):
        assert field in FIELDS, field
    assert changes(None, {"invoice_number": "1"})[0].field == "发票号码"
    assert changes(None, {"basis": "imported"})[0].after == "导入"
    assert subject_name("account:auditor") == "账号 auditor"
