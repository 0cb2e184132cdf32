"""Filing a service agreement (合作对子备案): drafted and filed by the agency with the signed scan,
confirmed or returned by the office the setting names, never by who filed it."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from sqlalchemy import select
from sqlmodel import Session, col

from models.actions.agreement_steps import Begun, begun, finished, required_codes
from models.actions.inserts import inserted
from models.actions.lock_order import turn_to_file
from models.actions.numbering import next_number
from models.actions.papers import Files, accepted_papers
from models.clock import now_utc, today
from models.queries.agencies import standing_of
from models.queries.agreement_sight import confirming_role
from models.queries.agreement_terms import (
    faults_of_terms,
    pair_taken_by,
    result_kinds_of,
    terms_of,
)
from models.queries.claim_people import ties_in_force
from models.queries.visibility import refuse_without
from models.rules.agreement_life import (
    LIFE_STEP_OF,
    AgreementState,
    LifeAction,
    LifeStanding,
)
from models.rules.agreement_terms import (
    LONGEST_EXPECTED,
    LONGEST_REASON,
    UPFRONT_FEE_FEN,
    AgreementTerms,
)
from models.rules.errors import AlreadyDone, AmountRefused, NotAllowed, NotAvailable, NotFound
from models.rules.free_text import kept_text
from models.rules.half_width import half_width
from models.rules.membership import AgencyState
from models.rules.money import LARGEST_FEN, yuan
from models.rules.roles import PERMISSIONS, Actor, Permission
from models.rules.wording import say
from models.tables.agreements import Agreement, Filing
from models.tables.organisations import Agency, AgencyScope, Enterprise
from models.tables.reference import ServiceType

AGREEMENTS, FILINGS = "XY", "BA"
"""The series of agreements' and of filings' numbers."""


def draft_agreement(
    session: Session, actor: Actor, enterprise_uscc: str, service_code: str, terms: AgreementTerms
) -> str:
    """Draft a service agreement (起草服务协议): it holds the pair's place from now on.

    Args:
        session: the writing transaction.
        actor: somebody of the agency.
        enterprise_uscc: the enterprise, by its code.
        service_code: what is served.
        terms: what was agreed; faults are told at filing.

    Returns:
        Its number, `XY-2026-00001`.

    Raises:
        NotAllowed: the actor speaks for no agency.
        NotFound: no such member or service.
        NotAvailable: the agency is not admitted today, or not for this service; a result kind of
            another service.
        AlreadyDone: the enterprise is served for it already, also when two draft at the same
            moment.
        AmountRefused, TextRefused: an amount out of bounds, words too long.
    """
    refuse_without(actor, Permission.draft_agreements)
    return drafted(session, actor, _member(session, enterprise_uscc), service_code, terms)


def draft_for_agency(
    session: Session,
    actor: Actor,
    agency_id: int,
    enterprise_uscc: str,
    service_code: str,
    terms: AgreementTerms,
) -> str:
    """Draft a service agreement at the counter, for an agency (代为录入): the record says so, and
    whoever entered it confirms nothing on it.

    Args:
        session: the writing transaction.
        actor: somebody of the alliance, tied to neither side.
        agency_id: the agency.
        enterprise_uscc: the enterprise, by its code.
        service_code: what is served.
        terms: what was agreed.

    Returns:
        Its number.

    Raises:
        NotAllowed: not of the alliance, or tied to a side.
        NotFound: no such agency, member or service.
        NotAvailable, AlreadyDone, AmountRefused, TextRefused: as `draft_agreement`.
    """
    refuse_without(actor, Permission.draft_for_agencies)
    if session.get(Agency, agency_id) is None:
        raise NotFound(say("服务机构名录中没有这家机构"))
    enterprise_id = _member(session, enterprise_uscc)
    for tie in ties_in_force(session.connection(), (actor.account_id,), today()):
        if agency_id == tie.agency_id or enterprise_id == tie.enterprise_id:
            raise NotAllowed(say("您与当事一方有回避关系（{kind}），不得代为录入", kind=tie.kind))
    return drafted(session, actor, enterprise_id, service_code, terms, for_agency=agency_id)


def drafted(
    session: Session,
    actor: Actor,
    enterprise_id: int,
    service_code: str,
    terms: AgreementTerms,
    *,
    for_agency: int | None = None,
) -> str:
    """As `draft_agreement`, for an enterprise by its id: what an accepted need becomes; or, at the
    counter, for an agency by its id."""
    agency_id = for_agency or actor.agency_id
    if agency_id is None:
        raise NotAllowed(say("您的账号没有关联服务机构，不能起草服务协议"))
    turn_to_file(session)
    _refuse_service(session, agency_id, service_code)
    values = _kept_terms(session, service_code, terms)
    if number := pair_taken_by(session, enterprise_id, service_code):
        raise _taken(number)
    agreement = Agreement(
        number=_free_number(session),
        enterprise_id=enterprise_id,
        agency_id=agency_id,
        service_code=service_code,
        upfront_fee_fen=UPFRONT_FEE_FEN,
        holds_pair=True,
        version=0,
        changed_at_utc=now_utc(),
        **values,
    )
    if not inserted(session, Agreement, agreement.model_dump(exclude={"id"})):
        raise _taken(pair_taken_by(session, enterprise_id, service_code))
    row = session.execute(select(Agreement).where(col(Agreement.number) == agreement.number))
    stated = {"enterprise_id": enterprise_id, "agency_id": agency_id,
              "service_code": service_code, "upfront_fee_fen": UPFRONT_FEE_FEN}  # fmt: skip
    step = LIFE_STEP_OF[LifeAction.draft_agreement]
    standing = LifeStanding(
        AgreementState.draft, confirming_role(session), is_own_agency=for_agency is None
    )
    door = Permission.draft_agreements if for_agency is None else Permission.draft_for_agencies
    grant = actor.grant_for(PERMISSIONS[door])
    begin = Begun(row.scalar_one(), step, standing, grant)
    finished(session, actor, begin, detail=stated | _stated(values))
    return agreement.number


def edit_agreement(
    session: Session, actor: Actor, number: str, terms: AgreementTerms, seen_version: int
) -> None:
    """Change the terms of a draft or a returned agreement (修改协议内容).

    Raises:
        NotFound, SeenIsStale, NotAllowed, NotAvailable: as `begun`.
        AmountRefused, TextRefused: an amount out of bounds, words too long.
    """
    step = begun(session, actor, number, LifeAction.edit_agreement, seen_version)
    finished(session, actor, step, _kept_terms(session, step.agreement.service_code, terms))


def file_agreement(
    session: Session, actor: Actor, number: str, papers: Files, seen_version: int
) -> None:
    """File an agreement with its signed scan (提交备案): every paper is asked for once, here.

    Args:
        session: the writing transaction.
        actor: somebody of its agency.
        number: the agreement.
        papers: the signed scan, and what else belongs to it.
        seen_version: the version that was on screen.

    Raises:
        NotFound, SeenIsStale, NotAllowed: as `begun`.
        NotAvailable: it stands elsewhere, or the terms have faults: all of them are told.
        FileRefused: no scan, too many papers, or one that is not accepted.
    """
    step = begun(session, actor, number, LifeAction.file_agreement, seen_version)
    _refuse_faults(session, step.agreement)
    kept = accepted_papers(session, papers, least=1)
    changes = {"filing": Filing.filed, "filed_on": today(), "filed_by_id": actor.account_id}
    finished(session, actor, step, changes, papers=kept)


def take_back_filing(session: Session, actor: Actor, number: str, seen_version: int) -> None:
    """Take a filing back before it is confirmed (撤回备案): the agreement is a draft again.

    Raises:
        NotFound, SeenIsStale, NotAllowed, NotAvailable: as `begun`.
    """
    step = begun(session, actor, number, LifeAction.take_back_filing, seen_version)
    finished(session, actor, step, {"filing": Filing.draft})


def confirm_filing(session: Session, actor: Actor, number: str, seen_version: int) -> str:
    """Confirm a filing (确认备案): the filing number is issued and the terms are locked.

    Args:
        session: the writing transaction.
        actor: the office the setting names; never who acted for a party of it.
        number: the agreement.
        seen_version: the version that was on screen.

    Returns:
        The filing number, `BA-2026-00001`.

    Raises:
        NotFound, SeenIsStale, NotAllowed: as `begun`.
        NotAvailable: it stands elsewhere, or the terms no longer hold: it can be returned.
    """
    step = begun(session, actor, number, LifeAction.confirm_filing, seen_version)
    _refuse_faults(session, step.agreement)
    issued = next_number(session, FILINGS, today().year)
    changes = {
        "filing": Filing.confirmed,
        "filing_number": issued,
        "filing_confirmed_on": today(),
        "filing_confirmed_by_id": actor.account_id,
    }
    finished(session, actor, step, changes)
    return issued


def return_filing(
    session: Session,
    actor: Actor,
    number: str,
    reasons: Iterable[str],
    note: str,
    seen_version: int,
) -> None:
    """Return a filing with coded reasons, all at once (退回备案, 一次性告知).

    Args:
        session: the writing transaction.
        actor: the office the setting names; never who acted for a party of it.
        number: the agreement.
        reasons: codes of the table of reasons, at least one.
        note: what else is to be said.
        seen_version: the version that was on screen.

    Raises:
        NotFound, SeenIsStale, NotAllowed, NotAvailable: as `begun`.
        ReasonMissing, TextRefused: no reason or an unknown one, words too long.
    """
    step = begun(session, actor, number, LifeAction.return_filing, seen_version)
    codes = required_codes(session, reasons)
    kept = kept_text(note, LONGEST_REASON)
    finished(session, actor, step, {"filing": Filing.returned}, reasons=codes, note=kept)


# ---------------------------------------------------------------- pieces


def _member(session: Session, enterprise_uscc: str) -> int:
    """The id of a member enterprise by its code."""
    uscc = half_width(enterprise_uscc).strip().upper()
    statement = select(col(Enterprise.id)).where(col(Enterprise.uscc) == uscc)
    enterprise_id: int | None = None
    if uscc.isprintable():
        enterprise_id = session.execute(statement).scalar_one_or_none()
    if enterprise_id is None:
        raise NotFound(
            say("会员企业名录中没有信用代码 {uscc}；企业先入会，再签订协议", uscc=uscc[:18])
        )
    return enterprise_id


def _refuse_service(session: Session, agency_id: int, service_code: str) -> None:
    if not service_code.isprintable() or session.get(ServiceType, service_code) is None:
        raise NotFound(say("服务清单中没有代码为 {code} 的服务", code=service_code[:24]))
    agency = session.get_one(Agency, agency_id)
    standing = standing_of(agency, today())
    if standing.state is not AgencyState.admitted:
        raise NotAvailable(
            say("“{name}”{standing}，不能签订新的协议", name=agency.name, standing=standing.words)
        )
    if session.get(AgencyScope, (agency_id, service_code)) is None:
        raise NotAvailable(say("该服务不在本机构的服务范围内；请先申请增加服务（入会审查）"))


def _taken(number: str) -> AlreadyDone:
    return AlreadyDone(
        say("该企业的这项服务已有在办协议 {number}；一项服务同时只有一家机构", number=number)
    )


def _free_number(session: Session) -> str:
    """The next number that no imported agreement has."""
    while True:
        number = next_number(session, AGREEMENTS, today().year)
        taken = select(col(Agreement.id)).where(col(Agreement.number) == number)
        if session.execute(taken).first() is None:
            return number


def _kept_terms(session: Session, service_code: str, terms: AgreementTerms) -> dict[str, Any]:
    """The terms as columns, within their bounds."""
    kind = terms.result_kind_code or None
    if kind is not None and kind not in result_kinds_of(session, service_code):
        raise NotAvailable(say("成果类型不属于该服务，请重新选择"))
    for fen in (terms.fee_fen, terms.advance_fen):
        if not 0 <= fen <= LARGEST_FEN:
            raise AmountRefused(say("金额须在 0 与 {largest} 元之间", largest=yuan(LARGEST_FEN)))
    return {
        "signed_on": terms.signed_on,
        "fee_fen": terms.fee_fen,
        "result_kind_code": kind,
        "expected": kept_text(terms.expected, LONGEST_EXPECTED),
        "due_on": terms.due_on,
        "advance_fen": terms.advance_fen,
    }


def _stated(values: dict[str, Any]) -> dict[str, Any]:
    """Columns as an event states them: days as text."""
    return {
        name: value.isoformat() if hasattr(value, "isoformat") else value
        for name, value in values.items()
    }


def _refuse_faults(session: Session, agreement: Agreement) -> None:
    """Go on only with terms that hold; all faults are told at once."""
    faults = faults_of_terms(
        session, agreement.enterprise_id, agreement.agency_id, agreement.service_code,
        terms_of(agreement),
    )  # fmt: skip
    blocking = tuple(fault.words for fault in faults if fault.is_blocking)
    if blocking:
        raise NotAvailable(say("协议内容尚不能备案：{faults}", faults=blocking))
