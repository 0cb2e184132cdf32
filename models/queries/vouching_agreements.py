"""What the chain vouches for in agreements and needs: every event with its papers, that an
agreement stands where its last event led it, milestones, needs, requests."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from sqlalchemy import select
from sqlmodel import Session, col

from models.queries.agreement_sight import state_of
from models.queries.vouching_steps import links_of_steps, papers_of_steps, step_digest
from models.rules.agreement_life import LifeAction
from models.rules.wording import Wording, say
from models.tables.agreement_life import AgreementEvent, AgreementPaper, Milestone
from models.tables.agreements import Agreement
from models.tables.needs import Need, NeedRequest
from models.tables.organisations import Agency, Enterprise

_STEPS = tuple(action.value for action in LifeAction)


def vouched_agreements(session: Session) -> Wording | None:
    """Every event of every agreement against its link; the first thing that differs.

    What was filed before events were kept has links and no events: a link that names no event is
    passed over here and its values are compared with the register's.
    """
    links = links_of_steps(session, _STEPS, "agreement:")
    papers = papers_of_steps(session, AgreementPaper)
    statement = (
        select(AgreementEvent, Agreement)
        .join(Agreement, col(Agreement.id) == AgreementEvent.agreement_id)
        .order_by(col(AgreementEvent.agreement_id), col(AgreementEvent.position))
    )
    last: dict[int, tuple[AgreementEvent, Agreement]] = {}
    for event, agreement in session.execute(statement):
        said = links.pop((agreement.number, event.position), None)
        if said != (event.action.value, step_digest(event, papers[event.id])):
            return say(
                "协议 {number} 的第 {position} 条记录与操作记录不符，可能被直接改动",
                number=agreement.number, position=event.position,
            )  # fmt: skip
        last[event.agreement_id] = (event, agreement)
    for number, position in sorted(links):
        return say(
            "协议 {number} 的第 {position} 条记录不见了，可能被直接删除",
            number=number, position=position,
        )  # fmt: skip
    for event, agreement in last.values():
        if (state_of(agreement), agreement.version) != (event.to_state, event.version):
            return say("协议 {number} 的状态与其记录不符，可能被直接改动", number=agreement.number)
    return None


def milestone_rows(session: Session) -> Iterator[tuple[str, dict[str, Any]]]:
    """Every milestone, as the record keeps its facts: by agreement and number."""
    statement = (
        select(Agreement.number, Milestone)
        .join(Agreement, col(Agreement.id) == Milestone.agreement_id)
        .order_by(col(Milestone.id))
    )
    for number, row in session.execute(statement):
        yield f"{number}:{row.id}", {
            "milestone_name": row.name, "milestone_due_on": row.due_on.isoformat(),
            "done_on": row.done_on.isoformat() if row.done_on else None,
        }  # fmt: skip


def need_rows(session: Session) -> Iterator[tuple[str, dict[str, Any]]]:
    """Every need, as the record keeps its facts: by number."""
    statement = select(Need, Enterprise.uscc, Agreement.number).join(
        Enterprise, col(Enterprise.id) == Need.enterprise_id
    ).outerjoin(Agreement, col(Agreement.id) == Need.agreement_id)  # fmt: skip
    for row, uscc, agreement in session.execute(statement.order_by(col(Need.id))):
        yield str(row.id), {
            "enterprise": uscc, "service": row.service_code, "wanted": row.wanted,
            "wanted_by": row.wanted_by.isoformat(), "need_state": row.state.value,
            "agreement": agreement,
        }  # fmt: skip


def request_rows(session: Session) -> Iterator[tuple[str, dict[str, Any]]]:
    """Every request to an agency, as the record keeps its facts: by need and number."""
    statement = select(NeedRequest, Agency.uscc).join(
        Agency, col(Agency.id) == NeedRequest.agency_id
    )
    for row, uscc in session.execute(statement.order_by(col(NeedRequest.id))):
        yield f"{row.need_id}:{row.id}", {"agency": uscc, "request_state": row.state.value}
