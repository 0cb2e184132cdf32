"""Amending a filed agreement (协议变更): proposed by one side, reviewed by the office that confirms
filings; the terms stay locked until then."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import select
from sqlmodel import Session, col

from models.actions.agreement_steps import Begun, begun, finished, required_reason
from models.actions.papers import Files, accepted_papers
from models.clock import now_utc
from models.queries.agreement_terms import faults_of_terms
from models.rules.agreement_life import LifeAction
from models.rules.agreement_terms import LONGEST_EXPECTED, AgreementTerms
from models.rules.errors import NotAvailable
from models.rules.free_text import kept_text
from models.rules.roles import Actor
from models.rules.wording import say
from models.tables.agreement_life import Amendment, AmendmentState
from models.tables.agreements import Agreement


@dataclass(frozen=True, slots=True)
class NewTerms:
    """The terms an amendment may change; service, sides, the day of signing and the up-front fee
    of zero stay."""

    fee_fen: int
    result_kind_code: str = ""
    expected: str = ""
    due_on: date | None = None
    advance_fen: int = 0


def propose_amendment(
    session: Session,
    actor: Actor,
    number: str,
    terms: NewTerms,
    reason: str,
    papers: Files,
    seen_version: int,
) -> None:
    """Propose other terms (提出协议变更) with the signed supplement.

    Args:
        session: the writing transaction.
        actor: somebody of its agency or enterprise.
        number: the agreement.
        terms: as they shall be.
        reason: why, in words.
        papers: the signed supplement, at least one paper.
        seen_version: the version that was on screen.

    Raises:
        NotFound, SeenIsStale, NotAllowed: as `begun`.
        NotAvailable: it stands elsewhere, an amendment waits already, nothing would change, or the
            new terms have faults: all of them are told.
        ReasonMissing, TextRefused: no reason, or words too long.
        FileRefused: no paper, too many, or one that is not accepted.
    """
    step = begun(session, actor, number, LifeAction.propose_amendment, seen_version)
    values = _kept(terms)
    _refuse_faults(session, step.agreement, values)
    changes = _changes(step.agreement, values)
    if not changes:
        raise NotAvailable(say("变更内容与现行协议相同"))
    why = required_reason(reason)
    kept = accepted_papers(session, papers, least=1)
    amendment = Amendment(
        agreement_id=step.agreement.id or 0,
        reason=why,
        proposed_by_id=actor.account_id,
        proposed_at_utc=now_utc(),
        **values,
    )
    session.add(amendment)
    session.flush()
    detail = {"amendment": amendment.id, "proposed": _plain(changes)}
    finished(session, actor, step, note=why, detail=detail, papers=kept)


def confirm_amendment(session: Session, actor: Actor, number: str, seen_version: int) -> None:
    """Confirm the amendment that waits (确认协议变更): its terms hold from now on, and open claims on
    the agreement are judged anew.

    Raises:
        NotFound, SeenIsStale, NotAllowed: as `begun`.
        NotAvailable: it stands elsewhere, no amendment waits, or its terms no longer hold.
    """
    step = begun(session, actor, number, LifeAction.confirm_amendment, seen_version)
    amendment = _waiting(session, step)
    values = {name: getattr(amendment, name) for name in _TERMS}
    _refuse_faults(session, step.agreement, values)
    _decide(session, actor, amendment, AmendmentState.confirmed)
    finished(session, actor, step, values, detail={"amendment": amendment.id})


def turn_down_amendment(
    session: Session, actor: Actor, number: str, reason: str, seen_version: int
) -> None:
    """Turn the amendment that waits down (不同意协议变更): the terms stay.

    Raises:
        NotFound, SeenIsStale, NotAllowed, NotAvailable: as `begun`.
        ReasonMissing, TextRefused: no reason, or one too long.
    """
    step = begun(session, actor, number, LifeAction.turn_down_amendment, seen_version)
    why = required_reason(reason)
    amendment = _waiting(session, step)
    _decide(session, actor, amendment, AmendmentState.turned_down, why)
    finished(session, actor, step, note=why, detail={"amendment": amendment.id})


# ---------------------------------------------------------------- pieces

_TERMS = ("fee_fen", "result_kind_code", "expected", "due_on", "advance_fen")


def _kept(terms: NewTerms) -> dict[str, Any]:
    return {
        "fee_fen": terms.fee_fen,
        "result_kind_code": terms.result_kind_code or None,
        "expected": kept_text(terms.expected, LONGEST_EXPECTED),
        "due_on": terms.due_on,
        "advance_fen": terms.advance_fen,
    }


def _changes(agreement: Agreement, values: dict[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in values.items() if getattr(agreement, name) != value}


def _plain(values: dict[str, Any]) -> dict[str, Any]:
    return {
        name: value.isoformat() if isinstance(value, date) else value
        for name, value in values.items()
    }


def _refuse_faults(session: Session, agreement: Agreement, values: dict[str, Any]) -> None:
    kind = values["result_kind_code"] or ""
    terms = AgreementTerms(
        signed_on=agreement.signed_on,
        fee_fen=values["fee_fen"],
        result_kind_code=kind,
        expected=values["expected"],
        due_on=values["due_on"],
        advance_fen=values["advance_fen"],
    )
    faults = faults_of_terms(
        session, agreement.enterprise_id, agreement.agency_id, agreement.service_code, terms
    )
    blocking = tuple(fault.words for fault in faults if fault.is_blocking)
    if blocking:
        raise NotAvailable(say("变更内容不能确认：{faults}", faults=blocking))


def _waiting(session: Session, step: Begun) -> Amendment:
    """The amendment that waits; `begun` has seen that there is one."""
    statement = select(Amendment).where(
        col(Amendment.agreement_id) == step.agreement.id,
        col(Amendment.state) == AmendmentState.proposed,
    )
    found: Amendment = session.execute(statement).scalar_one()
    return found


def _decide(
    session: Session,
    actor: Actor,
    amendment: Amendment,
    state: AmendmentState,
    reason: str = "",
) -> None:
    amendment.state = state
    amendment.decided_by_id = actor.account_id
    amendment.decided_at_utc = now_utc()
    amendment.decided_reason = reason
    session.add(amendment)
    session.flush()
