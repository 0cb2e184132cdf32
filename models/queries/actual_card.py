"""One figure's card (实绩卡片): what it says, what was done to it by whom, what stands beside it,
and what this person may do about it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import select
from sqlmodel import Session, col

from models.queries.actuals import ActualRow, actual_row, figures_selected
from models.queries.contradictions import Contradiction, rivals_of
from models.queries.visibility import refuse_without
from models.rules.errors import NotFound
from models.rules.roles import Actor, Permission
from models.rules.targets.entries import FigureState, barred_from_confirming
from models.rules.targets.slides import Named
from models.rules.wording import Wording, say
from models.tables.meetings import ActualEntry, EntryState
from models.tables.targets import Actual, Indicator, Theme


@dataclass(frozen=True, slots=True)
class FigureStep:
    """One thing that was done to a figure.

    Attributes:
        what: in words.
        by: who; empty where it came with the plans.
        reason: in their words.
    """

    what: Wording
    by: str
    at_utc: datetime | None
    reason: str = ""


@dataclass(frozen=True, slots=True)
class ActualCard:
    """One figure with everything about it.

    Attributes:
        steps: what was done to it, the oldest first.
        beside: the figures of the same year, where there are others.
        waiting_for_place: a figure that waits to stand in its place; empty where none does.
        barred: why this person may not confirm it; `None` where nothing speaks against it.
        may_decide: it waits, and this person's role decides.
        may_withdraw: it waits, and is this person's own.
        may_replace: another may be entered in its place.
    """

    row: ActualRow
    theme: Named
    definition_zh: str
    steps: tuple[FigureStep, ...]
    beside: Contradiction | None
    waiting_for_place: str
    barred: Wording | None
    may_decide: bool
    may_withdraw: bool
    may_replace: bool


def actual_card(session: Session, actor: Actor, actual_id: str) -> ActualCard:
    """One figure's card, by its number.

    Raises:
        NotAllowed: the register is not open to this person.
        NotFound: no figure of that number.
    """
    refuse_without(actor, Permission.see_actuals)
    statement = figures_selected().where(col(Actual.id) == actual_id)
    found = session.execute(statement).first()
    if found is None:
        raise NotFound(say("没有编号为 {number} 的实绩", number=actual_id))
    row = actual_row(found)
    may_act = actor.may(Permission.enter_actuals)
    is_waiting = row.state is FigureState.waiting
    is_own = row.entered_by_id == actor.account_id
    waiting = waiting_replacement(session, row.id)
    return ActualCard(
        row=row,
        theme=_theme(session, row.indicator.code),
        definition_zh=found.Indicator.definition_zh,
        steps=tuple(_steps(session, row)),
        beside=rivals_of(session, row),
        waiting_for_place=waiting,
        barred=barred_from_confirming(actor.account_id, row.entered_by_id or 0),
        may_decide=may_act and is_waiting,
        may_withdraw=may_act and is_waiting and is_own,
        may_replace=may_act
        and not waiting
        and row.state in (FigureState.waiting, FigureState.counting),
    )


def waiting_replacement(session: Session, actual_id: str) -> str:
    """The figure that waits to stand in another's place; empty where none does."""
    statement = select(col(ActualEntry.actual_id)).where(
        col(ActualEntry.replaces_id) == actual_id, col(ActualEntry.state) == EntryState.entered
    )
    return session.execute(statement).scalars().first() or ""


def _theme(session: Session, indicator_code: str) -> Named:
    statement = (
        select(Theme.code, Theme.name_zh, Theme.name_en)
        .join(Indicator, col(Indicator.theme_code) == Theme.code)
        .where(col(Indicator.code) == indicator_code)
    )
    return Named(*session.execute(statement).one())


def _steps(session: Session, row: ActualRow) -> Iterator[FigureStep]:
    if row.entered_at_utc is None:
        yield FigureStep(say("随方案资料写入"), "", None)
    else:
        what = (
            say("填报，替代 {number}", number=row.replaces_id) if row.replaces_id else say("填报")
        )
        yield FigureStep(what, row.entered_by, row.entered_at_utc, row.reason)
        if row.decided_at_utc is not None:
            yield _decision(row)
    yield from _replacements(session, row.id)


def _decision(row: ActualRow) -> FigureStep:
    what = say("确认")
    if row.state is FigureState.turned_down:
        is_own = row.decided_by_id == row.entered_by_id
        what = say("填报人撤回") if is_own else say("不予采用")
    return FigureStep(what, row.decided_by, row.decided_at_utc, row.decided_reason)


def _replacements(session: Session, actual_id: str) -> Iterator[FigureStep]:
    """What was entered in its place, and what became of that."""
    statement = figures_selected().where(col(ActualEntry.replaces_id) == actual_id)
    found: Any = session.execute(statement.order_by(col(ActualEntry.entered_at_utc)))
    for one in map(actual_row, found):
        number = one.id
        yield FigureStep(
            say("更正为 {number}", number=number), one.entered_by, one.entered_at_utc,
            one.reason,
        )  # fmt: skip
        if one.decided_at_utc is not None:
            what = say("更正 {number} 经确认", number=number)
            if one.state is FigureState.turned_down:
                what = say("更正 {number} 未采用", number=number)
            yield FigureStep(what, one.decided_by, one.decided_at_utc, one.decided_reason)
