"""The month's list: one page of its rows with findings in short, and the checks above it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import streamlit as st

from components import formats
from components.language import _, words
from components.tables import Colour, Column, chips, day, draw_list, money, text
from models.queries.month import SentMonth
from models.queries.month_sending import MonthChecks, SheetRow
from models.queries.paging import Page
from models.rules.claim_workflow import State
from models.rules.money import capitals
from models.rules.wording import say

# fmt: off
_VERDICTS: tuple[tuple[str, Any, Colour], ...] = (
    ("not_met", say("不符合"), "red"),
    ("unknown", say("待查证"), "gray"),
    ("warning", say("请注意"), "orange"),
)
# fmt: on
_MOST = 15


@dataclass(frozen=True, slots=True)
class SheetLine:
    """A row of the month's list as it is drawn: what the line says, and how its claim stands."""

    row: SheetRow

    def __getattr__(self, name: str) -> Any:
        return getattr(self.row.line, name)

    @property
    def findings(self) -> tuple[str, ...]:
        """The findings in short, exceptions first, in words."""
        counted = [(words(word), getattr(self.row, name)) for name, word, _colour in _VERDICTS]
        exceptions = tuple(f"{word} {count}" for word, count in counted if count)
        return exceptions or (_("全部符合"),)

    @property
    def service_name(self) -> str:
        """The service in the visitor's language."""
        return _(self.row.line.service)

    @property
    def passed(self) -> str:
        """Who passed it at the pre-review, and when."""
        return f"{self.row.line.pre_reviewed_by} {self.row.line.pre_reviewed_on[5:]}"

    @property
    def standing(self) -> str:
        """What sets it apart: the sender may not send it, a colleague has taken it, it is older."""
        if self.row.is_barred:
            return _("您不能发送")
        if self.row.taken_by:
            return _("{name} 已接手").format(name=self.row.taken_by)
        is_waiting = self.row.state is State.pre_reviewed
        return _("待发送") if is_waiting else formats.label(self.row.state)


def draw_sheet(page: Page[SheetRow], sent: SentMonth | None) -> None:
    """One page of the official table's lines; a click on the number opens the claim."""
    lines = Page(
        tuple(SheetLine(row) for row in page.rows), page.number, page.pages, page.count, page.order
    )
    draw_list(
        "month",
        sheet_columns(),
        lines,
        title=_("汇总表"),
        empty=_("没有初审通过、等待统一申请的申请。初审通过后出现在这里。"),
        footer=_("按申请号排列。点申请号打开。判定为最近一次计算的结果。"),
        row_id="number",
        opens=("/claim", "no"),
    )
    if sent is not None:
        st.markdown(f"**{_total(sent.rows, sent.total_fen)}**  \n{_frozen(sent)}")


def sheet_columns() -> list[Column]:
    """What the list shows."""
    return [
        text("number", _("申请号"), 104),
        text("service_name", _("服务"), 120),
        text("enterprise", _("企业"), 168),
        text("agency", _("服务机构"), 172),
        text("result", _("成果编号"), 130),
        day("obtained_on", _("成果日期"), 88),
        money("asked_fen", _("申请（元）"), 80),
        money("subsidy_fen", _("核定（元）"), 80),
        chips("findings", _("初审条件"), 140, _colours()),
        text("passed", _("初审"), 124),
        text("standing", _("现状"), 112),
    ]


def draw_checks(checks: MonthChecks, *, is_over: bool, is_sender: bool) -> None:
    """What to look at before sending, in a line; above it that the month is not over."""
    if not checks.rows and not checks.barred:
        return
    if not is_over:
        said = _("本月还没有结束：现在发送后，本月再通过的申请并入下月，本月不能再次发送。")
        st.markdown(f":orange-badge[:material/warning: {_('请注意')}] {said}")
    parts = [f"**{_total(checks.rows, checks.total_fen)}**", *_counts(checks, is_sender=is_sender)]
    st.markdown(" · ".join(parts))


def _total(rows: int, total_fen: int) -> str:
    return _("合计 {rows} 件，{amount} 元，大写 {capitals}").format(
        rows=formats.count(rows), amount=formats.yuan(total_fen), capitals=capitals(total_fen)
    )


def _counts(checks: MonthChecks, *, is_sender: bool) -> list[str]:
    said = [
        (checks.exceptions, _("{n} 件有不符合、待查证或请注意的条件")),
        (checks.earlier, _("{n} 件由以前月份结转")),
        (checks.taken, _("{n} 件被同事接手，发送时将跳过")),
        (checks.barred if is_sender else 0, _("{n} 件您本人办理过或须回避，不能由您发送")),
    ]
    counts = [words_.format(n=formats.count(number)) for number, words_ in said if number]
    rewards = _("另触发奖励 {amount} 元").format(amount=formats.yuan(checks.reward_fen))
    return [rewards, *counts, *(_room(room) for room in checks.rooms)]


def _room(room: Any) -> str:
    facts: Mapping[str, str] = {
        "code": formats.plain(room.code),
        "room": formats.yuan_in_list(room.room_fen),
        "needed": formats.yuan_in_list(room.needed_fen),
    }
    if room.is_enough:
        return _("{code} 余额 {room} 元，含奖励需 {needed} 元").format_map(facts)
    said = _("{code} 余额 {room} 元，不足含奖励所需 {needed} 元").format_map(facts)
    return f":orange-badge[:material/warning: {said}]"


def _frozen(sent: SentMonth) -> str:
    return formats.small_grey(
        _("{by} 于 {at} 发送 · 摘要 {digest} · 链头 {head}").format(
            by=formats.plain(sent.sent_by),
            at=formats.instant(sent.sent_at_utc),
            digest=sent.digest[:12],
            head=sent.chain_head[:12],
        )
    )


def _colours() -> dict[str, Colour]:
    """Every chip that can appear with its colour."""
    colours: dict[str, Colour] = {_("全部符合"): "green"}
    for _name, word, colour in _VERDICTS:
        colours |= {f"{words(word)} {count}": colour for count in range(1, _MOST + 1)}
    return colours
