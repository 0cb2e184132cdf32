"""Complaints and trainings of a town's tests: filed, accepted, answered and decided through the
actions, by people of the town."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

from sqlmodel import select

from models.actions.complaints import (
    accept_complaint,
    answer_complaint,
    dismiss_complaint,
    file_complaint,
    uphold_complaint,
)
from models.actions.trainings import TrainingEntry, announce_training
from models.database import session
from models.queries.complaint_card import ComplaintCard, complaint_card
from models.queries.training_card import TrainingCard, training_card
from models.rules.complaints import ComplaintKind
from models.tables.conduct import Complaint, Training
from tests.pacts import act
from tests.world import PDF, TODAY, World

AGENCY, AGENCY2 = "91210231MA0XY0002H", "91210231MA0XY0004D"
ENTERPRISE, ENTERPRISE2 = "91210231MA0XY0001K", "91210231MA0XY0005B"
AGREEMENT = "XY-2026-001"
SAID = "签约当天被要求先付 2,000 元“加急费”"
ANSWER = "该款为企业自愿购买的其他服务，与本协议无关"
FOUND = "经核对转账记录，该款于取得成果前收取"
LETTER = (("证据.pdf", PDF),)
HELD_ON = TODAY + timedelta(days=7)


def filed(world: World, who: str = "enterprise", **changes: Any) -> str:
    """A complaint that waits to be accepted: by the first enterprise, about the first agency."""
    values = {"agency_uscc": AGENCY, "kind": ComplaintKind.fee_up_front, "said": SAID} | changes
    return str(act(world, who, file_complaint, **values))


def accepted(world: World, **changes: Any) -> str:
    """A complaint its agency has to answer."""
    number = filed(world, **changes)
    take(world, "reviewer", accept_complaint, number)
    return number


def answered(world: World, **changes: Any) -> str:
    """A complaint that waits to be decided."""
    number = accepted(world, **changes)
    take(world, "agency", answer_complaint, number, ANSWER)
    return number


def upheld(world: World, **changes: Any) -> str:
    """A complaint upheld as what it was filed as."""
    number = answered(world, **changes)
    kind = complaint(world, number).kind
    take(world, "lead", uphold_complaint, number, kind, FOUND)
    return number


def dismissed(world: World, **changes: Any) -> str:
    """A complaint not upheld."""
    number = answered(world, **changes)
    take(world, "lead", dismiss_complaint, number, FOUND)
    return number


def take(world: World, who: str, action: Any, number: str, *given: Any, **named: Any) -> Any:
    """Somebody who has just opened a complaint takes a step of it."""
    named.setdefault("seen_version", complaint(world, number).version)
    return act(world, who, action, number, *given, **named)


def complaint(world: World, number: str) -> Complaint:
    """A complaint's row as it is now."""
    with session(world.engine) as current:
        return current.exec(select(Complaint).where(Complaint.number == number)).one()


def complaint_shown(world: World, who: str, number: str) -> ComplaintCard:
    """A complaint as somebody sees it."""
    with session(world.engine) as current:
        return complaint_card(current, world.people[who], number)


def announced(world: World, **changes: Any) -> str:
    """An obligatory training of every agency, a week from now."""
    values: dict[str, Any] = {
        "title": "高企认定政策培训", "held_on": HELD_ON, "place": "14:00，联盟会议室",
        "study_hours": 4, "is_obligatory": True,
    } | changes  # fmt: skip
    papers = values.pop("papers", ())
    return str(act(world, "lead", announce_training, TrainingEntry(**values), papers))


def training(world: World, number: str) -> Training:
    """A training's row as it is now."""
    with session(world.engine) as current:
        return current.exec(select(Training).where(Training.number == number)).one()


def training_shown(world: World, who: str, number: str) -> TrainingCard:
    """A training as somebody sees it."""
    with session(world.engine) as current:
        return training_card(current, world.people[who], number)


def at_training(world: World, who: str, action: Any, number: str, *given: Any) -> Any:
    """Somebody who has just opened a training does something."""
    card = training_shown(world, who, number)
    seen = card.own.version if card.own else card.version
    return act(world, who, action, number, *given, seen_version=seen)


def year_end() -> tuple[date, date]:
    """The year of these tests."""
    return date(2026, 1, 1), date(2026, 12, 31)
