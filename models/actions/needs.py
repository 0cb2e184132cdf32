"""Needs and pairing (对接): an enterprise says what it looks for and asks one agency at a time;
accepted by both, it becomes a draft agreement.

The alliance may do the enterprise's part on its behalf; the record says so.
"""

from __future__ import annotations

from datetime import date
from typing import Any

from sqlalchemy import select
from sqlmodel import Session, col

from models.actions.agreement_steps import required_reason
from models.actions.agreements import drafted
from models.actions.inserts import inserted
from models.actions.lives import locked
from models.actions.lock_order import turn_to_file
from models.actions.meanwhile import Change, who
from models.actions.record import record
from models.clock import now_utc, today
from models.queries.agencies import standing_of
from models.queries.agreement_terms import pair_taken_by
from models.queries.needs import may_see_need, waiting_request
from models.queries.sealing import recorded
from models.queries.visibility import refuse_without
from models.rules.agreement_terms import LONGEST_EXPECTED, LONGEST_REASON, AgreementTerms
from models.rules.errors import AlreadyDone, NotAllowed, NotAvailable, NotFound
from models.rules.free_text import kept_text
from models.rules.half_width import half_width
from models.rules.membership import AgencyState
from models.rules.pairing import NEED_STATES, NeedState, RequestState
from models.rules.roles import Actor, Permission, Role
from models.rules.wording import say
from models.tables.agreements import Agreement
from models.tables.needs import Need, NeedRequest
from models.tables.organisations import Agency, AgencyScope, Enterprise
from models.tables.reference import ServiceType


def state_need(
    session: Session,
    actor: Actor,
    service_code: str,
    wanted: str,
    wanted_by: date,
    enterprise_uscc: str = "",
) -> int:
    """State a need (提出需求).

    Args:
        session: the writing transaction.
        actor: somebody of the enterprise, or the alliance on its behalf.
        service_code: the service that is looked for.
        wanted: what for, in words.
        wanted_by: by when.
        enterprise_uscc: whose need, where the alliance states it.

    Returns:
        The need's number.

    Raises:
        NotAllowed: the actor speaks for no enterprise and is not the alliance.
        NotFound: no such member or service.
        NotAvailable: the enterprise left, or the day is past.
        AlreadyDone: it is served for this already, or looks for it already.
        ReasonMissing, TextRefused: nothing said, or too much.
    """
    refuse_without(actor, Permission.state_needs)
    enterprise = _enterprise_of(session, actor, enterprise_uscc)
    if not service_code.isprintable() or session.get(ServiceType, service_code) is None:
        raise NotFound(say("服务清单中没有代码为 {code} 的服务", code=service_code[:24]))
    if enterprise.left_on is not None:
        raise NotAvailable(say("企业 {on} 已退会，不能提出需求", on=enterprise.left_on))
    if wanted_by < today():
        raise NotAvailable(say("期望完成日期 {on} 已经过去", on=wanted_by))
    assert enterprise.id is not None
    if number := pair_taken_by(session, enterprise.id, service_code):
        raise AlreadyDone(
            say("该企业的这项服务已有在办协议 {number}；一项服务同时只有一家机构", number=number)
        )
    need = Need(
        enterprise_id=enterprise.id,
        service_code=service_code,
        wanted=required_reason(wanted),
        wanted_by=wanted_by,
        is_on_behalf=_is_on_behalf(actor, enterprise.id),
        stated_by_id=actor.account_id,
        stated_at_utc=now_utc(),
    )
    if not inserted(session, Need, need.model_dump(exclude={"id"})):
        raise AlreadyDone(say("该企业已就这项服务提出需求，尚未结束"))
    made = session.execute(
        select(Need).where(
            col(Need.enterprise_id) == enterprise.id,
            col(Need.service_code) == service_code,
            col(Need.state) == NeedState.open,
        )
    ).scalar_one()
    after = {
        "enterprise": enterprise.uscc,
        "service": service_code,
        "wanted": made.wanted,
        "wanted_by": wanted_by.isoformat(),
        "need_state": NeedState.open.value,
        "on_behalf": int(made.is_on_behalf),
    }
    _record(session, actor, "state_need", made, None, after, Permission.state_needs)
    return made.id or 0


def withdraw_need(
    session: Session, actor: Actor, need_id: int, reason: str, seen_version: int
) -> None:
    """Withdraw a need (撤回需求); an agency asked and not yet answering is told no more.

    Raises:
        NotFound, SeenIsStale, NotAllowed, NotAvailable: as `ask_agency`.
        ReasonMissing, TextRefused: no reason, or one too long.
    """
    need = _own_need(session, actor, need_id, seen_version)
    why = required_reason(reason)
    waiting = waiting_request(session, need)
    if waiting is not None:
        _answer(session, actor, waiting, RequestState.taken_back, why)
    need.state = NeedState.withdrawn
    need.closed_at_utc, need.closed_reason = now_utc(), why
    _touch(session, need)
    if waiting is not None:
        gone = _answered(waiting) | {"reason": why}
        _record(session, actor, "take_back_request", need, _ASKED, gone, Permission.state_needs)
    before = {"need_state": NeedState.open.value}
    after = {
        "need_state": need.state.value,
        "reason": why,
        "on_behalf": int(_is_on_behalf(actor, need.enterprise_id)),
    }
    _record(session, actor, "withdraw_need", need, before, after, Permission.state_needs)


