"""A claim's life outside the workflow's steps: filing it, correcting it. Taking it stands in
`leases`."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from datetime import date
from typing import Any

from sqlmodel import Session

from models.actions.claim_parts import (
    ClaimDraft,
    confirmation_for,
    corrected_result,
    new_claim_row,
    result_for,
)
from models.actions.course import given_reason, locked_claim, refuse_out_of_sight
from models.actions.leases import (
    free_claim,
    leave_all_claims,
    leave_claim,
    take_claim,
)
from models.actions.lock_order import turn_to_file
from models.actions.rating_counts import note_claimed_result
from models.actions.record import record
from models.actions.steps import StepTaken, refresh_findings, take_step
from models.actions.tally import correct_tally, move_tally
from models.clock import now_utc, today
from models.queries.clocks import filing_month_now
from models.queries.relations import relation_of
from models.queries.sealing import sealed
from models.queries.vouching import own_digest
from models.rules.claim_entries import LONGEST, number_fault, plain_invoice
from models.rules.claim_workflow import OFFICE_ROLE, STEP_OF, Action, State
from models.rules.errors import AmountRefused, NotAllowed, NotAvailable, NotFound
from models.rules.free_text import kept_text
from models.rules.months import YearMonth
from models.rules.roles import Actor, Office, Relation, may_act
from models.rules.step_permission import permission_to_import
from models.rules.wording import named, say
from models.tables.agreements import Agreement, Result
from models.tables.claims import Claim
from models.tables.reference import ResultKind

__all__ = [
    "ClaimDraft",
    "Correction",
    "claim_with_agency",
    "correct_claim",
    "draft_claim",
    "file_claim",
    "free_claim",
    "lapse_returned_claim",
    "leave_all_claims",
    "leave_claim",
    "take_claim",
    "touch_claim",
]


@dataclass(frozen=True, slots=True)
class Correction:
    """What an agency may correct on a returned claim; `None` leaves a field as it is."""

    result_printed: str | None = None
    obtained_on: date | None = None
    asked_fen: int | None = None
    basis_fen: int | None = None
    units: int | None = None
    invoice_number: str | None = None
    invoice_fen: int | None = None
    payee_name: str | None = None
    payee_account: str | None = None
    note: str | None = None


def file_claim(
    session: Session, actor: Actor, draft: ClaimDraft, *, on_behalf: bool = False
) -> int:
    """File a claim (补贴申请) and submit it.

    Args:
        session: the writing transaction.
        actor: somebody of the agency, or the alliance's importer.
        draft: what is claimed.
        on_behalf: the importer files for the agency, and counts as having acted at that office.

    Returns:
        The claim's id.

    Raises:
        AlreadyDone: the number is taken.
        NotFound: no such agreement or result kind.
        NotAllowed: not this agency's agreement, or not an importer; an agency that dates the filing
            itself or speaks for the enterprise.
        NotAvailable: a result of another service than the agreement's, or a month that is none.
        AmountRefused, TextRefused: a number out of bounds, a text too long.
    """
    claim = draft_claim(session, actor, draft, on_behalf=on_behalf)
    take_step(session, actor, claim.number, Action.submit, on_behalf=on_behalf)
    assert claim.id is not None
    return claim.id


def draft_claim(
    session: Session, actor: Actor, draft: ClaimDraft, *, on_behalf: bool = False
) -> Claim:
    """Write a claim as a draft (草稿): it waits for its papers and is not yet submitted.

    Raises:
        as `file_claim`.
    """
    agreement = session.get(Agreement, draft.agreement_id)
    if agreement is None:
        raise NotFound(say("没有这份服务协议"))
    month = filing_month_now(session)
    grant_id = _refuse_to_file(actor, agreement, draft, month, on_behalf=on_behalf)
    draft = _kept(draft)
    kind = _kind_of(session, agreement, draft)
    result = result_for(session, kind, draft.result_printed, draft.obtained_on)
    assert result.id is not None
    claim = new_claim_row(session, agreement, result.id, draft)
    confirmation_for(session, claim, draft)
    after = {"version": claim.version, "own": own_digest(claim), "on_behalf": on_behalf}
    record(session, actor, "draft_claim", f"claim:{claim.number}", None, after, grant_id)
    move_tally(session, claim, None, State.draft)
    return claim


def correct_claim(session: Session, actor: Actor, number: str, correction: Correction) -> None:
    """Correct a draft or returned claim (补正); the version rises, so an old decision form is
    refused.

    A result is corrected as it is filed: the number names the one result of the zone.

    Raises:
        NotFound, NotAvailable: no such claim, or it is not with the agency; a result whose day
            another claim has laid down.
        NotAllowed: not this agency's claim.
        AmountRefused, TextRefused: a number out of bounds, a text too long.
    """
    given = {name: value for name, value in asdict(correction).items() if value is not None}
    if given.keys() & _OF_RESULT:
        turn_to_file(session)
    claim = claim_with_agency(session, actor, number)
    given = _kept_entries(given)
    before = _entries(session, claim)
    _write_entries(session, claim, given)
    was = {name: before[name] for name in given}
    if was.keys() & _OF_RESULT:
        note_claimed_result(session, claim, before["obtained_on"])
    touch_claim(session, actor, claim, "correct_claim", _recorded(was), _recorded(given))
    correct_tally(session, claim, claim.asked_fen - before["asked_fen"])


_OF_RESULT = frozenset({"result_printed", "obtained_on"})
"""Entries that stand with the result, not on the claim's own row."""


def _entries(session: Session, claim: Claim) -> dict[str, Any]:
    """Everything that can be corrected, as it stands."""
    result = session.get_one(Result, claim.result_id)
    of_result = {"result_printed": result.printed, "obtained_on": result.obtained_on}
    return claim.model_dump() | of_result


