"""Confirming what an import drafted: a standard or a budget line is in force once a second person
says so.

One table, `DRAFTS`, holds what differs between the two.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any, TypeAlias

from sqlmodel import Session

from models.actions.record import record
from models.clock import now_utc
from models.rules.errors import AlreadyDone, NotAllowed, NotFound
from models.rules.roles import Actor, Permission
from models.rules.wording import Wording, say
from models.tables.money import BudgetLine, PolicyRule

Draft: TypeAlias = PolicyRule | BudgetLine


@dataclass(frozen=True, slots=True)
class DraftKind:
    """What a kind of draft is called, and how the record names one."""

    table: type[Draft]
    name: Wording
    subject: str
    confirmed: str
    discarded: str


# fmt: off
DRAFTS = (
    DraftKind(PolicyRule, say("补贴标准"), "policy_rule", "confirm_policy_rule", "discard_policy_rule"),
    DraftKind(BudgetLine, say("预算额度"), "budget_line", "confirm_budget_line", "discard_budget_line"),
)
# fmt: on
_POLICY_RULE, _BUDGET_LINE = DRAFTS
_KINDS = {kind.subject: kind for kind in DRAFTS}


def confirm_policy_rule(session: Session, actor: Actor, rule_id: int) -> None:
    """Put a drafted standard (补贴标准) in force.

    Args:
        session: the writing transaction.
        actor: another person than the drafter, who may confirm policy.
        rule_id: the draft.

    Raises:
        NotAllowed: the drafter, or nobody who may confirm.
        NotFound: no such draft.
        AlreadyDone: somebody confirmed it before.
    """
    confirm_drafts(session, actor, [(_POLICY_RULE.subject, rule_id)])


def confirm_budget_line(session: Session, actor: Actor, line_id: int) -> None:
    """Put a drafted budget line (预算额度) in force.

    Args:
        session: the writing transaction.
        actor: another person than the drafter, who may confirm policy.
        line_id: the draft.

    Raises:
        as `confirm_policy_rule`.
    """
    confirm_drafts(session, actor, [(_BUDGET_LINE.subject, line_id)])


def discard_policy_rule(session: Session, actor: Actor, rule_id: int) -> None:
    """Take a drafted standard back before anybody confirms it; the record keeps what it said.

    Raises:
        NotAllowed: neither the drafter nor somebody who may confirm.
        NotFound: no such draft.
        AlreadyDone: it is in force.
    """
    discard_drafts(session, actor, [(_POLICY_RULE.subject, rule_id)])


def discard_budget_line(session: Session, actor: Actor, line_id: int) -> None:
    """Take a drafted budget line back before anybody confirms it; the record keeps what it said.

    Raises:
        as `discard_policy_rule`.
    """
    discard_drafts(session, actor, [(_BUDGET_LINE.subject, line_id)])


def confirm_drafts(session: Session, actor: Actor, drafts: Iterable[tuple[str, int]]) -> int:
    """Put several drafts in force, all or none; each through the same guard.

    Args:
        session: the writing transaction.
        actor: as `confirm_policy_rule`.
        drafts: (`policy_rule` or `budget_line`, id).

    Returns:
        How many.

    Raises:
        as `confirm_policy_rule`.
    """
    if not actor.may(Permission.confirm_policy):
        raise NotAllowed(say("草稿由联盟负责人确认"))
    for kind, draft in (locked := _locked(session, drafts)):
        _confirm(session, actor, kind, draft)
    return len(locked)


def discard_drafts(session: Session, actor: Actor, drafts: Iterable[tuple[str, int]]) -> int:
    """Take several drafts back, all or none.

    Raises:
        as `discard_policy_rule`.
    """
    for kind, draft in (locked := _locked(session, drafts)):
        _discard(session, actor, kind, draft)
    return len(locked)


def _locked(session: Session, drafts: Iterable[tuple[str, int]]) -> list[tuple[DraftKind, Draft]]:
    """The drafts, each once, locked in one order before the first of them is recorded."""
    return [
        (_KINDS[kind], _draft(session, _KINDS[kind], draft_id))
        for kind, draft_id in sorted(set(drafts))
    ]


def _confirm(session: Session, actor: Actor, kind: DraftKind, draft: Draft) -> None:
    if draft.drafted_by_id == actor.account_id:
        raise NotAllowed(say("起草人不能确认自己的草稿，须由另一人确认"))
    draft.confirmed_by_id = actor.account_id
    draft.confirmed_at_utc = now_utc()
    session.add(draft)
    session.flush()
    record(session, actor, kind.confirmed, _subject(kind, draft), None, _content(draft))


def _discard(session: Session, actor: Actor, kind: DraftKind, draft: Draft) -> None:
    if draft.drafted_by_id != actor.account_id and not actor.may(Permission.confirm_policy):
        raise NotAllowed(say("草稿由起草人或联盟负责人撤回"))
    subject, content = _subject(kind, draft), _content(draft)
    session.delete(draft)
    session.flush()
    record(session, actor, kind.discarded, subject, content, None)


def _draft(session: Session, kind: DraftKind, draft_id: int) -> Draft:
    draft: Any = session.get(kind.table, draft_id, with_for_update=True)
    if draft is None:
        raise NotFound(say("没有这份{kind}草稿，可能已被撤回", kind=kind.name))
    if draft.confirmed_at_utc is not None:
        raise AlreadyDone(say("这份{kind}已经生效", kind=kind.name))
    found: Draft = draft
    return found


def _subject(kind: DraftKind, draft: Draft) -> str:
    if isinstance(draft, PolicyRule):
        return f"{kind.subject}:{draft.key}:{draft.version}"
    return f"{kind.subject}:{draft.year}:{draft.code}"


def _content(draft: Draft) -> dict[str, Any]:
    """What the draft says, as the record keeps it."""
    if isinstance(draft, PolicyRule):
        return {
            "document": draft.document,
            "clause": draft.clause,
            "service": draft.service_code,
            "result_kind": draft.result_kind_code,
            "purpose": draft.purpose.value,
            "payee": draft.payee.value,
            "kind": draft.kind.value,
            "parameters": dict(draft.parameters),
            "valid_from": draft.valid_from.isoformat(),
            "valid_to": draft.valid_to.isoformat() if draft.valid_to else None,
            "budget": draft.budget_code,
            "agency_year_cap_fen": draft.agency_year_cap_fen,
            "enterprise_year_cap_fen": draft.enterprise_year_cap_fen,
            "drafted_by": draft.drafted_by_id,
        }
    return {
        "year": draft.year,
        "code": draft.code,
        "ceiling_fen": draft.ceiling_fen,
        "drafted_by": draft.drafted_by_id,
    }
