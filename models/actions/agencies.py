"""The register of agencies (服务机构名录): editing one, its scopes (服务范围), suspending, lifting, removing.

Each is one transaction with one row in the record and, where it touches what an agency may do, a
reason in words. What touches its qualification is a step of the admission's life: decided by the
lead, with a ground, never for an agency one is tied to.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, fields
from datetime import date, timedelta
from typing import Any

from sqlalchemy import delete, select
from sqlmodel import Session, col

from models.actions.admission_steps import allowed, cause_detail, noted
from models.actions.record import record
from models.actions.registers import (
    change_party,
    compute_open_claims,
    locked_party,
    refuse_stale,
    subject_of_party,
    touch_party,
)
from models.clock import today
from models.queries.visibility import refuse_without
from models.rules.admission import AdmissionAction
from models.rules.admission_terms import LONGEST_NOTE, Cause
from models.rules.errors import AlreadyDone, NotAvailable, ReasonMissing
from models.rules.free_text import kept_text
from models.rules.membership import account_in_one_spelling, is_account
from models.rules.roles import Actor, GrantFacts, Permission
from models.rules.wording import say
from models.tables.organisations import Admission, Agency, AgencyScope, EndedSuspension
from models.tables.reference import ServiceType

NO_CAUSE = Cause()
"""No coded ground: the reason in words says it."""


@dataclass(frozen=True, slots=True)
class AgencyEntry:
    """What may be edited of an agency; a `payee_account` of `None` leaves the one on record."""

    contact_name: str = ""
    contact_phone: str = ""
    staff_count: int | None = None
    payee_name: str = ""
    payee_bank: str = ""
    payee_account: str | None = None


def edit_agency(
    session: Session, actor: Actor, uscc: str, entry: AgencyEntry, seen_version: int
) -> bool:
    """Edit an agency's contact, staff and payee (修改服务机构).

    Returns:
        Whether anything changed.

    Raises:
        NotAllowed: the actor does not keep the register.
        NotFound: no such agency.
        SeenIsStale: somebody else edited it meanwhile.
        NotAvailable: the staff count is no count, or an account holds other signs than digits,
            letters, hyphens.
    """
    agency = _agency(session, actor, uscc)
    refuse_stale(session, agency, seen_version)
    if entry.staff_count is not None and entry.staff_count < 1:
        raise NotAvailable(say("从业人数至少为 1，不清楚可留空"))
    values = {
        field.name: value.strip() if isinstance(value, str) else value
        for field in fields(entry)
        if (value := getattr(entry, field.name)) is not None or field.name == "staff_count"
    }
    if account := account_in_one_spelling(entry.payee_account or ""):
        values["payee_account"] = account
        if not is_account(account):
            raise NotAvailable(say("收款账号只含数字、字母和短横线"))
    return change_party(session, actor, agency, "edit_agency", values)


def set_agency_scopes(
    session: Session, actor: Actor, uscc: str, services: Iterable[str], reason: str
) -> bool:
    """Set what an agency is admitted for (调整服务范围).

    Args:
        session: the writing transaction.
        actor: the alliance's lead.
        uscc: whose scopes.
        services: codes of the service list, at least one.
        reason: why, in words.

    Returns:
        Whether anything changed.

    Raises:
        NotAllowed, NotFound: as `edit_agency`.
        ReasonMissing: no reason was given.
        NotAvailable: no service, or one that is not on the list.
    """
    agency = _agency(session, actor, uscc, Permission.decide_admissions)
    wanted = frozenset(services)
    _require_reason(reason)
    known = frozenset(session.execute(select(col(ServiceType.code))).scalars())
    if not wanted or not wanted <= known:
        raise NotAvailable(say("请从服务清单中至少选一项服务"))
    before = frozenset(
        session.execute(
            select(col(AgencyScope.service_code)).where(col(AgencyScope.agency_id) == agency.id)
        ).scalars()
    )
    if before == wanted:
        return False
    _replace_scopes(session, agency, before - wanted, wanted - before)
    touch_party(session, agency)
    compute_open_claims(session, agency, {"scopes"})
    record(
        session, actor, "set_agency_scopes", subject_of_party(agency),
        {"scopes": sorted(before)}, {"scopes": sorted(wanted), "reason": reason.strip()},
    )  # fmt: skip
    return True


def suspend_agency(
    session: Session,
    actor: Actor,
    uscc: str,
    from_on: date,
    to_on: date | None,
    reason: str,
    cause: Cause = NO_CAUSE,
) -> None:
    """Suspend an agency (暂停服务资格): agreements signed in these days are outside the zone's rules.

    Args:
        session: the writing transaction.
        actor: the alliance's lead.
        uscc: whom.
        from_on: the first day.
        to_on: the last day; `None` until further notice.
        reason: why, in words.
        cause: the coded ground, with the complaint or rating it rests on.

    Raises:
        NotAllowed: the actor does not decide on admissions, or is tied to the agency.
        NotFound: no such agency.
        ReasonMissing: no reason was given, or no complaint's or rating's number.
        NotAvailable: it is not admitted, or the days are the wrong way round.
        AlreadyDone: a suspension stands already.
    """
    agency = _agency(session, actor, uscc, Permission.decide_admissions)
    _require_reason(reason)
    if to_on is not None and to_on < from_on:
        raise NotAvailable(say("暂停止日不能早于起日"))
    if agency.admission is Admission.admitted and _is_suspension_open(agency, today()):
        raise AlreadyDone(say("该机构的暂停尚未结束，请先解除"))
    grant = allowed(session, actor, agency, AdmissionAction.suspend_agency)
    _keep_ended_suspension(session, agency)
    values = {"suspended_from": from_on, "suspended_to": to_on}
    days = {"from": from_on.isoformat(), "to": to_on.isoformat() if to_on else ""}
    step = _Step(AdmissionAction.suspend_agency, grant, reason, cause_detail(cause) | days)
    _take(session, actor, agency, step, values)


def lift_suspension(session: Session, actor: Actor, uscc: str, reason: str) -> None:
    """Lift a suspension from today on (解除暂停); one that has not begun is taken back whole.

    Raises:
        NotAllowed, NotFound: as `suspend_agency`.
        ReasonMissing: no reason was given.
        NotAvailable: no suspension stands.
    """
    agency = _agency(session, actor, uscc, Permission.decide_admissions)
    _require_reason(reason)
    on = today()
    if not _is_suspension_open(agency, on):
        raise NotAvailable(say("该机构没有尚未结束的暂停"))
    grant = allowed(session, actor, agency, AdmissionAction.lift_suspension)
    began = agency.suspended_from is not None and agency.suspended_from < on
    values = {
        "suspended_from": agency.suspended_from if began else None,
        "suspended_to": on - timedelta(days=1) if began else None,
    }
    step = _Step(AdmissionAction.lift_suspension, grant, reason, {"on": on.isoformat()})
    _take(session, actor, agency, step, values)


def remove_agency(
    session: Session, actor: Actor, uscc: str, on: date, reason: str, cause: Cause = NO_CAUSE
) -> None:
    """Remove an agency from the register (退出名录); its agreements and claims stay on record.

    Args:
        session: the writing transaction.
        actor: the alliance's lead.
        uscc: whom.
        on: the day it leaves, today at the latest.
        reason: why, in words.
        cause: the coded ground, with the complaint or rating it rests on.

    Raises:
        NotAllowed, NotFound: as `suspend_agency`.
        ReasonMissing: no reason was given, or no complaint's or rating's number.
        AlreadyDone: it has left already.
        NotAvailable: the day is before it joined, or still to come.
    """
    agency = _agency(session, actor, uscc, Permission.decide_admissions)
    _require_reason(reason)
    if agency.admission is Admission.removed:
        raise AlreadyDone(say("该机构已退出"))
    if not agency.joined_on <= on <= today():
        raise NotAvailable(
            say("退出日期须在入会日期 {joined_on} 与今天之间", joined_on=agency.joined_on)
        )
    grant = allowed(session, actor, agency, AdmissionAction.remove_agency)
    detail = cause_detail(cause) | {"on": on.isoformat()}
    step = _Step(AdmissionAction.remove_agency, grant, reason, detail)
    _take(session, actor, agency, step, {"admission": Admission.removed, "removed_on": on})


def replace_scopes(
    session: Session, agency: Agency, wanted: frozenset[str]
) -> tuple[list[str], list[str]]:
    """Let an agency be admitted for these services and no others; the codes before and after."""
    scope = select(col(AgencyScope.service_code)).where(col(AgencyScope.agency_id) == agency.id)
    before = frozenset(session.execute(scope).scalars())
    _replace_scopes(session, agency, before - wanted, wanted - before)
    return sorted(before), sorted(wanted)


def keep_days_outside(session: Session, agency: Agency, from_on: date, to_on: date) -> None:
    """Keep days in which an agency was outside the zone's rules and is no more (`EndedSuspension`):
    of two that begin on one day the longer; nothing where the days are the wrong way round."""
    if to_on < from_on:
        return
    assert agency.id is not None
    there = session.get(EndedSuspension, (agency.id, from_on))
    last = max(to_on, there.to_on) if there else to_on
    session.merge(EndedSuspension(agency_id=agency.id, from_on=from_on, to_on=last))


# ---------------------------------------------------------------- pieces


@dataclass(frozen=True, slots=True)
class _Step:
    """A step of an agency's qualification that may be taken."""

    action: AdmissionAction
    grant: GrantFacts
    reason: str
    detail: dict[str, str]


