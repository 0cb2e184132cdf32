"""Payments (拨付): the views of the screen, the list's filters and piles, its columns, its
download."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from enum import StrEnum
from functools import partial
from typing import Any

import streamlit as st

from components import formats
from components.filters import choice, clear_button, search_box, segments
from components.language import _, words
from components.shell import Visit
from components.tables import Colour, Column, chips, day, download, draw_list, label, money, text
from models.queries.month import months_with_claims
from models.queries.paging import Page, everything
from models.queries.payment_sight import sees_all_payments
from models.queries.payments import (
    PaymentFilter,
    PaymentPile,
    PaymentRow,
    PileSums,
    lines_listed,
    payments_page,
)
from models.rules.entitlement import Purpose
from models.rules.payments import STANDING_NAMES, Standing
from models.rules.roles import Actor
from models.rules.wording import Wording, say

ROWS = 12
"""On a page: with two rows above them they fit a window of 768."""


class View(StrEnum):
    """What the screen shows."""

    payments = "payments"
    orders = "orders"
    bank = "bank"
    budget = "budget"


VIEW_NAMES = {
    View.payments: say("拨付清单"),
    View.orders: say("拨付单"),
    View.bank: say("银行对账"),
    View.budget: say("预算额度"),
}
PILE_NAMES = {
    PaymentPile.due: say("待拨付"),
    PaymentPile.ordered: say("拨付单中"),
    PaymentPile.failed: say("待重付"),
    PaymentPile.held: say("暂缓发放"),
    PaymentPile.paid: say("已拨付"),
    PaymentPile.all: say("全部"),
}
# fmt: off
COLOURS: Mapping[Standing, Colour] = {
    Standing.due:        "gray",
    Standing.ordered:    "blue",
    Standing.failed:     "red",
    Standing.returned:   "red",
    Standing.held:       "orange",
    Standing.not_yet:    "gray",
    Standing.paid:       "gray",
    Standing.reconciled: "green",
    Standing.recovered:  "orange",
}
# fmt: on
_OPEN = (PaymentPile.due, PaymentPile.ordered, PaymentPile.failed, PaymentPile.held)


def summary(sums: PileSums) -> str:
    """What is due and what is held back, in words."""
    return _("待拨付 {due} 笔 {due_amount} 元 · 暂缓发放 {held} 笔 {held_amount} 元").format(
        due=formats.count(sums.due),
        due_amount=formats.yuan_in_list(sums.due_fen),
        held=formats.count(sums.held),
        held_amount=formats.yuan_in_list(sums.held_fen),
    )


def view_asked(visit: Visit) -> View:
    """Draw the views and read which one the address asks for; an agency has the list only."""
    if not sees_all_payments(visit.actor):
        return View.payments
    return segments("view", View, _("拨付"), called=_view_name, default=View.payments)


def asked_filter(session: Any, sums: PileSums) -> PaymentFilter:
    """Draw piles and filters, and read what the address asks for.

    Args:
        session: for the months and lines that there are.
        sums: how many rows the open piles have.
    """

    def called(pile: PaymentPile) -> str:
        name = words(PILE_NAMES[pile])
        return f"{name} {formats.count(getattr(sums, pile.value))}" if pile in _OPEN else name

    pile = segments("pile", PaymentPile, _("拨付状态"), called=called, default=PaymentPile.due)
    found = search_box(_("申请号、单位、凭证号"), width=160)
    purpose = choice("purpose", Purpose, _("补贴和奖励"), width=176)
    line = choice("line", lines_listed(session), _("全部科目"), called=str, width=124)
    months = months_with_claims(session)
    month = choice("month", months, _("全部月份"), called=formats.month, width=128)
    return PaymentFilter(pile, found, purpose, line or "", month or "")


def draw_buttons(wanted: PaymentFilter) -> None:
    """Leave the filters; download the list as it is shown."""
    clear_button("view", "pile")
    st.space("stretch")
    download(_("拨付清单"), payment_columns(wanted.pile), partial(_all, wanted))


def payment_columns(pile: PaymentPile) -> list[Column]:
    """What the list shows: of what is open why it waits, of what is paid when and under which
    voucher."""
    whose = [
        text("number", _("申请号"), 108),
        chips("standing", _("状态"), 124, _chip_colours(), shown=_chip),
        label("purpose", _("用途"), 76),
        text("payee_name", _("收款户名"), 172),
        text("payee_account", _("收款账号"), 146, on_phone=False),
        money("amount_fen", _("金额（元）"), 94, sorts=True),
    ]
    if pile in (PaymentPile.paid, PaymentPile.all):
        return [
            *whose,
            day("paid_on", _("付款日期"), 96, sorts=True),
            text("voucher", _("凭证号"), 144),
            money("recovered_fen", _("追回（元）"), 90, on_phone=False),
            text("line", _("预算科目"), 96, on_phone=False),
            text(
                "other_party",
                _("申请另一方"),
                172,
                help=_("补贴列企业，奖励列服务机构"),
                on_phone=False,
            ),
        ]
    return [
        *whose,
        text(
            "other_party",
            _("申请另一方"),
            172,
            help=_("补贴列企业，奖励列服务机构"),
            on_phone=False,
        ),
        text("line", _("预算科目"), 96, on_phone=False),
        day("waiting_since_on", _("等待自"), 92, sorts=True),
        Column("why", _("今天能否拨付"), 234, shown=_why),
    ]


def draw_payments(page: Page[PaymentRow], pile: PaymentPile) -> None:
    """The list's page; a click on the number opens the claim's payments.

    Args:
        page: the rows.
        pile: which they are.
    """
    is_open = pile in _OPEN
    order = _("等待最久的在前。") if is_open else _("最近申请的在前。")
    said = _("共 {count} 笔，{order}点申请号看台账并登记支付。")
    draw_list(
        "payments",
        payment_columns(pile),
        page,
        title=_("拨付清单"),
        empty=words(_EMPTY[pile]),
        footer=said.format(count=formats.count(page.count.rows), order=order),
        row_id="number",
        opens=(None, "pay"),
    )


def standing_badge(standing: Standing) -> str:
    """A standing as a badge in a title row."""
    return f":{COLOURS[standing]}-badge[{words(STANDING_NAMES[standing])}]"


# fmt: off
_EMPTY: Mapping[PaymentPile, Wording] = {
    PaymentPile.due:     say("没有待拨付的款项。管委会审批通过后出现在这里；补贴支付后，应发的奖励也出现在这里。"),
    PaymentPile.ordered: say("没有待支付的拨付单。生成拨付单后，其中的款项出现在这里。"),
    PaymentPile.failed:  say("没有支付失败或退汇的款项。登记支付失败后出现在这里，可重新列入拨付单。"),
    PaymentPile.held:    say("没有暂缓发放的款项。支付环节的申请被暂缓后，连同理由出现在这里。"),
    PaymentPile.paid:    say("还没有已拨付的款项。登记支付后出现在这里。"),
    PaymentPile.all:     say("还没有审批通过的款项。管委会审批通过后出现在这里。"),
}
# fmt: on


def _view_name(view: View) -> str:
    return words(VIEW_NAMES[view])


def _chip(standing: Standing) -> Sequence[str]:
    return [words(STANDING_NAMES[standing])]


def _chip_colours() -> dict[str, Colour]:
    return {words(name): COLOURS[standing] for standing, name in STANDING_NAMES.items()}


def _why(why: Wording | None) -> str:
    return words(why) if why else _("可以拨付")


def _all(wanted: PaymentFilter, session: Any, actor: Actor) -> Page[PaymentRow]:
    return payments_page(session, actor, wanted, everything())
