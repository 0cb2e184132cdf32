"""Changing settings, services' terms, reasons' words and days (调整): one person drafts, another
confirms; standards go through the same doors.

One table, `SUBJECTS`, holds what differs between the kinds.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import delete, select
from sqlmodel import Session, col

from models.actions.meanwhile import change_by
from models.actions.reasons import required_text
from models.actions.record import hold_head, record
from models.actions.standards import close_standard, confirm_standard
from models.clock import now_utc, today
from models.queries.admission_criteria import criterion_codes, next_criterion
from models.queries.changes import waiting_subjects
from models.queries.sealing import sealed
from models.queries.settings import forget_settings
from models.queries.visibility import refuse_without
from models.rules.changes import (
    BANK_ACCOUNTS,
    CHANGE_STATE_NAMES,
    OPERATORS,
    ChangeKind,
    ChangeState,
    Content,
    Written,
    barred_from_deciding,
    begins_too_early,
    content_read,
)
from models.rules.errors import (
    AlreadyDone,
    FigureRefused,
    NotAllowed,
    NotAvailable,
    NotFound,
    SeenIsStale,
)
from models.rules.roles import Actor, Permission
from models.rules.settings import SETTING_OF
from models.rules.standards import LONGEST_REASON
from models.rules.wording import say
from models.tables.admissions import AdmissionCriterion
from models.tables.money import PolicyRule
from models.tables.policy import PolicyChange, ReasonText, ServiceTerms
from models.tables.reference import CalendarDay, ReasonCode, ServiceType, Setting


@dataclass(frozen=True, slots=True)
class Draft:
    """A change as somebody drafts it (调整草稿).

    Attributes:
        subject: the setting's key, the service's or the reason's code, the day.
        written: field → text, as typed.
        valid_from: the first day on which it holds; of a day in the calendar the day itself.
        reason: why.
    """

    kind: ChangeKind
    subject: str
    written: Written
    valid_from: date
    reason: str


def draft_change(session: Session, actor: Actor, draft: Draft) -> int:
    """Draft a change of a setting or a list (起草调整): it holds once another person has confirmed it.

    Args:
        session: the writing transaction.
        actor: alliance; of settings and the calendar the administrator too.
        draft: the change; standards have a door of their own (`draft_standard`).

    Returns:
        The number of the change.

    Raises:
        NotAllowed: the actor drafts none, or only an operator changes this setting.
        NotFound: there is no such setting, service, reason or day.
        FigureRefused: something is wrong with what was written; the first fault.
        NotAvailable: it would begin before today.
        AlreadyDone: a change of the same thing waits, or one begins on the same day.
        ReasonMissing, TextRefused: no reason, or one too long.
    """
    subject = SUBJECTS[draft.kind]
    refuse_without(actor, subject.drafted_by)
    if actor.is_system:
        raise NotAllowed(say("调整由两名人员起草和确认，不能由系统写入"))
    if not draft.subject.isprintable() or not subject.is_there(session, draft):
        raise NotFound(say("没有“{subject}”，不能调整", subject=draft.subject))
    if draft.kind is ChangeKind.setting and draft.subject in OPERATORS:
        raise NotAllowed(say("这一项由运维命令设定，不在页面上调整"))
    found = content_read(draft.kind, draft.subject, draft.written)
    for fault in found.faults:
        raise FigureRefused(fault.words)
    reason = required_text(draft.reason, LONGEST_REASON)
    hold_head(session)
    _refuse_day(session, draft)
    if draft.subject in waiting_subjects(session, draft.kind):
        raise AlreadyDone(say("这一项已有待确认的草稿，请先办理"))
    change = PolicyChange(
        kind=draft.kind,
        subject=draft.subject,
        content=found.content,
        valid_from=draft.valid_from,
        reason=reason,
        state=ChangeState.drafted,
        drafted_by_id=actor.account_id,
        drafted_at_utc=now_utc(),
    )
    session.add(change)
    session.flush()
    record(
        session, actor, f"draft_{draft.kind}", _subject(change), None,
        recorded_change(change) | {"reason": reason},
    )  # fmt: skip
    return change.id or 0


def confirm_change(session: Session, actor: Actor, change_id: int) -> None:
    """Confirm a change somebody else drafted (确认调整): it holds from its first day on.

    Args:
        session: the writing transaction.
        actor: who may confirm policy, another person than the drafter.
        change_id: its number.

    Raises:
        NotAllowed: the actor confirms none, or drafted it.
        NotFound: no change of that number.
        SeenIsStale: somebody has decided on it meanwhile, with who and when.
        NotAvailable: its first day has passed, or a standard in force stands in its way.
        AlreadyDone: one that begins on the same day is in force.
    """
    refuse_without(actor, Permission.confirm_policy)
    change, rule = _waiting(session, change_id)
    if barred := barred_from_deciding(actor.account_id, change.drafted_by_id):
        raise NotAllowed(barred)
    if rule is not None:
        confirm_standard(session, actor, rule)
        return
    hold_head(session)
    _refuse_day(session, change)
    _decide(actor, change, ChangeState.confirmed)
    SUBJECTS[change.kind].apply(session, change)
    session.flush()
    forget_settings(session)
    after = recorded_change(change) | {"drafted_by": change.drafted_by_id}
    is_cleared = change.kind is ChangeKind.calendar_day and after["is_working"] is None
    verb = "clear_calendar_day" if is_cleared else f"confirm_{change.kind}"
    record(session, actor, verb, _subject(change), None, after)


def turn_down_change(session: Session, actor: Actor, change_id: int, reason: str) -> None:
    """Turn down a change somebody else drafted (不予采用): it stays to be read, with the reason.

    Args:
        session: the writing transaction.
        actor: who may confirm policy, another person than the drafter.
        change_id: its number.
        reason: why, in words.

    Raises:
        NotAllowed, NotFound, SeenIsStale: as `confirm_change`.
        ReasonMissing, TextRefused: no reason, or one too long.
    """
    refuse_without(actor, Permission.confirm_policy)
    why = required_text(reason, LONGEST_REASON)
    change, rule = _waiting(session, change_id)
    if change.drafted_by_id == actor.account_id:
        raise NotAllowed(say("这是您自己起草的；不再需要时请撤回"))
    _close(session, actor, change, rule, ChangeState.turned_down, why)


def withdraw_change(session: Session, actor: Actor, change_id: int, reason: str) -> None:
    """Take back a change one has drafted oneself, before anybody decided on it (撤回草稿).

    Args:
        session: the writing transaction.
        actor: who drafted it.
        change_id: its number.
        reason: why, in words.

    Raises:
        NotAllowed: somebody else drafted it.
        NotFound, SeenIsStale: as `confirm_change`.
        ReasonMissing, TextRefused: no reason, or one too long.
    """
    refuse_without(actor, Permission.draft_settings)
    why = required_text(reason, LONGEST_REASON)
    change, rule = _waiting(session, change_id)
    if change.drafted_by_id != actor.account_id:
        raise NotAllowed(say("草稿只能由起草人撤回；认为不妥的由联盟负责人不予采用"))
    _close(session, actor, change, rule, ChangeState.withdrawn, why)


def recorded_change(change: PolicyChange) -> dict[str, Any]:
    """What a change states, as the record keeps it: a bank account sealed."""
    content = dict(change.content)
    if change.kind is ChangeKind.setting and change.subject in BANK_ACCOUNTS:
        content["value"] = sealed(str(content["value"]))
    return {"valid_from": change.valid_from.isoformat(), **content}


# ---------------------------------------------------------------- deciding


def _waiting(session: Session, change_id: int) -> tuple[PolicyChange, PolicyRule | None]:
    """A change that waits, locked; of a standard its version first, as whoever confirms an import
    locks it."""
    of_number = select(PolicyChange.kind, PolicyChange.subject).where(
        col(PolicyChange.id) == change_id
    )
    named = session.execute(of_number).one_or_none()
    if named is None:
        raise NotFound(say("没有编号为 {number} 的调整", number=change_id))
    rule = None
    if named.kind is ChangeKind.policy_rule:
        key, _colon, version = named.subject.rpartition(":")
        of_version = select(PolicyRule).where(
            col(PolicyRule.key) == key, col(PolicyRule.version) == int(version)
        )
        rule = session.execute(of_version.with_for_update()).scalar_one_or_none()
    change: Any = session.get(PolicyChange, change_id, populate_existing=True, with_for_update=True)
    if change.state is not ChangeState.drafted:
        raise _decided_meanwhile(session, change)
    return change, rule


def _decided_meanwhile(session: Session, change: PolicyChange) -> SeenIsStale:
    decided = change_by(session, change.decided_by_id, change.decided_at_utc)
    return decided.stale(
        say("未保存：{name}已于 {at} 办理这份草稿，现为“{state}”，请核对最新内容", name=decided.by,
            at=decided.at, state=CHANGE_STATE_NAMES[change.state])
    )  # fmt: skip


def _close(
    session: Session,
    actor: Actor,
    change: PolicyChange,
    rule: PolicyRule | None,
    state: ChangeState,
    reason: str,
) -> None:
    if rule is not None:
        close_standard(session, actor, rule, state, reason)
        return
    _decide(actor, change, state, reason)
    session.add(change)
    session.flush()
    verb = "turn_down" if state is ChangeState.turned_down else "withdraw"
    record(
        session, actor, f"{verb}_{change.kind}", _subject(change), recorded_change(change),
        {"reason": reason, "drafted_by": change.drafted_by_id},
    )  # fmt: skip


def _decide(actor: Actor, change: PolicyChange, state: ChangeState, reason: str = "") -> None:
    change.state = state
    change.decided_by_id = actor.account_id
    change.decided_at_utc = now_utc()
    change.decided_reason = reason


def _refuse_day(session: Session, change: Draft | PolicyChange) -> None:
    """Nothing but a standard reaches back, and one thing changes once on a day."""
    if early := begins_too_early(change.valid_from, today()):
        raise NotAvailable(early)
    if SUBJECTS[change.kind].begins(session, change.subject, change.valid_from):
        raise AlreadyDone(say("{on} 起已有生效的版本，请另选生效日期", on=change.valid_from))


def _subject(change: PolicyChange) -> str:
    return f"{change.kind}:{change.subject}"


# ---------------------------------------------------------------- what is changed


@dataclass(frozen=True, slots=True)
class _Subject:
    """What differs between the kinds.

    Attributes:
        is_there: whether there is such a thing.
        begins: whether a confirmed version of it begins on a day already.
        apply: makes a confirmed change hold.
    """

    drafted_by: Permission
    is_there: Callable[[Session, Draft], bool]
    begins: Callable[[Session, str, date], bool]
    apply: Callable[[Session, PolicyChange], None]


def _is_setting(_: Session, draft: Draft) -> bool:
    return draft.subject in SETTING_OF


def _is_service(session: Session, draft: Draft) -> bool:
    return session.get(ServiceType, draft.subject) is not None


def _is_reason(session: Session, draft: Draft) -> bool:
    return session.get(ReasonCode, draft.subject) is not None


def _is_day(_: Session, draft: Draft) -> bool:
    return draft.subject == draft.valid_from.isoformat()


def _version_begins(table: Any, name: str) -> Callable[[Session, str, date], bool]:
    def begins(session: Session, subject: str, on: date) -> bool:
        statement = select(table.id).where(getattr(table, name) == subject, table.valid_from == on)
        return session.execute(statement).first() is not None

    return begins


def _never(_: Session, __: str, ___: date) -> bool:
    return False


def _apply_setting(session: Session, change: PolicyChange) -> None:
    session.add(
        Setting(
            key=change.subject,
            value=change.content["value"],
            valid_from=change.valid_from,
            drafted_by_id=change.drafted_by_id,
            confirmed_by_id=change.decided_by_id,
            confirmed_at_utc=now_utc(),
        )
    )


def _apply_version(table: Any, name: str) -> Callable[[Session, PolicyChange], None]:
    def apply(session: Session, change: PolicyChange) -> None:
        named = {name: change.subject, "valid_from": change.valid_from, "change_id": change.id or 0}
        session.add(table(**named, **change.content))

    return apply


def _versions(
    table: Any, name: str
) -> tuple[Callable[[Session, str, date], bool], Callable[[Session, PolicyChange], None]]:
    """Of what a table keeps versions of: whether one begins on a day, and how one is added."""
    return _version_begins(table, name), _apply_version(table, name)


def _apply_day(session: Session, change: PolicyChange) -> None:
    """The day's row, in the place of the one there; none where it is as announced again."""
    content: Content = change.content
    session.execute(delete(CalendarDay).where(col(CalendarDay.day) == change.valid_from))
    if content["is_working"] is not None:
        session.add(
            CalendarDay(
                day=change.valid_from, is_working=content["is_working"], note=content["note"]
            )
        )


def _is_criterion(session: Session, draft: Draft) -> bool:
    """One that is there, or the next one."""
    return draft.subject in (*criterion_codes(session), next_criterion(session))


# fmt: off
SUBJECTS: dict[ChangeKind, _Subject] = {
    ChangeKind.setting:       _Subject(Permission.draft_settings, _is_setting, _version_begins(Setting, "key"), _apply_setting),
    ChangeKind.service_terms: _Subject(Permission.draft_policy, _is_service, *_versions(ServiceTerms, "service_code")),
    ChangeKind.reason_text:   _Subject(Permission.draft_policy, _is_reason, *_versions(ReasonText, "code")),
    ChangeKind.calendar_day:  _Subject(Permission.draft_settings, _is_day, _never, _apply_day),
    ChangeKind.admission_criterion: _Subject(Permission.draft_policy, _is_criterion, *_versions(AdmissionCriterion, "code")),
}
# fmt: on
