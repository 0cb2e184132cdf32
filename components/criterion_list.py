"""The criteria of admission (入会条件) as `/policies` lists them: columns, and the way to a new one."""

from __future__ import annotations

from typing import Any

import streamlit as st

from components import formats
from components.admission_words import in_language
from components.filters import ask
from components.language import _
from components.shell import Visit
from components.tables import Column, chips, day
from models.queries.admission_criteria import CriterionRow, criteria_worded, next_criterion
from models.rules.roles import Actor, Permission


def criteria(session: Any, actor: Actor, on: Any) -> tuple[CriterionRow, ...]:
    """Every criterion as it stands."""
    return criteria_worded(session, actor, on)


def criterion_columns() -> list[Column]:
    """What the list of criteria shows."""
    return [
        Column("code", _("代码"), 62),
        Column("text", _("入会条件"), 210, shown=formats.named),
        Column("text", _("须证明"), 430, shown=lambda row: in_language(row, "shows")),
        Column("text", _("证明材料"), 220, shown=lambda row: in_language(row, "evidence")),
        Column("is_required", _("是否必备"), 84,
               shown=lambda required: _("必备") if required else _("非必备")),
        chips("standing", _("状态"), 150,
              {_("已停用"): "gray", _("默认值"): "gray", _("待确认"): "orange"},
              shown=_standing_chips),
        day("since", _("生效日期"), 100),
    ]  # fmt: skip


def draw_new_criterion(session: Any, visit: Visit) -> None:
    """The button that opens the next criterion's card, for who may draft one."""
    if visit.may(Permission.draft_policy):
        st.button(
            _("起草新的条件"), key="draft_criterion", icon=":material/add:", on_click=ask,
            args=("item", next_criterion(session)),
        )  # fmt: skip


def _standing_chips(standing: tuple[bool, bool, int]) -> list[str]:
    is_in_force, is_default, waiting = standing
    said = [_("待确认")] if waiting else []
    if not is_in_force:
        said.append(_("已停用"))
    return [*said, *([_("默认值")] if is_default else [])]
