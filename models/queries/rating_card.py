"""One agency's rating in a period (考评结果) as the alliance and the agency itself read it: components,
versions, replies, what would raise it, what may be done; and its history over the periods."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import select
from sqlmodel import Session, col

from models.clock import today
from models.queries.rating_replies import ReplyLine, replies_in
from models.queries.rating_results import (
    adjustments_of,
    newest_results,
    outcome_of_row,
    outcomes_now,
    period_before,
    window_of,
)
from models.queries.rating_rows import SignalRow, signal_rows
from models.queries.rating_schemes import scheme_numbered
from models.queries.rating_sight import (
    is_own_agency,
    may_see_card,
    period_named,
    period_standing,
)
from models.queries.settings import calendar
from models.queries.visibility import sight_of_agency
from models.rules.errors import NotFound
from models.rules.rating.adjusting import Adjustment
from models.rules.rating.outcome import Outcome
from models.rules.rating.period_life import (
    PERIOD_LIFE,
    PeriodAction,
    PeriodState,
    may_take,
)
from models.rules.rating.raising import WayUp, what_would_raise
from models.rules.rating.scheme import Mark, Scheme
from models.rules.rating.score import Unrated
from models.rules.rating.signals import Component
from models.rules.rating.window import Window
from models.rules.roles import Actor
from models.rules.wording import Wording, say
from models.tables.organisations import Agency
from models.tables.people import Account
from models.tables.ratings import RatingEvent, RatingPeriod, RatingResult

_OF_AGENCY = (PeriodAction.reply_to_rating, PeriodAction.appeal_rating)
_ANSWERS = (PeriodAction.answer_reply, PeriodAction.answer_appeal)


@dataclass(frozen=True, slots=True)
class PeriodLine:
    """A rating period as it is listed.

    Attributes:
        last_month: its name in addresses, `2026-06`.
        reply_days_left, appeal_days_left: working days left to reply or appeal, today counted as
            0 on the last one; `None` where that is not open.
    """

    last_month: str
    window: Window
    state: PeriodState
    version: int
    scheme_version: int
    reply_until_on: date | None
    reply_days_left: int | None
    published_on: date | None
    appeal_until_on: date | None
    appeal_days_left: int | None


@dataclass(frozen=True, slots=True)
class StepOffered:
    """A step somebody may take now, or why not; `barred` is `None` where it is open."""

    action: PeriodAction
    name: Wording
    barred: Wording | None


@dataclass(frozen=True, slots=True)
class VersionLine:
    """One published version of an agency's result.

    Attributes:
        number: 1 at publication; an upheld appeal makes the next.
        event: what froze it: the publication or an appeal.
    """

    number: int
    event: PeriodAction
    frozen_at_utc: datetime
    frozen_by: str
    scheme_version: int
    digest: str
    outcome: Outcome


@dataclass(frozen=True, slots=True)
class RatingCard:
    """One agency's rating in a period.

    Attributes:
        outcome: what holds now: the newest version, or of a preview the computation with every
            correction so far.
        scheme: the version it is computed by.
        as_of: the day the inputs were gathered.
        before: its result in the last published period before, where there is one.
        versions: every published version, the newest first.
        replies: replies and appeals with their answers, those that wait first.
        adjustments: what upheld ones corrected, in their order.
        steps: what the person may do with this agency's part: reply or appeal, or answer.
    """

    period: PeriodLine
    agency_id: int
    agency: str
    uscc: str
    outcome: Outcome
    scheme: Scheme
    as_of: date
    before: Outcome | None
    versions: tuple[VersionLine, ...]
    replies: tuple[ReplyLine, ...]
    adjustments: tuple[Adjustment, ...]
    steps: tuple[StepOffered, ...]


@dataclass(frozen=True, slots=True)
class HistoryLine:
    """An agency's published result in one period, its newest version.

    Attributes:
        score_hundredths, low_hundredths, high_hundredths: `None` for who took no part, and for who
            may know the grade alone.
    """

    last_month: str
    window: Window
    number: int
    mark: Mark | None
    unrated: Unrated | None
    score_hundredths: int | None
    low_hundredths: int | None
    high_hundredths: int | None


def rating_card(session: Session, actor: Actor, last_month: str, agency_id: int) -> RatingCard:
    """One agency's rating in a period.

    Args:
        session: a reading transaction.
        actor: the alliance; the agency itself once replies are open; after publication who reads
            ratings.
        last_month: the period, by its last month.
        agency_id: whose.

    Raises:
        NotFound: no such period or result, or not for this person: the answer is the same.
    """
    period = period_named(session, last_month)
    missing = NotFound(say("截止于 {month} 的考评期没有这家机构的结果", month=last_month[:7]))
    if not may_see_card(actor, period, agency_id):
        raise missing
    outcome = outcomes_now(session, period).get(agency_id)
    agency = session.get(Agency, agency_id)
    if outcome is None or agency is None or period.id is None:
        raise missing
    rows = newest_results(session, period.id, is_published=period.state is PeriodState.published)
    earlier = period_before(session, period)
    before = (
        newest_results(session, earlier.id, is_published=True).get(agency_id)
        if earlier is not None and earlier.id is not None
        else None
    )
    return RatingCard(
        period=period_line(session, period),
        agency_id=agency_id,
        agency=agency.name,
        uscc=agency.uscc,
        outcome=outcome,
        scheme=scheme_numbered(session, rows[agency_id].scheme_version),
        as_of=rows[agency_id].as_of,
        before=outcome_of_row(before) if before else None,
        versions=_versions(session, period, agency_id),
        replies=replies_in(session, actor, period, agency_id),
        adjustments=tuple(adjustments_of(session, period.id).get(agency_id, ())),
        steps=steps_on(session, actor, period, agency),
    )


def own_rating(session: Session, actor: Actor, last_month: str | None = None) -> RatingCard | None:
    """The rating of the agency this person speaks for: its preview once replies are open, or what
    was published.

    Args:
        session: a reading transaction.
        actor: the agency.
        last_month: the period; the newest with a result to see when left out.

    Returns:
        `None` where there is nothing to see yet, or the person speaks for no agency.

    Raises:
        NotFound: no such period or result, where one was named.
    """
    if actor.agency_id is None or not is_own_agency(actor, actor.agency_id):
        return None
    if last_month is not None:
        return rating_card(session, actor, last_month, actor.agency_id)
    months = own_periods(session, actor)
    return rating_card(session, actor, months[0].last_month, actor.agency_id) if months else None


def own_periods(session: Session, actor: Actor) -> tuple[PeriodLine, ...]:
    """The periods in which the agency this person speaks for has a result to see, the newest
    first."""
    if actor.agency_id is None:
        return ()
    statement = (
        select(RatingPeriod)
        .where(
            col(RatingPeriod.id).in_(
                select(col(RatingResult.period_id)).where(
                    col(RatingResult.agency_id) == actor.agency_id
                )
            )
        )
        .order_by(col(RatingPeriod.last_month).desc())
    )
    return tuple(
        period_line(session, period)
        for period in session.execute(statement).scalars()
        if may_see_card(actor, period, actor.agency_id)
    )


def way_up(session: Session, actor: Actor, last_month: str, agency_id: int) -> WayUp:
    """What would raise an agency's grade (怎样提升), its peers as they are in this period.

    Raises:
        NotFound: as `rating_card`.
    """
    card = rating_card(session, actor, last_month, agency_id)
    period = period_named(session, last_month)
    everybody = (one.signals for one in outcomes_now(session, period).values())
    return what_would_raise(card.outcome.signals, everybody, card.scheme)


def rows_behind(
    session: Session, actor: Actor, last_month: str, agency_id: int, component: Component
) -> tuple[SignalRow, ...]:
    """The cases behind one component (考评明细), as they stood when the inputs were gathered;
    corrections stand in the card.

    Raises:
        NotFound: as `rating_card`.
    """
    card = rating_card(session, actor, last_month, agency_id)
    return signal_rows(session, agency_id, component, card.period.window, card.as_of)


def rating_history(session: Session, actor: Actor, agency_id: int) -> tuple[HistoryLine, ...]:
    """An agency's published ratings, the newest first: grades for whoever sees the agency; scores
    and intervals for those who read ratings, and itself.

    Args:
        session: any transaction.
        actor: who asks.
        agency_id: whose.

    Returns:
        Nothing where the agency is not for this person.
    """
    if not sight_of_agency(actor, agency_id).is_visible:
        return ()
    statement = (
        select(RatingPeriod, RatingResult)
        .join(RatingResult, col(RatingResult.period_id) == RatingPeriod.id)
        .where(col(RatingResult.agency_id) == agency_id, col(RatingResult.is_published))
        .order_by(col(RatingPeriod.last_month), col(RatingResult.number))
    )
    newest = {period.last_month: (period, row) for period, row in session.execute(statement)}
    return tuple(
        _history(period, row, is_whole=may_see_card(actor, period, agency_id))
        for period, row in reversed(newest.values())
    )


def period_line(session: Session, period: RatingPeriod) -> PeriodLine:
    """A period as it is listed."""
    is_reply = period.state is PeriodState.reply
    is_published = period.state is PeriodState.published
    return PeriodLine(
        period.last_month, window_of(period), period.state, period.version,
        period.scheme_version, period.reply_until_on,
        _days_left(session, period.reply_until_on) if is_reply else None,
        period.published_on, period.appeal_until_on,
        _days_left(session, period.appeal_until_on) if is_published else None,
    )  # fmt: skip


def steps_on(
    session: Session, actor: Actor, period: RatingPeriod, agency: Agency
) -> tuple[StepOffered, ...]:
    """The steps on an agency's part that exist in this state, for who could take them."""
    standing = period_standing(session, actor, period, agency)
    wanted = _OF_AGENCY if is_own_agency(actor, agency.id) else _ANSWERS
    found = []
    for step in PERIOD_LIFE:
        if step.action not in wanted or period.state not in step.from_states:
            continue
        if actor.grant_for(step.roles) is None:
            continue
        answer = may_take(step, actor, standing)
        found.append(StepOffered(step.action, step.name, answer.reason))
    return tuple(found)


