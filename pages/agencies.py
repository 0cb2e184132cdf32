"""服务机构: the register of agencies with their live workload, and one agency's card (`?uscc=…`)."""

from components.agency_card import draw_agency
from components.agency_list import agency_columns, asked_filter, draw_agencies, draw_buttons
from components.attempt import found
from components.filters import asked, toolbar
from components.language import _
from components.look import title_row
from components.shell import open_page
from components.tables import page_asked
from models.database import session
from models.queries.agencies import BY_NAME, agencies, agency_card
from models.queries.claims import services_listed
from models.rules.roles import Permission

visit = open_page(Permission.see_agencies)

with session() as current:
    services = services_listed(current)

if uscc := asked("uscc"):
    draw_agency(visit, found(agency_card, visit.actor, uscc, visit.today), services)
else:
    title_row(_("服务机构|名录"), _("经联盟审查资格后入会，在批准的服务范围内服务"))
    with toolbar():
        wanted = asked_filter(services)
        draw_buttons(visit.actor, wanted, services, visit.today)
    with session() as current:
        page = agencies(current, visit.actor, wanted, page_asked(BY_NAME), visit.today)
    draw_agencies(page, agency_columns(visit.actor, services))
