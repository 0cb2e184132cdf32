"""Requests to enterprises to confirm a service (企业确认请求): what a link asks, where one request
stands, which are unanswered.

A link is told from a forged one by its signature, before any row is looked for.
"""

from __future__ import annotations

import hmac
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import Select, and_, bindparam, func, select
from sqlmodel import Session, col

from models.clock import today
from models.queries.sealing import signature
from models.queries.settings import alliance_name, calendar, is_demonstration, review_settings
from models.queries.visibility import refuse_without
from models.rules.claim_workflow import State
from models.rules.confirming import LinkState, link_state
from models.rules.digest import sha256_hex
from models.rules.errors import NotFound
from models.rules.findings import deemed_on
from models.rules.roles import Actor, Permission
from models.rules.wording import say
from models.tables.agreements import Agreement, Confirmation, ConfirmationBasis, Result
from models.tables.claims import Claim
from models.tables.confirmations import ConfirmationRequest
from models.tables.organisations import Agency, Enterprise
from models.tables.people import Account
from models.tables.reference import ResultKind, ServiceType

LONGEST_TOKEN = 100


@dataclass(frozen=True, slots=True)
class Question:
    """What a link asks its enterprise, and whether it still may be answered.

    Attributes:
        deemed_on: from when silence counts as confirmed; `None` once it was answered.
        used_at_utc: when it was answered.
    """

    state: LinkState
    enterprise: str
    agency: str
    service_zh: str
    service_en: str
    result_kind_zh: str
    result_kind_en: str
    result: str
    obtained_on: date
    alliance: str
    expires_on: date
    deemed_on: date | None
    used_at_utc: datetime | None
    is_demonstration: bool


@dataclass(frozen=True, slots=True)
class Asking:
    """Where the question to one enterprise about one result stands, for the alliance.

    Attributes:
        confirmed_on: since when it counts as confirmed, by whatever word.
        is_answered: the enterprise itself has spoken: there is nothing left to ask.
        request_id: the newest request; `None`: it was never asked by a link.
        link: how that one stands.
        deemed_on: from when silence counts as confirmed.
    """

    agreement_id: int
    result_id: int
    enterprise: str
    uscc: str
    contact_name: str
    contact_phone: str
    requested_on: date | None
    confirmed_on: date | None
    is_answered: bool
    request_id: int | None
    link: LinkState | None
    issued_at_utc: datetime | None
    issued_by: str
    expires_on: date | None
    reminded_at_utc: datetime | None
    deemed_on: date | None


@dataclass(frozen=True, slots=True)
class Unanswered:
    """A service whose enterprise was asked and has not answered, the oldest first.

    Attributes:
        number: the claim on it; empty where none was filed yet.
        is_deemed: silence already counts as confirmed; it may still answer.
    """

    number: str
    agreement: str
    enterprise: str
    uscc: str
    contact_name: str
    contact_phone: str
    service_code: str
    result: str
    requested_on: date
    waiting_working_days: int
    deemed_on: date
    is_deemed: bool
    link: LinkState | None
    reminded_at_utc: datetime | None


def token_hash(token: str) -> str | None:
    """What is kept of a token; `None` where it is none of ours: too long, forged, cut, altered."""
    drawn, dot, signed = token[: LONGEST_TOKEN + 1].partition(".")
    if not dot or len(token) > LONGEST_TOKEN or not token.isascii():
        return None
    return sha256_hex(token) if hmac.compare_digest(signed, signature(drawn)) else None


def question_of(session: Session, token: str) -> Question | None:
    """What a link asks; `None` for one that is not ours or that nobody knows.

    Args:
        session: any transaction.
        token: as it stands in the address.
    """
    hashed = token_hash(token)
    if hashed is None:
        return None
    row = session.execute(_QUESTION.where(col(ConfirmationRequest.token_hash) == hashed)).first()
    if row is None:
        return None
    request: ConfirmationRequest = row.ConfirmationRequest
    return Question(
        state=state_of(request),
        enterprise=row.enterprise,
        agency=row.agency,
        service_zh=row.service_zh,
        service_en=row.service_en,
        result_kind_zh=row.kind_zh,
        result_kind_en=row.kind_en,
        result=row.printed,
        obtained_on=row.obtained_on,
        alliance=alliance_name(session),
        expires_on=request.expires_on,
        deemed_on=_deemed_on(session, row.requested_on),
        used_at_utc=request.used_at_utc,
        is_demonstration=is_demonstration(session),
    )


