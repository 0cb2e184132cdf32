"""The register of work items: what the database finds is what the rule says; filters, pages, units,
cards, targets, papers; who may see it."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import date, timedelta
from random import Random
from typing import Any

import pytest
from sqlalchemy import Engine, event
from sqlmodel import col, select

from models.actions.steps import system_actor
from models.actions.tasks import Progress, report_progress
from models.database import session
from models.queries.paging import Count, Page, PageRequest, everything
from models.queries.task_card import TaskCard, task_card, viewable_task_paper
from models.queries.task_standing import TaskLevel
from models.queries.tasks import (
    TaskFilter,
    TaskPile,
    TaskRow,
    deadline_years,
    pile_sizes,
    plans_listed,
    register_summary,
    tasks,
    tasks_of_target,
    units_listed,
)
from models.rules.errors import NotAllowed, NotFound
from models.rules.tasks import (
    PERIOD_DAYS,
    TaskStanding,
    TaskState,
    TaskTiming,
    WorkItem,
    parts_of,
    whereabouts,
    whereabouts_of_parts,
)
from models.tables.meetings import TaskReport
from models.tables.targets import Task, TaskUnit
from seed.plans import lines
from seed.target_data import seed_target_data
from tests.world import NOON, PDF, TODAY, Opener, World, make_world

MAY = {"importer", "reviewer", "reviewer2", "lead", "leader", "auditor", "administrator"}
PARENTS = {line["parent"] for line in lines("tasks")}
LEAVES = [line for line in lines("tasks") if line["code"] not in PARENTS]


@pytest.fixture
def planned(opened: Opener) -> World:
    """A world in which the plans lie, and a third of the items were reported; some recur."""
    world: World = opened(_planned)
    return world


@pytest.fixture
def plain(opened: Opener) -> World:
    """A world in which the plans lie, and nobody reported anything."""
    world: World = opened(_plain)
    return world


def _planned(engine: Engine) -> World:
    world, chance = make_world(engine), Random(7)
    with world.session() as current:
        seed_target_data(current, system_actor())
        for line in LEAVES:
            task = current.get_one(Task, line["code"])
            if chance.random() < 0.5:
                task.deadline_on = TODAY + timedelta(days=chance.randint(-40, 400))
            if chance.random() < 0.3:
                task.recurrence = chance.choice([*PERIOD_DAYS, "continuous"])
            for _ in range(chance.choice([0, 1, 2])):
                current.add(
                    TaskReport(
                        task_code=task.code,
                        state=chance.choice(list(TaskState)),
                        stands_on=TODAY - timedelta(days=chance.randint(0, 400)),
                        reported_by_id=world.people["reviewer"].account_id,
                        reported_at_utc=NOON,
                    )
                )
    return world


def _plain(engine: Engine) -> World:
    world = make_world(engine)
    with world.session() as current:
        seed_target_data(current, system_actor())
    return world


def asked(
    world: World, who: str = "leader", request: PageRequest | None = None, **wanted: Any
) -> Page[TaskRow]:
    """One page as somebody sees it, or everything."""
    with session(world.engine) as current:
        actor, request = world.people[who], request or everything()
        return tasks(current, actor, TaskFilter(**wanted), request, TODAY)


def card(world: World, code: str, who: str = "leader") -> TaskCard:
    """One item's card."""
    with session(world.engine) as current:
        return task_card(current, world.people[who], code, TODAY)


def expected(world: World) -> dict[str, WorkItem]:
    """Each leaf with its newest report, gathered here and not by the register."""
    with session(world.engine) as current:
        newest = {
            report.task_code: report
            for report in current.exec(select(TaskReport).order_by(col(TaskReport.id)))
        }
        found = {}
        for line in LEAVES:
            task, report = current.get_one(Task, line["code"]), newest.get(line["code"])
            said = (report.state, report.stands_on) if report else (None, None)
            found[task.code] = WorkItem(task.deadline_on, task.recurrence, *said)
    return found


# ---------------------------------------------------------------- the rule and the database agree

