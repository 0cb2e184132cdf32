"""Changing one's own password (修改密码): in a dialog, or before anything else after a reset."""

from __future__ import annotations

from typing import TYPE_CHECKING

import streamlit as st

from components.attempt import Outcome, attempt
from components.auth import session_token
from components.language import _, words
from models.actions.accounts import change_own_password
from models.rules.wording import say

if TYPE_CHECKING:
    from components.shell import Visit


def change_password_form(visit: Visit) -> None:
    """The whole page of somebody whose password was set by the administrator."""
    with st.container(key="must_change_password", width=420):
        st.header(_("请先修改密码"), anchor=False)
        st.markdown(
            f":gray[{_('账号|登录名')} {visit.username} · {_('这个密码由管理员设置，只能用来登录一次')}]"
        )
        if _fields("first"):
            st.rerun()


def change_password_dialog() -> None:
    """The same from the account menu."""

    @st.dialog(_("修改密码"))
    def dialog() -> None:
        if _fields("again"):
            st.rerun()

    dialog()


def _fields(key: str) -> bool:
    """Draw the three fields; whether the password has been changed."""
    with st.form(f"change_password_{key}", border=False):
        current = st.text_input(_("当前密码"), type="password", key=f"current_password_{key}")
        new = st.text_input(
            _("新密码"),
            type="password",
            key=f"new_password_{key}",
            help=_("至少 12 个字符（汉字按两个计），不含账号，不是常用词加数字"),
        )
        again = st.text_input(_("再输一次新密码"), type="password", key=f"repeated_password_{key}")
        answer = st.container()
        if not st.form_submit_button(_("修改密码"), type="primary"):
            return False
    if new != again:
        answer.error(words(say("两次输入的新密码不一样")), icon=":material/block:")
        return False
    return _changed(current, new, answer).is_done


def _changed(current: str, new: str, where: object) -> Outcome:
    return attempt(
        change_own_password,
        current,
        new,
        session_token(),
        done=say("密码已修改，其他设备上的登录已退出"),
        where=where,
    )
