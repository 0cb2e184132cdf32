"""Drafts of standards and budget lines that wait for a second person (待第二人确认)."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date

from sqlalchemy import select
from sqlmodel import Session, col

from models.queries.imports import require_sight_of_exchange
from models.rules.entitlement import Payee, Purpose, StandardKind
from models.rules.roles import Actor, Permission
from models.tables.money import BudgetLine, PolicyRule
from models.tables.people import Account
from models.tables.reference import ServiceType


@dataclass(frozen=True, slots=True)
class DraftWaiting:
    """One draft.

    Attributes:
        kind: `policy_rule` or `budget_line`.
        service, purpose, payee, standard: what a standard says; empty for a budget line.
        amount_fen: the fixed amount, the ceiling, or the line's ceiling, whichever it states first.
        budget: the line.
        valid_from: of a budget line the first of January.
        may_confirm: whether this person may put it in force: not the drafter, and entitled to.
    """

    id: str
    kind: str
    record_id: int
    service: str
    purpose: Purpose | None
    payee: Payee | None
    standard: StandardKind | None
    amount_fen: int | None
    budget: str
    source: str
    valid_from: date
    drafted_by: str
    may_confirm: bool


def drafts_waiting(session: Session, actor: Actor) -> tuple[DraftWaiting, ...]:
    """Every draft of a standard or a budget line, oldest first.

    Raises:
        NotAllowed: the actor may not read what was exchanged.
    """
    require_sight_of_exchange(actor)
    return (*_rules(session, actor), *_lines(session, actor))


def _rules(session: Session, actor: Actor) -> Iterator[DraftWaiting]:
    statement = (
        select(PolicyRule, ServiceType.name_zh, Account.display_name)
        .outerjoin(ServiceType, col(ServiceType.code) == PolicyRule.service_code)
        .join(Account, col(Account.id) == PolicyRule.drafted_by_id)
        .where(col(PolicyRule.confirmed_at_utc).is_(None))
        .order_by(col(PolicyRule.id))
    )
    for rule, service, drafted_by in session.execute(statement):
        stated = (rule.parameters.get(name) for name in ("amount_fen", "ceiling_fen"))
        yield DraftWaiting(
            f"policy_rule:{rule.id}", "policy_rule", rule.id or 0, service or "", rule.purpose,
            rule.payee, rule.kind, next(filter(None, stated), None), rule.budget_code or "",
            f"{rule.document} {rule.clause}".strip(), rule.valid_from, drafted_by,
            _may_confirm(actor, rule.drafted_by_id),
        )  # fmt: skip


def _lines(session: Session, actor: Actor) -> Iterator[DraftWaiting]:
    statement = (
        select(BudgetLine, Account.display_name)
        .join(Account, col(Account.id) == BudgetLine.drafted_by_id)
        .where(col(BudgetLine.confirmed_at_utc).is_(None))
        .order_by(col(BudgetLine.id))
    )
    for line, drafted_by in session.execute(statement):
        yield DraftWaiting(
            f"budget_line:{line.id}", "budget_line", line.id or 0, "", None, None, None,
            line.ceiling_fen, line.name_zh or line.code, "", date(line.year, 1, 1), drafted_by,
            _may_confirm(actor, line.drafted_by_id),
        )  # fmt: skip


def _may_confirm(actor: Actor, drafted_by_id: int | None) -> bool:
    return actor.may(Permission.confirm_policy) and actor.account_id != drafted_by_id
