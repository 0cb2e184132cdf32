"""函件模板: the template each kind of letter is written with, its versions, its placeholders."""

from components.language import _
from components.letters import draw_templates
from components.look import title_row
from components.shell import open_page
from models.database import session
from models.queries.letter_templates import templates_kept
from models.rules.roles import Permission

visit = open_page(Permission.see_letters)

with session() as current:
    kept = templates_kept(current, visit.actor)

may_replace = visit.may(Permission.replace_letters)
title_row(_("函件模板"), _("联盟可换用自己的模板") if may_replace else _("只读"))
draw_templates(visit, kept)
