"""The lists of `/policies`: standards, services, reasons, settings, days, and the changes of all of
them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from enum import StrEnum
from functools import partial
from typing import Any

import streamlit as st

from components import formats
from components.change_form import draft_day_dialog
from components.criterion_list import criteria, criterion_columns, draw_new_criterion
from components.filters import asked, choice, clear_button, search_box, segments
from components.language import _, words
from components.member_card import few
from components.policy_words import (
    STATE_COLOURS,
    day_words,
    gives,
    in_short,
    name,
    setting_value,
    subject_name,
    valid,
)
from components.shell import Visit
from components.standard_form import draft_standard_dialog
from components.tables import Column, chips, day, download, draw_list, instant, label, money, number
from models.clock import today
from models.queries.admission_criteria import criteria_on
from models.queries.changes import ChangeLine, changes
from models.queries.claims import services_listed
from models.queries.paging import Page, everything
from models.queries.policy_items import (
    DayRow,
    ReasonRow,
    ServiceRow,
    SettingRow,
    days_listed,
    reasons_worded,
    services_with_terms,
    settings_listed,
)
from models.queries.reasons import reasons_on
from models.queries.standards import (
    StandardFilter,
    StandardRow,
    places_of_standards,
    standards,
)
from models.rules.changes import ChangeKind, ChangeState
from models.rules.entitlement import Purpose
from models.rules.roles import Actor, Permission
from models.rules.wording import say
from models.tables.money import Standing

VIEW = "view"
ITEM = "item"
ROWS = 13
"""On a page: two rows of controls stand above the list."""


class View(StrEnum):
    """What of `/policies` is looked at."""

    standards = "standards"  # 补贴标准
    services = "services"  # 服务清单
    reasons = "reasons"  # 理由
    settings = "settings"  # 设定
    calendar = "calendar"  # 工作日历
    criteria = "criteria"  # 入会条件
    changes = "changes"  # 调整


# fmt: off
VIEWS = {
    View.standards: say("补贴标准|列表"),
    View.services:  say("服务清单"),
    View.reasons:   say("理由用语"),
    View.settings:  say("设定|列表"),
    View.calendar:  say("工作日历"),
    View.criteria:  say("入会条件"),
    View.changes:   say("调整"),
}
KIND_OF = {
    View.services: ChangeKind.service_terms,
    View.reasons:  ChangeKind.reason_text,
    View.settings: ChangeKind.setting,
    View.calendar: ChangeKind.calendar_day,
    View.criteria: ChangeKind.admission_criterion,
}
# fmt: on
"""The views that list items, and what changing one of them is."""


def names_listed(session: Any) -> dict[str, str]:
    """What services and reasons are called, by code."""
    services = {code: formats.named(one) for code, one in services_listed(session).items()}
    reasons = {code: f"{code} {formats.named(one)}" for code, one in reasons_on(session).items()}
    criteria = {
        one.code: f"{one.code} {formats.named(one)}" for one in criteria_on(session, today())
    }
    return services | reasons | criteria


def view_in_address() -> View:
    """Which view the address asks for."""
    chosen = asked(VIEW)
    return View(chosen) if chosen in set(View) else View.standards


def filter_row() -> Any:
    """The second row of controls."""
    return st.container(horizontal=True, vertical_alignment="center", gap="small", key="filters")


def view_asked(waiting: int) -> View:
    """Draw the views, and read which one the address asks for.

    Args:
        waiting: how many changes wait for a second person.
    """

    def called(view: View) -> str:
        said = words(VIEWS[view])
        return f"{said} {waiting}" if view is View.changes and waiting else said

    return segments(VIEW, list(View), _("内容"), called=called)


def summary(view: View, waiting: int) -> str:
    """What stands beside the title."""
    if waiting:
        return _("{count} 项调整待第二人确认").format(count=waiting)
    return _("起草和确认须由两人办理") if view is View.changes else ""


# ---------------------------------------------------------------- standards


def asked_standards(session: Any) -> StandardFilter:
    """Draw the filters of the standards and read what the address asks for.

    Args:
        session: for the places and services that there are.
    """
    services = {code: formats.named(one) for code, one in services_listed(session).items()}
    text = search_box(_("标题、文件、条款、编号"), width=200)
    places = {place: place for place in places_of_standards(session)}
    place = choice("place", places, _("全部地区"), called=places, width=124)
    standing = choice("standing", Standing, _("全部效力"), width=116)
    service = choice("service", services, _("全部服务"), called=services, width=190)
    purpose = choice("purpose", Purpose, _("全部用途"), width=132)
    return StandardFilter(text, place or "", standing, service or "", purpose)


def draw_standard_buttons(visit: Visit, wanted: StandardFilter) -> None:
    """The right of the toolbar: leave the filters, download, draft another standard."""
    clear_button(VIEW)
    st.space("stretch")

    def every(session: Any, actor: Actor) -> Page[StandardRow]:
        return standards(session, actor, wanted, everything(), visit.today)

    download(_("补贴标准"), standard_columns(), every)
    if visit.may(Permission.draft_policy) and st.button(
        _("起草新标准"), key="draft_standard", type="primary", icon=":material/add:"
    ):
        draft_standard_dialog(visit, None)


def standard_columns() -> list[Column]:
    """What the register of standards shows."""
    return [
        Column("title", _("标准"), 280, shown=name),
        Column("place", _("地区"), 88),
        label("standing", _("效力"), 76,
              help=_("现行：参与核定；参考：别处公布的标准，只供比较；示例：只在演示中参与核定")),
        Column("service", _("服务"), 166, shown=lambda one: name(one) or formats.NOTHING),
        label("purpose", _("用途"), 64),
        label("payee", _("收款方"), 84),
        Column("standard", _("计算方式"), 188, shown=gives),
        Column("source", _("文件和条款"), 138, sorts=True),
        Column("valid", _("有效期"), 150, shown=valid),
        label("state", _("状态"), 84),
    ]  # fmt: skip


def draw_standards(page: Page[StandardRow]) -> None:
    """The register's page; a click on the title opens the card."""
    draw_list(
        "standards", standard_columns(), page,
        title=_("补贴标准"),
        empty=_("没有符合条件的标准。可放宽筛选；标准由导入或在此起草，经另一人确认后生效。"),
        footer=_("共 {count} 个标准，本地在前，参考标准在后。点标题打开卡片。").format(
            count=formats.count(page.count.rows)),
        row_id="key", opens=(None, "rule"),
    )  # fmt: skip


