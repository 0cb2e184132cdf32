"""Who is at the browser: its cookies, its address, and whether a password typed there is right."""

from __future__ import annotations

import streamlit as st

from models.actions.sign_in import SignInAnswer, Source, answer_sign_in, waiting_time
from models.database import session
from models.queries.sign_in import Credentials, credentials
from models.rules.passwords import password_matches
from models.rules.wording import Wording, say

SESSION_COOKIE = "zero_fee_session"
BROWSER_COOKIE = "zero_fee_browser"
NARROW_COOKIE = "zero_fee_narrow"

_NOBODYS_HASH = "$2b$12$vI95fsjxNZAaLBzPf8XpM.EApWg./CtBjTSK.DHOsnhtkXEn9Qnve"


def session_token() -> str | None:
    """The browser's session token: the only place that reads it."""
    return _cookie(SESSION_COOKIE)


def has_narrow_window() -> bool:
    """Whether the window was as narrow as a phone's when the page was opened; `visitor.js` says
    so."""
    return _cookie(NARROW_COOKIE) == "1"


def source() -> Source:
    """Where a sign-in comes from: the browser's own cookie, and its address."""
    return Source(_cookie(BROWSER_COOKIE) or "", str(st.context.ip_address or "here"))


def proved(username: str, password: str) -> SignInAnswer:
    """Compare a password with the account table; unknown names take as long as known ones.

    Args:
        username: as typed, in lower case.
        password: as typed.
    """
    if not username or not password:
        return SignInAnswer(reason=_EMPTY)
    with session() as current:
        if reason := waiting_time(current, username, source()):
            return SignInAnswer(reason=reason)
        known = credentials(current, username)
    account_id = known.account_id if _matches(password, known) and known else None
    with session(write=True) as current:
        return answer_sign_in(current, username, source(), account_id)


_EMPTY: Wording = say("请输入账号和密码")


def _matches(password: str, known: Credentials | None) -> bool:
    is_right = password_matches(password, known.password_hash if known else _NOBODYS_HASH)
    return is_right and known is not None and not known.is_locked


def _cookie(name: str) -> str | None:
    value = st.context.cookies.get(name)
    return value if isinstance(value, str) else None
