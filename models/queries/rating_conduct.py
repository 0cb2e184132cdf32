"""Conduct (规范经营): what an agency's penalties and gates rest on, row by row.

Every source is a function from a window to rows. What follows from a claim's steps is also kept
with the other signals; the sources `BESIDE` them are few rows along an index and are always read.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import TypeAlias

from sqlalchemy import select
from sqlmodel import Session, col

from models.queries.conduct import ConductRow as Lapse
from models.queries.conduct import late_answers, trainings_missed, upheld_complaints
from models.queries.rating_facts import decided_in, of_agency, reviewed_claims
from models.rules.claim_workflow import Action
from models.rules.complaints import COMPLAINT_KINDS, ComplaintKind
from models.rules.money import yuan
from models.rules.rating.signals import Gate, Penalty
from models.rules.rating.window import Window
from models.rules.wording import Wording, say
from models.tables.agreements import Agreement, Confirmation


class Basis(StrEnum):
    """What a case of a rating rests on (考评依据)."""

    claim = "claim"  # 补贴申请
    agreement = "agreement"  # 合作对子
    complaint = "complaint"  # 投诉
    training = "training"  # 培训


@dataclass(frozen=True, slots=True)
class ConductRow:
    """One lapse, or one fact that is a gate.

    Attributes:
        agency_id: whose.
        on: the day it counts on.
        what: the penalty or the gate.
        basis: what it rests on.
        number: of that.
        enterprise_id: the enterprise concerned; `None` where there is none.
        service_code: the service; empty where there is none.
        why: in words.
    """

    agency_id: int
    on: date
    what: Penalty | Gate
    basis: Basis
    number: str
    enterprise_id: int | None
    service_code: str
    why: Wording


Source: TypeAlias = Callable[[Session, Window, date, "int | None"], Iterator[ConductRow]]


def conduct_of(
    session: Session,
    window: Window,
    as_of: date,
    agency_id: int | None = None,
    sources: Iterable[Source] | None = None,
) -> tuple[ConductRow, ...]:
    """Everything that counts against agencies in a window, in order of its day.

    Args:
        session: any transaction.
        window: the months.
        as_of: the present day.
        agency_id: whose; everybody's when left out.
        sources: which; all when left out.
    """
    rows = [
        row
        for source in (SOURCES if sources is None else sources)
        for row in source(session, window, as_of, agency_id)
    ]
    return tuple(sorted(rows, key=lambda row: (row.on, row.agency_id, row.what, row.number)))


def _of_claims(
    session: Session, window: Window, _: date, agency_id: int | None
) -> Iterator[ConductRow]:
    """Returns nobody answered in time, and refusals for false papers."""
    taken = (Action.lapse, Action.refuse_pre_review, Action.refuse_office)
    for claim in reviewed_claims(session, decided_in(window, agency_id, taken)):
        of_claim = (claim.number, claim.enterprise_id, claim.service_code)
        if (on := claim.case.lapsed_on) and on in window:
            yield ConductRow(
                claim.agency_id, on, Penalty.late_answer, Basis.claim, *of_claim, _LAPSED
            )
        if (on := claim.case.false_on) and on in window:
            yield ConductRow(claim.agency_id, on, Gate.fraud, Basis.claim, *of_claim, _FALSE)


def _paid_before(
    session: Session, window: Window, _: date, agency_id: int | None
) -> Iterator[ConductRow]:
    """Enterprises that say they paid before the result."""
    statement = (
        select(
            Agreement.agency_id, Confirmation.confirmed_on, Agreement.number,
            Agreement.enterprise_id, Agreement.service_code, Confirmation.paid_before_fen,
        )
        .join(Agreement, col(Agreement.id) == Confirmation.agreement_id)
        .where(
            col(Confirmation.paid_before_fen) > 0,
            col(Confirmation.confirmed_on).between(window.first_day, window.last_day),
            of_agency(col(Agreement.agency_id), agency_id),
        )
    )  # fmt: skip
    for agency, on, number, enterprise, service, fen in session.execute(statement):
        why = say("企业确认：取得成果前已付 {paid} 元", paid=yuan(fen))
        yield ConductRow(
            agency, on, Gate.fee_up_front, Basis.agreement, number, enterprise, service, why
        )


def _agreed_up_front(
    session: Session, window: Window, _: date, agency_id: int | None
) -> Iterator[ConductRow]:
    """Agreements that state a fee up front."""
    statement = select(
        Agreement.agency_id, Agreement.signed_on, Agreement.number, Agreement.enterprise_id,
        Agreement.service_code, Agreement.upfront_fee_fen,
    ).where(
        col(Agreement.upfront_fee_fen) > 0,
        col(Agreement.signed_on).between(window.first_day, window.last_day),
        of_agency(col(Agreement.agency_id), agency_id),
    )  # fmt: skip
    for agency, on, number, enterprise, service, fen in session.execute(statement):
        why = say("协议约定预收 {fee} 元", fee=yuan(fen))
        yield ConductRow(
            agency, on, Gate.fee_up_front, Basis.agreement, number, enterprise, service, why
        )


def _complained_of(
    session: Session, window: Window, _: date, agency_id: int | None
) -> Iterator[ConductRow]:
    """Complaints that were upheld: each a penalty, some a gate as well; and answers that came
    late."""
    days = window.first_day, window.last_day
    for upheld in _own(upheld_complaints(session, *days), agency_id):
        why = say("投诉成立：{kind}", kind=COMPLAINT_KINDS[ComplaintKind(upheld.kind)])
        of_it = (Basis.complaint, upheld.number, None, "", why)
        yield ConductRow(upheld.agency_id, upheld.on, Penalty.complaint_upheld, *of_it)
        if upheld.kind in set(Gate):
            yield ConductRow(upheld.agency_id, upheld.on, Gate(upheld.kind), *of_it)
    for late in _own(late_answers(session, *days), agency_id):
        yield ConductRow(
            late.agency_id,
            late.on,
            Penalty.late_answer,
            Basis.complaint,
            late.number,
            None,
            "",
            _UNANSWERED,
        )


def _away_from_trainings(
    session: Session, window: Window, _: date, agency_id: int | None
) -> Iterator[ConductRow]:
    """Obligatory trainings missed without leave."""
    for one in _own(trainings_missed(session, window.first_day, window.last_day), agency_id):
        yield ConductRow(
            one.agency_id,
            one.on,
            Penalty.training_missed,
            Basis.training,
            one.number,
            None,
            "",
            _MISSED,
        )


def _own(rows: Iterable[Lapse], agency_id: int | None) -> Iterator[Lapse]:
    return (row for row in rows if agency_id is None or row.agency_id == agency_id)


_UNANSWERED = say("投诉逾期答复")
_MISSED = say("无故缺席必修培训")
_LAPSED = say("退回后逾期未补正，申请自动撤回")
_FALSE = say("材料或成果虚假，不予支持（R10）")

BESIDE: tuple[Source, ...] = (
    _paid_before, _agreed_up_front, _complained_of, _away_from_trainings,
)  # fmt: skip
"""What is read beside the kept signals."""
SOURCES: tuple[Source, ...] = (_of_claims, *BESIDE)
