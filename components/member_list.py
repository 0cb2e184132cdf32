"""The register of member enterprises: its filters, its columns, its download, and the ways in."""

from __future__ import annotations

from functools import partial
from typing import Any

import streamlit as st

from components import formats
from components.filters import ask, asked, choice, clear_button, search_box
from components.language import _
from components.member_form import add_member_dialog
from components.shell import Visit
from components.site import page_at
from components.tables import Column, day, download, draw_list, label, text
from models.queries.members import (
    MemberFilter,
    MemberRow,
    certificates_lapsing,
    districts,
    joining_periods,
    members,
)
from models.queries.paging import Page, everything
from models.queries.settings import whole_number
from models.rules.membership import CertificateStanding, CertificateState
from models.rules.months import YearMonth
from models.rules.roles import Actor, Permission
from models.rules.wording import say
from models.tables.organisations import GrowthStage, HnteStatus

# fmt: off
REMINDERS = {
    CertificateState.ended:          say("已过期"),
    CertificateState.ends_this_year: say("今年到期"),
    CertificateState.undated:        say("缺发证日期"),
}
COLOURS = {
    CertificateState.ended:          "red",
    CertificateState.ends_this_year: "orange",
    CertificateState.undated:        "gray",
}
# fmt: on


def asked_filter(session: Any) -> MemberFilter:
    """Draw the filters and read what the address asks for.

    Args:
        session: for the districts and months that there are.
    """
    return MemberFilter(
        text=search_box(_("企业名称、信用代码")),
        stage=choice("stage", GrowthStage, _("全部成长阶段"), width=124),
        hnte=choice("hnte", HnteStatus, _("全部高企状态"), width=144),
        district=choice("district", districts(session), _("全部街道"), called=str, width=146) or "",
        joined=choice(
            "joined", joining_periods(session), _("全部入会时间"), called=_period, width=150
        )
        or "",
        lapsing=asked("lapsing") == "yes",
    )


def draw_reminder(session: Any, visit: Visit, wanted: MemberFilter) -> None:
    """How many certificates are about to lapse, and the way to their list; nothing where none is.

    Args:
        session: for the count and the setting.
        visit: who looks, and when.
        wanted: the filter; while it shows them, the way out is the toolbar's.
    """
    count = certificates_lapsing(session, visit.actor, visit.today)
    if not count or wanted.lapsing:
        return
    days = whole_number(session, "certificate_reminder_days", visit.today)
    said = _("{count} 家企业的高企证书将在 {days} 天内到期，请提醒重新认定")
    st.button(
        said.format(count=formats.count(count), days=days), key="lapsing", type="tertiary",
        icon=":material/warning:", on_click=ask, args=("lapsing", "yes"), kwargs={"page": ""},
    )  # fmt: skip


def draw_buttons(visit: Visit, wanted: MemberFilter) -> None:
    """The right of the toolbar: leave the filters, download, import, add."""
    clear_button()
    st.space("stretch")
    download(_("会员企业"), member_columns(), partial(_all, wanted, visit.today))
    if visit.may(Permission.exchange):
        st.page_link(page_at("/exchange").script, label=_("导入"), icon=":material/upload:")
    if visit.may(Permission.edit_members) and st.button(
        _("新增企业"), key="add_member", type="primary", icon=":material/add:"
    ):
        add_member_dialog(visit)


def member_columns() -> list[Column]:
    """What the register shows."""
    return [
        text("name", _("企业名称"), 246, sorts=True),
        text("uscc", _("统一社会信用代码"), 168, sorts=True),
        text("district", _("街道"), 104),
        text("industry", _("行业"), 110, on_phone=False),
        label("growth_stage", _("成长阶段"), 78, on_phone=False),
        label("hnte_status", _("高企状态"), 92),
        Column("certificate", _("证书有效至"), 104, sorts=True, shown=_until),
        Column("certificate", _("提醒"), 108, kind="chips", options=_chips(), shown=_reminders,
               help=_("高新技术企业证书自发证之日起三年有效；到期当年应重新认定")),
        day("joined_on", _("入会日期"), 104, sorts=True, on_phone=False),
        Column("left_on", _("会籍"), 112, shown=membership),
        text("contact_name", _("联系人"), 80, on_phone=False),
    ]  # fmt: skip


def draw_members(page: Page[MemberRow]) -> None:
    """The register's page; a click on the name opens the card."""
    draw_list(
        "members",
        member_columns(),
        page,
        title=_("会员企业名录"),
        empty=_("没有符合条件的会员企业。可放宽筛选，或由联盟新增、导入。"),
        footer=_("共 {count} 家。点表头换排序，点企业名称打开卡片。").format(
            count=formats.count(page.count.rows, is_exact=page.count.is_exact)
        ),
        row_id="uscc",
        opens=(None, "uscc"),
    )


def membership(left_on: Any) -> str:
    """Whether it is a member, or since when no more."""
    return _("有效") if left_on is None else _("{on} 退会").format(on=formats.day(left_on))


def reminder(standing: CertificateStanding) -> str:
    """The reminder of a certificate, empty when there is nothing to do."""
    words = REMINDERS.get(standing.state)
    return _(words.template) if words else ""


def _until(standing: CertificateStanding) -> str:
    return formats.day(standing.valid_until)


def _reminders(standing: CertificateStanding) -> list[str]:
    return [reminder(standing)] if standing.state in REMINDERS else []


def _chips() -> dict[str, Any]:
    return {_(REMINDERS[state].template): COLOURS[state] for state in REMINDERS}


def _period(written: str) -> str:
    return (
        formats.year(int(written)) if len(written) == 4 else formats.month(YearMonth.parse(written))
    )


def _all(wanted: MemberFilter, today: Any, session: Any, actor: Actor) -> Page[MemberRow]:
    return members(session, actor, wanted, everything(), today)
