"""Confirming what an import drafted: a standard or a budget line is in force once a second person
says so.

One table, `DRAFTS`, holds what differs between the two.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any, TypeAlias

from sqlmodel import Session

from models.actions.record import record
from models.actions.standards import close_standard, confirm_standard
from models.clock import now_utc
from models.rules.changes import ChangeState, barred_from_deciding
from models.rules.errors import AlreadyDone, NotAllowed, NotFound
from models.rules.roles import Actor, Permission
from models.rules.wording import Wording, say
from models.tables.money import BudgetLine, PolicyRule, Standing

Draft: TypeAlias = PolicyRule | BudgetLine


@dataclass(frozen=True, slots=True)
class DraftKind:
    """What a kind of draft is called, and what confirming and taking back do to one."""

    table: type[Draft]
    name: Wording
    subject: str
    confirm: Callable[[Session, Actor, Any], None]
    discard: Callable[[Session, Actor, Any], None]


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
        NotAvailable: a version in force stands in its way.
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
    """Take a drafted standard back before anybody confirms it; it stays to be read.

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
        kind.confirm(session, actor, draft)
    return len(locked)


def discard_drafts(session: Session, actor: Actor, drafts: Iterable[tuple[str, int]]) -> int:
    """Take several drafts back, all or none.

    Raises:
        as `discard_policy_rule`.
    """
    for kind, draft in (locked := _locked(session, drafts)):
        if draft.drafted_by_id != actor.account_id and not actor.may(Permission.confirm_policy):
            raise NotAllowed(say("草稿由起草人或联盟负责人撤回"))
        kind.discard(session, actor, draft)
    return len(locked)


def _locked(session: Session, drafts: Iterable[tuple[str, int]]) -> list[tuple[DraftKind, Draft]]:
    """The drafts, each once, locked in one order before the first of them is recorded."""
    return [
        (_KINDS[kind], _draft(session, _KINDS[kind], draft_id))
        for kind, draft_id in sorted(set(drafts))
    ]


def _draft(session: Session, kind: DraftKind, draft_id: int) -> Draft:
    draft: Any = session.get(kind.table, draft_id, with_for_update=True)
    if draft is None or getattr(draft, "standing", None) is Standing.reference:
        raise NotFound(say("没有这份{kind}草稿，可能已被撤回", kind=kind.name))
    if draft.confirmed_at_utc is not None:
        raise AlreadyDone(say("这份{kind}已经生效", kind=kind.name))
    found: Draft = draft
    return found


def _discard_rule(session: Session, actor: Actor, rule: PolicyRule) -> None:
    is_own = rule.drafted_by_id == actor.account_id
    state = ChangeState.withdrawn if is_own else ChangeState.turned_down
    close_standard(session, actor, rule, state)


def _confirm_line(session: Session, actor: Actor, line: BudgetLine) -> None:
    if barred := barred_from_deciding(actor.account_id, line.drafted_by_id):
        raise NotAllowed(barred)
    line.confirmed_by_id = actor.account_id
    line.confirmed_at_utc = now_utc()
    session.add(line)
    session.flush()
    record(session, actor, "confirm_budget_line", _subject(line), None, _content(line))


def _discard_line(session: Session, actor: Actor, line: BudgetLine) -> None:
    subject, content = _subject(line), _content(line)
    session.delete(line)
    session.flush()
    record(session, actor, "discard_budget_line", subject, content, None)


def _subject(line: BudgetLine) -> str:
    return f"budget_line:{line.year}:{line.code}"


def _content(line: BudgetLine) -> dict[str, Any]:
    """What the draft says, as the record keeps it."""
    return {
        "year": line.year,
        "code": line.code,
        "ceiling_fen": line.ceiling_fen,
        "drafted_by": line.drafted_by_id,
    }


# fmt: off
DRAFTS = (
    DraftKind(PolicyRule, say("补贴标准"), "policy_rule", confirm_standard, _discard_rule),
    DraftKind(BudgetLine, say("预算额度"), "budget_line", _confirm_line, _discard_line),
)
# fmt: on
_POLICY_RULE, _BUDGET_LINE = DRAFTS
_KINDS = {kind.subject: kind for kind in DRAFTS}
