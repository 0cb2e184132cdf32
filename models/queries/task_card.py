"""One work item's card (任务卡片): its sub-items, every report with its papers, the targets it serves;
and a paper by its number, for who may see it."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import ColumnElement, select
from sqlmodel import Session, col

from models.queries.task_standing import TaskLevel, branches, is_leaf
from models.queries.tasks import TaskRow, rows_where
from models.rules.errors import NotFound
from models.rules.roles import Actor, Permission
from models.rules.tasks import TaskState
from models.rules.wording import say
from models.tables.meetings import TaskPaper, TaskReport, TaskTarget
from models.tables.people import Account
from models.tables.targets import Plan, Target, Task

SHOWN_REPORTS = 50


@dataclass(frozen=True, slots=True)
class ReportPaper:
    """A paper behind a report, without its content."""

    id: int
    file_name: str
    media_type: str
    size_bytes: int


@dataclass(frozen=True, slots=True)
class ReportLine:
    """One report of a work item, with who wrote it."""

    id: int
    state: TaskState
    stands_on: date
    said: str
    by: str
    at_utc: datetime
    papers: tuple[ReportPaper, ...]


@dataclass(frozen=True, slots=True)
class TaskCard:
    """One work item with all that is on record.

    Attributes:
        number: of the plan's document.
        printed: words of the clause, as the document prints them.
        sub_items: those directly below it.
        reports: the newest first, at most `SHOWN_REPORTS`.
        targets: ids of the targets it or its sub-items serve, in the plans' order.
    """

    row: TaskRow
    number: str
    printed: str
    note_zh: str
    starts_on: date | None
    sub_items: tuple[TaskRow, ...]
    reports: tuple[ReportLine, ...]
    targets: tuple[str, ...]

    @property
    def is_reported_itself(self) -> bool:
        """Whether progress is reported here, and not on its sub-items."""
        return self.row.parts is None


def task_card(session: Session, actor: Actor, code: str, on: date) -> TaskCard:
    """One work item's card, by its code.

    Args:
        session: any transaction.
        actor: who asks.
        code: the item.
        on: the day on which it stands.

    Raises:
        NotFound: no such item, or not for this person: the answer is the same.
    """
    missing = NotFound(say("任务台账中没有编号为 {code} 的任务", code=code))
    if not actor.may(Permission.see_tasks) or not code.isprintable():
        raise missing
    found = session.execute(
        select(Task, Plan.number)
        .join(Plan, col(Plan.code) == Task.plan_code)
        .where(col(Task.code) == code)
    ).one_or_none()
    if found is None:
        raise missing
    task: Task = found.Task
    levels = _levels(session, col(Task.code) == code)
    (row,) = rows_where(session, lambda register: register.c.code == code, on, levels)
    return TaskCard(
        row=row,
        number=found.number,
        printed=task.printed,
        note_zh=task.note_zh,
        starts_on=task.starts_on,
        sub_items=rows_where(
            session,
            lambda register: register.c.parent_code == code,
            on,
            _levels(session, col(Task.parent_code) == code),
        ),
        reports=_reports(session, code),
        targets=_targets(session, code),
    )


def viewable_task_paper(session: Session, actor: Actor, paper_id: int) -> TaskPaper | None:
    """A paper of a report, for who may see the register; `None` both when there is none and when
    they may not."""
    return session.get(TaskPaper, paper_id) if actor.may(Permission.see_tasks) else None


def _levels(session: Session, condition: ColumnElement[bool]) -> list[TaskLevel]:
    """Of which levels the work items of a condition are."""
    statement = select(is_leaf(col(Task.code))).where(condition).distinct()
    found = session.execute(statement).scalars()
    return sorted(TaskLevel.leaves if leaf else TaskLevel.joint for leaf in found)


def _reports(session: Session, code: str) -> tuple[ReportLine, ...]:
    statement = (
        select(TaskReport, Account.display_name)
        .join(Account, col(Account.id) == TaskReport.reported_by_id)
        .where(col(TaskReport.task_code) == code)
        .order_by(col(TaskReport.id).desc())
        .limit(SHOWN_REPORTS)
    )
    found = session.execute(statement).all()
    papers = _papers(session, [row.TaskReport.id for row in found])
    return tuple(
        ReportLine(
            id=report.id,
            state=report.state,
            stands_on=report.stands_on,
            said=report.said,
            by=by,
            at_utc=report.reported_at_utc,
            papers=tuple(papers[report.id]),
        )
        for report, by in found
    )


def _papers(session: Session, reports: Iterable[int]) -> Mapping[int, list[ReportPaper]]:
    statement = (
        select(
            TaskPaper.report_id, TaskPaper.id, TaskPaper.file_name, TaskPaper.media_type,
            TaskPaper.size_bytes,
        )
        .where(col(TaskPaper.report_id).in_(list(reports)))
        .order_by(col(TaskPaper.id))
    )  # fmt: skip
    papers: dict[int, list[ReportPaper]] = defaultdict(list)
    for report_id, *paper in session.execute(statement):
        papers[report_id].append(ReportPaper(*paper))
    return papers


def _targets(session: Session, code: str) -> tuple[str, ...]:
    tree = branches()
    serving = (
        select(col(TaskTarget.target_id))
        .join(tree, tree.c.code == TaskTarget.task_code)
        .where(tree.c.root == code)
    )
    statement = (
        select(col(Target.id))
        .join(Plan, col(Plan.code) == Target.plan_code)
        .where(col(Target.id).in_(serving))
        .order_by(col(Plan.position), col(Target.position))
    )
    return tuple(session.execute(statement).scalars())
