"""账号: who has an account, in which role, until when; invite, grant, lock, reset."""

import streamlit as st

from components.account_card import draw_card
from components.account_covers import draw_covers
from components.account_list import asked_filter, download_accounts, draw_accounts, invite_button
from components.filters import asked, toolbar
from components.language import _
from components.look import title_row
from components.shell import open_page
from components.tables import page_asked
from models.database import session
from models.queries.accounts import account_card, accounts
from models.queries.covers import covers_listed
from models.rules.roles import Permission

visit = open_page(Permission.see_accounts)
username = asked("account")

if username:
    title_row(username, _("账号"))
    with session() as current:
        card = account_card(current, visit.actor, username)
    draw_card(visit, card)
else:
    title_row(_("账号"), _("角色按日期授予，改动在本人下一次点击时生效"))
    with toolbar():
        wanted = asked_filter()
        with session() as current:
            page = accounts(current, visit.actor, wanted, page_asked("username"))
            covers = covers_listed(current, visit.actor, visit.today)
        st.space("stretch")
        download_accounts(wanted)
        if visit.may(Permission.manage_accounts):
            invite_button(visit.actor)
    draw_accounts(page)
    draw_covers(covers)
