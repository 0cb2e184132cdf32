"""Who may open a page: strangers, people without the role or with a password to change."""

from datetime import date

import pytest
from sqlalchemy import select
from streamlit.testing.v1 import AppTest

from components.account_list import OUTSIDE_ROLES
from components.site import SITE, Page
from models.actions.accounts import sign_out_everywhere
from models.actions.grants import end_grant
from models.database import session
from models.queries.sign_in import demonstration_accounts, signed_in
from models.rules.roles import PERMISSIONS, Role
from models.tables.people import Account, Grant, SignInTicket
from models.tables.reference import Setting
from tests.components.conftest import PASSWORD, SYSTEM, Browser
from tests.world import NOON

FRAME = "components/frame.py"
ACCOUNTS = "pages/accounts.py"


def shows_only_sign_in(page: AppTest) -> bool:
    """Whether a run drew the sign-in and nothing of a page."""
    assert not page.exception
    labels = [field.label for field in page.text_input]
    return (
        labels == ["账号", "密码"]
        and [button.label for button in page.button] == ["登录"]
        and not page.dataframe
        and not page.table
    )


def html_of(page: AppTest) -> str:
    """All small HTML pieces of a run."""
    return " ".join(element.proto.body for element in page.get("html"))


def type_password(page: AppTest, username: str, password: str) -> AppTest:
    """Fill in the form and submit it."""
    page.text_input[0].input(username)
    page.text_input[1].input(password)
    return page.button[0].click().run()


# ---------------------------------------------------------------- strangers


@pytest.mark.parametrize("page", SITE, ids=lambda page: page.address)
def test_a_stranger_at_a_page_run_alone_sees_only_the_sign_in(browser: Browser, page: Page) -> None:
    if page.script.exists():
        assert shows_only_sign_in(browser.open(f"pages/{page.file}"))


def test_a_stranger_at_the_frame_sees_only_the_sign_in(browser: Browser) -> None:
    assert shows_only_sign_in(browser.open(FRAME))


def test_a_guessed_token_is_a_stranger(browser: Browser) -> None:
    browser.cookies["zero_fee_session"] = "guessed"
    page = browser.open(ACCOUNTS)
    assert shows_only_sign_in(page)
    assert 'data-leave=""' in html_of(page)
    assert any("登录已过期" in said.value for said in page.markdown)


def test_a_stranger_is_told_of_no_session_that_ended(browser: Browser) -> None:
    assert not any("登录已过期" in said.value for said in browser.open(ACCOUNTS).markdown)


# ---------------------------------------------------------------- the form


def test_a_right_password_hands_the_page_a_ticket(browser: Browser) -> None:
    browser.add("boss", Role.administrator)
    page = type_password(browser.open(ACCOUNTS), "Boss ", PASSWORD)
    assert "data-sign-in-ticket" in html_of(page)
    assert not page.error
    with session(browser.engine) as current:
        assert len(current.execute(select(SignInTicket)).all()) == 1
    assert "data-sign-in-ticket" not in html_of(page.run())


@pytest.mark.parametrize(
    ("username", "password", "says"),
    [
        ("boss", "wrong", "不正确"),
        ("nobody", PASSWORD, "不正确"),
        ("bo\x00ss", PASSWORD, "不正确"),
        ("", "", "请输入"),
        ("boss", "", "请输入"),
        ("boss", "x" * 5000, "不正确"),
        ("' OR 1=1 --", "\x00", "不正确"),
    ],
)
def test_anything_else_is_answered_in_words(
    browser: Browser, username: str, password: str, says: str
) -> None:
    browser.add("boss", Role.administrator)
    page = type_password(browser.open(ACCOUNTS), username, password)
    assert not page.exception
    assert says in page.error[0].value
    assert "ticket" not in html_of(page)


def test_a_locked_account_is_answered_like_a_wrong_password(browser: Browser) -> None:
    locked = browser.add("boss", Role.administrator)
    with session(browser.engine, write=True) as current:
        account = current.get_one(Account, locked)
        account.is_locked = True
        current.add(account)
    page = type_password(browser.open(ACCOUNTS), "boss", PASSWORD)
    assert page.error[0].value == type_password(page, "nobody", PASSWORD).error[0].value


def test_a_real_deployment_offers_no_accounts(browser: Browser) -> None:
    browser.add("boss", Role.administrator)
    page = browser.open(ACCOUNTS)
    assert "boss" not in " ".join(text.value for text in page.markdown)
    with session(browser.engine) as current:
        assert demonstration_accounts(current) == ()


def test_a_demonstration_says_so_and_names_its_accounts(browser: Browser) -> None:
    browser.add("boss", Role.administrator)
    setting = Setting(
        key="is_demonstration", value=True, valid_from=date(2020, 1, 1), confirmed_at_utc=NOON
    )
    with session(browser.engine, write=True) as current:
        current.add(setting)
    shown = " ".join(text.value for text in browser.open(ACCOUNTS).markdown)
    assert "演示数据" in shown
    assert "boss" in shown


