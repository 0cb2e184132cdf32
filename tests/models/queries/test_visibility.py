"""Every role × every kind of organisation: what is seen of it, and whose account is masked."""

from datetime import date

import pytest

from models.queries.visibility import (
    account_shown,
    masked_account,
    refuse_without,
    sight_of_agency,
    sight_of_enterprise,
)
from models.rules.errors import NotAllowed
from models.rules.roles import Actor, GrantFacts, Permission, Role

OWN, OTHER = 7, 8


def somebody(*roles: Role) -> Actor:
    """A person of some roles, speaking for organisation 7 where the role does."""
    grants = tuple(GrantFacts(at, role, date(2026, 1, 1)) for at, role in enumerate(roles, start=1))
    return Actor(
        1,
        "somebody",
        grants,
        OWN if Role.agency in roles else None,
        OWN if Role.enterprise in roles else None,
    )


# role → enterprise: visible, account · agency: visible, contacts, account (of another's)
# fmt: off
SEES = {
    Role.alliance_reviewer: ((True,  False), (True,  True,  False)),
    Role.alliance_lead:     ((True,  True),  (True,  True,  True)),
    Role.leader:            ((True,  False), (True,  True,  False)),
    Role.agency:            ((False, False), (True,  False, False)),
    Role.enterprise:        ((False, False), (False, False, False)),
    Role.bureau:            ((True,  False), (True,  True,  False)),
    Role.committee:         ((True,  False), (True,  True,  False)),
    Role.finance:           ((True,  True),  (True,  True,  True)),
    Role.auditor:           ((True,  False), (True,  True,  False)),
    Role.administrator:     ((True,  False), (True,  True,  False)),
}
# fmt: on


@pytest.mark.parametrize("role", Role)
def test_what_each_role_sees_of_others(role: Role) -> None:
    enterprise = sight_of_enterprise(somebody(role), OTHER)
    agency = sight_of_agency(somebody(role), OTHER)
    assert (
        (enterprise.is_visible, enterprise.has_account),
        (agency.is_visible, agency.has_contacts, agency.has_account),
    ) == SEES[role]


def test_owners_see_their_own_account() -> None:
    assert sight_of_enterprise(somebody(Role.enterprise), OWN).has_account
    assert sight_of_agency(somebody(Role.agency), OWN).has_account
    assert sight_of_agency(somebody(Role.agency), OWN).has_contacts


def test_nobody_owns_what_does_not_exist() -> None:
    assert not sight_of_enterprise(somebody(Role.alliance_reviewer), None).has_account
    assert not sight_of_agency(somebody(Role.alliance_reviewer), None).has_account


def test_an_agency_s_account_that_also_holds_an_office_sees_contacts() -> None:
    assert sight_of_agency(somebody(Role.agency, Role.bureau), OTHER).has_contacts


@pytest.mark.parametrize(
    ("account", "masked"),
    [("", ""), ("12345678", "****"), ("123456789", "**** 6789"), ("6222020200001111", "**** 1111")],
)
def test_masking(account: str, masked: str) -> None:
    assert masked_account(account) == masked


def test_the_account_is_shown_by_sight() -> None:
    finance, auditor = somebody(Role.finance), somebody(Role.auditor)
    assert account_shown("6222020200001111", sight_of_agency(finance, OTHER)) == "6222020200001111"
    assert account_shown("6222020200001111", sight_of_agency(auditor, OTHER)) == "**** 1111"


def test_a_closed_door_names_who_may_open_it() -> None:
    with pytest.raises(NotAllowed, match="联盟负责人、联盟初审员"):
        refuse_without(somebody(Role.leader), Permission.edit_members)
    refuse_without(somebody(Role.alliance_reviewer), Permission.edit_members)
    refuse_without(Actor(0, "system", is_system=True), Permission.edit_members)
