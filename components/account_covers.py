"""Cover grants (代理) as a small list: for auditor and administrator below the accounts, for the
bureau on its overview."""

from __future__ import annotations

from collections.abc import Sequence

import streamlit as st

from components import formats
from components.language import _
from components.plain_table import plain_table
from models.clock import today
from models.queries.covers import LISTED_AFTER_DAYS, CoverRow


def draw_covers(covers: Sequence[CoverRow]) -> None:
    """Who stands in for whom; a sentence where nobody does."""
    st.subheader(_("代理授予 {count}").format(count=len(covers)), anchor=False)
    if not covers:
        said = _("没有代理。系统管理员授予代理后列在这里，终止后保留 {days} 天。")
        st.markdown(formats.small_grey(said.format(days=LISTED_AFTER_DAYS)))
        return
    plain_table(
        {
            _("代理人"): [formats.plain(row.name) for row in covers],
            _("被代理人"): [formats.plain(row.covers) for row in covers],
            _("角色"): [formats.label(row.role) for row in covers],
            _("起止"): [formats.days(row.valid_from, row.valid_to) for row in covers],
            _("今天"): [_today(row) for row in covers],
            _("事由"): [formats.plain(row.reason) for row in covers],
            _("授予人"): [formats.plain(row.granted_by or _("系统")) for row in covers],
        },
        alt=_("代理授予"),
    )


def _today(row: CoverRow) -> str:
    if row.holds_on(today()):
        return f":green[:material/check: {_('有效')}]"
    is_to_come = row.valid_from > today() and not row.is_ended
    return _("未开始") if is_to_come else _("已终止")
