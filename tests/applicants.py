"""Applications for admission of a town's tests: entered, answered, handed in, examined and decided
through the actions, by people of the town."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from typing import Any

from sqlmodel import col, select

from models.actions.admission_review import admit_agency, examine_criteria, pass_to_decision
from models.actions.admissions import answer_criterion, apply_for_admission, enter_application
from models.clock import today
from models.database import session
from models.queries.admission_card import AdmissionCard, admission_card
from models.queries.admission_criteria import criteria_on
from models.rules.admission import AdmissionState
from models.rules.admission_terms import ApplicationEntry, CriterionVerdict
from models.tables.admissions import AdmissionEvent, Application
from models.tables.organisations import Agency, AgencyScope
from tests.pacts import act
from tests.world import PDF, World

NEW = "91210200716904902K"
AGENCY = "91210231MA0XY0002H"
ENTRY = ApplicationEntry(
    uscc=NEW,
    name="大连示例丙机构有限公司",
    registered_on=date(2024, 5, 6),
    services=("hnte_first", "software_copyright"),
    staff_count=9,
    contact_name="王五",
    contact_phone="0411-84790001",
    payee_name="大连示例丙机构有限公司",
    payee_bank="示例银行大连分行",
    payee_account="6222020200005555",
)
OWN = replace(ENTRY, uscc="", name="", services=("design_patent",), payee_account=None)
"""What the town's first agency says when it applies for one more service."""
MET = (CriterionVerdict.met, "")
UNMET = (CriterionVerdict.not_met, "未盖章")


def row(world: World, number: str) -> Application:
    """An application as it is now."""
    with session(world.engine) as current:
        return current.exec(select(Application).where(Application.number == number)).one()


def state(world: World, number: str) -> AdmissionState:
    """Where an application stands."""
    return row(world, number).state


def step(world: World, who: str, action: Any, number: str, *given: Any, **named: Any) -> Any:
    """Somebody who has just opened an application takes a step of it."""
    named.setdefault("seen_version", row(world, number).version)
    return act(world, who, action, number, *given, **named)


def card(world: World, who: str, number: str) -> AdmissionCard:
    """An application's card as somebody sees it."""
    with session(world.engine) as current:
        return admission_card(current, world.people[who], number)


def events(world: World, number: str) -> list[AdmissionEvent]:
    """The steps of an application, in their order."""
    with session(world.engine) as current:
        statement = (
            select(AdmissionEvent)
            .join(Application, col(Application.id) == AdmissionEvent.application_id)
            .where(Application.number == number)
            .order_by(col(AdmissionEvent.position))
        )
        return list(current.exec(statement))


def codes(world: World, *, required: bool = False) -> list[str]:
    """The criteria in force today."""
    with session(world.engine) as current:
        return [
            one.code for one in criteria_on(current, today()) if one.is_required or not required
        ]


def entered(world: World, who: str = "importer", entry: ApplicationEntry = ENTRY) -> str:
    """A draft."""
    return str(act(world, who, enter_application, entry))


def applied(world: World, who: str = "importer", entry: ApplicationEntry = ENTRY) -> str:
    """An application that waits to be examined."""
    number = entered(world, who, entry)
    for code in codes(world, required=True):
        papers = ((f"{code}.pdf", PDF + number.encode() + code.encode()),)
        step(world, who, answer_criterion, number, code, f"关于 {code}", papers)
    step(world, who, apply_for_admission, number)
    return number


def examined(world: World, number: str, who: str = "reviewer", **verdicts: Any) -> None:
    """Every criterion with a verdict: met, where none is given."""
    found = {code: verdicts.get(code, MET) for code in codes(world)}
    step(world, who, examine_criteria, number, found)


def reviewed(world: World, who: str = "importer", entry: ApplicationEntry = ENTRY) -> str:
    """An application that waits for its decision."""
    number = applied(world, who, entry)
    examined(world, number)
    step(world, "reviewer", pass_to_decision, number, "建议准入")
    return number


def admitted(world: World, who: str = "importer", entry: ApplicationEntry = ENTRY) -> str:
    """An application that was granted whole."""
    number = reviewed(world, who, entry)
    step(world, "lead", admit_agency, number, row(world, number).services, "")
    return number


def agency(world: World, uscc: str = NEW) -> Agency:
    """An agency's row in the register."""
    with session(world.engine) as current:
        return current.exec(select(Agency).where(Agency.uscc == uscc)).one()


def scope(world: World, uscc: str = NEW) -> list[str]:
    """What an agency is admitted for."""
    with session(world.engine) as current:
        statement = (
            select(AgencyScope.service_code)
            .join(Agency, col(Agency.id) == AgencyScope.agency_id)
            .where(Agency.uscc == uscc)
        )
        return sorted(current.exec(statement))
