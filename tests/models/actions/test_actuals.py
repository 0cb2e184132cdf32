"""Figures: entered by one person, confirmed by another, replaced with a reason, never changed in place."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import date
from decimal import Decimal
from functools import partial
from typing import Any

import pytest
from sqlalchemy import func, select
from sqlmodel import SQLModel

from models.actions.actuals import (
    confirm_actual,
    enter_actual,
    replacement_barred,
    turn_down_actual,
    withdraw_actual,
)
from models.actions.imports import Upload, commit_import, plan_import
from models.actions.steps import system_actor
from models.database import session
from models.queries.targets import figure_counts, figures_version
from models.queries.verification import verify
from models.rules.errors import (
    AlreadyDone,
    FigureRefused,
    FileRefused,
    NotAllowed,
    NotFound,
    ReasonMissing,
    Refusal,
    SeenIsStale,
    TextRefused,
)
from models.rules.targets import ActualKind, Grade
from models.rules.targets.entries import FigureEntry
from models.tables.meetings import ActualEntry, EntryState
from models.tables.record import Activity
from models.tables.targets import Actual
from tests.models.exchange.workbooks import Rows, actual, workbook
from tests.rivals import at_once, crossed
from tests.town import Town
from tests.world import NOON, World

ENTRY = FigureEntry(
    place_code="dalian-hightech", indicator_code="hnte_count", as_of=date(2025, 12, 31),
    value="1,680", unit="家", kind=ActualKind.reported, grade=Grade.high,
    source_title="测试公报", published="2026-03-20", note_zh="期末数",
)  # fmt: skip
OTHER = replace(ENTRY, value="1,690", source_title="另一公报")


def act(world: World, who: str, verb: Callable[..., Any], *args: Any, **given: Any) -> Any:
    """Somebody does something in one transaction."""
    with world.session() as current:
        return verb(current, world.people[who], *args, **given)


def enter(world: World, who: str = "reviewer", entry: FigureEntry = ENTRY, **given: Any) -> str:
    return str(act(world, who, enter_actual, entry, **given))


def one(world: World, actual_id: str) -> tuple[Actual, ActualEntry]:
    with session(world.engine) as current:
        return current.get_one(Actual, actual_id), current.get_one(ActualEntry, actual_id)


def counting(world: World) -> set[str]:
    """The figures that count."""
    with session(world.engine) as current:
        return set(current.execute(select(Actual.id).where(figure_counts())).scalars())


def rows_of(world: World, table: type[SQLModel]) -> int:
    with session(world.engine) as current:
        return int(current.execute(select(func.count()).select_from(table)).scalar_one())


def is_sound(world: World) -> bool:
    with session(world.engine) as current:
        found = verify(current)
    assert found.is_sound, found.first_broken
    return True


# ---------------------------------------------------------------- entering and confirming


def test_a_figure_counts_once_a_second_person_has_confirmed_it(world: World) -> None:
    number = enter(world)
    assert number == "E-00001"
    figure, entry = one(world, number)
    assert (figure.value, figure.unit, figure.published) == (Decimal(1680), "家", "2026-03-20")
    assert (entry.state, entry.entered_by_id) == (
        EntryState.entered,
        world.people["reviewer"].account_id,
    )
    assert counting(world) == set()
    with session(world.engine) as current:
        before = figures_version(current)
    act(world, "lead", confirm_actual, number)
    _, entry = one(world, number)
    assert entry.state is EntryState.confirmed
    assert (entry.decided_by_id, entry.decided_at_utc) == (world.people["lead"].account_id, NOON)
    assert counting(world) == {number}
    with session(world.engine) as current:
        assert figures_version(current) != before
        verbs = current.execute(select(Activity.verb, Activity.subject).order_by(Activity.seq))
        assert [tuple(row) for row in verbs][-2:] == [
            ("enter_actual", f"actual:{number}"),
            ("confirm_actual", f"actual:{number}"),
        ]
    assert is_sound(world)


def test_a_value_is_kept_exactly_and_in_the_indicators_unit(world: World) -> None:
    stated = replace(ENTRY, indicator_code="rd_expenditure", value="1,697,000.5", unit="万元")
    number = enter(world, entry=stated)
    figure, _ = one(world, number)
    assert (str(figure.value), figure.unit) == ("169.70005", "亿元")
    with session(world.engine) as current:
        written = current.execute(select(Activity.after).order_by(Activity.seq.desc())).scalars()
        after = next(iter(written))
    assert (after["value"], after["as_written"]) == ("169.70005", "1,697,000.5 万元")


def test_nobody_confirms_or_turns_down_a_figure_of_their_own(world: World) -> None:
    number = enter(world)
    with pytest.raises(NotAllowed, match="须由另一人确认"):
        act(world, "reviewer", confirm_actual, number)
    with pytest.raises(NotAllowed, match="请撤回"):
        act(world, "reviewer", turn_down_actual, number, "不对")
    assert counting(world) == set()


ACTS: dict[str, Callable[[World, str, str], object]] = {
    "enter": lambda world, who, _: enter(world, who, OTHER),
    "confirm": lambda world, who, number: act(world, who, confirm_actual, number),
    "turn down": lambda world, who, number: act(world, who, turn_down_actual, number, "理由"),
    "withdraw": lambda world, who, number: act(world, who, withdraw_actual, number, "理由"),
}


@pytest.mark.parametrize("what", ACTS)
def test_only_the_alliance_enters_and_decides(world: World, what: str) -> None:
    number = enter(world)
    for who in ("leader", "auditor", "administrator", "bureau", "finance", "agency", "enterprise"):
        with pytest.raises(NotAllowed):
            ACTS[what](world, who, number)
    with pytest.raises(NotAllowed, match="不能由系统写入"), world.session() as current:
        enter_actual(current, system_actor(), OTHER)
    assert rows_of(world, ActualEntry) == 1


def test_one_turned_down_stays_to_be_read_and_never_counts(world: World) -> None:
    number = enter(world)
    with pytest.raises(ReasonMissing):
        act(world, "lead", turn_down_actual, number, "  ")
    with pytest.raises(TextRefused):
        act(world, "lead", turn_down_actual, number, "长" * 301)
    act(world, "lead", turn_down_actual, number, " 来源无法核实 ")
    _, entry = one(world, number)
    assert (entry.state, entry.decided_reason) == (EntryState.turned_down, "来源无法核实")
    assert counting(world) == set()
    again = enter(world)
    assert again == "E-00002", "the same may come again"
    assert is_sound(world)


def test_who_entered_it_takes_it_back_and_nobody_else(world: World) -> None:
    number = enter(world)
    with pytest.raises(ReasonMissing):
        act(world, "reviewer", withdraw_actual, number, "")
    with pytest.raises(NotAllowed, match="只能由填报人撤回"):
        act(world, "lead", withdraw_actual, number, "理由")
    act(world, "reviewer", withdraw_actual, number, "录错")
    _, entry = one(world, number)
    assert (entry.state, entry.decided_by_id) == (
        EntryState.turned_down,
        world.people["reviewer"].account_id,
    )
    assert is_sound(world)


@pytest.mark.parametrize("what", ["confirm", "turn down", "withdraw"])
def test_what_somebody_has_decided_meanwhile_is_told_with_who_and_when(
    world: World, what: str
) -> None:
    number = enter(world)
    act(world, "lead", confirm_actual, number)
    with pytest.raises(
        SeenIsStale, match="lead 1已于 2026-11-20 12:00 对 E-00001 作出“确认”"
    ) as no:
        ACTS[what](world, "reviewer2", number)
    assert (no.value.changed_by, no.value.changed_at_utc) == ("lead 1", NOON)


def test_a_number_nobody_entered_is_not_found(world: World) -> None:
    for what in ("confirm", "turn down", "withdraw"):
        with pytest.raises(NotFound, match="E-09999"):
            ACTS[what](world, "lead", "E-09999")


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"value": "很多"}, "不是数值"),
        ({"unit": "万元"}, "单位应为“家”"),
        ({"indicator_code": "nothing"}, "请选择指标"),
        ({"as_of": date(2026, 12, 31)}, "只有“预计”可以"),
        ({"period_start": date(2026, 1, 1)}, "期间起"),
        ({"source_title": "长" * 301}, "过长"),
    ],
)
def test_what_is_wrong_is_refused_in_words(
    world: World, changes: dict[str, object], words: str
) -> None:
    with pytest.raises(FigureRefused, match=words):
        enter(world, entry=replace(ENTRY, **changes))  # type: ignore[arg-type]
    with pytest.raises(NotFound, match="nowhere"):
        enter(world, entry=replace(ENTRY, place_code="nowhere"))
    assert rows_of(world, Actual) == 0


def test_the_same_figure_twice_is_told_by_its_number(world: World) -> None:
    number = enter(world)
    for same in (ENTRY, replace(ENTRY, value="1680.0", grade=Grade.low, unit="个")):
        with pytest.raises(AlreadyDone, match=number):
            enter(world, "lead", same)
    for different in (
        OTHER,
        replace(ENTRY, period_start=date(2025, 1, 1)),
        replace(ENTRY, source_title="第三公报"),
    ):
        enter(world, "lead", different)
    assert rows_of(world, Actual) == 4


def test_numbers_go_on_after_ninety_nine_thousand(world: World) -> None:
    for number in ("E-99999", "E-100000"):
        with world.session() as current:
            current.add(
                Actual(
                    id=number, place_code="dalian", indicator_code="hnte_count",
                    as_of=date(2020, 12, 31), value=Decimal(1), unit="家",
                    kind=ActualKind.reported, grade=Grade.high, source_title=number,
                )
            )  # fmt: skip
            current.flush()
            current.add(
                ActualEntry(
                    actual_id=number, state=EntryState.entered, entered_by_id=1,
                    entered_at_utc=NOON,
                )
            )  # fmt: skip
    assert enter(world) == "E-100001"


# ---------------------------------------------------------------- replacing


def corrected(world: World, number: str, who: str = "reviewer", value: str = "1,700") -> str:
    entry = replace(ENTRY, value=value)
    return enter(world, who, entry, replaces_id=number, reason="按正式公报更正")


def test_a_confirmed_correction_stands_in_the_place_of_the_first(world: World) -> None:
    first = enter(world)
    act(world, "lead", confirm_actual, first)
    second = corrected(world, first)
    assert counting(world) == {first}, "until it is confirmed the first one counts"
    act(world, "reviewer2", confirm_actual, second)
    assert counting(world) == {second}
    _, entry = one(world, second)
    assert (entry.replaces_id, entry.reason) == (first, "按正式公报更正")
    third = corrected(world, second, value="1,701")
    act(world, "lead", confirm_actual, third)
    assert counting(world) == {third}
    assert is_sound(world)


def test_why_another_may_not_take_the_place(world: World) -> None:
    first = enter(world)
    with pytest.raises(ReasonMissing):
        enter(world, entry=OTHER, replaces_id=first)
    with pytest.raises(NotFound, match="A-999"):
        corrected(world, "A-999")
    with pytest.raises(FigureRefused, match="同一地区、同一指标"):
        enter(world, entry=replace(OTHER, place_code="dalian"), replaces_id=first, reason="更正")
    second = corrected(world, first)
    with pytest.raises(AlreadyDone, match=f"更正 {second} 正待确认"):
        corrected(world, first, "lead", "1,702")
    act(world, "lead", confirm_actual, second)
    with pytest.raises(AlreadyDone, match=f"已由 {second} 替代"):
        corrected(world, first, "lead", "1,703")
    for verb, given in ((confirm_actual, ()), (turn_down_actual, ("理由",))):
        with pytest.raises(AlreadyDone, match=f"{first} 已由 {second} 替代"):
            act(world, "lead", verb, first, *given)
    third = enter(world, entry=replace(ENTRY, value="9"))
    act(world, "lead", turn_down_actual, third, "不实")
    with pytest.raises(AlreadyDone, match="未采用"):
        corrected(world, third)


def test_a_correction_turned_down_leaves_the_place_free(world: World) -> None:
    first = enter(world)
    second = corrected(world, first)
    act(world, "lead", turn_down_actual, second, "无据")
    with session(world.engine) as current:
        assert replacement_barred(current, first) is None
    third = corrected(world, first)
    act(world, "lead", confirm_actual, first)
    act(world, "lead", confirm_actual, third)
    assert counting(world) == {third}


def test_two_corrections_of_one_figure_forged_side_by_side_do_not_both_count(world: World) -> None:
    first = enter(world)
    second, third = corrected(world, first), enter(world, entry=OTHER)
    with world.session() as current:
        entry = current.get_one(ActualEntry, third)
        entry.replaces_id = first
    act(world, "lead", confirm_actual, second)
    with pytest.raises(AlreadyDone, match=f"{first} 已由 {second} 替代"):
        act(world, "lead", confirm_actual, third)


# ---------------------------------------------------------------- at the same moment


def race(world: World, *doings: Callable[[], Any]) -> tuple[list[Any], list[Refusal]]:
    came_to = at_once(*doings)
    told = [one for one in came_to if isinstance(one, Refusal)]
    assert not [one for one in came_to if isinstance(one, Exception) and one not in told], came_to
    return [one for one in came_to if one not in told], told


def test_of_two_who_confirm_at_once_exactly_one_does(town: Town) -> None:
    for at in range(4):
        number = enter(town, entry=replace(ENTRY, value=str(100 + at)))
        done, (told,) = race(
            town,
            *(partial(act, town, who, confirm_actual, number) for who in ("lead", "reviewer2")),
        )
        assert len(done) == 1
        assert isinstance(told, SeenIsStale)
    assert is_sound(town)


def test_two_who_enter_the_same_at_once_enter_it_once(town: Town) -> None:
    for at in range(4):
        entry = replace(ENTRY, value=str(200 + at))
        done, (told,) = race(
            town, *(partial(enter, town, who, entry) for who in ("lead", "reviewer2"))
        )
        assert (len(done), type(told)) == (1, AlreadyDone)
    done, told = race(
        town, *(partial(enter, town, who, replace(ENTRY, value=str(at))) for at, who in
                enumerate(("lead", "reviewer", "reviewer2"), start=900)),
    )  # fmt: skip
    assert len(set(done)) == 3, "each has a number of its own"
    assert told == []


def test_confirming_and_replacing_at_once_stay_consistent(town: Town) -> None:
    first = enter(town)
    confirm = partial(act, town, "lead", confirm_actual, first)
    correct = partial(corrected, town, first, "reviewer2")
    came_to = crossed(town.engine, confirm, correct)
    assert came_to[0] is None
    assert counting(town) == {first}
    act(town, "lead", confirm_actual, str(came_to[1]))
    assert counting(town) == {came_to[1]}
    assert is_sound(town)


def test_two_who_correct_one_figure_at_once_leave_one_correction(town: Town) -> None:
    first = enter(town)
    done, (told,) = race(
        town,
        partial(corrected, town, first, "reviewer", "1"),
        partial(corrected, town, first, "reviewer2", "2"),
    )
    assert (len(done), type(told)) == (1, AlreadyDone)


def test_deciding_on_a_figure_and_its_correction_at_once_makes_no_ring(town: Town) -> None:
    first = enter(town)
    second = corrected(town, first)
    came_to = crossed(
        town.engine,
        partial(act, town, "lead", confirm_actual, second),
        partial(act, town, "reviewer2", confirm_actual, first),
    )
    assert came_to[0] is None or came_to[1] is None
    assert counting(town) == {second} or isinstance(came_to[0], Refusal)
    assert is_sound(town)


# ---------------------------------------------------------------- a workbook


def bring(world: World, rows: Rows, who: str = "importer") -> Any:
    with world.session() as current:
        return commit_import(current, world.people[who], Upload("实绩.xlsx", workbook(rows)))


def told(world: World, rows: Rows) -> list[tuple[str, str]]:
    with session(world.engine) as current:
        upload = Upload("实绩.xlsx", workbook(rows))
        plan = plan_import(current, world.people["importer"], upload)
    return [(problem.place, str(problem.wrong)) for problem in plan.problems if problem.is_error]


def test_an_imported_figure_waits_like_any_other(world: World) -> None:
    rows: Rows = {
        "实绩": [
            actual(1, 口径="突破", 期间起="2025-01-01", 发布日期=2026),
            actual(2, 地区="dalian", 指标="rd_expenditure", 数值="1,697,000", 单位="万元"),
        ]
    }
    assert bring(world, rows).changes == 2
    figure, entry = one(world, "E-00001")
    assert (figure.is_over, figure.period_start, figure.published) == (
        True,
        date(2025, 1, 1),
        "2026",
    )
    assert (entry.state, entry.entered_by_id) == (
        EntryState.entered,
        world.people["importer"].account_id,
    )
    assert str(one(world, "E-00002")[0].value) == "169.7"
    assert counting(world) == set()
    act(world, "lead", confirm_actual, "E-00001")
    assert bring(world, rows).changes == 0, "the same again is unchanged"
    with pytest.raises(NotAllowed):
        act(world, "importer", confirm_actual, "E-00002")
    assert is_sound(world)


def test_a_row_that_corrects_a_figure(world: World) -> None:
    first = enter(world)
    act(world, "lead", confirm_actual, first)
    row = actual(5, 替代编号=first, 替代理由="按公报更正")
    bring(world, {"实绩": [row]})
    _, entry = one(world, "E-00002")
    assert (entry.replaces_id, entry.reason) == (first, "按公报更正")
    assert told(world, {"实绩": [row]}) == [], "again: unchanged"
    again = actual(6, 替代编号=first, 替代理由="再更正")
    assert told(world, {"实绩": [again]}) == [("N2", f"{first} 的更正 E-00002 正待确认，请先办理")]
    with pytest.raises(FileRefused):
        bring(world, {"实绩": [again]})


def test_what_two_rows_must_not_share(world: World) -> None:
    first = enter(world)
    twice: Rows = {
        "实绩": [
            actual(1, 替代编号=first, 替代理由="更正"),
            actual(2, 替代编号=first, 替代理由="更正"),
            actual(3, 指标="科技企业孵化器", 替代编号=first, 替代理由="更正"),
            actual(4, 指标="rd_expenditure", 数值="1", 单位="亿元"),
            actual(4, 指标="rd_expenditure", 数值="10000", 单位="万元"),
        ]
    }
    assert told(world, twice) == [
        ("N3", "与第 2 行替代的是同一个数"),
        ("N4", f"更正须与 {first} 是同一地区、同一指标"),
        ("E6", "与第 5 行重复"),
    ]


def test_what_was_turned_down_may_be_brought_again(world: World) -> None:
    bring(world, {"实绩": [actual()]})
    act(world, "lead", turn_down_actual, "E-00001", "无据")
    assert bring(world, {"实绩": [actual()]}).changes == 1


def test_a_row_that_cannot_be_entered_keeps_the_whole_file_out(world: World) -> None:
    upload = Upload("实绩.xlsx", workbook({"实绩": [actual()]}))
    with pytest.raises(FileRefused, match="第 2 行不能填报"), world.session() as current:
        commit_import(current, system_actor(), upload)
    assert rows_of(world, Actual) == 0


def test_a_file_and_a_person_who_correct_the_same_figure_make_no_ring(town: Town) -> None:
    first = enter(town)
    rows: Rows = {"实绩": [actual(1), actual(2, 替代编号=first, 替代理由="更正")]}
    came_to = crossed(
        town.engine, partial(act, town, "lead", confirm_actual, first), partial(bring, town, rows)
    )
    assert not [one for one in came_to if isinstance(one, Exception)], came_to
    assert is_sound(town)
