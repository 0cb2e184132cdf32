"""Agencies' ratings over twelve months."""

from __future__ import annotations

import contextlib

from bench.django_client import Admin
from bench.servers import django_admin
from bench.stage import Stage
from bench.timing import Line, against, alternately
from models.clock import today
from models.database import make_engine, session
from models.queries.rating_signals import counted_signals, kept_signals
from models.rules.months import YearMonth
from models.rules.rating import Scheme, Window
from models.rules.rating import ratings as rated


def ratings(stage: Stage) -> list[Line]:
    """Everybody's ratings beside an admin page that aggregates the claims.

    Ours is what the screen asks for: a reading transaction, the kept signals of twelve months, the
    scores with their intervals and grades of all agencies. The admin's page shows less: for each
    agency the decided claims, the share that passed and the mean satisfaction, aggregated by two
    statements of its ORM, over HTTP on an open connection (a millisecond or two of it). What is
    kept must be equal to the full computation over the rows, case by case.
    """
    engine, window = make_engine(f"sqlite:///{stage.ours(stage.large)}"), _window()
    with session(engine) as current:
        kept = kept_signals(current, window, today())
        if kept != counted_signals(current, window, today()):
            raise AssertionError("what is kept is not what is counted")

    def ours() -> None:
        with session(engine) as current:
            rated(kept_signals(current, window, today()), Scheme())

    with contextlib.ExitStack() as open_:
        folder = stage.folder_of("ratings")
        admin = Admin(
            open_.enter_context(django_admin(folder, stage.theirs(stage.large))), "admin1"
        )
        spreads = alternately(
            ours, lambda: admin.get("/admin/zone/ratings/"), rounds=stage.rounds, warm=3
        )
    engine.dispose()
    work = f"ratings over 12 months, all {len(kept)} agencies"
    return [against(work, *spreads, at_most=0.03, note="equal to the full computation")]


def _window() -> Window:
    """Twelve months that are no two half-years, which would be cheaper to read: five spans."""
    last = YearMonth.containing(today())
    return Window.twelve_months(last.previous() if last.month % 6 == 0 else last)