# fmt: off
PILES: dict[TaskPile, Callable[[TaskStanding, TaskTiming], bool]] = {
    TaskPile.all:         lambda *_: True,
    TaskPile.overdue:     lambda _, timing: timing is TaskTiming.overdue,
    TaskPile.soon:        lambda _, timing: timing is TaskTiming.soon,
    TaskPile.unreported:  lambda standing, _: standing is TaskStanding.unreported,
    TaskPile.not_started: lambda standing, _: standing is TaskStanding.not_started,
    TaskPile.under_way:   lambda standing, _: standing is TaskStanding.under_way,
    TaskPile.done:        lambda standing, _: standing is TaskStanding.done,
    TaskPile.stopped:     lambda standing, _: standing is TaskStanding.stopped,
}
# fmt: on


def test_every_pile_of_leaves_is_what_the_rule_says(planned: World) -> None:
    stands = {code: whereabouts(item, TODAY) for code, item in expected(planned).items()}
    assert {row.code: row.stands for row in asked(planned)} == stands
    for pile, belongs in PILES.items():
        wanted = {code for code, one in stands.items() if belongs(one.standing, one.timing)}
        found = asked(planned, pile=pile)
        assert {row.code for row in found} == wanted
        assert found.count == Count(len(wanted))
    assert all(
        any(belongs(one.standing, one.timing) for one in stands.values())
        for belongs in PILES.values()
    )


def test_every_pile_of_items_with_sub_items_is_what_the_rule_says(planned: World) -> None:
    leaves = {code: whereabouts(item, TODAY) for code, item in expected(planned).items()}
    below: dict[str, list[Any]] = {}
    for line in LEAVES:
        if line["parent"]:
            below.setdefault(line["parent"], []).append(leaves[line["code"]])
    stands = {code: whereabouts_of_parts(parts_of(found)) for code, found in below.items()}
    everything_joint = asked(planned, level=TaskLevel.joint)
    assert {row.code: row.stands for row in everything_joint} == stands
    for pile, belongs in PILES.items():
        wanted = {code for code, one in stands.items() if belongs(one.standing, one.timing)}
        found = asked(planned, pile=pile, level=TaskLevel.joint)
        assert {row.code for row in found} == wanted


def test_deeper_sub_items_count_for_all_above_them(plain: World) -> None:
    with plain.session() as current:
        top = current.get_one(Task, "DL-9")
        current.add(
            Task(**top.model_dump() | {"code": "DL-9-1-1", "parent_code": "DL-9-1", "clause": "x"})
        )
        current.flush()
        current.add(TaskUnit(task_code="DL-9-1-1", position=1, unit="下级单位"))
        done = Progress(TaskState.done, TODAY, "已完成")
        report_progress(current, plain.people["reviewer"], "DL-9-1-1", done)
    above = card(plain, "DL-9").row
    assert above.parts is not None
    assert (above.parts.total, above.parts.done) == (3, 1)
    assert "下级单位" in {unit.name for unit in above.units}
    assert [row.code for row in card(plain, "DL-9").sub_items] == ["DL-9-1", "DL-9-2", "DL-9-3"]
    assert not card(plain, "DL-9-1").is_reported_itself


def test_sizes_are_counted_under_the_other_filters(planned: World) -> None:
    with session(planned.engine) as current:
        wanted = TaskFilter(plan="weihai", pile=TaskPile.done)
        sizes = pile_sizes(current, planned.people["lead"], wanted, TODAY)
        nothing = pile_sizes(current, planned.people["lead"], TaskFilter(text="无此任务"), TODAY)
    assert sizes[TaskPile.all] == 24
    assert sizes[TaskPile.done] == len(asked(planned, plan="weihai", pile=TaskPile.done).rows)
    assert set(nothing.values()) == {0}


def test_the_summary_counts_every_item_and_the_late_ones(planned: World, world: World) -> None:
    with session(planned.engine) as current:
        found = register_summary(current, planned.people["auditor"], TODAY)
    late = asked(planned, pile=TaskPile.overdue).rows
    unreported = [row for row in late if row.stands.standing is TaskStanding.unreported]
    assert found.leaves + found.joint == len(lines("tasks")) == 471
    assert (found.leaves, found.overdue, found.overdue_unreported) == (
        len(LEAVES), len(late), len(unreported),
    )  # fmt: skip


# ---------------------------------------------------------------- filters, orders, pages

