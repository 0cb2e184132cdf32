"""Every page × everybody: who may open it is written down here, and each page is asked."""

from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta

import pytest
from sqlmodel import select

from components.site import SITE
from models.actions.accounts import lock_account, sign_out_everywhere
from models.actions.steps import system_actor
from models.clock import office_day
from models.rules.roles import Role
from models.tables.people import Account, Grant
from tests.browser.zone import Zone
from tests.desk import Desk, all_text, desk_in, title

# fmt: off
ROLES = (
    "reviewer", "lead", "leader", "agency", "enterprise", "bureau", "committee", "finance", "auditor", "administrator",
)
DOORS = {
    #             reviewer lead leader agency enterprise bureau committee finance auditor
    # administrator
    "/":         "    x     x     x      x        x         x       x        x       x         x      ",
    "/inbox":    "    x     x     x      x        x         x       x        x       x         x      ",
    "/claims":   "    x     x     x      x        .         x       x        x       x         x      ",
    "/claim":    "    x     x     x      x        .         x       x        x       x         x      ",
    "/month":    "    x     x     .      .        .         x       x        x       x         x      ",
    "/my-rating": "   .     .     .      x        .         .       .        .       .         .      ",
    "/payments": "    .     x     x      x        .         .       .        x       x         x      ",
    "/members":  "    x     x     x      .        .         x       x        x       x         x      ",
    "/agencies": "    x     x     x      x        .         x       x        x       x         x      ",
    "/admissions": "  x     x     .      x        .         .       .        .       x         x      ",
    "/agreements": "  x     x     x      x        x         x       x        x       x         x      ",
    "/needs":    "    x     x     .      x        x         .       .        .       x         x      ",
    "/ratings":  "    x     x     x      .        .         x       x        x       x         x      ",
    "/complaints": "  x     x     .      x        x         .       .        .       x         x      ",
    "/trainings": "   x     x     .      x        .         .       .        .       x         x      ",
    "/targets":  "    x     x     x      x        x         x       x        x       x         x      ",
    "/meeting":  "    x     x     x      .        .         .       .        .       x         x      ",
    "/actuals":  "    x     x     x      .        .         .       .        .       x         x      ",
    "/tasks":    "    x     x     x      .        .         .       .        .       x         x      ",
    "/policies": "    x     x     x      .        .         x       x        x       x         x      ",
    "/exchange": "    x     x     .      .        .         .       .        .       x         x      ",
    "/letters":  "    x     x     .      .        .         x       x        x       x         x      ",
    "/activity": "    .     x     .      .        .         .       .        .       x         x      ",
    "/accounts": "    .     .     .      .        .         .       .        .       x         x      ",
}
TITLES = {
    "/": "总览", "/inbox": "消息", "/claims": "补贴申请", "/claim": "没有指明申请号", "/month": "月度统一申请", "/my-rating": "我的考评", "/payments": "拨付", "/members": "会员企业",
    "/agencies": "服务机构", "/admissions": "入会审查", "/agreements": "合作对子", "/needs": "对接需求",
    "/ratings": "服务质量考评", "/complaints": "投诉", "/trainings": "业务培训",
    "/targets": "城市目标", "/meeting": "会议模式",
    "/actuals": "实绩填报", "/tasks": "任务台账", "/policies": "补贴标准", "/exchange": "导入导出", "/letters": "函件模板",
    "/activity": "操作记录", "/accounts": "账号",
}
# fmt: on
QUEUES = {
    "reviewer": "待初审申请",
    "lead": "待统一申请",
    "agency": "我的申请",
    "bureau": "待复核申请",
    "committee": "待审批申请",
    "finance": "待支付申请",
}  # fmt: skip
"""What the list of claims is called for those whose turn comes."""
REFUSED = "这个页面不对您的角色开放"
SIGN_IN = "科技创新服务零费区"
EVERYTHING = [
    (address, who, mark == "x")
    for address, row in DOORS.items()
    for who, mark in zip(ROLES, row.split(), strict=True)
]


@pytest.fixture(scope="module")
def desk(template: Zone, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Desk]:
    """One desk for the whole table: nothing here is written."""
    with desk_in(template, tmp_path_factory.mktemp("access"), {}) as at:
        yield at


def titled(address: str, who: str) -> str:
    """What stands in a page's title row."""
    return QUEUES.get(who, TITLES[address]) if address == "/claims" else TITLES[address]


def test_the_table_names_every_page_and_every_role() -> None:
    assert set(DOORS) == set(TITLES) == {page.address for page in SITE}
    assert len(ROLES) == len(Role)


