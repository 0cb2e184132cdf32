"""我的考评: an agency's own grade, what it is made of, what would raise it, the reply, and what was
before (`?period=2026-06`)."""

from components import formats
from components.filters import asked
from components.rating_own import draw_own
from components.shell import open_page
from models.database import session
from models.queries.claim_card import reasons_listed
from models.queries.claims import services_listed
from models.queries.own_rating import own_ratings
from models.rules.roles import Permission

visit = open_page(Permission.see_own_rating)

with session() as current:
    services = {code: formats.named(one) for code, one in services_listed(current).items()}
    reasons = {code: formats.named(one) for code, one in reasons_listed(current).items()}
    own = own_ratings(current, visit.actor, asked("period"))

draw_own(visit, own, services, reasons)
