"""One link of the record in full, and the verdict of verifying all of it."""

from __future__ import annotations

from datetime import datetime
from typing import Any

import streamlit as st

from components import formats
from components.activity_words import changes, subject_name, verb_name
from components.facts import Fact, draw_facts
from components.language import _, words
from components.look import title_row
from components.member_card import back_button
from components.plain_table import plain_table
from components.site import page_at
from models.clock import now_utc
from models.database import session
from models.queries.activity import ActivityCard, verified
from models.queries.verification import Verification
from models.rules.roles import Actor
from models.rules.wording import Wording

_VERIFIED = "record_verified"
OPENED_BY = {
    "claim": ("/claim", "no"),
    "enterprise": ("/members", "uscc"),
    "agency": ("/agencies", "uscc"),
    "account": ("/accounts", "account"),
    "month": ("/month", "month"),
}
"""Where the subject of a link can be looked at."""


def draw_link(card: ActivityCard | None) -> None:
    """One link, or that there is no such link."""
    if card is None:
        title_row(_("操作记录"))
        back_button("seq")
        st.markdown(_("没有这一条记录。请从列表中打开，或核对地址。"))
        return
    row = card.row
    title_row(_("第 {seq} 条记录").format(seq=row.seq), verb_name(row.verb))
    with st.container(horizontal=True, vertical_alignment="center"):
        back_button("seq")
        st.space("stretch")
        _draw_way_to(row.subject)
    who = f"{row.name} {card.username}".strip() or _("系统")
    draw_facts(
        [
            Fact(_("时间"), formats.instant(row.at_utc)),
            Fact(_("办理人"), formats.plain(who)),
            Fact(_("身份"), formats.label(row.role) + (_("（代理）") if row.is_cover else "")),
            Fact(_("操作"), verb_name(row.verb)),
            Fact(_("对象"), formats.plain(subject_name(row.subject)), 2.0),
        ]
    )
    _draw_changes(card)
    st.markdown(
        formats.small_grey(
            _("本条校验值 {hash}").format(hash=card.hash)
            + "  \n"
            + _("上一条校验值 {hash}").format(hash=card.previous_hash)
        )
    )


def draw_verification(actor: Actor, is_asked: bool) -> None:
    """Verify now if asked, and say what the last verifying found.

    Args:
        actor: who asks.
        is_asked: the button was pressed in this run.
    """
    if is_asked:
        st.session_state[_VERIFIED] = (_verified_in_sight(actor), now_utc())
    if _VERIFIED in st.session_state:
        _draw_verdict(*st.session_state[_VERIFIED])


def _verified_in_sight(actor: Actor) -> Verification:
    """Verify, showing what is compared and how far it is."""
    waiting = _("正在核验：逐条重算校验值，并与申请、预算和名录现状比对…")
    with st.status(waiting, expanded=True) as box, session() as current:
        bar = st.progress(0.0)

        def told(what: Wording, done: int, of: int) -> None:
            said = f"{words(what)} {formats.count(done)} / {formats.count(of)}"
            bar.progress(min(done / of, 1.0), text=said)

        found = verified(current, actor, told)
        bar.progress(1.0, text=_("核验完毕"))
        box.update(label=_("核验完毕"), state="complete", expanded=False)
    return found


def _draw_verdict(found: Verification, at_utc: datetime) -> None:
    if found.first_broken is not None:
        st.error(
            words(found.first_broken)
            + "  \n"
            + _("请停止办理，保留现场，与最近的备份比对，并通知系统管理员。"),
            icon=":material/gpp_bad:",
        )
        st.markdown(formats.small_grey(_coverage(found, at_utc)))
    else:
        said = _(
            "记录完整：{rows} 条首尾相接，{claims} 件申请与其办理记录一致，{anchors} 处存证相符，名录与操作记录一致。"
        )
        sentence = said.format(
            rows=formats.count(found.rows),
            claims=formats.count(found.claims),
            anchors=formats.count(found.anchors),
        )
        aside = formats.small_grey(_coverage(found, at_utc))
        st.markdown(f":green[:material/verified_user: {sentence}]  \n{aside}")


def _coverage(found: Verification, at_utc: datetime) -> str:
    parts = [
        _("核验于 {at}").format(at=formats.instant(at_utc)),
        _("链头 {head}…").format(head=found.head[:16]),
    ]
    if found.uncovered_from_seq is not None:
        said = _("第 {seq} 条起尚无存证，截尾要到下次发送月度统一申请后才能查出")
        parts.append(said.format(seq=found.uncovered_from_seq))
    if found.unrecorded:
        rows = _("、").join(
            f"{words(one.name)} {formats.count(one.rows)}" for one in found.unrecorded
        )
        parts.append(
            _("不在核验范围内：{rows}（整份导入，操作记录只存整表摘要）").format(rows=rows)
        )
    return " · ".join(parts)


def _draw_changes(card: ActivityCard) -> None:
    found = changes(*card.row.change)
    if not found:
        st.markdown(formats.small_grey(_("这一步没有可对照的内容。")))
        return
    plain_table(
        {
            _("项目"): [formats.plain(change.field) for change in found],
            _("之前"): [formats.plain(change.before) for change in found],
            _("之后"): [formats.plain(change.after) for change in found],
        },
        alt=_("前后对照"),
    )


def _draw_way_to(subject: str) -> None:
    kind, _colon, number = subject.partition(":")
    if kind not in OPENED_BY:
        return
    address, parameter = OPENED_BY[kind]
    there: dict[str, Any] = {parameter: number}
    label = _("打开{subject}").format(subject=subject_name(subject))
    st.page_link(
        page_at(address).script, label=label, icon=":material/open_in_new:", query_params=there
    )
