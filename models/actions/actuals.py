"""Entering figures (实绩填报): one person enters, another confirms; what counts never changes in place.

A figure is entered as a draft (待确认), perhaps in the place of another with the reason. It counts
once a second person has confirmed it; from then on the one it replaces no longer does. Both stay.
"""

from __future__ import annotations

from typing import Any

from sqlalchemy import Select, func, select
from sqlmodel import Session, col

from models.actions.lock_order import lock_figures, turn_to_file
from models.actions.meanwhile import change_by
from models.actions.reasons import required_text
from models.actions.record import record
from models.clock import now_utc, today
from models.queries.actual_card import waiting_replacement
from models.queries.actuals import actual_recorded
from models.queries.visibility import refuse_without
from models.rules.errors import (
    AlreadyDone,
    FigureRefused,
    NotAllowed,
    NotFound,
    SeenIsStale,
)
from models.rules.roles import Actor, Permission
from models.rules.targets.entries import (
    LONGEST_REASON,
    Counted,
    FigureEntry,
    barred_from_confirming,
    faults_of,
    in_one_spelling,
    in_unit,
    value_read,
)
from models.rules.wording import Wording, say
from models.tables.meetings import ActualEntry, EntryState
from models.tables.targets import Actual, Indicator, Place

PREFIX = "E-"
_DIGITS = 5
_DECISIONS = {
    EntryState.confirmed: say("确认"),
    EntryState.turned_down: say("不予采用"),
}


def enter_actual(
    session: Session,
    actor: Actor,
    entry: FigureEntry,
    *,
    replaces_id: str = "",
    reason: str = "",
) -> str:
    """Enter a figure (填报实绩), perhaps in the place of another: a draft until a second person
    confirms it.

    Args:
        session: the writing transaction.
        actor: alliance.
        entry: the figure; its unit may be one that is converted into the indicator's.
        replaces_id: the figure it shall replace; empty for none.
        reason: why it replaces that one, in words.

    Returns:
        Its number, `E-00001`.

    Raises:
        NotAllowed: the actor enters no figures.
        FigureRefused: something is wrong with it; the first fault.
        NotFound: no such place, or no figure to be replaced.
        AlreadyDone: the same figure stands already, or the other was turned down or replaced.
        ReasonMissing, TextRefused: no reason for replacing, or one too long.
    """
    _refuse_strangers(actor)
    turn_to_file(session)
    counted = _counted(session, entry.indicator_code)
    kept = in_one_spelling(entry)
    for fault in faults_of(kept, counted, today()):
        raise FigureRefused(fault.words)
    assert counted is not None
    actual = _figure(session, kept, counted)
    if replaces_id:
        _refuse_replacing(session, actual, replaces_id)
    why = required_text(reason, LONGEST_REASON) if replaces_id else ""
    _refuse_twice(session, actual)
    session.add(actual)
    session.flush()
    made = ActualEntry(
        actual_id=actual.id,
        state=EntryState.entered,
        replaces_id=replaces_id or None,
        reason=why,
        entered_by_id=actor.account_id,
        entered_at_utc=now_utc(),
    )
    session.add(made)
    session.flush()
    after = actual_recorded(actual, made)
    if kept.unit != actual.unit:
        after["as_written"] = f"{kept.value} {kept.unit}"
    record(session, actor, "enter_actual", subject_of_actual(actual.id), None, after)
    return actual.id


def confirm_actual(session: Session, actor: Actor, actual_id: str) -> None:
    """Confirm a figure somebody else entered (确认实绩): it counts from now on.

    Args:
        session: the writing transaction.
        actor: alliance, another person than who entered it.
        actual_id: its number.

    Raises:
        NotAllowed: the actor confirms none, or entered it.
        NotFound: no figure of that number was entered.
        SeenIsStale: somebody has decided on it meanwhile, with who and when.
        AlreadyDone: another figure has taken its place, or that of the one it replaces.
    """
    _refuse_strangers(actor)
    entry = _waiting(session, actual_id)
    if barred := barred_from_confirming(actor.account_id, entry.entered_by_id):
        raise NotAllowed(barred)
    if entry.replaces_id:
        _refuse_replaced(session, entry.replaces_id)
    _decide(session, actor, entry, EntryState.confirmed, "confirm_actual")


