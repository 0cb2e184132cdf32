"""Who sees whole payments (拨付): orders, the bank's list, budget lines; an agency sees its own rows
only."""

from __future__ import annotations

from models.queries.visibility import refuse_without
from models.rules.roles import Actor, Permission, Role


def sees_all_payments(actor: Actor) -> bool:
    """Whether somebody sees everybody's payments, and not only an agency's own."""
    return actor.may(Permission.see_payments) and not actor.roles <= {Role.agency}


def refuse_to_see_all(actor: Actor) -> None:
    """Go on only for who sees everybody's payments.

    Raises:
        NotAllowed: nobody else; the reason names who may.
    """
    wanted = Permission.see_payments if sees_all_payments(actor) else Permission.confirm_money
    refuse_without(actor, wanted)
