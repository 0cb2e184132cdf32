"""A rating period's life (考评期): opened, previewed, replied to, reviewed, published.

What is previewed is what is published, save what an upheld reply corrected: inputs are gathered
once, when the preview is computed, and frozen with the scheme's version.
"""

from __future__ import annotations

from sqlalchemy import select
from sqlmodel import Session, col

from models.actions.course import given_reason
from models.actions.rating_steps import begun, finished, first_event, next_event, required_words
from models.actions.rating_writing import add_results, proposed_for
from models.actions.record import hold_head
from models.clock import now_utc, today
from models.queries.rating_results import (
    mark_before,
    newest_results,
    outcomes_now,
    service_items,
    window_of,
)
from models.queries.rating_schemes import scheme_in_force
from models.queries.rating_signals import kept_signals
from models.queries.settings import calendar, whole_number
from models.rules.errors import AlreadyDone, NotAllowed, NotAvailable
from models.rules.rating.outcome import outcomes
from models.rules.rating.period_life import (
    PERIOD_STEP_OF,
    PeriodAction,
    PeriodStanding,
    PeriodState,
    may_take,
)
from models.rules.rating.window import Window
from models.rules.roles import Actor
from models.rules.wording import say
from models.tables.ratings import RatingPeriod


def open_period(session: Session, actor: Actor, window: Window) -> str:
    """Open a rating period (开始考评期): from now on it collects.

    Args:
        session: the writing transaction.
        actor: alliance.
        window: the months it rates.

    Returns:
        Its name: its last month.

    Raises:
        NotAllowed: not this person's.
        NotAvailable: the first month has not begun, or the months are the wrong way round.
        AlreadyDone: a period has one of these months.
    """
    step = PERIOD_STEP_OF[PeriodAction.open_period]
    grant = actor.grant_for(step.roles)
    if grant is None:
        standing = PeriodStanding(PeriodState.collecting, today())
        raise NotAllowed(given_reason(may_take(step, actor, standing).reason))
    first, last = str(window.first), str(window.last)
    if window.first.first_day > today():
        raise NotAvailable(say("{month} 还没有开始", month=first))
    hold_head(session)
    if name := _overlapping(session, first, last):
        raise AlreadyDone(say("截止于 {month} 的考评期已包含其中的月份", month=name))
    scheme = scheme_in_force(session)
    period = RatingPeriod(
        first_month=first, last_month=last, scheme_version=scheme.version, changed_at_utc=now_utc()
    )
    session.add(period)
    event = first_event(session, actor, step, period, grant)
    finished(session, actor, event, period, {"first_month": first, "scheme": scheme.version})
    return last


def compute_preview(session: Session, actor: Actor, last_month: str, seen_version: int) -> None:
    """Compute the preview of a period (计算预评结果), for the first time or anew: the inputs are
    gathered as they stand today and frozen.

    Args:
        session: the writing transaction.
        actor: alliance; the rater: answers no reply and publishes nothing of this period.
        last_month: the period.
        seen_version: the version that was on screen.

    Raises:
        NotFound, SeenIsStale, NotAllowed, NotAvailable: as `rating_steps.begun`.
    """
    step = begun(session, actor, last_month, PeriodAction.compute_preview, seen_version)
    period, on = step.period, today()
    scheme = scheme_in_force(session)
    everybody = kept_signals(session, window_of(period), on)
    found = outcomes(everybody, scheme, service_items(session))
    event = next_event(session, actor, step, scheme_version=scheme.version)
    rows = add_results(session, period, event, found.values(), as_of=on, is_published=False)
    detail = {
        "as_of": on.isoformat(), "scheme": scheme.version, "agencies": len(rows),
        "results": {str(row.agency_id): row.digest for row in rows},
    }  # fmt: skip
    finished(session, actor, event, period, detail)


def cancel_preview(
    session: Session, actor: Actor, last_month: str, seen_version: int, reason: str
) -> None:
    """Cancel a preview nobody outside the alliance has seen (撤销预评); its rows stay on record.

    Raises:
        NotFound, SeenIsStale, NotAllowed, NotAvailable: as `rating_steps.begun`.
        ReasonMissing, TextRefused: no reason, or one too long.
    """
    step = begun(session, actor, last_month, PeriodAction.cancel_preview, seen_version)
    event = next_event(session, actor, step, reason=required_words(reason))
    finished(session, actor, event, step.period, {})


def open_replies(session: Session, actor: Actor, last_month: str, seen_version: int) -> None:
    """Show every agency its own preview (发送机构申辩) and let it reply for some working days, a
    setting.

    Raises:
        NotFound, SeenIsStale, NotAllowed, NotAvailable: as `rating_steps.begun`.
    """
    step = begun(session, actor, last_month, PeriodAction.open_replies, seen_version)
    days = whole_number(session, "rating_reply_working_days")
    until = calendar(session).add_working_days(today(), days)
    event = next_event(session, actor, step, reply_until_on=until)
    finished(session, actor, event, step.period, {"reply_until_on": until.isoformat()})


def begin_review(session: Session, actor: Actor, last_month: str, seen_version: int) -> None:
    """Go on to the review once the days to reply are over (转入复核).

    Raises:
        NotFound, SeenIsStale, NotAllowed, NotAvailable: as `rating_steps.begun`.
    """
    step = begun(session, actor, last_month, PeriodAction.begin_review, seen_version)
    event = next_event(session, actor, step)
    finished(session, actor, event, step.period, {})


def publish_ratings(session: Session, actor: Actor, last_month: str, seen_version: int) -> None:
    """Publish a period (公布考评结果): inputs, scheme version and results are frozen with their digest,
    and what may follow is proposed.

    Args:
        session: the writing transaction.
        actor: the alliance's lead, who neither computed the preview nor answered a reply.
        last_month: the period.
        seen_version: the version that was on screen.

    Raises:
        NotFound, SeenIsStale, NotAllowed, NotAvailable: as `rating_steps.begun`.
    """
    step = begun(session, actor, last_month, PeriodAction.publish_ratings, seen_version)
    period, on = step.period, today()
    assert period.id is not None
    found, earlier = outcomes_now(session, period), mark_before(session, period)
    previews = newest_results(session, period.id, is_published=False)
    as_of = max((row.as_of for row in previews.values()), default=on)
    days = whole_number(session, "rating_appeal_working_days")
    until = calendar(session).add_working_days(on, days)
    event = next_event(session, actor, step, published_on=on, appeal_until_on=until)
    rows = add_results(session, period, event, found.values(), as_of=as_of, is_published=True)
    detail = {
        "scheme": period.scheme_version, "as_of": as_of.isoformat(), "agencies": len(rows),
        "appeal_until_on": until.isoformat(),
        "results": {str(row.agency_id): row.digest for row in rows},
        "consequences": proposed_for(session, rows, earlier),
    }  # fmt: skip
    finished(session, actor, event, period, detail)


def _overlapping(session: Session, first: str, last: str) -> str | None:
    statement = (
        select(col(RatingPeriod.last_month))
        .where(col(RatingPeriod.first_month) <= last, col(RatingPeriod.last_month) >= first)
        .limit(1)
    )
    found: str | None = session.execute(statement).scalar_one_or_none()
    return found
