"""补贴标准: standards, services, reasons, settings and calendar as they hold, and their changes,
drafted by one person and confirmed by another (`?rule=…`, `?item=…`, `?change=…`)."""

import streamlit as st

from components import policy_list as register
from components.attempt import found
from components.change_card import draw_change
from components.filters import asked, asked_number, toolbar
from components.item_card import draw_item
from components.language import _
from components.look import title_row
from components.policy_now import words_before
from components.shell import open_page
from components.standard_card import draw_standard
from components.tables import page_asked
from models.database import session
from models.queries.changes import change_card, changes, changes_of, changes_waiting
from models.queries.policy_items import content_now
from models.queries.standards import standard_card, standards
from models.rules.changes import ChangeKind
from models.rules.roles import Permission

visit = open_page(Permission.see_policies)

with session() as current:
    names = register.names_listed(current)
    waiting = changes_waiting(current, visit.actor)

if number := asked_number("change", 0):
    card = found(change_card, visit.actor, number)
    draw_change(visit, card, words_before(visit, card), names)
    st.stop()
if key := asked("rule"):
    with session() as current:
        drafts = changes_of(current, visit.actor, ChangeKind.policy_rule, key)
    draw_standard(visit, found(standard_card, visit.actor, key, visit.today), drafts)
    st.stop()
view = register.view_in_address()
if (item := asked("item")) and (kind := register.KIND_OF.get(view)):
    with session() as current:
        drafts = changes_of(current, visit.actor, kind, item)
    now = found(content_now, visit.actor, kind, item, visit.today)
    draw_item(visit, kind, item, now, drafts, names)
    st.stop()

title_row(_("补贴标准|栏目"), register.summary(view, waiting))
with toolbar():
    register.view_asked(waiting)
if view is register.View.standards:
    with session() as current, register.filter_row():
        wanted = register.asked_standards(current)
        register.draw_standard_buttons(visit, wanted)
        page = standards(current, visit.actor, wanted, page_asked(size=register.ROWS), visit.today)
    register.draw_standards(page)
elif view is register.View.changes:
    with session() as current, register.filter_row():
        kind, state = register.asked_changes()
        register.draw_change_buttons(kind, state, names)
        made = changes(current, visit.actor, page_asked(size=register.ROWS), kind, state)
    register.draw_changes(made, names)
else:
    with session() as current:
        register.draw_items(current, visit, view)