def turn_down_actual(session: Session, actor: Actor, actual_id: str, reason: str) -> None:
    """Turn down a figure somebody else entered (不予采用): it stays to be read and never counts.

    Args:
        session: the writing transaction.
        actor: alliance, another person than who entered it.
        actual_id: its number.
        reason: why, in words.

    Raises:
        NotAllowed: the actor decides on none, or entered it.
        NotFound, SeenIsStale, AlreadyDone: as `confirm_actual`.
        ReasonMissing, TextRefused: no reason, or one too long.
    """
    _refuse_strangers(actor)
    why = required_text(reason, LONGEST_REASON)
    entry = _waiting(session, actual_id)
    if entry.entered_by_id == actor.account_id:
        raise NotAllowed(say("这是您自己填报的实绩；不再需要时请撤回"))
    _decide(session, actor, entry, EntryState.turned_down, "turn_down_actual", why)


def withdraw_actual(session: Session, actor: Actor, actual_id: str, reason: str) -> None:
    """Take back a figure one has entered oneself, before anybody confirmed it (撤回填报).

    Args:
        session: the writing transaction.
        actor: who entered it.
        actual_id: its number.
        reason: why, in words.

    Raises:
        NotAllowed: the actor enters none, or somebody else entered it.
        NotFound, SeenIsStale, AlreadyDone: as `confirm_actual`.
        ReasonMissing, TextRefused: no reason, or one too long.
    """
    _refuse_strangers(actor)
    why = required_text(reason, LONGEST_REASON)
    entry = _waiting(session, actual_id)
    if entry.entered_by_id != actor.account_id:
        raise NotAllowed(say("填报只能由填报人撤回；认为有误的请选择不予采用"))
    _decide(session, actor, entry, EntryState.turned_down, "withdraw_actual", why)


def replacement_barred(session: Session, actual_id: str) -> Wording | None:
    """Why no other figure may be entered in the place of one; `None`: it may.

    Args:
        session: any transaction.
        actual_id: a figure that is there.
    """
    entry = session.get(ActualEntry, actual_id, populate_existing=True)
    if entry is not None and entry.state is EntryState.turned_down:
        return say("{number} 未采用，不必替代；请直接填报", number=actual_id)
    if other := _replaced_by(session, actual_id):
        return say("{number} 已由 {other} 替代；请更正 {other}", number=actual_id, other=other)
    if other := waiting_replacement(session, actual_id):
        return say("{number} 的更正 {other} 正待确认，请先办理", number=actual_id, other=other)
    return None


def subject_of_actual(actual_id: str) -> str:
    """What the record calls a figure: `actual:E-00001`."""
    return f"actual:{actual_id}"


# ---------------------------------------------------------------- entering


def _refuse_strangers(actor: Actor) -> None:
    """Two different persons stand behind each figure: the system is none."""
    refuse_without(actor, Permission.enter_actuals)
    if actor.is_system:
        raise NotAllowed(say("实绩由联盟人员填报和确认，不能由系统写入"))


def _counted(session: Session, indicator_code: str) -> Counted | None:
    statement = select(Indicator.unit, Indicator.kind).where(col(Indicator.code) == indicator_code)
    found = session.execute(statement).one_or_none()
    return None if found is None else Counted(found.unit, found.kind)


def _figure(session: Session, entry: FigureEntry, counted: Counted) -> Actual:
    """The entry as a row, in its indicator's unit and under the next number."""
    if session.get(Place, entry.place_code) is None:
        raise NotFound(say("没有代码为 {code} 的地区", code=entry.place_code))
    value = in_unit(value_read(entry.value), entry.unit, counted.unit)
    assert value is not None
    assert entry.as_of
    assert entry.kind
    assert entry.grade
    return Actual(
        id=_next_number(session),
        place_code=entry.place_code,
        indicator_code=entry.indicator_code,
        as_of=entry.as_of,
        period_start=entry.period_start,
        value=value,
        is_over=entry.is_over,
        unit=counted.unit,
        kind=entry.kind,
        grade=entry.grade,
        source_title=entry.source_title,
        source_url=entry.source_url,
        published=entry.published,
        note_zh=entry.note_zh,
    )


