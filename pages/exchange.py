"""导入导出: a workbook in — dry run, problems to the cell, whole or nothing — the template, drafts,
past imports.
"""

import streamlit as st

from components.exchange_drafts import draw_drafts
from components.exchange_problems import draw_problems
from components.exchange_templates import draw_past_imports, draw_template_download
from components.exchange_upload import draw_counts, draw_outcome, dry_run, upload_box
from components.language import _
from components.look import title_row
from components.shell import open_page
from models.database import session
from models.queries.imports import recent_imports
from models.queries.imports_drafts import drafts_waiting
from models.rules.roles import Permission

visit = open_page(Permission.see_exchange)
may_import = visit.may(Permission.exchange)

with session() as current:
    past = recent_imports(current, visit.actor)
    drafts = drafts_waiting(current, visit.actor)

title_row(_("导入导出"), _("先试运行，再整份导入") if may_import else _("只读"))

left, right = st.columns([0.58, 0.42], gap="medium")
with left:
    upload = upload_box() if may_import else None
    plan = dry_run(visit.actor, upload) if upload else None
    if upload and plan:
        draw_outcome(upload, plan)
with right:
    if plan:
        draw_counts(plan)
    else:
        draw_template_download()

if plan:
    draw_problems(plan.problems)
else:
    draw_drafts(drafts, may_act=may_import)
    draw_past_imports(past)
