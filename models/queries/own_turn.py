"""Which claims of an office a person may decide (可由本人办理): the barriers of `roles` and the lease, as
conditions on `claim` rows.

A list asks for a page of claims and may not ask a rule row by row; that the two say the same is
tested claim by claim.
"""

from __future__ import annotations

from datetime import date
from enum import StrEnum
from functools import lru_cache
from typing import Any

from sqlalchemy import ColumnElement, and_, case, false, func, literal, or_, select
from sqlmodel import col

from models.clock import now_utc, today
from models.rules.claim_workflow import HOLDER, OFFICE_ROLE, Action, states_held_by
from models.rules.roles import Actor, Office
from models.tables.claims import Claim, ClaimEvent, Evidence
from models.tables.people import Tie


class Hindrance(StrEnum):
    """Why a claim of my office is not mine to decide (须他人办理)."""

    none = ""
    own_side = "own_side"  # 当事一方
    tied = "tied"  # 回避
    acted = "acted"  # 职责分离


def offices_of(actor: Actor) -> tuple[Office, ...]:
    """The offices at which this person's roles act."""
    return tuple(office for office, role in OFFICE_ROLE.items() if role in actor.roles)


def mine_to_decide(actor: Actor, now: Any = None) -> list[ColumnElement[bool]]:
    """Conditions on claims of the person's offices: no colleague has them, nothing forbids.

    Args:
        actor: the person and today's grants.
        now: the instant, or the parameter that will hold it; this instant when left out.
    """
    return [
        _is_free(actor, now_utc() if now is None else now),
        hindrance(actor) == Hindrance.none.value,
    ]


def hindrance(actor: Actor) -> ColumnElement[Any]:
    """A column: what forbids this person to decide a claim that lies with their office.

    Args:
        actor: the person and today's grants.

    Returns:
        A `Hindrance` by its value; empty too where the claim lies with somebody else's office.
    """
    return _hindrance(actor, today())


@lru_cache(maxsize=256)
def _hindrance(actor: Actor, on: date) -> ColumnElement[Any]:
    """Built once for each person and day: a page asks for it three times a run."""
    states = states_held_by(offices_of(actor))
    if not states:
        return literal(Hindrance.none.value)
    is_filing = col(Claim.state).in_(states_held_by((Office.filing,)))
    return case(
        (col(Claim.state).not_in(states), Hindrance.none.value),
        (and_(~is_filing, _is_own_side(actor)), Hindrance.own_side.value),
        (and_(~is_filing, _is_tied(actor, on)), Hindrance.tied.value),
        (_acted_elsewhere(actor), Hindrance.acted.value),
        (and_(~is_filing, _handed_in_papers(actor)), Hindrance.acted.value),
        else_=Hindrance.none.value,
    )


def _is_free(actor: Actor, now: Any) -> ColumnElement[bool]:
    return or_(
        col(Claim.lease_account_id).is_(None),
        col(Claim.lease_account_id) == actor.account_id,
        col(Claim.lease_until_utc) <= now,
    )


def _is_own_side(actor: Actor) -> ColumnElement[bool]:
    sides = (
        (actor.agency_id, col(Claim.agency_id)),
        (actor.enterprise_id, col(Claim.enterprise_id)),
    )
    return or_(false(), *(column == party_id for party_id, column in sides if party_id is not None))


def _is_tied(actor: Actor, on: date) -> ColumnElement[bool]:
    return or_(
        *(
            col(mine).in_(select(theirs).where(*_in_force(actor, on), col(theirs).is_not(None)))
            for mine, theirs in (
                (Claim.agency_id, Tie.agency_id),
                (Claim.enterprise_id, Tie.enterprise_id),
            )
        )
    )


def _in_force(actor: Actor, on: date) -> tuple[ColumnElement[bool], ...]:
    return (
        col(Tie.account_id) == actor.account_id,
        col(Tie.from_on) <= on,
        or_(col(Tie.to_on).is_(None), col(Tie.to_on) >= on),
    )


def _acted_elsewhere(actor: Actor) -> ColumnElement[bool]:
    """Whether the person acted at another office than the one that has the claim now.

    Asked of the claim's few events. As a condition on the account the database would go through
    everything the person ever did.
    """
    elsewhere = select(ClaimEvent.account_id).where(
        col(ClaimEvent.claim_id) == Claim.id,
        col(ClaimEvent.account_id).is_not(None),
        col(ClaimEvent.action) != Action.release,
        col(ClaimEvent.office) != _OFFICE,
    )
    return literal(actor.account_id).in_(elsewhere)


def _handed_in_papers(actor: Actor) -> ColumnElement[bool]:
    handed_in = select(Evidence.uploaded_by_id).where(col(Evidence.claim_id) == Claim.id)
    return literal(actor.account_id).in_(handed_in)


def _office(state: Any) -> ColumnElement[Any]:
    kind = ClaimEvent.__table__.c.office.type  # type: ignore[attr-defined]
    return case(
        *((state == held, literal(office, kind)) for held, office in HOLDER.items()),
        else_=literal(Office.system, kind),
    )


_OFFICE = _office(func.coalesce(col(Claim.held_from), col(Claim.state)))
"""The office that has the claim now."""