# ---------------------------------------------------------------- pieces


def _days_left(session: Session, until: date | None) -> int | None:
    if until is None or until < today():
        return None
    return calendar(session).working_days_between(today(), until)


def _history(period: RatingPeriod, row: RatingResult, *, is_whole: bool) -> HistoryLine:
    scores = (row.score_hundredths, row.low_hundredths, row.high_hundredths)
    return HistoryLine(
        period.last_month, window_of(period), row.number, row.mark, row.unrated,
        *(scores if is_whole else (None, None, None)),
    )  # fmt: skip


def _versions(session: Session, period: RatingPeriod, agency_id: int) -> tuple[VersionLine, ...]:
    statement = (
        select(RatingResult, RatingEvent, col(Account.display_name))
        .join(
            RatingEvent,
            (col(RatingEvent.period_id) == RatingResult.period_id)
            & (col(RatingEvent.position) == RatingResult.event_position),
        )
        .join(Account, col(Account.id) == RatingEvent.account_id)
        .where(
            col(RatingResult.period_id) == period.id,
            col(RatingResult.agency_id) == agency_id,
            col(RatingResult.is_published),
        )
        .order_by(col(RatingResult.number).desc())
    )
    return tuple(
        VersionLine(
            row.number, event.action, event.at_utc, name, row.scheme_version, row.digest,
            outcome_of_row(row),
        )
        for row, event, name in session.execute(statement)
    )  # fmt: skip