# fmt: off
FILTERS: tuple[tuple[dict[str, Any], Callable[[dict[str, str]], bool]], ...] = (
    ({"plan": "harbin"},                 lambda line: line["document"] == "harbin"),
    ({"year": 2020},                     lambda line: line["deadline_on"].startswith("2020")),
    ({"plan": "dalian", "unit": "市科技局"}, lambda line: line["document"] == "dalian" and "市科技局" in line["responsible_units"].split("、")),
    ({"plan": "weihai", "unit": "市科技局"}, lambda line: line["document"] == "weihai" and "市科技局" in f'{line["lead_unit"]}、{line["responsible_units"]}'.split("、")),
    ({"text": "孵化器"},                 lambda line: any("孵化器" in one for one in (line["title_zh"], line["printed"], title_of(line["parent"])))),
    ({"text": "dl-81-1"},                lambda line: line["code"] == "DL-81-1"),
    ({"text": "Patent alliances"},       lambda line: in_english(line, "patent", "alliances")),
)
# fmt: on


def title_of(code: str, language: str = "zh") -> str:
    """What an item is called; nothing for none."""
    return next((line[f"title_{language}"] for line in lines("tasks") if line["code"] == code), "")


def in_english(line: dict[str, str], *words: str) -> bool:
    """Whether an item's English title or that of its parent holds every word."""
    said = f"{line['title_en']} {title_of(line['parent'], 'en')}".lower()
    return all(word in said for word in words)


@pytest.mark.parametrize(("wanted", "belongs"), FILTERS)
def test_a_filter_leaves_what_it_names(
    plain: World, wanted: dict[str, Any], belongs: Callable[[dict[str, str]], bool]
) -> None:
    found = [row.code for row in asked(plain, **wanted)]
    assert found == [line["code"] for line in LEAVES if belongs(line)]
    assert found


def test_a_units_list_of_joint_items_has_those_whose_parts_are_its(plain: World) -> None:
    wanted = {"plan": "dalian", "unit": "市国资委", "level": TaskLevel.joint}
    found = asked(plain, **wanted)
    assert {row.code for row in found} == {"DL-31", "DL-32", "DL-37", "DL-93"}
    assert all("市国资委" in {unit.name for unit in row.units} for row in found)


def test_the_register_stands_in_the_plans_order_and_is_turned(plain: World) -> None:
    codes = [line["code"] for line in LEAVES]
    page = asked(plain, request=PageRequest(2, 12))
    assert [row.code for row in page] == codes[12:24]
    assert (page.number, page.pages, page.count) == (2, 32, Count(381))
    assert asked(plain, request=PageRequest(99, 12)).number == 32


@pytest.mark.parametrize("order", ["deadline_on", "-deadline_on", "stands_on", "-stands_on"])
def test_an_order_is_the_databases_and_nothing_known_comes_last(planned: World, order: str) -> None:
    days = [
        getattr(row, order.strip("-")) for row in asked(planned, request=PageRequest(1, 500, order))
    ]
    known = [day for day in days if day is not None]
    assert days[: len(known)] == sorted(known, reverse=order.startswith("-"))


def test_a_page_asks_the_same_few_questions_however_long_the_register(planned: World) -> None:
    with watched(planned.engine) as few:
        asked(planned, request=PageRequest(1, 3))
    with watched(planned.engine) as many:
        asked(planned, request=PageRequest(1, 300))
    assert len(few) == len(many) <= 4


def test_leads_come_first_and_are_marked(plain: World) -> None:
    (row,) = [row for row in asked(plain, plan="weihai") if row.code == "WH-2-1-5"]
    assert [unit.is_lead for unit in row.units] == [True, False, False, False, False, False]
    assert row.units[0].name == "市金融办"


# ---------------------------------------------------------------- what the filters offer


def test_the_same_name_in_two_cities_is_two_units(plain: World) -> None:
    with session(plain.engine) as current:
        units = units_listed(current)
        plans, years = plans_listed(current), deadline_years(current)
    found = {(unit.plan, unit.name): unit for unit in units}
    assert found["dalian", "市科技局"].tasks == len(
        asked(plain, plan="dalian", unit="市科技局").rows
    )
    assert found["weihai", "市科技局"].place.zh == "威海市"
    assert [unit.tasks for unit in units] == sorted((unit.tasks for unit in units), reverse=True)
    assert [plan.code for plan in plans] == [line["code"] for line in lines("plans")]
    assert years == (2022, 2020, 2018, 2017)


