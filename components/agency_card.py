"""One agency: standing, services, workload; for the alliance and the offices its contact, payee,
agreements, claims."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import streamlit as st

from components import formats
from components.admission_card import draw_admission_history
from components.agency_form import (
    edit_agency_dialog,
    lift_dialog,
    remove_dialog,
    scopes_dialog,
    suspend_dialog,
)
from components.agency_list import COLOURS, grade_words, state_name
from components.facts import Fact, draw_facts
from components.language import _, words
from components.look import title_row
from components.member_card import back_button, few, record_link
from components.rating_grades import draw_grades
from components.shell import Visit
from components.tables import chosen, day, draw_list, label, money, text
from models.database import session
from models.queries.admission_card import qualification_events
from models.queries.agencies import AgencyCard
from models.rules.membership import AgencyState
from models.rules.roles import Permission


def draw_agency(visit: Visit, card: AgencyCard | None, services: Mapping[str, Any]) -> None:
    """The card, or that there is no such agency.

    Args:
        visit: who looks.
        card: what may be seen; `None` for an address that names nothing.
        services: the service list by code, for names.
    """
    if card is None:
        title_row(_("服务机构"))
        back_button()
        st.markdown(_("名录中没有这个信用代码。请从名录中打开，或核对地址。"))
        return
    state = card.row.state
    title_row(card.row.name, card.row.uscc, f":{COLOURS[state]}-badge[{state_name(state)}]")
    with st.container(horizontal=True, vertical_alignment="center"):
        back_button()
        st.space("stretch")
        if card.has_contacts:
            record_link(visit, f"agency:{card.row.uscc}")
        if visit.may(Permission.edit_agencies):
            _draw_buttons(visit, card, services)
    _draw_facts(card, services)
    with st.columns([0.56, 0.44])[0]:
        draw_grades(card.history, card.scheme)
    if card.has_contacts:
        with session() as current:
            events = qualification_events(current, visit.actor, card.row.id)
        draw_admission_history(events, _("资格变动"))
        names = {code: formats.named(service) for code, service in services.items()}
        _draw_agreements(card, names)
        _draw_claims(visit, card, names)


def _draw_buttons(visit: Visit, card: AgencyCard, services: Mapping[str, Any]) -> None:
    """Editing for the alliance; what touches the qualification for who decides on it."""
    if st.button(_("修改"), key="edit_agency", icon=":material/edit:"):
        edit_agency_dialog(visit, card)
    if not visit.may(Permission.decide_admissions):
        return
    if st.button(_("调整服务范围"), key="edit_scopes", icon=":material/tune:"):
        scopes_dialog(card, services)
    stands, state = _suspension_stands(visit, card), card.row.state
    is_admitted = state is AgencyState.admitted
    if stands and st.button(_("解除暂停"), key="lift", icon=":material/play_arrow:"):
        lift_dialog(card)
    if not stands and is_admitted and st.button(_("暂停"), key="suspend", icon=":material/pause:"):
        suspend_dialog(visit, card)
    may_leave = is_admitted or state is AgencyState.suspended
    if may_leave and st.button(_("退出名录"), key="remove", icon=":material/logout:"):
        remove_dialog(visit, card)


def _suspension_stands(visit: Visit, card: AgencyCard) -> bool:
    if card.suspended_from is None or card.row.state is AgencyState.removed:
        return False
    return card.suspended_to is None or card.suspended_to >= visit.today


def _draw_facts(card: AgencyCard, services: Mapping[str, Any]) -> None:
    row, plain = card.row, formats.plain
    draw_facts(
        [
            Fact(_("资格"), words(row.standing.words), 1.4),
            Fact(_("考评等级"), formats.plain(grade_words(row.grade)), 1.6),
            Fact(_("入会日期"), formats.day(row.joined_on)),
            Fact(_("注册日期"), formats.day(card.registered_on)),
            Fact(_("服务范围"), plain(formats.listed(services, row.services)), 3.0),
        ]
    )
    if not card.has_contacts:
        return
    workload = _("对子 {agreements} · 申请 {claims}").format(
        agreements=formats.count(row.open_agreements or 0),
        claims=formats.count(row.open_claims or 0),
    )
    payee = (card.payee_name, card.payee_bank, card.payee_account)
    draw_facts(
        [
            Fact(_("在办"), workload, 1.4),
            Fact(_("从业人数"), formats.count(row.staff_count) if row.staff_count else ""),
            Fact(_("联系人"), plain(f"{row.contact_name} {card.contact_phone}"), 1.0),
            Fact(_("收款账户"), " · ".join(plain(part) for part in payee if part), 3.0),
        ]
    )


def _draw_agreements(card: AgencyCard, services: Mapping[str, str]) -> None:
    st.subheader(_("合作对子 {count}").format(count=len(card.agreements)), anchor=False)
    columns = [
        text("number", _("协议编号"), 150),
        text("enterprise", _("企业"), 250),
        chosen("service_code", _("服务"), 200, services),
        day("signed_on", _("签订日期"), 110),
        money("fee_fen", _("协议金额（元）"), 120),
        label("filing", _("备案"), 110),
        text("filing_number", _("备案编号"), 150),
    ]
    empty = _("没有合作对子。机构与企业签订服务协议并备案后出现在这里。")
    draw_list(
        "agreements",
        columns,
        few(card.agreements),
        title=_("合作对子"),
        empty=empty,
        row_id="number",
        opens=("/agreements", "agreement"),
    )


def _draw_claims(visit: Visit, card: AgencyCard, services: Mapping[str, str]) -> None:
    st.subheader(_("补贴申请 {count}").format(count=len(card.claims)), anchor=False)
    columns = [
        text("number", _("申请号"), 130),
        text("enterprise", _("企业"), 250),
        chosen("service_code", _("服务"), 200, services),
        text("filed_month", _("所属月份"), 100),
        label("state", _("状态"), 110),
        day("waiting_since_on", _("到本环节"), 110),
        money("asked_fen", _("申请（元）"), 110),
    ]
    draw_list(
        "claims",
        columns,
        few(card.claims),
        title=_("补贴申请"),
        empty=_("没有补贴申请。机构提交或由联盟导入后出现在这里。"),
        row_id="number",
        opens=("/claim", "no") if visit.may(Permission.see_claims) else None,
    )