def asking_of(session: Session, actor: Actor, agreement_id: int, result_id: int) -> Asking:
    """Where the question about one agreement's result stands.

    Args:
        session: any transaction.
        actor: the alliance.
        agreement_id: the agreement.
        result_id: what came of it.

    Raises:
        NotAllowed: the actor asks no enterprises.
        NotFound: no such agreement or result.
    """
    refuse_without(actor, Permission.ask_enterprises)
    about = {"agreement_id": agreement_id, "result_id": result_id}
    row = session.execute(_ASKED_ABOUT, about).first()
    if row is None:
        raise NotFound(say("没有这份服务协议或成果"))
    member, answer = row.Enterprise, row.Confirmation
    request, issued_by = session.execute(_NEWEST_REQUEST, about).first() or (None, "")
    requested_on = answer.requested_on if answer else None
    return Asking(
        agreement_id=agreement_id,
        result_id=result_id,
        enterprise=member.name,
        uscc=member.uscc,
        contact_name=member.contact_name,
        contact_phone=member.contact_phone,
        requested_on=requested_on,
        confirmed_on=answer.confirmed_on if answer else None,
        is_answered=answer is not None and is_given(answer),
        request_id=request.id if request else None,
        link=state_of(request) if request else None,
        issued_at_utc=request.issued_at_utc if request else None,
        issued_by=issued_by,
        expires_on=request.expires_on if request else None,
        reminded_at_utc=request.reminded_at_utc if request else None,
        deemed_on=_deemed_on(session, requested_on),
    )


def unanswered(session: Session, actor: Actor, *, at_most: int = 50) -> tuple[Unanswered, ...]:
    """The services whose enterprises have not answered (待企业答复), the oldest request first.

    Args:
        session: any transaction.
        actor: the alliance.
        at_most: how many.

    Raises:
        NotAllowed: the actor asks no enterprises.
    """
    refuse_without(actor, Permission.ask_enterprises)
    return tuple(_unanswered(session, row) for row in session.execute(_UNANSWERED.limit(at_most)))


def how_many_unanswered(session: Session, actor: Actor) -> int:
    """How many services wait for their enterprise's answer.

    Raises:
        NotAllowed: the actor asks no enterprises.
    """
    refuse_without(actor, Permission.ask_enterprises)
    counted = select(func.count()).select_from(Confirmation).where(*_WAITS)
    return int(session.execute(counted).scalar_one())


def state_of(request: ConfirmationRequest) -> LinkState:
    """Whether a request's link serves today."""
    return link_state(
        is_used=request.used_at_utc is not None,
        is_withdrawn=request.withdrawn_at_utc is not None,
        expires_on=request.expires_on,
        today=today(),
    )


def is_given(answer: Confirmation) -> bool:
    """Whether the enterprise itself has answered: silence and what was imported are no answer of
    its own."""
    return answer.basis is ConfirmationBasis.given and answer.confirmed_on is not None


# ---------------------------------------------------------------- pieces


def _is_of(table: Any) -> Any:
    """The rows of a table that belong to the joined agreement and result."""
    return and_(
        col(table.agreement_id) == col(Agreement.id), col(table.result_id) == col(Result.id)
    )


_ASKED_ABOUT = (
    select(Enterprise, Confirmation)
    .select_from(Agreement)
    .join(Enterprise, col(Enterprise.id) == Agreement.enterprise_id)
    .join(Result, col(Result.id) == bindparam("result_id"))
    .outerjoin(Confirmation, _is_of(Confirmation))
    .where(col(Agreement.id) == bindparam("agreement_id"))
)

