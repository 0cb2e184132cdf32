"""What whoever must act on a claim should know first: why it came back, which papers are new, with
which month it goes."""

from __future__ import annotations

from collections.abc import Mapping

import streamlit as st

from components import formats
from components.claim_facts import event_words
from components.language import CHINESE, _, language, words
from models.queries.claim_card import ChangedPaper, ClaimCard, EventLine
from models.rules.roles import OFFICE_NAMES
from models.tables.reference import ReasonCode


def draw_notes(card: ClaimCard, reasons: Mapping[str, ReasonCode]) -> None:
    """The notes above the decision form; nothing for a claim that came straight onwards."""
    if card.sent_back is not None:
        _draw_sent_back(card.sent_back, reasons)
    if card.changed_papers:
        _draw_changed_papers(card)
    if card.joins_month is not None:
        joins = _("本件并入 {month} 统一申请，由联盟负责人在“月度统一申请”中一并发送。")
        st.markdown(formats.small_grey(joins.format(month=formats.month(card.joins_month))))


def reason_words(reason: ReasonCode) -> str:
    """`R03 材料不齐` in the visitor's language."""
    return f"{reason.code} {reason.name_zh if language() == CHINESE else reason.name_en}"


def remedy_words(reason: ReasonCode) -> str:
    """What the agency must do about it."""
    return reason.remedy_zh if language() == CHINESE else reason.remedy_en


def paper_words(card: ClaimCard, kind_code: str) -> str:
    """A kind of paper by its name; its code where this result does not need it."""
    return _(dict(card.facts.result.papers_needed).get(kind_code, kind_code))


def _draw_sent_back(event: EventLine, reasons: Mapping[str, ReasonCode]) -> None:
    who = f"{words(OFFICE_NAMES[event.office])} · {event_words(event)}"
    said = [
        f"**{formats.plain(who)}** {formats.small_grey(formats.instant(event.at_utc))}",
        *(formats.plain(reason_words(reasons[c])) for c in event.reasons if c in reasons),
    ]
    if event.note:
        said.append(formats.plain(event.note))
    with st.container(key="sent_back"):
        st.markdown("  \n".join(said))


def _draw_changed_papers(card: ClaimCard) -> None:
    listed = _("；").join(_changed(card, paper) for paper in card.changed_papers)
    with st.container(key="changed_papers"):
        st.markdown(
            f":orange-badge[:material/warning: {_('材料有变')}] "
            + formats.plain(_("上次办理之后：{papers}").format(papers=listed))
        )


def _changed(card: ClaimCard, paper: ChangedPaper) -> str:
    return _("{kind}（{how}，{at}）").format(
        kind=paper_words(card, paper.kind_code),
        how=_("更换") if paper.is_replacement else _("新交"),
        at=formats.instant(paper.uploaded_at_utc, beside=card.facts.today),
    )
