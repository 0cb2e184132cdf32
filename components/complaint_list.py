"""The list of complaints (投诉): its piles, its filters, its columns, its download."""

from __future__ import annotations

from functools import partial
from typing import Any

import streamlit as st

from components import formats
from components.complaint_form import file_dialog
from components.conduct_words import complainant, state_chip, state_chips, time_left
from components.filters import choice, clear_button, search_box, segments
from components.language import _
from components.shell import Visit
from components.tables import Column, day, download, draw_list, label, text
from models.queries.complaints import (
    ComplaintFilter,
    ComplaintPile,
    ComplaintRow,
    complaints,
    complaints_waiting,
)
from models.queries.paging import Page, everything
from models.rules.complaints import ComplaintKind, ComplaintSource, ComplaintState
from models.rules.roles import Actor, Permission, Role

ROWS = 13
"""On a page: with the piles above them they fit a window of 768."""


def asked_filter(visit: Visit) -> ComplaintFilter:
    """Draw the filters and read what the address asks for, except for the pile."""
    is_party = not visit.actor.roles.isdisjoint({Role.agency, Role.enterprise})
    return ComplaintFilter(
        text=search_box(_("投诉编号、协议编号、名称")),
        state=choice("state", ComplaintState, _("全部投诉状态"), width=150),
        kind=choice("kind", ComplaintKind, _("全部投诉类别"), width=150),
        source=None if is_party else choice("source", ComplaintSource, _("全部来源"), width=136),
    )


def pile_asked(session: Any, actor: Actor) -> ComplaintPile:
    """Draw the piles, where something can wait for this person, and read which one is asked for."""
    waiting = complaints_waiting(session, actor)
    if waiting is None:
        return ComplaintPile.all
    size = formats.count(waiting.rows, is_exact=waiting.is_exact)
    named: dict[str, str] = {
        ComplaintPile.all: _("全部|投诉"),
        ComplaintPile.turn: _("等我办理 {count}").format(count=size),
    }
    return segments("pile", ComplaintPile, _("投诉"), called=named)


def draw_buttons(visit: Visit, wanted: ComplaintFilter, services: Any) -> None:
    """The right of the toolbar: leave the filters, download, file a complaint.

    Args:
        visit: who looks.
        wanted: the whole filter.
        services: the service list by code.
    """
    clear_button()
    st.space("stretch")
    download(_("投诉"), complaint_columns(visit.actor), partial(_all, wanted))
    if visit.may(Permission.file_complaints) and st.button(
        _("提出投诉"), key="file_complaint", type="primary", icon=":material/add:"
    ):
        file_dialog(visit, services)


def complaint_columns(actor: Actor) -> list[Column]:
    """What the list shows; a party sees nothing of how many complain about others."""
    return [
        text("number", _("投诉编号"), 138, sorts=True),
        text("agency", _("服务机构"), 226),
        _Complainant("enterprise", _("投诉人"), 226),
        label("kind", _("投诉类别"), 120),
        label("found_kind", _("认定类别"), 120,
              help=_("认定的是查明的事实，不一定是投诉所称；计入考评的是它")),
        Column("state", _("状态"), 116, kind="chips", options=state_chips(), shown=state_chip),
        day("filed_on", _("提出日期"), 98, sorts=True),
        day("due_on", _("期限"), 98, sorts=True),
        Column("days_left", _("剩余"), 150, shown=lambda days: time_left(days) or formats.NOTHING),
    ]  # fmt: skip


class _Complainant(Column):
    """Who complains: made of several columns of the row."""

    def cell(self, row: ComplaintRow) -> str:
        """The name, that it is a hint, or that it is protected."""
        return complainant(row)


def draw_complaints(page: Page[ComplaintRow], actor: Actor) -> None:
    """The list's page; a click on the number opens the card."""
    draw_list(
        "complaints",
        complaint_columns(actor),
        page,
        title=_("投诉"),
        empty=_empty(actor),
        footer=_("共 {count} 件，新的在前。点编号打开。").format(
            count=formats.count(page.count.rows, is_exact=page.count.is_exact)
        ),
        row_id="number",
        opens=(None, "complaint"),
    )


def _empty(actor: Actor) -> str:
    if Role.agency in actor.roles:
        return _("没有符合条件的投诉。关于本机构的投诉受理后出现在这里。")
    return _("没有符合条件的投诉。企业提出，或由联盟代为提出后出现在这里。")


def _all(wanted: ComplaintFilter, session: Any, actor: Actor) -> Page[ComplaintRow]:
    return complaints(session, actor, wanted, everything())