# ---------------------------------------------------------------- signed in


@pytest.mark.parametrize("role", [role for role in Role if role not in OUTSIDE_ROLES], ids=str)
def test_every_role_opens_accounts_or_is_refused_in_words(browser: Browser, role: Role) -> None:
    browser.sign_in(browser.add("somebody", role))
    page = browser.open(ACCOUNTS)
    assert not page.exception
    may = role in PERMISSIONS[SITE[-1].permission]
    assert (page.header[0].value == "账号") is may
    if not may:
        assert "不对您的角色开放" in page.header[0].value
        assert "系统管理员" in page.markdown[-1].value


def test_a_role_taken_away_acts_on_the_next_run(browser: Browser) -> None:
    browser.add("other", Role.administrator)
    boss = browser.add("boss", Role.administrator)
    browser.sign_in(boss)
    page = browser.open(ACCOUNTS)
    assert page.header[0].value == "账号"
    with session(browser.engine, write=True) as current:
        grant = current.execute(select(Grant.id).where(Grant.account_id == boss)).scalar_one()
        end_grant(current, SYSTEM, grant)
    assert "不对您的角色开放" in page.run().header[0].value


def test_signing_out_everywhere_acts_on_the_next_run(browser: Browser) -> None:
    boss = browser.add("boss", Role.administrator)
    browser.sign_in(boss)
    page = browser.open(ACCOUNTS)
    with session(browser.engine, write=True) as current:
        sign_out_everywhere(current, SYSTEM, boss)
    assert shows_only_sign_in(page.run())


def test_after_a_revocation_a_callback_writes_nothing(browser: Browser) -> None:
    boss, victim = browser.add("boss", Role.administrator), browser.add("victim", Role.leader)
    browser.sign_in(boss)
    page = browser.open(ACCOUNTS, account="victim")
    with session(browser.engine, write=True) as current:
        sign_out_everywhere(current, SYSTEM, boss)
    page.button(key="lock").click().run()
    assert shows_only_sign_in(page)
    with session(browser.engine) as current:
        assert not current.get_one(Account, victim).is_locked


def test_a_callback_after_the_role_ended_is_refused_in_words(browser: Browser) -> None:
    browser.add("other", Role.administrator)
    boss, victim = browser.add("boss", Role.administrator), browser.add("victim", Role.leader)
    browser.sign_in(boss)
    page = browser.open(ACCOUNTS, account="victim")
    with session(browser.engine, write=True) as current:
        grant = current.execute(select(Grant.id).where(Grant.account_id == boss)).scalar_one()
        end_grant(current, SYSTEM, grant)
    page.button(key="lock").click().run()
    assert "系统管理员" in page.error[0].value
    with session(browser.engine) as current:
        assert not current.get_one(Account, victim).is_locked


def test_what_was_done_stands_under_the_title_once(browser: Browser) -> None:
    browser.add("victim", Role.leader)
    browser.sign_in(browser.add("boss", Role.administrator))
    page = browser.open(ACCOUNTS, account="victim")
    page.button(key="lock").click().run()
    assert any("账号已停用" in text.value for text in page.markdown)
    assert not any("账号已停用" in text.value for text in page.run().markdown)


def test_a_password_set_by_the_administrator_must_be_changed_first(browser: Browser) -> None:
    token = browser.sign_in(browser.add("fresh", Role.administrator, must_change=True))
    page = browser.open(ACCOUNTS)
    assert [header.value for header in page.header] == ["请先修改密码"]
    assert not page.dataframe
    for field, value in zip(page.text_input, (PASSWORD, "weak", "weak"), strict=True):
        field.input(value)
    page.button[0].click().run()
    assert "12" in page.error[0].value
    for field, value in zip(page.text_input, (PASSWORD, "a longer phrase", "other"), strict=True):
        field.input(value)
    page.button[0].click().run()
    assert "不一样" in page.error[0].value
    for field, value in zip(
        page.text_input, (PASSWORD, "a longer phrase", "a longer phrase"), strict=True
    ):
        field.input(value)
    page.button[0].click().run()
    assert page.header[0].value == "账号"
    with session(browser.engine) as current:
        found = signed_in(current, token, NOON.date())
        assert found is None or not found.must_change_password


def test_the_accounts_language_is_spoken(browser: Browser) -> None:
    boss = browser.add("boss", Role.administrator)
    with session(browser.engine, write=True) as current:
        account = current.get_one(Account, boss)
        account.language = "en"
        current.add(account)
    browser.sign_in(boss)
    assert browser.open(ACCOUNTS).header[0].value == "Accounts"


def test_the_frame_declares_every_page_and_opens_the_start_page(browser: Browser) -> None:
    browser.sign_in(browser.add("boss", Role.administrator))
    page = browser.open(FRAME)
    assert not page.exception
    assert page.header[0].value == "总览"