def ask_agency(
    session: Session, actor: Actor, need_id: int, agency_uscc: str, seen_version: int
) -> None:
    """Ask one agency to serve a need (询问机构); one at a time.

    Args:
        session: the writing transaction.
        actor: somebody of the enterprise, or the alliance on its behalf.
        need_id: the need.
        agency_uscc: whom.
        seen_version: the version that was on screen.

    Raises:
        NotFound: no such need for this person, or no such agency.
        SeenIsStale: somebody changed it meanwhile.
        NotAllowed: not this person's need.
        NotAvailable: it is closed; the agency is not admitted today or not for this service.
        AlreadyDone: an agency is asked and has not answered, or this one has declined.
    """
    need = _own_need(session, actor, need_id, seen_version)
    agency = _agency_in_scope(session, agency_uscc, need.service_code)
    asked = select(NeedRequest.agency_id, NeedRequest.state).where(
        col(NeedRequest.need_id) == need.id
    )
    for agency_id, state in session.execute(asked):
        if state is RequestState.asked:
            raise AlreadyDone(say("已有一家机构等待答复；一次只询问一家，可先收回"))
        if agency_id == agency.id and state is RequestState.declined:
            raise AlreadyDone(say("“{name}”已谢绝本需求，请选择其他机构", name=agency.name))
    request = NeedRequest(
        need_id=need.id or 0,
        agency_id=agency.id or 0,
        is_on_behalf=_is_on_behalf(actor, need.enterprise_id),
        asked_by_id=actor.account_id,
        asked_at_utc=now_utc(),
    )
    session.add(request)
    _touch(session, need)
    after = {
        "request": request.id,
        "agency": agency.uscc,
        "request_state": RequestState.asked.value,
        "on_behalf": int(request.is_on_behalf),
    }
    _record(session, actor, "ask_agency_for_need", need, None, after, Permission.state_needs)


def take_back_request(session: Session, actor: Actor, need_id: int, seen_version: int) -> None:
    """Take back the request that waits (收回询问), to ask another agency.

    Raises:
        NotFound, SeenIsStale, NotAllowed, NotAvailable: as `ask_agency`; or none waits.
    """
    need = _own_need(session, actor, need_id, seen_version)
    waiting = waiting_request(session, need)
    if waiting is None:
        raise NotAvailable(say("没有等待答复的询问"))
    _answer(session, actor, waiting, RequestState.taken_back)
    _touch(session, need)
    after = _answered(waiting) | {"on_behalf": int(_is_on_behalf(actor, need.enterprise_id))}
    _record(session, actor, "take_back_request", need, _ASKED, after, Permission.state_needs)


def accept_request(session: Session, actor: Actor, need_id: int, seen_version: int) -> str:
    """Accept a request (接受结对): both sides agree, and a draft agreement stands.

    Args:
        session: the writing transaction.
        actor: somebody of the agency that was asked.
        need_id: the need.
        seen_version: the version that was on screen.

    Returns:
        The draft agreement's number.

    Raises:
        NotFound: no such need for this person.
        SeenIsStale: somebody changed it meanwhile.
        NotAllowed: the actor answers for no agency.
        NotAvailable: this agency is not asked, or not admitted for the service any more.
        AlreadyDone: the enterprise is served for this meanwhile.
    """
    refuse_without(actor, Permission.answer_needs)
    turn_to_file(session)
    need, waiting = _asked_of(session, actor, need_id, seen_version)
    agency = session.get_one(Agency, waiting.agency_id)
    _agency_in_scope(session, agency.uscc, need.service_code)
    expected = need.wanted[:LONGEST_EXPECTED]
    terms = AgreementTerms(today(), 0, expected=expected, due_on=need.wanted_by)
    number = drafted(session, actor, need.enterprise_id, need.service_code, terms)
    _answer(session, actor, waiting, RequestState.accepted)
    made = session.execute(select(col(Agreement.id)).where(col(Agreement.number) == number))
    need.state, need.closed_at_utc, need.agreement_id = (
        NeedState.paired,
        now_utc(),
        made.scalar_one(),
    )
    _touch(session, need)
    before = _ASKED | {"need_state": NeedState.open.value}
    after = _answered(waiting) | {"need_state": need.state.value, "agreement": number}
    _record(session, actor, "accept_request", need, before, after, Permission.answer_needs)
    return number


