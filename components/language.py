"""Words in the visitor's language: Chinese stands in the code, English in the catalogue.

The Chinese text is the catalogue's key. `locale/<language>/LC_MESSAGES/messages.po` is read when
first asked for and kept in memory; nothing is compiled.
"""

from __future__ import annotations

import re

import streamlit as st

from components.this_run import this_run
from models.exchange.spoken import LOCALE_FOLDER, catalogue, translations, translator
from models.rules.wording import Wording

CHINESE, ENGLISH = "zh_CN", "en"
__all__ = ["LOCALE_FOLDER", "catalogue"]  # of what lies here, for who brings it up to date
LANGUAGES = {CHINESE: "中文", ENGLISH: "English"}
LANGUAGE_COOKIE = "zero_fee_language"
HINT = "|"
"""Tells two meanings of one word apart: `_("账号|登录名")` says 账号 in Chinese, Account in English."""


def _(text: str) -> str:
    """A literal Chinese text in the visitor's language."""
    return translations(language()).get(text, text)


def words(wording: Wording) -> str:
    """A rule's sentence in the visitor's language."""
    return wording.spoken(_)


def words_in(code: str, wording: Wording) -> str:
    """A rule's sentence in a named language: for documents, and where no visitor is known."""
    return wording.spoken(translator(code))


def language() -> str:
    """The visitor's language, `zh_CN` or `en`."""
    if this_run.language is None:
        this_run.language = st.session_state.get("language") or chosen_by_browser()
    return this_run.language


def use_language(code: str) -> None:
    """Let this run and the callbacks of the next one speak a language."""
    this_run.language = st.session_state["language"] = code


def chosen_by_browser() -> str:
    """The language of the browser's cookie, else of the browser itself, else Chinese."""
    return supported(_cookie()) or supported(_locale()) or CHINESE


def supported(wanted: object) -> str | None:
    """The language of ours that `en-GB;q=0.8` or `zh_CN` stands for; `None`: none of ours."""
    if not isinstance(wanted, str):
        return None
    short = re.split("[-_;]", wanted.strip())[0].lower()
    return {"zh": CHINESE, "en": ENGLISH}.get(short)


def other_language() -> str:
    """The language the switch offers."""
    return ENGLISH if language() == CHINESE else CHINESE


def _cookie() -> object:
    return st.context.cookies.get(LANGUAGE_COOKIE)


def _locale() -> object:
    return st.context.locale
