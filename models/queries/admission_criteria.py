"""The criteria of admission (入会条件): those in force on a day, and as `/policies` lists them."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from sqlalchemy import func, select
from sqlmodel import Session, col

from models.queries.changes import waiting_subjects
from models.queries.visibility import refuse_without
from models.rules.changes import LONGEST_CRITERION, ChangeKind, Content
from models.rules.roles import Actor, Permission
from models.tables.admissions import AdmissionCriterion

PREFIX = "A"


@dataclass(frozen=True, slots=True)
class CriterionRow:
    """A criterion (入会条件) as it is worded on a day.

    Attributes:
        since: since when; `is_default` where nobody has changed it here.
        waiting: the number of the change that waits; 0 where none does.
    """

    code: str
    text: AdmissionCriterion
    since: date
    is_required: bool
    is_in_force: bool
    is_default: bool
    waiting: int

    @property
    def standing(self) -> tuple[bool, bool, int]:
        """Whether it is in force, whether it is a default, and the change that waits."""
        return self.is_in_force, self.is_default, self.waiting


def criteria_on(session: Session, on: date) -> tuple[AdmissionCriterion, ...]:
    """The criteria (入会条件) in force on a day, in the order of their codes."""
    return tuple(row for row in _newest(session, on) if row.is_in_force)


def criteria_worded(session: Session, actor: Actor, on: date) -> tuple[CriterionRow, ...]:
    """Every criterion as it stands on a day, the ended ones too.

    Raises:
        NotAllowed: the list is not open to this person.
    """
    refuse_without(actor, Permission.see_policies)
    waiting = waiting_subjects(session, ChangeKind.admission_criterion)
    return tuple(
        CriterionRow(
            row.code, row, row.valid_from, row.is_required, row.is_in_force,
            row.change_id is None, waiting.get(row.code, 0),
        )
        for row in _newest(session, on)
    )  # fmt: skip


def criterion_now(session: Session, _: Actor, code: str, on: date) -> Content | None:
    """What a criterion states, as a change would state it; the next one states nothing yet."""
    for row in _newest(session, on):
        if row.code == code:
            texts = {name: getattr(row, name) for name in LONGEST_CRITERION}
            return texts | {"is_required": row.is_required, "is_in_force": row.is_in_force}
    if code != next_criterion(session):
        return None
    return dict.fromkeys(LONGEST_CRITERION, "") | {"is_required": True, "is_in_force": True}


def criterion_codes(session: Session) -> tuple[str, ...]:
    """The codes there are, those to come too."""
    statement = select(col(AdmissionCriterion.code)).distinct()
    return tuple(sorted(session.execute(statement).scalars()))


def next_criterion(session: Session) -> str:
    """The code a new criterion gets: `A09`."""
    numbers = [int(code.removeprefix(PREFIX)) for code in criterion_codes(session)]
    return f"{PREFIX}{max(numbers, default=0) + 1:02d}"


def _newest(session: Session, on: date) -> tuple[AdmissionCriterion, ...]:
    """The newest version of each criterion that has begun."""
    newest = (
        select(AdmissionCriterion.code, func.max(AdmissionCriterion.valid_from).label("since"))
        .where(col(AdmissionCriterion.valid_from) <= on)
        .group_by(col(AdmissionCriterion.code))
        .subquery()
    )
    statement = (
        select(AdmissionCriterion)
        .join(
            newest,
            (newest.c.code == AdmissionCriterion.code)
            & (newest.c.since == AdmissionCriterion.valid_from),
        )
        .order_by(col(AdmissionCriterion.code))
    )
    return tuple(session.execute(statement).scalars())
