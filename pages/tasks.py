"""任务台账: the plans' work items, who is responsible, how far they are; one item's card
(`?task=…`)."""

from dataclasses import replace

from components import task_list as register
from components.attempt import found
from components.filters import asked, toolbar
from components.language import _
from components.look import title_row
from components.shell import open_page
from components.tables import page_asked
from components.task_card import draw_task
from models.database import session
from models.queries.task_card import task_card
from models.queries.tasks import pile_sizes, register_summary, tasks, units_listed
from models.rules.roles import Permission

visit = open_page(Permission.see_tasks)

if code := asked("task"):
    draw_task(visit, found(task_card, visit.actor, code, visit.today))
else:
    with session() as current:
        title_row(
            _("任务台账"), register.summary(register_summary(current, visit.actor, visit.today))
        )
        units = units_listed(current)
        with (top := toolbar()):
            wanted = register.asked_filter(current, units)
        sizes = pile_sizes(current, visit.actor, wanted, visit.today)
        wanted = replace(wanted, pile=register.pile_asked(sizes))
        with top:
            register.draw_buttons(wanted, visit.today)
        register.draw_units(units, wanted)
        request, size = page_asked(size=register.ROWS), sizes[wanted.pile]
        page = tasks(current, visit.actor, wanted, request, visit.today, size)
    register.draw_tasks(page, wanted.level)
