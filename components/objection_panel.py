"""A claim's public notice (公示) and the objections to it: the line under its facts, and the tab with
every objection."""

from __future__ import annotations

from collections.abc import Sequence

import streamlit as st

from components import formats
from components.language import _, words
from components.objection_form import answer_dialog, record_dialog
from components.shell import Visit
from models.queries.notices import PublicStanding
from models.queries.objections import ObjectionLine, PaperLine
from models.rules.notice import NoticePeriod
from models.rules.objections import ObjectionState
from models.rules.roles import Permission

COLOURS = {
    ObjectionState.open: "orange",
    ObjectionState.dismissed: "gray",
    ObjectionState.upheld: "red",
}


def is_in_public(standing: PublicStanding) -> bool:
    """Whether there is anything of a notice to show."""
    return standing.notice is not None or bool(standing.objections)


def draw_public_line(standing: PublicStanding, visit: Visit) -> None:
    """Under the claim's facts: how long it is in public notice, and what keeps it from being paid;
    nothing before the approval."""
    if standing.notice is None and standing.bar is None:
        return
    said = []
    if standing.notice is not None:
        is_running = standing.notice.runs_on(visit.today)
        name = _("公示中") if is_running else _("公示期满")
        said.append(f":gray-badge[{name}] {formats.small_grey(period_words(standing.notice))}")
    if standing.bar is not None:
        bar = formats.plain(words(standing.bar))
        said.append(f":orange-badge[:material/block: {_('不支付')}] {bar}")
    with st.container(key="public_line"):
        st.markdown(" &nbsp; ".join(said))


def period_words(notice: NoticePeriod) -> str:
    """`公示期 2026-11-20 – 11-27`."""
    return _("公示期 {days}").format(days=formats.days(notice.from_on, notice.until_on))


def draw_objections(standing: PublicStanding, visit: Visit, number: str) -> None:
    """The tab: every objection with what was answered, and recording one."""
    if standing.may_record and st.button(
        _("记录异议"), key="record_objection", icon=":material/gavel:"
    ):
        assert standing.notice is not None
        record_dialog(visit, number, standing.notice)
    if standing.denial is not None:
        st.markdown(f":material/block: {formats.plain(words(standing.denial))}")
    if not standing.objections:
        st.markdown(
            formats.small_grey(
                _("没有异议。公示期内收到署名或盖章并附证据的异议，由联盟或科技创新局记录在此。")
            )
        )
    for line in standing.objections:
        _draw_objection(standing, visit, line)


def _draw_objection(standing: PublicStanding, visit: Visit, line: ObjectionLine) -> None:
    with st.container(key=f"objection_{line.id}", gap="xsmall"):
        st.markdown(
            f":{COLOURS[line.state]}-badge[{formats.label(line.state)}] **{objector_words(line)}** "
            + formats.small_grey(_("{on} 收到").format(on=formats.day(line.received_on)))
        )
        if line.said:
            st.markdown(formats.plain(line.said))
        if line.papers:
            st.markdown("  \n".join(_paper(paper) for paper in line.papers))
        st.markdown(_recorded(line))
        if line.answer:
            st.markdown(f"**{_('答复')}** {formats.plain(line.answer)}  \n{_answered(line)}")
        elif standing.may_answer(visit.actor, line):
            if st.button(_("答复这项异议"), key=f"answer_objection_{line.id}"):
                answer_dialog(line)
        elif visit.may(Permission.keep_objections) and standing.denial is None:
            st.markdown(formats.small_grey(_("由您记录，须由另一人答复。")))


def objector_words(line: ObjectionLine) -> str:
    """Who objects and how it is signed; to the claim's parties only that somebody does."""
    if line.form is None:
        return _("异议人信息保密")
    return _("{who}（{form}）").format(
        who=formats.plain(line.objector), form=formats.label(line.form)
    )


def objection_history(lines: Sequence[ObjectionLine]) -> list[tuple[str, str, str]]:
    """What happened to objections, for the claim's history: instant, who and what, words."""
    told = []
    for line in lines:
        said = _("记录异议：{who}").format(who=objector_words(line))
        told.append((formats.instant(line.recorded_at_utc), line.recorded_by, said))
        if line.answered_at_utc is not None:
            said = _("答复异议：{state}。{answer}").format(
                state=formats.label(line.state), answer=formats.plain(line.answer)
            )
            told.append((formats.instant(line.answered_at_utc), line.answered_by, said))
    return told


def _paper(paper: PaperLine) -> str:
    address = f"/files/objections/{paper.id}"
    size = formats.size(paper.size_bytes)
    return (
        f":material/attach_file: [{formats.plain(paper.file_name)}]({address}?inline=1)"
        f" :small[:gray[{size}] [{_('下载')}]({address})]"
    )


def _recorded(line: ObjectionLine) -> str:
    return formats.small_grey(
        _("{who} 于 {at} 记录").format(
            who=formats.plain(line.recorded_by), at=formats.instant(line.recorded_at_utc)
        )
    )


def _answered(line: ObjectionLine) -> str:
    return formats.small_grey(
        _("{who} 于 {at} 答复").format(
            who=formats.plain(line.answered_by), at=formats.instant(line.answered_at_utc)
        )
    )
