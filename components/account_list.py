"""The list of accounts: its filters, its columns, and inviting a new one."""

from __future__ import annotations

from enum import StrEnum
from functools import partial

import streamlit as st

from components.attempt import attempt
from components.filters import ask, asked, choice, clear_button, search_box
from components.formats import label
from components.language import _, words
from components.organisation_choice import organisation_choice
from components.site import page_at
from components.tables import Column, download, draw_list, instant, number, text
from models.actions.accounts import NewAccount
from models.actions.grants import Invitation, NewGrant, invite
from models.clock import today
from models.queries.accounts import AccountFilter, AccountRow, accounts
from models.queries.paging import Page, everything
from models.rules.roles import ROLE_NAMES, Actor, Role
from models.rules.wording import say


class Standing(StrEnum):
    """What the filter by state offers."""

    in_use = "in_use"
    locked = "locked"


STANDINGS = {Standing.in_use: say("在用"), Standing.locked: say("已停用")}
ROLES: list[Role] = list(Role)
OUTSIDE_ROLES = frozenset({Role.agency, Role.enterprise})
_AGENCY = "agency"


def asked_filter() -> AccountFilter:
    """Draw the filters and read what the address asks for."""
    looked_for = search_box(_("账号、姓名、单位"))
    role = choice("role", Role, _("全部角色"))
    standing = choice(
        "standing", Standing, _("全部状态"), called=lambda option: words(STANDINGS[option])
    )
    clear_button()
    is_locked = None if standing is None else standing is Standing.locked
    return AccountFilter(looked_for, role, is_locked)


def account_columns() -> list[Column]:
    """What the list shows."""
    return [
        text("username", _("账号|登录名"), 150, sorts=True),
        text("display_name", _("姓名或称谓"), 170, sorts=True),
        text("organisation", _("单位"), 230),
        Column("roles", _("角色"), 210, shown=_roles),
        Column("covers", _("代理"), 150, shown=_roles),
        Column("is_locked", _("状态"), 90, shown=_standing),
        number("open_sessions", _("登录中"), 84, help=_("尚未退出的浏览器数")),
        instant("last_seen_at_utc", _("最近使用")),
    ]


def draw_accounts(page: Page[AccountRow]) -> None:
    """The list's page; a click on the account opens its card."""
    draw_list(
        "accounts",
        account_columns(),
        page,
        title=_("账号列表"),
        empty=_("没有符合条件的账号。用“邀请”新增，或放宽筛选。"),
        footer=_("按账号排序；点账号打开，授予角色、停用、重设密码。"),
        row_id="username",
        opens=(None, "account"),
    )


def download_accounts(wanted: AccountFilter) -> None:
    """Downloads exactly what the filters show."""
    download(_("账号"), account_columns(), partial(_all, wanted))


def invite_button(actor: Actor) -> None:
    """The primary button: invite somebody; where the address names an agency, somebody of it."""
    is_pressed = st.button(_("邀请"), key="invite", type="primary", icon=":material/person_add:")
    agency = asked(_AGENCY)
    if agency:
        ask(_AGENCY, "")
    if is_pressed or agency:
        invite_dialog(actor, agency)


def invitation_address(uscc: str) -> str:
    """The address at which an account of an agency is added."""
    return f"{page_at('/accounts').address}?{_AGENCY}={uscc}"


def draw_one_time_password(username: str, password: str) -> None:
    """A password shown once: what it is, and what to do with it."""
    st.markdown(_("一次性密码只显示这一次。请当面或电话告知本人，首次登录后必须修改。"))
    st.code(f"{username}\n{password}", language=None)


def invite_dialog(actor: Actor, agency: str = "") -> None:
    """Add an account and its first role.

    Args:
        actor: who adds it.
        agency: for whom, by its credit code; left open when left out.
    """

    @st.dialog(_("邀请"), width="medium")
    def dialog() -> None:
        left, right = st.columns(2)
        username = left.text_input(
            _("账号|登录名"),
            key="invite_username",
            max_chars=64,
            live=True,
            help=_("小写字母、数字和 . _ -"),
        )
        name = right.text_input(_("姓名或称谓"), key="invite_name", max_chars=64, live=True)
        role = left.selectbox(
            _("角色"), ROLES, ROLES.index(Role.agency) if agency else 0, key="invite_role",
            format_func=label,
        )  # fmt: skip
        from_on = right.date_input(_("开始日期"), today(), key="invite_from", format="YYYY-MM-DD")
        organisation = (
            organisation_choice(actor, "invite_for", _("代表哪家单位"), agency)
            if role in OUTSIDE_ROLES
            else None
        )
        answer = st.container()
        if st.button(
            _("新增账号"), key="invite_save", type="primary", disabled=not (username and name)
        ):
            new = NewAccount(
                username,
                name,
                organisation.agency_id if organisation else None,
                organisation.enterprise_id if organisation else None,
            )
            outcome = attempt(invite, new, NewGrant(role, from_on), where=answer)
            if isinstance(outcome.result, Invitation):
                draw_one_time_password(outcome.result.username, outcome.result.password)

    dialog()


def _all(wanted: AccountFilter, session: object, actor: Actor) -> Page[AccountRow]:
    return accounts(session, actor, wanted, everything())  # type: ignore[arg-type]


def _roles(roles: tuple[Role, ...]) -> str:
    return _("、").join(words(ROLE_NAMES[role]) for role in roles) or "—"


def _standing(is_locked: bool) -> str:
    return words(STANDINGS[Standing.locked if is_locked else Standing.in_use])
