"""服务机构: the register of agencies with their live workload, what they wait for
(`?view=exposure`), and one agency's card (`?uscc=…`)."""

import streamlit as st

from components import exposure_panel
from components.agency_card import draw_agency
from components.agency_list import (
    AgencyView,
    agency_columns,
    asked_filter,
    draw_agencies,
    draw_buttons,
    view_asked,
)
from components.attempt import found
from components.filters import asked, toolbar
from components.language import _
from components.look import title_row
from components.shell import open_page
from components.tables import page_asked
from models.database import session
from models.queries.agencies import BY_NAME, agencies, agency_card
from models.queries.claims import services_listed
from models.queries.exposure import exposure_report
from models.rules.roles import Permission

visit = open_page(Permission.see_agencies)

with session() as current:
    services = services_listed(current)

if uscc := asked("uscc"):
    draw_agency(visit, found(agency_card, visit.actor, uscc, visit.today), services)
else:
    title_row(_("服务机构|名录"), _("经联盟审查资格后入会，在批准的服务范围内服务"))
    with (top := toolbar()):
        view = view_asked()
    if view is AgencyView.exposure:
        with session() as current:
            report = exposure_report(current, visit.actor, visit.today)
        with top:
            st.space("stretch")
            exposure_panel.draw_download(report)
        exposure_panel.draw_report(report, visit, page_asked())
    else:
        with top:
            wanted = asked_filter(services)
            draw_buttons(visit.actor, wanted, services, visit.today)
        with session() as current:
            page = agencies(current, visit.actor, wanted, page_asked(BY_NAME), visit.today)
        draw_agencies(page, agency_columns(visit.actor, services))
