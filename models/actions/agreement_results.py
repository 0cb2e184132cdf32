"""Recording a result under an agreement (登记成果): one result of the zone, its identifier, its
evidence; and what a high-tech certificate changes in the register of members."""

from __future__ import annotations

from dataclasses import asdict
from datetime import date
from typing import Any

from sqlalchemy import select
from sqlmodel import Session, col

from models.actions.agreement_steps import Begun, begun, finished
from models.actions.claim_parts import result_for
from models.actions.inserts import inserted
from models.actions.lock_order import turn_to_file
from models.actions.papers import Files, accepted_papers
from models.actions.rating_counts import note_result
from models.actions.registers import change_party, locked_party
from models.clock import now_utc, today
from models.rules.agreement_life import LifeAction
from models.rules.claim_workflow import State
from models.rules.errors import AlreadyDone, NotAvailable
from models.rules.free_text import kept_text
from models.rules.growth import certified
from models.rules.identifiers import (
    LONGEST_PRINTED,
    IdentifierKind,
    IdentifierVerdict,
    reading,
)
from models.rules.roles import Actor
from models.rules.wording import say
from models.tables.agreement_life import AgreementResult
from models.tables.agreements import Agreement, Result
from models.tables.claims import Claim
from models.tables.organisations import Enterprise, GrowthStage, HnteStatus
from models.tables.reference import ResultKind


def record_result(
    session: Session,
    actor: Actor,
    number: str,
    kind_code: str,
    printed: str,
    obtained_on: date,
    papers: Files,
    seen_version: int,
) -> str:
    """Record a result (登记科技创新成果) with its identifier and evidence.

    A high-tech certificate also brings the enterprise's status, dates and growth stage up to date.

    Args:
        session: the writing transaction.
        actor: somebody of the agreement's agency.
        number: the agreement.
        kind_code: what kind of result; one of the agreement's service.
        printed: its number, as printed; of free text, issuer and number together.
        obtained_on: the day that counts.
        papers: the evidence, at least one.
        seen_version: the version that was on screen.

    Returns:
        The number in its one spelling.

    Raises:
        NotFound, SeenIsStale, NotAllowed: as `begun`.
        NotAvailable: it stands elsewhere; another service's kind; a number that is none; a day that
            cannot be.
        AlreadyDone: the result stands under an agreement, or under a claim of another, already.
        FileRefused: no paper, too many, or one that is not accepted.
    """
    turn_to_file(session)
    enterprise = _enterprise_certified(session, number, kind_code)
    step = begun(session, actor, number, LifeAction.record_result, seen_version)
    kind = _kind(session, step.agreement, kind_code)
    written = kept_text(printed, LONGEST_PRINTED)
    read = reading(kind.identifier, written)
    if read.verdict is IdentifierVerdict.malformed:
        raise NotAvailable(read.words)
    _refuse_day(step.agreement, obtained_on)
    kept = accepted_papers(session, papers, least=1)
    result = result_for(session, kind, written, obtained_on)
    _refuse_taken(session, step.agreement, result, obtained_on)
    _link(session, actor, step, result)
    note_result(session, step.agreement.id or 0, result.id or 0, None)
    detail = {
        "result": result.normalised,
        "result_kind": kind.code,
        "obtained_on": obtained_on.isoformat(),
    }
    finished(session, actor, step, detail=detail, papers=kept)
    if enterprise is not None:
        _certify(session, actor, enterprise, result, step.agreement)
    return result.normalised


# ---------------------------------------------------------------- pieces


def _enterprise_certified(session: Session, number: str, kind_code: str) -> Enterprise | None:
    """The enterprise a certificate will change, locked before its agreement is."""
    if not (number.isprintable() and kind_code.isprintable()):
        return None
    kind = session.get(ResultKind, kind_code)
    if kind is None or kind.identifier is not IdentifierKind.hnte_certificate:
        return None
    statement = (
        select(col(Enterprise.uscc))
        .join(Agreement, col(Agreement.enterprise_id) == Enterprise.id)
        .where(col(Agreement.number) == number)
    )
    uscc = session.execute(statement).scalar_one_or_none()
    return None if uscc is None else locked_party(session, Enterprise, uscc)


def _kind(session: Session, agreement: Agreement, kind_code: str) -> ResultKind:
    kind = session.get(ResultKind, kind_code) if kind_code.isprintable() else None
    if kind is None or kind.service_code != agreement.service_code:
        raise NotAvailable(say("成果类型不属于该服务，请重新选择"))
    return kind


def _refuse_day(agreement: Agreement, obtained_on: date) -> None:
    if obtained_on > today():
        raise NotAvailable(say("日期 {on} 还没有到，请填今天或以前", on=obtained_on))
    started_on = agreement.work_started_on
    if started_on is not None and obtained_on < started_on:
        raise NotAvailable(
            say("{started_on} 开工，成果不能早于开工取得（F03）", started_on=started_on)
        )


def _refuse_taken(
    session: Session, agreement: Agreement, result: Result, obtained_on: date
) -> None:
    """A result belongs to one agreement; what claims rest on it say the same of it."""
    if result.obtained_on != obtained_on:
        raise NotAvailable(
            say(
                "编号 {number} 的成果另有申请，登记的取得日期是 {on}；请核对编号和日期",
                number=result.normalised, on=result.obtained_on,
            )
        )  # fmt: skip
    elsewhere = (
        select(col(Claim.number))
        .where(
            col(Claim.result_id) == result.id,
            col(Claim.agreement_id) != agreement.id,
            col(Claim.state) != State.withdrawn,
        )
        .order_by(col(Claim.id))
        .limit(1)
    )
    if session.execute(elsewhere).first() is not None:
        raise _taken(result)


def _link(session: Session, actor: Actor, step: Begun, result: Result) -> None:
    values: dict[str, Any] = {
        "result_id": result.id,
        "agreement_id": step.agreement.id,
        "recorded_by_id": actor.account_id,
        "recorded_at_utc": now_utc(),
    }
    if not inserted(session, AgreementResult, values):
        raise _taken(result)


def _taken(result: Result) -> AlreadyDone:
    return AlreadyDone(
        say(
            "编号 {number} 的成果已在一份协议下登记或申请，一项成果只属于一份协议",
            number=result.normalised,
        )
    )


def _certify(
    session: Session, actor: Actor, enterprise: Enterprise, result: Result, agreement: Agreement
) -> None:
    after = certified(
        enterprise.growth_stage, enterprise.certified_on, result.normalised, result.obtained_on
    )
    if after is None:
        return
    values = asdict(after) | {
        "hnte_status": HnteStatus(after.hnte_status),
        "growth_stage": GrowthStage(after.growth_stage),
    }
    reason = f"{agreement.number} {after.hnte_certificate_no}"
    change_party(session, actor, enterprise, "edit_enterprise", values, reason)
