"""Asking an enterprise to confirm a service (请企业确认), and its answer: by a signed link that is good
once, given by the alliance to the contact on the member's record, never through the agency.

Request and answer hold the turn to file: no claim on the result comes in between, and whichever is
there hears of the answer.
"""

from __future__ import annotations

import secrets
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from sqlalchemy import Row, select, update
from sqlmodel import Session, col

from models.actions.claims import touch_claim
from models.actions.inserts import inserted
from models.actions.lock_order import turn_to_file
from models.actions.rating_counts import note_answer
from models.actions.record import record
from models.actions.steps import refresh_findings, system_actor
from models.clock import now_utc, today
from models.queries.claim_people import ties_in_force
from models.queries.confirming import is_given, state_of, token_hash
from models.queries.sealing import recorded, signature
from models.queries.settings import whole_number
from models.queries.visibility import refuse_without
from models.rules.claim_entries import number_fault
from models.rules.claim_workflow import BEFORE_APPROVAL, WAITING, State
from models.rules.confirming import Answer, LinkState, answer_fault
from models.rules.digest import sha256_hex
from models.rules.errors import AlreadyDone, AmountRefused, NotAllowed, NotAvailable, NotFound
from models.rules.roles import Actor, Permission
from models.rules.wording import Wording, named, say
from models.tables.agreements import Agreement, Confirmation, ConfirmationBasis, Result
from models.tables.claims import Claim
from models.tables.confirmations import ConfirmationRequest
from models.tables.organisations import Agency, Enterprise
from models.tables.reference import ResultKind

ASKED, ANSWERED, WITHDRAWN = "request_confirmation", "answer_request", "withdraw_request"
REMINDED = "remind_enterprise"
HEARD = "hear_enterprise"
"""What the record says of a claim whose enterprise has answered."""
_RANDOM_BYTES = 32

# fmt: off
_DEAD: dict[LinkState, Wording] = {
    LinkState.used:      say("这条链接已经使用过，答复已记录；如果不是您本人答复的，请联系联盟"),
    LinkState.withdrawn: say("这条链接已作废，请使用联盟最近发给您的链接"),
    LinkState.expired:   say("这条链接已过期，请联系联盟重新发给您"),
}
# fmt: on
UNKNOWN = say("这条链接无效，请核对是否完整，或联系联盟重新发给您")


@dataclass(frozen=True, slots=True)
class _Of:
    """The agreement's result a question is about, its row locked."""

    agreement: Agreement
    result: Result
    enterprise: Enterprise
    agency_name: str

    @property
    def key(self) -> dict[str, Any]:
        """What names it in the tables."""
        return {"agreement_id": self.agreement.id, "result_id": self.result.id}

    @property
    def subject(self) -> str:
        """What the record calls it."""
        return f"confirmation:{self.agreement.number}:{self.result.normalised}"


def ask_enterprise(session: Session, actor: Actor, agreement_id: int, result_id: int) -> str:
    """Ask an enterprise to confirm a service (请企业确认): a new link; the one before serves no more.

    The days after which silence counts as confirmed run from the first request.

    Args:
        session: the writing transaction.
        actor: the alliance.
        agreement_id: the agreement.
        result_id: what came of it.

    Returns:
        The token for the link: shown now and never again, only its hash is kept.

    Raises:
        NotAllowed: the actor asks no enterprises, or is tied to a party.
        NotFound: no such agreement or result.
        NotAvailable: a result of another service; a member without a contact.
        AlreadyDone: the enterprise has answered.
    """
    refuse_without(actor, Permission.ask_enterprises)
    about = _locked(session, agreement_id, result_id)
    _refuse_other_service(session, about)
    _refuse_tied(session, actor, about)
    if not about.enterprise.contact_name and not about.enterprise.contact_phone:
        raise NotAvailable(
            say("会员“{name}”没有登记联系人，请先在会员名录补登", name=about.enterprise.name)
        )
    claims = _locked_claims(session, about, BEFORE_APPROVAL)
    answer = _asked_for(session, about)
    replaced = _end_open_requests(session, about)
    request, token = _new_request(session, actor, about)
    for claim in claims:
        refresh_findings(session, claim)
    for request_id in replaced:
        _record_withdrawal(session, actor, about, request_id)
    after = _stated(answer) | _request_stated(request)
    _record(session, actor, ASKED, about, after)
    return token


def withdraw_request(session: Session, actor: Actor, request_id: int) -> None:
    """Take a link back (作废链接): given to the wrong person, or lost.

    Raises:
        NotAllowed: the actor asks no enterprises.
        NotFound: no such request.
        NotAvailable, AlreadyDone: it serves no more.
    """
    refuse_without(actor, Permission.ask_enterprises)
    about, request = _locked_request(session, request_id)
    _refuse_dead(request)
    request.withdrawn_at_utc = now_utc()
    session.add(request)
    session.flush()
    _record_withdrawal(session, actor, about, request_id)