@pytest.mark.parametrize(("address", "who", "may"), EVERYTHING)
def test_a_page_opens_for_its_roles_and_refuses_the_others_in_words(
    desk: Desk, address: str, who: str, *, may: bool
) -> None:
    page = desk.open(address, who)
    assert title(page) == (titled(address, who) if may else REFUSED)
    if not may:
        assert not page.dataframe
        assert not page.table
        assert "可打开它的角色" in all_text(page)


def shows_only_sign_in(desk: Desk, address: str) -> bool:
    """Whether a page, with the frame and without it, drew two fields, one button, and nothing of
    its own."""
    return all(
        title(page) == SIGN_IN
        and [field.label for field in page.text_input] == ["账号", "密码"]
        and [button.label for button in page.button] == ["登录"]
        and not (page.dataframe or page.table or page.metric)
        for page in (desk.open(address), desk.alone(address))
    )


READ_ONLY = (
    "/exchange", "/accounts", "/month", "/members", "/agencies", "/claims", "/actuals",
    "/policies", "/agreements", "/needs", "/complaints", "/trainings", "/admissions",
)  # fmt: skip


@pytest.mark.parametrize("address", READ_ONLY)
def test_an_auditor_reads_and_is_offered_nothing_that_edits(desk: Desk, address: str) -> None:
    page = desk.open(address, "auditor")
    offered = {button.key for button in page.button} | {b.key for b in page.get("download_button")}
    assert not offered & {
        "invite", "lock", "reset", "everywhere", "grant", "confirm_drafts", "discard_drafts",
        "send_month", "exchange_commit", "tie", "add_member", "bulk_pass", "open_next",
        "record_objection", "whole_month", "enter_actual", "confirm_actual", "turn_down_actual", "replace_actual",
        "draft_standard", "draft_item", "draft_day", "confirm_change", "turn_down_change",
        "draft_agreement", "take_step", "state_need", "withdraw_need", "accept_need",
        "file_complaint", "take_complaint_step", "announce_training", "take_training_step",
        "enter_application", "take_admission_step", "draft_criterion",
    }  # fmt: skip
    assert not page.get("file_uploader")


def test_an_auditor_reads_an_accounts_card_without_its_buttons(desk: Desk) -> None:
    page = desk.open("/accounts", "auditor", account="reviewer")
    assert "联盟初审员" in all_text(page)
    assert not {"reset", "lock", "grant", "end_grant", "tie"} & {b.key for b in page.button}
    assert {"reset", "lock", "grant"} <= {
        button.key for button in desk.open("/accounts", "administrator", account="reviewer").button
    }


@pytest.mark.parametrize("address", DOORS)
def test_a_stranger_sees_only_the_sign_in(desk: Desk, address: str) -> None:
    desk.sit(None)
    assert shows_only_sign_in(desk, address)


@pytest.mark.parametrize("address", DOORS)
def test_a_guessed_session_is_a_stranger(desk: Desk, address: str) -> None:
    desk.sit(None)
    desk.cookies["zero_fee_session"] = "guessed"
    assert shows_only_sign_in(desk, address)


@pytest.fixture(scope="module")
def troubled(desk: Desk) -> Desk:
    """People whose session or role has ended: each with the token they still hold."""
    yesterday = office_day(datetime.now(UTC)) - timedelta(days=1)
    for who in ("locked", "signed_out", "expired", "not_yet"):
        desk.zone.newcomer(who, Role.alliance_lead)
    desk.tokens = {who: desk.zone.token(who) for who in desk.zone.world.people}  # type: ignore[attr-defined]
    people = desk.zone.world.people
    with desk.zone.writing() as current:
        lock_account(current, system_actor(), people["locked"].account_id)
        sign_out_everywhere(current, system_actor(), people["signed_out"].account_id)
        for who, changes in (
            ("expired", {"valid_to": yesterday}),
            ("not_yet", {"valid_from": date(2999, 1, 1)}),
        ):
            wanted = select(Grant).where(Grant.account_id == people[who].account_id)
            grant = current.exec(wanted).one()
            grant.sqlmodel_update(changes)
            current.add(grant)
    return desk


@pytest.mark.parametrize("address", DOORS)
@pytest.mark.parametrize("who", ["locked", "signed_out"])
def test_a_session_that_ended_is_a_stranger(troubled: Desk, who: str, address: str) -> None:
    troubled.cookies["zero_fee_session"] = troubled.tokens[who]  # type: ignore[attr-defined]
    assert shows_only_sign_in(troubled, address)


