"""Reporting how a work item stands (填报任务进展): nothing reported is ever changed, a correction is a
newer report."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import exists, select
from sqlmodel import Session, col

from models.actions.papers import KeptPaper, accepted_papers, add_with_papers
from models.actions.record import record
from models.clock import now_utc, today
from models.queries.visibility import refuse_without
from models.rules.errors import AlreadyDone, NotAvailable, NotFound, ReasonMissing
from models.rules.free_text import kept_text
from models.rules.roles import Actor, Permission
from models.rules.tasks import LONGEST_REPORT, MOST_PAPERS, TaskState
from models.rules.wording import say
from models.tables.meetings import TaskPaper, TaskReport
from models.tables.targets import Task

VERB = "report_task"


@dataclass(frozen=True, slots=True)
class Progress:
    """What is reported of a work item.

    Attributes:
        state: how far it is.
        stands_on: the day that is said of, today at the latest.
        said: what was done and what is left, at most `LONGEST_REPORT` characters.
        papers: name and content of each file, at most `MOST_PAPERS`.
    """

    state: TaskState
    stands_on: date
    said: str = ""
    papers: tuple[tuple[str, bytes], ...] = ()


def report_progress(session: Session, actor: Actor, code: str, progress: Progress) -> int:
    """Report how a work item stands (填报任务进展).

    Args:
        session: the writing transaction.
        actor: the alliance.
        code: the work item, one without sub-items.
        progress: what is reported.

    Returns:
        The report's number.

    Raises:
        NotAllowed: the actor does not report work items.
        NotFound: no such item.
        NotAvailable: it has sub-items, and is reported on them; or the day is still to come.
        TextRefused: the words are longer than a report keeps.
        FileRefused: too many papers, or one that is neither PDF nor image, too large, empty or not
            to be opened.
        AlreadyDone: this person has just reported the same.
        ReasonMissing: nothing is said, and the state is the one last reported.
    """
    refuse_without(actor, Permission.report_tasks)
    _locked_leaf(session, code)
    if progress.stands_on > today():
        raise NotAvailable(say("截至日期 {on} 还没有到，请填今天或以前", on=progress.stands_on))
    said = kept_text(progress.said, LONGEST_REPORT)
    papers = accepted_papers(session, progress.papers, most=MOST_PAPERS)
    before = _newest(session, code)
    _refuse_repeated(session, actor, before, progress, said, papers)
    report = TaskReport(
        task_code=code,
        state=progress.state,
        stands_on=progress.stands_on,
        said=said,
        reported_by_id=actor.account_id,
        reported_at_utc=now_utc(),
    )
    add_with_papers(session, report, TaskPaper, "report_id", papers)
    assert report.id is not None
    record(
        session, actor, VERB, f"task:{code}", _stated(before) if before else None,
        {
            "report": report.id,
            **_stated(report),
            "said": said,
            "reported_by": actor.account_id,
            "papers": [paper.file_name for paper in papers],
            "files": [paper.sha256 for paper in papers],
        },
        grant_id=actor.grant_id(Permission.report_tasks),
    )  # fmt: skip
    return report.id


def _locked_leaf(session: Session, code: str) -> None:
    """Hold the item, so that two who report it take turns; others may go on referring to it."""
    statement = select(col(Task.code)).where(col(Task.code) == code)
    there = (
        code.isprintable()
        and session.execute(statement.with_for_update(key_share=True)).scalar_one_or_none()
    )
    if not there:
        raise NotFound(say("任务台账中没有编号为 {code} 的任务", code=code))
    if session.execute(select(exists().where(col(Task.parent_code) == code))).scalar_one():
        raise NotAvailable(say("任务 {code} 由各子项合并得出，请在子项上填报", code=code))


def _newest(session: Session, code: str) -> TaskReport | None:
    statement = (
        select(TaskReport)
        .where(col(TaskReport.task_code) == code)
        .order_by(col(TaskReport.id).desc())
        .limit(1)
    )
    return session.execute(statement).scalar_one_or_none()


def _refuse_repeated(
    session: Session,
    actor: Actor,
    before: TaskReport | None,
    progress: Progress,
    said: str,
    papers: tuple[KeptPaper, ...],
) -> None:
    if before is None or before.state is not progress.state:
        return
    kept = select(col(TaskPaper.sha256)).where(col(TaskPaper.report_id) == before.id)
    is_same = before.stands_on == progress.stands_on and before.said == said
    if (
        is_same
        and before.reported_by_id == actor.account_id
        and sorted(session.execute(kept).scalars()) == sorted(paper.sha256 for paper in papers)
    ):
        raise AlreadyDone(say("这条进展已经填报过了，没有重复记录"))
    if not said and not papers:
        raise ReasonMissing(say("状态没有变化，请写明进展或附上材料"))


def _stated(report: TaskReport) -> dict[str, Any]:
    return {"task_state": report.state.value, "stands_on": report.stands_on.isoformat()}
