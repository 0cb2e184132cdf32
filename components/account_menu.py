"""The account menu (账号菜单) in every title row: language, password, ties, signing out."""

from __future__ import annotations

from typing import TYPE_CHECKING

import streamlit as st

from components.attempt import attempt
from components.auth import session_token
from components.formats import plain
from components.language import LANGUAGES, _, language, other_language, use_language, words
from components.password_form import change_password_dialog
from components.tie_form import own_ties_dialog
from models.actions.accounts import choose_language, sign_out_everywhere
from models.actions.sign_in import leave
from models.database import session
from models.rules.roles import ROLE_NAMES, Permission

if TYPE_CHECKING:
    from components.shell import Visit

_KEY = "account_menu"
_ASKED = "account_menu_asked"
LEFT = "has_just_left"


def account_menu(visit: Visit) -> None:
    """Name · role, and what one may do with one's own account."""
    labels = {
        "language": LANGUAGES[other_language()],
        "password": _("修改密码"),
        "ties": _("我的回避关系"),
        "everywhere": _("在所有设备上退出"),
        "leave": _("退出登录"),
    }
    if not visit.may(Permission.see_members):
        del labels["ties"]
    st.menu_button(
        _who(visit),
        list(labels),
        key=_KEY,
        type="tertiary",
        icon=":material/account_circle:",
        format_func=lambda option: labels[option],
        on_click=_choose,
        args=(visit.actor.account_id,),
    )
    match st.session_state.pop(_ASKED, None):
        case "password":
            change_password_dialog()
        case "ties":
            own_ties_dialog(visit.actor)
        case "speak":
            st.html(f'<span data-speak="{language()}"></span>')


def _choose(account_id: int) -> None:
    match st.session_state[_KEY]:
        case "language":
            use_language(other_language())
            attempt(choose_language, st.session_state["language"])
            st.session_state[_ASKED] = "speak"
        case "everywhere":
            attempt(sign_out_everywhere, account_id)
            st.session_state[LEFT] = True
        case "leave":
            st.session_state[LEFT] = True
            with session(write=True) as current:
                leave(current, session_token())
        case asked:
            st.session_state[_ASKED] = asked


def _who(visit: Visit) -> str:
    """Name · role; once where both say the same."""
    roles = _roles(visit)
    return plain(roles if visit.display_name == roles else f"{visit.display_name} · {roles}")


def _roles(visit: Visit) -> str:
    names = [
        words(ROLE_NAMES[grant.role]) + (_("（代理）") if grant.is_cover else "")
        for grant in visit.actor.grants
    ]
    return "、".join(names) or _("无角色")
