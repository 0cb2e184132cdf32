"""Who sees which claims: one rule for lists, a single claim, files and exports."""

from __future__ import annotations

from sqlalchemy import ColumnElement, false, or_
from sqlmodel import col

from models.rules.claim_workflow import State
from models.rules.roles import Actor, Permission, Role
from models.tables.claims import Claim

SEE_ALL = frozenset(
    {
        Role.alliance_reviewer,
        Role.alliance_lead,
        Role.leader,
        Role.bureau,
        Role.committee,
        Role.finance,
        Role.auditor,
        Role.administrator,
    }
)
"""Roles that see every filed claim; an agency and an enterprise see their own."""


def may_see_claim(actor: Actor, claim: Claim) -> bool:
    """Whether this person may see this claim: its row, its papers, its line in an export."""
    if not actor.may(Permission.see_claims):
        return False
    is_own = actor.agency_id is not None and actor.agency_id == claim.agency_id
    if is_own and Role.agency in actor.roles:
        return True
    return claim.state is not State.draft and not actor.roles.isdisjoint(SEE_ALL)


def claims_in_sight(actor: Actor) -> ColumnElement[bool]:
    """The same rule as a condition on `claim` rows."""
    conditions: list[ColumnElement[bool]] = [false()]
    if actor.may(Permission.see_claims):
        if not actor.roles.isdisjoint(SEE_ALL):
            conditions.append(col(Claim.state) != State.draft)
        if Role.agency in actor.roles and actor.agency_id is not None:
            conditions.append(col(Claim.agency_id) == actor.agency_id)
    return or_(*conditions) if len(conditions) > 1 else conditions[0]