# ---------------------------------------------------------------- one item, its targets, its papers


def test_a_card_says_what_is_printed_and_reported(plain: World) -> None:
    reviewer = plain.people["reviewer"]
    with plain.session() as current:
        report_progress(
            current,
            reviewer,
            "DL-44-1",
            Progress(TaskState.under_way, date(2018, 6, 1), "办法起草"),
        )
        papers = (("b.pdf", PDF), ("a.pdf", PDF + b"%"))
        done = Progress(TaskState.done, date(2018, 12, 1), "已印发", papers)
        report_progress(current, reviewer, "DL-44-1", done)
    found = card(plain, "DL-44-1")
    assert (found.number, found.row.clause) == ("大政办发〔2018〕54号", "44(1)")
    assert (found.note_zh, found.starts_on) == ("", None)
    assert found.printed == "大连市支持科技创新若干政策措施》,制定出"
    assert found.is_reported_itself
    assert [(one.state, one.said) for one in found.reports] == [
        (TaskState.done, "已印发"), (TaskState.under_way, "办法起草"),
    ]  # fmt: skip
    assert found.reports[0].by == "reviewer 1"
    assert [paper.file_name for paper in found.reports[0].papers] == ["b.pdf", "a.pdf"]
    assert found.row.stands.standing is TaskStanding.done
    assert found.row.parent is not None and found.row.parent.code == "DL-44"
    assert found.targets == ("DL-043",)


def test_an_item_with_sub_items_shows_their_union(plain: World) -> None:
    found = card(plain, "DL-46")
    assert [row.code for row in found.sub_items] == ["DL-46-1", "DL-46-2", "DL-46-3"]
    assert [unit.name for unit in found.row.units] == ["市科技局", "市发展改革委", "市经信委"]
    assert found.targets == ("DL-044", "DL-045", "DL-046", "DL-047")
    assert not found.is_reported_itself


def test_a_target_names_the_items_that_serve_it(plain: World) -> None:
    with session(plain.engine) as current:
        found = tasks_of_target(current, plain.people["leader"], "DL-072", TODAY)
        hidden = tasks_of_target(current, plain.people["agency"], "DL-072", TODAY)
        none = tasks_of_target(current, plain.people["leader"], "DH-006", TODAY)
    assert [row.code for row in found] == ["DL-93", "DL-93-1", "DL-93-2"]
    assert (hidden, none) == ((), ())


@pytest.mark.parametrize("code", ["DL-999", "", "DL\x00", "' OR 1=1 --"])
def test_a_forged_code_names_nothing(plain: World, code: str) -> None:
    with pytest.raises(NotFound):
        card(plain, code)


def test_every_role_sees_all_of_it_or_nothing(plain: World) -> None:
    with plain.session() as current:
        done = Progress(TaskState.done, TODAY, papers=(("a.pdf", PDF),))
        report_progress(current, plain.people["lead"], "DL-19", done)
    paper = card(plain, "DL-19").reports[0].papers[0].id
    for who in plain.people:
        actor = plain.people[who]
        with session(plain.engine) as current:
            seen = viewable_task_paper(current, actor, paper)
            assert viewable_task_paper(current, actor, paper + 1) is None
        if who in MAY:
            assert seen is not None
            assert card(plain, "DL-19", who).reports
            continue
        assert seen is None
        with pytest.raises(NotAllowed):
            asked(plain, who)
        with pytest.raises(NotFound):
            card(plain, "DL-19", who)
        with session(plain.engine) as current, pytest.raises(NotAllowed):
            register_summary(current, actor, TODAY)


@contextmanager
def watched(engine: Engine) -> Iterator[list[str]]:
    """The statements sent meanwhile."""
    sent: list[str] = []

    def note(_: object, __: object, statement: str, *___: object) -> None:
        if statement.startswith(("SELECT", "WITH")):
            sent.append(statement)

    event.listen(engine, "before_cursor_execute", note)
    try:
        yield sent
    finally:
        event.remove(engine, "before_cursor_execute", note)
