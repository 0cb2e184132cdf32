"""The register of members: filter, search, order, page; one card; who may see what of it."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date
from typing import Any

import pytest
from sqlalchemy import Engine, event

from models.database import session
from models.queries import members as register
from models.queries.members import MemberFilter, member_card, members
from models.queries.paging import Count, Page, PageRequest
from models.rules.errors import NotAllowed, NotFound
from models.rules.membership import CertificateState
from models.tables.organisations import Enterprise, GrowthStage, HnteStatus
from tests.world import NOON, TODAY, World

OWN = "91210231MA0XY0001K"
FIRST_PAGE = PageRequest()


@pytest.fixture
def filled(world: World) -> World:
    """The world's enterprise and thirty more."""
    stages, statuses = [*GrowthStage, None], list(HnteStatus)
    with world.session() as current:
        for at in range(30):
            current.add(
                Enterprise(
                    uscc=f"91210231MA1AB{at:04d}X",
                    name=f"大连测试{at:02d}号{'软件' if at % 3 == 0 else '智造'}有限公司",
                    district=f"第{at % 4}街道",
                    growth_stage=stages[at % len(stages)],
                    hnte_status=statuses[at % len(statuses)],
                    certified_on=date(2023, 11, 1 + at) if at % 4 == 2 else None,
                    joined_on=date(2025 + at % 2, 1 + at % 11, 3),
                    changed_at_utc=NOON,
                )
            )
    return world


def asked(
    world: World, who: str = "reviewer", request: PageRequest = FIRST_PAGE, **wanted: Any
) -> Page[register.MemberRow]:
    """One page as somebody sees it."""
    with session(world.engine) as current:
        return members(current, world.people[who], MemberFilter(**wanted), request, TODAY)


def test_the_newest_members_come_first(filled: World) -> None:
    page = asked(filled)
    joined = [row.joined_on for row in page]
    assert joined == sorted(joined, reverse=True)
    assert (len(page.rows), page.pages, page.count) == (15, 3, Count(31))


# fmt: off
FILTERS: tuple[tuple[dict[str, Any], Any], ...] = (
    ({"stage": GrowthStage.listed},      lambda row: row.growth_stage is GrowthStage.listed),
    ({"hnte": HnteStatus.recognised},    lambda row: row.hnte_status is HnteStatus.recognised),
    ({"district": "第2街道"},            lambda row: row.district == "第2街道"),
    ({"joined": "2025"},                 lambda row: row.joined_on.year == 2025),
    ({"joined": "2026-03"},              lambda row: (row.joined_on.year, row.joined_on.month) == (2026, 3)),
    ({"text": "软件"},                   lambda row: "软件" in row.name),
    ({"text": "大连 智造", "joined": "2025"}, lambda row: "智造" in row.name and row.joined_on.year == 2025),
    ({"text": "ma1ab0007"},              lambda row: row.uscc == "91210231MA1AB0007X"),
)
# fmt: on


@pytest.mark.parametrize(("bound", "outright"), [(10_000, 500), (10_000, 0), (3, 0)])
def test_filters_show_all_that_fit_and_nothing_else(
    filled: World, monkeypatch: pytest.MonkeyPatch, bound: int, outright: int
) -> None:
    """In every form the search takes: few are named outright, many are met on the way, too many
    are not counted."""
    everyone = asked(filled, request=PageRequest(size=99)).rows
    monkeypatch.setattr(register, "COUNTED_ROWS", bound)
    monkeypatch.setattr(register, "NAMED_OUTRIGHT", outright)
    for wanted, fits in FILTERS:
        expected = {row.uscc for row in everyone if fits(row)}
        page = asked(filled, request=PageRequest(size=99), **wanted)
        assert {row.uscc for row in page} == expected, wanted
        assert expected
        is_bounded = bound < len(expected) and wanted.keys() == {"text"}
        assert page.count == (Count(bound, is_exact=False) if is_bounded else Count(len(expected)))


