"""Below the form: the papers with their preview, the whole history, similar claims."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import streamlit as st

from components import formats
from components.claim_facts import event_words
from components.claim_notes import paper_words, reason_words
from components.language import _
from components.objection_panel import draw_objections, is_in_public, objection_history
from components.plain_table import plain_table
from components.preview import preview_dialog
from components.shell import Visit
from models.queries.claim_card import ClaimCard, EventLine
from models.queries.notices import PublicStanding
from models.rules.findings import VERDICT_NAMES, Verdict
from models.rules.roles import Office
from models.tables.claims import Evidence
from models.tables.reference import ReasonCode


def draw_tabs(
    card: ClaimCard, reasons: Mapping[str, ReasonCode], standing: PublicStanding, visit: Visit
) -> None:
    """Papers, history, similar claims, and once it is in public notice objections, each with its
    count."""
    needed = card.facts.result.papers_needed
    there = sum(code in card.facts.papers for code, _name in needed)
    told = objection_history(standing.objections)
    names = [
        f"{_('材料')} {there} / {len(needed)}",
        f"{_('全部记录')} {len(card.events) + len(told)}",
        f"{_('同类申请')} {len(card.similar)}",
    ]
    if is_in_public(standing):
        names.append(f"{_('公示异议')} {len(standing.objections)}")
    papers, history, similar, *objections = st.tabs(names)
    with papers, st.container(gap="xxsmall", key="papers"):
        _draw_papers(card)
    with history:
        _draw_history(card, reasons, told)
    with similar:
        _draw_similar(card)
    for tab in objections:
        with tab:
            draw_objections(standing, visit, card.claim.number)


def _draw_papers(card: ClaimCard) -> None:
    names = dict(card.facts.result.papers_needed)
    changed = {(paper.kind_code, paper.file_name) for paper in card.changed_papers}
    for paper in card.papers:
        is_changed = (paper.kind_code, paper.file_name) in changed
        _draw_paper(paper, paper_words(card, paper.kind_code), is_changed=is_changed)
    for code, name in card.facts.result.papers_needed:
        if code not in card.facts.papers:
            with st.container(
                horizontal=True, horizontal_alignment="distribute", vertical_alignment="center"
            ):
                st.markdown(f":gray[:material/visibility_off:] {_(name)}", width="content")
                st.markdown(f":red[{_('未上传')}]", width="content")
    if not card.papers and not names:
        st.markdown(formats.small_grey(_("这类成果不要求材料。")))


def _draw_paper(paper: Evidence, kind: str, *, is_changed: bool) -> None:
    at = formats.instant(paper.uploaded_at_utc)[5:]
    said = f":orange-badge[{_('有变')} {at}]" if is_changed else f":small[:gray[{at}]]"
    with st.container(
        horizontal=True, horizontal_alignment="distribute", vertical_alignment="center", gap="small"
    ):
        if st.button(
            f"{kind} · {formats.plain(paper.file_name)}",
            key=f"paper_{paper.id}",
            type="tertiary",
            icon=":material/visibility:",
            help=_("点击预览"),
        ):
            preview_dialog(paper.id, paper.file_name)
        st.markdown(
            f"{said} :small[:gray[{formats.size(paper.size_bytes)}]"
            f" [{_('下载')}](/files/{paper.id})]",
            width="content",
        )


def _draw_history(
    card: ClaimCard, reasons: Mapping[str, ReasonCode], objections: Sequence[tuple[str, str, str]]
) -> None:
    """Steps and objections in one row, the newest first."""
    before: EventLine | None = None
    lines = []
    for event in card.events:
        lines.append((formats.instant(event.at_utc), _history_line(event, before, reasons)))
        before = event
    lines += [(at, f"**{formats.plain(by)}** {said}") for at, by, said in objections]
    lines.sort(key=lambda line: line[0])
    plain_table(
        {
            _("时间"): [f":gray[{at}]" for at, _said in reversed(lines)],
            _("办理"): [said for _at, said in reversed(lines)],
        },
    )


def _history_line(
    event: EventLine, before: EventLine | None, reasons: Mapping[str, ReasonCode]
) -> str:
    parts = [f"**{formats.plain(event_words(event))}**"]
    if event.is_cover:
        parts.append(f":gray-badge[{_('代理')}]")
    if event.subsidy_fen is not None:
        parts.append(f":gray[{formats.yuan(event.subsidy_fen)}]")
    said = [" ".join(parts)]
    if event.reasons:
        listed = [reason_words(reasons[code]) for code in event.reasons if code in reasons]
        said.append(formats.plain(_("；").join(listed)))
    if event.note:
        said.append(formats.plain(event.note))
    if before is not None and (changed := _changed(before, event)):
        said.append(f":blue[{changed}]")
    return "  \n".join(said)


def _changed(before: EventLine, event: EventLine) -> str:
    """The verdicts that differ from the stored ones of the event before."""
    flips = [
        f"{code} {_verdict(before.verdicts[code])} → {_verdict(verdict)}"
        for code, verdict in event.verdicts.items()
        if code in before.verdicts and before.verdicts[code] != verdict
    ]
    return f"{_('判定变化')}{_('：')}{_('；').join(flips)}" if flips else ""


def _verdict(value: str) -> str:
    return formats.plain(_(VERDICT_NAMES[Verdict(value)].template))


def _draw_similar(card: ClaimCard) -> None:
    if not card.similar:
        st.markdown(formats.small_grey(_("该机构没有其他同类申请。")))
        return
    plain_table(
        {
            _("申请号"): [f"[{row.number}](/claim?no={row.number})" for row in card.similar],
            _("企业"): [formats.plain(row.enterprise) for row in card.similar],
            _("状态"): [formats.label(row.state) for row in card.similar],
            _("申请（元）"): [formats.yuan_in_list(row.asked_fen) for row in card.similar],
        },
    )


def changed_since_last_office(card: ClaimCard) -> set[str]:
    """Codes whose verdict differs from what the last office stored with its decision."""
    decided = [event for event in card.events if event.office is not Office.filing]
    if not decided:
        return set()
    before = decided[-1].verdicts
    return {
        finding.code
        for finding in card.findings
        if before.get(finding.code, finding.verdict.value) != finding.verdict.value
    }
