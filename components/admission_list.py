"""The applications for admission (入会申请): their piles, filters, columns, download."""

from __future__ import annotations

from collections.abc import Mapping
from functools import partial
from typing import Any

import streamlit as st

from components import formats
from components.admission_form import enter_dialog
from components.admission_words import STATES_OF_LIST, state_chip, state_chips
from components.filters import choice, clear_button, search_box, segments
from components.language import _
from components.shell import Visit
from components.tables import Column, day, download, draw_list, label, text
from models.queries.admissions import (
    AdmissionFilter,
    AdmissionPile,
    AdmissionRow,
    admissions,
    admissions_waiting,
)
from models.queries.paging import Page, everything
from models.rules.admission import AdmissionKind
from models.rules.roles import Actor, Permission, Role

Services = Mapping[str, Any]
ROWS = 13
"""On a page: with the piles above them they fit a window of 768."""


def asked_filter() -> AdmissionFilter:
    """Draw the filters and read what the address asks for, except for the pile."""
    return AdmissionFilter(
        text=search_box(_("申请编号、机构、信用代码")),
        state=choice("state", STATES_OF_LIST, _("全部申请状态"), width=150),
        kind=choice("kind", AdmissionKind, _("全部申请类型"), width=150),
    )


def pile_asked(session: Any, actor: Actor, wanted: AdmissionFilter) -> AdmissionPile:
    """Draw the piles, where something can wait for this person, and read which one is asked for."""
    waiting = admissions_waiting(session, actor, wanted)
    if waiting is None:
        return AdmissionPile.all
    size = formats.count(waiting.rows, is_exact=waiting.is_exact)
    named: dict[str, str] = {
        AdmissionPile.all: _("全部|入会申请"),
        AdmissionPile.turn: _("等我办理 {count}").format(count=size),
    }
    return segments("pile", AdmissionPile, _("入会申请"), called=named)


def draw_buttons(visit: Visit, wanted: AdmissionFilter, services: Services) -> None:
    """The right of the toolbar: leave the filters, download, enter a new one.

    Args:
        visit: who looks.
        wanted: the whole filter.
        services: the service list by code.
    """
    clear_button()
    st.space("stretch")
    download(_("入会申请"), admission_columns(services), partial(_all, wanted))
    if not visit.may(Permission.enter_admissions):
        return
    is_own = Role.agency in visit.actor.roles
    said = _("填报入会申请") if is_own else _("代为录入申请")
    if st.button(said, key="enter_application", type="primary", icon=":material/add:"):
        enter_dialog(visit, services)


def admission_columns(services: Services) -> list[Column]:
    """What the list shows."""

    def listed(codes: tuple[str, ...]) -> str:
        return formats.listed(services, codes)

    return [
        text("number", _("申请编号"), 132, sorts=True),
        text("name", _("申请机构"), 214, sorts=True),
        text("uscc", _("统一社会信用代码"), 164, on_phone=False),
        label("kind", _("申请类型"), 92),
        Column("state", _("状态"), 140, kind="chips", options=state_chips(), shown=state_chip),
        Column("services", _("申请的服务"), 240, shown=listed),
        day("applied_on", _("提交日期"), 98, sorts=True),
        day("decided_on", _("决定日期"), 98, sorts=True),
        Column("is_on_behalf", _("录入"), 92, on_phone=False,
               shown=lambda on_behalf: _("联盟代录") if on_behalf else _("机构自填"),
               help=_("尚无账号的单位由联盟代为录入，记录中注明")),
    ]  # fmt: skip


def draw_admissions(page: Page[AdmissionRow], services: Services) -> None:
    """The page of applications; a click on the number opens the card."""
    draw_list(
        "admissions",
        admission_columns(services),
        page,
        title=_("入会申请"),
        empty=_("没有符合条件的入会申请。可放宽筛选；机构填报或联盟代录后出现在这里。"),
        footer=_("共 {count} 份，新的在前。点表头换排序，点申请编号打开卡片。").format(
            count=formats.count(page.count.rows, is_exact=page.count.is_exact)
        ),
        row_id="number",
        opens=(None, "application"),
    )


def _all(wanted: AdmissionFilter, session: Any, actor: Actor) -> Page[AdmissionRow]:
    return admissions(session, actor, wanted, everything())
