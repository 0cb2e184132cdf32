"""The register of agencies: its filters, its columns (public ones only for other agencies), its
download."""

from __future__ import annotations

from collections.abc import Mapping
from enum import StrEnum
from functools import partial
from typing import Any

import streamlit as st

from components import formats
from components.filters import choice, clear_button, search_box, segments
from components.grade_words import mark_words
from components.language import _, words
from components.rating_words import points
from components.tables import Column, day, download, draw_list, number, text
from models.queries.agencies import AgencyFilter, AgencyRow, agencies
from models.queries.grades import GradeWanted, PublishedGrade
from models.queries.paging import Page, everything
from models.queries.visibility import sight_of_agency
from models.rules.membership import AgencyState
from models.rules.roles import Actor
from models.rules.wording import say

# fmt: off
STATES = {
    AgencyState.applied:   say("申请中"),
    AgencyState.admitted:  say("已准入"),
    AgencyState.suspended: say("暂停中"),
    AgencyState.removed:   say("已退出"),
}
COLOURS: Mapping[AgencyState, Any] = {
    AgencyState.applied:   "gray",
    AgencyState.admitted:  "green",
    AgencyState.suspended: "orange",
    AgencyState.removed:   "gray",
}
# fmt: on


class AgencyView(StrEnum):
    """A side of the register."""

    register = "register"  # 名录
    exposure = "exposure"  # 垫资敞口


VIEWS = {AgencyView.register: say("名录|机构"), AgencyView.exposure: say("垫资敞口")}


def view_asked() -> AgencyView:
    """Draw the choice and read what the address asks for."""
    return segments("view", AgencyView, _("查看"), called=lambda view: words(VIEWS[view]))


def asked_filter(services: Mapping[str, Any]) -> AgencyFilter:
    """Draw the filters and read what the address asks for.

    Args:
        services: the service list by code.
    """
    return AgencyFilter(
        text=search_box(_("机构名称、信用代码")),
        service=choice(
            "service",
            services,
            _("全部服务"),
            called=lambda code: formats.named(services[code]),
            width=200,
        )
        or "",
        state=choice("state", AgencyState, _("全部状态"), called=state_name),
        grade=choice("grade", GradeWanted, _("全部等级"), called=_grade_name, width=118),
    )


def draw_buttons(
    actor: Actor, wanted: AgencyFilter, services: Mapping[str, Any], today: Any
) -> None:
    """The right of the toolbar: leave the filters, download."""
    clear_button()
    st.space("stretch")
    download(_("服务机构"), agency_columns(actor, services), partial(_all, wanted, today))


def agency_columns(actor: Actor, services: Mapping[str, Any]) -> list[Column]:
    """What the register shows this person."""
    public = [
        text("name", _("机构名称"), 220, sorts=True),
        text("uscc", _("统一社会信用代码"), 168),
        Column(
            "grade",
            _("考评等级"),
            170,
            shown=grade_words,
            sorts=True,
            help=_("最近一期已公布的等级、得分和九成把握的区间"),
        ),
        Column("services", _("服务范围"), 218, shown=partial(_services, services)),
        Column("state", _("资格"), 90, kind="chips", options=_chips(), shown=_states),
        day("joined_on", _("入会日期"), 104, sorts=True, on_phone=False),
    ]
    if not sight_of_agency(actor, None).has_contacts:
        return public
    return [
        *public,
        number("open_agreements", _("在办对子"), 84, help=_("已签订、尚无办结申请的服务协议")),
        number("open_claims", _("在办申请"), 84, help=_("已提交、尚未办结、撤回或不予支持的申请")),
        number("staff_count", _("从业人数"), 84, sorts=True, on_phone=False),
        text("contact_name", _("联系人"), 96, on_phone=False),
    ]


def draw_agencies(page: Page[AgencyRow], columns: list[Column]) -> None:
    """The register's page; a click on the name opens the card."""
    draw_list(
        "agencies",
        columns,
        page,
        title=_("服务机构名录"),
        empty=_("没有符合条件的服务机构。可放宽筛选；机构由联盟审查入会资格后导入。"),
        footer=_("共 {count} 家。点表头换排序，点机构名称打开卡片。").format(
            count=formats.count(page.count.rows, is_exact=page.count.is_exact)
        ),
        row_id="uscc",
        opens=(None, "uscc"),
    )


def state_name(state: AgencyState) -> str:
    """What a standing is called."""
    return words(STATES[state])


def grade_words(grade: PublishedGrade | None) -> str:
    """A published grade with its score and interval: `B 85.4（80.2 – 89.4）`."""
    if grade is None or grade.mark is None:
        return formats.NOTHING if grade is None else _("未参评")
    if grade.score_hundredths is None:
        return mark_words(grade.mark)
    return _("{mark} {score}（{low} – {high}）").format(
        mark=grade.mark,
        score=points(grade.score_hundredths),
        low=points(grade.low_hundredths),
        high=points(grade.high_hundredths),
    )


def _grade_name(wanted: GradeWanted) -> str:
    return _("尚无等级") if wanted is GradeWanted.none else _("{mark} 级").format(mark=wanted)


def _services(services: Mapping[str, Any], codes: tuple[str, ...]) -> str:
    return formats.listed(services, codes)


def _states(state: AgencyState) -> list[str]:
    return [state_name(state)]


def _chips() -> dict[str, Any]:
    return {state_name(state): COLOURS[state] for state in AgencyState}


def _all(wanted: AgencyFilter, today: Any, session: Any, actor: Actor) -> Page[AgencyRow]:
    return agencies(session, actor, wanted, everything(), today)
