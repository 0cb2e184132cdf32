"""What the chain vouches for in ratings (考评): every event, every frozen result, every reply with
its answer, every consequence, and that a period stands where its last event led it."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from sqlalchemy import select
from sqlmodel import Session, col

from models.queries.rating_results import result_digest
from models.queries.vouching_steps import links_of_steps
from models.rules.digest import facts_digest
from models.rules.rating.consequences import CONSEQUENCE_NAMES
from models.rules.rating.period_life import PeriodAction
from models.rules.rating.signals import COMPONENT_NAMES
from models.rules.wording import Wording, say
from models.tables.organisations import Agency
from models.tables.ratings import (
    RatingAdjustment,
    RatingConsequence,
    RatingEvent,
    RatingPaper,
    RatingPeriod,
    RatingReply,
    RatingResult,
)

_STEPS = tuple(action.value for action in PeriodAction)


def rating_event_digest(event: RatingEvent) -> str:
    """The digest of an event; its detail names what it wrote, by digest."""
    stated: dict[str, Any] = {
        "position": event.position, "action": event.action.value, "to": event.to_state.value,
        "agency": event.agency_id, "account": event.account_id, "version": event.version,
        "reason": event.reason, "detail": event.detail,
    }  # fmt: skip
    return facts_digest(stated)


def reply_digest(reply: RatingReply, papers: Iterable[RatingPaper]) -> str:
    """The digest of what an agency said, and of its files."""
    stated: dict[str, Any] = {
        "period": reply.period_id, "agency": reply.agency_id, "stage": reply.stage.value,
        "component": reply.component.value, "said": reply.said, "by": reply.replied_by_id,
        "papers": [[paper.file_name, paper.sha256] for paper in papers],
    }  # fmt: skip
    return facts_digest(stated)


def answer_digest(reply: RatingReply, adjustments: Iterable[RatingAdjustment]) -> str:
    """The digest of what was answered, and of the corrections it brought."""
    stated: dict[str, Any] = {
        "state": reply.state.value, "answer": reply.answer, "by": reply.answered_by_id,
        "adjustments": [
            [
                one.agency_id, one.component.value, one.service_code, one.cases, one.good_quarters,
                one.penalty and one.penalty.value, one.lapses, one.cleared and one.cleared.value,
                one.reason, one.made_by_id,
            ]
            for one in adjustments
        ],
    }  # fmt: skip
    return facts_digest(stated)


def vouched_ratings(session: Session) -> Wording | None:
    """Every period with its events, results, replies and consequences; the first that differs."""
    links = _links(session)
    periods = session.execute(select(RatingPeriod).order_by(col(RatingPeriod.last_month))).scalars()
    for period in periods.all():
        events = _events(session, period)
        if words := _events_fault(period, events, links.pop(period.last_month, {})):
            return words
        for fault in (_results_fault, _replies_fault, _consequences_fault):
            if words := fault(session, period, events):
                return words
    for month in sorted(links):
        return say("截止于 {month} 的考评期不见了，可能被直接删除", month=month)
    return None


def _events_fault(
    period: RatingPeriod, events: list[RatingEvent], links: Mapping[int, tuple[str, str]]
) -> Wording | None:
    stated = dict(links)
    for event in events:
        said = stated.pop(event.position, None)
        if said != (event.action.value, rating_event_digest(event)):
            return say(
                "{month} 考评期的第 {position} 条记录与操作记录不符，可能被直接改动",
                month=period.last_month, position=event.position,
            )  # fmt: skip
    for position in sorted(stated):
        return say(
            "{month} 考评期的第 {position} 条记录不见了，可能被直接删除",
            month=period.last_month, position=position,
        )  # fmt: skip
    last = events[-1] if events else None
    stands = (period.state, period.version)
    if last is None or stands != (last.to_state, last.version):
        return say("{month} 考评期的状态与其记录不符，可能被直接改动", month=period.last_month)
    return None


def _results_fault(
    session: Session, period: RatingPeriod, events: list[RatingEvent]
) -> Wording | None:
    """Every frozen row is what the event that froze it stated of it."""
    stated = {
        (event.position, int(agency_id)): digest
        for event in events
        for agency_id, digest in event.detail.get("results", {}).items()
    }
    statement = select(RatingResult).where(col(RatingResult.period_id) == period.id)
    for row in session.execute(statement.order_by(col(RatingResult.id))).scalars():
        if (
            not stated.pop((row.event_position, row.agency_id), None)
            == row.digest
            == result_digest(row)
        ):
            what = say("考评结果（第 {number} 版）", number=row.number)
            return _differs(session, period, row.agency_id, what)
    for _, agency_id in stated:
        return _differs(session, period, agency_id, say("考评结果"))
    return None


def _replies_fault(
    session: Session, period: RatingPeriod, events: list[RatingEvent]
) -> Wording | None:
    """Every reply and answer is what its events stated."""
    stated: dict[int, list[str]] = defaultdict(list)
    agencies: dict[int, int] = {}
    for event in events:
        if "reply" in event.detail:
            stated[event.detail["reply"]].append(event.detail["reply_digest"])
            agencies[event.detail["reply"]] = event.agency_id or 0
    for reply, digests in _replies(session, period):
        if stated.pop(reply.id or 0, None) != digests:
            what = say("对“{component}”的申辩或答复", component=COMPONENT_NAMES[reply.component])
            return _differs(session, period, reply.agency_id, what)
    for reply_id in stated:
        return _differs(session, period, agencies[reply_id], say("申辩"))
    return None


def _replies(session: Session, period: RatingPeriod) -> Iterator[tuple[RatingReply, list[str]]]:
    papers: dict[int, list[RatingPaper]] = defaultdict(list)
    adjustments: dict[int, list[RatingAdjustment]] = defaultdict(list)
    for paper in session.execute(select(RatingPaper).order_by(col(RatingPaper.id))).scalars():
        papers[paper.reply_id].append(paper)
    made = select(RatingAdjustment).order_by(col(RatingAdjustment.id))
    for one in session.execute(made).scalars():
        adjustments[one.reply_id].append(one)
    statement = select(RatingReply).where(col(RatingReply.period_id) == period.id)
    for reply in session.execute(statement.order_by(col(RatingReply.id))).scalars():
        own = reply.id or 0
        digests = [reply_digest(reply, papers[own])]
        if reply.answered_by_id is not None or adjustments[own]:
            digests.append(answer_digest(reply, adjustments[own]))
        yield reply, digests


def _consequences_fault(
    session: Session, period: RatingPeriod, events: list[RatingEvent]
) -> Wording | None:
    """Every consequence stands where the events left it."""
    stated: dict[int, list[Any]] = {}
    for event in events:
        for number, facts in event.detail.get("consequences", {}).items():
            stated[int(number)] = facts
    statement = select(RatingConsequence).where(col(RatingConsequence.period_id) == period.id)
    for row in session.execute(statement.order_by(col(RatingConsequence.id))).scalars():
        if stated.pop(row.id or 0, None) != consequence_facts(row):
            what = say("结果运用“{kind}”", kind=CONSEQUENCE_NAMES[row.kind])
            return _differs(session, period, row.agency_id, what)
    for facts in stated.values():
        return _differs(session, period, facts[0], say("结果运用"))
    return None


def consequence_facts(row: RatingConsequence) -> list[Any]:
    """A consequence as an event states it."""
    return [row.agency_id, row.result_id, row.kind.value, row.state.value, row.reason,
            row.decided_by_id]  # fmt: skip


def _differs(session: Session, period: RatingPeriod, agency_id: int, what: Wording) -> Wording:
    agency = session.get(Agency, agency_id)
    return say(
        "{month} 考评期“{agency}”的{what}与操作记录不符，可能被直接改动",
        month=period.last_month, agency=agency.name if agency else agency_id, what=what,
    )  # fmt: skip


def _events(session: Session, period: RatingPeriod) -> list[RatingEvent]:
    statement = select(RatingEvent).where(col(RatingEvent.period_id) == period.id)
    return list(session.execute(statement.order_by(col(RatingEvent.position))).scalars())


def _links(session: Session) -> dict[str, dict[int, tuple[str, str]]]:
    """Last month → position → verb and digest."""
    found: dict[str, dict[int, tuple[str, str]]] = defaultdict(dict)
    for (month, position), said in links_of_steps(session, _STEPS, "rating:").items():
        found[month][position] = said
    return found
