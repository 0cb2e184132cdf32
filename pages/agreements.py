"""合作对子: service agreements from draft to result, their filing and its confirmation; one agreement's
card (`?agreement=…`)."""

from dataclasses import replace

from components import agreement_list as register
from components.agreement_card import draw_agreement
from components.attempt import found
from components.filters import asked, toolbar
from components.language import _
from components.look import title_row
from components.shell import open_page
from components.tables import page_asked
from models.database import session
from models.queries.agreement_card import agreement_card
from models.queries.agreements import NEWEST_FIRST, agreements
from models.queries.claims import services_listed
from models.rules.roles import Permission

visit = open_page(Permission.see_agreements)

with session() as current:
    services = services_listed(current)

if number := asked("agreement"):
    draw_agreement(visit, found(agreement_card, visit.actor, number), services)
else:
    title_row(_("合作对子"), _("先备案确认再开工；企业在取得成果前不付任何费用"))
    with (top := toolbar()), session() as current:
        wanted = register.asked_filter(current, visit.actor, services)
    with session() as current:
        wanted = replace(wanted, pile=register.pile_asked(current, visit.actor, wanted))
        page = agreements(current, visit.actor, wanted, page_asked(NEWEST_FIRST, register.ROWS))
    with top:
        register.draw_buttons(visit, wanted, services)
    register.draw_agreements(page, services)
