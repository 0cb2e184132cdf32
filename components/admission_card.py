"""One application for admission: who applies for what, every criterion with its papers and verdict,
every step; beside them what this person may do now."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import streamlit as st

from components import formats
from components.admission_form import answer_dialog, edit_dialog
from components.admission_step import Verdicts, draw_step_form
from components.admission_words import in_language, state_badge, verdict_badge
from components.agreement_form import draw_faults
from components.facts import Fact, draw_facts
from components.language import _, words
from components.look import title_row
from components.member_card import back_button, record_link
from components.preview import preview_dialog
from components.shell import Visit
from models.queries.admission_card import (
    AdmissionCard,
    AdmissionEventLine,
    CriterionLine,
    viewable_admission_paper,
)
from models.queries.life_lines import PaperLine
from models.rules.admission import STEP_OF, AdmissionAction, AdmissionState
from models.rules.admission_terms import (
    LONGEST_NOTE,
    REASONS,
    AdmissionReason,
    CriterionVerdict,
    Ground,
)

PARAMETER = "application"


def draw_application(visit: Visit, card: AdmissionCard | None, services: Mapping[str, Any]) -> None:
    """The card, or that there is no such application.

    Args:
        visit: who looks.
        card: what may be seen; `None` for an address that names nothing.
        services: the service list by code.
    """
    if card is None:
        title_row(_("入会审查"))
        back_button(PARAMETER)
        st.markdown(_("没有这个编号的入会申请。请从列表中打开，或核对地址。"))
        return
    row = card.row
    title_row(row.number, row.name, state_badge(row.state))
    with st.container(horizontal=True, vertical_alignment="center"):
        back_button(PARAMETER)
        st.space("stretch")
        if card.may(AdmissionAction.edit_application) and st.button(
            _("修改申请内容"), key="edit_application", icon=":material/edit:"
        ):
            edit_dialog(visit, card, services)
        record_link(visit, f"admission:{row.number}")
    left, right = st.columns([0.64, 0.36], gap="medium")
    with left:
        _draw_facts(card, services)
        draw_faults(card.faults)
        _draw_last_answer(card)
        verdicts = _draw_criteria(card)
    with right:
        draw_step_form(visit, card, services, verdicts)
        draw_admission_history(card.events, _("入会记录"))


# ---------------------------------------------------------------- facts


def _draw_facts(card: AdmissionCard, services: Mapping[str, Any]) -> None:
    row, plain = card.row, formats.plain
    code = plain(row.uscc)
    if card.agency_uscc:
        code = f"[{code}](/agencies?uscc={card.agency_uscc})"
    entered = _("联盟代录：{name}") if row.is_on_behalf else _("机构自填：{name}")
    draw_facts(
        [
            Fact(_("统一社会信用代码"), code, 1.5),
            Fact(_("申请类型"), formats.label(row.kind)),
            Fact(_("注册日期"), formats.day(card.registered_on)),
            Fact(_("录入"), plain(entered.format(name=card.entered_by)), 1.5),
        ]
    )
    payee = (card.payee_name, card.payee_bank, card.payee_account)
    draw_facts(
        [
            Fact(_("从业人数"), formats.count(card.staff_count) if card.staff_count else ""),
            Fact(_("联系人"), plain(f"{card.contact_name} {card.contact_phone}".strip()), 1.5),
            Fact(_("收款账户"), " · ".join(plain(part) for part in payee if part), 2.5),
        ]
    )
    draw_facts(
        [
            Fact(_("申请的服务"), plain(formats.listed(services, row.services)), 2.9),
            Fact(_("提交日期"), formats.day(row.applied_on)),
            Fact(_("决定日期"), formats.day(row.decided_on)),
        ]
    )
    if row.admitted_services:
        admitted = formats.listed(services, row.admitted_services)
        draw_facts([Fact(_("准入的服务"), plain(admitted))])


_TOLD = {
    AdmissionState.returned: AdmissionAction.return_application,
    AdmissionState.refused: AdmissionAction.refuse_admission,
}


def _draw_last_answer(card: AdmissionCard) -> None:
    """Why it came back or was refused, and what to do about each reason."""
    action = _TOLD.get(card.row.state)
    back = next((one for one in card.events if one.action is action), None)
    if back is None:
        return
    lines = [f"**{words(STEP_OF[back.action].name)}** {formats.small_grey(_who(back))}"]
    for code in back.reasons:
        reason, remedy = REASONS[AdmissionReason(code)]
        lines.append(formats.plain(words(reason)))
        lines.append(formats.small_grey(formats.plain(words(remedy))))
    if codes := back.detail.get("faults"):
        said = _("不符合或待查证的条件：{codes}").format(codes=_("、").join(codes))
        lines.append(formats.plain(said))
    if back.note:
        lines.append(formats.plain(back.note))
    with st.container(key="admission_answer"):
        st.markdown("  \n".join(lines))


# ---------------------------------------------------------------- criteria


def _draw_criteria(card: AdmissionCard) -> Verdicts:
    """Every criterion; what a reviewer chose beside them and has not saved yet."""
    met = sum(one.verdict is CriterionVerdict.met for one in card.criteria)
    st.subheader(
        _("入会条件 {met} / {count} 符合").format(met=met, count=len(card.criteria)), anchor=False
    )
    if not card.criteria:
        st.markdown(formats.small_grey(_("没有施行中的入会条件；条件在“补贴标准”页面起草。")))
    is_examined = card.may(AdmissionAction.examine_criteria)
    chosen: dict[str, tuple[CriterionVerdict, str]] = {}
    for line in card.criteria:
        with st.container(key=f"criterion_{line.code}", gap="xsmall"):
            left, right = st.columns([0.6, 0.4], gap="small")
            with left, st.container(gap="xxsmall"):
                _draw_criterion(line)
            with right:
                found = _ask_verdict(card, line) if is_examined else None
                if not is_examined:
                    _tell_verdict(card, line)
        if found is not None and found != (line.verdict, line.note):
            chosen[line.code] = found
    return chosen


def _draw_criterion(line: CriterionLine) -> None:
    kind = _("必备") if line.is_required else _("非必备")
    name = formats.plain(f"{line.code} {formats.named(line.text)}")
    lines = [
        f"**{name}** {formats.small_grey(kind)}",
        formats.small_grey(formats.plain(in_language(line.text, "shows"))),
    ]
    if line.answer:
        lines.append(formats.plain(line.answer))
    elif not line.papers:
        needed = _("未填报；须附：{papers}").format(papers=in_language(line.text, "evidence"))
        lines.append(formats.small_grey(formats.plain(needed)))
    st.markdown("  \n".join(lines))
    for paper in line.papers:
        _draw_paper(paper)


def _draw_paper(paper: PaperLine) -> None:
    with st.container(horizontal=True, vertical_alignment="center", gap="small"):
        if st.button(
            formats.plain(paper.file_name), key=f"admission_paper_{paper.id}", type="tertiary",
            icon=":material/visibility:", help=_("点击预览"),
        ):  # fmt: skip
            preview_dialog(paper.id, paper.file_name, viewable_admission_paper)
        address = f"/files/admissions/{paper.id}"
        st.markdown(
            f":small[:gray[{formats.size(paper.size_bytes)}] [{_('下载')}]({address})]",
            width="content",
        )


def _tell_verdict(card: AdmissionCard, line: CriterionLine) -> None:
    """The verdict, or the applicant's way to fill the criterion in."""
    if card.may(AdmissionAction.answer_criterion):
        said = _("修改") if line.answer or line.papers else _("填报")
        if st.button(said, key=f"answer_{line.code}_open", icon=":material/edit_note:"):
            answer_dialog(card, line)
    if line.verdict is not None or card.row.state not in (
        AdmissionState.draft, AdmissionState.withdrawn,
    ):  # fmt: skip
        lines = [verdict_badge(line.verdict)]
        if line.note:
            lines.append(formats.plain(line.note))
        if line.examined_by:
            lines.append(formats.small_grey(formats.plain(line.examined_by)))
        st.markdown("  \n".join(lines))


