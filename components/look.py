"""The look: the only page CSS, the title row with its account menu, the sign-in's dress.

Palette, type and sizes are the theme's (`.streamlit/config.toml`); here is what no option reaches.
"""

from __future__ import annotations

from collections.abc import Callable
from html import escape
from pathlib import Path
from urllib.parse import quote

import streamlit as st

from components.account_menu import account_menu
from components.attempt import say_kept_outcome
from components.bell import draw_bell
from components.formats import plain
from components.language import CHINESE, LANGUAGES, _, language, other_language, words
from components.this_run import this_run
from models.rules.wording import Wording, say

PRODUCT = say("科技创新服务零费区")

_LOGOS = Path(__file__).resolve().parent / "logo"

_PAGE_CSS = """<style>
@media (min-width: 800px) {
  .st-key-page {width: calc(100% + 92px); max-width: none; margin-inline: -46px}
}
[role=tab][aria-selected=true] p, [role=radio][aria-checked=true] p {
  color: light-dark(#1D4F91, #93BCF0)
}
.stApp button[kind^=primary] kbd {color: inherit; opacity: 1}
.stApp button[kind=tertiary]:is(:hover, :active, :focus, [aria-expanded=true]) {
  color: light-dark(#1D4F91, #93BCF0)
}
.st-key-page > div:has(> .st-key-answer_line), .st-key-page > .st-key-answer_line {
  position: sticky; top: 3.75rem; z-index: 90
}
.st-key-page > div:has(> .st-key-answer_line .stEmpty) {display: none}
.st-key-answer_line > *:not(:empty) {background: light-dark(#FFFFFF, #12171E); border-radius: 4px}
[data-testid=stTable], .st-key-page table {font-variant-numeric: tabular-nums}
.st-key-page [data-testid=stMarkdown] a:not(:hover, :focus),
.st-key-page table a:not(:hover, :focus) {
  text-decoration: none
}
.st-key-page [data-testid=stPageLink-NavLink] {padding-inline: 0}
.st-key-page [data-testid=stTable] a {white-space: nowrap}
[class*=st-key-message_] {
  border-bottom: 1px solid light-dark(#E3E7ED, #2A333E); min-height: 34px; padding-block: 2px;
  row-gap: 0
}
[class*=st-key-open_message_] button {min-height: 0; padding-block: 2px; text-align: start}
[class*=st-key-open_message_] button :is(p, [data-testid=stMarkdownContainer]) {
  white-space: normal
}
.st-key-papers .stHorizontalBlock {flex-wrap: nowrap}
.st-key-papers .stHorizontalBlock > :first-child {flex: 0 1 auto; min-width: 0}
.st-key-papers .stHorizontalBlock > :last-child {flex: none}
.st-key-papers .stHorizontalBlock p {font-size: 12.25px; overflow-wrap: anywhere}
.st-key-papers button {min-height: 0; padding-block: 2px; text-align: start}
.st-key-papers button [data-testid=stMarkdownContainer] {white-space: normal}
.st-key-papers button p {white-space: normal}
[class*=st-key-cases_] summary {opacity: 1; color: light-dark(#525D6B, #A9B4C1)}
[data-testid=stFileUploaderDropzoneInstructions] * {white-space: normal; overflow: visible}
[data-testid=stHtml] .cards {list-style: none; margin: 0; padding: 0}
.cards {font-variant-numeric: tabular-nums}
[data-testid=stHtml] .cards li {
  margin: 0; padding: 8px 0; border-bottom: 1px solid light-dark(#E3E7ED, #2A333E)
}
.cards a {color: light-dark(#1D4F91, #93BCF0); display: block; padding-block: 4px}
.cards a:not(:hover, :focus) {text-decoration: none}
.cards b {font-weight: 600}
.cards div {display: flex; flex-wrap: wrap; gap: 2px 14px; overflow-wrap: anywhere}
.cards small {font-size: 12.25px; color: light-dark(#525D6B, #A9B4C1)}
.cards .chip {font-size: 12.25px; padding: 0 6px; border-radius: 4px}
@media (max-width: 640px) {
  [data-testid=stTable] {overflow-x: auto}
  [data-testid=stTable] :is(td, th) {min-width: 7em}
  .st-key-findings [data-testid=stTable] :is(td, th) {min-width: 0}
  .st-key-answer_first > * > [data-testid=stHorizontalBlock] {flex-wrap: wrap-reverse}
  .st-key-findings thead {display: none}
  .st-key-findings tbody tr {display: grid; grid-template-columns: auto 1fr auto; padding: 4px 0}
  .st-key-findings tbody tr > * {border: none; padding-block: 1px}
  .st-key-findings tbody tr > :nth-child(3) {order: 4; grid-column: 1 / -1}
  .st-key-findings:not(:has(.st-key-show_met input:checked)) tbody tr:not(:has(.stMarkdownBadge)) {
    display: none
  }
}
@media (min-width: 641px) {
  .st-key-show_met {display: none}
}
</style>"""

