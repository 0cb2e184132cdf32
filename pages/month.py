"""月度统一申请: one month — its checks, the official table, what is held back or returned — and sending
it; its public notice with the objections; its days and how long each body took."""

import streamlit as st

from components import clock_panel, formats, month_list, month_panel, notice_list
from components.language import _
from components.look import title_row
from components.month_views import MonthView, view_asked
from components.month_whole import draw_whole_button
from components.shell import open_page
from components.tables import page_asked
from models.database import session
from models.queries.clocks import calendar_of
from models.queries.month import annexes_now, month_totals, months_with_claims, sent_month
from models.queries.month_sending import month_checks, sent_page, sheet_page
from models.queries.notices import notice_page, notice_summary, objections_address
from models.queries.objections import objections_of_month
from models.rules.months import YearMonth
from models.rules.roles import Permission, Role

visit = open_page(Permission.see_month)
month = month_panel.month_asked()
request = page_asked()

with session() as current:
    months = months_with_claims(current)
    sent = sent_month(current, month)

standing = _("已发送，冻结") if sent else _("待发送")
title_row(_("月度统一申请"), f"{formats.month(month)} · {standing}")
top = st.container(horizontal=True, vertical_alignment="center", key="month_bar")
with top:
    month_panel.draw_month_choice(months, month)
    view = view_asked()
    st.space("stretch")

if view is MonthView.notice:
    with session() as current:
        notices = notice_page(current, visit.actor, month, request)
        summary = notice_summary(current, visit.actor, month)
        address = objections_address(current)
        objections = objections_of_month(current, visit.actor, month)
    with top:
        notice_list.draw_downloads(month)
    notice_list.draw_notice(notices, summary, address)
    notice_list.draw_objections_of_month(objections)
elif view is MonthView.clocks:
    with session() as current:
        days = calendar_of(current, YearMonth.parse(month))
    st.subheader(_("本月安排"), anchor=False)
    clock_panel.draw_calendar(days, sent, visit.today)
    clock_panel.draw_clocks_of_month(month, visit.today)
else:
    with session() as current:
        page = (
            sent_page(current, month, request)
            if sent
            else sheet_page(current, visit.actor, month, request)
        )
        totals = month_totals(current, month)
        checks = month_checks(current, visit.actor, month)
        annexes = sent.annexes if sent else annexes_now(current, month)
    with top:
        month_panel.draw_downloads(month)
        if sent:
            draw_whole_button(visit, month)
        else:
            month_panel.draw_send(visit.actor, month, checks)
    month_panel.draw_send_results(month)
    st.subheader(_("汇总表") if sent else _("可发送的申请（含以前月份未发送的）"), anchor=False)
    if not sent:
        month_list.draw_checks(
            checks,
            is_over=visit.today > YearMonth.parse(month).last_day,
            is_sender=Role.alliance_lead in visit.actor.roles,
        )
    month_list.draw_sheet(page, sent)
    month_panel.draw_left(sent)

    left, right = st.columns([0.36, 0.64], gap="medium")
    with left:
        st.subheader(_("本月申请的去向"), anchor=False)
        month_panel.draw_totals(totals)
    with right:
        frozen = _("发送时，已冻结") if sent else ""
        month_panel.draw_waiting(_("暂缓"), annexes.held, _("本月没有暂缓的申请。"), frozen)
        month_panel.draw_waiting(
            _("退回补正"), annexes.returned, _("本月没有退回补正中的申请。"), frozen
        )
