"""Versions of subsidy standards (补贴标准): drafted, confirmed, or closed with a reason, whether they
come from the screen or from a workbook.

A draft is a row of `policy_rule` that nobody has confirmed, beside its row of `policy_change`.
Closed, the first goes and the second keeps what it said and why.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from sqlalchemy import func, select
from sqlmodel import Session, col

from models.actions.lock_order import turn_to_file
from models.actions.record import hold_head, record
from models.clock import now_utc
from models.queries.policy import standings_that_match
from models.queries.settings import place
from models.queries.visibility import refuse_without
from models.rules.changes import ChangeKind, ChangeState, barred_from_deciding
from models.rules.digest import sha256_hex
from models.rules.entitlement import Purpose
from models.rules.errors import FigureRefused, NotAllowed, NotAvailable
from models.rules.roles import Actor, Permission
from models.rules.standards import (
    HeldVersion,
    StandardEntry,
    in_one_line,
    overlap,
    standard_read,
)
from models.rules.wording import say
from models.tables.money import PolicyRule
from models.tables.policy import PolicyChange
from models.tables.reference import ResultKind, ServiceType

Values = dict[str, Any]
LONGEST_RULE_KEY = 40


def draft_standard(session: Session, actor: Actor, entry: StandardEntry) -> int:
    """Draft a version of a standard (起草补贴标准): it counts once another person has confirmed it.

    What covers the same service, kind of result and purpose already is followed by it; where
    nothing does, it is the first version of another standard.

    Args:
        session: the writing transaction.
        actor: alliance.
        entry: the version.

    Returns:
        The number of the change.

    Raises:
        NotAllowed: the actor drafts no standards.
        FigureRefused: something is wrong with it; the first fault.
        NotAvailable: it would begin before a version in force, or count beside another standard.
    """
    refuse_without(actor, Permission.draft_policy)
    kept = in_one_line(entry)
    found = standard_read(kept)
    for fault in found.faults:
        raise FigureRefused(fault.words)
    assert found.standard is not None
    _refuse_unknown(session, kept)
    values: Values = {
        "standing": standings_that_match(session)[-1],
        "document": kept.document,
        "clause": kept.clause,
        "title_zh": kept.title_zh,
        "title_en": kept.title_en,
        "service_code": kept.service_code,
        "result_kind_code": kept.result_kind_code or None,
        "purpose": kept.purpose,
        "payee": kept.payee,
        "kind": kept.kind,
        "parameters": found.standard.parameters,
        "agency_year_cap_fen": found.agency_year_cap_fen,
        "enterprise_year_cap_fen": found.enterprise_year_cap_fen,
        "budget_code": kept.budget_code or None,
        "valid_from": kept.valid_from,
        "valid_to": kept.valid_to,
    }
    turn_to_file(session)
    rule, change = drafted_standard(session, actor, values, kept.reason)
    _refuse_overlap(session, rule)
    record(
        session, actor, "draft_policy_rule", subject_of_rule(rule), None,
        content_of_rule(rule) | {"reason": kept.reason},
    )  # fmt: skip
    return change.id or 0


def drafted_standard(
    session: Session, actor: Actor, values: Mapping[str, Any], reason: str = ""
) -> tuple[PolicyRule, PolicyChange]:
    """The rows of a drafted version, under the key of what it follows and the next number.

    Args:
        session: the writing transaction.
        actor: who drafts; an import by the operator has nobody.
        values: the columns of `policy_rule` but its key, version and place.
        reason: why.
    """
    here = place(session)
    key = _key_of(session, here, values)
    rule = PolicyRule(
        key=key,
        version=_next_version(session, key),
        place=here,
        drafted_by_id=_drafter(actor),
        **values,
    )
    session.add(rule)
    session.flush()
    change = _change_of(rule, reason)
    session.add(change)
    session.flush()
    return rule, change


def confirm_standard(session: Session, actor: Actor, rule: PolicyRule) -> None:
    """Put a drafted version in force (确认补贴标准).

    Args:
        session: the writing transaction.
        actor: who may confirm policy, another person than the drafter.
        rule: the draft, locked.

    Raises:
        NotAllowed: the drafter.
        NotAvailable: a version in force meanwhile stands in its way.
    """
    if barred := barred_from_deciding(actor.account_id, rule.drafted_by_id):
        raise NotAllowed(barred)
    hold_head(session)
    _refuse_overlap(session, rule)
    rule.confirmed_by_id = actor.account_id
    rule.confirmed_at_utc = now_utc()
    session.add(rule)
    _decide(session, actor, rule, ChangeState.confirmed)
    session.flush()
    subject = subject_of_rule(rule)
    record(session, actor, "confirm_policy_rule", subject, None, content_of_rule(rule))


def close_standard(
    session: Session, actor: Actor, rule: PolicyRule, state: ChangeState, reason: str = ""
) -> None:
    """Close a drafted version without effect: it stays to be read, with the reason.

    Args:
        session: the writing transaction.
        actor: who closes it.
        rule: the draft, locked.
        state: turned down, or withdrawn by its drafter.
        reason: why.
    """
    subject, content = subject_of_rule(rule), content_of_rule(rule)
    _decide(session, actor, rule, state, reason)
    session.delete(rule)
    session.flush()
    verb = "turn_down_policy_rule"
    if state is ChangeState.withdrawn:
        verb = "discard_policy_rule"
    record(session, actor, verb, subject, content, {"reason": reason} if reason else None)


def rule_key(service: str, result_kind: str | None, purpose: str, payee: str) -> str:
    """The name of a standard that follows none: service or kind of result, purpose, payee."""
    key = ".".join((result_kind or service, purpose, payee))
    return key if len(key) <= LONGEST_RULE_KEY else f"{key[:27]}.{sha256_hex(key)[:12]}"


def subject_of_rule(rule: PolicyRule) -> str:
    """What the record calls a version: `policy_rule:S-01:3`."""
    return f"policy_rule:{rule.key}:{rule.version}"


def content_of_rule(rule: PolicyRule) -> Values:
    """What a version states, as the record and the change keep it."""
    return {
        "document": rule.document,
        "clause": rule.clause,
        "title_zh": rule.title_zh,
        "title_en": rule.title_en,
        "service": rule.service_code,
        "result_kind": rule.result_kind_code,
        "purpose": rule.purpose.value,
        "payee": rule.payee.value,
        "kind": rule.kind.value,
        "parameters": dict(rule.parameters),
        "valid_from": rule.valid_from.isoformat(),
        "valid_to": rule.valid_to.isoformat() if rule.valid_to else None,
        "budget": rule.budget_code,
        "agency_year_cap_fen": rule.agency_year_cap_fen,
        "enterprise_year_cap_fen": rule.enterprise_year_cap_fen,
        "drafted_by": rule.drafted_by_id,
    }


# ---------------------------------------------------------------- pieces


def _refuse_unknown(session: Session, entry: StandardEntry) -> None:
    if session.get(ServiceType, entry.service_code) is None:
        raise FigureRefused(say("没有代码为 {code} 的服务", code=entry.service_code))
    if not entry.result_kind_code:
        return
    kind = session.get(ResultKind, entry.result_kind_code)
    if kind is None or kind.service_code != entry.service_code:
        raise FigureRefused(say("成果类型 {code} 不属于这项服务", code=entry.result_kind_code))


def _covering(session: Session, rule: Mapping[str, Any]) -> Any:
    """Versions in force that cover what another one would, whoever is paid."""
    return select(PolicyRule).where(
        col(PolicyRule.place) == rule["place"],
        col(PolicyRule.standing).in_(standings_that_match(session)),
        col(PolicyRule.service_code) == rule["service_code"],
        col(PolicyRule.result_kind_code).is_not_distinct_from(rule["result_kind_code"]),
        col(PolicyRule.purpose) == rule["purpose"],
        col(PolicyRule.confirmed_at_utc).is_not(None),
    )


def _key_of(session: Session, here: str, values: Mapping[str, Any]) -> str:
    """The key of the newest version in force that covers the same, else one of its own."""
    newest = (
        _covering(session, {**values, "place": here})
        .order_by(col(PolicyRule.valid_from).desc(), col(PolicyRule.id).desc())
        .limit(1)
    )
    followed = session.execute(newest).scalar_one_or_none()
    if followed is not None:
        return str(followed.key)
    purpose, payee = Purpose(values["purpose"]).value, str(values["payee"])
    return rule_key(values["service_code"], values["result_kind_code"], purpose, payee)


def _next_version(session: Session, key: str) -> int:
    """One more than the highest that was ever drafted: a number that was turned down is not used
    again."""
    newest = select(func.max(PolicyRule.version)).where(col(PolicyRule.key) == key)
    drafted = select(col(PolicyChange.subject)).where(
        col(PolicyChange.kind) == ChangeKind.policy_rule,
        col(PolicyChange.subject).startswith(f"{key}:", autoescape=True),
    )
    numbers = [int(one.rpartition(":")[2]) for one in session.execute(drafted).scalars()]
    return max([session.execute(newest).scalar_one() or 0, *numbers]) + 1


def _refuse_overlap(session: Session, rule: PolicyRule) -> None:
    covering = _covering(session, rule.model_dump())
    held = (
        HeldVersion(one.key, one.version, one.valid_from, one.valid_to)
        for one in session.execute(covering.order_by(col(PolicyRule.id))).scalars()
    )
    drafted = HeldVersion(rule.key, rule.version, rule.valid_from, rule.valid_to)
    if stands_in_the_way := overlap(drafted, held):
        raise NotAvailable(stands_in_the_way)


def _change_of(rule: PolicyRule, reason: str = "") -> PolicyChange:
    return PolicyChange(
        kind=ChangeKind.policy_rule,
        subject=f"{rule.key}:{rule.version}",
        content=content_of_rule(rule),
        valid_from=rule.valid_from,
        reason=reason,
        state=ChangeState.drafted,
        drafted_by_id=rule.drafted_by_id,
        drafted_at_utc=now_utc(),
    )


def _decide(
    session: Session, actor: Actor, rule: PolicyRule, state: ChangeState, reason: str = ""
) -> None:
    """What became of the change; a draft older than changes are gets its row now."""
    statement = select(PolicyChange).where(
        col(PolicyChange.kind) == ChangeKind.policy_rule,
        col(PolicyChange.subject) == f"{rule.key}:{rule.version}",
    )
    found = session.execute(statement.with_for_update()).scalar_one_or_none()
    change = found or _change_of(rule)
    change.state = state
    change.decided_by_id = actor.account_id
    change.decided_at_utc = now_utc()
    change.decided_reason = reason
    session.add(change)


def _drafter(actor: Actor) -> int | None:
    return None if actor.is_system else actor.account_id
