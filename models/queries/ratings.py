"""The board of a rating period (考评): where it stands, the league within peer groups, who takes no
part and why, replies, what may follow, and what the person may do next."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime

from sqlalchemy import func, select
from sqlmodel import Session, col

from models.clock import today
from models.queries.rating_card import PeriodLine, StepOffered, period_line, steps_on
from models.queries.rating_replies import ReplyLine, replies_in
from models.queries.rating_results import (
    mark_before,
    newest_results,
    outcome_of_row,
    outcomes_now,
    period_before,
    service_items,
)
from models.queries.rating_schemes import scheme_in_force, scheme_numbered
from models.queries.rating_sight import may_see_results, period_named, period_standing
from models.queries.visibility import refuse_without
from models.rules.errors import FigureRefused
from models.rules.months import YearMonth
from models.rules.rating.consequences import Consequence, ConsequenceState, proposals
from models.rules.rating.outcome import Outcome, outcomes
from models.rules.rating.period_life import (
    OF_PERIOD,
    PERIOD_STEP_OF,
    PeriodAction,
    PeriodState,
    ReplyState,
    may_take,
)
from models.rules.rating.scheme import FULL, Mark, Scheme
from models.rules.rating.signals import Component
from models.rules.rating.standings import GROUP_NAMES
from models.rules.rating.window import Window
from models.rules.roles import Actor, Permission
from models.rules.wording import Wording, say
from models.tables.organisations import Agency
from models.tables.people import Account
from models.tables.ratings import (
    RatingConsequence,
    RatingEvent,
    RatingPeriod,
    RatingReply,
)


@dataclass(frozen=True, slots=True)
class BoardRow:
    """One agency in a period.

    Attributes:
        number: its published version; 0 in a preview.
        before: its result in the last published period before, where there is one.
        replies: replies and appeals of it that wait for an answer.
    """

    agency_id: int
    agency: str
    uscc: str
    outcome: Outcome
    number: int
    before: Outcome | None
    replies: int = 0

    @property
    def moved_hundredths(self) -> int | None:
        """By how much its score has changed; `None` where there are not two."""
        if self.before is None:
            return None
        now, then = self.outcome.score_hundredths, self.before.score_hundredths
        return None if now is None or then is None else now - then


@dataclass(frozen=True, slots=True)
class ConsequenceLine:
    """A proposal and what was decided on it; `id` is 0 of one that publication would make."""

    id: int
    agency_id: int
    agency: str
    kind: Consequence
    grounds: Wording
    state: ConsequenceState = ConsequenceState.proposed
    decided_by: str = ""
    decided_at_utc: datetime | None = None
    reason: str = ""


@dataclass(frozen=True, slots=True)
class EventLine:
    """One step of a period as it is read."""

    action: PeriodAction
    name: Wording
    agency: str
    by: str
    at_utc: datetime
    reason: str


@dataclass(frozen=True, slots=True)
class PeriodBoard:
    """A rating period as one person reads it.

    Attributes:
        is_visible: the person sees its results; else only where it stands.
        scheme: the version that is used, or would be.
        rated: who takes part, by peer group and score, the best first.
        unrated: who takes no part (未参评), by name.
        steps: the steps on the whole period that exist now, open or with the reason why not.
        replies: replies and appeals, those that wait first.
        consequences: proposals; before publication those it would make.
        events: what happened, the newest first.
    """

    period: PeriodLine
    is_visible: bool
    scheme: Scheme
    rated: tuple[BoardRow, ...]
    unrated: tuple[BoardRow, ...]
    steps: tuple[StepOffered, ...]
    replies: tuple[ReplyLine, ...]
    consequences: tuple[ConsequenceLine, ...]
    events: tuple[EventLine, ...]

    @property
    def marks(self) -> tuple[Mark | None, ...]:
        """The grades of who takes part."""
        return tuple(row.outcome.mark for row in self.rated)


@dataclass(frozen=True, slots=True)
class Supposed:
    """One agency under other weights, beside what it has (试算): never stored."""

    agency_id: int
    agency: str
    mark: Mark | None
    score_hundredths: int
    supposed_mark: Mark | None
    supposed_hundredths: int


def periods_listed(session: Session, actor: Actor) -> tuple[PeriodLine, ...]:
    """Every rating period, the newest first.

    Raises:
        NotAllowed: not for this person.
    """
    refuse_without(actor, Permission.see_ratings)
    statement = select(RatingPeriod).order_by(col(RatingPeriod.last_month).desc())
    return tuple(period_line(session, one) for one in session.execute(statement).scalars())


def next_window(session: Session) -> Window:
    """The half-year a new period would rate: the one after the newest, or the one before the
    present one where there is none."""
    newest = session.execute(select(func.max(RatingPeriod.last_month))).scalar_one()
    if newest is None:
        return Window.last_half_year(today())
    first = YearMonth.parse(newest).next()
    return Window.half_year(first.year, 1 if first.month <= 6 else 2)


def period_board(session: Session, actor: Actor, last_month: str) -> PeriodBoard:
    """One rating period.

    Args:
        session: a reading transaction.
        actor: who reads ratings; a preview's results are for the alliance alone.
        last_month: the period, by its last month.

    Raises:
        NotAllowed: not for this person.
        NotFound: no such period.
    """
    refuse_without(actor, Permission.see_ratings)
    period = period_named(session, last_month)
    is_visible = may_see_results(actor, period)
    rows = _rows(session, period) if is_visible else ()
    scheme = _scheme(session, period)
    rated = tuple(row for row in rows if row.outcome.unrated is None)
    return PeriodBoard(
        period=period_line(session, period),
        is_visible=is_visible,
        scheme=scheme,
        rated=tuple(sorted(rated, key=_in_league)),
        unrated=tuple(
            sorted((row for row in rows if row.outcome.unrated), key=lambda row: row.agency)
        ),
        steps=_steps(session, actor, period),
        replies=replies_in(session, actor, period) if is_visible else (),
        consequences=_consequences(session, period, rows) if is_visible else (),
        events=_events(session, period, is_whole=is_visible),
    )


def answer_steps(
    session: Session, actor: Actor, board: PeriodBoard
) -> dict[int, tuple[StepOffered, ...]]:
    """Agency → what this person may do with the replies and appeals that wait, or why not."""
    period = period_named(session, board.period.last_month)
    waiting = {one.agency_id for one in board.replies if one.state is ReplyState.open}
    return {
        agency_id: steps_on(session, actor, period, session.get_one(Agency, agency_id))
        for agency_id in sorted(waiting)
    }


def what_if(
    session: Session, actor: Actor, last_month: str, weights: Mapping[Component, int]
) -> tuple[Supposed, ...]:
    """A period under other weights (权重试算), from the frozen inputs; nothing is stored.

    Args:
        session: a reading transaction.
        actor: who sees the period's results.
        last_month: the period.
        weights: points of each component, together 100.

    Returns:
        Who takes part, those whose grade would change first, then by the size of the change.

    Raises:
        NotAllowed, NotFound: as `period_board`.
        FigureRefused: the weights are not 100 together.
    """
    board = period_board(session, actor, last_month)
    total = sum(weights.values())
    if total != FULL or min(weights.values()) < 0:
        raise FigureRefused(say("各项权重合计须为 100，现为 {total}", total=total))
    scheme = replace(board.scheme, weights=dict(weights))
    signals = [row.outcome.signals for row in (*board.rated, *board.unrated)]
    found = outcomes(signals, scheme, service_items(session))
    supposed = [
        Supposed(
            row.agency_id, row.agency, row.outcome.mark, row.outcome.score_hundredths or 0,
            found[row.agency_id].mark, found[row.agency_id].score_hundredths or 0,
        )
        for row in board.rated
    ]  # fmt: skip
    return tuple(sorted(supposed, key=_most_changed))


# ---------------------------------------------------------------- pieces


def _in_league(row: BoardRow) -> tuple[int, int, int]:
    group = list(GROUP_NAMES).index(row.outcome.peer_group)
    return group, -(row.outcome.score_hundredths or 0), row.agency_id


def _most_changed(one: Supposed) -> tuple[bool, int, int]:
    change = abs(one.supposed_hundredths - one.score_hundredths)
    return one.mark is one.supposed_mark, -change, one.agency_id


def _scheme(session: Session, period: RatingPeriod) -> Scheme:
    if period.state is PeriodState.collecting:
        return scheme_in_force(session)
    return scheme_numbered(session, period.scheme_version)


def _rows(session: Session, period: RatingPeriod) -> tuple[BoardRow, ...]:
    assert period.id is not None
    is_published = period.state is PeriodState.published
    numbers = newest_results(session, period.id, is_published=is_published)
    found, earlier = outcomes_now(session, period), period_before(session, period)
    before = (
        newest_results(session, earlier.id, is_published=True)
        if earlier is not None and earlier.id is not None
        else {}
    )
    waiting = _waiting(session, period)
    agencies = select(col(Agency.id), col(Agency.name), col(Agency.uscc)).where(
        col(Agency.id).in_(list(found))
    )
    return tuple(
        BoardRow(
            agency_id, name, uscc, found[agency_id],
            numbers[agency_id].number if is_published else 0,
            outcome_of_row(before[agency_id]) if agency_id in before else None,
            waiting.get(agency_id, 0),
        )
        for agency_id, name, uscc in session.execute(agencies)
    )  # fmt: skip


def _waiting(session: Session, period: RatingPeriod) -> dict[int, int]:
    statement = (
        select(col(RatingReply.agency_id), func.count())
        .where(col(RatingReply.period_id) == period.id, col(RatingReply.answered_by_id).is_(None))
        .group_by(col(RatingReply.agency_id))
    )
    return {agency_id: int(count) for agency_id, count in session.execute(statement)}


def _steps(session: Session, actor: Actor, period: RatingPeriod) -> tuple[StepOffered, ...]:
    standing = period_standing(session, actor, period)
    return tuple(
        StepOffered(action, PERIOD_STEP_OF[action].name, answer.reason)
        for action in OF_PERIOD
        if period.state in PERIOD_STEP_OF[action].from_states
        for answer in (may_take(PERIOD_STEP_OF[action], actor, standing),)
    )


def _consequences(
    session: Session, period: RatingPeriod, rows: tuple[BoardRow, ...]
) -> tuple[ConsequenceLine, ...]:
    names = {row.agency_id: row.agency for row in rows}
    if period.state is not PeriodState.published:
        earlier = mark_before(session, period)
        return tuple(
            ConsequenceLine(0, row.agency_id, row.agency, one.kind, one.grounds)
            for row in sorted(rows, key=lambda row: row.agency_id)
            for one in proposals(row.outcome.mark, row.outcome.gates, earlier.get(row.agency_id))
        )
    statement = (
        select(RatingConsequence, col(Account.display_name))
        .outerjoin(Account, col(Account.id) == RatingConsequence.decided_by_id)
        .where(col(RatingConsequence.period_id) == period.id)
        .order_by(col(RatingConsequence.id))
    )
    return tuple(
        ConsequenceLine(
            one.id or 0, one.agency_id, names[one.agency_id], one.kind,
            Wording.from_json(one.grounds), one.state, by or "", one.decided_at_utc, one.reason,
        )
        for one, by in session.execute(statement)
    )  # fmt: skip


def _events(session: Session, period: RatingPeriod, *, is_whole: bool) -> tuple[EventLine, ...]:
    """What happened; who may not see the results reads the steps of the whole period only."""
    statement = (
        select(RatingEvent, col(Account.display_name), col(Agency.name))
        .join(Account, col(Account.id) == RatingEvent.account_id)
        .outerjoin(Agency, col(Agency.id) == RatingEvent.agency_id)
        .where(col(RatingEvent.period_id) == period.id)
        .order_by(col(RatingEvent.position).desc())
    )
    return tuple(
        EventLine(
            one.action, PERIOD_STEP_OF[one.action].name, agency or "", by, one.at_utc, one.reason
        )
        for one, by, agency in session.execute(statement)
        if is_whole or one.agency_id is None
    )
