"""The register of agencies: filter, workload, standing; one card; the public columns."""

from datetime import date
from typing import Any

import pytest
from sqlmodel import select

from models.database import session
from models.queries.agencies import AgencyCard, AgencyFilter, AgencyRow, agencies, agency_card
from models.queries.claims import services_listed
from models.queries.paging import Page, PageRequest
from models.rules.claim_workflow import Action
from models.rules.errors import NotAllowed, NotFound
from models.rules.membership import AgencyState, agency_standing
from models.tables.organisations import Admission, Agency
from tests.world import NOON, TODAY, World

OWN = "91210231MA0XY0002H"
DAYS = (None, date(2026, 11, 19), TODAY, date(2026, 11, 21))


@pytest.fixture
def filled(world: World) -> World:
    """The world's agency and one for every way dates can lie."""
    at = 0
    with world.session() as current:
        for admission in Admission:
            for suspended_from in DAYS:
                for suspended_to in DAYS if suspended_from else (None,):
                    for removed_on in (None, TODAY, date(2026, 11, 21)):
                        at += 1
                        current.add(
                            Agency(
                                uscc=f"91210231MA2AB{at:04d}X",
                                name=f"大连测试{at:03d}号机构",
                                joined_on=date(2024, 1, 1),
                                admission=admission,
                                suspended_from=suspended_from,
                                suspended_to=suspended_to,
                                removed_on=removed_on,
                                contact_name="张三",
                                changed_at_utc=NOON,
                            )
                        )
    return world


def asked(world: World, who: str = "reviewer", **wanted: Any) -> Page[AgencyRow]:
    """Everything that fits, as somebody sees it."""
    with session(world.engine) as current:
        request = PageRequest(size=999, order=wanted.pop("order", ""))
        return agencies(current, world.people[who], AgencyFilter(**wanted), request, TODAY)


def test_the_filter_and_the_rule_agree(filled: World) -> None:
    """The condition on rows is the rule, over every way dates can lie."""
    everyone = asked(filled).rows
    for state in AgencyState:
        found = {row.uscc for row in asked(filled, state=state)}
        assert found == {row.uscc for row in everyone if row.state is state}
        assert found


def test_the_rule_is_the_rule(filled: World) -> None:
    with session(filled.engine) as current:
        by_code = {agency.uscc: agency for agency in current.exec(select(Agency)).all()}
    for row in asked(filled):
        agency = by_code[row.uscc]
        assert row.standing == agency_standing(
            agency.admission,
            TODAY,
            suspended_from=agency.suspended_from,
            suspended_to=agency.suspended_to,
            removed_on=agency.removed_on,
        )


def test_filters_by_name_code_and_service(filled: World) -> None:
    assert [row.uscc for row in asked(filled, text="示例甲")] == [OWN]
    assert [row.uscc for row in asked(filled, text="ma0xy0002")] == [OWN]
    assert [row.uscc for row in asked(filled, service="hnte_first")] == [OWN]
    assert asked(filled, service="trademark").rows == ()


def test_the_workload_is_live(world: World) -> None:
    assert workload(world) == (1, 0)
    first, second = world.file(), world.file()
    assert workload(world) == (1, 2)
    world.step("reviewer", first, Action.refuse_pre_review, reasons=("R01",))
    assert workload(world) == (1, 1)
    assert second


def workload(world: World) -> tuple[int | None, int | None]:
    """Open agreements and open claims of the world's agency."""
    (row,) = asked(world, text="示例甲")
    return row.open_agreements, row.open_claims


def test_another_agency_sees_the_public_columns_only(filled: World) -> None:
    rows = {row.uscc: row for row in asked(filled, "agency")}
    own = rows.pop(OWN)
    assert own.open_agreements == 1
    assert {(row.staff_count, row.contact_name, row.open_claims) for row in rows.values()} == {
        (None, None, None)
    }


def test_the_register_is_closed_to_others(world: World) -> None:
    for who in ("enterprise",):
        with pytest.raises(NotAllowed):
            asked(world, who)
        with pytest.raises(NotFound):
            card(world, who)


def test_services_stand_in_the_order_of_the_clause(world: World) -> None:
    with session(world.engine) as current:
        in_order = tuple(services_listed(current))
    (row,) = asked(world)
    assert row.services == tuple(code for code in in_order if code in row.services)
    assert set(row.services) == {"hnte_first", "software_copyright"}


# ---------------------------------------------------------------- the card


def card(world: World, who: str, uscc: str = OWN) -> AgencyCard:
    """The card as somebody sees it."""
    with session(world.engine) as current:
        return agency_card(current, world.people[who], uscc, TODAY)


def test_the_card_shows_agreements_and_claims(world: World) -> None:
    number = world.file()
    shown = card(world, "reviewer")
    assert [agreement.number for agreement in shown.agreements] == ["XY-2026-001"]
    assert [claim.number for claim in shown.claims] == [number]
    assert shown.payee_account == "**** 1111"
    assert card(world, "finance").payee_account == "6222020200001111"
    assert card(world, "agency").payee_account == "6222020200001111"


def test_another_agency_s_card_holds_nothing_private(filled: World) -> None:
    shown = card(filled, "agency", "91210231MA2AB0001X")
    assert not shown.has_contacts
    assert (shown.contact_phone, shown.payee_name, shown.payee_bank, shown.payee_account) == (
        "",
        "",
        "",
        "",
    )
    assert shown.agreements == shown.claims == ()


def test_no_such_agency(world: World) -> None:
    with pytest.raises(NotFound):
        card(world, "reviewer", "91210231MA2AB9999X")
