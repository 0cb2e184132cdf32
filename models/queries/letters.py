"""Letters (函件): which a claim or an agreement has, what stands in them, and which template was in
force when they were decided.

A letter is not kept: it is written from the step that decided, the link of the record that proves
it, and the template of that moment, so that it reads the same whenever it is asked for.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import bindparam, select
from sqlmodel import Session, col

from models.clock import office_day
from models.queries.letter_templates import template_at
from models.queries.settings import (
    alliance_name,
    calendar,
    is_demonstration,
    place,
    whole_number,
)
from models.queries.sight import SEE_ALL, may_see_claim
from models.rules.errors import NotFound
from models.rules.letters import LETTER_OF_ACTION, LETTERS, LetterKind
from models.rules.money import capitals, yuan
from models.rules.months import YearMonth
from models.rules.roles import OFFICE_NAMES, ROLE_NAMES, Actor, Office, Role
from models.rules.wording import say
from models.tables.agreements import Agreement, Filing, Result
from models.tables.claims import Claim, ClaimEvent, ClaimMoney
from models.tables.money import PolicyRule
from models.tables.organisations import Agency, Enterprise
from models.tables.payments import PaymentOrder
from models.tables.people import Grant
from models.tables.record import Activity
from models.tables.reference import ReasonCode, ServiceType

NONE = "无"
_SIGNS = {
    Office.re_review: Role.bureau,
    Office.approval: Role.committee,
    Office.payment: Role.finance,
}
"""Whose letter it is beside the alliance's."""


@dataclass(frozen=True, slots=True)
class Letter:
    """A letter to be written.

    Attributes:
        stem: its file's name, without an ending.
        template_sha256: the alliance's template; empty for the program's own.
        values: what stands in each place.
    """

    kind: LetterKind
    stem: str
    template_sha256: str
    values: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class ClaimLetter:
    """A letter of a claim, as its screen lists it: the step that gave it."""

    kind: LetterKind
    position: int
    at_utc: datetime


@dataclass(frozen=True, slots=True)
class OrderLine:
    """One line of a payment order (拨付明细)."""

    number: str
    payee: str
    amount_fen: int


# ---------------------------------------------------------------- a claim's


def letters_of(session: Session, claim_id: int) -> tuple[ClaimLetter, ...]:
    """The letters the steps of a claim gave, the newest first."""
    return tuple(
        ClaimLetter(LETTER_OF_ACTION[action], position, at_utc)
        for action, position, at_utc in session.execute(_LETTERS, {"claim_id": claim_id})
    )


_LETTERS = (
    select(ClaimEvent.action, ClaimEvent.position, ClaimEvent.at_utc)
    .where(
        col(ClaimEvent.claim_id) == bindparam("claim_id"),
        col(ClaimEvent.action).in_(LETTER_OF_ACTION),
    )
    .order_by(col(ClaimEvent.position).desc())
)


def claim_letter(session: Session, actor: Actor, number: str, position: int) -> Letter:
    """The letter of one step of a claim.

    Args:
        session: any transaction.
        actor: who asks: whoever may see the claim.
        number: the claim's.
        position: the step's, from 1.

    Raises:
        NotFound: no such claim or step, one that gives no letter, or not for this person.
    """
    missing = NotFound(say("没有这份函件，或它不在您的可见范围内"))
    if not number.isprintable():
        raise missing
    found = session.execute(
        select(Claim, ClaimEvent)
        .join(ClaimEvent, col(ClaimEvent.claim_id) == Claim.id)
        .where(col(Claim.number) == number, col(ClaimEvent.position) == position)
    ).one_or_none()
    if found is None or not may_see_claim(actor, found.Claim):
        raise missing
    claim, event = found
    kind = LETTER_OF_ACTION.get(event.action)
    if kind is None:
        raise missing
    on = office_day(event.at_utc)
    link = _link_of(session, f"claim:{number}", event.action.value, position)
    values = (
        _common(session, kind, event.office, event.at_utc, f"{number}-{position:02d}", link)
        | _claim_values(session, claim, event)
        | _OF_KIND[kind](session, claim, event, on)
    )
    return Letter(
        kind, f"{LETTERS[kind].title}-{number}-{position:02d}",
        _sha256_at(session, kind, event.at_utc), values,
    )  # fmt: skip


