"""Filing a claim on screen (填报申请): the agreements somebody may claim on, and what a claim not filed
yet would be found to be.

The findings are those every office will see, on the facts as they stand; what is not there yet, its
papers, is told as missing.
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass, replace
from types import SimpleNamespace
from typing import Any

from sqlalchemy import ColumnElement, and_, func, or_, select
from sqlmodel import Session, col

from models.clock import today
from models.queries.claim_facts import (
    ANSWER_COLUMNS,
    PARTY_COLUMNS,
    TERMS,
    TERMS_WHEN_SIGNED,
    facts_of_row,
)
from models.queries.search import contains_all
from models.queries.settings import calendar
from models.rules.claim_facts import ClaimFacts
from models.rules.claim_workflow import IMPORTERS, State
from models.rules.errors import NotAllowed, NotFound
from models.rules.filing import NewClaim
from models.rules.findings import ClaimAmounts, Finding, facts_digest, findings, money_of
from models.rules.findings.parties import RegisteredPayee, registered_payee
from models.rules.identifiers import reading
from models.rules.roles import Actor, Role
from models.rules.wording import say
from models.tables.agreements import Agreement, Confirmation, Filing, Result
from models.tables.money import BudgetLine, LineWait
from models.tables.organisations import Agency, Enterprise
from models.tables.reference import ResultKind, ServiceType

LISTED = 60
_NOBODYS = 2_147_483_647
"""The id of a claim that is not there: it stands behind all."""


@dataclass(frozen=True, slots=True)
class OfferedAgreement:
    """An agreement on which a claim may be filed."""

    id: int
    number: str
    enterprise: str
    agency: str
    service_code: str


@dataclass(frozen=True, slots=True)
class Prospect:
    """What a claim would be found to be, were it filed now.

    Attributes:
        amounts: what the standards give, each with its computation.
        asked_fen: what would be asked: as filled in, else the entitlement; `None` where neither is
            known.
        payee: whom the standard pays, as registered; `None` without a standard.
    """

    facts: ClaimFacts
    findings: tuple[Finding, ...]
    amounts: ClaimAmounts
    asked_fen: int | None
    payee: RegisteredPayee | None
    digest: str


def may_file(actor: Actor) -> bool:
    """Whether this person files claims: for the agency they speak for, or at the alliance's
    counter."""
    return files_for_own_agency(actor) or actor.grant_for(IMPORTERS) is not None


def files_for_own_agency(actor: Actor) -> bool:
    """Whether this person speaks for an agency."""
    return Role.agency in actor.roles and actor.agency_id is not None


def offered_agreements(
    session: Session, actor: Actor, searched: str = ""
) -> tuple[OfferedAgreement, ...]:
    """The confirmed agreements somebody may claim on, the newest first, at most `LISTED`.

    Args:
        session: any transaction.
        actor: an agency sees its own, the alliance's counter everybody's.
        searched: part of the agreement's number, the enterprise's or the agency's name.

    Raises:
        NotAllowed: the actor files no claims.
    """
    statement = (
        select(
            Agreement.id,
            Agreement.number,
            col(Enterprise.name).label("enterprise"),
            col(Agency.name).label("agency"),
            Agreement.service_code,
        )
        .join(Enterprise, col(Enterprise.id) == Agreement.enterprise_id)
        .join(Agency, col(Agency.id) == Agreement.agency_id)
        .where(col(Agreement.filing) == Filing.confirmed, _in_reach(actor))
        .order_by(col(Agreement.signed_on).desc(), col(Agreement.id).desc())
        .limit(LISTED)
    )
    if searched.strip():
        names = (Agreement.number, Enterprise.name, Agency.name)
        statement = statement.where(or_(*(contains_all(session, n, searched) for n in names)))
    return tuple(OfferedAgreement(*row) for row in session.execute(statement))


def kinds_of_result(session: Session, service_code: str) -> tuple[ResultKind, ...]:
    """The kinds of result a service may bring, in the order of their codes."""
    statement = (
        select(ResultKind)
        .where(col(ResultKind.service_code) == service_code)
        .order_by(col(ResultKind.code))
    )
    return tuple(session.execute(statement).scalars())


def prospect(
    session: Session, actor: Actor, entry: NewClaim, papers: Collection[str] = ()
) -> Prospect:
    """What a claim would be found to be, were it filed now (F01 to F15 before filing).

    Args:
        session: any transaction; nothing is written.
        actor: who fills it in.
        entry: what is filled in so far.
        papers: kinds of papers that are ready to be handed in with it.

    Raises:
        NotAllowed: the actor files no claims.
        NotFound: no such agreement in reach, or no such kind of its service's results.
    """
    facts = facts_of_row(session, _row(session, actor, entry), today())
    facts = replace(facts, papers=frozenset(papers), **_behind_all(session, facts))
    amounts, payee = money_of(facts), registered_payee(facts)
    asked_fen = entry.asked_fen
    if asked_fen is None and amounts.subsidy is not None:
        asked_fen = amounts.subsidy.amount_fen
    facts = replace(facts, asked_fen=asked_fen or 0, **_payee(entry, payee))
    found = findings(facts, calendar(session))
    return Prospect(facts, found, amounts, asked_fen, payee, facts_digest(facts, found))


# ---------------------------------------------------------------- pieces


def _in_reach(actor: Actor) -> ColumnElement[bool]:
    if files_for_own_agency(actor):
        return col(Agreement.agency_id) == actor.agency_id
    if actor.grant_for(IMPORTERS) is None:
        raise NotAllowed(say("补贴申请由服务机构提出，或由联盟代为录入"))
    return col(Agreement.id).is_not(None)


def _row(session: Session, actor: Actor, entry: NewClaim) -> Any:
    """What the claim's row would bring: parties and answer as they are, the rest as filled in."""
    known = session.execute(
        select(Agreement.agency_id, Agreement.enterprise_id, *PARTY_COLUMNS)
        .join(Enterprise, col(Enterprise.id) == Agreement.enterprise_id)
        .join(Agency, col(Agency.id) == Agreement.agency_id)
        .join(ServiceType, col(ServiceType.code) == Agreement.service_code)
        .outerjoin(TERMS, TERMS_WHEN_SIGNED)
        .join(ResultKind, and_(
            col(ResultKind.code) == entry.result_kind_code,
            col(ResultKind.service_code) == Agreement.service_code,
        ))
        .where(col(Agreement.id) == entry.agreement_id, _in_reach(actor))
    ).first()  # fmt: skip
    if known is None:
        raise NotFound(say("没有这份服务协议，或成果类型不属于它的服务类别"))
    result_id = _result_id(session, known.identifier, entry.result_printed)
    answer = session.execute(
        select(*ANSWER_COLUMNS).where(
            col(Confirmation.agreement_id) == entry.agreement_id,
            col(Confirmation.result_id) == result_id,
        )
    ).first()
    nothing = {column.key: None for column in ANSWER_COLUMNS}
    return SimpleNamespace(
        **known._mapping,
        **(dict(answer._mapping) if answer else nothing),
        claim_id=_NOBODYS,
        number="",
        state=State.draft,
        filed_on=today(),
        asked_fen=entry.asked_fen or 0,
        basis_fen=entry.basis_fen,
        units=entry.units,
        invoice_number=entry.invoice_number,
        invoice_fen=entry.invoice_fen,
        payee_name="",
        payee_account="",
        result_id=result_id,
        kind_code=entry.result_kind_code,
        printed=entry.result_printed,
        obtained_on=entry.obtained_on,
        subsidy_reserved_fen=None,
        reward_reserved_fen=None,
    )