def decline_request(
    session: Session, actor: Actor, need_id: int, reason: str, seen_version: int
) -> None:
    """Decline a request (谢绝) with a reason; the enterprise may ask another agency.

    Raises:
        NotFound, SeenIsStale, NotAllowed, NotAvailable: as `accept_request`.
        ReasonMissing, TextRefused: no reason, or one too long.
    """
    refuse_without(actor, Permission.answer_needs)
    need, waiting = _asked_of(session, actor, need_id, seen_version)
    why = required_reason(reason)
    _answer(session, actor, waiting, RequestState.declined, why)
    _touch(session, need)
    after = _answered(waiting) | {"reason": why}
    _record(session, actor, "decline_request", need, _ASKED, after, Permission.answer_needs)


def subject_of_need(need_id: int | None) -> str:
    """What the record calls a need: `need:17`."""
    return f"need:{need_id}"


# ---------------------------------------------------------------- pieces

_ASKED = {"request_state": RequestState.asked.value}


def _enterprise_of(session: Session, actor: Actor, uscc: str) -> Enterprise:
    """The enterprise whose need it is: one's own, or the one the alliance names."""
    if Role.enterprise in actor.roles and not uscc:
        if actor.enterprise_id is None:
            raise NotAllowed(say("您的账号没有关联企业，不能提出需求"))
        return session.get_one(Enterprise, actor.enterprise_id)
    if actor.roles <= {Role.enterprise}:
        raise NotAllowed(say("只能为本企业提出需求"))
    code = half_width(uscc).strip().upper()
    found = select(Enterprise).where(col(Enterprise.uscc) == code)
    enterprise = session.execute(found).scalar_one_or_none() if code.isprintable() else None
    if enterprise is None:
        raise NotFound(say("会员企业名录中没有信用代码 {uscc}", uscc=code[:18]))
    return enterprise


def _is_on_behalf(actor: Actor, enterprise_id: int) -> bool:
    return actor.enterprise_id != enterprise_id


def _locked_need(session: Session, actor: Actor, need_id: int) -> Need:
    need = locked(session, Need, id=need_id)
    if need is None or not may_see_need(session, actor, need):
        raise NotFound(say("没有编号为 {number} 的需求", number=need_id))
    return need


def _refuse_stale(need: Need, seen_version: int) -> None:
    if need.version != seen_version:
        raise Change(who(None), need.stated_at_utc).stale(
            say("未保存：需求 {number} 在您打开后有变化，请核对最新内容", number=need.id)
        )
    if need.state is not NeedState.open:
        raise NotAvailable(say("需求{state}，不能再办理", state=NEED_STATES[need.state]))


def _own_need(session: Session, actor: Actor, need_id: int, seen_version: int) -> Need:
    """An open need, locked, for its enterprise or the alliance."""
    refuse_without(actor, Permission.state_needs)
    need = _locked_need(session, actor, need_id)
    _refuse_stale(need, seen_version)
    return need


def _asked_of(
    session: Session, actor: Actor, need_id: int, seen_version: int
) -> tuple[Need, NeedRequest]:
    """An open need, locked, with the request that waits for this person's agency."""
    need = _locked_need(session, actor, need_id)
    _refuse_stale(need, seen_version)
    waiting = waiting_request(session, need)
    if waiting is None or waiting.agency_id != actor.agency_id:
        raise NotAvailable(say("没有等待本机构答复的询问"))
    return need, waiting


def _agency_in_scope(session: Session, uscc: str, service_code: str) -> Agency:
    found = select(Agency).where(col(Agency.uscc) == uscc)
    agency: Agency | None = (
        session.execute(found).scalar_one_or_none() if uscc.isprintable() else None
    )
    if agency is None:
        raise NotFound(say("名录中没有信用代码为 {uscc} 的单位", uscc=uscc[:18]))
    standing = standing_of(agency, today())
    if standing.state is not AgencyState.admitted:
        raise NotAvailable(say("“{name}”{standing}", name=agency.name, standing=standing.words))
    if session.get(AgencyScope, (agency.id, service_code)) is None:
        raise NotAvailable(say("这项服务不在“{name}”的服务范围内", name=agency.name))
    return agency


def _answer(
    session: Session,
    actor: Actor,
    request: NeedRequest,
    state: RequestState,
    reason: str = "",
) -> None:
    request.state = state
    request.answered_by_id = actor.account_id
    request.answered_at_utc = now_utc()
    request.answered_reason = kept_text(reason, LONGEST_REASON)
    session.add(request)


def _answered(request: NeedRequest) -> dict[str, Any]:
    return {"request": request.id, "request_state": request.state.value}


def _touch(session: Session, need: Need) -> None:
    """Raise the need's version, so that a form filled from an older one is refused."""
    need.version += 1
    session.add(need)
    session.flush()


def _record(
    session: Session,
    actor: Actor,
    verb: str,
    need: Need,
    before: dict[str, Any] | None,
    after: dict[str, Any],
    permission: Permission,
) -> None:
    record(
        session, actor, verb, subject_of_need(need.id), before, recorded(after),
        grant_id=actor.grant_id(permission),
    )  # fmt: skip