def _claim_values(session: Session, claim: Claim, event: ClaimEvent) -> dict[str, str]:
    return {
        "收件单位": session.get_one(Agency, claim.agency_id).name,
        "申请号": claim.number,
        "企业": session.get_one(Enterprise, claim.enterprise_id).name,
        "服务": session.get_one(ServiceType, claim.service_code).name_zh,
        "成果": session.get_one(Result, claim.result_id).printed,
        "环节": str(OFFICE_NAMES[event.office]),
    }


def _returned(session: Session, claim: Claim, event: ClaimEvent, on: date) -> dict[str, str]:
    days = whole_number(session, "return_lapse_working_days", on)
    due = calendar(session).deadline(on, days)
    mark = "（暂估，放假安排尚未公布）" if due.is_provisional else ""
    return _refused(session, claim, event, on) | {"补正期限": f"{_day(due.due_on)}{mark}"}


def _refused(session: Session, _claim: Claim, event: ClaimEvent, _on: date) -> dict[str, str]:
    return {"事项": _reasons(session, event.reasons), "说明": event.note or NONE}


def _approved(session: Session, claim: Claim, event: ClaimEvent, on: date) -> dict[str, str]:
    days = whole_number(session, "notice_period_working_days", on)
    rules = session.execute(
        select(PolicyRule.document, PolicyRule.clause)
        .join(ClaimMoney, col(ClaimMoney.policy_rule_id) == PolicyRule.id)
        .where(col(ClaimMoney.claim_id) == claim.id)
        .order_by(col(ClaimMoney.purpose).desc())
    )
    named = dict.fromkeys(f"{document} {clause}".strip() for document, clause in rules)
    until = f"{days} 个工作日，至 {_day(calendar(session).add_working_days(on, days))}"
    return {
        "补贴金额": _amount(event.subsidy_fen),
        "奖励金额": _amount(event.reward_fen),
        "依据": "；".join(named) or NONE,
        "公示期": until if days else NONE,
    }


_OF_KIND = {
    LetterKind.return_notice: _returned,
    LetterKind.refusal_notice: _refused,
    LetterKind.approval_notice: _approved,
}


# ---------------------------------------------------------------- an agreement's, a payment's


def filing_letter(session: Session, actor: Actor, number: str) -> Letter:
    """The confirmation of an agreement's filing (备案确认书).

    Args:
        session: any transaction.
        actor: who asks: the offices, and either side of the agreement.
        number: the agreement's.

    Raises:
        NotFound: no such agreement, its filing is not confirmed here, or not for this person.
    """
    missing = NotFound(say("没有这份函件，或它不在您的可见范围内"))
    if not number.isprintable():
        raise missing
    agreement = session.execute(
        select(Agreement).where(col(Agreement.number) == number)
    ).scalar_one_or_none()
    if agreement is None or not _sees_agreement(actor, agreement):
        raise missing
    link = _link_of(session, f"agreement:{number}", "confirm_filing")
    is_confirmed = agreement.filing is Filing.confirmed and not agreement.filing_is_imported
    if not is_confirmed or link is None:
        raise missing
    kind = LetterKind.filing_confirmation
    values = _common(session, kind, _filing_office(session, link), link.at_utc, number, link) | {
        "收件单位": session.get_one(Agency, agreement.agency_id).name,
        "企业": session.get_one(Enterprise, agreement.enterprise_id).name,
        "服务": session.get_one(ServiceType, agreement.service_code).name_zh,
        "协议编号": agreement.number,
        "备案号": agreement.filing_number or NONE,
        "签订日期": _day(agreement.signed_on),
        "确认日期": _day(agreement.filing_confirmed_on or office_day(link.at_utc)),
        "服务费": f"{yuan(agreement.fee_fen)} 元",
        "预收费用": f"{yuan(agreement.upfront_fee_fen)} 元",
    }
    template = _sha256_at(session, kind, link.at_utc)
    return Letter(kind, f"{LETTERS[kind].title}-{number}", template, values)


def payment_order(
    session: Session,
    number: str,
    month: YearMonth,
    lines: Iterable[OrderLine],
    ordered_at_utc: datetime,
    link: Activity | None = None,
) -> Letter:
    """The order to pay (拨付通知) of some amounts, from plain values: the ledger says which.

    Args:
        session: any transaction, for names, settings and the template in force.
        number: the order's, for its number of letter.
        month: the month of account.
        lines: what is to be paid to whom.
        ordered_at_utc: when it was ordered.
        link: the link of the record that ordered it.
    """
    listed = tuple(lines)
    total = sum(line.amount_fen for line in listed)
    kind = LetterKind.payment_order
    here = place(session, office_day(ordered_at_utc))
    values = _common(session, kind, Office.approval, ordered_at_utc, number, link) | {
        "收件单位": f"{here}{ROLE_NAMES[Role.finance]}",
        "月份": f"{month.year} 年 {month.month} 月",
        "件数": str(len(listed)),
        "金额": f"{yuan(total)} 元",
        "大写金额": f"人民币{capitals(total)}",
        "明细": "\n".join(
            f"{place_}.\t{line.number}\t{line.payee}\t{yuan(line.amount_fen)}"
            for place_, line in enumerate(listed, start=1)
        ),
    }
    template = _sha256_at(session, kind, ordered_at_utc)
    return Letter(kind, f"{LETTERS[kind].title}-{number}", template, values)


