"""The register of figures, its piles and filters, contradictions with why, and one figure's card."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from decimal import Decimal
from itertools import islice

import pytest
from sqlalchemy import Engine

from models.actions.actuals import (
    confirm_actual,
    enter_actual,
    turn_down_actual,
    withdraw_actual,
)
from models.actions.steps import system_actor
from models.database import session
from models.queries.actual_card import ActualCard, actual_card
from models.queries.actuals import (
    ActualFilter,
    actuals,
    indicators_offered,
    places_offered,
    sizes_of_actuals,
    themes_offered,
    years_offered,
)
from models.queries.contradictions import contradictions, contradictions_counted
from models.queries.paging import PageRequest, everything
from models.rules.errors import NotAllowed, NotFound
from models.rules.targets import ActualKind, Grade
from models.rules.targets.entries import FigureEntry, FigureState
from seed.target_data import seed_target_data, target_tables
from tests.world import Opener, World, make_world

ENTRY = FigureEntry(
    place_code="jinpu", indicator_code="hnte_count", as_of=date(2022, 12, 31), value="1,460",
    unit="家", kind=ActualKind.reported, grade=Grade.high, source_title="测试公报100%_",
    published="2023-06-01", note_zh="期末数",
)  # fmt: skip
NOWHERE = ("bureau", "committee", "finance", "agency", "enterprise")


@pytest.fixture
def kept(opened: Opener) -> World:
    """A world with the plans' figures, one entered and waiting, one turned down, one replaced."""
    world: World = opened(_kept)
    return world


def _kept(engine: Engine) -> World:
    world = make_world(engine)
    with world.session() as current:
        seed_target_data(current, system_actor())
    with world.session() as current:
        reviewer, lead = world.people["reviewer"], world.people["lead"]
        enter_actual(current, reviewer, ENTRY)
        down = enter_actual(current, reviewer, replace(ENTRY, value="3", source_title="传闻"))
        turn_down_actual(current, lead, down, "无据")
        right = replace(ENTRY, value="1,445", kind=ActualKind.derived)
        instead = enter_actual(current, reviewer, right, replaces_id="A-070", reason="照原文更正")
        confirm_actual(current, lead, instead)
    return world


def found(world: World, **wanted: object) -> list[str]:
    with session(world.engine) as current:
        page = actuals(current, world.people["leader"], ActualFilter(**wanted), everything())  # type: ignore[arg-type]
    return [row.id for row in page]


def card(world: World, number: str, who: str = "lead") -> ActualCard:
    with session(world.engine) as current:
        return actual_card(current, world.people[who], number)


def test_every_figure_stands_in_one_state(kept: World) -> None:
    by_state = {state: set(found(kept, state=state)) for state in FigureState}
    assert by_state[FigureState.waiting] == {"E-00001"}
    assert by_state[FigureState.turned_down] == {"E-00002"}
    assert by_state[FigureState.replaced] == {"A-070"}
    assert sum(map(len, by_state.values())) == len(found(kept)) == 127
    with session(kept.engine) as current:
        sizes = sizes_of_actuals(current, kept.people["auditor"])
    assert (sizes.figures, sizes.counting, sizes.waiting) == (127, 124, 1)
    assert {*found(kept, is_contradicting=True)} >= {"A-071", "E-00003"}


@pytest.mark.parametrize(
    ("wanted", "those"),
    [
        ({"text": "测试公报 100%"}, {"E-00001", "E-00003"}),
        ({"text": "e-00002"}, {"E-00002"}),
        ({"text": "%"}, {"E-00001", "E-00003"}),
        ({"place": "jinpu", "year": 2022, "kind": ActualKind.derived}, {"E-00003"}),
        ({"indicator": "hnte_count", "place": "jinpu", "grade": Grade.medium, "year": 2022}, {"A-070"}),
        ({"theme": "enterprises", "text": "传闻"}, {"E-00002"}),
        ({"theme": "finance", "text": "传闻"}, set()),
        ({"year": 1900}, set()),
    ],
)  # fmt: skip
def test_the_filters(kept: World, wanted: dict[str, object], those: set[str]) -> None:
    left = {one for one in found(kept, **wanted) if one.startswith("E") or "A-070" in those}
    assert left == those


