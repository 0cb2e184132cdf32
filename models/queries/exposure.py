"""Advance exposure (垫资敞口) from the claims that wait for their subsidy: by agency, by holder, by
age; and dated advances beside it."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, cast

from sqlalchemy import and_, exists, func, literal, or_, select
from sqlmodel import Session, col

from models.queries.settings import setting
from models.queries.sight import SEE_ALL, claims_in_sight
from models.rules.claim_workflow import ENDED, HOLDER, State
from models.rules.entitlement import Purpose
from models.rules.exposure import Exposure, Outlook, OutOfPocket, by_agency, by_holder, outlook
from models.rules.exposure import exposure as exposure_of
from models.rules.roles import Actor, Office, Role
from models.tables.agreements import Advance, Agreement, Result
from models.tables.claims import Claim, ClaimMoney
from models.tables.organisations import Agency

UNPAID = tuple(state for state in HOLDER if state not in (State.agency_paid, State.draft))
"""Filed, and the subsidy not paid: the states in which an agency waits for its money."""


@dataclass(frozen=True, slots=True)
class AgencyExposure:
    """What one agency waits for.

    Attributes:
        fen_days, later_fen_days: now, and in `FORECAST_DAYS` if nothing moves.
        bands_fen: the money of each ageing band.
    """

    uscc: str
    name: str
    claims: int
    fen: int
    fen_days: int
    oldest_days: int
    bands_fen: tuple[int, ...]
    later_fen_days: int


@dataclass(frozen=True, slots=True)
class HolderExposure:
    """What one office holds of it."""

    office: Office
    exposure: Exposure


@dataclass(frozen=True, slots=True)
class Advances:
    """Money advanced under agreements whose subsidy is not paid yet (垫资记录), from its own dates."""

    agreements: int
    fen: int
    fen_days: int


@dataclass(frozen=True, slots=True)
class ExposureReport:
    """Advance exposure on a day, for one person: an agency's own, else the whole zone's.

    Attributes:
        total: now and later.
        agencies: the most exposed first.
        holders: in the order of the course.
        advances: a second figure, never added to the first.
    """

    total: Outlook
    agencies: tuple[AgencyExposure, ...]
    holders: tuple[HolderExposure, ...]
    advances: Advances


@dataclass(frozen=True, slots=True)
class ExposureStanding:
    """Advance exposure in short, for the start page: the whole, and what each office holds."""

    total: Outlook
    holders: tuple[HolderExposure, ...]


def exposure_standing(session: Session, actor: Actor, on: date) -> ExposureStanding:
    """Advance exposure on a day, in short.

    Args:
        session: any transaction.
        actor: who asks; an agency sees its own.
        on: the day.
    """
    items, bounds = out_of_pocket(session, actor, of_agencies=False), band_bounds(session, on)
    return ExposureStanding(outlook(items, on, bounds), _holders(items, on, bounds))


def exposure_report(session: Session, actor: Actor, on: date) -> ExposureReport:
    """Advance exposure on a day.

    Args:
        session: any transaction.
        actor: who asks; an agency sees its own.
        on: the day.
    """
    items = out_of_pocket(session, actor)
    bounds = band_bounds(session, on)
    names = _names(session, items)
    rows = []
    for agency_id, own in by_agency(items).items():
        seen = outlook(own, on, bounds)
        uscc, name = names[agency_id]
        rows.append(
            AgencyExposure(
                uscc, name, seen.now.claims, seen.now.fen, seen.now.fen_days,
                seen.now.oldest_days, tuple(band.fen for band in seen.now.bands),
                seen.later.fen_days,
            )
        )  # fmt: skip
    rows.sort(key=lambda row: (-row.fen_days, row.uscc))
    return ExposureReport(
        total=outlook(items, on, bounds),
        agencies=tuple(rows),
        holders=_holders(items, on, bounds),
        advances=_advances(session, actor, on),
    )


def out_of_pocket(
    session: Session, actor: Actor, *, of_agencies: bool = True
) -> tuple[OutOfPocket, ...]:
    """The unpaid money of every claim in the person's sight: claims of one agency, holder and day
    together.

    Args:
        session: any transaction.
        actor: who asks.
        of_agencies: apart by agency; else all agencies together, as number 0: far fewer rows.
    """
    amount = func.coalesce(ClaimMoney.approved_fen, ClaimMoney.entitled_fen, Claim.asked_fen)
    place = (col(Claim.state), col(Claim.held_from), col(Result.obtained_on))
    key: tuple[Any, ...] = (col(Claim.agency_id), *place) if of_agencies else place
    statement = (
        select(
            *place, func.count(), func.sum(amount),
            col(Claim.agency_id) if of_agencies else literal(0),
        )
        .join(Result, col(Result.id) == Claim.result_id)
        .outerjoin(
            ClaimMoney,
            and_(col(ClaimMoney.claim_id) == Claim.id, col(ClaimMoney.purpose) == Purpose.subsidy),
        )
        .where(
            claims_in_sight(actor),
            or_(
                col(Claim.state).in_(UNPAID),
                and_(col(Claim.state) == State.on_hold, col(Claim.held_from).in_(UNPAID)),
            ),
        )
        .group_by(*key)
        .order_by(*key)
    )  # fmt: skip
    return tuple(
        OutOfPocket(agency_id, HOLDER[State(held_from or state)], on, int(fen), claims=claims)
        for state, held_from, on, claims, fen, agency_id in session.execute(statement)
    )


def band_bounds(session: Session, on: date) -> tuple[int, ...]:
    """The last day of each ageing band but the last (账龄分段), as of a day."""
    return cast(tuple[int, ...], setting(session, "exposure_bands_days", on).value)


def _holders(
    items: Iterable[OutOfPocket], on: date, bounds: Sequence[int]
) -> tuple[HolderExposure, ...]:
    return tuple(
        HolderExposure(office, exposure_of(held, on, bounds))
        for office, held in by_holder(items).items()
    )


def _names(session: Session, items: tuple[OutOfPocket, ...]) -> dict[int, tuple[str, str]]:
    ids = {item.agency_id for item in items}
    statement = select(Agency.id, Agency.uscc, Agency.name).where(col(Agency.id).in_(ids))
    return {id_: (uscc, name) for id_, uscc, name in session.execute(statement)}


def _advances(session: Session, actor: Actor, on: date) -> Advances:
    """Advances under agreements with a claim that waits, or with none yet: what ended is no longer
    waited for."""
    of_agreement = col(Claim.agreement_id) == Agreement.id
    is_paid = or_(
        col(Claim.state).in_([*ENDED, State.agency_paid]),
        and_(col(Claim.state) == State.on_hold, col(Claim.held_from) == State.agency_paid),
    )
    waits = exists().where(of_agreement, ~is_paid)
    is_new = ~exists().where(of_agreement)
    statement = (
        select(Advance.agreement_id, Advance.amount_fen, Advance.advanced_on)
        .join(Agreement, col(Agreement.id) == Advance.agreement_id)
        .where(or_(waits, is_new), col(Advance.advanced_on) <= on)
    )
    if actor.roles.isdisjoint(SEE_ALL):
        own = actor.agency_id if Role.agency in actor.roles else None
        statement = statement.where(col(Agreement.agency_id) == own)
    rows = session.execute(statement).all()
    return Advances(
        agreements=len({agreement for agreement, _, _ in rows}),
        fen=sum(fen for _, fen, _ in rows),
        fen_days=sum(fen * (on - advanced_on).days for _, fen, advanced_on in rows),
    )
