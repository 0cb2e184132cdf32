"""Messages on screen: my turn first, then what became of what is mine, each with its way there."""

from __future__ import annotations

from collections.abc import Sequence
from enum import StrEnum
from typing import Any

import streamlit as st

from components import formats
from components.activity_words import SUBJECTS
from components.attempt import attempt, when_clicked
from components.bell import forget_unread
from components.filters import ask, asked, asked_number, choice, clear_button, segments
from components.language import _, words
from components.shell import Visit
from components.site import page_at
from models.actions.mails import choose_mails
from models.actions.messages import read_all_messages, read_message, tell
from models.database import deployment, session
from models.queries.mails import OwnMails
from models.queries.messages import MessageFilter, MessagePage, MessageRow, kinds_told
from models.queries.told_links import has_news
from models.queries.turns import TURN_NAMES, Turn
from models.rules.mails import MailChoice
from models.rules.notices import place_of
from models.rules.wording import say

BEFORE = "before"


class Shown(StrEnum):
    """Which messages are shown."""

    all = "all"  # 全部
    unread = "unread"  # 未读


SHOWN = {Shown.all: say("全部消息"), Shown.unread: say("未读")}


def tell_news() -> None:
    """Tell everybody what the record holds since it was looked at last: whoever opens the start
    page or the messages does it for all. Where there is nothing new, one statement."""
    with session() as current:
        if not has_news(current):
            return
    with session(write=True) as current:
        tell(current)
    forget_unread()


def draw_turns(turns: Sequence[Turn]) -> None:
    """What waits for me, each count a link to the list that shows it."""
    st.subheader(_("轮到我"), anchor=False)
    if not turns:
        st.markdown(formats.small_grey(_("现在没有等您办理的事项。")))
        return
    with st.container(horizontal=True, gap="small", key="turns"):
        for turn in turns:
            count = formats.count(turn.count.rows, is_exact=turn.count.is_exact)
            with st.container(border=True, gap="xxsmall", width=164):
                st.metric(words(TURN_NAMES[turn.kind]), count)
                st.page_link(
                    page_at(turn.address).script, label=_("打开列表"),
                    icon=":material/arrow_forward:", icon_position="right",
                    query_params=dict(turn.query),
                )  # fmt: skip


def asked_filter(current: Any, visit: Visit, unread: int) -> MessageFilter:
    """Draw the filters and read what the address asks for.

    Args:
        current: the transaction, for the kinds there are.
        visit: whose messages.
        unread: how many are unread.
    """
    counts = {Shown.unread: f" {formats.count(unread)}"}
    shown = segments(
        "show", Shown, _("消息"),
        called=lambda one: f"{words(SHOWN[one])}{counts.get(one, '')}",
    )  # fmt: skip
    kinds = kinds_told(current, visit.actor)
    kind = choice("about", kinds, _("全部事项"), called=_kind, width=150)
    clear_button()
    return MessageFilter(shown is Shown.unread, kind or "")


def before_asked() -> int | None:
    """After which message the page begins; the newest page without one."""
    return asked_number(BEFORE, 0) or None


def draw_read_all(page: MessagePage, wanted: MessageFilter, unread: int) -> None:
    """The button that marks all of the filter's as read; what comes in meanwhile stays unread."""
    st.space("stretch")
    newest = page.rows[0].id if page.rows else 0
    st.button(
        _("全部标为已读"),
        key="read_all",
        icon=":material/done_all:",
        disabled=not (unread and newest) or asked(BEFORE) != "",
        on_click=_read_all,
        args=(newest, wanted.kind),
    )


def draw_mail_choice(own: OwnMails) -> None:
    """Which mails one wants, and where they go."""
    with st.popover(_("邮件提醒"), type="tertiary", icon=":material/mail:"):
        said = _("邮箱 {address}").format(address=own.email) if own.email else _("还没有登记邮箱")
        st.markdown(formats.small_grey(formats.plain(said)))
        st.radio(
            _("邮件提醒"),
            list(MailChoice),
            index=list(MailChoice).index(own.choice),
            key="mail_choice",
            format_func=formats.label,
            label_visibility="collapsed",
            disabled=not own.email,
            on_change=_choose_mails,
        )
        st.markdown(formats.small_grey(_mail_note(own)))


def draw_messages(visit: Visit, page: MessagePage) -> None:
    """The messages, the newest first; a click opens what a message speaks of and marks it read."""
    if not page.rows:
        st.markdown(
            formats.small_grey(
                _("没有消息。您的申请、协议、账号有变化时，在这里告知；本人的操作不另告知。")
            )
        )
    with st.container(key="messages", gap=None):
        for row in page.rows:
            _draw_message(visit, row)
    _draw_pages(page)


def _draw_message(visit: Visit, row: MessageRow) -> None:
    mark = "read" if row.is_read else "unread"
    with st.container(
        key=f"message_{mark}_{row.id}", horizontal=True, vertical_alignment="center", gap="small"
    ):
        st.markdown(formats.small_grey(formats.instant(row.at_utc)), width=112)
        said = formats.plain(words(row.words))
        st.button(
            said if row.is_read else f"**{said}**",
            key=f"open_message_{row.id}",
            type="tertiary",
            on_click=_open,
            args=(visit, row),
        )
        if not row.is_read:
            if row.is_turn:
                st.markdown(f":blue-badge[{_('轮到我')}]", width="content")
            st.markdown(f":gray-badge[{_('未读')}]", width="content")


def _open(visit: Visit, row: MessageRow) -> None:
    """Mark the message read, and go where it points."""
    if attempt(read_message, row.id).is_done:
        forget_unread()
        address, query = place_of(row.kind, row.number, visit.actor)
        st.switch_page(page_at(address).script, query_params=query)


def _read_all(newest: int, kind: str) -> None:
    when_clicked(
        read_all_messages,
        newest,
        kind,
        done=lambda marked: say("已标为已读 {count} 条", count=marked),
    )()
    forget_unread()


def _choose_mails() -> None:
    attempt(
        choose_mails,
        MailChoice(st.session_state["mail_choice"]),
        done=say("邮件提醒已更改"),
    )


def _mail_note(own: OwnMails) -> str:
    """Why no mail comes, or what is in one."""
    if not own.email:
        return _("邮箱由系统管理员在“账号”中登记。")
    if not deployment().sends_mail:
        return _("本系统没有配置邮件服务器，选择会保留，但不发送。")
    return _("每日汇总在工作日上午发出；即时邮件只在轮到您时发出。邮件不含收款账号。")


def _draw_pages(page: MessagePage) -> None:
    """To the newest and to the older ones."""
    is_later = asked(BEFORE) != ""
    if page.older is None and not is_later:
        return
    with st.container(horizontal=True, vertical_alignment="center"):
        st.button(
            _("最新的"), key="newest", type="tertiary", icon=":material/first_page:",
            disabled=not is_later, on_click=ask, args=(BEFORE, ""),
        )  # fmt: skip
        st.button(
            _("更早的"), key="older", type="tertiary", icon=":material/chevron_right:",
            icon_position="right", disabled=page.older is None, on_click=ask,
            args=(BEFORE, str(page.older or "")),
        )  # fmt: skip


def _kind(kind: str) -> str:
    return words(SUBJECTS[kind]) if kind in SUBJECTS else kind