def _next_number(session: Session) -> str:
    """One more than the highest; whoever enters holds the turn to file."""
    number_of = col(ActualEntry.actual_id)
    last = select(number_of).order_by(func.length(number_of).desc(), number_of.desc()).limit(1)
    highest = session.execute(last).scalar_one_or_none()
    number = int(highest.removeprefix(PREFIX)) + 1 if highest else 1
    return f"{PREFIX}{number:0{_DIGITS}d}"


def _refuse_twice(session: Session, actual: Actual) -> None:
    """The same figure from the same source is entered once; what was turned down may come again."""
    same = (
        select(col(Actual.id))
        .outerjoin(ActualEntry, col(ActualEntry.actual_id) == Actual.id)
        .where(
            col(Actual.place_code) == actual.place_code,
            col(Actual.indicator_code) == actual.indicator_code,
            col(Actual.as_of) == actual.as_of,
            col(Actual.period_start).is_not_distinct_from(actual.period_start),
            col(Actual.value) == actual.value,
            col(Actual.source_title) == actual.source_title,
            col(ActualEntry.state).is_distinct_from(EntryState.turned_down),
        )
    )
    there = session.execute(same.order_by(col(Actual.id))).scalars().first()
    if there is not None:
        raise AlreadyDone(say("同一来源的同一数字已登记为 {number}", number=there))


def _refuse_replacing(session: Session, actual: Actual, replaces_id: str) -> None:
    lock_figures(session, [replaces_id])
    replaced = session.get(Actual, replaces_id)
    if replaced is None:
        raise NotFound(say("没有编号为 {number} 的实绩", number=replaces_id))
    same = (replaced.place_code, replaced.indicator_code)
    if same != (actual.place_code, actual.indicator_code):
        raise FigureRefused(say("更正须与 {number} 是同一地区、同一指标", number=replaces_id))
    if barred := replacement_barred(session, replaces_id):
        raise AlreadyDone(barred)


# ---------------------------------------------------------------- deciding


def _waiting(session: Session, actual_id: str) -> ActualEntry:
    """An entered figure that waits, locked with the one it replaces.

    Raises:
        NotFound: none of that number was entered.
        SeenIsStale: somebody has decided on it.
        AlreadyDone: another has taken its place.
    """
    replaces = select(ActualEntry.replaces_id).where(col(ActualEntry.actual_id) == actual_id)
    found = session.execute(replaces).one_or_none()
    if found is None:
        raise NotFound(say("没有编号为 {number} 的填报", number=actual_id))
    lock_figures(session, {actual_id, found.replaces_id} - {None})
    entry: Any = session.get(ActualEntry, actual_id, populate_existing=True)
    if entry.state is not EntryState.entered:
        raise _decided_meanwhile(session, entry)
    _refuse_replaced(session, actual_id)
    waiting: ActualEntry = entry
    return waiting


def _decided_meanwhile(session: Session, entry: ActualEntry) -> SeenIsStale:
    decided = change_by(session, entry.decided_by_id, entry.decided_at_utc or entry.entered_at_utc)
    return decided.stale(
        say("未保存：{name}已于 {at} 对 {number} 作出“{what}”，请核对最新内容", name=decided.by,
            at=decided.at, number=entry.actual_id, what=_DECISIONS[entry.state])
    )  # fmt: skip


def _refuse_replaced(session: Session, actual_id: str) -> None:
    if other := _replaced_by(session, actual_id):
        raise AlreadyDone(say("{number} 已由 {other} 替代", number=actual_id, other=other))


def _replaced_by(session: Session, actual_id: str) -> str:
    statement: Select[Any] = select(col(ActualEntry.actual_id)).where(
        col(ActualEntry.replaces_id) == actual_id, col(ActualEntry.state) == EntryState.confirmed
    )
    return session.execute(statement).scalars().first() or ""


def _decide(
    session: Session,
    actor: Actor,
    entry: ActualEntry,
    state: EntryState,
    verb: str,
    reason: str = "",
) -> None:
    actual = session.get_one(Actual, entry.actual_id)
    before = actual_recorded(actual, entry)
    entry.state = state
    entry.decided_by_id = actor.account_id
    entry.decided_at_utc = now_utc()
    entry.decided_reason = reason
    session.add(entry)
    session.flush()
    after = actual_recorded(actual, entry)
    record(session, actor, verb, subject_of_actual(actual.id), before, after)
