"""The menu: the pages today's roles open, in their sections. Every page keeps its address.

All pages are always declared, so that an address asked for by a stranger, or by somebody without
the role, is answered by the page's own guard and in words; those not to be shown are hidden.
"""

from __future__ import annotations

from urllib.parse import urlsplit

import streamlit as st
from streamlit.navigation.page import StreamlitPage

from components.language import _, language, words
from components.site import DAILY, SITE, Page, page_at
from models.queries.sign_in import SignedIn

_MENU = "menu"


def navigation(visitor: SignedIn | None) -> StreamlitPage:
    """Declare every page and return the one asked for.

    A visit keeps what it declared: made anew, a dozen pages cost a millisecond of every run.
    """
    nowhere = "" if is_at_a_page() else _address()
    menu = (language(), visitor.actor.roles if visitor else None, nowhere)
    if st.session_state.get(_MENU, (None,))[0] != menu:
        st.session_state[_MENU] = (menu, _sections(visitor, is_nowhere=bool(nowhere)))
    sections = st.session_state[_MENU][1]
    is_bare = visitor is None or _address() in {page.url_path for page in SITE if page.is_bare}
    return st.navigation(sections, position="hidden" if is_bare else "top")


def _sections(visitor: SignedIn | None, *, is_nowhere: bool) -> dict[str, list[StreamlitPage]]:
    sections: dict[str, list[StreamlitPage]] = {}
    for page in SITE:
        sections.setdefault(words(page.section), []).append(_declared(page, visitor))
    if is_nowhere:
        sections[words(DAILY)].append(_nowhere())
    return sections


def is_declared() -> bool:
    """Whether this visit has its menu: a page that is run by itself leads nowhere else."""
    return _MENU in st.session_state


def is_at_a_page() -> bool:
    """Whether the browser's address is a page's."""
    return _address() in {"", *(page.url_path for page in SITE)}


def _address() -> str:
    return urlsplit(st.context.url or "").path.strip("/")


def _nowhere() -> StreamlitPage:
    """The mistyped address itself: at one that was not declared, Streamlit would show the start
    page. `open_page` says that nothing is here."""
    title = _("没有这个页面")
    return st.Page(page_at("/").script, title=title, url_path=_address(), visibility="hidden")


def _declared(page: Page, visitor: SignedIn | None) -> StreamlitPage:
    is_shown = visitor is not None and page.is_listed and visitor.actor.may(page.permission)
    return st.Page(
        page.script,
        title=_("登录") if visitor is None else words(page.title),
        url_path=page.url_path,
        default=page.address == "/",
        visibility="visible" if is_shown else "hidden",
    )