def test_a_search_without_a_hit_is_an_empty_page(filled: World) -> None:
    assert asked(filled, text="没有这样的名称").rows == ()


def test_orders(filled: World) -> None:
    names = [row.name for row in asked(filled, request=PageRequest(size=99, order="name"))]
    assert len(set(names)) == 31  # in which order is each database's own collation
    certified = asked(filled, request=PageRequest(size=99, order="-certificate")).rows
    untils = [row.certificate.valid_until for row in certified if row.certificate.valid_until]
    assert untils == sorted(untils, reverse=True)
    assert certified[-1].certificate.valid_until is None


def test_the_register_is_closed_to_others(filled: World) -> None:
    for who in ("agency", "enterprise"):
        with pytest.raises(NotAllowed):
            asked(filled, who)


def test_a_certificate_that_ends_this_year_is_said(filled: World) -> None:
    states = {row.certificate.state for row in asked(filled, request=PageRequest(size=99))}
    assert states >= {
        CertificateState.ends_this_year,
        CertificateState.ended,
        CertificateState.none,
    }


# ---------------------------------------------------------------- the card


def card(world: World, who: str, uscc: str = OWN) -> register.MemberCard:
    """The card as somebody sees it."""
    with session(world.engine) as current:
        return member_card(current, world.people[who], uscc, TODAY)


def test_the_card_shows_agreements_results_and_claims(world: World) -> None:
    number = world.file()
    shown = card(world, "reviewer")
    assert [agreement.number for agreement in shown.agreements] == ["XY-2026-001"]
    assert [(claim.number, claim.result) for claim in shown.claims] == [(number, "GR202621000001")]
    assert shown.agreements[0].agency == "大连示例甲机构有限公司"


def test_the_account_is_masked(world: World) -> None:
    for who in ("finance", "lead", "enterprise"):
        assert card(world, who).payee_account == "6222020200002222"
    for who in ("reviewer", "auditor", "bureau", "committee", "leader"):
        assert card(world, who).payee_account == "**** 2222"


def test_a_stranger_to_the_register_reads_the_same_answer_as_for_no_member(world: World) -> None:
    said = set()
    for who, uscc in (("agency", OWN), ("reviewer", "91210231MA1AB9999X")):
        with pytest.raises(NotFound) as refused:
            card(world, who, uscc)
        said.add(refused.value.wording.template)
    assert len(said) == 1


def test_an_enterprise_sees_its_own_card_without_others_claims(filled: World) -> None:
    filled.file()
    assert card(filled, "enterprise").claims == ()
    with pytest.raises(NotFound):
        card(filled, "enterprise", "91210231MA1AB0007X")


# ---------------------------------------------------------------- what the filters offer


def test_what_the_filters_offer(filled: World) -> None:
    with session(filled.engine) as current:
        assert register.districts(current) == ("第0街道", "第1街道", "第2街道", "第3街道")
        periods = register.joining_periods(current)
    assert periods[:2] == ("2026", "2026-11")
    assert periods[-1] == "2025-01"
    assert periods.count("2025") == 1


def test_an_empty_register_offers_nothing(database: Engine) -> None:
    with session(database) as current:
        assert register.districts(current) == register.joining_periods(current) == ()


def test_statements_do_not_grow_with_rows(filled: World) -> None:
    with statements(filled) as few:
        asked(filled, request=PageRequest(size=2), text="大连")
    with statements(filled) as many:
        asked(filled, request=PageRequest(size=30), text="大连")
    assert len(few) == len(many) <= 3


@contextmanager
def statements(world: World) -> Iterator[list[str]]:
    """The SELECTs a block runs."""
    seen: list[str] = []

    def note(_connection: Any, _cursor: Any, statement: str, *_rest: Any) -> None:
        if statement.lstrip().upper().startswith(("SELECT", "WITH")):
            seen.append(statement)

    event.listen(world.engine, "before_cursor_execute", note)
    yield seen
    event.remove(world.engine, "before_cursor_execute", note)
