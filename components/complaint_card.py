"""One complaint (投诉): who, about whom, what was said and answered, every step with its papers;
beside them what this person may do now."""

from __future__ import annotations

from collections.abc import Mapping

import streamlit as st

from components import formats
from components.complaint_step import draw_step_form
from components.conduct_words import COLOURS, badge, complainant, paper_line, time_left
from components.facts import Fact, draw_facts
from components.language import _, words
from components.look import title_row
from components.member_card import back_button, record_link
from components.shell import Visit
from models.queries.complaint_card import ComplaintCard, ComplaintEventLine
from models.rules.complaints import (
    COMPLAINT_STEP_OF,
    ComplaintAction,
    ComplaintSide,
    ComplaintState,
)
from models.rules.roles import Permission
from models.rules.wording import Wording, say

PARAMETER = "complaint"
# fmt: off
SIDES: Mapping[ComplaintSide, Wording] = {
    ComplaintSide.complainant: say("投诉人"),
    ComplaintSide.agency:      say("服务机构"),
    ComplaintSide.alliance:    say("联盟"),
}
# fmt: on
"""On whose part a step was taken, for who is not told the name."""


def draw_complaint(visit: Visit, card: ComplaintCard | None) -> None:
    """The card, or that there is no such complaint.

    Args:
        visit: who looks.
        card: what may be seen; `None` for an address that names nothing.
    """
    if card is None:
        title_row(_("投诉"))
        back_button(PARAMETER)
        st.markdown(_("没有这个编号的投诉。请从列表中打开，或核对地址。"))
        return
    row = card.row
    title_row(
        row.number, formats.label(row.found_kind or row.kind),
        badge(COLOURS[row.state], formats.label(row.state)),
    )  # fmt: skip
    with st.container(horizontal=True, vertical_alignment="center"):
        back_button(PARAMETER)
        st.space("stretch")
        record_link(visit, f"complaint:{row.number}")
    left, right = st.columns([0.64, 0.36], gap="medium")
    with left:
        _draw_parties(visit, card)
        _draw_days(card)
        _draw_said(card)
        _draw_finding(card)
    with right:
        draw_step_form(card)
        _draw_history(card)


def _draw_parties(visit: Visit, card: ComplaintCard) -> None:
    row = card.row
    agency = formats.plain(row.agency)
    if visit.may(Permission.see_agencies):
        agency = f"[{agency}](/agencies?uscc={row.agency_uscc})"
    facts = [Fact(_("服务机构"), agency, 1.7), Fact(_("投诉人"), _complainant(card), 1.7)]
    if row.agreement:
        number = formats.plain(row.agreement)
        link = f"[{number}](/agreements?agreement={row.agreement})"
        facts.append(Fact(_("涉及的协议"), link))
    draw_facts(facts)


def _complainant(card: ComplaintCard) -> str:
    said = formats.plain(complainant(card.row))
    if card.is_protected or card.row.source is None:
        return said
    source = formats.label(card.row.source)
    return said if said == source else f"{said} {formats.small_grey(source)}"


def _draw_days(card: ComplaintCard) -> None:
    row = card.row
    left = formats.small_grey(time_left(row.days_left)) if row.days_left is not None else ""
    facts = [
        Fact(_("投诉类别"), formats.label(row.kind)),
        Fact(_("提出日期"), formats.day(row.filed_on), 0.7),
        Fact(_("受理日期"), formats.day(card.accepted_on), 0.7),
        Fact(_("机构答复"), _answered(card)),
    ]
    if row.due_on is not None:
        due = f"{formats.day(row.due_on)}  \n{left}"
        facts.append(Fact(words(_DUE[row.state]), due))
    elif card.appeal_until is not None:
        facts.append(Fact(_("可申请复核至"), formats.day(card.appeal_until)))
    draw_facts(facts)


def _answered(card: ComplaintCard) -> str:
    """The day of the answer, and whether it was in time."""
    due = card.answer_due_on
    if card.answered_on is not None:
        is_late = due is not None and card.answered_on > due
        late = badge("orange", f":material/warning: {_('逾期')}") if is_late else ""
        return f"{formats.day(card.answered_on)} {late}"
    return formats.NOTHING


# fmt: off
_DUE: Mapping[ComplaintState, Wording] = {
    ComplaintState.filed:    say("受理期限"),
    ComplaintState.accepted: say("答复期限"),
    ComplaintState.answered: say("认定期限"),
    ComplaintState.reopened: say("认定期限"),
}
# fmt: on


def _draw_said(card: ComplaintCard) -> None:
    st.subheader(_("事实和请求"), anchor=False)
    st.markdown(formats.plain(card.said))
    _draw_papers(card.events[0])
    answer = _last(card, ComplaintAction.answer_complaint)
    if answer is not None:
        st.subheader(_("机构答复"), anchor=False)
        st.markdown(formats.plain(answer.note))
        _draw_papers(answer)


def _draw_finding(card: ComplaintCard) -> None:
    """What was decided last, where a decision stands."""
    row = card.row
    settling = {
        ComplaintState.upheld: ComplaintAction.uphold_complaint,
        ComplaintState.not_upheld: ComplaintAction.dismiss_complaint,
        ComplaintState.not_accepted: ComplaintAction.turn_away_complaint,
    }
    if row.state not in settling:
        return
    decision = _last(card, settling[row.state])
    assert decision is not None
    st.subheader(formats.label(row.state), anchor=False)
    if row.found_kind is not None:
        said = _("认定类别：{kind}；计入该机构的考评。").format(kind=formats.label(row.found_kind))
        st.markdown(said)
    st.markdown(formats.plain(decision.note))


def _last(card: ComplaintCard, action: ComplaintAction) -> ComplaintEventLine | None:
    return next((event for event in reversed(card.events) if event.action is action), None)


def _draw_papers(event: ComplaintEventLine) -> None:
    for paper in event.papers:
        st.markdown(paper_line(paper, "complaints"))


def _draw_history(card: ComplaintCard) -> None:
    st.subheader(_("办理经过"), anchor=False)
    with st.container(key="complaint_history"):
        for event in reversed(card.events):
            st.markdown("  \n".join(_event_lines(event)))


def _event_lines(event: ComplaintEventLine) -> list[str]:
    """The step, who took it, and the words that stand nowhere else on the card."""
    name = formats.plain(words(COMPLAINT_STEP_OF[event.action].name))
    who = event.by or words(SIDES[event.side])
    if event.is_on_behalf:
        who = _("{who}（代投诉人）").format(who=who)
    at = formats.plain(f"{who} {formats.instant(event.at_utc)}")
    lines = [f"**{name}** {formats.small_grey(at)}"]
    shown_above = (ComplaintAction.file_complaint, ComplaintAction.answer_complaint)
    if event.note and event.action not in shown_above:
        lines.append(formats.plain(event.note))
    return lines