def ordered_letter(session: Session, number: str, rows: Iterable[OrderLine]) -> Letter:
    """The letter of an order that was made (拨付通知): by the office of its link, of its moment.

    Args:
        session: any transaction.
        number: of the order, which who asks may see.
        rows: what it was frozen with.
    """
    order = session.execute(
        select(PaymentOrder).where(col(PaymentOrder.number) == number)
    ).scalar_one()
    link = _link_of(session, f"payment_order:{number}", "make_payment_order")
    month = YearMonth.parse(order.month)
    return payment_order(session, number, month, rows, order.made_at_utc, link)


def _sees_agreement(actor: Actor, agreement: Agreement) -> bool:
    is_agency = Role.agency in actor.roles and actor.agency_id == agreement.agency_id
    is_enterprise = (
        Role.enterprise in actor.roles and actor.enterprise_id == agreement.enterprise_id
    )
    return is_agency or is_enterprise or not actor.roles.isdisjoint(SEE_ALL)


def _filing_office(session: Session, link: Activity) -> Office:
    """Whose confirmation it is: the bureau's, or the alliance's where somebody of it confirmed."""
    statement = select(Grant.role).where(col(Grant.id) == link.grant_id)
    role = session.execute(statement).scalar_one_or_none()
    return Office.re_review if role is Role.bureau else Office.application


# ---------------------------------------------------------------- pieces


def _common(
    session: Session,
    kind: LetterKind,
    office: Office,
    at_utc: datetime,
    serial: str,
    link: Activity | None,
) -> dict[str, str]:
    """What stands in every letter."""
    on, template = office_day(at_utc), template_at(session, kind, at_utc)
    proof = f"操作记录第 {link.seq} 条，校验值 {link.hash}" if link else "没有操作记录"
    return {
        "文号": f"零费{LETTERS[kind].mark}〔{on.year}〕{serial} 号",
        "落款单位": _signed_by(session, office, on),
        "日期": _day(on),
        "记录": proof,
        "模板": f"联盟模板第 {template.version} 版" if template else "内置模板",
        "数据标记": "演示数据" if is_demonstration(session) else "",
    }


def _sha256_at(session: Session, kind: LetterKind, at_utc: datetime) -> str:
    template = template_at(session, kind, at_utc)
    return template.sha256 if template else ""


def _signed_by(session: Session, office: Office, on: date) -> str:
    role = _SIGNS.get(office)
    return alliance_name(session, on) if role is None else f"{place(session, on)}{ROLE_NAMES[role]}"


def _link_of(
    session: Session, subject: str, verb: str, position: int | None = None
) -> Activity | None:
    """The link of the record in which an act stands; of a claim's, that of its step."""
    statement = (
        select(Activity)
        .where(col(Activity.subject) == subject, col(Activity.verb) == verb)
        .order_by(col(Activity.seq).desc())
    )
    links: list[Any] = list(session.execute(statement).scalars())
    return next(
        (link for link in links if position is None or (link.after or {}).get("event") == position),
        None,
    )


def _reasons(session: Session, codes: Iterable[str]) -> str:
    """The reasons, each on a line of its own with what to do about it."""
    wanted = tuple(codes)
    statement = select(ReasonCode).where(col(ReasonCode.code).in_(wanted))
    known = {row.code: row for row in session.execute(statement).scalars()}
    lines = (
        f"{known[code].name_zh}（{code}）：{known[code].remedy_zh}" if code in known else code
        for code in wanted
    )
    numbered = [f"{place_}. {line}" for place_, line in enumerate(lines, start=1)]
    return "\n".join(numbered) or NONE


def _amount(fen: int | None) -> str:
    return f"{yuan(fen)} 元（人民币{capitals(fen)}）" if fen else NONE


def _day(on: date) -> str:
    return f"{on.year} 年 {on.month} 月 {on.day} 日"
