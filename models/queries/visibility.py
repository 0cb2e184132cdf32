"""Who sees what of an organisation: one rule for lists, cards, files and exports.

Claims have their own rule (`queries.sight`). Bank accounts (收款账号) are whole for finance, the
alliance lead and their owner; everyone else, exports included, gets them masked.
"""

from __future__ import annotations

from dataclasses import dataclass

from models.rules.errors import NotAllowed
from models.rules.roles import PERMISSIONS, ROLE_NAMES, Actor, Permission, Role
from models.rules.wording import say

SHOWN_DIGITS = 4
MASK = "****"


@dataclass(frozen=True, slots=True)
class Sight:
    """What a person sees of one organisation.

    Attributes:
        is_visible: it exists for this person: its public columns.
        has_contacts: contact, telephone, staff and workload too.
        has_account: the bank account in full; else masked.
    """

    is_visible: bool
    has_contacts: bool = False
    has_account: bool = False


def sight_of_enterprise(actor: Actor, enterprise_id: int | None) -> Sight:
    """What this person sees of an enterprise; an enterprise sees itself."""
    is_own = enterprise_id is not None and actor.enterprise_id == enterprise_id
    is_visible = actor.may(Permission.see_members) or is_own
    return Sight(is_visible, is_visible, is_own or _sees_accounts(actor))


def sight_of_agency(actor: Actor, agency_id: int | None) -> Sight:
    """What this person sees of an agency: other agencies see the public columns only."""
    is_own = agency_id is not None and actor.agency_id == agency_id
    is_visible = actor.may(Permission.see_agencies)
    is_official = not (actor.roles & PERMISSIONS[Permission.see_agencies]) <= {Role.agency}
    return Sight(
        is_visible, is_visible and (is_own or is_official), is_own or _sees_accounts(actor)
    )


def account_shown(account: str, sight: Sight) -> str:
    """A bank account as this person sees it; empty when there is none."""
    return account if sight.has_account else masked_account(account)


def masked_account(account: str) -> str:
    """A bank account with all but its last digits hidden: `**** 0001`; a short one is hidden
    whole."""
    if not account:
        return ""
    return f"{MASK} {account[-SHOWN_DIGITS:]}" if len(account) > 2 * SHOWN_DIGITS else MASK


def refuse_without(actor: Actor, permission: Permission) -> None:
    """Go on only for somebody whose roles open this door.

    Raises:
        NotAllowed: nobody else; the reason names the roles that may.
    """
    if not actor.may(permission) and not actor.is_system:
        names = tuple(ROLE_NAMES[role] for role in sorted(PERMISSIONS[permission]))
        raise NotAllowed(say("您当前的角色不能这样做；“{roles}”可以", roles=names))


def _sees_accounts(actor: Actor) -> bool:
    return actor.may(Permission.see_bank_accounts)