def _take(
    session: Session, actor: Actor, agency: Agency, step: _Step, values: dict[str, Any]
) -> None:
    """Change an agency's qualification, with the event that says on what grounds."""
    note = kept_text(step.reason, LONGEST_NOTE)
    stated = noted(session, actor, agency, step.action, step.grant, note=note, detail=step.detail)
    change_party(
        session, actor, agency, step.action.value, values, note, stated=stated,
        grant_id=step.grant.id,
    )  # fmt: skip


def _replace_scopes(
    session: Session, agency: Agency, dropped: frozenset[str], added: frozenset[str]
) -> None:
    session.execute(
        delete(AgencyScope).where(
            col(AgencyScope.agency_id) == agency.id, col(AgencyScope.service_code).in_(dropped)
        )
    )
    for code in sorted(added):
        session.add(AgencyScope(agency_id=agency.id or 0, service_code=code))


def _agency(
    session: Session, actor: Actor, uscc: str, permission: Permission = Permission.edit_agencies
) -> Agency:
    refuse_without(actor, permission)
    return locked_party(session, Agency, uscc)


def _require_reason(reason: str) -> None:
    if not reason.strip():
        raise ReasonMissing(say("请写明理由，将记入操作记录"))


def _keep_ended_suspension(session: Session, agency: Agency) -> None:
    """An earlier suspension is kept when the next one takes its place on the agency's row."""
    if agency.suspended_from is not None and agency.suspended_to is not None:
        keep_days_outside(session, agency, agency.suspended_from, agency.suspended_to)


def _is_suspension_open(agency: Agency, on: date) -> bool:
    if agency.suspended_from is None:
        return False
    return agency.suspended_to is None or agency.suspended_to >= on
