"""申请办理: one claim on one screen — facts, findings, money, papers, history — and the decision
form."""

from functools import partial

import streamlit as st

from components.agency_answer import draw_agency_answer, is_agency_turn
from components.claim_facts import (
    draw_claim_facts,
    draw_computation,
    draw_course,
    draw_money,
    holder_words,
    state_badges,
)
from components.claim_filed import draw_filed_entries
from components.claim_panel import (
    claim_or_stop,
    draw_freeing,
    draw_recall,
    draw_way,
    keep_lease,
    note_opening,
    number_asked,
    way_of,
)
from components.claim_tabs import changed_since_last_office, draw_tabs
from components.decision_form import draw_decision_form
from components.enterprise_asking import asking_about, draw_asking
from components.findings_list import draw_findings
from components.last_decision import draw_last_decision
from components.letters import draw_letters
from components.look import title_row
from components.objection_panel import draw_public_line
from components.shell import open_page
from models.database import session
from models.queries.claim_card import reasons_listed
from models.queries.letters import letters_of
from models.queries.notices import public_standing
from models.rules.roles import Permission

visit = open_page(Permission.see_claims)

with session() as current:
    card = claim_or_stop(current, visit.actor, number_asked())
    way = way_of(current, visit.actor, card.claim.number)
    reasons = reasons_listed(current)
    standing = public_standing(current, visit.actor, card.claim)
    letters = letters_of(current, card.claim.id or 0)
    asking = asking_about(current, visit, card)

title_row(
    card.claim.number, holder_words(card), *state_badges(card), right=partial(draw_way, card, way)
)
note_opening(card)
keep_lease(card)
draw_last_decision()
draw_recall(card)
draw_freeing(card, visit.actor)
draw_claim_facts(card)
draw_public_line(standing, visit)

with st.container(key="answer_first" if is_agency_turn(card) else "findings_first"):
    left, right = st.columns([0.665, 0.335], gap="medium")
with right:
    draw_money(card)
    draw_computation(card)
    if is_agency_turn(card):
        draw_agency_answer(card, reasons)
    else:
        draw_decision_form(card, visit.actor, reasons, way.next)
    draw_tabs(card, reasons, standing, visit)
with left:
    draw_findings(card.findings, card.as_of_utc, card.digest, changed_since_last_office(card))
    draw_asking(visit, asking)
    draw_course(card)
    draw_letters(card, letters)
    draw_filed_entries(card)
