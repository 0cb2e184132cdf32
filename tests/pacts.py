"""Agreements of a town's tests: drafted, filed, confirmed and begun through the actions, by people of
the town."""

from __future__ import annotations

from datetime import date
from typing import Any

from sqlmodel import Session, col, select

from models.actions.agreement_progress import begin_work
from models.actions.agreements import confirm_filing, draft_agreement, file_agreement
from models.database import session
from models.queries.agreement_card import AgreementCard, agreement_card
from models.queries.agreement_sight import state_of
from models.rules.agreement_life import AgreementState
from models.rules.agreement_terms import AgreementTerms
from models.tables.agreement_life import AgreementEvent
from models.tables.agreements import Agreement
from models.tables.record import Activity
from tests.world import PDF, TODAY, World

ENTERPRISE2 = "91210231MA0XY0005B"
SOFTWARE = "software_copyright"
SCAN = (("协议.pdf", PDF),)
TERMS = AgreementTerms(
    signed_on=date(2026, 11, 18),
    fee_fen=200_000,
    result_kind_code="software_registration",
    expected="一项软件著作权",
    due_on=date(2027, 1, 20),
    advance_fen=30_000,
)


def act(world: World, who: str, action: Any, *given: Any, **named: Any) -> Any:
    """Somebody does something in a transaction of its own."""
    with world.session() as current:
        return action(current, world.people[who], *given, **named)


def row(world: World, number: str) -> Agreement:
    """An agreement as it is now."""
    with session(world.engine) as current:
        return current.exec(select(Agreement).where(Agreement.number == number)).one()


def version(world: World, number: str) -> int:
    """What somebody who has just opened it has on screen."""
    return row(world, number).version


def state(world: World, number: str) -> AgreementState:
    """Where an agreement stands."""
    return state_of(row(world, number))


def step(world: World, who: str, action: Any, number: str, *given: Any, **named: Any) -> Any:
    """Somebody who has just opened an agreement takes a step of it."""
    named.setdefault("seen_version", version(world, number))
    return act(world, who, action, number, *given, **named)


def drafted(world: World, who: str = "agency", **changes: Any) -> str:
    """A draft of a pair that is free in the town."""
    values = {"enterprise_uscc": ENTERPRISE2, "service_code": SOFTWARE, "terms": TERMS} | changes
    return str(act(world, who, draft_agreement, **values))


def filed(world: World, **changes: Any) -> str:
    """An agreement that waits for its confirmation."""
    number = drafted(world, **changes)
    step(world, "agency", file_agreement, number, SCAN)
    return number


def confirmed(world: World, **changes: Any) -> str:
    """A confirmed agreement whose work has not begun."""
    number = filed(world, **changes)
    step(world, "bureau", confirm_filing, number)
    return number


def under_way(world: World, **changes: Any) -> str:
    """An agreement that is worked on."""
    number = confirmed(world, **changes)
    step(world, "agency", begin_work, number, TODAY)
    return number


def card(world: World, who: str, number: str) -> AgreementCard:
    """An agreement's card as somebody sees it."""
    with session(world.engine) as current:
        return agreement_card(current, world.people[who], number)


def events(world: World, number: str) -> list[AgreementEvent]:
    """The steps of an agreement, in their order."""
    with session(world.engine) as current:
        statement = (
            select(AgreementEvent)
            .join(Agreement, col(Agreement.id) == AgreementEvent.agreement_id)
            .where(Agreement.number == number)
            .order_by(col(AgreementEvent.position))
        )
        return list(current.exec(statement))


def newest_link(world: World, subject: str = "") -> Activity:
    """The newest link of the record, of a subject where one is named."""
    with session(world.engine) as current:
        statement = select(Activity).order_by(col(Activity.seq).desc())
        if subject:
            statement = statement.where(Activity.subject == subject)
        link = current.exec(statement).first()
    assert link is not None
    return link


def links(current: Session) -> int:
    """How long the record is."""
    return len(current.exec(select(Activity.seq)).all())
