"""Agencies rated by what a test states: a league with grades in force, or any world's agencies in a
period of the days around the present one."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from fractions import Fraction
from typing import Any

import pytest
from sqlalchemy import Engine
from sqlmodel import col, select

from models.actions import ratings as doing
from models.actions.ratings import (
    begin_review,
    compute_preview,
    open_period,
    open_replies,
    publish_ratings,
)
from models.clock import now_utc, office_day, standing_at
from models.database import session
from models.rules.rating.period_life import PeriodState
from models.rules.rating.signals import Signals, Tally
from models.rules.rating.window import Window
from models.tables.ratings import RatingPeriod
from tests.league import League, make_league, signals_of, stating
from tests.world import World


def make_rated(engine: Engine) -> League:
    """The league with its ratings published: the first agency C, the second D with a gate."""
    league = make_league(engine)
    league.signals[league.agency_id] = signals_of(league.agency_id, 24)
    with stating(league):
        league.bring(PeriodState.published)
    return league


# ---------------------------------------------------------------- any world

_COURSE: tuple[tuple[PeriodState, str, Callable[..., Any], int], ...] = (
    (PeriodState.preview, "reviewer", compute_preview, -30),
    (PeriodState.reply, "reviewer", open_replies, -29),
    (PeriodState.review, "reviewer2", begin_review, -15),
    (PeriodState.published, "lead", publish_ratings, -4),
)
"""State → who leads a period there, by what, how many days from now."""


def rated_window() -> Window:
    """The half-year `rate` rates."""
    return Window.last_half_year(office_day(now_utc()) - timedelta(days=40))


def rate(world: World, stated: list[Signals], to: PeriodState, window: Window | None = None) -> str:
    """Bring a period of the world's agencies to a state; replies are open now, a publication was
    lately.

    Args:
        world: its reviewers and its lead act.
        stated: what stands for what would be counted.
        to: where the period shall stand.
        window: the months, over by now; the last half-year when left out.

    Returns:
        The period's last month.
    """
    window = window or rated_window()
    month = str(window.last)
    shift = 29 if to is PeriodState.reply else 0
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(doing, "kept_signals", lambda *_: tuple(stated))
        with world.session() as current:
            open_period(current, world.people["reviewer"], window)
        for state, who, step, days in _COURSE:
            if to is PeriodState.collecting:
                break
            with standing_at(now_utc() + timedelta(days=days + shift)):
                _step(world, who, step, month)
            if state is to:
                break
    return month


def _step(world: World, who: str, step: Callable[..., Any], month: str) -> None:
    with session(world.engine) as current:
        known = select(RatingPeriod.version).where(col(RatingPeriod.last_month) == month)
        version = current.exec(known).one()
    with world.session() as current:
        step(current, world.people[who], month, version)


def doing_well(agency_id: int, good: int = 34, cases: int = 40, **more: Any) -> Signals:
    """An agency's signals: so many good cases of each component, weaker at first pass."""
    share, weak = Tally(cases, Fraction(good)), Tally(cases, Fraction(good * 3, 4))
    stated: dict[str, Any] = {
        "months": 24, "outcomes": {"hnte_first": share}, "satisfaction": share,
        "first_pass": weak, "timeliness": share,
    }  # fmt: skip
    return Signals(agency_id, **(stated | more))