# ---------------------------------------------------------------- items


def draw_items(session: Any, visit: Visit, view: View) -> None:
    """The whole list of a view, with its download; a click opens the item."""
    columns, query, empty, row_id = _ITEMS[view]
    shown = columns()
    with st.container(horizontal=True, vertical_alignment="center"):
        st.markdown(formats.small_grey(words(_NOTES[view])), width="stretch")
        download(words(VIEWS[view]), shown, partial(query, on=visit.today))
        if (
            view is View.calendar
            and visit.may(Permission.draft_settings)
            and st.button(_("起草一天"), key="draft_day", icon=":material/add:")
        ):
            draft_day_dialog(visit)
        if view is View.criteria:
            draw_new_criterion(session, visit)
    draw_list(
        view.value, shown, few(query(session, visit.actor, on=visit.today)),
        title=words(VIEWS[view]), empty=words(empty), row_id=row_id, opens=(None, ITEM),
    )  # fmt: skip


# fmt: off
_NOTES = {
    View.services: say("价格区间和服务标准按版本生效，只适用于生效日期起签订的协议（F12）"),
    View.reasons:  say("理由用语按版本生效；代码和含义不变"),
    View.settings: say("文件未规定的事项；未经确认的用默认值。点名称看历次取值和起草调整"),
    View.calendar: say("国务院公布的放假调休已经内置，这里只列另行调整的日子"),
    View.criteria: say("文件只写实行资格审查（五.1 一是），未列条件；默认条件经两人办理后可以调整"),
}
# fmt: on


def _settings(session: Any, actor: Actor, on: Any) -> tuple[SettingRow, ...]:
    return settings_listed(session, actor, on)


def _services(session: Any, actor: Actor, on: Any) -> tuple[ServiceRow, ...]:
    return services_with_terms(session, actor, on)


def _reasons(session: Any, actor: Actor, on: Any) -> tuple[ReasonRow, ...]:
    return reasons_worded(session, actor, on)


def _days(session: Any, actor: Actor, on: Any) -> tuple[DayRow, ...]:
    return days_listed(session, actor)


def _setting_columns() -> list[Column]:
    return [
        Column("name", _("设定"), 330, shown=words),
        Column("told", _("取值"), 226, shown=lambda row: setting_value(row.key, row.value)),
        chips("standing", _("状态"), 134, {_("默认值"): "gray", _("待确认"): "orange"},
              shown=_standing_chips),
        day("valid_from", _("生效日期"), 96),
        Column("confirmed_by", _("确认人|列表"), 96, shown=lambda who: who or formats.NOTHING),
        Column("why", _("用途"), 436, shown=words),
    ]  # fmt: skip


