"""Filing a claim on screen (填报申请): the agency's draft, its submission, and the counter's filing on
behalf of an agency.

A draft is not filed: it carries the day on which it is submitted, so that nobody saves a place in a
month or within the window by drafting early.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import func, select
from sqlmodel import Session, col

from models.actions.claims import ClaimDraft, claim_with_agency, draft_claim, touch_claim
from models.actions.course import locked_claim, refuse_out_of_sight
from models.actions.evidence import add_evidence
from models.actions.lock_order import turn_to_file
from models.actions.step_guards import refuse_changed
from models.actions.steps import Seen, StepTaken, take_step
from models.actions.tally import move_tally_month
from models.clock import today
from models.queries.clocks import filing_month_now
from models.queries.filing import prospect
from models.queries.own_step import is_own_last_step
from models.rules.claim_workflow import Action, State
from models.rules.errors import AlreadyDone, AmountRefused, NotAvailable
from models.rules.filing import NewClaim
from models.rules.identifiers import reading
from models.rules.roles import Actor
from models.rules.wording import say
from models.tables.agreements import Agreement, Filing, Result
from models.tables.claims import Claim, ClaimTally
from models.tables.reference import ResultKind

DATED = "date_claim"
_FIRST_DIGITS = 4


@dataclass(frozen=True, slots=True)
class Paper:
    """A paper handed in with a claim: which kind, its name, its content."""

    kind_code: str
    file_name: str
    content: bytes


def start_claim(session: Session, actor: Actor, entry: NewClaim) -> str:
    """Save a new claim as the agency's draft (草稿); its papers follow.

    Args:
        session: the writing transaction.
        actor: somebody of the agreement's agency.
        entry: what is claimed.

    Returns:
        The claim's number.

    Raises:
        NotAllowed, NotFound: not this agency's agreement; no such agreement or kind of result.
        NotAvailable: the agreement is not confirmed; a number or day of the result that is missing
            or still to come.
        AlreadyDone: this agency has an open claim on the result.
        AmountRefused, TextRefused: no amount known, a number out of bounds, a text too long.
    """
    draft = _draft(session, actor, entry)
    return draft_claim(session, actor, draft).number


def file_on_behalf(session: Session, actor: Actor, entry: NewClaim, papers: Sequence[Paper]) -> str:
    """File a claim for an agency that came to the counter (代机构录入), with its papers, at once.

    The record says who entered it and for whom; who did may not decide on it.

    Args:
        session: the writing transaction.
        actor: somebody of the alliance.
        entry: what is claimed.
        papers: what was handed in.

    Returns:
        The claim's number.

    Raises:
        as `start_claim`; FileRefused: a paper that is none.
    """
    draft = _draft(session, actor, entry)
    number = draft_claim(session, actor, draft, on_behalf=True).number
    for paper in papers:
        add_evidence(
            session, actor, number, paper.kind_code, paper.file_name, paper.content, on_behalf=True
        )
    take_step(session, actor, number, Action.submit, on_behalf=True)
    return number


def submit_draft(session: Session, actor: Actor, number: str, seen: Seen) -> StepTaken | None:
    """Submit a draft (提交申请): it is filed today, whenever it was begun.

    Args:
        session: the writing transaction.
        actor: somebody of the agency.
        number: the claim's number.
        seen: what is on screen.

    Returns:
        Where the claim stands; `None` where this person had just submitted it: a double click.

    Raises:
        as `take_step`.
    """
    turn_to_file(session)
    claim = locked_claim(session, number)
    refuse_out_of_sight(actor, claim)
    dated = seen.version + 1
    if any(
        is_own_last_step(session, actor, number, Action.submit, version)
        for version in (seen.version, dated)
    ):
        return None
    refuse_changed(session, claim, seen)
    if claim.state is not State.draft or claim.filed_on == today():
        return take_step(session, actor, number, Action.submit, seen)
    _date_today(session, actor, claim_with_agency(session, actor, number))
    return take_step(session, actor, number, Action.submit)


def _date_today(session: Session, actor: Actor, claim: Claim) -> None:
    before = {"filed_on": claim.filed_on.isoformat(), "filed_month": claim.filed_month}
    month = claim.filed_month
    claim.filed_on, claim.filed_month = today(), str(filing_month_now(session))
    after = {"filed_on": claim.filed_on.isoformat(), "filed_month": claim.filed_month}
    touch_claim(session, actor, claim, DATED, before, after)
    move_tally_month(session, claim, month)


# ---------------------------------------------------------------- a new one


def _draft(session: Session, actor: Actor, entry: NewClaim) -> ClaimDraft:
    """What is filed, under the next number of the month; the turn to file is held from here on."""
    turn_to_file(session)
    expected = prospect(session, actor, entry)
    _refuse_unfit(session, entry)
    if not expected.asked_fen:
        raise AmountRefused(say("请填写申请金额：现行标准没有可以直接核定的金额"))
    month = str(filing_month_now(session))
    return ClaimDraft(
        number=_next_number(session, month),
        agreement_id=entry.agreement_id,
        result_kind_code=entry.result_kind_code,
        result_printed=entry.result_printed.strip(),
        obtained_on=entry.obtained_on,
        filed_month=month,
        filed_on=today(),
        asked_fen=expected.asked_fen,
        basis_fen=entry.basis_fen,
        units=entry.units,
        invoice_number=entry.invoice_number,
        invoice_fen=entry.invoice_fen,
        payee_name=expected.facts.payee_name,
        payee_account=expected.facts.payee_account,
        note=entry.note,
    )


def _refuse_unfit(session: Session, entry: NewClaim) -> None:
    if not entry.result_printed.strip():
        raise NotAvailable(say("请填写成果编号"))
    if entry.obtained_on > today():
        raise NotAvailable(say("取得日期 {on} 还没有到，取得成果后再申请", on=entry.obtained_on))
    agreement = session.get_one(Agreement, entry.agreement_id)
    if agreement.filing is not Filing.confirmed:
        raise NotAvailable(say("协议“{number}”尚未备案确认，不能提出申请", number=agreement.number))
    _refuse_second(session, agreement, entry)


_OVER = (State.refused, State.withdrawn)


def _refuse_second(session: Session, agreement: Agreement, entry: NewClaim) -> None:
    """One open claim of an agreement on a result: a second click starts no second draft."""
    kind = session.get_one(ResultKind, entry.result_kind_code)
    read = reading(kind.identifier, entry.result_printed.strip())
    statement = (
        select(Claim.number)
        .join(Result, col(Result.id) == Claim.result_id)
        .where(
            col(Claim.agreement_id) == agreement.id,
            col(Result.family) == read.family,
            col(Result.normalised) == read.normalised,
            col(Claim.state).not_in(_OVER),
        )
        .limit(1)
    )
    known = session.execute(statement).scalar_one_or_none()
    if known is not None:
        raise AlreadyDone(
            say("这项成果在本协议下已有申请 {number}，请打开它继续办理", number=known)
        )


def _next_number(session: Session, month: str) -> str:
    """The first free number after as many as the month has; who holds the turn has it alone."""
    counted = select(func.coalesce(func.sum(ClaimTally.claims), 0)).where(
        col(ClaimTally.filed_month) == month
    )
    serial = int(session.execute(counted).scalar_one()) + 1
    while session.execute(
        select(Claim.id).where(col(Claim.number) == _number(month, serial))
    ).first():
        serial += 1
    return _number(month, serial)


def _number(month: str, serial: int) -> str:
    return f"{month}-{serial:0{_FIRST_DIGITS}d}"
