"""补贴申请: the queue of claims, my turn on top, oldest first."""

from functools import partial

from components import claims_queue as queue
from components.bulk_pass import bulk_pass_button
from components.kept_list import come_back, keep_list
from components.look import title_row
from components.new_claim import draw_new_claim_button, draw_new_claim_if_asked
from components.shell import open_page
from components.tables import page_asked
from models.database import session
from models.queries.claims import (
    Pile,
    months_filed,
    next_to_decide,
    offices_of,
    queue_counts,
    queue_page,
    services_listed,
)
from models.queries.safe_set import passable_in_bulk
from models.rules.roles import Permission, Role

visit = open_page(Permission.see_claims)
come_back()
draw_new_claim_if_asked(visit)
month = queue.month_asked()
is_reviewer = Role.alliance_reviewer in visit.actor.roles
has_office = bool(offices_of(visit.actor))

with session() as current:
    services = services_listed(current)
    counts = queue_counts(current, visit.actor, month)
    pile = queue.pile_asked(visit.actor, counts)
    months = months_filed(current) if pile is Pile.month else []
    has_bulk = is_reviewer and pile is Pile.turn
    passable = passable_in_bulk(current, visit.actor) if has_bulk else {}
    title_row(
        queue.title(visit.actor),
        queue.summary(counts, pile, month, visit.actor),
        right=partial(draw_new_claim_button, visit),
    )
    with queue.queue_toolbar():
        question = queue.asked_question(counts, month, services, months, visit.actor)
        page = queue_page(current, visit.actor, question, page_asked(), counts)
        columns = queue.queue_columns(
            services, question.pile, is_own=Role.agency in visit.actor.roles
        )
        queue.push_right()
        queue.queue_download(question, columns)
        bulk_place = queue.place_for_bulk(has_bulk)
        if has_office:
            queue.next_button(visit.actor, next_to_decide(current, visit.actor, question, page))

keep_list(question, page)
ticked = queue.draw_queue(
    page,
    columns,
    question.pile,
    has_office=has_office,
    is_selectable=has_bulk,
)

if has_bulk:
    with bulk_place:
        bulk_pass_button(passable, ticked)
