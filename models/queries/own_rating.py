"""What an agency reads on its own page (我的考评): one period's rating, what was most often the matter,
its history, and a period under way of which there is nothing to see yet."""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy import select
from sqlmodel import Session, col

from models.queries.rating_behind import Matter, matters
from models.queries.rating_card import (
    HistoryLine,
    PeriodLine,
    RatingCard,
    own_periods,
    own_rating,
    period_line,
    rating_history,
)
from models.queries.visibility import refuse_without
from models.rules.rating.period_life import SHOWN_TO_AGENCY, PeriodState
from models.rules.roles import Actor, Permission
from models.tables.ratings import RatingPeriod


@dataclass(frozen=True, slots=True)
class OwnRatings:
    """An agency's own page.

    Attributes:
        card: the period asked for, else the newest with a result to see; `None`: there is none.
        is_newest: no newer one is to be seen.
        matters: what was most often the matter, component by component.
        history: the published grades, the newest first.
        under_way: the newest period, where its results are not for the agency yet.
    """

    card: RatingCard | None
    is_newest: bool
    matters: tuple[Matter, ...]
    history: tuple[HistoryLine, ...]
    under_way: PeriodLine | None


def own_ratings(session: Session, actor: Actor, last_month: str) -> OwnRatings:
    """The page of the agency this person speaks for; nobody else's figures are in it.

    Args:
        session: a reading transaction.
        actor: who asks.
        last_month: the period, by its last month; one that is not there counts as none asked for.

    Raises:
        NotAllowed: the page is not for this person.
    """
    refuse_without(actor, Permission.see_own_rating)
    if actor.agency_id is None:
        return OwnRatings(None, True, (), (), None)
    months = [line.last_month for line in own_periods(session, actor)]
    wanted = last_month if last_month in months else next(iter(months), None)
    card = own_rating(session, actor, wanted) if wanted else None
    return OwnRatings(
        card=card,
        is_newest=card is None or card.period.last_month == months[0],
        matters=matters(session, card.agency_id, card.period.window, card.as_of) if card else (),
        history=rating_history(session, actor, actor.agency_id),
        under_way=_under_way(session),
    )


def _under_way(session: Session) -> PeriodLine | None:
    statement = select(RatingPeriod).order_by(col(RatingPeriod.last_month).desc()).limit(1)
    newest: RatingPeriod | None = session.execute(statement).scalar_one_or_none()
    if newest is None or newest.state in {*SHOWN_TO_AGENCY, PeriodState.published}:
        return None
    return period_line(session, newest)