def _ask_verdict(card: AdmissionCard, line: CriterionLine) -> tuple[CriterionVerdict, str] | None:
    key = f"verdict_{card.row.number}_{card.version}_{line.code}"
    verdict = st.segmented_control(
        _("{code} 的审查意见").format(code=line.code), list(CriterionVerdict),
        default=line.verdict, key=key, format_func=formats.label, label_visibility="collapsed",
        width="stretch",
    )  # fmt: skip
    if verdict is None:
        return None
    note = line.note if verdict is line.verdict else ""
    if verdict is not CriterionVerdict.met:
        note = (
            st.text_input(
                _("{code} 的原因").format(code=line.code), note, key=f"{key}_note",
                max_chars=LONGEST_NOTE, placeholder=_("写明原因，申请方可见"),
                label_visibility="collapsed",
            )
            or ""
        )  # fmt: skip
    return verdict, note


# ---------------------------------------------------------------- history


def draw_admission_history(events: tuple[AdmissionEventLine, ...], title: str) -> None:
    """Every step, the newest first; nothing where there is none.

    Args:
        events: of an application, or of an agency's qualification.
        title: what they are called.
    """
    if not events:
        return
    st.subheader(title, anchor=False)
    with st.container(key="admission_history"):
        for event in events:
            st.markdown("  \n".join(_event_lines(event)))


def _event_lines(event: AdmissionEventLine) -> list[str]:
    name = words(STEP_OF[event.action].name)
    lines = [f"**{formats.plain(name)}** {formats.small_grey(_who(event))}"]
    if what := _what(event.detail):
        lines.append(formats.plain(what))
    if event.reasons:
        told = _("；").join(formats.label(AdmissionReason(code)) for code in event.reasons)
        lines.append(formats.plain(told))
    if event.note:
        lines.append(formats.plain(event.note))
    lines += [formats.plain(paper.file_name) for paper in event.papers]
    return lines


def _what(detail: Mapping[str, Any]) -> str:
    """Of which criterion, ground and days a step speaks; empty where of none."""
    said = []
    if "criterion" in detail:
        said.append(_("条件 {code}").format(code=detail["criterion"]))
    if "verdicts" in detail:
        said.append(
            _("、").join(
                f"{code} {formats.label(CriterionVerdict(verdict))}"
                for code, (verdict, _note) in detail["verdicts"].items()
            )
        )
    if "ground" in detail:
        ground = formats.label(Ground(detail["ground"]))
        said.append(f"{ground} {detail['reference']}".strip())
    if "from" in detail:
        until = detail["to"] or _("另行通知")
        said.append(_("{from_on} 至 {to_on}").format(from_on=detail["from"], to_on=until))
    if detail.get("faults"):
        codes = _("、").join(detail["faults"])
        said.append(_("不符合或待查证的条件：{codes}").format(codes=codes))
    return _("；").join(said)


def _who(event: AdmissionEventLine) -> str:
    return formats.plain(f"{event.by} {formats.instant(event.at_utc)}")
