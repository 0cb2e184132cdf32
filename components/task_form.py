"""Reporting how a work item stands (填报进展): state, day, words, papers; one button."""

from __future__ import annotations

import streamlit as st

from components import formats
from components.attempt import attempt, keep
from components.filters import FIRST_DAY
from components.language import _
from components.shell import Visit
from models.actions.tasks import Progress, report_progress
from models.queries.task_card import TaskCard
from models.rules.tasks import LONGEST_REPORT, MOST_PAPERS, TaskState
from models.rules.wording import say


def draw_report_form(visit: Visit, card: TaskCard) -> None:
    """The form of an item that is reported itself; of another, where to report.

    Args:
        visit: somebody who may report.
        card: the item.
    """
    if not card.is_reported_itself:
        assert card.row.parts is not None
        said = _("这项任务由 {count} 个子项合并得出，请打开子项填报。")
        st.markdown(formats.small_grey(said.format(count=card.row.parts.total)))
        return
    with st.container(border=True, key="report_form"):
        st.subheader(_("填报进展"), anchor=False)
        progress = _written(visit, card)
        if st.button(_("填报这项进展"), key="report_task", type="primary", width="stretch"):
            outcome = attempt(
                report_progress, card.row.code, progress,
                done=say("已填报 {code}：{state}", code=card.row.code,
                         state=formats.LABELS[TaskState][progress.state]),
            )  # fmt: skip
            if outcome.is_done:
                keep(outcome)
                st.rerun()


def _written(visit: Visit, card: TaskCard) -> Progress:
    """What the form says now; a new report begins from the last one's state."""
    last = card.reports[0] if card.reports else None
    at = f"{card.row.code}_{last.id if last else 0}"
    state = st.segmented_control(
        _("状态"), list(TaskState), default=last.state if last else TaskState.under_way,
        key=f"report_state_{at}", format_func=formats.label, required=True, width="stretch",
    )  # fmt: skip
    stands_on = st.date_input(
        _("截至日期"), visit.today, key=f"report_day_{at}", format="YYYY-MM-DD",
        min_value=FIRST_DAY, max_value=visit.today,
    )  # fmt: skip
    said = st.text_area(
        _("进展说明"), key=f"report_said_{at}", max_chars=LONGEST_REPORT, height=96,
        placeholder=_("做了什么，还差什么，何时完成"),
    )  # fmt: skip
    files = st.file_uploader(
        _("佐证材料（PDF、PNG 或 JPEG，一次最多 {most} 份）").format(most=MOST_PAPERS),
        type=["pdf", "png", "jpg", "jpeg"],
        key=f"report_papers_{at}",
        accept_multiple_files=True,
    )
    papers = tuple((file.name, file.getvalue()) for file in files or ())
    return Progress(state, stands_on, said or "", papers)