def _write_entries(session: Session, claim: Claim, given: dict[str, Any]) -> None:
    if given.keys() & _OF_RESULT:
        stands = _entries(session, claim) | given
        result = corrected_result(session, claim, stands["result_printed"], stands["obtained_on"])
        assert result.id is not None
        claim.result_id = result.id
    for name in given.keys() - _OF_RESULT:
        setattr(claim, name, given[name])


def _recorded(entries: dict[str, Any]) -> dict[str, Any]:
    """Entries as the record keeps them: days as ISO text, a bank account sealed."""
    kept = {
        name: value.isoformat() if isinstance(value, date) else value
        for name, value in entries.items()
    }
    account = kept.get("payee_account")
    return kept if account is None else {**kept, "payee_account": sealed(account)}


def claim_with_agency(session: Session, actor: Actor, number: str) -> Claim:
    """A draft or returned claim, locked, if the actor speaks for its agency.

    Raises:
        NotFound, NotAvailable, NotAllowed.
    """
    claim = locked_claim(session, number)
    refuse_out_of_sight(actor, claim)
    relation = relation_of(session, actor, claim)
    answer = may_act(actor, frozenset({OFFICE_ROLE[Office.filing]}), Office.filing, relation)
    if not answer.is_allowed:
        raise NotAllowed(given_reason(answer.reason))
    if claim.state not in (State.draft, State.returned):
        raise NotAvailable(say("申请不在机构手中，不能更改；需要更改时请联系办理环节退回"))
    return claim


def touch_claim(
    session: Session,
    actor: Actor,
    claim: Claim,
    verb: str,
    before: dict[str, Any] | None,
    after: dict[str, Any],
) -> None:
    """Something the claim rests on changed: the version rises, the findings are taken anew, the
    record says so.

    Args:
        session: the writing transaction.
        actor: who changed it.
        claim: the claim, locked.
        verb: what was done, for the record.
        before: the facts that were.
        after: the facts that are; version and digest are added.
    """
    claim.version += 1
    claim.changed_at_utc = now_utc()
    session.add(claim)
    session.flush()
    refresh_findings(session, claim)
    session.flush()
    vouched = {"version": claim.version, "own": own_digest(claim)}
    record(session, actor, verb, f"claim:{claim.number}", before, after | vouched)


def lapse_returned_claim(session: Session, actor: Actor, number: str) -> StepTaken:
    """Withdraw a returned claim nobody answered in time (逾期未补正); the system's step.

    Raises:
        NotAvailable: not returned, or the time is not over.
        NotAllowed: not the system.
    """
    return take_step(session, actor, number, Action.lapse)


# ---------------------------------------------------------------- what is refused at the door


def _refuse_to_file(
    actor: Actor, agreement: Agreement, draft: ClaimDraft, month: YearMonth, *, on_behalf: bool
) -> int | None:
    """Go on only for the agreement's agency, or an importer; the grant acted under."""
    relation = Relation(is_own_agency=actor.agency_id == agreement.agency_id)
    if on_behalf:
        answer = permission_to_import(STEP_OF[Action.submit], actor, relation)
    else:
        answer = may_act(actor, frozenset({OFFICE_ROLE[Office.filing]}), Office.filing, relation)
    if not answer.is_allowed:
        raise NotAllowed(given_reason(answer.reason))
    if not (on_behalf or actor.is_system):
        _refuse_to_speak_for_others(draft, month)
    return answer.grant.id if answer.grant else None


def _refuse_to_speak_for_others(draft: ClaimDraft, month: YearMonth) -> None:
    """The day of filing and its month are the system's to say, the confirmation the enterprise's;
    neither is the agency's."""
    if draft.filed_on != today() or _month(draft.filed_month) != month:
        raise NotAllowed(
            say("申报日期和所属月份由系统记录：今天提交的计入 {month}", month=str(month))
        )
    answers = (draft.confirmed_on, draft.paid_before_fen, draft.paid_after_fen, draft.satisfaction)
    if draft.requested_on is not None or any(answer is not None for answer in answers):
        raise NotAllowed(say("企业确认由企业本人作出，机构不能代填"))


def _kind_of(session: Session, agreement: Agreement, draft: ClaimDraft) -> ResultKind:
    kind = session.get(ResultKind, draft.result_kind_code)
    if kind is None:
        raise NotFound(say("成果类型“{kind}”不在服务清单中", kind=draft.result_kind_code))
    if kind.service_code != agreement.service_code:
        raise NotAvailable(
            say(
                "成果类型“{kind}”不属于协议的服务类别，请核对协议编号和成果类型",
                kind=named(kind.name_zh),
            )
        )
    return kind


def _kept(draft: ClaimDraft) -> ClaimDraft:
    """The draft as it is stored: texts trimmed, numbers within their bounds, the month in its one
    spelling."""
    entries = _kept_entries(asdict(draft)) | {"filed_month": str(_month(draft.filed_month))}
    kept = ClaimDraft(**entries)
    if not kept.number:
        raise NotAvailable(say("申请编号不能为空"))
    return kept


def _kept_entries(entries: dict[str, Any]) -> dict[str, Any]:
    if fault := number_fault(entries):
        raise AmountRefused(fault)
    texts = {
        name: kept_text(entries[name], most) for name, most in LONGEST.items() if name in entries
    }
    if "invoice_number" in texts:
        texts["invoice_number"] = plain_invoice(texts["invoice_number"])
    return entries | texts


def _month(written: str) -> YearMonth:
    try:
        return YearMonth.parse(written)
    except ValueError:
        raise NotAvailable(say("“{month}”不是月份，例如 2026-11", month=written[:20])) from None
