"""总览: what waits for me, the next five, the month's money, exposure by stage, how long each stage
takes; for who has no queue, what is theirs."""

import streamlit as st

from components import (
    clock_panel,
    exposure_panel,
    formats,
    homes,
    inbox,
    overview_panel,
    rating_home,
)
from components.account_covers import draw_covers
from components.answers_awaited import draw_unanswered
from components.cache import stage_durations, stuck_claims, zero_level_of_all
from components.language import _
from components.look import title_row
from components.outcomes import draw_outcomes_if_asked, draw_outcomes_link
from components.shell import open_page
from models.clock import now_utc
from models.database import session
from models.queries.claims import services_listed
from models.queries.exposure import exposure_standing
from models.queries.homes import home_of
from models.queries.overview import my_turn, paid_this_year
from models.queries.overview_money import money_by_stage
from models.rules.months import YearMonth
from models.rules.roles import Permission

visit = open_page(Permission.see_overview)
inbox.tell_news()
draw_outcomes_if_asked(visit)
month = YearMonth.containing(visit.today)
sees_all = overview_panel.sees_offices(visit)

with session() as current:
    services = services_listed(current)
    home = home_of(current, visit.actor, visit.today)
    turn = my_turn(current, visit.actor, str(month))
    money = overview_panel.money_now(current, visit)
    stages = money_by_stage(current, visit.actor)
    budget = paid_this_year(current) if sees_all else None
    exposure = exposure_standing(current, visit.actor, visit.today)

title_row(_("总览"), _("数据截至 {at}").format(at=formats.instant(now_utc())))
homes.draw_waiting(home)
rating_home.draw_rating_turns(home.ratings)
homes.draw_enterprise(home, services, visit)

left, right = st.columns([0.6, 0.4], gap="medium")
if visit.may(Permission.see_claims):
    with left:
        overview_panel.draw_my_turn(turn, services, visit)
        homes.draw_agency(home.to_put_right, services, visit)
        clock_panel.draw_filing_note(visit)
        homes.draw_administrator(home, visit)
        if overview_panel.sees_stuck(visit):
            homes.draw_stuck(stuck_claims(visit.today))
        draw_unanswered(visit)
    with right:
        rating_home.draw_own_grade(home.grade)
    with left if overview_panel.leads_with_money(visit) else right:
        overview_panel.draw_month_money(money, month)
        overview_panel.draw_year(budget)
    with right:
        overview_panel.draw_stages(stages)
        exposure_panel.draw_standing(exposure, visit)
    if sees_all:
        with left:
            clock_panel.draw_clocks_now(visit)
            overview_panel.draw_durations(stage_durations(visit.today))
            overview_panel.draw_zero_level(zero_level_of_all())
            draw_outcomes_link(visit)
            if visit.may(Permission.see_covers):
                draw_covers(home.covers)
