"""A league: the town with more agencies, whose signals a test states instead of filing claims.

Nine agencies, all concluding mostly certificates; the town's own two speak for themselves.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from datetime import date, timedelta
from fractions import Fraction
from typing import Any

import pytest
from sqlalchemy import Engine
from sqlmodel import Session, col, func, select

from models.actions import ratings as doing
from models.actions.rating_replies import Verdict, answer, appeal, reply
from models.actions.ratings import (
    begin_review,
    compute_preview,
    open_period,
    open_replies,
    publish_ratings,
)
from models.clock import now_utc, standing_at
from models.database import session
from models.queries.rating_card import RatingCard, rating_card
from models.queries.ratings import PeriodBoard, period_board
from models.rules.rating.adjusting import Adjustment
from models.rules.rating.period_life import PeriodState
from models.rules.rating.signals import Component, Gate, Penalty, Signals, Tally
from models.rules.rating.window import Window
from models.rules.roles import Actor
from models.tables.organisations import Agency
from models.tables.ratings import (
    RatingAdjustment,
    RatingEvent,
    RatingPeriod,
    RatingReply,
    RatingResult,
    RatingScheme,
)
from tests.town import Town, make_town
from tests.world import NOON, PDF, World

HALF = Window.half_year(2026, 1)
MONTH = "2026-06"
GOODS = (38, 37, 36, 36, 35, 34, 32)
"""Of 40 agreements each of the other agencies concluded with success."""
ONE_MORE = Adjustment(Component.outcome, good_quarters=4, service="hnte_first")
LETTER = (("说明.pdf", PDF),)


@dataclass
class League(Town):
    """The town, its league, and short ways through a period."""

    signals: dict[int, Signals] = field(default_factory=dict)

    def traces(self) -> tuple[object, ...]:
        """What a step of a rating writes, too."""
        with session(self.engine) as current:
            return super().traces() + tuple(
                current.execute(select(func.count()).select_from(table)).scalar_one()
                for table in (
                    RatingEvent,
                    RatingResult,
                    RatingReply,
                    RatingAdjustment,
                    RatingScheme,
                )
            )

    def open(self, who: str = "reviewer", window: Window = HALF) -> str:
        """Somebody opens the period."""
        with self.session() as current:
            return open_period(current, self.people[who], window)

    def go(self, who: str, step: Callable[..., Any], month: str = MONTH, *more: Any) -> None:
        """Somebody takes a step of the whole period, having seen how it stands."""
        with self.session() as current:
            step(current, self.people[who], month, self.period(month).version, *more)

    def bring(self, to: PeriodState, month: str = MONTH) -> League:  # type: ignore[override]
        """A new period, brought to a state the usual way."""
        window = (
            HALF if month == MONTH else Window.half_year(int(month[:4]), 1 + (month[5:] > "06"))
        )
        self.open(window=window)
        for state, (who, step, days) in _COURSE.items():
            if to is PeriodState.collecting:
                break
            with standing_at(NOON + timedelta(days=days)):
                self.go(who, step, month)
            if state is to:
                break
        return self

    def period(self, month: str = MONTH) -> RatingPeriod:
        """The period's row now."""
        with session(self.engine) as current:
            statement = select(RatingPeriod).where(col(RatingPeriod.last_month) == month)
            return current.exec(statement).one()

    def board(self, who: str = "reviewer", month: str = MONTH) -> PeriodBoard:
        """The period as somebody reads it."""
        with session(self.engine) as current:
            return period_board(current, self.people[who], month)

    def rated(self, who: str = "reviewer", agency_id: int = 0, month: str = MONTH) -> RatingCard:
        """One agency's card as somebody reads it; the first agency's when left out."""
        with session(self.engine) as current:
            return rating_card(current, self.people[who], month, agency_id or self.agency_id)

    def reply(
        self,
        component: Component = Component.outcome,
        said: str = "有一件已取得证书",
        *,
        who: str = "agency",
        files: tuple[tuple[str, bytes], ...] = LETTER,
    ) -> int:
        """An agency replies to its preview."""
        with self.session() as current:
            return reply(current, self.people[who], MONTH, component, said, files)

    def appeal(self, component: Component = Component.outcome, *, who: str = "agency") -> int:
        """An agency appeals."""
        with self.session() as current:
            return appeal(current, self.people[who], MONTH, component, "仍有一件未计入", LETTER)

    def answer(
        self, reply_id: int, *made: Adjustment, who: str = "reviewer2", why: str = "已核实"
    ) -> None:
        """Somebody answers; upheld where something is corrected."""
        with self.session() as current:
            answer(current, self.people[who], reply_id, Verdict(bool(made), why, made))


