"""会员企业: the register of member enterprises, and one member's card (`?uscc=…`)."""

from components.attempt import found
from components.filters import asked, toolbar
from components.language import _
from components.look import title_row
from components.member_card import draw_member
from components.member_list import asked_filter, draw_buttons, draw_members, draw_reminder
from components.shell import open_page
from components.tables import page_asked
from models.database import session
from models.queries.claims import services_listed
from models.queries.members import NEWEST_FIRST, member_card, members
from models.rules.roles import Permission

visit = open_page(Permission.see_members)

if uscc := asked("uscc"):
    card = found(member_card, visit.actor, uscc, visit.today)
    with session() as current:
        services = services_listed(current)
    draw_member(visit, card, services)
else:
    title_row(_("会员企业"), _("企业自注册之日起可以入会，入会不收费"))
    with toolbar(), session() as current:
        wanted = asked_filter(current)
        page = members(current, visit.actor, wanted, page_asked(NEWEST_FIRST), visit.today)
        draw_buttons(visit, wanted)
    with session() as current:
        draw_reminder(current, visit, wanted)
    draw_members(page)
