"""One need (需求): what is looked for, whom it asked and what they answered, the agencies that suit
it with the reasons, and the answer of the agency that is asked."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any

import streamlit as st

from components import formats
from components.attempt import attempt, when_clicked
from components.facts import Fact, draw_facts
from components.language import _, words
from components.look import title_row
from components.member_card import back_button, record_link
from components.shell import Visit
from components.site import page_at
from models.actions.needs import (
    accept_request,
    ask_agency,
    decline_request,
    take_back_request,
    withdraw_need,
)
from models.queries.needs import NeedCard, RequestLine
from models.rules.agreement_terms import LONGEST_REASON
from models.rules.pairing import NeedState, Suggestion
from models.rules.wording import Wording, say

PARAMETER = "need"
SHOWN_SUGGESTIONS = 8
# fmt: off
COLOURS = {
    NeedState.open:      "blue",
    NeedState.paired:    "green",
    NeedState.withdrawn: "gray",
}
# fmt: on


def draw_need(visit: Visit, card: NeedCard | None, services: Mapping[str, Any]) -> None:
    """The card, or that there is no such need.

    Args:
        visit: who looks.
        card: what may be seen; `None` for an address that names nothing.
        services: the service list by code.
    """
    if card is None:
        title_row(_("对接需求"))
        back_button(PARAMETER)
        st.markdown(_("没有这个编号的需求。请从列表中打开，或核对地址。"))
        return
    row = card.row
    badge = f":{COLOURS[row.state]}-badge[{formats.label(row.state)}]"
    title_row(f"N-{row.id}", formats.named(services[row.service_code]), badge)
    with st.container(horizontal=True, vertical_alignment="center"):
        back_button(PARAMETER)
        st.space("stretch")
        record_link(visit, f"need:{row.id}")
    left, right = st.columns([0.64, 0.36], gap="medium")
    with left:
        _draw_facts(card)
        if card.may_ask:
            _draw_waiting(card)
            _draw_suggestions(card)
    with right:
        if card.may_answer:
            _draw_answer_form(card)
        _draw_requests(card.requests)
        _draw_withdrawal(card)


def _draw_facts(card: NeedCard) -> None:
    row = card.row
    stated = formats.instant(row.stated_at_utc)
    if row.is_on_behalf:
        stated = _("{at}（联盟代为提出）").format(at=stated)
    draw_facts(
        [
            Fact(_("企业"), formats.plain(row.enterprise), 2.0),
            Fact(_("期望完成"), formats.day(row.wanted_by)),
            Fact(_("提出"), stated, 1.6),
        ]
    )
    st.markdown(formats.plain(row.wanted))
    if row.agreement:
        st.page_link(
            page_at("/agreements").script, label=_("打开协议 {number}").format(number=row.agreement),
            icon=":material/handshake:", query_params={"agreement": row.agreement},
        )  # fmt: skip
    if card.closed_reason:
        st.markdown(formats.small_grey(formats.plain(card.closed_reason)))


# ---------------------------------------------------------------- the enterprise's part


def _draw_waiting(card: NeedCard) -> None:
    """That an agency is asked, and the way to take that back."""
    if not card.is_asked:
        return
    with st.container(
        key="need_waits", horizontal=True, horizontal_alignment="distribute",
        vertical_alignment="center",
    ):  # fmt: skip
        waiting = _("正在等“{agency}”答复。").format(agency=formats.plain(card.row.asked))
        st.markdown(f":blue-badge[:material/schedule: {_('待答复')}] {waiting}", width="content")
        st.button(
            _("收回询问，另选机构"), key="take_back",
            on_click=when_clicked(
                take_back_request, card.row.id, card.version, done=say("已收回询问")
            ),
        )  # fmt: skip


def _draw_suggestions(card: NeedCard) -> None:
    count = len(card.suggestions)
    st.subheader(_("建议机构 {count}").format(count=count), anchor=False)
    if not card.suggestions:
        st.markdown(formats.small_grey(_("没有已准入且服务范围包含这项服务的机构。")))
        return
    said = _("按办成率、在办数量和经验排序，理由逐条列出；考评等级公布后列入。一次只询问一家。")
    st.markdown(formats.small_grey(said))
    shown = card.suggestions[:SHOWN_SUGGESTIONS]
    with st.container(key="suggestions"):
        for place, suggestion in enumerate(shown, start=1):
            _draw_suggestion(card, suggestion, place)
    rest = card.suggestions[SHOWN_SUGGESTIONS:]
    if rest:
        with st.expander(_("其余 {count} 家").format(count=len(rest))):
            for place, suggestion in enumerate(rest, start=SHOWN_SUGGESTIONS + 1):
                _draw_suggestion(card, suggestion, place)


def _draw_suggestion(card: NeedCard, suggestion: Suggestion, place: int) -> None:
    candidate = suggestion.candidate
    said = " · ".join(words(reason) for reason in suggestion.reasons)
    with st.container(
        horizontal=True, horizontal_alignment="distribute", vertical_alignment="center"
    ):
        st.markdown(
            f"{place}. **{formats.plain(candidate.name)}**  \n"
            f"{formats.small_grey(formats.plain(said))}",
            width="stretch",
        )
        if card.is_asked or candidate.has_declined:
            return
        st.button(
            _("询问这家机构"), key=f"ask_{candidate.key}",
            on_click=when_clicked(
                ask_agency, card.row.id, candidate.key, card.version,
                done=say("已询问“{name}”，等待答复", name=candidate.name),
            ),
        )  # fmt: skip


def _draw_withdrawal(card: NeedCard) -> None:
    if not card.may_ask:
        return
    with st.expander(_("撤回需求")):
        key = f"withdraw_{card.version}"
        st.text_input(_("理由（记入操作记录）"), key=key, max_chars=LONGEST_REASON)
        st.button(
            _("撤回这项需求"), key="withdraw_need", on_click=_with_reason,
            args=(withdraw_need, card, key, say("已撤回需求 N-{number}", number=card.row.id)),
        )  # fmt: skip


# ---------------------------------------------------------------- the agency's part


def _draw_answer_form(card: NeedCard) -> None:
    with st.container(border=True, key="need_answer"):
        st.subheader(_("答复企业"), anchor=False)
        st.markdown(formats.small_grey(
            _("接受后即生成协议草稿：填写服务费和预期成果，附扫描件提交备案。企业不预付任何费用。")
        ))  # fmt: skip
        st.button(
            _("接受结对，生成协议草稿"), key="accept_need", type="primary", width="stretch",
            on_click=when_clicked(
                accept_request, card.row.id, card.version,
                done=lambda number: say("已结对，协议草稿 {number}", number=number),
            ),
        )  # fmt: skip
        key = f"decline_{card.version}"
        st.text_input(_("谢绝的理由"), key=key, max_chars=LONGEST_REASON)
        st.button(
            _("谢绝，由企业另选"), key="decline_need", width="stretch", on_click=_with_reason,
            args=(decline_request, card, key, say("已谢绝需求 N-{number}", number=card.row.id)),
        )  # fmt: skip


def _with_reason(action: Callable[..., Any], card: NeedCard, key: str, done: Wording) -> None:
    """As a callback: the action with the reason in the field, bound to what was on screen."""
    attempt(action, card.row.id, st.session_state.get(key) or "", card.version, done=done)


def _draw_requests(requests: Sequence[RequestLine]) -> None:
    st.subheader(_("询问记录 {count}").format(count=len(requests)), anchor=False)
    if not requests:
        st.markdown(formats.small_grey(_("还没有询问机构。企业从建议中选一家询问。")))
        return
    with st.container(key="need_requests"):
        for line in requests:
            st.markdown("  \n".join(_request_lines(line)))


def _request_lines(line: RequestLine) -> list[str]:
    asked = f"{line.asked_by} {formats.instant(line.asked_at_utc)}"
    if line.is_on_behalf:
        asked = _("{who}（代企业）").format(who=asked)
    lines = [
        f"**{formats.plain(line.agency)}** {formats.label(line.state)}",
        formats.small_grey(formats.plain(asked)),
    ]
    if line.reason:
        lines.append(formats.plain(line.reason))
    return lines
