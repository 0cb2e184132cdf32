"""Complaints (投诉) about agencies: filed by an enterprise or entered by the alliance, accepted,
answered by the agency, decided by another person than who accepted them, reviewed once."""

from __future__ import annotations

from typing import Any

from sqlalchemy import select
from sqlmodel import Session, col

from models.actions.complaint_steps import Begun, begun, due, finished, required_words
from models.actions.numbering import next_number
from models.actions.papers import Files, accepted_papers
from models.clock import now_utc, today
from models.queries.sealing import sealed
from models.queries.visibility import refuse_without
from models.rules.complaints import (
    COMPLAINT_STEP_OF,
    OPEN_COMPLAINTS,
    ComplaintAction,
    ComplaintKind,
    ComplaintSource,
    ComplaintStanding,
    ComplaintState,
)
from models.rules.errors import AlreadyDone, FileRefused, NotAllowed, NotFound, ReasonMissing
from models.rules.half_width import half_width
from models.rules.roles import PERMISSIONS, Actor, Permission, Role
from models.rules.wording import say
from models.tables.agreements import Agreement
from models.tables.conduct import Complaint
from models.tables.organisations import Agency, Enterprise

SERIES = "TS"
"""Complaints are numbered `TS-2026-00001`."""


def file_complaint(
    session: Session,
    actor: Actor,
    agency_uscc: str,
    kind: ComplaintKind | None,
    said: str,
    agreement_number: str = "",
    papers: Files = (),
    enterprise_uscc: str = "",
) -> str:
    """File a complaint (提出投诉): an enterprise its own; the alliance on an enterprise's behalf, or a
    hint that names nobody, which has to bring evidence.

    Args:
        session: the writing transaction.
        actor: somebody of the enterprise, or of the alliance.
        agency_uscc: about whom; may be left out where an agreement is named.
        kind: what it is about.
        said: what happened, in words.
        agreement_number: the agreement it concerns, if it concerns one; then the agency is told
            who complains.
        papers: evidence.
        enterprise_uscc: on whose behalf the alliance enters it; empty for a hint.

    Returns:
        The complaint's number.

    Raises:
        NotAllowed: the actor speaks for no enterprise and is not of the alliance.
        NotFound: no such agency or member, or no such agreement of the two.
        AlreadyDone: the same complaint waits already.
        ReasonMissing, TextRefused: no kind, nothing said, or too much.
        FileRefused: a hint without evidence; too many papers, or one that is not accepted.
    """
    refuse_without(actor, Permission.file_complaints)
    enterprise = _complainant(session, actor, enterprise_uscc)
    agreement = _agreement(session, enterprise, agreement_number)
    agency = _agency(session, agency_uscc, agreement)
    if kind is None:
        raise ReasonMissing(say("请选择投诉类别"))
    words = required_words(said)
    _refuse_repeated(session, enterprise, agency, kind, agreement)
    if enterprise is None and not papers:
        raise FileRefused(say("匿名线索须附证据材料；没有证据的请以企业名义提出"))
    kept = accepted_papers(session, papers)
    complaint = Complaint(
        number=next_number(session, SERIES, today().year),
        agency_id=agency.id or 0,
        enterprise_id=enterprise.id if enterprise else None,
        agreement_id=agreement.id if agreement else None,
        source=_source(actor, enterprise),
        kind=kind,
        filed_on=today(),
        due_on=due(session, "complaint_accept_working_days"),
        changed_at_utc=now_utc(),
    )
    session.add(complaint)
    session.flush()
    stated = _stated(complaint, agency, enterprise, agreement)
    changes = {"due_on": complaint.due_on}
    step = _first_step(actor, complaint)
    finished(session, actor, step, changes, note=words, stated=stated, papers=kept)
    return complaint.number


def accept_complaint(session: Session, actor: Actor, number: str, seen_version: int) -> None:
    """Accept a complaint (受理投诉): from now on its agency sees it, and has so many working days to
    answer.

    Raises:
        NotFound, SeenIsStale, NotAllowed, NotAvailable: as `begun`.
    """
    step = begun(session, actor, number, ComplaintAction.accept_complaint, seen_version)
    until = due(session, "complaint_answer_working_days")
    changes = {"accepted_on": today(), "answer_due_on": until, "due_on": until}
    finished(session, actor, step, changes)


def turn_away_complaint(
    session: Session, actor: Actor, number: str, reason: str, seen_version: int
) -> None:
    """Do not accept a complaint (不予受理), with the reason; the agency never hears of it.

    Raises:
        NotFound, SeenIsStale, NotAllowed, NotAvailable: as `begun`.
        ReasonMissing, TextRefused: no reason, or one too long.
    """
    step = begun(session, actor, number, ComplaintAction.turn_away_complaint, seen_version)
    _settled(session, actor, step, required_words(reason))