def _result_id(session: Session, identifier: Any, printed: str) -> int:
    """The result of that number if the zone knows it, else nobody's."""
    read = reading(identifier, printed)
    known = session.execute(
        select(Result.id).filter_by(family=read.family, normalised=read.normalised)
    )
    return known.scalar_one_or_none() or 0


def _payee(entry: NewClaim, registered: RegisteredPayee | None) -> dict[str, Any]:
    """Whom to pay: as filled in, else as registered."""
    known = registered or RegisteredPayee("", "")
    name, account = entry.payee_name, entry.payee_account
    return {
        "payee_name": known.name if name is None else name,
        "payee_account": known.account if account is None else account,
    }


def _behind_all(session: Session, facts: ClaimFacts) -> dict[str, Any]:
    """The budgets with everything that waits on them ahead of this claim."""
    budgets = {"subsidy_budget": facts.subsidy_budget, "reward_budget": facts.reward_budget}
    return {
        name: replace(budget, ahead_fen=_waiting_fen(session, budget.code))
        for name, budget in budgets.items()
        if budget is not None
    }


def _waiting_fen(session: Session, code: str) -> int:
    waits = (
        select(func.coalesce(func.sum(LineWait.waiting_fen), 0))
        .join(BudgetLine, col(BudgetLine.id) == LineWait.budget_line_id)
        .where(col(BudgetLine.code) == code)
    )
    return int(session.execute(waits).scalar_one())
