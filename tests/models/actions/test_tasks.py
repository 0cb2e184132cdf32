"""Reporting work items: who may, what is refused in words, what stands in the record, two at once."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta
from typing import Any

import pytest
from sqlalchemy import Engine
from sqlmodel import col, select

from models.actions.evidence import evidence_path, files_missing
from models.actions.steps import system_actor
from models.actions.tasks import Progress, report_progress
from models.database import session
from models.queries.verification import verify
from models.rules.errors import (
    AlreadyDone,
    FileRefused,
    NotAllowed,
    NotAvailable,
    NotFound,
    ReasonMissing,
    Refusal,
    TextRefused,
)
from models.rules.tasks import LONGEST_REPORT, MOST_PAPERS, TaskState
from models.tables.meetings import TaskPaper, TaskReport
from models.tables.record import Activity
from seed.target_data import seed_target_data
from tests.models.actions.test_evidence import PNG
from tests.rivals import at_once, crossed
from tests.world import PDF, TODAY, Opener, World, make_world

CODE, OTHER, JOINT = "DL-9-1", "DL-19", "DL-9"
MAY = {"importer", "reviewer", "reviewer2", "lead"}
WORDS = "十项重大课题已立项"
BEGUN = Progress(TaskState.under_way, TODAY, WORDS)


@pytest.fixture
def planned(opened: Opener) -> World:
    """A world in which the plans lie."""
    world: World = opened(_planned)
    return world


def _planned(engine: Engine) -> World:
    world = make_world(engine)
    with world.session() as current:
        seed_target_data(current, system_actor())
    return world


def report(
    world: World, progress: Progress = BEGUN, who: str = "reviewer", code: str = CODE
) -> int:
    """Somebody reports."""
    with world.session() as current:
        return report_progress(current, world.people[who], code, progress)


def reports(world: World) -> list[TaskReport]:
    """Every report there is."""
    with session(world.engine) as current:
        return list(current.exec(select(TaskReport).order_by(col(TaskReport.id))))


def newest_link(world: World) -> Activity:
    """The newest link of the record."""
    with session(world.engine) as current:
        link = current.exec(select(Activity).order_by(col(Activity.seq).desc())).first()
    assert link is not None
    return link


def is_sound(world: World) -> bool:
    """Whether the record vouches for everything."""
    with session(world.engine) as current:
        return verify(current).is_sound


def test_every_role_is_answered(planned: World) -> None:
    for who in planned.people:
        if who in MAY:
            assert report(planned, replace(BEGUN, said=who), who)
        else:
            with pytest.raises(NotAllowed, match="联盟初审员"):
                report(planned, who=who)
    assert len(reports(planned)) == len(MAY)


def test_a_report_is_kept_with_its_papers_and_stands_in_the_record(planned: World) -> None:
    papers = (("C:\\材料\\立项.pdf", PDF), ("照片.png", PNG), ("C:\\材料\\立项.pdf", PDF))
    number = report(planned, replace(BEGUN, said=f" {WORDS}\x00\r\n ", papers=papers))
    (kept,) = reports(planned)
    assert (kept.id, kept.task_code, kept.state, kept.stands_on, kept.said) == (
        number, CODE, TaskState.under_way, TODAY, WORDS,
    )  # fmt: skip
    with session(planned.engine) as current:
        stored = current.exec(select(TaskPaper).order_by(col(TaskPaper.id))).all()
        assert files_missing(current) == []
    assert [(paper.file_name, paper.media_type, paper.size_bytes) for paper in stored] == [
        ("立项.pdf", "application/pdf", len(PDF)),
        ("照片.png", "image/png", len(PNG)),
    ]
    assert evidence_path(stored[0].sha256).read_bytes() == PDF
    link = newest_link(planned)
    assert (link.verb, link.subject, link.before) == ("report_task", f"task:{CODE}", None)
    assert link.after == {
        "report": number, "task_state": "under_way", "stands_on": str(TODAY), "said": WORDS,
        "reported_by": planned.people["reviewer"].account_id,
        "papers": ["立项.pdf", "照片.png"], "files": [paper.sha256 for paper in stored],
    }  # fmt: skip
    assert link.grant_id == planned.people["reviewer"].grants[0].id
    assert is_sound(planned)
    evidence_path(stored[1].sha256).unlink()
    with session(planned.engine) as current:
        assert files_missing(current) == [stored[1].sha256]
    evidence_path(stored[1].sha256).write_bytes(PNG)


def test_a_correction_is_a_newer_report(planned: World) -> None:
    report(planned)
    report(planned, Progress(TaskState.not_started, TODAY - timedelta(days=90)), "lead")
    assert [one.state for one in reports(planned)] == [TaskState.under_way, TaskState.not_started]
    link = newest_link(planned)
    assert link.before == {"task_state": "under_way", "stands_on": str(TODAY)}
    assert is_sound(planned)


# fmt: off
REFUSALS: tuple[tuple[dict[str, Any], str, type[Refusal], str], ...] = (
    ({},                                                   "DL-999",   NotFound,     "没有编号为 DL-999 的任务"),
    ({},                                                   "DL\x00-9", NotFound,     "没有编号为"),
    ({},                                                   JOINT,      NotAvailable, "任务 DL-9 由各子项合并得出，请在子项上填报"),
    ({"stands_on": TODAY + timedelta(days=1)},             CODE,       NotAvailable, "截至日期 2026-11-21 还没有到"),
    ({"said": "长" * (LONGEST_REPORT + 1)},                CODE,       TextRefused,  "文字最长 500 个字，现有 501 个"),
    ({"papers": (("a.pdf", b""),)},                        CODE,       FileRefused,  "文件“a.pdf”是空的"),
    ({"papers": (("a.pdf", PDF), ("b.pdf", b"MZ"))},       CODE,       FileRefused,  "“b.pdf”的内容不是 PDF"),
    ({"papers": tuple((f"{at}.pdf", PDF) for at in range(MOST_PAPERS + 1))}, CODE, FileRefused, "一次最多附 10 份材料，现有 11 份"),
)
# fmt: on


@pytest.mark.parametrize(("changes", "code", "kind", "words"), REFUSALS)
def test_what_cannot_be_reported_is_refused_in_words(
    planned: World, changes: dict[str, Any], code: str, kind: type[Refusal], words: str
) -> None:
    before = newest_link(planned).seq
    with pytest.raises(kind, match=words):
        report(planned, replace(BEGUN, **changes), code=code)
    assert reports(planned) == []
    assert newest_link(planned).seq == before


def test_the_longest_words_and_today_are_taken(planned: World) -> None:
    assert report(planned, replace(BEGUN, said="长" * LONGEST_REPORT))


def test_the_same_report_twice_is_said_to_be_there(planned: World) -> None:
    with_paper = replace(BEGUN, papers=(("a.pdf", PDF),))
    report(planned, with_paper)
    with pytest.raises(AlreadyDone, match="已经填报过了"):
        report(planned, with_paper)
    report(planned)  # without the paper it is another one
    report(planned, who="lead")  # and so is a colleague's
    report(planned, replace(BEGUN, stands_on=TODAY - timedelta(days=1)))
    assert len(reports(planned)) == 4
    assert is_sound(planned)


def test_nothing_said_and_nothing_changed_is_no_report(planned: World) -> None:
    report(planned, replace(BEGUN, said=""))
    with pytest.raises(ReasonMissing, match="状态没有变化"):
        report(planned, Progress(TaskState.under_way, TODAY - timedelta(days=1), " \n"))
    with pytest.raises(AlreadyDone):
        report(planned, replace(BEGUN, said=""))
    report(planned, replace(BEGUN, said="", papers=(("a.pdf", PDF),)))
    report(planned, replace(BEGUN, state=TaskState.done, said=""))
    assert len(reports(planned)) == 3


def test_a_double_click_is_one_report(planned: World) -> None:
    came_to = at_once(*[lambda: report(planned)] * 3)
    assert sorted(type(one).__name__ for one in came_to) == ["AlreadyDone", "AlreadyDone", "int"]
    assert len(reports(planned)) == 1
    assert is_sound(planned)


def test_two_who_report_one_item_follow_each_other(planned: World) -> None:
    found = crossed(
        planned.engine,
        lambda: report(planned),
        lambda: report(planned, replace(BEGUN, said="另一句"), "lead"),
    )
    assert all(isinstance(one, int) for one in found), found
    assert is_sound(planned)


def test_two_who_report_two_items_do_not_wait_for_each_other(planned: World) -> None:
    found = at_once(lambda: report(planned), lambda: report(planned, who="lead", code=OTHER))
    assert all(isinstance(one, int) for one in found), found
    assert is_sound(planned)


def test_before_the_plans_are_written_there_is_nothing_to_report(world: World) -> None:
    with pytest.raises(NotFound):
        report(world, Progress(TaskState.done, date(2020, 1, 1)))
