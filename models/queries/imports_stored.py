"""Records already there, as the values a workbook would state them with, column by column.

An import compares its rows with them: what is the same, what differs.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from typing import Any, TypeAlias

from sqlalchemy import and_, func, select
from sqlmodel import Session, col

from models.queries.imports import in_chunks
from models.queries.settings import place
from models.tables.agreements import Advance, Agreement, Confirmation, Result
from models.tables.claims import Claim
from models.tables.meetings import ActualEntry, EntryState
from models.tables.money import BudgetLine, PolicyRule
from models.tables.organisations import Agency, AgencyScope, Enterprise
from models.tables.people import Account, Tie
from models.tables.targets import Actual

Key: TypeAlias = tuple[Any, ...]
Found: TypeAlias = Iterator[tuple[Key, int | None, tuple[Any, ...]]]


def stored_values(session: Session, sheet: str, keys: Sequence[Key]) -> Found:
    """The records of a kind that bear one of the keys.

    Args:
        session: any transaction.
        sheet: the kind, as the exchange names its sheets: `enterprises`, `claims`, …
        keys: the values of the sheet's key columns, in order; "" where one is empty.

    Returns:
        Key, id, and the values in the order of the sheet's columns.
    """
    return _STORED[sheet](session, keys)


def _enterprises(session: Session, keys: Sequence[Key]) -> Found:
    columns: tuple[Any, ...] = (
        Enterprise.id, Enterprise.uscc, Enterprise.name, Enterprise.registered_on,
        Enterprise.district, Enterprise.industry, Enterprise.growth_stage, Enterprise.hnte_status,
        Enterprise.hnte_certificate_no, Enterprise.certified_on, Enterprise.contact_name,
        Enterprise.contact_phone, Enterprise.joined_on, Enterprise.left_on, Enterprise.payee_name,
        Enterprise.payee_bank, Enterprise.payee_account,
    )  # fmt: skip
    for found in in_chunks(session, select(*columns), Enterprise.uscc, (key[0] for key in keys)):
        yield (found.uscc,), found.id, tuple(found[1:])


def _agencies(session: Session, keys: Sequence[Key]) -> Found:
    columns: tuple[Any, ...] = (
        Agency.id, Agency.uscc, Agency.name, Agency.registered_on, Agency.joined_on,
        Agency.staff_count, Agency.payee_name, Agency.payee_bank, Agency.payee_account,
        Agency.contact_name, Agency.contact_phone, Agency.suspended_from, Agency.suspended_to,
        Agency.removed_on,
    )  # fmt: skip
    there = in_chunks(session, select(*columns), Agency.uscc, (key[0] for key in keys))
    scopes: dict[int, list[str]] = {}
    scope_rows = select(AgencyScope.agency_id, AgencyScope.service_code)
    for scope in in_chunks(session, scope_rows, AgencyScope.agency_id, (a.id for a in there)):
        scopes.setdefault(scope.agency_id, []).append(scope.service_code)
    for found in there:
        scope = tuple(scopes.get(found.id, ()))
        values = (*found[1:5], scope, *found[5:])
        yield (found.uscc,), found.id, values


def _agreements(session: Session, keys: Sequence[Key]) -> Found:
    advance = (
        select(
            Advance.agreement_id,
            func.sum(Advance.amount_fen).label("advance_fen"),
            func.min(Advance.advanced_on).label("advanced_on"),
        )
        .group_by(col(Advance.agreement_id))
        .subquery()
    )
    statement = (
        select(
            Agreement.id, Agreement.number, col(Enterprise.uscc).label("enterprise_uscc"),
            col(Agency.uscc).label("agency_uscc"), Agreement.service_code, Agreement.signed_on,
            Agreement.fee_fen, Agreement.upfront_fee_fen, Agreement.filing_number,
            Agreement.filing_confirmed_on, Agreement.work_started_on,
            advance.c.advance_fen, advance.c.advanced_on,
        )
        .join(Enterprise, col(Enterprise.id) == Agreement.enterprise_id)
        .join(Agency, col(Agency.id) == Agreement.agency_id)
        .outerjoin(advance, advance.c.agreement_id == col(Agreement.id))
    )  # fmt: skip
    for found in in_chunks(session, statement, Agreement.number, (key[0] for key in keys)):
        advance_fen = None if found.advance_fen is None else int(found.advance_fen)
        values = (*found[1:11], advance_fen, found.advanced_on)
        yield (found.number,), found.id, values


def _claims(session: Session, keys: Sequence[Key]) -> Found:
    columns: tuple[Any, ...] = (
        Claim.id, Claim.number, col(Agreement.number).label("agreement_number"),
        Claim.filed_month, Result.kind_code, Result.printed, Result.obtained_on,
        Claim.asked_fen, Claim.filed_on, Claim.payee_name, Claim.payee_account,
        Claim.basis_fen, Claim.units, Claim.invoice_number, Claim.invoice_fen,
        Confirmation.confirmed_on, Confirmation.paid_before_fen, Confirmation.paid_after_fen,
        Confirmation.satisfaction, Claim.note,
    )  # fmt: skip
    statement = (
        select(*columns)
        .join(Agreement, col(Agreement.id) == Claim.agreement_id)
        .join(Result, col(Result.id) == Claim.result_id)
        .outerjoin(Confirmation, and_(
            col(Confirmation.agreement_id) == Claim.agreement_id,
            col(Confirmation.result_id) == Claim.result_id,
        ))
    )  # fmt: skip
    for found in in_chunks(session, statement, Claim.number, (key[0] for key in keys)):
        yield (found.number,), found.id, tuple(found[1:])


def _policy_rules(session: Session, keys: Sequence[Key]) -> Found:
    statement = select(PolicyRule).where(
        col(PolicyRule.place) == place(session), col(PolicyRule.service_code).is_not(None)
    )
    wanted = set(keys)
    for rule in session.execute(statement.order_by(col(PolicyRule.id))).scalars():
        kind = rule.result_kind_code or ""
        key = (rule.service_code, kind, rule.purpose.value, rule.payee.value, rule.valid_from)
        if key in wanted:
            yield key, rule.id, _policy_values(rule)


def _policy_values(rule: PolicyRule) -> tuple[Any, ...]:
    names = ("amount_fen", "ceiling_fen", "percent_hundredths", "unit", "annual_cap_fen")
    return (
        rule.document, rule.clause, rule.service_code, rule.result_kind_code,
        rule.purpose.value, rule.payee.value, rule.kind.value,
        *(rule.parameters.get(name) for name in names),
        rule.agency_year_cap_fen, rule.enterprise_year_cap_fen,
        rule.valid_from, rule.valid_to, rule.budget_code,
    )  # fmt: skip


def _budget_lines(session: Session, keys: Sequence[Key]) -> Found:
    statement = select(BudgetLine.id, BudgetLine.year, BudgetLine.code, BudgetLine.ceiling_fen)
    for found in in_chunks(session, statement, BudgetLine.year, {key[0] for key in keys}):
        yield (found.year, found.code), found.id, tuple(found[1:])


def _ties(session: Session, keys: Sequence[Key]) -> Found:
    statement = (
        select(
            Tie.id, Account.username,
            func.coalesce(Enterprise.uscc, Agency.uscc).label("organisation_uscc"),
            Tie.kind, Tie.from_on, Tie.to_on,
        )
        .join(Account, col(Account.id) == Tie.account_id)
        .outerjoin(Enterprise, col(Enterprise.id) == Tie.enterprise_id)
        .outerjoin(Agency, col(Agency.id) == Tie.agency_id)
    )  # fmt: skip
    names = {key[0].lower() for key in keys}
    for found in in_chunks(session, statement, Account.username, names):
        yield tuple(found[1:5]), found.id, tuple(found[1:])


def _actuals(session: Session, keys: Sequence[Key]) -> Found:
    """What was turned down is not there: it may come again."""
    statement = (
        select(Actual, ActualEntry.replaces_id, ActualEntry.reason)
        .outerjoin(ActualEntry, col(ActualEntry.actual_id) == Actual.id)
        .where(col(ActualEntry.state).is_distinct_from(EntryState.turned_down))
    )
    wanted = set(keys)
    for one, replaces_id, reason in in_chunks(
        session, statement, Actual.indicator_code, {key[1] for key in keys}
    ):
        named = (one.place_code, one.indicator_code, one.as_of)
        key = (*named, one.period_start or "", one.value, one.source_title)
        if key in wanted:
            bound = "over" if one.is_over else "exact"
            yield key, None, (
                *named, one.period_start, one.value, bound, one.unit, one.kind.value,
                one.grade.value, one.source_title, one.source_url, one.published, one.note_zh,
                replaces_id, reason,
            )  # fmt: skip


_STORED: dict[str, Callable[[Session, Sequence[Key]], Found]] = {
    "enterprises": _enterprises,
    "agencies": _agencies,
    "agreements": _agreements,
    "claims": _claims,
    "policy_rules": _policy_rules,
    "budget_lines": _budget_lines,
    "ties": _ties,
    "actuals": _actuals,
}
