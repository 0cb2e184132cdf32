"""实绩填报: figures entered by one person and confirmed by another, contradictions side by side, one
figure's card (`?figure=…`).
"""

import streamlit as st

from components import actual_list as figures
from components.actual_card import draw_actual
from components.actual_contradictions import draw_contradictions
from components.attempt import found
from components.cache import targets_on
from components.exchange_problems import draw_problems
from components.exchange_templates import draw_template_of
from components.exchange_upload import draw_counts, draw_outcome, dry_run, upload_box
from components.filters import asked, toolbar
from components.language import _
from components.look import title_row
from components.shell import open_page
from components.tables import page_asked
from models.database import session
from models.exchange.sheets import SheetKind
from models.queries.actual_card import actual_card
from models.queries.actuals import (
    NEWEST_FIRST,
    OLDEST_ENTERED_FIRST,
    actuals,
    sizes_of_actuals,
)
from models.queries.contradictions import GROUPS_A_PAGE, contradictions, contradictions_counted
from models.rules.roles import Permission

visit = open_page(Permission.see_actuals)

if number := asked("figure"):
    draw_actual(visit, found(actual_card, visit.actor, number), targets_on(visit.today))
    st.stop()

with session() as current:
    sizes = sizes_of_actuals(current, visit.actor)
    contradicting = contradictions_counted(current, visit.actor)

title_row(_("实绩填报"), figures.summary(sizes))
top = toolbar()
with top:
    view = figures.view_asked(visit, sizes, contradicting)

if view is figures.View.imports:
    left, right = st.columns([0.58, 0.42], gap="medium")
    with left:
        upload = upload_box(_("选择或拖入填好的实绩表（.xlsx 或 .csv）"), ("xlsx", "csv"))
        plan = dry_run(visit.actor, upload) if upload else None
        if upload and plan:
            draw_outcome(upload, plan)
    with right:
        draw_counts(plan) if plan else draw_template_of(SheetKind.actuals, _("下载实绩模板"))
    draw_problems(plan.problems if plan else ())
else:
    order = OLDEST_ENTERED_FIRST if view is figures.View.waiting else NEWEST_FIRST
    with session() as current, figures.filter_row():
        wanted = figures.asked_filter(current, view)
    with top:
        figures.draw_buttons(visit, wanted)
    if view is figures.View.contradictions:
        with session() as current:
            groups = contradictions(current, visit.actor, wanted, page_asked(size=GROUPS_A_PAGE))
        draw_contradictions(groups)
    else:
        with session() as current:
            page = actuals(current, visit.actor, wanted, page_asked(order, figures.ROWS_A_PAGE))
        figures.draw_actuals(page, view)