def answer_complaint(
    session: Session, actor: Actor, number: str, answer: str, seen_version: int, papers: Files = ()
) -> None:
    """Answer a complaint (答复投诉), as the agency it is about; late answers are accepted and counted.

    Raises:
        NotFound, SeenIsStale, NotAllowed, NotAvailable: as `begun`.
        ReasonMissing, TextRefused: nothing said, or too much.
        FileRefused: too many papers, or one that is not accepted.
    """
    step = begun(session, actor, number, ComplaintAction.answer_complaint, seen_version)
    words, kept = required_words(answer), accepted_papers(session, papers)
    changes = {"answered_on": today(), "due_on": due(session, "complaint_decide_working_days")}
    finished(session, actor, step, changes, note=words, papers=kept)


def uphold_complaint(
    session: Session,
    actor: Actor,
    number: str,
    found_kind: ComplaintKind | None,
    reason: str,
    seen_version: int,
) -> None:
    """Uphold a complaint (认定投诉成立), saying what was found; it counts in the agency's rating.

    Args:
        session: the writing transaction.
        actor: another person of the alliance than who entered, accepted or decided it.
        number: the complaint.
        found_kind: what was found, which need not be what was complained of (认定类别).
        reason: the facts it rests on.
        seen_version: the version that was on screen.

    Raises:
        NotFound, SeenIsStale, NotAllowed, NotAvailable: as `begun`.
        ReasonMissing, TextRefused: no kind, no reason, or one too long.
    """
    step = begun(session, actor, number, ComplaintAction.uphold_complaint, seen_version)
    if found_kind is None:
        raise ReasonMissing(say("请选择认定的类别"))
    _settled(session, actor, step, required_words(reason), found_kind=found_kind)


def dismiss_complaint(
    session: Session, actor: Actor, number: str, reason: str, seen_version: int
) -> None:
    """Find a complaint not upheld (认定投诉不成立), with the reason; it does not count.

    Raises:
        NotFound, SeenIsStale, NotAllowed, NotAvailable: as `begun`.
        ReasonMissing, TextRefused: no reason, or one too long.
    """
    step = begun(session, actor, number, ComplaintAction.dismiss_complaint, seen_version)
    _settled(session, actor, step, required_words(reason))


def appeal_refusal(
    session: Session, actor: Actor, number: str, reason: str, seen_version: int
) -> None:
    """Ask for a review of a refusal (对不予受理申请复核): another person looks whether to accept it.

    Raises:
        NotFound, SeenIsStale, NotAllowed, NotAvailable: as `begun`.
        ReasonMissing, TextRefused: no reason, or one too long.
    """
    step = begun(session, actor, number, ComplaintAction.appeal_refusal, seen_version)
    _opened_again(session, actor, step, reason, "complaint_accept_working_days")


def appeal_decision(
    session: Session, actor: Actor, number: str, reason: str, seen_version: int
) -> None:
    """Ask for a review of a decision (对认定结果申请复核), as either party; another person decides.

    Raises:
        NotFound, SeenIsStale, NotAllowed, NotAvailable: as `begun`.
        ReasonMissing, TextRefused: no reason, or one too long.
    """
    step = begun(session, actor, number, ComplaintAction.appeal_decision, seen_version)
    _opened_again(session, actor, step, reason, "complaint_decide_working_days")


def reopen_complaint(
    session: Session, actor: Actor, number: str, reason: str, seen_version: int
) -> None:
    """Open a decided complaint again (重新认定) on the alliance's own motion, by another person than
    who decided it.

    Raises:
        NotFound, SeenIsStale, NotAllowed, NotAvailable: as `begun`.
        ReasonMissing, TextRefused: no reason, or one too long.
    """
    step = begun(session, actor, number, ComplaintAction.reopen_complaint, seen_version)
    _opened_again(session, actor, step, reason, "complaint_decide_working_days")


def withdraw_complaint(
    session: Session, actor: Actor, number: str, reason: str, seen_version: int
) -> None:
    """Withdraw a complaint that is not decided (撤回投诉), as who complains.

    Raises:
        NotFound, SeenIsStale, NotAllowed, NotAvailable: as `begun`.
        ReasonMissing, TextRefused: no reason, or one too long.
    """
    step = begun(session, actor, number, ComplaintAction.withdraw_complaint, seen_version)
    _settled(session, actor, step, required_words(reason))


# ---------------------------------------------------------------- pieces


