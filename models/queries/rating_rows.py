"""The rows behind one component of an agency's rating (考评明细): they add up to the tally."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from fractions import Fraction

from sqlalchemy import select
from sqlmodel import Session, col

from models.queries.rating_cases import SignalCase, cases
from models.queries.rating_conduct import Basis, ConductRow, conduct_of
from models.queries.rating_facts import Answer, ReadAgreement, ReviewedClaim
from models.rules.claim_workflow import Action
from models.rules.rating.signals import QUARTERS, Component, Gate, Penalty
from models.rules.rating.window import Window
from models.rules.wording import Wording, say
from models.tables.agreements import ConfirmationBasis
from models.tables.organisations import Enterprise


@dataclass(frozen=True, slots=True)
class SignalRow:
    """One case as its agency reads it.

    Attributes:
        component: which.
        basis: what it rests on.
        number: of that.
        enterprise: its name; empty where there is none.
        service_code: in which service.
        on: the day it counts on.
        good: how good it was, 0 to 1; a lapse of conduct is 0.
        why: in words.
        conduct: the penalty or gate; `None` of a counted case.
    """

    component: Component
    basis: Basis
    number: str
    enterprise: str
    service_code: str
    on: date
    good: Fraction
    why: Wording
    conduct: Penalty | Gate | None = None


def signal_rows(
    session: Session, agency_id: int, component: Component, window: Window, as_of: date
) -> tuple[SignalRow, ...]:
    """The rows behind a component, the newest first.

    Args:
        session: any transaction; who may read them is decided by the caller's own question.
        agency_id: whose.
        component: which; of conduct what counts against it.
        window: the months.
        as_of: the present day.

    Returns:
        As many rows as the tally has cases, their `good` adding up to the tally's; of conduct as
        many rows as there are penalties, and at least one for each gate.
    """
    if component is Component.conduct:
        lapses = conduct_of(session, window, as_of, agency_id)
        names = _names(session, {row.enterprise_id for row in lapses if row.enterprise_id})
        rows = [_of_conduct(row, names) for row in lapses]
    else:
        found = list(cases(session, window, as_of, agency_id, component))
        names = _names(session, {case.of.enterprise_id for case in found})
        rows = [_of_case(case, names) for case in found]
    return tuple(sorted(rows, key=lambda row: (row.on, row.number), reverse=True))


def _names(session: Session, ids: set[int]) -> Mapping[int, str]:
    statement = select(Enterprise.id, Enterprise.name).where(col(Enterprise.id).in_(ids))
    return {row.id: row.name for row in session.execute(statement)}


def _of_conduct(row: ConductRow, names: Mapping[int, str]) -> SignalRow:
    return SignalRow(
        Component.conduct, row.basis, row.number, names.get(row.enterprise_id or 0, ""),
        row.service_code, row.on, Fraction(0), row.why, row.what,
    )  # fmt: skip


def _of_case(case: SignalCase, names: Mapping[int, str]) -> SignalRow:
    return SignalRow(
        case.component, Basis.claim if isinstance(case.of, ReviewedClaim) else Basis.agreement,
        case.of.number, names[case.of.enterprise_id], case.service_code, case.counted_on,
        Fraction(case.quarters, QUARTERS), _why(case),
    )  # fmt: skip


def _why(case: SignalCase) -> Wording:
    match case.of:
        case ReviewedClaim():
            assert case.of.case.first is not None
            return _FIRST[case.of.case.first.action]
        case Answer():
            words = _STARS_IMPORTED if case.of.basis is ConfirmationBasis.imported else _STARS
            return Wording(words.template, (("stars", case.of.stars),))
    return _outcome(case.of) if case.component is Component.outcome else _time(case, case.of)


def _outcome(agreement: ReadAgreement) -> Wording:
    assert agreement.case is not None
    if not agreement.case.is_good:
        return say("未取得成果，归因于服务机构")
    if agreement.case.by_claim:
        return say("已取得成果：申请 {number} 通过初审", number=agreement.case.by_claim)
    return say("已取得成果：协议办结")


def _time(case: SignalCase, agreement: ReadAgreement) -> Wording:
    facts = {"days": case.days, "standard": case.standard}
    if agreement.case is None:
        return say(
            "开工已 {days} 个工作日仍未取得成果，超过标准 {standard} 个工作日的两倍", **facts
        )
    if case.quarters:
        return say("用时 {days} 个工作日，标准 {standard} 个工作日", **facts)
    return say("用时 {days} 个工作日，超过标准 {standard} 个工作日", **facts)


_STARS = say("企业评价 {stars} 分")
_STARS_IMPORTED = say("企业评价 {stars} 分（导入）")
_FIRST = {
    Action.pass_pre_review: say("首次初审即通过"),
    Action.return_pre_review: say("首次初审退回补正"),
    Action.refuse_pre_review: say("首次初审不予支持"),
}
