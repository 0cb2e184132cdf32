"""What the policy came to (`/?view=outcomes`): how zero the zero is by service and by enterprise,
and which clauses returns and refusals name; for the lead, the leaders and the auditors."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import partial
from typing import Any

import streamlit as st

from components import formats
from components.filters import ask, ask_nothing, asked, choice, search_box, segments, toolbar
from components.language import CHINESE, _, language
from components.look import title_row
from components.shell import Visit
from components.tables import Column, download, draw_list, money, number, page_asked, text
from models.database import session
from models.queries.outcomes import (
    EnterpriseZero,
    ReasonNamed,
    ServiceZero,
    ZeroFigures,
    reasons_named,
    zero_by_enterprise,
    zero_by_service,
)
from models.queries.paging import Count, Page, everything
from models.rules.roles import Actor, Permission
from models.rules.wording import say

VIEW, OUTCOMES = "view", "outcomes"
# fmt: off
BY = {
    "service":    say("零费程度：按服务"),
    "enterprise": say("零费程度：按企业"),
    "clause":     say("退回与不予支持：按条款"),
}
# fmt: on


@dataclass(frozen=True, slots=True)
class _Line:
    """A row of figures as it is drawn."""

    key: str
    name: str
    figures: ZeroFigures

    def __getattr__(self, name: str) -> Any:
        return getattr(self.figures, name)

    @property
    def share(self) -> str:
        """The share of services with nothing paid before the result."""
        return formats.percent(self.figures.nothing_before, self.figures.answered, digits=1)


def draw_outcomes_link(visit: Visit) -> None:
    """The way here from the zone's figure."""
    if visit.may(Permission.see_outcomes):
        st.button(
            _("按服务、企业和条款查看"),
            key="open_outcomes",
            type="tertiary",
            icon=":material/arrow_forward:",
            icon_position="right",
            on_click=ask,
            args=(VIEW, OUTCOMES),
        )


def draw_outcomes_if_asked(visit: Visit) -> None:
    """The panel instead of the overview, where the address asks for it and the visitor may see
    it."""
    if asked(VIEW) != OUTCOMES or not visit.may(Permission.see_outcomes):
        return
    title_row(
        _("零费程度与退回理由"),
        _("据企业确认和各环节决定汇总，供修订政策参考 · 五.3 效果五"),
        right=_draw_back,
    )
    with (bar := toolbar()):
        by = segments("by", BY, _("看什么"), called=lambda by: _(BY[by].template))
    _DRAWN[by](visit, bar)
    st.stop()


def _draw_back() -> None:
    st.button(
        _("返回总览"),
        key="back",
        type="tertiary",
        icon=":material/arrow_back:",
        on_click=ask_nothing,
    )


# ---------------------------------------------------------------- how zero


def _draw_services(visit: Visit, bar: Any) -> None:
    with session() as current:
        rows = [_service(row) for row in zero_by_service(current, visit.actor)]
    columns = _columns(text("name", _("服务"), 220))
    with bar:
        st.space("stretch")
        download(_("零费程度-按服务"), columns, _services_to_download)
    _draw("zero_services", columns, _all(rows), _("零费程度：按服务"))


def _draw_enterprises(visit: Visit, bar: Any) -> None:
    columns = _columns(text("name", _("企业"), 260, sorts=True))
    with bar:
        looked_for = search_box(_("企业名称"))
        st.space("stretch")
        download(_("零费程度-按企业"), columns, partial(_enterprises_to_download, looked_for))
    with session() as current:
        page = zero_by_enterprise(current, visit.actor, page_asked(), looked_for)
    rows = tuple(map(_enterprise, page.rows))
    lines = Page(rows, page.number, page.pages, page.count, page.order)
    _draw("zero_enterprises", columns, lines, _("零费程度：按企业"), opens=("/members", "uscc"))


