"""The register of service agreements (合作对子): its piles, its filters, its columns, its download."""

from __future__ import annotations

from collections.abc import Mapping
from functools import partial
from typing import Any

import streamlit as st

from components import formats
from components.agreement_form import draft_dialog
from components.agreement_words import state_chip, state_chips
from components.filters import choice, clear_button, search_box, segments
from components.language import _
from components.shell import Visit
from components.tables import Column, chosen, day, download, draw_list, money, text
from models.queries.agreements import (
    AgreementFilter,
    AgreementPile,
    AgreementRow,
    agreements,
    turn_size,
    years_signed,
)
from models.queries.paging import Page, everything
from models.rules.agreement_life import AgreementState
from models.rules.roles import Actor, Permission
from models.tables.reference import Track

Services = Mapping[str, Any]
ROWS = 13
"""On a page: with the piles above them they fit a window of 768."""


def asked_filter(session: Any, actor: Actor, services: Services) -> AgreementFilter:
    """Draw the filters and read what the address asks for, except for the pile.

    Args:
        session: for the years that there are.
        actor: whose agreements.
        services: the service list by code.
    """
    return AgreementFilter(
        text=search_box(_("协议编号、备案号、企业、机构")),
        service=choice(
            "service", services, _("全部服务"),
            called=lambda code: formats.named(services[code]), width=180,
        )
        or "",
        state=choice("state", AgreementState, _("全部协议状态"), width=150),
        track=choice("track", Track, _("全部付费方式"), width=136),
        year=_year(choice(
            "year", [str(year) for year in years_signed(session, actor)], _("全部签订年份"),
            called=lambda year: formats.year(int(year)), width=164,
        )),
    )  # fmt: skip


def pile_asked(session: Any, actor: Actor, wanted: AgreementFilter) -> AgreementPile:
    """Draw the piles, where something can wait for this person, and read which one is asked for."""
    waiting = turn_size(session, actor, wanted)
    if waiting is None:
        return AgreementPile.all
    size = formats.count(waiting.rows, is_exact=waiting.is_exact)
    named: dict[str, str] = {
        AgreementPile.all: _("全部|协议"),
        AgreementPile.turn: _("等我办理 {count}").format(count=size),
    }
    return segments("pile", AgreementPile, _("协议"), called=named)


def draw_buttons(visit: Visit, wanted: AgreementFilter, services: Services) -> None:
    """The right of the toolbar: leave the filters, download, draft a new one.

    Args:
        visit: who looks.
        wanted: the whole filter.
        services: the service list by code.
    """
    clear_button()
    st.space("stretch")
    download(_("合作对子"), agreement_columns(services), partial(_all, wanted))
    if visit.may(Permission.draft_agreements) and st.button(
        _("起草服务协议"), key="draft_agreement", type="primary", icon=":material/add:"
    ):
        draft_dialog(visit, services)
    if visit.may(Permission.draft_for_agencies) and st.button(
        _("代机构起草协议"), key="draft_for_agency", icon=":material/add:"
    ):
        draft_dialog(visit, services)


def agreement_columns(services: Services) -> list[Column]:
    """What the register shows."""
    names = {code: formats.named(service) for code, service in services.items()}
    return [
        text("number", _("协议编号"), 138, sorts=True),
        text("enterprise", _("企业"), 198),
        text("agency", _("服务机构"), 198),
        chosen("service_code", _("服务"), 158, names),
        Column("state", _("状态"), 116, kind="chips", options=state_chips(), shown=state_chip),
        day("signed_on", _("签订日期"), 98, sorts=True),
        money("fee_fen", _("服务费（元）"), 98, sorts=True,
              help=_("成功后才由企业支付或由政府补贴；事前不收任何费用（五.2 一是）")),
        text("filing_number", _("备案号"), 122),
        day("due_on", _("预计完成"), 98, sorts=True, on_phone=False),
        Column("track", _("付费方式"), 92, shown=formats.label, on_phone=False,
               help=_("市场化规则：政策未覆盖的服务，成功后由企业付费，不进入财政补贴（五.3(1)）")),
    ]  # fmt: skip


def draw_agreements(page: Page[AgreementRow], services: Services) -> None:
    """The register's page; a click on the number opens the card."""
    draw_list(
        "agreements",
        agreement_columns(services),
        page,
        title=_("合作对子"),
        empty=_("没有符合条件的服务协议。可放宽筛选；服务机构起草、备案后出现在这里。"),
        footer=_("共 {count} 份，新签订的在前。点表头换排序，点协议编号打开卡片。").format(
            count=formats.count(page.count.rows, is_exact=page.count.is_exact)
        ),
        row_id="number",
        opens=(None, "agreement"),
    )


def _year(written: str | None) -> int | None:
    return int(written) if written else None


def _all(wanted: AgreementFilter, session: Any, actor: Actor) -> Page[AgreementRow]:
    return agreements(session, actor, wanted, everything())
