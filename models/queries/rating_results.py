"""The results of a rating period (考评结果): frozen rows, the computation a preview leads to with what
replies corrected, grades in force."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from typing import Any

from sqlalchemy import func, select
from sqlmodel import Session, col

from models.queries.rating_schemes import scheme_numbered
from models.rules.digest import facts_digest
from models.rules.months import YearMonth
from models.rules.rating.adjusting import Adjustment, adjusted
from models.rules.rating.outcome import Outcome, outcome_content, outcome_of, outcomes
from models.rules.rating.period_life import IN_PREVIEW, PeriodState
from models.rules.rating.scheme import Mark
from models.rules.rating.signals import Signals
from models.rules.rating.window import Window
from models.tables.ratings import RatingAdjustment, RatingPeriod, RatingResult
from models.tables.reference import ServiceType


def window_of(period: RatingPeriod) -> Window:
    """The months a period rates."""
    return Window(YearMonth.parse(period.first_month), YearMonth.parse(period.last_month))


def service_items(session: Session) -> dict[str, str]:
    """Service → item of the service list (clause 四), for the peer groups."""
    statement = select(col(ServiceType.code), col(ServiceType.clause_item))
    return {code: str(item) for code, item in session.execute(statement)}


def newest_results(
    session: Session, period_id: int, *, is_published: bool
) -> dict[int, RatingResult]:
    """Agency → its newest frozen row, of the preview or of the publication."""
    numbers = _newest_number(is_published).where(col(RatingResult.period_id) == period_id)
    newest = numbers.subquery()
    statement = (
        select(RatingResult)
        .join(
            newest,
            (newest.c.period_id == RatingResult.period_id)
            & (newest.c.agency_id == RatingResult.agency_id)
            & (newest.c.number == RatingResult.number),
        )
        .where(col(RatingResult.is_published) == is_published)
        .order_by(col(RatingResult.agency_id))
    )
    return {row.agency_id: row for row in session.execute(statement).scalars()}


def adjustments_of(session: Session, period_id: int) -> dict[int, list[Adjustment]]:
    """Agency → the corrections of a period, in the order they were made."""
    found: dict[int, list[Adjustment]] = defaultdict(list)
    statement = (
        select(RatingAdjustment)
        .where(col(RatingAdjustment.period_id) == period_id)
        .order_by(col(RatingAdjustment.id))
    )
    for row in session.execute(statement).scalars():
        found[row.agency_id].append(adjustment_of(row))
    return found


def adjustment_of(row: RatingAdjustment) -> Adjustment:
    """A correction as the rules read it."""
    return Adjustment(
        row.component, row.cases, row.good_quarters, row.service_code or "", row.penalty,
        row.lapses, row.cleared,
    )  # fmt: skip


def preview_signals(session: Session, period: RatingPeriod) -> tuple[Signals, ...]:
    """The inputs of the newest preview, with what upheld replies corrected."""
    assert period.id is not None
    corrected = adjustments_of(session, period.id)
    return tuple(
        adjusted(outcome_of_row(row).signals, corrected.get(agency_id, ()))
        for agency_id, row in newest_results(session, period.id, is_published=False).items()
    )


def outcomes_now(session: Session, period: RatingPeriod) -> dict[int, Outcome]:
    """What the period comes to at this moment: the newest published version of each agency; of a
    preview the computation with every correction so far; nothing while it collects.

    Returns:
        Agency → result.
    """
    assert period.id is not None
    if period.state is PeriodState.published:
        rows = newest_results(session, period.id, is_published=True)
        return {agency_id: outcome_of_row(row) for agency_id, row in rows.items()}
    if period.state not in IN_PREVIEW:
        return {}
    scheme = scheme_numbered(session, period.scheme_version)
    return outcomes(preview_signals(session, period), scheme, service_items(session))


def outcome_of_row(row: RatingResult) -> Outcome:
    """The result a frozen row holds."""
    return outcome_of(row.model_dump())


def result_digest(row: RatingResult) -> str:
    """The digest of a frozen row: inputs, scheme version and result."""
    return facts_digest(
        outcome_content(outcome_of_row(row))
        | {
            "period": row.period_id, "number": row.number, "published": int(row.is_published),
            "scheme": row.scheme_version, "as_of": row.as_of.isoformat(),
        }
    )  # fmt: skip


def mark_before(session: Session, period: RatingPeriod) -> dict[int, Mark | None]:
    """Agency → its grade in the period before, where that is published; `None`: took no part."""
    earlier = period_before(session, period)
    if earlier is None or earlier.id is None:
        return {}
    rows = newest_results(session, earlier.id, is_published=True)
    return {agency_id: row.mark for agency_id, row in rows.items()}


def period_before(session: Session, period: RatingPeriod) -> RatingPeriod | None:
    """The last published period before this one."""
    statement = (
        select(RatingPeriod)
        .where(
            col(RatingPeriod.state) == PeriodState.published,
            col(RatingPeriod.last_month) < period.last_month,
        )
        .order_by(col(RatingPeriod.last_month).desc())
        .limit(1)
    )
    found: RatingPeriod | None = session.execute(statement).scalar_one_or_none()
    return found


def current_results(
    session: Session, agency_ids: Iterable[int] | None = None
) -> dict[int, RatingResult]:
    """Agency → the newest version of its newest published result, also of who took no part.

    Args:
        session: any transaction.
        agency_ids: whose; everybody's when left out.
    """
    statement = (
        select(RatingResult)
        .join(RatingPeriod, col(RatingPeriod.id) == RatingResult.period_id)
        .where(col(RatingResult.is_published))
        .order_by(col(RatingPeriod.last_month), col(RatingResult.number))
    )
    if agency_ids is not None:
        statement = statement.where(col(RatingResult.agency_id).in_(list(agency_ids)))
    return {row.agency_id: row for row in session.execute(statement).scalars()}


def current_marks(session: Session) -> dict[int, Mark]:
    """Agency → its published grade in force (现行等级): of the newest published period it took part
    in the result of. Agencies that took no part in it have none.

    Everybody may know a grade; its components are for the alliance and the agency itself.
    """
    return {
        agency_id: row.mark
        for agency_id, row in current_results(session).items()
        if row.mark is not None
    }


def current_mark(session: Session, agency_id: int) -> Mark | None:
    """One agency's published grade in force; `None` where it has none."""
    found = current_results(session, (agency_id,)).get(agency_id)
    return found.mark if found else None


def _newest_number(is_published: bool) -> Any:
    return (
        select(
            col(RatingResult.period_id),
            col(RatingResult.agency_id),
            func.max(RatingResult.number).label("number"),
        )
        .where(col(RatingResult.is_published) == is_published)
        .group_by(col(RatingResult.period_id), col(RatingResult.agency_id))
    )