_COURSE = {
    PeriodState.preview: ("reviewer", compute_preview, 0),
    PeriodState.reply: ("reviewer", open_replies, 0),
    PeriodState.review: ("reviewer", begin_review, 14),
    PeriodState.published: ("lead", publish_ratings, 14),
}
"""State → who leads a period there, by what, and how many days after noon."""
AFTER_REPLIES = NOON + timedelta(days=14)


def signals_of(agency_id: int, good: int, cases: int = 40, **more: Any) -> Signals:
    """An agency that does equally well in everything."""
    share = Tally(cases, Fraction(good))
    return Signals(agency_id, 24, {"hnte_first": share}, share, share, share, **more)


def make_league(engine: Engine) -> League:
    """The league in an empty database; the clock must stand at `NOON`."""
    town = make_town(engine)
    league = League(**vars(town))
    with league.session() as current:
        others = _others(current)
    league.signals = {
        league.agency_id: signals_of(league.agency_id, 30, penalties={Penalty.late_answer: 1}),
        league.agency2_id: signals_of(league.agency2_id, 8, gates=frozenset({Gate.fee_up_front})),
        **{one: signals_of(one, good) for one, good in zip(others, GOODS, strict=True)},
    }
    few = others[-1]
    league.signals[few] = replace(
        league.signals[few], outcomes={"hnte_first": Tally(2, Fraction(2))}
    )
    return league


def _others(current: Session) -> list[int]:
    agencies = [
        Agency(uscc=f"91210231MA0X{number:05d}Q", name=f"大连示例第{number}机构有限公司",
               joined_on=date(2024, 1, 1), changed_at_utc=NOON)
        for number in range(1, len(GOODS) + 1)
    ]  # fmt: skip
    current.add_all(agencies)
    current.flush()
    return [one.id or 0 for one in agencies]


@contextmanager
def stating(league: League) -> Iterator[None]:
    """What the league states stands for what would be counted."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(
            doing,
            "kept_signals",
            lambda *_: tuple(dict(sorted(league.signals.items())).values()),
        )
        yield


def speaks_for(actor: Actor, agency_id: int | None) -> Actor:
    """The same person, speaking for another agency."""
    return replace(actor, agency_id=agency_id)


PAST = Window.half_year(2024, 1)
"""A period of a furnished world, long over: nobody else rates it."""
PAST_MONTH = "2024-06"


def rate_in(world: World, to: PeriodState) -> str:
    """A past period of a furnished world brought to a state, its replies open a month ago; the
    first agency is rated, another is not.

    Returns:
        The period's name.
    """
    with session(world.engine) as current:
        first, *others = sorted(current.exec(select(Agency.id)).all())
    stated = (signals_of(first or 0, 34), *(Signals(one or 0, 24) for one in others))
    then = now_utc() - timedelta(days=30)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(doing, "kept_signals", lambda *_: stated)
        for state in tuple(PeriodState)[: tuple(PeriodState).index(to) + 1]:
            who, act = _BROUGHT[state]
            days = 20 if state in (PeriodState.review, PeriodState.published) else 0
            with standing_at(then + timedelta(days=days)), session(world.engine, write=True) as now:
                if state is PeriodState.collecting:
                    open_period(now, world.people[who], PAST)
                else:
                    statement = select(RatingPeriod).where(RatingPeriod.last_month == PAST_MONTH)
                    act(now, world.people[who], PAST_MONTH, now.exec(statement).one().version)
    return PAST_MONTH


_BROUGHT: dict[PeriodState, tuple[str, Callable[..., Any]]] = {
    PeriodState.collecting: ("reviewer", open_period),
    PeriodState.preview: ("reviewer", compute_preview),
    PeriodState.reply: ("reviewer", open_replies),
    PeriodState.review: ("reviewer", begin_review),
    PeriodState.published: ("lead", publish_ratings),
}
