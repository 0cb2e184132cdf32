"""What follows from a published rating (结果运用): the alliance's lead confirms or turns down each
proposal, with a reason; a suspension acts through the register's own action."""

from __future__ import annotations

from sqlmodel import Session

from models.actions.agencies import suspend_agency
from models.actions.lock_order import lock_parties
from models.actions.meanwhile import change_by
from models.actions.rating_steps import begun, finished, next_event, required_words
from models.clock import now_utc, today
from models.queries.vouching_ratings import consequence_facts
from models.rules.admission_terms import Cause, Ground
from models.rules.errors import NotFound
from models.rules.rating.consequences import CONSEQUENCE_STATES, Consequence, ConsequenceState
from models.rules.rating.period_life import PeriodAction
from models.rules.roles import Actor
from models.rules.wording import say
from models.tables.organisations import Agency
from models.tables.ratings import RatingConsequence, RatingPeriod

_TO = {
    PeriodAction.confirm_consequence: ConsequenceState.confirmed,
    PeriodAction.turn_down_consequence: ConsequenceState.turned_down,
}


def confirm_consequence(session: Session, actor: Actor, consequence_id: int, reason: str) -> None:
    """Confirm a proposal (确认结果运用); a suspension begins today, until further notice.

    Args:
        session: the writing transaction.
        actor: the alliance's lead, not tied to the agency.
        consequence_id: its number.
        reason: why, in words.

    Raises:
        NotFound: no such proposal.
        NotAllowed, NotAvailable: not this person's; of a suspension, the agency is not admitted.
        SeenIsStale: it was decided on meanwhile, or a new version took its place.
        ReasonMissing, TextRefused: no reason, or one too long.
        AlreadyDone: the agency is suspended already.
    """
    _decide(session, actor, consequence_id, PeriodAction.confirm_consequence, reason)


def turn_down_consequence(session: Session, actor: Actor, consequence_id: int, reason: str) -> None:
    """Turn a proposal down (不采用结果运用): nothing follows.

    Raises:
        NotFound, NotAllowed, NotAvailable, SeenIsStale, ReasonMissing, TextRefused: as
            `confirm_consequence`.
    """
    _decide(session, actor, consequence_id, PeriodAction.turn_down_consequence, reason)


def _decide(
    session: Session, actor: Actor, consequence_id: int, action: PeriodAction, reason: str
) -> None:
    seen = session.get(RatingConsequence, consequence_id)
    if seen is None:
        raise NotFound(say("没有编号为 {number} 的结果运用建议", number=consequence_id))
    agency = session.get_one(Agency, seen.agency_id)
    lock_parties(session, Agency, (agency.uscc,))
    month = session.get_one(RatingPeriod, seen.period_id).last_month
    step = begun(session, actor, month, action, agency_id=seen.agency_id)
    row = session.get_one(RatingConsequence, consequence_id, populate_existing=True)
    _refuse_decided(session, row)
    words = required_words(reason)
    row.state, row.reason = _TO[action], words
    row.decided_by_id, row.decided_at_utc = actor.account_id, now_utc()
    session.add(row)
    event = next_event(session, actor, step, reason=words)
    detail = {
        "consequence": row.kind.value, "consequence_state": row.state.value,
        "consequences": {str(row.id): consequence_facts(row)},
    }  # fmt: skip
    finished(session, actor, event, step.period, detail, step.agency)
    if row.kind is Consequence.suspend and row.state is ConsequenceState.confirmed:
        suspend_agency(
            session, actor, agency.uscc, today(), None, words, Cause(Ground.rating, month)
        )


def _refuse_decided(session: Session, row: RatingConsequence) -> None:
    if row.state is ConsequenceState.proposed:
        return
    decided = change_by(session, row.decided_by_id, row.decided_at_utc)
    raise decided.stale(
        say("未保存：{name}已于 {at} 办理（{state}）", name=decided.by, at=decided.at,
            state=CONSEQUENCE_STATES[row.state])
    )  # fmt: skip
