"""The only caches: pictures of papers, which never change under their SHA-256, and slow figures
over many events."""

from __future__ import annotations

from datetime import date

import streamlit as st

from components.paper_pictures import drawn_page, drawn_picture
from models.actions.steps import system_actor
from models.database import session
from models.queries.clocks import ClockReading, clock_readings
from models.queries.homes import Stuck, claims_without_anyone
from models.queries.meetings import KeptDeck, chosen_targets, deck_of, digest_of
from models.queries.overview import Duration, durations
from models.queries.overview_money import MonthMoney, ZeroLevel, month_money, zero_level
from models.queries.rating_card import RatingCard, way_up
from models.queries.targets import FiguresVersion, TargetLine, figures_version, target_lines
from models.rules.claim_workflow import Action
from models.rules.digest import facts_digest
from models.rules.months import YearMonth
from models.rules.rating import WayUp
from models.rules.rating.outcome import outcome_content
from models.rules.roles import Actor


@st.cache_data(max_entries=64, ttl=3600, show_spinner=False)
def page_picture(sha256: str, number: int) -> tuple[int, bytes]:
    """A page of a stored PDF as PNG, with how many pages there are; no pages where it cannot be
    read."""
    return drawn_page(sha256, number)


@st.cache_data(max_entries=64, ttl=3600, show_spinner=False)
def paper_picture(sha256: str) -> bytes:
    """A stored PNG or JPEG as a screen shows it; empty where it cannot be read."""
    return drawn_picture(sha256)


def targets_on(on: date) -> tuple[TargetLine, ...]:
    """Every target as it stands on a day: read once for each change of the figures."""
    with session() as current:
        version = figures_version(current)
    return targets_as_of(on, version)


@st.cache_resource(max_entries=4, ttl=600, show_spinner=False)
def targets_as_of(on: date, version: FiguresVersion) -> tuple[TargetLine, ...]:
    """Every target as it stands on a day, at one state of the figures."""
    with session() as current:
        return target_lines(current, on)


def meeting_on(on: date) -> KeptDeck:
    """The meeting of a day with its digest: made once for each change of figures or choice."""
    with session() as current:
        version, chosen = figures_version(current), chosen_targets(current)
    return meeting_as_of(on, version, chosen)


@st.cache_resource(max_entries=8, ttl=600, show_spinner=False)
def meeting_as_of(on: date, version: FiguresVersion, chosen: tuple[str, ...]) -> KeptDeck:
    """The meeting of a day, at one state of the figures and the choice of targets."""
    deck = deck_of(targets_as_of(on, version), chosen, on)
    return KeptDeck(deck, digest_of(deck))


def way_up_of(card: RatingCard, actor: Actor) -> WayUp:
    """What would raise an agency's grade: computed once for each result."""
    digest = facts_digest(outcome_content(card.outcome))
    return _way_up(card.period.last_month, card.agency_id, digest, actor)


@st.cache_data(max_entries=256, ttl=3600, show_spinner=False)
def _way_up(last_month: str, agency_id: int, digest: str, _actor: Actor) -> WayUp:
    """Of one result, which its digest tells; who may read the card has been decided."""
    with session() as current:
        return way_up(current, _actor, last_month, agency_id)


@st.cache_data(max_entries=8, ttl=600, show_spinner=False)
def stage_durations(on: date) -> tuple[Duration, ...]:
    """How long each stage takes, by month; ten minutes old at most."""
    with session() as current:
        return durations(
            current, (Action.pass_pre_review, Action.pass_re_review, Action.approve), on
        )


@st.cache_data(max_entries=16, ttl=600, show_spinner=False)
def clocks_of_all(first: YearMonth, last: YearMonth, on: date) -> tuple[ClockReading, ...]:
    """The bodies' clocks over some months, for whoever may read them; ten minutes old at most."""
    with session() as current:
        return clock_readings(current, system_actor(), first, last, on)


@st.cache_data(max_entries=8, ttl=600, show_spinner=False)
def money_of_all(on: date) -> MonthMoney:
    """The zone's money of a day's month; ten minutes old at most."""
    with session() as current:
        return month_money(current, Actor(0, ""), YearMonth.containing(on))


@st.cache_data(max_entries=2, ttl=600, show_spinner=False)
def zero_level_of_all() -> ZeroLevel:
    """How zero the zone's zero is; ten minutes old at most."""
    with session() as current:
        return zero_level(current)


@st.cache_data(max_entries=2, ttl=600, show_spinner=False)
def stuck_claims(on: date) -> Stuck:
    """Claims nobody may decide on a day; ten minutes old at most."""
    with session() as current:
        return claims_without_anyone(current, on)
