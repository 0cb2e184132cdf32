"""Signing in (登录): streamlit-authenticator's form over the account table.

Its form and its way of hashing (bcrypt, `models.rules.passwords`) are kept. Its cookie, its memory
of who is signed in and its lockout are replaced: a good password only hands the page a ticket,
which `web/assets/visitor.js` posts to `/auth/enter` for an HttpOnly session cookie.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from itertools import groupby
from typing import Any

import streamlit as st
from streamlit_authenticator.controllers import AuthenticationController
from streamlit_authenticator.models import AuthenticationModel
from streamlit_authenticator.views import Authenticate

from components.auth import proved, session_token
from components.formats import label, plain, small_grey
from components.language import _, words
from components.look import demonstration_badge, quiet_language_link, sign_in_css, sign_in_heading
from models.actions.sign_in import SignInAnswer
from models.database import session
from models.queries.settings import alliance_name
from models.queries.sign_in import (
    DEMONSTRATION_PASSWORD,
    DemonstrationAccount,
    demonstration_accounts,
)

_ANSWER = "sign_in_answer"


def sign_in_screen(*, has_just_left: bool) -> None:
    """What a stranger sees at every address.

    Args:
        has_just_left: after signing out the start page follows, else the page asked for.
    """
    sign_in_css()
    with (
        st.container(key="sign_in_page", horizontal_alignment="center"),
        st.container(key="sign_in_column", width=360),
    ):
        with session() as current:
            alliance = alliance_name(current)
        sign_in_heading(_(alliance))
        if session_token() is not None and not has_just_left:
            _draw_expired()
        _form()
        _footer()
    if session_token() is not None:
        st.html(f'<span data-leave="{"/" if has_just_left else ""}"></span>')


def _draw_expired() -> None:
    """Somebody who was signed in and is no longer: their cookie is still there."""
    said = _("登录已过期，请重新登录；未提交的内容没有保存。")
    st.markdown(f":orange[:material/schedule:] {plain(said)}")


def _form() -> None:
    """The form; below it the answer to a wrong password, or the ticket for `visitor.js`."""
    _AccountTableForm().login(
        fields={
            "Form name": _("登录"),
            "Username": _("账号|登录名"),
            "Password": _("密码"),
            "Login": _("登录"),
        },
        key="sign_in",
    )
    answer: SignInAnswer | None = st.session_state.pop(_ANSWER, None)
    if answer is not None and answer.ticket is not None:
        st.html(f'<span data-sign-in-ticket="{answer.ticket}"></span>')
    if answer is not None and answer.reason is not None:
        st.error(plain(words(answer.reason)), icon=":material/block:")


def _footer() -> None:
    rule = _("连续输错 5 次将锁定 15 分钟。忘记密码请联系系统管理员。")
    st.markdown(small_grey(plain(rule)))
    with session() as current:
        offered = demonstration_accounts(current)
    with st.container(horizontal=True, horizontal_alignment="distribute"):
        if offered:
            demonstration_badge()
        quiet_language_link()
    if offered:
        _draw_offered(offered)


def _draw_offered(offered: Sequence[DemonstrationAccount]) -> None:
    """The demonstration's accounts by role, and the one password they share."""
    said = _("演示账号，密码均为 {password}").format(password=DEMONSTRATION_PASSWORD)
    lines = [small_grey(said)]
    for role, group in groupby(offered, key=lambda account: account.role):
        names = _("、").join(account.username for account in group)
        lines.append(small_grey(f"{label(role)} {plain(names)}"))
    st.markdown("  \n".join(lines))


class _AccountTableForm(Authenticate):
    """streamlit-authenticator's form, without its own cookie and credentials file."""

    def __init__(self) -> None:
        self.path = None
        self.attrs = {"login_sleep_time": 0}
        self.cookie_controller = _NoCookie()
        self.authentication_controller = AuthenticationController({"usernames": {}})
        self.authentication_controller.authentication_model = _AccountTable()


class _AccountTable(AuthenticationModel):
    """streamlit-authenticator's model over the account table; remembers nobody."""

    def __init__(self) -> None:
        super().__init__({"usernames": {}})

    def login(
        self,
        username: str,
        password: str,
        *_limits: Any,
        callback: Callable[..., Any] | None = None,
    ) -> bool:
        """Prove a password; the answer waits in the session for `sign_in_form`."""
        answer = proved(username, password)
        st.session_state[_ANSWER] = answer
        return answer.ticket is not None


class _NoCookie:
    """streamlit-authenticator's cookie, never set: scripts read it, and it outlives signing out."""

    def get_cookie(self) -> None:
        """No cookie of its own."""

    def set_cookie(self) -> None:
        """Nothing: `/auth/enter` sets ours."""
