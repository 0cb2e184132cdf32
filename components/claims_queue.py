"""The queue of claims: its piles, its toolbar, its columns, and what its buttons do."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from typing import Any

import streamlit as st

from components import formats
from components.filters import asked, choice, search_box, segments, toolbar
from components.kept_list import this_month
from components.language import CHINESE, _, language, words
from components.site import page_at
from components.tables import Column, chips, chosen, download, draw_list, label, meter, money, text
from models.database import session
from models.queries.claims import (
    Hindrance,
    Pile,
    QueueCounts,
    QueueQuestion,
    QueueRow,
    Verdicts,
    offices_of,
    queue_numbers,
    queue_page,
)
from models.queries.paging import Page, everything
from models.rules.claim_workflow import State
from models.rules.months import YearMonth
from models.rules.roles import Actor, Office
from models.rules.wording import say

# fmt: off
PILES = {
    Pile.mine:  say("我办理的"),
    Pile.turn:  say("轮到我"),
    Pile.hold:  say("暂缓"),
    Pile.month: say("本月全部"),
    Pile.all:   say("全部"),
}
VERDICTS = {
    Verdicts.all_met: say("全部符合"),
    Verdicts.not_met: say("有不符合"),
    Verdicts.unknown: say("有待查证"),
    Verdicts.warning: say("有请注意"),
}
TITLES = {
    Office.filing:      say("我的申请"),
    Office.pre_review:  say("待初审申请"),
    Office.application: say("待统一申请"),
    Office.re_review:   say("待复核申请"),
    Office.approval:    say("待审批申请"),
    Office.payment:     say("待支付申请"),
}
NOT_MINE = {
    Hindrance.own_side: say("须他人办理（当事方）"),
    Hindrance.tied:     say("须他人办理（回避）"),
    Hindrance.acted:    say("须他人办理（已经手）"),
}
# fmt: on
LONGEST_WAIT = 15


@dataclass(frozen=True, slots=True)
class QueueLine:
    """A row of the queue as it is drawn."""

    row: QueueRow

    def __getattr__(self, name: str) -> Any:
        return getattr(self.row, name)

    @property
    def findings(self) -> tuple[str, ...]:
        """The findings in short, exceptions first, in words."""
        if self.exceptions[-1] == _("全部符合") or not self.row.met:
            return self.exceptions
        return (*self.exceptions, f"{_('符合')} {self.row.met}")

    @property
    def exceptions(self) -> tuple[str, ...]:
        """What is not simply met, in words; that all is, where nothing is; drawn ones first say
        so."""
        counted = (
            (_("不符合"), self.row.not_met),
            (_("待查证"), self.row.unknown),
            (_("请注意"), self.row.warning),
        )
        said = tuple(f"{word} {count}" for word, count in counted if count) or (_("全部符合"),)
        return (_("抽查"), *said) if self.is_to_open else said

    @property
    def is_to_open(self) -> bool:
        """Whether the draw took it: it must be opened and is not passed in bulk."""
        return self.row.is_drawn and self.row.state is State.submitted

    @property
    def exposure(self) -> int:
        """Exposure in 万元·天, rounded half up: 1e6 fen are 万元."""
        return (self.row.exposure_fen_days + 500_000) // 1_000_000

    @property
    def holder(self) -> str:
        """Who has taken it: me, or a colleague since when; else why it is not mine to decide."""
        if self.row.held_by_me:
            return _("我")
        if not self.row.held_by:
            return words(NOT_MINE[self.row.hindrance]) if self.row.hindrance else ""
        return f"{self.row.held_by} {formats.instant(self.row.held_since_utc, beside=None)[-5:]}"


def asked_question(
    counts: QueueCounts,
    month: str,
    services: Mapping[str, Any],
    months: Sequence[str],
    actor: Actor,
) -> QueueQuestion:
    """Draw the left of the toolbar and read what the address asks for."""
    pile = segments(
        "pile",
        _piles(actor),
        _("申请的范围"),
        called=lambda pile: f"{_segment(pile, month)} {formats.count(_size(counts, pile))}",
        default=_first_pile(actor, counts),
    )
    if pile is Pile.month:
        _choose_month(months, month)
    service = choice(
        "service",
        services,
        _("全部服务"),
        called=lambda code: formats.named(services[code]),
        width=130,
    )
    if pile in (Pile.month, Pile.all):
        state = choice(
            "state", [s for s in State if s is not State.draft], _("全部状态"), width=130
        )
        verdicts = None
    else:
        state = None
        verdicts = choice(
            "verdicts", Verdicts, _("全部判定"), called=lambda v: words(VERDICTS[v]), width=130
        )
    looked_for = search_box(_("申请号、企业、机构"), width=160 if pile is Pile.month else 200)
    return QueueQuestion(pile, month, service or "", verdicts, state, looked_for)


def pile_asked(actor: Actor, counts: QueueCounts) -> Pile:
    """The pile of the address; without one my turn, or the month where nothing waits for me."""
    named = {pile.value: pile for pile in _piles(actor)}
    return named.get(asked("pile"), _first_pile(actor, counts))


def pile_words(pile: Pile, month: str) -> str:
    """What a pile is called; another month than this by its name."""
    if pile is Pile.month and month != this_month():
        return _("{month} 全部").format(month=formats.month(month))
    return words(PILES[pile])


def month_asked() -> str:
    """The month of the address, this month when it names none or nonsense."""
    try:
        return str(YearMonth.parse(asked("month")))
    except ValueError:
        return this_month()


def title(actor: Actor) -> str:
    """What the queue is to the visitor: their office's; who has none or several reads 补贴申请."""
    offices = offices_of(actor)
    return words(TITLES[offices[0]] if len(offices) == 1 else page_at("/claims").title)