def note_reminder(session: Session, actor: Actor, request_id: int) -> None:
    """Note that the enterprise was reminded (催办) of a link it has.

    Raises:
        NotAllowed: the actor asks no enterprises.
        NotFound: no such request.
        NotAvailable, AlreadyDone: the link serves no more.
    """
    refuse_without(actor, Permission.ask_enterprises)
    about, request = _locked_request(session, request_id)
    _refuse_dead(request)
    request.reminded_at_utc = now_utc()
    session.add(request)
    session.flush()
    after = {"request": request.id, "reminded_on": today().isoformat()}
    _record(session, actor, REMINDED, about, after)


def answer_request(session: Session, token: str, answer: Answer) -> None:
    """The enterprise's answer (企业答复): written once, heard by every claim on the result.

    Whoever holds the link answers; there is no account. What was imported, or deemed from silence,
    gives way to the enterprise's own word.

    Args:
        session: the writing transaction.
        token: as it stands in the link.
        answer: what it says.

    Raises:
        NotFound: no link of ours, or one nobody knows.
        AlreadyDone: it was answered.
        NotAvailable: it was withdrawn or has expired; an answer that says too little or too much.
        AmountRefused: a number out of bounds.
    """
    hashed = token_hash(token)
    statement = select(col(ConfirmationRequest.id)).where(
        col(ConfirmationRequest.token_hash) == hashed
    )
    request_id = session.execute(statement).scalar_one_or_none() if hashed else None
    if request_id is None:
        raise NotFound(UNKNOWN)
    about, request = _locked_request(session, request_id)
    _refuse_dead(request)
    _refuse_unfit(answer)
    claims = _locked_claims(session, about, WAITING)
    request.used_at_utc = now_utc()
    session.add(request)
    given = _write_answer(session, about, answer)
    after = _stated(given) | {"request": request.id, "answered": 1}
    record(session, system_actor(), ANSWERED, about.subject, None, after)
    heard = {name: after[name] for name in _HEARD}
    for claim in claims:
        touch_claim(session, system_actor(), claim, HEARD, None, heard)


# ---------------------------------------------------------------- finding and locking


def _locked(session: Session, agreement_id: int, result_id: int) -> _Of:
    """The agreement's result, held against whoever files on it, asks about it or answers."""
    turn_to_file(session)
    of_agreement = session.execute(
        select(Agreement, Enterprise, col(Agency.name).label("agency"))
        .join(Enterprise, col(Enterprise.id) == Agreement.enterprise_id)
        .join(Agency, col(Agency.id) == Agreement.agency_id)
        .where(col(Agreement.id) == agreement_id)
    ).first()
    statement = select(Result).where(col(Result.id) == result_id).with_for_update()
    result = session.execute(statement).scalar_one_or_none()
    if of_agreement is None or result is None:
        raise NotFound(say("没有这份服务协议或成果"))
    return _Of(of_agreement.Agreement, result, of_agreement.Enterprise, of_agreement.agency)


def _locked_request(session: Session, request_id: int) -> tuple[_Of, ConfirmationRequest]:
    known = session.get(ConfirmationRequest, request_id)
    if known is None:
        raise NotFound(say("没有这条确认请求"))
    about = _locked(session, known.agreement_id, known.result_id)
    statement = (
        select(ConfirmationRequest)
        .where(col(ConfirmationRequest.id) == request_id)
        .with_for_update()
        .execution_options(populate_existing=True)
    )
    return about, session.execute(statement).scalar_one()


def _locked_claims(session: Session, about: _Of, states: frozenset[State]) -> list[Claim]:
    statement = (
        select(Claim)
        .filter_by(**about.key)
        .where(col(Claim.state).in_(sorted(states)))
        .order_by(col(Claim.id))
        .with_for_update()
    )
    return list(session.execute(statement).scalars())


# ---------------------------------------------------------------- what is refused


def _refuse_other_service(session: Session, about: _Of) -> None:
    kind = session.get_one(ResultKind, about.result.kind_code)
    if kind.service_code != about.agreement.service_code:
        raise NotAvailable(
            say(
                "成果类型“{kind}”不属于协议的服务类别，请核对协议编号和成果类型",
                kind=named(kind.name_zh),
            )
        )


def _refuse_tied(session: Session, actor: Actor, about: _Of) -> None:
    """Who is tied to a party hands it no link: the link alone answers."""
    for tie in ties_in_force(session.connection(), (actor.account_id,), today()):
        if tie.agency_id == about.agreement.agency_id:
            raise NotAllowed(_tied_to(about.agency_name, tie))
        if tie.enterprise_id == about.enterprise.id:
            raise NotAllowed(_tied_to(about.enterprise.name, tie))


