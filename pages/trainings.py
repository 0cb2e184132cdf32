"""业务培训: trainings of agencies, their registrations and who came; one training's card
(`?training=…`)."""

from dataclasses import replace

from components import training_list as register
from components.attempt import found
from components.filters import asked, toolbar
from components.language import _
from components.look import title_row
from components.shell import open_page
from components.tables import page_asked
from components.training_card import draw_training
from models.database import session
from models.queries.claims import services_listed
from models.queries.training_card import training_card
from models.queries.trainings import NEWEST_FIRST, trainings
from models.rules.roles import Permission

visit = open_page(Permission.see_trainings)

with session() as current:
    services = services_listed(current)

if number := asked("training"):
    draw_training(visit, found(training_card, visit.actor, number), services)
else:
    title_row(_("业务培训"), _("联盟培训服务机构（五.1 二是）；必修的无故缺席计入考评"))
    with toolbar():
        wanted = register.asked_filter(visit.actor)
        with session() as current:
            wanted = replace(wanted, waits=register.waits_asked(current, visit.actor))
            page = trainings(current, visit.actor, wanted, page_asked(NEWEST_FIRST, register.ROWS))
        register.draw_buttons(visit, wanted, services)
    register.draw_trainings(page, visit.actor, services)
