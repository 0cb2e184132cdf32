"""拨付: approved → paid → rewarded; payment orders, the bank's list, budget lines; one claim's
payments (`?pay=…`), one order (`?slip=…`)."""

import streamlit as st

from components import payment_bank, payment_budget, payment_orders
from components import payment_list as payments
from components.attempt import found
from components.filters import asked, toolbar
from components.language import _
from components.look import title_row
from components.payment_card import draw_payment
from components.shell import open_page
from components.tables import page_asked
from models.database import session
from models.queries.payment_card import payment_card
from models.queries.payment_orders import order_card, orders_page
from models.queries.payments import payments_page, pile_sums
from models.rules.roles import Permission

visit = open_page(Permission.see_payments)

if number := asked("pay"):
    draw_payment(visit, found(payment_card, visit.actor, number))
    st.stop()
if slip := asked("slip"):
    payment_orders.draw_order(visit, found(order_card, visit.actor, slip))
    st.stop()

with session() as current:
    sums = pile_sums(current, visit.actor)
title_row(_("拨付"), payments.summary(sums))
with st.container(horizontal=True, vertical_alignment="center"):
    view = payments.view_asked(visit)
    st.space("stretch")
    payment_orders.draw_make_order(visit, sums, view)

match view:
    case payments.View.payments:
        with session() as current, toolbar():
            wanted = payments.asked_filter(current, sums)
            payments.draw_buttons(wanted)
            page = payments_page(current, visit.actor, wanted, page_asked(size=payments.ROWS))
        payments.draw_payments(page, wanted.pile)
    case payments.View.orders:
        with session() as current:
            orders = orders_page(current, visit.actor, page_asked(size=payments.ROWS))
        payment_orders.draw_orders(orders)
    case payments.View.bank:
        payment_bank.draw_import(visit)
        with session() as current:
            payment_bank.draw_reconciling(visit, current)
    case payments.View.budget:
        with session() as current:
            payment_budget.draw_budget(visit, current)
