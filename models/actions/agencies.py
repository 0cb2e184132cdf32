"""The register of agencies (服务机构名录): editing one, its scopes (服务范围), suspending, lifting, removing.

Each is one transaction with one row in the record and, where it touches what an agency may do, a
reason in words.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, fields
from datetime import date, timedelta

from sqlalchemy import delete, select
from sqlmodel import Session, col

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
from models.rules.errors import AlreadyDone, NotAvailable, ReasonMissing
from models.rules.membership import account_in_one_spelling, is_account
from models.rules.roles import Actor, Permission
from models.rules.wording import say
from models.tables.organisations import Admission, Agency, AgencyScope, EndedSuspension
from models.tables.reference import ServiceType


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
        actor: alliance.
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
    agency = _agency(session, actor, uscc)
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
    session: Session, actor: Actor, uscc: str, from_on: date, to_on: date | None, reason: str
) -> None:
    """Suspend an agency (暂停服务资格): agreements signed in these days are outside the zone's rules.

    Args:
        session: the writing transaction.
        actor: alliance.
        uscc: whom.
        from_on: the first day.
        to_on: the last day; `None` until further notice.
        reason: why, in words.

    Raises:
        NotAllowed, NotFound: as `edit_agency`.
        ReasonMissing: no reason was given.
        NotAvailable: it is not admitted, or the days are the wrong way round.
        AlreadyDone: a suspension stands already.
    """
    agency = _agency(session, actor, uscc)
    _require_reason(reason)
    if agency.admission is not Admission.admitted:
        raise NotAvailable(say("只有已准入的机构可以暂停"))
    if to_on is not None and to_on < from_on:
        raise NotAvailable(say("暂停止日不能早于起日"))
    if _is_suspension_open(agency, today()):
        raise AlreadyDone(say("该机构的暂停尚未结束，请先解除"))
    _keep_ended_suspension(session, agency)
    values = {"suspended_from": from_on, "suspended_to": to_on}
    change_party(session, actor, agency, "suspend_agency", values, reason)


def lift_suspension(session: Session, actor: Actor, uscc: str, reason: str) -> None:
    """Lift a suspension from today on (解除暂停); one that has not begun is taken back whole.

    Raises:
        NotAllowed, NotFound: as `edit_agency`.
        ReasonMissing: no reason was given.
        NotAvailable: no suspension stands.
    """
    agency = _agency(session, actor, uscc)
    _require_reason(reason)
    on = today()
    if not _is_suspension_open(agency, on):
        raise NotAvailable(say("该机构没有尚未结束的暂停"))
    began = agency.suspended_from is not None and agency.suspended_from < on
    values = {
        "suspended_from": agency.suspended_from if began else None,
        "suspended_to": on - timedelta(days=1) if began else None,
    }
    change_party(session, actor, agency, "lift_suspension", values, reason)


def remove_agency(session: Session, actor: Actor, uscc: str, on: date, reason: str) -> None:
    """Remove an agency from the register (退出名录); its agreements and claims stay on record.

    Args:
        session: the writing transaction.
        actor: alliance.
        uscc: whom.
        on: the day it leaves, today at the latest.
        reason: why, in words.

    Raises:
        NotAllowed, NotFound: as `edit_agency`.
        ReasonMissing: no reason was given.
        AlreadyDone: it has left already.
        NotAvailable: the day is before it joined, or still to come.
    """
    agency = _agency(session, actor, uscc)
    _require_reason(reason)
    if agency.admission is Admission.removed:
        raise AlreadyDone(say("该机构已退出"))
    if not agency.joined_on <= on <= today():
        raise NotAvailable(
            say("退出日期须在入会日期 {joined_on} 与今天之间", joined_on=agency.joined_on)
        )
    values = {"admission": Admission.removed, "removed_on": on}
    change_party(session, actor, agency, "remove_agency", values, reason)


# ---------------------------------------------------------------- pieces


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


def _agency(session: Session, actor: Actor, uscc: str) -> Agency:
    refuse_without(actor, Permission.edit_agencies)
    return locked_party(session, Agency, uscc)


def _require_reason(reason: str) -> None:
    if not reason.strip():
        raise ReasonMissing(say("请写明理由，将记入操作记录"))


def _keep_ended_suspension(session: Session, agency: Agency) -> None:
    """An earlier suspension is kept when the next one takes its place on the agency's row."""
    if agency.suspended_from is None or agency.suspended_to is None:
        return
    assert agency.id is not None
    ended = EndedSuspension(
        agency_id=agency.id, from_on=agency.suspended_from, to_on=agency.suspended_to
    )
    session.merge(ended)


def _is_suspension_open(agency: Agency, on: date) -> bool:
    if agency.suspended_from is None:
        return False
    return agency.suspended_to is None or agency.suspended_to >= on
