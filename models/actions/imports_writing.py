"""Writing the new rows of a sheet: in bulk where a row is only a record, one guarded action each
where it is a claim.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Sequence
from datetime import date
from typing import Any

from sqlalchemy import bindparam, update
from sqlmodel import Session, SQLModel

from models.actions.claims import ClaimDraft, file_claim
from models.actions.imports_actuals import entered_figures
from models.actions.imports_comparing import ComparedSheet, ContactUpdate
from models.actions.inserts import insert_unless_there
from models.actions.rating_counts import note_new_agreements
from models.actions.standards import content_of_rule, drafted_standard, subject_of_rule
from models.clock import now_utc, today
from models.exchange.row_rules import standard_of
from models.exchange.rows import (
    AgencyRow,
    AgreementRow,
    BudgetRow,
    ClaimRow,
    EnterpriseRow,
    PolicyRow,
    TieRow,
)
from models.exchange.sheets import SheetKind
from models.queries.imports import ids_by
from models.queries.sealing import sealed
from models.rules.entitlement import Payee, Purpose, StandardKind
from models.rules.errors import FileRefused, NotAvailable, Refusal
from models.rules.roles import Actor
from models.rules.wording import say
from models.tables.agreements import Advance, Agreement, Filing
from models.tables.money import BudgetLine, Standing
from models.tables.organisations import Admission, Agency, AgencyScope, Enterprise
from models.tables.people import Account, Tie

Values = dict[str, Any]
_COUNTED = {"preserve_rowcount": True}
"""Let the driver say how many rows an INSERT added."""


def write_sheet(session: Session, actor: Actor, sheet: ComparedSheet) -> str:
    """Write a sheet's new rows and contact updates.

    Returns:
        The sealed digest of what was written, for the record: telephones and accounts are in it.

    Raises:
        FileRefused: a claim could not be filed, with its number and the reason.
        NotAvailable: somebody added one of the rows at this moment.
    """
    written: list[Any] = list(_WRITERS[sheet.kind](session, actor, sheet.new)) if sheet.new else []
    if sheet.contact_updates:
        _update_contacts(session, _TABLES[sheet.kind], sheet.contact_updates)
        written += [[change.id, change.values] for change in sheet.contact_updates]
    return sealed(json.dumps(written, default=str, ensure_ascii=False, sort_keys=True))


def changed_meanwhile() -> NotAvailable:
    """The refusal of an import whose outcome is no longer the one that was seen."""
    return NotAvailable(say("试运行之后系统中的数据有变化，没有导入任何内容；请重新试运行"))


def _add(session: Session, table: type[SQLModel], rows: Sequence[Values]) -> None:
    """Insert new rows without building objects; the values name every column.

    Raises:
        NotAvailable: somebody added one of them since they were compared.
    """
    statement = insert_unless_there(session, table)
    added = session.connection().execute(statement, rows, execution_options=_COUNTED)
    if added.rowcount < len(rows):
        raise changed_meanwhile()


# ---------------------------------------------------------------- organisations


def _enterprises(session: Session, _: Actor, new: Sequence[EnterpriseRow]) -> list[Values]:
    values = [_enterprise(row) for row in new]
    changed_at_utc = now_utc()
    stamped = ({**value, "version": 1, "changed_at_utc": changed_at_utc} for value in values)
    _add(session, Enterprise, list(stamped))
    return values


def _enterprise(row: EnterpriseRow) -> Values:
    return {
        "uscc": row.uscc,
        "name": row.name,
        "registered_on": row.registered_on,
        "district": row.district or "",
        "industry": row.industry or "",
        "growth_stage": row.growth_stage,
        "hnte_status": row.hnte_status or "none",
        "hnte_certificate_no": row.hnte_certificate_no or "",
        "certified_on": row.certified_on,
        "joined_on": row.joined_on,
        "left_on": row.left_on,
        **_contact_and_payee(row),
    }


def _agencies(session: Session, _: Actor, new: Sequence[AgencyRow]) -> list[Values]:
    values = [_agency(row) for row in new]
    changed_at_utc = now_utc()
    stamped = ({**value, "version": 1, "changed_at_utc": changed_at_utc} for value in values)
    _add(session, Agency, list(stamped))
    ids = ids_by(session, Agency.id, Agency.uscc, (row.uscc for row in new))
    scopes = [
        {"agency_id": ids[row.uscc], "service_code": code} for row in new for code in row.scope
    ]
    _add(session, AgencyScope, scopes)
    return [*values, *scopes]


def _agency(row: AgencyRow) -> Values:
    removed = row.removed_on is not None and row.removed_on <= today()
    return {
        "uscc": row.uscc,
        "name": row.name,
        "registered_on": row.registered_on,
        "admission": Admission.removed if removed else Admission.admitted,
        "joined_on": row.joined_on,
        "suspended_from": row.suspended_from,
        "suspended_to": row.suspended_to,
        "removed_on": row.removed_on,
        "staff_count": row.staff_count,
        **_contact_and_payee(row),
    }


def _contact_and_payee(row: EnterpriseRow | AgencyRow) -> Values:
    names = ("contact_name", "contact_phone", "payee_name", "payee_bank", "payee_account")
    return {name: getattr(row, name) or "" for name in names}


def _update_contacts(
    session: Session, table: type[SQLModel], changes: Iterable[ContactUpdate]
) -> None:
    """One statement for each set of fields that changed, so that what a file leaves out stays."""
    by_fields: dict[tuple[str, ...], list[Values]] = {}
    for change in changes:
        marked = {f"new_{name}": value for name, value in change.values.items()}
        by_fields.setdefault(tuple(change.values), []).append({"at_id": change.id, **marked})
    target = table.__table__  # type: ignore[attr-defined]
    for fields, values in by_fields.items():
        statement = (
            update(target)
            .where(target.c.id == bindparam("at_id"))
            .values(
                {name: bindparam(f"new_{name}") for name in fields}
                | {"version": target.c.version + 1, "changed_at_utc": now_utc()}
            )
        )
        session.connection().execute(statement, values)


# ---------------------------------------------------------------- agreements and claims


def _agreements(session: Session, _: Actor, new: Sequence[AgreementRow]) -> list[Values]:
    enterprises = ids_by(
        session, Enterprise.id, Enterprise.uscc, (row.enterprise_uscc for row in new)
    )
    agencies = ids_by(session, Agency.id, Agency.uscc, (row.agency_uscc for row in new))
    values = [
        _agreement(row, enterprises[row.enterprise_uscc], agencies[row.agency_uscc]) for row in new
    ]
    changed_at_utc = now_utc()
    stamped = [{**value, "changed_at_utc": changed_at_utc} for value in values]
    _add(session, Agreement, stamped)
    note_new_agreements(session, values)
    return [*values, *_advances(session, new)]


def _agreement(row: AgreementRow, enterprise_id: int, agency_id: int) -> Values:
    return {
        "number": row.number,
        "enterprise_id": enterprise_id,
        "agency_id": agency_id,
        "service_code": row.service_code,
        "signed_on": row.signed_on,
        "fee_fen": row.fee_fen,
        "upfront_fee_fen": row.upfront_fee_fen or 0,
        "work_started_on": row.work_started_on,
        "filing": _filing(row),
        "filing_number": row.filing_number or "",
        "filing_confirmed_on": row.filing_confirmed_on,
        "filing_is_imported": bool(row.filing_number or row.filing_confirmed_on),
    }


def _filing(row: AgreementRow) -> Filing:
    if row.filing_confirmed_on is not None:
        return Filing.confirmed
    return Filing.filed if row.filing_number else Filing.draft


def _advances(session: Session, new: Sequence[AgreementRow]) -> list[Values]:
    advanced = [row for row in new if row.advance_fen]
    if not advanced:
        return []
    ids = ids_by(session, Agreement.id, Agreement.number, (row.number for row in advanced))
    values = [
        {
            "agreement_id": ids[row.number],
            "amount_fen": row.advance_fen,
            "advanced_on": row.advanced_on,
        }
        for row in advanced
    ]
    _add(session, Advance, values)
    return values


def _claims(session: Session, actor: Actor, new: Sequence[ClaimRow]) -> list[Values]:
    agreements = ids_by(
        session, Agreement.id, Agreement.number, (row.agreement_number for row in new)
    )
    filed = []
    for row in new:
        draft = _draft(row, agreements[row.agreement_number])
        try:
            claim_id = file_claim(session, actor, draft, on_behalf=True)
        except Refusal as refusal:
            raise FileRefused(
                say("申请 {number} 不能提交，没有导入任何内容：{why}",
                    number=row.number, why=refusal.wording)
            ) from refusal  # fmt: skip
        filed.append({"id": claim_id, "number": row.number, "asked_fen": row.asked_fen})
    return filed


def _draft(row: ClaimRow, agreement_id: int) -> ClaimDraft:
    return ClaimDraft(
        number=row.number,
        agreement_id=agreement_id,
        result_kind_code=row.result_kind_code,
        result_printed=row.result_printed,
        obtained_on=row.obtained_on,
        filed_month=row.filed_month,
        filed_on=row.filed_on or today(),
        asked_fen=row.asked_fen,
        basis_fen=row.basis_fen,
        units=row.units,
        invoice_number=row.invoice_number or "",
        invoice_fen=row.invoice_fen,
        payee_name=row.payee_name or "",
        payee_account=row.payee_account or "",
        note=row.note or "",
        confirmed_on=row.confirmed_on,
        paid_before_fen=row.paid_before_fen,
        paid_after_fen=row.paid_after_fen,
        satisfaction=row.satisfaction,
    )


# ---------------------------------------------------------------- standards, budget, ties


def _policy_rules(session: Session, actor: Actor, new: Sequence[PolicyRow]) -> list[Values]:
    """Each through the same door as a draft from the screen."""
    drafted = []
    for row in sorted(new, key=_validity):
        rule, _change = drafted_standard(session, actor, _policy_rule(row))
        drafted.append({"subject": subject_of_rule(rule), **content_of_rule(rule)})
    return drafted


def _validity(row: PolicyRow) -> date:
    return row.valid_from


def _policy_rule(row: PolicyRow) -> Values:
    standard = standard_of(row)
    return {
        "standing": Standing.in_force,
        "document": row.document or "",
        "clause": row.clause or "",
        "title_zh": "",
        "title_en": "",
        "service_code": row.service_code,
        "result_kind_code": row.result_kind_code,
        "purpose": Purpose(row.purpose),
        "payee": Payee(row.payee),
        "kind": StandardKind(row.kind),
        "parameters": standard.parameters,
        "agency_year_cap_fen": row.agency_year_cap_fen,
        "enterprise_year_cap_fen": row.enterprise_year_cap_fen,
        "budget_code": row.budget_code,
        "valid_from": row.valid_from,
        "valid_to": row.valid_to,
    }


def _budget_lines(session: Session, actor: Actor, new: Sequence[BudgetRow]) -> list[Values]:
    values: list[Values] = [
        {
            "year": row.year,
            "code": row.code,
            "name_zh": row.code,
            "name_en": "",
            "ceiling_fen": row.ceiling_fen,
            "committed_fen": 0,
            "paid_fen": 0,
        }
        for row in new
    ]
    drafted = [{**value, "drafted_by_id": _drafter(actor)} for value in values]
    _add(session, BudgetLine, drafted)
    return values


def _drafter(actor: Actor) -> int | None:
    return None if actor.is_system else actor.account_id


def _ties(session: Session, actor: Actor, new: Sequence[TieRow]) -> list[Values]:
    usccs = [row.organisation_uscc for row in new]
    accounts = ids_by(session, Account.id, Account.username, (r.username.lower() for r in new))
    enterprises = ids_by(session, Enterprise.id, Enterprise.uscc, usccs)
    agencies = ids_by(session, Agency.id, Agency.uscc, usccs)
    values = []
    for row in new:
        enterprise_id = enterprises.get(row.organisation_uscc)
        values.append(
            {
                "account_id": accounts[row.username.lower()],
                "enterprise_id": enterprise_id,
                "agency_id": None if enterprise_id else agencies[row.organisation_uscc],
                "kind": row.kind,
                "from_on": row.from_on,
                "to_on": row.to_on,
                "reported_by_id": actor.account_id,
            }
        )
    reported_at_utc = now_utc()
    stamped = [{**value, "reported_at_utc": reported_at_utc} for value in values]
    _add(session, Tie, stamped)
    return values


_WRITERS: dict[SheetKind, Callable[[Session, Actor, Sequence[Any]], list[Values]]] = {
    SheetKind.enterprises: _enterprises,
    SheetKind.agencies: _agencies,
    SheetKind.agreements: _agreements,
    SheetKind.claims: _claims,
    SheetKind.policy_rules: _policy_rules,
    SheetKind.budget_lines: _budget_lines,
    SheetKind.ties: _ties,
    SheetKind.actuals: entered_figures,
}
_TABLES: dict[SheetKind, type[SQLModel]] = {
    SheetKind.enterprises: Enterprise,
    SheetKind.agencies: Agency,
}