@pytest.mark.parametrize("address", DOORS)
@pytest.mark.parametrize("who", ["expired", "not_yet"])
def test_a_role_outside_its_dates_opens_nothing(troubled: Desk, who: str, address: str) -> None:
    troubled.cookies["zero_fee_session"] = troubled.tokens[who]  # type: ignore[attr-defined]
    assert title(troubled.open(address)) == REFUSED


@pytest.mark.parametrize("address", DOORS)
def test_a_password_to_be_changed_comes_before_every_page(desk: Desk, address: str) -> None:
    with desk.zone.writing() as current:
        account = current.exec(select(Account).where(Account.username == "importer")).one()
        account.must_change_password = True
        current.add(account)
    page = desk.open(address, "importer")
    assert title(page) == "请先修改密码"
    assert not (page.dataframe or page.table or page.metric)


# ---------------------------------------------------------------- what an address names


@pytest.mark.parametrize("who", ["reviewer", "leader", "agency", "agency2", "finance"])
def test_a_claim_opens_for_who_may_see_it(desk: Desk, who: str) -> None:
    own = {"agency2": desk.zone.naughty}.get(who, "2026-11-0006")
    assert title(desk.open("/claim", who, no=own)) == own.replace("-", r"\-")


FORGED = (
    "2026-11-9999",
    "1",
    "' OR 1=1 --",
    "%",
    "\x00",
    "x" * 5_000,
    "../../etc/passwd",
    "<script>window.hacked=1</script>",
)


@pytest.mark.parametrize("number", FORGED)
def test_a_forged_number_names_nothing(desk: Desk, number: str) -> None:
    page = desk.open("/claim", "reviewer", no=number)
    assert title(page) == ("没有这件申请" if number.isprintable() else "没有指明申请号")
    assert not page.table


def test_another_agencys_claim_looks_like_one_that_does_not_exist(desk: Desk) -> None:
    missing = desk.open("/claim", "agency", no="2026-11-9999")
    others = desk.open("/claim", "agency", no=desk.zone.naughty)
    assert title(others) == title(missing) == "没有这件申请"
    said, expected = all_text(others), all_text(missing)
    assert said.replace(desk.zone.naughty.replace("-", r"\-"), "N") == expected.replace(
        r"2026\-11\-9999", "N"
    )


@pytest.mark.parametrize("page", ["/members", "/agencies"])
@pytest.mark.parametrize("forged", FORGED)
def test_a_forged_credit_code_names_nobody(desk: Desk, page: str, forged: str) -> None:
    opened = desk.open(page, "reviewer", uscc=forged)
    assert not opened.exception
    assert "6222" not in all_text(opened)


@pytest.mark.parametrize("forged", FORGED)
@pytest.mark.parametrize(
    ("address", "parameter", "name"),
    [
        ("/agreements", "agreement", "合作对子"),
        ("/needs", "need", "对接需求"),
        ("/complaints", "complaint", "投诉"),
        ("/trainings", "training", "业务培训"),
    ],
)
def test_a_forged_number_of_a_card_names_nothing(
    desk: Desk, address: str, parameter: str, name: str, forged: str
) -> None:
    opened = desk.open(address, "reviewer", **{parameter: forged})
    assert title(opened) == name
    assert not opened.table


@pytest.mark.parametrize("forged", FORGED)
def test_a_forged_figure_names_nothing(desk: Desk, forged: str) -> None:
    opened = desk.open("/actuals", "reviewer", figure=forged)
    assert title(opened) == "实绩填报"
    assert not opened.table


@pytest.mark.parametrize("name", ["rule", "item", "change"])
@pytest.mark.parametrize("forged", FORGED)
def test_a_forged_standard_names_nothing(desk: Desk, name: str, forged: str) -> None:
    for view in ("standards", "settings", "calendar"):
        opened = desk.open("/policies", "reviewer", view=view, **{name: forged})
        assert title(opened) == "补贴标准"
        assert not opened.table


@pytest.mark.parametrize(
    "query",
    [
        {"pile": "nonsense", "page": "-3", "order": "password_hash"},
        {"page": "99999999999999999999", "month": "2026-13", "q": "%" * 500},
        {"state": "draft", "verdicts": "' OR 1=1", "service": "\x00"},
    ],
)
@pytest.mark.parametrize(
    "page",
    [
        "/claims",
        "/month",
        "/members",
        "/agencies",
        "/activity",
        "/actuals",
        "/policies",
        "/agreements",
        "/needs",
        "/complaints",
        "/trainings",
    ],
)
def test_nonsense_in_the_address_is_ignored(desk: Desk, page: str, query: dict[str, str]) -> None:
    assert title(desk.open(page, "lead", **query)) == titled(page, "lead")
