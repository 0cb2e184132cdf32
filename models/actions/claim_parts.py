"""The rows a new claim is made of: its own, its result (one in the zone), the enterprise's
confirmation."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import select
from sqlmodel import Session, col

from models.actions.inserts import inserted
from models.actions.lock_order import turn_to_file
from models.actions.rating_counts import note_answer, note_result
from models.clock import now_utc, office_day
from models.rules.claim_workflow import State
from models.rules.errors import AlreadyDone, NotAvailable
from models.rules.identifiers import reading
from models.rules.wording import say
from models.tables.agreement_life import AgreementResult
from models.tables.agreements import Agreement, Confirmation, ConfirmationBasis, Result
from models.tables.claims import Claim
from models.tables.reference import ResultKind


@dataclass(frozen=True, slots=True)
class ClaimDraft:
    """A claim as it is filed: what the agency says, nothing computed."""

    number: str
    agreement_id: int
    result_kind_code: str
    result_printed: str
    obtained_on: date
    filed_month: str
    filed_on: date
    asked_fen: int
    basis_fen: int | None = None
    units: int | None = None
    invoice_number: str = ""
    invoice_fen: int | None = None
    payee_name: str = ""
    payee_account: str = ""
    note: str = ""
    requested_on: date | None = None
    confirmed_on: date | None = None
    paid_before_fen: int | None = None
    paid_after_fen: int | None = None
    satisfaction: int | None = None


def new_claim_row(
    session: Session, agreement: Agreement, result_id: int, draft: ClaimDraft
) -> Claim:
    """Write the claim's own row, as a draft.

    Raises:
        AlreadyDone: the number is taken, also when two file it at the same moment.
    """
    now = now_utc()
    values: dict[str, Any] = {
        "number": draft.number,
        "agreement_id": agreement.id,
        "result_id": result_id,
        "enterprise_id": agreement.enterprise_id,
        "agency_id": agreement.agency_id,
        "service_code": agreement.service_code,
        "filed_month": draft.filed_month,
        "filed_on": draft.filed_on,
        "asked_fen": draft.asked_fen,
        "basis_fen": draft.basis_fen,
        "units": draft.units,
        "invoice_number": draft.invoice_number,
        "invoice_fen": draft.invoice_fen,
        "payee_name": draft.payee_name,
        "payee_account": draft.payee_account,
        "note": draft.note,
        "waiting_since_on": office_day(now),
        "changed_at_utc": now,
    }
    claim = Claim(**values)
    if not inserted(session, Claim, claim.model_dump(exclude={"id"})):
        raise AlreadyDone(say("申请编号“{number}”已存在", number=draft.number))
    found = session.execute(select(Claim).where(col(Claim.number) == draft.number))
    return found.scalar_one()


def result_for(
    session: Session,
    kind: ResultKind,
    printed: str,
    obtained_on: date,
    *,
    apart_from: int | None = None,
) -> Result:
    """The result of that number: one row in the zone, however often it is claimed.

    A result that only withdrawn claims rest on is as the new claim says; otherwise it stays as it
    was, and F06 shows the other claim. It is the first row a new claim locks, so the turn to file
    is taken here.

    Args:
        session: the writing transaction.
        kind: what kind of result it is.
        printed: its number, as typed.
        obtained_on: since when it exists.
        apart_from: the claim that asks, where there is one already.
    """
    turn_to_file(session)
    read = reading(kind.identifier, printed)
    values = {"kind_code": kind.code, "printed": printed, "obtained_on": obtained_on}
    key = {"family": read.family, "normalised": read.normalised}
    is_new = inserted(session, Result, values | key)
    result = session.execute(select(Result).filter_by(**key).with_for_update()).scalar_one()
    assert result.id is not None
    if not is_new and not _rests_on(session, result.id, apart_from):
        _note_day(session, result, obtained_on)
        for name, value in values.items():
            setattr(result, name, value)
        session.add(result)
        session.flush()
    found: Result = result
    return found


def corrected_result(session: Session, claim: Claim, printed: str, obtained_on: date) -> Result:
    """The result a correction names, found as filing finds it.

    Raises:
        NotAvailable: another claim rests on it, and it was obtained on another day.
    """
    known = session.get_one(Result, claim.result_id)
    kind = session.get_one(ResultKind, known.kind_code)
    result = result_for(session, kind, printed, obtained_on, apart_from=claim.id)
    if result.obtained_on != obtained_on:
        raise NotAvailable(
            say(
                "编号 {number} 的成果另有申请，登记的取得日期是 {on}；请核对编号和日期",
                number=result.normalised,
                on=result.obtained_on,
            )
        )
    return result


def confirmation_for(session: Session, claim: Claim, draft: ClaimDraft) -> None:
    """The enterprise's answer as the workbook carries it; one per agreement and result, the first
    answer stands."""
    requested_on = draft.requested_on or draft.confirmed_on
    if requested_on is None:
        return
    key = {"agreement_id": claim.agreement_id, "result_id": claim.result_id}
    answer: dict[str, Any] = {
        "basis": ConfirmationBasis.imported,
        "requested_on": requested_on,
        "confirmed_on": draft.confirmed_on,
        "paid_before_fen": draft.paid_before_fen,
        "paid_after_fen": draft.paid_after_fen,
        "satisfaction": draft.satisfaction,
        "recorded_at_utc": now_utc(),
    }
    is_new = inserted(session, Confirmation, key | answer)
    if draft.confirmed_on is None:
        return
    known = session.execute(select(Confirmation).filter_by(**key)).scalar_one()
    is_awaited = known.basis is ConfirmationBasis.imported and known.confirmed_on is None
    if is_awaited:
        for name, value in answer.items():
            setattr(known, name, value)
        session.add(known)
        session.flush()
    if is_new or is_awaited:
        note_answer(session, claim.agency_id, (None, None), known)


def _note_day(session: Session, result: Result, obtained_on: date) -> None:
    """The day of a result recorded under an agreement is about to be another."""
    assert result.id is not None
    recorded = session.get(AgreementResult, result.id)
    if recorded is not None and result.obtained_on != obtained_on:
        note_result(session, recorded.agreement_id, result.id, result.obtained_on)


def _rests_on(session: Session, result_id: int, apart_from: int | None) -> bool:
    """Whether a claim, other than the one that asks, that was not withdrawn rests on a result."""
    live = select(Claim.id).where(
        col(Claim.result_id) == result_id, col(Claim.state) != State.withdrawn
    )
    if apart_from is not None:
        live = live.where(col(Claim.id) != apart_from)
    return session.execute(live.limit(1)).first() is not None
