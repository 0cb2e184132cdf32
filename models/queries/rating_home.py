"""What the start page says of ratings (考评): to an agency its grade and what it may still say, to
the alliance which step of the period waits."""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy import or_, select
from sqlmodel import Session, col

from models.queries.grades import PublishedGrade, published_grades
from models.queries.rating_card import PeriodLine, own_periods, period_line
from models.queries.rating_sight import period_standing
from models.rules.rating.period_life import (
    OF_PERIOD,
    PERIOD_STEP_OF,
    PeriodState,
    ReplyState,
    may_take,
)
from models.rules.roles import Actor, Permission
from models.rules.wording import Wording
from models.tables.ratings import RatingPeriod, RatingReply


@dataclass(frozen=True, slots=True)
class OwnGrade:
    """An agency's grade on its start page.

    Attributes:
        grade: in force; `None`: it was never rated.
        preview: a period whose preview it may read; `None` where there is none.
    """

    grade: PublishedGrade | None
    preview: PeriodLine | None


@dataclass(frozen=True, slots=True)
class RatingTurn:
    """What waits in a rating period for one person of the alliance.

    Attributes:
        period: the period under way.
        steps: steps on the whole period that this person may take now.
        replies: replies and appeals that nobody has answered.
    """

    period: PeriodLine
    steps: tuple[Wording, ...]
    replies: int


def own_grade(session: Session, actor: Actor) -> OwnGrade | None:
    """The grade of the agency this person speaks for; `None` for who speaks for none."""
    if actor.agency_id is None or not actor.may(Permission.see_own_rating):
        return None
    periods = own_periods(session, actor)
    preview = next((one for one in periods if one.state is not PeriodState.published), None)
    grades = published_grades(session, (actor.agency_id,))
    return OwnGrade(grades.get(actor.agency_id), preview)


def rating_turns(session: Session, actor: Actor) -> tuple[RatingTurn, ...]:
    """What waits for this person in the rating periods, the oldest first; nothing for who does not
    rate."""
    if not actor.may(Permission.rate_agencies):
        return ()
    replied = select(RatingReply.period_id).where(col(RatingReply.state) == ReplyState.open)
    waiting = select(RatingPeriod).where(
        or_(
            col(RatingPeriod.state) != PeriodState.published,
            col(RatingPeriod.id).in_(replied),
        )
    )
    periods = session.execute(waiting.order_by(col(RatingPeriod.last_month))).scalars()
    turns = (_turn(session, actor, period) for period in periods)
    return tuple(turn for turn in turns if turn.steps or turn.replies)


def _turn(session: Session, actor: Actor, period: RatingPeriod) -> RatingTurn:
    standing = period_standing(session, actor, period)
    steps = tuple(
        PERIOD_STEP_OF[action].name
        for action in OF_PERIOD
        if may_take(PERIOD_STEP_OF[action], actor, standing).is_allowed
    )
    return RatingTurn(period_line(session, period), steps, standing.open_replies)
