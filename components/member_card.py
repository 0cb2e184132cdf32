"""One member enterprise: facts, certificate, payee, its agreements, its results and claims."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import streamlit as st

from components import formats
from components.facts import Fact, draw_facts
from components.filters import ask
from components.language import _, words
from components.look import title_row
from components.member_form import edit_member_dialog
from components.member_list import COLOURS, membership, reminder
from components.shell import Visit
from components.site import page_at
from components.tables import chosen, day, draw_list, label, money, text
from models.queries.members import MemberCard
from models.queries.paging import Count, Page
from models.rules.roles import Permission


def draw_member(visit: Visit, card: MemberCard | None, services: Mapping[str, Any]) -> None:
    """The card, or that there is no such member.

    Args:
        visit: who looks.
        card: what may be seen; `None` for an address that names nothing.
        services: the service list by code, for names.
    """
    if card is None:
        title_row(_("会员企业"))
        back_button()
        st.markdown(_("名录中没有这个信用代码。请从名录中打开，或核对地址。"))
        return
    badges = []
    if said := reminder(card.row.certificate):
        colour = COLOURS[card.row.certificate.state]
        words_on_it = _("高企证书{reminder}").format(reminder=said)
        badges.append(f":{colour}-badge[:material/warning: {words_on_it}]")
    title_row(card.row.name, card.row.uscc, *badges)
    with st.container(horizontal=True, vertical_alignment="center"):
        back_button()
        st.space("stretch")
        _draw_links(visit, card)
    _draw_facts(card)
    names = {code: formats.named(service) for code, service in services.items()}
    _draw_agreements(card, names)
    _draw_claims(visit, card, names)


def back_button(parameter: str = "uscc") -> None:
    """Back to the register, its filters kept."""
    st.button(
        _("返回列表"),
        key="back",
        type="tertiary",
        icon=":material/arrow_back:",
        on_click=ask,
        args=(parameter, ""),
    )


def record_link(visit: Visit, subject: str) -> None:
    """For who may read the record: what was done to this party."""
    if visit.may(Permission.see_activity):
        st.page_link(
            page_at("/activity").script,
            label=_("操作记录"),
            icon=":material/history:",
            query_params={"subject": subject},
        )


def few(rows: Sequence[Any]) -> Page[Any]:
    """The rows of a card as the one page of a list."""
    return Page(tuple(rows), 1, 1, Count(len(rows)))


def _draw_links(visit: Visit, card: MemberCard) -> None:
    record_link(visit, f"enterprise:{card.row.uscc}")
    if visit.may(Permission.edit_members) and st.button(
        _("修改"), key="edit_member", icon=":material/edit:"
    ):
        edit_member_dialog(visit, card)


def _draw_facts(card: MemberCard) -> None:
    row, plain = card.row, formats.plain
    draw_facts(
        [
            Fact(_("会籍"), membership(row.left_on)),
            Fact(_("入会日期"), formats.day(row.joined_on)),
            Fact(_("注册日期"), formats.day(card.registered_on)),
            Fact(_("所在街道"), plain(row.district)),
            Fact(_("行业"), plain(row.industry)),
            Fact(_("成长阶段"), formats.label(row.growth_stage)),
        ]
    )
    draw_facts(
        [
            Fact(_("高企状态"), formats.label(row.hnte_status)),
            Fact(_("证书编号"), plain(card.hnte_certificate_no)),
            Fact(_("证书有效期"), words(row.certificate.words), 2.0),
            Fact(_("联系人"), plain(f"{row.contact_name} {card.contact_phone}")),
            Fact(_("收款账户"), _payee(card)),
        ]
    )


def _payee(card: MemberCard) -> str:
    parts = (card.payee_name, card.payee_bank, card.payee_account)
    return "  \n".join(formats.plain(part) for part in parts if part) or formats.NOTHING


def _draw_agreements(card: MemberCard, services: Mapping[str, str]) -> None:
    st.subheader(_("合作对子 {count}").format(count=len(card.agreements)), anchor=False)
    columns = [
        text("number", _("协议编号"), 150),
        text("agency", _("服务机构"), 250),
        chosen("service_code", _("服务"), 200, services),
        day("signed_on", _("签订日期"), 110),
        money("fee_fen", _("协议金额（元）"), 120),
        label("filing", _("备案"), 110),
        text("filing_number", _("备案编号"), 150),
    ]
    empty = _("没有合作对子。企业与机构签订服务协议并备案后出现在这里。")
    draw_list(
        "agreements",
        columns,
        few(card.agreements),
        title=_("合作对子"),
        empty=empty,
        row_id="number",
        opens=("/agreements", "agreement"),
    )


def _draw_claims(visit: Visit, card: MemberCard, services: Mapping[str, str]) -> None:
    st.subheader(_("成果与补贴申请 {count}").format(count=len(card.claims)), anchor=False)
    columns = [
        text("number", _("申请号"), 130),
        chosen("service_code", _("服务"), 200, services),
        text("result", _("成果编号"), 190),
        day("obtained_on", _("成果日期"), 110),
        text("agency", _("服务机构"), 250),
        label("state", _("状态"), 110),
        money("asked_fen", _("申请（元）"), 110),
    ]
    draw_list(
        "claims",
        columns,
        few(card.claims),
        title=_("成果与补贴申请"),
        empty=_("没有补贴申请。机构为该企业提交申请后出现在这里。"),
        row_id="number",
        opens=("/claim", "no") if visit.may(Permission.see_claims) else None,
    )
