"""One setting, service, reason or day: what holds, every change of it, and the form that drafts
another."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date

import streamlit as st

from components import formats
from components.change_form import draw_change_form, draw_day_form
from components.change_history import draw_history
from components.facts import Fact, draw_facts
from components.language import _, words
from components.look import title_row
from components.member_card import back_button, record_link
from components.policy_words import FIELDS, content_words, item_name
from components.shell import Visit
from models.queries.changes import ChangeLine
from models.rules.changes import BANK_ACCOUNTS, OPERATORS, ChangeKind, Content
from models.rules.roles import Permission
from models.rules.settings import SETTING_OF

PARAMETER = "item"


def draw_item(
    visit: Visit,
    kind: ChangeKind,
    subject: str,
    now: Content | None,
    changes: Sequence[ChangeLine],
    names: Mapping[str, str],
) -> None:
    """The card, or that there is no such thing.

    Args:
        visit: who looks.
        kind: a setting, a service, a reason or a day.
        subject: its key, code or date.
        now: what holds; `None` for an address that names nothing.
        changes: the newest first.
        names: services and reasons by code.
    """
    if now is None:
        title_row(_("补贴标准|栏目"))
        back_button(PARAMETER)
        st.markdown(_("没有这一项。请从列表中打开，或核对地址。"))
        return
    title_row(item_name(kind, subject, names), formats.label(kind))
    with st.container(horizontal=True, vertical_alignment="center"):
        back_button(PARAMETER)
        st.space("stretch")
        record_link(visit, f"{kind}:{subject}")
    left, right = st.columns([0.62, 0.38], gap="medium")
    with left:
        _draw_now(kind, subject, now)
        draw_history(changes)
    with right:
        _draw_form(visit, kind, subject, now, changes)


def _draw_now(kind: ChangeKind, subject: str, now: Content) -> None:
    said = content_words(kind, subject, now)
    facts = [Fact(words(FIELDS[field]), formats.plain(text)) for field, text in said.items()]
    if kind is ChangeKind.setting:
        adjustable = SETTING_OF[subject]
        default = content_words(kind, subject, {"value": adjustable.default})["value"]
        facts += [
            Fact(_("默认值"), formats.plain(default)),
            Fact(_("用途"), formats.plain(words(adjustable.why)), 2.5),
        ]
    draw_facts(facts)


def _draw_form(
    visit: Visit, kind: ChangeKind, subject: str, now: Content, changes: Sequence[ChangeLine]
) -> None:
    """The form for who may draft; where none can be drafted, why."""
    if not visit.may(_DRAFTED_BY[kind]):
        return
    if waiting := next((line for line in changes if line.is_waiting), None):
        said = _("已有待确认的草稿（调整 {number}），办理后才能再起草。").format(number=waiting.id)
        st.markdown(formats.small_grey(said))
    elif kind is ChangeKind.setting and subject in OPERATORS:
        st.markdown(formats.small_grey(_("这一项由运维命令设定，不在页面上调整。")))
    elif kind is ChangeKind.calendar_day:
        _draw_day(visit, subject, now)
    else:
        hidden = subject in BANK_ACCOUNTS and not visit.may(Permission.see_bank_accounts)
        draw_change_form(visit, kind, subject, {"value": ""} if hidden else now)


def _draw_day(visit: Visit, subject: str, now: Content) -> None:
    if date.fromisoformat(subject) < visit.today:
        st.markdown(formats.small_grey(_("这一天已过，不再调整。")))
        return
    with st.container(border=True, key="change_form"):
        st.subheader(_("起草调整"), anchor=False)
        draw_day_form(visit, date.fromisoformat(subject), now)


_DRAFTED_BY = {
    ChangeKind.setting: Permission.draft_settings,
    ChangeKind.service_terms: Permission.draft_policy,
    ChangeKind.reason_text: Permission.draft_policy,
    ChangeKind.calendar_day: Permission.draft_settings,
    ChangeKind.admission_criterion: Permission.draft_policy,
}
