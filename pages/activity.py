"""操作记录: who did what when, one link in full (`?seq=…`), verifying the chain, and its proof to take
away."""

import streamlit as st

from components.activity_card import draw_link, draw_verification
from components.activity_list import asked_filter, draw_activities, draw_downloads, link_asked
from components.attempt import found
from components.filters import toolbar
from components.language import _
from components.look import title_row
from components.shell import open_page
from components.tables import page_asked
from models.database import session
from models.queries.activity import NEWEST_FIRST, activities, activity_card, doers
from models.rules.roles import Permission

visit = open_page(Permission.see_activity)

if (seq := link_asked()) is not None:
    draw_link(found(activity_card, visit.actor, seq))
else:
    title_row(_("操作记录"), _("每一次写入留下一条，首尾相接，任何改动都能查出"))
    with toolbar(), session() as current:
        wanted = asked_filter(doers(current, visit.actor))
        page = activities(current, visit.actor, wanted, page_asked(NEWEST_FIRST))
        st.space("stretch")
        draw_downloads(visit.actor, wanted, current)
        is_asked = st.button(
            _("核验记录"), key="verify", type="primary", icon=":material/verified_user:"
        )
    draw_verification(visit.actor, is_asked)
    draw_activities(page)
