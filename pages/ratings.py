"""服务质量考评: a period's life from collecting to publication; the league within peer groups, replies,
distribution, what follows, the scheme; one agency's part (`?agency=…`)."""

import streamlit as st

from components import rating_period as ratings
from components.attempt import found
from components.filters import asked, asked_number, toolbar
from components.language import _
from components.look import title_row
from components.rating_answers import draw_replies
from components.rating_consequences import draw_consequences
from components.rating_detail import draw_agency
from components.rating_league import PARAMETER, draw_league
from components.rating_scheme import draw_scheme
from components.rating_spread import draw_spread
from components.rating_step import draw_course, draw_events, draw_opening, draw_steps
from components.shell import open_page
from models.database import session
from models.queries.claims import services_listed
from models.queries.rating_card import rating_card
from models.queries.rating_schemes import scheme_versions
from models.queries.ratings import answer_steps, next_window, period_board, periods_listed
from models.rules.roles import Permission

visit = open_page(Permission.see_ratings)

with session() as current:
    services = services_listed(current)
    periods = periods_listed(current, visit.actor)
    window = next_window(current)

if asked(PARAMETER):
    month, agency_id = asked("period"), asked_number(PARAMETER, 0)
    draw_agency(visit, found(rating_card, visit.actor, month, agency_id), services)
    st.stop()
if not periods:
    title_row(_("服务质量考评"))
    ratings.draw_no_period()
    draw_opening(visit, window, is_first=True)
    st.stop()

head = st.container()
with (top := toolbar()):
    month = ratings.period_asked(periods)
with session() as current:
    board = period_board(current, visit.actor, month)
    versions = scheme_versions(current, visit.actor)
    steps = answer_steps(current, visit.actor, board)
with head:
    title_row(_("服务质量考评"), ratings.summary(board))
with top:
    view = ratings.view_asked(board)
    st.space("stretch")
    draw_opening(visit, window, is_first=False)
    ratings.draw_download(board)

draw_course(board)
match view:
    case ratings.View.scheme:
        draw_scheme(visit, versions)
    case _ if not board.is_visible:
        ratings.draw_hidden()
    case ratings.View.league:
        left, right = st.columns([0.74, 0.26], gap="medium")
        with left:
            draw_league(board)
        with right:
            draw_steps(visit, board)
            draw_events(board)
    case ratings.View.replies:
        draw_replies(visit, board.replies, steps, services)
    case ratings.View.spread:
        draw_spread(visit, board)
    case ratings.View.consequences:
        draw_consequences(visit, board)
