"""投诉: complaints about agencies, from the filing to the decision and its review; one complaint's
card (`?complaint=…`)."""

from dataclasses import replace

from components import complaint_list as register
from components.attempt import found
from components.complaint_card import draw_complaint
from components.filters import asked, toolbar
from components.language import _
from components.look import title_row
from components.shell import open_page
from components.tables import page_asked
from models.database import session
from models.queries.claims import services_listed
from models.queries.complaint_card import complaint_card
from models.queries.complaints import NEWEST_FIRST, complaints
from models.rules.roles import Permission

visit = open_page(Permission.see_complaints)

if number := asked("complaint"):
    draw_complaint(visit, found(complaint_card, visit.actor, number))
else:
    title_row(_("投诉"), _("受理、机构答复、另一人认定；成立的计入考评"))
    with (top := toolbar()), session() as current:
        services = services_listed(current)
        wanted = register.asked_filter(visit)
    with session() as current:
        wanted = replace(wanted, pile=register.pile_asked(current, visit.actor))
        page = complaints(current, visit.actor, wanted, page_asked(NEWEST_FIRST, register.ROWS))
    with top:
        register.draw_buttons(visit, wanted, services)
    register.draw_complaints(page, visit.actor)
