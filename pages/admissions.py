"""入会审查: applications of agencies, examined by criteria and decided on; one application's card
(`?application=…`)."""

from dataclasses import replace

from components import admission_list as register
from components.admission_card import draw_application
from components.attempt import found
from components.filters import asked, toolbar
from components.language import _
from components.look import title_row
from components.shell import open_page
from components.tables import page_asked
from models.database import session
from models.queries.admission_card import admission_card
from models.queries.admissions import NEWEST_FIRST, admissions
from models.queries.claims import services_listed
from models.rules.roles import Permission

visit = open_page(Permission.see_admissions)

with session() as current:
    services = services_listed(current)

if number := asked("application"):
    draw_application(visit, found(admission_card, visit.actor, number), services)
else:
    title_row(_("入会审查"), _("逐项审查入会条件；审查和决定由不同的人办理（五.1 一是）"))
    with (top := toolbar()):
        wanted = register.asked_filter()
    with session() as current:
        wanted = replace(wanted, pile=register.pile_asked(current, visit.actor, wanted))
        page = admissions(current, visit.actor, wanted, page_asked(NEWEST_FIRST, register.ROWS))
    with top:
        register.draw_buttons(visit, wanted, services)
    register.draw_admissions(page, services)