def _standing_chips(standing: tuple[bool, int]) -> Sequence[str]:
    is_default, waiting = standing
    return [*([_("待确认")] if waiting else []), *([_("默认值")] if is_default else [])]


def _waiting_chips(waiting: int) -> Sequence[str]:
    return [_("待确认")] if waiting else []


def _waiting() -> Column:
    return chips("waiting", _("草稿"), 100, {_("待确认"): "orange"}, shown=_waiting_chips)


def _service_columns() -> list[Column]:
    return [
        Column("name", _("服务"), 240, shown=name),
        number("clause_item", _("清单第几项"), 96, help=_("文件所列八项服务")),
        label("track", _("付费方式"), 120),
        money("price_floor_fen", _("价格下限（元）"), 130),
        money("price_ceiling_fen", _("价格上限（元）"), 130),
        number("standard_working_days", _("服务标准（工作日）"), 150,
               help=_("办理所需工作日，不含主管部门审查时间")),
        day("since", _("生效日期"), 110),
        _waiting(),
    ]  # fmt: skip


def _reason_columns() -> list[Column]:
    return [
        Column("code", _("代码"), 62),
        Column("text", _("理由"), 220, shown=formats.named),
        Column("text", _("处理办法"), 560, shown=_remedy),
        Column("basis", _("依据"), 200),
        day("since", _("生效日期"), 100),
        _waiting(),
    ]


def _remedy(text: Any) -> str:
    return str(text.remedy_zh if formats.named(text) == text.name_zh else text.remedy_en)


def _day_columns() -> list[Column]:
    return [
        day("day", _("日期"), 120),
        Column("is_working", _("当日"), 100, shown=day_words),
        Column("note", _("说明"), 420, shown=lambda note: note or formats.NOTHING),
        _waiting(),
    ]


# fmt: off
_ITEMS: dict[View, tuple[Any, Any, Any, str]] = {
    View.services: (_service_columns, _services, say("没有服务；服务清单由运维写入（seed reference）。"), "code"),
    View.reasons:  (_reason_columns, _reasons, say("没有理由代码；理由代码由运维写入（seed reference）。"), "code"),
    View.settings: (_setting_columns, _settings, say("没有设定。"), "key"),
    View.calendar: (_day_columns, _days, say("没有另行调整的日子。需要时点“起草一天”，经另一人确认后生效。"), "id"),
    View.criteria: (criterion_columns, criteria, say("没有入会条件；默认条件由运维写入（seed reference）。"), "code"),
}
# fmt: on


# ---------------------------------------------------------------- changes


def asked_changes() -> tuple[ChangeKind | None, ChangeState | None]:
    """Draw the filters of the changes and read what the address asks for."""
    kind = choice("kind", ChangeKind, _("全部对象"), width=190)
    state = choice("state", ChangeState, _("全部状态"), width=124)
    return kind, state


def draw_change_buttons(
    kind: ChangeKind | None, state: ChangeState | None, names: Mapping[str, str]
) -> None:
    """The right of the toolbar: leave the filters, download."""
    clear_button(VIEW)
    st.space("stretch")

    def every(session: Any, actor: Actor) -> Page[ChangeLine]:
        return changes(session, actor, everything(), kind, state)

    download(_("调整"), change_columns(names), every)


def change_columns(names: Mapping[str, str]) -> list[Column]:
    """What the list of changes shows.

    Args:
        names: services and reasons by code.
    """
    colours = {formats.label(state): colour for state, colour in STATE_COLOURS.items()}
    return [
        Column("itself", _("调整"), 290, shown=lambda line: subject_name(line, names)),
        label("kind", _("对象"), 150),
        Column("itself", _("改为"), 280, shown=in_short),
        day("valid_from", _("生效日期"), 100, sorts=True),
        chips("state", _("状态"), 90, colours, shown=lambda state: [formats.label(state)]),
        Column("drafted_by", _("起草人"), 124, shown=lambda who: who or _("导入")),
        instant("drafted_at_utc", _("起草时间"), 134, sorts=True),
        Column("decided_by", _("办理人"), 124, shown=lambda who: who or formats.NOTHING),
    ]  # fmt: skip


def draw_changes(page: Page[ChangeLine], names: Mapping[str, str]) -> None:
    """The page of changes; a click opens one."""
    draw_list(
        "changes", change_columns(names), page,
        title=_("调整"),
        empty=_("没有调整。在各项卡片上起草；未采用和撤回的也留在这里。"),
        footer=_("共 {count} 项，新的在前。未采用和撤回的保留理由。").format(
            count=formats.count(page.count.rows)),
        opens=(None, "change"),
    )  # fmt: skip
