"""对接需求: what enterprises look for, the agencies that suit it and their answers; one need's card
(`?need=…`)."""

from components.attempt import found
from components.filters import asked, toolbar
from components.language import _
from components.look import title_row
from components.need_card import draw_need
from components.need_list import asked_filter, draw_buttons, draw_needs
from components.shell import open_page
from components.tables import page_asked
from models.database import session
from models.queries.claims import services_listed
from models.queries.needs import SOONEST_FIRST, need_card, needs
from models.rules.roles import Permission

visit = open_page(Permission.see_needs)

with session() as current:
    services = services_listed(current)

if number := asked("need"):
    draw_need(visit, found(need_card, visit.actor, number, visit.today), services)
else:
    title_row(_("对接需求"), _("一项服务同时只有一家机构；双方同意后生成协议草稿"))
    with toolbar():
        wanted = asked_filter(services)
        draw_buttons(visit, wanted, services)
    with session() as current:
        page = needs(current, visit.actor, wanted, page_asked(SOONEST_FIRST))
    draw_needs(page, services)