def _draw(
    name: str,
    columns: Sequence[Column],
    page: Page[_Line],
    title: str,
    opens: tuple[str | None, str] | None = None,
) -> None:
    draw_list(
        name,
        columns,
        page,
        title=title,
        empty=_("还没有企业确认，缺数，不估计。"),
        footer=_(
            "取得成果前后的付费分开统计，不相加；逾期视为确认的没有说明付费，不计入。五.2 一是"
        ),
        row_id="key",
        opens=opens,
    )


def _columns(first: Column) -> list[Column]:
    return [
        first,
        number("answered", _("企业确认（项）"), 110, sorts=first.sorts,
               help=_("企业说明了付费情况的服务，即样本数 n")),
        number("nothing_before", _("事前未付费（项）"), 126),
        text("share", _("事前未付费占比"), 118),
        money("before_fen", _("事前付费（元）"), 118, sorts=first.sorts),
        number("paid_after", _("事后付过费（项）"), 126),
        money("after_fen", _("事后付费（元）"), 118, sorts=first.sorts),
    ]  # fmt: skip


def _service(row: ServiceZero) -> _Line:
    name = row.name_zh if language() == CHINESE else row.name_en
    return _Line(row.code, name, row.figures)


def _enterprise(row: EnterpriseZero) -> _Line:
    return _Line(row.uscc, row.name, row.figures)


def _services_to_download(current: Any, actor: Actor) -> list[_Line]:
    return [_service(row) for row in zero_by_service(current, actor)]


def _enterprises_to_download(looked_for: str, current: Any, actor: Actor) -> list[_Line]:
    found = zero_by_enterprise(current, actor, everything(), looked_for)
    return [_enterprise(row) for row in found]


# ---------------------------------------------------------------- which clauses


def _draw_reasons(visit: Visit, bar: Any) -> None:
    this, columns = visit.today.year, _reason_columns()
    with bar:
        before = choice("year", [str(this - 1)], formats.year(this), called=_year, width=110)
        year = int(before or this)
        st.space("stretch")
        download(_("退回与不予支持理由"), columns, partial(_reasons_to_download, year))
    with session() as current:
        rows = reasons_named(current, visit.actor, year)
    draw_list(
        "reasons",
        columns,
        _all([_Reason(row) for row in rows]),
        title=_("退回与不予支持：按条款"),
        empty=_("这一年没有退回或不予支持的决定。"),
        footer=_("一次决定可以有几项理由，各计一次；依据为理由所引条款，未印于文件的注明设定。"),
        row_id="code",
    )


@dataclass(frozen=True, slots=True)
class _Reason:
    """A reason as it is drawn."""

    row: ReasonNamed

    def __getattr__(self, name: str) -> Any:
        return getattr(self.row, name)

    @property
    def name(self) -> str:
        """What the reason is called, in the visitor's language."""
        return formats.named(self.row)

    @property
    def basis(self) -> str:
        """The clauses, as printed."""
        return _("、").join(_(part) for part in self.row.basis.split("；"))


def _reason_columns() -> list[Column]:
    return [
        text("basis", _("依据条款"), 260),
        text("code", _("理由"), 64),
        text("name", _("理由名称"), 300),
        number("named", _("合计（次）"), 92),
        number("returned", _("退回（次）"), 92),
        number("refused", _("不予支持（次）"), 112),
        number("claims", _("涉及申请（件）"), 112),
    ]


def _reasons_to_download(year: int, current: Any, actor: Actor) -> list[_Reason]:
    return [_Reason(row) for row in reasons_named(current, actor, year)]


# ---------------------------------------------------------------- pieces


def _year(written: str) -> str:
    return formats.year(int(written))


def _all(rows: Sequence[Any]) -> Page[Any]:
    """Rows that fit one page."""
    return Page(tuple(rows), 1, 1, Count(len(rows)))


_DRAWN = {"service": _draw_services, "enterprise": _draw_enterprises, "clause": _draw_reasons}
_BASES = (say("编号规则"), say("厦门火炬高新区创新券兑付"))
"""What reasons rest on besides clauses: their English stands in the catalogue."""