def _first_step(actor: Actor, complaint: Complaint) -> Begun:
    """The filing as a step: there was nothing to lock before it."""
    return Begun(
        complaint,
        COMPLAINT_STEP_OF[ComplaintAction.file_complaint],
        ComplaintStanding(ComplaintState.filed),
        actor.grant_for(PERMISSIONS[Permission.file_complaints]),
    )


def _stated(
    complaint: Complaint,
    agency: Agency,
    enterprise: Enterprise | None,
    agreement: Agreement | None,
) -> dict[str, Any]:
    """What the record says of a filing: who complains stands sealed."""
    return {
        "agency": agency.uscc,
        "complainant": sealed(enterprise.uscc) if enterprise else "",
        "agreement": agreement.number if agreement else "",
        "complaint_kind": complaint.kind.value,
        "complaint_source": complaint.source.value,
    }


def _settled(
    session: Session,
    actor: Actor,
    step: Begun,
    words: str,
    found_kind: ComplaintKind | None = None,
) -> None:
    changes: dict[str, Any] = {"due_on": None, "settled_on": today(), "found_kind": found_kind}
    finished(session, actor, step, changes, note=words)


def _opened_again(session: Session, actor: Actor, step: Begun, reason: str, clock: str) -> None:
    words = required_words(reason)
    changes: dict[str, Any] = {
        "due_on": due(session, clock),
        "settled_on": None,
        "found_kind": None,
        "was_reopened": True,
    }
    finished(session, actor, step, changes, note=words)


def _complainant(session: Session, actor: Actor, uscc: str) -> Enterprise | None:
    """Who complains, locked: one's own enterprise, the one the alliance names, or nobody."""
    if Role.enterprise in actor.roles:
        if actor.enterprise_id is None:
            raise NotAllowed(say("您的账号没有关联企业，不能提出投诉"))
        wanted = col(Enterprise.id) == actor.enterprise_id
    else:
        code = half_width(uscc).strip().upper()
        if not code:
            return None
        wanted = col(Enterprise.uscc) == (code if code.isprintable() else "")
    statement = select(Enterprise).where(wanted).with_for_update(key_share=True)
    found: Enterprise | None = session.execute(statement).scalar_one_or_none()
    if found is None:
        raise NotFound(say("会员企业名录中没有信用代码 {uscc}", uscc=uscc[:18]))
    return found


def _agreement(session: Session, enterprise: Enterprise | None, number: str) -> Agreement | None:
    """The agreement a complaint names; the complainant's own."""
    if not number:
        return None
    missing = NotFound(say("投诉人没有编号为 {number} 的服务协议", number=number[:24]))
    if enterprise is None or not number.isprintable():
        raise missing
    statement = select(Agreement).where(
        col(Agreement.number) == number, col(Agreement.enterprise_id) == enterprise.id
    )
    found: Agreement | None = session.execute(statement).scalar_one_or_none()
    if found is None:
        raise missing
    return found


def _agency(session: Session, uscc: str, agreement: Agreement | None) -> Agency:
    code = half_width(uscc).strip().upper()
    if agreement is not None:
        agency = session.get_one(Agency, agreement.agency_id)
        if code in ("", agency.uscc):
            return agency
        raise NotFound(say("协议 {number} 不是与这家机构签订的", number=agreement.number))
    statement = select(Agency).where(col(Agency.uscc) == code)
    found: Agency | None = (
        session.execute(statement).scalar_one_or_none() if code.isprintable() else None
    )
    if found is None:
        raise NotFound(say("服务机构名录中没有信用代码 {uscc}", uscc=uscc[:18]))
    return found


def _source(actor: Actor, enterprise: Enterprise | None) -> ComplaintSource:
    if enterprise is None:
        return ComplaintSource.hint
    is_own = Role.enterprise in actor.roles
    return ComplaintSource.account if is_own else ComplaintSource.on_behalf


def _refuse_repeated(
    session: Session,
    enterprise: Enterprise | None,
    agency: Agency,
    kind: ComplaintKind,
    agreement: Agreement | None,
) -> None:
    """The enterprise is locked: of two who file the same at once the second finds the first."""
    if enterprise is None:
        return
    about = col(Complaint.agreement_id)
    same = select(Complaint.number).where(
        col(Complaint.enterprise_id) == enterprise.id,
        col(Complaint.agency_id) == agency.id,
        col(Complaint.kind) == kind,
        about.is_(None) if agreement is None else about == agreement.id,
        col(Complaint.state).in_(OPEN_COMPLAINTS),
    )
    if number := session.execute(same.limit(1)).scalar_one_or_none():
        raise AlreadyDone(say("同一事项的投诉 {number} 正在办理，没有重复提出", number=number))
