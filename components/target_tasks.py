"""The work items that serve a target (相关任务), on the target's path, for who may see the register."""

from __future__ import annotations

from html import escape

import streamlit as st

from components import formats
from components.language import _, words
from components.shell import Visit
from components.target_bullets import HAIRLINE, LINK, MUTED
from components.target_words import name
from components.task_words import progress_words, reminder, units_words
from models.database import session
from models.queries.tasks import TaskRow, tasks_of_target
from models.rules.roles import Permission


def draw_tasks_of(visit: Visit, target_id: str) -> None:
    """Each work item with its units and where it stands; nothing for who may not see them.

    Args:
        visit: who looks.
        target_id: the target.
    """
    if not visit.may(Permission.see_tasks):
        return
    with session() as current:
        rows = tasks_of_target(current, visit.actor, target_id, visit.today)
    st.subheader(_("相关任务 {count}").format(count=len(rows)), anchor=False)
    if not rows:
        st.markdown(formats.small_grey(_("条文没有为这个目标列出任务。")))
        return
    shown = "".join(map(_row, rows))
    st.html(f'<div role="list" style="font-size:12.25px">{shown}</div>')


def _row(row: TaskRow) -> str:
    said = [progress_words(row)]
    if late := reminder(row.stands):
        said.append(words(late))
    return (
        f'<div role="listitem" style="padding:5px 6px;border-bottom:1px solid {HAIRLINE}">'
        '<div style="display:flex;gap:12px;justify-content:space-between">'
        f'<a href="/tasks?task={escape(row.code)}" target="_self" '
        f'style="color:{LINK};text-decoration:none">'
        f"{escape(name(row.title))}</a>"
        f'<span style="white-space:nowrap">{escape(" · ".join(said))}</span></div>'
        f'<div style="color:{MUTED}">{escape(row.clause)} · {escape(units_words(row.units))}</div>'
        "</div>"
    )