def queue_toolbar() -> Any:
    """The one row above the queue."""
    return toolbar()


def queue_columns(services: Mapping[str, Any], pile: Pile, *, is_own: bool) -> list[Column]:
    """What the queue shows; the month's pile shows the state instead of the waiting.

    Args:
        services: the service list by code, for names.
        pile: which claims are shown.
        is_own: an agency looks at its own: where each stands comes first, its own name is left out.
    """
    names = {code: formats.named(service) for code, service in services.items()}
    extra = 0 if language() == CHINESE else 44  # English names are longer, its heads shorter
    number = text("number", _("申请号"), 102, sorts=True)
    service = chosen("service_code", _("服务"), 112 + extra, names)
    enterprise, agency = text("enterprise", _("企业"), 168), text("agency", _("服务机构"), 172)
    asked = money("asked_fen", _("申请（元）"), 78, sorts=pile is not Pile.all)
    state = label("state", _("状态"), 92)
    waiting = meter("waiting_working_days", _("已等（日）"), 92, LONGEST_WAIT,
                    help=_("轮到当前环节以来的工作日"))  # fmt: skip
    rest = [
        money("entitled_fen", _("上限（元）"), 78, help=_("按现行补贴标准核定的上限")),
        chips("findings", _("初审条件"), 258, _chip_colours(), help=_("最近一次计算的结果；打开时重新计算")),
        state if pile in (Pile.month, Pile.all, Pile.hold) else waiting,
        Column("exposure", _("敞口（万元·天）"), 108 - extra // 2, kind="number",
               help=_("补贴金额 × 取得成果以来的天数")),
        text("holder", _("办理人"), 116 - extra // 2),
    ]  # fmt: skip
    if is_own:
        rest[2] = waiting
        return [number, state, service, enterprise, asked, *rest]
    return [number, service, enterprise, agency, asked, *rest]


def draw_queue(
    page: Page[QueueRow],
    columns: Sequence[Column],
    pile: Pile,
    *,
    has_office: bool,
    is_selectable: bool,
) -> tuple[str, ...]:
    """The queue's page; the numbers ticked.

    Args:
        page: one page of rows.
        columns: from `queue_columns`.
        pile: which claims are shown.
        has_office: whether claims can wait for the visitor.
        is_selectable: whether rows may be ticked.
    """
    lines = Page(
        tuple(QueueLine(row) for row in page.rows), page.number, page.pages, page.count, page.order
    )
    return draw_list(
        "claims",
        columns,
        lines,
        title=_("申请列表"),
        empty=_("没有符合条件的申请。新的申请由机构提交或由联盟导入后出现在这里。"),
        footer=_footer(pile, has_office=has_office, is_selectable=is_selectable),
        row_id="number",
        opens=("/claim", "no"),
        is_selectable=is_selectable,
    )


def queue_download(question: QueueQuestion, columns: Sequence[Column]) -> None:
    """Downloads exactly what the filters show."""
    download(_("申请"), columns, partial(_lines_to_download, question))


def open_claim(number: str) -> None:
    """Go to a claim's screen."""
    st.switch_page(page_at("/claim").script, query_params={"no": number})


def next_button(actor: Actor, number: str | None) -> None:
    """The primary button: the first claim that waits for me."""
    st.button(
        _("办理下一件"),
        key="open_next",
        type="primary",
        shortcut="N",
        disabled=number is None,
        on_click=_open_next,
        args=(actor, number),
    )


def _open_next(actor: Actor, number: str) -> None:
    """The first that waits now: a colleague may have been faster than the list was drawn."""
    turn = QueueQuestion(Pile.turn, is_mine_to_decide=True)
    with session() as current:
        first = queue_numbers(current, actor, turn, at_most=1)
    open_claim(next(iter(first), number))


def _lines_to_download(question: QueueQuestion, session: Any, actor: Actor) -> list[QueueLine]:
    return [QueueLine(row) for row in queue_page(session, actor, question, everything()).rows]


def _piles(actor: Actor) -> list[Pile]:
    """The piles that can hold something for the visitor: an agency takes no claim, and nothing
    waits for who has no office."""
    offices = offices_of(actor)
    nobodys = set() if offices else {Pile.mine, Pile.turn}
    return [
        pile
        for pile in Pile
        if pile not in nobodys and (pile is not Pile.mine or actor.agency_id is None)
    ]


def _segment(pile: Pile, month: str) -> str:
    """A pile in the toolbar, where the month stands beside it."""
    is_other = pile is Pile.month and month != this_month()
    return _("按月") if is_other else words(PILES[pile])


def _size(counts: QueueCounts, pile: Pile) -> int:
    size: int = getattr(counts, pile.value)
    return size


def _first_pile(actor: Actor, counts: QueueCounts) -> Pile:
    return Pile.turn if offices_of(actor) and counts.turn else Pile.month


def _choose_month(months: Sequence[str], month: str) -> None:
    """Draw the choice of a month: this one, those with claims, and the one of the address."""
    this = this_month()
    others = sorted({*months, month} - {this}, reverse=True)
    choice("month", others, this, called=str, width=112)


def _footer(pile: Pile, *, has_office: bool, is_selectable: bool) -> str:
    """The rule of order, what may be ticked, and the keys, in words."""
    said = [_("最新的在前。") if pile is Pile.all else _("最久者在前。")]
    if is_selectable:
        said.append(_("有“不符合”“待查证”“请注意”和抽查的不进入批量。"))
    said.append(_("点申请号打开。"))
    if has_office:
        said.append(_("快捷键 N 办理下一件。"))
    return "".join(said) if language() == CHINESE else " ".join(said)


def _chip_colours() -> dict[str, Any]:
    """Every chip that can appear with its colour: Streamlit wants the options named beforehand."""
    colours: dict[str, Any] = {_("抽查"): "orange", _("全部符合"): "green"}
    for word, colour in (
        (_("不符合"), "red"),
        (_("待查证"), "gray"),
        (_("请注意"), "orange"),
        (_("符合"), "green"),
    ):
        colours |= {f"{word} {count}": colour for count in range(1, 16)}
    return colours


def summary(counts: QueueCounts, pile: Pile, month: str, actor: Actor) -> str:
    """Month, how many wait for me, what they ask for, how long the oldest has waited; for who has
    no office the pile and its size."""
    if not offices_of(actor):
        size = _("{count} 件").format(count=formats.count(_size(counts, pile)))
        return f"{pile_words(pile, month)} {size}"
    parts = [
        formats.month(month),
        _("轮到我 {count} 件").format(count=formats.count(counts.turn)),
        _("合计 {amount} 元").format(amount=formats.yuan(counts.turn_asked_fen)),
    ]
    if counts.oldest_working_days is not None:
        parts.append(_("最久 {days} 个工作日").format(days=counts.oldest_working_days))
    return " · ".join(parts)


def push_right() -> None:
    """Filters left, buttons right."""
    st.space("stretch")


def place_for_bulk(has_bulk: bool) -> Any:
    """The place of the bulk button in the toolbar; filled once the ticked rows are known."""
    return st.container(width="content") if has_bulk else st.empty()
