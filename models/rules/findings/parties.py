"""Conditions on who takes part: the member, the agency, the payee, the people who act."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from models.rules.claim_facts import ChainTie, ClaimFacts
from models.rules.entitlement import Payee
from models.rules.findings.case import Case
from models.rules.findings.verdicts import (
    Judgement,
    met,
    not_applicable,
    not_met,
    unknown,
    warning,
)
from models.rules.half_width import half_width
from models.rules.wording import Wording, named, say

# ---------------------------------------------------------------- F01


def enterprise_was_member(case: Case) -> Judgement:
    """F01: the enterprise was an active member (企业会员) on the day it signed."""
    enterprise, signed_on = case.facts.enterprise, case.facts.agreement.signed_on
    joined_on, left_on = enterprise.joined_on, enterprise.left_on
    if signed_on < joined_on:
        return not_met(
            say("{joined_on} 入会，晚于签约 {signed_on}", joined_on=joined_on, signed_on=signed_on),
            say("入会日期有误的先更正登记；入会前签约的不予支持"),
            "R11",
        )
    if left_on is None:
        return met(
            say("{joined_on} 入会，签约 {signed_on}", joined_on=joined_on, signed_on=signed_on)
        )
    if left_on < signed_on:
        return not_met(
            say("{left_on} 已退会，签约 {signed_on}", left_on=left_on, signed_on=signed_on),
            say("退会日期有误的先更正登记；退会后签约的不予支持"),
            "R11",
        )
    return met(
        say(
            "{joined_on} 入会，签约 {signed_on}，{left_on} 退会",
            joined_on=joined_on,
            signed_on=signed_on,
            left_on=left_on,
        )
    )


# ---------------------------------------------------------------- F02

_NOT_YET_ADMITTED = say("尚未准入")
_REMOVED = say("已退出")
_SUSPENDED = say("在暂停期内")
_OUT_OF_SCOPE = say("服务不在范围内")


def agency_was_admitted(case: Case) -> Judgement:
    """F02: the agency was admitted for this service and not suspended on the day it signed."""
    facts, agency = case.facts, case.facts.agency
    if faults := _admission_faults(facts):
        return not_met(
            say("签约 {signed_on}：{faults}", signed_on=facts.agreement.signed_on, faults=faults),
            say("名录有误的先更正登记；确未准入的不予支持"),
            "R09",
        )
    if _is_before(agency.removed_on, facts.today):
        return warning(
            say("签约时已准入，{removed_on} 已退出", removed_on=agency.removed_on),
            say("核对退出原因，必要时暂缓"),
        )
    if agency.is_suspended_on(facts.today):
        return warning(
            say("签约时已准入，{suspended_from} 起暂停", suspended_from=agency.suspended_from),
            say("核对暂停原因，必要时暂缓"),
        )
    return met(
        say(
            "{joined_on} 准入，含“{service}”",
            joined_on=agency.joined_on,
            service=named(facts.service.name),
        )
    )


def _admission_faults(facts: ClaimFacts) -> tuple[Wording, ...]:
    agency, signed_on = facts.agency, facts.agreement.signed_on
    checks = (
        (signed_on < agency.joined_on, _NOT_YET_ADMITTED),
        (_is_before(agency.removed_on, signed_on), _REMOVED),
        (agency.is_suspended_on(signed_on), _SUSPENDED),
        (facts.service.code not in agency.scope, _OUT_OF_SCOPE),
    )
    return tuple(fault for is_fault, fault in checks if is_fault)


def _is_before(event_on: date | None, day: date) -> bool:
    return event_on is not None and event_on < day


# ---------------------------------------------------------------- F13

_NAME = say("户名")
_ACCOUNT = say("账号|收款")
_PARTIES = {
    Payee.agency: say("机构"),
    Payee.alliance: say("联盟"),
    Payee.enterprise: say("企业"),
}


def payee_matches_record(case: Case) -> Judgement:
    """F13: the claim's payee (收款户名、账号) is the one the standard names, as that party is registered.

    Account numbers are compared and never told: people read the sentence who may not see them.
    """
    facts, payee = case.facts, registered_payee(case.facts)
    if facts.subsidy is None or payee is None:
        return not_applicable(say("无现行标准，见 F07"))
    party = _PARTIES[facts.subsidy.payee]
    claimed = _payee(facts.payee_name, facts.payee_account)
    registered = _payee(payee.name, payee.account)
    if empty := _empty(claimed):
        return not_met(say("申请未填收款{empty}", empty=empty), say("补填收款户名和账号"), "R12")
    if empty := _empty(registered):
        return unknown(
            say("{party}登记未填收款{empty}", party=party, empty=empty),
            say("先补登{party}的收款户名和账号", party=party),
            "R12",
        )
    if differing := tuple(part for part in claimed if claimed[part] != registered[part]):
        return not_met(
            say("{differing}与{party}登记不一致", differing=differing, party=party),
            say("更正申请的收款信息；账户已变更的先更正登记"),
            "R12",
        )
    return met(say("{parts}与{party}登记一致", parts=tuple(claimed), party=party))


@dataclass(frozen=True, slots=True)
class RegisteredPayee:
    """Who the standard pays, as that party is registered (登记的收款人)."""

    name: str
    account: str


def registered_payee(facts: ClaimFacts) -> RegisteredPayee | None:
    """The payee the claim's standard names, as registered; `None` where no standard is in force."""
    match facts.subsidy.payee if facts.subsidy else None:
        case None:
            return None
        case Payee.agency:
            return RegisteredPayee(facts.agency.payee_name, facts.agency.payee_account)
        case Payee.enterprise:
            return RegisteredPayee(facts.enterprise.payee_name, facts.enterprise.payee_account)
    settings = facts.settings
    return RegisteredPayee(settings.alliance_payee_name, settings.alliance_payee_account)


def _payee(name: str, account: str) -> dict[Wording, str]:
    return {_NAME: _plain(name), _ACCOUNT: _plain(account)}


def _plain(written: str) -> str:
    """Half-width and without spaces or hyphens: the same account, however it was typed."""
    return half_width(written).replace(" ", "").replace("-", "")


def _empty(payee: dict[Wording, str]) -> tuple[Wording, ...]:
    return tuple(part for part, written in payee.items() if not written)


# ---------------------------------------------------------------- F15


def nobody_is_tied(case: Case) -> Judgement:
    """F15: nobody who acts on the claim is tied (回避关系) to a party of it.

    Where the alliance is paid it judges its own claim: never in the safe set.
    """
    facts = case.facts
    if facts.ties:
        return not_met(
            say("回避关系：{ties}", ties=tuple(map(_tie, facts.ties))),
            say("由无回避关系的人重新办理；已作的决定请上一环节复核"),
            "R19",
        )
    if facts.subsidy is not None and facts.subsidy.payee is Payee.alliance:
        return warning(
            say("补贴付给联盟，联盟初审自己的申请"),
            say("逐件核对，科技创新局和领导可见"),
        )
    if facts.people:
        return met(say("{people}：未申报回避", people=facts.people))
    return met(say("尚无人经办"))


def _tie(tie: ChainTie) -> str:
    return f"{tie.person}—{tie.organisation}（{tie.kind}）"
