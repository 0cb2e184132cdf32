"""Who sees what of a rating period, and how a person stands to it: one rule for board, cards and
files.

A preview is for the alliance; each agency sees its own once replies are open. What is published is
read by all who read `/ratings`; of it, other agencies know the grade alone.
"""

from __future__ import annotations

from sqlalchemy import func, select
from sqlmodel import Session, col

from models.clock import today
from models.queries.rating_results import window_of
from models.queries.ties import ties_to
from models.rules.errors import NotFound
from models.rules.rating.period_life import (
    OF_PERIOD,
    SHOWN_TO_AGENCY,
    PeriodAction,
    PeriodStanding,
    PeriodState,
    ReplyState,
)
from models.rules.roles import Actor, Permission, Role
from models.rules.wording import say
from models.tables.organisations import Agency
from models.tables.ratings import RatingEvent, RatingPeriod, RatingReply


def may_see_results(actor: Actor, period: RatingPeriod) -> bool:
    """Whether this person sees everybody's results in a period: the alliance always, who else reads
    ratings once they are published."""
    if actor.may(Permission.rate_agencies):
        return True
    return period.state is PeriodState.published and actor.may(Permission.see_ratings)


def may_see_card(actor: Actor, period: RatingPeriod, agency_id: int) -> bool:
    """Whether this person sees one agency's components, rows and replies in a period."""
    return may_see_results(actor, period) or (
        is_own_agency(actor, agency_id)
        and (period.state in SHOWN_TO_AGENCY or period.state is PeriodState.published)
    )


def is_own_agency(actor: Actor, agency_id: int | None) -> bool:
    """Whether the person speaks for this agency."""
    return Role.agency in actor.roles and agency_id is not None and actor.agency_id == agency_id


def period_named(session: Session, last_month: str) -> RatingPeriod:
    """A period by its last month, `2026-06`.

    Raises:
        NotFound: there is none.
    """
    missing = NotFound(say("没有截止于 {month} 的考评期", month=last_month[:7]))
    if not last_month.isprintable():
        raise missing
    statement = select(RatingPeriod).where(col(RatingPeriod.last_month) == last_month)
    period: RatingPeriod | None = session.execute(statement).scalar_one_or_none()
    if period is None:
        raise missing
    return period


def period_standing(
    session: Session, actor: Actor, period: RatingPeriod, agency: Agency | None = None
) -> PeriodStanding:
    """How a person stands to a period, or to one agency's part in it, today.

    Args:
        session: any transaction.
        actor: the person.
        period: the period; locked where a step is to be taken.
        agency: the agency looked at, if one is.
    """
    session.flush()  # ties are read beside the session's objects
    waiting = select(func.count()).where(
        col(RatingReply.period_id) == period.id, col(RatingReply.state) == ReplyState.open
    )
    return PeriodStanding(
        state=period.state,
        on=today(),
        acted=_acted(session, actor, period, agency),
        ties=ties_to(session, actor, agency.id) if agency else (),
        is_own_agency=agency is not None and is_own_agency(actor, agency.id),
        is_window_over=today() > window_of(period).last.last_day,
        reply_until_on=period.reply_until_on,
        appeal_until_on=period.appeal_until_on,
        open_replies=session.execute(waiting).scalar_one(),
    )


def _acted(
    session: Session, actor: Actor, period: RatingPeriod, agency: Agency | None
) -> frozenset[PeriodAction]:
    statement = select(col(RatingEvent.action), col(RatingEvent.agency_id)).where(
        col(RatingEvent.period_id) == period.id, col(RatingEvent.account_id) == actor.account_id
    )
    return frozenset(
        action
        for action, agency_id in session.execute(statement)
        if agency is None or action in OF_PERIOD or agency_id == agency.id
    )
