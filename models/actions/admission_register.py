"""What admitting does to the register of agencies (名录): a new row, further services, or a row that
comes back."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

from sqlalchemy import select
from sqlmodel import Session, col

from models.actions.admission_steps import allowed, noted
from models.actions.agencies import keep_days_outside, replace_scopes
from models.actions.record import record
from models.actions.registers import compute_open_claims, subject_of_party, touch_party
from models.clock import now_utc, today
from models.queries.sealing import recorded
from models.rules.admission import AdmissionAction
from models.rules.roles import Actor, GrantFacts
from models.tables.admissions import Application
from models.tables.organisations import Admission, Agency, AgencyScope

_KEPT = (
    "staff_count", "contact_name", "contact_phone", "payee_name", "payee_bank", "payee_account",
)  # fmt: skip
"""What an application brings into the register besides name and services."""


def take_into_register(
    session: Session,
    actor: Actor,
    application: Application,
    services: frozenset[str],
    grant: GrantFacts | None,
) -> Agency:
    """Bring an admitted applicant into the register (入名录).

    Args:
        session: the writing transaction.
        actor: who admits; already allowed.
        application: the application, locked; its agency is locked too, where there is one.
        services: what it is admitted for, besides what it is admitted for already.
        grant: the grant acted under.

    Returns:
        The agency.
    """
    statement = select(Agency).where(col(Agency.uscc) == application.uscc).with_for_update()
    agency: Agency | None = session.execute(statement).scalar_one_or_none()
    grant_id = grant.id if grant else None
    if agency is None:
        return _new(session, actor, application, services, grant_id)
    if agency.admission is Admission.removed:
        return _back(session, actor, agency, application, services)
    scope = select(col(AgencyScope.service_code)).where(col(AgencyScope.agency_id) == agency.id)
    wanted = services | frozenset(session.execute(scope).scalars())
    values = {"admission": Admission.admitted}
    stated = {"application": application.number}
    _change(session, actor, agency, "set_agency_scopes", values, (application, wanted, stated))
    return agency


# ---------------------------------------------------------------- pieces


def _new(
    session: Session,
    actor: Actor,
    application: Application,
    services: frozenset[str],
    grant_id: int | None,
) -> Agency:
    agency = Agency(
        uscc=application.uscc,
        name=application.name,
        registered_on=application.registered_on,
        admission=Admission.admitted,
        joined_on=today(),
        changed_at_utc=now_utc(),
        **{name: getattr(application, name) for name in _KEPT},
    )
    session.add(agency)
    session.flush()
    replace_scopes(session, agency, services)
    session.flush()
    entry = agency.model_dump(exclude={"id", "version", "changed_at_utc"})
    after = recorded(entry) | {"scopes": sorted(services), "application": application.number}
    record(session, actor, "add_agency", subject_of_party(agency), None, after, grant_id)
    return agency


def _back(
    session: Session,
    actor: Actor,
    agency: Agency,
    application: Application,
    services: frozenset[str],
) -> Agency:
    """An agency that had left: the days between stay outside the zone's rules."""
    grant = allowed(session, actor, agency, AdmissionAction.readmit_agency)
    _keep_days_away(session, agency, today() - timedelta(days=1))
    values = {
        "admission": Admission.admitted, "removed_on": None, "suspended_from": None,
        "suspended_to": None,
    }  # fmt: skip
    detail = {"application": application.number, "on": today().isoformat()}
    stated = noted(session, actor, agency, AdmissionAction.readmit_agency, grant, detail=detail)
    _change(session, actor, agency, "readmit_agency", values, (application, services, stated))
    return agency


def _keep_days_away(session: Session, agency: Agency, until: date) -> None:
    """A suspension that was not over when the agency left, and the days since it left."""
    if agency.suspended_from is not None:
        last = min(agency.suspended_to or until, until)
        keep_days_outside(session, agency, agency.suspended_from, last)
        session.flush()
    if agency.removed_on is not None:
        keep_days_outside(session, agency, agency.removed_on + timedelta(days=1), until)


def _change(
    session: Session,
    actor: Actor,
    agency: Agency,
    verb: str,
    values: dict[str, Any],
    brought: tuple[Application, frozenset[str], dict[str, Any]],
) -> None:
    """Change a row of the register by what an application brings, with what follows for open
    claims, and its link."""
    application, wanted, stated = brought
    values |= {name: value for name in _KEPT if (value := getattr(application, name))}
    changed = {name: value for name, value in values.items() if getattr(agency, name) != value}
    before = {name: getattr(agency, name) for name in changed}
    for name, value in changed.items():
        setattr(agency, name, value)
    was, now = replace_scopes(session, agency, wanted)
    touch_party(session, agency)
    compute_open_claims(session, agency, {*changed, "scopes"})
    record(
        session, actor, verb, subject_of_party(agency), recorded(before) | {"scopes": was},
        recorded(changed) | {"scopes": now} | stated,
    )  # fmt: skip
