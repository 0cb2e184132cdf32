"""Payment orders (拨付单): making one, the list of them, one with its rows, paying it as a whole."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial
from typing import Any

import streamlit as st

from components import formats
from components.attempt import attempt, keep
from components.downloads import XLSX, offer_file
from components.facts import Fact, draw_facts
from components.filters import ask
from components.language import _, words
from components.look import title_row
from components.member_card import back_button, few, record_link
from components.order_document import order_docx, order_letter, order_xlsx
from components.payment_card import voucher_fields
from components.payment_list import View
from components.plain_table import plain_table
from components.shell import Visit
from components.tables import Colour, Column, chips, day, draw_list, label, money, number, text
from models.actions.payment_orders import MoneyResult, OrderMade, make_order, pay_order
from models.queries.paging import Page
from models.queries.payment_orders import OrderCard, OrderLine
from models.queries.payments import PileSums
from models.rules.money import capitals
from models.rules.payments import ENTRY_NAMES, EntryKind, Voucher
from models.rules.roles import Actor, Permission
from models.rules.wording import say

DOCX = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
PARAMETER = "slip"
_MADE, _PAID = "payment_orders_made", "payment_order_results"
# fmt: off
_BECAME: dict[EntryKind, Colour] = {
    EntryKind.ordered:  "blue",
    EntryKind.dropped:  "orange",
    EntryKind.paid:     "green",
    EntryKind.failed:   "red",
    EntryKind.returned: "red",
}
# fmt: on


def draw_make_order(visit: Visit, sums: PileSums, view: View) -> None:
    """Finance's primary button beside the list and the orders, with a dialog that says what goes
    into an order."""
    if not visit.may(Permission.pay) or view not in (View.payments, View.orders):
        return
    count = formats.count(max(0, sums.due - sums.ordered))
    label_ = _("生成拨付单（待拨付 {count} 笔）").format(count=count)
    if st.button(label_, key="make_order", type="primary", disabled=sums.due <= sums.ordered):
        st.session_state.pop(_MADE, None)
        _make_dialog(visit)


@st.dialog(" ", width="medium")
def _make_dialog(visit: Visit) -> None:
    st.subheader(_("生成拨付单"), anchor=False)
    st.markdown(_("今天可以拨付的补贴和奖励列入一张拨付单，等待最久的在前。"))
    st.markdown(
        formats.small_grey(
            _("公示未满、暂缓、缺收款账号、已在其他拨付单中的不列入，并逐件说明；生成后即冻结。")
        )
    )
    answer = st.container()
    if st.button(_("生成并冻结拨付单"), key="make_order_now", type="primary"):
        outcome = attempt(
            _make_once,
            st.session_state.setdefault(_MADE, []),
            where=answer,
            done=lambda made: say(
                "拨付单 {number} 已生成：{rows} 笔", number=made.number, rows=made.rows
            ),
        )
        if outcome.is_done:
            keep(outcome)
            ask(PARAMETER, outcome.result.number, view="orders")
            st.rerun()


def _make_once(session: Any, actor: Actor, made: list[OrderMade]) -> OrderMade:
    """Make it; the second click of a double click finds what the first one came to."""
    if not made:
        made.append(make_order(session, actor))
    return made[0]


def draw_orders(page: Page[OrderLine]) -> None:
    """The list of orders; a click on the number opens one."""
    draw_list(
        "orders",
        [
            text("number", _("拨付单"), 150),
            day("made_on", _("制单日期"), 104),
            text("made_by", _("制单"), 120),
            number("rows", _("笔数"), 80),
            money("total_fen", _("合计（元）"), 130),
            number("waiting", _("待支付"), 90),
            Column("digest", _("摘要"), 130, shown=lambda digest: digest[:12], on_phone=False),
        ],
        page,
        title=_("拨付单"),
        empty=_("还没有拨付单。财政局在拨付清单中生成后出现在这里。"),
        footer=_("最近的在前。拨付单生成后不再改动，撤出或失败的行另行说明。"),
        row_id="number",
        opens=(None, PARAMETER),
    )


def draw_order(visit: Visit, card: OrderCard | None) -> None:
    """One order, or that there is none of that number.

    Args:
        visit: who looks.
        card: what may be seen; `None` for an address that names nothing.
    """
    if card is None:
        title_row(_("拨付单"))
        back_button(PARAMETER)
        st.markdown(_("没有这个编号的拨付单。请从列表中打开，或核对地址。"))
        return
    line = card.line
    waits = _("待支付 {count} 笔").format(count=line.waiting)
    badge = f":blue-badge[{waits}]" if line.waiting else f":gray-badge[{_('已办结')}]"
    title_row(line.number, _("拨付单"), badge)
    with st.container(horizontal=True, vertical_alignment="center"):
        back_button(PARAMETER)
        st.space("stretch")
        _draw_files(line.number)
        record_link(visit, f"payment_order:{line.number}")
    left, right = st.columns([0.68, 0.32], gap="medium")
    with left:
        _draw_head(card)
        _draw_rows(card)
    with right:
        _draw_left_out(line.number)
        if line.waiting and visit.may(Permission.pay):
            _draw_pay(visit, card)
        _draw_results(line.number)


def _draw_files(order: str) -> None:
    for name, suffix, kind, made in (
        (_("拨付单 Excel"), "xlsx", XLSX, order_xlsx),
        (_("拨付单 Word"), "docx", DOCX, order_docx),
    ):
        offer_file(
            name, f"{_('拨付单')}-{order}.{suffix}", partial(_made, made, order), kind=kind,
            key=f"download_order_{suffix}",
        )  # fmt: skip
    offer_file(
        _("拨付通知"), f"{_('拨付通知')}-{order}.docx", partial(_made, order_letter, order), kind=DOCX,
        key="download_order_letter",
    )  # fmt: skip


def _made(made: Any, order: str, session: Any, actor: Actor) -> bytes:
    document: bytes = made(session, actor, order)
    return document


def _draw_head(card: OrderCard) -> None:
    line = card.line
    total = formats.yuan(line.total_fen)
    draw_facts(
        [
            Fact(_("合计（元）"), f"**{total}**", 1.0),
            Fact(_("大写"), formats.plain(capitals(line.total_fen)), 1.7),
            Fact(_("制单"), formats.plain(line.made_by), 0.7),
            Fact(_("制单时间"), formats.instant(card.made_at_utc), 1.0),
        ]
    )


def _draw_rows(card: OrderCard) -> None:
    colours: dict[str, Colour] = {_became(kind): colour for kind, colour in _BECAME.items()}
    columns = [
        text("number", _("申请号"), 104),
        label("purpose", _("用途"), 84),
        text("payee_name", _("收款户名"), 190),
        text("payee_account", _("收款账号"), 156, on_phone=False),
        money("amount_fen", _("金额（元）"), 100),
        chips("became", _("结果"), 112, colours, shown=lambda kind: [_became(kind)]),
        text("voucher", _("凭证号"), 130),
    ]
    draw_list("order_rows", columns, few(card.rows), title=_("拨付单"), empty="",
              row_id="number", opens=("/payments", "pay"))  # fmt: skip


def _became(kind: EntryKind) -> str:
    return _("待支付") if kind is EntryKind.ordered else words(ENTRY_NAMES[kind])


def _draw_pay(visit: Visit, card: OrderCard) -> None:
    """Paying the order as a whole: a result for each row."""
    line = card.line
    with st.container(border=True, key="order_pay"):
        st.subheader(_("整单登记支付"), anchor=False)
        key = f"{line.number}_{line.waiting}"
        voucher, on = voucher_fields(key, visit.today, _("整单凭证号"))
        note = st.text_input(_("说明（可不填）"), key=f"order_note_{key}", max_chars=300)
        st.markdown(
            formats.small_grey(
                _("各行凭证号为整单凭证号加行号（-01、-02…）；逐笔按同一规则办理，并逐笔给出结果。")
            )
        )
        label_ = _("登记 {count} 笔已付，{amount} 元").format(
            count=formats.count(line.waiting), amount=formats.yuan_in_list(card.waiting_fen)
        )
        if st.button(label_, key="pay_order", type="primary", width="stretch"):
            outcome = attempt(
                pay_order, line.number, Voucher(voucher, on), note or "", done=_paid_words
            )
            if outcome.is_done:
                st.session_state[_PAID] = (line.number, outcome.result)
                keep(outcome)
                st.rerun()


def _paid_words(results: Sequence[MoneyResult]) -> Any:
    done = sum(result.is_done for result in results)
    return say("已登记支付 {done} 笔，未办理 {left} 笔", done=done, left=len(results) - done)


def _draw_left_out(order: str) -> None:
    """What did not go into the order just made, each with its reason."""
    made: list[OrderMade] = st.session_state.get(_MADE, [])
    if made and made[0].number == order and made[0].left:
        said = _("未列入 {count} 笔").format(count=len(made[0].left))
        draw_refused(said, made[0].left)


def _draw_results(order: str) -> None:
    """What just happened to each row that was refused."""
    kept: tuple[str, Sequence[MoneyResult]] | None = st.session_state.get(_PAID)
    if kept is None or kept[0] != order:
        return
    refused = [result for result in kept[1] if not result.is_done]
    if refused:
        draw_refused(_("未办理 {count} 笔").format(count=len(refused)), refused)


def draw_refused(title: str, results: Sequence[MoneyResult]) -> None:
    """Rows that were refused, each with its reason; none is swallowed.

    Args:
        title: above them.
        results: the refused ones.
    """
    st.subheader(title, anchor=False)
    plain_table(
        {
            _("申请号"): [_link(result) for result in results],
            _("原因"): [
                formats.plain(words(result.refusal)) if result.refusal else formats.NOTHING
                for result in results
            ],
        },
    )


def _link(result: MoneyResult) -> str:
    purpose = formats.small_grey(formats.label(result.purpose))
    return f"[{formats.plain(result.number)}](/payments?pay={result.number})  \n{purpose}"
