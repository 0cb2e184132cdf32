"""Published grades (现行考评等级) and what they lead to outside the ratings: in lists, in the draw, in
suggestions. A grade is public; what it was computed from is not."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from enum import StrEnum
from typing import Any

from sqlalchemy import ColumnElement, ScalarSelect, and_, select
from sqlalchemy.orm import aliased
from sqlmodel import Session, col

from models.queries.rating_sight import is_own_agency
from models.rules.rating.consequences import Consequence, ConsequenceState
from models.rules.rating.scheme import Mark
from models.rules.roles import Actor, Permission
from models.rules.sampling import LOW_MARKS
from models.tables.organisations import Agency
from models.tables.ratings import RatingConsequence, RatingPeriod, RatingResult


class GradeWanted(StrEnum):
    """What a list of agencies is filtered by."""

    a = "A"  # 优秀
    b = "B"  # 良好
    c = "C"  # 合格
    d = "D"  # 整改
    none = "none"  # 尚无等级


@dataclass(frozen=True, slots=True)
class PublishedGrade:
    """An agency's published grade in force (现行等级).

    Attributes:
        mark: `None`: it took no part in the newest published period.
        score_hundredths, low_hundredths, high_hundredths: the score and its interval; `None` also
            for who may know the grade alone.
        last_month: the period's last month, by which it is named.
    """

    mark: Mark | None
    score_hundredths: int | None
    low_hundredths: int | None
    high_hundredths: int | None
    last_month: str


_GRADE: tuple[Any, ...] = (
    Agency.id, RatingResult.mark, RatingResult.score_hundredths, RatingResult.low_hundredths,
    RatingResult.high_hundredths, RatingPeriod.last_month,
)  # fmt: skip


def current_result_id() -> ScalarSelect[Any]:
    """The id of an agency's published result in force, as a scalar on rows of `agency`: the newest
    version of the newest published period."""
    one, period = aliased(RatingResult), aliased(RatingPeriod)
    return (
        select(col(one.id))
        .join(period, col(period.id) == one.period_id)
        .where(col(one.is_published), col(one.agency_id) == Agency.id)
        .order_by(col(period.last_month).desc(), col(one.number).desc())
        .limit(1)
        .correlate(Agency)
        .scalar_subquery()
    )


def grades_shown(
    session: Session, actor: Actor, agency_ids: Iterable[int]
) -> dict[int, PublishedGrade]:
    """The same as one person may read it: another agency knows the grade alone.

    Args:
        session: any transaction.
        actor: who asks.
        agency_ids: whose.
    """
    return {
        agency_id: grade
        if actor.may(Permission.see_ratings) or is_own_agency(actor, agency_id)
        else replace(grade, score_hundredths=None, low_hundredths=None, high_hundredths=None)
        for agency_id, grade in published_grades(session, agency_ids).items()
    }


def published_grades(session: Session, agency_ids: Iterable[int]) -> dict[int, PublishedGrade]:
    """Agency → its published grade in force; whoever was never rated is left out.

    Args:
        session: any transaction.
        agency_ids: whose.
    """
    statement = (
        select(*_GRADE)
        .select_from(Agency)
        .join(RatingResult, col(RatingResult.id) == current_result_id())
        .join(RatingPeriod, col(RatingPeriod.id) == RatingResult.period_id)
        .where(col(Agency.id).in_(list(agency_ids)))
    )
    return {row.id: PublishedGrade(*row[1:]) for row in session.execute(statement)}


def low_graded(session: Session) -> dict[int, str]:
    """The agencies whose claims are drawn by the larger share (低等级): graded C or D in force, unless
    the lead turned the proposal down.

    Returns:
        Agency → its credit code.
    """
    turned_down = _proposed(Consequence.spot_check, ConsequenceState.turned_down)
    statement = (
        select(Agency.id, Agency.uscc)
        .join(RatingResult, col(RatingResult.id) == current_result_id())
        .outerjoin(RatingConsequence, turned_down)
        .where(col(RatingResult.mark).in_(LOW_MARKS), col(RatingConsequence.id).is_(None))
    )
    return {row.id: row.uscc for row in session.execute(statement)}


def preferred(session: Session) -> frozenset[int]:
    """The agencies the lead gave priority in matching (优先对接) by their grade in force."""
    confirmed = _proposed(Consequence.priority, ConsequenceState.confirmed)
    statement = (
        select(Agency.id)
        .join(RatingResult, col(RatingResult.id) == current_result_id())
        .join(RatingConsequence, confirmed)
    )
    return frozenset(session.execute(statement).scalars())


def current_score() -> ScalarSelect[Any]:
    """The score behind an agency's grade in force, as a scalar on rows of `agency`: what a list
    sorts by."""
    of_result = col(RatingResult.id) == current_result_id()
    return select(col(RatingResult.score_hundredths)).where(of_result).scalar_subquery()


def graded(wanted: GradeWanted) -> ColumnElement[bool]:
    """A condition on rows of `agency`: its published grade in force."""
    of_result = col(RatingResult.id) == current_result_id()
    grade = select(col(RatingResult.mark)).where(of_result).scalar_subquery()
    return grade.is_(None) if wanted is GradeWanted.none else grade == Mark(wanted.value)


def _proposed(kind: Consequence, state: ConsequenceState) -> ColumnElement[bool]:
    return and_(
        col(RatingConsequence.result_id) == RatingResult.id,
        col(RatingConsequence.kind) == kind,
        col(RatingConsequence.state) == state,
    )