def _tied_to(organisation: str, tie: Row[Any]) -> Wording:
    return say(
        "您与“{organisation}”有回避关系（{kind}），请由他人发出确认请求",
        organisation=organisation,
        kind=tie.kind,
    )


def _refuse_dead(request: ConfirmationRequest) -> None:
    state = state_of(request)
    if state is LinkState.used:
        raise AlreadyDone(_DEAD[state])
    if state is not LinkState.open:
        raise NotAvailable(_DEAD[state])


def _refuse_unfit(answer: Answer) -> None:
    if fault := answer_fault(answer):
        raise NotAvailable(fault)
    entries = {
        "paid_before_fen": answer.paid_before_fen,
        "paid_after_fen": answer.paid_after_fen,
        "satisfaction": answer.satisfaction,
    }
    if bounds := number_fault(entries):
        raise AmountRefused(bounds)


# ---------------------------------------------------------------- what is written


def _asked_for(session: Session, about: _Of) -> Confirmation:
    """The confirmation's row, asked for since today unless it was before."""
    asked = about.key | {
        "basis": ConfirmationBasis.given,
        "requested_on": today(),
        "is_denied": False,
        "recorded_at_utc": now_utc(),
    }
    inserted(session, Confirmation, asked)
    known = _confirmation(session, about)
    if is_given(known):
        raise AlreadyDone(say("企业已于 {on} 答复，不必再次请求", on=known.confirmed_on))
    if known.confirmed_on is None:  # from here on only a link answers, no workbook
        known.basis = ConfirmationBasis.given
        known.requested_on = known.requested_on or today()
        session.add(known)
        session.flush()
    return known


def _confirmation(session: Session, about: _Of) -> Confirmation:
    statement = select(Confirmation).filter_by(**about.key).with_for_update()
    found: Confirmation = session.execute(statement).scalar_one()
    return found


def _write_answer(session: Session, about: _Of, answer: Answer) -> Confirmation:
    given = _confirmation(session, about)
    before = (given.confirmed_on, given.satisfaction)
    given.basis, given.confirmed_on = ConfirmationBasis.given, today()
    given.paid_before_fen, given.paid_after_fen = answer.paid_before_fen, answer.paid_after_fen
    given.satisfaction, given.is_denied = answer.satisfaction, answer.is_denied
    given.recorded_at_utc = now_utc()
    session.add(given)
    session.flush()
    of = about.agreement
    note_answer(session, of.agency_id, before, given)
    return given


def _end_open_requests(session: Session, about: _Of) -> list[int]:
    """The link that still serves is taken back; the number of its request, if there is one."""
    ended = (
        update(ConfirmationRequest)
        .filter_by(**about.key)
        .where(
            col(ConfirmationRequest.used_at_utc).is_(None),
            col(ConfirmationRequest.withdrawn_at_utc).is_(None),
        )
        .values(withdrawn_at_utc=now_utc())
        .returning(col(ConfirmationRequest.id))
    )
    return [int(number) for number in session.execute(ended).scalars()]


def _new_request(session: Session, actor: Actor, about: _Of) -> tuple[ConfirmationRequest, str]:
    """A new request, and the token of its link, which nobody can read from the row."""
    drawn = secrets.token_urlsafe(_RANDOM_BYTES)
    token = f"{drawn}.{signature(drawn)}"
    request = ConfirmationRequest(
        **about.key,
        token_hash=sha256_hex(token),
        contact_name=about.enterprise.contact_name,
        issued_by_id=actor.account_id,
        issued_at_utc=now_utc(),
        expires_on=today() + timedelta(days=whole_number(session, "confirmation_link_days")),
    )
    session.add(request)
    session.flush()
    return request, token


def _record_withdrawal(session: Session, actor: Actor, about: _Of, request_id: int) -> None:
    after = {"request": request_id, "withdrawn": 1}
    _record(session, actor, WITHDRAWN, about, after)


def _record(session: Session, actor: Actor, verb: str, about: _Of, after: dict[str, Any]) -> None:
    grant_id = actor.grant_id(Permission.ask_enterprises)
    record(session, actor, verb, about.subject, None, after, grant_id)


_HEARD = ("confirmed_on", "paid_before_fen", "paid_after_fen", "satisfaction", "is_denied")
_ANSWER = ("basis", "requested_on", *_HEARD)


def _stated(answer: Confirmation) -> dict[str, Any]:
    return recorded({name: getattr(answer, name) for name in _ANSWER})


def _request_stated(request: ConfirmationRequest) -> dict[str, Any]:
    stated = ("token_hash", "contact_name", "expires_on")
    written = recorded({name: getattr(request, name) for name in stated})
    return written | {"request": request.id, "issued_by": request.issued_by_id,
                      "answered": 0, "withdrawn": 0}  # fmt: skip