@pytest.mark.parametrize(
    "order", ["as_of", "-as_of", "indicator", "place", "-published", "id", "entered_at_utc", "x"]
)
def test_every_order_is_total_and_pages_never_overlap(kept: World, order: str) -> None:
    with session(kept.engine) as current:
        seen: list[str] = []
        for number in range(1, 14):
            request = PageRequest(number, 10, order)
            seen += [
                row.id for row in actuals(current, kept.people["lead"], ActualFilter(), request)
            ]
    assert sorted(seen) == sorted(found(kept))


def test_a_row_says_what_it_replaces_and_who_entered_and_confirmed_it(kept: World) -> None:
    row = next(iter(actuals_of(kept, "E-00003")))
    assert (row.value, row.unit.zh, row.place.en) == (Decimal(1445), "家", "Jinpu New Area")
    assert (row.replaces_id, row.reason, row.state) == ("A-070", "照原文更正", FigureState.counting)
    assert (row.entered_by, row.decided_by) == ("reviewer 1", "lead 1")
    replaced = next(iter(actuals_of(kept, "A-070")))
    assert (replaced.replaced_by, replaced.entered_by, replaced.is_contradicting) == (
        "E-00003", "", False,
    )  # fmt: skip


def actuals_of(world: World, text: str) -> object:
    with session(world.engine) as current:
        return actuals(current, world.people["lead"], ActualFilter(text=text), everything()).rows


def test_what_the_filters_offer(kept: World) -> None:
    with session(kept.engine) as current:
        assert [one.code for one in places_offered(current)][:2] == ["dalian-hightech", "dalian"]
        assert next(one.code for one in themes_offered(current)) == "zero_fee"
        offered = {one.named.code: one for one in indicators_offered(current)}
        assert offered["hnte_count"].counted.unit == "家"
        years = years_offered(current)
    assert years[0] == "2025"
    assert list(years) == sorted(years, reverse=True)
    assert len(offered) == len(list(next(islice(target_tables(), 2, 3))))


ASKED = {
    "figures": lambda current, actor: actuals(current, actor, ActualFilter(), everything()),
    "sizes": sizes_of_actuals,
    "groups": lambda current, actor: contradictions(current, actor, ActualFilter(), everything()),
    "count": contradictions_counted,
    "card": lambda current, actor: actual_card(current, actor, "A-070"),
}


@pytest.mark.parametrize("what", ASKED)
def test_nobody_else_looks(kept: World, what: str) -> None:
    for who in NOWHERE:
        with pytest.raises(NotAllowed), session(kept.engine) as current:
            ASKED[what](current, kept.people[who])


# ---------------------------------------------------------------- contradictions


def beside(
    world: World, **wanted: object
) -> dict[tuple[str, str, int], dict[str, tuple[bool, str]]]:
    """Each group's figures: whether it is the one, and why."""
    with session(world.engine) as current:
        asked = ActualFilter(**wanted)  # type: ignore[arg-type]
        page = contradictions(current, world.people["leader"], asked, everything())
    return {
        (group.place.code, group.indicator.code, group.year): {
            one.row.id: (one.is_chosen, str(one.why)) for one in group.rivals
        }
        for group in page
    }


def test_contradicting_figures_stand_side_by_side_with_why(kept: World) -> None:
    groups = beside(kept)
    assert groups["jinpu", "hnte_count", 2022] == {
        "A-071": (True, "公开通报先于推算"),
        "E-00003": (False, "公开通报先于推算"),
        "E-00001": (True, "发布较新"),
    }, "the one that waits says what would become of it"
    assert groups["weihai", "hnte_count", 2020] == {
        "A-092": (True, "唯一可作判定的数字"), "A-091": (False, "预计数不作判定"),
    }  # fmt: skip
    assert groups["dalian", "invention_applications", 2012]["A-015"] == (
        False, "期中数不代表全年，不作判定",
    )  # fmt: skip
    with session(kept.engine) as current:
        assert contradictions_counted(current, kept.people["lead"]).rows == len(groups) == 9


