"""What the chain vouches for in admissions (入会): every event with its papers, that an application
stands where its last event led it, its answers and verdicts, its columns, the criteria."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from typing import Any

from sqlalchemy import select
from sqlmodel import Session, col

from models.queries.sealing import recorded
from models.queries.vouching_steps import links_of_steps, papers_of_steps, step_digest
from models.rules.admission import AdmissionAction
from models.rules.wording import Wording, say
from models.tables.admissions import (
    AdmissionAnswer,
    AdmissionCriterion,
    AdmissionEvent,
    AdmissionPaper,
    Application,
)
from models.tables.organisations import Agency

_STEPS = tuple(action.value for action in AdmissionAction)
CRITERION_TEXTS = ("name_zh", "name_en", "shows_zh", "shows_en", "evidence_zh", "evidence_en")
Found = tuple[str, str | None, str]
"""What stands against a criterion: answer, verdict, the reviewer's note."""


def vouched_admissions(session: Session) -> Wording | None:
    """Every event of every application and agency against its link, and every answer against the
    events; the first thing that differs."""
    links, papers = links_of_steps(session, _STEPS), papers_of_steps(session, AdmissionPaper)
    applications: dict[int | None, tuple[Application, AdmissionEvent]] = {}
    answers: dict[int | None, dict[str, Found]] = defaultdict(dict)
    dropped: set[int] = set()
    for event, application, uscc in session.execute(_EVENTS):
        subject = f"admission:{application.number}" if application else f"agency:{uscc}"
        said = links.pop((subject, event.position), None)
        if said != (event.action.value, step_digest(event, papers[event.id])):
            return say(
                "{subject} 的第 {position} 条入会记录与操作记录不符，可能被直接改动",
                subject=subject.partition(":")[2], position=event.position,
            )  # fmt: skip
        if application is not None:
            applications[application.id] = (application, event)
            _told(answers[application.id], event)
            dropped |= set(event.detail.get("dropped", ()))
    for subject, position in sorted(links):
        return say(
            "{subject} 的第 {position} 条入会记录不见了，可能被直接删除",
            subject=subject.partition(":")[2], position=position,
        )  # fmt: skip
    gone = select(col(AdmissionPaper.id)).where(col(AdmissionPaper.is_dropped).is_(True))
    if set(session.execute(gone).scalars()) != dropped:
        return say("入会材料的替换标记与其记录不符，可能被直接改动")
    return _standing(session, applications, answers)


def application_rows(session: Session) -> Iterator[tuple[str, dict[str, Any]]]:
    """Every application, as the record keeps its facts: by number."""
    for row in session.execute(select(Application).order_by(col(Application.id))).scalars():
        kept = row.model_dump(exclude={"id", "version", "state", "changed_at_utc"})
        yield row.number, recorded(kept) | {"application_state": row.state.value}


def criterion_rows(session: Session) -> Iterator[tuple[str, dict[str, Any]]]:
    """Every version of a criterion that two people made, by code and first day."""
    statement = select(AdmissionCriterion).where(col(AdmissionCriterion.change_id).is_not(None))
    for row in session.execute(statement.order_by(col(AdmissionCriterion.id))).scalars():
        on = row.valid_from.isoformat()
        texts = {name: getattr(row, name) for name in CRITERION_TEXTS}
        yield f"{row.code}:{on}", texts | {
            "valid_from": on, "is_required": row.is_required, "is_in_force": row.is_in_force,
        }  # fmt: skip


# ---------------------------------------------------------------- pieces

_EVENTS = (
    select(AdmissionEvent, Application, Agency.uscc)
    .outerjoin(Application, col(Application.id) == AdmissionEvent.application_id)
    .outerjoin(Agency, col(Agency.id) == AdmissionEvent.agency_id)
    .order_by(
        col(AdmissionEvent.application_id), col(AdmissionEvent.agency_id),
        col(AdmissionEvent.position),
    )
)  # fmt: skip


def _told(found: dict[str, Found], event: AdmissionEvent) -> None:
    """What an event says of answers and verdicts, added to what those before it said."""
    match event.action:
        case AdmissionAction.answer_criterion:
            found[event.detail["criterion"]] = (event.detail["answer"], None, "")
        case AdmissionAction.examine_criteria:
            for code, (verdict, note) in event.detail["verdicts"].items():
                answer = found.get(code, ("", None, ""))[0]
                found[code] = (answer, verdict, note)
        case AdmissionAction.apply_again:
            for code, (answer, _verdict, _note) in list(found.items()):
                found[code] = (answer, None, "")


def _standing(
    session: Session,
    applications: dict[int | None, tuple[Application, AdmissionEvent]],
    answers: dict[int | None, dict[str, Found]],
) -> Wording | None:
    kept: dict[int | None, dict[str, Found]] = defaultdict(dict)
    for row in session.execute(select(AdmissionAnswer)).scalars():
        verdict = row.verdict.value if row.verdict else None
        kept[row.application_id][row.criterion_code] = (row.answer, verdict, row.note)
    for id_, (application, last) in applications.items():
        if (application.state, application.version) != (last.to_state, last.version):
            return say(
                "入会申请 {number} 的状态与其记录不符，可能被直接改动", number=application.number
            )
        if kept[id_] != answers[id_]:
            return say(
                "入会申请 {number} 的条件说明或审查意见与其记录不符，可能被直接改动",
                number=application.number,
            )
    return None
