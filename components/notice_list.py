"""A month's public notice on `/month`: its lines, its documents, the objections to them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from typing import Any

import streamlit as st

from components import formats
from components.downloads import XLSX, offer_file
from components.language import _, words
from components.notice_document import notice_docx, notice_xlsx
from components.objection_panel import objector_words
from components.plain_table import plain_table
from components.tables import Colour, Column, chips, draw_list, money, text
from models.queries.notices import NoticeRow, NoticeStanding, NoticeSummary
from models.queries.objections import ObjectionLine
from models.queries.paging import Page
from models.rules.roles import Actor
from models.rules.wording import say

DOCX = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"

# fmt: off
_STANDINGS: Mapping[NoticeStanding, tuple[Any, Colour]] = {
    NoticeStanding.objected: (say("有异议，不支付"), "orange"),
    NoticeStanding.held:     (say("暂缓"),           "orange"),
    NoticeStanding.running:  (say("公示中"),         "blue"),
    NoticeStanding.over:     (say("公示期满"),       "gray"),
}
# fmt: on


@dataclass(frozen=True, slots=True)
class _NoticeLine:
    """A line of the notice as it is drawn."""

    row: NoticeRow

    def __getattr__(self, name: str) -> Any:
        return getattr(self.row, name)

    @property
    def service_name(self) -> str:
        """The service in the visitor's language."""
        return _(self.row.service)

    @property
    def period(self) -> str:
        """`11-20 – 11-27`."""
        notice = self.row.notice
        if notice is None:
            return formats.NOTHING
        return f"{notice.from_on:%m-%d} – {notice.until_on:%m-%d}"

    @property
    def chips(self) -> tuple[str, ...]:
        """How it stands, in a word."""
        return (words(_STANDINGS[self.row.standing][0]),)


def draw_downloads(month: str) -> None:
    """The notice as a workbook and as a document, made when clicked."""
    for name, suffix, mime, made in (
        (_("公示 Excel"), "xlsx", XLSX, notice_xlsx),
        (_("公示 Word"), "docx", DOCX, notice_docx),
    ):
        offer_file(
            name, f"{_('拟支付项目公示')}-{month}.{suffix}", partial(_made, made, month),
            kind=mime, key=f"notice_{suffix}",
        )  # fmt: skip


def draw_notice(page: Page[NoticeRow], summary: NoticeSummary, address: str) -> None:
    """The month's lines in public notice; a click on the number opens the claim.

    Args:
        page: one page of them.
        summary: the whole month in figures.
        address: where an objection is handed in.
    """
    if summary.rows:
        st.markdown(_summed(summary))
        said = _(
            "异议以书面形式向{address}提出，须署名或盖章并附证据；打开申请，在“公示异议”中记录。"
        )
        st.markdown(formats.small_grey(said.format(address=formats.plain(address))))
    lines = Page(
        tuple(_NoticeLine(row) for row in page.rows), page.number, page.pages, page.count,
        page.order,
    )  # fmt: skip
    draw_list(
        "notice",
        notice_columns(),
        lines,
        title=_("拟支付项目公示"),
        empty=_("本月统一申请中还没有审批通过的申请。管委会审批通过后出现在这里。"),
        footer=_("按汇总表的顺序。公示文件不含账号和电话。"),
        row_id="number",
        opens=("/claim", "no"),
    )


def notice_columns() -> list[Column]:
    """What the list shows."""
    return [
        text("number", _("申请号"), 104),
        text("service_name", _("服务"), 130),
        text("enterprise", _("企业"), 210),
        text("agency", _("服务机构"), 210),
        text("result", _("成果编号"), 160),
        money("subsidy_fen", _("补贴（元）"), 96),
        money("reward_fen", _("奖励（元）"), 96),
        text("period", _("公示期"), 130),
        chips("chips", _("公示"), 130, _colours()),
    ]


def draw_objections_of_month(lines: Sequence[ObjectionLine]) -> None:
    """Every objection to claims of the month, the newest first."""
    st.subheader(_("公示异议 {count}").format(count=len(lines)), anchor=False)
    if not lines:
        st.markdown(formats.small_grey(_("本月的公示没有异议。")))
        return
    plain_table(
        {
            _("申请号"): [_link(line.number) for line in lines],
            _("状态"): [formats.label(line.state) for line in lines],
            _("异议人"): [objector_words(line) for line in lines],
            _("异议内容"): [formats.plain(line.said) for line in lines],
            _("收到"): [formats.day(line.received_on) for line in lines],
            _("答复"): [formats.plain(line.answer) for line in lines],
        },
        alt=_("公示异议"),
    )


def _summed(summary: NoticeSummary) -> str:
    said = _(
        "**{rows} 件，补贴 {subsidy} 元，企业奖励 {reward} 元** · 公示期 {days} · 公示中 {running} 件"
    )
    line = said.format(
        rows=formats.count(summary.rows),
        subsidy=formats.yuan(summary.subsidy_fen),
        reward=formats.yuan(summary.reward_fen),
        days=formats.days(summary.from_on, summary.until_on),
        running=formats.count(summary.running),
    )
    if not summary.objected:
        return line
    waiting = _("{n} 件有异议，不支付").format(n=formats.count(summary.objected))
    return f"{line} · :orange-badge[:material/block: {waiting}]"


def _made(made: Any, month: str, session: Any, actor: Actor) -> bytes:
    content: bytes = made(session, actor, month)
    return content


def _link(number: str) -> str:
    return f"[{formats.plain(number)}](/claim?no={number})"


def _colours() -> dict[str, Colour]:
    return {words(name): colour for name, colour in _STANDINGS.values()}