def test_the_filters_narrow_the_contradictions(kept: World) -> None:
    assert set(beside(kept, place="jinpu")) == {("jinpu", "hnte_count", 2022)}
    assert beside(kept, place="wafangdian") == {}
    assert len(beside(kept, year=2020)) == 4


def test_contradictions_are_paged(kept: World) -> None:
    with session(kept.engine) as current:
        page = contradictions(current, kept.people["lead"], ActualFilter(), PageRequest(2, 6))
    assert (page.number, page.pages, len(page.rows)) == (2, 2, 3)


def test_two_of_one_day_are_told_from_two_of_different_days(kept: World) -> None:
    with session(kept.engine) as current:
        page = contradictions(current, kept.people["lead"], ActualFilter(), everything())
    kinds = {(one.place.code, one.indicator.code, one.year): one.is_of_one_day for one in page}
    assert kinds["jinpu", "hnte_count", 2022]
    assert not kinds["dalian", "valid_inventions", 2014]


# ---------------------------------------------------------------- the card


def told(of: ActualCard) -> list[tuple[str, str, str]]:
    return [(str(step.what), step.by, step.reason) for step in of.steps]


def test_a_card_tells_what_was_done_and_by_whom(kept: World) -> None:
    assert told(card(kept, "A-070")) == [
        ("随方案资料写入", "", ""),
        ("更正为 E-00003", "reviewer 1", "照原文更正"),
        ("更正 E-00003 经确认", "lead 1", ""),
    ]
    assert told(card(kept, "E-00003")) == [
        ("填报，替代 A-070", "reviewer 1", "照原文更正"),
        ("确认", "lead 1", ""),
    ]
    assert told(card(kept, "E-00002")) == [
        ("填报", "reviewer 1", ""),
        ("不予采用", "lead 1", "无据"),
    ]
    with kept.session() as current:
        again = replace(ENTRY, value="1,470")
        number = enter_actual(current, kept.people["lead"], again, replaces_id="A-071", reason="试")
        withdraw_actual(current, kept.people["lead"], number, "录错")
    assert told(card(kept, number))[-1] == ("填报人撤回", "lead 1", "录错")
    assert told(card(kept, "A-071"))[-1] == (f"更正 {number} 未采用", "lead 1", "录错")


@pytest.mark.parametrize(
    ("who", "decides", "withdraws", "replaces", "is_barred"),
    [
        ("lead", True, False, True, False),
        ("reviewer", True, True, True, True),
        ("leader", False, False, False, False),
        ("auditor", False, False, False, False),
    ],
)
def test_who_may_do_what_on_a_waiting_figure(
    kept: World, who: str, *, decides: bool, withdraws: bool, replaces: bool, is_barred: bool
) -> None:
    one = card(kept, "E-00001", who)
    assert (one.may_decide, one.may_withdraw, one.may_replace, one.barred is not None) == (
        decides, withdraws, replaces, is_barred,
    )  # fmt: skip


def test_what_is_settled_offers_nothing_more(kept: World) -> None:
    for number in ("A-070", "E-00002"):
        one = card(kept, number)
        assert not (one.may_decide or one.may_withdraw or one.may_replace)
    assert card(kept, "A-071").may_replace
    with kept.session() as current:
        right = replace(ENTRY, value="1,451")
        enter_actual(current, kept.people["lead"], right, replaces_id="A-071", reason="试")
    one = card(kept, "A-071")
    assert (one.may_replace, one.waiting_for_place) == (False, "E-00004")


def test_a_card_shows_what_stands_beside_it(kept: World) -> None:
    one = card(kept, "A-071")
    assert one.beside is not None
    assert {rival.row.id for rival in one.beside.rivals} == {"A-071", "E-00003", "E-00001"}
    assert (one.theme.code, one.definition_zh) == (
        "enterprises",
        "期末有效期内的国家高新技术企业数",
    )
    assert card(kept, "A-003").beside is None


@pytest.mark.parametrize("number", ["E-99999", "", "' OR 1=1 --", "%", "\u202e", "x" * 400])
def test_a_number_of_nothing_is_not_found(kept: World, number: str) -> None:
    with pytest.raises(NotFound):
        card(kept, number)
