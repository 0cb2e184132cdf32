"""What enterprises look for (对接需求): its filters, its columns, its download, and stating a need."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import timedelta
from functools import partial
from typing import Any

import streamlit as st

from components import formats
from components.attempt import attempt, keep
from components.filters import LAST_DAY, ask, choice, clear_button, search_box
from components.language import _
from components.shell import Visit
from components.tables import Column, chosen, day, download, draw_list, label, text
from models.actions.needs import state_need
from models.queries.needs import NeedFilter, NeedRow, needs
from models.queries.paging import Page, everything
from models.rules.agreement_terms import LONGEST_REASON
from models.rules.pairing import NeedState
from models.rules.roles import Actor, Permission, Role
from models.rules.wording import say

Services = Mapping[str, Any]
USUAL_DAYS = 90
"""What stands in the field of the day at first."""


def asked_filter(services: Services) -> NeedFilter:
    """Draw the filters and read what the address asks for.

    Args:
        services: the service list by code.
    """
    return NeedFilter(
        text=search_box(_("企业、需求说明")),
        service=choice(
            "service", services, _("全部服务"),
            called=lambda code: formats.named(services[code]), width=190,
        )
        or "",
        state=choice("state", NeedState, _("全部需求状态"), width=150),
    )  # fmt: skip


def draw_buttons(visit: Visit, wanted: NeedFilter, services: Services) -> None:
    """The right of the toolbar: leave the filters, download, state a need."""
    clear_button()
    st.space("stretch")
    download(_("对接需求"), need_columns(services), partial(_all, wanted))
    if visit.may(Permission.state_needs) and st.button(
        _("提出需求"), key="state_need", type="primary", icon=":material/add:"
    ):
        state_dialog(visit, services)


def need_columns(services: Services) -> list[Column]:
    """What the list shows."""
    names = {code: formats.named(service) for code, service in services.items()}
    return [
        Column("id", _("编号"), 72, shown=lambda number: f"N-{number}"),
        text("enterprise", _("企业"), 230),
        chosen("service_code", _("服务"), 170, names),
        text("wanted", _("需求说明"), 300),
        day("wanted_by", _("期望完成"), 104, sorts=True),
        label("state", _("状态"), 90),
        text("asked", _("询问或结对的机构"), 220),
        text("agreement", _("协议编号"), 140),
    ]


def draw_needs(page: Page[NeedRow], services: Services) -> None:
    """The list's page; a click on the number opens the card."""
    draw_list(
        "needs",
        need_columns(services),
        page,
        title=_("对接需求"),
        empty=_("没有符合条件的需求。企业提出需求，或由联盟代为提出后出现在这里。"),
        footer=_("共 {count} 项，期望完成日期近的在前。点编号打开。").format(
            count=formats.count(page.count.rows, is_exact=page.count.is_exact)
        ),
        opens=(None, "need"),
    )


def state_dialog(visit: Visit, services: Services) -> None:
    """A new need; stated, its card opens with the agencies that suit it."""
    is_own = Role.enterprise in visit.actor.roles

    @st.dialog(_("提出需求"), width="medium")
    def dialog() -> None:
        uscc = ""
        if not is_own:
            uscc = st.text_input(
                _("企业统一社会信用代码（代企业提出，记录注明）"), key="need_uscc", max_chars=40,
                on_change="ignore",
            ) or ""  # fmt: skip
        service = st.selectbox(
            _("需要的服务"), list(services), None, key="need_service", filter_mode="contains",
            format_func=lambda code: formats.named(services[code]),
            placeholder=_("从服务清单中选择"), on_change="ignore",
        )  # fmt: skip
        wanted = st.text_area(
            _("需求说明"), key="need_wanted", max_chars=LONGEST_REASON, height=96,
            placeholder=_("要什么成果，现有什么基础"), on_change="ignore",
        )  # fmt: skip
        wanted_by = st.date_input(
            _("期望完成日期"), visit.today + timedelta(days=USUAL_DAYS), key="need_by",
            format="YYYY-MM-DD", min_value=visit.today, max_value=LAST_DAY, on_change="ignore",
        )  # fmt: skip
        answer = st.container()
        if st.button(_("提出需求并看建议机构"), key="save_need", type="primary"):
            outcome = attempt(
                state_need, service or "", wanted or "", wanted_by, uscc, where=answer,
                done=lambda number: say("已提出需求 N-{number}", number=number),
            )  # fmt: skip
            if outcome.is_done:
                keep(outcome)
                ask("need", str(outcome.result))
                st.rerun()

    dialog()


def _all(wanted: NeedFilter, session: Any, actor: Actor) -> Page[NeedRow]:
    return needs(session, actor, wanted, everything())