_SIGN_IN_CSS = """<style>
[data-testid=stHeader] {display: none}
.st-key-sign_in_page {margin-top: calc(13vh - 50px)}
.st-key-sign_in_page [data-testid=stForm] > div > div:has([data-testid=stHeading]) {
  position: absolute; clip-path: inset(50%)
}
.st-key-sign_in_page [data-testid=stFormSubmitButton],
.st-key-sign_in_page [data-testid=stElementContainer]:has([data-testid=stFormSubmitButton]),
.st-key-sign_in_page [data-testid=stFormSubmitButton] button {width: 100%}
.st-key-sign_in_page [data-testid=stFormSubmitButton] button {
  background: light-dark(#1D4F91, #3D76C0); border-color: transparent; color: #FFFFFF
}
.st-key-sign_in_page [data-testid=stFormSubmitButton] button:hover {
  background: light-dark(#143A6C, #4A84CF); color: #FFFFFF
}
</style>"""


def head(title: str) -> None:
    """What is around the page: the browser's tab, the CSS, the wordmark; drawn by the frame."""
    st.set_page_config(page_title=f"{title} · {words(PRODUCT)}", layout="wide")
    scheme = "dark" if st.context.theme.type == "dark" else "light"
    st.html(f"{_PAGE_CSS}<style>:root {{color-scheme: {scheme}}}</style>")
    logo()


def logo() -> None:
    """The wordmark in the header, in the visitor's language and theme."""
    shade = "dark" if st.context.theme.type == "dark" else "light"
    tongue = "zh" if language() == CHINESE else "en"
    st.logo(str(_LOGOS / f"wordmark-{tongue}-{shade}.svg"), size="large")


def title_row(
    title: str, summary: str = "", *badges: str, right: Callable[[], None] | None = None
) -> None:
    """The first row of every page: title and summary left; 演示数据 and the account menu right.

    Below it stands what the last action came to.

    Args:
        title: in the visitor's language; taken as plain text.
        summary: figures beside it, plain text.
        badges: Markdown badges after it, such as `:blue-badge[待初审]`.
        right: draws what stands before the account menu, such as next and previous.
    """
    visit = this_run.visit
    with st.container(
        key="title_row",
        horizontal=True,
        horizontal_alignment="distribute",
        vertical_alignment="center",
    ):
        with st.container(horizontal=True, vertical_alignment="center", width="content"):
            st.header(plain(title), anchor=False, width="content")
            for badge in badges:
                st.markdown(badge, width="content")
            if summary:
                st.markdown(f":gray[{plain(summary)}]", width="content")
        if visit is not None:
            with st.container(horizontal=True, vertical_alignment="center", width="content"):
                if right is not None:
                    right()
                if visit.is_demonstration:
                    demonstration_badge()
                draw_bell(visit)
                account_menu(visit)
    say_kept_outcome()


def demonstration_badge() -> None:
    """The quiet mark of generated data (演示数据)."""
    st.badge(_("演示数据"), icon=":material/science:", color="gray")


def refusal(headline: Wording, explanation: Wording) -> None:
    """A page that may not be opened: why, and what to do next."""
    title_row(words(headline))
    st.markdown(plain(words(explanation)))


def sign_in_css() -> None:
    """The sign-in screen has no header, and one narrow column."""
    st.html(_SIGN_IN_CSS)


def sign_in_heading(alliance: str) -> None:
    """Mark, name and owner above the form.

    Args:
        alliance: what the alliance is called here (a setting).
    """
    with st.container(horizontal=True, vertical_alignment="center", gap="xsmall"):
        st.image(str(_LOGOS / "mark.svg"), width=26, alt="")
        st.header(words(PRODUCT), anchor=False, width="content")
    st.markdown(f":gray[{plain(alliance)}]")


def quiet_language_link() -> None:
    """The language switch of somebody not signed in: a link that sets a cookie and comes back."""
    other = other_language()
    st.html(
        f'<a data-language="{other}" lang="{other.replace("_", "-")}" target="_self"'
        f' href="/auth/language?to={quote(other)}"'
        f' style="color:inherit;font-size:12.25px;text-decoration:none">'
        f"{escape(LANGUAGES[other])}</a>",
        width="content",
    )
