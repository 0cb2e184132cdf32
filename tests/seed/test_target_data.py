"""The plans in the database: whole, the same when applied again, changed where a file changed."""

from __future__ import annotations

from decimal import Decimal
from itertools import groupby

import pytest
from sqlalchemy import Engine, text
from sqlmodel import select

from models.actions.reference import Applied
from models.actions.steps import system_actor
from models.actions.target_data import apply_target_data
from models.database import session
from models.queries.verification import verify
from models.rules.errors import NotAllowed
from models.rules.roles import Actor
from models.tables.record import Activity
from models.tables.targets import Actual, Place, Target, Task, TaskUnit
from seed.plans import lines
from seed.target_data import seed_target_data, target_tables

pytestmark = pytest.mark.covered
TABLES = list(target_tables())
ROWS = sum(map(len, TABLES))


def test_applying_twice_changes_nothing_the_second_time(database: Engine) -> None:
    with session(database, write=True) as current:
        assert seed_target_data(current, system_actor()) == Applied(inserted=ROWS)
    with session(database, write=True) as current:
        assert seed_target_data(current, system_actor()) == Applied(unchanged=ROWS)
    with session(database) as current:
        said = current.exec(select(Activity.subject).order_by(Activity.seq)).all()
        assert said == [f"{table[0].__tablename__}:*" for table in TABLES]
        assert verify(current).first_broken is None


FORGERIES = {
    "目标": "UPDATE target SET value = '999' WHERE id = 'DH-005'",
    "随方案写入的实绩": "UPDATE actual SET value = '1001' WHERE id = 'A-060'",
    "任务": "UPDATE task SET deadline_on = '2030-12-31' WHERE code = 'DL-1-1'",
    "任务与目标的关联": "DELETE FROM task_target WHERE task_code = 'DH-4'",
}


@pytest.mark.parametrize("table", FORGERIES)
def test_what_was_changed_past_the_files_is_named(database: Engine, table: str) -> None:
    with session(database, write=True) as current:
        seed_target_data(current, system_actor())
        assert current.execute(text(FORGERIES[table])).rowcount  # type: ignore[attr-defined]
    with session(database) as current:
        told = str(verify(current).first_broken)
    assert told == f"{table}与操作记录不符，可能被直接改动"


def test_what_is_printed_is_kept_to_the_digit(database: Engine) -> None:
    with session(database, write=True) as current:
        seed_target_data(current, system_actor())
    with session(database) as current:
        target = current.get_one(Target, "DH-008")
        assert (target.value, target.base_value) == (Decimal(100), Decimal("12.5"))
        kept = {actual.id: str(actual.value) for actual in current.exec(select(Actual))}
        assert kept == {line["id"]: line["value"] for line in lines("actuals")}
        assert len(current.exec(select(Task)).all()) == len(lines("tasks"))


def test_the_lead_unit_comes_first(database: Engine) -> None:
    with session(database, write=True) as current:
        seed_target_data(current, system_actor())
    with session(database) as current:
        statement = select(TaskUnit).order_by(TaskUnit.task_code, TaskUnit.position)
        units = current.exec(statement).all()
        for _, of_task in groupby(units, lambda unit: unit.task_code):
            marks = [unit.is_lead for unit in of_task]
            assert marks == sorted(marks, reverse=True)
        assert {unit.task_code[:2] for unit in units if unit.is_lead} == {"WH"}


def test_a_changed_line_changes_its_row_and_leaves_a_mark(database: Engine) -> None:
    place = TABLES[0][0]
    assert isinstance(place, Place)
    changed = Place(**place.model_dump() | {"name_en": "Another name"})
    with session(database, write=True) as current:
        seed_target_data(current, system_actor())
    with session(database, write=True) as current:
        done = apply_target_data(current, system_actor(), [[changed], []])
    assert done == Applied(updated=1)
    with session(database) as current:
        assert current.get_one(Place, place.code).name_en == "Another name"
        marks = current.exec(select(Activity.after).where(Activity.subject == "place:*")).all()
        assert [mark["changed"] for mark in marks if mark] == [0, 1]


def test_only_the_system_applies_them(database: Engine) -> None:
    with session(database, write=True) as current, pytest.raises(NotAllowed):
        apply_target_data(current, Actor(account_id=1, name="系统管理员"), TABLES)
