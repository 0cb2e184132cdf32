"""The subsidy standards (补贴标准) that claims here can match, and which one covers a result."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import bindparam, or_, select
from sqlmodel import Session, col

from models.queries.settings import is_demonstration, place
from models.rules.claim_facts import StandardFacts
from models.rules.entitlement import Purpose, Standard
from models.tables.money import PolicyRule, Standing

_SUPPOSED = "standards supposed in this transaction"

_COLUMNS: tuple[Any, ...] = (
    PolicyRule.id, PolicyRule.key, PolicyRule.version, PolicyRule.document, PolicyRule.clause,
    PolicyRule.title_zh, PolicyRule.service_code, PolicyRule.result_kind_code, PolicyRule.purpose,
    PolicyRule.payee, PolicyRule.kind, PolicyRule.parameters, PolicyRule.agency_year_cap_fen,
    PolicyRule.enterprise_year_cap_fen, PolicyRule.budget_code, PolicyRule.valid_from,
    PolicyRule.valid_to,
)  # fmt: skip
_RULES = (
    select(*_COLUMNS)
    .where(
        col(PolicyRule.place) == bindparam("place"),
        col(PolicyRule.standing).in_(bindparam("standings", expanding=True)),
        or_(
            col(PolicyRule.confirmed_at_utc).is_not(None),
            col(PolicyRule.id).in_(bindparam("supposed", expanding=True)),
        ),
        col(PolicyRule.service_code).is_not(None),
    )
    .order_by(col(PolicyRule.valid_from).desc(), col(PolicyRule.version).desc())
)
_RULES_FOR = _RULES.where(col(PolicyRule.service_code).in_(bindparam("services", expanding=True)))


@dataclass(frozen=True, slots=True)
class PolicyVersion:
    """A standard as claims match it: the rule it states, and the columns that decide whom it
    covers."""

    id: int
    facts: StandardFacts
    purpose: Purpose
    service_code: str
    result_kind_code: str | None
    valid_from: date
    valid_to: date | None
    agency_year_cap_fen: int | None
    enterprise_year_cap_fen: int | None


def policy_in_force(
    session: Session, services: Iterable[str] | None = None
) -> tuple[PolicyVersion, ...]:
    """Every confirmed standard of this deployment's place, all versions, newest validity first.

    Args:
        session: any transaction.
        services: only those for these services; all when left out.
    """
    asked: dict[str, Any] = {
        "place": place(session),
        "standings": standings_that_match(session),
        "supposed": list(session.info.get(_SUPPOSED, ())),
    }
    statement = _RULES
    if services is not None:
        statement, asked["services"] = _RULES_FOR, list(services)
    return tuple(_policy_version(rule) for rule in session.connection().execute(statement, asked))


def standings_that_match(session: Session) -> tuple[Standing, ...]:
    """Which standards claims here can match (效力): in force; in a demonstration examples too."""
    is_shown = is_demonstration(session)
    return (Standing.in_force, Standing.example) if is_shown else (Standing.in_force,)


def suppose_standard(session: Session, rule_id: int) -> None:
    """Let a drafted standard count in this transaction as if it were confirmed: for a preview;
    nothing is written."""
    session.info.setdefault(_SUPPOSED, set()).add(rule_id)


def matching_policy(
    policy: Iterable[PolicyVersion], purpose: Purpose, service: str, result_kind: str, on: date
) -> PolicyVersion | None:
    """The standard that covers a result on the date that counts; one for its kind goes before a
    general one. Of the versions of one standard only the newest that has begun is asked.

    Args:
        policy: versions, newest first.
        purpose: subsidy or reward.
        service: the service's code.
        result_kind: the result's kind.
        on: the date that counts.
    """
    begun: dict[str, PolicyVersion] = {}
    for version in policy:
        if version.valid_from <= on:
            begun.setdefault(version.facts.key, version)
    fitting = (
        version
        for version in begun.values()
        if version.purpose == purpose
        and version.service_code == service
        and version.result_kind_code in (None, result_kind)
        and (version.valid_to is None or on <= version.valid_to)
    )
    return min(fitting, key=lambda version: version.result_kind_code is None, default=None)


def _policy_version(rule: Any) -> PolicyVersion:
    standard = Standard(
        rule.key, rule.version, rule.document, rule.clause, rule.kind, rule.purpose,
        **rule.parameters,
    )  # fmt: skip
    facts = StandardFacts(
        rule.key, rule.version, rule.title_zh, standard, rule.payee, rule.budget_code,
        rule.valid_from,
    )  # fmt: skip
    return PolicyVersion(
        rule.id, facts, rule.purpose, rule.service_code, rule.result_kind_code, rule.valid_from,
        rule.valid_to, rule.agency_year_cap_fen, rule.enterprise_year_cap_fen,
    )  # fmt: skip
