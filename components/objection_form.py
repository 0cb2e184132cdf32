"""Recording an objection (记录异议) and answering one, each in a dialog."""

from __future__ import annotations

import streamlit as st

from components import formats
from components.attempt import attempt, keep
from components.language import _
from components.shell import Visit
from models.actions.objections import answer_objection, record_objection
from models.queries.objections import ObjectionLine
from models.rules.notice import NoticePeriod
from models.rules.objections import (
    LONGEST_OBJECTION,
    LONGEST_OBJECTOR,
    MOST_PAPERS,
    ObjectionEntry,
    ObjectionForm,
    ObjectionState,
)
from models.rules.wording import say

ANSWERS = (ObjectionState.dismissed, ObjectionState.upheld)


def record_dialog(visit: Visit, number: str, notice: NoticePeriod) -> None:
    """What came in: who objects, how it is signed, when it came, what is objected, the evidence.

    Args:
        visit: somebody who may record.
        number: the claim.
        notice: its notice, within which the letter must have come.
    """

    @st.dialog(_("记录异议"), width="medium", icon=":material/gavel:")
    def dialog() -> None:
        until = _("{number} · 公示期 {days}；异议须署名或盖章并附证据。记录后即不支付，直到答复。")
        st.markdown(
            formats.small_grey(
                until.format(
                    number=formats.plain(number),
                    days=formats.days(notice.from_on, notice.until_on),
                )
            )
        )
        entry = _written(visit, notice)
        if st.button(
            _("记录这项异议，停止支付"), key="objection_save", type="primary", width="stretch"
        ):
            done = say("{number} 的异议已记录，答复前不支付", number=number)
            outcome = attempt(record_objection, number, entry, done=done, where=st.container())
            if outcome.is_done:
                keep(outcome)
                st.rerun()

    dialog()


def answer_dialog(line: ObjectionLine) -> None:
    """Dismissed or upheld, and why.

    Args:
        line: the objection, one that waits.
    """

    @st.dialog(_("答复异议"), width="medium", icon=":material/gavel:")
    def dialog() -> None:
        st.markdown(f"**{formats.plain(line.objector)}**  \n{formats.plain(line.said)}")
        to = st.segmented_control(
            _("答复"), list(ANSWERS), key=f"objection_to_{line.id}",
            format_func=formats.label, width="stretch", label_visibility="collapsed",
        )  # fmt: skip
        answer = st.text_area(
            _("理由"), key=f"objection_answer_{line.id}", max_chars=LONGEST_OBJECTION, height=110,
            placeholder=_("写明核实的经过和结论；申请机构看得到这段文字，请不要写出异议人"),
        )  # fmt: skip
        st.markdown(
            formats.small_grey(
                _("不成立：恢复支付。成立：办理环节须先退回、请机构补正或暂缓，之后才可继续。")
            )
        )
        if st.button(
            _("保存答复"), key=f"objection_answered_{line.id}", type="primary", disabled=to is None
        ):
            outcome = attempt(
                answer_objection, line.id, to, answer or "", where=st.container(),
                done=say("{number} 的异议已答复", number=line.number),
            )  # fmt: skip
            if outcome.is_done:
                keep(outcome)
                st.rerun()

    dialog()


def _written(visit: Visit, notice: NoticePeriod) -> ObjectionEntry:
    left, right = st.columns(2)
    form = left.segmented_control(
        _("署名方式"), list(ObjectionForm), default=ObjectionForm.named, key="objection_form",
        format_func=formats.label, required=True, width="stretch",
    )  # fmt: skip
    latest = min(visit.today, notice.until_on)
    received_on = right.date_input(
        _("收到日期"), latest, key="objection_received", format="YYYY-MM-DD",
        min_value=notice.from_on, max_value=max(latest, notice.from_on),
    )  # fmt: skip
    objector = st.text_input(
        _("异议人姓名，或盖章单位名称"), key="objection_objector", max_chars=LONGEST_OBJECTOR
    )
    said = st.text_area(
        _("对什么有异议"), key="objection_said", max_chars=LONGEST_OBJECTION, height=96,
        placeholder=_("写明有异议的事项、依据和请求"),
    )  # fmt: skip
    files = st.file_uploader(
        _("异议书和证据（PDF、PNG 或 JPEG，一次最多 {most} 份）").format(most=MOST_PAPERS),
        type=["pdf", "png", "jpg", "jpeg"],
        key="objection_papers",
        accept_multiple_files=True,
    )
    papers = tuple((file.name, file.getvalue()) for file in files or ())
    return ObjectionEntry(objector or "", form, received_on, said or "", papers)
