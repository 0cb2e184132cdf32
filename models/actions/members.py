"""The register of member enterprises (会员企业名录): adding and editing one.

Each is one transaction with one row in the record; contacts and bank accounts are recorded sealed.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import fields, replace
from typing import Any

from sqlmodel import Session

from models.actions.inserts import inserted
from models.actions.record import record
from models.actions.registers import (
    change_party,
    locked_party,
    refuse_stale,
    subject_of_party,
)
from models.clock import now_utc, today
from models.queries.sealing import recorded
from models.queries.visibility import refuse_without
from models.rules.errors import AlreadyDone, NotAvailable
from models.rules.membership import EnterpriseEntry, Fault, faults_of, in_one_spelling
from models.rules.roles import Actor, Permission
from models.rules.wording import say
from models.tables.organisations import Enterprise, GrowthStage, HnteStatus


def add_enterprise(session: Session, actor: Actor, entry: EnterpriseEntry) -> str:
    """Add a member enterprise (新增企业会员).

    Args:
        session: the writing transaction.
        actor: alliance.
        entry: what was typed.

    Returns:
        Its code, in its one spelling.

    Raises:
        NotAllowed: the actor does not keep the register.
        NotAvailable: the entry has blocking faults; the first is told.
        AlreadyDone: the code is on record, also when two add it at the same moment.
    """
    refuse_without(actor, Permission.edit_members)
    entry = in_one_spelling(entry)
    _refuse_faults(faults_of(entry, today()))
    values = _values(entry)
    enterprise = Enterprise(**values, changed_at_utc=now_utc())
    if not inserted(session, Enterprise, enterprise.model_dump(exclude={"id"})):
        raise AlreadyDone(say("信用代码 {uscc} 已在企业会员名录中", uscc=enterprise.uscc))
    after = recorded({name: value for name, value in values.items() if value})
    record(session, actor, "add_enterprise", subject_of_party(enterprise), None, after)
    return enterprise.uscc


def edit_enterprise(
    session: Session, actor: Actor, uscc: str, entry: EnterpriseEntry, seen_version: int
) -> bool:
    """Edit a member enterprise (修改企业会员); its code stays.

    Args:
        session: the writing transaction.
        actor: alliance.
        uscc: whose record.
        entry: every field as it shall be.
        seen_version: the version the form was filled from.

    Returns:
        Whether anything changed.

    Raises:
        NotAllowed, NotAvailable: as `add_enterprise`.
        NotFound: no such enterprise.
        SeenIsStale: somebody else edited it meanwhile.
    """
    refuse_without(actor, Permission.edit_members)
    enterprise = locked_party(session, Enterprise, uscc)
    refuse_stale(session, enterprise, seen_version)
    entry = replace(in_one_spelling(entry), uscc=enterprise.uscc)
    faults = faults_of(entry, today())
    _refuse_faults(fault for fault in faults if fault.field != "uscc")
    return change_party(session, actor, enterprise, "edit_enterprise", _values(entry))


def _values(entry: EnterpriseEntry) -> dict[str, Any]:
    """The entry as columns; an account not stated is left out."""
    values = {field.name: getattr(entry, field.name) for field in fields(entry)}
    values["growth_stage"] = GrowthStage(entry.growth_stage) if entry.growth_stage else None
    values["hnte_status"] = HnteStatus(entry.hnte_status)
    if entry.payee_account is None:
        del values["payee_account"]
    return values


def _refuse_faults(faults: Iterable[Fault]) -> None:
    for fault in faults:
        if fault.is_blocking:
            raise NotAvailable(fault.words)