_NEWEST_REQUEST = (
    select(ConfirmationRequest, Account.display_name)
    .join(Account, col(Account.id) == ConfirmationRequest.issued_by_id)
    .where(
        col(ConfirmationRequest.agreement_id) == bindparam("agreement_id"),
        col(ConfirmationRequest.result_id) == bindparam("result_id"),
    )
    .order_by(col(ConfirmationRequest.id).desc())
    .limit(1)
)

_QUESTION: Select[Any] = (
    select(
        ConfirmationRequest,
        col(Enterprise.name).label("enterprise"),
        col(Agency.name).label("agency"),
        col(ServiceType.name_zh).label("service_zh"),
        col(ServiceType.name_en).label("service_en"),
        col(ResultKind.name_zh).label("kind_zh"),
        col(ResultKind.name_en).label("kind_en"),
        Result.printed,
        Result.obtained_on,
        Confirmation.requested_on,
    )
    .join(Agreement, col(Agreement.id) == ConfirmationRequest.agreement_id)
    .join(Enterprise, col(Enterprise.id) == Agreement.enterprise_id)
    .join(Agency, col(Agency.id) == Agreement.agency_id)
    .join(ServiceType, col(ServiceType.code) == Agreement.service_code)
    .join(Result, col(Result.id) == ConfirmationRequest.result_id)
    .join(ResultKind, col(ResultKind.code) == Result.kind_code)
    .outerjoin(Confirmation, _is_of(Confirmation))
)

_WAITS = (
    col(Confirmation.requested_on).is_not(None),
    col(Confirmation.confirmed_on).is_(None),
)
"""Asked, and nothing said; silence that was noted as confirmed waits for nobody."""

_NEWEST = (
    select(func.max(ConfirmationRequest.id))
    .where(_is_of(ConfirmationRequest))
    .correlate(Agreement, Result)
    .scalar_subquery()
)
_CLAIM_ON_IT = (
    select(func.max(Claim.number))
    .where(
        col(Claim.agreement_id) == col(Agreement.id),
        col(Claim.result_id) == col(Result.id),
        col(Claim.state).not_in((State.draft, State.withdrawn)),
    )
    .correlate(Agreement, Result)
    .scalar_subquery()
)
_UNANSWERED: Select[Any] = (
    select(
        Confirmation.requested_on,
        _CLAIM_ON_IT.label("number"),
        col(Agreement.number).label("agreement"),
        Agreement.service_code,
        Enterprise.name,
        Enterprise.uscc,
        Enterprise.contact_name,
        Enterprise.contact_phone,
        Result.printed,
        ConfirmationRequest,
    )
    .select_from(Confirmation)
    .join(Agreement, col(Agreement.id) == Confirmation.agreement_id)
    .join(Enterprise, col(Enterprise.id) == Agreement.enterprise_id)
    .join(Result, col(Result.id) == Confirmation.result_id)
    .outerjoin(ConfirmationRequest, col(ConfirmationRequest.id) == _NEWEST)
    .where(*_WAITS)
    .order_by(col(Confirmation.requested_on), col(Confirmation.id))
)


def _unanswered(session: Session, row: Any) -> Unanswered:
    due_on = _deemed_on(session, row.requested_on)
    assert due_on is not None
    request: ConfirmationRequest | None = row.ConfirmationRequest
    return Unanswered(
        number=row.number or "",
        agreement=row.agreement,
        enterprise=row.name,
        uscc=row.uscc,
        contact_name=row.contact_name,
        contact_phone=row.contact_phone,
        service_code=row.service_code,
        result=row.printed,
        requested_on=row.requested_on,
        waiting_working_days=calendar(session).working_days_between(row.requested_on, today()),
        deemed_on=due_on,
        is_deemed=due_on <= today(),
        link=state_of(request) if request else None,
        reminded_at_utc=request.reminded_at_utc if request else None,
    )


def _deemed_on(session: Session, requested_on: date | None) -> date | None:
    if requested_on is None:
        return None
    return deemed_on(requested_on, review_settings(session), calendar(session))
