"""A person's ties to the parties of what is before them."""

from __future__ import annotations

from sqlmodel import Session

from models.clock import today
from models.queries.claim_people import ties_in_force
from models.rules.roles import Actor, TieFacts
from models.tables.organisations import Agency, Enterprise


def ties_to(
    session: Session, actor: Actor, agency_id: int | None, enterprise_id: int | None = None
) -> tuple[TieFacts, ...]:
    """The ties to an agency and an enterprise that are in force today.

    Args:
        session: any transaction, flushed: ties are read beside its objects.
        actor: the person.
        agency_id: of the agency, if one is a party.
        enterprise_id: of the enterprise, if one is.
    """
    found = []
    for tie in ties_in_force(session.connection(), (actor.account_id,), today()):
        if tie.agency_id is not None and tie.agency_id == agency_id:
            found.append(TieFacts(session.get_one(Agency, agency_id).name, tie.kind))
        if tie.enterprise_id is not None and tie.enterprise_id == enterprise_id:
            found.append(TieFacts(session.get_one(Enterprise, enterprise_id).name, tie.kind))
    return tuple(found)
